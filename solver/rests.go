package solver

import (
	"math"
	"slices"
)

// rests decides where the breaks of routes go when the order of their tasks is
// settled. On one route that is a shortest path: a state is a stop and how
// many breaks have been taken before it, and what counts is the earliest time
// to be there; from the other end, the latest. A state is alive when the one
// is not after the other, and a route works when a chain of states is. Links
// join routes: the starts that the live states of a task leave narrow those of
// its partners, until nothing narrows any more.
//
// That is exact for one route. Over several, two tasks may need their early
// and their late starts from different breaks, so the breaks that the states
// suggest are confirmed by the schedule proper, and where it refuses, the
// search branches: a break goes into one gap after the other.
type rests struct {
	w         *search
	low, high []int64   // by node: no start outside of this works
	ahead     [][]int64 // by route, stop*(breaks+1)+taken: the earliest start
	behind    [][]int64 // the latest
	slots     [][]slot  // by route and break; nil: anywhere
	had       [][]int32 // by route and break: the gap it lay in before
	routes    []int32   // those that are tied together, the ones to change first
	asked     int       // so many of routes are to change whatever happens
	inRoutes  []bool
	known     []bool // by route: swept as it stands, every start open
	queue     worklist
	starts    []int32 // scratch
	each      int     // so many branches may be tried for one arrangement
	pool      int     // and for all that are asked for
	left      int     // branches that may still be tried
	steps     int     // and steps of eachLaying
}

// slot is the range of gaps that a break may lie in; gap 0 is the first leg.
type slot struct{ from, to int32 }

// Bounds of the work for one way to put tasks in. The first gives up narrowing, which
// only prunes, the others the way. They are met where many links tie many routes.
const (
	mostSweeps   = 2000
	mostBranches = 20000
	mostSteps    = 300000
)

func newRests(w *search) *rests {
	m := w.model
	return &rests{
		w: w, low: make([]int64, len(m.nodes)), high: make([]int64, len(m.nodes)),
		ahead: make([][]int64, len(m.shifts)), behind: make([][]int64, len(m.shifts)),
		slots: make([][]slot, len(m.shifts)), had: make([][]int32, len(m.shifts)),
		inRoutes: make([]bool, len(m.shifts)), known: make([]bool, len(m.shifts)), queue: newWorklist(len(m.shifts)),
		each: mostBranches, pool: math.MaxInt,
	}
}

// link puts a task behind another one, and leaves the schedule alone. Breaks
// of the gap come before it.
func (f *rests) link(u, pred, r int32) {
	s, m := f.w.state, f.w.model
	p := &s.nodes[pred]
	q := p.next
	s.nodes[u] = node{
		service: m.nodes[u].serviceBy(m.shifts[r].class), leg: m.leg(r, u, q),
		prev: pred, next: q, route: r, location: m.nodes[u].location, lo: p.hi, hi: p.hi, was: p.after,
	}
	p.leg = m.leg(r, pred, u)
	p.next = u
	s.nodes[q].prev = u
	s.size[r]++
	for d := range m.dims {
		s.load[int(r)*m.dims+d] += m.loads[int(u)*m.dims+d]
	}
	s.countIn(m, u, r)
}

// openBounds gives a task all the starts that its windows allow, and its links
// to tasks that are done, whatever their routes are.
func (f *rests) openBounds(u int32) {
	s, m := f.w.state, f.w.model
	windows := m.nodes[u].hard
	f.low[u], f.high[u] = windows[0].From, windows[len(windows)-1].To
	for e := m.pull.first[u]; e < m.pull.first[u+1]; e++ {
		if o := m.pull.item[e]; s.nodes[o].route != None {
			f.low[u] = max(f.low[u], m.nodes[o].hard[0].From+s.pullLag(m, e))
		}
	}
	for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
		if o := m.push.item[e]; s.nodes[o].route != None {
			hard := m.nodes[o].hard
			f.high[u] = min(f.high[u], hard[len(hard)-1].To-s.pushLag(m, e))
		}
	}
}

// sweepAll looks at all routes as they stand. Those that arrange has not
// touched since are known already.
func (f *rests) sweepAll() {
	s, m := f.w.state, f.w.model
	for r := range int32(len(m.shifts)) {
		if f.known[r] {
			continue
		}
		for u := s.nodes[m.startOf(r)].next; int(u) < m.tasks; u = s.nodes[u].next {
			f.openBounds(u)
		}
		f.slots[r] = nil
		f.sweep(r)
		f.known[r] = true
	}
}

// may tells whether the breaks from one to another may all lie in a gap.
func may(slots []slot, from, to, gap int) bool {
	if slots == nil {
		return true
	}
	for _, x := range slots[from:to] {
		if gap < int(x.from) || gap > int(x.to) {
			return false
		}
	}
	return true
}

// sweep computes the earliest and the latest start of every state of a route.
func (f *rests) sweep(r int32) {
	s, m := f.w.state, f.w.model
	sm := &m.shifts[r]
	slots := f.slots[r]
	states := len(sm.breaks) + 1
	stops := int(s.size[r]) + 2
	ahead, behind := f.ahead[r], f.behind[r]
	if cap(ahead) < stops*states {
		ahead, behind = make([]int64, stops*states, 2*stops*states), make([]int64, stops*states, 2*stops*states)
	}
	ahead, behind = ahead[:stops*states], behind[:stops*states]
	f.ahead[r], f.behind[r] = ahead, behind
	for i := range ahead {
		ahead[i], behind[i] = Infinity, -Infinity
	}
	end := m.endOf(r)
	open, opens, with := m.open(r), int(m.openAt(r)), m.opensWith(r)
	ahead[opens*states+with] = m.opensFrom(r)
	for v, i := open, opens; v != end; v, i = s.nodes[v].next, i+1 {
		n := &s.nodes[v]
		for b := range states {
			at := ahead[i*states+b]
			if at >= Infinity {
				continue
			}
			for c := b; c < states && may(slots, b, c, i); c++ {
				due := sm.due(b, c)
				reach := sm.advance(n.location, s.nodes[n.next].location, n.leg.time, at+n.service, due)
				if n.next != end {
					if reach = f.first(n.next, reach); reach > f.high[n.next] {
						reach = Infinity
					}
				} else if reach > sm.end || c != states-1 || atNext(due) {
					reach = Infinity
				}
				ahead[(i+1)*states+c] = min(ahead[(i+1)*states+c], reach)
			}
		}
	}
	behind[stops*states-1] = sm.end
	for v, i := s.nodes[end].prev, stops-2; i >= opens; v, i = s.nodes[v].prev, i-1 {
		n := &s.nodes[v]
		for c := range states {
			at := behind[(i+1)*states+c]
			if at <= -Infinity {
				continue
			}
			for b := c; b >= 0 && may(slots, b, c, i); b-- {
				due := sm.due(b, c)
				if n.next == end && atNext(due) {
					continue
				}
				leave := sm.retreat(n.location, s.nodes[n.next].location, n.leg.time, at, due) - n.service
				if v != open {
					if leave = f.last(v, leave); leave < f.low[v] {
						leave = -Infinity
					}
				} else if leave < m.opensFrom(r) || b != with {
					leave = -Infinity
				}
				behind[i*states+b] = max(behind[i*states+b], leave)
			}
		}
	}
}

// first is the first start of a task that its windows and its lower bound allow
// from t on; last is the last one up to t.
func (f *rests) first(u int32, t int64) int64 {
	if t >= Infinity {
		return Infinity
	}
	return firstStart(f.w.model.nodes[u].hard, max(t, f.low[u]))
}

func (f *rests) last(u int32, t int64) int64 {
	if t <= -Infinity {
		return -Infinity
	}
	return lastStart(f.w.model.nodes[u].hard, min(t, f.high[u]))
}

// between tells whether the route works with one more task in a gap, the one
// behind p, and between which starts of the task: a constant-time test.
func (f *rests) between(u, r, p int32, gap int) (low, high int64, ok bool) {
	s, m := f.w.state, f.w.model
	sm := &m.shifts[r]
	n := &s.nodes[p]
	in, on := m.leg(r, p, u), m.leg(r, u, n.next)
	low, high = Infinity, -Infinity
	if (in.time == NoWay || on.time == NoWay) && !sm.located {
		return low, high, false
	}
	here, from, to := m.nodes[u].location, n.location, s.nodes[n.next].location
	states := len(sm.breaks) + 1
	ahead := f.ahead[r][gap*states : (gap+1)*states]
	behind := f.behind[r][(gap+1)*states : (gap+2)*states]
	service := m.nodes[u].serviceBy(sm.class)
	// Breaks only take time: mostly there is none even without them.
	first, last := slices.Min(ahead)+n.service+int64(in.time), slices.Max(behind)-int64(on.time)-service
	if max(first, f.low[u]) > min(last, f.high[u]) && !sm.located {
		return low, high, false
	}
	for c := range states {
		last := -Infinity
		for d := c; d < states; d++ {
			if due := sm.due(c, d); s.nodes[n.next].next != None || !atNext(due) {
				last = max(last, f.last(u, sm.retreat(here, to, on.time, behind[d], due)-service))
			}
		}
		if last < f.low[u] {
			continue
		}
		first := Infinity
		for b := 0; b <= c; b++ {
			if ahead[b] < Infinity {
				first = min(first, f.first(u, sm.advance(from, here, in.time, ahead[b]+n.service, sm.due(b, c))))
			}
		}
		if first <= last {
			low, high, ok = min(low, first), max(high, last), true
		}
	}
	return low, high, ok
}

// arrange lays the breaks of the given routes anew, and of those that links
// tie to them where that is needed, so that all have a schedule, which it
// computes. It returns the routes that have changed.
func (f *rests) arrange(routes []int32) ([]int32, bool) {
	s, m := f.w.state, f.w.model
	f.gather(routes)
	for _, r := range f.routes {
		f.slots[r] = make([]slot, len(m.shifts[r].breaks))
		f.had[r] = f.gapsTaken(r)
		for b := range f.slots[r] {
			f.slots[r][b] = slot{m.openAt(r), s.size[r]}
			if b < m.opensWith(r) {
				f.slots[r][b] = slot{f.had[r][b], f.had[r][b]}
			}
		}
		for v := s.nodes[m.startOf(r)].next; int(v) < m.tasks; v = s.nodes[v].next {
			f.openBounds(v)
		}
		f.queue.add(r)
	}
	granted := min(f.each, f.pool)
	f.left, f.steps = granted, mostSteps
	ok := f.narrow() && f.eachByItself() && f.branch()
	f.pool -= granted - max(f.left, 0)
	changed := slices.Clone(f.routes[:f.asked])
	for i, r := range f.routes {
		if i >= f.asked && !slices.Equal(f.had[r], f.gapsTaken(r)) {
			changed = append(changed, r)
		}
		f.inRoutes[r] = false
		f.known[r] = false
		f.slots[r] = nil
	}
	slices.Sort(changed)
	return changed, ok
}

// gather lists the given routes and all that links tie to them.
func (f *rests) gather(routes []int32) {
	s, m := f.w.state, f.w.model
	f.routes = f.routes[:0]
	reach := func(r int32) {
		if !f.inRoutes[r] {
			f.inRoutes[r] = true
			f.routes = append(f.routes, r)
		}
	}
	for _, r := range routes {
		reach(r)
	}
	f.asked = len(f.routes)
	for at := 0; at < len(f.routes); at++ {
		for v := s.nodes[m.startOf(f.routes[at])].next; int(v) < m.tasks; v = s.nodes[v].next {
			for _, o := range m.push.of(v) {
				if r := s.nodes[o].route; r != None {
					reach(r)
				}
			}
			for _, o := range m.pull.of(v) {
				if r := s.nodes[o].route; r != None {
					reach(r)
				}
			}
		}
	}
}

// gapsTaken is by break the gap that it lies in, or None when it is missed.
func (f *rests) gapsTaken(r int32) []int32 {
	s, m := f.w.state, f.w.model
	gaps := make([]int32, len(m.shifts[r].breaks))
	for b := range gaps {
		gaps[b] = None
	}
	gap := int32(0)
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		for b := s.nodes[v].lo; b < s.nodes[v].hi; b++ {
			switch n := &s.nodes[v]; {
			case has(n.skip, int(b)):
			case has(n.after, int(b)):
				gaps[b] = gap + s.size[r] + 1 // on the other side
			default:
				gaps[b] = gap
			}
		}
		gap++
	}
	return gaps
}

// narrow sweeps the routes that are asked for and carries what it finds over
// links, until nothing narrows. It says false when some route cannot work.
func (f *rests) narrow() bool {
	ok := true
	for sweeps := 0; ok && sweeps < mostSweeps && len(f.queue.waiting()) > 0; sweeps++ {
		ok = f.narrowRoute(f.queue.take())
	}
	f.queue.clear()
	return ok
}

func (f *rests) narrowRoute(r int32) bool {
	s, m := f.w.state, f.w.model
	f.sweep(r)
	states := len(m.shifts[r].breaks) + 1
	for v, i := s.nodes[m.open(r)].next, m.openAt(r)+1; int(v) < m.tasks; v, i = s.nodes[v].next, i+1 {
		low, high := Infinity, -Infinity
		for b := range states {
			if first, last := f.ahead[r][int(i)*states+b], f.behind[r][int(i)*states+b]; first <= last {
				low, high = min(low, first), max(high, last)
			}
		}
		if low > high {
			return false
		}
		if !f.bound(v, low, high) {
			return false
		}
	}
	return s.size[r] == 0 || f.ahead[r][len(f.ahead[r])-1] < Infinity
}

// bound narrows the starts of a task, and those of its partners.
func (f *rests) bound(u int32, low, high int64) bool {
	s, m := f.w.state, f.w.model
	if low > f.low[u] {
		f.low[u] = low
		for e := m.push.first[u]; e < m.push.first[u+1]; e++ {
			o := m.push.item[e]
			if s.nodes[o].route == None || low+s.pushLag(m, e) <= f.low[o] {
				continue
			}
			f.low[o] = low + s.pushLag(m, e)
			if f.low[o] > f.high[o] {
				return false
			}
			f.queue.add(s.nodes[o].route)
		}
	}
	if high < f.high[u] {
		f.high[u] = high
		for e := m.pull.first[u]; e < m.pull.first[u+1]; e++ {
			o := m.pull.item[e]
			if s.nodes[o].route == None || high-s.pullLag(m, e) >= f.high[o] {
				continue
			}
			f.high[o] = high - s.pullLag(m, e)
			if f.low[o] > f.high[o] {
				return false
			}
			f.queue.add(s.nodes[o].route)
		}
	}
	return f.low[u] <= f.high[u]
}

// branch puts the breaks where the states suggest; when the schedule refuses
// that, it tries the gaps of one break after the other.
func (f *rests) branch() bool {
	if f.left--; f.left < 0 {
		return false
	}
	for _, keep := range [2]bool{true, false} {
		takesMore := false // than it must
		for i, r := range f.routes {
			if f.w.model.shifts[r].chained {
				continue
			}
			if keep && i >= f.asked && f.asBefore(r) {
				sm := &f.w.model.shifts[r]
				takesMore = takesMore || int(sm.hi-sm.lo) < len(sm.breaks)
				continue
			}
			if !f.suggest(r) {
				return false
			}
		}
		if f.layChains(0) {
			return true
		}
		if !takesMore {
			break
		}
	}
	for _, r := range f.routes {
		if f.w.model.shifts[r].chained {
			continue
		}
		for b, x := range f.slots[r] {
			if x.from == x.to || f.w.model.shifts[r].breaks[b].MissCost > 0 {
				continue
			}
			low, high := slices.Clone(f.low), slices.Clone(f.high)
			for gap := x.from; gap <= x.to; gap++ {
				f.slots[r][b] = slot{gap, gap}
				f.queue.add(r)
				if f.narrow() && f.branch() {
					return true
				}
				copy(f.low, low)
				copy(f.high, high)
			}
			f.slots[r][b] = x
			return false
		}
	}
	return false
}

// asBefore leaves the breaks of a route where they were, if that is allowed.
func (f *rests) asBefore(r int32) bool {
	for b, x := range f.slots[r] {
		if gap := f.had[r][b]; gap != None && (gap < x.from || gap > x.to) {
			return false
		}
	}
	s, m := f.w.state, f.w.model
	taken, gap := 0, int32(0)
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		for taken < len(f.had[r]) && f.had[r][taken] == None {
			taken++
		}
		s.nodes[v].lo = uint8(taken)
		for taken < len(f.had[r]) && f.had[r][taken] == gap {
			taken++
		}
		s.nodes[v].hi = uint8(taken)
		gap++
	}
	return true
}

// suggest takes the breaks of a route along the live states: always so that
// the next task starts as early as it can, and as many as that costs nothing.
// Those that may be missed are missed; which of them pay is for the timing.
func (f *rests) suggest(r int32) bool {
	s, m := f.w.state, f.w.model
	sm := &m.shifts[r]
	states := len(sm.breaks) + 1
	end := m.endOf(r)
	clock, taken := m.opensFrom(r), m.opensWith(r)
	for v, i := m.open(r), int(m.openAt(r)); v != end; v, i = s.nodes[v].next, i+1 {
		n := &s.nodes[v]
		best, upto := Infinity, 0
		for c := taken; c < states && may(f.slots[r], taken, c, i); c++ {
			due := sm.due(taken, c)
			reach := sm.advance(n.location, s.nodes[n.next].location, n.leg.time, clock+n.service, due)
			switch {
			case n.next != end:
				reach = f.first(n.next, reach)
			case atNext(due):
				reach = Infinity
			}
			if reach <= best && reach <= f.behind[r][(i+1)*states+c] {
				best, upto = reach, c
			}
		}
		if best >= Infinity {
			return false
		}
		n.lo, n.hi = uint8(upto), uint8(upto)
		if due := sm.due(taken, upto); len(due) > 0 {
			for n.lo = uint8(taken); sm.breaks[n.lo].MissCost > 0; n.lo++ {
			}
			n.hi = n.lo + uint8(len(due))
		}
		clock, taken = best, upto
	}
	return true
}
