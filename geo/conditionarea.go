package geo

import (
	"github.com/paulmach/orb"
)

// shape is an area prepared for questions about segments: per polygon its edges
// under a tree, so that a long coast costs no more than a square.
type shape struct {
	bound box
	parts []shapePart
}

type shapePart struct {
	bound box
	edges [][2]orb.Point
	tree  tree
}

func newShape(area orb.MultiPolygon) *shape {
	s := new(shape)
	for _, polygon := range area {
		var p shapePart
		for _, ring := range polygon {
			for k := 1; k < len(ring); k++ {
				p.edges = append(p.edges, [2]orb.Point{ring[k-1], ring[k]})
			}
		}
		if len(p.edges) == 0 {
			continue
		}
		items := make([]int32, len(p.edges))
		for i := range items {
			items[i] = int32(i)
		}
		p.tree = newTree(items, grid{lon: -halfTurn, lat: -halfTurn, span: 2 * halfTurn}, func(i int32) box {
			return boxAround(p.edges[i][0], p.edges[i][1])
		})
		p.bound = p.tree.boxes[len(p.tree.boxes)-1]
		if len(s.parts) == 0 {
			s.bound = p.bound
		}
		s.bound = around([]box{s.bound, p.bound})
		s.parts = append(s.parts, p)
	}
	return s
}

func (b box) meets(o box) bool {
	return b.MinLon <= o.MaxLon && o.MinLon <= b.MaxLon && b.MinLat <= o.MaxLat && o.MinLat <= b.MaxLat
}

// has reports whether the point is in the area: in one of the polygons, by an
// odd number of crossings, or on an edge.
func (s *shape) has(p orb.Point) bool {
	at := boxAround(p, p)
	for i := range s.parts {
		if part := &s.parts[i]; part.bound.meets(at) && part.has(p, at) {
			return true
		}
	}
	return false
}

func (part *shapePart) has(p orb.Point, at box) bool {
	odd, on := false, false
	part.tree.search(
		func(x box) bool { return x.MinLat <= at.MaxLat && x.MaxLat >= at.MinLat && x.MaxLon >= at.MinLon },
		func(i int32) bool {
			switch crosses(part.edges[i][0], part.edges[i][1], p) {
			case onEdge:
				on = true
			case crossing:
				odd = !odd
			}
			return !on
		})
	return odd || on
}

// How a box lies to an area.
const (
	boxOutside = iota
	boxInside
	boxMixed
)

// side tells how a box lies: mixed if an edge may be in it.
func (s *shape) side(b box) int {
	if len(s.parts) == 0 || !s.bound.meets(b) {
		return boxOutside
	}
	for i := range s.parts {
		if part := &s.parts[i]; part.bound.meets(b) && part.hasEdge(b) {
			return boxMixed
		}
	}
	if s.has(node{b.MinLon, b.MinLat}.point()) {
		return boxInside
	}
	return boxOutside
}

func (part *shapePart) hasEdge(b box) bool {
	found := false
	part.tree.search(b.meets, func(i int32) bool {
		e := part.edges[i]
		found = boxAround(e[0], e[1]).meets(b) && !aside(e, b)
		return !found
	})
	return found
}

// aside reports whether the box lies strictly on one side of the line through
// an edge.
func aside(e [2]orb.Point, b box) bool {
	corners := [4]node{{b.MinLon, b.MinLat}, {b.MaxLon, b.MinLat}, {b.MaxLon, b.MaxLat}, {b.MinLon, b.MaxLat}}
	side := orient(e[0], e[1], corners[0].point())
	for _, c := range corners[1:] {
		if side == 0 || orient(e[0], e[1], c.point()) != side {
			return false
		}
	}
	return side != 0
}

// crossesDateLine: such a segment is in an area if its first node is.
func crossesDateLine(a, b node) bool {
	d := int64(a.Lon) - int64(b.Lon)
	return d > halfTurn || d < -halfTurn
}

// holds reports whether the middle of a segment is in the area. The middle is
// half of the sum of the coordinates.
func (s *shape) holds(a, b node) bool {
	if crossesDateLine(a, b) {
		return s.has(a.point())
	}
	return s.has(orb.Point{
		float64(int64(a.Lon)+int64(b.Lon)) / 2e7, float64(int64(a.Lat)+int64(b.Lat)) / 2e7,
	})
}

// touches reports whether any point of a segment is in the area.
func (s *shape) touches(a, b node) bool {
	p, q := a.point(), b.point()
	if s.has(p) {
		return true
	}
	if crossesDateLine(a, b) {
		return false
	}
	if s.has(q) {
		return true
	}
	around := boxAround(p, q)
	for i := range s.parts {
		part := &s.parts[i]
		if !part.bound.meets(around) {
			continue
		}
		found := false
		part.tree.search(around.meets, func(i int32) bool {
			found = cut(p, q, part.edges[i][0], part.edges[i][1])
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// cut reports whether two lines from p to q and from a to b cross in a point
// that is an end of neither, or an end of a to b lies on p to q. The ends of p
// to q have been looked at before.
func cut(p, q, a, b orb.Point) bool {
	if p == q {
		return false
	}
	if min(p[0], q[0]) > max(a[0], b[0]) || min(a[0], b[0]) > max(p[0], q[0]) ||
		min(p[1], q[1]) > max(a[1], b[1]) || min(a[1], b[1]) > max(p[1], q[1]) {
		return false
	}
	sideA, sideB := orient(p, q, a), orient(p, q, b)
	sideP, sideQ := orient(a, b, p), orient(a, b, q)
	return sideA*sideB <= 0 && sideP*sideQ <= 0
}

// within visits the segments of a topology that the shape holds (by their
// middle) or touches. Boxes of the tree that no edge runs through are inside
// or outside as a whole, so only the segments along the border are looked at.
func (s *shape) within(r *Region, t *topology, touching bool, visit func(seg int32)) {
	inside := false // the box in hand
	var whole box   // and what it is in is a box that is inside
	known := false
	t.tree.search(
		func(b box) bool {
			if known && whole.MinLon <= b.MinLon && b.MaxLon <= whole.MaxLon && whole.MinLat <= b.MinLat && b.MaxLat <= whole.MaxLat {
				inside = true
				return true
			}
			side := s.side(b)
			if inside = side == boxInside; inside {
				known, whole = true, b
			}
			return side != boxOutside
		},
		func(seg int32) bool {
			a, b := r.nodes[r.refs[seg]], r.nodes[r.refs[seg+1]]
			if inside || touching && s.touches(a, b) || !touching && s.holds(a, b) {
				visit(seg)
			}
			return true
		})
}
