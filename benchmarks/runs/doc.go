// Package runs solves instances of the public sets, one run after the other,
// and keeps what became of each as a row of CSV:
//
//	jobs, err := runs.Selection{Set: "bench/vrptw-solomon", Time: time.Minute, Threads: 1, Seeds: 3}.Jobs()
//	for i := range jobs {
//		row, plan, err := jobs[i].Run(ctx)
//		...
//	}
//	err = runs.Table(os.Stdout, rows)
//
// What a plan is worth and whether it keeps the rules is the word of the set's
// own evaluator, never the solver's. A row may also name the features that a solver
// lacks for the instance; ours lacks none, but others do.
//
// slinga bench solve and bench table are made of this, and so is the comparison
// with other solvers (benchmarks/turns).
//
// Reading order: job.go, select.go, row.go, file.go, class.go, table.go.
package runs
