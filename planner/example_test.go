package planner_test

import (
	"context"
	"fmt"
	"time"

	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
)

// A day of one carer and two visits, planned with matrices of one's own. The
// nurse's visit has no nurse on duty and says so.
func ExamplePlan() {
	zone := time.FixedZone("CET", 3600)
	day := &care.Day{
		Version: care.FormatVersion, Rules: care.DefaultRules(),
		Origin: time.Date(2026, 11, 24, 0, 0, 0, 0, zone), TimeZone: "Europe/Stockholm",
		Municipalities: []care.Municipality{{ID: "2514", Name: "Kalix"}},
		Places:         []care.Place{{ID: "base", Lat: 65.85, Lon: 23.18}, {ID: "home", Lat: 65.86, Lon: 23.19}},
		Clients:        []care.Client{{ID: "c1", Place: "home", Municipality: "2514"}},
		Carers:         []care.Carer{{ID: "m1", Profession: care.AssistantNurse, Municipality: "2514"}},
		Shifts:         []care.Shift{{ID: "s1", Carer: "m1", Start: 7 * 3600, End: 11 * 3600, From: "base", To: "base", Mode: care.Car}},
		Visits: []care.Visit{
			{ID: "v1", Client: "c1", Task: "morning", Duration: 1800, Windows: []care.Window{{From: 8 * 3600, To: 9 * 3600}}, Carers: 1, Priority: care.Necessary},
			{
				ID: "v2", Client: "c1", Task: "wound-care", Duration: 900, Windows: []care.Window{{From: 8 * 3600, To: 9 * 3600}}, Carers: 1, Priority: care.Important,
				Requires: care.Requirement{Professions: []care.Profession{care.Nurse}},
			},
		},
	}
	travel := &care.Travel{Places: []string{"base", "home"}, Matrices: map[care.Mode]*care.Matrix{
		care.Car: {N: 2, Seconds: []care.Seconds{0, 240, 250, 0}, Metres: []care.Metres{0, 3000, 3100, 0}},
	}}
	roster, err := planner.Plan(context.Background(), day, travel, planner.Options{Seed: 1, Iterations: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, stop := range roster.Routes[0].Stops {
		fmt.Println(stop.Kind, stop.Visit, day.Clock(stop.Start), day.Clock(stop.End))
	}
	for _, u := range roster.Unserved {
		fmt.Println(u.Visit, u.Reason)
	}
	// Output:
	// start  07:53 07:53
	// visit v1 08:00 08:30
	// end  08:37 08:37
	// v2 competence
}
