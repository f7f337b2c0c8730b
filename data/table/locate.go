package table

import (
	"cmp"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

// columnOf gives the column that a field of the day is read from, where the
// two names differ. Fields within a column (windows.to) go by their beginning.
var columnOf = map[string]string{
	"clients.fixedContact": "fixed_contact",
	"visits.windows":       "window",
	"visits.requires":      "professions",

	"visits.requires.professions": "professions",
	"visits.requires.delegation":  "delegation",
	"visits.requires.skills":      "skills",
}

// dayField gives the field of the day that a key of day.csv is read into.
var dayField = map[string]string{
	"date": "origin", "timezone": "timeZone", "members": "members",
	"season": "condition.season", "speed_percent": "condition.speedPercent", "ice_roads": "condition.iceRoads",
}

// validate has the day judged as a whole and maps every problem back to file,
// row and column. What lies in a row that already has an error is left out:
// it would be the same mistake in other words.
func (r *reader) validate() {
	err := r.day.Validate()
	if err == nil {
		return
	}
	var invalid *care.ValidationError
	if !errors.As(err, &invalid) {
		r.errs = append(r.errs, Error{File: "day.csv", Message: "the day is not valid", Hint: ""})
		return
	}
	for _, p := range invalid.Problems {
		e, row := r.locate(p)
		if row > 0 && r.badRow[e.File][row] {
			continue
		}
		r.errs = append(r.errs, e)
	}
}

// locate finds the cell that a problem speaks of.
func (r *reader) locate(p care.Problem) (e Error, row int) {
	e = Error{Field: p.Field, Message: r.withRows(discreet(p.Message)), Hint: cmp.Or(p.Hint, "correct it")}
	switch {
	case p.Kind == "", p.Kind == "members":
		e.File, e.Field = r.fileOf("day"), cmp.Or(p.Kind, p.Field)
		if t := r.tables["day"]; t != nil {
			for _, row := range t.rows {
				l := &line{r, t, row}
				if c := findColumn(dayKeys, l.text("key")); c != nil && dayField[c.name] == e.Field {
					e.Row = row.number
					if i, there := t.at["value"]; there {
						e.Column = t.headers[i]
					}
				}
			}
		}
		return e, e.Row
	case p.Kind == "rules", p.Kind == "published":
		e.File = p.Kind + ".json"
		if e.Field != "" {
			e.Message = e.Field + ": " + e.Message
		}
		return e, 0
	}
	from := r.from[p.Kind]
	field := p.Field
	var at origin
	switch {
	case p.Kind == "carers" && strings.HasPrefix(field, "delegations") && p.Index < len(r.deleg) && p.Sub >= 0 && p.Sub < len(r.deleg[p.Index]):
		at = r.deleg[p.Index][p.Sub]
		field = strings.TrimPrefix(strings.TrimPrefix(field, "delegations"), ".")
	case p.Index >= 0 && p.Index < len(from):
		at = from[p.Index]
	default:
		// The item was made up from other files: it has no row of its own.
		e.File = r.fileOf(p.Kind)
		return e, 0
	}
	e.File, e.Row = at.t.file, at.row.number
	name := field
	for key := p.Kind + "." + field; ; {
		if mapped, ok := columnOf[key]; ok {
			name = mapped
			break
		}
		i := strings.LastIndexByte(key, '.')
		if i <= len(p.Kind) {
			name = key[i+1:]
			break
		}
		key = key[:i]
	}
	if _, there := at.t.at[name]; !there {
		switch name {
		case "window":
			name = "earliest"
		case "lat":
			name = "n_sweref99tm"
		case "lon":
			name = "e_sweref99tm"
		case "from", "to":
			name = "base"
		}
	}
	e.Field = name
	if i, there := at.t.at[name]; there {
		e.Column = at.t.headers[i]
	}
	return e, at.row.number
}

func (r *reader) fileOf(name string) string {
	if t := r.tables[name]; t != nil {
		return t.file
	}
	return name + ".csv"
}

var indexed = regexp.MustCompile(`\b([a-z]+)\[(\d+)\]`)

// withRows turns places in the day, clients[1], into rows of the file.
func (r *reader) withRows(message string) string {
	return indexed.ReplaceAllStringFunc(message, func(s string) string {
		m := indexed.FindStringSubmatch(s)
		i, err := strconv.Atoi(m[2])
		if from := r.from[m[1]]; err == nil && i < len(from) {
			return "row " + strconv.Itoa(from[i].row.number)
		}
		return s
	})
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// discreet takes values out of a message that could be a person's name: those
// that do not look like an id.
func discreet(message string) string {
	return quoted.ReplaceAllStringFunc(message, func(q string) string {
		if v, err := strconv.Unquote(q); err == nil && repeatable(v) {
			return v
		}
		return "(not shown: it may be a name)"
	})
}
