package solver

import (
	"context"
	"math/rand/v2"
	"testing"
)

// plane draws a bare vehicle-routing problem: points on a plane, windows as
// wide as given, as in the second types of Solomon's sets, where a few
// vehicles make long tours.
func plane(tasks, shifts int, width int64, seed uint64) *Problem {
	random := rand.New(rand.NewPCG(seed, 3))
	n := tasks + 1
	x, y := make([]int64, n), make([]int64, n)
	for i := range n {
		x[i], y[i] = random.Int64N(100), random.Int64N(100)
	}
	period := Period{N: n, Time: make([]int32, n*n)}
	for i := range n {
		for j := range n {
			period.Time[i*n+j] = int32(max(x[i]-x[j], x[j]-x[i]) + max(y[i]-y[j], y[j]-y[i]))
		}
	}
	const horizon = 200_000
	p := &Problem{Profiles: []Profile{{Periods: []Period{period}}}, Terms: DefaultTerms()}
	for range shifts {
		p.Shifts = append(p.Shifts, Shift{End: horizon, TimeCost: 1, Fixed: 10})
	}
	for i := range tasks {
		window := Window{0, horizon}
		if width > 0 {
			window.From = random.Int64N(max(1, horizon/2))
			window.To = window.From + width
		}
		p.Tasks = append(p.Tasks, Task{
			Modes:        []Mode{{Location: int32(i + 1), Service: 10, Windows: []Window{window}, PickupOf: None}},
			UnservedCost: 1_000_000, Pin: FreePin(), Group: None,
		})
	}
	return p
}

// Long routes are scheduled whole, whatever the numbers of stops on them are.
func TestLongRoutes(t *testing.T) {
	cases := []struct {
		name           string
		tasks, shifts  int
		width          int64
		iterations     int64
		workers        int
		mostUnservedOf int
	}{
		{"one long tour", 300, 1, 0, 60, 1, 0},
		{"one very long tour", 1000, 1, 0, 8, 1, 0},
		{"wide windows", 600, 40, 0, 60, 1, 0},
		{"wide windows, in parts", 600, 40, 0, 120, 2, 0},
		{"tours in parts", 400, 18, 0, 60, 2, 0},
		{"second type: wide windows and few vehicles", 200, 4, 20_000, 200, 1, 20},
		{"second type, as a contest", 200, 4, 50_000, 200, 2, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if invariantsOn && c.tasks > 400 {
				c.iterations = 4
			}
			s := solve(t, plane(c.tasks, c.shifts, c.width, 1), Options{Seed: 1, Iterations: c.iterations, Workers: c.workers})
			if len(s.Unserved) > c.mostUnservedOf {
				t.Errorf("%d of %d unserved", len(s.Unserved), c.tasks)
			}
		})
	}
}

// Shift 0 does A then B, shift 1 does B then A, both together, and the legs
// are so short against the windows that the push would go round some hundred
// million times before a window is passed. It is refused at once.
func TestACircleThatGainsLittleIsFound(t *testing.T) {
	const wide = int64(1) << 36
	task := func() Task {
		return Task{
			Modes:        []Mode{{Windows: []Window{{0, wide}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		}
	}
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 1, Time: []int32{1}}}}},
		Tasks:    []Task{task(), task(), task(), task()}, // A, A, B, B
		Shifts:   []Shift{{End: wide, TimeCost: 1}, {End: wide, TimeCost: 1}},
		Links: []Link{
			{First: 0, Second: 1, Shift: DifferentShift, AllOrNothing: true},
			{First: 2, Second: 3, Shift: DifferentShift, AllOrNothing: true},
		},
		Terms: DefaultTerms(),
	}
	m := compile(context.Background(), p, true)
	lay := func(first, second [2]int32) bool {
		s := &Solution{Routes: make([]Route, 2)}
		for i, order := range [][2]int32{first, second} {
			for _, u := range order {
				s.Routes[i].Stops = append(s.Routes[i].Stops, Stop{Task: u, Break: None})
			}
		}
		return newTimetable(newSchedule(m, newState(m))).lay(s)
	}
	if lay([2]int32{0, 2}, [2]int32{3, 1}) {
		t.Error("crossed orders have a schedule")
	}
	if !lay([2]int32{0, 2}, [2]int32{1, 3}) {
		t.Error("the same order has no schedule")
	}
	if s := solve(t, p, Options{Seed: 1, Iterations: 200}); len(s.Unserved) > 0 {
		t.Errorf("unserved: %v", s.Unserved)
	}
}
