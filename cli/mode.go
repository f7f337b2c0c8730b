package cli

import (
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// roadFlags say which roads are open to whom, for the commands that work on a
// map without a day.
func roadFlags() []ucli.Flag {
	return []ucli.Flag{
		modeFlag(),
		&ucli.BoolFlag{Name: "shortest", Usage: "least metres instead of least seconds"},
		&ucli.BoolFlag{Name: "winter", Usage: "winter roads open"},
		&ucli.BoolFlag{Name: "ice-roads", Usage: "ice roads open"},
		stateFlag,
		&ucli.StringFlag{Name: "at", Usage: "the `TIME` for which timetables and times in the condition count, on the clock of the map's place: 2026-11-24T07:00"},
	}
}

// roadOptions are the options of a metric that the road flags ask for.
func roadOptions(c *ucli.Context) (o geo.MetricOptions, err error) {
	o.Shortest = c.Bool("shortest")
	if o.At, err = conditionTime(c); err != nil {
		return o, err
	}
	o.Condition, err = readCondition(c.String("condition"))
	return o, err
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
