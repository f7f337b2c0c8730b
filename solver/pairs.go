package solver

// A pickup and its deliveries, mostly one, go together: all are done by one shift,
// the pickup first, or none is. What is on board between them is no sum over the
// route but a running one, so a gap may be shut to a task that another one lets
// in. A task that nobody delivers keeps its load on board to the end. What sets down more
// than was picked up is refused by Validate, so that nothing runs below 0. What a
// task sets down that delivers nothing has been on board from the start of the
// route: it adds to what is on board before the task, as a pickup does behind it.
//
// Either may have several modes, each with a load of its own. What goes together are
// the tasks; where one stands, and with which load, its node in the routes tells.

// compilePairs finds what delivers what.
func (m *model) compilePairs() {
	m.pickup = make([]int32, m.tasks)
	of := make([][]int32, m.tasks)
	for i := range m.pickup {
		m.pickup[i] = m.mode(int32(i)).PickupOf
		if pickup := m.pickup[i]; pickup != None {
			m.pairs = true
			if m.taskOf[i] == int32(i) {
				of[pickup] = append(of[pickup], int32(i))
			}
		}
	}
	for i := range m.tasks {
		for d, load := range m.mode(int32(i)).Load {
			if load >= 0 || m.pickup[i] != None {
				continue
			}
			if m.brought == nil {
				m.brought = make([]int64, m.tasks*m.dims)
			}
			m.brought[i*m.dims+d] = -load
			m.pairs = true
		}
	}
	m.deliveries = csr{first: make([]int32, m.tasks+1)}
	for u := range of {
		m.deliveries.item = append(m.deliveries.item, of[m.taskOf[u]]...)
		m.deliveries.first[u+1] = int32(len(m.deliveries.item))
	}
}

// delivers tells whether a task brings what another one picks up.
func (m *model) delivers(u int32) bool { return m.pickup[u] != None }

// paired tells whether a task delivers or is delivered.
func (m *model) paired(u int32) bool {
	return m.pickup[u] != None || m.deliveries.first[u] < m.deliveries.first[u+1]
}

// source is the pickup, by its first node, of a task that is paired.
func (m *model) source(u int32) int32 {
	if m.pickup[u] != None {
		return m.pickup[u]
	}
	return m.taskOf[u]
}

// routeOf is the route that a task stands in, in whichever mode, or None.
func (s *state) routeOf(m *model, task int32) int32 { return s.nodes[s.done(m, task)].route }

// joins tells whether what goes together with a task, as far as it is done, is in
// a route.
func (s *state) joins(m *model, u, r int32) bool {
	source, task := m.source(u), m.taskOf[u]
	if at := s.routeOf(m, source); source != task && at != None && at != r {
		return false
	}
	for _, o := range m.deliveries.of(source) {
		if at := s.routeOf(m, o); o != task && at != None && at != r {
			return false
		}
	}
	return true
}

// shutGaps finds the gaps of a route that are shut to a task by what is on board
// or by where those are that it goes together with. Up to the gap what is on board
// is what it was, and from there on the task's load is added; what its unit has
// still to set down there, once it is put in, may be over for now. In its own gap
// a pickup has all of its own load.
func (w *search) shutGaps(u, r int32) {
	s, m := w.state, w.model
	delivery := m.delivers(u)
	capacity, onBoard := m.capacity[int(r)*m.dims:(int(r)+1)*m.dims], w.onBoard[:m.dims]
	w.shut = w.shut[:0]
	from, upto := int32(0), s.size[r] // the gaps that lie between those that it goes together with
	pickup := None
	if delivery {
		if pickup = s.done(m, m.pickup[u]); s.nodes[pickup].route != r {
			for range upto + 1 {
				w.shut = append(w.shut, false)
			}
			return
		}
	}
	slack, others := w.findSlack(u, r)
	s.bring(m, r, onBoard)
	if m.brought != nil {
		for d := range onBoard {
			onBoard[d] += m.brought[int(u)*m.dims+d]
		}
	}
	over, gap := false, int32(0) // over: before the gap
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		shut := false
		for d := range onBoard {
			if int(v) < m.tasks {
				onBoard[d] += m.loads[int(v)*m.dims+d]
			}
			load := onBoard[d] + m.loads[int(u)*m.dims+d]
			over = over || onBoard[d]-slack[d] > capacity[d]
			shut = shut || !delivery && load-others[d] > capacity[d]
		}
		w.shut = append(w.shut, shut || over)
		if int(v) < m.tasks {
			switch {
			case delivery && v == pickup:
				from = gap
			case !delivery && m.pickup[v] == m.taskOf[u]:
				upto = min(upto, gap-1)
			}
		}
		gap++
	}
	w.shutBehind(u, r, from, upto, slack)
}

// shutBehind shuts the gaps behind which the load of a task is too much somewhere,
// and those outside of a range.
func (w *search) shutBehind(u, r, from, upto int32, slack []int64) {
	s, m := w.state, w.model
	capacity, onBoard := m.capacity[int(r)*m.dims:(int(r)+1)*m.dims], w.onBoard[:m.dims]
	over := false
	end := m.endOf(r)
	for v, gap := s.nodes[end].prev, s.size[r]; v != None; v, gap = s.nodes[v].prev, gap-1 {
		for d := range onBoard {
			over = over || onBoard[d]+m.loads[int(u)*m.dims+d]-slack[d] > capacity[d]
			if int(v) < m.tasks {
				onBoard[d] -= m.loads[int(v)*m.dims+d]
			}
		}
		w.shut[gap] = w.shut[gap] || over || gap < from || gap > upto
	}
}

// findSlack is what the unit of a task has still to set down on a route once the
// task is in it, by dimension, and how much of that it does not pick up itself. Of
// several modes it is the most: when all are in there is nothing still to set down.
func (w *search) findSlack(u, r int32) (slack, others []int64) {
	s, m := w.state, w.model
	slack, others = w.slack[:m.dims], w.slack[m.dims:2*m.dims]
	clear(w.slack)
	task := m.taskOf[u]
	for _, o := range m.units.of(m.unitOf[u]) {
		if o == task || s.routeOf(m, o) != None || m.pickup[o] == None || m.pickup[o] != task && s.routeOf(m, m.pickup[o]) != r {
			continue
		}
		for d := range slack {
			down := int64(0)
			for _, way := range m.ways(o) {
				down = max(down, -m.loads[int(way)*m.dims+d])
			}
			slack[d] += down
			if m.pickup[o] != task {
				others[d] += down
			}
		}
	}
	return slack, others
}

// bring notes what is on board when a route begins.
func (s *state) bring(m *model, r int32, onBoard []int64) {
	for d := range onBoard {
		onBoard[d] = s.broughtOf(m, r, d)
	}
}

func (s *state) broughtOf(m *model, r int32, d int) int64 {
	if m.brought == nil {
		return 0
	}
	var sum int64
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		sum += m.brought[int(v)*m.dims+d]
	}
	return sum
}

// disorder tells whether a route has a pair that is not whole or the wrong way
// round, ever has more on board than its shift can carry, or runs out of a stock.
func (s *state) disorder(m *model, r int32) bool {
	if s.lacks(m, r) {
		return true
	}
	if !m.pairs || s.size[r] == 0 {
		return false
	}
	for d := range m.dims {
		load := s.broughtOf(m, r, d)
		if load > m.capacity[int(r)*m.dims+d] {
			return true
		}
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			if load += m.loads[int(v)*m.dims+d]; load > m.capacity[int(r)*m.dims+d] {
				return true
			}
		}
	}
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		if s.outOfOrder(m, v) {
			return true
		}
	}
	return false
}

// outOfOrder tells whether what goes together with a task, where it is done, is on
// different routes or the wrong way round.
func (s *state) outOfOrder(m *model, u int32) bool {
	if !m.paired(u) || s.routeOf(m, m.source(u)) == None {
		return false
	}
	source, left := m.source(u), 0
	for _, o := range m.deliveries.of(source) {
		if s.routeOf(m, o) != None {
			left++
		}
	}
	for v := s.nodes[s.done(m, source)].next; int(v) < m.tasks && left > 0; v = s.nodes[v].next {
		if m.pickup[v] == source {
			left--
		}
	}
	return left > 0
}

// carrying tells whether something that is to be delivered is on board when a stop
// is left.
func (s *state) carrying(m *model, v int32) bool {
	left := 0
	for ; int(v) < m.tasks && v != None; v = s.nodes[v].prev {
		if m.delivers(v) {
			left--
		} else {
			left += len(m.deliveries.of(v))
		}
	}
	return left > 0
}
