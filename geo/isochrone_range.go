package geo

import (
	"cmp"
	"slices"
	"sort"

	"github.com/slinga-se/slinga/geo/osm"
)

// Where the second quantity of a leg is limited, a place is not reached if the
// quickest way there is too long, however short a slower one may be. So what is
// reached along a road depends on both of its ends: for each start, the places
// to which the one side is the quicker are looked at apart from the others.

// approach is a way along a segment, from near to far in millimetres of node
// order. It is entered with some weight.
type approach struct {
	search    int32
	directed  int32
	near, far int64
	entry     weight
	whole     weight // of the segment
}

// gather collects the ways along a directed chain: from its beginning, as the
// labels say, and from starts on it.
func (w *walk) gather(d int32, begin []label) {
	iso := w.iso
	for _, l := range begin {
		w.approach(d, l.search, nil, l.weight)
	}
	for _, k := range iso.on[d>>1] {
		w.approach(d, int32(k), &iso.starts[k], iso.m.pack(iso.delays[k], 0))
	}
}

// approach goes along a directed chain as far as the time allows. With towards
// it goes backward, from the end.
func (w *walk) approach(d, search int32, start *place, entry weight) {
	m := w.iso.m
	before := len(w.ways)
	visit := func(directed int32, a, b int64) bool {
		way := approach{search: search, directed: directed, near: a, far: b}
		if w.iso.towards {
			way.near, way.far = b, a
		}
		if directed&1 != 0 {
			length := int64(m.region.segMM[directed>>1])
			way.near, way.far = length-way.near, length-way.far
		}
		w.ways = append(w.ways, way)
		return true
	}
	if w.iso.towards {
		m.stretch(d, nil, start, visit)
		slices.Reverse(w.ways[before:])
	} else {
		m.stretch(d, start, nil, visit)
	}
	for i := before; i < len(w.ways); i++ {
		way := &w.ways[i]
		ms, second, ok := m.segment(&w.cost, way.directed, 0, int64(m.region.segMM[way.directed>>1]))
		if at, _ := m.unpack(entry); !ok || !fits(entry, m.guard()) || at > w.limit {
			w.ways = w.ways[:i]
			return
		}
		way.entry, way.whole = entry, m.pack(ms, second)
		entry = w.at(way, way.far)
	}
}

// at is the weight at a place of a segment; never beyond all weights.
func (w *walk) at(way *approach, x int64) weight {
	m := w.iso.m
	length := int64(m.region.segMM[way.directed>>1])
	ms, second := m.unpack(way.whole)
	if part := max(way.near-x, x-way.near); part < length {
		ms, second = osm.Share(ms, part, length), osm.Share(second, part, length)
	}
	if sum := way.entry + m.pack(ms, second); fits(sum, m.guard()) {
		return sum
	}
	return never
}

// keeps reports whether a leg of some weight is in time and in range.
func (w *walk) keeps(leg weight) bool {
	ms, _ := w.iso.m.unpack(leg)
	return leg < never && ms <= w.limit && w.iso.inRange(leg)
}

// settle takes the parts that are reached by the ways along a chain, each start
// and each segment for itself.
func (w *walk) settle() {
	rises := func(a approach) int { // along node order first
		if a.near < a.far {
			return 0
		}
		return 1
	}
	slices.SortFunc(w.ways, func(a, b approach) int {
		return cmp.Or(cmp.Compare(a.search, b.search), cmp.Compare(a.directed>>1, b.directed>>1),
			cmp.Compare(rises(a), rises(b)), cmp.Compare(a.near, b.near), cmp.Compare(a.entry, b.entry))
	})
	for first := 0; first < len(w.ways); {
		end := first
		for end < len(w.ways) && w.ways[end].search == w.ways[first].search && w.ways[end].directed>>1 == w.ways[first].directed>>1 {
			end++
		}
		w.segment(w.ways[first:end])
		first = end
	}
	w.ways = w.ways[:0]
}

// segment takes the parts of one segment that are reached from one start. At a
// place between two ends of approaches, the one that begins nearest is the best
// of those from its side: from a start on the segment nobody comes quicker, or
// by fewer metres, than by going straight on.
func (w *walk) segment(ways []approach) {
	ends := []int64{0, int64(w.iso.m.region.segMM[ways[0].directed>>1])}
	for i := range ways {
		ends = append(ends, ways[i].near)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	for i := 1; i < len(ends); i++ {
		u, v := ends[i-1], ends[i]
		var up, down *approach
		for k := range ways {
			switch way := &ways[k]; {
			case way.near < way.far && way.near <= u && (up == nil || way.near > up.near):
				up = way
			case way.near > way.far && way.near >= v && down == nil:
				down = way
			}
		}
		w.between(u, v, up, down)
	}
}

// between takes the parts between two places that are reached by going up from
// the first or down from the second. nil: one cannot.
func (w *walk) between(u, v int64, up, down *approach) {
	if up != nil && !w.keeps(w.at(up, v)) || down != nil && !w.keeps(w.at(down, u)) {
		w.partly(u, v, up, down)
		return
	}
	for _, way := range []*approach{up, down} {
		if way != nil {
			w.take(way, u, v)
		}
	}
}

// partly is between where not all is reached from either side.
func (w *walk) partly(u, v int64, up, down *approach) {
	// The first place between u and v, or v+1, of which something holds.
	first := func(holds func(x int64) bool) int64 {
		return u + int64(sort.Search(int(v-u+1), func(i int) bool { return holds(u + int64(i)) }))
	}
	upTo, from := u-1, v+1 // up keeps within the limits until upTo, down from there on
	if up != nil {
		upTo = first(func(x int64) bool { return !w.keeps(w.at(up, x)) }) - 1
	}
	if down != nil {
		from = first(func(x int64) bool { return w.keeps(w.at(down, x)) })
	}
	turn := v + 1 // from here on down is quicker
	switch {
	case up == nil:
		turn = u
	case down != nil:
		turn = first(func(x int64) bool { return w.at(down, x) < w.at(up, x) })
	}
	// Reached is all up to last and from next on.
	last, next := min(turn-1, upTo), max(turn, from)
	if next <= last+1 {
		last, next = v, v+1
	}
	if up != nil {
		w.take(up, u, min(last, upTo))
		w.take(up, next, min(v, upTo))
	}
	if down != nil {
		w.take(down, max(u, from), last)
		w.take(down, max(next, from), v)
	}
}

func (w *walk) take(way *approach, a, b int64) {
	if a < b {
		p := part{directed: way.directed, span: span{a, b}}
		if w.together {
			p.directed &^= 1
		}
		w.parts = append(w.parts, p)
	}
}
