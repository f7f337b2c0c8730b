package solver

// dueBy is until when a break of a chained route may begin, as far as the moment
// before that it is bound to is concerned.
func (w *search) dueBy(r int32, i int) int64 {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	most := sm.breaks[i].AfterWork
	if most == 0 {
		return Infinity
	}
	if j := s.before(sm, i); j >= 0 {
		return s.nodes[sm.rest+int32(j)].late + sm.breaks[j].Length + most
	}
	if !sm.leaveLate {
		return sm.start + most
	}
	return s.nodes[m.startOf(r)].late + most
}

// putChain puts the breaks of a chained route down, which has been lifted off
// them. Where missing one keeps another from being in time, all that fit are
// taken.
func (w *search) putChain(r int32) bool {
	sm := &w.model.shifts[r]
	if w.putRests(r, false) {
		return true
	}
	if sm.allMissed == 0 {
		return false
	}
	w.liftBreaks(r)
	w.solo[0] = w.model.startOf(r)
	return w.anew(w.solo[:], nil) && w.putRests(r, true)
}

// mostTries bounds how many places for one break are tried.
const mostTries = 6

// spot is a place for a break: the stop before it, and how the gap is laid then.
type spot struct {
	pred int32
	laid layout
}

func (w *search) putRests(r int32, all bool) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	at := m.open(r)
	for i := m.opensWith(r); i < len(sm.breaks); i++ {
		missed := sm.breaks[i].MissCost > 0 && !all
		var apart, whole int64
		if missed {
			apart, whole = w.appraise(r), w.appraiseAll(r)
		}
		var tried [mostTries]spot
		ok := false
		for n := 0; !ok && n < mostTries; n++ {
			best, found := w.spotFor(r, at, i, tried[:n])
			if !found {
				break
			}
			tried[n] = best
			old := s.nodes[best.pred].layout()
			mark := len(w.trail)
			ok = w.rest(r, i, best) && !(m.overPlaces(r) && s.runsOut(m, r, None))
			if !ok || missed && w.appraise(r) > apart && w.appraiseAll(r) >= whole {
				w.queue.clear()
				w.rewind(mark)
				s.nodes[sm.rest+int32(i)].route = None
				s.nodes[best.pred].lay(old)
				if ok { // it fits and does not pay
					ok = false
					break
				}
				continue
			}
			at = best.pred
			w.settle(mark)
		}
		if !ok {
			if sm.breaks[i].MissCost == 0 {
				return false
			}
			n := &s.nodes[at]
			n.hi++
			n.skip |= 1 << i
			s.hang(m, at)
		}
		for v := s.nodes[at].next; v != None; v = s.nodes[v].next { // whatever the next one is put behind
			s.nodes[v].lo, s.nodes[v].hi = uint8(i+1), uint8(i+1)
		}
		if !ok {
			continue
		}
		w.queue.add(s.nodes[at].next)
		if j := s.before(sm, i); j >= 0 {
			w.queue.add(sm.rest + int32(j))
		} else {
			w.queue.add(m.startOf(r))
		}
		if !w.pullBack() {
			return false
		}
	}
	w.touch(r)
	w.solo[0] = m.startOf(r)
	return w.anew(w.solo[:], nil)
}

// rest puts a break into a gap, and pushes the earliest starts on.
func (w *search) rest(r int32, i int, at spot) bool {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	s.nodes[at.pred].lay(at.laid)
	s.hang(m, at.pred)
	v := sm.rest + int32(i)
	s.nodes[v].early, s.nodes[v].late = sm.breaks[i].From, sm.breaks[i].To
	w.queue.add(v)
	return w.pushOn()
}

// spotFor finds the place for a break, from a stop on, where it delays what
// follows least, or sometimes any where it fits. Some have been tried.
func (w *search) spotFor(r, at int32, i int, tried []spot) (best spot, found bool) {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	due := min(sm.breaks[i].To, w.dueBy(r, i))
	delay := Infinity
	anywhere := w.random.Uint32()%4 == 0
	fits := uint32(0)
	var times [mostChained]int64
	for v := at; s.nodes[v].next != None; v = s.nodes[v].next {
		n := &s.nodes[v]
		next := &s.nodes[n.next]
		left := n.early + n.service
		if left > due {
			break
		}
		for side := range uint8(2) {
			l := layout{uint8(i), uint8(i + 1), 0, side << i}
			if v == at {
				l = layout{n.lo, uint8(i + 1), n.skip, n.after | side<<i}
			}
			x := spot{v, l}
			if !sm.proper(l, next.next == None) || contains(tried, x) {
				continue
			}
			reach, _ := sm.along(n.location, next.location, l, left, &times)
			if reach > next.late || times[i] > due {
				continue
			}
			fits++
			if anywhere {
				if w.random.Uint32()%fits == 0 {
					best, found = x, true
				}
			} else if d := max(0, reach-next.early) + (reach-left)/16; d < delay {
				best, found, delay = x, true, d
			}
		}
	}
	return best, found
}

func contains(list []spot, x spot) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// catchChain takes the breaks of a route that was empty before: it began without
// those that may be missed.
func (w *search) catchChain(r int32) bool {
	s := w.state
	if s.size[r] == 0 || w.last.size[r] > 0 || w.model.shifts[r].allMissed == 0 {
		return true
	}
	w.liftBreaks(r)
	w.solo[0] = w.model.startOf(r)
	return w.anew(w.solo[:], nil) && w.putChain(r)
}

// scanChained is scan for a chained route. What it tells of breaks that are bound
// to other moments is a bound; insert confirms it.
func (w *search) scanChained(u, r int32, low, high, base, limit int64) place {
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	w.chainPlaces(u, r, low, high, func(x place) {
		x.cost += base
		best.offer(x)
	})
	return w.found(&best)
}

// chainPlaces calls a function for the places of a task in a chained route. What it
// costs to do the task at all is left out.
func (w *search) chainPlaces(u, r int32, low, high int64, each func(place)) {
	s, m := w.state, w.model
	task := &m.nodes[u]
	low = max(low, task.hard[0].From)
	high = min(high, task.hard[len(task.hard)-1].To)
	for p, gap := m.startOf(r), 0; s.nodes[p].next != None; p, gap = s.nodes[p].next, gap+1 {
		if s.nodes[p].early+s.nodes[p].service > high {
			break
		}
		if !m.gated || !w.shut[gap] {
			w.chainGap(u, r, p, gap, low, high, each)
		}
	}
}

// chainGap does so for one gap: for each way to take its breaks before the task or
// behind it. Of a gap without a number it does not ask what is on board.
func (w *search) chainGap(u, r, p int32, gap int, low, high int64, each func(place)) {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	service := task.serviceBy(sm.class)
	empty := s.size[r] == 0
	idle, perTime := sm.waitCost+sm.workCost, sm.timeCost+sm.workCost
	var times [mostChained]int64
	n := &s.nodes[p]
	q := &s.nodes[n.next]
	left, last := n.early+n.service, q.next == None
	var direct arc
	waited := int64(0)
	if !empty {
		var reach int64
		if reach, direct = sm.along(n.location, q.location, n.layout(), left, nil); n.prev != None || !sm.leaveLate {
			waited = max(0, q.early-reach)
		}
	}
	var stocked *gaps
	if m.overPlaces(r) && gap != int(None) {
		stocked = w.gapsOf(r)
	}
	first := -1 // break of the gap
	due := Infinity
	for i := int(n.lo); i < int(n.hi) && first < 0; i++ {
		if !has(n.skip, i) {
			first, due = i, w.dueBy(r, i)
		}
	}
	for cut := n.lo; cut <= n.hi; cut++ {
		sm.sides(n.lo, cut, n.skip, false, func(in layout) bool {
			arrive, there := sm.along(n.location, task.location, in, left, &times)
			if arrive > high || first >= 0 && first < int(cut) && times[first] > due {
				return true
			}
			sm.sides(cut, n.hi, n.skip, last, func(on layout) bool {
				x := place{pred: p, route: r, cut: cut, after: in.after | on.after, keen: task.keen != nil}
				start, reach, back := Infinity, Infinity, arc{}
				for {
					windows := task.hard
					if x.keen {
						windows = task.keen
					}
					if start = firstStart(windows, max(arrive, low)); start <= high {
						reach, back = sm.along(task.location, q.location, on, start+service, &times)
					}
					if reach <= q.late || !x.keen {
						break
					}
					x.keen, reach = false, Infinity
				}
				if reach > q.late || first >= int(cut) && times[first] > due {
					return true
				}
				if stocked != nil && !w.suppliedOver(stocked, u, r, gap, m.wayOver(r, n.location, task.location, in), m.wayOver(r, task.location, q.location, on)) {
					w.unsupplied = true
					return true
				}
				travel := int64(there.time) + int64(back.time) - int64(direct.time)
				distance := int64(there.distance) + int64(back.distance) - int64(direct.distance)
				x.cost = travel*perTime + (distance*sm.distanceRate)>>16 - waited*idle
				if !x.keen || task.keenPriced {
					x.cost += task.offWindow(start)
				}
				if n.prev != None || !sm.leaveLate {
					x.cost += (start - arrive) * idle
				}
				if !last {
					x.cost += max(0, q.early-reach) * idle
				}
				each(x)
				return true
			})
			return true
		})
	}
}
