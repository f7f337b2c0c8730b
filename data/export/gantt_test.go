package export

import (
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// The timeline draws waiting before a leg from when the carer could have left:
// the visit's end, or that of a break taken there, but not of one behind the
// leg. At the start of a shift, and for a break, nobody waits to leave.
func TestWhenACarerCouldHaveLeft(t *testing.T) {
	stop := func(kind care.StopKind, depart, end care.Time) care.Stop {
		return care.Stop{Kind: kind, Depart: depart, End: end}
	}
	stops := []care.Stop{
		stop(care.StopStart, 0, 0), stop(care.StopBreak, 0, 10), stop(care.StopVisit, 15, 30),
		stop(care.StopBreak, 30, 40), stop(care.StopBreak, 70, 80), stop(care.StopVisit, 60, 90), stop(care.StopEnd, 95, 99),
	}
	for i, want := range map[int]care.Time{5: 40, 6: 90} {
		if free, ok := leftAt(stops, i); !ok || free != want {
			t.Errorf("stop %d: %d %v, want %d", i, free, ok, want)
		}
	}
	for _, i := range []int{0, 1, 2, 3, 4} {
		if free, ok := leftAt(stops, i); ok {
			t.Errorf("stop %d: left at %d", i, free)
		}
	}
}
