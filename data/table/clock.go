package table

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// The forms of a clock time that the tables know: those of care.ParseClock
// and, as they stand in many Swedish schedules, four digits.
var (
	clockForm  = regexp.MustCompile(`^(?:[+-]\d{1,2} +)?\d{1,2}[:.]?\d{2}(?:[:.]\d{2})? ?(?:[ABab]|[+-]\d{2}:?\d{2})?$`)
	fourDigits = regexp.MustCompile(`^((?:[+-]\d{1,2} +)?\d{2})(\d{2})((?: ?[ABab])?)$`)
	kl         = regexp.MustCompile(`^[kK]l\.? *`)
)

// clock parses a time of day on a date, in seconds from the day's origin.
func (r *reader) clock(date time.Time, text string, excel bool) (t care.Time, message, hint string) {
	text = strings.NewReplacer("−", "-", "\u00a0", " ").Replace(text)
	text = kl.ReplaceAllString(strings.TrimSpace(text), "")
	if f, ok := parseNumber(text); excel && ok && !fourDigits.MatchString(text) {
		// A workbook stores 07:30 as 0.3125 of a day and 31:00 as 1.2917.
		if f < 0 || f >= 2 || f == 1 {
			return 0, "is a number, not a time of day", "format the cell as a time (hh:mm) or as text"
		}
		s := int(math.Round(f * 86400))
		text = fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	if m := fourDigits.FindStringSubmatch(text); m != nil {
		text = m[1] + ":" + m[2] + m[3]
	}
	value, err := care.ParseClock(date, strings.ReplaceAll(strings.ReplaceAll(text, " A", "A"), " B", "B"), r.zone)
	switch {
	case errors.Is(err, care.ErrNoSuchLocalTime), errors.Is(err, care.ErrAmbiguousLocalTime):
		told := err.Error()
		for _, sentinel := range []error{care.ErrNoSuchLocalTime, care.ErrAmbiguousLocalTime} {
			told = strings.TrimPrefix(told, sentinel.Error()+": ")
		}
		if i := strings.LastIndex(told, ": "); i > 0 {
			return 0, told[:i], told[i+2:]
		}
		return 0, told, ""
	case err != nil:
		return 0, "is not a time of day" + shown(text), "write hours and minutes, such as 07:30"
	}
	moment := int64(value) + care.Midnight(date, r.zone).Unix() - r.origin.Unix()
	if moment > math.MaxInt32 || moment < math.MinInt32 {
		return 0, "is too far from the planned date", "write a date within some decades of it"
	}
	return care.Time(moment), "", ""
}

// clockAt parses a cell with a time on the planned date.
func (l *line) clockAt(name string) (care.Time, bool) { return l.clockOn(name, l.r.date) }

func (l *line) clockOn(name string, date time.Time) (care.Time, bool) {
	v := l.text(name)
	if v == "" {
		return 0, false
	}
	t, message, hint := l.r.clock(date, v, l.t.excel)
	if message != "" {
		l.fail(name, message, hint)
		return 0, false
	}
	return t, true
}

// splitWindow cuts "07:00-09:00" at the dash that has a clock time on both
// sides; the dashes of "-1 22:00" and "02:30+01:00" do not.
func splitWindow(v string) (from, to string, ok bool) {
	for i, r := range v {
		if r != '-' && r != '–' && r != '—' {
			continue
		}
		from = kl.ReplaceAllString(strings.TrimSpace(v[:i]), "")
		to = strings.TrimSpace(v[i+len(string(r)):])
		if clockForm.MatchString(from) && clockForm.MatchString(to) {
			return from, to, true
		}
	}
	return "", "", false
}

// window parses "07:00-09:00".
func (l *line) window(name, v string) (w care.Window, ok bool) {
	from, to, ok := splitWindow(v)
	if !ok {
		l.fail(name, "is not a window"+shown(v), "write two times with a hyphen, such as 07:00-09:00")
		return w, false
	}
	var message, hint string
	if w.From, message, hint = l.r.clock(l.r.date, from, false); message == "" {
		w.To, message, hint = l.r.clock(l.r.date, to, false)
	}
	if message != "" {
		l.fail(name, message, hint)
		return w, false
	}
	return w, l.forward(name, w, from, to)
}

// forward refuses a window that ends before it starts.
func (l *line) forward(name string, w care.Window, from, to string) bool {
	if w.To >= w.From {
		return true
	}
	hint := "swap them"
	if w.From >= 18*3600 && w.To <= 10*3600 {
		hint = "swap them, or count hours past 24 if it runs past midnight (02:00 is 26:00)"
	}
	l.fail(name, fmt.Sprintf("ends before it starts (%s-%s)", from, to), hint)
	return false
}

// windows parses several windows: "07:00-09:00|11:00-12:00".
func (l *line) windows(name string) (out []care.Window, ok bool) {
	ok = true
	for _, v := range list(l.text(name)) {
		w, good := l.window(name, v)
		if !good {
			ok = false
			continue
		}
		out = append(out, w)
	}
	return out, ok
}

// moment parses a date and a time of it, "2025-11-20 22:00"; with a date
// alone it is midnight, and dateOnly is true.
func (l *line) moment(name string) (t care.Time, dateOnly, ok bool) {
	v := strings.Replace(l.text(name), "T", " ", 1)
	if v == "" {
		return 0, false, false
	}
	dateText, clock, _ := strings.Cut(v, " ")
	excel := false
	if f, number := parseNumber(v); l.t.excel && number && f > 30000 && f < 80000 {
		dateText, clock, excel = fmt.Sprint(int(f)), "", true
		if f != math.Trunc(f) {
			clock = fmt.Sprint(f - math.Trunc(f))
		}
	}
	date, message, hint := parseDate(dateText, excel)
	if message == "" {
		dateOnly = strings.TrimSpace(clock) == ""
		if dateOnly {
			clock = "00:00"
		}
		t, message, hint = l.r.clock(date, clock, excel && !dateOnly)
	}
	if message != "" {
		l.fail(name, message+shownOnce(message, v), hint)
		return 0, false, false
	}
	return t, dateOnly, true
}

// shownOnce adds the value unless the message has one already.
func shownOnce(message, v string) string {
	if strings.HasSuffix(message, ")") || strings.ContainsAny(message, "0123456789") {
		return ""
	}
	return shown(v)
}

// clockText writes a moment so that it is read back the same: "07:30", with
// seconds when there are any, hours from 24 on the next day ("26:30"), a
// number of days before it on any other, and A or B when the clock shows the
// time twice.
func clockText(d *care.Day, t care.Time) string {
	text := d.Clock(t)
	if t%60 != 0 {
		text = d.ClockSeconds(t)
	}
	// A cell that begins with a plus sign is a formula to a spreadsheet.
	if rest, next := strings.CutPrefix(text, "+1 "); next {
		return fmt.Sprintf("%d%s", 24+int(rest[0]-'0')*10+int(rest[1]-'0'), rest[2:])
	}
	return text
}

// momentText writes a date and a time so that moment reads it back.
func momentText(d *care.Day, t care.Time) string {
	text := d.Clock(t)
	if t%60 != 0 {
		text = d.ClockSeconds(t)
	}
	if text[0] == '+' || text[0] == '-' {
		_, text, _ = strings.Cut(text, " ")
	}
	return d.At(t).Format(time.DateOnly) + " " + text
}
