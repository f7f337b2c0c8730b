package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// town writes a square of streets as an OSM file.
func town(t *testing.T, side int) string {
	t.Helper()
	var nodes, ways strings.Builder
	id := func(i, j int) int { return 1 + i*side + j }
	street := func(number int, at func(int) int) {
		fmt.Fprintf(&ways, "<way id=%q>", fmt.Sprint(number))
		for k := range side {
			fmt.Fprintf(&ways, "<nd ref=%q/>", fmt.Sprint(at(k)))
		}
		fmt.Fprint(&ways, `<tag k="highway" v="residential"/></way>`)
	}
	for i := range side {
		for j := range side {
			fmt.Fprintf(&nodes, `<node id="%d" lat="%.4f" lon="%.4f"/>`, id(i, j), 65+0.001*float64(i), 23+0.002*float64(j))
		}
		street(1000+i, func(j int) int { return id(i, j) })
		street(2000+i, func(j int) int { return id(j, i) })
	}
	path := filepath.Join(t.TempDir(), "town.osm")
	text := `<osm version="0.6">` + nodes.String() + ways.String() + `</osm>`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTwoBuildsSideBySide runs the whole command on a small town, with a second
// build of Slinga as the other engine, and makes a page of what it measured.
func TestTwoBuildsSideBySide(t *testing.T) {
	maps, results := town(t, 12), t.TempDir()
	t.Chdir(filepath.Join("..", ".."))
	var out bytes.Buffer
	args := []string{"tables", "--sizes", "20,100", "--threads", "1,2", "--reps", "3", "--beside", "another", "--out", results, maps}
	if err := newApp(&out).RunContext(context.Background(), args); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"RoutingKit is left out", "OSRM is left out", "100 x 100, 2 threads"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	rows, err := readRows(filepath.Join(results, resultsFile))
	if err != nil {
		t.Fatal(err)
	}
	tables, steps := 0, make(map[string]bool)
	for _, r := range rows {
		if strings.HasPrefix(r.Figure, wholeProcess) {
			continue // once
		}
		if r.Reps != 3 || r.Map != "town" || r.Run != rows[0].Run || !(r.Least <= r.Median && r.Median <= r.Most) {
			t.Errorf("row %+v", r)
		}
		if r.Size > 0 {
			tables++
			if r.Ratio <= 0 || r.Engine == ourName && r.Ratio != 1 || r.Nodes == "" {
				t.Errorf("row %+v", r)
			}
		} else {
			steps[r.Figure] = true
		}
	}
	if tables != 2*2*2 || !steps["import"] || !steps["open"] || !steps["customise"] {
		t.Errorf("%d tables, steps %v", tables, steps)
	}
	page := filepath.Join(t.TempDir(), "page.md")
	text := "Words before.\n\n" + pageBegins + "\n\nOUTDATED\n\n" + pageEnds + "\n\nWords after.\n"
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it changes nothing
		if err := newApp(&out).Run([]string{"tables", "--page", "--page-file", page, "--out", results}); err != nil {
			t.Fatal(err)
		}
	}
	made, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Words before.\n\n" + pageBegins, pageEnds + "\n\nWords after.\n", "## town", "| 100 x 100 | 2 |", "| Slinga | customise |"} {
		if strings.Count(string(made), want) != 1 {
			t.Errorf("%q does not stand once in\n%s", want, made)
		}
	}
	if strings.Contains(string(made), "OUTDATED") {
		t.Error("the old figures are still there")
	}
}

// The peers read PBF alone.
func TestPeersReadPBF(t *testing.T) {
	maps := town(t, 5)
	t.Chdir(filepath.Join("..", ".."))
	var out bytes.Buffer
	args := []string{"tables", "--sizes", "4", "--threads", "1", "--reps", "1", "--osrm", "python", "--out", "", maps}
	if err := newApp(&out).RunContext(context.Background(), args); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "left out: they are measured on files") || strings.Contains(out.String(), "--osrm names no") {
		t.Error(out.String())
	}
}

func TestMeasureRefuses(t *testing.T) {
	for _, args := range [][]string{{}, {"a", "b"}, {"--reps", "0", "a"}, {"--sizes", "0", "a"}, {"--threads", "-1", "a"}} {
		if err := newApp(&bytes.Buffer{}).Run(append([]string{"tables"}, args...)); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestRowsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows", resultsFile)
	want := []row{
		{
			Run: "2026-01-02T03:04:05Z", Version: "abc+", Machine: "2 amd64 cores, linux", Map: "m", Engine: "RoutingKit CH, all", EngineVersion: "9",
			Figure: timesAlone, Size: 500, Threads: 2, Reps: 5, Median: 0.25, Least: 0.125, Most: 1e-6, Unit: "s", Ratio: 2.5,
			Nodes: "7", Arcs: "8", Seed: 1 << 63, Command: `a "b", c`,
		},
		{Run: "x", Figure: "order", Reps: 1, Unit: "s"},
	}
	for i := range want {
		if err := appendRows(path, want[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	got, err := readRows(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"a,b\n", strings.Join(rowColumns, ",") + "\n" + strings.Repeat("x,", len(rowColumns)-1) + "x\n"} {
		if err := os.WriteFile(path, []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := appendRows(path, want); !errors.Is(err, errRows) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestReadAnswer(t *testing.T) {
	a, err := readAnswer("town,500,2,1,0.25,10,20\n", 500, 2)
	if err != nil || a != (answer{0.25, "10", "20"}) {
		t.Errorf("%v, %v", a, err)
	}
	for _, line := range []string{"", "town,500,2,1,0.25,10", "town,501,2,1,0.25,10,20", "town,500,1,1,0.25,10,20", "town,500,2,1,fast,10,20", "town,500,2,1,-1,10,20"} {
		if _, err := readAnswer(line, 500, 2); err == nil {
			t.Errorf("%q is taken", line)
		}
	}
}

func TestReadSteps(t *testing.T) {
	got := readSteps("loading\norder 1.5 s\nwarning: x\ncustomise 0.03 s\n")
	if diff := cmp.Diff([]step{{"order", 1.5}, {"customise", 0.03}}, got, cmp.AllowUnexported(step{})); diff != "" {
		t.Error(diff)
	}
}

// The county's table takes the newest run of a map, and says for an engine
// without new weights what contracting anew costs.
func TestPageOfACounty(t *testing.T) {
	at := func(run, engine, figure string, size int, median float64) row {
		return row{Run: run, Map: "county", Engine: engine, Figure: figure, Size: size, Threads: min(size, 1), Reps: 5, Median: median, Unit: "s", Ratio: median / 0.05}
	}
	rows := []row{
		at("2026-01-01T00:00:00Z", ourName, timesAndDistances, 2000, 77),
		at("2026-01-02T00:00:00Z", ourName, timesAndDistances, 2000, 0.05),
		at("2026-01-02T00:00:00Z", ourName, "customise", 0, 0.03),
		at("2026-01-02T00:00:00Z", ourName, "close", 0, 0.001),
		at("2026-01-02T00:00:00Z", "Other", timesAlone, 2000, 0.5),
		at("2026-01-02T00:00:00Z", "Other", "contract", 0, 26),
	}
	text := figures(rows)
	for _, want := range []string{
		"| county | Slinga | times and distances | 20.0 |  | 30.0 ms | 80.0 ms | 1.00 ms | 51.0 ms |",
		"| county | Other | times | 2.0 |  | 26.0 s | 26.5 s | 26.0 s | 26.5 s |",
		"| 2000 x 2000 | 1 | 50.0 ms | 500 ms (10.0 times) |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if _, err := putBetween([]byte("a page without marks"), text); err == nil {
		t.Error("a page without marks is taken")
	}
	if text := figures(nil); !strings.Contains(text, "No figures") {
		t.Error(text)
	}
}

// The committed page is what the committed results give.
func TestCommittedPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "matrices.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := readRows(filepath.Join("..", "results", resultsFile))
	if err != nil {
		t.Fatal(err)
	}
	again, err := putBetween(page, figures(rows))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, again) {
		t.Error("docs/matrices.md differs from benchmarks/results/tables.csv: go run ./benchmarks/tables --page")
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0.00 ms", 0.00123: "1.23 ms", 0.0123: "12.3 ms", 0.0996: "100 ms", 0.5: "500 ms", 0.9996: "1.00 s", 12.34: "12.3 s", 207: "207 s",
	} {
		if got := duration(seconds); got != want {
			t.Errorf("%g is written %q, not %q", seconds, got, want)
		}
	}
}
