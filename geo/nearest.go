package geo

import (
	"math"
	"sync/atomic"
)

// A point is put on a road that the bases reach, if there is one within the
// limit. Where few roads are reached (an archipelago with one base, a map of
// many islands), going through all of them by rising distance would look at
// hundreds before it found one. So what the tree has below each of its boxes
// is noted, once per metric and set of homes, and a box that holds nothing
// better than what was found is not opened.

// roadClass says what a segment, or some segment in a box, may offer a point.
type roadClass uint8

const (
	roadOpen   roadClass = 1 << iota // may be travelled in some direction
	roadOneWay                       // and may have a place that is SnapOneWay
	roadOK                           // and may have a place that is SnapOK
	roadSure                         // every place on it is SnapOK
)

// roads are the classes of a metric's segments with respect to homes.
type roads struct {
	reach *reach
	items []roadClass // by entry of chainSegs, the tree's items; 0: closed
	boxes []roadClass // by box of the tree: what is below, without roadSure
}

// roadCache keeps the classes of the last call: a day asks for the same homes
// again and again.
type roadCache struct{ last atomic.Pointer[roads] }

// roadsTo classifies the segments for the homes of a reach, or takes the
// classes of the last call when the homes are the same.
func (m *Metric) roadsTo(r *reach) *roads {
	if last := m.roads.last.Load(); last != nil && last.reach == r {
		return last
	}
	t := m.t
	c := &roads{reach: r, items: make([]roadClass, len(t.chainSegs)), boxes: make([]roadClass, len(t.tree.boxes))}
	for ; r != nil; r = r.more {
		junctions, same := m.junctionKinds(r)
		inBlocks(0, t.chains(), 8192, func() func(first, end int) {
			var cost costing
			return func(first, end int) {
				for chain := first; chain < end; chain++ {
					m.classify(&cost, r, junctions, same, int32(chain), c.items)
				}
			}
		})
	}
	below, first := c.items, 0
	for _, end := range levels(len(c.items)) {
		boxes := c.boxes[first:end]
		inBlocks(0, len(boxes), 8192, func() func(first, end int) {
			return func(first, end int) {
				for i := first; i < end; i++ {
					all := roadClass(0)
					for _, class := range below[i*fanout : min((i+1)*fanout, len(below))] {
						all |= class
					}
					boxes[i] = all &^ roadSure
				}
			}
		})
		below, first = boxes, end
	}
	m.roads.last.Store(c)
	return c
}

// kindOf compares whence a place can be reached with what it reaches.
func kindOf(from, to uint64) SnapKind {
	switch {
	case from&to != 0:
		return SnapOK
	case from|to != 0:
		return SnapOneWay
	}
	return SnapIsland
}

// preference orders the kinds by how much a point wants to be on such a place.
func (k SnapKind) preference() int {
	return [...]int{SnapFar: -1, SnapOK: 2, SnapIsland: 0, SnapOneWay: 1}[k]
}

// junctionKinds says of each graph node what a place at its junction is, and
// whether the node alone, of several copies, would be the same.
func (m *Metric) junctionKinds(r *reach) (kinds []SnapKind, same []bool) {
	nodeOf := m.t.nodeOf
	kinds, same = make([]SnapKind, len(nodeOf)), make([]bool, len(nodeOf))
	inBlocks(0, len(nodeOf), 1<<16, func() func(first, end int) {
		return func(first, end int) {
			// A junction belongs to the block that it begins in.
			for first > 0 && first < end && nodeOf[first] == nodeOf[first-1] {
				first++
			}
			for n := first; n < end; {
				next := n
				var from uint64
				for next < len(nodeOf) && nodeOf[next] == nodeOf[n] {
					from |= r.from[r.parts.of[next]]
					next++
				}
				kind := kindOf(from, r.to[r.parts.of[n]])
				for ; n < next; n++ {
					id := r.parts.of[n]
					kinds[n], same[n] = kind, kind == kindOf(r.from[id], r.to[id])
				}
			}
		}
	})
	return kinds, same
}

// classify adds to the class of every segment of a chain what the homes of a
// reach, without more, make of it: bounds of what reach.of says of the places.
func (m *Metric) classify(c *costing, r *reach, junctions []SnapKind, same []bool, chain int32, class []roadClass) {
	t := m.t
	// Nearly all roads lead between two junctions of one kind and one component.
	if u, v, plain := m.between(r, chain); plain && same[u] && same[v] && junctions[u] == junctions[v] {
		offers := [...]roadClass{SnapOK: roadOpen | roadOK | roadSure, SnapOneWay: roadOpen | roadOneWay, SnapIsland: roadOpen}[junctions[u]]
		on := class[t.chainFirst[chain]:t.chainFirst[chain+1]]
		for i := range on {
			on[i] |= offers
		}
		return
	}
	// A place inside the chain is reached by and reaches at least what the
	// open directions give, and at most what both would give if a part of
	// them is open.
	var least, most struct{ from, to uint64 }
	open := false
	for d := chain << 1; d <= chain<<1|1; d++ {
		from, to := r.chain(m, d)
		most.from, most.to = most.from|from, most.to|to
		if m.chain[d] != never {
			open = true
			least.from, least.to = least.from|from, least.to|to
		}
	}
	best, worst := kindOf(most.from, most.to), kindOf(least.from, least.to)
	for d := chain << 1; d <= chain<<1|1; d++ {
		kind := SnapIsland
		if node := t.endOf(d); node >= 0 {
			kind = junctions[node]
		} else {
			best = SnapOK // not known, so that it is looked at
		}
		if kind.preference() > best.preference() {
			best = kind
		}
		if kind.preference() < worst.preference() {
			worst = kind
		}
	}
	offers := roadOpen
	switch {
	case worst == SnapOK:
		offers |= roadOK | roadSure
	case best == SnapOK:
		offers |= roadOneWay | roadOK
	case best == SnapOneWay:
		offers |= roadOneWay
	}
	for pos := t.chainFirst[chain]; pos < t.chainFirst[chain+1]; pos++ {
		if open || m.open(c, t.chainSegs[pos]>>1) {
			class[pos] |= offers
		}
	}
}

// between tells whether a chain is open both ways between two graph nodes of
// one component, or one way and nobody may take the other, and which they are.
func (m *Metric) between(r *reach, chain int32) (u, v int32, plain bool) {
	t := m.t
	there, back := chain<<1, chain<<1|1
	if m.chain[there] == never {
		there, back = back, there
	}
	if u = t.chainTail[there]; u < 0 || m.chain[there] == never {
		return 0, 0, false
	}
	v = t.chainHead[there]
	if m.chain[back] == never {
		return u, v, t.chainTail[back] == noArc && t.chainHead[back] < 0 && r.parts.of[u] == r.parts.of[v]
	}
	return u, v, t.chainTail[back] == v && t.chainHead[back] == u
}

// endOf is some graph node at the end of a directed chain, or -1.
func (t *topology) endOf(d int32) int32 {
	if head := t.chainHead[d]; head >= 0 {
		return head
	}
	if arcs := t.onArcs[t.onFirst[d^1]:t.onFirst[d^1+1]]; len(arcs) > 0 {
		return t.arcTail[arcs[0]]
	}
	return -1
}

// open reports whether a segment may be travelled in some direction.
func (m *Metric) open(c *costing, seg int32) bool {
	_, _, forward := m.segment(c, seg<<1, 0, 0)
	_, _, backward := m.segment(c, seg<<1|1, 0, 0)
	return forward || backward
}

// nearestRoads is the nearest road of each sort.
type nearestRoads struct {
	ok, oneWay, any hit
}

// hit is a segment at a distance in metres. Without a segment (-1) the
// distance is how far away one may be.
type hit struct {
	distance float64
	segment  int32
}

// yields reports whether another segment comes before this one: by distance,
// then by number, as in tree.nearest.
func (h *hit) yields(distance float64, segment int32) bool {
	return distance < h.distance || distance == h.distance && (h.segment < 0 || segment < h.segment)
}

// within asks for all three sorts, up to a distance in metres.
func within(limit float64) nearestRoads {
	return nearestRoads{ok: hit{limit, -1}, oneWay: hit{limit, -1}, any: hit{limit, -1}}
}

// anywhere asks for the nearest open road, however far away.
func anywhere() nearestRoads {
	return nearestRoads{ok: hit{-1, -1}, oneWay: hit{-1, -1}, any: hit{math.Inf(1), -1}}
}

// slack in metres widens what is looked at, so that rounding excludes nothing:
// whether a box or a segment may matter is judged roughly, and the distances
// themselves are compared without it.
const slack = 1e-6

// wanted is the square of the distance up to which something of the class is
// still of use; -1 if it is of none.
func (n *nearestRoads) wanted(class roadClass) float64 {
	bound := -1.0
	if class&roadOpen != 0 {
		bound = n.any.distance
	}
	if class&roadOneWay != 0 && n.ok.segment < 0 {
		bound = max(bound, n.oneWay.distance)
	}
	if class&roadOK != 0 {
		bound = max(bound, n.ok.distance)
	}
	if bound < 0 {
		return -1
	}
	return (bound + slack) * (bound + slack)
}

// pending is a box that is still to be opened.
type pending struct {
	square float64 // of its distance
	level  int32
	at     int32
}

// find looks for the roads that s.found asks for: the nearest on which the
// point would be SnapOK; if there is none, the nearest on which it would be
// SnapOneWay; and the nearest of all. It goes down the tree, the nearest box
// first.
func (s *snapper) find(flat *plane) {
	t, ends := &s.m.t.tree, s.levels
	if len(ends) == 0 {
		return
	}
	s.bound()
	s.stack = append(s.stack[:0], pending{level: int32(len(ends) - 1)})
	for len(s.stack) > 0 {
		last := len(s.stack) - 1
		n := s.stack[last]
		s.stack = s.stack[:last]
		first, below := 0, 0
		if n.level > 0 {
			first = ends[n.level-1]
		}
		if n.level > 1 {
			below = ends[n.level-2]
		}
		if n.square > s.wanted[s.roads.boxes[first+int(n.at)]] {
			continue
		}
		if n.level == 0 {
			s.findIn(flat, int(n.at))
			continue
		}
		from, to := below+int(n.at)*fanout, min(below+int(n.at+1)*fanout, first)
		classes := s.roads.boxes[from:to]
		for i := range t.boxes[from:to] {
			square := flat.squareToBox(&t.boxes[from+i])
			if square > s.wanted[classes[i]] {
				continue
			}
			// The nearest of the children goes on top.
			s.stack = append(s.stack, pending{})
			k := len(s.stack) - 1
			for ; k > last && s.stack[k-1].square < square; k-- {
				s.stack[k] = s.stack[k-1]
			}
			s.stack[k] = pending{square, n.level - 1, n.at*fanout + int32(i)}
		}
	}
}

// findIn looks at the segments of one box of the lowest level. First it fetches
// where all of them lie: the machine waits for many of them together.
func (s *snapper) findIn(flat *plane, at int) {
	r, t := s.m.region, &s.m.t.tree
	of, count := &s.batch, 0
	begin, end := at*fanout, min((at+1)*fanout, len(t.items))
	items := t.items[begin:end]
	for i, class := range s.roads.items[begin:end] {
		if s.wanted[class&^roadSure] < 0 {
			continue
		}
		of[count].seg, of[count].class = items[i]>>t.shift, class
		count++
	}
	for i := range of[:count] {
		one := &of[i]
		refs := r.refs[one.seg : one.seg+2]
		one.a, one.b = r.nodes[refs[0]], r.nodes[refs[1]]
	}
	for i := range of[:count] {
		a, b, seg, class := of[i].a, of[i].b, of[i].seg, of[i].class
		if flat.squareToSegment(a, b) > s.wanted[class&^roadSure] {
			continue
		}
		distance, _ := flat.toSegment(a, b)
		if s.found.any.yields(distance, seg) {
			s.found.any = hit{distance, seg}
		}
		kind := SnapIsland
		switch {
		case class&roadOK != 0 && s.found.ok.yields(distance, seg):
			if kind = SnapOK; class&roadSure == 0 {
				kind = s.kindOn(flat, seg)
			}
		case class&roadOneWay != 0 && s.found.ok.segment < 0 && s.found.oneWay.yields(distance, seg):
			kind = s.kindOn(flat, seg)
		}
		switch {
		case kind == SnapOK:
			s.found.ok = hit{distance, seg}
		case kind == SnapOneWay && s.found.oneWay.yields(distance, seg):
			s.found.oneWay = hit{distance, seg}
		}
		s.bound()
	}
}

// bound notes up to which distance each class is still wanted.
func (s *snapper) bound() {
	for class := range s.wanted {
		s.wanted[class] = s.found.wanted(roadClass(class))
	}
}

// kindOn is what the point would be on a segment.
func (s *snapper) kindOn(flat *plane, seg int32) SnapKind {
	_, pl := s.project(flat, seg)
	return s.reach.kind(s.m, &s.cost, &pl)
}
