package solver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// What has happened is as it is reported, whatever the matrix says: of a frozen task
// Check does not hold its arrival to the travel.
func TestCheckTakesArrivalsOfFrozenTasks(t *testing.T) {
	p, s := planted()
	p.Tasks[0].Pin.Frozen, p.Tasks[1].Pin.Frozen = true, true
	s.Routes[0].Stops[0].Arrive, s.Routes[0].Stops[2].Arrive, s.Routes[0].Stops[2].Depart = 12, 38, 27
	for _, b := range Check(p, s) {
		t.Errorf("false breach: %s", b)
	}
	p.Tasks[1].Pin.Frozen = false
	if breaches := Check(p, s); len(breaches) != 1 || breaches[0].Rule != "travel" || breaches[0].Task != 1 {
		t.Errorf("found %v", breaches)
	}
}

// planted is a solution of a small problem by hand, for breaches to be planted
// in: two shifts, a link, a break, and one task left out.
func planted() (*Problem, *Solution) {
	period := Period{N: 3, Time: []int32{0, 5, 9, 5, 0, 4, 9, 4, 0}, Distance: []int32{0, 50, 90, 50, 0, 40, 90, 40, 0}}
	task := func(at int32, from, to int64) Task {
		return Task{
			Modes:        []Mode{{Location: at, Service: 10, Windows: []Window{{from, to}}, PickupOf: None, Load: []int64{1}}},
			UnservedCost: 100, Pin: FreePin(), Group: None,
		}
	}
	p := &Problem{
		Profiles: []Profile{{Periods: []Period{period}}},
		Tasks:    []Task{task(1, 10, 20), task(2, 30, 60), task(2, 30, 60), task(1, 0, 5)},
		Shifts: []Shift{
			{End: 100, TimeCost: 1, WaitCost: 2, WorkCost: 1, Fixed: 3, DistanceCost: 1, DistanceUnit: 100, Capacity: []int64{2}, LeaveLate: true, Breaks: []Break{{Window: Window{20, 30}, Length: 6, Location: None}}},
			{End: 100, TimeCost: 1, Capacity: []int64{2}, LeaveLate: true},
		},
		Links: []Link{{First: 1, Second: 2, Shift: DifferentShift, AllOrNothing: true}},
		Terms: DefaultTerms(),
	}
	s := &Solution{
		Routes: []Route{
			{
				Leave: 10, Return: 50, Back: 59, Travel: 18, Distance: 180,
				Stops: []Stop{
					{Task: 0, Break: None, Depart: 10, Arrive: 15, Start: 15, End: 25},
					{Task: None, Break: 0, Arrive: 29, Start: 29, End: 35},
					{Task: 1, Break: None, Depart: 25, Arrive: 35, Start: 40, End: 50},
				},
			},
			{
				Leave: 31, Return: 50, Back: 59, Travel: 18, Distance: 180,
				Stops: []Stop{{Task: 2, Break: None, Depart: 31, Arrive: 40, Start: 40, End: 50}},
			},
		},
		Unserved: []int32{3},
	}
	// Shift 0: 18 of travel, 180/100 = 1 of distance, fixed 3; it works from
	// 10 to 59 less the 6 of the break = 43; it waits 5 at task 1 = 10.
	// Shift 1: 18 of travel. Task 3 is left out for 100.
	for i, cost := range []int64{100, 3, 36, 1, 43, 10, 0, 0, 0, 0, 0, 0, 0} {
		s.Terms = append(s.Terms, TermCost{Kind: p.Terms[i].Kind, Cost: cost})
		s.Cost += cost
	}
	return p, s
}

// A breach names the rule that is broken, and the stop where it is one stop's.
func TestCheckFindsPlantedBreaches(t *testing.T) {
	p, s := planted()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, b := range Check(p, s) {
		t.Errorf("false breach: %s", b)
	}
	cases := []struct {
		rule  string
		plant func(p *Problem, s *Solution)
	}{
		{"route", func(_ *Problem, s *Solution) { s.Routes = s.Routes[:1] }},
		{"route", func(_ *Problem, s *Solution) { s.Routes[1].Stops[0].Task = 9 }},
		{"task", func(_ *Problem, s *Solution) { s.Routes[1].Stops[0].Task = 1 }},
		{"task", func(_ *Problem, s *Solution) { s.Routes[1].Stops[0].End++ }},
		{"task", func(_ *Problem, s *Solution) { s.Unserved = nil }},
		{"task", func(_ *Problem, s *Solution) { s.Unserved = []int32{0, 3} }},
		{"task", func(p *Problem, _ *Solution) { p.Tasks[3].UnservedCost = Infinity }},
		{"travel", func(p *Problem, s *Solution) {
			p.Shifts[0].Breaks[0].AtNext = true
			s.Routes[0].Stops[1] = Stop{Task: None, Break: 0, Arrive: 25, Start: 25, End: 31}
		}},
		{"break", func(p *Problem, s *Solution) {
			p.Shifts[0].Breaks[0].AtNext, p.Shifts[0].Breaks[0].To = true, 60
			stops := s.Routes[0].Stops
			s.Routes[0].Stops = []Stop{stops[0], stops[2], {Task: None, Break: 0, Arrive: 50, Start: 50, End: 56}}
			s.Routes[0].Back = 65
		}},
		{"cost", func(p *Problem, s *Solution) {
			p.Shifts[0].Breaks[0].MissCost = 4
			s.Routes[0].Stops = slices.Delete(s.Routes[0].Stops, 1, 2)
			s.Routes[0].Stops[1].Arrive = 29
		}},
		{"hours", func(p *Problem, _ *Solution) { p.Shifts[1].End, p.Shifts[1].Overtime = 50, []Tier{{8, Infinity}} }},
		{"cost", func(p *Problem, _ *Solution) {
			p.Shifts[1].End, p.Shifts[1].Overtime = 50, []Tier{{8, 1}, {9, Infinity}}
		}},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Leave++ }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Back-- }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Return-- }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[0].Arrive-- }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[0].Depart-- }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[1].Arrive-- }}, // a break behind the travel
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[2].Arrive++ }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[2].Depart++ }},
		{"travel", func(_ *Problem, s *Solution) { // before the stop before it ends
			s.Routes[0].Stops[2].Depart--
			s.Routes[0].Stops[2].Arrive--
		}},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Travel-- }},
		{"travel", func(p *Problem, _ *Solution) { p.Profiles[0].Periods[0].Time[5] = NoWay }},
		{"window", func(p *Problem, _ *Solution) { p.Tasks[1].Modes[0].Windows = []Window{{30, 39}, {41, 60}} }},
		{"hours", func(p *Problem, _ *Solution) { p.Shifts[1].End = 58 }},
		{"hours", func(p *Problem, _ *Solution) { p.Shifts[1].Start = 32 }},
		{"hours", func(p *Problem, s *Solution) { p.Shifts[0].LongestWork = s.Routes[0].Back - s.Routes[0].Leave - 1 }},
		{"hours", func(p *Problem, s *Solution) { p.Shifts[0].LongestTravel = s.Routes[0].Travel - 1 }},
		{"break", func(p *Problem, _ *Solution) { p.Shifts[0].Breaks[0].To = 28 }},
		{"break", func(p *Problem, _ *Solution) { p.Shifts[0].Breaks[0].AfterWork = 18 }}, // it begins at 29, the work at 10
		{"travel", func(p *Problem, _ *Solution) { p.Shifts[0].Breaks[0].Location = 0 }},
		{"break", func(_ *Problem, s *Solution) { s.Routes[0].Stops[1].End-- }},
		{"break", func(_ *Problem, s *Solution) { s.Routes[0].Stops = slices.Delete(s.Routes[0].Stops, 1, 2) }},
		{"travel", func(_ *Problem, s *Solution) { s.Routes[0].Stops[1].Start, s.Routes[0].Stops[1].End = 24, 30 }},
		{"skill", func(p *Problem, _ *Solution) { p.Tasks[0].Modes[0].Skills = NewBits(3) }},
		{"skill", func(p *Problem, _ *Solution) { p.Tasks[0].Modes[0].Allowed = NewBits(1) }},
		{"skill", func(p *Problem, _ *Solution) { p.Tasks[0].Modes[0].Allowed = NewBits() }},
		{"pin", func(p *Problem, _ *Solution) { p.Tasks[0].Pin.Shift = 1 }},
		{"pin", func(p *Problem, _ *Solution) { p.Tasks[0].Pin.Start = 16 }},
		{"load", func(p *Problem, _ *Solution) { p.Shifts[0].Capacity = []int64{1} }},
		{"pair", func(p *Problem, s *Solution) {
			p.Tasks[s.Routes[0].Stops[0].Task].Modes[0].PickupOf = s.Routes[0].Stops[2].Task
		}},
		{"pair", func(p *Problem, s *Solution) {
			delivery := &p.Tasks[s.Routes[0].Stops[2].Task].Modes[0]
			delivery.PickupOf, delivery.OnBoard = s.Routes[0].Stops[0].Task, 1
		}},
		{"pair", func(p *Problem, s *Solution) { p.Tasks[3].Modes[0].PickupOf = s.Routes[0].Stops[0].Task }},
		{"link", func(p *Problem, _ *Solution) { p.Links[0].Min = 1; p.Links[0].Max = 2 }},
		{"link", func(p *Problem, _ *Solution) {
			p.Links[0] = Link{First: 1, Second: 0, Min: 99, Max: Infinity, Apart: true}
		}},
		{"link", func(p *Problem, _ *Solution) { p.Links[0].Shift = SameShift }},
		{"link", func(p *Problem, _ *Solution) { p.Shifts[0].Person, p.Shifts[1].Person = 7, 7 }},
		{"link", func(p *Problem, _ *Solution) { p.Links[0] = Link{First: 0, Second: 3, Max: 5, AllOrNothing: true} }},
		{"cost", func(p *Problem, _ *Solution) {
			p.Tasks[0].Was = Former{Shift: 1, ShiftCost: 5}
		}},
		{"window", func(p *Problem, _ *Solution) { p.Tasks[0].Modes[0].AtEnd = true }},
		{"group", func(p *Problem, _ *Solution) {
			p.Groups = []Group{{MostShifts: 1}}
			p.Tasks[0].Group, p.Tasks[2].Group = 0, 0
		}},
		{"cost", func(p *Problem, _ *Solution) {
			p.Groups = []Group{{ShiftCost: 5}}
			p.Tasks[0].Group = 0
		}},
		{"resource", func(p *Problem, _ *Solution) {
			p.Resources = []Resource{{Capacity: 1}}
			p.Shifts[0].Resources, p.Shifts[1].Resources = []int32{0}, []int32{0}
		}},
		{"term", func(p *Problem, _ *Solution) { p.Terms[5].Hard = true }},
		{"cost", func(p *Problem, _ *Solution) { p.Terms[2].Level = 1 }},
		{"cost", func(_ *Problem, s *Solution) { s.Levels = []int64{1} }},
		{"cost", func(_ *Problem, s *Solution) { s.Cost++ }},
		{"cost", func(_ *Problem, s *Solution) { s.Terms[4].Cost--; s.Cost-- }},
	}
	for i, c := range cases {
		p, s := planted()
		c.plant(p, s)
		breaches := Check(p, s)
		if !slices.ContainsFunc(breaches, func(b Breach) bool { return b.Rule == c.rule }) {
			t.Errorf("case %d: planted %q, found %v", i, c.rule, breaches)
		}
		for _, b := range breaches {
			at := strings.HasPrefix(b.Text, fmt.Sprintf("routes[%d].stops[%d]: ", b.Shift, b.Stop))
			if at != (b.Stop != None) || b.Stop != None && b.Task != None && s.Routes[b.Shift].Stops[b.Stop].Task != b.Task {
				t.Errorf("case %d: at stop %d: %+v", i, b.Stop, b)
			}
		}
	}
}

func TestValidateRefusesByName(t *testing.T) {
	cases := []struct {
		want  string
		plant func(p *Problem)
	}{
		{"tasks[1].modes[0].location: no such location: 77, there are ", func(p *Problem) { p.Tasks[1].Modes[0].Location = 77 }},
		{"tasks[1].modes[0].allowed: no such shift: 70, there are 2", func(p *Problem) { p.Tasks[1].Modes[0].Allowed = NewBits(0, 70) }},
		{"tasks[1].modes[0].windows[0].to: Infinity is no time here", func(p *Problem) { p.Tasks[1].Modes[0].Windows[0].To = Infinity }},
		{"tasks[1].pin: the zero value", func(p *Problem) { p.Tasks[0].Pin, p.Tasks[1].Pin = Pin{}, Pin{} }},
		{"profiles: none", func(p *Problem) { p.Profiles = nil }},
		{"profiles[0].periods[0].n: 0 locations; there must be one", func(p *Problem) { p.Profiles = []Profile{{Periods: []Period{{}}}} }},
		{"profiles[0].periods[0].n: 4294967296 locations; at most 1048576", func(p *Problem) { p.Profiles = []Profile{{Periods: []Period{{N: 1 << 32}}}} }},
		{"and 9 more faults like these", func(p *Problem) {
			for range 60 {
				p.Groups = append(p.Groups, Group{MostShifts: -1})
			}
		}},
		{"resources[0].capacity: -1", func(p *Problem) { p.Resources = []Resource{{Capacity: -1}} }},
		{"resources[0].sharers: -1", func(p *Problem) { p.Resources = []Resource{{Sharers: -1}} }},
		{"resources[1]: 4294967296 units with 4294967296 sharers each are more than 1099511627776 shifts", func(p *Problem) {
			p.Resources = []Resource{{Capacity: most, Sharers: 1}, {Capacity: 1 << 32, Sharers: 1 << 32}}
		}},
		{"shifts[0].resources[0]: no such resource", func(p *Problem) { p.Shifts[0].Resources = []int32{0} }},
		{"shifts[0].resources[1]: resource 0 is listed twice", func(p *Problem) {
			p.Resources, p.Shifts[0].Resources = []Resource{{Capacity: 1}}, []int32{0, 0}
		}},
		{"groups[0].mostShifts: -1", func(p *Problem) { p.Groups = []Group{{MostShifts: -1}} }},
		{"groups[0].shiftCost: -1", func(p *Problem) { p.Groups = []Group{{ShiftCost: -1}} }},
		{"tasks[1].was.shift: no such shift", func(p *Problem) { p.Tasks[1].Was = Former{Shift: 2, ShiftCost: 1} }},
		{"tasks[1].was.start", func(p *Problem) { p.Tasks[1].Was = Former{Start: 2 * most, StartCost: 1} }},
		{"tasks[1].was.tolerance: -1", func(p *Problem) { p.Tasks[1].Was = Former{Tolerance: -1, StartCost: 1} }},
		{"tasks[1].was.startCost: -1", func(p *Problem) { p.Tasks[1].Was = Former{StartCost: -1} }},
		{"tasks[0].pin.start: outside every window", func(p *Problem) {
			p.Shifts[1].Class = 1
			p.Tasks[0].Modes[0].AtEnd, p.Tasks[0].Modes[0].ByClass, p.Tasks[0].Pin.Start = true, []int64{1, 2}, 7
		}},
		{"tasks[0].pin.start: outside every window", func(p *Problem) {
			p.Tasks[0].Modes[0].AtEnd, p.Tasks[0].Pin.Start = true, 15
		}},
		{"terms[1].level: 1 of a hard term", func(p *Problem) { p.Terms[1].Hard, p.Terms[1].Level = true, 1 }},
		{"terms[1].level: -1", func(p *Problem) { p.Terms[1].Level = -1 }},
		{"tasks[2].level: 20", func(p *Problem) { p.Tasks[2].Level = 20 }},
		{"tasks[2].level: 1, and the term unserved is hard", func(p *Problem) { p.Tasks[2].Level, p.Terms[0].Hard = 1, true }},
		{"count times from the start of the day", func(p *Problem) {
			p.Terms[5].Level, p.Terms[2].Level = 1, 2
			p.Shifts[1].Start, p.Shifts[1].End, p.Shifts[1].TimeCost = most-1000, most, most>>20
		}},
		{"shifts[1].end: 1099511627776 from 0, where a unit of time costs up to 2.1e+06: together more than 1.15e+18; count times from the start of the day", func(p *Problem) {
			p.Shifts[1].Start, p.Shifts[1].End, p.Shifts[1].TimeCost = most-1000, most, most>>19
		}},
		{"tasks[2].modes[0].windows[0].from: 1099511627776 from 0", func(p *Problem) {
			p.Tasks[2].Modes[0].Windows, p.Shifts[1].WorkCost = []Window{{-most, 0}}, most>>19
		}},
		{"tasks[2].modes[0].service: 1099511627776 from 0", func(p *Problem) {
			p.Tasks[2].Modes[0].Service, p.Shifts[1].WaitCost = most, most>>19
		}},
		{"profiles: the longest leg: 2000000000 from 0", func(p *Problem) {
			p.Profiles[0].Periods[0].Time[1], p.Shifts[1].TimeCost = 2_000_000_000, 1e9
		}},
		{"shifts[1].distanceCost: the longest leg costs 1e+13, which is over 5.86e+12; choose coarser units", func(p *Problem) {
			p.Profiles[0].Periods[0].Distance[1], p.Shifts[1].DistanceCost = 1000, 1e10
		}},
		{"shifts[1].overtime[0].cost: 1; of the last tier it is Infinity", func(p *Problem) { p.Shifts[1].Overtime = []Tier{{1, 1}} }},
		{"shifts[1].overtime[1]: does not come after", func(p *Problem) { p.Shifts[1].Overtime = []Tier{{1, 1}, {1, Infinity}} }},
		{"shifts[1].longestWork: -1", func(p *Problem) { p.Shifts[1].LongestWork = -1 }},
		{"shifts[1].longestTravel: -1", func(p *Problem) { p.Shifts[1].LongestTravel = -1 }},
		{"breaks[0].afterWork: -1", func(p *Problem) { p.Shifts[0].Breaks[0].AfterWork = -1 }},
		{"breaks[0].afterWork: 4 after the shift's start at 0 its window is still closed", func(p *Problem) {
			p.Shifts[0].LeaveLate, p.Shifts[0].Breaks[0].AfterWork = false, 4
		}},
		{"breaks[0].location: no such location", func(p *Problem) { p.Shifts[0].Breaks[0].Location = 3 }},
		{"breaks[0].location: it is taken at the next stop", func(p *Problem) {
			p.Shifts[0].Breaks[0].Location, p.Shifts[0].Breaks[0].AtNext = 1, true
		}},
		{"shifts[0].breaks: more than 8", func(p *Problem) {
			b := p.Shifts[0].Breaks[0]
			b.Length = 0
			p.Shifts[0].Breaks = []Break{b, b, b, b, b, b, b, b, b}
			p.Shifts[0].Breaks[3].MissCost = 4
		}},
		{"tasks[0].pin.position: -2 is negative", func(p *Problem) { p.Tasks[0].Pin.Position = -2 }},
		{"tasks[0].modes[1].pickupOf: -1, and of modes[0] 1", func(p *Problem) {
			p.Tasks[0].Modes = append(p.Tasks[0].Modes, p.Tasks[0].Modes[0])
			p.Tasks[0].Modes[0].PickupOf, p.Tasks[0].Modes[0].Load = 1, []int64{-1}
		}},
		{"tasks[0].modes[1].pickupOf: 2, and of modes[0] 1", func(p *Problem) {
			p.Tasks[0].Modes = append(p.Tasks[0].Modes, p.Tasks[0].Modes[0])
			p.Tasks[0].Modes[0].PickupOf, p.Tasks[0].Modes[1].PickupOf = 1, 2
		}},
		{"tasks[0].modes[1].load[0]: sets down more than task 1 picks up in every mode", func(p *Problem) {
			p.Tasks[0].Modes[0].PickupOf, p.Tasks[0].Modes[0].Load = 1, []int64{-1}
			p.Tasks[0].Modes = append(p.Tasks[0].Modes, p.Tasks[0].Modes[0])
			p.Tasks[0].Modes[1].Load = []int64{-2}
		}},
		{"tasks[0].modes[0].load[0]: sets down more than task 1 picks up in every mode", func(p *Problem) {
			p.Tasks[0].Modes[0].PickupOf, p.Tasks[0].Modes[0].Load = 1, []int64{-1}
			p.Tasks[1].Modes = append(p.Tasks[1].Modes, p.Tasks[1].Modes[0])
			p.Tasks[1].Modes[1].Load = nil
		}},
		{"tasks[1].modes[1].windows: none", func(p *Problem) {
			p.Tasks[1].Modes = append(p.Tasks[1].Modes, p.Tasks[1].Modes[0])
			p.Tasks[1].Modes[1].Windows = nil
		}},
		{"tasks[0].modes[0].load[0]: shifts[1] has no such capacity", func(p *Problem) {
			p.Tasks[0].Modes[0].Load[0], p.Shifts[1].Capacity = -1, nil
		}},
		{"pickupOf: no such other task", func(p *Problem) { p.Tasks[0].Modes[0].PickupOf = 0 }},
		{"task 1 is a delivery itself", func(p *Problem) { p.Tasks[0].Modes[0].PickupOf, p.Tasks[1].Modes[0].PickupOf = 1, 2 }},
		{"tasks[1].modes[0].load[0]: sets down more, with the deliveries before it, than task 2", func(p *Problem) {
			for i := range 2 {
				p.Tasks[i].Modes[0].PickupOf, p.Tasks[i].Modes[0].Load = 2, []int64{-p.Tasks[2].Modes[0].Load[0]}
			}
		}},
		{"sets down more than task 1 picks up", func(p *Problem) {
			p.Tasks[0].Modes[0].PickupOf, p.Tasks[0].Modes[0].Load = 1, []int64{-99}
		}},
		{"onBoard: of a task that delivers nothing", func(p *Problem) { p.Tasks[0].Modes[0].OnBoard = 1 }},
		{"links[0].min: 0; of tasks that are apart", func(p *Problem) { p.Links[0].Apart = true }},
		{"coverage[0].location: no such location", func(p *Problem) { p.Coverage = []Coverage{{Location: 3}} }},
		{"coverage[0]: ends before it starts", func(p *Problem) { p.Coverage = []Coverage{{Window: Window{2, 1}}} }},
		{"coverage[0].reach: -1", func(p *Problem) { p.Coverage = []Coverage{{Reach: -1}} }},
		{"coverage[0].shifts: -1", func(p *Problem) { p.Coverage = []Coverage{{Shifts: -1}} }},
		{"coverage[0].cost: -1", func(p *Problem) { p.Coverage = []Coverage{{Cost: -1}} }},
		{"profiles: none", func(p *Problem) { p.Profiles = nil }},
		{"profiles[0].periods: none", func(p *Problem) { p.Profiles[0].Periods = nil }},
		{"profiles[0].periods[0].time: 2 entries, want 9", func(p *Problem) { p.Profiles[0].Periods[0].Time = make([]int32, 2) }},
		{"time[1]: negative", func(p *Problem) { p.Profiles[0].Periods[0].Time[1] = -1 }},
		{"distance[1]: negative", func(p *Problem) { p.Profiles[0].Periods[0].Distance[1] = -1 }},
		{"no distances", func(p *Problem) { p.Profiles[0].Periods[0].Distance = nil }},
		{"terms[0].kind: unknown", func(p *Problem) { p.Terms[0].Kind = "x" }},
		{"terms[1].kind: listed twice", func(p *Problem) { p.Terms[1].Kind = p.Terms[0].Kind }},
		{"terms[1].weight", func(p *Problem) { p.Terms[1].Weight = 0 }},
		{"shifts[1].profile", func(p *Problem) { p.Shifts[1].Profile = 1 }},
		{"shifts[1].from", func(p *Problem) { p.Shifts[1].From = 3 }},
		{"shifts[1].to", func(p *Problem) { p.Shifts[1].To = -1 }},
		{"shifts[1].person: negative", func(p *Problem) { p.Shifts[1].Person = -1 }},
		{"shifts[1]: ends before it starts", func(p *Problem) { p.Shifts[1].Start = 101 }},
		{"breaks[0]: window ends before it starts", func(p *Problem) { p.Shifts[0].Breaks[0].From = 31 }},
		{"breaks[0]: 101..110 with 6 of length does not lie in the shift's 0..100", func(p *Problem) { p.Shifts[0].Breaks[0].Window = Window{101, 110} }},
		{"breaks[0]: 95..98 with 6 of length", func(p *Problem) { p.Shifts[0].Breaks[0].Window = Window{95, 98} }},
		{"breaks[1]: comes before breaks[0]", func(p *Problem) {
			p.Shifts[0].Breaks = append(p.Shifts[0].Breaks, Break{Window: Window{5, 15}, Length: 6, Location: None})
		}},
		{"terms: none is listed; see DefaultTerms", func(p *Problem) { p.Terms = nil }},
		{"profiles[0].periods[0].from", func(p *Problem) { p.Profiles[0].Periods[0].From = 1 }},
		{"profiles[0].periods[1].from: 0 does not come after", func(p *Problem) {
			p.Profiles[0].Periods = append(p.Profiles[0].Periods, p.Profiles[0].Periods[0])
		}},
		{"profiles[0].periods[1].distance: either all", func(p *Problem) {
			p.Profiles[0].Periods = append(p.Profiles[0].Periods, Period{From: 9, N: 3, Time: make([]int32, 9)})
		}},
		{"profiles[0].periods[1].n: 2 locations", func(p *Problem) {
			p.Profiles[0].Periods = append(p.Profiles[0].Periods, Period{From: 9, N: 2, Time: make([]int32, 4), Distance: make([]int32, 4)})
		}},
		{"profiles[0].periods[1].time[8]: negative", func(p *Problem) {
			later := p.Profiles[0].Periods[0]
			later.From, later.Time = 5, []int32{0, 1, 1, 1, 0, 1, 1, 1, -1}
			p.Profiles[0].Periods = append(p.Profiles[0].Periods, later)
		}},
		{"shifts[0].waitCost", func(p *Problem) { p.Shifts[0].WaitCost = -1 }},
		{"tasks[1].modes: none", func(p *Problem) { p.Tasks[1].Modes = nil }},
		{"tasks[1].modes[0].location", func(p *Problem) { p.Tasks[1].Modes[0].Location = 3 }},
		{"windows: none", func(p *Problem) { p.Tasks[1].Modes[0].Windows = nil }},
		{"tasks[1].modes[0].windows[1]: does not start after", func(p *Problem) { p.Tasks[1].Modes[0].Windows = []Window{{1, 5}, {5, 6}} }},
		{"tasks[1].pin.shift", func(p *Problem) { p.Tasks[1].Pin.Shift = 2 }},
		{"tasks[1].pin.start", func(p *Problem) { p.Tasks[1].Pin.Start = 5 }},
		{"tasks[1].group", func(p *Problem) { p.Tasks[1].Group = 5 }},
		{"shiftCost: 1 entries, want 2", func(p *Problem) { p.Tasks[1].Modes[0].ShiftCost = []int64{1} }},
		{"byClass: no entry", func(p *Problem) { p.Tasks[1].Modes[0].ByClass = []int64{} }},
		{"shifts[0].stock[0]: -1", func(p *Problem) { p.Shifts[0].Stock = []int64{-1} }},
		{"shifts[0].usePerDistance: 1 entries for 0 kinds", func(p *Problem) { p.Shifts[0].UsePerDistance = []int64{1} }},
		{"shifts[0].refills[0].most: 0", func(p *Problem) { p.Shifts[0].Refills = []Refill{{}} }},
		{"shifts[0].refills[0].location", func(p *Problem) { p.Shifts[0].Refills = []Refill{{Most: 1, Location: 3}} }},
		{"shifts[0].refills[0].full: 1 entries for 0 kinds", func(p *Problem) { p.Shifts[0].Refills = []Refill{{Most: 1, Full: []int64{2}}} }},
		{"shifts[0].refills[0].windows[1]: ends before it starts, or", func(p *Problem) {
			p.Shifts[0].Refills = []Refill{{Most: 1, Windows: []Window{{1, 5}, {5, 6}}}}
		}},
		{"shifts[0].refills[0].windows: none", func(p *Problem) { p.Shifts[0].Refills = []Refill{{Most: 1, Windows: []Window{}}} }},
		{"tasks[1].modes[0].use[0]: -1", func(p *Problem) { p.Tasks[1].Modes[0].Use = []int64{-1} }},
		{"tasks[1].modes[0].use: 1 entries, and shifts[0] has 0", func(p *Problem) { p.Tasks[1].Modes[0].Use = []int64{1} }},
		{"shifts[0] has no such capacity", func(p *Problem) { p.Shifts[0].Capacity = nil }},
		{"links[0].second: no such task", func(p *Problem) { p.Links[0].Second = 4 }},
		{"ties a task to itself", func(p *Problem) { p.Links[0].Second = 1 }},
		{"largest gap is below", func(p *Problem) { p.Links[0].Max = -1 }},
		{"choose coarser units", func(p *Problem) {
			p.Tasks[0].UnservedCost = most
			p.Terms[0].Weight = most
		}},
	}
	for i, c := range cases {
		p, _ := planted()
		c.plant(p)
		err := p.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("case %d: want %q, got %v", i, c.want, err)
		}
	}
}

// How many there may be of something stands at its field in problem.go, and is what
// Validate holds it to.
func TestLimitsStandAtTheirFields(t *testing.T) {
	source, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		field, says string // the declaration, and what its comment says of the limit
		most        int
		refused     string // what Validate says of one more
		plant       func(p *Problem, n int)
	}{
		{"Periods []Period", "100 are the most", mostPeriods, "profiles[0].periods: more than 100", func(p *Problem, n int) {
			for k := range n - 1 {
				later := p.Profiles[0].Periods[0]
				later.From = int64(k + 1)
				p.Profiles[0].Periods = append(p.Profiles[0].Periods, later)
			}
		}},
		{"Modes        []Mode", "at most 1000", mostModes, "tasks[0].modes: more than 1000", func(p *Problem, n int) {
			p.Tasks[0].Modes = slices.Repeat(p.Tasks[0].Modes, n)
		}},
		{"Level        int", "at most 19", mostLevels - 1, "tasks[0].level: 20 is outside 0..19", func(p *Problem, n int) { p.Tasks[0].Level = n }},
		{"Level  int", "from 0 to 19", mostLevels - 1, "terms[1].level: 20 is outside 0..19", func(p *Problem, n int) { p.Terms[1].Level = n }},
		{"Breaks         []Break", "at most 100", mostBreaks, "shifts[0].breaks: more than 100", func(p *Problem, n int) {
			b := Break{Window: Window{20, 30}, Location: None}
			p.Shifts[0].Breaks = slices.Repeat([]Break{b}, n)
		}},
		{"Stock          []int64", "at most 32", mostStocks, "shifts[0].stock: more than 32 kinds", func(p *Problem, n int) { p.Shifts[0].Stock = make([]int64, n) }},
		{"Refills        []Refill", "at most 20", mostRefills, "shifts[0].refills: more than 20", func(p *Problem, n int) {
			p.Shifts[0].Refills = slices.Repeat([]Refill{{Most: 1}}, n)
		}},
		{"Most     int32", "from 1 to 20", mostRefills, "shifts[0].refills[0].most: 21 is outside 1..20", func(p *Problem, n int) {
			p.Shifts[0].Refills = []Refill{{Most: int32(n)}}
		}},
	}
	for _, c := range cases {
		_, at, _ := strings.Cut(string(source), "\n\t"+c.field+" ")
		if line, _, _ := strings.Cut(at, "\n"); !strings.Contains(line, c.says) {
			t.Errorf("%s: %q does not say %q", c.field, line, c.says)
		}
		p, _ := planted()
		c.plant(p, c.most)
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %d of them: %v", c.field, c.most, err)
		}
		p, _ = planted()
		c.plant(p, c.most+1)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), c.refused) {
			t.Errorf("%s: %d of them: %v", c.field, c.most+1, err)
		}
	}
}

func TestNilProblem(t *testing.T) {
	var p *Problem
	if err := p.Validate(); !errors.Is(err, ErrInvalid) {
		t.Errorf("validated: %v", err)
	}
	if _, err := Solve(context.Background(), nil, Options{Iterations: 1}); !errors.Is(err, ErrInvalid) {
		t.Errorf("solved: %v", err)
	}
	if _, fits := Insertable(nil, nil, 0); fits {
		t.Error("a task of no problem fits")
	}
}

func TestBreachReads(t *testing.T) {
	if got := fmt.Sprint(Breach{Rule: "break", Text: "routes[1]: none"}); got != "break: routes[1]: none" {
		t.Error(got)
	}
}
