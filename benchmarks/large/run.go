package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/solver"
)

// columns head large.csv; README.md of benchmarks says what they mean.
var columns = []string{
	"date", "version", "machine", "map", "seed", "tasks", "linked", "shifts", "threads", "budget",
	"seconds", "first_seconds", "cost", "unserved", "iterations", "iterations_per_second", "matrix_mb", "peak_mb", "command",
}

// subject is a day that is measured.
type subject struct {
	size    size
	seed    uint64
	problem *solver.Problem
}

// linked counts the tasks that are linked to another one.
func (d *subject) linked() int {
	is := make([]bool, len(d.problem.Tasks))
	n := 0
	for _, link := range d.problem.Links {
		for _, u := range [2]int32{link.First, link.Second} {
			if !is[u] {
				is[u] = true
				n++
			}
		}
	}
	return n
}

// matrixBytes is what the caller of a search holds of travel.
func (d *subject) matrixBytes() int64 {
	n := int64(0)
	for _, profile := range d.problem.Profiles {
		for _, period := range profile.Periods {
			n += 4 * int64(len(period.Time)+len(period.Distance))
		}
	}
	return n
}

// result is what became of one run.
type result struct {
	*subject
	threads    int
	budget     time.Duration
	iterations int64 // limit; 0: none
	seconds    float64
	first      float64 // seconds to the first roster
	cost       int64
	unserved   int
	done       int64 // iterations
	peak       int64 // bytes besides the matrix; 0: not known
}

// hold keeps the whole program to so many threads, garbage collection included,
// and clears away what runs before left behind; what it returns ends that.
func hold(threads int) (release func()) {
	before := runtime.GOMAXPROCS(threads)
	debug.FreeOSMemory()
	benchmarks.ResetPeakMemory()
	return func() { runtime.GOMAXPROCS(before) }
}

// solve makes one run. What Check has to say against the roster is an error.
func solve(ctx context.Context, d *subject, threads int, budget time.Duration, iterations int64) (result, error) {
	r := result{subject: d, threads: threads, budget: budget, iterations: iterations}
	defer hold(threads)()
	o := solver.Options{Seed: d.seed, Time: budget, Iterations: iterations, Workers: threads, OnIncumbent: func(p solver.Progress) {
		if r.first == 0 {
			r.first = p.Elapsed.Seconds()
		}
	}}
	begun := time.Now()
	s, err := solver.Solve(ctx, d.problem, o)
	r.seconds = time.Since(begun).Seconds()
	if ctx.Err() != nil {
		return r, ctx.Err()
	}
	if err != nil {
		return r, err
	}
	if r.peak = benchmarks.PeakMemory(); r.peak > 0 {
		r.peak -= d.matrixBytes()
	}
	if breaches := solver.Check(d.problem, s); len(breaches) > 0 {
		return r, fmt.Errorf("%d tasks, %d shifts: the roster breaks a rule: %v", d.size.tasks, d.size.shifts, breaches[0])
	}
	r.cost, r.unserved, r.done = s.Cost, len(s.Unserved), s.Stats.Iterations
	return r, nil
}

// limit names what a run was granted.
func (r *result) limit() string {
	if r.budget == 0 {
		return strconv.FormatInt(r.iterations, 10) + " iterations"
	}
	return r.budget.String()
}

func (r *result) row(record benchmarks.Record) []string {
	peak := ""
	if r.peak > 0 {
		peak = megabytes(r.peak)
	}
	return []string{
		record.Date, record.Version, record.Machine, record.Subject, strconv.FormatUint(record.Seed, 10),
		strconv.Itoa(r.size.tasks), strconv.Itoa(r.linked()), strconv.Itoa(r.size.shifts), strconv.Itoa(r.threads), r.limit(),
		rounded(r.seconds, 1), rounded(r.first, 3), strconv.FormatInt(r.cost, 10), strconv.Itoa(r.unserved),
		strconv.FormatInt(r.done, 10), rounded(float64(r.done)/r.seconds, 0), megabytes(r.matrixBytes()), peak, record.Command,
	}
}

func megabytes(bytes int64) string { return rounded(float64(bytes)/1e6, 1) }

func rounded(value float64, digits int) string { return strconv.FormatFloat(value, 'f', digits, 64) }

// prompt finds out how soon there is a first roster, and how soon a search ends
// that is cancelled: at so many moments, spread from the call of Solve to two
// seconds after the first roster.
func prompt(ctx context.Context, d *subject, threads, reps int) (first, cancel []time.Duration, err error) {
	defer hold(threads)()
	for rep := range reps {
		run, stop := context.WithCancel(ctx)
		var took time.Duration
		_, err := solver.Solve(run, d.problem, solver.Options{
			Seed: d.seed + uint64(rep), Time: time.Hour, Workers: threads,
			OnIncumbent: func(p solver.Progress) {
				if took == 0 {
					took = p.Elapsed
				}
				stop()
			},
		})
		stop()
		if ctx.Err() != nil || err != nil {
			return nil, nil, firstError(ctx.Err(), err)
		}
		first = append(first, took)
	}
	slices.Sort(first)
	end := first[len(first)/2] + 2*time.Second
	for rep := range reps {
		run, stop := context.WithCancel(ctx)
		var cancelled time.Time
		moment := time.Duration((float64(rep) + 0.5) / float64(reps) * float64(end))
		timer := time.AfterFunc(moment, func() {
			cancelled = time.Now()
			stop()
		})
		_, err := solver.Solve(run, d.problem, solver.Options{Seed: d.seed, Time: time.Hour, Workers: threads})
		ended := time.Now()
		timer.Stop()
		stop()
		if ctx.Err() != nil || err != nil {
			return nil, nil, firstError(ctx.Err(), err)
		}
		cancel = append(cancel, ended.Sub(cancelled))
	}
	slices.Sort(cancel)
	return first, cancel, nil
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
