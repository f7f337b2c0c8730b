package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/slinga-se/slinga/cli"
)

// A map with names: a road with a number that ends at a ferry, an island's
// road behind the ferry, a street off it, and
// a road that nothing leads to.
//
//	   4
//	   |
//	1--2--3~~5--6      7--8
const namedMap = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="65.8400" lon="23.1300"/><node id="2" lat="65.8400" lon="23.1400"/>
 <node id="3" lat="65.8400" lon="23.1500"/><node id="4" lat="65.8500" lon="23.1400"/>
 <node id="5" lat="65.8400" lon="23.1700"/><node id="6" lat="65.8400" lon="23.1800"/>
 <node id="7" lat="65.8400" lon="23.2500"/><node id="8" lat="65.8400" lon="23.2600"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/><tag k="ref" v="E4"/><tag k="name" v="Byv&#228;gen"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/><tag k="ref" v="E4"/><tag k="name" v="Byv&#228;gen"/></way>
 <way id="12"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/></way>
 <way id="13"><nd ref="3"/><nd ref="5"/><tag k="route" v="ferry"/><tag k="motor_vehicle" v="yes"/></way>
 <way id="14"><nd ref="5"/><nd ref="6"/><tag k="highway" v="unclassified"/><tag k="name" v="&#214;v&#228;gen"/></way>
 <way id="15"><nd ref="7"/><nd ref="8"/><tag k="highway" v="residential"/></way>
</osm>
`

func namedRoads(t *testing.T) (dir, maps string) {
	t.Helper()
	dir = t.TempDir()
	maps = filepath.Join(dir, "map.osm")
	put(t, maps, namedMap)
	return dir, maps
}

// The route's figures are those of the matrix between the same places.
func TestRouteAgreesWithTheMatrix(t *testing.T) {
	dir, maps := namedRoads(t)
	places := []string{"65.8400,23.1320", "65.8500,23.1400", "65.8401,23.1790", "65.84,23.135"}
	points := filepath.Join(dir, "points.csv")
	text := "id,lat,lon\n"
	for i, at := range places {
		text += fmt.Sprintf("%d,%s\n", i, at)
	}
	put(t, points, text)
	for _, mode := range []string{"car", "foot"} {
		var m struct{ Seconds, Metres [][]int32 }
		if err := json.Unmarshal([]byte(mustRun(t, "matrix", "--map", maps, "--points", points, "--mode", mode, "--format", "json").out), &m); err != nil {
			t.Fatal(err)
		}
		args := []string{"route", "--map", maps, "--mode", mode, "--from", places[0], "--via", places[1], "--via", places[2], "--to", places[3], "--format"}
		var got struct {
			Seconds, Metres int32
			Legs            []struct {
				Seconds, Metres int32
				Roads           []struct{ Seconds, Metres int32 }
				Ways            []int64
			}
		}
		if err := json.Unmarshal([]byte(mustRun(t, append(args, "json")...).out), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Legs) != 3 {
			t.Fatalf("%s: %d legs", mode, len(got.Legs))
		}
		var seconds, metres int32
		for i, leg := range got.Legs {
			if leg.Seconds != m.Seconds[i][i+1] || leg.Metres != m.Metres[i][i+1] {
				t.Errorf("%s, leg %d: %d s and %d m, in the matrix %d and %d", mode, i, leg.Seconds, leg.Metres, m.Seconds[i][i+1], m.Metres[i][i+1])
			}
			var ofRoads, along int32
			for _, road := range leg.Roads {
				ofRoads, along = ofRoads+road.Seconds, along+road.Metres
				if road.Seconds < 0 || road.Metres < 0 {
					t.Errorf("%s, leg %d: road %+v", mode, i, road)
				}
			}
			if ofRoads != leg.Seconds || along != leg.Metres {
				t.Errorf("%s, leg %d: its roads add up to %d s and %d m, it has %d and %d", mode, i, ofRoads, along, leg.Seconds, leg.Metres)
			}
			seconds, metres = seconds+leg.Seconds, metres+leg.Metres
		}
		if got.Seconds != seconds || got.Metres != metres {
			t.Errorf("%s: total %d s, %d m; the legs add up to %d, %d", mode, got.Seconds, got.Metres, seconds, metres)
		}
		if ways := fmt.Sprint(got.Legs[1].Ways); ways != "[12 11 13 14]" {
			t.Errorf("%s: ways %s", mode, ways)
		}
		all, err := geojson.UnmarshalFeatureCollection([]byte(mustRun(t, append(args, "geojson")...).out))
		if err != nil || len(all.Features) != 3+4 {
			t.Fatalf("%s: %v", mode, err)
		}
		line := all.Features[1].Geometry.(orb.LineString)
		if line[0] != (orb.Point{23.14, 65.85}) || line[len(line)-1] != (orb.Point{23.179, 65.84}) {
			t.Errorf("%s: the line goes from %v to %v", mode, line[0], line[len(line)-1])
		}
	}
}

// The text names roads in the order of travel; ways of one road are one line.
func TestRouteInWords(t *testing.T) {
	_, maps := namedRoads(t)
	args := []string{"route", "--map", maps, "--from", "65.84,23.13", "--to", "65.84,23.18"}
	for l, want := range map[string]string{"en": "E4 Byvägen|ferry|Övägen|in total", "sv": "E4 Byvägen|färja|Övägen|Totalt"} {
		out := mustRun(t, append(args, "--lang", l)...).out
		at := 0
		for _, word := range strings.Split(want, "|") {
			if strings.Count(out, word) != 1 {
				t.Errorf("%s: %q does not stand once in\n%s", l, word, out)
			}
			if found := strings.Index(out, word); found < at {
				t.Errorf("%s: %q comes too early in\n%s", l, word, out)
			} else {
				at = found
			}
		}
	}
	out := mustRun(t, append(args, "--via", "65,84 23,135", "--via", "65,85;23,14", "--lang", "en")...).out
	if !strings.Contains(out, "Leg 1: ") || !strings.Contains(out, "Leg 3: ") || !strings.Contains(out, "road without a name") {
		t.Errorf("printed %q", out)
	}
	// A name in a map cannot speak to the terminal.
	dir := t.TempDir()
	evil := filepath.Join(dir, "evil.osm")
	put(t, evil, strings.Replace(namedMap, "Byv&#228;gen", "Red&#x9b;31m&#9;road", 2))
	if out := mustRun(t, "route", "--map", evil, "--from", "65.84,23.13", "--to", "65.84,23.15").out; strings.ContainsAny(out, "\u009b\t") {
		t.Errorf("printed %q", out)
	}
}

func TestRouteToAFile(t *testing.T) {
	dir, maps := namedRoads(t)
	args := []string{"route", "--map", maps, "--from", "65.84,23.13", "--to", "65.84,23.18", "--format"}
	for _, form := range []string{"text", "geojson", "gpx", "json"} {
		out := filepath.Join(dir, "new", form)
		if r := mustRun(t, append(args, form, "--out", out)...); r.out != "" {
			t.Errorf("%s printed %q", form, r.out)
		}
		written, err := os.ReadFile(out)
		if printed := mustRun(t, append(args, form)...).out; err != nil || !bytes.Equal(written, []byte(printed)) || len(written) == 0 {
			t.Errorf("%s: %v", form, err)
		}
	}
}

// Where no way leads, the code is 1 and the message says why.
func TestNoRoute(t *testing.T) {
	_, maps := namedRoads(t)
	for _, each := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--from", "65.84,23.13", "--to", "65.84,23.255"}, cli.ExitBreach, "no way leads from --from to --to: --to is on a road island"},
		{[]string{"--from", "65.84,23.255", "--to", "65.84,23.13", "--via", "65.84,23.14"}, cli.ExitBreach, "no way leads from --from to --via: --from is on a road island"},
		{[]string{"--from", "65.84,23.13", "--to", "65.5,23.5"}, cli.ExitInput, "--to is far from a road: the nearest one is 3"},
		{[]string{"--from", "65.84,23.13"}, cli.ExitInput, "no --to"},
		{[]string{"--to", "65.84,23.13"}, cli.ExitInput, "no --from"},
		{[]string{"--from", "65.84", "--to", "1,2"}, cli.ExitInput, `--from "65.84": write latitude and longitude`},
		{[]string{"--from", "65,84,23,13", "--to", "1,2"}, cli.ExitInput, `--from "65,84,23,13": write`},
		{[]string{"--from", "1,2", "--to", "95,2"}, cli.ExitInput, `--to "95,2": write`},
		{[]string{"--from", "1,2", "--via", "1,NaN", "--to", "5,2"}, cli.ExitInput, `--via "1,NaN": write`},
		{[]string{"--from", "1,2", "--to", "5,2", "--format", "kml"}, cli.ExitInput, `--format "kml": must be text, geojson, gpx or json`},
		{[]string{"--from", "1,2", "--to", "5,2", "--mode", "horse"}, cli.ExitInput, `--mode "horse"`},
	} {
		r := slinga(append([]string{"route", "--map", maps}, each.args...)...)
		if r.code != each.code || r.out != "" || !strings.Contains(r.err, each.want) {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", each.args, r.code, r.out, r.err, each.want)
		}
	}
	// Two places of one road island have a way.
	if r := mustRun(t, "route", "--map", maps, "--from", "65.84,23.251", "--to", "65.84,23.259", "--lang", "en"); !strings.Contains(r.out, "in total") {
		t.Errorf("printed %q", r.out)
	}
	// From a place to itself is a route of nothing.
	if r := mustRun(t, "route", "--map", maps, "--from", "65.84,23.13", "--to", "65.84,23.13", "--format", "gpx"); !strings.Contains(r.out, "0 s, 0 m") {
		t.Errorf("printed %q", r.out)
	}
}
