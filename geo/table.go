package geo

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/slinga-se/slinga/geo/cch"
)

// Unreachable stands in a Table where no route exists.
const Unreachable = math.MaxInt32

// Table holds travel times and distances between two lists of places, row by
// row: from row i to column j at index i*Cols+j. Both are rounded up.
type Table struct {
	Rows, Cols int
	Seconds    []int32
	Metres     []int32 // along the route that Seconds is about
}

// At is the time in seconds and the distance in metres from row i to column j.
func (t *Table) At(i, j int) (seconds, metres int32) {
	return t.Seconds[i*t.Cols+j], t.Metres[i*t.Cols+j]
}

// Table computes all legs from each place of from to each place of to, exactly,
// on so many threads (0: as many as the machine has). The result does not
// depend on the number.
func (m *Metric) Table(ctx context.Context, from, to []Snap, threads int) (Table, error) {
	if err := m.region.acquire(); err != nil {
		return Table{}, err
	}
	defer m.region.mu.RUnlock()
	if len(from) > 0 && len(to) > math.MaxInt/len(from) {
		return Table{}, fmt.Errorf("geo: a table of %d by %d is too large", len(from), len(to))
	}
	b := tableau{m: m, t: Table{
		Rows: len(from), Cols: len(to),
		Seconds: make([]int32, len(from)*len(to)), Metres: make([]int32, len(from)*len(to)),
	}}
	sources, sourceOf, err := m.distinct(from, "from")
	if err != nil {
		return Table{}, err
	}
	targets, targetOf, err := m.distinct(to, "to")
	if err != nil {
		return Table{}, err
	}
	b.sources, b.targets, b.colOf = sources, targets, targetOf
	b.rowsOf = make([][]int, len(sources))
	for i, s := range sourceOf {
		b.rowsOf[s] = append(b.rowsOf[s], i)
	}
	if err := b.compute(ctx, threads); err != nil {
		return Table{}, err
	}
	m.outOfRange(&b.t)
	return b.t, nil
}

// tableau is a table in the making. The hierarchy knows graph nodes only: the
// gates of the places. Legs between two places of one chain, without passing
// its ends, are put in here.
type tableau struct {
	m                *Metric
	t                Table
	sources, targets []place
	rowsOf           [][]int // rows of the table by source
	colOf            []int   // target by column of the table
	near             [][]leg // by source: targets on its chain
	scratch          sync.Map
}

// leg is a leg that stays on one chain.
type leg struct {
	target int
	weight weight
}

func (b *tableau) compute(ctx context.Context, threads int) error {
	m := b.m
	var cost costing
	var gates []gate
	gather := func(places []place, gatesOf func([]gate, *costing, *place) []gate) cch.Places {
		p := cch.Places{First: make([]int32, 1, len(places)+1)}
		for i := range places {
			gates = gatesOf(gates[:0], &cost, &places[i])
			for _, g := range gates {
				p.Gates = append(p.Gates, cch.Gate{Node: g.node, Weight: g.weight})
			}
			p.First = append(p.First, int32(len(p.Gates)))
		}
		return p
	}
	from, to := gather(b.sources, m.exits), gather(b.targets, m.entries)
	onChain := map[int32][]int{}
	for j := range b.targets {
		if c := b.targets[j].chain; c >= 0 {
			onChain[c] = append(onChain[c], j)
		}
	}
	b.near = make([][]leg, len(b.sources))
	for i := range b.sources {
		if b.sources[i].chain < 0 {
			continue
		}
		for _, j := range onChain[b.sources[i].chain] {
			if w, _ := m.direct(&cost, &b.sources[i], &b.targets[j]); w != never {
				b.near[i] = append(b.near[i], leg{j, w})
			}
		}
	}
	ok, err := m.ch.Table(ctx, from, to, threads, b.take)
	if err != nil || ok {
		return err
	}
	return b.search(ctx, threads)
}

// numbers is the scratch memory of a thread: both numbers of a block's weights.
type numbers struct{ high, low []int32 }

// take writes a block of distances into the table.
func (b *tableau) take(block cch.Block) {
	for lane, s := range block.Sources {
		for _, leg := range b.near[s] {
			at := leg.target*cch.Lanes + lane
			block.Weights[at] = min(block.Weights[at], leg.weight)
		}
	}
	b.m.verify(b, block) // only with the build tag invariants
	n := len(block.Weights)
	kept, _ := b.scratch.LoadOrStore(block.Worker, &numbers{make([]int32, n), make([]int32, n)})
	seconds, metres := kept.(*numbers).high, kept.(*numbers).low
	cch.Split(block.Weights, b.m.shift(), seconds, metres)
	if b.m.shortest {
		seconds, metres = metres, seconds
	}
	for lane, s := range block.Sources {
		for _, row := range b.rowsOf[s] {
			toS := b.t.Seconds[row*b.t.Cols : (row+1)*b.t.Cols]
			toM := b.t.Metres[row*b.t.Cols : (row+1)*b.t.Cols]
			for col, target := range b.colOf {
				at := target*cch.Lanes + lane
				toS[col], toM[col] = seconds[at], metres[at]
			}
		}
	}
}

// search computes the table by one Dijkstra search a source: for metrics with
// weights so long that sums do not fit (see cch.Metric.Overflow).
func (b *tableau) search(ctx context.Context, threads int) error {
	m := b.m
	aim := m.aim(b.targets)
	var stop atomic.Bool
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	var next atomic.Int64
	work := func() {
		s := m.borrow()
		defer m.giveBack(s)
		var cost costing
		var exits []gate
		for !stop.Load() {
			i := int(next.Add(1)) - 1
			if i >= len(b.sources) {
				return
			}
			exits = m.exits(exits[:0], &cost, &b.sources[i])
			if !s.run(m, exits, aim.wanted, aim.count, &stop) {
				return
			}
			row := aim.row(m, s)
			for _, leg := range b.near[i] {
				row[leg.target] = min(row[leg.target], leg.weight)
			}
			for _, r := range b.rowsOf[i] {
				for col, target := range b.colOf {
					at := r*b.t.Cols + col
					if w := row[target]; w >= never {
						b.t.Seconds[at], b.t.Metres[at] = Unreachable, Unreachable
					} else {
						b.t.Seconds[at], b.t.Metres[at] = m.seconds(w), m.metres(w)
					}
				}
			}
		}
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var group sync.WaitGroup
	for range min(threads, len(b.sources)) {
		group.Go(work)
	}
	group.Wait()
	return ctx.Err()
}

// distinct turns snaps into places and lists each place once: visits to one
// home share a search.
func (m *Metric) distinct(snaps []Snap, what string) (places []place, of []int, err error) {
	of = make([]int, len(snaps))
	known := map[place]int{}
	for i, s := range snaps {
		p, err := m.place(s)
		if err != nil {
			return nil, nil, fmt.Errorf("%s[%d]: %w", what, i, err)
		}
		at, ok := known[p]
		if !ok {
			at = len(places)
			known[p] = at
			places = append(places, p)
		}
		of[i] = at
	}
	return places, of, nil
}

// aim is a list of targets prepared for searches.
type aim struct {
	first  []int // target j is entered by gates[first[j]:first[j+1]]
	gates  []gate
	wanted []bool // by graph node
	count  int    // of wanted nodes
}

func (m *Metric) aim(targets []place) aim {
	a := aim{first: make([]int, 1, len(targets)+1), wanted: make([]bool, m.t.nodes())}
	var cost costing
	for i := range targets {
		a.gates = m.entries(a.gates, &cost, &targets[i])
		a.first = append(a.first, len(a.gates))
	}
	for _, g := range a.gates {
		if !a.wanted[g.node] {
			a.wanted[g.node] = true
			a.count++
		}
	}
	return a
}

// row is the weights to all targets after a search.
func (a *aim) row(m *Metric, s *search) []weight {
	row := make([]weight, len(a.first)-1)
	for j := range row {
		row[j] = never
		for _, g := range a.gates[a.first[j]:a.first[j+1]] {
			if sum := s.dist[g.node] + g.weight; fits(sum, m.guard()) {
				row[j] = min(row[j], sum)
			}
		}
	}
	return row
}
