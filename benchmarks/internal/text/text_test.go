package text

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// What has no end is never read.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list.csv")
	if err := os.WriteFile(path, []byte("\xef\xbb\xbfset\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(path); err != nil || string(data) != "set\n" {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := ReadRegular(path); err != nil || string(data) != "\xef\xbb\xbfset\n" {
		t.Errorf("%q, %v", data, err)
	}
	for path, want := range map[string]error{
		dir: ErrKind, os.DevNull: ErrKind, filepath.Join(dir, "none"): fs.ErrNotExist,
	} {
		for _, read := range []func(string) ([]byte, error){Read, ReadRegular} {
			if _, err := read(path); !errors.Is(err, want) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
