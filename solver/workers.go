package solver

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// A round is a search in parts. Every worker gets a part of the shifts, whose
// routes are neighbours in place and time, and searches it alone, from the common
// solution, with its own random stream; at the end of the round the parts are
// put together again. Costs are sums over routes, so what a worker gains is
// gained for all. A part is kept to a few hundred tasks even where that leaves
// shifts to nobody in this round: an insertion then looks at few routes, all
// of them near, and the time of an iteration does not grow with the problem.
// Links that lead out of a part have their starts locked for the round.
//
// A problem too small to share is searched as a whole by every worker, and the
// best of them leads on. Under an iteration limit nothing depends on which worker is
// faster; under a time limit alone those that are through go on until the last one is.

// crew is the workers with the solutions that they have in common.
type crew struct {
	model   *model
	workers []*search
	base    *search // puts parts together
	current *state
	best    *state
	random  *rand.Rand
	part    []int32 // by route, in this round
	seeds   []int32 // by part: the task it grew from, in this round
	size    int     // tasks of a part, in this round
	spare   []spare // by shift, the first of its twins
	done    int64
	kept    int // tasks that the first solution has from Options.Warm
}

// partSizes are the numbers of tasks that a part may have; each round draws
// one. Small parts are quick to search, and large ones may do what leads over
// many routes.
var partSizes = [...]int{150, 300, 550, 900}

// leastPartShifts is the least number of shifts in a part, where there are so many.
const leastPartShifts = 8

// Problems of no more tasks than these are not worth cutting up for one worker.
const (
	wholeTasks     = 400
	wholeEasyTasks = 1500 // where all routes are plain
)

// roundFactor is how many iterations a worker does for each task of a part.
const roundFactor = 4

// whole tells whether there is one worker, and the problem is not worth cutting
// up for it.
func (c *crew) whole() bool {
	if ablated(partParts) {
		return len(c.workers) == 1
	}
	most := wholeTasks
	if c.model.easy {
		most = wholeEasyTasks
	}
	return len(c.workers) == 1 && c.model.asked <= most
}

// contests tells whether there are too few shifts to share among the workers.
func (c *crew) contests() bool {
	return len(c.workers) > 1 && (ablated(partParts) || len(c.model.shifts) < leastPartShifts*len(c.workers))
}

// drawSize draws the size of the parts of a round.
func (c *crew) drawSize() {
	c.size = min(c.model.asked, partSizes[c.random.IntN(len(partSizes))])
}

// roundLength is how many iterations a worker does between two meetings: some
// for each task of a part, so that it is searched well before the next cut.
func (c *crew) roundLength() int64 {
	return int64(max(300, c.size*roundFactor))
}

func newCrew(m *model, start *search, keys [orders][]int64, o *Options) *crew {
	c := &crew{
		model: m, base: start,
		current: start.state.clone(m), best: start.state.clone(m),
		random: rand.New(rand.NewPCG(o.Seed, 1)),
		part:   make([]int32, len(m.shifts)), spare: make([]spare, len(m.shifts)), seeds: make([]int32, max(o.Workers, 1)),
	}
	for i := range max(o.Workers, 1) {
		c.workers = append(c.workers, newSearch(m, start.state.clone(m), keys, o.Seed, uint64(i)+2))
	}
	if c.whole() || c.contests() {
		for _, w := range c.workers {
			w.everything()
		}
	}
	return c
}

// round lets every worker search its part, and puts the parts together. It
// tells whether the best solution got better.
func (c *crew) round(ctx context.Context, count int64, a *anneal) bool {
	if c.whole() {
		w := c.workers[0]
		if c.done == 0 {
			w.state.copyFrom(c.current)
			w.dismiss()
			w.adopt()
		} else if w.unbalanced() {
			w.dismiss()
		}
		w.improved = false
		before := w.iterations
		w.run(ctx, lap{anneal: *a, count: count, done: c.done, workers: 1})
		c.done += w.iterations - before
		if w.improved {
			c.best.copyFrom(w.best)
		}
		return w.improved
	}
	if c.contests() {
		return c.contest(ctx, count, a)
	}
	c.divide()
	l := c.lap(count, a)
	var group sync.WaitGroup
	for i, w := range c.workers {
		group.Go(func() {
			w.guarded(func() {
				w.state.copyFrom(c.current)
				c.share(w, int32(i))
			})
			if w.panicked != nil {
				l.leave()
				return
			}
			w.guarded(func() { w.run(ctx, l) })
		})
	}
	c.await(&group)
	improved := false
	if c.together(func(w *search) *state { return w.best }) && c.base.state.total < c.best.total {
		c.best.copyFrom(c.base.state)
		improved = true
	}
	if c.together(func(w *search) *state { return w.last }) {
		c.current.copyFrom(c.base.state)
		if c.current.total < c.best.total {
			c.best.copyFrom(c.current)
			improved = true
		}
	}
	return improved
}

// await waits for all workers, and counts what they did.
func (c *crew) await(group *sync.WaitGroup) {
	group.Wait()
	c.raisePanic()
	for _, w := range c.workers {
		c.done += w.iterations
		w.iterations = 0
	}
}

// lap is what every worker gets to know of a round. Workers are not equally
// quick with their parts. Where the clock alone says when to stop, so that no
// two runs are the same anyway, none of them waits idly for the others.
func (c *crew) lap(count int64, a *anneal) lap {
	l := lap{anneal: *a, count: count, done: c.done, workers: len(c.workers)}
	if a.iterations == 0 {
		l.busy = new(atomic.Int32)
		l.busy.Store(int32(len(c.workers)))
	}
	return l
}

// contest lets every worker search the whole problem; the best of them leads.
func (c *crew) contest(ctx context.Context, count int64, a *anneal) bool {
	for _, w := range c.workers {
		w.state.copyFrom(c.current)
		w.adopt()
	}
	improved := c.sideBySide(ctx, count, a)
	lead := c.workers[0]
	for _, w := range c.workers {
		if w.last.total < lead.last.total {
			lead = w
		}
	}
	c.current.copyFrom(lead.last)
	return improved
}

// divide deals the routes out. A part grows from a random task: its own route,
// then those of its neighbours in place and time, nearest first, until the
// part has its share of the tasks; so the routes of a part are those that
// could exchange stops. Now and then it grows from a task that is not done.
// Unused shifts go to the part that grew nearest to them. What is over belongs
// to no part.
func (c *crew) divide() {
	m, s := c.model, c.current
	for r := range c.part {
		c.part[r] = None
	}
	left := m.asked - unservedTasks(m, s)
	free := 0 // used routes in no part yet
	for r := range m.shifts {
		if s.size[r] > 0 {
			free++
		}
	}
	for k := range c.workers {
		quota := min(left/(len(c.workers)-k), c.size)
		least := min(free/(len(c.workers)-k), leastPartShifts)
		center := c.seed()
		c.seeds[k] = center
		taken, shifts := 0, 0
		for tries := 0; (taken < quota || shifts < least) && tries < 1000; tries++ {
			c.claim(center, int32(k), &taken, &shifts)
			for _, u := range m.near.of(center) {
				if taken >= quota && shifts >= least {
					break
				}
				c.claim(u, int32(k), &taken, &shifts)
			}
			// The neighbours did not suffice: those of one of them may.
			if near := m.near.of(center); len(near) > 0 {
				center = near[c.random.IntN(len(near))]
			} else {
				center = int32(c.random.IntN(m.asked))
			}
		}
		left -= taken
		free -= shifts
	}
	clear(c.spare)
	for r, first := range m.twin {
		if s.size[r] > 0 {
			continue
		}
		spare := &c.spare[first]
		if spare.dealt++; spare.dealt > 1 { // twins go round, as many as searches need
			if spare.dealt <= spareTwins*int32(len(c.workers)) {
				c.part[r] = (spare.part + spare.dealt) % int32(len(c.workers))
			}
			continue
		}
		sm := &m.shifts[r]
		row := sm.legs[m.nodes[m.startOf(int32(r))].location*sm.locations:]
		nearest := NoWay
		for k := range c.workers {
			if way := row[m.nodes[c.seeds[k]].location].in.time; way < nearest || k == 0 {
				nearest, c.part[r] = way, int32(k)
			}
		}
		spare.part = c.part[r] + int32(len(c.workers)) - 1
	}
}

// claim gives the route of a task to a part, if it is used and in none.
func (c *crew) claim(u, part int32, taken, shifts *int) {
	s := c.current
	if r := s.nodes[u].route; r != None && c.part[r] == None {
		c.part[r] = part
		*taken += int(s.size[r])
		*shifts++
	}
}

// seed draws the task that a part grows from.
func (c *crew) seed() int32 {
	m, s := c.model, c.current
	if len(s.out) > 0 && c.random.IntN(4) == 0 {
		return m.units.of(s.out[c.random.IntN(len(s.out))])[0]
	}
	u := s.done(m, int32(c.random.IntN(m.asked)))
	for range 50 {
		if r := s.nodes[u].route; r != None && c.part[r] == None {
			break
		}
		u = s.done(m, int32(c.random.IntN(m.asked)))
	}
	return u
}

func unservedTasks(m *model, s *state) int {
	n := 0
	for _, u := range s.out {
		n += len(m.units.of(u))
	}
	return n
}

// share tells a worker its part, and locks the links that lead out of it. All workers are
// told at once, so that it changes nothing but the worker.
func (c *crew) share(w *search, part int32) {
	m, s := c.model, w.state
	w.mineRoutes = w.mineRoutes[:0]
	for r := range c.part {
		w.active[r] = c.part[r] == part
		if w.active[r] {
			w.mineRoutes = append(w.mineRoutes, int32(r))
		}
	}
	if w.mine == nil {
		w.mine = make([]bool, len(m.fault))
	}
	for u := range w.free {
		w.free[u] = m.mayMove(int32(u))
		w.mine[u] = true
	}
	for _, u := range s.out {
		w.mine[u] = c.home(s, m.units.of(u)[0]) == part
	}
	for u := range m.tasks {
		r := s.nodes[u].route
		if r == None {
			continue
		}
		if c.leadsOut(s, int32(u)) {
			s.nodes[u].locked = true
			w.free[m.unitOf[u]] = false
		}
	}
	for i := range s.nodes {
		if s.nodes[i].route != None && s.nodes[i].locked {
			s.nodes[i].late = s.nodes[i].early
			w.queue.add(int32(i))
		}
	}
	w.pullBack()
	c.allot(w, part)
	w.lookAround()
	w.adopt()
}

// home is the part that may do the tasks of a cluster that are not done: that
// of its first task that is done, or else of the nearest task that is.
func (c *crew) home(s *state, u int32) int32 {
	m := c.model
	cluster := m.clusters.of(m.clusterOf[u])
	for _, o := range cluster {
		if r := s.nodes[o].route; r != None {
			return c.part[r]
		}
	}
	for _, o := range m.near.of(cluster[0]) {
		if r := s.nodes[o].route; r != None && c.part[r] != None {
			return c.part[r]
		}
	}
	return cluster[0] % int32(len(c.workers))
}

// leadsOut tells whether a task has a partner, near or far along its links,
// that stands in another part or may be put in there.
func (c *crew) leadsOut(s *state, u int32) bool {
	m := c.model
	part := c.part[s.nodes[u].route]
	cluster := m.clusters.of(m.clusterOf[u])
	if len(cluster) == 1 {
		return false
	}
	if c.home(s, u) != part {
		return true
	}
	for _, o := range cluster {
		if r := s.nodes[o].route; r != None && c.part[r] != part {
			return true
		}
	}
	return false
}

// together builds one state from the parts of all workers in base, with the
// schedule computed anew and no locks, and tells whether it has a schedule.
func (c *crew) together(of func(*search) *state) bool {
	m, base := c.model, c.base.state
	base.copyFrom(c.current)
	if m.several {
		for r := range m.shifts {
			if c.part[r] != None {
				base.empty(m, int32(r))
			}
		}
	}
	for i, w := range c.workers {
		s := of(w)
		for r := range m.shifts {
			if c.part[r] != int32(i) {
				continue
			}
			base.lieIdle(m, int32(r))
			for v := m.startOf(int32(r)); v != None; v = s.nodes[v].next {
				base.nodes[v] = s.nodes[v]
				base.nodes[v].locked = false
			}
			base.copyRests(m, s, int32(r))
			base.size[r] = s.size[r]
			copy(base.load[r*m.dims:(r+1)*m.dims], s.load[r*m.dims:(r+1)*m.dims])
		}
	}
	// A task is done when some worker has it in one of its own routes.
	for unit := range m.fault {
		done := false
		u := m.units.of(int32(unit))[0]
		if r := c.current.nodes[c.current.done(m, u)].route; r != None && c.part[r] == None {
			done = true
		}
		for i, w := range c.workers {
			if r := of(w).nodes[of(w).done(m, u)].route; r != None && c.part[r] == int32(i) {
				done = true
			}
		}
		if done == (base.outAt[unit] == None) {
			continue
		}
		if done {
			base.takeIn(m, int32(unit))
		} else {
			base.leaveOut(m, int32(unit))
		}
	}
	for unit := range m.fault {
		if base.outAt[unit] != None {
			for _, u := range m.units.of(int32(unit)) {
				base.nodes[base.done(m, u)].route = None
			}
		}
	}
	base.faceBy(m, func(v int32) int64 { return base.nodes[v].early })
	if !c.base.reschedule() {
		if invariantsOn {
			panic("solver: the parts of a round do not go together")
		}
		return false
	}
	base.recount(m)
	base.reprice(m)
	for rule, count := range base.counts { // a person with two shifts may be counted in two parts
		if count > m.most[rule] {
			return false
		}
	}
	return true
}
