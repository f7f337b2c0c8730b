package solver

import (
	"context"
	"math"
	"slices"
)

// A task that lacks only stock is put in together with a new refill: the refill
// is tried in every gap of the route, before the task's place and behind it, and
// for each the task is looked for a place as usual. Which refills a route has
// follows from its tasks. So a ruin takes out those that nothing needs any more,
// and now and then looks for a better place for one that is needed.

// farthestRefill bounds how many stops lie between a task and the refill that is
// put in with it.
const farthestRefill = 120

// scanWithRefill finds the cheapest place of a task beside one more refill, if
// that costs less than what has been found without.
func (w *search) scanWithRefill(u, r int32, low, high, limit int64, found place) place {
	s, m := w.state, w.model
	best := cached{found, w.second}
	if found.pred == None {
		best.place.cost = limit
	}
	best.second.cost = min(best.second.cost, limit)
	kind := None
	for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
		of := m.stock.kind[int(f)-m.asked]
		if of == kind || s.nodes[f].route != None || !m.mayDo[int(f)*len(m.shifts)+int(r)] {
			continue
		}
		kind = of
		if w.joined(u, r) && w.joined(f, r) && w.trial[r] == 0 {
			w.scanJoined(&best, u, f, r)
			continue
		}
		for p := m.open(r); s.nodes[p].next != None; p = s.nodes[p].next {
			mark, kept, freed := len(w.trail), w.lag, w.freed
			cost, ok := w.tryRefill(f, p, r, best.second.cost)
			if !ok {
				continue
			}
			w.onTrial(r, mark, true)
			x := w.scanGaps(u, r, low, high, best.second.cost-cost)
			if x.pred != None && w.standBack(&x, f, p) {
				x.cost, x.with = x.cost+cost, uint8(kind)+1
				best.offer(x)
			}
			w.onTrial(r, mark, false)
			w.rewind(mark)
			w.unlink(f)
			w.lag, w.freed = kept, freed
		}
	}
	return w.found(&best)
}

// scanJoined is that where stretches tell all: the route is laid out once with the
// refill in each gap, for all tasks that look for a place in it.
func (w *search) scanJoined(best *cached, u, f, r int32) {
	m, route := w.model, w.gapsOf(r)
	kind := m.stock.kind[int(f)-m.asked]
	base, fixed := w.durationBase(u, r)
	refill, _ := w.durationBase(f, r)
	for at := range route.list {
		cost, ok := w.detour(f, r, route, at, refill+fixed)
		if !ok || cost >= best.second.cost {
			continue
		}
		p := route.list[at].pred
		x := w.scanDuration(u, r, w.filledGaps(f, p, r, int32(at)), base, best.second.cost-cost)
		if x.pred == None {
			continue
		}
		// The refill stands behind gap at of the route, and at+1 of the layout begins with it.
		switch spot := int(x.back); {
		case spot == math.MaxInt16: // nobody knows where
			continue
		case spot > at: // behind the refill or later
			x.back = int16(min(spot-at-1, farthestRefill))
			if spot == at+1 {
				x.pred = p
			}
		default:
			x.back = int16(max(spot-at-1, -farthestRefill))
		}
		if x.back == farthestRefill || x.back == -farthestRefill {
			continue
		}
		x.cost, x.with = x.cost+cost, uint8(kind)+1
		best.offer(x)
	}
}

// filled is a route laid out with a refill in one of its gaps.
type filled struct {
	gaps
	kind, at int32
}

// mostFilled bounds how many of these are kept, a power of two.
const mostFilled = 512

// filledGaps lays out a route with a refill behind p, the stop before a gap, if
// that has not been done yet.
func (w *search) filledGaps(f, p, r, at int32) *gaps {
	m, version := w.model, w.state.version[r]
	kind := m.stock.kind[int(f)-m.asked]
	if w.filled == nil {
		w.filled = make([]filled, mostFilled)
	}
	x := &w.filled[(int(r)*59+int(at)*5+int(kind))%mostFilled]
	if x.version == version && x.kind == kind && x.at == at {
		return &x.gaps
	}
	if x.list == nil {
		x.gaps = m.makeGap(r)
	}
	x.kind, x.at = kind, at
	freed := w.freed
	w.link(f, place{pred: p, route: r})
	w.layOut(&x.gaps, r)
	w.unlink(f)
	w.freed = freed
	return &x.gaps
}

// tryRefill puts a refill behind p on trial and says what that costs, as far as
// can be told; not ok: it does not fit there, or costs too much.
func (w *search) tryRefill(f, p, r int32, limit int64) (cost int64, ok bool) {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	in, on := w.leg(r, p, f), w.leg(r, f, s.nodes[p].next)
	if in.time == NoWay || on.time == NoWay {
		return 0, false
	}
	travel := int64(in.time) + int64(on.time)
	distance := int64(in.distance) + int64(on.distance)
	cost = m.assign[int(f)*len(m.shifts)+int(r)] + m.nodes[f].service*sm.workCost
	empty := s.size[r] == 0
	if empty {
		cost += sm.fixed
	} else {
		direct := s.nodes[p].leg
		travel -= int64(direct.time)
		distance -= int64(direct.distance)
	}
	cost += travel*(sm.timeCost+sm.workCost) + (distance*sm.distanceRate)>>16
	if cost >= limit && !m.exact {
		return 0, false
	}
	at, ok := w.refillPlace(f, p, r)
	return cost, ok && w.insert(f, at)
}

// refillPlace is the place of a refill behind a stop, with the breaks of that gap before
// it or behind it.
func (w *search) refillPlace(f, p, r int32) (at place, ok bool) {
	at = place{pred: p, route: r}
	if !w.model.shifts[r].chained {
		at.cut, ok = w.refillCut(f, p, r)
		return at, ok
	}
	hard, best := w.model.nodes[f].hard, Infinity
	w.chainGap(f, r, p, int(None), hard[0].From, hard[len(hard)-1].To, func(x place) {
		if x.cost < best {
			best, at = x.cost, x
		}
	})
	return at, best < Infinity
}

// joined tells whether stretches of a route tell all about a task in it.
func (w *search) joined(u, r int32) bool {
	task := &w.model.nodes[u]
	return w.model.shifts[r].paid && len(task.hard) == 1 && !task.priced && !w.model.soft && w.gapsOf(r).joined
}

// refillCut finds which breaks of the gap behind p are taken before a refill there.
func (w *search) refillCut(f, p, r int32) (uint8, bool) {
	s, m := w.state, w.model
	sm, n := &m.shifts[r], &s.nodes[p]
	next := &s.nodes[n.next]
	in, on := w.leg(r, p, f), w.leg(r, f, n.next)
	first := n.lo
	if s.size[r] == 0 {
		first = sm.cut
	}
	here := m.nodes[f].location
	best, soonest := n.lo, Infinity
	for cut := int(first); cut <= int(n.hi); cut++ {
		if next.next == None && atNext(sm.breaks[cut:n.hi]) && s.size[r] > 0 {
			continue
		}
		arrive := sm.advance(n.location, here, in.time, n.early+n.service, sm.breaks[n.lo:cut])
		start := firstStart(m.nodes[f].hard, arrive)
		if start >= Infinity {
			continue
		}
		if reach := sm.advance(here, next.location, on.time, start+m.nodes[f].service, sm.breaks[cut:n.hi]); reach < soonest {
			best, soonest = uint8(cut), reach
		}
	}
	return best, soonest <= next.late
}

// standBack writes down where a refill, behind p, stands from a task's place in
// the route that has the refill. It says false when that is too far away.
func (w *search) standBack(x *place, f, p int32) bool {
	s := w.state
	if x.pred == f { // the refill, and right behind it the task
		x.pred, x.back = p, 0
		return true
	}
	back := 0
	for v := x.pred; v != f && v != None; v = s.nodes[v].prev {
		back++
		if s.nodes[v].prev == f {
			x.back = int16(min(back, farthestRefill))
			return back < farthestRefill
		}
	}
	back = 0 // the task, and behind it the refill
	for v := x.pred; s.nodes[v].next != f; v = s.nodes[v].next {
		back++
	}
	x.back = int16(-min(back, farthestRefill) - 1)
	return back < farthestRefill
}

// refillBehind is the stop behind which the refill of a place goes.
func (s *state) refillBehind(at place) int32 {
	v := at.pred
	for range max(0, at.back) {
		v = s.nodes[v].prev
	}
	for range max(0, -at.back-1) {
		v = s.nodes[v].next
	}
	return v
}

// insertBoth puts a task in with the refill that its place asks for, which it
// returns, or None. When that cannot be, nothing has changed.
func (w *search) insertBoth(u int32, at place) (refill int32, ok bool) {
	if at.with == 0 {
		return None, w.insert(u, at)
	}
	f, p := w.state.spareRefill(w.model, at.route, int32(at.with)-1), w.state.refillBehind(at)
	if f == None {
		return None, false
	}
	spot, ok := w.refillPlace(f, p, at.route)
	mark := len(w.trail)
	if !ok || !w.insert(f, spot) {
		return None, false
	}
	if w.insert(u, w.beside(at, f)) {
		return f, true
	}
	w.rewind(mark)
	w.unlink(f)
	return None, false
}

// beside is the place of a task when its refill is in.
func (w *search) beside(at place, f int32) place {
	if at.back == 0 {
		at.pred = f
	}
	n := &w.state.nodes[at.pred]
	at.cut = max(n.lo, min(n.hi, at.cut))
	at.after &= (1<<n.hi - 1) >> n.lo << n.lo
	at.with = 0
	return at
}

// putInWithRefill is putIn for a place with a refill.
func (w *search) putInWithRefill(u int32, at place) bool {
	s, m := w.state, w.model
	if !m.alone || m.shifts[at.route].longest > 0 {
		f, ok := w.insertBoth(u, at)
		if ok {
			w.two = [2]int32{u, f}
			w.broken = !w.commit(w.two[:])
		}
		return ok
	}
	f, p := s.spareRefill(m, at.route, int32(at.with)-1), s.refillBehind(at)
	if f == None {
		return false
	}
	cut, ok := w.refillCut(f, p, at.route)
	if !ok || !w.insertAlone(f, place{pred: p, route: at.route, cut: cut}) {
		return false
	}
	if !w.broken && w.insertAlone(u, w.beside(at, f)) {
		return true
	}
	w.broken = true
	return true
}

// dropRefills takes those refills out of a ruined route that nothing needs.
func (w *search) dropRefills(r int32) {
	s, m := w.state, w.model
	for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
		if s.nodes[f].route == None || m.frozen(f) || s.size[r] > 1 && s.runsOut(m, r, f) {
			continue
		}
		w.takeRefill(f)
	}
}

// tidyRefills takes what refills nothing needs out of a route, puts its breaks down
// anew, of which some may have waited for a refill, and computes the schedule. It says
// false when there is none.
func (w *search) tidyRefills(r int32) bool {
	s, m := w.state, w.model
	w.from, w.upto = w.from[:0], w.upto[:0]
	before := s.size[r]
	if w.dropRefills(r); s.size[r] == before {
		return true
	}
	rests := s.size[r] > 0 && len(m.shifts[r].breaks) > 0
	switch {
	case s.size[r] == 0:
		s.vacate(m, r)
		s.nodes[m.startOf(r)].leg = w.leg(r, m.startOf(r), m.endOf(r))
	case rests:
		w.liftBreaks(r)
	}
	if m.alone {
		return s.size[r] == 0 || w.walk(r) && (!rests || w.putBreaks(r))
	}
	return w.loosen(w.from, w.upto) && (!rests || w.putBreaks(r))
}

// takeRefill takes a refill out of its route; the schedule is for the caller.
func (w *search) takeRefill(f int32) {
	n := &w.state.nodes[f]
	w.from = append(w.from, n.next)
	w.upto = append(w.upto, n.prev)
	w.touch(n.route)
	if w.model.alone {
		w.state.nodes[n.prev].leg.time = unknown
		w.detach(f)
	} else {
		w.unlink(f)
	}
}

// moveRate: one refill in so many of a ruined route is put where that is best.
const moveRate = 2

// moveRefills looks for better places for refills of a ruined route. It says
// false where the schedule broke.
func (w *search) moveRefills(r int32) bool {
	s, m := w.state, w.model
	for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
		if s.nodes[f].route == None || m.frozen(f) || w.random.Uint32()%moveRate > 0 {
			continue
		}
		w.from, w.upto = w.from[:0], w.upto[:0]
		w.takeRefill(f)
		if m.alone {
			if !w.walk(r) {
				return false
			}
		} else if !w.loosen(w.from, w.upto) {
			return false
		}
		at := w.scanGaps(f, r, -Infinity, Infinity, Infinity)
		if at.pred == None || !w.putIn(f, at) || w.broken {
			return false
		}
	}
	return true
}

// compilePaid finds the shifts whose routes cost nothing but their duration,
// travel and who does what.
func (m *model) compilePaid() {
	m.paid = len(m.shifts) > 0
	for r := range m.shifts {
		sm := &m.shifts[r]
		sm.paid = m.alone && !m.pairs && m.position == nil && m.begun == nil && sm.workCost > 0 && sm.waitCost == 0 && sm.leaveLate && sm.tiers == nil && sm.timed == nil &&
			len(sm.breaks) == 0 && sm.longest == 0
		m.paid = m.paid && sm.paid
	}
}

// durationBase is what a task costs in a route besides travel and work, and what
// a route without tasks costs more.
func (w *search) durationBase(u, r int32) (base, fixed int64) {
	m := w.model
	if m.assigned {
		base = m.assign[int(u)*len(m.shifts)+int(r)]
	}
	if w.state.size[r] == 0 {
		fixed = m.shifts[r].fixed
	}
	return base, fixed
}

// detour is what a task costs in a gap of a route that costs what it takes at
// least: stretches before and behind the gap tell by how much it takes longer, and
// whether it is in time, wherever its tasks start meanwhile.
func (w *search) detour(u, r int32, route *gaps, at int, base int64) (cost int64, ok bool) {
	m := w.model
	sm, task, g := &m.shifts[r], &m.nodes[u], &route.list[at]
	row := w.near.number[task.location] * w.near.width
	in, on := w.near.legs[r][row+g.from].in, w.near.legs[r][row+g.to].on
	if in.time == NoWay || on.time == NoWay {
		return 0, false
	}
	travel := int64(in.time) + int64(on.time) - int64(g.direct.time)
	distance := int64(in.distance) + int64(on.distance) - int64(g.direct.distance)
	if travel > route.spare {
		return 0, false
	}
	self := stretch{task.serviceBy(sm.class), task.hard[0].From, task.hard[0].To}
	lasts := route.around[at].least(self, int64(in.time), int64(on.time))
	if lasts == Infinity {
		return 0, false
	}
	return base + travel*sm.timeCost + (distance*sm.distanceRate)>>16 + (lasts-route.duration)*sm.workCost, true
}

// scanDuration finds the cheapest place of a task in a route, as it is laid out,
// that costs what it takes at least. Back is the number of the gap.
func (w *search) scanDuration(u, r int32, route *gaps, base, limit int64) place {
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	stocked := w.needsStock(u, r)
	for at := range route.list {
		cost, ok := w.detour(u, r, route, at, base)
		if !ok || cost >= best.second.cost {
			continue
		}
		if stocked && !w.supplied(route, u, r, at) {
			w.unsupplied = true
			continue
		}
		best.offer(place{cost: cost, pred: route.list[at].pred, route: r, back: int16(min(at, math.MaxInt16))})
	}
	return w.found(&best)
}

// fitWithRefill is fit with one more refill on one of the routes.
func (f *fitting) fitWithRefill(ctx context.Context, unit int32) (Fit, bool) {
	m := f.model
	best := Fit{Cost: Infinity}
	var found *state
	var foundAt []int64
	members := m.units.of(unit)
	for r := range int32(len(m.shifts)) {
		kind := None
		for x := m.stock.first[r]; x < m.stock.first[r+1]; x++ {
			of := m.stock.kind[int(x)-m.asked]
			if of == kind || f.state.nodes[x].route != None || !m.mayDo[int(x)*len(m.shifts)+int(r)] {
				continue
			}
			kind = of
			fit, fits := f.fitMembers(ctx, unit, append(slices.Clone(members), x))
			if fits && fit.Cost < best.Cost {
				best, found, foundAt = fit, f.found.clone(m), slices.Clone(f.foundAt)
			}
		}
	}
	if found != nil {
		f.found.copyFrom(found)
		copy(f.foundAt, foundAt)
	}
	return best, found != nil
}
