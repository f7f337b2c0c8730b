package osm

import (
	"math"
	"strconv"
	"strings"
)

// ParseSpeed reads a speed limit in the forms that mappers write and returns
// whole km/h. 0 with ok means that the value is understood and posts no
// speed ("none", "signals"). Miles per hour and knots are rounded to the
// nearest km/h. Of a list ("50;70", lanes "60|50|50") the lowest counts.
//
//	50   "50 km/h"   "30 mph"   "20 knots"   SE:urban   GB:nsl_single   DE:zone30
//
// A limit outside 1 to 250 km/h is not believed.
func (r *TagRules) ParseSpeed(value string) (kmh int, ok bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if strings.ContainsAny(value, ";|") {
		lowest := 0
		for part := range strings.FieldsFuncSeq(value, func(c rune) bool { return c == ';' || c == '|' }) {
			if part = strings.TrimSpace(part); part == "" {
				continue // an empty lane of maxspeed:lanes
			}
			v, good := r.ParseSpeed(part)
			if !good {
				return 0, false
			}
			if v > 0 && (lowest == 0 || v < lowest) {
				lowest = v
			}
			ok = true
		}
		return lowest, ok
	}
	if v, known := r.Limits[value]; known {
		return v, true
	}
	number, unit, good := splitNumber(value)
	if !good {
		return r.countrySpeed(value)
	}
	switch unit {
	case "", "km/h", "kmh", "kph", "kmph", "km":
	case "mph", "mp/h", "mi/h":
		number *= 1.609344
	case "knots", "knot", "kn", "kt", "kts":
		number *= 1.852
	default:
		return 0, false
	}
	if number = math.Round(number); number < 1 || number > 250 {
		return 0, false
	}
	return int(number), true
}

// countrySpeed reads "XX:urban", "XX:zone30", "XX:zone:30", "XX:30" of
// countries that the table does not hold. Rural limits differ too much from
// land to land to be guessed.
func (r *TagRules) countrySpeed(value string) (int, bool) {
	country, rest, found := strings.Cut(value, ":")
	if !found || len(country) < 2 || len(country) > 6 {
		return 0, false
	}
	if rest == "rural" || rest == "trunk" || rest == "motorway" {
		return 0, true // known, but to the profile's default
	}
	if v, known := r.Limits[rest]; known {
		return v, true
	}
	if rest == "living_street" || rest == "pedestrian" {
		return 7, true
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "zone"), ":")
	if v, err := strconv.Atoi(rest); err == nil && v >= 1 && v <= 250 {
		return v, true
	}
	return 0, false
}

// splitNumber takes a value such as "50 km/h" apart. A comma may stand for
// the decimal point.
func splitNumber(value string) (number float64, unit string, ok bool) {
	end := 0
	for end < len(value) && (value[end] >= '0' && value[end] <= '9' || value[end] == '.' || value[end] == ',') {
		end++
	}
	number, err := strconv.ParseFloat(strings.Replace(value[:end], ",", ".", 1), 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return 0, "", false
	}
	return number, strings.TrimSpace(value[end:]), true
}

// maxDuration is the longest ferry trip that is believed, seconds.
const maxDuration = 7 * 86400

// ParseDuration reads the duration of a ferry in the forms that mappers write
// and returns seconds, rounded up.
//
//	35 (minutes)   00:35   1:20:00   PT35M   PT1H20M   P1DT2H   "35 min"   "1h 20m"
func ParseDuration(value string) (seconds int32, ok bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	var total float64
	switch {
	case strings.HasPrefix(value, "p"):
		total, ok = isoDuration(value[1:])
	case strings.Contains(value, ":"):
		total, ok = clockDuration(value)
	default:
		total, ok = unitDuration(value)
	}
	total = math.Ceil(total)
	if !ok || total < 1 || total > maxDuration {
		return 0, false
	}
	return int32(total), true
}

// clockDuration reads hh:mm and hh:mm:ss.
func clockDuration(value string) (float64, bool) {
	parts := strings.Split(value, ":")
	if len(parts) > 3 {
		return 0, false
	}
	total := 0
	for i, part := range parts {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 16)
		if err != nil || i > 0 && n > 59 {
			return 0, false
		}
		total = total*60 + int(n)
	}
	if len(parts) == 2 {
		total *= 60
	}
	return float64(total), true
}

// isoDuration reads what follows the P of an ISO 8601 duration. Years and
// months have no length in seconds.
func isoDuration(value string) (float64, bool) {
	date, clock, timed := strings.Cut(value, "t")
	if date == "" && clock == "" || timed && clock == "" {
		return 0, false
	}
	total := 0.0
	for _, half := range []struct {
		text  string
		units string
		each  []float64
	}{{date, "wd", []float64{7 * 86400, 86400}}, {clock, "hms", []float64{3600, 60, 1}}} {
		last := -1
		for text := half.text; text != ""; {
			number, rest, ok := splitNumber(text)
			if !ok || rest == "" {
				return 0, false
			}
			unit := strings.IndexByte(half.units, rest[0])
			if unit <= last {
				return 0, false // unknown, repeated or out of order
			}
			total += number * half.each[unit]
			text, last = rest[1:], unit
		}
	}
	return total, true
}

// unitDuration reads "35", "35 min", "1 h 20 min", "1h20m".
func unitDuration(value string) (float64, bool) {
	total, some := 0.0, false
	for value != "" {
		number, rest, ok := splitNumber(value)
		if !ok {
			return 0, false
		}
		end := 0
		for end < len(rest) && rest[end] >= 'a' && rest[end] <= 'z' {
			end++
		}
		each := 0.0
		switch rest[:end] {
		case "", "m", "min", "mins", "minute", "minutes":
			each = 60
		case "h", "hr", "hrs", "hour", "hours":
			each = 3600
		case "s", "sec", "secs", "second", "seconds":
			each = 1
		case "d", "day", "days":
			each = 86400
		}
		value = strings.TrimSpace(strings.TrimPrefix(rest[end:], "."))
		if each == 0 || end == 0 && (some || value != "") {
			return 0, false
		}
		total, some = total+number*each, true
	}
	return total, some
}

// parseMetres reads a width or height: "2.1", "2.1 m", "6'7\"", "210 cm".
func parseMetres(value string) (metres float64, ok bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if feet, inches, found := strings.Cut(value, "'"); found {
		f, err := strconv.ParseFloat(strings.TrimSpace(feet), 64)
		if err != nil || f < 0 || f > 1000 {
			return 0, false
		}
		inches = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(inches), `"`))
		if inches == "" {
			return f * 0.3048, true
		}
		i, err := strconv.ParseFloat(inches, 64)
		if err != nil || i < 0 || i >= 12 {
			return 0, false
		}
		return f*0.3048 + i*0.0254, true
	}
	number, unit, ok := splitNumber(value)
	switch unit {
	case "", "m", "meter", "metre", "meters", "metres":
	case "cm":
		number /= 100
	case "ft", "feet":
		number *= 0.3048
	default:
		ok = false
	}
	return number, ok && number > 0 && number < 1000
}
