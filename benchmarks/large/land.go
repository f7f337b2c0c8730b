package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/solver"
)

// land is the roads that days are drawn on.
type land struct {
	name   string
	region *geo.Region
	metric *geo.Metric
	nodes  []orb.Point // of car roads, each once
}

// openLand opens a bundled area by its name, a region file or an OSM file.
func openLand(ctx context.Context, spec string) (l *land, err error) {
	l = new(land)
	area, bundled := sample.ByName(spec)
	switch l.name, _, _ = strings.Cut(filepath.Base(spec), "."); {
	case bundled:
		l.name = area.Slug
		l.region, err = buildArea(ctx, area)
	default:
		l.region, err = geo.Open(spec)
		if errors.Is(err, geo.ErrNotRegion) {
			l.region, err = geo.BuildFiles(ctx, geo.BuildOptions{Name: l.name}, spec)
		}
	}
	if err != nil {
		return nil, err
	}
	if l.metric, err = l.region.Metric(ctx, osm.CarProfile()); err != nil {
		return nil, errors.Join(err, l.region.Close())
	}
	for road := range l.region.Roads(geo.RoadOptions{}) {
		if road.Modes&osm.ModeCar != 0 && road.Class != osm.Ferry {
			l.nodes = append(l.nodes, road.Line...)
		}
	}
	slices.SortFunc(l.nodes, func(a, b orb.Point) int { return slices.Compare(a[:], b[:]) })
	l.nodes = slices.Compact(l.nodes)
	if len(l.nodes) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: a map without a road for cars", spec), l.region.Close())
	}
	return l, nil
}

func buildArea(ctx context.Context, area sample.Area) (*geo.Region, error) {
	text, err := area.Map()
	if err != nil {
		return nil, err
	}
	net, err := osm.ReadFrom(ctx, bytes.NewReader(text), area.MapName, osm.Options{})
	if err != nil {
		return nil, err
	}
	return geo.Build(net, geo.BuildOptions{Name: area.Title, Modelled: area.Modelled})
}

func (l *land) close() error { return l.region.Close() }

// How people live: most of them in villages, of which the second largest is
// half as large as the largest, the third a third, and so on.
const (
	scattered  = 0.1 // share of homes that are anywhere along the roads
	villageKm  = 0.7 // standard deviation of homes around the middle of their village
	kmPerGrade = 111.2
)

// places draws bases, in the largest villages, and homes: points on roads, in
// the largest part of the map where every road leads to every other.
func (l *land) places(random *rand.Rand, bases, homes int) ([]geo.Snap, error) {
	villages, err := l.draw(bases+20+homes/20, func() orb.Point { return l.nodes[random.IntN(len(l.nodes))] })
	if err != nil {
		return nil, err
	}
	weights := make([]float64, len(villages))
	sum := 0.0
	for i := range weights {
		sum += 1 / float64(i+1)
		weights[i] = sum
	}
	list, err := l.draw(homes, func() orb.Point {
		if random.Float64() < scattered {
			return l.nodes[random.IntN(len(l.nodes))]
		}
		i, _ := slices.BinarySearch(weights, random.Float64()*sum)
		middle := villages[min(i, len(villages)-1)].Point
		east, north := random.NormFloat64()*villageKm/kmPerGrade, random.NormFloat64()*villageKm/kmPerGrade
		return orb.Point{middle[0] + east/math.Cos(middle[1]*math.Pi/180), middle[1] + north}
	})
	return append(villages[:bases:bases], list...), err
}

// draw draws points until so many are on roads of the largest part.
func (l *land) draw(count int, one func() orb.Point) ([]geo.Snap, error) {
	list := make([]geo.Snap, 0, count)
	for range 100 {
		points := make([]orb.Point, count)
		for i := range points {
			points[i] = one()
		}
		snaps, err := l.metric.Snap(points, geo.SnapOptions{})
		if err != nil {
			return nil, err
		}
		for _, snap := range snaps {
			if snap.Kind == geo.SnapOK && snap.Component == 0 && len(list) < count {
				list = append(list, snap)
			}
		}
		if len(list) == count {
			return list, nil
		}
	}
	return nil, fmt.Errorf("%s: only %d of %d places are on roads that lead to each other", l.name, len(list), count)
}

// Seconds that each visit costs besides the way and the care.
const (
	handling = 300 // to park, walk in and unlock
	nextDoor = 60  // from one visit to the next in the same home
)

// matrix is the travel between places.
func (l *land) matrix(ctx context.Context, places []geo.Snap) (solver.Period, error) {
	table, err := l.metric.Table(ctx, places, places, 0)
	if err != nil {
		return solver.Period{}, err
	}
	n := len(places)
	period := solver.Period{N: n, Time: table.Seconds, Distance: table.Metres}
	for i := range period.Time {
		switch {
		case i%(n+1) == 0:
			period.Time[i] = nextDoor
		case period.Time[i] == geo.Unreachable:
			period.Time[i] = solver.NoWay
		default:
			period.Time[i] += handling
		}
	}
	return period, nil
}
