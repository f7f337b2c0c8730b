package model

import "math"

// Point is a WGS 84 position in degrees.
type Point struct{ Lon, Lat float64 }

// xy is a position in metres on the plane that a model is drawn on: an
// equirectangular projection around the middle of the area. Over the 150 km
// of an area its scale is off by less than two percent, which matters to no
// road that is drawn by lot; lengths are taken from degrees in the end.
type xy struct{ x, y float64 }

// plane projects between degrees and metres.
type plane struct {
	middle Point
	kx, ky float64 // metres in a degree
}

func newPlane(middle Point) plane {
	const degree = 6371008.8 * math.Pi / 180
	return plane{middle: middle, kx: degree * math.Cos(middle.Lat*math.Pi/180), ky: degree}
}

func (p plane) to(at Point) xy {
	return xy{(at.Lon - p.middle.Lon) * p.kx, (at.Lat - p.middle.Lat) * p.ky}
}

// from rounds to 1e-6 degrees, a tenth of a metre.
func (p plane) from(at xy) Point {
	return Point{Lon: round6(at.x/p.kx + p.middle.Lon), Lat: round6(at.y/p.ky + p.middle.Lat)}
}

func round6(v float64) float64 { return math.Round(v*1e6) / 1e6 }

func (a xy) add(b xy) xy            { return xy{a.x + b.x, a.y + b.y} }
func (a xy) sub(b xy) xy            { return xy{a.x - b.x, a.y - b.y} }
func (a xy) times(f float64) xy     { return xy{a.x * f, a.y * f} }
func (a xy) length() float64        { return math.Sqrt(a.x*a.x + a.y*a.y) }
func (a xy) to(b xy) float64        { return b.sub(a).length() }
func (a xy) heading(b xy) float64   { return math.Atan2(b.y-a.y, b.x-a.x) }
func (a xy) left() xy               { return xy{-a.y, a.x} }
func toward(angle float64) xy       { return xy{math.Cos(angle), math.Sin(angle)} }
func between(a, b xy, t float64) xy { return xy{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// meet returns where the segments a-b and c-d cross, as fractions of both.
func meet(a, b, c, d xy) (t, u float64, ok bool) {
	r, s := b.sub(a), d.sub(c)
	area := r.x*s.y - r.y*s.x
	if math.Abs(area) < 1e-9 {
		return 0, 0, false
	}
	q := c.sub(a)
	t = (q.x*s.y - q.y*s.x) / area
	u = (q.x*r.y - q.y*r.x) / area
	return t, u, t >= 0 && t <= 1 && u >= 0 && u <= 1
}

// nearest returns the fraction of a-b that is closest to p, and how far it is.
func nearest(p, a, b xy) (t, distance float64) {
	d := b.sub(a)
	l := d.x*d.x + d.y*d.y
	if l > 0 {
		t = math.Min(1, math.Max(0, ((p.x-a.x)*d.x+(p.y-a.y)*d.y)/l))
	}
	return t, p.to(between(a, b, t))
}

// apart returns the distance between two segments, 0 when they cross.
func apart(a, b, c, d xy) float64 {
	if _, _, ok := meet(a, b, c, d); ok {
		return 0
	}
	_, p := nearest(a, c, d)
	_, q := nearest(b, c, d)
	_, r := nearest(c, a, b)
	_, s := nearest(d, a, b)
	return math.Min(math.Min(p, q), math.Min(r, s))
}
