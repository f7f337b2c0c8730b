package main

import (
	"math"
	"strconv"

	"github.com/slinga-se/slinga/benchmarks/internal/osmpbf"
)

// rest fills the parish with what is not a road: houses, woods, lakes, the
// river, power lines and lone nodes, until exactly its nodes and ways are used.
func (p *parish) rest() {
	if riverIn(p.x) {
		p.river()
	}
	first := len(p.nodes)
	for len(p.ways) < p.maxWays {
		ways, nodes := p.maxWays-len(p.ways), p.maxNodes-len(p.nodes)
		mean := nodes / ways
		switch {
		case nodes < 4:
			// Nothing is left to draw with: the edges of what is there, again.
			at := p.random.IntN(max(1, len(p.nodes)-3))
			p.way([]int{at, at + 1, at + 2, at}, tag{"natural", "scrub"})
		case mean > 12 && p.random.IntN(5) == 0:
			p.outline(min(nodes, mean*5, 1900), p.cover()...)
		case p.random.IntN(40) == 0:
			p.power(min(nodes, 12))
		default:
			p.house()
		}
	}
	// Every tenth house has an entrance, some trees stand alone.
	for len(p.nodes) < p.maxNodes {
		p.add(p.somewhere(), p.lone()...)
	}
	for i := first; i < len(p.nodes); i += 37 {
		if p.nodes[i].tags == nil {
			p.nodes[i].tags = []tag{{"entrance", "yes"}}
		}
	}
}

func (p *parish) somewhere() spot {
	return spot{p.low.x + p.random.Float64()*parishMetres, p.low.y + p.random.Float64()*parishMetres}
}

// lone are the tags of a node that is on no way; many have none left.
func (p *parish) lone() []tag {
	switch p.random.IntN(4) {
	case 0:
		return []tag{{"natural", "tree"}}
	case 1:
		return []tag{{"addr:housenumber", strconv.Itoa(1 + p.random.IntN(90))}, {"addr:street", name(p.random.Uint64()) + "vägen"}}
	case 2:
		return []tag{{"man_made", "survey_point"}}
	}
	return nil
}

// house is a building near one of the parish's nodes.
func (p *parish) house() {
	at := p.nodes[p.random.IntN(len(p.nodes))].spot
	at = p.within(spot{at.x + 25 + p.random.Float64()*30, at.y + p.random.Float64()*40 - 20})
	wide, deep := 8+p.random.Float64()*8, 6+p.random.Float64()*6
	a := p.add(at)
	b := p.add(spot{at.x + wide, at.y})
	c := p.add(spot{at.x + wide, at.y + deep})
	d := p.add(spot{at.x, at.y + deep})
	p.way([]int{a, b, c, d, a}, tag{"building", [...]string{"yes", "house", "farm", "garage", "barn"}[p.random.IntN(5)]})
}

// cover are the tags of something that covers land.
func (p *parish) cover() []tag {
	switch p.random.IntN(6) {
	case 0:
		return []tag{{"natural", "water"}, {"name", name(p.random.Uint64()) + "sjön"}, {"water", "lake"}}
	case 1:
		return []tag{{"landuse", "meadow"}}
	case 2:
		return []tag{{"natural", "wetland"}}
	case 3:
		return []tag{{"landuse", "farmland"}}
	}
	return []tag{{"natural", "wood"}, {"leaf_type", "needleleaved"}}
}

// outline is a closed line of so many nodes.
func (p *parish) outline(nodes int, tags ...tag) {
	if nodes < 4 {
		return
	}
	at := p.somewhere()
	radius := 4 * float64(nodes)
	refs := make([]int, 0, nodes+1)
	phase := p.random.Float64() * math.Pi
	for i := range nodes {
		angle := 2 * math.Pi * float64(i) / float64(nodes)
		r := radius * (0.7 + 0.3*math.Sin(3*angle+phase) + 0.05*p.random.Float64())
		refs = append(refs, p.add(p.within(spot{at.x + r*math.Cos(angle), at.y + r*math.Sin(angle)})))
	}
	p.way(append(refs, refs[0]), tags...)
}

// power is a line of pylons.
func (p *parish) power(nodes int) {
	at := p.somewhere()
	direction := p.random.Float64() * 2 * math.Pi
	var refs []int
	for i := range nodes {
		s := spot{at.x + 200*float64(i)*math.Cos(direction), at.y + 200*float64(i)*math.Sin(direction)}
		refs = append(refs, p.add(p.within(s), tag{"power", "tower"}))
	}
	p.way(refs, tag{"power", "line"}, tag{"voltage", "132000"})
}

// river flows from north to south.
func (p *parish) river() {
	if !p.room(20, 1, 0.9) {
		return
	}
	var refs []int
	for i := range 20 {
		refs = append(refs, p.add(spot{p.riverX() + 40*math.Sin(float64(i)), p.low.y + (1-float64(i)/20)*parishMetres}))
	}
	p.way(refs, tag{"waterway", "river"}, tag{"name", name(p.c.hash(p.x, 0, 13)) + "älven"})
}

var beginnings, endings = [...]string{
	"Björk", "Gran", "Tall", "Sten", "Lång", "Ström", "Berg", "Älg", "Kvarn", "Norr", "Söder", "Hög", "Myr", "Lill", "Stor", "Skog",
}, [...]string{"träsk", "näs", "by", "vik", "sele", "liden", "fors", "mark", "ås", "heden", "sund", "bäck", "udden", "hult", "torp", "moren"}

// name makes one of some thousand names of a number.
func name(h uint64) string {
	number := ""
	if h>>8%4 == 0 {
		number = strconv.FormatUint(h>>16%20, 10) + " "
	}
	return number + beginnings[h%16] + endings[h>>4%16] + "s"
}

func (p *parish) global(ref int) int64 {
	switch ref {
	case fromWest:
		return nodeID(p.c.nodes[p.y*p.c.side+p.x-1])
	case fromSouth:
		return nodeID(p.c.nodes[(p.y-1)*p.c.side+p.x] + 1)
	}
	return nodeID(p.firstNode + int64(ref))
}

// edited is when an object was changed last.
func (p *parish) edited(i int) (version int32, time int64) {
	h := p.c.hash(p.x, p.y, 1000+i)
	return int32(1 + h%7), 1_400_000_000 + int64(h>>8%300_000_000)
}

func (p *parish) writeNodes(w *osmpbf.Writer) {
	version, time := p.edited(0)
	for i := range p.nodes {
		if i%16 == 0 { // neighbours are mapped together
			version, time = p.edited(i)
		}
		lat, lon := p.nodes[i].stored()
		w.Node(nodeID(p.firstNode+int64(i)), lat, lon, version, time, p.nodes[i].tags)
	}
}

func (p *parish) writeWays(w *osmpbf.Writer) {
	var refs []int64
	for i := range p.ways {
		refs = refs[:0]
		for _, ref := range p.ways[i].refs {
			refs = append(refs, p.global(ref))
		}
		version, time := p.edited(i)
		w.Way(wayID(p.firstWay+int64(i)), version, time, refs, p.ways[i].tags)
	}
}

func (p *parish) writeRelations(w *osmpbf.Writer, last int64) int64 {
	for i, b := range p.bans {
		last++
		version, time := p.edited(i)
		w.Relation(last, version, time, []osmpbf.Member{
			{Role: "from", Way: true, ID: wayID(p.firstWay + int64(b.from))},
			{Role: "via", ID: nodeID(p.firstNode + int64(b.via))},
			{Role: "to", Way: true, ID: wayID(p.firstWay + int64(b.to))},
		}, []tag{{"type", "restriction"}, {"restriction", b.kind}})
	}
	return last
}
