// Command measure takes the product's own figures on a road map: seconds and
// memory of the import, seconds of a matrix, and the demo day. It builds the
// binary, runs it as anybody would, and appends one row a figure to
// benchmarks/results/product.csv. Nothing else should run on the machine
// meanwhile.
//
//	go run ./benchmarks/measure delaware.osm.pbf
//
// Reading order: this file, then run.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/geo/osm"
)

func main() {
	program.Main(program.New(os.Stdout, &cli.App{
		Name: "measure", Usage: "seconds and memory of import, matrix and demo",
		ArgsUsage: "MAP",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Value: filepath.Join("benchmarks", "results"), Usage: "`FOLDER` for results"},
			&cli.IntFlag{Name: "runs", Value: 3, Usage: "of import and matrix; the median counts, and the largest memory"},
			&cli.IntFlag{Name: "points", Value: 500, Usage: "of the square matrix"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the points"},
			&cli.BoolFlag{Name: "no-demo", Usage: "leave the demo day out"},
			&cli.BoolFlag{Name: "only-demo", Usage: "leave the map out"},
			&cli.IntFlag{Name: "demo-runs", Value: 1, Usage: "of the demo day, each with the next seed; every run has its rows"},
			&cli.DurationFlag{Name: "demo-time", Usage: "`TIME` for each of them (default: the demo's own)"},
		},
		Action: measure,
	}))
}

func measure(c *cli.Context) error {
	if c.Args().Len() != 1 && !c.Bool("only-demo") {
		return program.BadInput("name one map file, after the flags; see measure --help")
	}
	if c.Int("runs") < 1 || c.Int("points") < 2 {
		return program.BadInput("at least one run, and at least two points")
	}
	results := filepath.Join(c.String("out"), "product.csv")
	if err := benchmarks.CanAppend(results); err != nil {
		return err
	}
	path := c.Args().First()
	dir, err := os.MkdirTemp("", "slinga-measure-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder

	b := &bench{ctx: c.Context, dir: dir, seed: c.Uint64("seed"), runs: c.Int("runs")}
	if err := b.buildBinary(); err != nil {
		return err
	}
	if !c.Bool("only-demo") {
		if err = b.importMap(path); err == nil {
			err = b.matrix(path, c.Int("points"))
		}
	}
	for i := 0; err == nil && i < c.Int("demo-runs") && !c.Bool("no-demo"); i++ {
		err = b.demo(uint64(i)+1, c.Duration("demo-time"))
	}
	// What was measured before something failed is kept.
	for _, r := range b.records {
		fmt.Fprintf(c.App.Writer, "%-18s %-34s %12.4g %s\n", r.Subject, r.Figure, r.Value, r.Unit)
	}
	return errors.Join(err, benchmarks.Append(results, b.records))
}

// subject is the map's name without its folder and endings.
func subject(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}

// writePoints draws distinct nodes of car roads and writes them as the matrix
// command reads them.
func writePoints(ctx context.Context, osmPath, csvPath string, count int, seed uint64) error {
	net, err := osm.Read(ctx, osm.Options{}, osmPath)
	if err != nil {
		return err
	}
	car := osm.CarProfile()
	nodes := benchmarks.RoadNodes(net, &car)
	if len(nodes) < count {
		return fmt.Errorf("the map has %d car-road nodes, %d points are to be drawn", len(nodes), count)
	}
	var text strings.Builder
	drawn := make(map[int64]bool, count)
	// A draw may take a node twice, so draw more pairs until there are enough
	// different ones.
	for pairs := 2 * count; len(drawn) < count; pairs *= 2 {
		clear(drawn)
		text.Reset()
		text.WriteString("id,lat,lon\n")
		for _, p := range benchmarks.DrawPairs(nodes, seed, pairs) {
			if n := p.From; len(drawn) < count && !drawn[n.ID] {
				drawn[n.ID] = true
				fmt.Fprintf(&text, "%d,%.7f,%.7f\n", n.ID, float64(n.Lat)/1e7, float64(n.Lon)/1e7)
			}
		}
	}
	return os.WriteFile(csvPath, []byte(text.String()), 0o644)
}
