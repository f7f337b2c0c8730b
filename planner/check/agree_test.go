package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

// ruleDay draws a day whose people, requirements, agreements and hours are
// mixed at random from few values, so that every combination comes up.
func ruleDay(t *rapid.T) *care.Day {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	some := func(label string, from ...string) []string {
		var list []string
		for _, f := range from {
			if rapid.Bool().Draw(t, label) {
				list = append(list, f)
			}
		}
		return list
	}
	jobs := func(label string) []care.Profession {
		var list []care.Profession
		for _, p := range some(label, string(care.Nurse), string(care.AssistantNurse)) {
			list = append(list, care.Profession(p))
		}
		return list
	}
	clock := func(label string) care.Time { return care.Time(rapid.IntRange(-30, 60).Draw(t, label) * 1800) }
	d := &care.Day{
		Version: 1, TimeZone: "UTC", Origin: time.Date(2026, 6, 9, 0, 0, 0, 0, time.UTC), Rules: care.DefaultRules(),
		Municipalities: []care.Municipality{{ID: "k1"}, {ID: "k2"}}, Places: []care.Place{{ID: "p0"}, {ID: "p1"}},
		Members: some("members", "k1", "k2"),
	}
	d.Rules.WorkingTime.SplitShifts = rapid.Bool().Draw(t, "split")
	d.Rules.WorkingTime.DailyRest = care.Seconds(rapid.IntRange(0, 13).Draw(t, "rest") * hour)
	d.Rules.Break.WorkBefore = care.Seconds(rapid.IntRange(0, 12).Draw(t, "work before") * 1800)
	d.Rules.Break.Length = care.Seconds(rapid.IntRange(1, 4).Draw(t, "break") * 900)
	for range rapid.IntRange(0, 2).Draw(t, "agreements") {
		d.Agreements = append(d.Agreements, care.Agreement{Home: pick("home", "k1", "k2"), Serving: pick("serving", "k1", "k2"), Professions: jobs("for")})
	}
	for i := range 2 {
		d.Carers = append(d.Carers, care.Carer{
			ID: fmt.Sprint("m", i), Profession: rapid.SampledFrom([]care.Profession{care.Nurse, care.AssistantNurse, care.CareAssistant}).Draw(t, "profession"),
			Municipality: pick("employer", "k1", "k2"), Unit: pick("unit", "e1", "e2"), Skills: some("skills", "lift", "sign"),
		})
		for range rapid.IntRange(0, 2).Draw(t, "delegations") {
			d.Carers[i].Delegations = append(d.Carers[i].Delegations, care.Delegation{
				Task: pick("task", "insulin", "wound"), Unit: pick("issued", "e1", "e2"), Clients: some("only for", "c0", "c1"), From: clock("from"), To: clock("to"),
			})
		}
		d.Clients = append(d.Clients, care.Client{ID: fmt.Sprint("c", i), Place: fmt.Sprint("p", i), Municipality: pick("owes", "k1", "k2"), Blocked: some("blocked", "m0", "m1")})
	}
	for i := range 3 {
		d.Visits = append(d.Visits, care.Visit{
			ID: fmt.Sprint("b", i), Client: pick("client", "c0", "c1", "c9"), Carers: 1, Priority: care.Necessary, Duration: 600, Windows: window(0, 20*hour),
			Requires: care.Requirement{Professions: jobs("professions"), Delegation: pick("delegation", "", "insulin", "wound"), Skills: some("needs", "lift", "sign")},
		})
		start := clock("shift")
		s := care.Shift{ID: fmt.Sprint("d", i), Carer: fmt.Sprint("m", i%2), Start: start, End: start + care.Time(rapid.IntRange(1, 30).Draw(t, "hours")*1800), From: "p0", To: "p1", Mode: care.Car}
		for range rapid.IntRange(0, 2).Draw(t, "own breaks") {
			from := start + care.Time(rapid.IntRange(0, 20).Draw(t, "break from")*900)
			s.Breaks = append(s.Breaks, care.Break{Window: care.Window{From: from, To: from + care.Time(rapid.IntRange(0, 12).Draw(t, "break width")*900)}, Length: care.Seconds(rapid.IntRange(1, 4).Draw(t, "break length") * 900), Paid: rapid.Bool().Draw(t, "paid")})
		}
		d.Shifts = append(d.Shifts, s)
	}
	for range rapid.IntRange(0, 2).Draw(t, "neighbours") {
		start := clock("neighbour")
		d.Neighbours = append(d.Neighbours, care.WorkedShift{Carer: pick("who", "m0", "m1"), Start: start, End: start + 8*hour})
	}
	return d
}

// The rule arithmetic of packages care and check is written twice. Here the
// two are asked the same questions.
func TestBothSidesAgreeOnTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := ruleDay(t)
		index, j := care.NewIndex(d), newJudge(d, nil, nil)
		for s := range d.Shifts {
			if diff := cmp.Diff(index.BreaksOf(s), j.breaksOf(&d.Shifts[s])); diff != "" {
				t.Fatalf("breaks of %+v: %s", d.Shifts[s], diff)
			}
			if index.Rested(s) == j.notRest[s] {
				t.Fatalf("rest before %+v", d.Shifts[s])
			}
		}
		at := care.Time(rapid.IntRange(-30, 60).Draw(t, "at") * 1800)
		for v := range d.Visits {
			for c := range d.Carers {
				inside := false
				for _, w := range index.MayStart(v, c) {
					inside = inside || w.From <= at && at <= w.To
				}
				if may, _ := index.Eligible(v, c, at); inside != (may && at >= 0 && at <= 20*hour) {
					t.Fatalf("%s by %s at %d: may start %v", d.Visits[v].ID, d.Carers[c].ID, at, index.MayStart(v, c))
				}
				may, why := index.Eligible(v, c, at)
				broken := map[RuleID]bool{}
				j.barriers(v, c, int64(at), func(r RuleID) { broken[r] = true })
				if why == care.WhyUnknown {
					continue // the checker has reported an unknown client elsewhere
				}
				if may != (len(broken) == 0) || (!may && !broken[RuleID(why)]) {
					t.Fatalf("%s by %s: care says %v %q, check says %v", d.Visits[v].ID, d.Carers[c].ID, may, why, broken)
				}
			}
		}
	})
}

// mutate changes a roster here and there, as a hand or a broken program might.
func mutate(t *rapid.T, r *care.Roster) {
	ids := []string{"b1", "b3", "b6", "b99", "", "d1", "d2", "d9", "bas", "h3", "ö", "m1", "m9"}
	id := func() string { return rapid.SampledFrom(ids).Draw(t, "id") }
	for range rapid.IntRange(1, 6).Draw(t, "changes") {
		kind := rapid.IntRange(0, 9).Draw(t, "change")
		if len(r.Routes) == 0 {
			return
		}
		route := &r.Routes[rapid.IntRange(0, len(r.Routes)-1).Draw(t, "route")]
		if kind >= 4 && len(route.Stops) == 0 {
			continue
		}
		var stop *care.Stop
		if len(route.Stops) > 0 {
			stop = &route.Stops[rapid.IntRange(0, len(route.Stops)-1).Draw(t, "stop")]
		}
		switch kind {
		case 0:
			route.Shift = id()
		case 1:
			route.Carer = id()
		case 2:
			r.Unserved = append(r.Unserved, care.Unserved{Visit: id(), Reason: care.ReasonCode(rapid.SampledFrom([]string{"full", "pin", "cost", "window", "competence", "unreachable", ""}).Draw(t, "reason"))})
		case 3:
			r.Routes = append(r.Routes, *route)
		case 4:
			stop.Kind = rapid.SampledFrom([]care.StopKind{care.StopStart, care.StopVisit, care.StopBreak, care.StopEnd, "", "?"}).Draw(t, "kind")
		case 5:
			stop.Visit, stop.Place = id(), id()
		case 6:
			route.Stops = route.Stops[:rapid.IntRange(0, len(route.Stops)).Draw(t, "cut")]
		case 7:
			route.Stops = append(route.Stops, *stop)
		case 8:
			*stop = care.Stop{Kind: stop.Kind, Visit: stop.Visit, Place: stop.Place}
		case 9:
			number := care.Time(rapid.Int32().Draw(t, "number"))
			switch rapid.IntRange(0, 8).Draw(t, "field") {
			case 0:
				stop.Depart = number
			case 1:
				stop.Arrive = number
			case 2:
				stop.Start = number
			case 3:
				stop.End = number
			case 4:
				stop.Wait = care.Seconds(number)
			case 5:
				stop.Drive = care.Seconds(number)
			case 6:
				stop.Leave = care.Seconds(number)
			case 7:
				stop.Handling = care.Seconds(number)
			case 8:
				stop.Metres = care.Metres(number)
			}
		}
	}
}

// However a roster is bent, judging it does not panic, gives the same report
// twice, and the two ways of adding it up agree.
func TestBentRosters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, travel := smallDay()
		r := smallRoster(d)
		mutate(t, r)
		r.Figures = care.Summarise(d, r)
		report := Roster(d, travel, r)
		for _, b := range report.Breaches {
			if b.Rule == Figures {
				t.Fatalf("added up differently: %s", b.English)
			}
			if b.Rule.Text("sv") == string(b.Rule) {
				t.Fatalf("rule %s has no words", b.Rule)
			}
		}
		if diff := cmp.Diff(report, Roster(d, travel, r)); diff != "" {
			t.Fatalf("another report the second time: %s", diff)
		}
		Roster(d, nil, r)
		Roster(&care.Day{}, travel, r)
		Roster(nil, nil, nil)
	})
}

// A day may be as bent as a roster: what Validate would refuse is still judged
// without a panic.
func TestBentDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := ruleDay(t)
		r := &care.Roster{Unserved: []care.Unserved{{Visit: "b0", Reason: care.ReasonFull}, {Visit: "b2", Reason: care.ReasonCost}}}
		for i := range d.Shifts {
			r.Routes = append(r.Routes, care.Route{Shift: d.Shifts[i].ID, Stops: []care.Stop{{Kind: care.StopVisit, Visit: "b1"}, {Kind: care.StopBreak}}})
		}
		d.Visits[0].Carers = rapid.IntRange(-1, 4).Draw(t, "carers")
		d.Visits[2].Priority = care.Priority(rapid.IntRange(-9, 9).Draw(t, "priority"))
		if rapid.Bool().Draw(t, "no windows") {
			d.Visits[0].Windows, d.Visits[1].Windows = nil, nil
		}
		d.Links = []care.Link{{First: "b0", Second: "b2", Min: 5, Max: -5, Together: true}, {First: "b1", Second: "b2", Min: -1 << 31, Max: 1<<31 - 1, Carer: care.SameCarer}, {First: "b0", Second: "b0"}}
		Roster(d, &care.Travel{Places: []string{"p0", "p1"}, Matrices: map[care.Mode]*care.Matrix{care.Car: {N: 2, Seconds: []care.Seconds{0, 60, 60, 0}}}}, r)
		Roster(d, &care.Travel{Places: []string{"p1", "p0"}, Matrices: map[care.Mode]*care.Matrix{care.Car: {N: 7, Seconds: []care.Seconds{0}}}}, r)
	})
}
