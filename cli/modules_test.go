package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSeparateModules builds three programs as modules of their own, as
// another service would: each imports the library, works from eight
// goroutines, and prints its own line and nothing else.
func TestSeparateModules(t *testing.T) {
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"mapped": "eight days planned\n", "matrix": "eight rosters made\n", "routing": "eight problems solved\n",
	} {
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(filepath.Join("testdata", "modules", name, "main.go"))
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(source, []byte("\n")); lines > 40 {
				t.Errorf("%d lines; the promise is a short program", lines)
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "main.go"), source)
			for _, file := range []string{"go.mod", "go.sum"} {
				text, err := os.ReadFile(filepath.Join(repository, file))
				if err != nil {
					t.Fatal(err)
				}
				if file == "go.mod" {
					text = bytes.Replace(text, []byte("module "+module), []byte("module example.org/service"), 1)
					text = append(text, "\nrequire "+module+" v0.0.0\nreplace "+module+" => "+repository+"\n"...)
				}
				write(t, filepath.Join(dir, file), text)
			}
			args := append([]string{"run"}, append(raceFlag, ".")...)
			c := exec.Command("go", args...)
			c.Dir = dir
			c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
			var out, errs strings.Builder
			c.Stdout, c.Stderr = &out, &errs
			if err := c.Run(); err != nil {
				t.Fatalf("%v\n%s", err, errs.String())
			}
			if out.String() != want || errs.Len() > 0 {
				t.Errorf("printed %q and, on standard error, %q; want %q alone", out.String(), errs.String(), want)
			}
		})
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
