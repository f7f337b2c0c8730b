package check

import (
	"strings"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// Every code is confirmed where it is true and refused where it is not. The
// visit in question is b9, added to the small day and left unserved.
func TestReasonsAreConfirmed(t *testing.T) {
	b9 := care.Visit{ID: "b9", Client: "c1", Task: "care", Duration: 600, Windows: window(7*hour, 16*hour), Carers: 1, Priority: care.Comfort, Optional: true}
	for _, c := range []struct {
		name   string
		truth  care.ReasonCode
		change func(*care.Day)
	}{
		{"on an island", care.ReasonUnreachable, func(d *care.Day) { d.Visits[7].Client = "c6" }},
		{"nobody has the skill", care.ReasonCompetence, func(d *care.Day) { d.Visits[7].Requires.Skills = []string{"sign"} }},
		{"two of the skill, one is there", care.ReasonCompetence, func(d *care.Day) {
			d.Visits[7].Carers, d.Visits[7].Requires.Skills = 2, []string{"lift"}
		}},
		{"the only nurse has not rested", care.ReasonRest, func(d *care.Day) {
			d.Visits[7].Requires.Professions = []care.Profession{care.Nurse}
			d.Neighbours = []care.WorkedShift{{Carer: "m3", Start: -5 * hour, End: 3 * hour}}
		}},
		{"before anybody is there", care.ReasonWindow, func(d *care.Day) { d.Visits[7].Windows = window(7*hour, 7*hour+600) }},
		{"after everybody must be home", care.ReasonWindow, func(d *care.Day) { d.Visits[7].Windows = window(15*hour+2400, 17*hour) }},
		{"the delegation has lapsed by then", care.ReasonCompetence, func(d *care.Day) {
			d.Visits[7].Client = "c2"
			d.Visits[7].Requires = care.Requirement{Professions: []care.Profession{care.Physiotherapist}, Delegation: "stretch"}
			d.Carers[0].Delegations = append(d.Carers[0].Delegations, care.Delegation{Task: "stretch", Unit: "e1", To: 7*hour - 1})
		}},
		{"pinned to a shift that is elsewhere then", care.ReasonPin, func(d *care.Day) {
			d.Visits[7].Windows = window(12*hour+900, 12*hour+1800) // b4 is pinned to 12:15, half an hour away
			d.Pins = append(d.Pins, care.Pin{Visit: "b9", Shift: "d1"})
		}},
		{"the same carer, within a minute of a visit that takes forty", care.ReasonPin, func(d *care.Day) {
			d.Links = append(d.Links, care.Link{First: "b5", Second: "b9", Min: 0, Max: 60, Carer: care.SameCarer})
		}},
		{"pinned, but the one who could is busy anyway", care.ReasonFull, func(d *care.Day) {
			d.Visits[7].Windows, d.Visits[7].Requires.Skills = window(12*hour+900, 12*hour+1800), []string{"lift"}
			d.Pins = append(d.Pins, care.Pin{Visit: "b9", Shift: "d1"})
		}},
		{"the one who could is busy", care.ReasonFull, func(d *care.Day) {
			d.Visits[7].Windows, d.Visits[7].Requires.Skills = window(12*hour+900, 12*hour+1800), []string{"lift"}
		}},
		{"the way there and back is too long beside the rest", care.ReasonFull, func(d *care.Day) {
			d.Visits[7].Windows, d.Visits[7].Duration = window(9*hour, 12*hour), 5*hour
		}},
		{"it would fit", care.ReasonCost, func(d *care.Day) { d.Rules.Weights.Optional = 100 }},
		{"of the two who could one is busy", care.ReasonFull, func(d *care.Day) {
			d.Visits[7].Carers, d.Visits[7].Windows = 2, window(12*hour, 12*hour+600)
		}},
		{"two could", care.ReasonCost, func(d *care.Day) {
			d.Visits[7].Carers, d.Rules.Weights.Optional = 2, 100
		}},
	} {
		for _, said := range []care.ReasonCode{care.ReasonUnreachable, care.ReasonCompetence, care.ReasonWindow, care.ReasonRest, care.ReasonPin, care.ReasonFull, care.ReasonCost, "", "tired"} {
			d, travel := smallDay()
			d.Visits = append(d.Visits, b9)
			d.Rules.Weights.Optional = 0
			c.change(d)
			r := smallRoster(d)
			r.Unserved = append(r.Unserved, care.Unserved{Visit: "b9", Reason: said})
			r.Figures = care.Summarise(d, r)
			report := Roster(d, travel, r)
			if got := report.OK(); got != (said == c.truth) {
				t.Errorf("%s: said %q: %v\n%s", c.name, said, got, text(report))
			}
			for _, b := range report.Breaches {
				if b.Rule != Reason || b.Visit != "b9" {
					t.Errorf("%s: said %q: another breach: %s", c.name, said, b.English)
				}
			}
		}
	}
}

// A visit that must not be left out is not unserved "for its cost" when there
// is a place for it.
func TestCostIsNoExcuseForWhatIsDear(t *testing.T) {
	d, travel := smallDay()
	d.Visits = append(d.Visits, care.Visit{ID: "b9", Client: "c1", Duration: 600, Windows: window(7*hour, 16*hour), Carers: 1, Priority: care.LifeCritical})
	r := smallRoster(d)
	r.Unserved = append(r.Unserved, care.Unserved{Visit: "b9", Reason: care.ReasonCost})
	r.Figures = care.Summarise(d, r)
	report := Roster(d, travel, r)
	if len(report.Breaches) != 1 || report.Breaches[0].Rule != Reason || !strings.Contains(report.Breaches[0].English, "leaving it out costs 1000000") {
		t.Errorf("got %s", text(report))
	}
}

// Of visits that belong together the one can only be put in with the other.
func TestReasonOfVisitsThatBelongTogether(t *testing.T) {
	d, travel := smallDay()
	visit := func(id, client string, from, to care.Time) care.Visit {
		return care.Visit{ID: id, Client: client, Duration: 600, Windows: window(from, to), Carers: 1, Priority: care.Necessary}
	}
	// b8 could go to the nurse's empty shift, but b9 asks for m1 at a time when
	// m1 is pinned to a visit half an hour away.
	d.Visits = append(d.Visits, visit("b8", "c1", 13*hour, 15*hour), visit("b9", "c1", 12*hour+900, 12*hour+1800))
	d.Visits[8].Requires.Skills = []string{"lift"}
	d.Links = append(d.Links, care.Link{First: "b9", Second: "b8", Min: 0, Max: 12 * hour, Together: true})
	r := smallRoster(d)
	r.Unserved = append(r.Unserved, care.Unserved{Visit: "b8", Reason: care.ReasonPin}, care.Unserved{Visit: "b9", Reason: care.ReasonFull})
	r.Figures = care.Summarise(d, r)
	if report := Roster(d, travel, r); !report.OK() {
		t.Errorf("got %s", text(report))
	}
	d.Visits[8].Windows = window(13*hour, 15*hour) // now there is room for both
	if report := Roster(d, travel, r); len(report.Breaches) != 2 {
		t.Errorf("got %s", text(report))
	}
}

// A place that asks a linked visit to start earlier than the roster has it, and dearer, is
// not said to cost less than that.
func TestStartsThatMustComeEarlierCost(t *testing.T) {
	d, travel := smallDay()
	late := care.Window{From: 15 * hour, To: 15 * hour}
	d.Visits[6].Preferred = &late // b7, done at 13:30
	d.Visits = append(d.Visits, care.Visit{ID: "b9", Client: "c1", Duration: 600, Windows: window(13*hour, 14*hour), Carers: 1, Priority: care.Comfort, Optional: true})
	d.Links = append(d.Links, care.Link{First: "b7", Second: "b9", Min: hour, Max: 4 * hour})
	d.Rules.Weights.Optional = 7200
	r := smallRoster(d)
	r.Unserved = append(r.Unserved, care.Unserved{Visit: "b9", Reason: care.ReasonCost})
	r.Figures = care.Summarise(d, r)
	for each, cheaper := range map[int64]bool{0: true, 1000: false} { // a minute outside the preferred window
		d.Rules.Weights.OutsideWindow = each
		if each == 0 {
			d.Rules.Weights.Wait = 0
		}
		if report := Roster(d, travel, r); report.OK() == cheaper {
			t.Errorf("%d a minute: got %s", each, text(report))
		}
	}
}
