package solver

import (
	"cmp"
	"context"
	"slices"
)

// Fit is a way to do an unserved task, and all that is tied to it all or
// nothing, beside the routes as they stand.
type Fit struct {
	Spots []Spot
	Cost  int64 // what doing them adds to the cost of the routes
}

// Spot is where one task of a Fit goes.
type Spot struct {
	Task  int32
	Shift int32
	After int32 // the task before it, or None at the start of the route
	Mode  int32 // of the task
}

// Insertable tells whether an unserved task, with its all-or-nothing partners,
// fits anywhere into the routes of a solution when the order of their tasks
// stays: starts may move, also those of linked tasks on other routes, and
// breaks may be taken anywhere that their windows and their order allow. Which
// comes first of two tasks that are apart and done stays too. Refills stay where
// they are, and where it takes one, one more may come in. All
// places are looked at, so false means that there is none (with more than eight
// partners that are apart: none beside them in the order of their starts; with more
// than 262 144 combinations of places for it and its partners: none among those;
// see ErrUndecided); of those that work,
// the one that adds least among the few most promising is returned. It says
// false for a task that is served, and for a solution that is not feasible
// itself. An Inserter answers many such questions about one solution.
func Insertable(p *Problem, s *Solution, task int32) (Fit, bool) {
	i, err := NewInserter(p, s)
	if err != nil {
		return Fit{}, false
	}
	fit, fits, _ := i.Insertable(context.Background(), task)
	return fit, fits
}

// lay puts the routes of a solution into an empty state with their starts and
// computes the schedule. It says false when they do not keep the rules.
func (t *timetable) lay(sol *Solution) bool {
	s, m := t.state, t.model
	if len(sol.Routes) != len(m.shifts) {
		return false
	}
	if m.begun != nil {
		s.copyFrom(bareState(m))
	}
	for r := range sol.Routes {
		at := m.startOf(int32(r))
		end := m.endOf(int32(r))
		taken := uint8(0)
		s.nodes[at].lo, s.nodes[at].hi = 0, 0
		for _, stop := range sol.Routes[r].Stops {
			if stop.isBreak() && m.shifts[r].chained {
				continue // see below
			}
			u := m.nodeIn(int32(r), stop)
			switch {
			case stop.isRefill():
				u = s.spareRefill(m, int32(r), stop.Refill)
			case stop.isBreak():
				if !t.layBreak(int32(r), at, taken, stop.Break) {
					return false
				}
				taken = uint8(stop.Break) + 1
				continue
			}
			if u == None || s.nodes[s.done(m, u)].route != None || !slices.Contains(m.eligible.of(u), int32(r)) {
				return false
			}
			s.nodes[at].next = u
			s.nodes[at].leg = m.leg(int32(r), at, u)
			s.nodes[u] = node{
				leg: m.leg(int32(r), u, end), location: m.nodes[u].location,
				service: m.nodes[u].serviceBy(m.shifts[r].class),
				prev:    at, next: end, route: int32(r), lo: taken, hi: taken,
			}
			s.nodes[end].prev = u
			s.size[r]++
			s.countIn(m, u, int32(r))
			for d := range m.dims {
				s.load[r*m.dims+d] += m.loads[int(u)*m.dims+d]
				if !m.pairs && s.load[r*m.dims+d] > m.shifts[r].capacity[d] {
					return false
				}
			}
			t.start[u] = stop.Start
			at = u
		}
		if s.tooFar(m, int32(r)) || s.disorder(m, int32(r)) || s.misplaced(m, int32(r)) || !t.withinMost([]int32{int32(r)}) || s.onlyRefills(m, int32(r)) {
			return false
		}
		if m.shifts[r].chained {
			if !t.layChained(int32(r), &sol.Routes[r]) {
				return false
			}
			continue
		}
		if due := m.shifts[r].hi; due > taken {
			if s.nodes[at].lo == s.nodes[at].hi {
				s.nodes[at].lo = max(taken, m.shifts[r].lo)
			}
			s.nodes[at].hi = due
		}
		if n := &s.nodes[at]; s.size[r] > 0 && atNext(m.shifts[r].breaks[n.lo:n.hi]) || t.tooLong(int32(r)) {
			return false
		}
	}
	for unit := range m.fault {
		done := 0
		members := m.units.of(int32(unit))
		for _, u := range members {
			if u = s.done(m, u); s.nodes[u].route != None {
				done++
				if !t.clauseAllows(u, s.nodes[u].route) {
					return false
				}
			}
		}
		if done == len(members) {
			s.takeIn(m, int32(unit))
		} else if done > 0 {
			return false
		}
	}
	s.faceBy(m, func(v int32) int64 { return t.start[v] })
	if m.chained {
		return t.settleChains()
	}
	return t.reschedule()
}

// layBreak puts a break into the gap behind a node, when the next one in line
// is taken. Those between the two are missed, where that is allowed.
func (t *timetable) layBreak(r, at int32, taken uint8, b int32) bool {
	n, breaks := &t.state.nodes[at], t.model.shifts[r].breaks
	if b < int32(taken) || int(b) >= len(breaks) {
		return false
	}
	for _, missed := range breaks[taken:b] {
		if missed.MissCost == 0 || n.lo != n.hi {
			return false
		}
	}
	if n.lo == n.hi {
		n.lo = uint8(b)
	}
	n.hi = uint8(b) + 1
	return true
}

// hold keeps every task that starts inside its preferred window there, so that
// the search starts from the cost of the solution that was laid.
func (t *timetable) hold() bool {
	for v := range t.model.tasks {
		n := &t.state.nodes[v]
		if n.route != None && slices.ContainsFunc(t.model.nodes[v].keen, func(w Window) bool {
			return w.From <= t.start[v] && t.start[v] <= w.To
		}) {
			n.keen = true
		}
	}
	return t.reschedule()
}

// fitting looks for places for units in a settled timetable.
type fitting struct {
	*timetable
	*rests
	saved     *state
	savedAt   []int64
	found     *state // the routes with the best fit in them
	foundAt   []int64
	unit      int32
	members   []int32
	trial     []place
	nodes     []int32 // of the members in the trial
	from      []int64 // by member in the trial: it starts between these two
	upto      []int64
	tight     []int32 // routes that do not work as they stand in the trial
	shortlist shortlist
	question  int          // counts them
	tries     int          // how often a member was tried at a place, for this unit
	places    [][]openList // by member, and by mode and shift that may do it
}

// mostCombined bounds how often a member is tried at a place for one unit: of units of
// five tasks and more, which may stand anywhere, there would be no end of it.
const mostCombined = 1 << 18

// When a search ends these bound that for all units together, and the branches for one
// way to put a unit in, and for all of them: then nobody has asked for an exact answer.
const (
	mostFillCombined = 4 * mostCombined
	fillBranches     = 1000
	mostFillBranches = 20000
)

// fittingWidth is how many of the most promising ways are priced exactly.
const fittingWidth = 12

func newFitting(t *timetable) *fitting {
	return &fitting{
		timetable: t, rests: newRests(t.search),
		saved: newState(t.model), savedAt: make([]int64, len(t.start)),
		found: newState(t.model), foundAt: make([]int64, len(t.start)),
	}
}

// fit finds a place for a unit and prices it; the timetable is left as it was.
// Ways are looked at in the order of what they seem to cost, a batch at a
// time, until enough of them have been priced or there are none left.
func (f *fitting) fit(ctx context.Context, unit int32) (Fit, bool) {
	f.tries = 0
	best, fits := f.fitMembers(ctx, unit, f.model.units.of(unit))
	if !fits && f.model.stock.used {
		return f.fitWithRefill(ctx, unit)
	}
	return best, fits
}

// fitMembers is fit for the tasks of a unit, and perhaps a refill.
func (f *fitting) fitMembers(ctx context.Context, unit int32, members []int32) (Fit, bool) {
	f.unit, f.members = unit, members
	f.from, f.upto = make([]int64, len(f.members)), make([]int64, len(f.members))
	best := Fit{Cost: Infinity}
	if links := f.apartFrom(f.members); len(links) > 0 {
		f.eachOrder(links, mostOrdered, func() bool {
			f.fitAsFaced(ctx, &best)
			return ctx.Err() == nil
		})
	} else {
		f.fitAsFaced(ctx, &best)
	}
	return best, best.Cost < Infinity
}

// fitAsFaced is fit where it is settled which of two tasks that are apart comes
// first. It improves on the best one so far.
func (f *fitting) fitAsFaced(ctx context.Context, best *Fit) {
	f.question++
	before, known := int64(0), false
	f.shortlist.begin()
	for priced := 0; priced < fittingWidth && ctx.Err() == nil; {
		f.sweepAll()
		for _, task := range f.members {
			for _, u := range f.model.ways(task) {
				f.openBounds(u)
			}
		}
		f.trial = f.trial[:0]
		f.extend(ctx, 0)
		if !known && len(f.shortlist.ways) > 0 {
			before, known = f.total(), true
		}
		for _, way := range f.shortlist.ways {
			if priced == fittingWidth || ctx.Err() != nil {
				break
			}
			f.saved.copyFrom(f.state)
			copy(f.savedAt, f.start)
			if f.apply(ctx, way.places) {
				priced++
				if added := f.total() - before + f.model.fault[f.unit]; added < best.Cost {
					*best = Fit{Cost: added, Spots: f.spots(way.places)}
					f.found.copyFrom(f.state)
					copy(f.foundAt, f.start)
				}
			}
			f.state.copyFrom(f.saved)
			copy(f.start, f.savedAt)
		}
		if f.tries > mostCombined || !f.shortlist.more() {
			break
		}
	}
}

func (f *fitting) spots(places []place) []Spot {
	var spots []Spot
	for i, at := range places {
		if f.model.refills(f.members[i]) {
			continue
		}
		spot := Spot{Task: f.members[i], Shift: at.route, After: None, Mode: f.model.modeOf[f.nodeAt(i, at)]}
		for at.pred != None && f.model.refills(at.pred) {
			at.pred = f.state.nodes[at.pred].prev
		}
		if int(at.pred) < f.model.tasks {
			spot.After = f.model.taskOf[at.pred]
		}
		spots = append(spots, spot)
	}
	return spots
}

// apply puts the unit in at the places, lays the breaks anew where they must
// move, and times the routes that this changes.
func (f *fitting) apply(ctx context.Context, places []place) bool {
	routes := make([]int32, 0, len(places))
	for i, at := range places {
		f.link(f.nodeAt(i, at), at.pred, at.route)
		routes = append(routes, at.route)
	}
	for _, r := range routes {
		if f.state.tooFar(f.model, r) || f.state.disorder(f.model, r) || f.state.misplaced(f.model, r) {
			return false
		}
	}
	routes, ok := f.arrange(routes)
	if !ok {
		return false
	}
	f.state.takeIn(f.model, f.unit)
	for i, at := range places {
		u := f.nodeAt(i, at)
		f.start[u] = Infinity
		if node := &f.model.nodes[u]; node.priced {
			f.start[u] = max(node.wish(node.hard[0].From).From, node.hard[0].From)
			if node.wasCost > 0 {
				f.start[u] = max(node.was.From, node.hard[0].From)
			}
		}
	}
	f.repair()
	f.settleTimes(ctx, routes)
	return f.possible()
}

// extend tries every place for the next member beside the earlier ones, and
// puts complete ways on the shortlist. A place counts as tight where the route
// does not work with it as it stands: another member may still make it work,
// by giving a break a place in the middle of a leg, or by a shorter way round.
func (f *fitting) extend(ctx context.Context, sum int64) {
	depth := len(f.trial)
	if depth == len(f.members) {
		if len(f.tight) == 0 {
			f.shortlist.offer(sum, f.trial)
		}
		return
	}
	left := len(f.members) - depth
	if len(f.tight) > left || f.tries > mostCombined || ctx.Err() != nil {
		return
	}
	before := 0
	for way, u := range f.model.ways(f.members[depth]) {
		f.extendBy(ctx, sum, u, uint16(way), before)
		before += len(f.model.eligible.of(u))
	}
}

// extendBy is extend for the next member in one of its modes; so many shifts may
// do it in the modes before.
func (f *fitting) extendBy(ctx context.Context, sum int64, u int32, way uint16, before int) {
	s, m := f.state, f.model
	depth := len(f.trial)
	left := len(f.members) - depth
	for i, r := range m.eligible.of(u) {
		if len(f.tight) == left && !slices.Contains(f.tight, r) || !m.onDuty(u, r) || !f.clauseAllows(u, r) || !f.carries(u, r) {
			continue
		}
		others := f.mayJoin(depth+1, u, r)
		if !others && !slices.ContainsFunc(f.trial, func(x place) bool { return x.route == r }) {
			for _, x := range f.openPlaces(depth, u, before+i, r) {
				if f.agrees(u, x.low, x.high) {
					f.place(ctx, sum, u, way, r, x, true, others)
				}
			}
			continue
		}
		shut := f.pinnedGaps(u, r, int32(left-1))
		for p, gap := m.startOf(r), 0; s.nodes[p].next != None; p, gap = s.nodes[p].next, gap+1 {
			if shut != nil && shut[gap] {
				continue
			}
			low, high, ok := f.between(u, r, p, gap)
			if !ok && !others || ok && !f.agrees(u, low, high) {
				continue
			}
			f.place(ctx, sum, u, way, r, open{p, low, high, f.estimate(u, r, p, low, high, ok)}, ok, others)
		}
	}
}

// open is a place in a route that works with one more task behind pred, which
// starts between low and high then.
type open struct {
	pred            int32
	low, high, cost int64
}

// openPlaces lists where a route has room for a member in the mode of u, when it
// is the i-th of a mode and a shift that may do it so. No other member is in the route, so that the list holds for
// all places of the others.
func (f *fitting) openPlaces(member int, u int32, i int, r int32) []open {
	for len(f.places) <= member {
		f.places = append(f.places, nil)
	}
	for len(f.places[member]) <= i {
		f.places[member] = append(f.places[member], openList{})
	}
	list := &f.places[member][i]
	if list.question == f.question {
		return list.places
	}
	list.question, list.places = f.question, list.places[:0]
	s, m := f.state, f.model
	shut := f.pinnedGaps(u, r, 0)
	for p, gap := m.startOf(r), 0; s.nodes[p].next != None; p, gap = s.nodes[p].next, gap+1 {
		if low, high, ok := f.between(u, r, p, gap); ok && (shut == nil || !shut[gap]) {
			list.places = append(list.places, open{p, low, high, f.estimate(u, r, p, low, high, true)})
		}
	}
	return list.places
}

// openList is what openPlaces has found, for one question.
type openList struct {
	question int
	places   []open
}

// place puts the next member, in the mode of u, at a place on trial, and goes on to the one after
// it. ok: the route works with it as it stands.
func (f *fitting) place(ctx context.Context, sum int64, u int32, way uint16, r int32, at open, ok, others bool) {
	if f.tries++; f.tries > mostCombined {
		return
	}
	depth := len(f.trial)
	f.trial = append(f.trial, place{cost: at.cost, pred: at.pred, route: r, way: way})
	f.nodes = append(f.nodes[:depth], u)
	defer func() { f.trial = f.trial[:depth] }()
	if depth+1 == len(f.members) {
		if ok && !slices.ContainsFunc(f.tight, func(x int32) bool { return x != r }) {
			f.shortlist.offer(sum+at.cost, f.trial)
		}
		return
	}
	tight := f.tight
	f.tight = slices.DeleteFunc(slices.Clone(tight), func(x int32) bool { return x == r })
	if !ok {
		f.tight = append(f.tight, r)
	}
	f.from[depth], f.upto[depth] = at.low, at.high
	if others {
		f.from[depth], f.upto[depth] = f.low[u], f.high[u]
	}
	f.link(u, at.pred, r)
	f.sweep(r)
	f.extend(ctx, sum+at.cost)
	f.unlink(u)
	f.sweep(r)
	f.tight = tight
}

// carries tells whether a route has room for the load of one more task.
func (f *fitting) carries(u, r int32) bool {
	m := f.model
	if m.pairs {
		return true // apply looks
	}
	for d := range m.dims {
		if f.state.load[int(r)*m.dims+d]+m.loads[int(u)*m.dims+d] > m.shifts[r].capacity[d] {
			return false
		}
	}
	return true
}

// mayJoin tells whether a member from the given one on may go into a route where
// u is.
func (f *fitting) mayJoin(from int, u, r int32) bool {
	for _, task := range f.members[from:] {
		for _, w := range f.model.ways(task) {
			if !f.model.mayDo[int(w)*len(f.model.shifts)+int(r)] {
				continue
			}
			apart := false
			for e := f.model.clause.first[w]; e < f.model.clause.first[w+1]; e++ {
				apart = apart || f.model.clause.item[e] == u && f.model.clauses[e] == DifferentShift
			}
			if !apart {
				return true
			}
		}
	}
	return false
}

// agrees tells whether the links between u and the members before it leave
// any start, when u starts between low and high.
func (f *fitting) agrees(u int32, low, high int64) bool {
	m := f.model
	for e := m.pull.first[u]; e < m.pull.first[u+1]; e++ {
		if i := slices.Index(f.nodes[:len(f.trial)], m.pull.item[e]); i >= 0 && f.from[i]+f.state.pullLag(m, e) > high {
			return false
		}
	}
	for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
		if i := slices.Index(f.nodes[:len(f.trial)], m.push.item[e]); i >= 0 && low+f.state.pushLag(m, e) > f.upto[i] {
			return false
		}
	}
	return true
}

// estimate is about what a task costs at a place.
func (f *fitting) estimate(u, r, p int32, low, high int64, ok bool) int64 {
	s, m := f.state, f.model
	sm, task := &m.shifts[r], &m.nodes[u]
	next := s.nodes[p].next
	in, on := m.leg(r, p, u), m.leg(r, u, next)
	travel := int64(in.time) + int64(on.time)
	distance := int64(in.distance) + int64(on.distance)
	cost := m.assign[int(u)*len(m.shifts)+int(r)] + f.greets(u, r)
	if s.size[r] == 0 {
		cost += sm.fixed
	} else {
		direct := m.leg(r, p, next)
		travel -= int64(direct.time)
		distance -= int64(direct.distance)
	}
	if ok && task.priced {
		cost += min(task.offWindow(max(low, min(high, task.wish(low).From))), task.offWindow(max(low, min(high, task.unchanged(low)))))
	}
	return cost + travel*sm.timeCost + (distance*sm.distanceRate)>>16 + (travel+task.serviceBy(sm.class))*sm.workCost
}

// fill puts in what fits and is cheaper done than left out, dearest first,
// until there is nothing of that kind, and tells whether anything went in.
func (f *fitting) fill(ctx context.Context) (any bool) {
	tries := 0
	for {
		units := slices.Clone(f.state.out)
		slices.SortFunc(units, func(a, b int32) int {
			return cmp.Or(cmp.Compare(f.model.fault[b], f.model.fault[a]), cmp.Compare(a, b))
		})
		filled := false
		for _, unit := range units {
			if ctx.Err() != nil {
				return false
			}
			if tries += f.tries; tries > mostFillCombined || f.pool <= 0 {
				return any || filled
			}
			if fit, ok := f.fit(ctx, unit); ok && fit.Cost < f.model.fault[unit] {
				f.state.copyFrom(f.found)
				copy(f.start, f.foundAt)
				filled = true
			}
		}
		if !filled {
			return any
		}
		any = true
	}
}
