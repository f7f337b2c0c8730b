//go:build invariants

package solver

import "fmt"

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
			if w.model.tasks > v && s.outAt[m.unitOf[v]] == None {
				panic(fmt.Sprintf("solver: task %d is neither done nor out", v))
			}
			continue
		}
		if a.early != b.early || a.late != b.late {
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
		if taken := w.breaksTaken(int32(r)); s.size[r] > 0 && taken != len(m.shifts[r].breaks) {
			panic(fmt.Sprintf("solver: route %d takes %d breaks", r, taken))
		}
	}
	for _, u := range s.out {
		total += m.fault[u]
	}
	if total != s.total {
		panic(fmt.Sprintf("solver: total %d, recomputed %d", s.total, total))
	}
}

func (w *search) breaksTaken(r int32) int {
	taken := 0
	for v := w.model.startOf(r); w.state.nodes[v].next != None; v = w.state.nodes[v].next {
		n := &w.state.nodes[v]
		if int(n.lo) != taken {
			panic(fmt.Sprintf("solver: route %d: break %d follows %d", r, n.lo, taken))
		}
		taken = int(n.hi)
	}
	return taken
}
