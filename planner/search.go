package planner

import (
	"context"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// search lets the solver search, and then again from where it ended as long
// as that helps: with another way, or other seats, for visits that were left
// out with the ones chosen before (see way and seatings). The passes after the
// first are short. All of it ends a little before the time is up, so that what
// is left out can be looked at.
func (t *translation) search(ctx context.Context, o Options, started time.Time) (*solver.Solution, error) {
	run := solver.Options{Seed: o.Seed, Iterations: o.Iterations, Workers: o.Workers}
	run.OnIncumbent = onIncumbent(o.OnProgress, 0, time.Since(started))
	again := t.undecided()
	if o.Time > 0 {
		// A day that has room for all its visits has nothing to look at afterwards.
		run.KeepBack = o.Time / leftOverShare
		end := started.Add(o.Time)
		if again {
			end = end.Add(-o.Time / leftOverShare)
		}
		run.Time = max(time.Millisecond, time.Until(end))
	}
	best, err := solver.Solve(ctx, &t.problem, run)
	if err != nil {
		return nil, err
	}
	done := best.Stats.Iterations
	t.keepServed(best)
	bounded, stop := ctx, context.CancelFunc(func() {})
	if o.Time > 0 {
		bounded, stop = context.WithDeadline(ctx, started.Add(o.Time))
	}
	defer stop()
	for range mostPasses {
		if !again || ctx.Err() != nil {
			break
		}
		if more, err := t.rearrange(bounded, best); err != nil || !more {
			if err != nil {
				return nil, err
			}
			break
		}
		run.Iterations = max(min(1, o.Iterations), o.Iterations/20)
		if o.Time > 0 {
			run.Time = max(time.Millisecond, time.Until(started.Add(o.Time))/2)
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
		t.keepServed(best)
	}
	t.keepServed(best)
	best.Stats.Iterations = done
	return best, nil
}

// leftOverShare is the part of the time that is kept for what comes after the
// search, where visits will be left out, and again where there are choices to
// be tried.
const leftOverShare = 20

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
// whether there are such visits, and time for another search.
func (t *translation) rearrange(ctx context.Context, s *solver.Solution) (bool, error) {
	if len(s.Unserved) == 0 {
		return false, nil
	}
	if deadline, limited := ctx.Deadline(); limited && time.Until(deadline) < begunTimes*t.took {
		return false, nil
	}
	q, err := t.questions(ctx, s)
	if err != nil {
		return false, err
	}
	found, err := q.pays(s)
	return found && ctx.Err() == nil, err
}

// begunTimes is how many times as long as translating the day took there must be
// left for another search: laying the day out for questions and for a search
// takes about as long each, and the questions are many.
const begunTimes = 20

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
