package care

// BreaksOf returns the breaks that a used shift must take, in order. Each
// begins within its window and lasts its length.
//
// A shift's own breaks come first. Where one of their windows is so wide that
// Rules.Break could be broken within it, it is narrowed as far as the rule
// needs. Breaks with which the rule cannot be kept are refused by Validate.
//
// Otherwise the breaks follow from Rules.Break, counted from the start of the
// shift to its end, whenever the carer leaves or comes back: the fewest such
// that no more than WorkBefore of work in a row is possible wherever in its
// window each begins. With W = WorkBefore, L = Length and S the length of the
// shift, n breaks are enough when S <= (n+1)W + nL, and the slack
// (n+1)W + nL - S is shared out evenly as the widths of their windows:
//
//	start        from1  to1         from2  to2          end
//	  |------W-----------|                               |
//	               |---------L+W----------|              |
//	                                  |-------L+W--------|
//
// An eight-hour shift from 07:00 with W = 5 h and L = 30 min has one break
// that begins between 09:30 and 12:00.
func (x *Index) BreaksOf(shift int) []Break {
	s, rule := &x.Day.Shifts[shift], x.Day.Rules.Break
	if len(s.Breaks) > 0 {
		return narrowed(s, rule)
	}
	length := int64(s.End) - int64(s.Start)
	w, l := int64(rule.WorkBefore), int64(rule.Length)
	if w <= 0 || l <= 0 || length <= w {
		return nil
	}
	n := (length - w + w + l - 1) / (w + l) // ceiling of (S-W)/(W+L)
	if n > mostBreaks {
		return nil
	}
	slack := (n+1)*w + n*l - length
	breaks := make([]Break, n)
	to := int64(s.Start) + w
	for k := range n {
		from := to - (slack*(k+1)/n - slack*k/n)
		// In a shift that is hardly longer than W the ends of the shift bound the
		// window, not the rule.
		within := Window{From: Time(max(from, int64(s.Start))), To: Time(max(min(to, int64(s.End)-l), int64(s.Start)))}
		breaks[k] = Break{Window: within, Length: rule.Length}
		to = from + l + w
	}
	return breaks
}

// mostBreaks bounds what a senseless rule can ask for. Validate lets no such
// pass: half an hour of work before a break and a shift of 48 hours give 95.
const mostBreaks = 100

// narrowed returns a shift's own breaks with windows cut to what the rule on
// work in a row allows, where it can be kept at all. Only breaks of at least
// the rule's length count as an interruption.
func narrowed(s *Shift, rule BreakRule) []Break {
	breaks := append([]Break(nil), s.Breaks...)
	w := int64(rule.WorkBefore)
	if w <= 0 {
		return breaks
	}
	// Backward: not so early that too much work remains behind it. Forward: not
	// so late that too much lies ahead of it.
	latestNext := int64(s.End)
	for k := len(breaks) - 1; k >= 0; k-- {
		b := &breaks[k]
		if b.Length < rule.Length {
			continue
		}
		if from := latestNext - w - int64(b.Length); from > int64(b.Window.From) && from <= int64(b.Window.To) {
			b.Window.From = Time(from)
		}
		// The one ahead must be close enough to this one at its earliest; this
		// one can still be brought forward in the second pass.
		latestNext = int64(b.Window.From)
	}
	since := int64(s.Start)
	for k := range breaks {
		b := &breaks[k]
		if b.Length < rule.Length {
			continue
		}
		if to := since + w; to < int64(b.Window.To) && to >= int64(b.Window.From) {
			b.Window.To = Time(to)
		}
		since = int64(b.Window.From) + int64(b.Length)
	}
	return breaks
}

// unkept finds the first stretch of a shift that no choice of starts for its
// own breaks makes short enough for the rule on work in a row: from the end of
// an interruption at its latest to the earliest start of the next, which is
// break k of the shift, or len(s.Breaks) for the end of the shift. Breaks
// shorter than the rule's length interrupt nothing.
func unkept(s *Shift, rule BreakRule) (from, to int64, k int, found bool) {
	w := int64(rule.WorkBefore)
	if w <= 0 {
		return 0, 0, 0, false
	}
	from = int64(s.Start)
	for k := range s.Breaks {
		b := &s.Breaks[k]
		if b.Length < rule.Length {
			continue
		}
		if int64(b.Window.From) > from+w {
			return from, int64(b.Window.From), k, true
		}
		from = min(int64(b.Window.To), from+w) + int64(b.Length)
	}
	return from, int64(s.End), len(s.Breaks), int64(s.End) > from+w
}
