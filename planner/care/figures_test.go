package care_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/planner/care"
)

// One route, worked out by hand: m1 leaves late, visits c1 in one municipality
// and c2 in the other, and takes a break in between, after a quarter of
// waiting.
func TestSummarise(t *testing.T) {
	d := smallDay()
	d.Visits[1].Carers = 1
	r := &care.Roster{
		Routes: []care.Route{{Shift: "d1", Carer: "m1", Stops: []care.Stop{
			{Kind: care.StopStart, Place: "p0", Start: 27000, End: 27000, Arrive: 27000, Depart: 27000},
			{Kind: care.StopVisit, Visit: "b1", Place: "p1", Depart: 27600, Leave: 180, Drive: 300, Metres: 5000, Handling: 120, Arrive: 28200, Start: 28200, End: 28800},
			{Kind: care.StopBreak, Place: "p1", Depart: 28800, Arrive: 28800, Wait: 900, Start: 29700, End: 31500},
			{Kind: care.StopVisit, Visit: "b2", Place: "p2", Depart: 31600, Leave: 180, Drive: 600, Metres: 9000, Handling: 120, Arrive: 32500, Wait: 100, Start: 32600, End: 34400},
			{Kind: care.StopEnd, Place: "p0", Depart: 34400, Leave: 180, Drive: 700, Metres: 10000, Handling: 120, Arrive: 35400, Start: 35400, End: 35400},
		}}, {Shift: "d2", Carer: "m2"}},
	}
	r.Unserved = []care.Unserved{{Visit: "b9"}}
	got := care.Summarise(d, r)
	planned := int64(8*hour - 1800)
	// Waiting: 900 before the break, 100 standing idle before leaving, 100 at the
	// door. The ten minutes between start and first departure are no waiting.
	want := care.Figures{
		Total: care.Sums{Shifts: 1, Visits: 2, ShiftSeconds: planned, ServiceSeconds: 2400, DriveSeconds: 1600, HandlingSeconds: 900, WaitSeconds: 1100, BreakSeconds: 1800, Metres: 24000},
		Municipalities: []care.GroupSums{
			{ID: "2513", Sums: care.Sums{Shifts: 1, Visits: 1, ShiftSeconds: planned / 4, ServiceSeconds: 600, DriveSeconds: 300, HandlingSeconds: 300, BreakSeconds: 1800, Metres: 5000}},
			{ID: "2518", Sums: care.Sums{Shifts: 1, Visits: 1, ShiftSeconds: planned - planned/4, ServiceSeconds: 1800, DriveSeconds: 1300, HandlingSeconds: 600, WaitSeconds: 1100, Metres: 19000}},
		},
		Carers: []care.GroupSums{
			{ID: "m1", Sums: care.Sums{Shifts: 1, Visits: 2, ShiftSeconds: planned, ServiceSeconds: 2400, DriveSeconds: 1600, HandlingSeconds: 900, WaitSeconds: 1100, BreakSeconds: 1800, Metres: 24000}},
			{ID: "m2"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// A paid break is part of the planned length.
	d.Shifts[0].Breaks = []care.Break{{Window: care.Window{From: 29700, To: 29700}, Length: 1800, Paid: true}}
	if got := care.Summarise(d, r); got.Total.ShiftSeconds != 8*hour {
		t.Errorf("with a paid break: %d", got.Total.ShiftSeconds)
	}
	if got := care.Summarise(d, &care.Roster{Unserved: []care.Unserved{{Visit: "b1"}, {Visit: "b1"}}}); got.Total != (care.Sums{Unserved: 1}) || got.Municipalities[0].Unserved != 1 {
		t.Errorf("unserved: %+v", got)
	}
}
