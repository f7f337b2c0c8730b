package geo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
)

// stormArea is the modelled Östra Norrbotten on a winter's day, with one home
// on the island that no road reaches.
type stormArea struct {
	net    *osm.Network
	region *geo.Region
	day    *care.Day
	points []orb.Point
	bases  []orb.Point
}

func newStormArea(t *testing.T) *stormArea {
	t.Helper()
	area, _ := sample.ByName("ostra-norrbotten")
	file, err := area.Map()
	if err != nil {
		t.Fatal(err)
	}
	s := &stormArea{}
	if s.net, err = osm.ReadFrom(t.Context(), bytes.NewReader(file), area.MapName, osm.Options{}); err != nil {
		t.Fatal(err)
	}
	if s.region, err = geo.Build(s.net, geo.BuildOptions{Name: area.Title}); err != nil {
		t.Fatal(err)
	}
	if s.day, err = sample.Generate(area, 1, sample.Options{Awkward: true}); err != nil {
		t.Fatal(err)
	}
	place := map[string]int{}
	for i, p := range s.day.Places {
		place[p.ID] = i
		s.points = append(s.points, orb.Point{p.Lon, p.Lat})
	}
	for _, b := range s.day.Bases {
		s.bases = append(s.bases, s.points[place[b.Place]])
	}
	return s
}

func winterCar() osm.Profile {
	p := osm.CarProfile()
	p.IceRoads, p.WinterRoads = true, true
	return p
}

// waysWith lists the ways that have a flag, one closure each, by name.
func (s *stormArea) waysWith(flag osm.Flags) []geo.Closure {
	var list []geo.Closure
	for road := range s.region.Roads(geo.RoadOptions{}) {
		if road.Flags&flag != 0 {
			list = append(list, geo.Closure{ID: fmt.Sprintf("%s (way %d)", road.Name, road.Way), Selection: geo.Selection{Ways: []int64{road.Way}}})
		}
	}
	return list
}

func table(t *testing.T, m *geo.Metric, snaps []geo.Snap) geo.Table {
	t.Helper()
	legs, err := m.Table(context.Background(), snaps, snaps, 0)
	if err != nil {
		t.Fatal(err)
	}
	return legs
}

// checkTable compares every leg with the oracle.
func (s *stormArea) checkTable(t *testing.T, m *geo.Metric, p osm.Profile, o geo.MetricOptions, snaps []geo.Snap) geo.Table {
	t.Helper()
	got, want := table(t, m, snaps), geo.OracleTable(s.net, p, o, snaps)
	for i := range want {
		for j := range want[i] {
			seconds, metres := got.At(i, j)
			leg := [2]int64{int64(seconds), int64(metres)}
			if seconds == geo.Unreachable {
				leg = [2]int64{-1, -1}
			}
			if leg != want[i][j] {
				t.Errorf("leg %d to %d: %v s m, the oracle says %v", i, j, leg, want[i][j])
			}
		}
	}
	return got
}

// Closing a bridge changes the legs that Dijkstra's algorithm on the ways says
// it changes, and no other; who is cut off is named with the bridge.
func TestABridgeCloses(t *testing.T) {
	t.Parallel()
	s := newStormArea(t)
	m, err := s.region.Metric(t.Context(), winterCar())
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := m.Snap(s.points, geo.SnapOptions{Anchors: s.bases})
	if err != nil {
		t.Fatal(err)
	}
	bases, err := m.Snap(s.bases, geo.SnapOptions{Anchors: s.bases})
	if err != nil {
		t.Fatal(err)
	}
	before := table(t, m, snaps)
	some := bases // and every so many homes, for the slow oracle
	for i := 0; i < len(snaps); i += 25 {
		if snaps[i].Kind == geo.SnapOK {
			some = append(some, snaps[i])
		}
	}
	cutters, clients := 0, 0
	bridges := s.waysWith(osm.FlagBridge)
	if len(bridges) < 5 {
		t.Fatalf("%d bridges", len(bridges))
	}
	for _, bridge := range bridges {
		condition := geo.Condition{Name: "storm", Closures: []geo.Closure{bridge}}
		if err := m.Change(t.Context(), condition); err != nil {
			t.Fatal(err)
		}
		after := table(t, m, snaps)
		cut, err := m.CutOff(context.Background(), snaps, bases)
		if err != nil {
			t.Fatal(err)
		}
		// Whoever could be reached and cannot any more is in the list, with
		// this bridge; nobody else is in it with a bridge.
		named := map[int]bool{}
		for _, c := range cut {
			if slices.Equal(c.Alone, []string{bridge.ID}) {
				named[c.Point] = true
			} else if len(c.Alone)+len(c.Together) > 0 || !c.Never {
				t.Errorf("%s: point %d: %+v", bridge.ID, c.Point, c)
			}
		}
		for i := range snaps {
			reached := func(legs *geo.Table) bool {
				return slices.ContainsFunc(s.baseRows(), func(b int) bool {
					there, _ := legs.At(b, i)
					back, _ := legs.At(i, b)
					return there != geo.Unreachable && back != geo.Unreachable
				})
			}
			if lost := reached(&before) && !reached(&after); lost != named[i] {
				t.Errorf("%s: place %s: cut off %v, named %v", bridge.ID, s.day.Places[i].ID, lost, named[i])
			}
		}
		if clients += len(named); len(named) > 0 {
			cutters++
		}
	}
	if cutters == 0 {
		t.Error("no bridge cuts anybody off: the test tests little")
	}
	t.Logf("%d bridges, %d of them cut somebody off, %d places in all", len(bridges), cutters, clients)
	// The last bridge, leg by leg.
	o := geo.MetricOptions{Condition: &geo.Condition{Name: "storm", Closures: bridges[len(bridges)-1:]}}
	s.checkTable(t, m, winterCar(), o, some)
	if err := m.Change(t.Context(), geo.Condition{}); err != nil {
		t.Fatal(err)
	}
	again := table(t, m, snaps)
	if !slices.Equal(again.Seconds, before.Seconds) || !slices.Equal(again.Metres, before.Metres) {
		t.Error("opened again, the bridge leaves something behind")
	}
}

// baseRows are the rows of the bases in the day's places.
func (s *stormArea) baseRows() []int {
	var rows []int
	for i, p := range s.points {
		if slices.Contains(s.bases, p) {
			rows = append(rows, i)
		}
	}
	return rows
}

// A closed ice road is on no route; the ferry then takes its place, with the
// time on the quay in the leg and on the line.
func TestTheIceRoadClosesAndTheFerrySails(t *testing.T) {
	t.Parallel()
	s := newStormArea(t)
	ice, ferries := s.waysWith(osm.FlagIceRoad), s.waysWith(osm.FlagFerry)
	if len(ice) == 0 || len(ferries) == 0 {
		t.Fatalf("%d pieces of ice road, %d of ferry", len(ice), len(ferries))
	}
	// In hard winter the ferry lies still and the ice carries.
	still := &geo.Condition{Name: "winter", Ferries: []geo.Ferry{{ID: "ferry", Stopped: true, Selection: geo.Selection{Classes: []string{"ferry"}}}}}
	open, err := s.region.MetricWith(t.Context(), winterCar(), geo.MetricOptions{Condition: still})
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := open.Snap(s.points, geo.SnapOptions{Anchors: s.bases})
	if err != nil {
		t.Fatal(err)
	}
	base := snaps[s.baseRows()[0]]
	uses := func(m *geo.Metric, ways []geo.Closure, to geo.Snap) (geo.Trace, bool) {
		trace, err := m.Trace(base, to)
		if errors.Is(err, geo.ErrNoRoute) {
			return trace, false
		}
		if err != nil {
			t.Fatal(err)
		}
		return trace, slices.ContainsFunc(ways, func(c geo.Closure) bool { return slices.Contains(trace.Ways, c.Ways[0]) })
	}
	var overIce []int
	for i := range snaps {
		if _, is := uses(open, ice, snaps[i]); is {
			overIce = append(overIce, i)
		}
	}
	if len(overIce) == 0 {
		t.Fatal("nobody is reached over the ice")
	}
	// The ferry goes every two hours; the wait is that of a random minute of
	// the morning.
	at := time.Date(2026, 2, 3, 8, 0, 0, 0, time.UTC)
	sail := geo.Ferry{ID: "ferry", Selection: geo.Selection{Classes: []string{"ferry"}}, Services: []geo.Service{{First: "06:00", Last: "22:00", Every: 120}}}
	o := geo.MetricOptions{At: at, Until: at.Add(4 * time.Hour), Condition: &geo.Condition{Name: "thaw", Closures: ice, Ferries: []geo.Ferry{sail}}}
	thaw, err := s.region.MetricWith(t.Context(), winterCar(), o)
	if err != nil {
		t.Fatal(err)
	}
	byFerry := 0
	compared := []geo.Snap{base}
	for i := range snaps {
		if trace, is := uses(thaw, ice, snaps[i]); is {
			t.Errorf("place %s is reached over closed ice: ways %v", s.day.Places[i].ID, trace.Ways)
		}
	}
	for _, i := range overIce {
		trace, is := uses(thaw, ferries, snaps[i])
		if !is {
			continue
		}
		byFerry++
		compared = append(compared, snaps[i])
		// The wait is in the leg: it is an hour or so longer than without a
		// timetable.
		plain, err := s.region.MetricWith(t.Context(), winterCar(), geo.MetricOptions{Condition: &geo.Condition{Name: "plain", Closures: ice}})
		if err != nil {
			t.Fatal(err)
		}
		quick, err := plain.Trace(base, snaps[i])
		if err != nil {
			t.Fatal(err)
		}
		extra := trace.Seconds[len(trace.Seconds)-1] - quick.Seconds[len(quick.Seconds)-1]
		if extra < 1800 || extra > 7200 {
			t.Errorf("the timetable makes the leg %d s longer", extra)
		}
		if !slices.Equal(trace.Line, quick.Line) {
			t.Fatal("with a timetable the leg takes another way")
		}
		// And on the line, at the quay: the point at which the ferry begins
		// comes twice, and nothing else is later than without.
		var later []int
		for k := 1; k < len(trace.Seconds); k++ {
			if grown := trace.Seconds[k] - trace.Seconds[k-1] - quick.Seconds[k] + quick.Seconds[k-1]; grown > 1 {
				later = append(later, k)
			}
		}
		if len(later) != 1 {
			t.Fatalf("the leg is later at points %v of the line", later)
		}
		k := later[0]
		way := slices.Index(trace.Begins, int32(k-1))
		if trace.Line[k] != trace.Line[k-1] || way < 0 ||
			!slices.ContainsFunc(ferries, func(c geo.Closure) bool { return c.Ways[0] == trace.Ways[way] }) {
			t.Errorf("the wait is at point %d of the line, where no ferry begins", k)
		}
		if wait := trace.Seconds[k] - trace.Seconds[k-1]; wait < extra || wait > extra+600 {
			t.Errorf("%d s on the quay, but the timetable makes the leg %d s longer", wait, extra)
		}
	}
	if byFerry == 0 {
		t.Error("nobody is reached by ferry when the ice is closed")
	}
	s.checkTable(t, thaw, winterCar(), o, compared)
	t.Logf("%d places over the ice, %d of them by ferry when it is closed", len(overIce), byFerry)
}

// A home on the island that no road reaches is reported, not moved to the
// mainland.
func TestTheRoadIsland(t *testing.T) {
	t.Parallel()
	s := newStormArea(t)
	m, err := s.region.Metric(t.Context(), winterCar())
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := m.Snap(s.points, geo.SnapOptions{Anchors: s.bases})
	if err != nil {
		t.Fatal(err)
	}
	islands, far := 0, 0
	legs := table(t, m, snaps)
	for i, snap := range snaps {
		switch snap.Kind {
		case geo.SnapIsland:
			islands++
			if snap.Moved > 100 {
				t.Errorf("the island's home moved %.0f m", snap.Moved)
			}
		case geo.SnapFar:
			far++
		default:
			continue
		}
		for _, b := range s.baseRows() {
			if seconds, _ := legs.At(b, i); seconds != geo.Unreachable {
				t.Errorf("place %s: %v, and yet %d s from a base", s.day.Places[i].ID, snap.Kind, seconds)
			}
		}
	}
	if islands != 1 || far != 1 {
		t.Errorf("%d homes on the road island and %d far from roads, want one each", islands, far)
	}
}

// A hundred closures that all lie over the same thousand roads: to lift a pair
// of them must not look at every road that all hundred close.
func TestManyClosuresOfTheSameRoads(t *testing.T) {
	s := newStormArea(t)
	c := &geo.Condition{}
	for i := range 100 {
		c.Closures = append(c.Closures, geo.Closure{ID: fmt.Sprint(i), Selection: geo.Selection{Classes: []string{"unclassified"}}})
	}
	free, err := s.region.Metric(t.Context(), osm.CarProfile())
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.region.MetricWith(t.Context(), osm.CarProfile(), geo.MetricOptions{Condition: c})
	if err != nil {
		t.Fatal(err)
	}
	snap := func(points []orb.Point) []geo.Snap {
		snaps, err := free.Snap(points, geo.SnapOptions{Anchors: s.bases})
		if err != nil {
			t.Fatal(err)
		}
		return snaps
	}
	ctx, cancel := context.WithTimeout(t.Context(), 45*time.Second)
	defer cancel()
	var points []orb.Point
	for i := 0; i < len(s.net.Nodes); i += 4 {
		points = append(points, orb.Point{float64(s.net.Nodes[i].Lon) / 1e7, float64(s.net.Nodes[i].Lat) / 1e7})
	}
	cuts, err := m.CutOff(ctx, snap(points), snap(s.bases))
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, cut := range cuts {
		if len(cut.Together) == 100 && len(cut.Alone) == 0 {
			all++
		}
	}
	if all < 1000 {
		t.Errorf("%d of %d need all closures lifted", all, len(cuts))
	}
}
