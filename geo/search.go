package geo

import (
	"context"
	"sync/atomic"
)

// search is the scratch memory of one Dijkstra search, reused from source to
// source. It grows once and then allocates nothing.
type search struct {
	dist   []weight
	parent []int32 // arc by which a node was reached, or -1 at a source
	heap   []queued
}

// queued is a node in the queue. A node may be queued several times; only the
// entry with its final weight counts.
type queued struct {
	weight weight
	node   int32
}

// borrow takes scratch memory from the pool.
func (m *Metric) borrow() *search {
	if s, ok := m.pool.Get().(*search); ok {
		return s
	}
	n := m.t.nodes()
	return &search{dist: make([]weight, n), parent: make([]int32, n)}
}

func (m *Metric) giveBack(s *search) { m.pool.Put(s) }

// run is Dijkstra's algorithm from the given gates. wanted marks the nodes
// that matter and count is how many there are: when all are settled, the rest
// is not looked at. Weights of wanted nodes are final then; unreached ones
// have never. If stop becomes true, run gives up and reports false.
func (s *search) run(m *Metric, from []gate, wanted []bool, count int, stop *atomic.Bool) bool {
	for v := range s.dist {
		s.dist[v] = never
	}
	s.heap = s.heap[:0]
	for _, g := range from {
		if g.weight < s.dist[g.node] {
			s.dist[g.node], s.parent[g.node] = g.weight, -1
			s.push(queued{g.weight, g.node})
		}
	}
	first, heads, guard := m.t.arcFirst, m.t.arcHead, m.guard()
	for settled := 0; count > 0 && len(s.heap) > 0; {
		u := s.pop()
		if u.weight != s.dist[u.node] {
			continue // an outdated entry
		}
		if wanted[u.node] {
			// Equal entries of one node do not occur: it is queued again
			// only when its weight falls.
			count--
		}
		if settled++; settled&4095 == 0 && stop.Load() {
			return false
		}
		for a := first[u.node]; a < first[u.node+1]; a++ {
			head := heads[a]
			if w := u.weight + m.weights[a]; w < s.dist[head] && fits(w, guard) {
				s.dist[head], s.parent[head] = w, a
				s.push(queued{w, head})
			}
		}
	}
	return true
}

// The queue is a heap with four children a node: flatter than a binary one,
// and four children lie in one cache line.

func (s *search) push(q queued) {
	s.heap = append(s.heap, q)
	h, i := s.heap, len(s.heap)-1
	for i > 0 {
		parent := (i - 1) / 4
		if h[parent].weight <= q.weight {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = q
}

func (s *search) pop() queued {
	h := s.heap
	top := h[0]
	last := h[len(h)-1]
	h = h[:len(h)-1]
	s.heap = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].weight < h[least].weight {
				least = c
			}
		}
		if h[least].weight >= last.weight {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = last
	return top
}

// oneToAll computes the weights between one place, or the nearest of several,
// and all nodes of the graph: from the gates to each node, or with reverse
// from each node to the gates. s.dist holds them afterwards; nodes that are
// further away than most, or not connected at all, have never.
//
// It is Dijkstra's algorithm, which a limit keeps small.
func (m *Metric) oneToAll(ctx context.Context, s *search, gates []gate, reverse bool, most weight) error {
	for v := range s.dist {
		s.dist[v] = never
	}
	s.heap = s.heap[:0]
	reach := func(v int32, w weight) {
		if w < s.dist[v] && w <= most && fits(w, m.guard()) {
			s.dist[v] = w
			s.push(queued{w, v})
		}
	}
	for _, g := range gates {
		reach(g.node, g.weight)
	}
	t := m.t
	for settled := 0; len(s.heap) > 0; {
		u := s.pop()
		if u.weight != s.dist[u.node] {
			continue // an outdated entry
		}
		if settled++; settled&4095 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if reverse {
			for _, a := range t.inArcs[t.inFirst[u.node]:t.inFirst[u.node+1]] {
				reach(t.arcTail[a], u.weight+m.weights[a])
			}
			continue
		}
		for a := t.arcFirst[u.node]; a < t.arcFirst[u.node+1]; a++ {
			reach(t.arcHead[a], u.weight+m.weights[a])
		}
	}
	return ctx.Err()
}
