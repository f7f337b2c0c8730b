// Command corrupt changes region files and OSM files at random, millions of
// times, and checks that none does harm: no crash, no hang, no memory beyond
// what the file's size explains, every refusal an error that says its kind;
// and that a file that is accepted finds the nearest roads and answers like
// Dijkstra's algorithm on the graph that it encodes, also after one or two of
// its roads have been closed. For more than half of the region files the checksums
// are computed anew after the change, so that the change is met and not just
// its checksum.
//
//	go run ./benchmarks/corrupt --count 10000000 --seed 1
//	go run ./benchmarks/corrupt --case 4711 --out case.region   # one case again
//
// A process of its own does each thread's cases, so that a crash is counted
// and the rest goes on. Case n of a seed is the same on every machine.
//
// Reading order: this file; worker.go, which is what is checked; seeds.go and
// mutate.go; judge.go with file.go, which share nothing with package geo.
package main

import (
	"os"
	"runtime"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks/internal/program"
)

func main() {
	program.Main(program.New(os.Stdout, &cli.App{
		Name: "corrupt", Usage: "changes files at random and looks for harm",
		Flags: []cli.Flag{
			&cli.Uint64Flag{Name: "count", Value: 200_000, Usage: "of cases"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the cases"},
			&cli.IntFlag{Name: "threads", Value: runtime.NumCPU(), Usage: "processes side by side"},
			&cli.StringFlag{Name: "results", Usage: "`FOLDER` to append a record to, such as benchmarks/results"},
			&cli.Int64Flag{Name: "case", Value: -1, Usage: "do this case alone, here, and tell about it"},
			&cli.StringFlag{Name: "out", Usage: "`FILE` to write the corrupted file of --case to"},
			&cli.StringFlag{Name: "part", Hidden: true, Usage: "FIRST:END:STRIDE, done by a process of the campaign"},
		},
		Action: func(c *cli.Context) error {
			if err := program.NoArguments(c); err != nil {
				return err
			}
			switch {
			case c.Int64("case") >= 0:
				return again(c)
			case c.IsSet("part"):
				return portion(c)
			}
			return conduct(c)
		},
	}))
}
