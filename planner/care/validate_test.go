package care_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

func TestSmallDayIsValid(t *testing.T) {
	if err := smallDay().Validate(); err != nil {
		t.Fatal(err)
	}
}

// One mistake each: the problem is at the path and says the words, and there
// is no other problem.
func TestValidateLocatesEveryMistake(t *testing.T) {
	at := func(t care.Time) *care.Time { return &t }
	seconds := func(s care.Seconds) *care.Seconds { return &s }
	for _, c := range []struct {
		path, words string
		spoil       func(*care.Day)
	}{
		{"version", "version 2", func(d *care.Day) { d.Version = 2 }},
		{"timeZone", "not known", func(d *care.Day) { d.TimeZone = "Europe/Kalix" }},
		{"timeZone", "no time zone", func(d *care.Day) { d.TimeZone = "" }},
		{"timeZone", "not known", func(d *care.Day) { d.TimeZone = "Local" }},
		{"origin", "no date", func(d *care.Day) { d.Origin = time.Time{} }},
		{"origin", "2026-11-24T00:00:00+01:00", func(d *care.Day) { d.Origin = d.Origin.Add(time.Hour) }},
		{"condition.season", "summer or winter", func(d *care.Day) { d.Condition.Season = "spring" }},
		{"condition.speedPercent", "out of range", func(d *care.Day) { d.Condition.SpeedPercent = 1000 }},
		{"published.version", "version 0", func(d *care.Day) { d.Published = &care.Roster{} }},
		{"municipalities[1].id", "already used", func(d *care.Day) { d.Municipalities = append(d.Municipalities[:1], d.Municipalities...) }},
		{"members[0]", "there is no municipality", func(d *care.Day) { d.Members[0] = "9999"; d.Members = append(d.Members, "2513") }},
		{"members[2]", "twice", func(d *care.Day) { d.Members = append(d.Members, "2513") }},
		{"clients[1].municipality", "not a member", func(d *care.Day) { d.Members = d.Members[:1] }},
		{"places[0].id", "no id", func(d *care.Day) { d.Places = append([]care.Place{{Lat: 66, Lon: 22}}, d.Places...) }},
		{"places[3].id", "already used by places[1]", func(d *care.Day) { d.Places = append(d.Places, d.Places[1]) }},
		{"places[1].lat", "look swapped", func(d *care.Day) { d.Places[1].Lat, d.Places[1].Lon = 22.9, 66.35 }},
		{"places[1].lat", "n_sweref99tm", func(d *care.Day) { d.Places[1].Lat, d.Places[1].Lon = 7379000, 849000 }},
		{"places[1].lat", "swapped", func(d *care.Day) { d.Places[1].Lat, d.Places[1].Lon = 849000, 7379000 }},
		{"places[1].lat", "outside -90", func(d *care.Day) { d.Places[1].Lat = 91 }},
		{"places[1].lon", "outside -180", func(d *care.Day) { d.Places[1].Lon = 200 }},
		{"places[1].lat", "not a number", func(d *care.Day) { d.Places[1].Lat = math.NaN() }},
		{"places[1].lon", "not a number", func(d *care.Day) { d.Places[1].Lon = math.Inf(1) }},
		{"places[1].lat", "missing", func(d *care.Day) { d.Places[1].Lat, d.Places[1].Lon = 0, 0 }},
		{"places[1].leave", "between 0 and 2 hours", func(d *care.Day) { d.Places[1].Leave = seconds(-1) }},
		{"places[1].municipality", "there is no municipality", func(d *care.Day) { d.Places[1].Municipality = "1" }},
		{"bases[0].place", `there is no place "x"`, func(d *care.Day) { d.Bases[0].Place = "x" }},
		{"vehicles[0].base", "there is no base", func(d *care.Day) { d.Vehicles[0].Base = "x" }},
		{"clients[0].place", "names no place", func(d *care.Day) { d.Clients[0].Place = "" }},
		{"clients[0].fixedContact", "there is no carer", func(d *care.Day) { d.Clients[0].FixedContact = "x" }},
		{"clients[0].blocked[1]", "there is no carer", func(d *care.Day) { d.Clients[0].Blocked = append(d.Clients[0].Blocked, "x") }},
		{"clients[0].blocked", "also blocked", func(d *care.Day) { d.Clients[0].FixedContact = "m2" }},
		{"clients[1].languages[1]", "twice", func(d *care.Day) { d.Clients[1].Languages[1] = "fi" }},
		{"carers[0].profession", "not known", func(d *care.Day) { d.Carers[0].Profession = "doctor" }},
		{"carers[0].delegations[0].to", "ends before it begins", func(d *care.Day) { d.Carers[0].Delegations[0].To = -1 }},
		{"carers[0].delegations[0].clients[0]", "there is no client", func(d *care.Day) { d.Carers[0].Delegations[0].Clients[0] = "x" }},
		{"carers[0].delegations[0].task", "names no task", func(d *care.Day) { d.Carers[0].Delegations[0].Task = "" }},
		{"carers[0].delegations[0].unit", "no issuing unit", func(d *care.Day) { d.Carers[0].Delegations[0].Unit = "" }},
		{"carers[1].skills[0]", "empty", func(d *care.Day) { d.Carers[1].Skills[0] = " " }},
		{"shifts[0].carer", "there is no carer", func(d *care.Day) { d.Shifts[0].Carer = "x" }},
		{"shifts[0].end", "ends before it starts", func(d *care.Day) { d.Shifts[0].End = d.Shifts[0].Start; d.Pins = nil }},
		{"shifts[1].end", "the rules allow 13:00", func(d *care.Day) { d.Shifts[1].End = 29 * hour }},
		{"shifts[1].start", "days away", func(d *care.Day) { d.Shifts[1].Start = -90 * 86400 }},
		{"shifts[1].vehicle", "while shift", func(d *care.Day) { d.Shifts[1].Start = 14 * hour }},
		{"shifts[1].start", "overlaps shift", func(d *care.Day) {
			d.Shifts[1].Carer, d.Shifts[1].Start, d.Shifts[1].Vehicle = "m1", 14*hour, ""
		}},
		{"shifts[1].mode", "write car", func(d *care.Day) { d.Shifts[1].Mode, d.Shifts[1].Vehicle = "kick", "" }},
		{"shifts[0].vehicle", "another mode", func(d *care.Day) { d.Shifts[0].Mode = care.Foot }},
		{"shifts[0].breaks[0].length", "longer than 0", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 11 * hour, To: 12 * hour}}}
		}},
		{"shifts[0].breaks[0].window", "within the shift", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 11 * hour, To: 15 * hour}, Length: 1800}}
		}},
		{"shifts[0].breaks[1].window", "the one ahead", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 11 * hour, To: 12 * hour}, Length: 1800}, {Window: care.Window{From: 12 * hour, To: 13 * hour}, Length: 1800}}
		}},
		{"visits[2].id", "already used", func(d *care.Day) { d.Visits = append(d.Visits, d.Visits[1]) }},
		{"visits[0].client", "there is no client", func(d *care.Day) { d.Visits[0].Client = "x" }},
		{"visits[0].place", "there is no place", func(d *care.Day) { d.Visits[0].Place = "x" }},
		{"visits[0].duration", "longer than 0", func(d *care.Day) { d.Visits[0].Duration = -5; d.Pins = nil }},
		{"visits[1].duration", "at most 24", func(d *care.Day) { d.Visits[1].Duration = 90000 }},
		{"visits[1].windows", "no window", func(d *care.Day) { d.Visits[1].Windows = nil }},
		{"visits[1].windows[0]", "ends before it starts", func(d *care.Day) { d.Visits[1].Windows[0].To = 8 * hour }},
		{"visits[1].windows[1]", "overlaps", func(d *care.Day) { d.Visits[1].Windows[1].From = 11 * hour }},
		{"visits[1].windows[1]", "in order", func(d *care.Day) { d.Visits[1].Windows[1].From, d.Visits[1].Windows[1].To = 0, 100 }},
		{"visits[0].preferred", "outside all windows", func(d *care.Day) { d.Visits[0].Preferred.To = 10 * hour; d.Visits[0].Preferred.From = 10 * hour }},
		{"visits[1].carers", "3 carers", func(d *care.Day) { d.Visits[1].Carers = 3 }},
		{"visits[1].priority", "priority 0", func(d *care.Day) { d.Visits[1].Priority = 0 }},
		{"visits[0].requires.professions[0]", "not known", func(d *care.Day) { d.Visits[0].Requires.Professions[0] = "x" }},
		{"visits[0].requires.delegation", "no profession", func(d *care.Day) { d.Visits[0].Requires.Professions = nil }},
		{"links[0].second", "itself", func(d *care.Day) { d.Links[0].Second = "b1" }},
		{"links[0].first", "there is no visit", func(d *care.Day) { d.Links[0].First = "x" }},
		{"links[0].max", "smaller", func(d *care.Day) { d.Links[0].Max = -1 }},
		{"links[0].carer", "not known", func(d *care.Day) { d.Links[0].Carer = "none" }},
		{"pins[0].visit", "there is no visit", func(d *care.Day) { d.Pins[0].Visit = "x" }},
		{"pins[0].shift", "there is no shift", func(d *care.Day) { d.Pins[0].Shift = "x" }},
		{"pins[0].start", "outside the visit's windows", func(d *care.Day) { d.Pins[0].Start = at(10 * hour) }},
		{"pins[0].start", "within the shift", func(d *care.Day) { d.Pins[0].Shift = "d2" }},
		{"pins[1].visit", "more pins", func(d *care.Day) { d.Pins = append(d.Pins, d.Pins[0]) }},
		{"pins[2].start", "another start", func(d *care.Day) {
			d.Pins = append(d.Pins, care.Pin{Visit: "b2", Start: at(9 * hour)}, care.Pin{Visit: "b2", Start: at(10 * hour)})
		}},
		{"pins[2].shift", "same shift", func(d *care.Day) {
			d.Pins = append(d.Pins, care.Pin{Visit: "b2", Shift: "d1"}, care.Pin{Visit: "b2", Shift: "d1"})
		}},
		{"pins[0]", "locks nothing", func(d *care.Day) { d.Pins[0].Shift, d.Pins[0].Start = "", nil }},
		{"rules.handling.winter.leave", "between 0", func(d *care.Day) { d.Rules.Handling.Winter.Leave = -1 }},
		{"rules.break.workBefore", "half an hour", func(d *care.Day) { d.Rules.Break.WorkBefore = 5 }},
		{"rules.break.length", "no length", func(d *care.Day) { d.Rules.Break.Length = 0 }},
		{"rules.break.length", "longer than the work before it", func(d *care.Day) { d.Rules.Break.WorkBefore, d.Rules.Break.Length = 1800, 1801 }},
		{"rules.weights.unserved[0]", "weight", func(d *care.Day) { d.Rules.Weights.Unserved[0] = 1_000_000_001 }},
		{"rules.workingTime.dailyRest", "between 0", func(d *care.Day) { d.Rules.WorkingTime.DailyRest = -1 }},
		{"rules.weights.drive", "weight", func(d *care.Day) { d.Rules.Weights.Drive = -1 }},
		{"rules.weights.unserved[3]", "less important", func(d *care.Day) { d.Rules.Weights.Unserved[3] = 1_000_000 }},
		{"agreements[0].serving", "itself", func(d *care.Day) { d.Agreements[0].Serving = "2513" }},
		{"agreements[0].professions[0]", "not known", func(d *care.Day) { d.Agreements[0].Professions[0] = "x" }},
		{"history[0].date", "YYYY-MM-DD", func(d *care.Day) { d.History[0].Date = "2026-02-30" }},
		{"history[0].carer", "names no carer", func(d *care.Day) { d.History[0].Carer = "" }},
		{"neighbours[0].carer", "there is no carer", func(d *care.Day) { d.Neighbours[0].Carer = "x" }},
		{"neighbours[0].start", "more than a month", func(d *care.Day) { d.Neighbours[0].Start, d.Neighbours[0].End = -40*24*hour, -40*24*hour+8*hour }},
		{"neighbours[0].end", "longer than 48 hours", func(d *care.Day) { d.Neighbours[0].Start = -70 * hour }},
		{"shifts[1].end", "longer than 48 hours", func(d *care.Day) {
			d.Rules.WorkingTime.LongestShift, d.Shifts[1].End = 0, d.Shifts[1].Start+48*hour+1
		}},
		{"shifts[0].vehicle", "stands then: at its base", func(d *care.Day) { d.Shifts[0].From = "p1" }},
		{"shifts[1].vehicle", "stands then: where the shift before it ends", func(d *care.Day) { d.Shifts[0].To = "p1" }},
		{"shifts[0].breaks[0]", "more than 5:00 h in a row from 07:00; add a break of at least 30 min that begins between 09:30 and 12:00", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 11 * hour, To: 11*hour + 1800}, Length: 900}} // too short to count
		}},
		{"shifts[0].breaks[0]", "in a row from 08:30; add a break of at least 30 min that begins between 09:30 and 13:30", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 7 * hour, To: 8 * hour}, Length: 1800}} // too early
		}},
		{"shifts[1].breaks[0]", "in a row from 15:00; add a break of at least 30 min that begins between 15:30 and 20:00", func(d *care.Day) {
			d.Shifts[1].Breaks = []care.Break{{Window: care.Window{From: 21 * hour, To: 21 * hour}, Length: 1800}} // too late
		}},
		{"shifts[0].breaks[1]", "in a row from 10:00; add breaks of at least 30 min, the first of which begins at 15:00 or before", func(d *care.Day) {
			d.Rules.WorkingTime.LongestShift, d.Shifts[0].End, d.Shifts[1].Carer, d.Shifts[1].Vehicle = 0, 21*hour, "m2", ""
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 8 * hour, To: 8 * hour}, Length: 1800}, {Window: care.Window{From: 9 * hour, To: 9*hour + 1800}, Length: 1800}}
		}},
		{"shifts[0].breaks[1].window", "before the one ahead of it is over", func(d *care.Day) {
			noon := care.Break{Window: care.Window{From: 11 * hour, To: 11 * hour}, Length: 1800}
			d.Shifts[0].Breaks = []care.Break{noon, {Window: care.Window{From: 10 * hour, To: 10 * hour}, Length: 1800}}
		}},
		{"shifts[0].breaks[0].window", "does not lie within the shift", func(d *care.Day) {
			d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 14 * hour, To: 15 * hour}, Length: 1800}}
		}},
		{"neighbours[0].end", "ends before", func(d *care.Day) { d.Neighbours[0].End = -20 * hour }},
	} {
		d := smallDay()
		c.spoil(d)
		var invalid *care.ValidationError
		if err := d.Validate(); !errors.As(err, &invalid) || !errors.Is(err, care.ErrInvalid) {
			t.Errorf("%s: not refused (%v)", c.path, err)
			continue
		}
		if p := invalid.Problems[0]; len(invalid.Problems) > 1 || p.Path != c.path || !strings.Contains(p.String(), c.words) {
			t.Errorf("%s, %q: got\n%v", c.path, c.words, invalid)
		}
	}
}

func TestValidateFindsAllAtOnce(t *testing.T) {
	d := smallDay()
	d.Visits[0].Duration = 0
	d.Visits[1].Windows[1].To = 0
	d.Shifts[1].Carer = "x"
	err := d.Validate()
	var invalid *care.ValidationError
	if !errors.As(err, &invalid) || len(invalid.Problems) != 3 {
		t.Fatalf("want 3 problems, got %v", err)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 {
		t.Errorf("want one line each, got %q", lines)
	}
	want := care.Problem{
		Path: "visits[1].windows[1]", Kind: "visits", Index: 1, ID: "b2", Field: "windows", Sub: 1,
		Message: "ends before it starts", Hint: "exchange the two times, or let it end on the next date",
	}
	if got := invalid.Problems[2]; got != want {
		t.Errorf("got %+v", got)
	}
}

func TestMessagesNeverEchoWhatLooksPersonal(t *testing.T) {
	for _, secret := range []string{"Anna Svensson", "19121212-1212", "191212121212", "1212121212", "121212+1212"} {
		d := smallDay()
		d.Clients[0].FixedContact = secret
		d.Visits[0].Client = secret
		d.Pins[0].Visit = secret
		d.Municipalities = append(d.Municipalities, care.Municipality{ID: secret}, care.Municipality{ID: secret})
		if err := d.Validate(); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("echoed: %v", err)
		}
	}
}

func TestValidateOfNothing(t *testing.T) {
	var d *care.Day
	if d.Validate() == nil || new(care.Day).Validate() == nil {
		t.Error("accepted")
	}
}

func TestTravelValidate(t *testing.T) {
	d := smallDay()
	good := func() *care.Travel {
		m := &care.Matrix{N: 3, Seconds: make([]care.Seconds, 9), Metres: make([]care.Metres, 9)}
		m.Later = []care.LaterTravel{{From: 9 * 3600, Seconds: m.Seconds, Metres: m.Metres}, {From: 15 * 3600, Seconds: m.Seconds, Metres: m.Metres}}
		return &care.Travel{Places: []string{"p0", "p1", "p2"}, Matrices: map[care.Mode]*care.Matrix{care.Car: m}}
	}
	if err := good().Validate(d); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words string
		spoil func(*care.Travel)
	}{
		{"matrices.car.n", func(t *care.Travel) { t.Matrices[care.Car].N = 2 }},
		{"8 values", func(t *care.Travel) { t.Matrices[care.Car].Seconds = t.Matrices[care.Car].Seconds[:8] }},
		{"matrices.car.metres: has 0", func(t *care.Travel) { t.Matrices[care.Car].Metres = nil }},
		{"not zero", func(t *care.Travel) { t.Matrices[care.Car].Seconds[4] = 1 }},
		{"longer than 48 hours", func(t *care.Travel) { t.Matrices[care.Car].Seconds[5] = care.Unreachable - 1 }},
		{"longer than 10 000 km", func(t *care.Travel) { t.Matrices[care.Car].Metres[5] = 1<<31 - 1 }},
		{"negative", func(t *care.Travel) { t.Matrices[care.Car].Seconds[5] = -1 }},
		{"distance is negative", func(t *care.Travel) { t.Matrices[care.Car].Metres[5] = -1 }},
		{"missing", func(t *care.Travel) { t.Matrices[care.Car] = nil }},
		{"later[1].from: does not come after", func(t *care.Travel) { t.Matrices[care.Car].Later[1].From = 9 * 3600 }},
		{"later[0].from: is more than 31 days", func(t *care.Travel) { t.Matrices[care.Car].Later[0].From = 1 << 30 }},
		{"later[1].seconds: has 8 values", func(t *care.Travel) { t.Matrices[care.Car].Later[1].Seconds = make([]care.Seconds, 8) }},
		{"later[1].metres: has 0 values", func(t *care.Travel) { t.Matrices[care.Car].Later[1].Metres = nil }},
		{"later[0].seconds[3]: a travel time is negative", func(t *care.Travel) {
			t.Matrices[care.Car].Later[0].Seconds = []care.Seconds{0, 0, 0, -1, 0, 0, 0, 0, 0}
		}},
		{"later: has 100 parts", func(t *care.Travel) { t.Matrices[care.Car].Later = make([]care.LaterTravel, 100) }},
		{"shifts[0].mode", func(t *care.Travel) { t.Matrices = nil }},
		{"places[2].id", func(t *care.Travel) { t.Places[2] = "elsewhere" }},
		{"already used", func(t *care.Travel) { t.Places[1] = "p0" }},
	} {
		travel := good()
		c.spoil(travel)
		if err := travel.Validate(d); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: got %v", c.words, err)
		}
	}
	if (*care.Travel)(nil).Validate(d) == nil {
		t.Error("no matrices accepted")
	}
}
