package osmpbf_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/slinga-se/slinga/benchmarks/internal/osmpbf"
	"github.com/slinga-se/slinga/geo/osm"
)

// What is written is what the importer reads, however it is packed and cut
// into blocks.
func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	for _, opts := range []osmpbf.Options{{}, {Plain: true}, {BlockSize: 1}, {BlockSize: 2, Plain: true}} {
		var file bytes.Buffer
		w := osmpbf.NewWriter(&file, opts)
		w.Node(7, 640000001, -180000002, 3, 1_500_000_000, nil)
		w.Node(9, 640010000, -180010000, 1, 1_400_000_000, []osmpbf.Tag{{"barrier", "bollard"}})
		w.Node(12, 640020000, -180000000, 1, 1_600_000_000, nil)
		_, _ = w.Flush()
		w.Way(5, 2, 1_500_000_000, []int64{12, 9, 7}, []osmpbf.Tag{{"highway", "track"}, {"name", "Åvägen"}})
		w.Way(6, 2, 1_500_000_000, []int64{7, 12}, []osmpbf.Tag{{"highway", "primary"}})
		_, _ = w.Flush()
		w.Relation(1, 1, 1_500_000_000, []osmpbf.Member{
			{Role: "from", Way: true, ID: 5}, {Role: "via", ID: 7}, {Role: "to", Way: true, ID: 6},
		}, []osmpbf.Tag{{"type", "restriction"}, {"restriction", "no_left_turn"}})
		if n, err := w.Flush(); err != nil || n != int64(file.Len()) {
			t.Errorf("%d bytes of %d, %v", n, file.Len(), err)
		}
		net, err := osm.ReadFrom(t.Context(), &file, "written", osm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(net.Nodes) != 3 || net.Nodes[0] != (osm.Node{ID: 7, Lat: 640000001, Lon: -180000002}) || net.Nodes[1].Closed != osm.ModeCar {
			t.Errorf("nodes %+v", net.Nodes)
		}
		if len(net.Ways) != 2 || net.Texts[net.Ways[0].Name] != "Åvägen" || net.Ways[1].Class != osm.Primary ||
			net.Nodes[net.NodesOf(&net.Ways[0])[0]].ID != 12 {
			t.Errorf("ways %+v", net.Ways)
		}
		if len(net.Restrictions) != 1 || net.Restrictions[0].ViaNode != 0 {
			t.Errorf("restrictions %+v", net.Restrictions)
		}
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestTheFirstErrorStays(t *testing.T) {
	t.Parallel()
	w := osmpbf.NewWriter(full{}, osmpbf.Options{})
	w.Node(1, 0, 0, 1, 0, nil)
	if n, err := w.Flush(); !errors.Is(err, errFull) || n != 0 || !errors.Is(w.Err(), errFull) {
		t.Errorf("%d bytes, %v", n, err)
	}
}
