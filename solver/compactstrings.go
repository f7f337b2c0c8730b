package solver

// Two routes of a compact search swap strings, as in exchange.go: the cheapest of all
// pairs of strings is found in the time of all pairs of cuts, by carrying the cheapest
// opening along. Loads are tried where a pair would be the best so far.

// stringTries is how many routes an exchange of strings looks at beside the first one.
const stringTries = 3

// compactCut is a point between two stops of a route.
type compactCut struct {
	after, next  int32
	row, nextRow int32
	left, late   int32 // of after, and of next
	on           int32 // what the leg between them costs
}

// compactCuts are all those of a route, and what it has on board up to each.
type compactCuts struct {
	route int32
	list  []compactCut
	load  []int64 // cut*dims+dimension
}

// read lays out a route.
func (x *compactCuts) read(c *compact, route int32) {
	m := c.w.model
	x.route, x.list, x.load = route, x.list[:0], x.load[:0]
	end := m.endOf(route)
	for u := m.startOf(route); u != end; {
		n := &c.stops[u]
		next := &c.stops[n.next]
		x.list = append(x.list, compactCut{
			after: u, next: n.next, row: n.row, nextRow: next.row, left: n.left, late: next.late, on: c.legs[u].on,
		})
		for d := range m.dims {
			var load int64
			if int(u) < m.tasks {
				load = m.loads[int(u)*m.dims+d] + x.load[len(x.load)-m.dims]
			}
			x.load = append(x.load, load)
		}
		u = n.next
	}
}

// exchangeStrings swaps strings of a route and of one near it.
func (c *compact) exchangeStrings(a int32, threshold int64) (changed, ok bool) {
	m, random := c.w.model, c.w.random
	x, y := &c.cuts[0], &c.cuts[1]
	x.read(c, a)
	best := swap{cost: threshold, with: None}
	for range stringTries {
		near := m.closest[x.list[1+random.IntN(len(x.list)-1)].after]
		if len(near) == 0 {
			continue
		}
		b := c.legs[near[random.IntN(min(nearTails, len(near)))].task].route
		if b == None || b == a || b == best.with {
			continue
		}
		y.read(c, b)
		if found := c.cheapestStrings(best.cost); found.with != None {
			best = found
		}
	}
	if best.with == None {
		return false, true
	}
	c.cost += best.cost
	c.keep(a)
	c.keep(best.with)
	c.splice(a, best.with, best.upto[0], c.stops[best.upto[1]].next)
	c.splice(a, best.with, best.after[0], c.stops[best.after[1]].next)
	return true, c.spliced(a, best.with)
}

// cheapestStrings finds the strings of the two routes in cuts that are best swapped, if
// that costs less than limit.
func (c *compact) cheapestStrings(limit int64) swap {
	x, y := &c.cuts[0], &c.cuts[1]
	best := swap{cost: limit, with: None}
	c.openings.reset(len(y.list)) // from the cuts of x that have been passed
	for i := range x.list {
		from := &x.list[i]
		open := opening{cost: Infinity} // of those, and of the cuts of y that have been passed
		for j := range y.list {
			to := &y.list[j]
			if to.left > from.late {
				break // and so are all that follow
			}
			earlier := &c.openings[j]
			on, back := from.row*c.width+to.nextRow, to.row*c.width+from.nextRow
			meet := from.left+c.times[on] <= to.late && to.left+c.times[back] <= from.late
			var legs int64
			if meet {
				legs = int64(c.fares[on]) + int64(c.fares[back]) - int64(from.on) - int64(to.on)
				if cost := open.cost + legs; open.cost < Infinity && cost < best.cost && c.stringsFit(open.at, [2]int{i, j}) {
					best = swap{
						cost: cost, with: y.route,
						after: [2]int32{x.list[open.at[0]].after, y.list[open.at[1]].after}, upto: [2]int32{from.after, to.after},
					}
				}
			}
			if earlier.cost < open.cost {
				open = *earlier
			}
			if meet && legs < earlier.cost {
				*earlier = opening{legs, [2]int{i, j}}
			}
		}
	}
	return best
}

// stringsFit tells whether each route can carry what the other one does from one cut to
// another.
func (c *compact) stringsFit(open, end [2]int) bool {
	m := c.w.model
	x, y := &c.cuts[0], &c.cuts[1]
	for d := range m.dims {
		gone := x.load[end[0]*m.dims+d] - x.load[open[0]*m.dims+d]
		come := y.load[end[1]*m.dims+d] - y.load[open[1]*m.dims+d]
		if come-gone > c.room[int(x.route)*m.dims+d] || gone-come > c.room[int(y.route)*m.dims+d] {
			return false
		}
	}
	return true
}
