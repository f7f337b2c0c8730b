package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/slinga-se/slinga/cli"
)

// result is what a command line did.
type result struct {
	code     int
	out, err string
}

// slinga runs one command line in this process.
func slinga(args ...string) result {
	var out, errs bytes.Buffer
	code := cli.Run(context.Background(), append([]string{"slinga"}, args...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	return result{code, out.String(), errs.String()}
}

// mustRun wants exit code 0.
func mustRun(t *testing.T, args ...string) result {
	t.Helper()
	r := slinga(args...)
	if r.code != cli.ExitGood {
		t.Fatalf("slinga %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r
}

// The small map: a street of three nodes, and one to the north.
//
//	    4
//	    |
//	1---2---3
const smallMap = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="65.8400" lon="23.1300"/><node id="2" lat="65.8400" lon="23.1400"/>
 <node id="3" lat="65.8400" lon="23.1500"/><node id="4" lat="65.8500" lon="23.1400"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way>
 <way id="11"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
</osm>
`

// smallDay is a folder that plans well on the small map.
var smallDay = map[string]string{
	"day.csv":     "key;value\ndate;2026-11-24\n",
	"places.csv":  "id;lat;lon;municipality\nbas;65,8400;23,1310;2583\np1;65,8401;23,1490;2583\np2;65,8490;23,1401;2583\n",
	"clients.csv": "id;place\nk1;p1\nk2;p2\n",
	"carers.csv":  "id;profession;unit\nm1;undersköterska;u1\nm2;sjuksköterska;u1\n",
	"shifts.csv":  "id;carer;start;end;from\ns1;m1;07:00;15:30;bas\ns2;m2;07:00;15:30;bas\n",
	"visits.csv":  "id;client;task;duration;window\nv1;k1;morning;30;07:00-09:00\nv2;k2;insulin;15;07:30-08:30\n",
}

// room is a folder with the small map and the small day in it, changed as a
// test likes: "-" takes a file of the day away.
func room(t *testing.T, change map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	put(t, filepath.Join(dir, "map.osm"), smallMap)
	for name, text := range smallDay {
		put(t, filepath.Join(dir, "day", name), text)
	}
	for name, text := range change {
		path := filepath.Join(dir, "day", name)
		if text == "-" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		put(t, path, text)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, path, []byte(text))
}

func TestEveryCommandHasAnExample(t *testing.T) {
	for _, command := range [][]string{
		{"demo"},
		{"plan"},
		{"check"},
		{"map", "build"},
		{"map", "info"},
		{"matrix"},
		{"route"},
		{"generate"},
		{"report"},
		{"bench"},
		{"bench", "matrix"},
		{"bench", "points"},
		{"bench", "map"},
		{"bench", "solve"},
		{"bench", "judge"},
		{"bench", "table"},
	} {
		r := mustRun(t, append(command, "--help")...)
		if asked := mustRun(t, append([]string{"help"}, command...)...); asked != r {
			t.Errorf("slinga help %s says something else than --help:\n%s", strings.Join(command, " "), asked.out)
		}
		if !strings.Contains(r.out, "Example:\n") || !strings.Contains(r.out, "slinga "+strings.Join(command, " ")) {
			t.Errorf("slinga %s --help shows no example:\n%s", strings.Join(command, " "), r.out)
		}
	}
}

func TestHelpInWords(t *testing.T) {
	asked, flagged := mustRun(t, "help"), mustRun(t, "--help")
	if asked != flagged || !strings.Contains(asked.out, "plan home care") {
		t.Errorf("slinga help printed %q", asked.out)
	}
}

// TestADayFromFilesToReport goes the way of the README's first hour.
func TestADayFromFilesToReport(t *testing.T) {
	dir := room(t, nil)
	region := filepath.Join(dir, "small.region")
	if r := mustRun(t, "map", "build", "--out", region, filepath.Join(dir, "map.osm")); !strings.Contains(r.out, "bil ") {
		t.Errorf("map build printed %q", r.out)
	}
	mustRun(t, "map", "info", region)
	out := filepath.Join(dir, "plan")
	day := filepath.Join(dir, "day")
	r := mustRun(t, "plan", "--map", region, "--day", day, "--iterations", "200", "--strict", "--out", out, "--lang", "en")
	if !strings.Contains(r.out, "Not planned: 0 of 2 visits.") || r.err != "" {
		t.Errorf("plan printed %q and %q", r.out, r.err)
	}
	roster := filepath.Join(out, "roster.json")
	if r := mustRun(t, "check", "--map", region, "--day", day, "--roster", roster, "--lang", "en"); r.out != "0 breaches, 0 warnings\n" {
		t.Errorf("check printed %q", r.out)
	}
	for _, name := range []string{
		"day.json", "roster.json", "roster.csv", "roster.xlsx", "routes.geojson", "report.html", "whiteboard.html",
	} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	names := filepath.Join(dir, "names.csv")
	put(t, names, "kind;id;name;address;door_code;key_number\nclient;k1;Anna Exempel;Storgatan 1;1234;K7\ncarer;m1;Bo Exempel;;;\n")
	sheet := filepath.Join(dir, "sheets.html")
	mustRun(t, "report", "--map", region, "--day", day, "--roster", roster, "--names", names, "--out", sheet)
	text, err := os.ReadFile(sheet)
	if err != nil || !bytes.Contains(text, []byte("Anna Exempel")) {
		t.Errorf("the day sheets show no names: %v", err)
	}
	// The same tables on another date, for everything that reads them.
	later := filepath.Join(dir, "later")
	on := []string{"--map", region, "--day", day, "--date", "2026-11-25", "--lang", "en"}
	if r := mustRun(t, append([]string{"plan", "--iterations", "50", "--out", later}, on...)...); !strings.Contains(r.out, "Wednesday 25 November 2026") {
		t.Errorf("plan printed %q", r.out)
	}
	mustRun(t, append([]string{"check", "--roster", filepath.Join(later, "roster.json")}, on...)...)
	mustRun(t, append([]string{"report", "--roster", filepath.Join(later, "roster.json"), "--out", filepath.Join(later, "again.html")}, on...)...)
	// The same day as JSON makes the same plan.
	again := mustRun(t, "plan", "--map", region, "--day", filepath.Join(out, "day.json"), "--iterations", "200", "--json")
	first, err := os.ReadFile(roster)
	if err != nil || again.out != string(first) {
		t.Errorf("the day read from JSON plans differently: %v", err)
	}
}

func TestCheckFindsWhatAHandChanged(t *testing.T) {
	dir := room(t, nil)
	day, maps, out := filepath.Join(dir, "day"), filepath.Join(dir, "map.osm"), filepath.Join(dir, "plan")
	mustRun(t, "plan", "--map", maps, "--day", day, "--iterations", "100", "--out", out)
	path := filepath.Join(out, "roster.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, strings.Replace(string(text), `"visit": "v1"`, `"visit": "v2"`, 1))
	r := slinga("check", "--map", maps, "--day", day, "--roster", path, "--lang", "en")
	if r.code != cli.ExitBreach || !strings.Contains(r.out, "breach") || !strings.Contains(r.out, "v2") {
		t.Errorf("exit %d, printed %q", r.code, r.out)
	}
}

func TestStrictPlanWithUnservedVisit(t *testing.T) {
	dir := room(t, map[string]string{
		"visits.csv": "id;client;task;duration;window;professions\nv1;k1;exercise;30;07:00-09:00;fysioterapeut\n",
	})
	args := []string{"plan", "--map", filepath.Join(dir, "map.osm"), "--day", filepath.Join(dir, "day"), "--iterations", "50", "--lang", "en"}
	if r := mustRun(t, args...); !strings.Contains(r.out, "too few on duty may do it") {
		t.Errorf("printed %q", r.out)
	}
	if r := slinga(append(args, "--strict")...); r.code != cli.ExitBreach {
		t.Errorf("--strict: exit %d", r.code)
	}
}

func TestMatrix(t *testing.T) {
	dir := room(t, nil)
	points := filepath.Join(dir, "points.csv")
	put(t, points, "id,lat,lon\na,65.8400,23.1300\nb,65.8500,23.1400\nsea,65.5,23.5\n")
	r := mustRun(t, "matrix", "--map", filepath.Join(dir, "map.osm"), "--points", points)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if len(lines) != 10 || lines[0] != "from,to,seconds,metres" || lines[3] != "a,sea,," {
		t.Errorf("printed %q", r.out)
	}
	if !strings.Contains(r.err, "sea is far from a road") {
		t.Errorf("on standard error: %q", r.err)
	}
}
