package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// A small campaign finds nothing, meets every form, and gets past the checks
// often enough to say something.
func TestCampaign(t *testing.T) {
	c, err := newCampaign(7)
	if err != nil {
		t.Fatal(err)
	}
	sum := tally{Outcomes: map[string]int64{}}
	for number := range uint64(6000) {
		c.run(number, &sum)
	}
	for _, f := range sum.Findings {
		t.Errorf("case %d: %s", f.Case, f.What)
	}
	if sum.Cases != 6000 || sum.Sealed < 1500 || sum.Accepted < 200 || sum.Compared < 2000 {
		t.Errorf("%+v", sum)
	}
	for _, name := range []string{"region: accepted, agrees", "region: accepted, agrees, and with roads closed", "region: damaged", "region: truncated", "pbf: damaged", "pbf, plain blocks: accepted", "xml: accepted", "xml, gzip: damaged"} {
		if sum.Outcomes[name] == 0 {
			t.Errorf("no case with the outcome %q", name)
		}
	}
}

func TestCasesAreRepeatable(t *testing.T) {
	t.Parallel()
	a, err := newCampaign(3)
	if err != nil {
		t.Fatal(err)
	}
	b, err := newCampaign(3)
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for number := range uint64(300) {
		x, y := a.corrupted(number), b.corrupted(number)
		if !bytes.Equal(x.bytes, y.bytes) || x.mutation != y.mutation {
			t.Fatalf("case %d is two cases", number)
		}
		if !slices.ContainsFunc(a.files[x.form], func(seed []byte) bool { return bytes.Equal(seed, x.bytes) }) {
			differ++
		}
	}
	if differ < 250 {
		t.Errorf("only %d of 300 files were changed", differ)
	}
}

// Taking a file apart and putting it together again changes nothing.
func TestPartsAndFrames(t *testing.T) {
	t.Parallel()
	files, err := seeds()
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files[regionForm] {
		list, err := parts(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(whole(little.Uint32(file[8:]), list), file) {
			t.Errorf("region %d changed", i)
		}
	}
	for i, file := range files[plainForm] {
		var again []byte
		for _, f := range frames(file) {
			again = f.append(again)
		}
		if !bytes.Equal(again, file) {
			t.Errorf("plain PBF %d changed", i)
		}
	}
	for i, file := range files[pbfForm] {
		var again []byte
		for _, f := range frames(file) {
			again = f.append(again)
		}
		if _, err := osm.ReadFrom(t.Context(), bytes.NewReader(again), "again", osm.Options{}); err != nil {
			t.Errorf("PBF %d: %v", i, err)
		}
	}
}

// The judge agrees with every leg of the sound seeds, and with no other.
func TestJudge(t *testing.T) {
	t.Parallel()
	files, err := seeds()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for i, file := range files[regionForm] {
		r, err := geo.Load(bytes.Clone(file))
		if err != nil {
			t.Fatal(err)
		}
		for group, profile := range map[string]osm.Profile{"car": osm.CarProfile(), "slow": osm.FootProfile()} {
			g, err := readGraph(file, group)
			if err != nil {
				t.Fatal(err)
			}
			m, err := r.Metric(t.Context(), profile)
			if err != nil {
				t.Fatal(err)
			}
			var points []orb.Point
			for _, at := range g.nodes {
				points = append(points, orb.Point{float64(at[0])/1e7 + 0.0001*random.Float64(), float64(at[1]) / 1e7})
			}
			snaps, err := m.Snap(points, geo.SnapOptions{})
			if err != nil {
				t.Fatal(err)
			}
			table, err := m.Table(context.Background(), snaps, snaps, 1)
			if err != nil {
				t.Fatal(err)
			}
			judge := newTrial(g, profile, false, time.Time{}, nil)
			if err := judge.compare(snaps, &table); err != nil {
				t.Errorf("seed %d, %s: %v", i, group, err)
			}
			at := random.IntN(len(table.Seconds))
			table.Seconds[at]++
			if judge.compare(snaps, &table) == nil {
				t.Errorf("seed %d, %s: a second more went unnoticed", i, group)
			}
			table.Seconds[at]--
			table.Metres[at]--
			if judge.compare(snaps, &table) == nil {
				t.Errorf("seed %d, %s: a metre less went unnoticed", i, group)
			}
		}
	}
}

func TestAFindingIsTold(t *testing.T) {
	t.Parallel()
	sum := tally{Outcomes: map[string]int64{"died": 1}}
	if sum.verdict() != nil {
		t.Error("a verdict without findings")
	}
	sum.found(4711, "the process died")
	var out bytes.Buffer
	sum.print(&out)
	if sum.verdict() == nil || !bytes.Contains(out.Bytes(), []byte("case 4711")) {
		t.Errorf("not told: %s", out.String())
	}
}
