package solver

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// prices are what the oracle pays by term: weights, times a number for each level
// that is far above all that a tiny problem can cost in the levels below.
type prices struct {
	unserved                                                                 []int64 // by Task.Level
	fixed, travel, distance, work, wait, preferred, assign, overtime, breaks int64
	tardiest, idleMost, waitMost, balance, groups, changes, coverage         int64
}

const (
	oracleLevels = 3
	oracleBase   = 1 << 13
)

func oracleLevel(level int) int64 {
	worth := int64(1)
	for range oracleLevels - 1 - level {
		worth *= oracleBase
	}
	return worth
}

// lexicographic is what terms come to in the oracle's number.
func lexicographic(p *Problem, terms []TermCost) int64 {
	var sum int64
	for _, t := range terms {
		switch {
		case t.Cost >= Infinity:
			return Infinity
		case p.levels() == 1 && t.Level != HardLevel && !p.leveled():
			sum += t.Cost
		default:
			sum += t.Cost * oracleLevel(t.Level)
		}
	}
	return sum
}

func pricesOf(p *Problem) prices {
	flat := true // one level
	for _, t := range p.Terms {
		flat = flat && t.Level == 0 && !t.Hard
	}
	tasks := 1
	for i := range p.Tasks {
		tasks = max(tasks, p.Tasks[i].Level+1)
	}
	pay := prices{unserved: make([]int64, tasks)}
	of := map[TermKind]*int64{
		TermFixed: &pay.fixed, TermTravel: &pay.travel, TermDistance: &pay.distance, TermWork: &pay.work, TermWait: &pay.wait,
		TermPreferred: &pay.preferred, TermAssign: &pay.assign, TermOvertime: &pay.overtime, TermBreaks: &pay.breaks,
		TermTardiest: &pay.tardiest, TermIdleMost: &pay.idleMost, TermWaitMost: &pay.waitMost, TermBalance: &pay.balance,
		TermGroups: &pay.groups, TermChanges: &pay.changes, TermCoverage: &pay.coverage,
	}
	for _, t := range p.Terms {
		level := t.Level
		if t.Hard {
			level = -1
		}
		worth := oracleLevel(level)
		if flat && tasks == 1 {
			worth = 1
		}
		if t.Kind != TermUnserved {
			*of[t.Kind] = t.Weight * worth
			continue
		}
		for k := range pay.unserved {
			pay.unserved[k] = t.Weight * worth
			if tasks > 1 {
				pay.unserved[k] = t.Weight * oracleLevel(level+k)
			}
		}
	}
	return pay
}

// leveled puts the terms of a problem into levels, and tasks too; now and then a
// term is hard.
func leveled(random *rand.Rand, p *Problem) *Problem {
	for i := range p.Terms {
		t := &p.Terms[i]
		t.Level = random.IntN(oracleLevels)
		if t.Kind == TermUnserved {
			t.Level = random.IntN(2)
		}
	}
	if random.IntN(3) == 0 {
		t := &p.Terms[random.IntN(len(p.Terms))]
		t.Level, t.Hard = 0, true
		if t.Kind == TermUnserved {
			return p
		}
	}
	if random.IntN(2) == 0 {
		for i := range p.Tasks {
			p.Tasks[i].Level = random.IntN(2)
		}
	}
	return p
}

// Up to eight tasks the lexicographic optimum is found; a hard term that is not 0
// then cannot be.
func TestLevelsReachTheOracle(t *testing.T) {
	problems := 45
	if testing.Short() || invariantsOn {
		problems = 15
	}
	above, hard := 0, 0
	for seed := range uint64(problems) {
		for kind, draw := range []func(*rand.Rand) *Problem{tiny, crowded, coupling} {
			random := rand.New(rand.NewPCG(seed, 71))
			p := leveled(random, draw(random))
			if kind == 1 && seed%3 == 0 {
				p = changing(random, p)
			}
			if err := p.Validate(); err != nil {
				t.Fatalf("problem %d.%d: %v", seed, kind, err)
			}
			s, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 300})
			if err != nil && !errors.Is(err, ErrHard) {
				t.Fatalf("problem %d.%d: %v", seed, kind, err)
			}
			breaches := Check(p, s)
			if err != nil {
				hard++
				if len(breaches) != 1 || breaches[0].Rule != "term" {
					t.Errorf("problem %d.%d: %v, and breaches %v", seed, kind, err, breaches)
				}
			} else if len(breaches) > 0 {
				t.Errorf("problem %d.%d: %v", seed, kind, breaches)
			}
			got, want := lexicographic(p, s.Terms), bruteForce(p)
			switch {
			case got < want, got > want && kind == 0:
				t.Errorf("problem %d.%d: costs %d, optimum %d: %v", seed, kind, got, want, s.Terms)
			case got > want:
				above++
				t.Logf("problem %d.%d: costs %d, optimum %d: %v", seed, kind, got, want, s.Terms)
			}
		}
	}
	t.Logf("%d above the optimum, %d with a hard term above 0", above, hard)
	if above > problems/10 {
		t.Errorf("%d of %d problems are above the optimum", above, 3*problems)
	}
}

// onlyTerms keeps unserved and some terms, in one level.
func onlyTerms(p *Problem, kinds ...TermKind) *Problem {
	q := *p
	q.Terms = []Term{{Kind: TermUnserved, Weight: 1}}
	for _, kind := range kinds {
		q.Terms = append(q.Terms, Term{Kind: kind, Weight: 1})
	}
	return payable(&q)
}

// payable is a problem without the prices whose terms are off.
func payable(p *Problem) *Problem {
	listed := func(kind TermKind) bool {
		return slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Kind == kind })
	}
	without := func(kind TermKind, prices ...*int64) {
		for _, price := range prices {
			if !listed(kind) && *price != Infinity {
				*price = 0
			}
		}
	}
	wish := func(w *Preferred) {
		without(TermPreferred, &w.Early)
		if !listed(TermTardiest) {
			without(TermPreferred, &w.Late)
		}
	}
	q := *p
	q.Shifts, q.Tasks = slices.Clone(p.Shifts), slices.Clone(p.Tasks)
	q.Groups, q.Coverage = slices.Clone(p.Groups), slices.Clone(p.Coverage)
	for i := range q.Shifts {
		s := &q.Shifts[i]
		s.Overtime, s.Breaks, s.Refills = slices.Clone(s.Overtime), slices.Clone(s.Breaks), slices.Clone(s.Refills)
		without(TermFixed, &s.Fixed)
		without(TermTravel, &s.TimeCost)
		without(TermDistance, &s.DistanceCost)
		without(TermWork, &s.WorkCost)
		without(TermWait, &s.WaitCost)
		for j := range s.Overtime {
			without(TermOvertime, &s.Overtime[j].Cost)
		}
		for j := range s.Breaks {
			without(TermBreaks, &s.Breaks[j].MissCost)
		}
		for j := range s.Refills {
			without(TermAssign, &s.Refills[j].Cost)
		}
	}
	for i := range q.Tasks {
		t := &q.Tasks[i]
		t.Modes = slices.Clone(t.Modes)
		without(TermUnserved, &t.UnservedCost)
		without(TermChanges, &t.Was.ShiftCost, &t.Was.StartCost)
		for k := range t.Modes {
			m := &t.Modes[k]
			m.ShiftCost, m.ByWindow = slices.Clone(m.ShiftCost), slices.Clone(m.ByWindow)
			without(TermAssign, &m.Cost)
			for r := range m.ShiftCost {
				without(TermAssign, &m.ShiftCost[r])
			}
			wish(&m.Preferred)
			for j := range m.ByWindow {
				wish(&m.ByWindow[j])
			}
		}
	}
	for i := range q.Groups {
		without(TermGroups, &q.Groups[i].ShiftCost)
	}
	for i := range q.Coverage {
		without(TermCoverage, &q.Coverage[i].Cost)
	}
	return &q
}

// A second level is searched as well as the first: with who does what in the
// first one its sum is about what a search for nothing else finds, and the rest
// costs far less than in that search, and not much more than without levels.
func TestBothLevelsAreSearched(t *testing.T) {
	iterations := int64(3000)
	if invariantsOn {
		iterations = 1000
	}
	p := homeCare(60, 10, 2)
	rest := func(s *Solution) (sum int64) {
		for _, term := range Price(p, s)[1:] {
			if term.Kind != TermAssign {
				sum += term.Cost
			}
		}
		return sum
	}
	flat := solve(t, p, Options{Seed: 1, Iterations: iterations})
	q := onlyTerms(p, TermAssign)
	alone := solve(t, q, Options{Seed: 1, Iterations: iterations})
	l := *p
	l.Terms = DefaultTerms()
	for i := range l.Terms {
		switch l.Terms[i].Kind {
		case TermUnserved:
		case TermAssign:
			l.Terms[i].Level = 1
		default:
			l.Terms[i].Level = 2
		}
	}
	s := solve(t, &l, Options{Seed: 1, Iterations: iterations})
	t.Logf("levels %d; alone %d, the rest %d; one level %d, the rest %d", s.Levels, alone.Cost, rest(alone), flat.Cost, rest(flat))
	if len(s.Unserved)+len(alone.Unserved)+len(flat.Unserved) > 0 {
		t.Fatal("want a day on which everything can be done")
	}
	if s.Levels[1] > alone.Cost+600 || s.Levels[2] > rest(alone)*4/5 || s.Levels[2] > rest(flat)*5/4 {
		t.Errorf("levels cost %d; alone the first costs %d, and the rest %d then; in one level the rest costs %d", s.Levels, alone.Cost, rest(alone), rest(flat))
	}
	for _, workers := range []int{2} {
		o := Options{Seed: 1, Iterations: 600, Workers: workers, Warm: s}
		if warm := solve(t, &l, o); warm.Cost > s.Cost {
			t.Errorf("%d workers: from %d to %d", workers, s.Levels, warm.Levels)
		}
	}
}

// The levels of a county's day fit into one number: who is visited, how many
// shifts that takes, and then seconds and metres.
func TestLevelsOfALargeDayFit(t *testing.T) {
	p := homeCare(5000, 400, 1)
	for i := range p.Terms {
		switch p.Terms[i].Kind {
		case TermUnserved:
		case TermFixed:
			p.Terms[i].Level = 1
		default:
			p.Terms[i].Level = 2
		}
	}
	for i := range p.Tasks {
		p.Tasks[i].UnservedCost = 1
		p.Tasks[i].Modes[0].ShiftCost = nil
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	p.Terms[2].Level, p.Terms[3].Level, p.Terms[5].Level = 3, 4, 5
	err := p.Validate()
	for _, want := range []string{"level 0 up to 5e+03 in steps of 1", "level 1 up to 2.4e+05 in steps of 600", "choose coarser prices"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// Hard terms that what is dear is left out for, and one that cannot be reached.
func TestHardTerms(t *testing.T) {
	p := homeCare(40, 6, 1)
	for i := range p.Terms {
		switch p.Terms[i].Kind {
		case TermPreferred, TermAssign:
			p.Terms[i].Hard = true
		}
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		s.Overtime = []Tier{{600, 1}, {3600, Infinity}}
		s.Breaks[0].MissCost = 100
	}
	flat := solve(t, p, Options{Seed: 1, Iterations: 500})
	for _, kind := range []TermKind{TermOvertime, TermBreaks} {
		p.Terms[slices.IndexFunc(p.Terms, func(t Term) bool { return t.Kind == kind })].Hard = true
	}
	s := solve(t, p, Options{Seed: 1, Iterations: 500, Warm: flat})
	if len(s.Unserved) > 10 {
		t.Errorf("%d of 40 tasks are left out", len(s.Unserved))
	}
	p.Terms = append(p.Terms, Term{Kind: TermWaitMost, Weight: 1, Hard: true})
	for i := range p.Tasks {
		p.Tasks[i].UnservedCost = Infinity
	}
	s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 300})
	if err == nil || s == nil {
		t.Errorf("what cannot be is reached: %v", err)
	}
}
