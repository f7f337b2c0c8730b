package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/paulmach/orb"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// mostVia is how many places a route may pass by.
const mostVia = 1000

func routeCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "route",
		Usage: "the best way by road between places",
		Description: "Places are latitude and longitude (WGS 84), as 65.84,23.13 or \"65,84 23,13\". Output is, by --format:\n" +
			"  text     the roads in the order of travel, with metres and time\n" +
			"  geojson  a line for each leg, with its seconds, metres, ways and roads, and a point for each place\n" +
			"  gpx      a track for a navigator (GPX 1.1)\n" +
			"  json     seconds, metres, ways and roads of each leg\n" +
			"The exit code is 1 when no way leads there.\n\n" +
			"Example:\n  slinga route --map isle.region --from 54.15,-4.48 --to 54.33,-4.38 --format gpx --out drive.gpx",
		Flags: append(
			[]ucli.Flag{
				mapFlag, snapFlag, langFlag,
				&ucli.StringFlag{Name: "from", Usage: "where it begins: `LAT,LON`"},
				&ucli.StringFlag{Name: "to", Usage: "where it ends: `LAT,LON`"},
				&ucli.GenericFlag{Name: "via", Usage: "`LAT,LON` to pass by on the way; may be given several times, in order", Value: &repeated{}},
				&ucli.StringFlag{Name: "format", Usage: "`FORM` of the route: text, geojson, gpx or json", Value: "text"},
				&ucli.StringFlag{Name: "out", Usage: "the `FILE` to write; default: standard output"},
			},
			roadFlags()...,
		),
		Action: func(c *ucli.Context) error { return runRoute(c, s) },
	}
}

// repeated is the value of a flag that may be given several times. The library's
// own would cut a place at its comma.
type repeated []string

// Set adds a value.
func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

// String shows the values.
func (r *repeated) String() string { return strings.Join(*r, " ") }

// stop is a place of a route and the flag that named it.
type stop struct {
	flag string
	at   orb.Point
}

// routeStops reads the places from the flags, in the order of travel.
func routeStops(c *ucli.Context) ([]stop, error) {
	var stops []stop
	add := func(flag, value string) error {
		at, ok := parsePlace(value)
		if !ok {
			return badInput("%s %q: write latitude and longitude in degrees, as 65.84,23.13", flag, value)
		}
		stops = append(stops, stop{flag, at})
		return nil
	}
	via, _ := c.Generic("via").(*repeated)
	if via != nil && len(*via) > mostVia {
		return nil, badInput("--via is given %d times, at most %d", len(*via), mostVia)
	}
	for _, flag := range []string{"from", "to"} {
		if c.String(flag) == "" {
			return nil, badInput("no --%s: give latitude and longitude, as --%s 65.84,23.13", flag, flag)
		}
	}
	if err := add("--from", c.String("from")); err != nil {
		return nil, err
	}
	if via != nil {
		for _, value := range *via {
			if err := add("--via", value); err != nil {
				return nil, err
			}
		}
	}
	return stops, add("--to", c.String("to"))
}

// parsePlace reads "65.84,23.13", and with decimal commas "65,84 23,13" or
// "65,84;23,13".
func parsePlace(value string) (orb.Point, bool) {
	parts := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ';' || r == '\t' })
	if len(parts) == 1 {
		parts = strings.Split(value, ",")
	}
	if len(parts) != 2 {
		return orb.Point{}, false
	}
	// "65.84, 23.13" leaves a comma at the first.
	lat, ok := degrees(strings.TrimSuffix(parts[0], ","), -90, 90)
	lon, ok2 := degrees(parts[1], -180, 180)
	return orb.Point{lon, lat}, ok && ok2
}

// degrees reads a number with a decimal point or comma.
func degrees(text string, low, high float64) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	return v, err == nil && v >= low && v <= high
}

// routeForms are the forms of a route.
var routeForms = map[string]func(*export.Drive, io.Writer, language) error{
	"text":    printDrive,
	"geojson": func(d *export.Drive, w io.Writer, _ language) error { return d.GeoJSON(w) },
	"gpx":     func(d *export.Drive, w io.Writer, _ language) error { return d.GPX(w) },
	"json":    func(d *export.Drive, w io.Writer, _ language) error { return d.JSON(w) },
}

func runRoute(c *ucli.Context, s *session) error {
	if err := noArguments(c); err != nil {
		return err
	}
	stops, err := routeStops(c)
	if err != nil {
		return err
	}
	write := routeForms[c.String("format")]
	if write == nil {
		return badInput("--format %q: must be text, geojson, gpx or json", c.String("format"))
	}
	asked, err := askedRoads(c)
	if err != nil {
		return err
	}
	out := c.String("out")
	if out != "" {
		if err := canWriteFile(out); err != nil {
			return err
		}
	}
	p := newProgress(s)
	defer p.done()
	a, err := loadRoads(c, s, p)
	if err != nil {
		return err
	}
	defer a.Close()
	if err = asked.on(c, a.region); err == nil {
		err = asked.inMetres()
	}
	if err != nil {
		return err
	}
	warnUntimed(s, asked.options)
	p.step("finding the way")
	metric, open, err := metrics(c.Context, a.region, asked.profile, asked.options)
	if err != nil {
		return err
	}
	points := make([]orb.Point, len(stops))
	for i := range stops {
		points[i] = stops[i].at
	}
	snaps, err := open.Snap(points, geo.SnapOptions{Limit: c.Float64("snap-limit")})
	if err != nil {
		return inputError{err}
	}
	drive, err := traceStops(c.Context, s, metric, stops, snaps)
	p.done()
	if err != nil {
		return err
	}
	drive.Mode, drive.Attribution = metric.Profile().Mode.String(), a.attribution
	l := lang(c)
	if out != "" {
		return writeFile(out, forAll, func(w io.Writer) error { return write(drive, w, l) })
	}
	b := bufio.NewWriter(s.Out)
	if err := write(drive, b, l); err != nil {
		return err
	}
	return b.Flush()
}

// traceStops draws the legs between stops that have been put on roads.
func traceStops(ctx context.Context, s *session, metric *geo.Metric, stops []stop, snaps []geo.Snap) (*export.Drive, error) {
	d := &export.Drive{}
	for i, snap := range snaps {
		if snap.Kind == geo.SnapFar {
			if snap.Nearest < 0 {
				return nil, badInput("%s: this map has no road for this mode", stops[i].flag)
			}
			bound, hint := metric.Region().Info().Bound, "is it the right map? Otherwise raise --snap-limit"
			if !bound.Contains(stops[i].at) && bound.Contains(turned(stops[i].at)) {
				hint = "are latitude and longitude swapped?"
			}
			return nil, badInput("%s is %s: the nearest one is %.0f m away; %s", stops[i].flag, snap.Kind, snap.Nearest, hint)
		}
		d.Stops = append(d.Stops, export.DriveStop{Point: stops[i].at, Road: snap.Point, Moved: snap.Moved})
	}
	for i := 1; i < len(snaps); i++ {
		trace, err := metric.Trace(snaps[i-1], snaps[i])
		if errors.Is(err, geo.ErrNoRoute) {
			why, err := whyNoWay(ctx, metric, stops[i-1:i+1], snaps[i-1:i+1])
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(s.Err, "slinga: no way leads from %s to %s: %s\n", stops[i-1].flag, stops[i].flag, why)
			return nil, errBreach
		}
		if err != nil {
			return nil, inputError{err}
		}
		d.Legs = append(d.Legs, driveLeg(metric.Region(), &trace))
	}
	return d, nil
}

// whyNoWay says why a leg is none: what is closed between its ends, or what is
// the matter with them.
func whyNoWay(ctx context.Context, metric *geo.Metric, stops []stop, snaps []geo.Snap) (string, error) {
	cuts, err := metric.CutOff(ctx, snaps[1:], snaps[:1])
	if err != nil {
		return "", err
	}
	condition := metric.Condition()
	named := func(ids []string, between string) string {
		names := make([]string, len(ids))
		for i, id := range ids {
			names[i] = closureName(&condition, id)
		}
		return strings.Join(names, between)
	}
	for _, cut := range cuts {
		switch {
		case len(cut.Alone) == 1:
			return "it is cut off by " + named(cut.Alone, ""), nil
		case len(cut.Alone) > 1:
			return "it is cut off; lifting one of these opens a way: " + named(cut.Alone, ", "), nil
		case len(cut.Together) > 0:
			return "it is cut off by " + named(cut.Together, " together with "), nil
		}
	}
	var why []string
	for i, snap := range snaps {
		if snap.Kind != geo.SnapOK {
			why = append(why, fmt.Sprintf("%s is %s", stops[i].flag, snap.Kind))
		}
	}
	if e := condition.Energy; len(why) == 0 && e != nil && e.LimitMetres > 0 {
		return fmt.Sprintf("it is further than the condition's energy.limit_metres of %d", e.LimitMetres), nil
	}
	if len(why) == 0 {
		return "it would be longer than a route may be", nil
	}
	return strings.Join(why, ", and "), nil
}

// driveLeg names the roads of a trace.
func driveLeg(region *geo.Region, trace *geo.Trace) export.DriveLeg {
	l := export.DriveLeg{Leg: export.Leg{Line: trace.Line, Seconds: trace.Seconds}, Metres: trace.Metres}
	// Metres at the vertices, as the map measures them.
	along := make([]int64, len(trace.Line))
	for i := 1; i < len(along); i++ {
		along[i] = along[i-1] + osm.Millimetres(mapNode(trace.Line[i-1]), mapNode(trace.Line[i]))
	}
	for i, id := range trace.Ways {
		begins, ends := int(trace.Begins[i]), len(trace.Line)-1
		if i+1 < len(trace.Begins) {
			ends = int(trace.Begins[i+1])
		}
		road := export.DriveRoad{
			Way: id, Begins: int32(begins), Seconds: trace.Seconds[ends] - trace.Seconds[begins],
			Metres: min(upMetres(along[ends]), trace.Metres) - min(upMetres(along[begins]), trace.Metres),
		}
		if i == len(trace.Ways)-1 {
			// The roads add up to the leg.
			road.Metres = trace.Metres - min(upMetres(along[begins]), trace.Metres)
		}
		if way, ok := region.Way(id); ok {
			road.Name, road.Ref, road.Class = way.Name, way.Ref, way.Class.String()
		}
		l.Roads = append(l.Roads, road)
	}
	return l
}

func upMetres(mm int64) int32 { return int32((mm + 999) / 1000) }

// mapNode is a point in the map's ten-millionths of a degree.
func mapNode(p orb.Point) osm.Node {
	unit := func(degrees float64) int32 {
		if degrees < 0 {
			return int32(degrees*1e7 - 0.5)
		}
		return int32(degrees*1e7 + 0.5)
	}
	return osm.Node{Lon: unit(p.Lon()), Lat: unit(p.Lat())}
}

// printDrive lists the roads in the order of travel. Ways of one road that
// follow each other are one line.
func printDrive(d *export.Drive, w io.Writer, l language) error {
	for i := range d.Legs {
		leg := &d.Legs[i]
		if len(d.Legs) > 1 {
			fmt.Fprintf(w, "%s\n", l.say("route.leg", i+1, l.length(int64(leg.Metres)), l.duration(int64(leg.Total()))))
		}
		t := newTable(w)
		t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}, {Number: 3, Align: text.AlignRight}})
		t.AppendHeader(table.Row{l.say("route.road"), l.say("route.length"), l.say("route.time")})
		for at := 0; at < len(leg.Roads); {
			name, metres, seconds := l.roadName(&leg.Roads[at]), int64(0), int64(0)
			for ; at < len(leg.Roads) && l.roadName(&leg.Roads[at]) == name; at++ {
				metres += int64(leg.Roads[at].Metres)
				seconds += int64(leg.Roads[at].Seconds)
			}
			t.AppendRow(table.Row{name, l.length(metres), l.duration(seconds)})
		}
		t.Render()
		fmt.Fprintln(w)
	}
	seconds, metres := d.Total()
	_, err := fmt.Fprintf(w, "%s\n", l.say("route.total", l.length(metres), l.duration(seconds)))
	return err
}

// roadName is what a road is called, or what it is.
func (l language) roadName(r *export.DriveRoad) string {
	// Anybody can write names into a map; a terminal obeys control characters.
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(r.Ref+" "+r.Name))
	switch {
	case name != "":
		return name
	case r.Class == osm.Ferry.String():
		return l.say("route.ferry")
	}
	return l.say("route.unnamed")
}

// length writes metres as people say them.
func (l language) length(metres int64) string {
	if metres < 1000 {
		return fmt.Sprintf("%d m", metres)
	}
	return l.number(float64(metres)/1000, 1) + " km"
}

// duration writes seconds as people say them.
func (l language) duration(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	if d < time.Hour {
		return fmt.Sprintf("%d:%02d min", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d h %02d min", seconds/3600, seconds/60%60)
}
