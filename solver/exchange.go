package solver

// An exchange swaps what two shifts do from some point of the day on: the
// tails of their routes (2-opt*, Potvin and Rousseau 1995), or, when both
// points are the start, all that they do. A ruin takes out strings of a few
// stops, and the way from "these two carers have each other's clients" to the
// better way round leads over routes that are dearer than both.

// exchangeRate: one iteration in so many is an exchange, where there is one
// that promises to be accepted. Between twins they are found a hundred times
// quicker, and are drawn more often.
const (
	exchangeRate     = 16
	exchangeEasyRate = 8
)

// tails is one route seen from all points where it can be cut: behind the
// start of the shift, and behind each of its stops. Costs are those of legs,
// of the use of a shift, and of who does what.
type tails struct {
	route int32
	home  int64 // what the leg from the other route's last stop to this one's end costs
	cuts  []cut // in the order of the route
}

// cut is a point between two nodes of a route.
type cut struct {
	after, next int32
	ready       int64 // after is left then at the earliest
	late        int64 // the latest start of next
	given       int64 // what it costs more that the other shift does the stops behind the cut; Infinity: it may not
	gone        int64 // what is not paid any more when the tail goes
	back        int64 // what is paid for going from here to the end; Infinity: it is too late for that
}

// read lays out route for giving its tail to other, and getting another's.
func (t *tails) read(w *search, route, other int32) {
	s, m := w.state, w.model
	sm := &m.shifts[route]
	t.route, t.home, t.cuts = route, Infinity, t.cuts[:0]
	end := m.endOf(route)
	used := s.size[route] > 0
	var home int64
	if used {
		home = sm.estimate(s.nodes[s.nodes[end].prev].leg)
	}
	if s.size[other] > 0 {
		if cost, time := w.joint(route, s.nodes[m.endOf(other)].prev, end); time != NoWay {
			t.home = cost
		}
	}
	for v := m.startOf(route); v != end; {
		n := &s.nodes[v]
		c := cut{after: v, next: n.next, ready: n.early + n.service, late: s.nodes[n.next].late}
		if used {
			c.gone = sm.estimate(n.leg) + sm.fixed
		}
		if n.next != end {
			c.gone += home
		}
		if m.pairs && s.carrying(m, v) {
			c.given = Infinity // no pair is torn apart
		}
		if len(t.cuts) > 0 { // a head without stops is not used, and costs nothing
			cost, time := w.joint(route, v, end)
			c.back = cost + sm.fixed
			if time == NoWay || c.ready+int64(time) > s.nodes[end].late {
				c.back = Infinity
			}
		}
		t.cuts = append(t.cuts, c)
		v = n.next
	}
	shifts := len(m.shifts)
	var given int64
	for i := len(t.cuts) - 1; i >= 0; i-- {
		c := &t.cuts[i]
		if c.given < Infinity {
			c.given = given
		}
		u := int(c.after)
		if given >= Infinity || u >= m.tasks {
			continue
		}
		if m.mayDo[u*shifts+int(other)] && w.free[m.unitOf[u]] {
			given += m.assign[u*shifts+int(other)] - m.assign[u*shifts+int(route)]
		} else {
			given = Infinity
		}
	}
}

// joint is what a shift pays for a leg and how long it takes.
func (w *search) joint(route, from, to int32) (cost int64, time int32) {
	m := w.model
	sm := &m.shifts[route]
	if sm.plain != nil {
		legs, at := w.near.plain[route], w.near.number[m.nodes[from].location]*w.near.width+w.near.number[m.nodes[to].location]
		return int64(legs.fares[at]), legs.times[at]
	}
	leg := w.near.legs[route][w.near.number[m.nodes[from].location]*w.near.width+w.near.number[m.nodes[to].location]].on
	return sm.estimate(leg), leg.time
}

// estimate is what a shift pays for a leg, nearly.
func (sm *shiftModel) estimate(x arc) int64 {
	return int64(x.time)*(sm.timeCost+sm.workCost) + (int64(x.distance)*sm.distanceRate)>>16
}

// exchange swaps the tails of a random route and of the one where that seems
// to cost least, if it seems to cost less than threshold. It says false when
// there is none such: then nothing has changed.
func (w *search) exchange(threshold int64) bool {
	if len(w.mineRoutes) == 0 {
		return false
	}
	a := w.mineRoutes[w.random.IntN(len(w.mineRoutes))]
	if sm := &w.model.shifts[a]; sm.plain != nil && sm.common {
		return w.exchangeNear(a, threshold)
	}
	if w.state.size[a] == 0 {
		return false
	}
	narrow := w.narrows()
	if narrow {
		w.look++
		for u := w.state.nodes[w.model.startOf(a)].next; u != w.model.endOf(a); u = w.state.nodes[u].next {
			w.markAround(u, tailStops)
		}
	}
	best := threshold
	var cuts [2]int32
	with := None
	for _, b := range w.mineRoutes {
		if b == a || narrow && w.nearIn[b] != w.look {
			continue
		}
		if cost, p, q := w.cheapestCuts(a, b, best); cost < best {
			best, with, cuts = cost, b, [2]int32{p, q}
		}
	}
	if with == None {
		return false
	}
	w.broken = !w.swapTails([2]int32{a, with}, cuts)
	return true
}

// cheapestCuts finds the nodes p of route a and q of route b after which the
// tails are best swapped, judged by the legs that change and by who does what,
// if that costs less than limit. Waiting, breaks and links are left to the
// schedule; so are the legs within the tails, where the two shifts travel by
// different means.
func (w *search) cheapestCuts(a, b int32, limit int64) (cost int64, p, q int32) {
	p, q = None, None
	m := w.model
	if m.shifts[a].end < m.shifts[b].start || m.shifts[b].end < m.shifts[a].start {
		return limit, p, q
	}
	x, y := &w.tails[0], &w.tails[1]
	x.read(w, a, b)
	y.read(w, b, a)
	for i := range x.cuts {
		from := &x.cuts[i]
		if from.given >= Infinity {
			continue
		}
		for j := range y.cuts {
			to := &y.cuts[j]
			if to.given >= Infinity {
				continue
			}
			added := from.given + to.given - from.gone - to.gone
			onward, backward := j < len(y.cuts)-1, i < len(x.cuts)-1
			if onward {
				added += x.home + m.shifts[a].fixed
			} else {
				added += from.back
			}
			if backward {
				added += y.home + m.shifts[b].fixed
			} else {
				added += to.back
			}
			if added >= limit || !onward && !backward || // legs cost nothing at best
				onward && from.ready > to.late || backward && to.ready > from.late {
				continue
			}
			if onward {
				added += w.inTime(a, from, to)
			}
			if backward && added < limit {
				added += w.inTime(b, to, from)
			}
			if added < limit {
				limit, p, q = added, from.after, to.after
			}
		}
	}
	return limit, p, q
}

// inTime is what the leg from one cut to the tail behind another one costs, or
// Infinity when that is too late.
func (w *search) inTime(route int32, from, to *cut) int64 {
	cost, time := w.joint(route, from.after, to.next)
	if time == NoWay || from.ready+int64(time) > to.late {
		return Infinity
	}
	return cost
}

// swapTails gives each of two routes what the other does after its cut, puts
// their breaks down anew and computes the schedule. It says false when there
// is none.
func (w *search) swapTails(routes, after [2]int32) bool {
	s, m := w.state, w.model
	var first, last [2]int32
	for k, r := range routes {
		first[k], last[k] = s.nodes[after[k]].next, s.nodes[m.endOf(r)].prev
	}
	for k, r := range routes {
		end, other := m.endOf(r), 1-k
		if first[other] == m.endOf(routes[other]) {
			s.nodes[after[k]].next, s.nodes[end].prev = end, after[k]
			continue
		}
		s.nodes[after[k]].next, s.nodes[first[other]].prev = first[other], after[k]
		s.nodes[last[other]].next, s.nodes[end].prev = end, last[other]
	}
	w.from = w.from[:0]
	for _, r := range routes {
		used := s.size[r] > 0
		if !w.relay(r) {
			return false
		}
		if m.tallied && used != (s.size[r] > 0) {
			s.used(m, r)
		}
	}
	if !w.withinMost(routes[:]) {
		return false
	}
	for _, r := range routes {
		if s.size[r] == 0 {
			s.vacate(m, r)
			continue
		}
		closed, none := m.openAt(r), m.noBreaks(r) // gaps before it keep their breaks
		for v := m.startOf(r); v != None; v = s.nodes[v].next {
			if int(v) < m.tasks && !w.clauseAllows(v, r) {
				return false
			}
			if closed--; closed < 0 {
				s.nodes[v].lay(none)
			}
			w.from = append(w.from, v)
		}
		if m.shifts[r].chained {
			s.hangAll(m, r)
		}
	}
	if m.alone {
		for _, r := range routes {
			if s.size[r] > 0 && !w.walk(r) {
				return false
			}
		}
	} else if !w.loosen(w.from, w.from) {
		return false
	}
	for _, r := range routes {
		if s.size[r] > 0 && len(m.shifts[r].breaks) > 0 && !w.putBreaks(r) {
			return false
		}
	}
	return true
}

// relay tells the nodes of a route, in which others hang together now, what
// they are in it. It says false where the shift cannot drive or carry that.
func (w *search) relay(r int32) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	end := m.endOf(r)
	load := s.load[int(r)*m.dims : (int(r)+1)*m.dims]
	clear(load)
	s.size[r] = 0
	at := int32(0) // the position
	w.touch(r)
	for v := m.startOf(r); v != end; v = s.nodes[v].next {
		n := &s.nodes[v]
		if m.tallied && n.route != r {
			s.total += s.part(m, v, n.route) + s.join(m, v, r)
		}
		n.route, n.leg = r, w.leg(r, v, n.next)
		if n.leg.time == NoWay {
			return false
		}
		if int(v) >= m.tasks {
			continue
		}
		n.service = m.nodes[v].serviceBy(sm.class)
		if m.position != nil && m.position[v] != None && m.position[v] != at {
			return false
		}
		if !m.refills(v) {
			at++
		}
		s.size[r]++
		for d := range load {
			if load[d] += m.loads[int(v)*m.dims+d]; load[d] > sm.capacity[d] {
				return false
			}
		}
	}
	return !s.tooFar(m, r) && (m.brought == nil || !s.disorder(m, r)) && !s.lacks(m, r) && !s.onlyRefills(m, r)
}
