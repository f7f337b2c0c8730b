package solver

import (
	"context"
	"testing"
)

// Where a shift costs more than all travel, shifts are closed until no more can
// be, all tasks are still done, and the same seed gives the same shifts.
func TestShiftsAreClosed(t *testing.T) {
	p := plane(60, 20, 40_000, 2)
	for i := range p.Shifts {
		p.Shifts[i].Capacity, p.Shifts[i].Fixed = []int64{10}, 10_000_000
	}
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].Load, p.Tasks[i].UnservedCost = []int64{1 + int64(i%3)}, Infinity
	}
	costs := map[int64]bool{}
	for range 2 {
		s := solve(t, p, Options{Seed: 3, Iterations: 3000})
		used := 0
		for r := range s.Routes {
			if len(s.Routes[r].Stops) > 0 {
				used++
			}
		}
		if used > 12 { // 120 to carry, 10 at a time
			t.Errorf("%d shifts", used)
		}
		costs[s.Cost] = true
	}
	if len(costs) != 1 {
		t.Errorf("two costs: %v", costs)
	}
	// What the first solution leaves out may stay out, and fewest shifts may be a level
	// below one that costs something.
	q := plane(200, 60, 3000, 2)
	for i := range q.Tasks {
		mode := &q.Tasks[i].Modes[0]
		mode.Service, mode.Preferred = 2000+int64(i*i%1500), Preferred{Window: Window{0, 0}, Late: 1}
	}
	q.Tasks[7].Modes[0].Skills = NewBits(3) // nobody's
	for i := range q.Shifts {
		q.Shifts[i].Fixed = 1
	}
	q.Terms = []Term{{Kind: TermUnserved, Weight: 1}, {Kind: TermTardiest, Weight: 1, Level: 1}, {Kind: TermFixed, Weight: 1, Level: 2}, {Kind: TermTravel, Weight: 1, Level: 3}}
	used := 0
	for _, route := range solve(t, q, Options{Seed: 3, Iterations: 3000}).Routes {
		if len(route.Stops) > 0 {
			used++
		}
	}
	if used > 7 {
		t.Errorf("%d shifts in a level of their own", used)
	}
	s, err := Solve(context.Background(), p, Options{Seed: 3, Iterations: 3000, Workers: 2})
	if err != nil || len(Check(p, s)) > 0 {
		t.Errorf("two workers: %v, %v", err, Check(p, s))
	}
}

// Of shifts that cost differently the dearest are closed first, and those that cost
// nothing never, which would gain nothing: eight of fifteen loads each are needed here,
// of which one costs nothing.
func TestDearestShiftsAreClosed(t *testing.T) {
	p := plane(60, 20, 40_000, 2)
	for i := range p.Shifts {
		p.Shifts[i].Capacity, p.Shifts[i].Fixed = []int64{15}, 10_000_000
	}
	p.Shifts[0].Fixed, p.Shifts[1].Fixed = 0, 90_000_000
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].Load, p.Tasks[i].UnservedCost = []int64{1 + int64(i%3)}, Infinity
	}
	s := solve(t, p, Options{Seed: 3, Iterations: 3000})
	if len(s.Routes[0].Stops) == 0 || len(s.Routes[1].Stops) > 0 || s.Cost > 71_000_000 {
		t.Errorf("cost %d: %d stops on the shift that costs nothing, %d on the dearest", s.Cost, len(s.Routes[0].Stops), len(s.Routes[1].Stops))
	}
}
