package sets

import "testing"

// Everything is 5 from the depot and 10 apart, but visits 2 and 4 are at one
// place and begin together. A day of 90 units is 9 hours.
const tinyPairs = `{"name":"tiny","staff":2,"horizon":90,"hours_per_horizon":9,"visits":4,"sync_pairs":[[2,4]],
"service_time":[0,10,10,10,10],
"window_open":[0,0,0,0,0],
"window_close":[90,81,82,83,84],
"travel_time":[[0,5,5,5,5],[5,0,10,10,10],[5,10,0,10,0],[5,10,10,0,10],[5,10,0,10,0]]}`

// Visit 2 begins at 5 + 10 + 10 = 25, so visit 4 does too, though its carer is
// there at 5; visit 3 then begins at 25 + 10 + 10 = 45, and both are back at 40
// and 60.
func TestBredstrom(t *testing.T) {
	in := readTiny(t, "sync-bredstrom", Hours, tinyPairs)
	plan := "Route #1: 1 2\nRoute #2: 4 3\n"
	wantValue(t, in, plan, 2, 4)
	wantBreaches(t, "sync-bredstrom", Hours, tinyPairs, []breach{
		{plan: "Route #1: 1 2\nRoute #2: 4", want: "visit 3 is not made"},
		{plan: plan + "Route #3: 3", want: "visit 3 is made twice"},
		{plan: "Route #1: 1 2\nRoute #2: 4 3 5", want: "there is no visit 5"},
		{plan: "Route #1: 1 2 4\nRoute #2: 3", want: "the visits 2 and 4 of a pair are on it"},
		{plan: "Route #1: 1\nRoute #2: 4 3\nRoute #3: 2", want: "3 routes, there are 2 staff"},
		{edits: []string{"82,83", "82,44"}, plan: plan, want: "visit 3 begins at 45 or later, its window closes at 44"},
		{edits: []string{"90,81", "90,4"}, plan: plan, want: "visit 1 begins at 5 or later, its window closes at 4"},
		{edits: []string{"[0,0,0,0,0]", "[0,0,26,0,0]", "83,84", "83,25"}, plan: plan, want: "visit 4 begins at 26 or later, its window closes at 25"},
		{edits: []string{`"horizon":90`, `"horizon":59`}, plan: plan, want: "route 2: is back at 60, the day ends at 59"},
		// 1 waits for 3, which is after 4, which waits for 2, which is after 1.
		{edits: []string{"[[2,4]]", "[[2,4],[1,3]]"}, plan: plan, want: "its window closes at"},
	})
	wantReturn(t, in, plan, plan+"Cost 4.0000\n")
	wantFaults(t, "sync-bredstrom", Hours, tinyPairs, [][2]string{
		{"[[2,4]]", "[[2,2]]"},
		{"[[2,4]]", "[[0,2]]"},
		{"[[2,4]]", "[[2,5]]"},
		{`"visits":4`, `"visits":5`},
		{`"staff":2`, `"staff":0`},
		{"[0,10,10,10,10]", "[0,10,10,10]"},
		{"[0,5,5,5,5]", "[0,5,5,5]"},
		{"[0,5,5,5,5]", "[0,5,5,5,-5]"},
		{"[0,0,0,0,0]", "[0,0,0,0,85]"},
		{`"horizon":90`, `"horizon":0`},
		{`"hours_per_horizon":9,`, ``},
		{"{", "["},
	})
	wantSolved(t, in, 4, 0)
}
