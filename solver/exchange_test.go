package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

func stopsOf(w *search, r int32) []int32 {
	var stops []int32
	for v := w.state.nodes[w.model.startOf(r)].next; v != w.model.endOf(r); v = w.state.nodes[v].next {
		stops = append(stops, v)
	}
	return stops
}

// searching is a search of a whole problem that stands at its first solution.
func searching(m *model, seed uint64) *search {
	c := construct(context.Background(), m, &Options{Seed: seed})
	w := c.workers[0]
	w.state.copyFrom(c.current)
	w.adopt()
	return w
}

// Swapped tails and strings stand where they should, with the schedule that is computed
// from nothing; what is refused has none.
func TestSwapsAreMade(t *testing.T) {
	m := compile(context.Background(), homeCare(300, 24, 4), true)
	w := searching(m, 1)
	random := rand.New(rand.NewPCG(5, 1))
	tails, strings := 0, 0
	for range 40_000 {
		w.state.copyFrom(w.last)
		a, b := random.Int32N(int32(len(m.shifts))), random.Int32N(int32(len(m.shifts)))
		if a == b {
			continue
		}
		x, y := stopsOf(w, a), stopsOf(w, b)
		i, j := random.IntN(len(x)+1), random.IntN(len(y)+1)
		switch random.IntN(4) {
		case 0:
			i, j = 0, 0
		case 1: // at about the same time
			j = min(i, len(y))
		}
		may := func(stops []int32, r int32) bool {
			return !slices.ContainsFunc(stops, func(u int32) bool { return !m.mayDo[int(u)*len(m.shifts)+int(r)] })
		}
		change := swap{
			with: b, upto: [2]int32{None, None},
			after: [2]int32{append([]int32{m.startOf(a)}, x...)[i], append([]int32{m.startOf(b)}, y...)[j]},
		}
		iEnd, jEnd := len(x), len(y)
		if i < iEnd && j < jEnd && random.IntN(2) == 0 {
			iEnd, jEnd = i+1+random.IntN(min(3, iEnd-i)), j+1+random.IntN(min(3, jEnd-j))
			change.upto = [2]int32{x[iEnd-1], y[jEnd-1]}
		}
		if !may(x[i:iEnd], b) || !may(y[j:jEnd], a) {
			continue
		}
		w.trail = w.trail[:0]
		if !w.makeSwap(a, &change) {
			continue
		}
		if change.upto[0] != None {
			strings++
		} else {
			tails++
		}
		wantA, wantB := slices.Concat(x[:i], y[j:jEnd], x[iEnd:]), slices.Concat(y[:j], x[i:iEnd], y[jEnd:])
		if !slices.Equal(stopsOf(w, a), wantA) || !slices.Equal(stopsOf(w, b), wantB) {
			t.Fatalf("routes %d and %d: %v and %v, want %v and %v", a, b, stopsOf(w, a), stopsOf(w, b), wantA, wantB)
		}
		fresh := newSchedule(m, w.state.clone(m))
		if !fresh.reschedule() {
			t.Fatalf("routes %d and %d after %d and %d stops: no schedule from nothing", a, b, i, j)
		}
		for v := range w.state.nodes {
			if g, f := &w.state.nodes[v], &fresh.state.nodes[v]; g.route != None && (g.early != f.early || g.late != f.late) {
				t.Fatalf("node %d: %d..%d, from nothing %d..%d", v, g.early, g.late, f.early, f.late)
			}
		}
		w.state.reprice(m)
		if random.IntN(4) == 0 {
			w.last.copyFrom(w.state)
		}
	}
	if tails < 100 || strings < 100 {
		t.Errorf("only %d swaps of tails and %d of strings had a schedule", tails, strings)
	}
}

// Where legs and assignments are all that is paid, the constant-time test
// tells what an exchange costs to the unit, also when a shift comes into use
// or out of it.
func TestTheTestOfAnExchangeIsExact(t *testing.T) {
	p := plane(60, 9, 40_000, 2)
	random := rand.New(rand.NewPCG(6, 1))
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].ShiftCost = make([]int64, len(p.Shifts))
		for r := range p.Shifts {
			p.Tasks[i].Modes[0].ShiftCost[r] = random.Int64N(40)
		}
	}
	m := compile(context.Background(), p, true)
	w := searching(m, 1)
	done, idle, strings := 0, 0, 0
	for range 20_000 {
		w.state.copyFrom(w.last)
		a, b := random.Int32N(int32(len(m.shifts))), random.Int32N(int32(len(m.shifts)))
		if a == b || w.state.size[a] == 0 {
			continue
		}
		w.tails[0].read(w, a)
		found := w.cheapestSwap(b, 400)
		if found.with == None {
			continue
		}
		before := w.state.total
		if !w.makeSwap(a, &found) {
			continue
		}
		w.state.reprice(m)
		if got := w.state.total - before; got != found.cost {
			t.Fatalf("routes %d and %d: %+v costs %d more", a, b, found, got)
		}
		if found.upto[0] != None {
			strings++
		}
		done++
		if w.state.size[a] == 0 || w.state.size[b] == 0 {
			idle++
		}
		if found.cost < random.Int64N(100) {
			w.last.copyFrom(w.state)
		}
	}
	if done < 100 || idle == 0 || strings < 100 {
		t.Errorf("%d exchanges, %d of them with an unused shift, %d of strings", done, idle, strings)
	}
}

// Two carers who have each other's clients get their own back in one step.
func TestEachOthersClients(t *testing.T) {
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 2, Time: []int32{0, 5, 5, 0}}}}},
		Shifts:   []Shift{{Start: 0, End: 1000, TimeCost: 1}, {Start: 0, End: 1000, TimeCost: 1}},
		Terms:    DefaultTerms(),
	}
	wrong := &Solution{Routes: make([]Route, 2)}
	for i := range 12 {
		cost := []int64{0, 0}
		cost[1-i%2] = 100
		p.Tasks = append(p.Tasks, Task{
			Modes:        []Mode{{Location: 1, Service: 20, Windows: []Window{{int64(i) * 50, int64(i)*50 + 40}}, PickupOf: None, ShiftCost: cost}},
			UnservedCost: 10_000, Pin: FreePin(), Group: None,
		})
		wrong.Routes[1-i%2].Stops = append(wrong.Routes[1-i%2].Stops, Stop{Task: int32(i), Break: None, Start: int64(i) * 50})
	}
	m := compile(context.Background(), p, true)
	w := newSearch(m, newState(m), makeKeys(m), 1, 1)
	w.everything()
	if !newTimetable(w).lay(wrong) {
		t.Fatal("no schedule")
	}
	w.adopt()
	before := w.state.total
	if !w.exchange(1) || w.broken {
		t.Fatal("no exchange")
	}
	w.state.reprice(m)
	if got := before - w.state.total; got != 1200 {
		t.Errorf("saved %d, want 1200", got)
	}
}

// No two strings that may change hands cost less than what is found by carrying the
// cheapest opening along.
func TestNoSwapIsCheaper(t *testing.T) {
	p := plane(80, 10, 2000, 3)
	random := rand.New(rand.NewPCG(9, 1))
	for r := range p.Shifts {
		p.Shifts[r].Fixed = 0
	}
	for i := range p.Tasks {
		mode := &p.Tasks[i].Modes[0]
		mode.ShiftCost = make([]int64, len(p.Shifts))
		for r := range p.Shifts {
			mode.ShiftCost[r] = random.Int64N(40)
		}
		if i%9 == 0 {
			mode.Allowed = NewBits(0, 1, 2, 3, 4, 5+i%5)
		}
	}
	m := compile(context.Background(), p, true)
	w := searching(m, 2)
	for range 500 {
		w.iterate(1 + random.Int64N(100))
	}
	w.state.copyFrom(w.last)
	found := 0
	for a := range int32(len(m.shifts)) {
		for b := range int32(len(m.shifts)) {
			if a == b || w.state.size[a] == 0 {
				continue
			}
			w.tails[0].read(w, a)
			best := w.cheapestSwap(b, 1000)
			x, y := w.tails[0].cuts, w.tails[1].cuts // as they were just read
			least := int64(1000)
			for i := range x {
				for j := range y {
					onward, backward := unread, unread
					least = min(least, w.tailsCost(i, j, least, &onward, &backward))
				}
			}
			if best.upto[0] == None && best.with != None && best.cost != least {
				t.Fatalf("routes %d and %d: tails for %d, the cheapest are %d", a, b, best.cost, least)
			}
			ends := least
			for i := range x {
				for j := range y {
					if from, to := w.inTime(a, &x[i], &y[j]), w.inTime(b, &y[j], &x[i]); i < len(x)-1 && j < len(y)-1 && from < Infinity && to < Infinity {
						opening := from + to - x[i].leg - y[j].leg + x[i].share + y[j].share
						least = min(least, cheapestEnd(w, a, b, i, j, opening))
					}
				}
			}
			if least < 1000 && best.with == None || best.with != None && best.cost != least {
				t.Fatalf("routes %d and %d: %+v, but there are strings for %d", a, b, best, least)
			}
			if least < ends {
				found++
			}
		}
	}
	if found < 10 {
		t.Errorf("strings were the cheapest swap of %d pairs", found)
	}
}

// cheapestEnd tries all ends of a swap that begins at two cuts.
func cheapestEnd(w *search, a, b int32, i, j int, opening int64) int64 {
	x, y := w.tails[0].cuts, w.tails[1].cuts
	least := Infinity
	for k := i + 1; k < len(x) && !x[k].barred; k++ {
		for l := j + 1; l < len(y) && !y[l].barred; l++ {
			if back, on := w.inTime(a, &y[l], &x[k]), w.inTime(b, &x[k], &y[l]); back < Infinity && on < Infinity {
				least = min(least, opening+back+on-x[k].leg-y[l].leg-x[k].share-y[l].share)
			}
		}
	}
	return least
}
