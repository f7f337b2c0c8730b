package solver

// Where no link ties starts on different routes, a change of a route is
// carried through by walking along it: forward for the earliest starts,
// backward for the latest ones. That gives the same schedule as the queues of
// schedule.go, which have to expect a push from anywhere.

// unknown is the time of a leg between two stops that a ruin has just made
// neighbours; walk looks it up.
const unknown = -1

// insertAlone puts task u in at a place for good, latest starts included. When
// the schedule does not allow it, nothing has changed and it says false.
func (w *search) insertAlone(u int32, at place) bool {
	s, m := w.state, w.model
	w.link(u, at)
	if !w.pushAlong(u) {
		w.unlink(u)
		w.freed = false
		return false
	}
	sm := &m.shifts[at.route]
	for n := &s.nodes[u]; n.prev != None; {
		p := &s.nodes[n.prev]
		t := sm.backward(p, n, n.late) - p.service
		if t >= p.late {
			break
		}
		p.late = lastStart(s.windows(m, n.prev), t)
		n = p
	}
	w.touch(at.route)
	if w.freed {
		w.freed = false
		w.broken = !w.walk(at.route)
	}
	return true
}

// pushAlong gives a task that has just been linked its bounds, and moves the
// earliest starts behind it; or it says false and moves none.
func (w *search) pushAlong(u int32) bool {
	s, m := w.state, w.model
	n := &s.nodes[u]
	sm := &m.shifts[n.route]
	p, q := &s.nodes[n.prev], &s.nodes[n.next]
	windows := s.windows(m, u)
	n.early = firstStart(windows, sm.onward(p, n, p.early+p.service))
	n.late = lastStart(windows, sm.backward(n, q, q.late)-n.service)
	if n.early > n.late {
		return false
	}
	mark := len(w.trail)
	for n.next != None {
		v := n.next
		q = &s.nodes[v]
		t := sm.onward(n, q, n.early+n.service)
		if t <= q.early {
			break
		}
		if t = firstStart(s.windows(m, v), t); t > q.late {
			w.rewind(mark)
			return false
		}
		w.trail = append(w.trail, was{q.early, v})
		q.early = t
		n = q
	}
	w.trail = w.trail[:mark]
	return true
}

// mostTurns bounds how often the departure of a route is delayed for its end, or
// its end moved for its departure: two or three times are usual.
const mostTurns = 100

// walk computes the schedule of a whole route anew and tells whether there is
// one.
func (w *search) walk(r int32) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	w.touch(r)
	first, end := &s.nodes[m.startOf(r)], &s.nodes[m.endOf(r)]
	first.early, end.late = sm.start, sm.end
	if !w.walkOn(r) {
		return false
	}
	for turns := 0; sm.longest > 0 && first.early < end.early-sm.longest; turns++ {
		if first.early = end.early - sm.longest; turns == mostTurns || !w.walkOn(r) {
			return false
		}
	}
	if !w.walkBack(r) {
		return false
	}
	for turns := 0; sm.longest > 0 && end.late > first.late+sm.longest; turns++ {
		if end.late = first.late + sm.longest; turns == mostTurns || !w.walkBack(r) {
			return false
		}
	}
	return true
}

// walkOn computes the earliest starts of a route from that of its departure,
// and walkBack the latest ones from that of its end.
func (w *search) walkOn(r int32) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	for n := &s.nodes[m.startOf(r)]; n.next != None; {
		v := n.next
		next := &s.nodes[v]
		if n.leg.time == unknown {
			n.leg = w.leg(r, next.prev, v)
		}
		next.early = firstStart(s.windows(m, v), sm.onward(n, next, n.early+n.service))
		if next.early >= Infinity {
			return false
		}
		n = next
	}
	return true
}

func (w *search) walkBack(r int32) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	for n := &s.nodes[m.endOf(r)]; n.prev != None; {
		v := n.prev
		p := &s.nodes[v]
		p.late = lastStart(s.windows(m, v), sm.backward(p, n, n.late)-p.service)
		if p.late < p.early {
			return false
		}
		n = p
	}
	return true
}
