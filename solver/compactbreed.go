package solver

// cross puts routes of another solution in place of those around some task, and
// tells whether that changed anything. What they both leave out is put in where it
// costs least.
func (c *compact) cross(other *state) bool {
	before := c.begin(Infinity)
	if !c.borrow(other) || !c.recreate() || c.cost == before {
		c.undo()
		c.cost = before
		return false
	}
	c.accept()
	return true
}

// borrow takes up to half of the routes apart, and lays those of the other solution
// that do most of the same tasks. Of tasks that stand in routes that stay, the
// other one's routes are rid, or else these are. It leaves in gone what has no
// place yet, and says false when some route has no schedule.
func (c *compact) borrow(other *state) (ok bool) {
	w, m := c.w, c.w.model
	c.keepAround(c.mine[w.random.IntN(len(c.mine))], 1+w.random.IntN(max(1, c.used/2)))
	loose := make([]bool, m.tasks)
	shared := make([]int32, len(m.shifts))
	for _, was := range c.changed {
		for v := c.stops[m.startOf(was.route)].next; int(v) < m.tasks; v = c.stops[v].next {
			loose[v] = true
			shared[other.nodes[v].route]++
		}
	}
	var lent []int32
	for r := range m.shifts {
		if 2*shared[r] > other.size[r] {
			lent = append(lent, int32(r))
		}
	}
	if w.random.Uint32()%2 == 0 {
		for _, r := range lent {
			for v := other.nodes[m.startOf(r)].next; int(v) < m.tasks; v = other.nodes[v].next {
				c.keep(c.legs[v].route)
				loose[v] = true
			}
		}
	}
	c.gone = c.gone[:0]
	for _, u := range c.mine {
		if loose[u] {
			c.takeOut(u)
		}
	}
	if !c.settle() {
		return false
	}
	for _, r := range lent {
		idle := c.idle[c.kind[r]]
		if len(idle) == 0 {
			continue
		}
		to := idle[len(idle)-1]
		p := m.startOf(to)
		for v := other.nodes[m.startOf(r)].next; int(v) < m.tasks; v = other.nodes[v].next {
			if loose[v] {
				c.putIn(v, p)
				loose[v], p = false, v
			}
		}
		if !c.schedule(to) {
			return false
		}
	}
	left := c.gone[:0]
	for _, u := range c.gone {
		if loose[u] {
			left = append(left, u)
		}
	}
	c.gone = left
	return true
}

// keepAround notes so many routes around a task, nearest first.
func (c *compact) keepAround(center int32, routes int) {
	w, m := c.w, c.w.model
	for range len(c.mine) {
		c.keep(c.legs[center].route)
		near := m.near.of(center)
		for _, v := range near {
			if len(c.changed) >= routes {
				return
			}
			if r := c.legs[v].route; r != None {
				c.keep(r)
			}
		}
		if len(near) > 0 {
			center = near[w.random.IntN(len(near))]
		}
		if c.legs[center].route == None {
			return
		}
	}
}
