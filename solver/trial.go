package solver

import "math"

// Where waiting, overtime or what couples routes has a price, no constant-time
// test tells what a place costs. So the few places that look cheapest are tried:
// the task is put in, starts are pushed on, and every route that this touches is
// priced as it would be when it is accepted.
//
// A largest value is a poor guide: while two shifts are idle all day, work for
// one of them gains nothing. So a trial counts the idle time of each shift at a
// price of its own, higher the nearer it is to the largest: the gradient of the
// soft maximum, whose prices add up to the term's weight.

// trials is the scratch of trials, and what guides them.
type trials struct {
	price    []float64 // by shift: of a unit of idle time, in this iteration; in a part it is less than one where the weight is small
	meanWork int64
	butIdle  int64   // of what couples routes before the trial, and of what is counted
	touched  []int32 // routes of the trial at hand
	isIn     []bool
	kept     []fact // of those routes
	spans    []kept // of those routes
}

// kept is a span as it was.
type kept struct {
	covered
	at int32
}

func newTrials(m *model) trials {
	shifts := len(m.shifts)
	return trials{
		spans: make([]kept, 0, len(m.guarded)*len(m.nodes)),
		price: make([]float64, shifts), touched: make([]int32, 0, shifts),
		isIn: make([]bool, shifts), kept: make([]fact, shifts),
	}
}

// steep is how many e-folds the price of idle time falls by from the largest to
// the mean.
const steep = 2

// weigh sets the prices of idle time from the routes as the ruin has left them.
func (w *search) weigh() {
	s, m, t := w.state, w.model, &w.trials
	if !m.exact || len(s.facts) == 0 {
		return
	}
	var most, sum, work int64
	for i := range s.facts {
		work += s.facts[i].work
	}
	t.meanWork = work / int64(len(s.facts))
	for _, r := range w.mineRoutes {
		most = max(most, s.facts[r].idle)
		sum += s.facts[r].idle
	}
	shifts := int64(len(w.mineRoutes))
	scale := max(1, float64(most-sum/max(shifts, 1))/steep)
	clear(t.price) // links may push what is done on routes of others
	total := 0.0
	for _, r := range w.mineRoutes {
		t.price[r] = math.Exp(float64(s.facts[r].idle-most) / scale)
		total += t.price[r]
	}
	whole := float64(m.weight.idleMost) * float64(shifts) / float64(len(m.shifts))
	for _, r := range w.mineRoutes {
		t.price[r] *= whole / total
	}
}

// ofIdle is what so much idle time on a route costs in this iteration.
func (t *trials) ofIdle(r int32, idle int64) int64 {
	return int64(t.price[r] * float64(idle))
}

// wishes is by how much a task looks cheaper in a route that has too little to
// do.
func (w *search) wishes(u, r int32) int64 {
	m := w.model
	if !m.exact {
		return 0
	}
	sm, f := &m.shifts[r], &w.state.facts[r]
	service := m.nodes[u].serviceBy(sm.class)
	wish := w.trials.ofIdle(r, min(service, f.idle))
	if m.weight.balance > 0 {
		wish += service * m.weight.balance
		if f.work > w.trials.meanWork {
			wish -= 2 * service * m.weight.balance
		}
	}
	return wish
}

// lookForward takes down what trials are compared with.
func (w *search) lookForward() {
	if w.model.exact {
		w.state.reprice(w.model)
		w.trials.butIdle = w.model.butIdle(w.state.facts) + w.state.guard.cost(w.model) + w.state.grouped
	}
}

// trialCost is what the members of a unit up to depth, which have been put in
// on trial, add to the cost of all routes.
func (w *search) trialCost(depth int) int64 {
	s, m, t := w.state, w.model, &w.trials
	t.touched, t.spans = t.touched[:0], t.spans[:0]
	for i := range depth + 1 {
		w.touchOnTrial(w.places[i].route)
	}
	for _, moved := range w.trail {
		w.touchOnTrial(s.nodes[moved.node].route)
	}
	var sum int64
	for _, r := range t.touched {
		sum += s.routeCost(m, r) - s.cost[r] + t.ofIdle(r, s.facts[r].idle-t.kept[r].idle)
	}
	sum += m.butIdle(s.facts) + s.guard.cost(m) + s.grouped - t.butIdle
	for _, r := range t.touched {
		s.facts[r] = t.kept[r]
		t.isIn[r] = false
	}
	for _, x := range t.spans {
		s.guard.spans[x.at] = x.covered
	}
	return sum
}

func (w *search) touchOnTrial(r int32) {
	if t := &w.trials; !t.isIn[r] {
		t.isIn[r] = true
		t.kept[r] = w.state.facts[r]
		t.touched = append(t.touched, r)
		t.spans = w.state.guard.keep(w.model, r, t.spans)
	}
}

// appraise is what a route costs, with its idle time.
func (w *search) appraise(r int32) int64 {
	cost := w.state.routeCost(w.model, r)
	if w.model.exact {
		cost += w.trials.ofIdle(r, w.state.facts[r].idle)
	}
	return cost
}

// appraiseAll is what a route costs, with what couples all routes as they stand.
func (w *search) appraiseAll(r int32) int64 {
	cost := w.state.routeCost(w.model, r)
	return cost + w.state.coupling(w.model)
}
