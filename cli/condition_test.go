package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
)

// townMap has a bridge (20), a ferry (21), an ice road (22) and a street with
// conditional access (23) between the two sides of a river.
//
//	1---2 ~bridge~ 3---4
//	    5 ~ferry~  6
//	    7 ~ice~    8
const townMap = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="65.84" lon="23.13"/><node id="2" lat="65.84" lon="23.14"/>
 <node id="3" lat="65.84" lon="23.15"/><node id="4" lat="65.84" lon="23.16"/>
 <node id="5" lat="65.83" lon="23.14"/><node id="6" lat="65.83" lon="23.15"/>
 <node id="7" lat="65.82" lon="23.14"/><node id="8" lat="65.82" lon="23.15"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/><tag k="name" v="Älvvägen"/></way>
 <way id="11"><nd ref="3"/><nd ref="4"/><tag k="highway" v="tertiary"/></way>
 <way id="12"><nd ref="2"/><nd ref="5"/><nd ref="7"/><tag k="highway" v="unclassified"/></way>
 <way id="13"><nd ref="3"/><nd ref="6"/><nd ref="8"/><tag k="highway" v="unclassified"/></way>
 <way id="20"><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/><tag k="bridge" v="yes"/><tag k="name" v="Älvbron"/></way>
 <way id="21"><nd ref="5"/><nd ref="6"/><tag k="route" v="ferry"/><tag k="motor_vehicle" v="yes"/><tag k="duration" v="00:10"/><tag k="name" v="Älvfärjan"/></way>
 <way id="22"><nd ref="7"/><nd ref="8"/><tag k="highway" v="unclassified"/><tag k="ice_road" v="yes"/><tag k="name" v="Isvägen"/></way>
 <way id="23"><nd ref="1"/><nd ref="7"/><tag k="highway" v="unclassified"/><tag k="motor_vehicle:conditional" v="no @ (Nov-Apr)"/></way>
 <way id="24"><nd ref="4"/><nd ref="8"/><tag k="highway" v="unclassified"/><tag k="access:conditional" v="no @ (wet)"/></way>
</osm>
`

func writeAll(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestConditionList(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{"town.osm": townMap})
	town := filepath.Join(dir, "town.osm")
	r := mustRun(t, "map", "condition", "list", "--lang", "en", town)
	for _, line := range []string{"ferry", "Älvfärjan", "ice_road", "Isvägen", "bridge", "Älvbron", "conditional", "motor_vehicle:conditional=no @ (Nov-Apr)", "20", "23"} {
		if !strings.Contains(r.out, line) {
			t.Errorf("%q is missing:\n%s", line, r.out)
		}
	}
	if r := mustRun(t, "map", "condition", "list", "--only", "ferry", "--json", town); !strings.Contains(r.out, `"way": 21`) || strings.Contains(r.out, `"way": 20`) {
		t.Errorf("only ferries:\n%s", r.out)
	}
	if r := mustRun(t, "map", "condition", "list", "--only", "tunnel", town); r.out != "Inget sådant finns på kartan.\n" {
		t.Errorf("no tunnels: %q", r.out)
	}
	if r := slinga("map", "condition", "list", "--only", "castle", town); r.code != cli.ExitInput || !strings.Contains(r.err, "castle") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

const stormCondition = `{
  "name": "storm",
  "areas": [{"id": "älven", "geometry": {"type": "Polygon", "coordinates": [[[23.1449, 65.8399], [23.1451, 65.8399], [23.1451, 65.8401], [23.1449, 65.8401], [23.1449, 65.8399]]]}}],
  "closures": [{"id": "bron", "text": "Bron är avstängd", "area": "älven"}, {"id": "natt", "names": ["älvvägen"], "when": "22:00-05:00"}],
  "ferries": [{"id": "färjan", "names": ["Älvfärjan"], "services": [{"first": "06:00", "last": "21:00", "every_minutes": 60}]}],
  "ice_roads": "open"
}`

func TestConditionCheck(t *testing.T) {
	t.Parallel()
	dir := writeAll(t, map[string]string{
		"town.osm": townMap, "storm.json": stormCondition,
		"wrong.json":  "{\n \"closures\": [\n  {\"id\": \"a\", \"wyas\": [20]},\n  {\"id\": \"a\", \"ways\": [20]}\n ]\n}",
		"absent.json": `{"closures": [{"id": "a", "ways": [20, 99]}, {"id": "b", "names": ["Storgatan"]}]}`,
		"points.csv":  "id,lat,lon\na,65.84,23.131\nb,65.84,23.159\n",
	})
	town := filepath.Join(dir, "town.osm")
	r := mustRun(t, "map", "condition", "check", "--map", town, "--at", "2026-11-24T23:30", "--lang", "en", filepath.Join(dir, "storm.json"))
	for _, line := range []string{"closures[0]", "bron", "Älvbron", "Bron är avstängd", "ferries[0]", "The condition fits the map.", "In force 2026-11-24 23:30: 2 closures, 2 ways", "24 access:conditional=no @ (wet)"} {
		if !strings.Contains(r.out, line) {
			t.Errorf("%q is missing:\n%s", line, r.out)
		}
	}
	r = slinga("map", "condition", "check", "--map", town, filepath.Join(dir, "wrong.json"))
	if r.code != cli.ExitInput || !strings.Contains(r.err, "wrong.json:3: closures[0].wyas: is not known here") {
		t.Errorf("%d %s", r.code, r.err)
	}
	r = slinga("map", "condition", "check", "--map", town, filepath.Join(dir, "absent.json"))
	if r.code != cli.ExitInput || !strings.Contains(r.err, "closures[0].ways[1]: the map has no way 99") || !strings.Contains(r.err, `no road named "Storgatan"`) {
		t.Errorf("%d %s", r.code, r.err)
	}
	for _, args := range [][]string{{"--at", "noon"}, {"--mode", "plane"}, nil} {
		full := append([]string{"map", "condition", "check", "--map", town}, args...)
		if args != nil {
			full = append(full, filepath.Join(dir, "storm.json"))
		}
		if r := slinga(full...); r.code != cli.ExitInput {
			t.Errorf("%v: exit %d, %s", args, r.code, r.err)
		}
	}
}

func TestPlanUnderACondition(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"map.osm": smallMap, "part.json": `{"closures": [{"id": "norrut", "ways": [11], "when": "08:00-12:00"}]}`, "often.json": `{"closures": [{"id": "norrut", "ways": [11], "when": "08:00-08:10,09:00-09:10,10:00-10:10,11:00-11:10,12:00-12:10"}]}`,
		"closed.json": `{"closures": [{"id": "norrut", "ways": [11]}]}`,
		"many.json":   `{"speeds": [{"percent": 57, "when": "07:00-07:17"}, {"percent": 58, "when": "08:00-08:18"}, {"percent": 59, "when": "09:00-09:19"}, {"percent": 60, "when": "10:00-10:20"}, {"percent": 61, "when": "11:00-11:21"}, {"percent": 62, "when": "12:00-12:22"}, {"percent": 63, "when": "13:00-13:23"}, {"percent": 64, "when": "14:00-14:24"}, {"percent": 65, "when": "15:00-15:25"}]}`,
	}
	dir := writeAll(t, files)
	day := writeAll(t, smallDay)
	args := []string{"plan", "--map", filepath.Join(dir, "map.osm"), "--day", day, "--iterations", "50", "--json"}
	open := mustRun(t, args...)
	closed := mustRun(t, append(args, "--condition", filepath.Join(dir, "closed.json"))...)
	if !strings.Contains(open.out, `"unserved": null`) && !strings.Contains(open.out, `"unserved": []`) && strings.Contains(open.out, `"unserved"`) {
		t.Errorf("the open roads leave visits out:\n%s", open.out)
	}
	if open.out == closed.out {
		t.Error("a closed road changes nothing")
	}
	part := mustRun(t, append(args, "--condition", filepath.Join(dir, "part.json"))...)
	if strings.Contains(part.err, "warning") || part.out == closed.out {
		t.Errorf("closed for a part of the day: %s", part.err)
	}
	often := mustRun(t, append(args, "--condition", filepath.Join(dir, "often.json"))...)
	if strings.Contains(often.err, "warning") {
		t.Errorf("ten changes between two states: %s", often.err)
	}
	many := mustRun(t, append(args, "--condition", filepath.Join(dir, "many.json"))...)
	if !strings.Contains(many.err, "the condition has the roads in 10 states in the course of the day; 8 are told apart") {
		t.Errorf("ten states: %s", many.err)
	}
	if r := slinga(append(args, "--condition", filepath.Join(dir, "none.json"))...); r.code != cli.ExitInput || !strings.Contains(r.err, "none.json") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

// TestDocumentedRush: the documentation's rush hour and ferry are planned with
// no further flag, and the checker finds nothing.
func TestDocumentedRush(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/condition.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```json\n")
	if len(blocks) < 3 {
		t.Fatal("the example is gone")
	}
	text, _, _ := strings.Cut(blocks[2], "```")
	dir := writeAll(t, map[string]string{"rush.json": text})
	at := func(name string) string { return filepath.Join(dir, name) }
	mustRun(t, "generate", "--area", "ostra-norrbotten", "--seed", "4", "--scale", "20", "--out", at("day"))
	common := []string{"--map", "ostra-norrbotten", "--day", at("day"), "--condition", at("rush.json")}
	plan := mustRun(t, append([]string{"plan", "--iterations", "2000", "--lang", "en", "--out", at("plan")}, common...)...)
	if !strings.Contains(plan.out, "Not planned: 0 of") || strings.Contains(plan.err, "warning") {
		t.Errorf("%s%s", plan.out, plan.err)
	}
	if r := slinga(append([]string{"check", "--roster", at("plan/roster.json")}, common...)...); r.code != 0 {
		t.Errorf("check: %d\n%s%s", r.code, r.out, r.err)
	}
	if roster, err := os.ReadFile(at("plan/roster.json")); err != nil || !strings.Contains(string(roster), "h0071") {
		t.Errorf("the client by the ferry: %v", err)
	}
}

// TestDocumentedCondition: the example in the documentation fits the area that
// it is about, closes what it says, and leaves the way round open.
func TestDocumentedCondition(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/condition.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	text, _, _ := strings.Cut(rest, "```")
	dir := writeAll(t, map[string]string{"storm.json": text})
	r := mustRun(t, "map", "condition", "check", "--map", "ostra-norrbotten", "--at", "2026-11-24T23:00", "--lang", "en", filepath.Join(dir, "storm.json"))
	for _, want := range []string{
		"closures[0]  Räktforsbron", "Seskaröbron south", "ferries[0]   Långö", "roads[0]", "Isväg Långön",
		"The condition fits the map.", "In force 2026-11-24 23:00: 3 closures, 3 ways",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is missing:\n%s", want, r.out)
		}
	}
}
