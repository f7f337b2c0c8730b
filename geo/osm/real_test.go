package osm

import (
	"bytes"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"
)

var rewriteCounts = flag.Bool("rewrite-counts", false, "write testdata/counts.txt anew")

// realFiles are the small real maps under testdata.
var realFiles = []string{
	"beatty-nevada-2017-08.osm.bz2", "fiji-ferry.osm.pbf", "monaco-2012-07.osm.gz", "stockholm-old-town.osm.pbf",
}

// summary is what is counted of a network.
func summary(n *Network, info FileInfo) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d nodes, %d ways, %d relations, sorted %v\n",
		info.Format, info.Packed, info.Nodes, info.Ways, info.Relations, info.Sorted)
	var length, car, oneway, limited, posted, ferries, roundabouts, closed int64
	classes := make([]int, NumClasses)
	for i := range n.Ways {
		w := &n.Ways[i]
		classes[w.Class]++
		length += w.Millimetres
		if w.Forward&ModeCar != 0 {
			car++
			if w.Backward&ModeCar == 0 {
				oneway++
			}
		}
		if w.Limited != 0 {
			limited++
		}
		if w.Speed.Forward > 0 {
			posted++
		}
		if w.Flags&FlagFerry != 0 {
			ferries++
		}
		if w.Flags&FlagRoundabout != 0 {
			roundabouts++
		}
	}
	for i := range n.Nodes {
		if n.Nodes[i].Closed != 0 {
			closed++
		}
	}
	fmt.Fprintf(&b, "  kept %d nodes, %d ways of %d mm, %d restrictions, %d texts\n", len(n.Nodes), len(n.Ways), length, len(n.Restrictions), len(n.Texts))
	fmt.Fprintf(&b, "  cars %d, one way %d, limited %d, posted %d, ferries %d, roundabouts %d, barriers %d\n",
		car, oneway, limited, posted, ferries, roundabouts, closed)
	b.WriteString("  classes")
	for c, count := range classes {
		if count > 0 {
			fmt.Fprintf(&b, " %s %d", Class(c), count)
		}
	}
	fmt.Fprintf(&b, "\n  skipped %d ways, %d restrictions, %d nodes, %d values\n",
		n.Skipped.Ways, n.Skipped.Restrictions, n.Skipped.MissingNodes, n.Skipped.BadValues)
	data, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(data)
	fmt.Fprintf(&b, "  hash %s\n", hex.EncodeToString(sum[:8]))
	return b.String()
}

// TestRealFiles holds counts of real maps against testdata/counts.txt, which
// go test -rewrite-counts writes anew.
func TestRealFiles(t *testing.T) {
	var b strings.Builder
	for _, name := range realFiles {
		var info FileInfo
		n, err := Read(t.Context(), Options{OnFile: func(i FileInfo) { info = i }}, filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		checkNetwork(t, n)
		fmt.Fprintf(&b, "%s\n  %s", name, summary(n, info))
	}
	path := filepath.Join("testdata", "counts.txt")
	if *rewriteCounts {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "counts", b.String(), string(want))
}

// TestAgainstOtherReader reads the XML maps with another reader and the
// slow oracle, object by object, and compares.
func TestAgainstOtherReader(t *testing.T) {
	for _, name := range []string{"beatty-nevada-2017-08.osm.bz2", "monaco-2012-07.osm.gz"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		r := bzip2.NewReader(bytes.NewReader(data))
		if strings.HasSuffix(name, ".gz") {
			if r, err = gzip.NewReader(bytes.NewReader(data)); err != nil {
				t.Fatal(err)
			}
		}
		var things []thing
		scanner := osmxml.New(t.Context(), r)
		tags := func(from osm.Tags) (to Tags) {
			for _, tag := range from {
				to = append(to, Tag{tag.Key, tag.Value})
			}
			return to
		}
		for scanner.Scan() {
			switch o := scanner.Object().(type) {
			case *osm.Node:
				things = append(things, node(int64(o.ID), int32(math.Round(o.Lon*1e7)), int32(math.Round(o.Lat*1e7)), tags(o.Tags)...))
			case *osm.Way:
				w := thing{kind: kindWay, id: int64(o.ID), tags: tags(o.Tags)}
				for _, n := range o.Nodes {
					w.refs = append(w.refs, int64(n.ID))
				}
				things = append(things, w)
			case *osm.Relation:
				// Ways that are ferries by their relation only.
				if o.Tags.Find("type") != "route" || o.Tags.Find("route") != "ferry" {
					continue
				}
				for _, m := range o.Members {
					for i := range things {
						if w := &things[i]; w.kind == kindWay && w.id == m.Ref && m.Type == osm.TypeWay && len(w.tags) == 0 {
							w.tags = asFerry(nil, tags(o.Tags))
						}
					}
				}
			}
		}
		if err := scanner.Err(); err != nil {
			t.Fatal(err)
		}
		n, err := Read(t.Context(), Options{}, filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name, lines(n), slowRead(things))
		// And through the PBF of our own tests.
		path := filepath.Join(t.TempDir(), "map.pbf")
		if err := os.WriteFile(path, writePBF(plainStyle, things...), 0o600); err != nil {
			t.Fatal(err)
		}
		n, err = Read(t.Context(), Options{}, path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name+" as PBF", lines(n), slowRead(things))
	}
}

// TestFiji reads a file that is not sorted, from the islands at the 180th
// meridian: no way may run around the world.
func TestFiji(t *testing.T) {
	n, err := Read(t.Context(), Options{}, filepath.Join("testdata", "fiji-ferry.osm.pbf"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n.Ways {
		if w := &n.Ways[i]; w.Millimetres > 20_000_000 {
			t.Errorf("way %d is %d km long", w.ID, w.Millimetres/1_000_000)
		}
	}
}

// TestProgress watches what the callbacks are told.
func TestProgress(t *testing.T) {
	path := filepath.Join("testdata", "fiji-ferry.osm.pbf")
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	var passes []string
	var infos []FileInfo
	opts := Options{
		OnProgress: func(p Progress) {
			if p.File != path || p.Size != stat.Size() || p.Bytes > p.Size {
				t.Errorf("%+v", p)
			}
			if p.Done {
				passes = append(passes, p.Pass)
			}
		},
		OnFile: func(i FileInfo) { infos = append(infos, i) },
	}
	if _, err := Read(t.Context(), opts, path); err != nil {
		t.Fatal(err)
	}
	equal(t, "passes", passes, []string{"ways", "versions", "nodes"})
	if len(infos) != 1 || infos[0].Bytes != stat.Size() || infos[0].Sorted || infos[0].Nodes == 0 {
		t.Errorf("%+v", infos)
	}
}
