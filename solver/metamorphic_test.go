package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// Metamorphic tests: what must not matter does not. Problems are tiny with any features, so
// that nearly all are solved to the optimum, and joined ones, where what a solution is said to
// cost may be asked for.

// renamed is a problem, and a solution of it or nil, with its tasks and shifts in other orders:
// by old number the new one.
func renamed(p *Problem, s *Solution, tasks, shifts []int) (*Problem, *Solution) {
	task := func(i int32) int32 {
		if i == None {
			return None
		}
		return int32(tasks[i])
	}
	shift := func(r int32) int32 {
		if r == None {
			return None
		}
		return int32(shifts[r])
	}
	q := *p
	q.Tasks, q.Shifts, q.Links = make([]Task, len(p.Tasks)), make([]Shift, len(p.Shifts)), slices.Clone(p.Links)
	for r := range p.Shifts {
		q.Shifts[shifts[r]] = p.Shifts[r]
	}
	for i := range p.Tasks {
		t := p.Tasks[i]
		t.Pin.Shift = shift(t.Pin.Shift)
		if t.Was.ShiftCost > 0 {
			t.Was.Shift = shift(t.Was.Shift)
		}
		t.Modes = slices.Clone(t.Modes)
		for k := range t.Modes {
			mode := &t.Modes[k]
			mode.PickupOf = task(mode.PickupOf)
			old := *mode
			if mode.ShiftCost != nil {
				mode.ShiftCost = make([]int64, len(p.Shifts))
				for r := range p.Shifts {
					mode.ShiftCost[shifts[r]] = old.ShiftCost[r]
				}
			}
			if mode.Allowed != nil {
				mode.Allowed = Bits{0}
				for r := range p.Shifts {
					if old.Allowed.Has(r) {
						mode.Allowed = mode.Allowed.With(shifts[r])
					}
				}
			}
		}
		q.Tasks[tasks[i]] = t
	}
	for i := range q.Links {
		l := &q.Links[i]
		l.First, l.Second = task(l.First), task(l.Second)
	}
	if s == nil {
		return &q, nil
	}
	x := *s
	x.Routes, x.Unserved = make([]Route, len(s.Routes)), nil
	for r := range s.Routes {
		route := s.Routes[r]
		route.Stops = slices.Clone(route.Stops)
		for i := range route.Stops {
			route.Stops[i].Task = task(route.Stops[i].Task)
		}
		x.Routes[shifts[r]] = route
	}
	for _, u := range s.Unserved {
		x.Unserved = append(x.Unserved, task(u))
	}
	slices.Sort(x.Unserved)
	return &q, &x
}

// byLevel is what terms come to by level, the hard ones first; a level with a task that is
// left out and must be done is one number.
func byLevel(terms []TermCost) []int64 {
	sums := make([]int64, oracleLevels+1)
	for _, t := range terms {
		sums[t.Level+1] = min(sums[t.Level+1]+t.Cost, Infinity)
	}
	return sums
}

// changedBy holds random rich problems, solved alone and as a change makes them, to what this
// may do to their cost: by level, the second one is to be no more than the first one. What
// couples routes is not solved exactly.
func changedBy(t *testing.T, stream uint64, times int64, change func(*rand.Rand, *Problem) *Problem) {
	t.Helper()
	problems := 400
	if testing.Short() || invariantsOn {
		problems = 100
	}
	drawn, above := 0, 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, stream))
		var set mask
		for range 3 {
			set |= 1 << random.IntN(len(features))
		}
		set &^= maskOf("frozen")
		p, _ := withFeatures(random, []func(*rand.Rand) *Problem{tiny, crowded}[seed%2](random), set)
		if p == nil {
			continue
		}
		q := change(random, p)
		if err := q.Validate(); err != nil {
			t.Fatalf("%s, problem %d: %v", set, seed, err)
		}
		var costs [2][]int64
		for i, x := range []*Problem{p, q} {
			s, err := Solve(context.Background(), x, Options{Seed: 1, Iterations: 300})
			if s == nil {
				t.Fatalf("%s, problem %d: %v", set, seed, err)
			}
			costs[i] = byLevel(s.Terms)
		}
		for i := range costs[0] {
			costs[0][i] = min(costs[0][i]*times, Infinity)
		}
		drawn++
		if slices.Compare(costs[1], costs[0]) > 0 {
			above++
			t.Logf("%s, problem %d: %v, changed %v", set, seed, costs[0], costs[1])
		}
	}
	t.Logf("%d of %d problems cost more", above, drawn)
	if above > 0 || drawn < problems/2 {
		t.Errorf("%d of %d problems cost more", above, drawn)
	}
}

// Neither the order of the tasks nor that of the shifts matters.
func TestRelabelling(t *testing.T) {
	rename := func(random *rand.Rand, p *Problem) *Problem {
		q, _ := renamed(p, nil, random.Perm(len(p.Tasks)), random.Perm(len(p.Shifts)))
		return q
	}
	changedBy(t, 5, 1, rename)
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 5))
		p := tiny(random)
		if a, b := bruteForce(p), bruteForce(rename(random, p)); a != b {
			t.Fatalf("the oracle itself depends on labels: %d, %d", a, b)
		}
	}
}

// With other labels a solution is none the worse: Check, the search and an Inserter say of it
// what they said before.
func TestRelabelledSolutions(t *testing.T) {
	seeds := uint64(150)
	if testing.Short() || invariantsOn {
		seeds = 40
	}
	held, asked := 0, 0
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 63))
		p, kinds := joined(random, 3+int(seed%10))
		if p.Validate() != nil || largestUnit(p) > mostTogether {
			continue
		}
		s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 60})
		if s == nil {
			t.Fatal(err)
		}
		if s.Cost >= Infinity {
			continue
		}
		held++
		tasks := random.Perm(len(p.Tasks))
		q, x := renamed(p, s, tasks, random.Perm(len(p.Shifts)))
		for _, b := range Check(q, x) {
			if b.Rule != "term" {
				t.Errorf("problem %d, %q: %v", seed, kinds, b)
			}
		}
		if counted := layBegun(q, nil, x); counted != s.Cost {
			t.Errorf("problem %d, %q: the search counts %d, costs %d", seed, kinds, counted, s.Cost)
		}
		for _, task := range s.Unserved[:min(len(s.Unserved), 3)] {
			asked++
			was, did := Insertable(p, s, task)
			is, does := Insertable(q, x, int32(tasks[task]))
			if did != does || did && was.Cost != is.Cost {
				t.Errorf("problem %d, %q: task %d fits %t at %d, with other labels %t at %d", seed, kinds, task, did, was.Cost, does, is.Cost)
			}
		}
	}
	if t.Logf("%d solutions, %d tasks asked for", held, asked); held < int(seeds)/3 || asked < held {
		t.Errorf("%d solutions, %d tasks asked for", held, asked)
	}
}

// A finer clock allows all that a coarse one does, at ten times the cost of time, while the
// other prices are scaled here to match.
func TestScalingTime(t *testing.T) {
	changedBy(t, 6, 10, func(_ *rand.Rand, p *Problem) *Problem {
		for r := range p.Shifts {
			p.Shifts[r].DistanceUnit = 1 // nothing is rounded
		}
		return scaleTime(p, 10)
	})
}

// scaleTime multiplies all times by f, and all prices that are not per time.
func scaleTime(p *Problem, f int64) *Problem {
	q := *p
	by := func(numbers ...*int64) {
		for _, x := range numbers {
			if *x != Infinity && *x != -Infinity {
				*x *= f
			}
		}
	}
	windows := func(list []Window) []Window {
		list = slices.Clone(list)
		for i := range list {
			by(&list[i].From, &list[i].To)
		}
		return list
	}
	q.Profiles = slices.Clone(p.Profiles)
	for i := range q.Profiles {
		periods := slices.Clone(p.Profiles[i].Periods)
		for k := range periods {
			by(&periods[k].From)
			periods[k].Time = slices.Clone(periods[k].Time)
			for j, time := range periods[k].Time {
				if time != NoWay {
					periods[k].Time[j] = time * int32(f)
				}
			}
		}
		q.Profiles[i].Periods = periods
	}
	q.Shifts = slices.Clone(p.Shifts)
	for i := range q.Shifts {
		s := &q.Shifts[i]
		by(&s.Start, &s.End, &s.Fixed, &s.DistanceCost, &s.LongestWork, &s.LongestTravel)
		s.Overtime = slices.Clone(s.Overtime)
		for j := range s.Overtime {
			by(&s.Overtime[j].After)
		}
		s.Breaks = slices.Clone(s.Breaks)
		for j := range s.Breaks {
			b := &s.Breaks[j]
			by(&b.From, &b.To, &b.Length, &b.AfterWork, &b.MissCost)
		}
		s.Refills = slices.Clone(s.Refills)
		for j := range s.Refills {
			x := &s.Refills[j]
			by(&x.Service, &x.Cost)
			x.Windows = windows(x.Windows)
		}
	}
	q.Tasks = slices.Clone(p.Tasks)
	for i := range q.Tasks {
		task := &q.Tasks[i]
		by(&task.UnservedCost, &task.Pin.Start, &task.Was.Start, &task.Was.Tolerance, &task.Was.ShiftCost, &task.Was.StartCost)
		task.Modes = slices.Clone(task.Modes)
		for k := range task.Modes {
			mode := &task.Modes[k]
			by(&mode.Service, &mode.Cost, &mode.OnBoard, &mode.Preferred.From, &mode.Preferred.To)
			mode.Windows = windows(mode.Windows)
			mode.ByWindow, mode.ByClass, mode.ShiftCost = slices.Clone(mode.ByWindow), slices.Clone(mode.ByClass), slices.Clone(mode.ShiftCost)
			for j := range mode.ByWindow {
				by(&mode.ByWindow[j].From, &mode.ByWindow[j].To)
			}
			for _, list := range [][]int64{mode.ByClass, mode.ShiftCost} {
				for j := range list {
					by(&list[j])
				}
			}
		}
	}
	q.Links = slices.Clone(p.Links)
	for i := range q.Links {
		by(&q.Links[i].Min, &q.Links[i].Max)
	}
	q.Groups = slices.Clone(p.Groups)
	for i := range q.Groups {
		by(&q.Groups[i].ShiftCost)
	}
	q.Coverage = slices.Clone(p.Coverage)
	for i := range q.Coverage {
		by(&q.Coverage[i].From, &q.Coverage[i].To, &q.Coverage[i].Reach)
	}
	return &q
}

// A shift that is over when it begins makes nothing dearer; but balance is about all shifts.
func TestUselessShiftDoesNoHarm(t *testing.T) {
	changedBy(t, 8, 1, func(_ *rand.Rand, p *Problem) *Problem {
		p.Terms = slices.DeleteFunc(p.Terms, func(t Term) bool { return t.Kind == TermBalance })
		q := *p
		extra := p.Shifts[0]
		extra.End, extra.Breaks, extra.Refills = extra.Start, nil, nil
		q.Shifts, q.Tasks = append(slices.Clone(p.Shifts), extra), slices.Clone(p.Tasks)
		for i := range q.Tasks {
			q.Tasks[i].Modes = slices.Clone(q.Tasks[i].Modes)
			for k := range q.Tasks[i].Modes {
				if mode := &q.Tasks[i].Modes[k]; mode.ShiftCost != nil {
					mode.ShiftCost = append(slices.Clone(mode.ShiftCost), 0)
				}
			}
		}
		return &q
	})
}
