package cli

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/planner/care"
)

func generateCommand(s *session) *ucli.Command {
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
			&ucli.StringFlag{Name: "out", Usage: "write into this `FOLDER`"},
			jsonFlag,
		},
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			area, err := areaOf(c)
			if err != nil {
				return err
			}
			out := c.String("out")
			if out == "" {
				return badInput("no folder: give --out with the folder to write into, such as slinga generate --out day")
			}
			if err := noOtherTables(out); err != nil {
				return err
			}
			if err := canWrite(out); err != nil {
				return err
			}
			date, err := time.Parse(time.DateOnly, c.String("date"))
			if err != nil {
				return err // checkFlags has refused it
			}
			day, err := sample.Generate(area, c.Uint64("seed"), sample.Options{
				Date: date, Scale: c.Int("scale"), Bare: c.Bool("summer"), Awkward: c.Bool("awkward"),
			})
			if err != nil {
				return inputError{err}
			}
			documents, err := besideTables(area, day)
			if err != nil {
				return err
			}
			tables, err := asTables(day)
			if err != nil {
				return err
			}
			// The tables are in their places before the last step, which takes
			// away those that an earlier day left in the folder.
			last := func() error { return inputOr(table.WriteFolder(out, day)) }
			if err := writeFolder(out, append(documents, tables...), last); err != nil {
				return err
			}
			if c.Bool("json") {
				return describeDay(s, area, day, out)
			}
			fmt.Fprintf(s.Out, "%s: %d clients, %d visits, %d carers, %d shifts written to %s\n",
				area.Title, len(day.Clients), len(day.Visits), len(day.Carers), len(day.Shifts), out)
			return nil
		},
	}
}

// drawnTables are the tables that a drawn day fills.
var drawnTables = []string{
	"bases.csv", "carers.csv", "clients.csv", "day.csv", "delegations.csv", "history.csv", "links.csv",
	"municipalities.csv", "neighbours.csv", "places.csv", "shifts.csv", "vehicles.csv", "visits.csv",
}

// noOtherTables refuses a folder with tables that generate did not write:
// they would be overwritten, or read with the drawn ones as one day.
func noOtherTables(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // a folder that is not there has none; canWrite judges the rest
	}
	_, err = os.Stat(filepath.Join(dir, "json", "day.json"))
	own := err == nil
	for _, e := range entries {
		kind := strings.ToLower(filepath.Ext(e.Name()))
		if e.IsDir() || kind != ".csv" && kind != ".xlsx" || own && slices.Contains(drawnTables, e.Name()) {
			continue
		}
		return badInput("%s holds %s, which slinga generate did not write; give --out a folder without tables of your own", dir, e.Name())
	}
	return nil
}

// besideTables lists what generate writes beside the tables: the same day as
// JSON, and the area's map with its borders and licence.
func besideTables(area sample.Area, day *care.Day) ([]document, error) {
	text, err := area.Map()
	if err != nil {
		return nil, err
	}
	outlines, err := area.Borders()
	if err != nil {
		return nil, err
	}
	licence, err := area.Licence()
	if err != nil {
		return nil, err
	}
	return []document{
		{"json/day.json", forAll, func(w io.Writer) error { return care.WriteDay(w, day) }},
		{"map/" + area.MapName, forAll, bytesTo(text)},
		{"map/borders.geojson", forAll, bytesTo(outlines)},
		{"map/LICENSE", forAll, bytesTo([]byte(licence))},
	}, nil
}

// asTables renders the day's tables as documents.
func asTables(day *care.Day) (documents []document, err error) {
	dir, err := os.MkdirTemp("", "slinga-*")
	if err != nil {
		return nil, cannotWrite("temporary files", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := table.WriteFolder(dir, day); err != nil {
		return nil, cannotWrite("temporary files", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		documents = append(documents, document{e.Name(), forAll, bytesTo(text)})
	}
	return documents, nil
}

// inputOr marks an error of writing as something that the user can mend.
func inputOr(err error) error {
	if err == nil {
		return nil
	}
	return inputError{err}
}

// generatedJSON is what generate --json prints.
type generatedJSON struct {
	Area     string   `json:"area"`
	Note     string   `json:"note"`
	Modelled bool     `json:"modelled"`
	Date     string   `json:"date"`
	Folder   string   `json:"folder"`
	Map      string   `json:"map"`   // for --map
	Files    []string `json:"files"` // all that lie in the folder now
	Clients  int      `json:"clients"`
	Visits   int      `json:"visits"`
	Carers   int      `json:"carers"`
	Shifts   int      `json:"shifts"`
}

func describeDay(s *session, area sample.Area, day *care.Day, out string) error {
	g := generatedJSON{
		Area: area.Slug, Note: area.Note, Modelled: area.Modelled,
		Date: day.At(0).Format(time.DateOnly), Folder: out, Map: filepath.Join(out, "map", area.MapName),
		Clients: len(day.Clients), Visits: len(day.Visits), Carers: len(day.Carers), Shifts: len(day.Shifts),
	}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, path)
		g.Files = append(g.Files, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return inputError{err}
	}
	return printJSON(s, g)
}
