package solver

import (
	"slices"
	"testing"
)

// The way through all tasks passes every unit once, and is much shorter than
// the way in the order in which they were drawn.
func TestTheWayThroughAllUnits(t *testing.T) {
	m := homeCareCrew(t).model
	if !m.narrow {
		t.Fatal("looks at a day of 700 visits are all wide")
	}
	along := m.along(makeKeys(m)[1])
	order := make([]int32, len(m.fault))
	for unit := range order {
		order[unit] = int32(unit)
	}
	length := func() (travel int64) {
		for i := range len(order) - 1 {
			travel += int64(m.leg(0, m.units.of(order[i])[0], m.units.of(order[i+1])[0]).time)
		}
		return travel
	}
	drawn := length()
	slices.SortFunc(order, func(a, b int32) int { return int(along[a] - along[b]) })
	if toured := length(); toured > drawn/3 {
		t.Errorf("the way takes %d, in the order drawn %d", toured, drawn)
	}
	for i, unit := range order {
		if along[unit] == 0 || i > 0 && along[unit] == along[order[i-1]] {
			t.Errorf("unit %d has number %d", unit, along[unit])
		}
	}
}

// A narrow look leaves out the used routes that hold none of a task's nearest
// neighbours and cost no less for it than others do, and no other ones.
func TestNarrowLooksSeeWhatIsNear(t *testing.T) {
	c := homeCareCrew(t)
	m := c.model
	c.drawSize()
	c.divide()
	w := c.workers[0]
	w.state.copyFrom(c.current)
	c.share(w, 0)
	seen, left := 0, 0
	for u := range int32(m.tasks) {
		w.look++
		w.markAround(u, nearStops)
		holds := map[int32]bool{}
		found := 0
		for _, v := range m.near.of(u) {
			if r := w.state.nodes[v].route; r != None && w.active[r] && found < nearStops {
				holds[r] = true
				found++
			}
		}
		for _, r := range w.mineRoutes {
			cheap := false
			if eligible := m.eligible.of(u); slices.Contains(eligible, r) {
				var sum int64
				for _, o := range eligible {
					sum += m.assign[int(u)*len(m.shifts)+int(o)]
				}
				cheap = m.assign[int(u)*len(m.shifts)+int(r)] < sum/int64(len(eligible))
			} else {
				continue // no look comes to it
			}
			want := !holds[r] && !cheap && w.state.size[r] > 0
			if got := w.far(u, r); got != want {
				t.Fatalf("task %d, route %d: far is %t; it holds a neighbour: %t, costs less than others: %t, stops: %d", u, r, got, holds[r], cheap, w.state.size[r])
			}
			if want {
				left++
			} else {
				seen++
			}
		}
	}
	if seen == 0 || left == 0 {
		t.Errorf("%d routes are near and %d far", seen, left)
	}
}

// The first solution of a large problem is the better of two, and leaves out no more
// than the one in a drawn order does.
func TestTheFirstSolutionIsTheBetterOfTwo(t *testing.T) {
	other := 0
	for seed := range uint64(6) {
		m := compile(t.Context(), homeCare(450, 26+int(seed)*3, seed), true)
		o := &Options{Seed: seed, Iterations: 1}
		w := newSearch(m, newState(m), makeKeys(m), seed, 0)
		w.everything()
		w.fillUp(t.Context(), w.state.clone(m))
		c := construct(t.Context(), m, o)
		if len(c.best.out) > len(w.state.out) || c.best.total > w.state.total {
			t.Errorf("seed %d: %d units out at %d; in the drawn order %d at %d", seed, len(c.best.out), c.best.total, len(w.state.out), w.state.total)
		}
		if c.best.total != w.state.total {
			other++
		}
	}
	if other == 0 {
		t.Error("the drawn order is always kept")
	}
}
