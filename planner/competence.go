package planner

import "github.com/slinga-se/slinga/planner/care"

// eligible tells whether the shift's carer may do the visit at every start
// that the visit's windows and the shift's hours leave. A delegation that
// ends within them does not count: the search is stricter than the rule,
// never laxer.
func (t *translation) eligible(visit, shift int) bool {
	if !t.index.Rested(shift) {
		return false
	}
	v, s := &t.day.Visits[visit], &t.day.Shifts[shift]
	starts := care.Window{
		From: max(v.Windows[0].From, s.Start),
		To:   min(v.Windows[len(v.Windows)-1].To, s.End),
	}
	if starts.From > starts.To {
		// Never on duty then: the rule is asked for the windows alone, so that
		// the hours and not the competence are the reason.
		starts = care.Window{From: v.Windows[0].From, To: v.Windows[len(v.Windows)-1].To}
	}
	may, _ := t.index.EligibleDuring(visit, t.index.ShiftCarer(shift), starts)
	return may
}
