package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// An outline is drawn by marching squares (Lorensen and Cline's marching cubes,
// 1987, in the plane): where of two neighbouring grid points one is within the
// width and the other is not, the outline crosses the edge between them, at
// the place that the two distances suggest. Each square joins its two or four
// crossings, with the inside on the left. So every crossing has one successor,
// and following them gives the rings.

// crossed is a grid edge that the outline crosses: from the point (x, y) to
// the one east of it, or north of it.
type crossed struct {
	x, y  int32
	north bool
}

func (c crossed) compare(d crossed) int {
	side := func(north bool) int {
		if north {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(c.y, d.y), cmp.Compare(c.x, d.x), cmp.Compare(side(c.north), side(d.north)))
}

// link leads from one crossing to the next along the outline.
type link struct{ from, to crossed }

// outline draws the rings round all points within the width and puts holes
// into the polygons that they lie in. Holes of less than fill square metres are
// left out.
func (f *field) outline(fill float64) orb.MultiPolygon {
	links := f.links()
	slices.SortFunc(links, func(a, b link) int { return a.from.compare(b.from) })
	find := func(c crossed) int {
		i, _ := slices.BinarySearchFunc(links, c, func(l link, c crossed) int { return l.from.compare(c) })
		return i
	}
	parts := f.parts()
	type ring struct {
		part int32
		line orb.Ring
	}
	var outer, holes []ring
	done := make([]bool, len(links))
	for first := range links {
		if done[first] {
			continue
		}
		var line orb.Ring
		for i := first; !done[i]; i = find(links[i].to) {
			done[i] = true
			line = append(line, f.cross(links[i].from))
		}
		line = append(line, line[0])
		r := ring{part: parts.of(f.insideOf(links[first].from)), line: line}
		switch area := signedArea(line); {
		case area > 0:
			outer = append(outer, r)
		case -area/2*f.metre*f.metre*math.Cos(line[0][1]*math.Pi/180) >= fill:
			holes = append(holes, r)
		}
	}
	// A part of the plane has one outer ring and any number of holes.
	at := make(map[int32]int, len(outer))
	area := make(orb.MultiPolygon, 0, len(outer))
	for _, r := range outer {
		at[r.part] = len(area)
		area = append(area, orb.Polygon{r.line})
	}
	for _, h := range holes {
		area[at[h.part]] = append(area[at[h.part]], h.line)
	}
	return area
}

// signedArea is twice the area of a ring, positive if it runs
// counterclockwise, in square degrees.
func signedArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		// Relative to the first point, which keeps the products small.
		ax, ay := r[i-1][0]-r[0][0], r[i-1][1]-r[0][1]
		bx, by := r[i][0]-r[0][0], r[i][1]-r[0][1]
		sum += float64(ax*by) - float64(bx*ay)
	}
	return sum
}

// inside reports whether a grid point is within the width.
func (f *field) inside(x, y int32) bool { return float64(f.at(x, y)) <= f.width*f.width }

// insideOf is the one of the two points of a crossed edge that is inside.
func (f *field) insideOf(c crossed) [2]int32 {
	switch {
	case f.inside(c.x, c.y):
		return [2]int32{c.x, c.y}
	case c.north:
		return [2]int32{c.x, c.y + 1}
	}
	return [2]int32{c.x + 1, c.y}
}

// cross is where the outline crosses an edge. It keeps off the ends of the
// edge, so that two crossings are never the same point.
func (f *field) cross(c crossed) orb.Point {
	x, y := c.x+1, c.y
	if c.north {
		x, y = c.x, c.y+1
	}
	a, b := math.Sqrt(float64(f.at(c.x, c.y))), math.Sqrt(float64(f.at(x, y)))
	fraction := 0.5
	if a != b && !math.IsInf(a, 1) && !math.IsInf(b, 1) {
		fraction = min(max((f.width-a)/(b-a), 0.02), 0.98)
	}
	dx, dy := fraction, 0.0
	if c.north {
		dx, dy = 0, fraction
	}
	// To seven decimals, as in the files that coordinates come from.
	return orb.Point{
		math.Round((f.origin[0]+(float64(c.x)+dx)*f.stepX)*1e7) / 1e7,
		math.Round((f.origin[1]+(float64(c.y)+dy)*f.stepY)*1e7) / 1e7,
	}
}

// joined says whether two points inside that face each other across a square
// whose other two points are outside belong together: if the middle of the
// square does, by the mean of its corners.
func (f *field) joined(x, y int32) bool {
	sum := 0.0
	for _, d := range [...]float32{f.at(x, y), f.at(x+1, y), f.at(x, y+1), f.at(x+1, y+1)} {
		sum += math.Sqrt(float64(d))
	}
	return sum <= 4*f.width
}

// sortedTiles lists the tiles from south to north and west to east.
func (f *field) sortedTiles() [][2]int32 {
	keys := make([][2]int32, 0, len(f.tiles))
	for key := range f.tiles {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	return keys
}

// links goes through all squares. Those that touch a point inside have their
// lower left corner in a tile: lines are drawn with a margin of more than a
// cell beyond the width.
func (f *field) links() []link {
	var links []link
	for _, key := range f.sortedTiles() {
		for i := range int32(tileSide * tileSide) {
			x, y := key[0]<<6|i&63, key[1]<<6|i>>6
			if f.at(x, y) == beyond {
				continue // so none of its neighbours is inside
			}
			links = f.square(links, x, y)
		}
	}
	return links
}

// square adds the links of the square whose lower left corner is (x, y).
//
//	 3---n---2
//	 |       |
//	 w       e
//	 |       |
//	(0)--s---1
func (f *field) square(links []link, x, y int32) []link {
	s, n := crossed{x, y, false}, crossed{x, y + 1, false}
	w, e := crossed{x, y, true}, crossed{x + 1, y, true}
	corners := 0
	for i, p := range [...][2]int32{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}} {
		if f.inside(p[0], p[1]) {
			corners |= 1 << i
		}
	}
	// Inside on the left: round a single corner counterclockwise.
	switch corners {
	case 0b0001:
		links = append(links, link{s, w})
	case 0b0010:
		links = append(links, link{e, s})
	case 0b0100:
		links = append(links, link{n, e})
	case 0b1000:
		links = append(links, link{w, n})
	case 0b0011:
		links = append(links, link{e, w})
	case 0b0110:
		links = append(links, link{n, s})
	case 0b1100:
		links = append(links, link{w, e})
	case 0b1001:
		links = append(links, link{s, n})
	case 0b1110:
		links = append(links, link{w, s})
	case 0b1101:
		links = append(links, link{s, e})
	case 0b1011:
		links = append(links, link{e, n})
	case 0b0111:
		links = append(links, link{n, w})
	case 0b0101:
		if f.joined(x, y) {
			links = append(links, link{s, e}, link{n, w})
		} else {
			links = append(links, link{s, w}, link{n, e})
		}
	case 0b1010:
		if f.joined(x, y) {
			links = append(links, link{w, s}, link{e, n})
		} else {
			links = append(links, link{w, n}, link{e, s})
		}
	}
	return links
}

// fieldParts tells which points inside hang together: a forest in which
// points of one part have the same root.
type fieldParts struct {
	up map[[2]int32]*[tileSide * tileSide]int32
	// A point's number is its tile's place in the order times the points of
	// a tile, and its place in the tile.
	tiles []*[tileSide * tileSide]int32
}

func (p *fieldParts) of(at [2]int32) int32 {
	return p.root(p.up[[2]int32{at[0] >> 6, at[1] >> 6}][(at[1]&63)<<6|at[0]&63])
}

func (p *fieldParts) root(n int32) int32 {
	for {
		up := &p.tiles[n>>12][n&4095]
		if *up == n {
			return n
		}
		*up = p.tiles[*up>>12][*up&4095] // shorten the way
		n = *up
	}
}

// join makes one part of two; the lower root stays.
func (p *fieldParts) join(a, b int32) {
	if a, b = p.root(a), p.root(b); a != b {
		a, b = min(a, b), max(a, b)
		p.tiles[b>>12][b&4095] = a
	}
}

// parts joins the points inside: neighbours along an edge, and those across a
// square that the outline goes round together.
func (f *field) parts() *fieldParts {
	keys := f.sortedTiles()
	p := &fieldParts{up: make(map[[2]int32]*[tileSide * tileSide]int32, len(keys))}
	for k, key := range keys {
		t := new([tileSide * tileSide]int32)
		for i := range t {
			t[i] = int32(k)<<12 | int32(i)
		}
		p.up[key], p.tiles = t, append(p.tiles, t)
	}
	number := func(x, y int32) int32 {
		return p.up[[2]int32{x >> 6, y >> 6}][(y&63)<<6|x&63]
	}
	for _, key := range keys {
		for i := range int32(tileSide * tileSide) {
			x, y := key[0]<<6|i&63, key[1]<<6|i>>6
			if f.at(x, y) == beyond {
				continue
			}
			here, east, north := f.inside(x, y), f.inside(x+1, y), f.inside(x, y+1)
			if here && east {
				p.join(number(x, y), number(x+1, y))
			}
			if here && north {
				p.join(number(x, y), number(x, y+1))
			}
			across := f.inside(x+1, y+1)
			if here && across && !east && !north && f.joined(x, y) {
				p.join(number(x, y), number(x+1, y+1))
			}
			if !here && !across && east && north && f.joined(x, y) {
				p.join(number(x+1, y), number(x, y+1))
			}
		}
	}
	return p
}
