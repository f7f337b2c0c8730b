package sets

import "github.com/slinga-se/slinga/solver"

// Problem has a term for each component that counts. The terms mean what the
// components do but for three things, in which the form is odd: a wait after a
// lunch that is the first stop costs here and not in Evaluate, the wait before a
// lunch and the one after it are one here, and a carer without visits misses the
// lunch that is due there and not here.
func (in *uhhc) Problem() *solver.Problem {
	p := &solver.Problem{Profiles: []solver.Profile{{Periods: []solver.Period{period(in.distances, 1)}}}}
	for _, c := range components {
		w := in.weights[c.component]
		t := solver.Term{Kind: c.kind, Weight: int64(w.value)}
		switch c.component {
		case optionalPatients:
			t.Weight = max(t.Weight, 1) // the others must be visited
		case totalTardiness, highestTardiness, totalExtra, missedLunch:
			// Hard, they are in the windows, shifts and breaks.
		default:
			if w.hard {
				t.Weight, t.Hard = 1, true
			}
		}
		if t.Weight == 0 {
			continue
		}
		p.Terms = append(p.Terms, t)
	}
	end := in.horizon()
	for t := range in.operations {
		p.Tasks = append(p.Tasks, in.task(t, end))
	}
	for i := range in.staff {
		p.Shifts = append(p.Shifts, in.shift(&in.staff[i], end))
	}
	for i := range in.pairs {
		p.Links = append(p.Links, in.pairs[i].link(1))
	}
	return p
}

// horizon is when all would be done if one carer did one thing after the other.
func (in *uhhc) horizon() int64 {
	leg := longest(in.distances)
	last, sum := in.lunch.End, leg+in.lunch.Length
	for i := range in.clients {
		windows := in.clients[i].windows
		last = max(last, windows[len(windows)-1].Start)
	}
	for i := range in.staff {
		last = max(last, in.staff[i].end)
	}
	for _, o := range in.operations {
		sum += leg + o.duration
	}
	for _, p := range in.pairs {
		sum += max(p.most, -p.least)
	}
	return int64(last + sum)
}

func (in *uhhc) task(t int, end int64) solver.Task {
	o := &in.operations[t]
	client := &in.clients[o.patient]
	task := solver.Task{Pin: solver.FreePin(), Group: solver.None, UnservedCost: solver.Infinity}
	if client.optional && !in.weights[optionalPatients].hard {
		task.UnservedCost = 0
		if t == client.first && in.weights[optionalPatients].value > 0 {
			task.UnservedCost = 1 // once a patient
		}
	}
	mode := solver.Mode{
		Location: int32(client.location), Service: int64(o.duration),
		Skills: solver.NewBits(o.service), PickupOf: solver.None,
	}
	if client.incompatible != nil {
		mode.Allowed = solver.NewBits()
		for c := range in.staff {
			if !client.incompatible.Has(c) {
				mode.Allowed = mode.Allowed.With(c)
			}
		}
	}
	if client.preferred != nil && in.counts(carerPreferences) {
		mode.ShiftCost = make([]int64, len(in.staff))
		for c := range in.staff {
			if !client.preferred.Has(c) {
				mode.ShiftCost[c] = 1
			}
		}
	}
	late := max(in.price(totalTardiness), in.price(highestTardiness))
	for i, w := range client.windows {
		// What starts before the next window opens is of this one.
		from, to, due := int64(w.Start), end, int64(w.End)
		if i+1 < len(client.windows) {
			to = int64(client.windows[i+1].Start) - 1
		}
		if in.atEnd {
			due -= int64(o.duration)
		}
		if in.punctual() {
			to = min(to, due)
		}
		if to < from {
			continue
		}
		mode.Windows = append(mode.Windows, solver.Window{From: from, To: to})
		if !in.punctual() {
			mode.ByWindow = append(mode.ByWindow, solver.Preferred{Window: solver.Window{From: min(from, due), To: due}, Late: late})
		}
	}
	task.Modes = []solver.Mode{mode}
	return task
}

func (in *uhhc) shift(c *uhhcCarer, end int64) solver.Shift {
	s := solver.Shift{
		From: int32(c.from), To: int32(c.to), Start: int64(c.start), End: int64(c.end),
		Skills: c.able, TimeCost: in.price(travelTime), WaitCost: in.price(totalWaiting), LeaveLate: in.leavesLate,
	}
	switch extra := in.weights[totalExtra]; {
	case extra.hard:
	case extra.value > 0:
		s.Overtime = []solver.Tier{{Cost: 1}, {After: max(1, end-s.End), Cost: solver.Infinity}}
	default:
		s.End = end // costs nothing
	}
	if c.lunch && in.counts(missedLunch) {
		lunch := solver.Break{
			Window: solver.Window{From: int64(in.lunch.Start), To: int64(in.lunch.End)}, Length: int64(in.lunch.Length),
			Location: solver.None, AtNext: true,
		}
		if in.atEnd {
			lunch.To -= lunch.Length
		}
		if !in.weights[missedLunch].hard {
			lunch.MissCost = 1
		}
		s.Breaks = []solver.Break{lunch}
	}
	return s
}
