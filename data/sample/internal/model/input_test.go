package model

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// folder copies the tables of an area, with one file replaced.
func folder(t testing.TB, slug, name, text string) fstest.MapFS {
	t.Helper()
	dir := fstest.MapFS{}
	for _, f := range []string{"municipalities.csv", "settlements.csv", "waypoints.csv", "roads.csv", "bridges.csv", "waters.csv", "borders.geojson"} {
		b, err := os.ReadFile(root + slug + "/" + f)
		if err != nil {
			t.Fatal(err)
		}
		dir[f] = &fstest.MapFile{Data: b}
	}
	dir[name] = &fstest.MapFile{Data: []byte(text)}
	return dir
}

// A broken table is refused with its name and row, before anything is drawn.
func TestBadTables(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"municipalities.csv", "code,name,population_2015,clients\n9999,Nowhere,1,1\n", "row 2: no border for municipality 9999"},
		{"municipalities.csv", "", "municipalities.csv: empty"},
		{"settlements.csv", "municipality,name,lat,lon,population,used\n2282,Kramfors,x,17,1,yes\n", "settlements.csv row 2"},
		{"settlements.csv", "municipality,name,lat,population,used\n2282,Kramfors,62,1,yes\n", `no column "lon"`},
		{"roads.csv", "ref,name,class,maxspeed,surface,curviness,via,kind,homes,source\n,,tertiary,70,asphalt,9,Kramfors;Atlantis,road,,\n", `row 2: unknown waypoint "Atlantis"`},
		{"roads.csv", "ref,name,class\n,,\"", "roads.csv"},
		{"borders.geojson", "{", "borders.geojson"},
	} {
		_, err := Build(folder(t, "adalen", c.name, c.text), "Ådalen", 1)
		if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A road over water without a bridge in the table, and a bridge that no road
// uses, are mistakes of the tables.
func TestBridgesAreAccountedFor(t *testing.T) {
	head := "name,water,lat,lon,source\n"
	_, err := Build(folder(t, "adalen", "bridges.csv", head), "Ådalen", 1)
	if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "where bridges.csv has no bridge") {
		t.Errorf("no bridges at all: %v", err)
	}
	text, err := os.ReadFile(root + "adalen/bridges.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Build(folder(t, "adalen", "bridges.csv", string(text)+"Idle bridge,Ångermanälven,63.9,16.8,none\n"), "Ådalen", 1)
	if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), `no road uses "Idle bridge"`) {
		t.Errorf("idle bridge: %v", err)
	}
}

func FuzzReadInput(f *testing.F) {
	for _, name := range []string{"settlements.csv", "roads.csv", "waters.csv", "municipalities.csv"} {
		b, err := os.ReadFile(root + "adalen/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, string(b))
	}
	dir := folder(f, "adalen", "people.csv", "")
	f.Fuzz(func(t *testing.T, name, text string) {
		if _, ok := dir[name]; !ok {
			return
		}
		changed := fstest.MapFS{}
		for k, v := range dir {
			changed[k] = v
		}
		changed[name] = &fstest.MapFile{Data: []byte(text)}
		in, err := ReadInput(changed)
		if err != nil {
			return
		}
		for _, s := range in.Settlements {
			if m := in.middle(); s.Population < 0 && s.Estimated || m.Lat != m.Lat || m.Lat > 89 {
				t.Fatalf("read %+v around %v", s, m)
			}
		}
	})
}
