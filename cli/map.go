package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

func mapCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "map",
		Usage:       "build road maps and look at them",
		Description: "Example:\n  slinga map build --out sweden.region sweden.osm.pbf\n  slinga map info sweden.region",
		Subcommands: []*ucli.Command{mapBuildCommand(s), mapInfoCommand(s)},
		Action: func(c *ucli.Context) error {
			if c.Args().Present() {
				return badInput("no command map %q; see slinga map --help", c.Args().First())
			}
			return ucli.ShowSubcommandHelp(c)
		},
	}
}

func mapBuildCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:      "build",
		Usage:     "make a region file of OSM files (PBF or XML; plain, gzip, bzip2)",
		ArgsUsage: "FILE...",
		Description: "A region file holds the roads in the form that planning uses: built once, opened in milliseconds.\n\n" +
			"Example:\n  slinga map build --out isle.region isle-of-man.osm.pbf",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "out", Usage: "the region `FILE` to write; default: the first file's name with .region"},
			&ucli.StringFlag{Name: "name", Usage: "`NAME` of the area; default: the first file's name"},
			&ucli.StringFlag{Name: "source", Usage: "`WORDS` on where the data come from, shown on reports; default for maps that are not modelled: " + osmSource},
			jsonFlag,
		},
		Action: func(c *ucli.Context) error {
			files := c.Args().Slice()
			if len(files) == 0 {
				return badInput("no file: slinga map build --out x.region extract.osm.pbf")
			}
			for _, f := range files {
				if strings.HasPrefix(f, "-") {
					return badInput("flag %q stands after a file; flags come first", f)
				}
			}
			begun := time.Now()
			p := newProgress(s)
			defer p.done()
			region, err := buildMap(c.Context, geo.BuildOptions{
				Name: cmpOr(c.String("name"), mapName(files[0])), Source: c.String("source"),
			}, p, files...)
			if err != nil {
				return err
			}
			defer region.Close() //nolint:errcheck // nothing is mapped
			out := cmpOr(c.String("out"), filepath.Join(filepath.Dir(files[0]), mapName(files[0])+".region"))
			if err := region.Save(out); err != nil {
				return badInput("cannot write %s: %w", out, plain(err))
			}
			if c.Bool("json") {
				return printInfoJSON(s, region.Info())
			}
			printInfo(s, region.Info())
			fmt.Fprintf(s.Out, "\n%s written in %.1f s\n", out, time.Since(begun).Seconds())
			return nil
		},
	}
}

func mapInfoCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "info",
		Usage:       "say what a map holds",
		ArgsUsage:   "FILE",
		Description: "Example:\n  slinga map info isle.region",
		Flags:       []ucli.Flag{jsonFlag},
		Action: func(c *ucli.Context) error {
			if c.Args().Len() != 1 {
				return badInput("give one region file: slinga map info isle.region")
			}
			region, err := openMap(c.Context, c.Args().First(), newProgress(s))
			if err != nil {
				return err
			}
			defer region.Close() //nolint:errcheck // only read
			if c.Bool("json") {
				return printInfoJSON(s, region.Info())
			}
			printInfo(s, region.Info())
			return nil
		},
	}
}

func printInfoJSON(s *session, info geo.Info) error {
	info.Note = standingNote(info)
	return printJSON(s, info)
}

func printJSON(s *session, v any) error {
	e := json.NewEncoder(s.Out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func printInfo(s *session, info geo.Info) {
	fmt.Fprintf(s.Out, "%s\n", info.Name)
	for _, line := range []string{standingNote(info), info.Source} {
		if line != "" {
			fmt.Fprintln(s.Out, line)
		}
	}
	fmt.Fprintf(s.Out, "%d road nodes, %d ways, %d turn restrictions, %.1f MB, within %.4f %.4f %.4f %.4f (west south east north)\n\n",
		info.Nodes, info.Ways, info.Restrictions, float64(info.Bytes)/1e6,
		info.Bound.Min[0], info.Bound.Min[1], info.Bound.Max[0], info.Bound.Max[1])
	t := newTable(s.Out)
	t.AppendHeader(table.Row{"roads for", "segments", "chains", "junctions", "nodes", "arcs"})
	for _, g := range info.Topologies {
		t.AppendRow(table.Row{modesText(g.Modes), g.Segments, g.Chains, g.Junctions, g.Nodes, g.Arcs})
	}
	t.Render()
}

func modesText(m osm.Modes) string {
	var names []string
	for _, each := range []struct {
		mode osm.Modes
		name string
	}{{osm.ModeCar, "car"}, {osm.ModeBicycle, "bicycle"}, {osm.ModeFoot, "foot"}} {
		if m&each.mode != 0 {
			names = append(names, each.name)
		}
	}
	return strings.Join(names, " and ")
}
