package geo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/slinga-se/slinga/geo/cch"
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

	weights []weight // of the topology's arcs
	chain   []weight // of directed chains, whoever may enter them
	ch      *cch.Metric

	once  sync.Once
	parts *components // strongly connected components, computed when first asked for
	reach atomic.Pointer[reach]
	pool  sync.Pool // of *search
	roads roadCache // what snapping found out about the roads
}

// weight is time and distance in one number, the deciding one above the other:
// 29 bits of milliseconds (149 hours) and 32 bits of millimetres (4 294 km),
// and between them a guard bit that is 0. The sum of two weights is one number
// again, and the lesser of two is the lexicographically lesser, so one
// relaxation carries both. Where the lower number of a sum is too long, the
// guard bit tells; where the upper is, the sum is never or more.
type weight = uint64

const (
	timeBits = 29
	distBits = 32

	// never is the weight of what may not be travelled.
	never weight = cch.Inf
)

// ErrTooLong marks a road that a weight cannot hold.
var ErrTooLong = errors.New("geo: a stretch of road takes more than 149 hours or is longer than 4 294 km")

// shift is where the upper number of a weight begins.
func (m *Metric) shift() uint {
	if m.shortest {
		return timeBits + 1
	}
	return distBits + 1
}

// guard is the bit between the two numbers.
func (m *Metric) guard() weight { return 1 << (m.shift() - 1) }

func (m *Metric) pack(ms, mm int64) weight {
	if m.shortest {
		return weight(mm)<<m.shift() | weight(ms)
	}
	return weight(ms)<<m.shift() | weight(mm)
}

// fits reports whether the sum of two weights is a weight: neither number
// runs over. A route that is too long for a weight counts as none.
func fits(sum, guard weight) bool { return sum&guard == 0 && sum < never }

func (m *Metric) unpack(w weight) (ms, mm int64) {
	high, low := int64(w>>m.shift()), int64(w&(m.guard()-1))
	if m.shortest {
		return low, high
	}
	return high, low
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
	m.t.index()
	m.chain = make([]weight, 2*m.t.chains())
	var cost costing
	for d := range m.chain {
		w, err := m.chainWeight(&cost, int32(d))
		if err != nil {
			return nil, err
		}
		m.chain[d] = w
	}
	m.weights = make([]weight, len(m.t.arcHead))
	for a := range m.weights {
		m.weights[a] = never
		if osm.Modes(m.t.arcModes[a])&p.Mode != 0 {
			m.weights[a] = m.chain[m.t.arcChain[a]]
		}
	}
	var err error
	m.ch, err = m.t.hierarchy.Customise(context.Background(), m.weights, m.guard(), 0)
	return m, err
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
