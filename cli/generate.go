package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/planner/care"
)

func generateCommand(s Streams) *ucli.Command {
	return &ucli.Command{
		Name:  "generate",
		Usage: "draw a day of a bundled area, as the CSV files that slinga plan reads",
		Description: "Writes visits, clients, carers, shifts and places as CSV files, the same day as JSON, and the area's map.\n" +
			"The same area, seed and options give the same bytes.\n\n" +
			"Example:\n  slinga generate --area adalen --seed 7 --out day",
		Flags: []ucli.Flag{
			areaFlag("ostra-norrbotten"),
			&ucli.Uint64Flag{Name: "seed", Usage: "`SEED` of the random numbers", Value: demoSeed},
			&ucli.IntFlag{Name: "scale", Usage: "number of clients in `PERCENT` of the published one", Value: 100},
			&ucli.StringFlag{Name: "date", Usage: "the planned `DATE`, YYYY-MM-DD", Value: sample.DefaultDate().Format(time.DateOnly)},
			&ucli.BoolFlag{Name: "summer", Usage: "bare summer roads instead of winter"},
			&ucli.BoolFlag{Name: "awkward", Usage: "put one home on the road island and one in the sea"},
			&ucli.StringFlag{Name: "out", Usage: "write into this `FOLDER`", Required: true},
		},
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			area, err := areaOf(c)
			if err != nil {
				return err
			}
			date, err := time.Parse(time.DateOnly, c.String("date"))
			if err != nil {
				return badInput("--date %q: is not a date; write it as 2026-11-24", c.String("date"))
			}
			day, err := sample.Generate(area, c.Uint64("seed"), sample.Options{
				Date: date, Scale: c.Int("scale"), Bare: c.Bool("summer"), Awkward: c.Bool("awkward"),
			})
			if err != nil {
				return inputError{err}
			}
			out := c.String("out")
			if err := table.WriteFolder(out, day); err != nil {
				return inputError{err}
			}
			if err := writeFile(filepath.Join(out, "json", "day.json"), func(w io.Writer) error { return care.WriteDay(w, day) }); err != nil {
				return err
			}
			text, err := area.Map()
			if err != nil {
				return err
			}
			if err := writeFile(filepath.Join(out, "map", area.MapName), bytesTo(text)); err != nil {
				return err
			}
			outlines, err := area.Borders()
			if err != nil {
				return err
			}
			if err := writeFile(filepath.Join(out, "map", "borders.geojson"), bytesTo(outlines)); err != nil {
				return err
			}
			licence, err := area.Licence()
			if err != nil {
				return err
			}
			if err := writeFile(filepath.Join(out, "map", "LICENSE"), bytesTo([]byte(licence))); err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s: %d clients, %d visits, %d carers, %d shifts written to %s\n",
				area.Title, len(day.Clients), len(day.Visits), len(day.Carers), len(day.Shifts), out)
			return nil
		},
	}
}

func bytesTo(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}
