package geo

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// SnapKind says how a point relates to the roads.
type SnapKind uint8

// The kinds. A far point has no place on the road and every leg to and from it
// is Unreachable. The others have one, and legs are what the roads allow.
const (
	SnapFar    SnapKind = iota // no road within the limit
	SnapOK                     // on a road that the bases reach and that leads back to them
	SnapIsland                 // only roads within the limit that neither reach the bases nor are reached from them
	SnapOneWay                 // can be reached from the bases or left towards them, not both
)

var snapKindNames = [...]string{"far from a road", "ok", "on a road island", "reachable one way only"}

// String describes the kind in words.
func (k SnapKind) String() string {
	if int(k) < len(snapKindNames) {
		return snapKindNames[k]
	}
	return fmt.Sprintf("SnapKind(%d)", uint8(k))
}

// DefaultSnapLimit is the distance in metres beyond which a point is far from
// a road.
const DefaultSnapLimit = 500

// SnapOptions say how far a point may be moved and where the day starts.
type SnapOptions struct {
	Limit float64 // metres; 0: DefaultSnapLimit
	// Anchors are the places that must be connected with the points, such as
	// the day's bases, any number of them. Each lies in the component of its nearest road; a
	// component with under a hundredth of the road of another within the limit (a
	// parking place that the map left unconnected) does not count. Without
	// anchors, the component with the most road takes their place.
	Anchors []orb.Point
	Threads int // 0: as many as the machine has; the result does not depend on it
}

// Snap is the place on a road that stands for a point.
type Snap struct {
	Point     orb.Point // on the road; the point itself when it is far from one
	Moved     float64   // metres between the given point and Point
	Nearest   float64   // metres to the nearest road, connected or not; -1 where there is no road at all
	Kind      SnapKind
	Component int32 // strongly connected component, 0 is the largest; -1: none
	Way       int64 // OSM id of the way

	Segment int32 // index of the segment in the region; -1: none
	At      int64 // millimetres from the segment's beginning, in node order
	Length  int64 // of the segment, millimetres
}

// ErrPoint marks a coordinate that is not on Earth.
var ErrPoint = errors.New("geo: not a point on Earth")

func validPoint(p orb.Point) bool {
	// Written so that NaN fails.
	return p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90
}

// Snap puts points on roads: each on the nearest place, within the limit, of a
// road that is connected both ways with the anchors; if there is none, on the
// nearest that is connected one way; if there is none, on the nearest road.
// What became of each point is in its Kind; no point is moved silently.
//
// The place is found by projecting the point on each segment in a plane that
// touches the earth at the point. A place within half a millimetre of a node
// is at the node.
func (m *Metric) Snap(points []orb.Point, opts SnapOptions) ([]Snap, error) {
	limit := opts.Limit
	if limit == 0 {
		limit = DefaultSnapLimit
	}
	if !(limit > 0) || math.IsInf(limit, 0) {
		return nil, fmt.Errorf("geo: a snap limit of %g m cannot be", opts.Limit)
	}
	for i, p := range points {
		if !validPoint(p) {
			return nil, fmt.Errorf("points[%d]: %w", i, ErrPoint)
		}
	}
	for i, p := range opts.Anchors {
		if !validPoint(p) {
			return nil, fmt.Errorf("anchors[%d]: %w", i, ErrPoint)
		}
	}
	if err := m.acquire(); err != nil {
		return nil, err
	}
	defer m.release()
	s := m.newSnapper(limit)
	homes := s.homes(opts.Anchors)
	r := m.reachOf(homes)
	roads := m.roadsTo(r)
	order := nearness(points)
	snaps := make([]Snap, len(points))
	inBlocks(opts.Threads, len(points), 128, func() func(first, end int) {
		s := m.newSnapper(limit)
		s.reach, s.roads = r, roads
		return func(first, end int) {
			for _, i := range order[first:end] {
				snaps[uint32(i)] = s.snap(points[uint32(i)])
			}
		}
	})
	return snaps, nil
}

// nearness lists the points along a Hilbert curve, so that one finds in fast
// memory what the one before it has looked at. The lower half of an entry is
// the point's index.
func nearness(points []orb.Point) []uint64 {
	order := make([]uint64, len(points))
	for i, p := range points {
		key := hilbert(uint32((p[0]+180)*(65535./360)), uint32((p[1]+90)*(65535./180)))
		order[i] = uint64(key)<<32 | uint64(i)
	}
	slices.Sort(order)
	return order
}

// A snapper holds what is reused from point to point.
type snapper struct {
	m      *Metric
	limit  float64
	reach  *reach
	roads  *roads
	levels []int // of the tree
	cost   costing
	queue  []near
	stack  []pending
	found  nearestRoads
	wanted [roadSure]float64 // by class without roadSure: see nearestRoads.wanted
	batch  [fanout]struct {  // segments of one box, see findIn
		a, b  node
		seg   int32
		class roadClass
	}
}

func (m *Metric) newSnapper(limit float64) *snapper {
	return &snapper{m: m, limit: limit, levels: levels(len(m.t.tree.items))}
}

// homes are the components of the anchors, in ascending order; the largest
// component if no anchor is near a road.
func (s *snapper) homes(anchors []orb.Point) []int32 {
	parts := s.m.components()
	isHome := newBitset(len(parts.size))
	found := false
	for _, p := range anchors {
		chosen, largest := int32(-1), int64(0)
		s.candidates(p, func(c *candidate) bool {
			if c.distance > s.limit {
				return false
			}
			if c.place == nowhere {
				return true
			}
			id := s.m.componentOf(&s.cost, &c.place)
			if id < 0 {
				return true
			}
			// Size decides only where it differs a hundredfold.
			if size := parts.size[id]; chosen < 0 || size > 100*largest {
				chosen, largest = id, size
			}
			return true
		})
		if chosen >= 0 {
			isHome.set(chosen)
			found = true
		}
	}
	if !found && len(parts.size) > 0 {
		isHome.set(0)
	}
	var homes []int32
	for id := range int32(len(parts.size)) {
		if isHome.has(id) {
			homes = append(homes, id)
		}
	}
	return homes
}

// candidate is a place on a segment near a point.
type candidate struct {
	distance float64 // metres
	place    place
}

// candidates visits the open segments near the point, nearest first.
func (s *snapper) candidates(p orb.Point, visit func(*candidate) bool) {
	m := s.m
	flat := newPlane(p)
	m.t.tree.nearest(&s.queue,
		flat.toBox,
		func(seg int32) float64 {
			d, _ := flat.toSegment(m.region.nodes[m.region.refs[seg]], m.region.nodes[m.region.refs[seg+1]])
			return d
		},
		func(seg int32, distance float64) bool {
			if !m.open(&s.cost, seg) {
				return true
			}
			_, pl := s.project(&flat, seg)
			return visit(&candidate{distance, pl})
		})
}

// project puts the point on the nearest place of a segment.
func (s *snapper) project(flat *plane, seg int32) (Snap, place) {
	r := s.m.region
	a, b := r.nodes[r.refs[seg]], r.nodes[r.refs[seg+1]]
	_, fraction := flat.toSegment(a, b)
	snap := Snap{
		Component: -1, Way: r.ways[r.segWay[seg]].ID, Segment: seg, Length: int64(r.segMM[seg]),
		Kind: SnapIsland,
	}
	snap.At = min(int64(math.Round(fraction*float64(snap.Length))), snap.Length)
	switch snap.At {
	case 0:
		snap.Point = a.point()
	case snap.Length:
		snap.Point = b.point()
	default:
		snap.Point = between(a, b, fraction)
	}
	// A damaged chain gives nowhere, which is connected with nothing.
	pl, err := s.m.place(snap)
	if err != nil {
		pl = nowhere
	}
	return snap, pl
}

// snap finds the place for one point.
func (s *snapper) snap(p orb.Point) Snap {
	flat := newPlane(p)
	s.found = within(s.limit)
	s.find(&flat)
	best, kind := s.found.ok, SnapOK
	if best.segment < 0 {
		best, kind = s.found.oneWay, SnapOneWay
	}
	if best.segment < 0 {
		best, kind = s.found.any, SnapIsland
	}
	if best.segment < 0 {
		far := Snap{Point: p, Nearest: -1, Kind: SnapFar, Component: -1, Segment: -1}
		s.found = anywhere()
		if s.find(&flat); s.found.any.segment >= 0 {
			far.Nearest = s.found.any.distance
		}
		return far
	}
	snap, pl := s.project(&flat, best.segment)
	snap.Kind, snap.Moved, snap.Nearest = kind, best.distance, s.found.any.distance
	snap.Component = s.componentOf(&pl)
	return snap
}

// componentOf is Metric.componentOf without weights and without allocations:
// where a whole direction of a chain is open, so is every stretch of it.
func (s *snapper) componentOf(p *place) int32 {
	m := s.m
	of := m.components().of
	best := int32(-1)
	if p.junction >= 0 {
		first, end := m.t.copies(p.junction)
		for n := first; n < end; n++ {
			if id := of[n]; best < 0 || id < best {
				best = id
			}
		}
		return best
	}
	if p.chain < 0 {
		return -1
	}
	for out := p.chain << 1; out <= p.chain<<1|1; out++ {
		head := m.t.chainHead[out]
		if head < 0 || best >= 0 && of[head] >= best || m.chain[out] == never && m.stretchWeight(&s.cost, out, p, nil) == never {
			continue
		}
		for in := p.chain << 1; in <= p.chain<<1|1; in++ {
			if m.chain[in] == never && m.stretchWeight(&s.cost, in, nil, p) == never {
				continue
			}
			for _, a := range m.t.onArcs[m.t.onFirst[in]:m.t.onFirst[in+1]] {
				if m.mayTake(a) && of[m.t.arcTail[a]] == of[head] {
					best = of[head]
				}
			}
		}
	}
	return best
}

// plane is the plane that touches the earth at a point, in metres.
type plane struct {
	lon, lat float64 // of the point, degrees
	x, y     float64 // metres per degree

	lon7, lat7, x7, y7 float64 // the same in stored units, 1e-7 degrees

	// The point in whole stored units, rounded down and up.
	west, east, south, north int64
}

func newPlane(p orb.Point) plane {
	y := osm.EarthRadius * math.Pi / 180
	x := y * math.Cos(p[1]*math.Pi/180)
	f := plane{lon: p[0], lat: p[1], x: x, y: y, lon7: p[0] * 1e7, lat7: p[1] * 1e7, x7: x / 1e7, y7: y / 1e7}
	f.west, f.east = int64(math.Floor(f.lon7)), int64(math.Ceil(f.lon7))
	f.south, f.north = int64(math.Floor(f.lat7)), int64(math.Ceil(f.lat7))
	return f
}

// turn brings a difference of longitudes into -180 to 180, so that the 180th
// meridian is nothing special.
func (*plane) turn(dlon float64) float64 {
	switch {
	case dlon > 180:
		return dlon - 360
	case dlon < -180:
		return dlon + 360
	}
	return dlon
}

// turn7 is turn in stored units.
func (*plane) turn7(dlon float64) float64 {
	switch {
	case dlon > halfTurn:
		return dlon - 2*halfTurn
	case dlon < -halfTurn:
		return dlon + 2*halfTurn
	}
	return dlon
}

// toSegment is the distance from the point to the segment from a to b, and how
// far along it the nearest place is (0 to 1).
func (f *plane) toSegment(a, b node) (distance, fraction float64) {
	ap, bp := a.point(), b.point()
	dlon := f.turn(ap[0] - f.lon)
	ax, ay := dlon*f.x, (ap[1]-f.lat)*f.y
	dx, dy := f.turn(bp[0]-ap[0])*f.x, (bp[1]-ap[1])*f.y
	if square := dx*dx + dy*dy; square > 0 {
		fraction = min(max(-(ax*dx+ay*dy)/square, 0), 1)
	}
	return math.Hypot(ax+fraction*dx, ay+fraction*dy), fraction
}

// squareToSegment is the square of the distance, to a thousandth of a
// millimetre: without the divisions that make toSegment exact.
func (f *plane) squareToSegment(a, b node) float64 {
	ax, ay := f.turn7(float64(a.Lon)-f.lon7)*f.x7, (float64(a.Lat)-f.lat7)*f.y7
	dx, dy := f.turn7(float64(b.Lon)-float64(a.Lon))*f.x7, float64(int64(b.Lat)-int64(a.Lat))*f.y7
	along, square := -(ax*dx + ay*dy), dx*dx+dy*dy
	switch {
	case along <= 0:
	case along >= square:
		ax, ay = ax+dx, ay+dy
	default:
		fraction := along / square
		ax, ay = ax+fraction*dx, ay+fraction*dy
	}
	return ax*ax + ay*ay
}

// toBox is the distance from the point to a box: 0 inside.
func (f *plane) toBox(b box) float64 {
	west, east := float64(b.MinLon)/1e7-f.lon, float64(b.MaxLon)/1e7-f.lon
	// Round the earth the other way the box may be nearer.
	dlon := min(outside(west, east), outside(west+360, east+360), outside(west-360, east-360))
	dlat := outside(float64(b.MinLat)/1e7-f.lat, float64(b.MaxLat)/1e7-f.lat)
	return math.Hypot(dlon*f.x, dlat*f.y)
}

// squareToBox is the square of the distance to a box that is up to one stored
// unit larger: whole numbers are compared, several times quicker.
func (f *plane) squareToBox(b *box) float64 {
	west, east := int64(b.MinLon)-f.east, int64(b.MaxLon)-f.west
	dlon := max(west, -east, 0)
	if west < -halfTurn || east > halfTurn { // round the earth the other way
		dlon = min(dlon, max(west+2*halfTurn, -east-2*halfTurn, 0), max(west-2*halfTurn, -east+2*halfTurn, 0))
	}
	dlat := max(int64(b.MinLat)-f.north, f.south-int64(b.MaxLat), 0)
	x, y := float64(dlon)*f.x7, float64(dlat)*f.y7
	return x*x + y*y
}

// outside is the distance from 0 to the interval.
func outside(low, high float64) float64 { return max(low, -high, 0) }

// between is the point at a fraction of the way from a to b.
func between(a, b node, fraction float64) orb.Point {
	ap, bp := a.point(), b.point()
	dlon := bp[0] - ap[0]
	if dlon > 180 {
		dlon -= 360
	} else if dlon < -180 {
		dlon += 360
	}
	lon := ap[0] + fraction*dlon
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	return orb.Point{lon, ap[1] + fraction*(bp[1]-ap[1])}
}
