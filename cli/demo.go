package cli

import (
	"fmt"
	"path/filepath"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// demoTime leaves room for building the map and writing the report within a
// minute on two cores.
const demoTime = 45 * time.Second

func demoCommand(s *session) *ucli.Command {
	flags := []ucli.Flag{
		areaFlag("ostra-norrbotten"),
		&ucli.StringFlag{Name: "out", Usage: "write the day, the roster and the report into this `FOLDER`", Value: "slinga-demo"},
		langFlag,
		jsonFlag,
	}
	return &ucli.Command{
		Name:  "demo",
		Usage: "plan a full weekday of a bundled area, from road map to printed sheets",
		Description: "Plans a generated weekday of Östra Norrbotten (modelled roads, published client counts),\n" +
			"prints a summary and writes a report that opens in any browser. Needs no network.\n\n" +
			"Example:\n  slinga demo --area adalen --time 20s",
		Flags: append(flags, searchFlags(demoTime)...),
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			o, err := searchOptions(c)
			if err != nil {
				return err
			}
			area, err := areaOf(c)
			if err != nil {
				return err
			}
			out := c.String("out")
			if err := canWrite(out); err != nil {
				return err
			}
			p := newProgress(s)
			defer p.done()
			day, err := sample.Generate(area, demoSeed, sample.Options{})
			if err != nil {
				return err
			}
			m := &measured{day: day, atlas: &atlas{}, note: day.Note}
			defer m.Close()
			if err := m.atlas.loadArea(c.Context, area, p); err != nil {
				return err
			}
			if err := m.onRoads(c.Context, travel.Options{}, nil, p); err != nil {
				return err
			}
			r, err := m.plan(c.Context, o, s, p)
			if err != nil {
				return err
			}
			if err := m.write(out, r, lang(c), p); err != nil {
				return err
			}
			if c.Bool("json") {
				err = care.WriteRoster(s.Out, r.roster)
			} else {
				printSummary(s.Out, m, r, lang(c))
				fmt.Fprintf(s.Out, "\n%s\n", lang(c).say("open", filepath.Join(out, "report.html")))
			}
			if err != nil {
				return err
			}
			return r.verdict(s)
		},
	}
}

// demoSeed draws the demo day; --seed is the search's own.
const demoSeed = 1

func areaFlag(value string) *ucli.StringFlag {
	return &ucli.StringFlag{Name: "area", Usage: "bundled `AREA`: " + areaNames(), Value: value}
}

func areaOf(c *ucli.Context) (sample.Area, error) {
	area, ok := sample.ByName(c.String("area"))
	if !ok {
		return area, badInput("no area %q; the bundled ones are %s", c.String("area"), areaNames())
	}
	return area, nil
}
