package solver

// Timing a chained route. Its gaps depend on each other only by a few moments:
// when the work begins and ends, and when its breaks do. With each break held to
// a window, and the beginning and the end to theirs, the gaps are independent
// again, and the cheapest starts and breaks are found as on any route (retime.go),
// with the travel so far beside the breaks taken where that has a limit. So the
// windows are narrowed by branch and bound: of a plan in which a break comes too
// long after the moment that it is bound to, either that moment is later or the
// break is sooner; the cheapest plan of each half is a bound for it. That is exact.

// chainWay is one way through a gap: how its breaks lie and in which periods its
// legs depart.
type chainWay struct {
	passage
	x        hops
	laid     layout
	periods  [mostChained + 1]int8 // by hop
	time     int64
	since    int64 // travel since the last break of the gap, or the beginning of the work; -1: there is none
	distance int64
	fare     int64 // with what missed breaks cost, and less what rests do not
}

// frame holds a plan to windows.
type frame struct {
	from, until   int64 // it begins and ends between these
	windows       [mostChained]Window
	taken, missed uint8 // breaks of which that is settled
}

func (sm *shiftModel) openFrame() frame {
	f := frame{from: sm.start, until: sm.end, taken: sm.taken, missed: sm.missed}
	for i := range sm.breaks {
		f.windows[i] = sm.breaks[i].Window
	}
	return f
}

// chainWays appends the ways through a gap for one layout that lead from a
// departure at left or later to by or sooner; in time, where left may be chosen.
func (sm *shiftModel) chainWays(list []chainWay, from, to int32, l layout, f *frame, left, by int64, first bool) []chainWay {
	way := chainWay{passage: passage{first: -Infinity, last: Infinity}, x: sm.hops(from, to, l), laid: l, since: -1}
	if l.lo == 0 && first {
		way.since = 0
	}
	return sm.nextLeg(list, way, 0, f, left, by)
}

func (sm *shiftModel) nextLeg(list []chainWay, way chainWay, i int, f *frame, left, by int64) []chainWay {
	for ; i < way.x.n; i++ {
		st := &way.x.list[i]
		if st.from == None {
			if st.rest != None && !sm.restOf(&way, st.rest, f) {
				return list
			}
			continue
		}
		c := sm.timed.course(st.from, st.to)
		for k := range c.from {
			first, last := c.departures(k)
			if first > last || first > by || last < left {
				continue
			}
			next, leg := way, c.arc(k)
			next.last = min(next.last, last-next.lag)
			if next.first = max(next.first, first); next.first > last {
				continue
			}
			next.travel(int64(leg.time))
			next.periods[i] = int8(k)
			next.time += int64(leg.time)
			if next.since >= 0 {
				next.since += int64(leg.time)
			}
			next.distance += int64(leg.distance)
			next.fare += sm.fare(leg)
			if st.rest != None && !sm.restOf(&next, st.rest, f) || next.first > by || left > next.last || left+next.lag > by {
				continue
			}
			list = sm.nextLeg(list, next, i+1, f, left, by)
		}
		return list
	}
	if way.first > by || left > way.last || left+way.lag > by {
		return list
	}
	return append(list, way)
}

func (sm *shiftModel) restOf(way *chainWay, i int32, f *frame) bool {
	if most := sm.breaks[i].AfterWork; most > 0 && way.since > most {
		return false
	}
	way.since = 0
	b := [1]Break{sm.breaks[i]}
	b[0].Window = f.windows[i]
	return b[0].From <= b[0].To && way.rests(b[:])
}

// impossible is what a route costs that no breaks and legs make possible at its
// starts: more than any that is possible.
const impossible = int64(1) << 56

// outcome is how a chained route goes at the starts of the timetable: the way
// through each gap, when its breaks begin, and when its work does and ends.
type outcome struct {
	ways        []chainWay
	starts      []int64 // of the stop that a gap leads to
	lefts       []int64 // of the one before
	times       [mostChained]int64
	begin, done int64
	cost        int64
	fact        fact
}

// mostChoices bounds the ways through all gaps together that are looked at.
const mostChoices = 5000

// choose finds the cheapest way through the gaps of a route as its breaks lie.
func (t *timetable) choose(r int32) *outcome {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	best := &t.chosen
	best.cost = impossible
	if m.overPlaces(r) && s.runsOut(m, r, None) {
		return best
	}
	first, end := m.startOf(r), m.endOf(r)
	now := &t.choosing
	now.ways, now.starts, now.lefts = now.ways[:0], now.starts[:0], now.lefts[:0]
	t.options, t.optionsAt = t.options[:0], append(t.optionsAt[:0], 0)
	t.wide = sm.openFrame()
	tight := sm.longest > 0 || sm.longestTravel > 0
	for i := range sm.breaks {
		tight = tight || sm.breaks[i].AfterWork > 0
	}
	for p := first; p != end; p = s.nodes[p].next {
		n := &s.nodes[p]
		left, by := sm.start, sm.end
		if p != first {
			left = t.start[p] + n.service
		}
		if n.next != end {
			by = t.start[n.next]
		}
		now.starts, now.lefts = append(now.starts, by), append(now.lefts, left)
		if way := m.wayBegun(n.next); way != nil {
			t.options = append(t.options, *way)
			t.optionsAt = append(t.optionsAt, len(t.options))
			continue
		}
		at := len(t.options)
		t.options = sm.chainWays(t.options, n.location, s.nodes[n.next].location, n.layout(), &t.wide, left, by, p == first)
		if len(t.options) == at {
			return best
		}
		if alone := n.lo == n.hi && p != first && n.next != end && sm.longestTravel == 0; alone || !tight {
			t.keepCheapest(sm, at, left, by, p == first, n.next == end)
		}
		t.optionsAt = append(t.optionsAt, len(t.options))
	}
	t.leastTo = append(t.leastTo[:0], make([]int64, len(t.optionsAt))...)
	for gap := len(t.optionsAt) - 2; gap >= 0; gap-- {
		least := Infinity
		for i := t.optionsAt[gap]; i < t.optionsAt[gap+1]; i++ {
			least = min(least, t.options[i].time)
		}
		t.leastTo[gap] = t.leastTo[gap+1] + least
	}
	left := mostChoices
	t.chooseNext(r, 0, 0, &left)
	return best
}

// keepCheapest keeps one of the options from a place on, where no gap depends on
// another.
func (t *timetable) keepCheapest(sm *shiftModel, at int, left, by int64, first, home bool) {
	best, price := at, Infinity
	for i := at; i < len(t.options); i++ {
		way := &t.options[i]
		p := way.time*sm.timeCost + way.fare
		if home {
			done := max(left+way.lag, way.first)
			p += done*sm.workCost + sm.overtime(done)
		} else {
			p -= way.time * sm.waitCost
		}
		if first && sm.leaveLate {
			p -= way.leave(by) * (sm.waitCost + sm.workCost)
		}
		if p < price {
			best, price = i, p
		}
	}
	t.options[at] = t.options[best]
	t.options = t.options[:at+1]
}

// chooseNext takes every option for one gap after the other.
func (t *timetable) chooseNext(r int32, gap int, travel int64, left *int) {
	sm := &t.model.shifts[r]
	now := &t.choosing
	if gap == len(t.optionsAt)-1 {
		*left--
		if t.appoint(r, now, &t.wide, nil) && t.priceChoice(r, now) < t.chosen.cost {
			best := &t.chosen
			ways, starts, lefts := best.ways, best.starts, best.lefts
			*best = *now
			best.ways = append(ways[:0], now.ways...)
			best.starts, best.lefts = append(starts[:0], now.starts...), append(lefts[:0], now.lefts...)
		}
		return
	}
	for i := t.optionsAt[gap]; i < t.optionsAt[gap+1] && *left > 0; i++ {
		sum := travel + t.options[i].time
		if sm.longestTravel > 0 && sum+t.leastTo[gap+1] > sm.longestTravel {
			continue
		}
		now.ways = append(now.ways[:gap], t.options[i])
		t.chooseNext(r, gap+1, sum, left)
	}
}

// strife is a rule that a plan breaks: a break comes too long after the moment
// that it is bound to, or the end after the beginning.
type strife struct {
	of, on      int // breaks: of is bound to on; on -1: to the beginning; of -1: the end
	most        int64
	moment, too int64 // the moment is no later than the one, the break no sooner than the other
}

// appoint sets the breaks of an outcome, before the first task as late as can be
// and elsewhere as early, and tells whether that can be done. Where it cannot, it names a rule
// that is to blame.
func (t *timetable) appoint(r int32, x *outcome, f *frame, why *strife) bool {
	sm := &t.model.shifts[r]
	last, open := len(x.ways)-1, int(t.model.openAt(r)) // the gaps before it are behind
	var low, high [mostChained]int64
	held := [mostChained]int64{}
	var order [mostChained]int
	var gapOf [mostChained]int
	n := 0
	for g := range x.ways {
		for i := range sm.breaks {
			if x.ways[g].laid.takes(i) {
				order[n], gapOf[i] = i, g
				held[i] = -Infinity
				low[i], high[i] = sm.breaks[i].From, sm.breaks[i].From // of what is frozen
				n++
			}
		}
	}
	// The latest beginnings, and the earliest.
	latest := sm.start
	for g := open; g <= last; g++ {
		left := sm.walkBack(&x.ways[g], x.starts[g], &high, f)
		if g == 0 && sm.leaveLate {
			latest = left
		}
	}
	begin := f.from // at the earliest
	least := func(g int) {
		left := x.lefts[g]
		if g == 0 {
			left = begin
		}
		if done := sm.walkOn(&x.ways[g], left, &low, &held, f); g == last {
			x.done = done
		}
	}
	for g := open; g <= last; g++ {
		least(g)
	}
	for again := true; again; {
		again = false
		for at := n - 1; at >= 0; at-- {
			i := order[at]
			most := sm.breaks[i].AfterWork
			if most == 0 {
				continue
			}
			if at == 0 {
				need := low[i] - most
				if need > latest {
					return why.found(i, -1, most, latest, low[i])
				}
				if need > begin && sm.leaveLate {
					begin, again = need, gapOf[i] == 0
					least(0)
				}
				continue
			}
			j := order[at-1]
			need := low[i] - most - sm.breaks[j].Length
			if need <= low[j] {
				continue
			}
			if need > high[j] {
				return why.found(i, j, most, high[j]+sm.breaks[j].Length, low[i])
			}
			held[j], again = need, true
			least(gapOf[j])
		}
	}
	if x.done > f.until {
		return false
	}
	if sm.longest > 0 && x.done-latest > sm.longest {
		return why.found(-1, -1, sm.longest, latest, x.done)
	}
	x.times, x.begin = low, sm.start
	for again := sm.leaveLate; again; { // what comes before the first task, as late as can be
		again = false
		x.begin = sm.walkBackCapped(&x.ways[0], x.starts[0], &high, f)
		moment := x.begin
		for at := 0; at < n && gapOf[order[at]] == 0; at++ {
			i := order[at]
			if most := sm.breaks[i].AfterWork; most > 0 && high[i] > moment+most {
				high[i], again = moment+most, true
			}
			x.times[i] = high[i]
			moment = high[i] + sm.breaks[i].Length
		}
	}
	return true
}

func (w *strife) found(of, on int, most, moment, too int64) bool {
	if w != nil {
		*w = strife{of, on, most, moment, too}
	}
	return false
}

// walkOn goes through a gap on a way as soon as may be, no break before what it is
// held to, and returns when it is through; walkBack goes back as late as may be.
func (sm *shiftModel) walkOn(way *chainWay, t int64, low, held *[mostChained]int64, f *frame) int64 {
	for i := range way.x.all() {
		st := &way.x.list[i]
		if st.from != None {
			c := sm.timed.course(st.from, st.to)
			k := int(way.periods[i])
			first, _ := c.departures(k)
			t = max(t, first) + int64(c.time(k))
		}
		if st.rest != None {
			t = max(t, f.windows[st.rest].From, held[st.rest])
			low[st.rest] = t
			t += sm.breaks[st.rest].Length
		}
	}
	return t
}

func (sm *shiftModel) walkBack(way *chainWay, t int64, high *[mostChained]int64, f *frame) int64 {
	for i := range high {
		if way.laid.takes(i) {
			high[i] = Infinity
		}
	}
	return sm.walkBackCapped(way, t, high, f)
}

// walkBackCapped does so with breaks no later than high.
func (sm *shiftModel) walkBackCapped(way *chainWay, t int64, high *[mostChained]int64, f *frame) int64 {
	for i := way.x.n - 1; i >= 0; i-- {
		st := &way.x.list[i]
		if st.rest != None {
			t = min(t-sm.breaks[st.rest].Length, f.windows[st.rest].To, high[st.rest])
			high[st.rest] = t
		}
		if st.from != None {
			c := sm.timed.course(st.from, st.to)
			k := int(way.periods[i])
			_, last := c.departures(k)
			t = min(t-int64(c.time(k)), last)
		}
	}
	return t
}

// priceChoice prices an outcome whose breaks are set.
func (t *timetable) priceChoice(r int32, x *outcome) int64 {
	s, m := t.state, t.model
	sm := &m.shifts[r]
	var sum ledger
	v := m.startOf(r)
	for g := range x.ways {
		n := &s.nodes[v]
		way := &x.ways[g]
		var rest int64
		for i := range sm.breaks {
			if way.laid.takes(i) {
				rest += sm.breaks[i].Length
				sum.fixed -= sm.rested(sm.breaks[i : i+1])
			}
		}
		sum.service += n.service
		sum.rested += rest
		gap := crossing{left: x.lefts[g]}
		if g == 0 {
			gap.left = x.begin
		}
		sum.time, sum.distance = sum.time+way.time, sum.distance+way.distance
		if g == len(x.ways)-1 {
			gap.ready = x.done
			sum.finish(gap)
			break
		}
		waited := x.starts[g] - gap.left - way.time - rest
		sum.wait += waited
		sum.fact.waits = max(sum.fact.waits, waited)
		v = n.next
		start := x.starts[g]
		sum.fixed += m.assign[int(v)*len(m.shifts)+int(r)] + m.nodes[v].offWindow(start)
		if m.couples {
			sum.fact.tardy = max(sum.fact.tardy, m.nodes[v].lateness(start))
		}
	}
	sum.left = x.begin
	if m.couples {
		x.fact = sum.facts(sm)
	}
	x.cost = sum.cost(sm)
	return x.cost
}

// costChained is cost for a chained route.
func (t *timetable) costChained(r int32) int64 {
	x, m := t.choose(r), t.model
	if !m.couples || x.cost >= impossible {
		return x.cost
	}
	t.facts[r] = x.fact
	if m.guarded != nil {
		var legs [mostChained + 1]away
		for g, v := 0, m.startOf(r); g < len(x.ways); g, v = g+1, t.state.nodes[v].next {
			m.shifts[r].depart(x, g, &legs)
			t.guard.crossesChained(&m.shifts[r], v, &x.ways[g].x, &legs)
		}
		t.guard.lay(m, t.state.nodes, r)
	}
	return x.cost
}

// depart is when the legs of a gap are under way, by hop.
func (sm *shiftModel) depart(x *outcome, gap int, legs *[mostChained + 1]away) {
	way, clock := &x.ways[gap], x.lefts[gap]
	if gap == 0 {
		clock = x.begin
	}
	for i := range way.x.all() {
		st := &way.x.list[i]
		if st.from != None {
			c := sm.timed.course(st.from, st.to)
			k := int(way.periods[i])
			first, _ := c.departures(k)
			legs[i].from = max(clock, first)
			clock = legs[i].from + int64(c.time(k))
			legs[i].to = clock
		}
		if st.rest != None {
			clock = x.times[st.rest] + sm.breaks[st.rest].Length
		}
	}
}
