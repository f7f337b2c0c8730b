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
				j.restBeside(w, int64(n.Start), int64(n.End))
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
			s := &j.day.Shifts[a.shift]
			j.restBeside(b, int64(s.Start), int64(s.End))
		}
	}
}

// restBeside checks the rest between a used shift and another that is worked.
func (j *judge) restBeside(w *walk, start, end int64) {
	s, need := &j.day.Shifts[w.shift], int64(j.day.Rules.WorkingTime.DailyRest)
	rest := max(int64(s.Start)-end, start-int64(s.End)) // after it, or before it
	if rest >= need {
		return
	}
	j.breach(DailyRest, where{carer: s.Carer, shift: s.ID, at: int64(s.Start)}, numbers{need, rest},
		"%s has %s of rest between shift %s and the one from %s to %s; the rules ask for %s.",
		"%s har %s vila mellan passet %s och det från %s till %s; reglerna kräver %s.",
		s.Carer, length(rest), s.ID, j.clock(start), j.clock(end), length(need))
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
	type span struct{ start, end int64 }
	worked := map[string][]span{}
	for _, n := range d.Neighbours {
		worked[n.Carer] = append(worked[n.Carer], span{int64(n.Start), int64(n.End)})
	}
	need := int64(d.Rules.WorkingTime.DailyRest)
	for _, i := range order {
		s := &d.Shifts[i]
		for _, w := range worked[s.Carer] {
			if max(int64(s.Start)-w.end, w.start-int64(s.End)) < need {
				j.notRest[i] = true
			}
		}
		if !j.notRest[i] {
			worked[s.Carer] = append(worked[s.Carer], span{int64(s.Start), int64(s.End)})
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
