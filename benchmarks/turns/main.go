// Command turns has Slinga and another solver solve the same instances of the
// public sets in turns: one instance by one, then by the other, with as many
// threads and as much time, so that whatever else the machine does falls on
// both. What each plan is worth is the word of the set's evaluator.
//
//	go run ./benchmarks/turns --peer pyvrp --python ENV/bin/python --set FOLDER/vrptw-gh \
//	    --only C1_10_1,R1_10_1 --convention trunc1-dist --time 60s --seeds 2 --out FILE
//
// It is run from the top of the repository. peers/routing/README.md says how to
// install the peers.
//
// Reading order: this file, then peer.go.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/benchmarks/runs"
)

func main() { program.Main(app(os.Stdout)) }

func app(out io.Writer) *cli.App {
	return program.New(out, &cli.App{
		Name: "turns", Usage: "Slinga and another solver on the same instances, in turns",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "peer", Usage: "the other solver, by its `NAME`: pyvrp, vroom, ortools or hgs", Required: true},
			&cli.StringFlag{Name: "python", Value: "python3", Usage: "`PROGRAM` that has the peer installed"},
			&cli.StringFlag{Name: "peers", Value: filepath.Join("benchmarks", "peers", "routing"), Usage: "`FOLDER` with the peers' scripts"},
			&cli.StringFlag{Name: "out", Usage: "CSV `FILE` that gets a row a run; runs that stand there are left out", Required: true},
			&cli.BoolFlag{Name: "own-time", Usage: "let the peer end by itself, and give Slinga as long as that took"},
			&cli.StringFlag{Name: "set", Usage: "the set's `FOLDER`; with --list, the one set to take of it"},
			&cli.StringFlag{Name: "sets", Usage: "the `FOLDER` with a folder for each set of --list"},
			&cli.StringFlag{Name: "list", Usage: "the runs of this CSV `FILE`"},
			&cli.StringSliceFlag{Name: "only", Usage: "`NAMES` of instances"},
			&cli.StringFlag{Name: "convention", Usage: "`NAME` of one; none: each that the set has"},
			&cli.DurationFlag{Name: "time", Usage: "of a run; with --list in place of its seconds"},
			&cli.IntFlag{Name: "threads", Value: 1, Usage: "`NUMBER` of threads, without --list"},
			&cli.IntFlag{Name: "seeds", Value: 1, Usage: "the seeds 1 to `NUMBER`, without --list"},
		},
		Action: func(c *cli.Context) error {
			if err := program.NoArguments(c); err != nil {
				return err
			}
			return play(c, out)
		},
	})
}

// play makes the runs that the file lacks.
func play(c *cli.Context, out io.Writer) (err error) {
	want := runs.Selection{
		Set: c.String("set"), Sets: c.String("sets"), List: c.String("list"),
		Only: c.StringSlice("only"), Convention: c.String("convention"),
		Time: c.Duration("time"), Threads: c.Int("threads"), Seeds: c.Int("seeds"),
	}
	own := c.Bool("own-time")
	if own && want.Time != 0 {
		return program.BadInput("--own-time says how long runs take; leave --time off")
	}
	if !own && want.List == "" && want.Time <= 0 {
		return program.BadInput("no limit: give --time, --list or --own-time")
	}
	if want.List != "" && (want.Set == "") == (want.Sets == "") || want.List == "" && want.Set == "" {
		return program.BadInput("no set: give --set, or --list and one of --set and --sets")
	}
	for _, flag := range []string{"threads", "seeds"} {
		if n := c.Int(flag); n < 1 {
			return program.BadInput("--%s %d: must be at least 1", flag, n)
		}
	}
	jobs, err := want.Jobs()
	if err != nil {
		return err
	}
	// A record knows from which code and on what machine it is.
	record := benchmarks.NewRecord("", 0, "")("", 0, "")
	t := &table{
		out: out, machine: record.Machine,
		peer: peer{
			name: c.String("peer"), python: c.String("python"),
			script: filepath.Join(c.String("peers"), "solve_"+c.String("peer")+".py"),
		},
		ours: "Slinga " + record.Version,
	}
	if t.theirs, err = t.peer.version(c.Context); err != nil {
		return err
	}
	t.columns = runs.SolverColumns(jobs)
	if t.file, err = runs.OpenFile(c.String("out"), t.columns); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.file.Close()) }()
	if line := t.file.Dropped(); line != "" {
		fmt.Fprintf(os.Stderr, "turns: the last row of %s broke off and was taken out: %.200q\n", c.String("out"), line)
	}
	number := make(map[string]uint64) // by instance
	for i := range jobs {
		// Who begins changes from instance to instance, and for each of them from seed to
		// seed, so that nobody is always the one who finds the machine warm.
		info := jobs[i].Instance.Info()
		name := info.Set + "/" + info.Name + "/" + info.Convention
		if _, seen := number[name]; !seen {
			number[name] = uint64(len(number))
		}
		peerFirst := own || (number[name]+jobs[i].Seed)%2 == 0
		if err := t.turn(c.Context, &jobs[i], own, peerFirst); err != nil {
			return err
		}
	}
	return nil
}

// table is where the two sit.
type table struct {
	out          io.Writer
	columns      []string
	file         *runs.File
	machine      string
	peer         peer
	ours, theirs string // names with versions
}

// turn has both solve one instance.
func (t *table) turn(ctx context.Context, job *runs.Job, own, peerFirst bool) error {
	if own {
		job.Time = 0
	}
	moves := []func(context.Context, *runs.Job, bool) error{t.moveOurs, t.moveTheirs}
	if peerFirst {
		moves[0], moves[1] = moves[1], moves[0]
	}
	for _, move := range moves {
		if err := move(ctx, job, own); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) moveOurs(ctx context.Context, job *runs.Job, own bool) error {
	known := job.Row()
	known.Solver = t.ours
	if t.file.Has(known) {
		return nil
	}
	if own {
		known.Solver = t.theirs
		theirs, ok := t.file.Find(known)
		if !ok || theirs.Unsupported != "" {
			return nil // there is no time to be given
		}
		job.Time = time.Duration(theirs.Seconds * float64(time.Second))
	}
	row, _, err := job.Run(ctx)
	if err != nil {
		return err
	}
	row.Solver = t.ours
	return t.note(job, row)
}

func (t *table) moveTheirs(ctx context.Context, job *runs.Job, _ bool) error {
	known := job.Row()
	known.Solver = t.theirs
	if t.file.Has(known) {
		return nil
	}
	row, err := t.peer.run(ctx, job)
	if err != nil {
		return err
	}
	if row.Solver != t.theirs && row.Unsupported == "" {
		return fmt.Errorf("%s: calls itself %q now, and was %q before", t.peer.name, row.Solver, t.theirs)
	}
	row.Solver = t.theirs
	return t.note(job, row)
}

// note puts a row in the file and prints it.
func (t *table) note(job *runs.Job, row runs.Row) error {
	row.Machine = t.machine
	if row.Broken != nil {
		fmt.Fprintf(t.out, "# %s, %s: the plan is not feasible: %v\n", row.Solver, job, row.Broken)
	}
	out := csv.NewWriter(t.out)
	_ = out.Write(row.Record(t.columns)) // errors stay in the writer until Flush
	out.Flush()
	return errors.Join(out.Error(), t.file.Append(row))
}
