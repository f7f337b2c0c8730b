package solver

import "slices"

// A shift is chained where what happens in one gap of a route matters to
// another gap: a break that begins at most so long after the work or the break
// before it, a break at a location, breaks of which the one in the middle may be
// missed, and by period a longest travel or a longest work from a free departure.
// On its routes the breaks are nodes of the schedule, with an earliest and a
// latest beginning of their own, and stops and breaks hang in one chain. Where
// the travel of a gap is among its breaks is settled there: a break taken on the
// way stands before it or after it (node.after). So every rule is again one of
// the kind "start(b) >= f(start(a))", and a break that is bound to an earlier
// moment pushes that moment on, as the end of a longest work pushes its beginning.
//
// Chained routes have no quick tests: places are found by going along a gap for
// each side that its breaks may stand on. The gaps of a chained route divide all
// breaks of the shift among them; those that are missed are left out by a mask
// (node.skip). Profiles of one period are read as one period of several.

// mostChained bounds the breaks of a chained shift.
const mostChained = 8

// layout is how breaks lie in a gap: of [lo, hi) all but those of skip, and those
// of after behind the travel. Both masks are by break of the shift.
type layout struct{ lo, hi, skip, after uint8 }

func (n *node) layout() layout { return layout{n.lo, n.hi, n.skip, n.after} }

func (n *node) lay(l layout) { n.lo, n.hi, n.skip, n.after = l.lo, l.hi, l.skip, l.after }

func has(mask uint8, i int) bool { return mask>>i&1 != 0 }

// takes tells whether a break is taken in the gap.
func (l layout) takes(i int) bool { return i >= int(l.lo) && i < int(l.hi) && !has(l.skip, i) }

// chained tells whether a shift is, with so many periods.
func (s *Shift) chained(periods int) bool {
	if periods > 1 && (s.LongestTravel > 0 || s.LongestWork > 0 && s.LeaveLate) {
		return true
	}
	for i := range s.Breaks {
		b := &s.Breaks[i]
		if b.Location != None || b.MissCost > 0 && len(s.Breaks) > 2 || b.AfterWork > 0 && (i > 0 || s.LeaveLate) {
			return true
		}
	}
	return false
}

// compileChain reads the breaks of a shift. The first one of a shift that works
// from its start, or has left, counts from there, and so has a window and no more.
func (m *model) compileChain(r int32, s *Shift, sm *shiftModel) {
	if len(s.Breaks) > 0 && s.Breaks[0].AfterWork > 0 && !sm.leaveLate {
		sm.breaks = slices.Clone(s.Breaks)
		sm.breaks[0].To = min(sm.breaks[0].To, sm.start+s.Breaks[0].AfterWork)
		sm.breaks[0].AfterWork = 0
	}
	profile := &m.problem.Profiles[s.Profile]
	if sm.chained = s.chained(len(profile.Periods)); !sm.chained {
		return
	}
	m.chained = true
	sm.rest = int32(m.tasks + 2*len(m.shifts) + m.rests)
	m.rests += len(sm.breaks)
	if sm.timed == nil {
		sm.timed = newTimed(profile, true)
	}
	m.beginChain(r, sm)
	for from := range len(sm.breaks) + 1 {
		for to := range len(sm.breaks) + 1 {
			var due []Break
			for i := from; i < to; i++ {
				sm.located = sm.located || sm.breaks[i].Location != None
				if sm.breaks[i].MissCost == 0 || sm.breaks[i].Location != None {
					due = append(due, sm.breaks[i])
				}
			}
			sm.dues = append(sm.dues, due)
		}
	}
}

// compileRests makes nodes of the breaks of a chained shift.
func (m *model) compileRests(r int32) {
	sm := &m.shifts[r]
	if !sm.chained {
		return
	}
	if !sm.leaveLate { // its work begins at its start, and nowhere else
		m.nodes[m.startOf(r)].hard = []Window{{sm.start, sm.start}}
	}
	for i := range sm.breaks {
		b := &sm.breaks[i]
		n := nodeModel{location: m.problem.Shifts[r].From, service: b.Length, hard: []Window{b.Window}, due: Infinity}
		if b.Location != None {
			n.location = b.Location
		}
		m.nodes[sm.rest+int32(i)] = n
	}
}

// hop is a part of a gap: perhaps a leg, and then a break or the stop at the
// end.
type hop struct {
	from, to int32 // locations; from None: no leg
	rest     int32 // None: the stop at the end
}

// hops are those of one gap, in their order.
type hops struct {
	n    int
	list [mostChained + 1]hop
}

func (x *hops) all() []hop { return x.list[:x.n] }

// hops lays a gap between two locations out. A break at a location has a leg
// to it, and another leads on from there; of the breaks between two legs'
// beginnings some are taken before the first one and some after it.
func (sm *shiftModel) hops(from, to int32, l layout) (x hops) {
	there := false // the leg that is under way is over
	for i := int(l.lo); i < int(l.hi); i++ {
		if has(l.skip, i) {
			continue
		}
		st := hop{None, None, int32(i)}
		at := sm.breaks[i].Location
		if !there && (at != None || has(l.after, i)) {
			st.from, st.to = from, sm.heading(to, l, i)
			from, there = st.to, true
		}
		if at != None {
			there = false
		}
		x.list[x.n] = st
		x.n++
	}
	st := hop{None, None, None}
	if !there {
		st.from, st.to = from, to
	}
	x.list[x.n] = st
	x.n++
	return x
}

// heading is where the leg leads to that is next when a break of a gap is.
func (sm *shiftModel) heading(to int32, l layout, i int) int32 {
	for ; i < int(l.hi); i++ {
		if at := sm.breaks[i].Location; at != None && !has(l.skip, i) {
			return at
		}
	}
	return to
}

// proper tells whether breaks can lie in a gap like that: on each leg those
// before the travel come first, and one that waits for the next stop stands there,
// which the end of the last gap is not.
func (sm *shiftModel) proper(l layout, last bool) bool {
	for i := int(l.lo); i < int(l.hi); i++ {
		if has(l.skip, i) && sm.breaks[i].MissCost == 0 {
			return false
		}
	}
	return sm.sided(l, last)
}

// sided is that for breaks that are missed whether they may be or not.
func (sm *shiftModel) sided(l layout, last bool) bool {
	there, waits := false, false
	for i := int(l.lo); i < int(l.hi); i++ {
		b := &sm.breaks[i]
		switch after := has(l.after, i); {
		case has(l.skip, i):
			if after {
				return false
			}
		case b.Location != None:
			if after || waits {
				return false
			}
			there = false
		case !after && (there || b.AtNext):
			return false
		default:
			there = after
			waits = waits || b.AtNext
		}
	}
	return !last || !waits
}

// sides calls a function for all sides on which the breaks of a gap may stand,
// until it says false.
func (sm *shiftModel) sides(lo, hi, skip uint8, last bool, each func(l layout) bool) bool {
	for mask := range 1 << (hi - lo) {
		l := layout{lo, hi, skip >> lo << lo & (1<<hi - 1), uint8(mask) << lo}
		if sm.proper(l, last) && !each(l) {
			return false
		}
	}
	return true
}

// layouts calls a function for all ways to take the breaks [lo, hi) in a gap or
// to miss them, until it says false. One that is missed is left out in the gap of
// the break before it, or in the first.
func (sm *shiftModel) layouts(lo, hi uint8, first, last bool, each func(l layout) bool) bool {
	for mask := range 1 << (hi - lo) {
		if mask&1 == 1 && !first {
			continue
		}
		if !sm.sides(lo, hi, uint8(mask)<<lo, last, each) {
			return false
		}
	}
	return true
}

// along goes through a gap from t on, as soon as may be, with the windows of its
// breaks as they are, and returns when it is ready and the travel of its legs.
// Where times is given it notes when the breaks begin.
func (sm *shiftModel) along(from, to int32, l layout, t int64, times *[mostChained]int64) (ready int64, sum arc) {
	x := sm.hops(from, to, l)
	for _, st := range x.all() {
		if st.from != None {
			c := sm.timed.course(st.from, st.to)
			k, arrive := c.next(t)
			if k < 0 {
				return Infinity, arc{time: NoWay}
			}
			leg := c.arc(k)
			t, sum = arrive, arc{sum.time + leg.time, sum.distance + leg.distance}
		}
		if st.rest != None {
			if t = restOn(t, sm.breaks[st.rest:st.rest+1]); t >= Infinity {
				return Infinity, sum
			}
			if times != nil {
				times[st.rest] = t - sm.breaks[st.rest].Length
			}
		}
	}
	return t, sum
}

// back is the latest time to leave so as to be through a gap by s, or -Infinity.
func (sm *shiftModel) back(from, to int32, l layout, s int64) int64 {
	x := sm.hops(from, to, l)
	for i := x.n - 1; i >= 0; i-- {
		st := &x.list[i]
		if st.rest != None {
			s = restBack(s, sm.breaks[st.rest:st.rest+1])
		}
		if st.from != None {
			s = sm.timed.course(st.from, st.to).latest(s)
		}
	}
	return s
}

// advanceAnyhow and retreatAnyhow go through a gap with the given breaks on
// whichever sides suit best. Those at a location that may be missed are taken
// where the way over them is quicker.
func (sm *shiftModel) advanceAnyhow(from, to int32, t int64, breaks []Break) int64 {
	for i := range breaks {
		if at := breaks[i].Location; at != None {
			taken := sm.timed.course(from, at).advance(t, breaks[:i])
			taken = sm.advanceAnyhow(at, to, restOn(taken, breaks[i:i+1]), breaks[i+1:])
			if breaks[i].MissCost > 0 {
				taken = min(taken, sm.advanceAnyhow(from, to, t, slices.Delete(slices.Clone(breaks), i, i+1)))
			}
			return taken
		}
	}
	return sm.timed.course(from, to).advance(t, breaks)
}

func (sm *shiftModel) retreatAnyhow(from, to int32, s int64, breaks []Break) int64 {
	for i := len(breaks) - 1; i >= 0; i-- {
		if at := breaks[i].Location; at != None {
			taken := restBack(sm.timed.course(at, to).retreat(s, breaks[i+1:]), breaks[i:i+1])
			taken = sm.retreatAnyhow(from, at, taken, breaks[:i])
			if breaks[i].MissCost > 0 {
				taken = max(taken, sm.retreatAnyhow(from, to, s, slices.Delete(slices.Clone(breaks), i, i+1)))
			}
			return taken
		}
	}
	return sm.timed.course(from, to).retreat(s, breaks)
}

// hang tells the breaks of a gap where they are.
func (s *state) hang(m *model, p int32) {
	n := &s.nodes[p]
	sm := &m.shifts[n.route]
	for i := int(n.lo); i < int(n.hi); i++ {
		b := &s.nodes[sm.rest+int32(i)]
		b.prev, b.route = p, None
		if !has(n.skip, i) && s.size[n.route] > 0 {
			b.route = n.route
		}
	}
}

// hangAll does so on a whole route.
func (s *state) hangAll(m *model, r int32) {
	sm := &m.shifts[r]
	for i := range sm.breaks {
		s.nodes[sm.rest+int32(i)].route = None
	}
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		s.hang(m, v)
	}
}

// vacateChain gives all breaks to the only gap of a route without tasks.
func (s *state) vacateChain(m *model, r int32) {
	sm := &m.shifts[r]
	s.nodes[m.startOf(r)].lay(sm.withRest(layout{}))
	for i := range sm.breaks {
		b := &sm.breaks[i]
		s.nodes[sm.rest+int32(i)] = node{
			early: b.From, late: b.To, service: b.Length, location: m.nodes[sm.rest+int32(i)].location,
			prev: m.startOf(r), next: None, route: None,
		}
	}
}

// withRest adds all later breaks to those of a gap: those that may be missed are,
// and the others come after the travel.
func (sm *shiftModel) withRest(l layout) layout {
	for ; int(l.hi) < len(sm.breaks); l.hi++ {
		switch b := &sm.breaks[l.hi]; {
		case b.MissCost > 0:
			l.skip |= 1 << l.hi
		case b.Location == None:
			l.after |= 1 << l.hi
		}
	}
	return l
}

// copyRests makes the breaks of a route what they are in another state.
func (s *state) copyRests(m *model, other *state, r int32) {
	if sm := &m.shifts[r]; sm.chained {
		copy(s.nodes[sm.rest:], other.nodes[sm.rest:int(sm.rest)+len(sm.breaks)])
		for i := range sm.breaks {
			s.guard.catchUp(&other.guard, sm.rest+int32(i))
		}
	}
}

// before is the break taken before the i-th one, or -1, and behind the one taken
// after it.
func (s *state) before(sm *shiftModel, i int) int {
	for i--; i >= 0 && s.nodes[sm.rest+int32(i)].route == None; i-- {
	}
	return i
}

func (s *state) behind(sm *shiftModel, i int) int {
	for i++; i < len(sm.breaks); i++ {
		if s.nodes[sm.rest+int32(i)].route != None {
			return i
		}
	}
	return -1
}

// openRests gives the breaks of a route all that their windows allow.
func (w *search) openRests(r int32) {
	s, sm := w.state, &w.model.shifts[r]
	for i := range sm.breaks {
		b := &s.nodes[sm.rest+int32(i)]
		b.early, b.late = sm.breaks[i].From, sm.breaks[i].To
		if b.route != None {
			w.queue.add(sm.rest + int32(i))
		}
	}
}

// freeRests does so for the breaks beside a task that has just been linked: they
// may have changed sides.
func (w *search) freeRests(u int32) {
	s := w.state
	n := &s.nodes[u]
	sm := &w.model.shifts[n.route]
	for i := s.nodes[n.prev].lo; i < n.hi; i++ {
		v := sm.rest + int32(i)
		b := &s.nodes[v]
		if b.route != None {
			w.trail = append(w.trail, was{b.early, v})
			w.queue.add(v)
		}
		b.early, b.late = sm.breaks[i].From, sm.breaks[i].To
	}
	if k := s.behind(sm, int(n.hi)-1); k >= 0 { // it may be bound to one of these
		w.queue.add(sm.rest + int32(k))
	}
	w.queue.add(n.prev)
}

// isRest tells whether a node is a break, and which one of its shift.
func (m *model) isRest(sm *shiftModel, v int32) (i int, ok bool) {
	return int(v - sm.rest), int(v) >= m.tasks+2*len(m.shifts)
}

// pushChain carries the earliest start of a node of a chained route to what
// follows it on the route, and to the moment that a break is bound to.
func (w *search) pushChain(v int32) bool {
	s, m := w.state, w.model
	n := &s.nodes[v]
	sm := &m.shifts[n.route]
	i, rest := m.isRest(sm, v)
	switch {
	case !rest && n.next == None:
		return sm.longest == 0 || w.carry(v, m.startOf(n.route), n.early-sm.longest, -sm.longest)
	case !rest:
		return w.pushGap(v)
	}
	if most := sm.breaks[i].AfterWork; most > 0 {
		to, lag := m.startOf(n.route), -most
		if j := s.before(sm, i); j >= 0 {
			to, lag = sm.rest+int32(j), lag-sm.breaks[j].Length
		}
		if !w.carry(v, to, n.early+lag, lag) {
			return false
		}
	}
	return w.pushGap(n.prev)
}

// pushGap carries the earliest start of a stop through the gap behind it.
func (w *search) pushGap(p int32) bool {
	s := w.state
	n := &s.nodes[p]
	sm := &w.model.shifts[n.route]
	x := sm.hops(n.location, s.nodes[n.next].location, n.layout())
	t, from := n.early+n.service, p
	for _, st := range x.all() {
		lag := s.nodes[from].service
		if st.from != None {
			c := sm.timed.course(st.from, st.to)
			if w.chasing {
				lag += c.least(t, false)
			}
			_, t = c.next(t)
		}
		to := n.next
		if st.rest != None {
			to = sm.rest + st.rest
		}
		if !w.carry(from, to, t, lag) {
			return false
		}
		t, from = s.nodes[to].early+s.nodes[to].service, to
	}
	return true
}

// carry raises the earliest start of a node for that of another one. In a chase
// it notes which one moved it by exactly the least lag.
func (w *search) carry(from, to int32, t, lag int64) bool {
	n := &w.state.nodes[to]
	before := n.early
	if !w.raise(to, t) {
		return false
	}
	if w.chasing && n.early != before {
		w.parent[to] = None
		if n.early == w.state.nodes[from].early+lag {
			w.parent[to] = from
		}
	}
	return true
}

// pullChain, pullGap and draw do the same for latest starts, backward.
func (w *search) pullChain(v int32) bool {
	s, m := w.state, w.model
	n := &s.nodes[v]
	sm := &m.shifts[n.route]
	i, rest := m.isRest(sm, v)
	if !rest && n.prev != None {
		return w.pullGap(n.prev)
	}
	if !rest {
		i = -1
		if sm.longest > 0 && !w.draw(v, m.endOf(n.route), n.late+sm.longest, -sm.longest) {
			return false
		}
	}
	if k := s.behind(sm, i); k >= 0 && sm.breaks[k].AfterWork > 0 {
		lag := -n.service - sm.breaks[k].AfterWork
		if !w.draw(v, sm.rest+int32(k), n.late-lag, lag) {
			return false
		}
	}
	return !rest || w.pullGap(n.prev)
}

func (w *search) pullGap(p int32) bool {
	s := w.state
	n := &s.nodes[p]
	sm := &w.model.shifts[n.route]
	x := sm.hops(n.location, s.nodes[n.next].location, n.layout())
	t, from := s.nodes[n.next].late, n.next
	for i := x.n - 1; i >= 0; i-- {
		to, lag := p, int64(0)
		if st := &x.list[i]; st.from != None {
			c := sm.timed.course(st.from, st.to)
			if w.chasing {
				lag = c.least(t, true)
			}
			t = c.latest(t)
		}
		if i > 0 {
			to = sm.rest + x.list[i-1].rest
		}
		service := s.nodes[to].service
		if !w.draw(from, to, t-service, lag+service) {
			return false
		}
		t, from = s.nodes[to].late, to
	}
	return true
}

func (w *search) draw(from, to int32, t, lag int64) bool {
	n := &w.state.nodes[to]
	before := n.late
	if !w.lower(to, t) {
		return false
	}
	if w.chasing && n.late != before {
		w.parent[to] = None
		if n.late == w.state.nodes[from].late-lag {
			w.parent[to] = from
		}
	}
	return true
}

// tied is the scratch of anew.
type tied struct {
	routes   []int32
	isIn     []bool
	versions []uint64
	kept     []Window // by node: its earliest and latest start before
}

// anew computes the schedule of the routes of some nodes anew, and of all that
// links tie to them. In a problem with chained shifts it does the work of loosen.
func (w *search) anew(from, upto []int32) bool {
	s, m, t := w.state, w.model, &w.tied
	if t.isIn == nil {
		t.isIn, t.kept = make([]bool, len(m.shifts)), make([]Window, len(m.nodes))
		t.routes, t.versions = make([]int32, 0, len(m.shifts)), make([]uint64, 0, len(m.shifts))
	}
	t.routes, t.versions = t.routes[:0], t.versions[:0]
	reach := func(r int32) {
		if r != None && !t.isIn[r] && s.size[r] > 0 {
			t.isIn[r] = true
			t.routes, t.versions = append(t.routes, r), append(t.versions, s.version[r])
		}
	}
	for _, v := range from {
		reach(s.nodes[v].route)
	}
	for _, v := range upto {
		reach(s.nodes[v].route)
	}
	for at := 0; at < len(t.routes); at++ {
		r := t.routes[at]
		for v := m.startOf(r); v != None; v = s.nodes[v].next {
			n := &s.nodes[v]
			t.kept[v] = Window{n.early, n.late}
			w.queue.add(v)
			if n.locked { // whoever is tied to it has a place beside it
				n.late = n.early
				continue
			}
			windows := s.windows(m, v)
			n.early, n.late = windows[0].From, windows[len(windows)-1].To
			if int(v) < m.tasks {
				for _, o := range m.push.of(v) {
					reach(s.nodes[o].route)
				}
				for _, o := range m.pull.of(v) {
					reach(s.nodes[o].route)
				}
			}
		}
		if m.shifts[r].chained {
			w.openRests(r)
		}
	}
	mark := len(w.trail)
	ok := w.pushOn()
	w.trail = w.trail[:mark]
	if ok {
		for _, r := range t.routes {
			for v := m.endOf(r); v != None; v = s.nodes[v].prev {
				w.queue.add(v)
			}
		}
		ok = w.pullBack()
	}
	for i, r := range t.routes {
		t.isIn[r] = false
		same := true
		for v := m.startOf(r); v != None && same; v = s.nodes[v].next {
			same = t.kept[v] == Window{s.nodes[v].early, s.nodes[v].late}
		}
		if same {
			s.version[r] = t.versions[i]
		} else {
			w.touch(r)
		}
	}
	return ok
}
