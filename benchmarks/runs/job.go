package runs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/slinga-se/slinga/benchmarks/sets"
	"github.com/slinga-se/slinga/solver"
)

// Job is a run to be made. At least one limit must be set.
type Job struct {
	Instance   sets.Instance
	Seed       uint64
	Threads    int
	Time       time.Duration // 0: no limit
	Iterations int64         // 0: no limit
	ToBest     bool          // end at the best known value
}

// Run solves the instance. A run that ctx ends has no row: the error is that of ctx.
//
// The whole program is held to the threads of the job meanwhile, garbage
// collection included.
func (j *Job) Run(ctx context.Context) (Row, *sets.Plan, error) {
	row := j.Row()
	p := j.Instance.Problem()
	if err := p.Validate(); err != nil {
		return row, nil, fmt.Errorf("%s: %w", j, err)
	}
	o := solver.Options{Seed: j.Seed, Workers: j.Threads, Time: j.Time, Iterations: j.Iterations}
	if row.Best != nil && j.ToBest {
		o.Target = j.Instance.Cost(row.Best.Value)
	}
	// What the run before left behind is not this one's to clear away.
	runtime.GC()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(j.Threads))
	begun := time.Now()
	s, err := solver.Solve(ctx, p, o)
	row.Seconds = time.Since(begun).Seconds()
	if ctx.Err() != nil {
		return row, nil, ctx.Err()
	}
	if err != nil && !errors.Is(err, solver.ErrMandatory) { // the evaluator says what is left out
		return row, nil, fmt.Errorf("%s: %w", j, err)
	}
	row.Iterations = s.Stats.Iterations
	plan := j.Instance.Plan(s)
	row.Judge(j.Instance, plan)
	return row, plan, nil
}

// Row is the job's row without what only the run can tell.
func (j *Job) Row() Row {
	info := j.Instance.Info()
	return Row{
		Set: info.Set, Instance: info.Name, Convention: info.Convention,
		Seed: j.Seed, Threads: j.Threads, Best: info.Best,
	}
}

// SolutionPath is where the job's plan is kept in a folder of solutions.
func (j *Job) SolutionPath(folder string) string {
	info := j.Instance.Info()
	threads := ""
	if j.Threads > 1 {
		threads = fmt.Sprintf("x%d", j.Threads)
	}
	return filepath.Join(folder, info.Set, fmt.Sprintf("%s.%s.%d%s%s", info.Name, info.Convention, j.Seed, threads, info.Extension))
}

// String names the job for people.
func (j *Job) String() string {
	info := j.Instance.Info()
	return fmt.Sprintf("%s %s, %s, seed %d", info.Set, info.Name, info.Convention, j.Seed)
}
