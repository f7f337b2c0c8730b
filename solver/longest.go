package solver

// The longest work of a shift ties its end to its beginning: it leaves no
// earlier than LongestWork before it is over. Of a shift that works from its
// start that is a matter of when it ends (compileShifts). Where the departure is
// free it is one more rule of the kind "start(b) >= f(start(a))", from the end of
// a route to its beginning, and the schedule keeps it like a link: the least
// schedule leaves late enough, and a route that cannot be short enough shows
// itself as a circle.
//
// What a new task does to the least time that a route takes is known in
// constant time where every stop has one window and nothing else makes it wait:
// stretches of a route are joined by their duration and by the earliest and the
// latest departure that make it least (Vidal, Crainic, Gendreau and Prins, "A
// hybrid genetic algorithm with adaptive diversity management for a large class
// of vehicle routing problems with time-windows", Computers & Operations
// Research 40, 2013, section 4.2; time warp is always 0 here). Elsewhere the
// route is walked over, forward for its end and back for its beginning.

// stretch is a part of a route: how long it takes at least, service of its stops
// included, and between which starts of its first stop it takes no longer.
type stretch struct{ duration, early, late int64 }

// join puts a stretch behind another one. ok is false when that is too late.
func (a stretch) join(travel int64, b stretch) (c stretch, ok bool) {
	delta := a.duration + travel
	wait := max(0, b.early-delta-a.late)
	return stretch{
		duration: delta + b.duration + wait,
		early:    max(b.early-delta, a.early) - wait,
		late:     min(b.late-delta, a.late),
	}, a.early+delta <= b.late
}

// around are the stretches before and behind a gap of a route.
type around struct{ before, behind stretch }

// least is how long a route takes at least with one more stop in the gap, or
// Infinity where that is too late.
func (a *around) least(u stretch, in, on int64) int64 {
	with, ok := a.before.join(in, u)
	if ok {
		with, ok = with.join(on, a.behind)
	}
	if !ok {
		return Infinity
	}
	return with.duration
}

// stretches lays out the stretches around all gaps of a route in the list of
// its gaps. It says false where joining them tells nothing.
func (w *search) stretches(r int32, list []around) ([]around, bool) {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	of := func(v int32) (stretch, bool) {
		windows := m.nodes[v].hard
		if int(v) < m.tasks {
			windows = s.windows(m, v)
		}
		n := &s.nodes[v]
		return stretch{n.service, windows[0].From, windows[0].To}, len(windows) == 1 && n.lo == n.hi
	}
	list = list[:0]
	first, end := m.startOf(r), m.endOf(r)
	if len(sm.breaks) > 0 {
		return list, false
	}
	before, _ := of(first)
	for v := first; v != end; v = s.nodes[v].next {
		if v != first {
			own, plain := of(v)
			var ok bool
			before, ok = before.join(int64(s.nodes[s.nodes[v].prev].leg.time), own)
			if ok = ok && plain; !ok {
				return list, false
			}
		}
		list = append(list, around{before: before})
	}
	behind, _ := of(end)
	for v, i := end, len(list)-1; i >= 0; v, i = s.nodes[v].prev, i-1 {
		if v != end {
			own, _ := of(v)
			var ok bool
			if behind, ok = own.join(int64(s.nodes[v].leg.time), behind); !ok {
				return list, false
			}
		}
		list[i].behind = behind
	}
	return list, true
}

// short tells whether a route can be short enough with a task in a gap, as far
// as links are left aside: the task starts in the windows, the breaks of the gap
// before cut are taken before it, and it is not ready for it before a time.
func (w *search) short(route *gaps, sm *shiftModel, at int, cut uint8, windows []Window, service, ready int64, in, on int32) bool {
	if route.joined && len(windows) == 1 {
		return route.around[at].least(stretch{service, windows[0].From, windows[0].To}, int64(in), int64(on)) <= sm.longest
	}
	return w.goAlong(route, sm, at, cut, windows, service, ready, in, on)
}

// mostWalks bounds how often a departure is delayed before a place counts as
// one that may do; putting the task in tells.
const mostWalks = 4

// goAlong goes over a route with a new task in it, from the earliest departure to
// the end, and leaves later for as long as that makes it shorter.
func (w *search) goAlong(route *gaps, sm *shiftModel, at int, cut uint8, windows []Window, service, ready int64, in, on int32) bool {
	s, m := w.state, w.model
	leave := route.list[0].left
	for range mostWalks {
		t := leave
		for i := range route.list {
			g := &route.list[i]
			if i > 0 {
				t = firstStart(s.windows(m, g.pred), t) + s.nodes[g.pred].service
			}
			if i != at {
				t = ahead(t, g.direct.time, sm.breaks[g.lo:g.hi])
				continue
			}
			t = firstStart(windows, max(ready, ahead(t, in, sm.breaks[g.lo:cut])))
			t = ahead(t+service, on, sm.breaks[cut:g.hi])
		}
		switch {
		case t > sm.end:
			return false
		case t-sm.longest <= leave:
			return true
		}
		leave = t - sm.longest
	}
	return true
}

// leaveLater raises the departure of a route whose end has been raised.
func (w *search) leaveLater(end int32) bool {
	n := &w.state.nodes[end]
	longest := w.model.shifts[n.route].longest
	return longest == 0 || w.raise(w.model.startOf(n.route), n.early-longest)
}

// returnSooner lowers the end of a route whose departure has been lowered.
func (w *search) returnSooner(first int32) bool {
	n := &w.state.nodes[first]
	longest := w.model.shifts[n.route].longest
	return longest == 0 || w.lower(w.model.endOf(n.route), n.late+longest)
}

// travelled is the travel of a route.
func (s *state) travelled(m *model, r int32) int64 {
	var sum int64
	if s.size[r] > 0 {
		for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
			sum += int64(s.nodes[v].leg.time)
		}
	}
	return sum
}

// tooFar tells whether a route travels longer than its shift may.
func (s *state) tooFar(m *model, r int32) bool {
	most := m.shifts[r].longestTravel
	return most > 0 && !m.shifts[r].located && s.travelled(m, r) > most
}

// tooLong tells whether the starts of a timetable make a route work longer than
// its shift may.
func (t *timetable) tooLong(r int32) bool {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	if sm.chained && s.size[r] > 0 {
		return t.cost(r) >= impossible
	}
	if sm.longest == 0 || s.size[r] == 0 {
		return false
	}
	return t.over(r)-t.begins(r) > sm.longest
}

// begins is when a route with a free departure begins, at the starts of the
// timetable, and over is when it ends.
func (t *timetable) begins(r int32) int64 {
	n := &t.state.nodes[t.model.startOf(r)]
	return t.model.shifts[r].backward(n, &t.state.nodes[n.next], t.start[n.next])
}

func (t *timetable) over(r int32) int64 {
	end := &t.state.nodes[t.model.endOf(r)]
	n := &t.state.nodes[end.prev]
	return t.model.shifts[r].onward(n, end, t.start[end.prev]+n.service)
}
