package solver

// recreate puts what is gone back in, each task where it costs least. It says
// false when some task has no place, or none at which the outcome could be
// accepted: what is still to be put in costs something too, where the matrix keeps
// the triangle inequality.
func (c *compact) recreate() bool {
	c.sortGone()
	c.findRooms()
	for _, u := range c.gone {
		p := c.cheapest(u)
		if p == None {
			return false
		}
		c.putIn(u, p)
	}
	return true
}

// sortGone draws the order in which tasks are put back in.
func (c *compact) sortGone() {
	w := c.w
	gone := c.gone
	for i := len(gone) - 1; i > 0; i-- {
		j := w.random.IntN(i + 1)
		gone[i], gone[j] = gone[j], gone[i]
	}
	keys := w.drawOrder()
	if keys == nil {
		return
	}
	for i := 1; i < len(gone); i++ { // few, so by insertion
		u, at := gone[i], i
		key := keys[w.model.unitOf[u]]
		for ; at > 0 && keys[w.model.unitOf[gone[at-1]]] > key; at-- {
			gone[at] = gone[at-1]
		}
		gone[at] = u
	}
}

// findRooms lists the used shifts with room for the least load that is gone.
func (c *compact) findRooms() {
	m := c.w.model
	least := Infinity // of the first dimension
	if m.dims > 0 {
		for _, u := range c.gone {
			least = min(least, m.loads[int(u)*m.dims])
		}
	}
	c.rooms = c.rooms[:0]
	for _, r := range c.w.mineRoutes {
		if c.size[r] > 0 && (m.dims == 0 || least <= c.room[int(r)*m.dims]) {
			c.rooms = append(c.rooms, r)
		}
	}
}

// carries tells whether a route has room for a load.
func (c *compact) carries(load []int64, r int32) bool {
	room := c.room[int(r)*len(load):]
	for d, x := range load {
		if x > room[d] {
			return false
		}
	}
	return true
}

// insertion is a task that looks for the stop to be put behind.
type insertion struct {
	open, close, service int32
	times, fares         []int32 // of its location
	cost                 int32   // of the cheapest place so far
	after                int32
	load                 []int64
}

// cheapest is the stop behind which a task is put at the least cost, or None
// where that is too much.
func (c *compact) cheapest(u int32) int32 {
	m, stops := c.w.model, c.stops
	t := &c.tasks[u]
	row := stops[u].row * c.width
	most := c.limit - c.cost
	if most <= 0 {
		return None
	}
	x := insertion{
		t.open, t.close, t.service, c.times[row:][:c.width], c.fares[row:][:c.width],
		int32(min(most, 2*mostCompact+1)), None, m.loads[int(u)*m.dims : (int(u)+1)*m.dims],
	}
	if c.fewFit(x.load) || !c.lookAround(u, &x) && x.after == None {
		for _, r := range c.rooms {
			if c.carries(x.load, r) {
				c.lookAlong(r, &x)
			}
		}
	}
	cost, after := int64(x.cost), x.after
	if after == None {
		cost = most
	}
	for _, idle := range c.idle {
		if len(idle) == 0 || !c.carries(x.load, idle[len(idle)-1]) {
			continue
		}
		r := idle[len(idle)-1]
		first, end := &stops[m.startOf(r)], &stops[m.endOf(r)]
		start := max(first.left+x.times[first.row], x.open)
		price := int64(x.fares[first.row]) + int64(x.fares[end.row]) + m.shifts[r].fixed
		if price < cost && start <= x.close && start+x.service+x.times[end.row] <= end.late &&
			(c.around == nil || c.short(&x, first, end, m.startOf(r), m.endOf(r))) {
			cost, after = price, m.startOf(r)
		}
	}
	return after
}

// fewFit tells whether there are few gaps in the routes with room for a load.
func (c *compact) fewFit(load []int64) bool {
	if len(c.rooms)*len(c.mine) > 4*int(c.few)*c.used {
		return false // hardly, as full as routes are on average
	}
	gaps := int32(0)
	for _, r := range c.rooms {
		if c.carries(load, r) {
			gaps += c.size[r] + 1
		}
	}
	return gaps <= c.few
}

// fits tells whether a task can go between two stops, and with a blink now and
// then that it cannot.
func (c *compact) fits(x *insertion, p, q *compactStop, after int32) bool {
	start := max(p.left+x.times[p.row], x.open)
	return start <= x.close && start+x.service+x.times[q.row] <= q.late && (c.around == nil || c.short(x, p, q, after, p.next)) && !c.w.blink()
}

// lookAlong looks at all gaps of a route. Most can be told by their times to
// come too soon or too late, before the fares are read.
func (c *compact) lookAlong(r int32, x *insertion) {
	first := x.open + x.service
	id := c.w.model.startOf(r)
	p := &c.stops[id]
	for p.next != None && p.left <= x.close {
		q := &c.stops[p.next]
		if first <= q.late {
			if cost := x.fares[p.row] + x.fares[q.row] - c.legs[id].on; cost < x.cost && c.fits(x, p, q, id) {
				x.cost, x.after = cost, id
			}
		}
		id, p = p.next, q
	}
}

// lookAround looks at the gaps beside the neighbours of a task, nearest first,
// and at those over dear legs. It says whether none of the others can be cheaper.
func (c *compact) lookAround(u int32, x *insertion) (all bool) {
	stops, legs, closest := c.stops, c.legs, c.w.model.closest[u]
	first, home := x.open+x.service, c.home[u]
	all = len(closest) < c.w.model.mostClose()
	for i := range closest {
		near := &closest[i]
		// The other end of a gap is no nearer, or an end of a shift, or has come already.
		least := near.fare + min(near.fare, home)
		if least-c.far >= x.cost {
			all = true
			break
		}
		beside := &legs[near.task]
		if least-beside.dear >= x.cost || !c.carries(x.load, beside.route) {
			continue
		}
		n := &stops[near.task]
		if least-beside.on < x.cost && n.left <= x.close {
			q := &stops[n.next]
			if cost := near.fare + x.fares[q.row] - beside.on; cost < x.cost && c.fits(x, n, q, near.task) {
				x.cost, x.after = cost, near.task
			}
		}
		if least-beside.in < x.cost && first <= n.late {
			p := &stops[n.prev]
			if cost := near.fare + x.fares[p.row] - beside.in; cost < x.cost && c.fits(x, p, n, n.prev) {
				x.cost, x.after = cost, n.prev
			}
		}
	}
	for _, id := range c.long {
		p := &stops[id]
		if p.left > x.close || !c.carries(x.load, legs[id].route) {
			continue
		}
		q := &stops[p.next]
		if first > q.late {
			continue
		}
		if cost := x.fares[p.row] + x.fares[q.row] - legs[id].on; cost < x.cost && c.fits(x, p, q, id) {
			x.cost, x.after = cost, id
		}
	}
	return all
}
