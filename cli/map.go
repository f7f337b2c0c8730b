package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
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
		Subcommands: []*ucli.Command{mapBuildCommand(s), mapInfoCommand(s), mapConditionCommand(s), mapReachCommand(s), mapPresetCommand(s)},
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
			langFlag, jsonFlag,
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
			out := cmpOr(c.String("out"), filepath.Join(filepath.Dir(files[0]), mapName(files[0])+".region"))
			if err := mayBuild(out, files); err != nil {
				return err
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
			// Presets that are kept while it is written would be lost.
			if unlock, err := lockFile(out); err == nil {
				defer unlock()
			} // else there is no such file yet
			if err := takeOver(c, s, region, out); err != nil {
				return err
			}
			made, err := makeFolder(filepath.Dir(out))
			if err == nil {
				at, _ := finalPath(out)
				err = region.Save(at)
			}
			if err != nil {
				removeEmpty(made)
				return cannotWrite(out, err)
			}
			if c.Bool("json") {
				return printInfoJSON(s, region)
			}
			l := lang(c)
			printInfo(s, region, l)
			fmt.Fprintf(s.Out, "\n"+l.mapText("written")+"\n", out, l.number(time.Since(begun).Seconds(), 1))
			return nil
		},
	}
}

// mayBuild refuses, before any work, files that cannot be read and an output
// that would destroy one of them or a file that is no region.
func mayBuild(out string, files []string) error {
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.IsDir() {
			return badInput("the map %s is a folder; give OSM files", f)
		}
		if err := mustOpen("the map", f); err != nil {
			return err
		}
	}
	if err := canWriteFile(out); err != nil {
		return err
	}
	stands, err := os.Stat(out)
	if err != nil {
		return nil // nothing to destroy
	}
	if !stands.Mode().IsRegular() {
		return badInput("--out %s is no ordinary file; give a file", out)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && os.SameFile(info, stands) {
			return badInput("--out %s is one of the files to read and would be overwritten; give another name", out)
		}
	}
	region, err := geo.Open(out)
	if errors.Is(err, geo.ErrNotRegion) {
		return badInput("--out %s stands already and is no region file; remove it first or give another name", out)
	}
	if err == nil {
		_ = region.Close()
	}
	return nil // a damaged region, or one of another version, is there to be built anew
}

func mapInfoCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "info",
		Usage:       "say what a map holds",
		ArgsUsage:   "MAP",
		Description: "Example:\n  slinga map info isle.region",
		Flags:       []ucli.Flag{langFlag, jsonFlag},
		Action: func(c *ucli.Context) error {
			if c.Args().Len() == 2 && strings.HasPrefix(c.Args().Get(1), "-") {
				return badInput("flag %q stands after the map; flags come first", c.Args().Get(1))
			}
			if c.Args().Len() != 1 {
				return badInput("give one map: slinga map info isle.region, or one of %s", areaNames())
			}
			a := &atlas{}
			defer a.Close()
			if err := a.load(c.Context, c.Args().First(), newProgress(s)); err != nil {
				return err
			}
			region := a.region
			if c.Bool("json") {
				return printInfoJSON(s, region)
			}
			printInfo(s, region, lang(c))
			return nil
		},
	}
}

// infoJSON is what --json prints of a map.
type infoJSON struct {
	Name         string        `json:"name"`
	Source       string        `json:"source"`
	SourceHash   string        `json:"source_hash"`
	Note         string        `json:"note"`
	Modelled     bool          `json:"modelled"`
	Hash         string        `json:"hash"`
	Bounds       [4]float64    `json:"bbox"` // west, south, east, north
	Nodes        int           `json:"nodes"`
	Ways         int           `json:"ways"`
	Restrictions int           `json:"restrictions"`
	Graphs       []graphJSON   `json:"graphs"`
	Bytes        int64         `json:"bytes"`
	Sections     []sectionJSON `json:"sections"`
	Presets      []string      `json:"presets"`
}

type graphJSON struct {
	Modes     []string `json:"modes"`
	Segments  int      `json:"segments"`
	Chains    int      `json:"chains"`
	Junctions int      `json:"junctions"`
	Nodes     int      `json:"nodes"`
	Arcs      int      `json:"arcs"`
}

type sectionJSON struct {
	Tag   string `json:"tag"`
	Bytes int64  `json:"bytes"`
}

func printInfoJSON(s *session, region *geo.Region) error {
	info := region.Info()
	out := infoJSON{
		Name: info.Name, Source: info.Source, SourceHash: info.SourceHash, Note: standingNote(info), Modelled: info.Modelled, Hash: info.Hash,
		Bounds: [4]float64{info.Bound.Min[0], info.Bound.Min[1], info.Bound.Max[0], info.Bound.Max[1]},
		Nodes:  info.Nodes, Ways: info.Ways, Restrictions: info.Restrictions, Bytes: info.Bytes,
	}
	for _, g := range info.Topologies {
		out.Graphs = append(out.Graphs, graphJSON{modeNames(g.Modes), g.Segments, g.Chains, g.Junctions, g.Nodes, g.Arcs})
	}
	for _, section := range info.Sections {
		out.Sections = append(out.Sections, sectionJSON(section))
	}
	out.Presets = []string{}
	for _, p := range region.Presets() {
		out.Presets = append(out.Presets, p.Name)
	}
	return printJSON(s, out)
}

func printJSON(s *session, v any) error {
	e := json.NewEncoder(s.Out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// mapWords are the texts of this file and of preset.go.
var mapWords = map[string]words{
	"counts": {
		"%d vägnoder, %d vägar, %d svängregler, %s MB, inom %.4f %.4f %.4f %.4f (väst syd öst nord)",
		"%d road nodes, %d ways, %d turn restrictions, %s MB, within %.4f %.4f %.4f %.4f (west south east north)",
	},
	"roads for": {"vägar för", "roads for"},
	"car":       {"bil", "car"},
	"bicycle":   {"cykel", "bicycle"},
	"foot":      {"gång", "foot"},
	"segments":  {"segment", "segments"},
	"chains":    {"kedjor", "chains"},
	"junctions": {"korsningar", "junctions"},
	"nodes":     {"noder", "nodes"},
	"arcs":      {"bågar", "arcs"},
	"and":       {" och ", " and "},
	"written":   {"%s är skriven på %s s", "%s written in %s s"},

	"preset":         {"förval", "preset"},
	"mode":           {"färdsätt", "mode"},
	"least":          {"minst", "least"},
	"beside it":      {"därtill", "beside it"},
	"open roads":     {"öppna vägar", "open roads"},
	"condition":      {"väglag", "condition"},
	"text":           {"text", "text"},
	"seconds":        {"sekunder", "seconds"},
	"metres":         {"meter", "metres"},
	"watt-hours":     {"wattimmar", "watt-hours"},
	"winter":         {"vintervägar", "winter roads"},
	"ice":            {"isvägar", "ice roads"},
	"without a name": {"utan namn", "without a name"},
	"none":           {"Kartan har inga förval.", "The map carries no presets."},
	"kept":           {"%s har förvalet %q", "%s carries the preset %q"},
	"removed":        {"%s har inte längre förvalet %q", "%s no longer carries the preset %q"},
}

func (l language) mapText(key string) string { return l.pick(mapWords[key]) }

func printInfo(s *session, region *geo.Region, l language) {
	info := region.Info()
	plain := printable{s.Out} // anybody can give a map a name
	fmt.Fprintf(plain, "%s\n", info.Name)
	for _, line := range []string{standingNote(info), info.Source} {
		if line != "" {
			fmt.Fprintln(plain, line)
		}
	}
	fmt.Fprintf(s.Out, l.mapText("counts")+"\n\n",
		info.Nodes, info.Ways, info.Restrictions, l.number(float64(info.Bytes)/1e6, 1),
		info.Bound.Min[0], info.Bound.Min[1], info.Bound.Max[0], info.Bound.Max[1])
	t := newTable(s.Out)
	var header table.Row
	for _, column := range []string{"roads for", "segments", "chains", "junctions", "nodes", "arcs"} {
		header = append(header, l.mapText(column))
	}
	t.AppendHeader(header)
	for _, g := range info.Topologies {
		var modes []string
		for _, mode := range modeNames(g.Modes) {
			modes = append(modes, l.mapText(mode))
		}
		t.AppendRow(table.Row{strings.Join(modes, l.mapText("and")), g.Segments, g.Chains, g.Junctions, g.Nodes, g.Arcs})
	}
	t.Render()
	if list := region.Presets(); len(list) > 0 {
		fmt.Fprintln(s.Out)
		printPresets(s, list, l)
	}
}

func modeNames(m osm.Modes) (names []string) {
	for _, each := range []struct {
		mode osm.Modes
		name string
	}{{osm.ModeCar, "car"}, {osm.ModeBicycle, "bicycle"}, {osm.ModeFoot, "foot"}} {
		if m&each.mode != 0 {
			names = append(names, each.name)
		}
	}
	return names
}
