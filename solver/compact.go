package solver

import (
	"context"
	"math"
	"slices"
)

// Where every task must be done, any shift may do it at the same price, nothing
// ties it to another one, and all routes are plain, as in the classic sets of
// vehicle routing, a search has a form of its own: the same ruins, exchanges and
// test of acceptance, over stops of 24 bytes with their schedule in numbers of
// 32 bits. It works on the routes of its worker between two meetings and gives
// them back as a state like any other (docs/design/0007).
//
// The cheapest place of a task is found without looking at all of them. A gap
// between p and q costs fare(p, u) + fare(u, q) - fare(p, q). Going through the
// neighbours of u by rising fare f, a gap whose ends have not come yet costs at
// least 2f - fare(p, q), or f + home - fare(p, q) where one of them is an end of
// a shift and home is the least fare to such; so when that is no longer of use
// for the dearest leg, the rest need not be looked at. The few dearest legs of
// all are kept in a list of their own and looked at every time: then the bound is
// a near one. A task knows its 128 nearest neighbours, of more than 400 tasks 48; when
// they are used up and something was found, that is taken.
type compact struct {
	w     *search
	tasks []compactTask

	// What the worker may change, as it stands.
	mine         []int32 // tasks
	ends         []int32 // rows of the ends of shifts, each once
	home         []int32 // by task: the least fare to one of them
	times, fares []int32 // from a row to another: row*width+row
	width        int32
	stops        []compactStop   // numbered as the nodes of a state
	legs         []compactLegs   // by stop
	around       []compactAround // by stop; nil where work has no limit
	size         []int32         // by shift
	room         []int64         // what it can carry besides: shift*dims+dimension
	used         int             // shifts with a task
	idle         [][]int32       // by kind: shifts without
	kind         []int32         // by shift
	cost         int64
	rest         int64 // what the state costs beside
	best         []compactStop
	bestCost     int64

	// Legs dearer than far, by the stop that they lead away from.
	far    int32
	long   []int32
	longAt []int32 // by stop: index in long, or None

	cuts     [2]compactCuts // of the routes that an exchange looks at
	openings openings       // see cheapestStrings

	// What an iteration has changed.
	journal []compactWas
	circled []compactAround // beside journal; nil where work has no limit
	changed []compactRoute
	wasRoom []int64
	tail    []int64 // by dimension; scratch of an exchange
	touched []bool  // by shift

	few   int32 // fewGaps, but in tests and without partNeighbours
	limit int64 // what is not cheaper will not be accepted
	gone  []int32
	rooms []int32 // used shifts with room for the least load of gone
}

// compactTask is what a task is in every part.
type compactTask struct{ open, close, service int32 }

// compactStop is a task in its route, or an end of a shift.
type compactStop struct {
	left int32 // it is left then at the earliest
	late int32 // its latest start
	time int32 // to next
	prev int32
	next int32
	row  int32 // of its location
}

// compactLegs are what the legs at a stop cost. Most neighbours of a task need not
// be looked at closer once these are known and whether the route has room, so they
// stand in a list of their own that a processor keeps at hand.
type compactLegs struct {
	on, in int32
	dear   int32 // the dearer of the two
	route  int32 // None: in none of this part
}

// noLegs are those of a task that is in no route: nothing goes beside it.
var noLegs = compactLegs{-1 << 30, -1 << 30, -1 << 30, None}

// compactAround are the stretches of a route up to a stop and from it on.
type compactAround struct{ before, behind stretch }

type compactWas struct {
	stop int32
	was  compactStop
	legs compactLegs
}

type compactRoute struct{ route, size int32 }

// closeTask is a neighbour and the fare to it.
type closeTask struct{ task, fare int32 }

const (
	mostClose   = 128     // neighbours by fare that a task knows
	fewClose    = 48      // in a large problem
	fewGaps     = 60      // so many are looked at one by one
	longLegs    = 12      // about so many legs are looked at for every task
	mostCompact = 1 << 28 // no time and no fare is larger
)

// compileCompact tells whether searches have a compact form, and finds the
// neighbours for it. When ctx is cancelled they have none.
func (m *model) compileCompact(ctx context.Context) {
	if ablated(partCompact) || !m.easy || m.gated || m.couples || m.tallied || m.assigned || len(m.plain) != 1 || m.tasks <= mostJudgedTasks || len(m.fault) != m.tasks ||
		len(m.clause.item) > 0 || len(m.eligible.item) != m.tasks*len(m.shifts) {
		return
	}
	small := func(x int64) bool { return 0 <= x && x <= mostCompact }
	for i := range m.tasks {
		if n := &m.nodes[i]; m.problem.Tasks[i].UnservedCost < Infinity || n.byClass != nil || !small(n.service) {
			return
		}
	}
	for r := range m.shifts {
		if sm := &m.shifts[r]; !small(sm.start) || !small(sm.end) {
			return
		}
		m.bounded = m.bounded || m.shifts[r].longest > 0
	}
	if legs := m.plain[0]; slices.Max(legs.times) > mostCompact || slices.Max(legs.fares) > mostCompact {
		return
	}
	m.compact = m.compileClosest(ctx)
}

// compileClosest lists the nearest tasks of each by fare that can stand beside
// it, and all tasks along a tour of nearest neighbours. It says false when ctx is
// cancelled before it is done.
func (m *model) compileClosest(ctx context.Context) (done bool) {
	legs, n := m.plain[0], m.shifts[0].locations
	most := min(m.mostClose(), m.tasks-1)
	m.closest = make([][]closeTask, m.tasks)
	flat := make([]closeTask, 0, m.tasks*most)
	list := newNearest(most)
	for u := range m.tasks {
		if ctx.Err() != nil {
			return false
		}
		row := legs.fares[m.nodes[u].location*n:][:n]
		times := legs.times[m.nodes[u].location*n:][:n]
		a := &m.nodes[u]
		for v := range m.tasks {
			b := &m.nodes[v]
			time := int64(times[b.location])
			if v != u && (a.hard[0].From+a.service+time <= b.hard[0].To || b.hard[0].From+b.service+time <= a.hard[0].To) {
				list.add(int64(row[m.nodes[v].location]), int32(v))
			}
		}
		first := len(flat)
		for _, key := range list.take() {
			flat = append(flat, closeTask{nearestTask(key), int32(nearestFar(key))})
		}
		m.closest[u] = flat[first:]
	}
	seen := make([]bool, m.tasks)
	for at := int32(0); ; {
		seen[at] = true
		if m.tour = append(m.tour, at); len(m.tour) == m.tasks {
			return true
		}
		next := slices.IndexFunc(m.closest[at], func(c closeTask) bool { return !seen[c.task] })
		if next >= 0 {
			at = m.closest[at][next].task
		} else {
			at = int32(slices.Index(seen, false))
		}
	}
}

// mostClose is how many neighbours by fare a task knows at most. Of a large problem most
// tasks are far away, routes with room are few, and what matters is to look often.
func (m *model) mostClose() int {
	if m.tasks > fullHeatCompactTasks {
		return fewClose
	}
	return mostClose
}

// newCompact is the compact form of a search, or nil where it has none.
func newCompact(w *search) *compact {
	m := w.model
	if !m.compact {
		return nil
	}
	stops, shifts := len(m.nodes), len(m.shifts)
	c := &compact{
		w: w, few: fewGaps, tasks: make([]compactTask, m.tasks), mine: make([]int32, 0, m.tasks), home: make([]int32, m.tasks),
		stops: make([]compactStop, stops), best: make([]compactStop, stops), legs: make([]compactLegs, stops),
		size: make([]int32, shifts), room: make([]int64, shifts*m.dims), kind: make([]int32, shifts),
		long: make([]int32, 0, stops), longAt: make([]int32, stops),
		journal: make([]compactWas, 0, stops), changed: make([]compactRoute, 0, shifts),
		wasRoom: make([]int64, 0, shifts*m.dims), touched: make([]bool, shifts),
		tail: make([]int64, m.dims), gone: make([]int32, 0, m.tasks), rooms: make([]int32, 0, shifts),
	}
	if ablated(partNeighbours) {
		c.few = math.MaxInt32
	}
	for u := range c.tasks {
		n := &m.nodes[u]
		c.tasks[u] = compactTask{
			int32(min(max(n.hard[0].From, 0), 2*mostCompact)), int32(min(max(n.hard[0].To, -1), 2*mostCompact)), int32(n.service),
		}
	}
	if m.bounded {
		c.around, c.circled = make([]compactAround, stops), make([]compactAround, 0, stops)
	}
	count := make([]int, shifts) // of each kind, by its first shift
	for _, first := range m.twin {
		count[first]++
	}
	for r, first := range m.twin {
		if int(first) == r {
			c.kind[r] = int32(len(c.idle))
			c.idle = append(c.idle, make([]int32, 0, count[r]))
		}
		c.kind[r] = c.kind[first]
	}
	return c
}

// take lays the routes of the worker out. It says false when they leave out a
// task that this worker may do: then the search needs all its forms.
func (c *compact) take() bool {
	w := c.w
	m, s := w.model, w.state
	for _, unit := range s.out {
		if w.mine == nil || w.mine[unit] {
			return false
		}
	}
	if len(w.mineRoutes) == 0 {
		return false
	}
	legs := w.near.plain[w.mineRoutes[0]]
	c.times, c.fares, c.width = legs.times, legs.fares, w.near.width
	for i := range c.stops {
		c.legs[i], c.longAt[i] = noLegs, None
	}
	for kind := range c.idle {
		c.idle[kind] = c.idle[kind][:0]
	}
	c.mine, c.ends, c.long, c.used, c.cost = c.mine[:0], c.ends[:0], c.long[:0], 0, 0
	for _, r := range slices.Backward(w.mineRoutes) {
		first, end := m.startOf(r), m.endOf(r)
		sm := &m.shifts[r]
		for v := first; v != None; v = s.nodes[v].next {
			n := &s.nodes[v]
			if int(v) < m.tasks {
				if !w.free[m.unitOf[v]] {
					return false
				}
				c.mine = append(c.mine, v)
			}
			c.stops[v] = compactStop{prev: n.prev, next: n.next, row: w.near.number[n.location]}
			c.legs[v] = compactLegs{on: noLegs.on, in: noLegs.in, dear: noLegs.dear, route: r}
		}
		if c.size[r] = s.size[r]; c.size[r] == 0 {
			c.idle[c.kind[r]] = append(c.idle[c.kind[r]], r)
		} else {
			c.used++
			c.cost += sm.fixed
		}
		for d := range m.dims {
			c.room[int(r)*m.dims+d] = m.capacity[int(r)*m.dims+d] - s.load[int(r)*m.dims+d]
		}
		c.stops[first].left, c.stops[end].late = int32(sm.start), int32(sm.end)
		for _, v := range [2]int32{first, end} {
			if row := c.stops[v].row; !slices.Contains(c.ends, row) {
				c.ends = append(c.ends, row)
			}
		}
		for v := first; v != end; v = c.stops[v].next {
			c.join(v, c.stops[v].next)
			c.cost += int64(c.legs[v].on)
		}
		if !c.schedule(r) {
			return false
		}
	}
	if c.used == 0 {
		return false
	}
	for _, u := range c.mine {
		fares := c.fares[c.stops[u].row*c.width:]
		c.home[u] = math.MaxInt32
		for _, row := range c.ends {
			c.home[u] = min(c.home[u], fares[row])
		}
	}
	c.rest = s.total - c.cost
	c.bestCost = w.best.total - c.rest
	c.sortLegs()
	return true
}

// give brings the states of the worker up to date.
func (c *compact) give() {
	w := c.w
	if c.bestCost+c.rest < w.best.total {
		c.lay(c.best, c.bestCost)
		w.best.catchUp(w.model, w.state, w.anywhere)
		w.improved = true
	}
	c.lay(c.stops, c.cost)
	w.last.catchUp(w.model, w.state, w.mineRoutes)
}

// lay puts routes into the worker's state.
func (c *compact) lay(stops []compactStop, cost int64) {
	w := c.w
	m, s := w.model, w.state
	for _, r := range w.mineRoutes {
		first, end := m.startOf(r), m.endOf(r)
		v := first
		for v != None && s.nodes[v].next == stops[v].next {
			v = stops[v].next
		}
		if v == None {
			continue // the same
		}
		for v := first; v != None; v = stops[v].next {
			n := &s.nodes[v]
			n.prev, n.next, n.route = stops[v].prev, stops[v].next, r
			n.service, n.lo, n.hi, n.keen, n.locked = m.nodes[v].service, 0, 0, false, false
		}
		w.touch(r)
		s.size[r] = 0
		load := s.load[int(r)*m.dims : (int(r)+1)*m.dims]
		clear(load)
		for v := first; v != end; v = s.nodes[v].next {
			s.nodes[v].leg = w.leg(r, v, s.nodes[v].next)
			if v == first {
				continue
			}
			s.size[r]++
			for d := range load {
				load[d] += m.loads[int(v)*m.dims+d]
			}
		}
		if s.size[r] == 0 {
			s.vacate(m, r)
		} else if !w.walk(r) {
			panic("solver: a compact route has no schedule")
		}
	}
	s.reprice(m)
	if s.total != cost+c.rest {
		panic("solver: a compact search has lost count of its cost")
	}
	w.verify()
}

// join makes two stops neighbours.
func (c *compact) join(from, to int32) {
	p, q := &c.stops[from], &c.stops[to]
	at := p.row*c.width + q.row
	p.next, q.prev = to, from
	p.time = c.times[at]
	fare := c.fares[at]
	if int(from) >= len(c.tasks) && int(to) >= len(c.tasks) {
		fare = 0 // an unused shift does not drive
	}
	a, b := &c.legs[from], &c.legs[to]
	a.on, b.in = fare, fare
	a.dear, b.dear = max(a.in, fare), max(fare, b.on)
}

// schedule computes the earliest departures and the latest starts of a route. It
// says false when they contradict each other: without a stop a route may take
// longer, where the matrix breaks the triangle inequality.
func (c *compact) schedule(r int32) (ok bool) {
	first, end := c.w.model.startOf(r), c.w.model.endOf(r)
	p := &c.stops[first]
	for v := p.next; v != end; v = p.next {
		t := &c.tasks[v]
		left := max(p.left+p.time, t.open) + t.service
		p = &c.stops[v]
		p.left = left
	}
	q := &c.stops[end]
	for v := q.prev; v != first; v = q.prev {
		t := &c.tasks[v]
		p := &c.stops[v]
		p.late = min(t.close, q.late-p.time-t.service)
		if p.left-t.service > p.late {
			return false
		}
		q = p
	}
	return c.around == nil || c.measure(r, first, end)
}

// own is a stop as a stretch.
func (c *compact) own(v int32) stretch {
	if int(v) < len(c.tasks) {
		t := &c.tasks[v]
		return stretch{int64(t.service), int64(t.open), int64(t.close)}
	}
	window := c.w.model.nodes[v].hard[0]
	return stretch{0, window.From, window.To}
}

// measure brings the stretches of a route up to date that go on from one stop,
// and those that end behind the stop before another, and tells whether the route
// is short enough.
func (c *compact) measure(r, from, to int32) (ok bool) {
	m := c.w.model
	first, end := m.startOf(r), m.endOf(r)
	for v := from; v != None; v = c.stops[v].next {
		a := c.own(v)
		if p := c.stops[v].prev; p != None {
			if a, ok = c.around[p].before.join(int64(c.stops[p].time), a); !ok {
				return false
			}
		}
		c.around[v].before = a
	}
	for v := to; v != None; v = c.stops[v].prev {
		a := c.own(v)
		if q := c.stops[v].next; q != None {
			if a, ok = a.join(int64(c.stops[v].time), c.around[q].behind); !ok {
				return false
			}
		}
		c.around[v].behind = a
	}
	longest := m.shifts[r].longest
	return longest == 0 || c.size[r] == 0 || min(c.around[end].before.duration, c.around[first].behind.duration) <= longest
}

// short tells whether a route is short enough with a task between two stops.
func (c *compact) short(x *insertion, p, q *compactStop, before, behind int32) bool {
	longest := c.w.model.shifts[c.legs[before].route].longest
	if longest == 0 {
		return true
	}
	around := around{c.around[before].before, c.around[behind].behind}
	return around.least(stretch{int64(x.service), int64(x.open), int64(x.close)}, int64(x.times[p.row]), int64(x.times[q.row])) <= longest
}

// sortLegs finds out which legs are the dearest.
func (c *compact) sortLegs() {
	w := c.w
	m := w.model
	fares := w.from[:0]
	for _, r := range w.mineRoutes {
		for v := m.startOf(r); v != m.endOf(r) && c.size[r] > 0; v = c.stops[v].next {
			fares = append(fares, c.legs[v].on)
		}
	}
	slices.Sort(fares)
	c.far = fares[max(0, len(fares)-1-longLegs)]
	for _, r := range w.mineRoutes {
		for v := m.startOf(r); v != m.endOf(r); v = c.stops[v].next {
			c.weighLeg(v)
		}
	}
	w.from = fares[:0]
}

// weighLeg notes whether the leg that leads away from a stop is one of the dear ones.
func (c *compact) weighLeg(v int32) {
	is, at := c.legs[v].on > c.far, c.longAt[v]
	if is == (at != None) {
		return
	}
	if is {
		c.longAt[v] = int32(len(c.long))
		c.long = append(c.long, v)
		return
	}
	last := c.long[len(c.long)-1]
	c.long[at], c.longAt[last] = last, at
	c.long = c.long[:len(c.long)-1]
	c.longAt[v] = None
}

// iterate is one step, as that of a search.
func (c *compact) iterate(threshold int64) {
	w := c.w
	w.iterations++
	before := c.begin(c.cost + threshold)
	changed, ok := false, true
	if w.random.Uint32()%w.exchangeRate == 0 {
		changed, ok = c.exchange(threshold)
	}
	if !changed {
		ok = c.ruin() && c.recreate()
	}
	if !ok || c.cost >= c.limit {
		c.undo()
		c.cost = before
		return
	}
	c.accept()
	if c.cost < c.bestCost {
		c.bestCost = c.cost
		copy(c.best, c.stops)
	}
}

// begin is the begin of a change that must cost less than limit. It returns what
// the routes cost before.
func (c *compact) begin(limit int64) (before int64) {
	c.journal, c.circled, c.changed, c.wasRoom = c.journal[:0], c.circled[:0], c.changed[:0], c.wasRoom[:0]
	c.limit = limit
	return c.cost
}

// accept leaves the routes as they are now.
func (c *compact) accept() {
	for _, was := range c.changed {
		c.touched[was.route] = false
	}
}

// keep notes what a route is before it changes.
func (c *compact) keep(r int32) {
	if c.touched[r] {
		return
	}
	m := c.w.model
	c.touched[r] = true
	c.changed = append(c.changed, compactRoute{r, c.size[r]})
	c.wasRoom = append(c.wasRoom, c.room[int(r)*m.dims:(int(r)+1)*m.dims]...)
	for v := m.startOf(r); v != None; v = c.stops[v].next {
		c.journal = append(c.journal, compactWas{v, c.stops[v], c.legs[v]})
		if c.around != nil {
			c.circled = append(c.circled, c.around[v])
		}
	}
}

// undo brings back what the routes were.
func (c *compact) undo() {
	m := c.w.model
	for i, was := range c.changed {
		r := was.route
		c.touched[r] = false
		is := c.size[r]
		c.size[r] = was.size
		c.recount(r, is)
		copy(c.room[int(r)*m.dims:], c.wasRoom[i*m.dims:(i+1)*m.dims])
	}
	for i := range c.journal {
		was := &c.journal[i]
		c.stops[was.stop], c.legs[was.stop] = was.was, was.legs
	}
	for i, around := range c.circled {
		c.around[c.journal[i].stop] = around
	}
	for i := range c.journal {
		c.weighLeg(c.journal[i].stop)
	}
}
