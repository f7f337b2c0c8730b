package planner

import (
	"slices"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

// TestARosterWaitsForTheRushToEnd: until half past nine every drive takes four
// times as long. Somebody who has been to a home in the morning waits there
// until then, drives as the later matrix says, and the wait is priced.
func TestARosterWaitsForTheRushToEnd(t *testing.T) {
	const over = 9*3600 + 1800
	day, travel := threeHomes()
	first, start := day.Shifts[0].ID, care.Time(8*3600+1800)
	day.Pins = []care.Pin{{Visit: "v3", Shift: first, Start: &start}, {Visit: "v2", Shift: first}}
	m := travel.Matrices[care.Car]
	m.Later = []care.LaterTravel{{From: over, Seconds: slices.Clone(m.Seconds), Metres: slices.Clone(m.Metres)}}
	for i := range m.Seconds {
		m.Seconds[i], m.Metres[i] = m.Seconds[i]*4, m.Metres[i]*2
	}
	tr, solution, roster := planned(t, day, travel)
	roster.Figures = care.Summarise(day, roster)
	for _, b := range check.Roster(day, travel, roster).Breaches {
		t.Errorf("%s: %s", b.Rule, b.English)
	}
	var sum, waited int64
	for _, term := range tr.costs(roster) {
		sum += term.Cost
	}
	if diff := sum*costScale - solution.Cost; diff < -2*costScale || diff > 2*costScale {
		t.Errorf("the roster costs %d, the search says %d/%d", sum, solution.Cost, costScale)
	}
	for _, route := range roster.Routes {
		for i := 1; i < len(route.Stops); i++ {
			stop, before := &route.Stops[i], &route.Stops[i-1]
			if stop.Place == before.Place || stop.Kind == care.StopBreak {
				continue
			}
			drive, metres := m.Way(slices.Index(travel.Places, before.Place), slices.Index(travel.Places, stop.Place), stop.Depart)
			if stop.Drive != drive || stop.Metres != metres {
				t.Errorf("leaving at %d for %s: %d s and %d m, want %d and %d", stop.Depart, stop.Place, stop.Drive, stop.Metres, drive, metres)
			}
			if stop.Depart == over {
				waited += held(route.Stops[:i], stop.Depart)
			}
		}
	}
	if waited == 0 {
		t.Error("nobody waits for the rush to end")
	}
	if waited > roster.Figures.Total.WaitSeconds {
		t.Errorf("%d s of waiting to leave, %d s in the figures", waited, roster.Figures.Total.WaitSeconds)
	}
}
