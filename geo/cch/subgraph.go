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

	met    []uint64 // by rank: whether it is a node
	higher []int32  // by word of met: how many nodes the words above it have

	// The same as it is gathered, from the lowest rank up.
	gathered struct {
		rank   []int32
		end    []int32 // of the arcs, by rank gathered
		head   []int32 // by arc, a rank
		weight []uint64
	}
}

// of chooses the subgraph of gates and returns the node of each.
func (s *subgraph) of(m *Metric, gates []Gate, nodes []int32, side side) []int32 {
	nodes = slices.Grow(nodes[:0], len(gates))
	for _, g := range gates {
		nodes = append(nodes, m.h.Rank[g.Node])
	}
	s.gather(m, nodes, side)
	s.arrange()
	for i, r := range nodes {
		nodes[i] = s.number(r)
	}
	return nodes
}

// gather lists what can be reached from the ranks, against the direction of
// travel when it is to be driven down. Upper ends have higher ranks, so one
// pass upward meets them all. What it reads lies scattered: it reads it once.
func (s *subgraph) gather(m *Metric, ranks []int32, side side) {
	h, g := m.h, &s.gathered
	words := (h.nodes() + 63) / 64
	met := slices.Grow(s.met[:0], words)[:words]
	clear(met)
	for _, r := range ranks {
		met[r>>6] |= 1 << (r & 63)
	}
	g.rank, g.end, g.head, g.weight = g.rank[:0], g.end[:0], g.head[:0], g.weight[:0]
	for word := range met {
		for done := uint64(0); met[word]&^done != 0; {
			bit := bits.TrailingZeros64(met[word] &^ done)
			done |= 1 << bit
			v := int32(word<<6 | bit)
			first, end := h.First[v], h.First[v+1]
			heads, kept, basic := h.Head[first:end], m.kept[first:end], m.basic[first:end]
			for i, w := range heads {
				if kept[i]&side.bit() == 0 {
					continue
				}
				met[w>>6] |= 1 << (w & 63)
				g.head, g.weight = append(g.head, w), append(g.weight, basic[i].of(side))
			}
			g.rank, g.end = append(g.rank, v), append(g.end, int32(len(g.head)))
		}
	}
	s.met = met
}

// arrange turns what was gathered the other way round and numbers it.
func (s *subgraph) arrange() {
	g := &s.gathered
	s.higher = slices.Grow(s.higher[:0], len(s.met))[:len(s.met)]
	count := int32(0)
	for word := len(s.met) - 1; word >= 0; word-- {
		s.higher[word] = count
		count += int32(bits.OnesCount64(s.met[word]))
	}
	nodes, arcs := len(g.rank), len(g.head)
	s.rank, s.first = slices.Grow(s.rank[:0], nodes), slices.Grow(s.first[:0], nodes+1)
	s.above, s.weight = slices.Grow(s.above[:0], arcs), slices.Grow(s.weight[:0], arcs)
	s.first = append(s.first, 0)
	for k := nodes - 1; k >= 0; k-- {
		s.rank = append(s.rank, g.rank[k])
		begin := int32(0)
		if k > 0 {
			begin = g.end[k-1]
		}
		for _, w := range g.head[begin:g.end[k]] {
			s.above = append(s.above, s.number(w))
		}
		s.weight = append(s.weight, g.weight[begin:g.end[k]]...)
		s.first = append(s.first, int32(len(s.above)))
	}
}

// number is the node of a rank that is one.
func (s *subgraph) number(rank int32) int32 {
	return s.higher[rank>>6] + int32(bits.OnesCount64(s.met[rank>>6]>>(rank&63)>>1))
}

// node is the number of a rank, or -1.
func (s *subgraph) node(rank int32) int32 {
	if s.met[rank>>6]>>(rank&63)&1 == 0 {
		return -1
	}
	return s.number(rank)
}
