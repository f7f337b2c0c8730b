package table

import "math"

// SWEREF 99 TM is the Gauss-Krüger projection of the GRS 80 ellipsoid on the
// central meridian 15° E with scale 0.9996, false northing 0 and false easting
// 500 000 m. The series are those of Lantmäteriet, "Gauss Conformal Projection
// (Transverse Mercator), Krüger's formulas" (2008). Within Sweden they are
// exact to less than a millimetre. SWEREF 99 and WGS 84 differ by less than a
// metre, which is less than a home's own size, and are taken as equal.
const (
	grs80Axis       = 6378137.0
	grs80Flattening = 1 / 298.257222101
	swerefMeridian  = 15.0
	swerefScale     = 0.9996
	swerefEasting   = 500000.0
)

// krueger holds what the series need, computed from the ellipsoid.
type krueger struct {
	radius              float64    // rectifying radius times the scale
	conformal, geodetic [4]float64 // latitude: geodetic to conformal and back
	forward, backward   [4]float64 // beta and delta of the paper
}

func newKrueger() krueger {
	f := grs80Flattening
	e2 := f * (2 - f)
	n := f / (2 - f)
	n2, n3, n4 := n*n, n*n*n, n*n*n*n
	e4, e6, e8 := e2*e2, e2*e2*e2, e2*e2*e2*e2
	return krueger{
		radius: swerefScale * grs80Axis / (1 + n) * (1 + n2/4 + n4/64),
		conformal: [4]float64{
			e2,
			(5*e4 - e6) / 6,
			(104*e6 - 45*e8) / 120,
			1237 * e8 / 1260,
		},
		geodetic: [4]float64{
			e2 + e4 + e6 + e8,
			-(7*e4 + 17*e6 + 30*e8) / 6,
			(224*e6 + 889*e8) / 120,
			-4279 * e8 / 1260,
		},
		forward: [4]float64{
			n/2 - 2*n2/3 + 5*n3/16 + 41*n4/180,
			13*n2/48 - 3*n3/5 + 557*n4/1440,
			61*n3/240 - 103*n4/140,
			49561 * n4 / 161280,
		},
		backward: [4]float64{
			n/2 - 2*n2/3 + 37*n3/96 - n4/360,
			n2/48 + n3/15 - 437*n4/1440,
			17*n3/480 - 37*n4/840,
			4397 * n4 / 161280,
		},
	}
}

// FromSWEREF99TM turns a northing and an easting in metres into latitude and
// longitude in degrees.
func FromSWEREF99TM(northing, easting float64) (lat, lon float64) {
	k := newKrueger()
	xi := northing / k.radius
	eta := (easting - swerefEasting) / k.radius
	xi1, eta1 := xi, eta
	for i, d := range k.backward {
		j := float64(2 * (i + 1))
		xi1 -= d * math.Sin(j*xi) * math.Cosh(j*eta)
		eta1 -= d * math.Cos(j*xi) * math.Sinh(j*eta)
	}
	phi := math.Asin(math.Sin(xi1) / math.Cosh(eta1))
	lambda := math.Atan2(math.Sinh(eta1), math.Cos(xi1))
	s2 := math.Pow(math.Sin(phi), 2)
	g := k.geodetic
	lat = phi + math.Sin(phi)*math.Cos(phi)*(g[0]+s2*(g[1]+s2*(g[2]+s2*g[3])))
	return lat * 180 / math.Pi, swerefMeridian + lambda*180/math.Pi
}

// ToSWEREF99TM turns latitude and longitude in degrees into a northing and an
// easting in metres.
func ToSWEREF99TM(lat, lon float64) (northing, easting float64) {
	k := newKrueger()
	phi := lat * math.Pi / 180
	s2 := math.Pow(math.Sin(phi), 2)
	c := k.conformal
	conformal := phi - math.Sin(phi)*math.Cos(phi)*(c[0]+s2*(c[1]+s2*(c[2]+s2*c[3])))
	lambda := (lon - swerefMeridian) * math.Pi / 180
	xi1 := math.Atan2(math.Tan(conformal), math.Cos(lambda))
	eta1 := math.Atanh(math.Cos(conformal) * math.Sin(lambda))
	xi, eta := xi1, eta1
	for i, b := range k.forward {
		j := float64(2 * (i + 1))
		xi += b * math.Sin(j*xi1) * math.Cosh(j*eta1)
		eta += b * math.Cos(j*xi1) * math.Sinh(j*eta1)
	}
	return k.radius * xi, swerefEasting + k.radius*eta
}
