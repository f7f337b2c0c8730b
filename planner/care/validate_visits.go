package care

import "fmt"

func (v *validator) visits() {
	list := v.day.Visits
	v.ids("visits", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		visit := &list[i]
		item := at{"visits", i, visit.ID}
		v.known(item, "client", visit.Client, "client", v.index.Client)
		if visit.Place != "" {
			v.known(item, "place", visit.Place, "place", v.index.Place)
		}
		if visit.Duration <= 0 || visit.Duration > 86400 {
			v.add(item, "duration", "a visit must be longer than 0 and at most 24 hours", "write the minutes at the client")
		}
		v.windows(item, visit)
		if visit.Carers != 1 && visit.Carers != 2 {
			v.add(item, "carers", fmt.Sprintf("%d carers are asked for", visit.Carers), "write 1, or 2 for double staffing")
		}
		if visit.Priority < LifeCritical || visit.Priority > Comfort {
			v.add(item, "priority", fmt.Sprintf("priority %d is not known", visit.Priority), "write 1 (life-critical), 2, 3 or 4 (comfort)")
		}
		r := &visit.Requires
		for j, p := range r.Professions {
			v.profession(item, fmt.Sprintf("requires.professions[%d]", j), p)
		}
		v.words(item, "requires.skills", r.Skills)
		if r.Delegation != "" && len(r.Professions) == 0 {
			// Without professions anybody may come, so the delegation that the
			// writer thought of would never be asked for.
			v.add(item, "requires.delegation", "a delegation is named, but no profession that may do without it",
				`name those professions, for example "nurse"`)
		}
	}
}

// windows checks that there is one, and that they are sorted and apart.
func (v *validator) windows(item at, visit *Visit) {
	if len(visit.Windows) == 0 {
		v.add(item, "windows", "no window is given", "write from when to when the visit may start")
	}
	for j, w := range visit.Windows {
		field := fmt.Sprintf("windows[%d]", j)
		switch {
		case !v.timeInRange(item, field, w.From) || !v.timeInRange(item, field, w.To):
		case w.To < w.From:
			v.add(item, field, "ends before it starts", "exchange the two times, or let it end on the next date")
		case j > 0 && w.From < visit.Windows[j-1].From:
			v.add(item, field, "begins before the window ahead of it", "list windows in order")
		case j > 0 && w.From <= visit.Windows[j-1].To:
			v.add(item, field, "overlaps the window ahead of it", "make one window of the two")
		}
	}
	if p := visit.Preferred; p != nil {
		switch {
		case !v.timeInRange(item, "preferred", p.From) || !v.timeInRange(item, "preferred", p.To):
		case p.To < p.From:
			v.add(item, "preferred", "ends before it starts", "exchange the two times")
		case len(visit.Windows) > 0 && !meets(*p, visit.Windows):
			v.add(item, "preferred", "lies outside all windows of the visit", "prefer a time at which the visit may start")
		}
	}
}

// meets tells whether a window has a moment in common with one of a list.
func meets(w Window, list []Window) bool {
	for _, o := range list {
		if w.From <= o.To && o.From <= w.To {
			return true
		}
	}
	return false
}

func (v *validator) links() {
	for i, l := range v.day.Links {
		item := at{"links", i, ""}
		v.known(item, "first", l.First, "visit", v.index.Visit)
		v.known(item, "second", l.Second, "visit", v.index.Visit)
		if l.First != "" && l.First == l.Second {
			v.add(item, "second", "the visit is linked to itself", "name two different visits")
		}
		if l.Min > l.Max {
			v.add(item, "max", "the largest gap is smaller than the smallest", "exchange the two")
		}
		if l.Carer != AnyCarer && l.Carer != SameCarer && l.Carer != DifferentCarer {
			v.add(item, "carer", "the carer clause is not known", "write same, different, or nothing")
		}
	}
}

func (v *validator) pins() {
	first := map[string][]int{}
	for i := range v.day.Pins {
		p := &v.day.Pins[i]
		item := at{"pins", i, ""}
		known := v.known(item, "visit", p.Visit, "visit", v.index.Visit)
		shiftKnown := p.Shift != "" && v.known(item, "shift", p.Shift, "shift", v.index.Shift)
		if p.Shift == "" && p.Start == nil {
			v.add(item, "", "the pin locks nothing", "name a shift, a start, or both")
		}
		if !known {
			continue
		}
		visit := &v.day.Visits[v.index.Visit[p.Visit]]
		if p.Start != nil {
			if !meets(Window{*p.Start, *p.Start}, visit.Windows) {
				v.add(item, "start", "the pinned start lies outside the visit's windows", "widen the window or move the pin")
			}
			if shiftKnown {
				s := &v.day.Shifts[v.index.Shift[p.Shift]]
				if *p.Start < s.Start || int64(*p.Start)+int64(visit.Duration) > int64(s.End) {
					v.add(item, "start", "the pinned visit does not lie within the shift", "move the pin, or pin it to another shift")
				}
			}
		}
		v.pinsAgree(item, p, visit, first[p.Visit])
		first[p.Visit] = append(first[p.Visit], i)
	}
}

// pinsAgree compares a pin with those ahead of it on the same visit.
func (v *validator) pinsAgree(item at, p *Pin, visit *Visit, ahead []int) {
	if len(ahead) >= max(visit.Carers, 1) {
		v.add(item, "visit", "the visit has more pins than carers", "keep one pin for each carer")
		return
	}
	for _, j := range ahead {
		o := &v.day.Pins[j]
		if p.Start != nil && o.Start != nil && *p.Start != *o.Start {
			v.add(item, "start", fmt.Sprintf("pins[%d] pins the same visit to another start", j), "both carers start together: keep one time")
		}
		if p.Shift != "" && p.Shift == o.Shift {
			v.add(item, "shift", fmt.Sprintf("pins[%d] pins the same visit to the same shift", j), "two carers need two shifts")
			continue
		}
		a, aok := v.index.Shift[p.Shift]
		b, bok := v.index.Shift[o.Shift]
		if aok && bok && v.day.Shifts[a].Carer == v.day.Shifts[b].Carer {
			v.add(item, "shift", fmt.Sprintf("pins[%d] pins the same visit to another shift of the same carer", j), "two different carers are needed")
		}
	}
}
