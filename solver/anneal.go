package solver

import (
	"math"
	"math/rand/v2"
	"time"
)

// anneal cools from a first to a last temperature by the share of the budget
// that is used: of the iterations, of the time, or of what is further on.
type anneal struct {
	hot, cold   float64
	temperature float64
	perTask     float64 // average cost of a task that is done
	started     time.Time
	limit       time.Duration // 0: none
	iterations  int64         // 0: none
}

// Temperatures in parts of the average cost of a task that is done: the same
// whatever unit costs are counted in. On the sets of Solomon and Gehring and
// Homberger this is the order of the 100 and 1 of Christiaens and Vanden Berghe.
const (
	hotShare  = 2
	coldShare = 0.05
)

// A large problem gets fewer iterations a task in the same time, and so less
// heat: the square root of this many tasks over its own.
const fullHeatTasks = 100

func newAnneal(perTask float64, tasks int, started time.Time, limit time.Duration, iterations int64) anneal {
	perTask = max(perTask, 1)
	hot := perTask * hotShare * math.Sqrt(min(1, fullHeatTasks/float64(max(tasks, 1))))
	return anneal{
		hot: hot, cold: min(hot, perTask*coldShare), temperature: hot, perTask: perTask,
		started: started, limit: limit, iterations: iterations,
	}
}

// cool sets the temperature by the clock and by the iterations that all
// workers have done, and tells whether the time is up.
func (a *anneal) cool(done int64) (over bool) {
	var share float64
	if a.iterations > 0 {
		share = float64(done) / float64(a.iterations)
	}
	if a.limit > 0 {
		used := time.Since(a.started)
		share = max(share, float64(used)/float64(a.limit))
		over = used >= a.limit
	}
	a.temperature = a.hot * math.Pow(a.cold/a.hot, min(share, 1))
	return over
}

// threshold draws by how much a candidate may be dearer than the last one:
// the test of simulated annealing solved for the cost.
func (a *anneal) threshold(random *rand.Rand) int64 {
	u := random.Float64()
	if u <= 0 {
		return 1
	}
	return 1 + int64(-a.temperature*math.Log(u))
}
