package solver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// oracle finds the cheapest solution of a tiny problem by trying everything:
// every subset, shift, order and break, and every start in whole units. It
// reads the model's rules from their text and shares no code with the search.
type oracle struct {
	p      *Problem
	best   int64
	routes [][]int32 // tasks in order
	gaps   [][]int   // by shift: the gap that each break lies in
	start  []int64
	shift  []int32
	chosen []int     // by task: its mode
	given  []int64   // by task: its only start; nil: any
	warm   *Solution // what is frozen stays as it is there
	any    bool      // any solution will do: the first one ends the search
	pay    prices
	trips  [][]map[trip]int64 // by tangled route and stop; see oracle_breaks_test.go
	toured []tour             // by route that is driven; see oracle_periods_test.go
	near   [][2]uint64        // by tangled route
	asked  int                // tasks of the problem; those behind them are refills
	gives  []*Refill
	tried  int // so many steps have been tried
	most   int // and no more than these are; 0: all
}

// spent tells whether the oracle has given up, and knows nothing.
func (o *oracle) spent() bool { return o.most > 0 && o.tried > o.most }

// step counts a step, and tells whether there may be one.
func (o *oracle) step() bool {
	o.tried++
	return !o.spent()
}

func bruteForce(p *Problem) int64 { return bruteForceUpTo(p, Infinity-1) }

// bruteForceUpTo is the cost of the cheapest solution if that is not above most,
// and otherwise one more than that. It is quick where most is near the optimum.
func bruteForceUpTo(p *Problem, most int64) int64 {
	o := newOracle(p, most)
	o.place(0, 0)
	return o.best
}

func newOracle(p *Problem, most int64) *oracle {
	asked := len(p.Tasks)
	p, gives := refillsAsTasks(p)
	return &oracle{
		p: p, best: most + 1, asked: asked, gives: gives,
		routes: make([][]int32, len(p.Shifts)), gaps: make([][]int, len(p.Shifts)),
		start: make([]int64, len(p.Tasks)), shift: make([]int32, len(p.Tasks)), chosen: make([]int, len(p.Tasks)), pay: pricesOf(p),
	}
}

// place puts the task at every position of every route, or leaves it out.
func (o *oracle) place(task int32, cost int64) {
	if cost >= o.best {
		return
	}
	if int(task) == o.asked {
		o.placeRefills(task, cost)
		return
	}
	t := &o.p.Tasks[task]
	o.shift[task] = None
	if t.UnservedCost < Infinity {
		o.place(task+1, cost+o.leftOut(t))
	}
	for k := range t.Modes {
		o.chosen[task] = k
		o.placeSo(task, cost)
	}
	o.shift[task] = None
}

// mode is the mode that a task is done in.
func (o *oracle) mode(task int32) *Mode {
	mode := &o.p.Tasks[task].Modes[0]
	if o.chosen != nil {
		mode = &o.p.Tasks[task].Modes[o.chosen[task]]
	}
	if r := o.shift[task]; mode.ByClass != nil && r != None { // as long as that shift takes
		by := *mode
		by.Service, mode = mode.ByClass[o.p.Shifts[r].Class], &by
	}
	return mode
}

// placeSo puts the task in the mode at hand at every position of every route.
func (o *oracle) placeSo(task int32, cost int64) {
	t, mode := &o.p.Tasks[task], o.mode(task)
	for r := range o.routes {
		if !o.may(t, mode, r) {
			continue
		}
		o.shift[task] = int32(r)
		added := o.assigned(t, mode, r)
		before := o.routes[r]
		for at := 0; at <= len(before); at++ {
			route := append([]int32{}, before[:at]...)
			route = append(route, task)
			o.routes[r] = append(route, before[at:]...)
			o.place(task+1, cost+added)
		}
		o.routes[r] = before
	}
}

// may tells whether a shift may do a task in a mode, and assigned is what that costs.
func (o *oracle) may(t *Task, mode *Mode, r int) bool {
	return (t.Pin.Shift == None || t.Pin.Shift == int32(r)) && (mode.Allowed == nil || mode.Allowed.Has(r)) && mode.Skills.Within(o.p.Shifts[r].Skills)
}

func (o *oracle) assigned(t *Task, mode *Mode, r int) int64 {
	cost := mode.Cost
	if mode.ShiftCost != nil {
		cost += mode.ShiftCost[r]
	}
	return cost*o.pay.assign + o.otherPerson(t, r)
}

// leftOut is what it costs to leave a task out.
func (o *oracle) leftOut(t *Task) int64 {
	return t.UnservedCost*o.pay.unserved[t.Level] + t.Was.ShiftCost*o.pay.changes
}

func (o *oracle) placeBreaks(r, b int, cost int64) {
	if o.any && o.best < Infinity || !o.step() {
		return
	}
	if r == len(o.routes) {
		o.timed(cost)
		return
	}
	if len(o.routes[r]) == 0 {
		o.placeBreaks(r+1, 0, cost)
		return
	}
	if b == 0 {
		o.gaps[r] = nil
	}
	if b == len(o.p.Shifts[r].Breaks) {
		o.placeBreaks(r+1, 0, cost)
		return
	}
	from := 0
	for _, gap := range o.gaps[r] {
		from = max(from, gap)
	}
	kept := o.gaps[r]
	rest := &o.p.Shifts[r].Breaks[b]
	for gap := from; gap <= len(o.routes[r]); gap++ {
		if gap == len(o.routes[r]) && rest.AtNext {
			break
		}
		o.gaps[r] = append(append([]int{}, kept...), gap)
		o.placeBreaks(r, b+1, cost)
	}
	if rest.MissCost > 0 {
		o.gaps[r] = append(append([]int{}, kept...), missedBreak)
		o.placeBreaks(r, b+1, cost+rest.MissCost*o.pay.breaks)
	}
	o.gaps[r] = kept
}

// timed gives the tasks their starts, where nothing is wrong but these.
func (o *oracle) timed(cost int64) {
	if !o.clauses() || !o.pairs() || !o.stocks() || !o.positions() || !o.begunIn() {
		return
	}
	if people, ok := o.counted(); ok {
		o.times(0, 0, cost+people)
	}
}

// missedBreak stands for the gap of a break that is not taken.
const missedBreak = -1

func (o *oracle) clauses() bool {
	for _, l := range o.p.Links {
		a, b := o.shift[l.First], o.shift[l.Second]
		if l.AllOrNothing && (a == None) != (b == None) {
			return false
		}
		if a == None || b == None {
			continue
		}
		same := a == b || o.p.Shifts[a].Person != 0 && o.p.Shifts[a].Person == o.p.Shifts[b].Person
		if l.Shift == SameShift && !same || l.Shift == DifferentShift && same {
			return false
		}
	}
	return true
}

// times gives the i-th task of route r every start, then goes on.
func (o *oracle) times(r, i int, cost int64) {
	if cost >= o.best || o.any && o.best < Infinity || !o.step() {
		return
	}
	if r == len(o.routes) {
		o.best = min(o.best, cost+o.tardiest()+o.coupled()+o.missing())
		return
	}
	route := o.routes[r]
	if len(route) == 0 {
		o.times(r+1, 0, cost)
		return
	}
	shift := &o.p.Shifts[r]
	if i == len(route) && o.tangled(r) {
		if o.near == nil {
			o.near = make([][2]uint64, len(o.routes))
		}
		if o.toured == nil {
			o.toured = make([]tour, len(o.routes))
		}
		for end, route := range o.priceTangled(r) {
			o.near[r], o.toured[r] = end.near, end.tour
			o.times(r+1, 0, cost+route)
		}
		return
	}
	if i == len(route) && o.byPeriod(r) {
		if o.couples() {
			if o.toured == nil {
				o.toured = make([]tour, len(o.routes))
			}
			for tour := range o.tours(r) {
				o.toured[r] = tour
				o.times(r+1, 0, cost+tour.cost)
			}
			return
		}
		if route, ok := o.priceByPeriod(r); ok {
			o.times(r+1, 0, cost+route)
		}
		return
	}
	if i == len(route) {
		if end, travel, ok := o.finish(r); ok {
			begin := o.begin(r)
			last := route[len(route)-1]
			lastEnd := o.start[last] + o.mode(last).Service
			busy := travel.busy
			work := end - begin
			if shift.LongestWork > 0 && work > shift.LongestWork || shift.LongestTravel > 0 && travel.time > shift.LongestTravel {
				return
			}
			for b, gap := range o.gaps[r] {
				if !shift.Breaks[b].Paid && gap != missedBreak {
					work -= shift.Breaks[b].Length
				}
			}
			cost += shift.Fixed*o.pay.fixed + travel.time*shift.TimeCost*o.pay.travel +
				travel.distance*shift.DistanceCost/max(1, shift.DistanceUnit)*o.pay.distance +
				(lastEnd-begin-busy)*shift.WaitCost*o.pay.wait + work*shift.WorkCost*o.pay.work + overtime(shift, end)*o.pay.overtime
			o.times(r+1, 0, cost)
		}
		return
	}
	task := route[i]
	mode := o.mode(task)
	for k, w := range mode.Windows {
		wish := mode.Preferred
		if mode.ByWindow != nil {
			wish = mode.ByWindow[k]
		}
		if mode.AtEnd {
			w = Window{w.From - mode.Service, w.To - mode.Service}
			wish.Window = Window{wish.From - mode.Service, wish.To - mode.Service}
		}
		for s := w.From; s <= w.To; s++ {
			if pin := o.p.Tasks[task].Pin.Start; pin != Infinity && pin != s || o.given != nil && o.given[task] != s || !o.startsAsBefore(task, s) {
				continue
			}
			o.start[task] = s
			if !o.reachable(r, i) || !o.linksHold(task, r, i) {
				continue
			}
			added := int64(0)
			if s < wish.From {
				added = (wish.From - s) * wish.Early
			} else if s > wish.To {
				added = (s - wish.To) * wish.Late
			}
			o.times(r, i+1, cost+added*o.pay.preferred+o.otherTime(task))
		}
	}
}

// tardiest is what the largest lateness costs.
func (o *oracle) tardiest() int64 {
	var most int64
	for task := range o.p.Tasks {
		mode := o.mode(int32(task))
		wish, at := mode.Preferred, o.start[task]
		if mode.AtEnd {
			at += mode.Service
		}
		for k, w := range mode.Windows {
			if mode.ByWindow != nil && w.From <= at && at <= w.To {
				wish = mode.ByWindow[k]
			}
		}
		if o.shift[task] != None && wish.Late > 0 {
			most = max(most, at-wish.To)
		}
	}
	return most * o.pay.tardiest
}

func (o *oracle) linksHold(task int32, r, i int) bool {
	known := func(t int32) bool {
		if o.shift[t] == None || int(o.shift[t]) > r {
			return false
		}
		if int(o.shift[t]) < r {
			return true
		}
		for _, x := range o.routes[r][:i+1] {
			if x == t {
				return true
			}
		}
		return false
	}
	for delivery := range o.p.Tasks {
		mode := o.mode(int32(delivery))
		if mode.OnBoard > 0 && int(task) == delivery && o.start[task]-o.start[mode.PickupOf] > mode.OnBoard {
			return false
		}
	}
	for _, l := range o.p.Links {
		if (l.First == task || l.Second == task) && known(l.First) && known(l.Second) {
			gap := o.start[l.Second] - o.start[l.First]
			if l.Apart {
				gap = max(gap, -gap)
			}
			if gap < l.Min || gap > l.Max {
				return false
			}
		}
	}
	return true
}

func (o *oracle) between(r, gap int) (breaks []Break) {
	for b, g := range o.gaps[r] {
		if g == gap {
			breaks = append(breaks, o.p.Shifts[r].Breaks[b])
		}
	}
	return breaks
}

func (o *oracle) travel(r int, from, to int32) (int64, int64) {
	period := &o.p.Profiles[o.p.Shifts[r].Profile].Periods[0]
	return int64(period.Time[int(from)*period.N+int(to)]), int64(period.Distance[int(from)*period.N+int(to)])
}

// ready is the earliest end of travel and breaks after leaving at t, trying
// every order of the two.
func ready(t, travel int64, breaks []Break, travelled bool) int64 {
	best := Infinity
	if !travelled {
		best = ready(t+travel, travel, breaks, true)
	} else if len(breaks) == 0 {
		return t
	}
	if len(breaks) > 0 && (travelled || !breaks[0].AtNext) {
		for b := max(t, breaks[0].From); b <= breaks[0].To; b++ {
			best = min(best, ready(b+breaks[0].Length, travel, breaks[1:], travelled))
		}
	}
	return best
}

func (o *oracle) location(task int32) int32 { return o.mode(task).Location }

func (o *oracle) reachable(r, i int) bool {
	route := o.routes[r]
	shift := &o.p.Shifts[r]
	from, left := shift.From, shift.Start
	if i > 0 {
		from = o.location(route[i-1])
		left = o.start[route[i-1]] + o.mode(route[i-1]).Service
	}
	if o.tangled(r) {
		return o.goOn(r, i, left, o.start[route[i]])
	}
	if o.byPeriod(r) {
		return len(o.ways(r, i, left, o.start[route[i]])) > 0
	}
	time, _ := o.travel(r, from, o.location(route[i]))
	return ready(left, time, o.between(r, i), false) <= o.start[route[i]]
}

// begin is when the working time begins: the shift's start, or the last moment
// from which the first task is reached in time.
func (o *oracle) begin(r int) int64 {
	shift := &o.p.Shifts[r]
	if !shift.LeaveLate {
		return shift.Start
	}
	if left, has := o.hasLeft(r); has {
		return left
	}
	first := o.routes[r][0]
	time, _ := o.travel(r, shift.From, o.location(first))
	begin := shift.Start
	for t := shift.Start; t <= o.start[first]; t++ {
		if ready(t, time, o.between(r, 0), false) <= o.start[first] {
			begin = t
		}
	}
	return begin
}

type journey struct{ time, distance, busy int64 }

// finish returns the end of a route, and its travel. busy is all but waiting
// up to the end of the last task.
func (o *oracle) finish(r int) (int64, journey, bool) {
	route := o.routes[r]
	shift := &o.p.Shifts[r]
	var j journey
	from := shift.From
	for i, task := range route {
		t, d := o.travel(r, from, o.location(task))
		j.time, j.distance = j.time+t, j.distance+d
		j.busy += t + o.mode(task).Service
		for _, b := range o.between(r, i) {
			j.busy += b.Length
		}
		from = o.location(task)
	}
	t, d := o.travel(r, from, shift.To)
	if t == int64(NoWay) {
		return Infinity, j, false
	}
	j.time, j.distance = j.time+t, j.distance+d
	last := route[len(route)-1]
	end := ready(o.start[last]+o.mode(last).Service, t, o.between(r, len(route)), false)
	return end, j, overtime(shift, end) < Infinity
}

// overtime is what it costs that a shift ends at a time: each unit past its end
// by the last tier that has begun.
func overtime(s *Shift, end int64) (cost int64) {
	for t := s.End; t < end; t++ {
		rate := int64(0)
		if s.Overtime == nil {
			rate = Infinity
		}
		for _, tier := range s.Overtime {
			if t >= s.End+tier.After {
				rate = tier.Cost
			}
		}
		if rate == Infinity {
			return Infinity
		}
		cost += rate
	}
	return cost
}

// tiny draws a problem that the oracle can solve.
func tiny(random *rand.Rand) *Problem {
	n := 3 + random.IntN(3)
	period := Period{N: n, Time: make([]int32, n*n), Distance: make([]int32, n*n)}
	x, y := make([]int, n), make([]int, n)
	for i := range n {
		x[i], y[i] = random.IntN(4), random.IntN(4)
	}
	for i := range n {
		for j := range n {
			d := max(x[i]-x[j], x[j]-x[i]) + max(y[i]-y[j], y[j]-y[i])
			period.Time[i*n+j] = int32(d)
			period.Distance[i*n+j] = int32(d * 3)
		}
	}
	p := &Problem{Profiles: []Profile{{Periods: []Period{period}}}, Terms: DefaultTerms()}
	for range 1 + random.IntN(2) {
		s := Shift{
			From: int32(random.IntN(n)), To: int32(random.IntN(n)),
			Start: int64(random.IntN(4)), End: int64(14 + random.IntN(10)), Skills: NewBits(random.IntN(2)),
			Fixed: int64(random.IntN(5)), TimeCost: int64(random.IntN(3)), DistanceCost: int64(random.IntN(2)),
			WaitCost: int64(random.IntN(2)), LeaveLate: random.IntN(2) == 0, DistanceUnit: int64(random.IntN(3)),
		}
		if random.IntN(4) == 0 {
			s.WorkCost = 1
		}
		if random.IntN(2) == 0 {
			from := max(s.Start, int64(random.IntN(12)))
			s.Breaks = append(s.Breaks, Break{
				Window: Window{from, from + int64(random.IntN(5))}, Length: int64(random.IntN(3)),
				Location: None, Paid: random.IntN(2) == 0,
			})
			if random.IntN(2) == 0 {
				special(random, &s.Breaks[0])
			}
		}
		p.Shifts = append(p.Shifts, s)
	}
	if random.IntN(4) == 0 {
		for i := range p.Shifts {
			p.Shifts[i].Person = 5
		}
	}
	tasks := 2 + random.IntN(4)
	for range tasks {
		from := int64(random.IntN(14))
		mode := Mode{
			Location: int32(random.IntN(n)), Service: int64(random.IntN(3)), PickupOf: None,
			Windows: []Window{{from, from + int64(random.IntN(6))}}, Cost: int64(random.IntN(2)),
		}
		if random.IntN(5) == 0 {
			w := mode.Windows[0]
			mode.Windows = []Window{{w.From, w.From + 1}, {w.From + 3, w.From + 4}}
		}
		if random.IntN(2) == 0 {
			at := from + int64(random.IntN(6)) - 1
			mode.Preferred = Preferred{Window{at, at + int64(random.IntN(3))}, int64(random.IntN(3)), int64(random.IntN(3))}
		}
		if random.IntN(5) == 0 {
			mode.Skills = NewBits(random.IntN(2))
		}
		task := Task{Modes: []Mode{mode}, UnservedCost: int64(5 + random.IntN(40)), Pin: FreePin(), Group: None}
		if random.IntN(12) == 0 {
			task.Pin.Start = mode.Windows[0].From
		}
		if random.IntN(12) == 0 {
			task.Pin.Shift = int32(random.IntN(len(p.Shifts)))
		}
		p.Tasks = append(p.Tasks, task)
	}
	for range random.IntN(3) {
		a, b := random.IntN(tasks), random.IntN(tasks)
		if a == b {
			continue
		}
		l := Link{First: int32(a), Second: int32(b), AllOrNothing: random.IntN(2) == 0, Shift: ShiftClause(random.IntN(3))}
		switch random.IntN(4) {
		case 0:
			l.Min, l.Max = int64(random.IntN(4)), Infinity
		case 1:
			l.Min, l.Max = int64(-random.IntN(3)), int64(random.IntN(5))
		case 2:
			l.Min, l.Max = -Infinity, int64(random.IntN(5))
		}
		p.Links = append(p.Links, l)
	}
	for i := range p.Shifts {
		if s := &p.Shifts[i]; random.IntN(3) == 0 {
			at := int64(random.IntN(2))
			s.Overtime = []Tier{{at, int64(random.IntN(3))}, {at + int64(1+random.IntN(3)), int64(2 + random.IntN(3))}, {at + 6, Infinity}}
			s.End -= int64(random.IntN(7))
		}
	}
	for i := range p.Shifts {
		if random.IntN(4) == 0 {
			p.Shifts[i].LongestWork = int64(3 + random.IntN(12))
		}
		if random.IntN(8) == 0 {
			p.Shifts[i].LongestTravel = int64(1 + random.IntN(10))
		}
	}
	for i := range p.Tasks {
		mode := &p.Tasks[i].Modes[0]
		if random.IntN(4) > 0 {
			continue
		}
		if w := mode.Windows[0]; len(mode.Windows) == 1 && w.To > w.From && random.IntN(2) == 0 { // two that touch
			middle := w.From + random.Int64N(w.To-w.From)
			mode.Windows = []Window{{w.From, middle}, {middle + 1, w.To}}
		}
		for _, w := range mode.Windows {
			at := w.From + int64(random.IntN(4)) - 1
			mode.ByWindow = append(mode.ByWindow, Preferred{Window{at, at + int64(random.IntN(3))}, int64(random.IntN(3)), int64(random.IntN(3))})
		}
	}
	return p
}

// special makes a break one that may be missed, or is taken at the next stop.
func special(random *rand.Rand, b *Break) {
	b.AtNext = random.IntN(2) == 0
	if random.IntN(2) == 0 {
		b.MissCost = int64(1 + random.IntN(9))
	}
}

// Up to eight tasks the optimum is found, breaks, links and prices of starts
// included.
func TestSolveReachesTheOracle(t *testing.T) {
	problems := 300
	if testing.Short() || invariantsOn {
		problems = 60
	}
	for seed := range uint64(problems) {
		for kind, draw := range []func(*rand.Rand) *Problem{tiny, crowded} {
			p := draw(rand.New(rand.NewPCG(seed, 99)))
			s, want := solveBesideOracle(t, p, seed, kind)
			if s.Cost != want {
				t.Errorf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, want)
			}
		}
	}
}

// priceOf is what the oracle pays for a solution: the least of all with its routes, modes
// and starts and the gaps of its breaks; Infinity where the oracle's rules do not allow it.
func (o *oracle) priceOf(s *Solution) int64 {
	o.best, o.given = Infinity, make([]int64, len(o.p.Tasks))
	for task := range o.shift {
		o.shift[task] = None
	}
	var cost int64
	for r := range s.Routes {
		shift := &o.p.Shifts[r]
		o.routes[r], o.gaps[r] = nil, slices.Repeat([]int{missedBreak}, len(shift.Breaks))
		for _, stop := range s.Routes[r].Stops {
			task := stop.Task
			switch {
			case stop.isBreak():
				o.gaps[r][stop.Break] = len(o.routes[r])
				continue
			case stop.isRefill():
				task = int32(o.asked)
				for o.gives[int(task)-o.asked] != &shift.Refills[stop.Refill] || o.shift[task] != None {
					task++
				}
			default:
				o.chosen[task] = int(stop.Mode)
			}
			o.routes[r] = append(o.routes[r], task)
			o.shift[task], o.given[task] = int32(r), stop.Start
			t, mode := &o.p.Tasks[task], o.mode(task)
			if !o.may(t, mode, r) {
				return Infinity
			}
			cost += o.assigned(t, mode, r)
		}
		for b, gap := range o.gaps[r] {
			if gap == missedBreak && len(o.routes[r]) > 0 {
				if cost += shift.Breaks[b].MissCost * o.pay.breaks; shift.Breaks[b].MissCost == 0 {
					return Infinity
				}
			}
		}
	}
	for _, task := range s.Unserved {
		t := &o.p.Tasks[task]
		if t.UnservedCost == Infinity {
			return Infinity
		}
		cost += o.leftOut(t)
	}
	o.timed(cost)
	return o.best
}

// beside is a solution of a problem, what it costs, and what the best one costs: as far as
// the oracle comes.
type beside struct {
	s         *Solution
	got, want int64
	spent     bool // the oracle has given up
}

// solveBeside solves a tiny problem, checks the solution, holds its terms to what the
// oracle pays for it, and looks for the best one. What must be done and is not costs
// Infinity; nil: there is no solution that goes on from the warm start.
func solveBeside(t *testing.T, name string, p *Problem, o Options, mostTried int) *beside {
	t.Helper()
	if err := p.Validate(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	s, err := Solve(context.Background(), p, o)
	judge := newOracle(p, Infinity-1)
	judge.warm, judge.most = o.Warm, mostTried
	if o.Warm != nil && (errors.Is(err, ErrInvalid) || errors.Is(err, ErrMandatory)) {
		judge.any = true
		if judge.place(0, 0); judge.best < Infinity {
			t.Errorf("%s: %v, and there is one for %d", name, err, judge.best)
		}
		return nil
	}
	if err != nil && !errors.Is(err, ErrMandatory) && !errors.Is(err, ErrHard) {
		t.Fatalf("%s: %v", name, err)
	}
	for _, b := range Check(p, s) {
		if (b.Rule != "term" || !errors.Is(err, ErrHard)) && (b.Rule != "task" || !errors.Is(err, ErrMandatory)) {
			t.Errorf("%s: %s", name, b)
		}
	}
	if o.Warm != nil {
		begunAs(t, p, o.Warm, s)
	}
	x := &beside{s: s, got: lexicographic(p, s.Terms)}
	if own := judge.priceOf(s); own > x.got || own < x.got && !judge.chooses() {
		t.Errorf("%s: costs %d, which the oracle pays %d for: %v", name, x.got, own, s.Terms)
	}
	holdSearch(t, name, p, o.Warm, s)
	judge = newOracle(p, min(x.got, Infinity-1))
	judge.warm, judge.most = o.Warm, mostTried
	judge.place(0, 0)
	x.want, x.spent = judge.best, judge.spent()
	return x
}

// chooses tells whether the way through a gap matters to other routes, so that the oracle
// may find a better one than Solve, which chooses it for its route.
func (o *oracle) chooses() bool {
	for r := range o.routes {
		if o.couples() && (o.byPeriod(r) || o.tangled(r)) {
			return true
		}
	}
	return o.covers()
}

// holdSearch holds a solution to what the search says of it: it costs as much there, and
// what is left out fits nowhere for less.
func holdSearch(t *testing.T, name string, p *Problem, warm, s *Solution) {
	t.Helper()
	if s.Cost >= Infinity {
		return
	}
	if counted := layBegun(p, warm, s); counted != s.Cost {
		t.Errorf("%s: the search counts %d, costs %d", name, counted, s.Cost)
	}
	m := compile(context.Background(), p, false)
	for _, task := range s.Unserved {
		if fit, ok := Insertable(p, s, task); ok && fit.Cost < m.fault[m.unitOf[task]] {
			t.Errorf("%s: task %d is left out and fits at %d", name, task, fit.Cost)
		}
	}
}

// solveBesideOracle solves a tiny problem, checks the solution, and returns it
// with the cost of the best one.
func solveBesideOracle(t *testing.T, p *Problem, seed uint64, kind int) (s *Solution, optimum int64) {
	t.Helper()
	x := solveBeside(t, fmt.Sprintf("problem %d.%d", seed, kind), p, Options{Seed: seed, Iterations: 300}, 0)
	return x.s, x.want
}

// besideOracle draws problems of several kinds and holds what Solve makes of them
// to the oracle: never below the optimum, at it for the first kinds, and above it
// in one of so many at most.
type besideOracle struct {
	problems, fewer int // of each kind; fewer of them under -short and with invariants
	stream          uint64
	exact           int // kinds that always come to the optimum
	oneIn           int
	kinds           []func(random *rand.Rand, seed uint64) *Problem // nil: none like it
	look            func(p *Problem, s *Solution)                   // at each; may be nil
}

func (b besideOracle) hold(t *testing.T) {
	t.Helper()
	problems := b.problems
	if testing.Short() || invariantsOn {
		problems = b.fewer
	}
	above, drawn := 0, 0
	for seed := range uint64(problems) {
		for kind, draw := range b.kinds {
			p := draw(rand.New(rand.NewPCG(seed, b.stream)), seed)
			if p == nil {
				continue
			}
			drawn++
			s, want := solveBesideOracle(t, p, seed, kind)
			switch {
			case s.Cost < want || s.Cost > want && kind < b.exact:
				t.Errorf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, want)
			case s.Cost > want:
				above++
				t.Logf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, want)
			}
			if b.look != nil {
				b.look(p, s)
			}
		}
	}
	if above > drawn/b.oneIn {
		t.Errorf("%d of %d problems are above the optimum", above, drawn)
	}
}

// kindsOf are kinds that differ in what is drawn first, and have the rest in common.
func kindsOf(finish func(random *rand.Rand, p *Problem, seed uint64) *Problem, draws ...func(*rand.Rand) *Problem) []func(*rand.Rand, uint64) *Problem {
	var kinds []func(*rand.Rand, uint64) *Problem
	for _, draw := range draws {
		kinds = append(kinds, func(random *rand.Rand, seed uint64) *Problem { return finish(random, draw(random), seed) })
	}
	return kinds
}

// weighed are terms with another weight of one of them, which is turned on where it was not.
func weighed(terms []Term, kind TermKind, weight int64) []Term {
	terms = slices.Clone(terms)
	if at := slices.IndexFunc(terms, func(t Term) bool { return t.Kind == kind }); at >= 0 {
		terms[at].Weight = weight
		return terms
	}
	return append(terms, Term{Kind: kind, Weight: weight})
}
