package cch

import "unsafe"

// relaxation is the inner loop of a table: row i of to becomes the least of
// what it holds (Inf where begun says that it holds nothing) and, for each of
// its arcs first[i] to first[i+1], the row above it plus the weight. Rows of
// from that are also rows of to must come first. Assembly reads the fields by
// their offsets.
type relaxation struct {
	n        int
	first    *int32
	above    *int32
	weight   *uint64
	from, to *uint64
	begun    *uint8
	seen     [8]uint64 // out: all bits of the rows, ored
}

// kernel is one way to do the inner loops. All give the same.
type kernel struct {
	name   string
	relax  func(r *relaxation)
	spread func(tiles int, weights *uint64, high, low *[Lanes][]int32, shift uint64)
}

// kernels are those that this machine can run, the fastest last.
var kernels = []kernel{{"go", relaxGo, spreadGo}}

// fastest is the kernel that is used.
func fastest() *kernel { return &kernels[len(kernels)-1] }

// run does a relaxation over slices and returns all bits of the rows. r is
// scratch memory.
func (k *kernel) run(r *relaxation, n int, first, above []int32, weight, from, to []uint64, begun []uint8) (seen uint64) {
	if n == 0 {
		return 0
	}
	_, _, _ = first[n], begun[n-1], to[n*Lanes-1]
	*r = relaxation{
		n: n, first: unsafe.SliceData(first), above: unsafe.SliceData(above), weight: unsafe.SliceData(weight),
		from: unsafe.SliceData(from), to: unsafe.SliceData(to), begun: unsafe.SliceData(begun),
	}
	k.relax(r)
	for _, s := range r.seen {
		seen |= s
	}
	return seen
}

func relaxGo(r *relaxation) {
	if r.n == 0 {
		return
	}
	first, begun := unsafe.Slice(r.first, r.n+1), unsafe.Slice(r.begun, r.n)
	above, weight := unsafe.Slice(r.above, first[r.n]), unsafe.Slice(r.weight, first[r.n])
	row := func(rows *uint64, i int32) *[Lanes]uint64 {
		return (*[Lanes]uint64)(unsafe.Add(unsafe.Pointer(rows), uintptr(i)*Lanes*8))
	}
	seen := uint64(0)
	for i := range r.n {
		to := row(r.to, int32(i))
		if begun[i] == 0 {
			for l := range to {
				to[l] = Inf
			}
		}
		for a := first[i]; a < first[i+1]; a++ {
			from, w := row(r.from, above[a]), weight[a]
			for l := range to {
				to[l] = min(to[l], from[l]+w)
			}
		}
		for _, d := range to {
			seen |= d
		}
	}
	r.seen = [8]uint64{seen}
}

// Spread takes the two numbers of a block's weights apart, the lower one of
// shift bits, and writes them in thousands, rounded up, to the rows of their
// lanes: weights[j*Lanes+l] to high[l][j] and low[l][j]. The rows are as long as
// there are places; math.MaxInt32 stands for Inf and more.
func Spread(weights []uint64, shift uint, high, low *[Lanes][]int32) {
	n := len(weights) / Lanes
	for l := range Lanes {
		if len(high[l]) != n || len(low[l]) != n {
			panic("cch: rows that do not fit a block")
		}
	}
	tiles := n / tile
	if tiles > 0 {
		fastest().spread(tiles, unsafe.SliceData(weights), high, low, uint64(shift))
	}
	spreadFrom(tiles*tile, n, weights, uint64(shift), high, low)
}

// tile is how many places a kernel spreads at once.
const tile = 16

func spreadGo(tiles int, weights *uint64, high, low *[Lanes][]int32, shift uint64) {
	spreadFrom(0, tiles*tile, unsafe.Slice(weights, tiles*tile*Lanes), shift, high, low)
}

// spreadFrom goes a few places at a time: lanes lie side by side, rows far
// apart, so what is read stays in the cache and what is written fills lines.
func spreadFrom(begin, end int, weights []uint64, shift uint64, high, low *[Lanes][]int32) {
	mask := uint64(1)<<shift - 1
	for ; begin < end; begin += tile {
		to := min(begin+tile, end)
		for l := range Lanes {
			highs, lows := high[l][begin:to], low[l][begin:to]
			for k := range highs {
				w := weights[(begin+k)*Lanes+l]
				if w >= Inf {
					highs[k], lows[k] = noRoute, noRoute
					continue
				}
				highs[k], lows[k] = int32((w>>shift+999)/1000), int32((w&mask+999)/1000)
			}
		}
	}
}

// noRoute is what Spread writes where there is no route.
const noRoute = 1<<31 - 1

// aligned is memory that begins at a cache line.
func aligned(n int) []uint64 {
	s := make([]uint64, n+7)
	skip := -(uintptr(unsafe.Pointer(unsafe.SliceData(s))) >> 3) & 7
	return s[skip : int(skip)+n]
}
