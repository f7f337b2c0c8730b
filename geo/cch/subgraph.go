package cch

import (
	"math/bits"
	"slices"
)

// subgraph is what of the hierarchy searches from some nodes can meet: all
// arcs upward that are on some shortest path (those whose basic weight is
// their distance), in one direction. Its nodes are numbered from the highest
// rank down, so arcs lead to lower numbers, and nodes that are looked at
// together lie together (RPHAST; Delling, Goldberg and Werneck 2011).
type subgraph struct {
	rank   []int32 // by node, falling
	first  []int32 // the arcs of node i are first[i] to first[i+1]
	above  []int32 // by arc
	weight []uint64
	index  []int32 // by rank: the node; valid only where met is set
	met    []uint64
}

// of chooses the subgraph of gates and returns the node of each.
func (s *subgraph) of(m *Metric, gates []Gate, nodes []int32, down bool) []int32 {
	nodes = slices.Grow(nodes[:0], len(gates))
	for _, g := range gates {
		nodes = append(nodes, m.h.Rank[g.Node])
	}
	s.choose(m, nodes, down)
	for i, r := range nodes {
		nodes[i] = s.index[r]
	}
	return nodes
}

// choose fills the subgraph with what can be reached from the ranks, against
// the direction of travel when it is to be driven down.
func (s *subgraph) choose(m *Metric, ranks []int32, down bool) {
	h := m.h
	words := (h.nodes() + 63) / 64
	s.met = slices.Grow(s.met[:0], words)[:words]
	clear(s.met)
	s.index = slices.Grow(s.index[:0], h.nodes())[:h.nodes()]
	for _, r := range ranks {
		s.met[r>>6] |= 1 << (r & 63)
	}
	// Upper ends have higher ranks, so one pass upward meets them all.
	nodes, arcs := 0, 0
	for word := range s.met {
		for done := uint64(0); s.met[word]&^done != 0; {
			bit := bits.TrailingZeros64(s.met[word] &^ done)
			done |= 1 << bit
			v := int32(word<<6 | bit)
			nodes++
			for a := h.First[v]; a < h.First[v+1]; a++ {
				if m.kept(a, down) != Inf {
					w := h.Head[a]
					s.met[w>>6] |= 1 << (w & 63)
					arcs++
				}
			}
		}
	}
	s.rank, s.first = slices.Grow(s.rank[:0], nodes), slices.Grow(s.first[:0], nodes+1)
	s.above, s.weight = slices.Grow(s.above[:0], arcs), slices.Grow(s.weight[:0], arcs)
	s.first = append(s.first, 0)
	for word := words - 1; word >= 0; word-- {
		for set := s.met[word]; set != 0; {
			bit := 63 - bits.LeadingZeros64(set)
			set &^= 1 << bit
			v := int32(word<<6 | bit)
			s.index[v] = int32(len(s.rank))
			s.rank = append(s.rank, v)
			for a := h.First[v]; a < h.First[v+1]; a++ {
				if w := m.kept(a, down); w != Inf {
					s.above = append(s.above, s.index[h.Head[a]])
					s.weight = append(s.weight, w)
				}
			}
			s.first = append(s.first, int32(len(s.above)))
		}
	}
}

// kept is the weight of an arc if it is its ends' distance, else Inf: then
// every shortest path between them goes over higher ranks, and a search that
// leaves the arc out finds it there.
func (m *Metric) kept(a int32, down bool) uint64 {
	b, p := &m.basic[a], &m.perfect[a]
	if down {
		if b.down == p.down {
			return b.down
		}
	} else if b.up == p.up {
		return b.up
	}
	return Inf
}

// node is the number of a rank, or -1.
func (s *subgraph) node(rank int32) int32 {
	if s.met[rank>>6]>>(rank&63)&1 == 0 {
		return -1
	}
	return s.index[rank]
}
