package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"

	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/geo"
)

// mostPairs is the largest matrix: two gigabytes.
const mostPairs = 1 << 28

// points is a list of places with ids.
type points struct {
	ids      []string
	at       []orb.Point
	delays   []int // seconds
	warnings []table.Warning
	file     string // that they were read from
}

// onMap refuses points of which none lies on the map: the answer would be that
// there is no way anywhere. limit is how far from the roads a point may lie, in
// metres.
func (p *points) onMap(region *geo.Region, limit float64) error {
	all := region.Info().Bound
	near := orbgeo.BoundPad(all, min(limit, 1e6))
	if slices.ContainsFunc(p.at, near.Contains) {
		return nil
	}
	question := "is it the right map?"
	if slices.ContainsFunc(p.at, func(at orb.Point) bool { return near.Contains(turned(at)) }) {
		question = "are lat and lon swapped?"
	}
	return badInput("%s: none of the %d points lies on this map, which covers %.2f %.2f %.2f %.2f (west south east north); %s",
		p.file, len(p.at), all.Min[0], all.Min[1], all.Max[0], all.Max[1], question)
}

// snap puts the points on roads, and refuses a map without any for the mode.
func (p *points) snap(metric *geo.Metric, o geo.SnapOptions) ([]geo.Snap, error) {
	snaps, err := metric.Snap(p.at, o)
	if err != nil {
		return nil, inputError{err}
	}
	if slices.ContainsFunc(snaps, func(s geo.Snap) bool { return s.Kind == geo.SnapFar && s.Nearest < 0 }) {
		return nil, badInput("this map has no road for --mode %v", metric.Profile().Mode)
	}
	return snaps, nil
}

// turned is a point with its latitude and longitude swapped.
func turned(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }

// readPoints reads points from a table.
func readPoints(path string) (points, error) {
	if path == "" {
		return points{}, badInput("no points: give --points with a CSV file that has the columns id, lat, lon")
	}
	list, warnings, err := table.ReadPointsFile(path, table.Limits{})
	var notOpened *fs.PathError
	if errors.As(err, &notOpened) {
		return points{}, badInput("cannot open the points %s: %w", path, plain(err))
	}
	if err != nil {
		return points{}, inputError{err}
	}
	p := points{ids: make([]string, len(list)), at: make([]orb.Point, len(list)), delays: make([]int, len(list)), warnings: warnings, file: filepath.Base(path)}
	for i, each := range list {
		p.ids[i], p.at[i], p.delays[i] = each.ID, orb.Point{each.Lon, each.Lat}, each.Delay
	}
	return p, nil
}
