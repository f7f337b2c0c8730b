//go:build invariants

package solver

import (
	"fmt"
	"slices"
)

const invariantsOn = true

// verify recomputes schedule, links and cost of an accepted state from
// scratch and panics on any difference.
func (w *search) verify() {
	m, s := w.model, w.state
	fresh := newSchedule(m, s.clone(m))
	if !fresh.reschedule() {
		panic("solver: accepted state has no schedule")
	}
	for v := range s.nodes {
		a, b := &s.nodes[v], &fresh.state.nodes[v]
		if a.route == None {
			if w.model.tasks > v && !m.refills(int32(v)) && s.outAt[m.unitOf[v]] == None && s.nodes[s.done(m, int32(v))].route == None {
				panic(fmt.Sprintf("solver: task %d is neither done nor out", v))
			}
			continue
		}
		// The latest beginning of a break on trial is left open.
		if a.early != b.early || a.late != b.late && v < m.tasks+2*len(m.shifts) {
			panic(fmt.Sprintf("solver: node %d: schedule %d..%d, recomputed %d..%d", v, a.early, a.late, b.early, b.late))
		}
	}
	var total int64
	for r := range m.shifts {
		cost := fresh.state.routeCost(m, int32(r))
		if cost != s.cost[r] {
			panic(fmt.Sprintf("solver: route %d costs %d, recomputed %d", r, s.cost[r], cost))
		}
		total += cost
		if m.shifts[r].chained {
			w.verifyChain(int32(r))
			continue
		}
		if due := m.shifts[r].due(w.breaksTaken(int32(r)), len(m.shifts[r].breaks)); s.size[r] > 0 && len(due) > 0 {
			panic(fmt.Sprintf("solver: route %d misses %d breaks", r, len(due)))
		}
	}
	for _, u := range s.out {
		total += m.fault[u]
	}
	fresh.state.own = s.own
	total += fresh.state.coupling(m)
	fresh.state.recount(m)
	total += fresh.state.grouped
	w.verifyTally(&fresh.state.tally)
	if total != s.total {
		panic(fmt.Sprintf("solver: total %d, recomputed %d", s.total, total))
	}
	w.verifyRoutes()
	w.verifyLinks()
	w.verifyApart()
}

// verifyTally compares what is counted with what a count from nothing gives.
func (w *search) verifyTally(t *tally) {
	s := w.state
	if s.grouped != t.grouped || !slices.Equal(s.counts, t.counts) || !slices.Equal(s.tally.tasks, t.tasks) {
		panic(fmt.Sprintf("solver: counts %d at %d, recounted %d at %d", s.counts, s.grouped, t.counts, t.grouped))
	}
	for rule, count := range s.counts {
		if count > w.most[rule] {
			panic(fmt.Sprintf("solver: rule %d allows %d, counted %d", rule, w.most[rule], count))
		}
	}
}

// verifyRoutes walks the routes: order, legs, loads, sizes, and the earliest
// starts stop by stop, which are a schedule.
func (w *search) verifyRoutes() {
	m, s := w.model, w.state
	done := 0
	for r := range m.shifts {
		load := make([]int64, m.dims)
		size, at := int32(0), int32(0)
		for v := m.startOf(int32(r)); v != None; v = s.nodes[v].next {
			n := &s.nodes[v]
			if n.route != int32(r) {
				panic(fmt.Sprintf("solver: node %d stands in route %d and says %d", v, r, n.route))
			}
			if int(v) < m.tasks {
				if m.position != nil && m.position[v] != None && m.position[v] != at {
					panic(fmt.Sprintf("solver: task %d is pinned to position %d and stands at %d", v, m.position[v], at))
				}
				size++
				if at++; m.refills(v) {
					done--
					at--
				}
				for d := range load {
					load[d] += m.loads[int(v)*m.dims+d]
				}
				if !m.mayDo[int(v)*len(m.shifts)+r] || !w.clauseAllows(v, int32(r)) {
					panic(fmt.Sprintf("solver: task %d may not be in route %d", v, r))
				}
			}
			if n.next == None || s.size[r] == 0 {
				continue
			}
			next := &s.nodes[n.next]
			if next.prev != v || n.leg != m.leg(int32(r), v, n.next) {
				panic(fmt.Sprintf("solver: nodes %d and %d are not joined", v, n.next))
			}
			if m.shifts[r].onward(n, next, n.early+n.service) > next.early {
				panic(fmt.Sprintf("solver: node %d starts before node %d lets it", n.next, v))
			}
		}
		w.verifyFrozen(int32(r))
		if size != s.size[r] {
			panic(fmt.Sprintf("solver: route %d has %d tasks, says %d", r, size, s.size[r]))
		}
		if s.tooFar(m, int32(r)) {
			panic(fmt.Sprintf("solver: route %d travels for %d, the longest is %d", r, s.travelled(m, int32(r)), m.shifts[r].longestTravel))
		}
		if s.disorder(m, int32(r)) || s.onlyRefills(m, int32(r)) {
			panic(fmt.Sprintf("solver: route %d has a pair out of order, or too much or too little on board", r))
		}
		for d := range load {
			if load[d] != s.load[r*m.dims+d] || load[d] > m.shifts[r].capacity[d] {
				panic(fmt.Sprintf("solver: route %d carries %d, says %d", r, load[d], s.load[r*m.dims+d]))
			}
		}
		done += int(size)
	}
	for _, unit := range s.out {
		done += len(m.units.of(unit))
	}
	if done != m.asked {
		panic(fmt.Sprintf("solver: %d of %d tasks are done or out", done, m.asked))
	}
}

// verifyFrozen looks whether a route begins as it has begun.
func (w *search) verifyFrozen(r int32) {
	m, s := w.model, w.state
	if m.begun == nil {
		return
	}
	fresh := newState(m)
	for v := m.startOf(r); v != m.open(r); v = s.nodes[v].next {
		a, b := &s.nodes[v], &fresh.nodes[v]
		if m.shifts[r].chained && a.layout() != b.layout() {
			panic(fmt.Sprintf("solver: route %d: breaks %+v behind node %d, which were %+v", r, a.layout(), v, b.layout()))
		}
		if a.next != b.next || a.hi-a.lo != b.hi-b.lo || a.lo < a.hi && a.lo != b.lo || s.nodes[a.next].early != m.begun.start[m.taskOf[a.next]] {
			panic(fmt.Sprintf("solver: route %d is not what it was up to node %d", r, v))
		}
	}
}

// verifyLinks reads the links from the problem itself.
func (w *search) verifyLinks() {
	s := w.state
	for i, l := range w.model.problem.Links {
		a, b := &s.nodes[s.done(w.model, l.First)], &s.nodes[s.done(w.model, l.Second)]
		if l.AllOrNothing && (a.route == None) != (b.route == None) && w.model.frozen(l.First) == w.model.frozen(l.Second) {
			panic(fmt.Sprintf("solver: link %d: half of it is done", i))
		}
		if l.Apart {
			continue
		}
		if a.route != None && b.route != None && (b.early-a.early < l.Min || b.early-a.early > l.Max) {
			panic(fmt.Sprintf("solver: link %d: starts at %d and %d", i, a.early, b.early))
		}
	}
}

// verifyApart does the same for tasks that are apart.
func (w *search) verifyApart() {
	s := w.state
	at := 0
	for i, l := range w.model.problem.Links {
		if !l.Apart {
			continue
		}
		a, b := &s.nodes[s.done(w.model, l.First)], &s.nodes[s.done(w.model, l.Second)]
		gap := b.early - a.early
		if s.swapped[at] {
			gap = -gap
		}
		if at++; a.route != None && b.route != None && (gap < l.Min || gap > l.Max) {
			panic(fmt.Sprintf("solver: link %d: starts at %d and %d", i, a.early, b.early))
		}
	}
}

// verifyChain looks at the gaps of a chained route: they divide its breaks among
// them, and these know where they are and keep the rules that bind them.
func (w *search) verifyChain(r int32) {
	m, s := w.model, w.state
	sm := &m.shifts[r]
	if s.size[r] == 0 {
		return
	}
	taken := uint8(0)
	moment := s.nodes[m.startOf(r)].early
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		n := &s.nodes[v]
		begun := m.wayBegun(n.next) != nil
		if n.lo != taken || !begun && !sm.proper(n.layout(), s.nodes[n.next].next == None) {
			panic(fmt.Sprintf("solver: route %d: breaks %+v behind %d", r, n.layout(), taken))
		}
		taken = n.hi
		for i := int(n.lo); i < int(n.hi); i++ {
			b := &s.nodes[sm.rest+int32(i)]
			if b.prev != v || (b.route == None) != has(n.skip, i) {
				panic(fmt.Sprintf("solver: route %d: break %d does not hang behind %d", r, i, v))
			}
			if has(n.skip, i) {
				continue
			}
			if most := sm.breaks[i].AfterWork; b.early < sm.breaks[i].From || b.early > sm.breaks[i].To || most > 0 && b.early > moment+most {
				panic(fmt.Sprintf("solver: route %d: break %d begins at %d", r, i, b.early))
			}
			moment = b.early + b.service
		}
	}
	if int(taken) != len(sm.breaks) || s.strays(m, r) {
		panic(fmt.Sprintf("solver: route %d: %d of %d breaks, or too far", r, taken, len(sm.breaks)))
	}
}

func (w *search) breaksTaken(r int32) int {
	taken := 0
	for v := w.model.startOf(r); w.state.nodes[v].next != None; v = w.state.nodes[v].next {
		n := &w.state.nodes[v]
		if n.lo == n.hi {
			continue
		}
		breaks := w.model.shifts[r].breaks
		if int(n.lo) < taken || len(w.model.shifts[r].due(taken, int(n.lo))) > 0 {
			panic(fmt.Sprintf("solver: route %d: break %d follows %d", r, n.lo, taken))
		}
		if w.state.nodes[n.next].next == None && w.state.size[r] > 0 && atNext(breaks[n.lo:n.hi]) {
			panic(fmt.Sprintf("solver: route %d: a break waits for a next stop behind the last", r))
		}
		taken = int(n.hi)
	}
	return taken
}

// agree panics where what the search pays is not what Price makes of the same
// solution, which reads the problem and the stops alone.
func (t *timetable) agree(s *Solution) {
	if s.Cost >= Infinity || t.model.leavesTied(s) {
		return
	}
	if total := t.total(); total != s.Cost {
		panic(fmt.Sprintf("solver: the search pays %d, Price %d: %v", total, s.Cost, s.Terms))
	}
}
