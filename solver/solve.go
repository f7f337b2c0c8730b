package solver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Options bounds and seeds a search. At least one limit must be set, or the
// context must have a deadline.
type Options struct {
	Seed        uint64
	Iterations  int64          // of all workers together, who do as many each in the last round: Stats.Iterations may be more by up to Workers-1; 0: no limit
	Time        time.Duration  // 0: no limit. The finish may take up to 0.2 s more where Time is short
	KeepBack    time.Duration  // so much of Time, at most, stays unused for what the caller does about tasks that are left out: all of it where the first roster leaves out one in 20 or more, nothing where it leaves out none
	Workers     int            // searches side by side, at most 1024; 0 means 1. The result depends on it, but not on GOMAXPROCS
	Target      int64          // stop at this Solution.Cost or less; 0: none
	Warm        *Solution      // start from these routes, as far as they keep the rules and there are such tasks, modes and shifts (Stats.Warm says how far); nil: from nothing. What is frozen is frozen as it is here
	OnIncumbent func(Progress) // called from Solve's own goroutine when the best solution got better; improvements that follow fast upon each other are told of together
}

// Progress is how far a search has come.
type Progress struct {
	Iterations int64
	Elapsed    time.Duration
	Cost       int64 // of the best solution; Infinity while a task that must be done is not
	Unserved   int
	Levels     []int64 // as in Solution
	Terms      []TermCost
}

// Errors of Solve.
var (
	// ErrNoLimit: neither a limit nor a deadline was given.
	ErrNoLimit = errors.New("solver: no limit: set Options.Iterations or Options.Time, or give the context a deadline")
	// ErrMandatory comes with the best solution found, when that leaves out a
	// task that must be done, or one that is tied to a frozen task; the error that
	// wraps it names them. Pins, links and windows that contradict each other are no
	// fault of a problem: they end here. Where the search was cancelled before it was
	// at its end, the error wraps context.Canceled too.
	ErrMandatory = errors.New("solver: a task that must be done could not be done")
	// ErrHard comes with the best solution found, when a hard term is not zero
	// in it.
	ErrHard = errors.New("solver: a hard term could not be brought to zero")
)

// Solve searches for a cheap solution until a limit is reached or ctx is
// cancelled, and returns the best one found either way. Under an iteration
// limit alone the same problem and options give the same solution on every
// machine of one architecture.
func Solve(ctx context.Context, p *Problem, o Options) (*Solution, error) {
	if err := errors.Join(p.Validate(), o.validate()); err != nil {
		return nil, err
	}
	frozen, err := p.begun(o.Warm)
	if err != nil {
		return nil, err
	}
	if frozen != nil {
		p = frozen.problem
	}
	started := time.Now()
	limit, err := o.limit(ctx, started)
	if err != nil {
		return nil, err
	}
	begin, stop := beginning(ctx, started, limit)
	defer stop()
	m := compileFrom(begin, p, frozen, true)
	if !m.goesOn(o.Warm) {
		return nil, m.standsStill()
	}
	c := construct(begin, m, &o)
	limit -= m.finishing(limit)
	limit -= min(o.keptBack(len(c.best.out), len(m.fault)), limit/2)
	hot, cold := c.heat()
	a := newAnneal(c.costPerTask(), hot, cold, started, limit, o.Iterations)
	a.stages = c.stages(hot, cold)
	news := &reporter{crew: c, tell: o.OnIncumbent, started: started}
	news.look(true)
	c.coolFurther(&a)
	c.closeShifts(ctx, &o, &a, news)
	stopped := c.stopped(ctx, &o, &a)
	if stopped == "" && c.breeds(&o, &a) {
		stopped = c.breed(ctx, &o, &a, news)
	}
	for stopped == "" {
		news.look(c.round(ctx, c.nextRound(&o), &a))
		stopped = c.stopped(ctx, &o, &a)
	}
	news.last()
	s := c.finish(ctx, &o, started)
	s.Stats = Stats{Iterations: c.done, Seed: o.Seed, Stopped: stopped, Warm: c.kept}
	switch {
	case s.Cost >= Infinity || m.leavesTied(s):
		return s, m.undone(ctx, s)
	case slices.ContainsFunc(s.Terms, func(t TermCost) bool { return t.Level == HardLevel && t.Cost > 0 }):
		return s, ErrHard
	}
	return s, nil
}

// mostNamed tasks are named in an error.
const mostNamed = 10

// undone is ErrMandatory with the tasks that it is about.
func (m *model) undone(ctx context.Context, s *Solution) error {
	var names []string
	more := 0
	for _, task := range s.Unserved {
		switch {
		case m.missing[task] != m.mandatory:
		case len(names) < mostNamed:
			names = append(names, fmt.Sprintf("tasks[%d]", task))
		default:
			more++
		}
	}
	list := strings.Join(names, ", ")
	if more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("%w before the search was %w: %s", ErrMandatory, context.Canceled, list)
	}
	return fmt.Errorf("%w: %s", ErrMandatory, list)
}

// validate returns every option that is wrong in itself.
func (o *Options) validate() error {
	v := &validation{}
	if o.Iterations < 0 {
		v.wrong("options.iterations: %d is negative", o.Iterations)
	}
	if o.Time < 0 {
		v.wrong("options.time: %s is negative", o.Time)
	}
	if o.KeepBack < 0 {
		v.wrong("options.keepBack: %s is negative", o.KeepBack)
	}
	if o.Workers < 0 || o.Workers > mostWorkers {
		v.wrong("options.workers: %d is outside 0..%d", o.Workers, mostWorkers)
	}
	if o.Target < 0 {
		v.wrong("options.target: %d is negative", o.Target)
	}
	return errors.Join(v.faults...)
}

// mostWorkers is far more than any machine has use for; each worker holds
// several copies of the routes.
const mostWorkers = 1024

// finishShare is the part of the time that is kept for timing the stops of
// the best solution and for filling in what still fits.
const finishShare = 20

// leastFinish is the time for finishing that even the shortest limit leaves.
const leastFinish = 200 * time.Millisecond

// finishing is how much of the time is kept for that: of routes whose starts cost
// nothing, next to none.
func (m *model) finishing(limit time.Duration) time.Duration {
	most := time.Second
	if m.compact {
		most = 20*time.Millisecond + time.Duration(m.tasks)*100*time.Microsecond
	}
	return min(limit/finishShare, most)
}

// limit is the time that is given, 0 for none.
func (o *Options) limit(ctx context.Context, started time.Time) (time.Duration, error) {
	limit := o.Time
	if deadline, ok := ctx.Deadline(); ok {
		if left := max(time.Nanosecond, deadline.Sub(started)); limit == 0 || left < limit {
			limit = left
		}
	}
	if limit == 0 && o.Iterations == 0 {
		return 0, ErrNoLimit
	}
	return limit, nil
}

// manyOut is the share of tasks, one in so many, that a first solution leaves
// out when it is plain that some will stay out.
const manyOut = 20

// keptBack is the part of the time that is kept for looking at what is left
// out: all of KeepBack when the first solution leaves many tasks out, nothing
// when it leaves out none, and its share between.
func (o *Options) keptBack(out, all int) time.Duration {
	if o.Time == 0 || out == 0 {
		return 0
	}
	return time.Duration(float64(o.KeepBack) * min(1, float64(manyOut*out)/float64(all)))
}

// beginning bounds what comes before the first round: it ends with the search,
// but however short that is, a small problem gets its first solution.
func beginning(ctx context.Context, started time.Time, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, started.Add(max(limit, leastFinish)))
}

// construct builds the first solution: the warm one where it is given and
// keeps the rules, filled up greedily.
func construct(ctx context.Context, m *model, o *Options) *crew {
	keys := makeKeys(m)
	s := newState(m)
	w := newSearch(m, s, keys, o.Seed, 0)
	w.everything()
	if o.Warm != nil {
		t := newTimetable(w)
		if !t.lay(o.Warm) || !t.hold() {
			t.restart(o.Warm)
			if !w.salvage(o.Warm) {
				t.restart(o.Warm)
			}
		}
		if !w.callBack() {
			t.restart(o.Warm)
		}
	}
	kept := 0
	for u := range m.asked {
		if s.nodes[s.done(m, int32(u))].route != None {
			kept++
		}
	}
	start := s.clone(m)
	w.fillUp(ctx, start)
	if m.narrow && ctx.Err() == nil {
		drawn := s.clone(m)
		s.copyFrom(start)
		w.adopt()
		w.order = m.along(keys[byFar])
		w.fillUp(ctx, start)
		w.order = nil
		if drawn.total <= s.total || len(drawn.out) < len(s.out) { // what is out is harder to mend than a dear route
			s.copyFrom(drawn)
		}
	}
	w.open.item, w.cache, w.bar = nil, nil, nil // from here on it puts parts together
	c := newCrew(m, w, keys, o)
	c.kept = kept
	if m.judged() {
		for _, w := range c.workers {
			w.judge = newJudge(m)
			w.judge.look(s)
		}
	}
	return c
}

// fillUp puts in what is not done greedily. Where that fails, start is all there is, or
// nothing.
func (w *search) fillUp(ctx context.Context, start *state) {
	s, m := w.state, w.model
	w.broken = false
	w.halted = func() bool { return ctx.Err() != nil }
	w.recreate()
	w.halted = nil
	if w.broken || !w.callBack() {
		if m.begun == nil {
			start = newState(m)
		}
		s.copyFrom(start)
		w.adopt()
	}
	s.reprice(m)
}

// costPerTask is the average cost of a task that is done: the unit of the
// temperatures. Where routes cost their duration, service is no part of it: it
// costs the same whoever does the task, and when.
func (c *crew) costPerTask() float64 {
	fixed, rest, served := c.costs()
	if m, s := c.model, c.current; m.paid {
		for v := range m.tasks {
			if r := s.nodes[v].route; r != None {
				rest -= s.nodes[v].service * m.shifts[r].workCost
			}
		}
	}
	return float64(fixed+rest) / float64(max(served, 1))
}

// nextRound is how many iterations a worker may do until the next meeting.
func (c *crew) nextRound(o *Options) int64 {
	c.drawSize()
	count := c.roundLength()
	if o.Iterations > 0 {
		workers := int64(len(c.workers))
		count = min(count, (o.Iterations-c.done+workers-1)/workers)
	}
	return count
}

// stopped tells why the search is over, or "".
func (c *crew) stopped(ctx context.Context, o *Options, a *anneal) string {
	switch {
	case ctx.Err() == context.Canceled:
		return "cancelled"
	case c.model.asked == 0:
		return "done"
	case o.Target > 0 && c.best.total <= o.Target:
		return "target"
	case o.Iterations > 0 && c.done >= o.Iterations:
		return "iterations"
	case a.cool(c.done) || ctx.Err() != nil:
		return "time"
	}
	return ""
}

// reporter tells the caller about the best solution.
type reporter struct {
	crew    *crew
	tell    func(Progress)
	started time.Time
	due     bool      // there is a better one than that which was told of last
	next    time.Time // not before
}

// reportShare is the part of the time, one in so much, that making reports may take.
const reportShare = 50

// look tells of the best solution if it is better than when it was last told of, and
// that was not just now.
func (r *reporter) look(better bool) {
	r.due = r.due || better
	if r.due && r.tell != nil && !time.Now().Before(r.next) {
		r.last()
	}
}

// last tells of what has not been told of.
func (r *reporter) last() {
	if !r.due || r.tell == nil {
		return
	}
	begun := time.Now()
	r.due = false
	s := r.crew.timetable().solution()
	took := time.Since(begun)
	r.tell(Progress{
		Iterations: r.crew.done, Elapsed: time.Since(r.started),
		Cost: s.Cost, Unserved: len(s.Unserved), Levels: s.Levels, Terms: s.Terms,
	})
	r.next = time.Now().Add(took * reportShare)
}

// timetable is the best solution with the starts that the search paid for.
func (c *crew) timetable() *timetable {
	t := newTimetable(newSchedule(c.model, c.best.clone(c.model)))
	if !t.fromState() {
		panic("solver: the best solution has no schedule")
	}
	return t
}

// finish times the stops of the best solution and fills in what still fits.
// When ctx is cancelled it stops where it is. The search prices starts a
// little above what they cost in the end, so a warm start is judged beside the
// best solution by its final cost.
func (c *crew) finish(ctx context.Context, o *Options, started time.Time) *Solution {
	if o.Time > 0 {
		end := started.Add(o.Time)
		if least := time.Now().Add(leastFinish); end.Before(least) {
			end = least
		}
		limited, stop := context.WithDeadline(ctx, end)
		defer stop()
		ctx = limited
	}
	settle := func(t *timetable) *Solution {
		for pool := mostFillBranches; ; {
			t.settleTimes(ctx, nil)
			f := newFitting(t)
			f.each, f.pool = fillBranches, pool
			if !f.fill(ctx) {
				return t.solution()
			}
			pool = f.pool
		}
	}
	s := settle(c.timetable())
	if c.model.judged() && len(c.model.problem.Tasks) <= mostEnumeratedTasks {
		c.workers[0].judge.enumerate(ctx)
	}
	for _, w := range c.workers {
		if w.judge == nil {
			continue
		}
		if judged := settle(w.judge.verdict()); judged.Cost < s.Cost {
			s = judged
		}
	}
	if o.Warm != nil {
		t := newTimetable(newSchedule(c.model, newState(c.model)))
		if t.lay(o.Warm) {
			t.repair() // windows may have changed since
			if warm := settle(t); warm.Cost < s.Cost {
				return warm
			}
		}
	}
	return s
}
