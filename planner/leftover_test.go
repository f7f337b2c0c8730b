package planner

import (
	"context"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// What was not looked at is told as that: no reason is claimed that would have
// to be found out, and those that hold whatever the routes are stay.
func TestWhatWasNotLookedAt(t *testing.T) {
	day, travel := threeHomes()
	tr, err := newTranslation(day, travel)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	nothing, err := solver.Solve(cancelled, &tr.problem, solver.Options{Iterations: 1})
	if err != nil || len(nothing.Unserved) != len(tr.problem.Tasks) {
		t.Fatalf("%d of %d tasks unserved, %v", len(nothing.Unserved), len(tr.problem.Tasks), err)
	}
	s, out, err := tr.leftOver(cancelled, nothing)
	if err != nil || len(out) != len(day.Visits) || s != nothing {
		t.Fatalf("%+v, %v", out, err)
	}
	own := 0
	for _, u := range out {
		if u.Reason != care.ReasonTime {
			own++
		}
	}
	if own != 1 { // the visit that nobody may do
		t.Errorf("%d visits have a reason of their own: %+v", own, out)
	}
	s, out, err = tr.leftOver(context.Background(), nothing)
	if err != nil || len(s.Unserved) == len(nothing.Unserved) || s.Cost >= nothing.Cost {
		t.Fatalf("with time for it nothing goes in: %v", err)
	}
	for _, u := range out {
		if u.Reason == care.ReasonTime {
			t.Errorf("%s: not looked at, with all the time there is", u.Visit)
		}
	}
	for _, b := range solver.Check(&tr.problem, s) {
		t.Error(b)
	}
}
