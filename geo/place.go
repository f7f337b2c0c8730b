package geo

import (
	"errors"
	"fmt"
)

// place is a Snap as the graph sees it: at a junction, or on a chain. On a
// chain it is at a node between two segments, or inside a segment.
type place struct {
	junction int32 // OSM node, or -1
	chain    int32 // or -1
	pos      int32 // index in chainSegs
	at       int64 // millimetres into that segment, in the direction of the chain
	inside   bool  // 0 < at < length; else at is 0 and the place is before pos
}

// nowhere is the place of a snap without a road.
var nowhere = place{junction: -1, chain: -1}

// ErrSnap marks a Snap that does not belong to the metric's region.
var ErrSnap = errors.New("geo: not a snap of this region and mode")

// place finds where a snap lies. A snap at either end of its segment is at
// that node, whichever of its segments it was found on.
func (m *Metric) place(s Snap) (place, error) {
	if s.Kind == SnapFar {
		return nowhere, nil
	}
	t := m.t
	if s.Segment < 0 || int(s.Segment) >= len(t.segPos) || t.segPos[s.Segment] < 0 {
		return nowhere, fmt.Errorf("%w: segment %d", ErrSnap, s.Segment)
	}
	length := int64(m.region.segMM[s.Segment])
	if s.At < 0 || s.At > length {
		return nowhere, fmt.Errorf("%w: %d mm along a segment of %d mm", ErrSnap, s.At, length)
	}
	pos := t.segPos[s.Segment]
	p := place{junction: -1, chain: t.chainAt(pos), pos: pos, at: s.At}
	if t.chainSegs[pos]&1 != 0 {
		p.at = length - s.At
	}
	if 0 < s.At && s.At < length {
		p.inside = true
		return p, nil
	}
	osmNode := m.region.refs[s.Segment]
	if s.At > 0 {
		osmNode = m.region.refs[s.Segment+1]
	}
	if first, end := t.copies(osmNode); first < end {
		return place{junction: osmNode, chain: -1}, nil
	}
	// A node inside the chain is before the segment that follows it.
	if osmNode != m.region.tail(t.chainSegs[pos]) {
		p.pos++
	}
	p.at = 0
	if p.pos == t.chainFirst[p.chain+1] {
		return nowhere, fmt.Errorf("%w: a chain ends where there is no junction", ErrSnap)
	}
	return p, nil
}

// stretch walks along directed chain d from one place on it to another and
// visits every piece of a segment: the directed segment, and from where to
// where in millimetres in its direction. Without a place it begins or ends at
// the chain's end. It stops when visit says no and then reports false.
func (m *Metric) stretch(d int32, from, to *place, visit func(directed int32, a, b int64) bool) bool {
	t := m.t
	first, end := t.chainFirst[d>>1], t.chainFirst[d>>1+1]
	if d&1 == 0 {
		pos, last := first, end-1
		if from != nil {
			pos = from.pos
		}
		if to != nil {
			if last = to.pos; !to.inside {
				last--
			}
		}
		for ; pos <= last; pos++ {
			a, b := int64(0), int64(m.region.segMM[t.chainSegs[pos]>>1])
			if from != nil && pos == from.pos {
				a = from.at
			}
			if to != nil && pos == to.pos {
				b = to.at
			}
			if !visit(t.chainSegs[pos], a, b) {
				return false
			}
		}
		return true
	}
	pos, last := end-1, first
	if from != nil {
		if pos = from.pos; !from.inside {
			pos--
		}
	}
	if to != nil {
		last = to.pos
	}
	for ; pos >= last; pos-- {
		length := int64(m.region.segMM[t.chainSegs[pos]>>1])
		a, b := int64(0), length
		if from != nil && pos == from.pos {
			a = length - from.at
		}
		if to != nil && pos == to.pos {
			b = length - to.at
		}
		if !visit(t.chainSegs[pos]^1, a, b) {
			return false
		}
	}
	return true
}

// stretchWeight is the weight of a stretch, or never.
func (m *Metric) stretchWeight(c *costing, d int32, from, to *place) weight {
	var ms, mm int64
	ok := m.stretch(d, from, to, func(directed int32, a, b int64) bool {
		s, l, ok := m.segment(c, directed, a, b)
		ms, mm = ms+s, mm+l
		return ok
	})
	if !ok || ms >= 1<<timeBits || mm >= 1<<distBits {
		return never
	}
	return m.pack(ms, mm)
}

// gate is a graph node by which a place is left or entered, with the weight
// between the two and the directed chain that it lies on (-1 at a junction).
type gate struct {
	node   int32
	chain  int32
	weight weight
}

// exits appends the gates by which the place is left: at a junction its plain
// copy, else what one meets at the ends of the chain.
func (m *Metric) exits(gates []gate, c *costing, p *place) []gate {
	if p.junction >= 0 {
		first, _ := m.t.copies(p.junction)
		return append(gates, gate{first, -1, 0})
	}
	if p.chain < 0 {
		return gates
	}
	for d := p.chain << 1; d <= p.chain<<1|1; d++ {
		if m.t.chainHead[d] < 0 {
			continue
		}
		if w := m.stretchWeight(c, d, p, nil); w != never {
			gates = append(gates, gate{m.t.chainHead[d], d, w})
		}
	}
	return gates
}

// entries appends the gates by which the place is entered: at a junction any
// of its copies, else the tails of all arcs along its chain.
func (m *Metric) entries(gates []gate, c *costing, p *place) []gate {
	if p.junction >= 0 {
		first, end := m.t.copies(p.junction)
		for n := first; n < end; n++ {
			gates = append(gates, gate{n, -1, 0})
		}
		return gates
	}
	if p.chain < 0 {
		return gates
	}
	for d := p.chain << 1; d <= p.chain<<1|1; d++ {
		arcs := m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]]
		if len(arcs) == 0 {
			continue
		}
		w := m.stretchWeight(c, d, nil, p)
		if w == never {
			continue
		}
		for _, a := range arcs {
			if m.mayTake(a) {
				gates = append(gates, gate{m.t.arcTail[a], d, w})
			}
		}
	}
	return gates
}

// direct is the weight from one place to another along their common chain
// without passing its ends, and the directed chain; never if there is no such
// stretch.
func (m *Metric) direct(c *costing, p, q *place) (weight, int32) {
	if p.junction >= 0 || p.chain < 0 || p.chain != q.chain {
		if p.junction >= 0 && p.junction == q.junction {
			return 0, -1
		}
		return never, -1
	}
	switch {
	case *p == *q:
		return 0, -1
	case p.pos < q.pos || p.pos == q.pos && p.at < q.at:
		return m.stretchWeight(c, p.chain<<1, p, q), p.chain << 1
	default:
		return m.stretchWeight(c, p.chain<<1|1, p, q), p.chain<<1 | 1
	}
}
