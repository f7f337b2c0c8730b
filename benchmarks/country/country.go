package main

import (
	"fmt"
	"io"
	"math"

	"github.com/slinga-se/slinga/benchmarks/internal/osmpbf"
)

type tag = osmpbf.Tag

// A country is a chessboard of parishes of seven by seven kilometres. Each is
// made from the seed and its place alone, so the file can be written in three
// passes (nodes, ways, relations) with one parish in memory at a time: how
// many nodes and ways come before a parish is known without making them.
type country struct {
	seed  uint64
	side  int     // parishes from west to east, and from south to north
	nodes []int64 // nodes before parish i, and of all
	ways  []int64 // ways before parish i, and of all
}

const (
	parishNodes  = 2000 // on average
	parishMetres = 7000

	// The south-west corner, and the length of a degree there and then on a
	// plane: a country on a flat map.
	south, west     = 58.0, 12.0
	metresPerDegree = 111_320.0
	middle          = 62.0 // the latitude whose degrees of longitude count

	smallest = 20_000 // nodes
)

// newCountry divides nodes and ways among parishes: towns have many, the
// wilderness few.
func newCountry(seed uint64, nodes, ways int64) (*country, error) {
	switch {
	case nodes < smallest:
		return nil, fmt.Errorf("a country has at least %d nodes", smallest)
	case ways < nodes/40 || ways > nodes/8:
		return nil, fmt.Errorf("a way for every 8 to 40 nodes: %d to %d ways for %d nodes", nodes/40, nodes/8, nodes)
	case nodes > 2e8:
		return nil, fmt.Errorf("more than 200 million nodes: no country is that large")
	}
	side := int(math.Ceil(math.Sqrt(float64(nodes) / parishNodes)))
	c := &country{seed: seed, side: side}
	weights := make([]float64, side*side+1) // of the parishes before
	for i := range side * side {
		weights[i+1] = weights[i] + c.kind(i%side, i/side).weight()
	}
	total := weights[side*side]
	for _, before := range weights {
		c.nodes = append(c.nodes, int64(before/total*float64(nodes)))
		c.ways = append(c.ways, int64(before/total*float64(ways)))
	}
	return c, nil
}

// kind is how people live in a parish.
type kind int

const (
	wilderness kind = iota
	village
	town
)

func (k kind) weight() float64 { return [...]float64{0.5, 1.2, 5}[k] }

// kind of a parish: towns lie where main roads cross, if anywhere.
func (c *country) kind(x, y int) kind {
	h := c.hash(x, y, 1) % 100
	switch {
	case x%12 == 6 && y%12 == 6, h < 2:
		return town
	case h < 38:
		return village
	}
	return wilderness
}

// hash is a number that belongs to a parish and a purpose.
func (c *country) hash(x, y, purpose int) uint64 {
	// SplitMix64, Steele and others 2014.
	z := c.seed + 0x9e3779b97f4a7c15*(uint64(uint32(x))<<40^uint64(uint32(y))<<16^uint64(purpose)+1)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// write writes the whole country.
func (c *country) write(out io.Writer) (bytes int64, err error) {
	w := osmpbf.NewWriter(out, osmpbf.Options{})
	relation := int64(0)
	for pass := range 3 {
		for y := range c.side {
			for x := range c.side {
				p := c.parish(x, y)
				switch pass {
				case 0:
					p.writeNodes(w)
				case 1:
					p.writeWays(w)
				case 2:
					relation = p.writeRelations(w, relation)
				}
				if err := w.Err(); err != nil {
					return 0, err
				}
			}
		}
		if bytes, err = w.Flush(); err != nil {
			return bytes, err
		}
	}
	return bytes, nil
}

// Ids begin where the planet's do not look made up, and leave gaps as the
// planet's do.
func nodeID(n int64) int64 { return 1_000_000 + 3*n }
func wayID(n int64) int64  { return 100_000 + 2*n }

// A road leads from most parishes to the next one east and to the next one
// north, through a crossing on the border that both know of.

// class is how important a road is, 0 the most.
type class int

const (
	trunk class = iota
	primary
	secondary
	tertiary
	unclassified
	none
)

// east and north are the classes of the roads over the borders.
func (c *country) east(x, y int) class {
	if x+1 >= c.side {
		return none
	}
	// A river along a column is bridged here and there only.
	if riverIn(x) && y%12 != 6 && c.hash(x, y, 3)%100 < 65 {
		return none
	}
	return c.through(y, c.hash(x, y, 4))
}

func (c *country) north(x, y int) class {
	if y+1 >= c.side {
		return none
	}
	return c.through(x, c.hash(x, y, 5))
}

// through is the class of the road along a line of parishes: the main lines go
// all the way, the others are broken by forest.
func (c *country) through(line int, h uint64) class {
	switch {
	case line%24 == 6:
		return trunk
	case line%12 == 6:
		return primary
	case line%4 == 2 && h%100 < 85:
		return secondary
	case h%100 < 30:
		return tertiary
	case h%100 < 55:
		return unclassified
	}
	return none
}

// riverIn reports whether a river flows through the column of parishes.
func riverIn(x int) bool { return x%9 == 4 }

// spot is a place in metres from the country's corner.
type spot struct{ x, y float64 }

// crossing is where the road over the eastern (or northern) border of a parish
// meets it.
func (c *country) crossing(x, y int, northern bool) spot {
	purpose := 6
	if northern {
		purpose = 7
	}
	along := (0.2 + 0.6*unit(c.hash(x, y, purpose))) * parishMetres
	if northern {
		return spot{float64(x)*parishMetres + along, float64(y+1) * parishMetres}
	}
	return spot{float64(x+1) * parishMetres, float64(y)*parishMetres + along}
}

// centre is where the roads of a parish meet.
func (c *country) centre(x, y int) spot {
	return spot{
		(float64(x) + 0.35 + 0.2*unit(c.hash(x, y, 8))) * parishMetres,
		(float64(y) + 0.35 + 0.3*unit(c.hash(x, y, 9))) * parishMetres,
	}
}

// unit makes a number from 0 to 1 of a hash.
func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// stored gives the place in 1e-7 degrees.
func (s spot) stored() (lat, lon int32) {
	lat = int32(math.Round((south + s.y/metresPerDegree) * 1e7))
	lon = int32(math.Round((west + s.x/(metresPerDegree*math.Cos(middle*math.Pi/180))) * 1e7))
	return lat, lon
}
