package cli

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Who may read what is written. Sheets with names and people's calendars are
// for their owner; the user's umask may take away more.
const (
	forAll   = fs.FileMode(0o644)
	forOwner = fs.FileMode(0o600)
)

// document is a file to be written.
type document struct {
	name  string // path in the folder, with slashes
	mode  fs.FileMode
	write func(io.Writer) error // nil: the file goes, if it is there
}

func bytesTo(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}

// writeFile writes one file whole or not at all. Where a link leads, the file at
// its end is replaced and not the link; a device or a pipe is written to.
func writeFile(path string, mode fs.FileMode, write func(io.Writer) error) error {
	path, special := finalPath(path)
	if special {
		return writeThrough(path, write)
	}
	return writeFolder(filepath.Dir(path), []document{{filepath.Base(path), mode, write}}, nil)
}

// finalPath follows links to the file that they stand for, and tells whether
// what is there is neither file nor folder: a device, a pipe.
func finalPath(path string) (final string, special bool) {
	info, err := os.Stat(path)
	if err != nil {
		return path, false
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return path, true
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path, false
}

// writeThrough writes to what cannot be replaced.
func writeThrough(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return cannotWrite(path, err)
	}
	defer func() {
		if closed := f.Close(); closed != nil && err == nil {
			err = cannotWrite(path, closed)
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := write(b); err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			return cannotWrite(path, err)
		}
		return err
	}
	if err := b.Flush(); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// writeFolder writes all documents into a folder, or none: they are rendered
// into a temporary folder within it, and take their places when
// all are complete. Other files of the folder stay as they are. last, if not
// nil, runs when the documents are in place; when it fails they go again and
// what they replaced comes back.
func writeFolder(dir string, documents []document, last func() error) (err error) {
	defer func() {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			err = cannotWrite(dir, err)
		}
	}()
	made, err := makeFolder(dir)
	if err != nil {
		return badInput("cannot make the folder %s: %w", dir, plain(err))
	}
	defer func() {
		if err != nil {
			removeEmpty(made)
		}
	}()
	// Inside the folder itself: beside it may be another file system, across
	// which a file cannot be renamed.
	temporary, err := os.MkdirTemp(dir, ".slinga-*")
	if err != nil {
		return cannotWrite(dir, err)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	fresh, old := filepath.Join(temporary, "new"), filepath.Join(temporary, "old")
	for _, d := range documents {
		if d.write == nil {
			continue
		}
		if err := render(filepath.Join(fresh, filepath.FromSlash(d.name)), d); err != nil {
			return err
		}
	}
	var m moves
	defer func() {
		if err != nil {
			m.undo()
		}
	}()
	for _, d := range documents {
		name := filepath.FromSlash(d.name)
		from := ""
		if d.write != nil {
			from = filepath.Join(fresh, name)
		}
		if err := m.place(from, filepath.Join(dir, name), filepath.Join(old, name)); err != nil {
			return badInput("cannot write %s: %w", filepath.Join(dir, name), plain(err))
		}
	}
	if last != nil {
		return last()
	}
	return nil
}

// render writes a document where nobody looks for it yet.
func render(path string, d document) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return badInput("cannot write %s: %w", d.name, plain(err))
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, d.mode)
	if err != nil {
		return badInput("cannot write %s: %w", d.name, plain(err))
	}
	defer func() {
		if closed := f.Close(); closed != nil && err == nil {
			err = badInput("cannot write %s: %w", d.name, plain(closed))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := d.write(b); err != nil {
		return hidePath(d.name, err)
	}
	if err := b.Flush(); err != nil {
		return badInput("cannot write %s: %w", d.name, plain(err))
	}
	return nil
}

// moves is what has been moved into place, so that it can be undone.
type moves struct {
	done    []move
	folders []string // made on the way
}

type move struct{ to, kept string } // kept: "" when there was nothing before

// place moves a file to its place, and what stood there aside. Without a file
// the place is left empty.
func (m *moves) place(from, to, aside string) error {
	if from == "" && !isFile(to) {
		return nil
	}
	made, err := makeFolder(filepath.Dir(to))
	m.folders = append(m.folders, made...)
	if err != nil {
		return err
	}
	step := move{to: to}
	if info, err := os.Lstat(to); err == nil {
		if info.IsDir() {
			return errors.New("a folder of that name stands there")
		}
		if err := os.MkdirAll(filepath.Dir(aside), 0o755); err != nil {
			return err
		}
		if err := os.Rename(to, aside); err != nil {
			return err
		}
		step.kept = aside
	}
	if from == "" {
		m.done = append(m.done, step)
		return nil
	}
	if err := os.Rename(from, to); err != nil {
		if step.kept != "" {
			_ = os.Rename(step.kept, to)
		}
		return err
	}
	m.done = append(m.done, step)
	return nil
}

// undo puts everything back, the last move first.
func (m *moves) undo() {
	for i := len(m.done) - 1; i >= 0; i-- {
		if step := m.done[i]; step.kept != "" {
			_ = os.Rename(step.kept, step.to)
		} else {
			_ = os.Remove(step.to)
		}
	}
	removeEmpty(m.folders)
}

// makeFolder makes a folder and those above it, and returns those that were
// not there before, the outermost first.
func makeFolder(dir string) (made []string, err error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		made = append([]string{at}, made...)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		removeEmpty(made)
		return nil, err
	}
	return made, nil
}

// removeEmpty removes folders that hold nothing, the innermost first.
func removeEmpty(folders []string) {
	for i := len(folders) - 1; i >= 0; i-- {
		_ = os.Remove(folders[i])
	}
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
