package solver

// Where all routes are plain and no link ties them, the cheapest way to put a
// pair into a route is found by trying each gap for the pickup, and for each the
// gaps from there on for the delivery, and is remembered until the route changes.

// pairPlace is the cheapest way to put a pair into a route at a version of it.
type pairPlace struct {
	version  uint64
	cost     int64 // Infinity: there is none
	pickup   int32 // node that the pickup follows
	delivery int32 // node that the delivery follows, the pickup itself included
}

// compileQuickPairs tells whether pairs can be placed that way: what one picks up
// it sets down, and each is by itself.
func (m *model) compileQuickPairs() {
	if !m.pairs || m.several || m.stock.used || len(m.stock.kind) > 0 || m.position != nil || m.begun != nil || !m.alone || m.tallied || m.couples || m.soft || m.assigned || len(m.clause.item) > 0 {
		return
	}
	for r := range m.shifts {
		if sm := &m.shifts[r]; sm.plain == nil || sm.longest > 0 {
			return
		}
	}
	for u := range int32(m.tasks) {
		unit := m.units.of(m.unitOf[u])
		if !m.paired(u) || len(unit) != 2 {
			return
		}
		mate := unit[0] + unit[1] - u
		for d := range m.dims {
			if m.loads[int(u)*m.dims+d]+m.loads[int(mate)*m.dims+d] != 0 {
				return
			}
		}
	}
	m.quickPairs = true
}

// placePair puts a pair where that costs least, if it costs less than leaving it
// out. Now and then the best place of a route is passed over (a blink).
func (w *search) placePair(unit int32, members []int32) {
	s, m := w.state, w.model
	pickup, delivery := members[0], members[1]
	if m.delivers(pickup) {
		pickup, delivery = delivery, pickup
	}
	w.near.fetch(w, pickup)
	w.near.fetch(w, delivery)
	best, route := pairPlace{cost: w.worth(unit)}, None
	stale := w.isStale[unit]
	shifts := len(m.shifts)
	w.look++
	for e := w.open.first[pickup]; e < w.open.first[pickup+1]; e++ {
		r := w.open.item[e]
		if stale && !w.isChanged[r] || w.seenTwin(r) || !m.mayDo[int(delivery)*shifts+int(r)] {
			continue
		}
		known := &w.pairs[int(unit)*shifts+int(r)]
		if ablated(partCache) || known.version != s.version[r] {
			*known = w.scanPair(pickup, delivery, r)
		}
		if known.cost < best.cost && !w.blink() {
			best, route = *known, r
		}
	}
	if route == None {
		return
	}
	if !w.insertAlone(pickup, place{pred: best.pickup, route: route}) || w.broken ||
		!w.insertAlone(delivery, place{pred: best.delivery, route: route}) {
		w.broken = true
		return
	}
	s.takeIn(m, unit)
}

// scanPair finds the cheapest way to put a pair into a route.
func (w *search) scanPair(pickup, delivery, r int32) pairPlace {
	s, m := w.state, w.model
	best := pairPlace{version: s.version[r], cost: Infinity, pickup: None, delivery: None}
	list := w.gapsOf(r).plain
	sm := &m.shifts[r]
	legs, width := w.near.plain[r], w.near.width
	row := func(u int32) (times, fares []int32, at int32) {
		at = w.near.number[m.nodes[u].location]
		return legs.times[at*width:][:width], legs.fares[at*width:][:width], at
	}
	timesP, faresP, _ := row(pickup)
	timesD, faresD, atD := row(delivery)
	openP, closeP, serviceP := m.window(pickup, sm.class)
	openD, closeD, serviceD := m.window(delivery, sm.class)
	between, fareBetween := int64(timesP[atD]), int64(faresP[atD])
	base := int64(0)
	if s.size[r] == 0 {
		base = sm.fixed
	}
	w.findLoads(r)
	for i := range list {
		g := &list[i]
		if int64(g.left) > closeP {
			break
		}
		if openP+serviceP > int64(g.late) || !w.hasRoom(pickup, r, i) {
			continue
		}
		start := max(int64(g.left)+int64(timesP[g.from]), openP)
		if start > closeP {
			continue
		}
		done := start + serviceP
		inP := base + int64(faresP[g.from]) - int64(g.direct)
		// The delivery next.
		if next := max(done+between, openD); next <= closeD && next+serviceD+int64(timesD[g.to]) <= int64(g.late) {
			if cost := inP + fareBetween + int64(faresD[g.to]); cost < best.cost {
				best.cost, best.pickup, best.delivery = cost, g.pred, pickup
			}
		}
		// Or behind a later stop, which the pickup may make later.
		cost := inP + int64(faresP[g.to])
		arrive := done + int64(timesP[g.to])
		for j := i + 1; j < len(list) && cost < best.cost; j++ {
			if arrive > int64(list[j-1].late) || !w.hasRoom(pickup, r, j) {
				break
			}
			h := &list[j]
			open, _, service := m.window(h.pred, sm.class)
			left := max(arrive, open) + service
			if left > closeD {
				break
			}
			if next := max(left+int64(timesD[h.from]), openD); next <= closeD && next+serviceD+int64(timesD[h.to]) <= int64(h.late) {
				if sum := cost + int64(faresD[h.from]) + int64(faresD[h.to]) - int64(h.direct); sum < best.cost {
					best.cost, best.pickup, best.delivery = sum, g.pred, h.pred
				}
			}
			arrive = left + int64(legs.times[h.from*width+h.to])
		}
	}
	return best
}

// window is the only window of a task, and its service.
func (m *model) window(u, class int32) (open, close, service int64) {
	n := &m.nodes[u]
	return n.hard[0].From, n.hard[0].To, n.serviceBy(class)
}

// findLoads finds what is on board in each gap of a route.
func (w *search) findLoads(r int32) {
	s, m := w.state, w.model
	w.aboard = w.aboard[:0]
	at := 0
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		for d := range m.dims {
			load := int64(0)
			if int(v) < m.tasks {
				load = w.aboard[at-m.dims+d] + m.loads[int(v)*m.dims+d]
			}
			w.aboard = append(w.aboard, load)
		}
		at += m.dims
	}
}

// hasRoom tells whether what is picked up can be on board in a gap too.
func (w *search) hasRoom(pickup, r int32, gap int) bool {
	m := w.model
	for d := range m.dims {
		if w.aboard[gap*m.dims+d]+m.loads[int(pickup)*m.dims+d] > m.capacity[int(r)*m.dims+d] {
			return false
		}
	}
	return true
}
