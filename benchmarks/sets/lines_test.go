package sets

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/solver"
)

// readTiny reads an instance of a test, after replacing old by new pairwise.
func readTiny(t *testing.T, set, convention, text string, edits ...string) Instance {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		if strings.Count(text, edits[i]) != 1 {
			t.Fatalf("%q is in the instance %d times", edits[i], strings.Count(text, edits[i]))
		}
	}
	in, err := forms[set].read([]byte(strings.NewReplacer(edits...).Replace(text)), "tiny", convention)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// judged reads and evaluates a plan.
func judged(t *testing.T, in Instance, plan string) (Value, error) {
	t.Helper()
	p, err := in.Read(strings.NewReader(plan))
	if err != nil {
		return Value{}, err
	}
	return in.Evaluate(p)
}

// wantValue checks what a plan that keeps the rules is worth.
func wantValue(t *testing.T, in Instance, plan string, vehicles int, objective float64) {
	t.Helper()
	v, err := judged(t, in, plan)
	if err != nil || v.Vehicles != vehicles || math.Abs(v.Objective-objective) > 1e-9 {
		t.Errorf("%q: %d vehicles, %.9f, %v; want %d and %.9f", plan, v.Vehicles, v.Objective, err, vehicles, objective)
	}
}

// breach is a plan that breaks a rule.
type breach struct {
	edits []string // of the instance
	plan  string
	want  string // in the error
}

// wantBreaches checks that Evaluate sees each.
func wantBreaches(t *testing.T, set, convention, text string, breaches []breach) {
	t.Helper()
	for _, b := range breaches {
		_, err := judged(t, readTiny(t, set, convention, text, b.edits...), b.plan)
		if !errors.Is(err, ErrRule) || !strings.Contains(err.Error(), b.want) {
			t.Errorf("%q %q: %v; want %q", b.edits, b.plan, err, b.want)
		}
	}
}

// wantFaults checks that files with one edit each are refused.
func wantFaults(t *testing.T, set, convention, text string, edits [][2]string) {
	t.Helper()
	for _, e := range edits {
		if !strings.Contains(text, e[0]) {
			t.Fatalf("%q is not in the instance", e[0])
		}
		_, err := forms[set].read([]byte(strings.Replace(text, e[0], e[1], 1)), "tiny", convention)
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%q for %q: %v; want a format error", e[1], e[0], err)
		}
	}
}

// wantReturn checks that a plan that is written and read is the same, and that
// it is written as want says.
func wantReturn(t *testing.T, in Instance, text, want string) {
	t.Helper()
	plan, err := in.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	v, err := in.Evaluate(plan)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := in.Write(&out, plan, v); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("written:\n%swant:\n%s", out.String(), want)
	}
	again, err := in.Read(&out)
	if err != nil || !reflect.DeepEqual(plan, again) {
		t.Errorf("read %v, written and read again %v, %v", plan, again, err)
	}
}

// wantSolved solves an instance and checks the value, and that Cost of it is no
// less than what the solver says, by at most slack.
func wantSolved(t *testing.T, in Instance, objective float64, slack int64) {
	t.Helper()
	p := in.Problem()
	s, err := solver.Solve(context.Background(), p, solver.Options{Iterations: 2_000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	v, err := in.Evaluate(in.Plan(s))
	if err != nil || math.Abs(v.Objective-objective) > 1e-6 {
		t.Errorf("%.9f, %v; want %.9f", v.Objective, err, objective)
	}
	if cost := in.Cost(v); cost < s.Cost || cost > s.Cost+slack {
		t.Errorf("the solver says %d, Cost %d", s.Cost, cost)
	}
}

// TestTripLeavesLate: 10 to a window from 50 to 60, serve 5, 20 home. Leaving
// at 0 it is back at 50 + 5 + 20 = 75, and at any time up to 40 too, so it is
// out for 35 at best; a window from 100 to 110 before the way home makes it
// wait: leaving by 50 at the latest, it is back at 120, so out for 70.
func TestTripLeavesLate(t *testing.T) {
	trip := leave(0, 1000)
	trip.spend(10)
	if late := trip.meet(50, 60); late != -10 {
		t.Errorf("late by %v, want -10", late)
	}
	trip.spend(5)
	waiting := trip
	trip.spend(20)
	if trip.done != 75 || trip.length() != 35 {
		t.Errorf("back at %v, out for %v", trip.done, trip.length())
	}
	waiting.meet(100, 110)
	waiting.spend(20)
	if waiting.done != 120 || waiting.length() != 70 {
		t.Errorf("back at %v, out for %v", waiting.done, waiting.length())
	}
}

// FuzzRead: whatever is read without an error can be stated and judged.
func FuzzRead(f *testing.F) {
	tiny := map[string]string{
		"vrptw-solomon": tinySolomon, "pdptw-lilim": tinyLiLim, "mdvrptw-vidal": tinyDepots,
		"trsp-pillac": tinyCrew, "sync-bredstrom": tinyPairs,
	}
	for set, text := range tiny {
		f.Add(set, []byte(text), "Route #1: 1 2\nRoute #2: 3")
	}
	f.Add("trsp-pillac", []byte(tinyCrew), "<1,8,3,4,6|2,9,5,7>")
	f.Fuzz(func(t *testing.T, set string, data []byte, solution string) {
		if tiny[set] == "" || len(data) > 4_000 {
			return
		}
		in, err := forms[set].read(data, "fuzz", forms[set].conventions[0])
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("%v is no ErrFormat", err)
			}
			return
		}
		if p := in.Problem(); len(p.Tasks) == 0 || len(p.Shifts) == 0 {
			t.Error("nothing to do")
		}
		plan, err := in.Read(strings.NewReader(solution))
		if err != nil {
			return
		}
		if v, err := in.Evaluate(plan); err == nil && (math.IsNaN(v.Objective) || v.Objective < 0) {
			t.Errorf("worth %v", v)
		}
	})
}
