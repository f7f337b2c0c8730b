package check

import (
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// The break of m2 stands before b7. For a visit that only fits there, it is
// moved behind b7: "full" is not true as long as another place for the break
// makes room.
func TestABreakIsMovedToMakeRoom(t *testing.T) {
	d, travel := smallDay()
	d.Visits = append(d.Visits, care.Visit{
		ID: "b9", Client: "c5", Duration: 1800, Windows: window(10*hour, 10*hour+600), Carers: 1, Priority: care.Necessary,
		Requires: care.Requirement{Professions: []care.Profession{care.CareAssistant}},
	})
	d.Shifts[1].Breaks = []care.Break{{Window: care.Window{From: 9*hour + 1800, To: 12 * hour}, Length: 1800}}
	d.Shifts[1].End = 15 * hour
	d.Links = d.Links[:1] // b7 may move
	r := smallRoster(d)
	// The break right after b3 leaves no time to be at c5 by 10:10.
	stops := r.Routes[1].Stops
	stops[2].Wait, stops[2].Start, stops[2].End = 0, stops[2].Depart, stops[2].Depart+1800
	stops[3].Depart = stops[2].End
	stops[3].Arrive = stops[3].Depart + 1380
	stops[3].Wait = care.Seconds(stops[3].Start - stops[3].Arrive)
	r.Unserved = append(r.Unserved, care.Unserved{Visit: "b9", Reason: care.ReasonFull, Shifts: 1})
	r.Figures = care.Summarise(d, r)
	report := Roster(d, travel, r)
	if len(report.Breaches) != 1 || report.Breaches[0].Rule != Reason || report.Breaches[0].Shift != "d2" {
		t.Errorf("got %s", text(report))
	}
	// Where the break cannot move, there is no room.
	d.Shifts[1].Breaks[0].Window.To = 9*hour + 1800
	if report := Roster(d, travel, r); !report.OK() {
		t.Errorf("got %s", text(report))
	}
}
