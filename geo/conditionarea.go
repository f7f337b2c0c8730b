package geo

import (
	"context"
	"math"

	"github.com/paulmach/orb"
)

// shape is an area prepared for questions about segments: by polygon the edges
// of its outline.
type shape struct{ parts [][]rim }

// rim is a piece of an outline between two neighbouring points.
type rim [2]orb.Point

func newShape(area orb.MultiPolygon) *shape {
	s := new(shape)
	for _, polygon := range area {
		var part []rim
		for _, ring := range polygon {
			for k := 1; k < len(ring); k++ {
				part = append(part, rim{ring[k-1], ring[k]})
			}
		}
		if len(part) > 0 {
			s.parts = append(s.parts, part)
		}
	}
	return s
}

// crossesDateLine: such a segment is in an area if its first node is.
func crossesDateLine(a, b node) bool {
	d := int64(a.Lon) - int64(b.Lon)
	return d > halfTurn || d < -halfTurn
}

// within lists the items of a tree of segments that the shape touches, or
// holds by their middle, in the order of the tree. The middle is half of the
// sum of the coordinates. A segment that crosses the 180th meridian is in the
// shape if its first node is.
func (s *shape) within(ctx context.Context, t *tree, ends func(item int32) (a, b node), touching bool) ([]int32, error) {
	boxes := levels(len(t.items))
	if len(boxes) == 0 || len(s.parts) == 0 {
		return nil, ctx.Err()
	}
	v := &sieve{ctx: ctx, t: t, ends: ends, touching: touching, levels: boxes, views: make([]view, len(boxes))}
	// A point west of everything is in no polygon.
	all := view{at: orb.Point{math.Inf(1), 0}}
	for _, part := range s.parts {
		all.parts = append(all.parts, partView{edges: part})
		for _, e := range part {
			all.at[0] = min(all.at[0], e[0][0])
		}
	}
	all.at[0] = min(all.at[0], t.boxes[len(t.boxes)-1].frame().west) - 1
	err := v.down(len(boxes)-1, 0, &all)
	return v.found, err
}

// A sieve finds the segments under a tree that are in an area.
//
// It goes down the tree and takes along from box to box the edges that run
// through the box, and whether one point of it is inside. By these alone all
// else in the box is told, for a line from that point to another one of the
// box crosses no other edge. So what counts is how much outline runs through a
// box, not how long the outline is or how many edges lie beside a point. A box
// without edges is inside or outside as a whole.
type sieve struct {
	ctx      context.Context
	t        *tree
	ends     func(item int32) (a, b node)
	touching bool
	levels   []int // see tree
	views    []view
	found    []int32
	work     int // edges looked at since ctx was
}

// view is what is known in a box.
type view struct {
	at    orb.Point // on no edge
	parts []partView
	edges []rim // memory of the parts' edges
}

// partView is a polygon that has edges in a box.
type partView struct {
	edges []rim // those in the box
	odd   bool  // the view's point is in the polygon
}

// spend counts edges, and asks now and then whether to go on.
func (v *sieve) spend(edges int) error {
	if v.work += edges; v.work < 1<<17 {
		return nil
	}
	v.work = 0
	return v.ctx.Err()
}

// down looks at a box, given what is known of the one above.
func (v *sieve) down(level, at int, above *view) error {
	first, below := 0, 0
	if level > 0 {
		first = v.levels[level-1]
	}
	if level > 1 {
		below = v.levels[level-2]
	}
	here := &v.views[level]
	inside, err := v.narrow(here, above, v.t.boxes[first+at].frame())
	if err != nil {
		return err
	}
	if inside {
		return v.takeAll(level, at)
	}
	if len(here.parts) == 0 {
		return nil
	}
	if level > 0 {
		for child := at * fanout; child < min((at+1)*fanout, first-below); child++ {
			if err := v.down(level-1, child, here); err != nil {
				return err
			}
		}
		return nil
	}
	for i := at * fanout; i < min((at+1)*fanout, len(v.t.items)); i++ {
		item := v.t.item(i)
		if a, b := v.ends(item); v.takes(here, a, b) {
			v.found = append(v.found, item)
		}
		if err := v.spend(len(here.edges)); err != nil {
			return err
		}
	}
	return nil
}

// takeAll takes all items under a box.
func (v *sieve) takeAll(level, at int) error {
	from, to := at, at+1
	for ; level >= 0; level-- {
		from, to = from*fanout, to*fanout
	}
	for i := from; i < min(to, len(v.t.items)); i++ {
		v.found = append(v.found, v.t.item(i))
	}
	return v.spend(to - from)
}

// narrow finds out what is known of a box from what is known of one around it:
// its edges by polygon, and a point on none of them. Polygons that have no
// edges in the box either have all of it, which it reports, or nothing.
func (v *sieve) narrow(here, above *view, f frame) (inside bool, err error) {
	here.parts, here.edges = here.parts[:0], here.edges[:0]
	for try := 0; ; try++ {
		here.at = f.point(try)
		on := false
		here.parts = here.parts[:0]
		for i := range above.parts {
			part := &above.parts[i]
			odd, hit := part.sight(above.at, here.at)
			on = on || hit
			here.parts = append(here.parts, partView{odd: odd})
			if err := v.spend(len(part.edges)); err != nil {
				return false, err
			}
		}
		if !on {
			break
		}
	}
	kept := here.parts[:0]
	for i, p := range here.parts {
		before := len(here.edges)
		for _, e := range above.parts[i].edges {
			if f.meets(&e) {
				here.edges = append(here.edges, e)
			}
		}
		if len(here.edges) > before {
			p.edges = here.edges[before:] // not here.edges itself, which may move
			kept = append(kept, p)
		} else if p.odd {
			return true, nil
		}
	}
	here.parts = kept
	return false, nil
}

// takes tells whether a segment in a box is in the area.
func (v *sieve) takes(here *view, a, b node) bool {
	p, q := a.point(), b.point()
	switch {
	case crossesDateLine(a, b):
	case !v.touching:
		p = orb.Point{float64(int64(a.Lon)+int64(b.Lon)) / 2e7, float64(int64(a.Lat)+int64(b.Lat)) / 2e7}
	default:
		for _, e := range here.edges {
			if cut(p, q, e[0], e[1]) {
				return true
			}
		}
		// It meets no edge, so one end is where the other is.
	}
	for i := range here.parts {
		if odd, on := here.parts[i].sight(here.at, p); odd || on {
			return true
		}
	}
	return false
}

// sight looks from a point on no edge, of which is known whether it is in a
// polygon, along a straight line to another, which either is on an edge or is in
// the polygon or is not.
//
// An edge that ends on the line counts as if its end lay to the left: the line
// is moved to the right by less than any distance. So where the outline
// crosses the line in a vertex it counts once, and where it only touches it,
// twice or not at all. An edge along the line does not count, but its
// neighbours do.
func (part *partView) sight(from, to orb.Point) (odd, on bool) {
	odd = part.odd
	west, east := min(from[0], to[0]), max(from[0], to[0])
	south, north := min(from[1], to[1]), max(from[1], to[1])
	for i := range part.edges {
		a, b := part.edges[i][0], part.edges[i][1]
		if max(a[0], b[0]) < west || min(a[0], b[0]) > east || max(a[1], b[1]) < south || min(a[1], b[1]) > north {
			continue
		}
		left, right := orient(from, to, a), orient(from, to, b)
		if left*right > 0 {
			continue
		}
		side := orient(a, b, to)
		if side == 0 && boxed(a, b, to) {
			return false, true
		}
		if (left >= 0) != (right >= 0) && side*orient(a, b, from) < 0 {
			odd = !odd
		}
	}
	return odd, false
}

// boxed reports whether a point is in the box around an edge.
func boxed(a, b, p orb.Point) bool {
	return min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
}

// cut reports whether the lines from p to q and from a to b have a point in
// common; p is not q.
func cut(p, q, a, b orb.Point) bool {
	if max(a[0], b[0]) < min(p[0], q[0]) || min(a[0], b[0]) > max(p[0], q[0]) ||
		max(a[1], b[1]) < min(p[1], q[1]) || min(a[1], b[1]) > max(p[1], q[1]) {
		return false
	}
	return p != q && orient(p, q, a)*orient(p, q, b) <= 0 && orient(a, b, p)*orient(a, b, q) <= 0
}

// frame is a box in degrees, a little wider, so that it has an inside.
type frame struct{ west, south, east, north float64 }

func (b box) frame() frame {
	return frame{
		float64(int64(b.MinLon)-1) / 1e7, float64(int64(b.MinLat)-1) / 1e7,
		float64(int64(b.MaxLon)+1) / 1e7, float64(int64(b.MaxLat)+1) / 1e7,
	}
}

// point gives points inside, others for each try, and few on one line.
func (f *frame) point(try int) orb.Point {
	_, x := math.Modf(0.5 + 0.7548776662466927*float64(try))
	_, y := math.Modf(0.5 + 0.5698402909980532*float64(try))
	return orb.Point{f.west + x*(f.east-f.west), f.south + y*(f.north-f.south)}
}

// meets reports whether an edge may run through the frame: it does not if it
// lies aside, or all corners lie on one side of it.
func (f *frame) meets(e *rim) bool {
	a, b := e[0], e[1]
	if max(a[0], b[0]) < f.west || min(a[0], b[0]) > f.east || max(a[1], b[1]) < f.south || min(a[1], b[1]) > f.north {
		return false
	}
	// The two corners furthest to either side of the edge's line.
	p, q := orb.Point{f.west, f.south}, orb.Point{f.east, f.north}
	if (a[0] < b[0]) == (a[1] < b[1]) {
		p, q = orb.Point{f.west, f.north}, orb.Point{f.east, f.south}
	}
	return orient(a, b, p)*orient(a, b, q) <= 0
}
