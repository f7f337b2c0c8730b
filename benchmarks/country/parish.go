package main

import (
	"math"
	"math/rand/v2"
	"strconv"
)

// A parish is one square of the country: its roads, and what else a map is
// full of.
type parish struct {
	c      *country
	x, y   int
	random *rand.Rand
	kind   kind
	low    spot // its south-western corner

	firstNode, firstWay int64
	maxNodes, maxWays   int // exactly so many are made

	nodes []point
	ways  []line
	bans  []ban
}

// point is a node.
type point struct {
	spot
	tags []tag
}

// line is a way. A reference below 0 is to a crossing of the western (-1) or
// the southern (-2) border, a node of the parish there.
type line struct {
	refs []int
	tags []tag
}

// ban is a turn restriction at a node.
type ban struct {
	from, via, to int // way, node, way
	kind          string
}

const (
	fromWest  = -1
	fromSouth = -2
)

// parish makes the parish at a place on the board.
func (c *country) parish(x, y int) *parish {
	i := y*c.side + x
	p := &parish{
		c: c, x: x, y: y, kind: c.kind(x, y),
		random: rand.New(rand.NewPCG(c.seed, uint64(i)+1)),
		low:    spot{float64(x) * parishMetres, float64(y) * parishMetres},

		firstNode: c.nodes[i], maxNodes: int(c.nodes[i+1] - c.nodes[i]),
		firstWay: c.ways[i], maxWays: int(c.ways[i+1] - c.ways[i]),
	}
	p.add(c.crossing(x, y, false)) // node 0
	p.add(c.crossing(x, y, true))  // node 1
	p.roads()
	p.rest()
	return p
}

func (p *parish) add(s spot, tags ...tag) int {
	p.nodes = append(p.nodes, point{s, tags})
	return len(p.nodes) - 1
}

// room reports whether so many nodes and ways fit a share of the parish's own.
func (p *parish) room(nodes, ways int, share float64) bool {
	return float64(len(p.nodes)+nodes) <= share*float64(p.maxNodes) && float64(len(p.ways)+ways) <= share*float64(p.maxWays)
}

// roadShare is how much of a parish may be roads; the rest of it is houses,
// fields and water.
const roadShare = 0.25

// roads makes the network: through roads, the village or town, and trees of
// dead ends into the forest.
func (p *parish) roads() {
	if !p.room(8, 4, 1) {
		return
	}
	centre := p.add(p.c.centre(p.x, p.y))
	var roots []int // nodes that more roads may begin at
	for _, side := range [...]struct {
		class class
		end   int
		place spot
	}{
		{p.c.east(p.x, p.y), 0, p.nodes[0].spot},
		{p.c.north(p.x, p.y), 1, p.nodes[1].spot},
		{p.c.east(p.x-1, p.y), fromWest, p.c.crossing(p.x-1, p.y, false)},
		{p.c.north(p.x, p.y-1), fromSouth, p.c.crossing(p.x, p.y-1, true)},
	} {
		outside := side.end == fromWest && p.x == 0 || side.end == fromSouth && p.y == 0
		if side.class == none || outside {
			continue
		}
		refs := p.between(centre, side.end, side.place, 110)
		bridge := -1
		if side.end == 0 && riverIn(p.x) {
			bridge = p.nearest(refs, p.riverX())
		}
		p.road(refs, side.class, bridge)
		roots = append(roots, refs[:len(refs)-1]...)
	}
	roots = append(roots, centre)
	switch p.kind {
	case town:
		roots = append(roots, p.streets(centre, 14)...)
	case village:
		roots = append(roots, p.streets(centre, 4)...)
	}
	p.ferry(roots)
	// The forest's roads branch off the roads that are there, and off each
	// other.
	for tries := 0; tries < 400 && p.room(30, 3, roadShare); tries++ {
		roots = append(roots, p.deadEnd(roots[p.random.IntN(len(roots))])...)
	}
}

// between makes the nodes of a road from a node to an end that may be another
// parish's, with a node every so many metres, winding a little.
func (p *parish) between(from, end int, place spot, step float64) []int {
	a := p.nodes[from].spot
	dx, dy := place.x-a.x, place.y-a.y
	pieces := max(1, min(int(math.Hypot(dx, dy)/step), (p.maxNodes-len(p.nodes)-8)/4))
	phase, wind := p.random.Float64()*math.Pi, (p.random.Float64()-0.5)*0.12
	refs := []int{from}
	for i := 1; i < pieces; i++ {
		t := float64(i) / float64(pieces)
		bend := wind * math.Sin(2*math.Pi*t+phase) * math.Sin(math.Pi*t)
		refs = append(refs, p.add(spot{a.x + t*dx - bend*dy, a.y + t*dy + bend*dx}))
	}
	return append(refs, end)
}

func (p *parish) riverX() float64 {
	return p.low.x + (0.7+0.1*math.Sin(float64(p.y)))*parishMetres
}

// nearest is the index of the inner node nearest to a line from north to
// south; 1 if there is none.
func (p *parish) nearest(refs []int, x float64) int {
	best := 1
	for i := 1; i+1 < len(refs); i++ {
		if math.Abs(p.nodes[refs[i]].x-x) < math.Abs(p.nodes[refs[best]].x-x) {
			best = i
		}
	}
	return best
}

// road adds a through road: one way, or three where there is a bridge after
// its node of that index.
func (p *parish) road(refs []int, class class, bridge int) {
	tags := roadTags(class, p.c.hash(p.x, p.y, 10))
	if bridge < 1 || bridge+2 >= len(refs) {
		p.way(refs, tags...)
		return
	}
	p.way(refs[:bridge+1], tags...)
	over := append([]tag{{"bridge", "yes"}, {"layer", "1"}}, tags...)
	p.way(refs[bridge:bridge+2], append(over, tag{"bridge:name", name(p.c.hash(p.x, p.y, 11)) + "bron"})...)
	p.way(refs[bridge+1:], tags...)
}

func (p *parish) way(refs []int, tags ...tag) int {
	p.ways = append(p.ways, line{refs, tags})
	return len(p.ways) - 1
}

func roadTags(class class, h uint64) []tag {
	number := strconv.FormatUint(1+h%98, 10)
	switch class {
	case trunk:
		return []tag{{"highway", "trunk"}, {"maxspeed", "100"}, {"ref", "E " + number}, {"surface", "asphalt"}, {"lanes", "2"}}
	case primary:
		return []tag{{"highway", "primary"}, {"maxspeed", "90"}, {"ref", number}, {"surface", "asphalt"}}
	case secondary:
		return []tag{{"highway", "secondary"}, {"maxspeed", "80"}, {"ref", "3" + number}, {"surface", "asphalt"}}
	case tertiary:
		return []tag{{"highway", "tertiary"}, {"maxspeed", "70"}, {"name", name(h) + "vägen"}}
	}
	return []tag{{"highway", "unclassified"}, {"surface", "gravel"}, {"name", name(h) + "vägen"}}
}

// streets lays a net of streets around the centre, blocks by blocks, with
// one-way streets, roundabouts' worth of banned turns, footways and parking.
func (p *parish) streets(centre, blocks int) (corners []int) {
	const step = 95.0
	at := p.nodes[centre].spot
	side := blocks + 1
	for side > 2 && !p.room(2*side*side, 3*side, roadShare*0.8) {
		side--
	}
	if !p.room(2*side*side, 3*side, 1) {
		return nil
	}
	turn := p.random.Float64() * math.Pi / 2
	sin, cos := math.Sincos(turn)
	middle := side / 2
	for j := range side {
		for i := range side {
			if i == middle && j == middle {
				corners = append(corners, centre)
				continue
			}
			u, v := float64(i-middle)*step+p.random.Float64()*20, float64(j-middle)*step+p.random.Float64()*20
			corners = append(corners, p.add(spot{at.x + u*cos - v*sin, at.y + u*sin + v*cos}))
		}
	}
	var along, across []int // ways
	for k := range side {
		var row, column []int
		for i := range side {
			row = append(row, corners[k*side+i])
			column = append(column, corners[i*side+k])
		}
		tags := []tag{{"highway", "residential"}, {"name", name(p.c.hash(p.x, p.y, 100+k)) + "gatan"}, {"maxspeed", "40"}}
		if k%5 == 3 {
			tags = append(tags, tag{"oneway", "yes"})
		}
		along = append(along, p.way(row, tags...))
		across = append(across, p.way(column, tag{"highway", "residential"}, tag{"name", name(p.c.hash(p.x, p.y, 200+k)) + "gränd"}))
	}
	if side > 4 {
		for k := 1; k+1 < side; k += 2 {
			kind := [...]string{"no_left_turn", "no_right_turn", "only_straight_on", "no_u_turn"}[p.random.IntN(4)]
			to := across[k]
			if kind == "only_straight_on" || kind == "no_u_turn" {
				to = along[k]
			}
			p.bans = append(p.bans, ban{along[k], corners[k*side+k], to, kind})
		}
	}
	// A footway round one block, and a cycleway out of town.
	if side > 2 {
		p.way([]int{corners[0], corners[1], corners[side+1], corners[side], corners[0]}, tag{"highway", "footway"})
		last := corners[len(corners)-1]
		out := spot{p.nodes[last].x + 600, p.nodes[last].y + 400}
		p.way(p.between(last, p.add(out), out, 60), tag{"highway", "cycleway"}, tag{"surface", "asphalt"})
	}
	return corners
}

// ferry puts an island into some parishes, with a landing on either side.
func (p *parish) ferry(roots []int) {
	h := p.c.hash(p.x, p.y, 12)
	if h%40 != 0 || p.kind != village || !p.room(60, 6, roadShare) {
		return
	}
	root := roots[p.random.IntN(len(roots))]
	at := p.nodes[root].spot
	shore := p.add(spot{at.x + 300, at.y - 250})
	p.way([]int{root, shore}, tag{"highway", "unclassified"}, tag{"surface", "gravel"})
	landing := p.add(spot{at.x + 1100, at.y - 900})
	p.way([]int{shore, landing}, tag{"route", "ferry"}, tag{"name", name(h) + "leden"}, tag{"duration", "00:10"}, tag{"motorcar", "yes"})
	if h%80 == 0 {
		p.way([]int{shore, landing}, tag{"highway", "unclassified"}, tag{"ice_road", "yes"}, tag{"seasonal", "winter"})
	}
	inland := spot{at.x + 1900, at.y - 1500}
	p.way(p.between(landing, p.add(inland), inland, 80), tag{"highway", "track"}, tag{"surface", "gravel"})
}

// deadEnd leads from a node into the forest. It returns nodes that further
// roads may begin at.
func (p *parish) deadEnd(root int) []int {
	at := p.nodes[root].spot
	length := 150 + p.random.ExpFloat64()*900
	direction := p.random.Float64() * 2 * math.Pi
	end := p.within(spot{at.x + length*math.Cos(direction), at.y + length*math.Sin(direction)})
	refs := p.between(root, p.add(end), end, 55)
	p.way(refs, deadEndTags(p.random.IntN(10), length)...)
	if len(refs) > 3 && p.random.IntN(6) == 0 {
		p.nodes[refs[1]].tags = []tag{{"barrier", [...]string{"gate", "lift_gate", "bollard", "chain"}[p.random.IntN(4)]}}
	}
	return refs[1:]
}

func deadEndTags(draw int, length float64) []tag {
	switch {
	case length < 350 && draw < 7:
		return []tag{{"highway", "service"}, {"service", "driveway"}}
	case draw < 2:
		return []tag{{"highway", "path"}}
	case draw < 3:
		return []tag{{"highway", "service"}, {"access", "private"}}
	case draw < 5:
		return []tag{{"highway", "unclassified"}, {"surface", "gravel"}}
	}
	return []tag{{"highway", "track"}, {"tracktype", "grade" + strconv.Itoa(1+draw%5)}, {"surface", "gravel"}}
}

// within moves a place into the parish.
func (p *parish) within(s spot) spot {
	const edge = 30
	return spot{
		min(max(s.x, p.low.x+edge), p.low.x+parishMetres-edge),
		min(max(s.y, p.low.y+edge), p.low.y+parishMetres-edge),
	}
}
