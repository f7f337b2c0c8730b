//go:build unix

package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A device or a pipe is written to; a link stays and what it leads to is
// replaced.
func TestOutputThatIsNoOrdinaryFile(t *testing.T) {
	dir := t.TempDir()
	hello := func(w io.Writer) error {
		_, err := io.WriteString(w, "hello")
		return err
	}
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	heard := make(chan string)
	go func() {
		text, err := os.ReadFile(fifo)
		if err != nil {
			text = []byte(err.Error())
		}
		heard <- string(text)
	}()
	if err := canWriteFile(fifo); err != nil {
		t.Error(err)
	}
	if err := writeFile(fifo, forAll, hello); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(fifo); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Fatalf("the pipe is gone: %v, %v", info, err)
	}
	if text := <-heard; text != "hello" {
		t.Errorf("heard %q", text)
	}
	// As a map it would be opened twice and waited for.
	for _, args := range [][]string{{"map", "info", fifo}, {"map", "build", "--out", fifo, filepath.Join(dir, "none.osm")}} {
		if code, out, errs := inside(t.Context(), hooks{}, args...); code != ExitInput || out != "" || !strings.Contains(errs, "no ordinary file") && !strings.Contains(errs, "none.osm") {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Symlink(file, link), writeFile(link, forAll, hello)); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); string(text) != "hello" || err != nil {
		t.Errorf("behind the link: %q, %v", text, err)
	}
	if at, err := os.Readlink(link); at != file || err != nil {
		t.Errorf("the link: %q, %v", at, err)
	}
}
