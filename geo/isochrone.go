package geo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Start is where somebody is who may be sent, and how soon they can leave.
type Start struct {
	Snap  Snap
	Delay int32 // seconds until they can leave, at least 0
}

// IsochroneOptions say how far to look.
type IsochroneOptions struct {
	// Limits are the times in seconds that areas and roads may be asked for,
	// such as 900, 1800 and 2700. The greatest is how far the search goes.
	Limits []int32
	// Towards turns the question round: from where the starts can be reached
	// in time, instead of what can be reached from them.
	Towards bool
}

// MaxIsochrone is the longest limit and the longest delay, in seconds: a day.
const MaxIsochrone = 86_400

// ErrIsochrone marks an isochrone that cannot be computed.
var ErrIsochrone = errors.New("geo: bad isochrone")

// Isochrone is what lies within some time of one place, or of the nearest of
// several, on the roads of a metric: the nearest including its delay. It is
// safe for use from many goroutines, and stays what it is when the metric
// changes.
type Isochrone struct {
	metric  *Metric // that it was made on
	m       *Metric // as it was then, without weights
	limits  []int32 // ascending, each once
	towards bool
	from    []Snap
	starts  []place // of from
	delays  []int64 // milliseconds, by start
	// begin has, for directed chains, the way from the starts to their
	// beginning, for whoever goes on along them; with towards, that from their
	// end to the starts. node has the same for graph nodes. What is not within
	// the greatest limit is not there.
	begin, node []label
	on          map[int32][]int // starts by the chain that they lie on
	chains      []int32         // that have a label or a start, ascending
	// ranged: the condition limits the second quantity of a leg. A leg is the
	// quickest way from one start, so each start is searched for itself.
	ranged bool
}

// label is the weight between the starts of a search and a node, or an end of a
// chain. Labels are sorted by at and then by search.
type label struct {
	at     int32
	search int32 // the start, if ranged; else 0 for all
	weight weight
}

// labels are those of a node or a directed chain.
func labels(list []label, at int32) []label {
	first, _ := slices.BinarySearchFunc(list, at, func(l label, at int32) int { return cmp.Compare(l.at, at) })
	end := first
	for end < len(list) && list[end].at == at {
		end++
	}
	return list[first:end]
}

// Isochrone finds out what can be reached from the starts within the limits,
// or with Towards from where they can be reached: one search, whatever the
// number of starts. Where the condition limits what a leg may count (see
// Energy), a place is reached from a start if the quickest way there keeps
// within that limit, as in Metric.Table, and there is one search for each
// start.
//
// It needs a metric of least time: with least distance, what is near may be
// reached late and what is further on the same road, by another way, sooner, so
// that a time bounds no search.
func (m *Metric) Isochrone(ctx context.Context, starts []Start, o IsochroneOptions) (*Isochrone, error) {
	if m.shortest {
		return nil, fmt.Errorf("%w: the metric is one of least distance", ErrIsochrone)
	}
	if len(o.Limits) == 0 {
		return nil, fmt.Errorf("%w: no limits", ErrIsochrone)
	}
	for i, l := range o.Limits {
		if l < 0 || l > MaxIsochrone {
			return nil, fmt.Errorf("%w: limits[%d]: %d s is not within 0 and %d", ErrIsochrone, i, l, MaxIsochrone)
		}
	}
	for i, s := range starts {
		if s.Delay < 0 || s.Delay > MaxIsochrone {
			return nil, fmt.Errorf("%w: starts[%d]: a delay of %d s is not within 0 and %d", ErrIsochrone, i, s.Delay, MaxIsochrone)
		}
	}
	if err := m.acquire(); err != nil {
		return nil, err
	}
	defer m.release()
	iso := &Isochrone{metric: m, towards: o.Towards, on: map[int32][]int{}, ranged: m.limit() != math.MaxInt32}
	// Times along roads come from the setting, which does not change when the
	// metric does.
	iso.m = &Metric{region: m.region, t: m.t, profile: m.profile, shortest: m.shortest, set: m.set}
	iso.limits = slices.Clone(o.Limits)
	slices.Sort(iso.limits)
	iso.limits = slices.Compact(iso.limits)
	var cost costing
	var gates []gate
	ends := []int{0} // of each start's gates
	for i, s := range starts {
		p, err := m.place(s.Snap)
		if err != nil {
			return nil, fmt.Errorf("starts[%d]: %w", i, err)
		}
		iso.from = append(iso.from, s.Snap)
		iso.starts = append(iso.starts, p)
		iso.delays = append(iso.delays, int64(s.Delay)*1000)
		if p.chain >= 0 {
			iso.on[p.chain] = append(iso.on[p.chain], i)
		}
		first := len(gates)
		if gates = iso.leave(gates, &cost, &p); s.Delay > 0 {
			for k := range gates[first:] {
				gates[first+k].weight += m.pack(int64(s.Delay)*1000, 0)
			}
		}
		ends = append(ends, len(gates))
	}
	s := m.borrow()
	defer m.giveBack(s)
	most := m.pack(int64(iso.limits[len(iso.limits)-1])*1000, 1<<distBits-1)
	if !iso.ranged {
		ends = []int{0, len(gates)}
	}
	for i, end := range ends[1:] {
		if err := m.oneToAll(ctx, s, gates[ends[i]:end], o.Towards, most); err != nil {
			return nil, err
		}
		iso.keep(s, int32(i))
	}
	iso.settle()
	return iso, nil
}

// leave appends the gates by which a start is left; with towards, entered.
func (iso *Isochrone) leave(gates []gate, c *costing, p *place) []gate {
	if iso.towards {
		return iso.m.entries(gates, c, p)
	}
	return iso.m.exits(gates, c, p)
}

// meet appends the gates by which a point is entered; with towards, left.
func (iso *Isochrone) meet(gates []gate, c *costing, p *place) []gate {
	if iso.towards {
		return iso.m.exits(gates, c, p)
	}
	return iso.m.entries(gates, c, p)
}

// keep takes over what a search found.
func (iso *Isochrone) keep(s *search, number int32) {
	m, t := iso.m, iso.m.t
	for v, w := range s.dist {
		if w < never {
			iso.node = append(iso.node, label{int32(v), number, w})
		}
	}
	for d := range int32(2 * t.chains()) {
		best := never
		if iso.towards {
			if head := t.chainHead[d]; head >= 0 {
				best = s.dist[head]
			}
		} else {
			for _, a := range t.onArcs[t.onFirst[d]:t.onFirst[d+1]] {
				if m.mayTake(a) {
					best = min(best, s.dist[t.arcTail[a]])
				}
			}
		}
		if best < never {
			iso.begin = append(iso.begin, label{d, number, best})
		}
	}
}

// settle sorts the labels of all searches.
func (iso *Isochrone) settle() {
	for _, list := range [][]label{iso.node, iso.begin} {
		slices.SortFunc(list, func(a, b label) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.search, b.search))
		})
	}
	for _, l := range iso.begin {
		if last := len(iso.chains) - 1; last < 0 || iso.chains[last] != l.at>>1 {
			iso.chains = append(iso.chains, l.at>>1)
		}
	}
	for chain := range iso.on {
		iso.chains = append(iso.chains, chain)
	}
	slices.Sort(iso.chains)
	iso.chains = slices.Compact(iso.chains)
}

// searchOf is the search that a start belongs to.
func (iso *Isochrone) searchOf(start int) int {
	if iso.ranged {
		return start
	}
	return 0
}

// inRange reports whether a leg of some weight is short enough.
func (iso *Isochrone) inRange(w weight) bool {
	_, second := iso.m.unpack(w)
	return !iso.ranged || second <= int64(iso.m.limit())*1000
}

// Limits are the limits of the isochrone in seconds, ascending.
func (iso *Isochrone) Limits() []int32 { return slices.Clone(iso.limits) }

// Seconds gives for each point the least over all starts of the start's delay
// and the seconds of Metric.Table, from the start to the point or with Towards
// from the point to the start; Unreachable where that is more than the
// greatest limit.
func (iso *Isochrone) Seconds(points []Snap) ([]int32, error) {
	m := iso.m
	if err := m.region.acquire(); err != nil {
		return nil, err
	}
	defer m.region.mu.RUnlock()
	seconds := make([]int32, len(points))
	var cost costing
	var gates []gate
	most := int64(iso.limits[len(iso.limits)-1]) * 1000
	best := make([]weight, 1) // by search
	if iso.ranged {
		best = make([]weight, len(iso.starts))
	}
	for i, s := range points {
		p, err := m.place(s)
		if err != nil {
			return nil, fmt.Errorf("points[%d]: %w", i, err)
		}
		for k := range best {
			best[k] = never
		}
		reach := func(search int, w weight) {
			if w < best[search] && fits(w, m.guard()) {
				best[search] = w
			}
		}
		gates = iso.meet(gates[:0], &cost, &p)
		for _, g := range gates {
			for _, l := range labels(iso.node, g.node) {
				reach(int(l.search), l.weight+g.weight)
			}
		}
		for k := range iso.beside(&p) {
			from, to := &iso.starts[k], &p
			if iso.towards {
				from, to = to, from
			}
			if w, _ := m.direct(&cost, from, to); w < never {
				reach(iso.searchOf(k), m.pack(iso.delays[k], 0)+w)
			}
		}
		least := most + 1
		for _, w := range best {
			if w < never && iso.inRange(w) {
				ms, _ := m.unpack(w)
				least = min(least, ms)
			}
		}
		if seconds[i] = Unreachable; least <= most {
			seconds[i] = int32((least + 999) / 1000)
		}
	}
	return seconds, nil
}

// beside visits the starts from which a place may be reached without passing
// a node of the graph.
func (iso *Isochrone) beside(p *place) func(func(int) bool) {
	return func(yield func(int) bool) {
		if p.junction >= 0 || p.chain < 0 {
			return // a start at the same junction has the same nodes
		}
		for _, k := range iso.on[p.chain] {
			if !yield(k) {
				return
			}
		}
	}
}

// nearestBlock is how many points, and how many starts, a table of Nearest has
// at most: 16 MB.
const nearestBlock = 1448

// Nearest is, by point, the index of the start with the least delay and
// seconds together, the first of equal ones; -1 where none is within the
// greatest limit. It asks the metric for tables, one after another, and so is
// refused when the metric has changed meanwhile.
func (iso *Isochrone) Nearest(ctx context.Context, points []Snap) ([]int, error) {
	return iso.nearest(ctx, points, nearestBlock)
}

func (iso *Isochrone) nearest(ctx context.Context, points []Snap, block int) ([]int, error) {
	seconds, err := iso.Seconds(points)
	if err != nil {
		return nil, err
	}
	nearest := make([]int, len(points))
	var reached []int // points; the others need not be asked about
	var where []orb.Point
	for j := range nearest {
		if nearest[j] = -1; seconds[j] != Unreachable {
			reached, where = append(reached, j), append(where, points[j].Point)
		}
	}
	// What lies together on the map has most of its way up the hierarchy in
	// common.
	order := nearness(where)
	var table Table
	var numbers []int // of points
	var some []Snap
	for first := 0; first < len(order); first += block {
		numbers, some = numbers[:0], some[:0]
		for _, k := range order[first:min(first+block, len(order))] {
			j := reached[uint32(k)]
			numbers, some = append(numbers, j), append(some, points[j])
		}
		best := make([]int64, len(some)) // more than any that counts
		for k := range best {
			best[k] = int64(iso.limits[len(iso.limits)-1]) + 1
		}
		for start := 0; start < len(iso.from); start += block {
			rows, cols := iso.from[start:min(start+block, len(iso.from))], some
			if iso.towards {
				rows, cols = cols, rows
			}
			if err := iso.metric.TableInto(ctx, &table, rows, cols, 0); err != nil {
				return nil, err
			}
			iso.compare(&table, start, func(start, k int, sum int64) {
				if sum < best[k] {
					best[k], nearest[numbers[k]] = sum, start
				}
			})
		}
	}
	if iso.metric.now() != iso.m.set {
		return nil, fmt.Errorf("%w: the metric has changed", ErrIsochrone)
	}
	return nearest, nil
}

// compare visits the legs of a table between starts, from the first on, and
// points: with their delays, in seconds, by start.
func (iso *Isochrone) compare(table *Table, first int, visit func(start, point int, sum int64)) {
	starts, points := table.Rows, table.Cols
	if iso.towards {
		starts, points = points, starts
	}
	for i := range starts {
		delay := iso.delays[first+i] / 1000
		for j := range points {
			at := i*points + j
			if iso.towards {
				at = j*starts + i
			}
			visit(first+i, j, delay+int64(table.Seconds[at]))
		}
	}
}
