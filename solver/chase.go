package solver

// A push that goes round a circle of routes and links gains the circle's
// length each time. Where that is one unit and the windows are a million wide,
// waiting for a window to be passed would take for ever. So a push that has
// moved suspiciously many starts notes which start moved which (the parents of
// Cherkassky and Goldberg, "Negative-cycle detection algorithms", Mathematical
// Programming 85, 1999): parents that form a circle prove that it has a gain.
//
// Their proof is for fixed lags. Here a rule may also make a start wait, for a
// window to open or for a break; but it never moves a start by less than
// service, travel and rests, and a start that waited has no parent. So a
// circle of parents gains by lags that hold at any time of the day, and the
// circle can never come to rest; and since every wait ends at one of finitely
// many hours, a push that does not come to rest ends with a circle of parents.
// Where travel depends on the hour, a lag is the least that holds from then on
// (of a pull: up to then), which in the last period is the travel itself.

// chase goes on with a push or a pull of what waits in the queue.
func (w *search) chase(from func(v int32) bool) bool {
	if w.parent == nil {
		w.parent, w.walked = make([]int32, len(w.state.nodes)), make([]int32, len(w.state.nodes))
	}
	for v := range w.parent {
		w.parent[v] = None
	}
	w.chasing = true
	defer func() { w.chasing = false }()
	for steps := 1; len(w.queue.waiting()) > 0; steps++ {
		if !from(w.queue.take()) || steps%len(w.parent) == 0 && w.circular() {
			w.queue.clear()
			return false
		}
	}
	w.queue.clear()
	return true
}

// pushFrom carries the earliest start of v on, and notes v as the parent of
// what follows it by exactly the least lag.
func (w *search) pushFrom(v int32) bool {
	s, m := w.state, w.model
	n := &s.nodes[v]
	raise := func(o int32, t, lag int64) bool {
		before := s.nodes[o].early
		if !w.raise(o, t) {
			return false
		}
		if now := s.nodes[o].early; now != before {
			w.parent[o] = None
			if now == n.early+lag {
				w.parent[o] = v
			}
		}
		return true
	}
	if m.shifts[n.route].chained {
		if !w.pushChain(v) {
			return false
		}
	} else if n.next != None {
		sm, next := &m.shifts[n.route], &s.nodes[n.next]
		lag := n.service + int64(n.leg.time) + restTime(sm.breaks[n.lo:n.hi])
		if sm.timed != nil {
			lag += sm.timed.course(n.location, next.location).least(n.early+n.service, false) - int64(n.leg.time)
		}
		if !raise(n.next, sm.onward(n, next, n.early+n.service), lag) {
			return false
		}
	} else if longest := m.shifts[n.route].longest; longest > 0 && !raise(m.startOf(n.route), n.early-longest, -longest) {
		return false
	}
	if int(v) >= m.tasks {
		return true
	}
	for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
		if o, lag := m.push.item[e], s.pushLag(m, e); s.nodes[o].route != None && !raise(o, n.early+lag, lag) {
			return false
		}
	}
	return true
}

// pullFrom does the same for the latest start of v, backward.
func (w *search) pullFrom(v int32) bool {
	s, m := w.state, w.model
	n := &s.nodes[v]
	lower := func(o int32, t, lag int64) bool {
		before := s.nodes[o].late
		if !w.lower(o, t) {
			return false
		}
		if now := s.nodes[o].late; now != before {
			w.parent[o] = None
			if now == n.late-lag {
				w.parent[o] = v
			}
		}
		return true
	}
	if m.shifts[n.route].chained {
		if !w.pullChain(v) {
			return false
		}
	} else if n.prev != None {
		p := &s.nodes[n.prev]
		sm := &m.shifts[n.route]
		lag := p.service + int64(p.leg.time) + restTime(sm.breaks[p.lo:p.hi])
		if sm.timed != nil {
			lag += sm.timed.course(p.location, n.location).least(n.late, true) - int64(p.leg.time)
		}
		if !lower(n.prev, sm.backward(p, n, n.late)-p.service, lag) {
			return false
		}
	} else if longest := m.shifts[n.route].longest; longest > 0 && !lower(m.endOf(n.route), n.late+longest, -longest) {
		return false
	}
	if int(v) >= m.tasks {
		return true
	}
	for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
		if o, lag := m.pull.item[e], s.pullLag(m, e); s.nodes[o].route != None && !lower(o, n.late-lag, lag) {
			return false
		}
	}
	return true
}

// circular tells whether the parents form a circle. Each node is walked over
// once: the mark of a walk is the node that it began at.
func (w *search) circular() bool {
	walked := w.walked
	for v := range walked {
		walked[v] = None
	}
	for begin := range w.parent {
		v := int32(begin)
		for v != None && walked[v] == None {
			walked[v] = int32(begin)
			v = w.parent[v]
		}
		if v != None && walked[v] == int32(begin) {
			return true
		}
	}
	return false
}
