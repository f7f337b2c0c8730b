package osm

import "slices"

// kinds is a set of kinds of objects.
type kinds uint8

const (
	kindNode kinds = 1 << iota
	kindWay
	kindRelation
)

// object is a node, way or relation as a decoder hands it to a visitor, which
// must copy what it keeps.
type object struct {
	kind     kinds
	id       int64
	version  int32 // 0: the file does not say
	deleted  bool  // visible=false in files with history
	position int64 // where it stands among all that is read; see sequence
	tags     Tags
	slot     int   // its index in the task's ids, -1 if these are not limited
	lon, lat int32 // of a node, 1e-7 degrees
	placed   bool  // the node has a position on earth
	refs     []int64
	// places are the positions of refs, longitude and latitude one after the
	// other, if the task asks for them and the file has them.
	places  []int32
	members []member
}

type member struct {
	kind kinds
	id   int64
	role string
}

// sequence makes the position of an object from the number of its block among
// the blocks of all files and its number in the block. Positions agree between
// passes over the same files.
func sequence(block, index int) int64 { return int64(block)<<24 | int64(index) }

// maxPerBlock is the most objects that a block may hold: a 32 MiB block of
// nodes of two bytes each.
const maxPerBlock = 1 << 24

// maxWayRefs is the most nodes that a way may have. The community's own limit
// is 2000; old data and other sources have more.
const maxWayRefs = 1 << 20

// task is what one pass over the files looks for. Its functions are called
// from several goroutines at once, each with a batch of its own.
type task struct {
	kinds kinds
	// tagged limits ways and relations to those that pass, before their
	// nodes or members are read. nil: all.
	tagged func(kind kinds, tags Tags) bool
	// keys limits ways to those with at least one of these keys, before
	// their tags are read. nil: all.
	keys map[string]bool
	// places asks for the positions that ways carry of their nodes.
	places bool
	// nodes, ways and relations, ascending, limit the pass to these ids.
	// nil: all.
	nodes, ways, relations []int64
	visit                  func(b *batch, o *object)
}

func (t *task) ids(kind kinds) []int64 {
	switch kind {
	case kindNode:
		return t.nodes
	case kindWay:
		return t.ways
	}
	return t.relations
}

// hint remembers where in a list of ids the last one was found. Files are
// nearly always sorted, so the next is close by.
type hint int

// find is a search for id in ids, which are ascending: from the hint in growing
// steps, forward or backward, and then within the last step.
func (h *hint) find(ids []int64, id int64) (slot int, found bool) {
	low := min(int(*h), len(ids))
	high := low
	for step := 1; low > 0 && ids[low-1] >= id; step *= 2 {
		high = low - 1
		low = max(0, low-step)
	}
	for step := 1; high < len(ids) && ids[high] < id; step *= 2 {
		low, high = high+1, min(len(ids), high+step)
	}
	at, found := slices.BinarySearch(ids[low:high], id)
	slot = low + at
	if !found && slot < len(ids) && ids[slot] == id {
		found = true // it is the one that the search stopped at
	}
	*h = hint(slot)
	return slot, found
}

// batch is what a pass found in one block. Batches are merged in the order
// of the file, whatever goroutine made them.
type batch struct {
	counts [3]int64 // nodes, ways, relations in the block, wanted or not
	holds  kinds    // what it holds at all
	spans  [3]span

	ways      []rawWay
	words     []wording // of ways
	refs      []int64
	relations []rawRelation
	nodes     []rawNode
	seen      []seen
	skipped   Skipped
}

// span tells whether the objects of one kind stand in strictly ascending
// order in a block, and from where to where.
type span struct {
	first, last int64
	some, loose bool
}

func (s *span) add(id int64) {
	if !s.some {
		s.first, s.some = id, true
	} else if id <= s.last {
		s.loose = true
	}
	s.last = id
}

// join puts the span of the next block behind this one.
func (s *span) join(next span) {
	if !next.some {
		return
	}
	if s.some && next.first <= s.last || next.loose {
		s.loose = true
	}
	if !s.some {
		s.first, s.some = next.first, true
	}
	s.last = next.last
}

// place is the index of a kind in counts and spans.
func (k kinds) place() int { return int(k >> 1) }

func (b *batch) count(kind kinds, id int64) (index int) {
	b.counts[kind.place()]++
	b.spans[kind.place()].add(id)
	b.holds |= kind
	return int(b.counts[0]+b.counts[1]+b.counts[2]) - 1
}
