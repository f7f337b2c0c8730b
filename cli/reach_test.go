package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"

	"github.com/slinga-se/slinga/cli"
)

// TestReachAreas: the file of areas is GeoJSON that others can read, the widest
// area first, and each within the one before.
func TestReachAreas(t *testing.T) {
	dir := room(t, nil)
	points, cars, out := filepath.Join(dir, "p.csv"), filepath.Join(dir, "c.csv"), filepath.Join(dir, "areas", "reach.geojson")
	put(t, points, "id,lat,lon\nk1,65.8400,23.1490\n")
	put(t, cars, "id,lat,lon\nbas,65.8400,23.1310\n")
	mustRun(t, "map", "reach", "--map", filepath.Join(dir, "map.osm"), "--points", points, "--from", cars,
		"--minutes", "1,2,4", "--geojson", out, "--width", "100")
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	f, err := geojson.UnmarshalFeatureCollection(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Features) != 3 || f.ExtraMembers["attribution"] == nil {
		t.Fatalf("%d areas, attribution %v", len(f.Features), f.ExtraMembers["attribution"])
	}
	previous := 1e9
	for i, want := range []float64{4, 2, 1} {
		feature := f.Features[i]
		area, ok := feature.Geometry.(orb.MultiPolygon)
		if !ok || len(area) != 1 || feature.Properties["minutes"] != want {
			t.Fatalf("area %d: %v, a %s", i, feature.Properties, feature.Geometry.GeoJSONType())
		}
		if !planar.MultiPolygonContains(area, orb.Point{23.131, 65.84}) {
			t.Errorf("within %g min the base itself is not reached", want)
		}
		if north := planar.MultiPolygonContains(area, orb.Point{23.14, 65.8499}); north != (want > 2) {
			t.Errorf("within %g min the end of the road north is reached: %v", want, north)
		}
		if size := planar.Area(area); size >= previous {
			t.Errorf("%g min reach further than more", want)
		} else {
			previous = size
		}
	}
	if r := slinga("map", "reach", "--map", filepath.Join(dir, "map.osm"), "--points", points, "--from", cars, "--geojson", dir); r.code != cli.ExitInput {
		t.Errorf("a folder as the file of areas: exit %d", r.code)
	}
}

// A start that a closure keeps from the others is named, though every point has
// its own start.
func TestReachNamesStartsThatAreCutOff(t *testing.T) {
	dir := room(t, nil)
	points, cars, closed := filepath.Join(dir, "p.csv"), filepath.Join(dir, "c.csv"), filepath.Join(dir, "closed.json")
	put(t, points, "id,lat,lon\nk1,65.8400,23.1490\n")
	put(t, cars, "id,lat,lon\nbas,65.8400,23.1310\nost,65.8400,23.1480\nnorr,65.8500,23.1400\n")
	put(t, closed, `{"closures":[{"id":"backen","ways":[11]}]}`)
	args := []string{
		"map", "reach", "--map", filepath.Join(dir, "map.osm"), "--points", points, "--from", cars, "--condition", closed, "--cut-off", "--lang", "en",
	}
	r := mustRun(t, args...)
	for _, want := range []string{"norr, where help comes from, has no way there or back from the others; opened again by backen", "Nobody is cut off"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	if r := mustRun(t, append(args, "--json")...); !strings.Contains(r.out, `"starts_cut_off": [`) || !strings.Contains(r.out, `"id": "norr"`) {
		t.Errorf("printed %s", r.out)
	}
}
