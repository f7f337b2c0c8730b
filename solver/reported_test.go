package solver

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// What has happened is as it was reported, whatever the problem says: the road was
// quicker, and is closed now, the visit was shorter, and outside its window, and the break
// came late. What comes behind the last frozen task is held to the problem again.
func TestWhatHappenedIsTaken(t *testing.T) {
	p, s := planted()
	p.Tasks = slices.Clone(p.Tasks)
	for _, stop := range s.Routes[0].Stops {
		if stop.Task != None {
			p.Tasks[stop.Task].Pin.Frozen = true
		}
	}
	change := map[string]func(p *Problem){
		"slower roads": func(p *Problem) {
			period := &p.Profiles[0].Periods[0]
			period.Time = []int32{0, 15, 19, 5, 0, 14, 9, 4, 0}
		},
		"closed roads": func(p *Problem) {
			period := &p.Profiles[0].Periods[0]
			period.Time = []int32{0, NoWay, NoWay, 5, 0, NoWay, 9, 4, 0}
		},
		"longer visits": func(p *Problem) {
			for i := range p.Tasks {
				p.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
				p.Tasks[i].Modes[0].Service += 3
			}
		},
		"other windows": func(p *Problem) {
			for i := range p.Tasks {
				p.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
				p.Tasks[i].Modes[0].Windows = []Window{{1, 1}, {3, 3}}
			}
		},
		"another break": func(p *Problem) {
			p.Shifts = slices.Clone(p.Shifts)
			p.Shifts[0].Breaks = slices.Clone(p.Shifts[0].Breaks)
			b := &p.Shifts[0].Breaks[0]
			b.Window, b.Length, b.AfterWork = Window{0, 1}, b.Length+2, 1
		},
	}
	for name, changed := range change {
		q := *p
		q.Tasks, q.Profiles = slices.Clone(p.Tasks), []Profile{{Periods: slices.Clone(p.Profiles[0].Periods)}}
		changed(&q)
		for _, text := range breaches(&q, s) {
			// The way back lies ahead, and the sums of the route are of the old roads.
			if text != "travel: routes[0]: no way back" && !strings.HasPrefix(text, "travel: routes[0]: says it travels") {
				t.Errorf("%s: %s", name, text)
			}
		}
		q.Tasks = slices.Clone(q.Tasks)
		for _, stop := range s.Routes[0].Stops {
			if stop.Task != None {
				q.Tasks[stop.Task].Pin.Frozen = false
			}
		}
		if len(breaches(&q, s)) == 0 {
			t.Errorf("%s: nothing has happened, and there is no breach", name)
		}
	}
}

// breaches are those of the first route of a solution.
func breaches(p *Problem, s *Solution) (texts []string) {
	for _, b := range Check(p, s) {
		if b.Shift == 0 {
			texts = append(texts, b.String())
		}
	}
	return texts
}

// happens makes a problem in which what is frozen could not have happened as it did:
// roads are longer or closed, visits take another time and have other windows.
func happens(random *rand.Rand, p *Problem, warm *Solution) {
	for i := range p.Tasks {
		if !p.Tasks[i].Pin.Frozen {
			continue
		}
		p.Tasks[i].Modes = slices.Clone(p.Tasks[i].Modes)
		for k := range p.Tasks[i].Modes {
			mode := &p.Tasks[i].Modes[k]
			if random.IntN(2) == 0 {
				mode.Service, mode.ByClass = max(0, mode.Service+int64(random.IntN(5))-2), nil
			}
			if random.IntN(2) == 0 && len(mode.Windows) > 0 {
				from := int64(random.IntN(20))
				mode.Windows, mode.ByWindow = []Window{{from, from + int64(random.IntN(3))}}, nil
			}
		}
	}
	for f := range p.Profiles {
		periods := slices.Clone(p.Profiles[f].Periods)
		p.Profiles[f].Periods = periods
		if len(periods) > 1 {
			continue
		}
		periods[0].Time = slices.Clone(periods[0].Time)
		for at := range periods[0].Time {
			switch random.IntN(8) {
			case 0:
				periods[0].Time[at] = min(periods[0].Time[at], 1<<20) + int32(random.IntN(5))
			case 1:
				if at%(periods[0].N+1) > 0 && random.IntN(3) == 0 {
					periods[0].Time[at] = NoWay
				}
			}
		}
	}
}

// What is frozen stays as it was reported, and the rest is done at the least cost beside
// it, by the problem as it is now.
func TestReportedReachesTheOracle(t *testing.T) {
	problems := 40
	if testing.Short() || invariantsOn {
		problems = 20
	}
	above, told := 0, 0
	for seed := range uint64(problems) {
		for kind, draw := range []func(*rand.Rand) *Problem{
			tiny, crowded, coupling,
			func(random *rand.Rand) *Problem { return carrying(random, tiny(random)) },
			func(random *rand.Rand) *Problem { return changing(random, tiny(random)) },
			func(random *rand.Rand) *Problem { return choosing(random, tiny(random)) },
			func(random *rand.Rand) *Problem { return resting(random, fewer(tiny(random))) },
			func(random *rand.Rand) *Problem { return stocking(random, fewer(tiny(random))) },
		} {
			random := rand.New(rand.NewPCG(seed, 59))
			p := draw(random)
			if p.Validate() != nil {
				continue
			}
			warm := begin(t, random, p)
			p.Profiles = slices.Clone(p.Profiles)
			happens(random, p, warm)
			if p.Validate() != nil {
				continue
			}
			as := p.asReported(warm)
			if as != p {
				told++
			}
			if again := as.asReported(warm); again != as {
				t.Errorf("problem %d.%d: a problem as it was reported is another one by the same report", seed, kind)
			}
			s, err := Solve(context.Background(), p, Options{Seed: seed, Iterations: 300, Warm: warm})
			o := newOracle(as, Infinity-1)
			if errors.Is(err, ErrInvalid) || errors.Is(err, ErrMandatory) {
				o.warm, o.any = warm, true
				if o.place(0, 0); o.best < Infinity {
					t.Errorf("problem %d.%d: %v, and there is one for %d", seed, kind, err, o.best)
				}
				continue
			}
			if err != nil {
				t.Fatalf("problem %d.%d: %v", seed, kind, err)
			}
			for _, b := range Check(p, s) {
				t.Errorf("problem %d.%d: %s", seed, kind, b)
			}
			begunAs(t, p, warm, s)
			if _, err := NewInserter(p, s); err != nil {
				t.Errorf("problem %d.%d: an inserter: %v", seed, kind, err)
			}
			if !reflect.DeepEqual(Price(p, s), Price(as, s)) {
				t.Errorf("problem %d.%d: costs %v, as it was reported %v", seed, kind, Price(p, s), Price(as, s))
			}
			o = newOracle(as, s.Cost)
			o.warm = warm
			o.place(0, 0)
			if s.Cost < o.best {
				t.Errorf("problem %d.%d: costs %d, optimum %d", seed, kind, s.Cost, o.best)
			} else if s.Cost > o.best {
				above++
			}
		}
	}
	if above > 1 || told == 0 {
		t.Errorf("%d problems are above the optimum, %d were otherwise than planned", above, told)
	}
}
