package solver

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrInvalid is wrapped by every fault that Validate finds in a problem that
// is wrong in itself, and by those of Options.
var ErrInvalid = errors.New("solver: invalid problem")

// most bounds what a problem may contain in one number, so that no sum of
// times or costs can leave the range of an int64 unseen.
const most = int64(1) << 40

// validation collects faults; each names the field that it was found in.
type validation struct {
	faults  []error
	zeroPin int // tasks whose pin is the zero value
}

// mostFaults are told; of a problem that is wrong all over nobody reads more.
const mostFaults = 50

// joined is all faults, or the first ones and how many more there are.
func (v *validation) joined() error {
	if more := len(v.faults) - mostFaults; more > 1 {
		return errors.Join(append(slices.Clip(v.faults[:mostFaults]), fmt.Errorf("%w; and %d more faults like these", v.faults[mostFaults], more-1))...)
	}
	return errors.Join(v.faults...)
}

func (v *validation) wrong(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...)))
}

func (v *validation) number(value int64, format string, args ...any) {
	if value < 0 || value > most {
		v.wrong("%s: %d is outside 0..%d", fmt.Sprintf(format, args...), value, most)
	}
}

func (v *validation) time(value int64, format string, args ...any) {
	switch {
	case value == Infinity || value == -Infinity:
		v.wrong("%s: Infinity is no time here; write the first or last time that the plan is about", fmt.Sprintf(format, args...))
	case value < -most || value > most:
		v.wrong("%s: %d is outside -%d..%d", fmt.Sprintf(format, args...), value, most, most)
	}
}

// index judges an index into so many things. Where none of them are known
// (-1: the fault is told elsewhere) it says nothing.
func (v *validation) index(value int32, count int, thing, format string, args ...any) {
	if count >= 0 && (value < 0 || int(value) >= count) {
		v.wrong("%s: no such %s: %d, there are %d and the first is 0", fmt.Sprintf(format, args...), thing, value, count)
	}
}

// Validate returns every fault of the problem, joined and located.
func (p *Problem) Validate() error {
	v := &validation{}
	if p == nil {
		v.wrong("problem: nil")
		return v.joined()
	}
	locations := p.validateProfiles(v)
	p.validateTerms(v)
	for i := range p.Shifts {
		p.validateShift(v, i, locations)
	}
	for i := range p.Tasks {
		p.validateTask(v, i, locations)
	}
	p.validatePaid(v)
	p.validatePairs(v)
	p.validateLinks(v)
	p.validateCoverage(v, locations)
	for i, x := range p.Resources {
		v.number(x.Capacity, "resources[%d].capacity", i)
		v.number(x.Sharers, "resources[%d].sharers", i)
		if x.Capacity > 0 && x.Sharers > most/x.Capacity {
			v.wrong("resources[%d]: %d units with %d sharers each are more than %d shifts; no more shifts than there are can hold it", i, x.Capacity, x.Sharers, most)
		}
	}
	for i, g := range p.Groups {
		v.number(int64(g.MostShifts), "groups[%d].mostShifts", i)
		v.number(g.ShiftCost, "groups[%d].shiftCost", i)
	}
	if len(v.faults) == 0 {
		p.validateSize(v)
	}
	return v.joined()
}

// validateProfiles returns how many locations there are, or -1 where no matrix says so.
func (p *Problem) validateProfiles(v *validation) int {
	if len(p.Profiles) == 0 {
		v.wrong("profiles: none; one with the matrix of one period is the least")
		return -1
	}
	locations := -1
	for i, profile := range p.Profiles {
		switch {
		case len(profile.Periods) == 0:
			v.wrong("profiles[%d].periods: none", i)
			continue
		case len(profile.Periods) > mostPeriods:
			v.wrong("profiles[%d].periods: more than %d", i, mostPeriods)
		case profile.Periods[0].From > 0:
			v.wrong("profiles[%d].periods[0].from: %d, so that departures before it have no travel; 0 is from the beginning", i, profile.Periods[0].From)
		}
		if locations < 0 {
			locations = profile.Periods[0].N
		}
		for k := range profile.Periods {
			v.period(&profile, i, k, locations)
		}
	}
	if locations <= 0 {
		return -1
	}
	return locations
}

// mostLocations is far more than memory has room for the ways between.
const mostLocations = 1 << 20

// mostPeriods bounds the work that every leg makes.
const mostPeriods = 100

func (v *validation) period(profile *Profile, i, k, locations int) {
	period := &profile.Periods[k]
	if k > 0 {
		v.time(period.From, "profiles[%d].periods[%d].from", i, k)
		if period.From <= profile.Periods[k-1].From {
			v.wrong("profiles[%d].periods[%d].from: %d does not come after the period before", i, k, period.From)
		}
		if (period.Distance == nil) != (profile.Periods[0].Distance == nil) {
			v.wrong("profiles[%d].periods[%d].distance: either all periods have distances or none", i, k)
		}
	}
	if period.N <= 0 {
		v.wrong("profiles[%d].periods[%d].n: %d locations; there must be one at least, and times between all", i, k, period.N)
		return
	}
	if period.N > mostLocations {
		v.wrong("profiles[%d].periods[%d].n: %d locations; at most %d", i, k, period.N, mostLocations)
		return
	}
	if period.N != locations {
		v.wrong("profiles[%d].periods[%d].n: %d locations, another profile or period has %d", i, k, period.N, locations)
	}
	if len(period.Time) != period.N*period.N {
		v.wrong("profiles[%d].periods[%d].time: %d entries, want %d", i, k, len(period.Time), period.N*period.N)
	}
	if period.Distance != nil && len(period.Distance) != period.N*period.N {
		v.wrong("profiles[%d].periods[%d].distance: %d entries, want %d", i, k, len(period.Distance), period.N*period.N)
	}
	for j, t := range period.Time {
		if t < 0 {
			v.wrong("profiles[%d].periods[%d].time[%d]: negative", i, k, j)
			break
		}
	}
	for j, d := range period.Distance {
		if d < 0 {
			v.wrong("profiles[%d].periods[%d].distance[%d]: negative", i, k, j)
			break
		}
	}
}

func (p *Problem) validateTerms(v *validation) {
	if len(p.Terms) == 0 {
		v.wrong("terms: none is listed; see DefaultTerms")
	}
	seen := map[TermKind]bool{}
	for i, t := range p.Terms {
		switch t.Kind {
		case TermUnserved, TermFixed, TermTravel, TermDistance, TermWork, TermWait, TermPreferred, TermAssign,
			TermOvertime, TermBreaks, TermBalance, TermTardiest, TermWaitMost, TermIdleMost, TermGroups, TermChanges, TermCoverage:
		default:
			v.wrong("terms[%d].kind: unknown", i)
		}
		if seen[t.Kind] {
			v.wrong("terms[%d].kind: listed twice", i)
		}
		seen[t.Kind] = true
		if t.Weight <= 0 || t.Weight > most {
			v.wrong("terms[%d].weight: %d is outside 1..%d", i, t.Weight, most)
		}
		if t.Level < 0 || t.Level >= mostLevels {
			v.wrong("terms[%d].level: %d is outside 0..%d", i, t.Level, mostLevels-1)
		}
		if t.Hard && t.Level != 0 {
			v.wrong("terms[%d].level: %d of a hard term, which is above all levels", i, t.Level)
		}
	}
}

// mostBreaks is far more than anybody has use for, and a byte counts them.
const mostBreaks = 100

func (p *Problem) validateShift(v *validation, i, locations int) {
	s := &p.Shifts[i]
	if len(p.Profiles) > 0 {
		v.index(s.Profile, len(p.Profiles), "profile", "shifts[%d].profile", i)
	}
	v.index(s.From, locations, "location", "shifts[%d].from", i)
	v.index(s.To, locations, "location", "shifts[%d].to", i)
	if s.Person < 0 {
		v.wrong("shifts[%d].person: negative", i)
	}
	v.time(s.Start, "shifts[%d].start", i)
	v.time(s.End, "shifts[%d].end", i)
	if s.End < s.Start {
		v.wrong("shifts[%d]: ends before it starts", i)
	}
	for d, c := range s.Capacity {
		v.number(c, "shifts[%d].capacity[%d]", i, d)
	}
	v.number(s.Fixed, "shifts[%d].fixed", i)
	v.number(s.TimeCost, "shifts[%d].timeCost", i)
	v.number(s.DistanceCost, "shifts[%d].distanceCost", i)
	v.number(s.DistanceUnit, "shifts[%d].distanceUnit", i)
	v.number(s.WorkCost, "shifts[%d].workCost", i)
	v.number(s.WaitCost, "shifts[%d].waitCost", i)
	if s.DistanceCost > 0 && int(s.Profile) < len(p.Profiles) && s.Profile >= 0 &&
		len(p.Profiles[s.Profile].Periods) > 0 && p.Profiles[s.Profile].Periods[0].Distance == nil {
		v.wrong("shifts[%d].distanceCost: its profile has no distances", i)
	}
	v.overtime(s, i)
	v.number(s.LongestWork, "shifts[%d].longestWork", i)
	v.number(s.LongestTravel, "shifts[%d].longestTravel", i)
	p.validateStock(v, i, locations)
	for j, k := range s.Resources {
		v.index(k, len(p.Resources), "resource", "shifts[%d].resources[%d]", i, j)
		if slices.Contains(s.Resources[:j], k) {
			v.wrong("shifts[%d].resources[%d]: resource %d is listed twice", i, j, k)
		}
	}
	if len(s.Breaks) > mostBreaks {
		v.wrong("shifts[%d].breaks: more than %d", i, mostBreaks)
	}
	for j, b := range s.Breaks {
		v.time(b.From, "shifts[%d].breaks[%d].from", i, j)
		v.time(b.To, "shifts[%d].breaks[%d].to", i, j)
		v.number(b.Length, "shifts[%d].breaks[%d].length", i, j)
		switch {
		case b.To < b.From:
			v.wrong("shifts[%d].breaks[%d]: window ends before it starts", i, j)
		case b.To < s.Start || b.From > s.latest()-max(b.Length, 0):
			v.wrong("shifts[%d].breaks[%d]: %d..%d with %d of length does not lie in the shift's %d..%d", i, j, b.From, b.To, b.Length, s.Start, s.latest())
		case j > 0 && b.To < s.Breaks[j-1].From:
			v.wrong("shifts[%d].breaks[%d]: comes before breaks[%d] by its window; list breaks in the order they are taken", i, j, j-1)
		}
		v.number(b.AfterWork, "shifts[%d].breaks[%d].afterWork", i, j)
		if b.AfterWork > 0 && j == 0 && !s.LeaveLate && s.Start+b.AfterWork < b.From {
			v.wrong("shifts[%d].breaks[0].afterWork: %d after the shift's start at %d its window is still closed", i, b.AfterWork, s.Start)
		}
		if b.Location != None {
			v.index(b.Location, locations, "location", "shifts[%d].breaks[%d].location", i, j)
		}
		if b.Location != None && b.AtNext {
			v.wrong("shifts[%d].breaks[%d].location: it is taken at the next stop", i, j)
		}
		v.number(b.MissCost, "shifts[%d].breaks[%d].missCost", i, j)
	}
	if s.Profile >= 0 && int(s.Profile) < len(p.Profiles) && len(s.Breaks) > mostChained && s.chained(len(p.Profiles[s.Profile].Periods)) {
		v.wrong("shifts[%d].breaks: more than %d, where one is after so much work, at a location or may be missed, or travel by period is limited", i, mostChained)
	}
}

func (v *validation) overtime(s *Shift, i int) {
	for j, tier := range s.Overtime {
		v.number(tier.After, "shifts[%d].overtime[%d].after", i, j)
		last := j == len(s.Overtime)-1
		switch {
		case last && tier.Cost != Infinity:
			v.wrong("shifts[%d].overtime[%d].cost: %d; of the last tier it is Infinity, for there overtime ends", i, j, tier.Cost)
		case !last:
			v.number(tier.Cost, "shifts[%d].overtime[%d].cost", i, j)
		}
		if j > 0 && (tier.After <= s.Overtime[j-1].After || tier.Cost < s.Overtime[j-1].Cost) {
			v.wrong("shifts[%d].overtime[%d]: does not come after the tier before it, or costs less", i, j)
		}
	}
	v.time(s.latest(), "shifts[%d]: the end of overtime", i)
}

func (p *Problem) validateTask(v *validation, i, locations int) {
	t := &p.Tasks[i]
	if t.UnservedCost != Infinity {
		v.number(t.UnservedCost, "tasks[%d].unservedCost", i)
	}
	if t.Level < 0 || t.Level >= mostLevels {
		v.wrong("tasks[%d].level: %d is outside 0..%d", i, t.Level, mostLevels-1)
	} else if t.Level > 0 {
		p.validateTaskLevel(v, i)
	}
	if t.Group != None && !(t.Group == 0 && len(p.Groups) == 0) {
		v.index(t.Group, len(p.Groups), "group", "tasks[%d].group", i)
	}
	v.former(p, &t.Was, i)
	if t.Pin.Position < None {
		v.wrong("tasks[%d].pin.position: %d is negative; None is any", i, t.Pin.Position)
	}
	if t.Pin.Shift != None {
		v.index(t.Pin.Shift, len(p.Shifts), "shift", "tasks[%d].pin.shift", i)
	}
	if t.Pin == (Pin{}) {
		if v.zeroPin++; v.zeroPin == 2 {
			v.wrong("tasks[%d].pin: the zero value, which locks to shift 0 at time 0 and to the front, as that of a task before; what locks nothing is FreePin()", i)
		}
	}
	if len(t.Modes) == 0 {
		v.wrong("tasks[%d].modes: none", i)
		return
	}
	if len(t.Modes) > mostModes {
		v.wrong("tasks[%d].modes: more than %d", i, mostModes)
		return
	}
	faults := len(v.faults)
	for k := range t.Modes {
		p.validateMode(v, i, k, locations)
	}
	if len(v.faults) > faults {
		return // shifts may have no class
	}
	if p.ways(t) > mostModes {
		v.wrong("tasks[%d].modes: more than %d, those at whose end windows are counted once for each length", i, mostModes)
	}
	if t.Pin.Start != Infinity && !slices.ContainsFunc(t.Modes, func(m Mode) bool { return p.opensAt(&m, t.Pin.Start) }) {
		v.wrong("tasks[%d].pin.start: outside every window", i)
	}
}

// opensAt tells whether a start lies in one of the windows of a mode, for some shift.
func (p *Problem) opensAt(m *Mode, start int64) bool {
	return slices.ContainsFunc(p.lengths(m), func(lasts int64) bool {
		x := *m
		if lasts != anyLength {
			x.Service = lasts
		}
		return x.opensAt(start)
	})
}

// validateMode judges one way to do a task.
func (p *Problem) validateMode(v *validation, i, k, locations int) {
	m := &p.Tasks[i].Modes[k]
	v.index(m.Location, locations, "location", "tasks[%d].modes[%d].location", i, k)
	if last := m.Allowed.last(); last >= len(p.Shifts) {
		v.index(int32(min(last, math.MaxInt32)), len(p.Shifts), "shift", "tasks[%d].modes[%d].allowed", i, k)
	}
	v.number(m.Service, "tasks[%d].modes[%d].service", i, k)
	for j, s := range m.ByClass {
		v.number(s, "tasks[%d].modes[%d].byClass[%d]", i, k, j)
	}
	if m.ByClass != nil {
		for j, s := range p.Shifts {
			if s.Class < 0 || int(s.Class) >= len(m.ByClass) {
				v.wrong("tasks[%d].modes[%d].byClass: no entry for the class of shifts[%d]", i, k, j)
				break
			}
		}
	}
	p.validateWindows(v, i, k)
	if m.ShiftCost != nil && len(m.ShiftCost) != len(p.Shifts) {
		v.wrong("tasks[%d].modes[%d].shiftCost: %d entries, want %d", i, k, len(m.ShiftCost), len(p.Shifts))
	}
	for j, c := range m.ShiftCost {
		if c < 0 || c > most { // asked first: there are as many as tasks times shifts
			v.number(c, "tasks[%d].modes[%d].shiftCost[%d]", i, k, j)
		}
	}
	v.number(m.Cost, "tasks[%d].modes[%d].cost", i, k)
	p.validateUse(v, m.Use, "tasks[%d].modes[%d]", i, k)
	for d, load := range m.Load {
		v.number(max(load, -load), "tasks[%d].modes[%d].load[%d]", i, k, d)
		for j, s := range p.Shifts {
			if len(s.Capacity) <= d {
				v.wrong("tasks[%d].modes[%d].load[%d]: shifts[%d] has no such capacity", i, k, d, j)
				break
			}
		}
	}
	v.number(m.OnBoard, "tasks[%d].modes[%d].onBoard", i, k)
	if first := p.Tasks[i].Modes[0].PickupOf; m.PickupOf != first {
		v.wrong("tasks[%d].modes[%d].pickupOf: %d, and of modes[0] %d; all modes deliver the same", i, k, m.PickupOf, first)
		return
	}
	if m.PickupOf != None {
		p.validatePair(v, i, k)
	} else if m.OnBoard != 0 {
		v.wrong("tasks[%d].modes[%d].onBoard: of a task that delivers nothing", i, k)
	}
}

// former judges what a given roster says.
func (v *validation) former(p *Problem, was *Former, i int) {
	v.number(was.ShiftCost, "tasks[%d].was.shiftCost", i)
	v.number(was.StartCost, "tasks[%d].was.startCost", i)
	if was.ShiftCost > 0 {
		v.index(was.Shift, len(p.Shifts), "shift", "tasks[%d].was.shift", i)
	}
	if was.StartCost > 0 {
		v.time(was.Start, "tasks[%d].was.start", i)
		v.number(was.Tolerance, "tasks[%d].was.tolerance", i)
	}
}

// validateTaskLevel judges a level below that of the term unserved.
func (p *Problem) validateTaskLevel(v *validation, i int) {
	for _, t := range p.Terms {
		if t.Kind == TermUnserved && t.Hard {
			v.wrong("tasks[%d].level: %d, and the term unserved is hard", i, p.Tasks[i].Level)
		}
	}
}

// validatePair judges a delivery in one of its modes beside its pickup.
func (p *Problem) validatePair(v *validation, i, k int) {
	m := &p.Tasks[i].Modes[k]
	if m.PickupOf < 0 || int(m.PickupOf) >= len(p.Tasks) || int(m.PickupOf) == i {
		v.wrong("tasks[%d].modes[%d].pickupOf: no such other task", i, k)
		return
	}
	pickup := &p.Tasks[m.PickupOf]
	if len(pickup.Modes) == 0 {
		return
	}
	if pickup.Modes[0].PickupOf != None {
		v.wrong("tasks[%d].modes[%d].pickupOf: task %d is a delivery itself", i, k, m.PickupOf)
	}
	for d, load := range m.Load {
		if load < 0 && -load > pickup.picksUp(d) {
			v.wrong("tasks[%d].modes[%d].load[%d]: sets down more than task %d picks up in every mode", i, k, d, m.PickupOf)
		}
	}
}

// picksUp is the load of a dimension that a task has in every mode.
func (t *Task) picksUp(d int) int64 {
	least := Infinity
	for k := range t.Modes {
		load := int64(0)
		if d < len(t.Modes[k].Load) {
			load = t.Modes[k].Load[d]
		}
		least = min(least, load)
	}
	return least
}

// setsDown is the most that a delivery sets down of a dimension in any mode.
func (t *Task) setsDown(d int) (down int64) {
	for k := range t.Modes {
		if d < len(t.Modes[k].Load) {
			down = max(down, -max(t.Modes[k].Load[d], -most))
		}
	}
	return down
}

// validatePairs finds pickups of which several deliveries set down too much.
func (p *Problem) validatePairs(v *validation) {
	type total struct {
		pickup    int32
		dimension int
	}
	down := map[total]int64{}
	for i := range p.Tasks {
		if len(p.Tasks[i].Modes) == 0 {
			continue
		}
		m := &p.Tasks[i].Modes[0]
		if m.PickupOf < 0 || int(m.PickupOf) >= len(p.Tasks) || len(p.Tasks[m.PickupOf].Modes) == 0 {
			continue
		}
		pickup := &p.Tasks[m.PickupOf]
		dims := 0
		for k := range p.Tasks[i].Modes {
			dims = max(dims, len(p.Tasks[i].Modes[k].Load))
		}
		for d := range dims {
			sum, sets := total{m.PickupOf, d}, p.Tasks[i].setsDown(d)
			before := down[sum]
			down[sum] = min(most, before+sets)
			if up := pickup.picksUp(d); before > 0 && sets > 0 && sets <= up && down[sum] > up {
				v.wrong("tasks[%d].modes[0].load[%d]: sets down more, with the deliveries before it, than task %d picks up", i, d, m.PickupOf)
			}
		}
	}
}

func (p *Problem) validateWindows(v *validation, i, k int) {
	m := &p.Tasks[i].Modes[k]
	if len(m.Windows) == 0 {
		v.wrong("tasks[%d].modes[%d].windows: none", i, k)
	}
	for j, w := range m.Windows {
		v.time(w.From, "tasks[%d].modes[%d].windows[%d].from", i, k, j)
		v.time(w.To, "tasks[%d].modes[%d].windows[%d].to", i, k, j)
		if w.To < w.From {
			v.wrong("tasks[%d].modes[%d].windows[%d]: ends before it starts", i, k, j)
		}
		if j > 0 && w.From <= m.Windows[j-1].To {
			v.wrong("tasks[%d].modes[%d].windows[%d]: does not start after the one before it ends", i, k, j)
		}
	}
	v.preferred(&m.Preferred, "tasks[%d].modes[%d].preferred", i, k)
	if m.ByWindow != nil && len(m.ByWindow) != len(m.Windows) {
		v.wrong("tasks[%d].modes[%d].byWindow: %d entries for %d windows", i, k, len(m.ByWindow), len(m.Windows))
	}
	for j := range m.ByWindow {
		v.preferred(&m.ByWindow[j], "tasks[%d].modes[%d].byWindow[%d]", i, k, j)
	}
}

func (v *validation) preferred(p *Preferred, format string, args ...any) {
	where := fmt.Sprintf(format, args...)
	v.number(p.Early, "%s.early", where)
	v.number(p.Late, "%s.late", where)
	if p.Early != 0 || p.Late != 0 {
		v.time(p.From, "%s.from", where)
		v.time(p.To, "%s.to", where)
		if p.To < p.From {
			v.wrong("%s: ends before it starts", where)
		}
	}
}

func (p *Problem) validateLinks(v *validation) {
	for i, l := range p.Links {
		v.index(l.First, len(p.Tasks), "task", "links[%d].first", i)
		v.index(l.Second, len(p.Tasks), "task", "links[%d].second", i)
		if l.First == l.Second {
			v.wrong("links[%d]: ties a task to itself", i)
		}
		if l.Min != -Infinity {
			v.time(l.Min, "links[%d].min", i)
		}
		if l.Max != Infinity {
			v.time(l.Max, "links[%d].max", i)
		}
		if l.Max < l.Min {
			v.wrong("links[%d]: the largest gap is below the smallest", i)
		}
		if l.Shift > DifferentShift {
			v.wrong("links[%d].shift: unknown clause", i)
		}
		if l.Apart && l.Min <= 0 {
			v.wrong("links[%d].min: %d; of tasks that are apart it is more than 0", i, l.Min)
		}
	}
}

func (p *Problem) validateCoverage(v *validation, locations int) {
	for i, c := range p.Coverage {
		v.index(p.Coverage[i].Location, locations, "location", "coverage[%d].location", i)
		v.time(c.From, "coverage[%d].from", i)
		v.time(c.To, "coverage[%d].to", i)
		if c.To < c.From {
			v.wrong("coverage[%d]: ends before it starts", i)
		}
		v.number(c.Reach, "coverage[%d].reach", i)
		v.number(int64(c.Shifts), "coverage[%d].shifts", i)
		v.number(c.Cost, "coverage[%d].cost", i)
	}
}

// validateSize refuses prices whose worst sum would not fit: every price times
// the longest time or distance that it could meet, over all tasks and shifts.
func (p *Problem) validateSize(v *validation) {
	z := p.sizes()
	var sum, scale float64
	for i := range p.Terms {
		t := &p.Terms[i]
		switch t.Kind {
		case TermUnserved:
			for _, x := range z.unserved {
				sum += x.most * float64(t.Weight)
			}
		case TermDistance:
			scale = z.route * float64(t.Weight)
			fallthrough
		default:
			sum += z.of[t.Kind].most * float64(t.Weight)
		}
	}
	p.validateRange(v, z.farthest)
	must := float64(mandatoryCost(len(p.Tasks)))
	flat := p.scales(nil, z)
	switch fold, err := p.fold(); {
	case sum > mostCost:
		v.wrong("prices: the dearest solution could cost %.3g, which is over %.3g; choose coarser units", sum, mostCost)
	case scale > mostScaled:
		v.wrong("prices: distances could cost %.3g before they are divided by their unit, which is over %.3g; choose coarser units", scale, mostScaled)
	case float64(flat.time)*flat.rate > mostScaled:
		v.wrong("%s: %d from 0, where a unit of time costs up to %.3g: together more than %.3g; count times from the start of the day, or choose coarser units",
			flat.when, flat.time, flat.rate, mostScaled)
	case flat.leg*estimated > mostScaled:
		v.wrong("shifts[%d].distanceCost: the longest leg costs %.3g, which is over %.3g; choose coarser units", flat.pays, flat.leg, mostScaled/estimated)
	case err != nil:
		v.wrong("terms: %s", err)
	case fold == nil && sum >= must && p.mustBeDone() > 0:
		v.wrong("prices: the dearest solution could cost %.3g, and to leave out one of %d tasks that must be done counts %.3g; choose coarser units", sum, len(p.Tasks), must)
	}
}

// weights holds Term.Weight by kind with the factor of its level, 0 for a term
// that is off.
type weights struct {
	unserved                                                                 []int64 // by Task.Level
	fixed, travel, distance, work, wait, preferred, assign, overtime, breaks int64
	distanceFold                                                             int64 // the factor of distance, which is apart: what a route's costs is rounded first
	tardiest, waitMost, idleMost, balance, groups, changes, coverage         int64
}

func (p *Problem) weights(f *fold) weights {
	w := weights{unserved: make([]int64, p.taskLevels()), distanceFold: 1}
	of := map[TermKind]*int64{
		TermFixed: &w.fixed, TermTravel: &w.travel, TermWork: &w.work, TermWait: &w.wait,
		TermPreferred: &w.preferred, TermAssign: &w.assign, TermOvertime: &w.overtime, TermBreaks: &w.breaks,
		TermTardiest: &w.tardiest, TermWaitMost: &w.waitMost, TermIdleMost: &w.idleMost, TermBalance: &w.balance, TermGroups: &w.groups, TermChanges: &w.changes, TermCoverage: &w.coverage,
	}
	for i := range p.Terms {
		t := &p.Terms[i]
		switch {
		case t.barred():
			*of[t.Kind] = t.Weight // costs nothing
		case t.Kind == TermUnserved:
			for k := range w.unserved {
				level := HardLevel
				if !t.Hard {
					level = t.Level + k
				}
				w.unserved[k] = t.Weight * f.of(level)
			}
		case t.Kind == TermDistance:
			w.distance, w.distanceFold = t.Weight, f.of(t.level())
		default:
			*of[t.Kind] = t.Weight * f.of(t.level())
		}
	}
	return w
}
