package planner_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

// oneHome is a day of one client next to the base, with carers m1, m2, ... of
// which each works one shift s1, s2, ... from 07:00 to 15:00.
func oneHome(carers int, visits ...care.Visit) *care.Day {
	day := &care.Day{
		Version: care.FormatVersion, TimeZone: "Europe/Stockholm", Rules: care.DefaultRules(),
		Origin:         care.Midnight(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), stockholm),
		Municipalities: []care.Municipality{{ID: "k"}},
		Bases:          []care.Base{{ID: "base", Place: "p0", Municipality: "k"}},
		Places:         []care.Place{{ID: "p0", Lat: 66, Lon: 22}, {ID: "p1", Lat: 66, Lon: 22.1}},
		Clients:        []care.Client{{ID: "c", Place: "p1", Municipality: "k"}},
		Visits:         visits,
	}
	for i := range carers {
		n := string(rune('1' + i))
		day.Carers = append(day.Carers, care.Carer{ID: "m" + n, Profession: care.AssistantNurse, Municipality: "k", Unit: "unit"})
		day.Shifts = append(day.Shifts, care.Shift{ID: "s" + n, Carer: "m" + n, Start: 7 * hour, End: 15 * hour, From: "p0", To: "p0", Mode: care.Car})
	}
	return day
}

// at is a visit of half an hour that starts within a window.
func at(id string, from, to care.Time) care.Visit {
	return care.Visit{ID: id, Client: "c", Task: "care", Duration: 1800, Windows: []care.Window{{From: from, To: to}}, Carers: 1, Priority: care.Necessary}
}

// made is a planned day by what people ask of it.
type made struct {
	by     map[string][]string // visit -> carers
	start  map[string]care.Time
	reason map[string]care.ReasonCode
}

func makeRoster(t *testing.T, day *care.Day) made {
	t.Helper()
	if err := day.Validate(); err != nil {
		t.Fatal(err)
	}
	roster := plan(t, day, straight(day), planner.Options{Seed: 1, Iterations: 100})
	m := made{map[string][]string{}, map[string]care.Time{}, map[string]care.ReasonCode{}}
	for _, r := range roster.Routes {
		for _, s := range r.Stops {
			if s.Kind == care.StopVisit {
				m.by[s.Visit] = append(m.by[s.Visit], r.Carer)
				m.start[s.Visit] = s.Start
			}
		}
	}
	for _, u := range roster.Unserved {
		m.reason[u.Visit] = u.Reason
	}
	return m
}

func TestDelegationThatEndsWithinTheWindow(t *testing.T) {
	needsInsulin := func(v care.Visit) care.Visit {
		v.Requires = care.Requirement{Professions: []care.Profession{care.Nurse}, Delegation: "insulin"}
		return v
	}
	until := func(to care.Time) []care.Delegation {
		return []care.Delegation{{Task: "insulin", Unit: "unit", From: -24 * hour, To: to}}
	}
	t.Run("served before it ends", func(t *testing.T) {
		day := oneHome(1, needsInsulin(at("v", 8*hour, 12*hour)))
		day.Carers[0].Delegations = until(9 * hour)
		if m := makeRoster(t, day); m.by["v"] == nil || m.start["v"] > 9*hour {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("covers one of two windows", func(t *testing.T) {
		v := needsInsulin(at("v", 8*hour, 9*hour))
		v.Windows = append(v.Windows, care.Window{From: 13 * hour, To: 14 * hour})
		day := oneHome(1, v)
		day.Carers[0].Delegations = until(10 * hour)
		if m := makeRoster(t, day); m.start["v"] > 9*hour || m.by["v"] == nil {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("two that meet for a double visit", func(t *testing.T) {
		v := needsInsulin(at("v", 8*hour, 14*hour))
		v.Carers = 2
		day := oneHome(2, v)
		day.Carers[0].Delegations = until(11 * hour)
		day.Carers[1].Delegations = []care.Delegation{{Task: "insulin", Unit: "unit", From: 10 * hour, To: 24 * hour}}
		if m := makeRoster(t, day); len(m.by["v"]) != 2 || m.start["v"] < 10*hour || m.start["v"] > 11*hour {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("the nurse is busy, the assistant is free before it ends", func(t *testing.T) {
		day := oneHome(2, needsInsulin(at("v", 8*hour, 12*hour)), at("w", 8*hour, 8*hour))
		day.Carers[0].Profession = care.Nurse
		day.Visits[1].Requires.Professions = []care.Profession{care.Nurse}
		day.Visits[1].Duration = 6 * hour // the nurse is there until the window is over
		day.Rules.Break.WorkBefore = 0
		day.Carers[1].Delegations = until(9 * hour)
		m := makeRoster(t, day)
		if len(m.by["v"]) != 1 || m.by["v"][0] != "m2" || m.by["w"] == nil {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("ended the day before", func(t *testing.T) {
		day := oneHome(1, needsInsulin(at("v", 8*hour, 12*hour)))
		day.Carers[0].Delegations = until(0)
		if m := makeRoster(t, day); m.reason["v"] != care.ReasonCompetence {
			t.Errorf("got %+v", m)
		}
	})
}

func TestLinksAreBetweenPersons(t *testing.T) {
	twoShifts := func(visits ...care.Visit) *care.Day {
		day := oneHome(1, visits...)
		day.Shifts[0].End = 11 * hour
		evening := day.Shifts[0]
		evening.ID, evening.Start, evening.End = "s1b", 16*hour, 20*hour
		day.Shifts = append(day.Shifts, evening)
		return day
	}
	link := func(clause care.LinkCarer) care.Link {
		return care.Link{First: "v", Second: "w", Min: 0, Max: 12 * hour, Carer: clause}
	}
	t.Run("the same carer on another shift", func(t *testing.T) {
		day := twoShifts(at("v", 8*hour, 9*hour), at("w", 17*hour, 18*hour))
		day.Links = []care.Link{link(care.SameCarer)}
		if m := makeRoster(t, day); len(m.by) != 2 {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("another shift is not another carer", func(t *testing.T) {
		day := twoShifts(at("v", 8*hour, 9*hour), at("w", 17*hour, 18*hour))
		day.Links = []care.Link{link(care.DifferentCarer)}
		if m := makeRoster(t, day); len(m.by) != 1 || m.reason["v"]+m.reason["w"] != care.ReasonPin {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("the carer of the other seat", func(t *testing.T) {
		// v needs two and is pinned to s1; w must have one of them, and is pinned
		// to s2: so the other of the two is m2.
		v := at("v", 8*hour, 9*hour)
		v.Carers = 2
		day := oneHome(3, v, at("w", 10*hour, 11*hour))
		day.Links = []care.Link{link(care.SameCarer)}
		day.Pins = []care.Pin{{Visit: "v", Shift: "s1"}, {Visit: "w", Shift: "s2"}}
		if m := makeRoster(t, day); len(m.by["v"]) != 2 || len(m.by["w"]) != 1 {
			t.Errorf("got %+v", m)
		}
	})
	t.Run("two visits share with one double visit, a seat each", func(t *testing.T) {
		v := at("v", 8*hour, 8*hour)
		v.Carers = 2
		day := oneHome(2, v, at("w", 9*hour, 9*hour), at("x", 9*hour, 9*hour))
		day.Links = []care.Link{link(care.SameCarer), {First: "v", Second: "x", Min: 0, Max: 12 * hour, Carer: care.SameCarer}}
		if m := makeRoster(t, day); len(m.by) != 3 || m.by["w"][0] == m.by["x"][0] {
			t.Errorf("got %+v", m)
		}
	})
}

func TestSplitShiftsAreWorked(t *testing.T) {
	day := oneHome(1, at("v", 8*hour, 9*hour), at("w", 17*hour, 18*hour))
	day.Shifts[0].End = 11 * hour
	evening := day.Shifts[0]
	evening.ID, evening.Start, evening.End = "s1b", 16*hour, 20*hour
	day.Shifts = append(day.Shifts, evening)
	if m := makeRoster(t, day); len(m.by) != 2 {
		t.Errorf("got %+v", m)
	}
	day.Rules.WorkingTime.SplitShifts = false
	if m := makeRoster(t, day); len(m.by["v"]) != 1 || m.reason["w"] != care.ReasonRest {
		t.Errorf("got %+v", m)
	}
}

// A pin is the reason only where the visit would fit without it.
func TestPinIsTheReasonOnlyWhenItIs(t *testing.T) {
	long := at("v", 8*hour, 8*hour)
	long.Duration, long.Priority = 4*hour, care.LifeCritical
	day := oneHome(2, long, at("w", 9*hour, 10*hour))
	day.Pins = []care.Pin{{Visit: "v", Shift: "s1"}, {Visit: "w", Shift: "s1"}}
	if m := makeRoster(t, day); m.reason["w"] != care.ReasonPin { // m2 is free
		t.Errorf("got %+v", m)
	}
	day = oneHome(1, long, at("w", 9*hour, 10*hour))
	day.Pins = []care.Pin{{Visit: "v", Shift: "s1"}, {Visit: "w", Shift: "s1"}}
	if m := makeRoster(t, day); m.reason["w"] != care.ReasonFull { // there is nobody else
		t.Errorf("got %+v", m)
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	day := oneHome(1, at("v", 8*hour, 9*hour))
	for _, o := range []planner.Options{{Iterations: -1}, {Time: -time.Second}, {Workers: -1, Iterations: 10}} {
		if _, err := planner.Plan(context.Background(), day, straight(day), o); !errors.Is(err, planner.ErrOptions) {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

func TestAbsurdTravelIsRefusedInWords(t *testing.T) {
	day := oneHome(1, at("v", 8*hour, 9*hour))
	travel := straight(day)
	travel.Matrices[care.Car].Seconds[1] = care.Unreachable - 1 // with handling, this would not fit an int32
	_, err := planner.Plan(context.Background(), day, travel, planner.Options{Iterations: 10})
	var invalid *care.ValidationError
	if !errors.Is(err, planner.ErrTravel) || !errors.As(err, &invalid) || invalid.Problems[0].Path != "matrices.car.seconds[1]" {
		t.Errorf("got %v", err)
	}
}

func TestWeightsWhoseSumWouldNotBeExact(t *testing.T) {
	day := oneHome(1, at("v", 8*hour, 9*hour))
	day.Rules.Weights.Metre, day.Rules.Weights.Drive = 1_000_000_000, 1_000_000_000
	travel := straight(day)
	travel.Matrices[care.Car].Metres[1] = 10_000_000
	if _, err := planner.Plan(context.Background(), day, travel, planner.Options{Iterations: 10}); !errors.Is(err, planner.ErrWeights) {
		t.Errorf("got %v", err)
	}
}

// An interrupted run fills in what still fits, so that no reason is untrue.
func TestInterruptedBeforeItBegan(t *testing.T) {
	day := sampleDay(t, "adalen", 10)
	travel := straight(day)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	roster, err := planner.Plan(ctx, day, travel, planner.Options{Seed: 1, Time: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range check.Roster(day, travel, roster).Breaches {
		t.Errorf("%s: %s", b.Rule, b.English)
	}
}
