package benchmarks

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Tolerance is the share by which two lengths of the same road may differ:
// engines differ in the shape of the Earth and in rounding.
const Tolerance = 0.01

// Kind is how two answers about a pair relate.
type Kind string

// The kinds.
const (
	Same        Kind = "same"         // within the tolerance
	BothNoWay   Kind = "both-no-way"  // unreachable to both
	OursShorter Kind = "ours-shorter" // both have a way
	PeerShorter Kind = "peer-shorter" //
	OursNoWay   Kind = "ours-no-way"  // only the peer has a way
	PeerNoWay   Kind = "peer-no-way"  // only we have one
)

// Relate compares two lengths in metres, either of which may be NoWay. Lengths
// that differ by a metre or less are the same: whole metres are all that a
// matrix holds.
func Relate(ours, peer float64) Kind {
	switch {
	case ours < 0 && peer < 0:
		return BothNoWay
	case ours < 0:
		return OursNoWay
	case peer < 0:
		return PeerNoWay
	case math.Abs(ours-peer) <= max(1, Tolerance*min(ours, peer)):
		return Same
	case ours < peer:
		return OursShorter
	}
	return PeerShorter
}

// Agrees reports whether the kind counts as agreement.
func (k Kind) Agrees() bool { return k == Same || k == BothNoWay }

// Shares counts kinds.
type Shares map[Kind]int

// Agreement is the share of pairs that agree.
func (s Shares) Agreement() float64 {
	good, all := 0, 0
	for kind, n := range s {
		all += n
		if kind.Agrees() {
			good += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(good) / float64(all)
}

// Difference is a pair on which the engines do not agree, and why.
type Difference struct {
	Pair       int
	Kind       Kind
	Ours, Peer float64 // metres
	OnlyOurs   []int64 // OSM ways on our road alone, in its order
	OnlyPeer   []int64 // and on the peer's
	Reason     string
	Fault      bool // ours: by the map's own tags the shorter road may be driven, or ours may not
}

// Explain says why two answers about a pair differ. It lets the judge follow
// both roads: the shorter one must break a rule in the eyes of the engine that
// did not take it.
func (j *Judge) Explain(number int, pair Pair, ours, peer Answer) Difference {
	d := Difference{Pair: number, Kind: Relate(ours.Metres, peer.Metres), Ours: ours.Metres, Peer: peer.Metres}
	mine := j.Judge(trim(ours.Nodes, pair))
	theirs := j.Judge(trim(peer.Nodes, pair))
	d.OnlyOurs, d.OnlyPeer = without(mine.Ways, theirs.Ways), without(theirs.Ways, mine.Ways)
	switch {
	case len(mine.Objections) > 0:
		d.Fault = true
		d.Reason = "our road breaks a rule: " + strings.Join(mine.Objections, "; ")
	case d.Kind == PeerShorter || d.Kind == OursNoWay:
		switch {
		case len(theirs.Objections) > 0:
			d.Reason = "the peer's road breaks a rule: " + strings.Join(theirs.Objections, "; ")
		case len(peer.Nodes) == 0:
			d.Reason = "the peer names no road"
		case !joins(peer.Nodes, pair):
			d.Reason = "the peer's road is between other points"
		default:
			d.Fault = true
			d.Reason = "the peer's road may be driven and is shorter"
		}
	case len(mine.AtTimes) > 0:
		d.Reason = "our road breaks a rule that holds at some times only: " + strings.Join(mine.AtTimes, "; ")
	case len(mine.TurnsRound) > 0:
		d.Reason = "our road turns round at " + nodeList(mine.TurnsRound)
		if rules := j.Judge(straightened(trim(ours.Nodes, pair))).Objections; len(rules) > 0 {
			d.Reason += ", which gets round " + strings.Join(rules, "; ")
		}
		d.Reason += "; the peer turns round at dead ends only"
	default:
		d.Reason = "our road may be driven; the peer does not take ways " + wayList(d.OnlyOurs)
	}
	return d
}

// joins reports whether a road leads between the points of the pair, give or
// take a node at its ends.
func joins(nodes []int64, pair Pair) bool {
	nodes = trim(nodes, pair)
	return len(nodes) > 0 && nodes[0] == pair.From.ID && nodes[len(nodes)-1] == pair.To.ID
}

// trim cuts what sticks out at the ends of a road: a peer that snaps to a
// segment names both its nodes.
func trim(nodes []int64, pair Pair) []int64 {
	if first := slices.Index(nodes, pair.From.ID); first >= 0 && first <= 1 {
		nodes = nodes[first:]
	}
	if last := len(nodes) - 2; last >= 0 && nodes[last] == pair.To.ID {
		nodes = nodes[:last+1]
	}
	return nodes
}

// straightened is the road without the stretches that it drives to and fro:
// the road that turning round avoids.
func straightened(nodes []int64) []int64 {
	var road []int64
	for _, id := range nodes {
		if n := len(road); n >= 2 && road[n-2] == id {
			road = road[:n-1] // back where one was before
			continue
		}
		road = append(road, id)
	}
	return road
}

// without lists the members of a that are not in b, in the order of a, once.
func without(a, b []int64) []int64 {
	var rest []int64
	for _, id := range a {
		if !slices.Contains(b, id) && !slices.Contains(rest, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

func wayList(ids []int64) string { return idList(ids) }

func nodeList(ids []int64) string {
	if len(ids) == 1 {
		return fmt.Sprintf("node %d", ids[0])
	}
	return "nodes " + idList(ids)
}

func idList(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = fmt.Sprint(id)
	}
	return strings.Join(words, " ")
}
