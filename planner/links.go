package planner

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// addLinks writes the links of the day behind those of double visits, with the
// seats as they are chosen. Times are tied between first tasks; those of a
// double visit follow, because they start together. Different carers are asked
// for between all tasks of the two visits. The same carer is asked for between
// one task of each: which, is a choice where one of them is double staffed.
func (t *translation) addLinks() {
	t.problem.Links = t.problem.Links[:t.double]
	for i, l := range t.day.Links {
		first, second := t.tasksOf[t.index.Visit[l.First]], t.tasksOf[t.index.Visit[l.Second]]
		link := solver.Link{First: first[0], Second: second[0], Min: int64(l.Min), Max: int64(l.Max), AllOrNothing: l.Together}
		if l.Carer == care.SameCarer && t.seats[i] == [2]int{} {
			link.Shift = solver.SameShift
		}
		t.problem.Links = append(t.problem.Links, link)
		for a, one := range first {
			for b, other := range second {
				clause := solver.AnyShift
				switch {
				case one == solver.None || other == solver.None:
				case l.Carer == care.DifferentCarer:
					clause = solver.DifferentShift
				case l.Carer == care.SameCarer && t.seats[i] == [2]int{a, b} && link.Shift == solver.AnyShift:
					clause = solver.SameShift
				}
				if clause != solver.AnyShift {
					t.problem.Links = append(t.problem.Links, solver.Link{
						First: one, Second: other, Min: -solver.Infinity, Max: solver.Infinity, Shift: clause,
					})
				}
			}
		}
	}
}

// seatings lists the pairs of seats that could be the one carer of a link.
func (t *translation) seatings(link int) [][2]int {
	l := &t.day.Links[link]
	if l.Carer != care.SameCarer {
		return [][2]int{{}}
	}
	var list [][2]int
	for a := range t.day.Visits[t.index.Visit[l.First]].Carers {
		for b := range t.day.Visits[t.index.Visit[l.Second]].Carers {
			list = append(list, [2]int{a, b})
		}
	}
	return list
}

// firstSeats chooses before the search: seats that pins give to one person, if
// there are such, otherwise the first that pins do not give to two.
func (t *translation) firstSeats() {
	t.seats = make([][2]int, len(t.day.Links))
	for i := range t.day.Links {
		l := &t.day.Links[i]
		best := -1
		for _, s := range t.seatings(i) {
			a := t.pinnedPerson(t.tasksOf[t.index.Visit[l.First]][s[0]])
			b := t.pinnedPerson(t.tasksOf[t.index.Visit[l.Second]][s[1]])
			agree := 1
			switch {
			case a != solver.None && a == b:
				agree = 2
			case a != solver.None && b != solver.None:
				agree = 0
			}
			if agree > best {
				best, t.seats[i] = agree, s
			}
		}
	}
}

// pinnedPerson is the carer whose shift a task is pinned to, or solver.None.
func (t *translation) pinnedPerson(task int32) int32 {
	if shift := t.problem.Tasks[task].Pin.Shift; shift != solver.None {
		return t.problem.Shifts[shift].Person
	}
	return solver.None
}

// linksOf lists the links of the day that name one of some visits.
func (t *translation) linksOf(visits []int) []int {
	var list []int
	for i := range t.day.Links {
		l := &t.day.Links[i]
		if slices.Contains(visits, t.index.Visit[l.First]) || slices.Contains(visits, t.index.Visit[l.Second]) {
			list = append(list, i)
		}
	}
	return list
}

// together lists a visit and those that are not served without it.
func (t *translation) together(visit int) []int {
	group := []int{visit}
	for i := 0; i < len(group); i++ {
		for _, link := range t.linksOf(group[i : i+1]) {
			l := &t.day.Links[link]
			for _, other := range []int{t.index.Visit[l.First], t.index.Visit[l.Second]} {
				if l.Together && !slices.Contains(group, other) {
					group = append(group, other)
				}
			}
		}
	}
	return group
}
