package model

import (
	"math"
	"math/rand/v2"
	"sort"
)

// Kind tells what sort of spot a home stands at.
type Kind string

// The kinds of homes.
const (
	Village   Kind = "village"   // along a street of a settlement
	Single    Kind = "single"    // along or at the end of a side road
	Neighbour Kind = "neighbour" // reached only through another municipality
	ByFerry   Kind = "ferry"     // on the island that a ferry (in winter an ice road) reaches
	Cut       Kind = "island"    // on the island that no road reaches
)

// Home is a place where a client may live.
type Home struct {
	At           Point
	Municipality string
	Settlement   string // "" for single homes
	Kind         Kind
}

// Sizes of the side road network of an area.
const (
	sideRoads   = 820  // dead ends with homes
	forestRoads = 260  // tracks without
	clearance   = 110  // metres that a side road keeps from other roads
	stride      = 190  // metres between its bends
	bend        = 0.45 // radians that it turns at each, at most
)

// drawSideRoads grows trees of dead ends out of the network: every side road
// starts on an edge drawn by lot, leaves it at about a right angle and winds
// on until its length is used up or another road or water is in the way.
// Later ones branch off earlier ones.
func (m *maker) drawSideRoads() {
	r := rand.New(rand.NewPCG(m.seed, 3))
	gravel := m.net.attr(Attrs{Class: "unclassified", Surface: "gravel"})
	private := m.net.attr(Attrs{Class: "service", Surface: "gravel"})
	track := m.net.attr(Attrs{Class: "track", Surface: "gravel"})
	const batch = 40
	for n := 0; n < sideRoads; n += batch {
		starts := m.starts()
		for i := 0; i < batch; i++ {
			length := math.Min(7000, 250+1500*r.ExpFloat64())
			attr := gravel
			if length < 500 {
				attr = private
			}
			for tries := 0; tries < 25; tries++ {
				if line := m.grow(r, starts, length); line != nil {
					passed := m.net.draw(line, attr)
					m.settleRoad(r, passed)
					break
				}
			}
		}
	}
	for n := 0; n < forestRoads; n += batch {
		starts := m.starts()
		for i := 0; i < batch; i++ {
			length := math.Min(9000, 800+2500*r.ExpFloat64())
			for tries := 0; tries < 25; tries++ {
				if line := m.grow(r, starts, length); line != nil {
					m.net.draw(line, track)
					break
				}
			}
		}
	}
}

// lots is a list of edges to draw from, with running sums of their weights.
type lots struct {
	edges []int32
	sums  []float64
}

// starts lists the edges that a side road may leave, by weight.
func (m *maker) starts() lots {
	var l lots
	sum := 0.0
	for i, x := range m.net.edges {
		if x.dead {
			continue
		}
		a := m.net.attrs[x.attr]
		weight := 0.0
		switch {
		case a.Bridge, a.Ice, a.Class == "ferry", a.Homes != "":
		case a.Class == "trunk":
			weight = 0.5
		case a.Class == "primary", a.Class == "secondary", a.Class == "tertiary":
			weight = 1
		case a.Class == "unclassified":
			weight = 0.7
		case a.Class == "track":
			weight = 0.15
		}
		if weight == 0 {
			continue
		}
		p, q := m.net.nodes[x.a], m.net.nodes[x.b]
		// People live near people: roads close to a settlement have more homes.
		for _, s := range m.in.Settlements {
			if d := m.plane.to(s.At).to(p); d < 12000 {
				weight *= 1 + 2.5*(1-d/12000)*math.Min(1.5, float64(s.Population)/700)
				break
			}
		}
		sum += weight * p.to(q)
		l.edges = append(l.edges, int32(i))
		l.sums = append(l.sums, sum)
	}
	return l
}

// pick draws an edge.
func (l lots) pick(r *rand.Rand) int32 {
	v := r.Float64() * l.sums[len(l.sums)-1]
	return l.edges[sort.SearchFloat64s(l.sums, v)]
}

// grow returns the line of a new dead end, or nil when the spot was no good.
// Outside the municipalities of the area few roads are drawn.
func (m *maker) grow(r *rand.Rand, starts lots, length float64) []xy {
	e := starts.pick(r)
	x := m.net.edges[e]
	if x.dead {
		return nil
	}
	a, b := m.net.nodes[x.a], m.net.nodes[x.b]
	from := between(a, b, 0.15+0.7*r.Float64())
	heading := a.heading(b) + math.Pi/2 + (r.Float64()-0.5)*0.9
	if r.IntN(2) == 0 {
		heading += math.Pi
	}
	if m.in.MunicipalityOf(m.plane.from(from)) == "" && r.Float64() < 0.9 {
		return nil
	}
	line := []xy{from}
	for length > 0 {
		pace := math.Min(length, stride*(0.7+0.6*r.Float64()))
		p := line[len(line)-1]
		placed := false
		for tries := 0; tries < 4 && !placed; tries++ {
			turned := heading + (2*r.Float64()-1)*bend
			q := p.add(toward(turned).times(pace))
			if m.free(p, q, line, e) {
				line, heading, placed = append(line, q), turned, true
			}
		}
		if !placed {
			break
		}
		length -= pace
	}
	if len(line) < 2 {
		return nil
	}
	return line
}

// free tells whether the next piece of a side road keeps its distance from
// roads, from itself and from water. The road that it leaves is near at first.
func (m *maker) free(p, q xy, line []xy, parent int32) bool {
	const bank = 70
	if m.net.shore(p, q, bank) < bank {
		return false
	}
	for i := 0; i+2 < len(line); i++ {
		if apart(p, q, line[i], line[i+1]) < clearance {
			return false
		}
	}
	first := len(line) == 1
	for _, e := range m.net.near(p, q, clearance) {
		x := m.net.edges[e]
		a, b := m.net.nodes[x.a], m.net.nodes[x.b]
		if first {
			// Only the far half must be clear, and nothing may be crossed.
			if e == parent {
				if _, d := nearest(q, a, b); d < clearance*0.6 {
					return false
				}
				continue
			}
			if _, d := nearest(q, a, b); d < clearance*0.6 || apart(p, q, a, b) < 25 {
				return false
			}
			continue
		}
		if _, d := nearest(q, a, b); d < clearance || apart(p, q, a, b) < clearance*0.55 {
			return false
		}
	}
	return true
}

// settleRoad puts homes along a side road and one at its end.
func (m *maker) settleRoad(r *rand.Rand, passed []int32) {
	if len(passed) < 2 {
		return
	}
	last := len(passed) - 1
	m.homeBetween(r, passed[last-1], passed[last], Single)
	for i := 1; i < last; i++ {
		if r.Float64() < 0.22 {
			m.homeBetween(r, passed[i-1], passed[i], Single)
		}
	}
}

// settleOdd puts homes along the roads that the table marks.
func (m *maker) settleOdd() {
	r := rand.New(rand.NewPCG(m.seed, 4))
	kinds := map[string]Kind{"neighbour": Neighbour, "ferry": ByFerry, "island": Cut}
	for e := range m.net.edges {
		x := m.net.edges[e]
		a := m.net.attrs[x.attr]
		kind, ok := kinds[a.Homes]
		if x.dead || !ok || a.Bridge {
			continue
		}
		// One home at least, then one on every third piece.
		if none := !m.has(kind); r.Float64() < 0.35 || none {
			m.home(r, x, 30, kind, "")
		}
	}
}

func (m *maker) has(kind Kind) bool {
	for i := len(m.homes) - 1; i >= 0; i-- {
		if m.homes[i].Kind == kind {
			return true
		}
	}
	return false
}

func (m *maker) homeBetween(r *rand.Rand, a, b int32, kind Kind) {
	m.home(r, edge{a: a, b: b}, 20+40*r.Float64(), kind, "")
}

// home puts a home beside an edge, so many metres off the road. It declines
// a spot in no municipality, or one that would lie closer to another road
// than to its own side of things.
func (m *maker) home(r *rand.Rand, x edge, off float64, kind Kind, settlement string) bool {
	a, b := m.net.nodes[x.a], m.net.nodes[x.b]
	if a.to(b) < 20 {
		return false
	}
	side := b.sub(a).left().times(1 / a.to(b))
	if r.IntN(2) == 0 {
		side = side.times(-1)
	}
	p := between(a, b, 0.2+0.6*r.Float64()).add(side.times(off))
	if m.net.shore(p, p, 15) < 15 {
		return false
	}
	at := m.plane.from(p)
	code := m.in.MunicipalityOf(at)
	if code == "" {
		return false
	}
	m.homes = append(m.homes, Home{At: at, Municipality: code, Settlement: settlement, Kind: kind})
	return true
}
