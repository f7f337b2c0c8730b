// Command large has Slinga plan home-care days of several sizes on real roads,
// up to a county's, within several budgets: how much does a roster gain by more
// time, how many iterations a second are left at that size, and how much memory
// does it take?
//
//	go run ./benchmarks/large                            100, 1 000 and 5 000 visits, a minute and half an hour each
//	go run ./benchmarks/large --map delaware.osm.pbf --tasks 5000 --budgets 60s --threads 1,2
//	go run ./benchmarks/large prompt --tasks 350         seconds to the first roster, and until a cancelled search ends
//
// The rows go to benchmarks/results/large.csv, those of prompt to prompt.csv
// beside it. Nothing else should run on the machine meanwhile.
//
// Reading order: this file, land.go, day.go, run.go.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
)

func main() { program.Main(app(os.Stdout)) }

func app(out io.Writer) *cli.App {
	results := filepath.Join("benchmarks", "results")
	drawing := func(tasks ...int) []cli.Flag {
		return []cli.Flag{
			&cli.StringFlag{Name: "map", Value: "isle-of-man", Usage: "a bundled area by its `NAME`, a region file or an OSM file"},
			&cli.IntSliceFlag{Name: "tasks", Value: cli.NewIntSlice(tasks...), Usage: "`NUMBERS` of visits, a day each; 400 shifts to 5000 visits, at least 4"},
			&cli.IntFlag{Name: "shifts", Usage: "`NUMBER` of shifts, whatever the number of visits"},
			&cli.Float64Flag{Name: "linked", Value: 10, Usage: "`PERCENT` of the visits that are linked to another one"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the day and of the search"},
		}
	}
	return program.New(out, &cli.App{
		Name: "large", Usage: "rosters of large days within several budgets",
		Flags: append(drawing(100, 1000, 5000),
			&cli.StringSliceFlag{Name: "budgets", Value: cli.NewStringSlice("60s", "30m"), Usage: "`TIMES` that a run gets, one after the other"},
			&cli.IntSliceFlag{Name: "threads", Value: cli.NewIntSlice(2), Usage: "`NUMBERS` of threads"},
			&cli.Int64Flag{Name: "iterations", Usage: "`LIMIT` in place of budgets; the roster is then the same on every machine of one architecture"},
			&cli.StringFlag{Name: "out", Value: filepath.Join(results, "large.csv"), Usage: "CSV `FILE` that gets a row a run; empty: none"},
			&cli.StringFlag{Name: "cpuprofile", Usage: "`FILE` for a profile of all runs"},
			&cli.StringFlag{Name: "memprofile", Usage: "`FILE` for a profile of all that the runs allocated"},
		),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return program.BadInput("no command %q; see large --help", c.Args().First())
			}
			return runAll(c, out)
		},
		Commands: []*cli.Command{{
			Name: "prompt", Usage: "how soon the first roster is there, and how soon a cancelled search ends",
			Flags: append(drawing(350),
				&cli.IntFlag{Name: "threads", Value: 2, Usage: "`NUMBER` of threads"},
				&cli.IntFlag{Name: "reps", Value: 21, Usage: "`NUMBER` of searches for each of the two"},
				&cli.StringFlag{Name: "out", Value: filepath.Join(results, "prompt.csv"), Usage: "CSV `FILE` that gets the figures; empty: none"},
			),
			Action: func(c *cli.Context) error {
				if err := program.NoArguments(c); err != nil {
					return err
				}
				return runPrompt(c, out)
			},
		}},
	})
}

// A search needs a matrix of all places, two for five visits, and what does not
// fit into memory is better told at once.
const mostTasks = 100_000

// sizes are the days that are asked for.
func sizes(c *cli.Context) ([]size, error) {
	var list []size
	for _, tasks := range c.IntSlice("tasks") {
		n := size{tasks, shiftsFor(tasks)}
		if c.IsSet("shifts") {
			n.shifts = c.Int("shifts")
		}
		if n.tasks < 1 || n.tasks > mostTasks {
			return nil, program.BadInput("--tasks %d: must be from 1 to %d", n.tasks, mostTasks)
		}
		if n.shifts < 1 || n.shifts > mostTasks {
			return nil, program.BadInput("--shifts %d: must be from 1 to %d", n.shifts, mostTasks)
		}
		list = append(list, n)
	}
	if linked := c.Float64("linked"); !(linked >= 0 && linked <= 100) {
		return nil, program.BadInput("--linked %g: must be from 0 to 100", linked)
	}
	return list, nil
}

// subjects draws the days. The map is closed again before anything is measured.
func subjects(c *cli.Context) (name string, days []*subject, err error) {
	list, err := sizes(c)
	if err != nil {
		return "", nil, err
	}
	l, err := openLand(c.Context, c.String("map"))
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	for _, n := range list {
		d := &subject{size: n, seed: c.Uint64("seed")}
		if d.problem, err = l.day(c.Context, n, c.Float64("linked"), d.seed); err != nil {
			return "", nil, err
		}
		days = append(days, d)
	}
	return l.name, days, nil
}

// command is what was typed, files without their folders.
func command(c *cli.Context, words ...string) string {
	words = append([]string{"go run ./benchmarks/large"}, words...)
	for _, flag := range []string{"map", "tasks", "shifts", "linked", "seed", "budgets", "threads", "iterations", "reps"} {
		if !c.IsSet(flag) {
			continue
		}
		value := strings.Trim(fmt.Sprint(c.Value(flag)), "{}[]")
		switch list := c.Value(flag).(type) {
		case cli.IntSlice:
			value = strings.Join(strings.Fields(strings.Trim(fmt.Sprint(list.Value()), "[]")), ",")
		case cli.StringSlice:
			value = strings.Join(list.Value(), ",")
		case string:
			value = filepath.Base(list)
		}
		words = append(words, "--"+flag+" "+value)
	}
	return strings.Join(words, " ")
}

// budgets are the limits of runs by time; none where iterations limit them.
func budgets(c *cli.Context) ([]time.Duration, error) {
	if c.IsSet("iterations") {
		if c.Int64("iterations") < 1 || c.IsSet("budgets") {
			return nil, program.BadInput("--iterations must be at least 1, and takes the place of --budgets")
		}
		return []time.Duration{0}, nil
	}
	var list []time.Duration
	for _, text := range c.StringSlice("budgets") {
		budget, err := time.ParseDuration(text)
		if err != nil || budget <= 0 {
			return nil, program.BadInput("--budgets %q: write numbers with a unit, such as 60s or 30m", text)
		}
		list = append(list, budget)
	}
	return list, nil
}

func runAll(c *cli.Context, out io.Writer) (err error) {
	limits, err := budgets(c)
	if err != nil {
		return err
	}
	if least := slices.Min(c.IntSlice("threads")); least < 1 {
		return program.BadInput("--threads %d: must be at least 1", least)
	}
	file := c.String("out")
	if file != "" {
		if err := benchmarks.CanAppendRows(file, columns); err != nil {
			return err
		}
	}
	name, days, err := subjects(c)
	if err != nil {
		return err
	}
	record := benchmarks.NewRecord(name, c.Uint64("seed"), command(c))("", 0, "")
	stop, err := profile(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	shown := func(row []string) { fmt.Fprintln(out, strings.Join(row[3:len(row)-1], ",")) } // no more than a terminal holds
	shown(columns)
	for _, d := range days {
		for _, threads := range c.IntSlice("threads") {
			var done []result
			for _, budget := range limits {
				r, err := solve(c.Context, d, threads, budget, c.Int64("iterations"))
				if err != nil {
					return err
				}
				done = append(done, r)
				row := r.row(record)
				shown(row)
				if file != "" {
					if err := benchmarks.AppendRows(file, columns, [][]string{row}); err != nil {
						return err
					}
				}
			}
			compare(out, done)
		}
	}
	return nil
}

// compare says how far each roster of a day is above the one that had most time.
func compare(out io.Writer, done []result) {
	longest := slices.MaxFunc(done, func(a, b result) int { return int(a.budget/time.Millisecond - b.budget/time.Millisecond) })
	for _, r := range done {
		if r.budget < longest.budget {
			fmt.Fprintf(out, "# %d visits, %d threads: the roster after %s costs %.2f %% more than after %s\n", r.size.tasks, r.threads,
				r.budget, 100*(float64(r.cost)/float64(longest.cost)-1), longest.budget)
		}
	}
}

// profile begins the profiles that are asked for.
func profile(c *cli.Context) (stop func() error, err error) {
	var cpu *os.File
	if name := c.String("cpuprofile"); name != "" {
		if cpu, err = os.Create(name); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, err
		}
	}
	return func() error {
		var failed error
		if cpu != nil {
			pprof.StopCPUProfile()
			failed = cpu.Close()
		}
		if name := c.String("memprofile"); name != "" {
			file, err := os.Create(name)
			if err != nil {
				return errors.Join(failed, err)
			}
			failed = errors.Join(failed, pprof.Lookup("allocs").WriteTo(file, 0), file.Close())
		}
		return failed
	}, nil
}

func runPrompt(c *cli.Context, out io.Writer) error {
	threads, reps := c.Int("threads"), c.Int("reps")
	for _, flag := range []string{"threads", "reps"} {
		if n := c.Int(flag); n < 1 {
			return program.BadInput("--%s %d: must be at least 1", flag, n)
		}
	}
	file := c.String("out")
	if file != "" {
		if err := benchmarks.CanAppend(file); err != nil {
			return err
		}
	}
	name, days, err := subjects(c)
	if err != nil {
		return err
	}
	for _, d := range days {
		first, cancel, err := prompt(c.Context, d, threads, reps)
		if err != nil {
			return err
		}
		record := benchmarks.NewRecord(fmt.Sprintf("%s, %d visits, %d shifts, %d threads", name, d.size.tasks, d.size.shifts, threads),
			d.seed, command(c, "prompt"))
		var list []benchmarks.Record
		note := func(figure string, took []time.Duration) {
			for _, one := range []struct {
				of string
				at int
			}{{", median", len(took) / 2}, {", longest", len(took) - 1}} {
				r := record(figure+one.of, float64(took[one.at].Microseconds())/1000, "ms")
				r.Budget = fmt.Sprintf("%d searches", reps)
				fmt.Fprintf(out, "%-44s %-36s %10.1f ms\n", r.Subject, r.Figure, r.Value)
				list = append(list, r)
			}
		}
		note("first roster", first)
		note("from cancelling to the roster", cancel)
		if file != "" {
			if err := benchmarks.Append(file, list); err != nil {
				return err
			}
		}
	}
	return nil
}
