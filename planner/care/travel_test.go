package care_test

import (
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// A leg takes what the part of the day says in which it departs.
func TestWayByDeparture(t *testing.T) {
	m := &care.Matrix{N: 2, Seconds: []care.Seconds{0, 60, 70, 0}, Metres: []care.Metres{0, 1, 2, 0}, Later: []care.LaterTravel{
		{From: 100, Seconds: []care.Seconds{0, 90, care.Unreachable, 0}, Metres: []care.Metres{0, 3, 0, 0}},
		{From: 200, Seconds: []care.Seconds{0, 61, 71, 0}, Metres: []care.Metres{0, 1, 2, 0}},
	}}
	for _, c := range []struct {
		from, to int
		depart   care.Time
		seconds  care.Seconds
		metres   care.Metres
	}{
		{0, 1, -5, 60, 1}, {0, 1, 99, 60, 1}, {0, 1, 100, 90, 3}, {1, 0, 199, care.Unreachable, 0}, {1, 0, 200, 71, 2}, {1, 1, 150, 0, 0},
	} {
		if s, metres := m.Way(c.from, c.to, c.depart); s != c.seconds || metres != c.metres {
			t.Errorf("from %d to %d at %d: %d s, %d m", c.from, c.to, c.depart, s, metres)
		}
	}
}
