package sets

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/solver"
)

// solomon is a vehicle routing problem with time windows in the form of
// Solomon (1987), which Gehring and Homberger (1999) use too.
type solomon struct {
	name, convention string
	vehicles         int
	capacity         int64
	rows             []row   // 0 is the depot, the others are customers
	unit             float64 // the evaluator's units per unit of the set: 10 where distances are in tenths
	scale            float64 // whole numbers of the problem per unit of the set
}

// Scales. Where distances are in double precision, travel times are rounded
// up, so that what the solver finds is feasible; a hundred-thousandth of a unit
// is finer than any gap that counts.
const (
	trunc1Scale = 10
	doubleScale = 100_000
)

func readSolomon(data []byte, name, convention string) (Instance, error) {
	in := newSolomon(name, convention)
	for i, text := range strings.Split(string(data), "\n") {
		numbers, err := readNumbers(strings.Fields(text))
		switch {
		case len(in.rows) == 0 && err != nil: // a heading
		case err != nil:
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		case len(numbers) == 0:
		case len(numbers) == 2 && in.vehicles == 0:
			in.vehicles, in.capacity = int(numbers[0]), int64(numbers[1])
		case len(numbers) == 7 && numbers[0] == float64(len(in.rows)):
			r, err := newRow(numbers[1:])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			if r.demand < 0 {
				return nil, fmt.Errorf("%w: line %d: a demand of %d", ErrFormat, i+1, r.demand)
			}
			in.rows = append(in.rows, r)
		case len(numbers) == 7:
			return nil, fmt.Errorf("%w: line %d: customer %g; wanted customer %d", ErrFormat, i+1, numbers[0], len(in.rows))
		default:
			return nil, fmt.Errorf("%w: line %d: %d numbers; wanted vehicles and capacity, or the seven of customer %d", ErrFormat, i+1, len(numbers), len(in.rows))
		}
	}
	return in, in.complete()
}

func newSolomon(name, convention string) *solomon {
	in := &solomon{name: name, convention: convention, unit: 1, scale: doubleScale}
	if convention == Trunc1 {
		in.unit, in.scale = trunc1Scale, trunc1Scale
	}
	return in
}

// complete tells what a file that is read to its end lacks.
func (in *solomon) complete() error {
	if in.vehicles == 0 && len(in.rows) == 0 {
		return fmt.Errorf("%w: no line has vehicles and capacity, and none is of a customer: is the file cut off?", ErrFormat)
	}
	if in.vehicles < 1 || in.vehicles > mostVehicles || in.capacity < 0 {
		return fmt.Errorf("%w: %d vehicles of capacity %d", ErrFormat, in.vehicles, in.capacity)
	}
	if len(in.rows) < 2 || len(in.rows) > mostVehicles {
		return fmt.Errorf("%w: %d customers", ErrFormat, len(in.rows)-1)
	}
	return nil
}

func (in *solomon) Info() Info {
	return Info{Name: in.name, Convention: in.convention, Tasks: len(in.rows) - 1}
}

// distance is that of the convention, in the evaluator's unit: whole tenths, or
// the set's own unit in double precision.
func (in *solomon) distance(i, j int) float64 {
	d := in.rows[i].away(&in.rows[j])
	if in.convention == Trunc1 {
		return math.Floor(trunc1Scale*d + 1e-9)
	}
	return d
}

// whole is a time of the set in the problem's unit.
func (in *solomon) whole(v float64) int64 { return int64(math.Round(v * in.scale)) }

// vehicleCost makes a vehicle dearer than any distance: no plan is longer than
// going to each customer from the depot and back.
func (in *solomon) vehicleCost() int64 {
	far := 0.0
	for i := range in.rows {
		far = max(far, in.distance(0, i)/in.unit)
	}
	return in.whole(2*far*float64(len(in.rows))) + 1
}

func (in *solomon) Problem() *solver.Problem {
	n := len(in.rows)
	period := solver.Period{N: n, Time: make([]int32, n*n), Distance: make([]int32, n*n)}
	for i := range n {
		for j := range n {
			d := in.distance(i, j) / in.unit * in.scale
			period.Time[i*n+j] = int32(math.Ceil(d - 1e-6))
			period.Distance[i*n+j] = int32(math.Round(d))
		}
	}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{period}}},
		Terms:    []solver.Term{{Kind: solver.TermUnserved, Weight: 1}, {Kind: solver.TermDistance, Weight: 1}},
	}
	// Fewest vehicles first is a price of each: one level, and no feature that
	// the solver lacks.
	fixed := int64(0)
	if in.convention == Hierarchical {
		fixed = in.vehicleCost()
		p.Terms = append(p.Terms, solver.Term{Kind: solver.TermFixed, Weight: 1})
	}
	for i := 1; i < n; i++ {
		c := &in.rows[i]
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{{
				Location: int32(i), Service: in.whole(c.service),
				Windows: []solver.Window{{From: in.whole(c.ready), To: in.whole(c.due)}},
				Load:    []int64{c.demand}, PickupOf: solver.None,
			}},
			UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	depot := &in.rows[0]
	for range in.vehicles {
		p.Shifts = append(p.Shifts, solver.Shift{
			Start: in.whole(depot.ready), End: in.whole(depot.due),
			Capacity: []int64{in.capacity}, DistanceCost: 1, Fixed: fixed,
		})
	}
	return p
}

func (in *solomon) Cost(v Value) int64 {
	cost := int64(math.Round(v.Objective * in.scale))
	if in.convention != Trunc1 {
		cost += int64(len(in.rows)+in.vehicles)/2 + 1 // half a unit of rounding a leg
		cost += int64(1e-4 * in.scale)                // the lists have four decimals
	}
	if in.convention == Hierarchical {
		cost += int64(v.Vehicles) * in.vehicleCost()
	}
	return cost
}

// Plan numbers customers as the file does.
func (in *solomon) Plan(s *solver.Solution) *Plan { return planOf(s, 1) }

// planOf is a solution whose tasks are numbered from first, without the routes
// that do nothing.
func planOf(s *solver.Solution, first int) *Plan {
	plan := new(Plan)
	for v := range s.Routes {
		r := Route{Vehicle: v}
		for _, stop := range s.Routes[v].Stops {
			switch {
			case stop.Task != solver.None:
				r.Stops = append(r.Stops, Stop{Task: int(stop.Task) + first})
			case stop.Break == solver.None:
				r.Stops = append(r.Stops, Stop{Kind: Refill})
			}
		}
		if len(r.Stops) > 0 {
			plan.Routes = append(plan.Routes, r)
		}
	}
	return plan
}

// tolerance is by how much a time in double precision may be over, which is
// what sums of a few hundred of them lose.
const tolerance = 1e-6

func (in *solomon) Evaluate(plan *Plan) (Value, error) { return in.evaluate(plan, in.load) }

// evaluate judges everything but loads, which it leaves to load: customers that
// do not exist are not in what it gets.
func (in *solomon) evaluate(plan *Plan, load func(k int, customers []int, broken *rules)) (Value, error) {
	var v Value
	var broken rules
	done := make([]bool, len(in.rows))
	for k, route := range plan.Routes {
		if len(route.Stops) == 0 {
			continue
		}
		v.Vehicles++
		at, now := 0, in.rows[0].ready*in.unit
		var customers []int
		for _, stop := range route.Stops {
			if stop.Kind != Task || stop.Task < 1 || stop.Task >= len(in.rows) {
				broken.broken("route %d: there is no customer %d", k+1, stop.Task)
				continue
			}
			c := &in.rows[stop.Task]
			if done[stop.Task] {
				broken.broken("route %d: customer %d is visited twice", k+1, stop.Task)
			}
			done[stop.Task] = true
			customers = append(customers, stop.Task)
			d := in.distance(at, stop.Task)
			v.Objective += d
			now = max(now+d, c.ready*in.unit)
			if now > c.due*in.unit+tolerance {
				broken.broken("route %d: customer %d is begun at %.4f, due at %g", k+1, stop.Task, now/in.unit, c.due)
			}
			now += c.service * in.unit
			at = stop.Task
		}
		d := in.distance(at, 0)
		v.Objective += d
		if now += d; now > in.rows[0].due*in.unit+tolerance {
			broken.broken("route %d: is back at %.4f, the depot closes at %g", k+1, now/in.unit, in.rows[0].due)
		}
		load(k, customers, &broken)
	}
	v.Objective /= in.unit
	if v.Vehicles > in.vehicles {
		broken.broken("%d routes, there are %d vehicles", v.Vehicles, in.vehicles)
	}
	for i := 1; i < len(done); i++ {
		if !done[i] {
			broken.broken("customer %d is not visited%s", i, tooMuch(in.rows[i].demand, in.capacity))
		}
	}
	return v, broken.err()
}

// tooMuch is why nobody can visit a customer, where the demand tells.
func tooMuch(demand, capacity int64) string {
	if demand <= capacity {
		return ""
	}
	return fmt.Sprintf(", and no vehicle can: the demand of %d is over the capacity of %d", demand, capacity)
}

// load judges that a route's deliveries fit into the vehicle together.
func (in *solomon) load(k int, customers []int, broken *rules) {
	load := int64(0)
	for _, i := range customers {
		load += in.rows[i].demand
	}
	if load > in.capacity {
		broken.broken("route %d: load %d over the capacity of %d", k+1, load, in.capacity)
	}
}

// Read takes both forms that the sets have: "Route #3: 5 27 8" and
// "Route 3 : 5 27 8".
func (in *solomon) Read(r io.Reader) (*Plan, error) { return readRoutes(r, 0) }

// Write writes the form of SINTEF's list for its convention, that of CVRPLIB
// for the others.
func (in *solomon) Write(w io.Writer, plan *Plan, v Value) error {
	out := bufio.NewWriter(w)
	if in.convention == Hierarchical {
		fmt.Fprintf(out, "Instance name : %s\nAuthors       : Slinga\nDate          :\nReference     :\nSolution\n", in.name)
		writeRoutes(out, "Route %d :", plan.Routes, 0)
	} else {
		writeRoutes(out, "Route #%d:", plan.Routes, 0)
		fmt.Fprintf(out, "Cost %s\n", strconv.FormatFloat(v.Objective, 'f', -1, 64))
	}
	return out.Flush()
}
