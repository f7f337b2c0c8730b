package travel_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
	"github.com/slinga-se/slinga/planner/travel"
)

// region builds the map of a bundled area.
func region(t testing.TB, name string) (sample.Area, *geo.Region) {
	t.Helper()
	area, ok := sample.ByName(name)
	if !ok {
		t.Fatalf("no area %q", name)
	}
	file, err := area.Map()
	if err != nil {
		t.Fatal(err)
	}
	net, err := osm.ReadFrom(t.Context(), bytes.NewReader(file), area.MapName, osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := geo.Build(net, geo.BuildOptions{Name: area.Title})
	if err != nil {
		t.Fatal(err)
	}
	return area, r
}

func measure(t testing.TB, day *care.Day, r *geo.Region) (*travel.Road, *care.Travel) {
	t.Helper()
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	times, err := road.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return road, times
}

// TestAwkwardHomes: one home lies on the road island, one in the sea. Both
// are reported, neither is moved, and their visits are unserved with that
// finding as the reason.
func TestAwkwardHomes(t *testing.T) {
	area, r := region(t, "adalen")
	day, err := sample.Generate(area, 1, sample.Options{Scale: 10, Awkward: true})
	if err != nil {
		t.Fatal(err)
	}
	_, times := measure(t, day, r)
	kinds := map[care.FindingKind]string{}
	for _, f := range times.Findings {
		if f.Kind == care.FarFromRoad || f.Kind == care.RoadIsland {
			kinds[f.Kind] = f.Place
		}
	}
	if kinds[care.FarFromRoad] == "" || kinds[care.RoadIsland] == "" {
		t.Fatalf("findings: %+v, want one place far from a road and one on a road island", times.Findings)
	}
	roster, err := planner.Plan(t.Context(), day, times, planner.Options{Seed: 1, Iterations: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range check.Roster(day, times, roster).Breaches {
		t.Errorf("breach: %s: %s", b.Rule, b.English)
	}
	homes := map[string]string{}
	for _, c := range day.Clients {
		homes[c.ID] = c.Place
	}
	visits := map[string]string{}
	for _, v := range day.Visits {
		visits[v.ID] = homes[v.Client]
	}
	seen := map[care.FindingKind]bool{}
	for _, u := range roster.Unserved {
		for kind, place := range kinds {
			if visits[u.Visit] == place {
				seen[kind] = true
				if u.Reason != care.ReasonUnreachable || u.Finding != kind {
					t.Errorf("visit %s: %s (%s), want unreachable (%s)", u.Visit, u.Reason, u.Finding, kind)
				}
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("unserved with a reason of the map: %v, want both homes", seen)
	}
}

// TestLegsEqualTheMatrix: what is drawn takes as long as what was planned.
func TestLegsEqualTheMatrix(t *testing.T) {
	area, r := region(t, "andorra")
	day, err := sample.Generate(area, 2, sample.Options{Scale: 20})
	if err != nil {
		t.Fatal(err)
	}
	road, times := measure(t, day, r)
	if info := r.Info(); info.Hash == "" || !strings.Contains(times.Source, info.Name) || !strings.Contains(times.Source, info.Hash) {
		t.Errorf("the source %q does not name the map and its hash", times.Source)
	}
	m := times.Matrices[care.Car]
	for i := 0; i < m.N; i += 5 {
		for j := 0; j < m.N; j += 3 {
			if i == j || m.Seconds[i*m.N+j] == care.Unreachable {
				continue
			}
			trace, err := road.Leg(care.Car, times.Places[i], times.Places[j])
			if err != nil {
				t.Fatal(err)
			}
			if got := care.Seconds(trace.Seconds[len(trace.Seconds)-1]); got != m.Seconds[i*m.N+j] || care.Metres(trace.Metres) != m.Metres[i*m.N+j] {
				t.Errorf("%s to %s: drawn %d s %d m, planned %d s %d m", times.Places[i], times.Places[j], got, trace.Metres, m.Seconds[i*m.N+j], m.Metres[i*m.N+j])
			}
		}
	}
	if _, err := road.Leg(care.Foot, times.Places[0], times.Places[1]); err == nil {
		t.Error("a leg on foot although nobody walks")
	}
	if _, err := road.Leg(care.Car, times.Places[0], "nowhere"); err == nil {
		t.Error("a leg to a place that the day does not have")
	}
}

// TestConditionSlowsCarsAlone: at 80 percent no drive is faster, and walking
// takes what it took.
func TestConditionSlowsCarsAlone(t *testing.T) {
	area, r := region(t, "adalen")
	day, err := sample.Generate(area, 1, sample.Options{Scale: 5, Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	day.Shifts[0].Mode, day.Shifts[0].Vehicle = care.Foot, ""
	_, bare := measure(t, day, r)
	day.Condition = &care.Condition{Season: care.Winter, SpeedPercent: 80}
	_, winter := measure(t, day, r)
	slower := 0
	for i, s := range bare.Matrices[care.Car].Seconds {
		w := winter.Matrices[care.Car].Seconds[i]
		if w < s {
			t.Fatalf("pair %d: %d s in winter, %d s on bare road", i, w, s)
		}
		if w > s {
			slower++
		}
	}
	if slower == 0 {
		t.Error("no drive is slower")
	}
	for i, s := range bare.Matrices[care.Foot].Seconds {
		if w := winter.Matrices[care.Foot].Seconds[i]; w != s {
			t.Fatalf("pair %d on foot: %d s in winter, %d s before", i, w, s)
		}
	}
}

// Two municipalities side by side, each a tenth of a degree wide:
//
//	23.0   23.1   23.2
//	  | west | east |
const twoBorders = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"kommun_kod":"0001","kommun_namn":"West"},"geometry":{"type":"Polygon","coordinates":[[[23.0,65.8],[23.1,65.8],[23.1,65.9],[23.0,65.9],[23.0,65.8]]]}},
{"type":"Feature","properties":{"kommun_kod":"0002","kommun_namn":"East"},"geometry":{"type":"Polygon","coordinates":[[[23.1,65.8],[23.2,65.8],[23.2,65.9],[23.1,65.9],[23.1,65.8]]]}}]}`

func TestLocate(t *testing.T) {
	borders, err := geo.ReadBorders(strings.NewReader(twoBorders), "two.geojson", geo.BorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	day := &care.Day{
		Places: []care.Place{
			{ID: "west", Lat: 65.85, Lon: 23.05},
			{ID: "edge", Lat: 65.85, Lon: 23.1},                         // the lower code has a shared edge
			{ID: "near", Lat: 65.85, Lon: 23.104, Municipality: "0001"}, // 180 m over the border: may say so
			{ID: "far", Lat: 65.85, Lon: 23.15, Municipality: "0001"},   // plainly in the other
			{ID: "abroad", Lat: 66.5, Lon: 25},                          // in none
		},
		Clients: []care.Client{{ID: "c1", Place: "edge"}, {ID: "c2", Place: "west", Municipality: "0002"}},
	}
	findings := travel.Locate(day, borders)
	for i, want := range []string{"0001", "0001", "0001", "0001", ""} {
		if got := day.Places[i].Municipality; got != want {
			t.Errorf("place %s lies in %q, want %q", day.Places[i].ID, got, want)
		}
	}
	if day.Clients[0].Municipality != "0001" || day.Clients[1].Municipality != "0002" {
		t.Errorf("clients: %+v; a stated municipality stays", day.Clients)
	}
	if len(day.Municipalities) != 1 || day.Municipalities[0] != (care.Municipality{ID: "0001", Name: "West"}) {
		t.Errorf("municipalities: %+v", day.Municipalities)
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.Place+" "+string(f.Kind))
	}
	if strings.Join(got, ", ") != "edge near-border, far outside-stated" {
		t.Errorf("findings: %v", got)
	}
}

func Example() {
	ctx := context.Background()
	area, _ := sample.ByName("andorra")
	file, _ := area.Map()
	net, _ := osm.ReadFrom(ctx, bytes.NewReader(file), area.MapName, osm.Options{})
	roads, _ := geo.Build(net, geo.BuildOptions{Name: area.Title})
	day, _ := sample.Generate(area, 1, sample.Options{Scale: 10})

	road, err := travel.Prepare(ctx, day, roads, travel.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	times, err := road.Travel(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(times.Places) == times.Matrices[care.Car].N, len(times.Findings))
	// Output: true 0
}
