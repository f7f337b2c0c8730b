package geo

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// TestAllSwedishMunicipalities holds the answers for the whole country against
// the definition, in rational arithmetic and straight on the file's polygons:
// at every vertex of every border (which two or three municipalities share, so
// the lowest code must win), at points on edges, and at random points.
func TestAllSwedishMunicipalities(t *testing.T) {
	t.Parallel()
	packed, err := os.ReadFile("testdata/kommuner_2020.geojson.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	borders, err := ReadBorders(bytes.NewReader(text), "kommuner_2020.geojson", BorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(borders.List()); n != 290 {
		t.Fatalf("%d municipalities, want 290", n)
	}
	features, err := geojson.UnmarshalFeatureCollection(text)
	if err != nil {
		t.Fatal(err)
	}
	type area struct {
		id    string
		bound orb.Bound
		orb.Polygon
	}
	var areas []area
	var vertices []orb.Point
	var edges [][2]orb.Point
	for _, f := range features.Features {
		var polygons orb.MultiPolygon
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			polygons = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			polygons = g
		}
		for _, p := range polygons {
			areas = append(areas, area{f.Properties.MustString("kommun_kod"), p.Bound(), p})
			for _, ring := range p {
				for k := 1; k < len(ring); k++ {
					vertices = append(vertices, ring[k])
					edges = append(edges, [2]orb.Point{ring[k-1], ring[k]})
				}
			}
		}
	}
	define := func(p orb.Point) string {
		want := ""
		for _, a := range areas {
			if (want == "" || a.id < want) && a.bound.Contains(p) && slowInside(a.Polygon, p) {
				want = a.id
			}
		}
		return want
	}
	asked, inside := 0, 0
	ask := func(p orb.Point) {
		t.Helper()
		asked++
		want := define(p)
		if want != "" {
			inside++
		}
		if got, _ := borders.Of(p); got != want {
			t.Errorf("%v is in %q, want %q", p, got, want)
		}
	}
	random := rand.New(rand.NewPCG(290, 2020))
	for range 700 {
		ask(vertices[random.IntN(len(vertices))])
		e := edges[random.IntN(len(edges))]
		ask(orb.Point{(e[0][0] + e[1][0]) / 2, (e[0][1] + e[1][1]) / 2})
		ask(orb.Point{10.5 + 14*random.Float64(), 55 + 14.2*random.Float64()})
	}
	if inside < asked/2 {
		t.Errorf("only %d of %d points lie in a municipality", inside, asked)
	}
	// In Tornio, 1.5 km east of Haparanda, there is no Swedish municipality.
	if id, ok := borders.Of(orb.Point{24.16, 65.85}); ok {
		t.Errorf("Tornio is in %q", id)
	}
}
