package model

import (
	"math"
	"math/rand/v2"
)

// postSpeeds lowers the posted speed of main roads through settlements: 50
// inside, 70 on the way in.
func (m *maker) postSpeeds() {
	for _, s := range m.in.Settlements {
		middle, inner := m.plane.to(s.At), radius(s.Population)*0.9
		outer := inner + 600
		for _, e := range m.net.near(middle, middle, outer) {
			x := &m.net.edges[e]
			a := m.net.attrs[x.attr]
			if a.Place != "" || a.MaxSpeed <= 50 || a.Class == "ferry" {
				continue
			}
			d := between(m.net.nodes[x.a], m.net.nodes[x.b], 0.5).to(middle)
			switch {
			case d < inner:
				a.MaxSpeed = 50
			case d < outer && a.MaxSpeed > 70:
				a.MaxSpeed = 70
			default:
				continue
			}
			x.attr = m.net.attr(a)
		}
	}
}

// postOneways makes one-way streets in the larger settlements, where a short
// way round exists: the network stays strongly connected.
func (m *maker) postOneways() {
	r := rand.New(rand.NewPCG(m.seed, 5))
	large := map[string]bool{}
	for _, s := range m.in.Settlements {
		large[s.Name] = s.Population > 3000
	}
	for e := range m.net.edges {
		x := &m.net.edges[e]
		a := m.net.attrs[x.attr]
		if x.dead || !large[a.Place] || r.Float64() > 0.12 {
			continue
		}
		if m.wayRound(x.b, x.a, int32(e), 1200) {
			a.Oneway = true
			x.attr = m.net.attr(a)
		}
	}
}

// wayRound tells whether a node can be reached from another within so many
// metres without an edge, heeding one-way streets. It searches breadth first
// over nodes ordered by distance, which is enough for a few blocks.
func (m *maker) wayRound(from, to, without int32, limit float64) bool {
	distance := map[int32]float64{from: 0}
	queue := []int32{from}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, e := range m.net.out[v] {
			x := m.net.edges[e]
			if x.dead || e == without || m.net.attrs[x.attr].Oneway && x.b == v {
				continue
			}
			w := x.a + x.b - v
			d := distance[v] + m.net.nodes[x.a].to(m.net.nodes[x.b])
			if old, seen := distance[w]; d > limit || seen && old <= d {
				continue
			}
			if w == to {
				return true
			}
			distance[w] = d
			queue = append(queue, w)
		}
	}
	return false
}

// finish numbers the nodes in use, joins edges to ways and draws turn
// restrictions.
func (m *maker) finish(title string) *Network {
	out := &Network{Input: m.in, Homes: m.homes, title: title}
	number := make([]int32, len(m.net.nodes))
	for i := range number {
		number[i] = -1
	}
	use := func(v int32) int32 {
		if number[v] < 0 {
			number[v] = int32(len(out.Nodes))
			out.Nodes = append(out.Nodes, m.plane.from(m.net.nodes[v]))
		}
		return number[v]
	}
	stop := m.restrict()
	led := make([]bool, len(m.net.edges)) // has a piece before it in its way
	joins := func(e int32) bool {
		x := m.net.edges[e]
		if x.next < 0 {
			return false
		}
		y := m.net.edges[x.next]
		return !x.dead && !y.dead && x.b == y.a && x.attr == y.attr && !stop[x.b]
	}
	for e := range m.net.edges {
		if joins(int32(e)) {
			led[m.net.edges[e].next] = true
		}
	}
	wayOf := make([]int32, len(m.net.edges))
	for e := range m.net.edges {
		if m.net.edges[e].dead || led[e] {
			continue
		}
		way := Way{Attrs: m.net.attrs[m.net.edges[e].attr], Nodes: []int32{use(m.net.edges[e].a)}}
		for f := int32(e); ; f = m.net.edges[f].next {
			way.Nodes = append(way.Nodes, use(m.net.edges[f].b))
			wayOf[f] = int32(len(out.Ways))
			if !joins(f) {
				break
			}
		}
		out.Ways = append(out.Ways, way)
	}
	for v := range m.net.nodes {
		if stop[v] {
			out.Turns = append(out.Turns, m.turnAt(int32(v), wayOf, use(int32(v)))...)
		}
	}
	for _, s := range m.in.Settlements {
		out.Places = append(out.Places, use(m.named[s.Name]))
	}
	return out
}

// restrict chooses the junctions with a turn restriction: crossings of four
// arms in the larger settlements.
func (m *maker) restrict() []bool {
	r := rand.New(rand.NewPCG(m.seed, 6))
	stop := make([]bool, len(m.net.nodes))
	large := map[string]bool{}
	for _, s := range m.in.Settlements {
		large[s.Name] = s.Population > 1500
	}
	for v := range m.net.nodes {
		arms, streets := 0, 0
		for _, e := range m.net.out[v] {
			x := m.net.edges[e]
			a := m.net.attrs[x.attr]
			if x.dead {
				continue
			}
			if a.Oneway || a.Bridge {
				arms = 9
			}
			arms++
			if large[a.Place] {
				streets++
			}
		}
		stop[v] = arms == 4 && streets >= 3 && r.Float64() < 0.3
	}
	return stop
}

// turnAt forbids one left turn at a crossing.
func (m *maker) turnAt(v int32, wayOf []int32, via int32) []Turn {
	var arms []int32
	for _, e := range m.net.out[v] {
		if !m.net.edges[e].dead {
			arms = append(arms, e)
		}
	}
	far := func(e int32) xy {
		x := m.net.edges[e]
		return m.net.nodes[x.a+x.b-v]
	}
	here := m.net.nodes[v]
	from := arms[0]
	in := far(from).heading(here)
	for _, to := range arms[1:] {
		left := math.Mod(here.heading(far(to))-in+4*math.Pi, 2*math.Pi)
		if left > math.Pi/4 && left < 3*math.Pi/4 && wayOf[from] != wayOf[to] {
			return []Turn{{From: wayOf[from], Via: via, To: wayOf[to], Kind: "no_left_turn"}}
		}
	}
	return nil
}
