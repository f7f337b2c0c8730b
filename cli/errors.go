package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
)

// watched is standard output with a memory: commands print without looking at
// every error, and Run asks once at the end whether all of it arrived.
type watched struct {
	out io.Writer
	any bool  // something was written
	err error // the first
}

func (w *watched) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.out.Write(p)
	w.any, w.err = w.any || n > 0, err
	return n, err
}

// failed says what became of standard output: nil when all was written, or
// when the reader had seen enough and closed it, as head does.
func (w *watched) failed() error {
	if w.err == nil || errors.Is(w.err, syscall.EPIPE) || errors.Is(w.err, io.ErrClosedPipe) {
		return nil
	}
	return badInput("cannot write to standard output: %w", plain(w.err))
}

// cannotWrite is the one message for results that could not be written. A full
// disk is told as such, whichever file it was found at: the rest of an error
// names temporary files that are gone again.
func cannotWrite(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return badInput("cannot write %s: no space left on device; nothing was written", path)
	}
	if errors.Is(err, syscall.EFBIG) {
		return badInput("cannot write %s: it would be larger than files may be here; nothing was written", path)
	}
	return badInput("cannot write %s: %w", path, plain(err))
}

// mustOpen finds out whether a file can be read before a reader that knows
// only its base name looks at it, so that the message shows the whole path.
func mustOpen(what, path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil // a pipe can be opened once only
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path)
	}
	if err != nil {
		return badInput("cannot open %s %s: %w", what, path, plain(err))
	}
	return f.Close()
}

// canWrite finds out before a long search that a folder can be written to. It
// leaves nothing behind.
func canWrite(dir string) error {
	made, err := makeFolder(dir)
	if err != nil {
		return badInput("cannot make the folder %s: %w", dir, plain(err))
	}
	defer removeEmpty(made)
	probe, err := os.MkdirTemp(dir, ".slinga-*")
	if err != nil {
		return cannotWrite(dir, err)
	}
	_ = os.Remove(probe)
	return nil
}

// canReplace finds out whether a file may be changed: one that is protected
// from writing is not replaced either.
func canReplace(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return cannotWrite(path, err)
	}
	_ = f.Close()
	return canWriteFile(path)
}

// canWriteFile does the same for one file.
func canWriteFile(path string) error {
	path, special := finalPath(path)
	if special {
		return nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return badInput("cannot write %s: it is a folder; give a file", path)
	}
	return canWrite(filepath.Dir(path))
}

// badValue is how the flag library puts a value that it cannot read.
var badValue = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-+([a-z-]+): `)

// usage puts the flag library's complaint in the words of the other messages.
func usage(err error, flags []ucli.Flag, command string) error {
	see := strings.Join(strings.Fields("slinga "+command+" --help"), " ")
	m := badValue.FindStringSubmatch(err.Error())
	if m == nil {
		return badInput("%w; see %s", err, see)
	}
	for _, f := range flags {
		if f.Names()[0] != m[2] {
			continue
		}
		want := ""
		switch f.(type) {
		case *ucli.DurationFlag:
			want = "write a number with a unit, such as 30s or 5m"
		case *ucli.Uint64Flag:
			want = "write a whole number from 0"
		case *ucli.IntFlag, *ucli.Int64Flag:
			want = "write a whole number"
		case *ucli.Float64Flag:
			want = "write a number"
		case *ucli.BoolFlag:
			want = "leave the value off"
		default:
			continue
		}
		return badInput("--%s %q: %s", m[2], m[1], want)
	}
	return badInput("%w; see %s", err, see)
}

// noArguments refuses what stands after the flags, and guesses which flag was
// meant.
func noArguments(c *ucli.Context) error {
	if !c.Args().Present() {
		return nil
	}
	argument := c.Args().First()
	if flag := meant(c, argument); flag != "" {
		return badInput("unexpected argument %q; did you mean --%s %s?", argument, flag, argument)
	}
	return badInput("unexpected argument %q; flags come first, see %s --help", argument, c.Command.HelpName)
}

// meant is the flag of a command that a stray argument looks made for, or "".
func meant(c *ucli.Context, argument string) string {
	has := func(flag string) bool {
		for _, f := range c.Command.Flags {
			if f.Names()[0] == flag {
				return !c.IsSet(flag)
			}
		}
		return false
	}
	var flags []string
	if _, ok := sample.ByName(argument); ok {
		flags = append(flags, "map", "area")
	}
	if info, err := os.Stat(argument); err == nil {
		name := strings.ToLower(filepath.Base(argument))
		switch {
		case info.IsDir():
		case strings.HasSuffix(name, ".region"), strings.Contains(name, ".osm"), strings.HasSuffix(name, ".pbf"):
			flags = append(flags, "map")
		case name == "roster.json":
			flags = append(flags, "roster")
		case strings.HasPrefix(name, "names."):
			flags = append(flags, "names")
		}
		flags = append(flags, "day", "points")
	}
	for _, flag := range flags {
		if has(flag) {
			return flag
		}
	}
	return ""
}

// isFile says whether something that can be overwritten stands at a path.
func isFile(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && !info.IsDir()
}

// hidePath takes temporary paths out of an error of writing a document.
func hidePath(name string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	if errors.As(err, &p) || errors.As(err, &l) {
		return fmt.Errorf("cannot write %s: %w", name, plain(err))
	}
	return err
}
