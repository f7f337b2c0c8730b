package solver

// nearby is the travel that a search reads. A search of a part has the legs
// between its own locations in a small matrix of its own: that stays in the
// processor's cache, where the whole one does not.
type nearby struct {
	number    []int32      // location -> row; by location
	legs      [][]leg      // by shift: row*width+row
	plain     []*plainLegs // by shift, where it is plain
	width     int32
	own       []leg
	ownPlain  []plainLegs // by their number
	made      []int32     // by profile: where its legs begin in own, or None
	locations []int32     // by row; of a part
	fetched   int32       // so that fetch reads what it reads
}

// fetch brings the legs of a task into the processor's nearest cache, line
// after line. A scan reads them here and there, and would wait for every one.
func (n *nearby) fetch(w *search, u int32) {
	const line, thin = 64 / 16, 64 / 4 // legs, times
	if len(w.mineRoutes) == 0 {
		return
	}
	at := n.number[w.model.nodes[u].location]
	if at == None {
		return
	}
	if plain := n.plain[w.mineRoutes[0]]; plain != nil {
		row := plain.times[at*n.width:][:n.width]
		for i := 0; i < len(row); i += thin {
			n.fetched ^= row[i]
		}
		return
	}
	row := n.legs[w.mineRoutes[0]][at*n.width:][:n.width]
	for i := 0; i < len(row); i += line {
		n.fetched ^= row[i].in.time
	}
}

// lookAround lists by task of this search the active shifts that may do it and
// whose hours meet its windows, and lays out the travel between them.
func (w *search) lookAround() {
	m := w.model
	w.open.item = w.open.item[:0]
	w.alike = true
	for u := range int32(m.tasks) {
		if r := w.state.nodes[w.state.done(m, u)].route; !m.refills(u) && (r != None && w.active[r] || r == None && (w.mine == nil || w.mine[m.unitOf[u]])) {
			for _, r := range m.eligible.of(u) {
				if w.active[r] && m.onDuty(u, r) {
					w.open.item = append(w.open.item, r)
				}
			}
			w.alike = w.alike && len(w.open.item)-int(w.open.first[u]) == len(w.mineRoutes)
		}
		w.open.first[u+1] = int32(len(w.open.item))
	}
	open := len(w.open.item)
	if open > cap(w.cache) {
		w.cache, w.bar = make([]cached, open), make([]bar, open)
	}
	w.cache, w.bar = w.cache[:open], w.bar[:open]
	clear(w.bar)
	w.looked = w.looked[:0]
	for r := range w.gaps {
		w.gaps[r].version = 0 // its locations have other numbers now
	}
	for i := range w.filled {
		w.filled[i].version = 0
	}
	w.near.lay(w)
}

// lay numbers the locations of a search. A search of the whole problem shares
// the whole matrix.
func (n *nearby) lay(w *search) {
	m := w.model
	if len(m.shifts) == 0 {
		return
	}
	locations := m.shifts[0].locations
	if n.number == nil {
		n.number = make([]int32, locations)
		n.legs = make([][]leg, len(m.shifts))
		n.plain = make([]*plainLegs, len(m.shifts))
		n.ownPlain = make([]plainLegs, len(m.plain))
		n.made = make([]int32, len(m.problem.Profiles))
	}
	if w.mine == nil && (!m.compact || m.tasks > wholeEasyTasks) {
		n.width = locations
		for i := range n.number {
			n.number[i] = int32(i)
		}
		for r := range m.shifts {
			n.legs[r] = m.shifts[r].legs
			n.plain[r] = m.shifts[r].plain
		}
		return
	}
	for i := range n.number {
		n.number[i] = None
	}
	n.locations = n.locations[:0]
	note := func(v int32) {
		if at := m.nodes[v].location; n.number[at] == None {
			n.number[at] = int32(len(n.locations))
			n.locations = append(n.locations, at)
		}
	}
	visit := func(u int32) {
		if r := w.state.nodes[u].route; r == None && w.open.first[u] < w.open.first[u+1] || r != None && w.active[r] {
			note(u)
		}
	}
	if m.compact { // neighbours lie near each other in memory too
		for _, u := range m.tour {
			visit(u)
		}
	} else {
		for u := range int32(m.tasks) {
			visit(u)
		}
	}
	for _, r := range w.mineRoutes {
		note(m.startOf(r))
		note(m.endOf(r))
		for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
			note(f)
		}
	}
	n.width = int32(len(n.locations))
	n.own = n.own[:0]
	for i := range n.made {
		n.made[i] = None
	}
	for i := range n.ownPlain {
		n.ownPlain[i].reset()
	}
	for _, r := range w.mineRoutes {
		sm := &m.shifts[r]
		if sm.plain != nil {
			n.ownPlain[sm.plain.number].lay(sm.plain, locations, n.locations)
			continue
		}
		if n.made[sm.profile] != None {
			continue
		}
		n.made[sm.profile] = int32(len(n.own))
		for _, a := range n.locations {
			row := sm.legs[a*locations:][:locations]
			for _, b := range n.locations {
				n.own = append(n.own, row[b])
			}
		}
	}
	for _, r := range w.mineRoutes {
		if sm := &m.shifts[r]; sm.plain != nil {
			n.plain[r] = &n.ownPlain[sm.plain.number]
		} else {
			n.legs[r] = n.own[n.made[sm.profile]:][:n.width*n.width]
		}
	}
}
