package interop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/slinga-se/slinga/planner/care"
)

// mostBytes is the longest text that is read.
const mostBytes = 256 << 20

// reading collects what is found while a text is read.
type reading struct {
	errs   Errors
	losses []Loss
}

func (r *reading) bad(path, message, hint string) {
	r.errs = append(r.errs, Error{path, message, hint, ErrInput})
}

func (r *reading) refuse(path, message, hint string) {
	r.errs = append(r.errs, Error{path, message, hint, ErrUnsupported})
}

func (r *reading) lose(path, message string) { r.losses = append(r.losses, Loss{path, message}) }

// An object is a JSON object whose fields are taken one by one. What is left
// at the end is unknown and becomes a loss, so a field that this package has
// never heard of is not dropped in silence.
type object struct {
	r      *reading
	path   string
	fields map[string]json.RawMessage
}

// readObject reads a whole text as one object.
func readObject(from io.Reader) (*object, error) {
	text, err := io.ReadAll(io.LimitReader(from, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("interop: %w", err)
	}
	r := &reading{}
	if len(text) > mostBytes {
		return nil, Errors{{Message: fmt.Sprintf("is larger than %d bytes", mostBytes), Kind: ErrInput}}
	}
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	o := &object{r: r}
	if err := json.Unmarshal(text, &o.fields); err != nil {
		e := Error{Message: "is not a JSON object", Hint: "check what file it is", Kind: ErrInput}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line := 1 + bytes.Count(text[:min(max(int(syntax.Offset), 0), len(text))], []byte("\n"))
			e.Message, e.Hint = fmt.Sprintf("is not JSON from line %d on", line), "look for a missing comma, bracket or quotation mark, or for an end cut off"
		}
		return nil, Errors{e}
	}
	if o.fields == nil {
		return nil, Errors{{Message: "is not a JSON object", Hint: "check what file it is", Kind: ErrInput}}
	}
	return o, nil
}

func (o *object) at(key string) string {
	if o.path == "" {
		return key
	}
	return o.path + "." + key
}

// take removes a field and returns it; false when it is missing or null.
func (o *object) take(key string) (json.RawMessage, bool) {
	raw, ok := o.fields[key]
	delete(o.fields, key)
	return raw, ok && string(bytes.TrimSpace(raw)) != "null"
}

func (o *object) has(key string) bool {
	raw, ok := o.fields[key]
	return ok && string(bytes.TrimSpace(raw)) != "null"
}

// number reads a finite number.
func (o *object) number(key string) (float64, bool) {
	raw, ok := o.take(key)
	if !ok {
		return 0, false
	}
	var f float64
	if json.Unmarshal(raw, &f) != nil {
		o.r.bad(o.at(key), "is not a number", "write a number")
		return 0, false
	}
	return f, true
}

// whole reads a whole number that fits into 53 bits.
func (o *object) whole(key string) (int64, bool) {
	f, ok := o.number(key)
	if !ok {
		return 0, false
	}
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		o.r.bad(o.at(key), "is not a whole number", "write a whole number")
		return 0, false
	}
	return int64(f), true
}

// seconds reads a length of time that is not negative.
func (o *object) seconds(key string, unit int64) care.Seconds {
	v, ok := o.whole(key)
	if !ok {
		return 0
	}
	if v < 0 || v*unit > math.MaxInt32/4 {
		o.r.bad(o.at(key), "is not a length of time", "write a number between 0 and some days")
		return 0
	}
	return care.Seconds(v * unit)
}

func (o *object) text(key string) string {
	raw, ok := o.take(key)
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		o.r.bad(o.at(key), "is not a text", "write a text in quotation marks")
	}
	return s
}

// idForm is what an id may look like; a space is what gives a name away.
var idForm = regexp.MustCompile(`^[\pL\pN_.:@/#+-]{1,64}$`)

func (o *object) id(key string) string {
	if !o.has(key) {
		o.fields[key] = nil
		o.take(key)
		o.r.bad(o.at(key), "is missing", "every one needs an id")
		return ""
	}
	s := o.text(key)
	o.r.checkID(o.at(key), s)
	return s
}

func (r *reading) checkID(path, s string) {
	if s != "" && !idForm.MatchString(s) {
		r.bad(path, "is not an id", "use at most 64 letters, digits and . _ : / # + - without spaces; never a person's name")
	}
}

// ids reads a list of ids.
func (o *object) ids(key string) []string {
	raw, ok := o.take(key)
	if !ok {
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		o.r.bad(o.at(key), "is not a list of ids", "write a list of texts")
		return nil
	}
	for i, s := range list {
		o.r.checkID(fmt.Sprintf("%s[%d]", o.at(key), i), s)
	}
	return list
}

func (o *object) yes(key string) bool {
	raw, ok := o.take(key)
	if !ok {
		return false
	}
	var b bool
	if json.Unmarshal(raw, &b) != nil {
		o.r.bad(o.at(key), "is neither true nor false", "write true or false")
	}
	return b
}

// numbers reads a list of whole numbers.
func (o *object) numbers(key string) ([]int64, bool) {
	raw, ok := o.take(key)
	if !ok {
		return nil, false
	}
	var list []int64
	if json.Unmarshal(raw, &list) != nil {
		o.r.bad(o.at(key), "is not a list of whole numbers", "write whole numbers")
		return nil, false
	}
	return list, true
}

// pairs reads a list of pairs of whole numbers.
func (o *object) pairs(key string) ([][2]int64, bool) {
	raw, ok := o.take(key)
	if !ok {
		return nil, false
	}
	var list [][]int64
	if json.Unmarshal(raw, &list) != nil {
		o.r.bad(o.at(key), "is not a list of pairs", "write pairs of whole numbers")
		return nil, false
	}
	out := make([][2]int64, 0, len(list))
	for i, p := range list {
		if len(p) != 2 {
			o.r.bad(fmt.Sprintf("%s[%d]", o.at(key), i), "is not a pair", "write two whole numbers")
			continue
		}
		out = append(out, [2]int64{p[0], p[1]})
	}
	return out, true
}

// location reads [longitude, latitude].
func (o *object) location(key string) (lon, lat float64, ok bool) {
	raw, there := o.take(key)
	if !there {
		return 0, 0, false
	}
	var list []float64
	if json.Unmarshal(raw, &list) != nil || len(list) != 2 {
		o.r.bad(o.at(key), "is not a position", "write [longitude, latitude]")
		return 0, 0, false
	}
	if math.Abs(list[1]) > 90 || math.Abs(list[0]) > 180 {
		o.r.bad(o.at(key), "is not on the globe", "write [longitude, latitude] in degrees, in this order")
		return 0, 0, false
	}
	return list[0], list[1], true
}

// object reads a field that is an object itself.
func (o *object) object(key string) (*object, bool) {
	raw, ok := o.take(key)
	if !ok {
		return nil, false
	}
	inner := &object{r: o.r, path: o.at(key)}
	if json.Unmarshal(raw, &inner.fields) != nil || inner.fields == nil {
		o.r.bad(o.at(key), "is not an object", "write an object in braces")
		return nil, false
	}
	return inner, true
}

// objects reads a list of objects.
func (o *object) objects(key string) []*object {
	raw, ok := o.take(key)
	if !ok {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		o.r.bad(o.at(key), "is not a list", "write a list in brackets")
		return nil
	}
	var out []*object
	for i, raw := range list {
		inner := &object{r: o.r, path: fmt.Sprintf("%s[%d]", o.at(key), i)}
		if json.Unmarshal(raw, &inner.fields) != nil || inner.fields == nil {
			o.r.bad(inner.path, "is not an object", "write an object in braces")
			continue
		}
		out = append(out, inner)
	}
	return out
}

// matrix reads a square matrix of whole numbers that are not negative.
func (o *object) matrix(key string) (n int, values []int64, ok bool) {
	raw, there := o.take(key)
	if !there {
		return 0, nil, false
	}
	var rows [][]int64
	if json.Unmarshal(raw, &rows) != nil {
		o.r.bad(o.at(key), "is not a matrix", "write rows of whole numbers")
		return 0, nil, false
	}
	n = len(rows)
	values = make([]int64, 0, n*n)
	for i, row := range rows {
		if len(row) != n {
			o.r.bad(fmt.Sprintf("%s[%d]", o.at(key), i), fmt.Sprintf("has %d values, the matrix has %d rows", len(row), n), "write a square matrix")
			return 0, nil, false
		}
		for j, v := range row {
			if v < 0 {
				o.r.bad(fmt.Sprintf("%s[%d][%d]", o.at(key), i, j), "is negative", "write 0 or more")
				return 0, nil, false
			}
		}
		values = append(values, row...)
	}
	return n, values, true
}

// drop lists a field as lost when it is there.
func (o *object) drop(key, message string) {
	if _, ok := o.take(key); ok {
		o.r.lose(o.at(key), message)
	}
}

// refuse refuses a field when it is there and is not empty.
func (o *object) refuse(key, message, hint string) {
	raw, ok := o.take(key)
	if !ok {
		return
	}
	switch string(bytes.TrimSpace(raw)) {
	case "[]", "{}", "0", "false", `""`:
		return
	}
	o.r.refuse(o.at(key), message, hint)
}

// fieldForm is what the name of a field may look like to be repeated.
var fieldForm = regexp.MustCompile(`^[a-z_]{1,40}$`)

// close lists every field that was not taken.
func (o *object) close() {
	keys := make([]string, 0, len(o.fields))
	for k := range o.fields {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for i, k := range keys {
		if !fieldForm.MatchString(k) {
			k = "field " + strconv.Itoa(i+1)
		}
		o.r.lose(o.at(k), "is not known here and was not read")
	}
}
