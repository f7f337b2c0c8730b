package sets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/slinga-se/slinga/solver"
)

// What the home-care forms (hhcrsp.go, uhhc.go) share: a patient needs one or
// two services, which two carers give, and a solution is a list of who gives
// which service to whom, and when.

// operation is one service that one patient needs: a task. Operations are
// numbered from 0 in the order of the file, patient by patient.
type operation struct {
	patient, service int // in the order of the file
	duration         float64
}

// pair ties the two operations of one patient, which two carers do.
type pair struct {
	first, second int
	timed         bool    // the starts are tied too:
	least, most   float64 // from the start of the first to that of the second
}

// synchronization is how the forms name the kinds of pair.
func synchronization(kind string, distance *[2]float64) (pair, error) {
	switch kind {
	case "simultaneous":
		return pair{timed: true}, nil
	case "sequential":
		if distance == nil {
			return pair{}, errors.New("synchronization: distance is missing")
		}
		least, most := distance[0], distance[1]
		return pair{timed: true, least: least, most: most}, interval("synchronization", least, most)
	case "independent":
		return pair{}, nil
	}
	return pair{}, fmt.Errorf("synchronization: %q is no kind of pair", kind)
}

// interval tells what is wrong with two times: no set has times below 0.
func interval(field string, from, to float64) error {
	switch {
	case to < from:
		return fmt.Errorf("%s: %g..%g ends before it begins", field, from, to)
	case from < 0:
		return fmt.Errorf("%s: %g..%g begins below 0", field, from, to)
	}
	return nil
}

// link is the pair in the solver's words.
func (p *pair) link(scale float64) solver.Link {
	l := solver.Link{
		First: int32(p.first), Second: int32(p.second), Min: -solver.Infinity, Max: solver.Infinity,
		Shift: solver.DifferentShift, AllOrNothing: true,
	}
	if p.timed {
		l.Min, l.Max = int64(math.Round(p.least*scale)), int64(math.Round(p.most*scale))
	}
	return l
}

// greatest bounds the numbers of the forms, so that no sum leaves its range.
const greatest = 1e9

// index numbers names in their order, which must differ.
type index map[string]int

func (x index) add(name string) error {
	if _, known := x[name]; known {
		return fmt.Errorf("%w: %q is there twice", ErrFormat, name)
	}
	x[name] = len(x)
	return nil
}

// square tells whether a matrix has n rows of n entries, none below 0.
func square(matrix [][]float64, n int) error {
	if len(matrix) != n {
		return fmt.Errorf("%w: distances: %d rows, not %d", ErrFormat, len(matrix), n)
	}
	for i, row := range matrix {
		if len(row) != n {
			return fmt.Errorf("%w: distances[%d]: %d entries, not %d", ErrFormat, i, len(row), n)
		}
		for j, d := range row {
			if d < 0 {
				return fmt.Errorf("%w: distances[%d][%d]: %g is below 0", ErrFormat, i, j, d)
			}
		}
	}
	return nil
}

// period is a matrix of travel in whole numbers.
func period(matrix [][]float64, scale float64) solver.Period {
	n := len(matrix)
	p := solver.Period{N: n, Time: make([]int32, 0, n*n)}
	for _, row := range matrix {
		for _, d := range row {
			p.Time = append(p.Time, int32(math.Round(d*scale)))
		}
	}
	return p
}

// longest is the largest entry of a matrix.
func longest(matrix [][]float64) float64 {
	most := 0.0
	for _, row := range matrix {
		for _, d := range row {
			most = max(most, d)
		}
	}
	return most
}

// rota names what solutions speak of.
type rota struct {
	patients, services, carers []string // ids
	operations                 []operation
	pairs                      []pair
	idle                       bool // who does nothing has a route too
}

const lunchService = "lunch_break"

// The form is that of the sets' published solutions here. The programs that
// their authors judge solutions with call starts and ends arrivals and
// departures, one of them wants costs, of which none need be stated, and one
// wants a route of every carer; all of that is written, and either is read.
type (
	rotaFile struct {
		Costs  struct{}    `json:"cost_components,omitempty"`
		Routes []rotaRoute `json:"routes"`
	}
	rotaRoute struct {
		Carer string     `json:"caregiver_id"`
		Stops []rotaStop `json:"locations"`
	}
	rotaStop struct {
		Patient   string   `json:"patient"`
		Service   string   `json:"service"`
		Start     *float64 `json:"start_time"`
		End       *float64 `json:"end_time"`
		Arrival   *float64 `json:"arrival_time"`
		Departure *float64 `json:"departure_time"`
	}
)

// mostSolution is far more bytes than a solution of any set has.
const mostSolution = 64 << 20

// Read reads a JSON object of routes. A lunch gets the first task of the
// patient that it names.
func (r *rota) Read(from io.Reader) (*Plan, error) {
	data, err := io.ReadAll(io.LimitReader(from, mostSolution))
	if err != nil {
		return nil, err
	}
	var file rotaFile
	if err := decode(data, &file); err != nil {
		return nil, err
	}
	carers := index{}
	for _, id := range r.carers {
		carers[id] = len(carers)
	}
	type need struct{ patient, service string }
	tasks, lunches := map[need][]int{}, map[string]int{}
	for t, o := range r.operations {
		who := r.patients[o.patient]
		key := need{who, r.services[o.service]}
		tasks[key] = append(tasks[key], t)
		if _, known := lunches[who]; !known {
			lunches[who] = t
		}
	}
	plan := new(Plan)
	for i, from := range file.Routes {
		carer, ok := carers[from.Carer]
		if !ok {
			return nil, fmt.Errorf("%w: routes[%d]: there is no carer %q", ErrFormat, i, from.Carer)
		}
		route := Route{Vehicle: carer}
		for j, s := range from.Stops {
			if s.Start == nil || s.End == nil {
				s.Start, s.End = s.Arrival, s.Departure
			}
			if s.Start == nil || s.End == nil {
				return nil, fmt.Errorf("%w: routes[%d].locations[%d]: start_time or end_time is missing", ErrFormat, i, j)
			}
			stop := Stop{Start: *s.Start, End: *s.End}
			if s.Service == lunchService {
				stop.Kind = Lunch
				if stop.Task, ok = lunches[s.Patient]; !ok {
					return nil, fmt.Errorf("%w: routes[%d].locations[%d]: there is no patient %q", ErrFormat, i, j, s.Patient)
				}
			} else {
				key := need{s.Patient, s.Service}
				left := tasks[key]
				if len(left) == 0 {
					return nil, fmt.Errorf("%w: routes[%d].locations[%d]: patient %q needs no service %q", ErrFormat, i, j, s.Patient, s.Service)
				}
				stop.Task = left[0]
				if len(left) > 1 { // the same service twice: the next one is the other
					tasks[key] = left[1:]
				}
			}
			route.Stops = append(route.Stops, stop)
		}
		plan.Routes = append(plan.Routes, route)
	}
	return plan, nil
}

// Write writes what Read reads; the form has no place for the value.
func (r *rota) Write(to io.Writer, plan *Plan, _ Value) error {
	file := rotaFile{Routes: []rotaRoute{}}
	for _, route := range plan.Routes {
		one := rotaRoute{Carer: r.carers[route.Vehicle], Stops: []rotaStop{}}
		for _, stop := range route.Stops {
			o := &r.operations[stop.Task]
			s := rotaStop{
				Patient: r.patients[o.patient], Service: r.services[o.service],
				Start: &stop.Start, End: &stop.End, Arrival: &stop.Start, Departure: &stop.End,
			}
			if stop.Kind == Lunch {
				s.Service = lunchService
			}
			one.Stops = append(one.Stops, s)
		}
		file.Routes = append(file.Routes, one)
	}
	for carer, id := range r.carers {
		if r.idle && !slices.ContainsFunc(plan.Routes, func(route Route) bool { return route.Vehicle == carer }) {
			file.Routes = append(file.Routes, rotaRoute{Carer: id, Stops: []rotaStop{}})
		}
	}
	return json.NewEncoder(to).Encode(file)
}

// plan puts a solution in the form's words; a break is a lunch at the stop
// after it.
func (r *rota) plan(s *solver.Solution, scale float64) *Plan {
	plan := new(Plan)
	for v := range s.Routes {
		route := Route{Vehicle: v}
		next := solver.None
		stops := s.Routes[v].Stops
		for i := len(stops) - 1; i >= 0; i-- {
			stop := Stop{Start: float64(stops[i].Start) / scale, End: float64(stops[i].End) / scale}
			if stops[i].Task == solver.None {
				if next == solver.None {
					continue // a lunch after the last visit is none
				}
				stop.Kind = Lunch
			} else {
				next = stops[i].Task
			}
			stop.Task = int(next)
			route.Stops = append(route.Stops, stop)
		}
		if len(route.Stops) > 0 {
			slices.Reverse(route.Stops)
			plan.Routes = append(plan.Routes, route)
		}
	}
	return plan
}

// visit is where and when a task was found in a plan.
type visit struct {
	carer int // -1: nowhere
	start float64
}

// visits checks that routes and tasks exist, that no carer has two routes and
// no task is done twice, and that services last as long as they must. Stops
// that do not exist are left out of the routes that it returns.
func (r *rota) visits(plan *Plan, tolerance float64, broken *rules) ([]visit, []Route) {
	done := make([]visit, len(r.operations))
	for t := range done {
		done[t].carer = -1
	}
	working := make([]bool, len(r.carers))
	var routes []Route
	for k, route := range plan.Routes {
		if route.Vehicle < 0 || route.Vehicle >= len(r.carers) {
			broken.broken("route %d: there is no carer %d", k+1, route.Vehicle)
			continue
		}
		who := r.carers[route.Vehicle]
		if working[route.Vehicle] {
			broken.broken("%s: has two routes", who)
			continue
		}
		working[route.Vehicle] = true
		kept := Route{Vehicle: route.Vehicle}
		for i, stop := range route.Stops {
			switch {
			case math.IsNaN(stop.Start+stop.End) || math.IsInf(stop.Start+stop.End, 0):
				broken.broken("%s: stop %d has no time", who, i+1)
				continue
			case stop.Kind != Task && stop.Kind != Lunch:
				broken.broken("%s: stop %d is of no kind that the set has", who, i+1)
				continue
			case stop.Task < 0 || stop.Task >= len(done):
				broken.broken("%s: stop %d: there is no service %d", who, i+1, stop.Task)
				continue
			case stop.Kind == Task:
				o := &r.operations[stop.Task]
				if done[stop.Task].carer >= 0 {
					broken.broken("%s: %s is done twice", who, r.name(stop.Task))
				}
				done[stop.Task] = visit{route.Vehicle, stop.Start}
				if math.Abs(stop.End-stop.Start-o.duration) > tolerance {
					broken.broken("%s: %s lasts %g, not %g", who, r.name(stop.Task), stop.End-stop.Start, o.duration)
				}
			}
			kept.Stops = append(kept.Stops, stop)
		}
		if len(kept.Stops) > 0 {
			routes = append(routes, kept)
		}
	}
	return done, routes
}

// together checks the pairs.
func (r *rota) together(done []visit, tolerance float64, broken *rules) {
	for i := range r.pairs {
		p := &r.pairs[i]
		a, b := done[p.first], done[p.second]
		if a.carer < 0 || b.carer < 0 {
			continue // said elsewhere
		}
		if a.carer == b.carer {
			broken.broken("%s does both %s and %s", r.carers[a.carer], r.name(p.first), r.name(p.second))
		}
		if gap := b.start - a.start; p.timed && (gap < p.least-tolerance || gap > p.most+tolerance) {
			broken.broken("%s starts %g after %s, outside %g..%g", r.name(p.second), gap, r.name(p.first), p.least, p.most)
		}
	}
}

// name is a task for people to read.
func (r *rota) name(task int) string {
	o := &r.operations[task]
	return r.services[o.service] + " of " + r.patients[o.patient]
}
