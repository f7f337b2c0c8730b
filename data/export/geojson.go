package export

import (
	"encoding/json"
	"io"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/slinga-se/slinga/planner/care"
)

// GeoJSON writes the routes as one feature collection: a line for every leg, a
// point for every stop, and a point for every unserved visit. Each line carries
// "seconds", the driving time from its first vertex to each vertex. Points are
// homes: the file shows ids, but whoever has it knows where clients live.
func GeoJSON(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	all := geojson.NewFeatureCollection()
	for _, route := range b.used() {
		b.routeFeatures(all, route)
	}
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		id := v.Place
		if id == "" {
			id = b.clients[v.Client].Place
		}
		place := b.places[id]
		if place == nil {
			continue
		}
		f := geojson.NewFeature(orb.Point{fine(place.Lon), fine(place.Lat)})
		f.Properties = geojson.Properties{"kind": "unserved", "visit": u.Visit, "place": id, "reason": string(u.Reason)}
		all.Append(f)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func (b *book) routeFeatures(all *geojson.FeatureCollection, route *care.Route) {
	order := 0
	for i := range route.Stops {
		s := &route.Stops[i]
		if leg, drawn := b.leg(route, i); len(leg.Line) > 1 {
			line := make(orb.LineString, len(leg.Line))
			for k, p := range leg.Line {
				line[k] = orb.Point{fine(p.Lon()), fine(p.Lat())}
			}
			f := geojson.NewFeature(line)
			f.Properties = geojson.Properties{
				"kind": "leg", "shift": route.Shift, "carer": route.Carer, "leg": i,
				"from": from(route, i), "to": s.Place,
				"depart": b.rfc(s.Depart), "arrive": b.rfc(s.Arrive),
				"drive": s.Drive, "handling": s.Leave + s.Handling, "metres": s.Metres,
				"seconds": leg.Seconds, "straight": !drawn,
			}
			all.Append(f)
		}
		place := b.places[s.Place]
		f := geojson.NewFeature(orb.Point{fine(place.Lon), fine(place.Lat)})
		f.Properties = geojson.Properties{
			"kind": string(s.Kind), "shift": route.Shift, "carer": route.Carer,
			"place": s.Place, "start": b.rfc(s.Start), "end": b.rfc(s.End),
		}
		if s.Kind == care.StopVisit {
			order++
			f.Properties["visit"], f.Properties["order"] = s.Visit, order
		}
		all.Append(f)
	}
}

// rfc is a moment with its date and distance to UTC (RFC 3339).
func (c clock) rfc(t care.Time) string { return c.at(t).Format("2006-01-02T15:04:05-07:00") }

// fine rounds a degree to a tenth of a metre, beyond which digits are noise.
func fine(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }
