package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree lists a folder: every file with its text, every folder with a slash.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || d.IsDir() {
			lines = append(lines, filepath.ToSlash(name)+"/")
			return err
		}
		text, err := os.ReadFile(path)
		lines = append(lines, filepath.ToSlash(name)+"="+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, " ")
}

func textFile(name, text string) document { return document{name, forAll, bytesTo([]byte(text))} }

func TestWriteFolder(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "a", "b")
	if err := writeFolder(out, []document{textFile("one", "1"), textFile("sub/two", "2")}, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := tree(t, dir), "./ a/ a/b/ a/b/one=1 a/b/sub/ a/b/sub/two=2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := os.WriteFile(filepath.Join(out, "mine"), []byte("m"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFolder(out, []document{textFile("sub/two", "22")}, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := tree(t, out), "./ mine=m one=1 sub/ sub/two=22"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Whatever fails, and whenever: the folder is as it was before, and a folder
// that was not there is not there.
func TestWriteFolderAllOrNothing(t *testing.T) {
	broken := errors.New("broken")
	failing := document{"z/last", forAll, func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			return err
		}
		return broken
	}}
	for _, c := range []struct {
		name      string
		documents []document
		last      func() error
		is        error
	}{
		{"a document fails", []document{textFile("one", "new"), textFile("sub/three", "3"), failing}, nil, broken},
		{"the last step fails", []document{textFile("one", "new"), textFile("sub/three", "3"), textFile("more/four", "4")}, func() error { return broken }, broken},
		{"a folder is in the way", []document{textFile("one", "new"), textFile("more/four", "4"), textFile("sub", "a file")}, nil, nil},
		{"a file is in the way", []document{textFile("one", "new"), textFile("more/four", "4"), textFile("two/five", "5")}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			if err := writeFolder(out, []document{textFile("one", "old"), textFile("two", "2"), textFile("sub/x", "x")}, nil); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			err := writeFolder(out, c.documents, c.last)
			if err == nil || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("got %v", err)
			}
			if after := tree(t, dir); after != before {
				t.Errorf("before %s\nafter  %s", before, after)
			}
			if c.is == nil {
				return
			}
			if err := writeFolder(filepath.Join(dir, "new", "folder"), c.documents, c.last); !errors.Is(err, c.is) {
				t.Errorf("got %v", err)
			}
			if after := tree(t, dir); after != before {
				t.Errorf("before %s\nafter  %s", before, after)
			}
		})
	}
	// A file where the folder should be.
	dir := t.TempDir()
	if err := writeFile(filepath.Join(dir, "f"), forAll, bytesTo(nil)); err != nil {
		t.Fatal(err)
	}
	err := writeFile(filepath.Join(dir, "f", "g", "h"), forAll, bytesTo(nil))
	var input inputError
	if !errors.As(err, &input) || tree(t, dir) != "./ f=" {
		t.Errorf("got %v and %s", err, tree(t, dir))
	}
}

// Sheets with names and calendars are their owner's, the rest is as the umask
// has it.
func TestWhoMayReadWhatIsWritten(t *testing.T) {
	if os.PathSeparator == '\\' {
		return // Windows keeps other rights
	}
	dir := t.TempDir()
	usual := filepath.Join(dir, "usual")
	if err := os.WriteFile(usual, nil, 0o644); err != nil { //nolint:gosec // what is compared with
		t.Fatal(err)
	}
	day, out := filepath.Join(dir, "day"), filepath.Join(dir, "plan")
	for _, args := range [][]string{
		{"generate", "--area", "andorra", "--scale", "10", "--out", day},
		{"plan", "--map", "andorra", "--day", day, "--iterations", "20", "--out", out},
	} {
		if code, _, errs := inside(t.Context(), hooks{}, args...); code != ExitGood {
			t.Fatalf("%s: exit %d: %s", args[0], code, errs)
		}
	}
	names := filepath.Join(dir, "names.csv")
	if err := os.WriteFile(names, []byte("id;name\nc0001;Anna Exempel\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	roster := filepath.Join(out, "roster.json")
	sheets, plainly := filepath.Join(dir, "sheets.html"), filepath.Join(dir, "report.html")
	for _, more := range [][]string{{"--out", plainly}, {"--names", names, "--out", sheets}} {
		args := append([]string{"report", "--map", "andorra", "--day", day, "--roster", roster}, more...)
		if code, _, errs := inside(t.Context(), hooks{}, args...); code != ExitGood {
			t.Fatalf("exit %d: %s", code, errs)
		}
	}
	mode := func(path string) fs.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	calendars, err := filepath.Glob(filepath.Join(out, "ics", "*.ics"))
	if err != nil || len(calendars) == 0 {
		t.Fatalf("no calendars: %v", err)
	}
	for _, path := range append(calendars, sheets) {
		if m := mode(path); m&^fs.FileMode(0o600) != 0 {
			t.Errorf("%s: %o", path, m)
		}
	}
	for _, path := range []string{plainly, roster, filepath.Join(out, "report.html"), filepath.Join(out, "roster.csv")} {
		if m := mode(path); m != mode(usual) {
			t.Errorf("%s: %o, want %o", path, m, mode(usual))
		}
	}
}
