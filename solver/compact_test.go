package solver

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// classicDay draws a day of deliveries that has a compact form: every task must
// be done, by shifts of several kinds that pay the same for travel. Where it is
// rough, travel does not keep the triangle inequality.
type classicDay struct {
	tasks, depots, dims int
	longest             bool
	fixed               int64
	dearer              bool // fares are not times
	rough               bool
	apart               bool  // shifts end elsewhere than they begin
	around              int32 // time from a place to itself
	small               bool  // every second shift is cheap and carries little
}

func (d classicDay) draw(random *rand.Rand) *Problem {
	n := d.depots + d.tasks
	period := Period{N: n, Time: make([]int32, n*n)}
	if d.dearer {
		period.Distance = make([]int32, n*n)
	}
	type point struct{ x, y float64 }
	points := make([]point, n)
	for i := range points {
		points[i] = point{random.Float64() * 100, random.Float64() * 100}
		for j := range i {
			away := math.Hypot(points[i].x-points[j].x, points[i].y-points[j].y)
			if d.rough && random.IntN(10) == 0 {
				away *= 1.5
			}
			period.Time[i*n+j] = int32(away)
			if d.dearer {
				period.Distance[i*n+j] = int32(away*7) + int32(random.IntN(3))
				period.Distance[j*n+i] = period.Distance[i*n+j]
			}
			period.Time[j*n+i] = period.Time[i*n+j]
		}
	}
	for i := range n {
		period.Time[i*n+i] = d.around
	}
	p := &Problem{Profiles: []Profile{{Periods: []Period{period}}}, Terms: DefaultTerms()}
	for r := range d.depots * (2 + d.tasks/2) {
		s := Shift{From: int32(r % d.depots), To: int32(r % d.depots), End: 1000, LeaveLate: true, TimeCost: 1, Fixed: d.fixed}
		if d.dearer {
			s.DistanceCost = 2
		}
		if d.apart {
			s.To = int32((r + 1) % d.depots)
		}
		if d.longest {
			s.LongestWork = 450
		}
		for k := range d.dims {
			s.Capacity = append(s.Capacity, int64(20+10*k))
			if d.small && r%4 < 2 {
				s.Capacity[k] = 8
			}
		}
		if d.small && r%4 < 2 {
			s.Fixed /= 4
		}
		p.Shifts = append(p.Shifts, s)
	}
	for i := range d.tasks {
		from := 150 + random.Int64N(500)
		mode := Mode{Location: int32(d.depots + i), PickupOf: None, Service: 5 + random.Int64N(10), Windows: []Window{{from, from + 20 + random.Int64N(250)}}}
		for range d.dims {
			mode.Load = append(mode.Load, 1+random.Int64N(5))
		}
		p.Tasks = append(p.Tasks, Task{Modes: []Mode{mode}, UnservedCost: Infinity, Pin: FreePin(), Group: None})
	}
	return p
}

var classicDays = map[string]classicDay{
	"one depot":  {tasks: 60, depots: 1, dims: 1},
	"rough":      {tasks: 60, depots: 1, dims: 2, rough: true},
	"depots":     {tasks: 60, depots: 3, dims: 1, dearer: true},
	"limited":    {tasks: 60, depots: 3, dims: 1, longest: true, rough: true},
	"no loads":   {tasks: 40, depots: 2, dearer: true, longest: true},
	"dear start": {tasks: 60, depots: 2, dims: 1, fixed: 2000},
	"elsewhere":  {tasks: 60, depots: 2, dims: 1, apart: true},
	"diagonal":   {tasks: 60, depots: 1, dims: 1, around: 3},
	"many":       {tasks: 300, depots: 1, dims: 1},
	"small":      {tasks: 60, depots: 2, dims: 1, fixed: 400, small: true},
}

// compactSearch is a search of such a day that has taken its routes over.
func compactSearch(t *testing.T, p *Problem, seed uint64) *compact {
	t.Helper()
	c := construct(context.Background(), compile(context.Background(), p, true), &Options{Seed: seed})
	w := c.workers[0]
	if w.compact == nil {
		t.Fatal("there is no compact form")
	}
	w.state.copyFrom(c.current)
	w.dismiss()
	w.adopt()
	if !w.compact.take() {
		return nil // some task had no place in the first solution
	}
	return w.compact
}

// After every iteration the books of a compact search are what its routes say,
// and every few iterations the routes are a state that agrees with them.
func TestCompactKeepsItsBooks(t *testing.T) {
	t.Parallel()
	for name, day := range classicDays {
		taken := 0
		for seed := range uint64(6) {
			c := compactSearch(t, day.draw(rand.New(rand.NewPCG(seed, 21))), seed)
			if c == nil {
				continue
			}
			taken++
			c.few = int32(seed%2) * fewGaps
			for i := range 600 {
				c.iterate(1 + int64(c.w.random.IntN(60)))
				checkBooks(t, c)
				if i%100 == 99 {
					c.give() // which panics where the state says otherwise
					if !c.take() {
						t.Fatalf("%s: a task is out", name)
					}
				}
			}
		}
		if taken == 0 {
			t.Errorf("%s: no day could be searched", name)
		}
	}
}

// Crossed routes are books like any other, and what could not be crossed is as it was.
func TestCompactCrosses(t *testing.T) {
	t.Parallel()
	for name, day := range classicDays {
		crossed := 0
		for seed := range uint64(4) {
			p := day.draw(rand.New(rand.NewPCG(seed, 22)))
			var solutions [3]*compact
			for i := range solutions {
				solutions[i] = compactSearch(t, p, 10*seed+uint64(i))
				if solutions[i] == nil {
					continue
				}
				for range 200 {
					solutions[i].iterate(1 + int64(solutions[i].w.random.IntN(60)))
				}
				solutions[i].give()
			}
			c := solutions[0]
			if c == nil || solutions[1] == nil || solutions[2] == nil || !c.take() {
				continue
			}
			for i := range 40 {
				before := c.cost
				if c.cross(solutions[1+i%2].w.best) {
					crossed++
				} else if c.cost != before {
					t.Fatalf("%s: crossing failed, and the cost went from %d to %d", name, before, c.cost)
				}
				checkBooks(t, c)
			}
			if c.w.cross(newState(c.w.model)) {
				t.Errorf("%s: routes came from a solution without any", name)
			}
			c.bestCost, c.best = c.cost, slices.Clone(c.stops)
			c.give() // which panics where the state says otherwise
		}
		if crossed == 0 {
			t.Errorf("%s: nothing was crossed", name)
		}
	}
}

// A worker that gets no shift has nothing to search.
func TestCompactWithoutShifts(t *testing.T) {
	p := classicDay{tasks: 14, depots: 1}.draw(rand.New(rand.NewPCG(2, 26)))
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].Windows = []Window{{0, 900}}
		p.Tasks[i].Modes[0].Location = 1 + int32(i%2)
	}
	for r := range p.Shifts {
		p.Shifts[r].Person = int32(r + 1)
	}
	solve(t, p, Options{Seed: 1, Iterations: 2000, Workers: 2})
}

func checkBooks(t *testing.T, c *compact) {
	t.Helper()
	m := c.w.model
	cost, used, done := int64(0), 0, 0
	idle := map[int32]bool{}
	for _, r := range c.w.mineRoutes {
		room := slices.Clone(m.capacity[int(r)*m.dims : (int(r)+1)*m.dims])
		size := int32(0)
		left, spent := c.stops[m.startOf(r)].left, int64(0)
		for v := m.startOf(r); v != m.endOf(r); v = c.stops[v].next {
			n := &c.stops[v]
			q := &c.stops[n.next]
			if q.prev != n.next && q.prev != v || c.legs[v].route != r || c.legs[v].on != c.legs[n.next].in || c.legs[v].dear != max(c.legs[v].on, c.legs[v].in) || c.legs[v].on != c.fares[n.row*c.width+q.row] && c.size[r] > 0 || c.size[r] == 0 && c.legs[v].on != 0 || n.time != c.times[n.row*c.width+q.row] {
				t.Fatalf("stop %d: %+v, then %+v", v, *n, *q)
			}
			if isLong := c.longAt[v] != None; isLong != (c.legs[v].on > c.far) || isLong && c.long[c.longAt[v]] != v {
				t.Fatalf("stop %d: a leg of %d is not in its place", v, c.legs[v].on)
			}
			if left != n.left {
				t.Fatalf("stop %d is left at %d, not %d", v, left, n.left)
			}
			spent += int64(c.legs[v].on)
			if int(n.next) < m.tasks {
				size++
				task := &c.tasks[n.next]
				left = max(left+n.time, task.open) + task.service
				if left-task.service > q.late || q.late > task.close {
					t.Fatalf("stop %d may start until %d", n.next, q.late)
				}
				for d := range room {
					room[d] -= m.loads[int(n.next)*m.dims+d]
				}
			}
		}
		if size != c.size[r] || !slices.Equal(room, c.room[int(r)*m.dims:(int(r)+1)*m.dims]) {
			t.Fatalf("route %d: %d tasks, %d said, room %v", r, size, c.size[r], room)
		}
		for _, x := range room {
			if x < 0 {
				t.Fatalf("route %d carries too much", r)
			}
		}
		if size == 0 {
			idle[r] = true
			continue
		}
		used++
		done += int(size)
		cost += spent + m.shifts[r].fixed
		if c.around != nil {
			checkAround(t, c, r)
		}
	}
	for _, list := range c.idle {
		for _, r := range list {
			if !idle[r] {
				t.Fatalf("shift %d has tasks, or stands twice", r)
			}
			delete(idle, r)
		}
	}
	if cost != c.cost || used != c.used || done != len(c.mine) || len(idle) > 0 {
		t.Fatalf("cost %d, said %d; %d shifts, said %d; %d of %d tasks; %v", cost, c.cost, used, c.used, done, len(c.mine), idle)
	}
}

// checkAround compares the stretches of a route with those joined anew.
func checkAround(t *testing.T, c *compact, r int32) {
	t.Helper()
	m := c.w.model
	before := c.own(m.startOf(r))
	for v := m.startOf(r); ; v = c.stops[v].next {
		if v != m.startOf(r) {
			before, _ = before.join(int64(c.stops[c.stops[v].prev].time), c.own(v))
		}
		if c.around[v].before != before {
			t.Fatalf("stop %d: %+v before, not %+v", v, c.around[v].before, before)
		}
		if v == m.endOf(r) {
			break
		}
	}
	if before.duration > m.shifts[r].longest {
		t.Fatalf("route %d takes %d", r, before.duration)
	}
	behind := c.own(m.endOf(r))
	for v := m.endOf(r); ; v = c.stops[v].prev {
		if v != m.endOf(r) {
			behind, _ = c.own(v).join(int64(c.stops[v].time), behind)
		}
		if c.around[v].behind != behind {
			t.Fatalf("stop %d: %+v behind, not %+v", v, c.around[v].behind, behind)
		}
		if v == m.startOf(r) {
			return
		}
	}
}

// The place that is found without looking everywhere costs what the cheapest of
// all places costs; hardly ever more where a task has more neighbours than it
// knows.
func TestCompactFindsTheCheapestPlace(t *testing.T) {
	t.Parallel()
	looks, passed := 0, 0
	defer func() {
		if passed*50 > looks {
			t.Errorf("%d of %d looks passed a cheaper place over", passed, looks)
		}
	}()
	for name, day := range classicDays {
		for seed := range uint64(4) {
			c := compactSearch(t, day.draw(rand.New(rand.NewPCG(seed, 22))), seed)
			if c == nil {
				continue
			}
			for range 60 {
				c.journal, c.circled, c.changed, c.wasRoom = c.journal[:0], c.circled[:0], c.changed[:0], c.wasRoom[:0]
				before := c.cost
				c.limit = Infinity
				if c.ruin() {
					c.findRooms()
					for _, u := range c.gone {
						want := everywhere(c, u)
						for _, few := range []int32{0, fewGaps} {
							c.few = few
							got := Infinity
							for range 10 { // past the blinks
								if p := c.cheapest(u); p != None {
									got = min(got, c.priceBehind(u, p))
								}
							}
							looks++
							if got > want && len(c.w.model.closest[u]) == mostClose {
								passed++ // its neighbours were used up
							} else if got != want {
								t.Fatalf("%s, few %d: task %d costs %d, the cheapest place %d", name, few, u, got, want)
							}
						}
					}
				}
				c.undo()
				c.cost = before
				c.iterate(40)
			}
		}
	}
}

// priceBehind is what a task costs behind a stop.
func (c *compact) priceBehind(u, p int32) int64 {
	n, from := &c.stops[u], &c.stops[p]
	to := &c.stops[from.next]
	price := int64(c.fares[from.row*c.width+n.row]) + int64(c.fares[n.row*c.width+to.row])
	if r := c.legs[p].route; c.size[r] == 0 {
		return price + c.w.model.shifts[r].fixed
	}
	return price - int64(c.legs[p].on)
}

// everywhere tries a task in every gap by walking over the route.
func everywhere(c *compact, u int32) int64 {
	m := c.w.model
	least := Infinity
	for _, r := range c.w.mineRoutes {
		if !c.carries(m.loads[int(u)*m.dims:(int(u)+1)*m.dims], r) {
			continue
		}
		for p := m.startOf(r); p != m.endOf(r); p = c.stops[p].next {
			order := []int32{}
			for v := m.startOf(r); v != None; v = c.stops[v].next {
				if order = append(order, v); v == p {
					order = append(order, u)
				}
			}
			if c.walkThrough(r, order) {
				least = min(least, c.priceBehind(u, p))
			}
		}
	}
	return least
}

// walkThrough tells whether a route can go through stops in an order: by the
// stretches joined from the beginning.
func (c *compact) walkThrough(r int32, order []int32) bool {
	whole := c.own(order[0])
	for i, v := range order[1:] {
		var ok bool
		if whole, ok = whole.join(int64(c.times[c.stops[order[i]].row*c.width+c.stops[v].row]), c.own(v)); !ok {
			return false
		}
	}
	longest := c.w.model.shifts[r].longest
	return longest == 0 || whole.duration <= longest
}

// Whole solutions keep all rules and cost what they say, in one part and in
// several, and the same is found again.
func TestCompactSolutions(t *testing.T) {
	t.Parallel()
	for name, day := range classicDays {
		day.tasks *= 3
		p := day.draw(rand.New(rand.NewPCG(3, 23)))
		for _, workers := range []int{1, 2} {
			o := Options{Seed: 4, Iterations: 6000, Workers: workers}
			a, b := solve(t, p, o), solve(t, p, o)
			if a.Cost != b.Cost || len(a.Unserved) > 0 {
				t.Errorf("%s, %d workers: %d and %d, %d tasks not done", name, workers, a.Cost, b.Cost, len(a.Unserved))
			}
		}
	}
}

// A population finds the same again too, with any number of workers, and no more
// than one annealing costs.
func TestPopulations(t *testing.T) {
	t.Parallel()
	var alone, crossed int64
	for name, day := range classicDays {
		if name == "many" {
			continue // its squared tasks want more iterations than a test has
		}
		p := day.draw(rand.New(rand.NewPCG(5, 23)))
		enough := int64(leastBred * day.tasks * day.tasks)
		alone += solve(t, p, Options{Seed: 4, Iterations: enough - 1}).Cost
		for _, workers := range []int{1, 3} {
			o := Options{Seed: 4, Iterations: enough, Workers: workers}
			a, b := solve(t, p, o), solve(t, p, o)
			if a.Cost != b.Cost || len(a.Unserved) > 0 {
				t.Errorf("%s, %d workers: %d and %d, %d tasks not done", name, workers, a.Cost, b.Cost, len(a.Unserved))
			}
			if workers == 1 {
				crossed += a.Cost
			}
		}
	}
	t.Logf("one annealing %d, a population %d", alone, crossed)
	if crossed > alone {
		t.Errorf("a population costs %d, one annealing %d", crossed, alone)
	}
}

// A population ends with its time, also where that is up before a member is there.
func TestPopulationsEnd(t *testing.T) {
	t.Parallel()
	p := classicDays["many"].draw(rand.New(rand.NewPCG(5, 23)))
	for i := range 8 {
		c := construct(context.Background(), compile(context.Background(), p, true), &Options{Seed: 1})
		a := newAnneal(c.costPerTask(), 1, 0.1, time.Now(), time.Duration(1+i)*time.Millisecond, 0)
		if stopped := c.breed(context.Background(), &Options{}, &a, &reporter{}); stopped != "time" {
			t.Errorf("stopped by %q", stopped)
		}
	}
}

func TestCompactIterationsDoNotAllocate(t *testing.T) {
	c := compactSearch(t, classicDays["limited"].draw(rand.New(rand.NewPCG(1, 24))), 1)
	if c == nil {
		t.Fatal("a task is out")
	}
	for range 2000 {
		c.iterate(40)
	}
	if n := testing.AllocsPerRun(1000, func() { c.iterate(40) }); n != 0 {
		t.Errorf("%.2f allocations per iteration", n)
	}
}

// Where loads are no matter, no two strings that reach each other's surroundings in
// time cost less than what is found.
func TestCompactFindsTheCheapestStrings(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(4) {
		c := compactSearch(t, classicDays["no loads"].draw(rand.New(rand.NewPCG(seed, 23))), seed)
		if c == nil {
			continue
		}
		for range 100 {
			c.iterate(1 + int64(c.w.random.IntN(60)))
		}
		x, y := &c.cuts[0], &c.cuts[1]
		meet := func(i, j int) (legs int64, ok bool) {
			from, to := &x.list[i], &y.list[j]
			on, back := from.row*c.width+to.nextRow, to.row*c.width+from.nextRow
			return int64(c.fares[on]) + int64(c.fares[back]) - int64(from.on) - int64(to.on),
				from.left+c.times[on] <= to.late && to.left+c.times[back] <= from.late
		}
		for _, a := range c.w.mineRoutes {
			for _, b := range c.w.mineRoutes {
				if a == b || c.size[a] == 0 || c.size[b] == 0 {
					continue
				}
				x.read(c, a)
				y.read(c, b)
				const limit = 2000
				least := int64(limit)
				for i := range x.list {
					for j := range y.list {
						begin, ok := meet(i, j)
						for k := i + 1; ok && k < len(x.list); k++ {
							for l := j + 1; l < len(y.list); l++ {
								if end, ok := meet(k, l); ok {
									least = min(least, begin+end)
								}
							}
						}
					}
				}
				best := c.cheapestStrings(limit)
				if least < limit != (best.with != None) || best.with != None && best.cost != least {
					t.Fatalf("routes %d and %d: %+v, but there are strings for %d", a, b, best, least)
				}
				if least < limit {
					found++
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("%d pairs of routes had strings to swap", found)
	}
}
