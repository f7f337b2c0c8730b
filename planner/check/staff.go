package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// carers checks the shifts of each carer against one another, against the
// neighbouring days and against the longest shift.
func (j *judge) carers() {
	used := map[string][]*walk{}
	var ids []string
	for i := range j.walks {
		w := &j.walks[i]
		if !w.used || w.shift < 0 {
			continue
		}
		s := &j.day.Shifts[w.shift]
		if used[s.Carer] == nil {
			ids = append(ids, s.Carer)
		}
		used[s.Carer] = append(used[s.Carer], w)
		long, most := int64(s.End)-int64(s.Start), int64(j.day.Rules.WorkingTime.LongestShift)
		if most > 0 && long > most {
			j.breach(LongestShift, where{carer: s.Carer, shift: s.ID, at: int64(s.Start)}, numbers{most, long},
				"Shift %s of %s is %s long; the rules allow %s.", "Passet %s för %s är %s långt; reglerna tillåter %s.", s.ID, s.Carer, length(long), length(most))
		}
	}
	neighbours := map[string][]care.WorkedShift{}
	for _, n := range j.day.Neighbours {
		neighbours[n.Carer] = append(neighbours[n.Carer], n)
	}
	for _, id := range ids {
		j.together(id, used[id])
		for _, w := range used[id] {
			for _, n := range neighbours[id] {
				j.restBeside(w, span{int64(n.Start), int64(n.End)}, j.worked(id))
			}
		}
	}
}

// together compares the used shifts of one carer within the day.
func (j *judge) together(carer string, list []*walk) {
	slices.SortStableFunc(list, func(a, b *walk) int {
		return int(int64(j.day.Shifts[a.shift].Start) - int64(j.day.Shifts[b.shift].Start))
	})
	for i, b := range list {
		for _, a := range list[:i] {
			if a.from < b.to && b.from < a.to {
				at := where{carer: carer, shift: b.route.Shift, at: b.from}
				j.breach(TwoPlaces, at, numbers{a.to, b.from}, "%s is on the routes of shifts %s and %s at the same time, at %s.",
					"%s är på slingorna för passen %s och %s samtidigt, kl. %s.", carer, a.route.Shift, b.route.Shift, j.clock(max(a.from, b.from)))
				continue
			}
			j.restBeside(b, j.hoursOf(a.shift), j.worked(carer))
		}
	}
}

// span is when somebody works.
type span struct{ start, end int64 }

func (j *judge) hoursOf(shift int) span {
	return span{int64(j.day.Shifts[shift].Start), int64(j.day.Shifts[shift].End)}
}

// worked lists when a carer works, on the neighbouring days and on the used
// shifts of this one.
func (j *judge) worked(carer string) []span {
	var list []span
	for _, n := range j.day.Neighbours {
		if n.Carer == carer {
			list = append(list, span{int64(n.Start), int64(n.End)})
		}
	}
	for i := range j.walks {
		if w := &j.walks[i]; w.used && w.shift >= 0 && j.day.Shifts[w.shift].Carer == carer {
			list = append(list, j.hoursOf(w.shift))
		}
	}
	return list
}

// restBeside checks the rest between a used shift and another that is worked.
// It may be short within a split working day.
func (j *judge) restBeside(w *walk, other span, worked []span) {
	s, need := &j.day.Shifts[w.shift], int64(j.day.Rules.WorkingTime.DailyRest)
	rest := max(int64(s.Start)-other.end, other.start-int64(s.End)) // after it, or before it
	if rest >= need || (rest >= 0 && j.oneDay(j.hoursOf(w.shift), worked)) {
		return
	}
	j.breach(DailyRest, where{carer: s.Carer, shift: s.ID, at: int64(s.Start)}, numbers{need, rest},
		"%s has %s of rest between shift %s and the one from %s to %s; the rules ask for %s.",
		"%s har %s vila mellan passet %s och det från %s till %s; reglerna kräver %s.",
		s.Carer, length(rest), s.ID, j.clock(other.start), j.clock(other.end), length(need))
}

// oneDay tells whether the working day around a shift is a lawful one. Shifts
// in order of their starts fall apart into working days wherever the rest
// lies between them; one that holds several shifts must be allowed to, and
// must leave the rest free in the 24 hours from its start.
func (j *judge) oneDay(of span, worked []span) bool {
	need := int64(j.day.Rules.WorkingTime.DailyRest)
	list := append([]span{of}, worked...)
	slices.SortFunc(list, func(a, b span) int { return int(a.start - b.start) })
	for len(list) > 0 {
		day, shifts, clash := list[0], 1, false
		for shifts < len(list) && list[shifts].start-day.end < need {
			day.end = max(day.end, list[shifts].end)
			shifts++
		}
		distinct := map[span]bool{}
		for _, s := range list[:shifts] {
			distinct[s] = true
			clash = clash || s != of && s.start < of.end && of.start < s.end
		}
		if distinct[of] {
			return !clash && (len(distinct) == 1 || j.day.Rules.WorkingTime.SplitShifts && day.start+24*3600-day.end >= need)
		}
		list = list[shifts:]
	}
	return true
}

// restless finds the shifts that must stay empty, because a neighbouring day's
// shift or an earlier one of this day leaves too little rest.
func (j *judge) restless() {
	d := j.day
	j.notRest = make([]bool, len(d.Shifts))
	order := make([]int, len(d.Shifts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(int64(d.Shifts[a].Start) - int64(d.Shifts[b].Start)) })
	worked := map[string][]span{}
	for _, n := range d.Neighbours {
		worked[n.Carer] = append(worked[n.Carer], span{int64(n.Start), int64(n.End)})
	}
	for _, i := range order {
		who := d.Shifts[i].Carer
		twice := slices.Contains(worked[who], j.hoursOf(i)) // the same hours cannot be worked twice
		if j.notRest[i] = twice || !j.oneDay(j.hoursOf(i), worked[who]); !j.notRest[i] {
			worked[who] = append(worked[who], j.hoursOf(i))
		}
	}
}

// vehicles checks that no vehicle is out twice at one time. A vehicle is taken
// for the whole of a used shift.
func (j *judge) vehicles() {
	type use struct{ shift int }
	out := map[string][]use{}
	for i := range j.walks {
		w := &j.walks[i]
		if !w.used || w.shift < 0 || j.day.Shifts[w.shift].Vehicle == "" {
			continue
		}
		s := &j.day.Shifts[w.shift]
		for _, u := range out[s.Vehicle] {
			o := &j.day.Shifts[u.shift]
			if s.Start < o.End && o.Start < s.End {
				j.breach(Vehicle, where{carer: s.Carer, shift: s.ID, at: int64(max(s.Start, o.Start))}, numbers{1, 2},
					"Vehicle %s is used by shifts %s and %s at the same time, at %s.", "Fordonet %s används av passen %s och %s samtidigt, kl. %s.",
					s.Vehicle, o.ID, s.ID, j.clock(int64(max(s.Start, o.Start))))
			}
		}
		out[s.Vehicle] = append(out[s.Vehicle], use{w.shift})
	}
}
