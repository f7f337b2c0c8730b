package solver

// cached is the best place of a task in a route at a version of that route.
type cached struct {
	place
	second place // the next best one, for when the best is passed over
}

// offer takes a place that is cheaper than the best or the second one.
func (c *cached) offer(x place) {
	if x.cost < c.place.cost {
		c.second, c.place = c.place, x
	} else if x.cost < c.second.cost {
		c.second = x
	}
}

// found leaves the second place with the search and returns the best one.
func (w *search) found(c *cached) place {
	w.second = c.second
	if c.pred == None {
		return nowhere
	}
	return c.place
}

// bar is what every look into the cache reads: the version of the route that
// the entry holds for, and the cost of its best place. Entries lie by task, so
// that one task's look at all routes walks through memory.
type bar struct {
	stamp uint64 // twice the version, and one more if there is a place
	cost  int64  // without a place: there is none for less
}

func (b *bar) holds(version uint64) bool { return b.stamp>>1 == version }
func (b *bar) found() bool               { return b.stamp&1 != 0 }

// gap is what a scan reads of two stops, p and q, that follow each other.
type gap struct {
	left     int64 // p is left then at the earliest
	early    int64 // of q
	waited   int64 // in the gap as it is
	direct   arc
	pred     int32 // p
	from, to int32 // rows of the locations of p and q in nearby
	lo, hi   uint8 // breaks
}

// gaps are the gaps of one route in their order, laid side by side. The stops
// themselves hang together by indices, and following those through memory
// would take most of the time of a search.
type gaps struct {
	version  uint64
	longest  int64   // wait in any of them
	late     []int64 // of q
	list     []gap
	dues     []due      // of q, where places are priced with the lateness that they cause
	plain    []plainGap // in place of late and list
	around   []around   // where work has a limit, or is all that costs
	joined   bool       // around tells all
	spare    int64      // travel that may be added
	duration int64      // where that is all that costs
	level    []int64    // gap*kinds+kind; see layStock
	need     []int64
}

// gapsOf lays out the gaps of a route, if that has not been done since it
// changed. A route with stops on trial has no version of its own: it is laid
// out every time.
func (w *search) gapsOf(r int32) *gaps {
	g := &w.gaps[r]
	if w.trial[r] > 0 {
		g = &w.trialGaps
	} else if g.version == w.state.version[r] {
		return g
	}
	w.layOut(g, r)
	return g
}

// layOut lays out the gaps of a route as it stands.
func (w *search) layOut(g *gaps, r int32) {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	g.version = s.version[r]
	if m.stock.used {
		w.layStock(g, r)
	}
	if sm.plain != nil {
		w.layPlain(g, r)
		if sm.longest > 0 {
			g.around, g.joined = w.stretches(r, g.around)
		}
		return
	}
	g.longest, g.late, g.list, g.dues = 0, g.late[:0], g.list[:0], g.dues[:0]
	first := m.startOf(r)
	empty := s.size[r] == 0
	idle := !empty && sm.waitCost+sm.workCost > 0
	np := &s.nodes[first]
	for p := first; np.next != None; {
		nq := &s.nodes[np.next]
		x := gap{
			left: np.early + np.service, early: nq.early, pred: p,
			from: w.near.number[np.location], to: w.near.number[nq.location], lo: np.lo, hi: np.hi,
		}
		if !empty {
			x.direct = np.leg
			if sm.timed != nil {
				x.direct = sm.timed.course(np.location, nq.location).at(x.left)
			}
		}
		if idle && (p != first || !sm.leaveLate) {
			x.waited = max(0, nq.early-sm.onward(np, nq, x.left))
		}
		g.longest = max(g.longest, x.waited)
		g.late = append(g.late, nq.late)
		g.list = append(g.list, x)
		if m.soft && nq.next != None {
			g.dues = append(g.dues, m.dueOf(sm, nq, np.next))
		}
		p, np = np.next, nq
	}
	if sm.longest > 0 || sm.paid {
		g.around, g.joined = w.stretches(r, g.around)
	}
	if g.duration = 0; g.joined && sm.paid && !empty {
		whole, _ := g.around[0].before.join(int64(g.list[0].direct.time), g.around[0].behind)
		g.duration = whole.duration
	}
	if g.spare = Infinity; sm.longestTravel > 0 {
		g.spare = sm.longestTravel - s.travelled(m, r)
	}
}

// onTrial notes, or forgets, that a route and those that the pushes since mark
// went to differ from what their versions stand for.
func (w *search) onTrial(r int32, mark int, on bool) {
	by := int32(1)
	if !on {
		by = -1
	}
	w.trial[r] += by
	for _, moved := range w.trail[mark:] {
		w.trial[w.state.nodes[moved.node].route] += by
	}
}

// scan finds the cheapest place of task u in a route with its start between low
// and high that costs less than limit, beside a new refill where it takes one.
func (w *search) scan(u, r int32, low, high, limit int64) place {
	w.unsupplied = false
	found := w.scanGaps(u, r, low, high, limit)
	if w.unsupplied && w.model.stock.first[r] < w.model.stock.first[r+1] {
		return w.scanWithRefill(u, r, low, high, limit, found)
	}
	return found
}

// scanGaps finds the cheapest place without one, by two comparisons a position: it fits between p and q when it
// can start in its windows after p, and q can still start by its late. That
// is exact unless a link leads from q back to p by way of other routes, so
// insert confirms it. Only places cheaper than limit are looked for.
func (w *search) scanGaps(u, r int32, low, high, limit int64) place {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	w.second = nowhere
	if !w.carries(u, r) {
		return nowhere
	}
	service := task.serviceBy(sm.class)
	base := service * sm.workCost
	if m.assigned {
		base += m.assign[int(u)*len(m.shifts)+int(r)]
	}
	empty := s.size[r] == 0
	if empty {
		base += sm.fixed
	}
	idle := sm.waitCost + sm.workCost
	if sm.paid && w.joined(u, r) {
		return w.scanDuration(u, r, w.gapsOf(r), base-service*sm.workCost, limit)
	}
	if m.gated {
		w.gate(u, r)
	}
	if sm.plain != nil {
		return w.scanPlain(u, r, low, high, base, limit)
	}
	if sm.chained {
		return w.scanChained(u, r, low, high, base, limit)
	}
	route := w.gapsOf(r)
	if base-route.longest*idle >= limit {
		return nowhere // legs cost nothing at best, where the triangle inequality holds
	}
	if sm.timed != nil {
		return w.scanByPeriod(u, r, low, high, base, limit)
	}
	low = max(low, task.hard[0].From)
	high = min(high, task.hard[len(task.hard)-1].To)
	legs := w.near.legs[r][w.near.number[task.location]*w.near.width:][:w.near.width]
	perTime := sm.timeCost + sm.workCost
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	need := low + service
	at, last := 0, len(route.list)-1
	for at <= last && route.late[at] < need {
		at++
	}
	for ; at <= last; at++ {
		g := &route.list[at]
		if g.left > high {
			break
		}
		late := route.late[at]
		in, on := legs[g.from].in, legs[g.to].on
		if late < need || in.time == NoWay || on.time == NoWay || m.gated && w.shut[at] {
			continue
		}
		travel := int64(in.time) + int64(on.time) - int64(g.direct.time)
		distance := int64(in.distance) + int64(on.distance) - int64(g.direct.distance)
		cost := base + travel*perTime + (distance*sm.distanceRate)>>16 - g.waited*idle
		if cost >= best.second.cost || travel > route.spare {
			continue
		}
		first := g.lo
		if empty {
			first = sm.cut // breaks that wait for a next stop have only this one
		}
		for cut := first; ; cut++ {
			arrive := ahead(g.left, in.time, sm.breaks[g.lo:cut])
			ready := max(arrive, low)
			windows := task.keen
			keen := windows != nil
			for {
				if !keen {
					windows = task.hard
				}
				start := firstStart(windows, ready)
				reach := Infinity
				if start <= high {
					reach = ahead(start+service, on.time, sm.breaks[cut:g.hi])
				}
				if reach > late {
					if keen {
						keen = false
						continue
					}
					break
				}
				c := cost
				if !keen || task.keenPriced {
					c += task.offWindow(start)
				}
				if idle > 0 {
					if at > 0 || !sm.leaveLate {
						c += (start - arrive) * idle
					}
					if at < last {
						c += max(0, g.early-reach) * idle
					}
				}
				if sm.tiers != nil && c < best.second.cost {
					c += w.overrun(route, sm, at, reach)
				}
				var peak int64
				if m.soft && c < best.second.cost {
					var partners, behind int64
					partners, peak = w.towed(u, start, task.lateness(start))
					behind, peak = w.delayed(route, sm, at, reach, peak, best.second.cost-c-partners)
					c += partners + behind
				}
				if c < best.second.cost && sm.longest > 0 && !w.short(route, sm, at, cut, windows, service, low, in.time, on.time) {
					if keen {
						keen = false
						continue
					}
					break
				}
				if c < best.second.cost {
					best.offer(place{cost: c, pred: g.pred, route: r, cut: cut, keen: keen, peak: saturate(peak)})
				}
				if keen && m.soft {
					keen = false // it need not wait for the next window
					continue
				}
				break
			}
			if cut == g.hi {
				break
			}
		}
	}
	return w.found(&best)
}

// carries tells whether a route has room for a task on board.
func (w *search) carries(u, r int32) bool {
	s, m := w.state, w.model
	if m.paired(u) {
		return true // that is a matter of the gap
	}
	for d := range m.dims {
		if s.load[int(r)*m.dims+d]+m.loads[int(u)*m.dims+d] > m.capacity[int(r)*m.dims+d] {
			return false
		}
	}
	return true
}

// ahead is advance with the common case of no break in line.
func ahead(t int64, travel int32, breaks []Break) int64 {
	if len(breaks) == 0 {
		return t + int64(travel)
	}
	return advance(t, travel, breaks)
}

// cheapest is the cost of the best place of an untied task in the route at
// place e of open.item, if that is less than limit; else it is some cost that
// is not. The place is in the cache. What was found stays there until the
// route changes, also that there was nothing for less.
func (w *search) cheapest(u, e int32, limit int64) int64 {
	b := &w.bar[e]
	r := w.open.item[e]
	version := w.state.version[r]
	if b.holds(version) && (b.cost >= limit || b.found()) {
		return b.cost
	}
	found := w.scan(u, r, -Infinity, Infinity, limit)
	b.stamp, b.cost = 2*version, limit
	if ablated(partCache) {
		w.looked = append(w.looked, e)
	}
	if found.pred != None {
		c := &w.cache[e]
		c.place, c.second = found, w.second
		b.stamp, b.cost = b.stamp+1, found.cost
	}
	return b.cost
}

// commonStops is the room that a route's gaps have from the start; a longer
// route gets more when it first grows so long.
const commonStops = 40

func makeGaps(m *model) []gaps {
	all := make([]gaps, len(m.shifts))
	for r := range all {
		all[r] = m.makeGap(int32(r))
	}
	return all
}

// makeGap is room for the gaps of a route.
func (m *model) makeGap(r int32) gaps {
	var g gaps
	sm := &m.shifts[r]
	if sm.plain != nil {
		g.plain = make([]plainGap, 0, commonStops)
	} else {
		g.list, g.late = make([]gap, 0, commonStops), make([]int64, 0, commonStops)
		if m.soft {
			g.dues = make([]due, 0, commonStops)
		}
	}
	if sm.longest > 0 || sm.paid {
		g.around = make([]around, 0, commonStops)
	}
	if m.stock.used {
		g.level = make([]int64, 0, commonStops*m.stock.kinds)
		g.need = make([]int64, 0, commonStops*m.stock.kinds)
	}
	return g
}
