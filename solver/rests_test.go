package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// crowded draws a problem like tiny, with more breaks, wider legs and more
// links, so that what fits often fits only when breaks or partners move.
func crowded(random *rand.Rand) *Problem {
	p := tiny(random)
	period := &p.Profiles[0].Periods[0]
	if random.IntN(3) == 0 { // ways that are shorter over a third place
		for i := range period.Time {
			period.Time[i] += int32(random.IntN(3))
		}
	}
	for len(p.Shifts) < 2 {
		p.Shifts = append(p.Shifts, p.Shifts[0])
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Breaks = nil
		at := s.Start + int64(random.IntN(4))
		for range 1 + random.IntN(2) {
			b := Break{Window: Window{at, at + int64(random.IntN(9))}, Length: int64(random.IntN(4)), Location: None}
			if b.From > s.End-b.Length {
				break
			}
			if random.IntN(3) == 0 {
				special(random, &b)
			}
			s.Breaks = append(s.Breaks, b)
			at = b.From + int64(random.IntN(6))
		}
	}
	for i := range p.Tasks {
		mode := &p.Tasks[i].Modes[0]
		mode.Skills = nil
		last := &mode.Windows[len(mode.Windows)-1]
		last.To += int64(random.IntN(6))
	}
	for range 1 + random.IntN(3) {
		a, b := random.IntN(len(p.Tasks)), random.IntN(len(p.Tasks))
		if a != b {
			l := Link{First: int32(a), Second: int32(b), AllOrNothing: random.IntN(2) == 0, Shift: ShiftClause(random.IntN(3))}
			if random.IntN(2) == 0 {
				l.Min, l.Max = -int64(random.IntN(3)), int64(random.IntN(4))
			}
			p.Links = append(p.Links, l)
		}
	}
	return p
}

// fitsAnywhere tries all positions of a unit's tasks in the routes of a
// solution, all gaps of all breaks, and all starts.
func fitsAnywhere(p *Problem, s *Solution, unit []int32) bool {
	p = inOrder(p, s)
	o := &oracle{
		p: p, best: Infinity, asked: len(p.Tasks),
		routes: make([][]int32, len(p.Shifts)), gaps: make([][]int, len(p.Shifts)),
		start: make([]int64, len(p.Tasks)), shift: make([]int32, len(p.Tasks)), chosen: make([]int, len(p.Tasks)), any: true, pay: pricesOf(p), warm: s,
	}
	for task := range o.shift {
		o.shift[task] = None
	}
	for r := range s.Routes {
		for _, stop := range s.Routes[r].Stops {
			if stop.Task != None {
				o.routes[r] = append(o.routes[r], stop.Task)
				o.shift[stop.Task], o.chosen[stop.Task] = int32(r), int(stop.Mode)
			}
		}
	}
	o.seat(unit)
	return o.best < Infinity
}

func (o *oracle) seat(unit []int32) {
	if o.best < Infinity {
		return
	}
	if len(unit) == 0 {
		o.placeBreaks(0, 0, 0)
		return
	}
	task := unit[0]
	for k := range o.p.Tasks[task].Modes {
		o.chosen[task] = k
		o.seatSo(unit)
	}
	o.shift[task] = None
}

// seatSo seats the first of a unit in the mode at hand.
func (o *oracle) seatSo(unit []int32) {
	task := unit[0]
	t := &o.p.Tasks[task]
	for r := range o.routes {
		o.shift[task] = None
		if !o.may(t, o.mode(task), r) {
			continue
		}
		o.shift[task] = int32(r)
		before := o.routes[r]
		for at := 0; at <= len(before); at++ {
			o.routes[r] = slices.Insert(slices.Clone(before), at, task)
			o.seat(unit[1:])
		}
		o.routes[r] = before
	}
}

// Insertable agrees with trying everything: what fits anywhere, with breaks
// moved and partners shifted, is found, and what is found passes Check.
func TestInsertableIsComplete(t *testing.T) {
	problems := 3000
	if testing.Short() || invariantsOn {
		problems = 300
	}
	asked, fitting, linked := 0, 0, 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, 17))
		p := crowded(random)
		if seed%6 == 4 && seed%10 != 1 {
			p = several(random, p)
		}
		if seed%4 == 3 {
			p = changing(random, p)
		}
		switch seed % 10 {
		case 1:
			p = leveled(random, counting(random, p))
			for i := range p.Terms {
				p.Terms[i].Hard = false
			}
		case 2:
			p = altering(random, p)
		case 4:
			p = bringing(random, sharing(random, p))
		case 9:
			p = carrying(random, p)
		}
		if seed%7 == 6 {
			p = parted(random, p)
		}
		if seed%3 == 2 {
			p = choosing(random, p)
		}
		if seed%5 == 1 {
			p = pinning(random, p)
		}
		if seed%8 == 5 {
			p = classing(random, p)
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("problem %d: %v", seed, err)
		}
		full, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 30})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range Check(p, full) {
			t.Errorf("problem %d: %s", seed, b)
		}
		m := compile(context.Background(), p, false)
		tried := make([]bool, len(m.fault))
		for task := range int32(len(p.Tasks)) {
			unit := m.unitOf[task]
			if tried[unit] {
				continue
			}
			tried[unit] = true
			members := m.units.of(unit)
			s := without(full, members)
			if !newTimetable(newSchedule(m, newState(m))).lay(s) {
				continue // the way past what was taken out is longer than over it
			}
			want := fitsAnywhere(p, s, members)
			fit, got := Insertable(p, s, task)
			asked++
			if len(members) > 1 {
				linked++
			}
			if got {
				fitting++
				checkFit(t, p, s, m, unit, fit)
			}
			if got != want {
				t.Errorf("problem %d: unit %v fits: %v, found: %v", seed, members, want, got)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d asked, %d of them linked, %d fit", asked, linked, fitting)
}

// without takes tasks out of a solution.
func without(s *Solution, tasks []int32) *Solution {
	c := *s
	c.Routes = slices.Clone(s.Routes)
	for r := range c.Routes {
		c.Routes[r].Stops = slices.DeleteFunc(slices.Clone(s.Routes[r].Stops), func(x Stop) bool { return slices.Contains(tasks, x.Task) })
		if !slices.ContainsFunc(c.Routes[r].Stops, func(x Stop) bool { return x.Task != None }) {
			c.Routes[r].Stops = nil
		}
	}
	c.Unserved = append(slices.Clone(s.Unserved), tasks...)
	slices.Sort(c.Unserved)
	c.Unserved = slices.Compact(c.Unserved)
	return &c
}

// checkFit carries a fit out and lets Check judge it.
func checkFit(t *testing.T, p *Problem, s *Solution, m *model, unit int32, fit Fit) {
	t.Helper()
	table := newTimetable(newSchedule(m, newState(m)))
	if !table.lay(s) {
		t.Fatal("a solution with tasks taken out has no schedule")
	}
	f := newFitting(table)
	before := f.total()
	again, ok := f.fit(context.Background(), unit)
	if !ok || again.Cost != fit.Cost {
		t.Fatalf("fits at %d, then at %d", fit.Cost, again.Cost)
	}
	f.state.copyFrom(f.found)
	copy(f.start, f.foundAt)
	done := f.solution()
	for _, b := range Check(p, done) {
		t.Errorf("a fit of %v: %s", m.units.of(unit), b)
	}
	if done.Cost-before+m.fault[unit] != fit.Cost {
		t.Errorf("a fit of %v is said to cost %d, and costs %d", m.units.of(unit), fit.Cost, done.Cost-before+m.fault[unit])
	}
}

// What a search puts in when it ends takes a bounded amount of work, however many links
// tie the routes: branches for all units come out of one pool, and where it is empty the
// rest stays out. Without a bound this day took a minute.
func TestFillEnds(t *testing.T) {
	p := doses(300, 70, 2)
	s := solve(t, p, Options{Seed: 7, Iterations: 400})
	m := compile(context.Background(), p, false)
	table := newTimetable(newSchedule(m, newState(m)))
	if !table.lay(s) {
		t.Fatal("a solution has no schedule")
	}
	f := newFitting(table)
	f.each, f.pool = 10, 30
	f.fill(context.Background())
	if f.pool != 0 || len(f.state.out) == 0 {
		t.Errorf("%d branches are left, and %d units out", f.pool, len(f.state.out))
	}
}
