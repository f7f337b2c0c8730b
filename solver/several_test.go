package solver

import (
	"math/rand/v2"
	"testing"
)

// several gives a tiny problem what sets its shifts and its ways apart: a matrix of its
// own for a shift, ways that are one way or none, shifts that a task may not be done by
// or costs more in, and now and then a third shift.
func several(random *rand.Rand, p *Problem) *Problem {
	first := p.Profiles[0].Periods[0]
	if random.IntN(3) == 0 && len(p.Tasks) < 5 {
		third := p.Shifts[0]
		third.Person, third.From = 0, int32(random.IntN(first.N))
		p.Shifts = append(p.Shifts, third)
	}
	own := Period{N: first.N, Time: append([]int32{}, first.Time...), Distance: append([]int32{}, first.Distance...)}
	for i := range own.Time {
		if own.Time[i] == 0 {
			continue
		}
		switch random.IntN(6) {
		case 0:
			own.Time[i] += int32(random.IntN(4))
		case 1:
			own.Time[i] = max(1, own.Time[i]-int32(random.IntN(3)))
			own.Distance[i] += int32(random.IntN(5))
		case 2:
			if random.IntN(3) == 0 {
				own.Time[i] = NoWay
			}
		}
	}
	p.Profiles = append(p.Profiles, Profile{Periods: []Period{own}})
	for r := range p.Shifts {
		p.Shifts[r].Profile = int32(random.IntN(2))
	}
	for i := range p.Tasks {
		for j := range p.Tasks[i].Modes {
			mode := &p.Tasks[i].Modes[j]
			if random.IntN(3) == 0 {
				mode.ShiftCost = make([]int64, len(p.Shifts))
				for r := range mode.ShiftCost {
					mode.ShiftCost[r] = int64(random.IntN(6))
				}
			}
			if random.IntN(4) == 0 {
				var allowed []int
				for r := range p.Shifts {
					if random.IntN(3) > 0 {
						allowed = append(allowed, r)
					}
				}
				mode.Allowed = NewBits(allowed...)
			}
		}
	}
	return p
}

// Each of these alone, and beside what else a tiny problem has, is searched to the
// optimum.
func TestSeveralProfilesReachTheOracle(t *testing.T) {
	besideOracle{
		problems: 200, fewer: 40, stream: 71, exact: 2, oneIn: 15,
		kinds: kindsOf(func(random *rand.Rand, p *Problem, _ uint64) *Problem { return several(random, p) }, tiny, crowded, coupling, func(random *rand.Rand) *Problem { return changing(random, tiny(random)) }),
	}.hold(t)
}
