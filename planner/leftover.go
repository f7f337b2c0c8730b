package planner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// lastLook is how long what is left out is looked at after the time is up, or
// after the caller has cancelled: a small day is looked at whole.
const lastLook = 500 * time.Millisecond

// leftOver puts in what still fits and pays, dearest first, until there is
// nothing of that kind, and gives every visit that stays out its reason. What
// could not be looked at before ctx was done is care.ReasonTime: then no other
// reason would be true of it.
func (t *translation) leftOver(ctx context.Context, s *solver.Solution) (*solver.Solution, []care.Unserved, error) {
	reasons := make(map[int]care.Unserved)
	var open []int // visits without a reason of their own, dearest first
	for visit, left := range t.leftOut(s) {
		if !left {
			continue
		}
		u := t.ownReason(visit)
		if reasons[visit] = u; u.Reason == "" {
			open = append(open, visit)
		}
	}
	price := make([]int64, len(t.day.Visits))
	for _, visit := range open {
		price[visit] = t.leavingOut(visit)
	}
	slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(price[b], price[a]) })
	var until time.Time // with a deadline, half of the time is for putting in
	if deadline, limited := ctx.Deadline(); limited {
		until = time.Now().Add(time.Until(deadline) / 2)
	}
	codes := make(map[int]care.ReasonCode)
	for grown := true; grown && len(open) > 0; {
		q, err := t.questions(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		q.until = until
		if err := q.reasons(open, codes); err != nil {
			return nil, nil, err
		}
		if q.widens {
			clear(codes)
		}
		if grown = len(q.in) > 0; grown {
			s = q.inserter.Solution()
			t.keepServed(s)
			open = slices.DeleteFunc(open, func(visit int) bool { return q.in[visit] })
		}
		for _, visit := range open {
			u := reasons[visit]
			if u.Reason = codes[visit]; u.Reason == "" {
				u.Reason = care.ReasonTime
			}
			reasons[visit] = u
		}
		if ctx.Err() != nil {
			break
		}
	}
	var out []care.Unserved
	for visit, left := range t.leftOut(s) {
		if left {
			out = append(out, reasons[visit])
		}
	}
	return s, out, nil
}

// questions are what is asked of one solution about visits that it leaves out.
// They change what is chosen for such visits, and nothing else.
type questions struct {
	*translation
	ctx      context.Context
	inserter *solver.Inserter
	until    time.Time    // no visit is put in later; zero: whenever
	in       map[int]bool // visits that have been put in
	widens   bool         // one of them may move further than where it was put
}

func (t *translation) questions(ctx context.Context, s *solver.Solution) (*questions, error) {
	inserter, err := solver.NewInserter(&t.problem, s)
	return &questions{translation: t, ctx: ctx, inserter: inserter, in: make(map[int]bool)}, err
}

// reasons asks for each of some visits without a code whether it fits, puts it
// in when that pays, and else tells why it stays out. Codes from before a visit
// went in are forgotten; visits for which there was no time have none.
func (q *questions) reasons(visits []int, codes map[int]care.ReasonCode) error {
	var tied []int // those that fit nowhere, with pins or links
	for _, visit := range visits {
		if codes[visit] != "" || q.in[visit] { // in with another one
			continue
		}
		fit, fits, err := q.insertable(visit)
		pays := fits && fit.Cost < q.leavingOut(visit)
		switch {
		case err != nil && q.ctx.Err() != nil:
			return nil
		case errors.Is(err, solver.ErrUndecided):
			codes[visit] = care.ReasonTime
		case err != nil:
			return err
		case pays && (q.until.IsZero() || time.Now().Before(q.until)):
			q.putIn(fit)
			clear(codes) // with more in the routes they may be others
		case pays:
			codes[visit] = care.ReasonTime
		case fits:
			codes[visit] = care.ReasonCost
		case q.tied(visit):
			tied = append(tied, visit)
		default:
			codes[visit] = care.ReasonFull
		}
	}
	if len(q.in) > 0 {
		return nil // what has no code is asked again
	}
	for _, visit := range tied {
		free, err := q.insertableFree(visit)
		switch {
		case err != nil && q.ctx.Err() != nil:
			return nil
		case errors.Is(err, solver.ErrUndecided):
			codes[visit] = care.ReasonTime
		case err != nil:
			return err
		case free:
			codes[visit] = care.ReasonPin
		default:
			codes[visit] = care.ReasonFull
		}
	}
	return nil
}

// putIn carries out the fit that was found last.
func (q *questions) putIn(fit solver.Fit) {
	q.inserter.Insert()
	for _, spot := range fit.Spots {
		visit := q.visitOf[spot.Task]
		q.in[visit] = true
		q.widens = q.widens || q.partly(visit) || len(q.linksOf([]int{visit})) > 0
	}
}

// pays tells whether any of the visits that are left out would fit and pay.
// What is chosen for those that fit stays chosen.
func (q *questions) pays(s *solver.Solution) (bool, error) {
	found := false
	for visit, left := range q.leftOut(s) {
		if !left {
			continue
		}
		fit, fits, err := q.insertable(visit)
		switch {
		case err != nil && q.ctx.Err() != nil:
			return found, nil
		case err != nil && !errors.Is(err, solver.ErrUndecided):
			return false, err
		}
		found = found || fits && fit.Cost < q.leavingOut(visit)
	}
	return found, nil
}

// insertable tries every way and every seating of a visit that is left out,
// and of those that belong to it, and leaves the cheapest chosen.
func (q *questions) insertable(visit int) (solver.Fit, bool, error) {
	task := q.tasksOf[visit][0]
	group := q.together(visit)
	links := slices.DeleteFunc(q.linksOf(group), func(link int) bool { return len(q.seatings(link)) == 1 })
	var sizes []int
	several := false
	for _, v := range group {
		sizes = append(sizes, len(q.ways[v]))
	}
	for _, link := range links {
		sizes = append(sizes, len(q.seatings(link)))
	}
	for _, size := range sizes {
		several = several || size > 1
	}
	if !several {
		return q.inserter.Insertable(q.ctx, task)
	}
	ask := func(choice []int) (solver.Fit, bool, error) {
		for i, v := range group {
			q.choose(v, q.ways[v][choice[i]])
		}
		for i, link := range links {
			q.seats[link] = q.seatings(link)[choice[len(group)+i]]
		}
		q.addLinks()
		if err := q.revise(group); err != nil {
			return solver.Fit{}, false, err
		}
		return q.inserter.Insertable(q.ctx, task)
	}
	before := slices.Clone(q.seats)
	best, bestChoice := solver.Fit{Cost: solver.Infinity}, []int(nil)
	choice := make([]int, len(sizes))
	var undecided error
	for range mostTries {
		fit, fits, err := ask(choice)
		switch {
		case errors.Is(err, solver.ErrUndecided):
			undecided = err
		case err != nil:
			return fit, false, err
		}
		if fits && fit.Cost < best.Cost {
			best, bestChoice = fit, slices.Clone(choice)
		}
		if !advance(choice, sizes) {
			break
		}
	}
	if bestChoice != nil {
		return ask(bestChoice)
	}
	copy(q.seats, before)
	q.addLinks()
	return best, false, cmp.Or(q.revise(group), undecided)
}

// revise tells the solver that other ways or seats hold for some visits.
func (q *questions) revise(visits []int) error {
	var tasks []int32
	for _, v := range visits {
		for _, task := range q.tasksOf[v] {
			if task != solver.None {
				tasks = append(tasks, task)
			}
		}
	}
	return q.inserter.Revise(tasks...)
}

// insertableFree tells whether a visit that is left out would fit without its
// pins and links, alone.
func (q *questions) insertableFree(visit int) (free bool, err error) {
	t := q.translation
	tasks, links := t.problem.Tasks, t.problem.Links
	defer func() {
		t.problem.Tasks, t.problem.Links = tasks, links
		if again := q.revise([]int{visit}); err == nil {
			err = again
		}
	}()
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
		if err := q.revise([]int{visit}); err != nil {
			return false, err
		}
		if _, fits, err := q.inserter.Insertable(q.ctx, t.tasksOf[visit][0]); fits || err != nil {
			return fits, err
		}
	}
	return false, nil
}
