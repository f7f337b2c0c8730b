package cli

import (
	"context"
	"fmt"
	"slices"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// roadFlags say which roads are open to whom, for the commands that work on a
// map without a day.
func roadFlags() []ucli.Flag {
	return append([]ucli.Flag{
		modeFlag(),
		shortestFlag, winterFlag, iceFlag,
		stateFlag, presetFlag,
	}, timeFlags("the `TIME` for which timetables and times in the condition count, on the clock of the map's place: 2026-11-24T07:00")...)
}

// roads are the metric that the road flags ask for.
type roads struct {
	profile osm.Profile
	options geo.MetricOptions
	from    string // who says so, for messages
}

// askedRoads reads the road flags. Those of a preset are complete when on has
// seen the map.
func askedRoads(c *ucli.Context) (r roads, err error) {
	if r.options.At, err = conditionTime(c); err != nil || c.String("preset") != "" {
		return r, err
	}
	if r.profile, err = modeProfile(c); err != nil {
		return r, err
	}
	r.options.Shortest = c.Bool("shortest")
	r.options.Condition, err = readCondition(c.String("condition"))
	r.from = c.String("condition")
	return r, err
}

// on takes the roads of --preset from the map.
func (r *roads) on(c *ucli.Context, region *geo.Region) error {
	name := c.String("preset")
	if name == "" {
		return nil
	}
	preset, err := region.Preset(name)
	if err != nil {
		return presetError(err)
	}
	r.profile, r.options, r.from = preset.Profile, preset.Options(r.options.At), fmt.Sprintf("the preset %q", name)
	return nil
}

// inMetres refuses a preset that counts watt-hours where metres are meant.
func (r *roads) inMetres() error {
	if r.options.Second == geo.EnergyUsed {
		return badInput("%s counts watt-hours, and this command needs metres; only slinga matrix counts either", r.from)
	}
	return nil
}

// metrics makes the metric that the options ask for, and one in which nothing
// is closed for now. Places are put on roads by the second: with the first, a
// home behind a closed bridge would be put on the near bank. They are the same
// when nothing is closed.
func metrics(ctx context.Context, region *geo.Region, profile osm.Profile, o geo.MetricOptions) (metric, open *geo.Metric, err error) {
	if metric, err = region.MetricWith(ctx, profile, o); err != nil {
		return nil, nil, inputError{err}
	}
	if o.Condition == nil {
		return metric, metric, nil
	}
	without := *o.Condition
	without.Closures = nil
	without.Ferries = slices.DeleteFunc(slices.Clone(without.Ferries), func(f geo.Ferry) bool { return f.Stopped })
	if len(o.Condition.Closures) == 0 && len(without.Ferries) == len(o.Condition.Ferries) {
		return metric, metric, nil
	}
	o.Condition = &without
	if open, err = region.MetricWith(ctx, profile, o); err != nil {
		return nil, nil, inputError{err}
	}
	return metric, open, nil
}

// closureName is the id of a closure or of a stopped ferry, with its text if
// it has one.
func closureName(condition *geo.Condition, id string) string {
	words := ""
	for _, c := range condition.Closures {
		if c.ID == id && words == "" {
			words = c.Text
		}
	}
	for _, f := range condition.Ferries {
		if f.ID == id && words == "" {
			words = f.Text
		}
	}
	if words == "" {
		return id
	}
	return id + " (" + words + ")"
}

func modeFlag() ucli.Flag {
	return &ucli.StringFlag{Name: "mode", Usage: "`MODE`: car, bicycle or foot", Value: "car"}
}

// modeBits are the modes of a map by the flag's words.
var modeBits = map[string]osm.Modes{"car": osm.ModeCar, "bicycle": osm.ModeBicycle, "foot": osm.ModeFoot}

// modeProfile is the profile that the road flags ask for.
func modeProfile(c *ucli.Context) (osm.Profile, error) {
	mode := c.String("mode")
	condition := &care.Condition{Season: care.Summer, IceRoads: c.Bool("ice-roads")}
	if c.Bool("winter") {
		condition.Season = care.Winter
	}
	profile, err := travel.Profile(care.Mode(mode), condition)
	if err != nil {
		return profile, badInput("--mode %q: must be car, bicycle or foot", mode)
	}
	return profile, nil
}
