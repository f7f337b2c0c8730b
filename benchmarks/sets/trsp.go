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

// Problem has the tools and parts of the technicians as stock, a tool as one that
// is not used up, and the depot as the one refill of every route.
func (in *technicians) Problem() *solver.Problem {
	n := len(in.rows)
	matrix := make([]int32, n*n)
	for i := range n {
		for j := range n {
			matrix[i*n+j] = int32(math.Ceil(in.rows[i].away(&in.rows[j])*doubleScale - 1e-6))
		}
	}
	p := &solver.Problem{
		Profiles: []solver.Profile{{Periods: []solver.Period{{N: n, Time: matrix}}}},
		Terms:    []solver.Term{{Kind: solver.TermUnserved, Weight: 1}, {Kind: solver.TermWork, Weight: 1}},
	}
	for i := in.crew + 1; i < n; i++ {
		r := &in.rows[i]
		p.Tasks = append(p.Tasks, solver.Task{
			Modes: []solver.Mode{{
				Location: int32(i), Service: in.whole(r.service), PickupOf: solver.None,
				Windows: []solver.Window{{From: in.whole(r.ready), To: in.whole(r.due)}},
				Skills:  solver.NewBits(in.needs[i].skills...), Use: in.stock(&in.needs[i], 1),
			}},
			UnservedCost: solver.Infinity, Pin: solver.FreePin(), Group: solver.None,
		})
	}
	everything := slices.Repeat([]int64{solver.Infinity}, in.tools+in.parts)
	for t := 1; t <= in.crew; t++ {
		home := &in.rows[t]
		p.Shifts = append(p.Shifts, solver.Shift{
			From: int32(t), To: int32(t), Start: in.whole(home.ready), End: in.whole(home.due),
			WorkCost: 1, LeaveLate: true, Skills: solver.NewBits(in.needs[t].skills...),
			Stock:   in.stock(&in.needs[t], solver.Infinity),
			Refills: []solver.Refill{{Location: 0, Full: everything, Most: 1}},
		})
	}
	return p
}

// stock is how much of each tool, where it is in a list, and how much of each
// part.
func (in *technicians) stock(g *gear, tool int64) []int64 {
	levels := make([]int64, in.tools+in.parts)
	for _, k := range g.tools {
		levels[k] = tool
	}
	for k, n := range g.parts {
		levels[in.tools+k] = int64(n)
	}
	return levels
}

// Cost allows for legs that are each rounded up, and for lists of four decimals.
func (in *technicians) Cost(v Value) int64 {
	return int64(math.Ceil(v.Objective*doubleScale)) + int64(len(in.rows)+2*in.crew) + int64(1e-4*doubleScale)
}

// Plan numbers requests as the file does.
func (in *technicians) Plan(s *solver.Solution) *Plan { return planOf(s, in.crew+1) }

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
