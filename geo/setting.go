package geo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// Quantity is what a metric counts beside time.
type Quantity uint8

// The quantities.
const (
	Distance   Quantity = iota // millimetres, given out as metres
	EnergyUsed                 // milliwatt-hours, given out as watt-hours
)

// String names the unit that a table is in.
func (q Quantity) String() string {
	if q == EnergyUsed {
		return "watt-hours"
	}
	return "metres"
}

// setting is a profile and a condition bound to one topology of a region at
// one time: what every way costs, and what is closed.
type setting struct {
	r         *Region
	t         *topology
	profile   osm.Profile // with the condition's word on ice roads and winter roads
	condition Condition   // as it was given
	options   MetricOptions
	second    Quantity

	rules   []boundRule        // speed rules that bind, in their order
	edits   map[int32]*wayEdit // by way: what conditional tags and the condition change
	ways    []wayCost          // by way, where no rule with an area holds
	variant []uint16           // by segment, nil without areas: which rules with an area hold
	combos  [][]uint64         // by variant: rules as a bit set
	consume [osm.NumClasses][osm.NumSurfaces]uint32
	shapes  map[string]*shape // by area

	closures  []boundClosure
	shut      []uint64 // by directed segment, nil if nothing is closed
	noTurn    bitset   // arcs that conditional turn restrictions close, nil if none
	undecided []UndecidedTag
}

// wayEdit is a way as it is now.
type wayEdit struct {
	way     osm.Way
	state   State    // of an ice road or winter road; "": as the profile
	ferry   int      // the entry that speaks of it, plus 1
	quay    bool     // the time on the quay is known
	millis  [2]int64 // on the quay, forward and backward
	stopped [2]bool
}

// boundRule is a speed rule with its names looked up.
type boundRule struct {
	classes, surfaces uint32 // bit sets; 0: all
	flags             osm.Flags
	ways              map[int32]bool // nil: all
	area              *shape         // nil: everywhere
	percent, most     int64
}

// boundClosure is a closure with what it closes.
type boundClosure struct {
	id       string
	segments []int32 // directed
	ways     []ClosedWay
}

// ClosedWay is a way that a closure closes, or some segments of it.
type ClosedWay struct {
	Closure  string // ID
	Way      int64  // OSM id
	Segments int    // pieces between two nodes that are closed, in one direction or both
	Of       int    // pieces that the way has
	// Millimetres is the length of the pieces that are closed.
	Millimetres int64
}

// UndecidedTag is a conditional tag of which nobody can tell whether it binds.
// A way counts as if the tag were not there; a turn restriction binds, for a
// turn that is left out costs a detour and one that is forbidden cannot be made.
type UndecidedTag struct {
	Way         int64  // 0: it is a turn restriction's
	Restriction int64  // the relation; 0: it is a way's
	Tag         string // "key=value", of a restriction perhaps several by line
}

// Condition is the condition that the metric was made with; zero if none.
func (m *Metric) Condition() Condition { return m.now().condition }

// Second is what the metric's tables count beside seconds.
func (m *Metric) Second() Quantity { return m.now().second }

// Closed lists the ways that closures close for this metric, by closure in
// the order of the condition and then by way. A way is listed by each closure
// that closes it.
func (m *Metric) Closed() []ClosedWay {
	var list []ClosedWay
	closures := m.now().closures
	for i := range closures {
		list = append(list, closures[i].ways...)
	}
	return list
}

// Undecided lists the conditional tags that At could not decide: those of ways,
// ascending by way, and then those of turn restrictions in the order of
// Region.Restrictions.
func (m *Metric) Undecided() []UndecidedTag { return slices.Clone(m.now().undecided) }

// limit is what a leg may count of the second quantity, in metres or
// watt-hours: a car's leg, for nobody else's battery is meant. Amounts are
// rounded up and the limit is whole, so comparing the rounded ones is exact.
func (m *Metric) limit() int32 {
	limit := 0
	if e := m.set.condition.Energy; e != nil && m.profile.Mode == osm.ModeCar {
		if limit = e.LimitMetres; m.set.second == EnergyUsed {
			limit = e.LimitWh
		}
	}
	if limit == 0 {
		return math.MaxInt32
	}
	return int32(limit)
}

// outOfRange makes legs beyond the limit unreachable.
func (m *Metric) outOfRange(t *Table) {
	limit := m.limit()
	if limit == math.MaxInt32 {
		return
	}
	for i, second := range t.Metres {
		if second > limit {
			t.Seconds[i], t.Metres[i] = Unreachable, Unreachable
		}
	}
}

// newSetting binds a profile and the options' condition to a topology.
func (r *Region) newSetting(ctx context.Context, t *topology, p osm.Profile, o MetricOptions) (*setting, error) {
	s := &setting{r: r, t: t, profile: p, options: o, second: o.Second, edits: map[int32]*wayEdit{}, shapes: map[string]*shape{}}
	if o.Second > EnergyUsed {
		return nil, fmt.Errorf("geo: there is no quantity %d", o.Second)
	}
	if from, until := o.period(); !o.At.IsZero() && !until.After(from) {
		return nil, errors.New("geo: the period of a metric ends before it begins")
	}
	c := &s.condition
	if o.Condition != nil {
		if err := o.Condition.Validate(); err != nil {
			return nil, err
		}
		*c = *o.Condition
	}
	if c.IceRoads != "" {
		s.profile.IceRoads = c.IceRoads == StateOpen
	}
	if c.WinterRoads != "" {
		s.profile.WinterRoads = c.WinterRoads == StateOpen
	}
	if err := s.energy(c.Energy); err != nil {
		return nil, err
	}
	b := &binder{ctx: ctx, s: s}
	b.conditionalTags()
	b.turns()
	b.roads()
	b.ferries()
	b.speeds()
	for i := range c.Closures {
		b.closure(i)
	}
	if err := b.err(); err != nil {
		return nil, err
	}
	s.ways = make([]wayCost, len(r.ways))
	inBlocks(0, len(r.ways), 4096, func() func(first, end int) {
		return func(first, end int) {
			for w := first; w < end; w++ {
				s.ways[w] = s.costOf(int32(w), 0)
			}
		}
	})
	s.shutSegments()
	return s, nil
}

// energy prepares what is consumed by class and surface, in milliwatt-hours
// per kilometre, each step rounded up.
func (s *setting) energy(e *Energy) error {
	if s.second != EnergyUsed {
		if e != nil && e.LimitWh > 0 && s.profile.Mode == osm.ModeCar {
			return fmt.Errorf("%w: energy.limit_wh: needs tables of watt-hours (MetricOptions.Second EnergyUsed), these are of metres; give limit_metres", ErrCondition)
		}
		return nil
	}
	if e == nil || e.WhPerKM == 0 {
		return fmt.Errorf("%w: energy.wh_per_km: is missing, and MetricOptions.Second is EnergyUsed", ErrCondition)
	}
	if e.LimitMetres > 0 {
		return fmt.Errorf("%w: energy.limit_metres: needs tables of metres (MetricOptions.Second Distance), these are of watt-hours; give limit_wh", ErrCondition)
	}
	share := func(of uint64, percent int) uint64 {
		if percent == 0 {
			percent = 100
		}
		return (of*uint64(percent) + 99) / 100
	}
	for c := range s.consume {
		for f := range s.consume[c] {
			x := share(uint64(e.WhPerKM)*1000, e.Percent)
			x = share(x, e.ClassPercent[osm.Class(c).String()])
			x = share(x, e.SurfacePercent[osm.Surface(f).String()])
			s.consume[c][f] = uint32(min(x, 1<<31))
		}
	}
	return nil
}

// costOf is what a way costs where the rules of a variant hold.
func (s *setting) costOf(w int32, variant uint16) (c wayCost) {
	way := s.r.osmWay(w)
	edit := s.edits[w]
	if edit != nil {
		way = edit.way
	}
	if (way.Forward|way.Backward)&s.profile.Mode == 0 {
		return wayCost{}
	}
	gate := way
	if edit != nil && edit.state != "" {
		if gate.Flags &^= osm.FlagIceRoad | osm.FlagWinter; edit.state == StateClosed {
			return wayCost{}
		}
	}
	open := [2]bool{s.profile.Passable(&gate, true), s.profile.Passable(&gate, false)}
	if way.Flags&osm.FlagFerry != 0 {
		return s.ferryCost(&way, edit, open)
	}
	c.percent = 100
	if way.Limited&s.profile.Mode != 0 {
		c.percent += uint32(s.profile.LimitedPercent)
	}
	if open[0] {
		c.forward = s.speed(w, &way, true, variant)
	}
	if open[1] {
		if c.backward = c.forward; !open[0] || way.Speed.Forward != way.Speed.Backward {
			c.backward = s.speed(w, &way, false, variant)
		}
	}
	if s.second == EnergyUsed {
		c.energy = s.consume[way.Class][way.Surface]
	}
	return c
}

func (s *setting) ferryCost(way *osm.Way, edit *wayEdit, open [2]bool) (c wayCost) {
	rate := [2]uint32{}
	for i := range rate {
		total := s.profile.Millis(way, way.Millimetres, i == 0)
		if edit != nil {
			if edit.stopped[i] {
				continue
			}
			if edit.quay {
				total += edit.millis[i] - int64(s.profile.FerryBoarding)*1000
			}
		}
		if open[i] {
			rate[i] = uint32(min(total, 1<<31)) + 1
		}
	}
	return wayCost{forward: rate[0], backward: rate[1]}
}

// onQuay is what of a ferry's milliseconds is spent before it sails, forward (0)
// or backward (1).
func (s *setting) onQuay(w, direction int32) int64 {
	if edit := s.edits[w]; edit != nil && edit.quay {
		return edit.millis[direction]
	}
	return int64(s.profile.FerryBoarding) * 1000
}

// speed is the speed on a way in metres per hour: the profile's, and then the
// rules.
func (s *setting) speed(w int32, way *osm.Way, forward bool, variant uint16) uint32 {
	v := s.profile.MetresPerHour(way, forward)
	for i := range s.rules {
		r := &s.rules[i]
		if r.area != nil && (variant == 0 || s.combos[variant][i>>6]>>(i&63)&1 == 0) || !r.fits(w, way) {
			continue
		}
		if r.percent > 0 {
			v = v * r.percent / 100
		}
		if r.most > 0 {
			v = min(v, r.most)
		}
		v = min(max(v, 1000), fastest)
	}
	return uint32(min(v, fastest))
}

func (r *boundRule) fits(w int32, way *osm.Way) bool {
	return (r.classes == 0 || r.classes>>way.Class&1 != 0) &&
		(r.surfaces == 0 || r.surfaces>>way.Surface&1 != 0) &&
		(r.flags == 0 || r.flags&way.Flags != 0) &&
		(r.ways == nil || r.ways[w])
}

// period is when the metric holds: an hour from At if nothing else is said.
func (o *MetricOptions) period() (from, until time.Time) {
	from = o.At
	if !o.Since.IsZero() {
		from = o.Since.In(o.At.Location())
	}
	if o.Until.IsZero() {
		return from, from.Add(time.Hour)
	}
	return from, o.Until.In(o.At.Location())
}

func (s *setting) isShut(directed int32) bool {
	return s.shut != nil && s.shut[directed>>6]>>(directed&63)&1 != 0
}

// shutSegments marks what the closures close.
func (s *setting) shutSegments() {
	s.shut = nil
	for i := range s.closures {
		for _, d := range s.closures[i].segments {
			if s.shut == nil {
				s.shut = make([]uint64, (2*len(s.r.refs)+63)/64)
			}
			s.shut[d>>6] |= 1 << (d & 63)
		}
	}
}
