package geo

// A dead end is of no use to a route that neither begins nor ends in it, nor
// is a whole tree of dead ends. Half of the junctions of sparse country hang
// on such trees. So a search leaves out every tree but the branches that lead
// to the places asked for, and still finds the same routes.

// peel finds the trees: it takes away nodes that have one neighbour left, over
// and over. up gives the neighbour by which each such node hangs, or -1 for
// nodes that stay. A copy of a split junction counts as a node of its own, so
// an end where turning round leads around a forbidden turn is kept.
func (m *Metric) peel() (up []int32) {
	n := m.t.nodes()
	up = make([]int32, n)
	gone := make([]bool, n)
	for v := range up {
		up[v] = -1
	}
	// only is the one neighbour that a node has left; ok is false if there is
	// none or more than one.
	only := func(v int32) (neighbour int32, ok bool) {
		neighbour = -1
		meet := func(a, other int32) bool {
			if m.arcs[a].weight == never || gone[other] || other == v || other == neighbour {
				return true
			}
			first := neighbour < 0
			neighbour = other
			return first
		}
		for a := m.t.arcFirst[v]; a < m.t.arcFirst[v+1]; a++ {
			if !meet(a, m.arcs[a].head) {
				return -1, false
			}
		}
		for _, a := range m.t.inArcs[m.t.inFirst[v]:m.t.inFirst[v+1]] {
			if !meet(a, m.t.arcTail[a]) {
				return -1, false
			}
		}
		return neighbour, neighbour >= 0
	}
	for v := range int32(n) {
		for at := v; at >= 0 && !gone[at]; {
			next, ok := only(at)
			if !ok {
				break
			}
			gone[at], up[at] = true, next
			at = next // it may be an end now
		}
	}
	return up
}

// hanging is peel, computed once.
func (m *Metric) hanging() []int32 {
	m.peelOnce.Do(func() { m.up = m.peel() })
	return m.up
}

// start is the weights that searches begin with: never, or 0 at nodes that
// are left out, which no route can then improve on. The nodes of keep and
// those by which they hang are not left out.
func (m *Metric) start(keep ...[]gate) []weight {
	up := m.hanging()
	start := make([]weight, len(up))
	for v := range start {
		if up[v] < 0 {
			start[v] = never
		}
	}
	for _, gates := range keep {
		for _, g := range gates {
			for v := g.node; v >= 0 && start[v] != never; v = up[v] {
				start[v] = never
			}
		}
	}
	return start
}
