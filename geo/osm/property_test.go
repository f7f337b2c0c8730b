package osm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// slowRead is the oracle: the same rules as Read, over things in memory, with
// maps and without regard to size. It gives lines of text, one a way and one a
// node.
func slowRead(things []thing) []string {
	type key struct {
		kind kinds
		id   int64
	}
	latest := make(map[key]thing)
	for _, t := range things {
		k := key{t.kind, t.id}
		if old, ok := latest[k]; !ok || t.version >= old.version {
			latest[k] = t
		}
	}
	rules := DefaultTags()
	var out []string
	nodes := make(map[int64]bool)
	keys := slices.SortedFunc(maps.Keys(latest), func(a, b key) int { return cmpInt(a.id, b.id) })
	for _, k := range keys {
		w := latest[k]
		u, ok := rules.Way(w.tags)
		if k.kind != kindWay || w.deleted || !ok {
			continue
		}
		run := []int64{}
		flush := func() {
			if len(run) > 1 {
				out = append(out, fmt.Sprint(w.id, run, u.Way.Class, u.Way.Forward, u.Way.Backward, u.Way.Limited, u.Way.Speed, u.Name))
				for _, id := range run {
					nodes[id] = true
				}
			}
			run = run[:0]
		}
		last := int64(-1)
		for _, id := range w.refs {
			if id == last {
				continue
			}
			last = id
			if n, ok := latest[key{kindNode, id}]; !ok || n.deleted {
				flush()
				continue
			}
			run = append(run, id)
		}
		flush()
	}
	for _, id := range slices.Sorted(maps.Keys(nodes)) {
		n := latest[key{kindNode, id}]
		closed, _ := rules.Barrier(n.tags)
		out = append(out, fmt.Sprint("node", id, n.lon, n.lat, closed))
	}
	return out
}

// lines writes a network in the same form.
func lines(n *Network) []string {
	var out []string
	for i := range n.Ways {
		w := &n.Ways[i]
		ids := []int64{}
		for _, r := range n.NodesOf(w) {
			ids = append(ids, n.Nodes[r].ID)
		}
		out = append(out, fmt.Sprint(w.ID, ids, w.Class, w.Forward, w.Backward, w.Limited, w.Speed, n.Texts[w.Name]))
	}
	for _, node := range n.Nodes {
		out = append(out, fmt.Sprint("node", node.ID, node.Lon, node.Lat, node.Closed))
	}
	return out
}

// drawThings draws a small map with everything that goes wrong in real ones:
// missing nodes, repeated ids, versions, deleted objects, any order.
func drawThings(t *rapid.T) []thing {
	var things []thing
	wayTags := rapid.SampledFrom([]Tags{
		{{"highway", "residential"}},
		{{"highway", "track"}, {"name", "Skogsvägen"}, {"oneway", "yes"}},
		{{"building", "yes"}},
		{{"highway", "footway"}, {"access", "private"}},
		{{"highway", "construction"}},
		{{"route", "ferry"}, {"motor_vehicle", "yes"}},
		{{"highway", "primary"}, {"maxspeed", "90"}, {"maxspeed:backward", "70"}},
		nil,
	})
	nodeTags := rapid.SampledFrom([]Tags{nil, nil, nil, {{"barrier", "bollard"}}, {{"barrier", "gate"}, {"access", "no"}}, {{"name", "x"}}})
	id := rapid.Int64Range(1, 12)
	versions := rapid.IntRange(0, 2)
	rare := rapid.IntRange(0, 9)
	for range rapid.IntRange(1, 14).Draw(t, "nodes") {
		things = append(things, thing{
			kind: kindNode, id: id.Draw(t, "node"), version: versions.Draw(t, "version"), deleted: rare.Draw(t, "deleted") == 0,
			lon: rapid.Int32Range(-1800000000, 1800000000).Draw(t, "lon"), lat: rapid.Int32Range(-900000000, 900000000).Draw(t, "lat"),
			tags: nodeTags.Draw(t, "tags"),
		})
	}
	for range rapid.IntRange(1, 8).Draw(t, "ways") {
		w := thing{
			kind: kindWay, id: id.Draw(t, "way"), version: versions.Draw(t, "version"), deleted: rare.Draw(t, "deleted") == 0,
			tags: wayTags.Draw(t, "tags"), refs: rapid.SliceOfN(id, 0, 6).Draw(t, "refs"),
		}
		things = append(things, w)
	}
	if rapid.Bool().Draw(t, "mixed") {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
	}
	if rapid.Bool().Draw(t, "sorted") {
		slices.SortStableFunc(things, func(a, b thing) int {
			if a.kind != b.kind {
				return int(a.kind) - int(b.kind)
			}
			return cmpInt(a.id, b.id)
		})
	}
	return things
}

// TestAgainstOracle reads drawn maps in every form, whole and in parts. All
// must give what the oracle gives.
func TestAgainstOracle(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		things := drawThings(t)
		want := slowRead(things)
		style := pbfStyle{
			how:         rapid.SampledFrom([]string{"raw", "zlib", "zstd"}).Draw(t, "packing"),
			perBlock:    rapid.IntRange(1, 9).Draw(t, "block"),
			dense:       rapid.Bool().Draw(t, "dense"),
			granularity: rapid.SampledFrom([]int64{100, 50, 1}).Draw(t, "granularity"),
		}
		cut := rapid.IntRange(0, len(things)).Draw(t, "cut")
		for _, files := range [][][]byte{
			{writePBF(style, things...)},
			{writeXML(things...)},
			{gzipped(writeXML(things...))},
			{writePBF(style, things[:cut]...), writeXML(things[cut:]...)},
			{gzipped(writePBF(plainStyle, things[:cut]...)), writePBF(style, things[cut:]...)},
		} {
			var paths []string
			for i, data := range files {
				path := filepath.Join(dir, fmt.Sprint(i))
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, path)
			}
			n, err := Read(context.Background(), Options{}, paths...)
			if len(want) == 0 && errors.Is(err, ErrNoRoads) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			checkNetwork(t, n)
			if got := lines(n); !slices.Equal(got, want) {
				t.Fatalf("got\n%q\nwant\n%q", got, want)
			}
		}
	})
}

// TestOrderDoesNotMatter: objects in any order, blocks of any size and any
// number of goroutines give the same network to the last bit, if no object is
// there twice.
func TestOrderDoesNotMatter(t *testing.T) {
	things := append(drawing(crossing), street(10, "ab", "highway=primary", "name=Storgatan"),
		street(11, "bc", "highway=primary", "name=Alvägen"), street(12, "bd"), street(13, "de"), street(14, "ce"),
		turn(20, "from=10 via=b to=12", "restriction=no_right_turn"), turn(21, "from=11 via=b to=12", "restriction=no_left_turn"))
	want := readThings(t, things...)
	r := rand.New(rand.NewPCG(7, 1))
	for range 50 {
		r.Shuffle(len(things), func(i, j int) { things[i], things[j] = things[j], things[i] })
		style := pbfStyle{how: "zlib", perBlock: 1 + r.IntN(6), dense: r.IntN(2) == 0, granularity: 100}
		n, err := ReadFrom(t.Context(), bytes.NewReader(writePBF(style, things...)), "x", Options{})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "network", n, want)
	}
}

// TestHint compares the search with a hint to the plain one, on ids in any
// order.
func TestHint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := slices.Compact(slices.Sorted(slices.Values(rapid.SliceOf(rapid.Int64Range(-50, 50)).Draw(t, "ids"))))
		var h hint
		for _, id := range rapid.SliceOf(rapid.Int64Range(-55, 55)).Draw(t, "asked") {
			want, there := slices.BinarySearch(ids, id)
			got, found := h.find(ids, id)
			if found != there || found && got != want {
				t.Fatalf("%d in %v: %d %v, want %d %v", id, ids, got, found, want, there)
			}
		}
	})
}
