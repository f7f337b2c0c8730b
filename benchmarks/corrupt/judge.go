package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// The judge answers by Dijkstra's algorithm, without a queue, from the graph
// that a file encodes.

// cost is milliseconds and millimetres.
type cost struct{ ms, mm int64 }

// A route that is longer counts as none.
const (
	mostMillis      = 1 << 29
	mostMillimetres = 1 << 32
)

var never = cost{-1, -1}

// less reports whether a is the better of two costs: of less time and, among
// equals, distance; or the other way round.
func (t *trial) less(a, b cost) bool {
	if a == never || b == never {
		return a != never
	}
	if t.shortest {
		return a.mm < b.mm || a.mm == b.mm && a.ms < b.ms
	}
	return a.ms < b.ms || a.ms == b.ms && a.mm < b.mm
}

func (a cost) plus(b cost) cost {
	if a == never || b == never || a.ms+b.ms >= mostMillis || a.mm+b.mm >= mostMillimetres {
		return never
	}
	return cost{a.ms + b.ms, a.mm + b.mm}
}

// trial judges one region under one profile.
type trial struct {
	g        *graph
	p        osm.Profile
	shortest bool
	closed   map[int64]bool // ways that nobody may travel
	ways     []osm.Way      // as they are at the time
	noTurn   map[int32]bool // arcs that are closed at the time

	segPos  []int // of a segment in chainSegs, -1: in none
	chainOf []int32
	chain   []cost // of directed chains
	tooLong bool   // a chain is too long for a route
	mayBe   bool   // a part of one is
}

func newTrial(g *graph, p osm.Profile, shortest bool, at time.Time, closed map[int64]bool) *trial {
	t := &trial{
		g: g, p: p, shortest: shortest, closed: closed, ways: g.ways, noTurn: map[int32]bool{},
		segPos: make([]int, len(g.refs)), chainOf: make([]int32, len(g.chainSegs)),
	}
	if !at.IsZero() {
		t.ways = slices.Clone(g.ways)
		for i := range t.ways {
			if w := &t.ways[i]; w.Condition != 0 {
				c := osm.ParseConditions(g.texts[w.Condition])
				c.Bind(w, p.Mode, at, osm.DefaultTags())
			}
		}
	}
	for _, x := range g.bannedArcs {
		for ban := x[1]; ban >= 0; ban = g.bans[ban][1] {
			if g.rules[g.bans[ban][0]].binds(g, p.Mode, at) {
				t.noTurn[x[0]] = true
			}
		}
	}
	for i := range t.segPos {
		t.segPos[i] = -1
	}
	for pos, d := range g.chainSegs {
		t.segPos[d>>1] = pos
	}
	for c := 0; c+1 < len(g.chainFirst); c++ {
		for pos := g.chainFirst[c]; pos < g.chainFirst[c+1]; pos++ {
			t.chainOf[pos] = int32(c)
		}
		for d := 2 * c; d <= 2*c+1; d++ {
			sum, open := cost{}, true
			for _, directed := range t.along(int32(d)) {
				ms, ok := t.millis(directed)
				open = open && ok
				sum.ms, sum.mm = sum.ms+ms, sum.mm+int64(g.segMM[directed>>1])
				long := sum.ms >= mostMillis || sum.mm >= mostMillimetres
				t.mayBe = t.mayBe || long
				if long && open {
					t.tooLong = true
				}
			}
			if !open || sum.ms >= mostMillis || sum.mm >= mostMillimetres {
				sum = never
			}
			t.chain = append(t.chain, sum)
		}
	}
	return t
}

// binds reports whether a restriction binds a mode at a time. One of which
// nobody can tell does.
func (x rule) binds(g *graph, mode osm.Modes, at time.Time) bool {
	if x.modes&mode == 0 {
		return false
	}
	c := osm.ParseTurnCondition(g.texts[x.condition])
	return c.Binds(x.only, at) != osm.No
}

// mayTake reports whether the mode may take an arc at the time.
func (t *trial) mayTake(arc int32) bool {
	return osm.Modes(t.g.arcModes[arc])&t.p.Mode != 0 && !t.noTurn[arc]
}

// along lists the directed segments of a directed chain.
func (t *trial) along(d int32) []int32 {
	list := append([]int32(nil), t.g.chainSegs[t.g.chainFirst[d>>1]:t.g.chainFirst[d>>1+1]]...)
	if d&1 == 0 {
		return list
	}
	for i, j := 0, len(list)-1; i <= j; i, j = i+1, j-1 {
		list[i], list[j] = list[j]^1, list[i]^1
	}
	return list
}

// millis is the time of a whole segment; ok is false where it is closed.
func (t *trial) millis(directed int32) (ms int64, ok bool) {
	w := &t.ways[t.g.segWay[directed>>1]]
	forward := directed&1 == 0
	if t.closed[w.ID] || !t.p.Passable(w, forward) {
		return 0, false
	}
	return t.p.Millis(w, int64(t.g.segMM[directed>>1]), forward), true
}

// spot is a place: at a node, or on a chain so many pieces and millimetres from
// where it begins.
type spot struct {
	far      bool
	junction int32 // -1: on a chain
	chain    int32
	piece    int
	mm       int64
}

func (t *trial) spot(s geo.Snap) (spot, error) {
	g := t.g
	if s.Kind == geo.SnapFar {
		return spot{far: true}, nil
	}
	if s.Segment < 0 || int(s.Segment) >= len(t.segPos) || t.segPos[s.Segment] < 0 {
		return spot{}, errors.New("a snap on a segment that is in no chain")
	}
	length := int64(g.segMM[s.Segment])
	if s.At < 0 || s.At > length {
		return spot{}, errors.New("a snap beside its segment")
	}
	pos := t.segPos[s.Segment]
	chain := t.chainOf[pos]
	p := spot{junction: -1, chain: chain, piece: pos - int(g.chainFirst[chain]), mm: s.At}
	if g.chainSegs[pos]&1 != 0 {
		p.mm = length - s.At
	}
	if s.At > 0 && s.At < length {
		return p, nil
	}
	node := g.refs[s.Segment]
	if s.At > 0 {
		node = g.refs[s.Segment+1]
	}
	for _, v := range g.nodeOf {
		if v == node {
			return spot{junction: node}, nil
		}
	}
	d := g.chainSegs[pos]
	if node != g.refs[d>>1+d&1] { // it is where the piece ends
		p.piece++
	}
	p.mm = 0
	return p, nil
}

// before orders spots on one chain.
func (p spot) before(q spot) bool { return p.piece < q.piece || p.piece == q.piece && p.mm < q.mm }

// stretch is the cost of directed chain d from one spot on it to another; nil
// stands for its end.
func (t *trial) stretch(d int32, from, to *spot) cost {
	list := t.along(d)
	sum := cost{}
	// A spot as seen in the direction of travel: piece, and millimetres into it.
	seen := func(p *spot) (piece int, mm int64) {
		if d&1 == 0 {
			return p.piece, p.mm
		}
		if p.mm == 0 {
			return len(list) - p.piece, 0
		}
		piece = len(list) - 1 - p.piece
		return piece, int64(t.g.segMM[list[piece]>>1]) - p.mm
	}
	first, a := 0, int64(0)
	last, b := len(list), int64(0)
	if from != nil {
		first, a = seen(from)
	}
	if to != nil {
		last, b = seen(to)
	}
	for i := first; i < len(list) && (i < last || i == last && b > 0); i++ {
		whole := int64(t.g.segMM[list[i]>>1])
		begin, end := int64(0), whole
		if i == first {
			begin = a
		}
		if i == last {
			end = b
		}
		ms, ok := t.millis(list[i])
		if !ok {
			return never
		}
		if end-begin < whole {
			ms = osm.Share(ms, end-begin, whole)
		}
		sum.ms, sum.mm = sum.ms+ms, sum.mm+end-begin
	}
	if sum.ms >= mostMillis || sum.mm >= mostMillimetres {
		return never
	}
	return sum
}

// gate is a graph node by which a spot is left or entered.
type gate struct {
	node int32
	cost cost
}

func (t *trial) exits(p spot) (gates []gate) {
	if p.far {
		return nil
	}
	if p.junction >= 0 {
		for n, v := range t.g.nodeOf {
			if v == p.junction {
				return []gate{{int32(n), cost{}}}
			}
		}
	}
	for d := p.chain << 1; d <= p.chain<<1|1; d++ {
		if head := t.g.chainHead[d]; head >= 0 {
			gates = append(gates, gate{head, t.stretch(d, &p, nil)})
		}
	}
	return gates
}

func (t *trial) entries(p spot) (gates []gate) {
	if p.far {
		return nil
	}
	if p.junction >= 0 {
		for n, v := range t.g.nodeOf {
			if v == p.junction {
				gates = append(gates, gate{int32(n), cost{}})
			}
		}
		return gates
	}
	for n := range t.g.nodeOf {
		for a := t.g.arcFirst[n]; a < t.g.arcFirst[n+1]; a++ {
			if d := t.g.arcChain[a]; d>>1 == p.chain && t.mayTake(a) {
				gates = append(gates, gate{int32(n), t.stretch(d, nil, &p)})
			}
		}
	}
	return gates
}

// from computes the costs of all graph nodes from a spot.
func (t *trial) from(p spot) []cost {
	g := t.g
	dist := make([]cost, len(g.nodeOf))
	done := make([]bool, len(g.nodeOf))
	for i := range dist {
		dist[i] = never
	}
	for _, e := range t.exits(p) {
		if t.less(e.cost, dist[e.node]) {
			dist[e.node] = e.cost
		}
	}
	for {
		u := -1
		for v := range dist {
			if !done[v] && dist[v] != never && (u < 0 || t.less(dist[v], dist[u])) {
				u = v
			}
		}
		if u < 0 {
			return dist
		}
		done[u] = true
		for a := g.arcFirst[u]; a < g.arcFirst[u+1]; a++ {
			if !t.mayTake(a) {
				continue
			}
			if c := dist[u].plus(t.chain[g.arcChain[a]]); t.less(c, dist[g.arcHead[a]]) {
				dist[g.arcHead[a]] = c
			}
		}
	}
}

// leg is the cost from one spot to another, given what from found.
func (t *trial) leg(dist []cost, from, to spot) cost {
	best := never
	if from.far || to.far {
		return never
	}
	switch {
	case from == to:
		best = cost{}
	case from.junction < 0 && to.junction < 0 && from.chain == to.chain:
		d := from.chain << 1
		if to.before(from) {
			d |= 1
		}
		best = t.stretch(d, &from, &to)
	}
	for _, e := range t.entries(to) {
		if c := dist[e.node].plus(e.cost); t.less(c, best) {
			best = c
		}
	}
	return best
}

// nearest is how far the nearest road is that is open in some direction, in
// metres on a plane that touches the earth at the point; -1 if there is none.
func (t *trial) nearest(p orb.Point) float64 {
	metre := osm.EarthRadius * math.Pi / 180 // of a degree
	east := metre * math.Cos(p[1]*math.Pi/180)
	round := func(degrees float64) float64 { // the shorter way round the earth
		for degrees > 180 {
			degrees -= 360
		}
		for degrees < -180 {
			degrees += 360
		}
		return degrees
	}
	best := -1.0
	for _, d := range t.g.chainSegs {
		_, there := t.millis(d)
		_, back := t.millis(d ^ 1)
		if !there && !back {
			continue
		}
		a, b := t.g.nodes[t.g.refs[d>>1]], t.g.nodes[t.g.refs[d>>1+1]]
		ax, ay := round(float64(a[0])/1e7-p[0])*east, (float64(a[1])/1e7-p[1])*metre
		bx, by := round(float64(b[0])/1e7-float64(a[0])/1e7)*east, (float64(b[1])-float64(a[1]))/1e7*metre
		share := 0.0
		if square := bx*bx + by*by; square > 0 {
			share = min(1, max(0, -(ax*bx+ay*by)/square))
		}
		if away := math.Hypot(ax+share*bx, ay+share*by); best < 0 || away < best {
			best = away
		}
	}
	return best
}

// compare says where a table differs from the judge.
func (t *trial) compare(snaps []geo.Snap, table *geo.Table) error {
	spots := make([]spot, len(snaps))
	for i := range snaps {
		var err error
		if spots[i], err = t.spot(snaps[i]); err != nil {
			return err
		}
	}
	for i := range spots {
		dist := t.from(spots[i])
		for j := range spots {
			wantSeconds, wantMetres := int64(geo.Unreachable), int64(geo.Unreachable)
			if c := t.leg(dist, spots[i], spots[j]); c != never {
				wantSeconds, wantMetres = (c.ms+999)/1000, (c.mm+999)/1000
			}
			if s, m := table.At(i, j); int64(s) != wantSeconds || int64(m) != wantMetres {
				return fmt.Errorf("from %+v to %+v: %d s and %d m, Dijkstra says %d s and %d m", spots[i], spots[j], s, m, wantSeconds, wantMetres)
			}
		}
	}
	return nil
}
