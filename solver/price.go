package solver

import (
	"cmp"
	"slices"
)

// Price computes the terms of the objective from the stops of a solution, in
// the order of Problem.Terms, and unserved once for each level from its own to
// that of the task with the highest. It does not look at Solution.Cost and Terms.
func Price(p *Problem, s *Solution) []TermCost {
	p = p.asReported(s)
	sums := map[TermKind]int64{}
	weight := map[TermKind]int64{}
	for _, t := range p.Terms {
		weight[t.Kind] = t.Weight
	}
	unserved := make([]int64, p.taskLevels())
	for _, task := range s.Unserved {
		sums[TermChanges] += p.Tasks[task].Was.ShiftCost * weight[TermChanges]
		sum := &unserved[p.Tasks[task].Level]
		if cost := p.Tasks[task].UnservedCost; cost == Infinity {
			*sum = Infinity
		} else if *sum < Infinity {
			*sum += cost * weight[TermUnserved]
		}
	}
	shiftOf := make([]int32, len(p.Tasks))
	for i := range shiftOf {
		shiftOf[i] = None
	}
	for r := range s.Routes {
		for _, stop := range s.Routes[r].Stops {
			if stop.Task != None {
				shiftOf[stop.Task] = int32(r)
			}
		}
	}
	for i, list := range people(p, shiftOf) {
		sums[TermGroups] += int64(len(list)) * p.Groups[i].ShiftCost * weight[TermGroups]
	}
	works := make([]int64, len(s.Routes))
	var allWork int64
	for r := range s.Routes {
		shift, route := &p.Shifts[r], &s.Routes[r]
		if len(route.Stops) == 0 {
			sums[TermIdleMost] = max(sums[TermIdleMost], (shift.End-shift.Start)*weight[TermIdleMost])
			continue
		}
		begin, end := span(shift, route)
		idle := max(shift.End, end) - shift.Start - route.Travel
		works[r] = route.Travel
		work, busy := end-begin, int64(0) // busy: what is not waiting, up to the end of the last task
		until := begin
		lastLeg := int64(0)
		travel := travelOf(p, int32(r))
		from := shift.From
		var rested, missed int64 // breaks, and legs to them, since the last task; cost of those not taken
		for i := range shift.Breaks {
			missed += shift.Breaks[i].MissCost
		}
		for _, stop := range route.Stops {
			if stop.isBreak() {
				b := &shift.Breaks[stop.Break]
				missed -= b.MissCost
				rested += b.Length
				idle -= b.Length
				if b.Location != None {
					leg, _, _ := travel(from, b.Location, stop.Depart)
					rested, from = rested+leg, b.Location
				}
				if !b.Paid {
					work -= b.Length
				}
				continue
			}
			mode := modeOf(p, shift, &stop)
			lastLeg, _, _ = travel(from, mode.Location, stop.Depart)
			busy += lastLeg + rested + stop.End - stop.Start
			idle -= stop.End - stop.Start
			works[r] += stop.End - stop.Start
			wait := stop.Start - until - lastLeg - rested
			sums[TermWaitMost] = max(sums[TermWaitMost], wait*weight[TermWaitMost])
			rested, until, from = 0, stop.End, mode.Location
			sums[TermAssign] += mode.Cost * weight[TermAssign]
			if mode.ShiftCost != nil {
				sums[TermAssign] += mode.ShiftCost[r] * weight[TermAssign]
			}
			wish, at := mode.Preferred, heldAt(mode, &stop)
			for i, w := range mode.Windows {
				if mode.ByWindow != nil && w.From <= at && at <= w.To {
					wish = mode.ByWindow[i]
				}
			}
			sums[TermChanges] += changed(p, &stop, int32(r)) * weight[TermChanges]
			if early := wish.From - at; early > 0 {
				sums[TermPreferred] += early * wish.Early * weight[TermPreferred]
			}
			if late := at - wish.To; late > 0 && wish.Late > 0 {
				sums[TermPreferred] += late * wish.Late * weight[TermPreferred]
				sums[TermTardiest] = max(sums[TermTardiest], late*weight[TermTardiest])
			}
		}
		for i, tier := range shift.Overtime[:max(len(shift.Overtime)-1, 0)] {
			upto := min(end, shift.End+shift.Overtime[i+1].After)
			sums[TermOvertime] += max(0, upto-shift.End-tier.After) * tier.Cost * weight[TermOvertime]
		}
		allWork += works[r]
		sums[TermIdleMost] = max(sums[TermIdleMost], idle*weight[TermIdleMost])
		sums[TermBreaks] += missed * weight[TermBreaks]
		sums[TermFixed] += shift.Fixed * weight[TermFixed]
		sums[TermTravel] += route.Travel * shift.TimeCost * weight[TermTravel]
		sums[TermDistance] += route.Distance * shift.DistanceCost * weight[TermDistance] / max(shift.DistanceUnit, 1)
		sums[TermWork] += work * shift.WorkCost * weight[TermWork]
		sums[TermWait] += (until - begin - busy) * shift.WaitCost * weight[TermWait]
	}
	for _, work := range works {
		off := work*int64(len(works)) - allWork // so many times over
		if off < 0 {
			off = -off
		}
		whole := off / int64(len(works))
		if off%int64(len(works)) > 0 {
			whole++
		}
		sums[TermBalance] += whole * weight[TermBalance]
	}
	if weight[TermCoverage] > 0 {
		sums[TermCoverage] = priceCoverage(p, s) * weight[TermCoverage]
	}
	terms := make([]TermCost, 0, len(p.Terms))
	for i := range p.Terms {
		t := &p.Terms[i]
		if t.Kind != TermUnserved {
			terms = append(terms, TermCost{Kind: t.Kind, Level: t.level(), Cost: sums[t.Kind]})
			continue
		}
		for level, sum := range unserved {
			terms = append(terms, TermCost{Kind: t.Kind, Level: t.level() + level, Cost: sum})
		}
	}
	return terms
}

// priceCoverage is what the shifts that are missing at the points cost, from when
// each stop is reached and left.
func priceCoverage(p *Problem, s *Solution) (cost int64) {
	type change struct {
		at int64
		by int
	}
	for _, c := range p.Coverage {
		changes := []change{{c.From, 0}, {c.To, 0}}
		note := func(from, to int64) {
			if from, to = max(from, c.From), min(to, c.To); from < to {
				changes = append(changes, change{from, 1}, change{to, -1})
			}
		}
		for r := range s.Routes {
			shift, route := &p.Shifts[r], &s.Routes[r]
			if !c.Skills.Within(shift.Skills) {
				continue
			}
			travel := travelOf(p, int32(r))
			near := func(at int32) bool {
				for _, period := range p.Profiles[shift.Profile].Periods {
					if way, _, ok := travel(at, c.Location, period.From); ok && way <= c.Reach {
						return true
					}
				}
				return false
			}
			at, here := shift.From, near(shift.From)
			came := route.Leave
			goes := func(depart int64, to int32) {
				if here {
					note(came, depart)
				}
				time, _, _ := travel(at, to, depart)
				there := near(to)
				if here && there {
					note(depart, depart+time)
				}
				at, here, came = to, there, depart+time
			}
			for _, stop := range route.Stops {
				if !stop.isBreak() {
					goes(stop.Depart, modeOf(p, shift, &stop).Location)
				} else if b := &shift.Breaks[stop.Break]; b.Location != None {
					goes(stop.Depart, b.Location)
				}
			}
			if len(route.Stops) > 0 {
				goes(route.Return, shift.To)
			}
		}
		slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
		here := 0
		for i, x := range changes {
			if i > 0 {
				cost += (x.at - changes[i-1].at) * int64(max(0, c.Shifts-here)) * c.Cost
			}
			here += x.by
		}
	}
	return cost
}

// changed is what a stop costs for being another one than in the given roster.
func changed(p *Problem, stop *Stop, r int32) (cost int64) {
	if stop.Task == None {
		return 0
	}
	was := &p.Tasks[stop.Task].Was
	if was.ShiftCost > 0 && was.Shift != r && (p.Shifts[r].Person == 0 || p.Shifts[r].Person != p.Shifts[was.Shift].Person) {
		cost += was.ShiftCost
	}
	if was.StartCost > 0 && (stop.Start < was.Start-was.Tolerance || stop.Start > was.Start+was.Tolerance) {
		cost += was.StartCost
	}
	return cost
}

// travelOf returns the travel between locations for a shift, by departure.
func travelOf(p *Problem, r int32) func(from, to int32, depart int64) (time, distance int64, ok bool) {
	periods := p.Profiles[p.Shifts[r].Profile].Periods
	return func(from, to int32, depart int64) (int64, int64, bool) {
		period := &periods[0]
		for k := range periods[1:] {
			if depart >= periods[k+1].From {
				period = &periods[k+1]
			}
		}
		at := int(from)*period.N + int(to)
		if period.Time[at] == NoWay {
			return 0, 0, false
		}
		if period.Distance == nil {
			return int64(period.Time[at]), 0, true
		}
		return int64(period.Time[at]), int64(period.Distance[at]), true
	}
}
