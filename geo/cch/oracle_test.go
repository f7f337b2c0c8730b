package cch

import (
	"container/heap"
	"math/rand/v2"
)

// The oracles know nothing of hierarchies: Dijkstra's algorithm with the
// library's heap, and Floyd and Warshall's three loops.

type entry struct {
	weight uint64
	node   int32
}

type entries []entry

func (e entries) Len() int           { return len(e) }
func (e entries) Less(i, j int) bool { return e[i].weight < e[j].weight }
func (e entries) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *entries) Push(x any)        { *e = append(*e, x.(entry)) }
func (e *entries) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

func dijkstra(g *Graph, weights []uint64, from []Gate) []uint64 {
	out := make([][]int32, g.Nodes)
	for a, t := range g.Tail {
		out[t] = append(out[t], int32(a))
	}
	dist := make([]uint64, g.Nodes)
	for v := range dist {
		dist[v] = Inf
	}
	var queue entries
	for _, s := range from {
		if s.Weight < dist[s.Node] {
			dist[s.Node] = s.Weight
			heap.Push(&queue, entry{s.Weight, s.Node})
		}
	}
	for len(queue) > 0 {
		e := heap.Pop(&queue).(entry)
		if e.weight != dist[e.node] {
			continue
		}
		for _, a := range out[e.node] {
			if d := e.weight + weights[a]; d < dist[g.Head[a]] {
				dist[g.Head[a]] = d
				heap.Push(&queue, entry{d, g.Head[a]})
			}
		}
	}
	return dist
}

func floydWarshall(g *Graph, weights []uint64) [][]uint64 {
	d := make([][]uint64, g.Nodes)
	for i := range d {
		d[i] = make([]uint64, g.Nodes)
		for j := range d[i] {
			d[i][j] = Inf
		}
		d[i][i] = 0
	}
	for a := range g.Tail {
		t, h := g.Tail[a], g.Head[a]
		d[t][h] = min(d[t][h], weights[a])
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return d
}

// randomGraph is a handful of points with arcs mostly between neighbours:
// parallel arcs, loops, one-ways, dead ends, chains and parts of their own
// among them, and weights of zero.
func randomGraph(r *rand.Rand, nodes int) (g *Graph, x, y []int32, weights []uint64) {
	g = &Graph{Nodes: nodes}
	x, y = make([]int32, nodes), make([]int32, nodes)
	spread := int32(1 + r.IntN(1000))
	for v := range nodes {
		x[v], y[v] = r.Int32N(spread), r.Int32N(spread)
	}
	if nodes == 0 {
		return g, x, y, nil
	}
	limit := []uint64{1, 2, 10, 1000, 1 << 40}[r.IntN(5)]
	add := func(t, h int) {
		g.Tail, g.Head = append(g.Tail, int32(t)), append(g.Head, int32(h))
		w := r.Uint64N(limit)
		if r.IntN(20) == 0 {
			w = Inf
		}
		weights = append(weights, w)
	}
	near := func(v int) int { // one of a few that lie near
		best, least := v, int64(1)<<62
		for range 4 {
			w := r.IntN(nodes)
			dx, dy := int64(x[v]-x[w]), int64(y[v]-y[w])
			if d := dx*dx + dy*dy; d < least && (w != v || r.IntN(10) == 0) {
				best, least = w, d
			}
		}
		return best
	}
	for range r.IntN(3*nodes + 1) {
		v := r.IntN(nodes)
		w := near(v)
		add(v, w)
		if r.IntN(4) != 0 {
			add(w, v)
		}
	}
	for range r.IntN(4) { // chains and rings
		v := r.IntN(nodes)
		for range r.IntN(nodes) {
			w := (v + 1) % nodes
			add(v, w)
			if r.IntN(3) != 0 {
				add(w, v)
			}
			v = w
		}
	}
	return g, x, y, weights
}
