package export

import (
	"math"

	"github.com/paulmach/orb"
)

// Coordinates travel in the page as encoded polylines: steps of 1e-5 degrees
// (about a metre), each the difference to the one before, zigzag and in groups
// of five bits. The alphabet runs from '?' to '~', so it holds neither quotes
// nor anything that ends a script.
//
// Source: Google, "Encoded Polyline Algorithm Format". Latitude comes first,
// as in the original.
const gridPerDegree = 1e5

func encodeLine(line orb.LineString) string {
	buf := make([]byte, 0, 4*len(line)+8)
	var lat, lon int64
	for i, p := range line {
		y, x := onGrid(p)
		if i > 0 && y == lat && x == lon && len(line) > 2 {
			continue // the grid made two vertices one
		}
		buf = appendStep(buf, y-lat)
		buf = appendStep(buf, x-lon)
		lat, lon = y, x
	}
	return string(buf)
}

func onGrid(p orb.Point) (lat, lon int64) {
	return int64(math.Round(p.Lat() * gridPerDegree)), int64(math.Round(p.Lon() * gridPerDegree))
}

func appendStep(buf []byte, step int64) []byte {
	zigzag := uint64(step<<1) ^ uint64(step>>63)
	for zigzag >= 0x20 {
		buf = append(buf, byte(0x20|zigzag&0x1f)+63)
		zigzag >>= 5
	}
	return append(buf, byte(zigzag)+63)
}
