package cli

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/planner/care"
)

// timeFlags say at which time a map is looked at.
func timeFlags(usage string) []ucli.Flag {
	return []ucli.Flag{
		&ucli.StringFlag{Name: "at", Usage: usage},
		&ucli.StringFlag{Name: "timezone", Usage: "the time `ZONE` of --at, such as Europe/Helsinki (default: that of a bundled area, for other maps " + table.DefaultTimeZone + ")"},
	}
}

// timeForm is what --at looks like: a date, a time of day, and where clocks are
// put back which of the two is meant.
var timeForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d(?:[AB]|[+-]\d{2}:\d{2})?)$`)

// conditionTime is the flag --at; zero if it is not given. A time over which
// clocks are put forward is refused, and so is one that comes twice unless it
// says which.
func conditionTime(c *ucli.Context) (at time.Time, err error) {
	text := c.String("at")
	if text == "" {
		return at, nil
	}
	name := table.DefaultTimeZone
	if area, ok := sample.ByName(c.String("map")); ok {
		name = area.TimeZone
	}
	name = cmp.Or(c.String("timezone"), name)
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return at, badInput("--timezone %q: is not a known time zone; write an IANA name, such as Europe/Stockholm", name)
	}
	parts := timeForm.FindStringSubmatch(text)
	if parts == nil {
		return at, badInput("--at %q: is not a time; write it as 2026-11-24T07:30", text)
	}
	date, err := time.Parse(time.DateOnly, parts[1])
	if err != nil {
		return at, badInput("--at %q: is not a time; write it as 2026-11-24T07:30", text)
	}
	if y := date.Year(); y < 1990 || y > 2100 {
		return at, badInput("--at %q: must lie from 1990 to 2100", text)
	}
	clock, err := care.ParseClock(date, parts[2], zone)
	if err != nil {
		why := err.Error()
		for _, sentinel := range []error{care.ErrNoSuchLocalTime, care.ErrAmbiguousLocalTime} {
			why = strings.TrimPrefix(why, sentinel.Error()+": ")
		}
		return at, badInput("--at %q: %s (clocks in %s; --timezone names others)", text, why, name)
	}
	return care.Midnight(date, zone).Add(time.Duration(clock) * time.Second), nil
}
