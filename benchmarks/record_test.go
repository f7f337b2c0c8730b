package benchmarks_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/slinga-se/slinga/benchmarks"
)

func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results", "times.csv")
	record := benchmarks.Record{
		Date: "2026-11-21", Version: "abc", Machine: "two cores", Subject: "island",
		Figure: "import", Value: 1.25, Unit: "s", Seed: 7, Command: "measure a, b",
	}
	for range 2 {
		if err := benchmarks.Append(path, []benchmarks.Record{record}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const row = `2026-11-21,abc,two cores,island,import,1.25,s,7,,"measure a, b"` + "\n"
	if want := "date,version,machine,subject,figure,value,unit,seed,budget,command\n" + row + row; string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if err := benchmarks.CanAppend(path); err != nil {
		t.Error(err)
	}
	if err := benchmarks.CanAppend(path + ".new"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("something,else\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := benchmarks.Append(path, []benchmarks.Record{record}); !errors.Is(err, benchmarks.ErrTable) {
		t.Errorf("error %v, want ErrTable", err)
	}
	if err := benchmarks.CanAppend(path); !errors.Is(err, benchmarks.ErrTable) {
		t.Errorf("error %v, want ErrTable", err)
	}
	if err := benchmarks.CanAppend(os.DevNull); err == nil {
		t.Error("a device is taken for a file")
	}
}
