package osm

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// The bounds on XML. A real element is far below them; they keep a file
// without an end from filling the memory.
const (
	maxElement = 8 << 20 // bytes of one object; the longest relations have 3 MB
	maxDepth   = 32
	batchSize  = 4096 // objects
)

// xmlScan is one pass over one XML file.
type xmlScan struct {
	name  string
	first int // number of the file's first batch among all
	task  *task

	meter   meter
	decoder *xml.Decoder
	merge   func(*batch) error

	out    *batch
	number int // batches so far
	hints  [3]hint
	o      object
}

// meter counts bytes and refuses to read on when one element grows without
// end.
type meter struct {
	r    *bufio.Reader
	n    int64
	from int64 // where the current element began
}

var errElement = matter(ErrTooLarge, "an element of more than %d MB", maxElement>>20)

func (m *meter) Read(p []byte) (int, error) {
	if m.n-m.from > maxElement {
		return 0, errElement
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	return n, err
}

// ReadByte makes meter an io.ByteReader, so that the decoder puts no buffer
// of its own in between.
func (m *meter) ReadByte() (byte, error) {
	if m.n-m.from > maxElement {
		return 0, errElement
	}
	c, err := m.r.ReadByte()
	if err == nil {
		m.n++
	}
	return c, err
}

// run reads the file, in the goroutine of the caller.
func (s *xmlScan) run(ctx context.Context) (batches int, err error) {
	s.decoder = xml.NewDecoder(&s.meter)
	s.decoder.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, matter(ErrFeature, "its encoding is %q; write it anew as UTF-8", text(charset, 40))
	}
	s.out = &batch{}
	if err = s.document(ctx); err == nil {
		err = s.flush()
	}
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return s.number, err
	}
	var syntax *xml.SyntaxError
	switch located := (*FileError)(nil); {
	case errors.As(err, &located):
		return s.number, err
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		err = matter(ErrTruncated, "line %d: the file ends within an element; fetch it again", syntax.Line)
	case errors.As(err, &syntax):
		err = matter(ErrDamaged, "line %d is not XML (%s); fetch the file again", syntax.Line, text(syntax.Msg, 80))
	case strings.HasPrefix(err.Error(), "xml: ") && !errors.Is(err, ErrFeature):
		// The decoder's other complaint, which has no type: of a version that
		// is not 1.0.
		err = matter(ErrDamaged, "it is not XML 1.0 (%s); fetch the file again", text(strings.TrimPrefix(err.Error(), "xml: "), 80))
	}
	return s.number, &FileError{Name: s.name, Offset: s.meter.n, Err: err}
}

// token gives the next start or end of an element, io.EOF at the end.
func (s *xmlScan) token() (xml.Token, error) {
	for {
		t, err := s.decoder.Token()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement, xml.EndElement:
			return t, nil
		}
	}
}

func (s *xmlScan) document(ctx context.Context) error {
	root, err := s.token()
	if errors.Is(err, io.EOF) {
		return matter(ErrFormat, "the file holds no element")
	}
	if err != nil {
		return err
	}
	start, _ := root.(xml.StartElement)
	switch name := start.Name.Local; name {
	case "osm":
	case "osmChange":
		return matter(ErrFormat, "it is a change file; give the map that it changes")
	default:
		return matter(ErrFormat, "it is XML, but its root is <%s> and not <osm>", text(name, 40))
	}
	for depth := 0; ; {
		s.meter.from = s.meter.n
		t, err := s.token()
		if errors.Is(err, io.EOF) {
			return matter(ErrTruncated, "the file ends before </osm>; fetch it again")
		}
		if err != nil {
			return err
		}
		start, opens := t.(xml.StartElement)
		switch {
		case !opens && depth == 0:
			return s.rest()
		case !opens:
			depth--
		case depth == 0 && kindOf(start.Name.Local) != 0:
			if err := s.object(start); err != nil {
				return err
			}
		default:
			if depth++; depth > maxDepth {
				return matter(ErrDamaged, "elements within elements, more than %d deep", maxDepth)
			}
		}
		if s.meter.n&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
}

// rest makes sure that nothing but blanks follows the root.
func (s *xmlScan) rest() error {
	switch _, err := s.token(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return matter(ErrDamaged, "there is more after </osm>; several files run together must be given one by one")
}

func kindOf(name string) kinds {
	switch name {
	case "node":
		return kindNode
	case "way":
		return kindWay
	case "relation":
		return kindRelation
	}
	return 0
}

// object reads one object to its end and shows it to the task.
func (s *xmlScan) object(start xml.StartElement) error {
	kind := kindOf(start.Name.Local)
	s.o = object{kind: kind, slot: -1, tags: s.o.tags[:0], refs: s.o.refs[:0], members: s.o.members[:0]}
	o := &s.o
	if err := o.attributes(start); err != nil {
		return err
	}
	wanted := s.task.kinds&kind != 0
	if wanted {
		if ids := s.task.ids(kind); ids != nil {
			o.slot, wanted = s.hints[kind.place()].find(ids, o.id)
		}
	}
	index := s.out.count(kind, o.id)
	o.position = sequence(s.first+s.number, index)
	for depth := 1; depth > 0; {
		t, err := s.token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return matter(ErrTruncated, "the file ends within an element; fetch it again")
			}
			return err
		}
		child, opens := t.(xml.StartElement)
		if !opens {
			depth--
			continue
		}
		if depth++; depth > maxDepth {
			return matter(ErrDamaged, "elements within elements, more than %d deep", maxDepth)
		}
		if depth == 2 && wanted {
			if err := o.child(child); err != nil {
				return err
			}
		}
	}
	if wanted && s.pass(o) {
		s.task.visit(s.out, o)
	}
	if index+1 >= batchSize {
		return s.flush()
	}
	return nil
}

// pass applies the task's filters.
func (s *xmlScan) pass(o *object) bool {
	if o.kind == kindWay && s.task.keys != nil {
		some := false
		for _, t := range o.tags {
			some = some || s.task.keys[t.Key]
		}
		if !some {
			return false
		}
	}
	return o.kind == kindNode || s.task.tagged == nil || s.task.tagged(o.kind, o.tags)
}

func (s *xmlScan) flush() error {
	out := s.out
	s.out = &batch{}
	s.number++
	return s.merge(out)
}

func (o *object) attributes(start xml.StartElement) error {
	lat, lon, some, identified := math.NaN(), math.NaN(), 0, false
	for _, a := range start.Attr {
		var err error
		switch a.Name.Local {
		case "id":
			o.id, err = strconv.ParseInt(a.Value, 10, 64)
			identified = true
		case "lat":
			lat, err = strconv.ParseFloat(a.Value, 64)
			some++
		case "lon":
			lon, err = strconv.ParseFloat(a.Value, 64)
			some++
		case "version":
			if v, bad := strconv.ParseInt(a.Value, 10, 32); bad == nil && v > 0 {
				o.version = int32(v)
			}
		case "visible":
			o.deleted = o.deleted || a.Value == "false"
		case "action": // of the editor JOSM
			o.deleted = o.deleted || a.Value == "delete"
		}
		if err != nil {
			return matter(ErrDamaged, "<%s %s=%q>: not a number", start.Name.Local, a.Name.Local, text(a.Value, 40))
		}
	}
	if !identified {
		return matter(ErrDamaged, "a <%s> without an id", start.Name.Local)
	}
	if o.kind == kindNode && some == 2 {
		y, x := math.Round(lat*1e7), math.Round(lon*1e7)
		if y >= -90e7 && y <= 90e7 && x >= -180e7 && x <= 180e7 {
			o.lat, o.lon, o.placed = int32(y), int32(x), true
		}
	}
	return nil
}

func (o *object) child(e xml.StartElement) error {
	get := func(name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	number := func(name string) (int64, error) {
		v, err := strconv.ParseInt(get(name), 10, 64)
		if err != nil {
			err = matter(ErrDamaged, "<%s %s=%q>: not a number", e.Name.Local, name, text(get(name), 40))
		}
		return v, err
	}
	switch e.Name.Local {
	case "tag":
		o.tags = append(o.tags, Tag{get("k"), get("v")})
	case "nd":
		if o.kind != kindWay {
			return nil
		}
		id, err := number("ref")
		if err != nil {
			return err
		}
		o.refs = append(o.refs, id)
	case "member":
		kind := kindOf(get("type"))
		if o.kind != kindRelation || kind == 0 {
			return nil
		}
		id, err := number("ref")
		if err != nil {
			return err
		}
		o.members = append(o.members, member{kind, id, get("role")})
	}
	return nil
}
