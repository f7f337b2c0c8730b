package care

import (
	"fmt"
	"slices"
)

// Validate checks that matrices are whole and hold every place and mode that
// the day needs. It returns a *ValidationError, or nil. d may be nil: then
// only the matrices themselves are looked at.
func (t *Travel) Validate(d *Day) error {
	v := &validator{}
	travel := at{"", -1, ""}
	if t == nil {
		v.add(travel, "", "there are no travel matrices", "")
		return &ValidationError{Problems: v.problems}
	}
	v.ids("places", len(t.Places), func(i int) string { return t.Places[i] })
	modes := make([]Mode, 0, len(t.Matrices))
	for m := range t.Matrices {
		modes = append(modes, m)
	}
	slices.Sort(modes)
	for _, mode := range modes {
		v.matrix(at{"matrices." + string(mode), -1, ""}, t.Matrices[mode], len(t.Places))
	}
	if d != nil {
		v.needs(t, d)
	}
	if len(v.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: v.problems}
}

// The longest way that can be meant: beyond these the unit is mistaken. They
// also keep the sums of legs and handling far from overflow.
const (
	longestDrive Seconds = 48 * 3600
	longestRoad  Metres  = 10_000_000
)

// matrix checks one matrix; of wrong values it reports the first.
func (v *validator) matrix(item at, m *Matrix, places int) {
	switch {
	case m == nil:
		v.add(item, "", "the matrix is missing", "leave the mode out or give it a matrix")
		return
	case m.N != places:
		v.add(item, "n", fmt.Sprintf("the matrix has %d rows for %d places", m.N, places), "give one row and column for each place")
		return
	}
	if !v.ways(item, "", m.N, m.Seconds, m.Metres) {
		return
	}
	if len(m.Later) > mostLater {
		v.add(item, "later", fmt.Sprintf("has %d parts of the day; %d are the most", len(m.Later), mostLater), "join those that differ least")
		return
	}
	for i := range m.Later {
		l, field := &m.Later[i], fmt.Sprintf("later[%d].", i)
		switch {
		case i > 0 && l.From <= m.Later[i-1].From:
			v.add(item, field+"from", "does not come after the one before", "list the parts of the day in their order, each once")
			return
		case l.From < -longestDay || l.From > longestDay:
			v.add(item, field+"from", "is more than 31 days from the day", "write seconds from the day's midnight")
			return
		case !v.ways(item, field, m.N, l.Seconds, l.Metres):
			return
		}
	}
}

// Parts of the day are as many as the search takes beside the first, and they
// begin about the day.
const (
	mostLater       = 99
	longestDay Time = 31 * 24 * 3600
)

// ways checks the values of one part of the day; of wrong ones it reports the
// first, and says false.
func (v *validator) ways(item at, field string, n int, seconds []Seconds, metres []Metres) bool {
	switch {
	case len(seconds) != n*n:
		v.add(item, field+"seconds", fmt.Sprintf("has %d values, not %d times %d", len(seconds), n, n), "")
		return false
	case len(metres) != n*n:
		v.add(item, field+"metres", fmt.Sprintf("has %d values, not %d times %d", len(metres), n, n), "")
		return false
	}
	for i, s := range seconds {
		at := func(list string) string { return fmt.Sprintf("%s%s[%d]", field, list, i) }
		switch {
		case i/n == i%n && (s != 0 || metres[i] != 0):
			v.add(item, at("seconds"), "the way from a place to itself is not zero", "")
			return false
		case s != Unreachable && s > longestDrive:
			v.add(item, at("seconds"), "a way takes longer than 48 hours", "write seconds, and care.Unreachable where there is no way")
			return false
		case metres[i] > longestRoad:
			v.add(item, at("metres"), "a way is longer than 10 000 km", "write metres")
			return false
		case s < 0:
			v.add(item, at("seconds"), "a travel time is negative", "write care.Unreachable where there is no way")
			return false
		case metres[i] < 0:
			v.add(item, at("metres"), "a distance is negative", "")
			return false
		}
	}
	return true
}

// needs checks that the day's places and modes are there.
func (v *validator) needs(t *Travel, d *Day) {
	have := make(map[string]bool, len(t.Places))
	for _, p := range t.Places {
		have[p] = true
	}
	for i := range d.Places {
		if id := d.Places[i].ID; !have[id] {
			v.add(at{"places", i, id}, "id", "the travel matrices do not hold this place", "make the matrices for the places of this day")
		}
	}
	for i := range d.Shifts {
		if _, ok := t.Matrices[d.Shifts[i].Mode]; !ok {
			v.add(at{"shifts", i, d.Shifts[i].ID}, "mode", "there is no travel matrix for this mode", "add one")
		}
	}
}
