package solver

import (
	"fmt"
	"slices"
)

// Breach is one rule that a solution breaks, and where.
type Breach struct {
	Rule  string // "route", "task", "travel", "window", "hours", "break", "skill", "pin", "load", "stock", "pair", "link", "group", "resource", "term", "cost"
	Shift int32  // or None
	Stop  int32  // index into the stops of its route, or None
	Task  int32  // or None
	Text  string
}

func (b Breach) String() string { return b.Rule + ": " + b.Text }

// Check recomputes a solution from the problem alone and returns every rule
// that it breaks: feasibility stop by stop, with when each travel begins and ends,
// then the cost term by term. It shares no schedule code with the search. The
// problem must be one that Validate accepts, for Price too.
func Check(p *Problem, s *Solution) []Breach {
	if s == nil {
		return []Breach{{Rule: "route", Shift: None, Stop: None, Task: None, Text: "there is no solution: nil"}}
	}
	c := newChecker(p.asReported(s), s)
	if len(s.Routes) != len(p.Shifts) {
		c.found("route", None, None, "%d routes for %d shifts", len(s.Routes), len(p.Shifts))
		return c.breaches
	}
	for r := range s.Routes {
		c.route(int32(r))
	}
	c.unserved()
	c.pairs()
	c.links()
	c.groups()
	c.resources()
	if len(c.breaches) == 0 {
		c.hardTerms()
	}
	if len(c.breaches) == 0 {
		c.cost()
	}
	return c.breaches
}

type checker struct {
	problem  *Problem
	solution *Solution
	shiftOf  []int32 // by task
	startOf  []int64
	cut      bool // some route could not be followed to its end
	begun    int  // so many stops of the route at hand are what has happened: up to the last frozen task
	breaches []Breach
}

func newChecker(p *Problem, s *Solution) *checker {
	c := &checker{problem: p, solution: s, shiftOf: make([]int32, len(p.Tasks)), startOf: make([]int64, len(p.Tasks))}
	for i := range c.shiftOf {
		c.shiftOf[i] = None
	}
	return c
}

func (c *checker) found(rule string, shift, task int32, format string, args ...any) {
	c.breaches = append(c.breaches, Breach{Rule: rule, Shift: shift, Stop: None, Task: task, Text: fmt.Sprintf(format, args...)})
}

// foundAt notes what one stop of a route breaks.
func (c *checker) foundAt(rule string, r int32, stop int, task int32, format string, args ...any) {
	text := fmt.Sprintf("routes[%d].stops[%d]: %s", r, stop, fmt.Sprintf(format, args...))
	c.breaches = append(c.breaches, Breach{Rule: rule, Shift: r, Stop: int32(stop), Task: task, Text: text})
}

func (c *checker) route(r int32) {
	shift, route := &c.problem.Shifts[r], &c.solution.Routes[r]
	if len(route.Stops) == 0 {
		return
	}
	c.begun = 0
	for i, stop := range route.Stops {
		if stop.Task >= 0 && int(stop.Task) < len(c.problem.Tasks) && c.problem.Tasks[stop.Task].Pin.Frozen {
			c.begun = i + 1
		}
	}
	travel := travelOf(c.problem, r)
	from, clock := shift.From, route.Leave
	first, done := true, false // no leg so far; some task so far
	var rests []Stop
	nextBreak := int32(0)
	var sumTime, sumDistance int64
	load := c.brought(r)
	stock := slices.Clone(shift.Stock)
	for i := range route.Stops {
		stop := &route.Stops[i]
		if stop.isBreak() {
			for nextBreak < stop.Break && int(nextBreak) < len(shift.Breaks) && shift.Breaks[nextBreak].MissCost > 0 {
				nextBreak++ // missed
			}
			if stop.Break != nextBreak || int(nextBreak) >= len(shift.Breaks) {
				c.foundAt("break", r, i, None, "break %d is not the next one", stop.Break)
				c.cut = true
				return
			}
			nextBreak++
			b := &shift.Breaks[stop.Break]
			c.rest(r, i, stop, b)
			if b.Location == None {
				rests = append(rests, *stop)
				continue
			}
			time, distance := c.legTo(r, i, b.Location, from, clock, rests, first)
			if c.beforeTravel(shift, rests) < len(rests) {
				c.foundAt("break", r, i, None, "a break that is for a next stop comes before one at a location")
			}
			c.stock(r, i, stock, shift.UsePerDistance, c.farthest(r, from, b.Location), "the way to it")
			sumTime, sumDistance = sumTime+time, sumDistance+distance
			rests, from, clock, first = rests[:0], b.Location, stop.End, false
			continue
		}
		if stop.Task == None && (stop.Refill < 0 || int(stop.Refill) >= len(shift.Refills)) {
			c.foundAt("route", r, i, None, "no such refill")
			c.cut = true
			return
		}
		if stop.Task != None && (stop.Task < 0 || int(stop.Task) >= len(c.problem.Tasks) || int(stop.Mode) >= len(c.problem.Tasks[stop.Task].Modes) || stop.Mode < 0) {
			c.foundAt("route", r, i, stop.Task, "no such task or mode")
			c.cut = true
			return
		}
		mode := modeOf(c.problem, shift, stop)
		if stop.Task == None {
			c.refill(r, i, stop)
		} else {
			c.task(r, i, stop)
		}
		for d, l := range mode.Load {
			load[d] += l
			if load[d] > shift.Capacity[d] || load[d] < 0 {
				c.foundAt("load", r, i, stop.Task, "carries %d of dimension %d, can carry %d", load[d], d, shift.Capacity[d])
			}
		}
		if mode.PickupOf != None {
			c.delivery(r, i, stop, mode)
		}
		time, distance := c.legTo(r, i, mode.Location, from, clock, rests, first)
		done = done || stop.Task != None
		c.stock(r, i, stock, shift.UsePerDistance, c.farthest(r, from, mode.Location), "the way to it")
		c.stock(r, i, stock, mode.Use, 1, "it")
		if stop.Task == None {
			for k, full := range shift.Refills[stop.Refill].Full {
				stock[k] = max(stock[k], full)
			}
		}
		sumTime, sumDistance = sumTime+time, sumDistance+distance
		rests, from, clock, first = rests[:0], mode.Location, stop.End, false
	}
	time, distance, ok := travel(from, shift.To, route.Return)
	c.stock(r, len(route.Stops), stock, shift.UsePerDistance, c.farthest(r, from, shift.To), "the way back")
	if !ok {
		c.found("travel", r, None, "routes[%d]: no way back", r)
	}
	sumTime, sumDistance = sumTime+time, sumDistance+distance
	if !done {
		c.found("route", r, None, "routes[%d]: has stops and no task", r)
	}
	if c.beforeTravel(shift, rests) < len(rests) {
		c.found("break", r, None, "routes[%d]: has a break behind the last task that is for a next stop", r)
	}
	c.wayBack(r, clock, time, rests)
	c.afterWork(r)
	for int(nextBreak) < len(shift.Breaks) && shift.Breaks[nextBreak].MissCost > 0 {
		nextBreak++
	}
	if int(nextBreak) != len(shift.Breaks) {
		c.found("break", r, None, "routes[%d]: %d of %d breaks", r, nextBreak, len(shift.Breaks))
	}
	c.hours(r)
	if sumTime != route.Travel || sumDistance != route.Distance {
		c.found("travel", r, None, "routes[%d]: says it travels %d for %d, recomputed %d for %d", r, route.Distance, route.Travel, sumDistance, sumTime)
	}
}

// brought is what is on board when a route begins: what its tasks set down that
// deliver nothing.
func (c *checker) brought(r int32) []int64 {
	load := make([]int64, len(c.problem.Shifts[r].Capacity))
	for _, stop := range c.solution.Routes[r].Stops {
		if stop.Task < 0 || int(stop.Task) >= len(c.problem.Tasks) || int(stop.Mode) >= len(c.problem.Tasks[stop.Task].Modes) || stop.Mode < 0 {
			continue // route finds that
		}
		mode := &c.problem.Tasks[stop.Task].Modes[stop.Mode]
		for d, l := range mode.Load {
			if mode.PickupOf == None && l < 0 {
				load[d] -= l
			}
		}
	}
	for d, most := range c.problem.Shifts[r].Capacity {
		if load[d] > most {
			c.found("load", r, None, "routes[%d]: begins with %d of dimension %d, can carry %d", r, load[d], d, most)
		}
	}
	return load
}

// legTo checks the leg to a stop that stands at a location, and the breaks taken on
// the way.
func (c *checker) legTo(r int32, i int, location, from int32, clock int64, rests []Stop, first bool) (time, distance int64) {
	shift, route := &c.problem.Shifts[r], &c.solution.Routes[r]
	stop := &route.Stops[i]
	time, distance, ok := travelOf(c.problem, r)(from, location, stop.Depart)
	if !ok {
		c.foundAt("travel", r, i, stop.Task, "no way to it")
	}
	depart := c.departure(r, stop.Depart)
	if first && depart != nil && *depart != route.Leave {
		c.foundAt("travel", r, i, stop.Task, "departs at %d, the route leaves at %d", *depart, route.Leave)
	}
	x := transit{clock: clock, travel: time, rests: rests, first: first}
	most := c.beforeTravel(shift, rests)
	switch {
	case !x.passes(depart, stop.Start, most):
		c.foundAt("travel", r, i, stop.Task, "starts at %d, before travel and breaks allow it", stop.Start)
	case i >= c.begun && !x.told(stop.Depart, most, func(_, ready int64) bool { return ready == stop.Arrive }):
		c.foundAt("travel", r, i, stop.Task, "departs at %d and arrives at %d: neither travel nor the breaks before it give that", stop.Depart, stop.Arrive)
	}
	if stop.Arrive > stop.Start {
		c.foundAt("travel", r, i, stop.Task, "starts before it arrives")
	}
	return time, distance
}

// afterWork checks that no break comes too long after the work, or the break
// before it.
func (c *checker) afterWork(r int32) {
	shift, route := &c.problem.Shifts[r], &c.solution.Routes[r]
	moment, _ := span(shift, route)
	for i, stop := range route.Stops {
		if !stop.isBreak() {
			continue
		}
		if most := shift.Breaks[stop.Break].AfterWork; most > 0 && stop.Start > moment+most {
			c.foundAt("break", r, i, None, "begins %d after the work or the break before it, the longest is %d", stop.Start-moment, most)
		}
		moment = stop.End
	}
}

// rest checks one break by itself.
func (c *checker) rest(r int32, i int, stop *Stop, b *Break) {
	if stop.Start < b.From || stop.Start > b.To {
		c.foundAt("break", r, i, None, "begins at %d, outside %d..%d", stop.Start, b.From, b.To)
	}
	if stop.End != stop.Start+b.Length {
		c.foundAt("break", r, i, None, "lasts %d, not %d", stop.End-stop.Start, b.Length)
	}
	if stop.Arrive > stop.Start {
		c.foundAt("break", r, i, None, "begins before it arrives")
	}
}

// task checks one stop by itself.
func (c *checker) task(r int32, i int, stop *Stop) {
	p := c.problem
	task := &p.Tasks[stop.Task]
	mode := &task.Modes[stop.Mode]
	if c.shiftOf[stop.Task] != None {
		c.foundAt("task", r, i, stop.Task, "task %d is done twice", stop.Task)
	}
	c.shiftOf[stop.Task], c.startOf[stop.Task] = r, stop.Start
	service := mode.Service
	if mode.ByClass != nil {
		service = mode.ByClass[p.Shifts[r].Class]
	}
	if stop.End != stop.Start+service {
		c.foundAt("task", r, i, stop.Task, "lasts %d, not %d", stop.End-stop.Start, service)
	}
	in, does := false, "starts"
	if mode.AtEnd {
		does = "ends"
	}
	at := heldAt(mode, stop)
	for _, w := range mode.Windows {
		in = in || w.From <= at && at <= w.To
	}
	if !in {
		c.foundAt("window", r, i, stop.Task, "task %d %s at %d, outside its windows", stop.Task, does, at)
	}
	if !mode.Skills.Within(p.Shifts[r].Skills) {
		c.foundAt("skill", r, i, stop.Task, "shift %d lacks a skill for task %d", r, stop.Task)
	}
	if mode.Allowed != nil && !mode.Allowed.Has(int(r)) {
		c.foundAt("skill", r, i, stop.Task, "shift %d may not do task %d", r, stop.Task)
	}
	if task.Pin.Shift != None && task.Pin.Shift != r {
		c.foundAt("pin", r, i, stop.Task, "task %d is pinned to shift %d", stop.Task, task.Pin.Shift)
	}
	before := c.solution.Routes[r].Stops[:i]
	if task.Pin.Frozen && slices.ContainsFunc(before, func(s Stop) bool { return s.Task != None && !p.Tasks[s.Task].Pin.Frozen }) {
		c.foundAt("pin", r, i, stop.Task, "task %d is frozen, and one before it is not", stop.Task)
	}
	if at := position(before); task.Pin.Position != None && task.Pin.Position != at {
		c.foundAt("pin", r, i, stop.Task, "task %d is at position %d and pinned to %d", stop.Task, at, task.Pin.Position)
	}
	if task.Pin.Start != Infinity && task.Pin.Start != stop.Start {
		c.foundAt("pin", r, i, stop.Task, "task %d is pinned to start at %d", stop.Task, task.Pin.Start)
	}
}

// position is how many tasks are among stops.
func position(stops []Stop) int32 {
	at := int32(0)
	for i := range stops {
		if stops[i].Task != None {
			at++
		}
	}
	return at
}

// heldAt is the time that the windows of a stop are about.
func heldAt(mode *Mode, stop *Stop) int64 {
	if mode.AtEnd {
		return stop.End
	}
	return stop.Start
}

// modeOf is what is done at a stop that is no break; of a refill it has only what
// it shares with a task.
func modeOf(p *Problem, shift *Shift, stop *Stop) *Mode {
	if stop.Task == None {
		f := &shift.Refills[stop.Refill]
		return &Mode{Location: f.Location, Service: f.Service, Windows: f.Windows, Cost: f.Cost, PickupOf: None}
	}
	return &p.Tasks[stop.Task].Modes[stop.Mode]
}

// refill checks one refill by itself.
func (c *checker) refill(r int32, i int, stop *Stop) {
	f := &c.problem.Shifts[r].Refills[stop.Refill]
	if stop.End != stop.Start+f.Service {
		c.foundAt("stock", r, i, None, "lasts %d, not %d", stop.End-stop.Start, f.Service)
	}
	if f.Windows != nil && !slices.ContainsFunc(f.Windows, func(w Window) bool { return w.From <= stop.Start && stop.Start <= w.To }) {
		c.foundAt("window", r, i, None, "refill %d starts at %d, outside its windows", stop.Refill, stop.Start)
	}
	times := int32(0)
	for _, s := range c.solution.Routes[r].Stops[:i+1] {
		if s.isRefill() && s.Refill == stop.Refill {
			times++
		}
	}
	if times > f.Most {
		c.foundAt("stock", r, i, None, "refill %d for the %dth time, %d is the most", stop.Refill, times, f.Most)
	}
}

// farthest is the longest way of a leg in any period that begins before the shift
// must be over and does not end before it starts.
func (c *checker) farthest(r, from, to int32) (most int64) {
	shift := &c.problem.Shifts[r]
	periods := c.problem.Profiles[shift.Profile].Periods
	for k := range periods {
		at := max(periods[k].From, shift.Start)
		if k == 0 {
			at = shift.Start
		}
		if at > shift.latest() || k+1 < len(periods) && periods[k+1].From <= at {
			continue
		}
		if _, distance, ok := travelOf(c.problem, r)(from, to, at); ok {
			most = max(most, distance)
		}
	}
	return most
}

// stock takes so many times what is used of each stock from what is on board. Behind the
// last stop comes the way back.
func (c *checker) stock(r int32, i int, stock, use []int64, times int64, what string) {
	for k, n := range use {
		switch {
		case stock[k] >= n*times:
		case i < len(c.solution.Routes[r].Stops):
			c.foundAt("stock", r, i, None, "%s uses %d of stock %d, %d are left", what, n*times, k, stock[k])
		default:
			c.found("stock", r, None, "routes[%d].return: %s uses %d of stock %d, %d are left", r, what, n*times, k, stock[k])
		}
		if stock[k] < Infinity {
			stock[k] -= n * times
		}
	}
}

// delivery checks that what a stop sets down has been picked up before, on the
// same route, and not too long ago.
func (c *checker) delivery(r int32, i int, stop *Stop, mode *Mode) {
	at := slices.IndexFunc(c.solution.Routes[r].Stops[:i], func(s Stop) bool { return s.Task == mode.PickupOf })
	if at < 0 {
		c.foundAt("pair", r, i, stop.Task, "task %d delivers what task %d picks up, which the route has not done by then", stop.Task, mode.PickupOf)
		return
	}
	if away := stop.Start - c.solution.Routes[r].Stops[at].Start; mode.OnBoard > 0 && away > mode.OnBoard {
		c.foundAt("pair", r, i, stop.Task, "task %d starts %d after its pickup, the longest is %d", stop.Task, away, mode.OnBoard)
	}
}

// transit is one leg and the breaks around it: from when the stop before it ends, or, on the
// first leg, from when the travel begins.
type transit struct {
	clock, travel int64
	rests         []Stop
	first         bool
}

// passes tells whether the leg and the breaks fit, in this order, before the start of
// the next stop: with some of the breaks, at most the given number, before the travel,
// the others after it. On the first leg breaks before the travel end by its begin. depart
// is when the travel begins, or nil where that is left open.
func (x *transit) passes(depart *int64, start int64, most int) bool {
	for before := 0; before <= most; before++ {
		ok := true
		at := x.clock
		if x.first {
			ok = before == 0 || x.rests[before-1].End <= x.clock
			for i := 1; i < before; i++ {
				ok = ok && x.rests[i].Start >= x.rests[i-1].End
			}
		} else {
			for _, rest := range x.rests[:before] {
				ok = ok && rest.Start >= at
				at = rest.End
			}
		}
		if depart != nil {
			ok = ok && *depart >= at
			at = *depart
		}
		at += x.travel
		for _, rest := range x.rests[before:] {
			ok = ok && rest.Start >= at
			at = rest.End
		}
		if ok && start >= at {
			return true
		}
	}
	return false
}

// told tells whether the moments that no rule is about are what the stops before say:
// each break arrives when the stop before it ends, or when the travel does, and so does
// what comes next, which is asked about when the travel ends and when all does. A break
// that begins the work arrives when it likes.
func (x *transit) told(depart int64, most int, ends func(reached, ready int64) bool) bool {
	for before := 0; before <= most; before++ {
		ok, at := true, x.clock
		for i, rest := range x.rests[:before] {
			ok = ok && (rest.Arrive == at || x.first && i == 0)
			at = rest.End
		}
		ok = ok && depart >= at && (!x.first || depart == x.clock)
		at = depart + x.travel
		for _, rest := range x.rests[before:] {
			ok = ok && rest.Arrive == at
			at = rest.End
		}
		if ok && ends(depart+x.travel, at) {
			return true
		}
	}
	return false
}

// beforeTravel is how many of the breaks of a gap may come before its travel.
func (c *checker) beforeTravel(shift *Shift, rests []Stop) int {
	for i := range rests {
		if shift.Breaks[rests[i].Break].AtNext {
			return i
		}
	}
	return len(rests)
}

// departure is when a travel begins, where that matters: with several periods, and
// to what is near a point.
func (c *checker) departure(r int32, stated int64) *int64 {
	if len(c.problem.Profiles[c.problem.Shifts[r].Profile].Periods) == 1 && len(c.problem.Coverage) == 0 {
		return nil
	}
	return &stated
}

// wayBack checks the last leg and the breaks around it.
func (c *checker) wayBack(r int32, clock, travel int64, rests []Stop) {
	route := &c.solution.Routes[r]
	for before := 0; before <= len(rests); before++ {
		ok, at := true, clock
		for _, rest := range rests[:before] {
			ok = ok && rest.Start >= at
			at = rest.End
		}
		if depart := c.departure(r, route.Return); depart != nil {
			ok = ok && *depart >= at
			at = *depart
		}
		if at += travel; at != route.Back {
			continue
		}
		for _, rest := range rests[before:] {
			ok = ok && rest.Start >= at
			at = rest.End
		}
		if ok {
			x := transit{clock: clock, travel: travel, rests: rests}
			if !x.told(route.Return, len(rests), func(reached, _ int64) bool { return reached == route.Back }) {
				c.found("travel", r, None, "routes[%d]: returns at %d and is back at %d: neither travel nor the breaks before it give that", r, route.Return, route.Back)
			}
			return
		}
	}
	c.found("travel", r, None, "routes[%d]: back at %d, which travel and breaks do not give", r, route.Back)
}

// hours checks that a route lies within its shift, or its overtime, breaks
// included, and that it is not too long.
func (c *checker) hours(r int32) {
	shift, route := &c.problem.Shifts[r], &c.solution.Routes[r]
	begin, end := span(shift, route)
	if begin < shift.Start || route.Leave < shift.Start {
		c.found("hours", r, None, "routes[%d]: begins at %d, before %d", r, min(begin, route.Leave), shift.Start)
	}
	latest := shift.End
	for _, tier := range shift.Overtime {
		latest = shift.End + tier.After
	}
	if end > latest {
		c.found("hours", r, None, "routes[%d]: ends at %d, after %d", r, end, latest)
	}
	if shift.LongestWork > 0 && end-begin > shift.LongestWork {
		c.found("hours", r, None, "routes[%d]: works for %d, the longest is %d", r, end-begin, shift.LongestWork)
	}
	if shift.LongestTravel > 0 && route.Travel > shift.LongestTravel {
		c.found("hours", r, None, "routes[%d]: travels for %d, the longest is %d", r, route.Travel, shift.LongestTravel)
	}
}

// span is when the working time of a route begins and ends, breaks at its two
// ends included. A shift that does not leave late works from its start.
func span(shift *Shift, route *Route) (begin, end int64) {
	begin, end = route.Leave, route.Back
	if stop := &route.Stops[0]; stop.isBreak() {
		begin = min(begin, stop.Start)
	}
	if stop := &route.Stops[len(route.Stops)-1]; stop.isBreak() {
		end = max(end, stop.End)
	}
	if !shift.LeaveLate {
		begin = min(begin, shift.Start)
	}
	return begin, end
}

func (c *checker) unserved() {
	listed := make([]bool, len(c.problem.Tasks))
	for i, task := range c.solution.Unserved {
		if task < 0 || int(task) >= len(listed) {
			c.found("task", None, task, "unserved[%d]: no such task", i)
			continue
		}
		if i > 0 && task <= c.solution.Unserved[i-1] {
			c.found("task", None, task, "unserved[%d]: not ascending", i)
		}
		listed[task] = true
	}
	for task := range listed {
		switch {
		case listed[task] && c.shiftOf[task] != None:
			c.found("task", c.shiftOf[task], int32(task), "task %d is done and listed as unserved", task)
		case !listed[task] && c.shiftOf[task] == None && !c.cut:
			c.found("task", None, int32(task), "task %d is neither done nor listed as unserved", task)
		}
	}
	for task := range c.problem.Tasks {
		if listed[task] && c.problem.Tasks[task].Pin.Frozen {
			c.found("pin", None, int32(task), "task %d is frozen and not done", task)
		}
		if listed[task] && c.problem.Tasks[task].UnservedCost == Infinity {
			c.found("task", None, int32(task), "task %d must be done", task)
		}
	}
}

// pairs checks that nothing is picked up and not delivered; deliveries have been
// looked at on their routes.
func (c *checker) pairs() {
	for i := range c.problem.Tasks {
		if pickup := c.problem.Tasks[i].Modes[0].PickupOf; pickup != None && c.shiftOf[pickup] != None && c.shiftOf[i] == None {
			c.found("pair", c.shiftOf[pickup], pickup, "task %d is done and task %d, which delivers it, is not", pickup, i)
		}
	}
}

func (c *checker) links() {
	for i, l := range c.problem.Links {
		a, b := c.shiftOf[l.First], c.shiftOf[l.Second]
		if l.AllOrNothing && (a == None) != (b == None) {
			c.found("link", None, l.First, "links[%d]: only one of tasks %d and %d is done", i, l.First, l.Second)
		}
		if a == None || b == None {
			continue
		}
		gap := c.startOf[l.Second] - c.startOf[l.First]
		if l.Apart && gap < 0 {
			gap = -gap
		}
		if gap < l.Min || gap > l.Max {
			c.found("link", a, l.First, "links[%d]: task %d starts %d after task %d, outside %d..%d", i, l.Second, gap, l.First, l.Min, l.Max)
		}
		if same := c.samePerson(a, b); l.Shift == SameShift && !same || l.Shift == DifferentShift && same {
			c.found("link", a, l.First, "links[%d]: tasks %d and %d are done by shifts %d and %d", i, l.First, l.Second, a, b)
		}
	}
}

// groups checks how many people do the tasks of a group.
func (c *checker) groups() {
	for i, list := range people(c.problem, c.shiftOf) {
		if most := int(c.problem.Groups[i].MostShifts); most > 0 && len(list) > most {
			c.found("group", None, None, "groups[%d]: %d people do its tasks, at most %d may", i, len(list), most)
		}
	}
}

// people are by group the shifts that do its tasks, one for each person.
func people(p *Problem, shiftOf []int32) [][]int32 {
	lists := make([][]int32, len(p.Groups))
	for i := range p.Tasks {
		r, group := shiftOf[i], p.Tasks[i].Group
		if r == None || group == None || len(lists) == 0 {
			continue
		}
		who := p.Shifts[r].Person
		if !slices.ContainsFunc(lists[group], func(x int32) bool { return x == r || who != 0 && p.Shifts[x].Person == who }) {
			lists[group] = append(lists[group], r)
		}
	}
	return lists
}

// resources checks that no resource is held by too many at the start of any shift.
func (c *checker) resources() {
	p := c.problem
	uses := func(r int, k int32) bool {
		return len(c.solution.Routes[r].Stops) > 0 && slices.Contains(p.Shifts[r].Resources, k)
	}
	for k, x := range p.Resources {
		for r := range p.Shifts {
			if !uses(r, int32(k)) {
				continue
			}
			at, held := p.Shifts[r].Start, int64(0)
			for other := range p.Shifts {
				s := &p.Shifts[other]
				end := s.End
				for _, tier := range s.Overtime {
					end = s.End + tier.After
				}
				if s.Start <= at && at < end && uses(other, int32(k)) {
					held++
				}
			}
			if most := x.Capacity * max(x.Sharers, 1); held > most {
				c.found("resource", int32(r), None, "resources[%d]: %d shifts hold it at %d, at most %d may", k, held, at, most)
			}
		}
	}
}

// samePerson tells whether one person works both shifts.
func (c *checker) samePerson(a, b int32) bool {
	who := c.problem.Shifts[a].Person
	return a == b || who != 0 && who == c.problem.Shifts[b].Person
}

// hardTerms checks that what must cost nothing does not.
func (c *checker) hardTerms() {
	for _, t := range Price(c.problem, c.solution) {
		if t.Level == HardLevel && t.Cost > 0 {
			c.found("term", None, None, "%s is hard and costs %d", t.Kind, t.Cost)
		}
	}
}

func (c *checker) cost() {
	terms := Price(c.problem, c.solution)
	if len(terms) != len(c.solution.Terms) {
		c.found("cost", None, None, "%d terms, recomputed %d", len(c.solution.Terms), len(terms))
		return
	}
	for i, t := range terms {
		if t != c.solution.Terms[i] {
			c.found("cost", None, None, "terms[%d]: %s costs %d in level %d, recomputed %s %d in level %d", i,
				c.solution.Terms[i].Kind, c.solution.Terms[i].Cost, c.solution.Terms[i].Level, t.Kind, t.Cost, t.Level)
		}
	}
	if levels := c.problem.levelSums(terms); !slices.Equal(levels, c.solution.Levels) {
		c.found("cost", None, None, "levels cost %d, recomputed %d", c.solution.Levels, levels)
	}
	if fold, err := c.problem.fold(); err != nil {
		c.found("cost", None, None, "%v", err)
	} else if sum := fold.cost(terms); sum != c.solution.Cost {
		c.found("cost", None, None, "costs %d, recomputed %d", c.solution.Cost, sum)
	}
}
