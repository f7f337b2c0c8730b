package geo

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// drawCondition makes a condition about the roads of a network and a time for
// it. The network is dressed with names, numbers, surfaces, bridges and
// conditional tags first.
func drawCondition(t *rapid.T, net *osm.Network) (*Condition, MetricOptions) {
	base := int32(len(net.Texts))
	names := []string{"Storgatan", "Älvvägen", "E 4;E 45", "BD 398"}
	net.Texts = append(net.Texts, names...)
	for _, c := range conditionTexts {
		net.Texts = append(net.Texts, c.text)
	}
	for i := range net.Ways {
		w := &net.Ways[i]
		if n := rapid.Int32Range(0, 2).Draw(t, "name"); n > 0 {
			w.Name = base + n - 1
		}
		if n := rapid.Int32Range(0, 2).Draw(t, "ref"); n > 0 {
			w.Ref = base + 2 + n - 1
		}
		if n := rapid.IntRange(0, 2*len(conditionTexts)).Draw(t, "tags"); n < len(conditionTexts) {
			w.Condition = base + 4 + int32(n)
		}
		w.Class = rapid.SampledFrom([]osm.Class{osm.Tertiary, osm.Primary, osm.Track}).Draw(t, "class")
		w.Surface = rapid.SampledFrom([]osm.Surface{osm.SurfaceUnknown, osm.Paved, osm.Gravel}).Draw(t, "surface")
		if rapid.IntRange(0, 3).Draw(t, "bridge") == 0 {
			w.Flags |= osm.FlagBridge
		}
		if w.Flags&osm.FlagFerry != 0 {
			w.Class = osm.Ferry
		}
	}
	c := &Condition{
		IceRoads:    rapid.SampledFrom([]State{"", StateOpen, StateClosed}).Draw(t, "ice"),
		WinterRoads: rapid.SampledFrom([]State{"", StateOpen, StateClosed}).Draw(t, "winter"),
	}
	corner := rapid.Custom(func(t *rapid.T) orb.Point {
		unit := rapid.SampledFrom([]int{1, 3001}).Draw(t, "grid") // on the nodes' grid now and then
		return orb.Point{
			float64(rapid.IntRange(-2000/unit, 14000/unit).Draw(t, "lon")*unit) / 1e7,
			float64(rapid.IntRange(-2000/unit, 10000/unit).Draw(t, "lat")*unit) / 1e7,
		}
	})
	for i := range rapid.IntRange(0, 2).Draw(t, "areas") {
		a := Area{ID: fmt.Sprintf("area %d", i)}
		for range rapid.IntRange(1, 2).Draw(t, "polygons") {
			ring := orb.Ring(rapid.SliceOfN(corner, 3, 6).Draw(t, "ring"))
			a.Polygon = append(a.Polygon, orb.Polygon{append(ring, ring[0])})
		}
		c.Areas = append(c.Areas, a)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
		c.Speeds = append(c.Speeds, SpeedRule{
			ID: fmt.Sprintf("rule %d", i), Selection: drawSelection(t, c, net, false), Modes: drawModes(t), When: drawWhen(t),
			Percent: rapid.IntRange(1, 200).Draw(t, "percent"), MostKMH: rapid.SampledFrom([]int{0, 0, 10, 40}).Draw(t, "most"),
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "closures") {
		c.Closures = append(c.Closures, drawClosure(t, c, net, i))
	}
	for range rapid.IntRange(0, 2).Draw(t, "roads") {
		c.Roads = append(c.Roads, RoadState{
			Selection: drawSelection(t, c, net, true),
			State:     rapid.SampledFrom([]State{StateOpen, StateClosed}).Draw(t, "state"),
		})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "ferry entries") {
		f := Ferry{ID: fmt.Sprintf("ferry %d", i), Selection: drawSelection(t, c, net, true), Boarding: rapid.SampledFrom([]int{0, 90}).Draw(t, "boarding")}
		if f.Stopped = rapid.IntRange(0, 3).Draw(t, "stopped") == 0; !f.Stopped {
			f.Services = rapid.SampledFrom([][]Service{
				{{First: "06:10", Last: "22:00", Every: 35}},
				{{When: "Mo-Fr", Departures: []string{"05:00", "23:50", "24:20"}}, {Direction: "forward", Departures: []string{"12:00"}}},
				{{Direction: "backward", First: "00:00", Last: "23:59", Every: 7}},
			}).Draw(t, "services")
		}
		c.Ferries = append(c.Ferries, f)
	}
	o := MetricOptions{Condition: c}
	if o.At = drawTimeOrNone(t); !o.At.IsZero() {
		if rapid.Bool().Draw(t, "long") {
			begun := o.At
			if rapid.Bool().Draw(t, "waits apart") {
				o.Since = o.At.Add(time.Duration(rapid.IntRange(-900, 900).Draw(t, "since")) * time.Minute)
				begun = o.Since
			}
			o.Until = begun.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute)
		}
		o.LongestWait = rapid.Bool().Draw(t, "longest")
	}
	return c, o
}

func drawTimeOrNone(t *rapid.T) time.Time {
	if rapid.IntRange(0, 3).Draw(t, "timeless") == 0 {
		return time.Time{}
	}
	return drawTime(t)
}

func drawTime(t *rapid.T) time.Time {
	return rapid.SampledFrom([]time.Time{
		time.Date(2026, 11, 20, 7, 30, 0, 0, time.UTC), time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC),
		time.Date(2027, 7, 3, 23, 0, 0, 0, time.UTC), time.Date(2027, 4, 15, 21, 59, 0, 0, time.UTC),
		time.Date(2027, 5, 4, 8, 0, 0, 0, time.FixedZone("", 7200)),
	}).Draw(t, "at")
}

func drawWhen(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "", "Mo-Fr 06:00-09:00", "Nov-Mar", "20:00-05:30"}).Draw(t, "when")
}

func drawModes(t *rapid.T) []string {
	return rapid.SampledFrom([][]string{nil, nil, {"car"}, {"foot", "bicycle"}}).Draw(t, "modes")
}

// drawSelection selects something; must makes sure that Validate is content.
func drawSelection(t *rapid.T, c *Condition, net *osm.Network, must bool) Selection {
	s := Selection{MayMatchNothing: true}
	switch rapid.IntRange(0, 5).Draw(t, "selects by") {
	case 0:
		s.Ways = []int64{net.Ways[rapid.IntRange(0, len(net.Ways)-1).Draw(t, "way")].ID, 999}
	case 1:
		s.Names = []string{rapid.SampledFrom([]string{"STORGATAN", "älvvägen", "Nowhere"}).Draw(t, "by name")}
	case 2:
		s.Refs = []string{rapid.SampledFrom([]string{"e45", "E 4", "BD 398"}).Draw(t, "by ref")}
	}
	if rapid.IntRange(0, 3).Draw(t, "by class") == 0 {
		s.Classes = []string{rapid.SampledFrom([]string{"tertiary", "track", "ferry"}).Draw(t, "class name")}
	}
	if rapid.IntRange(0, 4).Draw(t, "by surface") == 0 {
		s.Surfaces = []string{"gravel", "unknown"}
	}
	if rapid.IntRange(0, 4).Draw(t, "by feature") == 0 {
		s.Features = []string{"bridge", "ice_road"}
	}
	if len(c.Areas) > 0 && rapid.Bool().Draw(t, "by area") {
		s.Area = c.Areas[rapid.IntRange(0, len(c.Areas)-1).Draw(t, "area")].ID
	}
	if must && !s.listed() && len(s.Classes)+len(s.Surfaces)+len(s.Features) == 0 && s.Area == "" {
		s.Classes = []string{"ferry", "primary"}
	}
	return s
}

func drawClosure(t *rapid.T, c *Condition, net *osm.Network, i int) Closure {
	return Closure{
		ID: fmt.Sprintf("closure %d", i), Selection: drawSelection(t, c, net, true), Modes: drawModes(t), When: drawWhen(t),
		Direction: rapid.SampledFrom([]string{"", "", "forward", "backward"}).Draw(t, "direction"),
	}
}

// withCondition teaches an oracle a condition.
func withCondition(o *oracle, options MetricOptions) *oracle {
	o.cond = &oracleCondition{
		o: o, c: options.Condition, at: options.At, since: options.Since, until: options.Until, longest: options.LongestWait,
		energy: options.Second == EnergyUsed, known: map[oracleSeg]oracleKnown{}, waits: map[string]oracleWait{}, in: map[oracleIn]bool{},
	}
	return o
}

func drawPoints(t *rapid.T, net *osm.Network) []orb.Point {
	var points []orb.Point
	for range rapid.IntRange(1, 6).Draw(t, "points") {
		points = append(points, orb.Point{
			rapid.Float64Range(-0.0002, 0.0014).Draw(t, "lon"), rapid.Float64Range(-0.0002, 0.001).Draw(t, "lat"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "points at nodes") {
		n := net.Nodes[rapid.IntRange(0, len(net.Nodes)-1).Draw(t, "node")]
		points = append(points, node{n.Lon, n.Lat}.point())
	}
	return points
}

func TestRandomConditionsAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, conditionAgrees)
}

func FuzzConditionOnRandomMaps(f *testing.F) { f.Fuzz(rapid.MakeFuzz(conditionAgrees)) }

func conditionAgrees(t *rapid.T) {
	net, p := drawNetwork(t), drawProfile(t)
	c, o := drawCondition(t, net)
	o.Shortest = rapid.Bool().Draw(t, "shortest")
	if rapid.IntRange(0, 3).Draw(t, "energy") == 0 {
		o.Second = EnergyUsed
		c.Energy = &Energy{WhPerKM: 173, Percent: 131, ClassPercent: map[string]int{"track": 140}, SurfacePercent: map[string]int{"gravel": 107}}
	}
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.MetricWith(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	oracle := withCondition(newOracle(net, p, o.Shortest), o)
	segmentsAgree(t, m, oracle)
	snaps, err := m.Snap(drawPoints(t, net), SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if o.Second == Distance {
		compare(t, m, oracle, net, snaps)
	} else {
		compareTable(t, m, oracle, net, snaps)
	}
	changeAgrees(t, r, m, p, o, net)
}

// segmentsAgree compares every segment, to the millisecond and the millimetre
// or milliwatt-hour, and every chain with the sum of its segments. Build keeps
// the order of the ways.
func segmentsAgree(t rapid.TB, m *Metric, o *oracle) {
	t.Helper()
	var cost costing
	at := int32(0)
	for w := range o.net.Ways {
		for k := range o.net.Ways[w].Count - 1 {
			seg := at + k
			if m.t.segPos[seg] < 0 {
				continue
			}
			for d := range int32(2) {
				wantMS, wantSecond, wantOK := o.cond.segment(oracleSeg{int32(w), k, d == 1})
				ms, second, ok := m.segment(&cost, seg<<1|d, 0, int64(m.region.segMM[seg]))
				if ok != wantOK || ok && (ms != wantMS || second != wantSecond) {
					t.Errorf("way %d, piece %d, direction %d: got %d %d %v, the oracle says %d %d %v",
						o.net.Ways[w].ID, k, d, ms, second, ok, wantMS, wantSecond, wantOK)
				}
			}
		}
		at += o.net.Ways[w].Count
	}
	for d := range m.chain {
		if w, err := m.chainWeight(&cost, int32(d)); err != nil || w != m.chain[d] {
			t.Errorf("chain %d weighs %x, its segments %x, %v", d, m.chain[d], w, err)
		}
	}
}

// compareTable is compare without lines, which have no length in watt-hours.
func compareTable(t rapid.TB, m *Metric, o *oracle, net *osm.Network, snaps []Snap) {
	table, err := m.Table(context.Background(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	var places []oraclePlace
	var of []int
	for i, s := range snaps {
		if s.Kind != SnapFar {
			places, of = append(places, oraclePlaceOf(net, s)), append(of, i)
		}
	}
	for a, i := range of {
		for b, leg := range o.legs(places[a], places) {
			seconds, second := table.At(i, of[b])
			if got := [2]int64{int64(seconds), int64(second)}; got != leg && (seconds != Unreachable || leg[0] >= 0) {
				t.Errorf("%d to %d: got %v, the oracle says %v", i, of[b], got, leg)
			}
		}
	}
}

// changeAgrees changes some closures and compares what changeTo says with a
// metric that is made anew.
func changeAgrees(t *rapid.T, r *Region, m *Metric, p osm.Profile, o MetricOptions, net *osm.Network) {
	c := *o.Condition
	c.Closures = nil
	for _, x := range o.Condition.Closures {
		if rapid.Bool().Draw(t, "keep") {
			c.Closures = append(c.Closures, x)
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "more closures") {
		c.Closures = append(c.Closures, drawClosure(t, &c, net, 10+i))
	}
	o.Condition = &c
	fresh, err := r.MetricWith(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	ch, err := m.changeTo(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	chain := append([]weight(nil), m.chain...)
	for i, d := range ch.chains {
		if chain[d] == ch.weights[i] {
			t.Errorf("chain %d is said to change and does not", d)
		}
		chain[d] = ch.weights[i]
	}
	for d := range chain {
		if chain[d] != fresh.chain[d] {
			t.Errorf("chain %d weighs %x, made anew %x", d, chain[d], fresh.chain[d])
		}
	}
	changed := &Metric{region: m.region, t: m.t, profile: m.profile, set: ch.set}
	if a, b := fmt.Sprint(changed.Closed()), fmt.Sprint(fresh.Closed()); a != b {
		t.Errorf("closed: %s, made anew: %s", a, b)
	}
	for d := range int32(2 * len(r.refs)) {
		if ch.set.isShut(d) != fresh.set.isShut(d) {
			t.Errorf("directed segment %d is shut: %v, made anew %v", d, ch.set.isShut(d), fresh.set.isShut(d))
		}
	}
}
