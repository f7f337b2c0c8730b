// Command roads compares Slinga's road distances with those of another engine:
// it draws points, the peer answers (see benchmarks/peers), and it says on how
// many pairs the two agree and why they do not on the rest.
//
//	roads pairs --seed 1 --count 1000 island.osm.pbf > pairs.csv
//	roads compare --pairs pairs.csv --answers answers.csv --peer "OSRM 26.10.0" island.osm.pbf
//
// Reading order: this file, then compare.go.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/benchmarks/internal/program"
	"github.com/slinga-se/slinga/geo/osm"
)

func main() { program.Main(newApp(os.Stdout)) }

func newApp(out io.Writer) *cli.App {
	return program.New(out, &cli.App{
		Name:  "roads",
		Usage: "compare road distances with another engine",
		Commands: []*cli.Command{
			{
				Name: "pairs", Usage: "draw pairs of OSM nodes on car roads",
				ArgsUsage: "MAP",
				Flags: []cli.Flag{
					&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the draw"},
					&cli.IntFlag{Name: "count", Value: 1000, Usage: "pairs"},
				},
				Action: drawPairs,
			},
			{
				Name: "compare", Usage: "compare a peer's answers with ours",
				ArgsUsage: "MAP",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "pairs", Required: true, Usage: "`FILE` that the pairs command wrote"},
					&cli.StringFlag{Name: "answers", Required: true, Usage: "`FILE` that the peer wrote"},
					&cli.StringFlag{Name: "matrix", Usage: "`FILE` of the peer with all distances from every first to every second point"},
					&cli.StringFlag{Name: "ask", Usage: "`FILE` for the pairs of the matrix that differ, to ask the peer for its roads"},
					&cli.StringFlag{Name: "peer", Required: true, Usage: "name and version of the peer"},
					&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "with which the pairs were drawn, for the record"},
					&cli.StringFlag{Name: "out", Usage: "`FOLDER` for results; none: only print"},
				},
				Action: comparePeer,
			},
		},
	})
}

// mapPath is the one argument of a command.
func mapPath(c *cli.Context) (string, error) {
	if c.Args().Len() != 1 {
		return "", program.BadInput("name one map file, after the flags; see roads %s --help", c.Command.Name)
	}
	return c.Args().First(), nil
}

// subject is the map's name without its folder and endings.
func subject(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}

func drawPairs(c *cli.Context) error {
	path, err := mapPath(c)
	if err != nil {
		return err
	}
	net, err := osm.Read(c.Context, osm.Options{}, path)
	if err != nil {
		return err
	}
	car := osm.CarProfile()
	nodes := benchmarks.RoadNodes(net, &car)
	return benchmarks.WritePairs(c.App.Writer, benchmarks.DrawPairs(nodes, c.Uint64("seed"), c.Int("count")))
}

// readFile opens a file for one of the readers of package benchmarks.
func readFile[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(path)
	if err != nil {
		var zero T
		return zero, err
	}
	value, err := read(bufio.NewReader(f))
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return value, errors.Join(err, f.Close())
}
