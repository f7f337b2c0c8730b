package solver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
)

// The oracle's rules for travel by period, read from the text of Profile: every
// departure in whole units is tried, those aside that a later one overtakes.

func (o *oracle) byPeriod(r int) bool { return len(o.p.Profiles[o.p.Shifts[r].Profile].Periods) > 1 }

// wayThrough is one way through a gap.
type wayThrough struct{ left, time, distance, ready int64 }

// after is the travel of a departure; ok is false when there is none then.
func (o *oracle) after(r int, from, to int32, depart int64) (time, distance int64, ok bool) {
	periods := o.p.Profiles[o.p.Shifts[r].Profile].Periods
	k := len(periods) - 1
	for k > 0 && periods[k].From > depart {
		k--
	}
	at := int(from)*periods[k].N + int(to)
	return int64(periods[k].Time[at]), int64(periods[k].Distance[at]), periods[k].Time[at] != NoWay
}

// ways lists the ways through the i-th gap of a route, left at a time, that are
// ready by another.
func (o *oracle) ways(r, i int, left, by int64) (list []wayThrough) {
	shift, route := &o.p.Shifts[r], o.routes[r]
	from, to := shift.From, shift.To
	if i > 0 {
		from = o.location(route[i-1])
	}
	if i < len(route) {
		to = o.location(route[i])
	}
	breaks := o.between(r, i)
	for before := 0; before <= len(breaks); before++ {
		if before > 0 && breaks[before-1].AtNext {
			break
		}
		for depart := ready(left, 0, breaks[:before], true); depart <= by; depart++ {
			time, distance, ok := o.after(r, from, to, depart)
			if !ok {
				continue
			}
			for later := depart + 1; later < depart+time; later++ {
				if t, _, there := o.after(r, from, to, later); there && later+t < depart+time {
					ok = false
				}
			}
			if end := ready(depart+time, 0, breaks[before:], true); ok && end <= by {
				list = append(list, wayThrough{left, time, distance, end})
			}
		}
	}
	return list
}

// tour is what counts of a route, or of one gap of it, that has been driven: its cost, and
// what couples it with others.
type tour struct{ cost, travel, end, waitMost int64 }

// through lists what the i-th gap of a route may come to, left at a time, with the
// service behind it, and when the next one is left.
func (o *oracle) through(r, i int, left int64) (gaps map[tour]bool, on int64) {
	shift, route := &o.p.Shifts[r], o.routes[r]
	by := shift.End
	for _, tier := range shift.Overtime {
		by = shift.End + tier.After
	}
	if shift.LongestWork > 0 {
		by = min(by, shift.Start+shift.LongestWork)
	}
	var service int64
	if i < len(route) {
		by, service = o.start[route[i]], o.mode(route[i]).Service
	}
	leaves := []int64{left}
	if i == 0 && shift.LeaveLate {
		leaves = nil
		for t := shift.Start; t <= by; t++ {
			leaves = append(leaves, t)
		}
	}
	var rest, unpaid int64
	for _, b := range o.between(r, i) {
		rest += b.Length
		if !b.Paid {
			unpaid += b.Length
		}
	}
	gaps = map[tour]bool{}
	for _, leave := range leaves {
		for _, w := range o.ways(r, i, leave, by) {
			g := tour{travel: w.time, end: w.ready}
			g.cost = w.time*shift.TimeCost*o.pay.travel + w.distance*shift.DistanceCost*o.pay.distance
			if i < len(route) {
				g.waitMost = by - w.left - w.time - rest
				g.cost += g.waitMost*shift.WaitCost*o.pay.wait + (by-w.left-unpaid+service)*shift.WorkCost*o.pay.work
				g.end = 0 // it is the last one that counts
			} else {
				g.cost += (w.ready-w.left-unpaid)*shift.WorkCost*o.pay.work + overtime(shift, w.ready)*o.pay.overtime
			}
			gaps[g] = true
		}
	}
	return gaps, by + service
}

// priceByPeriod is what a route costs at its starts, with the cheapest way
// through every gap.
func (o *oracle) priceByPeriod(r int) (int64, bool) {
	shift := &o.p.Shifts[r]
	sum, left := shift.Fixed*o.pay.fixed, shift.Start
	for i := 0; i <= len(o.routes[r]); i++ {
		gaps, on := o.through(r, i, left)
		best := Infinity
		for g := range gaps {
			best = min(best, g.cost)
		}
		if best >= Infinity {
			return 0, false
		}
		sum, left = sum+best, on
	}
	return sum, true
}

// tours lists what a route may come to at its starts, by every way through every gap.
func (o *oracle) tours(r int) map[tour]bool {
	shift := &o.p.Shifts[r]
	now := map[tour]bool{{cost: shift.Fixed * o.pay.fixed}: true}
	left := shift.Start
	for i := 0; i <= len(o.routes[r]); i++ {
		gaps, on := o.through(r, i, left)
		next := map[tour]bool{}
		for x := range now {
			for g := range gaps {
				next[tour{x.cost + g.cost, x.travel + g.travel, g.end, max(x.waitMost, g.waitMost)}] = true
			}
		}
		now, left = next, on
	}
	return now
}

// With travel by period and terms that couple routes nothing is below the optimum. The
// way through a gap is chosen for its route alone, so one in ten is above it.
func TestCoupledTermsByPeriodBesideTheOracle(t *testing.T) {
	besideOracle{
		problems: 100, fewer: 25, stream: 24, oneIn: 7,
		kinds: []func(*rand.Rand, uint64) *Problem{func(random *rand.Rand, _ uint64) *Problem {
			p := changing(random, coupling(random))
			for i := range p.Shifts {
				p.Shifts[i].LongestWork = 0 // one gap would matter to another
			}
			return p
		}},
	}.hold(t)
}

// changing gives a problem one or two more periods, with other ways.
func changing(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Profiles {
		profile := &p.Profiles[i]
		if i > 0 && random.IntN(3) == 0 {
			continue // the same all day
		}
		at := int64(1 + random.IntN(8))
		for range 1 + random.IntN(2) {
			next := profile.Periods[0]
			next.From = at
			next.Time, next.Distance = append([]int32{}, next.Time...), append([]int32{}, next.Distance...)
			for j := range next.Time {
				switch random.IntN(8) {
				case 0:
					next.Time[j] = NoWay
				case 1, 2, 3:
					next.Time[j] = int32(random.IntN(8))
				}
				if random.IntN(3) == 0 {
					next.Distance[j] = int32(random.IntN(12))
				}
			}
			profile.Periods = append(profile.Periods, next)
			at += int64(1 + random.IntN(7))
		}
		if random.IntN(4) == 0 { // the rush is over: who leaves late arrives first
			for j := range profile.Periods[0].Time {
				if time := &profile.Periods[0].Time[j]; *time != NoWay {
					*time += 3
				}
			}
		}
	}
	for i := range p.Shifts {
		p.Shifts[i].LongestTravel = 0
		if p.Shifts[i].LeaveLate {
			p.Shifts[i].LongestWork = 0
		}
		p.Shifts[i].DistanceUnit = min(p.Shifts[i].DistanceUnit, 1) // a rounded price has no cheapest way leg by leg
	}
	return p
}

// With travel by period the optimum is found as well. Links join routes, and
// with them the price of starts has more than one valley: the search is held
// to at least the optimum there, and to reach it nearly always.
func TestSolveByPeriodReachesTheOracle(t *testing.T) {
	problems := 250
	if testing.Short() || invariantsOn {
		problems = 50
	}
	linked, missed := 0, 0
	for seed := range uint64(problems) {
		for kind, draw := range []func(*rand.Rand) *Problem{tiny, crowded} {
			random := rand.New(rand.NewPCG(seed, 98))
			p := changing(random, draw(random))
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

// By period, too, a stop left at t lets the next one start by s exactly when t
// is at most the latest time to leave, and leaving later is never ready sooner.
// Both agree with the departures tried one by one.
func TestGapsByPeriod(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	const horizon = 60
	for range 3000 {
		c := course{timed: &timed{from: []int64{-Infinity}}}
		for k := range 1 + random.IntN(4) {
			if k > 0 {
				c.from = append(c.from, max(c.from[k-1], 0)+1+int64(random.IntN(12)))
			}
			x := arc{time: int32(random.IntN(15))}
			if random.IntN(6) == 0 {
				x.time = NoWay
			}
			c.periods = append(c.periods, Period{Time: []int32{x.time}})
		}
		var breaks []Break
		for range random.IntN(3) {
			from := int64(random.IntN(25))
			breaks = append(breaks, Break{Window: Window{from, from + int64(random.IntN(8))}, Length: int64(random.IntN(4)), AtNext: random.IntN(3) == 0})
		}
		travel := func(depart int64) int64 {
			k := len(c.from) - 1
			for c.from[k] > depart {
				k--
			}
			return int64(c.time(k))
		}
		s := int64(random.IntN(horizon))
		last, before := c.retreat(s, breaks), -Infinity
		for left := int64(-3); left < horizon; left++ {
			want := Infinity
			for split := 0; split <= len(breaks); split++ {
				if split > 0 && breaks[split-1].AtNext {
					break
				}
				for depart := ready(left, 0, breaks[:split], true); depart < 2*horizon; depart++ {
					if travel(depart) != int64(NoWay) {
						want = min(want, ready(depart+travel(depart), 0, breaks[split:], true))
					}
				}
			}
			reach := c.advance(left, breaks)
			if reach != want || reach < before || (reach <= s) != (left <= last) {
				t.Fatalf("left at %d, ready at %d, want %d, before that %d; to start at %d leave by %d: %v, %v", left, reach, want, before, s, last, c, breaks)
			}
			before = reach
		}
	}
}

// rush is two places: the way between them takes 30 until 100, and 10 from then
// on. It is left at 80 after a task, and waited for until 100.
func rush() *Problem {
	period := Period{N: 2, Time: []int32{0, 30, 30, 0}, Distance: []int32{0, 7, 7, 0}}
	late := Period{From: 100, N: 2, Time: []int32{0, 10, 10, 0}, Distance: []int32{0, 9, 9, 0}}
	task := func(at int32, from, to int64) Task {
		return Task{Modes: []Mode{{Location: at, Windows: []Window{{from, to}}, PickupOf: None}}, UnservedCost: 1000, Pin: FreePin(), Group: None}
	}
	return &Problem{
		Profiles: []Profile{{Periods: []Period{period, late}}},
		Tasks:    []Task{task(0, 80, 80), task(1, 81, 300)},
		Shifts:   []Shift{{End: 200, TimeCost: 5, DistanceCost: 1, WaitCost: 1, LeaveLate: true}},
		Terms:    DefaultTerms(),
	}
}

// From 80 the way would take until 110, and from 100 it does as well, with 20
// of waiting for 20 of travel less.
func TestALegWaitsForTheRushToEnd(t *testing.T) {
	p := rush()
	s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 100})
	if err != nil {
		t.Fatal(err)
	}
	route := &s.Routes[0]
	if len(route.Stops) != 2 || route.Stops[1].Depart != 100 || route.Stops[1].Arrive != 110 ||
		route.Travel != 20 || route.Distance != 18 || s.Cost != 20*5+18+20 {
		t.Errorf("cost %d: %+v", s.Cost, route)
	}
	for _, b := range Check(p, s) {
		t.Errorf("%s", b)
	}
	for name, plant := range map[string]func(*Route){
		"the leg is said to leave in the rush":   func(r *Route) { r.Stops[1].Depart = 99 },
		"the leg leaves before the task ends":    func(r *Route) { r.Stops[1].Depart = 79 },
		"the task starts before the leg is over": func(r *Route) { r.Stops[1].Depart = 105 },
		"the way back leaves in the rush":        func(r *Route) { r.Return = 90 },
		"the first leg leaves at another time":   func(r *Route) { r.Stops[0].Depart++ },
	} {
		q := *s
		q.Routes = []Route{*route}
		q.Routes[0].Stops = append([]Stop{}, route.Stops...)
		plant(&q.Routes[0])
		if len(Check(p, &q)) == 0 {
			t.Errorf("%s: no breach", name)
		}
	}
}

// Periods with the same travel are one period: the search goes other ways, for
// it looks again at more after an insertion, and gets about as far. Runs
// differ by more than that, so the best of four counts.
func TestEqualPeriodsAreOne(t *testing.T) {
	p := homeCare(60, 6, 3)
	best := func() int64 {
		least := Infinity
		for seed := range uint64(4) {
			least = min(least, solve(t, p, Options{Seed: seed, Iterations: 4000}).Cost)
		}
		return least
	}
	one := best()
	for _, from := range []int64{9 * 3600, 13 * 3600} {
		later := p.Profiles[0].Periods[0]
		later.From = from
		p.Profiles[0].Periods = append(p.Profiles[0].Periods, later)
	}
	three := best()
	if slack := one / 50; three > one+slack || one > three+slack {
		t.Errorf("costs %d, and %d in three equal periods", one, three)
	}
}

// rushDay is homeCare with a rush hour, an hour in which a quarter of the ways
// are shut, and quick roads in the evening.
func rushDay(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	random := rand.New(rand.NewPCG(seed, 9))
	profile := &p.Profiles[0]
	for k, from := range []int64{7 * 3600, 9 * 3600, 12 * 3600, 13 * 3600, 18 * 3600} {
		later := profile.Periods[0]
		later.From = from
		later.Time, later.Distance = append([]int32{}, later.Time...), append([]int32{}, later.Distance...)
		for i := range later.Time {
			switch {
			case k == 0:
				later.Time[i] += later.Time[i] / 2
			case k == 2 && random.IntN(4) == 0:
				later.Time[i] = NoWay
			case k == 4:
				later.Time[i] -= later.Time[i] / 8
				later.Distance[i] += later.Distance[i] / 16
			}
		}
		profile.Periods = append(profile.Periods, later)
	}
	return p
}

// A day by period is searched in parts by several workers like any other; the
// same seed gives the same bytes, and Check finds nothing.
func TestRushDay(t *testing.T) {
	tasks, iterations := 180, int64(3000)
	if invariantsOn {
		tasks, iterations = 90, 1200
	}
	for _, workers := range []int{1, 3} {
		p := rushDay(tasks, tasks/9, 4)
		var before string
		for range 2 {
			s, err := Solve(context.Background(), p, Options{Seed: 5, Iterations: iterations, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range Check(p, s) {
				t.Errorf("%d workers: %s", workers, b)
			}
			if len(s.Unserved) > tasks/10 {
				t.Errorf("%d workers: %d of %d tasks are left out", workers, len(s.Unserved), tasks)
			}
			if now := fmt.Sprintf("%+v", s); before != "" && now != before {
				t.Errorf("%d workers: another solution the second time", workers)
			} else {
				before = now
			}
		}
	}
}
