package geo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// Period is a part of a day within which the roads stay about the same for a
// profile. It ends where the next one begins.
type Period struct {
	Start time.Time
	// State numbers what holds, from 0 in the order in which it comes. Periods
	// of one state are alike: one metric serves them all.
	State int
	// The same for all of a state, see MetricOptions.
	At, Since, Until time.Time
}

// Options are those of a metric for the period.
func (p *Period) Options(o MetricOptions) MetricOptions {
	o.At, o.Since, o.Until = p.At, p.Since, p.Until
	return o
}

// mostPeriods bounds the periods that a plan goes through for every leg.
const mostPeriods = 96

// Periods cuts the time from and until into periods within which the condition,
// the conditional tags of the map and the ferries' timetables stay about the
// same for a profile, in at most so many states (0: 8). A road that is closed
// for ten minutes of every hour makes two states, however many hours there are.
// The first period begins with from. The condition may be nil.
//
// Cuts are where a rule, a closure or a tag begins or ceases to bind, and where
// one comes too late for the first or the last departure of a service, or for
// each one of a list. Where there are too many states, or more than 96 periods,
// the waits at ferries are first taken from one departure that cuts to the next,
// whatever else changes in between; then departures are left out as long as that
// makes nobody wait more than two hours longer, those of least harm first; and
// last, what holds for the least time in all is not told apart: there counts
// what holds before or after it, of both the worse.
func (r *Region) Periods(ctx context.Context, profile osm.Profile, c *Condition, from, until time.Time, most int) ([]Period, error) {
	if err := r.acquire(); err != nil {
		return nil, err
	}
	defer r.mu.RUnlock()
	if c == nil {
		c = &Condition{}
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if !until.After(from) || until.Sub(from) > 31*24*time.Hour {
		return nil, fmt.Errorf("geo: periods need a time from and until, at most 31 days")
	}
	if most <= 0 {
		most = 8
	}
	p := periods{ctx: ctx, from: from, until: until}
	mine := func(modes []string) bool {
		return len(modes) == 0 || slices.Contains(modes, profile.Mode.String())
	}
	for i := range c.Speeds {
		if s := &c.Speeds[i]; mine(s.Modes) {
			weight := int64(1)
			if s.Percent > 100 && s.MostKMH == 0 {
				weight = -1
			}
			p.hours(s.When, weight)
		}
	}
	for i := range c.Closures {
		if mine(c.Closures[i].Modes) {
			p.hours(c.Closures[i].When, closedWeight)
		}
	}
	p.tags(r, profile.Mode)
	for i := range c.Ferries {
		f := &c.Ferries[i]
		if f.Stopped {
			continue
		}
		boarding := cmp.Or(f.Boarding, profile.FerryBoarding)
		for k := range f.Services {
			p.service(&f.Services[k], boarding)
		}
		p.ferries = append(p.ferries, periodFerry{newTimetable(f.Services, true), boarding}, periodFerry{newTimetable(f.Services, false), boarding})
	}
	list := p.divide(most)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return list, nil
}

// Varying names the closures and speed rules (such as `closures[1] "the
// bridge"`) that bind for a part only of the time from and until. A single
// metric takes them as they are when it begins.
func (c *Condition) Varying(from, until time.Time) []string {
	var list []string
	vary := func(part, id, when string) {
		p := periods{ctx: context.Background(), from: from, until: until}
		if p.hours(when, 1); len(p.hard) > 0 {
			if id != "" {
				part += fmt.Sprintf(" %q", id)
			}
			list = append(list, part)
		}
	}
	for i := range c.Closures {
		vary(fmt.Sprintf("closures[%d]", i), c.Closures[i].ID, c.Closures[i].When)
	}
	for i := range c.Speeds {
		vary(fmt.Sprintf("speeds[%d]", i), c.Speeds[i].ID, c.Speeds[i].When)
	}
	return list
}

// periods gathers cuts.
type periods struct {
	ctx         context.Context // when it is done, the rest is not looked at
	from, until time.Time
	hard, soft  []time.Time  // cuts; soft for a departure
	rules       []periodRule // what changes at the hard ones
	ferries     []periodFerry
	waits       map[[2]time.Time][]int64 // the longest, as they are asked for
}

// periodRule tells what holds, and how bad that is.
type periodRule struct {
	state func(time.Time) string
	bad   func(state string) int64
}

// closedWeight is how bad a closed road is, beside a slow one.
const closedWeight = 1 << 20

// each visits the instants of the period at the given minutes of a day, by the
// clock on the wall, beginning some days before. Where clocks are put forward
// over a time it does not come, and where they are put back, twice.
func (p *periods) each(minutes []int, before int, shift time.Duration, visit func(at, day time.Time)) {
	y, m, d := p.from.Date()
	for day := -before; ; day++ {
		midnight := time.Date(y, m, d+day, 0, 0, 0, 0, p.from.Location())
		if !midnight.Add(shift).Before(p.until) || p.ctx.Err() != nil {
			return
		}
		for _, minute := range minutes {
			for _, at := range shown(time.Date(y, m, d+day, 0, minute, 0, 0, time.UTC), p.from.Location()) {
				if at = at.Add(shift); at.After(p.from) && at.Before(p.until) {
					visit(at, midnight)
				}
			}
		}
	}
}

// shown are the instants, none to two, at which clocks in a zone show what wall
// says in UTC. No zone sets its clocks twice within two days.
func shown(wall time.Time, zone *time.Location) (list []time.Time) {
	for _, around := range [...]time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(around).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, is := at.Zone(); is == offset && (len(list) == 0 || !list[0].Equal(at)) {
			list = append(list, at)
		}
	}
	return list
}

// changes adds the minutes at which a rule's state is another than just before:
// those given, and those at which clocks are set.
func (p *periods) changes(minutes []int, rule periodRule) {
	before := len(p.hard)
	look := func(at, _ time.Time) {
		if rule.state(at) != rule.state(at.Add(-time.Minute)) {
			p.hard = append(p.hard, at)
		}
	}
	p.each(minutes, 0, 0, look)
	for _, at := p.from.ZoneBounds(); !at.IsZero() && at.Before(p.until); _, at = at.ZoneBounds() {
		look(at, at)
	}
	if len(p.hard) > before {
		p.rules = append(p.rules, rule)
	}
}

func (p *periods) hours(text string, weight int64) {
	if text == "" {
		return
	}
	h, err := osm.ParseHours(text)
	if err != nil {
		return
	}
	p.changes(h.Minutes(), periodRule{
		func(t time.Time) string { return strconv.FormatBool(h.Holds(t)) },
		func(state string) int64 {
			if state == "true" {
				return weight
			}
			return 0
		},
	})
}

// tags looks at each different text of conditional tags once. What it does is
// seen on a way that everybody may use.
func (p *periods) tags(r *Region, mode osm.Modes) {
	seen := map[int32]bool{0: true}
	rules := osm.DefaultTags()
	open := osm.Way{Forward: osm.AllModes, Backward: osm.AllModes}
	limited := open
	limited.Limited = osm.AllModes
	free := fmt.Sprint(open, limited)
	for i := range r.ways {
		text := r.ways[i].Condition
		if seen[text] {
			continue
		}
		seen[text] = true
		c := osm.ParseConditions(r.text(text))
		p.changes(c.Minutes(), periodRule{
			func(t time.Time) string {
				free, limited := open, limited
				c.Bind(&free, mode, t, rules)
				c.Bind(&limited, mode, t, rules)
				return fmt.Sprint(free, limited)
			},
			func(state string) int64 {
				if state == free {
					return 0
				}
				return closedWeight
			},
		})
	}
	turns := map[int32]bool{0: true}
	for i := range r.restrictions {
		text := r.restrictions[i].Condition
		if turns[text] {
			continue
		}
		turns[text] = true
		c := osm.ParseTurnCondition(r.text(text))
		p.changes(c.Minutes(), periodRule{
			func(t time.Time) string { return fmt.Sprint(c.Binds(false, t), c.Binds(true, t)) },
			func(state string) int64 {
				if state == fmt.Sprint(osm.No, osm.No) {
					return 0
				}
				return 1
			},
		})
	}
}

// service adds the minutes from which one comes too late for a departure,
// boarding taken into account.
func (p *periods) service(s *Service, boarding int) {
	minutes, err := s.minutes()
	if err != nil {
		return
	}
	if s.Every > 0 {
		minutes = []int{minutes[0], minutes[len(minutes)-1]}
	}
	days, _ := osm.ParseHours(s.When)
	late := time.Duration(1-(boarding+59)/60) * time.Minute
	p.each(minutes, 1, late, func(at, day time.Time) {
		if days.IsZero() || days.Holds(day.Add(12*time.Hour)) {
			p.soft = append(p.soft, at)
		}
	})
}
