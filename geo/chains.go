package geo

import "github.com/slinga-se/slinga/geo/osm"

// chainFlags are the flags that a setting may open or close as a whole, so
// chains do not run over a change of them.
const chainFlags = uint16(osm.FlagFerry | osm.FlagIceRoad | osm.FlagWinter | osm.FlagSeasonal)

// incidence lists for each OSM node the directed segments that leave it, of
// the ways that the group may use.
type incidence struct{ first, leaving []int32 }

func (n *incidence) at(osmNode int32) []int32 {
	return n.leaving[n.first[osmNode]:n.first[osmNode+1]]
}

// incident computes the incidence of the group. A segment from a node to
// itself leads nowhere and is left out: it would only serve to turn round on
// the spot.
func (r *Region) incident(group osm.Modes) incidence {
	n := incidence{first: make([]int32, len(r.nodes)+1)}
	each := func(visit func(osmNode, directed int32)) {
		for w := range r.ways {
			way := &r.ways[w]
			if osm.Modes(way.Forward|way.Backward)&group == 0 {
				continue
			}
			for s := way.First; s < way.First+way.Count-1; s++ {
				if r.refs[s] != r.refs[s+1] {
					visit(r.refs[s], s<<1)
					visit(r.refs[s+1], s<<1|1)
				}
			}
		}
	}
	each(func(osmNode, _ int32) { n.first[osmNode+1]++ })
	for i := range r.nodes {
		n.first[i+1] += n.first[i]
	}
	n.leaving = make([]int32, n.first[len(r.nodes)])
	next := append([]int32(nil), n.first...)
	each(func(osmNode, directed int32) {
		n.leaving[next[osmNode]] = directed
		next[osmNode]++
	})
	return n
}

// passes reports whether a road simply goes on at the node: two segments meet,
// and neither the permissions nor the flags that settings act on change. All
// other nodes are junctions, and so is a node where touched is set (a barrier
// or a turn restriction). Turning round is possible at junctions only.
func (r *Region) passes(n *incidence, osmNode int32, group osm.Modes, touched []bool) bool {
	leaving := n.at(osmNode)
	if len(leaving) != 2 || touched[osmNode] || leaving[0]>>1 == leaving[1]>>1 {
		return false
	}
	a, b := leaving[0], leaving[1]
	return r.allowed(a^1, group) == r.allowed(b, group) &&
		r.allowed(a, group) == r.allowed(b^1, group) &&
		(r.ways[r.segWay[a>>1]].Flags^r.ways[r.segWay[b>>1]].Flags)&chainFlags == 0
}

// collapse cuts the group's roads into chains between junctions, each chain
// beginning at its junction of the lower index. It returns which OSM nodes are
// junctions. A ring without any junction gets one, at its lowest node.
func (r *Region) collapse(t *topology, n *incidence, group osm.Modes, touched []bool) (junction []bool) {
	junction = make([]bool, len(r.nodes))
	for v := range r.nodes {
		junction[v] = len(n.at(int32(v))) > 0 && !r.passes(n, int32(v), group, touched)
	}
	t.segPos = make([]int32, len(r.refs))
	for i := range t.segPos {
		t.segPos[i] = -1
	}
	// Every segment of the group comes into a chain, and each junction begins
	// at most as many chains as segments leave it.
	chains := 1
	for v, is := range junction {
		if is {
			chains += len(n.at(int32(v)))
		}
	}
	t.chainFirst = append(make([]int32, 0, 1+(chains+1)/2), 0)
	t.chainSegs = make([]int32, 0, len(n.leaving)/2)
	walk := func(directed int32) {
		for {
			t.segPos[directed>>1] = int32(len(t.chainSegs))
			t.chainSegs = append(t.chainSegs, directed)
			at := r.head(directed)
			if junction[at] {
				break
			}
			leaving := n.at(at)
			if leaving[0]>>1 == directed>>1 {
				directed = leaving[1]
			} else {
				directed = leaving[0]
			}
		}
		t.chainFirst = append(t.chainFirst, int32(len(t.chainSegs)))
	}
	from := func(v int32) {
		for _, directed := range n.at(v) {
			if t.segPos[directed>>1] < 0 {
				walk(directed)
			}
		}
	}
	for v := range r.nodes {
		if junction[v] {
			from(int32(v))
		}
	}
	// What is left lies on rings, met here at their lowest node.
	for v := range r.nodes {
		if leaving := n.at(int32(v)); len(leaving) > 0 && t.segPos[leaving[0]>>1] < 0 {
			junction[v] = true
			from(int32(v))
		}
	}
	return junction
}
