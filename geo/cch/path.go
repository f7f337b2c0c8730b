package cch

import (
	"math/bits"
)

// Path is a shortest path between two places.
type Path struct {
	Weight   uint64
	From, To int     // which gates of the two it uses
	Arcs     []int32 // of the graph, in the order of travel
}

// pathfinder is the scratch memory of a search for one path.
type pathfinder struct {
	weight  [2][]uint64 // by rank: upward from the one place, and from the other
	by      [2][]int32  // the arc by which, or ^gate
	waiting [2][]uint64
	met     [2][]int32
	buckets buckets
}

func (m *Metric) pathfinder() *pathfinder {
	if f, ok := m.paths.Get().(*pathfinder); ok {
		return f
	}
	n := m.h.nodes()
	f := new(pathfinder)
	for side := range 2 {
		f.weight[side] = make([]uint64, n)
		for v := range f.weight[side] {
			f.weight[side][v] = Inf
		}
		f.by[side] = make([]int32, n)
		f.waiting[side] = make([]uint64, (n+63)/64)
	}
	return f
}

// forget empties one side for the next climb.
func (f *pathfinder) forget(side side) {
	for _, v := range f.met[side] {
		f.weight[side][v] = Inf
	}
	f.met[side] = f.met[side][:0]
}

// Path finds a shortest path from a place to another: two searches upward that
// meet in the highest rank of the path. Without one the weight is Inf. It says
// false when sums have overflowed (see Overflow).
func (m *Metric) Path(from, to []Gate) (p Path, ok bool) {
	h := m.h
	f := m.pathfinder()
	defer m.paths.Put(f)
	seen := f.climb(m, upward, from) | f.climb(m, downward, to)
	p.Weight = Inf
	top := int32(-1)
	for _, v := range f.met[upward] {
		if s := f.weight[upward][v] + f.weight[downward][v]; s < p.Weight {
			p.Weight, top = s, v
		}
	}
	ok = !m.Overflow() && (seen|p.Weight)&m.guard == 0
	if top >= 0 && ok {
		var up []int32
		v := top
		for f.by[upward][v] >= 0 {
			a := f.by[upward][v]
			up = append(up, a)
			v = h.tail[a]
		}
		p.From = int(^f.by[upward][v])
		for i := len(up) - 1; i >= 0; i-- {
			p.Arcs = m.unpack(p.Arcs, up[i], upward)
		}
		for v = top; f.by[downward][v] >= 0; {
			a := f.by[downward][v]
			p.Arcs = m.unpack(p.Arcs, a, downward)
			v = h.tail[a]
		}
		p.To = int(^f.by[downward][v])
	}
	f.forget(upward)
	f.forget(downward)
	return p, ok
}

// climb searches upward from the gates, in the order of the ranks.
func (f *pathfinder) climb(m *Metric, side side, gates []Gate) (seen uint64) {
	h := m.h
	weight, by, waiting := f.weight[side], f.by[side], f.waiting[side]
	lowest := len(waiting)
	for i, g := range gates {
		r := h.Rank[g.Node]
		if g.Weight < weight[r] {
			weight[r], by[r] = g.Weight, ^int32(i)
			waiting[r>>6] |= 1 << (r & 63)
			lowest = min(lowest, int(r>>6))
		}
	}
	for word := lowest; word < len(waiting); word++ {
		for waiting[word] != 0 {
			bit := bits.TrailingZeros64(waiting[word])
			waiting[word] &= waiting[word] - 1
			v := int32(word<<6 | bit)
			f.met[side] = append(f.met[side], v)
			d := weight[v]
			seen |= d
			for a := h.First[v]; a < h.First[v+1]; a++ {
				if m.kept[a]&side.bit() == 0 {
					continue
				}
				w := h.Head[a]
				if s := d + m.basic[a].of(side); s < weight[w] {
					weight[w], by[w] = s, a
					waiting[w>>6] |= 1 << (w & 63)
				}
			}
		}
	}
	return seen
}

// unpack appends the arcs of the graph that an arc of the hierarchy stands
// for: one of the graph's own with its weight, or else two arcs that meet at a
// lower rank.
func (m *Metric) unpack(arcs []int32, a int32, side side) []int32 {
	h := m.h
	v, w := h.tail[a], h.Head[a]
	want, slot := m.basic[a].of(side), a<<1|int32(side)
	for i := h.inFirst[v]; i < h.inFirst[v+1]; i++ {
		if h.inSlot[i] == slot && m.weights[h.inArcs[i]] == want {
			return append(arcs, h.inArcs[i])
		}
	}
	for _, e := range h.downArcs[h.downFirst[v]:h.downFirst[v+1]] {
		b := h.arc(h.tail[e], w)
		if b < 0 {
			continue
		}
		if side == upward && m.basic[e].down+m.basic[b].up == want {
			return m.unpack(m.unpack(arcs, e, downward), b, upward)
		}
		if side == downward && m.basic[b].down+m.basic[e].up == want {
			return m.unpack(m.unpack(arcs, b, downward), e, upward)
		}
	}
	panic("cch: an arc that stands for nothing")
}
