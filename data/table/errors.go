package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrInput is wrapped by every error that bad input causes, so that a caller
// can tell a file to be corrected from a disk that is full.
var ErrInput = errors.New("table: bad input")

// printed is how many errors Errors.Error spells out before it counts the
// rest. The typed list always holds all of them.
const printed = 50

// Error is one thing to correct in the input, at the place where a person
// with the file open in a spreadsheet finds it.
//
// Message and Hint repeat a cell's value only when it is a time, a number or
// looks like an id. What may be a person's name is never repeated.
type Error struct {
	File    string // "visits.csv", "plan.xlsx, sheet visits"
	Row     int    // as a spreadsheet shows it: the header is row 1; 0: the whole file
	Column  string // header as it stands in the file, or a letter when it is not known; empty: the whole row
	Field   string // the column's own name ("window"), whatever language the header is in
	Message string // what is wrong, in lower case, no full stop
	Hint    string // what to do about it
}

// Error writes "visits.csv, row 17, column window: ends before it starts
// (17:00-16:00): swap them".
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		fmt.Fprintf(&b, ", row %d", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", e.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString(": ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Unwrap makes errors.Is(err, ErrInput) true.
func (e Error) Unwrap() error { return ErrInput }

// Errors is everything that is wrong with the input, in the order of files
// and rows.
type Errors []Error

// Error lists the first fifty, one a line, and counts the rest.
func (e Errors) Error() string {
	var b strings.Builder
	for i, one := range e {
		if i == printed {
			fmt.Fprintf(&b, "\n... and %d more", len(e)-printed)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.Error())
	}
	return b.String()
}

// Unwrap makes errors.Is(err, ErrInput) true.
func (e Errors) Unwrap() error { return ErrInput }

// Warning is something that was read, but that a person should know about.
type Warning Error

// String writes a warning as an Error is written.
func (w Warning) String() string { return Error(w).Error() }

// sortErrors orders by file in the order of reading, then row, then the order
// in which they were found; equal lines are kept once.
func sortErrors(list Errors, files []string) Errors {
	rank := make(map[string]int, len(files))
	for i, f := range files {
		if _, seen := rank[f]; !seen {
			rank[f] = i + 1
		}
	}
	slices.SortStableFunc(list, func(a, b Error) int {
		if rank[a.File] != rank[b.File] {
			return rank[a.File] - rank[b.File]
		}
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Row - b.Row
	})
	return slices.Compact(list)
}
