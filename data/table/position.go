package table

import (
	"fmt"
	"math"
)

// Where SWEREF 99 TM and its predecessor RT 90 have their numbers, and where
// the north of Europe has its degrees. The ranges do not meet, which is what
// tells a number in the wrong column from one in the right.
func isNorthing(f float64) bool    { return f >= 6_100_000 && f <= 7_700_000 }
func isEasting(f float64) bool     { return f >= 200_000 && f <= 1_000_000 }
func isRT90Easting(f float64) bool { return f >= 1_200_000 && f <= 1_950_000 }
func northernLat(f float64) bool   { return f >= 54 && f <= 72 }
func northernLon(f float64) bool   { return f >= 4 && f <= 33 }

// position reads a place's position from whichever pair of columns is filled
// in, as WGS 84 degrees.
func (l *line) position() (lat, lon float64) {
	degrees := l.text("lat") != "" || l.text("lon") != ""
	metres := l.text("n_sweref99tm") != "" || l.text("e_sweref99tm") != ""
	if !degrees && !metres {
		name := "lat"
		if _, there := l.t.at["lat"]; !there {
			name = "n_sweref99tm"
		}
		l.fail(name, "the place has no position", "fill in lat and lon, or n_sweref99tm and e_sweref99tm")
		return 0, 0
	}
	var swerefLat, swerefLon float64
	if metres {
		n, okN := l.coordinate("n_sweref99tm", "write metres, such as 7293100")
		e, okE := l.coordinate("e_sweref99tm", "write metres, such as 868300")
		if !okN || !okE || !l.plausibleMetres(n, e) {
			return 0, 0
		}
		swerefLat, swerefLon = FromSWEREF99TM(n, e)
		// A ten-millionth of a degree is a centimetre. Rounding keeps the last
		// bits, in which processors differ, out of the day.
		swerefLat, swerefLon = math.Round(swerefLat*1e7)/1e7, math.Round(swerefLon*1e7)/1e7
		if !degrees {
			return swerefLat, swerefLon
		}
	}
	lat, okLat := l.coordinate("lat", "write decimal degrees, such as 65,8413")
	lon, okLon := l.coordinate("lon", "write decimal degrees, such as 23,1347")
	if !okLat || !okLon || !l.plausibleDegrees(lat, lon) {
		return 0, 0
	}
	if metres {
		const metresPerDegree = 111_000
		away := metresPerDegree * math.Hypot(lat-swerefLat, (lon-swerefLon)*math.Cos(lat*math.Pi/180))
		if away > 50 {
			l.fail("lat", fmt.Sprintf("differs by %.0f m from the SWEREF 99 TM position of the row", away), "correct one, or leave one empty")
		}
	}
	return lat, lon
}

func (l *line) coordinate(name, hint string) (float64, bool) {
	v := l.text(name)
	if v == "" {
		l.fail(name, "is empty while the other half of the position is not", hint)
		return 0, false
	}
	f, ok := parseNumber(v)
	if !ok {
		l.fail(name, "is not a number"+shown(v), hint)
	}
	return f, ok
}

// plausibleDegrees finds the classic mistakes.
func (l *line) plausibleDegrees(lat, lon float64) bool {
	switch {
	case isNorthing(lat) && isEasting(lon):
		l.fail("lat", fmt.Sprintf("holds SWEREF 99 TM metres, not degrees (%.0f, %.0f)", lat, lon), "name the columns n_sweref99tm and e_sweref99tm")
	case isNorthing(lon) && isEasting(lat):
		l.fail("lat", fmt.Sprintf("holds SWEREF 99 TM metres, not degrees, and the easting comes first (%.0f, %.0f)", lat, lon), "name the columns e_sweref99tm and n_sweref99tm")
	case (isNorthing(lat) && isRT90Easting(lon)) || (isNorthing(lon) && isRT90Easting(lat)):
		l.fail("lat", "holds RT 90 metres, not degrees", "convert them to SWEREF 99 TM and name the columns n_sweref99tm and e_sweref99tm")
	case northernLon(lat) && northernLat(lon):
		l.fail("lat", fmt.Sprintf("latitude and longitude look swapped (%g, %g)", lat, lon), "swap the two columns")
	case math.Abs(lat) > 90:
		l.fail("lat", fmt.Sprintf("is not a latitude (%g)", lat), "write degrees between -90 and 90; has the decimal comma been lost?")
	case math.Abs(lon) > 180:
		l.fail("lon", fmt.Sprintf("is not a longitude (%g)", lon), "write degrees between -180 and 180; has the decimal comma been lost?")
	case lat == 0 && lon == 0:
		l.fail("lat", "the position is 0, 0, in the Atlantic", "fill in the position")
	default:
		return true
	}
	return false
}

func (l *line) plausibleMetres(n, e float64) bool {
	switch {
	case isNorthing(n) && isEasting(e):
		return true
	case isNorthing(e) && isEasting(n):
		l.fail("n_sweref99tm", fmt.Sprintf("northing and easting look swapped (%.0f, %.0f)", n, e), "swap the two columns")
	case isNorthing(n) && isRT90Easting(e):
		l.fail("e_sweref99tm", fmt.Sprintf("is an easting of RT 90, not of SWEREF 99 TM (%.0f)", e), "convert the positions to SWEREF 99 TM")
	case math.Abs(n) <= 90 && math.Abs(e) <= 180:
		l.fail("n_sweref99tm", fmt.Sprintf("holds degrees, not metres (%g, %g)", n, e), "name the columns lat and lon")
	case !isNorthing(n):
		l.fail("n_sweref99tm", fmt.Sprintf("is not a northing of SWEREF 99 TM (%.0f)", n), "write metres between 6 100 000 and 7 700 000")
	default:
		l.fail("e_sweref99tm", fmt.Sprintf("is not an easting of SWEREF 99 TM (%.0f)", e), "write metres between 200 000 and 1 000 000")
	}
	return false
}
