package check

import "github.com/slinga-se/slinga/planner/care"

// walk follows one route from start to end, as its carer would, and compares
// every stated time with what the map and the rules ask for.
func (j *judge) walk(w *walk) {
	stops := w.route.Stops
	if w.shift < 0 || len(stops) == 0 {
		return
	}
	shift := &j.day.Shifts[w.shift]
	j.ends(w, shift)
	f := &feet{j: j, w: w, shift: shift, place: lookup(j.placeOf, shift.From), free: int64(stops[0].Depart), first: true}
	for i := range stops {
		stop := &stops[i]
		switch stop.Kind {
		case care.StopStart:
			if i == 0 {
				f.start(stop)
			}
		case care.StopBreak:
			f.pending = append(f.pending, stop)
		case care.StopVisit:
			f.visit(stop)
		case care.StopEnd:
			f.arrive(stop, lookup(j.placeOf, shift.To))
		}
	}
	for _, b := range f.pending { // breaks behind the end
		f.rest(b, f.place)
	}
	j.hours(w, shift)
	if w.used {
		j.breaks(w, shift)
	}
}

// at says where a stop is, for a breach.
func (w *walk) at(stop *care.Stop) where {
	return where{w.route.Carer, w.route.Shift, stop.Visit, int64(stop.Start)}
}

// ends checks the first and last stop, and that no other is like them.
func (j *judge) ends(w *walk, shift *care.Shift) {
	stops := w.route.Stops
	first, last := &stops[0], &stops[len(stops)-1]
	if first.Kind != care.StopStart || first.Place != shift.From {
		j.breach(RouteEnds, w.at(first), numbers{}, "The route of %s on shift %s does not begin with a start at %s.",
			"Slingan för %s på passet %s börjar inte med en start vid %s.", w.route.Carer, shift.ID, shift.From)
	}
	if last.Kind != care.StopEnd || last.Place != shift.To {
		j.breach(RouteEnds, w.at(last), numbers{}, "The route of %s on shift %s does not finish with an end at %s.",
			"Slingan för %s på passet %s slutar inte med ett slut vid %s.", w.route.Carer, shift.ID, shift.To)
	}
	for i := range stops {
		switch stops[i].Kind {
		case care.StopVisit, care.StopBreak:
		case care.StopStart, care.StopEnd:
			if i > 0 && i < len(stops)-1 {
				j.breach(StopKind, w.at(&stops[i]), numbers{}, "The route of %s on shift %s has a start or an end in the middle, at %s.",
					"Slingan för %s på passet %s har en start eller ett slut mitt i, kl. %s.", w.route.Carer, shift.ID, j.clock(int64(stops[i].Start)))
			}
		default:
			j.breach(StopKind, w.at(&stops[i]), numbers{}, "The route of %s on shift %s has a stop of an unknown kind at %s.",
				"Slingan för %s på passet %s har ett stopp av okänt slag kl. %s.", w.route.Carer, shift.ID, j.clock(int64(stops[i].Start)))
		}
	}
}

// feet is the carer on the way: where, free from when, and the breaks that
// are listed but not yet known to come before or after the next leg.
type feet struct {
	j       *judge
	w       *walk
	shift   *care.Shift
	place   int
	free    int64
	first   bool // no leg yet
	pending []*care.Stop
}

func (f *feet) start(stop *care.Stop) {
	if stop.End < stop.Start || stop.Start < stop.Arrive || stop.Arrive < stop.Depart {
		f.j.breach(Arithmetic, f.w.at(stop), numbers{int64(stop.Start), int64(stop.End)},
			"The start of %s on shift %s ends before it begins.", "Starten för %s på passet %s slutar innan den börjar.",
			f.w.route.Carer, f.shift.ID)
	}
	f.free = int64(stop.End)
}

func (f *feet) visit(stop *care.Stop) {
	v, ok := f.j.visitOf[stop.Visit]
	if !ok {
		// Reported already. The carer is taken to be where the stop says.
		f.place, f.free, f.first = lookup(f.j.placeOf, stop.Place), int64(stop.End), false
		f.pending = nil
		return
	}
	visit := &f.j.day.Visits[v]
	if lookup(f.j.placeOf, stop.Place) != f.j.home[v] {
		f.j.breach(StopPlace, f.w.at(stop), numbers{}, "Visit %s of %s at %s is planned at a place that is not its own.",
			"Besöket %s för %s kl. %s är planerat på en plats som inte är dess egen.", visit.ID, f.w.route.Carer, f.j.clock(int64(stop.Start)))
	}
	f.arrive(stop, f.j.home[v])
	if want, got := int64(visit.Duration), int64(stop.End)-int64(stop.Start); got != want {
		f.j.breach(Duration, f.w.at(stop), numbers{want, got}, "Visit %s of %s at %s lasts %s; it is planned for %s.",
			"Besöket %s för %s kl. %s varar %s; det ska ta %s.", visit.ID, f.w.route.Carer, f.j.clock(int64(stop.Start)), length(got), length(want))
	}
	inside := false
	for _, w := range visit.Windows {
		inside = inside || (stop.Start >= w.From && stop.Start <= w.To)
	}
	if !inside {
		want := int64(0)
		if len(visit.Windows) > 0 {
			want = nearestStart(visit.Windows, int64(stop.Start))
		}
		f.j.breach(Window, f.w.at(stop), numbers{want, int64(stop.Start)}, "Visit %s of %s starts at %s, outside its windows; the nearest time is %s.",
			"Besöket %s för %s börjar kl. %s, utanför sina tidsfönster; närmaste tid är %s.", visit.ID, f.w.route.Carer, f.j.clock(int64(stop.Start)), f.j.clock(want))
	}
}

func nearestStart(windows []care.Window, t int64) int64 {
	best := int64(windows[0].From)
	for _, w := range windows {
		for _, edge := range []int64{int64(w.From), int64(w.To)} {
			if abs(edge-t) < abs(best-t) {
				best = edge
			}
		}
	}
	return best
}

func abs(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}

// arrive checks the leg to a stop, the breaks around it, and the start there.
func (f *feet) arrive(stop *care.Stop, to int) {
	j, at := f.j, f.w.at(stop)
	need := j.leg(f.shift.Mode, f.place, to, int64(stop.Depart))
	f.leg(stop, need, at)

	depart, arrive := int64(stop.Depart), int64(stop.Arrive)
	stated := int64(stop.Leave) + int64(stop.Drive) + int64(stop.Handling)
	if depart+stated != arrive {
		j.breach(Arithmetic, at, numbers{depart + stated, arrive}, "The leg of %s to %s departs at %s, takes %s and arrives at %s: this does not add up.",
			"Resan för %s till %s börjar kl. %s, tar %s och slutar kl. %s: det går inte ihop.", f.w.route.Carer, target(stop), j.clock(depart), length(stated), j.clock(arrive))
	}
	// Breaks that end before the departure are taken here, the others there.
	k := 0
	for ; k < len(f.pending) && int64(f.pending[k].End) <= depart; k++ {
		f.rest(f.pending[k], f.place)
	}
	late := false
	if depart < f.free {
		late = true
		j.breach(TooEarly, at, numbers{f.free, depart}, "%s departs for %s at %s, but is not free before %s.",
			"%s ger sig av till %s kl. %s, men är inte ledig förrän %s.", f.w.route.Carer, target(stop), j.clock(depart), j.clock(f.free))
	}
	there := f.free + stated
	if need.ok {
		there = f.free + max(stated, need.seconds())
	}
	f.free = max(there, arrive)
	ready := arrive
	for ; k < len(f.pending); k++ {
		b := f.pending[k]
		if int64(b.Start) < arrive {
			j.breach(BreakApart, f.w.at(b), numbers{arrive, int64(b.Start)}, "The break of %s at %s lies within the leg to %s, which arrives at %s.",
				"Rasten för %s kl. %s ligger i resan till %s, som kommer fram kl. %s.", f.w.route.Carer, j.clock(int64(b.Start)), target(stop), j.clock(arrive))
			f.free = max(f.free, int64(b.End))
		} else {
			f.rest(b, to)
		}
		ready = max(ready, int64(b.End))
	}
	f.pending = nil
	start := int64(stop.Start)
	if ready+int64(stop.Wait) != start || stop.Wait < 0 {
		j.breach(Arithmetic, at, numbers{ready + int64(stop.Wait), start}, "%s is ready at %s for %s, waits %s and starts at %s: this does not add up.",
			"%s är klar kl. %s för %s, väntar %s och börjar kl. %s: det går inte ihop.", f.w.route.Carer, j.clock(ready), target(stop), length(int64(stop.Wait)), j.clock(start))
	} else if start < f.free && !late {
		j.breach(TooEarly, at, numbers{f.free, start}, "%s starts %s at %s, but cannot be there before %s.",
			"%s börjar %s kl. %s, men kan inte vara där förrän %s.", f.w.route.Carer, target(stop), j.clock(start), j.clock(f.free))
	}
	if stop.Kind == care.StopEnd && stop.End != stop.Start {
		j.breach(Arithmetic, at, numbers{start, int64(stop.End)}, "The end of %s on shift %s lasts; it should be a moment.",
			"Slutet för %s på passet %s varar; det ska vara ett ögonblick.", f.w.route.Carer, f.shift.ID)
	}
	f.place, f.free, f.first = to, int64(stop.End), false
}

// target names where a leg leads.
func target(stop *care.Stop) string {
	if stop.Kind == care.StopVisit {
		return stop.Visit
	}
	return stop.Place
}

// leg compares the stated parts of a leg with what is asked for.
func (f *feet) leg(stop *care.Stop, need leg, at where) {
	j, carer, clock := f.j, f.w.route.Carer, f.j.clock(int64(stop.Depart))
	if !need.ok {
		j.breach(NoWay, at, numbers{}, "%s departs for %s at %s, but there is no way from where the carer is.",
			"%s ger sig av till %s kl. %s, men det finns ingen väg från där medarbetaren är.", carer, target(stop), clock)
		return
	}
	if got := int64(stop.Leave); got < need.leave {
		rule, english, swedish := LegLeave, "Leaving for %[2]s at %[3]s takes %[1]s %[4]s; it needs %[5]s.", "Att komma i väg till %[2]s kl. %[3]s tar %[4]s för %[1]s; det behövs %[5]s."
		if f.first {
			rule = FirstLeave
			english = "The first drive of %s, to %s at %s, starts with %s of handling; it needs %s."
			swedish = "Första körningen för %s, till %s kl. %s, börjar med %s iordningställande; det behövs %s."
		}
		j.breach(rule, at, numbers{need.leave, got}, english, swedish, carer, target(stop), clock, length(got), length(need.leave))
	}
	for _, part := range []struct {
		rule             RuleID
		need, got        int64
		english, swedish string
	}{
		{LegDrive, need.drive, int64(stop.Drive), "The drive of %s to %s at %s is planned to take %s; the map says %s.", "Körningen för %s till %s kl. %s ska ta %s; kartan säger %s."},
		{LegHandling, need.arrive, int64(stop.Handling), "%s, to %s at %s, is given %s to park and walk in; it needs %s.", "%s, till %s kl. %s, får %s för att parkera och gå in; det behövs %s."},
	} {
		if part.got < part.need {
			j.breach(part.rule, at, numbers{part.need, part.got}, part.english, part.swedish, carer, target(stop), clock, length(part.got), length(part.need))
		}
	}
	if got := int64(stop.Metres); got < need.metres {
		j.breach(LegMetres, at, numbers{need.metres, got}, "The drive of %s to %s at %s is planned as %d m; the map says %d m.",
			"Körningen för %s till %s kl. %s är planerad som %d m; kartan säger %d m.", carer, target(stop), clock, got, need.metres)
	}
}

// rest checks one break that is taken at a place, outside of legs.
func (f *feet) rest(b *care.Stop, place int) {
	j, at, carer := f.j, f.w.at(b), f.w.route.Carer
	if lookup(j.placeOf, b.Place) != place {
		j.breach(StopPlace, at, numbers{}, "The break of %s at %s is planned where the carer is not.",
			"Rasten för %s kl. %s är planerad där medarbetaren inte är.", carer, j.clock(int64(b.Start)))
	}
	if b.Arrive != b.Depart || int64(b.Arrive)+int64(b.Wait) != int64(b.Start) || b.Wait < 0 || b.Leave != 0 || b.Drive != 0 || b.Handling != 0 || b.Metres != 0 {
		j.breach(Arithmetic, at, numbers{int64(b.Arrive) + int64(b.Wait), int64(b.Start)}, "The times of the break of %s at %s do not add up; a break has no leg.",
			"Tiderna för rasten för %s kl. %s går inte ihop; en rast har ingen resa.", carer, j.clock(int64(b.Start)))
	}
	if int64(b.Start) < f.free {
		j.breach(BreakApart, at, numbers{f.free, int64(b.Start)}, "The break of %s at %s begins before the carer is free at %s.",
			"Rasten för %s kl. %s börjar innan medarbetaren är ledig kl. %s.", carer, j.clock(int64(b.Start)), j.clock(f.free))
	}
	f.free = max(f.free, int64(b.End))
}

// hours checks that everything lies within the shift.
func (j *judge) hours(w *walk, shift *care.Shift) {
	from, to := w.from, w.to
	for i := range w.route.Stops {
		s := &w.route.Stops[i]
		from, to = min(from, int64(s.Depart)), max(to, int64(s.End))
	}
	at := where{carer: w.route.Carer, shift: shift.ID, at: from}
	if from < int64(shift.Start) {
		j.breach(ShiftHours, at, numbers{int64(shift.Start), from}, "%s begins at %s, but shift %s starts at %s.",
			"%s börjar kl. %s, men passet %s börjar kl. %s.", w.route.Carer, j.clock(from), shift.ID, j.clock(int64(shift.Start)))
	}
	if at.at = to; to > int64(shift.End) {
		j.breach(ShiftHours, at, numbers{int64(shift.End), to}, "%s is back at %s, but shift %s ends at %s.",
			"%s är tillbaka kl. %s, men passet %s slutar kl. %s.", w.route.Carer, j.clock(to), shift.ID, j.clock(int64(shift.End)))
	}
}
