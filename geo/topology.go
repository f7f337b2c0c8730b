package geo

import (
	"sort"
	"sync"

	"github.com/slinga-se/slinga/geo/cch"
	"github.com/slinga-se/slinga/geo/osm"
)

// topologyModes are the mode groups that share a topology.
var topologyModes = [2]osm.Modes{osm.ModeCar, osm.ModeBicycle | osm.ModeFoot}

// topologyNames prefix the section tags.
var topologyNames = [2]string{"car", "slow"}

// topology is the graph of one mode group, without weights. It holds every way
// that some setting of a profile may use; a metric decides what is passable.
//
// A segment is the piece of a way between two neighbouring nodes, numbered by
// the index of its first node in Region.refs. A directed segment is
// segment<<1, plus 1 against node order. A chain is a run of segments between
// two junctions; a directed chain is chain<<1, plus 1 from its end to its
// start. A node of the graph is a junction, or one of the copies that a
// junction is split into where turn restrictions or barriers make a difference
// between the roads that one came along. So arcs are plain arcs and anything
// that works on a node-based graph (Dijkstra here, a contraction hierarchy
// later) respects restrictions without knowing of them.
type topology struct {
	chainFirst []int32 // chain c runs over chainSegs[chainFirst[c]:chainFirst[c+1]]
	chainSegs  []int32 // directed segments in the order of the chain

	// nodeOf gives each graph node's OSM node (an index into Region.nodes),
	// ascending. The first of equal ones is the plain copy: being at the
	// junction without having come from anywhere.
	nodeOf []int32
	// chainHead is the graph node that one reaches at the end of a directed
	// chain when one started on it, or -1 where no mode may travel it.
	chainHead []int32

	arcFirst []int32 // arcs from node n are arcFirst[n] up to arcFirst[n+1]
	arcTail  []int32
	arcHead  []int32
	arcChain []int32 // directed chain
	arcModes []uint8 // who may take this arc: restrictions bind some modes only

	// Arcs that conditional restrictions close at times, ascending, and the
	// sets of those restrictions.
	arcBans []arcBan
	bans    []ban

	// What follows is not in the file, and is there after index only.
	indexed sync.Once
	refs    int     // of Region.refs
	segPos  []int32 // per entry of Region.refs its index in chainSegs, or -1
	inFirst []int32 // arcs to node n are inArcs[inFirst[n]:inFirst[n+1]]
	inArcs  []int32
	onFirst []int32 // arcs along directed chain d are onArcs[onFirst[d]:onFirst[d+1]]
	onArcs  []int32
	// chainTail is the node that the one arc along a directed chain comes from,
	// which all modes may take: so it is with nearly all, and what is asked of
	// their arcs is answered without looking for them. Or it is noArc or
	// seeArcs.
	chainTail []int32
	// Where to begin to look for the chain of an entry of chainSegs, and for
	// the copies of a node: for every so many of them (see nearShift).
	chainNear, copyNear []int32

	// What chains need to be weighed, parallel to chainSegs, is there after
	// unroll only.
	unrolled  sync.Once
	chainMM   []uint32 // lengths of the segments, millimetres
	chainWays []int32  // their ways

	// The contraction hierarchy of this graph, see cch.Hierarchy.
	rank, upFirst, upHead []int32
	hierarchy             *cch.Hierarchy

	tree tree // over the segments
}

func (t *topology) chains() int { return max(len(t.chainFirst)-1, 0) }
func (t *topology) nodes() int  { return len(t.nodeOf) }

// 1<<nearShift entries of chainSegs, or nodes, begin their search at the same
// place.
const nearShift = 4

// chainAt is the chain that holds the entry pos of chainSegs.
func (t *topology) chainAt(pos int32) int32 {
	if t.chainNear == nil { // while it is built
		return int32(sort.Search(len(t.chainFirst), func(c int) bool { return t.chainFirst[c] > pos })) - 1
	}
	c := t.chainNear[pos>>nearShift]
	for t.chainFirst[c+1] <= pos {
		c++
	}
	return c
}

// copies is the range of graph nodes of an OSM node; empty unless it is a
// junction of this topology.
func (t *topology) copies(osmNode int32) (first, end int32) {
	at := t.copyNear[osmNode>>nearShift]
	for int(at) < len(t.nodeOf) && t.nodeOf[at] < osmNode {
		at++
	}
	first = at
	for int(at) < len(t.nodeOf) && t.nodeOf[at] == osmNode {
		at++
	}
	return first, at
}

// nears fills chainNear and copyNear, for so many nodes.
func (t *topology) nears(nodes int) {
	t.chainNear = make([]int32, len(t.chainSegs)>>nearShift+1)
	c := int32(0)
	for i := range t.chainNear {
		for int(c) < t.chains() && int(t.chainFirst[c+1]) <= i<<nearShift {
			c++
		}
		t.chainNear[i] = c
	}
	t.copyNear = make([]int32, nodes>>nearShift+1)
	at := int32(0)
	for i := range t.copyNear {
		for int(at) < len(t.nodeOf) && int(t.nodeOf[at]) < i<<nearShift {
			at++
		}
		t.copyNear[i] = at
	}
}

// allowed is the set of the group's modes that may travel a directed segment.
func (r *Region) allowed(directed int32, group osm.Modes) osm.Modes {
	w := &r.ways[r.segWay[directed>>1]]
	if directed&1 == 0 {
		return osm.Modes(w.Forward) & group
	}
	return osm.Modes(w.Backward) & group
}

// tail and head are the OSM nodes that a directed segment leads from and to.
func (r *Region) tail(directed int32) int32 { return r.refs[directed>>1+directed&1] }
func (r *Region) head(directed int32) int32 { return r.refs[directed>>1+1-directed&1] }

// index fills the arrays that follow from others, when the first metric needs
// them: that is quicker than to check what a file says.
func (t *topology) index(nodes int, modes osm.Modes) {
	t.indexed.Do(func() {
		_ = together([]func() error{
			func() error {
				t.onFirst, t.onArcs = group(t.arcChain, 2*t.chains())
				t.chainTail = t.tails(modes)
				return nil
			},
			func() error { t.inFirst, t.inArcs = group(t.arcHead, t.nodes()); return nil },
			func() error { t.segPos = t.places(); return nil },
			func() error { t.nears(nodes); return nil },
		})
	})
}

// Entries of topology.chainTail that are no nodes.
const (
	noArc   = -1 // no arc goes along the chain
	seeArcs = -2 // several do, or not all modes may take it at all times
)

// tails fills chainTail.
func (t *topology) tails(modes osm.Modes) []int32 {
	tails := make([]int32, 2*t.chains())
	for d := range tails {
		switch arcs := t.onArcs[t.onFirst[d]:t.onFirst[d+1]]; {
		case len(arcs) == 0:
			tails[d] = noArc
		case len(arcs) == 1 && osm.Modes(t.arcModes[arcs[0]])&modes == modes && t.arcHead[arcs[0]] == t.chainHead[d]:
			tails[d] = t.arcTail[arcs[0]]
		default:
			tails[d] = seeArcs
		}
	}
	for _, x := range t.arcBans {
		tails[t.arcChain[x.arc]] = seeArcs
	}
	return tails
}

// places inverts chainSegs.
func (t *topology) places() (segPos []int32) {
	segPos = make([]int32, t.refs)
	for i := range segPos {
		segPos[i] = -1
	}
	for pos, d := range t.chainSegs {
		segPos[d>>1] = int32(pos)
	}
	return segPos
}

// group lists the indices of keys by key, in ascending order within each: a
// counting sort. first has n+1 entries.
func group(keys []int32, n int) (first, items []int32) {
	first = make([]int32, n+1)
	for _, k := range keys {
		first[k+1]++
	}
	for i := range n {
		first[i+1] += first[i]
	}
	items = make([]int32, len(keys))
	at := make([]int32, n)
	copy(at, first)
	for i, k := range keys {
		items[at[k]] = int32(i)
		at[k]++
	}
	return first, items
}
