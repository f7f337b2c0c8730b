package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/table"
)

// Limits of a file of points.
const (
	mostPointBytes = 64 << 20
	mostPoints     = 200_000
	mostPairs      = 1 << 28 // in one matrix: two gigabytes
)

// points is a list of places with ids.
type points struct {
	ids []string
	at  []orb.Point
}

// pointColumns are the headers that a column may have, the first of them as
// messages name it.
var pointColumns = [][]string{
	{"id", "plats", "place", "punkt", "point"},
	{"lat", "latitud", "latitude"},
	{"lon", "lng", "longitud", "longitude"},
	{"n_sweref99tm", "nord", "norr", "northing", "n"},
	{"e_sweref99tm", "öst", "ost", "easting", "e"},
}

const (
	columnID = iota
	columnLat
	columnLon
	columnN
	columnE
)

// readPoints reads points from a CSV file.
func readPoints(path string) (points, error) {
	if path == "" {
		return points{}, badInput("no points: give --points with a CSV file that has the columns id, lat, lon")
	}
	f, err := os.Open(path)
	if err != nil {
		return points{}, badInput("cannot open the points %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	p, err := parsePoints(f, filepath.Base(path))
	if err != nil {
		return points{}, inputError{err}
	}
	return p, nil
}

// parsePoints reads CSV with the columns id, lat, lon or id, n_sweref99tm,
// e_sweref99tm, separated by comma, semicolon or tab, with a decimal point or
// comma. Every bad row is reported.
func parsePoints(in io.Reader, name string) (points, error) {
	text, err := io.ReadAll(io.LimitReader(in, mostPointBytes+1))
	if err != nil {
		return points{}, fmt.Errorf("%s: cannot be read: %w", name, plain(err))
	}
	if len(text) > mostPointBytes {
		return points{}, fmt.Errorf("%s: holds more than %d MB: split it", name, mostPointBytes>>20)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		text = fromLatin1(text)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	r.Comma = separatorOf(text)
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return points{}, fmt.Errorf("%s: is empty; the first row is id,lat,lon and each further row one point", name)
	} else if err != nil {
		return points{}, fmt.Errorf("%s: %w", name, err)
	}
	columns, err := findColumns(header)
	if err != nil {
		return points{}, fmt.Errorf("%s, row 1: %w", name, err)
	}
	p := pointReader{name: name, columns: columns, seen: make(map[string]int)}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return points{}, fmt.Errorf("%s: %w", name, err)
		}
		row, _ := r.FieldPos(0)
		if len(p.ids) == mostPoints {
			return points{}, fmt.Errorf("%s, row %d: more than %d points: split the file", name, row, mostPoints)
		}
		p.add(row, record)
	}
	return p.result()
}

// fromLatin1 reads text that is not UTF-8 as ISO-8859-1.
func fromLatin1(text []byte) []byte {
	out := make([]byte, 0, len(text)+len(text)/8)
	for _, b := range text {
		out = utf8.AppendRune(out, rune(b))
	}
	return out
}

// separatorOf takes the mark that the first line has most of.
func separatorOf(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, mark := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(mark))); n > most {
			best, most = mark, n
		}
	}
	return best
}

// findColumns returns the position of every column of pointColumns, -1 for
// those that are not there.
func findColumns(header []string) ([]int, error) {
	columns := make([]int, len(pointColumns))
	for c, names := range pointColumns {
		columns[c] = -1
		for i, h := range header {
			h = strings.ToLower(strings.TrimSpace(h))
			for _, name := range names {
				if h != name {
					continue
				}
				if columns[c] >= 0 {
					return nil, fmt.Errorf("column %q stands twice: keep one", names[0])
				}
				columns[c] = i
			}
		}
	}
	has := func(c int) bool { return columns[c] >= 0 }
	degrees, metres := has(columnLat) || has(columnLon), has(columnN) || has(columnE)
	switch {
	case degrees && metres:
		return nil, fmt.Errorf("degrees and metres: keep either lat, lon or n_sweref99tm, e_sweref99tm")
	case has(columnID) && has(columnLat) && has(columnLon), has(columnID) && has(columnN) && has(columnE):
		return columns, nil
	}
	for c := range pointColumns {
		if !has(c) && (c < columnN) != metres || !has(c) && c == columnID {
			return nil, fmt.Errorf("no column %q; the columns are id, lat, lon (WGS 84) or id, n_sweref99tm, e_sweref99tm", pointColumns[c][0])
		}
	}
	return nil, fmt.Errorf("no columns id, lat, lon")
}

// pointReader collects points and what is wrong with them.
type pointReader struct {
	points
	name    string
	columns []int
	seen    map[string]int // row by id
	wrong   []string       // the first few
	count   int            // of all that is wrong
}

func (p *pointReader) complain(row, column int, message string) {
	if p.count++; p.count <= mostListed {
		p.wrong = append(p.wrong, fmt.Sprintf("%s, row %d, column %s: %s", p.name, row, pointColumns[column][0], message))
	}
}

func (p *pointReader) add(row int, record []string) {
	cell := func(column int) string {
		if at := p.columns[column]; at >= 0 && at < len(record) {
			return strings.TrimSpace(record[at])
		}
		return ""
	}
	id := cell(columnID)
	switch {
	case id == "":
		p.complain(row, columnID, "is empty: give every point an id")
	case p.seen[id] > 0:
		p.complain(row, columnID, fmt.Sprintf("stands in row %d too: give every point an id of its own", p.seen[id]))
	default:
		p.seen[id] = row
	}
	var lat, lon float64
	if p.columns[columnN] >= 0 {
		n, ok := decimal(cell(columnN), 6_100_000, 7_700_000)
		if !ok {
			p.complain(row, columnN, "is no northing: write metres of SWEREF 99 TM between 6100000 and 7700000")
			return
		}
		e, ok := decimal(cell(columnE), 200_000, 1_000_000)
		if !ok {
			p.complain(row, columnE, "is no easting: write metres of SWEREF 99 TM between 200000 and 1000000")
			return
		}
		lat, lon = table.FromSWEREF99TM(n, e)
	} else {
		var ok bool
		if lat, ok = decimal(cell(columnLat), -90, 90); !ok {
			p.complain(row, columnLat, "is no latitude: write degrees between -90 and 90, as 65.834"+aboutMetres(cell(columnLat)))
			return
		}
		if lon, ok = decimal(cell(columnLon), -180, 180); !ok {
			p.complain(row, columnLon, "is no longitude: write degrees between -180 and 180, as 24.117"+aboutMetres(cell(columnLon)))
			return
		}
	}
	p.ids, p.at = append(p.ids, id), append(p.at, orb.Point{lon, lat})
}

// decimal reads a number with a decimal point or comma that lies within
// bounds.
func decimal(text string, low, high float64) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return v, err == nil && !math.IsNaN(v) && v >= low && v <= high
}

// aboutMetres proposes the right header for what looks like SWEREF 99 TM.
func aboutMetres(text string) string {
	if _, ok := decimal(text, 200_000, 7_700_000); ok {
		return "; metres of SWEREF 99 TM stand under n_sweref99tm and e_sweref99tm"
	}
	return ""
}

func (p *pointReader) result() (points, error) {
	switch {
	case p.count > 0:
		more := ""
		if n := p.count - len(p.wrong); n > 0 {
			more = fmt.Sprintf("\n... and %d more", n)
		}
		return points{}, fmt.Errorf("%s%s", strings.Join(p.wrong, "\n"), more)
	case len(p.ids) == 0:
		return points{}, fmt.Errorf("%s: holds no points; the first row is id,lat,lon and each further row one point", p.name)
	}
	return p.points, nil
}
