// Package planner turns a day of home care and the travel between its places
// into a roster: who visits whom, when, in which order.
//
//	travel, err := road.Travel(ctx)                     // planner/travel, or your own matrices
//	roster, err := planner.Plan(ctx, day, travel, planner.Options{Seed: 1, Time: 30 * time.Second})
//	for _, route := range roster.Routes { ... }
//	for _, u := range roster.Unserved { fmt.Println(u.Visit, u.Reason) }
//
// The planner knows the words of home care (package care) and the language of
// vehicle routing (package solver) and translates between them; it holds no
// search of its own. Every cost in a roster is one of the named terms of
// costs.go and can be traced to a visit and a carer. Every unserved visit has
// a reason, which package check confirms on its own.
//
// Two things the solver cannot be told at once are chosen by the planner and
// chosen anew when a visit is left out because of them: at which part of a
// window a visit is done, where delegations begin or end within it
// (competence.go), and which of two carers is the one that a link asks for
// (links.go). After the search proper there are short ones for these
// (search.go). A time limit covers all of Plan: what could not be looked at
// before it was up is told as that (care.ReasonTime, leftover.go).
//
// Plan is safe for concurrent use, prints nothing and keeps nothing between
// calls. A run that is limited by iterations gives the same bytes on every
// machine of one architecture; a run limited by time gives the best roster of
// that time.
//
// Reading order: plan.go (the whole of it on one screen), problem.go (care to
// solver) with competence.go and links.go, search.go, leftover.go (what
// still fits, and why the rest does not) with reasons.go, costs.go (what is
// priced), roster.go (solver to care).
package planner
