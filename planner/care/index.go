package care

import "slices"

// Index finds the parts of a day by id and answers the questions that every
// user of a day asks. It reads the day and never changes it; it must be made
// anew when the day's lists change. Of two items with one id the first counts;
// Validate reports the second. It is safe for concurrent use.
type Index struct {
	Day *Day

	// Positions in the day's lists by id.
	Municipality, Place, Base, Client, Carer, Vehicle, Shift, Visit map[string]int

	Handling Handling // of the day's season

	members map[string]bool
	rested  []bool // by shift
}

// NewIndex returns the index of a day, valid or not.
func NewIndex(d *Day) *Index {
	x := &Index{
		Day:          d,
		Municipality: byID(d.Municipalities, func(m *Municipality) string { return m.ID }),
		Place:        byID(d.Places, func(p *Place) string { return p.ID }),
		Base:         byID(d.Bases, func(b *Base) string { return b.ID }),
		Client:       byID(d.Clients, func(c *Client) string { return c.ID }),
		Carer:        byID(d.Carers, func(c *Carer) string { return c.ID }),
		Vehicle:      byID(d.Vehicles, func(v *Vehicle) string { return v.ID }),
		Shift:        byID(d.Shifts, func(s *Shift) string { return s.ID }),
		Visit:        byID(d.Visits, func(v *Visit) string { return v.ID }),
		members:      make(map[string]bool, len(d.Members)),
		Handling:     d.Rules.HandlingFor(d.Condition),
	}
	for _, m := range d.Members {
		x.members[m] = true
	}
	x.rest()
	return x
}

func byID[T any](list []T, id func(*T) string) map[string]int {
	index := make(map[string]int, len(list))
	for i := range list {
		if _, double := index[id(&list[i])]; !double {
			index[id(&list[i])] = i
		}
	}
	return index
}

// Member tells whether a municipality takes part in the plan.
func (x *Index) Member(municipality string) bool {
	return len(x.members) == 0 || x.members[municipality]
}

// VisitClient returns the position of a visit's client, or -1.
func (x *Index) VisitClient(visit int) int { return find(x.Client, x.Day.Visits[visit].Client) }

// VisitPlace returns the position of the place where a visit is done: its
// own, or the client's home. It is -1 when that is not known.
func (x *Index) VisitPlace(visit int) int {
	if p := x.Day.Visits[visit].Place; p != "" {
		return find(x.Place, p)
	}
	if c := x.VisitClient(visit); c >= 0 {
		return find(x.Place, x.Day.Clients[c].Place)
	}
	return -1
}

// ShiftCarer returns the position of a shift's carer, or -1.
func (x *Index) ShiftCarer(shift int) int { return find(x.Carer, x.Day.Shifts[shift].Carer) }

func find(index map[string]int, id string) int {
	if i, ok := index[id]; ok {
		return i
	}
	return -1
}

// HandlingFor returns the handling times of a condition's season. Without a
// condition it is summer.
func (r Rules) HandlingFor(c *Condition) Handling {
	if c != nil && c.Season == Winter {
		return r.Handling.Winter
	}
	return r.Handling.Summer
}

// Leave returns the time before a drive that begins at a place: its own, or
// as the rules say.
func (x *Index) Leave(place int) Seconds {
	if own := x.Day.Places[place].Leave; own != nil {
		return *own
	}
	return x.Handling.Leave
}

// Arrive returns the time after a drive that ends at a place: its own, or as
// the rules say.
func (x *Index) Arrive(place int) Seconds {
	if own := x.Day.Places[place].Arrive; own != nil {
		return *own
	}
	return x.Handling.Arrive
}

// Around returns the handling before and after the drive of a leg. A leg
// within one place has none before it and SamePlace after it.
func (x *Index) Around(from, to int) (leave, arrive Seconds) {
	if from == to {
		return 0, x.Handling.SamePlace
	}
	return x.Leave(from), x.Arrive(to)
}

// Rested tells whether a shift can be worked without cutting a daily rest
// short: against the neighbouring days' shifts, and against earlier shifts of
// the same carer in this day that can be worked. A shift that is not rested
// must stay empty.
//
// The rest is asked for between working days. Shifts with less than the rest
// between them are one working day, if the rules allow split shifts, and it
// may last 24 hours less the rest from the first start to the last end:
//
//	   07-11        16-20              07-15
//	----####---------####---------------########---
//	    |-- 13 h at most --|-- 11 h --|
func (x *Index) Rested(shift int) bool { return x.rested[shift] }

func (x *Index) rest() {
	d := x.Day
	order := make([]int, len(d.Shifts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(int64(d.Shifts[a].Start) - int64(d.Shifts[b].Start)) })
	worked := map[string][]WorkedShift{}
	for _, n := range d.Neighbours {
		worked[n.Carer] = append(worked[n.Carer], n)
	}
	x.rested = make([]bool, len(d.Shifts))
	for _, i := range order {
		s := WorkedShift{Carer: d.Shifts[i].Carer, Start: d.Shifts[i].Start, End: d.Shifts[i].End}
		if x.rested[i] = d.Rules.WorkingTime.beside(s, worked[s.Carer]); x.rested[i] {
			worked[s.Carer] = append(worked[s.Carer], s)
		}
	}
}

// beside tells whether a shift can be worked beside others of the same carer.
func (w *WorkingTime) beside(s WorkedShift, others []WorkedShift) bool {
	from, to := int64(s.Start), int64(s.End) // the working day that the shift is part of
	alone := true
	for grows := true; grows; {
		grows = false
		for _, o := range others {
			start, end := int64(o.Start), int64(o.End)
			if start-to >= int64(w.DailyRest) || from-end >= int64(w.DailyRest) {
				continue
			}
			if o.Start < s.End && s.Start < o.End {
				return false // two shifts at once
			}
			alone = false
			if start < from || end > to {
				from, to, grows = min(from, start), max(to, end), true
			}
		}
	}
	return alone || w.SplitShifts && to-from <= 24*3600-int64(w.DailyRest)
}
