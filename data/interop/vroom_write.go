package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/slinga-se/slinga/planner/care"
)

// ErrRoster is wrapped when a roster names what its day does not have.
var ErrRoster = errors.New("interop: the roster does not belong to the day")

// VROOM's solution, as of version 1.14. Fields that are always empty for us
// (loads, violations) are left out where the format allows it.
type (
	vroomSolution struct {
		Code       int               `json:"code"`
		Summary    vroomSummary      `json:"summary"`
		Unassigned []vroomUnassigned `json:"unassigned"`
		Routes     []vroomRoute      `json:"routes"`
	}
	vroomSummary struct {
		Cost       int64 `json:"cost"`
		Routes     int   `json:"routes"`
		Unassigned int   `json:"unassigned"`
		vroomTimes
		Violations []struct{} `json:"violations"`
	}
	vroomTimes struct {
		Setup    int64 `json:"setup"`
		Service  int64 `json:"service"`
		Duration int64 `json:"duration"`
		Waiting  int64 `json:"waiting_time"`
		Distance int64 `json:"distance"`
	}
	vroomUnassigned struct {
		ID       any         `json:"id"`
		Type     string      `json:"type"`
		Location *[2]float64 `json:"location,omitempty"`
	}
	vroomRoute struct {
		Vehicle any `json:"vehicle"`
		vroomTimes
		Steps      []vroomStep `json:"steps"`
		Violations []struct{}  `json:"violations"`
	}
	vroomStep struct {
		Type       string      `json:"type"`
		ID         any         `json:"id,omitempty"`
		Location   *[2]float64 `json:"location,omitempty"`
		Arrival    int64       `json:"arrival"`
		Duration   int64       `json:"duration"`
		Distance   int64       `json:"distance"`
		Setup      int64       `json:"setup"`
		Service    int64       `json:"service"`
		Waiting    int64       `json:"waiting_time"`
		Violations []struct{}  `json:"violations"`
	}
)

// vroomID writes an id as the whole number that VROOM knows, where it is one.
func vroomID(id string) any {
	if n, err := strconv.ParseUint(id, 10, 63); err == nil && strconv.FormatUint(n, 10) == id {
		return n
	}
	return id
}

// WriteVROOM writes a roster in the form of VROOM's solutions, with times in
// seconds since 1970 when the flag says so and else from the day's origin.
// Handling counts as travel. What the form cannot hold is returned.
func WriteVROOM(w io.Writer, day *care.Day, roster *care.Roster, since1970 bool) ([]Loss, error) {
	x := care.NewIndex(day)
	var losses []Loss
	base := int64(0)
	if since1970 {
		base = day.Origin.Unix()
	}
	location := func(place string) (*[2]float64, error) {
		i, ok := x.Place[place]
		if !ok {
			return nil, fmt.Errorf("%w: a stop is at a place that is not there", ErrRoster)
		}
		return &[2]float64{day.Places[i].Lon, day.Places[i].Lat}, nil
	}
	out := vroomSolution{Unassigned: []vroomUnassigned{}, Routes: []vroomRoute{}, Summary: vroomSummary{Cost: roster.Figures.Cost, Violations: []struct{}{}}}
	served := map[string]int{}
	for _, route := range roster.Routes {
		if len(route.Stops) == 0 {
			continue // VROOM leaves unused vehicles out
		}
		r := vroomRoute{Vehicle: vroomID(route.Shift), Violations: []struct{}{}}
		handling := false
		for i := range route.Stops {
			s := onTheWay(route.Stops, i)
			at, err := location(s.Place)
			if err != nil {
				return nil, err
			}
			r.Duration += int64(s.Leave) + int64(s.Drive) + int64(s.Handling)
			r.Distance += int64(s.Metres)
			r.Waiting += int64(s.Wait)
			handling = handling || s.Leave+s.Handling > 0
			step := vroomStep{
				Type: string(s.Kind), Location: at, Arrival: base + int64(s.Arrive), Duration: r.Duration, Distance: r.Distance,
				Waiting: int64(s.Wait), Violations: []struct{}{},
			}
			switch s.Kind {
			case care.StopVisit:
				if _, ok := x.Visit[s.Visit]; !ok {
					return nil, fmt.Errorf("%w: a stop is for a visit that is not there", ErrRoster)
				}
				served[s.Visit]++
				step.Type, step.ID = "job", vroomID(s.Visit)
				step.Service = int64(s.End - s.Start)
			case care.StopBreak:
				step.Service = int64(s.End - s.Start)
			case care.StopStart, care.StopEnd:
			default:
				return nil, fmt.Errorf("%w: a stop is of no known kind", ErrRoster)
			}
			r.Service += step.Service
			r.Steps = append(r.Steps, step)
		}
		if handling {
			losses = append(losses, Loss{"routes of shift " + route.Shift, "handling is counted as travel"})
		}
		out.Summary.Service += r.Service
		out.Summary.Duration += r.Duration
		out.Summary.Waiting += r.Waiting
		out.Summary.Distance += r.Distance
		out.Routes = append(out.Routes, r)
	}
	for _, v := range day.Visits {
		if served[v.ID] > 1 {
			losses = append(losses, Loss{"visit " + v.ID, "has two carers and stands in two routes under one id"})
		}
	}
	for _, u := range roster.Unserved {
		i, ok := x.Visit[u.Visit]
		if !ok {
			return nil, fmt.Errorf("%w: an unserved visit is not there", ErrRoster)
		}
		unassigned := vroomUnassigned{ID: vroomID(u.Visit), Type: "job"}
		if k := x.VisitPlace(i); k >= 0 {
			unassigned.Location = &[2]float64{day.Places[k].Lon, day.Places[k].Lat}
		}
		out.Unassigned = append(out.Unassigned, unassigned)
		losses = append(losses, Loss{"visit " + u.Visit, "is unassigned; its reason (" + string(u.Reason) + ") has no field"})
	}
	out.Summary.Routes, out.Summary.Unassigned = len(out.Routes), len(out.Unassigned)
	return losses, encode(w, out)
}

// onTheWay returns a stop as VROOM sees it, where time runs forward from step
// to step. A break that is taken after the leg to the next stop, whose fields
// hold that leg, is given the leg: arrive, have the break, go on.
func onTheWay(stops []care.Stop, i int) care.Stop {
	s := stops[i]
	after := func(b, next care.Stop) bool {
		return b.Kind == care.StopBreak && next.Kind != care.StopBreak && b.Place == next.Place && next.Depart < b.Start && next.Arrive <= b.Start
	}
	if i+1 < len(stops) && after(s, stops[i+1]) {
		next := stops[i+1]
		s.Depart, s.Leave, s.Drive, s.Metres, s.Handling, s.Arrive = next.Depart, next.Leave, next.Drive, next.Metres, next.Handling, next.Arrive
		s.Wait = care.Seconds(s.Start - s.Arrive)
	}
	if i > 0 && after(stops[i-1], s) {
		s.Depart, s.Leave, s.Drive, s.Metres, s.Handling, s.Arrive = stops[i-1].End, 0, 0, 0, 0, stops[i-1].End
		s.Wait = care.Seconds(s.Start - s.Arrive)
	}
	return s
}

func encode(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("interop: %w", err)
	}
	return nil
}
