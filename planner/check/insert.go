package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// fit is a place that was found for an unserved visit.
type fit struct {
	shift int   // of its first carer
	start int64 // of the visit
	added int64 // at most so much cost, in units of care.Weights
	saved int64 // the cost of leaving it out
}

// seat is one carer of a visit that is to be put in.
type seat struct{ visit, number int }

// placed is a seat that has been given a shift.
type placed struct {
	seat
	shift int
}

// insertion is the search for a place for a visit and for those that must not
// be served without it. It tries every position of every shift for each seat
// in turn, as deep as there are seats.
type insertion struct {
	n        *network
	seats    []seat
	placed   []placed
	base     map[int]int // length of the sequence before, by shift
	cheapest bool        // look on for the least cost; otherwise the first fit is enough
	free     bool        // as if the visit had neither pins nor links
	best     *fit
	trials   int    // walks of candidate routes left
	hulls    []hull // by seats placed
}

// mostTrials bounds the work for one visit: some seconds' worth of positions,
// reached only by groups of three and more seats.
const mostTrials = 2_000_000

// insert tries to put a visit into the routes as they stand. It returns nil if
// there is no place.
func (n *network) insert(v int, cheapest bool) *fit {
	in := &insertion{n: n, cheapest: cheapest, base: map[int]int{}, trials: mostTrials}
	saved := int64(0)
	for _, u := range n.belonging(v) {
		for k := range n.j.day.Visits[u].Carers {
			in.seats = append(in.seats, seat{u, k})
			saved += n.j.leavingOut(u)
		}
	}
	in.next()
	if in.best != nil {
		in.best.saved = saved
	}
	return in.best
}

// insertFree tries to put a visit in as if it had neither pins nor links.
func (n *network) insertFree(v int) *fit {
	windows, ties := n.windows[v], n.tiesOf
	n.windows[v] = n.j.day.Visits[v].Windows
	n.tiesOf = make([][]tie, len(ties))
	for u := range ties {
		if u != v {
			n.tiesOf[u] = slices.DeleteFunc(slices.Clone(ties[u]), func(t tie) bool { return t.other == v })
		}
	}
	in := &insertion{n: n, free: true, base: map[int]int{}, trials: mostTrials}
	for k := range n.j.day.Visits[v].Carers {
		in.seats = append(in.seats, seat{v, k})
	}
	in.next()
	n.windows[v], n.tiesOf = windows, ties
	return in.best
}

// leavingOut is the price of an unserved visit, per carer.
func (j *judge) leavingOut(v int) int64 {
	visit, w := &j.day.Visits[v], &j.day.Rules.Weights
	if visit.Optional {
		return w.Optional
	}
	return w.Unserved[min(max(int(visit.Priority), 1), len(w.Unserved))-1]
}

// belonging returns a visit and the absent ones that must be served with it,
// directly or through others.
func (n *network) belonging(v int) []int {
	group := []int{v}
	for i := 0; i < len(group); i++ {
		for _, l := range n.j.day.Links {
			if !l.Together {
				continue
			}
			a, b := lookup(n.j.visitOf, l.First), lookup(n.j.visitOf, l.Second)
			if b == group[i] {
				a, b = b, a
			}
			if a == group[i] && b >= 0 && !n.present[b] && !slices.Contains(group, b) {
				group = append(group, b)
			}
		}
	}
	return group
}

// next places the next seat; it returns true when the search is over.
func (in *insertion) next() bool {
	n := in.n
	if len(in.seats) == 0 {
		return true // a visit that asks for nobody: not a valid day
	}
	if len(in.placed) == len(in.seats) {
		in.found()
		return !in.cheapest
	}
	s := in.seats[len(in.placed)]
	for shift := range n.seq {
		if n.frozen[shift] || n.j.notRest[shift] || !n.reaches(shift, s.visit) || !in.open(s, shift) {
			continue
		}
		windows := n.j.seatWindows(s.visit, shift, n.windows[s.visit])
		if len(windows) == 0 {
			continue
		}
		was := n.windows[s.visit]
		n.windows[s.visit] = windows
		over := in.shift(s, shift)
		n.windows[s.visit] = was
		if over {
			return true
		}
	}
	return false
}

// reaches tells whether there is a way from the shift's start to the visit and
// on to its end. A shift without one does not count as able to do the visit
// (care.ReasonUnreachable), even where a matrix has a way by another visit.
func (n *network) reaches(shift, visit int) bool {
	home := n.j.home[visit]
	_, _, there := n.bounds(shift, n.from[shift], home)
	_, _, back := n.bounds(shift, home, n.to[shift])
	return there && back
}

// open asks everything about a shift that does not depend on the position.
func (in *insertion) open(s seat, shift int) bool {
	j := in.n.j
	carer := j.day.Shifts[shift].Carer
	for _, p := range in.placed {
		if p.visit == s.visit && (shift <= p.shift || j.day.Shifts[p.shift].Carer == carer) {
			return false // the two seats of a visit are alike: each pair once
		}
	}
	if in.free {
		return true
	}
	for _, l := range j.day.Links {
		other := ""
		switch j.day.Visits[s.visit].ID {
		case l.First:
			other = l.Second
		case l.Second:
			other = l.First
		}
		if other == "" || l.Carer == care.AnyCarer {
			continue
		}
		if with, any := in.carersOf(lookup(j.visitOf, other)); any {
			shares := slices.Contains(with, carer)
			if l.Carer == care.DifferentCarer && shares {
				return false
			}
			if l.Carer == care.SameCarer && !shares && in.lastChance(s) {
				return false
			}
		}
	}
	return in.pinned(s, shift)
}

// carersOf returns who serves a visit, or is being given it.
func (in *insertion) carersOf(v int) (carers []string, any bool) {
	if v < 0 {
		return nil, false
	}
	for _, s := range in.n.j.servings[v] {
		carers = append(carers, in.n.j.person(s.walk))
	}
	for _, p := range in.placed {
		if p.visit == v {
			carers = append(carers, in.n.j.day.Shifts[p.shift].Carer)
		}
	}
	return carers, len(carers) > 0
}

// lastChance tells whether this seat must be the one that shares its carer
// with a linked visit. Of two seats one is enough; the second is asked to, so
// that a pair in which only the first shares is not tried the other way round.
func (in *insertion) lastChance(s seat) bool { return in.n.j.day.Visits[s.visit].Carers == 1 }

// pinned tells whether the pins of a visit let this seat have the shift.
func (in *insertion) pinned(s seat, shift int) bool {
	j := in.n.j
	visit := &j.day.Visits[s.visit]
	wanted, got := 0, 0
	for _, p := range j.day.Pins {
		if p.Visit != visit.ID || p.Shift == "" {
			continue
		}
		wanted++
		if p.Shift == j.day.Shifts[shift].ID {
			got++
		}
		for _, o := range in.placed {
			if o.visit == s.visit && j.day.Shifts[o.shift].ID == p.Shift {
				got++
			}
		}
	}
	// Seats that are still to come can satisfy what is missing.
	return got+visit.Carers-1-s.number >= min(wanted, visit.Carers)
}

// shift tries every position of one shift; true: the search is over.
func (in *insertion) shift(s seat, shift int) bool {
	n := in.n
	old, spots := n.seq[shift], n.spots[shift]
	if _, known := in.base[shift]; !known {
		in.base[shift] = len(old)
		defer delete(in.base, shift)
	}
	around := in.hull(shift, old)
	grown := make([]int32, len(old)+1)
	moved := make([]int, len(spots))
	defer func() { n.seq[shift], n.spots[shift] = old, spots }()
	for at := 0; at <= len(old); at++ {
		if in.trials--; in.trials < 0 {
			if n.loose && in.best == nil {
				in.best = &fit{} // not disproved
			}
			return true
		}
		if !n.room(around, shift, old, at, s.visit) {
			continue
		}
		copy(grown, old[:at])
		grown[at] = int32(s.visit)
		copy(grown[at+1:], old[at:])
		n.spots[shift] = nil
		if !n.walk(shift, grown) {
			continue
		}
		n.seq[shift] = grown
		fits, over := in.try(s, shift)
		// Another place for the breaks may suit the other routes better: the
		// roster's own, with a break in the same gap behind the new visit or
		// ahead of it.
		for way := 0; way < 2 && !fits && !over && len(spots) > 0; way++ {
			for k, spot := range spots {
				moved[k] = spot
				if spot/2 > at || (spot/2 == at && way == 0) {
					moved[k] += 2
				}
			}
			n.spots[shift] = moved
			fits, over = in.try(s, shift)
		}
		n.seq[shift] = old
		if over {
			return true
		}
	}
	return false
}

// try settles the routes with a seat put in, goes on to the next seat if they
// do, and takes everything back.
func (in *insertion) try(s seat, shift int) (fits, over bool) {
	n := in.n
	mark := len(n.trail)
	was := n.present[s.visit]
	n.present[s.visit] = true
	n.on[s.visit] = append(n.on[s.visit], shift)
	n.steps, n.lifts = 200, 20_000
	n.push(shift)
	if n.comeIn(s.visit) && n.settle() < 0 {
		fits = true
		in.placed = append(in.placed, placed{s, shift})
		over = in.next()
		in.placed = in.placed[:len(in.placed)-1]
	}
	n.drain()
	n.on[s.visit] = n.on[s.visit][:len(n.on[s.visit])-1]
	n.present[s.visit] = was
	n.undo(mark)
	return fits, over
}

// comeIn applies the links of a visit that has just become present.
func (n *network) comeIn(v int) bool {
	for _, t := range n.tiesOf[v] {
		if !n.present[t.other] {
			continue
		}
		for _, back := range n.tiesOf[t.other] {
			if back.other == v && n.early[t.other]+back.lag > n.early[v] && n.early[t.other] > -never {
				if !n.raise(v, n.early[t.other]+back.lag, -1) {
					return false
				}
			}
		}
	}
	return true
}

// drain empties the queue of routes to be walked.
func (n *network) drain() {
	for _, s := range n.queue {
		n.queued[s] = false
	}
	n.queue = n.queue[:0]
}

// found notes the fit that stands, if it is the cheapest so far.
func (in *insertion) found() {
	n := in.n
	if in.sharedWrong() {
		return
	}
	f := &fit{shift: in.placed[0].shift, start: n.early[in.placed[0].visit]}
	if in.cheapest {
		f.added = in.atMost()
	}
	if in.best == nil || f.added < in.best.added {
		in.best = f
	}
}

// sharedWrong tells whether a link that asks for the same carer is left
// without one. With double visits this is only known once all are placed.
func (in *insertion) sharedWrong() bool {
	j := in.n.j
	if in.free {
		return false
	}
	for _, l := range j.day.Links {
		if l.Carer != care.SameCarer {
			continue
		}
		a, aok := in.carersOf(lookup(j.visitOf, l.First))
		b, bok := in.carersOf(lookup(j.visitOf, l.Second))
		concerns := slices.ContainsFunc(in.placed, func(p placed) bool {
			id := j.day.Visits[p.visit].ID
			return id == l.First || id == l.Second
		})
		if concerns && aok && bok && !slices.ContainsFunc(a, func(c string) bool { return slices.Contains(b, c) }) {
			return true
		}
	}
	return false
}

// touchTied adds the shifts of a visit, and of those that links tie to it, and tells
// whether there were more.
func (in *insertion) touchTied(v int, touched map[int]bool) bool {
	n, before := in.n, len(touched)
	for _, s := range n.on[v] {
		touched[s] = true
	}
	for _, t := range n.tiesOf[v] {
		if n.present[t.other] {
			for _, s := range n.on[t.other] {
				touched[s] = true
			}
		}
	}
	return len(touched) > before
}

// atMost is a bound on what the fit that stands adds to the cost, from above:
// the travel added, exactly where it is the same all day; every price of who comes, whether due or not;
// waiting for whole shifts; and all minutes outside preferred windows on the
// routes that it touches. Starts stand at their earliest here, and the roster's may
// be later: so it touches the routes that links tie to those as well.
func (in *insertion) atMost() int64 {
	n := in.n
	j, w := n.j, &n.j.day.Rules.Weights
	sum := int64(0)
	touched := map[int]bool{}
	moved := map[int]bool{}
	for _, p := range in.placed {
		sum += w.NewFace + w.NotContact + w.Downgrade + w.Language + w.AcrossBorder
		touched[p.shift] = true
	}
	for _, c := range n.trail {
		moved[c.visit] = true
		for _, s := range n.on[c.visit] {
			touched[s] = true
		}
	}
	for again := true; again; {
		again = false
		for s := range touched {
			for _, v := range n.seq[s] {
				again = in.touchTied(int(v), touched) || again
			}
		}
	}
	for s := range touched {
		if before, grown := in.base[s]; grown && before == 0 {
			sum += w.ShiftUsed
		}
		_, after := n.along(s, nil)
		before, _ := n.along(s, in.placed)
		sum += w.Drive*(after.drive-before.drive) + (w.Metre*max(0, after.metres-before.metres)+999)/1000
		sum += w.Wait * (int64(j.day.Shifts[s].End) - int64(j.day.Shifts[s].Start) + 59) / 60
		for _, v := range n.seq[s] {
			moved[int(v)] = true
		}
	}
	for v := range moved {
		sum += w.OutsideWindow * (outside(&j.day.Visits[v], n.early[v]) + 59) / 60 * int64(max(1, j.day.Visits[v].Carers))
	}
	return sum
}

// outside is how far a start misses the preferred window.
func outside(v *care.Visit, start int64) int64 {
	if v.Preferred == nil {
		return 0
	}
	return max(0, int64(v.Preferred.From)-start, start-int64(v.Preferred.To))
}

// along is the travel of a route at least and at most, some seats left out; an
// empty one has none. In one part of the day both are the same.
func (n *network) along(s int, without []placed) (least, most leg) {
	place, any := n.from[s], false
	add := func(to int) {
		low, high, _ := n.bounds(s, place, to)
		least.drive, least.metres = least.drive+low.drive, least.metres+low.metres
		most.drive, most.metres = most.drive+high.drive, most.metres+high.metres
		place = to
	}
	for _, v := range n.seq[s] {
		if slices.ContainsFunc(without, func(p placed) bool { return p.shift == s && p.visit == int(v) }) {
			continue
		}
		add(n.j.home[v])
		any = true
	}
	if !any {
		return leg{}, leg{}
	}
	add(n.to[s])
	return least, most
}
