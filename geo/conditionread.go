package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// maxConditionBytes is the largest condition that is read: far more than a
// storm needs, even with the outlines of a county.
const maxConditionBytes = 64 << 20

// maxConditionErrors is how many errors are told at once.
const maxConditionErrors = 50

// ReadCondition reads a condition in JSON and validates it. All errors are
// told, each with its line and its path, such as closures[2].ways. A field that
// is not known is an error, for a misspelt closure closes nothing; so is one
// that is given twice. name stands in messages. Errors wrap ErrCondition.
func ReadCondition(r io.Reader, name string) (*Condition, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxConditionBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCondition, name, err)
	}
	if len(data) > maxConditionBytes {
		return nil, fmt.Errorf("%w: %s: larger than %d MB", ErrCondition, name, maxConditionBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	s := strictJSON{data: data, dec: json.NewDecoder(bytes.NewReader(data)), lines: map[string]int{}}
	s.dec.UseNumber()
	s.value("", reflect.TypeFor[Condition]())
	if s.broken == nil {
		if _, err := s.dec.Token(); !errors.Is(err, io.EOF) {
			s.bad("", "more follows after the condition")
		}
	} else {
		s.errs = append(s.errs, located{s.line(), "", jsonText(s.broken)})
	}
	if len(s.errs) > 0 {
		return nil, s.joined(name)
	}
	c := new(Condition)
	if err := json.Unmarshal(data, c); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCondition, name, err)
	}
	for _, p := range c.problems() {
		s.errs = append(s.errs, located{s.lineOf(p.path), p.path, p.text})
	}
	if len(s.errs) > 0 {
		return nil, s.joined(name)
	}
	return c, nil
}

func jsonText(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "not valid JSON: it breaks off"
	}
	return "not valid JSON: " + err.Error()
}

// located is an error with its place.
type located struct {
	line int
	path string
	text string
}

// strictJSON compares a JSON text with a Go type before it is read: the
// standard decoder neither tells where an unknown field stands nor minds one
// that is given twice.
type strictJSON struct {
	data   []byte
	dec    *json.Decoder
	lines  map[string]int // by path
	errs   []located
	broken error // the text ends the walk

	counted     int64 // lines up to this offset are counted
	countedLine int
}

// line is the line that the decoder has come to.
func (s *strictJSON) line() int {
	at := min(s.dec.InputOffset(), int64(len(s.data)))
	s.countedLine += bytes.Count(s.data[s.counted:at], []byte("\n"))
	s.counted = at
	return s.countedLine + 1
}

// lineOf is the line of a path, or of what it is part of.
func (s *strictJSON) lineOf(path string) int {
	for {
		if line, ok := s.lines[path]; ok {
			return line
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return 1
		}
		path = path[:cut]
	}
}

func (s *strictJSON) bad(path, format string, args ...any) {
	s.errs = append(s.errs, located{s.line(), path, fmt.Sprintf(format, args...)})
}

func (s *strictJSON) joined(name string) error {
	var errs []error
	for i, e := range s.errs {
		if i == maxConditionErrors {
			errs = append(errs, fmt.Errorf("%w: %s: and %d more", ErrCondition, name, len(s.errs)-i))
			break
		}
		path := e.path
		if path != "" {
			path += ": "
		}
		errs = append(errs, fmt.Errorf("%w: %s:%d: %s%s", ErrCondition, name, e.line, path, e.text))
	}
	return errors.Join(errs...)
}

func (s *strictJSON) token() json.Token {
	t, err := s.dec.Token()
	if err != nil {
		s.broken = err
	}
	return t
}

// skip goes past a value.
func (s *strictJSON) skip() {
	var raw json.RawMessage
	if err := s.dec.Decode(&raw); err != nil {
		s.broken = err
	}
}

// value compares the next value with a type.
func (s *strictJSON) value(path string, t reflect.Type) {
	if t == reflect.TypeFor[json.RawMessage]() {
		s.skip()
		return
	}
	if t == reflect.TypeFor[Area]() {
		t = reflect.TypeFor[areaJSON]()
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	token := s.token()
	if s.broken != nil {
		return
	}
	s.lines[path] = s.line()
	open, nested := token.(json.Delim)
	fits := true
	switch t.Kind() {
	case reflect.Struct:
		if fits = nested && open == '{'; fits {
			s.object(path, t)
			return
		}
	case reflect.Map:
		if fits = nested && open == '{'; fits {
			s.table(path, t.Elem())
			return
		}
	case reflect.Slice:
		if fits = nested && open == '['; fits {
			s.list(path, t.Elem())
			return
		}
	case reflect.String:
		_, fits = token.(string)
	case reflect.Bool:
		_, fits = token.(bool)
	case reflect.Int, reflect.Int64:
		var n json.Number
		if n, fits = token.(json.Number); fits {
			_, err := n.Int64()
			fits = err == nil
		}
	}
	if token == nil {
		s.bad(path, "must not be null")
	} else if !fits {
		s.bad(path, "must be %s", kindText(t.Kind()))
	}
	if nested { // go past what is inside
		for depth := 1; depth > 0 && s.broken == nil; {
			switch d, _ := s.token().(json.Delim); d {
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
		}
	}
}

func kindText(k reflect.Kind) string {
	switch k {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	}
	return "a whole number"
}

// fields lists the JSON names of a struct, embedded structs' own among them.
func fields(t reflect.Type) (names []string, types map[string]reflect.Type) {
	types = map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			inner, innerTypes := fields(f.Type)
			names = append(names, inner...)
			for name, it := range innerTypes {
				types[name] = it
			}
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		types[name] = f.Type
	}
	return names, types
}

func (s *strictJSON) object(path string, t reflect.Type) {
	names, types := fields(t)
	seen := map[string]bool{}
	for s.broken == nil {
		key, ok := s.token().(string)
		if !ok {
			return // the end, or broken
		}
		at := join(path, key)
		ft, known := types[key]
		switch {
		case !known:
			s.bad(join(path, quotable(key)), "is not known here; there are %s", strings.Join(names, ", "))
			s.skip()
			continue
		case seen[key]:
			s.bad(at, "is given twice")
		}
		seen[key] = true
		s.value(at, ft)
	}
}

// table is an object with names of its own, such as classes.
func (s *strictJSON) table(path string, t reflect.Type) {
	seen := map[string]bool{}
	for s.broken == nil {
		key, ok := s.token().(string)
		if !ok {
			return
		}
		if seen[key] {
			s.bad(join(path, quotable(key)), "is given twice")
		}
		seen[key] = true
		s.value(join(path, key), t)
	}
}

func (s *strictJSON) list(path string, t reflect.Type) {
	for i := 0; s.broken == nil && s.dec.More(); i++ {
		s.value(fmt.Sprintf("%s[%d]", path, i), t)
	}
	s.token()
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// quotable is a text from a file, short enough for a message.
func quotable(s string) string {
	const most = 60
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}
