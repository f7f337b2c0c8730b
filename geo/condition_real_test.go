package geo

import (
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// stormOn makes a condition about the roads of a real map: snow over a corner
// of it, a few ways, a name and a polygon closed, ferries by timetable.
func stormOn(net *osm.Network) *Condition {
	low, high := net.Nodes[0], net.Nodes[0]
	for _, n := range net.Nodes {
		low.Lon, low.Lat = min(low.Lon, n.Lon), min(low.Lat, n.Lat)
		high.Lon, high.Lat = max(high.Lon, n.Lon), max(high.Lat, n.Lat)
	}
	at := func(x, y float64) orb.Point {
		return orb.Point{
			(float64(low.Lon) + x*float64(int64(high.Lon)-int64(low.Lon))) / 1e7,
			(float64(low.Lat) + y*float64(int64(high.Lat)-int64(low.Lat))) / 1e7,
		}
	}
	ring := func(points ...orb.Point) orb.MultiPolygon {
		return orb.MultiPolygon{{append(orb.Ring(points), points[0])}}
	}
	n := net.Nodes[net.Refs[net.Ways[len(net.Ways)/4].First]]
	flood := ring(node{n.Lon - 20000, n.Lat - 9000}.point(), node{n.Lon + 21000, n.Lat - 8000}.point(), node{n.Lon, n.Lat + 12000}.point())
	c := &Condition{
		Name: "storm",
		Areas: []Area{
			{ID: "snow", Polygon: ring(at(0, 0), at(0.7, 0.1), at(0.4, 0.5), at(0.6, 0.8), at(0, 0.6))},
			{ID: "flood", Polygon: flood},
		},
		Speeds: []SpeedRule{
			{Percent: 85, Selection: Selection{Classes: []string{"residential", "tertiary", "unclassified", "service"}}},
			{Percent: 70, MostKMH: 45, Selection: Selection{Area: "snow"}},
			{Percent: 90, Selection: Selection{Surfaces: []string{"gravel", "unpaved"}}, When: "20:00-05:30"},
		},
		Closures: []Closure{
			{ID: "flood", Selection: Selection{Area: "flood"}},
			{ID: "ways", Selection: Selection{Ways: []int64{net.Ways[len(net.Ways)/3].ID, net.Ways[len(net.Ways)/2].ID}}, Direction: "forward"},
		},
		Ferries: []Ferry{{
			ID: "ferries", Selection: Selection{Classes: []string{"ferry"}, MayMatchNothing: true},
			Services: []Service{{First: "06:10", Last: "22:00", Every: 35}},
		}},
		Energy: &Energy{WhPerKM: 190, Percent: 140, SurfacePercent: map[string]int{"gravel": 110}},
	}
	for i := range net.Ways {
		if name := net.Texts[net.Ways[len(net.Ways)-1-i].Name]; name != "" {
			c.Closures = append(c.Closures, Closure{ID: "name", Selection: Selection{Names: []string{name}}, Modes: []string{"car"}})
			break
		}
	}
	return c
}

func TestStormOnRealMapsAgreesWithTheOracle(t *testing.T) {
	t.Parallel()
	for i, name := range realMaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			net := readMap(t, name)
			for w := range net.Ways {
				net.Ways[w].Condition = 0 // the oracle knows a few texts only
			}
			r, err := Build(net, BuildOptions{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			c := stormOn(net)
			for k, p := range []osm.Profile{osm.CarProfile(), osm.FootProfile()} {
				o := MetricOptions{Condition: c, Second: Quantity(k), At: time.Date(2026, 11, 24, 21+k, 10, 0, 0, time.UTC), LongestWait: k == 1}
				m, err := r.MetricWith(t.Context(), p, o)
				if err != nil {
					t.Fatal(err)
				}
				oracle := withCondition(newOracle(net, p, false), o)
				segmentsAgree(t, m, oracle)
				snaps, err := m.Snap(randomPoints(net, 10, uint64(10*i+k)), SnapOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if k == 0 {
					compare(t, m, oracle, net, snaps)
				} else {
					compareTable(t, m, oracle, net, snaps)
				}
				closed := m.Closed()
				if k == 0 && !slices.ContainsFunc(closed, func(w ClosedWay) bool { return w.Closure == "ways" }) {
					t.Errorf("the closed ways are not named: %v", closed)
				}
				for _, w := range closed {
					if w.Segments < 1 || w.Segments > w.Of || w.Millimetres < 0 {
						t.Errorf("%+v", w)
					}
				}
			}
		})
	}
}
