package solver

import "slices"

// dropIdle takes a shift off the list of those without tasks.
func (c *compact) dropIdle(r int32) {
	idle := c.idle[c.kind[r]]
	at := slices.Index(idle, r)
	idle[at] = idle[len(idle)-1]
	c.idle[c.kind[r]] = idle[:len(idle)-1]
}

// ruin takes out strings of stops, as that of a search. It says false when what
// is left of a route has no schedule.
func (c *compact) ruin() (ok bool) {
	w, m := c.w, c.w.model
	c.gone = c.gone[:0]
	strings, longest := w.drawStrings(meanRemoved, longestString, len(c.mine)/c.used)
	seed := c.mine[w.random.IntN(len(c.mine))]
	c.takeString(seed, longest)
	for _, v := range m.near.of(seed) {
		if strings <= 1 {
			break
		}
		if r := c.legs[v].route; r != None && !c.touched[r] {
			c.takeString(v, longest)
			strings--
		}
	}
	return c.settle()
}

// settle counts the routes that have been emptied, and brings the schedules of those
// that have been thinned up to date. It says false when one of them has none.
func (c *compact) settle() (ok bool) {
	m := c.w.model
	for _, was := range c.changed {
		if c.size[was.route] == 0 {
			c.recount(was.route, was.size)
			c.cost -= m.shifts[was.route].fixed
		}
	}
	for _, was := range c.changed {
		if !c.schedule(was.route) {
			return false
		}
	}
	return true
}

// takeString takes a string around a task out of its route.
func (c *compact) takeString(u int32, longest int) {
	w := c.w
	r := c.legs[u].route
	c.keep(r)
	before := 0
	for v := c.stops[u].prev; int(v) < w.model.tasks; v = c.stops[v].prev {
		before++
	}
	back, span, skip, kept := w.drawString(int(c.size[r]), before, longest)
	v := u
	for range back {
		v = c.stops[v].prev
	}
	for i := range span {
		next := c.stops[v].next
		if i < skip || i >= skip+kept {
			c.takeOut(v)
		}
		v = next
	}
}

// takeOut takes a task out of its route and leaves the schedule to be computed.
func (c *compact) takeOut(u int32) {
	m := c.w.model
	r, p := c.legs[u].route, c.stops[u].prev
	c.cost -= int64(c.legs[u].in) + int64(c.legs[u].on)
	c.join(p, c.stops[u].next)
	c.cost += int64(c.legs[p].on)
	c.size[r]--
	for d := range m.dims {
		c.room[int(r)*m.dims+d] += m.loads[int(u)*m.dims+d]
	}
	c.legs[u] = noLegs
	c.weighLeg(u)
	c.weighLeg(p)
	c.gone = append(c.gone, u)
}

// putIn puts a task behind a stop, and brings the schedule up to date.
func (c *compact) putIn(u, p int32) {
	m := c.w.model
	r := c.legs[p].route
	c.keep(r)
	if c.size[r] == 0 {
		c.dropIdle(r)
		c.used++
		c.cost += m.shifts[r].fixed
		c.rooms = append(c.rooms, r)
	}
	q := c.stops[p].next
	n := &c.stops[u]
	c.cost -= int64(c.legs[p].on)
	c.join(p, u)
	c.join(u, q)
	c.cost += int64(c.legs[u].in) + int64(c.legs[u].on)
	c.size[r]++
	for d := range m.dims {
		c.room[int(r)*m.dims+d] -= m.loads[int(u)*m.dims+d]
	}
	c.legs[u].route = r
	c.weighLeg(u)
	c.weighLeg(p)
	t := &c.tasks[u]
	from := &c.stops[p]
	n.left = max(from.left+from.time, t.open) + t.service
	n.late = min(t.close, c.stops[q].late-n.time-t.service)
	for x, v := n, q; int(v) < m.tasks; v = x.next {
		t := &c.tasks[v]
		left := max(x.left+x.time, t.open) + t.service
		if x = &c.stops[v]; left == x.left {
			break
		}
		x.left = left
	}
	for x, v := n, p; int(v) < m.tasks; v = x.prev {
		t := &c.tasks[v]
		y := &c.stops[v]
		late := min(t.close, x.late-y.time-t.service)
		if x = y; late == x.late {
			break
		}
		x.late = late
	}
	if c.around != nil {
		c.measure(r, u, u)
	}
}
