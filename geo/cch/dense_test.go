package cch

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// cityBlocks is a square grid of two-way streets, the densest of road maps.
func cityBlocks(side int) (g *Graph, x, y []int32) {
	g = &Graph{Nodes: side * side}
	x, y = make([]int32, g.Nodes), make([]int32, g.Nodes)
	join := func(v, w int) {
		g.Tail, g.Head = append(g.Tail, int32(v), int32(w)), append(g.Head, int32(w), int32(v))
	}
	for row := range side {
		for column := range side {
			v := row*side + column
			x[v], y[v] = int32(100*column), int32(100*row)
			if column+1 < side {
				join(v, v+1)
			}
			if row+1 < side {
				join(v, v+side)
			}
		}
	}
	return g, x, y
}

// tangle joins every node with four others, wherever they are.
func tangle(nodes int) (g *Graph, x, y []int32) {
	r := rand.New(rand.NewPCG(3, 14))
	g = &Graph{Nodes: nodes}
	for range nodes {
		x, y = append(x, r.Int32N(1e6)), append(y, r.Int32N(1e6))
	}
	for range 2 {
		ring := r.Perm(nodes)
		for i, v := range ring {
			w := ring[(i+1)%nodes]
			g.Tail, g.Head = append(g.Tail, int32(v), int32(w)), append(g.Head, int32(w), int32(v))
		}
	}
	return g, x, y
}

// City blocks stay far below what a hierarchy may have.
func TestCityBlocksAreRoads(t *testing.T) {
	g, x, y := cityBlocks(300)
	order, err := Order(t.Context(), g, x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Contract(t.Context(), g, order)
	if err != nil {
		t.Fatal(err)
	}
	if h.Arcs() > mostArcs(g.Nodes)/2 {
		t.Errorf("%d arcs for %d nodes", h.Arcs(), g.Nodes)
	}
}

// A graph that is joined across itself is refused before it takes much memory,
// also when it comes from a file.
func TestATangleIsNoRoadGraph(t *testing.T) {
	g, x, y := tangle(10_000)
	order, err := Order(t.Context(), g, x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Contract(t.Context(), g, order); !errors.Is(err, ErrDense) {
		t.Errorf("contracted: %v", err)
	}
	// A hierarchy in which every node is joined with every other.
	n := 1700
	all := &Graph{Nodes: n}
	var rank, head []int32
	first := []int32{0}
	for v := range int32(n) {
		rank = append(rank, v)
		for w := v + 1; w < int32(n); w++ {
			head = append(head, w)
		}
		first = append(first, int32(len(head)))
	}
	if _, err := Restore(all, rank, first, head, nil); !errors.Is(err, ErrGraph) {
		t.Errorf("restored: %v", err)
	}
	if _, err := Restore(&Graph{Nodes: 1}, rank[:1], []int32{0, 0}, nil, nil); err != nil {
		t.Error(err)
	}
}

// Whenever ordering and contracting are stopped, they end soon.
func TestOrderAndContractStop(t *testing.T) {
	g, x, y := cityBlocks(150)
	began := time.Now()
	order, err := Order(t.Context(), g, x, y, 2)
	if err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began)
	for part := range time.Duration(8) { // tenths of it
		ctx, cancel := context.WithTimeout(t.Context(), whole*part/10)
		got, err := Order(ctx, g, x, y, 2)
		cancel()
		if err == nil && !slices.Equal(got, order) || err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopped after %v of %v: %v", whole*part/10, whole, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Contract(ctx, g, order); !errors.Is(err, context.Canceled) {
		t.Errorf("contracting goes on: %v", err)
	}
}
