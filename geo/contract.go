package geo

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/slinga-se/slinga/geo/cch"
)

// graph is the topology as package cch knows it.
func (t *topology) graph() *cch.Graph {
	return &cch.Graph{Nodes: t.nodes(), Tail: t.arcTail, Head: t.arcHead}
}

// contract computes the contraction hierarchy of a topology, which stands for
// all metrics over it.
func (r *Region) contract(ctx context.Context, t *topology) error {
	// Degrees of longitude shrink towards the poles; those of the middle of
	// the map will do to tell what lies near.
	middle := r.bound().Center()[1] * math.Pi / 180
	x, y := make([]int32, t.nodes()), make([]int32, t.nodes())
	for v, at := range t.nodeOf {
		x[v] = int32(float64(r.nodes[at].Lon) * math.Cos(middle))
		y[v] = r.nodes[at].Lat
	}
	order, err := cch.Order(ctx, t.graph(), x, y, 0)
	if err != nil {
		return err
	}
	h, err := cch.Contract(ctx, t.graph(), order)
	if errors.Is(err, cch.ErrDense) {
		return fmt.Errorf("%w: this is no map of roads: its %d junctions are joined from anywhere to anywhere; "+
			"take an extract of OpenStreetMap as it was downloaded (%w)", ErrNetwork, t.nodes(), err)
	}
	if err != nil {
		return err
	}
	t.rank, t.upFirst, t.upHead = h.Rank, h.First, h.Head
	return nil
}
