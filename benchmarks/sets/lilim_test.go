package sets

import (
	"math"
	"testing"
)

// Request 1 to 2 lies on one line from the depot, 5 and 10 away; request 3 to 4
// on another, 10 and 20 away.
const tinyLiLim = `2	10	1
0	0	0	0	0	70	0	0	0
1	3	4	6	0	90	1	0	2
2	6	8	-6	0	60	1	1	0
3	0	10	5	0	90	1	0	4
4	0	20	-5	0	90	1	3	0
`

func TestLiLim(t *testing.T) {
	in := readTiny(t, "pdptw-lilim", Hierarchical, tinyLiLim)
	wantValue(t, in, "Route 1 : 1 2\nRoute 2 : 3 4", 2, 60)
	// One vehicle goes 20 to location 4, (3, -16) to location 1, 5 and 10 home.
	wantValue(t, in, "Route 1 : 3 4 1 2\n", 1, 20+math.Sqrt(9+256)+5+10)
	wantBreaches(t, "pdptw-lilim", Hierarchical, tinyLiLim, []breach{
		{plan: "Route 1: 1 2\nRoute 2: 4 3", want: "route 2: location 3 is fetched after it is brought to location 4"},
		{plan: "Route 1: 1 2\nRoute 2: 4 3", want: "route 2: load -5 after location 4, not between 0 and 10"},
		{plan: "Route 1: 1 4\nRoute 2: 3 2", want: "route 1: location 1 is on it, location 2 of the same request is not"},
		{plan: "Route 1: 1 3 2 4", want: "load 11 after location 3, not between 0 and 10"},
		{plan: "Route 1: 1 2\nRoute 2: 3", want: "location 3 is on it, location 4 of the same request is not"},
		{plan: "Route 1: 1 2", want: "customer 3 is not visited"},
		{plan: "Route 1: 1 2\nRoute 2: 3 4 4", want: "customer 4 is visited twice"},
		{plan: "Route 1: 1 2\nRoute 2: 3 4 5", want: "there is no customer 5"},
		{edits: []string{"-6	0	60", "-6	0	41"}, plan: "Route 1: 3 4 1 2", want: "customer 2 is begun at"},
		{edits: []string{"0	70	0", "0	50	0"}, plan: "Route 1: 3 4 1 2", want: "is back at"},
		{edits: []string{"2	10	1", "1	10	1"}, plan: "Route 1: 1 2\nRoute 2: 3 4", want: "2 routes, there are 1 vehicles"},
	})
	wantReturn(t, in, "Route 1 : 1 2\nRoute 2 : 3 4", "Instance name : tiny\nAuthors       : Slinga\nDate          :\nReference     :\nSolution\nRoute 1 : 1 2\nRoute 2 : 3 4\n")
	wantFaults(t, "pdptw-lilim", Hierarchical, tinyLiLim, [][2]string{
		{"1	0	2\n", "1	0	3\n"},
		{"1	0	2\n", "1	0	9\n"},
		{"-6", "-5"},
		{"0	4\n", "4	0\n"},
		{"2	10	1\n", ""},
		{"3	0	10", "4	0	10"},
		{"3	0	10", "3	x	10"},
	})
	// The other way round, 10 to location 2, (6, -2) to location 3, 10 on and 20 home, is shorter.
	wantSolved(t, in, 10+math.Sqrt(36+4)+10+20, 30)
}
