package solver

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
)

// The workers share the problem out by routes. In every round the shifts are
// divided into as many parts as there are workers, near ones together; each
// worker searches its part alone, from the common solution, with its own
// random stream; at the end of the round the parts are put together again.
// Costs are sums over routes, so what a worker gains is gained for all. Links
// that lead from one part into another have their starts locked for the round.
// Nothing depends on which worker is faster.

// crew is the workers with the solutions that they have in common.
type crew struct {
	model   *model
	workers []*search
	base    *search // puts parts together
	current *state
	best    *state
	random  *rand.Rand
	part    []int32 // by route, in this round
	order   []int32
	far     []int64
	done    int64
}

// roundLength is how many iterations a worker does between two meetings: some
// for each task, so that a part is searched well before it is cut differently.
func roundLength(m *model) int64 { return max(500, min(int64(m.tasks)*2, 4000)) }

func newCrew(m *model, start *search, keys [6][]int64, o *Options) *crew {
	c := &crew{
		model: m, base: start,
		current: start.state.clone(m), best: start.state.clone(m),
		random: rand.New(rand.NewPCG(o.Seed, 1)),
		part:   make([]int32, len(m.shifts)), far: make([]int64, len(m.shifts)),
	}
	for i := range max(o.Workers, 1) {
		c.workers = append(c.workers, newSearch(m, start.state.clone(m), keys, o.Seed, uint64(i)+2))
	}
	return c
}

// round lets every worker search its part, and puts the parts together. It
// tells whether the best solution got better.
func (c *crew) round(ctx context.Context, count int64, a *anneal) bool {
	if len(c.workers) == 1 {
		w := c.workers[0]
		if c.done == 0 {
			w.state.copyFrom(c.current)
			w.adopt()
		}
		w.improved = false
		before := w.iterations
		w.run(ctx, count, c.done, 1, *a)
		c.done += w.iterations - before
		if w.improved {
			c.best.copyFrom(w.best)
		}
		return w.improved
	}
	c.divide()
	var group sync.WaitGroup
	for i, w := range c.workers {
		w.state.copyFrom(c.current)
		c.share(w, int32(i))
		group.Go(func() { w.run(ctx, count, c.done, len(c.workers), *a) })
	}
	group.Wait()
	for _, w := range c.workers {
		c.done += w.iterations
		w.iterations = 0
	}
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

// divide deals the routes out: those nearest to a random task make the first
// part, and so on with what is left, by numbers of tasks.
func (c *crew) divide() {
	m, s := c.model, c.current
	c.order = c.order[:0]
	for r := range m.shifts {
		c.order = append(c.order, int32(r))
	}
	left := m.tasks - unservedTasks(m, s)
	for k := range c.workers {
		if k == len(c.workers)-1 || len(c.order) == 0 {
			for _, r := range c.order {
				c.part[r] = int32(k)
			}
			break
		}
		seed := m.nodes[c.random.IntN(max(m.tasks, 1))].location
		for _, r := range c.order {
			c.far[r] = c.distance(seed, r)
		}
		slices.SortStableFunc(c.order, func(a, b int32) int { return cmp.Compare(c.far[a], c.far[b]) })
		quota := left / (len(c.workers) - k)
		taken, at := 0, 0
		for at < len(c.order)-1 && (taken < quota || at == 0) {
			r := c.order[at]
			c.part[r] = int32(k)
			taken += int(s.size[r])
			at++
		}
		left -= taken
		c.order = c.order[:copy(c.order, c.order[at:])]
	}
}

func unservedTasks(m *model, s *state) int {
	n := 0
	for _, u := range s.out {
		n += len(m.units.of(u))
	}
	return n
}

// distance is the mean travel time from a location to the stops of a route,
// or to its start when it is empty.
func (c *crew) distance(from, r int32) int64 {
	m, s := c.model, c.current
	sm := &m.shifts[r]
	row := sm.arcs[from*sm.locations:]
	if s.size[r] == 0 {
		return int64(row[m.nodes[m.startOf(r)].location].time)
	}
	var sum int64
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		sum += int64(row[m.nodes[v].location].time)
	}
	return sum / int64(s.size[r])
}

// share tells a worker its part, and locks the links that lead out of it.
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
		w.free[u] = true
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
			w.enqueue(int32(i))
		}
	}
	w.pullBack()
	w.adopt()
}

// home is the part that may do the tasks of a cluster that are not done: that
// of its first task that is done, and by turns where there is none.
func (c *crew) home(s *state, u int32) int32 {
	m := c.model
	cluster := m.clusterOf[u]
	for _, o := range m.clusters.of(cluster) {
		if r := s.nodes[o].route; r != None {
			return c.part[r]
		}
	}
	return (cluster + c.part[0]) % int32(len(c.workers))
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
	for i, w := range c.workers {
		s := of(w)
		for r := range m.shifts {
			if c.part[r] != int32(i) {
				continue
			}
			for v := m.startOf(int32(r)); v != None; v = s.nodes[v].next {
				base.nodes[v] = s.nodes[v]
				base.nodes[v].locked = false
			}
			base.size[r] = s.size[r]
			copy(base.load[r*m.dims:(r+1)*m.dims], s.load[r*m.dims:(r+1)*m.dims])
		}
	}
	// A task is done when some worker has it in one of its own routes.
	for unit := range m.fault {
		done := false
		for i, w := range c.workers {
			s := of(w)
			u := m.units.of(int32(unit))[0]
			if r := s.nodes[u].route; r != None && c.part[r] == int32(i) {
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
				base.nodes[u].route = None
			}
		}
	}
	if !c.base.reschedule() {
		return false
	}
	base.reprice(m)
	return true
}
