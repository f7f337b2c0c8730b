package solver

// piece is a part of a cost function: value at from, then slope per unit.
type piece struct {
	from, to     int64
	value, slope int64
}

func (p piece) at(t int64) int64 { return p.value + (t-p.from)*p.slope }

// curve is a function on part of the whole numbers: pieces that ascend and do
// not overlap. The empty curve is infinite everywhere.
type curve []piece

// falling is the running minimum of a curve: the least value up to t. Its last
// piece has no end.
func (c curve) falling() curve {
	var out curve
	least := Infinity
	flat := func(from, to int64) {
		if n := len(out); n > 0 && out[n-1].slope == 0 && out[n-1].value == least {
			out[n-1].to = to
		} else if from <= to {
			out = append(out, piece{from, to, least, 0})
		}
	}
	for i, p := range c {
		if i > 0 && c[i-1].to+1 < p.from {
			flat(c[i-1].to+1, p.from-1)
		}
		switch {
		case p.slope >= 0:
			least = min(least, p.value)
			flat(p.from, p.to)
		case p.at(p.to) >= least:
			flat(p.from, p.to)
		default:
			from := p.from
			if p.value > least { // the first whole number where it is below
				from += (p.value-least)/(-p.slope) + 1
				flat(p.from, from-1)
			}
			out = append(out, piece{from, p.to, p.at(from), p.slope})
			least = p.at(p.to)
		}
	}
	if n := len(c); n > 0 {
		flat(c[n-1].to+1, Infinity)
	}
	return out
}

// passage is one way through a gap, some breaks before the travel and the
// others after it. What is left at t is reached at max(t+lag, first), as long
// as t is at most last.
type passage struct{ lag, first, last int64 }

func passageOf(travel int32, breaks []Break, before int) (passage, bool) {
	p := passage{first: -Infinity, last: Infinity}
	if travel == NoWay {
		return p, false
	}
	if !p.rests(breaks[:before]) {
		return p, false
	}
	p.travel(int64(travel))
	return p, p.rests(breaks[before:])
}

func (p *passage) travel(time int64) {
	p.first += time
	p.lag += time
}

// rests goes on over breaks, and tells whether they can be taken.
func (p *passage) rests(breaks []Break) bool {
	for i := range breaks {
		b := &breaks[i]
		p.last = min(p.last, b.To-p.lag)
		p.first = max(p.first, b.From)
		if p.first > b.To {
			return false
		}
		p.first += b.Length
		p.lag += b.Length
	}
	return true
}

// leave is the latest time to leave so as to be through by s, or -Infinity.
func (p passage) leave(s int64) int64 {
	if s < p.first {
		return -Infinity
	}
	return min(s-p.lag, p.last)
}

// raise adds an amount to all values.
func (c curve) raise(by int64) {
	for i := range c {
		c[i].value += by
	}
}

// through is the least cost of being ready at s, when the curve is what
// leaving costs, and must be falling.
func (c curve) through(p passage) curve {
	var out curve
	for _, x := range c {
		from, to := x.from+p.lag, x.to
		if to < Infinity {
			to += p.lag
		}
		begin := max(from, p.first)
		if x.from > p.last {
			break
		}
		if x.to >= p.last { // from here on leaving at last is best
			if upto := p.last + p.lag; begin <= upto && x.slope != 0 {
				out = append(out, piece{begin, upto, x.at(begin - p.lag), x.slope})
				begin = upto + 1
			}
			return append(out, piece{begin, Infinity, x.at(min(p.last, begin-p.lag)), 0})
		}
		if begin <= to {
			out = append(out, piece{begin, to, x.at(begin - p.lag), x.slope})
		}
	}
	return out
}

// least is the lower envelope of two curves.
func least(a, b curve) curve {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	var out curve
	add := func(p piece) {
		if n := len(out); n > 0 && out[n-1].to+1 == p.from && out[n-1].slope == p.slope && out[n-1].at(p.from) == p.value {
			out[n-1].to = p.to
			return
		}
		out = append(out, p)
	}
	part := func(p piece, from, to int64) piece { return piece{from, to, p.at(from), p.slope} }
	i, j := 0, 0
	at := min(a[0].from, b[0].from)
	for i < len(a) || j < len(b) {
		inA, inB := i < len(a) && a[i].from <= at, j < len(b) && b[j].from <= at
		to := Infinity
		if i < len(a) {
			if to = a[i].to; !inA {
				to = a[i].from - 1
			}
		}
		if j < len(b) {
			if inB {
				to = min(to, b[j].to)
			} else {
				to = min(to, b[j].from-1)
			}
		}
		switch {
		case inA && inB:
			low, high := a[i], b[j]
			if high.at(at) < low.at(at) || high.at(at) == low.at(at) && high.slope < low.slope {
				low, high = high, low
			}
			meet := to // up to here low is not above high
			if low.slope > high.slope {
				meet = min(to, at+(high.at(at)-low.at(at))/(low.slope-high.slope))
			}
			add(part(low, at, meet))
			if meet < to {
				add(part(high, meet+1, to))
			}
		case inA:
			add(part(a[i], at, to))
		case inB:
			add(part(b[j], at, to))
		}
		if i < len(a) && a[i].to == to {
			i++
		}
		if j < len(b) && b[j].to == to {
			j++
		}
		at = to + 1
	}
	return out
}

// covers tells whether a curve is nowhere above another one. Both have ends.
func (c curve) covers(other curve) bool {
	i := 0
	for _, x := range other {
		for at := x.from; at <= x.to; {
			for i < len(c) && c[i].to < at {
				i++
			}
			if i == len(c) || c[i].from > at {
				return false
			}
			to := min(x.to, c[i].to)
			if c[i].at(at) > x.at(at) || c[i].at(to) > x.at(to) {
				return false
			}
			at = to + 1
		}
	}
	return true
}

// within keeps what lies in the task's windows between low and high, and adds
// what a start outside the preferred window costs.
func (c curve) within(n *nodeModel, low, high int64) curve {
	var out curve
	for _, w := range n.hard {
		from, to := max(w.From, low), min(w.To, high)
		for from <= to {
			upto, slope := to, int64(0)
			if n.priced {
				switch wish := n.wish(from); {
				case from < wish.From:
					upto, slope = min(to, wish.From), -wish.Early
				case from >= wish.To:
					slope = wish.Late
				default:
					upto = min(to, wish.To)
				}
				switch { // the step of a change
				case n.wasCost == 0:
				case from < n.was.From:
					upto = min(upto, n.was.From-1)
				case from <= n.was.To:
					upto = min(upto, n.was.To)
				}
			}
			for _, p := range c {
				if begin, end := max(p.from, from), min(p.to, upto); begin <= end {
					out = append(out, piece{begin, end, p.at(begin) + n.offWindow(begin), p.slope + slope})
				}
			}
			from = upto + 1
		}
	}
	return out
}

// lowest is the least value up to a limit and the last place where it is.
func (c curve) lowest(limit int64) (value, at int64) {
	value = Infinity
	for _, p := range c {
		if p.from > limit {
			break
		}
		to := min(p.to, limit)
		t := to
		if p.slope > 0 {
			t = p.from
		}
		if v := p.at(t); v <= value {
			value, at = v, t
		}
	}
	return value, at
}
