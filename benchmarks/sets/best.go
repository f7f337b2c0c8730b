package sets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
)

// Best is the best known value of an instance under a convention.
type Best struct {
	Value
	Proven string // "reported" or "unknown"
	Source string
}

type key struct{ name, convention string }

// bestColumns head a set's bks.csv.
var bestColumns = []string{"set", "instance", "convention", "vehicles", "objective", "proven_optimal", "source"}

// readBest reads the bks.csv of a set with these conventions. What it says of
// instances that are not here is read too: folders hold parts of sets.
func readBest(path, set string, conventions []string) (map[key]*Best, error) {
	data, err := text.Read(path)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], bestColumns) {
		return nil, fmt.Errorf("%w: %s: the first row must be %s", ErrFormat, path, strings.Join(bestColumns, ","))
	}
	best, stands := map[key]*Best{}, map[key]int{}
	for i, row := range rows[1:] {
		bad := func(column int, format string, args ...any) (map[key]*Best, error) {
			return nil, fmt.Errorf("%w: %s: row %d, %s: %q %s", ErrFormat, path, i+2, bestColumns[column], row[column], fmt.Sprintf(format, args...))
		}
		b := &Best{Proven: row[5], Source: row[6]}
		k := key{row[1], row[2]}
		switch {
		case row[0] != set:
			return bad(0, "is not %s, whose folder this is", set)
		case k.name == "":
			return bad(1, "names no instance")
		case !slices.Contains(conventions, k.convention):
			return bad(2, "is no convention of the set; it has %s", strings.Join(conventions, ", "))
		case stands[k] > 0:
			return bad(1, "stands in row %d too, under the same convention", stands[k])
		}
		if row[3] != "" {
			if b.Vehicles, err = strconv.Atoi(row[3]); err != nil || b.Vehicles < 0 {
				return bad(3, "is no whole number from 0")
			}
		}
		if b.Objective, err = strconv.ParseFloat(row[4], 64); err != nil || !(b.Objective >= 0) || math.IsInf(b.Objective, 0) {
			return bad(4, "is no number from 0")
		}
		best[k], stands[k] = b, i+2
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
