package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo/osm"
)

// TestCompare holds the whole command against a peer that breaks rules, has
// gaps and is right, on a town that is small enough to check by eye.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	node := func(id int64) osm.Node {
		for _, n := range []osm.Node{
			{ID: 1, Lat: 100_000},
			{ID: 4, Lon: 300_000, Lat: 100_000},
			{ID: 5, Lon: 100_000},
			{ID: 6, Lon: 200_000},
			{ID: 7, Lon: 500_000},
		} {
			if n.ID == id {
				return n
			}
		}
		t.Fatalf("no node %d", id)
		return osm.Node{}
	}
	pairs := []benchmarks.Pair{
		{From: node(1), To: node(5)}, // a b e for both
		{From: node(1), To: node(4)}, // the peer goes straight on at c; we go round by e and f
		{From: node(1), To: node(7)}, // nobody gets there
		{From: node(6), To: node(5)}, // the peer finds no way
	}
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var table bytes.Buffer
	if err := benchmarks.WritePairs(&table, pairs); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := newApp(&out).Run([]string{
		"roads", "compare", "--peer", "Peer 1.0", "--out", dir,
		"--pairs", write("pairs.csv", table.String()),
		"--answers", write("answers.csv", "pair,metres,nodes\n0,2223.9,1 2 5\n1,3335.8,1 2 3 4\n2,,\n3,,\n"),
		filepath.Join("..", "testdata", "town.osm"),
	})
	if err != nil {
		t.Fatal(err)
	}
	// a b, then down to e, over to f, up to c, on to d: five blocks.
	for _, want := range []string{
		"4 pairs against Peer 1.0: 50.00 % agree",
		"pair 1, node 1 to node 4: peer-shorter, ours 5552 m, peer 3335.8 m",
		"the peer's road breaks a rule: restriction 90 from way 10 to way 11",
		"only ours: 12 14 13",
		"pair 3, node 6 to node 5: peer-no-way, ours 1114 m, peer no way",
		"our road may be driven; the peer does not take ways 14",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	saved, err := os.ReadFile(filepath.Join(dir, "roads-town.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "0,1,5,same,2219,2223.9\n"; !strings.Contains(string(saved), want) {
		t.Errorf("no %q in\n%s", want, saved)
	}
}

func TestPairsCommand(t *testing.T) {
	var out bytes.Buffer
	if err := newApp(&out).Run([]string{"roads", "pairs", "--count", "3", filepath.Join("..", "testdata", "town.osm")}); err != nil {
		t.Fatal(err)
	}
	pairs, err := benchmarks.ReadPairs(&out)
	if err != nil || len(pairs) != 3 {
		t.Errorf("read %d pairs, error %v", len(pairs), err)
	}
}
