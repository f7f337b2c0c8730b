package solver

import "slices"

// Two tasks that are apart start so far from each other at least, whichever comes
// first. That is no rule of the schedule's network but a choice between two: so
// each such link has an edge in either direction, of which one is in force. Which
// one is part of a state, and is chosen when the second of the two tasks is put
// into a route: its partners stand in the order of their starts then, and it goes
// into one of the slots between them. Once chosen it stays until one of the two is
// taken out; who comes first is changed by ruin and recreate. A state whose tasks
// keep the rules says by its starts alone who is first, for the least distance is
// more than 0: so routes that are put together need nothing else.

// apart is a link without an order, between two tasks.
type apart struct {
	first, second int32
	least         int64
}

func (l *apart) other(task int32) int32 {
	if l.first == task {
		return l.second
	}
	return l.first
}

// partner is the node of the other task of a link, if that is done.
func (s *state) partner(m *model, i, u int32) int32 {
	return s.done(m, m.apart[i].other(m.taskOf[u]))
}

func (m *model) compileApart() {
	m.apart = nil
	for _, l := range m.problem.Links {
		if l.Apart {
			m.apart = append(m.apart, apart{l.First, l.Second, l.Min})
		}
	}
	of := make([][]int32, m.tasks)
	for i, l := range m.apart {
		of[l.first] = append(of[l.first], int32(i))
		of[l.second] = append(of[l.second], int32(i))
	}
	m.apartOf = csr{first: make([]int32, m.tasks+1)}
	for u := range of {
		m.apartOf.item = append(m.apartOf.item, of[m.taskOf[u]]...)
		m.apartOf.first[u+1] = int32(len(m.apartOf.item))
	}
}

// mostApart is how many links without an order one task has at most.
func (m *model) mostApart() int {
	most := 0
	for u := range m.tasks {
		most = max(most, len(m.apartOf.of(int32(u))))
	}
	return most
}

// turns lists by edge when it is in force: None: always; otherwise twice the link
// without an order, and one more where that is when Second comes first.
func (m *model) turns(edges []edge) []int32 {
	if len(m.apart) == 0 {
		return nil
	}
	turns := make([]int32, len(edges))
	for i := range edges {
		turns[i] = edges[i].turn
	}
	return turns
}

// pushLag and pullLag are the lags of edges as the state has turned them.
func (s *state) pushLag(m *model, e int32) int64 {
	if m.pushTurn == nil {
		return m.pushLag[e]
	}
	return s.turned(m.pushLag[e], m.pushTurn[e])
}

func (s *state) pullLag(m *model, e int32) int64 {
	if m.pullTurn == nil {
		return m.pullLag[e]
	}
	return s.turned(m.pullLag[e], m.pullTurn[e])
}

// turned is the lag of an edge, or -Infinity, which moves nothing, where it is
// not in force.
func (s *state) turned(lag int64, turn int32) int64 {
	if turn == None || s.swapped[turn>>1] == (turn&1 != 0) {
		return lag
	}
	return -Infinity
}

// lineUp lists the links to partners of a task that are apart from it and done,
// in the order of their starts, and returns how many there are.
func (w *search) lineUp(u int32) int {
	s, m := w.state, w.model
	w.between = w.between[:0]
	if len(m.apart) == 0 {
		return 0
	}
	for _, i := range m.apartOf.of(u) {
		o := s.partner(m, i, u)
		if s.nodes[o].route == None {
			continue
		}
		at := len(w.between)
		for ; at > 0 && s.nodes[s.partner(m, w.between[at-1], u)].early > s.nodes[o].early; at-- {
		}
		w.between = slices.Insert(w.between, at, i)
	}
	return len(w.between)
}

// face puts a task into a slot between the partners that have been lined up: so
// many come before it.
func (w *search) face(u int32, slot int16) {
	for k, i := range w.between {
		before := k < int(slot)
		w.state.swapped[i] = before == (w.model.apart[i].first == w.model.taskOf[u])
	}
}

// scanSlots is scan for a task with links to tasks that are done; slots of them
// have been lined up.
func (w *search) scanSlots(u, r int32, slots int, low, high, limit int64) place {
	if slots == 0 {
		return w.scan(u, r, low, high, limit)
	}
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	for slot := range int16(min(slots, mostSlots) + 1) {
		w.face(u, slot)
		low, high, _ := w.bounds(u)
		if low > high {
			continue
		}
		found := w.scan(u, r, low, high, best.second.cost)
		for _, at := range [2]place{found, w.second} {
			if at.pred != None {
				at.slot = slot
				best.offer(at)
			}
		}
	}
	return w.found(&best)
}

// mostSlots bounds the slots that a place can name.
const mostSlots = 1 << 14

// faceBy turns the links between tasks that are done as their starts say.
func (s *state) faceBy(m *model, start func(v int32) int64) {
	for i, l := range m.apart {
		if a, b := s.done(m, l.first), s.done(m, l.second); s.nodes[a].route != None && s.nodes[b].route != None {
			s.swapped[i] = start(b) < start(a)
		}
	}
}

// appendOrder adds who comes first to the key of an order of tasks.
func (s *state) appendOrder(m *model, key []byte) []byte {
	for i, l := range m.apart {
		x := byte(0)
		if s.swapped[i] && s.nodes[s.done(m, l.first)].route != None && s.nodes[s.done(m, l.second)].route != None {
			x = 1
		}
		key = append(key, x)
	}
	return key
}

// apartFrom lists the links without an order that tie the given tasks to each
// other or to tasks that are done.
func (t *timetable) apartFrom(tasks []int32) []int32 {
	s, m := t.state, t.model
	if len(m.apart) == 0 {
		return nil
	}
	var links []int32
	for _, u := range tasks {
		for _, i := range m.apartOf.of(u) {
			o := s.partner(m, i, u)
			if among := slices.Contains(tasks, o); among && u < o || !among && s.nodes[o].route != None {
				links = append(links, i)
			}
		}
	}
	return links
}

// mostOrdered is how many links without an order an insertion turns in all ways.
const mostOrdered = 8

// eachOrder turns the given links in all ways that windows and routes allow, and
// calls visit for each until that says false. Where there are more links than so
// many, only in ways that keep the order of the starts of tasks that are done.
func (t *timetable) eachOrder(links []int32, many int, visit func() bool) {
	s, m := t.state, t.model
	precedes := func(a, b int32) bool {
		if s.nodes[a].route == None || s.nodes[b].route == None {
			return false
		}
		if len(links) > many && t.start[a] < t.start[b] {
			return true
		}
		if s.nodes[a].route != s.nodes[b].route {
			return false
		}
		for a = s.nodes[a].next; int(a) < m.tasks; a = s.nodes[a].next {
			if a == b {
				return true
			}
		}
		return false
	}
	of := func(i int32) (before, after int32) {
		l := &m.apart[i]
		if s.swapped[i] {
			return s.done(m, l.second), s.done(m, l.first)
		}
		return s.done(m, l.first), s.done(m, l.second)
	}
	var turn func(k int) bool
	turn = func(k int) bool {
		if k == len(links) {
			return visit()
		}
		i := links[k]
		for _, swapped := range [2]bool{false, true} {
			s.swapped[i] = swapped
			before, after := of(i)
			hard := m.nodes[after].hard
			ok := (m.several || m.nodes[before].hard[0].From+m.apart[i].least <= hard[len(hard)-1].To) && !precedes(after, before)
			for _, j := range links[:k] { // no circle of two or three
				b, a := of(j)
				ok = ok && (a != before || b != after) && (a != before || !precedes(after, b)) && (b != after || !precedes(a, before))
			}
			if ok && !turn(k+1) {
				return false
			}
		}
		return true
	}
	turn(0)
}
