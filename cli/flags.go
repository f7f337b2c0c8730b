package cli

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
)

// Flags that several commands share.
var (
	dayFlag      = &ucli.StringFlag{Name: "day", Usage: "the day: a `FOLDER` of CSV files, an XLSX workbook, or JSON (Slinga, VROOM or UHHC)"}
	dateFlag     = &ucli.StringFlag{Name: "date", Usage: "plan this `DATE`, YYYY-MM-DD, instead of the one that the day's tables state"}
	rosterFlag   = &ucli.StringFlag{Name: "roster", Usage: "the roster, as roster.json `FILE`"}
	mapFlag      = &ucli.StringFlag{Name: "map", Usage: "the road map: a region `FILE`, an OSM file (PBF or XML), or a bundled area: " + areaNames()}
	borders      = &ucli.StringFlag{Name: "borders", Usage: "municipal borders as GeoJSON `FILE`, for places that do not state their municipality"}
	bordersID    = &ucli.StringFlag{Name: "borders-id", Usage: "`PROPERTY` of the border file that holds the municipality's id", Value: "kommun_kod"}
	bordersName  = &ucli.StringFlag{Name: "borders-name", Usage: "`PROPERTY` of the border file that holds its name", Value: "kommun_namn"}
	snapFlag     = &ucli.Float64Flag{Name: "snap-limit", Usage: "`METRES` from a place to its road at most", Value: geo.DefaultSnapLimit}
	stateFlag    = &ucli.StringFlag{Name: "condition", Usage: "the state of the roads (closures, snow, ferries) as JSON `FILE`; see slinga map condition"}
	shortestFlag = &ucli.BoolFlag{Name: "shortest", Usage: "least metres instead of least seconds"}
	winterFlag   = &ucli.BoolFlag{Name: "winter", Usage: "winter roads open"}
	iceFlag      = &ucli.BoolFlag{Name: "ice-roads", Usage: "ice roads open"}
	energyFlag   = &ucli.BoolFlag{Name: "energy", Usage: "watt-hours in place of metres: an electric car's, as energy of the condition says"}
	presetFlag   = &ucli.StringFlag{Name: "preset", Usage: "the metric that the map carries under this `NAME`, in place of flags for mode, weather and condition; see slinga map preset"}
	cacheFlag    = &ucli.StringFlag{Name: "cache", Usage: "keep matrices in this `FOLDER` and compute next time only what is new"}
	langFlag     = &ucli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of summaries and documents: sv or en", Value: string(swedish)}
	jsonFlag     = &ucli.BoolFlag{Name: "json", Usage: "print the result as JSON"}
)

// needs lists flags that do nothing without another. They are refused alone:
// somebody who gives one believes that it works.
var needs = []struct{ flag, other string }{
	{"borders", "map"},
	{"borders-id", "borders"},
	{"borders-name", "borders"},
	{"snap-limit", "map"},
	{"condition", "map"},
	{"preset", "map"},
	{"cache", "map"},
	{"width", "geojson"},
	{"energy", "condition"},
	{"timezone", "at"},
}

// checkFlags judges the flags that several commands share, before any work.
func checkFlags(c *ucli.Context) error {
	known := make(map[string]bool)
	for _, f := range c.Command.Flags {
		for _, name := range f.Names() {
			known[name] = true
		}
	}
	if l := lang(c); known["lang"] && l != swedish && l != english {
		return badInput("--lang %q: must be sv or en", l)
	}
	if limit := c.Float64("snap-limit"); known["snap-limit"] && !(limit > 0 && !math.IsInf(limit, 0)) {
		return badInput("--snap-limit %g: must be a number of metres above 0", limit)
	}
	if date := c.String("date"); known["date"] && c.IsSet("date") {
		if at, err := time.Parse(time.DateOnly, date); err != nil {
			return badInput("--date %q: is not a date; write it as 2026-11-24", date)
		} else if y := at.Year(); y < 1990 || y > 2100 {
			return badInput("--date %q: must lie from 1990 to 2100", date)
		}
	}
	if scale := c.Int("scale"); known["scale"] && (scale < 1 || scale > 1000) {
		return badInput("--scale %d: must be from 1 to 1000 percent", scale)
	}
	for _, other := range []string{"mode", "shortest", "winter", "ice-roads", "condition", "energy"} {
		if known["preset"] && known[other] && c.IsSet("preset") && c.IsSet(other) {
			return badInput("--preset says what --%s would; give one of them", other)
		}
	}
	for _, name := range append([]string{"preset", "cache"}, inputFlags...) {
		if known[name] && c.IsSet(name) && c.String(name) == "" {
			return badInput("--%s is empty; give what it needs or leave it off", name)
		}
	}
	for _, n := range needs {
		if known[n.flag] && known[n.other] && c.IsSet(n.flag) && c.String(n.other) == "" {
			return badInput("--%s does nothing without --%s; give both or neither", n.flag, n.other)
		}
	}
	return sparesInput(c, known)
}

// What the flags of all commands name: files to be read, and the one to be
// written.
var (
	inputFlags  = []string{"map", "day", "roster", "names", "borders", "points", "to", "from", "condition", "profile", "file"}
	outputFlags = []string{"out", "geojson"}
)

// sparesInput refuses to write over a file that the same command reads.
func sparesInput(c *ucli.Context, known map[string]bool) error {
	for _, output := range outputFlags {
		stands, err := os.Stat(c.String(output))
		if !known[output] || err != nil || !stands.Mode().IsRegular() {
			continue
		}
		for _, input := range inputFlags {
			if !known[input] {
				continue
			}
			if info, err := os.Stat(c.String(input)); err == nil && os.SameFile(info, stands) {
				return badInput("--%s %s is the file of --%s too and would be overwritten; give another name", output, c.String(output), input)
			}
		}
		if input := readAlong(c, known, c.String(output)); input != "" {
			return badInput("--%s %s lies among the tables of --%s and would be overwritten; give another name", output, c.String(output), input)
		}
	}
	return nil
}

// readAlong names the flag that makes a command read the tables in the folder
// of a file: of a day's folder all, beside a list of points its places.
func readAlong(c *ucli.Context, known map[string]bool, file string) string {
	within := func(dir string) bool {
		a, err := os.Stat(dir)
		b, e := os.Stat(filepath.Dir(file))
		return err == nil && e == nil && os.SameFile(a, b)
	}
	if known["day"] && c.String("day") != "" && within(c.String("day")) {
		return "day"
	}
	for _, points := range []string{"points", "to", "from"} {
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		if known["points"] && known[points] && c.String(points) != "" && (name == "places" || name == "platser") && within(filepath.Dir(c.String(points))) {
			return points
		}
	}
	return ""
}

func lang(c *ucli.Context) language { return language(c.String("lang")) }
