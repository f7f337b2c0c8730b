package interop

import (
	"fmt"
	"io"

	"github.com/slinga-se/slinga/planner/care"
)

type (
	uhhcSolution struct {
		Routes []uhhcRoute `json:"routes"`
	}
	uhhcRoute struct {
		Caregiver string     `json:"caregiver_id"`
		Locations []uhhcStop `json:"locations"`
	}
	uhhcStop struct {
		Patient string `json:"patient"`
		Service string `json:"service"`
		Start   int64  `json:"start_time"`
		End     int64  `json:"end_time"`
	}
)

// lunchBreak is the service that stands for a lunch in a solution.
const lunchBreak = "lunch_break"

// WriteUHHC writes a roster of a day that ReadUHHC made as a UHHC solution.
// Times are cut to whole minutes. Legs, visits and windows of such a day are
// whole minutes, so what held before the cut holds after it; where they are
// not, a Loss says so.
//
// Lunch is eaten at the place of the next visit, after the drive; a break that
// was taken before the drive is moved there, for the carer is free until the
// next visit either way. What the form cannot hold is returned.
func WriteUHHC(w io.Writer, day *care.Day, roster *care.Roster) ([]Loss, error) {
	x := care.NewIndex(day)
	out := uhhcSolution{Routes: []uhhcRoute{}}
	var losses []Loss
	for _, route := range roster.Routes {
		r := uhhcRoute{Caregiver: route.Carer, Locations: []uhhcStop{}}
		for i, s := range route.Stops {
			switch s.Kind {
			case care.StopVisit:
				k, ok := x.Visit[s.Visit]
				if !ok {
					return nil, fmt.Errorf("%w: a stop is for a visit that is not there", ErrRoster)
				}
				v := day.Visits[k]
				start := wholeMinutes(s.Start)
				r.Locations = append(r.Locations, uhhcStop{v.Client, v.Task, start, start + int64(v.Duration+minute-1)/minute})
				if v.Duration%minute != 0 || (s.Leave+s.Drive+s.Handling)%minute != 0 {
					losses = append(losses, Loss{"visit " + s.Visit, "does not take whole minutes, or the way to it does not: rounded, and it may overlap"})
				}
			case care.StopBreak:
				stop, loss := lunchStop(day, x, route.Stops, i)
				if loss != "" {
					losses = append(losses, Loss{"break of carer " + route.Carer, loss})
				}
				if stop != nil {
					if k, ok := x.Shift[route.Shift]; ok && late(day.Shifts[k].Breaks, stop.Start) {
						losses = append(losses, Loss{"break of carer " + route.Carer, "begins after its window, for it comes after the drive"})
					}
					r.Locations = append(r.Locations, *stop)
				}
			}
		}
		out.Routes = append(out.Routes, r)
	}
	for _, u := range roster.Unserved {
		k, ok := x.Visit[u.Visit]
		if !ok {
			return nil, fmt.Errorf("%w: an unserved visit is not there", ErrRoster)
		}
		if !day.Visits[k].Optional {
			losses = append(losses, Loss{"visit " + u.Visit, "is not served (" + string(u.Reason) + "): the solution is not feasible"})
		}
	}
	return losses, encode(w, out)
}

// wholeMinutes cuts a moment down to a whole minute, also before midnight.
func wholeMinutes(t care.Time) int64 {
	m := int64(t) / minute
	if t < 0 && t%minute != 0 {
		m--
	}
	return m
}

// lunchStop writes a break as a stop at the place of the next visit.
func lunchStop(day *care.Day, x *care.Index, stops []care.Stop, i int) (stop *uhhcStop, loss string) {
	s := stops[i]
	for j := i + 1; j < len(stops); j++ {
		next := stops[j]
		if next.Kind != care.StopVisit {
			continue
		}
		k, ok := x.Visit[next.Visit]
		if !ok {
			return nil, "is before a visit that is not there"
		}
		start, length := s.Start, s.End-s.Start
		if travel := care.Time(next.Leave + next.Drive + next.Handling); travel > 0 && next.Arrive > start {
			// The leg comes after the break: drive first, then eat.
			start += travel
		}
		from := wholeMinutes(start)
		to := from + (int64(length)+minute-1)/minute
		if to > wholeMinutes(next.Start) {
			return nil, "does not fit between the drive and the next visit"
		}
		return &uhhcStop{day.Visits[k].Client, lunchBreak, from, to}, ""
	}
	return nil, "comes after the last visit, where the format has no place for it"
}

// late says whether a lunch starts after the windows of all of a shift's breaks.
func late(breaks []care.Break, start int64) bool {
	for _, b := range breaks {
		if start*minute <= int64(b.Window.To) {
			return false
		}
	}
	return len(breaks) > 0
}
