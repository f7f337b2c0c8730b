package main

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/slinga-se/slinga/solver"
)

// stream keeps the draws of days apart from others with the same seed.
const stream = 0x1a96e

// size is how much there is to do, and who does it.
type size struct{ tasks, shifts int }

// shiftsFor keeps the proportion of 400 shifts to 5 000 tasks.
func shiftsFor(tasks int) int { return max(4, (tasks*400+2500)/5000) }

const hour = int64(3600)

// When care is asked for, and for how large a share of the visits, summed up.
var (
	peaks  = []int64{8 * hour, 12 * hour, 17 * hour, 20 * hour, 10 * hour, 14 * hour}
	shares = []float64{0.25, 0.47, 0.67, 0.77, 0.88, 1}
)

// Ways in which two visits are linked, as shares of the links.
const (
	together = 0.5  // two carers at once; neither comes without the other
	spaced   = 0.25 // three to five hours from one to the other, whoever comes
	// The rest is an order: the second begins when the first is over, or later.
)

// day draws a day of home care: visits at the hours when care is asked for, in
// windows with a preferred part, shifts of a day and an evening kind from
// several bases with a break each, two skills, and clients who pay for each
// carer that they do not know. So many percent of the visits are linked to
// another one. Times are in seconds, distances in metres, and costs near
// seconds of work.
func (l *land) day(ctx context.Context, n size, linked float64, seed uint64) (*solver.Problem, error) {
	random := rand.New(rand.NewPCG(seed, stream))
	bases, homes := 4+n.shifts/50, max(1, n.tasks*2/5)
	places, err := l.places(random, bases, homes)
	if err != nil {
		return nil, err
	}
	period, err := l.matrix(ctx, places)
	if err != nil {
		return nil, err
	}
	p := &solver.Problem{Profiles: []solver.Profile{{Periods: []solver.Period{period}}}, Terms: solver.DefaultTerms()}
	for r := range n.shifts {
		p.Shifts = append(p.Shifts, shift(r, bases))
	}
	share := linked / 100
	starts := share / (2 - share) // of the draws begin a link, so that both its visits make up the share
	for len(p.Tasks) < n.tasks {
		task := visit(random, int32(bases+random.IntN(homes)), n.shifts)
		tie := random.Float64() < starts && len(p.Tasks)+2 <= n.tasks
		p.Tasks = append(p.Tasks, task)
		if tie {
			tieNext(p, random)
		}
	}
	return p, nil
}

func shift(r, bases int) solver.Shift {
	base := int32(r % bases)
	start, length := 7*hour, 9*hour
	if r%5 >= 3 {
		start, length = 14*hour, 8*hour
	}
	skills := solver.NewBits(0)
	if r%4 == 0 {
		skills = skills.With(1)
	}
	return solver.Shift{
		From: base, To: base, Start: start, End: start + length, Skills: skills, LeaveLate: true,
		Fixed: 600, TimeCost: 1, DistanceCost: 20, DistanceUnit: 1000, WaitCost: 1,
		Breaks: []solver.Break{{Window: solver.Window{From: start + 3*hour, To: start + 5*hour}, Length: hour / 2, Location: solver.None}},
	}
}

func visit(random *rand.Rand, home int32, shifts int) solver.Task {
	when := random.Float64()
	peak := peaks[slices.IndexFunc(shares, func(s float64) bool { return when < s })]
	mode := solver.Mode{
		Location: home, Service: int64(300 + random.IntN(6)*240), Skills: solver.NewBits(0), PickupOf: solver.None,
	}
	setWindow(&mode, peak-hour+int64(random.IntN(4))*hour/4)
	if random.Float64() < 0.08 {
		mode.Skills = solver.NewBits(1)
	}
	if random.Float64() < 0.3 {
		mode.ShiftCost = make([]int64, shifts)
		for r := range mode.ShiftCost {
			if random.Float64() < 0.7 {
				mode.ShiftCost[r] = 300
			}
		}
	}
	cost := []int64{1_000_000, 200_000, 60_000, 30_000}[random.IntN(4)]
	return solver.Task{Modes: []solver.Mode{mode}, UnservedCost: cost, Pin: solver.FreePin(), Group: solver.None}
}

// setWindow lets a visit start from a time on, for two and a half hours, best in
// the middle.
func setWindow(mode *solver.Mode, from int64) {
	mode.Windows = []solver.Window{{From: from, To: from + 5*hour/2}}
	mode.Preferred = solver.Preferred{Window: solver.Window{From: from + hour/2, To: from + 3*hour/2}, Early: 1, Late: 1}
}

// tieNext adds a visit that is linked to the last one.
func tieNext(p *solver.Problem, random *rand.Rand) {
	first := int32(len(p.Tasks) - 1)
	task := p.Tasks[first]
	task.Modes = slices.Clone(task.Modes)
	mode := &task.Modes[0]
	from := mode.Windows[0].From
	link := solver.Link{First: first, Second: first + 1}
	switch kind := random.Float64(); {
	case kind < together:
		link.Shift, link.AllOrNothing = solver.DifferentShift, true
	case kind < together+spaced:
		link.Min, link.Max = 3*hour, 5*hour
		if from > 14*hour { // the day ends before the next one would be due
			link.First, link.Second = link.Second, link.First
			setWindow(mode, from-4*hour)
		} else {
			setWindow(mode, from+4*hour)
		}
	default:
		link.Min, link.Max = mode.Service, solver.Infinity
	}
	p.Tasks = append(p.Tasks, task)
	p.Links = append(p.Links, link)
}
