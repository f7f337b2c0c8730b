package cch

import (
	"errors"
	"fmt"
	"slices"
)

// Graph is a directed graph on plain slices: arc a leads from node Tail[a] to
// node Head[a]. Loops and parallel arcs are allowed.
type Graph struct {
	Nodes      int
	Tail, Head []int32
}

// ErrGraph marks a graph, an order or weights that do not fit one another.
var ErrGraph = errors.New("cch: bad graph")

func (g *Graph) validate() error {
	if len(g.Tail) != len(g.Head) {
		return fmt.Errorf("%w: %d tails for %d heads", ErrGraph, len(g.Tail), len(g.Head))
	}
	for a := range g.Tail {
		if uint(g.Tail[a]) >= uint(g.Nodes) || uint(g.Head[a]) >= uint(g.Nodes) {
			return fmt.Errorf("%w: arc %d leads out of range", ErrGraph, a)
		}
	}
	return nil
}

// skeleton is an undirected graph without loops and parallel edges: the
// neighbours of v are to[first[v]:first[v+1]], ascending.
type skeleton struct{ first, to []int32 }

func (s *skeleton) nodes() int         { return len(s.first) - 1 }
func (s *skeleton) at(v int32) []int32 { return s.to[s.first[v]:s.first[v+1]] }

// skeleton forgets directions. number, if not nil, renames the nodes.
func (g *Graph) skeleton(number []int32) skeleton {
	name := func(v int32) int32 {
		if number != nil {
			return number[v]
		}
		return v
	}
	first := make([]int32, g.Nodes+1)
	for a := range g.Tail {
		if g.Tail[a] != g.Head[a] {
			first[name(g.Tail[a])+1]++
			first[name(g.Head[a])+1]++
		}
	}
	for v := range g.Nodes {
		first[v+1] += first[v]
	}
	to := make([]int32, first[g.Nodes])
	next := slices.Clone(first)
	for a := range g.Tail {
		if t, h := name(g.Tail[a]), name(g.Head[a]); t != h {
			to[next[t]], to[next[h]] = h, t
			next[t]++
			next[h]++
		}
	}
	// Sorted and without doubles, packed to the front.
	at := int32(0)
	for v := range g.Nodes {
		list := to[first[v]:first[v+1]]
		slices.Sort(list)
		first[v] = at
		at += int32(copy(to[at:], slices.Compact(list)))
	}
	first[g.Nodes] = at
	return skeleton{first, to[:at]}
}
