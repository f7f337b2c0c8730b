package geo

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/slinga-se/slinga/geo/osm"
)

// Metric is a region under one profile: what may be travelled and how long it
// takes. Any number of metrics live over one region at once, and each is safe
// for use from many goroutines.
type Metric struct {
	region   *Region
	t        *topology
	profile  osm.Profile
	shortest bool

	arcs  []arc    // parallel to the topology's arcs
	chain []weight // of directed chains, whoever may enter them

	once  sync.Once
	parts *components // strongly connected components, computed when first asked for
	reach atomic.Pointer[reach]
	pool  sync.Pool // of *search

	peelOnce sync.Once
	up       []int32 // see peel
}

// arc is an arc of the graph with its weight, laid out for the search.
type arc struct {
	weight weight
	head   int32
	_      int32
}

// weight is time and distance in one number, the deciding one above the other:
// 31 bits of milliseconds (24 days) and 33 bits of millimetres (8 500 km).
// Sums of weights are weights (see fits), and the lesser of two is the
// lexicographically lesser, so one relaxation carries both.
type weight uint64

const (
	timeBits = 31
	distBits = 33

	// never is the weight of what may not be travelled.
	never weight = math.MaxUint64
)

// ErrTooLong marks a road that a weight cannot hold.
var ErrTooLong = errors.New("geo: a stretch of road takes more than 24 days or is longer than 8 500 km")

func (m *Metric) pack(ms, mm int64) weight {
	if m.shortest {
		return weight(mm)<<timeBits | weight(ms)
	}
	return weight(ms)<<distBits | weight(mm)
}

// low is the mask of the lower of the two numbers in a weight.
func (m *Metric) low() weight {
	if m.shortest {
		return 1<<timeBits - 1
	}
	return 1<<distBits - 1
}

// fits reports whether the sum of two weights is a weight: neither number
// runs over. A route that is too long for a weight counts as none.
func fits(a, b, low weight) bool {
	return a&low+b&low <= low && a+b >= a && a+b != never
}

func (m *Metric) unpack(w weight) (ms, mm int64) {
	if m.shortest {
		return int64(w & (1<<timeBits - 1)), int64(w >> timeBits)
	}
	return int64(w >> distBits), int64(w & (1<<distBits - 1))
}

// seconds and metres round up.
func (m *Metric) seconds(w weight) int32 {
	ms, _ := m.unpack(w)
	return int32((ms + 999) / 1000)
}

func (m *Metric) metres(w weight) int32 {
	_, mm := m.unpack(w)
	return int32((mm + 999) / 1000)
}

// MetricOptions say what is best. The zero value means the least time.
type MetricOptions struct {
	// Shortest takes the least distance, and the least time among equally
	// short routes, instead of the least time and the least distance among
	// equally quick ones.
	Shortest bool
}

// Metric customises the region for a profile: the quickest routes.
func (r *Region) Metric(p osm.Profile) (*Metric, error) {
	return r.MetricWith(p, MetricOptions{})
}

// MetricWith customises the region for a profile. It takes time linear in the
// region's segments: a fraction of a second for a country's part.
func (r *Region) MetricWith(p osm.Profile, o MetricOptions) (*Metric, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := r.acquire(); err != nil {
		return nil, err
	}
	defer r.mu.RUnlock()
	m := &Metric{region: r, profile: p, shortest: o.Shortest}
	for i := range r.topologies {
		if p.Mode&topologyModes[i] != 0 {
			m.t = &r.topologies[i]
		}
	}
	if m.t == nil {
		return nil, fmt.Errorf("geo: no topology for mode %v", p.Mode)
	}
	m.chain = make([]weight, 2*m.t.chains())
	var cost costing
	for d := range m.chain {
		w, err := m.chainWeight(&cost, int32(d))
		if err != nil {
			return nil, err
		}
		m.chain[d] = w
	}
	m.arcs = make([]arc, len(m.t.arcHead))
	for a := range m.arcs {
		m.arcs[a] = arc{weight: never, head: m.t.arcHead[a]}
		if osm.Modes(m.t.arcModes[a])&p.Mode != 0 {
			m.arcs[a].weight = m.chain[m.t.arcChain[a]]
		}
	}
	return m, nil
}

// Profile is the profile that the metric was made with.
func (m *Metric) Profile() osm.Profile { return m.profile }

// Region is the region that the metric belongs to.
func (m *Metric) Region() *Region { return m.region }

// costing remembers the way of the segment that was costed last; neighbours in
// a chain usually lie on the same.
type costing struct {
	known    bool
	index    int32
	way      osm.Way
	passable [2]bool // forward, backward
}

// segment is the time and length of the stretch of a directed segment from
// a to b, millimetres from where the segment begins in that direction.
func (m *Metric) segment(c *costing, directed int32, a, b int64) (ms, mm int64, ok bool) {
	seg := directed >> 1
	if w := m.region.segWay[seg]; !c.known || c.index != w {
		c.known, c.index, c.way = true, w, m.region.osmWay(w)
		c.passable = [2]bool{m.profile.Passable(&c.way, true), m.profile.Passable(&c.way, false)}
	}
	if !c.passable[directed&1] {
		return 0, 0, false
	}
	length := int64(m.region.segMM[seg])
	ms = m.profile.Millis(&c.way, length, directed&1 == 0)
	if b-a < length {
		ms = osm.Share(ms, b-a, length)
	}
	return ms, b - a, true
}

// chainWeight is the weight of a whole directed chain.
func (m *Metric) chainWeight(c *costing, d int32) (weight, error) {
	var ms, mm int64
	first, end := m.t.chainFirst[d>>1], m.t.chainFirst[d>>1+1]
	for _, directed := range m.t.chainSegs[first:end] {
		directed ^= d & 1
		s, l, ok := m.segment(c, directed, 0, int64(m.region.segMM[directed>>1]))
		if !ok {
			return never, nil
		}
		if ms, mm = ms+s, mm+l; ms >= 1<<timeBits || mm >= 1<<distBits {
			return 0, fmt.Errorf("%w: at way %d", ErrTooLong, c.way.ID)
		}
	}
	return m.pack(ms, mm), nil
}
