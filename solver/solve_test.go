package solver

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// solve fails the test on an error and on any breach.
func solve(t *testing.T, p *Problem, o Options) *Solution {
	t.Helper()
	s, err := Solve(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range Check(p, s) {
		t.Error(b)
	}
	return s
}

func TestHomeCareDayIsFeasible(t *testing.T) {
	for _, workers := range []int{1, 2, 3} {
		p := homeCare(300, 24, uint64(workers))
		first := int64(0)
		s := solve(t, p, Options{Seed: 1, Iterations: 3000, Workers: workers, OnIncumbent: func(pr Progress) {
			if first == 0 {
				first = pr.Cost
			}
		}})
		if s.Cost > first {
			t.Errorf("%d workers: ends at %d, began at %d", workers, s.Cost, first)
		}
		if len(s.Unserved) > 30 {
			t.Errorf("%d workers: %d of 300 unserved", workers, len(s.Unserved))
		}
	}
}

func TestSameSeedSameSolution(t *testing.T) {
	p := homeCare(250, 20, 3)
	for _, workers := range []int{1, 2} {
		o := Options{Seed: 5, Iterations: 2000, Workers: workers}
		a := solve(t, p, o)
		b := solve(t, p, o)
		before := runtime.GOMAXPROCS(1)
		c := solve(t, p, o)
		runtime.GOMAXPROCS(before)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%d workers: two runs differ", workers)
		}
		if !reflect.DeepEqual(a, c) {
			t.Errorf("%d workers: GOMAXPROCS changes the solution", workers)
		}
	}
}

func TestSolveSideBySide(t *testing.T) {
	p := homeCare(60, 6, 3)
	want := solve(t, p, Options{Seed: 5, Iterations: 300, Workers: 2})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			s, err := Solve(context.Background(), p, Options{Seed: 5, Iterations: 300, Workers: 2})
			if err != nil || !reflect.DeepEqual(s, want) {
				t.Errorf("a run beside others differs: %v", err)
			}
		})
	}
	group.Wait()
}

func TestCancelReturnsTheIncumbent(t *testing.T) {
	p := homeCare(400, 30, 1)
	ctx, cancel := context.WithCancel(context.Background())
	var cancelled time.Time
	o := Options{Seed: 1, Time: time.Hour, Workers: 2, OnIncumbent: func(pr Progress) {
		if pr.Iterations > 0 && ctx.Err() == nil {
			cancelled = time.Now()
			cancel()
		}
	}}
	s, err := Solve(ctx, p, o)
	if err != nil || s.Stats.Stopped != "cancelled" {
		t.Fatalf("stopped by %q, %v", s.Stats.Stopped, err)
	}
	if took := time.Since(cancelled); took > time.Minute { // it takes a fraction of a second
		t.Errorf("returns %v after it is cancelled", took)
	}
	for _, b := range Check(p, s) {
		t.Error(b)
	}
}

func TestLimits(t *testing.T) {
	p := homeCare(40, 5, 1)
	if _, err := Solve(context.Background(), p, Options{}); !errors.Is(err, ErrNoLimit) {
		t.Errorf("no limit: %v", err)
	}
	for _, o := range []Options{
		{Iterations: -1},
		{Iterations: 1, Time: -time.Second},
		{Iterations: 1, Workers: -1},
		{Iterations: 1, Workers: 1 << 20},
		{Iterations: 1, Target: -1},
	} {
		if _, err := Solve(context.Background(), p, o); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if s := solve(t, p, Options{Time: 50 * time.Millisecond}); s.Stats.Stopped != "time" {
		t.Errorf("stopped by %q", s.Stats.Stopped)
	}
	s := solve(t, p, Options{Iterations: 500})
	if s.Stats.Stopped != "iterations" || s.Stats.Iterations != 500 {
		t.Errorf("stopped by %q after %d", s.Stats.Stopped, s.Stats.Iterations)
	}
	for workers := range 4 { // who do as many each in the last round
		if s := solve(t, p, Options{Iterations: 501, Workers: workers}); s.Stats.Iterations < 501 || s.Stats.Iterations > 501+int64(max(workers-1, 0)) {
			t.Errorf("%d workers do %d iterations", workers, s.Stats.Iterations)
		}
	}
	if s := solve(t, p, Options{Time: time.Hour, Target: s.Cost * 11 / 10}); s.Stats.Stopped != "target" {
		t.Errorf("stopped by %q", s.Stats.Stopped)
	}
	p.Tasks[3].UnservedCost = Infinity
	p.Tasks[3].Modes[0].Allowed = NewBits()
	s, err := Solve(context.Background(), p, Options{Iterations: 100})
	if !errors.Is(err, ErrMandatory) || errors.Is(err, context.Canceled) || !strings.HasSuffix(fmt.Sprint(err), ": tasks[3]") || s == nil {
		t.Errorf("a mandatory task without a shift: %v", err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for i := range p.Tasks {
		p.Tasks[i].UnservedCost = Infinity
		p.Tasks[i].Modes[0].Allowed = NewBits()
	}
	s, err = Solve(gone, p, Options{Iterations: 100})
	if !errors.Is(err, ErrMandatory) || !errors.Is(err, context.Canceled) || !strings.HasSuffix(fmt.Sprint(err), fmt.Sprintf(", tasks[9] and %d more", len(p.Tasks)-10)) || s == nil {
		t.Errorf("cancelled before it began: %v", err)
	}
}

// A panic in a worker's goroutine comes out of the goroutine that called, so
// that whoever called Solve can recover from it.
func TestPanicOfAWorkerReachesTheCaller(t *testing.T) {
	for _, shifts := range []int{6, 40} { // as a contest, and in parts
		m := compile(context.Background(), homeCare(40, shifts, 1), true)
		c := construct(context.Background(), m, &Options{Seed: 1, Workers: 2})
		c.workers[1].gaps = nil // so that its first insertion fails
		got := func() (what any) {
			defer func() { what = recover() }()
			a := newAnneal(1, 1, 0.1, time.Now(), 0, 100)
			c.round(context.Background(), 50, &a)
			return nil
		}()
		if got == nil {
			t.Errorf("%d shifts: nothing came through", shifts)
		}
	}
}

// A worker that does not even get to its first iteration is not waited for.
func TestPanicOfAWorkerIsNotHeldBack(t *testing.T) {
	m := compile(context.Background(), homeCare(40, 40, 1), true)
	c := construct(context.Background(), m, &Options{Seed: 1, Workers: 2})
	c.workers[1].open.first = nil // so that it cannot take its part over
	defer func() {
		if recover() == nil {
			t.Error("nothing came through")
		}
	}()
	a := newAnneal(1, 1, 0.1, time.Now(), time.Hour, 0)
	c.round(context.Background(), 50, &a)
}

func TestEmptyProblems(t *testing.T) {
	p := homeCare(3, 2, 1)
	noTasks := *p
	noTasks.Tasks, noTasks.Links = nil, nil
	solve(t, &noTasks, Options{Iterations: 10})
	solve(t, &noTasks, Options{Iterations: 10, Workers: 2})
	many := *homeCare(3, 20, 1) // enough to share
	many.Tasks, many.Links = nil, nil
	if s := solve(t, &many, Options{Time: time.Hour, Workers: 2}); s.Stats.Stopped != "done" {
		t.Errorf("stopped by %q", s.Stats.Stopped)
	}
	noShifts := *p
	noShifts.Shifts = nil
	noShifts.Tasks = slices.Clone(p.Tasks)
	for i := range noShifts.Tasks {
		noShifts.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
		noShifts.Tasks[i].Modes[0].ShiftCost = nil
	}
	if s := solve(t, &noShifts, Options{Iterations: 10, Workers: 2}); len(s.Unserved) != len(p.Tasks) {
		t.Errorf("%d unserved without shifts", len(s.Unserved))
	}
	noShifts.Terms = slices.Clone(p.Terms)
	for _, kind := range []TermKind{TermIdleMost, TermWaitMost, TermBalance, TermTardiest} {
		noShifts.Terms = append(noShifts.Terms, Term{Kind: kind, Weight: 1})
	}
	if s := solve(t, &noShifts, Options{Iterations: 10}); len(s.Unserved) != len(p.Tasks) {
		t.Errorf("%d unserved without shifts", len(s.Unserved))
	}
}

// A task that must be done is above any other cost, or the problem is refused.
func TestPricesLeaveRoomForWhatMustBeDone(t *testing.T) {
	p := plane(100, 600, 0, 1)
	for i := range p.Shifts {
		p.Shifts[i].Fixed = 1e12
	}
	for len(p.Tasks) < 4000 {
		p.Tasks = append(p.Tasks, p.Tasks[:100]...)
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	p.Tasks[0].UnservedCost = Infinity
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "choose coarser units") {
		t.Errorf("a shift is dearer than a task that must be done: %v", err)
	}
}

func TestWarmStart(t *testing.T) {
	p := homeCare(200, 16, 2)
	cold := solve(t, p, Options{Seed: 1, Iterations: 3000})
	warm := solve(t, p, Options{Seed: 2, Iterations: 1, Warm: cold})
	if warm.Cost > cold.Cost {
		t.Errorf("warm start costs %d, was given %d", warm.Cost, cold.Cost)
	}
	// A shift falls away: the rest of its routes is kept where it can be.
	sick := *p
	sick.Shifts = slices.Clone(p.Shifts)
	sick.Shifts[0].Skills = NewBits()
	kept := solve(t, &sick, Options{Seed: 2, Iterations: 1, Warm: cold})
	same := 0
	for r := 1; r < len(p.Shifts); r++ {
		for _, stop := range kept.Routes[r].Stops {
			if stop.Task != None && slices.ContainsFunc(cold.Routes[r].Stops, func(x Stop) bool { return x.Task == stop.Task }) {
				same++
			}
		}
	}
	if same < 120 {
		t.Errorf("only %d of 200 tasks stay on their shift", same)
	}
}

// What is left over does not fit, or is dearer done than left out: Insertable
// agrees with the search's own last pass.
func TestNothingThatPaysIsLeftOver(t *testing.T) {
	for seed := range uint64(4) {
		p := homeCare(160, 8, seed)
		s := solve(t, p, Options{Seed: seed, Iterations: 800})
		if len(s.Unserved) == 0 {
			t.Errorf("seed %d: want a day that is too full", seed)
		}
		m := compile(context.Background(), p, false)
		for _, task := range s.Unserved {
			fit, ok := Insertable(p, s, task)
			if worth := m.fault[m.unitOf[task]]; ok && fit.Cost < worth {
				t.Errorf("seed %d: task %d fits at %d, left out at %d: %+v", seed, task, fit.Cost, worth, fit.Spots)
			}
		}
	}
}

// A task that was done fits again into the routes that it is taken out of.
func TestInsertableFindsTheGap(t *testing.T) {
	p := homeCare(120, 14, 5)
	s := solve(t, p, Options{Seed: 1, Iterations: 500})
	m := compile(context.Background(), p, false)
	for task := int32(0); task < 120; task += 7 {
		if slices.Contains(s.Unserved, task) {
			continue
		}
		without := *s
		without.Routes = slices.Clone(s.Routes)
		unit := m.units.of(m.unitOf[task])
		for r := range without.Routes {
			without.Routes[r].Stops = slices.DeleteFunc(slices.Clone(s.Routes[r].Stops), func(x Stop) bool { return slices.Contains(unit, x.Task) })
			if !slices.ContainsFunc(without.Routes[r].Stops, func(x Stop) bool { return x.Task != None }) {
				without.Routes[r].Stops = nil
			}
		}
		if fit, ok := Insertable(p, &without, task); !ok || len(fit.Spots) != len(unit) {
			t.Errorf("task %d does not fit where it was: %+v", task, fit)
		}
	}
	if _, ok := Insertable(p, s, -1); ok {
		t.Error("a task that does not exist fits")
	}
}

func TestIterationsDoNotAllocate(t *testing.T) {
	soft := homeCare(300, 24, 1)
	soft.Terms = append(soft.Terms, Term{Kind: TermTardiest, Weight: 2})
	coupled := homeCare(300, 24, 1)
	for _, kind := range []TermKind{TermIdleMost, TermBalance} {
		coupled.Terms = append(coupled.Terms, Term{Kind: kind, Weight: 2})
	}
	for name, p := range map[string]*Problem{
		"plain": homeCare(300, 24, 1), "long": longDays(300, 24, 1), "soft": soft, "coupled": coupled,
		"doses": doses(300, 24, 1), "coverage": emergencies(300, 24, 1),
		"resting": restingDay(100, 14, 1), "counted": grouped(300, 24, 1),
		"vans": vans(300, 24, 1), "technicians": technicians(300, 24, 1), "resting vans": restingVans(100, 14, 1),
		"shared vans": sharedVans(150, 16, 1), "choices": finishing(elsewhere(meals(150, 16, 1))),
	} {
		m := compile(context.Background(), p, true)
		c := construct(context.Background(), m, &Options{Seed: 1})
		w := c.workers[0]
		w.state.copyFrom(c.current)
		w.adopt()
		for range 500 {
			w.iterate(100)
		}
		holdAllocations(t, name, func() { w.iterate(100) })
	}
}

// holdAllocations wants an iteration to allocate nothing.
func holdAllocations(t *testing.T, name string, iterate func()) {
	t.Helper()
	if invariantsOn {
		t.Log("the invariants build allocates")
	} else if n := testing.AllocsPerRun(300, iterate); n != 0 {
		t.Errorf("%s: %.2f allocations per iteration", name, n)
	}
}

// Nor do those of large problems, which are searched in parts with narrow looks.
func TestIterationsInPartsDoNotAllocate(t *testing.T) {
	tasks, shifts := 700, 52
	if testing.Short() || invariantsOn {
		tasks, shifts = 450, 34
	}
	for name, draw := range map[string]func(int, int, uint64) *Problem{
		"plain": homeCare, "long": longDays, "doses": doses, "counted": grouped, "coverage": emergencies, "resting": restingDay,
		"samples": samples, "vans": vans, "hub": withHub, "by period": rushDay,
	} {
		m := compile(t.Context(), draw(tasks, shifts, 2), true)
		c := construct(t.Context(), m, &Options{Seed: 3, Workers: 2})
		for c.size = 0; c.size != partSizes[0]; {
			c.drawSize()
		}
		c.divide()
		w := c.workers[0]
		w.state.copyFrom(c.current)
		c.share(w, 0)
		if !m.narrow || w.mine == nil || len(w.mineRoutes) == shifts {
			t.Errorf("%s: looks are narrow: %t; a part of %d shifts", name, m.narrow, len(w.mineRoutes))
		}
		for range 500 {
			w.iterate(100)
		}
		holdAllocations(t, name, func() { w.iterate(100) })
	}
}

// Nor do steps that close shifts.
func TestClosingStepsDoNotAllocate(t *testing.T) {
	loaded := plane(60, 20, 40_000, 2)
	for i := range loaded.Shifts {
		loaded.Shifts[i].Capacity = []int64{10}
	}
	for i := range loaded.Tasks {
		loaded.Tasks[i].Modes[0].Load = []int64{1 + int64(i%3)}
	}
	for name, p := range map[string]*Problem{"loaded": loaded, "home care": homeCare(120, 14, 1)} {
		for r := range p.Shifts {
			p.Shifts[r].Fixed = 10_000_000
		}
		for i := range p.Tasks {
			p.Tasks[i].UnservedCost = 1_000_000_000
		}
		c := construct(t.Context(), compile(t.Context(), p, true), &Options{Seed: 1})
		if !c.fewestFirst() {
			t.Fatalf("%s: shifts are not closed first", name)
		}
		w := c.workers[0]
		w.state.copyFrom(c.current)
		w.everything()
		w.adopt()
		w.closing, w.exchangeRate = true, max(w.exchangeRate, exchangeRareRate)
		a := newAnneal(c.costPerTask(), 0.1, 0.1, time.Now(), 0, 3000)
		closed := 0
		for w.closeOne(t.Context(), &a, 0) {
			closed++
		}
		if w.iterations == 0 || len(w.last.out) == 0 {
			t.Fatalf("%s: %d shifts are closed in %d steps, and %d units are out", name, closed, w.iterations, len(w.last.out))
		}
		holdAllocations(t, name, func() { w.step(100) })
	}
}

// TestTimeIsKeptBack: a share of the time that grows with what the first
// solution leaves out, and none where nothing is.
func TestTimeIsKeptBack(t *testing.T) {
	t.Parallel()
	o := Options{Time: time.Minute, KeepBack: 3 * time.Second}
	for _, c := range []struct {
		out, all int
		want     time.Duration
	}{{0, 100, 0}, {1, 100, 600 * time.Millisecond}, {5, 100, 3 * time.Second}, {100, 100, 3 * time.Second}, {0, 0, 0}} {
		if got := o.keptBack(c.out, c.all); got.Round(time.Millisecond) != c.want {
			t.Errorf("%d of %d left out: %v, want %v", c.out, c.all, got, c.want)
		}
	}
	o.Time = 0
	if got := o.keptBack(50, 100); got != 0 {
		t.Errorf("without a time limit: %v", got)
	}
	if _, err := Solve(t.Context(), &Problem{}, Options{Time: 1, KeepBack: -1}); err == nil || !strings.Contains(err.Error(), "keepBack") {
		t.Errorf("%v", err)
	}
}
