package geo

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// components are the strongly connected components of a metric's graph: within
// one, every node can be reached from every other. Number 0 is the largest.
type components struct {
	of   []int32 // by graph node
	size []int64 // millimetres of road within, by component; both directions count

	oneWay links // arcs that may lead from one component to another, and all that do
}

// component computes the components once.
func (m *Metric) components() *components {
	m.once.Do(func() { m.parts = m.connect() })
	return m.parts
}

// connect finds the components. Nearly all roads are open both ways, and what
// they join is one component; so only the few one-way arcs between such groups
// are left to Tarjan's algorithm.
func (m *Metric) connect() *components {
	n := m.t.nodes()
	c := &components{of: make([]int32, n)}
	groups := m.joinBothWays(c)
	for i, v := range c.oneWay.tails {
		c.oneWay.tails[i], c.oneWay.heads[i] = c.of[v], c.of[c.oneWay.heads[i]]
	}
	number, count := tarjan(groups, c.oneWay)
	for i, g := range c.oneWay.tails {
		c.oneWay.tails[i], c.oneWay.heads[i] = number[g], number[c.oneWay.heads[i]]
	}
	c.renumber(number)
	c.size = make([]int64, count)
	m.measure(c)
	c.sort()
	return c
}

// links are arcs between groups of nodes.
type links struct{ tails, heads []int32 }

func (l *links) add(tail, head int32) {
	l.tails, l.heads = append(l.tails, tail), append(l.heads, head)
}

func (l *links) join(o links) {
	l.tails, l.heads = append(l.tails, o.tails...), append(l.heads, o.heads...)
}

// joinBothWays writes down the groups of nodes that arcs open both ways join,
// numbered by their lowest node, and the other arcs that are open, in any
// order. It returns the number of groups.
func (m *Metric) joinBothWays(c *components) (groups int32) {
	t, up := m.t, c.of
	for v := range up {
		up[v] = int32(v)
	}
	var mu sync.Mutex
	inBlocks(0, t.chains(), 1<<13, func() func(first, end int) {
		var oneWay links
		return func(first, end int) {
			oneWay.tails, oneWay.heads = oneWay.tails[:0], oneWay.heads[:0]
			for d := int32(2 * first); d < int32(2*end); d += 2 {
				there, back := t.chainTail[d], t.chainTail[d^1]
				if there == seeArcs || back == seeArcs {
					m.joinAlong(up, &oneWay, d)
					m.joinAlong(up, &oneWay, d^1)
					continue
				}
				open := there >= 0 && m.chain[d] != never
				openBack := back >= 0 && m.chain[d^1] != never
				switch {
				case open && openBack && there == t.chainHead[d^1] && back == t.chainHead[d]:
					joinGroups(up, there, back)
				case open && openBack:
					oneWay.add(there, t.chainHead[d])
					oneWay.add(back, t.chainHead[d^1])
				case open:
					oneWay.add(there, t.chainHead[d])
				case openBack:
					oneWay.add(back, t.chainHead[d^1])
				}
			}
			mu.Lock()
			defer mu.Unlock()
			c.oneWay.join(oneWay)
		}
	})
	// A node's group is that of a lower node, whose number is known already.
	for v := range up {
		if up[v] == int32(v) {
			up[v] = groups
			groups++
		} else {
			up[v] = up[up[v]]
		}
	}
	return groups
}

// joinAlong is joinBothWays for the arcs along a directed chain.
func (m *Metric) joinAlong(up []int32, oneWay *links, d int32) {
	t := m.t
	back := t.onArcs[t.onFirst[d^1]:t.onFirst[d^1+1]]
	for _, a := range t.onArcs[t.onFirst[d]:t.onFirst[d+1]] {
		tail, head := t.arcTail[a], t.arcHead[a]
		switch {
		case tail == head || m.weights[a] == never:
		case !m.leads(back, head, tail):
			oneWay.add(tail, head)
		case tail < head: // else joined from the other end
			joinGroups(up, tail, head)
		}
	}
}

// leads reports whether one of the arcs is open and leads from v to w.
func (m *Metric) leads(arcs []int32, v, w int32) bool {
	for _, a := range arcs {
		if m.t.arcTail[a] == v && m.t.arcHead[a] == w && m.weights[a] != never {
			return true
		}
	}
	return false
}

// joinGroups makes one group of two nodes', whose root is its lowest node. Many
// threads may join at once (Anderson and Woll 1991): a root gets a lower root
// above it once, and whoever comes too late looks again.
func joinGroups(up []int32, v, w int32) {
	for {
		v, w = rootOf(up, v), rootOf(up, w)
		if v == w {
			return
		}
		if v > w {
			v, w = w, v
		}
		if atomic.CompareAndSwapInt32(&up[w], w, v) {
			return
		}
	}
}

func rootOf(up []int32, v int32) int32 {
	for {
		above := atomic.LoadInt32(&up[v])
		if above == v {
			return v
		}
		next := atomic.LoadInt32(&up[above])
		if next != above {
			atomic.CompareAndSwapInt32(&up[v], above, next) // shorten the way
		}
		v = next
	}
}

// tarjan is Tarjan's algorithm (1972) with a stack of its own instead of
// recursion: roads make deep graphs. It numbers the components of n nodes.
func tarjan(n int32, arcs links) (number []int32, count int32) {
	const unknown = math.MaxInt32
	first, out := group(arcs.tails, int(n))
	number = make([]int32, n)
	for v := range number {
		number[v] = unknown
	}
	index, low, next := make([]int32, n), make([]int32, n), make([]int32, n)
	var stack, calls []int32
	seen := int32(0)
	for root := range n {
		if index[root] != 0 {
			continue
		}
		calls = append(calls, root)
		for len(calls) > 0 {
			v := calls[len(calls)-1]
			if index[v] == 0 {
				seen++
				index[v], low[v], next[v] = seen, seen, first[v]
				stack = append(stack, v)
			}
			descended := false
			for ; next[v] < first[v+1]; next[v]++ {
				w := arcs.heads[out[next[v]]]
				if index[w] == 0 {
					calls = append(calls, w)
					descended = true
					break
				}
				if number[w] == unknown {
					low[v] = min(low[v], low[w])
				}
			}
			if descended {
				continue
			}
			calls = calls[:len(calls)-1]
			if low[v] == index[v] {
				for done := false; !done; {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					number[w], done = count, w == v
				}
				count++
			}
		}
	}
	return number, count
}

// renumber replaces the number of every node's group by number[group].
func (c *components) renumber(number []int32) {
	inBlocks(0, len(c.of), 1<<16, func() func(first, end int) {
		return func(first, end int) {
			for v, id := range c.of[first:end] {
				c.of[first+v] = number[id]
			}
		}
	})
}

// measure adds up the roads of each component: directed chains that an open
// arc within it goes along.
func (m *Metric) measure(c *components) {
	t := m.t
	var mu sync.Mutex
	inBlocks(0, 2*t.chains(), 1<<15, func() func(first, end int) {
		size := make([]int64, len(c.size))
		return func(first, end int) {
			clear(size)
			for d := int32(first); d < int32(end); d++ {
				tail := t.chainTail[d]
				if tail != seeArcs {
					if tail >= 0 && m.chain[d] != never && c.of[tail] == c.of[t.chainHead[d]] {
						_, mm := m.unpack(m.chain[d])
						size[c.of[tail]] += mm
					}
					continue
				}
				for _, a := range t.onArcs[t.onFirst[d]:t.onFirst[d+1]] {
					id := c.of[t.arcHead[a]]
					if w := m.weights[a]; w != never && c.of[t.arcTail[a]] == id {
						_, mm := m.unpack(w)
						size[id] += mm
						break
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
	c.renumber(number)
	c.size = size
	for i, id := range c.oneWay.tails {
		c.oneWay.tails[i], c.oneWay.heads[i] = number[id], number[c.oneWay.heads[i]]
	}
}

// homesAtOnce is the number of home components that one reach tells apart, a bit
// each.
const homesAtOnce = 64

// reach tells for each component which home components it can be reached
// from, and which it can reach: bit i stands for homes[i]. Homes that have no
// bit left are in more.
type reach struct {
	homes    []int32 // ascending; those of more come after them
	parts    *components
	from, to []uint64
	more     *reach
}

// kind is what a place is to the homes. A home counts by itself: a place that
// is reached from one and leads back to another only is no better than one way.
func (r *reach) kind(m *Metric, c *costing, p *place) SnapKind {
	best := kindOf(r.of(m, c, p))
	for r = r.more; r != nil && best != SnapOK; r = r.more {
		if kind := kindOf(r.of(m, c, p)); kind.preference() > best.preference() {
			best = kind
		}
	}
	return best
}

// has reports whether the reach is that of some homes.
func (r *reach) has(homes []int32) bool {
	for ; r != nil; r = r.more {
		if len(homes) < len(r.homes) || !slices.Equal(r.homes, homes[:len(r.homes)]) {
			return false
		}
		homes = homes[len(r.homes):]
	}
	return len(homes) == 0
}

// chain is whence the beginning of a directed chain can be reached in order to
// travel it, and what its end reaches.
func (r *reach) chain(m *Metric, d int32) (from, to uint64) {
	if head := m.t.chainHead[d]; head >= 0 {
		to = r.to[r.parts.of[head]]
	}
	if tail := m.t.chainTail[d]; tail == noArc {
		return 0, to
	} else if tail != seeArcs {
		return r.from[r.parts.of[tail]], to
	}
	for _, a := range m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]] {
		if m.mayTake(a) {
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
	if last := m.reach.Load(); last != nil && last.has(homes) {
		return last
	}
	r := m.components().reachOf(homes, homesAtOnce)
	m.reach.Store(r)
	return r
}

// reachOf computes the reach of the homes, so many at once.
func (c *components) reachOf(homes []int32, atOnce int) *reach {
	now := homes[:min(len(homes), atOnce)]
	r := &reach{homes: now, parts: c, from: make([]uint64, len(c.size)), to: make([]uint64, len(c.size))}
	for i, home := range now {
		r.from[home] |= uint64(1) << i
		r.to[home] |= uint64(1) << i
	}
	follow(r.from, now, c.oneWay.tails, c.oneWay.heads)
	follow(r.to, now, c.oneWay.heads, c.oneWay.tails)
	if len(homes) > len(now) {
		r.more = c.reachOf(homes[len(now):], atOnce)
	}
	return r
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
