package solver

// chainClock holds when the breaks of a route begin, and until when they may; and the
// legs of the gap that has been crossed last, by hop.
type chainClock struct {
	times, caps [mostChained]int64
	legs        [mostChained + 1]away
}

// backGap is the latest time to leave so as to be through a gap by a time, each
// break within its window and its cap. It notes when they begin.
func (sm *shiftModel) backGap(x *hops, by int64, c *chainClock) int64 {
	for i := x.n - 1; i >= 0; i-- {
		st := &x.list[i]
		if st.rest != None {
			b := &sm.breaks[st.rest]
			by = min(by-b.Length, b.To, c.caps[st.rest])
			c.times[st.rest] = by
		}
		if st.from != None {
			by = sm.timed.course(st.from, st.to).latest(by)
		}
	}
	return by
}

// gapHops lays the gap behind a stop out.
func (s *state) gapHops(sm *shiftModel, p int32) hops {
	n := &s.nodes[p]
	return sm.hops(n.location, s.nodes[n.next].location, n.layout())
}

// fitTimes sets the breaks of a route as late as the starts that timeRoute pays
// for allow, those behind the last task as early as they can be, and returns when
// the work begins. Where a break comes too long after the moment that it is
// bound to, it is held to that, and what comes before it with it.
func (s *state) fitTimes(m *model, r int32, c *chainClock) (begin int64) {
	sm := &m.shifts[r]
	first, end := m.startOf(r), m.endOf(r)
	for i := range sm.breaks {
		c.caps[i] = Infinity
		c.times[i] = s.nodes[sm.rest+int32(i)].early
	}
	for again := true; again; {
		start := s.lateStart(m, s.nodes[end].prev, Infinity)
		for v := s.nodes[end].prev; v != first; {
			p := s.nodes[v].prev
			x := s.gapHops(sm, p)
			by := sm.backGap(&x, start, c)
			if v = p; p != first {
				start = s.lateStart(m, p, by-s.nodes[p].service)
			} else if begin = sm.start; sm.leaveLate {
				begin = by
			}
		}
		again = false
		moment := begin
		for i := range sm.breaks {
			if s.nodes[sm.rest+int32(i)].route == None {
				continue
			}
			if most := sm.breaks[i].AfterWork; most > 0 && c.times[i] > moment+most {
				c.caps[i], again = moment+most, true
			}
			moment = c.times[i] + sm.breaks[i].Length
		}
	}
	return begin
}

// legBetween is the cheapest travel that leaves from x on and arrives by y, at a
// price per unit of its time and of when it arrives; or the shortest.
func (sm *shiftModel) legBetween(c course, x, y, rate, perReady int64, home, short bool) crossing {
	best := crossing{price: Infinity, left: x, ready: Infinity}
	for k := c.period(x); k < len(c.from) && c.from[k] <= y; k++ {
		a := c.arc(k)
		from, last := c.departures(k)
		depart := max(x, from)
		ready := depart + int64(a.time)
		if depart > last || ready > y {
			continue
		}
		price := int64(a.time)*rate + sm.fare(a) + ready*perReady
		if home {
			price += sm.overtime(ready)
		}
		if best.ready == Infinity || !short && price < best.price || short && (a.time < best.time || a.time == best.time && price < best.price) {
			best = crossing{arc: a, price: price, left: x, depart: depart, ready: ready}
		}
	}
	return best
}

// firstLeg is the cheapest travel, or the shortest, that arrives by y and leaves
// between two times, of a shift that leaves as late as it can.
func (sm *shiftModel) firstLeg(c course, from, y int64, short bool) crossing {
	best := crossing{price: Infinity, left: from, ready: Infinity}
	for k := 0; k < len(c.from) && c.from[k] <= y; k++ {
		a := c.arc(k)
		opens, last := c.departures(k)
		left := min(y-int64(a.time), last)
		if left < opens || left < from {
			continue
		}
		price := int64(a.time)*(sm.timeCost-sm.waitCost) + sm.fare(a) - left*(sm.waitCost+sm.workCost)
		if best.ready == Infinity || !short && (price < best.price || price == best.price && left > best.left) ||
			short && (a.time < best.time || a.time == best.time && price < best.price) {
			best = crossing{arc: a, price: price, left: left, depart: left, ready: y}
		}
	}
	return best
}

// timeChained is timeRoute for a chained route: by the cheapest legs, or by the
// shortest where these travel for too long.
func (s *state) timeChained(m *model, r int32, starts []int64) int64 {
	cost, f, ok := s.priceChained(m, r, starts, false)
	if !ok {
		cost, f, _ = s.priceChained(m, r, starts, true)
	}
	if m.couples {
		s.facts[r] = f
		s.guard.lay(m, s.nodes, r)
	}
	return cost
}

// strays tells whether a route travels longer than its shift may, whichever legs
// it takes at the starts that it is priced with, or needs more than is on board for the
// way over its breaks.
func (s *state) strays(m *model, r int32) bool {
	switch sm := &m.shifts[r]; {
	case !sm.chained || s.size[r] == 0:
		return false
	case m.overPlaces(r) && s.runsOut(m, r, None):
		return true
	case sm.longestTravel == 0:
		return false
	}
	if _, _, ok := s.priceChained(m, r, nil, false); ok {
		return false
	}
	_, _, ok := s.priceChained(m, r, nil, true)
	return !ok
}

// strayed tells whether a route that this iteration has changed strays.
func (w *search) strayed() bool {
	for _, r := range w.touched {
		if w.state.strays(w.model, r) {
			return true
		}
	}
	return false
}

// callBack takes all that may move out of routes that stray, until none does. It is
// for states that a search starts from: an insertion looks at the route that it is
// in, before the latest starts follow, and so a few routes stray that no later
// iteration need touch. It says false where that does not help.
func (w *search) callBack() bool {
	s, m := w.state, w.model
	for r := int32(0); m.chained && int(r) < len(m.shifts); r++ {
		if !s.strays(m, r) {
			continue
		}
		w.hit, w.gone = w.hit[:0], w.gone[:0]
		for v := s.nodes[m.open(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			w.drop(v)
		}
		ok := len(w.gone) > 0 && w.takeOut()
		for _, hit := range w.hit {
			w.isHit[hit] = false
		}
		if !ok {
			return false
		}
		r = -1 // what is tied to them may start at other times now
	}
	return true
}

func (s *state) priceChained(m *model, r int32, starts []int64, short bool) (cost int64, f fact, ok bool) {
	sm := &m.shifts[r]
	first, end := m.startOf(r), m.endOf(r)
	var c chainClock
	begin := s.fitTimes(m, r, &c)
	var sum ledger
	var start int64
	for v := end; ; {
		p := s.nodes[v].prev
		n := &s.nodes[p]
		x := s.gapHops(sm, p)
		left := begin
		switch {
		case v == end:
			start = s.lateStart(m, p, Infinity)
			left = start + n.service
		case p != first:
			by := sm.backGap(&x, start, &c)
			left = s.lateStart(m, p, by-n.service) + n.service
		}
		var gap crossing
		if way := m.wayBegun(v); way != nil {
			gap = crossing{arc: arc{int32(way.time), int32(way.distance)}, left: left}
		} else {
			gap = sm.cross(&x, left, start, &c, crossFor{
				home: v == end, late: p == first && sm.leaveLate, short: short,
				by: beginBy(sm, begin), from: sm.leaveFrom(s, &sum, &c),
			})
			if m.guarded != nil {
				s.guard.crossesChained(sm, p, &x, &c.legs)
			}
		}
		rest := s.note(sm, n, &sum)
		if v == end {
			sum.finish(gap)
		} else {
			sum.add(gap, start, rest)
		}
		if p == first {
			break
		}
		start = left - n.service
		if starts != nil {
			starts[p] = start
		}
		if m.couples {
			sum.fact.tardy = max(sum.fact.tardy, m.nodes[p].lateness(start))
		}
		sum.fixed += m.assign[int(p)*len(m.shifts)+int(r)] + m.nodes[p].offWindow(start)
		v = p
	}
	if m.couples {
		f = sum.facts(sm)
	}
	return sum.cost(sm), f, sm.longestTravel == 0 || sum.time <= sm.longestTravel
}

// beginBy is until when a route must be over that begins at a time.
func beginBy(sm *shiftModel, begin int64) int64 {
	if sm.longest > 0 {
		return min(sm.end, begin+sm.longest)
	}
	return sm.end
}

// leaveFrom is from when on a route may leave that is over as noted, with its
// breaks as they are.
func (sm *shiftModel) leaveFrom(s *state, l *ledger, c *chainClock) int64 {
	from := sm.start
	if sm.longest > 0 {
		from = max(from, l.done-sm.longest)
	}
	if i := s.behind(sm, -1); i >= 0 && sm.breaks[i].AfterWork > 0 {
		from = max(from, c.times[i]-sm.breaks[i].AfterWork)
	}
	return from
}

// note writes a stop and the breaks behind it down, and returns how long these
// are.
func (s *state) note(sm *shiftModel, n *node, sum *ledger) int64 {
	var rest int64
	sum.service += n.service
	for i := int(n.lo); i < int(n.hi); i++ {
		if !has(n.skip, i) {
			rest += sm.breaks[i].Length
			sum.fixed -= sm.rested(sm.breaks[i : i+1])
		}
	}
	sum.rested += rest
	return rest
}

// crossFor is what a gap is crossed for.
type crossFor struct {
	home, late, short bool
	by, from          int64 // home: be there by then; late: leave from then on
}

// cross goes through a gap whose ends and breaks are settled, leg by leg.
func (sm *shiftModel) cross(x *hops, left, start int64, c *chainClock, o crossFor) crossing {
	gap := crossing{left: left}
	t := left
	for i := range x.all() {
		st := &x.list[i]
		y := start
		if st.rest != None {
			y = c.times[st.rest]
		} else if o.home {
			y = o.by
		}
		if st.from != None {
			way := sm.timed.course(st.from, st.to)
			var leg crossing
			switch {
			case i == 0 && o.late:
				leg = sm.firstLeg(way, o.from, y, o.short)
				gap.left = leg.left
			case st.rest == None && o.home:
				leg = sm.legBetween(way, t, y, sm.timeCost, sm.workCost, true, o.short)
			default:
				leg = sm.legBetween(way, t, y, sm.timeCost-sm.waitCost, 0, false, o.short)
			}
			if leg.ready == Infinity { // a schedule has none such
				_, leg.ready = way.next(t)
			}
			c.legs[i] = away{leg.depart, leg.depart + int64(leg.time)}
			gap.time, gap.distance = gap.time+leg.time, gap.distance+leg.distance
			t = leg.ready
		} else if i == 0 && o.late {
			gap.left = y
		}
		if st.rest != None {
			t = y + sm.breaks[st.rest].Length
		}
	}
	gap.ready = t
	return gap
}
