package solver

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// otherPerson and otherTime are what the oracle pays for changes.
func (o *oracle) otherPerson(t *Task, r int) int64 {
	if t.Was.ShiftCost == 0 || t.Was.Shift == int32(r) {
		return 0
	}
	before, now := o.p.Shifts[t.Was.Shift].Person, o.p.Shifts[r].Person
	if before != 0 && before == now {
		return 0
	}
	return t.Was.ShiftCost * o.pay.changes
}

func (o *oracle) otherTime(task int32) int64 {
	was := &o.p.Tasks[task].Was
	if off := o.start[task] - was.Start; off <= was.Tolerance && -off <= was.Tolerance {
		return 0
	}
	return was.StartCost * o.pay.changes
}

// altering gives a problem a roster that it is to change little, and some tasks
// windows that are about their end.
func altering(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Tasks {
		t := &p.Tasks[i]
		mode := &t.Modes[0]
		if random.IntN(4) == 0 {
			mode.AtEnd = true
			if t.Pin.Start != Infinity {
				t.Pin.Start -= mode.Service
			}
		}
		if random.IntN(3) == 0 {
			continue
		}
		w := mode.Windows[random.IntN(len(mode.Windows))]
		t.Was = Former{
			Shift: int32(random.IntN(len(p.Shifts))), ShiftCost: int64(random.IntN(9)),
			Start: w.From - 1 + random.Int64N(w.To-w.From+4), Tolerance: int64(random.IntN(3)), StartCost: int64(random.IntN(9)),
		}
	}
	p.Terms = weighed(p.Terms, TermChanges, 1+int64(random.IntN(2)))
	return p
}

// classing makes services differ with who does a task, and windows of some of those be
// about their end.
func classing(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Shifts {
		p.Shifts[i].Class = int32(random.IntN(3))
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		t.Modes = slices.Clone(t.Modes)
		for k := range t.Modes {
			mode := &t.Modes[k]
			if random.IntN(3) == 0 {
				continue
			}
			mode.ByClass = []int64{int64(random.IntN(3)), int64(random.IntN(3)), int64(random.IntN(4))}
			if mode.AtEnd = random.IntN(2) == 0; mode.AtEnd && k == 0 && t.Pin.Start != Infinity {
				t.Pin.Start -= mode.ByClass[p.Shifts[0].Class]
			}
		}
	}
	return p
}

// finishing gives every fifth task windows about its end, and half of the shifts longer
// services of those.
func finishing(p *Problem) *Problem {
	for i := range p.Shifts {
		p.Shifts[i].Class = int32(i % 2)
	}
	for i := 0; i < len(p.Tasks); i += 5 {
		p.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
		for k := range p.Tasks[i].Modes {
			mode := &p.Tasks[i].Modes[k]
			mode.AtEnd, mode.ByClass = true, []int64{mode.Service, mode.Service + 600}
		}
	}
	return p
}

// A carer falls ill: what the others do is planned anew, and few of them get
// another list where that has a price.
func TestFewPeopleGetANewList(t *testing.T) {
	iterations := int64(2500)
	if invariantsOn {
		iterations = 500
	}
	p := homeCare(90, 11, 3)
	before := solve(t, p, Options{Seed: 1, Iterations: iterations})
	sick := slices.IndexFunc(before.Routes, func(r Route) bool { return len(r.Stops) > 0 })
	for r := range before.Routes {
		for _, stop := range before.Routes[r].Stops {
			if stop.Task != None {
				p.Tasks[stop.Task].Was = Former{Shift: int32(r), ShiftCost: 900, Start: stop.Start, Tolerance: 600, StartCost: 300}
			}
		}
	}
	p.Shifts[sick].Skills = NewBits()
	changes := func(s *Solution) (who, when int) {
		for r := range s.Routes {
			for _, stop := range s.Routes[r].Stops {
				if stop.Task == None || p.Tasks[stop.Task].Was.ShiftCost == 0 {
					continue
				}
				was := &p.Tasks[stop.Task].Was
				if was.Shift != int32(r) {
					who++
				}
				if off := stop.Start - was.Start; off < -600 || off > 600 {
					when++
				}
			}
		}
		return who, when
	}
	o := Options{Seed: 2, Iterations: iterations, Warm: before}
	without := *p
	without.Terms = slices.DeleteFunc(slices.Clone(p.Terms), func(t Term) bool { return t.Kind == TermChanges })
	anew := solve(t, payable(&without), o)
	kept := solve(t, p, o)
	who, when := changes(anew)
	whoKept, whenKept := changes(kept)
	t.Logf("of %d tasks %d are with others and %d at another time; with a price for that %d and %d", len(p.Tasks), who, when, whoKept, whenKept)
	if whoKept > who/2 || whenKept > when/2 || len(kept.Unserved) > len(anew.Unserved) {
		t.Errorf("%d and %d changes, without a price %d and %d", whoKept, whenKept, who, when)
	}
}
