package solver

import "math"

// What a shift has on board of each stock falls from stop to stop, and a refill
// brings it up again. Refills are nodes of the search like tasks: they stand
// behind the tasks that are asked for, as many of each as a route may have, and
// each belongs to one shift. They are nobody's wish: a refill that is in no route
// is not left out, and one that nothing needs is taken out by the next ruin.
//
// Whether a task fits between two stops is known in constant time: each gap of a
// route has what is on board there, and what all that follows needs to be there.

// mostStocks bounds the kinds of stock, and mostRefills how often a route may
// have one refill.
const (
	mostStocks  = 32
	mostRefills = 20
)

func (v *validation) stockLevel(value int64, format string, args ...any) {
	if value != Infinity {
		v.number(value, format, args...)
	}
}

// validateStock judges what a shift has on board and where it fills up.
func (p *Problem) validateStock(v *validation, i, locations int) {
	s := &p.Shifts[i]
	if len(s.Stock) > mostStocks {
		v.wrong("shifts[%d].stock: more than %d kinds", i, mostStocks)
	}
	for k, level := range s.Stock {
		v.stockLevel(level, "shifts[%d].stock[%d]", i, k)
	}
	drained := false
	for k, use := range s.UsePerDistance {
		v.number(use, "shifts[%d].usePerDistance[%d]", i, k)
		drained = drained || use != 0
	}
	if len(s.UsePerDistance) > len(s.Stock) {
		v.wrong("shifts[%d].usePerDistance: %d entries for %d kinds of stock", i, len(s.UsePerDistance), len(s.Stock))
	}
	if drained && s.Profile >= 0 && int(s.Profile) < len(p.Profiles) && len(p.Profiles[s.Profile].Periods) > 0 {
		periods := p.Profiles[s.Profile].Periods
		if periods[0].Distance == nil {
			v.wrong("shifts[%d].usePerDistance: its profile has no distances", i)
		}
	}
	for j := range s.Refills {
		f := &s.Refills[j]
		v.index(f.Location, locations, "location", "shifts[%d].refills[%d].location", i, j)
		v.number(f.Service, "shifts[%d].refills[%d].service", i, j)
		v.number(f.Cost, "shifts[%d].refills[%d].cost", i, j)
		for k, level := range f.Full {
			v.stockLevel(level, "shifts[%d].refills[%d].full[%d]", i, j, k)
		}
		if len(f.Full) > len(s.Stock) {
			v.wrong("shifts[%d].refills[%d].full: %d entries for %d kinds of stock", i, j, len(f.Full), len(s.Stock))
		}
		if f.Most < 1 || f.Most > mostRefills {
			v.wrong("shifts[%d].refills[%d].most: %d is outside 1..%d", i, j, f.Most, mostRefills)
		}
		if f.Windows != nil && len(f.Windows) == 0 {
			v.wrong("shifts[%d].refills[%d].windows: none; nil is any time", i, j)
		}
		for n, w := range f.Windows {
			v.time(w.From, "shifts[%d].refills[%d].windows[%d].from", i, j, n)
			v.time(w.To, "shifts[%d].refills[%d].windows[%d].to", i, j, n)
			if w.To < w.From || n > 0 && w.From <= f.Windows[n-1].To {
				v.wrong("shifts[%d].refills[%d].windows[%d]: ends before it starts, or does not start after the one before it", i, j, n)
			}
		}
	}
	if len(s.Refills) > mostRefills {
		v.wrong("shifts[%d].refills: more than %d", i, mostRefills)
	}
}

// validateRange refuses use by distance that could not be summed up.
func (p *Problem) validateRange(v *validation, farthest float64) {
	limit, legs := math.Exp2(60), float64(len(p.withRefills().Tasks)+1)
	for i := range p.Shifts {
		for k, use := range p.Shifts[i].UsePerDistance {
			if float64(use)*farthest*legs > limit {
				v.wrong("shifts[%d].usePerDistance[%d]: the longest route could use more than %.3g; choose coarser units", i, k, limit)
			}
		}
	}
}

// validateUse judges what a mode takes of each stock.
func (p *Problem) validateUse(v *validation, use []int64, format string, args ...any) {
	for k, x := range use {
		v.number(x, format+".use[%d]", append(args, k)...)
	}
	for j := range p.Shifts {
		if len(p.Shifts[j].Stock) < len(use) {
			v.wrong(format+".use: %d entries, and shifts[%d] has %d kinds of stock", append(args, len(use), j, len(p.Shifts[j].Stock))...)
			break
		}
	}
}

// refillWindows is when a shift may begin one of its refills.
func (s *Shift) refillWindows(f *Refill) []Window {
	if len(f.Windows) > 0 {
		return f.Windows
	}
	return []Window{{s.Start, s.latest()}}
}

// withRefills is the problem with a task for every refill that a route may have;
// without refills it is the problem itself.
func (p *Problem) withRefills() *Problem {
	tasks := p.Tasks[:len(p.Tasks):len(p.Tasks)]
	for r := range p.Shifts {
		s := &p.Shifts[r]
		for k := range s.Refills {
			f := &s.Refills[k]
			task := Task{Group: None, Pin: Pin{Shift: int32(r), Start: Infinity, Position: None}, Modes: []Mode{{
				Location: f.Location, Service: f.Service, Windows: s.refillWindows(f), Cost: f.Cost, PickupOf: None,
			}}}
			for range min(int(f.Most), len(p.Tasks)+1) {
				tasks = append(tasks, task)
			}
		}
	}
	if len(tasks) == len(p.Tasks) {
		return p
	}
	with := *p
	with.Tasks = tasks
	return &with
}

// refillTask is the first of the tasks that withRefills has for a refill of a
// shift, and how many it has.
func (p *Problem) refillTask(shift, refill int) (first, most int32) {
	first = int32(len(p.Tasks))
	for r := range p.Shifts {
		for k := range p.Shifts[r].Refills {
			most = min(p.Shifts[r].Refills[k].Most, int32(len(p.Tasks))+1)
			if r == shift && k == refill {
				return first, most
			}
			first += most
		}
	}
	return None, 0
}

// stocks is the part of a model that is about stock.
type stocks struct {
	kinds   int
	used    bool      // some task or leg takes of some stock
	first   []int32   // by shift, and one more: the first of its refills among the tasks
	kind    []int32   // by refill: index into Shift.Refills
	full    []int64   // refill*kinds+kind
	begin   []int64   // shift*kinds+kind
	drain   []int64   // shift*kinds+kind: what a unit of distance takes
	drained []bool    // by shift: any of these
	far     [][]int32 // by shift, from*locations+to: what a leg counts for; nil: its distance
	uses    []int64   // task*kinds+kind
	using   []bool    // by task: any of these
	needs   csr       // per task: the kinds that it uses
}

// compileStock lays stocks and refills out.
func (m *model) compileStock() {
	p, x := m.problem, &m.stock
	for r := range p.Shifts {
		x.kinds = max(x.kinds, len(p.Shifts[r].Stock))
	}
	x.first = make([]int32, len(p.Shifts)+1)
	x.begin, x.drain = make([]int64, len(p.Shifts)*x.kinds), make([]int64, len(p.Shifts)*x.kinds)
	x.drained, x.far = make([]bool, len(p.Shifts)), make([][]int32, len(p.Shifts))
	x.uses, x.using = make([]int64, m.tasks*x.kinds), make([]bool, m.tasks)
	x.needs.first = make([]int32, m.tasks+1)
	for i := range m.tasks {
		use := m.mode(int32(i)).Use
		copy(x.uses[i*x.kinds:], use)
		for k, n := range use {
			if n > 0 {
				x.needs.item = append(x.needs.item, int32(k))
			}
		}
		x.needs.first[i+1] = int32(len(x.needs.item))
		x.using[i] = x.needs.first[i] < x.needs.first[i+1]
		x.used = x.used || x.using[i]
	}
	for r := range p.Shifts {
		s := &p.Shifts[r]
		copy(x.begin[r*x.kinds:(r+1)*x.kinds], s.Stock)
		copy(x.drain[r*x.kinds:(r+1)*x.kinds], s.UsePerDistance)
		for _, n := range s.UsePerDistance {
			x.drained[r] = x.drained[r] || n > 0
		}
		if x.used = x.used || x.drained[r]; x.drained[r] {
			x.far[r] = m.farthest(r)
		}
		x.first[r] = int32(m.asked + len(x.kind))
		for k := range s.Refills {
			for range min(int(s.Refills[k].Most), m.asked+1) {
				x.kind = append(x.kind, int32(k))
				x.full = append(x.full, make([]int64, x.kinds)...)
				copy(x.full[len(x.full)-x.kinds:], s.Refills[k].Full)
			}
		}
	}
	x.first[len(p.Shifts)] = int32(m.asked + len(x.kind))
}

// farthest is what legs of a shift count for where its hours have several periods:
// the longest way of those. It is nil where they have one distance.
func (m *model) farthest(r int) []int32 {
	s := &m.problem.Shifts[r]
	periods := m.problem.Profiles[s.Profile].during(s)
	if periods = distinct(periods); len(m.problem.Profiles[s.Profile].Periods) == 1 {
		return nil
	}
	for before := range r { // most shifts have the same hours
		o := &m.problem.Shifts[before]
		if m.stock.far[before] != nil && o.Profile == s.Profile && o.Start == s.Start && o.latest() == s.latest() {
			return m.stock.far[before]
		}
	}
	far := make([]int32, len(periods[0].Time))
	for k := range periods {
		for at := range far {
			if x := periods[k].arc(at); x.time != NoWay {
				far[at] = max(far[at], x.distance)
			}
		}
	}
	return far
}

// during are the periods in force at some time of a shift.
func (p *Profile) during(s *Shift) []Period {
	first, last := 0, len(p.Periods)
	for first+1 < last && p.Periods[first+1].From <= s.Start {
		first++
	}
	for last > first+1 && p.Periods[last-1].From > s.latest() {
		last--
	}
	return p.Periods[first:last]
}

// counts is the distance that a leg between two nodes counts for.
func (m *model) counts(r, from, to int32, leg arc) int64 {
	if far := m.stock.far[r]; far != nil {
		return int64(far[m.nodes[from].location*m.shifts[r].locations+m.nodes[to].location])
	}
	return int64(leg.distance)
}

// refills tells whether a node is a refill.
func (m *model) refills(v int32) bool { return int(v) >= m.asked && int(v) < m.asked+len(m.stock.kind) }

// spareRefill finds a refill of a shift, of a kind, that is in no route.
func (s *state) spareRefill(m *model, r, kind int32) int32 {
	for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
		if m.stock.kind[int(f)-m.asked] == kind && s.nodes[f].route == None && m.mayDo[int(f)*len(m.shifts)+int(r)] {
			return f
		}
	}
	return None
}

// supply is what is on board of each stock.
type supply [mostStocks]int64

// loaded is what a shift leaves with.
func (x *stocks) loaded(r int32) (on supply) {
	copy(on[:], x.begin[int(r)*x.kinds:(int(r)+1)*x.kinds])
	return on
}

// drive takes what the leg between two nodes takes, and stop what a task takes or
// a refill gives. They say false when there is not enough of something.
func (m *model) drive(on *supply, r, from, to int32, leg arc) bool {
	if !m.stock.drained[r] {
		return true
	}
	return m.driveFar(on, r, m.counts(r, from, to, leg))
}

func (m *model) driveFar(on *supply, r int32, distance int64) bool {
	for k := range m.stock.kinds {
		if on[k] -= m.stock.drain[int(r)*m.stock.kinds+k] * distance; on[k] < 0 {
			return false
		}
	}
	return true
}

// overPlaces tells whether a shift uses up stock on its way and has breaks at a location:
// how far a gap is depends on which of these are taken in it.
func (m *model) overPlaces(r int32) bool { return m.stock.drained[r] && m.shifts[r].located }

// wayOver is the distance between two locations, over the breaks of a gap.
func (m *model) wayOver(r, from, to int32, l layout) (sum int64) {
	sm := &m.shifts[r]
	leg := func(to int32) {
		at := from*sm.locations + to
		if far := m.stock.far[r]; far != nil {
			sum += int64(far[at])
		} else {
			sum += int64(sm.periods[0].arc(int(at)).distance)
		}
		from = to
	}
	for i := l.lo; i < l.hi; i++ {
		if at := sm.breaks[i].Location; at != None && !has(l.skip, int(i)) {
			leg(at)
		}
	}
	leg(to)
	return sum
}

// goes takes what the gap behind a stop takes.
func (s *state) goes(m *model, on *supply, r, v int32) bool {
	n := &s.nodes[v]
	if m.overPlaces(r) {
		return m.driveFar(on, r, m.wayOver(r, n.location, s.nodes[n.next].location, n.layout()))
	}
	return m.drive(on, r, v, n.next, n.leg)
}

// lacks is runsOut where that does not depend on breaks. Where it does, breaks may still
// be put elsewhere; see strays.
func (s *state) lacks(m *model, r int32) bool { return !m.overPlaces(r) && s.runsOut(m, r, None) }

func (m *model) stop(on *supply, v int32) bool {
	x := &m.stock
	if m.refills(v) {
		for k, full := range x.full[(int(v)-m.asked)*x.kinds:][:x.kinds] {
			on[k] = max(on[k], full)
		}
		return true
	}
	if x.using[v] {
		for k, use := range x.uses[int(v)*x.kinds:][:x.kinds] {
			if on[k] -= use; on[k] < 0 {
				return false
			}
		}
	}
	return true
}

// runsOut tells whether a route ever needs more than is on board, one of its
// refills (or None) left aside.
func (s *state) runsOut(m *model, r, aside int32) bool {
	if !m.stock.used || s.size[r] == 0 {
		return false
	}
	on := m.stock.loaded(r)
	over := m.overPlaces(r)
	for v := m.startOf(r); ; {
		next := s.nodes[v].next
		leg, laid := s.nodes[v].leg, s.nodes[v].layout()
		if next == aside {
			laid.hi, laid.skip = s.nodes[next].hi, laid.skip|s.nodes[next].skip
			next = s.nodes[next].next
		}
		if next != s.nodes[v].next || leg.time == unknown {
			leg = m.leg(r, v, next)
		}
		if over && !m.driveFar(&on, r, m.wayOver(r, s.nodes[v].location, s.nodes[next].location, laid)) ||
			!over && (!m.drive(&on, r, v, next, leg) || leg.time == NoWay) {
			return true
		}
		if v = next; s.nodes[v].next == None {
			return false
		}
		if !m.stop(&on, v) {
			return true
		}
	}
}

// onlyRefills tells whether a route has stops and no task.
func (s *state) onlyRefills(m *model, r int32) bool {
	if s.size[r] == 0 || m.stock.first[r] == m.stock.first[r+1] {
		return false
	}
	v := s.nodes[m.startOf(r)].next
	for m.refills(v) {
		v = s.nodes[v].next
	}
	return int(v) >= m.tasks
}

// layStock lays out what is on board when the stop before each gap of a route is
// left, and what is needed when the one behind it is reached. Behind a stop that
// had not enough there is nothing.
func (w *search) layStock(g *gaps, r int32) {
	s, m := w.state, w.model
	kinds := m.stock.kinds
	g.level, g.need = g.level[:0], g.need[:0]
	on := m.stock.loaded(r)
	ok := true
	gaps := 0
	for v := m.startOf(r); s.nodes[v].next != None; v = s.nodes[v].next {
		if int(v) < m.tasks {
			if ok {
				ok = s.goes(m, &on, r, s.nodes[v].prev) && m.stop(&on, v)
			}
			if !ok {
				for k := range kinds {
					on[k] = -Infinity
				}
			}
		}
		g.level = append(g.level, on[:kinds]...)
		gaps++
	}
	for range gaps * kinds {
		g.need = append(g.need, 0)
	}
	for v, i := s.nodes[m.endOf(r)].prev, gaps-2; i >= 0; v, i = s.nodes[v].prev, i-1 {
		behind, here := g.need[(i+1)*kinds:][:kinds], g.need[i*kinds:][:kinds]
		var distance int64
		if n := &s.nodes[v]; m.overPlaces(r) {
			distance = m.wayOver(r, n.location, s.nodes[n.next].location, n.layout())
		} else {
			distance = m.counts(r, v, n.next, n.leg)
		}
		for k := range kinds {
			need := behind[k] + m.stock.drain[int(r)*kinds+k]*distance
			if m.refills(v) {
				if need <= m.stock.full[(int(v)-m.asked)*kinds+k] {
					need = 0
				}
			} else {
				need += m.stock.uses[int(v)*kinds+k]
			}
			here[k] = need
		}
	}
}

// supplied tells whether what is on board suffices for a task, or a refill, in a
// gap behind p, and for all that follows.
func (w *search) supplied(g *gaps, u, r int32, gap int) bool {
	m, x := w.model, &w.model.stock
	level, need := g.level[gap*x.kinds:][:x.kinds], g.need[gap*x.kinds:][:x.kinds]
	drained, refill := x.drained[r], m.refills(u)
	if !drained && !refill {
		for _, n := range x.needs.of(u) {
			if level[n]-x.uses[int(u)*x.kinds+int(n)] < need[n] {
				return false
			}
		}
		return true
	}
	var in, on int64
	if drained {
		p, q := g.between(gap, m.endOf(r))
		in, on = m.counts(r, p, u, m.leg(r, p, u)), m.counts(r, u, q, m.leg(r, u, q))
	}
	return w.suppliedOver(g, u, r, gap, in, on)
}

// suppliedOver is that where it is known how far it is to the task, and on from it.
func (w *search) suppliedOver(g *gaps, u, r int32, gap int, in, on int64) bool {
	m, x := w.model, &w.model.stock
	level, need := g.level[gap*x.kinds:][:x.kinds], g.need[gap*x.kinds:][:x.kinds]
	drained, refill := x.drained[r], m.refills(u)
	for k := range level {
		there := level[k]
		if drained {
			there -= in * x.drain[int(r)*x.kinds+k]
		}
		if there < 0 {
			return false
		}
		if refill {
			there = max(there, x.full[(int(u)-m.asked)*x.kinds+k])
		} else if there -= x.uses[int(u)*x.kinds+k]; there < 0 {
			return false
		}
		if drained {
			there -= on * x.drain[int(r)*x.kinds+k]
		}
		if there < need[k] {
			return false
		}
	}
	return true
}

// between are the stops before and behind a gap.
func (g *gaps) between(gap int, end int32) (p, q int32) {
	if len(g.plain) > 0 {
		if gap+1 < len(g.plain) {
			end = g.plain[gap+1].pred
		}
		return g.plain[gap].pred, end
	}
	if gap+1 < len(g.list) {
		end = g.list[gap+1].pred
	}
	return g.list[gap].pred, end
}

// needsStock tells whether what is on board matters to a task in a route.
func (w *search) needsStock(u, r int32) bool {
	x := &w.model.stock
	return x.used && (x.using[u] || x.drained[r] || w.model.refills(u))
}

// shutUnsupplied shuts the gaps of a route where there is not enough on board
// for a task.
func (w *search) shutUnsupplied(u, r int32) {
	if !w.needsStock(u, r) || w.model.overPlaces(r) { // chainGap looks
		return
	}
	g := w.gapsOf(r)
	for i := range w.shut {
		if !w.shut[i] && !w.supplied(g, u, r, i) {
			w.shut[i], w.unsupplied = true, true
		}
	}
}

// lieIdle takes the refills of a shift out of its route, whatever else happens
// to that.
func (s *state) lieIdle(m *model, r int32) {
	for f := m.stock.first[r]; f < m.stock.first[r+1]; f++ {
		s.nodes[f].route = None
	}
}
