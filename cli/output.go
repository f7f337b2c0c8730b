package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: into a temporary neighbour that
// takes the name only when everything has been written.
func writeFile(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return badInput("cannot make the folder %s: %w", dir, plain(err))
	}
	f, err := os.CreateTemp(dir, ".slinga-*")
	if err != nil {
		return badInput("cannot write in %s: %w", dir, plain(err))
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return badInput("cannot write %s: %w", path, plain(err))
	}
	if err := f.Chmod(0o644); err != nil {
		return badInput("cannot write %s: %w", path, plain(err))
	}
	if err := f.Close(); err != nil {
		return badInput("cannot write %s: %w", path, plain(err))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return badInput("cannot write %s: %w", path, plain(err))
	}
	return nil
}

// plain strips the path from an error that the message names already.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}
