package solver

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The oracle's rules for routes on which one gap matters to another: breaks after
// so much work or at a location, and by period a longest travel or a longest work
// from a free departure; and what they cover by period, or where they have begun.
// Every moment of every break and departure is tried.

func (o *oracle) tangled(r int) bool {
	shift := &o.p.Shifts[r]
	for _, b := range shift.Breaks {
		if b.AfterWork > 0 || b.Location != None {
			return true
		}
	}
	_, begun := o.hasLeft(r)
	if !o.byPeriod(r) {
		return begun && o.covers()
	}
	return begun || o.covers() || shift.LongestTravel > 0 || shift.LongestWork > 0
}

// trip is what matters of a route so far: when its work began, when that or the
// last break ended, its travel and longest wait, and its distance where that is priced as a
// whole; and when it was near the first two points that are to be covered, a bit for each
// unit of time. What it costs lies beside it.
type trip struct {
	begin, moment, travel, waitMost, distance int64
	near                                      [2]uint64
}

// ended is what matters of a whole route to others, beside what it costs itself.
type ended struct {
	tour
	near [2]uint64
}

// leg is the state of a walk through a gap.
type gapWalk struct {
	o            *oracle
	shift        *Shift
	r            int
	by           int64 // ready by then
	to           int32
	last         bool
	breaks       []Break
	each         func(x trip, price, ready int64)
	waitCost     int64
	travelBudget int64
	bound        bool // some break is, so that another may have to wait
}

// walk goes on from a location at t; there: the leg towards heading is over; gone: the
// shift has left, and is not back.
func (g *gapWalk) walk(k int, at int32, t int64, there, begun, gone bool, x trip, price int64) {
	if !g.o.step() {
		return
	}
	if k == len(g.breaks) && there {
		if t <= g.by {
			g.each(x, price, t)
		}
		return
	}
	start := func(moment int64) trip {
		y := x
		if !begun {
			y.begin, y.moment = moment, moment
		}
		return y
	}
	if !there {
		heading, home := g.to, g.last
		for _, b := range g.breaks[k:] {
			if b.Location != None {
				heading, home = b.Location, false
				break
			}
		}
		for depart := t; depart <= g.by; depart++ {
			time, distance, ok := g.o.after(g.r, at, heading, depart)
			if !ok {
				continue
			}
			for later := depart + 1; later < depart+time; later++ {
				if t, _, there := g.o.after(g.r, at, heading, later); there && later+t < depart+time {
					ok = false
				}
			}
			y := start(depart)
			if y.travel += time; !ok || depart+time > g.by || g.travelBudget > 0 && y.travel > g.travelBudget {
				continue
			}
			if g.o.covers() && !g.o.byPeriod(g.r) && begun && depart > t { // it drives on at once
				break
			}
			if gone {
				g.o.stay(&y, g.r, at, t, depart)
			}
			g.o.ride(&y, g.r, at, heading, depart, depart+time)
			cost := price + time*(g.shift.TimeCost*g.o.pay.travel-g.waitCost) + g.o.goes(&y, g.shift, distance)
			g.walk(k, heading, depart+time, true, true, !home, y, cost)
		}
	}
	if k == len(g.breaks) {
		return
	}
	b := &g.breaks[k]
	if b.AtNext {
		if !there || g.last || at != g.to {
			return
		}
		for _, later := range g.breaks[k:] {
			if later.Location != None {
				return
			}
		}
	}
	located := b.Location != None
	if located && !there {
		return
	}
	for s := max(t, b.From); s <= min(b.To, g.by); s++ {
		y := start(s)
		if b.AfterWork > 0 && s > y.moment+b.AfterWork || s > max(t, b.From) && gone && g.o.covers() && !g.bound {
			break
		}
		y.moment = s + b.Length
		if gone {
			g.o.stay(&y, g.r, at, t, y.moment)
		}
		cost := price - b.Length*g.waitCost
		if !b.Paid {
			cost -= b.Length * g.shift.WorkCost * g.o.pay.work
		}
		g.walk(k+1, at, s+b.Length, there && !located, true, gone, y, cost)
	}
}

// walkGap goes through the i-th gap of a route in every way.
func (o *oracle) walkGap(r, i int, left, by int64, x trip, each func(x trip, price, ready int64)) {
	shift, route := &o.p.Shifts[r], o.routes[r]
	if stops := o.wentTo(r, i); stops != nil {
		o.walkAsBegun(r, i, stops, left, x, each)
		return
	}
	g := gapWalk{o: o, shift: shift, r: r, by: by, breaks: o.between(r, i), each: each, waitCost: shift.WaitCost * o.pay.wait, travelBudget: shift.LongestTravel}
	for b := range shift.Breaks {
		g.bound = g.bound || b > 0 && shift.Breaks[b].AfterWork > 0
	}
	at := shift.From
	if i > 0 {
		at = o.location(route[i-1])
	}
	if g.to, g.last = shift.To, i == len(route); !g.last {
		g.to = o.location(route[i])
	} else {
		g.waitCost = 0
	}
	if begun := i > 0 || !shift.LeaveLate; begun && i == 0 {
		g.walk(0, at, left, false, true, false, trip{begin: shift.Start, moment: shift.Start}, 0)
	} else {
		g.walk(0, at, left, false, begun, begun, x, 0)
	}
}

// wentTo are the stops of a gap that is frozen, to the task or refill at its end; nil: it
// is not.
func (o *oracle) wentTo(r, i int) (gap []Stop) {
	if o.warm == nil || i == len(o.routes[r]) {
		return nil
	}
	stops := o.warm.Routes[r].Stops
	for k, stop := range stops {
		if i == 0 {
			gap = append(gap, stop)
		}
		if stop.isBreak() {
			continue
		}
		if i--; i < 0 && slices.ContainsFunc(stops[k:], func(s Stop) bool { return s.Task != None && o.p.Tasks[s.Task].Pin.Frozen }) {
			return gap
		} else if i < 0 {
			return nil
		}
	}
	return nil
}

// walkAsBegun goes through a gap as it has been gone through.
func (o *oracle) walkAsBegun(r, i int, stops []Stop, clock int64, x trip, each func(x trip, price, ready int64)) {
	shift, route := &o.p.Shifts[r], &o.warm.Routes[r]
	if i == 0 {
		x.begin = shift.Start
		if shift.LeaveLate {
			x.begin = route.Leave
			if first := &stops[0]; first.isBreak() {
				x.begin = min(x.begin, first.Start)
			}
		}
		x.moment = x.begin
	}
	at, price := shift.From, int64(0)
	if i > 0 {
		at = o.location(o.routes[r][i-1])
	} else {
		clock = route.Leave
	}
	for _, stop := range stops {
		to := o.location(o.routes[r][i])
		if stop.isBreak() {
			b := &shift.Breaks[stop.Break]
			if b.AfterWork > 0 && stop.Start > x.moment+b.AfterWork {
				return
			}
			x.moment = stop.End
			price -= b.Length * shift.WaitCost * o.pay.wait
			if !b.Paid {
				price -= b.Length * shift.WorkCost * o.pay.work
			}
			if b.Location == None {
				continue
			}
			to = b.Location
		}
		time, distance, _ := o.after(r, at, to, stop.Depart)
		o.stay(&x, r, at, clock, stop.Depart)
		clock = stop.Depart + time
		o.ride(&x, r, at, to, stop.Depart, clock)
		at = to
		x.travel += time
		price += time*(shift.TimeCost*o.pay.travel-shift.WaitCost*o.pay.wait) + o.goes(&x, shift, distance)
	}
	each(x, price, clock)
}

// goes is what a distance costs by itself; where the price is rounded, that of the whole
// route is.
func (o *oracle) goes(x *trip, shift *Shift, distance int64) int64 {
	if shift.DistanceUnit > 1 {
		x.distance += distance
		return 0
	}
	return distance * shift.DistanceCost * o.pay.distance
}

// covers tells whether it matters where shifts are.
func (o *oracle) covers() bool { return o.pay.coverage > 0 && len(o.p.Coverage) > 0 }

// stay notes that a shift is somewhere from one time to another, and ride that it
// travels.
func (o *oracle) stay(x *trip, r int, at int32, from, to int64) { o.ride(x, r, at, at, from, to) }

func (o *oracle) ride(x *trip, r int, at, heading int32, from, to int64) {
	if !o.covers() {
		return
	}
	for i, c := range o.p.Coverage {
		far := max(o.quickest(r, at, c.Location), o.quickest(r, heading, c.Location))
		for t := max(from, c.From); t < min(to, c.To) && far <= c.Reach; t++ {
			x.near[i] |= 1 << (t - c.From)
		}
	}
}

// quickest is the travel in the quickest of all periods.
func (o *oracle) quickest(r int, from, to int32) int64 {
	least := NoWay
	for _, period := range o.p.Profiles[o.p.Shifts[r].Profile].Periods {
		least = min(least, period.Time[int(from)*period.N+int(to)])
	}
	return int64(least)
}

// goOn extends the trips of a route to its i-th task, and tells whether there are
// any.
func (o *oracle) goOn(r, i int, left, by int64) bool {
	for len(o.trips) <= r {
		o.trips = append(o.trips, nil)
	}
	for len(o.trips[r]) <= i {
		o.trips[r] = append(o.trips[r], nil)
	}
	shift := &o.p.Shifts[r]
	now := map[trip]int64{}
	before := map[trip]int64{{}: 0}
	if i > 0 {
		before = o.trips[r][i-1]
	}
	service := o.mode(o.routes[r][i]).Service
	var rests int64
	for _, b := range o.between(r, i) {
		rests += b.Length
	}
	for x, sum := range before {
		o.walkGap(r, i, left, by, x, func(y trip, price, ready int64) {
			begin := left
			if i == 0 {
				begin = y.begin
			}
			// Waiting is what is not travel and not rest; price has taken these off.
			price += sum + (by-begin)*(shift.WaitCost*o.pay.wait+shift.WorkCost*o.pay.work) + service*shift.WorkCost*o.pay.work
			o.stay(&y, r, o.location(o.routes[r][i]), ready, by+service)
			if shift.LongestWork == 0 {
				y.begin = 0
			}
			if o.couples() {
				y.waitMost = max(x.waitMost, by-begin-(y.travel-x.travel)-rests)
			} else if shift.LongestTravel == 0 {
				y.travel = 0
			}
			if old, known := now[y]; !known || price < old {
				now[y] = price
			}
		})
	}
	o.trips[r][i] = now
	return len(now) > 0
}

// priceTangled is what a route costs at its starts, by what matters of it to others.
func (o *oracle) priceTangled(r int) map[ended]int64 {
	shift, route := &o.p.Shifts[r], o.routes[r]
	last := route[len(route)-1]
	left := o.start[last] + o.mode(last).Service
	until := shift.End
	for _, tier := range shift.Overtime {
		until = shift.End + tier.After
	}
	best := map[ended]int64{}
	for x, sum := range o.trips[r][len(route)-1] {
		o.walkGap(r, len(route), left, until, x, func(y trip, price, ready int64) {
			if shift.LongestWork > 0 && ready-y.begin > shift.LongestWork {
				return
			}
			price += y.distance * shift.DistanceCost / max(1, shift.DistanceUnit) * o.pay.distance
			price += sum + shift.Fixed*o.pay.fixed + (ready-left)*shift.WorkCost*o.pay.work + overtime(shift, ready)*o.pay.overtime
			end := ended{near: y.near}
			if o.couples() {
				end.tour = tour{travel: y.travel, end: ready, waitMost: y.waitMost}
			}
			if old, known := best[end]; !known || price < old {
				best[end] = price
			}
		})
	}
	return best
}

// resting gives the shifts of a problem breaks after so much work, at a location,
// more of them that may be missed, or limits on travel and work.
func resting(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.DistanceUnit = min(s.DistanceUnit, 1)
		if random.IntN(2) == 0 || len(s.Breaks) == 0 {
			s.Breaks = nil
			at := s.Start + int64(random.IntN(3))
			for range 1 + random.IntN(3) {
				b := Break{Window: Window{at, at + int64(random.IntN(12))}, Length: int64(random.IntN(3)), Location: None, Paid: random.IntN(2) == 0}
				if b.From > s.End-b.Length {
					break
				}
				if random.IntN(3) == 0 {
					special(random, &b)
				}
				s.Breaks = append(s.Breaks, b)
				at = b.From + int64(random.IntN(5))
			}
		}
		for j := range s.Breaks {
			b := &s.Breaks[j]
			switch random.IntN(4) {
			case 0, 1:
				b.From, b.To = s.Start, b.To+int64(random.IntN(12)) // the window alone says little
				if j > 0 {
					b.From = s.Breaks[j-1].From
				}
				if b.AfterWork = int64(1 + random.IntN(5)); j == 0 && !s.LeaveLate {
					b.AfterWork = max(b.AfterWork, b.From-s.Start)
				}
			case 2:
				if !b.AtNext {
					b.Location = int32(random.IntN(p.Profiles[0].Periods[0].N))
				}
			}
		}
		if len(p.Profiles[s.Profile].Periods) > 1 {
			if random.IntN(3) == 0 {
				s.LongestTravel = int64(1 + random.IntN(12))
			}
			if random.IntN(3) == 0 {
				s.LongestWork = int64(4 + random.IntN(12))
			}
		}
	}
	return p
}

// With breaks that are bound to moments and places the optimum is found as well:
// without links always, and with them nearly always.
func TestSolveWithBreaksReachesTheOracle(t *testing.T) {
	problems := 100
	if testing.Short() || invariantsOn {
		problems = 40
	}
	linked, missed := 0, 0
	for seed := range uint64(problems) {
		for kind, draw := range []func(*rand.Rand) *Problem{tiny, crowded} {
			random := rand.New(rand.NewPCG(seed, 97))
			p := draw(random)
			if seed%3 == 0 {
				p = changing(random, p)
			}
			if seed%7 == 6 {
				p = carrying(random, p)
			}
			if p = resting(random, p); len(p.Tasks) > 3 && (len(p.Profiles[0].Periods) > 1 || len(p.Tasks) > 4) {
				continue // trying everything takes long
			}
			s, want := solveBesideOracle(t, p, seed, kind)
			if len(p.Links) > 0 {
				linked++
			}
			switch {
			case s.Cost < want:
				t.Errorf("problem %d.%d: costs %d, below the optimum %d", seed, kind, s.Cost, want)
			case s.Cost > want && len(p.Links) > 0:
				missed++
				t.Logf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, want)
			case s.Cost > want:
				t.Errorf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, want)
			}
		}
	}
	if missed*50 > linked {
		t.Errorf("%d of %d problems with links are not solved to the optimum", missed, linked)
	}
}

// restingDay is homeCare with a first break after so much work, a second one at
// the base of the shift, and a third that may be missed.
func restingDay(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	const hour = 3600
	for i := range p.Shifts {
		s := &p.Shifts[i]
		open := Window{s.Start, s.End - hour}
		s.Breaks = []Break{
			{Window: open, Length: hour / 4, Location: None, AfterWork: 3 * hour, Paid: true},
			{Window: Window{s.Start + 3*hour, s.End - 2*hour}, Length: hour / 2, Location: None},
			{Window: open, Length: hour / 4, Location: None, AfterWork: 3 * hour, MissCost: 500},
		}
		if i%2 == 0 {
			s.Breaks[1].Location = s.From
		}
	}
	return p
}

// Such a day is searched in parts by several workers like any other, and the same
// seed gives the same bytes.
func TestRestingDay(t *testing.T) {
	tasks, iterations := 110, int64(1000)
	if invariantsOn {
		tasks, iterations = 80, 600
	}
	for _, workers := range []int{1, 3} {
		p := restingDay(tasks, tasks/7, 4)
		before := ""
		for range 2 {
			s := solve(t, p, Options{Seed: 5, Iterations: iterations, Workers: workers})
			if out := len(s.Unserved); out > tasks/8 {
				t.Errorf("%d workers: %d of %d tasks are left out", workers, out, tasks)
			}
			if now := fmt.Sprintf("%+v", s); before != "" && now != before {
				t.Errorf("%d workers: another solution the second time", workers)
			} else {
				before = now
			}
		}
	}
}

// visitsAt is a shift from place 0 with visits of 5 at place 1, 5 away, that start
// at the given times.
func visitsAt(shift Shift, times ...int64) *Problem {
	period := Period{N: 2, Time: []int32{0, 5, 5, 0}, Distance: []int32{0, 5, 5, 0}}
	p := &Problem{Profiles: []Profile{{Periods: []Period{period}}}, Shifts: []Shift{shift}, Terms: DefaultTerms()}
	for _, at := range times {
		p.Tasks = append(p.Tasks, Task{
			Modes:        []Mode{{Location: 1, Service: 5, Windows: []Window{{at, at}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		})
	}
	return p
}

// Lunch is at the base: after the first visit the shift goes there, and from there
// to the second one. It takes four legs of 5.
func TestLunchAtTheBase(t *testing.T) {
	lunch := Break{Window: Window{18, 30}, Length: 10, Location: 0}
	p := visitsAt(Shift{End: 100, TimeCost: 1, DistanceCost: 2, LeaveLate: true, Breaks: []Break{lunch}}, 10, 40)
	s := solve(t, p, Options{Seed: 1, Iterations: 50})
	route := &s.Routes[0]
	if len(route.Stops) != 3 || route.Stops[1] != (Stop{Task: None, Break: 0, Depart: 15, Arrive: 20, Start: 20, End: 30}) ||
		route.Stops[2].Depart != 30 || route.Stops[2].Arrive != 35 || route.Travel != 20 || s.Cost != 20+40 {
		t.Errorf("costs %d: %+v", s.Cost, route)
	}
	for name, plant := range map[string]func(*Route){
		"lunch before the way is over":     func(r *Route) { r.Stops[1].Start, r.Stops[1].End = 18, 28 },
		"the second visit without a way":   func(r *Route) { r.Stops[1].Start, r.Stops[1].End = 26, 36 },
		"the ways of lunch are left aside": func(r *Route) { r.Travel, r.Distance = 10, 10 },
	} {
		q := *s
		q.Routes = []Route{*route}
		q.Routes[0].Stops = append([]Stop{}, route.Stops...)
		plant(&q.Routes[0])
		if len(Check(p, &q)) == 0 {
			t.Errorf("%s: no breach", name)
		}
	}
	p.Tasks[1].Modes[0].Windows[0] = Window{34, 34} // which is too soon for lunch
	if s := solve(t, p, Options{Seed: 1, Iterations: 50}); len(s.Unserved) != 1 {
		t.Errorf("%+v", s.Routes[0])
	}
}

// The work begins at 5. A break within 12 of that is taken at 15, after the visit.
// Within 9 there is none but before the travel or after it, before the visit, and
// for that the shift leaves earlier.
func TestABreakComesAfterSoMuchWork(t *testing.T) {
	rest := Break{Window: Window{0, 60}, Length: 4, Location: None, AfterWork: 12}
	p := visitsAt(Shift{End: 100, WorkCost: 1, LeaveLate: true, Breaks: []Break{rest}}, 10, 40)
	p.Shifts[0].Breaks[0].Paid = true
	begin := func() int64 {
		s := solve(t, p, Options{Seed: 1, Iterations: 50})
		first, _ := span(&p.Shifts[0], &s.Routes[0])
		if len(s.Unserved) > 0 {
			t.Errorf("%+v", s.Routes[0])
		}
		return first
	}
	if at := begin(); at != 5 {
		t.Errorf("begins at %d", at)
	}
	p.Shifts[0].Breaks[0].AfterWork = 9
	if at := begin(); at != 1 {
		t.Errorf("with a break before the first visit, begins at %d", at)
	}
	// A second break from 36 on, within 15 of the end of the first one, which therefore
	// does not end before 21.
	p.Shifts[0].Breaks = []Break{rest, {Window: Window{36, 60}, Length: 2, Location: None, AfterWork: 15}}
	p.Shifts[0].Breaks[0].AfterWork = 14
	s := solve(t, p, Options{Seed: 1, Iterations: 50})
	if stops := s.Routes[0].Stops; len(s.Unserved) > 0 || len(stops) != 4 || stops[2].Start-stops[1].End > 15 {
		t.Errorf("%+v", s.Routes[0])
	}
	// With 30 between two breaks at least, nothing can be done.
	p.Shifts[0].Breaks[0].To, p.Shifts[0].Breaks[1].From = 5, 50
	if s := solve(t, p, Options{Seed: 1, Iterations: 50}); len(s.Unserved) != 2 {
		t.Errorf("%+v", s.Routes[0])
	}
}

// A warm start is taken over with its breaks, and where they are no breaks of the
// shift the search begins without it.
func TestBreaksOfAWarmStart(t *testing.T) {
	p := restingDay(40, 6, 3)
	s := solve(t, p, Options{Seed: 1, Iterations: 300})
	again := solve(t, p, Options{Seed: 2, Iterations: 1, Warm: s})
	if again.Cost > s.Cost {
		t.Errorf("from %d to %d", s.Cost, again.Cost)
	}
	for r := range s.Routes {
		for i := range s.Routes[r].Stops {
			if stop := &s.Routes[r].Stops[i]; stop.Task == None {
				stop.Break += 7
			}
		}
	}
	solve(t, p, Options{Seed: 2, Iterations: 20, Warm: s})
}

// Of three breaks the one in the middle is missed, for there is no time for it
// between the other two.
func TestTheBreakInTheMiddleIsMissed(t *testing.T) {
	rest := Break{Window: Window{15, 35}, Length: 9, Location: None}
	p := visitsAt(Shift{End: 100, Breaks: []Break{rest, rest, rest}}, 10, 35)
	p.Shifts[0].Breaks[1].MissCost = 3
	s := solve(t, p, Options{Seed: 1, Iterations: 50})
	if len(s.Unserved) != 0 || s.Cost != 3 {
		t.Errorf("costs %d: %+v", s.Cost, s.Routes[0])
	}
}
