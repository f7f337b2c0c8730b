package solver

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// positions tells whether what is pinned to a position stands there, read from the
// text of Pin.
func (o *oracle) positions() bool {
	for task := range o.p.Tasks {
		at := o.p.Tasks[task].Pin.Position
		r := o.shift[task]
		if at == None || r == None {
			continue
		}
		before := o.routes[r][:slices.Index(o.routes[r], int32(task))]
		for _, f := range before {
			if int(f) >= o.asked {
				at++ // a refill is no position
			}
		}
		if len(before) != int(at) {
			return false
		}
	}
	return true
}

// pinning pins some tasks to positions, and some of those to shifts.
func pinning(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Tasks {
		if random.IntN(3) == 0 {
			p.Tasks[i].Pin.Position = int32(random.IntN(3))
			if random.IntN(3) == 0 {
				p.Tasks[i].Pin.Shift = int32(random.IntN(len(p.Shifts)))
			}
		}
	}
	return p
}

// pinSome pins every third task of a roster to where it stands there, every sixth
// to its shift too.
func pinSome(p *Problem, s *Solution) {
	for r := range s.Routes {
		at := int32(0)
		for _, stop := range s.Routes[r].Stops {
			if stop.Task == None {
				continue
			}
			if stop.Task%3 == 0 {
				p.Tasks[stop.Task].Pin.Position = at
			}
			if stop.Task%6 == 0 {
				p.Tasks[stop.Task].Pin.Shift = int32(r)
			}
			at++
		}
	}
}

// A day where a third of all tasks is pinned to positions is planned from nothing,
// in parts by several workers too, and from a roster that keeps the pins.
func TestPositionsOnADay(t *testing.T) {
	tasks, iterations := 100, int64(800)
	if invariantsOn {
		tasks, iterations = 90, 600
	}
	for _, workers := range []int{1, 3} {
		p := withHub(tasks, tasks/8, 4)
		free := solveMost(t, p, iterations, workers)
		pinSome(p, free)
		s := solveMost(t, p, iterations, workers)
		t.Logf("%d workers: free %d, pinned %d, %d and %d unserved", workers, free.Cost, s.Cost, len(free.Unserved), len(s.Unserved))
		warm := solve(t, p, Options{Seed: 2, Iterations: iterations, Warm: free, Workers: workers})
		if warm.Cost > free.Cost {
			t.Errorf("%d workers: a warm start from %d gives %d", workers, free.Cost, warm.Cost)
		}
	}
}
