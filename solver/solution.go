package solver

// Solution is a set of routes, one per shift in the order of Problem.Shifts.
type Solution struct {
	Routes   []Route
	Unserved []int32 // tasks, ascending
	Cost     int64   // less is better: the sum of Terms, and with levels a number that orders solutions as the levels do
	Levels   []int64 // the sum of Terms by level, without hard ones; nil where there is one level
	Terms    []TermCost
	Stats    Stats
}

// TermCost is what one term of the objective costs in a solution, in its level.
// The term unserved is listed once for each level that tasks have.
type TermCost struct {
	Kind  TermKind
	Level int   // HardLevel of a hard term
	Cost  int64 // as if the level were the only one
}

// Route is what one shift does. Without stops the shift is not used. A break
// before the first task may come before Leave, and one after the last task
// after Back. Work lasts from the earlier of Leave and the first break (from
// Shift.Start, unless it leaves late) to the later of Back and the last break.
type Route struct {
	Stops    []Stop
	Leave    int64 // leaves From
	Return   int64 // leaves the last task, or the last break at a location, for To
	Back     int64 // arrives at To
	Travel   int64 // time
	Distance int64
}

// Stop is a task, a break or a refill on a route: what is None it is not, and a
// refill has neither. A break that is taken after the travel
// to the next task arrives when that travel ends, and the task then arrives
// when the break ends; one that is taken before the travel arrives when the
// stop before it ends. One at a location arrives when the travel to it ends. Up to the
// last frozen task all that is as it was reported.
type Stop struct {
	Task   int32 // or None
	Mode   int32 // of the task
	Break  int32 // index into Shift.Breaks, or None
	Refill int32 // index into Shift.Refills, where Task and Break are None
	Depart int64 // of a task, a refill, or a break at a location: the travel to it begins
	Arrive int64 // travel done
	Start  int64
	End    int64
}

// isBreak tells whether a stop is a break; what is no task and no break is a refill.
func (s *Stop) isBreak() bool { return s.Task == None && s.Break != None }

// isRefill tells whether a stop is a refill.
func (s *Stop) isRefill() bool { return s.Task == None && s.Break == None }

// Stats tells how a search went.
type Stats struct {
	Iterations int64  // of all workers; the last round may bring it over the limit by one for each further worker
	Seed       uint64 // of Options
	Stopped    string // "iterations", "time", "target", "cancelled", or "done" where there are no tasks
	Warm       int    // tasks that the search began with because Options.Warm does them
}
