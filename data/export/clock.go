package export

import (
	"fmt"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// clock shows a care.Time as people read it off the wall. Nights when the
// clocks change need no special case: a Time counts real seconds, and the time
// zone says what the wall shows then.
type clock struct {
	origin time.Time
	zone   *time.Location
}

func (c clock) at(t care.Time) time.Time {
	return c.origin.Add(time.Duration(t) * time.Second).In(c.zone)
}

// hm gives hours and minutes. Seconds are cut, as on a wall clock. Where
// clocks are put back and a time comes twice, a letter tells which one it is:
// 02:30A and, an hour later, 02:30B.
func (c clock) hm(t care.Time) string { return c.at(t).Format("15:04") + c.again(t) }

func (c clock) again(t care.Time) string {
	moment := c.at(t)
	_, before := moment.Add(-2 * time.Hour).Zone()
	_, after := moment.Add(2 * time.Hour).Zone()
	back := time.Duration(before-after) * time.Second
	if back <= 0 {
		return ""
	}
	wall := moment.Format(time.DateTime)
	switch wall {
	case moment.Add(back).Format(time.DateTime):
		return "A"
	case moment.Add(-back).Format(time.DateTime):
		return "B"
	}
	return ""
}

func (c clock) hms(t care.Time) string { return c.at(t).Format("15:04:05") }

func (c clock) date(t care.Time) string { return c.at(t).Format(time.DateOnly) }

// otherDay tells a moment apart that is not on the planned date: the key of
// the words for the date after or before, or the date itself when it is
// further away. Both are empty on the planned date.
func (c clock) otherDay(t care.Time) (key, date string) {
	planned := c.at(12 * 3600)
	switch d := c.date(t); d {
	case planned.Format(time.DateOnly):
		return "", ""
	case planned.AddDate(0, 0, 1).Format(time.DateOnly):
		return "day.next", ""
	case planned.AddDate(0, 0, -1).Format(time.DateOnly):
		return "day.before", ""
	default:
		return "", d
	}
}

// offset is the distance to UTC, which tells the two hours apart that a clock
// shows twice in autumn.
func (c clock) offset(t care.Time) string { return c.at(t).Format("-07:00") }

// block names the part of the day that a moment lies in. People plan in blocks
// and find minutes stressful; the keys are those of the text tables.
func (c clock) block(t care.Time) string {
	switch h := c.at(t).Hour(); {
	case h < 6 || h >= 22:
		return "block.night"
	case h < 11:
		return "block.morning"
	case h < 13:
		return "block.lunch"
	case h < 17:
		return "block.afternoon"
	default:
		return "block.evening"
	}
}

// blocks lists the keys of the blocks in the order of the day.
var blocks = []string{"block.morning", "block.lunch", "block.afternoon", "block.evening", "block.night"}

// minutes rounds seconds up to whole minutes: a sheet that rounds a drive down
// promises time that the road does not give.
func minutes[T ~int32 | ~int64](s T) int { return int((s + 59) / 60) }

// hours writes a length of time as hours and minutes, "7:05", rounded to the
// minute.
func hours(seconds int64) string {
	m := (seconds + 30) / 60
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}
