package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks/runs"
	"github.com/slinga-se/slinga/benchmarks/sets"
)

func benchSolveCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "solve",
		Usage: "solve public sets of routing problems and say how near the best known values that comes",
		Description: "Solves every instance of a set's folder and prints one CSV line a run:\n" +
			"set, instance, convention, seed, threads, seconds, vehicles, objective, bks, gap_percent, feasible;\n" +
			"under double-hier, where vehicles come before distance, also vehicles_gap, and a gap at equal vehicles alone.\n" +
			"Seconds are what the run took. Objective and feasible are the word of the set's own rules, not the solver's;\n" +
			"what a plan breaks is told on standard error, and the exit code is then 1. Under --iterations alone the same run gives the same plan on every machine of one architecture.\n\n" +
			"A file for --resume is of one budget: it says how long runs took, not how long they might have taken. With --solutions\n" +
			"a run that stands there and has no solution file is made again. The files are FOLDER/SET/INSTANCE.CONVENTION.SEED\n" +
			"and the set's extension; behind the seed of a run on two threads stands x2.\n\n" +
			"Example:\n  slinga bench solve --set sets/vrptw-solomon --only C101,R101 --convention trunc1-dist --time 5s --seeds 3\n" +
			"  slinga bench solve --sets sets --list benchmarks/acceptance.csv --resume runs.csv --solutions solutions",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "set", Usage: "the set's `FOLDER`, named as the set; with --list, the one set to take of it"},
			&ucli.StringFlag{Name: "sets", Usage: "the `FOLDER` with a folder for each set of --list"},
			&ucli.StringFlag{Name: "list", Usage: "make the runs of this CSV `FILE`: set, instance, convention, seconds, threads, seed"},
			&ucli.StringSliceFlag{Name: "only", Usage: "`NAMES` of instances, with commas between them"},
			&ucli.StringFlag{Name: "convention", Usage: "how distances are measured and what counts, by its `NAME`; none: each that the set has"},
			&ucli.DurationFlag{Name: "time", Usage: "of a run; with --list in place of its seconds", DefaultText: "1m"},
			&ucli.Int64Flag{Name: "iterations", Usage: "`NUMBER` of iterations of a run, in place of a time or beside one"},
			&ucli.IntFlag{Name: "threads", Usage: "`NUMBER` of threads of a run", Value: 1},
			&ucli.IntFlag{Name: "seeds", Usage: "make each run with the seeds 1 to `NUMBER`", Value: 1},
			&ucli.BoolFlag{Name: "target-bks", Usage: "end a run that has reached the best known value"},
			&ucli.StringFlag{Name: "resume", Usage: "add a line for each run to this CSV `FILE`, and leave out what stands there"},
			&ucli.StringFlag{Name: "solutions", Usage: "write each solution to this `FOLDER`, in the set's own form"},
		},
		Action: func(c *ucli.Context) error { return runBenchSolve(c, s) },
	}
}

// selection reads and judges the flags that say what is to be run.
func selection(c *ucli.Context) (runs.Selection, error) {
	want := runs.Selection{
		Set: c.String("set"), Sets: c.String("sets"), List: c.String("list"),
		Only: c.StringSlice("only"), Convention: c.String("convention"),
		Time: c.Duration("time"), Iterations: c.Int64("iterations"),
		Threads: c.Int("threads"), Seeds: c.Int("seeds"), ToBest: c.Bool("target-bks"),
	}
	switch {
	case want.List == "" && want.Sets != "":
		return want, badInput("--sets does nothing without --list; give --set with one set's folder")
	case want.List == "" && want.Set == "":
		return want, badInput("no set: give --set with a set's folder, or --list and --sets")
	case want.List != "" && (want.Set == "") == (want.Sets == ""):
		return want, badInput("--list needs --sets, the folder of all its sets, or --set, that of one of them")
	case want.List != "" && (c.IsSet("threads") || c.IsSet("seeds")):
		return want, badInput("--list says threads and seeds; leave --threads and --seeds off")
	case slices.Contains(want.Only, ""):
		return want, badInput("--only: a name is empty: is there a comma too many?")
	case want.Threads < 1 || want.Threads > mostThreads:
		return want, badInput("--threads %d: must be from 1 to %d", want.Threads, mostThreads)
	case want.Seeds < 1 || want.Seeds > 10_000:
		return want, badInput("--seeds %d: must be from 1 to 10000", want.Seeds)
	case c.IsSet("time") && want.Time <= 0:
		return want, badInput("--time %s: must be above 0", want.Time)
	case c.IsSet("iterations") && want.Iterations < 1:
		return want, badInput("--iterations %d: must be at least 1", want.Iterations)
	}
	if want.List == "" && want.Time == 0 && want.Iterations == 0 {
		want.Time = time.Minute
	}
	return want, nil
}

func runBenchSolve(c *ucli.Context, s *session) (err error) {
	if err := noArguments(c); err != nil {
		return err
	}
	want, err := selection(c)
	if err != nil {
		return err
	}
	jobs, err := want.Jobs()
	if err != nil {
		return inputError{err}
	}
	if len(jobs) == 0 {
		return badInput("no run: the set has no instance under the convention %q", want.Convention)
	}
	for _, name := range []string{"resume", "solutions"} {
		if c.IsSet(name) && c.String(name) == "" {
			return badInput("--%s is empty: give it a name, or leave it off", name)
		}
	}
	columns := runs.Columns(jobs)
	var file *runs.File
	if path := c.String("resume"); path != "" {
		if file, err = runs.OpenFile(path, columns); err != nil {
			return inputError{err}
		}
		if line := file.Dropped(); line != "" {
			fmt.Fprintf(s.Err, "slinga: warning: %s: the last row broke off and was taken out: %.200q\n", path, line)
		}
		switch job, seconds, over, under := file.OtherBudget(jobs); {
		case over:
			return errors.Join(badInput("%s: %s took %.1f s, and is asked for with %s: a file is of one budget; give --resume another file",
				path, job, seconds, job.Time), file.Close())
		case under:
			fmt.Fprintf(s.Err, "slinga: warning: %s: runs that stand there took %.1f s at most, and %s is asked for: a file is of one budget; they are left out all the same\n",
				path, seconds, job.Time)
		}
		defer func() {
			if closed := file.Close(); err == nil && closed != nil {
				err = cannotWrite(path, closed)
			}
		}()
	}
	solutions := c.String("solutions")
	if solutions != "" {
		if err := canWrite(solutions); err != nil {
			return err
		}
	}
	out := csv.NewWriter(s.Out)
	_ = out.Write(columns) // errors stay in the writer until Flush
	out.Flush()
	p := newProgress(s)
	defer p.done()
	made, breach := 0, false
	for i := range jobs {
		job := &jobs[i]
		if file != nil && file.Has(job.Row()) && (solutions == "" || hasSolution(solutions, job)) {
			continue
		}
		p.step("%s (run %d of %d)", job, i+1, len(jobs))
		row, plan, err := job.Run(c.Context)
		p.done()
		if err != nil {
			return err
		}
		made++
		breach = breach || row.Broken != nil
		tellBroken(s, job.String()+": the plan is not feasible", row.Broken)
		if percent, yes := row.Doubtful(); yes {
			fmt.Fprintf(s.Err, "slinga: warning: %s: %.1f %% better than the best known value, by so much that the instance or bks.csv may be cut off\n", job, percent)
		}
		// The solution first, so that whatever has a line has its file too.
		if solutions != "" {
			if err := writeSolution(solutions, job, plan, &row); err != nil {
				return err
			}
		}
		if file != nil {
			if err := file.Append(row); err != nil {
				return cannotWrite(c.String("resume"), err)
			}
		}
		_ = out.Write(row.Record(columns))
		out.Flush()
	}
	if made == 0 && file != nil {
		fmt.Fprintf(s.Err, "slinga: nothing to do: %s has a row of every run that was asked for (%d)\n", c.String("resume"), len(jobs))
	}
	if err := out.Error(); err != nil || !breach {
		return err
	}
	return errBreach
}

// tellBroken lists the rules that a plan breaks, each on a line that says whose
// plan it is.
func tellBroken(s *session, whose string, broken error) {
	if broken == nil {
		return
	}
	for line := range strings.Lines(broken.Error()) {
		fmt.Fprintf(printable{s.Err}, "slinga: %s: %s\n", whose, strings.TrimSuffix(line, "\n"))
	}
}

func hasSolution(folder string, job *runs.Job) bool {
	_, err := os.Stat(job.SolutionPath(folder))
	return err == nil
}

func writeSolution(folder string, job *runs.Job, plan *sets.Plan, row *runs.Row) error {
	value := sets.Value{Vehicles: row.Vehicles, Objective: row.Objective}
	return writeFile(job.SolutionPath(folder), forAll, func(w io.Writer) error {
		return job.Instance.Write(w, plan, value)
	})
}

func benchJudgeCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:      "judge",
		Usage:     "say what solutions of a public set are worth, and whether they keep its rules",
		ArgsUsage: "FILE...",
		Description: "Reads solutions in the set's own form, ours or other people's, and prints one CSV line a file: set, instance,\n" +
			"convention, vehicles, objective, bks, gap_percent, feasible, vehicles_gap, file. A file's name begins with that of its instance\n" +
			"and a dot. Rules that a solution breaks and files that cannot be judged are told on standard error, and the exit code is 1.\n\n" +
			"Example:\n  slinga bench judge --set sets/vrptw-solomon --convention trunc1-dist solutions/vrptw-solomon/C101.trunc1-dist.1.sol",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "set", Usage: "the set's `FOLDER`, named as the set"},
			&ucli.StringFlag{Name: "convention", Usage: "its `NAME`; none: the one that the file's name tells, or the only one"},
		},
		Action: func(c *ucli.Context) error { return runBenchJudge(c, s) },
	}
}

// judgeColumns head what bench judge prints, before the file.
var judgeColumns = []string{"set", "instance", "convention", "vehicles", "objective", "bks", "gap_percent", "feasible", "vehicles_gap"}

func runBenchJudge(c *ucli.Context, s *session) error {
	if c.String("set") == "" {
		return badInput("no set: give --set with a set's folder")
	}
	if !c.Args().Present() {
		return badInput("no file: give solutions in the set's own form")
	}
	list, err := sets.Open(c.String("set"), c.String("convention"))
	if err != nil {
		return inputError{err}
	}
	out := csv.NewWriter(s.Out)
	_ = out.Write(append(slices.Clone(judgeColumns), "file")) // errors stay in the writer until Flush
	breach := false
	for _, path := range c.Args().Slice() {
		one, plan, err := readSolution(list, path)
		if err != nil { // the other files are judged all the same
			breach = true
			fmt.Fprintln(printable{s.Err}, "slinga:", err)
			continue
		}
		job := runs.Job{Instance: one}
		row := job.Row()
		row.Judge(one, plan)
		_ = out.Write(append(row.Record(judgeColumns), path))
		out.Flush()
		breach = breach || row.Broken != nil
		tellBroken(s, path, row.Broken)
	}
	if breach {
		return errBreach
	}
	return nil
}

// readSolution reads a file as a solution of one of these instances.
func readSolution(list []sets.Instance, path string) (sets.Instance, *sets.Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, badInput("cannot open %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	one, err := solvedBy(list, path)
	if err != nil {
		return nil, nil, err
	}
	plan, err := one.Read(f)
	if err != nil {
		return nil, nil, badInput("%s: %w", path, plain(err))
	}
	return one, plan, nil
}

// solvedBy is the instance that a solution is of, by the file's name.
func solvedBy(list []sets.Instance, path string) (sets.Instance, error) {
	base := filepath.Base(path)
	var found []sets.Instance
	for _, one := range list {
		info := one.Info()
		rest, ok := strings.CutPrefix(base, info.Name+".")
		if !ok {
			continue
		}
		if strings.HasPrefix(rest, info.Convention+".") {
			return one, nil
		}
		found = append(found, one)
	}
	switch len(found) {
	case 0:
		return nil, badInput("%s: the set has no instance whose name it begins with", path)
	case 1:
		return found[0], nil
	}
	var conventions []string
	for _, one := range found {
		conventions = append(conventions, one.Info().Convention)
	}
	return nil, badInput("%s: the instance has several conventions; give --convention with one of %s", path, strings.Join(conventions, ", "))
}

func benchTableCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:      "table",
		Usage:     "means by class, as a Markdown table, of what bench solve printed",
		ArgsUsage: "FILE...",
		Description: "Of every set, convention and number of threads a line for each class, one for each size and one for all: runs, mean and worst gap\n" +
			"to the best known value, how many runs came to it, how many plans break a rule, and means of objective and seconds.\n" +
			"A gap under double-hier is at equal vehicles alone. Of two lines of one run the last counts.\n\n" +
			"Example:\n  slinga bench table runs.csv",
		Action: func(c *ucli.Context) error {
			if !c.Args().Present() {
				return badInput("no file: give CSV files that slinga bench solve printed")
			}
			var rows []runs.Row
			for _, path := range c.Args().Slice() {
				more, dropped, err := runs.ReadRows(path)
				if err != nil {
					return inputError{err}
				}
				if dropped != "" {
					fmt.Fprintf(s.Err, "slinga: warning: %s: the last row broke off and is left out: %.200q\n", path, dropped)
				}
				rows = append(rows, more...)
			}
			return runs.Table(s.Out, rows)
		},
	}
}
