package geo

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// plainSnap goes through all open roads by rising distance and takes the first
// of the best kind.
func plainSnap(s *snapper, p orb.Point) Snap {
	best := Snap{Point: p, Nearest: -1, Kind: SnapFar, Component: -1, Segment: -1}
	nearest := -1.0
	flat := newPlane(p)
	r := s.m.region
	s.m.t.tree.nearest(&s.queue, flat.toBox, func(seg int32) float64 {
		d, _ := flat.toSegment(r.nodes[r.refs[seg]], r.nodes[r.refs[seg+1]])
		return d
	}, func(seg int32, distance float64) bool {
		if !s.m.open(&s.cost, seg) {
			return true
		}
		if nearest < 0 {
			nearest = distance
		}
		if distance > s.limit {
			return false
		}
		snap, pl := s.project(&flat, seg)
		kind := s.reach.kind(s.m, &s.cost, &pl)
		if best.Kind == SnapFar || kind == SnapOK || kind == SnapOneWay && best.Kind == SnapIsland {
			best = snap
			best.Kind, best.Moved = kind, distance
			best.Component = s.m.componentOf(&s.cost, &pl)
		}
		return kind != SnapOK
	})
	best.Nearest = nearest
	return best
}

func sameSnaps(t rapid.TB, m *Metric, points []orb.Point, opts SnapOptions) {
	t.Helper()
	snaps, err := m.Snap(points, opts)
	if err != nil {
		t.Fatal(err)
	}
	s := m.newSnapper(opts.Limit)
	if opts.Limit == 0 {
		s.limit = DefaultSnapLimit
	}
	s.reach = m.reachOf(s.homes(opts.Anchors))
	for i, p := range points {
		plain := plainSnap(s, p)
		if snaps[i] == plain {
			continue
		}
		// The tree compares a box with a segment inside it, whose distances
		// are rounded apart: it may swap two roads that are equally near.
		if math.Abs(snaps[i].Moved-plain.Moved) > 1e-8 || math.Abs(snaps[i].Nearest-plain.Nearest) > 1e-8 || snaps[i].Kind != plain.Kind {
			t.Errorf("point %d: got\n%+v, by looking at all roads\n%+v", i, snaps[i], plain)
		}
	}
}

// drawClosures closes some ways of a network, in one direction or both, and so
// perhaps only a part of a chain.
func drawClosures(t *rapid.T, net *osm.Network) *Condition {
	c := &Condition{}
	for i := range rapid.IntRange(0, 3).Draw(t, "closures") {
		closure := Closure{ID: fmt.Sprint(i), Direction: rapid.SampledFrom([]string{"", "", "forward", "backward"}).Draw(t, "direction")}
		closure.Ways = []int64{net.Ways[rapid.IntRange(0, len(net.Ways)-1).Draw(t, "closed way")].ID}
		c.Closures = append(c.Closures, closure)
	}
	return c
}

// drawClosedMetric makes a metric of a network with some roads closed.
func drawClosedMetric(t *rapid.T) *Metric {
	net, p := drawNetwork(t), drawProfile(t)
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.MetricWith(t.Context(), p, MetricOptions{Condition: drawClosures(t, net), At: drawTimeOrNone(t)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSnapAgainstAllRoads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawClosedMetric(t)
		place := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{
				rapid.Float64Range(-0.0012, 0.0024).Draw(t, "lon"), rapid.Float64Range(-0.001, 0.002).Draw(t, "lat"),
			}
		})
		sameSnaps(t, m, rapid.SliceOfN(place, 1, 12).Draw(t, "points"), SnapOptions{
			Limit:   rapid.SampledFrom([]float64{0, 20, 60, 150}).Draw(t, "limit"),
			Anchors: rapid.SliceOfN(place, 0, 3).Draw(t, "anchors"),
			Threads: rapid.IntRange(1, 3).Draw(t, "threads"),
		})
	})
}

// However many homes are told apart at once, a point comes to the same place.
func TestSnapWithHomesInSeveralRounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawClosedMetric(t)
		parts := m.components()
		var homes []int32
		for id := range parts.size {
			if rapid.Bool().Draw(t, "home") {
				homes = append(homes, int32(id))
			}
		}
		s := m.newSnapper(rapid.SampledFrom([]float64{20, 60, 150}).Draw(t, "limit"))
		for range 6 {
			point := orb.Point{rapid.Float64Range(-0.0012, 0.0024).Draw(t, "lon"), rapid.Float64Range(-0.001, 0.002).Draw(t, "lat")}
			var snaps [3]Snap
			for i, atOnce := range []int{homesAtOnce, 2, 1} {
				s.reach = parts.reachOf(homes, atOnce)
				if !s.reach.has(homes) || len(homes) > 0 && s.reach.has(homes[1:]) {
					t.Fatal("the reach is of other homes")
				}
				s.roads = m.roadsTo(s.reach)
				snaps[i] = s.snap(point)
			}
			for _, other := range snaps[1:] {
				if math.Abs(snaps[0].Moved-other.Moved) > 1e-8 || snaps[0].Kind != other.Kind || math.Abs(snaps[0].Nearest-other.Nearest) > 1e-8 {
					t.Errorf("all homes at once:\n%+v, in rounds\n%+v", snaps[0], other)
				}
			}
		}
	})
}

// On real maps with a home on each of several islands, so that most points
// have to look past roads that are not reached.
func TestSnapOnRealMapsAgainstAllRoads(t *testing.T) {
	t.Parallel()
	for i, name := range realMaps {
		net := readMap(t, name)
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range []osm.Profile{osm.CarProfile(), osm.FootProfile()} {
			m := mustMetric(t, r, p)
			points := randomPoints(net, 300, uint64(i*10+k))
			for n := range 4 {
				sameSnaps(t, m, points, SnapOptions{Limit: []float64{0, 50, 3000, 200}[n], Anchors: points[n : n*3]})
			}
		}
	}
}

func TestSnapDoesNotAllocate(t *testing.T) {
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.CarProfile())
	points := randomPoints(net, 200, 8)
	points[7] = orb.Point{8, 44} // far from a road
	s := m.newSnapper(DefaultSnapLimit)
	s.reach = m.reachOf(s.homes(nil))
	s.roads = m.roadsTo(s.reach)
	run := func() {
		for _, p := range points {
			s.snap(p)
		}
	}
	run()
	if allocs := testing.AllocsPerRun(10, run); allocs != 0 {
		t.Errorf("%v allocations for %d points", allocs, len(points))
	}
}

func BenchmarkSnap(b *testing.B) {
	net := readMap(b, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		b.Fatal(err)
	}
	m := mustMetric(b, r, osm.CarProfile())
	points := randomPoints(net, 10_000, 8)
	for b.Loop() {
		if _, err := m.Snap(points, SnapOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10, "ns/point")
}
