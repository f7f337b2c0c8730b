// Command tables measures square matrices of travel times beside other routing
// engines: the same map, the same points, in turns on one machine. It appends
// what it measured to benchmarks/results/tables.csv and, with --page, writes
// docs/matrices.md anew from that file.
//
//	go run ./benchmarks/tables --routingkit BINARY --osrm PYTHON delaware.osm.pbf
//	go run ./benchmarks/tables --page
//
// A peer that is not installed is left out, with a line that says so; how to
// install one is told in its folder under benchmarks/peers. Nothing else should
// run on the machine meanwhile.
//
// Reading order: this file, engine.go (a program that answers in turns), run.go
// (who is measured with what), rows.go (results), page.go.
package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks/internal/program"
)

func main() { program.Main(newApp(os.Stdout)) }

func newApp(out io.Writer) *cli.App {
	return program.New(out, &cli.App{
		Name: "tables", Usage: "matrices of times beside other routing engines",
		ArgsUsage: "MAP.osm.pbf",
		Flags: []cli.Flag{
			&cli.IntSliceFlag{Name: "sizes", Value: cli.NewIntSlice(500, 1000, 2000, 5000), Usage: "`POINTS` of the square matrices"},
			&cli.IntSliceFlag{Name: "threads", Value: cli.NewIntSlice(1, 2), Usage: "`NUMBERS` of threads"},
			&cli.IntFlag{Name: "reps", Value: 5, Usage: "`TIMES` that each engine computes each matrix, in turns"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the points"},
			&cli.BoolFlag{Name: "anywhere", Usage: "draw points from every part of the map, also where no way leads from one to the other"},
			&cli.StringFlag{Name: "routingkit", Usage: "`BINARY` of peers/routingkit/tables.cpp"},
			&cli.StringFlag{Name: "osrm", Usage: "`PYTHON` with osrm-bindings"},
			&cli.StringSliceFlag{Name: "beside", Usage: "build `TAG` with which Slinga is measured a second time"},
			&cli.StringFlag{Name: "work", Usage: "`FOLDER` for files that are worth keeping, such as OSRM's of a map; none: a temporary one"},
			&cli.StringFlag{Name: "out", Value: filepath.Join("benchmarks", "results"), Usage: "`FOLDER` for results; empty: only print"},
			&cli.BoolFlag{Name: "page", Usage: "measure nothing and write docs/matrices.md anew from the results"},
			&cli.StringFlag{Name: "page-file", Value: filepath.Join("docs", "matrices.md"), Usage: "the `PAGE`"},
		},
		Action: func(c *cli.Context) error {
			if c.Bool("page") {
				return writePage(c.String("page-file"), filepath.Join(c.String("out"), resultsFile))
			}
			return measure(c)
		},
	})
}

// resultsFile is where rows are appended, within the folder for results.
const resultsFile = "tables.csv"

func measure(c *cli.Context) error {
	switch {
	case c.Args().Len() != 1:
		return program.BadInput("name one OSM file, after the flags; see tables --help")
	case c.Int("reps") < 1:
		return program.BadInput("at least one repetition")
	}
	for _, n := range append(c.IntSlice("sizes"), c.IntSlice("threads")...) {
		if n < 1 {
			return program.BadInput("sizes and threads are numbers from 1")
		}
	}
	path, err := filepath.Abs(c.Args().First())
	if err != nil {
		return err
	}
	dir := c.String("work")
	if dir == "" {
		if dir, err = os.MkdirTemp("", "slinga-tables-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	} else if dir, err = filepath.Abs(dir); err != nil {
		return err
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	r := &contest{
		ctx: c.Context, out: c.App.Writer, dir: dir, mapFile: path, name: subject(path),
		sizes: c.IntSlice("sizes"), threads: c.IntSlice("threads"), reps: c.Int("reps"), seed: c.Uint64("seed"), anywhere: c.Bool("anywhere"),
	}
	defer r.close()
	if err := r.enter(c.StringSlice("beside"), c.String("routingkit"), c.String("osrm")); err != nil {
		return err
	}
	if err := r.run(); err != nil {
		return err
	}
	r.print()
	if c.String("out") == "" {
		return nil
	}
	return appendRows(filepath.Join(c.String("out"), resultsFile), r.rows)
}

// subject is the map's name without its folder and endings.
func subject(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}
