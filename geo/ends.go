package geo

import (
	"fmt"
	"math/bits"

	"github.com/slinga-se/slinga/geo/cch"
)

// ends is one side of a table: its places, each once, since visits to one home
// share their legs, and the gates by which they are left or entered.
type ends struct {
	places []place
	of     []int32 // place by row or column
	known  []int32 // a hash table of places: the place plus 1, or 0
	gates  []gate
	outer  cch.Places // the same gates
	err    error
}

func (e *ends) fill(m *Metric, snaps []Snap, exits bool) {
	slots := 1 << bits.Len(uint(2*len(snaps)))
	e.known = resize(e.known, slots)
	clear(e.known)
	e.places, e.of, e.gates = e.places[:0], resize(e.of, len(snaps)), e.gates[:0]
	e.outer.First, e.outer.Gates = append(e.outer.First[:0], 0), e.outer.Gates[:0]
	e.err = nil
	var cost costing
	for i := range snaps {
		p, err := m.place(snaps[i])
		if err != nil {
			e.err = fmt.Errorf("[%d]: %w", i, err)
			return
		}
		at, met := e.find(&p)
		e.of[i] = at
		if met {
			continue
		}
		e.places = append(e.places, p)
		if exits {
			e.gates = m.exits(e.gates, &cost, &p)
		} else {
			e.gates = m.entries(e.gates, &cost, &p)
		}
		for _, g := range e.gates[len(e.outer.Gates):] {
			e.outer.Gates = append(e.outer.Gates, cch.Gate{Node: g.node, Weight: g.weight})
		}
		e.outer.First = append(e.outer.First, int32(len(e.gates)))
	}
}

// find is the number of a place, and whether it is known already; it is from
// now on.
func (e *ends) find(p *place) (at int32, met bool) {
	const odd = 0x9e3779b97f4a7c15 // Knuth's multiplier
	hash := (uint64(uint32(p.junction))<<32 | uint64(uint32(p.pos))) * odd
	hash = (hash ^ hash>>32 ^ uint64(p.at)) * odd
	mask := len(e.known) - 1
	for slot := int(hash>>32) & mask; ; slot = (slot + 1) & mask {
		switch at := e.known[slot] - 1; {
		case at < 0:
			e.known[slot] = int32(len(e.places)) + 1
			return int32(len(e.places)), false
		case e.places[at] == *p:
			return at, true
		}
	}
}
