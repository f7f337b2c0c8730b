package table

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
)

// A Point is a place that goes by an id: an address of a matrix, a base, a
// stop to pass by.
type Point struct {
	ID       string
	Lat, Lon float64 // WGS 84 degrees
	Delay    int     // seconds until somebody who is there can leave; 0: not stated
}

// pointColumns are the headers of a file of points: those of places.csv that
// say where a place is, and two more words for the id.
func pointColumns() []column {
	columns := append([]column(nil), kindByName("places").columns[:5]...)
	columns[0].aliases = append([]string{"punkt", "point"}, columns[0].aliases...)
	columns[0].required = false // judged with a hint of its own
	return append(columns, column{name: "delay_seconds", aliases: []string{"fördröjning_sekunder", "fordrojning_sekunder"}, form: "number"})
}

// ReadPoints reads points from CSV, or from the first sheet of a workbook when
// the name ends in .xlsx: the columns id, lat, lon or id, n_sweref99tm,
// e_sweref99tm, under any header that places.csv takes, and delay_seconds,
// which may be missing or empty. Other columns are not read. The name is that of the file, for messages. When anything is wrong the
// error is an Errors with everything that was found, and no points are
// returned. Unlike places of a day, points may lie anywhere on Earth, and an id
// may be any text but a personal number.
func ReadPoints(in io.Reader, name string, l Limits) ([]Point, []Warning, error) {
	r := newReader(Options{Limits: l})
	r.files = append(r.files, name)
	data, err := io.ReadAll(io.LimitReader(in, r.limits.FileBytes+1))
	switch {
	case err != nil:
		r.fail(Error{File: name, Message: "cannot be read", Hint: "check the disk and copy the file again"})
	case int64(len(data)) > r.limits.FileBytes:
		r.fail(Error{File: name, Message: fmt.Sprintf("holds more than %d MB", r.limits.FileBytes>>20), Hint: "split it"})
	case len(strings.TrimSpace(strings.TrimPrefix(string(data), "\ufeff"))) == 0:
		r.fail(Error{File: name, Message: "is empty", Hint: pointsHint})
	}
	var points []Point
	if len(r.errs) == 0 {
		points = r.points(name, data)
	}
	if len(r.errs) == 0 && len(points) == 0 {
		r.fail(Error{File: name, Message: "holds no points", Hint: pointsHint})
	}
	warnings := r.sortWarnings()
	if len(r.errs) > 0 {
		return nil, warnings, sortErrors(r.errs, r.files)
	}
	return points, warnings, nil
}

const pointsHint = "the first row is id,lat,lon and each further row one point"

func (r *reader) points(name string, data []byte) []Point {
	columns := pointColumns()
	var s sheet
	var ok bool
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		s, ok = r.firstSheet(name, data)
	} else {
		s, ok = r.cut(name, data, columns)
	}
	if !ok || len(s.rows) == 0 {
		return nil
	}
	t := &table{sheet: s, kind: &kind{name: "points", columns: columns}, at: map[string]int{}}
	t.headers, t.rows = s.rows[0].cells, s.rows[1:]
	if !r.pointHeaders(t, s.rows[0].number) {
		return nil
	}
	r.tables["points"] = t
	var points []Point
	seen := make(map[string]int) // row by id
	for _, l := range r.lines("points") {
		if p, ok := l.point(seen); ok {
			points = append(points, p)
		}
	}
	return points
}

// firstSheet opens a workbook that holds one table, whatever it is called.
func (r *reader) firstSheet(name string, data []byte) (sheet, bool) {
	f, ok := r.openWorkbook(name, data)
	if !ok {
		return sheet{}, false
	}
	defer func() { _ = f.Close() }()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		r.fail(Error{File: name, Message: "has no sheet", Hint: "save the workbook again"})
		return sheet{}, false
	}
	return r.readSheet(f, sheets[0], name)
}

// pointHeaders finds the columns. Headers that are not known are left alone:
// people keep what they like beside a position.
func (r *reader) pointHeaders(t *table, number int) bool {
	bad := func(message, hint string) bool {
		r.fail(Error{File: t.file, Row: number, Message: message, Hint: hint})
		return false
	}
	if len(t.headers) > r.limits.Columns {
		return bad(fmt.Sprintf("has more than %d columns", r.limits.Columns), "remove the empty ones")
	}
	for i, header := range t.headers {
		c := findColumn(t.kind.columns, header)
		if c == nil {
			continue
		}
		if _, twice := t.at[c.name]; twice {
			return bad(fmt.Sprintf("column %q stands twice", c.name), "keep one")
		}
		t.at[c.name] = i
	}
	has := func(name string) bool { _, there := t.at[name]; return there }
	metres := has("n_sweref99tm") || has("e_sweref99tm")
	if metres && (has("lat") || has("lon")) {
		return bad("degrees and metres", "keep either lat, lon or n_sweref99tm, e_sweref99tm")
	}
	needed := []string{"id", "lat", "lon"}
	if metres {
		needed = []string{"id", "n_sweref99tm", "e_sweref99tm"}
	}
	for _, name := range needed {
		if !has(name) {
			return bad(fmt.Sprintf("no column %q", name), "the columns are id, lat, lon (WGS 84) or id, n_sweref99tm, e_sweref99tm")
		}
	}
	return true
}

// point reads one row.
func (l *line) point(seen map[string]int) (Point, bool) {
	before := len(l.r.errs)
	// Columns go by their own names here: the header n is nobody's word.
	complain := func(name, message, hint string) {
		if !l.r.spoilt[cell{l.t.file, l.row.number, name}] {
			l.r.fail(Error{File: l.t.file, Row: l.row.number, Column: name, Field: name, Message: message, Hint: hint})
		}
	}
	p := Point{ID: l.text("id")}
	switch {
	case p.ID == "":
		complain("id", "is empty", "give every point an id")
	case len(p.ID) > 10 && personalNumber(p.ID): // ten digits are many an OSM node's
		complain("id", "looks like a personal number", "use a pseudonymous id")
	case seen[p.ID] > 0:
		complain("id", fmt.Sprintf("stands in row %d too", seen[p.ID]), "give every point an id of its own")
	default:
		seen[p.ID] = l.row.number
	}
	within := func(name string, low, high float64, message, hint string) float64 {
		v, ok := parseNumber(l.text(name))
		if !ok || v < low || v > high {
			if ok && low < 0 && v >= 200_000 && v <= 7_700_000 {
				hint += "; metres of SWEREF 99 TM stand under n_sweref99tm and e_sweref99tm"
			}
			complain(name, message, hint)
		}
		return v
	}
	if _, metres := l.t.at["n_sweref99tm"]; metres {
		n := within("n_sweref99tm", 6_100_000, 7_700_000, "is no northing", "write metres of SWEREF 99 TM between 6100000 and 7700000")
		e := within("e_sweref99tm", 200_000, 1_000_000, "is no easting", "write metres of SWEREF 99 TM between 200000 and 1000000")
		if len(l.r.errs) == before {
			p.Lat, p.Lon = FromSWEREF99TM(n, e)
		}
	} else {
		p.Lat = within("lat", -90, 90, "is no latitude", "write degrees between -90 and 90, as 65.834")
		p.Lon = within("lon", -180, 180, "is no longitude", "write degrees between -180 and 180, as 24.117")
	}
	if l.text("delay_seconds") != "" {
		p.Delay = int(math.Ceil(within("delay_seconds", 0, 86_400, "is no delay", "write seconds between 0 and 86400")))
	}
	return p, len(l.r.errs) == before
}
