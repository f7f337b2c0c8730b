package solver

import (
	"context"
	"math"
	"slices"
	"sync"
)

// A problem of the compact kind that is not large is annealed several times, in
// part of the budget. What comes out is a population: in the rest of the budget,
// children get routes of two of its members, are annealed from a lower heat, and
// take the place of the dearer of the two when they are cheaper (docs/design/0007).
// So what one annealing is stuck in is left with what another one has found. Every
// worker makes a child of its own between two meetings.
//
// Crossing is the selective route exchange of Y. Nagata and S. Kobayashi, "A memetic
// algorithm for the pickup and delivery problem with time windows using selective
// route exchange crossover" (PPSN XI, 2010), with ruin and recreate in place of
// their local search.

const (
	mostBredTasks = 400
	leastBred     = 10      // iterations per squared task: with fewer, one annealing comes further
	compactPace   = 100_000 // iterations a second, about, where only the time is limited
	membersTasks  = 1600    // over the tasks: members, but
	fewestMembers = 4
	mostMembers   = 8
	foundersShare = 0.4 // of the budget, for the first members
	childHeat     = 0.3 // in average costs of a task, for 100 tasks; falls with the root of the size
	childLength   = 100 // iterations a task
	crossTries    = 20  // until a child differs from its parents
)

// breeds tells whether there is a population.
func (c *crew) breeds(o *Options, a *anneal) bool {
	if ablated(partPopulation) || !c.model.compact || c.model.tasks > mostBredTasks || len(a.stages) > 0 {
		return false
	}
	budget := math.Inf(1)
	if o.Iterations > 0 {
		budget = float64(o.Iterations)
	}
	if a.limit > 0 {
		budget = min(budget, a.limit.Seconds()*compactPace*float64(len(c.workers)))
	}
	return budget >= leastBred*float64(c.model.tasks)*float64(c.model.tasks)
}

// population is solutions of different costs, and how they came to be.
type population struct {
	*crew
	founder   *state // all annealings of the first members start from it
	members   []*state
	most      int
	parents   [][2]int // of each worker's child
	hot, cold float64
}

// breed searches with a population until the budget is used, and says why it stopped.
func (c *crew) breed(ctx context.Context, o *Options, a *anneal, news *reporter) (stopped string) {
	p := population{
		crew: c, founder: c.current.clone(c.model), parents: make([][2]int, len(c.workers)), hot: a.hot, cold: a.cold,
		most: max(min(membersTasks/c.model.tasks, mostMembers), fewestMembers),
	}
	for _, w := range c.workers {
		w.everything()
	}
	for stopped = c.stopped(ctx, o, a); stopped == ""; {
		if a.from = a.share(c.done); len(p.members) < p.most {
			p.found(a)
		} else {
			p.pair(a)
		}
		for stopped == "" && a.share(c.done) < a.upto {
			for _, w := range c.workers {
				if w.unbalanced() {
					w.dismiss()
				}
			}
			news.look(c.sideBySide(ctx, c.nextRound(o), a))
			stopped = c.stopped(ctx, o, a)
		}
		p.admit()
		if stopped == "" { // what lies between two laps takes time too
			stopped = c.stopped(ctx, o, a)
		}
	}
	return stopped
}

// found begins the annealing of members that have no parents.
func (p *population) found(a *anneal) {
	for _, w := range p.workers {
		w.beginWith(p.founder)
	}
	a.hot, a.cold = p.hot, p.cold
	a.upto = min(a.from+foundersShare*float64(len(p.workers))/float64(p.most), 1)
}

// pair begins the annealing of children.
func (p *population) pair(a *anneal) {
	for i, w := range p.workers {
		for range crossTries {
			one, other := p.random.IntN(len(p.members)), p.random.IntN(len(p.members)-1)
			if other >= one {
				other++
			}
			p.parents[i] = [2]int{one, other}
			w.beginWith(p.members[one])
			if w.cross(p.members[other]) {
				break
			}
		}
	}
	tasks := float64(p.model.tasks)
	a.hot, a.cold = max(a.perTask*childHeat*math.Sqrt(min(1, fullHeatTasks/tasks)), p.cold), p.cold
	a.upto = min(a.from+a.from/float64(max(p.done, 1))*childLength*tasks*float64(len(p.workers)), 1)
}

// admit takes what the workers have found into the population.
func (p *population) admit() {
	full := len(p.members) >= p.most
	for i, w := range p.workers {
		if !full {
			p.members = append(p.members, w.best.clone(p.model))
			continue
		}
		dearer := p.members[p.parents[i][0]]
		if other := p.members[p.parents[i][1]]; other.total > dearer.total {
			dearer = other
		}
		if w.best.total < dearer.total && !p.has(w.best.total) {
			dearer.copyFrom(w.best)
		}
	}
}

// has tells whether some member has a cost. Two solutions of one cost are the same,
// nearly always.
func (p *population) has(total int64) bool {
	return slices.ContainsFunc(p.members, func(s *state) bool { return s.total == total })
}

// sideBySide lets every worker search on from its own state, and tells whether the
// best solution got better.
func (c *crew) sideBySide(ctx context.Context, count int64, a *anneal) (improved bool) {
	l := c.lap(count, a)
	var group sync.WaitGroup
	for _, w := range c.workers {
		group.Go(func() { w.guarded(func() { w.run(ctx, l) }) })
	}
	c.await(&group)
	for _, w := range c.workers {
		if w.best.total < c.best.total {
			c.best.copyFrom(w.best)
			improved = true
		}
	}
	return improved
}

// beginWith starts from a state of the whole problem.
func (w *search) beginWith(s *state) {
	w.state.copyFrom(s)
	w.dismiss()
	w.adopt()
}

// cross gives the worker some of the routes of another solution, and tells whether
// that changed anything. One that leaves tasks out has none to give.
func (w *search) cross(other *state) bool {
	c := w.compact
	if len(other.out) > 0 || !c.take() || !c.cross(other) {
		return false
	}
	c.lay(c.stops, c.cost)
	w.adopt()
	return true
}
