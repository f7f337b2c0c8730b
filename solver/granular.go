package solver

import (
	"cmp"
	"slices"
)

// In a large problem most places are far from a task, and looking at all of
// them is most of an iteration. So a look is mostly narrow: at the routes that
// hold neighbours of the task, at those that cost less for it than others do, and
// at empty ones (granular search, Toth and Vigo 2003). The routes themselves are
// looked through from end to end, as ever. Every so many looks are wide. In
// problems that are not large all are, and so are those of the first solution, of
// tasks that are out, and of linked ones; compact.go has narrow looks of its own.

const (
	narrowFrom = 400 // tasks: problems of more than so many are searched so
	nearStops  = 10  // so many of a task's neighbours lead to the routes that are looked at for it
	tailStops  = 3   // and so many of each stop's to those that a route may exchange with
	wideRate   = 8   // one look in so many is wide
)

// compileNarrow tells whether looks are narrow, and what a shift costs on average for
// each task.
func (m *model) compileNarrow() {
	m.narrow = !m.easy && !m.soft && m.asked > narrowFrom && !ablated(partNeighbours)
	if !m.narrow {
		return
	}
	m.usual = make([]int64, m.tasks)
	shifts := len(m.shifts)
	for u := range m.tasks {
		eligible := m.eligible.of(int32(u))
		var sum int64
		for _, r := range eligible {
			sum += m.assign[u*shifts+int(r)]
		}
		m.usual[u] = sum / int64(max(1, len(eligible)))
	}
}

// along numbers the units for a first solution: from the farthest task on a way
// of so many tasks as a route has, each the nearest neighbour of the one before that has
// not been passed, then from the farthest that is left, and so on. In this order
// routes fill with neighbours; in any other one each soon leads all over the
// map, and half of the search goes into mending that. What is far comes first, as
// long as there is time to drive there. far is by unit, the less the farther.
func (m *model) along(far []int64) []int64 {
	units := make([]int32, len(far))
	for unit := range units {
		units[unit] = int32(unit)
	}
	slices.SortStableFunc(units, func(a, b int32) int { return cmp.Compare(far[a], far[b]) })
	number := make([]int64, len(far))
	length := max(1, m.asked/len(m.shifts))
	count := int64(0)
	for _, unit := range units {
		for range length {
			if number[unit] == 0 {
				count++
				number[unit] = count
			}
			near := m.near.of(m.units.of(unit)[0])
			next := slices.IndexFunc(near, func(v int32) bool { return m.unitOf[v] != None && number[m.unitOf[v]] == 0 })
			if next < 0 {
				break
			}
			unit = m.unitOf[near[next]]
		}
	}
	return number
}

// narrows draws whether the look at hand is narrow.
func (w *search) narrows() bool {
	return w.model.narrow && w.mine != nil && w.random.Uint32()%wideRate != 0
}

// markAround marks the routes of this search that hold one of so many nearest
// neighbours of u as near in the look at hand.
func (w *search) markAround(u int32, most int) {
	for _, v := range w.model.near.of(u) {
		if r := w.state.nodes[v].route; r != None && w.active[r] {
			w.nearIn[r] = w.look
			if most--; most == 0 {
				return
			}
		}
	}
}

// far tells that a narrow look for u leaves a route out.
func (w *search) far(u, r int32) bool {
	m := w.model
	return w.nearIn[r] != w.look && w.state.size[r] > 0 && m.assign[int(u)*len(m.shifts)+int(r)] >= m.usual[u]
}
