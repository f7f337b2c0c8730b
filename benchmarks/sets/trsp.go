package sets

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/solver"
)

// technicians is a technician routing and scheduling problem (Pillac, Guéret
// and Medaglia 2013): skills, tools and spare parts, each technician from home
// to home, and a depot on the way where every tool and enough parts are.
type technicians struct {
	name   string
	crew   int // rows 1 to crew are technicians, the rest requests
	skills int
	tools  int
	parts  int
	rows   []row
	needs  []gear // by row; of a technician: what he has
}

// gear is what a technician has or a request needs.
type gear struct {
	skills, tools []int
	parts         []int // how many, by kind
}

func readTechnicians(data []byte, name, _ string) (Instance, error) {
	in := &technicians{name: name}
	crewNext := false // the row after the heading "CREW COUNT ..." says how many there are
	for i, text := range strings.Split(string(data), "\n") {
		text, lists, _ := strings.Cut(text, "[")
		numbers, err := readNumbers(strings.Fields(text))
		switch {
		case in.crew == 0 && strings.HasPrefix(text, "CREW"):
			crewNext = true
			continue
		case len(in.rows) == 0 && err != nil: // a heading
			continue
		case err != nil, len(numbers) == 0:
		case crewNext && len(numbers) == 4:
			crewNext = false
			in.crew, in.skills, in.tools, in.parts = int(numbers[0]), int(numbers[1]), int(numbers[2]), int(numbers[3])
			if in.crew < 1 || in.crew > mostVehicles || max(in.skills, in.tools, in.parts) > 64 || min(in.skills, in.tools, in.parts) < 0 {
				err = fmt.Errorf("%w: a crew of %d with %d skills, %d tools and %d parts", ErrFormat, in.crew, in.skills, in.tools, in.parts)
			}
		case in.crew > 0 && len(numbers) == 6 && numbers[0] == float64(len(in.rows)):
			err = in.add(numbers, "["+lists)
		default:
			err = fmt.Errorf("%w: %d numbers; wanted row %d", ErrFormat, len(numbers), len(in.rows))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if in.crew == 0 || len(in.rows) < in.crew+2 || len(in.rows) > mostVehicles {
		return nil, fmt.Errorf("%w: a crew of %d and %d rows", ErrFormat, in.crew, len(in.rows))
	}
	return in, nil
}

// add takes one row of the table: numbers, and the three lists "[0,2] [] [1,0]".
func (in *technicians) add(numbers []float64, lists string) error {
	r, err := newRow([]float64{numbers[1], numbers[2], 0, numbers[3], numbers[4], numbers[5]})
	if err != nil {
		return err
	}
	var all [3][]int
	left := lists
	for k := range all {
		inside, after, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(left), "["), "]")
		if !ok || !strings.HasPrefix(strings.TrimSpace(left), "[") {
			return fmt.Errorf("%w: %q is not three lists in brackets", ErrFormat, lists)
		}
		left = after
		if inside = strings.TrimSpace(inside); inside == "" {
			continue
		}
		for field := range strings.SplitSeq(inside, ",") {
			most := [3]int{in.skills - 1, in.tools - 1, 1000}[k]
			n, err := readCount(strings.TrimSpace(field), most)
			if err != nil {
				return err
			}
			all[k] = append(all[k], n)
		}
	}
	if strings.TrimSpace(left) != "" {
		return fmt.Errorf("%w: %q is more than three lists", ErrFormat, lists)
	}
	if len(in.rows) == 0 { // the depot lists nothing and has everything
		all[2] = make([]int, in.parts)
	}
	if len(all[2]) != in.parts {
		return fmt.Errorf("%w: %d quantities of %d kinds of parts", ErrFormat, len(all[2]), in.parts)
	}
	in.rows = append(in.rows, r)
	in.needs = append(in.needs, gear{all[0], all[1], all[2]})
	return nil
}

func (in *technicians) Info() Info {
	return Info{Name: in.name, Convention: Duration, Tasks: len(in.rows) - in.crew - 1}
}

func (in *technicians) whole(v float64) int64 { return int64(math.Round(v * doubleScale)) }

// Problem has no word for a stop that refills, so it has two shifts for each
// technician: the first crew ones have what is at home, the others go by the
// depot before anything else and have everything. Each technician has a task at
// home too that fills a shift: the one that does it works no more, so that one
// of the two is left. Plan puts the stop where it costs least.
//
// Locations are those of the rows, and for each technician a home from which
// all ways lead by the depot.
func (in *technicians) Problem() *solver.Problem {
	rows := len(in.rows)
	n := rows + in.crew
	matrix := make([]int32, n*n)
	up := func(d float64) int32 { return int32(math.Ceil(d*doubleScale - 1e-6)) }
	for i := range rows {
		for j := range rows {
			matrix[i*n+j] = up(in.rows[i].away(&in.rows[j]))
		}
	}
	for t := 1; t <= in.crew; t++ {
		from := rows + t - 1
		for j := range rows {
			if j != t { // home is where it is already
				matrix[from*n+j] = matrix[t*n] + matrix[j]
			}
			matrix[j*n+from] = matrix[j*n+t]
		}
		for u := 1; u <= in.crew; u++ { // nobody goes there, but it is a place like others
			if u != t {
				matrix[from*n+rows+u-1] = matrix[t*n] + matrix[u]
			}
		}
	}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{{N: n, Time: matrix}}}},
		Terms:    []solver.Term{{Kind: solver.TermUnserved, Weight: 1}, {Kind: solver.TermWork, Weight: 1}},
	}
	full := int64(rows) // a load that leaves no room for anything
	task := func(location int, mode solver.Mode) {
		r := &in.rows[location]
		mode.Location, mode.Service, mode.PickupOf = int32(location), in.whole(r.service), solver.None
		mode.Windows = []solver.Window{{From: in.whole(r.ready), To: in.whole(r.due)}}
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{mode}, UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	for i := in.crew + 1; i < rows; i++ {
		load := []int64{1}
		for _, parts := range in.needs[i].parts {
			load = append(load, int64(parts))
		}
		task(i, solver.Mode{Skills: in.bits(in.needs[i].skills, in.needs[i].tools), Load: load})
	}
	for t := 1; t <= in.crew; t++ {
		load := make([]int64, 1+in.parts)
		load[0] = full
		task(t, solver.Mode{Allowed: solver.NewBits(t-1, in.crew+t-1), Load: load})
	}
	every := make([]int, in.tools)
	for i := range every {
		every[i] = i
	}
	for k := range 2 * in.crew {
		t := k%in.crew + 1
		home := &in.rows[t]
		s := solver.Shift{
			From: int32(t), To: int32(t), Start: in.whole(home.ready), End: in.whole(home.due),
			WorkCost: 1, LeaveLate: true, Capacity: []int64{full},
		}
		for _, parts := range in.needs[t].parts {
			if k >= in.crew {
				parts = 1000 * rows
			}
			s.Capacity = append(s.Capacity, int64(parts))
		}
		tools := in.needs[t].tools
		if k >= in.crew {
			s.From, tools = int32(rows+t-1), every
		}
		s.Skills = in.bits(in.needs[t].skills, tools)
		p.Shifts = append(p.Shifts, s)
	}
	return p
}

// bits are skills and tools as one set.
func (in *technicians) bits(skills, tools []int) solver.Bits {
	b := solver.NewBits(skills...)
	for _, k := range tools {
		b = b.With(in.skills + k)
	}
	return b
}

// Cost is that of a route that stops at the depot first where it does; the
// solver's cost of one that stops there later, as Plan makes it, is higher.
func (in *technicians) Cost(v Value) int64 {
	// Each leg is rounded up, and the lists have four decimals.
	return int64(math.Ceil(v.Objective*doubleScale)) + int64(len(in.rows)+2*in.crew) + int64(1e-4*doubleScale)
}

// Plan numbers requests as the file does, and puts the stop at the depot where
// the route is shortest.
func (in *technicians) Plan(s *solver.Solution) *Plan {
	plan := new(Plan)
	for _, route := range planOf(s, in.crew+1).Routes {
		via := route.Vehicle >= in.crew
		route.Vehicle %= in.crew
		if route.Stops[0].Task >= len(in.rows) { // the task at home
			continue
		}
		if via {
			route = in.refilled(route)
		}
		plan.Routes = append(plan.Routes, route)
	}
	return plan
}

// refilled is a route with a stop at the depot, if it needs one.
func (in *technicians) refilled(route Route) Route {
	least, best := math.Inf(1), route
	try := func(r Route) {
		var broken rules
		length := in.drive(r, make([]bool, len(in.rows)), &broken)
		if broken.errs == nil && length < least {
			least, best = length, r
		}
	}
	try(route)
	for k := range route.Stops {
		try(Route{Vehicle: route.Vehicle, Stops: slices.Insert(slices.Clone(route.Stops), k, Stop{Kind: Refill})})
	}
	return best
}

func (in *technicians) Evaluate(plan *Plan) (Value, error) {
	var v Value
	var broken rules
	done := make([]bool, len(in.rows))
	used := make([]bool, in.crew)
	for _, route := range plan.Routes { // also one that does nothing counts: the published counts have them
		t := route.Vehicle
		if t < 0 || t >= in.crew {
			broken.broken("there is no technician %d", t+1)
			continue
		}
		if used[t] {
			broken.broken("technician %d has two routes", t+1)
		}
		used[t] = true
		v.Vehicles++
		v.Objective += in.drive(route, done, &broken)
	}
	for i := in.crew + 1; i < len(done); i++ {
		if !done[i] {
			broken.broken("request %d is not done", i)
		}
	}
	return v, broken.err()
}

// drive judges one route, marks its requests as done, and returns how long it
// takes when it leaves as late as it can.
func (in *technicians) drive(route Route, done []bool, broken *rules) float64 {
	home := route.Vehicle + 1
	has := in.needs[home]
	parts := slices.Clone(has.parts)
	refilled := false
	at := home
	t := leave(in.rows[home].ready, in.rows[home].due)
	for _, stop := range route.Stops {
		if stop.Kind == Refill { // takes no time, and the depot is always open
			refilled = true
			t.spend(in.rows[at].away(&in.rows[0]))
			at = 0
			continue
		}
		i := stop.Task
		if stop.Kind != Task || i <= in.crew || i >= len(in.rows) {
			broken.broken("technician %d: there is no request %d", home, i)
			continue
		}
		r, needs := &in.rows[i], &in.needs[i]
		if done[i] {
			broken.broken("technician %d: request %d is done twice", home, i)
		}
		done[i] = true
		for _, k := range needs.skills {
			if !slices.Contains(has.skills, k) {
				broken.broken("technician %d: request %d needs skill %d", home, i, k)
			}
		}
		for _, k := range needs.tools {
			if !refilled && !slices.Contains(has.tools, k) {
				broken.broken("technician %d: request %d needs tool %d, which is not on board", home, i, k)
			}
		}
		for k, count := range needs.parts {
			if parts[k] -= count; !refilled && parts[k] < 0 && count > 0 {
				broken.broken("technician %d: request %d needs %d parts %d, %d are left", home, i, count, k, parts[k]+count)
			}
		}
		t.spend(in.rows[at].away(r))
		if t.meet(r.ready, r.due) > tolerance {
			broken.broken("technician %d: request %d is begun at %.4f, due at %g", home, i, t.done, r.due)
		}
		t.spend(r.service)
		at = i
	}
	t.spend(in.rows[at].away(&in.rows[home]))
	if t.meet(0, in.rows[home].due) > tolerance {
		broken.broken("technician %d: is home at %.4f, due at %g", home, t.done, in.rows[home].due)
	}
	return t.length()
}

// Read reads the one line "<2,152,31,127||4,92,129|...>": technician, requests,
// stops at the depot and home. Rows end at n: n+t is the home of technician t,
// n+crew+t his depot.
func (in *technicians) Read(r io.Reader) (*Plan, error) {
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(string(data)), "<")
	text, end := strings.CutSuffix(text, ">")
	if !ok || !end {
		return nil, fmt.Errorf("%w: wanted <routes>", ErrFormat)
	}
	plan := new(Plan)
	last := len(in.rows) - 1
	for k, part := range strings.Split(text, "|") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		var ids []int
		for field := range strings.SplitSeq(part, ",") {
			n, err := readCount(strings.TrimSpace(field), mostNumber)
			if err != nil {
				return nil, fmt.Errorf("route %d: %w", k+1, err)
			}
			ids = append(ids, n)
		}
		t, home := ids[0], ids[len(ids)-1]
		if t < 1 || t > in.crew || home != last+t {
			return nil, fmt.Errorf("%w: route %d: begins with %d and ends with %d, not with a technician and his home", ErrFormat, k+1, t, home)
		}
		route := Route{Vehicle: t - 1}
		for _, id := range ids[1 : len(ids)-1] {
			switch {
			case id <= last:
				route.Stops = append(route.Stops, Stop{Task: id})
			case id == last+in.crew+t:
				route.Stops = append(route.Stops, Stop{Kind: Refill})
			default:
				return nil, fmt.Errorf("%w: route %d: %d is neither a request nor the depot of technician %d", ErrFormat, k+1, id, t)
			}
		}
		plan.Routes = append(plan.Routes, route)
	}
	return plan, nil
}

// Write has an entry for every technician, in order.
func (in *technicians) Write(w io.Writer, plan *Plan, _ Value) error {
	last := len(in.rows) - 1
	parts := make([]string, in.crew)
	for _, route := range plan.Routes {
		t := route.Vehicle + 1
		if t < 1 || t > in.crew {
			return fmt.Errorf("%w: there is no technician %d", ErrRule, t)
		}
		ids := []string{strconv.Itoa(t)}
		for _, stop := range route.Stops {
			id := stop.Task
			if stop.Kind == Refill {
				id = last + in.crew + t
			}
			ids = append(ids, strconv.Itoa(id))
		}
		parts[t-1] = strings.Join(append(ids, strconv.Itoa(last+t)), ",")
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "<%s>\n", strings.Join(parts, "|"))
	return out.Flush()
}
