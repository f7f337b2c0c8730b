package solver

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
)

// Problems beside the oracle are so small that parts of the search never meet: a few
// shifts are not shared among workers, nothing is closed, and what strays or breaks in
// one route of many goes unseen. Here several such problems are joined on one map. There
// is no optimum to compare with, so solutions are held to Check, to themselves a second
// time, to what a warm start may do, and to what an Inserter says of them.

// join draws so many tiny problems of one map: those after the first have their times
// moved, and new links lead from one to another.
func join(random *rand.Rand, copies int) *Problem {
	p := tiny(random)
	n := int32(p.Profiles[0].Periods[0].N)
	for range copies - 1 {
		q := tiny(random)
		tasks, shifts, later := int32(len(p.Tasks)), int32(len(p.Shifts)), int64(random.IntN(8))
		move := func(w *Window) { w.From, w.To = w.From+later, w.To+later }
		for _, t := range q.Tasks {
			m := &t.Modes[0]
			m.Location %= n
			for k := range m.Windows {
				move(&m.Windows[k])
			}
			move(&m.Preferred.Window)
			for k := range m.ByWindow {
				move(&m.ByWindow[k].Window)
			}
			if t.Pin.Start != Infinity {
				t.Pin.Start += later
			}
			if t.Pin.Shift != None {
				t.Pin.Shift += shifts
			}
			p.Tasks = append(p.Tasks, t)
		}
		for _, s := range q.Shifts {
			s.From, s.To = s.From%n, s.To%n
			for j := range s.Breaks {
				if s.Breaks[j].Location != None {
					s.Breaks[j].Location %= n
				}
			}
			if s.Person != 0 {
				s.Person += shifts
			}
			p.Shifts = append(p.Shifts, s)
		}
		for _, l := range q.Links {
			l.First, l.Second = l.First+tasks, l.Second+tasks
			p.Links = append(p.Links, l)
		}
	}
	for range copies {
		a, b := int32(random.IntN(len(p.Tasks))), int32(random.IntN(len(p.Tasks)))
		l := Link{First: a, Second: b, Min: -int64(random.IntN(3)), Max: int64(random.IntN(6)), AllOrNothing: random.IntN(2) == 0, Shift: ShiftClause(random.IntN(3))}
		if a != b {
			p.Links = append(p.Links, l)
		}
	}
	return p
}

// joined is a problem of that kind with a draw of what the model can say besides, by
// name; one whose features do not go together is drawn without them.
func joined(random *rand.Rand, copies int) (p *Problem, kinds []string) {
	p = join(random, copies)
	for _, kind := range []struct {
		name string
		rare int
		with func(*rand.Rand, *Problem) *Problem
	}{
		{"changing", 4, changing},
		{"carrying", 4, carrying},
		{"sharing", 8, sharing},
		{"covering", 5, covering},
		{"coupled", 5, coupledBy},
		{"parted", 4, parted},
		{"counting", 4, counting},
		{"several", 4, several},
		{"altering", 5, altering},
		{"leveled", 4, leveled},
		{"choosing", 4, choosing},
		{"pinning", 5, pinning},
		{"resting", 4, resting},
		{"stocking", 6, stocking},
		{"closing", 8, closing},
		{"mandatory", 6, insisting},
	} {
		if random.IntN(kind.rare) == 0 {
			p, kinds = kind.with(random, p), append(kinds, kind.name)
		}
	}
	return p, kinds
}

// coupledBy adds some of the terms that couple routes.
func coupledBy(random *rand.Rand, p *Problem) *Problem {
	for _, kind := range []TermKind{TermIdleMost, TermWaitMost, TermBalance, TermTardiest} {
		if random.IntN(2) == 0 {
			p.Terms = append(p.Terms, Term{Kind: kind, Weight: 1 + int64(random.IntN(3))})
		}
	}
	return p
}

// closing makes shifts so dear, and windows so wide, that the search closes shifts first,
// and bounds their travel.
func closing(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Tasks {
		t := &p.Tasks[i]
		t.UnservedCost, t.Pin = 100000, FreePin()
		for k := range t.Modes {
			t.Modes[k].Skills, t.Modes[k].Windows = nil, []Window{{0, 40}}
			t.Modes[k].ByWindow, t.Modes[k].Preferred = nil, Preferred{}
		}
	}
	p.Links = nil
	for r := range p.Shifts {
		p.Shifts[r].Fixed, p.Shifts[r].LongestTravel = 5000, int64(4+random.IntN(10))
	}
	return p
}

// largestUnit is how many tasks must be done together at most. Trying places for many
// together takes long.
func largestUnit(p *Problem) int {
	m := compile(context.Background(), p, false)
	largest := 1
	for u := range m.fault {
		largest = max(largest, len(m.units.of(int32(u))))
	}
	return largest
}

// Units of up to mostTogether tasks are searched with as many iterations as others, and
// problems with larger ones than mostHeld are left out.
const (
	mostTogether = 3
	mostHeld     = 5
)

// holdJoined holds a problem to all that can be asked without an optimum.
func holdJoined(t *testing.T, random *rand.Rand, p *Problem, iterations int64, workers int) {
	t.Helper()
	if largestUnit(p) > mostTogether {
		iterations = min(iterations, 10)
	}
	feasible := func(what string, s *Solution, err error) bool {
		t.Helper()
		if s == nil || err != nil && !errors.Is(err, ErrMandatory) && !errors.Is(err, ErrHard) {
			t.Errorf("%s: %v", what, err)
			return false
		}
		for _, b := range Check(p, s) {
			if (b.Rule != "term" || !errors.Is(err, ErrHard)) && (b.Rule != "task" || !errors.Is(err, ErrMandatory)) {
				t.Errorf("%s: %v", what, b)
			}
		}
		return true
	}
	o := Options{Seed: 1, Iterations: iterations, Workers: workers}
	s, err := Solve(context.Background(), p, o)
	if !feasible("solve", s, err) {
		return
	}
	if again, _ := Solve(context.Background(), p, o); !reflect.DeepEqual(s, again) {
		t.Errorf("another solution the second time")
	}
	holdInserted(t, p, s)
	o = Options{Seed: 2, Iterations: iterations / 6, Workers: 3 - workers, Warm: s}
	warm, err := Solve(context.Background(), p, o)
	if feasible("warm start", warm, err) && warm.Cost > s.Cost {
		t.Errorf("a warm start made %d of %d", warm.Cost, s.Cost)
	}
	freezeFirst(random, p, s)
	if p.Validate() != nil {
		return // not everything goes together with frozen tasks
	}
	frozen, err := Solve(context.Background(), p, Options{Seed: 3, Iterations: iterations / 4, Workers: workers, Warm: s})
	if feasible("a day under way", frozen, err) && frozen.Cost > s.Cost {
		t.Errorf("a day under way became %d of %d", frozen.Cost, s.Cost)
	}
}

// holdInserted puts what is left out in where an Inserter finds a place, whatever that
// costs: the solution stays one, and costs what was told, which is no gain.
func holdInserted(t *testing.T, p *Problem, s *Solution) {
	t.Helper()
	if s.Cost >= Infinity {
		return
	}
	m := compile(context.Background(), p, false)
	for _, task := range s.Unserved[:min(len(s.Unserved), 6)] {
		i, err := NewInserter(p, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := i.fitting.total(); got != s.Cost {
			t.Errorf("laid out, the solution costs %d, not %d", got, s.Cost)
		}
		fit, fits, _ := i.Insertable(context.Background(), task)
		if !fits {
			continue
		}
		if fit.Cost < m.fault[m.unitOf[task]] {
			t.Errorf("task %d is left out at %d and fits at %d", task, m.fault[m.unitOf[task]], fit.Cost)
		}
		i.Insert()
		after := i.Solution()
		for _, b := range Check(p, after) {
			if b.Rule != "term" {
				t.Errorf("task %d is put in: %v", task, b)
			}
		}
		if want := s.Cost + fit.Cost - m.fault[m.unitOf[task]]; after.Cost != want {
			t.Errorf("task %d is put in at %d: %d of %d, want %d", task, fit.Cost, after.Cost, s.Cost, want)
		}
	}
}

func TestJoinedProblems(t *testing.T) {
	seeds, iterations := uint64(100), int64(120)
	if testing.Short() || invariantsOn {
		seeds = 50
	}
	held, least := 0, 20
	for seed := range seeds {
		random := rand.New(rand.NewPCG(seed, 61))
		p, kinds := joined(random, 3+int(seed%10))
		if p.Validate() != nil || largestUnit(p) > mostHeld {
			continue
		}
		held++
		t.Run("", func(t *testing.T) {
			holdJoined(t, random, p, iterations, 1+int(seed%2))
			if t.Failed() {
				t.Logf("problem %d: %d tasks, %d shifts, %q", seed, len(p.Tasks), len(p.Shifts), kinds)
			}
		})
	}
	if held < least {
		t.Errorf("%d of %d problems are held, want at least %d", held, seeds, least)
	}
}

// What strays is put right before a search starts from it: an insertion looks at its
// own route alone, and links move others.
func TestStartsDoNotStray(t *testing.T) {
	tried := 0
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 67))
		p := resting(random, changing(random, join(random, 3+int(seed%10))))
		if p.Validate() != nil || largestUnit(p) > mostTogether {
			continue
		}
		m := compile(context.Background(), p, true)
		c := construct(context.Background(), m, &Options{Seed: seed, Iterations: 1, Workers: 1})
		for r := range m.shifts {
			if c.current.strays(m, int32(r)) {
				t.Errorf("problem %d: route %d strays", seed, r)
			}
			if m.shifts[r].longestTravel > 0 && m.shifts[r].chained && c.current.size[r] > 0 {
				tried++
			}
		}
	}
	if tried < 50 {
		t.Errorf("%d routes have travel bounded", tried)
	}
}

// FuzzJoined draws such problems from a seed, and small enough for fuzzing, which gives
// each ten seconds. Those that are gone through order by order are FuzzSolve's.
func FuzzJoined(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, uint8(seed))
	}
	f.Add(uint64(1023), uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, copies uint8) {
		random := rand.New(rand.NewPCG(seed, 71))
		p, kinds := joined(random, 2+int(copies%7))
		if p.Validate() != nil || largestUnit(p) > mostTogether || len(p.Tasks) <= mostEnumeratedTasks {
			return
		}
		t.Logf("%d tasks, %d shifts, %q", len(p.Tasks), len(p.Shifts), kinds)
		holdJoined(t, random, p, 60, 1+int(seed%2))
	})
}
