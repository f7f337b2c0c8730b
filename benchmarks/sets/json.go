package sets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
)

// decode reads one JSON value, whole. Its errors say where, and wrap ErrFormat.
func decode(data []byte, into any) error {
	data = text.Trim(data)
	err := json.Unmarshal(data, into)
	if err == nil {
		return nil
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
