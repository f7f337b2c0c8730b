package geo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/geo/osm"
)

// features are the flags that a Selection may name.
var features = map[string]osm.Flags{
	"bridge": osm.FlagBridge, "tunnel": osm.FlagTunnel, "roundabout": osm.FlagRoundabout, "toll": osm.FlagToll,
	"ferry": osm.FlagFerry, "ice_road": osm.FlagIceRoad, "winter_road": osm.FlagWinter, "seasonal": osm.FlagSeasonal,
}

// The bounds of a sensible condition.
const (
	maxPercent      = 1000
	maxKMH          = 300
	maxConsumption  = 10_000 // Wh/km
	maxLimitMetres  = 4_294_000
	maxLimitWh      = 4_294_000
	maxSelected     = 100_000 // ways, names, ... in one selection
	maxAreaRules    = 1_000   // speed rules with an area
	maxBoardingTime = 3_600
	maxServices     = 10_000 // of all ferries
)

// problem is what is wrong with a part of a condition.
type problem struct{ path, text string }

// Validate reports everything that is wrong with the condition, each with its
// path. Whether it fits a map is found out by Region.MetricWith.
func (c *Condition) Validate() error {
	var errs []error
	for i, p := range c.problems() {
		if i == maxConditionErrors {
			errs = append(errs, fmt.Errorf("%w: and more", ErrCondition))
			break
		}
		errs = append(errs, fmt.Errorf("%w: %s: %s", ErrCondition, p.path, p.text))
	}
	return errors.Join(errs...)
}

// checking gathers problems.
type checking struct {
	areas    map[string]bool
	problems []problem
}

func (v *checking) bad(path, format string, args ...any) {
	v.problems = append(v.problems, problem{path, fmt.Sprintf(format, args...)})
}

func (v *checking) within(path string, value, low, high int) {
	if value < low || value > high {
		v.bad(path, "%d is not within %d and %d", value, low, high)
	}
}

func (v *checking) state(path string, s State, must bool) {
	if s != StateOpen && s != StateClosed && (must || s != "") {
		v.bad(path, "%q is neither open nor closed", quotable(string(s)))
	}
}

// ids are the names of parts of one list: given, and different.
func (v *checking) id(path, id string, must bool, seen map[string]bool) {
	switch {
	case id == "" && must:
		v.bad(path+".id", "is missing")
	case id != "" && seen[id]:
		v.bad(path+".id", "%q is used twice", quotable(id))
	}
	seen[id] = true
}

func (c *Condition) problems() []problem {
	v := &checking{areas: map[string]bool{}}
	for i := range c.Areas {
		v.area(fmt.Sprintf("areas[%d]", i), &c.Areas[i])
	}
	v.state("ice_roads", c.IceRoads, false)
	v.state("winter_roads", c.WinterRoads, false)
	for i := range c.Roads {
		path := fmt.Sprintf("roads[%d]", i)
		v.selection(path, &c.Roads[i].Selection, true)
		v.state(path+".state", c.Roads[i].State, true)
	}
	seen := map[string]bool{}
	withArea := 0
	for i := range c.Speeds {
		path, s := fmt.Sprintf("speeds[%d]", i), &c.Speeds[i]
		v.id(path, s.ID, false, seen)
		v.selection(path, &s.Selection, false)
		v.modes(path+".modes", s.Modes)
		v.when(path+".when", s.When)
		if s.Percent != 0 {
			v.within(path+".percent", s.Percent, 1, maxPercent)
		}
		if s.MostKMH != 0 {
			v.within(path+".most_kmh", s.MostKMH, 1, maxKMH)
		}
		if s.Percent == 0 && s.MostKMH == 0 {
			v.bad(path, "has neither percent (1 to %d) nor most_kmh (1 to %d)", maxPercent, maxKMH)
		}
		if s.Area != "" {
			withArea++
		}
	}
	if withArea > maxAreaRules {
		v.bad("speeds", "more than %d rules have an area", maxAreaRules)
	}
	seen = map[string]bool{}
	for i := range c.Closures {
		path, x := fmt.Sprintf("closures[%d]", i), &c.Closures[i]
		v.id(path, x.ID, true, seen)
		v.selection(path, &x.Selection, true)
		v.direction(path+".direction", x.Direction)
		v.modes(path+".modes", x.Modes)
		v.when(path+".when", x.When)
	}
	seen = map[string]bool{}
	services := 0
	for i := range c.Ferries {
		if services += len(c.Ferries[i].Services); services > maxServices {
			v.bad("ferries", "there are more than %d services", maxServices)
			break
		}
		v.ferry(fmt.Sprintf("ferries[%d]", i), &c.Ferries[i], seen)
	}
	if c.Energy != nil {
		v.energy(c.Energy)
	}
	return v.problems
}

func (v *checking) area(path string, a *Area) {
	v.id(path, a.ID, true, v.areas)
	if len(a.Polygon) == 0 {
		v.bad(path+".geometry", "has no polygons")
	}
	for i, polygon := range a.Polygon {
		at := fmt.Sprintf("%s.geometry: polygon %d", path, i)
		if len(polygon) == 0 {
			v.bad(at, "has no rings")
		}
		for k, ring := range polygon {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				v.bad(at, "ring %d needs at least four points, the last equal to the first", k)
			}
			for j, p := range ring {
				if !validPoint(p) {
					v.bad(at, "ring %d, point %d is not on Earth", k, j)
					break
				}
			}
		}
	}
}

func (v *checking) selection(path string, s *Selection, must bool) {
	if must && len(s.Ways)+len(s.Names)+len(s.Refs)+len(s.Classes)+len(s.Surfaces)+len(s.Features) == 0 && s.Area == "" {
		v.bad(path, "selects nothing: it needs ways, names, refs, classes, surfaces, features or an area")
	}
	for _, list := range []struct {
		field string
		n     int
	}{{"ways", len(s.Ways)}, {"names", len(s.Names)}, {"refs", len(s.Refs)}, {"classes", len(s.Classes)}, {"surfaces", len(s.Surfaces)}, {"features", len(s.Features)}} {
		if list.n > maxSelected {
			v.bad(path+"."+list.field, "has more than %d entries", maxSelected)
			return
		}
	}
	for i, id := range s.Ways {
		if id <= 0 {
			v.bad(fmt.Sprintf("%s.ways[%d]", path, i), "%d is no OSM id", id)
		}
	}
	for i, name := range s.Names {
		if folded(name) == "" {
			v.bad(fmt.Sprintf("%s.names[%d]", path, i), "is empty")
		}
	}
	for i, ref := range s.Refs {
		if foldedRef(ref) == "" {
			v.bad(fmt.Sprintf("%s.refs[%d]", path, i), "is empty")
		}
	}
	for i, name := range s.Classes {
		if _, ok := osm.ParseClass(name); !ok {
			v.bad(fmt.Sprintf("%s.classes[%d]", path, i), "%q is no class of road", quotable(name))
		}
	}
	for i, name := range s.Surfaces {
		if _, ok := osm.ParseSurface(name); !ok {
			v.bad(fmt.Sprintf("%s.surfaces[%d]", path, i), "%q is no surface", quotable(name))
		}
	}
	for i, name := range s.Features {
		if features[name] == 0 {
			v.bad(fmt.Sprintf("%s.features[%d]", path, i), "%q is none of %s", quotable(name), strings.Join(slices.Sorted(maps.Keys(features)), ", "))
		}
	}
	if s.Area != "" && !v.areas[s.Area] {
		v.bad(path+".area", "there is no area %q", quotable(s.Area))
	}
}

func (v *checking) modes(path string, modes []string) {
	for i, name := range modes {
		if _, ok := osm.ParseMode(name); !ok {
			v.bad(fmt.Sprintf("%s[%d]", path, i), "%q is none of car, bicycle, foot", quotable(name))
		}
	}
}

func (v *checking) direction(path, direction string) {
	if direction != "" && direction != "forward" && direction != "backward" {
		v.bad(path, "%q is neither forward nor backward", quotable(direction))
	}
}

func (v *checking) when(path, when string) {
	if when != "" {
		if _, err := osm.ParseHours(when); err != nil {
			v.bad(path, "%v; write it as Nov 1-Apr 15, 2026 Nov 24-Nov 27, Mo-Fr 07:00-18:00 or 22:00-05:00", err)
		}
	}
}

func (v *checking) ferry(path string, f *Ferry, seen map[string]bool) {
	v.id(path, f.ID, true, seen)
	v.selection(path, &f.Selection, true)
	v.within(path+".boarding_seconds", f.Boarding, 0, maxBoardingTime)
	if f.Stopped == (len(f.Services) > 0) {
		v.bad(path, "needs either stopped or services")
	}
	for i := range f.Services {
		at, s := fmt.Sprintf("%s.services[%d]", path, i), &f.Services[i]
		v.direction(at+".direction", s.Direction)
		if s.When != "" {
			if h, err := osm.ParseHours(s.When); err != nil {
				v.bad(at+".when", "%v", err)
			} else if len(h.Minutes()) > 1 {
				v.bad(at+".when", "clock times have no place here; give first and last, or departures")
			}
		}
		if _, err := s.minutes(); err != nil {
			v.bad(at, "%v", err)
		}
	}
}

func (v *checking) energy(e *Energy) {
	v.within("energy.wh_per_km", e.WhPerKM, 0, maxConsumption)
	v.within("energy.percent", e.Percent, 0, maxPercent)
	v.within("energy.limit_metres", e.LimitMetres, 0, maxLimitMetres)
	v.within("energy.limit_wh", e.LimitWh, 0, maxLimitWh)
	for _, name := range slices.Sorted(maps.Keys(e.ClassPercent)) {
		if _, ok := osm.ParseClass(name); !ok {
			v.bad("energy.class_percent", "%q is no class of road", quotable(name))
		}
		v.within("energy.class_percent."+quotable(name), e.ClassPercent[name], 1, maxPercent)
	}
	for _, name := range slices.Sorted(maps.Keys(e.SurfacePercent)) {
		if _, ok := osm.ParseSurface(name); !ok {
			v.bad("energy.surface_percent", "%q is no surface", quotable(name))
		}
		v.within("energy.surface_percent."+quotable(name), e.SurfacePercent[name], 1, maxPercent)
	}
	if e.LimitWh > 0 && e.WhPerKM == 0 {
		v.bad("energy.limit_wh", "needs wh_per_km")
	}
}

// folded is a name in the form in which names are compared.
func folded(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// foldedRef is a road number in the form in which numbers are compared.
func foldedRef(ref string) string { return strings.ToLower(strings.Join(strings.Fields(ref), "")) }
