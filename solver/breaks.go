package solver

// A gap is what lies between two stops that follow each other on a route: one
// leg, and perhaps breaks. A break of a gap is taken after the travel where
// its window allows it and before the travel otherwise; either way it is at a
// definite place in the order of stops. Both functions below are monotone,
// and retreat is the inverse of advance: advance(t) <= s exactly when
// t <= retreat(s). The search rests on that.

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
	for split := 0; split <= len(breaks); split++ {
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
	for split := 0; split <= len(breaks); split++ {
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

// restTime is the sum of the breaks' lengths.
func restTime(breaks []Break) int64 {
	var sum int64
	for i := range breaks {
		sum += breaks[i].Length
	}
	return sum
}

// unpaidTime is the part of a shift's breaks that is not work.
func unpaidTime(breaks []Break) int64 {
	var sum int64
	for i := range breaks {
		if !breaks[i].Paid {
			sum += breaks[i].Length
		}
	}
	return sum
}
