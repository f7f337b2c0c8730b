package cch

import (
	"math/rand/v2"
	"testing"
)

// Two numbers in one weight, with a guard bit between: whenever no overflow is
// reported, distances are right; and what runs over is reported, wherever in
// the work it happens.
func TestOverflow(t *testing.T) {
	const shift = 12 // the lower number has 11 bits
	const guard = 1 << (shift - 1)
	rounds := 2000
	if testing.Short() {
		rounds = 200
	}
	reported, quiet := 0, 0
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 6))
		g, x, y, weights := randomGraph(r, 2+r.IntN(30))
		long := []uint64{20, 100, 400, guard}[r.IntN(4)]
		for a := range weights {
			if weights[a] != Inf {
				weights[a] = r.Uint64N(50)<<shift | r.Uint64N(long)
			}
		}
		m := build(t, g, x, y, weights, guard)
		// The truth: lexicographic distances with numbers that cannot run over.
		wide := make([]uint64, len(weights))
		for a, w := range weights {
			if wide[a] = Inf; w != Inf {
				wide[a] = w>>shift<<40 | w&(guard-1)
			}
		}
		want := floydWarshall(g, wide)
		fits := true
		for i := range want {
			for j := range want {
				fits = fits && (want[i][j] >= Inf || want[i][j]&(1<<40-1) < guard)
			}
		}
		got := make([]uint64, g.Nodes*g.Nodes)
		ok, err := m.Table(t.Context(), all(g.Nodes), all(g.Nodes), 1, func(b Block) {
			for l, s := range b.Sources {
				for j := range g.Nodes {
					got[int(s)*g.Nodes+j] = b.Weights[j*Lanes+l]
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			reported++
			continue
		}
		quiet++
		if !fits {
			t.Fatalf("round %d: a distance runs over and nothing is reported", round)
		}
		for i := range want {
			for j := range want {
				w := want[i][j]
				if w < Inf {
					w = w>>40<<shift | w&(guard-1)
				} else {
					w = Inf
				}
				if min(got[i*g.Nodes+j], Inf) != w {
					t.Fatalf("round %d: from %d to %d: %#x, want %#x", round, i, j, got[i*g.Nodes+j], w)
				}
			}
		}
	}
	if reported < rounds/20 || quiet < rounds/20 {
		t.Errorf("%d graphs overflow and %d do not: the test tests little", reported, quiet)
	}
}
