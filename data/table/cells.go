package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slinga-se/slinga/planner/care"
)

// A line is one row of a table whose headers have been understood. Its
// methods parse one cell each and note what is wrong at its place; what they
// return for a bad cell is a harmless zero.
type line struct {
	r   *reader
	t   *table
	row row
}

// text returns a cell without the white space around it; empty when the file
// has no such column.
func (l *line) text(name string) string {
	i, ok := l.t.at[name]
	if !ok || i >= len(l.row.cells) {
		return ""
	}
	return strings.TrimFunc(l.row.cells[i], func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' })
}

// fail notes an error at a cell.
func (l *line) fail(name, message, hint string) {
	if l.r.spoilt[cell{l.t.file, l.row.number, name}] {
		return
	}
	header := name
	if i, ok := l.t.at[name]; ok {
		header = l.t.headers[i]
	}
	l.r.fail(Error{File: l.t.file, Row: l.row.number, Column: header, Field: name, Message: message, Hint: hint})
}

// What may be repeated in a message.
var (
	plainNumber = regexp.MustCompile(`^[+-]?([1-9]\d{0,7}|0)([.,]\d{1,9})?$`)
	plainClock  = regexp.MustCompile(`^[+-]?\d{0,2} ?\d{1,2}[:.]\d{2}[\d:.+\-–|/ ABab]{0,50}$`)
	plainDate   = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	plainID     = regexp.MustCompile(`^[\pL\pN][\pL\pN_.:/-]{0,39}$`)
)

// shown returns a cell's value in brackets when it is a time, a number or
// looks like an id, and nothing otherwise.
func shown(value string) string {
	if !repeatable(value) {
		return ""
	}
	return " (" + value + ")"
}

func repeatable(value string) bool {
	if personalNumber(value) {
		return false
	}
	if plainNumber.MatchString(value) || plainClock.MatchString(value) || plainDate.MatchString(value) {
		return true
	}
	return plainID.MatchString(value) && strings.ContainsAny(value, "0123456789") && strings.ContainsFunc(value, unicode.IsLetter)
}

// idForm is what an id may look like: one word of letters, digits and a few
// marks. A space is what gives a name away.
var idForm = regexp.MustCompile(`^[\pL\pN_.:@/#+-]{1,64}$`)

// id reads an opaque id.
func (l *line) id(name string) string {
	v := l.text(name)
	if v == "" {
		return ""
	}
	l.checkID(name, v)
	return v
}

func (l *line) checkID(name, v string) {
	switch {
	case utf8.RuneCountInString(v) > 64:
		l.fail(name, "is longer than the 64 characters of an id", "use a short pseudonymous id")
	case !idForm.MatchString(v):
		l.fail(name, "is not an id", "use one word of letters, digits and . _ : / # + - without spaces; never a person's name")
	}
}

// list cuts a cell with several values: 'a|b', 'a,b' or 'a;b'.
func list(v string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(v, func(r rune) bool { return r == '|' || r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (l *line) ids(name string) []string {
	out := list(l.text(name))
	for _, v := range out {
		l.checkID(name, v)
	}
	return out
}

// words reads skills, languages and the like.
func (l *line) words(name string) []string {
	out := list(l.text(name))
	for _, v := range out {
		l.checkWord(name, v)
	}
	return out
}

func (l *line) word(name string) string {
	v := l.text(name)
	l.checkWord(name, v)
	return v
}

func (l *line) checkWord(name, v string) {
	if utf8.RuneCountInString(v) > 60 || strings.ContainsFunc(v, unicode.IsControl) {
		l.fail(name, "is not a word from a list but a longer text", "write at most 60 characters on one line, and nothing about a person")
	}
}

// number reads a decimal number with a comma or a point.
func parseNumber(v string) (float64, bool) {
	v = strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", "−", "-").Replace(v)
	if strings.Count(v, ",") == 1 && !strings.Contains(v, ".") {
		v = strings.Replace(v, ",", ".", 1)
	}
	if v == "" || strings.Trim(v, "+-0123456789.eE") != "" {
		return 0, false // no "Inf", "NaN" or hexadecimal
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, false
	}
	return f, true
}

func (l *line) whole(name string, missing int) int {
	v := l.text(name)
	if v == "" {
		return missing
	}
	f, ok := parseNumber(v)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1e9 {
		l.fail(name, "is not a whole number"+shown(v), "write digits only")
		return missing
	}
	return int(f)
}

var (
	hoursMinutes = regexp.MustCompile(`^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$`)
	secondsOnly  = regexp.MustCompile(`^([+-]?\d{1,18}) ?s(?:ek)?$`)
	minutesUnit  = regexp.MustCompile(`^([+-]?\d{1,18}(?:[.,]\d{1,4})?) ?m(?:in)?\.?$`)
	hoursUnit    = regexp.MustCompile(`^(\d{1,18}) ?(?:h|tim)\.?(?: ?(\d{1,2}) ?(?:m|min)?\.?)?$`)
)

// minutes reads a length of time: minutes ("45", "12,5", "45 min"), hours and
// minutes ("1:15", "1 h 15 min") or seconds ("754 s").
func (l *line) minutes(name string) care.Seconds {
	s, _ := l.minutesOr(name, 0)
	return s
}

func (l *line) minutesOr(name string, missing care.Seconds) (care.Seconds, bool) {
	v := strings.ToLower(l.text(name))
	if v == "" {
		return missing, false
	}
	s, ok := parseMinutes(v, l.t.excel)
	if ok && (s > longest || s < -longest) {
		l.fail(name, "is longer than 24 h"+shown(v), "write minutes, such as 45")
		return missing, false
	}
	if !ok {
		l.fail(name, "is not a length of time"+shown(v), "write minutes, such as 45")
		return missing, false
	}
	return s, true
}

// longest is the longest time that is handed on, in seconds; what a visit or a
// link may last is for the day to judge. Anything longer is cut to overlong.
const longest, overlong = care.Seconds(1e8), care.Seconds(1e8 + 1)

func parseMinutes(v string, excel bool) (care.Seconds, bool) {
	atoi := func(s string) float64 { f, _ := strconv.ParseFloat("0"+s, 64); return f }
	var seconds float64
	if m := hoursMinutes.FindStringSubmatch(v); m != nil {
		seconds = atoi(m[1])*3600 + atoi(m[2])*60 + atoi(m[3])
	} else if m := secondsOnly.FindStringSubmatch(v); m != nil {
		f, _ := parseNumber(m[1])
		seconds = f
	} else if m := hoursUnit.FindStringSubmatch(v); m != nil {
		seconds = atoi(m[1])*3600 + atoi(m[2])*60
	} else {
		if m := minutesUnit.FindStringSubmatch(v); m != nil {
			v = m[1]
		}
		f, ok := parseNumber(v)
		if !ok {
			return 0, false
		}
		seconds = f * 60
		// A workbook stores a cell shown as 00:45 as the fraction of a day.
		if excel && f > 0 && f < 1 {
			seconds = f * 86400
		}
	}
	if math.Abs(seconds) > float64(longest) {
		return care.Seconds(math.Copysign(float64(overlong), seconds)), true
	}
	return care.Seconds(math.Round(seconds)), true
}

// yes reads yes and no in both languages; empty is no.
func (l *line) yes(name string) bool {
	v, ok := parseYes(l.text(name))
	if !ok {
		l.fail(name, "is neither yes nor no", "write yes (ja) or no (nej), or leave it empty")
	}
	return v
}

func parseYes(v string) (yes, ok bool) {
	switch fold(v) {
	case "", "no", "nej", "n", "0", "false", "falskt":
		return false, true
	case "yes", "ja", "j", "y", "x", "1", "true", "sant":
		return true, true
	}
	return false, false
}

// The words for professions, modes and priorities, folded.
var (
	professionWords = map[string]care.Profession{
		"careassistant": care.CareAssistant, "vardbitrade": care.CareAssistant, "vb": care.CareAssistant,
		"assistantnurse": care.AssistantNurse, "underskoterska": care.AssistantNurse, "usk": care.AssistantNurse,
		"nurse": care.Nurse, "sjukskoterska": care.Nurse, "ssk": care.Nurse, "distriktsskoterska": care.Nurse,
		"physiotherapist": care.Physiotherapist, "fysioterapeut": care.Physiotherapist, "sjukgymnast": care.Physiotherapist,
		"occupationaltherapist": care.OccupationalTherapist, "arbetsterapeut": care.OccupationalTherapist,
	}
	professionNames = []string{
		"care-assistant", "vårdbiträde", "assistant-nurse", "undersköterska", "nurse", "sjuksköterska",
		"physiotherapist", "fysioterapeut", "occupational-therapist", "arbetsterapeut",
	}
	modeWords = map[string]care.Mode{
		"car": care.Car, "bil": care.Car, "bicycle": care.Bicycle, "bike": care.Bicycle, "cykel": care.Bicycle,
		"foot": care.Foot, "walk": care.Foot, "fot": care.Foot, "gang": care.Foot, "tillfots": care.Foot,
	}
	priorityWords = map[string]care.Priority{
		"lifecritical": care.LifeCritical, "livsviktig": care.LifeCritical, "livsviktigt": care.LifeCritical,
		"necessary": care.Necessary, "nodvandig": care.Necessary, "nodvandigt": care.Necessary,
		"important": care.Important, "viktig": care.Important, "viktigt": care.Important,
		"comfort": care.Comfort, "trivsel": care.Comfort, "komfort": care.Comfort,
	}
)

func (l *line) profession(name, v string) care.Profession {
	p, ok := professionWords[fold(v)]
	if !ok && v != "" {
		hint := "write one of care-assistant (vårdbiträde), assistant-nurse (undersköterska), nurse (sjuksköterska), physiotherapist, occupational-therapist"
		if near := nearest(professionNames, v); near != "" {
			hint = "did you mean " + near + "?"
		}
		l.fail(name, "is not a profession", hint)
	}
	return p
}

func (l *line) professions(name string) []care.Profession {
	var out []care.Profession
	for _, v := range list(l.text(name)) {
		out = append(out, l.profession(name, v))
	}
	return out
}

func (l *line) mode(name string) care.Mode {
	v := l.text(name)
	if v == "" {
		return care.Car
	}
	m, ok := modeWords[fold(v)]
	if !ok {
		l.fail(name, "is not a way to travel", "write car (bil), bicycle (cykel) or foot (fot)")
		return care.Car
	}
	return m
}

func (l *line) priority(name string) care.Priority {
	v := l.text(name)
	if v == "" {
		return care.Necessary
	}
	if p, ok := priorityWords[fold(v)]; ok {
		return p
	}
	if f, ok := parseNumber(v); ok && (f == 1 || f == 2 || f == 3 || f == 4) {
		return care.Priority(f)
	}
	l.fail(name, "is not a priority"+shown(v), "write 1 (life-critical), 2 (necessary), 3 (important) or 4 (comfort)")
	return care.Necessary
}

// date reads YYYY-MM-DD (or YYYYMMDD, or a workbook's day number) as UTC
// midnight.
func (l *line) date(name string) (time.Time, bool) {
	v := l.text(name)
	if v == "" {
		return time.Time{}, false
	}
	d, message, hint := parseDate(v, l.t.excel)
	if message != "" {
		l.fail(name, message+shown(v), hint)
		return time.Time{}, false
	}
	return d, true
}

var (
	dateForm   = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?Z?)?$`)
	dateDigits = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
)

func parseDate(v string, excel bool) (d time.Time, message, hint string) {
	m := dateForm.FindStringSubmatch(v)
	if m == nil {
		m = dateDigits.FindStringSubmatch(v)
	}
	if m == nil {
		if f, ok := parseNumber(v); excel && ok && f >= 1 && f < 2958466 && f == math.Trunc(f) {
			return excelDate(f), "", ""
		}
		return d, "is not a date", "write it as YYYY-MM-DD"
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	year, month, day := number(m[1]), number(m[2]), number(m[3])
	d = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if d.Year() != year || int(d.Month()) != month || d.Day() != day {
		return d, "is a date that does not exist", "write it as YYYY-MM-DD"
	}
	if year < 1990 || year > 2100 {
		return d, "is a date outside the years 1990 to 2100", "write it as YYYY-MM-DD"
	}
	return d, "", ""
}

// excelDate turns a workbook's day number into a date; day 60, the leap day
// of 1900 that never was, is of no concern to us.
func excelDate(serial float64) time.Time {
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(serial))
}
