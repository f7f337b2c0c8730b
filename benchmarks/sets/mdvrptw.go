package sets

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/slinga-se/slinga/solver"
)

// multiDepot is a vehicle routing problem with time windows and several depots
// (Vidal and others 2013) in the VRPLIB form. All its numbers are whole
// thousandths. Nodes are indexed from 0, the depots first; the file and Stop
// number them from 1, and the form of solutions from 0 again.
type multiDepot struct {
	name     string
	nodes    []row
	depots   int
	home     []int // of the vehicles: a depot
	capacity int64
	longest  float64 // of a route, waiting included; 0: any
}

// milli is how many of the evaluator's and the problem's units make one of the set.
const milli = 1000

func readMultiDepot(data []byte, name, _ string) (Instance, error) {
	in := &multiDepot{name: name}
	sections := map[string][][]float64{}
	vehicles, dimension, section := 0, 0, ""
	for i, text := range strings.Split(string(data), "\n") {
		fields := strings.Fields(text)
		key, value, headed := strings.Cut(text, ":")
		var err error
		switch key, value = strings.TrimSpace(key), strings.TrimSpace(value); {
		case len(fields) == 0:
		case len(fields) == 1 && fields[0] == "EOF":
			section = ""
		case len(fields) == 1 && strings.HasSuffix(fields[0], "_SECTION"):
			section = fields[0]
			if sections[section] != nil {
				err = fmt.Errorf("%w: %s again", ErrFormat, section)
			}
			sections[section] = [][]float64{}
		case headed:
			switch key {
			case "NAME", "COMMENT", "TYPE":
			case "EDGE_WEIGHT_TYPE":
				if value != "EUC_2D" {
					err = fmt.Errorf("%w: distances of kind %q", ErrFormat, value)
				}
			case "DIMENSION":
				dimension, err = readCount(value, mostVehicles)
			case "VEHICLES":
				vehicles, err = readCount(value, mostVehicles)
			case "CAPACITY":
				var n int
				n, err = readCount(value, mostNumber)
				in.capacity = int64(n)
			case "VEHICLES_MAX_DURATION":
				in.longest, err = readNumber(value)
				if in.longest = in.longest * milli; err == nil && (in.longest <= 0 || in.longest != math.Round(in.longest)) {
					err = fmt.Errorf("%w: a longest duration of %s", ErrFormat, value)
				}
			default:
				err = fmt.Errorf("%w: %q is not known", ErrFormat, key)
			}
		case section != "":
			var numbers []float64
			numbers, err = readNumbers(fields)
			sections[section] = append(sections[section], numbers)
		default:
			err = fmt.Errorf("%w: %q belongs to no section", ErrFormat, text)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if vehicles < 1 || dimension < 2 {
		return nil, fmt.Errorf("%w: %d vehicles and %d nodes", ErrFormat, vehicles, dimension)
	}
	return in, in.fill(sections, vehicles, dimension)
}

// fill takes the sections of a file with that many vehicles and nodes.
func (in *multiDepot) fill(sections map[string][][]float64, vehicles, dimension int) error {
	var err error
	take := func(section string, rows, columns int) [][]float64 { // without the ids
		list := sections[section]
		delete(sections, section)
		if err == nil && len(list) != rows {
			err = fmt.Errorf("%w: %s has %d rows, not %d", ErrFormat, section, len(list), rows)
		}
		for i := range list {
			if err == nil && (len(list[i]) != columns+1 || list[i][0] != float64(i+1)) {
				err = fmt.Errorf("%w: %s, row %d: wanted %d and %d more", ErrFormat, section, i+1, i+1, columns)
			}
			if err == nil {
				list[i] = list[i][1:]
			}
		}
		return list
	}
	depots := sections["DEPOT_SECTION"]
	if n := len(depots); n > 0 && depots[n-1][0] == -1 { // where VRPLIB has an end mark
		depots = depots[:n-1]
	}
	sections["DEPOT_SECTION"] = depots
	in.depots = len(depots)
	take("DEPOT_SECTION", in.depots, 0)
	places := take("NODE_COORD_SECTION", dimension, 2)
	demands := take("DEMAND_SECTION", dimension, 1)
	services := take("SERVICE_TIME_SECTION", dimension, 1)
	windows := take("TIME_WINDOW_SECTION", dimension, 2)
	homes := take("VEHICLES_DEPOT_SECTION", vehicles, 1)
	if err != nil {
		return err
	}
	if in.depots < 1 || in.depots >= dimension {
		return fmt.Errorf("%w: %d depots among %d nodes", ErrFormat, in.depots, dimension)
	}
	for section := range sections {
		return fmt.Errorf("%w: %s is not known", ErrFormat, section)
	}
	for i := range dimension {
		r, err := newRow([]float64{places[i][0], places[i][1], demands[i][0], milli * windows[i][0], milli * windows[i][1], milli * services[i][0]})
		if err != nil {
			return fmt.Errorf("node %d: %w", i+1, err)
		}
		for _, v := range []float64{r.ready, r.due, r.service} {
			if v != math.Round(v) {
				return fmt.Errorf("%w: node %d: times are finer than thousandths", ErrFormat, i+1)
			}
		}
		if r.demand < 0 {
			return fmt.Errorf("%w: node %d: a demand of %d", ErrFormat, i+1, r.demand)
		}
		in.nodes = append(in.nodes, r)
	}
	for v, home := range homes {
		d := int(home[0]) - 1
		if d < 0 || d >= in.depots {
			return fmt.Errorf("%w: vehicle %d: %g is no depot", ErrFormat, v+1, home[0])
		}
		in.home = append(in.home, d)
	}
	return nil
}

func (in *multiDepot) Info() Info {
	return Info{Name: in.name, Convention: MilliDistance, Tasks: len(in.nodes) - in.depots}
}

// distance is in whole thousandths.
func (in *multiDepot) distance(i, j int) float64 {
	return math.Round(milli * in.nodes[i].away(&in.nodes[j]))
}

// Problem lets vehicles leave when they like, for a longest duration of work.
func (in *multiDepot) Problem() *solver.Problem {
	n := len(in.nodes)
	matrix := make([]int32, n*n)
	for i := range n {
		for j := range n {
			matrix[i*n+j] = int32(in.distance(i, j))
		}
	}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{{N: n, Time: matrix, Distance: matrix}}}},
		Terms:    []solver.Term{{Kind: solver.TermUnserved, Weight: 1}, {Kind: solver.TermDistance, Weight: 1}},
	}
	for i := in.depots; i < n; i++ {
		c := &in.nodes[i]
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{{
				Location: int32(i), Service: int64(c.service),
				Windows: []solver.Window{{From: int64(c.ready), To: int64(c.due)}},
				Load:    []int64{c.demand}, PickupOf: solver.None,
			}},
			UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	for _, d := range in.home {
		p.Shifts = append(p.Shifts, solver.Shift{
			From: int32(d), To: int32(d), Start: int64(in.nodes[d].ready), End: int64(in.nodes[d].due),
			Capacity: []int64{in.capacity}, DistanceCost: 1, LongestWork: int64(in.longest), LeaveLate: true,
		})
	}
	return p
}

func (in *multiDepot) Cost(v Value) int64 { return int64(math.Round(v.Objective * milli)) }

// Plan numbers nodes as the file does.
func (in *multiDepot) Plan(s *solver.Solution) *Plan { return planOf(s, in.depots+1) }

func (in *multiDepot) Evaluate(plan *Plan) (Value, error) {
	var v Value
	var broken rules
	done := make([]bool, len(in.nodes))
	used := make([]bool, len(in.home))
	for _, route := range plan.Routes {
		if len(route.Stops) == 0 {
			continue
		}
		k := route.Vehicle
		if k < 0 || k >= len(in.home) {
			broken.broken("there is no vehicle %d", k+1)
			continue
		}
		if used[k] {
			broken.broken("vehicle %d has two routes", k+1)
		}
		used[k] = true
		v.Vehicles++
		v.Objective += in.drive(route, done, &broken)
	}
	v.Objective /= milli
	for i := in.depots; i < len(done); i++ {
		if !done[i] {
			broken.broken("customer %d is not visited%s", i+1, tooMuch(in.nodes[i].demand, in.capacity))
		}
	}
	return v, broken.err()
}

// drive judges one route, marks its nodes as done, and returns how long it is.
func (in *multiDepot) drive(route Route, done []bool, broken *rules) float64 {
	k, home := route.Vehicle+1, in.home[route.Vehicle]
	length, load, at := 0.0, int64(0), home
	t := leave(in.nodes[home].ready, in.nodes[home].due)
	for _, stop := range route.Stops {
		i := stop.Task - 1
		if stop.Kind != Task || i < in.depots || i >= len(in.nodes) {
			broken.broken("vehicle %d: there is no customer %d", k, stop.Task)
			continue
		}
		c := &in.nodes[i]
		if done[i] {
			broken.broken("vehicle %d: customer %d is visited twice", k, stop.Task)
		}
		done[i] = true
		load += c.demand
		d := in.distance(at, i)
		length += d
		t.spend(d)
		if t.meet(c.ready, c.due) > 0 {
			broken.broken("vehicle %d: customer %d is begun at %.3f, due at %g", k, stop.Task, t.done/milli, c.due/milli)
		}
		t.spend(c.service)
		at = i
	}
	d := in.distance(at, home)
	t.spend(d)
	if t.meet(0, in.nodes[home].due) > 0 {
		broken.broken("vehicle %d: is back at %.3f, the depot closes at %g", k, t.done/milli, in.nodes[home].due/milli)
	}
	if work := t.length(); in.longest > 0 && work > in.longest {
		broken.broken("vehicle %d: is out for %.3f, the most is %g", k, work/milli, in.longest/milli)
	}
	if load > in.capacity {
		broken.broken("vehicle %d: load %d over the capacity of %d", k, load, in.capacity)
	}
	return length + d
}

// Read takes "Route #v" as the route of vehicle v, of node ids less 1.
func (in *multiDepot) Read(r io.Reader) (*Plan, error) { return readRoutes(r, 1) }

// Write writes a line for every vehicle, also for one that stays.
func (in *multiDepot) Write(w io.Writer, plan *Plan, v Value) error {
	routes := make([]Route, len(in.home))
	for _, route := range plan.Routes {
		if route.Vehicle < 0 || route.Vehicle >= len(routes) {
			return fmt.Errorf("%w: there is no vehicle %d", ErrRule, route.Vehicle+1)
		}
		routes[route.Vehicle] = route
	}
	out := bufio.NewWriter(w)
	writeRoutes(out, "Route #%d:", routes, -1)
	fmt.Fprintf(out, "Cost %.0f\n", v.Objective*milli)
	return out.Flush()
}
