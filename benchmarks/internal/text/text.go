// Package text reads the small files that sets, lists and runs are kept in.
package text

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrKind marks what is no file of text that has an end.
var ErrKind = errors.New("not a regular file")

// Read reads a file, or a pipe, without the byte order mark that Excel begins
// with. Of a device the end might never come; it is refused, as a folder is.
func Read(path string) ([]byte, error) {
	data, err := read(path, fs.ModeNamedPipe)
	return Trim(data), err
}

// ReadRegular reads a regular file, byte for byte.
func ReadRegular(path string) ([]byte, error) { return read(path, 0) }

// Trim takes a byte order mark off.
func Trim(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }

func read(path string, others fs.FileMode) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s: %w: it is a folder", path, ErrKind)
	case info.Mode().Type()&^others != 0:
		return nil, fmt.Errorf("%s: %w", path, ErrKind)
	}
	return os.ReadFile(path)
}
