package cli

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

func matrixCommand(s Streams) *ucli.Command {
	return &ucli.Command{
		Name:  "matrix",
		Usage: "travel seconds and metres between points on a map",
		Description: "Points are a CSV file with the columns id, lat, lon (WGS 84). CSV output has one line a pair:\n" +
			"from, to, seconds, metres; both are empty where there is no way. Points that are far from a road, on a\n" +
			"road island or reachable one way only are listed on standard error.\n\n" +
			"Example:\n  slinga matrix --map isle.region --points points.csv --mode car > matrix.csv",
		Flags: []ucli.Flag{
			mapFlag, snapFlag, jsonFlag,
			&ucli.StringFlag{Name: "points", Usage: "CSV `FILE` with id, lat, lon"},
			&ucli.StringFlag{Name: "to", Usage: "CSV `FILE` of destinations; default: the same points"},
			&ucli.StringFlag{Name: "mode", Usage: "`MODE`: car, bicycle or foot", Value: "car"},
			&ucli.BoolFlag{Name: "shortest", Usage: "least metres instead of least seconds"},
			&ucli.BoolFlag{Name: "winter", Usage: "winter roads open"},
			&ucli.BoolFlag{Name: "ice-roads", Usage: "ice roads open"},
			&ucli.BoolFlag{Name: "times", Usage: "say on standard error how long each step took"},
		},
		Action: func(c *ucli.Context) error { return runMatrix(c, s) },
	}
}

func runMatrix(c *ucli.Context, s Streams) error {
	if err := noArguments(c); err != nil {
		return err
	}
	fromIDs, fromPoints, err := readPoints(c.String("points"))
	if err != nil {
		return err
	}
	toIDs, toPoints := fromIDs, fromPoints
	if path := c.String("to"); path != "" {
		if toIDs, toPoints, err = readPoints(path); err != nil {
			return err
		}
	}
	mode := care.Mode(c.String("mode"))
	condition := &care.Condition{Season: care.Summer, IceRoads: c.Bool("ice-roads")}
	if c.Bool("winter") {
		condition.Season = care.Winter
	}
	profile, err := travel.Profile(mode, condition)
	if err != nil {
		return badInput("--mode %q: must be car, bicycle or foot", mode)
	}
	clock := stopwatch{out: s.Err, on: c.Bool("times"), last: time.Now()}
	a, err := loadAtlas(c, newProgress(s))
	if err != nil {
		return err
	}
	defer a.Close()
	clock.lap("map")
	metric, err := a.region.MetricWith(profile, geo.MetricOptions{Shortest: c.Bool("shortest")})
	if err != nil {
		return inputError{err}
	}
	clock.lap("metric")
	snapOptions := geo.SnapOptions{Limit: c.Float64("snap-limit")}
	from, err := metric.Snap(fromPoints, snapOptions)
	if err != nil {
		return inputError{err}
	}
	to := from
	if c.String("to") != "" {
		if to, err = metric.Snap(toPoints, snapOptions); err != nil {
			return inputError{err}
		}
		reportSnaps(s.Err, toIDs, to)
	}
	reportSnaps(s.Err, fromIDs, from)
	clock.lap("snap")
	t, err := metric.Table(c.Context, from, to, 0)
	if err != nil {
		return err
	}
	clock.lap("table")
	out := bufio.NewWriter(s.Out)
	if c.Bool("json") {
		err = writeMatrixJSON(out, fromIDs, toIDs, &t)
	} else {
		err = writeMatrixCSV(out, fromIDs, toIDs, &t)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// stopwatch prints how long steps take, for benchmarks.
type stopwatch struct {
	out  io.Writer
	on   bool
	last time.Time
}

func (w *stopwatch) lap(name string) {
	now := time.Now()
	if w.on {
		fmt.Fprintf(w.out, "%s %.3f s\n", name, now.Sub(w.last).Seconds())
	}
	w.last = now
}

func reportSnaps(w io.Writer, ids []string, snaps []geo.Snap) {
	for i, snap := range snaps {
		if snap.Kind != geo.SnapOK {
			fmt.Fprintf(w, "slinga: warning: point %s is %s, nearest road at %.0f m\n", ids[i], snap.Kind, snap.Nearest)
		}
	}
}

func writeMatrixCSV(w io.Writer, from, to []string, t *geo.Table) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"from", "to", "seconds", "metres"}); err != nil {
		return err
	}
	for i := range from {
		for j := range to {
			seconds, metres := t.At(i, j)
			record := []string{from[i], to[j], "", ""}
			if seconds != geo.Unreachable {
				record[2], record[3] = strconv.Itoa(int(seconds)), strconv.Itoa(int(metres))
			}
			if err := out.Write(record); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// matrixJSON is a table as JSON: rows of seconds and metres, null where there
// is no way.
type matrixJSON struct {
	From    []string   `json:"from"`
	To      []string   `json:"to"`
	Seconds [][]*int32 `json:"seconds"`
	Metres  [][]*int32 `json:"metres"`
}

func writeMatrixJSON(w io.Writer, from, to []string, t *geo.Table) error {
	m := matrixJSON{From: from, To: to, Seconds: make([][]*int32, len(from)), Metres: make([][]*int32, len(from))}
	for i := range from {
		m.Seconds[i], m.Metres[i] = make([]*int32, len(to)), make([]*int32, len(to))
		for j := range to {
			if seconds, metres := t.At(i, j); seconds != geo.Unreachable {
				m.Seconds[i][j], m.Metres[i][j] = &seconds, &metres
			}
		}
	}
	return json.NewEncoder(w).Encode(m)
}

// readPoints reads id, lat, lon from CSV. Every bad row is reported.
func readPoints(path string) (ids []string, points []orb.Point, err error) {
	if path == "" {
		return nil, nil, badInput("no points: give --points with a CSV file that has the columns id, lat, lon")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, badInput("cannot open the points %s: %w", path, plain(err))
	}
	defer f.Close() //nolint:errcheck // only read
	name := filepath.Base(path)
	in := csv.NewReader(f)
	in.FieldsPerRecord = -1
	records, err := in.ReadAll()
	if err != nil {
		return nil, nil, badInput("%s: %w", name, err)
	}
	if len(records) < 2 {
		return nil, nil, badInput("%s: holds no points; the first row is id,lat,lon and each further row one point", name)
	}
	column := map[string]int{}
	for i, h := range records[0] {
		column[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	for _, h := range []string{"id", "lat", "lon"} {
		if _, ok := column[h]; !ok {
			return nil, nil, badInput("%s, row 1: no column %q; the columns are id, lat, lon separated by commas", name, h)
		}
	}
	seen := make(map[string]int)
	var wrong []string
	for i, record := range records[1:] {
		row := i + 2
		cell := func(h string) string {
			if at := column[h]; at < len(record) {
				return strings.TrimSpace(record[at])
			}
			return ""
		}
		lat, latErr := strconv.ParseFloat(cell("lat"), 64)
		lon, lonErr := strconv.ParseFloat(cell("lon"), 64)
		id := cell("id")
		switch {
		case id == "":
			wrong = append(wrong, fmt.Sprintf("%s, row %d, column id: is empty: give every point an id", name, row))
		case seen[id] > 0:
			wrong = append(wrong, fmt.Sprintf("%s, row %d, column id: stands in row %d too: give every point an id of its own", name, row, seen[id]))
		case latErr != nil || !(lat >= -90 && lat <= 90):
			wrong = append(wrong, fmt.Sprintf("%s, row %d, column lat: is no latitude: write degrees between -90 and 90, as 65.834", name, row))
		case lonErr != nil || !(lon >= -180 && lon <= 180):
			wrong = append(wrong, fmt.Sprintf("%s, row %d, column lon: is no longitude: write degrees between -180 and 180, as 24.117", name, row))
		}
		seen[id] = row
		ids, points = append(ids, id), append(points, orb.Point{lon, lat})
	}
	if len(wrong) > 0 {
		more := ""
		if n := len(wrong) - mostListed; n > 0 {
			wrong, more = wrong[:mostListed], fmt.Sprintf("\n... and %d more", n)
		}
		return nil, nil, badInput("%s%s", strings.Join(wrong, "\n"), more)
	}
	return ids, points, nil
}
