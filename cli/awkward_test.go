package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/planner/care"
)

// rosterAt reads the roster that plan wrote, and the day beside it.
func rosterAt(t *testing.T, dir string) (*care.Day, *care.Roster) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "roster.json"))
	if err != nil {
		t.Fatal(err)
	}
	roster, err := care.ReadRoster(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(filepath.Join(dir, "day.json")); err != nil {
		t.Fatal(err)
	}
	day, err := care.ReadDay(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return day, roster
}

// A whole night shift over a clock change drives, serves and is as long as it
// really is. A visit at 02:30 in autumn says which of the two it means.
func TestNightsWhenClocksChange(t *testing.T) {
	type visit struct{ from, to string }
	for _, c := range []struct {
		date   string
		hours  int
		visits []visit
	}{
		{"2026-10-24", 10, []visit{{"23:00", "23:30"}, {"+1 02:30A", "+1 02:45A"}, {"+1 02:30B", "+1 02:45B"}, {"+1 05:30", "+1 06:00"}}},
		{"2026-03-28", 8, []visit{{"23:00", "23:30"}, {"+1 01:30", "+1 01:50"}, {"+1 03:00", "+1 03:15"}, {"+1 05:30", "+1 06:00"}}},
	} {
		t.Run(c.date, func(t *testing.T) {
			visits := visitsHeader + "\n"
			for i, v := range c.visits {
				visits += fmt.Sprintf("v%d;k%d;night-check;15;%s-%s\n", i, 1+i%2, v.from, v.to)
			}
			dir := room(t, map[string]string{
				"day.csv":    "key;value\ndate;" + c.date + "\n",
				"shifts.csv": shiftsHeader + "\ns1;m1;22:00;07:00;bas\n",
				"visits.csv": visits,
			})
			maps, day, out := filepath.Join(dir, "map.osm"), filepath.Join(dir, "day"), filepath.Join(dir, "plan")
			mustRun(t, "plan", "--map", maps, "--day", day, "--iterations", "200", "--strict", "--out", out)
			r := mustRun(t, "check", "--map", maps, "--day", day, "--roster", filepath.Join(out, "roster.json"), "--lang", "en")
			if !strings.HasPrefix(r.out, "0 breaches") {
				t.Errorf("check printed %q", r.out)
			}
			planned, roster := rosterAt(t, out)
			if shift := planned.Shifts[0]; int(shift.End-shift.Start) != c.hours*3600 {
				t.Errorf("the shift is %d seconds long, want %d hours", shift.End-shift.Start, c.hours)
			}
			date, err := time.Parse(time.DateOnly, c.date)
			if err != nil {
				t.Fatal(err)
			}
			moment := func(text string) care.Time {
				at, err := care.ParseClock(date, text, planned.Zone())
				if err != nil {
					t.Fatal(err)
				}
				return at
			}
			served, driven := 0, 0
			for _, stop := range roster.Routes[0].Stops {
				driven += int(stop.Drive)
				if stop.Kind != care.StopVisit {
					continue
				}
				window := c.visits[stop.Visit[1]-'0']
				if stop.Start < moment(window.from) || stop.Start > moment(window.to) {
					t.Errorf("%s starts at %s, window %v", stop.Visit, planned.Clock(stop.Start), window)
				}
				served++
			}
			if served != len(c.visits) || driven < 60 {
				t.Errorf("%d visits served, %d seconds driven", served, driven)
			}
		})
	}
}

// The same day in metres of SWEREF 99 TM, under headers of its own, gives the
// same rounds.
func TestPlacesInSWEREF99TM(t *testing.T) {
	header := "plats;nord;öst;kommun\n"
	for id, at := range map[string][2]float64{"bas": {65.84, 23.131}, "p1": {65.8401, 23.149}, "p2": {65.849, 23.1401}} {
		n, e := table.ToSWEREF99TM(at[0], at[1])
		header += strings.ReplaceAll(fmt.Sprintf("%s;%.3f;%.3f;2583\n", id, n, e), ".", ",")
	}
	var drives []int64
	for _, change := range []map[string]string{nil, {"places.csv": header}} {
		dir := room(t, change)
		out := filepath.Join(dir, "plan")
		mustRun(t, "plan", "--map", filepath.Join(dir, "map.osm"), "--day", filepath.Join(dir, "day"), "--iterations", "100", "--strict", "--out", out)
		_, roster := rosterAt(t, out)
		drives = append(drives, roster.Figures.Total.DriveSeconds, roster.Figures.Total.Metres)
	}
	if drives[0] == 0 || drives[0] != drives[2] || drives[1] != drives[3] {
		t.Errorf("degrees and metres drive differently: %v", drives)
	}
}

// One home at sea and one on the road island: the day is planned, and the two
// say why nobody comes.
func TestHomesThatNobodyReaches(t *testing.T) {
	dir := t.TempDir()
	day, out := filepath.Join(dir, "day"), filepath.Join(dir, "plan")
	mustRun(t, "generate", "--area", "ostra-norrbotten", "--awkward", "--scale", "30", "--out", day)
	args := []string{"plan", "--map", "ostra-norrbotten", "--day", day, "--iterations", "6000"}
	r := mustRun(t, append(args, "--lang", "en", "--out", out)...)
	sv := mustRun(t, args...)
	for _, want := range []string{"no road there and back", "(far from any road)", "(on a road island)", "modelled road network"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("plan does not say %q:\n%s", want, r.out)
		}
	}
	for _, want := range []string{"ingen väg dit och tillbaka", "(långt från närmaste väg)", "(på en vägö)", "modellerat vägnät", "tisdag 24 november 2026", "ej planerade", "ledig tid", "Pass som betjänar flera kommuner"} {
		if !strings.Contains(sv.out, want) {
			t.Errorf("plan does not say %q:\n%s", want, sv.out)
		}
	}
	mustRun(t, "check", "--map", "ostra-norrbotten", "--day", day, "--roster", filepath.Join(out, "roster.json"))
	_, roster := rosterAt(t, out)
	kinds := map[care.FindingKind]bool{}
	for _, u := range roster.Unserved {
		if u.Reason != care.ReasonUnreachable {
			t.Errorf("%s is unserved: %s", u.Visit, u.Reason)
		}
		kinds[u.Finding] = true
	}
	if !kinds[care.FarFromRoad] || !kinds[care.RoadIsland] || roster.Figures.Total.Visits == 0 {
		t.Errorf("findings %v, %d visits served", kinds, roster.Figures.Total.Visits)
	}
}

// The way of the README over real roads, every step as a command.
func TestRealRoadsCommandByCommand(t *testing.T) {
	for _, area := range []string{"isle-of-man", "andorra"} {
		t.Run(area, func(t *testing.T) {
			dir := t.TempDir()
			day, region, out := filepath.Join(dir, "day"), filepath.Join(dir, "roads.region"), filepath.Join(dir, "plan")
			var made struct {
				Map             string
				Files           []string
				Clients, Shifts int
				Visits          int
				Modelled        bool
			}
			unmarshal(t, mustRun(t, "generate", "--area", area, "--json", "--out", day).out, &made)
			if made.Visits < 300 || made.Modelled || len(made.Files) < 8 {
				t.Errorf("generated: %+v", made)
			}
			mustRun(t, "map", "build", "--out", region, made.Map)
			var info struct {
				Source   string
				Modelled bool
				Bounds   [4]float64 `json:"bbox"`
				Graphs   []struct{ Modes []string }
			}
			unmarshal(t, mustRun(t, "map", "info", "--json", region).out, &info)
			if !strings.Contains(info.Source, "OpenStreetMap") || info.Modelled || info.Bounds[1] < 42 || len(info.Graphs) != 2 || info.Graphs[0].Modes[0] != "car" {
				t.Errorf("map info: %+v", info)
			}
			args := []string{"--map", region, "--day", day}
			r := mustRun(t, append([]string{"plan", "--iterations", "2000", "--lang", "en", "--out", out}, args...)...)
			if strings.Contains(r.out, "modelled") {
				t.Errorf("real roads are called modelled:\n%s", r.out)
			}
			roster := filepath.Join(out, "roster.json")
			if r := mustRun(t, append([]string{"check", "--lang", "en", "--roster", roster}, args...)...); !strings.Contains(r.out, "0 breaches") {
				t.Errorf("check printed %q", r.out)
			}
			var written struct {
				File             string
				Routes, Unserved int
				Visits           int
			}
			unmarshal(t, mustRun(t, append([]string{"report", "--json", "--roster", roster, "--out", filepath.Join(out, "again.html")}, args...)...).out, &written)
			if written.Routes == 0 || written.Visits+written.Unserved != made.Visits || written.File != filepath.Join(out, "again.html") {
				t.Errorf("report: %+v of %+v", written, made)
			}
		})
	}
}

func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// Roads that a program drew say so on their way through a region file, with a
// day that knows nothing of it; and nobody claims that OpenStreetMap drew them.
func TestModelledRoadsSaySoEverywhere(t *testing.T) {
	dir := room(t, nil)
	drawn := filepath.Join(dir, "drawn.osm")
	put(t, drawn, strings.ReplaceAll(smallMap, "</way>", `<tag k="slinga:modelled" v="yes"/></way>`))
	region, day, out := filepath.Join(dir, "drawn.region"), filepath.Join(dir, "day"), filepath.Join(dir, "plan")
	says := func(what, text string) {
		t.Helper()
		if !strings.Contains(text, "modellerat vägnät") || !strings.Contains(text, "modelled road network") {
			t.Errorf("%s does not say in both languages that the roads are modelled:\n%s", what, text)
		}
		if strings.Contains(text, "OpenStreetMap contributors") {
			t.Errorf("%s names OpenStreetMap:\n%s", what, text)
		}
	}
	says("map build", mustRun(t, "map", "build", "--out", region, drawn).out)
	says("map info", mustRun(t, "map", "info", region).out)
	says("map info --json", mustRun(t, "map", "info", "--json", region).out)
	says("map info of the OSM file", mustRun(t, "map", "info", drawn).out)
	for _, maps := range []string{region, drawn} {
		says("plan", mustRun(t, "plan", "--map", maps, "--day", day, "--iterations", "50", "--out", out).out)
		for _, name := range []string{"report.html", "whiteboard.html"} {
			text, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			says(name, string(text))
		}
	}
	points := filepath.Join(dir, "points.csv")
	put(t, points, "id;lat;lon\na;65,84;23,13\n")
	says("matrix", mustRun(t, "matrix", "--map", region, "--points", points).err)
	// A source that somebody states is theirs to state.
	if r := mustRun(t, "map", "build", "--source", "our own pencil", "--out", region, drawn); !strings.Contains(r.out, "our own pencil") || !strings.Contains(r.out, "modelled road network") {
		t.Errorf("map build printed %q", r.out)
	}
	// Real roads are OpenStreetMap's.
	if r := mustRun(t, "map", "build", "--out", region, filepath.Join(dir, "map.osm")); strings.Contains(r.out, "modelled") || !strings.Contains(r.out, "© OpenStreetMap contributors") {
		t.Errorf("map build printed %q", r.out)
	}
}

// A day that brings matrices plans without a map, and with one says which
// roads count.
func TestMatricesOfTheDayAndAMap(t *testing.T) {
	dir := room(t, nil)
	path := filepath.Join(dir, "jobs.json")
	put(t, path, `{"vehicles":[{"id":1,"start":[23.131,65.84],"end":[23.131,65.84],"start_index":0,"end_index":0,"time_window":[25200,54000]}],
"jobs":[{"id":7,"location":[23.149,65.8401],"location_index":1,"service":600}],
"matrices":{"car":{"durations":[[0,300],[300,0]],"distances":[[0,900],[900,0]]}}}`)
	alone := mustRun(t, "plan", "--day", path, "--iterations", "50", "--json")
	if strings.Contains(alone.err, "matrices") {
		t.Errorf("on standard error: %q", alone.err)
	}
	mapped := mustRun(t, "plan", "--day", path, "--map", filepath.Join(dir, "map.osm"), "--iterations", "50", "--json")
	if !strings.Contains(mapped.err, "the map's roads replace the file's matrices") {
		t.Errorf("on standard error: %q", mapped.err)
	}
}
