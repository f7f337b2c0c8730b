package geo

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// Region is a road map ready for routing: the nodes and ways that any mode may
// use, and one topology per mode group. Its roads never change, and it is safe
// for use from many goroutines. It comes from Build, BuildFiles, Open or Load.
type Region struct {
	meta meta

	nodes        []node        // along a Hilbert curve, so that neighbours lie near in memory
	ways         []way         // ascending by OSM id
	refs         []int32       // node indices of all ways, back to back
	segMM        []uint32      // length in millimetres of the segment refs[i] to refs[i+1]; 0 at a way's last ref
	segWay       []int32       // the way of refs[i]
	textFirst    []uint32      // text t is textBytes[textFirst[t]:textFirst[t+1]]
	textBytes    []byte        //
	restrictions []restriction // as read, conditional ones too
	viaWays      []int32       // see restriction.ViaFirst
	topologies   [2]topology   // car; bicycle and foot

	byName nameIndex // of ways; see names

	presets presets // by name

	sizes map[string]int64 // bytes by section
	hash  string

	mu      sync.RWMutex // held for reading while the mapped bytes are in use
	closed  bool
	release func() error // unmaps the file; nil when the bytes are ordinary memory
}

// node is a point of a way in 1e-7 degrees.
type node struct{ Lon, Lat int32 }

// way is an osm.Way as it lies in a region file: 56 bytes, no padding that is
// not named.
type way struct {
	ID          int64
	Millimetres int64
	First       int32 // its nodes are refs[First : First+Count]
	Count       int32
	Duration    int32
	Name        int32
	Ref         int32
	Condition   int32
	Flags       uint16
	Class       uint8
	Surface     uint8
	Forward     uint8
	Backward    uint8
	Limited     uint8
	SpeedF      uint8
	SpeedB      uint8
	_           [7]uint8
}

// restriction is an osm.Restriction as it lies in a region file: 40 bytes.
type restriction struct {
	ID        int64
	From, To  int32
	ViaNode   int32 // or -1
	ViaFirst  int32 // the via ways are viaWays[ViaFirst : ViaFirst+ViaCount]
	ViaCount  int32
	Condition int32
	Only      uint8
	Modes     uint8
	_         [6]uint8
}

// meta is what a region says about itself; it is stored as JSON.
type meta struct {
	Name     string `json:"name"`
	Source   string `json:"source,omitempty"`
	Hash     string `json:"source_hash,omitempty"`
	Note     string `json:"note,omitempty"`
	Modelled bool   `json:"modelled,omitempty"`
}

// Info describes a region for people and for reports.
type Info struct {
	Name       string
	Source     string // where the data came from, with its licence
	SourceHash string // SHA-256 of the source files, hexadecimal; "" if unknown
	Note       string
	Modelled   bool   // a modelled area, to be labelled so wherever it is shown
	Hash       string // of the content; equal hashes answer alike
	Bound      orb.Bound

	Nodes, Ways, Restrictions int
	Topologies                []TopologyInfo

	Bytes    int64         // of the region file
	Sections []SectionInfo // sorted by tag
}

// TopologyInfo counts the graph of one mode group.
type TopologyInfo struct {
	Modes     osm.Modes
	Segments  int // pieces of road between two neighbouring OSM nodes
	Chains    int // runs of segments between junctions
	Junctions int // where chains meet or end
	Nodes     int // junctions and their split copies
	Arcs      int // directed
}

// SectionInfo is the size of one section of a region file.
type SectionInfo struct {
	Tag   string
	Bytes int64
}

// ErrClosed is returned by every method that is called after Close.
var ErrClosed = errors.New("geo: the region is closed")

// acquire keeps the region's bytes mapped until r.mu.RUnlock.
func (r *Region) acquire() error {
	r.mu.RLock()
	if r.closed {
		r.mu.RUnlock()
		return ErrClosed
	}
	return nil
}

// Close gives the mapped file back. It waits for queries that are running;
// queries that come later, on the region and on its metrics, get ErrClosed. It
// must not be called inside a loop over Roads or Ways, which is such a query; and
// where another goroutine may call it, no query may run inside such a loop: it
// would wait for Close, which waits for the loop.
func (r *Region) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	r.nodes, r.ways, r.refs, r.segMM, r.segWay = nil, nil, nil, nil, nil
	r.textFirst, r.textBytes, r.restrictions, r.viaWays = nil, nil, nil, nil
	r.topologies = [2]topology{}
	if r.release != nil {
		return r.release()
	}
	return nil
}

// Info describes the region. On a closed region it is the zero Info.
func (r *Region) Info() Info {
	if r.acquire() != nil {
		return Info{}
	}
	defer r.mu.RUnlock()
	info := Info{
		Name: r.meta.Name, Source: r.meta.Source, SourceHash: r.meta.Hash, Note: r.meta.Note,
		Modelled: r.meta.Modelled, Hash: r.hash,
		Nodes: len(r.nodes), Ways: len(r.ways), Restrictions: len(r.restrictions),
		Bound: r.bound(),
	}
	for i := range r.topologies {
		t := &r.topologies[i]
		ti := TopologyInfo{
			Modes: topologyModes[i], Segments: len(t.chainSegs), Chains: t.chains(),
			Nodes: len(t.nodeOf), Arcs: len(t.arcHead),
		}
		for n := range t.nodeOf {
			if n == 0 || t.nodeOf[n] != t.nodeOf[n-1] {
				ti.Junctions++
			}
		}
		info.Topologies = append(info.Topologies, ti)
	}
	info.Sections = sectionInfos(r.sizes)
	if size := len(encodePresets(r.presets.now())); size > 0 {
		info.Sections = append(info.Sections, SectionInfo{presetTag, int64(size)})
		slices.SortFunc(info.Sections, func(a, b SectionInfo) int { return cmp.Compare(a.Tag, b.Tag) })
	}
	for _, s := range info.Sections {
		info.Bytes += s.Bytes
	}
	return info
}

// bound is the box around all nodes.
func (r *Region) bound() orb.Bound {
	if len(r.nodes) == 0 {
		return orb.Bound{}
	}
	low, high := r.nodes[0], r.nodes[0]
	for _, n := range r.nodes {
		low.Lon, low.Lat = min(low.Lon, n.Lon), min(low.Lat, n.Lat)
		high.Lon, high.Lat = max(high.Lon, n.Lon), max(high.Lat, n.Lat)
	}
	return orb.Bound{Min: low.point(), Max: high.point()}
}

// point is the node's place in degrees. Dividing (not multiplying by 1e-7)
// gives the float64 nearest to the decimal that the OSM file wrote.
func (n node) point() orb.Point {
	return orb.Point{float64(n.Lon) / 1e7, float64(n.Lat) / 1e7}
}

// text is an interned text; 0 is "".
func (r *Region) text(t int32) string {
	return string(r.textBytes[r.textFirst[t]:r.textFirst[t+1]])
}

// osmWay is the way with index w as package osm knows it. Indices into the
// network's texts are indices into the region's.
func (r *Region) osmWay(w int32) osm.Way {
	s := &r.ways[w]
	return osm.Way{
		ID: s.ID, First: s.First, Count: s.Count,
		Class: osm.Class(s.Class), Surface: osm.Surface(s.Surface),
		Forward: osm.Modes(s.Forward), Backward: osm.Modes(s.Backward), Limited: osm.Modes(s.Limited),
		Flags: osm.Flags(s.Flags), Speed: osm.Limits{Forward: s.SpeedF, Backward: s.SpeedB},
		Duration: s.Duration, Millimetres: s.Millimetres,
		Name: s.Name, Ref: s.Ref, Condition: s.Condition,
	}
}

// WayInfo is what a region knows about one OSM way.
type WayInfo struct {
	ID        int64
	Name, Ref string
	Class     osm.Class
	Surface   osm.Surface
	Flags     osm.Flags
	Condition string // conditional and seasonal tags, "key=value" by line
	// Modes is who may use it, in either direction; Millimetres its length.
	Modes       osm.Modes
	Millimetres int64
}

// Way finds a way by its OSM id, to name a road in a message.
func (r *Region) Way(id int64) (WayInfo, bool) {
	if r.acquire() != nil {
		return WayInfo{}, false
	}
	defer r.mu.RUnlock()
	low, high := 0, len(r.ways)
	for low < high {
		if mid := (low + high) / 2; r.ways[mid].ID < id {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(r.ways) || r.ways[low].ID != id {
		return WayInfo{}, false
	}
	return r.wayInfo(&r.ways[low]), true
}

// Restrictions lists the turn restrictions as they were read, conditional ones
// too, with way ids in place of indices.
func (r *Region) Restrictions() iter.Seq[RestrictionInfo] {
	return func(yield func(RestrictionInfo) bool) {
		if r.acquire() != nil {
			return
		}
		defer r.mu.RUnlock()
		for i := range r.restrictions {
			s := &r.restrictions[i]
			info := RestrictionInfo{
				ID: s.ID, From: r.ways[s.From].ID, To: r.ways[s.To].ID,
				Only: s.Only != 0, Modes: osm.Modes(s.Modes), Condition: r.text(s.Condition),
			}
			for _, w := range r.viaWays[s.ViaFirst : s.ViaFirst+s.ViaCount] {
				info.Via = append(info.Via, r.ways[w].ID)
			}
			if s.ViaNode >= 0 {
				info.At = r.nodes[s.ViaNode].point()
			}
			if !yield(info) {
				return
			}
		}
	}
}

// RestrictionInfo is one turn restriction with OSM ids.
type RestrictionInfo struct {
	ID, From, To int64
	Via          []int64   // ways; empty when the restriction is at a node
	At           orb.Point // the node; zero when it is over ways
	Only         bool
	Modes        osm.Modes
	Condition    string
}
