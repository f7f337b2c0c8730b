package solver

import (
	"context"
	"math/rand/v2"
	"testing"
)

// longDays is homeCare without breaks and with shifts of twelve hours, of which
// each may work six and travel two, whenever it likes to leave.
func longDays(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Breaks, s.LeaveLate = nil, true
		s.LongestWork, s.LongestTravel = 6*3600, 2*3600
		if i%4 == 0 {
			s.LeaveLate = false
		}
	}
	return p
}

// A route leaves at 0 for a task that may start from 0 to 50 and for one that may
// start from 60 on. It may work for 40: so it leaves at 30 at the earliest, and
// at 45 it is as short as it can be, which costs least.
func TestADepartureIsDelayed(t *testing.T) {
	period := Period{N: 2, Time: []int32{0, 5, 5, 0}, Distance: []int32{0, 5, 5, 0}}
	task := func(from, to int64) Task {
		return Task{Modes: []Mode{{Location: 1, Windows: []Window{{from, to}}, PickupOf: None}}, UnservedCost: 1000, Pin: FreePin(), Group: None}
	}
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{period}}},
		Tasks:    []Task{task(0, 50), task(60, 200)},
		Shifts:   []Shift{{End: 200, LeaveLate: true, LongestWork: 40}},
		Terms:    DefaultTerms(),
	}
	for _, c := range []struct {
		longest int64
		out     int
	}{{40, 0}, {20, 0}, {19, 1}} {
		p.Shifts[0].LongestWork = c.longest
		s := solve(t, p, Options{Seed: 1, Iterations: 50})
		if len(s.Unserved) != c.out {
			t.Errorf("longest %d: %v are left out: %+v", c.longest, s.Unserved, s.Routes[0])
		}
	}
	p.Shifts[0].LongestWork, p.Shifts[0].LeaveLate = 64, false // it works from 0
	if s := solve(t, p, Options{Seed: 1, Iterations: 50}); len(s.Unserved) != 1 {
		t.Errorf("from the start: %+v", s.Routes[0])
	}
}

// Joining stretches gives what walking over the route gives: the least time of
// all departures, tried one by one.
func TestStretches(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for range 3000 {
		type stop struct{ travel, service, from, to int64 }
		var route []stop
		whole, ok := stretch{0, 0, 30}, true
		for range 1 + random.IntN(4) {
			from := random.Int64N(40)
			x := stop{random.Int64N(6), random.Int64N(4), from, from + random.Int64N(12)}
			route = append(route, x)
			joined, fits := whole.join(x.travel, stretch{x.service, x.from, x.to})
			whole, ok = joined, ok && fits
		}
		least := Infinity
		for leave := range int64(31) {
			t := leave
			for _, x := range route {
				if t = max(t+x.travel, x.from); t > x.to {
					t = Infinity
					break
				}
				t += x.service
			}
			least = min(least, t-leave)
		}
		if least = min(least, Infinity/2); ok != (least < Infinity/2) || ok && least != whole.duration {
			t.Fatalf("%v: %v, %t, by walking %d", route, whole, ok, least)
		}
	}
}

// Long days are searched in parts by several workers like any others.
func TestLongDays(t *testing.T) {
	tasks, iterations := 180, int64(3000)
	if invariantsOn {
		tasks, iterations = 90, 800
	}
	for _, workers := range []int{1, 3} {
		p := longDays(tasks, tasks/8, 4)
		solveMost(t, p, iterations, workers)
	}
}

// solveMost solves a problem, checks the solution, and wants four in five tasks
// done.
func solveMost(t *testing.T, p *Problem, iterations int64, workers int) *Solution {
	t.Helper()
	s, err := Solve(context.Background(), p, Options{Seed: 5, Iterations: iterations, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range Check(p, s) {
		t.Errorf("%d workers: %s", workers, b)
	}
	if tasks := len(p.Tasks); len(s.Unserved) > tasks/5 {
		t.Errorf("%d workers: %d of %d tasks are left out", workers, len(s.Unserved), tasks)
	}
	return s
}
