package geo

import (
	"flag"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// Random networks are cheap, and the rare cases (two via-way restrictions
// under way at once) need many.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "600"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// realMaps are small extracts; see testdata/LICENSE.
var realMaps = []string{
	"monaco-2012-07.osm.gz", "beatty-nevada-2017-08.osm.bz2", "stockholm-mariatorget.osm.pbf", "fiji-ferry.osm.pbf",
}

func readMap(t testing.TB, name string) *osm.Network {
	t.Helper()
	net, err := osm.Read(t.Context(), osm.Options{}, "testdata/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// randomPoints lie near random nodes, and a few of them exactly on one.
func randomPoints(net *osm.Network, n int, seed uint64) []orb.Point {
	random := rand.New(rand.NewPCG(seed, 0))
	points := make([]orb.Point, n)
	for i := range points {
		at := net.Nodes[net.Refs[random.IntN(len(net.Refs))]]
		points[i] = node{at.Lon, at.Lat}.point()
		if i%4 > 0 {
			points[i][0] += random.NormFloat64() * 2e-4
			points[i][1] += random.NormFloat64() * 1e-4
		}
	}
	return points
}

func TestRealMapsAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	for i, name := range realMaps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			net := readMap(t, name)
			r, err := Build(net, BuildOptions{Name: name})
			if err != nil {
				t.Fatal(err)
			}
			winter := osm.CarProfile()
			winter.IceRoads, winter.Ferries, winter.SpeedPercent = true, false, 80
			for k, p := range []osm.Profile{osm.CarProfile(), winter, osm.BicycleProfile(), osm.FootProfile()} {
				m, err := r.MetricWith(t.Context(), p, MetricOptions{Shortest: k == 1})
				if err != nil {
					t.Fatal(err)
				}
				snaps, err := m.Snap(randomPoints(net, 12, uint64(10*i+k)), SnapOptions{})
				if err != nil {
					t.Fatal(err)
				}
				compare(t, m, newOracle(net, p, k == 1), net, snaps)
			}
		})
	}
}
