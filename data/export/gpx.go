package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-gpx"

	"github.com/slinga-se/slinga/planner/care"
)

// LineString gives a leg that starts at a moment as an XYM line string whose
// third coordinate is Unix time in seconds, the form that other geometry
// software and GPX take.
func (l Leg) LineString(start time.Time) *geom.LineString {
	flat := make([]float64, 0, 3*len(l.Line))
	for i, p := range l.Line {
		at := start
		if i < len(l.Seconds) {
			at = start.Add(time.Duration(l.Seconds[i]) * time.Second)
		}
		flat = append(flat, fine(p.Lon()), fine(p.Lat()), float64(at.Unix()))
	}
	return geom.NewLineStringFlat(geom.XYM, flat)
}

// GPX writes each route twice, for the two kinds of devices there are: as a
// route of numbered stops, which a navigator leads along, and, when the report
// has a map, as a track with a time at every vertex. With carer set only that
// carer's routes are written; "" means all, and a carer whom the day does not
// know is an error.
func GPX(w io.Writer, in Report, carer string) error {
	b, err := openFor(in, carer)
	if err != nil {
		return err
	}
	file := &gpx.GPX{
		Version: "1.1", Creator: "Slinga",
		Metadata: &gpx.MetadataType{Name: b.Day.Name, Desc: b.Day.Note, Time: b.at(0).UTC()},
	}
	for _, route := range b.used() {
		if carer == "" || carer == route.Carer {
			file.Rte = append(file.Rte, b.gpxRoute(route))
			if track := b.gpxTrack(route); track != nil {
				file.Trk = append(file.Trk, track)
			}
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	if err := file.WriteIndent(w, "", " "); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

func (b *book) gpxRoute(route *care.Route) *gpx.RteType {
	out := &gpx.RteType{Name: route.Carer, Cmt: route.Shift}
	order := 0
	for i := range route.Stops {
		s := &route.Stops[i]
		place := b.places[s.Place]
		point := &gpx.WptType{
			Lat: fine(place.Lat), Lon: fine(place.Lon), Time: b.at(s.Start).UTC(),
			Name: b.texts.word("stop.", string(s.Kind)), Type: string(s.Kind),
		}
		if s.Kind == care.StopVisit {
			order++
			point.Name = fmt.Sprintf("%d %s", order, s.Visit)
		}
		out.RtePt = append(out.RtePt, point)
	}
	return out
}

// gpxTrack has one segment a leg; it is nil for a route without drawn legs.
func (b *book) gpxTrack(route *care.Route) *gpx.TrkType {
	lines := geom.NewMultiLineString(geom.XYM)
	for i := range route.Stops {
		leg, drawn := b.leg(route, i)
		if !drawn {
			continue
		}
		s := &route.Stops[i]
		rolling := b.at(s.Depart + care.Time(s.Leave))
		if err := lines.Push(leg.LineString(rolling)); err != nil {
			panic("export: " + err.Error()) // both are XYM
		}
	}
	if lines.NumLineStrings() == 0 {
		return nil
	}
	track := gpx.NewTrkType(lines)
	track.Name, track.Cmt = route.Carer, route.Shift
	return track
}
