// Package cli is the command line over the library: each command parses its
// flags, calls the library, and writes results to standard output and
// messages to standard error. It is the one place where wiring, files,
// progress and exit codes live.
//
//	code := cli.Run(ctx, []string{"slinga", "demo"}, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
//
// Exit codes are stable: 0 good; 1 check found a breach, plan --strict left a
// visit unserved, route found no way, or bench judge a solution that is not
// good; 2 bad input; 3 internal; 130
// interrupted before there was a result.
//
// Summaries are in Swedish or English (--lang), messages in English. Documents
// are written all or none; an interrupted search writes its best roster so far.
//
// Reading order: app.go, flags.go, errors.go, input.go with atlas.go, then one
// file a command: demo.go, plan.go, check.go, map.go (with condition.go, preset.go
// and reach.go), matrix.go (with points.go, mode.go and clock.go), route.go, generate.go, report.go, bench.go with bench_map.go and
// bench_solve.go; drawing.go, output.go (with lock_unix.go), summary.go, words.go and
// progress.go beside them.
package cli
