package solver

import "context"

// The search prices a route by simple rules for its starts, a little above
// what it costs once it has been timed. In a large problem that evens out; in
// a small one it decides between two orders. So in small problems every order
// of tasks that the search comes by is timed once, and the cheapest is kept
// beside the search's own best.

// Sizes of what is judged: problems of so many tasks, and so many orders.
const (
	mostJudgedTasks  = 12
	mostJudgedOrders = 100_000
)

// judged tells whether a problem is small.
func (m *model) judged() bool {
	return len(m.problem.Tasks) <= mostJudgedTasks && m.tasks < betweenRoutes
}

// betweenRoutes stands between two routes where a byte stands for a node.
const betweenRoutes = 255

// judge times states and keeps the cheapest.
type judge struct {
	*timetable
	seen  map[string]struct{}
	key   []byte
	kept  *state
	at    []int64
	price int64
}

func newJudge(m *model) *judge {
	t := newTimetable(newSchedule(m, newState(m)))
	return &judge{
		timetable: t, seen: map[string]struct{}{},
		kept: newState(m), at: make([]int64, len(t.start)), price: Infinity,
	}
}

// look times a state, if its order has not been timed before.
func (j *judge) look(s *state) {
	if !j.isNew(s) {
		return
	}
	j.state.copyFrom(s)
	if !j.fromState() {
		panic("solver: a solution has no schedule")
	}
	j.settleTimes(context.Background(), nil)
	j.keep()
}

// isNew tells whether the order of a state has not been timed yet, and notes it.
func (j *judge) isNew(s *state) bool {
	j.key = j.key[:0]
	for r := range j.model.shifts {
		for v := s.nodes[j.model.startOf(int32(r))].next; int(v) < j.model.tasks; v = s.nodes[v].next {
			j.key = append(j.key, byte(v))
		}
		j.key = append(j.key, betweenRoutes)
	}
	j.key = s.appendOrder(j.model, j.key)
	if _, known := j.seen[string(j.key)]; known || len(j.seen) == mostJudgedOrders {
		return false
	}
	j.seen[string(j.key)] = struct{}{}
	return true
}

// keep takes the timed state over when it is the cheapest so far.
func (j *judge) keep() {
	if price := j.total(); price < j.price && j.possible() {
		j.price = price
		j.kept.copyFrom(j.state)
		copy(j.at, j.start)
	}
}

// verdict is the cheapest solution that was looked at.
func (j *judge) verdict() *timetable {
	t := newTimetable(newSchedule(j.model, j.kept.clone(j.model)))
	copy(t.start, j.at)
	return t
}
