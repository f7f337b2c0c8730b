package osm

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with a file. Errors of Read wrap one of these in a
// FileError that says where.
var (
	ErrFormat    = errors.New("osm: not an OpenStreetMap file")
	ErrTruncated = errors.New("osm: file is cut off")
	ErrDamaged   = errors.New("osm: file is damaged")
	ErrTooLarge  = errors.New("osm: larger than allowed")
	ErrFeature   = errors.New("osm: file needs a feature that is not supported")
	ErrNoRoads   = errors.New("osm: no roads")
)

// FileError is an error with its place in a file.
type FileError struct {
	Name   string // as given to Read
	Offset int64  // bytes from the start, after unpacking gzip or bzip2; -1: the whole file
	Block  int    // PBF block, counted from 1; 0: none
	Err    error
}

// Error names the file, the place and the matter.
func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString("osm: " + e.Name + ": ")
	switch {
	case e.Block > 0:
		fmt.Fprintf(&b, "block %d at byte %d: ", e.Block, e.Offset)
	case e.Offset >= 0:
		fmt.Fprintf(&b, "at byte %d: ", e.Offset)
	}
	b.WriteString(strings.TrimPrefix(e.Err.Error(), "osm: "))
	return b.String()
}

// Unwrap gives the matter.
func (e *FileError) Unwrap() error { return e.Err }

// matter joins a sentinel and a sentence that says what to do.
func matter(sentinel error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", sentinel, fmt.Sprintf(format, args...))
}
