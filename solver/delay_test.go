package solver

import (
	"math/rand/v2"
	"testing"
)

// tardy draws a tiny problem in which the largest lateness costs something.
// rising: no start is ever cheaper later.
func tardy(random *rand.Rand, rising bool) *Problem {
	p := tiny(random)
	if random.IntN(2) == 0 {
		p = crowded(random)
	}
	p.Terms = append(p.Terms, Term{Kind: TermTardiest, Weight: 1 + int64(random.IntN(4))})
	for i := range p.Tasks {
		mode := &p.Tasks[i].Modes[0]
		if random.IntN(3) > 0 {
			at := mode.Windows[0].From + int64(random.IntN(3))
			mode.ByWindow = nil
			mode.Preferred = Preferred{Window{mode.Windows[0].From, at}, mode.Preferred.Early, 1 + int64(random.IntN(2))}
		}
		if rising {
			mode.Preferred.Early = 0
			for j := range mode.ByWindow {
				mode.ByWindow[j].Early = 0
			}
		}
	}
	for r := range p.Shifts {
		if rising {
			p.Shifts[r].WaitCost, p.Shifts[r].WorkCost = 0, 0
		}
	}
	return p
}

// Where starts only get dearer, the earliest are the best and the optimum is
// found. Where they do not, starts are set route by route and by moves that
// drag others along, which is not exact for what couples all routes: one such
// problem in a few hundred stays a little above it.
func TestTheLargestLatenessReachesTheOracle(t *testing.T) {
	late := func(regular bool) func(*rand.Rand, uint64) *Problem {
		return func(random *rand.Rand, _ uint64) *Problem { return tardy(random, regular) }
	}
	besideOracle{
		problems: 300, fewer: 60, stream: 17, exact: 1, oneIn: 200,
		kinds: []func(*rand.Rand, uint64) *Problem{late(true), late(false)},
	}.hold(t)
}
