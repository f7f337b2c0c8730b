package check

// A hull is what the starts of a route lie between when all but its order, its
// legs and its windows is forgotten: no breaks, no links, every leg as short as
// it is in any part of the day. Most positions for one more visit are outside
// of it, and need no walk to be ruled out.
type hull struct {
	early, late []int64 // by stop: no start outside of these
}

// hull computes that of a sequence on a shift. It holds while no more seats are
// placed than now.
func (in *insertion) hull(shift int, seq []int32) *hull {
	n := in.n
	j, s := n.j, &n.j.day.Shifts[shift]
	for len(in.hulls) < len(in.seats) {
		in.hulls = append(in.hulls, hull{})
	}
	h := &in.hulls[len(in.placed)]
	h.early, h.late = resize(h.early, len(seq)), resize(h.late, len(seq))
	place, free := n.from[shift], int64(s.Start)
	for i, v := range seq {
		free = n.noSooner(int(v), n.soonest(shift, place, j.home[v], free))
		h.early[i] = free
		place, free = j.home[v], free+int64(j.day.Visits[v].Duration)
	}
	place, by := n.to[shift], int64(s.End)
	for i := len(seq) - 1; i >= 0; i-- {
		v := seq[i]
		by = max(-never, by-n.soonest(shift, j.home[v], place, 0)-int64(j.day.Visits[v].Duration))
		if w := n.windows[v]; len(w) > 0 {
			by = min(by, int64(w[len(w)-1].To))
		}
		h.late[i] = by
		place = j.home[v]
	}
	return h
}

// room tells whether a visit may be put before the at-th stop of the sequence
// that the hull is of; false is certain.
func (n *network) room(h *hull, shift int, seq []int32, at, visit int) bool {
	j, s := n.j, &n.j.day.Shifts[shift]
	place, free := n.from[shift], int64(s.Start)
	if at > 0 {
		before := seq[at-1]
		place, free = j.home[before], h.early[at-1]+int64(j.day.Visits[before].Duration)
	}
	next, by := n.to[shift], int64(s.End)
	if at < len(seq) {
		next, by = j.home[seq[at]], h.late[at]
	}
	start := n.noSooner(visit, n.soonest(shift, place, j.home[visit], free))
	return n.soonest(shift, j.home[visit], next, start+int64(j.day.Visits[visit].Duration)) <= by
}

// soonest is when the shortest way of the day is over for who leaves at t, or
// never.
func (n *network) soonest(shift, from, to int, t int64) int64 {
	least, _, ok := n.bounds(shift, from, to)
	if !ok {
		return never
	}
	return min(never, t+least.drive)
}

// noSooner is the first start of a visit that its windows allow from t on, or
// never.
func (n *network) noSooner(v int, t int64) int64 {
	for _, w := range n.windows[v] {
		if t <= int64(w.To) {
			return max(t, int64(w.From))
		}
	}
	return never
}
