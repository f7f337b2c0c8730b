package geo

import (
	"cmp"
	"context"
	"slices"
)

// A cutGraph has a node for every component of the open roads, and two for
// every base and every point: one where it is left and one where it is
// entered. Its arcs are the open roads between components, the closed roads,
// and the ways between places and roads.
type cutGraph struct {
	causes  int
	bases   int
	points  int
	there   spread // from the bases
	back    spread // towards the bases, along arcs turned round
	inPoint int32  // node of the first point's entrance; its exit is the next one
}

// spread is which bases are connected with each node: a bit each. What is open
// has been followed to the end; lifting follows closed arcs for a while.
type spread struct {
	reached []uint64
	first   []int32 // open arcs of node n lead to to[first[n]:first[n+1]]
	to      []int32
	closed  []cutArc
	ofFirst [][]int32 // closed arcs by the first of their causes, those with few causes first
	blamed  []bool    // by cause: it closes an arc
	set     []bool    // by cause: it is lifted now
	stack   []int32
	changed []spreadChange
}

// spreadChange is a node's bits before they were changed.
type spreadChange struct {
	node   int32
	before uint64
}

func (m *Metric) newCutGraph(c *causes, bases, points []place) *cutGraph {
	of := m.components().of
	components := int32(len(m.components().size))
	g := &cutGraph{causes: len(c.ids), bases: len(bases), points: len(points)}
	g.inPoint = components + 2*int32(len(bases))
	nodes := int(g.inPoint) + 2*len(points)
	var arcs []cutArc
	for a := range m.weights {
		if tail, head := of[m.t.arcTail[a]], of[m.t.arcHead[a]]; tail != head && m.weights[a] < never {
			arcs = append(arcs, cutArc{tail, head, nil})
		}
	}
	for _, a := range m.closedArcs(c) {
		if tail, head := of[a.tail], of[a.head]; tail != head {
			arcs = append(arcs, cutArc{tail, head, a.causes})
		}
	}
	// Places: entrance at node, exit at node+1.
	var cost costing
	on := map[int32][]int32{} // bases by chain
	for i := range bases {
		arcs = m.cutGates(arcs, c, &cost, &bases[i], components+2*int32(i))
		if bases[i].chain >= 0 {
			on[bases[i].chain] = append(on[bases[i].chain], int32(i))
		}
	}
	for i := range points {
		node := g.inPoint + 2*int32(i)
		arcs = m.cutGates(arcs, c, &cost, &points[i], node)
		if points[i].chain < 0 {
			continue
		}
		for _, k := range on[points[i].chain] {
			arcs = m.cutDirect(arcs, c, &cost, &bases[k], &points[i], components+2*k+1, node)
			arcs = m.cutDirect(arcs, c, &cost, &points[i], &bases[k], node+1, components+2*k)
		}
	}
	g.there = newSpread(nodes, arcs, g.causes)
	for i := range arcs {
		arcs[i].tail, arcs[i].head = arcs[i].head, arcs[i].tail
	}
	g.back = newSpread(nodes, arcs, g.causes)
	for i := range bases {
		// A base is connected with itself, although no road need be there.
		g.there.start(components+2*int32(i)+1, uint64(1)<<i)
		g.back.start(components+2*int32(i), uint64(1)<<i)
	}
	g.there.follow(nil)
	g.back.follow(nil)
	g.there.changed, g.back.changed = nil, nil
	return g
}

// cutGates adds the arcs between a place and the roads: what Metric.exits and
// Metric.entries give, and what they would give if closures were lifted.
func (m *Metric) cutGates(arcs []cutArc, c *causes, cost *costing, p *place, node int32) []cutArc {
	of := m.components().of
	if p.junction >= 0 {
		first, end := m.t.copies(p.junction)
		for n := first; n < end; n++ {
			arcs = append(arcs, cutArc{of[n], node, nil})
		}
		return append(arcs, cutArc{node + 1, of[first], nil})
	}
	if p.chain < 0 {
		return arcs
	}
	for d := p.chain << 1; d <= p.chain<<1|1; d++ {
		if head := m.t.chainHead[d]; head >= 0 {
			if list, ok := m.blame(nil, c, cost, d, p, nil); ok {
				arcs = append(arcs, cutArc{node + 1, of[head], list})
			}
		}
		list, ok := m.blame(nil, c, cost, d, nil, p)
		if !ok {
			continue
		}
		for _, a := range m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]] {
			if m.mayTake(a) {
				arcs = append(arcs, cutArc{of[m.t.arcTail[a]], node, list})
			}
		}
	}
	return arcs
}

// cutDirect adds the arc from one place to another along their common chain
// without passing its ends.
func (m *Metric) cutDirect(arcs []cutArc, c *causes, cost *costing, p, q *place, from, to int32) []cutArc {
	if *p == *q {
		return append(arcs, cutArc{from, to, nil})
	}
	d := p.chain << 1
	if p.pos > q.pos || p.pos == q.pos && p.at > q.at {
		d |= 1
	}
	if list, ok := m.blame(nil, c, cost, d, p, q); ok {
		arcs = append(arcs, cutArc{from, to, list})
	}
	return arcs
}

func newSpread(nodes int, arcs []cutArc, causes int) spread {
	s := spread{reached: make([]uint64, nodes), ofFirst: make([][]int32, causes), blamed: make([]bool, causes), set: make([]bool, causes)}
	open := make([]cutArc, 0, len(arcs))
	for _, a := range arcs {
		if len(a.causes) == 0 {
			open = append(open, a)
		} else {
			s.closed = append(s.closed, a)
		}
	}
	slices.SortFunc(open, compareCutArcs)
	slices.SortFunc(s.closed, compareCutArcs)
	s.closed = slices.CompactFunc(s.closed, func(a, b cutArc) bool { return compareCutArcs(a, b) == 0 })
	s.first = make([]int32, nodes+1)
	for i, a := range open {
		if i > 0 && open[i-1].tail == a.tail && open[i-1].head == a.head {
			continue
		}
		s.to = append(s.to, a.head)
		s.first[a.tail+1]++
	}
	for n := range nodes {
		s.first[n+1] += s.first[n]
	}
	for i, a := range s.closed {
		s.ofFirst[a.causes[0]] = append(s.ofFirst[a.causes[0]], int32(i))
		for _, cause := range a.causes {
			s.blamed[cause] = true
		}
	}
	for _, list := range s.ofFirst {
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(len(s.closed[a].causes), len(s.closed[b].causes)) })
	}
	return s
}

// start puts bits on a node.
func (s *spread) start(node int32, with uint64) {
	if now := s.reached[node]; with&^now != 0 {
		s.changed = append(s.changed, spreadChange{node, now})
		s.reached[node] = now | with
		s.stack = append(s.stack, node)
	}
}

// follow carries bits along open arcs, and along the closed ones that are
// listed, until nothing changes.
func (s *spread) follow(lifted []int32) {
	for again := true; again; {
		for len(s.stack) > 0 {
			n := s.stack[len(s.stack)-1]
			s.stack = s.stack[:len(s.stack)-1]
			for _, head := range s.to[s.first[n]:s.first[n+1]] {
				s.start(head, s.reached[n])
			}
		}
		for _, a := range lifted {
			s.start(s.closed[a].head, s.reached[s.closed[a].tail])
		}
		again = len(s.stack) > 0
	}
}

// lift follows the arcs that are open when the causes in the set are lifted.
// Where many closures lie over the same roads most arcs have more causes than
// the set, and are not looked at.
func (s *spread) lift(set []int32) {
	for _, cause := range set {
		s.set[cause] = true
	}
	var arcs []int32
	for _, cause := range set {
		for _, a := range s.ofFirst[cause] {
			causes := s.closed[a].causes
			if len(causes) > len(set) {
				break
			}
			if !slices.ContainsFunc(causes, func(c int32) bool { return !s.set[c] }) {
				arcs = append(arcs, a)
			}
		}
	}
	for _, cause := range set {
		s.set[cause] = false
	}
	s.follow(arcs)
}

// drop takes back what was followed since the last drop.
func (s *spread) drop() {
	for i := len(s.changed) - 1; i >= 0; i-- {
		s.reached[s.changed[i].node] = s.changed[i].before
	}
	s.changed = s.changed[:0]
}

// judge finds out about all points that are not connected with these bases.
func (g *cutGraph) judge(ctx context.Context, found []verdict) error {
	var open []int // points that are cut off
	for i := range found {
		v := &found[i]
		if v.connected = v.connected || g.connected(i); v.connected {
			continue
		}
		v.there = v.there || g.there.reached[g.inPoint+2*int32(i)] != 0
		v.back = v.back || g.back.reached[g.inPoint+2*int32(i)+1] != 0
		switch {
		case v.there && v.back:
			v.kind = CutRound
		case v.there:
			v.kind = CutBack
		case v.back:
			v.kind = CutThere
		}
		open = append(open, i)
	}
	if len(open) == 0 || g.causes == 0 {
		return nil
	}
	all := make([]int32, g.causes)
	for c := range all {
		all[c] = int32(c)
	}
	var hopeful []int
	g.with(all, func() {
		for _, i := range open {
			if g.connected(i) {
				found[i].lifted = true
				hopeful = append(hopeful, i)
			}
		}
	})
	var rest []int
	alone := make(map[int][]int32, len(hopeful))
	for _, c := range all {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		g.with([]int32{c}, func() {
			for _, i := range hopeful {
				if g.connected(i) {
					alone[i] = append(alone[i], c)
				}
			}
		})
	}
	for _, i := range hopeful {
		if len(alone[i]) == 0 {
			rest = append(rest, i)
			continue
		}
		found[i].alone = append(found[i].alone, alone[i]...)
		slices.Sort(found[i].alone)
		found[i].alone = slices.Compact(found[i].alone)
	}
	return g.several(ctx, found, rest)
}

// connected reports whether a point is reached from a base that it reaches.
func (g *cutGraph) connected(point int) bool {
	node := g.inPoint + 2*int32(point)
	return g.there.reached[node]&g.back.reached[node+1] != 0
}

// with looks at the graph while the causes in a set, ascending, are lifted.
func (g *cutGraph) with(set []int32, look func()) {
	g.there.lift(set)
	g.back.lift(set)
	look()
	g.there.drop()
	g.back.drop()
}

// several finds sets of causes for points of which none is enough alone.
func (g *cutGraph) several(ctx context.Context, found []verdict, points []int) error {
	points = slices.DeleteFunc(points, func(i int) bool { return len(found[i].alone) > 0 })
	useful := g.useful()
	if len(useful)*(len(useful)-1)/2 <= maxPairs {
		for k, c := range useful {
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, d := range useful[k+1:] {
				if len(points) == 0 {
					return nil
				}
				g.with([]int32{c, d}, func() {
					points = slices.DeleteFunc(points, func(i int) bool {
						if !g.connected(i) {
							return false
						}
						// Other bases may have given another set.
						if t := found[i].together; len(t) != 2 || slices.Compare(t, []int32{c, d}) > 0 {
							found[i].together = []int32{c, d}
						}
						return true
					})
				})
			}
		}
	}
	points = slices.DeleteFunc(points, func(i int) bool { return len(found[i].together) > 0 })
	for len(points) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		set := g.irreducible(useful, points[0])
		// Neighbours share it: those that it connects, and of which none
		// stays connected without one of it.
		shared := map[int]bool{}
		g.with(set, func() {
			for _, i := range points {
				shared[i] = g.connected(i)
			}
		})
		for k := range set {
			g.with(slices.Delete(slices.Clone(set), k, k+1), func() {
				for _, i := range points {
					shared[i] = shared[i] && !g.connected(i)
				}
			})
		}
		points = slices.DeleteFunc(points, func(i int) bool {
			if shared[i] {
				found[i].together = set
			}
			return shared[i]
		})
	}
	return nil
}

// useful lists the causes that close some road between two components.
func (g *cutGraph) useful() []int32 {
	var list []int32
	for c := range g.causes {
		if g.there.blamed[c] {
			list = append(list, int32(c))
		}
	}
	return list
}

// irreducible takes causes away from the set of all, the last first, as long
// as the point stays connected.
func (g *cutGraph) irreducible(set []int32, point int) []int32 {
	for i := len(set) - 1; i >= 0; i-- {
		less := slices.Delete(slices.Clone(set), i, i+1)
		g.with(less, func() {
			if g.connected(point) {
				set = less
			}
		})
	}
	return set
}
