package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// The committed homes, borders and people of the real areas are what the
// bundled maps give now.
func TestRealAreasAreCurrent(t *testing.T) {
	for _, a := range realAreas {
		folder := filepath.Join("..", a.slug)
		made, err := a.files(filepath.Join(folder, a.file))
		if err != nil {
			t.Fatal(err)
		}
		for name, now := range made {
			then, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			// Other processors may round the last digit of a position differently.
			if runtime.GOARCH == "amd64" && string(then) != string(now) || len(then) != len(now) {
				t.Errorf("%s/%s: run go generate in data/sample", a.slug, name)
			}
		}
	}
}
