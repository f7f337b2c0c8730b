package geo_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// TestTraceTellsWhereItsWaysBegin follows traces along the nodes of the map's
// ways: from where a way begins to where the next one does, all vertices but
// the trace's own ends are nodes of that way.
func TestTraceTellsWhereItsWaysBegin(t *testing.T) {
	region, err := geo.BuildFiles(t.Context(), geo.BuildOptions{}, "testdata/monaco-2012-07.osm.gz")
	if err != nil {
		t.Fatal(err)
	}
	nodesOf := make(map[int64]map[orb.Point]bool)
	var nodes []orb.Point
	for road := range region.Roads(geo.RoadOptions{}) {
		on := make(map[orb.Point]bool, len(road.Line))
		for _, p := range road.Line {
			on[p] = true
		}
		nodesOf[road.Way] = on
		if road.Modes&osm.ModeCar != 0 {
			nodes = append(nodes, road.Line...)
		}
	}
	metric, err := region.Metric(t.Context(), osm.CarProfile())
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	points := make([]orb.Point, 300)
	for i := range points {
		near := nodes[random.IntN(len(nodes))]
		points[i] = orb.Point{near[0] + 1e-4*random.Float64(), near[1] + 1e-4*random.Float64()}
	}
	snaps, err := metric.Snap(points, geo.SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for i := range snaps {
		to := snaps[(i+1)%len(snaps)]
		trace, err := metric.Trace(snaps[i], to)
		if err != nil {
			continue
		}
		drawn++
		if len(trace.Begins) != len(trace.Ways) || len(trace.Ways) > 0 && trace.Begins[0] != 0 {
			t.Fatalf("%d ways begin at %v", len(trace.Ways), trace.Begins)
		}
		for k, way := range trace.Ways {
			first, last := int(trace.Begins[k]), len(trace.Line)-1
			if k+1 < len(trace.Begins) {
				last = int(trace.Begins[k+1])
			}
			if last <= first {
				t.Errorf("trace %d: way %d goes from vertex %d to %d", i, way, first, last)
			}
			for v := max(first, 1); v <= min(last, len(trace.Line)-2); v++ {
				if !nodesOf[way][trace.Line[v]] {
					t.Errorf("trace %d: vertex %d of %d is no node of way %d", i, v, len(trace.Line), way)
				}
			}
		}
	}
	if drawn < 200 {
		t.Errorf("only %d traces of %d", drawn, len(snaps))
	}
}
