package cch

import (
	"slices"
	"sync/atomic"
)

// flow finds a smallest set of nodes between two ends of a cell: as many paths
// that share no node as there are (Menger), by Dinic's algorithm. Every node
// is an arc of capacity one from its in to its out state, 2v and 2v+1; edges
// have no capacity of their own. It is scratch memory, used again and again.
// When it is stopped, it finds no more paths, and what it finds is of no use.
type flow struct {
	stop  *atomic.Bool
	queue []int32
	level []int32 // by state; 0: not reached
	at    []int32 // by state: the next neighbour to try
	path  []int32
	next  []int32 // by node: where its path goes on, or none, or outside
	prev  []int32
	end   []uint8 // by node: begins, ends
	key   []int64
	sort  []int64
}

const (
	none    = int32(-1)
	outside = int32(-2) // the path begins or ends at this node

	begins = uint8(1)
	ends   = uint8(2)
)

// directions are those in which the ends of a cell are looked for.
var directions = [4][2]int64{{1, 0}, {0, 1}, {1, 1}, {1, -1}}

// separate writes 0 for the nodes of a small separator, 1 and 2 for the sides.
func (c *cell) separate(f *flow, part []int32) (parts int32) {
	n := len(c.nodes)
	best, balance := n+1, 0
	f.key = slices.Grow(f.key[:0], n)[:n]
	for _, d := range directions {
		if f.stop.Load() {
			break
		}
		for v := range n {
			f.key[v] = d[0]*int64(c.x[v]) + d[1]*int64(c.y[v])
		}
		f.chooseEnds(n)
		size, ok := f.run(&c.graph, best)
		if !ok {
			continue
		}
		// Reached on the in side alone: the cut. Reached on the out side too:
		// before it.
		before := 0
		for v := range n {
			if f.level[2*v+1] != 0 {
				before++
			}
		}
		least := min(before, n-size-before)
		if size < best || size == best && least > balance {
			best, balance = size, least
			for v := range n {
				switch {
				case f.level[2*v+1] != 0:
					part[v] = 1
				case f.level[2*v] != 0:
					part[v] = 0
				default:
					part[v] = 2
				}
			}
		}
	}
	return 2
}

// chooseEnds lets paths begin at the quarter of the nodes with the lowest keys
// and end at the quarter with the highest.
func (f *flow) chooseEnds(n int) {
	f.end = slices.Grow(f.end[:0], n)[:n]
	clear(f.end)
	f.sort = append(f.sort[:0], f.key...)
	quarter := max(n/4, 1)
	low, high := nth(f.sort, quarter-1), nth(f.sort, n-quarter)
	// Equal keys are told apart by number, so that both ends have their size.
	lows, highs := quarter, quarter
	for _, k := range f.key {
		if k < low {
			lows--
		}
		if k > high {
			highs--
		}
	}
	for v, k := range f.key {
		if k < low || k == low && lows > 0 {
			f.end[v] = begins
			if k == low {
				lows--
			}
		}
	}
	for v := n - 1; v >= 0; v-- {
		if k := f.key[v]; f.end[v] == 0 && (k > high || k == high && highs > 0) {
			f.end[v] = ends
			if k == high {
				highs--
			}
		}
	}
}

// nth is the value at index i of the sorted slice (Hoare's selection); it
// reorders the slice.
func nth(s []int64, i int) int64 {
	low, high := 0, len(s)-1
	for low < high {
		mid := s[low+(high-low)/2]
		a, b := low, high
		for a <= b {
			for s[a] < mid {
				a++
			}
			for s[b] > mid {
				b--
			}
			if a <= b {
				s[a], s[b] = s[b], s[a]
				a++
				b--
			}
		}
		switch {
		case i <= b:
			high = b
		case i >= a:
			low = a
		default:
			return s[i]
		}
	}
	return s[i]
}

// run looks for the most paths. It gives up when there are limit of them or
// more. Afterwards level marks what can still be reached.
func (f *flow) run(g *skeleton, limit int) (paths int, ok bool) {
	n := g.nodes()
	f.level = slices.Grow(f.level[:0], 2*n)[:2*n]
	f.at = slices.Grow(f.at[:0], 2*n)[:2*n]
	f.next = slices.Grow(f.next[:0], n)[:n]
	f.prev = slices.Grow(f.prev[:0], n)[:n]
	for v := range n {
		f.next[v], f.prev[v] = none, none
	}
	for !f.stop.Load() && f.layers(g) {
		clear(f.at)
		for v := range int32(n) {
			if v&0xff == 0 && f.stop.Load() {
				break
			}
			if f.end[v] == begins && f.prev[v] != outside && f.level[2*v] == 1 && f.augment(g, v) {
				if paths++; paths > limit {
					return paths, false
				}
			}
		}
	}
	return paths, true
}

// layers numbers the states by their distance from where paths may begin, and
// tells whether one may still end.
func (f *flow) layers(g *skeleton) bool {
	clear(f.level)
	queue := f.queue[:0]
	visit := func(state, level int32) {
		if f.level[state] == 0 {
			f.level[state] = level
			queue = append(queue, state)
		}
	}
	for v, end := range f.end {
		if end == begins {
			visit(int32(2*v), 1)
		}
	}
	reached := false
	for i := 0; i < len(queue); i++ {
		if i&0xffff == 0xffff && f.stop.Load() {
			return false
		}
		state := queue[i]
		level := f.level[state] + 1
		v := state >> 1
		if state&1 == 0 {
			switch p := f.prev[v]; {
			case p == none:
				visit(state+1, level)
			case p >= 0:
				visit(2*p+1, level)
			}
			continue
		}
		if f.end[v] == ends && f.next[v] != outside {
			reached = true
			break
		}
		if f.prev[v] != none {
			visit(state-1, level)
		}
		for _, w := range g.at(v) {
			visit(2*w, level)
		}
	}
	f.queue = queue
	return reached
}

// augment looks for one more path, through the layers, from v on.
func (f *flow) augment(g *skeleton, v int32) bool {
	path := append(f.path[:0], 2*v)
	defer func() { f.path = path }()
	for len(path) > 0 {
		state := path[len(path)-1]
		v, step := state>>1, int32(-1)
		if state&1 == 0 {
			if f.at[state] == 0 {
				f.at[state] = 1
				if p := f.prev[v]; p == none {
					step = state + 1
				} else if p >= 0 {
					step = 2*p + 1
				}
			}
		} else {
			if f.end[v] == ends && f.next[v] != outside {
				f.apply(path)
				return true
			}
			near := g.at(v)
			for i := f.at[state]; int(i) <= len(near) && step < 0; i = f.at[state] {
				f.at[state]++
				if int(i) == len(near) {
					if f.prev[v] != none {
						step = state - 1
					}
				} else {
					step = 2 * near[i]
				}
				if step >= 0 && f.level[step] != f.level[state]+1 {
					step = -1
				}
			}
		}
		if step >= 0 && f.level[step] == f.level[state]+1 {
			path = append(path, step)
			continue
		}
		f.level[state] = 0 // nothing comes of it in this phase
		path = path[:len(path)-1]
	}
	return false
}

// apply adds a path of states to the flow. Where it goes from an in state to
// the out state of another node, it takes back the piece between the two; the
// next step overwrites what that node's path went on with.
func (f *flow) apply(path []int32) {
	f.prev[path[0]>>1] = outside
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		switch v, w := a>>1, b>>1; {
		case a&1 == 1 && v == w:
			f.prev[v], f.next[v] = none, none
		case a&1 == 1:
			f.next[v], f.prev[w] = w, v
		}
	}
	f.next[path[len(path)-1]>>1] = outside
}
