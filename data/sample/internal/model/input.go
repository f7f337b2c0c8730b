package model

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// ErrInput is wrapped by every complaint about a table of an area.
var ErrInput = errors.New("model: bad table")

// Input is what people wrote down about an area: everything that the model
// does not draw by lot.
type Input struct {
	Municipalities []Municipality
	Settlements    []Settlement // only those marked as used
	Waypoints      []Waypoint
	Roads          []RoadRow
	Bridges        []BridgeRow
	Waters         []Water
}

// Municipality is a row of municipalities.csv with its polygon.
type Municipality struct {
	Code, Name string
	Population int // of all ages
	Clients    int // residents of 80 and above with home care
	Area       orb.Geometry
}

// Settlement is a row of settlements.csv.
type Settlement struct {
	Municipality, Name string
	At                 Point
	Population         int
	Estimated          bool // no population is published; it has a share of the rest
}

// Waypoint is a point that a road passes and that is no settlement.
type Waypoint struct {
	Name string
	At   Point
}

// RoadRow is a row of roads.csv.
type RoadRow struct {
	Ref, Name, Class, Surface string
	MaxSpeed                  int // km/h, 0 when none is posted
	Curviness                 float64
	Via                       []string
	Kind                      string // "road", "ice", "ferry"
	FerrySeconds              int
	Homes                     string // "", "abroad", "neighbour", "ferry", "island"
}

// BridgeRow is a row of bridges.csv: a place where a road may cross a water.
type BridgeRow struct {
	Name, Water string
	At          Point
}

// Water is a line that no road crosses but on a bridge, a ferry or ice.
type Water struct {
	Name, Kind string // kind: "river", "coast", "island"
	Line       []Point
}

// countryside is the part of the people of unknown settlement that lives
// outside every settlement of the table. It is an assumption.
const countryside = 0.5

// ReadInput reads the tables of one area from its folder.
func ReadInput(dir fs.FS) (*Input, error) {
	in := &Input{}
	steps := []func(fs.FS) error{in.readMunicipalities, in.readSettlements, in.readWaypoints, in.readRoads, in.readBridges, in.readWaters}
	for _, step := range steps {
		if err := step(dir); err != nil {
			return nil, err
		}
	}
	if len(in.Municipalities) == 0 || len(in.Settlements) == 0 || len(in.Roads) == 0 {
		return nil, fmt.Errorf("%w: %d municipalities, %d settlements in use, %d roads: needs one of each", ErrInput, len(in.Municipalities), len(in.Settlements), len(in.Roads))
	}
	in.shareRest()
	return in, nil
}

// MunicipalityOf returns the code of the municipality around a position, or
// "" outside all of them.
func (in *Input) MunicipalityOf(p Point) string {
	for _, m := range in.Municipalities {
		if contains(m.Area, orb.Point{p.Lon, p.Lat}) {
			return m.Code
		}
	}
	return ""
}

func contains(g orb.Geometry, p orb.Point) bool {
	switch g := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(g, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(g, p)
	}
	return false
}

// shareRest gives every settlement without a published population an equal
// share of the municipality's rest: the people of no other settlement of the
// table, less those taken to live in the countryside. Where every settlement
// has a published figure, the whole rest is countryside.
func (in *Input) shareRest() {
	for _, m := range in.Municipalities {
		known, missing := 0, 0
		for _, s := range in.Settlements {
			if s.Municipality != m.Code {
				continue
			}
			known += s.Population
			if s.Estimated {
				missing++
			}
		}
		if missing == 0 || known >= m.Population {
			continue
		}
		share := int((1 - countryside) * float64(m.Population-known) / float64(missing))
		for i := range in.Settlements {
			if s := &in.Settlements[i]; s.Municipality == m.Code && s.Estimated {
				s.Population = share
			}
		}
	}
}

// table reads a CSV file with a header and hands out its rows.
func table(dir fs.FS, name string, columns []string, row func(field map[string]string) error) error {
	f, err := dir.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	rows, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrInput, name, err)
	}
	if len(rows) == 0 {
		return fmt.Errorf("%w: %s: empty", ErrInput, name)
	}
	field := map[string]string{}
	for i, cells := range rows[1:] {
		for j, c := range rows[0] {
			field[c] = cells[j]
		}
		for _, c := range columns {
			if _, ok := field[c]; !ok {
				return fmt.Errorf("%w: %s: no column %q", ErrInput, name, c)
			}
		}
		if err := row(field); err != nil {
			return fmt.Errorf("%w: %s row %d: %w", ErrInput, name, i+2, err)
		}
	}
	return nil
}

func position(field map[string]string) (Point, error) {
	lat, err := strconv.ParseFloat(field["lat"], 64)
	if err != nil {
		return Point{}, err
	}
	lon, err := strconv.ParseFloat(field["lon"], 64)
	if err != nil {
		return Point{}, err
	}
	// Written so that a NaN fails.
	if ok := math.Abs(lat) <= 89 && math.Abs(lon) <= 180; !ok {
		return Point{}, fmt.Errorf("latitude %v, longitude %v: outside the map", lat, lon)
	}
	return Point{Lon: lon, Lat: lat}, nil
}

func number(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.Atoi(s)
}

func (in *Input) readMunicipalities(dir fs.FS) error {
	text, err := fs.ReadFile(dir, "borders.geojson")
	if err != nil {
		return err
	}
	borders, err := geojson.UnmarshalFeatureCollection(text)
	if err != nil {
		return fmt.Errorf("%w: borders.geojson: %w", ErrInput, err)
	}
	return table(dir, "municipalities.csv", []string{"code", "name", "population_2015", "clients"}, func(f map[string]string) error {
		m := Municipality{Code: f["code"], Name: f["name"]}
		var err error
		if m.Population, err = number(f["population_2015"]); err != nil {
			return err
		}
		if m.Clients, err = number(f["clients"]); err != nil {
			return err
		}
		for _, b := range borders.Features {
			if b.Properties.MustString("kommun_kod", "") == m.Code {
				m.Area = b.Geometry
			}
		}
		if m.Area == nil {
			return fmt.Errorf("no border for municipality %s", m.Code)
		}
		in.Municipalities = append(in.Municipalities, m)
		return nil
	})
}

func (in *Input) readSettlements(dir fs.FS) error {
	return table(dir, "settlements.csv", []string{"municipality", "name", "lat", "lon", "population", "used"}, func(f map[string]string) error {
		if f["used"] != "yes" {
			return nil
		}
		at, err := position(f)
		if err != nil {
			return err
		}
		people, err := number(f["population"])
		if err != nil {
			return err
		}
		in.Settlements = append(in.Settlements, Settlement{Municipality: f["municipality"], Name: f["name"], At: at, Population: people, Estimated: people == 0})
		return nil
	})
}

func (in *Input) readWaypoints(dir fs.FS) error {
	return table(dir, "waypoints.csv", []string{"name", "lat", "lon", "source"}, func(f map[string]string) error {
		at, err := position(f)
		in.Waypoints = append(in.Waypoints, Waypoint{Name: f["name"], At: at})
		return err
	})
}

func (in *Input) readRoads(dir fs.FS) error {
	columns := []string{"ref", "name", "class", "maxspeed", "surface", "curviness", "via", "kind", "homes", "source"}
	return table(dir, "roads.csv", columns, func(f map[string]string) error {
		r := RoadRow{Ref: f["ref"], Name: f["name"], Class: f["class"], Surface: f["surface"], Homes: f["homes"]}
		var err error
		if r.MaxSpeed, err = number(f["maxspeed"]); err != nil {
			return err
		}
		percent, err := number(f["curviness"])
		if err != nil {
			return err
		}
		r.Curviness = float64(percent) / 100
		kind, seconds, _ := strings.Cut(f["kind"], " ")
		r.Kind = kind
		if r.FerrySeconds, err = number(seconds); err != nil {
			return err
		}
		r.Via = strings.Split(f["via"], ";")
		for _, name := range r.Via {
			if _, ok := in.point(name); !ok {
				return fmt.Errorf("unknown waypoint %q", name)
			}
		}
		in.Roads = append(in.Roads, r)
		return nil
	})
}

func (in *Input) readBridges(dir fs.FS) error {
	return table(dir, "bridges.csv", []string{"name", "water", "lat", "lon", "source"}, func(f map[string]string) error {
		at, err := position(f)
		in.Bridges = append(in.Bridges, BridgeRow{Name: f["name"], Water: f["water"], At: at})
		return err
	})
}

func (in *Input) readWaters(dir fs.FS) error {
	return table(dir, "waters.csv", []string{"name", "kind", "lat", "lon"}, func(f map[string]string) error {
		at, err := position(f)
		last := len(in.Waters) - 1
		if last < 0 || in.Waters[last].Name != f["name"] {
			in.Waters = append(in.Waters, Water{Name: f["name"], Kind: f["kind"]})
			last++
		}
		in.Waters[last].Line = append(in.Waters[last].Line, at)
		return err
	})
}

// point finds a settlement or a waypoint by name.
func (in *Input) point(name string) (Point, bool) {
	for _, s := range in.Settlements {
		if s.Name == name {
			return s.At, true
		}
	}
	for _, w := range in.Waypoints {
		if w.Name == name {
			return w.At, true
		}
	}
	return Point{}, false
}
