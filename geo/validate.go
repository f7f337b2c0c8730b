package geo

import (
	"math"
	"slices"

	"github.com/slinga-se/slinga/geo/cch"
	"github.com/slinga-se/slinga/geo/osm"
)

// validate checks that no index of a region that was read leads out of its
// array and that the arrays describe one and the same graph. After it, routing
// needs no checks of its own. What follows from other arrays and is not in the
// file, is made here or when it is first used, and so need not be checked.
func (r *Region) validate() error {
	if len(r.refs) > maxRefs || len(r.segMM) != len(r.refs) || len(r.segWay) != len(r.refs) ||
		len(r.nodes) > math.MaxInt32 || len(r.ways) > math.MaxInt32 {
		return damaged("segments do not match the ways' nodes")
	}
	checks := []func() error{r.validateTexts, r.validateRestrictions}
	checks = append(checks, inStretches(len(r.nodes), r.validateNodes)...)
	checks = append(checks, inStretches(len(r.ways), r.validateWays)...)
	if err := together(checks); err != nil {
		return err
	}
	if end := r.waysEnd(len(r.ways)); end != int64(len(r.refs)) {
		return damaged("ways do not fill their section")
	}
	// Where ways end no segment begins.
	last := newBitset(len(r.refs))
	for i := range r.ways {
		last.set(r.ways[i].First + r.ways[i].Count - 1)
	}
	// The topologies stand on what has been checked, not on each other. The
	// larger one comes first, so that threads end together.
	checks = checks[:0]
	for _, part := range [...]func(*topology, osm.Modes) string{
		func(t *topology, group osm.Modes) string { return t.validate(r, group, last) },
		func(t *topology, _ osm.Modes) string { return t.restore() },
	} {
		for i := len(r.topologies) - 1; i >= 0; i-- {
			checks = append(checks, func() error {
				if what := part(&r.topologies[i], topologyModes[i]); what != "" {
					return damaged("%s: %s", topologyNames[i], what)
				}
				return nil
			})
		}
	}
	return together(checks)
}

func (r *Region) validateNodes(from, to int) error {
	for i, n := range r.nodes[from:to] {
		if n.Lon < -halfTurn || n.Lon > halfTurn || n.Lat < -halfTurn/2 || n.Lat > halfTurn/2 {
			return damaged("node %d is not on Earth", from+i)
		}
	}
	return nil
}

func (r *Region) validateRestrictions() error {
	for i := range r.restrictions {
		rs := &r.restrictions[i]
		ways, via := int32(len(r.ways)), int64(rs.ViaFirst)+int64(rs.ViaCount)
		if uint32(rs.From) >= uint32(ways) || uint32(rs.To) >= uint32(ways) ||
			rs.ViaNode < -1 || int(rs.ViaNode) >= len(r.nodes) ||
			rs.ViaFirst < 0 || rs.ViaCount < 0 || via > int64(len(r.viaWays)) || !r.isText(rs.Condition) {
			return damaged("restriction %d leads out of range", i)
		}
	}
	for i, w := range r.viaWays {
		if uint32(w) >= uint32(len(r.ways)) {
			return damaged("via way %d leads out of range", i)
		}
	}
	return nil
}

func (r *Region) isText(t int32) bool { return t >= 0 && int(t) < len(r.textFirst)-1 }

func (r *Region) validateTexts() error {
	n := len(r.textFirst)
	if n < 2 || r.textFirst[0] != 0 || uint64(r.textFirst[n-1]) != uint64(len(r.textBytes)) {
		return damaged("texts do not fill their section")
	}
	for i := 1; i < n; i++ {
		if r.textFirst[i] < r.textFirst[i-1] {
			return damaged("text %d ends before it begins", i-1)
		}
	}
	return nil
}

// waysEnd is where the nodes of the ways before the i-th end.
func (r *Region) waysEnd(i int) int64 {
	if i == 0 {
		return 0
	}
	return int64(r.ways[i-1].First) + int64(r.ways[i-1].Count)
}

// maxDuration is the longest that a ferry may take over its whole way, seconds.
const maxDuration = 31 * 86400

// maxWayLength bounds the length of a way, millimetres. A ferry's time is
// shared out by its length, so that of ferries is bounded by the globe's.
func maxWayLength(flags uint16) int64 {
	if osm.Flags(flags)&osm.FlagFerry != 0 {
		return 1 << 34
	}
	return 1 << 45
}

func (r *Region) validateWays(from, to int) error {
	at := r.waysEnd(from)
	for i := from; i < to; i++ {
		w := &r.ways[i]
		end := int64(w.First) + int64(w.Count)
		switch {
		case w.First < 0 || int64(w.First) != at || w.Count < 2 || end > int64(len(r.refs)):
			return damaged("way %d does not follow the one before it", i)
		case w.Class >= uint8(osm.NumClasses) || w.Surface >= uint8(osm.NumSurfaces):
			return damaged("way %d has an unknown class or surface", i)
		case w.Duration < 0 || w.Duration > maxDuration || w.Millimetres < 0 || w.Millimetres > maxWayLength(w.Flags):
			return damaged("way %d has an impossible duration or length", i)
		case !r.isText(w.Name) || !r.isText(w.Ref) || !r.isText(w.Condition):
			return damaged("way %d has a text out of range", i)
		case i > 0 && r.ways[i-1].ID > w.ID:
			return damaged("way %d is out of order", i)
		}
		segWay, nodes := r.segWay[at:end], uint32(len(r.nodes))
		for k, ref := range r.refs[at:end] {
			if segWay[k] != int32(i) {
				return damaged("segment %d does not know its way", at+int64(k))
			}
			if uint32(ref) >= nodes {
				return damaged("way %d has a node out of range", i)
			}
		}
		at = end
	}
	return nil
}

// validate returns what is wrong with the topology, or "".
func (t *topology) validate(r *Region, group osm.Modes, last bitset) string {
	if len(t.chainFirst) < 1 || len(t.chainSegs) > len(r.refs) ||
		!ranges(t.chainFirst, t.chains(), len(t.chainSegs)) {
		return "chain sections do not match"
	}
	n, arcs, directed := t.nodes(), len(t.arcHead), 2*t.chains()
	if len(t.chainHead) != directed {
		return "chain ends do not match the chains"
	}
	if len(t.arcTail) != arcs || len(t.arcChain) != arcs || len(t.arcModes) != arcs || !ranges(t.arcFirst, n, arcs) {
		return "arc sections do not match"
	}
	// Junctions are few among the nodes of ways: a bit each says which they are.
	junction := newBitset(len(r.nodes))
	for i, v := range t.nodeOf {
		if uint32(v) >= uint32(len(r.nodes)) || i > 0 && t.nodeOf[i-1] > v {
			return "graph nodes are out of order"
		}
		junction.set(v)
	}
	for _, head := range t.chainHead {
		if head < -1 || int(head) >= n {
			return "a chain ends out of place"
		}
	}
	if what := t.validateChains(r, junction, last); what != "" {
		return what
	}
	for i, b := range t.arcBans {
		if uint32(b.arc) >= uint32(arcs) || uint32(b.ban) >= uint32(len(t.bans)) || i > 0 && t.arcBans[i-1].arc >= b.arc {
			return "an arc that is closed at times is out of place"
		}
	}
	for i, b := range t.bans {
		if uint32(b.restriction) >= uint32(len(r.restrictions)) || b.next < -1 || int(b.next) >= i {
			return "a restriction that closes arcs is out of place"
		}
	}
	for v := range n {
		for a := t.arcFirst[v]; a < t.arcFirst[v+1]; a++ {
			d, head := t.arcChain[a], t.arcHead[a]
			if t.arcTail[a] != int32(v) || uint32(head) >= uint32(n) || uint32(d) >= uint32(directed) ||
				osm.Modes(t.arcModes[a])&^group != 0 {
				return "an arc leads out of place"
			}
			// Where both ends are the chain's own, there is no more to ask.
			if t.chainHead[d] != head && t.end(r, d) != t.nodeOf[head] || t.chainHead[d^1] != int32(v) && t.end(r, d^1) != t.nodeOf[v] {
				return "an arc leads out of place"
			}
		}
	}
	return ""
}

// end is the node at the end of a directed chain.
func (t *topology) end(r *Region, d int32) int32 {
	if head := t.chainHead[d]; head >= 0 {
		return t.nodeOf[head]
	}
	at := t.chainFirst[d>>1]
	if d&1 == 0 {
		at = t.chainFirst[d>>1+1] - 1
	}
	return r.head(t.chainSegs[at] ^ d&1)
}

// restore makes the hierarchy of its arrays, which checks them.
func (t *topology) restore() string {
	var err error
	if t.hierarchy, err = cch.Restore(t.graph(), t.rank, t.upFirst, t.upHead, together); err != nil {
		return err.Error()
	}
	return ""
}

// validateChains checks that chains are unbroken runs between junctions, that
// no segment is in two of them, and that the tree's boxes are the boxes around
// the segments; the graph nodes at the chains' ends are in range already. Ways
// lie in the file by their ids and chains by their places, so each chain leads
// to somewhere else in the ways' nodes; all else that is asked here lies close
// together.
func (t *topology) validateChains(r *Region, junction, last bitset) string {
	if boxes := levels(len(t.chainSegs)); len(boxes) == 0 && len(t.tree.boxes) != 0 || len(boxes) > 0 && boxes[len(boxes)-1] != len(t.tree.boxes) {
		return "the tree does not match the segments"
	}
	t.refs, t.tree.items, t.tree.shift = len(r.refs), t.chainSegs, 1
	// What is taken: where no segment begins, and what a chain holds already.
	taken := slices.Clone(last)
	around := nobox
	var pieces [piecesAtOnce]pieceOfRoad
	chain, next, at := int32(-1), int32(0), int32(-1)
	// ends checks one end of a chain: the graph node there, if one is known, is
	// of the same place.
	ends := func(d, at int32) bool {
		head := t.chainHead[d]
		return junction.has(at) && (head < 0 || t.nodeOf[head] == at)
	}
	for base := 0; base < len(t.chainSegs); base += len(pieces) {
		segs := t.chainSegs[base:min(base+len(pieces), len(t.chainSegs))]
		if !r.gather(segs, &pieces) {
			return "a chain holds a segment that is not there"
		}
		for i, d := range segs {
			p, pos := &pieces[i], int32(base+i)
			if taken.has(d >> 1) {
				return "a chain holds a segment that is not there, or is in another chain"
			}
			taken.set(d >> 1)
			from, to := p.from, p.to
			if d&1 != 0 {
				from, to = to, from
			}
			switch {
			case pos == next:
				if chain >= 0 && !ends(2*chain, at) || !ends(2*chain+3, from) {
					return "a chain ends out of place"
				}
				chain++
				if next = t.chainFirst[chain+1]; next == pos {
					return "a chain is empty"
				}
			case from != at:
				return "a chain is broken"
			case junction.has(from):
				return "a chain runs through a junction"
			}
			at = to
			around.add(p.a, p.b)
			if pos&(fanout-1) == fanout-1 || int(pos)+1 == len(t.chainSegs) {
				if t.tree.boxes[pos/fanout] != around {
					return "a box of the tree does not fit what is in it"
				}
				around = nobox
			}
		}
	}
	if chain >= 0 && !ends(2*chain, at) {
		return "a chain ends out of place"
	}
	if int(chain)+1 != t.chains() {
		return "a chain is empty"
	}
	if !t.tree.tight() {
		return "a box of the tree does not fit what is in it"
	}
	return ""
}

const piecesAtOnce = 512

// pieceOfRoad is a segment with its nodes.
type pieceOfRoad struct {
	from, to int32
	a, b     node
}

// gather looks up the nodes of directed segments; it reports false at one that
// is not there. It does nothing else, so that the memory is asked for many of
// them at the same time: that is what most of the time of opening goes into.
func (r *Region) gather(segs []int32, pieces *[piecesAtOnce]pieceOfRoad) bool {
	refs := r.refs
	for i, d := range segs {
		seg := int(d >> 1)
		if uint(seg) >= uint(len(refs)) || seg+1 >= len(refs) {
			return false
		}
		pieces[i].from, pieces[i].to = refs[seg], refs[seg+1]
	}
	for i := range segs {
		pieces[i].a, pieces[i].b = r.nodes[pieces[i].from], r.nodes[pieces[i].to]
	}
	return true
}

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i int32) bool { return b[i>>6]>>(i&63)&1 != 0 }

// ranges checks the offsets of n groups over size items.
func ranges(first []int32, n, size int) bool {
	if len(first) != n+1 || first[0] != 0 || first[n] != int32(size) {
		return false
	}
	for i := range n {
		if first[i] > first[i+1] {
			return false
		}
	}
	return true
}
