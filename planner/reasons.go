package planner

import (
	"math"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// ownReason names the first reason that holds of a visit whatever the routes
// are, in the order of care.ReasonCode, and how many shifts were still
// candidates then; no reason when the routes have to be asked.
func (t *translation) ownReason(visit int) (u care.Unserved) {
	v := &t.day.Visits[visit]
	u.Visit = v.ID
	var reach int
	may, alone, rested := t.tally(), t.tally(), t.tally()
	for shift := range t.day.Shifts {
		reached, starts := t.reaches(visit, shift), t.starts(visit, shift)
		if reached {
			reach++
		}
		if len(starts) == 0 {
			continue
		}
		may.add(shift)
		if !reached || !t.fitsAlone(visit, shift, starts) {
			continue
		}
		alone.add(shift)
		if t.index.Rested(shift) {
			rested.add(shift)
		}
	}
	switch {
	case reach == 0:
		u.Reason = care.ReasonUnreachable
		u.Finding = t.finding(t.day.Places[t.index.VisitPlace(visit)].ID)
	case may.carers < v.Carers:
		u.Reason, u.Shifts = care.ReasonCompetence, may.shifts
	case alone.carers < v.Carers:
		u.Reason, u.Shifts = care.ReasonWindow, alone.shifts
	case rested.carers < v.Carers:
		u.Reason, u.Shifts = care.ReasonRest, rested.shifts
	default:
		u.Shifts = rested.shifts
	}
	return u
}

// tally counts shifts, and the different carers who work them.
type tally struct {
	*translation
	shifts, carers int
	seen           []bool // by carer
}

func (t *translation) tally() *tally {
	return &tally{translation: t, seen: make([]bool, len(t.day.Carers))}
}

func (c *tally) add(shift int) {
	c.shifts++
	if carer := c.index.ShiftCarer(shift); !c.seen[carer] {
		c.seen[carer] = true
		c.carers++
	}
}

// carers counts different carers among the shifts kept.
func (t *translation) carers(keep func(shift int) bool) int {
	seen := make(map[string]bool)
	for shift := range t.day.Shifts {
		if keep(shift) {
			seen[t.day.Shifts[shift].Carer] = true
		}
	}
	return len(seen)
}

// reaches tells whether there is a way from the shift's start to the visit
// and on to the shift's end, at some time of the day.
func (t *translation) reaches(visit, shift int) bool {
	at := t.index.VisitPlace(visit)
	from, to := int(t.problem.Shifts[shift].From), int(t.problem.Shifts[shift].To)
	return t.reached(shift, from, at, math.MinInt32) < solver.Infinity && t.reached(shift, at, to, math.MinInt32) < solver.Infinity
}

// reached is when a shift that may leave a place at t is at another one: at
// once, or later in the day where that is quicker.
func (t *translation) reached(shift, from, to int, leave int64) int64 {
	periods := t.problem.Profiles[t.problem.Shifts[shift].Profile].Periods
	best := solver.Infinity
	for k := range periods {
		p := &periods[k]
		over := k+1 < len(periods) && periods[k+1].From <= leave
		if time := p.Time[from*p.N+to]; time != solver.NoWay && !over {
			best = min(best, max(leave, p.From)+int64(time))
		}
	}
	return best
}

// fitsAlone tells whether the shift could start the visit within some windows
// with nothing else to do, breaks aside. The carer is there at once when the shift begins, or at
// the opening of a window, and must be back by the shift's end.
func (t *translation) fitsAlone(visit, shift int, windows []care.Window) bool {
	s := &t.problem.Shifts[shift]
	at := t.index.VisitPlace(visit)
	there := t.reached(shift, int(s.From), at, s.Start)
	length := int64(t.day.Visits[visit].Duration)
	for _, w := range windows {
		start := max(there, int64(w.From))
		if start <= int64(w.To) && t.reached(shift, at, int(s.To), start+length) <= s.End {
			return true
		}
	}
	return false
}

// tied tells whether a pin or a link holds the visit.
func (t *translation) tied(visit int) bool {
	id := t.day.Visits[visit].ID
	for i := range t.day.Pins {
		if t.day.Pins[i].Visit == id {
			return true
		}
	}
	for i := range t.day.Links {
		if t.day.Links[i].First == id || t.day.Links[i].Second == id {
			return true
		}
	}
	return false
}

// finding returns the worst remark of the map on a place.
func (t *translation) finding(place string) care.FindingKind {
	for _, kind := range []care.FindingKind{care.FarFromRoad, care.CutOff, care.RoadIsland, care.OneWayOnly} {
		for i := range t.travel.Findings {
			if f := &t.travel.Findings[i]; f.Place == place && f.Kind == kind {
				return kind
			}
		}
	}
	return ""
}
