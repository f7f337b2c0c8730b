// Package table reads a planning day from the tables that a home-care office
// has, CSV files or an XLSX workbook exported by a Swedish spreadsheet, and
// writes it back. It is made for files that people wrote by hand: it accepts
// semicolons, commas and tabs, decimal commas, UTF-8, UTF-16 and Windows-1252,
// headers in Swedish or English, WGS 84 degrees and SWEREF 99 TM metres, and
// when something is wrong it says all of it at once, each with file, row,
// column and what to do.
//
// No name of a person passes through. A column that announces one, and a cell
// that looks like a personal number, is refused; messages repeat times,
// numbers and ids, never free text. Names live in names.csv, which ReadNames
// alone opens.
//
// The tables, their headers in both languages and what a cell may hold are
// described in docs/input.md; columns.go is the same list as data.
//
//	day, warnings, err := table.ReadFolder("monday", table.Options{})
//	var wrong table.Errors
//	if errors.As(err, &wrong) {
//		for _, e := range wrong {
//			fmt.Println(e) // visits.csv, row 17, column window: ends before it starts (17:00-16:00): swap them
//		}
//	}
//	for _, w := range warnings {
//		fmt.Println(w)
//	}
//
// Reading order: columns.go (what there is), reader.go (from files to tables),
// text.go and sheet.go (bytes to cells), xlsx.go, headers.go (cells to
// columns), cells.go, clock.go, position.go and sweref.go (cells to values),
// build.go, shifts.go and visits.go (values to a day), jsonfile.go, locate.go
// (from a day's problems back to cells), personal.go (what is refused),
// errors.go, names.go, write.go; points.go, a table that is no part of a day.
package table
