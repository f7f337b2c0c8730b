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
	from, upto  float64 // the part of the budget in which it cools; upto 0: all
	stages      []stage // of each cooling, one a level; nil: from hot to cold
	stage       int     // the one at hand
	temperature float64
	perTask     float64 // average cost of a task that is done
	started     time.Time
	limit       time.Duration // 0: none
	iterations  int64         // 0: none
}

// Temperatures in parts of the average cost of a task that is done: the same
// whatever unit costs are counted in.
const (
	hotShare  = 2
	coldShare = 0.05
)

// Where all routes are plain. Routes that carry little of what they could come
// and go while it is hot, and how many there are is half of the answer; full
// ones keep their number, and want the time for when it is cold.
const (
	hotEasyShare  = 1.6
	coldEasyShare = 0.015
	coldFullShare = 0.03 // of a large problem whose vehicles are full
	loadedLittle  = 0.8
	loadedFull    = 0.9
)

// Where all routes cost their duration, places are priced exactly, and the last
// small gains can be told from noise.
const coldPaidShare = 0.02

// A large problem gets fewer iterations a task in the same time, and so less heat: the
// square root of this many tasks over its own. In the compact form it is a power, from
// more tasks on; what has many full vehicles gains little while it is hotter than that,
// and nothing any more when it is colder than coldFullShare (docs/design/0007).
const (
	fullHeatTasks        = 100
	leastHeatTasks       = 1500 // from so many on it falls no further: a part is no larger for that
	fullHeatCompactTasks = 400
	fullHeatPower        = 1.5
)

// A small problem of the compact kind is not cooled so far.
const (
	smallTasks     = 150
	coldSmallShare = 0.03
)

// heat returns the first and the last temperature, in those parts.
func (c *crew) heat() (hot, cold float64) {
	tasks := min(max(c.model.tasks-len(c.model.stock.kind), 1), leastHeatTasks)
	scale := math.Sqrt(min(1, fullHeatTasks/float64(tasks)))
	switch {
	case c.model.paid:
		return hotShare * scale, coldPaidShare
	case !c.model.easy:
		return hotShare * scale, coldShare
	}
	if c.model.compact {
		scale = math.Pow(min(1, fullHeatCompactTasks/float64(max(c.model.tasks, 1))), fullHeatPower)
	}
	full := min(max((c.loaded()-loadedLittle)/(loadedFull-loadedLittle), 0), 1)
	hot, cold = hotEasyShare*math.Pow(scale, full), coldEasyShare
	switch {
	case c.model.compact && c.model.tasks <= smallTasks:
		cold = coldSmallShare
	case c.model.compact && c.model.tasks > fullHeatCompactTasks:
		cold += full * (coldFullShare - coldEasyShare)
	}
	return hot, cold
}

// loaded is how much of what the used shifts can carry they do carry, in the
// dimension in which that is most.
func (c *crew) loaded() float64 {
	m, s := c.model, c.current
	most := 0.0
	for d := range m.dims {
		var load, room int64
		for r := range m.shifts {
			if s.size[r] > 0 {
				load += s.load[r*m.dims+d]
				room += m.capacity[r*m.dims+d]
			}
		}
		most = max(most, float64(load)/float64(max(room, 1)))
	}
	return most
}

func newAnneal(perTask, hot, cold float64, started time.Time, limit time.Duration, iterations int64) anneal {
	perTask = max(perTask, 1)
	return anneal{
		hot: perTask * hot, cold: perTask * min(hot, cold), temperature: perTask * hot, perTask: perTask,
		started: started, limit: limit, iterations: iterations,
	}
}

// cool sets the temperature by the clock and by the iterations that all
// workers have done, and tells whether the time is up.
func (a *anneal) cool(done int64) (over bool) {
	share := min(a.share(done), 1)
	if a.upto > 0 {
		share = min(max((share-a.from)/(a.upto-a.from), 0), 1)
	}
	hot, cold := a.hot, a.cold
	if n := len(a.stages); n > 0 {
		a.stage = min(int(share*float64(n)), n-1)
		x := &a.stages[a.stage]
		hot, cold, share = x.hot, x.cold, share*float64(n)-float64(a.stage)
		a.perTask = x.perTask
	}
	a.temperature = hot * math.Pow(cold/hot, share)
	return a.limit > 0 && time.Since(a.started) >= a.limit
}

// share is the part of the budget that is used.
func (a *anneal) share(done int64) float64 {
	var share float64
	if a.iterations > 0 {
		share = float64(done) / float64(a.iterations)
	}
	if a.limit > 0 {
		share = max(share, float64(time.Since(a.started))/float64(a.limit))
	}
	return share
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
