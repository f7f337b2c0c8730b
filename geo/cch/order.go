package cch

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Sizes of cells: small ones are ordered by degree, and only large ones are
// worth a goroutine. They do not change what is computed.
const (
	leafSize     = 24
	parallelSize = 1500
)

// Order computes a contraction order by nested dissection: the nodes of a
// small separator come last, before them those of either side, each ordered in
// the same way. Separators are found by inertial flow (Schild and Sommer 2015)
// with capacities on the nodes. x and y are coordinates by node, of equal
// scale; neighbours on the map should be neighbours in the graph. The order is
// returned as the node of each rank. It does not depend on threads.
func Order(ctx context.Context, g *Graph, x, y []int32, threads int) ([]int32, error) {
	if err := g.validate(); err != nil {
		return nil, err
	}
	if len(x) != g.Nodes || len(y) != g.Nodes {
		return nil, fmt.Errorf("%w: %d and %d coordinates for %d nodes", ErrGraph, len(x), len(y), g.Nodes)
	}
	var stop atomic.Bool
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	s := g.skeleton(nil)
	order, kept, core := s.reduce(&stop)
	cell := cell{nodes: make([]int32, len(kept)), graph: core, x: make([]int32, len(kept)), y: make([]int32, len(kept))}
	for i, v := range kept {
		cell.nodes[i], cell.x[i], cell.y[i] = v, x[v], y[v]
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	d := dissector{stop: &stop, spare: make(chan struct{}, max(threads-1, 0))}
	d.scratch.New = func() any { return &flow{stop: &stop} }
	dissected := make([]int32, len(kept))
	d.cut(cell, dissected)
	d.wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return postorder(&s, append(order, dissected...)), nil
}

// cell is a part of the core graph with nodes numbered from 0.
type cell struct {
	nodes []int32 // as the caller of Order knows them
	graph skeleton
	x, y  []int32
}

type dissector struct {
	stop    *atomic.Bool
	spare   chan struct{} // a token for each goroutine beside the first
	wait    sync.WaitGroup
	scratch sync.Pool // of *flow
}

// cut orders a cell into out.
func (d *dissector) cut(c cell, out []int32) {
	if d.stop.Load() {
		return
	}
	if len(c.nodes) <= leafSize {
		c.byDegree(out)
		return
	}
	f := d.scratch.Get().(*flow)
	part, parts := c.components(f)
	if parts == 1 {
		parts = c.separate(f, part)
	}
	cells, separator := c.split(part, parts)
	d.scratch.Put(f)
	copy(out[len(out)-len(separator):], separator)
	for i := range cells {
		part := cells[i]
		slot := out[:len(part.nodes)]
		out = out[len(part.nodes):]
		if len(part.nodes) >= parallelSize && i+1 < len(cells) {
			select {
			case d.spare <- struct{}{}:
				d.wait.Go(func() {
					d.cut(part, slot)
					<-d.spare
				})
				continue
			default:
			}
		}
		d.cut(part, slot)
	}
}

// components numbers the connected components of a cell from 1.
func (c *cell) components(f *flow) (part []int32, parts int32) {
	part = make([]int32, len(c.nodes))
	stack := f.queue[:0]
	for root := range part {
		if part[root] != 0 {
			continue
		}
		parts++
		part[root] = parts
		stack = append(stack, int32(root))
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, w := range c.graph.at(v) {
				if part[w] == 0 {
					part[w] = parts
					stack = append(stack, w)
				}
			}
		}
	}
	f.queue = stack
	return part, parts
}

// split makes cells of the parts 1 to parts, and lists the nodes of part 0.
func (c *cell) split(part []int32, parts int32) (cells []cell, separator []int32) {
	cells = make([]cell, parts)
	nodes, edges := make([]int32, parts+1), make([]int32, parts+1)
	number := make([]int32, len(part))
	for v, p := range part {
		number[v] = nodes[p]
		nodes[p]++
		edges[p] += int32(len(c.graph.at(int32(v))))
	}
	for p := range cells {
		n := int(nodes[p+1])
		cells[p] = cell{
			nodes: make([]int32, n), x: make([]int32, n), y: make([]int32, n),
			graph: skeleton{make([]int32, 1, n+1), make([]int32, 0, edges[p+1])},
		}
	}
	for v, p := range part {
		if p == 0 {
			separator = append(separator, c.nodes[v])
			continue
		}
		to := &cells[p-1]
		i := number[v]
		to.nodes[i], to.x[i], to.y[i] = c.nodes[v], c.x[v], c.y[v]
		for _, w := range c.graph.at(int32(v)) {
			if part[w] == p {
				to.graph.to = append(to.graph.to, number[w])
			}
		}
		to.graph.first = append(to.graph.first, int32(len(to.graph.to)))
	}
	return cells, separator
}

// byDegree orders a small cell: always the node with the fewest neighbours
// left, which are then joined to one another.
func (c *cell) byDegree(out []int32) {
	var near [leafSize]uint64
	for v := range c.nodes {
		for _, w := range c.graph.at(int32(v)) {
			near[v] |= 1 << w
		}
	}
	left := uint64(1)<<len(c.nodes) - 1
	for i := range out {
		best, least := 0, leafSize+1
		for set := left; set != 0; set &= set - 1 {
			v := bits.TrailingZeros64(set)
			if degree := bits.OnesCount64(near[v]); degree < least {
				best, least = v, degree
			}
		}
		out[i] = c.nodes[best]
		left &^= 1 << best
		for set := near[best]; set != 0; set &= set - 1 {
			v := bits.TrailingZeros64(set)
			near[v] = (near[v] | near[best]) &^ (1<<best | 1<<v)
		}
	}
}

// postorder renames ranks so that every subtree of the elimination tree is a
// run of ranks that ends with its root. That changes no arc of the hierarchy
// (Liu, "The role of elimination trees in sparse factorization", 1990), but
// what is searched together lies together, and subtrees are easily handed to
// threads.
func postorder(s *skeleton, order []int32) []int32 {
	n := int32(len(order))
	rank := make([]int32, n)
	for r, v := range order {
		rank[v] = int32(r)
	}
	parent, above := make([]int32, n), make([]int32, n) // above: an ancestor, paths shortened
	for r := range n {
		parent[r], above[r] = -1, -1
	}
	for r, v := range order {
		for _, w := range s.at(v) {
			u := rank[w]
			if u >= int32(r) {
				continue
			}
			for above[u] >= 0 && above[u] != int32(r) {
				u, above[u] = above[u], int32(r)
			}
			if above[u] < 0 {
				above[u], parent[u] = int32(r), int32(r)
			}
		}
	}
	first, next := make([]int32, n+1), make([]int32, n) // children as lists: first child, next sibling
	for r := range first {
		first[r] = -1
	}
	for r := n - 1; r >= 0; r-- { // the lowest child ends up first
		p := parent[r]
		if p < 0 {
			p = n
		}
		next[r], first[p] = first[p], r
	}
	out := make([]int32, 0, n)
	var stack []int32
	for at := first[n]; ; {
		for at >= 0 { // down to a leaf
			stack = append(stack, at)
			at = first[at]
		}
		if len(stack) == 0 {
			break
		}
		r := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		out = append(out, order[r])
		at = next[r]
	}
	return slices.Clip(out)
}
