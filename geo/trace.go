package geo

import (
	"errors"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb"
)

// Trace is a leg as it is driven.
type Trace struct {
	Line    orb.LineString // at least two points
	Seconds []int32        // since the start, by point of Line; rounded up, never falling
	Metres  int32          // of the whole leg, rounded up
	Ways    []int64        // OSM ids in the order of travel
}

// ErrNoRoute is returned by Trace where Table says Unreachable.
var ErrNoRoute = errors.New("geo: no route")

// Trace draws the leg from one place to another. Its last second and its
// metres are those of Table.
func (m *Metric) Trace(from, to Snap) (Trace, error) {
	if err := m.region.acquire(); err != nil {
		return Trace{}, err
	}
	defer m.region.mu.RUnlock()
	p, err := m.place(from)
	if err != nil {
		return Trace{}, err
	}
	q, err := m.place(to)
	if err != nil {
		return Trace{}, err
	}
	var cost costing
	exits, entries := m.exits(nil, &cost, &p), m.entries(nil, &cost, &q)
	s := m.borrow()
	defer m.giveBack(s)
	wanted := make([]bool, m.t.nodes())
	count := 0
	for _, g := range entries {
		if !wanted[g.node] {
			wanted[g.node] = true
			count++
		}
	}
	var stop atomic.Bool
	s.run(m, exits, m.start(exits, entries), wanted, count, &stop)

	best, along := m.direct(&cost, &p, &q)
	last := -1
	for i, g := range entries {
		if d := s.dist[g.node]; d != never && fits(d, g.weight, m.low()) && d+g.weight < best {
			best, last = d+g.weight, i
		}
	}
	if best == never {
		return Trace{}, ErrNoRoute
	}
	d := drawing{m: m, trace: Trace{Line: orb.LineString{from.Point}, Seconds: []int32{0}}}
	switch {
	case last >= 0:
		d.draw(s, exits, &p, &q, entries[last])
	case along >= 0:
		m.stretch(along, &p, &q, d.piece)
	}
	return d.finish(to.Point, best), nil
}

// drawing collects the pieces of a leg.
type drawing struct {
	m     *Metric
	cost  costing
	ms    int64
	trace Trace
}

// draw goes back from the gate by which the target is entered to the source,
// and then draws forward.
func (d *drawing) draw(s *search, exits []gate, p, q *place, entry gate) {
	m := d.m
	var arcs []int32
	node := entry.node
	for s.parent[node] >= 0 {
		arcs = append(arcs, s.parent[node])
		node = m.t.arcTail[s.parent[node]]
	}
	slices.Reverse(arcs)
	for _, g := range exits {
		if g.node == node && g.weight == s.dist[node] {
			if g.chain >= 0 {
				m.stretch(g.chain, p, nil, d.piece)
			}
			break
		}
	}
	for _, a := range arcs {
		m.stretch(m.t.arcChain[a], nil, nil, d.piece)
	}
	if entry.chain >= 0 {
		m.stretch(entry.chain, nil, q, d.piece)
	}
}

// piece adds a piece of a segment: its far end and the time there.
func (d *drawing) piece(directed int32, a, b int64) bool {
	m := d.m
	ms, _, ok := m.segment(&d.cost, directed, a, b)
	if !ok {
		return false
	}
	d.ms += ms
	length := int64(m.region.segMM[directed>>1])
	end := m.region.nodes[m.region.head(directed)].point()
	if b < length {
		tail, head := m.region.nodes[m.region.tail(directed)], m.region.nodes[m.region.head(directed)]
		end = between(tail, head, float64(b)/float64(length))
	}
	d.trace.Line = append(d.trace.Line, end)
	d.trace.Seconds = append(d.trace.Seconds, int32((d.ms+999)/1000))
	if id := d.cost.way.ID; len(d.trace.Ways) == 0 || d.trace.Ways[len(d.trace.Ways)-1] != id {
		d.trace.Ways = append(d.trace.Ways, id)
	}
	return true
}

// finish puts the end exactly on the target's place on the road.
func (d *drawing) finish(end orb.Point, total weight) Trace {
	t := d.trace
	if len(t.Line) == 1 {
		t.Line, t.Seconds = append(t.Line, end), append(t.Seconds, 0)
	}
	t.Line[len(t.Line)-1] = end
	t.Metres = d.m.metres(total)
	if t.Seconds[len(t.Seconds)-1] != d.m.seconds(total) {
		panic("geo: a leg's pieces do not add up to its time")
	}
	return t
}
