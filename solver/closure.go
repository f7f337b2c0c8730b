package solver

// closure finds a set of vertices of least weight among those that contain, with a
// vertex, all others that it leads to (Picard, "Maximal closure of a graph
// and applications to combinatorial problems", Management Science 22, 1976). What
// vertices of negative weight supply flows to those of positive weight, which demand
// it; when no more can flow, the vertices to which something still could are the set.
// The flow is Dinic's ("Algorithm for solution of a problem of maximum flow in
// networks with power estimation", Soviet Mathematics Doklady 11, 1970): along
// shortest ways until there are none of that length. There is no source and no sink;
// a way ends at each vertex that demands something, however far it is.
type closure struct {
	ends   []int32 // by arc: where it leads; the arcs 2i and 2i+1 lead to and fro
	room   []int64 // by arc: what may still flow along it
	first  []int32 // by vertex: its arcs in leaving begin here
	leave  []int32
	supply []int64 // by vertex: what has not flowed yet
	demand []int64
	level  []int32 // by vertex: arcs from the next supply; None: nothing comes here
	look   []int32 // by vertex: the arc in leave that is next
	queue  []int32
	work   int64 // so many arcs may still be looked at
}

// resized is a list of so many, with anything in it.
func resized[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// join adds the arcs between two vertices.
func (c *closure) join(from, to int32) { c.ends = append(c.ends, to, from) }

// lay makes room for so many vertices, and sorts the arcs by those that they leave.
func (c *closure) lay(vertices int) {
	c.supply, c.demand = resized(c.supply, vertices), resized(c.demand, vertices)
	c.level, c.look = resized(c.level, vertices), resized(c.look, vertices)
	c.room, c.leave = resized(c.room, len(c.ends)), resized(c.leave, len(c.ends))
	c.first = resized(c.first, vertices+1)
	clear(c.first)
	for e := range c.ends {
		c.first[c.ends[e^1]+1]++
	}
	for v := range vertices {
		c.first[v+1] += c.first[v]
	}
	copy(c.look, c.first)
	for e := range c.ends {
		v := c.ends[e^1]
		c.leave[c.look[v]] = int32(e)
		c.look[v]++
	}
}

// flow finds the set, of which isIn tells, and returns by how much its weight is
// below 0: what cannot flow. It returns 0 where nothing can be gained, or where the
// work is done before that is known.
func (c *closure) flow() int64 {
	for c.reach() {
		for v := range c.supply {
			if c.supply[v] > 0 {
				c.supply[v] -= c.push(int32(v), c.supply[v])
			}
		}
	}
	if c.work < 0 {
		return 0
	}
	var left int64
	for _, s := range c.supply {
		left += s
	}
	return left
}

func (c *closure) isIn(v int) bool { return c.level[v] != None }

// reach finds out how far vertices are from what is supplied, and tells whether
// any of it can flow.
func (c *closure) reach() bool {
	c.queue = c.queue[:0]
	for v := range c.supply {
		c.level[v] = None
		if c.supply[v] > 0 {
			c.level[v] = 0
			c.queue = append(c.queue, int32(v))
		}
	}
	flows := false
	for at := 0; at < len(c.queue); at++ {
		v := c.queue[at]
		flows = flows || c.demand[v] > 0
		c.work -= int64(c.first[v+1] - c.first[v])
		for _, e := range c.leave[c.first[v]:c.first[v+1]] {
			if to := c.ends[e]; c.room[e] > 0 && c.level[to] == None {
				c.level[to] = c.level[v] + 1
				c.queue = append(c.queue, to)
			}
		}
	}
	copy(c.look, c.first)
	c.work -= int64(len(c.supply))
	return flows && c.work >= 0
}

// push lets up to so much flow from a vertex on, and returns how much did.
func (c *closure) push(v int32, most int64) int64 {
	sent := min(most, c.demand[v])
	c.demand[v] -= sent
	for ; c.look[v] < c.first[v+1]; c.look[v]++ {
		if sent == most {
			return sent
		}
		e := c.leave[c.look[v]]
		c.work--
		if to := c.ends[e]; c.room[e] > 0 && c.level[to] == c.level[v]+1 {
			x := c.push(to, min(most-sent, c.room[e]))
			c.room[e] -= x
			c.room[e^1] += x
			sent += x
		}
	}
	return sent
}
