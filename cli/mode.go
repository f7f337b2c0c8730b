package cli

import (
	"os"
	"path/filepath"
	"time"

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
		&ucli.StringFlag{Name: "condition", Usage: "state of the roads as JSON `FILE`: closures, snow, ferries; see docs/condition.md"},
		&ucli.StringFlag{Name: "at", Usage: "the `TIME` for which timetables and times in the condition count, on the clock of the map's place: 2026-11-24T07:00"},
	}
}

// roadOptions are the options of a metric that the road flags ask for.
func roadOptions(c *ucli.Context) (geo.MetricOptions, error) {
	o := geo.MetricOptions{Shortest: c.Bool("shortest")}
	if at := c.String("at"); at != "" {
		var err error
		// The zone does not matter: what has a time is a clock on a wall.
		if o.At, err = time.Parse("2006-01-02T15:04", at); err != nil {
			return o, badInput("--at %q: is not a time; write it as 2026-11-24T07:00", at)
		}
	}
	if path := c.String("condition"); path != "" {
		f, err := os.Open(path)
		if err != nil {
			return o, badInput("cannot open the condition %s: %w", path, plain(err))
		}
		defer f.Close() //nolint:errcheck // only read
		if o.Condition, err = geo.ReadCondition(f, filepath.Base(path)); err != nil {
			return o, inputError{err}
		}
	}
	return o, nil
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
