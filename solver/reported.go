package solver

import "slices"

// What has happened is seldom what was planned: a road was quicker than the matrix has
// it, or has been closed since, a visit was shorter, or outside its window, a break came
// late. What is frozen stands as it was reported, and where the problem would not allow
// that, the problem gives way: the search, Check and Price all read it as asReported has
// it. A leg that was quicker than the matrix leads to a copy of its location, to which all
// other ways are as long as before.

// reports makes a problem what the reports of its frozen stops say.
type reports struct {
	problem *Problem // the copy, as far as it has been needed
	given   *Problem
	shifts  bool    // of the copy are its own
	tasks   bool    // and so are these
	copies  []int32 // by location that has been added: the one that it is a copy of
	legs    []quickLeg
}

// quickLeg is a leg that took less than the matrix says.
type quickLeg struct {
	profile, from, to int32
	time, distance    int32
}

// asReported is the problem in which what a solution says up to the last frozen stop of
// each route is possible, as far as times within the shift go; where all is as the problem
// has it, the problem itself. Stops that there cannot be are left to Check.
func (p *Problem) asReported(s *Solution) *Problem {
	frozen := func(task int32) bool { return task >= 0 && int(task) < len(p.Tasks) && p.Tasks[task].Pin.Frozen }
	if s == nil || len(s.Routes) != len(p.Shifts) || !slices.ContainsFunc(p.Tasks, func(t Task) bool { return t.Pin.Frozen }) {
		return p
	}
	x := &reports{problem: p, given: p}
	for r := range s.Routes {
		stops := s.Routes[r].Stops
		last := len(stops) - 1
		for last >= 0 && !frozen(stops[last].Task) {
			last--
		}
		if last >= 0 {
			x.route(int32(r), &s.Routes[r], last+1)
		}
	}
	x.addLocations()
	return x.problem
}

// shift is a shift of the copy, to be changed.
func (x *reports) shift(r int32) *Shift {
	x.own()
	if !x.shifts {
		x.problem.Shifts, x.shifts = slices.Clone(x.problem.Shifts), true
	}
	return &x.problem.Shifts[r]
}

// rests are the breaks of a shift of the copy, to be changed.
func (x *reports) rests(r int32) []Break {
	s := x.shift(r)
	s.Breaks = slices.Clone(s.Breaks)
	return s.Breaks
}

// mode is a mode of the copy, to be changed.
func (x *reports) mode(task, mode int32) *Mode {
	x.own()
	if !x.tasks {
		x.problem.Tasks, x.tasks = slices.Clone(x.problem.Tasks), true
	}
	t := &x.problem.Tasks[task]
	t.Modes = slices.Clone(t.Modes)
	return &t.Modes[mode]
}

func (x *reports) own() {
	if x.problem == x.given {
		p := *x.given
		x.problem = &p
	}
}

// route goes along so many stops of a route, the last of which is frozen.
func (x *reports) route(r int32, route *Route, stops int) {
	shift := &x.given.Shifts[r]
	moment, _ := span(shift, route)
	clock, first := route.Leave, true
	before := None // the located stop before; None: the start
	var rests []Stop
	for i := range route.Stops[:stops] {
		stop := &route.Stops[i]
		if stop.Start < shift.Start || stop.End < stop.Start || stop.End > shift.latest() {
			return
		}
		switch {
		case stop.isBreak():
			if stop.Break < 0 || int(stop.Break) >= len(shift.Breaks) {
				return
			}
			x.rest(r, stop, moment)
			moment = stop.End
			if shift.Breaks[stop.Break].Location == None {
				rests = append(rests, *stop)
				continue
			}
		case stop.isRefill():
			if stop.Refill < 0 || int(stop.Refill) >= len(shift.Refills) {
				return
			}
		default:
			if stop.Task < 0 || int(stop.Task) >= len(x.given.Tasks) || stop.Mode < 0 || int(stop.Mode) >= len(x.given.Tasks[stop.Task].Modes) {
				return
			}
			x.task(r, stop)
		}
		leg := transit{clock: clock, rests: rests, first: first}
		x.leg(r, route.Stops, before, int32(i), leg)
		clock, first, rests, before = stop.End, false, rests[:0], int32(i)
	}
}

// task lets a task take as long as it did, when it did.
func (x *reports) task(r int32, stop *Stop) {
	mode := &x.problem.Tasks[stop.Task].Modes[stop.Mode]
	service := mode.Service
	if mode.ByClass != nil {
		service = mode.ByClass[x.given.Shifts[r].Class]
	}
	if took := stop.End - stop.Start; took != service {
		mode = x.mode(stop.Task, stop.Mode)
		mode.Service, mode.ByClass = took, nil
	}
	at := heldAt(mode, stop)
	nearest, away := 0, Infinity
	for i, w := range mode.Windows {
		if far := max(w.From-at, at-w.To); far < away {
			nearest, away = i, far
		}
	}
	if away > 0 && len(mode.Windows) > 0 {
		mode = x.mode(stop.Task, stop.Mode)
		mode.Windows = []Window{{at, at}}
		if mode.ByWindow != nil {
			mode.ByWindow = mode.ByWindow[nearest : nearest+1 : nearest+1]
		}
	}
}

// rest lets a break take as long as it did, when it did, so long after the work or the
// break before it.
func (x *reports) rest(r int32, stop *Stop, moment int64) {
	b := x.problem.Shifts[r].Breaks[stop.Break]
	was := b
	if stop.Start < b.From || stop.Start > b.To {
		b.Window = Window{stop.Start, stop.Start}
	}
	b.Length = stop.End - stop.Start
	if b.AfterWork > 0 && stop.Start-moment > b.AfterWork {
		b.AfterWork = stop.Start - moment
	}
	if b != was {
		x.rests(r)[stop.Break] = b
	}
}

// leg lets the leg between two located stops of a route take no longer than there was time.
func (x *reports) leg(r int32, stops []Stop, before, at int32, leg transit) {
	p := x.problem
	shift := &p.Shifts[r]
	from, to := shift.From, locationOf(p, shift, &stops[at])
	if before != None {
		from = locationOf(p, shift, &stops[before])
	}
	c := &checker{problem: p}
	most := c.beforeTravel(shift, leg.rests)
	depart := c.departure(r, stops[at].Depart)
	fits := func(time int64) bool {
		leg.travel = time
		return leg.passes(depart, stops[at].Start, most)
	}
	time, distance, is := travelOf(x.given, r)(x.original(from), x.original(to), stops[at].Depart)
	if is && fits(time) || !fits(0) {
		return
	}
	low, high := int64(0), stops[at].Start-leg.clock // what fits, and what may not
	if is {
		high = time
	}
	for high = max(high, 0) + 1; high-low > 1; {
		if middle := low + (high-low)/2; fits(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	quick := quickLeg{profile: shift.Profile, from: from, to: to, time: int32(min(low, int64(NoWay)-1)), distance: int32(distance)}
	switch stop := &stops[at]; {
	case stop.isBreak():
		quick.to = x.copyOf(to)
		x.rests(r)[stop.Break].Location = quick.to
	case stop.Task != None:
		quick.to = x.copyOf(to)
		x.mode(stop.Task, stop.Mode).Location = quick.to
	case before == None: // to a refill, which may be made again: so what comes before is copied
		quick.from = x.copyOf(from)
		x.shift(r).From = quick.from
	case stops[before].isBreak():
		quick.from = x.copyOf(from)
		x.rests(r)[stops[before].Break].Location = quick.from
	case stops[before].Task != None:
		quick.from = x.copyOf(from)
		x.mode(stops[before].Task, stops[before].Mode).Location = quick.from
	default:
		return
	}
	for i := range x.legs { // the leg before leads to the copy now
		if x.legs[i].to == from {
			x.legs = append(x.legs, quickLeg{x.legs[i].profile, x.legs[i].from, quick.from, x.legs[i].time, x.legs[i].distance})
		}
	}
	x.legs = append(x.legs, quick)
}

// locationOf is where a stop is that is no break on the way.
func locationOf(p *Problem, shift *Shift, stop *Stop) int32 {
	if stop.isBreak() {
		return shift.Breaks[stop.Break].Location
	}
	return modeOf(p, shift, stop).Location
}

// copyOf adds a location like another one.
func (x *reports) copyOf(location int32) int32 {
	x.copies = append(x.copies, x.original(location))
	return int32(x.given.Profiles[0].Periods[0].N + len(x.copies) - 1)
}

// original is the location of the given problem that one of the copy is, or is like.
func (x *reports) original(location int32) int32 {
	if n := x.given.Profiles[0].Periods[0].N; int(location) >= n {
		return x.copies[int(location)-n]
	}
	return location
}

// addLocations writes the matrices with what has been added.
func (x *reports) addLocations() {
	if len(x.copies) == 0 {
		return
	}
	x.problem.Profiles = slices.Clone(x.problem.Profiles)
	for f := range x.problem.Profiles {
		profile := &x.problem.Profiles[f]
		profile.Periods = slices.Clone(profile.Periods)
		for k := range profile.Periods {
			period := &profile.Periods[k]
			period.Time = x.widened(period.Time, period.N)
			period.Distance = x.widened(period.Distance, period.N)
			period.N += len(x.copies)
			for _, leg := range x.legs {
				if int(leg.profile) != f {
					continue
				}
				at := int(leg.from)*period.N + int(leg.to)
				period.Time[at] = leg.time
				if period.Distance != nil {
					period.Distance[at] = leg.distance
				}
			}
		}
	}
}

// widened is a matrix with rows and columns for the copies.
func (x *reports) widened(matrix []int32, n int) []int32 {
	if matrix == nil {
		return nil
	}
	wide := n + len(x.copies)
	out := make([]int32, wide*wide)
	for from := range wide {
		row := int(x.original(int32(from))) * n
		copy(out[from*wide:], matrix[row:row+n])
		for k, original := range x.copies {
			out[from*wide+n+k] = matrix[row+int(original)]
		}
	}
	return out
}
