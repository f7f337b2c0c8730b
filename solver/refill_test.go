package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// refillsAsTasks is a problem where each time that a shift may refill is a task
// of its own, and by task from the problem's last one on what it gives.
func refillsAsTasks(p *Problem) (*Problem, []*Refill) {
	var gives []*Refill
	with := *p
	with.Tasks = slices.Clone(p.Tasks)
	for r := range p.Shifts {
		for k := range p.Shifts[r].Refills {
			f := &p.Shifts[r].Refills[k]
			windows := f.Windows
			if windows == nil {
				windows = []Window{{p.Shifts[r].Start, p.Shifts[r].End + 10}}
			}
			for range f.Most {
				with.Tasks = append(with.Tasks, Task{Group: None, Pin: Pin{Shift: int32(r), Start: Infinity, Position: None}, Modes: []Mode{{
					Location: f.Location, Service: f.Service, Windows: windows, Cost: f.Cost, PickupOf: None,
				}}})
				gives = append(gives, f)
			}
		}
	}
	return &with, gives
}

// placeRefills puts a refill at every place of the route of its shift, if that
// does anything, or nowhere.
func (o *oracle) placeRefills(f int32, cost int64) {
	if int(f) == len(o.p.Tasks) {
		o.placeBreaks(0, 0, cost)
		return
	}
	o.shift[f] = None
	o.placeRefills(f+1, cost)
	r := o.p.Tasks[f].Pin.Shift
	before := o.routes[r]
	if len(before) == 0 {
		return
	}
	o.shift[f] = r
	for at := 0; at <= len(before); at++ {
		o.routes[r] = slices.Insert(slices.Clone(before), at, f)
		o.placeRefills(f+1, cost+o.p.Tasks[f].Modes[0].Cost*o.pay.assign)
	}
	o.routes[r], o.shift[f] = before, None
}

// stocks tells whether no route runs out of anything.
func (o *oracle) stocks() bool {
	for r, route := range o.routes {
		shift := &o.p.Shifts[r]
		for k, has := range shift.Stock {
			at := shift.From
			leg := func(to int32) {
				if k < len(shift.UsePerDistance) {
					has -= shift.UsePerDistance[k] * o.longestWay(r, at, to)
				}
				at = to
			}
			breaks := func(gap int) {
				for _, b := range o.between(r, gap) {
					if b.Location != None {
						leg(b.Location)
					}
				}
			}
			for i, task := range route {
				breaks(i)
				leg(o.location(task))
				if has < 0 {
					return false
				}
				if use := o.mode(task).Use; k < len(use) {
					has -= use[k]
				}
				if has < 0 {
					return false
				}
				if int(task) >= o.asked && k < len(o.gives[int(task)-o.asked].Full) {
					has = max(has, o.gives[int(task)-o.asked].Full[k])
				}
			}
			if len(route) > 0 {
				breaks(len(route))
				leg(shift.To)
			}
			if has < 0 {
				return false
			}
		}
	}
	return true
}

// longestWay is the most that a leg takes at any time of a shift.
func (o *oracle) longestWay(r int, from, to int32) (most int64) {
	shift := &o.p.Shifts[r]
	for t := shift.Start; t <= shift.End+10; t++ {
		late := t > shift.End && (shift.Overtime == nil || t > shift.End+shift.Overtime[len(shift.Overtime)-1].After)
		if _, distance, ok := o.after(r, from, to, t); ok && !late {
			most = max(most, distance)
		}
	}
	return most
}

// fewer is a problem with at most four of its tasks.
func fewer(p *Problem) *Problem { return ofTasks(p, 4) }

// ofTasks is a problem with the first tasks of another, at most so many.
func ofTasks(p *Problem, most int) *Problem {
	p.Tasks = p.Tasks[:min(len(p.Tasks), most)]
	p.Links = slices.DeleteFunc(p.Links, func(l Link) bool { return int(max(l.First, l.Second)) >= len(p.Tasks) })
	return p
}

// stocking gives a problem stocks, and shifts that may fill them up.
func stocking(random *rand.Rand, p *Problem) *Problem {
	kinds := 1 + random.IntN(2)
	byDistance := random.IntN(3) == 0
	level := func() int64 {
		if byDistance {
			return int64(6 + random.IntN(20))
		}
		if random.IntN(6) == 0 {
			return Infinity
		}
		return int64(random.IntN(4))
	}
	left := 8 - len(p.Tasks)
	for i := range p.Shifts {
		s := &p.Shifts[i]
		for range kinds {
			s.Stock = append(s.Stock, level())
		}
		if byDistance {
			s.UsePerDistance = []int64{1}
		}
		for left > 0 && len(s.Refills) < 2 && random.IntN(3) > 0 {
			from := s.Start + int64(random.IntN(10))
			f := Refill{
				Location: int32(random.IntN(p.Profiles[0].Periods[0].N)), Service: int64(random.IntN(2)), Most: 1,
				Windows: []Window{{from, from + int64(random.IntN(3))}}, Cost: int64(random.IntN(3)),
			}
			if left > 1 && random.IntN(4) == 0 {
				f.Most = 2
			}
			left -= int(f.Most)
			if random.IntN(8) == 0 && len(p.Tasks) < 4 {
				f.Windows = nil
			}
			for range 1 + random.IntN(kinds) {
				f.Full = append(f.Full, level()+2)
			}
			if f.Full[0] > Infinity {
				f.Full[0] = Infinity
			}
			if k := len(f.Full) - 1; f.Full[k] > Infinity {
				f.Full[k] = Infinity
			}
			s.Refills = append(s.Refills, f)
		}
	}
	for i := range p.Tasks {
		for k := range p.Tasks[i].Modes {
			use := make([]int64, kinds)
			for n := range use {
				use[n] = int64(random.IntN(4))
			}
			p.Tasks[i].Modes[k].Use = use
		}
		if w := p.Tasks[i].Modes[0].Windows; random.IntN(3) == 0 && p.Tasks[i].Modes[0].ByWindow == nil {
			w[len(w)-1].To += 4
		}
	}
	return p
}

// provisioned gives a problem of at most three tasks stocks and short refills, one for each
// shift, for where trying everything takes long. In every other one a route uses up its
// stock on the way, and more breaks are at a location.
func provisioned(random *rand.Rand, p *Problem) *Problem {
	p.Tasks, p.Links = p.Tasks[:min(len(p.Tasks), 3)], nil
	p = stocking(random, p)
	driven := random.IntN(2) == 0
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Refills = s.Refills[:min(len(s.Refills), 1)]
		for k := range s.Refills {
			from := int64(random.IntN(14))
			s.Refills[k].Most, s.Refills[k].Windows = 1, []Window{{from, from + int64(random.IntN(6))}}
			if driven {
				s.Refills[k].Full = []int64{int64(6 + random.IntN(30))}
			}
		}
		if driven {
			s.Stock[0], s.UsePerDistance = int64(6+random.IntN(30)), []int64{1}
		}
		for j := range s.Breaks {
			if driven && !s.Breaks[j].AtNext && random.IntN(2) == 0 {
				s.Breaks[j].Location = int32(random.IntN(p.Profiles[0].Periods[0].N))
			}
		}
	}
	return p
}

// Beside breaks after so much work, at a location and missed among several the optimum
// is found too; the way over a break at a location uses up what it takes.
func TestRefillsBesideBreaks(t *testing.T) {
	over := 0
	besideOracle{
		problems: 5, fewer: 3, stream: 357, exact: 5, oneIn: 1,
		kinds: kindsOf(func(random *rand.Rand, p *Problem, _ uint64) *Problem {
			if p = provisioned(random, resting(random, p)); p.Validate() != nil {
				return nil // of a pair, one was left out
			}
			return p
		},
			tiny, crowded,
			func(random *rand.Rand) *Problem { return changing(random, tiny(random)) },
			func(random *rand.Rand) *Problem { return carrying(random, fewer(tiny(random))) },
			func(random *rand.Rand) *Problem { return choosing(random, tiny(random)) },
		),
		look: func(p *Problem, s *Solution) {
			m := compile(context.Background(), p, false)
			for r := range s.Routes {
				if len(s.Routes[r].Stops) > 0 && m.overPlaces(int32(r)) {
					over++
				}
			}
			if counted := layBegun(p, nil, s); counted != s.Cost {
				t.Errorf("counts %d, costs %d", counted, s.Cost)
			}
		},
	}.hold(t)
	if over == 0 {
		t.Error("no way leads over the place of a break")
	}
}

// An electric car has range for 40. Two visits are 5 away from its base, and lunch is there:
// four legs of 5, so one of 30 does not suffice, for all that the visits by themselves would.
func TestLunchUsesUpRange(t *testing.T) {
	lunch := Break{Window: Window{18, 30}, Length: 10, Location: 0}
	p := visitsAt(Shift{End: 100, Breaks: []Break{lunch}, Stock: []int64{40}, UsePerDistance: []int64{2}}, 10, 40)
	s := solve(t, p, Options{Seed: 1, Iterations: 20})
	if len(s.Unserved) != 0 {
		t.Errorf("%+v", s.Routes[0])
	}
	p.Shifts[0].Stock[0] = 39
	if breaches := Check(p, s); len(breaches) != 1 || breaches[0].String() != "stock: routes[0].return: the way back uses 10 of stock 0, 9 are left" {
		t.Errorf("found %v", breaches)
	}
	p.Shifts[0].Stock[0] = 5
	if breaches := Check(p, s); len(breaches) == 0 || breaches[0].String() != "stock: routes[0].stops[0]: the way to it uses 10 of stock 0, 5 are left" {
		t.Errorf("found %v", breaches)
	}
	p.Shifts[0].Stock[0] = 39
	if s := solve(t, p, Options{Seed: 1, Iterations: 20}); len(s.Unserved) != 1 {
		t.Errorf("%+v", s.Routes[0])
	}
	p.Shifts[0].Refills = []Refill{{Location: 0, Full: []int64{20}, Cost: 1, Most: 1}}
	if s := solve(t, p, Options{Seed: 1, Iterations: 20}); len(s.Unserved) != 0 || s.Cost != 1 {
		t.Errorf("costs %d: %+v", s.Cost, s.Routes[0])
	}
}

// Each kind of breach of a refill is found.
func TestCheckFindsPlantedRefills(t *testing.T) {
	problem := func() (*Problem, *Solution) {
		p := &Problem{
			Profiles: []Profile{{Periods: []Period{{N: 2, Time: []int32{0, 5, 5, 0}, Distance: []int32{0, 7, 7, 0}}}}},
			Shifts: []Shift{{
				End: 100, TimeCost: 1, LeaveLate: true, Stock: []int64{1, 35}, UsePerDistance: []int64{0, 1},
				Refills: []Refill{{Location: 0, Service: 2, Full: []int64{1, 21}, Cost: 3, Most: 1, Windows: []Window{{12, 40}}}},
			}},
			Terms: DefaultTerms(),
		}
		for i := range 2 {
			p.Tasks = append(p.Tasks, Task{UnservedCost: 50, Pin: FreePin(), Group: None, Modes: []Mode{{
				Location: 1, Service: 1, Windows: []Window{{int64(10 + 12*i), int64(20 + 20*i)}}, Use: []int64{1}, PickupOf: None,
			}}})
		}
		s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 20})
		if err != nil {
			t.Fatal(err)
		}
		return p, s
	}
	longer := func(p *Problem, from int64) { // ways from some time on
		later := p.Profiles[0].Periods[0]
		later.From, later.Distance = from, []int32{0, 20, 20, 0}
		p.Profiles[0].Periods = append(p.Profiles[0].Periods, later)
	}
	p, s := problem()
	for _, b := range Check(p, s) {
		t.Errorf("false breach: %s", b)
	}
	// Home, task, depot, task, home: four legs of 5, and the refill's 3.
	if s.Cost != 23 || len(s.Routes[0].Stops) != 3 || !s.Routes[0].Stops[1].isRefill() {
		t.Fatalf("costs %d: %+v", s.Cost, s.Routes[0])
	}
	for i, c := range []struct {
		want  string
		plant func(p *Problem, s *Solution)
	}{
		{"stock: routes[0].stops[2]: it uses 1 of stock 0, 0 are left", func(p *Problem, _ *Solution) { p.Shifts[0].Refills[0].Full[0] = 0 }},
		{"stock: routes[0].stops[1]: the way to it uses 7 of stock 1, 6 are left", func(p *Problem, _ *Solution) { p.Shifts[0].Stock[1] = 13 }},
		{"stock: routes[0].return: the way back uses 7 of stock 1, 6 are left", func(p *Problem, _ *Solution) {
			p.Shifts[0].Stock[1], p.Shifts[0].Refills[0].Full[1] = 14, 13
		}},
		{"stock: routes[0].stops[1]: lasts 2, not 3", func(p *Problem, _ *Solution) { p.Shifts[0].Refills[0].Service = 3 }},
		{"stock: routes[0].stops[1]: the way to it uses 20 of stock 1, 15 are left", func(p *Problem, _ *Solution) { longer(p, 100) }},
		{"", func(p *Problem, _ *Solution) { longer(p, 101) }},
		{"for the 1th time, 0 is the most", func(p *Problem, _ *Solution) { p.Shifts[0].Refills[0].Most = 0 }},
		{"outside its windows", func(p *Problem, _ *Solution) { p.Shifts[0].Refills[0].Windows = []Window{{50, 60}} }},
		{"no such refill", func(_ *Problem, s *Solution) { s.Routes[0].Stops[1].Refill = 1 }},
		{"has stops and no task", func(_ *Problem, s *Solution) { s.Routes[0].Stops = s.Routes[0].Stops[1:2] }},
		{"assign costs 3 in level 0, recomputed assign 4", func(p *Problem, _ *Solution) { p.Shifts[0].Refills[0].Cost = 4 }},
	} {
		p, s := problem()
		c.plant(p, s)
		if breaches := Check(p, s); c.want == "" && len(breaches) > 0 || c.want != "" && !slices.ContainsFunc(breaches, func(b Breach) bool { return strings.Contains(b.String(), c.want) }) {
			t.Errorf("case %d: planted %q, found %v", i, c.want, breaches)
		}
	}
	// Two tasks and no depot: one is left out.
	p.Shifts[0].Refills = nil
	if s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 20}); err != nil || len(s.Unserved) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// vans is a day of home care where a visit in three takes a thing from the car,
// and the car has range for a part of the day; both are filled up at the bases.
func vans(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].Use = []int64{int64(max(0, i%3-1))}
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Stock, s.UsePerDistance = []int64{2, 90_000}, []int64{0, 1}
		s.Refills = []Refill{
			{Location: s.From, Service: 300, Full: []int64{4}, Most: 2},
			{Location: int32(i % 4), Service: 1200, Full: []int64{0, 90_000}, Most: 1, Cost: 20},
		}
	}
	return p
}

// technicians is a day of vans where nothing but working time costs, and there
// are no breaks and links.
func technicians(tasks, shifts int, seed uint64) *Problem {
	p := vans(tasks, shifts, seed)
	p.Links = nil
	p.Terms = []Term{{Kind: TermUnserved, Weight: 1}, {Kind: TermWork, Weight: 1}, {Kind: TermAssign, Weight: 1}}
	for i := range p.Shifts {
		p.Shifts[i].Breaks, p.Shifts[i].WaitCost, p.Shifts[i].WorkCost, p.Shifts[i].LeaveLate = nil, 0, 1, true
	}
	for i := range p.Tasks {
		mode := &p.Tasks[i].Modes[0]
		mode.ByWindow, mode.Preferred = nil, Preferred{}
	}
	return payable(p)
}

// sharedVans is a day of vans with groups, shared cars, a roster to change little, and
// a rush hour.
func sharedVans(tasks, shifts int, seed uint64) *Problem {
	p, with := vans(tasks, shifts, seed), grouped(tasks, shifts, seed)
	p.Profiles = rushDay(tasks, shifts, seed).Profiles
	p.Groups, p.Resources, p.Terms = with.Groups, with.Resources, with.Terms
	p.Resources[0].Capacity, p.Resources[1].Capacity = int64(shifts)/4, int64(shifts)/2-1
	for i := range p.Tasks {
		p.Tasks[i].Group = with.Tasks[i].Group
		p.Tasks[i].Was = Former{Shift: int32(i % shifts), ShiftCost: 50}
	}
	for r := range p.Shifts {
		p.Shifts[r].Person, p.Shifts[r].Resources = with.Shifts[r].Person, with.Shifts[r].Resources
	}
	return p
}

// restingVans is a day of vans with the breaks of restingDay: one after so much work, one
// at the base, and one that may be missed.
func restingVans(tasks, shifts int, seed uint64) *Problem {
	p := vans(tasks, shifts, seed)
	for i, s := range restingDay(tasks, shifts, seed).Shifts {
		p.Shifts[i].Breaks = s.Breaks
	}
	return p
}

// Days with refills are searched in parts by several workers like any other.
func TestVans(t *testing.T) {
	tasks, iterations := 100, int64(600)
	if testing.Short() || invariantsOn {
		tasks, iterations = 70, 100
	}
	for _, workers := range []int{1, 3} {
		for _, draw := range []func(int, int, uint64) *Problem{vans, technicians, sharedVans} {
			p := draw(tasks, tasks/6, 4)
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
			solveMost(t, p, iterations, workers)
			soft := draw(tasks/2, tasks/6, 4)
			soft.Terms = append(soft.Terms, Term{Kind: TermTardiest, Weight: 2}, Term{Kind: TermBalance, Weight: 1})
			solveMost(t, soft, iterations/8, workers)
		}
		solveMost(t, restingVans(tasks/2, tasks/10, 4), iterations/3, workers)
	}
}

// A route may be longer than a byte can count: a task goes in with its refill where the
// search has found room for both.
func TestLongRoutesTakeRefills(t *testing.T) {
	const tasks = 200
	p := plane(tasks, 1, 20_000, 3)
	p.Terms = []Term{{Kind: TermUnserved, Weight: 1}, {Kind: TermWork, Weight: 1}, {Kind: TermAssign, Weight: 1}}
	for i := range p.Tasks {
		p.Tasks[i].Modes[0].Use = []int64{1}
	}
	s := &p.Shifts[0]
	s.WorkCost, s.LeaveLate, s.Fixed, s.TimeCost = 1, true, 0, 0
	s.Stock, s.Refills = []int64{tasks - 1}, []Refill{{Service: 5, Full: []int64{tasks - 1}, Most: 1}}
	m := compile(context.Background(), p, true)
	w := construct(context.Background(), m, &Options{Seed: 1}).workers[0]
	w.adopt()
	behind := 0
	for u := range int32(tasks) {
		w.forget()
		w.broken = false
		w.hit, w.gone = w.hit[:0], w.gone[:0]
		w.drop(u)
		if !w.takeOut() {
			t.Fatal("no schedule")
		}
		for _, r := range w.hit {
			w.isHit[r] = false
		}
		w.state.reprice(m)
		before := w.state.cost[0]
		found := w.scan(u, 0, -Infinity, Infinity, Infinity)
		if found.with == 0 {
			t.Fatalf("task %d goes in without a refill: %+v", u, found)
		}
		place := 0
		for v := found.pred; v != m.startOf(0); v = w.state.nodes[v].prev {
			place++
		}
		if place > 130 {
			behind++
		}
		if !w.putIn(u, found) || w.broken || w.state.routeCost(m, 0)-before != found.cost || w.state.runsOut(m, 0, None) {
			t.Fatalf("task %d as stop %d, %+v: costs %d more; broken %t, runs out %t", u, place, found, w.state.routeCost(m, 0)-before, w.broken, w.state.runsOut(m, 0, None))
		}
		w.state.copyFrom(w.last)
	}
	if behind == 0 {
		t.Error("no task goes in far behind")
	}
}

// Where stretches tell all, the cheapest place of a task with a new refill is
// what trying every pair of gaps finds.
func TestScanWithRefillIsExact(t *testing.T) {
	p := technicians(60, 8, 3)
	m := compile(context.Background(), p, true)
	w := construct(context.Background(), m, &Options{Seed: 1}).workers[0]
	w.adopt()
	compared := 0
	for range 12 {
		for range 10 {
			w.iterate(2000)
		}
		w.forget()
		w.broken = false
		w.hit, w.gone = w.hit[:0], w.gone[:0]
		for range 6 {
			if u := w.seed(); u != None {
				w.drop(u)
			}
		}
		if !w.takeOut() {
			t.Fatal("no schedule")
		}
		for _, r := range w.hit {
			w.isHit[r] = false
		}
		w.state.reprice(m)
		for _, u := range w.gone {
			for r := range int32(len(m.shifts)) {
				if !m.mayDo[int(u)*len(m.shifts)+int(r)] {
					continue
				}
				found := w.scan(u, r, -Infinity, Infinity, Infinity)
				if want := w.everyPair(u, r); found.cost != want {
					t.Fatalf("task %d in route %d: found %+v, the cheapest costs %d", u, r, found, want)
				}
				if found.with == 0 {
					continue
				}
				compared++
				before, kept := w.state.cost[r], w.state.clone(m)
				if !w.putIn(u, found) || w.broken || w.state.routeCost(m, r)-before != found.cost || w.state.runsOut(m, r, None) {
					t.Fatalf("task %d in route %d at %+v: costs %d more; broken %t, runs out %t", u, r, found, w.state.routeCost(m, r)-before, w.broken, w.state.runsOut(m, r, None))
				}
				w.state.copyFrom(kept)
			}
		}
		w.state.copyFrom(w.last)
	}
	if t.Logf("%d places with a refill", compared); compared == 0 {
		t.Error("no task takes a refill")
	}
}

// everyPair is the least that a task costs in a route, alone where its stock
// allows that anywhere for less, or with one refill.
func (w *search) everyPair(u, r int32) int64 {
	s, m := w.state, w.model
	best := Infinity
	kept := s.clone(m)
	gaps := func() (list []int32) {
		for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
			list = append(list, v)
		}
		return list
	}
	try := func() {
		for _, p := range gaps() {
			with := s.clone(m)
			if w.link(u, place{pred: p, route: r}); !s.runsOut(m, r, None) && w.walk(r) {
				best = min(best, s.routeCost(m, r)-kept.cost[r])
			}
			s.copyFrom(with)
		}
	}
	try()
	for kind := range int32(len(m.problem.Shifts[r].Refills)) {
		f := s.spareRefill(m, r, kind)
		if f == None {
			continue
		}
		for _, p := range gaps() {
			w.link(f, place{pred: p, route: r})
			try()
			s.copyFrom(kept)
		}
	}
	w.freed = false
	return best
}

// A solution with refills is a warm start, also where it does not fit any more,
// and what is taken out of it fits in again, with the refill that it takes.
func TestRefillsStay(t *testing.T) {
	p := technicians(60, 9, 2)
	for i := range p.Shifts {
		p.Shifts[i].Stock[0] = 0
	}
	cold := solve(t, p, Options{Seed: 1, Iterations: 1500})
	if warm := solve(t, p, Options{Seed: 2, Iterations: 1, Warm: cold}); warm.Cost > cold.Cost {
		t.Errorf("warm start costs %d, was given %d", warm.Cost, cold.Cost)
	}
	less := *p
	less.Shifts = slices.Clone(p.Shifts)
	for i := range less.Shifts {
		less.Shifts[i].Stock = []int64{0, 80_000}
	}
	solve(t, &less, Options{Seed: 2, Iterations: 1, Warm: cold})
	with := 0
	for r := range cold.Routes {
		for i, stop := range cold.Routes[r].Stops {
			if stop.Task == None {
				continue
			}
			left := *cold
			left.Routes = slices.Clone(cold.Routes)
			left.Unserved = slices.Sorted(slices.Values(append(slices.Clone(cold.Unserved), stop.Task)))
			stops := slices.Delete(slices.Clone(cold.Routes[r].Stops), i, i+1)
			stops = slices.DeleteFunc(stops, func(s Stop) bool { return s.isRefill() }) // which the task may have been for
			if !slices.ContainsFunc(stops, func(s Stop) bool { return s.Task != None }) {
				stops = nil
			}
			left.Routes[r].Stops = stops
			at, err := NewInserter(p, &left)
			if err != nil {
				continue // it was for others too
			}
			fit, fits, _ := at.Insertable(context.Background(), stop.Task)
			if !fits || len(fit.Spots) != 1 || !at.Insert() {
				t.Fatalf("task %d does not fit where it was: %+v", stop.Task, fit)
			}
			for _, b := range Check(p, at.Solution()) {
				t.Errorf("task %d: %s", stop.Task, b)
			}
			if len(stops) < len(cold.Routes[r].Stops)-1 {
				with++
			}
		}
	}
	if t.Logf("%d tasks with a refill", with); with == 0 {
		t.Error("no task takes a refill with it")
	}
}
