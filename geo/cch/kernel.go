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
	name  string
	relax func(r *relaxation)
	split func(n int, weights *uint64, high, low *int32, shift uint64)
}

// kernels are those that this machine can run, the fastest last.
var kernels = []kernel{{"go", relaxGo, splitGo}}

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

// Split takes the two numbers of weights apart, the lower one of shift bits,
// and gives them in thousands, rounded up; none stands for Inf and more. The
// lengths are the same, a multiple of eight.
func Split(weights []uint64, shift uint, high, low []int32) {
	if len(weights) == 0 {
		return
	}
	_, _ = high[len(weights)-1], low[len(weights)-1]
	fastest().split(len(weights), unsafe.SliceData(weights), unsafe.SliceData(high), unsafe.SliceData(low), uint64(shift))
}

func splitGo(n int, weights *uint64, high, low *int32, shift uint64) {
	mask := uint64(1)<<shift - 1
	highs, lows := unsafe.Slice(high, n), unsafe.Slice(low, n)
	for i, w := range unsafe.Slice(weights, n) {
		if w >= Inf {
			highs[i], lows[i] = noRoute, noRoute
			continue
		}
		highs[i], lows[i] = int32((w>>shift+999)/1000), int32((w&mask+999)/1000)
	}
}

// noRoute is what Split writes where there is no route.
const noRoute = 1<<31 - 1

// aligned is memory that begins at a cache line.
func aligned(n int) []uint64 {
	s := make([]uint64, n+7)
	skip := -(uintptr(unsafe.Pointer(unsafe.SliceData(s))) >> 3) & 7
	return s[skip : int(skip)+n]
}
