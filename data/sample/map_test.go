package sample

import (
	"bytes"
	"context"
	"testing"

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
