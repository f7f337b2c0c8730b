package geo

import (
	"context"
	"fmt"
	"iter"

	"github.com/slinga-se/slinga/geo/osm"
)

// Match is what a part of a condition selects on a map, at whatever time and
// for whatever mode.
type Match struct {
	Part        string  // such as closures[2]
	ID, Text    string  // as given
	Ways        []int64 // OSM ids, ascending
	Millimetres int64   // of the segments that are meant
}

// Matches lists what each part of a condition selects: roads, ferries, closures
// and speed rules, in this order. The error joins all that the map does not
// have; what was found comes with it all the same, unless ctx is done first.
func (r *Region) Matches(ctx context.Context, c *Condition) ([]Match, error) {
	if err := r.acquire(); err != nil {
		return nil, err
	}
	defer r.mu.RUnlock()
	if err := c.Validate(); err != nil {
		return nil, err
	}
	b := &binder{ctx: ctx, s: &setting{r: r, condition: *c, edits: map[int32]*wayEdit{}, shapes: map[string]*shape{}}}
	var list []Match
	add := func(path, id, text string, sel *Selection, must osm.Flags, what string, pieces func(*shape) []int32) {
		m := Match{Part: path, ID: id, Text: text}
		area := b.shape(sel.Area)
		before := len(b.errs)
		var segments []int32
		if area != nil && pieces != nil {
			segments = pieces(area)
		}
		for _, w := range b.ways(path, sel, must, what) {
			way := &r.ways[w]
			length, some := int64(0), false
			for k := way.First; k < way.First+way.Count-1; k++ {
				if area == nil || pieces == nil || has(segments, k) {
					length, some = length+int64(r.segMM[k]), true
				}
			}
			if !some {
				continue
			}
			m.Millimetres += length
			if len(m.Ways) == 0 || m.Ways[len(m.Ways)-1] != way.ID {
				m.Ways = append(m.Ways, way.ID)
			}
		}
		if len(m.Ways) == 0 && !sel.MayMatchNothing && before == len(b.errs) {
			b.bad(path, "nothing on the map is selected")
		}
		list = append(list, m)
	}
	var whole func(*shape) []int32
	touched := func(area *shape) []int32 { return b.inside(area, false) }
	held := func(area *shape) []int32 { return b.inside(area, true) }
	for i := range c.Roads {
		x := &c.Roads[i]
		add(fmt.Sprintf("roads[%d]", i), "", x.Text, &x.Selection, osm.FlagIceRoad|osm.FlagWinter, "an ice road or a winter road", whole)
	}
	for i := range c.Ferries {
		x := &c.Ferries[i]
		add(fmt.Sprintf("ferries[%d]", i), x.ID, x.Text, &x.Selection, osm.FlagFerry, "a ferry", whole)
	}
	for i := range c.Closures {
		x := &c.Closures[i]
		add(fmt.Sprintf("closures[%d]", i), x.ID, x.Text, &x.Selection, 0, "of the class, surface and feature", touched)
	}
	for i := range c.Speeds {
		x := c.Speeds[i].Selection
		x.MayMatchNothing = x.MayMatchNothing || !x.listed()
		add(fmt.Sprintf("speeds[%d]", i), c.Speeds[i].ID, c.Speeds[i].Text, &x, 0, "of the class, surface and feature", held)
	}
	if b.stop != nil {
		return nil, b.stop
	}
	return list, b.err()
}

// Ways yields what the region knows about all its ways, ascending by id. A way
// that the file held in pieces comes once for each.
func (r *Region) Ways() iter.Seq[WayInfo] {
	return func(yield func(WayInfo) bool) {
		if r.acquire() != nil {
			return
		}
		defer r.mu.RUnlock()
		for i := range r.ways {
			if !yield(r.wayInfo(&r.ways[i])) {
				return
			}
		}
	}
}

func (r *Region) wayInfo(w *way) WayInfo {
	return WayInfo{
		ID: w.ID, Name: r.text(w.Name), Ref: r.text(w.Ref), Class: osm.Class(w.Class),
		Surface: osm.Surface(w.Surface), Flags: osm.Flags(w.Flags), Condition: r.text(w.Condition),
		Modes: osm.Modes(w.Forward | w.Backward), Millimetres: w.Millimetres,
	}
}
