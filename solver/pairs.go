package solver

// A pickup and its delivery are a pair: both are done by one shift, the pickup
// first, or neither is. What is on board between the two is no sum over the
// route but a running one, so a gap may be shut to a task that another one lets
// in. A task of no pair keeps its load on board to the end. What sets down more
// than was picked up is refused by Validate, so that nothing runs below 0.

// compilePairs finds the other task of each pair.
func (m *model) compilePairs() {
	m.mate = make([]int32, m.tasks)
	for i := range m.mate {
		m.mate[i] = None
	}
	for i := range m.problem.Tasks {
		if pickup := m.problem.Tasks[i].Modes[0].PickupOf; pickup != None {
			m.mate[i], m.mate[pickup] = pickup, int32(i)
			m.pairs = true
		}
	}
}

// delivers tells whether a task is the second of a pair.
func (m *model) delivers(u int32) bool { return m.problem.Tasks[u].Modes[0].PickupOf != None }

// shutGaps finds the gaps of a route that are shut to a task by what is on board
// or by where the other task of its pair is. The first of a pair to come is held
// to the gap itself, the second one to all that lies between.
func (w *search) shutGaps(u, r int32) {
	s, m := w.state, w.model
	if !m.pairs {
		return
	}
	mate := m.mate[u]
	paired, delivery := mate != None && s.nodes[mate].route == r, mate != None && m.delivers(u)
	capacity, onBoard := m.capacity[int(r)*m.dims:(int(r)+1)*m.dims], w.onBoard[:m.dims]
	clear(onBoard)
	w.shut = w.shut[:0]
	at := 0 // of a mate: the gap beside it where the task may be
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		over := false
		for d := range onBoard {
			if int(v) < m.tasks {
				onBoard[d] += m.loads[int(v)*m.dims+d]
			}
			load := onBoard[d]
			if !delivery {
				load += m.loads[int(u)*m.dims+d]
			}
			over = over || load > capacity[d]
		}
		if paired && v == mate && delivery || paired && s.nodes[v].next == mate && !delivery {
			at = len(w.shut)
		}
		w.shut = append(w.shut, over)
	}
	switch {
	case delivery && paired:
		for i := range w.shut {
			w.shut[i] = i < at || w.shut[i] || i > at && w.shut[i-1]
		}
	case delivery:
		clear(w.shut)
	case paired, mate == None:
		last := len(w.shut) - 1
		if mate == None {
			at = last
		}
		for i := last; i >= 0; i-- {
			w.shut[i] = i > at || w.shut[i] || i < at && w.shut[i+1]
		}
	}
}

// disorder tells whether a route has a pair that is not whole or the wrong way
// round, or ever has more on board than its shift can carry.
func (s *state) disorder(m *model, r int32) bool {
	if !m.pairs || s.size[r] == 0 {
		return false
	}
	for d := range m.dims {
		var load int64
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

// outOfOrder tells whether a task and the other one of its pair, where both are
// done, are on different routes or the wrong way round.
func (s *state) outOfOrder(m *model, u int32) bool {
	mate := m.mate[u]
	if mate == None || s.nodes[mate].route == None {
		return false
	}
	first, second := mate, u
	if !m.delivers(u) {
		first, second = u, mate
	}
	v := s.nodes[first].next
	for int(v) < m.tasks && v != second {
		v = s.nodes[v].next
	}
	return v != second
}

// carrying tells whether a pair is on board when a stop is left.
func (s *state) carrying(m *model, v int32) bool {
	pairs := 0
	for ; int(v) < m.tasks && v != None; v = s.nodes[v].prev {
		switch {
		case m.mate[v] == None:
		case m.delivers(v):
			pairs--
		default:
			pairs++
		}
	}
	return pairs > 0
}
