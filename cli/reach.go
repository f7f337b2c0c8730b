package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
)

// reachWords are the texts of this file.
var reachWords = map[string]words{
	"point":    {"plats", "point"},
	"time":     {"tid", "time"},
	"nearest":  {"närmast", "nearest"},
	"within":   {"inom", "within"},
	"minutes":  {"%s min", "%s min"},
	"beyond":   {"längre bort", "further away"},
	"sum":      {"Inom %s min: %d av %d platser.", "Within %s min: %d of %d points."},
	"missing":  {"Längre bort, eller utan väg: %d.", "Further away, or without a way: %d."},
	"kind":     {"vad som saknas", "what is missing"},
	"opens":    {"öppnas åter av", "opened again by"},
	"all":      {"Ingen är avskuren: %d av %[1]d platser har väg både dit och tillbaka.", "Nobody is cut off: %d of %[1]d points have a way there and back."},
	"start":    {"%s, varifrån hjälpen kommer, har %s från de andra; öppnas åter av %s.", "%s, where help comes from, has %s from the others; opened again by %s."},
	"cut":      {"Avskurna: %d av %d platser.", "Cut off: %d of %d points."},
	"either":   {"%s (var för sig)", "%s (each alone)"},
	"together": {"%s tillsammans", "%s together"},
	"none":     {"ingen avstängning: vägen saknas ändå", "no closure: there is no way anyhow"},
	"far":      {"ligger långt från alla vägar", "lies far from any road"},
	"there":    {"ingen väg dit", "no way there"},
	"back":     {"ingen väg tillbaka", "no way back"},
	"both":     {"ingen väg dit eller tillbaka", "no way there or back"},
	"round":    {"ingen väg dit och tillbaka till samma bas", "no way there and back to the same base"},
	"written":  {"%s är skriven", "%s written"},
	"and":      {" och ", " and "},
}

func (l language) reach(key string, args ...any) string {
	return fmt.Sprintf(l.pick(reachWords[key]), args...)
}

func mapReachCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "reach",
		Usage: "who can be reached in time, from any of several places; and who is cut off, and by what",
		Description: "Points and responders are tables with the columns id, lat, lon (WGS 84) or id, n_sweref99tm, e_sweref99tm, or the\n" +
			"clients.csv and bases.csv of a day's folder, which stand at places of its places.csv.\n" +
			"Responders may have delay_seconds: how long until they can leave. Each point is told its time from the nearest\n" +
			"responder, to the second. --geojson writes an area for each time: what lies by the roads that are reached.\n" +
			"With --cut-off the answer is who has no way from a responder and back, and which closures, lifted alone or\n" +
			"together, would give it again. Places are put on the roads as they are without closures, so that nobody is\n" +
			"moved across the water.\n\n" +
			"Examples:\n  slinga map reach --map isle.region --points clients.csv --from cars.csv --minutes 15,30,45 --geojson reach.geojson\n" +
			"  slinga map reach --map isle.region --points clients.csv --from bases.csv --condition storm.json --cut-off",
		Flags: append(
			[]ucli.Flag{
				mapFlag, snapFlag, langFlag, jsonFlag,
				&ucli.StringFlag{Name: "points", Usage: "`FILE` of those who are to be reached: id, lat, lon"},
				&ucli.StringFlag{Name: "from", Usage: "`FILE` of responders or bases: id, lat, lon, delay_seconds"},
				&ucli.StringFlag{Name: "minutes", Usage: "`TIMES` in minutes, separated by commas", Value: "15,30,45"},
				&ucli.BoolFlag{Name: "towards", Usage: "times from the points to the responders, instead of the other way"},
				&ucli.BoolFlag{Name: "cut-off", Usage: "list who is cut off, instead of times"},
				&ucli.StringFlag{Name: "geojson", Usage: "the `FILE` of areas to write"},
				&ucli.Float64Flag{Name: "width", Usage: "`METRES` from a road that its area is wide", Value: 250},
			},
			roadFlags()...,
		),
		Action: func(c *ucli.Context) error { return runReach(c, s) },
	}
}

// readMinutes reads the times of --minutes as seconds, ascending.
func readMinutes(value string) ([]int32, error) {
	var limits []int32
	for part := range strings.SplitSeq(value, ",") {
		v, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || v < 1 || v > geo.MaxIsochrone/60 {
			return nil, badInput("--minutes %q: write whole minutes from 1 to %d, separated by commas, as 15,30,45", value, geo.MaxIsochrone/60)
		}
		limits = append(limits, int32(v)*60)
	}
	slices.Sort(limits)
	return slices.Compact(limits), nil
}

// reached is what the command found out.
type reached struct {
	points, from points
	on, starts   []geo.Snap
	limits       []int32
	seconds      []int32
	nearest      []int
	cuts         []geo.Cut
	startCuts    []geo.Cut // of starts, from the others
	condition    *geo.Condition
}

func runReach(c *ucli.Context, s *session) error {
	if err := noArguments(c); err != nil {
		return err
	}
	limits, err := readMinutes(c.String("minutes"))
	if err != nil {
		return err
	}
	width, areas := c.Float64("width"), c.String("geojson")
	switch {
	case c.Bool("shortest"):
		return badInput("--shortest: reach is a matter of time; leave the flag off")
	case c.Bool("cut-off") && areas != "":
		return badInput("--cut-off and --geojson: give one of them")
	case c.Bool("cut-off") && c.Bool("towards"):
		return badInput("--cut-off looks both ways; leave --towards off")
	case c.Bool("cut-off") && c.IsSet("minutes"):
		return badInput("--cut-off asks for any way, however long; leave --minutes off")
	case !(width >= 20 && width <= 20_000):
		return badInput("--width %g: must be from 20 to 20000 metres", width)
	}
	if areas != "" {
		if err := canWriteFile(areas); err != nil {
			return err
		}
	}
	r := &reached{limits: limits}
	if r.points, err = readPoints(c.String("points")); err != nil {
		return err
	}
	if c.String("from") == "" {
		return badInput("no responders: give --from with a CSV file that has the columns id, lat, lon")
	}
	if r.from, err = readPoints(c.String("from")); err != nil {
		return err
	}
	warnPoints(s, r.points)
	warnPoints(s, r.from)
	p := newProgress(s)
	defer p.done()
	a, err := loadRoads(c, s, p)
	if err != nil {
		return err
	}
	defer a.Close()
	for _, list := range []*points{&r.from, &r.points} {
		if err := list.onMap(a.region, c.Float64("snap-limit")); err != nil {
			return err
		}
	}
	p.step("looking for ways to %d points", len(r.points.ids))
	metric, err := r.prepare(c, s, a.region)
	if err != nil {
		return err
	}
	p.done()
	r.warn(s, a.region)
	if c.Bool("cut-off") {
		if r.cuts, err = metric.CutOff(c.Context, r.on, r.starts); err != nil {
			return err
		}
		if err = r.cutStarts(c.Context, metric); err != nil {
			return err
		}
		return r.printCuts(s, lang(c), c.Bool("json"))
	}
	iso, err := r.measure(c, metric)
	if err != nil {
		return err
	}
	if areas != "" {
		p.step("drawing the areas")
		err := r.writeAreas(c, iso, areas, geo.AreaOptions{Width: width}, a.attribution)
		p.done()
		if err != nil {
			return err
		}
	}
	return r.printTimes(s, lang(c), c.Bool("json"), areas)
}

// prepare makes the metric and puts the places on roads, as these are when
// nothing is closed.
func (r *reached) prepare(c *ucli.Context, s *session, region *geo.Region) (*geo.Metric, error) {
	asked, err := askedRoads(c)
	if err == nil {
		err = asked.on(c, region)
	}
	if err == nil {
		err = asked.inMetres()
	}
	if err != nil {
		return nil, err
	}
	r.condition = asked.options.Condition
	warnUntimed(s, asked.options)
	metric, open, err := metrics(c.Context, region, asked.profile, asked.options)
	if err != nil {
		return nil, err
	}
	o := geo.SnapOptions{Limit: c.Float64("snap-limit"), Anchors: r.from.at}
	if r.starts, err = r.from.snap(open, o); err != nil {
		return nil, err
	}
	r.on, err = r.points.snap(open, o)
	return metric, err
}

// warn tells of places that are far from a road: they can never be reached.
func (r *reached) warn(s *session, region *geo.Region) {
	reportSnaps(s.Err, region, &r.from, r.starts)
	reportSnaps(s.Err, region, &r.points, r.on)
}

// measure finds the nearest responder of each point.
func (r *reached) measure(c *ucli.Context, metric *geo.Metric) (*geo.Isochrone, error) {
	starts := make([]geo.Start, len(r.starts))
	for i := range starts {
		starts[i] = geo.Start{Snap: r.starts[i], Delay: int32(r.from.delays[i])}
	}
	iso, err := metric.Isochrone(c.Context, starts, geo.IsochroneOptions{Limits: r.limits, Towards: c.Bool("towards")})
	if err != nil {
		return nil, inputError{err}
	}
	if r.seconds, err = iso.Seconds(r.on); err != nil {
		return nil, err
	}
	r.nearest, err = iso.Nearest(c.Context, r.on)
	return iso, err
}

// within is the least limit that a point keeps, in seconds; 0: none.
func (r *reached) within(i int) int32 {
	for _, limit := range r.limits {
		if r.seconds[i] <= limit {
			return limit
		}
	}
	return 0
}

func minutesText(seconds int32) string { return strconv.Itoa(int(seconds) / 60) }

func (r *reached) printTimes(s *session, l language, asJSON bool, areas string) error {
	if asJSON {
		return printJSON(s, r.timesJSON())
	}
	t := newTable(s.Out)
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}})
	t.AppendHeader(table.Row{l.reach("point"), l.reach("time"), l.reach("nearest"), l.reach("within")})
	counts := make(map[int32]int)
	for i, id := range r.points.ids {
		limit := r.within(i)
		counts[limit]++
		if limit == 0 {
			t.AppendRow(table.Row{id, "", "", l.reach("beyond")})
			continue
		}
		t.AppendRow(table.Row{id, l.duration(int64(r.seconds[i])), r.from.ids[r.nearest[i]], l.reach("minutes", minutesText(limit))})
	}
	t.Render()
	fmt.Fprintln(s.Out)
	sum := 0
	for _, limit := range r.limits {
		sum += counts[limit]
		fmt.Fprintln(s.Out, l.reach("sum", minutesText(limit), sum, len(r.points.ids)))
	}
	fmt.Fprintln(s.Out, l.reach("missing", counts[0]))
	if areas != "" {
		fmt.Fprintln(s.Out, l.reach("written", areas))
	}
	return nil
}

// reachJSON is the result as JSON; null stands where there is none.
type reachJSON struct {
	Limits []int32          `json:"limits_seconds"`
	Points []reachPointJSON `json:"points"`
}

type reachPointJSON struct {
	ID      string  `json:"id"`
	Seconds *int32  `json:"seconds"`
	Within  *int32  `json:"within_seconds"`
	Nearest *string `json:"nearest"`
	Road    string  `json:"road"`
}

func (r *reached) timesJSON() reachJSON {
	out := reachJSON{Limits: r.limits, Points: make([]reachPointJSON, len(r.points.ids))}
	for i, id := range r.points.ids {
		p := reachPointJSON{ID: id, Road: r.on[i].Kind.String()}
		if limit := r.within(i); limit > 0 {
			p.Seconds, p.Within, p.Nearest = &r.seconds[i], &limit, &r.from.ids[r.nearest[i]]
		}
		out.Points[i] = p
	}
	return out
}

// writeAreas writes the area of each limit, the widest first, so that whoever
// draws them in order sees them all.
func (r *reached) writeAreas(c *ucli.Context, iso *geo.Isochrone, path string, o geo.AreaOptions, attribution string) error {
	f := geojson.NewFeatureCollection()
	if attribution != "" {
		f.ExtraMembers = geojson.Properties{"attribution": attribution}
	}
	for _, limit := range slices.Backward(r.limits) {
		area, err := iso.Area(c.Context, limit, o)
		if err != nil {
			return inputError{err}
		}
		if area == nil {
			area = orb.MultiPolygon{}
		}
		feature := geojson.NewFeature(area)
		feature.Properties = geojson.Properties{"minutes": limit / 60, "seconds": limit, "metres_from_road": o.Width}
		f.Append(feature)
	}
	return writeFile(path, forAll, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		if err := json.NewEncoder(b).Encode(f); err != nil {
			return err
		}
		return b.Flush()
	})
}

// cutStarts finds the starts that closures keep from all the others: each is
// reached from itself, so that its own points say nothing of that.
func (r *reached) cutStarts(ctx context.Context, metric *geo.Metric) error {
	for i := range r.starts {
		others := slices.Delete(slices.Clone(r.starts), i, i+1)
		if len(others) == 0 {
			return nil
		}
		cuts, err := metric.CutOff(ctx, r.starts[i:i+1], others)
		if err != nil {
			return err
		}
		for _, cut := range cuts {
			if cut.Point = i; len(cut.Alone)+len(cut.Together) > 0 {
				r.startCuts = append(r.startCuts, cut)
			}
		}
	}
	return nil
}

// cutTexts are the kinds of being cut off.
var cutTexts = map[geo.CutKind]string{geo.CutThere: "there", geo.CutBack: "back", geo.CutBoth: "both", geo.CutRound: "round"}

func (r *reached) printCuts(s *session, l language, asJSON bool) error {
	if asJSON {
		return printJSON(s, r.cutsJSON())
	}
	n := len(r.points.ids)
	for _, cut := range r.startCuts {
		fmt.Fprintln(s.Out, l.reach("start", r.from.ids[cut.Point], l.reach(cutTexts[cut.Kind]), r.remedy(l, &cut)))
	}
	if len(r.cuts) == 0 {
		fmt.Fprintln(s.Out, l.reach("all", n))
		return nil
	}
	t := newTable(s.Out)
	t.AppendHeader(table.Row{l.reach("point"), l.reach("kind"), l.reach("opens")})
	for _, cut := range r.cuts {
		kind := l.reach(cutTexts[cut.Kind])
		if r.on[cut.Point].Kind == geo.SnapFar {
			kind = l.reach("far")
		}
		t.AppendRow(table.Row{r.points.ids[cut.Point], kind, r.remedy(l, &cut)})
	}
	t.Render()
	fmt.Fprintln(s.Out)
	fmt.Fprintln(s.Out, l.reach("cut", len(r.cuts), n))
	return nil
}

// remedy says which closures must be lifted.
func (r *reached) remedy(l language, cut *geo.Cut) string {
	switch {
	case len(cut.Alone) == 1:
		return r.named(cut.Alone[0])
	case len(cut.Alone) > 1:
		return l.reach("either", r.list(l, cut.Alone))
	case len(cut.Together) > 0:
		return l.reach("together", r.list(l, cut.Together))
	}
	return l.reach("none")
}

func (r *reached) list(l language, ids []string) string {
	named := make([]string, len(ids))
	for i, id := range ids {
		named[i] = r.named(id)
	}
	if len(named) == 1 {
		return named[0]
	}
	last := len(named) - 1
	return strings.Join(named[:last], ", ") + l.reach("and") + named[last]
}

// named is a closure's id with its text, if it has one.
func (r *reached) named(id string) string {
	return closureName(r.condition, id)
}

// cutsJSON is the list of who is cut off as JSON.
type cutsJSON struct {
	Points int       `json:"points"`
	CutOff []cutJSON `json:"cut_off"`
	Starts []cutJSON `json:"starts_cut_off"` // from the other starts
}

type cutJSON struct {
	ID       string   `json:"id"`
	Missing  string   `json:"missing"`
	Road     string   `json:"road"`
	Alone    []string `json:"opened_by_each_of"`
	Together []string `json:"opened_by_all_of"`
	Never    bool     `json:"never"`
}

func (r *reached) cutsJSON() cutsJSON {
	list := func(cuts []geo.Cut, ids []string, on []geo.Snap) []cutJSON {
		out := make([]cutJSON, 0, len(cuts))
		for _, cut := range cuts {
			out = append(out, cutJSON{
				ID: ids[cut.Point], Missing: cut.Kind.String(), Road: on[cut.Point].Kind.String(),
				Alone: append([]string{}, cut.Alone...), Together: append([]string{}, cut.Together...), Never: cut.Never,
			})
		}
		return out
	}
	return cutsJSON{len(r.points.ids), list(r.cuts, r.points.ids, r.on), list(r.startCuts, r.from.ids, r.starts)}
}
