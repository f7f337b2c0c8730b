package solver

import "context"

// The order of a route's tasks settled, what is left to decide is when each
// starts and where the breaks go. Retiming does both at once and exactly: it
// goes along the route with, for every number of breaks taken so far, the least
// cost as a function of the start of the task at hand. Waiting is what lies
// between the two ends of a route and is not something else, so it is paid for
// at the ends alone; from task to task the cost only falls by leaving later,
// and the function for the next task is the running minimum of the one before,
// moved by service, travel and rests. All functions are linear in pieces
// between whole numbers, so nothing is rounded.
//
// Tasks with links start where their partners on other routes allow it as they
// stand; polish moves such tasks together, step by step, and descend does so exactly
// for as long as the breaks stay where they are.

// retime sets the starts and the breaks of routes at least cost, and tells
// whether that made anything cheaper. Nil means all routes.
func (t *timetable) retime(ctx context.Context, routes []int32) bool {
	if routes == nil {
		for r := range t.model.shifts {
			routes = append(routes, int32(r))
		}
	}
	better := false
	t.coupled(nil)
	for _, r := range routes {
		if ctx.Err() != nil {
			break
		}
		better = t.retimeRoute(r) || better
		if t.isMostIdle(r) { // a break makes it less so, which no route is paid for
			t.rest = t.model.weight.idleMost
			better = t.retimeRoute(r) || better
			t.rest = 0
		}
	}
	if better && !t.reschedule() {
		panic("solver: retimed routes have no schedule")
	}
	return better
}

// isMostIdle tells whether a route that takes breaks, or misses them, sets the
// price of idle time.
func (t *timetable) isMostIdle(r int32) bool {
	m := t.model
	if m.weight.idleMost == 0 || m.shifts[r].allMissed == 0 {
		return false
	}
	for i := range t.facts {
		if t.facts[i].idle > t.facts[r].idle {
			return false
		}
	}
	return true
}

// retimeRoute leaves the schedule to be computed. Where the cheapest starts make
// a day too long, the end that costs least with what may come before it is
// looked for: exactly where a cost that rises on both sides of it leaves one.
func (t *timetable) retimeRoute(r int32) bool {
	if t.state.size[r] == 0 {
		return false
	}
	sm := &t.model.shifts[r]
	if sm.chained {
		return t.retimeChained(r)
	}
	before := t.cost(r) + t.coupling()
	best := before
	kept := t.planOf(r)
	look := func(from, until int64) int64 {
		p, ok := t.bestPlan(r, from, until)
		if !ok {
			return Infinity
		}
		t.carryOut(r, p)
		now := t.cost(r) + t.coupling()
		if now < best && !t.tooLong(r) {
			best, kept = now, p
		}
		return now
	}
	if now := look(sm.start, sm.end); now < best {
		low, high := sm.start, sm.end
		if end := &t.state.nodes[t.model.endOf(r)]; high-low > endsAtOnce {
			low, high = end.early, end.late
		}
		narrowDown(low, high, func(end int64) int64 { return look(max(sm.start, end-sm.longest), end) })
	}
	t.carryOut(r, kept)
	t.cost(r) // notes its facts
	return best < before
}

// endsAtOnce is how many ends of a day narrowDown looks at side by side.
const endsAtOnce = 64

// narrowDown looks for the least value of a function that falls and then
// rises.
func narrowDown(low, high int64, value func(at int64) int64) {
	for {
		step := (high-low)/endsAtOnce + 1
		least, at := Infinity, low
		for x := low; x <= high; x += step {
			if v := value(x); v < least {
				least, at = v, x
			}
		}
		if step == 1 {
			return
		}
		low, high = max(low, at-step), min(high, at+step)
	}
}

// plan is when the tasks of a route start, and where its breaks go.
type plan struct {
	stops  []int32
	starts []int64
	taken  [][2]uint8 // by gap
}

// planned is the node that a plan of a route begins behind. The last frozen stop
// is part of a plan.
func (t *timetable) planned(r int32) int32 {
	if v := t.model.open(r); int(v) < t.model.tasks {
		return t.state.nodes[v].prev
	}
	return t.model.startOf(r)
}

// planOf is the plan of a route as it stands, and carryOut puts one in its
// place.
func (t *timetable) planOf(r int32) plan {
	s, m := t.state, t.model
	first := &s.nodes[t.planned(r)]
	p := plan{taken: [][2]uint8{{first.lo, first.hi}}}
	for v := first.next; int(v) < m.tasks; v = s.nodes[v].next {
		p.stops = append(p.stops, v)
		p.starts = append(p.starts, t.start[v])
		p.taken = append(p.taken, [2]uint8{s.nodes[v].lo, s.nodes[v].hi})
	}
	return p
}

func (t *timetable) carryOut(r int32, p plan) {
	s := t.state
	v := t.planned(r)
	for i, x := range p.taken {
		if i > 0 {
			v = p.stops[i-1]
			t.start[v] = p.starts[i-1]
		}
		s.nodes[v].lo, s.nodes[v].hi = x[0], x[1]
	}
}

// bestPlan is the cheapest plan of a route that begins at a time or later and is
// over by another.
func (t *timetable) bestPlan(r int32, from, until int64) (plan, bool) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	breaks := sm.breaks
	states := len(breaks) + 1
	end := m.endOf(r)
	rate := sm.waitCost + sm.workCost
	curves := make([][]curve, 0, s.size[r])
	stops := make([]int32, 0, s.size[r])
	begin := t.planned(r)
	for p, v := begin, s.nodes[begin].next; v != end; p, v = v, s.nodes[v].next {
		low, high := t.allowed(v)
		here := make([]curve, states)
		if v == m.open(r) {
			here[m.opensWith(r)] = curve{{low, high, 0, 0}}.within(&m.nodes[v], low, high)
			curves, stops = append(curves, here), append(stops, v)
			continue
		}
		for c := range states {
			for b := 0; b <= c; b++ {
				if len(curves) == 0 && b > 0 || len(curves) > 0 && len(curves[len(curves)-1][b]) == 0 {
					continue
				}
				var leaving curve
				switch {
				case len(curves) > 0:
					leaving = curves[len(curves)-1][b].falling().through(passage{lag: s.nodes[p].service, first: -Infinity, last: Infinity})
				case sm.leaveLate:
					leaving = curve{{from, sm.end, -rate * from, -rate}}
				default:
					leaving = curve{{sm.start, Infinity, -rate * sm.start, 0}}
				}
				leaving = leaving.falling()
				for _, way := range t.tolls(r, p, v, b, c) {
					through := leaving.through(way.passage)
					through.raise(way.time*(sm.timeCost-sm.waitCost) + way.fare)
					here[c] = least(here[c], through)
				}
			}
			here[c] = here[c].within(&m.nodes[v], low, high)
		}
		curves = append(curves, here)
		stops = append(stops, v)
	}
	taken, start, home := t.lastStop(r, curves[len(curves)-1], until)
	if taken < 0 {
		return plan{}, false
	}
	return t.trace(r, from, stops, curves, taken, start, home), true
}

// allowed is when a task may start as far as its partners are concerned.
func (t *timetable) allowed(v int32) (low, high int64) {
	s, m := t.state, t.model
	low, high = -Infinity, Infinity
	for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
		switch o := m.pull.item[e]; s.nodes[o].route {
		case None:
		case s.nodes[v].route:
			return t.start[v], t.start[v]
		default:
			low = max(low, t.start[o]+s.pullLag(m, e))
		}
	}
	for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
		switch o := m.push.item[e]; s.nodes[o].route {
		case None:
		case s.nodes[v].route:
			return t.start[v], t.start[v]
		default:
			high = min(high, t.start[o]-s.pushLag(m, e))
		}
	}
	return low, high
}

// lastStop finds the breaks taken or missed before the last task, and its start,
// that cost least with the way back by a time; -1 when there is no way.
func (t *timetable) lastStop(r int32, curves []curve, until int64) (taken int, start int64, home toll) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	end := m.endOf(r)
	v := s.nodes[end].prev
	service := s.nodes[v].service
	best := Infinity
	taken = -1
	for b, c := range curves {
		for _, way := range t.tolls(r, v, end, b, len(sm.breaks)) {
			if way.first > until {
				continue
			}
			price := way.time*sm.timeCost + way.fare
			last := min(way.last, until-way.lag) - service
			for _, p := range c {
				to := min(p.to, last)
				if p.from > to {
					continue
				}
				look := func(x int64) {
					x = max(p.from, min(to, x))
					done := max(x+service+way.lag, way.first)
					cost := p.at(x) + sm.waitCost*x + sm.workCost*done + sm.overtime(done) + price
					if cost < best || cost == best && x > start {
						best, taken, start, home = cost, b, x, way
					}
				}
				look(p.from)
				look(to)
				look(way.first - way.lag - service)
				for i := range sm.tiers {
					look(sm.tiers[i].After - way.lag - service)
				}
			}
		}
	}
	return taken, start, home
}

// trace goes back along the curves from the last task, and writes down the
// plan that they have found.
func (t *timetable) trace(r int32, from int64, stops []int32, curves [][]curve, taken int, start int64, home toll) plan {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	p := plan{stops, make([]int64, len(stops)), make([][2]uint8, len(stops)+1)}
	p.taken[len(stops)] = [2]uint8{home.lo, home.hi}
	for i := len(stops) - 1; ; i-- {
		p.starts[i] = start
		if i == 0 && stops[0] == m.open(r) {
			n := &s.nodes[t.planned(r)]
			p.taken[0] = [2]uint8{n.lo, n.hi}
			return p
		}
		if i == 0 {
			way := t.firstWay(r, stops[0], taken, start, from)
			p.taken[0] = [2]uint8{way.lo, way.hi}
			return p
		}
		before := stops[i-1]
		service := s.nodes[before].service
		best, fewer, when := Infinity, 0, int64(0)
		for b := taken; b >= 0; b-- {
			for _, way := range t.tolls(r, before, stops[i], b, taken) {
				value, at := curves[i-1][b].lowest(way.leave(start) - service)
				if value >= Infinity {
					continue
				}
				if value += way.time*(sm.timeCost-sm.waitCost) + way.fare; value < best {
					best, fewer, when = value, b, at
					p.taken[i] = [2]uint8{way.lo, way.hi}
				}
			}
		}
		taken, start = fewer, when
	}
}

// firstWay is the cheapest way to the first task when it starts at a time and
// the route begins at another or later.
func (t *timetable) firstWay(r, v int32, taken int, start, from int64) toll {
	sm := &t.model.shifts[r]
	best, found := Infinity, toll{}
	for _, way := range t.tolls(r, t.model.startOf(r), v, 0, taken) {
		leave := way.leave(start)
		if leave < from {
			continue
		}
		cost := way.time*(sm.timeCost-sm.waitCost) + way.fare
		if sm.leaveLate {
			cost -= leave * (sm.waitCost + sm.workCost)
		}
		if cost < best {
			best, found = cost, way
		}
	}
	return found
}

// settleTimes alternates between polishing, which moves linked tasks together, and
// retiming, which is exact for one route but for what it covers, until neither
// gains; then it descends, which is exact for all starts with the breaks and windows
// as they are. What that gains may be worth other breaks, so it goes on until nothing
// gains any more. Without links and coverage there is nothing to polish, and without
// terms that couple routes retiming is all there is to do. Where it is about given
// routes, the others keep their starts but for what these drag along: it does not
// descend.
func (t *timetable) settleTimes(ctx context.Context, routes []int32) {
	if ctx.Err() != nil {
		return
	}
	polishes := t.tied(routes) || t.model.guarded != nil
	if !polishes && (!t.model.couples || routes != nil) {
		t.retime(ctx, routes)
		return
	}
	for range mostTimings {
		if polishes {
			t.polish(ctx, routes)
		}
		if ctx.Err() != nil || !t.retime(ctx, routes) && (routes != nil || !t.descend(ctx)) {
			return
		}
	}
}

// tied tells whether a task on one of the routes has a partner that is done.
func (t *timetable) tied(routes []int32) bool {
	if routes == nil {
		return len(t.model.push.item) > 0
	}
	s, m := t.state, t.model
	for _, r := range routes {
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			for _, l := range [2][]int32{m.push.of(v), m.pull.of(v)} {
				for _, o := range l {
					if s.nodes[o].route != None {
						return true
					}
				}
			}
		}
	}
	return false
}

// mostTimings is a bound that is not met: each round gains at least a unit,
// and two or three rounds are usual.
const mostTimings = 100
