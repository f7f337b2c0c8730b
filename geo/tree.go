package geo

import (
	"cmp"
	"math"
	"slices"
)

// fanout is the number of children of a tree node.
const fanout = 16

// box is a bounding box in 1e-7 degrees.
type box struct{ MinLon, MinLat, MaxLon, MaxLat int32 }

// tree is a packed Hilbert R-tree (Kamel and Faloutsos 1993): items in the
// order of a Hilbert curve, a box around every sixteen of them, a box around
// every sixteen of those, up to one box around all. The shape follows from the
// number of items, so it is two flat arrays. The items' own boxes are not kept:
// whoever asks knows the items' shapes.
//
// The tree of a topology has its segments in the order of the chains, which
// follow the curve by the junctions that they begin at: chainSegs serves as
// items, and only the boxes are in the region file.
type tree struct {
	items []int32
	shift uint8 // an item is its entry in items without so many low bits
	boxes []box // level by level, the one just above the items first
}

func (t *tree) item(at int) int32 { return t.items[at] >> t.shift }

// levels gives the end of each level in boxes for n items.
func levels(n int) []int {
	var ends []int
	at := 0
	for n > 0 {
		n = (n + fanout - 1) / fanout
		at += n
		ends = append(ends, at)
		if n == 1 {
			break
		}
	}
	return ends
}

// newTree packs the items, whose boxes are asked for once each.
func newTree(items []int32, g grid, boxOf func(item int32) box) tree {
	type keyed struct {
		key  uint32
		item int32
		box  box
	}
	all := make([]keyed, len(items))
	for i, item := range items {
		b := boxOf(item)
		all[i] = keyed{g.key((int64(b.MinLon)+int64(b.MaxLon))/2, (int64(b.MinLat)+int64(b.MaxLat))/2), item, b}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.item, b.item))
	})
	t := tree{items: make([]int32, len(all))}
	leaves := make([]box, 0, (len(all)+fanout-1)/fanout)
	for i := range all {
		t.items[i] = all[i].item
		if i%fanout == 0 {
			leaves = append(leaves, all[i].box)
		} else {
			leaves[len(leaves)-1].join(all[i].box)
		}
	}
	t.stack(leaves)
	return t
}

// stack fills in the boxes, given those just above the items.
func (t *tree) stack(leaves []box) {
	ends := levels(len(t.items))
	if len(ends) == 0 {
		return
	}
	t.boxes = slices.Grow(leaves, ends[len(ends)-1]-len(leaves))
	first := 0
	for _, end := range ends[:len(ends)-1] {
		for i := first; i < end; i += fanout {
			t.boxes = append(t.boxes, around(t.boxes[i:min(i+fanout, end)]))
		}
		first = end
	}
}

// nobox is around nothing.
var nobox = box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

// join widens the box to hold another.
func (b *box) join(o box) {
	b.MinLon, b.MinLat = min(b.MinLon, o.MinLon), min(b.MinLat, o.MinLat)
	b.MaxLon, b.MaxLat = max(b.MaxLon, o.MaxLon), max(b.MaxLat, o.MaxLat)
}

// add widens the box to hold the segment between two nodes. One that crosses
// the 180th meridian gets a box around the whole parallel: too wide, never
// wrong.
func (b *box) add(p, q node) {
	o := box{min(p.Lon, q.Lon), min(p.Lat, q.Lat), max(p.Lon, q.Lon), max(p.Lat, q.Lat)}
	if int64(o.MaxLon)-int64(o.MinLon) > halfTurn {
		o.MinLon, o.MaxLon = -halfTurn, halfTurn
	}
	b.join(o)
}

// around is the box around boxes.
func around(boxes []box) box {
	b := boxes[0]
	for _, o := range boxes[1:] {
		b.join(o)
	}
	return b
}

// tight reports whether every box above the lowest level is exactly the one
// around what is in it. The number of boxes must be right already.
func (t *tree) tight() bool {
	first := 0
	for _, end := range levels(len(t.items)) {
		if end == len(t.boxes) {
			break
		}
		for i, at := first, end; i < end; i, at = i+fanout, at+1 {
			if t.boxes[at] != around(t.boxes[i:min(i+fanout, end)]) {
				return false
			}
		}
		first = end
	}
	return true
}

// search visits every item below the boxes that meet says yes to.
func (t *tree) search(meet func(box) bool, visit func(item int32) bool) {
	ends := levels(len(t.items))
	if len(ends) == 0 {
		return
	}
	var down func(level, at int) bool
	down = func(level, at int) bool {
		first := 0
		if level > 0 {
			first = ends[level-1]
		}
		if !meet(t.boxes[first+at]) {
			return true
		}
		if level == 0 {
			for i := at * fanout; i < min((at+1)*fanout, len(t.items)); i++ {
				if !visit(t.item(i)) {
					return false
				}
			}
			return true
		}
		below := 0
		if level > 1 {
			below = ends[level-2]
		}
		for child := at * fanout; child < min((at+1)*fanout, first-below); child++ {
			if !down(level-1, child) {
				return false
			}
		}
		return true
	}
	down(len(ends)-1, 0)
}

// nearest visits items by rising distance until visit says no. fromBox must
// never be more than fromItem of an item inside the box. Items at the same
// distance come in ascending order. The queue is reused between calls.
func (t *tree) nearest(q *[]near, fromBox func(box) float64, fromItem func(item int32) float64, visit func(item int32, distance float64) bool) {
	ends := levels(len(t.items))
	if len(ends) == 0 {
		return
	}
	queue := (*q)[:0]
	push := func(n near) {
		queue = append(queue, n)
		for i := len(queue) - 1; i > 0; {
			parent := (i - 1) / 2
			if !queue[i].less(queue[parent]) {
				break
			}
			queue[i], queue[parent] = queue[parent], queue[i]
			i = parent
		}
	}
	pop := func() near {
		top := queue[0]
		last := len(queue) - 1
		queue[0] = queue[last]
		queue = queue[:last]
		for i := 0; ; {
			child := 2*i + 1
			if child >= last {
				break
			}
			if child+1 < last && queue[child+1].less(queue[child]) {
				child++
			}
			if !queue[child].less(queue[i]) {
				break
			}
			queue[i], queue[child] = queue[child], queue[i]
			i = child
		}
		return top
	}
	push(near{0, int32(len(ends) - 1), 0})
	for len(queue) > 0 {
		n := pop()
		switch {
		case n.level < 0:
			if !visit(n.at, n.distance) {
				*q = queue
				return
			}
		case n.level == 0:
			for i := int(n.at) * fanout; i < min(int(n.at+1)*fanout, len(t.items)); i++ {
				item := t.item(i)
				push(near{fromItem(item), -1, item})
			}
		default:
			below := 0
			if n.level > 1 {
				below = ends[n.level-2]
			}
			for child := int(n.at) * fanout; child < min(int(n.at+1)*fanout, ends[n.level-1]-below); child++ {
				push(near{fromBox(t.boxes[below+child]), n.level - 1, int32(child)})
			}
		}
	}
	*q = queue
}

// near is an entry of the queue of nearest: a box of a level, or an item
// (level -1).
type near struct {
	distance float64
	level    int32
	at       int32
}

func (a near) less(b near) bool {
	if a.distance != b.distance {
		return a.distance < b.distance
	}
	if (a.level < 0) != (b.level < 0) {
		return a.level >= 0 // open boxes first: they may hold an equal item of a lower number
	}
	return a.at < b.at
}
