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
	case len(m.Seconds) != m.N*m.N:
		v.add(item, "seconds", fmt.Sprintf("has %d values, not %d times %d", len(m.Seconds), m.N, m.N), "")
		return
	case len(m.Metres) != m.N*m.N:
		v.add(item, "metres", fmt.Sprintf("has %d values, not %d times %d", len(m.Metres), m.N, m.N), "")
		return
	}
	for i, s := range m.Seconds {
		switch {
		case i/m.N == i%m.N && (s != 0 || m.Metres[i] != 0):
			v.add(item, fmt.Sprintf("seconds[%d]", i), "the way from a place to itself is not zero", "")
			return
		case s != Unreachable && s > longestDrive:
			v.add(item, fmt.Sprintf("seconds[%d]", i), "a way takes longer than 48 hours", "write seconds, and care.Unreachable where there is no way")
			return
		case m.Metres[i] > longestRoad:
			v.add(item, fmt.Sprintf("metres[%d]", i), "a way is longer than 10 000 km", "write metres")
			return
		case s < 0:
			v.add(item, fmt.Sprintf("seconds[%d]", i), "a travel time is negative", "write care.Unreachable where there is no way")
			return
		case m.Metres[i] < 0:
			v.add(item, fmt.Sprintf("metres[%d]", i), "a distance is negative", "")
			return
		}
	}
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
