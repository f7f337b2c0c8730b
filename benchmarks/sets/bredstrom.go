package sets

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/slinga-se/slinga/solver"
)

// bredstrom is a day of home care with pairs of visits that two carers begin
// together (Bredström and Rönnqvist 2007). Times are whole; index 0 is the
// depot everywhere. Staff are alike: their preferences are of another objective
// of the paper and not read.
type bredstrom struct {
	name  string
	Staff int     `json:"staff"`
	Until int     `json:"horizon"` // all are back by then
	Hours float64 `json:"hours_per_horizon"`

	Visits  int      `json:"visits"`
	Pairs   [][2]int `json:"sync_pairs"`
	Service []int    `json:"service_time"`
	Opens   []int    `json:"window_open"`
	Closes  []int    `json:"window_close"`
	Travel  [][]int  `json:"travel_time"`
}

func readBredstrom(data []byte, name, _ string) (Instance, error) {
	in := &bredstrom{name: name}
	if err := decode(data, in); err != nil {
		return nil, err
	}
	if in.Staff < 1 || in.Staff > mostVehicles || in.Visits < 1 || in.Visits > mostVehicles {
		return nil, fmt.Errorf("%w: %d staff and %d visits", ErrFormat, in.Staff, in.Visits)
	}
	if in.Until < 1 || in.Until > mostNumber || !(in.Hours > 0 && in.Hours <= 24) {
		return nil, fmt.Errorf("%w: a horizon of %d units and %g hours", ErrFormat, in.Until, in.Hours)
	}
	n := in.Visits + 1
	if len(in.Service) != n || len(in.Opens) != n || len(in.Closes) != n || len(in.Travel) != n {
		return nil, fmt.Errorf("%w: arrays are not of the length %d", ErrFormat, n)
	}
	for i := range n {
		if len(in.Travel[i]) != n {
			return nil, fmt.Errorf("%w: travel_time[%d] is not of the length %d", ErrFormat, i, n)
		}
		if err := interval("window", float64(in.Opens[i]), float64(in.Closes[i])); err != nil {
			return nil, fmt.Errorf("%w: visit %d: %w", ErrFormat, i, err)
		}
		if in.Service[i] < 0 || in.Service[i] > mostNumber || in.Closes[i] > mostNumber {
			return nil, fmt.Errorf("%w: visit %d: service_time %d, window %d..%d; numbers are from 0 to %d", ErrFormat, i, in.Service[i], in.Opens[i], in.Closes[i], mostNumber)
		}
		for j, d := range in.Travel[i] {
			if d < 0 || d > mostNumber {
				return nil, fmt.Errorf("%w: travel_time[%d][%d] is %d", ErrFormat, i, j, d)
			}
		}
	}
	for k, pair := range in.Pairs {
		a, b := pair[0], pair[1]
		if a < 1 || a >= n || b < 1 || b >= n || a == b {
			return nil, fmt.Errorf("%w: sync_pairs[%d] is of the visits %d and %d", ErrFormat, k, a, b)
		}
	}
	return in, nil
}

func (in *bredstrom) Info() Info {
	return Info{Name: in.name, Convention: Hours, Tasks: in.Visits}
}

func (in *bredstrom) Problem() *solver.Problem {
	n := in.Visits + 1
	period := solver.Period{N: n}
	for _, row := range in.Travel {
		for _, d := range row {
			period.Time = append(period.Time, int32(d))
		}
	}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{period}}},
		Terms:    []solver.Term{{Kind: solver.TermUnserved, Weight: 1}, {Kind: solver.TermTravel, Weight: 1}},
	}
	for i := 1; i < n; i++ {
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{{
				Location: int32(i), Service: int64(in.Service[i]),
				Windows:  []solver.Window{{From: int64(in.Opens[i]), To: int64(in.Closes[i])}},
				PickupOf: solver.None,
			}},
			UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	for _, pair := range in.Pairs {
		p.Links = append(p.Links, solver.Link{
			First: int32(pair[0] - 1), Second: int32(pair[1] - 1), Shift: solver.DifferentShift, AllOrNothing: true,
		})
	}
	for range in.Staff {
		p.Shifts = append(p.Shifts, solver.Shift{End: int64(in.Until), TimeCost: 1})
	}
	return p
}

// Cost is the whole number of units that the hours, of which four decimals are
// printed, stand for.
func (in *bredstrom) Cost(v Value) int64 {
	return int64(math.Round(v.Objective * float64(in.Until) / in.Hours))
}

// Plan numbers visits as the file does.
func (in *bredstrom) Plan(s *solver.Solution) *Plan { return planOf(s, 1) }

// Evaluate needs the order of visits only: times are as early as they can be,
// which is as good as any. The earliest times are the least ones that agree
// with every route and every pair; routes that wait for each other in a circle
// have none within the day.
func (in *bredstrom) Evaluate(plan *Plan) (Value, error) {
	var v Value
	var broken rules
	staffOf := make([]int, in.Visits+1) // from 1; 0: nobody
	travel := 0
	routes := make([][]int, 0, len(plan.Routes)) // without what is not there
	for k, route := range plan.Routes {
		var visits []int
		at := 0
		for _, stop := range route.Stops {
			if stop.Kind != Task || stop.Task < 1 || stop.Task > in.Visits {
				broken.broken("route %d: there is no visit %d", k+1, stop.Task)
				continue
			}
			if staffOf[stop.Task] != 0 {
				broken.broken("route %d: visit %d is made twice", k+1, stop.Task)
				continue
			}
			staffOf[stop.Task] = k + 1
			visits = append(visits, stop.Task)
			travel += in.Travel[at][stop.Task]
			at = stop.Task
		}
		if len(visits) > 0 {
			v.Vehicles++
			travel += in.Travel[at][0]
		}
		routes = append(routes, visits)
	}
	v.Objective = float64(travel) * in.Hours / float64(in.Until)
	if v.Vehicles > in.Staff {
		broken.broken("%d routes, there are %d staff", v.Vehicles, in.Staff)
	}
	for i := 1; i <= in.Visits; i++ {
		if staffOf[i] == 0 {
			broken.broken("visit %d is not made", i)
		}
	}
	for _, pair := range in.Pairs {
		if a := staffOf[pair[0]]; a != 0 && a == staffOf[pair[1]] {
			broken.broken("route %d: the visits %d and %d of a pair are on it, they need two carers", a, pair[0], pair[1])
		}
	}
	if broken.errs == nil { // times of half a plan mean nothing
		in.time(routes, &broken)
	}
	return v, broken.err()
}

// time judges windows and the end of the day at the earliest starts.
func (in *bredstrom) time(routes [][]int, broken *rules) {
	start := append([]int(nil), in.Opens...)
	for changed := true; changed; {
		changed = false
		later := func(i, t int) {
			if t > start[i] {
				start[i], changed = t, true
			}
		}
		for _, visits := range routes {
			at, free := 0, 0
			for _, i := range visits {
				later(i, free+in.Travel[at][i])
				at, free = i, start[i]+in.Service[i]
			}
		}
		for _, pair := range in.Pairs {
			later(pair[0], start[pair[1]])
			later(pair[1], start[pair[0]])
		}
		late := false
		for i := 1; i <= in.Visits; i++ {
			if start[i] > in.Closes[i] {
				late = true
				broken.broken("visit %d begins at %d or later, its window closes at %d", i, start[i], in.Closes[i])
			}
		}
		if late {
			return
		}
	}
	for k, visits := range routes {
		if len(visits) == 0 {
			continue
		}
		last := visits[len(visits)-1]
		if back := start[last] + in.Service[last] + in.Travel[last][0]; back > in.Until {
			broken.broken("route %d: is back at %d, the day ends at %d", k+1, back, in.Until)
		}
	}
}

// Read reads a line "Route #k: visits" for each carer. The set has no solutions
// and so no form; this is that of the routing sets.
func (in *bredstrom) Read(r io.Reader) (*Plan, error) { return readRoutes(r, 0) }

func (in *bredstrom) Write(w io.Writer, plan *Plan, v Value) error {
	out := bufio.NewWriter(w)
	writeRoutes(out, "Route #%d:", plan.Routes, 0)
	fmt.Fprintf(out, "Cost %.4f\n", v.Objective)
	return out.Flush()
}
