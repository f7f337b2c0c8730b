package cch

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// build makes a metric of a graph by all steps.
func build(t testing.TB, g *Graph, x, y []int32, weights []uint64, guard uint64) *Metric {
	t.Helper()
	order, err := Order(t.Context(), g, x, y, 2)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Contract(t.Context(), g, order)
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Customise(t.Context(), slices.Clone(weights), guard, 2)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// all is every node as a place of its own.
func all(n int) Places {
	p := Places{First: make([]int32, 1, n+1)}
	for v := range int32(n) {
		p.Gates = append(p.Gates, Gate{v, 0})
		p.First = append(p.First, v+1)
	}
	return p
}

// matrix gathers the blocks of a table.
func matrix(t testing.TB, m *Metric, from, to Places, threads int) [][]uint64 {
	t.Helper()
	d := make([][]uint64, from.Len())
	ok, err := m.Table(t.Context(), from, to, threads, func(b Block) {
		for l, s := range b.Sources {
			row := make([]uint64, to.Len())
			for j := range row {
				row[j] = min(b.Weights[j*Lanes+l], Inf)
			}
			d[s] = row
		}
	})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return d
}

// Distances, tables, paths and changed weights of thousands of small graphs
// are those of the oracles.
func TestRandomGraphs(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 7))
		g, x, y, weights := randomGraph(r, r.IntN(60))
		m := build(t, g, x, y, weights, 0)
		for step := range 3 {
			want := floydWarshall(g, weights)
			got := matrix(t, m, all(g.Nodes), all(g.Nodes), 1+round%2)
			for i := range want {
				if !slices.Equal(got[i], want[i]) {
					t.Fatalf("round %d, step %d: from %d: %v, want %v", round, step, i, got[i], want[i])
				}
			}
			checkPaths(t, r, m, g, weights, want)
			if len(weights) == 0 {
				break
			}
			// Some arcs get other weights, and the metric must be as if made anew.
			var arcs []int32
			var now []uint64
			for range 1 + r.IntN(4) {
				a := int32(r.IntN(len(weights)))
				arcs = append(arcs, a)
				now = append(now, []uint64{Inf, 0, r.Uint64N(20), weights[a] / 2}[r.IntN(4)])
				weights[a] = now[len(now)-1]
			}
			if err := m.Change(arcs, now); err != nil {
				t.Fatal(err)
			}
			anew, err := m.h.Customise(t.Context(), slices.Clone(weights), 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(anew.basic, m.basic) || !slices.Equal(anew.perfect, m.perfect) || !slices.Equal(anew.kept, m.kept) {
				t.Fatalf("round %d, step %d: changed weights are not those made anew", round, step)
			}
		}
	}
}

// checkPaths compares some paths with the distances and walks along them.
func checkPaths(t *testing.T, r *rand.Rand, m *Metric, g *Graph, weights []uint64, want [][]uint64) {
	t.Helper()
	for range min(g.Nodes, 20) {
		u, v := int32(r.IntN(g.Nodes)), int32(r.IntN(g.Nodes))
		extra := uint64(r.IntN(3))
		p, ok := m.Path([]Gate{{u, extra}}, []Gate{{v, 1}})
		if !ok || (p.Weight < Inf) != (want[u][v] < Inf) {
			t.Fatalf("a path from %d to %d: %v", u, v, ok)
		}
		if p.Weight >= Inf {
			continue
		}
		at, sum := u, extra+1
		for _, a := range p.Arcs {
			if g.Tail[a] != at {
				t.Fatalf("a path from %d to %d is broken", u, v)
			}
			at, sum = g.Head[a], sum+weights[a]
		}
		if at != v || sum != p.Weight || sum != want[u][v]+extra+1 {
			t.Fatalf("a path from %d to %d ends at %d and weighs %d, want %d", u, v, at, sum, want[u][v]+extra+1)
		}
	}
}

// Places with several gates, on larger graphs, against Dijkstra's algorithm.
func TestGates(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 6
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 8))
		g, x, y, weights := randomGraph(r, 200+r.IntN(1000))
		m := build(t, g, x, y, weights, 0)
		places := func(n int) Places {
			p := Places{First: []int32{0}}
			for range n {
				for range r.IntN(4) {
					p.Gates = append(p.Gates, Gate{int32(r.IntN(g.Nodes)), r.Uint64N(100)})
				}
				p.First = append(p.First, int32(len(p.Gates)))
			}
			return p
		}
		most := []int{60, 12}[round%2] // a sweep, and buckets
		from, to := places(r.IntN(most)), places(r.IntN(most))
		got := matrix(t, m, from, to, 2)
		for i := range from.Len() {
			dist := dijkstra(g, weights, from.Gates[from.First[i]:from.First[i+1]])
			for j := range to.Len() {
				want := uint64(Inf)
				for _, gate := range to.Gates[to.First[j]:to.First[j+1]] {
					want = min(want, dist[gate.Node]+gate.Weight)
				}
				if got[i][j] != want {
					t.Fatalf("round %d: from %d to %d: %d, want %d", round, i, j, got[i][j], want)
				}
			}
		}
	}
}

// The order does not depend on threads, and a stored hierarchy is the same.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	g, x, y, _ := randomGraph(r, 5000)
	one, err := Order(t.Context(), g, x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		four, err := Order(t.Context(), g, x, y, 4)
		if err != nil || !slices.Equal(one, four) {
			t.Fatal("the order depends on threads", err)
		}
	}
	sorted := slices.Sorted(slices.Values(one))
	for i, v := range sorted {
		if int(v) != i {
			t.Fatal("the order is not a permutation")
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Order(ctx, g, x, y, 2); err == nil {
		t.Error("a cancelled order has no error")
	}
	g, x, y, _ = randomGraph(r, 1000)
	if one, err = Order(t.Context(), g, x, y, 1); err != nil {
		t.Fatal(err)
	}
	h, err := Contract(t.Context(), g, one)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Restore(g, h.Rank, h.First, h.Head, nil)
	if err != nil || !slices.Equal(again.inSlot, h.inSlot) {
		t.Fatal("not restored", err)
	}
}
