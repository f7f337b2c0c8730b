package solver

import "reflect"

// Shifts that are the same to every task are twins. To put a task into one of
// them that does nothing yet is to put it into any other, so one of the empty
// ones stands for all; the sets of vehicle routing have hundreds of them.

// compileTwins finds for each shift the first one that is the same.
func (m *model) compileTwins() {
	p := m.problem
	m.twin = make([]int32, len(p.Shifts))
	var firsts []int32
	for r := range p.Shifts {
		m.twin[r] = int32(r)
		if p.Shifts[r].Person != 0 {
			continue // who else works may matter to a link
		}
		known := false
		for _, first := range firsts {
			if known = m.same(first, int32(r)); known {
				m.twin[r] = first
				break
			}
		}
		if !known {
			firsts = append(firsts, int32(r))
		}
	}
	number := make([]int, len(p.Shifts))
	for _, first := range m.twin {
		number[first]++
	}
	for r, first := range m.twin {
		m.shifts[r].common = 2*number[first] > len(p.Shifts)
	}
}

// same tells whether two shifts differ in nothing but their number.
func (m *model) same(a, b int32) bool {
	p := m.problem
	if p.Shifts[a].Start != p.Shifts[b].Start || p.Shifts[a].End != p.Shifts[b].End ||
		!reflect.DeepEqual(&p.Shifts[a], &p.Shifts[b]) {
		return false
	}
	shifts := len(p.Shifts)
	for at := 0; at < len(m.assign); at += shifts {
		if m.assign[at+int(a)] != m.assign[at+int(b)] || m.mayDo[at+int(a)] != m.mayDo[at+int(b)] {
			return false
		}
	}
	return true
}

// spareTwins is how many empty shifts of a kind a search has at hand.
const spareTwins = 6

// spare is how many empty twins have been dealt out to parts, and one less than
// the part that got the first.
type spare struct{ dealt, part int32 }

// dismiss leaves the empty shifts that a search does not need at hand to
// nobody.
func (w *search) dismiss() {
	m := w.model
	clear(w.idle)
	w.mineRoutes = w.mineRoutes[:0]
	for r, first := range m.twin {
		w.active[r] = true
		if w.state.size[r] == 0 {
			w.idle[first]++
			w.active[r] = w.idle[first] <= spareTwins
		}
		if w.active[r] {
			w.mineRoutes = append(w.mineRoutes, int32(r))
		}
	}
	w.lookAround()
}

// unbalanced tells whether of some shift there are too few empty twins at hand
// while others are left to nobody, or far more than it takes.
func (w *search) unbalanced() bool {
	clear(w.idle)
	for r, first := range w.model.twin {
		if w.active[r] && w.state.size[r] == 0 {
			w.idle[first]++
		}
	}
	for r, first := range w.model.twin {
		if idle := w.idle[first]; idle < spareTwins/2 && !w.active[r] || idle > 3*spareTwins {
			return true
		}
	}
	return false
}

// seenTwin tells whether an empty route like r has been seen in this look.
func (w *search) seenTwin(r int32) bool {
	if w.state.size[r] > 0 {
		return false
	}
	first := w.model.twin[r]
	seen := w.twinSeen[first] == w.look
	w.twinSeen[first] = w.look
	return seen
}
