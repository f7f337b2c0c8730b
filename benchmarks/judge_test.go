package benchmarks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo/osm"
)

// town is the network of these tests. Nodes are letters (ids are their code
// points), ways are numbers. All blocks are a hundredth of a degree long.
//
//	a --1-- b --1-- c --2-- d
//	        |       |
//	        3       4         3 goes from b to e only; 4 is closed to cars
//	        |       |
//	        e --5-- f --5-- g     f has a bollard
//
// Turn restrictions are added by the tests.
func town() *osm.Network {
	net := &osm.Network{Texts: []string{""}}
	place := map[byte][2]int32{
		'a': {0, 1}, 'b': {1, 1}, 'c': {2, 1}, 'd': {3, 1}, 'e': {1, 0}, 'f': {2, 0}, 'g': {3, 0},
	}
	for letter := byte('a'); letter <= 'g'; letter++ {
		xy := place[letter]
		n := osm.Node{ID: int64(letter), Lon: xy[0] * 100_000, Lat: xy[1] * 100_000}
		if letter == 'f' {
			n.Closed = osm.ModeCar
		}
		net.Nodes = append(net.Nodes, n)
	}
	way := func(id int64, letters string, forward, backward osm.Modes) {
		w := osm.Way{
			ID: id, First: int32(len(net.Refs)), Count: int32(len(letters)),
			Class: osm.Residential, Forward: forward, Backward: backward,
		}
		for i := range letters {
			net.Refs = append(net.Refs, int32(letters[i]-'a'))
		}
		net.Ways = append(net.Ways, w)
	}
	way(1, "abc", osm.AllModes, osm.AllModes)
	way(2, "cd", osm.AllModes, osm.AllModes)
	way(3, "be", osm.AllModes, 0)
	way(4, "cf", osm.ModeFoot, osm.ModeFoot)
	way(5, "efg", osm.AllModes, osm.AllModes)
	return net
}

const (
	wayABC = iota
	wayCD
	wayBE
	wayCF
	wayEFG
)

func ids(letters string) []int64 {
	var nodes []int64
	for _, letter := range letters {
		nodes = append(nodes, int64(letter))
	}
	return nodes
}

func TestJudge(t *testing.T) {
	onVia := func(id int64, from, to int32, letter byte) osm.Restriction {
		return osm.Restriction{ID: id, From: from, To: to, ViaNode: int32(letter - 'a'), Modes: osm.AllModes}
	}
	only := onVia(71, wayBE, wayEFG, 'e')
	only.Only = true
	onlyOn := onVia(74, wayABC, wayBE, 'b')
	onlyOn.Only = true
	conditional := onVia(75, wayABC, wayCD, 'c')
	conditional.Condition = 1
	overWay := osm.Restriction{ID: 73, From: wayABC, To: wayEFG, ViaNode: -1, ViaWays: []int32{wayBE}, Modes: osm.ModeCar}
	forWalkers := onVia(76, wayABC, wayCD, 'c')
	forWalkers.Modes = osm.ModeFoot

	for _, c := range []struct {
		name         string
		road         string
		restrictions []osm.Restriction
		want         string // part of the one objection; "" for none
	}{
		{"free road", "abcd", nil, ""},
		{"no turn", "abcd", []osm.Restriction{onVia(70, wayABC, wayCD, 'c')}, "restriction 70 from way 1 to way 2"},
		{"no turn, the other way", "dcba", []osm.Restriction{onVia(70, wayABC, wayCD, 'c')}, ""},
		{"no turn for walkers", "abcd", []osm.Restriction{forWalkers}, ""},
		{"at other times", "abcd", []osm.Restriction{conditional}, ""},
		{"only turn, taken", "abe", []osm.Restriction{onlyOn}, ""},
		{"only turn, straight on along the same way", "abc", []osm.Restriction{onlyOn}, "restriction 74"},
		{"only turn at the end of the road", "abe", []osm.Restriction{only}, ""},
		{"no turning round", "dcd", []osm.Restriction{onVia(72, wayCD, wayCD, 'c')}, "restriction 72"},
		{"going through is no turning round", "abc", []osm.Restriction{onVia(72, wayABC, wayABC, 'b')}, ""},
		{"over a way", "abef", []osm.Restriction{overWay}, "restriction 73 from way 1 to way 5"},
		{"entered on the way itself", "bef", []osm.Restriction{overWay}, ""},
		{"against the arrow", "eba", nil, "way 3 is closed from node 101 to node 98"},
		{"closed to cars", "cf", nil, "way 4 is closed"},
		{"through the bollard", "efg", nil, "a barrier at node 102 of way 5"},
		{"back from the bollard", "efe", nil, ""},
		{"no road", "ae", nil, "no way joins nodes 97 and 101"},
	} {
		t.Run(c.name, func(t *testing.T) {
			net := town()
			net.Texts = append(net.Texts, "no @ (Mo-Fr)")
			net.Restrictions = c.restrictions
			v := benchmarks.NewJudge(net, osm.CarProfile()).Judge(ids(c.road))
			switch {
			case c.want == "" && len(v.Objections) > 0:
				t.Errorf("objections %q, want none", v.Objections)
			case c.want != "" && (len(v.Objections) != 1 || !strings.Contains(v.Objections[0], c.want)):
				t.Errorf("objections %q, want one with %q", v.Objections, c.want)
			}
		})
	}
}

func TestJudgeTellsTheRoad(t *testing.T) {
	v := benchmarks.NewJudge(town(), osm.CarProfile()).Judge(ids("abcdcbe"))
	if want := []int64{1, 2, 1, 3}; !slices.Equal(v.Ways, want) {
		t.Errorf("ways %v, want %v", v.Ways, want)
	}
	if len(v.TurnsRound) != 0 {
		t.Errorf("turned round at %v: d is a dead end and does not count", v.TurnsRound)
	}
	// Five blocks along the parallel and one along the meridian, each about
	// 1112 m so near the equator.
	if v.Metres < 6*1111 || v.Metres > 6*1113 {
		t.Errorf("%.1f m, want about six times 1112", v.Metres)
	}
	v = benchmarks.NewJudge(town(), osm.CarProfile()).Judge(ids("dcd"))
	if want := ids("c"); !slices.Equal(v.TurnsRound, want) {
		t.Errorf("turned round at %v, want %v", v.TurnsRound, want)
	}
}

func TestExplain(t *testing.T) {
	net := town()
	net.Restrictions = []osm.Restriction{{ID: 70, From: wayABC, To: wayCD, ViaNode: 'c' - 'a', Modes: osm.ModeCar}}
	judge := benchmarks.NewJudge(net, osm.CarProfile())
	pair := benchmarks.Pair{From: net.Nodes[0], To: net.Nodes[3]}
	for _, c := range []struct {
		name       string
		ours, peer benchmarks.Answer
		kind       benchmarks.Kind
		fault      bool
		reason     string
	}{
		{
			"the peer breaks a rule",
			benchmarks.Answer{Metres: benchmarks.NoWay},
			benchmarks.Answer{Metres: 3336, Nodes: ids("abcd")},
			benchmarks.OursNoWay, false, "the peer's road breaks a rule: restriction 70",
		},
		{
			"we break it",
			benchmarks.Answer{Metres: 3336, Nodes: ids("abcd")},
			benchmarks.Answer{Metres: benchmarks.NoWay},
			benchmarks.PeerNoWay, true, "our road breaks a rule: restriction 70",
		},
		{
			"ends that stick out are cut",
			benchmarks.Answer{Metres: 5000, Nodes: ids("abcd")},
			benchmarks.Answer{Metres: 3336, Nodes: ids("babcdc")},
			benchmarks.PeerShorter, true, "our road breaks a rule: restriction 70",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := judge.Explain(7, pair, c.ours, c.peer)
			if d.Pair != 7 || d.Kind != c.kind || d.Fault != c.fault || !strings.HasPrefix(d.Reason, c.reason) {
				t.Errorf("got %+v, want %s, fault %v, %q", d, c.kind, c.fault, c.reason)
			}
		})
	}
}

func TestExplainTurningRound(t *testing.T) {
	net := town()
	judge := benchmarks.NewJudge(net, osm.CarProfile())
	pair := benchmarks.Pair{From: net.Nodes['d'-'a'], To: net.Nodes['d'-'a']}
	d := judge.Explain(0, pair, benchmarks.Answer{Metres: 2224, Nodes: ids("dcd")}, benchmarks.Answer{Metres: benchmarks.NoWay})
	if d.Fault || !strings.Contains(d.Reason, "turns round at node 99") {
		t.Errorf("got %+v", d)
	}
	// From d to b with a turn at f gets round a forbidden turn at c.
	net.Ways[wayCF].Forward, net.Ways[wayCF].Backward = osm.AllModes, osm.AllModes
	net.Restrictions = []osm.Restriction{{ID: 78, From: wayCD, To: wayABC, ViaNode: 'c' - 'a', Modes: osm.ModeCar}}
	judge = benchmarks.NewJudge(net, osm.CarProfile())
	pair = benchmarks.Pair{From: net.Nodes['d'-'a'], To: net.Nodes['b'-'a']}
	d = judge.Explain(0, pair, benchmarks.Answer{Metres: 4448, Nodes: ids("dcfcb")}, benchmarks.Answer{Metres: benchmarks.NoWay})
	if want := "turns round at node 102, which gets round restriction 78 from way 2 to way 1"; !strings.Contains(d.Reason, want) {
		t.Errorf("reason %q, want %q", d.Reason, want)
	}
}

func TestExplainConditional(t *testing.T) {
	net := town()
	net.Texts = append(net.Texts, "no_straight_on @ (Mo-Fr 07:00-18:00)")
	net.Restrictions = []osm.Restriction{{
		ID: 77, From: wayABC, To: wayCD, ViaNode: 'c' - 'a', Modes: osm.ModeCar, Condition: 1,
	}}
	judge := benchmarks.NewJudge(net, osm.CarProfile())
	pair := benchmarks.Pair{From: net.Nodes[0], To: net.Nodes[3]}
	d := judge.Explain(0, pair, benchmarks.Answer{Metres: 3336, Nodes: ids("abcd")}, benchmarks.Answer{Metres: benchmarks.NoWay})
	if d.Fault || !strings.Contains(d.Reason, "at some times only: restriction 77 from way 1 to way 2") {
		t.Errorf("got %+v", d)
	}
}

func TestRelate(t *testing.T) {
	for _, c := range []struct {
		ours, peer float64
		want       benchmarks.Kind
	}{
		{10_000, 10_100, benchmarks.Same},
		{10_000, 10_101, benchmarks.OursShorter},
		{10_101, 10_000, benchmarks.PeerShorter},
		{10, 11, benchmarks.Same}, // a metre is the unit
		{10, 12, benchmarks.OursShorter},
		{benchmarks.NoWay, benchmarks.NoWay, benchmarks.BothNoWay},
		{benchmarks.NoWay, 5, benchmarks.OursNoWay},
		{5, benchmarks.NoWay, benchmarks.PeerNoWay},
		{0, 0, benchmarks.Same},
	} {
		if got := benchmarks.Relate(c.ours, c.peer); got != c.want {
			t.Errorf("Relate(%v, %v) = %s, want %s", c.ours, c.peer, got, c.want)
		}
	}
	shares := benchmarks.Shares{benchmarks.Same: 97, benchmarks.BothNoWay: 2, benchmarks.OursNoWay: 1}
	if got := shares.Agreement(); got != 0.99 {
		t.Errorf("agreement %v, want 0.99", got)
	}
}
