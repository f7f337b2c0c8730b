// Package sets reads the public benchmark sets of vehicle routing and home
// care, judges solutions of them by each set's own rules, and writes solutions
// in each set's own form.
//
//	list, err := sets.Open("bench/vrptw-solomon", "trunc1-dist")
//	one := list[0]                                   // R101, say
//	s, err := solver.Solve(ctx, one.Problem(), o)
//	value, err := one.Evaluate(one.Plan(s))          // err: a rule of the set is broken
//	gap := value.Gap(one.Info().Best)
//
// A convention says how distances are measured and what counts; one set may
// have several, and values of different conventions cannot be compared. The
// problem that a solver gets is in whole numbers; Evaluate shares no code with
// the solver and computes in the numbers of the set, so it has the last word.
//
// The instances are not in this repository but for a few small ones that the
// tests need; each set's folder says where its own come from.
//
// Reading order: set.go, best.go, lines.go, json.go, then a file for each form:
// solomon.go, lilim.go, mdvrptw.go, trsp.go, bredstrom.go, and homecare.go with
// hhcrsp.go and uhhc.go (and beside that uhhc_problem.go and uhhc_value.go).
package sets
