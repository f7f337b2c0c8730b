package solver

import (
	"cmp"
	"slices"
)

// place is a way to put one task into one route: after pred, with the gap's
// breaks before cut taken before it. cost is what it adds, as far as a
// constant-time test can tell.
type place struct {
	cost  int64
	pred  int32
	route int32
	cut   uint8
	keen  bool
	after uint8  // of a chained shift: the breaks of the gap that come after their travel
	slot  int16  // so many of the partners that are apart come before it; see face
	way   uint16 // of a task with several modes: its node in model.ways
	with  uint8  // a new refill of this kind, counted from 1, goes into the route too; 0: none
	back  int16  // and so many stops before the task's own place; see refillBehind
	peak  int32  // the largest lateness that it causes; see delay.go
}

var nowhere = place{cost: Infinity, pred: None, route: None}

// insert puts task u at a place and pushes the earliest starts on. When the
// schedule does not allow it, nothing has changed and insert says false.
// The latest starts are left for commit.
func (w *search) insert(u int32, at place) bool {
	s, m := w.state, w.model
	if w.lineUp(u) > 0 {
		w.face(u, at.slot)
	}
	w.link(u, at)
	sm := &m.shifts[at.route]
	n := &s.nodes[u]
	p, next := &s.nodes[n.prev], &s.nodes[n.next]
	windows := s.windows(m, u)
	mark := len(w.trail)
	w.lag.add(&m.nodes[u], -Infinity, n.early)
	leave := sm.backward(n, next, next.late) - n.service
	n.late = lastStart(windows, leave)
	ok := n.early <= n.late && w.raise(u, sm.onward(p, n, p.early+p.service))
	for e := m.pull.first[u]; ok && e < m.pull.first[u+1]; e++ {
		if o := m.pull.item[e]; s.nodes[o].route != None {
			ok = w.raise(u, s.nodes[o].early+s.pullLag(m, e))
		}
	}
	if ok {
		w.queue.add(u)
		if sm.chained {
			w.freeRests(u)
		}
		ok = w.pushOn() && !s.strays(m, at.route)
	}
	if !ok {
		w.queue.clear()
		w.rewind(mark)
		w.unlink(u)
	}
	return ok
}

// link puts a task into the order of its route, between its windows' ends, and
// leaves the schedule of the others alone.
func (w *search) link(u int32, at place) {
	s, m := w.state, w.model
	p := &s.nodes[at.pred]
	q := p.next
	sm := &m.shifts[at.route]
	n := &s.nodes[u]
	windows := m.nodes[u].hard
	if at.keen {
		windows = m.nodes[u].keen
	}
	*n = node{
		early: windows[0].From, late: windows[len(windows)-1].To, service: m.nodes[u].serviceBy(sm.class),
		leg: w.leg(at.route, u, q), prev: at.pred, next: q, route: at.route, location: m.nodes[u].location,
		lo: at.cut, hi: p.hi, keen: at.keen,
	}
	in := w.leg(at.route, at.pred, u)
	w.freed = w.freed || p.lo < p.hi || sm.timed != nil || int64(p.leg.time) > int64(in.time)+n.service+int64(n.leg.time)
	p.leg = in
	p.hi = at.cut
	if sm.chained {
		n.skip, n.after, n.was = p.skip>>at.cut<<at.cut, at.after>>at.cut<<at.cut, p.after
		p.skip, p.after = p.skip&^n.skip, at.after&^n.after
	}
	p.next = u
	s.nodes[q].prev = u
	s.size[at.route]++
	for d := range m.dims {
		s.load[int(at.route)*m.dims+d] += m.loads[int(u)*m.dims+d]
	}
	s.countIn(m, u, at.route)
	if sm.chained {
		s.hang(m, at.pred)
		s.hang(m, u)
	}
}

// unlink takes a task out of its route and leaves the schedule alone.
func (w *search) unlink(u int32) {
	s := w.state
	n := &s.nodes[u]
	s.nodes[n.prev].leg = w.leg(n.route, n.prev, n.next)
	w.detach(u)
}

// detach is unlink without the leg that closes the gap.
func (w *search) detach(u int32) {
	s, m := w.state, w.model
	n := &s.nodes[u]
	s.nodes[n.prev].next = n.next
	s.nodes[n.prev].hi = n.hi
	s.nodes[n.prev].skip |= n.skip
	s.nodes[n.prev].after = n.was
	s.nodes[n.next].prev = n.prev
	s.size[n.route]--
	for d := range m.dims {
		s.load[int(n.route)*m.dims+d] -= m.loads[int(u)*m.dims+d]
	}
	s.countOut(m, u, n.route)
	if m.shifts[n.route].chained {
		s.hang(m, n.prev)
	}
	n.route = None
}

// commit makes inserted tasks final: the latest starts follow.
func (w *search) commit(tasks []int32) bool {
	s, m := w.state, w.model
	w.settle(0)
	ok := true
	for _, u := range tasks {
		n := &s.nodes[u]
		w.touch(n.route)
		for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
			if o := m.push.item[e]; s.nodes[o].route != None {
				ok = ok && w.lower(u, s.nodes[o].late-s.pushLag(m, e))
			}
		}
		ok = ok && n.early <= n.late
		w.queue.add(u)
	}
	if !ok {
		w.queue.clear()
		return false
	}
	return w.pullBack() && w.loosenFreed(tasks)
}

// bounds returns the starts that the links of u allow beside the tasks that
// stand in routes now, and whether there are any such links.
func (w *search) bounds(u int32) (low, high int64, tied bool) {
	s, m := w.state, w.model
	low, high = -Infinity, Infinity
	for e := m.pull.first[u]; e < m.pull.first[u+1]; e++ {
		if o := m.pull.item[e]; s.nodes[o].route != None {
			low = max(low, s.nodes[o].early+s.pullLag(m, e))
			tied = true
		}
	}
	for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
		if o := m.push.item[e]; s.nodes[o].route != None {
			high = min(high, s.nodes[o].late-s.pushLag(m, e))
			tied = true
		}
	}
	return low, high, tied
}

// clauseAllows tells whether the shift clauses of u's links, and what is counted
// over routes, allow a route.
func (w *search) clauseAllows(u, r int32) bool {
	m := w.model
	if m.tallied && !w.hasPlace(u, r) {
		return false
	}
	if m.paired(u) && !w.state.joins(m, u, r) {
		return false
	}
	for e := m.clause.first[u]; e < m.clause.first[u+1]; e++ {
		other := w.state.nodes[m.clause.item[e]].route
		if other != None && (m.person[other] == m.person[r]) != (m.clauses[e] == SameShift) {
			return false
		}
	}
	return true
}

// recreate puts the units that are out back in, cheapest place first come
// first served, in an order drawn for this iteration. With a chance of one in
// a hundred the best place of a route is passed over for its second best (a
// blink), so that the same ruin does not always mend the same way; for linked tasks
// and pairs the route is passed over.
func (w *search) recreate() {
	w.sortOut()
	w.findRoom()
	if w.model.soft {
		w.state.reprice(w.model)
		w.worst = w.state.tardiest()
		w.weigh()
	}
	if w.stale > 0 {
		for _, r := range w.mineRoutes {
			w.isChanged[r] = w.state.version[r] != w.last.version[r]
		}
	}
	for _, unit := range w.todo {
		if w.halted != nil && w.halted() {
			break
		}
		members := w.model.units.of(unit)
		switch {
		case w.model.quickPairs:
			w.placePair(unit, members)
		case len(members) == 1 && !w.model.soft:
			w.placeOne(unit, members[0])
		default:
			w.placeUnit(unit, members)
		}
	}
	w.broken = w.broken || !w.evict() || !w.catchBreaks()
}

// findRoom lists where to look among the routes that are open to a task. Where
// the same ones are open to all tasks, those without room for even the
// smallest load are left out: most of them, where vehicles are small.
func (w *search) findRoom() {
	s, m := w.state, w.model
	if !w.alike || m.dims == 0 || m.pairs {
		w.roomy = w.anywhere
		return
	}
	w.rooms = w.rooms[:0]
	least := Infinity // of the first dimension
	for _, unit := range w.todo {
		for _, task := range m.units.of(unit) {
			for _, u := range m.ways(task) {
				least = min(least, m.loads[int(u)*m.dims])
			}
		}
	}
	for i, r := range w.mineRoutes {
		if at := int(r) * m.dims; s.load[at]+least <= m.capacity[at] {
			w.rooms = append(w.rooms, int32(i))
		}
	}
	w.roomy = w.rooms
}

const blinkRate = 100

func (w *search) blink() bool { return w.random.Uint32()%blinkRate == 0 }

// choice is the best place for a task so far, and the entry of the cache that
// it comes from; tied tasks have none.
type choice struct {
	place
	from   *cached
	entry  int32
	greets int64 // what is counted costs that besides
}

// consider looks whether the route at place e of open.item has a better place
// for an untied task.
func (w *search) consider(c *choice, u, e int32) {
	greets := w.greets(u, w.open.item[e])
	limit := c.cost + c.greets - greets
	if w.cheapest(u, e, limit) >= limit {
		return
	}
	from := &w.cache[e]
	if !w.blink() {
		*c = choice{from.place, from, e, greets}
	} else if from.second.pred != None && from.second.cost < limit {
		*c = choice{from.second, from, e, greets}
	}
}

// bestPlace finds the cheapest place of a task that costs less than limit.
// Routes that the cache knows come first, and of the others the one where the
// task was cheapest before: what they offer is the limit for the rest.
func (w *search) bestPlace(unit, u int32, limit int64) choice {
	m := w.model
	low, high, tied := w.bounds(u)
	slots := w.lineUp(u)
	clause := m.pairs || m.tallied || m.clause.first[u] != m.clause.first[u+1]
	stale := w.isStale[unit]
	best := choice{place: nowhere}
	best.cost = limit
	w.unsure = w.unsure[:0]
	w.look++
	narrow := !tied && !stale && w.narrows()
	if narrow {
		w.markAround(u, nearStops)
	}
	first, cheap := 0, Infinity
	begin := w.open.first[u]
	items := w.open.item[begin:w.open.first[u+1]]
	for _, i := range w.roomy {
		if int(i) >= len(items) {
			break
		}
		r, e := items[i], begin+i
		if narrow && w.far(u, r) || stale && !w.isChanged[r] || !w.carries(u, r) || w.seenTwin(r) || clause && !w.clauseAllows(u, r) {
			continue
		}
		switch b := &w.bar[e]; {
		case tied:
			greets := w.greets(u, r)
			limit := best.cost + best.greets - greets
			found := w.scanSlots(u, r, slots, low, high, limit)
			if w.blink() {
				found = w.second
			}
			if found.cost < limit {
				best.place, best.greets = found, greets
			}
		case b.holds(w.state.version[r]):
			w.consider(&best, u, e)
		default:
			if cost := b.cost + w.greets(u, r); cost < cheap {
				first, cheap = len(w.unsure), cost
			}
			w.unsure = append(w.unsure, e)
		}
	}
	if len(w.unsure) > 0 {
		w.unsure[0], w.unsure[first] = w.unsure[first], w.unsure[0]
		for _, e := range w.unsure {
			w.consider(&best, u, e)
		}
	}
	return best
}

func (w *search) placeOne(unit, task int32) {
	limit := w.worth(unit)
	w.near.fetch(w, task)
	for range 8 { // a place that the exact test refuses is rare; then the next best
		best, u := w.bestWay(unit, task, limit)
		if best.pred == None {
			return
		}
		if w.putIn(u, best.place) {
			if !w.broken {
				w.state.takeIn(w.model, unit)
			}
			return
		}
		from := best.from
		if from == nil {
			return
		}
		if best.place == from.place {
			from.place = from.second
			w.bar[best.entry].cost = from.cost
		}
		from.second = nowhere
	}
}

// putIn inserts a task for good. It says false when the schedule does not
// allow that.
func (w *search) putIn(u int32, at place) bool {
	if at.with > 0 {
		return w.putInWithRefill(u, at)
	}
	if w.model.alone && w.model.shifts[at.route].longest == 0 {
		return w.insertAlone(u, at)
	}
	if !w.insert(u, at) {
		return false
	}
	w.one[0] = u
	w.broken = !w.commit(w.one[:])
	return true
}

// widths of the search for places of a unit: its first task is tried at so
// many places, each later one at so many for each of those.
const (
	firstWidth = 6
	laterWidth = 3
)

// placeUnit puts the tasks of a unit in together or not at all: the first at
// each of its cheapest places, the others at their best ones given that, with
// the sum of added costs as a bound.
func (w *search) placeUnit(unit int32, members []int32) {
	m := w.model
	w.bestCost = w.worth(unit)
	w.bestPlaces = w.bestPlaces[:0]
	w.lag = lag{}
	w.lookForward()
	w.members = append(w.members[:0], members...)
	if len(members) == 2 && w.random.Uint32()&1 == 0 {
		w.members[0], w.members[1] = w.members[1], w.members[0]
	}
	if len(w.places) < len(members) {
		w.places = append(w.places, make([]place, len(members)-len(w.places))...)
	}
	w.placeNext(0, 0)
	if len(w.bestPlaces) == 0 {
		return
	}
	w.freed = false // what the trials did has been undone
	w.lag = lag{}
	for i, at := range w.bestPlaces {
		w.members[i] = m.ways(w.members[i])[at.way]
		f, ok := w.insertBoth(w.members[i], at)
		if !ok {
			w.broken = true
			return
		}
		if f != None {
			w.members = append(w.members, f)
		}
	}
	w.worst = max(w.worst, w.lag.peak)
	if !w.commit(w.members) {
		w.broken = true
		return
	}
	w.state.takeIn(w.model, unit)
}

// placeNext tries places for the depth-th member after the earlier ones have
// been inserted on trial at a cost of sum. Where places are bounds only, sum is
// what the trial has shown.
func (w *search) placeNext(depth int, sum int64) {
	if depth == len(w.members) {
		w.bestCost = sum
		w.bestPlaces = append(w.bestPlaces[:0], w.places[:depth]...)
		return
	}
	task := w.members[depth]
	width := laterWidth
	if depth == 0 {
		width = firstWidth
	}
	limit := w.bestCost - sum
	if w.model.exact {
		limit = Infinity / 2 // what looks dear may save more
	}
	candidates := w.candidates(depth, task, width, limit)
	for _, at := range candidates {
		u := w.model.ways(task)[at.way]
		if !w.model.exact && sum+at.cost >= w.bestCost {
			return
		}
		mark, kept := len(w.trail), w.lag
		f, ok := w.insertBoth(u, at)
		if !ok {
			w.lag = kept
			continue
		}
		w.places[depth] = at
		cost := sum + at.cost
		switch {
		case w.model.exact:
			cost = w.trialCost(depth)
		case w.model.soft:
			w.lag.bare += w.bare(u)
			cost = w.lag.bare + w.lag.cost + w.excess(w.lag.peak)
		}
		switch {
		case cost >= w.bestCost && (depth+1 == len(w.members) || !w.model.exact):
		case depth+1 < len(w.members):
			w.onTrial(at.route, mark, true)
			w.placeNext(depth+1, cost)
			w.onTrial(at.route, mark, false)
		default:
			w.placeNext(depth+1, cost)
		}
		w.rewind(mark)
		w.unlink(u)
		if f != None {
			w.unlink(f)
		}
		w.lag = kept
		if !w.model.soft && depth > 0 && len(w.bestPlaces) > 0 && sum+at.cost <= w.bestCost && depth == len(w.members)-1 {
			return // later candidates cost more
		}
	}
}

// candidates collects the cheapest places of a task, one a route and mode,
// cheapest first.
func (w *search) candidates(depth int, task int32, width int, limit int64) []place {
	for len(w.shortlist) <= depth {
		w.shortlist = append(w.shortlist, make([]place, 0, firstWidth+1))
	}
	w.shortlist[depth] = w.shortlist[depth][:0]
	for way, u := range w.model.ways(task) {
		w.candidatesOf(depth, u, uint16(way), width, limit)
	}
	return w.shortlist[depth]
}

// candidatesOf is candidates for a task in one of its modes, beside those that
// have been found.
func (w *search) candidatesOf(depth int, u int32, mode uint16, width int, limit int64) {
	m, list := w.model, w.shortlist[depth]
	low, high, tied := w.bounds(u)
	slots := w.lineUp(u)
	clause := m.pairs || m.tallied || m.clause.first[u] != m.clause.first[u+1]
	stale := depth == 0 && w.isStale[m.unitOf[u]]
	w.look++
	for e := w.open.first[u]; e < w.open.first[u+1]; e++ {
		r := w.open.item[e]
		if stale && !w.isChanged[r] || w.seenTwin(r) || clause && !w.clauseAllows(u, r) || w.blink() {
			continue
		}
		bar := limit
		if len(list) == width {
			bar = min(bar, list[width-1].cost)
		}
		var found place
		wish := w.wishes(u, r) - w.greets(u, r)
		bar += wish
		if depth == 0 && !tied {
			if w.cheapest(u, e, bar) >= bar {
				continue
			}
			found = w.cache[e].place
		} else {
			found = w.scanSlots(u, r, slots, low, high, bar)
		}
		if w.model.soft {
			found.cost = w.full(found)
		}
		if found.pred == None || found.cost >= bar {
			continue
		}
		found.cost -= wish
		found.way = mode
		at := len(list)
		if at < width {
			list = append(list, found)
		} else {
			at = width - 1
		}
		for ; at > 0 && list[at-1].cost > found.cost; at-- {
			list[at] = list[at-1]
		}
		list[at] = found
	}
	w.shortlist[depth] = list
}

// mostStale is about how many of the units that were out before the ruin are
// tried again in one iteration.
const mostStale = 40

// Now and then an iteration is generous: tasks go in even where they cost more
// than leaving them out, for several together may pay where one does not, and
// the test of acceptance has the last word.
const (
	generousRate      = 12
	generousFactor    = 4
	mostStaleGenerous = 10
)

// worth is what putting a unit in may cost in this iteration.
func (w *search) worth(unit int32) int64 {
	if w.generous {
		return min(w.model.fault[unit], Infinity/generousFactor) * generousFactor
	}
	return w.model.fault[unit]
}

// sortOut orders the units that are to be put in: at random, by service, far
// or near from where shifts start, tight windows first, early first, or dear
// ones first.
func (w *search) sortOut() {
	w.todo = w.todo[:0]
	out := w.state.out
	w.generous = w.stale > 0 && w.random.Uint32()%generousRate == 0
	most := mostStale
	if w.generous {
		most = mostStaleGenerous
	}
	for i, unit := range out {
		if i < w.stale && w.stale > most && w.random.IntN(w.stale) >= most {
			continue
		}
		w.isStale[unit] = i < w.stale && !w.generous && !w.model.linkedOut[unit]
		if w.mine == nil || w.mine[unit] {
			w.todo = append(w.todo, unit)
		}
	}
	slices.Sort(w.todo)
	w.random.Shuffle(len(w.todo), w.reorder)
	if keys := w.drawOrder(); keys != nil {
		slices.SortStableFunc(w.todo, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	}
	if w.model.placed != nil && w.random.Uint32()&1 == 0 { // a position is there when others stand before it
		slices.SortStableFunc(w.todo, func(a, b int32) int { return cmp.Compare(w.model.placed[a], w.model.placed[b]) })
	}
	if w.wanted != None {
		w.putFirst(w.wanted)
	}
}

// drawOrder draws by which keys units are sorted, where that is open; nil: by none.
func (w *search) drawOrder() []int64 {
	if w.order != nil {
		return w.order
	}
	pick := w.random.Uint32() % orderSum
	for order := range w.keys {
		if pick < orderWeights[order] {
			return w.keys[order]
		}
		pick -= orderWeights[order]
	}
	return nil
}

// putFirst moves a unit to the front of those to be put in.
func (w *search) putFirst(unit int32) {
	if at := slices.Index(w.todo, unit); at > 0 {
		copy(w.todo[1:at+1], w.todo[:at])
		w.todo[0] = unit
	}
}

// The orders in which units are put in; what sorts them is the less, the sooner.
const (
	byService  = iota // the longest first
	byFar             // the farthest from where shifts begin first
	byNear            // and last
	byWindow          // those with the least time to begin in first
	byEarliest        // those that may begin first
	byFault           // those that are dearest to leave out first
	orders
)

// orderWeights is how often each is drawn, of so many times; else the order is random.
var orderWeights = [orders]uint32{byService: 4, byFar: 2, byNear: 1, byWindow: 3, byEarliest: 1, byFault: 3}

const orderSum = 18

// makeKeys computes by order and unit what sortOut sorts by.
func makeKeys(m *model) [orders][]int64 {
	var keys [orders][]int64
	for i := range keys {
		keys[i] = make([]int64, len(m.fault))
	}
	// Shifts that begin at one place and travel alike are equally far: one of
	// them is looked at for a task.
	type beginning struct{ location, profile int32 }
	alike := make([]int32, len(m.shifts))
	seen := make([]int32, len(m.shifts)) // by beginning: the last task, counted from 1
	known := map[beginning]int32{}
	for r := range alike {
		b := beginning{m.nodes[m.startOf(int32(r))].location, m.shifts[r].profile}
		if _, is := known[b]; !is {
			known[b] = int32(r)
		}
		alike[r] = known[b]
	}
	for unit := range m.fault {
		members := m.units.of(int32(unit))
		var service, far, loose int64
		early := Infinity
		loose = Infinity
		for _, task := range members {
			var longest int64
			near := int64(NoWay)
			for _, u := range m.ways(task) {
				n := &m.nodes[u]
				longest = max(longest, n.service)
				var open int64
				for _, x := range n.hard {
					open += x.To - x.From
				}
				loose = min(loose, open)
				early = min(early, n.hard[0].From)
				for _, r := range m.eligible.of(u) {
					if at := &seen[alike[r]]; *at != u+1 {
						*at = u + 1
						near = min(near, int64(m.leg(r, m.startOf(r), u).time))
					}
				}
			}
			service += longest
			far = max(far, near)
		}
		keys[byService][unit] = -service
		keys[byFar][unit] = -far
		keys[byNear][unit] = far
		keys[byWindow][unit] = loose
		keys[byEarliest][unit] = early
		keys[byFault][unit] = -m.fault[unit]
	}
	return keys
}
