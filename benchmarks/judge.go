package benchmarks

import (
	"fmt"
	"slices"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// A Judge follows roads that someone claims to be drivable, straight on the
// parsed ways, barriers and turn restrictions. It shares no code with the road
// graph, and it searches nothing: it can tell whether a road may be driven,
// not whether there is a shorter one.
type Judge struct {
	net      *osm.Network
	profile  osm.Profile
	node     map[int64]int32      // index into net.Nodes by id
	segments map[[2]int32][]piece // directed, by the nodes' indices
	degree   []int32              // by node: neighbours that are reached by some road
	from     map[int32][]int32    // restrictions by their first way
}

// piece is a way between two neighbouring nodes.
type piece struct {
	way     int32
	forward bool
}

// NewJudge prepares a network for one profile.
func NewJudge(net *osm.Network, profile osm.Profile) *Judge {
	j := &Judge{
		net: net, profile: profile,
		node:     make(map[int64]int32, len(net.Nodes)),
		segments: make(map[[2]int32][]piece, 2*len(net.Refs)),
		degree:   make([]int32, len(net.Nodes)),
		from:     make(map[int32][]int32),
	}
	for i, n := range net.Nodes {
		j.node[n.ID] = int32(i)
	}
	for i := range net.Ways {
		w := &net.Ways[i]
		refs := net.Refs[w.First : w.First+w.Count]
		usable := profile.Passable(w, true) || profile.Passable(w, false)
		for k := 1; k < len(refs); k++ {
			u, v := refs[k-1], refs[k]
			if usable && !j.joined(u, v) {
				j.degree[u]++
				j.degree[v]++
			}
			j.segments[[2]int32{u, v}] = append(j.segments[[2]int32{u, v}], piece{int32(i), true})
			j.segments[[2]int32{v, u}] = append(j.segments[[2]int32{v, u}], piece{int32(i), false})
		}
	}
	for i := range net.Restrictions {
		r := &net.Restrictions[i]
		if r.Modes&profile.Mode != 0 {
			j.from[r.From] = append(j.from[r.From], int32(i))
		}
	}
	return j
}

// joined reports whether some usable way joins the nodes already.
func (j *Judge) joined(u, v int32) bool {
	return slices.ContainsFunc(j.segments[[2]int32{u, v}], func(p piece) bool {
		w := &j.net.Ways[p.way]
		return j.profile.Passable(w, true) || j.profile.Passable(w, false)
	})
}

// Verdict is what a Judge says about a road.
type Verdict struct {
	Objections []string // why it must not be driven, in its order; empty: it may be
	TurnsRound []int64  // nodes, dead ends apart, where it goes back the way it came
	AtTimes    []string // rules that it breaks and that hold at some times only; no objections
	Ways       []int64  // OSM ways in their order, runs written once
	Metres     float64  // by osm.Millimetres
}

// step is the way between two neighbouring nodes of a road, and the node that
// it begins at.
type step struct{ way, from, to int32 }

// Judge follows a road given by OSM nodes.
func (j *Judge) Judge(nodes []int64) Verdict {
	var v Verdict
	object := func(format string, args ...any) { v.Objections = append(v.Objections, fmt.Sprintf(format, args...)) }
	path := make([]int32, 0, len(nodes))
	for _, id := range nodes {
		at, known := j.node[id]
		if !known {
			object("node %d is on no road", id)
			return v
		}
		path = append(path, at)
	}
	var steps []step
	millimetres := int64(0)
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		millimetres += osm.Millimetres(j.net.Nodes[a], j.net.Nodes[b])
		pieces := j.segments[[2]int32{a, b}]
		if len(pieces) == 0 {
			object("no way joins nodes %d and %d", nodes[i-1], nodes[i])
			return v
		}
		way, open := j.choose(pieces, steps)
		if !open {
			object("way %d is closed from node %d to node %d", j.net.Ways[way].ID, nodes[i-1], nodes[i])
		}
		back := i > 1 && path[i-2] == b
		if i > 1 && !back && j.net.Nodes[a].Closed&j.profile.Mode != 0 {
			object("a barrier at node %d of way %d", nodes[i-1], j.net.Ways[way].ID)
		}
		if back && j.degree[a] > 1 {
			v.TurnsRound = append(v.TurnsRound, nodes[i-1])
		}
		steps = append(steps, step{way, a, b})
	}
	for i, s := range steps {
		for _, r := range j.from[s.way] {
			rs := &j.net.Restrictions[r]
			if !j.broken(rs, steps[i:]) {
				continue
			}
			text := fmt.Sprintf("restriction %d from way %d to way %d", rs.ID, j.net.Ways[rs.From].ID, j.net.Ways[rs.To].ID)
			if j.atTimes(rs) {
				v.AtTimes = append(v.AtTimes, text)
			} else {
				v.Objections = append(v.Objections, text)
			}
		}
		if id := j.net.Ways[s.way].ID; len(v.Ways) == 0 || v.Ways[len(v.Ways)-1] != id {
			v.Ways = append(v.Ways, id)
		}
	}
	v.Metres = float64(millimetres) / 1000
	return v
}

// choose picks the way of a segment: one that may be driven before one that
// may not, and the one that is being driven before others.
func (j *Judge) choose(pieces []piece, before []step) (way int32, open bool) {
	way = pieces[0].way
	for _, p := range pieces {
		if !j.profile.Passable(&j.net.Ways[p.way], p.forward) {
			continue
		}
		if !open || len(before) > 0 && before[len(before)-1].way == p.way {
			way, open = p.way, true
		}
	}
	return way, open
}

// atTimes reports whether a restriction binds at some times only, and not
// where no time is given.
func (j *Judge) atTimes(rs *osm.Restriction) bool {
	if rs.Condition == 0 {
		return false
	}
	condition := osm.ParseTurnCondition(j.net.Texts[rs.Condition])
	return condition.Binds(rs.Only, time.Time{}) != osm.Yes
}

// broken reports whether the steps, of which the first is the last one along
// the restriction's first way, break it.
func (j *Judge) broken(r *osm.Restriction, steps []step) bool {
	in, next := steps[0], 1
	for _, way := range r.ViaWays {
		begin := next
		for next < len(steps) && steps[next].way == way {
			next++
		}
		if next == begin {
			return false
		}
	}
	if next == len(steps) {
		return false
	}
	out := steps[next]
	if len(r.ViaWays) == 0 && out.from != r.ViaNode {
		return false
	}
	onto := out.way == r.To
	if r.Only {
		return !onto && j.leaves(r.To, out.from)
	}
	if r.From == r.To && len(r.ViaWays) == 0 {
		// Only the reversal is meant, not going on along the way.
		return onto && out.to == in.from
	}
	return onto
}

// leaves reports whether a car can leave the node along the way; an order to
// take a road that cannot be taken is void.
func (j *Judge) leaves(way, node int32) bool {
	w := &j.net.Ways[way]
	refs := j.net.Refs[w.First : w.First+w.Count]
	for i, ref := range refs {
		if ref == node && (i+1 < len(refs) && j.profile.Passable(w, true) || i > 0 && j.profile.Passable(w, false)) {
			return true
		}
	}
	return false
}
