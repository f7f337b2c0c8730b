package geo

import (
	"iter"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"github.com/slinga-se/slinga/geo/osm"
)

// Road is a way to be drawn.
type Road struct {
	Line      orb.LineString
	Way       int64 // OSM id
	Class     osm.Class
	Surface   osm.Surface
	Flags     osm.Flags
	Modes     osm.Modes // who may use it, in either direction
	Name, Ref string
}

// RoadOptions choose what is drawn. The zero value draws everything.
type RoadOptions struct {
	Bound    orb.Bound // roads that meet it; the zero bound: all
	MinClass osm.Class // this class and more important ones, and ferries; ClassNone: all
	Simplify float64   // metres that a line may deviate (Douglas and Peucker); 0: as mapped
}

// Roads yields the ways that match, in the order of their OSM ids.
func (r *Region) Roads(opts RoadOptions) iter.Seq[Road] {
	return func(yield func(Road) bool) {
		if r.acquire() != nil {
			return
		}
		defer r.mu.RUnlock()
		everywhere := opts.Bound == orb.Bound{}
		for i := range r.ways {
			w := &r.ways[i]
			class := osm.Class(w.Class)
			if opts.MinClass != osm.ClassNone && class > opts.MinClass && class != osm.Ferry {
				continue
			}
			refs := r.refs[w.First : w.First+w.Count]
			line := make(orb.LineString, len(refs))
			for k, ref := range refs {
				line[k] = r.nodes[ref].point()
			}
			if !everywhere && !meets(line, opts.Bound) {
				continue
			}
			if opts.Simplify > 0 {
				line = thin(line, opts.Simplify)
			}
			road := Road{
				Line: line, Way: w.ID, Class: class, Surface: osm.Surface(w.Surface), Flags: osm.Flags(w.Flags),
				Modes: osm.Modes(w.Forward | w.Backward), Name: r.text(w.Name), Ref: r.text(w.Ref),
			}
			if !yield(road) {
				return
			}
		}
	}
}

// meets reports whether some segment's box meets the bound.
func meets(line orb.LineString, b orb.Bound) bool {
	for i := 1; i < len(line); i++ {
		if (orb.Bound{Min: line[i], Max: line[i]}).Extend(line[i-1]).Intersects(b) {
			return true
		}
	}
	return false
}

// thin simplifies a line in the plane at its first point, where a metre is the
// same in all directions, and picks the points that are left.
func thin(line orb.LineString, metres float64) orb.LineString {
	flat := newPlane(line[0])
	inPlane := make(orb.LineString, len(line))
	back := make(map[orb.Point]orb.Point, len(line))
	for i, p := range line {
		inPlane[i] = orb.Point{flat.turn(p[0]-flat.lon) * flat.x, (p[1] - flat.lat) * flat.y}
		back[inPlane[i]] = p
	}
	kept := simplify.DouglasPeucker(metres).LineString(inPlane)
	out := make(orb.LineString, len(kept))
	for i, p := range kept {
		out[i] = back[p]
	}
	return out
}
