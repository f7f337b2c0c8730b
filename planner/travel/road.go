package travel

import (
	"context"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
)

// Options shape how places meet the map. The zero value is the default.
type Options struct {
	SnapLimit float64 // metres from a place to its road at most; 0: 500
	Threads   int     // for the matrices; 0: as many as there are processors
	// Condition is the state of the roads; nil: what the day's own condition
	// says. Where both speak of ice roads or winter roads this one counts; its
	// speeds come on top of the day's. What has a time is looked up when the
	// day's first shift begins, and waits at ferries are means over the time
	// until the last one ends.
	Condition *geo.Condition
	// Cache is a folder that keeps matrices from one planning to the next, so
	// that a day with two more places costs two rows and two columns; "": none.
	// It holds hashes and places on roads, and nothing about people.
	Cache string
}

// MovedNotice is the distance in metres from which a snapped place is
// reported as moved.
const MovedNotice = 100

// Road is a day's places on a region's roads, by mode. It is safe for
// concurrent use.
type Road struct {
	day    *care.Day
	source string
	row    map[string]int
	modes  []care.Mode // in the order of care's constants
	nets   map[care.Mode]net
	o      Options
	asked  geo.MetricOptions // the condition and its time
}

// net is one mode's metric with every place of the day on it.
type net struct {
	metric *geo.Metric
	snaps  []geo.Snap
	cuts   []geo.Cut // places that closures cut off from the bases
}

// Profile is what the mode's profile becomes under a condition.
func Profile(mode care.Mode, c *care.Condition) (osm.Profile, error) {
	var p osm.Profile
	switch mode {
	case care.Car:
		p = osm.CarProfile()
		if c != nil && c.SpeedPercent > 0 {
			p.SpeedPercent = c.SpeedPercent
		}
	case care.Bicycle:
		p = osm.BicycleProfile()
	case care.Foot:
		p = osm.FootProfile()
	default:
		return p, fmt.Errorf("travel: no profile for mode %q", mode)
	}
	if c != nil {
		p.IceRoads = c.IceRoads
		p.WinterRoads = c.Season == care.Winter
	}
	return p, nil
}

// sourceOf names a map so that it can be told from another of the same name.
func sourceOf(info geo.Info) string {
	if info.Name == "" {
		return info.Hash
	}
	return info.Name + " " + info.Hash
}

// Prepare snaps the day's places for every mode that a shift uses. The bases
// and the ends of shifts decide which part of the road network counts as
// reachable.
func Prepare(day *care.Day, region *geo.Region, o Options) (*Road, error) {
	r := &Road{day: day, source: sourceOf(region.Info()), row: make(map[string]int), nets: make(map[care.Mode]net), o: o}
	points := make([]orb.Point, len(day.Places))
	for i := range day.Places {
		r.row[day.Places[i].ID] = i
		points[i] = orb.Point{day.Places[i].Lon, day.Places[i].Lat}
	}
	used := make(map[care.Mode]bool)
	ends := make(map[int]bool)
	for i := range day.Shifts {
		used[day.Shifts[i].Mode] = true
		for _, id := range []string{day.Shifts[i].From, day.Shifts[i].To} {
			if at, ok := r.row[id]; ok {
				ends[at] = true
			}
		}
	}
	for i := range day.Bases {
		if at, ok := r.row[day.Bases[i].Place]; ok {
			ends[at] = true
		}
	}
	options := metricOptions(day, o.Condition)
	r.asked = options
	if o.Condition != nil {
		r.source += " under " + o.Condition.Hash()
	}
	var anchors []orb.Point
	for i := range day.Places {
		if ends[i] {
			anchors = append(anchors, points[i])
		}
	}
	for _, mode := range []care.Mode{care.Car, care.Bicycle, care.Foot} {
		if !used[mode] {
			continue
		}
		profile, err := Profile(mode, day.Condition)
		if err != nil {
			return nil, err
		}
		n, err := prepareNet(region, profile, options, geo.SnapOptions{Limit: o.SnapLimit, Anchors: anchors}, points, ends)
		if err != nil {
			return nil, fmt.Errorf("travel: %w", err)
		}
		r.modes = append(r.modes, mode)
		r.nets[mode] = n
	}
	return r, nil
}

// prepareNet puts the places on the roads as they are without closures and
// stopped ferries: with them a home by the water would move to the other bank,
// where the roads are open. Who is cut off then is found out.
func prepareNet(region *geo.Region, p osm.Profile, o geo.MetricOptions, at geo.SnapOptions, points []orb.Point, ends map[int]bool) (n net, err error) {
	if n.metric, err = region.MetricWith(p, o); err != nil {
		return n, err
	}
	closes := o.Condition != nil && len(o.Condition.Closures)+len(o.Condition.Ferries) > 0
	plain := n.metric
	if closes {
		c := *o.Condition
		c.Closures, c.Ferries = nil, nil
		o.Condition = &c
		if plain, err = region.MetricWith(p, o); err != nil {
			return n, err
		}
	}
	if n.snaps, err = plain.Snap(points, at); err != nil || !closes {
		return n, err
	}
	var bases []geo.Snap
	for i := range n.snaps {
		if ends[i] {
			bases = append(bases, n.snaps[i])
		}
	}
	if len(bases) > 0 {
		n.cuts, err = n.metric.CutOff(context.Background(), n.snaps, bases)
	}
	return n, err
}

// Varying names the parts of the condition that bind for a part of the day
// only, and the time at which they were looked up instead.
func (r *Road) Varying() (parts []string, at time.Time) {
	if c := r.asked.Condition; c != nil && r.asked.Until.After(r.asked.At) {
		parts = c.Varying(r.asked.At, r.asked.Until)
	}
	return parts, r.asked.At
}

// metricOptions are the condition with the time from the first shift to the
// last. A day without shifts has no time.
func metricOptions(day *care.Day, c *geo.Condition) geo.MetricOptions {
	o := geo.MetricOptions{Condition: c}
	if c == nil || len(day.Shifts) == 0 {
		return o
	}
	start, end := day.Shifts[0].Start, day.Shifts[0].End
	for i := range day.Shifts {
		start, end = min(start, day.Shifts[i].Start), max(end, day.Shifts[i].End)
	}
	if o.At = day.At(start); end > start {
		o.Until = day.At(end)
	}
	return o
}
