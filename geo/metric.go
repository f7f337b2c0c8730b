package geo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

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
	set      *setting // what the profile and the condition come to

	mu      sync.RWMutex // held for writing by Change
	weights []weight     // of the topology's arcs
	chain   []weight     // of directed chains, whoever may enter them
	ch      *cch.Metric

	once   sync.Once
	parts  *components // strongly connected components, computed when first asked for
	reach  atomic.Pointer[reach]
	pool   sync.Pool // of *search
	tables sync.Pool // of *tableau
	roads  roadCache // what snapping found out about the roads
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
	// Second is what is counted beside time: distance, or the energy that the
	// condition's Energy describes. Then every word about distance in this
	// package is about energy, and about watt-hours where it says metres.
	Second Quantity
	// Condition is the state of the roads; nil: nothing is the matter.
	Condition *Condition
	// At is the instant, in its own time zone, at which conditional tags,
	// timetables and everything else with a time are looked up. Zero: nothing
	// that has a time binds.
	At time.Time
	// Since begins the period that waits at ferries are about. Zero: At.
	Since time.Time
	// Until ends the period that began with At or Since, for waits at ferries: the
	// metric counts the mean over arrivals at every minute of the period,
	// or the longest wait where that is more than an hour, boarding aside. Zero: an hour. See
	// Periods.
	Until time.Time
	// LongestWait counts the longest wait of the period however short it is.
	LongestWait bool
}

// Metric customises the region for a profile: the quickest routes.
func (r *Region) Metric(ctx context.Context, p osm.Profile) (*Metric, error) {
	return r.MetricWith(ctx, p, MetricOptions{})
}

// MetricWith customises the region for a profile. It takes time linear in the
// region's segments: a fraction of a second for a country's part; areas of the
// condition cost by how many roads lie along their outline. When ctx is done it
// gives ctx.Err() soon.
func (r *Region) MetricWith(ctx context.Context, p osm.Profile, o MetricOptions) (*Metric, error) {
	if err := r.acquire(); err != nil {
		return nil, err
	}
	defer r.mu.RUnlock()
	return r.metric(ctx, p, o)
}

// metric is MetricWith on a region that the caller holds.
func (r *Region) metric(ctx context.Context, p osm.Profile, o MetricOptions) (*Metric, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m := &Metric{region: r, profile: p, shortest: o.Shortest}
	var group osm.Modes
	for i := range r.topologies {
		if p.Mode&topologyModes[i] != 0 {
			m.t, group = &r.topologies[i], topologyModes[i]
		}
	}
	if m.t == nil {
		return nil, fmt.Errorf("geo: no topology for mode %v", p.Mode)
	}
	m.t.index(len(r.nodes), group)
	var err error
	if m.set, err = r.newSetting(ctx, m.t, p, o); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := m.weigh(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.weights = make([]weight, len(m.t.arcHead))
	for a := range m.weights {
		m.weights[a] = never
		if osm.Modes(m.t.arcModes[a])&p.Mode != 0 {
			m.weights[a] = m.chain[m.t.arcChain[a]]
		}
	}
	if m.set.noTurn != nil {
		for _, x := range m.t.arcBans {
			if m.set.noTurn.has(x.arc) {
				m.weights[x.arc] = never
			}
		}
	}
	if m.ch, err = m.t.hierarchy.Customise(ctx, m.weights, m.guard(), 0); err != nil {
		return nil, err
	}
	return m, nil
}

// Profile is the profile that the metric was made with.
func (m *Metric) Profile() osm.Profile { return m.profile }

// Region is the region that the metric belongs to.
func (m *Metric) Region() *Region { return m.region }
