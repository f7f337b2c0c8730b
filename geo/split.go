package geo

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/slinga-se/slinga/geo/osm"
)

// turn is one restriction as this topology needs it: coming along way from
// into the start node, then along path, way to is forbidden (or the only one
// allowed). path is empty when the restriction is at a node.
type turn struct {
	rule     int32 // index into Region.restrictions
	from, to int32
	start    int32   // OSM node where from ends
	path     []int32 // directed chains
	last     int32   // OSM node where to begins
	only     bool
	modes    osm.Modes
	sometime bool // it has a condition
}

// A ban closes an arc while a conditional restriction binds, or while the next
// ban does: so a number stands for a set of restrictions. The next one has a
// lower number; -1: there is none.
type ban struct{ restriction, next int32 }

// arcBan is an arc that conditional restrictions close at times.
type arcBan struct{ arc, ban int32 }

// A splitter makes graph nodes and arcs out of junctions, chains and turns.
//
// It walks the roads and remembers, at each junction, just what still matters
// of the way there: which turns are forbidden from here, and which via-way
// restrictions have been entered. Two ways of arriving that leave the same
// memory share a graph node; so an ordinary junction stays one node, and a
// restricted one becomes as few copies as tell its cases apart.
//
// A restriction with a condition is remembered like any other, so that every
// way of arriving that it is about is a copy of its own. But the turn that it
// forbids stays an arc, which knows the restrictions that forbid it: a metric
// closes the arcs of those that bind at its time. What is left is the graph
// that would be made of these restrictions and the unconditional ones alone, in
// which some copies tell cases apart that are the same.
type splitter struct {
	r       *Region
	t       *topology
	group   osm.Modes
	closed  []osm.Modes // by OSM node: whom a barrier stops
	turns   []turn
	startAt map[int32][]int32 // turns by start node
	travel  []osm.Modes       // who may travel a directed chain; the same on all its segments
	out     incidence         // directed chains by OSM node that they leave

	// A state is one copy of a junction while the graph is being made. The
	// plain ones, by far the most, come first and remember nothing.
	nodes  []int32          // by state: the OSM node
	plain  []int32          // by OSM node: the state without memory
	copies map[string]int32 // the other states by junction and memory
	memory []memory         // by state, less the number of plain ones
	bans   map[ban]int32    // numbers in topology.bans

	arcFirst []int32 // by state, into arcs
	arcs     []halfArc
}

// memory is what a state remembers.
type memory struct {
	forbid  []forbidden
	entered []entered
}

// forbidden keeps modes from leaving by a directed chain, and others at times.
type forbidden struct {
	chain int32
	modes osm.Modes
	ban   int32 // or -1
}

// entered is a via-way restriction of which the first done chains of its path
// have been driven.
type entered struct{ turn, done int32 }

type halfArc struct {
	head, chain int32
	modes       osm.Modes
	ban         int32 // or -1
}

// split builds the graph nodes and arcs of the topology.
func (r *Region) split(t *topology, n *incidence, group osm.Modes, junction []bool, closed []osm.Modes) {
	s := splitter{r: r, t: t, group: group, closed: closed, copies: map[string]int32{}, bans: map[ban]int32{}}
	s.permit()
	s.outgoing(junction)
	s.findTurns(n)

	// The plain copy of every junction comes first.
	s.plain = make([]int32, len(r.nodes))
	plain := 0
	for _, is := range junction {
		if is {
			plain++
		}
	}
	s.nodes = make([]int32, 0, plain)
	for v, is := range junction {
		if is {
			s.plain[v] = int32(len(s.nodes))
			s.nodes = append(s.nodes, int32(v))
		}
	}
	s.arcFirst = make([]int32, 0, plain+1)
	s.arcs = make([]halfArc, 0, len(s.out.leaving))
	for i := 0; i < len(s.nodes); i++ { // grows while it runs
		s.arcFirst = append(s.arcFirst, int32(len(s.arcs)))
		var m memory
		if i >= plain {
			m = s.memory[i-plain]
		}
		for _, d := range s.out.at(s.nodes[i]) {
			modes, ban := s.travel[d], int32(-1)
			for _, f := range m.forbid {
				if f.chain == d {
					modes, ban = modes&^f.modes, f.ban
				}
			}
			if modes != 0 {
				s.arcs = append(s.arcs, halfArc{s.arrive(d, m.entered), d, modes, ban})
			}
		}
	}
	s.arcFirst = append(s.arcFirst, int32(len(s.arcs)))
	t.chainHead = make([]int32, 2*t.chains())
	for d := range t.chainHead {
		t.chainHead[d] = -1
		if s.travel[d] != 0 {
			t.chainHead[d] = s.arrive(int32(d), nil)
		}
	}
	s.number()
}

// firstSegment and lastSegment are the directed segments at the ends of a
// directed chain.
func (t *topology) firstSegment(d int32) int32 {
	c := d >> 1
	if d&1 == 0 {
		return t.chainSegs[t.chainFirst[c]]
	}
	return t.chainSegs[t.chainFirst[c+1]-1] ^ 1
}

func (t *topology) lastSegment(d int32) int32 { return t.firstSegment(d^1) ^ 1 }

// permit finds out who may travel which directed chain.
func (s *splitter) permit() {
	s.travel = make([]osm.Modes, 2*s.t.chains())
	for d := range s.travel {
		s.travel[d] = s.r.allowed(s.t.firstSegment(int32(d)), s.group)
	}
}

// outgoing lists the directed chains that leave each junction and that some
// mode may travel.
func (s *splitter) outgoing(junction []bool) {
	s.out.first = make([]int32, len(junction)+1)
	for d := range int32(2 * s.t.chains()) {
		if s.travel[d] != 0 {
			s.out.first[s.r.tail(s.t.firstSegment(d))+1]++
		}
	}
	for v := range junction {
		s.out.first[v+1] += s.out.first[v]
	}
	s.out.leaving = make([]int32, s.out.first[len(junction)])
	next := append([]int32(nil), s.out.first...)
	for d := range int32(2 * s.t.chains()) {
		if s.travel[d] != 0 {
			v := s.r.tail(s.t.firstSegment(d))
			s.out.leaving[next[v]] = d
			next[v]++
		}
	}
}

// arrive is the graph node at the end of directed chain d, reached with the
// given via-way restrictions entered before it.
func (s *splitter) arrive(d int32, before []entered) int32 {
	last := s.t.lastSegment(d)
	v := s.r.head(last)
	var now []entered
	for _, e := range before {
		if path := s.turns[e.turn].path; path[e.done] == d {
			now = append(now, entered{e.turn, e.done + 1})
		}
	}
	for _, i := range s.startAt[v] {
		if s.turns[i].from == s.r.segWay[last>>1] {
			now = append(now, entered{i, 0})
		}
	}
	slices.SortFunc(now, func(a, b entered) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.done, b.done))
	})
	now = slices.Compact(now)
	var forbid []forbidden
	at := func(chain int32) *forbidden {
		for i := range forbid {
			if forbid[i].chain == chain {
				return &forbid[i]
			}
		}
		forbid = append(forbid, forbidden{chain, 0, -1})
		return &forbid[len(forbid)-1]
	}
	if stopped := s.closed[v] & s.group; stopped != 0 {
		for _, out := range s.out.at(v) {
			if out != d^1 {
				at(out).modes |= stopped
			}
		}
	}
	ongoing := now[:0]
	for _, e := range now {
		turn := &s.turns[e.turn]
		if int(e.done) < len(turn.path) {
			ongoing = append(ongoing, e)
			continue
		}
		for _, out := range s.out.at(v) {
			if !s.forbids(turn, d, out) {
				continue
			}
			if f := at(out); turn.sometime {
				f.ban = s.ban(turn.rule, f.ban)
			} else {
				f.modes |= turn.modes
			}
		}
	}
	if len(forbid) == 0 && len(ongoing) == 0 {
		return s.plain[v]
	}
	slices.SortFunc(forbid, func(a, b forbidden) int { return int(a.chain) - int(b.chain) })
	key := s.key(v, forbid, ongoing)
	if state, ok := s.copies[key]; ok {
		return state
	}
	state := int32(len(s.nodes))
	s.copies[key] = state
	s.nodes = append(s.nodes, v)
	s.memory = append(s.memory, memory{forbid, ongoing})
	return state
}

// ban is the number of the set of a conditional restriction and those of next,
// which are of lower numbers or the same: so each set has one number.
func (s *splitter) ban(restriction, next int32) int32 {
	if next >= 0 && s.t.bans[next].restriction == restriction {
		return next // it was entered by two ways at once
	}
	b := ban{restriction, next}
	number, known := s.bans[b]
	if !known {
		number = int32(len(s.t.bans))
		s.bans[b] = number
		s.t.bans = append(s.t.bans, b)
	}
	return number
}

// forbids reports whether the turn, once its path is driven, forbids going
// from directed chain in to directed chain out.
func (s *splitter) forbids(t *turn, in, out int32) bool {
	onto := s.r.segWay[s.t.firstSegment(out)>>1] == t.to
	if t.only {
		return !onto
	}
	if t.from == t.to && len(t.path) == 0 {
		// Back along the way that one came on: only the reversal is meant,
		// not going on where the way runs through the junction.
		return onto && s.t.firstSegment(out) == s.t.lastSegment(in)^1
	}
	return onto
}

// findTurns picks the restrictions that bind someone here, and resolves their
// via ways into directed chains.
func (s *splitter) findTurns(n *incidence) {
	s.startAt = map[int32][]int32{}
	add := func(x turn) {
		reachable := slices.ContainsFunc(s.out.at(x.last), func(out int32) bool {
			return s.r.segWay[s.t.firstSegment(out)>>1] == x.to
		})
		if !reachable {
			return // nothing to forbid, and an "only" that cannot be obeyed is void
		}
		s.startAt[x.start] = append(s.startAt[x.start], int32(len(s.turns)))
		s.turns = append(s.turns, x)
	}
	for i := range s.r.restrictions {
		rs := &s.r.restrictions[i]
		modes := osm.Modes(rs.Modes) & s.group
		if modes == 0 {
			continue
		}
		x := turn{rule: int32(i), from: rs.From, to: rs.To, only: rs.Only != 0, modes: modes, sometime: rs.Condition != 0}
		if rs.ViaNode >= 0 {
			x.start, x.last = rs.ViaNode, rs.ViaNode
			if len(n.at(rs.ViaNode)) > 0 {
				add(x)
			}
			continue
		}
		for _, run := range s.r.viaRuns(rs) {
			if path, ok := s.chainsOf(run); ok {
				x.start, x.last, x.path = s.r.tail(run[0]), s.r.head(run[len(run)-1]), path
				add(x)
			}
		}
	}
}

// viaRuns lists the directed segments over the via ways of a restriction, from
// a node of its from way to a node of its to way: none when the ways do not
// meet end to end, two when they fit both ways round.
func (r *Region) viaRuns(rs *restriction) [][]int32 {
	via := r.viaWays[rs.ViaFirst : rs.ViaFirst+rs.ViaCount]
	touches := func(w, osmNode int32) bool {
		first := r.ways[w].First
		return slices.Contains(r.refs[first:first+r.ways[w].Count], osmNode)
	}
	// along appends way w in the direction that begins at the node.
	along := func(run []int32, w int32, backward bool) []int32 {
		first, last := r.ways[w].First, r.ways[w].First+r.ways[w].Count-1
		if backward {
			for i := last - 1; i >= first; i-- {
				if r.refs[i] != r.refs[i+1] {
					run = append(run, i<<1|1)
				}
			}
			return run
		}
		for i := first; i < last; i++ {
			if r.refs[i] != r.refs[i+1] {
				run = append(run, i<<1)
			}
		}
		return run
	}
	var runs [][]int32
	for _, startBackward := range []bool{false, true} {
		var run []int32
		backward, fits := startBackward, true
		for i, w := range via {
			begin := r.ways[w].First
			end := begin + r.ways[w].Count - 1
			if i > 0 {
				at := r.head(run[len(run)-1])
				switch at {
				case r.refs[begin]:
					backward = false
				case r.refs[end]:
					backward = true
				default:
					fits = false
				}
			}
			before := len(run)
			if run = along(run, w, backward); !fits || len(run) == before {
				fits = false // a way without length is no way to drive
				break
			}
		}
		if fits && len(run) > 0 && touches(rs.From, r.tail(run[0])) && touches(rs.To, r.head(run[len(run)-1])) {
			runs = append(runs, run)
		}
	}
	return runs
}

// chainsOf writes a run of directed segments as directed chains. It fails when
// the run is not made of whole chains that someone may travel.
func (s *splitter) chainsOf(run []int32) (path []int32, ok bool) {
	for len(run) > 0 {
		pos := s.t.segPos[run[0]>>1]
		if pos < 0 {
			return nil, false
		}
		c := s.t.chainAt(pos)
		d := c << 1
		if s.t.chainSegs[pos] != run[0] {
			d |= 1
		}
		length := int(s.t.chainFirst[c+1] - s.t.chainFirst[c])
		if s.t.firstSegment(d) != run[0] || length > len(run) || s.t.lastSegment(d) != run[length-1] || s.travel[d] == 0 {
			return nil, false
		}
		path = append(path, d)
		run = run[length:]
	}
	return path, true
}

// key is the junction and what is remembered there, as bytes.
func (s *splitter) key(v int32, forbid []forbidden, ongoing []entered) string {
	b := binary.LittleEndian.AppendUint32(make([]byte, 0, 8+12*len(forbid)+8*len(ongoing)), uint32(v))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(forbid)))
	for _, f := range forbid {
		b = binary.LittleEndian.AppendUint32(b, uint32(f.chain))
		b = binary.LittleEndian.AppendUint32(b, uint32(f.modes))
		b = binary.LittleEndian.AppendUint32(b, uint32(f.ban))
	}
	for _, e := range ongoing {
		b = binary.LittleEndian.AppendUint32(b, uint32(e.turn))
		b = binary.LittleEndian.AppendUint32(b, uint32(e.done))
	}
	return string(b)
}

// number sorts the copies by OSM node, the plain one first, and writes nodes
// and arcs into the topology.
func (s *splitter) number() {
	t := s.t
	order := make([]int32, len(s.nodes))
	for i := range order {
		order[i] = int32(i)
	}
	// The plain copies were made in the order of their nodes, and before the
	// others, so a merge of two runs is enough.
	plain := len(order) - len(s.memory)
	slices.SortFunc(order[plain:], func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.nodes[a], s.nodes[b]), cmp.Compare(a, b))
	})
	first, others := slices.Clone(order[:plain]), slices.Clone(order[plain:])
	for i := range order {
		if len(others) == 0 || len(first) > 0 && s.nodes[first[0]] <= s.nodes[others[0]] {
			order[i], first = first[0], first[1:]
		} else {
			order[i], others = others[0], others[1:]
		}
	}
	number := make([]int32, len(order))
	for i, state := range order {
		number[state] = int32(i)
	}
	arcs := len(s.arcs)
	t.nodeOf = make([]int32, 0, len(order))
	t.arcFirst = append(make([]int32, 0, len(order)+1), 0)
	t.arcTail = make([]int32, 0, arcs)
	t.arcHead = make([]int32, 0, arcs)
	t.arcChain = make([]int32, 0, arcs)
	t.arcModes = make([]uint8, 0, arcs)
	for i, state := range order {
		t.nodeOf = append(t.nodeOf, s.nodes[state])
		for _, a := range s.arcs[s.arcFirst[state]:s.arcFirst[state+1]] {
			if a.ban >= 0 {
				t.arcBans = append(t.arcBans, arcBan{int32(len(t.arcHead)), a.ban})
			}
			t.arcTail = append(t.arcTail, int32(i))
			t.arcHead = append(t.arcHead, number[a.head])
			t.arcChain = append(t.arcChain, a.chain)
			t.arcModes = append(t.arcModes, uint8(a.modes))
		}
		t.arcFirst = append(t.arcFirst, int32(len(t.arcHead)))
	}
	for d, head := range t.chainHead {
		if head >= 0 {
			t.chainHead[d] = number[head]
		}
	}
}
