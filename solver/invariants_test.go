//go:build invariants

package solver

import (
	"context"
	"strings"
	"testing"
)

// A route that travels longer than its shift may does not pass.
func TestInvariantsHoldTheLongestTravel(t *testing.T) {
	m := compile(context.Background(), longDays(40, 6, 1), true)
	w := construct(context.Background(), m, &Options{Seed: 1}).workers[0]
	w.state.copyFrom(newState(m))
	w.everything()
	w.adopt()
	w.recreate()
	w.verifyRoutes()
	for r := range m.shifts {
		if sm := &m.shifts[r]; w.state.size[r] > 0 && !sm.chained {
			sm.longestTravel = w.state.travelled(m, int32(r)) - 1
		}
	}
	defer func() {
		if what, _ := recover().(string); !strings.Contains(what, "the longest is") {
			t.Errorf("nothing is found: %q", what)
		}
	}()
	w.verifyRoutes()
}
