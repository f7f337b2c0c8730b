package care

import (
	"fmt"
	"math"
)

func (v *validator) municipalities() {
	list := v.day.Municipalities
	v.ids("municipalities", len(list), func(i int) string { return list[i].ID })
	if len(list) == 0 && len(v.day.Clients) > 0 {
		v.add(at{"", -1, ""}, "municipalities", "no municipality is listed", "list every municipality that clients and carers belong to")
	}
	seen := map[string]bool{}
	for i, id := range v.day.Members {
		item := at{"members", i, id}
		v.known(item, "", id, "municipality", v.index.Municipality)
		if seen[id] {
			v.add(item, "", "the municipality is listed twice", "remove one of them")
		}
		seen[id] = true
	}
}

// member checks that a municipality is listed and takes part in the plan.
func (v *validator) member(item at, field, id string) {
	if v.known(item, field, id, "municipality", v.index.Municipality) && !v.index.Member(id) {
		v.add(item, field, fmt.Sprintf("municipality %s is not a member of this plan", showID(id)), "add it to the members, or leave this one out")
	}
}

func (v *validator) places() {
	list := v.day.Places
	v.ids("places", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		p := &list[i]
		item := at{"places", i, p.ID}
		v.position(item, p.Lat, p.Lon)
		if p.Municipality != "" {
			v.known(item, "municipality", p.Municipality, "municipality", v.index.Municipality)
		}
		for _, h := range []struct {
			name  string
			value *Seconds
		}{{"leave", p.Leave}, {"arrive", p.Arrive}} {
			if h.value != nil && (*h.value < 0 || *h.value > 2*3600) {
				v.add(item, h.name, "a handling time must be between 0 and 2 hours", "")
			}
		}
	}
}

// position checks a pair of degrees, and names the two classic mistakes with
// their cure: axes swapped, and grid metres under the headers for degrees.
func (v *validator) position(item at, lat, lon float64) {
	switch {
	case math.IsNaN(lat) || math.IsInf(lat, 0):
		v.add(item, "lat", "the latitude is not a number", "write degrees, for example 65.8420")
		return
	case math.IsNaN(lon) || math.IsInf(lon, 0):
		v.add(item, "lon", "the longitude is not a number", "write degrees, for example 23.1340")
		return
	case sweref99Northing(lat) && sweref99Easting(lon):
		v.add(item, "lat", "these are SWEREF 99 TM metres, not degrees", "put them under the headers n_sweref99tm and e_sweref99tm")
		return
	case sweref99Northing(lon) && sweref99Easting(lat):
		v.add(item, "lat", "these are SWEREF 99 TM metres, not degrees, and north and east are swapped",
			"put the larger one under the header n_sweref99tm and the other under e_sweref99tm")
		return
	}
	inRange := true
	if lat < -90 || lat > 90 {
		v.add(item, "lat", fmt.Sprintf("latitude %g is outside -90 to 90", lat), "write degrees north")
		inRange = false
	}
	if lon < -180 || lon > 180 {
		v.add(item, "lon", fmt.Sprintf("longitude %g is outside -180 to 180", lon), "write degrees east")
		inRange = false
	}
	switch {
	case !inRange:
	case lat == 0 && lon == 0:
		v.add(item, "lat", "the position is 0, 0: it is missing", "write latitude and longitude")
	case lat >= 10 && lat <= 32 && lon >= 54 && lon <= 72:
		// Degrees of northern Europe the wrong way round would lie in the
		// Arabian Sea or on its coasts.
		v.add(item, "lat", "latitude and longitude look swapped", "exchange the two")
	}
}

// sweref99Northing and sweref99Easting know the ranges of Sweden's grid.
func sweref99Northing(x float64) bool { return x >= 6_100_000 && x <= 7_700_000 }
func sweref99Easting(x float64) bool  { return x >= 200_000 && x <= 1_000_000 }

func (v *validator) bases() {
	list := v.day.Bases
	v.ids("bases", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		item := at{"bases", i, list[i].ID}
		v.known(item, "place", list[i].Place, "place", v.index.Place)
		v.known(item, "municipality", list[i].Municipality, "municipality", v.index.Municipality)
	}
}

func (v *validator) vehicles() {
	list := v.day.Vehicles
	v.ids("vehicles", len(list), func(i int) string { return list[i].ID })
	for i := range list {
		item := at{"vehicles", i, list[i].ID}
		v.known(item, "base", list[i].Base, "base", v.index.Base)
		v.mode(item, list[i].Mode)
	}
}

func (v *validator) mode(item at, m Mode) {
	if m != Car && m != Bicycle && m != Foot {
		v.add(item, "mode", "the mode of travel is not known", "write car, bicycle or foot")
	}
}
