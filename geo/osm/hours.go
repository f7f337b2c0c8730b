package osm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours is a set of times that repeats: the part of the opening_hours language
// that occurs in conditional tags and in timetables.
//
//	Nov 1-Apr 15          dates, over the turn of the year too
//	Nov-Apr               months
//	2026 Nov 21-Nov 23    dates of one year
//	winter                November to April; summer is the other half
//	Mo-Fr, Sa             weekdays; PH and SH never hold, see below
//	07:00-09:00           clock times; 22:00-05:00 runs past midnight
//	24/7                  always
//	Mo-Fr 07:00-18:00; We 12:00-13:00 off
//	Mo 10:00-12:00, We 14:00-16:00
//
// After a semicolon, a rule replaces what the rules before it say about the
// days that it names; after a comma it adds to them. "off" and "closed" take
// away: some hours, or with no clock time the whole day. A span that runs past
// midnight belongs to the day on which it begins. Clock times are those of the
// instant's own time zone. Which days are public holidays (PH) and school
// holidays (SH) is not known, and they are taken as ordinary days.
type Hours struct {
	text  string
	rules []hoursRule
}

// ErrHours marks times that are not in the language of Hours.
var ErrHours = errors.New("osm: times not understood")

// hoursRule is one rule: on which days it counts, and the minutes of the day.
type hoursRule struct {
	dates []dateSpan  // empty: all
	week  uint8       // bit 0 is Monday; 0: all
	never bool        // names only holidays
	spans []clockSpan // empty: the whole day
	off   bool
	adds  bool // after a comma
}

// monthDay is a date; year 0 is every year.
type monthDay struct{ year, month, day int }

type dateSpan struct{ from, to monthDay }

// clockSpan is from and to in minutes of the day; to is more than from and may
// be beyond midnight.
type clockSpan struct{ from, to int }

const (
	dayMinutes = 24 * 60
	// maxHours is the longest text that is read, bytes.
	maxHours = 4096
)

// String is the text that the hours were read from.
func (h Hours) String() string { return h.text }

// IsZero reports whether nothing was read: such hours never hold.
func (h Hours) IsZero() bool { return len(h.rules) == 0 }

// Holds reports whether the instant is within the hours.
func (h Hours) Holds(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	// What began yesterday may still go on.
	y, m, d := t.Date()
	return h.on(monthDay{y, int(m), d}, t.Weekday(), minute) ||
		h.on(yesterday(y, m, d), (t.Weekday()+6)%7, minute+dayMinutes)
}

func yesterday(y int, m time.Month, d int) monthDay {
	t := time.Date(y, m, d-1, 12, 0, 0, 0, time.UTC)
	return monthDay{t.Year(), int(t.Month()), t.Day()}
}

// on reports whether the minute, counted from the beginning of the day, is in
// a span that begins on the day. The last rule that says something about it
// counts, and a rule that replaces hides all before it.
func (h Hours) on(date monthDay, weekday time.Weekday, minute int) bool {
	for i := len(h.rules) - 1; i >= 0; i-- {
		r := &h.rules[i]
		if !r.day(date, weekday) {
			continue
		}
		within := len(r.spans) == 0 && minute < dayMinutes
		for _, s := range r.spans {
			within = within || s.from <= minute && minute < s.to
		}
		switch {
		case r.off && (within || len(r.spans) == 0):
			return false
		case within && !r.off:
			return true
		case !r.adds && !r.off:
			return false
		}
	}
	return false
}

func (r *hoursRule) day(date monthDay, weekday time.Weekday) bool {
	if r.never || r.week != 0 && r.week>>((weekday+6)%7)&1 == 0 {
		return false
	}
	if len(r.dates) == 0 {
		return true
	}
	for _, s := range r.dates {
		if s.has(date) {
			return true
		}
	}
	return false
}

func (s dateSpan) has(d monthDay) bool {
	if s.from.year > 0 {
		return !d.before(s.from) && !s.to.before(d)
	}
	from, to := s.from, s.to
	from.year, to.year, d.year = 0, 0, 0
	if to.before(from) {
		return !d.before(from) || !to.before(d)
	}
	return !d.before(from) && !to.before(d)
}

func (a monthDay) before(b monthDay) bool {
	if a.year != b.year {
		return a.year < b.year
	}
	if a.month != b.month {
		return a.month < b.month
	}
	return a.day < b.day
}

// Minutes lists the minutes of a day, from 0 to 1439 and ascending, at which
// the hours may begin or end on some day. Between two of them nothing changes.
func (h Hours) Minutes() []int {
	all := []int{0} // days differ, so midnight always counts
	for i := range h.rules {
		for _, s := range h.rules[i].spans {
			all = append(all, s.from%dayMinutes, s.to%dayMinutes)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ParseHours reads times. The error says which word was not understood.
func ParseHours(text string) (Hours, error) {
	if len(text) > maxHours {
		return Hours{}, fmt.Errorf("%w: longer than %d bytes", ErrHours, maxHours)
	}
	p := hoursParser{words: hoursWords(strings.ToLower(text))}
	h := Hours{text: strings.TrimSpace(text)}
	adds := false
	for {
		for p.take(";") {
			adds = false
		}
		if p.at == len(p.words) {
			break
		}
		rule, err := p.rule()
		if err != nil {
			return Hours{}, err
		}
		rule.adds = adds
		h.rules = append(h.rules, rule)
		switch {
		case p.at == len(p.words):
		case p.take(";"):
			adds = false
		case p.take(","):
			adds = true
		default:
			return Hours{}, p.unexpected()
		}
	}
	if len(h.rules) == 0 {
		return Hours{}, fmt.Errorf("%w: no times are given", ErrHours)
	}
	return h, nil
}
