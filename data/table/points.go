package table

import (
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
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
// e_sweref99tm, or all five with one pair filled in a row, under any header
// that places.csv takes, and delay_seconds, which may be missing or empty. Other
// columns are not read. The name is that of the file, for messages. When
// anything is wrong the error is an Errors with everything that was found, and
// no points are returned. Unlike places of a day, points may lie anywhere on
// Earth, and an id may be any text but a personal number.
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

// ReadPointsFile is ReadPoints of a file, or of a day's own clients.csv or
// bases.csv (by any name that these go by): they say at which place somebody
// is, and the positions come from the places.csv beside them.
func ReadPointsFile(file string, l Limits) ([]Point, []Warning, error) {
	name := filepath.Base(file)
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, nil, err
	case info.IsDir():
		return nil, nil, Errors{{File: name, Message: "is a folder", Hint: "give a file, such as its clients.csv or places.csv"}}
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	if k := kindOfFile(strings.TrimSuffix(name, filepath.Ext(name))); info.Mode().IsRegular() && k != nil && (k.name == "clients" || k.name == "bases") {
		r := newReader(Options{Limits: l})
		if r.placed(os.DirFS(filepath.Dir(file)), name, k) {
			return r.pointsOfPlaces(k)
		}
	}
	return ReadPoints(f, name, l)
}

// placed reads a table of a day and the places beside it, if it has no
// positions of its own. Else it is a file of points, whatever it is called.
func (r *reader) placed(fsys fs.FS, name string, k *kind) bool {
	add := func(name string, k *kind) {
		r.files = append(r.files, name)
		if strings.EqualFold(path.Ext(name), ".xlsx") {
			r.addSheetFile(fsys, name, k)
		} else {
			r.addCSV(fsys, name, k)
		}
	}
	add(name, k)
	t := r.tables[k.name]
	if t == nil {
		return false
	}
	if _, there := t.at["place"]; !there {
		return false
	}
	for _, header := range t.headers {
		if c := findColumn(pointColumns()[1:5], header); c != nil {
			return false
		}
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		entries = nil
	}
	for _, entry := range entries {
		extension := strings.ToLower(path.Ext(entry.Name()))
		base := strings.TrimSuffix(entry.Name(), path.Ext(entry.Name()))
		if p := kindOfFile(base); p != nil && p.name == "places" && r.tables["places"] == nil &&
			(extension == ".csv" || extension == ".tsv" || extension == ".xlsx") {
			add(entry.Name(), p)
		}
	}
	if r.tables["places"] == nil && len(r.errs) == 0 {
		r.fail(Error{File: name, Message: "names places, and there is no places.csv beside it", Hint: "add it, or columns lat and lon"})
	}
	return true
}

// pointsOfPlaces joins clients or bases with the places.
func (r *reader) pointsOfPlaces(k *kind) ([]Point, []Warning, error) {
	positions := make(map[string]Point)
	for _, l := range r.lines("places") {
		p := Point{ID: l.id("id")}
		p.Lat, p.Lon = l.position()
		positions[p.ID] = p
	}
	var points []Point
	seen := make(map[string]int) // row by id
	for _, l := range r.lines(k.name) {
		id, place := l.id("id"), l.id("place")
		if place == "" && k.name == "bases" {
			place = id
		}
		at, known := positions[place]
		switch {
		case id == "" || place == "": // told already
			continue
		case seen[id] > 0:
			l.fail("id", fmt.Sprintf("stands in row %d too", seen[id]), "give everybody an id of their own")
		case !known && !r.broken:
			l.fail("place", "is not in "+r.tables["places"].file+shown(place), "add the place there, or correct its id")
		}
		seen[id] = l.row.number
		points = append(points, Point{ID: id, Lat: at.Lat, Lon: at.Lon})
	}
	r.refusePersonalNumbers()
	if len(r.errs) == 0 && len(points) == 0 {
		r.fail(Error{File: r.files[0], Message: "holds nobody", Hint: "add rows"})
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
		first, twice := t.at[c.name]
		switch {
		case !twice || fold(header) == fold(c.name) && fold(t.headers[first]) != fold(c.name):
			t.at[c.name] = i
		case fold(t.headers[first]) == fold(c.name) && fold(header) != fold(c.name):
			// The column's own name goes before other words: beside an id, a
			// place is something else.
		default:
			return bad(fmt.Sprintf("column %q stands twice", c.name), "keep one")
		}
	}
	has := func(name string) bool { _, there := t.at[name]; return there }
	degrees, metres := has("lat") || has("lon"), has("n_sweref99tm") || has("e_sweref99tm")
	needed := []string{"id"}
	if degrees || !metres {
		needed = append(needed, "lat", "lon")
	}
	if metres {
		needed = append(needed, "n_sweref99tm", "e_sweref99tm")
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
	_, degrees := l.t.at["lat"]
	_, metres := l.t.at["n_sweref99tm"]
	if degrees && metres { // one of them is filled
		metres = l.text("n_sweref99tm") != "" || l.text("e_sweref99tm") != ""
		if metres && l.text("lat")+l.text("lon") != "" {
			complain("lat", "stands beside metres", "fill in lat and lon, or n_sweref99tm and e_sweref99tm")
			return p, false
		}
	}
	if metres {
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
