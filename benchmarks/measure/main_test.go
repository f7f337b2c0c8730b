package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// Points are as many different nodes as asked for, also on a map that hardly
// has more, and the same at every run.
func TestWritePoints(t *testing.T) {
	town := filepath.Join("..", "testdata", "town.osm")
	read := func(count int, seed uint64) [][]string {
		path := filepath.Join(t.TempDir(), "points.csv")
		if err := writePoints(t.Context(), town, path, count, seed); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // only read
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := read(8, 1)
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		seen[row[0]] = true
	}
	if len(rows) != 9 || len(seen) != 8 {
		t.Errorf("8 points are to be all 8 nodes: %v", rows)
	}
	for i, row := range read(8, 1) {
		if row[0] != rows[i][0] {
			t.Fatal("the same seed drew other points")
		}
	}
	if err := writePoints(t.Context(), town, filepath.Join(t.TempDir(), "points.csv"), 9, 1); err == nil {
		t.Error("9 points of 8 nodes")
	}
}

func TestMedian(t *testing.T) {
	runs := []run{{seconds: 3, peakMB: 1}, {seconds: 1, peakMB: 7}, {seconds: 2, peakMB: 2}}
	if m := median(runs, seconds); m != 2 {
		t.Errorf("median %v, want 2", m)
	}
	if p := largest(runs); p != 7 {
		t.Errorf("largest memory %v, want 7", p)
	}
}
