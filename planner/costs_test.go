package planner

import (
	"context"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// planned solves a small day step by step.
func planned(t *testing.T, day *care.Day, travel *care.Travel) (*translation, *solver.Solution, *care.Roster) {
	t.Helper()
	tr, err := newTranslation(day, travel)
	if err != nil {
		t.Fatal(err)
	}
	solution, err := solver.Solve(context.Background(), &tr.problem, solver.Options{Seed: 1, Iterations: 300})
	if err != nil {
		t.Fatal(err)
	}
	solution, unserved, err := tr.leftOver(context.Background(), solution)
	if err != nil {
		t.Fatal(err)
	}
	roster := tr.roster(solution)
	roster.Unserved = unserved
	return tr, solution, roster
}

// TestCostsAreThoseOfTheSearch prices a small day twice: by the solver, in
// its own units, and from the finished roster in units of care.Weights. The
// two may differ by the rounding of the three scaled terms only.
func TestCostsAreThoseOfTheSearch(t *testing.T) {
	day, travel := threeHomes()
	tr, solution, roster := planned(t, day, travel)
	var sum int64
	for _, term := range tr.costs(roster) {
		sum += term.Cost
	}
	if diff := sum*costScale - solution.Cost; diff < -2*costScale || diff > 2*costScale {
		t.Errorf("the roster costs %d, the search says %d/%d", sum, solution.Cost, costScale)
	}
}

// threeHomes is a day with two carers, a double-staffed visit, a visit far
// out with a preferred window that is missed, and one that nobody may do.
func threeHomes() (*care.Day, *care.Travel) {
	day := &care.Day{
		Version: care.FormatVersion, Rules: care.DefaultRules(),
		Municipalities: []care.Municipality{{ID: "2514", Name: "Kalix"}},
		Bases:          []care.Base{{ID: "base", Place: "base", Municipality: "2514"}},
		Places: []care.Place{
			{ID: "base", Lat: 65.85, Lon: 23.18},
			{ID: "home-1", Lat: 65.86, Lon: 23.19},
			{ID: "home-2", Lat: 65.90, Lon: 23.10},
			{ID: "home-3", Lat: 65.70, Lon: 23.50},
		},
		Carers: []care.Carer{
			{ID: "m1", Profession: care.AssistantNurse, Municipality: "2514"},
			{ID: "m2", Profession: care.CareAssistant, Municipality: "2514"},
		},
		Shifts: []care.Shift{
			{ID: "s1", Carer: "m1", Start: 7 * 3600, End: 15 * 3600, From: "base", To: "base", Mode: care.Car},
			{ID: "s2", Carer: "m2", Start: 7 * 3600, End: 15 * 3600, From: "base", To: "base", Mode: care.Car},
		},
		Clients: []care.Client{
			{ID: "c1", Place: "home-1", Municipality: "2514", FixedContact: "m1"},
			{ID: "c2", Place: "home-2", Municipality: "2514", Languages: []string{"Finnish"}},
			{ID: "c3", Place: "home-3", Municipality: "2514"},
		},
		History: []care.PastVisit{{Date: "2026-11-20", Client: "c1", Carer: "m1"}},
	}
	visit := func(id, client string, from, to care.Time, carers int) care.Visit {
		return care.Visit{
			ID: id, Client: client, Task: "morning", Duration: 1800, Carers: carers, Priority: care.Necessary,
			Windows: []care.Window{{From: from * 3600, To: to * 3600}},
		}
	}
	day.Visits = []care.Visit{
		visit("v1", "c1", 8, 10, 2), visit("v2", "c2", 7, 14, 1), visit("v3", "c3", 8, 9, 1), visit("v4", "c1", 12, 13, 1),
	}
	day.Visits[2].Preferred = &care.Window{From: 9*3600 + 1800, To: 10 * 3600}
	day.Visits[3].Requires.Professions = []care.Profession{care.Nurse}
	travel := &care.Travel{Matrices: map[care.Mode]*care.Matrix{}}
	n := len(day.Places)
	m := &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
	for a := range n {
		travel.Places = append(travel.Places, day.Places[a].ID)
		for b := range n {
			if a != b {
				m.Seconds[a*n+b] = care.Seconds(301 + 100*a + 57*b)
				m.Metres[a*n+b] = care.Metres(5001 + 1000*a + 777*b)
			}
		}
	}
	travel.Matrices[care.Car] = m
	return day, travel
}
