package geo

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func readTestBorders(t testing.TB, geojson string) *Borders {
	t.Helper()
	b, err := ReadBorders(strings.NewReader(geojson), "drawn.geojson", BorderOptions{IDProperty: "id", NameProperty: "name"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// drawnBorders: B is a square with a hole, C fills the hole but for an island
// of B in it, A touches B on its right side and at a corner of D.
//
//	4 +-------+---+
//	  | B     | A |
//	  | +---+ |   |
//	  | | C | |   |
//	  | +---+ |   |
//	0 +-------+---+---+
//	  0       4   6 D 8   (D below: 6..8, -2..0)
const drawnBorders = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"B","name":"Big"},"geometry":{"type":"MultiPolygon","coordinates":[
  [[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,3],[3,3],[3,1],[1,1]]],
  [[[1.9,1.9],[2.1,1.9],[2.1,2.1],[1.9,2.1],[1.9,1.9]]]]}},
{"type":"Feature","properties":{"id":"A","name":"Another"},"geometry":{"type":"Polygon","coordinates":[
  [[4,0],[6,0],[6,4],[4,4],[4,0]]]}},
{"type":"Feature","properties":{"id":"C","name":"Core"},"geometry":{"type":"Polygon","coordinates":[
  [[1,1],[3,1],[3,3],[1,3],[1,1]],[[1.9,1.9],[1.9,2.1],[2.1,2.1],[2.1,1.9],[1.9,1.9]]]}},
{"type":"Feature","properties":{"id":"D"},"geometry":{"type":"Polygon","coordinates":[
  [[6,0],[6,-2],[8,-2],[8,0],[6,0]]]}}]}`

func TestBordersOf(t *testing.T) {
	t.Parallel()
	b := readTestBorders(t, drawnBorders)
	for _, c := range []struct {
		lon, lat float64
		want     string
	}{
		{0.5, 0.5, "B"},
		{5, 2, "A"},
		{1.5, 1.5, "C"},
		{2, 2, "B"},      // the island in the hole
		{1.9, 2, "B"},    // its shore, which is C's border too: the lower one
		{1, 2, "B"},      // the edge of the hole
		{4, 2, "A"},      // a shared edge
		{4, 0, "A"},      // a shared vertex
		{4, 4, "A"},      //
		{6, 0, "A"},      // A and D meet in a point
		{7, 0, "D"},      // an outer edge
		{0, 0, "B"},      // an outer vertex
		{-0.1, 2, ""},    // outside
		{7, 0.1, ""},     //
		{0, 4.00001, ""}, //
		{-180, 0, ""},
		{8, -2, "D"},
		{5, 0, "A"},
	} {
		got, ok := b.Of(orb.Point{c.lon, c.lat})
		if got != c.want || ok != (c.want != "") {
			t.Errorf("(%v, %v) is in %q, want %q", c.lon, c.lat, got, c.want)
		}
	}
	if _, ok := b.Of(orb.Point{math.NaN(), 0}); ok {
		t.Error("nowhere is in a municipality")
	}
	if b.Name("C") != "Core" || b.Name("D") != "D" || b.Name("E") != "" || len(b.List()) != 4 {
		t.Errorf("names: %v", b.List())
	}
}

func TestBordersNear(t *testing.T) {
	t.Parallel()
	b := readTestBorders(t, drawnBorders)
	if d, ok := b.Near(orb.Point{4.003, 2}, 500); !ok || d < 330 || d > 336 {
		t.Errorf("0.003 degrees from the border: %v %v", d, ok)
	}
	if d, ok := b.Near(orb.Point{4.006, 2}, 500); ok {
		t.Errorf("0.006 degrees from the border: %v", d)
	}
	if d, ok := b.Near(orb.Point{4, 3}, 0); !ok || d != 0 {
		t.Errorf("on the border: %v %v", d, ok)
	}
}

func TestMunicipalities(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/municipalities.geojson")
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadBorders(bytes.NewReader(file), "municipalities.geojson", BorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for want, p := range map[string]orb.Point{
		"2583": {24.13, 65.84}, // Haparanda
		"2513": {22.84, 66.33}, // Överkalix
		"2518": {23.66, 66.39}, // Övertorneå
		"2514": {23.16, 65.85}, // Kalix
		"2282": {17.78, 62.93}, // Kramfors
		"2283": {17.27, 63.17}, // Sollefteå
		"":     {24.16, 65.85}, // Tornio, on the Finnish side
	} {
		if got, _ := b.Of(p); got != want {
			t.Errorf("%v is in %q, want %q", p, got, want)
		}
	}
}

// Every answer is compared with the definition: a point is in a municipality
// if it lies on an edge of it, or sees an odd number of edges to its east, in
// rational arithmetic. The grid is coarse, so points often hit vertices and
// edges exactly.
func TestRandomBorders(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Custom(func(t *rapid.T) float64 {
			return float64(rapid.IntRange(0, 6).Draw(t, "x")) * rapid.SampledFrom([]float64{0.1, 1, 1e-7}).Draw(t, "scale")
		})
		point := rapid.Custom(func(t *rapid.T) orb.Point { return orb.Point{coordinate.Draw(t, "lon"), coordinate.Draw(t, "lat")} })
		var polygons []orb.Polygon
		var of []int32
		list := []Municipality{{"0114", ""}, {"0115", ""}, {"2583", ""}}
		for range rapid.IntRange(1, 5).Draw(t, "polygons") {
			var polygon orb.Polygon
			for range rapid.IntRange(1, 2).Draw(t, "rings") {
				ring := orb.Ring(rapid.SliceOfN(point, 3, 7).Draw(t, "ring"))
				polygon = append(polygon, append(ring, ring[0]))
			}
			polygons = append(polygons, polygon)
			of = append(of, rapid.Int32Range(0, 2).Draw(t, "of"))
		}
		b := newBorders(list, polygons, of)
		for range 3 {
			p := point.Draw(t, "point")
			want := int32(3)
			for i, polygon := range polygons {
				if of[i] < want && slowInside(polygon, p) {
					want = of[i]
				}
			}
			got, ok := b.Of(p)
			if ok != (want < 3) || ok && got != list[want].ID {
				t.Fatalf("%v is in %q, %v; want number %d", p, got, ok, want)
			}
		}
	})
}

func slowInside(polygon orb.Polygon, p orb.Point) bool {
	odd := false
	for _, ring := range polygon {
		for k := 1; k < len(ring); k++ {
			a, b := ring[k-1], ring[k]
			if orientExact(a, b, p) == 0 && p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) && p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1]) {
				return true
			}
			if (a[1] <= p[1]) != (b[1] <= p[1]) && (orientExact(a, b, p) > 0) == (b[1] > a[1]) {
				odd = !odd
			}
		}
	}
	return odd
}

func TestOrientIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Three nearly collinear points: the hard case.
		x := rapid.Float64Range(-180, 180)
		a, b := orb.Point{x.Draw(t, "ax"), x.Draw(t, "ay")}, orb.Point{x.Draw(t, "bx"), x.Draw(t, "by")}
		f := rapid.Float64Range(-1, 2).Draw(t, "f")
		c := orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		for range rapid.IntRange(0, 2).Draw(t, "steps") {
			c[0] = math.Nextafter(c[0], 1000)
		}
		if got, want := orient(a, b, c), orientExact(a, b, c); got != want {
			t.Fatalf("%d, want %d", got, want)
		}
	})
	tiny := orb.Point{math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat64}
	if orient(orb.Point{}, tiny, orb.Point{0, math.SmallestNonzeroFloat64}) != 1 {
		t.Error("the smallest numbers are not told apart")
	}
}

func TestBadBorders(t *testing.T) {
	t.Parallel()
	feature := func(properties, geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}]}`
	}
	square := `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`
	for _, c := range [][2]string{
		{"", "line 1: not valid JSON"},
		{"{\n\"type\": 3}", "line 2"},
		{`{"type":"Feature"}`, "not a GeoJSON FeatureCollection"},
		{`{"type":"FeatureCollection"}`, "no features"},
		{`{"type":"FeatureCollection","features":[7]}`, "features[0]"},
		{feature(`{}`, square), "kommun_kod is missing"},
		{feature(`{"kommun_kod":""}`, square), "kommun_kod is empty"},
		{feature(`{"kommun_kod":[]}`, square), "neither a text nor a whole number"},
		{feature(`{"kommun_kod":"0114"}`, `null`), "no geometry"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Point","coordinates":[1,2]}`), `"Point"`},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[1,2]]}`), "coordinates"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[]}`), "no rings"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}`), "at least 4"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1]]]}`), "not closed"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[[0],[1,1],[1,0],[0,1]]]}`), "latitude"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[[678000,6600000],[1,1],[1,0],[0,1]]]}`), "metres"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"Polygon","coordinates":[[[66,123],[1,1],[1,0],[0,1]]]}`), "longitude comes first"},
		{feature(`{"kommun_kod":"0114"}`, `{"type":"MultiPolygon","coordinates":[]}`), "no polygons"},
	} {
		_, err := ReadBorders(strings.NewReader(c[0]), "borders.json", BorderOptions{})
		if !errors.Is(err, ErrBorders) || !strings.Contains(err.Error(), c[1]) || !strings.Contains(err.Error(), "borders.json") {
			t.Errorf("%s\n\tgives: %v\n\twant: %s", c[0], err, c[1])
		}
	}
	if _, err := ReadBorders(strings.NewReader(feature(`{"kommun_kod":114}`, square)), "", BorderOptions{}); err != nil {
		t.Errorf("a number as code: %v", err)
	}
}

func FuzzReadBorders(f *testing.F) {
	f.Add([]byte(drawnBorders), 2.0, 2.0)
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature"}]}`), 0.0, 0.0)
	f.Fuzz(func(t *testing.T, data []byte, lon, lat float64) {
		b, err := ReadBorders(strings.NewReader(string(data)), "fuzz", BorderOptions{IDProperty: "id"})
		if err != nil {
			if !errors.Is(err, ErrBorders) {
				t.Fatal(err)
			}
			return
		}
		p := orb.Point{lon, lat}
		if id, ok := b.Of(p); ok && b.Name(id) == "" {
			t.Fatalf("%q has no name", id)
		}
		b.Near(p, 500)
	})
}
