package solver

import (
	"cmp"
	"slices"
)

// shortlist holds the ways that seem cheapest, a batch at a time: when all of
// a batch are used up, the next and larger one has those that come after.
type shortlist struct {
	ways   []way
	width  int
	after  way // the last one of the batches before
	drawn  int64
	missed bool
}

// way is a place for each member of a unit. Equal sums are told apart by the
// order in which the ways were found.
type way struct {
	sum, ordinal int64
	places       []place
}

// firstBatch is small because mostly one of the first ways works.
const firstBatch = 32

func compareWays(a, b way) int {
	return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.ordinal, b.ordinal))
}

func (l *shortlist) begin() {
	*l = shortlist{ways: l.ways[:0], width: firstBatch, after: way{sum: -Infinity}}
}

// more makes the list ready for the next batch, and tells whether there is one.
func (l *shortlist) more() bool {
	if !l.missed {
		return false
	}
	l.after = l.ways[len(l.ways)-1]
	l.after.places = nil
	l.ways = l.ways[:0]
	l.width *= 8
	l.drawn, l.missed = 0, false
	return true
}

func (l *shortlist) offer(sum int64, places []place) {
	l.drawn++
	w := way{sum: sum, ordinal: l.drawn}
	if compareWays(w, l.after) <= 0 {
		return
	}
	if len(l.ways) == l.width {
		l.missed = true
		if compareWays(w, l.ways[l.width-1]) > 0 {
			return
		}
		l.ways = l.ways[:l.width-1]
	}
	w.places = slices.Clone(places)
	at, _ := slices.BinarySearchFunc(l.ways, w, compareWays)
	l.ways = slices.Insert(l.ways, at, w)
}
