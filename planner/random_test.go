package planner_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

const minute, hour = 60, 3600

// oddDay draws a small day in which everything that makes planning awkward
// comes up often: double visits, links of every kind, pins, shifts with breaks
// of their own, carers with two shifts, delegations that end in the middle of
// a window, blocked pairs, agreements, shared cars, homes without a way there.
// Most of them pass Validate.
func oddDay(t *rapid.T) (*care.Day, *care.Travel) {
	d := &draw{t}
	day := &care.Day{
		Version: care.FormatVersion, TimeZone: "Europe/Stockholm", Rules: care.DefaultRules(),
		Origin:         care.Midnight(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), stockholm),
		Municipalities: []care.Municipality{{ID: "k1"}, {ID: "k2"}},
		Bases:          []care.Base{{ID: "base", Place: "p0", Municipality: "k1"}},
	}
	places := d.of(3, 6)
	for i := range places {
		p := care.Place{ID: fmt.Sprint("p", i), Lat: 66, Lon: 22 + float64(i)/10}
		if d.one(6) {
			own := care.Seconds(d.of(0, 10) * minute)
			p.Arrive = &own
		}
		day.Places = append(day.Places, p)
	}
	d.people(day, places)
	d.duty(day, places)
	d.needs(day)
	d.ties(day)
	// Breaks that Validate refuses are the commonest mistake of this generator.
	var invalid *care.ValidationError
	if errors.As(day.Validate(), &invalid) {
		for _, p := range invalid.Problems {
			if p.Kind == "shifts" && strings.HasPrefix(p.Field, "breaks") {
				day.Shifts[p.Index].Breaks = nil
			}
		}
	}
	return day, d.roads(day)
}

var stockholm = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return zone
}()

// draw holds the source of a day.
type draw struct{ t *rapid.T }

// of draws evenly: rapid's own ranges prefer small numbers, and a day of short
// shifts and narrow windows serves nobody.
func (d *draw) of(from, to int) int {
	bits := 0
	for range 8 {
		bits <<= 1
		if rapid.Bool().Draw(d.t, "n") {
			bits++
		}
	}
	return from + bits%(to-from+1)
}

// one is true once in so many times; rapid's simplest value is false.
func (d *draw) one(in int) bool { return d.of(0, in-1) == in-1 }

func (d *draw) clock(from, to int) care.Time { return care.Time(d.of(from*4, to*4) * 15 * minute) }

func (d *draw) id(kind string, n int) string { return fmt.Sprint(kind, d.of(0, n-1)) }

var trades = []care.Profession{care.AssistantNurse, care.CareAssistant, care.Nurse}

func (d *draw) people(day *care.Day, places int) {
	carers, clients := d.of(2, 4), d.of(2, 4)
	for i := range carers {
		c := care.Carer{ID: fmt.Sprint("m", i), Profession: trades[d.of(0, 2)], Municipality: "k1", Unit: "unit"}
		if d.one(4) {
			c.Municipality = "k2"
		}
		if d.one(3) {
			c.Skills = []string{"lift"}
		}
		if d.one(3) {
			c.Languages = []string{"fi"}
		}
		for range d.of(0, 2) {
			from := d.clock(-4, 14)
			g := care.Delegation{Task: "insulin", Unit: "unit", From: from, To: from + d.clock(0, 14)}
			if d.one(6) {
				g.Unit = "elsewhere"
			}
			if d.one(5) {
				g.Clients = []string{"c0"}
			}
			c.Delegations = append(c.Delegations, g)
		}
		day.Carers = append(day.Carers, c)
	}
	for i := range clients {
		c := care.Client{ID: fmt.Sprint("c", i), Place: d.id("p", places), Municipality: "k1"}
		if d.one(4) {
			c.Municipality = "k2"
		}
		switch {
		case d.one(5):
			c.Blocked = []string{d.id("m", carers)}
		case d.one(5):
			c.FixedContact = d.id("m", carers)
		}
		if d.one(5) {
			c.Languages = []string{"fi"}
		}
		if d.one(5) {
			day.History = append(day.History, care.PastVisit{Date: "2026-11-20", Client: c.ID, Carer: d.id("m", carers)})
		}
		day.Clients = append(day.Clients, c)
	}
	if d.one(6) {
		day.Agreements = []care.Agreement{{Home: "k2", Serving: "k1", Professions: trades[:1]}}
	}
}

// duty draws shifts with their breaks, the rules that bear on them, and what
// was worked the days around.
func (d *draw) duty(day *care.Day, places int) {
	rules := &day.Rules
	rules.Break.WorkBefore = care.Seconds([]int{5, 3, 0}[d.of(0, 2)] * hour)
	if d.one(5) {
		rules.Break = care.BreakRule{WorkBefore: care.Seconds(d.of(2, 12) * 900), Length: care.Seconds(d.of(1, 6) * 900)}
	}
	rules.WorkingTime.SplitShifts = !d.one(4)
	if d.one(2) {
		rules.Weights.Optional = int64(d.of(0, 40) * 100)
	}
	if d.one(4) {
		day.Condition = &care.Condition{Season: care.Winter}
	}
	if d.one(2) {
		day.Vehicles = []care.Vehicle{{ID: "car", Base: "base", Mode: care.Car}}
	}
	shared := care.Time(-4 * hour) // when the shared car is back
	for i := range day.Carers {
		start := d.clock(6, 11)
		for k := range d.of(1, 2) {
			s := care.Shift{
				ID: fmt.Sprint("s", i, "-", k), Carer: day.Carers[i].ID, Start: start, From: "p0", To: "p0", Mode: care.Car,
				End: start + d.clock(3, []int{10, 6}[k]),
			}
			start = s.End + d.clock(0, 12)
			if d.one(6) {
				s.Mode = care.Foot
			}
			if d.one(6) {
				s.To = d.id("p", places)
			}
			if len(day.Vehicles) > 0 && s.Mode == care.Car && s.To == "p0" && s.Start >= shared {
				s.Vehicle, shared = "car", s.End
			}
			if d.one(4) {
				from := s.Start
				for range d.of(1, 2) {
					from += d.clock(0, 4)
					b := care.Break{Window: care.Window{From: from, To: from + d.clock(0, 3)}, Length: care.Seconds(d.of(1, 4) * 15 * minute), Paid: d.one(3)}
					if b.Window.To+care.Time(b.Length) <= s.End {
						s.Breaks = append(s.Breaks, b)
					}
					from = b.Window.To + care.Time(b.Length)
				}
			}
			day.Shifts = append(day.Shifts, s)
		}
		if d.one(5) {
			begin := -d.clock(1, 20)
			if d.one(2) {
				begin = d.clock(24, 40)
			}
			day.Neighbours = append(day.Neighbours, care.WorkedShift{Carer: day.Carers[i].ID, Start: begin, End: begin + d.clock(1, 9)})
		}
	}
}

func (d *draw) needs(day *care.Day) {
	for i := range d.of(3, 9) {
		v := care.Visit{
			ID: fmt.Sprint("v", i), Client: d.id("c", len(day.Clients)), Task: "insulin", Carers: 1,
			Duration: care.Seconds(d.of(2, 18) * 5 * minute), Priority: care.Priority(d.of(1, 4)), Optional: d.one(4),
		}
		at := d.clock(7, 15)
		for range 1 + d.of(0, 3)/3 {
			w := care.Window{From: at, To: at + d.clock(0, 5)}
			v.Windows = append(v.Windows, w)
			at = w.To + 15*minute + d.clock(0, 3)
		}
		if d.one(4) {
			v.Preferred = &care.Window{From: v.Windows[0].To, To: v.Windows[0].To + d.clock(0, 1)}
		}
		if d.one(3) {
			v.Carers = 2
		}
		switch d.of(0, 6) {
		case 5:
			v.Requires.Professions = trades[:d.of(1, 2)]
		case 6:
			v.Requires.Professions, v.Requires.Delegation = trades[2:], "insulin"
		}
		if d.one(6) {
			v.Requires.Skills = []string{"lift"}
		}
		if d.one(8) {
			v.Place = d.id("p", len(day.Places))
		}
		day.Visits = append(day.Visits, v)
	}
}

func (d *draw) ties(day *care.Day) {
	n := len(day.Visits)
	for range d.of(0, 3) {
		a := d.of(0, n-1)
		b := (a + d.of(1, n-1)) % n
		low := care.Seconds(d.of(-8, 8) * 15 * minute)
		l := care.Link{First: day.Visits[a].ID, Second: day.Visits[b].ID, Min: low, Max: low + care.Seconds(d.clock(0, 8)), Together: d.one(3)}
		if d.one(4) {
			l.Min, l.Max = -24*hour, 24*hour
		}
		l.Carer = []care.LinkCarer{care.AnyCarer, care.SameCarer, care.DifferentCarer}[d.of(0, 2)]
		day.Links = append(day.Links, l)
	}
	taken := map[string]bool{}
	for range d.of(0, 3) {
		v := &day.Visits[d.of(0, n-1)]
		s := &day.Shifts[d.of(0, len(day.Shifts)-1)]
		p := care.Pin{Visit: v.ID, Shift: s.ID}
		if taken[v.ID] && v.Carers == 1 || taken[v.ID+s.Carer] {
			continue
		}
		taken[v.ID], taken[v.ID+s.Carer] = true, true
		if at := max(v.Windows[0].From, s.Start+30*minute); d.one(3) && at <= v.Windows[0].To {
			p.Start = &at
			if d.one(2) || at+care.Time(v.Duration) > s.End {
				p.Shift = ""
			}
		}
		day.Pins = append(day.Pins, p)
	}
}

// roads draws travel with some pairs, and here and there a whole place,
// without a way.
func (d *draw) roads(day *care.Day) *care.Travel {
	n := len(day.Places)
	travel := &care.Travel{Matrices: map[care.Mode]*care.Matrix{}}
	for i := range n {
		travel.Places = append(travel.Places, day.Places[i].ID)
	}
	for k, mode := range []care.Mode{care.Car, care.Foot} {
		m := &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
		for i := range n * n {
			if i/n == i%n {
				continue
			}
			m.Seconds[i] = care.Seconds(d.of(1, 8) * (1 + 2*k) * 4 * minute)
			m.Metres[i] = care.Metres(m.Seconds[i]) * 15
			if d.one(25) {
				m.Seconds[i], m.Metres[i] = care.Unreachable, 0
			}
		}
		travel.Matrices[mode] = m
		if d.one(3) {
			d.hours(m)
		}
	}
	return travel
}

// hours draws other ways for parts of the day: some longer, some shorter, some
// shut.
func (d *draw) hours(m *care.Matrix) {
	from := d.clock(6, 11)
	for range d.of(1, 3) {
		l := care.LaterTravel{From: from, Seconds: slices.Clone(m.Seconds), Metres: slices.Clone(m.Metres)}
		for i := range l.Seconds {
			switch {
			case i/m.N == i%m.N:
			case d.one(12):
				l.Seconds[i], l.Metres[i] = care.Unreachable, 0
			case d.one(2):
				l.Seconds[i] = care.Seconds(d.of(1, 60) * minute)
				l.Metres[i] = care.Metres(d.of(1, 60) * 900)
			}
		}
		m.Later = append(m.Later, l)
		from += 15*minute + d.clock(0, 4)
	}
}

// TestOddDaysArePlannedWithoutABreach is the judge of the planner as a whole:
// every day that passes Validate is planned, and the checker, which shares no
// arithmetic with it, finds no rule broken and no reason untrue. Run it with
// -rapid.checks=10000 after a change.
func TestOddDaysArePlannedWithoutABreach(t *testing.T) {
	planned, refused := 0, 0
	reasons := map[care.ReasonCode]int{}
	for range 3 {
		rapid.Check(t, func(t *rapid.T) {
			day, travel := oddDay(t)
			if err := day.Validate(); err != nil {
				refused++
				return
			}
			roster, err := planner.Plan(context.Background(), day, travel, planner.Options{Seed: 1, Iterations: 60})
			if err != nil {
				t.Fatalf("a valid day is refused: %v", err)
			}
			planned++
			for _, u := range roster.Unserved {
				reasons[u.Reason]++
			}
			report := check.Roster(day, travel, roster)
			for _, b := range report.Breaches {
				t.Errorf("%s: %s", b.Rule, b.English)
			}
			if t.Failed() {
				text, _ := json.Marshal(struct {
					Day    *care.Day
					Travel *care.Travel
					Roster *care.Roster
				}{day, travel, roster})
				t.Logf("%s", text)
			}
		})
	}
	t.Logf("%d planned, %d refused, unserved for %v", planned, refused, reasons)
	if planned < 10*refused {
		t.Errorf("%d days planned, %d refused: too few are valid", planned, refused)
	}
}
