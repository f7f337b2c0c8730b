package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"reflect"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

// readJSONFile reads rules.json and published.json.
func (r *reader) readJSONFile(fsys fs.FS, name, base string) {
	switch fold(base) {
	case "rules", "regler":
		rules := care.DefaultRules() // what the file leaves out stays as it is
		if r.decodeJSON(fsys, name, &rules) {
			r.rules = &rules
		}
	case "published", "publicerad":
		var roster care.Roster
		if r.decodeJSON(fsys, name, &roster) {
			r.rosterOf = &roster
		}
	default:
		if near := nearest([]string{"rules", "regler", "published", "publicerad"}, base); near != "" {
			r.fail(Error{File: name, Message: "is not the name of a table", Hint: "did you mean " + near + ".json?"})
			return
		}
		r.warn(Error{File: name, Message: "is not one of the tables and was not read", Hint: "see docs/input.md for their names"})
	}
}

func (r *reader) decodeJSON(fsys fs.FS, name string, into any) bool {
	data, ok := r.readFile(fsys, name)
	if !ok {
		return false
	}
	r.files = append(r.files, name)
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			r.fail(Error{File: name, Message: "has text after its end", Hint: "keep one JSON value"})
			return false
		}
		return true
	}
	e := Error{File: name, Message: "is not the JSON that is expected", Hint: "see docs/input.md"}
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		e.Message, e.Hint = "is empty", "write a JSON object, or remove the file"
	case errors.As(err, &syntax):
		e.Row = 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		e.Message, e.Hint = "is not JSON from here on", "look for a missing comma, bracket or quotation mark"
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Message, e.Hint = "ends in the middle", "copy the file again"
	case errors.As(err, &wrong):
		e.Row = 1 + bytes.Count(data[:min(int(wrong.Offset), len(data))], []byte("\n"))
		e.Field = wrong.Field
		e.Message, e.Hint = "the field "+wrong.Field+" does not hold what it should", "write "+jsonWord(wrong.Type)+"; see docs/input.md"
		if wrong.Field == "" { // the value as a whole
			e.Message = "does not hold what it should"
		}
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		field := strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)
		if isPersonalHeader(field) || !safeHeader(strings.ToLower(field)) {
			field = ""
		}
		e.Message, e.Hint = strings.TrimSpace("has an unknown field "+field), "correct or remove it"
	}
	r.fail(e)
	r.broken = true
	return false
}

// jsonWord says in words what a field of a type holds.
func jsonWord(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text in quotation marks"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a whole number"
}
