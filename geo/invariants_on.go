//go:build invariants

package geo

import "sync/atomic"

// verifyRow repeats a search over the whole graph, without leaving out dead
// ends and without stopping early, and panics where the weights differ.
func (m *Metric) verifyRow(s *search, exits []gate, aim *aim) {
	full := search{dist: make([]weight, len(s.dist)), parent: make([]int32, len(s.parent))}
	start := make([]weight, len(s.dist))
	for v := range start {
		start[v] = never
	}
	var stop atomic.Bool
	full.run(m, exits, start, make([]bool, len(start)), 1, &stop)
	for _, g := range aim.gates {
		if full.dist[g.node] != s.dist[g.node] {
			panic("geo: a search that left out dead ends found another route")
		}
	}
}
