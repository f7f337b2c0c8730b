package solver

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// parted makes some links of a problem, and some more, say how far apart the
// starts are, whichever comes first.
func parted(random *rand.Rand, p *Problem) *Problem {
	for range 1 + random.IntN(3) {
		if a, b := random.IntN(len(p.Tasks)), random.IntN(len(p.Tasks)); a != b {
			p.Links = append(p.Links, Link{First: int32(a), Second: int32(b), AllOrNothing: random.IntN(3) == 0, Shift: ShiftClause(random.IntN(3))})
		}
	}
	for i := range p.Links {
		if l := &p.Links[i]; random.IntN(4) > 0 {
			l.Apart, l.Min, l.Max = true, int64(1+random.IntN(6)), Infinity
			if random.IntN(4) == 0 {
				l.Max = l.Min + int64(random.IntN(4))
			}
		}
	}
	return p
}

// inOrder gives links of tasks that are done the order that they have in a
// solution.
func inOrder(p *Problem, s *Solution) *Problem {
	start := map[int32]int64{}
	for r := range s.Routes {
		for _, stop := range s.Routes[r].Stops {
			if stop.Task != None {
				start[stop.Task] = stop.Start
			}
		}
	}
	q := *p
	q.Links = append([]Link{}, p.Links...)
	for i := range q.Links {
		l := &q.Links[i]
		a, one := start[l.First]
		b, other := start[l.Second]
		if l.Apart && one && other {
			l.Apart = false
			if b < a {
				l.First, l.Second = l.Second, l.First
			}
		}
	}
	return &q
}

// doses is a day where clients who get several visits get them two hours apart.
func doses(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	last := map[int32][]int32{}
	for i := range p.Tasks {
		at := p.Tasks[i].Modes[0].Location
		for _, other := range last[at] {
			if i != int(other)+1 {
				p.Links = append(p.Links, Link{First: int32(i), Second: other, Min: 2 * 3600, Max: Infinity, Apart: true})
			}
		}
		last[at] = append(last[at], int32(i))
	}
	return p
}

// A day of visits that are apart is searched by one worker and in parts, and is
// the same each time.
func TestDoses(t *testing.T) {
	tasks, iterations := 120, int64(1200)
	if invariantsOn {
		tasks, iterations = 90, 600
	}
	for _, workers := range []int{1, 2} {
		p := doses(tasks, tasks/8, 4)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		solveMost(t, p, iterations, workers)
		o := Options{Seed: 7, Iterations: 300, Workers: workers}
		if first, again := solve(t, p, o), solve(t, p, o); !reflect.DeepEqual(first, again) {
			t.Errorf("%d workers: another solution the second time", workers)
		} else if warm := solve(t, p, Options{Seed: 8, Iterations: 5, Workers: workers, Warm: first}); warm.Cost > first.Cost {
			t.Errorf("%d workers: %d from a warm start at %d", workers, warm.Cost, first.Cost)
		}
	}
}

// A dozen visits that are all apart from each other, by two carers: more than are
// tried in all orders, and one that is taken out still finds its place between
// the others.
func TestADozenApart(t *testing.T) {
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 1, Time: []int32{1}}}}},
		Shifts:   []Shift{{End: 130}, {End: 130}}, Terms: DefaultTerms(),
	}
	for i := range int32(12) {
		p.Tasks = append(p.Tasks, Task{
			Modes:        []Mode{{Service: 12, Windows: []Window{{1, 111}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		})
		for j := range i {
			p.Links = append(p.Links, Link{First: i, Second: j, Min: 8, Max: Infinity, Apart: true})
		}
	}
	s := solve(t, p, Options{Seed: 1, Iterations: 400})
	if len(s.Unserved) > 0 {
		t.Fatalf("tasks %v are left out", s.Unserved)
	}
	for task := range int32(12) {
		if _, ok := Insertable(p, without(s, []int32{task}), task); !ok {
			t.Errorf("task %d does not fit where it was", task)
		}
	}
}
