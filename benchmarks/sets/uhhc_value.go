package sets

import "math"

// Evaluate believes the times of the plan if they can be kept.
//
// Where the form leaves a choice, the plan gets the dearer reading: a lunch
// that is longer than it must be is waiting, so that none can be stretched over
// a wait; a carer without visits whose lunch is due misses it; and idle time
// has all waits, also the one after a lunch at the first stop.
func (in *uhhc) Evaluate(plan *Plan) (Value, error) {
	var broken rules
	done, routes := in.visits(plan, 0, &broken)
	days := make([]uhhcDay, len(in.staff))
	for _, route := range routes {
		days[route.Vehicle] = in.day(route, &broken)
	}
	in.together(done, 0, &broken)

	parts := map[string]float64{}
	add := func(c component, v float64) { parts[string(c)] += v }
	most := func(c component, v float64) { parts[string(c)] = max(parts[string(c)], v) }
	mean := 0.0
	for i := range days {
		mean += days[i].travel + days[i].service
	}
	mean /= float64(len(days))
	for i := range days {
		d, c := &days[i], &in.staff[i]
		if !d.works {
			d.idle = c.end - c.start
		}
		add(travelTime, d.travel)
		add(totalTardiness, d.tardiness)
		most(highestTardiness, d.tardiest)
		add(totalWaiting, d.waiting)
		most(maxWaiting, d.waitedMost)
		add(totalExtra, d.extra)
		most(maxIdle, d.idle)
		add(carerPreferences, d.unwelcome)
		if c.lunch && !d.lunched {
			add(missedLunch, 1)
		}
		// The sum of whole numbers through their number: what is whole must
		// not be rounded up for the last bit.
		add(workloadImbalance, math.Ceil(math.Abs(d.travel+d.service-mean)-1e-9))
	}
	for i := range in.clients {
		client := &in.clients[i]
		visited := 0
		for t := client.first; t < client.first+client.services; t++ {
			if done[t].carer >= 0 {
				visited++
			}
		}
		switch {
		case visited == client.services:
		case visited == 0 && client.optional:
			add(optionalPatients, 1)
		default:
			broken.broken("%s gets %d of %d services", in.patients[i], visited, client.services)
		}
	}
	v := Value{Vehicles: len(routes), Parts: parts}
	for _, c := range components {
		w, part := in.weights[c.component], parts[string(c.component)]
		if v.Objective += w.value * part; w.hard && part > 0 {
			broken.broken("%s is %g and must be 0", c.component, part)
		}
	}
	return v, broken.err()
}

// uhhcDay is what one carer's route comes to.
type uhhcDay struct {
	works, lunched      bool
	travel, service     float64
	tardiness, tardiest float64
	waiting, waitedMost float64
	idle, extra         float64
	unwelcome           float64 // services to patients who prefer others
}

func (in *uhhc) day(route Route, broken *rules) uhhcDay {
	who, carer := in.carers[route.Vehicle], &in.staff[route.Vehicle]
	d := uhhcDay{works: true}
	at, now, free := carer.from, carer.start, carer.start // free: the earliest end of the stop before
	for k, stop := range route.Stops {
		o := &in.operations[stop.Task]
		client := &in.clients[o.patient]
		leg := in.distances[at][client.location]
		d.travel += leg
		arrive := now + leg
		if k == 0 && in.leavesLate && stop.Start > arrive {
			d.idle += stop.Start - arrive // at home
			arrive = stop.Start
		}
		if stop.Start < max(arrive, free+leg) {
			broken.broken("%s: stop %d starts at %g, is reached at %g", who, k+1, stop.Start, max(arrive, free+leg))
		}
		wait := max(0, stop.Start-arrive)
		d.idle += wait
		if k != 1 || route.Stops[0].Kind != Lunch {
			d.waiting += wait
			d.waitedMost = max(d.waitedMost, wait)
		}
		at = client.location
		if stop.Kind == Lunch {
			in.eat(route, k, &d, broken)
			now, free = stop.Start+in.lunch.Length, stop.End
			continue
		}
		in.care(route.Vehicle, stop, &d, broken)
		now = stop.Start + o.duration
		free = now
	}
	leg := in.distances[at][carer.to]
	d.travel += leg
	back := free + leg
	d.extra = max(0, back-carer.end)
	d.idle += max(0, carer.end-back)
	return d
}

// care judges one service.
func (in *uhhc) care(carer int, stop Stop, d *uhhcDay, broken *rules) {
	who := in.carers[carer]
	o := &in.operations[stop.Task]
	client := &in.clients[o.patient]
	if !in.staff[carer].able.Has(o.service) {
		broken.broken("%s: cannot do %s", who, in.name(stop.Task))
	}
	if client.incompatible.Has(carer) {
		broken.broken("%s: must not visit %s", who, in.patients[o.patient])
	}
	if client.preferred != nil && !client.preferred.Has(carer) {
		d.unwelcome++
	}
	d.service += o.duration
	window := client.windows[0]
	if stop.Start < window.Start {
		broken.broken("%s: %s starts at %g, opens at %g", who, in.name(stop.Task), stop.Start, window.Start)
	}
	for _, w := range client.windows {
		if w.Start <= stop.Start {
			window = w
		}
	}
	met := stop.Start
	if in.atEnd {
		met += o.duration
	}
	late := max(0, met-window.End)
	d.tardiness += late
	d.tardiest = max(d.tardiest, late)
}

// eat judges the lunch at stop k.
func (in *uhhc) eat(route Route, k int, d *uhhcDay, broken *rules) {
	who, stop := in.carers[route.Vehicle], route.Stops[k]
	switch {
	case !in.staff[route.Vehicle].lunch:
		broken.broken("%s: has lunch, which is not due", who)
	case d.lunched:
		broken.broken("%s: has lunch twice", who)
	}
	d.lunched = true
	if k+1 == len(route.Stops) || route.Stops[k+1].Kind != Task ||
		in.operations[route.Stops[k+1].Task].patient != in.operations[stop.Task].patient {
		broken.broken("%s: has lunch where the next visit is not", who)
	}
	if stop.Start < in.lunch.Start {
		broken.broken("%s: has lunch at %g, before %g", who, stop.Start, in.lunch.Start)
	}
	if stop.End-stop.Start < in.lunch.Length {
		broken.broken("%s: has lunch for %g, not %g", who, stop.End-stop.Start, in.lunch.Length)
	}
	met := stop.Start
	if in.atEnd {
		met = stop.End
	}
	if met > in.lunch.End {
		broken.broken("%s: has lunch at %g, due by %g", who, met, in.lunch.End)
	}
}
