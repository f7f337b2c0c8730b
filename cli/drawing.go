package cli

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
)

// drawnTolerance is by how many metres a drawn road may leave its true line:
// less than its width on a screen that shows a municipality.
const drawnTolerance = 12

// draw makes the map of a report: the region's roads around the day's places,
// the borders of its municipalities, and every leg as it is driven.
func (m *measured) draw(roster *care.Roster) (*export.Map, error) {
	out := &export.Map{Attribution: m.atlas.attribution, Legs: make(map[string][]export.Leg)}
	bound := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for i := range m.day.Places {
		bound = bound.Extend(orb.Point{m.day.Places[i].Lon, m.day.Places[i].Lat})
	}
	bound = bound.Pad(0.05)
	lines := make(map[export.RoadClass][]orb.LineString)
	for road := range m.atlas.region.Roads(geo.RoadOptions{Bound: bound, Simplify: drawnTolerance}) {
		if road.Modes&osm.ModeCar == 0 && road.Class != osm.Ferry {
			continue
		}
		class := roadClass(road.Class)
		lines[class] = append(lines[class], road.Line)
	}
	for _, class := range []export.RoadClass{export.Track, export.SmallRoad, export.MiddleRoad, export.MainRoad, export.Ferry} {
		if len(lines[class]) > 0 {
			out.Roads = append(out.Roads, export.Roads{Class: class, Lines: lines[class]})
		}
	}
	var err error
	if out.Borders, err = m.outlines(); err != nil {
		return nil, err
	}
	for i := range roster.Routes {
		if legs, err := m.legs(&roster.Routes[i]); err != nil {
			return nil, err
		} else if legs != nil {
			out.Legs[roster.Routes[i].Shift] = legs
		}
	}
	return out, nil
}

func roadClass(c osm.Class) export.RoadClass {
	switch {
	case c == osm.Ferry:
		return export.Ferry
	case c <= osm.PrimaryLink:
		return export.MainRoad
	case c <= osm.TertiaryLink:
		return export.MiddleRoad
	case c <= osm.Residential:
		return export.SmallRoad
	default:
		return export.Track
	}
}

// legs traces a route's legs; a stop without a leg has an empty one.
func (m *measured) legs(route *care.Route) ([]export.Leg, error) {
	if len(route.Stops) == 0 {
		return nil, nil
	}
	var mode care.Mode
	for i := range m.day.Shifts {
		if m.day.Shifts[i].ID == route.Shift {
			mode = m.day.Shifts[i].Mode
		}
	}
	if mode == "" {
		return nil, nil // a roster of another day: the export says so
	}
	legs := make([]export.Leg, len(route.Stops))
	at := ""
	for i := range route.Stops {
		stop := &route.Stops[i]
		if stop.Kind == care.StopBreak {
			continue
		}
		if at != "" && at != stop.Place {
			trace, err := m.road.LegAt(mode, at, stop.Place, stop.Depart)
			switch {
			case errors.Is(err, geo.ErrNoRoute):
				// A roster made by hand may drive where no road leads.
			case err != nil:
				return nil, inputError{fmt.Errorf("route of shift %q: %w", route.Shift, err)}
			default:
				legs[i] = export.Leg{Line: trace.Line, Seconds: trace.Seconds}
			}
		}
		at = stop.Place
	}
	return legs, nil
}

// outlines reads the polygons of the day's municipalities for drawing.
func (m *measured) outlines() ([]export.Border, error) {
	if m.atlas.outlines == nil {
		return nil, nil
	}
	wanted := make(map[string]bool)
	for _, each := range m.day.Municipalities {
		wanted[each.ID] = true
	}
	features, err := geojson.UnmarshalFeatureCollection(m.atlas.outlines)
	if err != nil {
		return nil, inputError{fmt.Errorf("borders: %w", err)}
	}
	var out []export.Border
	for _, f := range features.Features {
		id := fmt.Sprint(f.Properties[m.atlas.bordersID])
		if !wanted[id] {
			continue
		}
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			out = append(out, export.Border{Municipality: id, Area: orb.MultiPolygon{g}})
		case orb.MultiPolygon:
			out = append(out, export.Border{Municipality: id, Area: g})
		}
	}
	return out, nil
}
