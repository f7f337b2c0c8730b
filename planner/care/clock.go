package care

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Errors of ParseClock. The message around them says what to write instead.
var (
	// ErrNoSuchLocalTime: clocks are put forward over it.
	ErrNoSuchLocalTime = errors.New("care: no such local time")
	// ErrAmbiguousLocalTime: clocks are put back, and it comes twice.
	ErrAmbiguousLocalTime = errors.New("care: ambiguous local time")
	// ErrClockText: the text is not a time of day.
	ErrClockText = errors.New("care: not a time of day")
)

// loadZone loads a zone by name and refuses the two names that mean something
// else on every machine.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("care: no time zone")
	}
	return time.LoadLocation(name)
}

// Zone returns the day's time zone. A name that is not known gives the zone
// that the origin carries; Validate reports it.
func (d *Day) Zone() *time.Location {
	if at := d.Origin.Location(); at.String() == d.TimeZone {
		return at
	}
	if zone, err := loadZone(d.TimeZone); err == nil {
		return zone
	}
	return d.Origin.Location()
}

// At returns the moment as a time in the day's zone.
func (d *Day) At(t Time) time.Time {
	return d.Origin.Add(time.Duration(t) * time.Second).In(d.Zone())
}

// Clock writes a moment as people read it: "07:30". On another date than the
// day's own the number of days comes first: "+1 00:30". Where clocks are put
// back and a time comes twice, a letter tells which: "02:30A" is the first,
// "02:30B" the second. Seconds are left off, as a watch without a second hand
// does. ParseClock reads what Clock writes.
func (d *Day) Clock(t Time) string { return d.clock(t, "15:04") }

// ClockSeconds is Clock with seconds: "07:30:05".
func (d *Day) ClockSeconds(t Time) string { return d.clock(t, "15:04:05") }

func (d *Day) clock(t Time, layout string) string {
	zone := d.Zone()
	moment := d.Origin.Add(time.Duration(t) * time.Second).In(zone)
	text := moment.Format(layout)
	if both := instants(wallClock(moment), zone); len(both) == 2 {
		if moment.Equal(both[0]) {
			text += "A"
		} else {
			text += "B"
		}
	}
	if days := dayNumber(moment) - dayNumber(d.Origin.In(zone)); days != 0 {
		text = fmt.Sprintf("%+d %s", days, text)
	}
	return text
}

// wallClock returns what a wall clock shows at t, as if it were in UTC.
func wallClock(t time.Time) time.Time {
	y, m, day := t.Date()
	return time.Date(y, m, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// dayNumber counts calendar dates.
func dayNumber(t time.Time) int {
	y, m, day := t.Date()
	return int(time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// instants returns the moments, none to two, at which clocks in the zone show
// a wall time, in order. Only the offsets in force a day before and a day
// after can apply: no zone changes its clocks twice within two days.
func instants(wall time.Time, zone *time.Location) []time.Time {
	var found []time.Time
	for _, around := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(around).In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if !wallClock(t).Equal(wall) || (len(found) == 1 && found[0].Equal(t)) {
			continue
		}
		found = append(found, t)
	}
	if len(found) == 2 && found[1].Before(found[0]) {
		found[0], found[1] = found[1], found[0]
	}
	return found
}

// Midnight returns the first moment of a calendar date in a zone. Only the
// year, month and day of date are used, as its own location shows them.
func Midnight(date time.Time, zone *time.Location) time.Time {
	y, m, day := date.Date()
	if at := instants(time.Date(y, m, day, 0, 0, 0, 0, time.UTC), zone); len(at) > 0 {
		return at[0]
	}
	// Midnight itself is skipped: the date begins where the clocks change.
	t := time.Date(y, m, day, 0, 0, 0, 0, zone)
	from, to := t.ZoneBounds()
	if t.Day() == day && !from.IsZero() {
		return from
	}
	return to
}

// ParseClock reads a time of day on a date in a zone, as seconds that really
// elapse from the date's midnight. Only the year, month and day of date are
// used. Hours and minutes are parted by a colon or a point, seconds may
// follow:
//
//	07:30  7.30  07:30:15   on the date
//	24:30  +1 00:30         half past midnight, on the date after
//	-1 22:00                the evening before
//	02:30A  02:30B          first and second, on the night that clocks are put back
//	02:30+01:00             with the offset from UTC; never ambiguous
//
// Errors wrap ErrClockText, ErrNoSuchLocalTime or ErrAmbiguousLocalTime and
// say what to write instead.
func ParseClock(date time.Time, text string, zone *time.Location) (Time, error) {
	if zone == nil {
		zone = time.UTC
	}
	c, ok := splitClock(strings.TrimSpace(text))
	if !ok {
		return 0, fmt.Errorf("%w: write hours and minutes, for example 07:30", ErrClockText)
	}
	y, m, d := date.Date()
	wall := time.Date(y, m, d+c.days, c.hour, c.minute, c.second, 0, time.UTC)
	found := instants(wall, zone)
	moment, err := c.choose(wall, found, zone)
	if err != nil {
		return 0, err
	}
	return Time(moment.Sub(Midnight(date, zone)) / time.Second), nil
}

// clockText is a time of day in parts.
type clockText struct {
	days, hour, minute, second int
	letter                     byte // 'A' or 'B'; 0: none
	offset                     *int // seconds east of UTC
}

// choose takes the one moment that the text means.
func (c clockText) choose(wall time.Time, found []time.Time, zone *time.Location) (time.Time, error) {
	shown, date := wall.Format("15:04"), wall.Format(time.DateOnly)
	if c.offset != nil {
		for _, t := range found {
			if _, offset := t.Zone(); offset == *c.offset {
				return t, nil
			}
		}
		return time.Time{}, fmt.Errorf("%w: %s with that offset does not come on %s: leave the offset off", ErrNoSuchLocalTime, shown, date)
	}
	switch {
	case len(found) == 0:
		before, after := gap(wall, zone)
		return time.Time{}, fmt.Errorf("%w: %s does not exist on %s, clocks go from %s to %s: write a time before %s, or %s or later",
			ErrNoSuchLocalTime, shown, date, before.Format("15:04"), after.Format("15:04"), before.Format("15:04"), after.Format("15:04"))
	case len(found) == 1 && c.letter == 'B':
		return time.Time{}, fmt.Errorf("%w: %s comes only once on %s: leave the letter off", ErrNoSuchLocalTime, shown, date)
	case len(found) == 2 && c.letter == 0:
		return time.Time{}, fmt.Errorf("%w: %s comes twice on %s: write %sA or %s for the first, %sB or %s for the second",
			ErrAmbiguousLocalTime, shown, date, shown, found[0].Format("15:04-07:00"), shown, found[1].Format("15:04-07:00"))
	case len(found) == 2 && c.letter == 'B':
		return found[1], nil
	}
	return found[0], nil
}

// gap returns the wall times between which clocks are put forward over a wall
// time that does not exist.
func gap(wall time.Time, zone *time.Location) (before, after time.Time) {
	_, offset := wall.Add(-24 * time.Hour).In(zone).Zone()
	earlier := wall.Add(-24 * time.Hour).Add(-time.Duration(offset) * time.Second).In(zone)
	_, change := earlier.ZoneBounds()
	return wallClock(change.Add(-time.Nanosecond)).Add(time.Nanosecond), wallClock(change)
}

// splitClock takes a text apart. It accepts hours up to 47 without a number of
// days, which stand for the date after.
func splitClock(s string) (c clockText, ok bool) {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		days, rest, cut := strings.Cut(s, " ")
		n, err := strconv.Atoi(days)
		if !cut || err != nil || n < -2 || n > 4 {
			return c, false
		}
		c.days, s = n, strings.TrimSpace(rest)
	}
	hasDays := c.days != 0
	if i := strings.LastIndexAny(s, "+-"); i > 0 {
		offset, good := splitOffset(s[i:])
		if !good {
			return c, false
		}
		c.offset, s = &offset, s[:i]
	} else if n := len(s); n > 0 {
		switch s[n-1] {
		case 'A', 'a':
			c.letter, s = 'A', s[:n-1]
		case 'B', 'b':
			c.letter, s = 'B', s[:n-1]
		}
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(s, ".", ":"), func(r rune) bool { return r == ':' })
	if len(parts) < 2 || len(parts) > 3 || strings.Count(s, ":")+strings.Count(s, ".") != len(parts)-1 {
		return c, false
	}
	values := make([]int, 3)
	for i, p := range parts {
		if len(p) > 2 || (i > 0 && len(p) != 2) {
			return c, false
		}
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return c, false
		}
		values[i] = int(n)
	}
	c.hour, c.minute, c.second = values[0], values[1], values[2]
	if c.minute > 59 || c.second > 59 || c.hour > 47 || (hasDays && c.hour > 23) {
		return c, false
	}
	if c.hour > 23 {
		c.hour, c.days = c.hour-24, c.days+1
	}
	return c, true
}

// splitOffset reads +01:00, +0100 or +01.
func splitOffset(s string) (seconds int, ok bool) {
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, offset := t.Zone()
			return offset, true
		}
	}
	return 0, false
}
