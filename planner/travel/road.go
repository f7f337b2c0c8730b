package travel

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
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
	// speeds come on top of the day's. Where it changes between the first
	// shift's start and the last one's end, travel differs by part of the day.
	// Waits at a ferry are means over a part, and the longest of the part where
	// that is more than an hour, boarding aside, for nobody crosses at the mean of hours.
	Condition *geo.Condition
	// Profiles stand in place of what Profile makes of a mode and of the day's
	// condition.
	Profiles map[care.Mode]osm.Profile
	// Parts is how many states of the roads are told apart at most; 0: 8. A
	// state may come and go as often as it likes. With 1 what has a time is
	// taken as it is for most of the day.
	Parts int
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

// net is one mode's metrics with every place of the day on them.
type net struct {
	parts   []geo.Period  // of the day; empty: the condition has no time
	all     int           // so many states the condition has
	metrics []*geo.Metric // by state
	snaps   []geo.Snap
	cuts    []geo.Cut // places that closures cut off from the bases all day
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
func Prepare(ctx context.Context, day *care.Day, region *geo.Region, o Options) (*Road, error) {
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
		profile, err := r.profile(mode)
		if err != nil {
			return nil, err
		}
		n, err := r.prepareNet(ctx, region, profile, geo.SnapOptions{Limit: o.SnapLimit, Anchors: anchors}, points, ends)
		if err != nil {
			return nil, fmt.Errorf("travel: %w", err)
		}
		r.modes = append(r.modes, mode)
		r.nets[mode] = n
	}
	return r, nil
}

// profile is who travels by a mode, and makes the source say when that is not
// what the day says.
func (r *Road) profile(mode care.Mode) (osm.Profile, error) {
	p, own := r.o.Profiles[mode]
	if !own {
		return Profile(mode, r.day.Condition)
	}
	if p.Mode.String() != string(mode) {
		return p, fmt.Errorf("travel: the profile %q for %s is one for %v", p.Name, mode, p.Mode)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return p, fmt.Errorf("travel: %w", err)
	}
	r.source += fmt.Sprintf(" by %s %x", mode, sha256.Sum256(text))
	return p, nil
}

// prepareNet puts the places on the roads as they are without closures and
// stopped ferries: with them a home by the water would move to the other bank,
// where the roads are open. Who is cut off then is found out.
func (r *Road) prepareNet(ctx context.Context, region *geo.Region, p osm.Profile, at geo.SnapOptions, points []orb.Point, ends map[int]bool) (n net, err error) {
	if n.parts, n.all, err = r.divide(ctx, region, p); err != nil {
		return n, err
	}
	o := r.asked
	for i := range max(1, len(n.parts)) {
		at := r.asked
		if i < len(n.parts) {
			if n.parts[i].State < len(n.metrics) {
				continue
			}
			at = n.parts[i].Options(at)
		}
		m, err := region.MetricWith(ctx, p, at)
		if err != nil {
			return n, err
		}
		n.metrics = append(n.metrics, m)
	}
	closes := o.Condition != nil && len(o.Condition.Closures)+len(o.Condition.Ferries) > 0
	plain := n.metrics[0]
	if closes {
		c := *o.Condition
		c.Closures, c.Ferries = nil, nil
		o.Condition = &c
		if plain, err = region.MetricWith(ctx, p, o); err != nil {
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
		n.cuts, err = cutAllDay(ctx, n.metrics, n.snaps, bases)
	}
	if err == nil {
		err = n.cutBases(ctx, ends)
	}
	return n, err
}

// cutBases adds the bases that closures keep from all the others: a base is
// reached from itself, so it is not among the rest.
func (n *net) cutBases(ctx context.Context, ends map[int]bool) error {
	for i := range n.snaps {
		if !ends[i] || len(ends) == 1 {
			continue
		}
		var others []geo.Snap
		for j := range n.snaps {
			if ends[j] && j != i {
				others = append(others, n.snaps[j])
			}
		}
		cuts, err := cutAllDay(ctx, n.metrics, n.snaps[i:i+1], others)
		if err != nil {
			return err
		}
		at, known := slices.BinarySearchFunc(n.cuts, i, func(c geo.Cut, place int) int { return c.Point - place })
		if len(cuts) == 0 || known || len(cuts[0].Alone)+len(cuts[0].Together) == 0 {
			continue // or no closure has to do with it
		}
		cuts[0].Point = i
		n.cuts = slices.Insert(n.cuts, at, cuts[0])
	}
	return nil
}

// cutAllDay lists the places that are cut off in every part of the day, as in
// the first.
func cutAllDay(ctx context.Context, metrics []*geo.Metric, snaps, bases []geo.Snap) ([]geo.Cut, error) {
	cuts, err := metrics[0].CutOff(ctx, snaps, bases)
	for _, m := range metrics[1:] {
		if err != nil || len(cuts) == 0 {
			break
		}
		var later []geo.Cut
		later, err = m.CutOff(ctx, snaps, bases)
		cuts = slices.DeleteFunc(cuts, func(c geo.Cut) bool {
			return !slices.ContainsFunc(later, func(l geo.Cut) bool { return l.Point == c.Point })
		})
	}
	return cuts, err
}

// mostHours is more than the shifts of a day that passes Validate span.
const mostHours = 31 * 24 * time.Hour

// divide finds the parts of the day in which the roads differ for a profile, and
// how many states they have in truth.
func (r *Road) divide(ctx context.Context, region *geo.Region, p osm.Profile) (parts []geo.Period, all int, err error) {
	if hours := r.asked.Until.Sub(r.asked.At); hours <= 0 || hours > mostHours {
		return nil, 0, nil
	}
	exact, err := region.Periods(ctx, p, r.asked.Condition, r.asked.At, r.asked.Until, math.MaxInt)
	if err != nil {
		return nil, 0, err
	}
	parts, err = region.Periods(ctx, p, r.asked.Condition, r.asked.At, r.asked.Until, r.o.Parts)
	return parts, states(exact), err
}

// states is how many different ones parts have.
func states(parts []geo.Period) (n int) {
	for i := range parts {
		n = max(n, parts[i].State+1)
	}
	return n
}

// Parts is what a mode's day is divided into, and how many states of the roads
// there would be without Options.Parts. With one state there is one matrix for
// the day.
func (r *Road) Parts(mode care.Mode) (parts []geo.Period, all int) {
	n := r.nets[mode]
	return slices.Clone(n.parts), n.all
}

// Merged says, for the mode with most of them, how many states of the roads the
// condition has in the course of the day, and how many are told apart.
func (r *Road) Merged() (all, told int) {
	for _, mode := range r.modes {
		if n := r.nets[mode]; n.all > all {
			all, told = n.all, states(n.parts)
		}
	}
	return all, told
}

// at is the metric for a leg that departs at a time.
func (n *net) at(r *Road, depart care.Time) *geo.Metric {
	state := 0
	for i := range n.parts {
		if i == 0 || r.since(&n.parts[i]) <= depart {
			state = n.parts[i].State
		}
	}
	return n.metrics[state]
}

// since is when a part of the day begins, in the day's own count.
func (r *Road) since(part *geo.Period) care.Time {
	return care.Time(part.Start.Sub(r.day.Origin) / time.Second)
}

// Varying names the rules of the condition that bind for a part of the day only
// although one matrix was asked for, and the time at which they were looked up
// instead.
func (r *Road) Varying() (parts []string, at time.Time) {
	if c := r.asked.Condition; c != nil && r.o.Parts == 1 && !r.asked.Until.IsZero() {
		parts = c.Varying(r.asked.At, r.asked.Until)
	}
	at = r.asked.At
	if len(r.modes) > 0 && len(r.nets[r.modes[0]].parts) > 0 {
		at = r.nets[r.modes[0]].parts[0].At
	}
	return parts, at
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
