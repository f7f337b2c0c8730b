package solver

// An exchange swaps what two shifts do from some point of the day on: the
// tails of their routes (2-opt*, Potvin and Rousseau 1995), or, when both
// points are the start, all that they do. Or it swaps what they do between two
// points of the day, and each goes on as before: any string of the one for any
// of the other (CROSS, Taillard, Badeau, Gendreau, Guertin and Potvin 1997). A ruin
// takes out strings of a few stops, and the way from "these two carers have each other's
// clients" to the better way round leads over routes that are dearer than both. Between twins
// whose routes are plain only tails change places here (exchangenear.go); the compact form has its
// own exchanges, of both.

// exchangeRate: one iteration in so many is an exchange, where there is one
// that promises to be accepted.
const (
	exchangeRate     = 8
	exchangeRareRate = 16 // in the compact form, and while a shift is closed: exchanges bring nothing in
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
	after, next  int32
	row, nextRow int32 // theirs in nearby
	ready        int64 // after is left then at the earliest
	late         int64 // the latest start of next
	given        int64 // what it costs more that the other shift does the stops behind the cut; Infinity: it may not
	share        int64 // the same, but without those that it may not do
	gone         int64 // what is not paid any more when the tail goes
	leg          int64 // and when only the leg does
	back         int64 // what is paid for going from here to the end; Infinity: it is too late for that
	barred       bool  // the other shift may not do after
	torn         bool  // between the two of a pair
}

// swap is what two routes give each other.
type swap struct {
	cost  int64
	with  int32    // the second route; None: nothing
	after [2]int32 // what goes begins behind these
	upto  [2]int32 // and ends with these; None: all that follows goes
}

const unread = int64(-1) // a leg that has not been looked up

// opening is the cheapest point of the first route, so far, at which it may go on with
// what the second one does behind a point, and the second one with what the first
// does.
type opening struct {
	cost int64
	at   [2]int // cuts of the two
}

// openings are the cheapest ones at each cut of the second route.
type openings []opening

// reset forgets what has been found, for so many cuts.
func (o *openings) reset(cuts int) {
	*o = (*o)[:0]
	for range cuts {
		*o = append(*o, opening{cost: Infinity})
	}
}

// read lays out a route; face must follow.
func (t *tails) read(w *search, route int32) {
	s, m := w.state, w.model
	sm := &m.shifts[route]
	t.route, t.cuts = route, t.cuts[:0]
	end := m.endOf(route)
	used := s.size[route] > 0
	var home int64
	if used {
		home = sm.estimate(s.nodes[s.nodes[end].prev].leg)
	}
	for v := m.startOf(route); v != end; {
		n := &s.nodes[v]
		next := &s.nodes[n.next]
		c := cut{
			after: v, next: n.next, row: w.near.number[n.location], nextRow: w.near.number[next.location],
			ready: n.early + n.service, late: next.late, torn: m.pairs && s.carrying(m, v),
		}
		if used {
			c.leg = sm.estimate(n.leg)
			c.gone = c.leg + sm.fixed
		}
		if n.next != end {
			c.gone += home
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
}

// face says what it means that another route gets what this one gives.
func (t *tails) face(w *search, other int32) {
	s, m := w.state, w.model
	t.home = Infinity
	if s.size[other] > 0 {
		if cost, time := w.joint(t.route, s.nodes[m.endOf(other)].prev, m.endOf(t.route)); time != NoWay {
			t.home = cost
		}
	}
	shifts := len(m.shifts)
	var given, share int64
	for i := len(t.cuts) - 1; i >= 0; i-- {
		c := &t.cuts[i]
		c.given, c.share = given, share
		if c.torn {
			c.given = Infinity
		}
		u := int(c.after)
		if u >= m.tasks {
			continue
		}
		if c.barred = !m.mayDo[u*shifts+int(other)] || !w.free[m.unitOf[u]]; c.barred {
			given = Infinity
			continue
		}
		more := m.assign[u*shifts+int(other)] - m.assign[u*shifts+int(t.route)]
		share += more
		if given < Infinity {
			given += more
		}
	}
}

// joint is what a shift pays for a leg and how long it takes.
func (w *search) joint(route, from, to int32) (cost int64, time int32) {
	m := w.model
	return w.drive(route, w.near.number[m.nodes[from].location], w.near.number[m.nodes[to].location])
}

// drive is joint by rows of nearby.
func (w *search) drive(route, from, to int32) (cost int64, time int32) {
	at := from*w.near.width + to
	sm := &w.model.shifts[route]
	if sm.plain != nil {
		legs := w.near.plain[route]
		return int64(legs.fares[at]), legs.times[at]
	}
	leg := w.near.legs[route][at].on
	return sm.estimate(leg), leg.time
}

// estimate is what a shift pays for a leg, nearly.
func (sm *shiftModel) estimate(x arc) int64 {
	return int64(x.time)*(sm.timeCost+sm.workCost) + (int64(x.distance)*sm.distanceRate)>>16
}

// exchange makes the swap of a random route and another one that seems to cost
// least, if it seems to cost less than threshold. It says false when there
// is none such: then nothing has changed.
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
	w.tails[0].read(w, a)
	best := swap{cost: threshold, with: None}
	for _, b := range w.mineRoutes {
		if b == a || narrow && w.nearIn[b] != w.look {
			continue
		}
		if found := w.cheapestSwap(b, best.cost); found.with != None {
			best = found
		}
	}
	if best.with == None {
		return false
	}
	w.broken = !w.makeSwap(a, &best)
	return true
}

// cheapestSwap finds what the route that was read last into the first tails and route b
// best give each other, judged by the legs
// that change and by who does what, if that costs less than limit. Waiting,
// breaks and links are left to the schedule; so are the legs within what changes
// hands, where the two shifts travel by different means.
//
// A swap of strings is an opening, and further on in both routes a point where the two
// go back to what they did. What an opening costs does not depend on where it
// ends. So for each point that may end it the cheapest one before it is kept, and
// the best of all pairs of strings takes no longer than that of all pairs of tails.
func (w *search) cheapestSwap(b int32, limit int64) swap {
	m, x, y := w.model, &w.tails[0], &w.tails[1]
	a := x.route
	best := swap{cost: limit, with: None}
	if m.shifts[a].end < m.shifts[b].start || m.shifts[b].end < m.shifts[a].start {
		return best
	}
	x.face(w, b)
	y.read(w, b)
	y.face(w, a)
	w.openings.reset(len(y.cuts)) // from the cuts of x that have been passed
	for i := range x.cuts {
		from := &x.cuts[i]
		open := opening{cost: Infinity} // of those, and of the cuts of y that have been passed
		for j := range y.cuts {
			to := &y.cuts[j]
			earlier := &w.openings[j]
			if from.barred {
				earlier.cost = Infinity
			}
			if to.barred {
				open.cost = Infinity
			}
			onward, backward := unread, unread // legs from each head to the other tail
			if cost := w.tailsCost(i, j, best.cost, &onward, &backward); cost < best.cost {
				best = swap{cost, b, [2]int32{from.after, to.after}, [2]int32{None, None}}
			}
			meet := !from.torn && !to.torn && from.ready <= to.late && to.ready <= from.late
			gone, share := from.leg+to.leg, from.share+to.share
			if cost := open.cost - gone - share; meet && open.cost < Infinity && cost < best.cost {
				if cost += w.inTime(a, to, from) + w.inTime(b, from, to); cost < best.cost {
					best = swap{cost, b, [2]int32{x.cuts[open.at[0]].after, y.cuts[open.at[1]].after}, [2]int32{from.after, to.after}}
				}
			}
			if earlier.cost < open.cost {
				open = *earlier
			}
			if !meet || i == len(x.cuts)-1 || j == len(y.cuts)-1 || share-gone >= earlier.cost {
				continue
			}
			if onward == unread {
				onward = w.inTime(a, from, to)
			}
			if backward == unread {
				backward = w.inTime(b, to, from)
			}
			if onward < Infinity && backward < Infinity && onward+backward-gone+share < earlier.cost {
				*earlier = opening{onward + backward - gone + share, [2]int{i, j}}
			}
		}
	}
	return best
}

// tailsCost is what it costs that two routes swap their tails behind cuts i and j,
// if that is less than limit. onward and backward are the legs from each head to
// the other tail, as far as they had to be read.
func (w *search) tailsCost(i, j int, limit int64, onward, backward *int64) int64 {
	m, x, y := w.model, &w.tails[0], &w.tails[1]
	from, to := &x.cuts[i], &y.cuts[j]
	ends, otherEnds := i == len(x.cuts)-1, j == len(y.cuts)-1
	if from.given >= Infinity || to.given >= Infinity || ends && otherEnds { // legs cost nothing at best
		return Infinity
	}
	cost := from.given + to.given - from.gone - to.gone
	if otherEnds {
		cost += from.back
	} else {
		cost += x.home + m.shifts[x.route].fixed
	}
	if ends {
		cost += to.back
	} else {
		cost += y.home + m.shifts[y.route].fixed
	}
	if cost >= limit || !otherEnds && from.ready > to.late || !ends && to.ready > from.late {
		return Infinity
	}
	if !otherEnds {
		*onward = w.inTime(x.route, from, to)
		cost += *onward
	}
	if !ends && cost < limit {
		*backward = w.inTime(y.route, to, from)
		cost += *backward
	}
	return cost
}

// inTime is what the leg from one cut to the tail behind another one costs, or
// Infinity when that is too late.
func (w *search) inTime(route int32, from, to *cut) int64 {
	cost, time := w.drive(route, from.row, to.nextRow)
	if time == NoWay || from.ready+int64(time) > to.late {
		return Infinity
	}
	return cost
}

// makeSwap makes a swap of route a, puts the breaks of both down anew and computes the
// schedule. It says false when there is none.
func (w *search) makeSwap(a int32, x *swap) bool {
	routes := [2]int32{a, x.with}
	if x.upto[0] != None {
		w.splice(routes, x.upto)
	}
	w.splice(routes, x.after)
	return w.spliced(routes)
}

// splice lets each of two routes go on with what the other does after its cut.
func (w *search) splice(routes, after [2]int32) {
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
}

// spliced takes over two routes of which others hang together now. It says false
// when they have no schedule.
func (w *search) spliced(routes [2]int32) bool {
	s, m := w.state, w.model
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
