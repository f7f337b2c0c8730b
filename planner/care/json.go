package care

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Errors of ReadDay and ReadRoster.
var (
	// ErrFormat: the text is not the JSON form of what was to be read.
	ErrFormat = errors.New("care: not in the expected JSON form")
	// ErrVersion: the form has a version that this package does not read.
	ErrVersion = errors.New("care: unknown format version")
	// ErrTooLarge: the text is longer than MaxDocument.
	ErrTooLarge = errors.New("care: document too large")
)

// MaxDocument is the longest JSON text, in bytes, that is read: some hundred
// times the day of a whole county.
const MaxDocument = 256 << 20

// ReadDay reads the JSON form of a day. Unknown fields, fields given twice,
// values of the wrong type and text after the end are refused, each with its
// path, in a *ValidationError that wraps ErrFormat. The content is not
// judged: call Validate.
func ReadDay(r io.Reader) (*Day, error) {
	d := new(Day)
	if err := read(r, d, "day"); err != nil {
		return nil, err
	}
	// With the zone in hand, writing clock times needs no look-up.
	d.Origin = d.Origin.In(d.Zone())
	return d, nil
}

// ReadRoster reads the JSON form of a roster, as strictly as ReadDay.
func ReadRoster(r io.Reader) (*Roster, error) {
	roster := new(Roster)
	if err := read(r, roster, "roster"); err != nil {
		return nil, err
	}
	return roster, nil
}

func read(r io.Reader, into any, what string) error {
	text, err := io.ReadAll(io.LimitReader(r, MaxDocument+1))
	switch {
	case err != nil:
		return fmt.Errorf("care: read %s: %w", what, err)
	case len(text) > MaxDocument:
		return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxDocument)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	var head struct {
		Version *int `json:"version"`
	}
	// The version is looked at first: the fields of another version are bound
	// to be unknown, and complaining about each would hide the cause.
	if json.Unmarshal(text, &head) == nil {
		switch {
		case head.Version == nil:
			return fmt.Errorf("%w: %s: there is no version; this program reads version %d", ErrVersion, what, FormatVersion)
		case *head.Version != FormatVersion:
			return fmt.Errorf("%w: %s: version %d, this program reads version %d", ErrVersion, what, *head.Version, FormatVersion)
		}
	}
	if err := checkForm(text, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrFormat, what, err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrFormat, what, err)
	}
	return nil
}

// WriteDay writes the canonical JSON form of a day: fixed order of fields,
// lists as they stand, empty lists as [], two spaces of indent, one newline at
// the end. The same day gives the same bytes. No day is an error that wraps
// ErrFormat: the form has no word for it that ReadDay would take.
func WriteDay(w io.Writer, d *Day) error {
	if d == nil {
		return fmt.Errorf("%w: write day: there is none", ErrFormat)
	}
	return write(w, d.canonical(), "day")
}

// WriteRoster writes the canonical JSON form of a roster, as WriteDay does.
func WriteRoster(w io.Writer, r *Roster) error {
	if r == nil {
		return fmt.Errorf("%w: write roster: there is none", ErrFormat)
	}
	return write(w, r.canonical(), "roster")
}

func write(w io.Writer, value any, what string) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("care: write %s: %w", what, err)
	}
	if _, err := w.Write(buffer.Bytes()); err != nil {
		return fmt.Errorf("care: write %s: %w", what, err)
	}
	return nil
}

// Hash returns the sha256, in hexadecimal, of the day's canonical JSON. A day
// that has none, because a coordinate is not a number, gives "".
func (d *Day) Hash() string {
	text, err := json.Marshal(d.canonical())
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Hash returns the sha256, in hexadecimal, of the places and matrices. Where
// they come from and what was found on the way is not part of it.
func (t *Travel) Hash() string {
	h := sha256.New()
	text, _ := json.Marshal(t.Places) // strings cannot fail
	h.Write(text)
	modes := make([]Mode, 0, len(t.Matrices))
	for m := range t.Matrices {
		modes = append(modes, m)
	}
	slices.Sort(modes)
	row := make([]byte, 0, 1<<16)
	flush := func() { h.Write(row); row = row[:0] }
	put := func(v int32) {
		if row = append(row, byte(v), byte(v>>8), byte(v>>16), byte(v>>24)); len(row) > 1<<16-8 {
			flush()
		}
	}
	for _, mode := range modes {
		m := t.Matrices[mode]
		if m == nil {
			m = &Matrix{}
		}
		ways := func(seconds []Seconds, metres []Metres) {
			for _, s := range seconds {
				put(int32(s))
			}
			for _, s := range metres {
				put(int32(s))
			}
			flush()
		}
		fmt.Fprintf(h, "\n%q %d %d %d\n", string(mode), m.N, len(m.Seconds), len(m.Metres))
		ways(m.Seconds, m.Metres)
		for i := range m.Later {
			l := &m.Later[i]
			fmt.Fprintf(h, "\nfrom %d %d %d\n", int64(l.From), len(l.Seconds), len(l.Metres))
			ways(l.Seconds, l.Metres)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonical returns a copy in which lists that the form always shows are
// empty, not missing, and the origin stands in the day's own zone.
func (d *Day) canonical() *Day {
	if d == nil {
		return nil
	}
	c := *d
	c.Origin = d.Origin.In(d.Zone())
	c.Bases = orEmpty(c.Bases)
	c.Places = orEmpty(c.Places)
	c.Clients = orEmpty(c.Clients)
	c.Carers = orEmpty(c.Carers)
	c.Shifts = orEmpty(c.Shifts)
	c.Visits = orEmpty(slices.Clone(c.Visits))
	for i := range c.Visits {
		c.Visits[i].Windows = orEmpty(c.Visits[i].Windows)
	}
	c.Municipalities = orEmpty(c.Municipalities)
	c.Published = c.Published.canonical()
	return &c
}

func (r *Roster) canonical() *Roster {
	if r == nil {
		return nil
	}
	c := *r
	c.Routes = orEmpty(slices.Clone(c.Routes))
	for i := range c.Routes {
		c.Routes[i].Stops = orEmpty(c.Routes[i].Stops)
	}
	c.Unserved = orEmpty(c.Unserved)
	c.Figures.Municipalities = orEmpty(c.Figures.Municipalities)
	c.Figures.Carers = orEmpty(c.Figures.Carers)
	c.Figures.Terms = orEmpty(c.Figures.Terms)
	return &c
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
