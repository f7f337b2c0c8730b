package cch

import "sync/atomic"

// reduce takes away nodes with at most two neighbours, over and over, and
// joins the two: dead ends, trees of them, and what runs between two junctions.
// They come first in the order; contracting them adds at most one arc each. A
// round takes no two neighbours, so a chain of n nodes is gone after log n
// rounds and hangs in the hierarchy log n deep.
//
// It returns the nodes in the order of their going, and what is left, as a
// graph over the nodes of kept. When it is stopped, they are of no use.
func (s *skeleton) reduce(stop *atomic.Bool) (gone, kept []int32, rest skeleton) {
	n := s.nodes()
	to := append([]int32(nil), s.to...)
	degree := make([]int32, n)
	var round, next []int32
	for v := range degree {
		if degree[v] = s.first[v+1] - s.first[v]; degree[v] <= 2 {
			round = append(round, int32(v))
		}
	}
	list := func(v int32) []int32 { return to[s.first[v] : s.first[v]+degree[v]] }
	// replace puts b in the place of v among the neighbours of a, or nothing.
	replace := func(a, v, b int32) {
		l := list(a)
		at := -1
		for i, w := range l {
			if w == v {
				at = i
			}
			if w == b {
				b = -1
			}
		}
		if b >= 0 {
			l[at] = b
			return
		}
		l[at] = l[len(l)-1]
		degree[a]--
	}
	isGone := make([]bool, n)
	touched := make([]int32, n) // round in which a neighbour went
	queued := make([]bool, n)
	for v := range touched {
		touched[v] = -1
	}
	for number := int32(0); len(round) > 0 && !stop.Load(); number++ {
		next = next[:0]
		again := func(v int32) {
			if !queued[v] {
				queued[v] = true
				next = append(next, v)
			}
		}
		for _, v := range round {
			queued[v] = false
		}
		for _, v := range round {
			if touched[v] == number {
				again(v)
				continue
			}
			isGone[v] = true
			gone = append(gone, v)
			switch l := list(v); len(l) {
			case 1:
				replace(l[0], v, -1)
			case 2:
				a, b := l[0], l[1]
				replace(a, v, b)
				replace(b, v, a)
			}
			for _, w := range list(v) {
				touched[w] = number
				if degree[w] <= 2 {
					again(w)
				}
			}
		}
		round, next = next, round
	}

	number := make([]int32, n)
	for v := range n {
		if !isGone[v] {
			number[v] = int32(len(kept))
			kept = append(kept, int32(v))
		}
	}
	rest.first = make([]int32, 1, len(kept)+1)
	for _, v := range kept {
		for _, w := range list(v) {
			rest.to = append(rest.to, number[w])
		}
		rest.first = append(rest.first, int32(len(rest.to)))
	}
	return gone, kept, rest
}
