package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
)

// TestMain lets bench map run this test program again as if it were slinga.
func TestMain(m *testing.M) {
	if os.Getenv("SLINGA_BENCH_STEP") != "" {
		os.Exit(cli.Run(context.Background(), os.Args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	os.Exit(m.Run())
}

// rowsOf reads what a bench command printed, by column.
func rowsOf(t *testing.T, text string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v: %q", err, text)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, record := range all[1:] {
		row := make(map[string]string)
		for i, column := range all[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestBenchMatrix(t *testing.T) {
	// Flags with one dash, as other programs' scripts write them.
	r := mustRun(t, "bench", "matrix", "-map", "isle-of-man", "-size", "40", "-threads", "2", "-reps", "3", "-seed", "7")
	if header, _, _ := strings.Cut(r.out, "\n"); header != "map,size,threads,rep,seconds,nodes,arcs" {
		t.Errorf("header %q", header)
	}
	rows := rowsOf(t, r.out)
	if len(rows) != 3 || r.err != "" {
		t.Fatalf("printed %q and %q", r.out, r.err)
	}
	for i, row := range rows {
		if row["map"] != "isle-of-man" || row["size"] != "40" || row["threads"] != "2" || row["rep"] != strconv.Itoa(i+1) {
			t.Errorf("row %d: %v", i, row)
		}
		if number(t, row["seconds"]) <= 0 || number(t, row["nodes"]) < 1000 || number(t, row["arcs"]) < 1000 {
			t.Errorf("row %d: %v", i, row)
		}
	}
}

// A program that takes turns with another gets a row for each line it writes.
func TestBenchMatrixPaced(t *testing.T) {
	paced := func(input string) result {
		var out, errs bytes.Buffer
		code := cli.Run(t.Context(), []string{"slinga", "bench", "matrix", "--map", "isle-of-man", "--size", "30", "--paced"},
			cli.Streams{In: strings.NewReader(input), Out: &out, Err: &errs})
		return result{code, out.String(), errs.String()}
	}
	r := paced("30 1\n10 2\n\n30 1\n")
	var got []string
	for _, row := range rowsOf(t, r.out) {
		got = append(got, row["size"]+"/"+row["threads"]+"/"+row["rep"])
	}
	if want := "30/1/1 10/2/1 30/1/2"; strings.Join(got, " ") != want || r.code != cli.ExitGood {
		t.Errorf("exit %d, %v, want %s; %s", r.code, got, want, r.err)
	}
	for _, input := range []string{"31 1\n", "1 1\n", "ten 1\n", "10\n", "10 -1\n"} {
		if r := paced(input); r.code != cli.ExitInput || !strings.Contains(r.err, "standard input, line 1: write a size from 2 to 30") {
			t.Errorf("%q: exit %d, %q", input, r.code, r.err)
		}
	}
}

// Points come from the seed alone, and more of them begin with fewer.
func TestBenchPoints(t *testing.T) {
	draw := func(size, seed string) []string {
		r := mustRun(t, "bench", "points", "--map", "isle-of-man", "--size", size, "--seed", seed)
		return strings.Split(strings.TrimSpace(r.out), "\n")
	}
	few, many, other := draw("50", "1"), draw("2000", "1"), draw("50", "2")
	if len(few) != 51 || len(many) != 2001 || few[0] != "id,lat,lon" {
		t.Fatalf("%d and %d lines, the first %q", len(few), len(many), few[0])
	}
	seen := make(map[string]bool)
	same := 0
	for i, line := range many[1:] {
		_, at, _ := strings.Cut(line, ",")
		if seen[at] {
			t.Errorf("point %s is drawn twice", at)
		}
		seen[at] = true
		if i < 50 && line != few[i+1] {
			t.Errorf("point %d is %s of 50 and %s of 2000", i, few[i+1], line)
		}
		if i < 50 && line == other[i+1] {
			same++
		}
	}
	if same > 5 {
		t.Errorf("%d of 50 points are those of another seed", same)
	}
	// Every point is on its road, and from each there is a way to each.
	points := filepath.Join(t.TempDir(), "points.csv")
	put(t, points, strings.Join(few, "\n"))
	r := mustRun(t, "matrix", "--map", "isle-of-man", "--points", points)
	if strings.Contains(r.out, ",,") || strings.Contains(r.err, "warning") {
		t.Errorf("unreachable points: %q", r.err)
	}
}

// Points of a map of two islands.
func TestBenchAnywhere(t *testing.T) {
	_, maps := namedRoads(t)
	// The road that nothing leads to has two nodes of the eight on roads.
	together := mustRun(t, "bench", "points", "--map", maps, "--size", "6").out
	anywhere := mustRun(t, "bench", "points", "--map", maps, "--size", "8", "--anywhere").out
	if strings.Contains(together, "23.25") || !strings.Contains(anywhere, "23.25") {
		t.Errorf("together %q, anywhere %q", together, anywhere)
	}
	mustRun(t, "bench", "matrix", "--map", maps, "--size", "8", "--anywhere", "--reps", "1")
	if r := slinga("bench", "matrix", "--map", maps, "--size", "9", "--anywhere"); r.code != cli.ExitInput || !strings.Contains(r.err, "this map has 8 nodes") {
		t.Errorf("exit %d, %q", r.code, r.err)
	}
}

func TestBenchMap(t *testing.T) {
	dir := room(t, nil)
	r := mustRun(t, "bench", "map", "-file", filepath.Join(dir, "map.osm"), "-reps", "2")
	seen := make(map[string]int)
	for _, row := range rowsOf(t, r.out) {
		seen[row["step"]]++
		if row["map"] != "map" || number(t, row["seconds"]) < 0 {
			t.Errorf("%v", row)
		}
		if peak := row["peak_bytes"]; runtime.GOOS == "linux" && (peak == "" || number(t, peak) < 1<<20) {
			t.Errorf("peak of %v", row)
		}
	}
	for _, step := range []string{"import", "import: read", "import: save", "open", "customise", "customise again", "close", "reopen", "snap", "snap again"} {
		if seen[step] != 2 {
			t.Errorf("step %q stands %d times in %q", step, seen[step], r.out)
		}
	}
}

func TestBenchRefuses(t *testing.T) {
	dir := room(t, nil)
	maps := filepath.Join(dir, "map.osm")
	put(t, filepath.Join(dir, "broken.osm"), "<osm><node")
	for _, each := range []struct {
		args []string
		want string
	}{
		{[]string{"bench", "wheels"}, `no command bench "wheels"`},
		{[]string{"bench", "matrix"}, "no map"},
		{[]string{"bench", "matrix", "--map", maps, "--size", "1"}, "--size 1: must be from 2 to 16384"},
		{[]string{"bench", "matrix", "--map", maps, "--size", "50"}, "--size 50: the largest connected part of this map has 4 nodes"},
		{[]string{"bench", "matrix", "--map", maps, "--size", "4", "--threads", "-1"}, "--threads -1"},
		{[]string{"bench", "matrix", "--map", maps, "--size", "4", "--reps", "0"}, "--reps 0"},
		{[]string{"bench", "matrix", "--map", maps, "--size", "4", "--mode", "sledge"}, `--mode "sledge": must be car, bicycle or foot`},
		{[]string{"bench", "matrix", "--map", maps, "--paced", "--reps", "3"}, "leave --reps and --threads off"},
		{[]string{"bench", "map"}, "no file"},
		{[]string{"bench", "map", "--file", filepath.Join(dir, "nothing.osm")}, "cannot open the map"},
		{[]string{"bench", "map", "--file", maps, "--reps", "0"}, "--reps 0"},
		{[]string{"bench", "map", "--file", filepath.Join(dir, "broken.osm")}, "broken.osm"},
		{[]string{"bench", "step", "--step", "dance"}, `--step "dance"`},
	} {
		if r := slinga(each.args...); r.code != cli.ExitInput || !strings.Contains(r.err, each.want) || r.out != "" && each.args[1] != "map" {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", each.args, r.code, r.out, r.err, each.want)
		}
	}
}
