package solver

import (
	"fmt"
	"slices"
)

// What has started stays as it is. The frozen tasks of a shift are the first ones
// of its route in the warm start, and stand in every state of the search, the empty
// one included, each with one window that is one moment. So schedule, prices, loads
// and links need not know of them. What does know is whatever changes routes: no gap
// before the last frozen stop takes a task or a break, no ruin takes a frozen task
// out, and no exchange cuts before it. A shift that leaves late has left: its day
// begins when it did. In the end the frozen stops are written down as they came in.

// begun is the part of a warm start that is frozen.
type begun struct {
	problem *Problem // as it is reported
	routes  []Route  // by shift: Leave, and the stops up to the last frozen one
	shift   []int32  // by task, those of refills among them: where it is frozen, or None
	mode    []int32
	start   []int64
	nodes   [][]int32 // by shift and stop: its node; None: a break
	last    []int32   // by shift: the node of its last frozen stop, or its start
	tasks   []int32   // by shift: how many are frozen, refills among them
	taken   []int     // by shift: the breaks that have been taken or missed by then
	ways    []chainWay
	wayTo   []int32 // by task, of chained shifts: index into ways, or None
}

// begun reads what is frozen from a warm start; nil: nothing is.
func (p *Problem) begun(warm *Solution) (*begun, error) {
	isFrozen := func(task int32) bool {
		return task >= 0 && int(task) < len(p.Tasks) && p.Tasks[task].Pin.Frozen
	}
	first := slices.IndexFunc(p.Tasks, func(t Task) bool { return t.Pin.Frozen })
	if first < 0 {
		return nil, nil
	}
	v := &validation{}
	tasks := len(p.withRefills().Tasks)
	b := &begun{
		routes: make([]Route, len(p.Shifts)), shift: slices.Repeat([]int32{None}, tasks),
		mode: make([]int32, tasks), start: make([]int64, tasks), nodes: make([][]int32, len(p.Shifts)),
		wayTo: slices.Repeat([]int32{None}, tasks),
	}
	if warm == nil {
		warm = &Solution{}
	} else if len(warm.Routes) != len(p.Shifts) {
		v.wrong("options.warm.routes: %d for %d shifts", len(warm.Routes), len(p.Shifts))
		return nil, v.joined()
	}
	for r := range warm.Routes {
		stops := warm.Routes[r].Stops
		last := len(stops) - 1
		for last >= 0 && !isFrozen(stops[last].Task) {
			last--
		}
		if last < 0 {
			continue
		}
		b.routes[r] = Route{Leave: warm.Routes[r].Leave, Stops: slices.Clone(stops[:last+1])}
		b.nodes[r] = slices.Repeat([]int32{None}, last+1)
		for i, stop := range b.routes[r].Stops {
			switch {
			case stop.isBreak():
			case stop.isRefill():
				b.refill(v, p, r, i)
			case !isFrozen(stop.Task):
				v.wrong("options.warm.routes[%d].stops[%d]: comes before task %d, which is frozen, and is not", r, i, stops[last].Task)
			default:
				b.shift[stop.Task], b.mode[stop.Task], b.start[stop.Task] = int32(r), stop.Mode, stop.Start
			}
		}
	}
	for i := range p.Tasks {
		if p.Tasks[i].Pin.Frozen && b.shift[i] == None {
			v.wrong("options.warm: does not do task %d, which is frozen", i)
		}
	}
	if len(v.faults) == 0 {
		b.problem = p.asReported(&Solution{Routes: b.routes})
		b.validate(v, b.problem)
	}
	return b, v.joined()
}

// refill notes a refill before a frozen task.
func (b *begun) refill(v *validation, p *Problem, r, i int) {
	stop, times := &b.routes[r].Stops[i], int32(0)
	if stop.Refill < 0 || int(stop.Refill) >= len(p.Shifts[r].Refills) {
		return // validate finds that
	}
	for _, before := range b.routes[r].Stops[:i] {
		if before.isRefill() && before.Refill == stop.Refill {
			times++
		}
	}
	first, most := p.refillTask(r, int(stop.Refill))
	if times >= most {
		v.wrong("options.warm.routes[%d].stops[%d]: refill %d for the %dth time, %d is the most", r, i, stop.Refill, times+1, most)
		return
	}
	u := first + times
	b.nodes[r][i], b.shift[u], b.start[u] = u, int32(r), stop.Start
}

// validate holds the frozen stops against the rules. What a route still lacks is
// for the search.
func (b *begun) validate(v *validation, p *Problem) {
	among := *p
	among.Links = nil
	for _, l := range p.Links {
		if b.shift[l.First] != None && b.shift[l.Second] != None {
			among.Links = append(among.Links, l)
		}
	}
	c := newChecker(&among, &Solution{Routes: b.routes})
	for r := range b.routes {
		c.route(int32(r))
	}
	c.links()
	c.groups()
	c.resources()
	for _, breach := range c.breaches {
		if breach.Rule == "link" || breach.Rule == "group" || breach.Rule == "resource" || breach.Stop != None {
			v.wrong("options.warm.%s", breach.Text)
		}
	}
}

// begin takes over what is frozen.
func (m *model) begin(b *begun) {
	if m.begun = b; b == nil {
		return
	}
	for r := range b.routes {
		last, tasks, taken := m.startOf(int32(r)), int32(0), 0
		for i, stop := range b.routes[r].Stops {
			if stop.isBreak() {
				taken = int(stop.Break) + 1
				continue
			}
			if stop.Task != None {
				b.nodes[r][i] = m.nodeIn(int32(r), stop)
			}
			last = b.nodes[r][i]
			tasks++
		}
		b.last, b.tasks, b.taken = append(b.last, last), append(b.tasks, tasks), append(b.taken, taken)
	}
}

// hasLeft is for a shift that leaves late and has left: its day begins then.
func (sm *shiftModel) hasLeft(route *Route) {
	if len(route.Stops) == 0 || !sm.leaveLate {
		return
	}
	sm.leaveLate = false
	sm.start = route.Leave
	if stop := &route.Stops[0]; stop.isBreak() {
		sm.start = min(sm.start, stop.Start)
	}
	if sm.longest > 0 {
		sm.end = min(sm.end, sm.start+sm.longest)
		sm.longest = 0
	}
}

// frozen tells whether the task of a node is.
func (m *model) frozen(u int32) bool {
	return m.begun != nil && m.begun.shift[m.taskOf[u]] != None
}

// pin is what the task of a node is pinned to, and whether it may be done in the
// mode of the node.
func (m *model) pin(u int32) (pin Pin, may bool) {
	pin, may = m.task(u).Pin, true
	if task := m.taskOf[u]; m.frozen(u) {
		pin.Shift, pin.Start = m.begun.shift[task], m.begun.start[task]
		may = m.modeOf[u] == m.begun.mode[task]
	}
	return pin, may && (pin.Start == Infinity || m.asDone(u).opensAt(pin.Start))
}

// open is the node behind which tasks may be put into a route, and openAt the gap
// behind it, counted from 0.
func (m *model) open(r int32) int32 {
	if m.begun == nil {
		return m.startOf(r)
	}
	return m.begun.last[r]
}

func (m *model) openAt(r int32) int32 {
	if m.begun == nil {
		return 0
	}
	return m.begun.tasks[r]
}

// opensWith is how many breaks have been taken or missed by then, and opensFrom
// when the node before the gap starts at the earliest.
func (m *model) opensWith(r int32) int {
	if m.begun == nil {
		return 0
	}
	return m.begun.taken[r]
}

func (m *model) opensFrom(r int32) int64 {
	if v := m.open(r); int(v) < m.tasks {
		return m.nodes[v].hard[0].From
	}
	return m.shifts[r].start
}

// mayMove tells whether a unit may be taken out; what is frozen is a unit by
// itself.
func (m *model) mayMove(unit int32) bool { return !m.frozen(m.units.of(unit)[0]) }

// tie makes two tasks partners, all or nothing. The partner of a frozen task must
// be done.
func (m *model) tie(partners [][]int32, a, b int32) {
	switch first, second := m.frozen(a), m.frozen(b); {
	case first && second:
	case first:
		m.missing[b] = m.mandatory
	case second:
		m.missing[a] = m.mandatory
	default:
		partners[a] = append(partners[a], b)
		partners[b] = append(partners[b], a)
	}
}

// tiedToFrozen is at most how many tasks must be done for that.
func (p *Problem) tiedToFrozen() int {
	tied := 0
	for _, l := range p.Links {
		if l.AllOrNothing && p.Tasks[l.First].Pin.Frozen != p.Tasks[l.Second].Pin.Frozen {
			tied++
		}
	}
	for i := range p.Tasks {
		if pickup := p.Tasks[i].Modes[0].PickupOf; pickup != None && p.Tasks[pickup].Pin.Frozen {
			tied++
		}
	}
	return tied
}

// leavesTied tells whether a solution leaves out the partner of a frozen task.
func (m *model) leavesTied(s *Solution) bool {
	return m.begun != nil && slices.ContainsFunc(s.Unserved, func(task int32) bool { return m.missing[task] == m.mandatory })
}

// begin puts the frozen stops into an empty state, and the breaks that are due
// behind them. The schedule is left to compute.
func (s *state) begin(m *model) {
	for r := range m.begun.routes {
		if m.begun.tasks[r] == 0 {
			continue
		}
		at, end, sm := m.startOf(int32(r)), m.endOf(int32(r)), &m.shifts[r]
		taken := uint8(0)
		s.nodes[at].lo, s.nodes[at].hi = 0, 0
		for i, stop := range m.begun.routes[r].Stops {
			if stop.isBreak() {
				n := &s.nodes[at]
				if n.lo == n.hi {
					n.lo = uint8(stop.Break)
				}
				taken = uint8(stop.Break) + 1
				n.hi = taken
				continue
			}
			u := m.begun.nodes[r][i]
			s.nodes[at].next, s.nodes[end].prev = u, u
			s.nodes[at].leg = m.leg(int32(r), at, u)
			s.nodes[u] = node{
				early: stop.Start, late: stop.Start, service: m.nodes[u].serviceBy(sm.class), leg: m.leg(int32(r), u, end),
				prev: at, next: end, route: int32(r), location: m.nodes[u].location, lo: taken, hi: taken,
			}
			s.size[r]++
			for d := range m.dims {
				s.load[r*m.dims+d] += m.loads[int(u)*m.dims+d]
			}
			s.countIn(m, u, int32(r))
			if stop.Task != None {
				s.takeIn(m, m.unitOf[u])
			}
			at = u
		}
		if sm.chained {
			s.layBegun(m, int32(r))
			s.nodes[at].lay(sm.withRest(m.noBreaks(int32(r))))
			s.hangAll(m, int32(r))
		} else if sm.hi > taken {
			s.nodes[at].lo, s.nodes[at].hi = max(taken, sm.lo), sm.hi
		}
		s.priced[r] = 0
	}
	s.faceBy(m, func(v int32) int64 { return s.nodes[v].early })
}

// mostKindsAround bounds the kinds of refills of which two go with one task: of more
// there are too many ways.
const mostKindsAround = 3

// restart goes back to what is frozen. Where a route cannot end behind that, it
// keeps what follows in the warm start, or gets a task, with a refill before it,
// behind it or both, or refills alone: a break may wait for a next stop, a way home may lead
// over one, and what is on board may not last so far. It says false where nothing does.
func (t *timetable) restart(warm *Solution) bool {
	m := t.model
	t.state.copyFrom(newState(m))
	if m.begun == nil || t.goesHome() {
		return true
	}
	shifts := len(m.shifts)
	rest, alone := &Solution{Routes: make([]Route, shifts)}, &Solution{Routes: make([]Route, shifts)}
	used := make([]bool, len(m.problem.Tasks))
	fits := func(r int, stops []Stop) bool {
		alone.Routes[r].Stops = stops
		ok := t.lay(alone)
		alone.Routes[r].Stops = nil
		if ok {
			rest.Routes[r].Stops = stops
			if m.shifts[r].chained { // with its breaks
				rest.Routes[r] = t.routeOf(int32(r))
				m.restore(int32(r), &rest.Routes[r])
			}
			for _, stop := range stops {
				if stop.Task != None {
					used[stop.Task] = true
				}
			}
		}
		return ok
	}
	for r := range rest.Routes {
		begun := m.begun.routes[r].Stops
		if len(begun) == 0 || fits(r, begun) || fits(r, warm.Routes[r].Stops) {
			continue
		}
		var breaks []Stop
		for b := m.opensWith(int32(r)); b < len(m.shifts[r].breaks); b++ {
			breaks = append(breaks, Stop{Task: None, Break: int32(b)})
		}
		refills := [][]Stop{nil}
		for k := range m.problem.Shifts[r].Refills {
			refills = append(refills, []Stop{{Task: None, Break: None, Refill: int32(k)}})
		}
		ends := func(stop []Stop) bool {
			for _, before := range refills {
				for _, behind := range refills {
					if before != nil && behind != nil && stop != nil && len(refills) > mostKindsAround+1 {
						continue
					}
					if fits(r, slices.Concat(begun, before, stop, behind)) || fits(r, slices.Concat(begun, breaks, before, stop, behind)) {
						return true
					}
				}
			}
			return false
		}
		for u := int32(0); !ends(nil) && int(u) < m.tasks; u++ {
			if !m.refills(u) && !used[m.taskOf[u]] && m.mayDo[int(u)*shifts+r] && ends([]Stop{{Task: m.taskOf[u], Mode: m.modeOf[u], Break: None}}) {
				break
			}
		}
		if rest.Routes[r].Stops == nil {
			return false
		}
	}
	return t.lay(rest)
}

// goesHome computes the schedule of what is frozen, and tells whether all routes can
// end behind that.
func (t *timetable) goesHome() bool {
	s, m := t.state, t.model
	chained := func(r int32) bool { return m.shifts[r].chained && s.size[r] > 0 }
	for r := range int32(len(m.shifts)) {
		last := &s.nodes[s.nodes[m.endOf(r)].prev]
		if chained(r) && !s.isProper(m, r) || !chained(r) && s.size[r] > 0 && atNext(m.shifts[r].breaks[last.lo:last.hi]) {
			return false
		}
	}
	if !t.reschedule() {
		return false
	}
	for r := range int32(len(m.shifts)) {
		if s.runsOut(m, r, None) || s.tooFar(m, r) || chained(r) && s.strays(m, r) {
			return false
		}
	}
	return true
}

// goesOn tells whether there is any way to go on behind what is frozen.
func (m *model) goesOn(warm *Solution) bool {
	if m.begun == nil {
		return true
	}
	t := newTimetable(newSchedule(m, newState(m)))
	return t.lay(warm) || t.restart(warm)
}

// standsStill says why what is frozen leaves no way on.
func (m *model) standsStill() error {
	for r := range m.shifts {
		stops := m.begun.routes[r].Stops
		if len(stops) == 0 {
			continue
		}
		last := m.begun.last[r]
		way := int64(m.leg(int32(r), last, m.endOf(int32(r))).time)
		if end := stops[len(stops)-1].End; end+way > m.shifts[r].end {
			return fmt.Errorf("%w: options.warm: shifts[%d] is not back in time: what is frozen ends with tasks[%d] at %d, the way back takes %d, and it must be over by %d",
				ErrInvalid, r, m.taskOf[last], end, way, m.shifts[r].end)
		}
	}
	return fmt.Errorf("%w: options.warm: behind what is frozen no shift can go on: a break, a load, a limit, or a link to what is frozen elsewhere is in the way", ErrInvalid)
}

// restore writes the frozen stops of a route down as they came in.
func (m *model) restore(r int32, route *Route) {
	if m.begun == nil || m.begun.tasks[r] == 0 {
		return
	}
	was := &m.begun.routes[r]
	last := slices.IndexFunc(route.Stops, func(s Stop) bool { return s.Task == m.taskOf[m.begun.last[r]] })
	if sm := &m.shifts[r]; sm.timed != nil && !sm.chained {
		time, distance := m.driven(r, was.Stops)
		before, far := m.driven(r, route.Stops[:last+1])
		route.Travel, route.Distance = route.Travel+time-before, route.Distance+distance-far
	}
	route.Leave = was.Leave
	route.Stops = slices.Concat(was.Stops, route.Stops[last+1:])
}

// driven is the travel to stops, by period of their departures.
func (m *model) driven(r int32, stops []Stop) (time, distance int64) {
	at := m.nodes[m.startOf(r)].location
	for _, stop := range stops {
		if stop.isBreak() {
			continue
		}
		to := m.locationOf(r, stop)
		c := m.shifts[r].timed.course(at, to)
		x := c.arc(c.period(stop.Depart))
		time, distance = time+int64(x.time), distance+int64(x.distance)
		at = to
	}
	return time, distance
}

// locationOf is where a stop that is no break is.
func (m *model) locationOf(r int32, stop Stop) int32 {
	if stop.isRefill() {
		return m.problem.Shifts[r].Refills[stop.Refill].Location
	}
	return m.nodes[m.nodeIn(r, stop)].location
}

// How a chained shift went through the gaps up to its last frozen stop is known: how
// the breaks lay, when each leg departed, and so the travel that counts for a limit.
// A break that has been taken has a window of one moment, like a frozen task, so that
// what comes later counts from it.

// beginChain reads what is frozen on a chained shift.
func (m *model) beginChain(r int32, sm *shiftModel) {
	if m.begun == nil || m.begun.tasks[r] == 0 {
		return
	}
	p, b := m.problem, m.begun
	exact := len(p.Profiles[sm.profile].Periods) > 1 // else no rule is about departures
	sm.breaks = slices.Clone(sm.breaks)
	from, left := p.Shifts[r].From, sm.start
	var l layout
	var gap []Stop
	for i, stop := range b.routes[r].Stops {
		gap = append(gap, stop)
		if stop.isBreak() {
			for ; int32(l.hi) < stop.Break; l.hi++ {
				l.skip |= 1 << l.hi
			}
			rest := &sm.breaks[stop.Break]
			rest.Window, rest.AfterWork = Window{stop.Start, stop.Start}, 0
			sm.taken |= 1 << l.hi
			l.hi++
			continue
		}
		sm.missed |= l.skip
		u := b.nodes[r][i]
		to := m.mode(u).Location
		b.wayTo[m.taskOf[u]] = int32(len(b.ways))
		b.ways = append(b.ways, sm.wayThrough(from, to, l, left, gap, exact))
		from, left, gap = to, stop.End, gap[:0]
		l = layout{lo: l.hi, hi: l.hi}
	}
}

// wayThrough is the way through a gap that has been gone through: to its breaks, and to
// the task at its end. The sides of the travel that the breaks stand on are found by
// trying, for where it does not matter when a leg departs the stops may not say.
func (sm *shiftModel) wayThrough(from, to int32, l layout, left int64, stops []Stop, exact bool) (way chainWay) {
	for mask := range 1 << (l.hi - l.lo) {
		l.after = uint8(mask) << l.lo
		if !sm.sided(l, false) {
			continue
		}
		way = chainWay{x: sm.hops(from, to, l), laid: l}
		if sm.went(&way, left, stops, exact) {
			break
		}
	}
	return way
}

// went goes along a way by the moments of its stops, one for each hop, and tells
// whether they allow that.
func (sm *shiftModel) went(way *chainWay, t int64, stops []Stop, exact bool) bool {
	for i := range way.x.all() {
		if st := &way.x.list[i]; st.from != None {
			depart := t
			if exact {
				next := slices.IndexFunc(stops[i:], func(s Stop) bool { return !s.isBreak() || sm.breaks[s.Break].Location != None })
				depart = stops[i+next].Depart
			}
			c := sm.timed.course(st.from, st.to)
			k := c.period(depart)
			if depart < t || c.time(k) == NoWay {
				return false
			}
			leg := c.arc(k)
			way.periods[i] = int8(k)
			way.time, way.distance = way.time+int64(leg.time), way.distance+int64(leg.distance)
			t = depart + int64(leg.time)
		}
		if t > stops[i].Start {
			return false
		}
		t = stops[i].End
	}
	return true
}

// faresOf is what the legs of a way cost by distance.
func (sm *shiftModel) faresOf(way *chainWay) (sum int64) {
	for i, st := range way.x.all() {
		if st.from != None {
			sum += sm.fare(sm.timed.course(st.from, st.to).arc(int(way.periods[i])))
		}
	}
	return sum
}

// wayBegun is how a chained shift went to a frozen stop; nil: the stop is no such one.
func (m *model) wayBegun(v int32) *chainWay {
	if m.begun == nil || int(v) >= m.tasks || m.begun.wayTo[m.taskOf[v]] == None {
		return nil
	}
	return &m.begun.ways[m.begun.wayTo[m.taskOf[v]]]
}

// travelBegun is the travel of a chained shift up to its last frozen stop.
func (m *model) travelBegun(r int32) (sum int64) {
	if m.openAt(r) == 0 {
		return 0
	}
	for _, u := range m.begun.nodes[r] {
		if u != None {
			sum += m.wayBegun(u).time
		}
	}
	return sum
}

// momentBegun is the latest moment that the next break of a chained shift may count from.
func (m *model) momentBegun(r int32) int64 {
	sm, i := &m.shifts[r], m.opensWith(r)-1
	for ; i >= 0 && !has(sm.taken, i); i-- {
	}
	switch {
	case i >= 0:
		return sm.breaks[i].From + sm.breaks[i].Length
	case sm.leaveLate:
		return Infinity
	}
	return sm.start
}

// leftBegun is what is on board behind the last frozen stop of a route, where that depends
// on its breaks; else nil.
func (s *state) leftBegun(m *model, r int32) *supply {
	if !m.overPlaces(r) {
		return nil
	}
	on := m.stock.loaded(r)
	for v := m.startOf(r); v != m.open(r); v = s.nodes[v].next {
		s.goes(m, &on, r, v)
		m.stop(&on, s.nodes[v].next)
	}
	return &on
}

// layBegun lays the breaks up to the last frozen stop of a chained route.
func (s *state) layBegun(m *model, r int32) {
	for v := m.startOf(r); v != m.open(r); v = s.nodes[v].next {
		s.nodes[v].lay(m.wayBegun(s.nodes[v].next).laid)
	}
}

// noBreaks is a gap without breaks behind what is frozen.
func (m *model) noBreaks(r int32) (l layout) {
	if m.shifts[r].chained {
		l.lo = uint8(m.opensWith(r))
		l.hi = l.lo
	}
	return l
}
