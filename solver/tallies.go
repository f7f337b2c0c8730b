package solver

import (
	"cmp"
	"math"
	"slices"
)

// Some rules count over routes: how many persons the tasks of a group see, and how
// many of the shifts that need a car at the same time are used. The state keeps a
// table of tasks by group and person, and one number for each rule; they change
// where a task goes into a route or out of it, and nowhere else, so what a place
// does to them is known at once, beside what is cached for the place.
//
// A shift holds what it needs from its start to the last moment at which it could
// be over, whatever it does. So a resource is about sets of used shifts, and no set
// is too large where none of those is that need it at one moment: the cliques of
// an interval graph, of which the largest by inclusion are as many as starts.
//
// Numbers of rules: groups first, then cliques. A worker that has a part of the
// routes may use what is free under a rule only where it is its home; elsewhere it
// may not have more than it found. Then the parts go together.

// compileTallies lays out what is counted.
func (m *model) compileTallies() {
	p := m.problem
	m.groupOf = make([]int32, m.tasks)
	for i := range m.groupOf {
		m.groupOf[i] = None
	}
	m.groups.first = []int32{0}
	members := make([][]int32, len(p.Groups))
	for i := range p.Tasks {
		if g := p.Tasks[i].Group; g != None && len(p.Groups) > 0 {
			members[g] = append(members[g], int32(i))
		}
	}
	for g, list := range members {
		price, most := p.Groups[g].ShiftCost*m.weight.groups, p.Groups[g].MostShifts
		if most == 0 {
			most = math.MaxInt32
		}
		if len(list) == 0 || price == 0 && int(most) >= len(list) {
			continue
		}
		for _, u := range list {
			for _, way := range m.ways(u) {
				m.groupOf[way] = int32(len(m.groupPrice))
			}
		}
		m.groups.item = append(m.groups.item, list...)
		m.groups.first = append(m.groups.first, int32(len(m.groups.item)))
		m.groupPrice = append(m.groupPrice, price)
		m.most = append(m.most, most)
	}
	m.compileCliques()
	m.tallied = len(m.most) > 0
}

// compileCliques finds the sets of shifts that need a resource at one moment, and
// are more than it can serve.
func (m *model) compileCliques() {
	p := m.problem
	ofShift := make([][]int32, len(p.Shifts))
	m.holders.first = []int32{0}
	for k := range p.Resources {
		var need []int32
		for r := range p.Shifts {
			if s := &p.Shifts[r]; s.Start < s.latest() && slices.Contains(s.Resources, int32(k)) {
				need = append(need, int32(r))
			}
		}
		slices.SortStableFunc(need, func(a, b int32) int { return cmp.Compare(p.Shifts[a].Start, p.Shifts[b].Start) })
		most := p.Resources[k].holders()
		for i, last := range need {
			at, next := p.Shifts[last].Start, Infinity // the first moment of this set, and of the next one
			if i+1 < len(need) {
				next = p.Shifts[need[i+1]].Start
			}
			if next == at {
				continue
			}
			var set []int32
			over := false // before the next one is complete
			for _, r := range need[:i+1] {
				if end := p.Shifts[r].latest(); end > at {
					set = append(set, r)
					over = over || end <= next
				}
			}
			if !over && next < Infinity || int64(len(set)) <= most {
				continue
			}
			for _, r := range set {
				ofShift[r] = append(ofShift[r], int32(len(m.most)))
			}
			m.holders.item = append(m.holders.item, set...)
			m.holders.first = append(m.holders.first, int32(len(m.holders.item)))
			m.most = append(m.most, int32(most))
		}
	}
	m.cliques.first = []int32{0}
	for _, list := range ofShift {
		m.cliques.item = append(m.cliques.item, list...)
		m.cliques.first = append(m.cliques.first, int32(len(m.cliques.item)))
	}
}

// holders is how many shifts a resource can serve at once.
func (x *Resource) holders() int64 { return x.Capacity * max(x.Sharers, 1) }

// tally is what a state counts.
type tally struct {
	tasks   []int32 // group*shifts+person
	counts  []int32 // by rule: persons, or used shifts
	grouped int64   // what the persons cost
}

func newTally(m *model) tally {
	if !m.tallied {
		return tally{}
	}
	return tally{tasks: make([]int32, len(m.groupPrice)*len(m.shifts)), counts: make([]int32, len(m.most))}
}

func (t *tally) copyFrom(other *tally) {
	copy(t.tasks, other.tasks)
	copy(t.counts, other.counts)
	t.grouped = other.grouped
}

// join counts a task for the person of a shift, and part forgets it; both return
// what that changes.
func (t *tally) join(m *model, u, r int32) int64 {
	g := m.groupOf[u]
	if g == None {
		return 0
	}
	at := &t.tasks[int(g)*len(m.shifts)+int(m.person[r])]
	if *at++; *at > 1 {
		return 0
	}
	t.counts[g]++
	t.grouped += m.groupPrice[g]
	return m.groupPrice[g]
}

func (t *tally) part(m *model, u, r int32) int64 {
	g := m.groupOf[u]
	if g == None {
		return 0
	}
	at := &t.tasks[int(g)*len(m.shifts)+int(m.person[r])]
	if *at--; *at > 0 {
		return 0
	}
	t.counts[g]--
	t.grouped -= m.groupPrice[g]
	return -m.groupPrice[g]
}

// use counts a shift that has got its first task, by 1, or lost its last one, by -1.
func (t *tally) use(m *model, r, by int32) {
	for _, c := range m.cliques.of(r) {
		t.counts[c] += by
	}
}

// used counts a shift that is used now, or is not any more.
func (s *state) used(m *model, r int32) {
	by := int32(1)
	if s.size[r] == 0 {
		by = -1
	}
	s.use(m, r, by)
}

// countIn and countOut keep count of a task that has gone into a route, or is
// about to forget that it was in one; the size of the route is what it is now.
func (s *state) countIn(m *model, u, r int32) {
	if !m.tallied {
		return
	}
	s.total += s.join(m, u, r)
	if s.size[r] == 1 {
		s.use(m, r, 1)
	}
}

func (s *state) countOut(m *model, u, r int32) {
	if !m.tallied {
		return
	}
	s.total += s.part(m, u, r)
	if s.size[r] == 0 {
		s.use(m, r, -1)
	}
}

// recount counts from nothing.
func (s *state) recount(m *model) {
	if !m.tallied {
		return
	}
	s.total -= s.grouped
	clear(s.tasks)
	clear(s.counts)
	s.grouped = 0
	for r := range m.shifts {
		if s.size[r] > 0 {
			s.countRoute(m, int32(r), true)
		}
	}
	s.total += s.grouped
}

// countRoute counts a whole route, or forgets it, and leaves total alone.
func (s *state) countRoute(m *model, r int32, in bool) {
	by := int32(1)
	if !in {
		by = -1
	}
	s.use(m, r, by)
	for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
		if in {
			s.join(m, v, r)
		} else {
			s.part(m, v, r)
		}
	}
}

// hasPlace tells whether the rules let one more task into a route.
func (w *search) hasPlace(u, r int32) bool {
	s, m := w.state, w.model
	if g := m.groupOf[u]; g != None && s.counts[g] >= w.most[g] && s.tasks[int(g)*len(m.shifts)+int(m.person[r])] == 0 {
		return false
	}
	if s.size[r] > 0 {
		return true
	}
	for _, c := range m.cliques.of(r) {
		if s.counts[c] >= w.most[c] {
			return false
		}
	}
	return true
}

// greets is what it costs the group of a task that a shift does it.
func (w *search) greets(u, r int32) int64 {
	m := w.model
	if !m.tallied {
		return 0
	}
	if g := m.groupOf[u]; g != None && w.state.tally.tasks[int(g)*len(m.shifts)+int(m.person[r])] == 0 {
		return m.groupPrice[g]
	}
	return 0
}

// greeted is what it costs the group of a task that it stands where it stands.
func (s *state) greeted(m *model, u int32) int64 {
	if !m.tallied {
		return 0
	}
	if g := m.groupOf[u]; g != None && s.tasks[int(g)*len(m.shifts)+int(m.person[s.nodes[u].route])] == 1 {
		return m.groupPrice[g]
	}
	return 0
}

// withinMost tells whether the rules that the given routes are counted under hold.
func (w *search) withinMost(routes []int32) bool {
	s, m := w.state, w.model
	if !m.tallied {
		return true
	}
	for _, r := range routes {
		if s.size[r] == 0 {
			continue
		}
		for _, c := range m.cliques.of(r) {
			if s.counts[c] > w.most[c] {
				return false
			}
		}
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			if g := m.groupOf[v]; g != None && s.counts[g] > w.most[g] {
				return false
			}
		}
	}
	return true
}

// allot tells a worker how much of each rule its part may use.
func (c *crew) allot(w *search, part int32) {
	m := c.model
	if !m.tallied {
		return
	}
	w.most = slices.Clone(m.most)
	for rule := range w.most {
		home := None
		if rule < len(m.groupPrice) {
			home = c.home(w.state, m.groups.of(int32(rule))[0])
		} else {
			for _, r := range m.holders.of(int32(rule - len(m.groupPrice))) {
				if home = c.part[r]; home != None {
					break
				}
			}
		}
		if home != part {
			w.most[rule] = w.state.counts[rule]
		}
	}
}
