package cch

import (
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

// Query computes tables, one after another, in memory that is used again. It
// belongs to one goroutine, but From and To may run side by side. Between the
// first of the three and the end of Run the metric must not change.
type Query struct {
	m        *Metric
	from, to Places
	up, down subgraph
	fromNode []int32 // by gate of from: node of up
	toNode   []int32 // by gate of to: node of down
	toWeight []uint64
	kernel   *kernel
	across   []int32  // by node of up: the same rank in down, or -1
	order    []int32  // of from, so that neighbours share a block
	keys     []uint64 // for sorting: a node near the source above the source
	next     atomic.Int64
	seen     atomic.Uint64
	workers  []*sweeper
}

// Query is for tables of the metric.
func (m *Metric) Query() *Query { return &Query{m: m, kernel: fastest()} }

// Table computes the distances from all places of from to all of to and hands
// them out in blocks, from several threads at once; the memory of a block is
// used again. It says false when sums have overflowed (see Overflow) and what
// was handed out is not to be used. The weights do not depend on threads.
func (m *Metric) Table(ctx context.Context, from, to Places, threads int, use func(Block)) (ok bool, err error) {
	q, _ := m.queries.Get().(*Query)
	if q == nil {
		q = m.Query()
	}
	defer m.queries.Put(q)
	if err := q.From(from); err != nil {
		return false, err
	}
	if err := q.To(to); err != nil {
		return false, err
	}
	return q.Run(ctx, threads, use)
}

// From says where the rows of the next table begin, and chooses the part of
// the hierarchy that they need.
func (q *Query) From(p Places) error {
	if err := p.validate(q.m); err != nil {
		return err
	}
	if q.from = p; p.Len() > fewPlaces {
		q.chooseUp()
	}
	return nil
}

// To says where the columns of the next table end.
func (q *Query) To(p Places) error {
	if err := p.validate(q.m); err != nil {
		return err
	}
	if q.to = p; p.Len() > fewPlaces {
		q.chooseDown()
	}
	return nil
}

// Run computes the table, see Metric.Table.
func (q *Query) Run(ctx context.Context, threads int, use func(Block)) (ok bool, err error) {
	if q.m.Overflow() {
		return false, nil
	}
	from, to := q.from.Len(), q.to.Len()
	if from+to <= fewPlaces && ctx.Err() == nil {
		return q.m.few(q.from, q.to, use)&q.m.guard == 0, nil
	}
	if from <= fewPlaces {
		q.chooseUp()
	}
	if to <= fewPlaces {
		q.chooseDown()
	}
	q.join()
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	threads = max(1, min(threads, (from+Lanes-1)/Lanes))
	for len(q.workers) < threads {
		q.workers = append(q.workers, &sweeper{number: len(q.workers)})
	}
	q.next.Store(0)
	q.seen.Store(0)
	if threads > 1 {
		q.share(ctx, threads, use)
	} else {
		q.workers[0].run(ctx, q, use)
	}
	return q.seen.Load()&q.m.guard == 0, ctx.Err()
}

// share runs several threads.
func (q *Query) share(ctx context.Context, threads int, use func(Block)) {
	var wait sync.WaitGroup
	for _, w := range q.workers[1:threads] {
		wait.Go(func() { w.run(ctx, q, use) })
	}
	q.workers[0].run(ctx, q, use)
	wait.Wait()
}

// chooseUp chooses what the sources meet, and puts sources near each other
// next to each other.
func (q *Query) chooseUp() {
	q.fromNode = q.up.of(q.m, q.from.Gates, q.fromNode, upward)
	q.keys, q.order = slices.Grow(q.keys[:0], q.from.Len()), slices.Grow(q.order[:0], q.from.Len())
	for i := range q.from.Len() {
		home := uint64(0)
		if first := q.from.First[i]; first < q.from.First[i+1] {
			home = uint64(q.fromNode[first]) + 1
		}
		q.keys = append(q.keys, home<<32|uint64(i))
	}
	slices.Sort(q.keys)
	for _, key := range q.keys {
		q.order = append(q.order, int32(uint32(key)))
	}
}

// chooseDown chooses what the targets are met from.
func (q *Query) chooseDown() {
	q.toNode = q.down.of(q.m, q.to.Gates, q.toNode, downward)
	q.toWeight = slices.Grow(q.toWeight[:0], len(q.to.Gates))
	for _, g := range q.to.Gates {
		q.toWeight = append(q.toWeight, g.Weight)
	}
}

// join finds the ranks that both parts have.
func (q *Query) join() {
	q.across = slices.Grow(q.across[:0], len(q.up.rank))
	for _, r := range q.up.rank {
		q.across = append(q.across, q.down.node(r))
	}
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

func (w *sweeper) run(ctx context.Context, q *Query, use func(Block)) {
	w.fit(q)
	for ctx.Err() == nil {
		begin := (int(q.next.Add(1)) - 1) * Lanes
		if begin >= len(q.order) {
			break
		}
		sources := q.order[begin:min(begin+Lanes, len(q.order))]
		for lane, source := range sources {
			w.climb(q, source, lane)
		}
		// A row below is the least over the rows above it, which come first.
		d := &q.down
		w.seen |= q.kernel.run(&w.inner, len(d.rank), d.first, d.above, d.weight, w.rows, w.rows, w.begun)
		for _, i := range w.list {
			w.begun[i] = 0
		}
		w.list = w.list[:0]
		// And a place is the least over its gates.
		w.seen |= q.kernel.run(&w.inner, q.to.Len(), q.to.First, q.toNode, q.toWeight, w.rows, w.out, w.nothing)
		use(Block{sources, w.out, w.number})
	}
	q.seen.Or(w.seen)
	w.seen = 0
}

// fit makes the memory large enough and empty.
func (w *sweeper) fit(q *Query) {
	up, down := len(q.up.rank), len(q.down.rank)
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
	if n := q.to.Len() * Lanes; cap(w.out) < n {
		w.out = aligned(n)
		w.nothing = make([]uint8, q.to.Len())
	}
	w.out = w.out[:q.to.Len()*Lanes]
}

// climb is the upward search of one source: in the order of the ranks, with a
// bit for each node that has been reached, in place of a queue. It leaves the
// distances in the source's lane of the rows of down.
func (w *sweeper) climb(q *Query, source int32, lane int) {
	up := &q.up
	highest := -1
	for g := q.from.First[source]; g < q.from.First[source+1]; g++ {
		i := q.fromNode[g]
		w.above[i] = min(w.above[i], q.from.Gates[g].Weight)
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
			if row := q.across[i]; row >= 0 {
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
