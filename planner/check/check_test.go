package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// The day of these tests lies along one road, a minute of driving and a
// kilometre between marks:
//
//	bas   h1    h2    h3    h4    h5         ö (an island)
//	 0    10    20    30    40    50
//
// In summer every drive starts with 1 minute and ends with 2; from one visit
// to the next in one home it is 1 minute.
var road = map[string]int{"bas": 0, "h1": 10, "h2": 20, "h3": 30, "h4": 40, "h5": 50, "ö": -1}

const hour = 3600

func window(from, to care.Time) []care.Window { return []care.Window{{From: from, To: to}} }

func smallDay() (*care.Day, *care.Travel) {
	d := &care.Day{
		Version: care.FormatVersion, Name: "små", TimeZone: "UTC", Origin: time.Date(2026, 6, 9, 0, 0, 0, 0, time.UTC),
		Municipalities: []care.Municipality{{ID: "2513", Name: "A"}, {ID: "2514", Name: "B"}},
		Agreements:     []care.Agreement{{Home: "2513", Serving: "2514", Professions: []care.Profession{care.AssistantNurse}}},
		Bases:          []care.Base{{ID: "bas", Place: "bas", Municipality: "2513"}},
		Carers: []care.Carer{
			{ID: "m1", Profession: care.AssistantNurse, Municipality: "2513", Unit: "e1", Skills: []string{"lift"}, Delegations: []care.Delegation{
				{Task: "insulin", Unit: "e1", Clients: []string{"c2"}, From: 0, To: 24 * hour},
			}},
			{ID: "m2", Profession: care.CareAssistant, Municipality: "2513", Unit: "e1"},
			{ID: "m3", Profession: care.Nurse, Municipality: "2513", Unit: "e2"},
		},
		Vehicles: []care.Vehicle{{ID: "bil1", Base: "bas", Mode: care.Car}, {ID: "bil2", Base: "bas", Mode: care.Car}},
		Shifts: []care.Shift{
			{ID: "d1", Carer: "m1", Start: 7 * hour, End: 16 * hour, From: "bas", To: "bas", Mode: care.Car, Vehicle: "bil1"},
			{ID: "d2", Carer: "m2", Start: 7 * hour, End: 16 * hour, From: "bas", To: "bas", Mode: care.Car, Vehicle: "bil2"},
			{ID: "d3", Carer: "m3", Start: 12 * hour, End: 16 * hour, From: "bas", To: "bas", Mode: care.Car},
		},
		Rules: care.DefaultRules(),
	}
	ids := []string{"bas", "h1", "h2", "h3", "h4", "h5", "ö"}
	for i, id := range ids {
		d.Places = append(d.Places, care.Place{ID: id, Lat: 66 + float64(i)/100, Lon: 23, Municipality: "2513"})
		if i > 0 {
			m := "2513"
			if id == "h4" {
				m = "2514"
			}
			d.Clients = append(d.Clients, care.Client{ID: fmt.Sprintf("c%d", i), Place: id, Municipality: m})
		}
	}
	visit := func(id, client string, minutes int, from, to care.Time) care.Visit {
		return care.Visit{
			ID: id, Client: client, Task: "care", Duration: care.Seconds(minutes * 60), Windows: window(from, to), Carers: 1, Priority: care.Necessary,
		}
	}
	d.Visits = []care.Visit{
		visit("b1", "c1", 20, 7*hour, 9*hour),
		visit("b2", "c2", 10, 7*hour, 10*hour),
		visit("b3", "c3", 30, 9*hour, 11*hour),
		visit("b4", "c4", 30, 12*hour, 15*hour),
		visit("b5", "c5", 40, 8*hour, 14*hour),
		visit("b6", "c6", 15, 8*hour, 14*hour), // on the island: nobody gets there
		visit("b7", "c1", 15, 13*hour, 15*hour),
	}
	d.Visits[1].Requires = care.Requirement{Professions: []care.Profession{care.Nurse}, Delegation: "insulin"}
	d.Visits[2].Carers = 2
	d.Visits[3].Requires = care.Requirement{Skills: []string{"lift"}}
	d.Links = []care.Link{
		{First: "b1", Second: "b2", Min: 10 * 60, Max: 2 * hour, Carer: care.SameCarer},
		{First: "b4", Second: "b7", Min: -4 * hour, Max: 4 * hour, Carer: care.DifferentCarer, Together: true},
	}
	start := care.Time(12*hour + 900)
	d.Pins = []care.Pin{{Visit: "b4", Shift: "d1", Start: &start}}
	return d, line(ids)
}

// line is travel along the road.
func line(ids []string) *care.Travel {
	m := &care.Matrix{N: len(ids)}
	for _, a := range ids {
		for _, b := range ids {
			gap := abs(int64(road[a] - road[b]))
			s, metres := care.Seconds(60*gap), care.Metres(1000*gap)
			if a != b && (road[a] < 0 || road[b] < 0) {
				s, metres = care.Unreachable, 0
			}
			m.Seconds, m.Metres = append(m.Seconds, s), append(m.Metres, metres)
		}
	}
	return &care.Travel{Places: ids, Matrices: map[care.Mode]*care.Matrix{care.Car: m}}
}

// item is one thing on a route made by hand: a visit at a place that starts at
// a time, or a break of half an hour taken on the spot ("rast").
type item struct {
	what  string
	start care.Time
}

// drive makes the stops of a route: legs leave as late as they can before the
// first visit and at once after that.
func drive(d *care.Day, shift *care.Shift, items ...item) []care.Stop {
	if len(items) == 0 {
		return nil
	}
	index := care.NewIndex(d)
	place := shift.From
	leg := func(to string) care.Stop {
		if place == to {
			return care.Stop{Place: to, Handling: 60}
		}
		gap := care.Seconds(abs(int64(road[place] - road[to])))
		return care.Stop{Place: to, Leave: 60, Drive: 60 * gap, Metres: care.Metres(1000 * gap), Handling: 120}
	}
	var stops []care.Stop
	free := shift.Start
	for k, it := range items {
		if it.what == "rast" {
			stops = append(stops, care.Stop{
				Kind: care.StopBreak, Place: place, Depart: free, Arrive: free, Wait: care.Seconds(it.start - free), Start: it.start, End: it.start + 1800,
			})
			free = it.start + 1800
			continue
		}
		v := index.Visit[it.what]
		s := leg(d.Places[index.VisitPlace(v)].ID)
		s.Kind, s.Visit = care.StopVisit, it.what
		s.Depart = free
		if k == 0 {
			s.Depart = it.start - care.Time(s.Leave+s.Drive+s.Handling)
			stops = append(stops, care.Stop{Kind: care.StopStart, Place: shift.From, Depart: s.Depart, Arrive: s.Depart, Start: s.Depart, End: s.Depart})
		}
		s.Arrive = s.Depart + care.Time(s.Leave+s.Drive+s.Handling)
		s.Wait = care.Seconds(it.start - s.Arrive)
		s.Start, s.End = it.start, it.start+care.Time(d.Visits[v].Duration)
		stops = append(stops, s)
		place, free = s.Place, s.End
	}
	s := leg(shift.To)
	s.Kind, s.Depart = care.StopEnd, free
	s.Arrive = free + care.Time(s.Leave+s.Drive+s.Handling)
	s.Start, s.End = s.Arrive, s.Arrive
	return append(stops, s)
}

// smallRoster is a roster of the small day that keeps every rule.
//
//	d1 m1   07:30 b1 h1   08:10 b2 h2   09:00 b3 h3   10:40 b5 h5   11:30 rast   12:15 b4 h4
//	d2 m2                               09:00 b3 h3   11:00 rast                 13:30 b7 h1
func smallRoster(d *care.Day) *care.Roster {
	r := &care.Roster{Version: care.FormatVersion}
	for i := range d.Shifts {
		s := &d.Shifts[i]
		r.Routes = append(r.Routes, care.Route{Shift: s.ID, Carer: s.Carer})
	}
	r.Routes[0].Stops = drive(d, &d.Shifts[0], item{"b1", 27000}, item{"b2", 29400}, item{"b3", 32400}, item{"b5", 38400}, item{"rast", 41400}, item{"b4", 44100})
	r.Routes[1].Stops = drive(d, &d.Shifts[1], item{"b3", 32400}, item{"rast", 39600}, item{"b7", 48600})
	r.Unserved = []care.Unserved{{Visit: "b6", Reason: care.ReasonUnreachable}}
	r.Figures = care.Summarise(d, r)
	return r
}

func text(report Report) string {
	var b strings.Builder
	for _, x := range report.Breaches {
		fmt.Fprintf(&b, "%s: %s | %s\n", x.Rule, x.English, x.Swedish)
	}
	return b.String()
}

func TestCleanRosterHasNoBreach(t *testing.T) {
	d, travel := smallDay()
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	report := Roster(d, travel, smallRoster(d))
	if !report.OK() || len(report.Warnings) > 0 {
		t.Fatalf("breaches in a clean roster:\n%s%v", text(report), report.Warnings)
	}
}

// shiftStop moves a stop in time with everything that belongs to it.
func shiftStop(s *care.Stop, by care.Time) {
	s.Depart += by
	s.Arrive += by
	s.Start += by
	s.End += by
}

// Every rule has at least one planted breach here, and planting it breaks no
// other rule. Stops of the first route: 0 start, 1 b1, 2 b2, 3 b3, 4 b5,
// 5 break, 6 b4, 7 end; of the second: 0 start, 1 b3, 2 break, 3 b7, 4 end.
var plants = []struct {
	name         string
	rule         RuleID
	carer, visit string
	figures      bool // the roster's figures are left as they were
	plant        func(*care.Day, *care.Travel, *care.Roster)
}{
	{"another format", Version, "", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Version = 9 }},
	{"no route for a shift", OneRoute, "m3", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes = r.Routes[:2] }},
	{"two routes for a shift", OneRoute, "m3", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes = append(r.Routes, r.Routes[2]) }},
	{"a route for no shift", KnownShift, "m9", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes = append(r.Routes, care.Route{Shift: "d9", Carer: "m9"})
	}},
	{"somebody else's name on a route", RouteCarer, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[2].Carer = "m2" }},
	{"starts at another place", RouteEnds, "m1", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[0].Stops[0].Place = "h1" }},
	{"does not come home", RouteEnds, "m1", "b4", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[0].Stops = r.Routes[0].Stops[:7] }},
	{"a visit that is not in the day", KnownVisit, "", "b99", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Unserved = append(r.Unserved, care.Unserved{Visit: "b99", Reason: care.ReasonFull})
	}},
	{"a start in the middle", StopKind, "m1", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		at := r.Routes[0].Stops[3].End
		extra := care.Stop{Kind: care.StopStart, Place: "bas", Depart: at, Arrive: at, Start: at, End: at}
		r.Routes[0].Stops = slices.Insert(r.Routes[0].Stops, 4, extra)
	}},
	{"a stop of no kind", StopKind, "m1", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		at := r.Routes[0].Stops[3].End
		r.Routes[0].Stops = slices.Insert(r.Routes[0].Stops, 4, care.Stop{Kind: "lunch", Place: "h3", Start: at, End: at, Depart: at})
	}},
	{"at another home", StopPlace, "m1", "b2", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[0].Stops[2].Place = "h5" }},
	{"a break at another home", StopPlace, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[1].Stops[2].Place = "h5" }},
	{"the road is closed", NoWay, "m1", "b2", false, func(_ *care.Day, travel *care.Travel, _ *care.Roster) {
		m := travel.Matrices[care.Car]
		m.Seconds[1*m.N+2] = care.Unreachable
	}},
	{"the road is closed by then", NoWay, "m1", "b2", false, func(_ *care.Day, travel *care.Travel, r *care.Roster) {
		m := travel.Matrices[care.Car]
		s := slices.Clone(m.Seconds)
		s[1*m.N+2] = care.Unreachable
		at := r.Routes[0].Stops[2].Depart
		m.Later = []care.LaterTravel{{From: at, Seconds: s, Metres: m.Metres}, {From: at + 1, Seconds: m.Seconds, Metres: m.Metres}}
	}},
	{"drives as before the rush", LegDrive, "m1", "b5", false, func(_ *care.Day, travel *care.Travel, r *care.Roster) {
		m := travel.Matrices[care.Car]
		at := r.Routes[0].Stops[4].Depart
		rush := slices.Clone(m.Seconds)
		for i, s := range rush {
			if s > 0 && s != care.Unreachable {
				rush[i] += 60
			}
		}
		m.Later = []care.LaterTravel{{From: at, Seconds: rush, Metres: m.Metres}, {From: at + 1, Seconds: m.Seconds, Metres: m.Metres}}
	}},
	{"no time to clear the car in the morning", FirstLeave, "m1", "b1", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes[0].Stops[1].Leave = 0
		r.Routes[0].Stops[1].Handling += 60
	}},
	{"no time to clear the car later on", LegLeave, "m1", "b2", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes[0].Stops[2].Leave = 0
		r.Routes[0].Stops[2].Handling += 60
	}},
	{"drives too fast", LegDrive, "m1", "b5", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		s := &r.Routes[0].Stops[4]
		s.Drive -= 300
		s.Arrive -= 300
		s.Wait += 300
	}},
	{"no time to park and walk in", LegHandling, "m1", "b5", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		s := &r.Routes[0].Stops[4]
		s.Handling, s.Arrive = 60, s.Arrive-60
		s.Wait += 60
	}},
	{"a short cut", LegMetres, "m1", "b5", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[0].Stops[4].Metres = 7 }},
	{"times that do not add up", Arithmetic, "m1", "b5", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[0].Stops[4].Wait += 60 }},
	{"leaves before the visit is over", TooEarly, "m1", "b5", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		s := &r.Routes[0].Stops[4]
		s.Depart, s.Arrive, s.Wait = s.Depart-60, s.Arrive-60, s.Wait+60
	}},
	{"starts before the window", Window, "m1", "b5", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Visits[4].Windows = window(11*hour, 14*hour) }},
	{"a visit cut short", Duration, "m2", "b7", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes[1].Stops[3].End -= 60
		r.Routes[1].Stops[4].Depart -= 60
		r.Routes[1].Stops[4].Arrive -= 60
		r.Routes[1].Stops[4].Start -= 60
		r.Routes[1].Stops[4].End -= 60
	}},
	{"back after the end of the shift", ShiftHours, "m2", "", false, func(d *care.Day, _ *care.Travel, r *care.Roster) {
		s := &r.Routes[1].Stops[4]
		shiftStop(s, 2*hour+300)
	}},
	{"no break", BreakTaken, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes[1].Stops = slices.Delete(r.Routes[1].Stops, 2, 3)
		s := &r.Routes[1].Stops[2]
		s.Depart, s.Arrive, s.Wait = s.Depart-1800, s.Arrive-1800, s.Wait+1800
	}},
	{"a break too late", BreakWindow, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		b, s := &r.Routes[1].Stops[2], &r.Routes[1].Stops[3]
		b.Wait, b.Start, b.End = b.Wait+5400, b.Start+5400, b.End+5400
		s.Depart, s.Arrive, s.Wait = b.End, b.End+1380, care.Seconds(s.Start-b.End-1380)
	}},
	{"a break too short", BreakLength, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Routes[1].Stops[2].End -= 60 }},
	{"a break on the road", BreakApart, "m2", "", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Routes[1].Stops[3].Depart -= 60
		r.Routes[1].Stops[3].Arrive -= 60
		r.Routes[1].Stops[3].Wait += 60
	}},
	{"four hours in a row", WorkInRow, "m1", "", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Rules.Break.WorkBefore = 3 * hour
		d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 41400, To: 41400}, Length: 1800}}
		d.Shifts[1].Breaks = []care.Break{{Window: care.Window{From: 39600, To: 39600}, Length: 1800}}
	}},
	{"a visit forgotten", ServedOnce, "", "b6", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Unserved = nil }},
	{"served and unserved", ServedOnce, "m1", "b1", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		r.Unserved = append(r.Unserved, care.Unserved{Visit: "b1", Reason: care.ReasonFull})
	}},
	{"two come where one is asked for", ServedOnce, "m1", "b3", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Visits[2].Carers = 1 }},
	{"one comes a minute late", Double, "m2", "b3", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) {
		s := &r.Routes[1].Stops[1]
		shiftStop(s, 60)
		shiftStop(&r.Routes[1].Stops[0], 60)
		b := &r.Routes[1].Stops[2]
		b.Depart, b.Arrive, b.Wait = b.Depart+60, b.Arrive+60, b.Wait-60
	}},
	{"a municipality outside", Member, "m1", "b4", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Members = []string{"2513"} }},
	{"must not come", Blocked, "m1", "b5", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Clients[4].Blocked = []string{"m1"} }},
	{"no agreement", Agreement, "m1", "b4", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Agreements[0].Professions = []care.Profession{care.Nurse}
	}},
	{"the delegation has lapsed", Profession, "m1", "b2", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Carers[0].Delegations[0].To = 8 * hour
	}},
	{"the delegation is of another unit", Profession, "m1", "b2", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Carers[0].Unit = "e2"
	}},
	{"the delegation is for another client", Profession, "m1", "b2", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Carers[0].Delegations[0].Clients = []string{"c1"}
	}},
	{"cannot lift", Skill, "m1", "b4", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Carers[0].Skills = nil }},
	{"too soon after", LinkGap, "m1", "b2", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Links[0].Min = hour }},
	{"somebody else", LinkCarer, "m2", "b7", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Links[1].Carer = care.SameCarer }},
	{"the same again", LinkCarer, "m1", "b2", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Links[0].Carer = care.DifferentCarer }},
	{"one without the other", LinkTogether, "m1", "b5", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Links = append(d.Links, care.Link{First: "b5", Second: "b6", Min: -hour, Max: hour, Together: true})
	}},
	{"pinned to another shift", PinShift, "m1", "b4", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Pins[0].Shift = "d2" }},
	{"pinned to another time", PinStart, "m1", "b4", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		start := care.Time(13 * hour)
		d.Pins[0].Start = &start
	}},
	{"on two routes at once", TwoPlaces, "m2", "", false, func(d *care.Day, _ *care.Travel, r *care.Roster) {
		// The nurse's empty shift becomes a second one of m2, with b7 on it.
		d.Shifts[2] = care.Shift{ID: "d3", Carer: "m2", Start: 10 * hour, End: 14*hour + 1800, From: "bas", To: "bas", Mode: care.Car}
		d.Visits = append(d.Visits, d.Visits[6])
		d.Visits[7].ID, d.Visits[7].Windows = "b8", window(10*hour, 13*hour)
		r.Routes[2].Carer = "m2"
		r.Routes[2].Stops = drive(d, &d.Shifts[2], item{"b8", 11 * hour})
	}},
	{"too little rest after yesterday", DailyRest, "m1", "", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Neighbours = []care.WorkedShift{{Carer: "m1", Start: -9 * hour, End: -3 * hour}}
	}},
	{"too little rest before tomorrow", DailyRest, "m1", "", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Neighbours = []care.WorkedShift{{Carer: "m1", Start: 26 * hour, End: 30 * hour}}
	}},
	{"a shift too long", LongestShift, "m1", "", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) {
		d.Rules.WorkingTime.LongestShift = 9*hour - 1
		d.Shifts[1].End -= 60 // still with the same break window, but within the rule
		d.Shifts[1].Breaks = []care.Break{{Window: care.Window{From: 39600, To: 39600}, Length: 1800}}
	}},
	{"one car for two", Vehicle, "m2", "", false, func(d *care.Day, _ *care.Travel, _ *care.Roster) { d.Shifts[1].Vehicle = "bil1" }},
	{"a false reason", Reason, "", "b6", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Unserved[0].Reason = care.ReasonFull }},
	{"no reason", Reason, "", "b6", false, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Unserved[0].Reason = "" }},
	{"figures made up", Figures, "", "", true, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Figures.Total.Metres++ }},
	{"no figures for a carer", Figures, "", "", true, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Figures.Carers = r.Figures.Carers[1:] }},
	{"a cost that does not add up", Figures, "", "", true, func(_ *care.Day, _ *care.Travel, r *care.Roster) { r.Figures.Cost = 5 }},
}

func TestOnePlantedBreachPerRule(t *testing.T) {
	planted := map[RuleID]bool{}
	for _, p := range plants {
		planted[p.rule] = true
		t.Run(p.name, func(t *testing.T) {
			d, travel := smallDay()
			r := smallRoster(d)
			p.plant(d, travel, r)
			if !p.figures {
				r.Figures = care.Summarise(d, r)
			}
			report := Roster(d, travel, r)
			if len(report.Breaches) == 0 {
				t.Fatal("nothing found")
			}
			named := false
			for _, b := range report.Breaches {
				if b.Rule != p.rule {
					t.Errorf("breaks another rule:\n%s", text(report))
					break
				}
				named = named || (b.Carer == p.carer && b.Visit == p.visit)
				if b.English == "" || b.Swedish == "" || strings.Contains(b.English+b.Swedish, "%!") {
					t.Errorf("badly worded: %q %q", b.English, b.Swedish)
				}
			}
			if !named {
				t.Errorf("not blamed on %q, %q: %+v", p.carer, p.visit, report.Breaches)
			}
		})
	}
	for _, r := range Rules() {
		if !planted[r.ID] {
			t.Errorf("no breach is planted for rule %s", r.ID)
		}
	}
}
