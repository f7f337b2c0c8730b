package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slinga-se/slinga/benchmarks/runs"
)

// TestSeries: every variant is run once with its parts left out and nothing else,
// the file and the page tell of all, and what stands in the file is not run again.
func TestSeries(t *testing.T) {
	jobs, err := runs.Selection{
		Set: filepath.Join("..", "sets", "testdata", "hhcrsp-mankowska"), Convention: "mean3",
		Time: 50 * time.Millisecond, Threads: 1, Seeds: 1,
	}.Jobs()
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	var out strings.Builder
	s := &series{
		out: &out, version: "Slinga x", machine: "m", parts: []string{"wings", "tail"}, jobs: jobs,
		without: func(parts ...string) error {
			asked = append(asked, strings.Join(parts, "+"))
			return nil
		},
	}
	dir := t.TempDir()
	file, page := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.md")
	for range 2 {
		if err := s.make(t.Context(), file, page); err != nil {
			t.Fatal(err)
		}
	}
	// The last one of each series puts everything back.
	if want := []string{"", "wings", "tail", "", "", ""}; !slices.Equal(asked, want) {
		t.Errorf("left out: %q, want %q", asked, want)
	}
	rows, _, err := runs.ReadRows(file)
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, name := range []string{"all parts", "without wings", "without tail", "two threads"} {
		if r := rows[i]; r.Solver != "Slinga x, "+name || r.Iterations < 1 || !r.Feasible || r.Threads != 1+i/3 || r.Machine != "m" {
			t.Errorf("%+v", r)
		}
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Slinga x, m, seed 1, threads: 1 but where it says two, 50ms a run", "| | InstanzCPLEX_HCSRP_10_1 |", "| without wings | ", "| two threads | "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestList: the list that is run is in the form of lists, one budget for all.
func TestList(t *testing.T) {
	list, err := runs.ReadList("list.csv")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 6 {
		t.Errorf("%d runs", len(list))
	}
	for _, l := range list {
		if l.Seconds != 60 || l.Threads != 1 || l.Seed != 1 {
			t.Errorf("%+v", l)
		}
	}
}

// TestChosen: a part that does not exist is told before the first run.
func TestChosen(t *testing.T) {
	all := []string{"wings", "tail"}
	if parts, err := chosen(nil, all); err != nil || !slices.Equal(parts, all) {
		t.Errorf("%q, %v", parts, err)
	}
	if parts, err := chosen([]string{"tail"}, all); err != nil || !slices.Equal(parts, []string{"tail"}) {
		t.Errorf("%q, %v", parts, err)
	}
	if _, err := chosen([]string{"tail", "nope"}, all); err == nil || err.Error() != `--parts: there is no part "nope"; there are wings, tail` {
		t.Error(err)
	}
}
