package geo

import (
	"fmt"
	"math"
	"sync"

	"github.com/slinga-se/slinga/geo/osm"
)

// wayCost is what a way costs under a setting. Segments share it: theirs is a
// division away.
type wayCost struct {
	// forward and backward are metres per hour, 0 where the way may not be
	// travelled. On a ferry they are the milliseconds of the whole way, plus 1.
	forward, backward uint32
	percent           uint32 // of the time at that speed; 0: a ferry
	energy            uint32 // milliwatt-hours per kilometre
}

// speeds beyond this are held to it: 1 000 000 km/h, which only rules that
// speed up can ask for.
const fastest = 1_000_000_000

// costing remembers the way of the segment that was costed last; neighbours in
// a chain usually lie on the same.
type costing struct {
	known   bool
	index   int32
	variant uint16
	way     osm.Way
	cost    wayCost
}

// take makes c know the way of a segment.
func (s *setting) take(c *costing, seg int32) {
	w, variant := s.r.segWay[seg], uint16(0)
	if s.variant != nil {
		variant = s.variant[seg]
	}
	if c.known && c.index == w && c.variant == variant {
		return
	}
	if !c.known || c.index != w {
		c.way = s.r.osmWay(w)
	}
	c.known, c.index, c.variant = true, w, variant
	if c.cost = s.ways[w]; variant != 0 && c.cost.percent != 0 {
		c.cost = s.costOf(w, variant)
	}
}

// millis is the time of a whole segment at a way's cost in one direction.
func (c *wayCost) millis(rate uint32, segmentMM, wayMM int64) int64 {
	if c.percent == 0 {
		return osm.Share(int64(rate)-1, segmentMM, wayMM)
	}
	return int64((uint64(segmentMM)*36*uint64(c.percent) + uint64(rate) - 1) / uint64(rate))
}

// milliwattHours is what a whole segment consumes.
func (c *wayCost) milliwattHours(segmentMM int64) int64 {
	return int64((uint64(segmentMM)*uint64(c.energy) + 999_999) / 1_000_000)
}

// segment is the time and the second quantity (see MetricOptions.Second) of the
// stretch of a directed segment from a to b, millimetres from where the segment
// begins in that direction.
func (m *Metric) segment(c *costing, directed int32, a, b int64) (ms, second int64, ok bool) {
	s := m.set
	if s.isShut(directed) {
		return 0, 0, false
	}
	seg := directed >> 1
	s.take(c, seg)
	rate := c.cost.forward
	if directed&1 != 0 {
		rate = c.cost.backward
	}
	if rate == 0 {
		return 0, 0, false
	}
	length := int64(m.region.segMM[seg])
	ms, second = c.cost.millis(rate, length, c.way.Millimetres), length
	if s.second == EnergyUsed {
		second = c.cost.milliwattHours(length)
	}
	if b-a < length {
		ms, second = osm.Share(ms, b-a, length), osm.Share(second, b-a, length)
	}
	return ms, second, true
}

// chainWeight is the weight of a whole directed chain.
func (m *Metric) chainWeight(c *costing, d int32) (weight, error) {
	var ms, second int64
	first, end := m.t.chainFirst[d>>1], m.t.chainFirst[d>>1+1]
	for _, directed := range m.t.chainSegs[first:end] {
		directed ^= d & 1
		s, l, ok := m.segment(c, directed, 0, int64(m.region.segMM[directed>>1]))
		if !ok {
			return never, nil
		}
		if ms, second = ms+s, second+l; ms >= 1<<timeBits || second >= 1<<distBits {
			return 0, m.set.tooLong(c.way.ID)
		}
	}
	return m.pack(ms, second), nil
}

func (s *setting) tooLong(way int64) error {
	if s.second == EnergyUsed {
		return fmt.Errorf("%w (or needs more than 4 294 kWh): at way %d", ErrTooLong, way)
	}
	return fmt.Errorf("%w: at way %d", ErrTooLong, way)
}

// weigh computes the weights of all directed chains, on as many threads as the
// machine has. Of several chains that are too long the first is told.
func (m *Metric) weigh() error {
	m.t.unroll(m.region)
	m.chain = make([]weight, 2*m.t.chains())
	var mu sync.Mutex
	var fault error
	faultAt := math.MaxInt
	inBlocks(0, m.t.chains(), 512, func() func(first, end int) {
		var cost weighing
		return func(first, end int) {
			cost.fetch(m, first, end)
			from := m.t.chainFirst[first]
			for c := first; c < end; c++ {
				if err := m.weighChain(&cost, int32(c), int(m.t.chainFirst[c]-from)); err != nil {
					mu.Lock()
					if c < faultAt {
						fault, faultAt = err, c
					}
					mu.Unlock()
					return
				}
			}
		}
	})
	if fault != nil {
		return fault
	}
	m.shutChains()
	return nil
}

// unroll copies what weighing needs of segments into the order of the chains.
// Segments lie in memory by way and chains by place; fetching the one from the
// other every time costs more than all arithmetic.
func (t *topology) unroll(r *Region) {
	t.unrolled.Do(func() {
		t.chainMM, t.chainWays = make([]uint32, len(t.chainSegs)), make([]int32, len(t.chainSegs))
		inBlocks(0, len(t.chainSegs), 1<<14, func() func(first, end int) {
			return func(first, end int) {
				for i, directed := range t.chainSegs[first:end] {
					t.chainMM[first+i] = r.segMM[directed>>1]
				}
				for i, directed := range t.chainSegs[first:end] {
					t.chainWays[first+i] = r.segWay[directed>>1]
				}
			}
		})
	})
}

// weighing is the scratch memory of a thread that weighs chains. The costs of
// ways are fetched for a block of chains at once: the machine waits for many of
// them together.
type weighing struct {
	costing
	costs []wayCost // by position in the block

	last           wayCost
	scale          uint64  // 36 * percent
	along, against float64 // one over the rates
}

// fetch gets the costs for the chains from first up to end.
func (w *weighing) fetch(m *Metric, first, end int) {
	s := m.set
	from, to := m.t.chainFirst[first], m.t.chainFirst[end]
	segs := m.t.chainSegs[from:to]
	if len(segs) > cap(w.costs) {
		w.costs = make([]wayCost, len(segs))
	}
	w.costs = w.costs[:len(segs)]
	for i, way := range m.t.chainWays[from:to] {
		w.costs[i] = s.ways[way]
	}
	if s.variant != nil {
		for i, directed := range segs {
			if seg := directed >> 1; s.variant[seg] != 0 {
				s.take(&w.costing, seg)
				w.costs[i] = w.costing.cost
			}
		}
	}
}

// ceilBy is n / by rounded up, given nearly one over by: the estimate is off by
// one at most, for n is below 2^53, and a multiplication finds that out. It is
// several times quicker than a division.
func ceilBy(n uint64, by uint32, inverse float64) int64 {
	q := int64(float64(n) * inverse)
	rest := int64(n) - q*int64(by)
	if rest > 0 {
		q++
		if rest > int64(by) {
			q++
		}
	} else if rest <= -int64(by) {
		q--
	}
	return q
}

// weighChain is chainWeight for both directions in one walk, without closures.
// Most roads are as quick one way as the other, and then one division serves
// for both. at is where the chain begins in the costs of c.
func (m *Metric) weighChain(c *weighing, chain int32, at int) error {
	var there, back, second int64
	goes, returns := true, true
	first, end := m.t.chainFirst[chain], m.t.chainFirst[chain+1]
	lengths := m.t.chainMM[first:end]
	for i, directed := range m.t.chainSegs[first:end] {
		if cost := c.costs[at+i]; cost != c.last {
			c.last = cost
			c.scale = 36 * uint64(cost.percent)
			c.along, c.against = 1/float64(cost.forward), 1/float64(cost.backward)
		}
		along, against := c.last.forward, c.last.backward
		toAlong, toAgainst := c.along, c.against
		if directed&1 != 0 {
			along, against, toAlong, toAgainst = against, along, toAgainst, toAlong
		}
		goes, returns = goes && along != 0, returns && against != 0
		if !goes && !returns {
			break
		}
		length := int64(lengths[i])
		switch {
		case c.last.percent == 0:
			whole := m.region.ways[m.t.chainWays[int(first)+i]].Millimetres
			if goes {
				there += c.last.millis(along, length, whole)
			}
			if returns {
				back += c.last.millis(against, length, whole)
			}
		case along == against:
			ms := ceilBy(uint64(length)*c.scale, along, toAlong)
			there, back = there+ms, back+ms
		default:
			if goes {
				there += ceilBy(uint64(length)*c.scale, along, toAlong)
			}
			if returns {
				back += ceilBy(uint64(length)*c.scale, against, toAgainst)
			}
		}
		if m.set.second == EnergyUsed {
			length = c.last.milliwattHours(length)
		}
		second += length
		if goes && there >= 1<<timeBits || returns && back >= 1<<timeBits || second >= 1<<distBits {
			return m.weighSlowly(&c.costing, chain)
		}
	}
	m.chain[chain<<1], m.chain[chain<<1|1] = never, never
	if goes {
		m.chain[chain<<1] = m.pack(there, second)
	}
	if returns {
		m.chain[chain<<1|1] = m.pack(back, second)
	}
	return nil
}

// weighSlowly weighs a chain that seems to be too long. Whether it is depends
// on whether one may travel all of it.
func (m *Metric) weighSlowly(c *costing, chain int32) error {
	for d := chain << 1; d <= chain<<1|1; d++ {
		w, err := m.chainWeight(c, d)
		if err != nil {
			return err
		}
		m.chain[d] = w
	}
	return nil
}

// shutChains closes the chains that have a closed segment.
func (m *Metric) shutChains() {
	for i := range m.set.closures {
		for _, directed := range m.set.closures[i].segments {
			if d := m.chainOf(directed); d >= 0 {
				m.chain[d] = never
			}
		}
	}
}

// chainOf is the directed chain that runs over a directed segment, or -1.
func (m *Metric) chainOf(directed int32) int32 {
	pos := m.t.segPos[directed>>1]
	if pos < 0 {
		return -1
	}
	return m.t.chainAt(pos)<<1 | (m.t.chainSegs[pos]^directed)&1
}
