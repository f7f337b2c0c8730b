package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/slinga-se/slinga/planner/care"
)

// Options says how to read. The zero value is right for a Swedish
// municipality's folder.
type Options struct {
	Date     string // YYYY-MM-DD; takes the place of the date in day.csv
	TimeZone string // IANA name when day.csv has none; empty: Europe/Stockholm
	Name     string // the area's name when day.csv has none
	Limits   Limits //
	// Locate, if set, is called with the places and clients as read, before
	// municipalities that nobody stated are filled in and before validation: a
	// caller with borders finds them by position.
	Locate func(*care.Day)
}

// Limits guard against files that are damaged or hostile. A zero field means
// its default.
type Limits struct {
	FileBytes     int64 // of one file; default 64 MB
	WorkbookBytes int64 // of a workbook when unpacked; default 256 MB
	Rows          int   // of one table; default 200 000
	Columns       int   // of one table; default 500
}

func (l Limits) orDefaults() Limits {
	if l.FileBytes <= 0 {
		l.FileBytes = 64 << 20
	}
	if l.WorkbookBytes <= 0 {
		l.WorkbookBytes = 256 << 20
	}
	if l.Rows <= 0 {
		l.Rows = 200_000
	}
	if l.Columns <= 0 {
		l.Columns = 500
	}
	return l
}

// DefaultTimeZone is that of Sweden.
const DefaultTimeZone = "Europe/Stockholm"

// ReadFolder reads a folder of CSV and XLSX files into a day. When anything is
// wrong the error is an Errors with everything that was found, and no day is
// returned. Warnings are given in both cases.
func ReadFolder(dir string, o Options) (*care.Day, []Warning, error) {
	info, err := os.Stat(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, Errors{{File: filepath.Base(dir), Message: "there is no such folder", Hint: "check the path"}}
		}
		return nil, nil, fmt.Errorf("table: %w", err)
	}
	if !info.IsDir() {
		return nil, nil, Errors{{File: filepath.Base(dir), Message: "is a file, not a folder", Hint: "name the folder that visits.csv lies in"}}
	}
	return ReadFS(os.DirFS(dir), o)
}

// ReadFS reads the folder's files from any file system: an embedded one, an
// archive, a test's.
func ReadFS(fsys fs.FS, o Options) (*care.Day, []Warning, error) {
	r := newReader(o)
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil, fmt.Errorf("table: %w", err)
	}
	var workbooks []string
	whole := onlyWorkbook(entries)
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			continue // hidden files, and the lock files of an open spreadsheet
		}
		extension := strings.ToLower(path.Ext(name))
		base := strings.TrimSuffix(name, path.Ext(name))
		switch {
		case isNamesFile(base):
			continue // read by ReadNames alone
		case extension == ".json":
			r.readJSONFile(fsys, name, base)
		case extension == ".csv", extension == ".txt" && kindOfFile(base) != nil, extension == ".tsv":
			if k := r.kindFor(name, base); k != nil {
				r.addCSV(fsys, name, k)
			}
		case extension == ".xlsx":
			if name == whole {
				r.addWorkbook(fsys, name)
				continue
			}
			if kindOfFile(base) == nil {
				workbooks = append(workbooks, name)
				continue
			}
			if k := r.kindFor(name, base); k != nil {
				r.addSheetFile(fsys, name, k)
			}
		case extension == ".xls", extension == ".ods", extension == ".numbers":
			if kindOfFile(base) != nil {
				r.files = append(r.files, name)
				r.fail(Error{File: name, Message: "is a spreadsheet in a format that is not read", Hint: "save it as .xlsx or as CSV UTF-8"})
			}
		}
	}
	for _, name := range workbooks {
		r.warn(Error{File: name, Message: "is not one of the tables and was not read", Hint: "give a whole workbook by itself"})
	}
	return r.finish()
}

// onlyWorkbook returns the one workbook of a folder that has no other table:
// it holds the day, whatever it is called.
func onlyWorkbook(entries []fs.DirEntry) string {
	found := ""
	for _, entry := range entries {
		name := entry.Name()
		base := strings.TrimSuffix(name, path.Ext(name))
		switch extension := strings.ToLower(path.Ext(name)); {
		case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || isNamesFile(base):
		case extension == ".xlsx" && found == "":
			found = name
		case extension == ".xlsx", extension == ".csv", extension == ".tsv":
			return ""
		}
	}
	return found
}

// ReadWorkbook reads one XLSX file whose sheets are named as the files of a
// folder are.
func ReadWorkbook(file string, o Options) (*care.Day, []Warning, error) {
	info, err := os.Stat(file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, Errors{{File: filepath.Base(file), Message: "there is no such file", Hint: "check the path"}}
		}
		return nil, nil, fmt.Errorf("table: %w", err)
	}
	if info.IsDir() {
		return ReadFolder(file, o)
	}
	r := newReader(o)
	r.addWorkbook(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	return r.finish()
}

// A table is a sheet whose headers are understood.
type table struct {
	sheet
	kind    *kind
	at      map[string]int // column name -> cell
	headers []string       // as they stand in the file
}

// origin is where an item of the day came from.
type origin struct {
	t   *table
	row row
}

// cell is a place in a table; its column goes by its own name.
type cell struct {
	file  string
	row   int
	field string
}

// reader gathers tables, then builds the day, then has it validated.
type reader struct {
	options  Options
	limits   Limits
	errs     Errors
	warnings []Warning
	files    []string      // in the order of reading, for sorting errors
	legacy   []string      // files that were read as Windows-1252
	spoilt   map[cell]bool // cells that a spreadsheet has spoilt: one error each
	tables   map[string]*table
	rules    *care.Rules
	rosterOf *care.Roster
	badRow   map[string]map[int]bool // file -> row -> an error was found there
	unopened bool                    // the workbook that everything is in could not be opened
	broken   bool                    // a whole file could not be read: cross-checks would only echo it

	date   time.Time // the planned date, at local midnight
	origin time.Time
	zone   *time.Location
	day    care.Day
	from   map[string][]origin // kind -> index in the day -> row
	deleg  [][]origin          // carer -> delegation -> row
}

func newReader(o Options) *reader {
	return &reader{
		options: o, limits: o.Limits.orDefaults(),
		tables: map[string]*table{}, badRow: map[string]map[int]bool{}, spoilt: map[cell]bool{}, from: map[string][]origin{},
	}
}

// fail notes an error. The first error of a row marks it, so that what follows
// from it is not reported again.
func (r *reader) fail(e Error) {
	if e.Row > 0 {
		rows := r.badRow[e.File]
		if rows == nil {
			rows = map[int]bool{}
			r.badRow[e.File] = rows
		}
		rows[e.Row] = true
	} else {
		r.broken = true
	}
	r.errs = append(r.errs, e)
}

func (r *reader) warn(e Error) { r.warnings = append(r.warnings, Warning(e)) }

// kindFor finds the kind of a file, or says why there is none.
func (r *reader) kindFor(file, base string) *kind {
	k := kindOfFile(base)
	if k == nil {
		if near := nearestFile(base); near != "" {
			r.fail(Error{File: file, Message: "is not the name of a table", Hint: "did you mean " + near + path.Ext(file) + "?"})
		} else {
			r.warn(Error{File: file, Message: "is not one of the tables and was not read", Hint: "see docs/input.md for their names"})
		}
		return nil
	}
	if other := r.tables[k.name]; other != nil {
		r.fail(Error{File: file, Message: "holds the same table as " + other.file, Hint: "keep one of the two"})
		return nil
	}
	r.files = append(r.files, file)
	return k
}

// readFile reads at most the limit's bytes.
func (r *reader) readFile(fsys fs.FS, name string) ([]byte, bool) {
	f, err := fsys.Open(name)
	if err != nil {
		message, hint := "cannot be opened", "check that it is not open in another program and that you may read it"
		if errors.Is(err, fs.ErrNotExist) {
			message, hint = "there is no such file", "check the path"
		}
		r.fail(Error{File: name, Message: message, Hint: hint})
		return nil, false
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, r.limits.FileBytes+1))
	if err != nil {
		r.fail(Error{File: name, Message: "cannot be read", Hint: "check the disk and copy the file again"})
		return nil, false
	}
	if int64(len(data)) > r.limits.FileBytes {
		r.fail(Error{File: name, Message: fmt.Sprintf("is larger than %d bytes", r.limits.FileBytes), Hint: "split the day, or raise the limit"})
		return nil, false
	}
	return data, true
}

func (r *reader) addCSV(fsys fs.FS, name string, k *kind) {
	data, ok := r.readFile(fsys, name)
	if !ok {
		return
	}
	s, ok := r.cut(name, data, k.columns)
	if ok {
		r.addTable(s, k)
	}
}

// cut turns a CSV file's bytes into cells.
func (r *reader) cut(name string, data []byte, columns []column) (sheet, bool) {
	if len(bytes.TrimSpace(data)) == 0 {
		r.fail(Error{File: name, Message: "is empty", Hint: "write a row of headers and a row for each item, or remove the file"})
		return sheet{}, false
	}
	d, message, hint := decode(data)
	if message != "" {
		r.fail(Error{File: name, Message: message, Hint: hint})
		return sheet{}, false
	}
	switch {
	case d.encoding == "Windows-1252":
		r.legacy = append(r.legacy, name)
	case twiceEncoded(d.text):
		r.warn(Error{File: name, Message: "has Swedish letters that were converted twice", Hint: "export it again as CSV UTF-8"})
	}
	s, errs := readCSV(name, d.text, columns, r.limits.Rows)
	for _, e := range errs {
		r.fail(e)
	}
	if len(errs) > 0 {
		r.broken = true // rows are missing: what refers to them is not their fault
	}
	return s, true
}

// addTable understands a sheet's headers and keeps it.
func (r *reader) addTable(s sheet, k *kind) {
	t, ok := r.understand(s, k.columns, k.required, false)
	t.kind = k
	if !ok {
		return
	}
	r.tables[k.name] = t
}

// understand maps headers to columns. It refuses a table that lacks a
// required column, and any that holds what belongs in names.csv.
func (r *reader) understand(s sheet, columns []column, required, mayName bool) (*table, bool) {
	t := &table{sheet: s, at: map[string]int{}}
	if len(s.rows) == 0 {
		if !r.broken {
			r.fail(Error{File: s.file, Message: "is empty", Hint: "write a row of headers and a row for each item, or remove the file"})
		}
		return t, false
	}
	head := s.rows[0]
	t.rows = s.rows[1:]
	t.headers = head.cells
	ok := true
	bad := func(header, message, hint string) {
		r.fail(Error{File: s.file, Row: head.number, Column: header, Message: message, Hint: hint})
		r.broken, ok = true, false
	}
	if len(head.cells) > r.limits.Columns {
		bad("", fmt.Sprintf("has more than %d columns", r.limits.Columns), "remove the empty ones")
		return t, false
	}
	unknown := []int{}
	for i, cell := range head.cells {
		header := strings.TrimSpace(strings.TrimPrefix(cell, "\uFEFF"))
		t.headers[i] = header
		if header == "" {
			continue
		}
		if personalNumber(header) {
			bad("", "the row of headers has what looks like a personal number", "write headers in the first row and use pseudonymous ids")
			t.headers[i] = ""
			continue
		}
		c := findColumn(columns, header)
		switch {
		case c == nil && !mayName && isPersonalHeader(header):
			bad(header, "says who a person is, which this file must not", "put it in names.csv and keep ids here")
		case c == nil:
			unknown = append(unknown, i)
		default:
			if first, twice := t.at[c.name]; twice {
				bad(header, fmt.Sprintf("stands for the same as column %s", t.headers[first]), "keep one of the two")
				continue
			}
			t.at[c.name] = i
		}
	}
	if len(unknown) > 0 && len(t.at) == 0 {
		bad("", "has no known header", "the first row must be headers such as "+strings.Join(columnNames(columns, 4), ", ")+"; see docs/input.md")
		return t, false
	}
	meant := map[string]bool{} // columns that a misspelt header stands for
	for _, i := range unknown {
		header := t.headers[i]
		near := nearestColumn(columns, header)
		if c := findColumn(columns, near); c != nil {
			if _, taken := t.at[c.name]; taken {
				near = "" // an extra column beside the real one
			}
		}
		switch {
		case near != "":
			meant[findColumn(columns, near).name] = true
			bad(header, "is not a known header", "did you mean "+near+"?")
		default: // its words are not repeated: it may be a data row
			r.warn(Error{File: s.file, Row: head.number, Column: letter(i), Message: "is not a known header; the column was not read", Hint: "see docs/input.md for the headers"})
		}
	}
	for _, c := range columns {
		if _, there := t.at[c.name]; c.required && !there && !meant[c.name] {
			bad("", "the column "+c.name+" is missing", "add it"+swedishName(columns, c.name))
		}
	}
	if len(t.rows) == 0 && ok {
		if required {
			bad("", "has headers and no rows", "write a row for each")
			return t, false
		}
		r.warn(Error{File: s.file, Row: head.number, Message: "has headers and no rows", Hint: "add rows, or remove the file"})
	}
	return t, ok
}

// letter names a column as a spreadsheet does: A, B, ..., Z, AA.
func letter(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return strconv.Itoa(i + 1) // beyond what any spreadsheet has
	}
	return name
}

// safeHeader says whether a field that is not known may be repeated: a short
// word or two, as names of fields are.
func safeHeader(h string) bool {
	return len(h) <= 30 && !strings.ContainsAny(h, "0123456789@") && len(strings.Fields(h)) <= 2 && fold(h) == fold(strings.ToLower(h)) && h == strings.ToLower(h)
}

func columnNames(columns []column, n int) []string {
	var out []string
	for _, c := range columns[:min(n, len(columns))] {
		out = append(out, c.name)
	}
	return out
}

func swedishName(columns []column, name string) string {
	if c := findColumn(columns, name); c != nil && len(c.aliases) > 0 {
		return " (or " + c.aliases[0] + ")"
	}
	return ""
}

// finish builds the day from the tables and judges it.
func (r *reader) finish() (*care.Day, []Warning, error) {
	for i := range kinds {
		k := &kinds[i]
		if _, there := r.tables[k.name]; k.required && !there && !r.tried(k) && !r.unopened {
			r.fail(Error{File: k.name + ".csv", Message: "is missing", Hint: fmt.Sprintf("add it (it may also be called %s.csv, or be a sheet of a workbook)", k.aliases[0])})
		}
	}
	r.refusePersonalNumbers()
	if !r.unopened && r.readDayTable() {
		r.build()
		if !r.broken {
			r.validate()
		}
	}
	if len(r.errs) > 0 {
		return nil, r.sortWarnings(), sortErrors(r.errs, r.files)
	}
	return &r.day, r.sortWarnings(), nil
}

// tried says whether a file of the kind was there but could not be read.
func (r *reader) tried(k *kind) bool {
	return slices.ContainsFunc(r.files, func(file string) bool {
		_, sheetName, isSheet := strings.Cut(file, ", sheet ")
		if !isSheet {
			sheetName = strings.TrimSuffix(file, path.Ext(file))
		}
		return kindOfFile(sheetName) == k
	})
}

// warnOfEncoding says in one line which files were taken for Windows-1252: a
// folder that was exported the old way has it in all of them.
func (r *reader) warnOfEncoding() {
	switch n := len(r.legacy); {
	case n == 1:
		r.warn(Error{File: r.legacy[0], Message: "is not UTF-8; it was read as Windows-1252 (ISO-8859-1)", Hint: "save it as CSV UTF-8 to be safe"})
	case n > 1:
		r.warn(Error{
			Message: fmt.Sprintf("%d files are not UTF-8; they were read as Windows-1252 (ISO-8859-1): %s", n, strings.Join(r.legacy, ", ")),
			Hint:    "save them as CSV UTF-8 to be safe",
		})
	}
	r.legacy = nil
}

func (r *reader) sortWarnings() []Warning {
	r.warnOfEncoding()
	list := make(Errors, 0, len(r.warnings))
	for _, w := range r.warnings {
		list = append(list, Error(w))
	}
	var out []Warning
	for _, e := range sortErrors(list, r.files) {
		out = append(out, Warning(e))
	}
	return out
}

// refusePersonalNumbers looks into every cell, also those of columns that are
// not read.
func (r *reader) refusePersonalNumbers() {
	for _, k := range kinds {
		t := r.tables[k.name]
		if t == nil {
			continue
		}
		for _, row := range t.rows {
			for i, cell := range row.cells {
				if len(cell) < 10 || !personalNumber(cell) {
					continue
				}
				header := ""
				if i < len(t.headers) {
					header = t.headers[i]
				}
				r.fail(Error{File: t.file, Row: row.number, Column: header, Message: "looks like a personal number", Hint: "use a pseudonymous id"})
			}
		}
	}
}
