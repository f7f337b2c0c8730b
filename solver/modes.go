package solver

import "slices"

// A task with several modes is several nodes in the search, one a mode, of which
// at most one stands in a route: its ways. Whatever asks about a place, a window, a
// load or a price asks a node and need not know that there are others. The first
// modes are numbered as their tasks, the others follow, so that with one mode each
// nodes are tasks. A unit lists tasks; whoever puts one in tries all ways of each
// member. Links tie every way of the one task to every way of the other, and bind
// only those that stand in routes.
//
// Where windows are about the end of a service that differs by class, starts differ
// with who does the task. Such a mode is several nodes too, one for each length, open
// to the shifts of the classes that take so long.

// mostModes is far more than anybody has use for, and fits into place.way.
const mostModes = 1000

// compileModes numbers the nodes of all tasks.
func (m *model) compileModes() {
	tasks := m.problem.Tasks
	for i := range tasks {
		m.tasks += m.problem.ways(&tasks[i])
	}
	m.several = m.tasks > len(tasks)
	m.taskOf, m.modeOf, m.lasts = make([]int32, m.tasks), make([]int32, m.tasks), make([]int64, m.tasks)
	m.waysOf = csr{make([]int32, len(tasks)+1), make([]int32, 0, m.tasks)}
	further := int32(len(tasks))
	for i := range tasks {
		u := int32(i)
		for k := range tasks[i].Modes {
			for _, lasts := range m.problem.lengths(&tasks[i].Modes[k]) {
				m.taskOf[u], m.modeOf[u], m.lasts[u] = int32(i), int32(k), lasts
				m.waysOf.item = append(m.waysOf.item, u)
				u = further
				further++
			}
		}
		further-- // which nothing has taken
		m.waysOf.first[i+1] = int32(len(m.waysOf.item))
	}
}

// anyLength stands for the service of a mode that is one node, whoever does it.
const anyLength = -1

var oneLength = []int64{anyLength}

// lengths are the services of a mode that are nodes of their own.
func (p *Problem) lengths(mode *Mode) []int64 {
	if !mode.AtEnd || mode.ByClass == nil || len(p.Shifts) == 0 {
		return oneLength
	}
	var list []int64
	for r := range p.Shifts {
		if x := mode.ByClass[p.Shifts[r].Class]; !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// ways is how many nodes a task is.
func (p *Problem) ways(t *Task) (n int) {
	for k := range t.Modes {
		n += len(p.lengths(&t.Modes[k]))
	}
	return n
}

// asDone is the mode of a node with the service that it has there.
func (m *model) asDone(u int32) *Mode {
	mode := m.mode(u)
	if m.lasts[u] != anyLength {
		x := *mode
		x.Service, x.ByClass, mode = m.lasts[u], nil, &x
	}
	return mode
}

// takesSo tells whether a shift takes as long for a node as that says.
func (m *model) takesSo(u, r int32) bool {
	return m.lasts[u] == anyLength || m.lasts[u] == m.mode(u).ByClass[m.problem.Shifts[r].Class]
}

// ways are the nodes of the task that a node belongs to.
func (m *model) ways(u int32) []int32 { return m.waysOf.of(m.taskOf[u]) }

// mode is what the problem says of a node.
func (m *model) mode(u int32) *Mode { return &m.problem.Tasks[m.taskOf[u]].Modes[m.modeOf[u]] }

// task is the task of a node.
func (m *model) task(u int32) *Task { return &m.problem.Tasks[m.taskOf[u]] }

// done is the node of a task that stands in a route, or else the given one.
func (s *state) done(m *model, u int32) int32 {
	if m.several && s.nodes[u].route == None {
		for _, v := range m.ways(u) {
			if s.nodes[v].route != None {
				return v
			}
		}
	}
	return u
}

// drawWay draws one of the ways of a task.
func (w *search) drawWay(u int32) int32 {
	if ways := w.model.ways(u); len(ways) > 1 {
		return ways[w.random.IntN(len(ways))]
	}
	return u
}

// empty takes all tasks out of some routes, as far as their nodes are asked. What
// is copied into the routes afterwards may have them in other modes.
func (s *state) empty(m *model, r int32) {
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		s.nodes[v].route = None
	}
}

// bestWay finds the cheapest place of a task over all its ways, if it costs less
// than limit.
func (w *search) bestWay(unit, task int32, limit int64) (best choice, way int32) {
	best, way = w.bestPlace(unit, task, limit), task
	if !w.model.several {
		return best, way
	}
	for _, u := range w.model.ways(task)[1:] {
		if best.pred != None {
			limit = best.cost + best.greets
		}
		w.near.fetch(w, u)
		if other := w.bestPlace(unit, u, limit); other.pred != None {
			best, way = other, u
		}
	}
	return best, way
}

// nodeIn is the node that a stop of a route of a solution stands for, or None where
// there is no such task or mode.
func (m *model) nodeIn(r int32, stop Stop) int32 {
	if stop.Task < 0 || int(stop.Task) >= m.asked {
		return None
	}
	for _, u := range m.ways(stop.Task) {
		if m.modeOf[u] == stop.Mode && m.takesSo(u, r) {
			return u
		}
	}
	return None
}

// nodeAt is the node of a member in a trial.
func (f *fitting) nodeAt(member int, at place) int32 {
	return f.model.ways(f.members[member])[at.way]
}
