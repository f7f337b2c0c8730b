package cch

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Inf is the weight of what cannot be travelled, and of routes that do not
// exist. Weights are from 0 to Inf; the sum of two is still a number, and a
// sum of Inf or more counts as Inf.
const Inf = 1 << 62

// pair is the weight of an arc upward and downward.
type pair struct{ up, down uint64 }

// side is a direction of travel along an arc of the hierarchy.
type side uint8

const (
	upward side = iota
	downward
)

// of is the weight of one side.
func (p *pair) of(s side) uint64 {
	if s == downward {
		return p.down
	}
	return p.up
}

// bit is the side's in Metric.kept.
func (s side) bit() uint8 { return 1 << s }

// Metric is a hierarchy with weights, ready for queries. It is safe for use
// from many goroutines, but not during Change.
type Metric struct {
	h       *Hierarchy
	guard   uint64
	weights []uint64 // of the graph's arcs
	basic   []pair   // by arc: over lower ranks only (3.1)
	perfect []pair   // by arc: the distance between its ends (3.2)
	kept    []uint8  // by arc: the sides whose basic weight is the distance; others no search needs
	seen    atomic.Uint64
	change  *change
	scratch sync.Pool // of *worker
	queries sync.Pool // of *Query
	paths   sync.Pool // of *pathfinder
}

// Customise computes the weights of all arcs: first those of paths over lower
// ranks, then the distances ("perfect customisation"), which show the arcs
// that no query needs. Numbers in brackets in this package refer to Dibbelt,
// Strasser and Wagner, "Customizable Contraction Hierarchies" (2016). guard is
// the set of bits that no sum may reach, see Overflow. weights is kept, not
// copied.
func (h *Hierarchy) Customise(ctx context.Context, weights []uint64, guard uint64, threads int) (*Metric, error) {
	if len(weights) != len(h.graph.Tail) {
		return nil, fmt.Errorf("%w: %d weights for %d arcs", ErrGraph, len(weights), len(h.graph.Tail))
	}
	for a, w := range weights {
		if w > Inf || w != Inf && w&guard != 0 {
			return nil, fmt.Errorf("%w: the weight of arc %d is out of range", ErrGraph, a)
		}
	}
	h.once.Do(h.prepare)
	m := &Metric{
		h: h, guard: guard, weights: weights,
		basic: make([]pair, len(h.Head)), perfect: make([]pair, len(h.Head)), kept: make([]uint8, len(h.Head)),
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	each := func(items int, do func(w *worker, item int)) {
		if ctx.Err() != nil {
			return
		}
		var next atomic.Int64
		var wait sync.WaitGroup
		run := func() {
			w := m.worker()
			defer m.done(w)
			for {
				i := int(next.Add(1)) - 1
				if i >= items || ctx.Err() != nil {
					return
				}
				do(w, i)
			}
		}
		for range min(threads, items) - 1 {
			wait.Go(run)
		}
		run()
		wait.Wait()
	}
	// Upward: the subtrees touch only their own arcs; then what the ranks
	// above get from below; then among themselves, in order.
	each(len(h.subtrees), func(w *worker, i int) {
		for v := h.subtrees[i].low; v < h.subtrees[i].high; v++ {
			w.enter(m, v)
			w.pull(m, v, allBelow)
		}
	})
	each(len(h.top), func(w *worker, i int) {
		w.enter(m, h.top[i])
		w.pull(m, h.top[i], subtreesBelow)
	})
	w := m.worker()
	for _, v := range h.top {
		w.pull(m, v, topBelow)
	}
	// Downward: the other way round.
	for i := len(h.top) - 1; i >= 0; i-- {
		w.improve(m, h.top[i])
	}
	m.done(w)
	each(len(h.subtrees), func(w *worker, i int) {
		for v := h.subtrees[i].high - 1; v >= h.subtrees[i].low; v-- {
			w.improve(m, v)
		}
	})
	return m, ctx.Err()
}

// Overflow tells whether a sum of weights has reached a bit of guard. A weight
// may hold two numbers, one above the other, with a guard bit between them:
// sums of two weights without that bit cannot run over into the upper number,
// so as long as there is no overflow every distance is right.
func (m *Metric) Overflow() bool { return m.seen.Load()&m.guard != 0 }

// worker is the scratch memory of a thread that customises.
type worker struct {
	at   []int32 // by rank: where an upper end lies among those of a node, or -1
	seen uint64  // all bits of improved weights
}

func (m *Metric) worker() *worker {
	if w, ok := m.scratch.Get().(*worker); ok {
		return w
	}
	w := &worker{at: make([]int32, m.h.nodes())}
	for v := range w.at {
		w.at[v] = -1
	}
	return w
}

func (m *Metric) done(w *worker) {
	m.seen.Or(w.seen)
	w.seen = 0
	m.scratch.Put(w)
}

// enter gives the arcs of v the weights of the graph.
func (w *worker) enter(m *Metric, v int32) {
	h := m.h
	own := m.basic[h.First[v]:h.First[v+1]]
	for i := range own {
		own[i] = pair{Inf, Inf}
	}
	for i := h.inFirst[v]; i < h.inFirst[v+1]; i++ {
		slot, weight := h.inSlot[i], m.weights[h.inArcs[i]]
		switch {
		case slot < 0:
		case slot&1 == 0:
			m.basic[slot>>1].up = min(m.basic[slot>>1].up, weight)
		default:
			m.basic[slot>>1].down = min(m.basic[slot>>1].down, weight)
		}
	}
}

// The arcs from below that pull is to look at.
type below int

const (
	allBelow below = iota
	subtreesBelow
	topBelow
)

// pull improves the arcs of u by all detours over one lower rank x (3.1): the
// arc from x to u and the later ones of x make a triangle with an arc of u.
func (w *worker) pull(m *Metric, u int32, from below) {
	h := m.h
	at, basic, head := w.at, m.basic, h.Head
	for a := h.First[u]; a < h.First[u+1]; a++ {
		at[head[a]] = a
	}
	for _, e := range h.downArcs[h.downFirst[u]:h.downFirst[u+1]] {
		x := h.tail[e]
		if from != allBelow && h.isTop[x] != (from == topBelow) {
			continue
		}
		toU := basic[e]
		if toU.up >= Inf && toU.down >= Inf {
			continue
		}
		end := h.First[x+1]
		for b := e + 1; b < end; b++ {
			c := &basic[at[head[b]]]
			other := basic[b]
			if s := toU.down + other.up; s < c.up { // u to x to the end of b
				c.up = s
				w.seen |= s
			}
			if s := other.down + toU.up; s < c.down {
				c.down = s
				w.seen |= s
			}
		}
	}
	for a := h.First[u]; a < h.First[u+1]; a++ {
		at[head[a]] = -1
	}
}

// improve computes the distances along the arcs of v, by all detours over one
// upper end, between which distances are known (3.2). Where a detour is shorter
// than the arc, every shortest path between its ends goes over higher ranks, and
// a search that leaves the arc out finds it there.
func (w *worker) improve(m *Metric, v int32) {
	h := m.h
	first, end := h.First[v], h.First[v+1]
	own := m.perfect[first:end]
	basic := m.basic[first:end]
	up := h.Head[first:end]
	copy(own, basic)
	for i, u := range up {
		if i+1 == len(up) {
			break
		}
		c := h.First[u]
		bu := basic[i]
		best := own[i]
		for j := i + 1; j < len(up); j++ {
			for h.Head[c] != up[j] {
				c++
			}
			between, bw := m.perfect[c], basic[j]
			c++
			if s := bw.up + between.down; s < best.up { // v to w to u
				best.up = s
			}
			if s := between.up + bw.down; s < best.down {
				best.down = s
			}
			o := &own[j]
			if s := bu.up + between.up; s < o.up { // v to u to w
				o.up = s
			}
			if s := between.down + bu.down; s < o.down {
				o.down = s
			}
		}
		own[i] = best
	}
	kept := m.kept[first:end]
	for i := range own {
		if own[i] != basic[i] {
			w.seen |= own[i].up | own[i].down
		}
		kept[i] = 0
		if d := basic[i].up; d == own[i].up && d != Inf {
			kept[i] |= upward.bit()
		}
		if d := basic[i].down; d == own[i].down && d != Inf {
			kept[i] |= downward.bit()
		}
	}
}
