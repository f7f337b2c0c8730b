// Package solver plans routes: it decides which shift does which task, in
// which order and when, at the least cost, under time windows, skills, breaks
// and links between the starts of tasks on different routes.
//
// The model (Problem) is plain slices and indices, free of any domain. A task
// has windows, preferred windows with a price for missing them, skills, a cost of
// leaving it out, and perhaps several modes, one of which is chosen; it may be pinned
// or have started. A shift has its hours, overtime, places, breaks and prices, what it
// has on board and where it may fill that up; a
// link bounds the gap between the starts of two tasks, wherever they are done:
// same start is the gap [0, 0]; tasks that are apart may come in either order. Travel may differ by period of the day.
// Integers carry no unit: the caller chooses the scale of time, distance and
// cost, and sums are exact. What the model can say the search can do, all of it side
// by side.
//
// The search is ruin and recreate: Slack Induction by String Removals
// (Christiaens and Vanden Berghe, "Slack Induction by String Removals for
// Vehicle Routing Problems", Transportation Science 54, 2020) under simulated
// annealing. Strings of stops near each other are taken out of their routes
// and put back greedily; now and then two shifts exchange what they do from some
// point of the day on (2-opt*, Potvin and Rousseau 1995), or between two points (CROSS, Taillard
// and others 1997). Every stop carries the earliest and the latest start
// that routes, breaks and links leave it, so that a place for a task is tested
// by two comparisons. A task is put in either "keen", bound to its preferred
// window, or anywhere in its windows; where the largest lateness costs something,
// places are priced with all that they make late (delay.go). At the end all starts and breaks are set
// anew, and what still fits is put in. Within the time that is left that is exact for
// the order of the tasks as it stands in two ways: for each route by itself, breaks and
// all, and for the starts of all routes that links tie, or that the largest lateness or
// idle time couples, while breaks stay in their gaps and tasks in their windows. It ends
// where neither way gains; moving breaks and starts of several routes at once is not
// tried, the longest wait is kept from growing, and routes that cover points, or whose
// breaks are bound to each other or to a place, are timed by themselves; so is the way
// through a gap chosen where travel changes over the day. Of problems of up to eight
// tasks, each refill counted as often as a route may have it, all orders are gone through
// in the end, and each is timed in these ways: where they are exact for all routes
// together the solution is the cheapest, and elsewhere it may stay a little above that. The
// work for that is bounded: where timing one order is dear, as with breaks or links, or
// there are many shifts, it may end before all orders are tried, from five tasks on.
// Workers search
// parts of the routes side by side; under an iteration limit the result depends
// on the seed and the number of workers, and not on how fast the machine is; another
// architecture may round temperatures otherwise. Under a time limit alone no worker
// waits for another.
//
// To repair a day that is under way, give its roster as Options.Warm, freeze what has
// started (Pin.Frozen), let the windows of what has not begin at the present, and
// say what a change costs (Task.Was, in the term changes).
//
// Check judges a solution from the problem alone, and Price computes its
// cost; neither shares schedules, costs or counts with the search, only the
// problem's own bounds and factors of levels. Insertable tells whether a task
// that was left out would fit, wherever breaks and linked tasks would move; an
// Inserter answers that for many tasks, and puts in what fits.
//
//	p := &solver.Problem{
//		Profiles: []solver.Profile{{Periods: []solver.Period{matrix}}},
//		Tasks:    tasks,
//		Shifts:   shifts,
//		Terms:    solver.DefaultTerms(),
//	}
//	s, err := solver.Solve(ctx, p, solver.Options{Seed: 1, Time: 10 * time.Second, Workers: 2})
//	if err != nil {
//		return err
//	}
//	for _, breach := range solver.Check(p, s) {
//		fmt.Println(breach)
//	}
//
// Reading order: problem.go and solution.go (the model), validate.go, unpaid.go, model.go, units.go
// and neighbours.go (what the search reads in its place), solve.go (the whole search on a screen), search.go (one iteration), ruin.go,
// recreate.go with granular.go (where it looks), modes.go, scan.go, delay.go and nearby.go (places for a task), plain.go,
// alone.go and twins.go (less work where routes are simple, untied or the same),
// compact.go, compactruin.go, compactscan.go, compactexchange.go and compactstrings.go (a search of its own where
// all are), breed.go and compactbreed.go (a population of such solutions),
// exchange.go and exchangenear.go, absence.go, fewest.go, breaks.go, overtime.go, longest.go,
// pairs.go, pairscan.go, stock.go and refill.go (what is on board, and where it is filled up),
// pins.go, frozen.go with reported.go, periods.go (travel by period of the day),
// chain.go, chainplace.go, chaintime.go, chainplan.go and chainretime.go (breaks that
// are bound to each other or to a place, limits by period),
// schedule.go, worklist.go, chase.go and apart.go (starts over routes and links), state.go (routes and
// what they cost), tallies.go (people and cars, counted), changes.go, coupled.go,
// coverage.go and trial.go (what couples routes), anneal.go,
// levels.go (levels in one number), workers.go, timetable.go, retime.go, curve.go,
// descend.go and closure.go (the last word on starts and breaks),
// insertable.go, inserter.go, shortlist.go and rests.go (what still fits), judge.go and
// enumerate.go (small problems), salvage.go, output.go, check.go and price.go, ablations.go (parts left out to
// measure them), invariants_on.go (what must hold after every iteration).
package solver
