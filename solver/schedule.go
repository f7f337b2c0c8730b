package solver

// The schedule is a simple temporal network (Dechter, Meiri and Pearl 1991)
// over all routes: a stop starts no earlier than the one before it allows, in
// one of its windows, and no earlier than its links ask. Every such rule is
// "start(b) >= f(start(a))" with a rising f, so the feasible schedules have a
// least one (early) and a greatest one (late), windows with gaps and breaks
// included. Early starts are pushed forward and late starts backward along
// routes and links. A cycle through several routes shows itself when a push
// comes back and drives a start past late; where it gains so little that this
// would take long, chase.go finds it. It is detected, never broken.

// timing is the scratch of the propagation, one per search.
type timing struct {
	queue     worklist // starts to carry on
	reset     worklist // earliest starts to compute anew
	opened    worklist // latest starts to compute anew
	trail     []was
	parent    []int32 // see chase
	walked    []int32
	freed     bool    // an insertion may have let something start earlier
	between   []int32 // see lineUp
	lag       lag     // what raising starts has cost
	counter   uint64
	touched   []int32 // routes since the last forget, each once
	isTouched []bool
	chasing   bool // notes which start moved which
	tied      tied // scratch of anew
}

// was remembers an earliest start for undoing.
type was struct {
	early int64
	node  int32
}

func newTiming(m *model) timing {
	return timing{
		queue:   newWorklist(len(m.nodes)),
		reset:   newWorklist(len(m.nodes)),
		opened:  newWorklist(len(m.nodes)),
		trail:   make([]was, 0, 4*len(m.nodes)+4096),
		between: make([]int32, 0, m.mostApart()),
		touched: make([]int32, 0, len(m.shifts)), isTouched: make([]bool, len(m.shifts)),
	}
}

// patience is how many starts a push or a pull may move before it is suspected
// to run in a circle: far more than all but the longest routes need.
func (w *search) patience() int { return 4*len(w.model.nodes) + 64 }

// touch marks a route as changed.
func (w *search) touch(route int32) {
	w.counter++
	w.state.version[route] = w.counter
	if !w.isTouched[route] {
		w.isTouched[route] = true
		w.touched = append(w.touched, route)
	}
}

// forget empties the list of routes that were touched.
func (w *search) forget() {
	for _, r := range w.touched {
		w.isTouched[r] = false
	}
	w.touched = w.touched[:0]
}

// raise moves the earliest start of v to t or later and tells whether that is
// still possible.
func (w *search) raise(v int32, t int64) bool {
	n := &w.state.nodes[v]
	if t <= n.early {
		return true
	}
	if n.locked || t > n.late {
		return false
	}
	if t = firstStart(w.state.windows(w.model, v), t); t > n.late {
		return false
	}
	w.trail = append(w.trail, was{n.early, v})
	w.lag.add(&w.model.nodes[v], n.early, t)
	n.early = t
	w.queue.add(v)
	return true
}

// pushOn carries the earliest starts of all queued nodes to what follows
// them, until nothing moves. It leaves the queue empty either way.
func (w *search) pushOn() bool {
	s, m := w.state, w.model
	patience := len(w.trail) + w.patience()
	for len(w.queue.waiting()) > 0 {
		if len(w.trail) > patience {
			return w.chase(w.pushFrom)
		}
		v := w.queue.take()
		n := &s.nodes[v]
		var ok bool
		switch {
		case m.chained && m.shifts[n.route].chained:
			ok = w.pushChain(v)
		case n.next != None:
			ok = w.raise(n.next, m.shifts[n.route].onward(n, &s.nodes[n.next], n.early+n.service))
		default:
			ok = w.leaveLater(v)
		}
		if int(v) < m.tasks {
			for e := m.push.first[v]; ok && e < m.push.first[v+1]; e++ {
				if other := m.push.item[e]; s.nodes[other].route != None {
					ok = w.raise(other, n.early+s.pushLag(m, e))
				}
			}
		}
		if !ok {
			w.queue.clear()
			return false
		}
	}
	w.queue.clear()
	return true
}

// rewind undoes raises down to a mark of the trail.
func (w *search) rewind(mark int) {
	for i := len(w.trail) - 1; i >= mark; i-- {
		w.state.nodes[w.trail[i].node].early = w.trail[i].early
	}
	w.trail = w.trail[:mark]
}

// settle takes the raises since mark as final: their routes count as changed.
func (w *search) settle(mark int) {
	for _, moved := range w.trail[mark:] {
		w.touch(w.state.nodes[moved.node].route)
	}
	w.trail = w.trail[:mark]
}

// lower moves the latest start of v to t or earlier.
func (w *search) lower(v int32, t int64) bool {
	n := &w.state.nodes[v]
	if t >= n.late {
		return true
	}
	if t < n.early {
		return false
	}
	if t = lastStart(w.state.windows(w.model, v), t); t < n.early {
		return false
	}
	n.late = t
	w.touch(n.route)
	w.queue.add(v)
	return true
}

// pullBack carries the latest starts of all queued nodes to what comes before
// them, until nothing moves.
func (w *search) pullBack() bool {
	s, m := w.state, w.model
	done, patience := 0, w.patience()
	for len(w.queue.waiting()) > 0 {
		if done++; done > patience {
			return w.chase(w.pullFrom)
		}
		v := w.queue.take()
		n := &s.nodes[v]
		var ok bool
		switch {
		case m.chained && m.shifts[n.route].chained:
			ok = w.pullChain(v)
		case n.prev != None:
			p := &s.nodes[n.prev]
			ok = w.lower(n.prev, m.shifts[n.route].backward(p, n, n.late)-p.service)
		default:
			ok = w.returnSooner(v)
		}
		if int(v) < m.tasks {
			for e := m.pull.first[v]; ok && e < m.pull.first[v+1]; e++ {
				if other := m.pull.item[e]; s.nodes[other].route != None {
					ok = w.lower(other, n.late-s.pullLag(m, e))
				}
			}
		}
		if !ok {
			w.queue.clear()
			return false
		}
	}
	w.queue.clear()
	return true
}

// loosenFreed looks again at what follows and precedes inserted tasks where an
// insertion may have given it room: in a gap with breaks, because a break may
// now be taken in the middle of what was one leg, and where the way over the
// task is shorter than the direct one.
func (w *search) loosenFreed(tasks []int32) bool {
	if !w.freed {
		return true
	}
	w.freed = false
	w.from, w.upto = w.from[:0], w.upto[:0]
	for _, u := range tasks {
		w.from = append(w.from, u, w.state.nodes[u].next)
		w.upto = append(w.upto, u, w.state.nodes[u].prev)
	}
	return w.loosen(w.from, w.upto)
}

// loosen recomputes the schedule after routes have changed: from holds the
// nodes whose earliest start may fall now, upto those whose latest start may
// rise; what may have become tighter stands in both. Everything that such a
// node may have pushed is reset and computed anew. Latest starts are opened
// first and computed last, so that neither side is held up by what the other
// was before.
func (w *search) loosen(from, upto []int32) bool {
	if w.model.chained {
		return w.anew(from, upto)
	}
	w.openLate(upto)
	early := w.loosenEarly(from)
	return w.loosenLate(early) && early
}

func (w *search) loosenEarly(from []int32) bool {
	s, m := w.state, w.model
	for _, v := range from {
		if n := &s.nodes[v]; n.route != None && s.size[n.route] > 0 && (n.prev != None || m.shifts[n.route].longest > 0) && !n.locked {
			w.reset.add(v)
		}
	}
	for at := 0; at < len(w.reset.items); at++ { // whatever stands exactly where a reset node pushed it
		v := w.reset.items[at]
		n := &s.nodes[v]
		if n.next != None {
			t := m.shifts[n.route].onward(n, &s.nodes[n.next], n.early+n.service)
			if !s.nodes[n.next].locked && firstStart(s.windows(m, n.next), t) >= s.nodes[n.next].early {
				w.reset.add(n.next)
			}
		} else if longest := m.shifts[n.route].longest; longest > 0 {
			first := m.startOf(n.route)
			if early := s.nodes[first].early; early > m.shifts[n.route].start && n.early-longest >= early {
				w.reset.add(first)
			}
		}
		if int(v) >= m.tasks {
			continue
		}
		for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
			o := m.push.item[e]
			if s.nodes[o].route != None && !s.nodes[o].locked &&
				firstStart(s.windows(m, o), n.early+s.pushLag(m, e)) >= s.nodes[o].early {
				w.reset.add(o)
			}
		}
	}
	for _, v := range w.reset.items {
		s.nodes[v].early = s.windows(m, v)[0].From
		w.touch(s.nodes[v].route)
	}
	mark := len(w.trail)
	ok := true
	for _, v := range w.reset.items {
		n := &s.nodes[v]
		w.queue.add(v)
		ok = ok && n.early <= n.late
		if n.prev == None {
			if end := m.endOf(n.route); !w.reset.waits[end] {
				ok = ok && w.leaveLater(end)
			}
			continue
		}
		p := &s.nodes[n.prev]
		if !w.reset.waits[n.prev] {
			ok = ok && w.raise(v, m.shifts[n.route].onward(p, n, p.early+p.service))
		}
		if int(v) >= m.tasks {
			continue
		}
		for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
			if o := m.pull.item[e]; s.nodes[o].route != None && !w.reset.waits[o] {
				ok = ok && w.raise(v, s.nodes[o].early+s.pullLag(m, e))
			}
		}
	}
	w.reset.clear()
	if !ok {
		w.queue.clear()
	}
	ok = ok && w.pushOn()
	w.settle(mark)
	return ok
}

// openLate resets the latest starts that may rise, and all that stand where
// these have pulled them.
func (w *search) openLate(upto []int32) {
	s, m := w.state, w.model
	for _, v := range upto {
		if n := &s.nodes[v]; n.route != None && s.size[n.route] > 0 && (n.next != None || m.shifts[n.route].longest > 0) && !n.locked {
			w.opened.add(v)
		}
	}
	for at := 0; at < len(w.opened.items); at++ {
		v := w.opened.items[at]
		n := &s.nodes[v]
		if n.prev != None {
			p := &s.nodes[n.prev]
			t := m.shifts[n.route].backward(p, n, n.late) - p.service
			if !p.locked && lastStart(s.windows(m, n.prev), t) <= p.late {
				w.opened.add(n.prev)
			}
		} else if longest := m.shifts[n.route].longest; longest > 0 {
			end := m.endOf(n.route)
			if late := s.nodes[end].late; late < m.shifts[n.route].end && n.late+longest <= late {
				w.opened.add(end)
			}
		}
		if int(v) >= m.tasks {
			continue
		}
		for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
			o := m.pull.item[e]
			if s.nodes[o].route != None && !s.nodes[o].locked &&
				lastStart(s.windows(m, o), n.late-s.pullLag(m, e)) <= s.nodes[o].late {
				w.opened.add(o)
			}
		}
	}
	for _, v := range w.opened.items {
		windows := s.windows(m, v)
		n := &s.nodes[v]
		n.late = windows[len(windows)-1].To
		w.touch(n.route)
	}
}

// loosenLate computes the latest starts that openLate has reset; not ok: it
// only forgets them.
func (w *search) loosenLate(ok bool) bool {
	s, m := w.state, w.model
	for _, v := range w.opened.items {
		n := &s.nodes[v]
		w.queue.add(v)
		if n.next == None {
			if first := m.startOf(n.route); !w.opened.waits[first] {
				ok = ok && w.returnSooner(first)
			}
			continue
		}
		if !w.opened.waits[n.next] {
			next := &s.nodes[n.next]
			ok = ok && w.lower(v, m.shifts[n.route].backward(n, next, next.late)-n.service)
		}
		if int(v) >= m.tasks {
			continue
		}
		for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
			if o := m.push.item[e]; s.nodes[o].route != None && !w.opened.waits[o] {
				ok = ok && w.lower(v, s.nodes[o].late-s.pushLag(m, e))
			}
		}
	}
	w.opened.clear()
	if !ok {
		w.queue.clear()
	}
	return ok && w.pullBack()
}

// reschedule computes the whole schedule anew and tells whether there is one.
// Routes are swept in their order, so that a start moves a second time only
// when a link asks for it.
func (w *search) reschedule() bool {
	s, m := w.state, w.model
	for r := range m.shifts {
		w.touch(int32(r))
		if s.size[r] == 0 {
			s.vacate(m, int32(r))
			continue
		}
		for v := m.startOf(int32(r)); v != None; v = s.nodes[v].next {
			n := &s.nodes[v]
			if windows := s.windows(m, v); n.locked {
				n.late = n.early
			} else {
				n.early, n.late = windows[0].From, windows[len(windows)-1].To
			}
			w.queue.add(v)
		}
		if m.shifts[r].chained {
			w.openRests(int32(r))
		}
	}
	mark := len(w.trail)
	ok := w.pushOn()
	w.trail = w.trail[:mark]
	if !ok {
		return false
	}
	for r := range m.shifts {
		if s.size[r] == 0 {
			continue
		}
		for v := m.endOf(int32(r)); v != None; v = s.nodes[v].prev {
			w.queue.add(v)
		}
	}
	return w.pullBack()
}
