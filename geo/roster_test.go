package geo_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
	"github.com/slinga-se/slinga/planner/travel"
)

// TestRosterLegsOnRealRoads plans the bundled days of the two real maps and
// measures fifty random legs of each roster again, with a search straight on
// the parsed ways and restrictions that shares no graph with this package:
// every drive is the same to the second and the metre.
func TestRosterLegsOnRealRoads(t *testing.T) {
	for _, name := range []string{"isle-of-man", "andorra"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			area, _ := sample.ByName(name)
			file, err := area.Map()
			if err != nil {
				t.Fatal(err)
			}
			net, err := osm.ReadFrom(t.Context(), bytes.NewReader(file), area.MapName, osm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			region, err := geo.Build(net, geo.BuildOptions{Name: area.Title})
			if err != nil {
				t.Fatal(err)
			}
			day, err := sample.Generate(area, 1, sample.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(day.Visits) < 300 {
				t.Errorf("%d visits, want at least 300", len(day.Visits))
			}
			road, err := travel.Prepare(t.Context(), day, region, travel.Options{})
			if err != nil {
				t.Fatal(err)
			}
			times, err := road.Travel(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			roster, err := planner.Plan(t.Context(), day, times, planner.Options{Seed: 1, Iterations: 2000})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range check.Roster(day, times, roster).Breaches {
				t.Errorf("breach: %s: %s", b.Rule, b.English)
			}
			compareLegs(t, net, region, day, roster)
		})
	}
}

// leg is a drive of a roster.
type leg struct {
	mode   care.Mode
	from   string
	toStop *care.Stop
}

func compareLegs(t *testing.T, net *osm.Network, region *geo.Region, day *care.Day, roster *care.Roster) {
	t.Helper()
	place := map[string]int{}
	points := make([]orb.Point, len(day.Places))
	for i, p := range day.Places {
		place[p.ID], points[i] = i, orb.Point{p.Lon, p.Lat}
	}
	var bases []orb.Point
	for _, b := range day.Bases {
		bases = append(bases, points[place[b.Place]])
	}
	var legs []leg
	for i := range roster.Routes {
		at := ""
		for j := range roster.Routes[i].Stops {
			stop := &roster.Routes[i].Stops[j]
			if stop.Kind == care.StopBreak {
				continue
			}
			if at != "" && at != stop.Place {
				legs = append(legs, leg{day.Shifts[i].Mode, at, stop})
			}
			at = stop.Place
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(legs), func(i, j int) { legs[i], legs[j] = legs[j], legs[i] })
	if len(legs) < 50 {
		t.Fatalf("%d legs, want at least 50", len(legs))
	}
	oracles := map[care.Mode]func(from, to geo.Snap) (int64, int64){}
	snaps := map[care.Mode][]geo.Snap{}
	for _, l := range legs[:50] {
		if oracles[l.mode] == nil {
			profile, err := travel.Profile(l.mode, day.Condition)
			if err != nil {
				t.Fatal(err)
			}
			metric, err := region.Metric(t.Context(), profile)
			if err != nil {
				t.Fatal(err)
			}
			if snaps[l.mode], err = metric.Snap(points, geo.SnapOptions{Anchors: bases}); err != nil {
				t.Fatal(err)
			}
			oracles[l.mode] = geo.Oracle(net, profile)
		}
		from, to := snaps[l.mode][place[l.from]], snaps[l.mode][place[l.toStop.Place]]
		seconds, metres := oracles[l.mode](from, to)
		if seconds != int64(l.toStop.Drive) || metres != int64(l.toStop.Metres) {
			t.Errorf("%s from %s to %s: the roster says %d s %d m, the oracle %d s %d m",
				l.mode, l.from, l.toStop.Place, l.toStop.Drive, l.toStop.Metres, seconds, metres)
		}
	}
}
