package care

import "slices"

// Summarise adds a roster up: in total, by the municipality that owes the
// care, and by carer. Cost and Terms are left at zero; they belong to whoever
// priced the roster. Groups are sorted by id; there is one for every
// municipality with a client to visit and for every carer on duty.
//
// Within a route every second belongs to a municipality by the visit that it
// leads to: leave, drive, handling, metres and waiting of a leg go to the
// client at its end, those of the way back to the last client, and a break to
// the visit before it (or to the first, when it comes before all). A
// municipality counts every shift that serves any of its clients, so these may
// add up to more than the total; the planned length of a shift is divided by
// the seconds of service, to the second, and does add up.
func Summarise(d *Day, r *Roster) Figures {
	x := NewIndex(d)
	s := &summing{x: x, municipalities: map[string]*Sums{}, carers: map[string]*Sums{}, served: map[string]bool{}}
	for i := range d.Visits {
		if c := x.VisitClient(i); c >= 0 {
			group(s.municipalities, d.Clients[c].Municipality)
		}
	}
	for i := range d.Shifts {
		group(s.carers, d.Shifts[i].Carer)
	}
	for i := range r.Routes {
		s.route(&r.Routes[i])
	}
	unserved := map[string]bool{}
	for _, u := range r.Unserved {
		v, ok := x.Visit[u.Visit]
		if !ok || unserved[u.Visit] {
			continue
		}
		unserved[u.Visit] = true
		s.total.Unserved++
		group(s.municipalities, s.serving(v)).Unserved++
	}
	return Figures{Total: s.total, Municipalities: sorted(s.municipalities), Carers: sorted(s.carers)}
}

type summing struct {
	x              *Index
	total          Sums
	municipalities map[string]*Sums
	carers         map[string]*Sums
	served         map[string]bool
}

func group(groups map[string]*Sums, id string) *Sums {
	s := groups[id]
	if s == nil {
		s = &Sums{}
		groups[id] = s
	}
	return s
}

func sorted(groups map[string]*Sums) []GroupSums {
	list := make([]GroupSums, 0, len(groups))
	for id, s := range groups {
		list = append(list, GroupSums{ID: id, Sums: *s})
	}
	slices.SortFunc(list, func(a, b GroupSums) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return list
}

// serving returns the municipality that owes a visit.
func (s *summing) serving(visit int) string {
	if c := s.x.VisitClient(visit); c >= 0 {
		return s.x.Day.Clients[c].Municipality
	}
	return ""
}

// route adds one route, if it is used at all.
func (s *summing) route(r *Route) {
	owner := s.owners(r)
	if owner == nil {
		return
	}
	byOwner := map[string]*Sums{}
	var breaks []Break
	shift, known := s.x.Shift[r.Shift]
	if known {
		breaks = s.x.BreaksOf(shift)
	}
	unpaid, waiting := int64(0), waits(r.Stops)
	for i := range r.Stops {
		stop := &r.Stops[i]
		part := legSums(stop)
		part.WaitSeconds = waiting[i]
		switch stop.Kind {
		case StopVisit:
			part.ServiceSeconds = int64(stop.End) - int64(stop.Start)
			group(s.carers, r.Carer).Visits++
			if v, ok := s.x.Visit[stop.Visit]; ok && !s.served[stop.Visit] {
				s.served[stop.Visit] = true
				s.total.Visits++
				group(s.municipalities, s.serving(v)).Visits++
			}
		case StopBreak:
			part.BreakSeconds = int64(stop.End) - int64(stop.Start)
			if len(breaks) == 0 || !breaks[0].Paid {
				unpaid += part.BreakSeconds
			}
			if len(breaks) > 0 {
				breaks = breaks[1:]
			}
		}
		group(byOwner, owner[i]).add(part)
		group(s.carers, r.Carer).add(part)
		s.total.add(part)
	}
	length := int64(0)
	if known {
		length = int64(s.x.Day.Shifts[shift].End) - int64(s.x.Day.Shifts[shift].Start) - unpaid
	}
	whole := Sums{Shifts: 1, ShiftSeconds: length}
	s.total.add(whole)
	group(s.carers, r.Carer).add(whole)
	s.share(byOwner, length)
}

// share divides the length of a shift by the seconds of service; rounding the
// running sum makes the parts add up to the second.
func (s *summing) share(byOwner map[string]*Sums, length int64) {
	service, running := int64(0), int64(0)
	for _, part := range byOwner {
		service += part.ServiceSeconds
	}
	for _, g := range sorted(byOwner) {
		part := g.Sums
		part.Shifts = 1
		if service > 0 {
			before := length * running / service
			running += part.ServiceSeconds
			part.ShiftSeconds = length*running/service - before
		}
		group(s.municipalities, g.ID).add(part)
	}
}

// owners returns, by stop, the municipality that its seconds belong to; nil
// for a route without visits.
func (s *summing) owners(r *Route) []string {
	owner := make([]string, len(r.Stops))
	last, first := "", -1
	for i := range r.Stops {
		if r.Stops[i].Kind == StopVisit {
			last = ""
			if v, ok := s.x.Visit[r.Stops[i].Visit]; ok {
				last = s.serving(v)
			}
			if first < 0 {
				first = i
			}
		}
		owner[i] = last
	}
	if first < 0 {
		return nil
	}
	for i := range first {
		owner[i] = owner[first]
	}
	return owner
}

// legSums sums the leg that leads to a stop; waiting comes from waits.
func legSums(stop *Stop) Sums {
	return Sums{
		DriveSeconds:    int64(stop.Drive),
		HandlingSeconds: int64(stop.Leave) + int64(stop.Handling),
		Metres:          int64(stop.Metres),
	}
}

// waits returns the waiting ahead of every visit and of the end, breaks in
// between taken off. All time between two visits that is neither leg nor break
// is waiting, also when a carer stands idle before leaving; only leaving late
// at the very start of a shift is not, and there the stated waits count.
func waits(stops []Stop) []int64 {
	list := make([]int64, len(stops))
	last, stated, rested := -1, int64(0), int64(0) // since the last stop that is no break
	for i := range stops {
		s := &stops[i]
		stated += int64(s.Wait)
		if s.Kind == StopBreak {
			rested += int64(s.End) - int64(s.Start)
			continue
		}
		list[i] = stated
		if last >= 0 && stops[last].Kind == StopVisit {
			leg := int64(s.Leave) + int64(s.Drive) + int64(s.Handling)
			list[i] = max(0, int64(s.Start)-int64(stops[last].End)-leg-rested)
		}
		last, stated, rested = i, 0, 0
	}
	return list
}

func (s *Sums) add(o Sums) {
	s.Shifts += o.Shifts
	s.Visits += o.Visits
	s.Unserved += o.Unserved
	s.ShiftSeconds += o.ShiftSeconds
	s.ServiceSeconds += o.ServiceSeconds
	s.DriveSeconds += o.DriveSeconds
	s.HandlingSeconds += o.HandlingSeconds
	s.WaitSeconds += o.WaitSeconds
	s.BreakSeconds += o.BreakSeconds
	s.Metres += o.Metres
}
