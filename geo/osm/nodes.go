package osm

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// point is a needed node while it is being looked for.
type point struct {
	lon, lat int32
	version  int32
	closed   Modes
	found    bool
	known    bool // some version has been met, be it a deleted one
	hearsay  bool // a way says so, not the node itself
}

// rawNode is a needed node that a batch holds.
type rawNode struct {
	slot  int32 // in importer.needed
	point point
}

// readNodes is the last pass: positions and barriers of the nodes of ways.
func (i *importer) readNodes() error {
	i.needed = make([]int64, 0, len(i.refs)+1) // not nil, which would stand for all nodes
	for k := range i.ways {
		w := &i.ways[k].way
		i.needed = append(i.needed, i.refs[w.First:w.First+w.Count]...)
	}
	slices.Sort(i.needed)
	i.needed = slices.Clip(slices.Compact(i.needed))
	i.points = make([]point, len(i.needed))
	// Where no node is needed the pass is made all the same: it is the one that
	// looks at all of a node, and "damaged" says more than "no roads".
	rules := i.opts.Tags
	t := &task{
		kinds: kindNode, nodes: i.needed,
		visit: func(b *batch, o *object) {
			if o.kind == kindWay {
				b.addPlaces(i.needed, o)
				return
			}
			p := point{lon: o.lon, lat: o.lat, version: o.version, found: o.placed && !o.deleted, known: true}
			if !o.placed && !o.deleted {
				b.skipped.badValue("node", o.id, Tag{"position", "not on earth"})
			}
			if len(o.tags) > 0 {
				var bad []Tag
				p.closed, bad = rules.Barrier(o.tags)
				for _, tag := range bad {
					b.skipped.badValue("node", o.id, tag)
				}
			}
			b.nodes = append(b.nodes, rawNode{int32(o.slot), p})
		},
	}
	for k := range i.files {
		if i.files[k].index.placed {
			t.kinds, t.places, t.keys = kindNode|kindWay, true, nil
			t.ways = make([]int64, len(i.ways))
			for w := range i.ways {
				t.ways[w] = i.ways[w].way.ID
			}
		}
	}
	return i.pass("nodes", t, func(_ *file, b *batch) error {
		for _, n := range b.nodes {
			// A node itself counts more than what a way says of it.
			if n.point.hearsay && i.points[n.slot].known {
				continue
			}
			// Batches come in the order of the files, so of equal versions the
			// later one stays.
			if old := &i.points[n.slot]; !old.known || old.hearsay || n.point.version >= old.version {
				*old = n.point
			}
		}
		i.skipped.add(&b.skipped)
		return nil
	})
}

// addPlaces takes the positions of needed nodes from a way that carries them.
func (b *batch) addPlaces(needed []int64, o *object) {
	if o.deleted || len(o.places) != 2*len(o.refs) {
		return
	}
	for k, id := range o.refs {
		lon, lat := o.places[2*k], o.places[2*k+1]
		slot, found := slices.BinarySearch(needed, id)
		// 0, 0 is how a missing position is written.
		if !found || lon == 0 && lat == 0 {
			continue
		}
		b.nodes = append(b.nodes, rawNode{int32(slot), point{lon: lon, lat: lat, found: true, known: true, hearsay: true}})
	}
}

// piece is a run of a way's nodes that are all there.
type piece struct {
	raw         int // index into importer.ways
	first, last int // of importer.refs, last excluded
	whole       bool
}

// assemble makes the network of what was read.
func (i *importer) assemble() *Network {
	net := &Network{Skipped: i.skipped}
	slots, pieces := i.cut(net)
	pieces = i.clip(pieces, slots)

	i.refs = nil // slots have taken their place
	used := make([]bool, len(i.points))
	count, nodes := 0, 0
	for _, p := range pieces {
		for _, slot := range slots[p.first:p.last] {
			if !used[slot] {
				used[slot] = true
				nodes++
			}
		}
		count += p.last - p.first
	}
	number := make([]int32, len(i.points)) // node by slot
	net.Nodes = make([]Node, 0, nodes)
	for slot, p := range i.points {
		if used[slot] {
			number[slot] = int32(len(net.Nodes))
			net.Nodes = append(net.Nodes, Node{i.needed[slot], p.lon, p.lat, p.closed})
		}
	}
	net.Refs = make([]int32, 0, count)
	net.Ways = make([]Way, 0, len(pieces))
	texts := newTexts()
	for _, p := range pieces {
		raw := &i.ways[p.raw]
		w := raw.way
		w.First, w.Count = int32(len(net.Refs)), int32(p.last-p.first)
		for _, slot := range slots[p.first:p.last] {
			net.Refs = append(net.Refs, number[slot])
		}
		w.Millimetres = net.measure(&w)
		if !p.whole {
			w.Duration = 0 // it was stated for more than this piece
		}
		w.Name, w.Ref = texts.number(i.texts.all[w.Name]), texts.number(i.texts.all[w.Ref])
		w.Condition = texts.number(i.texts.all[w.Condition])
		net.Ways = append(net.Ways, w)
	}
	net.shareDurations(i.relations)
	for k := range i.relations {
		if r := &i.relations[k]; isRestriction(r.tags) {
			net.restrict(r, texts)
		}
	}
	net.Texts = texts.all
	return net
}

// measure adds up the segments of the way.
func (n *Network) measure(w *Way) (millimetres int64) {
	refs := n.Refs[w.First : w.First+w.Count]
	for k := 1; k < len(refs); k++ {
		millimetres += Millimetres(n.Nodes[refs[k-1]], n.Nodes[refs[k]])
	}
	return millimetres
}

// cut finds the slot of every reference and cuts ways where nodes are
// missing. Pieces of one node lead nowhere.
func (i *importer) cut(net *Network) (slots []int32, pieces []piece) {
	slots = make([]int32, len(i.refs))
	var near hint // a way's nodes are mostly drawn together
	for k := range i.ways {
		w := &i.ways[k].way
		before := len(pieces)
		start, first := int(w.First), int(w.First)
		end := first + int(w.Count)
		for at := first; at < end; at++ {
			slot, _ := near.find(i.needed, i.refs[at])
			slots[at] = int32(slot)
			if i.points[slot].found {
				continue
			}
			net.Skipped.missing(w.ID, i.refs[at])
			if at-start >= 2 {
				pieces = append(pieces, piece{k, start, at, false})
			}
			start = at + 1
		}
		if end-start >= 2 {
			pieces = append(pieces, piece{k, start, end, start == first})
		}
		if len(pieces) == before {
			net.Skipped.Ways++
		}
	}
	return slots, pieces
}

// clip leaves the pieces that touch Options.Bound.
func (i *importer) clip(pieces []piece, slots []int32) []piece {
	if i.opts.Bound == nil {
		return pieces
	}
	west, south := units(i.opts.Bound.Min, math.Floor)
	east, north := units(i.opts.Bound.Max, math.Ceil)
	touches := func(p piece) bool {
		for at := p.first + 1; at < p.last; at++ {
			a, b := &i.points[slots[at-1]], &i.points[slots[at]]
			if max(a.lon, b.lon) >= west && min(a.lon, b.lon) <= east &&
				max(a.lat, b.lat) >= south && min(a.lat, b.lat) <= north {
				return true
			}
		}
		return false
	}
	return slices.DeleteFunc(pieces, func(p piece) bool { return !touches(p) })
}

// units turns degrees into stored units.
func units(p orb.Point, round func(float64) float64) (lon, lat int32) {
	return int32(max(-180e7, min(180e7, round(p[0]*1e7)))), int32(max(-90e7, min(90e7, round(p[1]*1e7))))
}

// WaysOf is the range of indices of the ways with the id: empty, one, or
// several pieces of a way with missing nodes.
func (n *Network) WaysOf(id int64) (first, last int) {
	compare := func(w Way, id int64) int {
		if w.ID < id {
			return -1
		}
		return 1 // equal ones too: the search ends before the first of them
	}
	first, _ = slices.BinarySearchFunc(n.Ways, id, compare)
	for last = first; last < len(n.Ways) && n.Ways[last].ID == id; last++ {
	}
	return first, last
}

// NodesOf are the indices of the way's nodes, in its order. They share the
// network's memory.
func (n *Network) NodesOf(w *Way) []int32 { return n.Refs[w.First : w.First+w.Count] }
