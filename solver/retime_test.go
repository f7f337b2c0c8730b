package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// Retiming alone finds the cheapest starts and breaks of settled routes
// without links: no other starts and no other gaps for the breaks cost less.
func TestRetimeIsExact(t *testing.T) {
	problems := 1500
	if testing.Short() {
		problems = 400
	}
	gained := 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, 23))
		p := crowded(random)
		p.Links = nil
		if seed%3 == 2 {
			p = changing(random, p)
		}
		for i := range p.Shifts {
			p.Shifts[i].WaitCost, p.Shifts[i].WorkCost = int64(random.IntN(4)), int64(random.IntN(3))
		}
		s, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 20})
		if err != nil {
			t.Fatal(err)
		}
		m := compile(context.Background(), p, false)
		table := newTimetable(newSchedule(m, newState(m)))
		if !table.lay(s) {
			t.Fatalf("problem %d: the solution has no schedule", seed)
		}
		for u := range table.start { // as early as can be: mostly not the best
			if table.state.nodes[u].route != None {
				table.start[u] = table.state.nodes[u].early
			}
		}
		before := table.total()
		table.retime(context.Background(), nil)
		if table.total() < before {
			gained++
		}
		for _, b := range Check(p, table.solution()) {
			t.Errorf("problem %d: %s", seed, b)
		}
		if want := cheapestTimes(p, s); table.total() != want {
			t.Fatalf("problem %d: costs %d, can cost %d", seed, table.total(), want)
		}
	}
	if gained < problems/10 {
		t.Errorf("only %d of %d had anything to gain", gained, problems)
	}
}

// cheapestTimes tries all gaps of the breaks and all starts for the orders of
// a solution.
func cheapestTimes(p *Problem, s *Solution) int64 {
	o := &oracle{
		p: p, best: Infinity,
		routes: make([][]int32, len(p.Shifts)), gaps: make([][]int, len(p.Shifts)),
		start: make([]int64, len(p.Tasks)), shift: make([]int32, len(p.Tasks)), pay: pricesOf(p),
	}
	var cost int64
	for task := range o.shift {
		o.shift[task] = None
	}
	for r := range s.Routes {
		for _, stop := range s.Routes[r].Stops {
			if stop.Task != None {
				o.routes[r] = append(o.routes[r], stop.Task)
				o.shift[stop.Task] = int32(r)
				cost += p.Tasks[stop.Task].Modes[0].Cost
			}
		}
	}
	for _, task := range s.Unserved {
		cost += p.Tasks[task].UnservedCost
	}
	o.placeBreaks(0, 0, cost)
	return o.best
}

// The running minimum, the envelope and the way through a gap agree with the
// same done point by point.
func TestCurves(t *testing.T) {
	const horizon = 40
	random := rand.New(rand.NewPCG(4, 4))
	draw := func() curve {
		var c curve
		for at := int64(random.IntN(8)); at < horizon; {
			to := at + int64(random.IntN(9))
			c = append(c, piece{at, to, int64(random.IntN(60)), int64(random.IntN(9) - 4)})
			at = to + 1 + int64(random.IntN(2)*random.IntN(6))
		}
		return c
	}
	value := func(c curve, at int64) int64 {
		for _, p := range c {
			if p.from <= at && at <= p.to {
				return p.at(at)
			}
		}
		return Infinity
	}
	for range 4000 {
		a, b := draw(), draw()
		both, falling := least(a, b), a.falling()
		var breaks []Break
		for range random.IntN(3) {
			from := int64(random.IntN(30))
			breaks = append(breaks, Break{Window: Window{from, from + int64(random.IntN(9))}, Length: int64(random.IntN(4))})
		}
		travel := int32(random.IntN(6))
		var through curve
		for before := 0; before <= len(breaks); before++ {
			if way, ok := passageOf(travel, breaks, before); ok {
				through = least(through, falling.through(way))
			}
		}
		lowest := Infinity
		for at := int64(-2); at < 2*horizon; at++ {
			if got, want := value(both, at), min(value(a, at), value(b, at)); got != want {
				t.Fatalf("envelope at %d: %d, want %d: %v %v", at, got, want, a, b)
			}
			lowest = min(lowest, value(a, at))
			if got := value(falling, at); got != lowest {
				t.Fatalf("running minimum at %d: %d, want %d: %v", at, got, lowest, a)
			}
			want := Infinity
			if leave := retreat(at, travel, breaks); leave > -Infinity {
				want = value(falling, leave)
			}
			if got := value(through, at); got != want {
				t.Fatalf("ready at %d: %d, want %d: %v, travel %d, %v", at, got, want, a, travel, breaks)
			}
		}
	}
}

// valueAt is a curve at a whole number, Infinity outside it.
func (c curve) valueAt(t int64) int64 {
	for _, p := range c {
		if p.from <= t && t <= p.to {
			return p.at(t)
		}
	}
	return Infinity
}

// A curve covers another one where it is nowhere above it, and of the labels of a stop
// only those stay that are cheaper than each other one that has travelled no more, at
// some start.
func TestLabelsAreDominated(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	const end = 12
	draw := func() (c curve) {
		for at := int64(random.IntN(4)); at < end; {
			to := min(end-1, at+int64(random.IntN(5)))
			c = append(c, piece{at, to, int64(random.IntN(9)), int64(random.IntN(5) - 2)})
			at = to + 1 + int64(random.IntN(2))
		}
		return c
	}
	covered, gone := 0, 0
	for range 20_000 {
		a, b := draw(), draw()
		if random.IntN(3) == 0 {
			b = append(curve{}, a...)
			b.raise(int64(random.IntN(3) - 1))
		}
		want := true
		for at := range int64(end) {
			want = want && a.valueAt(at) <= b.valueAt(at)
		}
		if got := a.covers(b); got != want {
			t.Fatalf("%v covers %v: %t", a, b, got)
		}
		if want {
			covered++
		}
		var labels []chainLabel
		for range 4 {
			labels = append(labels, chainLabel{passed: uint8(random.IntN(2)), level: random.IntN(2), travel: random.Int64N(4), costs: draw()})
		}
		all := slices.Clone(labels)
		kept := undominated(labels)
		gone += len(all) - len(kept)
		for _, x := range all { // something that is kept is as good, wherever it starts
			for at := range int64(end) {
				if x.costs.valueAt(at) < Infinity && !slices.ContainsFunc(kept, func(y chainLabel) bool {
					return y.passed == x.passed && y.level == x.level && y.travel <= x.travel && y.costs.valueAt(at) <= x.costs.valueAt(at)
				}) {
					t.Fatalf("nothing of %v is as good as %v at %d", kept, x, at)
				}
			}
		}
	}
	if covered == 0 || gone == 0 {
		t.Errorf("%d covered, %d labels gone", covered, gone)
	}
}
