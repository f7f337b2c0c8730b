package geo

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// TestShapeAgainstRationals: segments against areas on so small a grid that
// they meet in corners and along edges all the time.
func TestShapeAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]int32{1, 3, 1_000_000}).Draw(t, "unit")
		wide := rapid.SampledFrom([]int32{3, 3, 12}).Draw(t, "wide")
		place := rapid.Custom(func(t *rapid.T) node {
			return node{rapid.Int32Range(-wide, wide).Draw(t, "lon") * unit, rapid.Int32Range(-wide, wide).Draw(t, "lat") * unit}
		})
		var area orb.MultiPolygon
		for range rapid.IntRange(1, 3).Draw(t, "polygons") {
			var polygon orb.Polygon
			for range rapid.IntRange(1, 2).Draw(t, "rings") {
				var ring orb.Ring
				for _, n := range rapid.SliceOfN(place, 3, 6).Draw(t, "ring") {
					ring = append(ring, n.point())
				}
				polygon = append(polygon, append(ring, ring[0]))
			}
			area = append(area, polygon)
		}
		var segments [][2]node
		for range rapid.SampledFrom([]int{1, 4, 20, 60}).Draw(t, "segments") {
			a, b := place.Draw(t, "a"), place.Draw(t, "b")
			if rapid.Bool().Draw(t, "short") { // or boxes would hold everything
				b = node{a.Lon + (b.Lon-a.Lon)/wide, a.Lat + (b.Lat-a.Lat)/wide}
			}
			segments = append(segments, [2]node{a, b})
		}
		checkWithin(t, area, segments)
	})
}

// checkWithin compares the segments that an area touches and holds with what
// rational numbers say of each.
func checkWithin(t rapid.TB, area orb.MultiPolygon, segments [][2]node) {
	t.Helper()
	items := make([]int32, len(segments))
	for i := range items {
		items[i] = int32(i)
	}
	tree := newTree(items, grid{lon: -halfTurn, lat: -halfTurn, span: 2 * halfTurn}, func(i int32) box {
		b := nobox
		b.add(segments[i][0], segments[i][1])
		return b
	})
	ends := func(i int32) (node, node) { return segments[i][0], segments[i][1] }
	for _, touching := range []bool{true, false} {
		list, err := newShape(area).within(context.Background(), &tree, ends, touching)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(list)
		if len(slices.Compact(slices.Clone(list))) < len(list) {
			t.Fatalf("some segment comes twice: %v", list)
		}
		for i, s := range segments {
			p, q := s[0].point(), s[1].point()
			middle := orb.Point{
				float64(int64(s[0].Lon)+int64(s[1].Lon)) / 2e7, float64(int64(s[0].Lat)+int64(s[1].Lat)) / 2e7,
			}
			want := touching && ratTouches(area, p, q) || !touching && ratInside(area, middle)
			if got := slices.Contains(list, int32(i)); got != want {
				t.Fatalf("segment %v (touching %v) in %v: %v, want %v", s, touching, area, got, want)
			}
		}
	}
}

// star is an area of so many points: spikes from near the middle, to points
// that are whole in 1e-7 degrees where whole says so.
func star(middle orb.Point, points int, inner, outer float64, whole bool) orb.MultiPolygon {
	var ring orb.Ring
	for i := range points {
		radius, angle := outer, 2*math.Pi*float64(i)/float64(points)
		if i%2 == 0 {
			radius = inner
		}
		p := orb.Point{middle[0] + radius*math.Cos(angle), middle[1] + radius*math.Sin(angle)/2}
		if whole {
			p = storedNode(p).point()
		}
		ring = append(ring, p)
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// Stars: at each point half of all edges lie to the east, and segments begin
// and end at points of the outline, or run along it.
func TestStarsAgainstRationals(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 12 {
		middle := orb.Point{18.25, 63.5}
		area := star(middle, 40+2*round, 0.001, 0.1, round%2 == 0)
		ring := area[0][0]
		var segments [][2]node
		for range 150 {
			reach := math.Pow(10, -4*random.Float64())
			a := node{182_500_000 + int32(1e6*reach*random.NormFloat64()), 635_000_000 + int32(1e6*reach*random.NormFloat64())}
			b := node{a.Lon + int32(3e4*random.NormFloat64()), a.Lat + int32(3e4*random.NormFloat64())}
			switch random.IntN(4) {
			case 0:
				a = storedNode(ring[random.IntN(len(ring))])
			case 1:
				k := 1 + random.IntN(len(ring)-1)
				a, b = storedNode(ring[k-1]), storedNode(ring[k])
			}
			segments = append(segments, [2]node{a, b})
		}
		checkWithin(t, area, segments)
	}
}

// TestLongOutlinesAreCalledOff: a star of 100 000 points on a real map takes a
// second, but not once it is called off.
func TestLongOutlinesAreCalledOff(t *testing.T) {
	r, err := Build(readMap(t, "monaco-2012-07.osm.gz"), BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := Condition{
		Areas:    []Area{{ID: "star", Polygon: star(orb.Point{7.42, 43.735}, 100_000, 0.0001, 0.1, false)}},
		Closures: []Closure{{ID: "closed", Selection: Selection{Area: "star"}}},
		Speeds:   []SpeedRule{{Percent: 50, Selection: Selection{Area: "star"}}},
	}
	o, plain := MetricOptions{Condition: &c}, mustMetric(t, r, osm.CarProfile())
	for name, ask := range map[string]func(context.Context) error{
		"metric":  func(ctx context.Context) error { return second(r.MetricWith(ctx, osm.CarProfile(), o)) },
		"matches": func(ctx context.Context) error { return second(r.Matches(ctx, &c)) },
		"change":  func(ctx context.Context) error { return plain.Change(ctx, c) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		begun := time.Now()
		err := ask(ctx)
		cancel()
		// A fifth of a second is meant; machines that test have other work too.
		if took := time.Since(begun); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Second {
			t.Errorf("%s: called off after 30 ms, ended after %v: %v", name, took, err)
		}
	}
}
