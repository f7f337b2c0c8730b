package geo

import (
	"sync"

	"github.com/slinga-se/slinga/geo/cch"
	"github.com/slinga-se/slinga/geo/osm"
)

// validate checks that no index of a region that was read leads out of its
// array and that the arrays describe one and the same graph. After it, routing
// needs no checks of its own.
func (r *Region) validate() error {
	for i, n := range r.nodes {
		if n.Lon < -halfTurn || n.Lon > halfTurn || n.Lat < -halfTurn/2 || n.Lat > halfTurn/2 {
			return damaged("node %d is not on Earth", i)
		}
	}
	if len(r.refs) > maxRefs || len(r.segMM) != len(r.refs) || len(r.segWay) != len(r.refs) {
		return damaged("segments do not match the ways' nodes")
	}
	if err := r.validateTexts(); err != nil {
		return err
	}
	if err := r.validateWays(); err != nil {
		return err
	}
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
	var found [len(topologyModes)]string
	var both sync.WaitGroup
	for i := range r.topologies {
		both.Go(func() { found[i] = r.topologies[i].validate(r, topologyModes[i]) })
	}
	both.Wait()
	for i, what := range found {
		if what != "" {
			return damaged("%s: %s", topologyNames[i], what)
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

func (r *Region) validateWays() error {
	at := int64(0)
	for i := range r.ways {
		w := &r.ways[i]
		end := int64(w.First) + int64(w.Count)
		switch {
		case int64(w.First) != at || w.Count < 2 || end > int64(len(r.refs)):
			return damaged("way %d does not follow the one before it", i)
		case w.Class >= uint8(osm.NumClasses) || w.Surface >= uint8(osm.NumSurfaces):
			return damaged("way %d has an unknown class or surface", i)
		case w.Duration < 0 || w.Millimetres < 0 || w.Millimetres > 1<<45:
			return damaged("way %d has an impossible duration or length", i)
		case !r.isText(w.Name) || !r.isText(w.Ref) || !r.isText(w.Condition):
			return damaged("way %d has a text out of range", i)
		case i > 0 && r.ways[i-1].ID > w.ID:
			return damaged("way %d is out of order", i)
		}
		for s := at; s < end; s++ {
			if r.segWay[s] != int32(i) {
				return damaged("segment %d does not know its way", s)
			}
			if uint32(r.refs[s]) >= uint32(len(r.nodes)) {
				return damaged("way %d has a node out of range", i)
			}
		}
		at = end
	}
	if at != int64(len(r.refs)) {
		return damaged("ways do not fill their section")
	}
	return nil
}

// validate returns what is wrong with the topology, or "".
func (t *topology) validate(r *Region, group osm.Modes) string {
	if what := t.validateChains(r); what != "" {
		return what
	}
	n, arcs, directed := t.nodes(), len(t.arcHead), 2*t.chains()
	for i, v := range t.nodeOf {
		if uint32(v) >= uint32(len(r.nodes)) || i > 0 && t.nodeOf[i-1] > v {
			return "graph nodes are out of order"
		}
	}
	if len(t.chainHead) != directed {
		return "chain ends do not match the chains"
	}
	for d, head := range t.chainHead {
		if head < -1 || int(head) >= n || head >= 0 && t.nodeOf[head] != r.head(t.lastSegment(int32(d))) {
			return "a chain ends out of place"
		}
	}
	if len(t.arcTail) != arcs || len(t.arcChain) != arcs || len(t.arcModes) != arcs || !ranges(t.arcFirst, n, arcs) {
		return "arc sections do not match"
	}
	for v := range n {
		for a := t.arcFirst[v]; a < t.arcFirst[v+1]; a++ {
			d, head := t.arcChain[a], t.arcHead[a]
			if t.arcTail[a] != int32(v) || uint32(head) >= uint32(n) || uint32(d) >= uint32(directed) ||
				osm.Modes(t.arcModes[a])&^group != 0 ||
				r.tail(t.firstSegment(d)) != t.nodeOf[v] || r.head(t.lastSegment(d)) != t.nodeOf[head] {
				return "an arc leads out of place"
			}
		}
	}
	if !grouped(t.inFirst, t.inArcs, t.arcHead, n) || !grouped(t.onFirst, t.onArcs, t.arcChain, directed) {
		return "the arc indices do not match the arcs"
	}
	var err error
	if t.hierarchy, err = cch.Restore(t.graph(), t.rank, t.upFirst, t.upHead); err != nil {
		return err.Error()
	}
	ends := levels(len(t.tree.items))
	if len(t.tree.items) != len(t.chainSegs) || len(ends) == 0 && len(t.tree.boxes) != 0 ||
		len(ends) > 0 && ends[len(ends)-1] != len(t.tree.boxes) {
		return "the tree does not match the segments"
	}
	met := make([]uint64, (len(r.refs)+63)/64)
	for _, item := range t.tree.items {
		if uint32(item) >= uint32(len(r.refs)) || t.segPos[item] < 0 || met[item/64]>>(item%64)&1 != 0 {
			return "the tree holds a segment that is not there, or twice"
		}
		met[item/64] |= 1 << (item % 64)
	}
	if !t.tree.tight(r.segmentBox) {
		return "a box of the tree does not fit what is in it"
	}
	return ""
}

// validateChains checks that chains are unbroken runs and that segments know
// their places in them.
func (t *topology) validateChains(r *Region) string {
	if len(t.chainFirst) < 1 || len(t.segPos) != len(r.refs) || len(t.chainSegs) > len(r.refs) ||
		!ranges(t.chainFirst, t.chains(), len(t.chainSegs)) {
		return "chain sections do not match"
	}
	for c := range t.chains() {
		first, end := t.chainFirst[c], t.chainFirst[c+1]
		if first == end {
			return "a chain is empty"
		}
		for pos := first; pos < end; pos++ {
			d := t.chainSegs[pos]
			seg := d >> 1
			if seg < 0 || int(seg)+1 >= len(r.refs) || r.segWay[seg] != r.segWay[seg+1] || t.segPos[seg] != pos {
				return "a chain holds a segment that is not there"
			}
			if pos > first && r.head(t.chainSegs[pos-1]) != r.tail(d) {
				return "a chain is broken"
			}
		}
	}
	inChain := 0
	for _, pos := range t.segPos {
		if pos < -1 || int(pos) >= len(t.chainSegs) {
			return "a segment is out of place"
		}
		if pos >= 0 {
			inChain++
		}
	}
	if inChain != len(t.chainSegs) {
		return "a segment is in no chain that it thinks of"
	}
	return ""
}

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

// grouped checks that items lists all indices of keys by key.
func grouped(first, items, keys []int32, n int) bool {
	if len(items) != len(keys) || !ranges(first, n, len(items)) {
		return false
	}
	for k := range n {
		for i := first[k]; i < first[k+1]; i++ {
			item := items[i]
			if uint32(item) >= uint32(len(keys)) || keys[item] != int32(k) || i > first[k] && items[i-1] >= item {
				return false
			}
		}
	}
	return true
}
