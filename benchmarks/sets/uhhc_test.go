package sets

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/solver"
)

// smallUnified: q needs a and b at once; r may be left out.
const smallUnified = `{
"metadata": {"time_window_met": "at_service_start", "cost_components": {"travel_time": 1, "total_tardiness": 2,
 "highest_tardiness": 3, "total_waiting_time": 4, "max_waiting_time": 5, "total_extra_time": 6, "max_idle_time": 7,
 "caregiver_preferences": 8, "optional_patients": 9, "missed_lunch_break": 10, "workload_balance": 11}},
"terminal_points": [{"id": "d", "distance_matrix_index": 0}],
"caregivers": [
 {"id": "ann", "abilities": ["a"], "departing_point": "d", "arrival_point": "d", "working_shift": {"start": 0, "end": 200}, "lunch_break": true},
 {"id": "bo", "abilities": ["b", "a"], "departing_point": "d", "arrival_point": "d", "working_shift": {"start": 0, "end": 150}, "lunch_break": false},
 {"id": "cy", "abilities": ["a"], "departing_point": "d", "arrival_point": "d", "working_shift": {"start": 50, "end": 100}, "lunch_break": true}],
"patients": [
 {"id": "p", "distance_matrix_index": 1, "required_services": [{"service": "a", "duration": 10}],
  "time_windows": [{"start": 20, "end": 30}, {"start": 60, "end": 80}], "optional": false},
 {"id": "q", "distance_matrix_index": 2, "required_services": [{"service": "a"}, {"service": "b", "duration": 15}],
  "time_windows": [{"start": 100, "end": 110}], "synchronization": {"type": "simultaneous"}, "preferred_caregivers": ["bo"], "optional": false},
 {"id": "r", "distance_matrix_index": 3, "required_services": [{"service": "a"}],
  "time_windows": [{"start": 0, "end": 50}], "incompatible_caregivers": ["bo"], "optional": true}],
"services": [{"id": "a", "default_duration": 10}, {"id": "b", "default_duration": 99}],
"lunch_breaks": {"start": 40, "end": 60, "min_duration": 20},
"distances": [[0, 10, 20, 30], [10, 0, 15, 20], [20, 15, 0, 12], [30, 20, 12, 0]]}`

// Tasks: 0 a of p, 1 a of q, 2 b of q, 3 a of r. Ann's lunch is her first stop.
func smallUnifiedPlan() *Plan {
	return &Plan{Routes: []Route{
		{Vehicle: 0, Stops: []Stop{{Kind: Lunch, Task: 0, Start: 45, End: 65}, {Task: 0, Start: 70, End: 80}, {Task: 1, Start: 120, End: 130}}},
		{Vehicle: 1, Stops: []Stop{{Task: 2, Start: 120, End: 135}}},
	}}
}

// unified reads the small instance with changes OLD -> NEW.
func unified(t *testing.T, changes ...string) *uhhc {
	t.Helper()
	text := smallUnified
	for _, change := range changes {
		before, after, _ := strings.Cut(change, " -> ")
		if !strings.Contains(text, before) {
			t.Fatalf("%q is not there", before)
		}
		text = strings.Replace(text, before, after, 1)
	}
	one, err := readUHHC([]byte(text), "small", Weighted)
	if err != nil {
		t.Fatal(err)
	}
	return one.(*uhhc)
}

func parts(travel, tardiness, tardiest, waiting, waitMost, extra, idle, preferences, optional, lunches, imbalance float64) map[string]float64 {
	return map[string]float64{
		"travel_time": travel, "total_tardiness": tardiness, "highest_tardiness": tardiest, "total_waiting_time": waiting,
		"max_waiting_time": waitMost, "total_extra_time": extra, "max_idle_time": idle, "caregiver_preferences": preferences,
		"optional_patients": optional, "missed_lunch_break": lunches, "workload_balance": imbalance,
	}
}

// Ann leaves at 35 to have lunch at p at 45; the five minutes to 70 do not
// count as waiting, but as idle. She is at q at 95, waits 25, is 10 late, and
// back at 150: idle for 35 + 5 + 25 + 50 = 115. Bo leaves at 100, is 10 late,
// and back at 155, 5 after his shift. Cy is idle for 50 and misses lunch. They
// work for 65, 55 and 0 minutes, 25, 15 and 40 off their mean.
func TestUnified(t *testing.T) {
	one := unified(t)
	value, err := one.Evaluate(smallUnifiedPlan())
	if err != nil {
		t.Fatal(err)
	}
	want := Value{
		Vehicles: 2, Parts: parts(85, 20, 10, 25, 25, 5, 115, 1, 1, 1, 80),
		Objective: 85 + 2*20 + 3*10 + 4*25 + 5*25 + 6*5 + 7*115 + 8 + 9 + 10 + 11*80,
	}
	if !cmp.Equal(value, want) {
		t.Error(cmp.Diff(want, value))
	}
	if err := one.Problem().Validate(); err != nil {
		t.Error(err)
	}
}

// Cy, who visits nobody, is idle for the whole shift.
func TestUnifiedIdle(t *testing.T) {
	value, err := unified(t, `"start": 50, "end": 100 -> "start": 50, "end": 170`).Evaluate(smallUnifiedPlan())
	if idle := value.Parts["max_idle_time"]; err != nil || idle != 120 {
		t.Errorf("idle for %g, not 120; %v", idle, err)
	}
}

// A longer lunch is the same as waiting after it.
func TestUnifiedLongLunch(t *testing.T) {
	one, plan := unified(t), smallUnifiedPlan()
	before, err := one.Evaluate(plan)
	if err != nil {
		t.Fatal(err)
	}
	plan.Routes[0].Stops[0].End = 70
	after, err := one.Evaluate(plan)
	if err != nil || !cmp.Equal(before, after) {
		t.Errorf("%v\n%s", err, cmp.Diff(before, after))
	}
	plan.Routes[0].Stops[0].End = 71
	if _, err := one.Evaluate(plan); !errors.Is(err, ErrRule) {
		t.Error("visits p during lunch:", err)
	}
}

// Who leaves at the start of the shift waits at the first stop: Ann for 35,
// Bo for 100. Nothing else changes.
func TestUnifiedLeavingAtOnce(t *testing.T) {
	one := unified(t)
	one.leavesLate = false
	value, err := one.Evaluate(smallUnifiedPlan())
	if err != nil {
		t.Fatal(err)
	}
	if want := parts(85, 20, 10, 160, 100, 5, 115, 1, 1, 1, 80); !cmp.Equal(value.Parts, want) {
		t.Error(cmp.Diff(want, value.Parts))
	}
	for _, s := range one.Problem().Shifts {
		if s.LeaveLate {
			t.Error("the problem's shift leaves late")
		}
	}
}

// At the end of service Ann is 20 late at q, and Bo 25; p is done by 80.
func TestUnifiedAtEnd(t *testing.T) {
	one := unified(t, "at_service_start -> at_service_end", `"end": 60 -> "end": 65`)
	value, err := one.Evaluate(smallUnifiedPlan())
	if err != nil {
		t.Fatal(err)
	}
	if want := parts(85, 45, 25, 25, 25, 5, 115, 1, 1, 1, 80); !cmp.Equal(value.Parts, want) {
		t.Error(cmp.Diff(want, value.Parts))
	}
}

// Between two windows, p is late by the first one.
func TestUnifiedBetweenWindows(t *testing.T) {
	plan := smallUnifiedPlan()
	plan.Routes[0].Stops = []Stop{{Task: 0, Start: 55, End: 65}, plan.Routes[0].Stops[2]}
	value, err := unified(t).Evaluate(plan)
	if err != nil {
		t.Fatal(err)
	}
	if late, missed := value.Parts["highest_tardiness"], value.Parts["missed_lunch_break"]; late != 25 || missed != 2 {
		t.Errorf("%g late and %g lunches missed, not 25 and 2", late, missed)
	}
}

func TestUnifiedRules(t *testing.T) {
	at := func(p *Plan, route, stop int) *Stop { return &p.Routes[route].Stops[stop] }
	move := func(s *Stop, start float64) { s.Start, s.End = start, start+s.End-s.Start }
	nothing := func(*Plan) {}
	checkBroken(t, unified(t), smallUnifiedPlan, []breaking{
		{"q gets 1 of 2 services", func(p *Plan) { p.Routes = p.Routes[:1] }},
		{"p gets 0 of 1 services", func(p *Plan) { p.Routes[0].Stops = p.Routes[0].Stops[2:] }},
		{"a of p is done twice", func(p *Plan) { p.Routes = append(p.Routes, Route{2, []Stop{{Task: 0, Start: 80, End: 90}}}) }},
		{"ann: cannot do b of q", func(p *Plan) { at(p, 0, 2).Task, at(p, 1, 0).Task = 2, 1 }},
		{"bo: must not visit r", func(p *Plan) {
			p.Routes[1].Stops = append(p.Routes[1].Stops, Stop{Task: 3, Start: 147, End: 157})
		}},
		{"bo does both a of q and b of q", func(p *Plan) {
			p.Routes[0].Stops = p.Routes[0].Stops[:2]
			p.Routes[1].Stops = append(p.Routes[1].Stops, Stop{Task: 1, Start: 135, End: 145})
		}},
		{"a of p starts at 19, opens at 20", func(p *Plan) {
			p.Routes[0].Stops = p.Routes[0].Stops[1:]
			move(at(p, 0, 0), 19)
		}},
		{"a of p lasts 11, not 10", func(p *Plan) { at(p, 0, 1).End++ }},
		{"b of q starts 1 after a of q, outside 0..0", func(p *Plan) { move(at(p, 1, 0), 121) }},
		{"ann: stop 3 starts at 94, is reached at 95", func(p *Plan) { move(at(p, 0, 2), 94) }},
		{"bo: stop 1 starts at 19, is reached at 20", func(p *Plan) { move(at(p, 1, 0), 19) }},
		{"cy: stop 1 starts at 79, is reached at 80", func(p *Plan) {
			p.Routes = append(p.Routes, Route{2, []Stop{{Task: 3, Start: 79, End: 89}}})
		}},
		{"has lunch at 39, before 40", func(p *Plan) { move(at(p, 0, 0), 39) }},
		{"has lunch at 61, due by 60", func(p *Plan) { move(at(p, 0, 0), 61) }},
		{"has lunch for 19, not 20", func(p *Plan) { at(p, 0, 0).End = 64 }},
		{"has lunch where the next visit is not", func(p *Plan) { at(p, 0, 0).Task = 1 }},
		{"has lunch where the next visit is not", func(p *Plan) {
			p.Routes[0].Stops = append(p.Routes[0].Stops, Stop{Kind: Lunch, Task: 1, Start: 130, End: 150})
		}},
		{"ann: has lunch twice", func(p *Plan) { p.Routes[0].Stops = slices.Insert(p.Routes[0].Stops, 0, *at(p, 0, 0)) }},
		{"bo: has lunch, which is not due", func(p *Plan) {
			p.Routes[1].Stops = slices.Insert(p.Routes[1].Stops, 0, Stop{Kind: Lunch, Task: 2, Start: 50, End: 70})
		}},
		{"ann: has two routes", func(p *Plan) { p.Routes[1].Vehicle = 0 }},
		{"there is no carer -1", func(p *Plan) { p.Routes[1].Vehicle = -1 }},
		{"bo: stop 1 has no time", func(p *Plan) { at(p, 1, 0).Start = math.NaN() }},
		{"there is no service 4", func(p *Plan) { at(p, 1, 0).Task = 4 }},
	})
	for change, want := range map[string]string{
		`"total_tardiness": 2 -> "total_tardiness": "HARD"`:                            "total_tardiness is 20 and must be 0",
		`"total_extra_time": 6 -> "total_extra_time": "HARD"`:                          "total_extra_time is 5 and must be 0",
		`"missed_lunch_break": 10 -> "missed_lunch_break": "HARD"`:                     "missed_lunch_break is 1 and must be 0",
		`"time_window_met": "at_service_start" -> "time_window_met": "at_service_end"`: "has lunch at 65, due by 60",
		`"simultaneous" -> "sequential", "distance": {"min": 5, "max": 10}`:            "b of q starts 0 after a of q, outside 5..10",
	} {
		checkBroken(t, unified(t, change), smallUnifiedPlan, []breaking{{want, nothing}})
	}
	checkBroken(t, unified(t, `"preferred_caregivers": ["bo"] -> "optional": true`), smallUnifiedPlan, []breaking{
		{"q gets 1 of 2 services", func(p *Plan) { p.Routes = p.Routes[:1] }},
	})
	// Independent services need two carers and nothing else.
	plan := smallUnifiedPlan()
	move(at(plan, 1, 0), 200)
	if _, err := unified(t, `"simultaneous" -> "independent"`).Evaluate(plan); err != nil {
		t.Error(err)
	}
}

// Hard windows are the problem's own; soft ones last to the opening of the
// next, and each has an end of its own.
func TestUnifiedWindows(t *testing.T) {
	soft := unified(t, "at_service_start -> at_service_end").Problem()
	mode := soft.Tasks[0].Modes[0]
	if len(mode.Windows) != 2 || mode.Windows[0] != (solver.Window{From: 20, To: 59}) || mode.ByWindow[0].To != 20 ||
		mode.Windows[1].From != 60 || mode.ByWindow[1].To != 70 {
		t.Errorf("%+v", mode)
	}
	hard := unified(t, `"total_tardiness": 2 -> "total_tardiness": "HARD"`, "at_service_start -> at_service_end").Problem()
	mode = hard.Tasks[0].Modes[0]
	if mode.ByWindow != nil || !slices.Equal(mode.Windows, []solver.Window{{From: 20, To: 20}, {From: 60, To: 70}}) {
		t.Errorf("%+v", mode)
	}
	if s := soft.Shifts[0]; len(s.Breaks) != 1 || s.Breaks[0].To != 40 || len(s.Overtime) != 2 {
		t.Errorf("%+v", s)
	}
}

// Any component may weigh nothing, or be hard: no price is left without its term, and
// none that counts is left out.
func TestUnifiedComponents(t *testing.T) {
	names := []string{
		"travel_time", "total_tardiness", "highest_tardiness", "total_waiting_time", "max_waiting_time", "total_extra_time", "max_idle_time",
		"caregiver_preferences", "optional_patients", "missed_lunch_break", "workload_balance",
	}
	var none []string
	for i, name := range names {
		weight := fmt.Sprintf("%q: %d", name, i+1)
		none = append(none, fmt.Sprintf("%s -> %q: 0", weight, name))
		for _, to := range []string{"0", `"HARD"`} {
			if err := unified(t, fmt.Sprintf("%s -> %q: %s", weight, name, to)).Problem().Validate(); err != nil {
				t.Errorf("%s is %s: %v", name, to, err)
			}
		}
	}
	if err := unified(t, none...).Problem().Validate(); err != nil {
		t.Errorf("nothing weighs anything: %v", err)
	}
	hard := unified(t, `"caregiver_preferences": 8 -> "caregiver_preferences": "HARD"`).Problem()
	if cost := hard.Tasks[1].Modes[0].ShiftCost; !slices.Equal(cost, []int64{1, 0, 1}) {
		t.Errorf("a hard preference costs %v", cost)
	}
}

// A break of the solver is a lunch at the stop after it; one after the last
// visit is none.
func TestUnifiedPlan(t *testing.T) {
	rest := func(start, end int64) solver.Stop { return solver.Stop{Task: solver.None, Start: start, End: end} }
	s := &solver.Solution{Routes: []solver.Route{
		{Stops: []solver.Stop{rest(45, 65), {Task: 0, Start: 70, End: 80}, {Task: 1, Start: 120, End: 130}, rest(130, 150)}},
		{Stops: []solver.Stop{{Task: 2, Start: 120, End: 135}}},
		{},
	}}
	if plan := unified(t).Plan(s); !cmp.Equal(plan, smallUnifiedPlan()) {
		t.Error(cmp.Diff(smallUnifiedPlan(), plan))
	}
}

// A patient may need one service twice: the form cannot tell which is which,
// and the first that is read is the first.
func TestUnifiedSameServiceTwice(t *testing.T) {
	one := unified(t, `"service": "b", "duration": 15 -> "service": "a", "duration": 10`)
	plan := smallUnifiedPlan()
	plan.Routes[1].Stops[0].End = 130
	var text bytes.Buffer
	if err := one.Write(&text, plan, Value{}); err != nil {
		t.Fatal(err)
	}
	again, err := one.Read(&text)
	if err != nil || !cmp.Equal(again, plan) {
		t.Errorf("%v\n%s", err, cmp.Diff(plan, again))
	}
	if _, err := one.Evaluate(again); err != nil {
		t.Error(err)
	}
}
