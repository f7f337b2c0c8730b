package travel_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/planner/travel"
)

// TestCacheChangesNothing: with a cache, empty, filled or full of rubbish, the
// matrices are those without, and no place of the day is named in it.
func TestCacheChangesNothing(t *testing.T) {
	area, r := region(t, "andorra")
	day, err := sample.Generate(area, 3, sample.Options{Scale: 10})
	if err != nil {
		t.Fatal(err)
	}
	_, want := measure(t, day, r)
	dir := filepath.Join(t.TempDir(), "matrices")
	for _, state := range []string{"empty", "filled", "rubbish"} {
		road, err := travel.Prepare(t.Context(), day, r, travel.Options{Cache: dir})
		if err != nil {
			t.Fatal(err)
		}
		got, err := road.Travel(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other matrices than without a cache", state)
		}
		files, err := os.ReadDir(dir)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", state, len(files), err)
		}
		for _, f := range files {
			path := filepath.Join(dir, f.Name())
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range day.Places {
				if len(p.ID) > 2 && (strings.Contains(f.Name(), p.ID) || bytes.Contains(b, []byte(p.ID))) {
					t.Errorf("%s: a file holds the place %s", state, p.ID)
				}
			}
			if state == "filled" {
				b[len(b)/2] ^= 0x40
				if err := os.WriteFile(path, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{Cache: filepath.Join(dir, "x\x00")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := road.Travel(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "travel: cache: ") {
		t.Errorf("a folder that cannot be: %v", err)
	}
}
