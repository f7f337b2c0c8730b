package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
	"github.com/slinga-se/slinga/data/interop"
)

// smallPoints are two points on the small map's roads and one at sea.
const smallPoints = "id,lat,lon\na,65.8400,23.1300\nb,65.8500,23.1400\nsea,65.5,23.5\n"

// TestMatrixForms wants the same matrix in every form.
func TestMatrixForms(t *testing.T) {
	dir := room(t, nil)
	points, to := filepath.Join(dir, "points.csv"), filepath.Join(dir, "to.csv")
	put(t, points, smallPoints)
	put(t, to, "id;lat;lon\nc;65,84;23,15\na;65,84;23,13\n")
	for _, more := range [][]string{nil, {"--to", to}, {"--mode", "foot", "--shortest"}} {
		args := append([]string{"matrix", "--map", filepath.Join(dir, "map.osm"), "--points", points}, more...)
		want := mustRun(t, append(args, "--threads", "2")...).out
		form := func(form string) []byte {
			t.Helper()
			printed := mustRun(t, append(args, "--format", form)...)
			out := filepath.Join(dir, "out", form)
			if r := mustRun(t, append(args, "--format", form, "--out", out)...); r.out != "" || r.err != printed.err {
				t.Errorf("--out prints %q and %q", r.out, r.err)
			}
			written, err := os.ReadFile(out)
			if err != nil || string(written) != printed.out {
				t.Errorf("--format %s: --out writes something else than is printed: %v", form, err)
			}
			return written
		}
		if got := string(form("csv")); got != want {
			t.Errorf("csv: %q, want %q", got, want)
		}
		binary, err := interop.ReadMatrix(bytes.NewReader(form("binary")))
		if err != nil {
			t.Fatal(err)
		}
		var plain struct {
			From, To        []string
			Seconds, Metres [][]*int32
		}
		if err := json.Unmarshal(form("json"), &plain); err != nil {
			t.Fatal(err)
		}
		if old := mustRun(t, append(args, "--json")...).out; old != string(form("json")) {
			t.Error("--json and --format json differ")
		}
		var osrm struct {
			Durations, Distances  [][]*int32
			Sources, Destinations []struct {
				Name     string
				Distance float64
				Location []float64
			}
		}
		if err := json.Unmarshal(form("osrm"), &osrm); err != nil {
			t.Fatal(err)
		}
		if len(osrm.Sources) != len(plain.From) || len(osrm.Destinations) != len(plain.To) || osrm.Sources[1].Location[1] != 65.85 || osrm.Sources[1].Distance != 0 {
			t.Errorf("sources %v, destinations %v", osrm.Sources, osrm.Destinations)
		}
		again := map[string]string{}
		for i, from := range binary.From {
			for j, to := range binary.To {
				text := func(v int32) string {
					if v == interop.NoWay {
						return ""
					}
					return fmt.Sprint(v)
				}
				at := i*len(binary.To) + j
				again["binary"] += from + "," + to + "," + text(binary.Seconds[at]) + "," + text(binary.Metres[at]) + "\n"
				or := func(v *int32) string {
					if v == nil {
						return ""
					}
					return fmt.Sprint(*v)
				}
				again["json"] += plain.From[i] + "," + plain.To[j] + "," + or(plain.Seconds[i][j]) + "," + or(plain.Metres[i][j]) + "\n"
				again["osrm"] += from + "," + to + "," + or(osrm.Durations[i][j]) + "," + or(osrm.Distances[i][j]) + "\n"
			}
		}
		for form, text := range again {
			if "from,to,seconds,metres\n"+text != want {
				t.Errorf("%s: %q, want %q", form, text, want)
			}
		}
	}
}

func TestMatrixRefuses(t *testing.T) {
	dir := room(t, nil)
	points := filepath.Join(dir, "points.csv")
	put(t, points, smallPoints)
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(dir, "long.csv")
	put(t, long, "id,lat,lon\n"+strings.Repeat("x", 2000)+",65.84,23.13\n")
	for _, each := range []struct {
		args []string
		want string
	}{
		{[]string{"--format", "xml"}, `--format "xml": must be csv, json, binary or osrm`},
		{[]string{"--json", "--format", "csv"}, "--json and --format csv: give one of them"},
		{[]string{"--out", folder}, "it is a folder"},
		{[]string{"--threads", "-2"}, "--threads -2"},
		{[]string{"--points", long, "--format", "binary"}, "from[0]: is longer than"},
	} {
		args := append([]string{"matrix", "--map", filepath.Join(dir, "map.osm"), "--points", points}, each.args...)
		if r := slinga(args...); r.code != cli.ExitInput || r.out != "" || !strings.Contains(r.err, each.want) {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", each.args, r.code, r.out, r.err, each.want)
		}
	}
}

// A spreadsheet's old export is read, and its reader told.
func TestPointsInAnOldEncoding(t *testing.T) {
	dir := room(t, nil)
	points := filepath.Join(dir, "points.csv")
	put(t, points, "plats;lat;lon\n\xe5;65,84;23,13\n")
	r := mustRun(t, "matrix", "--map", filepath.Join(dir, "map.osm"), "--points", points)
	if !strings.Contains(r.out, "å,å,0,0") || !strings.Contains(r.err, "points.csv: is not UTF-8") {
		t.Errorf("printed %q and %q", r.out, r.err)
	}
}

// A closed street has no way to its end, in the matrix and on the route.
func TestConditionOnTheRoads(t *testing.T) {
	dir := room(t, nil)
	points, condition := filepath.Join(dir, "points.csv"), filepath.Join(dir, "storm.json")
	put(t, points, "id,lat,lon\na,65.8400,23.1300\nb,65.8500,23.1400\n")
	put(t, condition, `{"closures": [{"id": "storm", "ways": [11], "when": "Mo-Fr 06:00-10:00"}]}`)
	on := []string{"--map", filepath.Join(dir, "map.osm"), "--condition", condition}
	for at, closed := range map[string]bool{"2026-11-24T07:00": true, "2026-11-24T11:00": false, "2026-11-28T07:00": false} {
		r := mustRun(t, append([]string{"matrix", "--points", points, "--at", at}, on...)...)
		if strings.Contains(r.out, "a,b,,") != closed {
			t.Errorf("%s: %q", at, r.out)
		}
		r = slinga(append([]string{"route", "--from", "65.84,23.13", "--to", "65.8499,23.14", "--snap-limit", "50", "--at", at}, on...)...)
		if closed != (r.code != cli.ExitGood) {
			t.Errorf("%s: exit %d, %q and %q", at, r.code, r.out, r.err)
		}
	}
	put(t, filepath.Join(dir, "misspelt.json"), `{"closures": [{"id": "x", "way": [11]}]}`)
	put(t, filepath.Join(dir, "elsewhere.json"), `{"closures": [{"id": "x", "ways": [99]}]}`)
	for _, each := range []struct {
		args []string
		want string
	}{
		{[]string{"--at", "seven"}, `--at "seven": is not a time`},
		{[]string{"--condition", filepath.Join(dir, "nothing.json")}, "cannot open the condition"},
		{[]string{"--condition", filepath.Join(dir, "misspelt.json")}, "misspelt.json"},
		{[]string{"--condition", filepath.Join(dir, "elsewhere.json")}, "99"},
	} {
		r := slinga(append([]string{"matrix", "--map", filepath.Join(dir, "map.osm"), "--points", points}, each.args...)...)
		if r.code != cli.ExitInput || !strings.Contains(r.err, each.want) {
			t.Errorf("%v: exit %d, %q; want %q", each.args, r.code, r.err, each.want)
		}
	}
}
