package solver

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// choosing gives one task or two a second and perhaps a third mode. A pickup has at
// least its load in each, a delivery sets down at most what it did.
func choosing(random *rand.Rand, p *Problem) *Problem {
	picked := make([]bool, len(p.Tasks))
	for i := range p.Tasks {
		if pickup := p.Tasks[i].Modes[0].PickupOf; pickup != None {
			picked[pickup] = true
		}
	}
	n := p.Profiles[0].Periods[0].N
	several := 0
	for i := range p.Tasks {
		if random.IntN(2) == 0 || several == 2 {
			continue
		}
		several++
		task := &p.Tasks[i]
		task.Modes = slices.Clone(task.Modes)
		for range 1 + random.IntN(4)/3 {
			mode := task.Modes[0]
			mode.Location = int32(random.IntN(n))
			mode.Service = int64(random.IntN(4))
			mode.Cost = int64(random.IntN(4))
			mode.Skills = nil
			if random.IntN(4) == 0 {
				mode.Skills = NewBits(random.IntN(2))
			}
			if random.IntN(2) == 0 {
				from := int64(random.IntN(14))
				mode.Windows = []Window{{from, from + int64(random.IntN(6))}}
				mode.ByWindow = nil
				mode.Preferred = Preferred{Window{from + 1, from + 2}, int64(random.IntN(3)), int64(random.IntN(3))}
			}
			if mode.Load != nil && random.IntN(2) == 0 {
				mode.Load = slices.Clone(mode.Load)
				switch {
				case picked[i]:
					mode.Load[0] += int64(random.IntN(2))
				case mode.PickupOf != None:
					mode.Load[0] /= 2
					mode.OnBoard = int64(random.IntN(9))
				default:
					mode.Load[0] = int64(random.IntN(3))
				}
			}
			task.Modes = append(task.Modes, mode)
		}
		random.Shuffle(len(task.Modes), func(a, b int) { task.Modes[a], task.Modes[b] = task.Modes[b], task.Modes[a] })
	}
	return p
}

// withHub is a day of home care where every third visit may take place at a hub,
// by two kinds of shifts, or by telephone, from wherever the day begins.
func withHub(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	for i := range p.Tasks {
		if i%3 > 0 {
			continue
		}
		task := &p.Tasks[i]
		hub, phone := task.Modes[0], task.Modes[0]
		hub.Location, hub.Service, hub.Cost = 1, hub.Service/2, 600
		phone.Location, phone.Service, phone.Cost = int32(i%4), 300, 300
		task.Modes = []Mode{task.Modes[0], hub, phone}
	}
	return p
}

// A day with a hub is searched in parts by several workers like any other, ends
// cheaper than without it, and modes of each kind are used.
func TestModesOnADay(t *testing.T) {
	tasks, iterations := 150, int64(1500)
	if invariantsOn {
		tasks, iterations = 90, 600
	}
	for _, workers := range []int{1, 3} {
		p := withHub(tasks, tasks/8, 4)
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		s := solveMost(t, p, iterations, workers)
		used := map[int32]int{}
		for _, r := range s.Routes {
			for _, stop := range r.Stops {
				if stop.Task != None && stop.Task%3 == 0 {
					used[stop.Mode]++
				}
			}
		}
		if used[0] == 0 || used[1] == 0 || used[2] == 0 {
			t.Errorf("%d workers: modes used so often: %v", workers, used)
		}
		again, err := Solve(context.Background(), p, Options{Seed: 2, Iterations: 50, Warm: s, Workers: workers})
		if err != nil || again.Cost > s.Cost {
			t.Errorf("%d workers: a warm start from %d gives %d, %v", workers, s.Cost, again.Cost, err)
		}
	}
}

// A second mode that is like the first one but dearer changes nothing, and one
// that is cheaper is taken wherever the task is done.
func TestModesThatAreBetter(t *testing.T) {
	p := homeCare(30, 5, 3)
	plain, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 3000})
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Tasks {
		better, worse := p.Tasks[i].Modes[0], p.Tasks[i].Modes[0]
		better.Cost, worse.Cost = 10, 5000
		p.Tasks[i].Modes[0].Cost = 1000
		p.Tasks[i].Modes = []Mode{worse, p.Tasks[i].Modes[0], better}
	}
	warm := &Solution{Routes: slices.Clone(plain.Routes), Unserved: plain.Unserved}
	for r := range warm.Routes {
		warm.Routes[r].Stops = slices.Clone(warm.Routes[r].Stops)
		for i := range warm.Routes[r].Stops {
			if stop := &warm.Routes[r].Stops[i]; stop.Task != None {
				stop.Mode = 1
			}
		}
	}
	s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 3000, Warm: warm})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range Check(p, s) {
		t.Error(b)
	}
	for _, r := range s.Routes {
		for _, stop := range r.Stops {
			if stop.Task != None && stop.Mode != 2 {
				t.Errorf("task %d is done in mode %d", stop.Task, stop.Mode)
			}
		}
	}
}
