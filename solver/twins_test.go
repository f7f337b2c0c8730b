package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// A shift that the best solution uses and the last one does not may be left to
// nobody. What is better then has it empty too.
func TestTheBestSolutionForgetsDismissedShifts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one depot", "rough"} {
		p := classicDays[name].draw(rand.New(rand.NewPCG(7, 25)))
		c := construct(context.Background(), compile(context.Background(), p, true), &Options{Seed: 2})
		w := c.workers[0]
		for _, compact := range []bool{false, true} {
			w.state.copyFrom(c.current)
			w.dismiss()
			w.adopt()
			dismissed := 0
			for range 4000 {
				w.improved = false
				step(t, w, compact, 30)
				for _, r := range slices.Clone(w.mineRoutes) {
					if w.best.size[r] == 0 || w.last.size[r] > 0 {
						continue
					}
					w.active[r] = false
					w.mineRoutes = slices.DeleteFunc(w.mineRoutes, func(x int32) bool { return x == r })
					w.lookAround()
					dismissed++
				}
				if w.improved {
					standsAlone(t, w.model, w.best)
				}
			}
			if dismissed == 0 {
				t.Errorf("%s: no shift was dismissed", name)
			}
		}
	}
}

// step is one iteration in either form.
func step(t *testing.T, w *search, compact bool, threshold int64) {
	t.Helper()
	if !compact {
		w.iterate(threshold)
		return
	}
	if !w.compact.take() {
		t.Fatal("a task is out")
	}
	w.compact.iterate(threshold)
	w.compact.give()
}

// standsAlone checks a state by its schedule and cost computed anew.
func standsAlone(t *testing.T, m *model, s *state) {
	t.Helper()
	tasks := 0
	for r := range m.shifts {
		for v := m.startOf(int32(r)); v != None; v = s.nodes[v].next {
			if n := &s.nodes[v]; n.route != int32(r) || n.next != None && s.nodes[n.next].prev != v {
				t.Fatalf("node %d does not stand in route %d", v, r)
			}
			if int(v) < m.tasks {
				tasks++
			}
		}
	}
	fresh := newSchedule(m, s.clone(m))
	if !fresh.reschedule() || tasks+unservedTasks(m, s) != m.tasks {
		t.Fatalf("%d of %d tasks are done, %d out", tasks, m.tasks, unservedTasks(m, s))
	}
	var total int64
	for r := range m.shifts {
		total += fresh.state.routeCost(m, int32(r))
	}
	if total != s.total {
		t.Fatalf("it costs %d, said %d", total, s.total)
	}
}
