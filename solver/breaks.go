package solver

// A gap is what lies between two stops that follow each other on a route: one
// leg, and perhaps breaks. A break of a gap is taken after the travel where
// its window allows it and before the travel otherwise; either way it is at a
// definite place in the order of stops. Both functions below are monotone,
// and retreat is the inverse of advance: advance(t) <= s exactly when
// t <= retreat(s). The search rests on that.
//
// A break that may be missed is missed where no gap has it: the breaks [lo, hi)
// of one gap need not begin where those of the gap before it end.

// advance returns the earliest time to be ready at the next stop when the one
// before is left at t, or Infinity when a break cannot begin in its window.
func advance(t int64, travel int32, breaks []Break) int64 {
	if travel == NoWay || t >= Infinity {
		return Infinity
	}
	if len(breaks) == 0 {
		return t + int64(travel)
	}
	best := Infinity
	for split := range splits(breaks) {
		clock := t
		for i := range breaks {
			if i == split {
				clock += int64(travel)
			}
			clock = max(clock, breaks[i].From)
			if clock > breaks[i].To {
				clock = Infinity
				break
			}
			clock += breaks[i].Length
		}
		if clock < Infinity && split == len(breaks) {
			clock += int64(travel)
		}
		best = min(best, clock)
	}
	return best
}

// retreat returns the latest time to leave a stop so that the next can start
// at s, or -Infinity when there is none.
func retreat(s int64, travel int32, breaks []Break) int64 {
	if travel == NoWay || s <= -Infinity {
		return -Infinity
	}
	if len(breaks) == 0 {
		return s - int64(travel)
	}
	best := -Infinity
	for split := range splits(breaks) {
		clock := s
		if split == len(breaks) {
			clock -= int64(travel)
		}
		for i := len(breaks) - 1; i >= 0; i-- {
			clock = min(clock-breaks[i].Length, breaks[i].To)
			if clock < breaks[i].From {
				clock = -Infinity
				break
			}
			if i == split {
				clock -= int64(travel)
			}
		}
		best = max(best, clock)
	}
	return best
}

// splits is how many places the travel of a gap has among its breaks: a break
// at the next stop comes after it, and so do those that follow that break.
func splits(breaks []Break) int {
	for i := range breaks {
		if breaks[i].AtNext {
			return i + 1
		}
	}
	return len(breaks) + 1
}

// atNext tells whether one of the breaks waits for a next stop.
func atNext(breaks []Break) bool { return splits(breaks) <= len(breaks) }

// readBreaks notes which breaks must be taken. Those of a shift that is not chained
// have no two others between them; chained sees to the rest.
func (sm *shiftModel) readBreaks(weight int64) {
	must := sm.due(0, len(sm.breaks))
	for sm.hi = uint8(len(sm.breaks)); sm.hi > 0 && sm.breaks[sm.hi-1].MissCost > 0; sm.hi-- {
	}
	sm.lo = sm.hi - uint8(len(must))
	for sm.cut = sm.hi; sm.cut > sm.lo && !sm.breaks[sm.cut-1].AtNext; sm.cut-- {
	}
	sm.missCost = weight
	for i := range sm.breaks {
		sm.allMissed += sm.breaks[i].MissCost * weight
	}
}

// due are those of the breaks from one to another that a gap must have where
// as many as can be are missed.
func (sm *shiftModel) due(from, to int) []Break {
	if sm.chained {
		return sm.dues[from*(len(sm.breaks)+1)+to]
	}
	for from < to && sm.breaks[from].MissCost > 0 {
		from++
	}
	for from < to && sm.breaks[to-1].MissCost > 0 {
		to--
	}
	return sm.breaks[from:to]
}

// rested is what a route costs less for the breaks that it takes in a gap:
// they are not missed, and may not be paid.
func (sm *shiftModel) rested(breaks []Break) int64 {
	var less int64
	for i := range breaks {
		less += breaks[i].MissCost * sm.missCost
		if !breaks[i].Paid {
			less += breaks[i].Length * sm.workCost
		}
	}
	return less
}

// restTime is the sum of the breaks' lengths.
func restTime(breaks []Break) int64 {
	var sum int64
	for i := range breaks {
		sum += breaks[i].Length
	}
	return sum
}
