package planner

import (
	"github.com/slinga-se/slinga/planner/care"
)

// The names of the objective's terms, as they stand in Figures.Terms.
const (
	TermUnserved     = "unserved"      // visits left out, by priority
	TermTravel       = "travel"        // driving and handling, per second
	TermDistance     = "distance"      // per 1000 metres
	TermWait         = "wait"          // before visits, per minute
	TermOutside      = "outside"       // starts outside the preferred window, per minute
	TermShifts       = "shifts"        // shifts used
	TermNewFace      = "new-face"      // carers that the client's history does not know
	TermNotContact   = "not-contact"   // somebody else than the fixed contact
	TermDowngrade    = "downgrade"     // a nurse or therapist does what needs neither
	TermLanguage     = "language"      // no language in common
	TermAcrossBorder = "across-border" // served from another municipality
)

// costScale is the number of solver cost units in one unit of care.Weights.
// Weights are stated per second, per minute and per 1000 metres; 3000 is the
// least number that keeps all three whole: one second of waiting is
// Wait*3000/60, one metre is Metre*3000/1000.
const (
	costScale     = 3000
	perMinute     = costScale / 60
	perKilometre  = costScale / 1000
	secondsMinute = 60
)

// assignment prices one carer for one visit, term by term, in units of
// care.Weights: everything that depends on who comes and not on when.
type assignment struct{ newFace, notContact, downgrade, language, acrossBorder int64 }

func (a assignment) sum() int64 {
	return a.newFace + a.notContact + a.downgrade + a.language + a.acrossBorder
}

// assignment looks up what it costs that the shift's carer does the visit.
func (t *translation) assignment(visit, shift int) assignment {
	w := &t.day.Rules.Weights
	client := &t.day.Clients[t.index.Client[t.day.Visits[visit].Client]]
	carer := &t.day.Carers[t.index.Carer[t.day.Shifts[shift].Carer]]
	var a assignment
	if known := t.known[client.ID]; len(known) > 0 && !known[carer.ID] {
		a.newFace = w.NewFace
	}
	if client.FixedContact != "" && client.FixedContact != carer.ID {
		a.notContact = w.NotContact
	}
	if needsNoSpecialist(&t.day.Visits[visit].Requires) && isSpecialist(carer.Profession) {
		a.downgrade = w.Downgrade
	}
	if len(client.Languages) > 0 && !share(client.Languages, carer.Languages) {
		a.language = w.Language
	}
	if client.Municipality != carer.Municipality {
		a.acrossBorder = w.AcrossBorder
	}
	return a
}

func isSpecialist(p care.Profession) bool {
	return p == care.Nurse || p == care.Physiotherapist || p == care.OccupationalTherapist
}

// needsNoSpecialist tells whether the profession alone lets a care assistant
// or an assistant nurse do the visit.
func needsNoSpecialist(r *care.Requirement) bool {
	if len(r.Professions) == 0 {
		return true
	}
	for _, p := range r.Professions {
		if !isSpecialist(p) {
			return true
		}
	}
	return false
}

func share(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// unservedWeight is the price of leaving a visit out, per carer it asks for.
func (t *translation) unservedWeight(visit int) int64 {
	v := &t.day.Visits[visit]
	if v.Optional {
		return t.day.Rules.Weights.Optional
	}
	return t.day.Rules.Weights.Unserved[v.Priority-1]
}

// outside is the time in seconds by which a start misses the preferred window.
func outside(v *care.Visit, start care.Time) int64 {
	switch {
	case v.Preferred == nil:
		return 0
	case start < v.Preferred.From:
		return int64(v.Preferred.From - start)
	case start > v.Preferred.To:
		return int64(start - v.Preferred.To)
	}
	return 0
}

// costs adds the roster up by term. It reads the finished roster, so that it
// prices any roster, not only the search's own; terms are summed exactly and
// rounded to the nearest unit once.
func (t *translation) costs(r *care.Roster) []care.TermCost {
	w := &t.day.Rules.Weights
	var travel, metres, wait, outsideSeconds, used, unserved int64
	var sum assignment
	for i := range r.Routes {
		stops := r.Routes[i].Stops
		if len(stops) == 0 {
			continue
		}
		used++
		shift := t.index.Shift[r.Routes[i].Shift]
		for j := range stops {
			s := &stops[j]
			travel += int64(s.Leave) + int64(s.Drive) + int64(s.Handling)
			metres += int64(s.Metres)
			if s.Kind != care.StopVisit {
				continue
			}
			wait += int64(s.Wait) + held(stops[:j], s.Depart)
			visit := t.index.Visit[s.Visit]
			// Both carers of a double-staffed visit start outside together.
			outsideSeconds += outside(&t.day.Visits[visit], s.Start)
			a := t.assignment(visit, shift)
			sum.newFace += a.newFace
			sum.notContact += a.notContact
			sum.downgrade += a.downgrade
			sum.language += a.language
			sum.acrossBorder += a.acrossBorder
		}
	}
	for i := range r.Unserved {
		visit := t.index.Visit[r.Unserved[i].Visit]
		unserved += t.unservedWeight(visit) * int64(t.day.Visits[visit].Carers)
	}
	return []care.TermCost{
		{Name: TermUnserved, Cost: unserved},
		{Name: TermTravel, Cost: w.Drive * travel},
		{Name: TermDistance, Cost: rounded(w.Metre*metres, 1000)},
		{Name: TermWait, Cost: rounded(w.Wait*wait, secondsMinute)},
		{Name: TermOutside, Cost: rounded(w.OutsideWindow*outsideSeconds, secondsMinute)},
		{Name: TermShifts, Cost: w.ShiftUsed * used},
		{Name: TermNewFace, Cost: sum.newFace},
		{Name: TermNotContact, Cost: sum.notContact},
		{Name: TermDowngrade, Cost: sum.downgrade},
		{Name: TermLanguage, Cost: sum.language},
		{Name: TermAcrossBorder, Cost: sum.acrossBorder},
	}
}

// held is how long a carer who could leave the last visit, or a break that was
// taken there, waits until a departure.
func held(before []care.Stop, depart care.Time) int64 {
	for i := len(before) - 1; i > 0; i-- {
		if before[i].Kind == care.StopVisit {
			free := before[i].End
			for _, b := range before[i+1:] {
				if b.End <= depart { // the others come after the leg
					free = b.End
				}
			}
			return max(0, int64(depart)-int64(free))
		}
	}
	return 0
}

// rounded divides to the nearest whole number, halves up.
func rounded(value, by int64) int64 { return (value + by/2) / by }
