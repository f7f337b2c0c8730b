package solver

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// Many workers find the same again under a limit of iterations: in parts, side by side where
// shifts are too few to share, and with a population. Under the race detector this is where
// most goroutines meet.
func TestManyWorkersFindTheSameAgain(t *testing.T) {
	for _, c := range []struct {
		name       string
		p          *Problem
		workers    int
		iterations int64
		contest    bool
		breeds     bool
	}{
		{name: "in parts", p: homeCare(450, 100, 1), workers: 12, iterations: 9000},
		{name: "counted, in parts", p: grouped(300, 70, 2), workers: 8, iterations: 6000},
		{name: "as a contest", p: homeCare(60, 8, 3), workers: 16, iterations: 6000, contest: true},
		{name: "with a population", p: classicDays["no loads"].draw(rand.New(rand.NewPCG(5, 23))), workers: 9, iterations: leastBred * 40 * 40, contest: true, breeds: true},
	} {
		if invariantsOn {
			c.iterations /= 4
		}
		o := Options{Seed: 7, Iterations: c.iterations, Workers: c.workers}
		crew := construct(t.Context(), compile(t.Context(), c.p, true), &o)
		a := anneal{iterations: o.Iterations}
		if crew.contests() != c.contest || crew.breeds(&o, &a) != (c.breeds && !invariantsOn) {
			t.Errorf("%s: a contest: %t, a population: %t", c.name, crew.contests(), crew.breeds(&o, &a))
		}
		s := solve(t, c.p, o)
		if again := solve(t, c.p, o); !reflect.DeepEqual(s, again) {
			t.Errorf("%s: costs %d, and %d the second time", c.name, s.Cost, again.Cost)
		}
		if out := len(s.Unserved); out > len(c.p.Tasks)/8 {
			t.Errorf("%s: %d of %d tasks are left out", c.name, out, len(c.p.Tasks))
		}
	}
}
