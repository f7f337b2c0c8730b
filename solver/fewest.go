package solver

import (
	"context"
	"math"
)

// Where a shift costs far more than all that is done on it, fewest shifts come
// first, and no small step leads from one number of shifts to the next: all that
// a shift does must find room elsewhere before anything is gained. So the search
// begins by closing one shift after the other. What the closed one did is left
// out, and ruins go on with the shifts that are left until nothing is out. A step
// is accepted when what it leaves out has been out less often than what was left
// out before (the absence counters of Christiaens and Vanden Berghe 2020, section
// 5.4), and else by its cost when it leaves out as much. What the first solution has left
// out may stay out; a task that must be done has to be found room before any shift is
// closed. The first worker does this alone.

const (
	fewestFactor = 4 // shifts cost so many times as much as what is done on them
	fewestShare  = 3 // one in so many parts of the budget is for closing shifts
)

// fewestFirst tells whether fewest shifts come first in the first solution: by their
// price, or by a level above that of what routes cost.
func (c *crew) fewestFirst() bool {
	fixed, rest, _ := c.costs()
	return fixed > fewestFactor*rest || fixed > 0 && c.model.problem.fewestLevel()
}

// fewestLevel tells whether what shifts cost stands in a level above all that the way
// and the work cost.
func (p *Problem) fewestLevel() bool {
	at, rest := math.MaxInt, math.MaxInt
	for i := range p.Terms {
		switch t := &p.Terms[i]; t.Kind {
		case TermFixed:
			at = t.level()
		case TermTravel, TermDistance, TermWork:
			rest = min(rest, t.level())
		}
	}
	return at < rest && rest < math.MaxInt
}

// costs are what the shifts in use cost and what is done on them, and how many
// tasks that is.
func (c *crew) costs() (fixed, rest int64, served int) {
	s := c.current
	for r := range s.cost {
		if s.size[r] > 0 {
			fixed += c.model.shifts[r].fixed
			rest += s.cost[r] - c.model.shifts[r].fixed
		}
		served += int(s.size[r])
	}
	return fixed, rest, served
}

// coolFurther lets the temperature fall to where what is done on the shifts is
// searched well too.
func (c *crew) coolFurther(a *anneal) {
	if _, rest, served := c.costs(); c.fewestFirst() {
		a.cold = min(a.hot, max(1, float64(rest)/float64(max(served, 1)))*coldShare)
	}
}

// closeShifts closes shifts for its part of the budget, and reports it.
func (c *crew) closeShifts(ctx context.Context, o *Options, a *anneal, news *reporter) {
	w := c.workers[0]
	if c.current.total >= c.model.mandatory || !c.fewestFirst() {
		return
	}
	w.state.copyFrom(c.current)
	w.everything()
	w.adopt()
	w.closing = true
	rate := w.exchangeRate
	w.exchangeRate = max(rate, exchangeRareRate)
	for c.stopped(ctx, o, a) == "" && w.closeOne(ctx, a, c.done) {
		c.best.copyFrom(w.best)
		c.current.copyFrom(w.best)
		c.done += w.iterations
		w.iterations = 0
		news.look(true)
	}
	c.done += w.iterations
	w.iterations = 0
	clear(w.absent)
	w.closing, w.exchangeRate = false, rate
	w.state.copyFrom(c.current)
	w.everything()
	w.adopt()
}

// closeOne closes one shift more, and leaves no more out than before. It says false
// when the budget was too short for that.
func (w *search) closeOne(ctx context.Context, a *anneal, done int64) bool {
	s, m := w.state, w.model
	faults := s.total - w.butFaults(s)
	least := None // the dearest shift, and of those the one that does least
	for r := range m.shifts {
		fixed := m.shifts[r].fixed
		if s.size[r] == 0 || m.openAt(int32(r)) > 0 || fixed == 0 {
			continue
		}
		if least == None || fixed > m.shifts[least].fixed || fixed == m.shifts[least].fixed && s.size[r] < s.size[least] {
			least = int32(r)
		}
	}
	if least == None {
		return false
	}
	w.hit, w.gone = w.hit[:0], w.gone[:0]
	w.forget()
	for v := s.nodes[m.startOf(least)].next; int(v) < m.tasks; v = s.nodes[v].next {
		w.drop(v)
	}
	ok := w.takeOut()
	for _, r := range w.hit {
		w.isHit[r] = false
	}
	if !ok {
		return false
	}
	w.mineRoutes = w.mineRoutes[:0]
	for r := range m.shifts {
		if w.active[r] = s.size[r] > 0; w.active[r] {
			w.mineRoutes = append(w.mineRoutes, int32(r))
		}
	}
	if len(w.mineRoutes) == 0 {
		return false
	}
	w.lookAround()
	for r := range s.version {
		w.touch(int32(r))
	}
	w.stale = 0 // what is out is looked at everywhere this once
	w.broken = false
	w.recreate()
	if w.broken || !w.callBack() {
		return false
	}
	s.reprice(m)
	w.last.copyFrom(s)
	for i := 0; ; i++ {
		if i&7 == 0 && (ctx.Err() != nil || a.cool(done+w.iterations) || a.share(done+w.iterations)*fewestShare >= 1) {
			return false
		}
		w.step(a.threshold(w.random))
		if w.last.total-w.butFaults(w.last) <= faults && w.last.total < w.best.total {
			w.state.copyFrom(w.last)
			w.best.copyFrom(w.last)
			return true
		}
		for _, unit := range w.last.out {
			w.absent[unit]++
		}
	}
}

// step is one iteration of closing a shift: one as any other, but for what is
// accepted.
func (w *search) step(threshold int64) {
	if !w.change(threshold) {
		return
	}
	before, now := w.absences(w.last), w.absences(w.state)
	w.decide(now < before || now == before && w.butFaults(w.state)-w.butFaults(w.last) < threshold)
}

// absences is how often what a state leaves out has been left out.
func (w *search) absences(s *state) int64 {
	var sum int64
	for _, unit := range s.out {
		sum += w.absent[unit] + 1
	}
	return sum
}

// butFaults is what a state costs without what it leaves out.
func (w *search) butFaults(s *state) int64 {
	total := s.total
	for _, unit := range s.out {
		total -= w.model.fault[unit]
	}
	return total
}
