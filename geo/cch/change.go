package cch

import (
	"fmt"
	"math/bits"
	"slices"
)

// change is the scratch memory of Change.
type change struct {
	suspect []uint64 // arcs whose basic weight may be another
	nodes   []uint64 // ranks that have such arcs
	stale   []uint64 // ranks whose distances may be others
	arcs    []int32  // changed ones of the rank in hand
	old     []pair   // parallel to arcs
	was     []pair   // distances of the rank in hand before
}

// Change gives some arcs of the graph new weights and repairs the metric: as
// if it had been customised anew, but looking only where something changes.
// No query may run meanwhile.
func (m *Metric) Change(arcs []int32, weights []uint64) error {
	if len(arcs) != len(weights) {
		return fmt.Errorf("%w: %d weights for %d arcs", ErrGraph, len(weights), len(arcs))
	}
	for i, a := range arcs {
		if uint(a) >= uint(len(m.weights)) {
			return fmt.Errorf("%w: there is no arc %d", ErrGraph, a)
		}
		if w := weights[i]; w > Inf || w != Inf && w&m.guard != 0 {
			return fmt.Errorf("%w: the weight of arc %d is out of range", ErrGraph, a)
		}
	}
	h := m.h
	c := m.change
	if c == nil {
		words := (h.nodes() + 63) / 64
		c = &change{
			suspect: make([]uint64, (len(h.Head)+63)/64),
			nodes:   make([]uint64, words), stale: make([]uint64, words),
		}
		m.change = c
	}
	for i, a := range arcs {
		if m.weights[a] == weights[i] {
			continue
		}
		m.weights[a] = weights[i]
		if slot := h.slotOf[a]; slot >= 0 {
			c.suspectArc(h, slot>>1)
		}
	}
	w := m.worker()
	c.upward(m, w)
	c.downward(m, w)
	m.done(w)
	return nil
}

func (c *change) suspectArc(h *Hierarchy, a int32) {
	c.suspect[a>>6] |= 1 << (a & 63)
	v := h.tail[a]
	c.nodes[v>>6] |= 1 << (v & 63)
}

// upward recomputes suspect arcs in the order of their ranks, and suspects
// those that leaned on one that changed, or may do so now.
func (c *change) upward(m *Metric, w *worker) {
	h := m.h
	for word := range c.nodes {
		for c.nodes[word] != 0 {
			v := int32(word<<6 | bits.TrailingZeros64(c.nodes[word]))
			c.nodes[word] &= c.nodes[word] - 1
			c.arcs, c.old = c.arcs[:0], c.old[:0]
			for a := h.First[v]; a < h.First[v+1]; a++ {
				if c.suspect[a>>6]>>(a&63)&1 == 0 {
					continue
				}
				c.suspect[a>>6] &^= 1 << (a & 63)
				if now := w.recompute(m, a); now != m.basic[a] {
					c.arcs, c.old = append(c.arcs, a), append(c.old, m.basic[a])
					m.basic[a] = now
				}
			}
			if len(c.arcs) == 0 {
				continue
			}
			c.stale[v>>6] |= 1 << (v & 63)
			for i, a := range c.arcs {
				for b, k := h.First[v], 0; b < h.First[v+1]; b++ {
					before := m.basic[b]
					if k < len(c.arcs) && c.arcs[k] == b {
						before = c.old[k]
						k++
					}
					if a == b {
						continue
					}
					// a and b as they lie: between is the arc over both.
					low, high, oldLow, oldHigh := a, b, c.old[i], before
					if a > b {
						low, high, oldLow, oldHigh = b, a, before, c.old[i]
					}
					between := h.arc(h.Head[low], h.Head[high])
					e := m.basic[between]
					newLow, newHigh := m.basic[low], m.basic[high]
					if leans(oldLow.down+oldHigh.up, newLow.down+newHigh.up, e.up) ||
						leans(oldHigh.down+oldLow.up, newHigh.down+newLow.up, e.down) {
						c.suspectArc(h, between)
					}
				}
			}
		}
	}
}

// leans tells whether a weight must be computed anew when one of the sums of
// which it is the least changes.
func leans(before, now, weight uint64) bool {
	return now < weight || before == weight && now != before
}

// recompute is the basic weight of an arc by the graph's arcs and the
// triangles below it.
func (w *worker) recompute(m *Metric, a int32) pair {
	h := m.h
	u, top := h.tail[a], h.Head[a]
	best := pair{Inf, Inf}
	for i := h.inFirst[u]; i < h.inFirst[u+1]; i++ {
		switch slot := h.inSlot[i]; slot {
		case a << 1:
			best.up = min(best.up, m.weights[h.inArcs[i]])
		case a<<1 | 1:
			best.down = min(best.down, m.weights[h.inArcs[i]])
		}
	}
	h.below(u, top, func(e, b int32) {
		best.up = min(best.up, m.basic[e].down+m.basic[b].up)
		best.down = min(best.down, m.basic[b].down+m.basic[e].up)
	})
	w.seen |= best.up&^Inf | best.down&^Inf
	return best
}

// below visits the triangles under two ranks: the arcs from a lower rank to
// each of them.
func (h *Hierarchy) below(u, w int32, visit func(toU, toW int32)) {
	us := h.downArcs[h.downFirst[u]:h.downFirst[u+1]]
	ws := h.downArcs[h.downFirst[w]:h.downFirst[w+1]]
	if len(us) <= len(ws) {
		for _, e := range us {
			if b := h.arc(h.tail[e], w); b >= 0 {
				visit(e, b)
			}
		}
		return
	}
	for _, b := range ws {
		if h.tail[b] >= u {
			break
		}
		if e := h.arc(h.tail[b], u); e >= 0 {
			visit(e, b)
		}
	}
}

// downward recomputes the distances of stale ranks from the top.
func (c *change) downward(m *Metric, w *worker) {
	h := m.h
	for word := len(c.stale) - 1; word >= 0; word-- {
		for c.stale[word] != 0 {
			bit := 63 - bits.LeadingZeros64(c.stale[word])
			c.stale[word] &^= 1 << bit
			v := int32(word<<6 | bit)
			first, end := h.First[v], h.First[v+1]
			c.was = append(c.was[:0], m.perfect[first:end]...)
			w.improve(m, v)
			for a := first; a < end; a++ {
				old, now := c.was[a-first], m.perfect[a]
				if old == now {
					continue
				}
				h.below(v, h.Head[a], func(e, b int32) {
					x := h.tail[e]
					if c.stale[x>>6]>>(x&63)&1 != 0 {
						return
					}
					toV, toW, pv, pw := m.basic[e], m.basic[b], m.perfect[e], m.perfect[b]
					if leans(toV.up+old.up, toV.up+now.up, pw.up) ||
						leans(toW.up+old.down, toW.up+now.down, pv.up) ||
						leans(old.down+toV.down, now.down+toV.down, pw.down) ||
						leans(old.up+toW.down, now.up+toW.down, pv.down) {
						c.stale[x>>6] |= 1 << (x & 63)
					}
				})
			}
		}
	}
}

// Clone is the metric over again, with weights of its own, which must be equal
// to those of the first and are kept.
func (m *Metric) Clone(weights []uint64) *Metric {
	c := &Metric{
		h: m.h, guard: m.guard, weights: weights,
		basic: slices.Clone(m.basic), perfect: slices.Clone(m.perfect), kept: slices.Clone(m.kept),
	}
	c.seen.Store(m.seen.Load())
	return c
}
