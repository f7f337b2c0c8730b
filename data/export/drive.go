package export

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-gpx"
)

// Drive is a way by road past a list of stops, without a day around it.
type Drive struct {
	Mode        string // car, bicycle, foot
	Attribution string // whom the roads are owed to, and whether they are modelled
	Stops       []DriveStop
	Legs        []DriveLeg // one less than stops, in order
}

// DriveStop is a place that a drive passes.
type DriveStop struct {
	Point orb.Point // as it was asked for
	Road  orb.Point // where on the road it was put
	Moved float64   // metres between the two
}

// DriveLeg is the way from one stop to the next.
type DriveLeg struct {
	Leg          // the line and the seconds at its vertices, from 0
	Metres int32 // of the whole leg
	Roads  []DriveRoad
}

// DriveRoad is a stretch along one way of the map.
type DriveRoad struct {
	Way     int64  `json:"way"` // OSM id
	Name    string `json:"name,omitempty"`
	Ref     string `json:"ref,omitempty"` // its number
	Class   string `json:"class"`         // as OSM's highway tag, or ferry
	Begins  int32  `json:"begins"`        // index of the vertex of the line where it begins
	Seconds int32  `json:"seconds"`
	Metres  int32  `json:"metres"`
}

// Total is the seconds of a leg.
func (l *DriveLeg) Total() int32 {
	if n := len(l.Seconds); n > 0 {
		return l.Seconds[n-1]
	}
	return 0
}

// Total is the seconds and metres of all legs.
func (d *Drive) Total() (seconds, metres int64) {
	for i := range d.Legs {
		seconds += int64(d.Legs[i].Total())
		metres += int64(d.Legs[i].Metres)
	}
	return seconds, metres
}

// ways are the OSM ids of a leg in the order of travel.
func (l *DriveLeg) ways() []int64 {
	ways := make([]int64, len(l.Roads))
	for i := range l.Roads {
		ways[i] = l.Roads[i].Way
	}
	return ways
}

// GeoJSON writes a drive as a feature collection: a line for each leg, with
// its seconds and metres, the seconds at each vertex ("at"), the ids of its
// ways and its roads in the order of travel; and a point for each stop.
func (d *Drive) GeoJSON(w io.Writer) error {
	all := geojson.NewFeatureCollection()
	for i := range d.Legs {
		l := &d.Legs[i]
		f := geojson.NewFeature(fineLine(l.Line))
		f.Properties = geojson.Properties{
			"kind": "leg", "leg": i + 1, "mode": d.Mode, "seconds": l.Total(), "metres": l.Metres,
			"at": l.Seconds, "ways": l.ways(), "roads": l.Roads,
		}
		all.Append(f)
	}
	for i := range d.Stops {
		f := geojson.NewFeature(finePoint(d.Stops[i].Road))
		f.Properties = geojson.Properties{"kind": "stop", "stop": i + 1, "asked": finePoint(d.Stops[i].Point), "moved": tenth(d.Stops[i].Moved)}
		all.Append(f)
	}
	if d.Attribution != "" {
		all.ExtraMembers = geojson.Properties{"attribution": d.Attribution}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// JSON writes a drive without its lines.
func (d *Drive) JSON(w io.Writer) error {
	type stop struct {
		Lat   float64 `json:"lat"`
		Lon   float64 `json:"lon"`
		Moved float64 `json:"moved"` // metres to the road
	}
	type leg struct {
		From    int         `json:"from"` // stop, from 1
		To      int         `json:"to"`
		Seconds int32       `json:"seconds"`
		Metres  int32       `json:"metres"`
		Ways    []int64     `json:"ways"`
		Roads   []DriveRoad `json:"roads"`
	}
	seconds, metres := d.Total()
	out := struct {
		Mode        string `json:"mode"`
		Seconds     int64  `json:"seconds"`
		Metres      int64  `json:"metres"`
		Stops       []stop `json:"stops"`
		Legs        []leg  `json:"legs"`
		Attribution string `json:"attribution,omitempty"`
	}{Mode: d.Mode, Seconds: seconds, Metres: metres, Stops: []stop{}, Legs: []leg{}, Attribution: d.Attribution}
	for _, s := range d.Stops {
		out.Stops = append(out.Stops, stop{fine(s.Point.Lat()), fine(s.Point.Lon()), tenth(s.Moved)})
	}
	for i := range d.Legs {
		l := &d.Legs[i]
		out.Legs = append(out.Legs, leg{i + 1, i + 2, l.Total(), l.Metres, l.ways(), l.Roads})
	}
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// GPX writes a drive as GPX 1.1: the stops as waypoints, and one track with a
// segment for each leg. It has no times: a drive has no clock.
func (d *Drive) GPX(w io.Writer) error {
	file := &gpx.GPX{Version: "1.1", Creator: "Slinga"}
	for i, s := range d.Stops {
		file.Wpt = append(file.Wpt, &gpx.WptType{Lat: fine(s.Road.Lat()), Lon: fine(s.Road.Lon()), Name: fmt.Sprint(i + 1)})
	}
	lines := geom.NewMultiLineString(geom.XY)
	for i := range d.Legs {
		flat := make([]float64, 0, 2*len(d.Legs[i].Line))
		for _, p := range d.Legs[i].Line {
			flat = append(flat, fine(p.Lon()), fine(p.Lat()))
		}
		if err := lines.Push(geom.NewLineStringFlat(geom.XY, flat)); err != nil {
			panic("export: " + err.Error()) // both are XY
		}
	}
	if len(d.Legs) > 0 {
		track := gpx.NewTrkType(lines)
		seconds, metres := d.Total()
		track.Type, track.Desc, track.Cmt = d.Mode, fmt.Sprintf("%d s, %d m", seconds, metres), d.Attribution
		file.Trk = append(file.Trk, track)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	if err := file.WriteIndent(w, "", " "); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func finePoint(p orb.Point) orb.Point { return orb.Point{fine(p.Lon()), fine(p.Lat())} }

func fineLine(line orb.LineString) orb.LineString {
	out := make(orb.LineString, len(line))
	for i, p := range line {
		out[i] = finePoint(p)
	}
	return out
}

// tenth rounds metres to tenths.
func tenth(v float64) float64 { return fine(float64(int64(v*10+0.5)) / 10) }
