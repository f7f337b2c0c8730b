package sets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
)

// decode reads one JSON value, whole, in which every key of its type stands, but
// for those of pointers and those tagged omitempty. Its errors say where, and
// wrap ErrFormat.
func decode(data []byte, into any) error {
	data = text.Trim(data)
	err := json.Unmarshal(data, into)
	if err == nil {
		return complete(data, reflect.TypeOf(into).Elem(), "")
	}
	line := func(offset int64) int {
		return 1 + bytes.Count(data[:min(max(int(offset), 0), len(data))], []byte("\n"))
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case endsEarly(data):
		return fmt.Errorf("%w: the text ends too early: is the file cut off?", ErrFormat)
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: line %d: %w", ErrFormat, line(syntax.Offset), syntax)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%w: line %d, %s: wanted %s, not %s", ErrFormat, line(kind.Offset), kind.Field, wanted(kind.Type), article(kind.Value))
	}
	return fmt.Errorf("%w: %w", ErrFormat, err)
}

// complete tells of the first thing that a value of a type lacks: a key, a
// number of a list of so many, or whatever null stands for. The standard library
// makes a zero of each, which is another instance and no error. at is where the
// value stands.
func complete(data json.RawMessage, t reflect.Type, at string) error {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		if isNull(data) {
			return nil
		}
		return complete(data, t.Elem(), at)
	case reflect.Struct:
		var keys map[string]json.RawMessage
		if err := json.Unmarshal(data, &keys); err != nil || keys == nil {
			return fmt.Errorf("%w: %s is null", ErrFormat, at)
		}
		return completeKeys(keys, t, at)
	case reflect.Slice, reflect.Array:
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil || list == nil {
			return fmt.Errorf("%w: %s is null", ErrFormat, at)
		}
		if t.Kind() == reflect.Array && len(list) != t.Len() {
			return fmt.Errorf("%w: %s has %d entries, wanted %d", ErrFormat, at, len(list), t.Len())
		}
		for i, one := range list {
			if err := complete(one, t.Elem(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if isNull(data) {
		return fmt.Errorf("%w: %s is null", ErrFormat, at)
	}
	return nil
}

// completeKeys is complete of an object.
func completeKeys(keys map[string]json.RawMessage, t reflect.Type, at string) error {
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, tagged := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			if err := completeKeys(keys, field.Type, at); err != nil {
				return err
			}
			continue
		case name == "":
			continue
		}
		place := name
		if at != "" {
			place = at + "." + name
		}
		value, there := keys[name]
		if !there || isNull(value) {
			if field.Type.Kind() == reflect.Pointer || tagged && options == "omitempty" {
				continue
			}
			return fmt.Errorf("%w: %s is missing", ErrFormat, place)
		}
		if err := complete(value, field.Type, place); err != nil {
			return err
		}
	}
	return nil
}

func isNull(data json.RawMessage) bool { return string(data) == "null" }

// endsEarly tells whether nothing is wrong with a text but that more must come.
func endsEarly(data []byte) bool {
	err := json.NewDecoder(bytes.NewReader(data)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// wanted is what JSON has for values of a type.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Int:
		return "a whole number"
	}
	return "a number"
}

// article puts the standard library's names of JSON values in our words.
func article(value string) string {
	switch value {
	case "string":
		return "a text"
	case "array":
		return "a list"
	case "object":
		return "an object"
	case "bool":
		return "true or false"
	}
	return value // "number 3.5"
}
