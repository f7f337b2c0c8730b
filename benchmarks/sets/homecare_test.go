package sets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/solver"
)

// homeCare are the instances in testdata.
var homeCare = []struct{ set, convention, name string }{
	{"hhcrsp-mankowska", Mean3, "InstanzCPLEX_HCSRP_10_1"},
	{"hhcrsp-kummer", Mean3, "HHCRSP_10_3_11_0.4_R_C"},
	{"hhcrsp-italy", Mean3, "instance_003-rome-r19-p44-s4-sim22.3-seq22.9"},
	{"uhhc", Weighted, "i-116"},
	{"hhc-bazirha", TravelOnly, "D1"},
	{"hhc-bazirha", WaitBalance, "J1"},
}

func openOne(t *testing.T, set, convention, name string) Instance {
	t.Helper()
	list, err := Open(filepath.Join("testdata", set), convention, name)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d instances, %v", len(list), err)
	}
	return list[0]
}

// TestHomeCareSamples: a published solution has the best known value, and is
// the same after writing and reading.
func TestHomeCareSamples(t *testing.T) {
	for _, kind := range homeCare {
		t.Run(kind.set+"/"+kind.name, func(t *testing.T) {
			one := openOne(t, kind.set, kind.convention, kind.name)
			f, err := os.Open(filepath.Join("testdata", kind.set, "sample_solutions", kind.name+".sol.json"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // only read
			plan, err := one.Read(f)
			if err != nil {
				t.Fatal(err)
			}
			value, err := one.Evaluate(plan)
			if err != nil {
				t.Error(err)
			}
			best := one.Info().Best
			if math.Abs(value.Objective-best.Objective) > 5.1e-5 {
				t.Errorf("%g, best known %g", value.Objective, best.Objective)
			}
			if a, b := one.Cost(value), one.Cost(best.Value); a != b {
				t.Errorf("costs %d, its rounded value %d", a, b)
			}
			var text bytes.Buffer
			if err := one.Write(&text, plan, value); err != nil {
				t.Fatal(err)
			}
			again, err := one.Read(&text)
			if err != nil || !cmp.Equal(again, plan) {
				t.Errorf("written and read: %v\n%s", err, cmp.Diff(plan, again))
			}
			if err := one.Problem().Validate(); errors.Is(err, solver.ErrInvalid) {
				t.Error(err)
			}
		})
	}
}

// TestHomeCareSolved: what the solver finds keeps the set's rules, and each
// term is worth what the set says.
func TestHomeCareSolved(t *testing.T) {
	for _, kind := range homeCare {
		t.Run(kind.set+"/"+kind.name, func(t *testing.T) {
			one := openOne(t, kind.set, kind.convention, kind.name)
			value := checkSolved(t, one, 3000)
			if kind.convention == TravelOnly && value.Objective != one.Info().Best.Objective {
				t.Errorf("%g, best known %g", value.Objective, one.Info().Best.Objective)
			}
		})
	}
}

// checkSolved solves an instance.
func checkSolved(t *testing.T, one Instance, iterations int64) Value {
	t.Helper()
	info := one.Info()
	p := one.Problem()
	s, err := solver.Solve(context.Background(), p, solver.Options{Seed: 1, Iterations: iterations})
	if err != nil {
		t.Fatal(err)
	}
	value, err := one.Evaluate(one.Plan(s))
	if err != nil {
		t.Error(err)
	}
	t.Logf("%g, best known %g; %v", value.Objective, info.Best.Objective, value.Parts)
	scale := 1.0
	if info.Set == "hhcrsp-mankowska" {
		scale = 1000
	}
	for i, term := range s.Terms {
		part, ok := value.Parts[partOf(info.Convention, term.Kind)]
		if !ok && term.Cost == 0 {
			continue
		}
		if want := part * scale * float64(p.Terms[i].Weight); math.Abs(float64(term.Cost)-want) > 1e-3 {
			t.Errorf("%s costs %d, %g by the set", term.Kind, term.Cost, want)
		}
	}
	return value
}

func partOf(convention string, kind solver.TermKind) string {
	if convention == Mean3 {
		return map[solver.TermKind]string{solver.TermTravel: "D", solver.TermPreferred: "T", solver.TermTardiest: "M"}[kind]
	}
	for _, c := range components {
		if c.kind == kind {
			return string(c.component)
		}
	}
	return ""
}

// smallMean3: p needs a; q needs a and b at once; r needs a, and b 5 to 10
// after it.
const smallMean3 = `{
"services": [{"id": "a", "default_duration": 4}, {"id": "b", "default_duration": 9}],
"caregivers": [{"id": "ann", "abilities": ["a"]}, {"id": "bo", "abilities": ["b", "a"]}],
"central_offices": [{"id": "o"}],
"patients": [
 {"id": "p", "time_window": [3, 20], "required_caregivers": [{"service": "a"}]},
 {"id": "q", "time_window": [30, 40], "required_caregivers": [{"service": "a"}, {"service": "b", "duration": 6}],
  "synchronization": {"type": "simultaneous"}},
 {"id": "r", "time_window": [60, 62], "required_caregivers": [{"service": "a"}, {"service": "b", "duration": 6}],
  "synchronization": {"type": "sequential", "distance": [5, 10]}}],
"distances": [[0, 5, 8, 9], [6, 0, 4, 7], [8, 4, 0, 3], [9, 7, 5, 0]]}`

// Tasks: 0 a of p, 1 a of q, 2 b of q, 3 a of r, 4 b of r.
func smallMean3Plan() *Plan {
	return &Plan{Routes: []Route{
		{Vehicle: 0, Stops: []Stop{{Task: 0, Start: 10, End: 14}, {Task: 1, Start: 30, End: 34}, {Task: 3, Start: 60, End: 64}}},
		{Vehicle: 1, Stops: []Stop{{Task: 2, Start: 30, End: 36}, {Task: 4, Start: 66, End: 72}}},
	}}
}

// Ann travels 5+4+3+9 = 21 and Bo 8+3+9 = 20; b of r starts 4 late.
func TestMean3(t *testing.T) {
	one, err := readHHCRSP([]byte(smallMean3), "small", Mean3)
	if err != nil {
		t.Fatal(err)
	}
	value, err := one.Evaluate(smallMean3Plan())
	if err != nil {
		t.Fatal(err)
	}
	want := Value{Vehicles: 2, Objective: 49. / 3, Parts: map[string]float64{"D": 41, "T": 4, "M": 4}}
	if !cmp.Equal(value, want) {
		t.Error(cmp.Diff(want, value))
	}
	if cost := one.Cost(value); cost != 49 {
		t.Errorf("costs %d, not 49", cost)
	}
	at := func(p *Plan, route, stop int) *Stop { return &p.Routes[route].Stops[stop] }
	move := func(s *Stop, start float64) { s.Start, s.End = start, start+s.End-s.Start }
	checkBroken(t, one, smallMean3Plan, []breaking{
		{"p starts at 2, opens at 3", func(p *Plan) { move(at(p, 0, 0), 2) }},
		{"p starts at 4, is reached at 5", func(p *Plan) { move(at(p, 0, 0), 4) }},
		{"a of r starts at 36, is reached at 37", func(p *Plan) { move(at(p, 0, 2), 36) }},
		{"p lasts 5, not 4", func(p *Plan) { at(p, 0, 0).End = 15 }},
		{"b of q starts 1 after a of q, outside 0..0", func(p *Plan) { move(at(p, 1, 0), 31) }},
		{"b of r starts 4 after a of r, outside 5..10", func(p *Plan) { move(at(p, 1, 1), 64) }},
		{"b of r starts 11 after a of r, outside 5..10", func(p *Plan) { move(at(p, 1, 1), 71) }},
		{"ann: cannot do b of q", func(p *Plan) { at(p, 0, 1).Task, at(p, 1, 0).Task = 2, 1 }},
		{"bo does both a of r and b of r", func(p *Plan) {
			p.Routes[1].Stops = slices.Insert(p.Routes[1].Stops, 1, *at(p, 0, 2))
			p.Routes[0].Stops = p.Routes[0].Stops[:2]
		}},
		{"a of r is not done", func(p *Plan) { p.Routes[0].Stops = p.Routes[0].Stops[:2] }},
		{"a of p is done twice", func(p *Plan) {
			p.Routes[1].Stops = append(p.Routes[1].Stops, Stop{Task: 0, Start: 100, End: 104})
		}},
		{"there is no service 5", func(p *Plan) { at(p, 1, 1).Task = 5 }},
		{"there is no carer 2", func(p *Plan) { p.Routes[1].Vehicle = 2 }},
		{"ann: has two routes", func(p *Plan) { p.Routes[1].Vehicle = 0 }},
		{"has lunch, which the set does not know", func(p *Plan) { at(p, 0, 0).Kind = Lunch }},
		{"is of no kind that the set has", func(p *Plan) { at(p, 0, 0).Kind = Refill }},
	})
}

type breaking struct {
	want string
	do   func(*Plan)
}

// checkBroken: each change breaks the rule that it should break.
func checkBroken(t *testing.T, one Instance, plan func() *Plan, list []breaking) {
	t.Helper()
	for _, b := range list {
		p := plan()
		b.do(p)
		_, err := one.Evaluate(p)
		if !errors.Is(err, ErrRule) || !strings.Contains(err.Error(), b.want) {
			t.Errorf("want %q, got: %v", b.want, err)
		}
	}
}

// TestHomeCareForm: what is not in the form is refused.
func TestHomeCareForm(t *testing.T) {
	for _, c := range []struct {
		read         func([]byte, string, string) (Instance, error)
		text, change string // OLD -> NEW
	}{
		{readHHCRSP, smallMean3, `"service": "a"} -> "service": "z"}`},
		{readHHCRSP, smallMean3, `["b", "a"] -> ["b", "z"]`},
		{readHHCRSP, smallMean3, `"id": "bo" -> "id": "ann"`},
		{readHHCRSP, smallMean3, `simultaneous -> independent`},
		{readHHCRSP, smallMean3, `[5, 10] -> [10, 5]`},
		{readHHCRSP, smallMean3, `[3, 20] -> [20, 3]`},
		{readHHCRSP, smallMean3, `[3, 20] -> [3, 20.0001]`},
		{readHHCRSP, smallMean3, `[9, 7, 5, 0] -> [9, 7, 5]`},
		{readHHCRSP, smallMean3, `, [9, 7, 5, 0] -> `},
		{readHHCRSP, smallMean3, `[9, 7, 5, 0] -> [9, 7, -5, 0]`},
		{readUHHC, smallUnified, `at_service_start -> at_noon`},
		{readUHHC, smallUnified, `"travel_time" -> "travel"`},
		{readUHHC, smallUnified, `"travel_time": 1 -> "travel_time": -1`},
		{readUHHC, smallUnified, `"travel_time": 1 -> "travel_time": "SOFT"`},
		{readUHHC, smallUnified, `"departing_point": "d" -> "departing_point": "e"`},
		{readUHHC, smallUnified, `"distance_matrix_index": 3 -> "distance_matrix_index": 4`},
		{readUHHC, smallUnified, `"incompatible_caregivers": ["bo"] -> "incompatible_caregivers": ["di"]`},
		{readUHHC, smallUnified, `"simultaneous" -> "together"`},
		{readUHHC, smallUnified, `"start": 20, -> "start": 70,`},
		{readUHHC, smallUnified, `"duration": 15 -> "duration": 15.5`},
		{readUHHC, smallUnified, `, [30, 20, 12, 0] -> `},
		{readUHHC, smallUnified, `"duration": 15 -> "duration": -15`},
		{readUHHC, smallUnified, `{"start": 20, "end": 30} -> {"start": 20, "end": 19}`},
		{readUHHC, smallUnified, `"min_duration": 20 -> "min_duration": -20`},
		{readUHHC, smallUnified, `"start": 50, "end": 100 -> "start": 150, "end": 100`},
		{readUHHC, smallUnified, `"id": "cy" -> "id": "bo"`},
		{readUHHC, smallUnified, `"id": "r" -> "id": "p"`},
		{readUHHC, smallUnified, `[30, 20, 12, 0] -> [30, 20, 12, 2000000000]`},
		{readHHCRSP, smallMean3, `[9, 7, 5, 0] -> [9, 7, 5, 2000000000]`},
	} {
		before, after, _ := strings.Cut(c.change, " -> ")
		text := strings.Replace(c.text, before, after, 1)
		if text == c.text {
			t.Errorf("%q is not there", before)
		}
		if _, err := c.read([]byte(text), "small", Weighted); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", c.change, err)
		}
	}
	// What is wrong is told with where it is.
	for _, c := range []struct {
		read         func([]byte, string, string) (Instance, error)
		text         string
		change, want string
	}{
		{readHHCRSP, smallMean3, `[5, 10] -> [10, 5]`, `synchronization: 10..5 ends before it begins`},
		{readHHCRSP, smallMean3, `[5, 10] -> [-5, -2]`, `synchronization: -5..-2 begins below 0`},
		{readHHCRSP, smallMean3, `[3, 20] -> [20, 3]`, `time_window: 20..3 ends before it begins`},
		{readUHHC, smallUnified, `"start": 20, -> "start": 70,`, `ends before it begins`},
		{readUHHC, smallUnified, `{"start": 20, "end": 30} -> {"start": -20, "end": 30}`, `-20..30 begins below 0`},
		{readUHHC, smallUnified, `"start": 50, "end": 100 -> "start": -50, "end": 100`, `-50..100 begins below 0`},
		{readUHHC, smallUnified, `"duration": 15 -> "duration": "15"`, `patients.required_services.duration: wanted a number, not a text`},
		{readUHHC, smallUnified, `"travel_time": 1 -> "travel_time": "SOFT"`, `cost_components: a weight is a number or "HARD"`},
		{readUHHC, smallUnified, `"distances": -> "distances" `, `line `},
		// A zero of its own making would be another instance.
		{readHHCRSP, smallMean3, `"time_window": [3, 20], -> `, `patients[0].time_window is missing`},
		{readHHCRSP, smallMean3, `"time_window": [3, 20] -> "time_window": null`, `patients[0].time_window is missing`},
		{readHHCRSP, smallMean3, `[3, 20] -> [20]`, `patients[0].time_window has 1 entries, wanted 2`},
		{readHHCRSP, smallMean3, `, "distance": [5, 10] -> `, `patient "r": synchronization: distance is missing`},
		{readHHCRSP, smallMean3, `[6, 0, 4, 7] -> [6, null, 4, 7]`, `distances[1][1] is null`},
		{readHHCRSP, smallMean3, `[6, 0, 4, 7] -> null`, `distances[1] is null`},
		{readHHCRSP, smallMean3, `"abilities": ["a"] -> "skills": ["a"]`, `caregivers[0].abilities is missing`},
		{readUHHC, smallUnified, `"distance_matrix_index": 1, -> `, `patients[0].distance_matrix_index is missing`},
		{readUHHC, smallUnified, `"distance_matrix_index": 0 -> "index": 0`, `terminal_points[0].distance_matrix_index is missing`},
		{readUHHC, smallUnified, `"working_shift": {"start": 0, "end": 200}, -> `, `caregivers[0].working_shift is missing`},
		{readUHHC, smallUnified, `{"start": 0, "end": 200} -> {"end": 200}`, `caregivers[0].working_shift.start is missing`},
		{readUHHC, smallUnified, `{"start": 20, "end": 30} -> {"start": 20}`, `patients[0].time_windows[0].end is missing`},
		{readUHHC, smallUnified, `"cost_components" -> "costs"`, `metadata.cost_components is missing`},
		{readUHHC, smallUnified, `, "min_duration": 20 -> `, `lunch_breaks.min_duration is missing`},
		{readUHHC, smallUnified, `"optional": true -> "optionnal": true`, `patient "r": optional is missing`},
		{readUHHC, smallUnified, `, "lunch_break": true -> `, `carer "ann": lunch_break is missing`},
		{readUHHC, smallUnified, `"id": "a", "default_duration": 10 -> "id": "a"`, `patient "q": a has no duration, and no default_duration`},
	} {
		before, after, _ := strings.Cut(c.change, " -> ")
		text := strings.Replace(c.text, before, after, 1)
		if _, err := c.read([]byte(text), "small", Weighted); text == c.text || !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.change, err, c.want)
		}
	}
	for _, read := range []func([]byte, string, string) (Instance, error){readHHCRSP, readUHHC, readBredstrom} {
		for _, text := range []string{"", `{"patients": [`, strings.TrimRight(smallUnified, "}\n")} {
			if _, err := read([]byte(text), "cut", Weighted); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "the text ends too early: is the file cut off?") {
				t.Errorf("%.20q: %v", text, err)
			}
		}
	}
	one, err := readUHHC([]byte(smallUnified), "small", Weighted)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{"routes": [{"caregiver_id": "di"}]}`,
		`{"routes": [{"caregiver_id": "bo", "locations": [{"patient": "p", "service": "b"}]}]}`,
		`{"routes": [{"caregiver_id": "bo", "locations": [{"patient": "s", "service": "lunch_break"}]}]}`,
		`{"routes": [{"caregiver_id": "bo", "locations": [{"patient": "p", "service": "a", "start_time": 3}]}]}`,
		`{"routes": [{"caregiver_id": "bo"}]}`,
		`{"routes": {}}`,
		`{}`,
	} {
		if _, err := one.Read(strings.NewReader(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestAuthorsForm: what the sets' authors publish calls times otherwise; it is
// read, and what is written has both names.
func TestAuthorsForm(t *testing.T) {
	one := openOne(t, "hhcrsp-mankowska", Mean3, "InstanzCPLEX_HCSRP_10_1")
	text := `{"cost_components":{"travel_time":3},"global_ordering":["p10"],"routes":[{"caregiver_id":"c1","locations":[` +
		`{"patient":"p10","service":"s3","arrival_time":148.5,"departure_time":162.5}]}]}`
	plan, err := one.Read(strings.NewReader(text))
	if err != nil || plan.Routes[0].Stops[0].Start != 148.5 || plan.Routes[0].Stops[0].End != 162.5 {
		t.Fatalf("%+v, %v", plan, err)
	}
	var written bytes.Buffer
	if err := one.Write(&written, plan, Value{}); err != nil {
		t.Fatal(err)
	}
	want := `{"cost_components":{},"routes":[{"caregiver_id":"c1","locations":[{"patient":"p10","service":"s3",` +
		`"start_time":148.5,"end_time":162.5,"arrival_time":148.5,"departure_time":162.5}]},{"caregiver_id":"c2","locations":[]},{"caregiver_id":"c3","locations":[]}]}` + "\n"
	if written.String() != want {
		t.Errorf("%s\nwant %s", written.String(), want)
	}
}

// TestOtherConvention: of a set with two conventions, each instance has one.
func TestOtherConvention(t *testing.T) {
	for convention, name := range map[string]string{TravelOnly: "D1", WaitBalance: "J1"} {
		list, err := Open(filepath.Join("testdata", "hhc-bazirha"), convention)
		if err != nil || len(list) != 1 || list[0].Info().Name != name {
			t.Errorf("%s: %d instances, %v", convention, len(list), err)
		}
	}
	if _, err := Open(filepath.Join("testdata", "hhc-bazirha"), TravelOnly, "J1"); !errors.Is(err, errOtherConvention) {
		t.Error(err)
	}
	list, err := Open(filepath.Join("testdata", "hhc-bazirha"), "", "J1", "D1")
	if err != nil || len(list) != 2 || list[0].Info().Convention != TravelOnly || list[1].Info().Convention != WaitBalance {
		t.Errorf("under any convention: %d instances, %v", len(list), err)
	}
}

// FuzzHomeCare: whatever is read, nothing fails later: the problem can be
// made, and any plan that is read can be judged and written.
func FuzzHomeCare(f *testing.F) {
	var text bytes.Buffer
	for _, small := range []struct {
		read func([]byte, string, string) (Instance, error)
		text string
		plan *Plan
	}{{readHHCRSP, smallMean3, smallMean3Plan()}, {readUHHC, smallUnified, smallUnifiedPlan()}} {
		one, err := small.read([]byte(small.text), "", Weighted)
		if err != nil {
			f.Fatal(err)
		}
		text.Reset()
		if err := one.Write(&text, small.plan, Value{}); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(small.text), text.Bytes())
	}
	f.Fuzz(func(t *testing.T, instance, solution []byte) {
		for _, read := range []func([]byte, string, string) (Instance, error){readHHCRSP, readUHHC} {
			one, err := read(instance, "", Weighted)
			if err != nil {
				if !errors.Is(err, ErrFormat) {
					t.Error(err)
				}
				continue
			}
			_ = one.Problem().Validate()
			plan, err := one.Read(bytes.NewReader(solution))
			if err != nil {
				continue
			}
			value, err := one.Evaluate(plan)
			if err == nil && (math.IsNaN(value.Objective) || value.Objective < 0) {
				t.Errorf("%g", value.Objective)
			}
			if err := one.Write(io.Discard, plan, value); err != nil {
				t.Error(err)
			}
		}
	})
}
