package cch

// fewPlaces is how many places, sources and targets together, a table may have
// for buckets to be faster than a sweep: choosing parts of the hierarchy does
// not pay for a handful. Measured, see docs/design/0005-road-matrices.md.
const fewPlaces = 24

// buckets is the scratch memory of a small table: what the targets left at the
// ranks that they can be entered by (Knopp, Sanders, Schultes, Schulz and
// Wagner, "Computing Many-to-Many Shortest Paths Using Highway Hierarchies",
// ALENEX 2007).
type buckets struct {
	last    []int32 // by rank: its entry that came last, or -1
	entries []bucketEntry
	out     []uint64
	sources []int32
	ranks   []int32 // that have entries
}

type bucketEntry struct {
	weight uint64
	target int32
	before int32 // another entry of the same rank, or -1
}

// few computes a small table: every target climbs and leaves its weights at
// the ranks that it meets, every source climbs and looks there.
func (m *Metric) few(from, to Places, use func(Block)) (seen uint64) {
	f := m.pathfinder()
	defer m.paths.Put(f)
	b := &f.buckets
	if b.last == nil {
		b.last = make([]int32, m.h.nodes())
		for v := range b.last {
			b.last[v] = -1
		}
	}
	for j := range to.Len() {
		seen |= f.climb(m, downward, to.Gates[to.First[j]:to.First[j+1]])
		for _, v := range f.met[downward] {
			b.entries = append(b.entries, bucketEntry{f.weight[downward][v], int32(j), b.last[v]})
			b.last[v] = int32(len(b.entries) - 1)
		}
		b.ranks = append(b.ranks, f.met[downward]...)
		f.forget(downward)
	}
	if n := to.Len() * Lanes; cap(b.out) < n {
		b.out = aligned(n)
	}
	b.out = b.out[:to.Len()*Lanes]
	for begin := 0; begin < from.Len(); begin += Lanes {
		for i := range b.out {
			b.out[i] = Inf
		}
		b.sources = b.sources[:0]
		for i := begin; i < min(begin+Lanes, from.Len()); i++ {
			lane := len(b.sources)
			b.sources = append(b.sources, int32(i))
			seen |= f.climb(m, upward, from.Gates[from.First[i]:from.First[i+1]])
			for _, v := range f.met[upward] {
				d := f.weight[upward][v]
				for e := b.last[v]; e >= 0; e = b.entries[e].before {
					at := int(b.entries[e].target)*Lanes + lane
					b.out[at] = min(b.out[at], d+b.entries[e].weight)
				}
			}
			f.forget(upward)
		}
		for _, w := range b.out {
			seen |= w
		}
		use(Block{b.sources, b.out, 0})
	}
	for _, v := range b.ranks {
		b.last[v] = -1
	}
	b.entries, b.ranks = b.entries[:0], b.ranks[:0]
	return seen
}
