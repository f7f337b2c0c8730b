package sets

import (
	"strings"
	"testing"
)

// Two technicians, requests 3 to 5. Technician 1 lives 10 north of the depot
// and has one part; requests 3 and 4, which take one each, are 20 and 30 north.
// Technician 2 lives 20 east and has nothing; request 5 is 10 east. The numbers
// of a solution: homes 6 and 7, depots 8 and 9.
const tinyCrew = `tiny

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2       2       2       1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     0     0      100    0      [] 	[] 	[]
1    0     10    0      75     0      [0,1] 	[0] 	[1]
2    20    0     0      100    0      [1] 	[] 	[0]
3    0     20    0      90     5      [0] 	[0] 	[1]
4    0     30    50     60     5      [1] 	[] 	[1]
5    10    0     0      100    5      [1] 	[1] 	[0]
`

// Technician 1 drives 10 + 20 + 10 + 20 and serves 10: 70. Leaving at 5 he
// waits for nothing. Technician 2 drives 20 + 10 + 10 and serves 5: 45.
func TestTechnicians(t *testing.T) {
	in := readTiny(t, "trsp-pillac", Duration, tinyCrew)
	plan := "<1,8,3,4,6|2,9,5,7>"
	wantValue(t, in, plan, 2, 70+45)
	// Waiting counts where leaving later does not save it: 3 is due at 20, so
	// the technician leaves home at 10, and 4 opens at 50: back at 75.
	waits := readTiny(t, "trsp-pillac", Duration, tinyCrew, "0      90", "0      20", "[1]\n2", "[2]\n2")
	wantValue(t, waits, "<1,3,4,6|2,9,5,7>", 2, 65+45)
	wantBreaches(t, "trsp-pillac", Duration, tinyCrew, []breach{
		{plan: "<1,8,3,4,6>", want: "request 5 is not done"},
		{plan: "<1,8,3,4,6|2,9,5,5,7>", want: "request 5 is done twice"},
		{plan: "<1,8,3,4,6|2,9,5,1,7>", want: "there is no request 1"},
		{plan: "<1,8,4,6|1,8,3,6|2,9,5,7>", want: "technician 1 has two routes"},
		{plan: "<1,8,4,6|2,9,3,5,7>", want: "technician 2: request 3 needs skill 0"},
		{plan: "<1,8,3,4,6|2,5,7>", want: "technician 2: request 5 needs tool 1, which is not on board"},
		{plan: "<1,8,3,4,6|2,5,9,7>", want: "technician 2: request 5 needs tool 1, which is not on board"},
		{plan: "<1,3,4,6|2,9,5,7>", want: "technician 1: request 4 needs 1 parts 0, 0 are left"},
		{plan: "<1,3,8,4,6|2,9,5,7>", want: "technician 1: request 4 is begun at 65.0000, due at 60"},
		{edits: []string{"0      75", "0      74"}, plan: plan, want: "technician 1: is home at 75.0000, due at 74"},
		{edits: []string{"0      75", "16     99"}, plan: plan, want: "technician 1: request 4 is begun at 61.0000, due at 60"},
	})
	if _, err := in.Evaluate(&Plan{Routes: []Route{{Vehicle: 2}}}); err == nil || !strings.Contains(err.Error(), "there is no technician 3") {
		t.Error(err)
	}
	for _, solution := range []string{"<1,3,7>", "<3,4>", "<1,9,3,6>", "<1,10,3,6>", "1,3,6", "<1,,6>", "<1>"} {
		if _, err := in.Read(strings.NewReader(solution)); err == nil {
			t.Errorf("%q is read", solution)
		}
	}
	wantReturn(t, in, "<1,8,3,4,6|2,9,5,7>", "<1,8,3,4,6|2,9,5,7>\n")
	wantFaults(t, "trsp-pillac", Duration, tinyCrew, [][2]string{
		{"[1]\n2", "[1,0]\n2"},
		{"[0,1]", "[0,2]"},
		{"[0,1]", "[0;1]"},
		{"[0,1]", "0,1"},
		{"[1]\n2", "[1] []\n2"},
		{"2       2       2       1", "2       2       2"},
		{"5    10 ", "6    10 "},
		{"CREW", "GANG"},
	})
}

func TestTechniciansSolved(t *testing.T) {
	wantSolved(t, readTiny(t, "trsp-pillac", Duration, tinyCrew), 115, 40)
}

// TestRefilledOnTheWay: request 4 is now beyond the depot. The depot is on the way from 3 to 4, so that this is
// 10 + 20 + 10 + 20 and 10 of service for technician 1; but technician 2 comes
// by it too, and drives 20 + 10 + 14.14 + 10 for 4 and 5.
func TestRefilledOnTheWay(t *testing.T) {
	in := readTiny(t, "trsp-pillac", Duration, tinyCrew, "4    0     30    50     60 ", "4    0     -10   0      90 ")
	wantValue(t, in, "<1,3,8,4,6|2,9,5,7>", 2, 70+45)
	wantSolved(t, in, 25+54.142135624+10, 40)
}
