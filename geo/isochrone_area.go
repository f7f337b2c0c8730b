package geo

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// AreaOptions say how an area is drawn round roads. The zero value is the
// default.
type AreaOptions struct {
	// Width is how far from a road in metres still belongs to it; 0: 250.
	Width float64
	// Cell is the distance in metres between the points at which the distance
	// to the roads is measured; 0: two fifths of Width. At most Width/√2.
	Cell float64
	// Fill fills holes of less than so many square metres; 0: none. What is in
	// them may be further away than the rest.
	Fill float64
}

// The bounds of AreaOptions, and of the memory that an area takes.
const (
	defaultWidth = 250
	minCell      = 5
	maxWidth     = 20_000
	maxTiles     = 1 << 14 // of tileSide squared points
)

func (o *AreaOptions) settle() error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	if !(o.Width > 0 && o.Width <= maxWidth) {
		return fmt.Errorf("%w: a width of %g m is not within 0 and %d", ErrIsochrone, o.Width, maxWidth)
	}
	if o.Cell == 0 {
		o.Cell = max(o.Width*2/5, minCell)
	}
	if !(o.Cell >= minCell && o.Cell <= o.Width/math.Sqrt2) {
		return fmt.Errorf("%w: a cell of %g m is not within %d and the width, %g m, over √2", ErrIsochrone, o.Cell, minCell, o.Width)
	}
	if !(o.Fill >= 0) {
		return fmt.Errorf("%w: filling holes of %g m² cannot be", ErrIsochrone, o.Fill)
	}
	return nil
}

// Area draws the outline of what lies within Width metres of the roads within
// a limit: polygons with holes, outer rings counterclockwise and holes
// clockwise, as GeoJSON wants them, in an order that is the same every time.
// In sparse country that is a tree of roads, not a disc: what lies far from a
// road cannot be reached, however near it is.
//
// The distance to the roads is measured at the points of a grid and the outline
// is drawn between them by marching squares. So the area holds all that is
// within Width - √2 Cell metres of the roads, and nothing beyond
// Width + √2 Cell. With limits that rise, areas of the same isochrone hold one
// another. An area that crosses the 180th meridian goes on beyond it, to 180.1
// degrees and so on. Which clients are in time is told by Seconds, not by
// the area: homes lie beside the road.
func (iso *Isochrone) Area(ctx context.Context, limit int32, o AreaOptions) (orb.MultiPolygon, error) {
	if err := o.settle(); err != nil {
		return nil, err
	}
	if err := iso.checkLimit(limit); err != nil {
		return nil, err
	}
	r := iso.m.region
	if err := r.acquire(); err != nil {
		return nil, err
	}
	defer r.mu.RUnlock()
	f := iso.newField(o)
	count := 0
	var failed error
	iso.covered(limit, func(seg int32, from, to int64) bool {
		if count++; count&1023 == 0 && ctx.Err() != nil {
			failed = ctx.Err()
			return false
		}
		a, b := iso.points(seg, from, to)
		failed = f.add(a, b)
		return failed == nil
	})
	if failed != nil {
		return nil, failed
	}
	return f.outline(o.Fill), nil
}

// newField is the same grid for all limits: it hangs on the first start, and
// its steps suit all that is within the greatest limit.
func (iso *Isochrone) newField(o AreaOptions) *field {
	var origin orb.Point
	for i, s := range iso.starts {
		if s != nowhere {
			origin = iso.from[i].Point
			break
		}
	}
	south, north := int32(math.MaxInt32), int32(math.MinInt32)
	r := iso.m.region
	iso.covered(iso.limits[len(iso.limits)-1], func(seg int32, _, _ int64) bool {
		for _, ref := range r.refs[seg : seg+2] {
			south, north = min(south, r.nodes[ref].Lat), max(north, r.nodes[ref].Lat)
		}
		return true
	})
	return newField(origin, float64(south)/1e7, float64(north)/1e7, o.Width, o.Cell)
}

// tileSide is the number of grid points along a side of a tile.
const tileSide = 64

// A field is the distance to the nearest of some lines at the points of a
// grid, as far as a little over a width. Grid point (x, y) lies x steps east
// and y steps north of the origin. Steps are equal in degrees; a step north
// is a cell, and one east is a cell at the origin. Only tiles that lines come
// near to are kept.
type field struct {
	origin       orb.Point
	width, cell  float64 // metres
	stepX, stepY float64 // degrees
	metre        float64 // per degree of latitude
	tiles        map[[2]int32]*tile
	lastKey      [2]int32
	last         *tile
}

// tile holds the squares of distances at its points.
type tile [tileSide * tileSide]float32

// newField makes an empty field for lines between two latitudes.
func newField(origin orb.Point, south, north, width, cell float64) *field {
	metre := osm.EarthRadius * math.Pi / 180
	nearest := max(0, south, -north) // latitude to the equator
	// Near the poles degrees are narrow, but not endlessly.
	across := max(math.Cos((nearest-2*width/metre)*math.Pi/180), 0.01)
	return &field{
		origin: origin, width: width, cell: cell, metre: metre,
		stepX: cell / (metre * across), stepY: cell / metre, tiles: map[[2]int32]*tile{},
	}
}

// beyond stands at points that no line comes near to.
var beyond = float32(math.Inf(1))

// at is the square of the distance at a grid point.
func (f *field) at(x, y int32) float32 {
	t := f.tile(x, y)
	if t == nil {
		return beyond
	}
	return t[(y&63)<<6|x&63]
}

// tile is the tile of a grid point, or nil. It is most often that of the point
// asked for before.
func (f *field) tile(x, y int32) *tile {
	if key := [2]int32{x >> 6, y >> 6}; f.last == nil || key != f.lastKey {
		f.lastKey, f.last = key, f.tiles[key]
	}
	return f.last
}

// add draws a line from a to b.
func (f *field) add(a, b orb.Point) error {
	var flat plane
	ax, bx := flat.turn(a[0]-f.origin[0]), flat.turn(b[0]-f.origin[0])
	bx = ax + flat.turn(bx-ax)
	ay, by := a[1]-f.origin[1], b[1]-f.origin[1]
	// All corners of a square with a point inside are at most its diagonal
	// further away, and so get their distance.
	margin := f.width + 1.5*f.cell
	south, north := min(ay, by)-margin/f.metre, max(ay, by)+margin/f.metre
	for y := int32(math.Ceil(south / f.stepY)); float64(y)*f.stepY <= north; y++ {
		lat := float64(y) * f.stepY
		scale := f.metre * max(math.Cos((f.origin[1]+lat)*math.Pi/180), 1e-6)
		// The line in metres from the row's first point.
		dx, dy := (bx-ax)*scale, (by-ay)*f.metre
		square := float64(dx*dx) + float64(dy*dy)
		py := (lat - ay) * f.metre
		reach := margin / scale
		for x := int32(math.Ceil((min(ax, bx) - reach) / f.stepX)); float64(x)*f.stepX <= max(ax, bx)+reach; x++ {
			px := (float64(x)*f.stepX - ax) * scale
			fraction := 0.0
			if square > 0 {
				fraction = min(max((float64(px*dx)+float64(py*dy))/square, 0), 1)
			}
			ex, ey := px-float64(fraction*dx), py-float64(fraction*dy)
			d := float64(ex*ex) + float64(ey*ey)
			if d > margin*margin {
				continue
			}
			t := f.tile(x, y)
			if t == nil {
				if len(f.tiles) == maxTiles {
					return fmt.Errorf("%w: the area is too large for cells of %g m; take wider ones", ErrIsochrone, f.cell)
				}
				t = new(tile)
				for i := range t {
					t[i] = beyond
				}
				f.tiles[f.lastKey], f.last = t, t
			}
			if i := (y&63)<<6 | x&63; float32(d) < t[i] {
				t[i] = float32(d)
			}
		}
	}
	return nil
}
