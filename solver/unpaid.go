package solver

import (
	"fmt"
	"slices"
)

// unpaid finds prices that would count for nothing, because their terms are not
// listed. Each term is told of once, at the first field that has a price in it.
type unpaid struct {
	*validation
	off map[TermKind]bool // terms that are not listed, and not told of yet
}

// validatePaid refuses prices of terms that are off.
func (p *Problem) validatePaid(v *validation) {
	x := unpaid{v, map[TermKind]bool{}}
	for _, t := range DefaultTerms() {
		x.off[t.Kind] = !slices.ContainsFunc(p.Terms, func(own Term) bool { return own.Kind == t.Kind })
	}
	if len(p.Terms) == 0 {
		return // that is told elsewhere
	}
	for i := range p.Shifts {
		x.ofShift(&p.Shifts[i], i)
	}
	late := !slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Kind == TermTardiest })
	for i := range p.Tasks {
		x.ofTask(&p.Tasks[i], i, late)
	}
	for i, g := range p.Groups {
		x.price(TermGroups, g.ShiftCost, "groups[%d].shiftCost", i)
	}
	for i, c := range p.Coverage {
		x.price(TermCoverage, c.Cost, "coverage[%d].cost", i)
	}
}

func (x *unpaid) ofShift(s *Shift, i int) {
	x.price(TermFixed, s.Fixed, "shifts[%d].fixed", i)
	x.price(TermTravel, s.TimeCost, "shifts[%d].timeCost", i)
	x.price(TermDistance, s.DistanceCost, "shifts[%d].distanceCost", i)
	x.price(TermWork, s.WorkCost, "shifts[%d].workCost", i)
	x.price(TermWait, s.WaitCost, "shifts[%d].waitCost", i)
	for j, tier := range s.Overtime[:max(len(s.Overtime)-1, 0)] {
		x.price(TermOvertime, tier.Cost, "shifts[%d].overtime[%d].cost", i, j)
	}
	for j := range s.Breaks {
		x.price(TermBreaks, s.Breaks[j].MissCost, "shifts[%d].breaks[%d].missCost", i, j)
	}
	for j := range s.Refills {
		x.price(TermAssign, s.Refills[j].Cost, "shifts[%d].refills[%d].cost", i, j)
	}
}

// ofTask looks at a task; late says that nobody else pays for lateness.
func (x *unpaid) ofTask(t *Task, i int, late bool) {
	if t.UnservedCost != Infinity {
		x.price(TermUnserved, t.UnservedCost, "tasks[%d].unservedCost", i)
	}
	x.price(TermChanges, t.Was.ShiftCost, "tasks[%d].was.shiftCost", i)
	x.price(TermChanges, t.Was.StartCost, "tasks[%d].was.startCost", i)
	for k := range t.Modes {
		m := &t.Modes[k]
		x.price(TermAssign, m.Cost, "tasks[%d].modes[%d].cost", i, k)
		if r := slices.IndexFunc(m.ShiftCost, func(cost int64) bool { return cost > 0 }); x.off[TermAssign] && r >= 0 {
			x.price(TermAssign, m.ShiftCost[r], "tasks[%d].modes[%d].shiftCost[%d]", i, k, r)
		}
		if m.ByWindow == nil {
			x.wish(&m.Preferred, late, "tasks[%d].modes[%d].preferred", i, k)
		}
		for j := range m.ByWindow {
			x.wish(&m.ByWindow[j], late, "tasks[%d].modes[%d].byWindow[%d]", i, k, j)
		}
	}
}

func (x *unpaid) wish(p *Preferred, late bool, format string, args ...any) {
	x.price(TermPreferred, p.Early, format+".early", args...)
	if late {
		x.price(TermPreferred, p.Late, format+".late", args...)
	}
}

// price judges a price in a term.
func (x *unpaid) price(kind TermKind, price int64, format string, args ...any) {
	if price > 0 && x.off[kind] {
		x.off[kind] = false
		x.wrong("%s: %d, which nobody would pay, for terms lists no %q; add Term{Kind: %[3]q, Weight: 1}, or leave the price out", fmt.Sprintf(format, args...), price, kind)
	}
}
