package solver

import (
	"context"
	"testing"
)

// homeCareCrew is a crew of two on a day large enough to be cut into parts.
func homeCareCrew(t *testing.T) *crew {
	t.Helper()
	o := &Options{Seed: 3, Iterations: 1, Workers: 2}
	return construct(context.Background(), compile(context.Background(), homeCare(700, 52, 2), true), o)
}

// Every used route lies in one part at most, and a part has about as many
// tasks as were drawn for it, and a shift or two more where stops are few.
func TestPartsAreDisjointAndOfTheirSize(t *testing.T) {
	c := homeCareCrew(t)
	for range 50 {
		c.drawSize()
		c.divide()
		tasks := make([]int, len(c.workers))
		for r, part := range c.part {
			if part == None {
				if c.current.size[r] == 0 {
					t.Fatalf("unused shift %d is in no part", r)
				}
				continue
			}
			if int(part) >= len(c.workers) {
				t.Fatalf("shift %d is in part %d", r, part)
			}
			tasks[part] += int(c.current.size[r])
		}
		longest := 0
		for _, n := range c.current.size {
			longest = max(longest, int(n))
		}
		for part, n := range tasks {
			if n == 0 || n > max(c.size, leastPartShifts*longest)+longest {
				t.Fatalf("part %d has %d tasks; %d were drawn", part, n, c.size)
			}
		}
	}
}

// The small matrix of a part holds the legs of the whole one, both ways, and
// the gaps of its routes are those of the routes.
func TestAPartSeesItsTravel(t *testing.T) {
	c := homeCareCrew(t)
	m := c.model
	c.drawSize()
	c.divide()
	for k, w := range c.workers {
		w.state.copyFrom(c.current)
		c.share(w, int32(k))
		for _, r := range w.mineRoutes {
			at := m.startOf(r)
			for _, g := range w.gapsOf(r).list {
				if g.pred != at {
					t.Fatalf("route %d: gap after %d, the stop is %d", r, g.pred, at)
				}
				next := w.state.nodes[at].next
				leg := w.near.legs[r][g.from*w.near.width+g.to]
				if leg.on != m.leg(r, at, next) || leg.in != m.leg(r, next, at) {
					t.Fatalf("route %d: leg from %d to %d is %v", r, at, next, leg)
				}
				at = next
			}
			if at != m.endOf(r) {
				t.Fatalf("route %d: the gaps end at %d", r, at)
			}
		}
	}
}

// The cache never changes what a scan finds: after many iterations every
// entry that claims to hold for its route is what a new scan says, or says
// that there is nothing for less.
func TestCachedPlacesAreTheCheapest(t *testing.T) {
	c := homeCareCrew(t)
	c.drawSize()
	c.divide()
	w := c.workers[0]
	w.state.copyFrom(c.current)
	c.share(w, 0)
	checked := 0
	for range 20 {
		for range 20 {
			w.iterate(2000)
		}
		for u := range int32(c.model.tasks) {
			for e := w.open.first[u]; e < w.open.first[u+1]; e++ {
				r := w.open.item[e]
				if w.state.nodes[u].route != None || !w.bar[e].holds(w.state.version[r]) {
					continue
				}
				got, want := w.bar[e].cost, w.scan(u, r, -Infinity, Infinity, Infinity).cost
				switch found := w.bar[e].found(); {
				case found && got < want:
					t.Fatalf("task %d in route %d: cached at %d, costs %d", u, r, got, want)
				case !found && got < Infinity && got > want:
					t.Fatalf("task %d in route %d: nothing for less than %d, as the cache has it, but for %d", u, r, got, want)
				}
				checked++
			}
		}
	}
	t.Logf("%d entries held", checked)
}

// A unit gets dearer while it is out, up to a share of what leaving it out
// costs, and the price counts on the side of the state that leaves it out.
func TestAbsenceMakesDearer(t *testing.T) {
	m := compile(context.Background(), homeCare(40, 4, 1), true)
	w := newSearch(m, newState(m), makeKeys(m), 1, 1)
	for unit := range m.fault { // all but two are done, as far as the lists know
		if unit > 1 {
			w.state.takeIn(m, int32(unit))
		}
	}
	w.last.copyFrom(w.state)
	w.absentStep = 100
	w.countAbsence()
	if w.absent[0] != 100 || w.absent[1] != 100 || w.absent[2] != 0 {
		t.Fatalf("prices after one iteration: %v", w.absent[:3])
	}
	w.state.takeIn(m, 0)
	if got := w.absence(); got != -100 {
		t.Errorf("putting a unit in that has been out for one iteration: %d, want -100", got)
	}
	w.state.leaveOut(m, 5)
	if got := w.absence(); got != -100 {
		t.Errorf("another one out in its place, for the first time: %d, want -100", got)
	}
	w.absentStep = m.fault[0]
	w.countAbsence()
	if want := m.fault[0] / absentShare; w.absent[0] != want {
		t.Errorf("price %d, want at most %d", w.absent[0], want)
	}
}
