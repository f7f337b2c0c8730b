package interop

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/planner/care"
)

// tiny is a UHHC instance of one caregiver and two patients.
const tiny = `{
 "metadata": {"time_window_met": "at_service_start", "cost_components": {"travel_time": 2, "total_tardiness": 3, "total_waiting_time": 4, "caregiver_preferences": 5, "optional_patients": 6, "total_extra_time": "HARD"}, "name": "tiny"},
 "distances": [[0, 10, 20], [11, 0, 5], [21, 6, 0]],
 "terminal_points": [{"id": "d0", "distance_matrix_index": 0, "location": [13.5, 38]}],
 "caregivers": [
  {"id": "c1", "abilities": ["s1", "s0"], "departing_point": "d0", "arrival_point": "d0", "working_shift": {"start": 0, "end": 480}, "lunch_break": true},
  {"id": "c2", "abilities": ["s1"], "departing_point": "d0", "arrival_point": "d0", "working_shift": {"start": 0, "end": 100}, "lunch_break": true}],
 "patients": [
  {"id": "p0", "required_services": [{"service": "s0", "duration": 30}, {"service": "s1", "duration": 15}], "distance_matrix_index": 1, "time_windows": [{"start": 60, "end": 120}], "location": [13.6, 38], "synchronization": {"type": "sequential", "distance": {"min": 5, "max": 40}}, "preferred_caregivers": ["c1"], "optional": true},
  {"id": "p1", "required_services": [{"service": "s1"}], "distance_matrix_index": 2, "time_windows": [{"start": 60, "end": 120}, {"start": 100, "end": 200}], "location": [13.7, 38], "incompatible_caregivers": ["c2"]}],
 "services": [{"id": "s0", "type": "t0", "default_duration": 45}, {"id": "s1", "type": "t0", "default_duration": 20}],
 "lunch_breaks": {"start": 180, "end": 360, "min_duration": 30}
}`

func TestUHHCMeaning(t *testing.T) {
	in, err := ReadUHHC(strings.NewReader(tiny), UHHCOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d := in.Day
	w := d.Rules.Weights
	if w.Drive != 2 || w.OutsideWindow != 180 || w.Wait != 240 || w.NotContact != 300 || w.Optional != 360 {
		t.Errorf("weights %+v", w)
	}
	// One window and lateness at a cost: preferred, and hard only at its start.
	v := d.Visits[0]
	if *v.Preferred != (care.Window{From: 3600, To: 7200}) || v.Windows[0] != (care.Window{From: 3600, To: 28800}) || !v.Optional {
		t.Errorf("%+v", v)
	}
	// Two windows that meet are one; the duration comes from the service.
	if v := d.Visits[2]; len(v.Windows) != 1 || v.Windows[0] != (care.Window{From: 3600, To: 12000}) || v.Duration != 1200 {
		t.Errorf("%+v", v)
	}
	if diff := cmp.Diff([]care.Link{{First: "p0/s0", Second: "p0/s1", Min: 300, Max: 2400, Carer: care.DifferentCarer, Together: true}}, d.Links); diff != "" {
		t.Error(diff)
	}
	if d.Clients[0].FixedContact != "c1" || d.Clients[1].Blocked[0] != "c2" {
		t.Error(d.Clients)
	}
	if b := d.Shifts[0].Breaks; len(b) != 1 || b[0].Window != (care.Window{From: 10800, To: 21600}) || b[0].Length != 1800 {
		t.Error(b)
	}
	want := []string{
		"services: types were not read: abilities are given for each service",
		"caregivers[1].lunch_break: was left out: it does not fit into the shift",
		"patients[0].optional: costs twice as much to leave out: both visits count",
		"patients[1].time_windows: are hard: care prices lateness against one window only",
		"distances: are minutes of travel: all distances are 0 metres",
	}
	if diff := cmp.Diff(want, lines(in.Losses)); diff != "" {
		t.Error(diff)
	}
	hard, err := ReadUHHC(strings.NewReader(tiny), UHHCOptions{HardWindows: true})
	if err != nil || hard.Day.Visits[0].Preferred != nil || hard.Day.Visits[0].Windows[0].To != 7200 {
		t.Error(err, hard)
	}
	// At the service's end, a window bounds the start by so much less.
	ends, err := ReadUHHC(strings.NewReader(strings.Replace(tiny, "at_service_start", "at_service_end", 1)), UHHCOptions{HardWindows: true})
	if err != nil || ends.Day.Visits[0].Windows[0].To != 5400 || ends.Day.Shifts[0].Breaks[0].Window.To != 19800 {
		t.Error(err, ends)
	}
}

func TestUHHCRefused(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown caregiver": {`"incompatible_caregivers": ["c2"]`, `"incompatible_caregivers": ["c9"]`, `clients[1].blocked[0]: there is no carer "c9": correct the id, or add the carer`},
		"unknown terminal":  {`"arrival_point": "d0", "working_shift": {"start": 0, "end": 100}`, `"arrival_point": "d7", "working_shift": {"start": 0, "end": 100}`, `shifts[1].to: there is no place "d7": correct the id, or add the place`},
		"unknown service":   {`{"service": "s1"}`, `{"service": "s8"}`, "patients[1].required_services[0].service: is not in the list of services: correct it, or add the service"},
		"three services":    {`[{"service": "s1"}]`, `[{"service": "s1"}, {"service": "s0"}, {"service": "s1"}]`, "patients[1].required_services: does not hold one or two services: give one or two"},
		"window backwards":  {`{"start": 100, "end": 200}`, `{"start": 200, "end": 100}`, "patients[1].time_windows[1]: ends before it starts: swap the two"},
		"no windows":        {`[{"start": 60, "end": 120}, {"start": 100, "end": 200}]`, `[]`, "patients[1].time_windows: is empty: give one window or more"},
		"matrix index":      {`"distance_matrix_index": 2`, `"distance_matrix_index": 3`, "patients[1].distance_matrix_index: is not an index into the 3 rows of distances: write one from 0"},
		"ragged distances":  {`[11, 0, 5]`, `[11, 0]`, "distances[1]: has 2 values, the matrix has 3 rows: write a square matrix"},
		"same id":           {`"id": "p1"`, `"id": "d0"`, "patients[1].id: is used by another terminal point or patient: give every one an id of its own"},
		"hard idle time":    {`"total_extra_time": "HARD"`, `"max_idle_time": "HARD"`, "metadata.cost_components.max_idle_time: cannot be held to zero: give it a weight"},
		"synchronization":   {`"type": "sequential"`, `"type": "now and then"`, "patients[0].synchronization.type: is not simultaneous, sequential or independent: write one of them"},
		"a name as id":      {`"id": "p1"`, `"id": "Testina Planteryd"`, "patients[1].id: is not an id: use at most 64 letters, digits and . _ : / # + - without spaces; never a person's name"},
		"a text for a time": {`"end": 480`, `"end": "480"`, "caregivers[0].working_shift.end: is not a number: write a number"},
		"half a minute":     {`"min_duration": 30`, `"min_duration": 30.5`, "lunch_breaks.min_duration: is not a whole number: write a whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(tiny, c.from, c.to, 1)
			if text == tiny {
				t.Fatal("nothing was changed")
			}
			in, err := ReadUHHC(strings.NewReader(text), UHHCOptions{})
			if in != nil || err == nil || (!errors.Is(err, ErrInput) && !errors.Is(err, ErrUnsupported)) {
				t.Fatal(err)
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A break that is taken after the drive comes before the job in a VROOM
// solution, and brings the drive with it.
func TestWriteVROOMBreakAfterDrive(t *testing.T) {
	in, err := ReadVROOM(bytes.NewReader(read(t, "vroom.json")), VROOMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stops := []care.Stop{
		{Kind: care.StopStart, Place: "0", Depart: 39000, Arrive: 39000, Start: 39000, End: 39000},
		{Kind: care.StopBreak, Place: "1", Depart: 39000, Arrive: 39000, Wait: 900, Start: 39900, End: 41700},
		{Kind: care.StopVisit, Visit: "10", Place: "1", Depart: 39000, Drive: 600, Metres: 9000, Arrive: 39600, Wait: 60, Start: 41760, End: 43560},
	}
	b, v := onTheWay(stops, 1), onTheWay(stops, 2)
	if b.Arrive != 39600 || b.Drive != 600 || b.Wait != 300 || v.Arrive != 41700 || v.Drive != 0 || v.Wait != 60 {
		t.Errorf("%+v\n%+v", b, v)
	}
	var out bytes.Buffer
	roster := &care.Roster{Routes: []care.Route{{Shift: "1", Carer: "1", Stops: stops}}}
	if _, err := WriteVROOM(&out, in.Day, roster, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"duration": 600`) || !strings.Contains(out.String(), `"arrival": 1704106800`) {
		t.Error(out.String())
	}
}

// No message and no loss repeats what a file may say of a person.
func TestNothingPersonalIsRepeated(t *testing.T) {
	const secret = "Testina Planteryd"
	vroom := string(read(t, "vroom.json"))
	for _, text := range []string{
		strings.Replace(vroom, `"id": 10`, `"id": "`+secret+`"`, 1),
		strings.Replace(vroom, `"tags"`, `"`+secret+`"`, 1),
		strings.Replace(vroom, `"car": {`, `"`+secret+`": {`, 1),
		strings.Replace(vroom, `"profile": "car"`, `"profile": "`+secret+`"`, 1),
		vroom,
	} {
		in, err := ReadVROOM(strings.NewReader(text), VROOMOptions{})
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			said = strings.Join(lines(in.Losses), "\n")
		}
		if strings.Contains(said, "Planteryd") || strings.Contains(said, "Storgatan") {
			t.Error(said)
		}
	}
	_, err := ReadUHHC(strings.NewReader(strings.Replace(tiny, `"incompatible_caregivers": ["c2"]`, `"incompatible_caregivers": ["Planteryd"]`, 1)), UHHCOptions{})
	if err == nil || strings.Contains(err.Error(), "Planteryd") {
		t.Error(err)
	}
	for _, field := range []string{"p1", "s0", "c2", "d0", "at_service_start", "sequential", "t0"} {
		in, err := ReadUHHC(strings.NewReader(strings.ReplaceAll(tiny, `"`+field+`"`, `"`+secret+`"`)), UHHCOptions{})
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			said = strings.Join(lines(in.Losses), "\n")
		}
		if strings.Contains(said, "Planteryd") {
			t.Error(field, said)
		}
	}
}
