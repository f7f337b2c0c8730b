package check

import "github.com/slinga-se/slinga/planner/care"

// breaks compares the breaks taken with those that the shift must have.
func (j *judge) breaks(w *walk, shift *care.Shift) {
	before := len(j.report.Breaches)
	var taken []*care.Stop
	for i := range w.route.Stops {
		if w.route.Stops[i].Kind == care.StopBreak {
			taken = append(taken, &w.route.Stops[i])
		}
	}
	needed := j.breaksOf(shift)
	match := matchBreaks(needed, taken)
	for k, need := range needed {
		at := where{carer: w.route.Carer, shift: shift.ID, at: int64(need.Window.From)}
		if match[k] == nil {
			j.breach(BreakTaken, at, numbers{int64(need.Length), 0}, "%s has no break of %s between %s and %s on shift %s.",
				"%s har ingen rast på %s mellan %s och %s i passet %s.", w.route.Carer, length(int64(need.Length)), j.clock(int64(need.Window.From)), j.clock(int64(need.Window.To)), shift.ID)
			continue
		}
		start, end := int64(match[k].Start), int64(match[k].End)
		at.at = start
		if start < int64(need.Window.From) || start > int64(need.Window.To) {
			want := int64(need.Window.From)
			if start > want {
				want = int64(need.Window.To)
			}
			j.breach(BreakWindow, at, numbers{want, start}, "The break of %s at %s does not begin between %s and %s.",
				"Rasten för %s kl. %s börjar inte mellan %s och %s.", w.route.Carer, j.clock(start), j.clock(int64(need.Window.From)), j.clock(int64(need.Window.To)))
		}
		if got, want := end-start, int64(need.Length); got < want {
			j.breach(BreakLength, at, numbers{want, got}, "The break of %s at %s lasts %s; it must last %s.",
				"Rasten för %s kl. %s varar %s; den ska vara %s.", w.route.Carer, j.clock(start), length(got), length(want))
		}
	}
	if len(j.report.Breaches) > before {
		return // the work in a row is too long because of what was said already
	}
	j.workInRow(w, shift, taken)
}

// workInRow measures the stretches of work between breaks that are long
// enough to count, from leaving to coming back.
func (j *judge) workInRow(w *walk, shift *care.Shift, taken []*care.Stop) {
	rule := j.day.Rules.Break
	most := int64(rule.WorkBefore)
	if most <= 0 {
		return
	}
	stretch := func(from, to int64) {
		if to-from > most {
			j.breach(WorkInRow, where{carer: w.route.Carer, shift: shift.ID, at: from}, numbers{most, to - from},
				"%s works %s in a row from %s on shift %s; at most %s is allowed.", "%s arbetar %s i sträck från %s i passet %s; högst %s är tillåtet.",
				w.route.Carer, length(to-from), j.clock(from), shift.ID, length(most))
		}
	}
	since := w.from
	for _, b := range taken {
		if int64(b.End)-int64(b.Start) < int64(rule.Length) {
			continue
		}
		stretch(since, int64(b.Start))
		since = int64(b.End)
	}
	stretch(since, w.to)
}

// breaksOf works out the breaks that a shift must have if it is used. A
// shift's own breaks stand, with their windows cut to what the rule on work
// in a row needs. Otherwise there are n of them, the fewest for which n+1
// stretches of work and n breaks cover the shift; the time to spare is shared
// out evenly as their windows, each of which closes when the longest stretch
// since the earliest end of the one before is up.
func (j *judge) breaksOf(shift *care.Shift) []care.Break {
	most, rest := int64(j.day.Rules.Break.WorkBefore), int64(j.day.Rules.Break.Length)
	start, end := int64(shift.Start), int64(shift.End)
	if len(shift.Breaks) > 0 {
		return cutWindows(shift.Breaks, start, end, most, rest)
	}
	if most <= 0 || rest <= 0 {
		return nil
	}
	n := int64(0)
	for (n+1)*most+n*rest < end-start {
		if n++; n > 100 {
			return nil // a shift of weeks: not a day that can be judged
		}
	}
	if n == 0 {
		return nil
	}
	spare := (n+1)*most + n*rest - (end - start)
	list := make([]care.Break, 0, n)
	closes, given := start+most, int64(0)
	for k := int64(1); k <= n; k++ {
		share := spare*k/n - given
		given += share
		// The break must also lie within the shift.
		opens, shuts := max(start, closes-share), max(start, min(end-rest, closes))
		list = append(list, care.Break{
			Window: care.Window{From: care.Time(opens), To: care.Time(shuts)}, Length: care.Seconds(rest),
		})
		closes = closes - share + rest + most
	}
	return list
}

// cutWindows cuts the windows of a shift's own breaks, first from the end of
// the shift back, then from its start on, never to nothing.
func cutWindows(own []care.Break, start, end, most, rest int64) []care.Break {
	list := make([]care.Break, len(own))
	copy(list, own)
	if most <= 0 {
		return list
	}
	next := end
	for k := len(list); k > 0; k-- {
		b := &list[k-1]
		if int64(b.Length) < rest {
			continue
		}
		opens := next - most - int64(b.Length)
		if int64(b.Window.From) < opens && opens <= int64(b.Window.To) {
			b.Window.From = care.Time(opens)
		}
		next = int64(b.Window.From)
	}
	last := start
	for k := range list {
		b := &list[k]
		if int64(b.Length) < rest {
			continue
		}
		closes := last + most
		if int64(b.Window.From) <= closes && closes < int64(b.Window.To) {
			b.Window.To = care.Time(closes)
		}
		last = int64(b.Window.From) + int64(b.Length)
	}
	return list
}

// matchBreaks pairs needed breaks with taken ones, in order. With as many
// taken as needed they pair one by one; otherwise by window first, and what is
// left over pairs as it comes.
func matchBreaks(needed []care.Break, taken []*care.Stop) []*care.Stop {
	match := make([]*care.Stop, len(needed))
	if len(needed) == len(taken) {
		copy(match, taken)
		return match
	}
	free := append([]*care.Stop(nil), taken...)
	take := func(k int, fits func(*care.Stop) bool) {
		for i, b := range free {
			if b != nil && match[k] == nil && fits(b) {
				match[k], free[i] = b, nil
			}
		}
	}
	for k := range needed {
		take(k, func(b *care.Stop) bool {
			return b.Start >= needed[k].Window.From && b.Start <= needed[k].Window.To &&
				int64(b.End)-int64(b.Start) >= int64(needed[k].Length)
		})
	}
	for k := range needed {
		take(k, func(*care.Stop) bool { return true })
	}
	return match
}
