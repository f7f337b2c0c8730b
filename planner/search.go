package planner

import (
	"context"
	"slices"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// search lets the solver search, and then again from where it ended as long
// as that helps: with another way, or other seats, for visits that were left
// out with the ones chosen before (see way and seatings). The passes after the
// first are short.
func (t *translation) search(ctx context.Context, o Options) (*solver.Solution, error) {
	started := time.Now()
	run := solver.Options{Seed: o.Seed, Iterations: o.Iterations, Time: o.Time, Workers: o.Workers}
	run.OnIncumbent = onIncumbent(o.OnProgress, 0, 0)
	again := t.undecided()
	if again {
		run.Time -= run.Time / 10
	}
	best, err := solver.Solve(ctx, &t.problem, run)
	if err != nil {
		return nil, err
	}
	done := best.Stats.Iterations
	if ctx.Err() == context.Canceled {
		// The solver stopped where it was. What still fits at once is filled in,
		// so that no visit is left out without a reason.
		ctx, run.Iterations, run.Time, again = context.WithoutCancel(ctx), 1, 0, true
	}
	for range mostPasses {
		if t.keepServed(best); !again || !t.rearrange(best) {
			break
		}
		if run.Iterations > 1 {
			run.Iterations = max(1, o.Iterations/20)
		}
		if run.Time > 0 {
			run.Time = max(time.Millisecond, (o.Time-time.Since(started))/2)
		}
		run.Warm = best
		run.OnIncumbent = onIncumbent(o.OnProgress, done, time.Since(started))
		next, err := solver.Solve(ctx, &t.problem, run)
		if err != nil {
			return nil, err
		}
		done += next.Stats.Iterations
		if next.Cost >= best.Cost {
			break
		}
		best = next
	}
	t.keepServed(best)
	best.Stats.Iterations = done
	return best, nil
}

// fillIn puts in what still fits and pays, however long that takes: a large day
// may have used its time up before all was tried, and no reason would be true
// of what is left out then.
func (t *translation) fillIn(s *solver.Solution) (*solver.Solution, error) {
	next, err := solver.Solve(context.Background(), &t.problem, solver.Options{Seed: s.Stats.Seed, Iterations: 1, Workers: 1, Warm: s})
	if err != nil {
		return nil, err
	}
	if next.Cost >= s.Cost {
		return s, nil
	}
	t.keepServed(next)
	next.Stats.Iterations = s.Stats.Iterations
	return next, nil
}

// mostPasses bounds the searches after the first. Each of them serves more, so
// that one or two are the rule.
const mostPasses = 20

// mostTries bounds the combinations that are tried for visits which belong
// together, each of several ways.
const mostTries = 256

// undecided tells whether anything was chosen for the search that could be
// chosen otherwise.
func (t *translation) undecided() bool {
	for visit := range t.ways {
		if t.partly(visit) {
			return true
		}
	}
	for link := range t.day.Links {
		if len(t.seatings(link)) > 1 {
			return true
		}
	}
	return false
}

// shiftsOf returns the shift of every task, or solver.None.
func (t *translation) shiftsOf(s *solver.Solution) []int32 {
	by := make([]int32, len(t.problem.Tasks))
	for i := range by {
		by[i] = solver.None
	}
	for r := range s.Routes {
		for k := range s.Routes[r].Stops {
			if task := s.Routes[r].Stops[k].Task; task != solver.None {
				by[task] = int32(r)
			}
		}
	}
	return by
}

// keepServed chooses for what a solution serves the ways and seats that it
// does: every visit may move as far as those who serve it may.
func (t *translation) keepServed(s *solver.Solution) {
	by := t.shiftsOf(s)
	for visit := range t.ways {
		if !t.partly(visit) || by[t.tasksOf[visit][0]] == solver.None {
			continue
		}
		windows := t.windows(visit)
		for _, task := range t.tasksOf[visit] {
			if task != solver.None {
				windows = common(windows, t.starts(visit, int(by[task])))
			}
		}
		t.choose(visit, t.during(visit, windows))
	}
	for i := range t.day.Links {
		first, second := t.tasksOf[t.index.Visit[t.day.Links[i].First]], t.tasksOf[t.index.Visit[t.day.Links[i].Second]]
		for _, seats := range t.seatings(i) {
			a, b := by[first[seats[0]]], by[second[seats[1]]]
			if a != solver.None && b != solver.None && t.problem.Shifts[a].Person == t.problem.Shifts[b].Person {
				t.seats[i] = seats
				break
			}
		}
	}
	t.addLinks()
}

// common is what two lists of windows share.
func common(a, b []care.Window) []care.Window {
	var out []care.Window
	for _, w := range a {
		for _, o := range b {
			if from, to := max(w.From, o.From), min(w.To, o.To); from <= to {
				out = append(out, care.Window{From: from, To: to})
			}
		}
	}
	return out
}

// rearrange chooses, for every visit that is left out, the way and the seats
// with which it would fit into the routes as they stand and pay. It tells
// whether there are such visits.
func (t *translation) rearrange(s *solver.Solution) bool {
	found := false
	left := t.leftOut(s)
	for visit := range left {
		if left[visit] {
			if fit, ok := t.insertable(s, visit); ok && fit.Cost < t.leavingOut(visit) {
				found = true
			}
		}
	}
	return found
}

// leftOut tells of every visit whether a solution leaves it out.
func (t *translation) leftOut(s *solver.Solution) []bool {
	left := make([]bool, len(t.day.Visits))
	for _, task := range s.Unserved {
		left[t.visitOf[task]] = true
	}
	return left
}

// leavingOut is the price of leaving a visit out with all that belongs to it.
func (t *translation) leavingOut(visit int) int64 {
	var sum int64
	for _, v := range t.together(visit) {
		for _, task := range t.tasksOf[v] {
			if task != solver.None {
				sum += t.problem.Tasks[task].UnservedCost
			}
		}
	}
	return sum
}

// insertable tries every way and every seating of a visit that is left out,
// and of those that belong to it, and leaves the cheapest chosen.
func (t *translation) insertable(s *solver.Solution, visit int) (solver.Fit, bool) {
	group := t.together(visit)
	links := slices.DeleteFunc(t.linksOf(group), func(link int) bool { return len(t.seatings(link)) == 1 })
	var sizes []int
	for _, v := range group {
		sizes = append(sizes, len(t.ways[v]))
	}
	for _, link := range links {
		sizes = append(sizes, len(t.seatings(link)))
	}
	apply := func(choice []int) {
		for i, v := range group {
			t.choose(v, t.ways[v][choice[i]])
		}
		for i, link := range links {
			t.seats[link] = t.seatings(link)[choice[len(group)+i]]
		}
		t.addLinks()
	}
	before := slices.Clone(t.seats)
	task := t.tasksOf[visit][0]
	best, bestChoice := solver.Fit{Cost: solver.Infinity}, []int(nil)
	choice := make([]int, len(sizes))
	for range mostTries {
		apply(choice)
		if fit, ok := solver.Insertable(&t.problem, s, task); ok && fit.Cost < best.Cost {
			best, bestChoice = fit, slices.Clone(choice)
		}
		if !advance(choice, sizes) {
			break
		}
	}
	if bestChoice == nil {
		copy(t.seats, before)
		t.addLinks()
		return best, false
	}
	apply(bestChoice)
	return best, true
}

// advance counts one up, the first figure fastest; false: that was the last.
func advance(figures, sizes []int) bool {
	for i := range figures {
		if figures[i]++; figures[i] < sizes[i] {
			return true
		}
		figures[i] = 0
	}
	return false
}

// insertableFree tells whether a visit that is left out would fit without its
// pins and links, alone.
func (t *translation) insertableFree(s *solver.Solution, visit int) bool {
	tasks, links := t.problem.Tasks, t.problem.Links
	defer func() { t.problem.Tasks, t.problem.Links = tasks, links }()
	t.problem.Tasks = slices.Clone(tasks)
	for _, task := range t.tasksOf[visit] {
		if task != solver.None {
			t.problem.Tasks[task].Pin = solver.FreePin()
			t.problem.Tasks[task].Modes = slices.Clone(tasks[task].Modes)
		}
	}
	t.problem.Links = nil
	for _, l := range links {
		if a, b := t.visitOf[l.First], t.visitOf[l.Second]; a == b || a != visit && b != visit {
			t.problem.Links = append(t.problem.Links, l)
		}
	}
	for _, w := range t.waysWithin(visit, t.day.Visits[visit].Windows) {
		t.choose(visit, w)
		if _, ok := solver.Insertable(&t.problem, s, t.tasksOf[visit][0]); ok {
			return true
		}
	}
	return false
}
