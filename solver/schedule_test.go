package solver

import (
	"context"
	"math/rand/v2"
	"testing"
)

// The search rests on retreat being the inverse of advance: a stop left at t
// reaches the next one by s exactly when t <= retreat(s).
func TestRetreatIsTheInverseOfAdvance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		var breaks []Break
		for range random.IntN(4) {
			from := int64(random.IntN(20))
			breaks = append(breaks, Break{Window: Window{from, from + int64(random.IntN(8))}, Length: int64(random.IntN(4)), AtNext: random.IntN(4) == 0})
		}
		travel := int32(random.IntN(6))
		if random.IntN(20) == 0 {
			travel = NoWay
		}
		s := int64(random.IntN(40))
		last := retreat(s, travel, breaks)
		before := -Infinity
		for at := int64(-5); at < 40; at++ {
			reach := advance(at, travel, breaks)
			if reach < before {
				t.Fatalf("advance falls from %d to %d at %d: travel %d, %v", before, reach, at, travel, breaks)
			}
			before = reach
			if (reach <= s) != (at <= last) {
				t.Fatalf("left at %d, ready at %d; to start at %d leave by %d: travel %d, %v", at, reach, s, last, travel, breaks)
			}
		}
	}
}

// A break from 12 to 13 that lasts 2, and a leg of 5. Left at 6, the travel is
// done at 11, the break is taken on arrival from 12 to 14. Left at 9, arrival
// would be at 14, after the window: the break comes first, from 12 to 14, and
// the travel ends at 19. Left at 14, neither works.
func TestBreakAfterTravelOrBefore(t *testing.T) {
	breaks := []Break{{Window: Window{12, 13}, Length: 2}}
	for left, want := range map[int64]int64{6: 14, 8: 15, 9: 19, 13: 20, 14: Infinity} {
		if got := advance(left, 5, breaks); got != want {
			t.Errorf("left at %d: ready at %d, want %d", left, got, want)
		}
	}
}

// Two double visits, A and B, each done by shifts 0 and 1 at the same time,
// ten apart by road:
//
//	shift 0:   A ---> B
//	shift 1:   B ---> A
//
// A cannot be both ten before and ten after B: the push goes round and round
// until a window is passed. In the same order on both shifts it works, and the
// second visit of each starts when both carers are there.
func TestCycleThroughTwoRoutes(t *testing.T) {
	task := func(at int32) Task {
		return Task{
			Modes:        []Mode{{Location: at, Service: 5, Windows: []Window{{0, 1000}}, PickupOf: None}},
			UnservedCost: 1000, Pin: FreePin(), Group: None,
		}
	}
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 3, Time: []int32{0, 4, 7, 4, 0, 10, 7, 10, 0}}}}},
		Tasks:    []Task{task(1), task(1), task(2), task(2)}, // A, A, B, B
		Shifts:   []Shift{{End: 2000, TimeCost: 1}, {Start: 3, End: 2000, TimeCost: 1}},
		Links:    []Link{{First: 0, Second: 1, AllOrNothing: true}, {First: 2, Second: 3, AllOrNothing: true}},
		Terms:    DefaultTerms(),
	}
	m := compile(context.Background(), p, true)
	lay := func(first, second [2]int32) (*search, bool) {
		w := newSchedule(m, newState(m))
		s := &Solution{Routes: make([]Route, 2)}
		for i, order := range [][2]int32{first, second} {
			for _, u := range order {
				s.Routes[i].Stops = append(s.Routes[i].Stops, Stop{Task: u, Break: None})
			}
		}
		return w, newTimetable(w).lay(s)
	}
	if _, ok := lay([2]int32{0, 2}, [2]int32{3, 1}); ok {
		t.Error("crossed orders have a schedule")
	}
	w, ok := lay([2]int32{0, 2}, [2]int32{1, 3})
	if !ok {
		t.Fatal("the same order has no schedule")
	}
	// Shift 1 leaves at 3 and reaches A at 7; both end at 12 and reach B at 22.
	for u, want := range []int64{7, 7, 22, 22} {
		if got := w.state.nodes[u].early; got != want {
			t.Errorf("task %d starts at %d, want %d", u, got, want)
		}
	}
	if s := solve(t, p, Options{Seed: 1, Iterations: 300}); len(s.Unserved) > 0 {
		t.Errorf("unserved: %v", s.Unserved)
	}
}

// The starts of a settled order are set at least cost: a task that is welcome
// from 50 waits for it where the next one leaves room, and no longer.
func TestTimetableMeetsPreferredWindows(t *testing.T) {
	task := func(from, to int64, preferred Preferred) Task {
		return Task{
			Modes:        []Mode{{Location: 0, Service: 10, Windows: []Window{{from, to}}, Preferred: preferred, PickupOf: None}},
			UnservedCost: 10000, Pin: FreePin(), Group: None,
		}
	}
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{{N: 1, Time: []int32{5}}}}},
		Tasks: []Task{
			task(0, 100, Preferred{Window{50, 60}, 3, 3}),
			task(0, 62, Preferred{}),
			task(0, 200, Preferred{Window{0, 70}, 0, 2}),
		},
		Shifts: []Shift{{End: 300, TimeCost: 1, WaitCost: 1, LeaveLate: true}},
		Terms:  DefaultTerms(),
	}
	s := solve(t, p, Options{Seed: 1, Iterations: 500})
	// The best order is 1, 0, 2: task 1 at 35, 0 at 50, 2 at 65; no waiting,
	// nothing outside a preferred window, four legs of 5.
	if s.Cost != 20 {
		t.Errorf("costs %d, want 20: %+v", s.Cost, s.Routes[0].Stops)
	}
}
