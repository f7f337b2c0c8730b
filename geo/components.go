package geo

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// components are the strongly connected components of a metric's graph: within
// one, every node can be reached from every other. Number 0 is the largest.
type components struct {
	of   []int32 // by graph node
	size []int64 // millimetres of road within, by component; both directions count
}

// component computes the components once.
func (m *Metric) components() *components {
	m.once.Do(func() { m.parts = m.connect() })
	return m.parts
}

// visit is what tarjan knows of a node. Its fields lie together, for the nodes
// come in the order of the search, which is none in memory.
type visit struct {
	index int32 // order of discovery from 1; 0: not seen
	low   int32
	next  int32 // the arc to look at when the node is on top again
	done  bool  // its component is known
}

// connect finds the components, of each separate part of the map on its own.
func (m *Metric) connect() *components {
	n := m.t.nodes()
	c := &components{of: make([]int32, n)}
	nodes := make([]visit, n)
	var count atomic.Int32
	var tasks []func() error
	order := make([]int32, n) // by rank
	inBlocks(0, n, 1<<16, func() func(first, end int) {
		return func(first, end int) {
			for v, r := range m.t.rank[first:end] {
				order[r] = int32(first + v)
			}
		}
	})
	for _, part := range m.t.separate(order) {
		tasks = append(tasks, func() error { m.tarjan(c, nodes, part, &count); return nil })
	}
	_ = together(tasks)
	c.size = make([]int64, count.Load())
	m.measure(c)
	c.sort()
	return c
}

// separate cuts the nodes, given by rank, into parts between which there are no
// arcs: a part ends where no arc of the hierarchy leads on. Small parts that
// follow one another are joined.
func (t *topology) separate(order []int32) [][]int32 {
	const least = 4096
	var parts [][]int32
	begin, reaches := 0, int32(0)
	for v := range order {
		if up := t.upHead[t.upFirst[v]:t.upFirst[v+1]]; len(up) > 0 {
			reaches = max(reaches, up[len(up)-1])
		}
		if int(reaches) <= v && v+1-begin >= least {
			parts = append(parts, order[begin:v+1])
			begin = v + 1
		}
	}
	return append(parts, order[begin:])
}

// tarjan is Tarjan's algorithm (1972) with a stack of its own instead of
// recursion: roads make deep graphs. It looks at some nodes, which lead to each
// other only.
func (m *Metric) tarjan(c *components, nodes []visit, part []int32, count *atomic.Int32) {
	var stack, calls []int32
	seen := int32(0)
	for _, root := range part {
		if nodes[root].index != 0 {
			continue
		}
		calls = append(calls, root)
		for len(calls) > 0 {
			v := calls[len(calls)-1]
			at := &nodes[v]
			if at.index == 0 {
				seen++
				at.index, at.low, at.next = seen, seen, m.t.arcFirst[v]
				stack = append(stack, v)
			}
			descended := false
			for end := m.t.arcFirst[v+1]; at.next < end; at.next++ {
				if m.weights[at.next] == never {
					continue
				}
				head := m.t.arcHead[at.next]
				to := &nodes[head]
				if to.index == 0 {
					calls = append(calls, head)
					descended = true
					break
				}
				if !to.done {
					at.low = min(at.low, to.low)
				}
			}
			if descended {
				continue
			}
			calls = calls[:len(calls)-1]
			if at.low == at.index {
				id := count.Add(1) - 1
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					c.of[w], nodes[w].done = id, true
					if w == v {
						break
					}
				}
			}
		}
	}
}

// measure adds up the roads of each component. A road that several copies of
// a split junction lead to counts once.
func (m *Metric) measure(c *components) {
	t := m.t
	var mu sync.Mutex
	inBlocks(0, t.nodes(), 1<<16, func() func(first, end int) {
		size := make([]int64, len(c.size))
		return func(first, end int) {
			clear(size)
			for v := first; v < end; v++ {
				split := v > 0 && t.nodeOf[v-1] == t.nodeOf[v] || v+1 < t.nodes() && t.nodeOf[v+1] == t.nodeOf[v]
				for a := t.arcFirst[v]; a < t.arcFirst[v+1]; a++ {
					id := c.of[v]
					if w := m.weights[a]; w != never && c.of[t.arcHead[a]] == id && !(split && m.counted(c, a)) {
						_, mm := m.unpack(w)
						size[id] += mm
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for id, mm := range size {
				c.size[id] += mm
			}
		}
	})
}

// counted tells whether an arc before this one, along the same road from
// another copy of its junction, counts for measure.
func (m *Metric) counted(c *components, arc int32) bool {
	t := m.t
	d := t.arcChain[arc]
	for _, a := range t.onArcs[t.onFirst[d]:t.onFirst[d+1]] {
		if a == arc {
			break
		}
		if m.weights[a] != never && c.of[t.arcTail[a]] == c.of[t.arcHead[a]] {
			return true
		}
	}
	return false
}

// sort numbers the components by falling size, equal ones by their lowest
// node.
func (c *components) sort() {
	lowest := make([]int32, len(c.size))
	for v := len(c.of) - 1; v >= 0; v-- {
		lowest[c.of[v]] = int32(v)
	}
	order := make([]int32, len(c.size))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.size[b], c.size[a]), cmp.Compare(lowest[a], lowest[b]))
	})
	number := make([]int32, len(order))
	size := make([]int64, len(order))
	for i, id := range order {
		number[id], size[i] = int32(i), c.size[id]
	}
	inBlocks(0, len(c.of), 1<<16, func() func(first, end int) {
		return func(first, end int) {
			for v, id := range c.of[first:end] {
				c.of[first+v] = number[id]
			}
		}
	})
	c.size = size
}

// maxHomes is the number of components that bases may lie in; a bit each.
const maxHomes = 64

// reach tells for each component which home components it can be reached
// from, and which it can reach: bit i stands for homes[i].
type reach struct {
	homes    []int32
	parts    *components
	from, to []uint64
}

// chain is whence the beginning of a directed chain can be reached in order to
// travel it, and what its end reaches.
func (r *reach) chain(m *Metric, d int32) (from, to uint64) {
	if head := m.t.chainHead[d]; head >= 0 {
		to = r.to[r.parts.of[head]]
	}
	for _, a := range m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]] {
		if m.t.arcModes[a]&uint8(m.profile.Mode) != 0 {
			from |= r.from[r.parts.of[m.t.arcTail[a]]]
		}
	}
	return from, to
}

// of is whence a place can be reached, and what can be reached from it.
func (r *reach) of(m *Metric, c *costing, p *place) (from, to uint64) {
	if p.junction >= 0 {
		first, end := m.t.copies(p.junction)
		for n := first; n < end; n++ {
			from |= r.from[r.parts.of[n]]
		}
		return from, r.to[r.parts.of[first]]
	}
	if p.chain < 0 {
		return 0, 0
	}
	for d := p.chain << 1; d <= p.chain<<1|1; d++ {
		in, out := r.chain(m, d)
		// Only where a part of the chain is closed must one look closer.
		open := m.chain[d] != never
		if open || m.stretchWeight(c, d, nil, p) != never {
			from |= in
		}
		if open || m.stretchWeight(c, d, p, nil) != never {
			to |= out
		}
	}
	return from, to
}

// reachOf computes the reach of the homes, or takes the one of the last call
// when the homes are the same.
func (m *Metric) reachOf(homes []int32) *reach {
	if last := m.reach.Load(); last != nil && slices.Equal(last.homes, homes) {
		return last
	}
	parts := m.components()
	tails, heads := m.between(parts)
	r := &reach{homes: homes, parts: parts, from: make([]uint64, len(parts.size)), to: make([]uint64, len(parts.size))}
	for i, home := range homes {
		r.from[home] |= uint64(1) << i
		r.to[home] |= uint64(1) << i
	}
	follow(r.from, homes, tails, heads)
	follow(r.to, homes, heads, tails)
	m.reach.Store(r)
	return r
}

// between lists the open arcs that lead from one component to another, as
// components, in any order.
func (m *Metric) between(parts *components) (tails, heads []int32) {
	var mu sync.Mutex
	inBlocks(0, len(m.weights), 1<<16, func() func(first, end int) {
		return func(first, end int) {
			var from, to []int32
			for a := first; a < end; a++ {
				if m.weights[a] == never {
					continue
				}
				if tail, head := parts.of[m.t.arcTail[a]], parts.of[m.t.arcHead[a]]; tail != head {
					from, to = append(from, tail), append(to, head)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			tails, heads = append(tails, from...), append(heads, to...)
		}
	})
	return tails, heads
}

// follow carries the bits of the components that the search begins with along
// the arcs to all that are reached.
func follow(mark []uint64, begin, tails, heads []int32) {
	first, arcs := group(tails, len(mark))
	stack := slices.Clone(begin)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, a := range arcs[first[v]:first[v+1]] {
			if w := heads[a]; mark[v]&^mark[w] != 0 {
				mark[w] |= mark[v]
				stack = append(stack, w)
			}
		}
	}
}

// componentOf is the component that a place lies in: one that it can be left
// into and entered from, the largest if several; -1 if there is none.
func (m *Metric) componentOf(c *costing, p *place) int32 {
	parts := m.components()
	exits, entries := m.exits(nil, c, p), m.entries(nil, c, p)
	if p.junction >= 0 {
		exits = entries // of a split junction's copies, any will do
	}
	best := int32(-1)
	for _, x := range exits {
		id := parts.of[x.node]
		if best >= 0 && id >= best {
			continue
		}
		for _, e := range entries {
			if parts.of[e.node] == id {
				best = id
				break
			}
		}
	}
	return best
}
