package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/paulmach/orb"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner/travel"
)

// readCondition reads the file of --condition; nil for "".
func readCondition(path string) (*geo.Condition, error) {
	if path == "" {
		return nil, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, badInput("the condition %s is a folder; give a JSON file", path)
	}
	if err := mustOpen("the condition", path); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, badInput("cannot read the condition %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	c, err := geo.ReadCondition(f, filepath.Base(path))
	if err != nil {
		return nil, inputError{err}
	}
	return c, nil
}

// warnUntimed names what binds nobody because no time was given.
func warnUntimed(s *session, o geo.MetricOptions) {
	if o.Condition == nil || !o.At.IsZero() {
		return
	}
	var parts []string
	add := func(list string, i int, id string) {
		part := fmt.Sprintf("%s[%d]", list, i)
		if id != "" {
			part += fmt.Sprintf(" %q", id)
		}
		parts = append(parts, part)
	}
	for i, x := range o.Condition.Closures {
		if x.When != "" {
			add("closures", i, x.ID)
		}
	}
	for i, x := range o.Condition.Speeds {
		if x.When != "" {
			add("speeds", i, x.ID)
		}
	}
	for i, x := range o.Condition.Ferries {
		if len(x.Services) > 0 {
			add("ferries", i, x.ID)
		}
	}
	if len(parts) > mostListed {
		parts = append(parts[:mostListed], "...")
	}
	if len(parts) > 0 {
		fmt.Fprintf(s.Err, "slinga: warning: without --at these bind nobody, for they have times: %s\n", strings.Join(parts, ", "))
	}
}

// warnVarying says when the condition changes more often than a plan tells
// apart.
func warnVarying(s *session, road *travel.Road) {
	if all, told := road.Merged(); all > told {
		fmt.Fprintf(s.Err, "slinga: warning: the condition has the roads in %d states in the course of the day; %d are told apart, and waits at ferries are those of longer parts of the day, or what holds most briefly is taken as what holds before or after it, the worse of the two\n", all, told)
	}
}

func mapConditionCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "condition",
		Usage: "the state of the roads as a file: what it closes, what a map has to close",
		Description: "Examples:\n  slinga map condition list --only ferry,ice_road isle.region\n" +
			"  slinga map condition check --map isle.region storm.json",
		Subcommands: []*ucli.Command{conditionCheckCommand(s), conditionListCommand(s)},
		Action: func(c *ucli.Context) error {
			if c.Args().Present() {
				return badInput("no command map condition %q; see slinga map condition --help", c.Args().First())
			}
			return ucli.ShowSubcommandHelp(c)
		},
	}
}

// conditionWords are the texts of this file.
var conditionWords = map[string]words{
	"part":    {"del", "part"},
	"id":      {"id", "id"},
	"ways":    {"vägar", "ways"},
	"km":      {"km", "km"},
	"roads":   {"väg", "road"},
	"text":    {"text", "text"},
	"more":    {"med flera", "and more"},
	"fits":    {"Villkoret passar kartan.", "The condition fits the map."},
	"kind":    {"slag", "kind"},
	"way":     {"väg-id", "way"},
	"class":   {"klass", "class"},
	"tags":    {"villkor", "condition"},
	"nothing": {"Inget sådant finns på kartan.", "The map has nothing of the kind."},
	"turn":    {"svängregel (relation) %d", "turn restriction (relation) %d"},
	"bound":   {"Gäller %s: %d stängningar, %d vägar, %s km. Villkor i kartan som inte kan avgöras: %d.", "In force %s: %d closures, %d ways, %s km. Tags of the map that cannot be decided: %d."},
}

func (l language) condition(key string) string { return l.pick(conditionWords[key]) }

func conditionCheckCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:      "check",
		Usage:     "compare a condition with a map: every part, the ways that it matches, what the map does not have",
		ArgsUsage: "FILE",
		Description: "Exits with 2 when the file is wrong or names a road that the map does not have.\n\n" +
			"Example:\n  slinga map condition check --map isle.region storm.json",
		Flags: append(
			[]ucli.Flag{mapFlag, modeFlag(), langFlag, jsonFlag},
			timeFlags("say also what is closed at this `TIME`, 2026-11-24T07:30 by local clocks")...,
		),
		Action: func(c *ucli.Context) error {
			if c.Args().Len() != 1 {
				return badInput("give one condition after the flags: slinga map condition check --map isle.region storm.json")
			}
			condition, err := readCondition(c.Args().First())
			if err != nil {
				return err
			}
			profile, err := modeProfile(c)
			if err != nil {
				return err
			}
			at, err := conditionTime(c)
			if err != nil {
				return err
			}
			p := newProgress(s)
			defer p.done()
			a, err := loadAtlas(c, p)
			if err != nil {
				return err
			}
			defer a.Close()
			matches, err := a.region.Matches(c.Context, condition)
			if c.Context.Err() != nil {
				return c.Context.Err()
			}
			if err != nil {
				err = inputError{errors.Join(prefixed(filepath.Base(c.Args().First()), err)...)}
			}
			p.done()
			for _, odd := range oddParts(condition, matches, a.region.Info().Bound) {
				fmt.Fprintf(s.Err, "slinga: warning: %s: %s\n", filepath.Base(c.Args().First()), odd)
			}
			if c.Bool("json") {
				if e := printJSON(s, matchesJSON(matches)); e != nil {
					return e
				}
				return err
			}
			printMatches(s, a.region, matches, lang(c))
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "\n%s\n", lang(c).condition("fits"))
			if at.IsZero() {
				return nil
			}
			return printBound(c.Context, s, a.region, profile, geo.MetricOptions{Condition: condition, At: at}, lang(c))
		},
	}
}

// matchJSON is a part of a condition as --json prints it.
type matchJSON struct {
	Part string  `json:"part"`
	ID   string  `json:"id"`
	Text string  `json:"text"`
	Ways []int64 `json:"ways"`
	KM   float64 `json:"km"`
}

func matchesJSON(matches []geo.Match) []matchJSON {
	out := make([]matchJSON, len(matches))
	for i, m := range matches {
		out[i] = matchJSON{m.Part, m.ID, m.Text, append([]int64{}, m.Ways...), float64(m.Millimetres) / 1e6}
	}
	return out
}

// oddParts lists what is allowed and hardly meant: rules that hold nowhere,
// areas that nobody names, that lie on the map only the other way round, or
// whose outline crosses itself.
func oddParts(c *geo.Condition, matches []geo.Match, onMap orb.Bound) (list []string) {
	rules := make(map[string]*geo.SpeedRule)
	named := make(map[string]bool)
	for i := range c.Speeds {
		rules[fmt.Sprintf("speeds[%d]", i)] = &c.Speeds[i]
		named[c.Speeds[i].Area] = true
	}
	for i := range c.Roads {
		named[c.Roads[i].Area] = true
	}
	for i := range c.Closures {
		named[c.Closures[i].Area] = true
	}
	for i := range c.Ferries {
		named[c.Ferries[i].Area] = true
	}
	for _, m := range matches {
		if rule := rules[m.Part]; rule != nil && len(m.Ways) == 0 && !rule.MayMatchNothing {
			list = append(list, m.Part+": selects no road of this map")
		}
	}
	for i := range c.Areas {
		area := &c.Areas[i]
		if !named[area.ID] {
			list = append(list, fmt.Sprintf("areas[%d] %q: no other part names it", i, area.ID))
		}
		at := area.Polygon.Bound()
		swapped := orb.Bound{Min: turned(at.Min), Max: turned(at.Max)}
		if !at.Intersects(onMap) && swapped.Intersects(onMap) {
			list = append(list, fmt.Sprintf("areas[%d] %q: lies outside this map; are its lat and lon swapped? GeoJSON has the longitude first", i, area.ID))
		}
		for k, polygon := range area.Polygon {
			for j, ring := range polygon {
				if at, crosses := crossing(ring); crosses {
					list = append(list, fmt.Sprintf("areas[%d] %q: polygon %d, ring %d crosses itself by %.5f,%.5f (longitude, latitude): what it goes round an even number of times is not in the area",
						i, area.ID, k, j, at[0], at[1]))
				}
			}
		}
	}
	return list
}

// mostCrossed is up to how many points an outline is looked at, each edge
// beside each other one.
const mostCrossed = 2000

// crossing finds two edges of a ring that cross inside both, and gives the
// beginning of the later one.
func crossing(ring orb.Ring) (at orb.Point, found bool) {
	if len(ring) > mostCrossed {
		return at, false
	}
	side := func(a, b, p orb.Point) float64 {
		return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
	}
	for i := 1; i < len(ring); i++ {
		p, q := ring[i-1], ring[i]
		for k := 1; k < i-1; k++ {
			a, b := ring[k-1], ring[k]
			if side(p, q, a)*side(p, q, b) < 0 && side(a, b, p)*side(a, b, q) < 0 {
				return p, true
			}
		}
	}
	return at, false
}

// prefixed puts the file's name before each of joined errors.
func prefixed(name string, err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{fmt.Errorf("%s: %w", name, err)}
	}
	var list []error
	for _, e := range joined.Unwrap() {
		list = append(list, fmt.Errorf("%s: %w", name, e))
	}
	return list
}

func printMatches(s *session, r *geo.Region, matches []geo.Match, l language) {
	if len(matches) == 0 {
		return
	}
	t := newTable(s.Out)
	t.AppendHeader(table.Row{l.condition("part"), l.condition("id"), l.condition("ways"), l.condition("km"), l.condition("roads"), l.condition("text")})
	for _, m := range matches {
		t.AppendRow(table.Row{m.Part, m.ID, len(m.Ways), l.number(float64(m.Millimetres)/1e6, 1), roadNames(r, m.Ways, l), m.Text})
	}
	t.Render()
}

// roadNames names the first few roads of a list, each once.
func roadNames(r *geo.Region, ways []int64, l language) string {
	const most = 3
	var names []string
	for _, id := range ways {
		w, ok := r.Way(id)
		name := cmpOr(w.Name, w.Ref)
		if name == "" {
			name = fmt.Sprint(id)
		}
		if !ok || slices.Contains(names, name) {
			continue
		}
		if len(names) == most {
			return strings.Join(names, ", ") + " " + l.condition("more")
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// printBound says what is closed at a time.
func printBound(ctx context.Context, s *session, r *geo.Region, profile osm.Profile, o geo.MetricOptions, l language) error {
	m, err := r.MetricWith(ctx, profile, o)
	if err != nil {
		return inputError{err}
	}
	closures, ways, length := map[string]bool{}, map[int64]bool{}, int64(0)
	for _, w := range m.Closed() {
		closures[w.Closure], ways[w.Way] = true, true
		length += w.Millimetres
	}
	fmt.Fprintf(s.Out, l.condition("bound")+"\n", o.At.Format("2006-01-02 15:04"),
		len(closures), len(ways), l.number(float64(length)/1e6, 1), len(m.Undecided()))
	for i, u := range m.Undecided() {
		if i == mostListed {
			fmt.Fprintln(s.Out, "  ...")
			break
		}
		what := fmt.Sprint(u.Way)
		if u.Restriction != 0 {
			what = fmt.Sprintf(l.condition("turn"), u.Restriction)
		}
		fmt.Fprintf(s.Out, "  %s %s\n", what, strings.ReplaceAll(u.Tag, "\n", " "))
	}
	return nil
}

// listedWay is a way that a planner may want to close.
type listedWay struct {
	Kind      string  `json:"kind"`
	Way       int64   `json:"way"`
	Name      string  `json:"name,omitempty"`
	Ref       string  `json:"ref,omitempty"`
	Class     string  `json:"class"`
	KM        float64 `json:"km"`
	Condition string  `json:"condition,omitempty"`
}

// listedKinds are the kinds of map condition list, in its order.
var listedKinds = []struct {
	name string
	is   func(geo.WayInfo) bool
}{
	{"ferry", func(w geo.WayInfo) bool { return w.Flags&osm.FlagFerry != 0 }},
	{"ice_road", func(w geo.WayInfo) bool { return w.Flags&osm.FlagIceRoad != 0 }},
	{"winter_road", func(w geo.WayInfo) bool { return w.Flags&osm.FlagWinter != 0 }},
	{"bridge", func(w geo.WayInfo) bool { return w.Flags&osm.FlagBridge != 0 }},
	{"tunnel", func(w geo.WayInfo) bool { return w.Flags&osm.FlagTunnel != 0 }},
	{"conditional", func(w geo.WayInfo) bool { return w.Condition != "" }},
}

func conditionListCommand(s *session) *ucli.Command {
	var names []string
	for _, k := range listedKinds {
		names = append(names, k.name)
	}
	return &ucli.Command{
		Name:        "list",
		Usage:       "list the ferries, ice roads, winter roads, bridges, tunnels and conditional ways of a map, with their ids",
		ArgsUsage:   "MAP",
		Description: "Example:\n  slinga map condition list --only ferry,bridge isle.region",
		Flags: []ucli.Flag{
			&ucli.StringFlag{Name: "only", Usage: "these `KINDS`, with commas between: " + strings.Join(names, ", ")},
			&ucli.StringFlag{Name: "name", Usage: "only roads whose name or number has these `WORDS`"},
			modeFlag(), langFlag, jsonFlag,
		},
		Action: func(c *ucli.Context) error {
			if c.Args().Len() != 1 {
				return badInput("give one map after the flags: slinga map condition list isle.region, or one of %s", areaNames())
			}
			only, err := listKinds(c.String("only"), names)
			if err != nil {
				return err
			}
			mode, ok := modeBits[c.String("mode")]
			if !ok {
				return badInput("--mode %q: must be car, bicycle or foot", c.String("mode"))
			}
			p := newProgress(s)
			defer p.done()
			a := &atlas{}
			defer a.Close()
			if err := a.load(c.Context, c.Args().First(), p); err != nil {
				return err
			}
			p.done()
			list := listWays(a.region, only, strings.ToLower(c.String("name")), mode)
			if c.Bool("json") {
				return printJSON(s, list)
			}
			printWays(s, list, lang(c))
			return nil
		},
	}
}

// listKinds reads --only; nothing means all.
func listKinds(only string, names []string) ([]string, error) {
	if only == "" {
		return names, nil
	}
	var kinds []string
	for _, k := range strings.Split(only, ",") {
		if k = strings.TrimSpace(k); !slices.Contains(names, k) {
			return nil, badInput("--only %q: must be some of %s", k, strings.Join(names, ", "))
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}

func listWays(r *geo.Region, only []string, part string, mode osm.Modes) []listedWay {
	list := []listedWay{}
	for w := range r.Ways() {
		if w.Modes&mode == 0 || part != "" && !strings.Contains(strings.ToLower(w.Name+" "+w.Ref), part) {
			continue
		}
		for _, k := range listedKinds {
			if slices.Contains(only, k.name) && k.is(w) {
				list = append(list, listedWay{
					Kind: k.name, Way: w.ID, Name: w.Name, Ref: w.Ref, Class: w.Class.String(),
					KM: float64(w.Millimetres) / 1e6, Condition: w.Condition,
				})
			}
		}
	}
	rank := func(kind string) int {
		for i, k := range listedKinds {
			if k.name == kind {
				return i
			}
		}
		return len(listedKinds)
	}
	slices.SortStableFunc(list, func(a, b listedWay) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Way, b.Way))
	})
	return list
}

func printWays(s *session, list []listedWay, l language) {
	if len(list) == 0 {
		fmt.Fprintln(s.Out, l.condition("nothing"))
		return
	}
	t := newTable(s.Out)
	t.AppendHeader(table.Row{l.condition("kind"), l.condition("way"), l.condition("roads"), l.condition("class"), l.condition("km"), l.condition("tags")})
	for _, w := range list {
		name := w.Name
		if w.Ref != "" {
			name = strings.TrimSpace(name + " (" + w.Ref + ")")
		}
		t.AppendRow(table.Row{w.Kind, w.Way, name, w.Class, l.number(w.KM, 2), strings.ReplaceAll(w.Condition, "\n", "; ")})
	}
	t.Render()
}
