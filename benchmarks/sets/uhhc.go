package sets

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/slinga-se/slinga/solver"
)

// uhhc is home care in the unified form of Ceschia and others (2026), which the
// instances of Bazirha and others (2020-2023) are in too: several offices,
// shifts, lunches, patients that may be left out, and an objective of weighted
// components that each instance chooses. All numbers are whole minutes.
type uhhc struct {
	rota
	label, convention string
	// leavesLate tells when carers leave: as late as their first stop allows,
	// or at the start of their shift. The form does not say; the set does.
	leavesLate bool
	atEnd      bool // windows are met at the end of service, not at the start
	weights    map[component]weight
	staff      []uhhcCarer
	clients    []uhhcPatient
	lunch      uhhcLunch
	distances  [][]float64
}

type uhhcCarer struct {
	able       solver.Bits
	from, to   int // locations
	start, end float64
	lunch      bool // is due
}

type uhhcPatient struct {
	location        int
	windows         []uhhcWindow // by opening
	preferred       solver.Bits  // carers; nil: no wish
	incompatible    solver.Bits
	optional        bool
	first, services int // its tasks
}

type uhhcWindow struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

type uhhcLunch struct {
	uhhcWindow
	Length float64 `json:"min_duration"`
}

// component is a part of the objective, by the form's name.
type component string

const (
	travelTime        component = "travel_time"
	totalTardiness    component = "total_tardiness"
	highestTardiness  component = "highest_tardiness"
	totalWaiting      component = "total_waiting_time"
	maxWaiting        component = "max_waiting_time"
	totalExtra        component = "total_extra_time"
	maxIdle           component = "max_idle_time"
	carerPreferences  component = "caregiver_preferences"
	optionalPatients  component = "optional_patients"
	missedLunch       component = "missed_lunch_break"
	workloadImbalance component = "workload_balance"
)

// components and the solver's terms for them.
var components = []struct {
	component
	kind solver.TermKind
}{
	{travelTime, solver.TermTravel},
	{totalTardiness, solver.TermPreferred},
	{highestTardiness, solver.TermTardiest},
	{totalWaiting, solver.TermWait},
	{maxWaiting, solver.TermWaitMost},
	{totalExtra, solver.TermOvertime},
	{maxIdle, solver.TermIdleMost},
	{carerPreferences, solver.TermAssign},
	{optionalPatients, solver.TermUnserved},
	{missedLunch, solver.TermBreaks},
	{workloadImbalance, solver.TermBalance},
}

// weight of a component: a number, or hard, when it must be zero.
type weight struct {
	value float64
	hard  bool
}

var errWeight = errors.New(`cost_components: a weight is a number or "HARD"`)

func (w *weight) UnmarshalJSON(data []byte) error {
	if string(data) == `"HARD"` {
		*w = weight{hard: true}
		return nil
	}
	if err := json.Unmarshal(data, &w.value); err != nil {
		return errWeight
	}
	return nil
}

type uhhcFile struct {
	Metadata struct {
		Met     string               `json:"time_window_met"`
		Weights map[component]weight `json:"cost_components"`
	} `json:"metadata"`
	Terminals []struct {
		ID       string `json:"id"`
		Location int    `json:"distance_matrix_index"`
	} `json:"terminal_points"`
	Carers []struct {
		ID        string     `json:"id"`
		Abilities []string   `json:"abilities"`
		From      string     `json:"departing_point"`
		To        string     `json:"arrival_point"`
		Shift     uhhcWindow `json:"working_shift"`
		Lunch     *bool      `json:"lunch_break"`
	} `json:"caregivers"`
	Patients []struct {
		ID       string `json:"id"`
		Location int    `json:"distance_matrix_index"`
		Required []struct {
			Service  string   `json:"service"`
			Duration *float64 `json:"duration"`
		} `json:"required_services"`
		Windows         []uhhcWindow `json:"time_windows"`
		Synchronization *struct {
			Type     string `json:"type"`
			Distance *struct {
				Min float64 `json:"min"`
				Max float64 `json:"max"`
			} `json:"distance"`
		} `json:"synchronization"`
		Preferred    []string `json:"preferred_caregivers,omitempty"`
		Incompatible []string `json:"incompatible_caregivers,omitempty"`
		Optional     *bool    `json:"optional"`
	} `json:"patients"`
	Services []struct {
		ID       string   `json:"id"`
		Duration *float64 `json:"default_duration"`
	} `json:"services"`
	Lunch     *uhhcLunch  `json:"lunch_breaks"`
	Distances [][]float64 `json:"distances"`
}

// readBazirha reads an instance if it is of the convention: of what it weighs,
// it can have only one.
func readBazirha(data []byte, name, convention string) (Instance, error) {
	one, err := readUHHC(data, name, convention)
	if err != nil {
		return nil, err
	}
	in := one.(*uhhc)
	in.leavesLate = false
	own := WaitBalance
	if in.weights[travelTime].value > 0 {
		own = TravelOnly
	}
	if own != convention {
		return nil, errOtherConvention
	}
	return in, nil
}

func readUHHC(data []byte, name, convention string) (Instance, error) {
	var file uhhcFile
	if err := decode(data, &file); err != nil {
		return nil, err
	}
	in := &uhhc{label: name, convention: convention, leavesLate: true, weights: file.Metadata.Weights, distances: file.Distances}
	switch file.Metadata.Met {
	case "at_service_start":
	case "at_service_end":
		in.atEnd = true
	default:
		return nil, fmt.Errorf("%w: time_window_met: %q", ErrFormat, file.Metadata.Met)
	}
	if err := in.checkWeights(); err != nil {
		return nil, err
	}
	if err := square(in.distances, len(in.distances)); err != nil {
		return nil, err
	}
	if file.Lunch != nil {
		in.lunch = *file.Lunch
	}
	if err := interval("lunch_breaks", in.lunch.Start, in.lunch.End); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if in.lunch.Length < 0 {
		return nil, fmt.Errorf("%w: lunch_breaks: min_duration %g is below 0", ErrFormat, in.lunch.Length)
	}
	services := index{}
	for _, s := range file.Services {
		if err := services.add(s.ID); err != nil {
			return nil, err
		}
		in.services = append(in.services, s.ID)
	}
	carers, err := in.readCarers(&file, services)
	if err != nil {
		return nil, err
	}
	if err := in.readPatients(&file, services, carers); err != nil {
		return nil, err
	}
	if len(in.carers) == 0 || len(in.patients) == 0 {
		return nil, fmt.Errorf("%w: %d carers and %d patients", ErrFormat, len(in.carers), len(in.patients))
	}
	return in, in.checkWhole()
}

func (in *uhhc) checkWeights() error {
	for name, w := range in.weights {
		known := false
		for _, c := range components {
			known = known || c.component == name
		}
		if !known {
			return fmt.Errorf("%w: cost_components: %q is none", ErrFormat, name)
		}
		if w.value < 0 || w.value > greatest || w.value != math.Round(w.value) {
			return fmt.Errorf("%w: cost_components: %s weighs %g", ErrFormat, name, w.value)
		}
	}
	return nil
}

func (in *uhhc) readCarers(file *uhhcFile, services index) (index, error) {
	terminals, carers := map[string]int{}, index{}
	for _, t := range file.Terminals {
		terminals[t.ID] = t.Location
	}
	for _, c := range file.Carers {
		if err := carers.add(c.ID); err != nil {
			return nil, err
		}
		from, ok := terminals[c.From]
		to, too := terminals[c.To]
		if !ok || !too || in.outside(from) || in.outside(to) {
			return nil, fmt.Errorf("%w: carer %q: there is no way from %q or to %q", ErrFormat, c.ID, c.From, c.To)
		}
		if err := interval("working_shift", c.Shift.Start, c.Shift.End); err != nil {
			return nil, fmt.Errorf("%w: carer %q: %w", ErrFormat, c.ID, err)
		}
		one := uhhcCarer{from: from, to: to, start: c.Shift.Start, end: c.Shift.End, lunch: c.Lunch != nil && *c.Lunch}
		if one.lunch && file.Lunch == nil {
			return nil, fmt.Errorf("%w: carer %q: has lunch, and there is no time for lunches", ErrFormat, c.ID)
		}
		if in.convention == Weighted && c.Lunch == nil {
			return nil, fmt.Errorf("%w: carer %q: lunch_break is missing", ErrFormat, c.ID)
		}
		for _, id := range c.Abilities {
			service, ok := services[id]
			if !ok {
				return nil, fmt.Errorf("%w: carer %q: there is no service %q", ErrFormat, c.ID, id)
			}
			one.able = one.able.With(service)
		}
		in.carers, in.staff = append(in.carers, c.ID), append(in.staff, one)
	}
	return carers, nil
}

func (in *uhhc) readPatients(file *uhhcFile, services, carers index) error {
	patients := index{}
	for i, p := range file.Patients {
		if err := patients.add(p.ID); err != nil {
			return err
		}
		one := uhhcPatient{location: p.Location, windows: p.Windows, optional: p.Optional != nil && *p.Optional, first: len(in.operations), services: len(p.Required)}
		if in.convention == Weighted && p.Optional == nil {
			return fmt.Errorf("%w: patient %q: optional is missing", ErrFormat, p.ID)
		}
		if in.outside(p.Location) {
			return fmt.Errorf("%w: patient %q: there is no location %d", ErrFormat, p.ID, p.Location)
		}
		if one.services != 1 && one.services != 2 || one.services == 1 && p.Synchronization != nil {
			return fmt.Errorf("%w: patient %q: %d services; one, or two and how they go together", ErrFormat, p.ID, one.services)
		}
		for k, w := range p.Windows {
			if err := interval(fmt.Sprintf("time_windows[%d]", k), w.Start, w.End); err != nil {
				return fmt.Errorf("%w: patient %q: %w", ErrFormat, p.ID, err)
			}
		}
		byOpening := func(a, b uhhcWindow) int { return cmp.Compare(a.Start, b.Start) }
		if len(p.Windows) == 0 || !slices.IsSortedFunc(p.Windows, byOpening) {
			return fmt.Errorf("%w: patient %q: time_windows: there must be one, and the one that opens first before the others", ErrFormat, p.ID)
		}
		for list, to := range map[*[]string]*solver.Bits{&p.Preferred: &one.preferred, &p.Incompatible: &one.incompatible} {
			for _, id := range *list {
				carer, ok := carers[id]
				if !ok {
					return fmt.Errorf("%w: patient %q: there is no carer %q", ErrFormat, p.ID, id)
				}
				*to = to.With(carer)
			}
		}
		for _, need := range p.Required {
			service, ok := services[need.Service]
			if !ok {
				return fmt.Errorf("%w: patient %q: there is no service %q", ErrFormat, p.ID, need.Service)
			}
			o := operation{patient: i, service: service}
			switch usual := file.Services[service].Duration; {
			case need.Duration != nil:
				o.duration = *need.Duration
			case usual != nil:
				o.duration = *usual
			default:
				return fmt.Errorf("%w: patient %q: %s has no duration, and no default_duration", ErrFormat, p.ID, need.Service)
			}
			if o.duration < 0 {
				return fmt.Errorf("%w: patient %q: %s lasts %g", ErrFormat, p.ID, need.Service, o.duration)
			}
			in.operations = append(in.operations, o)
		}
		if one.services == 2 {
			var both pair
			if s := p.Synchronization; s != nil {
				var err error
				var distance *[2]float64
				if d := s.Distance; d != nil {
					distance = &[2]float64{d.Min, d.Max}
				}
				if both, err = synchronization(s.Type, distance); err != nil {
					return fmt.Errorf("%w: patient %q: %w", ErrFormat, p.ID, err)
				}
			}
			both.first, both.second = one.first, one.first+1
			in.pairs = append(in.pairs, both)
		}
		in.patients, in.clients = append(in.patients, p.ID), append(in.clients, one)
	}
	return nil
}

func (in *uhhc) outside(location int) bool { return location < 0 || location >= len(in.distances) }

// checkWhole: every number is whole, so that the problem loses nothing.
func (in *uhhc) checkWhole() error {
	numbers := []float64{in.lunch.Start, in.lunch.End, in.lunch.Length}
	for _, row := range in.distances {
		numbers = append(numbers, row...)
	}
	for _, c := range in.staff {
		numbers = append(numbers, c.start, c.end)
	}
	for _, p := range in.clients {
		for _, w := range p.windows {
			numbers = append(numbers, w.Start, w.End)
		}
	}
	for _, o := range in.operations {
		numbers = append(numbers, o.duration)
	}
	for _, p := range in.pairs {
		numbers = append(numbers, p.least, p.most)
	}
	for _, v := range numbers {
		if v != math.Round(v) || math.Abs(v) > greatest {
			return fmt.Errorf("%w: %g is no whole number of minutes, or out of range", ErrFormat, v)
		}
	}
	return nil
}

func (in *uhhc) Info() Info {
	return Info{Name: in.label, Convention: in.convention, Tasks: len(in.operations)}
}

// counts tells whether a component has a weight or must be zero.
func (in *uhhc) counts(c component) bool { return in.weights[c].hard || in.weights[c].value > 0 }

// price is what a unit of a component costs before it is weighted.
func (in *uhhc) price(c component) int64 {
	if in.counts(c) {
		return 1
	}
	return 0
}

// punctual tells whether windows are hard.
func (in *uhhc) punctual() bool {
	return in.weights[totalTardiness].hard || in.weights[highestTardiness].hard
}

// Plan numbers services from 0 in the order of the file, patient by patient.
func (in *uhhc) Plan(s *solver.Solution) *Plan { return in.plan(s, 1) }

// Cost is the objective: all of it is whole.
func (in *uhhc) Cost(v Value) int64 { return int64(math.Round(v.Objective)) }
