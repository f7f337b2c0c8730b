package care

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// mostFormProblems bounds how many problems of form are collected. A text in
// quite another form would give one for every value.
const mostFormProblems = 50

// checkForm compares a JSON text with a Go type: every field must be known
// and spelled as documented, come once, and hold a value of its type. The
// standard decoder finds some of this, but without the path, one at a time,
// and it takes Fields written in any CASE.
func checkForm(text []byte, into any) error {
	f := &form{decoder: json.NewDecoder(bytes.NewReader(text))}
	f.decoder.UseNumber()
	err := f.value(reflect.TypeOf(into).Elem(), at{"", -1, ""}, "")
	if err == nil {
		if _, more := f.decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is text after the end")
		}
	}
	switch {
	case errors.Is(err, errEnough), err == nil:
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the text ends too early: is the file cut off?")
	default:
		return syntax(err, text)
	}
	if len(f.v.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: f.v.problems}
}

var errEnough = errors.New("care: enough problems")

// syntax adds the line of a syntax error. The text of the standard decoder
// quotes at most one character of the input.
func syntax(err error, text []byte) error {
	var s *json.SyntaxError
	if !errors.As(err, &s) {
		return err
	}
	offset := min(max(int(s.Offset), 0), len(text))
	return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:offset], []byte("\n")), s)
}

// form walks a text along a type.
type form struct {
	decoder *json.Decoder
	v       validator // only its list of problems
}

func (f *form) problem(item at, field, message, hint string) error {
	f.v.add(item, field, message, hint)
	if len(f.v.problems) >= mostFormProblems {
		return errEnough
	}
	return nil
}

// value reads one value that should be of type t. An item of one of the lists
// at the top becomes the item that problems are located by.
func (f *form) value(t reflect.Type, item at, field string) error {
	token, err := f.decoder.Token()
	if err != nil {
		return err
	}
	nullable := t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if token == nil {
		if nullable {
			return nil
		}
		return f.problem(item, field, "is null", "write "+expected(t))
	}
	open, isOpen := token.(json.Delim)
	switch {
	case isOpen && open == '{' && t.Kind() == reflect.Struct && t != timeType:
		return f.object(t, item, field)
	case isOpen && open == '{' && t.Kind() == reflect.Map:
		return f.mapping(t, item, field)
	case isOpen && open == '[' && t.Kind() == reflect.Slice:
		return f.list(t, item, field, -1)
	case isOpen && open == '[' && t.Kind() == reflect.Array:
		return f.list(t, item, field, t.Len())
	case isOpen:
		if err := f.problem(item, field, "is not "+expected(t), ""); err != nil {
			return err
		}
		return f.skip()
	case !fits(token, t):
		return f.problem(item, field, "is not "+expected(t), "")
	}
	return nil
}

var timeType = reflect.TypeFor[time.Time]()

// object reads the rest of an object.
func (f *form) object(t reflect.Type, item at, field string) error {
	seen := map[string]bool{}
	for f.decoder.More() {
		key, err := f.key()
		if err != nil {
			return err
		}
		inner := join(field, key)
		fieldType, known := fieldOf(t, key)
		switch {
		case !known:
			if err := f.problem(item, join(field, showField(key)), "there is no such field", nearest(t, key)); err != nil {
				return err
			}
			err = f.skipValue()
		case seen[key]:
			if err := f.problem(item, inner, "the field stands twice", "remove one of them"); err != nil {
				return err
			}
			err = f.skipValue()
		default:
			seen[key] = true
			err = f.value(fieldType, item, inner)
		}
		if err != nil {
			return err
		}
	}
	_, err := f.decoder.Token()
	return err
}

func (f *form) mapping(t reflect.Type, item at, field string) error {
	for f.decoder.More() {
		key, err := f.key()
		if err != nil {
			return err
		}
		if err := f.value(t.Elem(), item, join(field, showField(key))); err != nil {
			return err
		}
	}
	_, err := f.decoder.Token()
	return err
}

func (f *form) list(t reflect.Type, item at, field string, length int) error {
	n := 0
	for ; f.decoder.More(); n++ {
		var err error
		if item.kind == "" && !strings.ContainsAny(field, ".[") && length < 0 {
			err = f.value(t.Elem(), at{field, n, ""}, "")
		} else {
			err = f.value(t.Elem(), item, fmt.Sprintf("%s[%d]", field, n))
		}
		if err != nil {
			return err
		}
	}
	if _, err := f.decoder.Token(); err != nil {
		return err
	}
	if length >= 0 && n != length {
		return f.problem(item, field, fmt.Sprintf("has %d values", n), fmt.Sprintf("write %d", length))
	}
	return nil
}

func (f *form) key() (string, error) {
	token, err := f.decoder.Token()
	if err != nil {
		return "", err
	}
	key, ok := token.(string)
	if !ok {
		return "", errors.New("a field has no name")
	}
	return key, nil
}

// skipValue passes over a whole value, skip over the rest of one that has
// been opened. Neither recurses: the text may be nested without end.
func (f *form) skipValue() error {
	token, err := f.decoder.Token()
	if err != nil {
		return err
	}
	if open, ok := token.(json.Delim); ok && (open == '{' || open == '[') {
		return f.skip()
	}
	return nil
}

func (f *form) skip() error {
	for depth := 1; depth > 0; {
		token, err := f.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// fieldOf finds a field by its exact JSON name, embedded structs included.
func fieldOf(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			if inner, ok := fieldOf(field.Type, key); ok {
				return inner, true
			}
			continue
		}
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == key {
			return field.Type, true
		}
	}
	return nil, false
}

// nearest proposes the known field that is spelled most like an unknown one.
func nearest(t reflect.Type, key string) string {
	best, least := "", 3
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if d := distance(strings.ToLower(name), strings.ToLower(key)); name != "" && d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return "remove it"
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// distance is the number of letters to change, add or take away.
func distance(a, b string) int {
	if len(b) > 60 {
		return len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// showField repeats a name only if it looks like one of a field.
func showField(key string) string {
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return "(unreadable)"
		}
	}
	if key == "" || len(key) > 40 || looksPersonal(key) {
		return "(unreadable)"
	}
	return key
}

func join(field, key string) string {
	if field == "" {
		return key
	}
	return field + "." + key
}

// fits tells whether a simple value is of a type, numbers within its range.
func fits(token json.Token, t reflect.Type) bool {
	switch value := token.(type) {
	case bool:
		return t.Kind() == reflect.Bool
	case string:
		if t == timeType {
			_, err := time.Parse(time.RFC3339, value)
			return err == nil
		}
		return t.Kind() == reflect.String
	case json.Number:
		switch t.Kind() {
		case reflect.Int, reflect.Int32, reflect.Int64:
			_, err := strconv.ParseInt(value.String(), 10, t.Bits())
			return err == nil
		case reflect.Uint64:
			_, err := strconv.ParseUint(value.String(), 10, 64)
			return err == nil
		case reflect.Float64:
			_, err := strconv.ParseFloat(value.String(), 64)
			return err == nil
		}
	}
	return false
}

// expected describes a type in words.
func expected(t reflect.Type) string {
	switch {
	case t == timeType:
		return "a time such as 2026-11-24T00:00:00+01:00"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		return "an object"
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		return "a list"
	case t.Kind() == reflect.String:
		return "a text"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Float64:
		return "a number"
	}
	return "a whole number in range"
}
