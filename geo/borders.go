package geo

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Municipality is an area that a border file names. In Sweden the ID is the
// official code of four digits; other countries bring their own.
type Municipality struct{ ID, Name string }

// Borders tells in which municipality a point lies. It is immutable and safe
// for use from many goroutines. It comes from ReadBorders.
type Borders struct {
	list  []Municipality // ascending by ID
	rings []ring
	edges []edge
	tree  tree
}

// ring belongs to a polygon and the polygon to a municipality. Outer rings and
// holes need not be told apart: a point is inside a polygon if a ray from it
// crosses its rings an odd number of times.
type ring struct{ municipality, polygon int32 }

type edge struct {
	a, b orb.Point
	ring int32
}

// List is all municipalities, ascending by ID. An ID with several features in
// the file is listed once.
func (b *Borders) List() []Municipality { return slices.Clone(b.list) }

// Name is the name of a municipality, or "".
func (b *Borders) Name(id string) string {
	i, ok := slices.BinarySearchFunc(b.list, id, func(m Municipality, id string) int { return strings.Compare(m.ID, id) })
	if !ok {
		return ""
	}
	return b.list[i].Name
}

// newBorders indexes the polygons, which are given with the index of their
// municipality in list.
func newBorders(list []Municipality, polygons []orb.Polygon, of []int32) *Borders {
	b := &Borders{list: list}
	for i, polygon := range polygons {
		for _, points := range polygon {
			for k := 1; k < len(points); k++ {
				if points[k-1] != points[k] {
					b.edges = append(b.edges, edge{points[k-1], points[k], int32(len(b.rings))})
				}
			}
			b.rings = append(b.rings, ring{of[i], int32(i)})
		}
	}
	items := make([]int32, len(b.edges))
	for i := range items {
		items[i] = int32(i)
	}
	b.tree = newTree(items, grid{lon: -halfTurn, lat: -halfTurn, span: 2 * halfTurn}, func(i int32) box {
		return boxAround(b.edges[i].a, b.edges[i].b)
	})
	return b
}

// boxAround is the box of stored units around two points, rounded outwards.
func boxAround(p, q orb.Point) box {
	low := func(x float64) int32 { return int32(math.Floor(x * 1e7)) }
	high := func(x float64) int32 { return int32(math.Ceil(x * 1e7)) }
	return box{
		low(min(p[0], q[0])), low(min(p[1], q[1])),
		high(max(p[0], q[0])), high(max(p[1], q[1])),
	}
}

// Of is the municipality that the point lies in. A point on a border belongs
// to the municipality with the lowest ID (as text) of those that meet there;
// ok is false for a point outside all. The answer is exact with respect to the
// coordinates of the polygons.
func (b *Borders) Of(p orb.Point) (id string, ok bool) {
	if !validPoint(p) {
		return "", false
	}
	inside := map[int32]bool{} // by polygon
	on := int32(-1)            // the lowest municipality that has the point on its border
	low := boxAround(p, p)
	b.tree.search(
		func(x box) bool { return x.MinLat <= low.MaxLat && x.MaxLat >= low.MinLat && x.MaxLon >= low.MinLon },
		func(i int32) bool {
			e := &b.edges[i]
			r := b.rings[e.ring]
			switch crosses(e.a, e.b, p) {
			case onEdge:
				if on < 0 || r.municipality < on {
					on = r.municipality
				}
			case crossing:
				inside[r.polygon] = !inside[r.polygon]
			}
			return true
		})
	// Municipalities are in the order of their IDs, so the lowest index wins.
	best := on
	for i := range b.rings {
		if r := b.rings[i]; inside[r.polygon] && (best < 0 || r.municipality < best) {
			best = r.municipality
		}
	}
	if best < 0 {
		return "", false
	}
	return b.list[best].ID, true
}

// How an edge meets the ray that goes east from a point.
const (
	apart = iota
	crossing
	onEdge
)

// crosses tests an edge against the ray from p to the east. An edge counts
// with its lower end and without its upper one, so a ray through a vertex
// crosses the border once where it goes on, and twice or not at all where it
// turns.
func crosses(a, b, p orb.Point) int {
	if a[1] > b[1] {
		a, b = b, a // upwards
	}
	if p[1] < a[1] || p[1] > b[1] || p[0] > max(a[0], b[0]) {
		return apart
	}
	if a[1] == b[1] {
		if p[0] >= min(a[0], b[0]) {
			return onEdge
		}
		return apart
	}
	side := orient(a, b, p) // going up, left is west
	switch {
	case side == 0:
		return onEdge
	case side > 0 && p[1] < b[1]:
		return crossing
	}
	return apart
}

// Near is the distance in metres from the point to the nearest border, if that
// is at most the given distance. Every edge of a polygon is a border, the
// coast and the frontier too.
func (b *Borders) Near(p orb.Point, metres float64) (distance float64, ok bool) {
	if !validPoint(p) {
		return 0, false
	}
	flat := newPlane(p)
	var queue []near
	b.tree.nearest(&queue, flat.toBox,
		func(i int32) float64 { return flat.toLine(b.edges[i].a, b.edges[i].b) },
		func(_ int32, d float64) bool {
			distance, ok = d, d <= metres
			return false
		})
	if !ok {
		return 0, false
	}
	return distance, true
}

// toLine is the distance from the plane's point to the line between two
// points.
func (f *plane) toLine(a, b orb.Point) float64 {
	ax, ay := f.turn(a[0]-f.lon)*f.x, (a[1]-f.lat)*f.y
	dx, dy := (b[0]-a[0])*f.x, (b[1]-a[1])*f.y
	fraction := 0.0
	if square := dx*dx + dy*dy; square > 0 {
		fraction = min(max(-(ax*dx+ay*dy)/square, 0), 1)
	}
	return math.Hypot(ax+fraction*dx, ay+fraction*dy)
}

// sortMunicipalities sorts by ID and leaves out doubles; index gives the place
// of each ID.
func sortMunicipalities(found map[string]string) (list []Municipality, index map[string]int32) {
	for id, name := range found {
		list = append(list, Municipality{id, name})
	}
	slices.SortFunc(list, func(a, b Municipality) int { return cmp.Compare(a.ID, b.ID) })
	index = make(map[string]int32, len(list))
	for i, m := range list {
		index[m.ID] = int32(i)
	}
	return list, index
}
