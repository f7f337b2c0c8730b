package cli

import (
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/table"
)

// mostPairs is the largest matrix: two gigabytes.
const mostPairs = 1 << 28

// points is a list of places with ids.
type points struct {
	ids      []string
	at       []orb.Point
	delays   []int // seconds
	warnings []table.Warning
}

// readPoints reads points from a table.
func readPoints(path string) (points, error) {
	if path == "" {
		return points{}, badInput("no points: give --points with a CSV file that has the columns id, lat, lon")
	}
	f, err := os.Open(path)
	if err != nil {
		return points{}, badInput("cannot open the points %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	list, warnings, err := table.ReadPoints(f, filepath.Base(path), table.Limits{})
	if err != nil {
		return points{}, inputError{err}
	}
	p := points{ids: make([]string, len(list)), at: make([]orb.Point, len(list)), delays: make([]int, len(list)), warnings: warnings}
	for i, each := range list {
		p.ids[i], p.at[i], p.delays[i] = each.ID, orb.Point{each.Lon, each.Lat}, each.Delay
	}
	return p, nil
}
