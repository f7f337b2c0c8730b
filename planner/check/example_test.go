package check_test

import (
	"fmt"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

// A roster made by hand that forgets the minutes for clearing the car.
func ExampleRoster() {
	day := &care.Day{
		Version: care.FormatVersion, TimeZone: "UTC", Origin: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
		Places:    []care.Place{{ID: "base"}, {ID: "home"}},
		Clients:   []care.Client{{ID: "c1", Place: "home"}},
		Carers:    []care.Carer{{ID: "m1"}},
		Shifts:    []care.Shift{{ID: "d1", Carer: "m1", Start: 7 * 3600, End: 11 * 3600, From: "base", To: "base", Mode: care.Car}},
		Visits:    []care.Visit{{ID: "b1", Client: "c1", Duration: 1200, Windows: []care.Window{{From: 7 * 3600, To: 9 * 3600}}, Carers: 1, Priority: care.Necessary}},
		Condition: &care.Condition{Season: care.Winter}, Rules: care.DefaultRules(),
	}
	travel := &care.Travel{Places: []string{"base", "home"}, Matrices: map[care.Mode]*care.Matrix{
		care.Car: {N: 2, Seconds: []care.Seconds{0, 900, 900, 0}, Metres: []care.Metres{0, 15000, 15000, 0}},
	}}
	roster := &care.Roster{Version: care.FormatVersion, Routes: []care.Route{{Shift: "d1", Carer: "m1", Stops: []care.Stop{
		{Kind: care.StopStart, Place: "base", Depart: 25200, Arrive: 25200, Start: 25200, End: 25200},
		{Kind: care.StopVisit, Visit: "b1", Place: "home", Depart: 25200, Drive: 900, Metres: 15000, Handling: 150, Arrive: 26250, Wait: 180, Start: 26430, End: 27630},
		{Kind: care.StopEnd, Place: "base", Depart: 27630, Leave: 180, Drive: 900, Metres: 15000, Handling: 150, Arrive: 28860, Start: 28860, End: 28860},
	}}}}
	roster.Figures = care.Summarise(day, roster)
	for _, b := range check.Roster(day, travel, roster).Breaches {
		fmt.Println(b.Rule, b.Shift, day.Clock(b.At))
		fmt.Println(b.Text("en"))
		fmt.Println(b.Text("sv"))
	}
	// Output:
	// first-leave d1 07:20
	// The first drive of m1, to b1 at 07:00, starts with 0 s of handling; it needs 3:00 min.
	// Första körningen för m1, till b1 kl. 07:00, börjar med 0 s iordningställande; det behövs 3:00 min.
}
