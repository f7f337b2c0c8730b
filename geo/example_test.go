package geo_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// A few blocks of Stockholm, on foot: build once, save, open, and ask.
func Example() {
	ctx := context.Background()
	built, err := geo.BuildFiles(ctx, geo.BuildOptions{Name: "Mariatorget"}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "region")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "mariatorget.region")
	if err := built.Save(path); err != nil {
		log.Fatal(err)
	}
	region, err := geo.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	metric, err := region.Metric(context.Background(), osm.FootProfile())
	if err != nil {
		log.Fatal(err)
	}
	square, hill := orb.Point{18.0632, 59.3180}, orb.Point{18.0650, 59.3151}
	snaps, err := metric.Snap([]orb.Point{square, hill}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	table, err := metric.Table(ctx, snaps, snaps, 0)
	if err != nil {
		log.Fatal(err)
	}
	seconds, metres := table.At(0, 1)
	trace, err := metric.Trace(snaps[0], snaps[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(region.Info().Name, snaps[0].Kind, seconds, "s", metres, "m")
	fmt.Println(trace.Seconds[len(trace.Seconds)-1] == seconds, trace.Metres == metres)
	if err := region.Close(); err != nil { // gives the mapped file back
		log.Fatal(err)
	}
	// Output:
	// Mariatorget ok 272 s 372 m
	// true true
}

func ExampleMetric_Snap() {
	region, err := geo.BuildFiles(context.Background(), geo.BuildOptions{}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	metric, err := region.Metric(context.Background(), osm.FootProfile())
	if err != nil {
		log.Fatal(err)
	}
	snaps, err := metric.Snap([]orb.Point{{18.0707, 59.3180}, {18.5, 59.3}}, geo.SnapOptions{Limit: 300})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range snaps {
		fmt.Printf("%v, moved %.0f m\n", s.Kind, s.Moved)
	}
	// Output:
	// ok, moved 66 m
	// far from a road, moved 0 m
}

func ExampleRegion_Roads() {
	region, err := geo.BuildFiles(context.Background(), geo.BuildOptions{}, "testdata/beatty-nevada-2017-08.osm.bz2")
	if err != nil {
		log.Fatal(err)
	}
	points, simplified := 0, 0
	for road := range region.Roads(geo.RoadOptions{MinClass: osm.Primary}) {
		points += len(road.Line)
	}
	for road := range region.Roads(geo.RoadOptions{MinClass: osm.Primary, Simplify: 20}) {
		simplified += len(road.Line)
	}
	fmt.Println(points > simplified, simplified > 0)
	// Output: true true
}

func ExampleBorders_Of() {
	file, err := os.ReadFile("testdata/municipalities.geojson")
	if err != nil {
		log.Fatal(err)
	}
	borders, err := geo.ReadBorders(bytes.NewReader(file), "municipalities.geojson", geo.BorderOptions{})
	if err != nil {
		log.Fatal(err)
	}
	haparanda, tornio := orb.Point{24.13, 65.84}, orb.Point{24.16, 65.85}
	id, ok := borders.Of(haparanda)
	fmt.Println(id, ok, borders.Name(id))
	_, ok = borders.Of(tornio)
	fmt.Println(ok)
	// Output:
	// 2583 true Haparanda
	// false
}

// A road closed for a night, and what that does to the way between two places.
func ExampleReadCondition() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{Name: "Mariatorget"}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	condition, err := geo.ReadCondition(strings.NewReader(`{
		"closures": [{"id": "works", "text": "Fatburs Kvarngata is dug up", "names": ["Fatburs Kvarngata"], "when": "22:00-05:00"}],
		"speeds": [{"id": "snow", "percent": 80}]
	}`), "night.json")
	if err != nil {
		log.Fatal(err)
	}
	for _, clock := range []int{12, 23} {
		metric, err := region.MetricWith(context.Background(), osm.FootProfile(), geo.MetricOptions{
			Condition: condition, At: time.Date(2026, 11, 24, clock, 0, 0, 0, time.UTC),
		})
		if err != nil {
			log.Fatal(err)
		}
		closed := metric.Closed()
		if len(closed) == 0 {
			fmt.Println("at", clock, "all is open")
			continue
		}
		fmt.Println("at", clock, "closed by", closed[0].Closure)
	}
	// Output:
	// at 12 all is open
	// at 23 closed by works
}

// Ice in the morning: people walk at half the pace until the street is gritted.
// Who leaves a minute before that is no worse off than who waits indoors.
func ExampleRegion_TimedTable() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	condition := &geo.Condition{Speeds: []geo.SpeedRule{{ID: "ice", Percent: 50, When: "05:00-09:00"}}}
	midnight := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	end := midnight.Add(24 * time.Hour)
	periods, err := region.Periods(ctx, osm.FootProfile(), condition, midnight, end, 0)
	if err != nil {
		log.Fatal(err)
	}
	metric, err := region.Metric(context.Background(), osm.FootProfile())
	if err != nil {
		log.Fatal(err)
	}
	snaps, err := metric.Snap([]orb.Point{{18.0632, 59.3180}, {18.0650, 59.3151}}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	table, err := region.TimedTable(ctx, osm.FootProfile(), geo.MetricOptions{Condition: condition}, periods, snaps, snaps, 0)
	if err != nil {
		log.Fatal(err)
	}
	for _, clock := range []string{"04:00", "08:00", "08:59", "09:00"} {
		at, err := time.Parse("15:04", clock)
		if err != nil {
			log.Fatal(err)
		}
		leave := midnight.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
		seconds, _ := table.At(0, 1, leave)
		fmt.Println(clock, seconds, "s")
	}
	// Output:
	// 04:00 272 s
	// 08:00 543 s
	// 08:59 332 s
	// 09:00 272 s
}
