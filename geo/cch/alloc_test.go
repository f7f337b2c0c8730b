//go:build !race && !invariants

package cch

import (
	"math/rand/v2"
	"testing"
)

// Once warm, a table on one thread allocates nothing. (The race
// detector makes pools forget.)
func TestTableAllocates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	g, x, y, weights := randomGraph(r, 2000)
	m := build(t, g, x, y, weights, 0)
	from, to := all(100), all(300)
	sum := uint64(0)
	use := func(b Block) { sum += b.Weights[0] }
	run := func() {
		if ok, err := m.Table(t.Context(), from, to, 1, use); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	run()
	if allocs := testing.AllocsPerRun(10, run); allocs > 0 {
		t.Errorf("%v allocations a table", allocs)
	}
}
