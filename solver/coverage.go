package solver

import "slices"

// Coverage is about where shifts are while they do something else. A route has
// spans of time in which it covers a point, and what is missing is known from the
// spans of all routes: the shifts that cover it are counted along its window.
//
// Spans are noted whenever a route is timed. There are no more of them than stops,
// so each lies at the stop where it begins, and a route's spans hang together from
// its end on. They are as many numbers for each stop, which lie and are copied like
// those of the schedule; to price a point means to sort the spans of all routes.

// guarded is a Coverage in the search.
type guarded struct {
	from, to int64
	need     int
	cost     int64  // weighted
	within   []bool // profile*locations+location: the point is within reach
	guards   []bool // by shift: it has the skills
}

// covered is a time in which a route covers a point.
type covered struct {
	from, to int64
	next     int32 // node of the next span of the route, or None
}

// away is when a shift travels from a stop to the next.
type away struct{ from, to int64 }

// guard is the spans of all routes. The zero value is that of a problem without
// coverage.
type guard struct {
	spans        []covered // coverage*nodes+node; at the end of a route: next is the first one
	away         []away    // by node: its leg to the next; scratch
	begins, ends []int64   // scratch
}

func newGuard(m *model) guard {
	if len(m.guarded) == 0 {
		return guard{}
	}
	n := len(m.nodes)
	g := guard{
		spans: make([]covered, len(m.guarded)*n), away: make([]away, n),
		begins: make([]int64, 0, n), ends: make([]int64, 0, n),
	}
	for i := range g.spans {
		g.spans[i].next = None
	}
	return g
}

func (g *guard) copyFrom(other *guard) { copy(g.spans, other.spans) }

// catchUp copies what lies at a node.
func (g *guard) catchUp(other *guard, v int32) {
	for at := int(v); at < len(g.spans); at += len(g.away) {
		g.spans[at] = other.spans[at]
	}
}

// compileCoverage reads what Problem.Coverage asks for, where it costs anything.
func (m *model) compileCoverage() {
	p := m.problem
	if m.weight.coverage == 0 {
		return
	}
	for _, c := range p.Coverage {
		if c.Cost == 0 || c.Shifts == 0 || c.From == c.To {
			continue
		}
		x := guarded{from: c.From, to: c.To, need: c.Shifts, cost: c.Cost * m.weight.coverage}
		for i := range p.Profiles {
			periods := distinct(p.Profiles[i].Periods)
			n := periods[0].N
			for at := range n {
				way := leastArc(periods, at*n+int(c.Location)).time
				x.within = append(x.within, way != NoWay && int64(way) <= c.Reach)
			}
		}
		for r := range p.Shifts {
			x.guards = append(x.guards, c.Skills.Within(p.Shifts[r].Skills))
		}
		m.guarded = append(m.guarded, x)
	}
}

// goes notes the leg behind a stop: the stop is left at a time, with breaks before
// the travel or after it. late: it is as late as the start of the next stop, until,
// lets it be.
func (g *guard) goes(p int32, left, until int64, travel int32, breaks []Break, late bool) {
	if len(breaks) > 0 {
		before := breaksBefore(left, travel, breaks)
		if left = restOn(left, breaks[:before]); late && before == len(breaks) {
			left = until - int64(travel)
		}
	}
	g.away[p] = away{left, left + int64(travel)}
}

// crosses does the same where travel depends on the hour.
func (g *guard) crosses(p int32, x crossing) {
	if g.away != nil {
		g.away[p] = away{x.depart, x.depart + int64(x.time)}
	}
}

// crossesChained does so for a gap of a chained shift, hop by hop: a break at a location
// is a stop, with the leg that leads on from it.
func (g *guard) crossesChained(sm *shiftModel, p int32, x *hops, legs *[mostChained + 1]away) {
	for i, st := range x.all() {
		if st.from != None {
			g.away[p] = legs[i]
		}
		if st.rest != None && sm.breaks[st.rest].Location != None {
			p = sm.rest + st.rest
		}
	}
}

// recall notes the legs that are frozen as they were.
func (g *guard) recall(m *model, r int32) {
	if m.begun == nil {
		return
	}
	at, sm := m.startOf(r), &m.shifts[r]
	for i, stop := range m.begun.routes[r].Stops {
		u := m.begun.nodes[r][i]
		if stop.isBreak() {
			if sm.breaks[stop.Break].Location == None {
				continue
			}
			u = sm.rest + stop.Break
		}
		way := m.leg(r, at, u)
		if c := sm.timed; c != nil {
			x := c.course(m.nodes[at].location, m.nodes[u].location)
			way = x.arc(x.period(stop.Depart))
		}
		g.away[at] = away{stop.Depart, stop.Depart + int64(way.time)}
		at = u
	}
}

// lay finds the spans of a route from its legs.
func (g *guard) lay(m *model, nodes []node, r int32) {
	if len(m.guarded) == 0 {
		return
	}
	g.recall(m, r)
	first, end := m.startOf(r), m.endOf(r)
	sm := &m.shifts[r]
	for c := range m.guarded {
		x := &m.guarded[c]
		spans := g.spans[c*len(nodes):][:len(nodes)]
		last := end // the node of the span before
		spans[end].next = None
		if !x.guards[r] || nodes[first].next == end {
			continue
		}
		within := x.within[int(sm.profile)*int(sm.locations):][:sm.locations]
		open := None // the node of the span that has begun
		closes := func(t int64) {
			spans[open].to = t
			spans[last].next, last, open = open, open, None
		}
		goes := func(v, next int32) {
			leg := &g.away[v]
			if v == first && within[nodes[v].location] {
				open, spans[v].from = v, leg.from
			}
			switch ahead := within[nodes[next].location]; {
			case open != None && !ahead:
				closes(leg.from)
			case open != None && next == end:
				closes(leg.to)
			case open == None && ahead && next != end:
				open, spans[next].from = next, leg.to
			}
		}
		for v := first; v != end; v = nodes[v].next {
			at, l := v, nodes[v].layout()
			for i := l.lo; sm.located && i < l.hi; i++ {
				if sm.breaks[i].Location != None && !has(l.skip, int(i)) {
					goes(at, sm.rest+int32(i))
					at = sm.rest + int32(i)
				}
			}
			goes(at, nodes[v].next)
		}
		spans[last].next = None
	}
}

// leave notes that a route is not used.
func (g *guard) leave(m *model, r int32) {
	for at := int(m.endOf(r)); at < len(g.spans); at += len(m.nodes) {
		g.spans[at].next = None
	}
}

// keep appends the spans of a route to a list, for putting them back.
func (g *guard) keep(m *model, r int32, list []kept) []kept {
	n := int32(len(m.nodes))
	for c := range int32(len(m.guarded)) {
		for v := m.endOf(r); v != None; v = g.spans[c*n+v].next {
			list = append(list, kept{g.spans[c*n+v], c*n + v})
		}
	}
	return list
}

// comes tells whether a route covers any point at any time. That is a matter of
// its stops, not of their starts.
func (g *guard) comes(m *model, r int32) bool {
	for at := int(m.endOf(r)); at < len(g.spans); at += len(m.nodes) {
		if g.spans[at].next != None {
			return true
		}
	}
	return false
}

// cost is what all that is missing costs.
func (g *guard) cost(m *model) int64 {
	var sum int64
	for c := range m.guarded {
		sum += g.missing(m, c) * m.guarded[c].cost
	}
	return sum
}

// coupling is what couples the routes of a state, at its starts.
func (s *state) coupling(m *model) int64 {
	if !m.couples {
		return 0
	}
	return m.coupled(s.facts, s.own) + s.guard.cost(m)
}

// missing is the time over which shifts are missing at a point, each by itself.
func (g *guard) missing(m *model, c int) int64 {
	x := &m.guarded[c]
	spans := g.spans[c*len(m.nodes):][:len(m.nodes)]
	g.begins, g.ends = g.begins[:0], g.ends[:0]
	for r := range int32(len(m.shifts)) {
		for v := spans[m.endOf(r)].next; v != None; v = spans[v].next {
			if from, to := max(spans[v].from, x.from), min(spans[v].to, x.to); from < to {
				g.begins, g.ends = append(g.begins, from), append(g.ends, to)
			}
		}
	}
	slices.Sort(g.begins)
	slices.Sort(g.ends)
	var sum int64
	here, begun := 0, 0
	at := x.from
	for over := 0; at < x.to; {
		next := x.to
		if begun < len(g.begins) {
			next = min(next, g.begins[begun])
		}
		if over < len(g.ends) {
			next = min(next, g.ends[over])
		}
		sum += (next - at) * int64(max(0, x.need-here))
		at = next
		for ; begun < len(g.begins) && g.begins[begun] == at; begun++ {
			here++
		}
		for ; over < len(g.ends) && g.ends[over] == at; over++ {
			here--
		}
	}
	return sum
}
