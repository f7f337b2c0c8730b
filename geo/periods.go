package geo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// Periods cuts the time from and until into at most so many periods (0: 8)
// within which the condition, the conditional tags of the map and the ferries'
// timetables stay about the same, and gives the instants at which they begin:
// the first is from. The condition may be nil.
//
// Cuts are where a rule, a closure or a tag begins or ceases to bind, and where
// one comes too late for the first or the last departure of a service, or for
// each one of a list. When there are too many, departures are left out first, and of equals the cut after
// the shortest period. What holds when a period begins counts for all of it.
func (r *Region) Periods(ctx context.Context, c *Condition, from, until time.Time, most int) ([]time.Time, error) {
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
	for i := range c.Speeds {
		p.hours(c.Speeds[i].When)
	}
	for i := range c.Closures {
		p.hours(c.Closures[i].When)
	}
	p.tags(r)
	for i := range c.Ferries {
		for k := range c.Ferries[i].Services {
			p.service(&c.Ferries[i].Services[k], cmp.Or(c.Ferries[i].Boarding, osm.CarProfile().FerryBoarding))
		}
	}
	starts := p.merged(most)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return starts, nil
}

// Varying names the closures and speed rules (such as `closures[1] "the
// bridge"`) that bind for a part only of the time from and until. A single
// metric takes them as they are when it begins.
func (c *Condition) Varying(from, until time.Time) []string {
	var list []string
	vary := func(part, id, when string) {
		p := periods{ctx: context.Background(), from: from, until: until}
		if p.hours(when); len(p.cuts) > 0 {
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
	cuts        []cutAt
}

// cutAt is an instant at which something changes; soft for a departure.
type cutAt struct {
	at   time.Time
	soft bool
}

// each visits the instants of the period at the given minutes of a day, by the
// clock on the wall, beginning some days before. Where clocks are put forward
// over a time it does not come, and where they are put back, twice.
func (p *periods) each(minutes []int, before int, visit func(at, day time.Time)) {
	y, m, d := p.from.Date()
	for day := -before; ; day++ {
		midnight := time.Date(y, m, d+day, 0, 0, 0, 0, p.from.Location())
		if !midnight.Before(p.until) || p.ctx.Err() != nil {
			return
		}
		for _, minute := range minutes {
			for _, at := range shown(time.Date(y, m, d+day, 0, minute, 0, 0, time.UTC), p.from.Location()) {
				if at.After(p.from) && at.Before(p.until) {
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

// changes adds the minutes at which a state is another than just before: those
// given, and those at which clocks are set.
func (p *periods) changes(minutes []int, state func(time.Time) string) {
	look := func(at, _ time.Time) {
		if state(at) != state(at.Add(-time.Minute)) {
			p.cuts = append(p.cuts, cutAt{at, false})
		}
	}
	p.each(minutes, 0, look)
	for _, at := p.from.ZoneBounds(); !at.IsZero() && at.Before(p.until); _, at = at.ZoneBounds() {
		look(at, at)
	}
}

func (p *periods) hours(text string) {
	if text == "" {
		return
	}
	h, err := osm.ParseHours(text)
	if err != nil {
		return
	}
	p.changes(h.Minutes(), func(t time.Time) string { return fmt.Sprint(h.Holds(t)) })
}

// tags looks at each different text of conditional tags once. What it does is
// seen on a way that everybody may use.
func (p *periods) tags(r *Region) {
	seen := map[int32]bool{0: true}
	rules := osm.DefaultTags()
	for i := range r.ways {
		text := r.ways[i].Condition
		if seen[text] {
			continue
		}
		seen[text] = true
		c := osm.ParseConditions(r.text(text))
		p.changes(c.Minutes(), func(t time.Time) string {
			way := osm.Way{Forward: osm.AllModes, Backward: osm.AllModes}
			for _, mode := range []osm.Modes{osm.ModeCar, osm.ModeBicycle, osm.ModeFoot} {
				c.Bind(&way, mode, t, rules)
			}
			return fmt.Sprint(way)
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
		p.changes(c.Minutes(), func(t time.Time) string { return fmt.Sprint(c.Binds(false, t), c.Binds(true, t)) })
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
	p.each(minutes, 1, func(at, day time.Time) {
		if days.IsZero() || days.Holds(day.Add(12*time.Hour)) {
			late := at.Add(time.Duration(1-(boarding+59)/60) * time.Minute)
			if late.After(p.from) && late.Before(p.until) {
				p.cuts = append(p.cuts, cutAt{late, true})
			}
		}
	})
}

// merged sorts the cuts, once each, and leaves out the least important until
// there are few enough.
func (p *periods) merged(most int) []time.Time {
	slices.SortFunc(p.cuts, func(a, b cutAt) int {
		if c := a.at.Compare(b.at); c != 0 || a.soft == b.soft {
			return c
		}
		if a.soft {
			return 1
		}
		return -1
	})
	cuts := slices.CompactFunc(p.cuts, func(a, b cutAt) bool { return a.at.Equal(b.at) })
	for len(cuts)+1 > most && len(cuts) > 0 && p.ctx.Err() == nil {
		worst, shortest := -1, time.Duration(0)
		for i, c := range cuts {
			before := p.from
			if i > 0 {
				before = cuts[i-1].at
			}
			length := c.at.Sub(before)
			if worst < 0 || c.soft && !cuts[worst].soft || c.soft == cuts[worst].soft && length < shortest {
				worst, shortest = i, length
			}
		}
		cuts = slices.Delete(cuts, worst, worst+1)
	}
	starts := []time.Time{p.from}
	for _, c := range cuts {
		starts = append(starts, c.at)
	}
	return starts
}
