package sets

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// What a file may say. Beyond these the whole numbers of a problem would not
// fit, and no set comes near.
const (
	mostNumber   = 10_000_000
	mostPlace    = 5_000  // coordinates, either way
	mostVehicles = 10_000 // and customers
)

// readNumber reads a finite number of a sensible size.
func readNumber(field string) (float64, error) {
	v, err := strconv.ParseFloat(field, 64)
	if err != nil || math.Abs(v) > mostNumber || math.IsNaN(v) {
		return 0, fmt.Errorf("%w: %q is no number that a set has", ErrFormat, field)
	}
	return v, nil
}

// readNumbers reads a row of them.
func readNumbers(fields []string) ([]float64, error) {
	numbers := make([]float64, len(fields))
	for i, field := range fields {
		v, err := readNumber(field)
		if err != nil {
			return nil, fmt.Errorf("number %d: %w", i+1, err)
		}
		numbers[i] = v
	}
	return numbers, nil
}

// readCount reads a whole number between 0 and most.
func readCount(field string, most int) (int, error) {
	n, err := strconv.Atoi(field)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%w: %q is no whole number from 0 to %d", ErrFormat, field, most)
	}
	return n, nil
}

// row is what the tables of most sets say of a place.
type row struct {
	x, y                float64
	demand              int64
	ready, due, service float64
}

// newRow puts x, y, demand, ready, due and service in a row.
func newRow(n []float64) (row, error) {
	r := row{n[0], n[1], int64(n[2]), n[3], n[4], n[5]}
	switch {
	case math.Abs(r.x) > mostPlace || math.Abs(r.y) > mostPlace:
		return r, fmt.Errorf("%w: coordinates %g, %g; the most is %d", ErrFormat, r.x, r.y, mostPlace)
	case float64(r.demand) != n[2]:
		return r, fmt.Errorf("%w: the demand of %g is no whole number", ErrFormat, n[2])
	case r.ready > r.due:
		return r, fmt.Errorf("%w: the window ends at %g, before it opens at %g", ErrFormat, r.due, r.ready)
	case r.ready < 0 || r.service < 0:
		return r, fmt.Errorf("%w: times below 0", ErrFormat)
	}
	return r, nil
}

// away is the Euclidean distance of two places.
func (r *row) away(other *row) float64 { return math.Hypot(r.x-other.x, r.y-other.y) }

// trip is the time that a route takes as a function of when it leaves: who
// leaves at t is done at max(done, t+busy), and t may be anything up to last.
type trip struct {
	last float64
	busy float64 // driving and serving, no waiting
	done float64 // when it leaves as early as it may
}

// leave begins a trip that leaves between two times.
func leave(opens, last float64) trip { return trip{last: last, done: opens} }

// spend adds driving or serving.
func (t *trip) spend(time float64) { t.busy, t.done = t.busy+time, t.done+time }

// meet adds a window that what follows begins in. It says how late the trip is
// at best: above 0, the window is missed.
func (t *trip) meet(ready, due float64) (late float64) {
	t.done = max(t.done, ready)
	t.last = min(t.last, due-t.busy)
	return t.done - due
}

// length is the time from leaving to being back, when it leaves as late as that
// does not make it come back later.
func (t *trip) length() float64 { return max(t.busy, t.done-t.last) }

// readRoutes reads the lines of a solution that say "Route #3: 5 27 8" or
// "Route 3 : 5 27 8", and skips the others. Route #3 is of vehicle 2; add is
// added to every number.
func readRoutes(r io.Reader, add int) (*Plan, error) {
	plan := new(Plan)
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for line := 1; lines.Scan(); line++ {
		before, after, _ := strings.Cut(lines.Text(), ":")
		label := strings.Fields(strings.ToLower(strings.ReplaceAll(before, "#", " ")))
		if len(label) != 2 || label[0] != "route" {
			continue
		}
		number, err := readCount(label[1], mostVehicles)
		if err != nil {
			return nil, fmt.Errorf("line %d: route: %w", line, err)
		}
		route := Route{Vehicle: number - 1}
		for _, field := range strings.Fields(after) {
			n, err := readCount(field, mostNumber)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			route.Stops = append(route.Stops, Stop{Task: n + add})
		}
		plan.Routes = append(plan.Routes, route)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(plan.Routes) == 0 {
		return nil, fmt.Errorf("%w: no line says \"Route #1: ...\"", ErrFormat)
	}
	return plan, nil
}

// writeRoutes writes a line for each route; format is of its number.
func writeRoutes(w io.Writer, format string, routes []Route, add int) {
	for k, route := range routes {
		fmt.Fprintf(w, format, k+1)
		for _, stop := range route.Stops {
			fmt.Fprintf(w, " %d", stop.Task+add)
		}
		fmt.Fprintln(w)
	}
}
