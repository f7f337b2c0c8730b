package geo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// snapped describes what became of points, one a line.
func snapped(t *testing.T, m *Metric, d *drawnMap, opts SnapOptions, places ...string) string {
	t.Helper()
	var b strings.Builder
	for _, place := range places {
		snaps, err := m.Snap([]orb.Point{d.at(t, place)}, opts)
		if err != nil {
			t.Fatal(err)
		}
		s := snaps[0]
		fmt.Fprintf(&b, "%s: %v", place, s.Kind)
		if s.Kind != SnapFar {
			fmt.Fprintf(&b, ", way %d", s.Way)
		}
		fmt.Fprintf(&b, ", moved %.0f m, nearest %.0f m\n", s.Moved, s.Nearest)
	}
	return b.String()
}

func TestSnapPrefersConnectedRoads(t *testing.T) {
	t.Parallel()
	// g-h-i is a road island. The bases lie on it or on the mainland. The
	// points P (200 m from both), Q (nearest to the island) and R (far from
	// everything but the island) are not on any road.
	d := draw(t, `
		a b c d e
		. P . . .
		g Q h i .
		. . . . .
		. . . . .
		. . . R .
		. . . . .
		. . . . .
		. . . . Z`,
		"abcde", "ghi")
	m := mustMetric(t, d.build(t), evenCar())
	want(t, snapped(t, m, d, SnapOptions{}, "P", "Q", "R", "Z", "bc", "h"), `
		P: ok, way 1, moved 200 m, nearest 200 m
		Q: ok, way 1, moved 400 m, nearest 0 m
		R: far from a road, moved 0 m, nearest 600 m
		Z: far from a road, moved 0 m, nearest 1217 m
		bc: ok, way 1, moved 0 m, nearest 0 m
		h: ok, way 1, moved 400 m, nearest 0 m`)
	onTheIsland := SnapOptions{Anchors: []orb.Point{d.at(t, "h")}}
	want(t, snapped(t, m, d, onTheIsland, "P", "Q", "R", "bc"), `
		P: ok, way 2, moved 200 m, nearest 200 m
		Q: ok, way 2, moved 0 m, nearest 0 m
		R: far from a road, moved 0 m, nearest 600 m
		bc: ok, way 2, moved 400 m, nearest 0 m`)
	onBoth := SnapOptions{Anchors: []orb.Point{d.at(t, "h"), d.at(t, "a")}}
	want(t, snapped(t, m, d, onBoth, "Q", "bc"), `
		Q: ok, way 2, moved 0 m, nearest 0 m
		bc: ok, way 1, moved 0 m, nearest 0 m`)
	near := SnapOptions{Limit: 250}
	want(t, snapped(t, m, d, near, "P", "Q", "R"), `
		P: ok, way 1, moved 200 m, nearest 200 m
		Q: on a road island, way 2, moved 0 m, nearest 0 m
		R: far from a road, moved 0 m, nearest 600 m`)
	wide := SnapOptions{Limit: 700, Anchors: []orb.Point{d.at(t, "a")}}
	want(t, snapped(t, m, d, wide, "R"), `
		R: on a road island, way 2, moved 600 m, nearest 600 m`)
}

// islands is a map of so many roads that nothing joins, two kilometres apart.
func islands(n int) *osm.Network {
	net := &osm.Network{Texts: []string{""}}
	for i := range int32(n) {
		lon := i * 20 * drawing100
		net.Nodes = append(net.Nodes, osm.Node{ID: int64(2*i + 1), Lon: lon}, osm.Node{ID: int64(2*i + 2), Lon: lon + 3*drawing100})
		net.Ways = append(net.Ways, osm.Way{ID: int64(i + 1), First: 2 * i, Count: 2, Class: osm.Residential, Forward: 7, Backward: 7})
		net.Refs = append(net.Refs, 2*i, 2*i+1)
	}
	return net
}

// However many bases there are, and on however many islands, each counts: also
// a base that comes after hundreds on one road.
func TestSnapWithAnyNumberOfBases(t *testing.T) {
	t.Parallel()
	net := islands(200)
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, evenCar())
	on := func(island int) orb.Point { return orb.Point{float64(island) * 20 * drawing100 / 1e7, 0} }
	var everywhere, crowd, points []orb.Point
	for i := range 200 {
		points = append(points, on(i))
		crowd = append(crowd, on(7))
		if i < 199 {
			everywhere = append(everywhere, on(i))
		}
	}
	kinds := func(anchors []orb.Point) map[SnapKind]int {
		snaps, err := m.Snap(points, SnapOptions{Anchors: anchors})
		if err != nil {
			t.Fatal(err)
		}
		count := map[SnapKind]int{}
		for i, s := range snaps {
			if s.Way != int64(i+1) {
				t.Errorf("point %d is on way %d", i, s.Way)
			}
			count[s.Kind]++
		}
		return count
	}
	for range 2 { // the second time as it was kept
		if got := kinds(everywhere); got[SnapOK] != 199 || got[SnapIsland] != 1 {
			t.Errorf("bases on all islands but one: %v", got)
		}
	}
	if got := kinds(append(crowd, on(150))); got[SnapOK] != 2 || got[SnapIsland] != 198 {
		t.Errorf("200 bases on one island and one on another: %v", got)
	}
	if got := kinds(everywhere[:64]); got[SnapOK] != 64 {
		t.Errorf("64 bases: %v", got)
	}
}

func TestSnapTellsOfOneWayRoads(t *testing.T) {
	t.Parallel()
	// One can drive from c to d and e, and not back.
	d := draw(t, `
		a b c . . . . d e
		. . . . . . . . P`,
		"abc", "cd>", "de>")
	m := mustMetric(t, d.build(t), evenCar())
	base := SnapOptions{Anchors: []orb.Point{d.at(t, "a")}}
	want(t, snapped(t, m, d, base, "P", "e", "d", "c"), `
		P: reachable one way only, way 3, moved 200 m, nearest 200 m
		e: reachable one way only, way 3, moved 0 m, nearest 0 m
		d: reachable one way only, way 2, moved 0 m, nearest 0 m
		c: ok, way 1, moved 0 m, nearest 0 m`)
}

func TestATinyIslandIsNoHome(t *testing.T) {
	t.Parallel()
	// The base's nearest road is a stub behind a closed gate; the town has
	// hundreds of junctions.
	d := draw(t, `
		a b
		. .`, "ab")
	for i := range int32(400) {
		id := int64(1000 + i)
		d.net.Nodes = append(d.net.Nodes, osm.Node{ID: id, Lon: 3000 * i, Lat: -3000}, osm.Node{ID: id + 1000, Lon: 3000 * i, Lat: -6000})
		n := int32(len(d.net.Nodes))
		refs := []int32{n - 2, n - 1}
		if i > 0 {
			refs = []int32{n - 4, n - 2, n - 1}
		}
		d.net.Ways = append(d.net.Ways, osm.Way{
			ID: id, First: int32(len(d.net.Refs)), Count: int32(len(refs)), Class: osm.Residential, Forward: 7, Backward: 7,
		})
		d.net.Refs = append(d.net.Refs, refs...)
	}
	m := mustMetric(t, d.build(t), evenCar())
	snaps, err := m.Snap([]orb.Point{d.at(t, "a")}, SnapOptions{Anchors: []orb.Point{d.at(t, "a")}})
	if err != nil {
		t.Fatal(err)
	}
	if s := snaps[0]; s.Kind != SnapOK || s.Way < 1000 || s.Component != 0 || s.Nearest != 0 || s.Moved < 30 {
		t.Errorf("the base is at %+v", s)
	}
}

func TestSnapAcrossTheMeridian(t *testing.T) {
	t.Parallel()
	net := &osm.Network{
		Nodes: []osm.Node{{ID: 1, Lon: halfTurn - 10000}, {ID: 2, Lon: -halfTurn + 10000}},
		Ways:  []osm.Way{{ID: 9, Count: 2, Class: osm.Primary, Forward: 7, Backward: 7}},
		Refs:  []int32{0, 1},
	}
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, evenCar())
	snaps := mustSnap(t, m, orb.Point{179.9995, 0.001}, orb.Point{-179.9995, -0.001}, orb.Point{0, 0.0001})
	for i, s := range snaps[:2] {
		if s.Kind != SnapOK || math.Abs(s.Moved-111.19) > 0.1 || math.Abs(math.Abs(s.Point[0])-179.9995) > 1e-6 {
			t.Errorf("point %d: %+v", i, s)
		}
	}
	if snaps[2].Kind != SnapFar {
		t.Errorf("the other side of the earth: %+v", snaps[2])
	}
	table, err := m.Table(t.Context(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, metres := table.At(0, 1); metres != 112 {
		t.Errorf("%d m across the meridian, want 112", metres)
	}
	if s, l := table.At(2, 2); s != Unreachable || l != Unreachable {
		t.Error("a far point has a leg")
	}
}

func TestSnapRefusesWhatIsNotOnEarth(t *testing.T) {
	t.Parallel()
	m := mustMetric(t, smallRegion(t), evenCar())
	for _, p := range []orb.Point{{math.NaN(), 0}, {0, 91}, {-181, 0}, {0, math.Inf(1)}} {
		if _, err := m.Snap([]orb.Point{{}, p}, SnapOptions{}); !errors.Is(err, ErrPoint) || !strings.HasPrefix(err.Error(), "points[1]") {
			t.Errorf("%v: %v", p, err)
		}
		if _, err := m.Snap(nil, SnapOptions{Anchors: []orb.Point{p}}); !errors.Is(err, ErrPoint) {
			t.Errorf("%v: %v", p, err)
		}
	}
	for _, limit := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := m.Snap(nil, SnapOptions{Limit: limit}); err == nil {
			t.Errorf("limit %v is accepted", limit)
		}
	}
	for _, s := range []Snap{{Kind: SnapOK, Segment: -1}, {Kind: SnapOK, Segment: 1 << 30}, {Kind: SnapOK, At: -1}, {Kind: SnapOK, At: 1 << 40}} {
		if _, err := m.Table(t.Context(), []Snap{s}, nil, 1); !errors.Is(err, ErrSnap) {
			t.Errorf("%+v: %v", s, err)
		}
		if _, err := m.Trace(s, s); !errors.Is(err, ErrSnap) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// The nearest road by looking at every segment.
func TestSnapFindsTheNearest(t *testing.T) {
	t.Parallel()
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := osm.CarProfile()
	m := mustMetric(t, r, p)
	for i, point := range randomPoints(net, 200, 3) {
		best := math.Inf(1)
		flat := newPlane(point)
		for w := range net.Ways {
			way := &net.Ways[w]
			if !p.Passable(way, true) && !p.Passable(way, false) {
				continue
			}
			refs := net.Refs[way.First : way.First+way.Count]
			for k := 1; k < len(refs); k++ {
				if refs[k-1] == refs[k] {
					continue
				}
				a, b := net.Nodes[refs[k-1]], net.Nodes[refs[k]]
				d, _ := flat.toSegment(node{a.Lon, a.Lat}, node{b.Lon, b.Lat})
				best = min(best, d)
			}
		}
		snaps, err := m.Snap([]orb.Point{point}, SnapOptions{Limit: 5000})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(snaps[0].Nearest-best) > 1e-9 {
			t.Errorf("point %d: nearest is %v m, want %v", i, snaps[0].Nearest, best)
		}
		if snaps[0].Kind != SnapOK || snaps[0].Moved < best-1e-9 {
			t.Errorf("point %d: %+v", i, snaps[0])
		}
	}
}

func TestTreeAgainstAnother(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 700).Draw(t, "items")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		boxes := make([]box, n)
		items := make([]int32, n)
		var other rtree.RTreeG[int32]
		for i := range boxes {
			x, y := random.Int32N(10000), random.Int32N(10000)
			boxes[i] = box{x, y, x + random.Int32N(300), y + random.Int32N(300)}
			items[i] = int32(i)
			b := boxes[i]
			other.Insert([2]float64{float64(b.MinLon), float64(b.MinLat)}, [2]float64{float64(b.MaxLon), float64(b.MaxLat)}, int32(i))
		}
		boxOf := func(i int32) box { return boxes[i] }
		packed := newTree(items, grid{span: 11000}, boxOf)
		if ends := levels(n); n > 0 && ends[len(ends)-1] != len(packed.boxes) || !packed.tight() {
			t.Fatal("the boxes are not those of the levels")
		}
		x, y := random.Int32N(11000), random.Int32N(11000)
		ask := box{x, y, x + 900, y + 900}
		meet := func(b box) bool {
			return b.MinLon <= ask.MaxLon && b.MaxLon >= ask.MinLon && b.MinLat <= ask.MaxLat && b.MaxLat >= ask.MinLat
		}
		var got, expected []int32
		packed.search(meet, func(i int32) bool {
			if meet(boxes[i]) {
				got = append(got, i)
			}
			return true
		})
		other.Search([2]float64{float64(x), float64(y)}, [2]float64{float64(x + 900), float64(y + 900)}, func(_, _ [2]float64, i int32) bool {
			expected = append(expected, i)
			return true
		})
		slices.Sort(got)
		slices.Sort(expected)
		if !slices.Equal(got, expected) {
			t.Fatalf("search: %v, want %v", got, expected)
		}
		distance := func(b box) float64 {
			return math.Hypot(outside(float64(b.MinLon-x), float64(b.MaxLon-x)), outside(float64(b.MinLat-y), float64(b.MaxLat-y)))
		}
		var queue []near
		got = got[:0]
		packed.nearest(&queue, distance, func(i int32) float64 { return distance(boxes[i]) }, func(i int32, _ float64) bool {
			got = append(got, i)
			return true
		})
		expected = append([]int32(nil), items...)
		slices.SortStableFunc(expected, func(a, b int32) int {
			return cmp.Compare(distance(boxes[a]), distance(boxes[b]))
		})
		if !slices.Equal(got, expected) {
			t.Fatalf("nearest: %v, want %v", got, expected)
		}
	})
}

func TestComponentsAgainstFloydWarshall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, err := Build(drawNetwork(t), BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.MetricWith(t.Context(), drawProfile(t), MetricOptions{At: drawTimeOrNone(t)})
		if err != nil {
			t.Fatal(err)
		}
		n := m.t.nodes()
		reaches := make([][]bool, n)
		for v := range reaches {
			reaches[v] = make([]bool, n)
			reaches[v][v] = true
			for a := m.t.arcFirst[v]; a < m.t.arcFirst[v+1]; a++ {
				if m.weights[a] != never {
					reaches[v][m.t.arcHead[a]] = true
				}
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reaches[i][j] = reaches[i][j] || reaches[i][k] && reaches[k][j]
				}
			}
		}
		parts := m.components()
		for i := range n {
			for j := range n {
				if same := reaches[i][j] && reaches[j][i]; same != (parts.of[i] == parts.of[j]) {
					t.Fatalf("nodes %d and %d: same component %v, want %v", i, j, !same, same)
				}
			}
		}
		if !slices.IsSortedFunc(parts.size, func(a, b int64) int { return cmp.Compare(b, a) }) {
			t.Fatalf("components are not sorted by size: %v", parts.size)
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	t.Parallel()
	net := readMap(t, "stockholm-mariatorget.osm.pbf")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.FootProfile())
	points := randomPoints(net, 40, 5)
	var tables [8]Table
	var group sync.WaitGroup
	for i := range tables {
		group.Go(func() {
			snaps, err := m.Snap(points, SnapOptions{Anchors: points[i%2 : i%2+1]})
			if err == nil {
				tables[i], err = m.Table(context.Background(), snaps, snaps, i+1)
			}
			if err == nil {
				_, err = m.Trace(snaps[i], snaps[0])
			}
			if err != nil && !errors.Is(err, ErrNoRoute) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i := range tables {
		if !reflect.DeepEqual(tables[i], tables[i%2]) {
			t.Errorf("with %d threads the table is another one", i+1)
		}
	}
}

func TestTableCanBeCancelled(t *testing.T) {
	t.Parallel()
	m := mustMetric(t, smallRegion(t), evenCar())
	snaps := mustSnap(t, m, orb.Point{}, orb.Point{0.001, 0})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Table(ctx, snaps, snaps, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	table, err := m.Table(t.Context(), nil, snaps, 0)
	if err != nil || table.Rows != 0 || table.Cols != 2 {
		t.Errorf("an empty table: %+v, %v", table, err)
	}
}

func TestSearchDoesNotAllocate(t *testing.T) {
	net := readMap(t, "stockholm-mariatorget.osm.pbf")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.FootProfile())
	snaps := mustSnap(t, m, randomPoints(net, 2, 9)...)
	p, err := m.place(snaps[0])
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.place(snaps[1])
	if err != nil {
		t.Fatal(err)
	}
	aim := m.aim([]place{q})
	s := m.borrow()
	var cost costing
	var exits []gate
	stop := new(atomic.Bool)
	run := func() {
		exits = m.exits(exits[:0], &cost, &p)
		s.run(m, exits, aim.wanted, aim.count, stop)
	}
	run()
	if allocs := testing.AllocsPerRun(20, run); allocs != 0 {
		t.Errorf("%v allocations a search", allocs)
	}
}
