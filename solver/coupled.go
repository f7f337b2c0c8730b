package solver

// Some terms couple routes: no route has a cost of its own in them. Each route
// has its facts instead, noted whenever it is priced, and what they cost together
// is computed anew from the facts of all routes. That is a walk over the shifts,
// and not over the stops.

// fact is what one route contributes.
type fact struct {
	tardy int64 // the largest lateness
	idle  int64 // what is neither travel nor task nor break, from the start of the shift to its end or to when it is over
	waits int64 // the longest wait before one task
	work  int64 // travel and tasks
}

// unused is the fact of a shift that does nothing.
func (sm *shiftModel) unused() fact { return fact{idle: sm.regular - sm.opens} }

// over completes the fact of a route that is over at a time.
func (f *fact) over(sm *shiftModel, done, travel, service, rested int64) {
	f.work = travel + service
	f.idle = max(sm.regular, done) - sm.opens - f.work - rested
}

// coupled is what the facts of all routes cost together. A worker that has a
// part of the routes, its own, pays for the most idle of those, and for its share
// of the shifts: about the others it can do nothing, and the largest of all comes
// down when every part does its own. Nil: all are its own.
func (m *model) coupled(facts []fact, own []bool) int64 {
	if !m.couples {
		return 0
	}
	var idle, shifts int64
	for i := range facts {
		if own == nil || own[i] {
			idle, shifts = max(idle, facts[i].idle), shifts+1
		}
	}
	return m.butIdle(facts) + m.shareOf(m.weight.idleMost*idle, shifts)
}

// shareOf is what so many of all shifts have of a cost, rounded down.
func (m *model) shareOf(cost, shifts int64) int64 {
	all := int64(max(len(m.shifts), 1))
	return cost/all*shifts + cost%all*shifts/all // a product of the whole cost might be too large
}

// butIdle is that without what idle time costs.
func (m *model) butIdle(facts []fact) int64 {
	var tardy, waits, work int64
	for i := range facts {
		f := &facts[i]
		tardy, waits, work = max(tardy, f.tardy), max(waits, f.waits), work+f.work
	}
	cost := tardy*m.weight.tardiest + waits*m.weight.waitMost
	if m.weight.balance > 0 {
		shifts := int64(len(facts))
		for i := range facts {
			off := facts[i].work*shifts - work
			cost += (max(off, -off) + shifts - 1) / shifts * m.weight.balance
		}
	}
	return cost
}
