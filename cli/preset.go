package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

func mapPresetCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "preset",
		Usage: "metrics by name inside a region file: mode, weather and condition",
		Description: "Whoever gets the file can use them: --preset NAME in route, matrix, reach, plan, check and report.\n\n" +
			"Examples:\n  slinga map preset keep --name storm --winter --condition storm.json isle.region\n" +
			"  slinga route --map isle.region --preset storm --from 54.15,-4.48 --to 54.32,-4.38\n" +
			"  slinga map preset list isle.region\n  slinga map preset remove --name storm isle.region",
		Subcommands: []*ucli.Command{presetKeepCommand(s), presetListCommand(s), presetRemoveCommand(s)},
		Action: func(c *ucli.Context) error {
			if c.Args().Present() {
				return badInput("no command map preset %q; see slinga map preset --help", c.Args().First())
			}
			return ucli.ShowSubcommandHelp(c)
		},
	}
}

func presetKeepCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:      "keep",
		Usage:     "put a metric into a region file, in place of one of the same name",
		ArgsUsage: "REGION",
		Description: "What does not fit the map, such as a closed road that it does not have, is not kept.\n\n" +
			"Example:\n  slinga map preset keep --name storm --winter --condition storm.json isle.region",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "name", Usage: "the `NAME` of the preset"},
			&ucli.StringFlag{Name: "text", Usage: "`WORDS` about it, for people"},
			&ucli.StringFlag{Name: "profile", Usage: "who travels, as JSON `FILE`, in place of --mode, --winter and --ice-roads"},
			modeFlag(), shortestFlag, winterFlag, iceFlag, stateFlag, energyFlag, langFlag,
		},
		Action: func(c *ucli.Context) error {
			preset, err := askedPreset(c)
			if err != nil {
				return err
			}
			path, err := editPresets(c, func(region *geo.Region) error {
				if err := region.Keep(c.Context, preset); err != nil {
					return inputError{err}
				}
				return nil
			})
			if err == nil {
				fmt.Fprintf(s.Out, lang(c).mapText("kept")+"\n", path, preset.Name)
			}
			return err
		},
	}
}

// askedPreset is the preset that the flags describe.
func askedPreset(c *ucli.Context) (geo.Preset, error) {
	preset := geo.Preset{Name: c.String("name"), Text: c.String("text"), Shortest: c.Bool("shortest")}
	if preset.Name == "" {
		return preset, badInput("no name: give --name, such as --name storm")
	}
	asked, err := askedRoads(c)
	if err != nil {
		return preset, err
	}
	preset.Profile, preset.Condition = asked.profile, asked.options.Condition
	if c.Bool("energy") {
		preset.Second = geo.EnergyUsed
		if preset.Condition.Energy == nil || preset.Condition.Energy.WhPerKM == 0 {
			return preset, badInput("--energy: the condition %s says no energy.wh_per_km", asked.from)
		}
	}
	if file := c.String("profile"); file != "" {
		for _, other := range []string{"mode", "winter", "ice-roads"} {
			if c.IsSet(other) {
				return preset, badInput("--profile says what --%s would; give one of them", other)
			}
		}
		if preset.Profile, err = readProfile(file); err != nil {
			return preset, err
		}
	}
	return preset, nil
}

// readProfile reads the file of --profile.
func readProfile(path string) (p osm.Profile, err error) {
	if err = mustOpen("the profile", path); err != nil {
		return p, err
	}
	f, err := os.Open(path)
	if err != nil {
		return p, badInput("cannot read the profile %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	if p, err = osm.ReadProfile(f, path); err != nil {
		return p, inputError{err}
	}
	return p, nil
}

func presetListCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "list",
		Usage:       "list the presets of a region file",
		ArgsUsage:   "REGION",
		Description: "Example:\n  slinga map preset list isle.region",
		Flags:       []ucli.Flag{langFlag, jsonFlag},
		Action: func(c *ucli.Context) error {
			region, _, err := openPresets(c)
			if err != nil {
				return err
			}
			defer region.Close() //nolint:errcheck // only read
			list := region.Presets()
			if c.Bool("json") {
				if list == nil {
					list = []geo.Preset{}
				}
				return printJSON(s, list)
			}
			if len(list) == 0 {
				fmt.Fprintln(s.Out, lang(c).mapText("none"))
				return nil
			}
			printPresets(s, list, lang(c))
			return nil
		},
	}
}

func printPresets(s *session, list []geo.Preset, l language) {
	t := newTable(s.Out)
	var header table.Row
	for _, column := range []string{"preset", "mode", "least", "beside it", "open roads", "condition", "text"} {
		header = append(header, l.mapText(column))
	}
	t.AppendHeader(header)
	for i := range list {
		p := &list[i]
		least, beside, condition := "seconds", p.Second.String(), ""
		if p.Shortest {
			least, beside = "metres", "seconds"
		}
		winter, ice := p.Profile.WinterRoads, p.Profile.IceRoads
		if p.Condition != nil {
			condition = cmp.Or(p.Condition.Name, l.mapText("without a name"))
			winter = cmp.Or(p.Condition.WinterRoads, state(winter)) == geo.StateOpen
			ice = cmp.Or(p.Condition.IceRoads, state(ice)) == geo.StateOpen
		}
		var roads []string // that are not open to everybody at any time
		if winter {
			roads = append(roads, l.mapText("winter"))
		}
		if ice {
			roads = append(roads, l.mapText("ice"))
		}
		mode := l.pick(modeTexts[care.Mode(p.Profile.Mode.String())])
		t.AppendRow(table.Row{p.Name, mode, l.mapText(least), l.mapText(beside), strings.Join(roads, l.mapText("and")), condition, p.Text})
	}
	t.Render()
}

// state is how a condition would say what a profile says of a kind of roads.
func state(open bool) geo.State {
	if open {
		return geo.StateOpen
	}
	return geo.StateClosed
}

func presetRemoveCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:        "remove",
		Usage:       "take a preset out of a region file",
		ArgsUsage:   "REGION",
		Description: "Example:\n  slinga map preset remove --name storm isle.region",
		Flags:       []ucli.Flag{&ucli.StringFlag{Name: "name", Usage: "the `NAME` of the preset"}, langFlag},
		Action: func(c *ucli.Context) error {
			name := c.String("name")
			if name == "" {
				return badInput("no name: give --name; see slinga map preset list")
			}
			path, err := editPresets(c, func(region *geo.Region) error {
				if _, err := region.Preset(name); err != nil {
					return presetError(err)
				}
				region.Forget(name)
				return nil
			})
			if err == nil {
				fmt.Fprintf(s.Out, lang(c).mapText("removed")+"\n", path, name)
			}
			return err
		},
	}
}

// openPresets opens the region file that is the only argument.
func openPresets(c *ucli.Context) (region *geo.Region, path string, err error) {
	if c.Args().Len() != 1 {
		if c.Args().Len() > 1 && strings.HasPrefix(c.Args().Get(1), "-") {
			return nil, "", badInput("flag %q stands after the map; flags come first", c.Args().Get(1))
		}
		return nil, "", badInput("give one region file: slinga map preset %s isle.region", c.Command.Name)
	}
	path = c.Args().First()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, "", badInput("%s is a folder; give a region file", path)
	}
	if _, bundled := sample.ByName(path); bundled {
		return nil, "", badInput("%s is a bundled area, and only region files carry presets; make one with slinga map build", path)
	}
	if err := mustOpen("the map", path); err != nil {
		return nil, "", err
	}
	region, err = geo.Open(path)
	if errors.Is(err, geo.ErrNotRegion) {
		return nil, "", badInput("%s is no region file, and only those carry presets; make one with slinga map build", path)
	}
	if err != nil {
		return nil, "", inputError{err}
	}
	return region, path, nil
}

// editPresets changes a region file's presets. The file is replaced as a
// whole, or stays as it was.
func editPresets(c *ucli.Context, edit func(*geo.Region) error) (path string, err error) {
	if c.Args().Len() == 1 {
		// Two that change one file at once would each write what it has read.
		unlock, err := lockFile(c.Args().First())
		if err == nil {
			defer unlock()
		} // else openPresets says what is wrong
	}
	region, path, err := openPresets(c)
	if err != nil {
		return "", err
	}
	defer region.Close() //nolint:errcheck // written by Save, which tells
	if err := canReplace(path); err != nil {
		return "", err
	}
	if err := edit(region); err != nil {
		return "", err
	}
	final, _ := finalPath(path)
	if err := region.Save(final); err != nil {
		return "", cannotWrite(path, err)
	}
	return path, nil
}

// presetError tells where presets come from.
func presetError(err error) error {
	if errors.Is(err, geo.ErrPreset) {
		return badInput("%w; slinga map preset keep puts one into a region file", err)
	}
	return err
}

// presetTravel gives a day's travel the preset's condition, and its profile
// what the day itself says of its roads: as --condition would.
func presetTravel(c *ucli.Context, s *session, region *geo.Region, day *care.Day, o *travel.Options) error {
	name := c.String("preset")
	if name == "" {
		return nil
	}
	p, err := region.Preset(name)
	if err != nil {
		return presetError(err)
	}
	if p.Shortest || p.Second != geo.Distance {
		return badInput("--preset %q: a day is travelled by the least seconds, with metres beside them; this preset is for slinga matrix", name)
	}
	mode := care.Mode(p.Profile.Mode.String())
	ofDay, err := travel.Profile(mode, day.Condition)
	if err != nil {
		return err
	}
	profile := p.Profile
	profile.IceRoads = profile.IceRoads || ofDay.IceRoads
	profile.WinterRoads = profile.WinterRoads || ofDay.WinterRoads
	profile.SpeedPercent = profile.SpeedPercent * ofDay.SpeedPercent / 100
	o.Condition, o.Profiles = p.Condition, map[care.Mode]osm.Profile{mode: profile}
	if !slices.ContainsFunc(day.Shifts, func(x care.Shift) bool { return x.Mode == mode }) {
		fmt.Fprintf(s.Err, "slinga: warning: the preset %q is for %s, and no shift of the day goes by it; its condition counts all the same\n", name, mode)
	}
	return nil
}

// takeOver gives a map that is built anew the presets of the file that it
// replaces.
func takeOver(c *ucli.Context, s *session, region *geo.Region, out string) error {
	ctx := c.Context
	if _, err := os.Stat(out); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	old, err := geo.ReadPresets(out)
	if err != nil {
		fmt.Fprintf(s.Err, "slinga: warning: if %s carried presets, they are gone: %v\n", out, plain(err))
	}
	for _, p := range old {
		if err := region.Keep(ctx, p); err != nil {
			return badInput("%s carries a preset that the new map cannot: %w; give another --out, or remove it with slinga map preset remove --name %q", out, err, p.Name)
		}
	}
	return nil
}
