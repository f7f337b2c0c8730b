package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slinga-se/slinga/cli"
)

// TestPresets: a region file carries metrics by name; a map that is built anew
// keeps them; nothing that a map cannot carry is kept.
func TestPresets(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{
		"town.osm":  townMap,
		"points":    "id,lat,lon\nwest,65.84,23.13\neast,65.84,23.16\n",
		"bron.json": `{"name": "bron", "closures": [{"id": "bron", "names": ["Älvbron"]}], "energy": {"wh_per_km": 200}}`,
		"no.json":   `{"closures": [{"id": "a", "names": ["Nogatan"]}]}`,
		"town.csv":  "id\n",
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	region, points := in("town.region"), in("points")
	if err := os.Rename(points, in("points.csv")); err != nil {
		t.Fatal(err)
	}
	points = in("points.csv")
	mustRun(t, "map", "build", "--out", region, in("town.osm"))
	mustRun(t, "map", "preset", "keep", "--name", "bron stängd", "--text", "till fredag", "--condition", in("bron.json"), region)
	mustRun(t, "map", "preset", "keep", "--name", "el", "--energy", "--condition", in("bron.json"), region)
	mustRun(t, "map", "build", "--out", region, in("town.osm"))
	for _, args := range [][]string{{"map", "preset", "list", region}, {"map", "info", region}} {
		if r := mustRun(t, args...); !strings.Contains(r.out, "bron stängd") || !strings.Contains(r.out, "till fredag") || !strings.Contains(r.out, "wattimmar") {
			t.Errorf("%v:\n%s", args, r.out)
		}
		r := mustRun(t, append(args[:len(args)-1:len(args)-1], "--lang", "en", region)...)
		if !strings.Contains(r.out, "watt-hours") || !strings.Contains(r.out, " open roads ") || strings.Contains(r.out, "winter roads") {
			t.Errorf("%v in English:\n%s", args, r.out)
		}
	}
	open := mustRun(t, "matrix", "--map", region, "--points", points).out
	flags := mustRun(t, "matrix", "--map", region, "--points", points, "--condition", in("bron.json")).out
	if preset := mustRun(t, "matrix", "--map", region, "--points", points, "--preset", "bron stängd").out; preset != flags || preset == open {
		t.Errorf("with the preset:\n%swith the condition:\n%swith neither:\n%s", preset, flags, open)
	}
	if r := mustRun(t, "matrix", "--map", region, "--points", points, "--preset", "el"); !strings.Contains(r.out, "watt_hours") {
		t.Errorf("%s", r.out)
	}
	for _, wrong := range []struct {
		args []string
		says string
	}{
		{[]string{"matrix", "--map", region, "--points", points, "--preset", "is"}, `has "bron stängd", "el"`},
		{[]string{"matrix", "--map", region, "--points", points, "--preset", "el", "--winter"}, "--winter"},
		{[]string{"matrix", "--map", region, "--points", points, "--preset", "el", "--format", "osrm"}, "watt-hours"},
		{[]string{"matrix", "--map", in("town.osm"), "--points", points, "--preset", "el"}, "preset keep"},
		{[]string{"route", "--map", region, "--from", "65.84,23.13", "--to", "65.84,23.16", "--preset", "el"}, "watt-hours"},
		{[]string{"map", "preset", "keep", "--name", "x", "--condition", in("no.json"), region}, "Nogatan"},
		{[]string{"map", "preset", "keep", "--condition", in("bron.json"), region}, "--name"},
		{[]string{"map", "preset", "keep", "--name", "x", "--profile", in("no.json"), region}, "no.json"},
		{[]string{"map", "preset", "keep", "--name", "x", "--profile", in("none.json"), region}, "none.json"},
		{[]string{"map", "preset", "keep", "--name", "x", in("town.osm")}, "map build"},
		{[]string{"map", "preset", "keep", "--name", "x", "--text", "v\xe4gen", region}, "UTF-8"},
		{[]string{"map", "preset", "keep", "--name", "x", "--text", "\x1b[2J", region}, "control"},
		{[]string{"map", "preset", "keep", "--name", "x", "--mode", "foot", "--energy", "--condition", in("bron.json"), region}, "cars only"},
		{[]string{"map", "preset", "keep", "--name", "x", "--energy", region}, "--condition"},
		{[]string{"map", "preset", "remove", "--name", "x", region}, `"x"`},
		{[]string{"map", "preset", "remove", region}, "--name"},
		{[]string{"map", "preset", "list", dir}, "folder"},
		{[]string{"map", "preset", "list"}, "one region file"},
		{[]string{"map", "preset", "lost"}, "lost"},
	} {
		if r := slinga(wrong.args...); r.code != cli.ExitInput || !strings.Contains(r.err, wrong.says) {
			t.Errorf("%v: %d %s", wrong.args, r.code, r.err)
		}
	}
	// A file of another version still hands its presets on; one whose presets
	// are damaged is told of.
	text, err := os.ReadFile(region)
	if err != nil {
		t.Fatal(err)
	}
	text[8] = 99
	if err := os.WriteFile(region, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := mustRun(t, "map", "build", "--out", region, in("town.osm")); !strings.Contains(r.out, "bron stängd") || r.err != "" {
		t.Errorf("%s%s", r.out, r.err)
	}
	text[len(text)-20] ^= 1
	damaged := in("damaged.region")
	if err := os.WriteFile(damaged, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := mustRun(t, "map", "build", "--out", damaged, in("town.osm")); !strings.Contains(r.err, "presets, they are gone") {
		t.Errorf("%s%s", r.out, r.err)
	}
	mustRun(t, "map", "preset", "keep", "--name", "på fot", "--mode", "foot", region)
	for _, form := range []string{"json", "geojson", "gpx"} {
		if r := mustRun(t, "route", "--map", region, "--from", "65.84,23.13", "--to", "65.84,23.16", "--preset", "på fot", "--format", form); !strings.Contains(r.out, "foot") {
			t.Errorf("%s", r.out)
		}
	}
	mustRun(t, "map", "preset", "remove", "--name", "på fot", region)
	// Another map lacks the bridge: it takes the place of the file only when
	// nothing is lost.
	other := strings.ReplaceAll(townMap, "Älvbron", "Bron")
	if err := os.WriteFile(in("other.osm"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := slinga("map", "build", "--out", region, in("other.osm")); r.code != cli.ExitInput || !strings.Contains(r.err, "bron stängd") {
		t.Errorf("%d %s", r.code, r.err)
	}
	mustRun(t, "map", "preset", "remove", "--name", "bron stängd", region)
	mustRun(t, "map", "preset", "remove", "--name", "el", region)
	if r := mustRun(t, "map", "preset", "list", "--json", region); strings.TrimSpace(r.out) != "[]" {
		t.Errorf("%s", r.out)
	}
	mustRun(t, "map", "build", "--out", region, in("other.osm"))
}

// TestManyKeepAtOnce: whoever is told that a preset is kept finds it.
func TestManyKeepAtOnce(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{"town.osm": townMap})
	region := filepath.Join(dir, "town.region")
	mustRun(t, "map", "build", "--out", region, filepath.Join(dir, "town.osm"))
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			if r := slinga("map", "preset", "keep", "--name", fmt.Sprint("preset ", i), region); r.code != cli.ExitGood {
				t.Errorf("%d %s", r.code, r.err)
			}
		})
	}
	wait.Wait()
	r := mustRun(t, "map", "preset", "list", region)
	for i := range 12 {
		if !strings.Contains(r.out, fmt.Sprint("preset ", i, " ")) {
			t.Errorf("preset %d is gone:\n%s", i, r.out)
		}
	}
}

// TestPlanByPreset: a day planned by a preset is planned as by its condition,
// with what the day says of its roads on top.
func TestPlanByPreset(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(in("snow.json"), []byte(`{"name": "snow", "speeds": [{"percent": 70}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	region := in("andorra.region")
	mustRun(t, "map", "build", "--out", region, filepath.Join(root, "data", "sample", "andorra", "andorra-2021-10-28.osm.pbf"))
	mustRun(t, "map", "preset", "keep", "--name", "snow", "--condition", in("snow.json"), region)
	mustRun(t, "map", "preset", "keep", "--name", "on foot", "--mode", "foot", region)
	mustRun(t, "generate", "--area", "andorra", "--scale", "3", "--out", in("day"))
	table, err := os.ReadFile(in("day/day.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("day/day.csv"), append(table, "speed_percent;80\nice_roads;yes\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	day := []string{"--map", region, "--day", in("day")}
	with := func(command string, more ...string) []string {
		return slices.Concat([]string{command}, day, more)
	}
	mustRun(t, with("plan", "--preset", "snow", "--iterations", "200", "--out", in("plan"))...)
	for _, same := range [][]string{{"--preset", "snow"}, {"--condition", in("snow.json")}} {
		mustRun(t, with("check", append(same, "--roster", in("plan/roster.json"))...)...)
	}
	if r := slinga(with("check", "--roster", in("plan/roster.json"))...); r.code != cli.ExitGood {
		t.Errorf("without snow: %d %s", r.code, r.err)
	}
	if r := mustRun(t, with("plan", "--preset", "on foot", "--iterations", "20", "--out", in("foot"))...); !strings.Contains(r.err, "no shift of the day goes by it") {
		t.Errorf("%s", r.err)
	}
	for _, wrong := range [][]string{
		with("plan", "--preset", "snow", "--condition", in("snow.json"), "--out", in("plan")),
		with("plan", "--preset", "", "--out", in("plan")),
		with("report", "--roster", in("plan/roster.json"), "--out", in("day/visits.csv")),
		{"matrix", "--map", region, "--points", in("day/clients.csv"), "--out", in("day/places.csv")},
	} {
		if r := slinga(wrong...); r.code != cli.ExitInput {
			t.Errorf("%v: %d %s", wrong, r.code, r.err)
		}
	}
}
