package check

import (
	"slices"

	"github.com/slinga-se/slinga/planner/care"
)

// figures adds the roster up again and compares. The parts of the time between
// two visits are told apart by what is stated at the stops; what is neither
// leg nor break is waiting.
func (j *judge) figures() {
	t := &tally{j: j, municipality: map[string]care.Sums{}, carer: map[string]care.Sums{}}
	for v := range j.day.Visits {
		if m, ok := t.owner(v); ok {
			s := t.municipality[m]
			if len(j.servings[v]) > 0 {
				s.Visits++
				t.total.Visits++
			}
			if j.unserved[v] > 0 {
				s.Unserved++
				t.total.Unserved++
			}
			t.municipality[m] = s
		}
	}
	for i := range j.day.Shifts {
		id := j.day.Shifts[i].Carer
		t.carer[id] = care.Sums{}
	}
	for i := range j.walks {
		if j.walks[i].used {
			t.walk(&j.walks[i])
		}
	}
	stated := &j.roster.Figures
	if t.total != (care.Sums{}) && absent(stated) {
		j.warn(Figures, where{}, numbers{}, "The figures are missing; recomputed, the roster serves %d visits and leaves %d unserved.",
			"Siffrorna saknas; omräknat utför dagsplanen %d besök och lämnar %d ej planerade.", t.total.Visits, t.total.Unserved)
		return
	}
	j.compare(phrase{"total", "totalt"}, stated.Total, t.total)
	j.compareGroups(phrase{"municipality", "kommun"}, stated.Municipalities, t.municipality)
	j.compareGroups(phrase{"carer", "medarbetare"}, stated.Carers, t.carer)
	sum := int64(0)
	for _, term := range stated.Terms {
		sum += term.Cost
	}
	if sum != stated.Cost {
		j.breach(Figures, where{}, numbers{sum, stated.Cost}, "The cost is given as %d, but its terms add up to %d.",
			"Kostnaden anges som %d, men dess delar blir %d.", stated.Cost, sum)
	}
}

// absent tells whether a roster states no figures at all, as one made by hand
// may. That is no false statement.
func absent(f *care.Figures) bool {
	return f.Total == (care.Sums{}) && len(f.Municipalities)+len(f.Carers)+len(f.Terms) == 0 && f.Cost == 0
}

type tally struct {
	j                   *judge
	total               care.Sums
	municipality, carer map[string]care.Sums
}

// owner is the municipality that owes a visit.
func (t *tally) owner(v int) (string, bool) {
	if v >= 0 {
		if c := lookup(t.j.clientOf, t.j.day.Visits[v].Client); c >= 0 {
			return t.j.day.Clients[c].Municipality, true
		}
	}
	return "", false
}

// walk adds one used route, segment by segment: a segment is what leads from
// one visit to the next, and belongs to the municipality of the visit at its
// end; the last one, to that of the visit at its beginning.
func (t *tally) walk(w *walk) {
	stops := w.route.Stops
	parts := map[string]care.Sums{}
	whole := care.Sums{Shifts: 1}
	firstOwner := ""
	for i := range stops {
		if stops[i].Kind == care.StopVisit {
			firstOwner, _ = t.owner(lookup(t.j.visitOf, stops[i].Visit))
			break
		}
	}
	var needed []care.Break
	if w.shift >= 0 {
		needed = t.j.breaksOf(&t.j.day.Shifts[w.shift])
		whole.ShiftSeconds = int64(t.j.day.Shifts[w.shift].End) - int64(t.j.day.Shifts[w.shift].Start)
	}
	owner, breaks := firstOwner, 0
	var fromVisit *care.Stop // the stop that the segment begins at, if a visit
	var stated, rested int64 // of the segment so far
	add := func(id string, part care.Sums) { parts[id] = plus(parts[id], part); whole = plus(whole, part) }
	for i := range stops {
		s := &stops[i]
		part := care.Sums{
			DriveSeconds: int64(s.Drive), HandlingSeconds: int64(s.Leave) + int64(s.Handling), Metres: int64(s.Metres),
		}
		took := int64(s.End) - int64(s.Start)
		stated += int64(s.Wait)
		if s.Kind == care.StopBreak {
			part.BreakSeconds = took
			if w.shift >= 0 && (breaks >= len(needed) || !needed[breaks].Paid) {
				whole.ShiftSeconds -= took
			}
			breaks++
			rested += took
			add(owner, part)
			continue
		}
		if s.Kind == care.StopVisit {
			owner, _ = t.owner(lookup(t.j.visitOf, s.Visit))
			part.ServiceSeconds = took
			c := t.carer[w.route.Carer]
			c.Visits++
			t.carer[w.route.Carer] = c
		}
		part.WaitSeconds = stated
		if fromVisit != nil {
			gap := int64(s.Start) - int64(fromVisit.End)
			part.WaitSeconds = max(0, gap-part.DriveSeconds-part.HandlingSeconds-rested)
		}
		add(owner, part)
		fromVisit, stated, rested = nil, 0, 0
		if s.Kind == care.StopVisit {
			fromVisit = s
		}
	}
	t.total = plus(t.total, whole)
	t.carer[w.route.Carer] = plus(t.carer[w.route.Carer], whole)
	t.divide(parts, whole.ShiftSeconds)
}

// divide hands the parts of a route to the municipalities, and the planned
// length by seconds of service: each gets what the running share gained.
func (t *tally) divide(parts map[string]care.Sums, planned int64) {
	ids, service := make([]string, 0, len(parts)), int64(0)
	for id := range parts {
		ids = append(ids, id)
		service += parts[id].ServiceSeconds
	}
	slices.Sort(ids)
	reached, done := int64(0), int64(0)
	for _, id := range ids {
		part := parts[id]
		part.Shifts = 1
		if service > 0 {
			reached += part.ServiceSeconds
			part.ShiftSeconds = planned*reached/service - done
			done += part.ShiftSeconds
		}
		t.municipality[id] = plus(t.municipality[id], part)
	}
}

func plus(a, b care.Sums) care.Sums {
	return care.Sums{
		Shifts: a.Shifts + b.Shifts, Visits: a.Visits + b.Visits, Unserved: a.Unserved + b.Unserved,
		ShiftSeconds: a.ShiftSeconds + b.ShiftSeconds, ServiceSeconds: a.ServiceSeconds + b.ServiceSeconds,
		DriveSeconds: a.DriveSeconds + b.DriveSeconds, HandlingSeconds: a.HandlingSeconds + b.HandlingSeconds,
		WaitSeconds: a.WaitSeconds + b.WaitSeconds, BreakSeconds: a.BreakSeconds + b.BreakSeconds, Metres: a.Metres + b.Metres,
	}
}

// compareGroups compares a list of stated sums with the recomputed ones. A
// group that is left out counts as zero.
func (j *judge) compareGroups(kind phrase, stated []care.GroupSums, want map[string]care.Sums) {
	got := make(map[string]care.Sums, len(stated))
	for i := range stated {
		if _, twice := got[stated[i].ID]; twice {
			j.breach(Figures, where{}, numbers{1, 2}, "The figures list %s twice.", "Siffrorna tar upp %s två gånger.", j.group(kind, stated[i].ID))
			continue
		}
		got[stated[i].ID] = stated[i].Sums
	}
	ids := make([]string, 0, len(want))
	for id := range want {
		ids = append(ids, id)
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		j.compare(j.group(kind, id), got[id], want[id])
	}
}

// compare reports the first figure that differs.
func (j *judge) compare(of phrase, got, want care.Sums) {
	for _, f := range []struct {
		name, namn string
		got, want  int64
	}{
		{"shifts", "pass", int64(got.Shifts), int64(want.Shifts)},
		{"visits", "besök", int64(got.Visits), int64(want.Visits)},
		{"unserved visits", "ej planerade besök", int64(got.Unserved), int64(want.Unserved)},
		{"seconds of shifts", "sekunder i pass", got.ShiftSeconds, want.ShiftSeconds},
		{"seconds of service", "sekunder hos brukare", got.ServiceSeconds, want.ServiceSeconds},
		{"seconds of driving", "sekunders körning", got.DriveSeconds, want.DriveSeconds},
		{"seconds of handling", "sekunders kringtid", got.HandlingSeconds, want.HandlingSeconds},
		{"seconds of waiting", "sekunders väntan", got.WaitSeconds, want.WaitSeconds},
		{"seconds of breaks", "sekunders rast", got.BreakSeconds, want.BreakSeconds},
		{"metres", "meter", got.Metres, want.Metres},
	} {
		if f.got != f.want {
			j.breach(Figures, where{}, numbers{f.want, f.got}, "The figures (%s) say %d %s; the routes add up to %d.",
				"Siffrorna (%s) anger %d %s; slingorna ger %d.", of, f.got, phrase{f.name, f.namn}, f.want)
			return
		}
	}
}
