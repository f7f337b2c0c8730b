package solver

import (
	"cmp"
	"slices"
)

// chainScratch is the scratch of timing chained routes.
type chainScratch struct {
	chosen, choosing outcome
	options          []chainWay
	optionsAt        []int
	leastTo          []int64 // by gap: the least travel from there on
	tollWays         []chainWay
	levels           []supply // of bestChain, each once
	wide             frame    // of the route that is chosen for
	plan             chainPlan
}

// chainPlan is what bestChain finds: when the tasks of a route start, and the way
// through each of its gaps.
type chainPlan struct {
	stops  []int32
	starts []int64
	ways   []chainWay
}

// mostFrames bounds branch and bound; a handful is usual.
const mostFrames = 400

// retimeChained is retimeRoute for a chained route.
func (t *timetable) retimeChained(r int32) bool {
	m := t.model
	sm := &m.shifts[r]
	own := t.cost(r)
	before := own + t.coupling()
	best := before
	kept := t.chainAsIs(r)
	left := mostFrames
	var search func(f frame)
	search = func(f frame) {
		if left--; left < 0 {
			return
		}
		bound, ok := t.bestChain(r, &f)
		if !ok || t.rest == 0 && bound >= own {
			return
		}
		var x outcome
		x.ways = append(x.ways, t.plan.ways...)
		for i, v := range t.plan.stops {
			x.starts = append(x.starts, t.plan.starts[i])
			if i == 0 {
				x.lefts = append(x.lefts, sm.start)
			}
			x.lefts = append(x.lefts, t.plan.starts[i]+t.state.nodes[v].service)
		}
		x.starts = append(x.starts, f.until)
		var why strife
		done := t.appoint(r, &x, &f, &why)
		t.carryChain(r, &t.plan)
		cost := t.cost(r)
		if now := cost + t.coupling(); cost < impossible && now < best {
			best, own = now, cost
			kept = t.chainAsIs(r)
		}
		if !done && why.most > 0 {
			t.split(sm, &f, &why, search)
		}
	}
	search(sm.openFrame())
	t.carryChain(r, &kept)
	t.cost(r) // notes its facts
	return best < before
}

// split goes on with the parts of a frame in which a rule may hold that a plan
// has broken.
func (t *timetable) split(sm *shiftModel, f *frame, why *strife, search func(frame)) {
	for i := max(why.on, 0); i <= why.of; i++ {
		if sm.breaks[i].MissCost > 0 && !has(f.taken|f.missed, i) {
			part := *f
			part.taken |= 1 << i
			search(part)
			part = *f
			part.missed |= 1 << i
			search(part)
			return
		}
	}
	at := why.moment + 1
	at += (why.too - why.most - at) / 2
	part := *f
	if why.on < 0 {
		part.from = max(part.from, at)
	} else {
		w := &part.windows[why.on]
		w.From = max(w.From, at-sm.breaks[why.on].Length)
	}
	if why.on < 0 || !has(sm.taken, why.on) { // else that is over
		search(part)
	}
	part = *f
	if why.of < 0 {
		part.until = min(part.until, at-1+why.most)
	} else {
		w := &part.windows[why.of]
		w.To = min(w.To, at-1+why.most)
	}
	search(part)
}

// chainAsIs is the plan of a route as it stands, and carryChain puts one in its
// place.
func (t *timetable) chainAsIs(r int32) (p chainPlan) {
	s, m := t.state, t.model
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		p.ways = append(p.ways, chainWay{laid: s.nodes[v].layout()})
		if int(v) < m.tasks {
			p.stops, p.starts = append(p.stops, v), append(p.starts, t.start[v])
		}
	}
	return p
}

func (t *timetable) carryChain(r int32, p *chainPlan) {
	s := t.state
	v := t.model.startOf(r)
	for i := range p.ways {
		if i > 0 {
			v = p.stops[i-1]
			t.start[v] = p.starts[i-1]
		}
		s.nodes[v].lay(p.ways[i].laid)
	}
	s.hangAll(t.model, r)
}

// chainTolls lists the ways through a gap when the breaks from one to another
// are taken in it or missed.
func (t *timetable) chainTolls(r, p, v int32, from, to uint8, f *frame) []chainWay {
	m := t.model
	sm := &m.shifts[r]
	first, home := p == m.startOf(r), v == m.endOf(r)
	t.tollWays = t.tollWays[:0]
	sm.layouts(from, to, p == m.open(r), home, func(l layout) bool {
		fare, ok := t.restFare(sm, l, f, home)
		if !ok {
			return true
		}
		at := len(t.tollWays)
		t.tollWays = sm.chainWays(t.tollWays, m.nodes[p].location, m.nodes[v].location, l, f, -Infinity, Infinity, first)
		for i := at; i < len(t.tollWays); i++ {
			t.tollWays[i].fare += fare
		}
		return true
	})
	return t.tollWays
}

// restFare is what taking the breaks of a gap, or missing them, costs beside
// waiting. It says false where the frame has it otherwise.
func (t *timetable) restFare(sm *shiftModel, l layout, f *frame, home bool) (fare int64, ok bool) {
	for i := int(l.lo); i < int(l.hi); i++ {
		b := &sm.breaks[i]
		if has(l.skip, i) {
			if has(f.taken, i) {
				return 0, false
			}
			fare += b.MissCost * sm.missCost
			continue
		}
		if has(f.missed, i) {
			return 0, false
		}
		fare -= b.Length * t.rest
		if !b.Paid {
			fare -= b.Length * sm.workCost
		}
		if !home {
			fare -= b.Length * sm.waitCost
		}
	}
	return fare, true
}

// chainLabel is the least cost of a route up to a task as a function of its start,
// by how many breaks have been passed, how long it has travelled, and what is on board
// where that depends on the way.
type chainLabel struct {
	passed uint8
	level  int // index into levels
	travel int64
	costs  curve
}

// levelAt is the level of a stop that a way leads to from another level; not ok: it does
// not last so far.
func (t *timetable) levelAt(level int, r, p, v int32, way *chainWay) (at int, ok bool) {
	m := t.model
	if !m.overPlaces(r) {
		return 0, true
	}
	on := t.levels[level]
	if !m.driveFar(&on, r, m.wayOver(r, m.nodes[p].location, m.nodes[v].location, way.laid)) || int(v) < m.tasks && !m.stop(&on, v) {
		return 0, false
	}
	if at = slices.Index(t.levels, on); at < 0 {
		at = len(t.levels)
		t.levels = append(t.levels, on)
	}
	return at, true
}

// price is what a way costs beside what waiting at its ends does.
func (way *chainWay) price(sm *shiftModel) int64 {
	return way.time*(sm.timeCost-sm.waitCost) + way.fare
}

// bestChain finds the cheapest plan of a route in a frame. What it returns is what
// that costs when the rules that tie gaps together are left aside.
func (t *timetable) bestChain(r int32, f *frame) (int64, bool) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	breaks := uint8(len(sm.breaks))
	end := m.endOf(r)
	rate := sm.waitCost + sm.workCost
	fixed := sm.fixed
	if !sm.leaveLate && f.from > sm.start {
		return 0, false
	}
	start := curve{{sm.start, Infinity, -rate * sm.start, 0}}
	if sm.leaveLate {
		if f.from > sm.end {
			return 0, false
		}
		start = curve{{f.from, sm.end, -rate * f.from, -rate}}
	}
	all := [][]chainLabel{{{costs: start}}}
	t.plan.stops = t.plan.stops[:0]
	t.levels = append(t.levels[:0], m.stock.loaded(r))
	for p, v := m.startOf(r), s.nodes[m.startOf(r)].next; v != end; p, v = v, s.nodes[v].next {
		low, high := t.allowed(v)
		var here []chainLabel
		labels := all[len(all)-1]
		if way := m.wayBegun(v); way != nil { // there is one of them
			from, start := &labels[0], m.nodes[v].hard[0].From
			fare, _ := t.restFare(sm, way.laid, f, false)
			cost := from.costs[0].value + fare + way.price(sm) + sm.faresOf(way)
			level, _ := t.levelAt(from.level, r, p, v, way)
			here = []chainLabel{{way.laid.hi, level, from.travel + way.time, curve{{start, start, cost, 0}}}}
			labels = nil
		}
		for _, from := range labels {
			leaving := from.costs.falling().through(passage{lag: s.nodes[p].service, first: -Infinity, last: Infinity}).falling()
			for c := from.passed; c <= breaks; c++ {
				ways := t.chainTolls(r, p, v, from.passed, c, f)
				for i := range ways {
					way := &ways[i]
					travel := int64(0)
					if sm.longestTravel > 0 {
						if travel = from.travel + way.time; travel > sm.longestTravel {
							continue
						}
					}
					level, ok := t.levelAt(from.level, r, p, v, way)
					if !ok {
						continue
					}
					through := leaving.through(way.passage)
					through.raise(way.price(sm))
					at := -1
					for j := range here {
						if here[j].passed == c && here[j].travel == travel && here[j].level == level {
							at = j
						}
					}
					if at < 0 {
						at = len(here)
						here = append(here, chainLabel{c, level, travel, nil})
					}
					here[at].costs = least(here[at].costs, through)
				}
			}
		}
		kept := here[:0]
		for _, x := range here {
			if x.costs = x.costs.within(&m.nodes[v], low, high); len(x.costs) > 0 {
				kept = append(kept, x)
			}
		}
		if len(kept) == 0 {
			return 0, false
		}
		if sm.longestTravel > 0 {
			kept = undominated(kept)
		}
		if p != m.startOf(r) {
			fixed -= s.nodes[p].service * sm.waitCost
		}
		fixed += m.assign[int(v)*len(m.shifts)+int(r)]
		all = append(all, kept)
		t.plan.stops = append(t.plan.stops, v)
	}
	best, label, start0, home := t.lastInChain(r, all[len(all)-1], f)
	if best >= Infinity {
		return 0, false
	}
	t.traceChain(r, all, label, start0, home, f)
	return best + fixed, true
}

// mostLabels bounds the labels of a stop. Where there are more, those that have
// travelled most are forgotten, and the plan may not be the cheapest.
const mostLabels = 1000

// undominated leaves out the labels that have travelled no less than another one and
// cost no less wherever they start.
func undominated(labels []chainLabel) []chainLabel {
	slices.SortStableFunc(labels, func(a, b chainLabel) int { return cmp.Compare(a.travel, b.travel) })
	kept := labels[:0]
	for _, x := range labels {
		if len(kept) < mostLabels && !slices.ContainsFunc(kept, func(y chainLabel) bool {
			return y.passed == x.passed && y.level == x.level && y.costs.covers(x.costs)
		}) {
			kept = append(kept, x)
		}
	}
	return kept
}

// lastInChain finds the way home that costs least.
func (t *timetable) lastInChain(r int32, labels []chainLabel, f *frame) (best int64, label int, start int64, home chainWay) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	end := m.endOf(r)
	v := s.nodes[end].prev
	service := s.nodes[v].service
	best = Infinity
	for i := range labels {
		ways := t.chainTolls(r, v, end, labels[i].passed, uint8(len(sm.breaks)), f)
		for w := range ways {
			way := &ways[w]
			if way.first > f.until || sm.longestTravel > 0 && labels[i].travel+way.time > sm.longestTravel {
				continue
			}
			if _, ok := t.levelAt(labels[i].level, r, v, end, way); !ok {
				continue
			}
			price := way.time*sm.timeCost + way.fare
			last := min(way.last, f.until-way.lag) - service
			for _, p := range labels[i].costs {
				to := min(p.to, last)
				if p.from > to {
					continue
				}
				look := func(x int64) {
					x = max(p.from, min(to, x))
					done := max(x+service+way.lag, way.first)
					cost := p.at(x) + sm.waitCost*x + sm.workCost*done + sm.overtime(done) + price
					if cost < best || cost == best && x > start {
						best, label, start, home = cost, i, x, *way
					}
				}
				look(p.from)
				look(to)
				look(way.first - way.lag - service)
				for j := range sm.tiers {
					look(sm.tiers[j].After - way.lag - service)
				}
			}
		}
	}
	return best, label, start, home
}

// traceChain goes back along the labels and writes the plan down.
func (t *timetable) traceChain(r int32, all [][]chainLabel, label int, start int64, home chainWay, f *frame) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	stops := t.plan.stops
	t.plan.starts = append(t.plan.starts[:0], make([]int64, len(stops))...)
	t.plan.ways = append(t.plan.ways[:0], make([]chainWay, len(stops)+1)...)
	t.plan.ways[len(stops)] = home
	for i := len(stops) - 1; i >= 0; i-- {
		t.plan.starts[i] = start
		if way := m.wayBegun(stops[i]); way != nil {
			t.plan.starts[i], t.plan.ways[i], label = m.nodes[stops[i]].hard[0].From, *way, 0
			continue
		}
		to := &all[i+1][label]
		before, service := m.startOf(r), int64(0)
		if i > 0 {
			before = stops[i-1]
			service = s.nodes[before].service
		}
		best, fewer, when := Infinity, 0, int64(0)
		for j := range all[i] {
			from := &all[i][j]
			if from.passed > to.passed {
				continue
			}
			ways := t.chainTolls(r, before, stops[i], from.passed, to.passed, f)
			for w := range ways {
				way := &ways[w]
				if sm.longestTravel > 0 && from.travel+way.time != to.travel {
					continue
				}
				if level, ok := t.levelAt(from.level, r, before, stops[i], way); !ok || level != to.level {
					continue
				}
				value, at := from.costs.lowest(way.leave(start) - service)
				if value >= Infinity {
					continue
				}
				if value += way.price(sm); value < best {
					best, fewer, when = value, j, at
					t.plan.ways[i] = *way
				}
			}
		}
		label, start = fewer, when
	}
}

// possible tells whether the chained routes can go at the starts of the timetable.
func (t *timetable) possible() bool {
	for r := range t.model.shifts {
		if t.model.chained && t.model.shifts[r].chained && t.cost(int32(r)) >= impossible {
			return false
		}
	}
	return true
}

// repairChains makes chained routes possible that later left without breaks in
// time: their tasks start as early as they can.
func (t *timetable) repairChains() {
	s, m := t.state, t.model
	for r := range int32(len(m.shifts)) {
		if !m.shifts[r].chained || t.cost(r) < impossible {
			continue
		}
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			t.moved, t.route = t.moved[:0], t.route[:0]
			t.earlier(v, s.nodes[v].early)
			for _, r := range t.route {
				t.onto[r] = false
			}
		}
	}
	if t.possible() {
		return
	}
	for _, v := range t.placed() {
		t.start[v] = s.nodes[v].early
	}
}

// layChained lays the breaks of a route where the stops of a solution have them,
// and says false where some that must be taken are not.
func (t *timetable) layChained(r int32, route *Route) bool {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	if s.size[r] == 0 {
		s.vacateChain(m, r)
		return true
	}
	for _, stop := range route.Stops {
		if stop.isBreak() && (stop.Break < 0 || int(stop.Break) >= len(sm.breaks)) {
			return false
		}
	}
	at, l, stops := m.open(r), layout{}, route.Stops
	if m.openAt(r) > 0 {
		s.layBegun(m, r)
		l.lo = uint8(m.opensWith(r))
		l.hi = l.lo
		stops = stops[len(m.begun.routes[r].Stops):]
	}
	depart := func(from int) int64 { // of the leg that comes next
		for _, stop := range stops[from:] {
			if !stop.isBreak() || sm.breaks[stop.Break].Location != None {
				return stop.Depart
			}
		}
		return route.Return
	}
	miss := func(upto int32) bool {
		for ; int32(l.hi) < upto; l.hi++ {
			if sm.breaks[l.hi].MissCost == 0 {
				return false
			}
			l.skip |= 1 << l.hi
		}
		return true
	}
	there := false // the leg that comes next is over
	for i, stop := range stops {
		if !stop.isBreak() {
			s.nodes[at].lay(l)
			at, l, there = s.nodes[at].next, layout{lo: l.hi, hi: l.hi}, false
			continue
		}
		b := stop.Break
		if b < int32(l.hi) || !miss(b) {
			return false
		}
		there = sm.breaks[b].Location == None && (there || sm.breaks[b].AtNext || stop.End > depart(i+1))
		if there {
			l.after |= 1 << b
		}
		l.hi++
	}
	if m.openAt(r) > 0 { // a day that is under way need not have them all
		l = sm.withRest(l)
	} else if !miss(int32(len(sm.breaks))) {
		return false
	}
	s.nodes[at].lay(l)
	s.hangAll(m, r)
	return true
}

// isProper tells whether the breaks of a chained route lie properly, those aside that
// are frozen.
func (s *state) isProper(m *model, r int32) bool {
	for v := m.open(r); s.nodes[v].next != None; v = s.nodes[v].next {
		n := &s.nodes[v]
		if !m.shifts[r].proper(n.layout(), s.nodes[n.next].next == None) {
			return false
		}
	}
	return true
}

// settleChains computes the schedule of a timetable that has been laid, and makes
// its chained routes possible: as they were laid, or else with breaks elsewhere.
func (t *timetable) settleChains() bool {
	s, m := t.state, t.model
	proper := true
	var chained []int32
	for r := range int32(len(m.shifts)) {
		if !m.shifts[r].chained || s.size[r] == 0 {
			continue
		}
		chained = append(chained, r)
		proper = proper && s.isProper(m, r)
	}
	if !proper || !t.reschedule() {
		if _, ok := newRests(t.search).arrange(chained); !ok || !t.reschedule() {
			return false
		}
	}
	if t.possible() {
		return true
	}
	t.repair()
	for _, r := range chained {
		if t.cost(r) >= impossible {
			t.retimeChained(r)
		}
	}
	return t.possible() && t.reschedule()
}

// layChains lays the breaks of the chained routes, from one on, in any way that
// leaves all routes a schedule, which it computes.
func (f *rests) layChains(at int) bool {
	m := f.w.model
	if !m.chained {
		return f.w.reschedule()
	}
	for at < len(f.routes) && !m.shifts[f.routes[at]].chained {
		at++
	}
	if at == len(f.routes) {
		f.left--
		f.starts = f.starts[:0]
		for _, r := range f.routes {
			f.starts = append(f.starts, m.startOf(r))
		}
		return f.left >= 0 && f.w.anew(f.starts, nil)
	}
	r := f.routes[at]
	if f.laid(r) && f.layChains(at+1) {
		return true
	}
	return !f.eachLaying(r, func() bool { return f.left >= 0 && !f.layChains(at+1) }) && f.left >= 0
}

// eachByItself tells whether every chained route can be laid, other routes left aside: or
// all of these would be laid in all ways for one that cannot.
func (f *rests) eachByItself() bool {
	m := f.w.model
	for _, r := range f.routes {
		if m.chained && m.shifts[r].chained && !f.laid(r) {
			if f.eachLaying(r, func() bool { return false }) || f.left < 0 {
				return false
			}
		}
	}
	return true
}

// leastTravel is the travel through a gap, by the quickest period of each leg.
func (sm *shiftModel) leastTravel(from, to int32, l layout) int64 {
	var sum int64
	x := sm.hops(from, to, l)
	for _, st := range x.all() {
		if st.from != None {
			sum += sm.timed.course(st.from, st.to).least(-Infinity, false)
		}
	}
	return sum
}

// laid tells whether the breaks of a chained route lie properly as they are.
func (f *rests) laid(r int32) bool {
	s, m := f.w.state, f.w.model
	sm := &m.shifts[r]
	taken, travel := uint8(m.opensWith(r)), m.travelBegun(r)
	for v := m.open(r); s.nodes[v].next != None; v = s.nodes[v].next {
		n := &s.nodes[v]
		travel += sm.leastTravel(n.location, s.nodes[n.next].location, n.layout())
		if n.lo != taken || !sm.proper(n.layout(), s.nodes[n.next].next == None) {
			return false
		}
		taken = n.hi
	}
	s.hangAll(m, r)
	return int(taken) == len(sm.breaks) && (sm.longestTravel == 0 || travel <= sm.longestTravel) && !(m.overPlaces(r) && s.runsOut(m, r, None))
}

// eachLaying lays the breaks of a chained route, which has been swept, in all ways that
// its windows leave and the latest moments that breaks count from, and calls a function
// for each, until that says false.
func (f *rests) eachLaying(r int32, each func() bool) bool {
	s, m := f.w.state, f.w.model
	sm := &m.shifts[r]
	end, breaks := m.endOf(r), uint8(len(sm.breaks))
	states := len(sm.breaks) + 1
	var from func(v, i int32, taken uint8, clock, moment, travel int64, on *supply) bool
	from = func(v, i int32, taken uint8, clock, moment, travel int64, on *supply) bool {
		if f.steps--; f.steps < 0 {
			f.left = -1
			return false
		}
		n := &s.nodes[v]
		next := &s.nodes[n.next]
		last := n.next == end
		for upto := taken; upto <= breaks; upto++ {
			if last && upto < breaks {
				continue
			}
			by := f.behind[r][int(i+1)*states+int(upto)]
			if !sm.layouts(taken, upto, v == m.open(r), last, func(l layout) bool {
				var times [mostChained]int64
				reach, _ := sm.along(n.location, next.location, l, clock, &times)
				if !last {
					reach = f.first(n.next, reach)
				}
				if reach > by {
					return true
				}
				then, ok := sm.lastMoment(n.location, next.location, l, by, moment, &times)
				if !ok {
					return true
				}
				sum := travel + sm.leastTravel(n.location, next.location, l)
				if sm.longestTravel > 0 && sum > sm.longestTravel {
					return true
				}
				n.lay(l)
				after := on
				if on != nil {
					left := *on
					if after = &left; !s.goes(m, after, r, v) || !last && !m.stop(after, n.next) {
						return true
					}
				}
				if !last {
					return from(n.next, i+1, upto, reach+next.service, then, sum, after)
				}
				s.hangAll(m, r)
				return each()
			}) {
				return false
			}
		}
		return true
	}
	return from(m.open(r), m.openAt(r), uint8(m.opensWith(r)), m.opensFrom(r)+s.nodes[m.open(r)].service, m.momentBegun(r), m.travelBegun(r), s.leftBegun(m, r))
}

// lastMoment is the latest moment that a break behind a gap may count from, when the gap is
// gone through by a time and its own breaks count from a moment before it; they begin no
// sooner than noted. It says false where one of them comes too late for that.
func (sm *shiftModel) lastMoment(from, to int32, l layout, by, moment int64, times *[mostChained]int64) (int64, bool) {
	var c chainClock
	for i := range c.caps {
		c.caps[i] = Infinity
	}
	x := sm.hops(from, to, l)
	sm.backGap(&x, by, &c)
	for i := int(l.lo); i < int(l.hi); i++ {
		if has(l.skip, i) {
			continue
		}
		start := c.times[i]
		if most := sm.breaks[i].AfterWork; most > 0 {
			start = min(start, moment+most)
		}
		if start < times[i] {
			return 0, false
		}
		moment = start + sm.breaks[i].Length
	}
	return moment, true
}

// chainedRoute writes a chained route down.
func (t *timetable) chainedRoute(r int32) Route {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	x := t.choose(r)
	var route Route
	clock := x.begin
	left := false
	var legs [mostChained + 1]away
	v := m.startOf(r)
	for g := range x.ways {
		n := &s.nodes[v]
		way := &x.ways[g]
		sm.depart(x, g, &legs)
		depart := clock
		for i := range way.x.all() {
			st := &way.x.list[i]
			if st.from != None {
				depart, clock = legs[i].from, legs[i].to
				route.Return, route.Back = depart, clock
				if !left {
					left, route.Leave = true, depart
				}
			}
			if st.rest != None {
				at := x.times[st.rest]
				stop := Stop{Task: None, Break: st.rest, Arrive: clock, Start: at, End: at + sm.breaks[st.rest].Length}
				if sm.breaks[st.rest].Location != None {
					stop.Depart = depart
				}
				route.Stops = append(route.Stops, stop)
				clock = stop.End
			}
		}
		route.Travel, route.Distance = route.Travel+way.time, route.Distance+way.distance
		if v = n.next; s.nodes[v].next == None {
			break
		}
		start := t.start[v]
		stop := Stop{Task: m.taskOf[v], Mode: m.modeOf[v], Break: None, Depart: depart, Arrive: clock, Start: start, End: start + s.nodes[v].service}
		if m.refills(v) {
			stop.Task, stop.Refill = None, m.stock.kind[int(v)-m.asked]
		}
		route.Stops = append(route.Stops, stop)
		clock = start + s.nodes[v].service
	}
	return route
}
