package solver

import (
	"fmt"
	"math"
	"strings"
)

// The search knows one number for what a solution costs. Levels are folded into
// it: each is multiplied by so much that one step of it, the least by which its
// sum can change, is more than all that the levels below it could ever come to.
// So the order of the folded costs is the lexicographic one, deltas stay sums,
// and no part of the search knows of levels but the temperature (anneal.go). Hard
// terms are a level above all others, and tasks that must be done one above that.

// HardLevel is the level of a hard term in a TermCost.
const HardLevel = -1

// mostLevels is more than fit into one number.
const mostLevels = 20

// fold is how levels go into one number; nil: there is one, and no hard term.
type fold struct {
	factor []int64 // by level
	step   []int64 // by level: the least by which its sum changes
	hard   int64
	must   int64 // what it costs to leave a task out that must be done
}

// of is the factor of a level.
func (f *fold) of(level int) int64 {
	switch {
	case f == nil:
		return 1
	case level == HardLevel:
		return f.hard
	}
	return f.factor[level]
}

// level is the level of a term as TermCost has it, for tasks of level 0.
func (t *Term) level() int {
	if t.Hard {
		return HardLevel
	}
	return t.Level
}

// taskLevels is how many levels the term unserved is spread over.
func (p *Problem) taskLevels() int {
	most := 0
	for i := range p.Tasks {
		most = max(most, p.Tasks[i].Level)
	}
	return most + 1
}

// levels is how many levels there are, those of hard terms left aside.
func (p *Problem) levels() int {
	n := 1
	for i := range p.Terms {
		t := &p.Terms[i]
		switch {
		case t.Hard:
		case t.Kind == TermUnserved:
			n = max(n, t.Level+p.taskLevels())
		default:
			n = max(n, t.Level+1)
		}
	}
	return n
}

// leveled tells whether costs must be folded.
func (p *Problem) leveled() bool {
	for i := range p.Terms {
		if p.Terms[i].Hard {
			return true
		}
	}
	return p.levels() > 1
}

// levelSums adds terms up by level; nil where there is one level.
func (p *Problem) levelSums(terms []TermCost) []int64 {
	n := p.levels()
	if n == 1 {
		return nil
	}
	sums := make([]int64, n)
	for _, t := range terms {
		if t.Level != HardLevel {
			sums[t.Level] = min(Infinity, sums[t.Level]+t.Cost)
		}
	}
	return sums
}

// cost is what terms come to in one number.
func (f *fold) cost(terms []TermCost) int64 {
	var sum int64
	for _, t := range terms {
		if t.Cost >= Infinity {
			return Infinity
		}
		if float64(t.Cost)*float64(f.of(t.Level)) > mostScaled { // only of what is barred, and frozen
			sum = Infinity - 1
			continue
		}
		sum = min(Infinity-1, sum+t.Cost*f.of(t.Level))
	}
	return sum
}

// size is what the sum of a term, or of a level, can come to, and the least by
// which it can change; 0 where it never does.
type size struct {
	most float64
	step int64
}

// add makes room for so much more, which comes in multiples of the steps.
func (s *size) add(most float64, steps ...int64) {
	s.most += most
	for _, step := range steps {
		s.step = gcd(s.step, step)
	}
}

func gcd(a, b int64) int64 {
	if a == 1 {
		return 1
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// sizes bounds the terms by kind, and unserved by level of the tasks, before
// they are weighted.
type sizes struct {
	of       map[TermKind]*size
	unserved []size
	longest  int32   // the leg that takes the most time
	farthest float64 // the longest leg
	route    float64 // the dearest distance of all routes, before it is divided by DistanceUnit
}

func (p *Problem) sizes() *sizes {
	p = p.withRefills()
	z := &sizes{of: map[TermKind]*size{}, unserved: make([]size, p.taskLevels())}
	for _, kind := range []TermKind{
		TermFixed, TermTravel, TermDistance, TermWork, TermWait, TermPreferred, TermAssign, TermOvertime, TermBreaks,
		TermBalance, TermTardiest, TermWaitMost, TermIdleMost, TermGroups, TermChanges, TermCoverage,
	} {
		z.of[kind] = &size{}
	}
	for _, c := range p.Coverage {
		z.of[TermCoverage].add(float64(c.To-c.From)*float64(c.Shifts)*float64(c.Cost), c.Cost)
	}
	into := make([]int32, p.Profiles[0].Periods[0].N) // by location: the farthest that one comes from
	for i := range p.Profiles {
		for k := range p.Profiles[i].Periods {
			period := &p.Profiles[i].Periods[k]
			for _, t := range period.Time {
				if t > z.longest && t != NoWay {
					z.longest = t
				}
			}
			for at := 0; at+period.N <= len(period.Distance); at += period.N {
				for to, d := range period.Distance[at : at+period.N] {
					into[to] = max(into[to], d)
				}
			}
		}
	}
	for _, d := range into {
		z.farthest = max(z.farthest, float64(d))
	}
	z.ofShifts(p, float64(z.longest), into)
	z.ofTasks(p, into)
	return z
}

func (z *sizes) ofShifts(p *Problem, longest float64, into []int32) {
	var longestShift, hours float64
	for i := range p.Shifts {
		s := &p.Shifts[i]
		work := float64(s.latest() - s.Start)
		legs := float64(len(p.Tasks) + 1 + len(s.Breaks))
		longestShift, hours = max(longestShift, work), hours+work+1
		for _, b := range s.Breaks {
			z.of[TermBreaks].add(float64(b.MissCost), b.MissCost)
		}
		if n := len(s.Overtime); n > 1 {
			z.of[TermOvertime].add(float64(s.latest()-s.End) * float64(s.Overtime[n-2].Cost))
			for _, tier := range s.Overtime[:n-1] {
				z.of[TermOvertime].add(0, tier.Cost)
			}
		}
		z.of[TermFixed].add(float64(s.Fixed), s.Fixed)
		z.of[TermTravel].add(min(work, longest*legs)*float64(s.TimeCost), s.TimeCost)
		z.of[TermWork].add(work*float64(s.WorkCost), s.WorkCost)
		z.of[TermWait].add(work*float64(s.WaitCost), s.WaitCost)
		home := float64(into[s.To]) * float64(s.DistanceCost)
		for _, b := range s.Breaks {
			if b.Location != None {
				home += float64(into[b.Location]) * float64(s.DistanceCost)
			}
		}
		z.route += home
		if unit := max(s.DistanceUnit, 1); unit == 1 {
			z.of[TermDistance].add(home, s.DistanceCost)
		} else if s.DistanceCost > 0 {
			z.of[TermDistance].add(home/float64(unit), 1) // rounded by route
		}
	}
	z.of[TermIdleMost].add(longestShift, 1)
	z.of[TermWaitMost].add(longestShift, 1)
	z.of[TermBalance].add(2*hours, 1)
}

func (z *sizes) ofTasks(p *Problem, into []int32) {
	var dearest, undivided, latest float64
	for i := range p.Shifts {
		s := &p.Shifts[i]
		undivided = max(undivided, float64(s.DistanceCost))
		dearest = max(dearest, float64(s.DistanceCost)/float64(max(s.DistanceUnit, 1)))
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		if t.Group != None && len(p.Groups) > 0 {
			price := p.Groups[t.Group].ShiftCost // one more person for each task at most
			z.of[TermGroups].add(float64(price), price)
		}
		z.of[TermChanges].add(float64(t.Was.ShiftCost)+float64(t.Was.StartCost), t.Was.ShiftCost, t.Was.StartCost)
		if t.UnservedCost != Infinity {
			z.unserved[t.Level].add(float64(t.UnservedCost), t.UnservedCost)
		}
		var assign, off, far float64
		for j := range t.Modes {
			m := &t.Modes[j]
			far = max(far, float64(into[m.Location]))
			var most int64
			for _, c := range m.ShiftCost {
				most = max(most, c)
				z.of[TermAssign].add(0, c)
			}
			z.of[TermAssign].add(0, m.Cost)
			assign = max(assign, float64(most)+float64(m.Cost))
			for k, w := range m.Windows {
				wish := m.preferred(k)
				off = max(off, float64(wish.From-w.From)*float64(wish.Early), float64(w.To-wish.To)*float64(wish.Late))
				z.of[TermPreferred].add(0, wish.Early, wish.Late)
				if wish.Late > 0 {
					latest = max(latest, float64(w.To-wish.To))
				}
			}
		}
		z.of[TermAssign].add(assign)
		z.of[TermPreferred].add(off)
		z.of[TermDistance].add(far * dearest)
		z.route += far * undivided
	}
	z.of[TermTardiest].add(latest, 1)
}

// Sums of costs stay below mostCost, and a cost beside a time of the day, or a
// leg's in the units of estimates, below mostScaled.
var (
	mostCost   = math.Exp2(55)
	mostScaled = math.Exp2(60)
)

// barred tells whether a hard term can never cost anything, for what would cost
// is left out when the problem is compiled.
func (t *Term) barred() bool {
	if !t.Hard {
		return false
	}
	switch t.Kind {
	case TermFixed, TermAssign, TermOvertime, TermBreaks, TermPreferred:
		return true
	}
	return false
}

// fold computes the factors. The error says why there are none.
func (p *Problem) fold() (*fold, error) {
	if !p.leveled() {
		return nil, nil
	}
	z := p.sizes()
	levels := make([]size, p.levels()+1) // that of hard terms last
	for i := range p.Terms {
		t := &p.Terms[i]
		weight := float64(t.Weight)
		at := t.Level
		if t.Hard {
			at = len(levels) - 1
		}
		switch {
		case t.barred():
		case t.Kind == TermUnserved:
			for k, x := range z.unserved {
				if t.Hard {
					k = 0
				}
				levels[at+k].add(x.most*weight, x.step*t.Weight)
			}
		default:
			x := z.of[t.Kind]
			levels[at].add(x.most*weight, x.step*t.Weight)
		}
	}
	f := &fold{factor: make([]int64, len(levels)-1), step: make([]int64, len(levels)-1), hard: 1}
	var below float64
	factor := func(x size) int64 {
		by := math.Floor(below/float64(max(x.step, 1))) + 1
		if below += x.most * by; below > mostCost {
			return 1
		}
		below = math.Ceil(below * (1 + 1e-12)) // what a float64 may have lost
		return int64(by)
	}
	for l := len(f.factor) - 1; l >= 0; l-- {
		f.factor[l], f.step[l] = factor(levels[l]), max(levels[l].step, 1)
	}
	f.hard = factor(levels[len(levels)-1])
	must := p.mustBeDone()
	switch {
	case below > mostCost, below*float64(must+1) > mostScaled:
		return nil, fmt.Errorf("the levels do not fit into one number: %s; choose coarser prices, or put terms into one level", describe(levels, must))
	case p.scales(f, z).most() > mostScaled:
		return nil, fmt.Errorf("the levels leave no room for times as late as these: %s; choose coarser prices, or count times from the start of the day", describe(levels, must))
	}
	f.must = int64(below) + 1
	return f, nil
}

// mustBeDone counts the tasks that must be done.
func (p *Problem) mustBeDone() int {
	must := p.tiedToFrozen()
	for i := range p.Tasks {
		if p.Tasks[i].UnservedCost == Infinity {
			must++
		}
	}
	return must
}

// mandatoryCost is what it costs to leave a task out that must be done, of so many
// tasks and where there is one level: more than all else together, as Validate sees to.
func mandatoryCost(tasks int) int64 { return 1 << 61 / int64(tasks+1) }

// scales are the largest numbers that prices meet in one product: times, which may be of
// the day, and legs in the units of estimates.
type scales struct {
	time int64   // how far one is from 0
	when string  // what it is
	rate float64 // what a unit of time costs at most: a shift, and a task that it makes early or late
	leg  float64 // what the longest leg costs
	pays int     // the shift that it costs most
}

// estimated is how many times over the cost of a leg counts in estimates: of a place,
// where two legs come and one goes, in 1/65536.
const estimated = 3 * 65536

// most is the largest product.
func (x *scales) most() float64 { return max(float64(x.time)*x.rate, x.leg*estimated) }

// scales finds them, at the prices of a fold.
func (p *Problem) scales(f *fold, z *sizes) *scales {
	x := &scales{time: int64(z.longest), when: "profiles: the longest leg"}
	lasts := func(t int64, format string, args ...any) {
		if t = max(t, -t); t > x.time {
			x.time, x.when = t, fmt.Sprintf(format, args...)
		}
	}
	w := p.weights(f)
	for i := range p.Shifts {
		s := &p.Shifts[i]
		lasts(s.Start, "shifts[%d].start", i)
		lasts(s.latest(), "shifts[%d].end", i)
		over := int64(0)
		if n := len(s.Overtime); n > 1 {
			over = s.Overtime[n-2].Cost
		}
		x.rate = max(x.rate, float64(s.TimeCost)*float64(w.travel)+float64(s.WaitCost)*float64(w.wait)+
			float64(s.WorkCost)*float64(w.work)+float64(over)*float64(w.overtime))
		leg := z.farthest * float64(s.DistanceCost) * float64(w.distance) * float64(w.distanceFold) / float64(max(s.DistanceUnit, 1))
		if leg > x.leg {
			x.leg, x.pays = leg, i
		}
	}
	var off float64
	for i := range p.Tasks {
		for j := range p.Tasks[i].Modes {
			m := &p.Tasks[i].Modes[j]
			lasts(m.Service, "tasks[%d].modes[%d].service", i, j)
			for k, service := range m.ByClass {
				lasts(service, "tasks[%d].modes[%d].byClass[%d]", i, j, k)
			}
			for k, window := range m.Windows {
				lasts(window.From, "tasks[%d].modes[%d].windows[%d].from", i, j, k)
				lasts(window.To, "tasks[%d].modes[%d].windows[%d].to", i, j, k)
				wish := m.preferred(k)
				off = max(off, float64(wish.Early)*float64(w.preferred), float64(wish.Late)*float64(w.preferred))
			}
		}
	}
	x.rate += off
	return x
}

// describe names the sizes of the levels, that of hard terms first.
func describe(levels []size, must int) string {
	var parts []string
	add := func(name string, x size) {
		if x.most > 0 {
			parts = append(parts, fmt.Sprintf("%s up to %.3g in steps of %d", name, x.most, max(x.step, 1)))
		}
	}
	if must > 0 {
		parts = append(parts, fmt.Sprintf("%d tasks that must be done", must))
	}
	last := len(levels) - 1
	add("hard terms", levels[last])
	for l, x := range levels[:last] {
		add(fmt.Sprintf("level %d", l), x)
	}
	return strings.Join(parts, ", ")
}

// barredHard notes which terms are hard and barred.
type barredHard struct{ fixed, assign, overtime, breaks, preferred bool }

func (p *Problem) barred() barredHard {
	var b barredHard
	for i := range p.Terms {
		if !p.Terms[i].Hard {
			continue
		}
		switch p.Terms[i].Kind {
		case TermFixed:
			b.fixed = true
		case TermAssign:
			b.assign = true
		case TermOvertime:
			b.overtime = true
		case TermBreaks:
			b.breaks = true
		case TermPreferred:
			b.preferred = true
		}
	}
	return b
}

// withoutCost is a shift as it is where overtime or missed breaks may cost
// nothing.
func (b *barredHard) withoutCost(s Shift) Shift {
	if b.overtime && s.Overtime != nil {
		for _, tier := range s.Overtime {
			if tier.Cost > 0 {
				s.End += tier.After
				break
			}
		}
		s.Overtime = nil
	}
	if b.breaks {
		breaks := make([]Break, len(s.Breaks))
		for i := range s.Breaks {
			breaks[i] = s.Breaks[i]
			breaks[i].MissCost = 0
		}
		s.Breaks = breaks
	}
	return s
}

// onlyPreferred leaves a task the parts of its windows that cost nothing. When
// there are none, it is barred.
func (n *nodeModel) onlyPreferred() {
	if !n.priced {
		return
	}
	if parts := inside(n); len(parts) > 0 {
		n.hard = parts
	} else {
		n.barred = true
	}
	n.preferred, n.byWindow, n.priced = Preferred{}, nil, false
	n.due, n.dues = Infinity, nil
}

// costsHard tells whether it costs a hard term anything that a shift does a task,
// whenever that is.
func (m *model) costsHard(u, r int32) bool {
	mode := m.mode(u)
	return m.nodes[u].barred || m.barred.fixed && m.problem.Shifts[r].Fixed > 0 ||
		m.barred.assign && (mode.Cost > 0 || mode.ShiftCost != nil && mode.ShiftCost[r] > 0)
}

// stage is the part of a cooling that is about one level.
type stage struct{ hot, cold, perTask float64 }

// stages are the temperatures level by level: each is searched at the scale of
// its own costs, from the first to the last, and what lies between two scales is
// left out, for there the one level is settled and the other one still random. A
// level that has no more than unserved tasks and the use of shifts has no stage:
// those come and go in every one. Neither has one that costs nothing from the
// start. Nil: there is one level.
func (c *crew) stages(hot, cold float64) []stage {
	f := c.model.fold
	if f == nil {
		return nil
	}
	costs := make([]float64, len(f.factor))
	for _, t := range c.timetable().solution().Terms {
		if t.Level != HardLevel && t.Kind != TermUnserved && t.Kind != TermFixed {
			costs[t.Level] += float64(t.Cost)
		}
	}
	_, _, served := c.costs()
	var stages []stage
	for l, cost := range costs {
		if cost == 0 {
			continue
		}
		scale := cost / float64(max(served, 1)) * float64(f.factor[l])
		step := float64(f.step[l]) * float64(f.factor[l])
		x := stage{hot: max(scale*hot, step), cold: scale * min(hot, cold), perTask: max(scale, 1)}
		if l+1 < len(costs) {
			x.cold = max(x.cold, step/coldSteps) // less than a step is about the levels below
		}
		x.cold = max(min(x.hot, x.cold), 1)
		stages = append(stages, x)
	}
	return stages
}

// coldSteps: at a temperature of a step over that, no step of a level is accepted.
const coldSteps = 5
