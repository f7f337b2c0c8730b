// Command ablate measures what the parts of the search are worth: it solves a
// few instances of the public sets with all of them, without each, and on two
// threads.
//
//	go run -tags ablations ./benchmarks/ablate --sets FOLDER
//
// It is run from the top of the repository, with nothing else on the machine.
// Without the tag the search is built whole, and nothing can be left out.
// list.csv names the instances. Rows go to benchmarks/results/ablations.csv,
// which takes up again a series that was broken off, and the page to
// ablations.md beside it.
//
// Reading order: this file, then page.go; parts_on.go and parts_off.go.
package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/benchmarks/runs"
)

func main() { program.Main(app(os.Stdout)) }

func app(out io.Writer) *cli.App {
	results := filepath.Join("benchmarks", "results")
	return program.New(out, &cli.App{
		Name: "ablate", Usage: "the search with all its parts and without each",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "sets", Usage: "the `FOLDER` with a folder for each set", Required: true},
			&cli.StringFlag{Name: "list", Value: filepath.Join("benchmarks", "ablate", "list.csv"), Usage: "CSV `FILE` with the runs that are made whole"},
			&cli.StringSliceFlag{Name: "parts", Usage: "`NAMES` of the parts to be left out, one after the other; none: all (" + partNames() + ")"},
			&cli.DurationFlag{Name: "time", Usage: "of a run, in place of the list's seconds"},
			&cli.StringFlag{Name: "out", Value: filepath.Join(results, "ablations.csv"), Usage: "CSV `FILE` that gets a row a run; runs of this revision that stand there are left out"},
			&cli.StringFlag{Name: "page", Value: filepath.Join(results, "ablations.md"), Usage: "Markdown `FILE` for the table"},
		},
		Action: func(c *cli.Context) (err error) {
			if err := program.NoArguments(c); err != nil {
				return err
			}
			if leaveOut == nil {
				return program.BadInput("this program was built without the tag: go run -tags ablations ./benchmarks/ablate")
			}
			record := benchmarks.NewRecord("", 0, "")("", 0, "")
			s := &series{out: out, version: "Slinga " + record.Version, machine: record.Machine, without: leaveOut, parts: c.StringSlice("parts")}
			if s.parts, err = chosen(s.parts, theParts); err != nil {
				return err
			}
			if s.jobs, err = (runs.Selection{Sets: c.String("sets"), List: c.String("list"), Time: c.Duration("time")}).Jobs(); err != nil {
				return err
			}
			return s.make(c.Context, c.String("out"), c.String("page"))
		},
	})
}

// chosen are the parts that are wanted, of those that there are.
func chosen(wanted, all []string) ([]string, error) {
	for _, part := range wanted {
		if !slices.Contains(all, part) {
			return nil, program.BadInput("--parts: there is no part %q; there are %s", part, strings.Join(all, ", "))
		}
	}
	if len(wanted) == 0 {
		return all, nil
	}
	return wanted, nil
}

// partNames lists the parts for the help.
func partNames() string {
	if len(theParts) == 0 {
		return "built with -tags ablations, this program lists them here"
	}
	return strings.Join(theParts, ", ")
}

// variant is a way to run a job: without a part, or on more threads.
type variant struct {
	name    string
	without []string
	threads int // 0: as the job says
}

const (
	whole   = "all parts"
	without = "without "
	doubled = "two threads"
)

func (s *series) variants() []variant {
	list := []variant{{name: whole}}
	for _, part := range s.parts {
		list = append(list, variant{name: without + part, without: []string{part}})
	}
	return append(list, variant{name: doubled, threads: 2})
}

// series is the runs of all variants.
type series struct {
	out              io.Writer
	version, machine string
	parts            []string
	without          func(parts ...string) error
	jobs             []runs.Job
}

// solver names a variant in the file, with the code that it is of.
func (s *series) solver(v *variant) string { return s.version + ", " + v.name }

// make makes the runs that the file lacks, an instance by all variants and then
// the next, and writes the page.
func (s *series) make(ctx context.Context, path, page string) (err error) {
	columns := append(runs.SolverColumns(s.jobs), runs.IterationsColumn)
	file, err := runs.OpenFile(path, columns)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close(), s.without()) }()
	table := csv.NewWriter(s.out)
	variants := s.variants()
	var done []entry
	for i := range s.jobs {
		for k := range variants {
			v := &variants[k]
			row, err := s.run(ctx, file, s.jobs[i], v)
			if err != nil {
				return err
			}
			done = append(done, entry{variant: v.name, Row: row})
			_ = table.Write(row.Record(columns)) // errors stay in the writer until Flush
			table.Flush()
		}
	}
	text := s.page(variants, done)
	return errors.Join(table.Error(), os.WriteFile(page, []byte(text), 0o644))
}

// run makes one run, unless it stands in the file.
func (s *series) run(ctx context.Context, file *runs.File, job runs.Job, v *variant) (runs.Row, error) {
	if v.threads > 0 {
		job.Threads = v.threads
	}
	known := job.Row()
	known.Solver = s.solver(v)
	if row, ok := file.Find(known); ok && row.Unsupported == "" {
		return row, nil
	}
	if err := s.without(v.without...); err != nil {
		return runs.Row{}, err
	}
	row, _, err := job.Run(ctx)
	if err != nil {
		return row, err
	}
	row.Solver, row.Machine = s.solver(v), s.machine
	return row, file.Append(row)
}

// budget is what the runs got, or "" where they differ.
func (s *series) budget() string {
	budgets := make([]time.Duration, len(s.jobs))
	for i := range s.jobs {
		budgets[i] = s.jobs[i].Time
	}
	if budgets = slices.Compact(budgets); len(budgets) == 1 {
		return budgets[0].String()
	}
	return ""
}
