package solver

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// missing is what the oracle pays for points that too few shifts are near to, read
// from the text of Coverage: unit of time by unit of time. Where breaks leave a
// choice of when to travel, it takes the best; where travel depends on the hour it
// counts nothing.
func (o *oracle) missing() int64 {
	if !o.covers() {
		return 0
	}
	type departures [][]int64 // by gap: when its travel may begin
	all := make([]departures, len(o.routes))
	for r, route := range o.routes {
		for i := range route {
			if o.tangled(r) {
				break // it has gone every way already
			}
			all[r] = append(all[r], o.departures(r, i))
		}
		if len(route) > 0 && !o.tangled(r) {
			all[r] = append(all[r], o.departures(r, len(route)))
		}
	}
	best := Infinity
	chosen := make([][]int64, len(o.routes))
	var choose func(r, gap int)
	choose = func(r, gap int) {
		switch {
		case r == len(all):
			best = min(best, o.missingAt(chosen)*o.pay.coverage)
		case gap == len(all[r]):
			choose(r+1, 0)
		default:
			for _, depart := range all[r][gap] {
				chosen[r] = append(chosen[r][:gap], depart)
				choose(r, gap+1)
			}
		}
	}
	choose(0, 0)
	return best
}

// departures are when the travel of a gap begins, with some of its breaks before
// it: as soon as they are over, or, where a shift leaves late for its first task,
// as late as can be when nothing comes between.
func (o *oracle) departures(r, gap int) (list []int64) {
	shift, route := &o.p.Shifts[r], o.routes[r]
	from, to, left, until := shift.From, shift.To, o.begin(r), Infinity
	if gap > 0 {
		from, left = o.location(route[gap-1]), o.start[route[gap-1]]+o.mode(route[gap-1]).Service
	}
	if gap < len(route) {
		to, until = o.location(route[gap]), o.start[route[gap]]
	}
	travel, _ := o.travel(r, from, to)
	breaks := o.between(r, gap)
	at := left
	for before := 0; ; before++ {
		if gap == 0 && shift.LeaveLate && before == len(breaks) {
			list = append(list, until-travel)
		} else if ready(at+travel, travel, breaks[before:], true) <= until {
			list = append(list, at)
		}
		if before == len(breaks) || breaks[before].AtNext {
			return list
		}
		at = max(at, breaks[before].From) + breaks[before].Length
	}
}

func (o *oracle) missingAt(departures [][]int64) (cost int64) {
	for i, c := range o.p.Coverage {
		for t := c.From; t < c.To; t++ {
			here := 0
			for r, route := range o.routes {
				if len(route) > 0 && c.Skills.Within(o.p.Shifts[r].Skills) && o.isNear(r, departures[r], i, t) {
					here++
				}
			}
			cost += int64(max(0, c.Shifts-here)) * c.Cost
		}
	}
	return cost
}

// isNear tells whether a route covers a point at a time.
func (o *oracle) isNear(r int, departures []int64, i int, t int64) bool {
	shift, c := &o.p.Shifts[r], &o.p.Coverage[i]
	if o.tangled(r) {
		return o.near[r][i]>>(t-c.From)&1 != 0
	}
	stops := []int32{shift.From}
	for _, task := range o.routes[r] {
		stops = append(stops, o.location(task))
	}
	stops = append(stops, shift.To)
	reaches := func(at int32) bool {
		way, _ := o.travel(r, at, c.Location)
		return way <= c.Reach
	}
	if t < departures[0] {
		return false
	}
	for i, depart := range departures {
		travel, _ := o.travel(r, stops[i], stops[i+1])
		switch {
		case t < depart:
			return reaches(stops[i])
		case t < depart+travel:
			return reaches(stops[i]) && reaches(stops[i+1])
		}
	}
	return false
}

// covering asks for shifts near some of the places of a problem.
func covering(random *rand.Rand, p *Problem) *Problem {
	p.Terms = weighed(p.Terms, TermCoverage, 1+int64(random.IntN(2)))
	for range 1 + random.IntN(2) {
		from := int64(random.IntN(12))
		c := Coverage{
			Location: int32(random.IntN(p.Profiles[0].Periods[0].N)), Reach: int64(random.IntN(4)),
			Window: Window{from, from + int64(random.IntN(9))}, Shifts: 1 + random.IntN(2), Cost: int64(1 + random.IntN(4)),
		}
		if random.IntN(3) == 0 {
			c.Skills = NewBits(random.IntN(2))
		}
		p.Coverage = append(p.Coverage, c)
	}
	return p
}

// Lunch is at a place that is to be covered: who eats there from 20 to 30 covers it from
// when the way there is over, and on until the next visit is left for.
func TestLunchCovers(t *testing.T) {
	lunch := Break{Window: Window{18, 30}, Length: 10, Location: 0}
	p := visitsAt(Shift{End: 100, Breaks: []Break{lunch}}, 10, 40)
	p.Coverage = []Coverage{{Location: 0, Window: Window{10, 50}, Shifts: 1, Cost: 1}}
	s := solve(t, p, Options{Seed: 1, Iterations: 20})
	if want := int64(40 - 10); s.Cost != want { // it is there from 20 to 30, and comes back at 50
		t.Errorf("costs %d, want %d", s.Cost, want)
	}
	stop := &s.Routes[0].Stops[1]
	stop.Depart += 2 // and so is late for lunch
	if breaches := Check(p, s); len(breaches) == 0 || breaches[0].Rule != "travel" {
		t.Errorf("found %v", breaches)
	}
}

// emergencies is a day on which somebody is to be near the first two bases.
func emergencies(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	for base := range int32(2) {
		p.Coverage = append(p.Coverage, Coverage{
			Location: base, Reach: 1500, Window: Window{8 * 3600, 20 * 3600}, Skills: NewBits(int(base)), Shifts: 1 + int(base), Cost: 3,
		})
	}
	return p
}

// A day with coverage is searched by one worker and in parts, alone and beside
// terms with exact trials, and is the same each time; to ask for coverage gives
// more of it.
func TestEmergencies(t *testing.T) {
	tasks, iterations := 120, int64(1200)
	if invariantsOn {
		tasks, iterations = 90, 500
	}
	for _, workers := range []int{1, 2, 3} {
		if workers == 3 {
			tasks, iterations = 50, 600
		}
		p := emergencies(tasks, tasks/8, 4)
		if workers == 3 {
			p.Shifts = restingDay(tasks, tasks/8, 4).Shifts
		}
		if workers == 2 {
			p.Terms = append(p.Terms, Term{Kind: TermIdleMost, Weight: 2})
		}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		o := Options{Seed: 7, Iterations: iterations, Workers: workers}
		first, again := solve(t, p, o), solve(t, p, o)
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%d workers: another solution the second time", workers)
		} else if warm := solve(t, p, Options{Seed: 8, Iterations: 5, Workers: workers, Warm: first}); warm.Cost > first.Cost {
			t.Errorf("%d workers: %d from a warm start at %d", workers, warm.Cost, first.Cost)
		}
		q := *p
		q.Coverage = slices.Clone(p.Coverage)
		for i := range q.Coverage {
			q.Coverage[i].Cost = 0
		}
		without := priceCoverage(p, solve(t, &q, o))
		if with := priceCoverage(p, first); with >= without {
			t.Errorf("%d workers: %d is missing, %d when nobody asks", workers, with, without)
		}
	}
}

// Where a point is to be covered, Check asks when a travel begins and what follows
// from it: the first route here stands at its base until it leaves for the task,
// or on the way to it, and the point is the base.
func TestCheckReadsDepartures(t *testing.T) {
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 2, Time: []int32{0, 4, 4, 0}}}}},
		Tasks: []Task{{
			Modes:        []Mode{{Location: 1, Service: 2, Windows: []Window{{10, 10}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		}, {
			Modes:        []Mode{{Location: 0, Windows: []Window{{2, 2}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		}},
		Shifts:   []Shift{{End: 20, LeaveLate: true}},
		Coverage: []Coverage{{Location: 0, Reach: 3, Window: Window{1, 12}, Shifts: 1, Cost: 5}},
		Terms:    weighed(DefaultTerms(), TermCoverage, 2),
	}
	s := solve(t, p, Options{Seed: 1, Iterations: 20})
	if want := int64(11 * 5 * 2); s.Cost != want { // it drives on at once
		t.Fatalf("costs %d, want %d", s.Cost, want)
	}
	stop := &s.Routes[0].Stops[1]
	stop.Depart, stop.Arrive = 6, 10
	if got := priceCoverage(p, s); got != 7*5 {
		t.Errorf("who leaves at 6 and stands near from 2 misses %d, want %d", got, 7*5)
	}
	if breaches := Check(p, s); len(breaches) == 0 || breaches[0].Rule != "cost" {
		t.Errorf("found %v", breaches)
	}
	stop.Depart, stop.Arrive = 7, 11
	if breaches := Check(p, s); len(breaches) == 0 || breaches[0].Rule != "travel" {
		t.Errorf("found %v", breaches)
	}
}

// What is frozen covers what it did, when it left later than it had to as well:
// the search counts what Price does.
func TestCoverageBesideFrozen(t *testing.T) {
	later := 0
	for seed := range uint64(80) {
		random := rand.New(rand.NewPCG(seed, 59))
		p := tiny(random)
		if seed%4 == 3 {
			p = changing(random, p)
		}
		if seed%3 == 1 {
			p = resting(random, p)
		}
		p = covering(random, p)
		warm := begin(t, random, p)
		for r := range warm.Routes {
			route := &warm.Routes[r]
			for i := range route.Stops {
				stop := &route.Stops[i]
				if wait := stop.Start - stop.Arrive; stop.Task != None && wait > 0 && i > 0 && route.Stops[i-1].Task != None && len(p.Profiles[0].Periods) == 1 {
					stop.Depart, stop.Arrive = stop.Depart+wait, stop.Start
					later++
				}
			}
		}
		s, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 100, Warm: warm})
		if err != nil {
			t.Errorf("problem %d: %v", seed, err)
			continue
		}
		for _, b := range Check(p, s) {
			t.Errorf("problem %d: %s", seed, b)
		}
		begunAs(t, p, warm, s)
		begun, err := p.begun(warm)
		if err != nil {
			t.Fatal(err)
		}
		m := compileFrom(context.Background(), p, begun, false)
		table := newTimetable(newSchedule(m, newState(m)))
		if !table.lay(s) || table.total() != s.Cost {
			t.Errorf("problem %d: counts %d, costs %d", seed, table.total(), s.Cost)
		}
	}
	if later < 5 {
		t.Errorf("%d legs began later", later)
	}
}
