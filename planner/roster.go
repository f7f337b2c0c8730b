package planner

import (
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// roster writes a solution in the words of care: legs taken apart into
// clearing the car, driving and handling, one route per shift.
func (t *translation) roster(s *solver.Solution) *care.Roster {
	r := &care.Roster{Version: care.FormatVersion, Routes: make([]care.Route, len(t.day.Shifts))}
	for i := range t.day.Shifts {
		r.Routes[i] = care.Route{Shift: t.day.Shifts[i].ID, Carer: t.day.Shifts[i].Carer}
		if len(s.Routes[i].Stops) > 0 {
			r.Routes[i].Stops = t.stops(i, &s.Routes[i])
		}
	}
	return r
}

// stops rebuilds one route. The search says when each break begins and when
// each leg does; whether a break comes before or after a leg follows from these.
func (t *translation) stops(shift int, route *solver.Route) []care.Stop {
	s := &t.day.Shifts[shift]
	begin := route.Leave
	if first := &route.Stops[0]; first.Break != solver.None {
		begin = min(begin, first.Start) // a break before the first leg
	}
	w := &walk{t: t, mode: s.Mode, place: t.index.Place[s.From], now: care.Time(begin)}
	w.stops = append(w.stops, care.Stop{
		Kind: care.StopStart, Place: s.From, Depart: w.now, Arrive: w.now, Start: w.now, End: w.now,
	})
	for k := range route.Stops {
		stop := &route.Stops[k]
		if stop.Break != solver.None {
			w.pending = append(w.pending, *stop)
			continue
		}
		visit := t.visitOf[stop.Task]
		w.leg(t.index.VisitPlace(visit), care.Time(stop.Depart))
		w.visit(visit, care.Time(stop.Start))
	}
	w.leg(t.index.Place[s.To], care.Time(route.Return))
	w.end(care.StopEnd, w.now, 0)
	return w.stops
}

// walk follows one route stop by stop.
type walk struct {
	t       *translation
	mode    care.Mode
	place   int       // where the carer is
	now     care.Time // when the carer is free
	pending []solver.Stop
	arrival care.Stop // the leg just made
	stops   []care.Stop
}

// leg moves the carer to a place, with the pending breaks before or after the
// leg: those that are over when it departs come before it.
func (w *walk) leg(to int, depart care.Time) {
	for len(w.pending) > 0 && care.Time(w.pending[0].End) <= depart {
		w.rest(w.pending[0])
		w.pending = w.pending[1:]
	}
	leg := w.t.leg(w.mode, w.place, to, depart)
	leg.Depart, leg.Arrive = depart, depart+care.Time(leg.Leave+leg.Drive+leg.Handling)
	w.arrival = leg
	w.place, w.now = to, leg.Arrive
	for _, b := range w.pending {
		w.rest(b)
	}
	w.pending = w.pending[:0]
}

func (w *walk) rest(b solver.Stop) {
	w.stops = append(w.stops, care.Stop{
		Kind: care.StopBreak, Place: w.t.day.Places[w.place].ID,
		Depart: w.now, Arrive: w.now, Wait: care.Seconds(care.Time(b.Start) - w.now),
		Start: care.Time(b.Start), End: care.Time(b.End),
	})
	w.now = care.Time(b.End)
}

func (w *walk) visit(visit int, start care.Time) {
	w.arrival.Visit = w.t.day.Visits[visit].ID
	w.end(care.StopVisit, start, w.t.day.Visits[visit].Duration)
}

// end completes the leg just made with what happens at its end.
func (w *walk) end(kind care.StopKind, start care.Time, length care.Seconds) {
	s := w.arrival
	s.Kind, s.Place = kind, w.t.day.Places[w.place].ID
	s.Wait = care.Seconds(start - w.now)
	s.Start, s.End = start, start+care.Time(length)
	w.now = s.End
	w.stops = append(w.stops, s)
}

// leg takes the travel between two places apart, for a departure.
func (t *translation) leg(mode care.Mode, from, to int, depart care.Time) care.Stop {
	if from == to {
		return care.Stop{Handling: t.index.Handling.SamePlace}
	}
	drive, metres := t.travel.Matrices[mode].Way(t.rows[from], t.rows[to], depart)
	return care.Stop{Leave: t.index.Leave(from), Drive: drive, Metres: metres, Handling: t.index.Arrive(to)}
}
