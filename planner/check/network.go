package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// network is the routes of a roster without their times: orders, windows,
// breaks and links, and the earliest start of every visit that follows from
// them. It answers whether a visit could be put somewhere with all orders
// kept.
//
// Every visit has one start, which the two carers of a double visit share.
// early[v] is a lower bound on it. Walking a route gives the earliest starts
// along it; what rises is pushed through double visits and links to other
// routes, until nothing rises any more. Then the bounds are a schedule: each
// start lies in a window, each leg and break fits, each link holds. So
// "it fits" is always proved by an example. Breaks are first tried where the
// roster has them, so that a roster that keeps every rule settles, and then
// wherever the return is earliest; where links would need yet another choice a
// fit may be missed.
//
// "It does not fit" is proved by a loose network. There early[v] is a bound
// from below whatever breaks are chosen: each stop is reached as early as any
// choice allows, even if no one choice allows it at all stops. What does not
// settle there fits nowhere. Between the two proofs little is left; there the
// roster is believed.
type network struct {
	j        *judge
	loose    bool
	seq      [][]int32       // by shift: visits in order
	frozen   []bool          // by shift: cannot be walked as it stands; left alone
	from, to []int           // by shift: places
	breaks   [][]care.Break  // by shift
	spots    [][]int         // by shift and break: where the roster has it, 2*gap before the leg or 2*gap+1 after it; nil: not known
	table    []*timetable    // by shift's mode
	windows  [][]care.Window // by visit, pins applied
	early    []int64         // by visit
	on       [][]int         // by visit: shifts that serve it
	present  []bool          // by visit: served, or being inserted
	tiesOf   [][]tie         // by visit

	trail  []change // how to undo
	queue  []int
	queued []bool
	steps  int // walks left for this insertion
	lifts  int // raised starts left; links that contradict one another raise without end

	// Scratch of walk.
	clock, next []int64
	came        []int32 // by position and breaks taken: breaks taken one stop earlier
	begun       []int64
	starts      []int64
}

// timetable is the seconds of every leg with one mode, by part of the day.
type timetable struct {
	n     int
	from  []int64 // when the parts of the day begin; the first counts from ever
	parts []ways
}

// ways are legs; -1 seconds: no way.
type ways struct{ seconds, metres []int32 }

// tie is a link seen from one of its visits: the start of other is at least
// this start plus lag.
type tie struct {
	other int
	lag   int64
}

type change struct {
	visit int
	early int64
}

const never = int64(1) << 60

// network lays out the routes of the roster and finds their earliest starts.
func (j *judge) network(loose bool) *network {
	shifts, visits := len(j.day.Shifts), len(j.day.Visits)
	n := &network{
		j: j, loose: loose, seq: make([][]int32, shifts), frozen: make([]bool, shifts), from: make([]int, shifts), to: make([]int, shifts),
		breaks: make([][]care.Break, shifts), spots: make([][]int, shifts), table: make([]*timetable, shifts), windows: make([][]care.Window, visits),
		early: make([]int64, visits), on: make([][]int, visits), present: make([]bool, visits), tiesOf: make([][]tie, visits),
		queued: make([]bool, shifts),
	}
	byMode := map[care.Mode]*timetable{}
	for s := range j.day.Shifts {
		shift := &j.day.Shifts[s]
		if byMode[shift.Mode] == nil {
			byMode[shift.Mode] = j.timetable(shift.Mode)
		}
		n.table[s] = byMode[shift.Mode]
		n.from[s], n.to[s] = lookup(j.placeOf, shift.From), lookup(j.placeOf, shift.To)
		n.breaks[s] = j.breaksOf(shift)
	}
	for v := range j.day.Visits {
		n.windows[v], n.early[v] = j.day.Visits[v].Windows, -never
	}
	for _, p := range j.day.Pins {
		if v, ok := j.visitOf[p.Visit]; ok && p.Start != nil {
			n.windows[v] = []care.Window{{From: *p.Start, To: *p.Start}}
		}
	}
	for _, l := range j.day.Links {
		a, aok := j.visitOf[l.First]
		b, bok := j.visitOf[l.Second]
		if aok && bok && a != b {
			n.tiesOf[a] = append(n.tiesOf[a], tie{b, int64(l.Min)})
			n.tiesOf[b] = append(n.tiesOf[b], tie{a, -int64(l.Max)})
		}
	}
	n.keepDelegations()
	n.load()
	return n
}

// keepDelegations cuts the windows of the visits that are served to the times
// at which those who serve them may, so that a visit that moves does not leave
// the delegation it is done on. Where the roster itself breaks that rule the
// windows stay.
func (n *network) keepDelegations() {
	j := n.j
	for v, list := range j.servings {
		for _, s := range list {
			shift := j.walks[s.walk].shift
			if shift < 0 {
				continue
			}
			cut := j.seatWindows(v, shift, n.windows[v])
			if slices.ContainsFunc(cut, func(w care.Window) bool { return w.From <= s.stop.Start && s.stop.Start <= w.To }) {
				n.windows[v] = cut
			}
		}
	}
}

// timetable adds up every leg of a mode.
func (j *judge) timetable(mode care.Mode) *timetable {
	places := len(j.day.Places)
	t := &timetable{n: places, from: []int64{-never}}
	if m := j.travel.Matrices[mode]; m != nil {
		for i := range m.Later {
			t.from = append(t.from, int64(m.Later[i].From))
		}
	}
	for k, from := range t.from {
		// What comes again, as it does every hour, is added up once.
		if again := j.sameBefore(mode, k); again >= 0 {
			t.parts = append(t.parts, t.parts[again])
			continue
		}
		w := ways{make([]int32, places*places), make([]int32, places*places)}
		for a := range places {
			for b := range places {
				l := j.leg(mode, a, b, from)
				w.seconds[a*places+b] = -1
				if s := l.seconds(); l.ok && s < 1<<31 {
					w.seconds[a*places+b], w.metres[a*places+b] = int32(s), int32(l.metres)
				}
			}
		}
		t.parts = append(t.parts, w)
	}
	return t
}

// sameBefore is an earlier part of the day with the same travel, or -1.
func (j *judge) sameBefore(mode care.Mode, part int) int {
	m := j.travel.Matrices[mode]
	if part == 0 {
		return -1
	}
	now := &m.Later[part-1]
	if now.Alike(care.LaterTravel{Seconds: m.Seconds, Metres: m.Metres}) {
		return 0
	}
	if k := slices.IndexFunc(m.Later[:part-1], now.Alike); k >= 0 {
		return k + 1
	}
	return -1
}

// arrive is when a leg that may begin at t is over, or never. It may wait for a
// part of the day in which the way is open or shorter.
func (n *network) arrive(shift, from, to int, t int64) int64 {
	best := never
	if from < 0 || to < 0 {
		return best
	}
	table := n.table[shift]
	for k := len(table.from) - 1; k >= 0; k-- {
		if s := int64(table.parts[k].seconds[from*table.n+to]); s >= 0 {
			best = min(best, max(t, table.from[k])+s)
		}
		if t >= table.from[k] {
			break
		}
	}
	return best
}

// bounds are the shortest and the longest leg on a shift in any part of the
// day, in seconds and in metres; ok is false when there is no way in any.
func (n *network) bounds(shift, from, to int) (least, most leg, ok bool) {
	if from < 0 || to < 0 {
		return least, most, false
	}
	table := n.table[shift]
	for k := range table.parts {
		w := &table.parts[k]
		seconds, metres := int64(w.seconds[from*table.n+to]), int64(w.metres[from*table.n+to])
		switch {
		case seconds < 0:
		case !ok:
			least, ok = leg{drive: seconds, metres: metres}, true
			most = least
		default:
			least.drive, least.metres = min(least.drive, seconds), min(least.metres, metres)
			most.drive, most.metres = max(most.drive, seconds), max(most.metres, metres)
		}
	}
	return least, most, ok
}

// load takes the routes over. A route that cannot be walked, because the
// roster breaks a rule there, is frozen: its visits stay at their stated times.
func (n *network) load() {
	j := n.j
	stray := func(v int, start int64) {
		n.present[v] = true
		n.windows[v] = []care.Window{{From: care.Time(start), To: care.Time(start)}}
	}
	loaded := make([]bool, len(n.seq))
	for i := range j.walks {
		w := &j.walks[i]
		if w.shift < 0 || loaded[w.shift] {
			continue // visits of other routes are added as strays below
		}
		loaded[w.shift] = true
		for _, v := range w.visits {
			n.frozen[w.shift] = n.frozen[w.shift] || slices.Contains(n.seq[w.shift], int32(v))
			n.seq[w.shift] = append(n.seq[w.shift], int32(v))
		}
		if !n.loose {
			n.spots[w.shift] = n.spotsOf(w)
		}
	}
	for s, seq := range n.seq {
		if !n.frozen[s] {
			n.frozen[s] = !n.walk(s, seq)
		}
	}
	for again := true; again; {
		again = false
		for v := range n.early {
			n.early[v], n.present[v], n.on[v] = -never, false, n.on[v][:0]
		}
		for v := range j.servings {
			for _, s := range j.servings[v] {
				n.present[v] = true
				shift := j.walks[s.walk].shift
				if shift < 0 || n.frozen[shift] {
					stray(v, int64(s.stop.Start))
				} else {
					n.on[v] = append(n.on[v], shift)
				}
			}
		}
		n.queue = n.queue[:0]
		n.steps, n.lifts = 200*(len(n.seq)+1), 200*(len(n.early)+1)
		for v := range n.present {
			if n.present[v] && len(n.on[v]) == 0 {
				n.raise(v, int64(n.windows[v][0].From), -1)
			}
		}
		for s := range n.seq {
			if !n.frozen[s] && len(n.seq[s]) > 0 {
				n.push(s)
			}
		}
		if failed := n.settle(); failed >= 0 {
			n.frozen[failed], again = true, true
		}
		n.trail = n.trail[:0]
	}
}

// spotsOf tells where a route has its breaks; nil when these are not as many
// as the shift must have.
func (n *network) spotsOf(w *walk) []int {
	var spots []int
	gap, waiting := 0, []*care.Stop(nil)
	for i := range w.route.Stops {
		stop := &w.route.Stops[i]
		switch stop.Kind {
		case care.StopBreak:
			waiting = append(waiting, stop)
		case care.StopVisit, care.StopEnd:
			for _, b := range waiting {
				spot := 2 * gap
				if b.End > stop.Depart {
					spot++
				}
				spots = append(spots, spot)
			}
			waiting = waiting[:0]
			if _, known := n.j.visitOf[stop.Visit]; known {
				gap++
			}
		}
	}
	if len(spots) != len(n.breaks[w.shift]) {
		return nil
	}
	return spots
}

// walk finds the earliest starts along a route and leaves them in n.starts;
// false: it cannot be driven. Breaks are where the roster has them if that can
// be, otherwise anywhere.
func (n *network) walk(s int, seq []int32) bool {
	if n.loose {
		return n.walkLoose(s, seq)
	}
	if n.spots[s] != nil && n.walkWith(s, seq, n.spots[s]) {
		return true
	}
	return n.walkWith(s, seq, nil)
}

// walkLoose leaves for every stop the earliest start that any choice of breaks
// allows.
func (n *network) walkLoose(s int, seq []int32) bool {
	if !n.walkWith(s, seq, nil) {
		return false
	}
	width := len(n.breaks[s]) + 1
	for i := range seq {
		n.starts[i] = slices.Min(n.begun[i*width : (i+1)*width])
	}
	return true
}

// walkWith is a shortest path over (stop, breaks taken). Every break may come
// before or after every leg, or only at its spot where spots are given.
func (n *network) walkWith(s int, seq []int32, spots []int) bool {
	j, shift, breaks := n.j, &n.j.day.Shifts[s], n.breaks[s]
	k := len(breaks)
	width := k + 1
	n.clock, n.next = resize(n.clock, width), resize(n.next, width)
	n.came, n.begun = resize(n.came, width*(len(seq)+1)), resize(n.begun, width*(len(seq)+1))
	for i := range n.clock {
		n.clock[i] = never
	}
	for i := range n.begun {
		n.begun[i] = never // not reached
	}
	n.clock[0] = int64(shift.Start)
	if len(seq) == 0 {
		n.starts = n.starts[:0]
		return true // an unused shift takes no breaks
	}
	place := n.from[s]
	for i := 0; i <= len(seq); i++ {
		to, v := n.to[s], -1
		if i < len(seq) {
			v = int(seq[i])
			to = j.home[v]
		}
		if _, _, open := n.bounds(s, place, to); !open {
			return false
		}
		for q := range n.next {
			n.next[q] = never
		}
		for taken := range width {
			leave := n.clock[taken]
			if leave >= never {
				continue
			}
			for before := taken; ; before++ {
				there := n.arrive(s, place, to, leave)
				if there >= never {
					break // no better later
				}
				for after := before; ; after++ {
					start, end := there, there
					if v >= 0 {
						if start = n.startAt(v, there); start >= never {
							break // later is no better
						}
						end = start + int64(j.day.Visits[v].Duration)
					}
					if end < n.next[after] && end <= int64(shift.End) {
						n.next[after] = end
						n.came[i*width+after], n.begun[i*width+after] = int32(taken), start
					}
					if after == k || (spots != nil && spots[after] != 2*i+1) || !rest(&there, &breaks[after]) {
						break
					}
				}
				if before == k || (spots != nil && spots[before] != 2*i) || !rest(&leave, &breaks[before]) {
					break
				}
			}
		}
		n.clock, n.next = n.next, n.clock
		place = to
	}
	if n.clock[k] >= never {
		return false
	}
	n.starts = resize(n.starts, len(seq))
	for i, taken := len(seq), k; i >= 0; i-- {
		if i < len(seq) {
			n.starts[i] = n.begun[i*width+taken]
		}
		taken = int(n.came[i*width+taken])
	}
	return true
}

// rest moves a clock past a break, if it can still begin.
func rest(clock *int64, b *care.Break) bool {
	begin := max(*clock, int64(b.Window.From))
	if begin > int64(b.Window.To) {
		return false
	}
	*clock = begin + int64(b.Length)
	return true
}

// startAt is the earliest start of a visit that is reached at a time.
func (n *network) startAt(v int, t int64) int64 {
	t = max(t, n.early[v])
	for _, w := range n.windows[v] {
		if t <= int64(w.To) {
			return max(t, int64(w.From))
		}
	}
	return never
}

func resize[T any](list []T, length int) []T {
	if cap(list) < length {
		return make([]T, length, 2*length)
	}
	return list[:length]
}

// push puts a route on the list of those to be walked again.
func (n *network) push(s int) {
	if !n.queued[s] {
		n.queued[s] = true
		n.queue = append(n.queue, s)
	}
}

// settle walks routes until no start rises any more. It returns -1, or the
// shift whose route cannot be driven.
func (n *network) settle() (failed int) {
	failed = -1
	for len(n.queue) > 0 {
		s := n.queue[0]
		n.queue, n.queued[s] = n.queue[1:], false
		if failed >= 0 {
			continue // only empty the queue
		}
		if n.steps--; n.steps < 0 && n.loose {
			continue // low bounds stay bounds
		}
		if n.steps < 0 || !n.walk(s, n.seq[s]) {
			failed = s
			continue
		}
		for i, v := range n.seq[s] {
			if !n.raise(int(v), n.starts[i], s) {
				failed = s
				break
			}
		}
	}
	n.queue = n.queue[:0]
	return failed
}

// raise lifts the start of a visit to a time, or to the next that its windows
// allow, and with it what hangs on it; false: there is no such time.
func (n *network) raise(v int, start int64, by int) bool {
	if start <= n.early[v] {
		return true
	}
	start = n.startAt(v, start)
	if start >= never {
		return false
	}
	if n.lifts--; n.lifts < 0 {
		return n.loose
	}
	n.trail = append(n.trail, change{v, n.early[v]})
	n.early[v] = start
	for _, s := range n.on[v] {
		if s != by {
			n.push(s)
		}
	}
	for _, t := range n.tiesOf[v] {
		if n.present[t.other] && !n.raise(t.other, start+t.lag, -1) {
			return false
		}
	}
	return true
}

// undo takes back everything since a mark.
func (n *network) undo(mark int) {
	for i := len(n.trail) - 1; i >= mark; i-- {
		n.early[n.trail[i].visit] = n.trail[i].early
	}
	n.trail = n.trail[:mark]
}
