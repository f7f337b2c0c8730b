package geo

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
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

// Table computes all legs from each place of from to each place of to, exactly:
// one Dijkstra search per different place in from, on so many threads (0: as
// many as the machine has). The result does not depend on the number.
func (m *Metric) Table(ctx context.Context, from, to []Snap, threads int) (Table, error) {
	if err := m.region.acquire(); err != nil {
		return Table{}, err
	}
	defer m.region.mu.RUnlock()
	if len(from) > 0 && len(to) > math.MaxInt/len(from) {
		return Table{}, fmt.Errorf("geo: a table of %d by %d is too large", len(from), len(to))
	}
	sources, sourceOf, err := m.distinct(from, "from")
	if err != nil {
		return Table{}, err
	}
	targets, targetOf, err := m.distinct(to, "to")
	if err != nil {
		return Table{}, err
	}
	t := Table{
		Rows: len(from), Cols: len(to),
		Seconds: make([]int32, len(from)*len(to)), Metres: make([]int32, len(from)*len(to)),
	}
	aim := m.aim(targets)
	var cost costing
	var exits []gate
	for i := range sources {
		exits = m.exits(exits, &cost, &sources[i])
	}
	start := m.start(exits, aim.gates)
	rowsOf := make([][]int, len(sources))
	for i, s := range sourceOf {
		rowsOf[s] = append(rowsOf[s], i)
	}

	var stop atomic.Bool
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	var next atomic.Int64
	work := func() {
		s := m.borrow()
		defer m.giveBack(s)
		var cost costing
		var exits []gate
		row := make([]weight, len(targets))
		for !stop.Load() {
			i := int(next.Add(1)) - 1
			if i >= len(sources) {
				return
			}
			exits = m.exits(exits[:0], &cost, &sources[i])
			if !s.run(m, exits, start, aim.wanted, aim.count, &stop) {
				return
			}
			m.verifyRow(s, exits, &aim) // only with the build tag invariants
			for j := range targets {
				row[j], _ = m.direct(&cost, &sources[i], &targets[j])
				for _, g := range aim.gates[aim.first[j]:aim.first[j+1]] {
					if d := s.dist[g.node]; d != never && fits(d, g.weight, m.low()) {
						row[j] = min(row[j], d+g.weight)
					}
				}
			}
			for _, r := range rowsOf[i] {
				for j, target := range targetOf {
					at := r*t.Cols + j
					if w := row[target]; w == never {
						t.Seconds[at], t.Metres[at] = Unreachable, Unreachable
					} else {
						t.Seconds[at], t.Metres[at] = m.seconds(w), m.metres(w)
					}
				}
			}
		}
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var group sync.WaitGroup
	for range min(threads, len(sources)) {
		group.Go(work)
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return Table{}, err
	}
	return t, nil
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
