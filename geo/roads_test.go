package geo

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

func TestRoads(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	ids := func(opts RoadOptions) (ids []int64) {
		for road := range r.Roads(opts) {
			ids = append(ids, road.Way)
		}
		return ids
	}
	if got := ids(RoadOptions{}); len(got) != 11 || !slices.IsSorted(got) {
		t.Errorf("all roads: %v", got)
	}
	if got := ids(RoadOptions{MinClass: osm.Primary}); len(got) != 1 {
		t.Errorf("the ferry only: %v", got)
	}
	corner := orb.Bound{Min: orb.Point{-0.0001, -0.0001}, Max: orb.Point{0.0001, 0.0001}}
	if got := ids(RoadOptions{Bound: corner}); !slices.Equal(got, []int64{1, 4}) { // abcd, ae
		t.Errorf("roads at a: %v", got)
	}
	for road := range r.Roads(RoadOptions{Simplify: 5}) {
		if road.Way == 1 && (len(road.Line) != 2 || road.Name != "Storgatan" || road.Ref != "E 4" || road.Modes != osm.AllModes) {
			t.Errorf("way 1 is drawn as %+v", road)
		}
		break // stopping early gives the region back
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got := ids(RoadOptions{}); len(got) != 0 {
		t.Errorf("a closed region has roads: %v", got)
	}
}

func TestRestrictionsAreKept(t *testing.T) {
	t.Parallel()
	d := draw(t, "a b c d", "ab", "bc", "cd", "no ab b bc", "only ab bc cd")
	d.net.Texts = append(d.net.Texts, "no_left_turn @ (Mo-Fr 07:00-09:00)")
	d.net.Restrictions[0].Condition = 1
	r := d.build(t)
	list := slices.Collect(r.Restrictions())
	if len(list) != 2 || list[0].Condition == "" || list[0].At != d.at(t, "b") || !list[1].Only || !slices.Equal(list[1].Via, []int64{2}) {
		t.Errorf("restrictions: %+v", list)
	}
	// The conditional one binds nobody.
	want(t, d.legs(t, mustMetric(t, r, evenCar()), "a c"), "a c: 400 m")
}

func TestShortestAndQuickest(t *testing.T) {
	t.Parallel()
	// Straight over the track, or round by the motorway.
	d := draw(t, `
		a . . b
		c . . d`,
		"ab track", "ac motorway", "cd motorway", "db motorway")
	r := d.build(t)
	car := osm.CarProfile()
	quickest := mustMetric(t, r, car)
	shortest, err := r.MetricWith(t.Context(), car, MetricOptions{Shortest: true})
	if err != nil {
		t.Fatal(err)
	}
	want(t, d.legs(t, quickest, "a b"), "a b: 1000 m")
	want(t, d.legs(t, shortest, "a b"), "a b: 600 m")
}

// Neighbours along a Hilbert curve are neighbours on the grid.
func TestHilbert(t *testing.T) {
	t.Parallel()
	type cell struct{ key, x, y uint32 }
	var cells []cell
	for x := range uint32(64) {
		for y := range uint32(64) {
			cells = append(cells, cell{hilbert(x<<10, y<<10) >> 20, x, y})
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return int(a.key) - int(b.key) })
	for i, c := range cells {
		if c.key != uint32(i) {
			t.Fatalf("cell %d has number %d", i, c.key)
		}
		if i > 0 {
			dx, dy := int(c.x)-int(cells[i-1].x), int(c.y)-int(cells[i-1].y)
			if dx*dx+dy*dy != 1 {
				t.Fatalf("from cell %d to the next is a jump of (%d, %d)", i-1, dx, dy)
			}
		}
	}
}
