package cch

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Lanes is how many sources a sweep carries side by side.
const Lanes = 16

// Gate is a node of the graph by which a place is left or entered, and what it
// takes from the place to the node or from the node to the place.
type Gate struct {
	Node   int32
	Weight uint64
}

// Places lists the gates of places: those of place i are Gates[First[i]] up to
// Gates[First[i+1]].
type Places struct {
	First []int32
	Gates []Gate
}

// Len is the number of places.
func (p *Places) Len() int { return max(len(p.First)-1, 0) }

func (p *Places) validate(m *Metric) error {
	for i := range p.Len() {
		if p.First[i] > p.First[i+1] || p.First[i] < 0 || int(p.First[i+1]) > len(p.Gates) {
			return fmt.Errorf("%w: the gates of place %d", ErrGraph, i)
		}
	}
	for i, g := range p.Gates {
		if uint(g.Node) >= uint(m.h.nodes()) || g.Weight >= Inf || g.Weight&m.guard != 0 {
			return fmt.Errorf("%w: gate %d is out of range", ErrGraph, i)
		}
	}
	return nil
}

// Block is a part of a table: up to Lanes of its rows.
type Block struct {
	Sources []int32  // which places of from
	Weights []uint64 // from Sources[l] to place j of to at j*Lanes+l; Inf or more: no route
	Worker  int      // which thread, from 0: for scratch memory of the caller's
}

// table is what the threads of one table share, and scratch memory for the
// next one.
type table struct {
	m        *Metric
	from, to Places
	up, down subgraph
	fromNode []int32 // by gate of from: node of up
	toNode   []int32 // by gate of to: node of down
	toWeight []uint64
	kernel   *kernel
	across   []int32 // by node of up: the same rank in down, or -1
	order    []int32 // of from, so that neighbours share a block
	next     atomic.Int64
	seen     atomic.Uint64
	workers  []*sweeper
}

// Table computes the distances from all places of from to all of to and hands
// them out in blocks, from several threads at once; the memory of a block is
// used again. It says false when sums have overflowed (see Overflow) and what
// was handed out is not to be used. The weights do not depend on threads.
func (m *Metric) Table(ctx context.Context, from, to Places, threads int, use func(Block)) (ok bool, err error) {
	if m.Overflow() {
		return false, nil
	}
	if err := from.validate(m); err != nil {
		return false, err
	}
	if err := to.validate(m); err != nil {
		return false, err
	}
	if from.Len()+to.Len() <= fewPlaces && ctx.Err() == nil {
		return m.few(from, to, use)&m.guard == 0, nil
	}
	t, _ := m.tables.Get().(*table)
	if t == nil {
		t = &table{m: m, kernel: fastest()}
	}
	defer m.tables.Put(t)
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	t.prepare(from, to, threads)
	threads = max(1, min(threads, (from.Len()+Lanes-1)/Lanes))
	for len(t.workers) < threads {
		t.workers = append(t.workers, &sweeper{number: len(t.workers)})
	}
	t.next.Store(0)
	t.seen.Store(0)
	if threads > 1 {
		t.share(ctx, threads, use)
	} else {
		t.workers[0].run(ctx, t, use)
	}
	return t.seen.Load()&m.guard == 0, ctx.Err()
}

// share runs several threads.
func (t *table) share(ctx context.Context, threads int, use func(Block)) {
	var wait sync.WaitGroup
	for _, w := range t.workers[1:threads] {
		wait.Go(func() { w.run(ctx, t, use) })
	}
	t.workers[0].run(ctx, t, use)
	wait.Wait()
}

// prepare chooses the two parts of the hierarchy that the table needs.
func (t *table) prepare(from, to Places, threads int) {
	t.from, t.to = from, to
	if threads > 1 {
		var other sync.WaitGroup
		other.Go(t.chooseDown)
		t.chooseUp()
		other.Wait()
	} else {
		t.chooseUp()
		t.chooseDown()
	}
	t.toWeight = slices.Grow(t.toWeight[:0], len(to.Gates))
	for _, g := range to.Gates {
		t.toWeight = append(t.toWeight, g.Weight)
	}
	t.across = slices.Grow(t.across[:0], len(t.up.rank))
	for _, r := range t.up.rank {
		t.across = append(t.across, t.down.node(r))
	}
	t.order = slices.Grow(t.order[:0], from.Len())
	for i := range int32(from.Len()) {
		t.order = append(t.order, i)
	}
	slices.SortFunc(t.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.home(a), t.home(b)), cmp.Compare(a, b))
	})
}

func (t *table) chooseUp()   { t.fromNode = t.up.of(t.m, t.from.Gates, t.fromNode, false) }
func (t *table) chooseDown() { t.toNode = t.down.of(t.m, t.to.Gates, t.toNode, true) }

// home is a node near a source, for sorting.
func (t *table) home(source int32) int32 {
	if t.from.First[source] == t.from.First[source+1] {
		return -1
	}
	return t.fromNode[t.from.First[source]]
}

// sweeper is the scratch memory of one thread.
type sweeper struct {
	number  int
	above   []uint64 // by node of up: the distance of the source in hand, else Inf
	waiting []uint64 // nodes of up to go on from, a bit each
	rows    []uint64 // by node of down, Lanes each
	begun   []uint8  // by node of down: its row holds weights of sources
	list    []int32  // of those
	out     []uint64
	nothing []uint8 // by place of to: 0
	inner   relaxation
	seen    uint64
}

func (w *sweeper) run(ctx context.Context, t *table, use func(Block)) {
	w.fit(t)
	for ctx.Err() == nil {
		begin := (int(t.next.Add(1)) - 1) * Lanes
		if begin >= len(t.order) {
			break
		}
		sources := t.order[begin:min(begin+Lanes, len(t.order))]
		for lane, source := range sources {
			w.climb(t, source, lane)
		}
		// A row below is the least over the rows above it, which come first.
		d := &t.down
		w.seen |= t.kernel.run(&w.inner, len(d.rank), d.first, d.above, d.weight, w.rows, w.rows, w.begun)
		for _, i := range w.list {
			w.begun[i] = 0
		}
		w.list = w.list[:0]
		// And a place is the least over its gates.
		w.seen |= t.kernel.run(&w.inner, t.to.Len(), t.to.First, t.toNode, t.toWeight, w.rows, w.out, w.nothing)
		use(Block{sources, w.out, w.number})
	}
	t.seen.Or(w.seen)
	w.seen = 0
}

// fit makes the memory large enough and empty.
func (w *sweeper) fit(t *table) {
	up, down := len(t.up.rank), len(t.down.rank)
	if len(w.above) < up {
		w.above = make([]uint64, up)
		for i := range w.above {
			w.above[i] = Inf
		}
		w.waiting = make([]uint64, (up+63)/64)
	}
	if len(w.begun) < down {
		w.begun = make([]uint8, down)
		w.rows = aligned(down * Lanes)
	}
	if n := t.to.Len() * Lanes; cap(w.out) < n {
		w.out = aligned(n)
		w.nothing = make([]uint8, t.to.Len())
	}
	w.out = w.out[:t.to.Len()*Lanes]
}

// climb is the upward search of one source: in the order of the ranks, with a
// bit for each node that has been reached, in place of a queue. It leaves the
// distances in the source's lane of the rows of down.
func (w *sweeper) climb(t *table, source int32, lane int) {
	up := &t.up
	highest := -1
	for g := t.from.First[source]; g < t.from.First[source+1]; g++ {
		i := t.fromNode[g]
		w.above[i] = min(w.above[i], t.from.Gates[g].Weight)
		w.waiting[i>>6] |= 1 << (i & 63)
		highest = max(highest, int(i>>6))
	}
	for word := highest; word >= 0; word-- {
		for w.waiting[word] != 0 {
			bit := 63 - bits.LeadingZeros64(w.waiting[word])
			w.waiting[word] &^= 1 << bit
			i := word<<6 | bit
			d := w.above[i]
			w.above[i] = Inf
			w.seen |= d
			first, end := up.first[i], up.first[i+1]
			weights := up.weight[first:end]
			for k, j := range up.above[first:end] {
				if sum := d + weights[k]; sum < w.above[j] {
					w.above[j] = sum
					w.waiting[j>>6] |= 1 << (j & 63)
				}
			}
			if row := t.across[i]; row >= 0 {
				at := w.rows[int(row)*Lanes : int(row)*Lanes+Lanes]
				if w.begun[row] == 0 {
					w.begun[row] = 1
					w.list = append(w.list, row)
					for l := range at {
						at[l] = Inf
					}
				}
				at[lane] = d
			}
		}
	}
}
