package geo

import (
	"context"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// drawNetwork makes a small tangle: ways over a handful of nodes, some at the
// same place, with one-ways, barriers, parallel roads, loops, ferries, ice
// roads, and restrictions of all kinds, sensible or not. Now and then all roads
// are open and many restrictions are about a few of them, so that it matters
// which of them bind.
func drawNetwork(t *rapid.T) *osm.Network {
	open := rapid.IntRange(0, 2).Draw(t, "open") == 0
	net := &osm.Network{Texts: []string{""}}
	for _, x := range turnTexts {
		net.Texts = append(net.Texts, x.text)
	}
	nodes := rapid.IntRange(2, 12).Draw(t, "nodes")
	if open {
		nodes = min(nodes, 6)
	}
	small := rapid.Int32Range(0, 4)
	for i := range nodes {
		n := osm.Node{ID: int64(i + 1), Lon: small.Draw(t, "lon") * 3001, Lat: small.Draw(t, "lat") * 2003}
		if !open && rapid.IntRange(0, 9).Draw(t, "barrier") == 0 {
			n.Closed = rapid.SampledFrom([]osm.Modes{osm.ModeCar, osm.ModeCar | osm.ModeBicycle, osm.AllModes}).Draw(t, "closed")
		}
		net.Nodes = append(net.Nodes, n)
	}
	node := rapid.Int32Range(0, int32(nodes-1))
	via := node
	modes := rapid.SampledFrom([]osm.Modes{osm.AllModes, osm.AllModes, osm.AllModes, osm.ModeCar, osm.ModeFoot, osm.ModeFoot | osm.ModeBicycle, 0})
	flags := rapid.SampledFrom([]osm.Flags{0, 0, 0, 0, 0, osm.FlagFerry, osm.FlagIceRoad, osm.FlagWinter})
	if open {
		via = rapid.Int32Range(0, min(1, int32(nodes-1)))
		modes, flags = rapid.SampledFrom([]osm.Modes{osm.AllModes, osm.AllModes, osm.AllModes, osm.ModeFoot}), rapid.Just(osm.Flags(0))
	}
	for i := range rapid.IntRange(1, 10).Draw(t, "ways") {
		refs := rapid.SliceOfN(node, 2, 5).Draw(t, "refs")
		w := osm.Way{
			ID: int64(100 + i), First: int32(len(net.Refs)), Count: int32(len(refs)), Class: osm.Tertiary,
			Forward: modes.Draw(t, "forward"), Backward: modes.Draw(t, "backward"), Flags: flags.Draw(t, "flags"),
			Speed: osm.Limits{Forward: rapid.Uint8Range(0, 3).Draw(t, "limit") * 30},
		}
		if w.Flags&osm.FlagFerry != 0 {
			w.Duration = 60
		}
		for k, ref := range refs {
			net.Refs = append(net.Refs, ref)
			if k > 0 {
				w.Millimetres += osm.Millimetres(net.Nodes[refs[k-1]], net.Nodes[ref])
			}
		}
		net.Ways = append(net.Ways, w)
	}
	drawRestrictions(t, net, via, open)
	return net
}

func drawRestrictions(t *rapid.T, net *osm.Network, node *rapid.Generator[int32], many bool) {
	way := rapid.Int32Range(0, int32(len(net.Ways)-1))
	touching := func(n int32, label string) int32 {
		var ways []int32
		for w := range net.Ways {
			first := net.Ways[w].First
			for _, ref := range net.Refs[first : first+net.Ways[w].Count] {
				if ref == n {
					ways = append(ways, int32(w))
					break
				}
			}
		}
		if len(ways) == 0 {
			return way.Draw(t, label)
		}
		return rapid.SampledFrom(ways).Draw(t, label)
	}
	least, most, texts := 0, 5, 2*len(turnTexts)
	if many {
		least, most, texts = 2, 9, len(turnTexts)
	}
	for i := range rapid.IntRange(least, most).Draw(t, "restrictions") {
		rs := osm.Restriction{
			ID: int64(1000 + i), ViaNode: -1, Only: rapid.IntRange(0, 2).Draw(t, "only") == 0,
			Modes: rapid.SampledFrom([]osm.Modes{osm.ModeCar, osm.ModeCar | osm.ModeBicycle, osm.ModeBicycle}).Draw(t, "binds"),
		}
		if n := rapid.IntRange(0, texts).Draw(t, "conditional"); n <= len(turnTexts) {
			rs.Condition = int32(n)
		}
		if last := len(net.Restrictions) - 1; many && last >= 0 && rapid.Bool().Draw(t, "the same turn") {
			same := net.Restrictions[last]
			rs.From, rs.To, rs.ViaNode, rs.ViaWays = same.From, same.To, same.ViaNode, same.ViaWays
			if rs.ViaNode >= 0 && rapid.Bool().Draw(t, "from elsewhere") {
				rs.From = touching(rs.ViaNode, "from")
			}
			net.Restrictions = append(net.Restrictions, rs)
			continue
		}
		if rapid.Bool().Draw(t, "at a node") {
			rs.ViaNode = node.Draw(t, "via")
			rs.From, rs.To = touching(rs.ViaNode, "from"), touching(rs.ViaNode, "to")
		} else {
			at := way.Draw(t, "via way")
			rs.ViaWays = append(rs.ViaWays, at)
			first, last := net.Refs[net.Ways[at].First], net.Refs[net.Ways[at].First+net.Ways[at].Count-1]
			rs.From = touching(first, "from")
			if rapid.IntRange(0, 2).Draw(t, "second") == 0 {
				next := touching(last, "second via way")
				rs.ViaWays = append(rs.ViaWays, next)
				last = net.Refs[net.Ways[next].First+net.Ways[next].Count-1]
			}
			rs.To = touching(last, "to")
		}
		net.Restrictions = append(net.Restrictions, rs)
	}
}

func drawProfile(t *rapid.T) osm.Profile {
	p := rapid.SampledFrom([]osm.Profile{osm.CarProfile(), osm.BicycleProfile(), osm.FootProfile()}).Draw(t, "profile")
	p.Ferries = rapid.Bool().Draw(t, "ferries")
	p.IceRoads = rapid.Bool().Draw(t, "ice roads")
	p.WinterRoads = rapid.Bool().Draw(t, "winter roads")
	return p
}

func TestRandomNetworksAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, agreesWithTheOracle)
}

func FuzzBuild(f *testing.F) { f.Fuzz(rapid.MakeFuzz(agreesWithTheOracle)) }

// agreesWithTheOracle draws a map, a profile and places, and compares all legs.
func agreesWithTheOracle(t *rapid.T) {
	net, p := drawNetwork(t), drawProfile(t)
	shortest := rapid.Bool().Draw(t, "shortest")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.MetricWith(t.Context(), p, MetricOptions{Shortest: shortest})
	if err != nil {
		t.Fatal(err)
	}
	var points []orb.Point
	for range rapid.IntRange(1, 8).Draw(t, "points") {
		points = append(points, orb.Point{
			rapid.Float64Range(-0.0002, 0.0014).Draw(t, "lon"), rapid.Float64Range(-0.0002, 0.001).Draw(t, "lat"),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "points at nodes") {
		n := net.Nodes[rapid.IntRange(0, len(net.Nodes)-1).Draw(t, "node")]
		points = append(points, node{n.Lon, n.Lat}.point())
	}
	snaps, err := m.Snap(points, SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, m, newOracle(net, p, shortest), net, snaps)
}

// compare checks the table of all snaps against the oracle, and all traces
// against the table.
func compare(t rapid.TB, m *Metric, o *oracle, net *osm.Network, snaps []Snap) {
	t.Helper()
	table, err := m.Table(context.Background(), snaps, snaps, 2)
	if err != nil {
		t.Fatal(err)
	}
	var places []oraclePlace
	var of []int
	for i, s := range snaps {
		if s.Kind != SnapFar {
			places = append(places, oraclePlaceOf(net, s))
			of = append(of, i)
		}
	}
	for a, i := range of {
		legs := o.legs(places[a], places)
		for b, j := range of {
			seconds, metres := table.At(i, j)
			got := [2]int64{int64(seconds), int64(metres)}
			trace, err := m.Trace(snaps[i], snaps[j])
			if seconds == Unreachable {
				if err == nil {
					t.Errorf("%d to %d: no leg, but a trace", i, j)
				}
				got = [2]int64{-1, -1}
			} else {
				if err != nil {
					t.Fatal(err)
				}
				checkLine(t, trace)
				if n := len(trace.Seconds); trace.Seconds[n-1] != seconds || trace.Metres != metres {
					t.Errorf("%d to %d: table %d s %d m, trace %d s %d m", i, j, seconds, metres, trace.Seconds[n-1], trace.Metres)
				}
			}
			if got != legs[b] {
				t.Errorf("%d to %d: got %v s m, the oracle says %v\nfrom %+v\nto %+v", i, j, got, legs[b], snaps[i], snaps[j])
			}
		}
	}
}

// checkLine measures the drawn line: within the rounding of its points to
// 1e-7 degrees (a centimetre) it is as long as the leg.
func checkLine(t rapid.TB, trace Trace) {
	t.Helper()
	length := 0.0
	for i := 1; i < len(trace.Line); i++ {
		length += float64(osm.Millimetres(nodeAt(trace.Line[i-1]), nodeAt(trace.Line[i]))) / 1000
	}
	if slack := 1 + 0.02*float64(len(trace.Line)); length > float64(trace.Metres)+slack || length < float64(trace.Metres)-1-slack {
		t.Errorf("the line is %.2f m long, the leg %d m", length, trace.Metres)
	}
}

func nodeAt(p orb.Point) osm.Node {
	return osm.Node{Lon: int32(math.Round(p[0] * 1e7)), Lat: int32(math.Round(p[1] * 1e7))}
}
