package solver

import (
	"strings"
	"testing"
)

// A price whose term is not listed is refused by name, for nobody would pay it, and with
// the term that the message tells to add it is none.
func TestPricesThatNobodyPaysAreRefused(t *testing.T) {
	cases := []struct {
		field string
		kind  TermKind
		plant func(p *Problem)
	}{
		{"shifts[1].fixed: 7", TermFixed, func(p *Problem) { p.Shifts[1].Fixed = 7 }},
		{"shifts[1].timeCost: 7", TermTravel, func(p *Problem) { p.Shifts[1].TimeCost = 7 }},
		{"shifts[1].distanceCost: 7", TermDistance, func(p *Problem) { p.Shifts[1].DistanceCost = 7 }},
		{"shifts[1].workCost: 7", TermWork, func(p *Problem) { p.Shifts[1].WorkCost = 7 }},
		{"shifts[1].waitCost: 7", TermWait, func(p *Problem) { p.Shifts[1].WaitCost = 7 }},
		{"shifts[1].overtime[1].cost: 7", TermOvertime, func(p *Problem) { p.Shifts[1].Overtime = []Tier{{0, 0}, {5, 7}, {9, Infinity}} }},
		{"shifts[0].breaks[0].missCost: 7", TermBreaks, func(p *Problem) { p.Shifts[0].Breaks[0].MissCost = 7 }},
		{"shifts[1].refills[0].cost: 7", TermAssign, func(p *Problem) { p.Shifts[1].Refills = []Refill{{Most: 1, Cost: 7}} }},
		{"tasks[2].unservedCost: 7", TermUnserved, func(p *Problem) { p.Tasks[2].UnservedCost = 7 }},
		{"tasks[2].was.shiftCost: 7", TermChanges, func(p *Problem) { p.Tasks[2].Was.ShiftCost = 7 }},
		{"tasks[2].was.startCost: 7", TermChanges, func(p *Problem) { p.Tasks[2].Was.StartCost = 7 }},
		{"tasks[2].modes[0].cost: 7", TermAssign, func(p *Problem) { p.Tasks[2].Modes[0].Cost = 7 }},
		{"tasks[2].modes[0].shiftCost[1]: 7", TermAssign, func(p *Problem) { p.Tasks[2].Modes[0].ShiftCost = []int64{0, 7} }},
		{"tasks[2].modes[0].preferred.early: 7", TermPreferred, func(p *Problem) { p.Tasks[2].Modes[0].Preferred.Early = 7 }},
		{"tasks[2].modes[0].preferred.late: 7", TermPreferred, func(p *Problem) { p.Tasks[2].Modes[0].Preferred.Late = 7 }},
		{"tasks[2].modes[0].preferred.late: 7", TermTardiest, func(p *Problem) { p.Tasks[2].Modes[0].Preferred.Late = 7 }},
		{"tasks[2].modes[0].byWindow[0].late: 7", TermPreferred, func(p *Problem) {
			p.Tasks[2].Modes[0].ByWindow = []Preferred{{Late: 7}}
		}},
		{"groups[0].shiftCost: 7", TermGroups, func(p *Problem) { p.Groups = []Group{{ShiftCost: 7}} }},
		{"coverage[0].cost: 7", TermCoverage, func(p *Problem) { p.Coverage = []Coverage{{Cost: 7}} }},
	}
	for _, c := range cases {
		p, _ := planted()
		p.Terms = []Term{{Kind: TermBalance, Weight: 1}}
		p = payable(p)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		c.plant(p)
		told := c.kind
		if told == TermTardiest {
			told = TermPreferred
		}
		want := c.field + `, which nobody would pay, for terms lists no "` + string(told) + `"; add Term{Kind: "` + string(told) + `", Weight: 1}`
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want %s, got %v", want, err)
		}
		p.Terms = append(p.Terms, Term{Kind: c.kind, Weight: 1})
		if err := p.Validate(); err != nil {
			t.Errorf("%s is listed: %v", c.kind, err)
		}
	}
}

// Each term is told of once: whoever lists too few of them reads which are missing.
func TestEachTermThatIsMissingIsToldOfOnce(t *testing.T) {
	p := homeCare(40, 8, 1)
	p.Terms = []Term{{Kind: TermTravel, Weight: 1}}
	err := p.Validate()
	if err == nil {
		t.Fatal("valid")
	}
	for _, kind := range []TermKind{TermUnserved, TermFixed, TermDistance, TermWait, TermPreferred, TermAssign} {
		if n := strings.Count(err.Error(), `lists no "`+string(kind)+`"`); n != 1 {
			t.Errorf("%s is told of %d times", kind, n)
		}
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != 6 {
		t.Errorf("%d faults: %v", lines, err)
	}
}
