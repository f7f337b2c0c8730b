package geo

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// onSegment is a place on a segment, as Snap would give it.
func onSegment(r *Region, seg int32, at int64) Snap {
	return Snap{Kind: SnapOK, Segment: seg, At: at, Length: int64(r.segMM[seg])}
}

// What an isochrone says of points and of roads is what the table and the
// oracle say.
func TestIsochroneAgreesWithTableAndOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, isochroneAgrees)
}

func FuzzIsochrone(f *testing.F) { f.Fuzz(rapid.MakeFuzz(isochroneAgrees)) }

func isochroneAgrees(t *rapid.T) {
	net, p := drawNetwork(t), drawProfile(t)
	o := MetricOptions{}
	if rapid.Bool().Draw(t, "under a condition") {
		_, o = drawCondition(t, net)
		o.Shortest = false
	}
	farthest := int64(math.MaxInt64) // of the second quantity of a leg
	if rapid.Bool().Draw(t, "ranged") {
		most := rapid.IntRange(1, 200).Draw(t, "range")
		if o.Condition == nil {
			o.Condition = &Condition{}
		}
		if o.Second == EnergyUsed {
			most = (most + 3) / 4
			o.Condition.Energy.LimitWh = most
		} else {
			o.Condition.Energy = &Energy{LimitMetres: most}
		}
		if p.Mode == osm.ModeCar {
			farthest = int64(most)
		}
	}
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.MetricWith(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.t.chainSegs) == 0 {
		return
	}
	anySnap := rapid.Custom(func(t *rapid.T) Snap {
		seg := rapid.SampledFrom(m.t.chainSegs).Draw(t, "segment") >> 1
		length := int64(r.segMM[seg])
		return onSegment(r, seg, rapid.OneOf(rapid.Just(int64(0)), rapid.Just(length), rapid.Int64Range(0, length)).Draw(t, "at"))
	})
	var starts []Start
	for range rapid.IntRange(1, 3).Draw(t, "starts") {
		starts = append(starts, Start{anySnap.Draw(t, "start"), rapid.Int32Range(0, 40).Draw(t, "delay")})
	}
	towards := rapid.Bool().Draw(t, "towards")
	limit := rapid.Int32Range(0, 200).Draw(t, "limit")
	iso, err := m.Isochrone(context.Background(), starts, IsochroneOptions{Limits: []int32{limit, limit / 2}, Towards: towards})
	if err != nil {
		t.Fatal(err)
	}
	points := rapid.SliceOfN(anySnap, 1, 6).Draw(t, "points")
	oracle := newOracle(net, p, false)
	if o.Condition != nil {
		oracle = withCondition(oracle, o)
	}
	legs := oracleLegs(oracle, net, farthest)
	checkIsochrone(t, m, legs, iso, starts, points, limit)
	checkIsochrone(t, m, legs, iso, starts, nil, limit/2)
}

// legsOf gives the seconds from one place to others, -1 where there is no way.
type legsOf func(t rapid.TB, from Snap, to []Snap) []int64

func oracleLegs(o *oracle, net *osm.Network, farthest int64) legsOf {
	return func(_ rapid.TB, from Snap, to []Snap) []int64 {
		places := make([]oraclePlace, len(to))
		for j, s := range to {
			places[j] = oraclePlaceOf(net, s)
		}
		seconds := make([]int64, len(to))
		for j, leg := range o.legs(oraclePlaceOf(net, from), places) {
			if seconds[j] = leg[0]; leg[1] > farthest {
				seconds[j] = -1
			}
		}
		return seconds
	}
}

// checkIsochrone compares points, and the places just inside and just outside
// of where stretches begin and end.
func checkIsochrone(t rapid.TB, m *Metric, legsOf legsOf, iso *Isochrone, starts []Start, points []Snap, limit int32) {
	t.Helper()
	covered := map[int32][]span{}
	for s := range iso.Roads(limit) {
		if s.From >= s.To || s.From < 0 || s.To > s.Length || len(s.Line) != 2 {
			t.Fatalf("stretch %+v", s)
		}
		covered[s.Segment] = append(covered[s.Segment], span{s.From, s.To})
		for _, at := range []int64{s.From - 1, s.From, s.To, s.To + 1} {
			if at > 0 && at < s.Length && len(points) < 60 {
				points = append(points, onSegment(m.region, s.Segment, at))
			}
		}
	}
	seconds, err := iso.Seconds(points)
	if err != nil {
		t.Fatal(err)
	}
	nearest, err := iso.Nearest(context.Background(), points)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range []int{1, 2, 7} {
		if again, err := iso.nearest(context.Background(), points, block); err != nil || !slices.Equal(again, nearest) {
			t.Fatalf("in blocks of %d: %v %v, not %v", block, again, err, nearest)
		}
	}
	legs := make([][]int64, len(starts)) // by start and point
	for i, s := range starts {
		if !iso.towards {
			legs[i] = legsOf(t, s.Snap, points)
			continue
		}
		for _, p := range points {
			legs[i] = append(legs[i], legsOf(t, p, []Snap{s.Snap})[0])
		}
	}
	most := iso.Limits()[len(iso.Limits())-1]
	for j, s := range points {
		best, who := int64(most)+1, -1
		for i := range starts {
			if sum := legs[i][j] + int64(starts[i].Delay); legs[i][j] >= 0 && sum < best {
				best, who = sum, i
			}
		}
		if who < 0 {
			best = Unreachable
		}
		if int64(seconds[j]) != best || nearest[j] != who {
			t.Errorf("point %+v: %d s from start %d, it should be %d s from %d", s, seconds[j], nearest[j], best, who)
		}
		if s.At == 0 || s.At == s.Length {
			continue // at a junction several roads meet
		}
		within := slices.ContainsFunc(covered[s.Segment], func(c span) bool { return c.from <= s.At && s.At <= c.to })
		// A start with the limit as its delay covers a point, not a stretch.
		alone := slices.ContainsFunc(starts, func(o Start) bool { return o.Snap.Segment == s.Segment && o.Snap.At == s.At })
		if within != (best <= int64(limit)) && !alone {
			t.Errorf("%d mm along segment %d, which takes %d s of %d: on a stretch %v", s.At, s.Segment, best, limit, within)
		}
	}
}

// A car with a range on a real map: what the isochrone says of places, many of
// them where stretches end, is what the table says.
func TestIsochroneWithinARange(t *testing.T) {
	t.Parallel()
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.MetricWith(t.Context(), osm.CarProfile(), MetricOptions{Condition: &Condition{Energy: &Energy{LimitMetres: 1500}}})
	if err != nil {
		t.Fatal(err)
	}
	table := func(t rapid.TB, from Snap, to []Snap) []int64 {
		legs, err := m.Table(context.Background(), []Snap{from}, to, 1)
		if err != nil {
			t.Fatal(err)
		}
		seconds := make([]int64, len(to))
		for j := range to {
			if seconds[j] = int64(legs.Seconds[j]); legs.Seconds[j] == Unreachable {
				seconds[j] = -1
			}
		}
		return seconds
	}
	snaps := mustSnap(t, m, randomPoints(net, 100, 7)...)
	var starts []Start
	for i, s := range snaps[:4] {
		starts = append(starts, Start{s, int32(10 * i)})
	}
	for _, towards := range []bool{false, true} {
		iso, err := m.Isochrone(t.Context(), starts, IsochroneOptions{Limits: []int32{60, 120, 400}, Towards: towards})
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range iso.Limits() {
			points := snaps[4:]
			gaps, last := 0, Stretch{Segment: -1}
			for s := range iso.Roads(limit) {
				for _, at := range []int64{s.From - 1, s.From, (s.From + s.To) / 2, s.To, s.To + 1} {
					if at > 0 && at < s.Length {
						points = append(points, onSegment(r, s.Segment, at))
					}
				}
				if s.Segment == last.Segment && s.Backward == last.Backward {
					gaps++
					points = append(points, onSegment(r, s.Segment, (last.To+s.From)/2))
				}
				last = s
			}
			t.Logf("towards %v, %d s: %d places, %d gaps", towards, limit, len(points), gaps)
			checkIsochrone(t, m, table, iso, starts, points, limit)
			area, err := iso.Area(t.Context(), limit, AreaOptions{Width: 50, Cell: 20})
			if err != nil {
				t.Fatal(err)
			}
			checkArea(t, iso, limit, area, AreaOptions{Width: 50, Cell: 20})
		}
	}
}

func TestIsochroneRefusesNonsense(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	m := mustMetric(t, r, evenCar())
	snap := mustSnap(t, m, orb.Point{})[0]
	short, err := r.MetricWith(t.Context(), evenCar(), MetricOptions{Shortest: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"no limits":   second(m.Isochrone(t.Context(), nil, IsochroneOptions{})),
		"negative":    second(m.Isochrone(t.Context(), nil, IsochroneOptions{Limits: []int32{-1}})),
		"too far":     second(m.Isochrone(t.Context(), nil, IsochroneOptions{Limits: []int32{MaxIsochrone + 1}})),
		"delay":       second(m.Isochrone(t.Context(), []Start{{snap, -1}}, IsochroneOptions{Limits: []int32{1}})),
		"least metre": second(short.Isochrone(t.Context(), nil, IsochroneOptions{Limits: []int32{1}})),
	} {
		if !errors.Is(err, ErrIsochrone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := m.Isochrone(t.Context(), []Start{{Snap: Snap{Kind: SnapOK, Segment: 1 << 30}}}, IsochroneOptions{Limits: []int32{1}}); !errors.Is(err, ErrSnap) {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Isochrone(cancelled, []Start{{Snap: snap}}, IsochroneOptions{Limits: []int32{1}}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	iso, err := m.Isochrone(t.Context(), []Start{{Snap: Snap{Kind: SnapFar, Segment: -1}}}, IsochroneOptions{Limits: []int32{60}})
	if err != nil {
		t.Fatal(err)
	}
	for range iso.Roads(60) {
		t.Error("a far start reaches a road")
	}
	if area, err := iso.Area(t.Context(), 60, AreaOptions{}); err != nil || len(area) != 0 {
		t.Error(area, err)
	}
	for _, o := range []AreaOptions{{Width: -1}, {Width: math.NaN()}, {Width: 100, Cell: 90}, {Width: 100, Cell: 1}, {Fill: -1}} {
		if _, err := iso.Area(t.Context(), 60, o); !errors.Is(err, ErrIsochrone) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := iso.Area(t.Context(), 61, AreaOptions{}); !errors.Is(err, ErrIsochrone) {
		t.Error(err)
	}
}

// An isochrone is of the roads as they were, also after a bridge is closed.
func TestIsochroneOfAMetricThatChanges(t *testing.T) {
	t.Parallel()
	d := draw(t, `a b c d`, "ab", "bc", "cd")
	m := mustMetric(t, d.build(t), evenCar())
	snaps := mustSnap(t, m, d.at(t, "a"), d.at(t, "d"))
	iso, err := m.Isochrone(t.Context(), []Start{{Snap: snaps[0]}}, IsochroneOptions{Limits: []int32{120}})
	if err != nil {
		t.Fatal(err)
	}
	open, err := iso.Seconds(snaps[1:])
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Collect(iso.Roads(120))
	closed := Closure{ID: "bridge"}
	closed.Ways = []int64{2}
	if err := m.Change(t.Context(), Condition{Closures: []Closure{closed}}); err != nil {
		t.Fatal(err)
	}
	seconds, err := iso.Seconds(snaps[1:])
	if err != nil || seconds[0] > 120 || !slices.Equal(seconds, open) || !reflect.DeepEqual(slices.Collect(iso.Roads(120)), before) {
		t.Errorf("%v %v", seconds, err)
	}
	if _, err := iso.Nearest(t.Context(), snaps); !errors.Is(err, ErrIsochrone) {
		t.Error(err)
	}
	cuts, err := m.CutOff(t.Context(), snaps[1:], snaps[:1])
	if err != nil || len(cuts) != 1 || !slices.Equal(cuts[0].Alone, []string{"bridge"}) {
		t.Errorf("%+v %v", cuts, err)
	}
}

func second[T any](_ T, err error) error { return err }

// Areas on real maps: valid, with all reached roads inside and nothing that is
// far from them, one within another, the same every time.
func TestAreasHoldTheirRoads(t *testing.T) {
	t.Parallel()
	for i, name := range realMaps {
		net := readMap(t, name)
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		m := mustMetric(t, r, osm.CarProfile())
		if len(m.t.chainSegs) == 0 {
			continue
		}
		var starts []Start
		for _, s := range mustSnap(t, m, randomPoints(net, 3, uint64(i))...) {
			starts = append(starts, Start{Snap: s})
		}
		iso, err := m.Isochrone(t.Context(), starts, IsochroneOptions{Limits: []int32{60, 180, 600}, Towards: i%2 > 0})
		if err != nil {
			t.Fatal(err)
		}
		o := AreaOptions{Width: 100, Cell: 30}
		var smaller orb.MultiPolygon
		for _, limit := range iso.Limits() {
			area, err := iso.Area(t.Context(), limit, o)
			if err != nil {
				t.Fatal(err)
			}
			checkArea(t, iso, limit, area, o)
			corners := map[orb.Point]bool{} // on the edge of a hole counts as in the hole
			for _, p := range area {
				for _, ring := range p {
					for _, v := range ring {
						corners[v] = true
					}
				}
			}
			for _, p := range smaller {
				for _, v := range p[0] {
					if !planar.MultiPolygonContains(area, v) && !corners[v] {
						t.Fatalf("%s: %v is within a shorter time but not within %d s", name, v, limit)
					}
				}
			}
			smaller = area
			again, err := iso.Area(t.Context(), limit, o)
			if err != nil || !reflect.DeepEqual(again, area) {
				t.Errorf("%s: another area the second time (%v)", name, err)
			}
		}
	}
}

// checkArea tests the promise of Area at random points near the roads.
func checkArea(t *testing.T, iso *Isochrone, limit int32, area orb.MultiPolygon, o AreaOptions) {
	t.Helper()
	var lines []orb.LineString
	for s := range iso.Roads(limit) {
		lines = append(lines, s.Line)
	}
	if len(lines) == 0 {
		return
	}
	for _, p := range area {
		for k, ring := range p {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] || (signedArea(ring) > 0) != (k == 0) {
				t.Fatalf("ring %d of %d points runs the wrong way or is open", k, len(ring))
			}
			if k > 0 && !planar.RingContains(p[0], ring[0]) {
				t.Fatal("a hole outside of its polygon")
			}
		}
	}
	if x := selfCrossing(area); x != nil {
		t.Fatalf("the outline crosses itself at %v", *x)
	}
	random := rand.New(rand.NewPCG(5, uint64(limit)))
	diagonal := o.Cell * math.Sqrt2
	for range 400 {
		near := lines[random.IntN(len(lines))][0]
		v := orb.Point{near[0] + random.NormFloat64()*2e-3, near[1] + random.NormFloat64()*1e-3}
		flat := newPlane(v)
		distance := math.Inf(1)
		for _, l := range lines {
			d, _ := flat.toSegment(storedNode(l[0]), storedNode(l[1]))
			distance = min(distance, d)
		}
		inside := false
		for _, turn := range []float64{-360, 0, 360} { // areas go on beyond 180 degrees
			inside = inside || planar.MultiPolygonContains(area, orb.Point{v[0] + turn, v[1]})
		}
		if inside && distance > o.Width+diagonal+0.1 || !inside && distance < o.Width-diagonal-0.1 {
			t.Errorf("%v is %.0f m from the roads: inside %v", v, distance, inside)
		}
	}
}

func storedNode(p orb.Point) node {
	return node{int32(math.Round(p[0] * 1e7)), int32(math.Round(p[1] * 1e7))}
}

// selfCrossing looks for two edges of an area that meet other than at a common
// end, by sorting them from west to east.
func selfCrossing(area orb.MultiPolygon) *orb.Point {
	type edge struct{ a, b orb.Point }
	var edges []edge
	for _, p := range area {
		for _, ring := range p {
			for i := 1; i < len(ring); i++ {
				edges = append(edges, edge{ring[i-1], ring[i]})
			}
		}
	}
	west := func(e edge) float64 { return min(e.a[0], e.b[0]) }
	slices.SortFunc(edges, func(e, f edge) int {
		if west(e) < west(f) {
			return -1
		} else if west(e) > west(f) {
			return 1
		}
		return 0
	})
	turn := func(a, b, c orb.Point) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	for i, e := range edges {
		for _, f := range edges[i+1:] {
			if west(f) > max(e.a[0], e.b[0]) {
				break
			}
			if e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b {
				if e.a == f.a || e.b == f.b {
					return &f.a // a point with two successors
				}
				continue
			}
			if max(e.a[1], e.b[1]) < min(f.a[1], f.b[1]) || max(f.a[1], f.b[1]) < min(e.a[1], e.b[1]) {
				continue
			}
			if turn(e.a, e.b, f.a)*turn(e.a, e.b, f.b) <= 0 && turn(f.a, f.b, e.a)*turn(f.a, f.b, e.b) <= 0 {
				return &f.a
			}
		}
	}
	return nil
}

// A road in a square encloses a hole, and a road inside the hole is a polygon
// of its own.
func TestAreaWithAHole(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a . . . . . . . . . . b
		. . . . . . . . . . . .
		. . . . . . . . . . . .
		. . . . . g h . . . . .
		. . . . . . . . . . . .
		. . . . . . . . . . . .
		d . . . . . . . . . . c`, "abcda", "gh")
	m := mustMetric(t, d.build(t), evenCar())
	starts := []Start{{Snap: onSegment(m.region, 0, 0)}, {Snap: onSegment(m.region, 5, 0)}}
	iso, err := m.Isochrone(t.Context(), starts, IsochroneOptions{Limits: []int32{10, 3600}})
	if err != nil {
		t.Fatal(err)
	}
	area, err := iso.Area(t.Context(), 3600, AreaOptions{Width: 50, Cell: 20})
	if err != nil {
		t.Fatal(err)
	}
	if len(area) != 2 || len(area[0]) != 2 || len(area[1]) != 1 {
		t.Fatalf("%d polygons", len(area))
	}
	// The hole is about 2.1 km by 1.1 km.
	for fill, want := range map[float64]int{1.5e6: 2, 2.5e6: 1} {
		filled, err := iso.Area(t.Context(), 3600, AreaOptions{Width: 50, Cell: 20, Fill: fill})
		if err != nil {
			t.Fatal(err)
		}
		if len(filled[0]) != want {
			t.Errorf("holes under %g m² are filled: %d rings", fill, len(filled[0]))
		}
	}
	small, err := iso.Area(t.Context(), 10, AreaOptions{Width: 50, Cell: 20})
	if err != nil {
		t.Fatal(err)
	}
	// 100 m along ab and 100 m along ad, 100 m wide; and all of gh.
	if len(small) != 2 || len(small[0]) != 1 {
		t.Fatalf("%d polygons within ten seconds", len(small))
	}
}

func TestOneToAllDoesNotAllocate(t *testing.T) {
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.CarProfile())
	p, err := m.place(mustSnap(t, m, randomPoints(net, 1, 2)...)[0])
	if err != nil {
		t.Fatal(err)
	}
	var cost costing
	gates := m.exits(nil, &cost, &p)
	s := m.borrow()
	for _, reverse := range []bool{false, true} {
		run := func() {
			if err := m.oneToAll(context.Background(), s, gates, reverse, never-1); err != nil {
				t.Fatal(err)
			}
		}
		run()
		if allocs := testing.AllocsPerRun(10, run); allocs != 0 {
			t.Errorf("%v allocations a search (reverse %v)", allocs, reverse)
		}
	}
}

func BenchmarkIsochroneArea(b *testing.B) {
	net := readMap(b, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		b.Fatal(err)
	}
	m := mustMetric(b, r, osm.CarProfile())
	start := []Start{{Snap: mustSnap(b, m, randomPoints(net, 1, 2)...)[0]}}
	for b.Loop() {
		iso, err := m.Isochrone(b.Context(), start, IsochroneOptions{Limits: []int32{900}})
		if err == nil {
			_, err = iso.Area(b.Context(), 900, AreaOptions{Width: 50})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
