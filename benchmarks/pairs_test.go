package benchmarks_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo/osm"
)

func TestRoadNodes(t *testing.T) {
	net := town()
	net.Ways[wayEFG].Flags |= osm.FlagFerry
	car := osm.CarProfile()
	var letters strings.Builder
	for _, n := range benchmarks.RoadNodes(net, &car) {
		letters.WriteByte(byte(n.ID))
	}
	// f is on a footway and a ferry, g on the ferry alone; e is also on way 3.
	if got := letters.String(); got != "abcde" {
		t.Errorf("nodes %q, want abcde", got)
	}
}

func TestDrawPairs(t *testing.T) {
	nodes := town().Nodes
	first := benchmarks.DrawPairs(nodes, 1, 100)
	if again := benchmarks.DrawPairs(nodes, 1, 100); !slices.Equal(first, again) {
		t.Error("the same seed drew other pairs")
	}
	if other := benchmarks.DrawPairs(nodes, 2, 100); slices.Equal(first, other) {
		t.Error("another seed drew the same pairs")
	}
	for i, p := range first {
		if p.From == p.To {
			t.Errorf("pair %d leads from a node to itself", i)
		}
	}
	if got := benchmarks.DrawPairs(nodes[:1], 1, 5); got != nil {
		t.Errorf("one node made pairs: %v", got)
	}
}

// Pairs written and read again are the same pairs, to the last decimal.
func TestPairsRoundTrip(t *testing.T) {
	coordinate := rapid.Int32Range(-1_800_000_000, 1_800_000_000)
	node := rapid.Custom(func(t *rapid.T) osm.Node {
		return osm.Node{
			ID:  rapid.Int64().Draw(t, "id"),
			Lon: coordinate.Draw(t, "lon"), Lat: coordinate.Draw(t, "lat"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		var pairs []benchmarks.Pair
		for range rapid.IntRange(1, 5).Draw(t, "pairs") {
			pairs = append(pairs, benchmarks.Pair{From: node.Draw(t, "from"), To: node.Draw(t, "to")})
		}
		var file bytes.Buffer
		if err := benchmarks.WritePairs(&file, pairs); err != nil {
			t.Fatal(err)
		}
		got, err := benchmarks.ReadPairs(&file)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, pairs) {
			t.Errorf("wrote %v, read %v", pairs, got)
		}
	})
}

func TestReadAnswers(t *testing.T) {
	answers, err := benchmarks.ReadAnswers(strings.NewReader("pair,metres,nodes\n0,12.5,1 2 3\n1,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(answers) != 2 || answers[0].Metres != 12.5 || !slices.Equal(answers[0].Nodes, []int64{1, 2, 3}) ||
		answers[1].Metres != benchmarks.NoWay || answers[1].Nodes != nil {
		t.Errorf("got %+v", answers)
	}
	for name, text := range map[string]string{
		"empty":          "",
		"other columns":  "a,b,c\n",
		"missing number": "pair,metres,nodes\n1,5,\n",
		"no number":      "pair,metres,nodes\n0,far,\n",
		"not a number":   "pair,metres,nodes\n0,NaN,\n",
		"negative":       "pair,metres,nodes\n0,-3,\n",
		"bad node":       "pair,metres,nodes\n0,5,1 x\n",
		"short row":      "pair,metres,nodes\n0,5\n",
	} {
		if _, err := benchmarks.ReadAnswers(strings.NewReader(text)); !errors.Is(err, benchmarks.ErrTable) {
			t.Errorf("%s: error %v, want ErrTable", name, err)
		}
	}
}

func FuzzReadTables(f *testing.F) {
	f.Add([]byte("pair,metres,nodes\n0,12.5,1 2 3\n1,,\n"))
	f.Add([]byte("pair,from_node,from_lon,from_lat,to_node,to_lon,to_lat\n0,1,-4.4800000,54.1500000,2,0.0000001,-0.0000001\n"))
	f.Add([]byte("1.5,,3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if pairs, err := benchmarks.ReadPairs(bytes.NewReader(data)); err == nil {
			if err := benchmarks.WritePairs(&bytes.Buffer{}, pairs); err != nil {
				t.Error(err)
			}
		}
		_, _ = benchmarks.ReadAnswers(bytes.NewReader(data))
		_, _ = benchmarks.ReadMatrix(bytes.NewReader(data))
	})
}
