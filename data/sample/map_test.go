package sample

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// The maps go through the importer that every map goes through. It understands
// all of a modelled one: nothing is skipped but rivers and shores, every road
// is marked as modelled, and the ferry, the ice road, the bridges, one-way
// streets and turn restrictions arrive as what they are.
func TestMapsAreRead(t *testing.T) {
	for _, a := range Areas() {
		file, err := a.Map()
		if err != nil {
			t.Fatal(err)
		}
		n, err := osm.ReadFrom(context.Background(), bytes.NewReader(file), a.Slug, osm.Options{})
		if err != nil {
			t.Fatalf("%s: %v", a.Slug, err)
		}
		if !a.Modelled {
			continue
		}
		var ferries, ice, bridges, oneway int
		for i := range n.Ways {
			w := &n.Ways[i]
			if w.Flags&osm.FlagModelled == 0 {
				t.Errorf("%s: way %d is not marked as modelled", a.Slug, w.ID)
			}
			if w.Flags&osm.FlagFerry != 0 {
				ferries++
				if w.Duration < 600 || w.Forward&osm.ModeCar == 0 {
					t.Errorf("%s: the ferry takes %d s, modes %b", a.Slug, w.Duration, w.Forward)
				}
			}
			if w.Flags&osm.FlagIceRoad != 0 {
				ice++
				winter := osm.CarProfile()
				winter.WinterRoads = true
				closed := winter
				winter.IceRoads = true
				if !winter.Passable(w, true) || closed.Passable(w, true) {
					t.Errorf("%s: the ice road is open: %v in deep winter, %v before", a.Slug, winter.Passable(w, true), closed.Passable(w, true))
				}
			}
			if w.Flags&osm.FlagBridge != 0 {
				bridges++
			}
			if w.Backward&osm.ModeCar == 0 {
				oneway++
			}
		}
		if ferries == 0 || ice == 0 || bridges < 5 || oneway < 10 || len(n.Restrictions) < 10 {
			t.Errorf("%s: %d pieces of ferry, %d of ice road, %d of bridges, %d one-way streets, %d restrictions", a.Slug, ferries, ice, bridges, oneway, len(n.Restrictions))
		}
		if s := n.Skipped; s.Restrictions != 0 || s.MissingNodes != 0 || s.BadValues != 0 {
			t.Errorf("%s: the importer stumbled: %+v", a.Slug, s)
		}
	}
}

// Every home of every area can be driven to: it snaps to a road of the piece
// that the bases lie on, at most 100 metres away. Only the homes of the road
// island do not, and the geography package says why.
func TestHomesAreOnTheMap(t *testing.T) {
	for _, a := range Areas() {
		file, err := a.Map()
		if err != nil {
			t.Fatal(err)
		}
		n, err := osm.ReadFrom(context.Background(), bytes.NewReader(file), a.Slug, osm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		region, err := geo.Build(n, geo.BuildOptions{Name: a.Title})
		if err != nil {
			t.Fatal(err)
		}
		metric, err := region.Metric(t.Context(), osm.CarProfile())
		if err != nil {
			t.Fatal(err)
		}
		homes, err := a.Homes()
		if err != nil {
			t.Fatal(err)
		}
		var points, anchors []orb.Point
		for _, h := range homes {
			points = append(points, orb.Point{h.Lon, h.Lat})
		}
		for _, b := range a.bases {
			points = append(points, orb.Point{b.lon, b.lat})
			anchors = append(anchors, orb.Point{b.lon, b.lat})
		}
		snaps, err := metric.Snap(points, geo.SnapOptions{Anchors: anchors})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range snaps {
			want := geo.SnapOK
			if i < len(homes) && homes[i].Kind == Island {
				want = geo.SnapIsland
			}
			if s.Kind != want || s.Moved > 100 {
				t.Errorf("%s: point %d at %v snaps as %v after %.0f m", a.Slug, i, points[i], s.Kind, s.Moved)
			}
		}
	}
}

// The numbers in the code are those of the committed tables.
func TestNumbersAgree(t *testing.T) {
	for _, a := range Areas() {
		if !a.Modelled {
			continue
		}
		text, err := a.read("municipalities.csv")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		people, err := a.people()
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range a.municipalities {
			row, total := rows[i+1], 0
			for _, p := range people {
				if p.municipality == m.id {
					total += p.count
				}
			}
			if row[0] != m.id || row[1] != m.name || row[2] != strconv.Itoa(total) || row[4] != strconv.Itoa(m.clients) {
				t.Errorf("%s: %+v with %d people against %v", a.Slug, m, total, row)
			}
		}
	}
}
