package geo

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/geo/cch"
	"github.com/slinga-se/slinga/geo/osm"
)

// A file whose ways join places all over the map, which would make a thousand
// times as much of itself, is refused with words.
func TestBuildRefusesATangle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 2))
	net := &osm.Network{Texts: []string{""}}
	const nodes = 8000
	for i := range nodes {
		net.Nodes = append(net.Nodes, osm.Node{ID: int64(i + 1), Lon: 180_000_000 + r.Int32N(1e6), Lat: 660_000_000 + r.Int32N(1e6)})
	}
	for range 2 {
		ring := r.Perm(nodes)
		for i, v := range ring {
			net.Ways = append(net.Ways, osm.Way{
				ID: int64(len(net.Ways) + 1), First: int32(len(net.Refs)), Count: 2, Class: osm.Residential, Forward: 7, Backward: 7,
			})
			net.Refs = append(net.Refs, int32(v), int32(ring[(i+1)%nodes]))
		}
	}
	_, err := Build(net, BuildOptions{})
	if !errors.Is(err, ErrNetwork) || !errors.Is(err, cch.ErrDense) || !strings.Contains(err.Error(), "its 8000 junctions") {
		t.Error(err)
	}
	t.Log(err)
}
