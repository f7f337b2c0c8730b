package solver

import (
	"cmp"
	"context"
	"slices"
)

// A handful of tasks needs no luck: all orders are gone through, and the search
// has only served to give a good bound. Tasks that pay for each other, and for
// nothing alone, are found this way too. The work is bounded, for a handful of
// tasks that go anywhere at any time still has millions of orders.
const (
	mostEnumeratedTasks = 8
	enumerationWork     = 400_000
	timingWork          = 100 // what timing one order counts for
)

// enumeration goes through the orders, unit by unit.
type enumeration struct {
	*judge
	rests  *rests
	ctx    context.Context
	units  []int32
	metric bool  // no way is shorter over a third place, so that parts of routes bound the whole
	idle   bool  // refills go in where they are not needed, too: there may be a shorter way over one
	base   int64 // faults of the units left out so far
	left   int
}

// enumerate times every order that could be cheaper than the best one known.
func (j *judge) enumerate(ctx context.Context) {
	m := j.model
	e := &enumeration{judge: j, rests: newRests(j.search), ctx: ctx, metric: m.isMetric(), left: enumerationWork}
	e.rests.steps = mostSteps
	e.units = append(e.units, newState(m).out...)
	slices.SortStableFunc(e.units, func(a, b int32) int { return cmp.Compare(m.fault[b], m.fault[a]) })
	j.state.copyFrom(newState(m))
	e.next(0, 0)
	if len(m.stock.kind) > 0 {
		e.idle = true
		e.next(0, 0)
	}
}

// next puts the i-th member of the at-th unit everywhere, or leaves the unit
// out.
func (e *enumeration) next(at, i int) {
	if e.left--; e.left < 0 || e.base+e.bound() >= e.price || e.ctx.Err() != nil {
		return
	}
	s, m := e.state, e.model
	if at == len(e.units) {
		e.refill(int32(m.asked))
		return
	}
	unit := e.units[at]
	members := m.units.of(unit)
	if i == len(members) {
		s.takeIn(m, unit)
		e.next(at+1, 0)
		s.leaveOut(m, unit)
		return
	}
	for _, u := range m.ways(members[i]) {
		for _, r := range m.eligible.of(u) {
			if !e.clauseAllows(u, r) || !e.carries(u, r) {
				continue
			}
			for p := m.open(r); s.nodes[p].next != None; p = s.nodes[p].next {
				e.rests.link(u, p, r)
				if e.inTime(r) && !s.outOfOrder(m, u) {
					e.next(at, i+1)
				}
				e.unlink(u)
			}
		}
	}
	if i == 0 {
		e.base += m.fault[unit]
		e.next(at+1, 0)
		e.base -= m.fault[unit]
	}
}

// refill puts the refills from one on into every gap of their routes, or leaves
// them out: first of all where a route runs out of something. Of those that are the same the later one stands behind the earlier.
func (e *enumeration) refill(f int32) {
	s, m := e.state, e.model
	if e.left--; e.left < 0 || e.bound() >= e.price-e.base || e.ctx.Err() != nil {
		return
	}
	if !m.refills(f) {
		e.time()
		return
	}
	e.refill(f + 1)
	open := m.eligible.of(f)
	if m.frozen(f) {
		return
	}
	if len(open) == 0 || s.size[open[0]] == 0 {
		return
	}
	r := open[0]
	if !e.idle && !s.runsOut(m, r, None) {
		return
	}
	p, same := m.open(r), f-1
	if same >= m.stock.first[r] && !m.frozen(same) && m.stock.kind[int(same)-m.asked] == m.stock.kind[int(f)-m.asked] {
		if p = same; s.nodes[same].route == None {
			return
		}
	}
	for ; s.nodes[p].next != None; p = s.nodes[p].next {
		e.rests.link(f, p, r)
		if e.inTime(r) {
			e.refill(f + 1)
		}
		e.unlink(f)
	}
}

// bound is what the routes cost at least, whatever is still put into them.
func (e *enumeration) bound() int64 {
	s, m := e.state, e.model
	sum := s.grouped
	for r := range m.shifts {
		if s.size[r] == 0 {
			continue
		}
		sm := &m.shifts[r]
		var travel, distance int64
		sum += sm.fixed
		for v := m.startOf(int32(r)); s.nodes[v].next != None; v = s.nodes[v].next {
			if int(v) < m.tasks {
				sum += m.assign[int(v)*len(m.shifts)+r]
			}
			travel += int64(s.nodes[v].leg.time)
			distance += int64(s.nodes[v].leg.distance)
		}
		if e.metric {
			sum += travel*sm.timeCost + distance*sm.distanceCost/sm.distanceUnit*sm.distanceFold
		}
	}
	return sum
}

// inTime tells whether a route could be in time without its breaks. Where a
// further task may make the way shorter it always says so.
func (e *enumeration) inTime(r int32) bool {
	if !e.metric {
		return true
	}
	s, m := e.state, e.model
	clock := m.shifts[r].start
	for v := m.startOf(r); ; {
		n := &s.nodes[v]
		if n.leg.time == NoWay {
			return false
		}
		clock += n.service + int64(n.leg.time)
		v = n.next
		if s.nodes[v].next == None {
			return clock <= m.shifts[r].end
		}
		if clock = firstStart(m.nodes[v].hard, clock); clock >= Infinity {
			return false
		}
	}
}

func (e *enumeration) carries(u, r int32) bool {
	m := e.model
	for d := range m.dims {
		if m.pairs {
			break // time looks
		}
		if e.state.load[int(r)*m.dims+d]+m.loads[int(u)*m.dims+d] > m.shifts[r].capacity[d] {
			return false
		}
	}
	return true
}

// time lays breaks and starts, and keeps the order when it is the cheapest.
func (e *enumeration) time() {
	tied := len(e.model.push.item) > 0
	if !tied && !e.isNew(e.state) {
		return
	}
	var used []int32
	for r, size := range e.state.size {
		if e.state.tooFar(e.model, int32(r)) || e.state.disorder(e.model, int32(r)) || e.state.misplaced(e.model, int32(r)) {
			return
		}
		if size > 0 {
			used = append(used, int32(r))
		}
	}
	if tied {
		e.breaks(used)
		return
	}
	e.left -= timingWork
	if _, ok := e.rests.arrange(used); ok {
		e.judgeTimes(func(n *node) int64 { return n.early })
	}
}

// judgeTimes times the routes from the given starts on.
func (e *enumeration) judgeTimes(from func(*node) int64) {
	for _, v := range e.placed() {
		e.start[v] = from(&e.state.nodes[v])
	}
	e.settleTimes(e.ctx, nil)
	e.keep()
}

// breaks puts the breaks of the used routes into all gaps. Where links tie
// routes together, what is cheapest for one route alone need not be cheapest
// for all; so each way is timed from its earliest and from its latest starts.
func (e *enumeration) breaks(used []int32) {
	s, m := e.state, e.model
	if e.left < 0 || e.ctx.Err() != nil {
		return
	}
	if len(used) == 0 {
		if links := e.apartFrom(e.placed()); len(links) > 0 {
			e.eachOrder(links, len(links), e.timeTied)
		} else {
			e.timeTied()
		}
		return
	}
	r := used[0]
	if m.shifts[r].chained {
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			e.rests.openBounds(v)
		}
		e.rests.sweep(r)
		e.rests.eachLaying(r, func() bool {
			e.breaks(used[1:])
			return e.left >= 0
		})
		if e.rests.steps < 0 {
			e.left = -1
		}
		return
	}
	var from func(v int32, taken int)
	from = func(v int32, taken int) {
		n := &s.nodes[v]
		breaks := m.shifts[r].breaks
		for lo := taken; ; lo++ { // those before lo are missed
			for upto := lo; upto <= len(breaks); upto++ {
				n.lo, n.hi = uint8(lo), uint8(upto)
				if s.nodes[n.next].next != None {
					from(n.next, upto)
				} else if !atNext(breaks[lo:upto]) && len(m.shifts[r].due(upto, len(breaks))) == 0 {
					e.breaks(used[1:])
				}
			}
			if lo == len(breaks) || breaks[lo].MissCost == 0 {
				break
			}
		}
	}
	from(m.open(r), m.opensWith(r))
}

// timeTied times routes whose tasks and breaks have their order.
// It says false when there is no time for more.
func (e *enumeration) timeTied() bool {
	if e.left < 0 || e.ctx.Err() != nil {
		return false
	}
	s := e.state
	before := slices.Clone(s.nodes) // retiming moves breaks
	e.left -= timingWork / 10
	if e.reschedule() {
		e.left -= timingWork
		late := slices.Clone(s.nodes)
		e.judgeTimes(func(n *node) int64 { return n.early })
		copy(s.nodes, late)
		e.judgeTimes(func(n *node) int64 { return n.late })
	}
	copy(s.nodes, before)
	return true
}

// isMetric tells whether no way between the places that the tasks and shifts
// use is shorter over a third one.
func (m *model) isMetric() bool {
	var places []int32
	for v := range m.nodes {
		places = append(places, m.nodes[v].location)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	if len(places) > 64 {
		return false
	}
	for r := range m.shifts {
		sm := &m.shifts[r]
		way := func(a, b int32) (int64, int64) {
			x := sm.legs[a*sm.locations+b].on
			return int64(x.time), int64(x.distance)
		}
		for _, a := range places {
			for _, b := range places {
				for _, c := range places {
					time, distance := way(a, b)
					time1, distance1 := way(a, c)
					time2, distance2 := way(c, b)
					if time > time1+time2 || distance > distance1+distance2 {
						return false
					}
				}
			}
		}
	}
	return true
}
