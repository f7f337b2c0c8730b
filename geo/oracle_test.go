package geo

import (
	"container/heap"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/slinga-se/slinga/geo/osm"
)

// The oracle answers straight from the ways and restrictions of a network. It
// shares no graph with the package: no chains, no split junctions, no packed
// weights. Its states are "just arrived at the end of this directed segment,
// with these via-way restrictions under way", and every rule is looked up when
// a turn is about to be made. It is slow and plain.
type oracle struct {
	net     *osm.Network
	p       osm.Profile
	group   osm.Modes
	byMM    bool // shortest instead of quickest
	cond    *oracleCondition
	leaving [][]oracleSeg  // by node
	turning []bool         // by node: may one turn round here
	rules   [][]oracleRule // by node where the from way ends
}

// oracleSeg is a directed piece of a way between two neighbouring nodes.
type oracleSeg struct {
	way, k   int32 // k-th piece of the way
	backward bool
}

// oracleRule is a restriction; over is empty for a via node.
type oracleRule struct {
	*osm.Restriction
	over []oracleSeg
}

// oraclePlace is a node (way -1) or a place inside a segment.
type oraclePlace struct {
	node   int32
	way, k int32
	at     int64
}

type oracleCost struct{ first, second int64 }

func (c oracleCost) less(d oracleCost) bool {
	return c.first < d.first || c.first == d.first && c.second < d.second
}

func newOracle(net *osm.Network, p osm.Profile, byMM bool) *oracle {
	o := &oracle{net: net, p: p, byMM: byMM, group: osm.ModeCar}
	if p.Mode != osm.ModeCar {
		o.group = osm.ModeBicycle | osm.ModeFoot
	}
	o.leaving = make([][]oracleSeg, len(net.Nodes))
	for w := range net.Ways {
		way := &net.Ways[w]
		if (way.Forward|way.Backward)&o.group == 0 {
			continue
		}
		for k := range way.Count - 1 {
			s := oracleSeg{int32(w), k, false}
			if o.tail(s) == o.head(s) {
				continue
			}
			back := oracleSeg{int32(w), k, true}
			o.leaving[o.tail(s)] = append(o.leaving[o.tail(s)], s)
			o.leaving[o.tail(back)] = append(o.leaving[o.tail(back)], back)
		}
	}
	o.turning = make([]bool, len(net.Nodes))
	for n := range net.Nodes {
		o.turning[n] = o.isJunction(int32(n))
	}
	o.rules = make([][]oracleRule, len(net.Nodes))
	for i := range net.Restrictions {
		o.addRule(&net.Restrictions[i])
	}
	return o
}

func (o *oracle) nodeOf(w, i int32) int32 { return o.net.Refs[o.net.Ways[w].First+i] }

func (o *oracle) tail(s oracleSeg) int32 {
	if s.backward {
		return o.nodeOf(s.way, s.k+1)
	}
	return o.nodeOf(s.way, s.k)
}

func (o *oracle) head(s oracleSeg) int32 {
	s.backward = !s.backward
	return o.tail(s)
}

func (o *oracle) modes(s oracleSeg) osm.Modes {
	if s.backward {
		return o.net.Ways[s.way].Backward & o.group
	}
	return o.net.Ways[s.way].Forward & o.group
}

// isJunction: anything but a road that goes on as it is.
func (o *oracle) isJunction(n int32) bool {
	out := o.leaving[n]
	if len(out) != 2 || o.net.Nodes[n].Closed&o.group != 0 {
		return true
	}
	in := out[0]
	in.backward = !in.backward
	otherIn := out[1]
	otherIn.backward = !otherIn.backward
	const matters = osm.FlagFerry | osm.FlagIceRoad | osm.FlagWinter | osm.FlagSeasonal
	return o.modes(in) != o.modes(out[1]) || o.modes(otherIn) != o.modes(out[0]) ||
		o.net.Ways[in.way].Flags&matters != o.net.Ways[out[1].way].Flags&matters
}

func (o *oracle) addRule(rs *osm.Restriction) {
	if rs.Modes&o.group == 0 {
		return
	}
	if rs.ViaNode >= 0 {
		o.turning[rs.ViaNode] = true
		o.takeRule(oracleRule{rs, nil}, rs.ViaNode, rs.ViaNode)
		return
	}
	// Try both directions of the first via way; the others must follow on.
	for _, backward := range []bool{false, true} {
		var over []oracleSeg
		ok := true
		for i, w := range rs.ViaWays {
			count := o.net.Ways[w].Count
			if i > 0 {
				switch o.head(over[len(over)-1]) {
				case o.nodeOf(w, 0):
					backward = false
				case o.nodeOf(w, count-1):
					backward = true
				default:
					ok = false
				}
			}
			if !ok {
				break
			}
			var pieces []oracleSeg
			for k := range count - 1 {
				if s := (oracleSeg{w, k, backward}); o.tail(s) != o.head(s) {
					pieces = append(pieces, s)
				}
			}
			if backward {
				slices.Reverse(pieces)
			}
			if over = append(over, pieces...); len(pieces) == 0 {
				ok = false
				break
			}
		}
		if !ok || len(over) == 0 {
			continue
		}
		start, end := o.tail(over[0]), o.head(over[len(over)-1])
		if !o.onWay(rs.From, start) || !o.onWay(rs.To, end) {
			continue
		}
		o.turning[start], o.turning[end] = true, true
		o.takeRule(oracleRule{rs, over}, start, end)
	}
}

func (o *oracle) onWay(w, n int32) bool {
	way := &o.net.Ways[w]
	return slices.Contains(o.net.Refs[way.First:way.First+way.Count], n)
}

// takeRule keeps a rule unless nobody could leave by its to way at all.
func (o *oracle) takeRule(rule oracleRule, start, end int32) {
	for _, s := range o.leaving[end] {
		if s.way == rule.To && o.modes(s) != 0 {
			o.rules[start] = append(o.rules[start], rule)
			return
		}
	}
}

// cost of a stretch of a segment, and whether it may be travelled.
func (o *oracle) cost(s oracleSeg, part int64) (oracleCost, bool) {
	length := o.length(s)
	if o.cond != nil {
		ms, second, ok := o.cond.segment(s)
		if part < length {
			ms, second = ratShare(ms, part, length), ratShare(second, part, length)
		}
		if o.byMM {
			ms, second = second, ms
		}
		return oracleCost{ms, second}, ok
	}
	w := &o.net.Ways[s.way]
	if !o.p.Passable(w, !s.backward) {
		return oracleCost{}, false
	}
	ms := o.p.Millis(w, length, !s.backward)
	if part < length {
		ms = int64(math.Ceil(float64(ms) * float64(part) / float64(length)))
		// The division above is close; make it exact.
		total := o.p.Millis(w, length, !s.backward)
		for ms*length < total*part {
			ms++
		}
		for (ms-1)*length >= total*part {
			ms--
		}
	}
	if o.byMM {
		return oracleCost{part, ms}, true
	}
	return oracleCost{ms, part}, true
}

func (o *oracle) length(s oracleSeg) int64 {
	return osm.Millimetres(o.net.Nodes[o.nodeOf(s.way, s.k)], o.net.Nodes[o.nodeOf(s.way, s.k+1)])
}

// underway is a via-way rule of which so many pieces have been driven.
type underway struct {
	rule oracleRule
	done int
}

// arrival is a state: just at the end of seg.
type arrival struct {
	seg  oracleSeg
	open []underway
}

type arrivalKey struct {
	seg  oracleSeg
	open string
}

func (a arrival) key() arrivalKey {
	if len(a.open) == 0 {
		return arrivalKey{seg: a.seg}
	}
	keys := make([]string, len(a.open))
	for i, u := range a.open {
		keys[i] = fmt.Sprintf("%d:%d:%v", u.rule.ID, u.done, u.rule.over[0])
	}
	sort.Strings(keys)
	return arrivalKey{a.seg, fmt.Sprint(keys)}
}

// arrive at the end of seg, with rules under way before it.
func (o *oracle) arrive(seg oracleSeg, before []underway) arrival {
	a := arrival{seg: seg}
	for _, u := range before {
		if u.done < len(u.rule.over) && u.rule.over[u.done] == seg {
			a.open = append(a.open, underway{u.rule, u.done + 1})
		}
	}
	for _, rule := range o.rules[o.head(seg)] {
		if rule.From == seg.way {
			if len(rule.over) > 0 {
				a.open = append(a.open, underway{rule, 0})
			}
		}
	}
	return a
}

// mayTurn from an arrival into the next segment?
func (o *oracle) mayTurn(a arrival, next oracleSeg) bool {
	n := o.head(a.seg)
	reverse := a.seg
	reverse.backward = !reverse.backward
	if next == reverse && !o.turning[n] {
		return false
	}
	if o.net.Nodes[n].Closed&o.p.Mode != 0 && next != reverse {
		return false
	}
	for _, rule := range o.rules[n] {
		if len(rule.over) > 0 || rule.From != a.seg.way || rule.Modes&o.p.Mode == 0 || !o.binds(rule.Restriction) {
			continue
		}
		switch {
		case rule.Only:
			if next.way != rule.To {
				return false
			}
		case rule.From == rule.To:
			if next == reverse {
				return false
			}
		case next.way == rule.To:
			return false
		}
	}
	for _, u := range a.open {
		if u.done == len(u.rule.over) && u.rule.Modes&o.p.Mode != 0 && (next.way == u.rule.To) != u.rule.Only && o.binds(u.rule.Restriction) {
			return false
		}
	}
	return true
}

type oracleItem struct {
	cost oracleCost
	at   arrival
}
type oracleQueue []oracleItem

func (q oracleQueue) Len() int           { return len(q) }
func (q oracleQueue) Less(i, j int) bool { return q[i].cost.less(q[j].cost) }
func (q oracleQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *oracleQueue) Push(x any)        { *q = append(*q, x.(oracleItem)) }
func (q *oracleQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// legs gives seconds and metres from one place to others; -1 where there is no
// way.
func (o *oracle) legs(from oraclePlace, to []oraclePlace) [][2]int64 {
	best := make([]oracleCost, len(to))
	for j := range best {
		best[j] = oracleCost{math.MaxInt64, math.MaxInt64}
	}
	improve := func(j int, c oracleCost) {
		if c.less(best[j]) {
			best[j] = c
		}
	}
	byNode := map[int32][]int{}
	bySeg := map[[2]int32][]int{}
	for j, p := range to {
		if p.way < 0 {
			byNode[p.node] = append(byNode[p.node], j)
		} else {
			bySeg[[2]int32{p.way, p.k}] = append(bySeg[[2]int32{p.way, p.k}], j)
		}
		if p == from {
			improve(j, oracleCost{})
		}
	}
	add := func(a, b oracleCost) oracleCost { return oracleCost{a.first + b.first, a.second + b.second} }
	var queue oracleQueue
	// enter a segment from its tail: targets inside it are met on the way.
	enter := func(c oracleCost, s oracleSeg, before []underway) {
		for _, j := range bySeg[[2]int32{s.way, s.k}] {
			part := to[j].at
			if s.backward {
				part = o.length(s) - part
			}
			if piece, ok := o.cost(s, part); ok {
				improve(j, add(c, piece))
			}
		}
		if whole, ok := o.cost(s, o.length(s)); ok {
			heap.Push(&queue, oracleItem{add(c, whole), o.arrive(s, before)})
		}
	}
	if from.way < 0 {
		for _, j := range byNode[from.node] {
			improve(j, oracleCost{})
		}
		for _, s := range o.leaving[from.node] {
			enter(oracleCost{}, s, nil)
		}
	} else {
		for _, backward := range []bool{false, true} {
			s := oracleSeg{from.way, from.k, backward}
			rest := o.length(s) - from.at
			if backward {
				rest = from.at
			}
			if piece, ok := o.cost(s, rest); ok {
				heap.Push(&queue, oracleItem{piece, o.arrive(s, nil)})
			}
			for _, j := range bySeg[[2]int32{from.way, from.k}] {
				ahead := to[j].at - from.at
				if backward {
					ahead = -ahead
				}
				if ahead > 0 {
					if piece, ok := o.cost(s, ahead); ok {
						improve(j, piece)
					}
				}
			}
		}
	}
	done := map[arrivalKey]bool{}
	for queue.Len() > 0 {
		item := heap.Pop(&queue).(oracleItem)
		if len(best) == 1 && !item.cost.less(best[0]) {
			break // nothing that is left can be better
		}
		if key := item.at.key(); done[key] {
			continue
		} else {
			done[key] = true
		}
		n := o.head(item.at.seg)
		for _, j := range byNode[n] {
			improve(j, item.cost)
		}
		for _, next := range o.leaving[n] {
			if o.mayTurn(item.at, next) {
				enter(item.cost, next, item.at.open)
			}
		}
	}
	legs := make([][2]int64, len(to))
	for j, c := range best {
		ms, mm := c.first, c.second
		if o.byMM {
			ms, mm = mm, ms
		}
		if c.first == math.MaxInt64 {
			legs[j] = [2]int64{-1, -1}
		} else {
			legs[j] = [2]int64{(ms + 999) / 1000, (mm + 999) / 1000}
		}
	}
	return legs
}

// oraclePlaceOf says where a snap lies in terms of the network. Build keeps
// the order of the ways, so a segment is found by counting.
func oraclePlaceOf(net *osm.Network, s Snap) oraclePlace {
	at := s.Segment
	for w := range net.Ways {
		way := &net.Ways[w]
		if at >= way.Count {
			at -= way.Count
			continue
		}
		switch s.At {
		case 0:
			return oraclePlace{node: net.Refs[way.First+at], way: -1, k: -1}
		case s.Length:
			return oraclePlace{node: net.Refs[way.First+at+1], way: -1, k: -1}
		}
		return oraclePlace{node: -1, way: int32(w), k: at, at: s.At}
	}
	panic("a snap outside the network")
}
