package sets

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
)

// Best is the best known value of an instance under a convention.
type Best struct {
	Value
	Proven string // "reported" or "unknown"
	Source string
}

type key struct{ name, convention string }

// readBest reads a set's bks.csv: set, instance, convention, vehicles,
// objective, proven_optimal, source.
func readBest(path string) (map[key]*Best, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	}
	best := map[key]*Best{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 7 {
			return nil, fmt.Errorf("%w: %s: row %d has %d columns, not 7", ErrFormat, path, i+1, len(row))
		}
		b := &Best{Proven: row[5], Source: row[6]}
		if row[3] != "" {
			if b.Vehicles, err = strconv.Atoi(row[3]); err != nil {
				return nil, fmt.Errorf("%w: %s: row %d, vehicles: %q is no number", ErrFormat, path, i+1, row[3])
			}
		}
		if b.Objective, err = strconv.ParseFloat(row[4], 64); err != nil {
			return nil, fmt.Errorf("%w: %s: row %d, objective: %q is no number", ErrFormat, path, i+1, row[4])
		}
		best[key{row[1], row[2]}] = b
	}
	return best, nil
}

// Gap is by how much a value is above the best known one, in percent; 0 where
// nothing is known or the best is 0 and so is the value.
func (v Value) Gap(b *Best) float64 {
	if b == nil || b.Objective == 0 {
		return 0
	}
	return (v.Objective/b.Objective - 1) * 100
}
