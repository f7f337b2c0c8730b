package sets

import (
	"fmt"
	"strings"

	"github.com/slinga-se/slinga/solver"
)

// lilim is a pickup and delivery problem with time windows in the form of Li
// and Lim (2001): the places, clocks and vehicles of solomon, and each request
// two rows, one where it is fetched and one where it is brought.
type lilim struct {
	solomon
	mate []int // the other row of the same request; of the depot: 0
}

func readLiLim(data []byte, name, convention string) (Instance, error) {
	in := &lilim{solomon: *newSolomon(name, convention)}
	pickups := []bool(nil)
	for i, text := range strings.Split(string(data), "\n") {
		numbers, err := readNumbers(strings.Fields(text))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		switch {
		case len(numbers) == 0:
		case len(numbers) == 3 && in.vehicles == 0:
			in.vehicles, in.capacity = int(numbers[0]), int64(numbers[1]) // the third is a speed that nobody uses
		case len(numbers) == 9 && numbers[0] == float64(len(in.rows)):
			r, err := newRow(numbers[1:7])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			in.rows = append(in.rows, r)
			in.mate = append(in.mate, int(numbers[7])+int(numbers[8]))
			pickups = append(pickups, numbers[7] == 0)
		default:
			return nil, fmt.Errorf("%w: line %d: %d numbers; wanted vehicles, capacity and speed, or the nine of location %d", ErrFormat, i+1, len(numbers), len(in.rows))
		}
	}
	if err := in.complete(); err != nil {
		return nil, err
	}
	for i := 1; i < len(in.rows); i++ {
		m := in.mate[i]
		if m < 1 || m >= len(in.rows) || in.mate[m] != i || pickups[m] == pickups[i] ||
			in.rows[m].demand != -in.rows[i].demand || pickups[i] != (in.rows[i].demand > 0) {
			return nil, fmt.Errorf("%w: location %d: it and location %d are not the pickup and the delivery of one request", ErrFormat, i, m)
		}
	}
	return in, nil
}

// pickup tells whether a row is one.
func (in *lilim) pickup(i int) bool { return in.rows[i].demand > 0 }

// Problem is that of solomon, with a pair of tasks for each request.
func (in *lilim) Problem() *solver.Problem {
	p := in.solomon.Problem()
	for i := 1; i < len(in.rows); i++ {
		if !in.pickup(i) {
			p.Tasks[i-1].Modes[0].PickupOf = int32(in.mate[i] - 1)
		}
	}
	return p
}

func (in *lilim) Evaluate(plan *Plan) (Value, error) { return in.evaluate(plan, in.carry) }

// carry judges that each request is fetched before it is brought, by the same
// vehicle, and that what is on board fits at every stop.
func (in *lilim) carry(k int, customers []int, broken *rules) {
	load, place := int64(0), map[int]int{}
	for n, i := range customers {
		place[i] = n
		load += in.rows[i].demand
		if load > in.capacity || load < 0 {
			broken.broken("route %d: load %d after location %d, not between 0 and %d", k+1, load, i, in.capacity)
		}
	}
	for n, i := range customers {
		m, ok := place[in.mate[i]]
		switch {
		case !ok:
			broken.broken("route %d: location %d is on it, location %d of the same request is not", k+1, i, in.mate[i])
		case in.pickup(i) && m < n:
			broken.broken("route %d: location %d is fetched after it is brought to location %d", k+1, i, in.mate[i])
		}
	}
}
