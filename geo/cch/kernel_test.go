package cch

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// All kernels of this machine compute the same table and the same numbers.
func TestKernels(t *testing.T) {
	t.Logf("kernels: %d, the fastest is %s", len(kernels), fastest().name)
	for round := range 30 {
		r := rand.New(rand.NewPCG(uint64(round), 3))
		g, x, y, weights := randomGraph(r, 1+r.IntN(400))
		m := build(t, g, x, y, weights, 0)
		var want [][]uint64
		for i := range kernels {
			m.queries.Put(&Query{m: m, kernel: &kernels[i]})
			d := matrix(t, m, all(g.Nodes), all(g.Nodes), 1)
			for m.queries.Get() != nil { // the next kernel's must be the only one
			}
			if i == 0 {
				want = d
			}
			for s := range d {
				if !slices.Equal(d[s], want[s]) {
					t.Fatalf("round %d: kernel %s differs in row %d", round, kernels[i].name, s)
				}
			}
		}
	}
}

func TestSpread(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for _, shift := range []uint{30, 33} {
		mask := uint64(1)<<(shift-1) - 1
		for _, n := range []int{0, 1, 15, 16, 17, 100, 1000} {
			weights := aligned(n * Lanes)
			for i := range weights {
				switch r.IntN(6) {
				case 0:
					weights[i] = Inf + r.Uint64N(Inf)
				case 1:
					weights[i] = (Inf - 1) &^ (1 << (shift - 1)) // the largest that fits
				case 2:
					weights[i] = r.Uint64N(3000)<<shift | r.Uint64N(3000)
				default:
					weights[i] = r.Uint64N(Inf>>shift)<<shift | r.Uint64N(mask+1)
				}
			}
			for _, k := range kernels {
				var high, low [Lanes][]int32
				for l := range Lanes {
					high[l], low[l] = make([]int32, n), make([]int32, n)
				}
				all := kernels
				kernels = []kernel{k} // the fastest is the last
				Spread(weights, shift, &high, &low)
				kernels = all
				for i, w := range weights {
					h, l := int64(noRoute), int64(noRoute)
					if w < Inf {
						h, l = (int64(w>>shift)+999)/1000, (int64(w&(1<<shift-1))+999)/1000
					}
					if g := high[i%Lanes][i/Lanes]; int64(g) != h {
						t.Fatalf("%s: %#x by %d: high %d, want %d", k.name, w, shift, g, h)
					}
					if g := low[i%Lanes][i/Lanes]; int64(g) != l {
						t.Fatalf("%s: %#x by %d: low %d, want %d", k.name, w, shift, g, l)
					}
				}
			}
		}
	}
}
