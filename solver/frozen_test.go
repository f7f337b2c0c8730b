package solver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// begunAs tells whether a solution has what is frozen exactly as a warm start.
func begunAs(t *testing.T, p *Problem, warm, s *Solution) {
	t.Helper()
	for r := range warm.Routes {
		last := -1
		for i, stop := range warm.Routes[r].Stops {
			if stop.Task != None && p.Tasks[stop.Task].Pin.Frozen {
				last = i
			}
		}
		if last < 0 {
			continue
		}
		if len(s.Routes[r].Stops) <= last || !reflect.DeepEqual(warm.Routes[r].Stops[:last+1], s.Routes[r].Stops[:last+1]) || warm.Routes[r].Leave != s.Routes[r].Leave {
			t.Errorf("route %d began as\n%v %v\nand is now\n%v %v", r, warm.Routes[r].Leave, warm.Routes[r].Stops[:last+1], s.Routes[r].Leave, s.Routes[r].Stops)
		}
	}
}

// freeze freezes what has started by a time.
func freeze(p *Problem, s *Solution, now int64) int {
	frozen := 0
	for _, r := range s.Routes {
		for _, stop := range r.Stops {
			if stop.Task != None && stop.Start <= now {
				p.Tasks[stop.Task].Pin.Frozen = true
				frozen++
			}
		}
	}
	return frozen
}

// At eleven what has started is frozen. One shift falls ill, so that its later
// visits are for others, an urgent visit comes in, and nothing else starts before
// now. The day is repaired from the roster, and what has been done is as it was.
func TestRepairOfADay(t *testing.T) {
	const now = 11 * 3600
	for _, workers := range []int{1, 2} {
		p, iterations := homeCare(60, 6, 3), int64(2000)
		if workers == 2 {
			p, iterations = restingDay(60, 7, 3), 700
		}
		roster := solve(t, p, Options{Seed: 1, Iterations: iterations, Workers: workers})
		ill := int32(slices.IndexFunc(roster.Routes, func(r Route) bool {
			return slices.ContainsFunc(r.Stops, func(s Stop) bool { return s.Start > now }) && r.Stops[0].Start < now
		}))
		if n := freeze(p, roster, now); n < 10 || ill < 0 {
			t.Fatalf("%d tasks are frozen, shift %d is ill", n, ill)
		}
		var others Bits
		for r := range p.Shifts {
			if int32(r) != ill {
				others = others.With(r)
			}
		}
		for i := range p.Tasks {
			mode := &p.Tasks[i].Modes[0]
			if p.Tasks[i].Pin.Frozen {
				continue
			}
			mode.Windows = slices.Clone(mode.Windows)
			mode.Windows[0].From = max(mode.Windows[0].From, now)
			mode.Windows[0].To = max(mode.Windows[0].To, now)
			mode.Allowed = others
		}
		urgent := p.Tasks[0]
		urgent.Pin = FreePin()
		urgent.UnservedCost = 1_000_000
		urgent.Modes = slices.Clone(p.Tasks[0].Modes)
		urgent.Modes[0].ShiftCost = nil
		urgent.Modes[0].Allowed = others
		urgent.Modes[0].Windows = []Window{{now, now + 2*3600}}
		p.Tasks = append(p.Tasks, urgent)
		warm := *roster
		stay, free := 0, 0
		rough := solve(t, p, Options{Seed: 2, Iterations: 1, Warm: &warm, Workers: workers})
		for r := range roster.Routes {
			for _, stop := range roster.Routes[r].Stops {
				if int32(r) == ill || stop.Task == None || p.Tasks[stop.Task].Pin.Frozen {
					continue
				}
				free++
				if slices.ContainsFunc(rough.Routes[r].Stops, func(s Stop) bool { return s.Task == stop.Task }) {
					stay++
				}
			}
		}
		if stay < free*2/3 {
			t.Errorf("%d workers: %d of %d tasks that may stay where they are do", workers, stay, free)
		}
		repaired := solve(t, p, Options{Seed: 2, Iterations: iterations, Warm: &warm, Workers: workers})
		begunAs(t, p, roster, repaired)
		if slices.Contains(repaired.Unserved, int32(len(p.Tasks)-1)) || len(repaired.Unserved) > len(roster.Unserved)+2 {
			t.Errorf("%d workers: left out: %v, in the roster %v", workers, repaired.Unserved, roster.Unserved)
		}
		for _, stop := range repaired.Routes[ill].Stops {
			if stop.Task != None && !p.Tasks[stop.Task].Pin.Frozen {
				t.Errorf("%d workers: the shift that is ill does task %d", workers, stop.Task)
			}
		}
		again := solve(t, p, Options{Seed: 2, Iterations: 50, Warm: repaired, Workers: workers})
		begunAs(t, p, roster, again)
		if again.Cost > repaired.Cost {
			t.Errorf("%d workers: from %d to %d", workers, repaired.Cost, again.Cost)
		}
	}
}

// begin solves a problem roughly, and freezes the first tasks of its routes.
func begin(t *testing.T, random *rand.Rand, p *Problem) *Solution {
	warm, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 3})
	if err != nil {
		t.Fatal(err)
	}
	freezeFirst(random, p, warm)
	return warm
}

// freezeFirst freezes up to two tasks of each route.
func freezeFirst(random *rand.Rand, p *Problem, warm *Solution) {
	p.Tasks = slices.Clone(p.Tasks)
	for _, r := range warm.Routes {
		left := random.IntN(3)
		for _, stop := range r.Stops {
			if stop.Task != None && left > 0 {
				p.Tasks[stop.Task].Pin.Frozen = true
				left--
			}
		}
	}
}

// begunIn tells whether routes begin with what is frozen in a warm start, as it is
// there, read from the text of Pin. The oracle places breaks by gaps, so of breaks
// it asks for the gap.
func (o *oracle) begunIn() bool {
	if o.warm == nil {
		return true
	}
	for r := range o.warm.Routes {
		var frozen []Stop
		gaps := map[int32]int{}
		stops := o.warm.Routes[r].Stops
		last := -1
		for i, stop := range stops {
			if stop.Task != None && o.p.Tasks[stop.Task].Pin.Frozen {
				last = i
			}
		}
		for _, stop := range stops[:last+1] {
			if stop.isBreak() {
				gaps[stop.Break] = len(frozen)
			} else {
				frozen = append(frozen, stop)
				if stop.Task != None && o.chosen[stop.Task] != int(stop.Mode) {
					return false
				}
			}
		}
		if len(o.routes[r]) < len(frozen) {
			return false
		}
		for i, stop := range frozen {
			if is := o.routes[r][i]; stop.Task != None && stop.Task != is ||
				stop.Task == None && (int(is) < o.asked || o.gives[int(is)-o.asked] != &o.p.Shifts[r].Refills[stop.Refill]) {
				return false
			}
		}
		for b, gap := range o.gaps[r] {
			before, was := gaps[int32(b)]
			if was && gap != before || !was && gap != missedBreak && gap < len(frozen) {
				return false
			}
		}
	}
	return true
}

// hasLeft is when a shift that leaves late began its day in the warm start, if
// something on it is frozen.
func (o *oracle) hasLeft(r int) (begin int64, has bool) {
	if o.warm == nil {
		return 0, false
	}
	route := &o.warm.Routes[r]
	begin = route.Leave
	for i, stop := range route.Stops {
		if stop.isBreak() && i == 0 {
			begin = min(begin, stop.Start)
		}
		has = has || stop.Task != None && o.p.Tasks[stop.Task].Pin.Frozen
	}
	return begin, has
}

// disturb changes what is still to be done: windows, and who may do it; and a shift
// that has left may have left earlier than it had to.
func disturb(random *rand.Rand, p *Problem, warm *Solution) {
	for i := range p.Tasks {
		if p.Tasks[i].Pin.Frozen || random.IntN(3) > 0 {
			continue
		}
		p.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
		mode := &p.Tasks[i].Modes[0]
		if p.Tasks[i].Pin.Start == Infinity {
			from := int64(random.IntN(14))
			mode.Windows, mode.ByWindow = []Window{{from, from + int64(random.IntN(6))}}, nil
		}
		if random.IntN(2) == 0 {
			mode.Allowed = NewBits(random.IntN(len(p.Shifts)))
		}
	}
	for r := range warm.Routes {
		route := &warm.Routes[r]
		if s := &p.Shifts[r]; len(route.Stops) > 0 && s.LeaveLate && !route.Stops[0].isBreak() && len(p.Profiles[s.Profile].Periods) == 1 && len(p.Coverage) == 0 {
			route.Leave = max(s.Start, route.Leave-int64(random.IntN(3)))
		}
	}
}

// Where something is frozen and breaks are after so much work, at a place or missed among
// several, the search counts what is done as Price does.
func TestFrozenBreaksAreCounted(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 57))
		p := resting(random, choosing(random, tiny(random)))
		warm := begin(t, random, p)
		s := solve(t, p, Options{Seed: seed, Iterations: 30, Warm: warm})
		if counted := layBegun(p, warm, s); counted != s.Cost {
			t.Errorf("problem %d: counts %d, costs %d", seed, counted, s.Cost)
		}
	}
}

// An electric car has been charged by noon, and goes on from there: what has been
// done stays, charging included, later charging moves with the visits, and what does
// not fit any more is asked for beside it.
func TestRepairOfADayWithRefills(t *testing.T) {
	for name, draw := range map[string]func(int, int, uint64) *Problem{"vans": vans, "technicians": technicians} {
		p := draw(60, 8, 3)
		for i := range p.Shifts {
			p.Shifts[i].Stock[0] = 0
		}
		const now = 12 * 3600
		roster := solve(t, p, Options{Seed: 1, Iterations: 600})
		freeze(p, roster, now)
		refills := 0
		for _, r := range roster.Routes {
			for i, stop := range r.Stops {
				if stop.isRefill() && i+1 < len(r.Stops) && r.Stops[i+1].Task != None && p.Tasks[r.Stops[i+1].Task].Pin.Frozen {
					refills++
				}
			}
		}
		for i := range p.Tasks {
			if mode := &p.Tasks[i].Modes[0]; !p.Tasks[i].Pin.Frozen {
				mode.Windows = []Window{{max(now, mode.Windows[0].From), max(now, mode.Windows[0].To)}}
				mode.ByWindow = nil
			}
		}
		for i := range p.Shifts {
			for k := range p.Shifts[i].Refills {
				p.Shifts[i].Refills[k].Windows = []Window{{0, 24 * 3600}} // those that are not frozen begin when they can
			}
		}
		urgent := p.Tasks[0]
		urgent.Pin, urgent.UnservedCost = FreePin(), 1_000_000
		urgent.Modes = slices.Clone(urgent.Modes)
		urgent.Modes[0].ShiftCost, urgent.Modes[0].Windows, urgent.Modes[0].Use = nil, []Window{{now, now + 6*3600}}, []int64{1}
		p.Tasks = append(p.Tasks, urgent)
		for _, workers := range []int{1, 2} {
			repaired := solve(t, p, Options{Seed: 2, Iterations: 400, Warm: roster, Workers: workers})
			begunAs(t, p, roster, repaired)
			if slices.Contains(repaired.Unserved, int32(len(p.Tasks)-1)) || refills == 0 {
				t.Errorf("%s: %v are left out, %d refills are frozen", name, repaired.Unserved, refills)
			}
			for _, task := range repaired.Unserved {
				if i, err := NewInserter(p, repaired); err != nil {
					t.Error(err)
				} else if _, fits, _ := i.Insertable(context.Background(), task); fits && i.Insert() {
					begunAs(t, p, roster, i.Solution())
					for _, b := range Check(p, i.Solution()) {
						t.Errorf("%s, task %d: %s", name, task, b)
					}
				}
			}
		}
	}
}

// layBegun is what a solution costs by the prices of the search, when it begins like a
// warm start.
func layBegun(p *Problem, warm, s *Solution) int64 {
	begun, err := p.begun(warm)
	if err != nil {
		return -1
	}
	m := compileFrom(context.Background(), p, begun, false)
	table := newTimetable(newSchedule(m, newState(m)))
	if !table.lay(s) {
		return -1
	}
	return table.total()
}

// What has been worked and driven counts: of a shift that began at 5 and did its first
// visit at 10, the break within 25 of that is taken by 30, before the visit at 40; the
// same visits with a break that was taken at 18 leave it until 22 and 25.
func TestWorkDoneCounts(t *testing.T) {
	rest := Break{Window: Window{0, 60}, Length: 4, Location: None, AfterWork: 25}
	p := visitsAt(Shift{End: 100, WorkCost: 1, TimeCost: 1, LeaveLate: true, Breaks: []Break{rest}}, 10, 40)
	p.Tasks[1].Modes[0].Windows[0].To = 50
	p.Tasks[0].Pin.Frozen = true
	warm := &Solution{Routes: []Route{{Leave: 5, Stops: []Stop{{Task: 0, Break: None, Depart: 5, Arrive: 10, Start: 10, End: 15}}}}}
	stops := func() []Stop { return solve(t, p, Options{Seed: 1, Iterations: 50, Warm: warm}).Routes[0].Stops }
	if s := stops(); len(s) != 3 || s[1].Break != 0 || s[1].Start > 30 || s[2].Start != 40 {
		t.Errorf("%+v", s)
	}
	p.Shifts[0].Breaks = append(p.Shifts[0].Breaks, rest) // within 25 of the one at 18, which ended at 22
	p.Shifts[0].Breaks[1].From = 45
	p.Tasks[0].Modes[0].Windows[0].To = 30
	warm.Routes[0].Stops = []Stop{{Task: None, Break: 0, Arrive: 10, Start: 18, End: 22}, {Task: 0, Break: None, Depart: 5, Arrive: 10, Start: 22, End: 27}}
	if s := stops(); len(s) != 4 || s[2].Start > 47 && s[3].Start > 47 {
		t.Errorf("%+v", s)
	}
	p.Shifts[0].Breaks[1].From = 48
	if _, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 50, Warm: warm}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a shift whose break comes too late goes on: %v", err)
	}

	// A limit on travel: 5 out to the first visit, 10 over the base and back for the second, 5 home.
	p = visitsAt(Shift{End: 100, LongestTravel: 20, LeaveLate: true, Breaks: []Break{{Window: Window{0, 30}, Length: 4, Location: 0}}}, 10, 40)
	p.Tasks[0].Pin.Frozen = true
	warm.Routes[0].Stops = []Stop{{Task: 0, Break: None, Depart: 5, Arrive: 10, Start: 10, End: 15}}
	if s := stops(); len(s) != 3 || s[2].Task != 1 {
		t.Errorf("%+v", s)
	}
	p.Shifts[0].LongestTravel = 19
	if s := stops(); len(s) != 2 || s[1].Break != 0 {
		t.Errorf("%+v", s)
	}
}

// A warm start that cannot stay as it is is refused, and the message says where.
func TestFrozenNeedsItsWarmStart(t *testing.T) {
	p, warm := planted()
	for _, c := range []struct {
		want  string
		spoil func(p *Problem, s *Solution) *Solution
	}{
		{"options.warm: does not do task 3, which is frozen", func(p *Problem, s *Solution) *Solution { p.Tasks[3].Pin.Frozen = true; return s }},
		{"options.warm: does not do task 0, which is frozen", func(p *Problem, s *Solution) *Solution { return nil }},
		{"options.warm.routes: 1 for 2 shifts", func(p *Problem, s *Solution) *Solution { s.Routes = s.Routes[:1]; return s }},
		{"options.warm.routes[0].stops[0]: comes before task 1, which is frozen", func(p *Problem, s *Solution) *Solution {
			p.Tasks[0].Pin.Frozen, p.Tasks[1].Pin.Frozen = false, true
			return s
		}},
		{"options.warm.routes[0].stops[0]: lasts -5, not 10", func(p *Problem, s *Solution) *Solution {
			s.Routes[0].Stops[0].Start, s.Routes[0].Stops[0].End = 25, 20
			return s
		}},
		{"task 0 is pinned to shift 1", func(p *Problem, s *Solution) *Solution { p.Tasks[0].Pin.Shift = 1; return s }},
		{"task 0 is at position 0 and pinned to 1", func(p *Problem, s *Solution) *Solution { p.Tasks[0].Pin.Position = 1; return s }},
		{"no such task or mode", func(p *Problem, s *Solution) *Solution { s.Routes[0].Stops[0].Mode = 1; return s }},
		{"no such refill", func(p *Problem, s *Solution) *Solution {
			s.Routes[0].Stops = slices.Insert(s.Routes[0].Stops, 0, Stop{Task: None, Break: None})
			return s
		}},
		{"options.warm.routes[0].stops[1]: refill 0 for the 2th time, 1 is the most", func(p *Problem, s *Solution) *Solution {
			p.Shifts[0].Refills = []Refill{{Most: 1, Windows: []Window{{0, 20}}}}
			s.Routes[0].Stops = slices.Insert(s.Routes[0].Stops, 0, Stop{Task: None, Break: None}, Stop{Task: None, Break: None})
			return s
		}},
		{"options.warm.routes[0].stops[0]: it uses 1 of stock 0, 0 are left", func(p *Problem, s *Solution) *Solution {
			p.Shifts[0].Stock, p.Shifts[1].Stock = []int64{0}, []int64{0}
			p.Tasks[0].Modes[0].Use = []int64{1}
			return s
		}},
	} {
		p.Tasks = slices.Clone(p.Tasks)
		for i := range p.Tasks {
			p.Tasks[i].Pin = FreePin()
		}
		p.Tasks[0].Pin.Frozen = true
		s := &Solution{Routes: slices.Clone(warm.Routes), Unserved: warm.Unserved}
		for r := range s.Routes {
			s.Routes[r].Stops = slices.Clone(s.Routes[r].Stops)
		}
		_, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 10, Warm: c.spoil(p, s)})
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, ErrInvalid) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

// startsAsBefore tells whether a start is that of the warm start, if the task is
// frozen.
func (o *oracle) startsAsBefore(task int32, start int64) bool {
	if o.warm == nil {
		return true
	}
	r := o.shift[task]
	at := slices.Index(o.routes[r], task)
	for i, stop := range o.warm.Routes[r].Stops {
		if stop.isBreak() {
			continue
		}
		if at--; at < 0 { // the stop at that place, where it is frozen
			behind := o.warm.Routes[r].Stops[i:]
			return stop.Start == start || !slices.ContainsFunc(behind, func(s Stop) bool { return s.Task != None && o.p.Tasks[s.Task].Pin.Frozen })
		}
	}
	return true
}

// Days of every kind go on from where they stand, in every form of the search.
func TestDaysGoOn(t *testing.T) {
	easy := plane(60, 20, 40_000, 2)
	for i := range easy.Shifts {
		easy.Shifts[i].Capacity, easy.Shifts[i].Fixed = []int64{10}, 10_000_000
	}
	for i := range easy.Tasks {
		easy.Tasks[i].Modes[0].Load, easy.Tasks[i].UnservedCost = []int64{1 + int64(i%3)}, Infinity
	}
	for name, p := range map[string]*Problem{
		"easy": easy, "hub": withHub(150, 18, 4), "samples": samples(90, 12, 4), "meals": meals(90, 12, 4), "doses": doses(90, 12, 4),
		"choices": finishing(elsewhere(meals(90, 12, 4))), "vans": vans(90, 12, 4), "rush": rushDay(90, 12, 4), "long": longDays(90, 12, 4), "parcels": parcelDay(rand.New(rand.NewPCG(1, 2)), 30, false),
		"breaks": restingDay(40, 6, 4), "limits": limitedDay(40, 6, 4), "resting vans": restingVans(40, 6, 4),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if len(p.Profiles) == 0 || p.Validate() != nil {
				t.Fatal(p.Validate())
			}
			warm := solve(t, p, Options{Seed: 1, Iterations: 200})
			frozen := 0
			for _, r := range warm.Routes {
				for i, stop := range r.Stops {
					if stop.Task != None && i <= len(r.Stops)/3 {
						p.Tasks[stop.Task].Pin.Frozen = true
						frozen++
					}
				}
			}
			for _, workers := range []int{1, 2} {
				s := solve(t, p, Options{Seed: 2, Iterations: 300, Warm: warm, Workers: workers})
				begunAs(t, p, warm, s)
				if s.Cost > warm.Cost || frozen < 10 {
					t.Errorf("%d workers, %d frozen: from %d to %d", workers, frozen, warm.Cost, s.Cost)
				}
			}
		})
	}
}

// limitedDay is rushDay with a break after so much work, and limits on travel and on
// work from a free departure.
func limitedDay(tasks, shifts int, seed uint64) *Problem {
	p := rushDay(tasks, shifts, seed)
	const hour = 3600
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.LeaveLate, s.LongestTravel, s.LongestWork = true, 4*hour, 9*hour
		s.Breaks = []Break{{Window: Window{s.Start, s.End - hour}, Length: hour / 2, Location: None, AfterWork: 4 * hour}}
	}
	return p
}

// Insertable agrees with trying everything where the routes have begun.
func TestInsertableBesideFrozen(t *testing.T) {
	problems := 200
	if testing.Short() || invariantsOn {
		problems = 60
	}
	asked, fitting := 0, 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, 59))
		p := crowded(random)
		switch {
		case seed%3 == 1:
			p = choosing(random, p)
		case seed%5 == 3:
			p = resting(random, p)
		}
		if seed%4 == 2 {
			p = pinning(random, p)
		}
		warm := begin(t, random, p)
		for task := range int32(len(p.Tasks)) {
			if p.Tasks[task].Pin.Frozen || slices.ContainsFunc(p.Links, func(l Link) bool { return l.AllOrNothing && (l.First == task || l.Second == task) }) {
				continue
			}
			s := without(warm, []int32{task})
			i, err := NewInserter(p, s)
			if errors.Is(err, ErrSolution) {
				continue // the way past what was taken out is longer than over it
			}
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ := i.Insertable(context.Background(), task)
			asked++
			if want := fitsAnywhere(p, s, []int32{task}); got != want {
				t.Errorf("problem %d: task %d fits: %v, found: %v", seed, task, want, got)
			}
			if !got {
				continue
			}
			fitting++
			i.Insert()
			begunAs(t, p, warm, i.Solution())
			for _, b := range Check(p, i.Solution()) {
				t.Errorf("problem %d, task %d: %s", seed, task, b)
			}
		}
	}
	t.Logf("%d asked, %d fit", asked, fitting)
}

// Where a shift could not be back in time behind what is frozen, the error says
// which one, and by how much.
func TestAShiftThatIsNotBack(t *testing.T) {
	p := homeCare(20, 3, 4)
	for r := range p.Shifts {
		p.Shifts[r].Breaks = nil
	}
	warm := solve(t, p, Options{Seed: 1, Iterations: 500})
	r := slices.IndexFunc(warm.Routes, func(r Route) bool { return len(r.Stops) > 0 })
	first := warm.Routes[r].Stops[0]
	p.Tasks[first.Task].Pin.Frozen = true
	p.Shifts[r].End, p.Shifts[r].Overtime = first.End, nil
	_, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 10, Warm: warm})
	want := fmt.Sprintf("options.warm: shifts[%d] is not back in time: what is frozen ends with tasks[%d] at %d, the way back takes", r, first.Task, first.End)
	if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
		t.Errorf("want %q, got %v", want, err)
	}
}
