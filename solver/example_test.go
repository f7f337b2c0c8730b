package solver_test

import (
	"context"
	"fmt"

	"github.com/slinga-se/slinga/solver"
)

// Two carers, three homes on a line ten minutes apart; the visit at the last
// home takes both of them at the same time. Times are minutes.
func Example() {
	line := solver.Period{N: 4, Time: make([]int32, 16)}
	for from := range 4 {
		for to := range 4 {
			line.Time[from*4+to] = int32(10 * max(from-to, to-from))
		}
	}
	visit := func(home int32, length, from, to int64) solver.Task {
		return solver.Task{
			Modes: []solver.Mode{{
				Location: home, Service: length, PickupOf: solver.None,
				Windows: []solver.Window{{From: from, To: to}},
			}},
			UnservedCost: 1000, Pin: solver.FreePin(), Group: solver.None,
		}
	}
	carer := solver.Shift{Start: 7 * 60, End: 12 * 60, TimeCost: 1, LeaveLate: true}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{line}}},
		Tasks: []solver.Task{
			visit(1, 30, 8*60, 9*60),
			visit(2, 30, 8*60, 9*60),
			visit(3, 20, 10*60, 10*60), // two carers:
			visit(3, 20, 10*60, 10*60), // the same visit again
		},
		Shifts: []solver.Shift{carer, carer},
		Links:  []solver.Link{{First: 2, Second: 3, Shift: solver.DifferentShift, AllOrNothing: true}},
		Terms:  solver.DefaultTerms(),
	}
	s, err := solver.Solve(context.Background(), p, solver.Options{Seed: 1, Iterations: 500})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("cost", s.Cost, "unserved", len(s.Unserved), "breaches", len(solver.Check(p, s)))
	for r := range s.Routes {
		last := s.Routes[r].Stops[len(s.Routes[r].Stops)-1]
		fmt.Printf("at the last home from %02d:%02d\n", last.Start/60, last.Start%60)
	}
	// Output:
	// cost 120 unserved 0 breaches 0
	// at the last home from 10:00
	// at the last home from 10:00
}

func ExampleProblem_Validate() {
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{{N: 1, Time: []int32{0}}}}},
		Tasks: []solver.Task{{
			Modes: []solver.Mode{{
				Windows: []solver.Window{{From: 9, To: 8}}, PickupOf: solver.None,
				ByClass: []int64{5}, // of class 0
			}},
			Pin: solver.FreePin(), Group: solver.None,
		}},
		Shifts: []solver.Shift{{End: 10}, {End: 10, Class: 1}},
		Terms:  solver.DefaultTerms(),
	}
	fmt.Println(p.Validate())
	// Output:
	// solver: invalid problem: tasks[0].modes[0].byClass: no entry for the class of shifts[1]
	// solver: invalid problem: tasks[0].modes[0].windows[0]: ends before it starts
}

func ExampleInsertable() {
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{{N: 1, Time: []int32{0}}}}},
		Tasks: []solver.Task{{
			Modes:        []solver.Mode{{Service: 10, Windows: []solver.Window{{From: 0, To: 50}}, PickupOf: solver.None, Cost: 7}},
			UnservedCost: 5, Pin: solver.FreePin(), Group: solver.None,
		}},
		Shifts: []solver.Shift{{End: 100}},
		Terms:  solver.DefaultTerms(),
	}
	s, _ := solver.Solve(context.Background(), p, solver.Options{Iterations: 10})
	fit, fits := solver.Insertable(p, s, 0)
	fmt.Println("unserved", s.Unserved, "fits", fits, "for", fit.Cost)
	// Output:
	// unserved [0] fits true for 7
}
