package geo

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestShapeAgainstRationals: points and segments against areas on so small a
// grid that they meet in corners and along edges all the time.
func TestShapeAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]int32{1, 3, 1_000_000}).Draw(t, "unit")
		place := rapid.Custom(func(t *rapid.T) node {
			return node{rapid.Int32Range(-3, 3).Draw(t, "lon") * unit, rapid.Int32Range(-3, 3).Draw(t, "lat") * unit}
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
		s := newShape(area)
		for range 4 {
			a, b := place.Draw(t, "a"), place.Draw(t, "b")
			if got, want := s.has(a.point()), ratInside(area, a.point()); got != want {
				t.Fatalf("%v is in %v: %v, want %v", a, area, got, want)
			}
			if got, want := s.touches(a, b), ratTouches(area, a.point(), b.point()); got != want {
				t.Fatalf("%v to %v touches %v: %v, want %v", a, b, area, got, want)
			}
			x := around([]box{{a.Lon, a.Lat, a.Lon, a.Lat}, {b.Lon, b.Lat, b.Lon, b.Lat}})
			side := s.side(x)
			if side == boxMixed {
				continue
			}
			for lon := x.MinLon; lon <= x.MaxLon; lon += unit {
				for lat := x.MinLat; lat <= x.MaxLat; lat += unit {
					if in := ratInside(area, node{lon, lat}.point()); in != (side == boxInside) {
						t.Fatalf("the box %v is %d, and %d %d in %v is inside: %v", x, side, lon, lat, area, in)
					}
				}
			}
		}
	})
}
