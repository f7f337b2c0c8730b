package geo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// CutKind says which way there is no way.
type CutKind uint8

// The kinds.
const (
	CutThere CutKind = iota + 1 // no base leads there
	CutBack                     // no base can be reached from there
	CutBoth                     // neither
	CutRound                    // there from one base and back to another, but not from one base and back to it
)

var cutKindNames = [...]string{"", "no way there", "no way back", "no way there or back", "no way there and back"}

// String describes the kind in words.
func (k CutKind) String() string {
	if int(k) < len(cutKindNames) && k > 0 {
		return cutKindNames[k]
	}
	return fmt.Sprintf("CutKind(%d)", uint8(k))
}

// Cut is a point that cannot be reached from a base with a way back to it, and
// what would have to open for that. Closures and stopped ferries of the
// metric's condition are named by their ids.
type Cut struct {
	Point int // its index
	Kind  CutKind
	// Alone lists the closures each of which, lifted alone, connects the point
	// again, in the order of the condition.
	Alone []string
	// Together is, where none is enough alone, a set of closures that is:
	// a pair wherever there is one. Otherwise a set of three or more of which
	// none can be left out, though some other set may be smaller.
	Together []string
	// Never marks a point that is cut off even with all of them lifted.
	Never bool
}

// maxPairs bounds the search for pairs of closures, over all points together.
const maxPairs = 2_000_000

// CutOff lists the points that are cut off from the bases, ascending, each
// with the closures that do it: those that the metric's condition made. The
// other conditions of the metric (closed ice roads, one-way streets) stay as
// they are, and of several entries of the condition about one ferry the last is
// meant. Points that are far from any road (SnapFar) are cut off for ever.
//
// Snap the points with a metric that has no closures: on the metric with them
// a home by the water would be put on the other bank, where the roads are
// open.
//
// The work is done on the components of the roads that are open and the
// closed roads between them, which is a small graph: so it takes little more
// than finding the components, however many closures there are.
func (m *Metric) CutOff(ctx context.Context, points, bases []Snap) ([]Cut, error) {
	if err := m.acquire(); err != nil {
		return nil, err
	}
	defer m.release()
	pointPlaces, pointOf, err := m.differentPlaces(points, "points")
	if err != nil {
		return nil, err
	}
	basePlaces, _, err := m.differentPlaces(bases, "bases")
	if err != nil {
		return nil, err
	}
	causes := m.causes()
	found := make([]verdict, len(pointPlaces))
	for i := range found {
		found[i].kind = CutBoth
	}
	// Bases are bits of a word.
	for first := 0; first < len(basePlaces); first += 64 {
		g := m.newCutGraph(causes, basePlaces[first:min(first+64, len(basePlaces))], pointPlaces)
		if err := g.judge(ctx, found); err != nil {
			return nil, err
		}
	}
	var cuts []Cut
	for i, at := range pointOf {
		v := &found[at]
		if v.connected {
			continue
		}
		c := Cut{Point: i, Kind: v.kind, Alone: causes.names(v.alone), Never: !v.lifted}
		if len(v.alone) == 0 {
			c.Together = causes.names(v.together)
		}
		cuts = append(cuts, c)
	}
	return cuts, nil
}

// differentPlaces turns snaps into places and lists each place once, in the
// order of the first snap that is there.
func (m *Metric) differentPlaces(snaps []Snap, what string) (places []place, of []int, err error) {
	of = make([]int, len(snaps))
	known := make(map[place]int, len(snaps))
	for i, s := range snaps {
		p, err := m.place(s)
		if err != nil {
			return nil, nil, fmt.Errorf("%s[%d]: %w", what, i, err)
		}
		at, ok := known[p]
		if !ok {
			at = len(places)
			known[p] = at
			places = append(places, p)
		}
		of[i] = at
	}
	return places, of, nil
}

// verdict is what was found out about a place.
type verdict struct {
	connected   bool
	kind        CutKind
	there, back bool
	lifted      bool    // connected with everything lifted
	alone       []int32 // causes, ascending
	together    []int32
}

// causes are the closures and stopped ferries of a condition.
type causes struct {
	ids []string
	at  map[int32][]int32 // causes by directed segment, ascending
}

func (c *causes) names(list []int32) []string {
	var names []string
	for _, i := range list {
		names = append(names, c.ids[i])
	}
	return slices.Compact(names)
}

// causes lists what the condition closes.
func (m *Metric) causes() *causes {
	c := &causes{at: map[int32][]int32{}}
	s := m.set
	for i := range s.closures {
		b := &s.closures[i]
		for _, directed := range b.segments {
			if list := c.at[directed]; len(list) == 0 || list[len(list)-1] != int32(len(c.ids)) {
				c.at[directed] = append(list, int32(len(c.ids)))
			}
		}
		c.ids = append(c.ids, b.id)
	}
	ferries := make([]int32, len(s.condition.Ferries))
	for i := range s.condition.Ferries {
		if ferries[i] = -1; s.condition.Ferries[i].Stopped {
			ferries[i] = int32(len(c.ids))
			c.ids = append(c.ids, s.condition.Ferries[i].ID)
		}
	}
	for w, e := range s.edits { // in any order: every segment gets one entry
		if e.ferry == 0 || ferries[e.ferry-1] < 0 {
			continue
		}
		way := &s.r.ways[w]
		for seg := way.First; seg < way.First+way.Count-1; seg++ {
			for d := seg << 1; d <= seg<<1|1; d++ {
				c.at[d] = append(c.at[d], ferries[e.ferry-1])
			}
		}
	}
	return c
}

// blame appends the causes why a stretch of a directed chain is closed, each
// once, ascending. It says false where something else closes it.
func (m *Metric) blame(list []int32, c *causes, cost *costing, d int32, from, to *place) ([]int32, bool) {
	first := len(list)
	ok := m.stretch(d, from, to, func(directed int32, _, _ int64) bool {
		list = append(list, c.at[directed]...)
		return m.openIfLifted(cost, directed)
	})
	if !ok {
		return list[:first], false
	}
	slices.Sort(list[first:])
	return append(list[:first], slices.Compact(list[first:])...), true
}

// openIfLifted reports whether a directed segment can be travelled when no
// closure holds and all ferries run.
func (m *Metric) openIfLifted(c *costing, directed int32) bool {
	s := m.set
	s.take(c, directed>>1)
	rate := c.cost.forward
	if directed&1 != 0 {
		rate = c.cost.backward
	}
	if rate > 0 {
		return true
	}
	e := s.edits[c.index]
	return e != nil && e.ferry > 0 && s.condition.Ferries[e.ferry-1].Stopped && s.profile.Passable(&e.way, directed&1 == 0)
}

// closedArcs lists the arcs of the graph that are closed by causes alone, one
// for each directed chain and its ends.
func (m *Metric) closedArcs(c *causes) (arcs []cutArc) {
	chains := map[int32]bool{}
	for directed := range c.at {
		if d := m.chainOf(directed); d >= 0 {
			chains[d] = true
		}
	}
	order := make([]int32, 0, len(chains))
	for d := range chains {
		order = append(order, d)
	}
	slices.Sort(order)
	var cost costing
	for _, d := range order {
		list, ok := m.blame(nil, c, &cost, d, nil, nil)
		if !ok || len(list) == 0 {
			continue
		}
		for _, a := range m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]] {
			if m.mayTake(a) {
				arcs = append(arcs, cutArc{m.t.arcTail[a], m.t.arcHead[a], list})
			}
		}
	}
	return arcs
}

// cutArc leads from one node of a cutGraph to another once its causes are
// lifted; without causes it is open.
type cutArc struct {
	tail, head int32
	causes     []int32 // ascending
}

func compareCutArcs(a, b cutArc) int {
	return cmp.Or(cmp.Compare(a.tail, b.tail), cmp.Compare(a.head, b.head), slices.Compare(a.causes, b.causes))
}
