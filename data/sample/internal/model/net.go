package model

import (
	"math"
	"sort"
)

// net is a road network under construction. It is kept planar: two roads
// that cross share a node. Nodes and edges are only ever appended; an edge
// that is taken away keeps its number and is marked dead.
type net struct {
	nodes []xy
	out   [][]int32 // edges at each node, dead ones included
	edges []edge
	attrs []Attrs
	cells map[cell][]int32
	walls []wall // waters
}

// edge is a straight piece of road. Pieces of one road drawn in one go are
// chained, so that they become one way again.
type edge struct {
	a, b int32
	attr int32
	next int32 // the following piece of the same road, or -1
	dead bool
}

// wall is one piece of a shore or river.
type wall struct {
	a, b  xy
	water int32 // index into Input.Waters
}

type cell struct{ x, y int32 }

const cellSize = 400.0 // metres

// meeting is how close two nodes come before they become one, in metres.
const meeting = 9.0

func newNet() *net { return &net{cells: map[cell][]int32{}} }

func cellOf(p xy) cell {
	return cell{int32(math.Floor(p.x / cellSize)), int32(math.Floor(p.y / cellSize))}
}

// over calls f for every cell that the box around a and b touches, widened
// by margin.
func over(a, b xy, margin float64, f func(cell)) {
	lo := cellOf(xy{math.Min(a.x, b.x) - margin, math.Min(a.y, b.y) - margin})
	hi := cellOf(xy{math.Max(a.x, b.x) + margin, math.Max(a.y, b.y) + margin})
	for x := lo.x; x <= hi.x; x++ {
		for y := lo.y; y <= hi.y; y++ {
			f(cell{x, y})
		}
	}
}

// near lists the living edges whose box comes within margin of the box of
// a and b, ascending and each once.
func (n *net) near(a, b xy, margin float64) []int32 {
	var found []int32
	over(a, b, margin, func(c cell) { found = append(found, n.cells[c]...) })
	sort.Slice(found, func(i, j int) bool { return found[i] < found[j] })
	kept := found[:0]
	for i, e := range found {
		if (i == 0 || e != found[i-1]) && !n.edges[e].dead {
			kept = append(kept, e)
		}
	}
	return kept
}

func (n *net) node(p xy) int32 {
	n.nodes = append(n.nodes, p)
	n.out = append(n.out, nil)
	return int32(len(n.nodes) - 1)
}

// attr interns the attributes of a road.
func (n *net) attr(a Attrs) int32 {
	for i := range n.attrs {
		if n.attrs[i] == a {
			return int32(i)
		}
	}
	n.attrs = append(n.attrs, a)
	return int32(len(n.attrs) - 1)
}

func (n *net) edge(a, b, attr int32) int32 {
	id := int32(len(n.edges))
	n.edges = append(n.edges, edge{a: a, b: b, attr: attr, next: -1})
	n.out[a] = append(n.out[a], id)
	n.out[b] = append(n.out[b], id)
	over(n.nodes[a], n.nodes[b], 0, func(c cell) { n.cells[c] = append(n.cells[c], id) })
	return id
}

// joined tells whether a living edge runs between two nodes.
func (n *net) joined(a, b int32) bool {
	for _, e := range n.out[a] {
		if x := &n.edges[e]; !x.dead && (x.a == b || x.b == b) {
			return true
		}
	}
	return false
}

// split puts a node on an edge, or returns an end of it that is close.
func (n *net) split(e int32, t float64) int32 {
	a, b := n.edges[e].a, n.edges[e].b
	p := between(n.nodes[a], n.nodes[b], t)
	if p.to(n.nodes[a]) < meeting {
		return a
	}
	if p.to(n.nodes[b]) < meeting {
		return b
	}
	m := n.node(p)
	n.lead(e, m)
	return m
}

// lead makes an edge pass through a node that it does not touch yet. The
// first half keeps the number of the edge, so that chains that lead to it
// stay whole.
func (n *net) lead(e, m int32) {
	b := n.edges[e].b
	out := n.out[b][:0]
	for _, x := range n.out[b] {
		if x != e {
			out = append(out, x)
		}
	}
	n.out[b] = out
	n.edges[e].b = m
	n.out[m] = append(n.out[m], e)
	over(n.nodes[n.edges[e].a], n.nodes[m], 0, func(c cell) { n.cells[c] = append(n.cells[c], e) })
	half := n.edge(m, b, n.edges[e].attr)
	n.edges[half].next = n.edges[e].next
	n.edges[e].next = half
}

// at returns the node at a position: one that is close, one put on an edge
// that is close, or a new one.
func (n *net) at(p xy) int32 {
	best, bestDistance := int32(-1), meeting
	fraction := 0.0
	for _, e := range n.near(p, p, meeting) {
		x := n.edges[e]
		t, d := nearest(p, n.nodes[x.a], n.nodes[x.b])
		if d < bestDistance {
			best, bestDistance, fraction = e, d, t
		}
	}
	if best < 0 {
		return n.node(p)
	}
	return n.split(best, fraction)
}

// draw adds a road along the points, meeting every road that it crosses in a
// shared node. It returns the nodes that the road passes.
func (n *net) draw(points []xy, attr int32) []int32 {
	passed := []int32{n.at(points[0])}
	last := int32(-1)
	for _, p := range points[1:] {
		from := passed[len(passed)-1]
		to := n.at(p)
		for _, stop := range append(n.crossings(from, to), to) {
			if stop == from {
				continue
			}
			if n.joined(from, stop) {
				last = -1
			} else {
				e := n.edge(from, stop, attr)
				if last >= 0 {
					n.edges[last].next = e
				}
				last = e
			}
			passed = append(passed, stop)
			from = stop
		}
	}
	return passed
}

// crossings returns the nodes at which the straight line between two nodes
// crosses roads, in order.
func (n *net) crossings(from, to int32) []int32 {
	type hit struct {
		t    float64
		node int32
	}
	var hits []hit
	a, b := n.nodes[from], n.nodes[to]
	for _, e := range n.near(a, b, 1) {
		x := n.edges[e]
		if x.a == from || x.b == from || x.a == to || x.b == to {
			continue
		}
		t, u, ok := meet(a, b, n.nodes[x.a], n.nodes[x.b])
		if ok {
			hits = append(hits, hit{t, n.split(e, u)})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].t < hits[j].t })
	var nodes []int32
	for _, h := range hits {
		if h.node != from && h.node != to && (len(nodes) == 0 || nodes[len(nodes)-1] != h.node) {
			nodes = append(nodes, h.node)
		}
	}
	return nodes
}

// repair makes crossings that rounding or snapping left without a node into
// junctions, until there is none. It returns how many it met.
func (n *net) repair() int {
	total := 0
	for again := true; again; {
		again = false
		for e := 0; e < len(n.edges); e++ {
			if n.edges[e].dead {
				continue
			}
			x := n.edges[e]
			for _, f := range n.near(n.nodes[x.a], n.nodes[x.b], 1) {
				y := n.edges[f]
				if int(f) <= e || y.a == x.a || y.a == x.b || y.b == x.a || y.b == x.b {
					continue
				}
				t, u, ok := meet(n.nodes[x.a], n.nodes[x.b], n.nodes[y.a], n.nodes[y.b])
				if !ok {
					continue
				}
				total++
				n.join(int32(e), f, t, u)
				again = true
				break
			}
		}
	}
	return total
}

// join gives two crossing edges a node in common: a near end of one of them
// if there is one, else a new node at the crossing.
func (n *net) join(e, f int32, t, u float64) {
	m := n.end(e, t)
	if m >= 0 {
		n.lead(f, m)
		return
	}
	if m = n.end(f, u); m >= 0 {
		n.lead(e, m)
		return
	}
	m = n.split(e, t)
	n.lead(f, m)
}

// end returns the end of an edge that is close to a fraction of it, or -1.
func (n *net) end(e int32, t float64) int32 {
	x := n.edges[e]
	p := between(n.nodes[x.a], n.nodes[x.b], t)
	if p.to(n.nodes[x.a]) < meeting {
		return x.a
	}
	if p.to(n.nodes[x.b]) < meeting {
		return x.b
	}
	return -1
}

// wet counts how often the line from a to b crosses a water, and names one.
func (n *net) wet(a, b xy) (count int, water int32) {
	water = -1
	for _, w := range n.walls {
		if _, _, ok := meet(a, b, w.a, w.b); ok {
			count++
			water = w.water
		}
	}
	return count, water
}

// shore returns the distance from a segment to the nearest water, at most far.
func (n *net) shore(a, b xy, far float64) float64 {
	for _, w := range n.walls {
		if math.Max(a.x, b.x)+far < math.Min(w.a.x, w.b.x) || math.Min(a.x, b.x)-far > math.Max(w.a.x, w.b.x) ||
			math.Max(a.y, b.y)+far < math.Min(w.a.y, w.b.y) || math.Min(a.y, b.y)-far > math.Max(w.a.y, w.b.y) {
			continue
		}
		far = math.Min(far, apart(a, b, w.a, w.b))
	}
	return far
}

// components numbers the connected pieces of the network and returns the
// number of each node (-1 for nodes without an edge) and the edges in each.
func (n *net) components() (piece []int32, edges []int) {
	piece = make([]int32, len(n.nodes))
	for i := range piece {
		piece[i] = -1
	}
	var stack []int32
	for start := range n.nodes {
		if piece[start] >= 0 || n.degree(int32(start)) == 0 {
			continue
		}
		id := int32(len(edges))
		edges = append(edges, 0)
		piece[start] = id
		stack = append(stack[:0], int32(start))
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, e := range n.out[v] {
				x := n.edges[e]
				if x.dead {
					continue
				}
				edges[id]++
				w := x.a + x.b - v
				if piece[w] < 0 {
					piece[w] = id
					stack = append(stack, w)
				}
			}
		}
	}
	for i := range edges {
		edges[i] /= 2
	}
	return piece, edges
}

func (n *net) degree(v int32) int {
	d := 0
	for _, e := range n.out[v] {
		if !n.edges[e].dead {
			d++
		}
	}
	return d
}

// prune takes away what hangs together neither with the largest piece nor
// with a road whose attributes say that it is meant as an island.
func (n *net) prune() {
	piece, edges := n.components()
	largest := 0
	for i, c := range edges {
		if c > edges[largest] {
			largest = i
		}
	}
	keep := make([]bool, len(edges))
	keep[largest] = true
	for _, e := range n.edges {
		if !e.dead && n.attrs[e.attr].Homes == "island" {
			keep[piece[e.a]] = true
		}
	}
	for i := range n.edges {
		if e := &n.edges[i]; !e.dead && !keep[piece[e.a]] {
			e.dead = true
		}
	}
}
