package care_test

import (
	"time"
	_ "time/tzdata" // tests run the same on a machine without zone files

	"github.com/slinga-se/slinga/planner/care"
)

const hour = 3600

// smallDay is a day that passes Validate: two homes, one base, two carers.
func smallDay() *care.Day {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err) // the zone files are linked in
	}
	start := care.Time(8 * hour)
	return &care.Day{
		Version: care.FormatVersion, Name: "Liten", TimeZone: "Europe/Stockholm",
		Origin:         time.Date(2026, 11, 24, 0, 0, 0, 0, zone),
		Municipalities: []care.Municipality{{ID: "2513", Name: "Överkalix"}, {ID: "2518", Name: "Övertorneå"}},
		Members:        []string{"2513", "2518"},
		Agreements:     []care.Agreement{{Home: "2513", Serving: "2518", Professions: []care.Profession{care.Nurse}}},
		Places: []care.Place{
			{ID: "p0", Lat: 66.33, Lon: 22.84, Municipality: "2513"},
			{ID: "p1", Lat: 66.35, Lon: 22.90, Municipality: "2513"},
			{ID: "p2", Lat: 66.39, Lon: 23.65, Municipality: "2518"},
		},
		Bases: []care.Base{{ID: "bas", Place: "p0", Municipality: "2513"}},
		Clients: []care.Client{
			{ID: "c1", Place: "p1", Municipality: "2513", FixedContact: "m1", Blocked: []string{"m2"}},
			{ID: "c2", Place: "p2", Municipality: "2518", Languages: []string{"fi", "fit"}},
		},
		Carers: []care.Carer{
			{ID: "m1", Profession: care.AssistantNurse, Municipality: "2513", Unit: "e1", Delegations: []care.Delegation{
				{Task: "insulin", Unit: "e1", Clients: []string{"c1"}, From: 0, To: 12 * hour},
			}},
			{ID: "m2", Profession: care.Nurse, Municipality: "2513", Unit: "e2", Skills: []string{"wound"}},
		},
		Vehicles: []care.Vehicle{{ID: "bil", Base: "bas", Mode: care.Car}},
		Shifts: []care.Shift{
			{ID: "d1", Carer: "m1", Start: 7 * hour, End: 15 * hour, From: "p0", To: "p0", Mode: care.Car, Vehicle: "bil"},
			{ID: "d2", Carer: "m2", Start: 15 * hour, End: 22 * hour, From: "p0", To: "p0", Mode: care.Car, Vehicle: "bil"},
		},
		Visits: []care.Visit{
			{
				ID: "b1", Client: "c1", Task: "insulin", Duration: 600, Windows: []care.Window{{From: 7 * hour, To: 9 * hour}},
				Preferred: &care.Window{From: 7*hour + 1800, To: 8 * hour}, Carers: 1, Priority: care.LifeCritical,
				Requires: care.Requirement{Professions: []care.Profession{care.Nurse}, Delegation: "insulin"},
			},
			{
				ID: "b2", Client: "c2", Task: "wound", Duration: 1800, Windows: []care.Window{{From: 9 * hour, To: 11 * hour}, {From: 16 * hour, To: 18 * hour}},
				Carers: 2, Priority: care.Important, Requires: care.Requirement{Skills: []string{"wound"}},
			},
		},
		Links:      []care.Link{{First: "b1", Second: "b2", Min: 0, Max: 10 * hour}},
		Pins:       []care.Pin{{Visit: "b1", Shift: "d1", Start: &start}},
		History:    []care.PastVisit{{Date: "2026-11-20", Client: "c1", Carer: "m1"}},
		Neighbours: []care.WorkedShift{{Carer: "m1", Start: -17 * hour, End: -9 * hour}},
		Condition:  &care.Condition{Season: care.Winter, SpeedPercent: 80},
		Rules:      care.DefaultRules(),
	}
}
