package solver

import (
	"context"
	"slices"
)

// Fit is a way to do an unserved task, and all that is tied to it all or
// nothing, beside the routes as they stand.
type Fit struct {
	Spots []Spot
	Cost  int64 // what doing them adds to the cost of the routes
}

// Spot is where one task of a Fit goes.
type Spot struct {
	Task  int32
	Shift int32
	After int32 // the task before it, or None at the start of the route
}

// Insertable tells whether an unserved task, with its all-or-nothing partners,
// fits anywhere into the routes of a solution when the order of their stops
// stays and only starts move. A break stays between the stops it lies
// between. All places are looked at; of those that work, the one that adds
// least among the few most promising is returned. It says false for a task
// that is served, and for a solution that is not feasible itself.
func Insertable(p *Problem, s *Solution, task int32) (Fit, bool) {
	if p.Validate() != nil || task < 0 || int(task) >= len(p.Tasks) {
		return Fit{}, false
	}
	m := compile(context.Background(), p, false)
	w := newSchedule(m, newState(m))
	t := newTimetable(w)
	if !t.lay(s) || w.state.outAt[m.unitOf[task]] == None {
		return Fit{}, false
	}
	f := newFitting(t)
	return f.fit(context.Background(), m.unitOf[task])
}

// lay puts the routes of a solution into an empty state with their starts and
// computes the schedule. It says false when they do not keep the rules.
func (t *timetable) lay(sol *Solution) bool {
	s, m := t.state, t.model
	if len(sol.Routes) != len(m.shifts) {
		return false
	}
	for r := range sol.Routes {
		at := m.startOf(int32(r))
		end := m.endOf(int32(r))
		taken := uint8(0)
		for _, stop := range sol.Routes[r].Stops {
			if stop.Task == None {
				if int(stop.Break) != int(taken) || int(taken) >= len(m.shifts[r].breaks) {
					return false
				}
				taken++
				continue
			}
			u := stop.Task
			if u < 0 || int(u) >= m.tasks || s.nodes[u].route != None || !slices.Contains(m.eligible.of(u), int32(r)) {
				return false
			}
			s.nodes[at].hi = taken
			s.nodes[at].next = u
			s.nodes[at].leg = m.leg(int32(r), at, u)
			s.nodes[u] = node{
				leg: m.leg(int32(r), u, end), location: m.nodes[u].location,
				service: m.nodes[u].serviceBy(m.shifts[r].class),
				prev:    at, next: end, route: int32(r), lo: taken, hi: taken,
			}
			s.nodes[end].prev = u
			s.size[r]++
			for d := range m.dims {
				s.load[r*m.dims+d] += m.loads[int(u)*m.dims+d]
				if s.load[r*m.dims+d] > m.shifts[r].capacity[d] {
					return false
				}
			}
			t.start[u] = stop.Start
			at = u
		}
		s.nodes[at].hi = uint8(len(m.shifts[r].breaks))
	}
	for unit := range m.fault {
		done := 0
		members := m.units.of(int32(unit))
		for _, u := range members {
			if s.nodes[u].route != None {
				done++
				if !t.clauseAllows(u, s.nodes[u].route) {
					return false
				}
			}
		}
		if done == len(members) {
			s.takeIn(m, int32(unit))
		} else if done > 0 {
			return false
		}
	}
	return t.reschedule()
}

// hold keeps every task that starts inside its preferred window there, so that
// the search starts from the cost of the solution that was laid.
func (t *timetable) hold() bool {
	for v := range t.model.tasks {
		n := &t.state.nodes[v]
		if n.route != None && slices.ContainsFunc(t.model.nodes[v].keen, func(w Window) bool {
			return w.From <= t.start[v] && t.start[v] <= w.To
		}) {
			n.keen = true
		}
	}
	return t.reschedule()
}

// fitting looks for places for units in a settled timetable.
type fitting struct {
	*timetable
	saved      *state
	savedStart []int64
	members    []int32
	trial      []place
	found      [][]place // complete ways, cheapest estimate first
	sums       []int64
}

// fittingWidth is how many of the most promising ways are priced exactly.
const fittingWidth = 12

func newFitting(t *timetable) *fitting {
	return &fitting{timetable: t, saved: newState(t.model), savedStart: make([]int64, len(t.start))}
}

// fit finds a place for a unit and prices it; the timetable is left as it was.
func (f *fitting) fit(ctx context.Context, unit int32) (Fit, bool) {
	f.members = f.model.units.of(unit)
	f.trial = f.trial[:0]
	f.found, f.sums = f.found[:0], f.sums[:0]
	f.extend(0)
	best := Fit{Cost: Infinity}
	before := f.total()
	for _, places := range f.found {
		f.save()
		if f.apply(ctx, unit, places) {
			if added := f.total() - before + f.model.fault[unit]; added < best.Cost {
				best = Fit{Cost: added}
				for i, at := range places {
					spot := Spot{Task: f.members[i], Shift: at.route, After: None}
					if int(at.pred) < f.model.tasks {
						spot.After = at.pred
					}
					best.Spots = append(best.Spots, spot)
				}
			}
		}
		f.restore()
	}
	return best, best.Cost < Infinity
}

func (f *fitting) save() {
	f.saved.copyFrom(f.state)
	copy(f.savedStart, f.start)
}

func (f *fitting) restore() {
	f.state.copyFrom(f.saved)
	copy(f.start, f.savedStart)
}

// apply puts a unit in at the places and times the routes that it touches.
func (f *fitting) apply(ctx context.Context, unit int32, places []place) bool {
	members := f.model.units.of(unit)
	f.trail = f.trail[:0]
	var routes []int32
	for i, at := range places {
		if !f.insert(members[i], at) {
			return false
		}
		node := &f.model.nodes[members[i]]
		f.start[members[i]] = Infinity
		if node.priced {
			f.start[members[i]] = max(node.preferred.From, node.hard[0].From)
		}
		routes = append(routes, at.route)
	}
	if !f.commit(members) {
		return false
	}
	f.state.takeIn(f.model, unit)
	f.repair()
	slices.Sort(routes)
	f.polish(ctx, slices.Compact(routes))
	return true
}

// extend tries every place for the next member after the earlier ones.
func (f *fitting) extend(sum int64) {
	depth := len(f.trial)
	if depth == len(f.members) {
		at, _ := slices.BinarySearch(f.sums, sum)
		if at >= fittingWidth {
			return
		}
		f.sums = slices.Insert(f.sums, at, sum)
		f.found = slices.Insert(f.found, at, slices.Clone(f.trial))
		if len(f.sums) > fittingWidth {
			f.sums, f.found = f.sums[:fittingWidth], f.found[:fittingWidth]
		}
		return
	}
	u := f.members[depth]
	low, high, _ := f.bounds(u)
	var spots []place
	for _, r := range f.model.eligible.of(u) {
		if f.clauseAllows(u, r) {
			spots = f.everyPlace(spots, u, r, low, high)
		}
	}
	for _, at := range spots {
		if len(f.sums) == fittingWidth && sum+at.cost >= f.sums[fittingWidth-1] {
			continue
		}
		mark := len(f.trail)
		if !f.insert(u, at) {
			continue
		}
		f.trial = append(f.trial, at)
		f.extend(sum + at.cost)
		f.trial = f.trial[:depth]
		f.rewind(mark)
		f.unlink(u)
	}
}

// everyPlace lists all places of a task in a route that pass the
// constant-time test, whatever they cost.
func (f *fitting) everyPlace(spots []place, u, r int32, low, high int64) []place {
	s, m := f.state, f.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	for d := range m.dims {
		if s.load[int(r)*m.dims+d]+m.loads[int(u)*m.dims+d] > sm.capacity[d] {
			return spots
		}
	}
	service := task.serviceBy(sm.class)
	base := m.assign[int(u)*len(m.shifts)+int(r)]
	if s.size[r] == 0 {
		base += sm.fixed
	}
	for p := m.startOf(r); s.nodes[p].next != None; p = s.nodes[p].next {
		n := &s.nodes[p]
		in, on := m.leg(r, p, u), m.leg(r, u, n.next)
		if in.time == NoWay || on.time == NoWay {
			continue
		}
		travel := int64(in.time) + int64(on.time)
		distance := int64(in.distance) + int64(on.distance)
		if s.size[r] > 0 {
			direct := m.leg(r, p, n.next)
			travel -= int64(direct.time)
			distance -= int64(direct.distance)
		}
		for cut := n.lo; ; cut++ {
			arrive := advance(n.early+n.service, in.time, sm.breaks[n.lo:cut])
			start := firstStart(task.hard, max(arrive, low))
			late := retreat(s.nodes[n.next].late, on.time, sm.breaks[cut:n.hi]) - service
			if start <= high && start <= late {
				welcome := start
				if task.priced {
					welcome = max(start, min(late, high, task.preferred.From))
				}
				cost := base + travel*sm.timeCost + (distance*sm.distanceRate)>>16 +
					(travel+service)*sm.workCost + task.offWindow(welcome)
				spots = append(spots, place{cost: cost, pred: p, route: r, cut: cut})
			}
			if cut == n.hi {
				break
			}
		}
	}
	return spots
}

// fill puts in what fits and is cheaper done than left out, dearest first,
// until there is nothing of that kind.
func (f *fitting) fill(ctx context.Context) {
	for {
		units := slices.Clone(f.state.out)
		slices.SortFunc(units, func(a, b int32) int {
			if f.model.fault[a] != f.model.fault[b] {
				return compareDescending(f.model.fault[a], f.model.fault[b])
			}
			return int(a - b)
		})
		filled := false
		for _, unit := range units {
			if ctx.Err() != nil {
				return
			}
			fit, ok := f.fit(ctx, unit)
			if !ok || fit.Cost >= f.model.fault[unit] {
				continue
			}
			before := f.total()
			f.save()
			f.applySpots(ctx, unit, fit, before)
			filled = filled || f.state.outAt[unit] == None
		}
		if !filled {
			return
		}
	}
}

// applySpots repeats the way that fit found best.
func (f *fitting) applySpots(ctx context.Context, unit int32, fit Fit, before int64) {
	for _, places := range f.found {
		same := true
		for i, at := range places {
			after := at.pred
			if int(after) >= f.model.tasks {
				after = None
			}
			same = same && fit.Spots[i].Shift == at.route && fit.Spots[i].After == after
		}
		if !same {
			continue
		}
		if f.apply(ctx, unit, places) && f.total()-before+f.model.fault[unit] == fit.Cost {
			return
		}
		f.restore()
	}
}

func compareDescending(a, b int64) int {
	if a > b {
		return -1
	}
	if a < b {
		return 1
	}
	return 0
}
