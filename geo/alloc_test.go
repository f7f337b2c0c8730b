//go:build !race && !invariants

package geo

import (
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
