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
	s, err := Solve(context.Background(), p, Options{Seed: 3, Iterations: 3000, Workers: 2})
	if err != nil || len(Check(p, s)) > 0 {
		t.Errorf("two workers: %v, %v", err, Check(p, s))
	}
}
