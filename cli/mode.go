package cli

import (
	ucli "github.com/urfave/cli/v2"

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
	}
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
