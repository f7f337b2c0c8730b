package solver

// Exchanges of a compact search: two routes swap their tails or strings (compactstrings.go),
// or one is cut in two, or given to a shift of another kind. A route more or a route less is a
// step that ruins seldom find: what is taken out goes back where it costs
// least, and that is hardly ever an empty shift.

// cutRate: one exchange in so many gives a tail to a shift without tasks. stringRate: of
// the others, all but one in so many swap strings (compactstrings.go).
const (
	cutRate    = 4
	stringRate = 5
)

// exchange makes an exchange that costs less than threshold. changed says
// whether there was one, and ok that its routes have a schedule.
func (c *compact) exchange(threshold int64) (changed, ok bool) {
	a := c.legs[c.mine[c.w.random.IntN(len(c.mine))]].route
	if c.w.random.Uint32()%cutRate == 0 {
		return c.cutRoute(a, threshold)
	}
	if c.w.random.Uint32()%stringRate != 0 {
		return c.exchangeStrings(a, threshold)
	}
	return c.exchangeTails(a, threshold)
}

// exchangeTails looks at the neighbours of each stop of a route for the cheapest
// one to go on with, and with its tail.
func (c *compact) exchangeTails(a int32, threshold int64) (changed, ok bool) {
	stops := c.stops
	m := c.w.model
	best, after, with := threshold, None, None
	end := m.endOf(a)
	home := &stops[end]
	for u := stops[m.startOf(a)].next; u != end; u = stops[u].next {
		n := &stops[u]
		next := &stops[n.next]
		near := m.closest[u]
		on, most := int64(c.legs[u].on), best
		if n.next == end {
			most += m.shifts[a].fixed
		}
		for _, other := range near[:min(nearTails, len(near))] {
			v := other.task
			if len(c.idle) == 1 && int64(other.fare)-on-int64(c.legs[v].in) >= most {
				continue // whatever the other leg costs
			}
			b := c.legs[v].route
			if b == None || b == a {
				continue
			}
			q := &stops[v]
			cost := int64(other.fare) - on - int64(c.legs[v].in)
			whole := n.next == end && int(q.prev) >= m.tasks // nothing is left of the other one
			if whole {
				cost -= m.shifts[b].fixed
			}
			if cost >= best && c.kind[b] == c.kind[a] || n.left+c.times[n.row*c.width+q.row] > q.late {
				continue
			}
			otherEnd := m.endOf(b)
			if c.kind[b] != c.kind[a] {
				cost += c.endingAt(stops[otherEnd].prev, home.row, stops[otherEnd].row)
				if n.next != end {
					cost += c.endingAt(home.prev, stops[otherEnd].row, home.row)
				}
			}
			p := &stops[q.prev]
			switch {
			case n.next != end:
				at := p.row*c.width + next.row
				if cost += int64(c.fares[at]); p.left+c.times[at] > next.late {
					continue
				}
			case !whole:
				cost += int64(c.fares[p.row*c.width+stops[otherEnd].row])
			}
			if cost < best && c.tailsFit(u, v) && (c.around == nil || c.kind[b] != c.kind[a] || c.tailsShort(u, v)) {
				best, after, with = cost, u, v
			}
		}
	}
	if after == None {
		return false, true
	}
	c.cost += best
	return true, c.swapTails(after, with)
}

// endingAt is what it costs more to go from a stop to one place than to another.
func (c *compact) endingAt(last, there, here int32) int64 {
	row := c.stops[last].row * c.width
	return int64(c.fares[row+there]) - int64(c.fares[row+here])
}

// cutRoute gives what a route does behind some stop to a shift without tasks, or
// all of it to one of another kind.
func (c *compact) cutRoute(a int32, threshold int64) (changed, ok bool) {
	stops := c.stops
	m := c.w.model
	first, end := m.startOf(a), m.endOf(a)
	best, after, with := threshold, None, None
	for kind, idle := range c.idle {
		if len(idle) == 0 {
			continue
		}
		b := idle[len(idle)-1]
		start := &stops[m.startOf(b)]
		ending := c.endingAt(stops[end].prev, stops[m.endOf(b)].row, stops[end].row)
		load := c.tail[:m.dims]
		clear(load)
		for v := stops[end].prev; v != first; v = stops[v].prev {
			if !c.addLoad(load, v, b) {
				break
			}
			u, next := stops[v].prev, &stops[v]
			n := &stops[u]
			at := start.row*c.width + next.row
			cost := int64(c.fares[at]) - int64(c.legs[u].on) + ending + m.shifts[b].fixed
			switch {
			case u != first:
				cost += int64(c.fares[n.row*c.width+stops[end].row])
			case int32(kind) == c.kind[a]:
				continue
			default:
				cost -= m.shifts[a].fixed
			}
			if cost < best && start.left+c.times[at] <= next.late {
				best, after, with = cost, u, b
			}
		}
	}
	if after == None {
		return false, true
	}
	c.cost += best
	return true, c.swapTails(after, m.endOf(with))
}

// addLoad adds a task to a load, and tells whether a shift can carry it.
func (c *compact) addLoad(load []int64, u, r int32) bool {
	m := c.w.model
	for d := range load {
		if load[d] += m.loads[int(u)*m.dims+d]; load[d] > m.capacity[int(r)*m.dims+d] {
			return false
		}
	}
	return true
}

// tailsFit tells whether the loads allow that a route goes on with v after u, and
// the other one with what followed u in place of v.
func (c *compact) tailsFit(u, v int32) bool {
	m := c.w.model
	a, b := int(c.legs[u].route)*m.dims, int(c.legs[v].route)*m.dims
	for d := range m.dims {
		var headA, headB int64
		for x := u; int(x) < m.tasks; x = c.stops[x].prev {
			headA += m.loads[int(x)*m.dims+d]
		}
		for x := c.stops[v].prev; int(x) < m.tasks; x = c.stops[x].prev {
			headB += m.loads[int(x)*m.dims+d]
		}
		loadA, loadB := m.capacity[a+d]-c.room[a+d], m.capacity[b+d]-c.room[b+d]
		if headA+loadB-headB > m.capacity[a+d] || headB+loadA-headA > m.capacity[b+d] {
			return false
		}
	}
	return true
}

// tailsShort tells whether both routes, of one kind, are short enough then.
func (c *compact) tailsShort(u, v int32) bool {
	short := func(p, q int32) bool {
		longest := c.w.model.shifts[c.legs[p].route].longest
		time := c.times[c.stops[p].row*c.width+c.stops[q].row]
		whole, ok := c.around[p].before.join(int64(time), c.around[q].behind)
		return longest == 0 || ok && whole.duration <= longest
	}
	p, q := c.stops[v].prev, c.stops[u].next // if q is an end, it is like the other one's
	tasks := c.w.model.tasks
	return short(u, v) && (int(p) >= tasks && int(q) >= tasks || short(p, q))
}

// swapTails lets a route go on with v after u, and the other one with what
// followed u in place of v. It says false when one of them cannot carry that or
// has no schedule.
func (c *compact) swapTails(u, v int32) (ok bool) {
	a, b := c.legs[u].route, c.legs[v].route
	c.keep(a)
	c.keep(b)
	c.splice(a, b, u, v)
	return c.spliced(a, b)
}

// splice lets route a go on with v after u, and b with what followed u in place of v.
func (c *compact) splice(a, b, u, v int32) {
	m := c.w.model
	endA, endB := m.endOf(a), m.endOf(b)
	next, lastA := c.stops[u].next, c.stops[endA].prev
	prev, lastB := c.stops[v].prev, c.stops[endB].prev
	if next == endA {
		c.join(prev, endB)
	} else {
		c.join(prev, next)
		c.join(lastA, endB)
	}
	if v == endB {
		c.join(u, endA)
	} else {
		c.join(u, v)
		c.join(lastB, endA)
	}
}

// spliced takes over two routes of which others hang together now. It says false when one
// of them cannot carry that or has no schedule.
func (c *compact) spliced(a, b int32) (ok bool) {
	m := c.w.model
	wasA, wasB := c.size[a], c.size[b]
	ok = true
	for _, r := range [2]int32{a, b} {
		room := c.room[int(r)*m.dims : (int(r)+1)*m.dims]
		copy(room, m.capacity[int(r)*m.dims:])
		c.size[r] = 0
		for x := c.stops[m.startOf(r)].next; x != m.endOf(r); x = c.stops[x].next {
			c.legs[x].route = r
			c.size[r]++
			for d := range room {
				room[d] -= m.loads[int(x)*m.dims+d]
				ok = ok && room[d] >= 0
			}
		}
		for x := m.startOf(r); x != None; x = c.stops[x].next {
			c.weighLeg(x)
		}
		ok = c.schedule(r) && ok
	}
	c.recount(a, wasA)
	c.recount(b, wasB)
	return ok
}

// recount notes that a shift has got its first task, or lost its last one.
func (c *compact) recount(r, was int32) {
	kind := c.kind[r]
	switch {
	case was > 0 && c.size[r] == 0:
		c.idle[kind] = append(c.idle[kind], r)
		c.used--
	case was == 0 && c.size[r] > 0:
		c.dropIdle(r)
		c.used++
	}
}
