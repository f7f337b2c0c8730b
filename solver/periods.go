package solver

import "slices"

// Travel by period of the day. A leg may leave at any time from when the stop
// before is left, and takes what the period in force at its departure says; to
// wait for a better period is waiting and not travel. So a leg is ready at the
// running minimum of departure and travel over all later departures, which
// never falls: first in, first out, whatever the matrices say.
//
// In one period a leg behaves like a break of no length, whose window is the
// period, and a fixed travel behind it. That is all that the functions here
// do: each goes through the periods, and through the places of the travel
// among the breaks. A departure that a later one overtakes is never made.
//
// Profiles of one period have none of this (shiftModel.timed is nil) and cost
// what they always did.

// timed is the travel of a profile with several periods. The matrices stay where
// they are: a leg reads from one or two of them.
type timed struct {
	from      []int64 // when the periods begin; the first counts from the beginning
	periods   []Period
	locations int32
}

// course is the travel between two locations, by period.
type course struct {
	*timed
	pair int // where the two stand in the matrices
}

// newTimed is nil for one period, unless that is to be treated like several.
func newTimed(p *Profile, always bool) *timed {
	if len(p.Periods) == 1 && !always {
		return nil
	}
	t := &timed{periods: p.Periods, locations: int32(p.Periods[0].N)}
	for k := range p.Periods {
		t.from = append(t.from, p.Periods[k].From)
	}
	t.from[0] = -Infinity
	return t
}

// distinct are the periods with matrices of their own: what comes again every
// hour may share them.
func distinct(periods []Period) []Period {
	var list []Period
	for i := range periods {
		p := &periods[i]
		if !slices.ContainsFunc(list, func(q Period) bool {
			return len(p.Time) > 0 && &p.Time[0] == &q.Time[0] &&
				(p.Distance == nil && q.Distance == nil || len(p.Distance) > 0 && len(q.Distance) > 0 && &p.Distance[0] == &q.Distance[0])
		}) {
			list = append(list, *p)
		}
	}
	return list
}

// leastArc holds the least time and distance of all periods: a bound, and with
// one period the travel itself.
func leastArc(periods []Period, at int) arc {
	least := periods[0].arc(at)
	for k := 1; k < len(periods); k++ {
		x := periods[k].arc(at)
		switch {
		case x.time == NoWay:
		case least.time == NoWay:
			least = x
		default:
			least = arc{min(least.time, x.time), min(least.distance, x.distance)}
		}
	}
	return least
}

func (p *Period) arc(at int) arc {
	x := arc{time: p.Time[at]}
	if p.Distance != nil {
		x.distance = p.Distance[at]
	}
	return x
}

func (t *timed) course(from, to int32) course {
	return course{t, int(from)*int(t.locations) + int(to)}
}

func (c course) arc(k int) arc { return c.periods[k].arc(c.pair) }

func (c course) time(k int) int32 { return c.periods[k].Time[c.pair] }

// departures is the first and the last useful departure of a period: a later
// one would be overtaken by who waits for a later period.
func (c course) departures(k int) (first, last int64) {
	first, last = c.from[k], Infinity
	if c.time(k) == NoWay {
		return first, -Infinity
	}
	if k+1 < len(c.from) {
		last = c.from[k+1] - 1
	}
	for l := k + 1; l < len(c.from) && c.from[l]-int64(c.time(k)) < last; l++ {
		if c.time(l) != NoWay {
			last = min(last, c.from[l]+int64(c.time(l))-int64(c.time(k)))
		}
	}
	return first, last
}

// next is the travel that arrives first of all that leave at t or later: its
// period, or -1, and when it arrives.
func (c course) next(t int64) (period int, arrive int64) {
	period, arrive = -1, Infinity
	if t >= Infinity {
		return period, arrive
	}
	k := c.period(t)
	for ; k < len(c.from) && c.from[k] < arrive; k++ {
		if c.time(k) != NoWay {
			if at := max(t, c.from[k]) + int64(c.time(k)); at < arrive {
				period, arrive = k, at
			}
		}
	}
	return period, arrive
}

// period is the one in force at t.
func (c course) period(t int64) int {
	k := len(c.from) - 1
	for c.from[k] > t {
		k--
	}
	return k
}

// latest is the last departure that arrives by s, or -Infinity.
func (c course) latest(s int64) int64 {
	if s <= -Infinity {
		return -Infinity
	}
	end := Infinity
	k := c.period(s)
	if k+1 < len(c.from) {
		end = c.from[k+1] - 1
	}
	for ; k >= 0; k-- {
		if c.time(k) != NoWay {
			if at := min(end, s-int64(c.time(k))); at >= c.from[k] {
				return at
			}
		}
		end = c.from[k] - 1
	}
	return -Infinity
}

// least is the shortest travel of any departure from t on; before, up to t.
func (c course) least(t int64, before bool) int64 {
	best := int64(NoWay)
	for k := range c.from {
		later := k+1 == len(c.from) || c.from[k+1] > t
		if before {
			later = c.from[k] <= t
		}
		if later {
			best = min(best, int64(c.time(k)))
		}
	}
	return best
}

// advance and retreat are those of breaks.go, by period.
func (c course) advance(t int64, breaks []Break) int64 {
	best := Infinity
	for split := range splits(breaks) {
		_, arrive := c.next(restOn(t, breaks[:split]))
		best = min(best, restOn(arrive, breaks[split:]))
	}
	return best
}

func (c course) retreat(s int64, breaks []Break) int64 {
	best := -Infinity
	for split := range splits(breaks) {
		best = max(best, restBack(c.latest(restBack(s, breaks[split:])), breaks[:split]))
	}
	return best
}

// restOn is when breaks taken from t on are over, or Infinity.
func restOn(t int64, breaks []Break) int64 {
	for i := range breaks {
		if t = max(t, breaks[i].From); t > breaks[i].To {
			return Infinity
		}
		t += breaks[i].Length
	}
	return t
}

// restBack is when breaks must be begun with so as to be over by s, or -Infinity.
func restBack(s int64, breaks []Break) int64 {
	for i := len(breaks) - 1; i >= 0; i-- {
		if s = min(s-breaks[i].Length, breaks[i].To); s < breaks[i].From {
			return -Infinity
		}
	}
	return s
}

// advance is when a shift is ready at a location after it left another at t;
// travel is the time between them where there is one period.
func (sm *shiftModel) advance(from, to, travel int32, t int64, breaks []Break) int64 {
	if sm.timed == nil {
		return advance(t, travel, breaks)
	}
	if sm.located {
		return sm.advanceAnyhow(from, to, t, breaks)
	}
	return sm.timed.course(from, to).advance(t, breaks)
}

// retreat is the inverse of advance.
func (sm *shiftModel) retreat(from, to, travel int32, s int64, breaks []Break) int64 {
	if sm.timed == nil {
		return retreat(s, travel, breaks)
	}
	if sm.located {
		return sm.retreatAnyhow(from, to, s, breaks)
	}
	return sm.timed.course(from, to).retreat(s, breaks)
}

// onward and backward do the same for two stops that follow each other, with
// the breaks between them. Most legs have one period and no breaks, and these
// functions are called for every one of them: that case comes first.
func (sm *shiftModel) onward(n, next *node, t int64) int64 {
	if sm.timed == nil && n.lo == n.hi && n.leg.time != NoWay && t < Infinity {
		return t + int64(n.leg.time)
	}
	if sm.chained {
		ready, _ := sm.along(n.location, next.location, n.layout(), t, nil)
		return ready
	}
	return sm.advance(n.location, next.location, n.leg.time, t, sm.breaks[n.lo:n.hi])
}

func (sm *shiftModel) backward(n, next *node, s int64) int64 {
	if sm.timed == nil && n.lo == n.hi && n.leg.time != NoWay && s > -Infinity {
		return s - int64(n.leg.time)
	}
	if sm.chained {
		return sm.back(n.location, next.location, n.layout(), s)
	}
	return sm.retreat(n.location, next.location, n.leg.time, s, sm.breaks[n.lo:n.hi])
}

// crossing is a way through a gap.
type crossing struct {
	arc
	price  int64
	left   int64 // the stop before, then
	depart int64
	ready  int64
	split  int // breaks before the travel
}

func (sm *shiftModel) fare(x arc) int64 {
	return int64(x.distance) * sm.distanceCost / sm.distanceUnit * sm.distanceFold
}

// cheapest is the cheapest way through a gap whose ends are settled. Without
// any, which a schedule does not have, it is the one that is ready first.
func (sm *shiftModel) cheapest(n, next *node, left, start int64) crossing {
	return sm.crossings(n, next, left, start, sm.timeCost-sm.waitCost, 0)
}

// home is the cheapest way through the last gap of a route.
func (sm *shiftModel) home(n, next *node, left int64) crossing {
	return sm.crossings(n, next, left, sm.end, sm.timeCost, sm.workCost)
}

func (sm *shiftModel) crossings(n, next *node, left, start, rate, perReady int64) crossing {
	c, breaks := sm.timed.course(n.location, next.location), sm.breaks[n.lo:n.hi]
	best := crossing{price: Infinity, left: left, ready: Infinity}
	for split := range splits(breaks) {
		t := restOn(left, breaks[:split])
		if t >= Infinity {
			break
		}
		for k := c.period(t); k < len(c.from) && c.from[k] <= start; k++ {
			x := c.arc(k)
			first, last := c.departures(k)
			depart := max(t, first)
			if depart > last {
				continue
			}
			ready := restOn(depart+int64(x.time), breaks[split:])
			price := int64(x.time)*rate + sm.fare(x) + ready*perReady
			if next.next == None {
				price += sm.overtime(ready)
			}
			switch {
			case ready > start && ready >= best.ready, ready <= start && best.ready <= start && price >= best.price:
				continue
			}
			best = crossing{arc: x, price: price, left: left, depart: depart, ready: ready, split: split}
		}
	}
	return best
}

// leavingLate is the cheapest way through the first gap of a shift that leaves as
// late as it can.
func (sm *shiftModel) leavingLate(n, next *node, start int64) crossing {
	c, breaks := sm.timed.course(n.location, next.location), sm.breaks[n.lo:n.hi]
	best := crossing{price: Infinity, left: sm.start, depart: sm.start}
	for split := range splits(breaks) {
		upto := restBack(start, breaks[split:])
		for k := 0; k < len(c.from) && c.from[k] <= upto; k++ {
			x := c.arc(k)
			first, last := c.departures(k)
			depart := min(upto-int64(x.time), last)
			if depart < first || depart < sm.start {
				continue
			}
			left := restBack(depart, breaks[:split])
			if left < sm.start {
				continue
			}
			price := int64(x.time)*(sm.timeCost-sm.waitCost) + sm.fare(x) - left*(sm.waitCost+sm.workCost)
			if price < best.price || price == best.price && left > best.left {
				best = crossing{arc: x, price: price, left: left, depart: depart, ready: start, split: split}
			}
		}
	}
	return best
}

// timeByPeriod is timeRoute for a shift with several periods.
func (s *state) timeByPeriod(m *model, r int32, starts []int64) int64 {
	sm := &m.shifts[r]
	end, first := m.endOf(r), m.startOf(r)
	var sum ledger
	var start int64
	for v := end; ; {
		p := s.nodes[v].prev
		n, next := &s.nodes[p], &s.nodes[v]
		sum.stop(n, sm)
		switch {
		case v == end:
			x := sm.home(n, next, s.lateStart(m, p, Infinity)+n.service)
			sum.finish(x)
			s.guard.crosses(p, x)
			start = sum.left - n.service
		case p != first:
			left := s.lateStart(m, p, sm.backward(n, next, start)-n.service) + n.service
			x := sm.cheapest(n, next, left, start)
			sum.add(x, start, restTime(sm.breaks[n.lo:n.hi]))
			s.guard.crosses(p, x)
			start = left - n.service
		default:
			x := sm.cheapest(n, next, sm.start, start)
			if sm.leaveLate {
				x = sm.leavingLate(n, next, start)
			}
			sum.add(x, start, restTime(sm.breaks[n.lo:n.hi]))
			if m.couples {
				s.facts[r] = sum.facts(sm)
				s.guard.crosses(p, x)
				s.guard.lay(m, s.nodes, r)
			}
			return sum.cost(sm)
		}
		if starts != nil {
			starts[p] = start
		}
		if m.couples {
			sum.fact.tardy = max(sum.fact.tardy, m.nodes[p].lateness(start))
		}
		sum.fixed += m.assign[int(p)*len(m.shifts)+int(r)] + m.nodes[p].offWindow(start)
		v = p
	}
}

// ledger adds up what a route with several periods costs.
type ledger struct {
	fixed, time, distance, wait int64
	left, done                  int64 // the gap noted last is left then; the route ends
	service, rested             int64
	fact                        fact
}

func (l *ledger) add(x crossing, start, rest int64) {
	l.time += int64(x.time)
	l.distance += int64(x.distance)
	waited := start - x.left - int64(x.time) - rest
	l.wait += waited
	l.fact.waits = max(l.fact.waits, waited)
	l.left = x.left
}

func (l *ledger) finish(x crossing) {
	l.time += int64(x.time)
	l.distance += int64(x.distance)
	l.left, l.done = x.left, x.ready
}

// stop notes a stop of a route, with the gap behind it.
func (l *ledger) stop(n *node, sm *shiftModel) {
	breaks := sm.breaks[n.lo:n.hi]
	l.service += n.service
	l.rested += restTime(breaks)
	l.fixed -= sm.rested(breaks)
}

// facts are those of the route.
func (l *ledger) facts(sm *shiftModel) fact {
	l.fact.over(sm, l.done, l.time, l.service, l.rested)
	return l.fact
}

// cost takes the gap noted last for the first of the route.
func (l *ledger) cost(sm *shiftModel) int64 {
	return sm.fixed + sm.allMissed + l.fixed + l.time*sm.timeCost + l.distance*sm.distanceCost/sm.distanceUnit*sm.distanceFold +
		l.wait*sm.waitCost + (l.done-l.left)*sm.workCost + sm.overtime(l.done)
}

// costByPeriod is cost for a shift with several periods.
func (t *timetable) costByPeriod(r int32) int64 {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	var sum ledger
	for v := m.endOf(r); s.nodes[v].prev != None; v = s.nodes[v].prev {
		p := s.nodes[v].prev
		x := t.through(r, p)
		t.guard.crosses(p, x)
		sum.stop(&s.nodes[p], sm)
		if s.nodes[v].next == None {
			sum.finish(x)
		} else {
			sum.add(x, t.start[v], restTime(sm.breaks[s.nodes[p].lo:s.nodes[p].hi]))
		}
		if int(p) < m.tasks {
			sum.fixed += m.assign[int(p)*len(m.shifts)+int(r)] + m.nodes[p].offWindow(t.start[p])
			if m.couples {
				sum.fact.tardy = max(sum.fact.tardy, m.nodes[p].lateness(t.start[p]))
			}
		}
	}
	if m.couples {
		t.facts[r] = sum.facts(sm)
		t.guard.lay(m, s.nodes, r)
	}
	return sum.cost(sm)
}

// through is the way through the gap behind a stop of a shift with several
// periods, at the starts of the timetable.
func (t *timetable) through(r, p int32) crossing {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	n := &s.nodes[p]
	next := &s.nodes[n.next]
	left := sm.start
	if int(p) < m.tasks {
		left = t.start[p] + n.service
	}
	switch {
	case next.next == None:
		return sm.home(n, next, left)
	case n.prev == None && sm.leaveLate:
		return sm.leavingLate(n, next, t.start[n.next])
	}
	return sm.cheapest(n, next, left, t.start[n.next])
}

// scanByPeriod is scan for a shift with several periods: the same two
// comparisons with travel that depends on when it begins.
func (w *search) scanByPeriod(u, r int32, low, high, base, limit int64) place {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	service := task.serviceBy(sm.class)
	idle, perTime := sm.waitCost+sm.workCost, sm.timeCost+sm.workCost
	low = max(low, task.hard[0].From)
	high = min(high, task.hard[len(task.hard)-1].To)
	route := w.gapsOf(r)
	least := w.near.legs[r][w.near.number[task.location]*w.near.width:][:w.near.width]
	for at := range route.list {
		g := &route.list[at]
		late := route.late[at]
		if g.left > high {
			break
		}
		if m.gated && w.shut[at] {
			continue
		}
		// No period is quicker or shorter than these.
		there, back := least[g.from].in, least[g.to].on
		bound := base + (int64(there.time)+int64(back.time)-int64(g.direct.time))*perTime - g.waited*idle +
			((int64(there.distance)+int64(back.distance)-int64(g.direct.distance))*sm.distanceRate)>>16
		if there.time == NoWay || back.time == NoWay || bound >= best.second.cost ||
			max(low, g.left+int64(there.time))+service+int64(back.time) > late {
			continue
		}
		p := &s.nodes[g.pred]
		in := sm.timed.course(p.location, task.location)
		on := sm.timed.course(task.location, s.nodes[p.next].location)
		first := g.lo
		if s.size[r] == 0 {
			first = sm.cut // breaks that wait for a next stop have only this one
		}
		for cut := first; ; cut++ {
			arrive := in.advance(g.left, sm.breaks[g.lo:cut])
			keen := task.keen != nil
			for {
				windows := task.hard
				if keen {
					windows = task.keen
				}
				start, reach := Infinity, Infinity
				if arrive < Infinity {
					start = firstStart(windows, max(arrive, low))
				}
				if start <= high {
					reach = on.advance(start+service, sm.breaks[cut:g.hi])
				}
				if reach > late {
					if keen {
						keen = false
						continue
					}
					break
				}
				there, back := in.at(g.left), on.at(start+service)
				travel := int64(there.time) + int64(back.time) - int64(g.direct.time)
				distance := int64(there.distance) + int64(back.distance) - int64(g.direct.distance)
				c := base + travel*perTime + (distance*sm.distanceRate)>>16 - g.waited*idle
				if !keen || task.keenPriced {
					c += task.offWindow(start)
				}
				if at > 0 || !sm.leaveLate {
					c += (start - arrive) * idle
				}
				if at < len(route.list)-1 {
					c += max(0, g.early-reach) * idle
				}
				if sm.tiers != nil {
					c += w.overrun(route, sm, at, reach)
				}
				best.offer(place{cost: c, pred: g.pred, route: r, cut: cut, keen: keen})
				break
			}
			if cut == g.hi {
				break
			}
		}
	}
	return w.found(&best)
}

// at is the travel that arrives first of those that leave at t or later, for
// estimates.
func (c course) at(t int64) arc {
	if k, _ := c.next(t); k >= 0 {
		return c.arc(k)
	}
	return arc{time: NoWay}
}

// toll is a passage and what it costs: its travel beside the waiting that it
// saves, and its breaks beside the work that they are not.
type toll struct {
	passage
	lo, hi uint8 // the breaks that it takes
	time   int64
	fare   int64
}

// tolls lists the ways through a gap when the breaks from one to another are
// taken in it or missed. With one period the travel is the same on all of them
// and costs nothing here.
func (t *timetable) tolls(r, p, v int32, from, to int) []toll {
	m := t.model
	sm := &m.shifts[r]
	home := v == m.endOf(r)
	t.ways = t.ways[:0]
	missed := int64(0)
	for lo := from; lo <= to; lo++ {
		after := missed
		for hi := to; hi >= lo; hi-- {
			if breaks := sm.breaks[lo:hi]; !home || !atNext(breaks) {
				fare := after - restTime(breaks)*t.rest
				for i := range breaks {
					if !breaks[i].Paid {
						fare -= breaks[i].Length * sm.workCost
					}
				}
				if !home {
					fare -= restTime(breaks) * sm.waitCost
				}
				t.pay(r, p, v, toll{lo: uint8(lo), hi: uint8(hi), fare: fare})
			}
			if !home || hi == lo || sm.breaks[hi-1].MissCost == 0 {
				break // what a gap on the way leaves over, the next one may miss
			}
			after += sm.breaks[hi-1].MissCost * sm.missCost
		}
		if lo == to || sm.breaks[lo].MissCost == 0 {
			break
		}
		missed += sm.breaks[lo].MissCost * sm.missCost
	}
	return t.ways
}

// pay adds the ways through a gap with the breaks of one toll.
func (t *timetable) pay(r, p, v int32, of toll) {
	m := t.model
	sm := &m.shifts[r]
	breaks := sm.breaks[of.lo:of.hi]
	if sm.timed == nil {
		leg := m.leg(r, p, v).time
		for before := range splits(breaks) {
			if way, ok := passageOf(leg, breaks, before); ok {
				of.passage = way
				t.ways = append(t.ways, of)
			}
		}
		return
	}
	c := sm.timed.course(m.nodes[p].location, m.nodes[v].location)
	for k := range c.from {
		x := c.arc(k)
		first, last := c.departures(k)
		if first > last {
			continue
		}
		for before := range splits(breaks) {
			way := passage{first: -Infinity, last: Infinity}
			ok := way.rests(breaks[:before])
			way.last = min(way.last, last-way.lag)
			way.first = max(way.first, first)
			ok = ok && way.first <= last
			way.travel(int64(x.time))
			if ok = ok && way.rests(breaks[before:]); ok {
				t.ways = append(t.ways, toll{way, of.lo, of.hi, int64(x.time), of.fare + sm.fare(x)})
			}
		}
	}
}
