package export_test

import (
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/planner/care"
)

// tiny is a night that can be worked out by hand: two carers at Kalix, on
// 2026-10-25, when the clock goes back from 03:00 to 02:00. So 02:30 comes
// twice: as Time 9000 and as Time 12600.
//
//	N1: 00:30 from base, 10 min to k1, visits it twice (once with N2), then
//	    drives to k2 and rests there before the visit: a break after the leg.
//	N2: meets N1 at k1 and goes home.
func tiny() export.Report {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	day := &care.Day{
		Version: care.FormatVersion, Name: "Kalix natt", Note: "made-up night",
		Origin: time.Date(2026, 10, 25, 0, 0, 0, 0, zone), TimeZone: "Europe/Stockholm",
		Bases:          []care.Base{{ID: "bas", Place: "bas", Municipality: "2514"}},
		Municipalities: []care.Municipality{{ID: "2514", Name: "Kalix"}},
		Places: []care.Place{
			{ID: "bas", Lat: 65.85, Lon: 23.15, Municipality: "2514"},
			{ID: "h1", Lat: 65.90, Lon: 23.20, Municipality: "2514"},
			{ID: "h2", Lat: 65.80, Lon: 23.10, Municipality: "2514"},
		},
		Clients: []care.Client{{ID: "k1", Place: "h1", Municipality: "2514"}, {ID: "k2", Place: "h2", Municipality: "2514"}},
		Carers: []care.Carer{
			{ID: "N1", Profession: care.AssistantNurse, Municipality: "2514"},
			{ID: "N2", Profession: care.Nurse, Municipality: "2514"},
		},
		Shifts: []care.Shift{
			{ID: "s1", Carer: "N1", Start: 1800, End: 7 * 3600, From: "bas", To: "bas", Mode: care.Car, Vehicle: "bil 1"},
			{ID: "s2", Carer: "N2", Start: 1800, End: 7 * 3600, From: "bas", To: "bas", Mode: care.Car},
		},
		Visits: []care.Visit{
			{ID: "v1", Client: "k1", Task: "insulin", Duration: 900, Carers: 1, Priority: care.LifeCritical, Windows: []care.Window{{From: 0, To: 7200}}},
			{ID: "v2", Client: "k1", Task: "lift", Duration: 1200, Carers: 2, Priority: care.Necessary, Windows: []care.Window{{From: 7200, To: 10800}}},
			{ID: "v3", Client: "k2", Task: "night-check", Duration: 600, Carers: 1, Priority: care.Necessary, Windows: []care.Window{{From: 10800, To: 14400}}},
			{ID: "v4", Client: "k2", Task: "cleaning", Duration: 600, Carers: 1, Priority: care.Comfort, Windows: []care.Window{{From: 14400, To: 18000}}},
		},
		Rules: care.DefaultRules(),
	}
	start := func(place string) care.Stop {
		return care.Stop{Kind: care.StopStart, Place: place, Depart: 1800, Arrive: 1800, Start: 1800, End: 1800}
	}
	roster := &care.Roster{
		Version: care.FormatVersion, Run: care.Run{Software: "test", Seed: 1, DayHash: "abc", TravelHash: "def"},
		Routes: []care.Route{
			{Shift: "s1", Carer: "N1", Stops: []care.Stop{
				start("bas"),
				{Kind: care.StopVisit, Visit: "v1", Place: "h1", Depart: 1800, Leave: 60, Drive: 600, Metres: 9000, Handling: 120, Arrive: 2580, Start: 2580, End: 3480},
				// 02:30 summer time.
				{Kind: care.StopVisit, Visit: "v2", Place: "h1", Depart: 3480, Handling: 60, Arrive: 3540, Wait: 5460, Start: 9000, End: 10200},
				// The leg to h2 comes first: 10200 + 60 + 900 + 120 = 11280.
				{Kind: care.StopBreak, Place: "h2", Depart: 11280, Arrive: 11280, Start: 11280, End: 12540},
				// 02:30 winter time, an hour after the one above.
				{Kind: care.StopVisit, Visit: "v3", Place: "h2", Depart: 10200, Leave: 60, Drive: 900, Metres: 15000, Handling: 120, Arrive: 11280, Wait: 60, Start: 12600, End: 13200},
				{Kind: care.StopEnd, Place: "bas", Depart: 13200, Leave: 60, Drive: 500, Metres: 7000, Handling: 120, Arrive: 13880, Start: 13880, End: 13880},
			}},
			{Shift: "s2", Carer: "N2", Stops: []care.Stop{
				start("bas"),
				{Kind: care.StopVisit, Visit: "v2", Place: "h1", Depart: 1800, Leave: 60, Drive: 600, Metres: 9000, Handling: 120, Arrive: 2580, Wait: 6420, Start: 9000, End: 10200},
				{Kind: care.StopEnd, Place: "bas", Depart: 10200, Leave: 60, Drive: 600, Metres: 9000, Handling: 120, Arrive: 10980, Start: 10980, End: 10980},
			}},
		},
		Unserved: []care.Unserved{{Visit: "v4", Reason: care.ReasonFull, Shifts: 2}},
	}
	roster.Figures = care.Summarise(day, roster)
	return export.Report{
		Day: day, Roster: roster,
		Map: &export.Map{Legs: map[string][]export.Leg{"s1": {
			{},
			{Line: orb.LineString{{23.15, 65.85}, {23.18, 65.87}, {23.20, 65.90}}, Seconds: []int32{0, 290, 600}},
			{},
			{},
			{Line: orb.LineString{{23.20, 65.90}, {23.10, 65.80}}, Seconds: []int32{0, 900}},
			{Line: orb.LineString{{23.10, 65.80}, {23.15, 65.85}}, Seconds: []int32{0, 500}},
		}}},
	}
}
