package solver

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// An Inserter gives the answers of the one-question form, in any order, also
// after pins, windows, allowed shifts and links have changed, and after what it
// found has been put in.
func TestInserterAnswersAsBefore(t *testing.T) {
	problems := 1500
	if testing.Short() || invariantsOn {
		problems = 150
	}
	asked, fitting, revised, inserted := 0, 0, 0, 0
	for seed := range uint64(problems) {
		random := rand.New(rand.NewPCG(seed, 23))
		p := crowded(random)
		if seed%4 == 3 {
			p = changing(random, p)
		}
		full, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 30})
		if err != nil {
			t.Fatal(err)
		}
		m := compile(context.Background(), p, false)
		unit := m.units.of(m.unitOf[random.IntN(len(p.Tasks))])
		s := without(full, slices.Concat(unit, full.Unserved))
		table := newTimetable(newSchedule(m, newState(m)))
		if !table.lay(s) { // the way past what was taken out is longer than over it
			if _, err := NewInserter(p, s); !errors.Is(err, ErrSolution) {
				t.Fatalf("problem %d: a solution without a schedule: %v", seed, err)
			}
			continue
		}
		i, err := NewInserter(p, table.solution())
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			task := int32(random.IntN(len(p.Tasks)))
			left := i.Solution().Unserved
			if len(left) > 0 && random.IntN(4) > 0 {
				task = left[random.IntN(len(left))]
			}
			if len(left) > 0 && random.IntN(3) == 0 {
				changed := left[random.IntN(len(left))]
				revise(random, p, changed, left)
				if err := i.Revise(changed); err != nil {
					if p.Validate() == nil {
						t.Fatalf("problem %d: %v", seed, err)
					}
					break
				}
				revised++
			}
			want, fits := Insertable(p, i.Solution(), task)
			got, ok, err := i.Insertable(context.Background(), task)
			asked++
			if err != nil || ok != fits || got.Cost != want.Cost || !slices.Equal(got.Spots, want.Spots) {
				t.Fatalf("problem %d, task %d: %+v %v %v, alone %+v %v", seed, task, got, ok, err, want, fits)
			}
			if !ok {
				if i.Insert() {
					t.Fatalf("problem %d: what does not fit went in", seed)
				}
				continue
			}
			fitting++
			if random.IntN(2) == 0 {
				before := i.Solution().Cost
				if !i.Insert() || i.Insert() {
					t.Fatalf("problem %d: a fit goes in once", seed)
				}
				inserted++
				stay := slices.DeleteFunc(slices.Clone(left), func(u int32) bool {
					return slices.ContainsFunc(got.Spots, func(s Spot) bool { return s.Task == u })
				})
				if len(stay) > 0 && random.IntN(3) == 0 { // before anybody has asked for the solution
					revise(random, p, stay[0], stay)
					if err := i.Revise(stay[0]); err != nil {
						if p.Validate() == nil {
							t.Fatalf("problem %d: %v", seed, err)
						}
						break
					}
					after := slices.Clone(i.Solution().Unserved)
					slices.Sort(after)
					if slices.Sort(stay); !slices.Equal(after, stay) {
						t.Fatalf("problem %d: %v are out, not %v", seed, after, stay)
					}
					for _, b := range Check(p, i.Solution()) {
						t.Fatalf("problem %d: %s", seed, b)
					}
					continue
				}
				var saved int64
				for _, spot := range got.Spots {
					saved += p.Tasks[spot.Task].UnservedCost
				}
				if now := i.Solution().Cost; now != before+got.Cost-saved {
					t.Fatalf("problem %d: a fit for %d in place of %d makes %d of %d", seed, got.Cost, saved, now, before)
				}
				for _, b := range Check(p, i.Solution()) {
					t.Fatalf("problem %d: %s", seed, b)
				}
			}
		}
	}
	t.Logf("%d asked, %d fit, %d revised, %d put in", asked, fitting, revised, inserted)
}

// revise changes what may change about an unserved task and its links.
func revise(random *rand.Rand, p *Problem, task int32, unserved []int32) {
	u := &p.Tasks[task]
	u.Modes = slices.Clone(u.Modes)
	mode := &u.Modes[0]
	switch random.IntN(6) {
	case 5:
		u.Pin.Position = int32(random.IntN(3))
	case 0:
		if from := mode.Windows[0].From; u.Pin.Start == Infinity {
			mode.Windows = []Window{{from, from + int64(random.IntN(100))}}
		}
	case 1:
		mode.Allowed = NewBits(random.IntN(len(p.Shifts)))
	case 2:
		mode.Allowed = nil
		u.Pin = FreePin()
	case 3: // it stands alone
		p.Links = slices.DeleteFunc(slices.Clone(p.Links), func(l Link) bool { return l.First == task || l.Second == task })
	case 4:
		p.Links = slices.Clone(p.Links)
		for k := range p.Links {
			l := &p.Links[k]
			if l.First == task && slices.Contains(unserved, l.Second) {
				l.Shift = ShiftClause(random.IntN(3))
			}
		}
	}
}

func TestInserterStopsAtItsDeadline(t *testing.T) {
	p := homeCare(120, 4, 1)
	s := solve(t, p, Options{Seed: 1, Iterations: 300})
	i, err := NewInserter(p, s)
	if err != nil || len(s.Unserved) == 0 {
		t.Fatalf("%v, %d unserved", err, len(s.Unserved))
	}
	over, stop := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer stop()
	if _, fits, err := i.Insertable(over, s.Unserved[0]); fits || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("fits %v, %v", fits, err)
	}
	if i.Insert() {
		t.Error("what was not found went in")
	}
	if _, err := NewInserter(p, nil); !errors.Is(err, ErrSolution) {
		t.Errorf("no solution: %v", err)
	}
	if _, err := NewInserter(nil, s); !errors.Is(err, ErrInvalid) {
		t.Errorf("no problem: %v", err)
	}
	served := s.Routes[0].Stops[slices.IndexFunc(s.Routes[0].Stops, func(x Stop) bool { return x.Task != None })].Task
	if err := i.Revise(served); !errors.Is(err, ErrSolution) {
		t.Errorf("a served task: %v", err)
	}
	p.Tasks[s.Unserved[0]].Modes[0].Windows = nil
	if err := i.Revise(s.Unserved[0]); !errors.Is(err, ErrInvalid) {
		t.Errorf("a task without windows: %v", err)
	}
}

// On a large day a question takes little, for the day is laid out once.
func BenchmarkInserter(b *testing.B) {
	p := homeCare(1500, 40, 1)
	s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 500})
	if err != nil {
		b.Fatal(err)
	}
	i, err := NewInserter(p, s)
	if err != nil {
		b.Fatal(err)
	}
	at := 0
	for b.Loop() {
		_, _, _ = i.Insertable(context.Background(), s.Unserved[at%len(s.Unserved)])
		at++
	}
	b.ReportMetric(float64(len(s.Unserved)), "unserved")
}

// The neighbours of a task are the first of all others in order, although not
// all others are sorted.
func TestNeighboursAreTheNearest(t *testing.T) {
	p := homeCare(1400, 30, 3) // far more than a task has neighbours
	m := compile(context.Background(), p, true)
	for u := range int32(m.tasks) {
		near := m.near.of(u)
		if len(near) != mostNear {
			t.Fatalf("task %d has %d neighbours", u, len(near))
		}
		if u%70 != 0 {
			continue
		}
		far := func(v int32) int64 {
			a, b := &p.Tasks[u].Modes[0], &p.Tasks[v].Modes[0]
			period := &p.Profiles[0].Periods[0]
			way := int64(min(period.Time[int(a.Location)*period.N+int(b.Location)], period.Time[int(b.Location)*period.N+int(a.Location)]))
			apart := max(0, a.Windows[0].From-b.Windows[0].To, b.Windows[0].From-a.Windows[0].To)
			return way + max(0, apart-way)/5
		}
		var others []int32
		for v := range int32(m.tasks) {
			if v != u {
				others = append(others, v)
			}
		}
		slices.SortStableFunc(others, func(a, b int32) int { return cmp.Compare(far(a), far(b)) })
		if !slices.Equal(near, others[:mostNear]) {
			t.Errorf("task %d: %v, want %v", u, near[:5], others[:5])
		}
	}
}

// Six visits all or none of which are done, at any time of the day, may stand in
// so many ways that not all can be tried: then it is said that nothing is known,
// and a search comes to its end.
func TestLongChainsEnd(t *testing.T) {
	const hour, chain = int64(3600), 6
	p := homeCare(60, 6, 3)
	p.Links = nil
	for i := range chain {
		mode := &p.Tasks[i].Modes[0]
		mode.Windows, mode.Skills, mode.Preferred = []Window{{7 * hour, 20 * hour}}, nil, Preferred{}
		if i > 0 {
			p.Links = append(p.Links, Link{First: int32(i - 1), Second: int32(i), Min: -Infinity, Max: Infinity, AllOrNothing: true})
		}
	}
	p.Tasks[chain-1].Modes[0].Service = 10 * hour // longer than what any shift has left
	s := solve(t, p, Options{Seed: 1, Iterations: 100})
	i, err := NewInserter(p, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, fits, err := i.Insertable(context.Background(), 0); fits || !errors.Is(err, ErrUndecided) {
		t.Errorf("fits %v, %v; want %v", fits, err, ErrUndecided)
	}
}
