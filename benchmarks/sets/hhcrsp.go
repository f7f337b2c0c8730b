package sets

import (
	"fmt"
	"math"

	"github.com/slinga-se/slinga/solver"
)

// hhcrsp is home care with services that depend on each other, after
// Mankowska, Meisel and Bierwirth (2014), in the JSON form of Ceschia and
// others (2024). Matrices need not be symmetric, nor obey the triangle
// inequality; location 0 is the office, patient k is location k+1.
type hhcrsp struct {
	rota
	label     string
	windows   [][2]float64 // by patient; the end is soft, and of the start
	abilities []solver.Bits
	distances [][]float64
	scale     float64 // whole numbers of the problem per unit of the set
}

type hhcrspFile struct {
	Services []struct {
		ID       string  `json:"id"`
		Duration float64 `json:"default_duration"`
	} `json:"services"`
	Carers []struct {
		ID        string   `json:"id"`
		Abilities []string `json:"abilities"`
	} `json:"caregivers"`
	Offices  []struct{} `json:"central_offices"`
	Patients []struct {
		ID       string     `json:"id"`
		Window   [2]float64 `json:"time_window"`
		Required []struct {
			Service  string   `json:"service"`
			Duration *float64 `json:"duration"`
		} `json:"required_caregivers"`
		Synchronization *struct {
			Type     string      `json:"type"`
			Distance *[2]float64 `json:"distance"`
		} `json:"synchronization"`
	} `json:"patients"`
	Distances [][]float64 `json:"distances"`
}

func readHHCRSP(data []byte, name, _ string) (Instance, error) {
	var file hhcrspFile
	if err := decode(data, &file); err != nil {
		return nil, err
	}
	in := &hhcrsp{label: name, distances: file.Distances}
	in.idle = true
	services, carers, patients := index{}, index{}, index{}
	for _, s := range file.Services {
		if err := services.add(s.ID); err != nil {
			return nil, err
		}
		in.services = append(in.services, s.ID)
	}
	for _, c := range file.Carers {
		if err := carers.add(c.ID); err != nil {
			return nil, err
		}
		in.carers = append(in.carers, c.ID)
		var able solver.Bits
		for _, id := range c.Abilities {
			service, ok := services[id]
			if !ok {
				return nil, fmt.Errorf("%w: carer %q: there is no service %q", ErrFormat, c.ID, id)
			}
			able = able.With(service)
		}
		in.abilities = append(in.abilities, able)
	}
	for i, p := range file.Patients {
		if err := patients.add(p.ID); err != nil {
			return nil, err
		}
		if err := interval("time_window", p.Window[0], p.Window[1]); err != nil {
			return nil, fmt.Errorf("%w: patient %q: %w", ErrFormat, p.ID, err)
		}
		in.patients, in.windows = append(in.patients, p.ID), append(in.windows, p.Window)
		if n := len(p.Required); n != 1 && n != 2 || n == 2 != (p.Synchronization != nil) {
			return nil, fmt.Errorf("%w: patient %q: %d services; one, or two and how they go together", ErrFormat, p.ID, n)
		}
		for _, need := range p.Required {
			service, ok := services[need.Service]
			if !ok {
				return nil, fmt.Errorf("%w: patient %q: there is no service %q", ErrFormat, p.ID, need.Service)
			}
			o := operation{patient: i, service: service, duration: file.Services[service].Duration}
			if need.Duration != nil {
				o.duration = *need.Duration
			}
			if o.duration < 0 {
				return nil, fmt.Errorf("%w: patient %q: %s lasts %g", ErrFormat, p.ID, need.Service, o.duration)
			}
			in.operations = append(in.operations, o)
		}
		if s := p.Synchronization; s != nil {
			both, err := synchronization(s.Type, s.Distance)
			if err == nil && !both.timed { // this set has no independent pairs
				err = fmt.Errorf("synchronization: %q is no kind of pair that this set has", s.Type)
			}
			if err != nil {
				return nil, fmt.Errorf("%w: patient %q: %w", ErrFormat, p.ID, err)
			}
			both.first, both.second = len(in.operations)-2, len(in.operations)-1
			in.pairs = append(in.pairs, both)
		}
	}
	if len(file.Offices) != 1 || len(in.carers) == 0 || len(in.patients) == 0 {
		return nil, fmt.Errorf("%w: %d offices, %d carers and %d patients", ErrFormat, len(file.Offices), len(in.carers), len(in.patients))
	}
	if err := square(in.distances, len(in.patients)+1); err != nil {
		return nil, err
	}
	for _, in.scale = range []float64{1, 1000} {
		if in.isWhole() {
			return in, nil
		}
	}
	return nil, fmt.Errorf("%w: a number has more than three decimals, or is out of range", ErrFormat)
}

// isWhole tells whether every number is whole at the scale, so that the
// problem loses nothing.
func (in *hhcrsp) isWhole() bool {
	whole := func(numbers ...float64) bool {
		for _, v := range numbers {
			if v *= in.scale; math.Abs(v) > greatest || math.Abs(v-math.Round(v)) > 1e-6 {
				return false
			}
		}
		return true
	}
	for _, row := range in.distances {
		if !whole(row...) {
			return false
		}
	}
	for _, w := range in.windows {
		if !whole(w[:]...) {
			return false
		}
	}
	for _, o := range in.operations {
		if !whole(o.duration) {
			return false
		}
	}
	for _, p := range in.pairs {
		if !whole(p.least, p.most) {
			return false
		}
	}
	return true
}

func (in *hhcrsp) Info() Info {
	return Info{Name: in.label, Convention: Mean3, Tasks: len(in.operations)}
}

func (in *hhcrsp) whole(v float64) int64 { return int64(math.Round(v * in.scale)) }

// horizon is when all would be done if one carer did one thing after the other:
// the set's shifts have no end, the solver's must.
func (in *hhcrsp) horizon() float64 {
	leg := longest(in.distances)
	last, sum := 0.0, leg
	for _, w := range in.windows {
		last = max(last, w[0])
	}
	for _, o := range in.operations {
		sum += leg + o.duration
	}
	for _, p := range in.pairs {
		sum += max(math.Abs(p.least), math.Abs(p.most))
	}
	return last + sum
}

// Problem minimises D + T + M, three times the objective.
func (in *hhcrsp) Problem() *solver.Problem {
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{period(in.distances, in.scale)}}},
		Terms: []solver.Term{
			{Kind: solver.TermUnserved, Weight: 1}, // all must be done
			{Kind: solver.TermTravel, Weight: 1},
			{Kind: solver.TermPreferred, Weight: 1},
			{Kind: solver.TermTardiest, Weight: 1},
		},
	}
	end := in.whole(in.horizon())
	for _, o := range in.operations {
		open, due := in.whole(in.windows[o.patient][0]), in.whole(in.windows[o.patient][1])
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{{
				Location: int32(o.patient) + 1, Service: in.whole(o.duration),
				Windows:   []solver.Window{{From: open, To: max(open, end)}},
				Preferred: solver.Preferred{Window: solver.Window{From: open, To: due}, Late: 1},
				Skills:    solver.NewBits(o.service), PickupOf: solver.None,
			}},
			UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	for _, able := range in.abilities {
		p.Shifts = append(p.Shifts, solver.Shift{End: end, Skills: able, TimeCost: 1, LeaveLate: true})
	}
	for i := range in.pairs {
		p.Links = append(p.Links, in.pairs[i].link(in.scale))
	}
	return p
}

// Cost is exact for any value within a ten-thousandth, as best known ones are
// given: D + T + M is a whole number at the scale.
func (in *hhcrsp) Cost(v Value) int64 { return in.whole(3 * v.Objective) }

// Plan numbers services from 0 in the order of the file, patient by patient.
func (in *hhcrsp) Plan(s *solver.Solution) *Plan { return in.plan(s, in.scale) }

// thousandth is what a solution's times may be off: they are written with three
// decimals, and so is every number of the set, so that nothing is lost.
const thousandth = 1e-6

// Evaluate believes the times of the plan if they can be kept.
func (in *hhcrsp) Evaluate(plan *Plan) (Value, error) {
	var broken rules
	done, routes := in.visits(plan, thousandth, &broken)
	travel, tardiness, largest := 0.0, 0.0, 0.0
	for _, route := range routes {
		who := in.carers[route.Vehicle]
		at, now := 0, 0.0
		for _, stop := range route.Stops {
			if stop.Kind != Task {
				broken.broken("%s: has lunch, which the set does not know", who)
				continue
			}
			o := &in.operations[stop.Task]
			if !in.abilities[route.Vehicle].Has(o.service) {
				broken.broken("%s: cannot do %s", who, in.name(stop.Task))
			}
			leg := in.distances[at][o.patient+1]
			travel += leg
			if stop.Start < now+leg-thousandth {
				broken.broken("%s: %s starts at %g, is reached at %g", who, in.name(stop.Task), stop.Start, now+leg)
			}
			window := in.windows[o.patient]
			if stop.Start < window[0]-thousandth {
				broken.broken("%s: %s starts at %g, opens at %g", who, in.name(stop.Task), stop.Start, window[0])
			}
			late := max(0, stop.Start-window[1])
			tardiness, largest = tardiness+late, max(largest, late)
			at, now = o.patient+1, stop.Start+o.duration
		}
		travel += in.distances[at][0]
	}
	for t := range done {
		if done[t].carer < 0 {
			broken.broken("%s is not done", in.name(t))
		}
	}
	in.together(done, thousandth, &broken)
	return Value{
		Vehicles:  len(routes),
		Objective: (travel + tardiness + largest) / 3,
		Parts:     map[string]float64{"D": travel, "T": tardiness, "M": largest},
	}, broken.err()
}
