package planner

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// A way is how a visit may be served: at these times, by any of these shifts.
// The solver knows one set of times and one set of shifts a task, and every
// shift of the set may come at every time. A delegation that ends in the
// middle of a window does not fit that: before its end more may come than
// after it. Such a visit has several ways, of which one holds at a time:
//
//	window       08 ============== 12
//	nurse        may all the time
//	assistant    may until 10
//
//	first way    08-12: nurse
//	second way   08-10: nurse, assistant
//
// Together the ways leave nothing out: whoever may come at a time is among the
// shifts of a way that holds then.
type way struct {
	windows []care.Window
	shifts  solver.Bits
}

// starts is when the shift's carer may start the visit, rest and hours aside.
func (t *translation) starts(visit, shift int) []care.Window {
	return t.index.MayStart(visit, t.index.ShiftCarer(shift))
}

// windows are those of a visit, or the time that it is pinned to.
func (t *translation) windows(visit int) []care.Window {
	if at := t.pinned[visit]; at != nil {
		return []care.Window{{From: *at, To: *at}}
	}
	return t.day.Visits[visit].Windows
}

// waysWithin lists the ways of a visit within windows for which there are
// enough carers, in the order in which they are tried: first the one that holds
// all the time, with the shifts whose carers may come throughout.
func (t *translation) waysWithin(visit int, windows []care.Window) []way {
	list := []way{t.during(visit, windows)}
	var edges []care.Time // where those who may come change
	for shift := range t.day.Shifts {
		if !t.index.Rested(shift) || !t.reaches(visit, shift) || list[0].shifts.Has(shift) {
			continue
		}
		for _, w := range t.starts(visit, shift) {
			edges = append(edges, w.From, w.To+1)
		}
	}
	if len(edges) == 0 {
		return list
	}
	for _, w := range windows {
		edges = append(edges, w.From, w.To+1)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var pieces []way
	for i := range len(edges) - 1 {
		piece := []care.Window{{From: edges[i], To: edges[i+1] - 1}}
		if covered(piece, windows) {
			pieces = append(pieces, t.during(visit, piece))
		}
	}
	for _, p := range pieces {
		whole := way{shifts: p.shifts}
		for _, q := range pieces {
			if p.shifts.Within(q.shifts) {
				whole.windows = joined(whole.windows, q.windows[0])
			}
		}
		if !slices.ContainsFunc(list, func(w way) bool { return p.shifts.Within(w.shifts) && w.shifts.Within(p.shifts) }) {
			list = append(list, whole)
		}
	}
	return t.withEnough(visit, list)
}

// withEnough leaves the ways for which there are enough carers who could be
// there with nothing else to do; one stays in any case.
func (t *translation) withEnough(visit int, list []way) []way {
	kept := slices.DeleteFunc(slices.Clone(list), func(w way) bool {
		return t.carers(func(shift int) bool { return w.shifts.Has(shift) && t.fitsAlone(visit, shift, w.windows) }) < t.day.Visits[visit].Carers
	})
	if len(kept) == 0 {
		return list[:1]
	}
	return kept
}

// partly tells whether what is chosen for a visit leaves something out: another
// way, or times at which some may come.
func (t *translation) partly(visit int) bool {
	return len(t.ways[visit]) > 1 || !slices.Equal(t.ways[visit][0].windows, t.windows(visit))
}

// joined adds a window behind the last, or to it when there is no gap.
func joined(list []care.Window, w care.Window) []care.Window {
	if k := len(list) - 1; k >= 0 && list[k].To+1 == w.From {
		list[k].To = w.To
		return list
	}
	return append(list, w)
}

// during is the way of a visit that holds at given times. Times outside a
// shift's hours do not matter to it. A shift without a way there and back does
// not count as able to come (care.ReasonUnreachable), even where a matrix has a
// way by another visit.
func (t *translation) during(visit int, windows []care.Window) way {
	w := way{windows: windows, shifts: make(solver.Bits, (len(t.day.Shifts)+63)/64)}
	for shift := range t.day.Shifts {
		if !t.index.Rested(shift) || !t.reaches(visit, shift) {
			continue
		}
		s := &t.day.Shifts[shift]
		var within []care.Window
		for _, x := range windows {
			if from, to := max(x.From, s.Start), min(x.To, s.End); from <= to {
				within = append(within, care.Window{From: from, To: to})
			}
		}
		if starts := t.starts(visit, shift); len(starts) > 0 && covered(within, starts) {
			w.shifts = w.shifts.With(shift)
		}
	}
	return w
}

// covered tells whether each of some windows lies in one of others.
func covered(windows, by []care.Window) bool {
	for _, w := range windows {
		if !slices.ContainsFunc(by, func(o care.Window) bool { return o.From <= w.From && w.To <= o.To }) {
			return false
		}
	}
	return true
}

// choose makes a way hold for the tasks of a visit.
func (t *translation) choose(visit int, w way) {
	windows := make([]solver.Window, len(w.windows))
	for i, x := range w.windows {
		windows[i] = solver.Window{From: int64(x.From), To: int64(x.To)}
	}
	for _, task := range t.tasksOf[visit] {
		if task != solver.None {
			mode := &t.problem.Tasks[task].Modes[0]
			mode.Windows, mode.Allowed = windows, w.shifts
		}
	}
}
