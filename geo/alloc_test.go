//go:build !race && !invariants

package geo

import (
	"runtime"
	"slices"
	"testing"

	"github.com/slinga-se/slinga/geo/osm"
)

// Once warm, a table into used memory on one thread allocates nothing, and is
// the table that would be made anew.
func TestTableInto(t *testing.T) {
	net := readMap(t, "stockholm-mariatorget.osm.pbf")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.CarProfile())
	snaps := mustSnap(t, m, randomPoints(net, 40, 9)...)
	snaps = append(snaps, snaps[:5]...) // homes with several visits
	var used Table
	run := func() {
		if err := m.TableInto(t.Context(), &used, snaps, snaps[3:], 1); err != nil {
			t.Fatal(err)
		}
	}
	run()
	if allocs := testing.AllocsPerRun(10, run); allocs > 0 {
		t.Errorf("%v allocations a table", allocs)
	}
	for threads := range 4 {
		anew, err := m.Table(t.Context(), snaps, snaps[3:], threads)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(anew.Seconds, used.Seconds) || !slices.Equal(anew.Metres, used.Metres) {
			t.Errorf("%d threads give another table", threads)
		}
	}
}

// Who is nearest takes no memory for every car and every client.
func TestNearestTakesLittleMemory(t *testing.T) {
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.CarProfile())
	snaps := mustSnap(t, m, randomPoints(net, 12_000, 9)...)
	var starts []Start
	for i, s := range snaps[:3000] {
		starts = append(starts, Start{s, int32(i % 60)})
	}
	for _, towards := range []bool{false, true} {
		iso, err := m.Isochrone(t.Context(), starts, IsochroneOptions{Limits: []int32{1200}, Towards: towards})
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		nearest, err := iso.Nearest(t.Context(), snaps[3000:])
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		// A table of all has 8 bytes for each of 27 million legs.
		if took := after.TotalAlloc - before.TotalAlloc; took > 100e6 {
			t.Errorf("%d MB", took/1_000_000)
		} else {
			t.Logf("%d MB", took/1_000_000)
		}
		if !slices.ContainsFunc(nearest, func(i int) bool { return i > 1500 }) {
			t.Error("nobody is nearest but the first half")
		}
	}
}
