// Plans with its own matrix and no map, from eight goroutines.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	. "github.com/slinga-se/slinga/planner/care"

	"github.com/slinga-se/slinga/planner"
)

func main() {
	day := &Day{
		Version: FormatVersion, Rules: DefaultRules(), Origin: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), TimeZone: "UTC",
		Municipalities: []Municipality{{ID: "2514", Name: "Kalix"}},
		Places:         []Place{{ID: "base", Lat: 65.85, Lon: 23.18}, {ID: "home", Lat: 65.86, Lon: 23.19}},
		Clients:        []Client{{ID: "c1", Place: "home", Municipality: "2514"}},
		Carers:         []Carer{{ID: "m1", Profession: AssistantNurse, Municipality: "2514"}},
		Shifts:         []Shift{{ID: "s1", Carer: "m1", Start: 7 * 3600, End: 11 * 3600, From: "base", To: "base", Mode: Car}},
		Visits: []Visit{{ID: "v1", Client: "c1", Task: "morning", Duration: 1800, Carers: 1, Priority: Necessary,
			Windows: []Window{{From: 8 * 3600, To: 9 * 3600}}}},
	}
	travel := &Travel{Places: []string{"base", "home"}, Matrices: map[Mode]*Matrix{
		Car: {N: 2, Seconds: []Seconds{0, 240, 250, 0}, Metres: []Metres{0, 3000, 3100, 0}}}}
	var wait sync.WaitGroup
	for seed := range uint64(8) {
		wait.Go(func() {
			roster, err := planner.Plan(context.Background(), day, travel, planner.Options{Seed: seed, Iterations: 50})
			if err != nil || len(roster.Unserved) > 0 {
				panic("the visit was not planned")
			}
		})
	}
	wait.Wait()
	fmt.Println("eight rosters made")
}
