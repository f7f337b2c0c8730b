package solver

// node is the place of a task, or of an end of a shift, in the routes.
type node struct {
	early, late int64 // earliest and latest start that all routes and links allow
	service     int64
	leg         arc // to next
	prev, next  int32
	route       int32 // None: not done
	location    int32
	lo, hi      uint8 // the shift's breaks [lo, hi) are taken on the way to next
	skip, after uint8 // of a chained shift: which of these are missed, and which come after the travel; see chain.go
	was         uint8 // after of the stop before, when this one was put behind it
	keen        bool  // must start inside the preferred window
	locked      bool  // must start at early: its links lead out of this search's part
}

// state is a set of routes with their schedule. It has no pointers into
// itself, so that a copy is a few memory moves.
type state struct {
	nodes   []node
	version []uint64 // by route: changes whenever anything on the route does
	cost    []int64  // by route
	priced  []uint64 // version that cost belongs to
	size    []int32  // tasks by route
	load    []int64  // route*dims+dimension
	facts   []fact   // by route, for what couples routes; nil when that costs nothing
	guard   guard    // see coverage.go
	own     []bool   // by route, of a worker: see coupled
	swapped []bool   // by link without an order, of tasks that are done: Second comes first
	out     []int32  // units not done
	outAt   []int32  // unit -> index in out, or None
	total   int64    // routes, units not done, what couples routes and what is counted
	coupled int64    // the part of total that couples routes
	tally            // what is counted over routes; part of total
}

func newState(m *model) *state {
	s := bareState(m)
	if m.begun != nil {
		s.begin(m)
	}
	return s
}

// bareState is without what is frozen.
func bareState(m *model) *state {
	shifts := len(m.shifts)
	s := &state{
		nodes:   make([]node, len(m.nodes)),
		version: make([]uint64, shifts),
		cost:    make([]int64, shifts),
		priced:  make([]uint64, shifts),
		size:    make([]int32, shifts),
		load:    make([]int64, shifts*m.dims),
		out:     make([]int32, 0, len(m.fault)),
		outAt:   make([]int32, len(m.fault)),
		swapped: make([]bool, len(m.apart)),
		guard:   newGuard(m),
		tally:   newTally(m),
	}
	if m.couples {
		s.facts = make([]fact, shifts)
		for r := range s.facts {
			s.facts[r] = m.shifts[r].unused()
		}
		s.coupled = s.coupling(m)
		s.total = s.coupled
	}
	for i := range m.tasks {
		s.nodes[i].route = None
	}
	for r := range m.shifts {
		from, to := m.startOf(int32(r)), m.endOf(int32(r))
		sm := &m.shifts[r]
		s.nodes[from] = node{
			early: sm.start, late: sm.end, leg: m.leg(int32(r), from, to), prev: None, next: to,
			route: int32(r), location: m.nodes[from].location, lo: sm.lo, hi: sm.hi,
		}
		s.nodes[to] = node{
			early: sm.start, late: sm.end, prev: from, next: None,
			route: int32(r), location: m.nodes[to].location,
		}
		s.version[r] = 1
		s.priced[r] = 1
		s.vacate(m, int32(r))
	}
	for u := range m.fault {
		s.out = append(s.out, int32(u))
		s.outAt[u] = int32(u)
		s.total += m.fault[u]
	}
	return s
}

// vacate gives the ends of a route without tasks the whole shift: its breaks
// bind only once it is used, and then those that may be missed are missed.
func (s *state) vacate(m *model, r int32) {
	sm := &m.shifts[r]
	for _, v := range [2]int32{m.startOf(r), m.endOf(r)} {
		s.nodes[v].early, s.nodes[v].late = sm.start, sm.end
		s.nodes[v].lo, s.nodes[v].hi = 0, 0
	}
	s.nodes[m.startOf(r)].lo, s.nodes[m.startOf(r)].hi = sm.lo, sm.hi
	if sm.chained {
		s.vacateChain(m, r)
	}
}

// copyFrom makes s equal to other without allocating.
func (s *state) copyFrom(other *state) {
	copy(s.nodes, other.nodes)
	copy(s.version, other.version)
	copy(s.cost, other.cost)
	copy(s.priced, other.priced)
	copy(s.size, other.size)
	copy(s.load, other.load)
	copy(s.facts, other.facts)
	copy(s.swapped, other.swapped)
	s.guard.copyFrom(&other.guard)
	s.out = append(s.out[:0], other.out...)
	copy(s.outAt, other.outAt)
	s.total, s.coupled = other.total, other.coupled
	s.tally.copyFrom(&other.tally)
}

// catchUp makes s equal to other by copying those of the routes, which are all
// that may differ, whose versions do. Both must come from one search, where a
// version stands for one content.
func (s *state) catchUp(m *model, other *state, routes []int32) {
	if m.tallied {
		for _, r := range routes {
			if s.version[r] != other.version[r] && s.size[r] > 0 {
				s.countRoute(m, r, false)
			}
		}
	}
	if m.several {
		for _, r := range routes {
			if s.version[r] != other.version[r] {
				s.empty(m, r)
			}
		}
	}
	for _, r := range routes {
		if s.version[r] == other.version[r] {
			continue
		}
		s.lieIdle(m, r)
		for v := m.startOf(r); v != None; v = other.nodes[v].next {
			s.nodes[v] = other.nodes[v]
			s.guard.catchUp(&other.guard, v)
		}
		s.copyRests(m, other, r)
		s.version[r] = other.version[r]
		s.cost[r] = other.cost[r]
		s.priced[r] = other.priced[r]
		s.size[r] = other.size[r]
		copy(s.load[int(r)*m.dims:(int(r)+1)*m.dims], other.load[int(r)*m.dims:])
		if s.facts != nil {
			s.facts[r] = other.facts[r]
		}
		if m.tallied && s.size[r] > 0 {
			s.countRoute(m, r, true)
		}
	}
	copy(s.swapped, other.swapped) // of tasks on other routes they are the same
	for _, unit := range other.out {
		for _, u := range m.units.of(unit) {
			s.nodes[s.done(m, u)].route = None
		}
	}
	for _, unit := range s.out {
		s.outAt[unit] = None
	}
	s.out = append(s.out[:0], other.out...)
	for at, unit := range s.out {
		s.outAt[unit] = int32(at)
	}
	s.total, s.coupled = other.total, other.coupled
}

// sameRoute tells whether a route is the same in two states, starts included.
func (s *state) sameRoute(m *model, other *state, r int32) bool {
	if s.size[r] != other.size[r] || s.cost[r] != other.cost[r] || s.facts != nil && s.facts[r] != other.facts[r] {
		return false
	}
	for v := m.startOf(r); v != None; v = s.nodes[v].next {
		if s.nodes[v] != other.nodes[v] {
			return false
		}
	}
	return true
}

func (s *state) clone(m *model) *state {
	c := newState(m)
	c.copyFrom(s)
	return c
}

// leaveOut and takeIn keep the list of units that are not done.
func (s *state) leaveOut(m *model, unit int32) {
	if s.outAt[unit] == None {
		s.outAt[unit] = int32(len(s.out))
		s.out = append(s.out, unit)
		s.total += m.fault[unit]
	}
}

func (s *state) takeIn(m *model, unit int32) {
	at := s.outAt[unit]
	last := s.out[len(s.out)-1]
	s.out[at] = last
	s.outAt[last] = at
	s.out = s.out[:len(s.out)-1]
	s.outAt[unit] = None
	s.total -= m.fault[unit]
}

// routeCost prices a route by its stops and earliest starts. The starts that
// it pays for are as late as they can be without moving the last one: that
// waits least and leaves early ones nearer to their preferred windows. Linked
// tasks stay at their earliest start, so that the two sides of a link agree.
func (s *state) routeCost(m *model, r int32) int64 {
	return s.timeRoute(m, r, nil)
}

// timeRoute does the work of routeCost, and notes the starts where asked to,
// and the facts of the route.
func (s *state) timeRoute(m *model, r int32, starts []int64) int64 {
	sm := &m.shifts[r]
	if s.size[r] == 0 {
		if m.couples {
			s.facts[r] = sm.unused()
			s.guard.leave(m, r)
		}
		return 0
	}
	if sm.chained {
		return s.timeChained(m, r, starts)
	}
	if sm.timed != nil {
		return s.timeByPeriod(m, r, starts)
	}
	var travel, distance, wait, service, rested int64
	var f fact
	cost := sm.fixed + sm.allMissed
	end := m.endOf(r)
	first := m.startOf(r)
	shifts := len(m.shifts)
	var begin, done, start int64
	for v := end; v != first; {
		p := s.nodes[v].prev
		np := &s.nodes[p]
		leg := np.leg
		breaks := sm.breaks[np.lo:np.hi]
		var rest int64
		if len(breaks) > 0 {
			rest = restTime(breaks)
			cost -= sm.rested(breaks)
		}
		travel += int64(leg.time)
		distance += int64(leg.distance)
		service += np.service
		rested += rest
		var left int64 // when p is left
		switch {
		case v == end:
			left = s.lateStart(m, p, Infinity) + np.service
			done = advance(left, leg.time, breaks)
		case p != first:
			left = s.lateStart(m, p, retreat(start, leg.time, breaks)-np.service) + np.service
		case !sm.leaveLate:
			left = sm.start
		default:
			left = retreat(start, leg.time, breaks)
		}
		if m.guarded != nil {
			s.guard.goes(p, left, start, leg.time, breaks, p == first && sm.leaveLate)
		}
		if v != end {
			waited := start - left - int64(leg.time) - rest
			wait += waited
			f.waits = max(f.waits, waited)
		}
		if p == first {
			begin = left
			break
		}
		start = left - np.service
		if starts != nil {
			starts[p] = start
		}
		if m.couples {
			f.tardy = max(f.tardy, m.nodes[p].lateness(start))
		}
		cost += m.assign[int(p)*shifts+int(r)] + m.nodes[p].offWindow(start)
		v = p
	}
	if m.couples {
		f.over(sm, done, travel, service, rested)
		s.facts[r] = f
		s.guard.lay(m, s.nodes, r)
	}
	return cost + travel*sm.timeCost + distance*sm.distanceCost/sm.distanceUnit*sm.distanceFold +
		wait*sm.waitCost + (done-begin)*sm.workCost + sm.overtime(done)
}

// lateStart is the start that routeCost pays for: at most latest, not before
// early, and not past the end of the windows where it costs nothing.
func (s *state) lateStart(m *model, v int32, latest int64) int64 {
	n := &s.nodes[v]
	if latest <= n.early || n.locked || latest == Infinity ||
		m.push.first[v] != m.push.first[v+1] || m.pull.first[v] != m.pull.first[v+1] {
		return n.early
	}
	window := &m.nodes[v]
	if window.wasCost > 0 && n.early <= window.was.To {
		latest = min(latest, window.was.To)
	}
	if window.byWindow != nil {
		return window.lastFree(s.windows(m, v), n.early, latest)
	}
	return max(n.early, lastStart(s.windows(m, v), min(latest, window.due)))
}

// lastFree is the last start from early to latest that is not late, or else
// early.
func (n *nodeModel) lastFree(windows []Window, early, latest int64) int64 {
	for t := lastStart(windows, latest); t > early; {
		wish := n.wish(t)
		if wish.Late == 0 || t <= wish.To {
			return t
		}
		opens := windows[0].From
		for _, w := range windows {
			if w.From <= t {
				opens = w.From
			}
		}
		if wish.To >= opens {
			return max(early, wish.To)
		}
		t = lastStart(windows, opens-1)
	}
	return early
}

// reprice brings the costs of all changed routes up to date.
func (s *state) reprice(m *model) {
	for r := range s.version {
		if s.version[r] != s.priced[r] {
			cost := s.routeCost(m, int32(r))
			s.total += cost - s.cost[r]
			s.cost[r] = cost
			s.priced[r] = s.version[r]
		}
	}
	if m.couples {
		coupled := s.coupling(m)
		s.total += coupled - s.coupled
		s.coupled = coupled
	}
}

// windows are the windows that hold for a task as it stands in its route.
func (s *state) windows(m *model, v int32) []Window {
	if s.nodes[v].keen {
		return m.nodes[v].keen
	}
	return m.nodes[v].hard
}

// firstStart is the first start in the windows that is not before t.
func firstStart(windows []Window, t int64) int64 {
	for i := range windows {
		if t <= windows[i].To {
			return max(t, windows[i].From)
		}
	}
	return Infinity
}

// lastStart is the last start in the windows that is not after t.
func lastStart(windows []Window, t int64) int64 {
	for i := len(windows) - 1; i >= 0; i-- {
		if t >= windows[i].From {
			return min(t, windows[i].To)
		}
	}
	return -Infinity
}
