package solver

import "math"

// Where lateness may be bought without bound, a place for a task costs what it
// makes late: the task itself, the stops behind it on its route, and whatever
// links drag along on other routes. The first two are known from the gaps of
// the route, and are what a scan adds to the price of a place; the third shows
// when the task is put in on trial, for pushing starts on tells the price of
// every move. So scans give bounds, trials the truth, and the cheapest few
// places by their bounds are tried, until the next bound is above the best
// truth. The largest tardiness is no sum over routes: what is paid for it in an
// iteration is how far it rises above worst, the largest in the routes that
// the ruin has left.

// lag is what the starts that were raised since it was cleared have cost.
type lag struct {
	cost int64 // of lateness
	peak int64 // the largest lateness among them
	bare int64 // what the tasks that were put in cost but for lateness
}

// add notes that a task starts at t and not at before.
func (l *lag) add(n *nodeModel, before, t int64) {
	if n.dues == nil && t <= n.due {
		return
	}
	l.cost += n.lateCost(t) - n.lateCost(before)
	l.peak = max(l.peak, n.lateness(t))
}

// dues are the times after which starts of a task are late, by window where
// they differ.
func (m *model) dues(mode *Mode, pin int64) (due int64, byWindow []int64) {
	of := func(wish *Preferred) int64 {
		if wish.Late > 0 && m.weight.preferred+m.weight.tardiest > 0 {
			return wish.To
		}
		return Infinity
	}
	if mode.ByWindow == nil {
		return of(&mode.Preferred), nil
	}
	for j, w := range mode.Windows {
		if w.From <= pin && pin <= w.To {
			return of(&mode.ByWindow[j]), nil
		}
		byWindow = append(byWindow, of(&mode.ByWindow[j]))
	}
	return 0, byWindow
}

// lateness is by how much a start is late; less than 0: it is not.
func (n *nodeModel) lateness(t int64) int64 {
	if n.dues == nil {
		return t - n.due
	}
	due := n.dues[0]
	for j := 1; j < len(n.hard) && n.hard[j].From <= t; j++ {
		due = n.dues[j]
	}
	return t - due
}

// lateCost is what a start costs for being late.
func (n *nodeModel) lateCost(t int64) int64 {
	late := n.lateness(t)
	switch {
	case late <= 0:
		return 0
	case n.byWindow != nil:
		return late * n.wish(t).Late
	}
	return late * n.preferred.Late
}

// tardiest is the largest lateness of all routes.
func (s *state) tardiest() int64 {
	var worst int64
	for i := range s.facts {
		worst = max(worst, s.facts[i].tardy)
	}
	return worst
}

// excess is what a lateness costs for being the largest.
func (w *search) excess(peak int64) int64 {
	return max(0, peak-w.worst) * w.model.tardiest
}

// full is the bound on what a place costs, with what it adds to the largest
// lateness as it stands.
func (w *search) full(at place) int64 {
	if at.pred == None {
		return Infinity
	}
	return at.cost + max(0, w.excess(int64(at.peak))-w.excess(w.lag.peak))
}

// towed is what it costs the partners of a task, put in already, when it
// starts at t, and the largest lateness among them, at least peak.
func (w *search) towed(u int32, t, peak int64) (cost, largest int64) {
	m := w.model
	for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
		o := m.push.item[e]
		n, start := &m.nodes[o], t+w.state.pushLag(m, e)
		if s := &w.state.nodes[o]; s.route != None && start > s.early {
			cost += n.lateCost(start) - n.lateCost(s.early)
			peak = max(peak, n.lateness(start))
		}
	}
	return cost, peak
}

// due is what delayed reads of a stop: when it opens, from when on it is late
// and at what price, how late it is as it stands, and how long after its start
// the next stop is reached.
type due struct {
	opens, due, late, was, step int64
	plain                       bool // one window, no break behind it
}

// dueOf is that of a task as it stands in a route.
func (m *model) dueOf(sm *shiftModel, n *node, v int32) due {
	task := &m.nodes[v]
	return due{
		opens: task.hard[0].From, due: task.due, late: task.preferred.Late, was: max(0, n.early-task.due),
		step: n.service + int64(n.leg.time), plain: len(task.hard) == 1 && task.dues == nil && n.lo == n.hi && sm.timed == nil,
	}
}

// delayed is what it costs the stops behind a gap of a route when the one that
// the gap ends at is ready to start at t, links left aside, and the largest
// lateness among them, at least peak. It stops where that costs limit.
func (w *search) delayed(route *gaps, sm *shiftModel, at int, t, peak, limit int64) (cost, largest int64) {
	for ; at < len(route.dues) && cost < limit; at++ {
		early := route.list[at].early
		if t <= early {
			break
		}
		x := &route.dues[at]
		if x.plain {
			t = max(t, x.opens)
			if late := t - x.due; late > 0 {
				cost += (late - x.was) * x.late
				peak = max(peak, late)
			}
			t += x.step
			continue
		}
		behind := &route.list[at+1]
		n := &w.model.nodes[behind.pred]
		t = firstStart(n.hard, t)
		cost += n.lateCost(t) - n.lateCost(early)
		peak = max(peak, n.lateness(t))
		t = ahead(t+behind.left-early, behind.direct.time, sm.breaks[behind.lo:behind.hi])
	}
	return cost, peak
}

// saturate fits a lateness into a place.
func saturate(peak int64) int32 { return int32(min(max(peak, 0), math.MaxInt32)) }

// bare is what a task that stands in a route on trial costs but for lateness.
func (w *search) bare(u int32) int64 {
	s, m := w.state, w.model
	n := &s.nodes[u]
	r := n.route
	sm, p := &m.shifts[r], &s.nodes[n.prev]
	cost := m.assign[int(u)*len(m.shifts)+int(r)] + n.service*sm.workCost + s.greeted(m, u)
	travel, distance := int64(p.leg.time)+int64(n.leg.time), int64(p.leg.distance)+int64(n.leg.distance)
	if s.size[r] == 1 {
		cost += sm.fixed
	} else {
		direct := m.leg(r, n.prev, n.next)
		travel, distance = travel-int64(direct.time), distance-int64(direct.distance)
	}
	if wish := m.nodes[u].wish(n.early); n.early < wish.From {
		cost += (wish.From - n.early) * wish.Early
	}
	cost += m.nodes[u].moved(n.early)
	return cost + travel*(sm.timeCost+sm.workCost) + (distance*sm.distanceRate)>>16
}
