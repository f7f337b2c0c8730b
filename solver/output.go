package solver

import "slices"

// solution writes the timetable down stop by stop, breaks included.
func (t *timetable) solution() *Solution {
	s, m := t.state, t.model
	out := &Solution{Routes: make([]Route, len(m.shifts))}
	for r := range m.shifts {
		if s.size[r] > 0 {
			out.Routes[r] = t.routeOf(int32(r))
			m.restore(int32(r), &out.Routes[r])
		} else {
			start := m.shifts[r].start
			out.Routes[r] = Route{Leave: start, Back: start}
		}
	}
	for _, unit := range s.out {
		out.Unserved = append(out.Unserved, m.units.of(unit)...)
	}
	slices.Sort(out.Unserved)
	out.Terms = Price(m.problem, out)
	out.Levels = m.problem.levelSums(out.Terms)
	out.Cost = m.fold.cost(out.Terms)
	if invariantsOn {
		t.agree(out)
	}
	return out
}

func (t *timetable) routeOf(r int32) Route {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	if sm.chained {
		return t.chainedRoute(r)
	}
	first, end := m.startOf(r), m.endOf(r)
	var route Route
	clock := sm.start
	for p := first; p != end; p = s.nodes[p].next {
		n := &s.nodes[p]
		leg := m.leg(r, p, n.next)
		breaks := sm.breaks[n.lo:n.hi]
		until := Infinity
		if n.next != end {
			until = t.start[n.next]
		}
		late := p == first && sm.leaveLate
		depart, before := -Infinity, 0
		if sm.timed != nil {
			x := t.through(r, p)
			leg, clock, depart, before = x.arc, x.left, x.depart, x.split
		} else {
			if late {
				clock = retreat(until, leg.time, breaks)
			}
			before = breaksBefore(clock, leg.time, breaks)
		}
		route.Travel += int64(leg.time)
		route.Distance += int64(leg.distance)
		leave := clock
		for i := range breaks {
			if i == before {
				leave = max(clock, depart)
				clock = leave + int64(leg.time)
			}
			arrive := clock
			clock = max(clock, breaks[i].From)
			route.Stops = append(route.Stops, Stop{
				Task: None, Break: int32(n.lo) + int32(i),
				Arrive: arrive, Start: clock, End: clock + breaks[i].Length,
			})
			clock += breaks[i].Length
			if i >= before && n.next == end && i == before {
				route.Back = arrive
			}
		}
		if before == len(breaks) {
			leave = max(clock, depart)
			if late && sm.timed == nil {
				leave = until - int64(leg.time)
			}
			clock = leave + int64(leg.time)
			route.Back = clock
		}
		if p == first {
			route.Leave = leave
		}
		if n.next == end {
			route.Return = leave
			return route
		}
		stop := Stop{
			Task: m.taskOf[n.next], Mode: m.modeOf[n.next], Break: None, Depart: leave,
			Arrive: clock, Start: until, End: until + s.nodes[n.next].service,
		}
		if m.refills(n.next) {
			stop.Task, stop.Refill = None, m.stock.kind[int(n.next)-m.asked]
		}
		route.Stops = append(route.Stops, stop)
		clock = until + s.nodes[n.next].service
	}
	return route
}

// breaksBefore tells how many breaks of a gap are taken before the travel in
// the way through it that advance finds: as few as can be.
func breaksBefore(t int64, travel int32, breaks []Break) int {
	best, before := Infinity, 0
	for split := range splits(breaks) {
		clock := advance(t, 0, breaks[:split])
		if clock < Infinity {
			clock = advance(clock+int64(travel), 0, breaks[split:])
		}
		if clock < best {
			best, before = clock, split
		}
	}
	return before
}
