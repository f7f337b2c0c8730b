package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// The set that the flow finds weighs as little as the best of all sets that contain
// what their vertices lead to.
func TestClosureIsLeast(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 31))
	for range 3000 {
		vertices := 1 + random.IntN(8)
		weight := make([]int64, vertices)
		var c closure
		for range random.IntN(14) {
			c.ends = append(c.ends, int32(random.IntN(vertices)), int32(random.IntN(vertices)))
		}
		c.lay(vertices)
		c.work = 1 << 40
		for v := range weight {
			weight[v] = random.Int64N(21) - 10
			c.supply[v], c.demand[v] = max(0, -weight[v]), max(0, weight[v])
		}
		for e := range c.room {
			c.room[e] = Infinity * int64(1-e%2) // arcs lead one way
		}
		closed := func(set uint) bool {
			for e := 0; e < len(c.ends); e += 2 {
				if to, from := c.ends[e], c.ends[e+1]; set>>from&1 == 1 && set>>to&1 == 0 {
					return false
				}
			}
			return true
		}
		sum := func(set uint) (sum int64) {
			for v, w := range weight {
				sum += w * int64(set>>v&1)
			}
			return sum
		}
		least := int64(0)
		for set := range uint(1) << vertices {
			if closed(set) {
				least = min(least, sum(set))
			}
		}
		gain, found := c.flow(), uint(0)
		for v := range weight {
			if c.isIn(v) {
				found |= 1 << v
			}
		}
		if gain != -least || gain > 0 && (!closed(found) || sum(found) != least) {
			t.Fatalf("gains %d with %b, can gain %d: %v, arcs %v", gain, found, -least, weight, c.ends)
		}
	}
}

// roped draws a tiny problem whose tasks are tied, with one window each and prices
// for almost any start, and without breaks.
func roped(random *rand.Rand) *Problem {
	p := tiny(random)
	for len(p.Shifts) < 2 {
		p.Shifts = append(p.Shifts, p.Shifts[0])
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Breaks = nil
		s.WaitCost, s.WorkCost, s.LeaveLate = int64(random.IntN(3)), int64(random.IntN(3)), random.IntN(3) > 0
	}
	for i := range p.Tasks {
		task := &p.Tasks[i]
		mode := &task.Modes[0]
		from, at := mode.Windows[0].From, mode.Windows[0].From+int64(random.IntN(8))-1
		mode.Windows, mode.ByWindow, mode.Skills = []Window{{from, from + int64(4+random.IntN(5))}}, nil, nil
		mode.Preferred = Preferred{Window{at, at + int64(random.IntN(3))}, int64(random.IntN(4)), int64(random.IntN(4))}
		mode.AtEnd = random.IntN(6) == 0
		task.Pin, task.UnservedCost = FreePin(), 500
	}
	for range 1 + random.IntN(4) {
		if a, b := random.IntN(len(p.Tasks)), random.IntN(len(p.Tasks)); a != b {
			least := int64(random.IntN(6) - 3)
			p.Links = append(p.Links, Link{First: int32(a), Second: int32(b), Min: least, Max: least + int64(random.IntN(5))})
		}
	}
	for _, kind := range []TermKind{TermTardiest, TermIdleMost} {
		if random.IntN(4) == 0 {
			p.Terms = append(p.Terms, Term{Kind: kind, Weight: 1 + int64(random.IntN(5))})
		}
	}
	return p
}

// laid lays a solution into a timetable.
func laid(t *testing.T, p *Problem, s *Solution) *timetable {
	t.Helper()
	m := compile(context.Background(), p, false)
	table := newTimetable(newSchedule(m, newState(m)))
	if !table.lay(s) {
		t.Fatal("the solution has no schedule")
	}
	return table
}

// Descending alone finds the cheapest starts of tied routes, wherever it begins.
func TestDescentIsExact(t *testing.T) {
	problems := 500
	if testing.Short() || invariantsOn {
		problems = 150
	}
	gained := 0
	for seed := range uint64(problems) {
		p := roped(rand.New(rand.NewPCG(seed, 61)))
		s := solve(t, p, Options{Seed: seed, Iterations: 10})
		want := cheapestTimes(p, s)
		if s.Cost != want {
			t.Errorf("problem %d: Solve times its routes at %d, they can cost %d", seed, s.Cost, want)
		}
		table := laid(t, p, s)
		for _, begin := range []func(n *node) int64{
			func(n *node) int64 { return n.early },
			func(n *node) int64 { return n.late },
		} {
			for _, u := range table.placed() {
				table.start[u] = begin(&table.state.nodes[u])
			}
			for table.retime(context.Background(), nil) { // for what nothing ties
			}
			before := table.total()
			if table.descend(context.Background()) {
				gained++
			}
			for _, b := range Check(p, table.solution()) {
				t.Errorf("problem %d: %s", seed, b)
			}
			if table.total() != want {
				t.Fatalf("problem %d: %d became %d, can be %d", seed, before, table.total(), want)
			}
		}
	}
	if gained < problems/20 {
		t.Errorf("only %d of %d had anything to gain", gained, 2*problems)
	}
}

// With everything that a problem may have, descending breaks no rule, and what it
// says it gains it does.
func TestDescentNeverCostsMore(t *testing.T) {
	problems := 400
	if testing.Short() || invariantsOn {
		problems = 120
	}
	gained := 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, 67))
		p := crowded(random)
		switch seed % 4 {
		case 1:
			p = coupling(random)
		case 2:
			p = roped(random)
		case 3:
			p = parted(random, p)
		}
		if seed%3 == 1 {
			p = changing(random, p)
		}
		switch seed % 7 {
		case 1:
			p = covering(random, p)
		case 2:
			p = altering(random, p)
		case 3:
			p = choosing(random, p)
		case 4:
			p = sharing(random, p)
		case 5:
			p = resting(random, p)
		case 6:
			p = leveled(random, p)
			for i := range p.Terms {
				p.Terms[i].Hard = false
			}
		}
		if p.Validate() != nil {
			continue
		}
		table := laid(t, p, solve(t, p, Options{Seed: seed, Iterations: 10}))
		for _, u := range table.placed() {
			if table.model.pull.first[u] == table.model.pull.first[u+1] && !table.model.chained {
				table.later(u, table.state.nodes[u].early+random.Int64N(table.state.nodes[u].late-table.state.nodes[u].early+1))
			}
		}
		before := table.total()
		lower := table.descend(context.Background())
		if after := table.total(); lower != (after < before) || after > before {
			t.Fatalf("problem %d: %d became %d, and it says %t", seed, before, after, lower)
		}
		if lower {
			gained++
		}
		out := table.solution()
		if table.total() != out.Cost {
			t.Errorf("problem %d: costs %d, says %d", seed, out.Cost, table.total())
		}
		for _, b := range Check(p, out) {
			t.Errorf("problem %d: %s", seed, b)
		}
	}
	if gained < problems/25 {
		t.Errorf("only %d of %d had anything to gain", gained, problems)
	}
}

// ropedDay is homeCare with many links, wide windows and a price for most starts.
func ropedDay(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Breaks, s.LeaveLate, s.WorkCost = nil, (uint64(i)+seed)%3 > 0, int64(i%2)
	}
	for i := range p.Tasks {
		m := &p.Tasks[i].Modes[0]
		m.Windows[0].From, m.Windows[0].To = m.Windows[0].From-3600, m.Windows[0].To+3600
		m.Preferred.Early, m.Preferred.Late = int64(1+i%3), int64(1+i%4)
	}
	for i := 0; i+5 < tasks; i += 5 {
		p.Links = append(p.Links, Link{First: int32(i), Second: int32(i + 4), Min: int64(i%4-2) * 1800, Max: int64(i%4+1) * 2400})
	}
	return p
}

// Of a day of Solve, no set of starts gains anything by moving by one unit. For
// costs and rules like these that says that no other starts do (Murota, see
// descend.go). The set that gains most is looked for here on its own, by paths of
// augmentation one at a time over the rules as the problem states them.
func TestNoSetOfStartsGains(t *testing.T) {
	days, iterations := uint64(8), int64(600)
	if testing.Short() || invariantsOn {
		days, iterations = 3, 150
	}
	for seed := range days {
		p := ropedDay(60, 8, seed)
		s := solve(t, p, Options{Seed: 1, Iterations: iterations})
		for _, by := range []int64{1, -1} {
			if gain := gainOfMoving(p, s, by); gain != 0 {
				t.Errorf("day %d: moving some starts by %d gains %d", seed, by, gain)
			}
		}
	}
}

// gainOfMoving is by how much moving any set of starts by one unit lowers the cost
// at most. Shifts have no breaks.
func gainOfMoving(p *Problem, s *Solution, by int64) int64 {
	period := &p.Profiles[0].Periods[0]
	way := func(a, b int32) int64 { return int64(period.Time[int(a)*period.N+int(b)]) }
	n := len(p.Tasks)
	source, sink := n, n+1
	room := make([][]int64, n+2)
	for i := range room {
		room[i] = make([]int64, n+2)
	}
	start := slices.Repeat([]int64{Infinity}, n)
	for r := range s.Routes {
		for _, stop := range s.Routes[r].Stops {
			start[stop.Task] = stop.Start
		}
	}
	atLeast := func(a, b int32, lag int64) { // what is as near as it may be moves together
		if start[a] < Infinity && start[b] < Infinity && start[b]-start[a] == lag {
			if by < 0 {
				a, b = b, a
			}
			room[a][b] = Infinity
		}
	}
	for _, l := range p.Links {
		atLeast(l.First, l.Second, l.Min)
		atLeast(l.Second, l.First, -l.Max)
	}
	gain := int64(0)
	for r := range s.Routes {
		stops, shift := s.Routes[r].Stops, &p.Shifts[r]
		for i, stop := range stops {
			m := &p.Tasks[stop.Task].Modes[0]
			in, out := way(shift.From, m.Location), m.Service+way(m.Location, shift.To)
			first, last := i == 0, i == len(stops)-1
			if !last {
				next := stops[i+1].Task
				atLeast(stop.Task, next, m.Service+way(m.Location, p.Tasks[next].Modes[0].Location))
			}
			cost := func(x int64) int64 {
				if x < m.Windows[0].From || x > m.Windows[0].To || first && x-in < shift.Start || last && x+out > shift.End {
					return 1 << 40
				}
				sum := max(0, m.Preferred.From-x)*m.Preferred.Early + max(0, x-m.Preferred.To)*m.Preferred.Late
				if first && shift.LeaveLate {
					sum -= x * (shift.WaitCost + shift.WorkCost)
				}
				if last {
					sum += x * (shift.WaitCost + shift.WorkCost)
				}
				return sum
			}
			switch more := cost(stop.Start+by) - cost(stop.Start); {
			case more < 0:
				room[source][stop.Task] = -more
				gain -= more
			case more > 0:
				room[stop.Task][sink] = more
			}
		}
	}
	for {
		from := slices.Repeat([]int{-1}, n+2)
		from[source] = source
		for queue := []int{source}; len(queue) > 0 && from[sink] < 0; queue = queue[1:] {
			for v, x := range room[queue[0]] {
				if x > 0 && from[v] < 0 {
					from[v] = queue[0]
					queue = append(queue, v)
				}
			}
		}
		if from[sink] < 0 {
			return gain
		}
		least := Infinity
		for v := sink; v != source; v = from[v] {
			least = min(least, room[from[v]][v])
		}
		for v := sink; v != source; v = from[v] {
			room[from[v]][v] -= least
			room[v][from[v]] += least
		}
		gain -= least
	}
}

// A descent whose time is over leaves the starts as they are.
func TestDescentEndsInTime(t *testing.T) {
	p := ropedDay(60, 8, 1)
	table := laid(t, p, solve(t, p, Options{Seed: 1, Iterations: 50}))
	for _, u := range table.placed() {
		table.start[u] = table.state.nodes[u].early
	}
	before := slices.Clone(table.start)
	over, stop := context.WithCancel(context.Background())
	stop()
	if table.descend(over) || !slices.Equal(table.start, before) {
		t.Error("it goes on when its time is over")
	}
	if !table.descend(context.Background()) {
		t.Error("there was nothing to gain")
	}
}
