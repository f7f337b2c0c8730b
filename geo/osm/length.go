package osm

import (
	"math"
	"math/bits"
)

// EarthRadius is the mean radius of the earth in metres (IUGG).
const EarthRadius = 6371008.8

// The ellipsoid of WGS 84, in which the file's coordinates are given.
const (
	semiMajor    = 6378137.0                     // metres
	flattening   = 1 / 298.257223563             //
	eccentricity = flattening * (2 - flattening) // squared
)

// degree7 is one unit of a stored coordinate, 1e-7 degrees, in radians.
const degree7 = math.Pi / 180e7

// Millimetres is the distance of two nodes on the ellipsoid, rounded to the
// nearest whole millimetre. It is the length of the segment between them
// wherever Slinga measures roads.
//
// It is the haversine formula with the ellipsoid's radius of curvature at the
// middle latitude, in the segment's direction, in place of one mean radius. A
// sphere makes roads at 66 degrees north 0.3 to 0.4 percent too short, and
// drives as much too quick. Over kilometres it gives the geodesic to the
// millimetre, over a hundred kilometres to a few centimetres. The 180th
// meridian needs no care: the formula only sees the sine of the difference.
func Millimetres(a, b Node) int64 {
	// The differences are taken in whole units, so they are exact, and the
	// products are converted explicitly, which keeps a compiler from fusing
	// them with the sum: one map has the same lengths on every machine.
	dLat := math.Sin(float64(int64(a.Lat)-int64(b.Lat)) * degree7 / 2)
	dLon := math.Sin(float64(int64(a.Lon)-int64(b.Lon)) * degree7 / 2)
	across := math.Cos(float64(a.Lat)*degree7) * math.Cos(float64(b.Lat)*degree7)
	north, east := float64(dLat*dLat), float64(across*float64(dLon*dLon))
	h := north + east
	if h == 0 {
		return 0
	}
	middle := math.Sin(float64(int64(a.Lat)+int64(b.Lat)) * degree7 / 2)
	w := 1 - float64(eccentricity*float64(middle*middle))
	vertical := semiMajor / math.Sqrt(w)
	meridian := vertical * (1 - eccentricity) / w
	// The radius of curvature in the direction of the segment, by Euler.
	radius := math.Sqrt((float64(float64(meridian*meridian)*north) + float64(float64(vertical*vertical)*east)) / h)
	return int64(math.Round(2000 * radius * math.Asin(math.Sqrt(min(h, 1)))))
}

// Share is the part of a whole amount that falls on a piece of a length:
// total * part / whole, rounded up, computed without overflow. All arguments
// are at least 0 and part is at most whole; nothing is shared over a length
// of 0, which gives total if part is 0 too (a ferry that goes nowhere still
// takes its time).
func Share(total, part, whole int64) int64 {
	if whole <= 0 {
		return total
	}
	hi, lo := bits.Mul64(uint64(total), uint64(min(part, whole)))
	quotient, rest := bits.Div64(hi, lo, uint64(whole))
	if rest > 0 {
		quotient++
	}
	return int64(quotient)
}
