package travel

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
)

// BorderNotice is the distance in metres to a municipal border within which a
// place is reported: the drawn border may be as far off, and the place may
// state its municipality.
const BorderNotice = 500

// Locate fills in the municipality of every place that states none, and of
// every client that states none from its home, and lists municipalities that
// the day did not name. It returns a finding for every
// place that is so near a border that the answer is uncertain, and for every
// place that states a municipality in which it plainly does not lie.
func Locate(day *care.Day, borders *geo.Borders) []care.PlaceFinding {
	var findings []care.PlaceFinding
	home := make(map[string]string, len(day.Places))
	listed := make(map[string]bool, len(day.Municipalities))
	for _, m := range day.Municipalities {
		listed[m.ID] = true
	}
	for i := range day.Places {
		p := &day.Places[i]
		point := orb.Point{p.Lon, p.Lat}
		found, _ := borders.Of(point)
		distance, near := borders.Near(point, BorderNotice)
		switch {
		case p.Municipality == "":
			p.Municipality = found
			if found != "" && !listed[found] {
				listed[found] = true
				day.Municipalities = append(day.Municipalities, care.Municipality{ID: found, Name: borders.Name(found)})
			}
			if near {
				findings = append(findings, care.PlaceFinding{Place: p.ID, Kind: care.NearBorder, Metres: care.Metres(math.Ceil(distance))})
			}
		case p.Municipality != found && !near:
			findings = append(findings, care.PlaceFinding{Place: p.ID, Kind: care.OutsideStated})
		}
		home[p.ID] = p.Municipality
	}
	for i := range day.Clients {
		if c := &day.Clients[i]; c.Municipality == "" {
			c.Municipality = home[c.Place]
		}
	}
	return findings
}
