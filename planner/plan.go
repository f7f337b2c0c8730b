package planner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/solver"
)

// Version is written into every roster.
const Version = "0.1.0"

// Errors of Plan.
var (
	// ErrTravel says that the travel matrices are not whole or do not fit the
	// day; the *care.ValidationError beside it says where.
	ErrTravel = errors.New("planner: travel does not fit the day")
	// ErrWeights says that the weights of the rules are too large for a day of
	// this size: their sum would not be exact.
	ErrWeights = errors.New("planner: the weights are too large for this day")
	// ErrOptions says that a limit is negative.
	ErrOptions = errors.New("planner: options out of range")
)

// Options shape a run. The zero value plans for DefaultTime with one worker.
type Options struct {
	Seed       uint64         // same day, travel, seed, iterations and workers: same roster
	Iterations int64          // stop after so many; 0: no limit
	Time       time.Duration  // of the whole call; 0: no limit, or DefaultTime without Iterations
	Workers    int            // parallel searches, part of the result; 0: one
	OnProgress func(Progress) // called from the search when the incumbent has improved, now and then; may be nil
}

// DefaultTime bounds a run that states neither iterations nor time.
const DefaultTime = 30 * time.Second

// Progress is the state of a running search.
type Progress struct {
	Iterations int64
	Elapsed    time.Duration
	Cost       int64 // of the best roster so far, in the unit of care.Weights
	Unserved   int   // carer assignments not made (a double-staffed visit counts twice)
}

// Plan makes a roster for the day. It returns the best roster that it found
// when the options' limits are reached or ctx is cancelled; a cancelled
// context is not an error. Errors are ErrOptions, a *care.ValidationError for
// the day, ErrTravel for matrices that do not fit it, and ErrWeights.
func Plan(ctx context.Context, day *care.Day, travel *care.Travel, o Options) (*care.Roster, error) {
	started := time.Now()
	if err := o.validate(); err != nil {
		return nil, err
	}
	if err := day.Validate(); err != nil {
		return nil, err
	}
	if o.Iterations == 0 && o.Time == 0 {
		o.Time = DefaultTime
	}
	t, err := newTranslation(day, travel)
	if err != nil {
		return nil, err
	}
	if err := t.problem.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWeights, err)
	}
	solution, err := t.search(ctx, o, started)
	if err != nil {
		return nil, fmt.Errorf("planner: %w", err)
	}
	last, stop := lastLookUntil(ctx, o, started)
	defer stop()
	solution, unserved, err := t.leftOver(last, solution)
	if err != nil {
		return nil, fmt.Errorf("planner: %w", err)
	}
	roster := t.roster(solution)
	roster.Unserved = unserved
	roster.Figures = care.Summarise(day, roster)
	roster.Figures.Terms = t.costs(roster)
	for _, term := range roster.Figures.Terms {
		roster.Figures.Cost += term.Cost
	}
	roster.Run = care.Run{
		Software: "slinga " + Version, Seed: o.Seed, Iterations: solution.Stats.Iterations,
		Options: o.canonical(), DayHash: day.Hash(), TravelHash: travel.Hash(),
	}
	return roster, nil
}

// lastLookUntil bounds what comes after the search: by the time that was given,
// or by a last look when that is up or the caller has cancelled.
func lastLookUntil(ctx context.Context, o Options, started time.Time) (context.Context, context.CancelFunc) {
	look := time.Now().Add(lastLook)
	switch end := started.Add(o.Time); {
	case ctx.Err() != nil:
		return context.WithDeadline(context.WithoutCancel(ctx), look)
	case o.Time > 0 && end.After(look):
		return context.WithDeadline(ctx, end)
	case o.Time > 0:
		return context.WithDeadline(ctx, look)
	}
	return context.WithCancel(ctx)
}

func (o Options) validate() error {
	for _, limit := range []struct {
		name  string
		value int64
	}{{"Iterations", o.Iterations}, {"Time", int64(o.Time)}, {"Workers", int64(o.Workers)}} {
		if limit.value < 0 {
			return fmt.Errorf("%w: %s is negative; 0 stands for the default", ErrOptions, limit.name)
		}
	}
	return nil
}

// canonical writes the options that shape the result.
func (o Options) canonical() string {
	return fmt.Sprintf("seed=%d iterations=%d time=%s workers=%d", o.Seed, o.Iterations, o.Time, max(o.Workers, 1))
}

// onIncumbent passes progress on, behind what earlier passes have done.
func onIncumbent(report func(Progress), done int64, elapsed time.Duration) func(solver.Progress) {
	if report == nil {
		return nil
	}
	return func(p solver.Progress) {
		report(Progress{Iterations: done + p.Iterations, Elapsed: elapsed + p.Elapsed, Cost: p.Cost / costScale, Unserved: p.Unserved})
	}
}
