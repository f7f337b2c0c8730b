// Solves a bare vehicle-routing problem, from eight goroutines.
package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/slinga-se/slinga/solver"
)

func main() {
	// Five points on a line, ten apart; two vehicles start and end at the first.
	period := solver.Period{N: 5}
	for i := range int32(25) {
		period.Time = append(period.Time, 10*max(i/5-i%5, i%5-i/5))
	}
	p := &solver.Problem{Profiles: []solver.Profile{{Periods: []solver.Period{period}}}, Terms: solver.DefaultTerms()}
	for range 2 {
		p.Shifts = append(p.Shifts, solver.Shift{Start: 0, End: 1000, Fixed: 100, TimeCost: 1})
	}
	for at := range int32(4) {
		p.Tasks = append(p.Tasks, solver.Task{
			Modes:        []solver.Mode{{Location: at + 1, Service: 5, Windows: []solver.Window{{To: 900}}, PickupOf: solver.None}},
			UnservedCost: 10_000, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	var wait sync.WaitGroup
	for seed := range uint64(8) {
		wait.Go(func() {
			s, err := solver.Solve(context.Background(), p, solver.Options{Seed: seed, Iterations: 200})
			if err != nil || s.Cost != 180 || len(solver.Check(p, s)) > 0 {
				panic("not the best: one vehicle, out and back")
			}
		})
	}
	wait.Wait()
	fmt.Println("eight problems solved")
}
