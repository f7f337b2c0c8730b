package travel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
	"github.com/slinga-se/slinga/planner/travel"
)

// rush slows the coast road down in the morning, and gives the ferry four
// departures.
var rush = &geo.Condition{
	Speeds: []geo.SpeedRule{{ID: "rush", Selection: geo.Selection{Refs: []string{"E 4"}}, When: "Mo-Fr 06:30-09:00", Percent: 60}},
	Ferries: []geo.Ferry{{
		ID: "Långö", Selection: geo.Selection{Names: []string{"Långöfärjan (modelled)"}},
		Services: []geo.Service{{Departures: []string{"07:15", "09:30", "12:30", "16:00"}}},
	}},
}

// TestPlanInTheRush: every leg of a roster is what the map answers for the
// minute at which it departs, nobody who left later would have been there
// sooner, and the checker finds nothing.
func TestPlanInTheRush(t *testing.T) {
	area, r := region(t, "ostra-norrbotten")
	day, err := sample.Generate(area, 4, sample.Options{Scale: 20}) // one client lives by the ferry
	if err != nil {
		t.Fatal(err)
	}
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: rush})
	if err != nil {
		t.Fatal(err)
	}
	times, err := road.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	parts, _ := road.Parts(care.Car)
	all, told := road.Merged()
	m := times.Matrices[care.Car]
	if told != all || told < 4 || len(m.Later) == 0 || len(m.Later) >= len(parts) {
		t.Fatalf("%d of %d states in %d parts, %d later matrices", told, all, len(parts), len(m.Later))
	}
	roster, err := planner.Plan(t.Context(), day, times, planner.Options{Seed: 1, Iterations: 1500})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range check.Roster(day, times, roster).Breaches {
		t.Errorf("breach: %s: %s", b.Rule, b.English)
	}

	// The same tables straight from the map.
	profile, err := travel.Profile(care.Car, day.Condition)
	if err != nil {
		t.Fatal(err)
	}
	metric, err := r.MetricWith(t.Context(), profile, geo.MetricOptions{Condition: rush, At: parts[0].Start})
	if err != nil {
		t.Fatal(err)
	}
	var points []orb.Point
	row := map[string]int{}
	for i, p := range day.Places {
		points = append(points, orb.Point{p.Lon, p.Lat})
		row[p.ID] = i
	}
	var bases []orb.Point
	for _, b := range day.Bases {
		bases = append(bases, points[row[b.Place]])
	}
	snaps, err := metric.Snap(points, geo.SnapOptions{Anchors: bases})
	if err != nil {
		t.Fatal(err)
	}
	timed, err := r.TimedTable(t.Context(), profile, geo.MetricOptions{Condition: rush}, parts, snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	legs, slow, ferry := 0, 0, 0
	for _, route := range roster.Routes {
		for i := 1; i < len(route.Stops); i++ {
			stop, from := &route.Stops[i], route.Stops[i-1].Place
			if stop.Kind == care.StopBreak || from == stop.Place {
				continue
			}
			seconds, metres := timed.At(row[from], row[stop.Place], day.At(stop.Depart))
			if stop.Drive != care.Seconds(seconds) || stop.Metres != care.Metres(metres) {
				t.Errorf("%s to %s at %s: %d s %d m, the map says %d s %d m",
					from, stop.Place, day.At(stop.Depart).Format(time.TimeOnly), stop.Drive, stop.Metres, seconds, metres)
			}
			trace, err := road.LegAt(care.Car, from, stop.Place, stop.Depart)
			if err != nil {
				t.Fatal(err)
			}
			if got := care.Seconds(trace.Seconds[len(trace.Seconds)-1]); got != stop.Drive || care.Metres(trace.Metres) != stop.Metres {
				t.Errorf("%s to %s: drawn %d s %d m, planned %d s %d m", from, stop.Place, got, trace.Metres, stop.Drive, stop.Metres)
			}
			legs++
			if late, _ := m.Way(row[from], row[stop.Place], care.Time(20*3600)); late < stop.Drive {
				slow++
			}
			if stop.Place == "h0071" || from == "h0071" {
				ferry++
				for _, at := range []care.Time{7*3600 + 900, 9*3600 + 1800, 12*3600 + 1800, 16 * 3600} {
					if at > stop.Depart {
						if stop.Arrive < at {
							t.Errorf("%s to %s from %s to %s, and the ferry goes at %s", from, stop.Place,
								day.At(stop.Depart).Format(time.TimeOnly), day.At(stop.Arrive).Format(time.TimeOnly), day.At(at).Format(time.TimeOnly))
						}
						break
					}
				}
			}
		}
	}
	if legs < 300 || slow == 0 || ferry == 0 {
		t.Errorf("%d legs, %d of them slower than in the evening, %d by the ferry", legs, slow, ferry)
	}
}

// TestPartsThatAreNotTold: asked for one matrix, the roads are as in the
// morning, and what varies is named; a condition without hours has one matrix.
func TestPartsThatAreNotTold(t *testing.T) {
	area, r := region(t, "ostra-norrbotten")
	day, err := sample.Generate(area, 4, sample.Options{Scale: 5})
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]travel.Options{
		"one part":       {Condition: rush, Parts: 1},
		"no hours":       {Condition: &geo.Condition{Speeds: []geo.SpeedRule{{Percent: 80}}}},
		"no condition":   {},
		"other weekdays": {Condition: &geo.Condition{Speeds: []geo.SpeedRule{{Percent: 80, When: "Sa 08:00-12:00"}}}},
	} {
		road, err := travel.Prepare(t.Context(), day, r, o)
		if err != nil {
			t.Fatal(err)
		}
		times, err := road.Travel(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(times.Matrices[care.Car].Later); n != 0 {
			t.Errorf("%s: %d later matrices", name, n)
		}
		if parts, _ := road.Varying(); (len(parts) == 1 && parts[0] == `speeds[0] "rush"`) != (name == "one part") {
			t.Errorf("%s: varying %q", name, parts)
		}
	}
}

// TestPartsThatComeAgain: a rush of ten minutes in every hour is told apart
// from the rest of the day, with two matrices that the parts of the day share.
func TestPartsThatComeAgain(t *testing.T) {
	area, r := region(t, "ostra-norrbotten")
	day, err := sample.Generate(area, 4, sample.Options{Scale: 5})
	if err != nil {
		t.Fatal(err)
	}
	var when []string
	for hour := 8; hour < 18; hour++ {
		when = append(when, fmt.Sprintf("%02d:00-%02d:10", hour, hour))
	}
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: &geo.Condition{
		Speeds: []geo.SpeedRule{{Percent: 40, When: strings.Join(when, ",")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	times, err := road.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m := times.Matrices[care.Car]
	if all, told := road.Merged(); all != 2 || told != 2 || len(m.Later) < 12 {
		t.Fatalf("%d of %d states, %d parts", told, all, len(m.Later))
	}
	for i := range m.Later {
		l := &m.Later[i]
		if slow := l.From%3600 == 0; slow == (&l.Seconds[0] == &m.Seconds[0]) || i > 1 && &l.Seconds[0] != &m.Later[i-2].Seconds[0] {
			t.Errorf("from %d s: slow %v, another matrix than before", l.From, slow)
		}
	}
	roster, err := planner.Plan(t.Context(), day, times, planner.Options{Seed: 1, Iterations: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range check.Roster(day, times, roster).Breaches {
		t.Errorf("breach: %s: %s", b.Rule, b.English)
	}
}

// TestBeforeTheFirstFerry: who leaves for the island before the first ferry of
// the day is not there before it sails, told in many parts of the day or in one.
func TestBeforeTheFirstFerry(t *testing.T) {
	area, r := region(t, "ostra-norrbotten")
	day, err := sample.Generate(area, 4, sample.Options{Scale: 20})
	if err != nil {
		t.Fatal(err)
	}
	late := *rush
	late.Ferries = []geo.Ferry{rush.Ferries[0]}
	late.Ferries[0].Services = []geo.Service{{First: "09:30", Last: "21:00", Every: 30}}
	sails := care.Time(9*3600 + 1800)
	for _, parts := range []int{0, 1} {
		road, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: &late, Parts: parts})
		if err != nil {
			t.Fatal(err)
		}
		times, err := road.Travel(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m := times.Matrices[care.Car]
		to := slices.Index(times.Places, "h0071")
		from := -1 // the neighbour on the mainland
		for i := range times.Places {
			s, _ := m.Way(i, to, sails)
			if i != to && (from < 0 || s < first(m.Way(from, to, sails))) {
				from = i
			}
		}
		seconds, _ := m.Way(from, to, sails)
		if from < 0 || to < 0 || seconds == care.Unreachable {
			t.Fatalf("%d to %d: %d s", from, to, seconds)
		}
		begun, _ := road.Parts(care.Car)
		for depart := care.Time(begun[0].Start.Sub(day.Origin) / time.Second); depart < sails; depart += 60 {
			if seconds, _ := m.Way(from, to, depart); depart+care.Time(seconds) < sails {
				t.Errorf("parts %d: leaving at %s one is there at %s", parts, day.At(depart).Format(time.TimeOnly), day.At(depart+care.Time(seconds)).Format(time.TimeOnly))
				break
			}
		}
	}
}

func first(s care.Seconds, _ care.Metres) care.Seconds { return s }
