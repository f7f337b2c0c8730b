package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/benchmarks/internal/osmpbf"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// form is what kind of file a seed is.
type form int

const (
	regionForm form = iota
	pbfForm         // blocks packed
	plainForm       // PBF, blocks as they are
	xmlForm
	gzipForm // XML, packed
	forms
)

func (f form) String() string {
	return [...]string{"region", "pbf", "pbf, plain blocks", "xml", "xml, gzip"}[f]
}

// largestSeed in bytes: what is small is corrupted where it matters.
const largestSeed = 16 << 10

// sketchCount is how many maps the seeds are drawn of.
const sketchCount = 16

// seeds makes the sound files, by form.
func seeds() (files [forms][][]byte, err error) {
	for i := range uint64(sketchCount) {
		s := draw(i)
		packed, plain, text := s.pbf(false), s.pbf(true), s.xml()
		net, err := osm.ReadFrom(context.Background(), bytes.NewReader(packed), "seed", osm.Options{})
		if err != nil {
			return files, err
		}
		region, err := geo.Build(net, geo.BuildOptions{Name: "seed"})
		if err != nil {
			return files, err
		}
		if i%2 == 1 {
			if err := keepPreset(region); err != nil {
				return files, err
			}
		}
		var b bytes.Buffer
		if _, err := region.WriteTo(&b); err != nil {
			return files, err
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(text) // into memory
		_ = w.Close()
		for f, file := range [forms][]byte{b.Bytes(), packed, plain, text, z.Bytes()} {
			if len(file) > largestSeed {
				return files, fmt.Errorf("a seed of %d bytes, %v: more than %d", len(file), form(f), largestSeed)
			}
			files[f] = append(files[f], file)
		}
	}
	return files, nil
}

// keepPreset puts a metric with a bit of everything into the region.
func keepPreset(region *geo.Region) error {
	profile := osm.CarProfile()
	profile.IceRoads = true
	return region.Keep(context.Background(), geo.Preset{Name: "storm", Profile: profile, Condition: &geo.Condition{
		Areas:    []geo.Area{{ID: "here", Polygon: orb.MultiPolygon{{{{18, 64}, {18.002, 64}, {18, 64.001}, {18, 64}}}}}},
		Speeds:   []geo.SpeedRule{{Selection: geo.Selection{Area: "here"}, Percent: 60}},
		Closures: []geo.Closure{{ID: "bridges", Selection: geo.Selection{Features: []string{"bridge"}, MayMatchNothing: true}}},
	}})
}

// sketch is a little map with a bit of everything.
type sketch struct {
	nodes     []sketchNode
	ways      []sketchWay
	relations []sketchRelation
}

type sketchNode struct {
	lat, lon int32
	tags     []osmpbf.Tag
}

type sketchWay struct {
	refs []int
	tags []osmpbf.Tag
}

type sketchRelation struct {
	members []osmpbf.Member
	tags    []osmpbf.Tag
}

// draw makes the sketch of that number: streets in a net, one-ways, bans over
// nodes and over ways, barriers, a ferry, an ice road, an island, a house.
func draw(number uint64) *sketch {
	r := rand.New(rand.NewPCG(number, 42))
	s := &sketch{}
	side := 2 + r.IntN(3)
	for j := range side {
		for i := range side {
			n := sketchNode{lat: 640000000 + int32(j*11000+r.IntN(4000)), lon: 180000000 + int32(i*21000+r.IntN(8000))}
			if r.IntN(9) == 0 {
				n.tags = []osmpbf.Tag{{"barrier", [...]string{"bollard", "stile", "gate", "fence"}[r.IntN(4)]}}
			}
			s.nodes = append(s.nodes, n)
		}
	}
	for k := range side {
		var row, column []int
		for i := range side {
			row, column = append(row, k*side+i), append(column, i*side+k)
		}
		s.road(r, row)
		s.road(r, column)
	}
	// Dead ends with nodes on the way, one of them a ferry, one an ice road.
	for k, tags := range [][]osmpbf.Tag{
		{{"highway", "track"}, {"surface", "gravel"}},
		{{"route", "ferry"}, {"duration", "00:07"}, {"motor_vehicle", "yes"}},
		{{"highway", "unclassified"}, {"ice_road", "yes"}, {"seasonal", "winter"}},
		{{"highway", "residential"}, {"access", "private"}},
		{{"highway", "path"}},
	} {
		from := r.IntN(side * side)
		refs := []int{from}
		for i := range 1 + r.IntN(4) {
			at := s.nodes[from]
			s.nodes = append(s.nodes, sketchNode{lat: at.lat + int32((i+1)*(1500+200*k)), lon: at.lon - int32((i+1)*r.IntN(2500))})
			refs = append(refs, len(s.nodes)-1)
		}
		s.ways = append(s.ways, sketchWay{refs, tags})
	}
	// An island, and a house that is no road.
	n := len(s.nodes)
	for i := range 4 {
		s.nodes = append(s.nodes, sketchNode{lat: 640100000 + int32(i%2*900), lon: 180200000 + int32(i/2*1700)})
	}
	s.ways = append(s.ways,
		sketchWay{[]int{n, n + 1, n + 3, n + 2, n}, []osmpbf.Tag{{"highway", "service"}, {"name", "Holmen"}}},
		sketchWay{[]int{n, n + 1, n + 2, n}, []osmpbf.Tag{{"building", "yes"}}})
	kinds := [...]string{"no_left_turn", "only_straight_on", "no_u_turn", "no_straight_on", "only_right_turn"}
	times := [...]string{"Mo-Fr 07:00-09:00", "20:00-06:00", "wet", "Sa,Su"}
	for k := range 3 + r.IntN(3) {
		row, column := r.IntN(side), r.IntN(side)
		kind := osmpbf.Tag{"restriction", kinds[r.IntN(len(kinds))]}
		if k > 0 && r.IntN(4) > 0 { // at times
			kind = osmpbf.Tag{"restriction:conditional", kind[1] + " @ (" + times[r.IntN(len(times))] + ")"}
		}
		s.relations = append(s.relations, sketchRelation{[]osmpbf.Member{
			{Role: "from", Way: true, ID: s.wayID(2 * row)}, {Role: "via", ID: s.nodeID(row*side + column)}, {Role: "to", Way: true, ID: s.wayID(2*column + 1)},
		}, []osmpbf.Tag{{"type", "restriction"}, kind}})
	}
	// Over a whole row, from its column at one end to that at the other.
	s.relations = append(s.relations, sketchRelation{[]osmpbf.Member{
		{Role: "from", Way: true, ID: s.wayID(1)}, {Role: "via", Way: true, ID: s.wayID(0)}, {Role: "to", Way: true, ID: s.wayID(2*side - 1)},
	}, []osmpbf.Tag{{"type", "restriction"}, {"restriction", "no_u_turn"}}})
	return s
}

func (s *sketch) road(r *rand.Rand, refs []int) {
	tags := []osmpbf.Tag{{"highway", [...]string{"primary", "tertiary", "residential", "service"}[r.IntN(4)]}}
	switch r.IntN(5) {
	case 0:
		tags = append(tags, osmpbf.Tag{"oneway", "yes"})
	case 1:
		tags = append(tags, osmpbf.Tag{"maxspeed", "70"}, osmpbf.Tag{"name", "Storgatan"})
	case 2:
		tags = append(tags, osmpbf.Tag{"bicycle", "no"}, osmpbf.Tag{"ref", "E 4"})
	}
	s.ways = append(s.ways, sketchWay{refs, tags})
}

func (*sketch) nodeID(i int) int64 { return int64(10 + 3*i) }
func (*sketch) wayID(i int) int64  { return int64(100 + 2*i) }

func (s *sketch) pbf(plain bool) []byte {
	var b bytes.Buffer
	w := osmpbf.NewWriter(&b, osmpbf.Options{BlockSize: 20, Plain: plain})
	for i, n := range s.nodes {
		w.Node(s.nodeID(i), n.lat, n.lon, 2, 1_500_000_000, n.tags)
	}
	_, _ = w.Flush() // into memory
	for i, way := range s.ways {
		refs := make([]int64, len(way.refs))
		for k, ref := range way.refs {
			refs[k] = s.nodeID(ref)
		}
		w.Way(s.wayID(i), 3, 1_500_000_000, refs, way.tags)
	}
	_, _ = w.Flush()
	for i, relation := range s.relations {
		w.Relation(int64(i+1), 1, 1_500_000_000, relation.members, relation.tags)
	}
	_, _ = w.Flush()
	return b.Bytes()
}

func (s *sketch) xml() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\">\n")
	tags := func(list []osmpbf.Tag) {
		for _, t := range list {
			fmt.Fprintf(&b, "<tag k=%q v=%q/>", t[0], t[1])
		}
	}
	for i, n := range s.nodes {
		fmt.Fprintf(&b, "<node id=\"%d\" version=\"1\" lat=\"%.7f\" lon=\"%.7f\">", s.nodeID(i), float64(n.lat)/1e7, float64(n.lon)/1e7)
		tags(n.tags)
		b.WriteString("</node>\n")
	}
	for i, way := range s.ways {
		fmt.Fprintf(&b, "<way id=\"%d\">", s.wayID(i))
		for _, ref := range way.refs {
			fmt.Fprintf(&b, "<nd ref=\"%d\"/>", s.nodeID(ref))
		}
		tags(way.tags)
		b.WriteString("</way>\n")
	}
	for i, relation := range s.relations {
		fmt.Fprintf(&b, "<relation id=\"%d\">", i+1)
		for _, m := range relation.members {
			kind := "node"
			if m.Way {
				kind = "way"
			}
			fmt.Fprintf(&b, "<member type=\"%s\" ref=\"%d\" role=\"%s\"/>", kind, m.ID, m.Role)
		}
		tags(relation.tags)
		b.WriteString("</relation>\n")
	}
	b.WriteString("</osm>\n")
	return []byte(b.String())
}
