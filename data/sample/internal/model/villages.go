package model

import (
	"math"
	"math/rand/v2"
	"sort"
)

// drawVillages lays streets around every settlement: a bent grid that turns
// with the main road, thinned by lot to a spanning tree and some loops. No
// street crosses water.
func (m *maker) drawVillages() {
	for i, s := range m.in.Settlements {
		m.drawVillage(rand.New(rand.NewPCG(m.seed, 1000+uint64(i))), s)
	}
}

// radius of the streets around a settlement, in metres.
func radius(people int) float64 {
	return math.Min(1500, math.Max(230, 90+15*math.Sqrt(float64(people))))
}

func (m *maker) drawVillage(r *rand.Rand, s Settlement) {
	const block = 150.0
	middle := m.plane.to(s.At)
	turn := m.turn(s.Name)
	ahead, aside := toward(turn), toward(turn).left()
	reach := radius(s.Population)
	size := int(reach*1.4/block) + 1
	side := 2*size + 1
	at := func(i, j int) xy {
		return middle.add(ahead.times(float64(i) * block)).add(aside.times(float64(j) * block))
	}
	points := make([]xy, side*side)
	inside := make([]bool, side*side)
	for i := -size; i <= size; i++ {
		for j := -size; j <= size; j++ {
			k := (i+size)*side + j + size
			// Villages are long and narrow along their road, and their edge frays.
			e := math.Sqrt(float64(i*i)*block*block/1.7+float64(j*j)*block*block*1.5) * (0.85 + 0.3*r.Float64())
			inside[k] = e <= reach
			points[k] = at(i, j).add(xy{r.Float64()*40 - 20, r.Float64()*40 - 20})
		}
	}
	type link struct {
		a, b  int
		order float64
	}
	var links []link
	for i := 0; i < side; i++ {
		for j := 0; j < side; j++ {
			k := i*side + j
			for _, o := range [][2]int{{1, 0}, {0, 1}} {
				if i+o[0] >= side || j+o[1] >= side {
					continue
				}
				l := (i+o[0])*side + j + o[1]
				order := r.Float64()
				if !inside[k] || !inside[l] || m.net.shore(points[k], points[l], 40) < 40 || m.crossesBridge(points[k], points[l]) {
					continue
				}
				links = append(links, link{k, l, order})
			}
		}
	}
	sort.SliceStable(links, func(i, j int) bool { return links[i].order < links[j].order })
	parent := make([]int, side*side)
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	limit := 50
	if s.Population > 5000 {
		limit = 40
	}
	residential := m.net.attr(Attrs{Class: "residential", Surface: "asphalt", MaxSpeed: limit, Place: s.Name})
	lane := m.net.attr(Attrs{Class: "residential", Surface: "gravel", MaxSpeed: limit, Place: s.Name})
	for _, l := range links {
		a, b := find(l.a), find(l.b)
		if a == b && r.Float64() > 0.42 {
			continue
		}
		parent[a] = b
		attr := residential
		if r.Float64() < 0.2 {
			attr = lane
		}
		m.net.draw([]xy{points[l.a], points[l.b]}, attr)
	}
}

// turn is the direction of the main road at a settlement.
func (m *maker) turn(name string) float64 {
	v := m.named[name]
	for _, e := range m.net.out[v] {
		if x := m.net.edges[e]; !x.dead {
			return m.net.nodes[x.a].heading(m.net.nodes[x.b])
		}
	}
	return 0
}

func (m *maker) crossesBridge(a, b xy) bool {
	for _, e := range m.net.near(a, b, 30) {
		x := m.net.edges[e]
		t := m.net.attrs[x.attr]
		if (t.Bridge || t.Class == "ferry" || t.Ice) && apart(a, b, m.net.nodes[x.a], m.net.nodes[x.b]) < 30 {
			return true
		}
	}
	return false
}

// settleVillages puts homes along the streets of each settlement.
func (m *maker) settleVillages() {
	streets := map[string][]int32{}
	for e, x := range m.net.edges {
		if place := m.net.attrs[x.attr].Place; !x.dead && place != "" {
			streets[place] = append(streets[place], int32(e))
		}
	}
	for i, s := range m.in.Settlements {
		r := rand.New(rand.NewPCG(m.seed, 2000+uint64(i)))
		edges := streets[s.Name]
		want := int(math.Min(260, 16+float64(s.Population)/22))
		for tries := 0; want > 0 && tries < 40*260 && len(edges) > 0; tries++ {
			x := m.net.edges[edges[r.IntN(len(edges))]]
			if m.home(r, x, 15+20*r.Float64(), Village, s.Name) {
				want--
			}
		}
	}
}
