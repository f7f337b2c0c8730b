package solver

import "slices"

// Sizes of a ruin, as in Christiaens and Vanden Berghe (2020): how many tasks
// it takes out on average, and the longest string of one route.
const (
	meanRemoved   = 10
	longestString = 10
)

// Many tasks whose routes have windows, breaks and wishes gain most by many small
// changes: there is time for a few hundred iterations a task at best, and an
// iteration takes as long as what it takes out (docs/design/0015). While something is out
// that could go in, ruins are large: it needs room.
const (
	manyTasks         = 150 // more than so many
	meanRemovedMany   = 3
	longestStringMany = 3
	meanRemovedSoft   = 5 // where routes are coupled, and a place is tried before it is priced
	longestStringSoft = 5
)

// ruinSize is what ruins of this problem take out on average, and the longest string.
func (m *model) ruinSize() (mean float64, longest int) {
	switch {
	case m.asked <= manyTasks || m.easy:
		return meanRemoved, longestString
	case m.soft:
		return meanRemovedSoft, longestStringSoft
	}
	return meanRemovedMany, longestStringMany
}

// ruin takes out strings of stops that lie near each other on different
// routes (Christiaens and Vanden Berghe 2020, section 5.2). Deviations: a task
// takes those that are tied to it all or nothing with it, near means near in
// place and time, and the breaks of the ruined routes are put down anew. It
// says false when what is left has no schedule, which only happens where the
// matrix breaks the triangle inequality.
func (w *search) ruin() bool {
	s, m := w.state, w.model
	w.gone = w.gone[:0]
	w.hit = w.hit[:0]
	w.wanted = None
	served, used := 0, 0
	for _, r := range w.mineRoutes {
		if s.size[r] > 0 {
			used++
			served += int(s.size[r])
		}
	}
	if served == 0 {
		return true
	}
	mean, most := m.ruinSize()
	if w.leavesOut() {
		mean, most = meanRemoved, longestString
	}
	strings, longest := w.drawStrings(mean, most, served/used)
	seed := w.seed()
	if seed == None {
		return true
	}
	if w.wanted != None { // each member needs room in a route of its own
		strings = max(strings, len(m.units.of(w.wanted))+w.random.IntN(3))
	}
	w.ruinAround(seed, longest, &strings)
	for _, other := range m.near.of(w.drawWay(seed)) {
		if strings <= 0 {
			break
		}
		w.ruinAround(other, longest, &strings)
	}
	ok := w.takeOut()
	for _, r := range w.hit {
		w.isHit[r] = false
	}
	return ok
}

// leavesOut tells whether something is out that this search may put in.
func (w *search) leavesOut() bool {
	return slices.ContainsFunc(w.state.out, func(unit int32) bool { return w.mine == nil || w.mine[unit] })
}

// drawStrings draws how many strings a ruin takes out, and says how long they may
// be, from how many tasks it takes out on average and those of an average route.
func (w *search) drawStrings(mean float64, longest, average int) (strings, length int) {
	length = min(longest, max(1, average))
	most := 4*mean/float64(1+length) - 1
	return int(1 + w.random.Float64()*max(most, 0)), length
}

// seed draws a task: mostly one that is done, sometimes one that is not, so
// that the routes around it make room.
func (w *search) seed() int32 {
	if out := w.state.out; len(out) > 0 && (w.random.Uint32()%4 == 0 || w.closing && w.random.Uint32()%2 == 0) {
		if unit := out[w.random.IntN(len(out))]; w.mine == nil || w.mine[unit] {
			members := w.model.units.of(unit)
			u := w.drawWay(members[w.random.IntN(len(members))])
			if w.amid(u) {
				w.wanted = unit
				return u
			}
		}
	}
	for range 50 {
		u := w.state.done(w.model, int32(w.random.IntN(w.model.asked)))
		if r := w.state.nodes[u].route; r != None && w.active[r] {
			return u
		}
	}
	return None
}

// ruinAround takes a string around c out of its route, if that is not ruined
// already.
func (w *search) ruinAround(c int32, longest int, strings *int) {
	s := w.state
	r := s.nodes[c].route
	if r == None || !w.active[r] || w.isHit[r] {
		return
	}
	w.isHit[r] = true
	w.hit = append(w.hit, r)
	*strings--
	before := 0 // stops of the route before c
	for v := s.nodes[c].prev; int(v) < w.model.tasks; v = s.nodes[v].prev {
		before++
	}
	back, span, skip, kept := w.drawString(int(s.size[r]), before, longest)
	v := c
	for range back {
		v = s.nodes[v].prev
	}
	for i := range span {
		next := s.nodes[v].next
		if i < skip || i >= skip+kept {
			w.drop(v)
		}
		v = next
	}
}

// drawString draws which stops of a route, of so many, go with the one that has
// so many before it: from the stop so many back on, all of a span but those
// that are kept in its middle, after the first so many.
func (w *search) drawString(size, before, longest int) (back, span, skip, kept int) {
	length := 1 + w.random.IntN(min(longest, size))
	if length > 1 && w.random.Uint32()&1 == 0 { // a split string steps over some
		for length+kept < size && (kept == 0 || w.random.Uint32()%100 == 0) {
			kept++
		}
	}
	span = length + kept
	least, most := max(0, before+span-size), min(span-1, before)
	back = least + w.random.IntN(most-least+1)
	if kept > 0 {
		skip = 1 + w.random.IntN(length-1)
	}
	return back, span, skip, kept
}

// drop lists a task and its unit to be taken out.
func (w *search) drop(u int32) {
	unit := w.model.unitOf[u]
	if unit == None { // a refill goes when nothing needs it
		return
	}
	if w.state.outAt[unit] != None || !w.free[unit] {
		return
	}
	w.state.leaveOut(w.model, unit)
	for _, member := range w.model.units.of(unit) {
		w.gone = append(w.gone, w.state.done(w.model, member))
	}
}

// takeOut unlinks what ruin listed, and recomputes the schedule. The breaks of
// the routes that it hits are lifted and put down again.
func (w *search) takeOut() bool {
	s, m := w.state, w.model
	w.from, w.upto = w.from[:0], w.upto[:0]
	for _, u := range w.gone {
		n := &s.nodes[u]
		r := n.route
		if !w.isHit[r] {
			w.isHit[r] = true
			w.hit = append(w.hit, r)
		}
		w.from = append(w.from, n.next)
		w.upto = append(w.upto, n.prev)
		w.touch(r)
		if m.alone {
			s.nodes[n.prev].leg.time = unknown
			w.detach(u)
		} else {
			w.unlink(u)
		}
	}
	for _, u := range w.gone {
		for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
			w.from = append(w.from, m.push.item[e])
		}
		for e := m.pull.first[u]; e < m.pull.first[u+1]; e++ {
			w.upto = append(w.upto, m.pull.item[e])
		}
	}
	for _, r := range w.hit {
		w.dropRefills(r)
		switch {
		case s.size[r] == 0:
			s.vacate(m, r)
			first := m.startOf(r)
			s.nodes[first].leg = w.leg(r, first, s.nodes[first].next)
		case len(m.shifts[r].breaks) > 0:
			w.liftBreaks(r)
		}
	}
	if m.alone {
		for _, r := range w.hit {
			if s.size[r] > 0 && !w.walk(r) {
				return false
			}
		}
	} else if !w.loosen(w.from, w.upto) {
		return false
	}
	for _, r := range w.hit {
		if !w.moveRefills(r) {
			return false
		}
		if s.tooFar(m, r) || s.lacks(m, r) || s.size[r] > 0 && len(m.shifts[r].breaks) > 0 && !w.putBreaks(r) {
			return false
		}
	}
	return true
}

// liftBreaks takes the breaks out of a route; putBreaks must follow.
func (w *search) liftBreaks(r int32) {
	s, m := w.state, w.model
	none := m.noBreaks(r)
	for v := m.open(r); v != None; v = s.nodes[v].next {
		n := &s.nodes[v]
		if n.lo != n.hi {
			w.from = append(w.from, n.next)
			w.upto = append(w.upto, v)
		}
		n.lay(none)
	}
	if m.shifts[r].chained {
		s.hangAll(m, r)
	}
	w.touch(r)
}

// putBreaks puts the breaks of a route down, one after the other, each into
// the gap where it delays what follows least, or sometimes into any gap where
// it fits. One that may be missed is missed where that is cheaper.
func (w *search) putBreaks(r int32) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	if sm.chained {
		return w.putChain(r)
	}
	at := m.open(r)
	for i := m.opensWith(r); i < len(sm.breaks); i++ {
		best, delay := None, Infinity
		anywhere := w.random.Uint32()%4 == 0
		fits := uint32(0)
		for v := at; s.nodes[v].next != None; v = s.nodes[v].next {
			n := &s.nodes[v]
			next := &s.nodes[n.next]
			left := n.early + n.service
			if left > sm.breaks[i].To {
				break
			}
			lo := uint8(i)
			if v == at && n.lo < n.hi {
				lo = n.lo
			}
			if sm.breaks[i].AtNext && next.next == None {
				break
			}
			reach := sm.advance(n.location, next.location, n.leg.time, left, sm.breaks[lo:i+1])
			if reach > next.late {
				continue
			}
			fits++
			if anywhere {
				if w.random.Uint32()%fits == 0 {
					best = v
				}
			} else if d := max(0, reach-next.early) + (reach-left)/16; d < delay {
				best, delay = v, d
			}
		}
		mayMiss := sm.breaks[i].MissCost > 0
		if best == None {
			if !mayMiss {
				return false
			}
			w.missBreak(at, i)
			continue
		}
		var missed, whole int64
		if mayMiss {
			missed = w.appraise(r)
			whole = w.appraiseAll(r)
		}
		n := &s.nodes[best]
		lo, hi := n.lo, n.hi
		if n.lo == n.hi {
			n.lo = uint8(i)
		}
		n.hi = uint8(i + 1)
		next := &s.nodes[n.next]
		mark := len(w.trail)
		ok := w.raise(n.next, sm.onward(n, next, n.early+n.service)) && w.pushOn()
		if !ok || mayMiss && w.appraise(r) > missed && w.appraiseAll(r) >= whole {
			w.queue.clear()
			w.rewind(mark)
			if !mayMiss {
				return false
			}
			n.lo, n.hi = lo, hi
			s.priced[r] = 0 // its facts and spans are those of the trial
			w.missBreak(at, i)
			continue
		}
		at = best
		// Later breaks start from the right index wherever they land.
		for v := s.nodes[at].next; v != None; v = s.nodes[v].next {
			s.nodes[v].lo, s.nodes[v].hi = uint8(i+1), uint8(i+1)
		}
		w.settle(mark)
		if !w.lower(at, sm.backward(n, next, next.late)-n.service) || !w.pullBack() {
			w.queue.clear()
			return false
		}
		w.touch(r)
	}
	return true
}

// missBreak leaves a break out of all gaps from one on.
func (w *search) missBreak(at int32, i int) {
	changed := false
	for v := at; v != None; v = w.state.nodes[v].next {
		if n := &w.state.nodes[v]; n.lo == n.hi && int(n.lo) <= i {
			n.lo, n.hi = uint8(i+1), uint8(i+1)
			changed = true
		}
	}
	if changed {
		w.touch(w.state.nodes[at].route) // places that are known count breaks from elsewhere
	}
}

// catchBreaks puts breaks that are missed on changed routes down where that
// pays now. A shift that was not used began without them.
func (w *search) catchBreaks() bool {
	s, m := w.state, w.model
	if m.exact {
		s.reprice(m)
	}
	for _, r := range w.mineRoutes {
		sm := &m.shifts[r]
		if sm.chained {
			if !w.catchChain(r) {
				return false
			}
			continue
		}
		if sm.lo < sm.hi || len(sm.breaks) == 0 || s.size[r] == 0 || s.version[r] == w.last.version[r] {
			continue
		}
		taken := false
		for v := m.startOf(r); v != None; v = s.nodes[v].next {
			taken = taken || s.nodes[v].lo < s.nodes[v].hi
		}
		if !taken && !w.putBreaks(r) {
			return false
		}
	}
	return true
}
