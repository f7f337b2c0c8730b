package solver

import "slices"

// What differs from a given roster has a price by task. Who does it is a matter of
// the task and the shift alone, and so is part of what that pair costs; leaving it
// out is part of the fault. When it starts is a step: nothing as long as the start
// is near enough, and the whole price from there on. A task is put in "keen" where
// its start costs nothing, as with preferred windows, and the timing of a route
// cuts the cost of a start at both ends of what is near enough, so it is exact
// there too.

// differs is what it costs that a shift does a task which the given roster has
// another person do.
func (m *model) differs(t *Task, r int) int64 {
	was := &t.Was
	if was.ShiftCost == 0 || m.person[was.Shift] == m.person[r] {
		return 0
	}
	return was.ShiftCost * m.weight.changes
}

// dropped is what it costs to leave a task out that the given roster has.
func (m *model) dropped(t *Task) int64 { return t.Was.ShiftCost * m.weight.changes }

// remember notes when a task starts in the given roster, as far as that costs.
func (n *nodeModel) remember(was *Former, weight int64) {
	n.was = Window{was.Start - was.Tolerance, was.Start + was.Tolerance}
	if n.wasCost = was.StartCost * weight; n.wasCost > 0 {
		n.priced = true
	}
}

// moved is what a start costs for being another one than in the given roster.
func (n *nodeModel) moved(start int64) int64 {
	if start < n.was.From || start > n.was.To {
		return n.wasCost
	}
	return 0
}

// asBefore are the parts of windows where a start is no change.
func (n *nodeModel) asBefore(windows []Window) []Window {
	if n.wasCost == 0 {
		return windows
	}
	var parts []Window
	for _, w := range windows {
		if part := (Window{max(w.From, n.was.From), min(w.To, n.was.To)}); part.From <= part.To {
			parts = append(parts, part)
		}
	}
	return parts
}

// findKeen finds the parts of a task's windows that are worth waiting for: where a
// start costs nothing, or else where it is no change, or else where it is welcome.
func (n *nodeModel) findKeen() {
	welcome := inside(n)
	for _, parts := range [][]Window{n.asBefore(welcome), n.asBefore(n.hard), welcome} {
		if len(parts) > 0 {
			if n.keen = parts; slices.Equal(parts, n.hard) {
				n.keen = nil
			}
			break
		}
	}
	n.keenPriced = n.keen != nil && n.wasCost > 0 && n.offWindow(n.keen[0].From)+n.offWindow(n.keen[len(n.keen)-1].To) > 0
}

// unchanged is a start nearest to another one that is no change.
func (n *nodeModel) unchanged(start int64) int64 { return max(n.was.From, min(n.was.To, start)) }

// byStart is a mode whose windows are about the start.
func (m *Mode) byStart() *Mode {
	if !m.AtEnd {
		return m
	}
	x := *m
	earlier := func(p Preferred) Preferred {
		p.From, p.To = p.From-m.Service, p.To-m.Service
		return p
	}
	x.AtEnd, x.Preferred = false, earlier(m.Preferred)
	x.Windows, x.ByWindow = slices.Clone(m.Windows), slices.Clone(m.ByWindow)
	for i := range x.Windows {
		x.Windows[i].From -= m.Service
		x.Windows[i].To -= m.Service
	}
	for i := range x.ByWindow {
		x.ByWindow[i] = earlier(x.ByWindow[i])
	}
	return &x
}
