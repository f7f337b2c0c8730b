package geo_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// Who can be helped within five minutes on foot by one of two people, of whom
// one has to finish something first?
func ExampleMetric_Isochrone() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	metric, err := region.Metric(context.Background(), osm.FootProfile())
	if err != nil {
		log.Fatal(err)
	}
	places, err := metric.Snap([]orb.Point{{18.0632, 59.3180}, {18.0690, 59.3165}}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	homes, err := metric.Snap([]orb.Point{{18.0650, 59.3151}, {18.0680, 59.3180}}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	reach, err := metric.Isochrone(ctx,
		[]geo.Start{{Snap: places[0]}, {Snap: places[1], Delay: 60}},
		geo.IsochroneOptions{Limits: []int32{150, 300}})
	if err != nil {
		log.Fatal(err)
	}
	seconds, err := reach.Seconds(homes)
	if err != nil {
		log.Fatal(err)
	}
	nearest, err := reach.Nearest(ctx, homes)
	if err != nil {
		log.Fatal(err)
	}
	area, err := reach.Area(ctx, 150, geo.AreaOptions{Width: 40})
	if err != nil {
		log.Fatal(err)
	}
	metres := int64(0)
	for road := range reach.Roads(150) {
		if !road.Backward {
			metres += (road.To - road.From) / 1000
		}
	}
	fmt.Println(seconds, nearest, len(area), metres > 1000)
	// Output: [272 225] [0 1] 2 true
}

// Two electric cars come 400 m more: who is further than that from one is left
// to the other, or to nobody.
func ExampleMetric_Isochrone_range() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	low := &geo.Condition{Energy: &geo.Energy{LimitMetres: 400}}
	metric, err := region.MetricWith(ctx, osm.CarProfile(), geo.MetricOptions{Condition: low})
	if err != nil {
		log.Fatal(err)
	}
	places, err := metric.Snap([]orb.Point{
		{18.0632, 59.3180}, {18.0690, 59.3165}, // the cars
		{18.0650, 59.3151}, {18.0680, 59.3180}, {18.0580, 59.3140},
	}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	reach, err := metric.Isochrone(ctx, []geo.Start{{Snap: places[0]}, {Snap: places[1], Delay: 30}}, geo.IsochroneOptions{Limits: []int32{600}})
	if err != nil {
		log.Fatal(err)
	}
	seconds, err := reach.Seconds(places[2:])
	if err != nil {
		log.Fatal(err)
	}
	nearest, err := reach.Nearest(ctx, places[2:])
	if err != nil {
		log.Fatal(err)
	}
	for i, s := range seconds {
		fmt.Println(s != geo.Unreachable, nearest[i])
	}
	// Output:
	// true 1
	// true 0
	// false -1
}

// A bridge is closed: who is cut off?
func ExampleMetric_CutOff() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{}, "testdata/beatty-nevada-2017-08.osm.bz2")
	if err != nil {
		log.Fatal(err)
	}
	open, err := region.Metric(context.Background(), osm.CarProfile())
	if err != nil {
		log.Fatal(err)
	}
	places, err := open.Snap([]orb.Point{{-116.7593, 36.9082}, {-116.8291, 36.8722}}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	closed := geo.Closure{ID: "washed out"}
	closed.Names = []string{"Death Valley Road"}
	storm, err := region.MetricWith(context.Background(), osm.CarProfile(), geo.MetricOptions{Condition: &geo.Condition{Closures: []geo.Closure{closed}}})
	if err != nil {
		log.Fatal(err)
	}
	cuts, err := storm.CutOff(ctx, places[1:], places[:1])
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range cuts {
		fmt.Println(c.Point, c.Kind, c.Alone)
	}
	// Output: 0 no way there or back [washed out]
}

// The second table costs one row and one column.
func ExampleTables() {
	ctx := context.Background()
	region, err := geo.BuildFiles(ctx, geo.BuildOptions{}, "testdata/stockholm-mariatorget.osm.pbf")
	if err != nil {
		log.Fatal(err)
	}
	metric, err := region.Metric(context.Background(), osm.FootProfile())
	if err != nil {
		log.Fatal(err)
	}
	places, err := metric.Snap([]orb.Point{{18.0632, 59.3180}, {18.0650, 59.3151}, {18.0590, 59.3165}}, geo.SnapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "tables")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	tables, err := geo.OpenTables(dir, geo.TablesOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range []int{2, 3} {
		if _, err := tables.Table(ctx, metric, places[:n], places[:n], 0); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%+v\n", tables.Stats())
	}
	// Output:
	// {Reused:0 Computed:4 Damaged:0 Lost:0}
	// {Reused:4 Computed:9 Damaged:0 Lost:0}
}
