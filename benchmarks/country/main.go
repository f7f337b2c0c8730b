// Command country writes a modelled country as an OSM extract of any size, and
// measures how the import grows with it.
//
// The country is made up, but its proportions are those of a sparse country's
// extract: a quarter of the nodes lie on roads, the rest on houses, woods, lakes
// and nothing; main roads join towns, few of the side roads go through, most
// end in the forest; a river is bridged here and there; turns are banned in
// towns; there are ferries, ice roads and gates. The same seed and size give
// the same bytes.
//
//	go run ./benchmarks/country --nodes 20000000 --ways 2000000 --seed 1 --out country.osm.pbf
//	go run ./benchmarks/country measure
//
// Reading order: this file, country.go, parish.go, land.go; then
// measure.go.
package main

import (
	"bufio"
	"context"
	"errors"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/benchmarks/internal/program"
)

func main() { program.Main(app()) }

func app() *cli.App {
	seed := &cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the country"}
	return program.New(os.Stdout, &cli.App{
		Name: "country", Usage: "a modelled country as an OSM extract",
		Flags: []cli.Flag{
			&cli.Int64Flag{Name: "nodes", Value: 20_000_000, Usage: "in the file"},
			&cli.Int64Flag{Name: "ways", Value: 0, Usage: "in the file (default: a way for every ten nodes)"},
			seed,
			&cli.StringFlag{Name: "out", Value: "country.osm.pbf", Usage: "`FILE` to write"},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return program.BadInput("%q is no command; see country --help", c.Args().First())
			}
			return generate(c.Context, c.String("out"), c.Uint64("seed"), c.Int64("nodes"), c.Int64("ways"))
		},
		Commands: []*cli.Command{measureCommand(seed)},
	})
}

// generate writes a country to a file.
func generate(ctx context.Context, path string, seed uint64, nodes, ways int64) error {
	if ways == 0 {
		ways = nodes / 10
	}
	land, err := newCountry(seed, nodes, ways)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	_, err = land.write(interruptible{ctx, out})
	if err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// interruptible writes until the context ends.
type interruptible struct {
	ctx context.Context
	out *bufio.Writer
}

func (w interruptible) Write(b []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.out.Write(b)
}
