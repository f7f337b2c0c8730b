package solver

import (
	"context"
	"slices"
)

// arc is one leg of a profile: time and distance lie together because every
// insertion test reads both.
type arc struct{ time, distance int32 }

// leg is the travel between two locations in both directions, seen from one of
// them. They lie together because an insertion drives to a location from one
// side and on to the other.
type leg struct{ in, on arc }

// model is a Problem laid out for the search. Nodes are numbered tasks first,
// mode by mode, then for shift r its start at tasks+2r and its end at tasks+2r+1.
type model struct {
	problem    *Problem
	weight     weights
	fold       *fold // nil: one level
	barred     barredHard
	tasks      int     // nodes that are modes of tasks; with one mode each, tasks
	several    bool    // some task has several modes; see modes.go
	taskOf     []int32 // by node
	modeOf     []int32
	lasts      []int64 // by node: its service where that is the same for all who may do it so, or anyLength
	waysOf     csr     // task -> its nodes
	asked      int     // tasks that are asked for: those behind them are refills
	stock      stocks  // what is on board
	paid       bool    // all routes are; see shiftModel
	legs       []leg   // of the first profile
	plain      []*plainLegs
	shifts     []shiftModel
	person     []int32 // by shift: the first shift of the same person
	nodes      []nodeModel
	soft       bool // places are priced with the lateness that they cause; see delay.go
	exact      bool // and then by what the routes come to; see trial.go
	couples    bool // some term couples routes
	guarded    []guarded
	tardiest   int64   // weight of the largest lateness
	assign     []int64 // node*shifts+shift: Mode.Cost and ShiftCost, weighted
	loads      []int64 // node*dims+dimension
	capacity   []int64 // shift*dims+dimension
	assigned   bool    // some of assign is not 0
	dims       int
	missing    []int64       // by node: cost of leaving its task out
	mandatory  int64         // that of a task that must be done
	pickup     []int32       // by node: the task that it delivers, or None
	deliveries csr           // by node: the tasks that deliver it
	brought    []int64       // task*dims+dimension: on board from the start of the route until the task; nil: nothing is
	pairs      bool          // there are any
	quickPairs bool          // and they are placed by scanPair
	position   []int32       // by node: Pin.Position; nil: none is pinned to one
	placed     []int64       // by unit: one more than the last position that a member is pinned to, or 0
	begun      *begun        // what is frozen; nil: nothing is
	gated      bool          // gaps may be shut to tasks: by pairs, stock, positions or what is frozen
	twin       []int32       // by shift: the first one that is the same, often itself
	tallied    bool          // something is counted over routes; see tallies.go
	groupOf    []int32       // by task: its group there, or None
	groups     csr           // group -> tasks
	groupPrice []int64       // by group: of a person
	cliques    csr           // shift -> numbers of rules: of the cliques that it is in
	holders    csr           // clique -> shifts
	most       []int32       // by rule: groups, then cliques
	easy       bool          // all routes are plain, and no link or pair ties them
	alone      bool          // no links: what happens on a route concerns no other
	compact    bool          // searches have a compact form
	bounded    bool          // and work has a limit
	chained    bool          // some shift is
	rests      int           // the breaks of those
	narrow     bool          // most looks are narrow; see granular.go
	usual      []int64       // by node, for that: assign of the average shift that may do it
	closest    [][]closeTask // by task, for the compact form
	tour       []int32       // all tasks, each near the one before it; for that

	eligible csr    // per node: shifts that may do the task so, ascending
	mayDo    []bool // node*shifts+shift: the same
	push     csr    // per node: edges (other, lag): start(other) >= start(node) + lag
	pull     csr    // the same edges, found from the other side
	pushLag  []int64
	pullLag  []int64
	pushTurn []int32 // beside them: see turned; nil: all edges are always in force
	pullTurn []int32
	apart    []apart // links without an order
	apartOf  csr     // node -> those of its task
	clause   csr     // per node: partners with a shift clause
	clauses  []ShiftClause
	near     csr // per node: its neighbours in place and time, nearest first

	unitOf []int32 // node -> unit: tasks tied all or nothing are done together; None: a refill
	units  csr     // unit -> tasks, by their first nodes, each linked to an earlier one where it can be
	fault  []int64 // unit: cost of leaving it out

	clusterOf []int32 // node -> cluster: nodes of tasks with a way between them over links
	clusters  csr
	linkedOut []bool // unit: some link leads out of it
}

// shiftModel holds a shift with its prices weighted.
type shiftModel struct {
	profile       int32
	periods       []Period
	legs          []leg  // at * locations + other; the least of all periods; nil: not laid out
	timed         *timed // nil: one period
	locations     int32
	opens         int64  // Shift.Start
	start, end    int64  // start is later where the shift has left; end is that of overtime
	regular       int64  // overtime begins
	tiers         []Tier // of overtime: After is a time of the day, Cost what a unit costs more than before; the last one is left out
	longest       int64  // work, where the departure is free; 0: no limit
	longestTravel int64  // 0: no limit
	breaks        []Break
	lo, hi        uint8 // the breaks [lo, hi) must be taken
	cut           uint8 // of them, so many are taken before the first task where that is the only one
	missCost      int64 // weight of Break.MissCost
	allMissed     int64 // what it costs to miss all that may be missed
	class         int32
	leaveLate     bool
	capacity      []int64
	fixed         int64
	timeCost      int64
	distanceCost  int64
	distanceUnit  int64
	distanceFold  int64 // what a route's distance costs counts so many times
	distanceRate  int64 // distanceCost per unit of distance, in 1/65536, for estimates
	workCost      int64
	waitCost      int64
	plain         *plainLegs // nil: not plain
	paid          bool       // a route costs its work, travel and tasks, whenever these start; see scanDuration
	common        bool       // most shifts are the same
	chained       bool       // its breaks are nodes of the schedule; see chain.go
	located       bool       // and some are taken at a location
	rest          int32      // the node of its first break, where it is chained
	dues          [][]Break  // from*(breaks+1)+to, where it is chained: what due says
	taken, missed uint8      // of its breaks, where it is chained: what is frozen
}

// nodeModel is what a task, or an end of a shift, is in the search.
type nodeModel struct {
	location   int32
	service    int64
	byClass    []int64
	hard       []Window // all windows
	keen       []Window // their part inside the preferred window; nil when that is the same or empty
	preferred  Preferred
	byWindow   []Preferred // beside hard, in place of preferred; nil: the same for all
	priced     bool        // starting at some time costs something
	was        Window      // starts that are no change; see changes.go
	wasCost    int64       // what any other one costs
	barred     bool        // every start costs a hard term something
	keenPriced bool        // a keen start may cost something
	due        int64       // starting later than that costs something; Infinity: nothing does
	dues       []int64     // beside hard, in place of due; nil: the same for all
}

func (n *nodeModel) serviceBy(class int32) int64 {
	if n.byClass != nil {
		return n.byClass[class]
	}
	return n.service
}

// offWindow is what a start costs for being outside the preferred window, or
// another one than in the given roster.
func (n *nodeModel) offWindow(start int64) int64 {
	if !n.priced {
		return 0
	}
	cost := n.moved(start)
	wish := n.wish(start)
	switch {
	case start < wish.From:
		cost += (wish.From - start) * wish.Early
	case start > wish.To:
		cost += (start - wish.To) * wish.Late
	}
	return cost
}

// wish is the preferred window that a start is held against.
func (n *nodeModel) wish(start int64) *Preferred {
	for i := range n.byWindow {
		if start <= n.hard[i].To {
			return &n.byWindow[i]
		}
	}
	return &n.preferred
}

// opensAt tells whether a start lies in one of the windows.
func (m *Mode) opensAt(start int64) bool {
	if m.AtEnd {
		start += m.Service
	}
	return slices.ContainsFunc(m.Windows, func(w Window) bool { return w.From <= start && start <= w.To })
}

// preferred is the preferred window that goes with one of the windows.
func (m *Mode) preferred(window int) *Preferred {
	if m.ByWindow != nil {
		return &m.ByWindow[window]
	}
	return &m.Preferred
}

// csr is a list of lists of indices in two flat slices.
type csr struct{ first, item []int32 }

func (c *csr) of(i int32) []int32 { return c.item[c.first[i]:c.first[i+1]] }

func (m *model) startOf(shift int32) int32 { return int32(m.tasks) + 2*shift }

func (m *model) endOf(shift int32) int32 { return int32(m.tasks) + 2*shift + 1 }

// leg is the travel between two nodes for a shift: the least of all periods.
func (m *model) leg(shift, from, to int32) arc {
	s := &m.shifts[shift]
	at := m.nodes[from].location*s.locations + m.nodes[to].location
	if s.plain != nil {
		return s.plain.leg(at)
	}
	if s.legs == nil {
		return leastArc(s.periods, int(at))
	}
	return s.legs[at].on
}

// onDuty tells whether the hours of a shift meet the windows of a task.
func (m *model) onDuty(task, shift int32) bool {
	n, s := &m.nodes[task], &m.shifts[shift]
	return n.hard[0].From <= s.end-n.serviceBy(s.class) && n.hard[len(n.hard)-1].To >= s.start
}

// compile lays a valid problem out for the search.
func compile(ctx context.Context, p *Problem, near bool) *model {
	return compileFrom(ctx, p, nil, near)
}

// compileFrom is compile where something is frozen.
func compileFrom(ctx context.Context, p *Problem, frozen *begun, near bool) *model {
	m := &model{problem: p.withRefills(), asked: len(p.Tasks), barred: p.barred()}
	m.compileModes()
	m.begin(frozen)
	m.fold, _ = p.fold()
	m.weight = p.weights(m.fold)
	m.tardiest = m.weight.tardiest
	m.compileShifts(near)
	m.compileCoverage()
	m.compileCoupled()
	m.compileTasks()
	m.compileEligible()
	m.compileTwins()
	m.compileTallies()
	m.compilePairs()
	m.compileStock()
	m.compileLinks()
	m.compileUnits()
	m.compileClusters()
	m.compileLinkedOut()
	m.compilePins()
	if near {
		m.compilePaid()
		m.compilePlain(ctx)
		m.compileCompact(ctx)
		m.compileQuickPairs()
		m.compileNear(ctx)
		m.compileNarrow()
	}
	return m
}

// compileShifts lays the legs out for a search; who does not search reads them
// where they are.
func (m *model) compileShifts(search bool) {
	p := m.problem
	profiles := make([][]leg, len(p.Profiles))
	timed := make([]*timed, len(p.Profiles))
	for i := range p.Profiles {
		periods := distinct(p.Profiles[i].Periods)
		timed[i] = newTimed(&p.Profiles[i], false)
		if !search {
			continue
		}
		n := periods[0].N
		legs := make([]leg, n*n)
		const tile = 64 // both ways of a leg are written while their memory is at hand
		for i := 0; i < n; i += tile {
			for j := 0; j < n; j += tile {
				for from := i; from < min(i+tile, n); from++ {
					for to := j; to < min(j+tile, n); to++ {
						there := leastArc(periods, from*n+to)
						legs[from*n+to].on = there
						legs[to*n+from].in = there
					}
				}
			}
		}
		profiles[i] = legs
	}
	m.legs = profiles[0]
	m.shifts = make([]shiftModel, len(p.Shifts))
	for i := range p.Shifts {
		s := &p.Shifts[i]
		free := m.barred.withoutCost(*s)
		sm := shiftModel{
			profile: s.Profile, periods: distinct(p.Profiles[s.Profile].Periods), legs: profiles[s.Profile], timed: timed[s.Profile], locations: int32(p.Profiles[s.Profile].Periods[0].N),
			opens: s.Start, start: s.Start, regular: s.End, end: free.latest(), tiers: free.tiers(m.weight.overtime), breaks: free.Breaks, class: s.Class,
			leaveLate: s.LeaveLate, capacity: s.Capacity,
			fixed: s.Fixed * m.weight.fixed, timeCost: s.TimeCost * m.weight.travel,
			distanceCost: s.DistanceCost * m.weight.distance, distanceUnit: max(s.DistanceUnit, 1), distanceFold: m.weight.distanceFold,
			workCost: s.WorkCost * m.weight.work, waitCost: s.WaitCost * m.weight.wait,
		}
		switch sm.longestTravel = s.LongestTravel; {
		case s.LongestWork > 0 && s.LeaveLate:
			sm.longest = s.LongestWork
		case s.LongestWork > 0:
			sm.end = min(sm.end, sm.start+s.LongestWork)
		}
		if m.begun != nil {
			sm.hasLeft(&m.begun.routes[i])
		}
		m.compileChain(int32(i), &free, &sm)
		sm.readBreaks(m.weight.breaks)
		if sm.distanceUnit == 1 { // nothing is rounded
			sm.distanceCost, sm.distanceFold = sm.distanceCost*sm.distanceFold, 1
		}
		sm.distanceRate = int64(float64(sm.distanceCost) / float64(sm.distanceUnit) * 65536 * float64(sm.distanceFold))
		m.shifts[i] = sm
	}
	m.person = make([]int32, len(p.Shifts))
	firstOf := map[int32]int32{}
	for i := range p.Shifts {
		m.person[i] = int32(i)
		if who := p.Shifts[i].Person; who != 0 {
			if first, known := firstOf[who]; known {
				m.person[i] = first
			} else {
				firstOf[who] = int32(i)
			}
		}
	}
}

func (m *model) compileTasks() {
	p := m.problem
	m.nodes = make([]nodeModel, m.tasks+2*len(p.Shifts)+m.rests)
	m.assign = make([]int64, m.tasks*len(p.Shifts))
	m.missing = make([]int64, m.tasks)
	for u := range int32(m.tasks) {
		m.dims = max(m.dims, len(m.mode(u).Load))
	}
	m.loads = make([]int64, m.tasks*m.dims)
	m.capacity = make([]int64, len(p.Shifts)*m.dims)
	for r := range p.Shifts {
		copy(m.capacity[r*m.dims:(r+1)*m.dims], p.Shifts[r].Capacity)
	}
	m.mandatory = mandatoryCost(m.asked)
	if m.fold != nil {
		m.mandatory = m.fold.must
	}
	for i := range m.tasks {
		mode := m.mode(int32(i))
		m.nodes[i] = m.nodeOf(i)
		t := m.task(int32(i))
		m.missing[i] = m.missingOf(i)
		copy(m.loads[i*m.dims:(i+1)*m.dims], mode.Load)
		for r := range p.Shifts {
			cost := mode.Cost
			if mode.ShiftCost != nil {
				cost += mode.ShiftCost[r]
			}
			m.assign[i*len(p.Shifts)+r] = cost*m.weight.assign + m.differs(t, r)
			m.assigned = m.assigned || m.assign[i*len(p.Shifts)+r] != 0
		}
	}
	for r := range p.Shifts {
		s := &p.Shifts[r]
		window := []Window{{m.shifts[r].start, m.shifts[r].end}}
		m.nodes[m.startOf(int32(r))] = nodeModel{location: s.From, hard: window, due: Infinity}
		m.nodes[m.endOf(int32(r))] = nodeModel{location: s.To, hard: window, due: Infinity}
		m.compileRests(int32(r))
	}
}

// missingOf is what it costs to leave the task of a node out.
func (m *model) missingOf(u int) int64 {
	t := m.task(int32(u))
	if t.UnservedCost == Infinity {
		return m.mandatory
	}
	return t.UnservedCost*m.weight.unserved[t.Level] + m.dropped(t)
}

// nodeOf is what a task in one of its modes is in the search.
func (m *model) nodeOf(u int) nodeModel {
	t, mode := m.task(int32(u)), m.asDone(int32(u)).byStart()
	pin, _ := m.pin(int32(u))
	node := nodeModel{location: mode.Location, service: mode.Service, byClass: mode.ByClass, hard: mode.Windows}
	weighted := func(wish Preferred) Preferred {
		wish.Early *= m.weight.preferred
		wish.Late *= m.weight.preferred
		node.priced = node.priced || wish.Early > 0 || wish.Late > 0
		return wish
	}
	if mode.ByWindow == nil {
		node.preferred = weighted(mode.Preferred)
	}
	for _, wish := range mode.ByWindow {
		node.byWindow = append(node.byWindow, weighted(wish))
	}
	if pin.Start != Infinity {
		node.preferred, node.byWindow = *node.wish(pin.Start), nil
		node.hard = []Window{{pin.Start, pin.Start}}
	}
	node.due, node.dues = m.dues(mode, pin.Start)
	if m.barred.preferred && !m.frozen(int32(u)) {
		node.onlyPreferred()
	}
	node.remember(&t.Was, m.weight.changes)
	switch {
	case !m.soft && node.priced:
		node.findKeen()
	case m.soft:
		node.keen, node.keenPriced = node.betweenWindows(), node.wasCost > 0
	}
	return node
}

// compileCoupled finds out what the search must look at beside the costs of
// routes.
func (m *model) compileCoupled() {
	work := m.weight.idleMost + m.weight.waitMost + m.weight.balance
	m.couples = work+m.tardiest > 0 || len(m.guarded) > 0
	m.exact = work > 0
	for i := range m.shifts {
		sm := &m.shifts[i]
		m.exact = m.exact || m.tardiest > 0 && (sm.waitCost > 0 || sm.tiers != nil)
	}
	m.soft = work+m.tardiest > 0
}

// betweenWindows returns the windows of a task without the parts where it is
// late and the next window is still to come, or nil when there are none: whoever
// waits for that window is on time.
func (n *nodeModel) betweenWindows() []Window {
	if n.dues == nil {
		return nil
	}
	var parts []Window
	for i, w := range n.hard {
		if i+1 < len(n.hard) {
			w.To = min(w.To, n.dues[i])
		}
		if w.From <= w.To {
			parts = append(parts, w)
		}
	}
	if slices.Equal(parts, n.hard) {
		return nil
	}
	return parts
}

// inside returns the parts of a task's windows where a start is welcome; a side
// without a price is open.
func inside(n *nodeModel) []Window {
	var parts []Window
	for _, w := range n.hard {
		wish := n.wish(w.From)
		part := w
		if wish.Early > 0 {
			part.From = max(w.From, wish.From)
		}
		if wish.Late > 0 {
			part.To = min(w.To, wish.To)
		}
		if part.From <= part.To {
			parts = append(parts, part)
		}
	}
	return parts
}

func (m *model) compileEligible() {
	m.mayDo = make([]bool, m.tasks*len(m.shifts))
	m.eligible = csr{make([]int32, m.tasks+1), make([]int32, 0, m.tasks*len(m.shifts))}
	for i := range m.tasks {
		m.readEligible(i)
	}
}

// readEligible appends the shifts that may do a task, in one of its modes, to
// those of the nodes before it.
func (m *model) readEligible(u int) {
	mode := m.mode(int32(u))
	pin, may := m.pin(int32(u))
	row := m.mayDo[u*len(m.shifts):][:len(m.shifts)]
	for r := range row {
		row[r] = may && m.takesSo(int32(u), int32(r)) && (pin.Shift == None || int(pin.Shift) == r) &&
			(mode.Allowed == nil || mode.Allowed.Has(r)) &&
			mode.Skills.Within(m.problem.Shifts[r].Skills) && (m.frozen(int32(u)) || !m.costsHard(int32(u), int32(r)))
		if row[r] {
			m.eligible.item = append(m.eligible.item, int32(r))
		}
	}
	m.eligible.first[u+1] = int32(len(m.eligible.item))
}

// mostNear bounds the neighbours that a ruin may look at.
const mostNear = 300

const (
	nearestBits = 24
	farAway     = int64(1) << 38
)
