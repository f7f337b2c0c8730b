package solver

import (
	"context"
	"slices"
)

// A route is plain when a task in it costs the legs that it adds and no more:
// one period, no breaks, no price on waiting or work, the same way there and
// back, and tasks with one window and nothing preferred. So are those of the
// classic sets. Their gaps and their matrix are laid out in a quarter of the
// memory, and a scan of them does nothing but add and compare.

// plainLegs is the travel of shifts that pay the same for it. What is the same
// stands in memory once.
type plainLegs struct {
	number                 int // in model.plain
	profile                int32
	timeCost, distanceCost int64
	times, distances       []int32 // at * locations + other; distances may be nil
	fares                  []int32 // what a leg costs
	own, apart             []int32 // of a part: room for fares and distances that are not the times
}

// plainGap is what such a scan reads of a gap between p and q.
type plainGap struct {
	left     int32 // p is left then at the earliest
	late     int32 // the latest start of q
	direct   int32 // what the leg costs
	from, to int32 // rows of the locations of p and q in nearby
	pred     int32 // p
}

// mostPlain bounds the times of plain routes: sums of three fit into 32 bits.
const mostPlain = 1 << 29

// compilePlain finds the shifts whose routes are plain: none when ctx is cancelled.
func (m *model) compilePlain(ctx context.Context) {
	for i := range m.tasks {
		n := &m.nodes[i]
		if len(n.hard) != 1 || n.priced {
			return
		}
	}
	m.easy = m.alone && !m.pairs && !m.stock.used
	for r := range m.shifts {
		sm := &m.shifts[r]
		if sm.timed == nil && len(sm.breaks) == 0 && sm.waitCost == 0 && sm.workCost == 0 && sm.tiers == nil && sm.distanceUnit == 1 && sm.longestTravel == 0 &&
			sm.start >= -mostPlain && sm.end <= mostPlain {
			sm.plain = m.plainLegs(ctx, sm)
		}
		m.easy = m.easy && sm.plain != nil
	}
}

// plainLegs lays out the legs of a shift, or finds them laid out. It returns
// nil where they differ by direction or some way is missing.
func (m *model) plainLegs(ctx context.Context, sm *shiftModel) *plainLegs {
	for _, l := range m.plain {
		if l.profile == sm.profile && l.timeCost == sm.timeCost && l.distanceCost == sm.distanceCost {
			if l.fares == nil {
				return nil
			}
			return l
		}
	}
	l := &plainLegs{number: len(m.plain), profile: sm.profile, timeCost: sm.timeCost, distanceCost: sm.distanceCost}
	m.plain = append(m.plain, l)
	p := &sm.periods[0]
	distances := p.Distance
	if slices.Equal(p.Time, distances) {
		distances = p.Time
	}
	fares := make([]int32, len(p.Time))
	for i, time := range p.Time {
		if i%p.N == 0 && ctx.Err() != nil {
			return nil
		}
		fare := int64(time) * sm.timeCost
		if distances != nil {
			fare += int64(distances[i]) * sm.distanceCost
		}
		if back := i%p.N*p.N + i/p.N; time > mostPlain || fare > mostPlain || time != p.Time[back] ||
			distances != nil && distances[i] != distances[back] {
			return nil
		}
		fares[i] = int32(fare)
	}
	l.times, l.distances, l.fares = p.Time, distances, fares
	switch {
	case slices.Equal(fares, l.times):
		l.fares = l.times
	case slices.Equal(fares, distances):
		l.fares = distances
	}
	return l
}

// reset forgets the legs between the locations of a part.
func (l *plainLegs) reset() { l.times, l.own, l.apart = l.times[:0], l.own[:0], l.apart[:0] }

// lay lays out, if that has not been done, the legs of all between the
// locations of a part.
func (l *plainLegs) lay(all *plainLegs, width int32, locations []int32) {
	if len(l.times) > 0 {
		return
	}
	pick := func(to, from []int32) []int32 {
		to = slices.Grow(to, len(locations)*len(locations))
		for _, a := range locations {
			row := from[a*width:][:width]
			for _, b := range locations {
				to = append(to, row[b])
			}
		}
		return to
	}
	l.times = pick(l.times, all.times)
	l.fares, l.distances = l.times, nil
	if &all.fares[0] != &all.times[0] {
		l.own = pick(l.own, all.fares)
		l.fares = l.own
	}
	switch {
	case all.distances == nil:
	case &all.distances[0] == &all.times[0]:
		l.distances = l.times
	case &all.distances[0] == &all.fares[0]:
		l.distances = l.fares
	default:
		l.apart = pick(l.apart, all.distances)
		l.distances = l.apart
	}
}

// leg is the travel between two locations.
func (l *plainLegs) leg(at int32) arc {
	if l.distances == nil {
		return arc{time: l.times[at]}
	}
	return arc{l.times[at], l.distances[at]}
}

// layPlain lays out the gaps of a plain route.
func (w *search) layPlain(g *gaps, r int32) {
	s, m := w.state, w.model
	legs := m.shifts[r].plain
	g.plain = g.plain[:0]
	first := m.startOf(r)
	np := &s.nodes[first]
	from := w.near.number[np.location]
	direct := s.size[r] > 0 // an unused shift does not drive
	for p := first; np.next != None; {
		nq := &s.nodes[np.next]
		x := plainGap{left: int32(np.early + np.service), late: int32(nq.late), from: from, to: w.near.number[nq.location], pred: p}
		if direct {
			x.direct = int32(int64(np.leg.time)*legs.timeCost + int64(np.leg.distance)*legs.distanceCost)
		}
		g.plain = append(g.plain, x)
		p, np, from = np.next, nq, x.to
	}
}

// scanPlain is scan for a plain route, after its first tests; base is what the
// task costs besides travel.
func (w *search) scanPlain(u, r int32, low, high, base, limit int64) place {
	if base >= limit {
		return nowhere // travel costs nothing at best
	}
	m := w.model
	sm := &m.shifts[r]
	task := &m.nodes[u]
	service := task.serviceBy(sm.class)
	low = max(low, task.hard[0].From)
	high = min(high, task.hard[0].To)
	legs := w.near.plain[r]
	from, width := int(w.near.number[task.location]*w.near.width), int(w.near.width)
	times, fares := legs.times[from:][:width], legs.fares[from:][:width]
	best := cached{nowhere, nowhere}
	best.cost, best.second.cost = limit, limit
	need := low + service
	route := w.gapsOf(r)
	list := route.plain
	at := 0
	for at < len(list) && int64(list[at].late) < need {
		at++
	}
	if at == len(list) {
		return w.found(&best)
	}
	in, fareIn := int64(times[list[at].from]), int64(fares[list[at].from])
	for ; at < len(list); at++ {
		g := &list[at]
		left := int64(g.left)
		if left > high {
			break
		}
		on, fareOn := int64(times[g.to]), int64(fares[g.to])
		cost := base + fareIn + fareOn - int64(g.direct)
		arrive := left + in
		start := max(arrive, low)
		if cost < best.second.cost && start <= high && (!m.gated || !w.shut[at]) && start+service+on <= int64(g.late) &&
			(sm.longest == 0 || !route.joined || route.around[at].least(stretch{service, task.hard[0].From, task.hard[0].To}, in, on) <= sm.longest) {
			best.offer(place{cost: cost, pred: g.pred, route: r})
		}
		in, fareIn = on, fareOn
	}
	return w.found(&best)
}

// leg is the travel between two nodes of this search's part for a shift: the
// least of all periods.
func (w *search) leg(r, from, to int32) arc {
	near, m := &w.near, w.model
	if near.number == nil {
		return m.leg(r, from, to)
	}
	at := near.number[m.nodes[from].location]*near.width + near.number[m.nodes[to].location]
	if plain := near.plain[r]; plain != nil {
		return plain.leg(at)
	}
	return near.legs[r][at].on
}
