package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// The file holds exactly what was asked for, sorted, and all that its roads
// refer to is there.
func TestCountryIsAnExtract(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		seed        uint64
		nodes, ways int64
	}{{1, 60_000, 6_000}, {2, 20_000, 2_500}, {3, 20_000, 500}, {4, 300_000, 12_000}, {5, 150_000, 15_001}} {
		land, err := newCountry(c.seed, c.nodes, c.ways)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if _, err := land.write(&file); err != nil {
			t.Fatal(err)
		}
		var info osm.FileInfo
		net, err := osm.ReadFrom(t.Context(), bytes.NewReader(file.Bytes()), "country", osm.Options{OnFile: func(i osm.FileInfo) { info = i }})
		if err != nil {
			t.Fatal(err)
		}
		if info.Nodes != c.nodes || info.Ways != c.ways || !info.Sorted {
			t.Errorf("asked for %d nodes and %d ways, got %d and %d, sorted: %v", c.nodes, c.ways, info.Nodes, info.Ways, info.Sorted)
		}
		if s := net.Skipped; s.MissingNodes != 0 || s.BadValues != 0 || s.Restrictions != 0 {
			t.Errorf("seed %d: %+v", c.seed, s)
		}
		if share := float64(len(net.Nodes)) / float64(c.nodes); share < 0.05 || share > 0.5 {
			t.Errorf("seed %d: %.0f %% of the nodes lie on roads", c.seed, 100*share)
		}
	}
}

// What a sparse country has is there, and most of the roads are connected.
func TestCountryHasWhatItShould(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "country.osm.pbf")
	if err := generate(t.Context(), path, 7, 700_000, 0); err != nil {
		t.Fatal(err)
	}
	net, err := osm.Read(t.Context(), osm.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	bridges, ferries, ice, gates := 0, 0, 0, 0
	classes := map[osm.Class]int{}
	for i := range net.Ways {
		w := &net.Ways[i]
		classes[w.Class]++
		for flag, count := range map[osm.Flags]*int{osm.FlagBridge: &bridges, osm.FlagFerry: &ferries, osm.FlagIceRoad: &ice} {
			if w.Flags&flag != 0 {
				*count++
			}
		}
	}
	for _, n := range net.Nodes {
		if n.Closed != 0 {
			gates++
		}
	}
	if bridges == 0 || ferries == 0 || ice == 0 || gates == 0 || len(net.Restrictions) == 0 {
		t.Errorf("%d bridges, %d ferries, %d ice roads, %d barriers, %d restrictions", bridges, ferries, ice, gates, len(net.Restrictions))
	}
	for _, class := range []osm.Class{osm.Trunk, osm.Primary, osm.Secondary, osm.Tertiary, osm.Unclassified, osm.Residential, osm.Service, osm.Track, osm.Path, osm.Cycleway, osm.Footway} {
		if classes[class] == 0 {
			t.Errorf("no way of class %v", class)
		}
	}
	region, err := geo.Build(net, geo.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if dead := deadEnds(net); dead < 0.2 {
		t.Errorf("%.0f %% of junctions and ends are dead ends", 100*dead)
	}
	if n := region.Info().Topologies[0]; n.Junctions == 0 || n.Segments < 5*n.Junctions/2 {
		t.Errorf("roads of sparse country are chains: %+v", n)
	}
}

// deadEnds is the share of dead ends among the nodes that are not just on a
// road.
func deadEnds(net *osm.Network) float64 {
	degree := make([]int, len(net.Nodes))
	for i := range net.Ways {
		refs := net.NodesOf(&net.Ways[i])
		for k := 1; k < len(refs); k++ {
			degree[refs[k-1]]++
			degree[refs[k]]++
		}
	}
	dead, all := 0.0, 0.0
	for _, d := range degree {
		if d == 1 {
			dead++
		}
		if d != 2 {
			all++
		}
	}
	return dead / all
}

func TestCountryIsRepeatable(t *testing.T) {
	t.Parallel()
	write := func(seed uint64) []byte {
		land, err := newCountry(seed, 30_000, 3_000)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if _, err := land.write(&file); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	if !bytes.Equal(write(1), write(1)) {
		t.Error("the same seed made two countries")
	}
	if bytes.Equal(write(1), write(2)) {
		t.Error("two seeds made one country")
	}
}

// Every part of the country is as full as every other, so its file grows with
// it.
func TestFileGrowsWithTheCountry(t *testing.T) {
	t.Parallel()
	perNode := func(nodes int64) float64 {
		land, err := newCountry(1, nodes, nodes/10)
		if err != nil {
			t.Fatal(err)
		}
		n, err := land.write(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return float64(n) / float64(nodes)
	}
	small, large := perNode(40_000), perNode(400_000)
	if math.Abs(small-large) > small/3 {
		t.Errorf("%.1f and %.1f bytes a node", small, large)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]int64{{100, 10}, {100_000, 100}, {100_000, 90_000}, {1e10, 1e9}} {
		if _, err := newCountry(1, c[0], c[1]); err == nil {
			t.Errorf("%d nodes and %d ways", c[0], c[1])
		}
	}
	if err := app().Run([]string{"country", "measure", "--runs", "0"}); err == nil {
		t.Error("measured with no run")
	}
	if err := app().Run([]string{"country", "nonsense"}); err == nil {
		t.Error("a command that is not there")
	}
	if err := app().Run([]string{"country", "--nodes", "10", "--out", filepath.Join(t.TempDir(), "x")}); err == nil {
		t.Error("a country of ten nodes")
	}
	if err := generate(t.Context(), filepath.Join(t.TempDir(), "no", "folder"), 1, 20_000, 0); !os.IsNotExist(err) {
		t.Errorf("into a folder that is not there: %v", err)
	}
}

func TestExponent(t *testing.T) {
	t.Parallel()
	if b, ok := exponent([]float64{1, 2, 4, 8}, []float64{3, 12, 48, 192}); !ok || math.Abs(b-2) > 1e-9 {
		t.Errorf("a square grows with the power 2, not %v", b)
	}
	if _, ok := exponent([]float64{1}, []float64{1}); ok {
		t.Error("a line through one point")
	}
	if _, ok := exponent([]float64{1, 2}, []float64{0, 0}); ok {
		t.Error("a logarithm of nothing")
	}
}
