package geo

import (
	"errors"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/cch"
	"github.com/slinga-se/slinga/geo/osm"
)

// Trace is a leg as it is driven. Where a ferry is boarded the line has the
// same point twice, and between the two passes the time on the quay.
type Trace struct {
	Line    orb.LineString // at least two points
	Seconds []int32        // since the start, by point of Line; rounded up, never falling
	Metres  int32          // of the whole leg, rounded up
	Ways    []int64        // OSM ids in the order of travel
	Begins  []int32        // by way: index of the point of Line where it begins
}

// ErrNoRoute is returned by Trace where Table says Unreachable.
var ErrNoRoute = errors.New("geo: no route")

// Trace draws the leg from one place to another. Its last second and its
// metres are those of Table.
func (m *Metric) Trace(from, to Snap) (Trace, error) {
	if err := m.acquire(); err != nil {
		return Trace{}, err
	}
	defer m.release()
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
	route := m.route(exits, entries)
	direct, along := m.direct(&cost, &p, &q)
	if direct >= never && route.Weight >= never {
		return Trace{}, ErrNoRoute
	}
	d := drawing{m: m, times: []int64{0}, quay: -1, trace: Trace{Line: orb.LineString{from.Point}}}
	if route.Weight >= direct {
		if along >= 0 {
			m.stretch(along, &p, &q, d.piece)
		}
		return d.finish(to.Point, direct)
	}
	if c := exits[route.From].chain; c >= 0 {
		m.stretch(c, &p, nil, d.piece)
	}
	for _, a := range route.Arcs {
		m.stretch(m.t.arcChain[a], nil, nil, d.piece)
	}
	if c := entries[route.To].chain; c >= 0 {
		m.stretch(c, nil, &q, d.piece)
	}
	return d.finish(to.Point, route.Weight)
}

// route finds the arcs between two places: in the hierarchy, or by a search in
// the graph for a metric whose sums do not fit.
func (m *Metric) route(exits, entries []gate) cch.Path {
	outer := func(gates []gate) []cch.Gate {
		list := make([]cch.Gate, len(gates))
		for i, g := range gates {
			list[i] = cch.Gate{Node: g.node, Weight: g.weight}
		}
		return list
	}
	p, ok := m.ch.Path(outer(exits), outer(entries))
	if ok {
		return p
	}
	s := m.borrow()
	defer m.giveBack(s)
	a := aim{first: []int{0}, gates: entries, wanted: make([]bool, m.t.nodes())}
	for i, g := range entries {
		a.first = append(a.first, i+1)
		if !a.wanted[g.node] {
			a.wanted[g.node] = true
			a.count++
		}
	}
	var stop atomic.Bool
	s.run(m, exits, a.wanted, a.count, &stop)
	p = cch.Path{Weight: never}
	for i, w := range a.row(m, s) {
		if w < p.Weight {
			p.Weight, p.To = w, i
		}
	}
	if p.Weight >= never {
		return p
	}
	node := entries[p.To].node
	for s.parent[node] >= 0 {
		p.Arcs = append(p.Arcs, s.parent[node])
		node = m.t.arcTail[s.parent[node]]
	}
	slices.Reverse(p.Arcs)
	p.From = slices.IndexFunc(exits, func(g gate) bool { return g.node == node && g.weight == s.dist[node] })
	return p
}

// drawing collects the pieces of a leg.
type drawing struct {
	m     *Metric
	cost  costing
	ms    int64
	times []int64 // by point of the line, milliseconds
	trace Trace

	quay   int   // the point at which the ferry in hand sails, or -1 on land
	sails  int32 // its way
	waited int64 // the time on the quay that is in the pieces since then
}

// piece adds a piece of a segment: its far end and the time there.
func (d *drawing) piece(directed int32, a, b int64) bool {
	m := d.m
	ms, _, ok := m.segment(&d.cost, directed, a, b)
	if !ok {
		return false
	}
	begin := len(d.trace.Line) - 1
	if d.cost.cost.percent == 0 {
		d.sail(directed)
		d.waited += min(osm.Share(m.set.onQuay(d.cost.index, directed&1), b-a, d.cost.way.Millimetres), ms)
	} else {
		d.land()
	}
	d.ms += ms
	length := int64(m.region.segMM[directed>>1])
	end := m.region.nodes[m.region.head(directed)].point()
	if b < length {
		tail, head := m.region.nodes[m.region.tail(directed)], m.region.nodes[m.region.head(directed)]
		end = between(tail, head, float64(b)/float64(length))
	}
	d.trace.Line = append(d.trace.Line, end)
	d.times = append(d.times, d.ms-d.waited)
	if id := d.cost.way.ID; len(d.trace.Ways) == 0 || d.trace.Ways[len(d.trace.Ways)-1] != id {
		d.trace.Ways = append(d.trace.Ways, id)
		d.trace.Begins = append(d.trace.Begins, int32(begin))
	}
	return true
}

// sail goes on by ferry. Segments have their share of the time on the quay, so
// that legs add up wherever they begin; the line has it all at the quay. Where
// one ferry leads into the next and nothing else begins there is none, see
// binder.crossings.
func (d *drawing) sail(directed int32) {
	if d.quay >= 0 && d.sails != d.cost.index {
		if first, end := d.m.t.copies(d.m.region.tail(directed)); first < end {
			d.land()
		}
	}
	d.sails = d.cost.index
	if d.quay >= 0 || d.m.set.onQuay(d.cost.index, directed&1) == 0 {
		return
	}
	d.quay = len(d.trace.Line)
	d.trace.Line = append(d.trace.Line, d.trace.Line[d.quay-1])
	d.times = append(d.times, d.ms)
}

// land ends a crossing: the whole time on the quay is known.
func (d *drawing) land() {
	if d.quay >= 0 {
		for i := d.quay; i < len(d.times); i++ {
			d.times[i] += d.waited
		}
	}
	d.quay, d.waited = -1, 0
}

// finish puts the end exactly on the target's place on the road.
func (d *drawing) finish(end orb.Point, total weight) (Trace, error) {
	d.land()
	t := d.trace
	if len(t.Line) == 1 {
		t.Line, d.times = append(t.Line, end), append(d.times, 0)
	}
	t.Seconds = make([]int32, len(d.times))
	for i, ms := range d.times {
		t.Seconds[i] = int32((ms + 999) / 1000)
	}
	t.Line[len(t.Line)-1] = end
	t.Metres = d.m.metres(total)
	if t.Seconds[len(t.Seconds)-1] != d.m.seconds(total) {
		panic("geo: a leg's pieces do not add up to its time")
	}
	if t.Metres > d.m.limit() {
		return Trace{}, ErrNoRoute
	}
	return t, nil
}
