package geo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Condition is the state of the roads as data: weather, closures, ice roads,
// ferries. It lies over an osm.Profile, which says how one travels when nothing
// is the matter. Read one with ReadCondition, or fill in the struct; give it to
// Region.MetricWith in MetricOptions. docs/condition.md is the file format. A
// metric keeps the slices of its condition: make a changed copy, such as
// Without, rather than change what they hold.
//
// What has a time (When) binds when MetricOptions.At is within it, and nobody
// while At is zero.
type Condition struct {
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"` // for people
	// Areas are polygons that other parts name.
	Areas []Area `json:"areas,omitempty"`
	// IceRoads and WinterRoads open or close all of them; "": as the profile.
	IceRoads    State `json:"ice_roads,omitempty"`
	WinterRoads State `json:"winter_roads,omitempty"`
	// Roads are single ice roads and winter roads that are open or closed,
	// whatever holds for all. A later entry counts before an earlier one.
	Roads    []RoadState `json:"roads,omitempty"`
	Speeds   []SpeedRule `json:"speeds,omitempty"`
	Closures []Closure   `json:"closures,omitempty"`
	Ferries  []Ferry     `json:"ferries,omitempty"`
	Energy   *Energy     `json:"energy,omitempty"`
}

// State is open, closed or unsaid.
type State string

// The states.
const (
	StateOpen   State = "open"
	StateClosed State = "closed"
)

// Area is a part of the map: polygons in WGS 84 that do not cross the 180th
// meridian. A point is in the area if it is inside one of them, or on an edge.
type Area struct {
	ID      string
	Text    string
	Polygon orb.MultiPolygon
}

// Selection says which roads are meant: those of the listed ways, names or
// numbers (one of them is enough; none listed: all), that are also of one of
// the classes, one of the surfaces and have one of the features, each unless
// empty, and lie in the area.
type Selection struct {
	Ways []int64 `json:"ways,omitempty"` // OSM ids
	// Names and Refs (road numbers) are compared without regard to case; refs
	// without spaces, and with each number of a road that has several.
	Names    []string `json:"names,omitempty"`
	Refs     []string `json:"refs,omitempty"`
	Classes  []string `json:"classes,omitempty"`  // as osm.Class names them
	Surfaces []string `json:"surfaces,omitempty"` // as osm.Surface names them
	Features []string `json:"features,omitempty"` // bridge, tunnel, roundabout, toll, ice_road, winter_road, seasonal
	Area     string   `json:"area,omitempty"`     // ID of an Area
	// MayMatchNothing lets a way, name or number be listed that the map does
	// not have. Otherwise it is an error: it may be misspelt, and nothing
	// would be closed.
	MayMatchNothing bool `json:"may_match_nothing,omitempty"`
}

// RoadState opens or closes the ice roads and winter roads of the selection.
type RoadState struct {
	Text string `json:"text,omitempty"`
	Selection
	State State `json:"state"`
}

// SpeedRule makes roads slower or quicker. The rules that hold for a segment
// are applied to the profile's speed in their order: first the percent, rounded
// down to whole metres per hour, then the ceiling. No speed is less than 1 km/h.
// Ferries are not affected. In an area are the segments whose middle is.
type SpeedRule struct {
	ID   string `json:"id,omitempty"`
	Text string `json:"text,omitempty"`
	Selection
	Modes   []string `json:"modes,omitempty"`    // car, bicycle, foot; empty: all
	When    string   `json:"when,omitempty"`     // see osm.Hours; "": always
	Percent int      `json:"percent,omitempty"`  // 1 to 1000; 0: no change
	MostKMH int      `json:"most_kmh,omitempty"` // 0: no ceiling
}

// Closure closes roads. In an area are the segments that touch it, so that a
// small polygon drawn over a bridge closes the bridge.
type Closure struct {
	ID   string `json:"id"`             // names it in answers
	Text string `json:"text,omitempty"` // for people
	Selection
	Direction string   `json:"direction,omitempty"` // forward or backward along the way's nodes; "": both
	Modes     []string `json:"modes,omitempty"`     // car, bicycle, foot; empty: all
	When      string   `json:"when,omitempty"`      // see osm.Hours; "": always
}

// Ferry says how the ferries of the selection run. Where several entries select
// a ferry way, the last counts.
type Ferry struct {
	ID   string `json:"id"`
	Text string `json:"text,omitempty"`
	Selection
	Stopped bool `json:"stopped,omitempty"`
	// Services is the timetable. Empty: as the profile says.
	Services []Service `json:"services,omitempty"`
	// Boarding is how many seconds before departure one must be on the quay.
	// 0: osm.Profile.FerryBoarding.
	Boarding int `json:"boarding_seconds,omitempty"`
}

// Service is departures of a ferry: every so many minutes from the first to
// the last, or a list, from both ends at the same clock times.
type Service struct {
	When       string   `json:"when,omitempty"`          // days, such as "Mo-Fr" or "Nov-Apr Sa"; no clock times; "": every day
	Direction  string   `json:"direction,omitempty"`     // forward or backward along the way's nodes; "": both
	First      string   `json:"first,omitempty"`         // "06:00"
	Last       string   `json:"last,omitempty"`          // "22:30"; up to "47:59" where it is after midnight
	Every      int      `json:"every_minutes,omitempty"` //
	Departures []string `json:"departures,omitempty"`
}

// Energy is what an electric car consumes and how far it comes on one leg.
type Energy struct {
	WhPerKM        int            `json:"wh_per_km,omitempty"`       // on bare road in summer
	Percent        int            `json:"percent,omitempty"`         // of all: cold, heating, tyres; 0: 100
	ClassPercent   map[string]int `json:"class_percent,omitempty"`   // by class; missing: 100
	SurfacePercent map[string]int `json:"surface_percent,omitempty"` // by surface; missing: 100
	// Legs that are longer than LimitMetres, or need more than LimitWh, count
	// as unreachable, although a slower route might be within the limit.
	// LimitWh needs MetricOptions.Second = EnergyUsed. 0: no limit. Bicycles
	// and people on foot have none.
	LimitMetres int `json:"limit_metres,omitempty"`
	LimitWh     int `json:"limit_wh,omitempty"`
}

// ErrCondition marks a condition that cannot be used, or does not fit the map.
var ErrCondition = errors.New("geo: bad condition")

// Without is the condition without the closures of that id.
func (c *Condition) Without(closure string) Condition {
	out := *c
	out.Closures = slices.DeleteFunc(slices.Clone(c.Closures), func(x Closure) bool { return x.ID == closure })
	return out
}

// Hash is the SHA-256 of the condition's JSON, hexadecimal. Equal hashes mean
// equal conditions.
func (c *Condition) Hash() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic("geo: a condition cannot be written: " + err.Error()) // only NaN coordinates, which Validate refuses
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// areaJSON is the written form of an Area: its polygons as GeoJSON.
type areaJSON struct {
	ID       string      `json:"id"`
	Text     string      `json:"text,omitempty"`
	Geometry polygonJSON `json:"geometry"`
}

type polygonJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

// MarshalJSON writes the area with a GeoJSON MultiPolygon.
func (a Area) MarshalJSON() ([]byte, error) {
	coordinates, err := json.Marshal(a.Polygon)
	if err != nil {
		return nil, err
	}
	return json.Marshal(areaJSON{a.ID, a.Text, polygonJSON{"MultiPolygon", coordinates}})
}

// UnmarshalJSON reads a GeoJSON Polygon or MultiPolygon.
func (a *Area) UnmarshalJSON(data []byte) error {
	var j areaJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	var rings [][][][]float64
	var err error
	switch j.Geometry.Type {
	case "Polygon":
		rings = make([][][][]float64, 1)
		err = json.Unmarshal(j.Geometry.Coordinates, &rings[0])
	case "MultiPolygon":
		err = json.Unmarshal(j.Geometry.Coordinates, &rings)
	default:
		return fmt.Errorf("area %q: geometry: must be a GeoJSON Polygon or MultiPolygon", quotable(j.ID))
	}
	if err != nil {
		return fmt.Errorf("area %q: geometry.coordinates: not those of a %s", quotable(j.ID), j.Geometry.Type)
	}
	*a = Area{ID: j.ID, Text: j.Text}
	for i, r := range rings {
		polygon, err := readPolygon(r)
		if err != nil {
			return fmt.Errorf("area %q: polygon %d: %w", quotable(j.ID), i, err)
		}
		a.Polygon = append(a.Polygon, polygon)
	}
	return nil
}
