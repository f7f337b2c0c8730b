package solver

import (
	"slices"
)

// A task that is pinned to a position stands there in every state of the search,
// and nowhere else: a gap is shut to what would push it on, it goes into the gap
// of its position only, and a ruin that takes out what stands before it takes it
// out too, to be put in again when the route is long enough.
//
// What is shut is found for a route and a task at once, with the gaps that pairs
// shut (pairs.go), those before the last frozen stop (frozen.go) and those where
// there is not enough on board (stock.go).

// compilePins notes the positions of all nodes.
func (m *model) compilePins() {
	for u := range int32(m.tasks) {
		at := m.task(u).Pin.Position
		if at == None {
			continue
		}
		if m.position == nil {
			m.position = slices.Repeat([]int32{None}, m.tasks)
			m.placed = make([]int64, len(m.fault))
		}
		m.position[u] = at
		unit := m.unitOf[u]
		m.placed[unit] = max(m.placed[unit], int64(at)+1)
	}
	m.gated = m.pairs || m.stock.used || m.position != nil || m.begun != nil
}

// gate finds the gaps of a route that are shut to a task.
func (w *search) gate(u, r int32) {
	m := w.model
	if m.pairs && !m.refills(u) {
		w.shutGaps(u, r)
	} else {
		gaps := int(w.state.size[r]) + 1
		w.shut = slices.Grow(w.shut[:0], gaps)[:gaps]
		clear(w.shut)
	}
	w.shutPinned(w.shut, u, r, 0)
	w.shutUnsupplied(u, r)
}

// shutPinned shuts the gaps before frozen stops, those that would push a stop off
// its position, and those that are not the position of the task itself. So many
// later ones of its unit may still come to stand before it.
func (w *search) shutPinned(shut []bool, u, r, later int32) {
	s, m := w.state, w.model
	upto := m.openAt(r) // all gaps before this one are shut
	if m.position == nil {
		for i := range upto {
			shut[i] = true
		}
		return
	}
	own, gap, at := m.position[u], int32(0), int32(0) // at: tasks before the gap
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		if int(v) < m.tasks && !m.refills(v) {
			if m.position[v] != None && m.position[v] <= at && !m.refills(u) {
				upto = max(upto, gap)
			}
			at++
		}
		shut[gap] = shut[gap] || own != None && (at > own || at < own-later)
		gap++
	}
	for i := range upto {
		shut[i] = true
	}
}

// misplaced tells whether a task of a route is pinned to another position.
func (s *state) misplaced(m *model, r int32) bool {
	if m.position == nil {
		return false
	}
	at := int32(0)
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		if own := m.position[v]; own != None && own != at {
			return true
		}
		if !m.refills(v) {
			at++
		}
	}
	return false
}

// evict takes out what has not come to its position. It says false when what is
// left has no schedule, or when something may not be taken out.
func (w *search) evict() bool {
	s, m := w.state, w.model
	if m.position == nil {
		return true
	}
	w.gone, w.hit = w.gone[:0], w.hit[:0]
	for _, r := range w.touched {
		if !w.dropMisplaced(r) {
			return false
		}
	}
	for i := 0; i < len(w.gone); i++ { // which grows
		if !w.dropMisplaced(s.nodes[w.gone[i]].route) {
			return false
		}
	}
	ok := len(w.gone) == 0 || w.takeOut()
	for _, r := range w.hit {
		w.isHit[r] = false
	}
	return ok
}

// dropMisplaced lists what of a route will not be at its position when all that is
// listed has been taken out.
func (w *search) dropMisplaced(r int32) bool {
	s, m := w.state, w.model
	at := int32(0)
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		if m.refills(v) {
			continue
		}
		own, unit := m.position[v], m.unitOf[v]
		switch {
		case s.outAt[unit] != None:
		case own == None || own == at:
			at++
		case !w.free[unit]:
			return false
		default:
			w.drop(v)
		}
	}
	return true
}

// pinnedGaps tells which gaps of a route are shut to a task, or nil where no pin
// shuts any.
func (f *fitting) pinnedGaps(u, r, later int32) []bool {
	if f.model.position == nil && f.model.begun == nil {
		return nil
	}
	shut := make([]bool, f.state.size[r]+1)
	f.shutPinned(shut, u, r, later)
	return shut
}
