package solver

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// search is one worker: the state that it changes, the last one that it
// accepted, the best one, and scratch that is never given back, so that an
// iteration allocates nothing.
type search struct {
	timing
	model  *model
	random *rand.Rand
	source *rand.PCG

	state *state // the candidate
	last  *state // accepted
	best  *state

	open                   csr      // by task: the active shifts that are worth a look
	cache                  []cached // beside open.item, which is as large as what is searched
	bar                    []bar    // beside open.item
	roomy, rooms, anywhere []int32  // see findRoom
	alike                  bool     // the same routes are open to all tasks of this search
	unsure                 []int32  // places in open.item whose entries are out of date
	looked                 []int32  // and those that forgetPlaces must forget
	gaps                   []gaps   // by route
	filled                 []filled // see filledGaps
	trial                  []int32  // by route: how many stops and pushes on it are on trial
	trialGaps              gaps     // of a route with stops on trial
	near                   nearby

	mineRoutes []int32 // the part of the problem that this worker may change
	active     []bool  // by route: in mineRoutes
	mine       []bool  // by unit: if it is not done, this worker may do it; nil: all
	free       []bool  // by unit: no member is locked
	most       []int32 // by rule of what is counted over routes

	gone, hit    []int32 // tasks taken out, routes touched by a ruin
	isHit        []bool
	from, upto   []int32
	todo         []int32
	reorder      func(i, j int)
	keys         [orders][]int64
	members      []int32
	places       []place
	bestPlaces   []place
	bestCost     int64
	worst        int64 // the largest lateness of what the ruin left and of what has been put in since
	second       place // found by the last scan beside the best
	trials       trials
	tails        [2]tails
	openings     openings // see cheapestSwap
	shortlist    [][]place
	one, solo    [1]int32
	two          [2]int32
	shut         []bool      // by gap; see gate
	unsupplied   bool        // and one of them is shut for want of stock
	onBoard      []int64     // by dimension
	slack        []int64     // by dimension; see findSlack
	aboard       []int64     // by gap and dimension; see findLoads
	pairs        []pairPlace // unit*shifts+shift; see placePair
	exchangeRate uint32      // see there
	idle         []int32     // by shift, the first of its twins: how many are empty; scratch
	twinSeen     []uint64    // by shift, the first of its twins: the look in which an empty one of them was seen
	look         uint64      // counts the looks at routes for a task, or for another route
	nearIn       []uint64    // by route: the last narrow look for which it is near
	order        []int64     // by unit: what sortOut sorts by; nil: it draws
	halted       func() bool // asks whether to leave the rest out; nil: no
	broken       bool        // a confirmed insertion failed: give the iteration up

	iterations int64
	judge      *judge   // nil unless the problem is small
	compact    *compact // nil unless the problem is of that kind
	panicked   any      // what a panic in this worker's goroutine said
	improved   bool
	stale      int // units that were out before this ruin; the list has them first
	isStale    []bool
	absent     []int64 // by unit: an extra price on leaving it out, which grows while it is out
	absentStep int64   // by how much that price grows in one iteration
	stage      int     // of the temperature
	generous   bool
	closing    bool   // a shift; see fewest.go
	wanted     int32  // the unit, out before, for which the ruin made room, or None
	isChanged  []bool // by route: this ruin has changed it
}

// newSearch is a search that has nothing to search yet: everything gives it the
// whole problem, share a part.
func newSearch(m *model, s *state, keys [orders][]int64, seed, stream uint64) *search {
	n := len(m.nodes)
	w := &search{
		timing: newTiming(m), model: m,
		source: rand.NewPCG(seed, stream), most: m.most,
		state: s, last: newState(m), best: newState(m),
		gaps:   makeGaps(m),
		trial:  make([]int32, len(m.shifts)),
		open:   csr{first: make([]int32, m.tasks+1)},
		active: make([]bool, len(m.shifts)),
		free:   make([]bool, len(m.fault)),
		gone:   make([]int32, 0, n), hit: make([]int32, 0, len(m.shifts)),
		isHit: make([]bool, len(m.shifts)),
		from:  make([]int32, 0, 4*n+len(m.push.item)), upto: make([]int32, 0, 4*n+len(m.push.item)),
		todo:   make([]int32, 0, len(m.fault)),
		absent: make([]int64, len(m.fault)),
		rooms:  make([]int32, 0, len(m.shifts)),
		shut:   make([]bool, 0, m.tasks+2), onBoard: make([]int64, m.dims), slack: make([]int64, 2*m.dims),
		idle: make([]int32, len(m.shifts)), twinSeen: make([]uint64, len(m.shifts)), nearIn: make([]uint64, len(m.shifts)),
		isStale: make([]bool, len(m.fault)), isChanged: make([]bool, len(m.shifts)),
		keys: keys,
	}
	if m.quickPairs {
		w.pairs = make([]pairPlace, len(m.fault)*len(m.shifts))
		w.aboard = make([]int64, 0, (m.tasks+2)*m.dims)
	}
	w.random = rand.New(w.source)
	w.exchangeRate = exchangeRate
	if m.compact {
		w.exchangeRate = exchangeRareRate
	}
	if ablated(partExchanges) {
		w.exchangeRate = math.MaxUint32
	}
	for i := range m.shifts {
		w.anywhere = append(w.anywhere, int32(i))
	}
	w.roomy = w.anywhere
	w.reorder = func(i, j int) { w.todo[i], w.todo[j] = w.todo[j], w.todo[i] }
	w.counter, w.wanted = 1, None
	largest := 1
	for u := range m.fault {
		largest = max(largest, len(m.units.of(int32(u))))
	}
	w.members = make([]int32, 0, 2*largest)
	w.places = make([]place, largest)
	w.bestPlaces = make([]place, 0, largest)
	for range largest + 1 {
		w.shortlist = append(w.shortlist, make([]place, 0, firstWidth+1))
	}
	w.state.own, w.last.own, w.best.own = w.active, w.active, w.active
	if m.exact {
		w.trials = newTrials(m)
	}
	w.compact = newCompact(w)
	return w
}

// newSchedule is a search that only keeps schedules: it can insert, push and
// pull, but has nothing to search with.
func newSchedule(m *model, s *state) *search {
	w := &search{timing: newTiming(m), model: m, state: s, active: make([]bool, len(m.shifts)), most: m.most}
	w.from = make([]int32, 0, len(m.nodes))
	w.upto = make([]int32, 0, len(m.nodes))
	w.counter = 1
	for r := range w.active {
		w.active[r] = true
	}
	return w
}

// everything gives the worker the whole problem.
func (w *search) everything() {
	w.mineRoutes = w.mineRoutes[:0]
	for r := range w.active {
		w.active[r] = true
		w.mineRoutes = append(w.mineRoutes, int32(r))
	}
	w.mine, w.most = nil, w.model.most
	for u := range w.free {
		w.free[u] = w.model.mayMove(int32(u))
	}
	w.open.item = slices.Grow(w.open.item[:0], len(w.model.eligible.item))
	w.lookAround()
}

// adopt starts from the candidate as it stands.
func (w *search) adopt() {
	for r := range w.state.version {
		w.touch(int32(r))
	}
	w.state.reprice(w.model)
	w.verify()
	w.last.copyFrom(w.state)
	w.best.copyFrom(w.state)
	w.improved = false
}

// guarded does something in a goroutine of its own. A panic there would end the
// whole program, whatever the caller of Solve recovers from; so it is kept,
// and raisePanic raises it again in the goroutine that called Solve.
func (w *search) guarded(do func()) {
	defer func() { w.panicked = recover() }()
	do()
}

// raisePanic raises the first panic of a worker, in the order of the workers,
// with the value that it had.
func (c *crew) raisePanic() {
	for _, w := range c.workers {
		if w.panicked != nil {
			panic(w.panicked)
		}
	}
}

// lap is one round from the side of its workers.
type lap struct {
	anneal
	count   int64         // iterations that each of them does
	done    int64         // what all of them had done before
	workers int           // that run side by side
	busy    *atomic.Int32 // those that have not done count yet, on whom the others wait; nil: nobody waits
}

// leave tells the others not to wait for a worker that has stopped early.
func (l *lap) leave() {
	if l.busy != nil {
		l.busy.Add(-1)
	}
}

// run does iterations until the count is reached or the clock says stop. A
// worker that would have to wait for others goes on in its part.
func (w *search) run(ctx context.Context, l lap) {
	stop := ctx.Done()
	w.absentStep = max(1, int64(l.perTask/absentSteps))
	if l.stage != w.stage { // what has become dear by the scale of another level is not so by this one's
		w.stage = l.stage
		clear(w.absent)
	}
	i := int64(0)
	if l.busy != nil {
		defer func() {
			if i < l.count {
				l.leave()
			}
		}()
	}
	compact := w.compact != nil && w.compact.take()
	if compact {
		defer w.compact.give()
	}
	for ; ; i++ {
		if i == l.count && l.busy != nil {
			l.busy.Add(-1)
		}
		if i >= l.count && (l.busy == nil || l.busy.Load() <= 0) {
			return
		}
		if i&7 == 0 {
			select {
			case <-stop:
				return
			default:
			}
			if l.cool(l.done + i*int64(l.workers)) {
				return
			}
		}
		if threshold := l.threshold(w.random); compact {
			w.compact.iterate(threshold)
		} else {
			w.iterate(threshold)
		}
	}
}

// iterate is one step: ruin, recreate, and keep the result when it costs less
// than the last one plus a threshold, or than any before, whatever is added for what it leaves out.
func (w *search) iterate(threshold int64) {
	if !w.change(threshold) {
		return
	}
	better := w.state.total < w.best.total
	w.decide(better || w.state.total-w.last.total+w.absence() < threshold)
	w.countAbsence()
	if better {
		w.best.catchUp(w.model, w.state, w.anywhere)
		w.improved = true
	}
}

// change makes the next candidate from the last state, and prices it. It says false
// when that failed, and goes back then.
func (w *search) change(threshold int64) bool {
	w.iterations++
	w.broken = false
	w.trail = w.trail[:0]
	w.forget()
	if ablated(partCache) {
		w.forgetPlaces()
	}
	w.stale = len(w.state.out)
	switch {
	case w.random.Uint32()%w.exchangeRate == 0 && w.exchange(threshold):
	case w.ruin():
		w.recreate()
	default:
		w.broken = true
	}
	if w.broken || w.model.chained && w.strayed() {
		w.state.copyFrom(w.last) // what was broken may not carry a new version
		return false
	}
	w.state.reprice(w.model)
	w.recognise()
	if w.judge != nil {
		w.judge.look(w.state)
	}
	return true
}

// decide keeps a candidate or goes back.
func (w *search) decide(accepted bool) {
	if !accepted {
		w.state.catchUp(w.model, w.last, w.touched)
		return
	}
	w.verify()
	w.last.catchUp(w.model, w.state, w.touched)
}

// recognise gives the routes that are what they were before this iteration
// their versions back, so that what is known about them stays known. Most ruins
// are mended the way it was.
func (w *search) recognise() {
	if ablated(partRecognised) {
		return
	}
	for _, r := range w.touched {
		if w.state.sameRoute(w.model, w.last, r) {
			w.state.version[r], w.state.priced[r] = w.last.version[r], w.last.priced[r]
		}
	}
}
