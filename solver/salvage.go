package solver

// salvage puts in what it can of routes that do not keep the rules as a whole:
// stop after stop, whole units only. It says false where the schedule broke.
func (w *search) salvage(warm *Solution) bool {
	m := w.model
	for r := range min(len(warm.Routes), len(m.shifts)) {
		at := m.startOf(int32(r))
		for _, stop := range warm.Routes[r].Stops {
			u := m.nodeIn(int32(r), stop)
			if u != None && m.begun != nil && w.state.nodes[u].route == int32(r) {
				at = u // it is there already
				continue
			}
			if next := w.state.nodes[at].next; stop.isRefill() && m.refills(next) && m.stock.kind[int(next)-m.asked] == stop.Refill {
				at = next // it is
				continue
			}
			if stop.isRefill() {
				u = w.state.spareRefill(m, int32(r), stop.Refill)
			}
			if u == None || w.state.nodes[w.state.done(m, u)].route != None || len(m.clusters.of(m.clusterOf[u])) > len(m.ways(u)) {
				continue
			}
			if !m.mayDo[int(u)*len(m.shifts)+r] || m.tallied && !w.hasPlace(u, int32(r)) {
				continue
			}
			best := nowhere
			for _, spot := range w.everyPlace(nil, u, int32(r), -Infinity, Infinity) {
				if spot.pred == at && spot.cost < best.cost {
					best = spot
				}
			}
			w.one[0] = u
			if best.pred != None && w.insert(u, best) && w.commit(w.one[:]) {
				if m.unitOf[u] != None {
					w.state.takeIn(m, m.unitOf[u])
				}
				at = u
			}
		}
		if !w.tidyRefills(int32(r)) {
			return false
		}
	}
	return true
}

// everyPlace lists all places of a task in a route that pass the
// constant-time test, whatever they cost.
func (w *search) everyPlace(spots []place, u, r int32, low, high int64) []place {
	s, m := w.state, w.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	for d := range m.dims {
		if s.load[int(r)*m.dims+d]+m.loads[int(u)*m.dims+d] > sm.capacity[d] {
			return spots
		}
	}
	service := task.serviceBy(sm.class)
	base := m.assign[int(u)*len(m.shifts)+int(r)]
	if s.size[r] == 0 {
		base += sm.fixed
	}
	if m.gated {
		w.gate(u, r)
	}
	if sm.chained {
		w.chainPlaces(u, r, low, high, func(x place) { spots = append(spots, x) })
		return spots
	}
	for p, gap := m.startOf(r), 0; s.nodes[p].next != None; p, gap = s.nodes[p].next, gap+1 {
		if m.gated && w.shut[gap] {
			continue
		}
		n := &s.nodes[p]
		in, on := m.leg(r, p, u), m.leg(r, u, n.next)
		if in.time == NoWay || on.time == NoWay {
			continue
		}
		travel := int64(in.time) + int64(on.time)
		distance := int64(in.distance) + int64(on.distance)
		if s.size[r] > 0 {
			direct := m.leg(r, p, n.next)
			travel -= int64(direct.time)
			distance -= int64(direct.distance)
		}
		if sm.longestTravel > 0 && s.travelled(m, r)+travel > sm.longestTravel {
			continue
		}
		first := n.lo
		if s.size[r] == 0 {
			first = sm.cut
		}
		for cut := first; ; cut++ {
			arrive := sm.advance(n.location, task.location, in.time, n.early+n.service, sm.breaks[n.lo:cut])
			start := firstStart(task.hard, max(arrive, low))
			late := sm.retreat(task.location, s.nodes[n.next].location, on.time, s.nodes[n.next].late, sm.breaks[cut:n.hi]) - service
			if start <= high && start <= late {
				welcome := start
				if task.priced {
					welcome = max(start, min(late, high, task.wish(start).From))
				}
				cost := base + travel*sm.timeCost + (distance*sm.distanceRate)>>16 +
					(travel+service)*sm.workCost + task.offWindow(welcome)
				spots = append(spots, place{cost: cost, pred: p, route: r, cut: cut})
			}
			if cut == n.hi {
				break
			}
		}
	}
	return spots
}
