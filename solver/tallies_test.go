package solver

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

// counted is what the oracle pays for the people of groups, and whether there are
// not too many of them, nor too many shifts that hold a resource at any moment: of
// all moments one after the other.
func (o *oracle) counted() (cost int64, ok bool) {
	p := o.p
	for g, group := range p.Groups {
		people := map[string]bool{}
		for task := range p.Tasks {
			if r := o.shift[task]; r != None && p.Tasks[task].Group == int32(g) {
				name := fmt.Sprint("shift ", r)
				if who := p.Shifts[r].Person; who != 0 {
					name = fmt.Sprint("person ", who)
				}
				people[name] = true
			}
		}
		if group.MostShifts > 0 && len(people) > int(group.MostShifts) {
			return 0, false
		}
		cost += int64(len(people)) * group.ShiftCost * o.pay.groups
	}
	for k, x := range p.Resources {
		for at := int64(0); at < 40; at++ {
			held := int64(0)
			for r := range p.Shifts {
				s := &p.Shifts[r]
				last := s.End
				if s.Overtime != nil {
					last += s.Overtime[len(s.Overtime)-1].After
				}
				if len(o.routes[r]) > 0 && s.Start <= at && at < last && NewBits(asInts(s.Resources)...).Has(k) {
					held++
				}
			}
			if held > x.Capacity*max(1, x.Sharers) {
				return 0, false
			}
		}
	}
	return cost, true
}

func asInts(list []int32) (ints []int) {
	for _, x := range list {
		ints = append(ints, int(x))
	}
	return ints
}

// counting gives a problem groups and resources, and perhaps a third shift.
func counting(random *rand.Rand, p *Problem) *Problem {
	for len(p.Shifts) < 2 || len(p.Shifts) < 3 && len(p.Tasks) < 5 && random.IntN(2) == 0 {
		p.Shifts = append(p.Shifts, p.Shifts[random.IntN(len(p.Shifts))])
		if s := &p.Shifts[len(p.Shifts)-1]; random.IntN(2) == 0 && s.Breaks == nil {
			s.Start += 5
			s.End += 5
		}
	}
	for range 1 + random.IntN(2) {
		p.Groups = append(p.Groups, Group{MostShifts: int32(random.IntN(3)), ShiftCost: int64(random.IntN(9))})
	}
	for i := range p.Tasks {
		p.Tasks[i].Group = int32(random.IntN(len(p.Groups)+1)) - 1
	}
	if random.IntN(4) > 0 {
		p.Terms = weighed(p.Terms, TermGroups, 1+int64(random.IntN(2)))
	}
	for k := range random.IntN(3) {
		p.Resources = append(p.Resources, Resource{Capacity: int64(random.IntN(3)), Sharers: int64(random.IntN(3))})
		for r := range p.Shifts {
			if random.IntN(3) > 0 {
				p.Shifts[r].Resources = append(append([]int32{}, p.Shifts[r].Resources...), int32(k))
			}
		}
	}
	return p
}

// grouped is homeCare with a group for each client, and cars for some shifts.
func grouped(tasks, shifts int, seed uint64) *Problem {
	p := homeCare(tasks, shifts, seed)
	random := rand.New(rand.NewPCG(seed, 11))
	for i := range p.Tasks {
		client := p.Tasks[i].Modes[0].Location
		for len(p.Groups) <= int(client) {
			p.Groups = append(p.Groups, Group{MostShifts: int32(2 + random.IntN(2)), ShiftCost: 400})
		}
		p.Tasks[i].Group = client
	}
	p.Resources = []Resource{{Capacity: int64(shifts) / 5, Sharers: 2}, {Capacity: int64(shifts) / 3}}
	for r := range p.Shifts {
		if r%2 == 0 {
			p.Shifts[r].Person = int32(1 + r/4)
		}
		p.Shifts[r].Resources = []int32{int32(r % 2)}
	}
	return p
}

// A day with groups and cars is searched in parts by several workers like any
// other, and in one piece; Check finds nothing, and a warm start keeps its cost.
func TestCountsInParts(t *testing.T) {
	tasks, iterations := 220, int64(1500)
	if invariantsOn {
		tasks, iterations = 100, 600
	}
	for _, workers := range []int{1, 2} {
		p := grouped(tasks, tasks/8, 4)
		o := Options{Seed: 5, Iterations: iterations, Workers: workers}
		s := solve(t, p, o)
		if again := solve(t, p, o); !reflect.DeepEqual(s, again) {
			t.Errorf("%d workers: another solution the second time", workers)
		}
		if len(s.Unserved) > tasks/8 {
			t.Errorf("%d workers: %d of %d tasks are left out", workers, len(s.Unserved), tasks)
		}
		o.Warm, o.Iterations = s, 100
		if warm := solve(t, p, o); warm.Cost > s.Cost {
			t.Errorf("%d workers: from %d to %d", workers, s.Cost, warm.Cost)
		}
		for i := range p.Groups { // what was given breaks rules now
			p.Groups[i].MostShifts = max(1, p.Groups[i].MostShifts-1)
		}
		p.Resources[1].Capacity--
		solve(t, p, o)
	}
}
