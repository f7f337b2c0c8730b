package solver

import "context"

// Retiming is exact for one route, and polishing moves tasks one by one, with what
// they drag along. Where links tie routes together that may end too early: two tasks
// that start together gain nothing by moving, and would with a third.
//
// With the way through each gap held, breaks included, and each task held in one
// window, every rule is a bound on one start or on the difference of two, and every
// cost a convex function of one start: preferred windows, waiting and work, which
// are paid for at the ends of a route, and overtime. The largest lateness and the
// largest idle time are one more number each, which starts bound like a start.
// Such a function is L-natural convex (Murota, "Discrete Convex Analysis", SIAM
// 2003, chapter 7): where it does not fall when some set of starts moves by one
// unit, all of them later or all of them earlier, it is nowhere less. The set
// with which it falls most is a minimum cut (closure.go), and descending along such sets
// ends at the least cost. Steps are wide at first and halved (there, section 10.3),
// so that few cuts do.
//
// Routes that cover points, and chained ones, stay as they are. So do those that
// nothing ties to others; for them retiming is exact. The longest wait may not grow,
// for it is a matter of two starts.

// network is the starts that may move, with what binds them and what they cost.
type network struct {
	closure
	start  []int64 // by node: that of the timetable
	vertex []int32 // by node: its vertex, or None where it stays
	stop   []int32 // by vertex: its node, or None where it is the largest of something
	at     []int64 // by vertex: its start, and between which bounds
	low    []int64
	high   []int64
	slope  []int64 // by vertex: what a unit costs before the first bend
	bends  []bend
	bent   []int32 // by vertex: its last bend, or None
	lag    []int64 // by pair of arcs: the end is so far behind the beginning at least
	tardy  int32   // the vertex of the largest lateness, or None
	idle   int32   // that of the largest idle time
	stays  bool    // no rule is broken as it is
}

// bend is where a cost gets steeper.
type bend struct {
	at, more int64
	before   int32
}

func (n *network) reset(nodes int, start []int64) {
	n.start, n.vertex = start, resized(n.vertex, nodes)
	n.ends, n.lag, n.bends = n.ends[:0], n.lag[:0], n.bends[:0]
	n.stop, n.at, n.low, n.high = n.stop[:0], n.at[:0], n.low[:0], n.high[:0]
	n.slope, n.bent = n.slope[:0], n.bent[:0]
	n.tardy, n.idle, n.stays = None, None, true
}

// add adds a vertex.
func (n *network) add(node int32, at, low, high int64) int32 {
	n.stop = append(n.stop, node)
	n.at, n.low, n.high = append(n.at, at), append(n.low, low), append(n.high, high)
	n.slope, n.bent = append(n.slope, 0), append(n.bent, None)
	n.stays = n.stays && low <= at && at <= high
	return int32(len(n.at) - 1)
}

// charge adds a cost by unit from some place on.
func (n *network) charge(v int32, from, rate int64) {
	switch {
	case rate == 0:
	case from <= n.low[v]:
		n.slope[v] += rate
	default:
		n.bends = append(n.bends, bend{from, rate, n.bent[v]})
		n.bent[v] = int32(len(n.bends) - 1)
	}
}

// within bounds a vertex.
func (n *network) within(v int32, low, high int64) {
	n.low[v], n.high[v] = max(n.low[v], low), min(n.high[v], high)
	n.stays = n.stays && n.low[v] <= n.at[v] && n.at[v] <= n.high[v]
}

// bound bounds the start of a node, and tie says that one is so far behind another
// at least.
func (n *network) bound(u int32, low, high int64) {
	if v := n.vertex[u]; v != None {
		n.within(v, low, high)
	}
}

func (n *network) tie(before, behind int32, lag int64) {
	a, b := n.vertex[before], n.vertex[behind]
	switch {
	case lag <= -Infinity:
	case a == None:
		n.bound(behind, n.start[before]+lag, Infinity)
	case b == None:
		n.within(a, -Infinity, n.start[behind]-lag)
	default:
		n.follow(a, b, lag)
	}
}

// follow is tie for two vertices.
func (n *network) follow(a, b int32, lag int64) {
	n.join(a, b)
	n.lag = append(n.lag, lag)
	n.stays = n.stays && n.at[b]-n.at[a] >= lag
}

// top says that the largest of something is a start less so much at least.
func (n *network) top(largest, u int32, less int64) {
	if v := n.vertex[u]; v != None {
		n.high[largest] = max(n.high[largest], n.high[v]-less)
		n.follow(v, largest, -less)
		return
	}
	n.within(largest, n.start[u]-less, Infinity)
}

// change is what it costs to move a vertex, or Infinity where it may not.
func (n *network) change(v int32, by int64) int64 {
	from, to := n.at[v], n.at[v]+by
	if to < n.low[v] || to > n.high[v] {
		return Infinity
	}
	cost := n.slope[v] * by
	for i := n.bent[v]; i != None; i = n.bends[i].before {
		b := &n.bends[i]
		cost += (max(to, b.at) - max(from, b.at)) * b.more
	}
	return cost
}

// move moves the set that gains most by a step, and returns what it gains.
func (n *network) move(by int64) int64 {
	gains := false
	for v := range n.at {
		x := n.change(int32(v), by)
		n.supply[v], n.demand[v] = max(0, -x), max(0, x)
		gains = gains || x < 0
	}
	if !gains {
		return 0
	}
	for i, lag := range n.lag {
		n.room[2*i], n.room[2*i+1] = 0, 0
		slack := n.at[n.ends[2*i]] - n.at[n.ends[2*i+1]] - lag
		switch {
		case slack >= max(by, -by):
		case by > 0:
			n.room[2*i] = Infinity
		default:
			n.room[2*i+1] = Infinity
		}
	}
	gain := n.flow()
	if gain > 0 {
		for v := range n.at {
			if n.isIn(v) {
				n.at[v] += by
			}
		}
	}
	return gain
}

// descend moves sets of starts until none gains anything, and returns what that
// gains.
func (n *network) descend(ctx context.Context) (gain int64) {
	n.lay(len(n.at))
	n.work = descentWork * int64(len(n.at)+len(n.ends))
	step := int64(1)
	for v := range n.at {
		for 2*step <= n.high[v]-n.low[v] {
			step *= 2
		}
	}
	for ; step > 0; step /= 2 {
		by := step
		for still := 0; still < 2; {
			if n.work < 0 || ctx.Err() != nil {
				return gain
			}
			if x := n.move(by); x > 0 {
				gain += x
				still = 0
			} else {
				by = -by
				still++
			}
		}
	}
	return gain
}

// descentWork is how often a descent may look at each arc: many times more often
// than it does.
const descentWork = 5_000

// descend sets the starts of tied routes, and of those that a largest value couples,
// at least cost where breaks and windows stay as they are, and tells whether that
// made anything cheaper.
func (t *timetable) descend(ctx context.Context) bool {
	s, m, n := t.state, t.model, &t.network
	n.reset(m.tasks, t.start)
	t.coupled(nil)
	late := int64(0) // the largest lateness of tasks that stay
	for r := range int32(len(m.shifts)) {
		moves := t.descends(r)
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			n.vertex[v] = None
			if !moves || !t.free(v) {
				late = max(late, m.nodes[v].lateness(t.start[v]))
			}
		}
	}
	if len(n.at) == 0 {
		return false
	}
	t.largest(late)
	for r := range int32(len(m.shifts)) {
		if t.descends(r) && s.size[r] > 0 && !t.bind(r) {
			return false
		}
	}
	if !n.stays {
		return false
	}
	before := t.total()
	gain := n.descend(ctx)
	if gain == 0 {
		return false
	}
	t.swap()
	after := t.total()
	if invariantsOn && after > before-gain && m.weight.idleMost+m.weight.waitMost == 0 {
		panic("solver: moving starts gains less than it should")
	}
	if after >= before {
		t.swap()
		t.total() // notes facts
	}
	return after < before
}

// swap swaps the starts of the timetable and those of the network.
func (t *timetable) swap() {
	n := &t.network
	for v, u := range n.stop {
		if u != None {
			t.start[u], n.at[v] = n.at[v], t.start[u]
		}
	}
}

// descends tells whether the starts of a route may move.
func (t *timetable) descends(r int32) bool {
	m := t.model
	if m.shifts[r].chained || t.guard.comes(m, r) {
		return false
	}
	return m.tardiest+m.weight.idleMost > 0 || t.tied([]int32{r})
}

// free makes a task a vertex, with what its start costs outside the preferred
// window. The window that it is in, and whether it starts when it did in a given
// roster, stay as they are. It says false where that leaves it one start.
func (t *timetable) free(u int32) bool {
	n, node, start := &t.network, &t.model.nodes[u], t.start[u]
	low, high := t.state.nodes[u].early, t.state.nodes[u].late
	for _, w := range node.hard {
		if w.From <= start && start <= w.To {
			low, high = max(low, w.From), min(high, w.To)
		}
	}
	switch {
	case node.wasCost == 0:
	case start < node.was.From:
		high = min(high, node.was.From-1)
	case start > node.was.To:
		low = max(low, node.was.To+1)
	default:
		low, high = max(low, node.was.From), min(high, node.was.To)
	}
	if low == high {
		return false
	}
	v := n.add(u, start, low, high)
	n.vertex[u] = v
	if node.priced {
		wish := node.wish(start)
		n.slope[v] -= wish.Early
		n.charge(v, wish.From, wish.Early)
		n.charge(v, wish.To, wish.Late)
	}
	return true
}

// largest adds what is the largest of all routes. What stays bounds it at once.
func (t *timetable) largest(late int64) {
	m, n := t.model, &t.network
	var tardy, idle, stays int64
	for r := range t.facts {
		f := &t.facts[r]
		tardy, idle = max(tardy, f.tardy), max(idle, f.idle)
		if t.state.size[r] == 0 || !t.descends(int32(r)) {
			stays = max(stays, f.idle)
		}
	}
	if m.tardiest > 0 {
		n.tardy = n.add(None, tardy, late, tardy)
		n.slope[n.tardy] = m.tardiest
	}
	if m.weight.idleMost > 0 {
		n.idle = n.add(None, idle, stays, idle)
		n.slope[n.idle] = m.weight.idleMost
	}
}

// bind adds the rules that the starts of a route keep, and what its ends cost. It
// says false where there is no way through one of its gaps.
func (t *timetable) bind(r int32) bool {
	s, m, n := t.state, t.model, &t.network
	sm := &m.shifts[r]
	longest := Infinity // wait
	if m.weight.waitMost > 0 {
		longest = 0
		for i := range t.facts {
			longest = max(longest, t.facts[i].waits)
		}
	}
	var out toll
	for p := m.open(r); s.nodes[p].next != None; p = s.nodes[p].next {
		np := &s.nodes[p]
		v := np.next
		way, ok := t.held(r, p)
		if !ok {
			return false
		}
		within := min(Infinity, longest+way.time+restTime(sm.breaks[np.lo:np.hi]))
		switch {
		case v == m.endOf(r):
			t.bindEnd(r, &out, &way)
			continue
		case int(p) < m.tasks:
			n.bound(p, -Infinity, way.last-np.service)
			n.bound(v, way.first, Infinity)
			n.tie(p, v, np.service+way.lag)
			n.tie(v, p, -np.service-within)
		case sm.leaveLate:
			out = way
			n.bound(v, max(way.first, sm.start+way.lag), way.last+within)
			if x := n.vertex[v]; x != None {
				n.slope[x] -= sm.waitCost + sm.workCost
				n.charge(x, way.last+way.lag, sm.waitCost+sm.workCost)
			}
		default:
			n.bound(v, max(way.first, sm.start+way.lag), sm.start+within)
		}
		for e := m.push.first[v]; e < m.push.first[v+1]; e++ {
			if o := m.push.item[e]; s.nodes[o].route != None {
				n.tie(v, o, s.pushLag(m, e))
			}
		}
		for e := m.pull.first[v]; e < m.pull.first[v+1]; e++ {
			if o := m.pull.item[e]; s.nodes[o].route != None && n.vertex[o] == None {
				n.tie(o, v, s.pullLag(m, e))
			}
		}
		if late := m.nodes[v].lateness(t.start[v]); n.tardy != None && late > -Infinity/2 { // else it is never late
			n.top(n.tardy, v, t.start[v]-late)
		}
	}
	return true
}

// bindEnd is bind for the end of a route, with the ways that it leaves and comes
// back by.
func (t *timetable) bindEnd(r int32, out, back *toll) {
	s, m, n := t.state, t.model, &t.network
	sm := &m.shifts[r]
	first, last := s.nodes[m.startOf(r)].next, s.nodes[m.endOf(r)].prev
	lag := s.nodes[last].service + back.lag
	n.bound(last, -Infinity, min(back.last-s.nodes[last].service, sm.end-lag))
	if sm.longest > 0 { // the end is behind the beginning, and each may be held by a break
		n.tie(last, first, lag+out.lag-sm.longest)
		n.bound(last, -Infinity, out.last+sm.longest-lag)
		n.bound(first, back.first+out.lag-sm.longest, Infinity)
	}
	over := max(t.start[last]+lag, back.first)
	if x := n.vertex[last]; x != None {
		n.slope[x] += sm.waitCost
		n.charge(x, back.first-lag, sm.workCost)
		for _, tier := range sm.tiers {
			n.charge(x, max(tier.After, back.first)-lag, tier.Cost)
		}
	}
	if n.idle != None { // it ends when the regular hours do at the earliest
		active := max(sm.regular, over) - t.facts[r].idle
		n.within(n.idle, max(sm.regular, back.first)-active, Infinity)
		n.top(n.idle, last, active-lag)
	}
}

// held is the way through the gap behind a stop that costs least at the starts of
// the timetable, with the breaks that are taken there.
func (t *timetable) held(r, p int32) (best toll, ok bool) {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	n, v := &s.nodes[p], s.nodes[p].next
	first, end := int(p) >= m.tasks, v == m.endOf(r)
	t.ways = t.ways[:0]
	t.pay(r, p, v, toll{lo: n.lo, hi: n.hi})
	least, most := Infinity, -Infinity
	for _, way := range t.ways {
		price, room := way.fare+way.time*(sm.timeCost-sm.waitCost), int64(0) // of those that cost the same, the shortest
		left := sm.start
		if !first {
			left = t.start[p] + n.service
		}
		ready := max(left+way.lag, way.first)
		switch {
		case first && sm.leaveLate:
			if left = way.leave(t.start[v]); left < sm.start {
				continue
			}
			price, room = price-left*(sm.waitCost+sm.workCost), left
		case left > way.last, ready > sm.end, !end && ready > t.start[v]:
			continue
		case end:
			price, room = way.fare+way.time*sm.timeCost+ready*sm.workCost+sm.overtime(ready), -ready
		}
		if price < least || price == least && room > most {
			best, least, most, ok = way, price, room, true
			if sm.timed == nil {
				best.time = int64(n.leg.time)
			}
		}
	}
	return best, ok
}
