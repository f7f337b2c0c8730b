package care

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrInvalid is what errors.Is finds in every *ValidationError.
var ErrInvalid = errors.New("care: invalid input")

// Problem is one thing that is wrong with an input, with its place. Readers of
// tables map Kind, Index, Field and Sub back to file, row and column.
type Problem struct {
	Path    string // where it stands in the JSON form: visits[17].windows[0]
	Kind    string // the list of the day: "visits"; empty: the day itself
	Index   int    // position in that list; -1 when Kind is empty
	ID      string // of that item, when it has one
	Field   string // within the item, without indices: "windows", "requires.delegation"
	Sub     int    // index in the list that Field begins with; -1: none
	Message string // what is wrong
	Hint    string // what to do about it; may be empty
}

// String gives the problem as one line.
func (p Problem) String() string {
	line := p.Message
	if p.Path != "" {
		line = p.Path + ": " + line
	}
	if p.Hint != "" {
		line += "; " + p.Hint
	}
	return line
}

// ValidationError is every problem that was found, in the order of the input.
type ValidationError struct {
	Problems []Problem
}

// Error lists all problems, one a line.
func (e *ValidationError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e *ValidationError) Is(target error) bool { return target == ErrInvalid }

// Validate looks through the whole day and returns every problem that it finds
// as a *ValidationError, or nil. A day that passes can be planned: every id
// refers to something, every number is in its range and every time makes
// sense. Whether the visits fit the staff is not asked here. It is linear in
// the size of the day, but for the visits and shifts of one carer, and never
// panics.
func (d *Day) Validate() error {
	if d == nil {
		return &ValidationError{Problems: []Problem{{Index: -1, Sub: -1, Message: "there is no day"}}}
	}
	v := &validator{day: d, index: NewIndex(d)}
	v.header()
	v.municipalities()
	v.places()
	v.bases()
	v.vehicles()
	v.clients()
	v.carers()
	v.shifts()
	v.visits()
	v.links()
	v.pins()
	v.rules()
	v.agreements()
	v.history()
	v.neighbours()
	if len(v.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: v.problems}
}

// validator collects problems; the methods that look for them are spread over
// the validate_*.go files by what they look at.
type validator struct {
	day      *Day
	index    *Index
	problems []Problem
}

// at is the item that is being looked at.
type at struct {
	kind  string
	index int
	id    string
}

// add notes a problem with one field of an item. The field is written as in
// the JSON form and may carry indices: "windows[0].to".
func (v *validator) add(item at, field, message, hint string) {
	path := item.kind
	if item.kind != "" && item.index >= 0 {
		path = fmt.Sprintf("%s[%d]", item.kind, item.index)
	}
	if field != "" {
		if path != "" {
			path += "."
		}
		path += field
	}
	plain, sub := splitField(field)
	v.problems = append(v.problems, Problem{
		Path: path, Kind: item.kind, Index: item.index, ID: item.id,
		Field: plain, Sub: sub, Message: message, Hint: hint,
	})
}

// splitField takes the indices out of a field and returns the first of them.
func splitField(field string) (plain string, sub int) {
	sub = -1
	var out strings.Builder
	for i := 0; i < len(field); i++ {
		if field[i] != '[' {
			out.WriteByte(field[i])
			continue
		}
		n := 0
		for i++; i < len(field) && field[i] != ']'; i++ {
			n = n*10 + int(field[i]-'0')
		}
		if sub < 0 {
			sub = n
		}
	}
	return out.String(), sub
}

// ids checks that ids are there and unlike, and returns nothing: the index of
// the validator already holds the first of each.
func (v *validator) ids(kind string, n int, id func(int) string) {
	seen := make(map[string]int, n)
	for i := range n {
		item := at{kind, i, id(i)}
		switch first, double := seen[id(i)]; {
		case id(i) == "":
			v.add(item, "id", "has no id", "give every one an id of its own")
			continue
		case double:
			v.add(item, "id", fmt.Sprintf("id %s is already used by %s[%d]", showID(id(i)), kind, first), "give every one an id of its own")
			continue
		case strings.TrimSpace(id(i)) != id(i):
			v.add(item, "id", "id begins or ends with a space", "remove the space")
		}
		seen[id(i)] = i
	}
}

// known checks a reference by id.
func (v *validator) known(item at, field, id, what string, index map[string]int) bool {
	if id == "" {
		v.add(item, field, "names no "+what, "write the id of a "+what)
		return false
	}
	if _, ok := index[id]; !ok {
		v.add(item, field, fmt.Sprintf("there is no %s %s", what, showID(id)), "correct the id, or add the "+what)
		return false
	}
	return true
}

// showID quotes an id for a message. Ids are pseudonyms; a text that does not
// look like one could be a name or a personal number put in the wrong column,
// and is not repeated.
func showID(id string) string {
	if len(id) > 40 || strings.ContainsAny(id, " \t\n\r") || looksPersonal(id) {
		return "(not shown: it does not look like a pseudonymous id)"
	}
	return fmt.Sprintf("%q", id)
}

// looksPersonal tells whether a text has the digits of a Swedish personal
// number: six or eight of a date and four more, with or without a sign between.
func looksPersonal(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case (r == '-' || r == '+') && i >= 6:
		default:
			return false
		}
	}
	return digits == 10 || digits == 12
}

// header checks the fields of the day itself.
func (v *validator) header() {
	day := at{"", -1, ""}
	if v.day.Version != FormatVersion {
		v.add(day, "version", fmt.Sprintf("version %d is not known here", v.day.Version), fmt.Sprintf("this program reads version %d", FormatVersion))
	}
	zone, err := loadZone(v.day.TimeZone)
	switch {
	case v.day.TimeZone == "":
		v.add(day, "timeZone", "no time zone is given", `write an IANA name, for example "Europe/Stockholm"`)
	case err != nil:
		v.add(day, "timeZone", "the time zone is not known", `write an IANA name, for example "Europe/Stockholm"`)
	}
	switch {
	case v.day.Origin.IsZero():
		v.add(day, "origin", "no date is given", "write local midnight of the date, with its offset")
	case err == nil && !v.day.Origin.Equal(Midnight(v.day.Origin.In(zone), zone)):
		v.add(day, "origin", "it is not local midnight in the day's time zone",
			"write "+Midnight(v.day.Origin.In(zone), zone).Format(time.RFC3339))
	}
	if c := v.day.Condition; c != nil {
		if c.Season != Summer && c.Season != Winter {
			v.add(day, "condition.season", "the season is not known", "write summer or winter")
		}
		if c.SpeedPercent < 0 || c.SpeedPercent > 150 || (c.SpeedPercent > 0 && c.SpeedPercent < 5) {
			v.add(day, "condition.speedPercent", fmt.Sprintf("%d percent of bare-road speed is out of range", c.SpeedPercent), "write 5 to 150, or 0 for bare road")
		}
	}
	if p := v.day.Published; p != nil && p.Version != FormatVersion {
		v.add(day, "published.version", fmt.Sprintf("version %d is not known here", p.Version), fmt.Sprintf("this program reads version %d", FormatVersion))
	}
}

// The times that a window or a shift of one day can reasonably hold, in
// seconds from the day's origin. What lies outside is a mistake in a date.
const (
	earliestTime = -2 * 86400
	latestTime   = 4 * 86400
)

// timeInRange checks a moment against what one day can hold.
func (v *validator) timeInRange(item at, field string, t Time) bool {
	if t < earliestTime || t > latestTime {
		v.add(item, field, "the time lies days away from the planned date", "check the date")
		return false
	}
	return true
}
