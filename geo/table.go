package geo

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
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
	var t Table
	if err := m.TableInto(ctx, &t, from, to, threads); err != nil {
		return Table{}, err
	}
	return t, nil
}

// TableInto is Table into the memory of a table that is not needed any more.
// When it is large enough, and with one thread, nothing is allocated from the
// second call on. After an error the table holds nothing of use.
func (m *Metric) TableInto(ctx context.Context, t *Table, from, to []Snap, threads int) error {
	if err := m.acquire(); err != nil {
		return err
	}
	defer m.release()
	if len(from) > 0 && len(to) > math.MaxInt/len(from) {
		return fmt.Errorf("geo: a table of %d by %d is too large", len(from), len(to))
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	t.Rows, t.Cols = len(from), len(to)
	t.Seconds, t.Metres = resize(t.Seconds, t.Rows*t.Cols), resize(t.Metres, t.Rows*t.Cols)
	b, _ := m.tables.Get().(*tableau)
	if b == nil {
		b = &tableau{m: m}
		b.use = b.take
	}
	defer m.tables.Put(b)
	b.t = t
	defer func() { b.t = nil }()
	b.begin(threads)
	if threads > 1 && min(len(from), len(to)) > cch.Lanes {
		b.fillTogether(from, to)
	} else {
		b.fillFrom(from)
		b.fillTo(to)
	}
	if err := b.from.err; err != nil {
		return fmt.Errorf("from%w", err)
	}
	if err := b.to.err; err != nil {
		return fmt.Errorf("to%w", err)
	}
	ok, err := b.query.Run(ctx, threads, b.use)
	if err == nil && !ok {
		err = b.search(ctx, threads)
	}
	if err == nil {
		m.outOfRange(t)
	}
	return err
}

// resize gives a slice another length. What it holds is of no use then.
func resize[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	return s[:n]
}

// tableau is a table in the making. The hierarchy knows graph nodes only: the
// gates of the places. Legs between two places of one chain, without passing
// its ends, are put in here. It is scratch memory, used again.
type tableau struct {
	m        *Metric
	t        *Table
	from, to ends
	of       *cch.Metric // whose query it is: m may change over to another
	query    *cch.Query
	use      func(cch.Block) // take
	rowFirst []int32         // the rows of source s are rows[rowFirst[s]:rowFirst[s+1]]
	rows     []int32
	onChain  []uint64 // targets inside of chains: the chain above the target, ascending
	runs     []run    // columns by place
	lanes    []*lanes // by thread
}

// run is a run of columns with successive places.
type run struct {
	col    int
	target int32
	length int
}

// lanes is the scratch memory of a thread: where the seconds and metres of a
// block go.
type lanes struct {
	seconds, metres [cch.Lanes][]int32
	memory          []int32
	cost            costing
}

// begin makes ready for so many threads.
func (b *tableau) begin(threads int) {
	if b.of != b.m.ch {
		b.of, b.query = b.m.ch, b.m.ch.Query()
	}
	for len(b.lanes) < threads {
		b.lanes = append(b.lanes, new(lanes))
	}
	for _, l := range b.lanes {
		l.cost = costing{} // of a setting that may have changed
	}
}

// fillTogether fills both sides, each on a thread.
func (b *tableau) fillTogether(from, to []Snap) {
	var other sync.WaitGroup
	other.Go(func() { b.fillTo(to) })
	b.fillFrom(from)
	other.Wait()
}

// fillFrom prepares the side of the sources: the rows of each, and the part of
// the hierarchy above them.
func (b *tableau) fillFrom(snaps []Snap) {
	if b.from.fill(b.m, snaps, true); b.from.err != nil {
		return
	}
	n := len(b.from.places)
	b.rowFirst, b.rows = resize(b.rowFirst, n+1), resize(b.rows, len(b.from.of))
	clear(b.rowFirst)
	for _, s := range b.from.of {
		b.rowFirst[s+1]++
	}
	for s := range n {
		b.rowFirst[s+1] += b.rowFirst[s]
	}
	for row := len(b.from.of) - 1; row >= 0; row-- { // fills each from its end
		s := b.from.of[row]
		b.rowFirst[s+1]--
		b.rows[b.rowFirst[s+1]] = int32(row)
	}
	copy(b.rowFirst, b.rowFirst[1:])
	b.rowFirst[n] = int32(len(b.rows))
	b.from.err = b.query.From(b.from.outer)
}

// fillTo prepares the side of the targets: the columns of each, the chains that
// they lie on, and the part of the hierarchy above them.
func (b *tableau) fillTo(snaps []Snap) {
	if b.to.fill(b.m, snaps, false); b.to.err != nil {
		return
	}
	b.onChain = b.onChain[:0]
	for j := range b.to.places {
		if chain := b.to.places[j].chain; chain >= 0 {
			b.onChain = append(b.onChain, uint64(chain)<<32|uint64(j))
		}
	}
	slices.Sort(b.onChain)
	b.runs = b.runs[:0]
	for col, target := range b.to.of {
		if last := len(b.runs) - 1; last >= 0 && b.runs[last].target+int32(b.runs[last].length) == target {
			b.runs[last].length++
		} else {
			b.runs = append(b.runs, run{col, target, 1})
		}
	}
	b.to.err = b.query.To(b.to.outer)
}

func (b *tableau) rowsOf(source int32) []int32 {
	return b.rows[b.rowFirst[source]:b.rowFirst[source+1]]
}

// alongChain visits the legs of a source that stay on its chain.
func (b *tableau) alongChain(c *costing, source int32, visit func(target int32, w weight)) {
	p := &b.from.places[source]
	if p.chain < 0 {
		return
	}
	at, _ := slices.BinarySearch(b.onChain, uint64(p.chain)<<32)
	for ; at < len(b.onChain) && int32(b.onChain[at]>>32) == p.chain; at++ {
		j := int32(uint32(b.onChain[at]))
		if w, _ := b.m.direct(c, p, &b.to.places[j]); w != never {
			visit(j, w)
		}
	}
}

// take writes a block of distances into the table.
func (b *tableau) take(block cch.Block) {
	to := b.lanes[block.Worker]
	for lane, s := range block.Sources {
		b.alongChain(&to.cost, s, func(target int32, w weight) {
			at := int(target)*cch.Lanes + lane
			block.Weights[at] = min(block.Weights[at], w)
		})
	}
	b.m.verify(b, block) // only with the build tag invariants
	// Straight into the rows of the table, where each place has one column, in
	// order; else into rows of places, from which runs of columns are copied.
	places := len(b.to.places)
	straight := len(b.runs) <= 1 && places == b.t.Cols
	to.memory = resize(to.memory, 2*cch.Lanes*places)
	for lane := range to.seconds {
		if straight && lane < len(block.Sources) {
			to.seconds[lane], to.metres[lane] = b.row(b.rowsOf(block.Sources[lane])[0])
			continue
		}
		at := 2 * lane * places
		to.seconds[lane], to.metres[lane] = to.memory[at:at+places], to.memory[at+places:at+2*places]
	}
	high, low := &to.seconds, &to.metres
	if b.m.shortest {
		high, low = low, high
	}
	cch.Spread(block.Weights, b.m.shift(), high, low)
	for lane, s := range block.Sources {
		for i, row := range b.rowsOf(s) {
			if straight && i == 0 {
				continue
			}
			seconds, metres := b.row(row)
			for _, r := range b.runs {
				copy(seconds[r.col:r.col+r.length], to.seconds[lane][r.target:])
				copy(metres[r.col:r.col+r.length], to.metres[lane][r.target:])
			}
		}
	}
}

// row is a row of the table.
func (b *tableau) row(row int32) (seconds, metres []int32) {
	at, end := int(row)*b.t.Cols, (int(row)+1)*b.t.Cols
	return b.t.Seconds[at:end:end], b.t.Metres[at:end:end]
}

// search computes the table by one Dijkstra search a source: for metrics with
// weights so long that sums do not fit (see cch.Metric.Overflow).
func (b *tableau) search(ctx context.Context, threads int) error {
	m := b.m
	aim := m.aim(b.to.places)
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
			if i >= len(b.from.places) {
				return
			}
			exits = m.exits(exits[:0], &cost, &b.from.places[i])
			if !s.run(m, exits, aim.wanted, aim.count, &stop) {
				return
			}
			row := aim.row(m, s)
			b.alongChain(&cost, int32(i), func(target int32, w weight) {
				row[target] = min(row[target], w)
			})
			for _, r := range b.rowsOf(int32(i)) {
				for col, target := range b.to.of {
					at := int(r)*b.t.Cols + col
					if w := row[target]; w >= never {
						b.t.Seconds[at], b.t.Metres[at] = Unreachable, Unreachable
					} else {
						b.t.Seconds[at], b.t.Metres[at] = m.seconds(w), m.metres(w)
					}
				}
			}
		}
	}
	var group sync.WaitGroup
	for range min(threads, len(b.from.places)) {
		group.Go(work)
	}
	group.Wait()
	return ctx.Err()
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
