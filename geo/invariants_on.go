//go:build invariants

package geo

import (
	"sync/atomic"

	"github.com/slinga-se/slinga/geo/cch"
)

// verify repeats the first row of a block by a search in the graph itself, and
// panics where the weights differ. Where a sum has overflowed the block is not
// used, and not looked at.
func (m *Metric) verify(b *tableau, block cch.Block) {
	seen := uint64(0)
	for _, w := range block.Weights {
		seen |= w
	}
	if seen&m.guard() != 0 {
		return
	}
	s := m.borrow()
	defer m.giveBack(s)
	source := block.Sources[0]
	var cost costing
	var stop atomic.Bool
	aim := m.aim(b.to.places)
	s.run(m, m.exits(nil, &cost, &b.from.places[source]), aim.wanted, aim.count, &stop)
	row := aim.row(m, s)
	b.alongChain(&cost, source, func(target int32, w weight) { row[target] = min(row[target], w) })
	for j, w := range row {
		if min(block.Weights[j*cch.Lanes], never) != w {
			panic("geo: the hierarchy and a search in the graph differ")
		}
	}
}
