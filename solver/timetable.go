package solver

import "context"

// timetable fixes the starts of all stops of routes whose order is settled,
// at the least cost of waiting, working time and preferred windows. Every
// window is hard-only here; early and late are the bounds of the schedule.
//
// The cost is convex in the starts where a task has one window, so moving sets
// of stops by smaller and smaller steps leads down: a stop moves, and drags
// along what routes and links tie to it.
type timetable struct {
	*search
	start   []int64
	facts   []fact  // by route; nil when no term couples routes
	guard   guard   // at these starts; see coverage.go
	short   int64   // what coverage costs, while stops are moved
	rest    int64   // what a unit of a break is worth while a route is timed that is more idle than all others
	moved   []was   // early holds the start before
	route   []int32 // routes that moved stops lie on
	ways    []toll  // scratch
	onto    []bool
	network network
	chainScratch
}

func newTimetable(w *search) *timetable {
	t := &timetable{
		search: w, start: make([]int64, len(w.state.nodes)),
		onto: make([]bool, len(w.model.shifts)), guard: newGuard(w.model),
	}
	if w.model.couples {
		t.facts = make([]fact, len(w.model.shifts))
	}
	return t
}

// fromState takes over the starts that the search paid for, then gives every
// task all its windows.
func (t *timetable) fromState() bool {
	s, m := t.state, t.model
	for r := range m.shifts {
		if s.size[r] > 0 {
			s.timeRoute(m, int32(r), t.start)
		}
	}
	for v := range m.tasks {
		s.nodes[v].keen = false
	}
	return t.reschedule()
}

// cost is what a route costs at the starts of the timetable. It notes the facts
// of the route.
func (t *timetable) cost(r int32) int64 {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	if s.size[r] == 0 {
		if m.couples {
			t.facts[r] = sm.unused()
			t.guard.leave(m, r)
		}
		return 0
	}
	if sm.chained {
		return t.costChained(r)
	}
	if sm.timed != nil {
		return t.costByPeriod(r)
	}
	first, end := m.startOf(r), m.endOf(r)
	var travel, distance, wait, begin, left, done, service, rested int64
	var f fact
	cost := sm.fixed + sm.allMissed
	for p := first; p != end; p = s.nodes[p].next {
		n := &s.nodes[p]
		leg := m.leg(r, p, n.next)
		breaks := sm.breaks[n.lo:n.hi]
		rest := restTime(breaks)
		cost -= sm.rested(breaks)
		service += n.service
		rested += rest
		travel += int64(leg.time)
		distance += int64(leg.distance)
		if p == first {
			begin = sm.start
			if sm.leaveLate {
				begin = retreat(t.start[n.next], leg.time, breaks)
			}
			left = begin
		} else {
			cost += m.assign[int(p)*len(m.shifts)+int(r)] + m.nodes[p].offWindow(t.start[p])
			left = t.start[p] + n.service
			if m.couples {
				f.tardy = max(f.tardy, m.nodes[p].lateness(t.start[p]))
			}
		}
		if m.guarded != nil {
			until := Infinity
			if n.next != end {
				until = t.start[n.next]
			}
			t.guard.goes(p, left, until, leg.time, breaks, p == first && sm.leaveLate)
		}
		if n.next == end {
			done = advance(left, leg.time, breaks)
			cost += (done-begin)*sm.workCost + sm.overtime(done)
			break
		}
		waited := t.start[n.next] - left - int64(leg.time) - rest
		wait += waited
		f.waits = max(f.waits, waited)
	}
	if m.couples {
		f.over(sm, done, travel, service, rested)
		t.facts[r] = f
		t.guard.lay(m, s.nodes, r)
	}
	return cost + travel*sm.timeCost + distance*sm.distanceCost/sm.distanceUnit*sm.distanceFold + wait*sm.waitCost
}

// total is what the routes cost, and the units that are not done.
func (t *timetable) total() int64 {
	var sum int64
	for r := range t.model.shifts {
		sum += t.cost(int32(r))
	}
	for _, u := range t.state.out {
		sum += t.model.fault[u]
	}
	return sum + t.coupling() + t.state.grouped
}

// coupling is what couples the routes as they have been looked at last.
func (t *timetable) coupling() int64 {
	return t.model.coupled(t.facts, nil) + t.guard.cost(t.model)
}

// coupled is what the starts cost over all routes together. It looks at the
// given routes anew, nil: at all of them.
func (t *timetable) coupled(routes []int32) int64 {
	if t.facts == nil {
		return 0
	}
	if routes == nil {
		for r := range t.facts {
			t.cost(int32(r))
		}
	}
	for _, r := range routes {
		t.cost(r)
	}
	return t.coupling()
}

// set notes and changes a start.
func (t *timetable) set(v int32, start int64) {
	t.moved = append(t.moved, was{t.start[v], v})
	t.start[v] = start
	if r := t.state.nodes[v].route; !t.onto[r] {
		t.onto[r] = true
		t.route = append(t.route, r)
	}
	t.queue.add(v)
}

// later moves a start to at least x, and pushes on what must follow.
func (t *timetable) later(v int32, x int64) {
	s, m := t.state, t.model
	to := func(v int32, x int64) {
		if x > t.start[v] {
			t.set(v, firstStart(m.nodes[v].hard, x))
		}
	}
	to(v, x)
	for len(t.queue.waiting()) > 0 {
		v := t.queue.take()
		n := &s.nodes[v]
		if int(n.next) < m.tasks {
			to(n.next, m.shifts[n.route].onward(n, &s.nodes[n.next], t.start[v]+n.service))
		} else if sm := &m.shifts[n.route]; sm.longest > 0 {
			first := &s.nodes[m.startOf(n.route)]
			to(first.next, sm.onward(first, &s.nodes[first.next], t.over(n.route)-sm.longest))
		}
		for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
			if o := m.push.item[e]; s.nodes[o].route != None {
				to(o, t.start[v]+s.pushLag(m, e))
			}
		}
	}
	t.queue.clear()
}

// earlier moves a start to at most x, and pulls along what must come before.
func (t *timetable) earlier(v int32, x int64) {
	s, m := t.state, t.model
	to := func(v int32, x int64) {
		if x < t.start[v] {
			t.set(v, lastStart(m.nodes[v].hard, x))
		}
	}
	to(v, x)
	for len(t.queue.waiting()) > 0 {
		v := t.queue.take()
		n := &s.nodes[v]
		if int(n.prev) < m.tasks {
			p := &s.nodes[n.prev]
			to(n.prev, m.shifts[n.route].backward(p, n, t.start[v])-p.service)
		} else if sm := &m.shifts[n.route]; sm.longest > 0 {
			end := &s.nodes[m.endOf(n.route)]
			last := &s.nodes[end.prev]
			to(end.prev, sm.backward(last, end, t.begins(n.route)+sm.longest)-last.service)
		}
		for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
			if o := m.pull.item[e]; s.nodes[o].route != None {
				to(o, t.start[v]-s.pullLag(m, e))
			}
		}
	}
	t.queue.clear()
}

// try moves one stop to a start, and keeps that when it costs less.
func (t *timetable) try(v int32, x int64, costs []int64) bool {
	n := &t.state.nodes[v]
	x = max(n.early, min(n.late, x))
	if x == t.start[v] {
		return false
	}
	t.moved = t.moved[:0]
	t.route = t.route[:0]
	gain := t.model.coupled(t.facts, nil)
	guards := false
	if x > t.start[v] {
		t.later(v, x)
	} else {
		t.earlier(v, x)
	}
	for _, r := range t.route {
		gain += costs[r] - t.cost(r)
		guards = guards || t.guard.comes(t.model, r)
		t.onto[r] = false
	}
	gain -= t.model.coupled(t.facts, nil)
	short := t.short
	if guards && gain+t.short > 0 { // or nothing that is covered now could make up for it
		short = t.guard.cost(t.model)
	}
	if gain += t.short - short; gain <= 0 {
		for i := len(t.moved) - 1; i >= 0; i-- {
			t.start[t.moved[i].node] = t.moved[i].early
		}
		for _, r := range t.route {
			t.cost(r) // notes its facts
		}
		return false
	}
	t.short = short
	for _, r := range t.route {
		costs[r] = t.cost(r)
	}
	return true
}

// polish moves stops until no single move of any step size, with what it drags
// along, costs less. Only the stops of the given routes are moved by their own
// will; nil means all.
func (t *timetable) polish(ctx context.Context, routes []int32) {
	s, m := t.state, t.model
	if routes == nil {
		for r := range m.shifts {
			routes = append(routes, int32(r))
		}
	}
	costs := make([]int64, len(m.shifts))
	var widest int64
	for r := range m.shifts {
		costs[r] = t.cost(int32(r))
	}
	t.short = t.guard.cost(m)
	for _, r := range routes {
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			widest = max(widest, s.nodes[v].late-s.nodes[v].early)
		}
	}
	for step := widest; step > 0; step /= 2 {
		for range 3 {
			better := false
			for _, r := range routes {
				if ctx.Err() != nil {
					return
				}
				for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
					node := &m.nodes[v]
					if step == widest && node.moved(t.start[v]) > 0 {
						better = t.try(v, node.unchanged(t.start[v]), costs) || better
					}
					if node.offWindow(t.start[v]) > 0 && step == widest {
						wish := node.wish(t.start[v])
						better = t.try(v, max(wish.From, min(wish.To, t.start[v])), costs) || better
					}
					if step == widest {
						for i := range node.byWindow {
							better = t.try(v, max(node.hard[i].From, node.byWindow[i].From), costs) || better
							better = t.try(v, min(node.hard[i].To, node.byWindow[i].To), costs) || better
						}
					}
					better = t.try(v, t.start[v]+step, costs) || better
					better = t.try(v, t.start[v]-step, costs) || better
				}
			}
			if !better {
				break
			}
		}
	}
}

// repair makes the timetable keep a schedule that has become tighter: every
// start moves to late at most, and is pushed on from there.
func (t *timetable) repair() {
	s, m := t.state, t.model
	for _, v := range t.placed() {
		n := &s.nodes[v]
		t.start[v] = max(n.early, lastStart(m.nodes[v].hard, min(n.late, t.start[v])))
	}
	t.moved, t.route = t.moved[:0], t.route[:0]
	for _, v := range t.placed() {
		t.queue.add(v)
	}
	if waiting := t.queue.waiting(); len(waiting) > 0 {
		t.later(waiting[0], t.start[waiting[0]])
	}
	for _, r := range t.route {
		t.onto[r] = false
	}
	if t.model.chained {
		t.repairChains()
	}
}

// placed lists the tasks that are done.
func (t *timetable) placed() []int32 {
	var tasks []int32
	for v := range t.model.tasks {
		if t.state.nodes[v].route != None {
			tasks = append(tasks, int32(v))
		}
	}
	return tasks
}
