package interop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata" // the tests must not need the machine's zone files

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/slinga-se/slinga/planner/care"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func lines(losses []Loss) []string {
	out := []string{}
	for _, l := range losses {
		out = append(out, l.String())
	}
	return out
}

func TestReadVROOM(t *testing.T) {
	got, err := ReadVROOM(bytes.NewReader(read(t, "vroom.json")), VROOMOptions{Date: "2026-11-24", TimeZone: "Europe/Stockholm"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"options: was not read: options belong to the solver",
		"jobs[0].priority: 80 became class 1 of 4",
		"jobs[1].setup: was added to the service time also after a job at the same place",
		"jobs[1].description: was not read: it may say who a person is",
		"jobs[2].tags: is not known here and was not read",
		"vehicles[0].costs.per_hour: was not read: an hour of driving costs the same for all",
		"vehicles[0].description: was not read: it may say who a person is",
		"jobs: loads were not read: all of them fit into each vehicle",
		"2 places have no position and were given one at sea",
	}
	if diff := cmp.Diff(want, lines(got.Losses)); diff != "" {
		t.Error(diff)
	}
	d := got.Day
	if diff := cmp.Diff(care.Visit{
		ID: "10", Client: "10", Task: "job", Duration: 1800, Carers: 1, Priority: care.LifeCritical,
		Windows: []care.Window{{From: 25200, To: 32400}, {From: 39600, To: 43200}}, Requires: care.Requirement{Skills: []string{"skill-1"}},
	}, d.Visits[0], cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(care.Shift{
		ID: "1", Carer: "1", Start: 25200, End: 55800, From: "0", To: "0", Mode: care.Car,
		Breaks: []care.Break{{Window: care.Window{From: 39600, To: 46800}, Length: 1800, Paid: true}},
	}, d.Shifts[0]); diff != "" {
		t.Error(diff)
	}
	if d.Rules.Weights.ShiftUsed != 600 || d.Visits[1].Duration != 1020 {
		t.Error(d.Rules.Weights, d.Visits[1])
	}
	m := got.Travel.Matrices[care.Car]
	if m.Seconds[1*4+3] != 400 || m.Metres[3*4+1] != 5001 || m.Seconds[0] != 0 {
		t.Error(m)
	}
}

// A problem without matrices gets its places from positions, and times since
// 1970 bring their own date.
func TestReadVROOMPositions(t *testing.T) {
	got, err := ReadVROOM(strings.NewReader(`{
		"vehicles": [{"id": 1, "start": [23.13, 65.84], "end": [23.13, 65.84], "time_window": [1795500000, 1795530000]}],
		"jobs": [{"id": 7, "location": [23.2, 65.9], "service": 60, "time_windows": [[1795503600, 1795507200]]}, {"id": 8, "location": [23.2, 65.9], "service": 60}]
	}`), VROOMOptions{TimeZone: "Europe/Stockholm"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Travel != nil || len(got.Day.Places) != 2 {
		t.Error("places", got.Day.Places)
	}
	at := got.Day.At(got.Day.Visits[0].Windows[0].From)
	if at.Unix() != 1795503600 || got.Day.Clock(0) != "00:00" {
		t.Error("times are not where they were:", at)
	}
}

func TestVROOMRefused(t *testing.T) {
	const vehicle = `{"id": 1, "start": [23, 65], "end": [23, 65], "time_window": [0, 40000]`
	for name, c := range map[string]struct {
		text, want string
		kind       error
	}{
		"shipments":       {`{"vehicles": [` + vehicle + `}], "shipments": [{"pickup": {}}]}`, "shipments: shipments (a pickup with its delivery) cannot be carried: only jobs can", ErrUnsupported},
		"no vehicles":     {`{"jobs": []}`, "vehicles: there is none: a plan needs one or more", ErrInput},
		"not JSON":        {"{\n\"jobs\": [,]}", "is not JSON from line 2 on: look for a missing comma, bracket or quotation mark, or for an end cut off", ErrInput},
		"not an object":   {`[1]`, "is not a JSON object: check what file it is", ErrInput},
		"null":            {`null`, "is not a JSON object: check what file it is", ErrInput},
		"cut off":         {`{"jobs": [{"id": 1`, "is not JSON from line 1 on: look for a missing comma, bracket or quotation mark, or for an end cut off", ErrInput},
		"speed":           {`{"vehicles": [` + vehicle + `, "speed_factor": 1.2}]}`, "vehicles[0].speed_factor: a speed of its own cannot be carried: give the vehicle a profile with a matrix", ErrUnsupported},
		"limits":          {`{"vehicles": [` + vehicle + `, "max_tasks": 3, "max_distance": 9}]}`, "vehicles[0].max_tasks: a limit on the route cannot be carried: remove it, or shorten the time window\nvehicles[0].max_distance: a limit on the route cannot be carried: remove it, or shorten the time window", ErrUnsupported},
		"steps":           {`{"vehicles": [` + vehicle + `, "steps": [{"type": "start"}]}]}`, "vehicles[0].steps: a route given beforehand cannot be carried: leave the jobs free", ErrUnsupported},
		"open route":      {`{"vehicles": [{"id": 1, "start": [23, 65]}]}`, "vehicles[0]: a vehicle that starts or ends anywhere cannot be carried: give both start and end", ErrUnsupported},
		"capacity":        {`{"vehicles": [` + vehicle + `, "capacity": [1]}], "jobs": [{"id": 1, "location": [23, 65], "service": 60, "delivery": [2]}]}`, "vehicles[0].capacity: a limited load cannot be carried: carers do not fill up: remove the loads of the jobs", ErrUnsupported},
		"profile":         {`{"vehicles": [` + vehicle + `, "profile": "helicopter"}]}`, "vehicles[0].profile: is neither car, bike nor foot: name it so", ErrUnsupported},
		"two breaks":      {`{"vehicles": [` + vehicle + `, "breaks": [{"id": 1, "service": 60, "time_windows": [[0, 1], [2, 3]]}]}]}`, "vehicles[0].breaks[0].time_windows: a break with several windows cannot be carried: give one", ErrUnsupported},
		"window backward": {`{"vehicles": [` + vehicle + `}], "jobs": [{"id": 1, "location": [23, 65], "service": 60, "time_windows": [[50, 20]]}]}`, "jobs[0].time_windows[0]: ends before it starts: swap the two", ErrInput},
		"location order":  {`{"vehicles": [` + vehicle + `}], "jobs": [{"id": 1, "location": [23, 165], "service": 60}]}`, "jobs[0].location: is not on the globe: write [longitude, latitude] in degrees, in this order", ErrInput},
		"ragged matrix":   {`{"vehicles": [` + vehicle + `}], "matrices": {"car": {"durations": [[0, 1], [1]]}}}`, "matrices.car.durations[1]: has 1 values, the matrix has 2 rows: write a square matrix\nvehicles[0].start: is an index", ErrInput},
		"index outside":   {`{"vehicles": [{"id": 1, "start_index": 0, "end_index": 5}], "matrices": {"car": {"durations": [[0, 1], [1, 0]]}}}`, "vehicles[0].end_index: is outside of the matrices, which have 2 rows: write an index from 0", ErrInput},
		"same job twice":  {`{"vehicles": [` + vehicle + `}], "jobs": [{"id": 1, "location": [23, 65], "service": 60}, {"id": 1, "location": [23, 65], "service": 60}]}`, "clients[1].id: id \"1\" is already used by clients[0]: give every one an id of its own\nvisits[1].id: id \"1\" is already used by visits[0]: give every one an id of its own", ErrInput},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadVROOM(strings.NewReader(c.text), VROOMOptions{})
			if got != nil || err == nil || !errors.Is(err, c.kind) {
				t.Fatal("was read, or is of the wrong kind:", err)
			}
			if name == "ragged matrix" {
				if !strings.HasPrefix(err.Error(), strings.Split(c.want, "\n")[0]) {
					t.Error(err)
				}
				return
			}
			if err.Error() != c.want {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
		})
	}
}

func TestWriteVROOM(t *testing.T) {
	in, err := ReadVROOM(bytes.NewReader(read(t, "vroom.json")), VROOMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	roster := &care.Roster{
		Version: care.FormatVersion,
		Routes: []care.Route{{Shift: "1", Carer: "1", Stops: []care.Stop{
			{Kind: care.StopStart, Place: "0", Depart: 25200, Arrive: 25200, Start: 25200, End: 25200},
			{Kind: care.StopVisit, Visit: "10", Place: "1", Depart: 25200, Drive: 600, Metres: 9000, Arrive: 25800, Wait: 200, Start: 26000, End: 27800},
			{Kind: care.StopBreak, Place: "1", Depart: 27800, Arrive: 27800, Wait: 11800, Start: 39600, End: 41400},
			{Kind: care.StopEnd, Place: "0", Depart: 41400, Drive: 610, Metres: 9001, Arrive: 42010, Start: 42010, End: 42010},
		}}, {Shift: "2", Carer: "2"}},
		Unserved: []care.Unserved{{Visit: "11", Reason: care.ReasonFull}},
		Figures:  care.Figures{Cost: 1210},
	}
	var b bytes.Buffer
	losses, err := WriteVROOM(&b, in.Day, roster, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"visit 11: is unassigned; its reason (full) has no field"}, lines(losses)); diff != "" {
		t.Error(diff)
	}
	var out struct {
		Summary struct {
			Cost, Routes, Unassigned, Service, Duration, Distance int
			Waiting                                               int `json:"waiting_time"`
		}
		Unassigned []struct{ ID int }
		Routes     []struct {
			Vehicle int
			Steps   []struct {
				Type                                     string
				ID, Arrival, Duration, Distance, Service int
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%+v", out)
	want := "{Summary:{Cost:1210 Routes:1 Unassigned:1 Service:3600 Duration:1210 Distance:18001 Waiting:12000} Unassigned:[{ID:11}] Routes:[{Vehicle:1 Steps:[" +
		"{Type:start ID:0 Arrival:25200 Duration:0 Distance:0 Service:0} {Type:job ID:10 Arrival:25800 Duration:600 Distance:9000 Service:1800} " +
		"{Type:break ID:0 Arrival:27800 Duration:600 Distance:9000 Service:1800} {Type:end ID:0 Arrival:42010 Duration:1210 Distance:18001 Service:0}]}]}"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := WriteVROOM(&b, in.Day, &care.Roster{Unserved: []care.Unserved{{Visit: "99"}}}, false); !errors.Is(err, ErrRoster) {
		t.Error(err)
	}
}

func TestReadUHHC(t *testing.T) {
	losses := map[string]string{"i-116.json": `metadata.cost_components.total_extra_time: was not read: no shift is exceeded
metadata.cost_components.missed_lunch_break: was not read: no lunch is left out
metadata.cost_components.highest_tardiness: was not read: care has no such term
metadata.cost_components.max_idle_time: was not read: care has no such term
services: types were not read: abilities are given for each service
patients[5].optional: costs twice as much to leave out: both visits count
patients[6].optional: costs twice as much to leave out: both visits count
distances: are minutes of travel: all distances are 0 metres`}
	for _, name := range []string{"i-100.json", "i-116.json"} {
		t.Run(name, func(t *testing.T) {
			text := read(t, name)
			got, err := ReadUHHC(bytes.NewReader(text), UHHCOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var raw struct {
				Distances [][]int
				Patients  []struct {
					ID       string
					Index    int `json:"distance_matrix_index"`
					Services []struct {
						Service  string
						Duration int
					} `json:"required_services"`
					Optional bool
				}
				Caregivers []struct{ ID string }
			}
			if err := json.Unmarshal(text, &raw); err != nil {
				t.Fatal(err)
			}
			x := care.NewIndex(got.Day)
			visits := 0
			for _, p := range raw.Patients {
				for _, s := range p.Services {
					visits++
					v := got.Day.Visits[x.Visit[p.ID+"/"+s.Service]]
					if v.Client != p.ID || v.Duration != care.Seconds(s.Duration*60) || v.Requires.Skills[0] != s.Service || v.Optional != p.Optional {
						t.Errorf("%+v is not %+v of %s", v, s, p.ID)
					}
				}
				for _, q := range raw.Patients {
					m := got.Travel.Matrices[care.Car]
					if s := m.Seconds[x.Place[p.ID]*m.N+x.Place[q.ID]]; p.ID != q.ID && s != care.Seconds(60*raw.Distances[p.Index][q.Index]) {
						t.Errorf("%s to %s: %d s", p.ID, q.ID, s)
					}
				}
			}
			if visits != len(got.Day.Visits) || len(raw.Caregivers) != len(got.Day.Shifts) {
				t.Error("counts", visits, len(got.Day.Visits))
			}
			if want := losses[name]; want != "" {
				if diff := cmp.Diff(strings.Split(want, "\n"), lines(got.Losses)); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// A published solution, turned into a roster by hand, comes out as it was.
func TestWriteUHHC(t *testing.T) {
	for _, name := range []string{"i-100", "i-116"} {
		t.Run(name, func(t *testing.T) {
			in, err := ReadUHHC(bytes.NewReader(read(t, name+".json")), UHHCOptions{})
			if err != nil {
				t.Fatal(err)
			}
			text := read(t, name+".sol.json")
			var want uhhcSolution
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			x := care.NewIndex(in.Day)
			m := in.Travel.Matrices[care.Car]
			roster := &care.Roster{Version: care.FormatVersion}
			for _, r := range want.Routes {
				shift := in.Day.Shifts[x.Shift[r.Caregiver]]
				route := care.Route{Shift: shift.ID, Carer: r.Caregiver, Stops: []care.Stop{{Kind: care.StopStart, Place: shift.From, Depart: shift.Start, Arrive: shift.Start, Start: shift.Start, End: shift.Start}}}
				place, free := shift.From, shift.Start
				for _, l := range r.Locations {
					s := care.Stop{Kind: care.StopVisit, Visit: l.Patient + "/" + l.Service, Place: l.Patient, Start: care.Time(l.Start * 60), End: care.Time(l.End * 60)}
					if l.Service == lunchBreak {
						s.Kind, s.Visit = care.StopBreak, ""
						// Before the drive, as one of our rosters may have it: it
						// is written after the drive all the same.
						drive := care.Time(m.Seconds[x.Place[place]*m.N+x.Place[l.Patient]])
						s.Place, s.Start, s.End = place, s.Start-drive, s.End-drive
					} else {
						s.Drive = m.Seconds[x.Place[place]*m.N+x.Place[l.Patient]]
						place = l.Patient
					}
					s.Depart = free
					s.Arrive = free + care.Time(s.Drive)
					s.Wait = care.Seconds(s.Start - s.Arrive)
					free = s.End
					route.Stops = append(route.Stops, s)
				}
				roster.Routes = append(roster.Routes, route)
			}
			var b bytes.Buffer
			losses, err := WriteUHHC(&b, in.Day, roster)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range losses {
				t.Error(l)
			}
			var got uhhcSolution
			if err := json.Unmarshal(b.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzVROOM(f *testing.F) {
	f.Add(read(f, "vroom.json"))
	f.Add([]byte(`{"vehicles":[{"id":1,"start":[1,2],"end":[1,2],"breaks":[{"id":1,"service":5}]}],"jobs":[{"id":1,"location":[1,2],"time_windows":[[1795503600,1795507200]]}],"matrix":[[0]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadVROOM(bytes.NewReader(data), VROOMOptions{})
		judge(t, got, err)
	})
}

func FuzzUHHC(f *testing.F) {
	f.Add(read(f, "i-116.json"))
	f.Add(read(f, "i-100.json"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadUHHC(bytes.NewReader(data), UHHCOptions{HardWindows: len(data)%2 == 0})
		judge(t, got, err)
	})
}

// judge holds for any input: a valid day, or errors of a known kind.
func judge(t *testing.T, got *Imported, err error) {
	t.Helper()
	if err != nil {
		if got != nil || (!errors.Is(err, ErrInput) && !errors.Is(err, ErrUnsupported)) {
			t.Fatalf("%T %v", err, err)
		}
		return
	}
	if err := got.Day.Validate(); err != nil {
		t.Fatal(err)
	}
	if got.Travel != nil {
		if err := got.Travel.Validate(got.Day); err != nil {
			t.Fatal(err)
		}
	}
}
