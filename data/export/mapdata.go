package export

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"

	"github.com/slinga-se/slinga/planner/care"
)

// A page must open at once on an old laptop, so drawings have a budget in
// bytes. A drawing that exceeds it is simplified, and after that loses its
// smallest roads, which the page then says.
const (
	roadBudget = 2_400_000
	legBudget  = 1_500_000
)

// Tolerances of simplification in degrees: about 3 metres of latitude, then
// threefold until the drawing fits.
const (
	finest   = 3e-5
	coarsest = 1e-3
)

// pageMap is the map as the page's script reads it. Lines are encoded
// polylines.
type pageMap struct {
	Attribution string      `json:"attribution"`
	Straight    bool        `json:"straight"` // some legs have no drawn way
	Thinned     bool        `json:"thinned"`  // roads were left out
	Roads       []pageRoads `json:"roads"`
	Borders     []string    `json:"borders"`
	Towns       []pagePoint `json:"towns"` // names of municipalities, where their area in view has its middle
	Bases       []pagePoint `json:"bases"`
	Unserved    []pagePoint `json:"unserved"`
}

type pageRoads struct {
	Class RoadClass `json:"class"`
	Lines []string  `json:"lines"`
}

// pagePoint is an id at a position in steps of 1e-5 degrees.
type pagePoint struct {
	ID  string `json:"id"`
	Lat int64  `json:"lat"`
	Lon int64  `json:"lon"`
}

func (b *book) pageMap() pageMap {
	m := pageMap{Roads: []pageRoads{}, Borders: []string{}, Towns: []pagePoint{}, Bases: []pagePoint{}, Unserved: []pagePoint{}}
	view := b.view()
	if b.Map != nil {
		m.Attribution = b.Map.Attribution
		m.Roads, m.Thinned = drawRoads(b.Map.Roads, view)
		for _, border := range b.Map.Borders {
			if middle, inside := middleOf(border.Area, view); inside {
				lat, lon := onGrid(middle)
				m.Towns = append(m.Towns, pagePoint{ID: b.town(border.Municipality), Lat: lat, Lon: lon})
			}
			for _, polygon := range border.Area {
				for _, ring := range polygon {
					if ring.Bound().Intersects(view) {
						m.Borders = append(m.Borders, encodeLine(simplified(orb.LineString(ring), 2*finest)))
					}
				}
			}
		}
	}
	for i := range b.Day.Bases {
		if p := b.places[b.Day.Bases[i].Place]; p != nil {
			m.Bases = append(m.Bases, pointOf(b.Day.Bases[i].ID, p))
		}
	}
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		id := v.Place
		if id == "" {
			id = b.clients[v.Client].Place
		}
		if p := b.places[id]; p != nil {
			m.Unserved = append(m.Unserved, pointOf(u.Visit, p))
		}
	}
	for _, route := range b.used() {
		for i := range route.Stops {
			if leg, drawn := b.leg(route, i); len(leg.Line) > 1 && !drawn {
				m.Straight = true
			}
		}
	}
	return m
}

// middleOf is the centroid of the biggest part of an area within the view.
func middleOf(area orb.MultiPolygon, view orb.Bound) (middle orb.Point, inside bool) {
	biggest := 0.0
	for _, part := range clip.MultiPolygon(view, area.Clone()) {
		if at, size := planar.CentroidArea(part); size > biggest {
			middle, biggest = at, size
		}
	}
	return middle, biggest > 0
}

func pointOf(id string, p *care.Place) pagePoint {
	lat, lon := onGrid(orb.Point{p.Lon, p.Lat})
	return pagePoint{ID: id, Lat: lat, Lon: lon}
}

// view bounds everything of the day, with a margin of a tenth of its size and
// at least a kilometre, so that roads outside it are not carried along.
func (b *book) view() orb.Bound {
	var points orb.MultiPoint
	for i := range b.Day.Bases {
		if p := b.places[b.Day.Bases[i].Place]; p != nil {
			points = append(points, orb.Point{p.Lon, p.Lat})
		}
	}
	for _, route := range b.used() {
		for i := range route.Stops {
			p := b.places[route.Stops[i].Place]
			points = append(points, orb.Point{p.Lon, p.Lat})
			leg, _ := b.leg(route, i)
			points = append(points, leg.Line...)
		}
	}
	for _, u := range b.unserved {
		if p := b.places[b.clients[b.visits[u.Visit].Client].Place]; p != nil {
			points = append(points, orb.Point{p.Lon, p.Lat})
		}
	}
	bound := points.Bound()
	width, height := bound.Right()-bound.Left(), bound.Top()-bound.Bottom()
	return orb.Bound{
		Min: orb.Point{bound.Left() - max(width/10, 0.02), bound.Bottom() - max(height/10, 0.01)},
		Max: orb.Point{bound.Right() + max(width/10, 0.02), bound.Top() + max(height/10, 0.01)},
	}
}

// drawRoads encodes the roads within the view, as fine as the budget allows.
func drawRoads(all []Roads, view orb.Bound) (drawn []pageRoads, thinned bool) {
	kept := make([]Roads, 0, len(all))
	for _, roads := range all {
		inside := Roads{Class: roads.Class}
		for _, line := range roads.Lines {
			if len(line) > 1 && line.Bound().Intersects(view) {
				for _, part := range clip.LineString(view, line) {
					if len(part) > 1 {
						inside.Lines = append(inside.Lines, part)
					}
				}
			}
		}
		kept = append(kept, inside)
	}
	for _, drop := range []RoadClass{"", Track, SmallRoad, MiddleRoad} {
		if drop != "" {
			for i := range kept {
				if kept[i].Class == drop && len(kept[i].Lines) > 0 {
					kept[i].Lines, thinned = nil, true
				}
			}
		}
		for tolerance := finest; tolerance < coarsest; tolerance *= 3 {
			out, size := encodeRoads(kept, tolerance)
			if size <= roadBudget {
				return out, thinned
			}
			drawn = out
		}
	}
	return drawn, thinned
}

func encodeRoads(all []Roads, tolerance float64) (out []pageRoads, size int) {
	out = make([]pageRoads, 0, len(all))
	for _, roads := range all {
		lines := make([]string, 0, len(roads.Lines))
		for _, line := range roads.Lines {
			code := encodeLine(simplified(line, tolerance))
			size += len(code) + 3
			lines = append(lines, code)
		}
		out = append(out, pageRoads{Class: roads.Class, Lines: lines})
	}
	return out, size
}

// simplified leaves the line that it is given as it was.
func simplified(line orb.LineString, tolerance float64) orb.LineString {
	return simplify.DouglasPeucker(tolerance).LineString(line.Clone())
}

// legTolerance is the finest tolerance at which all legs fit their budget.
func (b *book) legTolerance() float64 {
	tolerance := finest
	for ; tolerance < coarsest; tolerance *= 3 {
		size := 0
		for _, route := range b.used() {
			for i := range route.Stops {
				if leg, drawn := b.leg(route, i); drawn {
					size += len(encodeLine(simplified(leg.Line, tolerance))) + 3
				}
			}
		}
		if size <= legBudget {
			break
		}
	}
	return tolerance
}
