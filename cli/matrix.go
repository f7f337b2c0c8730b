package cli

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

func matrixCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "matrix",
		Usage: "travel seconds and metres between points on a map",
		Description: "Points are a CSV file with the columns id, lat, lon (WGS 84) or id, n_sweref99tm, e_sweref99tm, separated\n" +
			"by comma or semicolon, with a decimal point or comma. CSV output has one line a pair:\n" +
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

func runMatrix(c *ucli.Context, s *session) error {
	if err := noArguments(c); err != nil {
		return err
	}
	sources, err := readPoints(c.String("points"))
	if err != nil {
		return err
	}
	targets := sources
	if path := c.String("to"); path != "" {
		if targets, err = readPoints(path); err != nil {
			return err
		}
	}
	if pairs := int64(len(sources.ids)) * int64(len(targets.ids)); pairs > mostPairs {
		return badInput("%d pairs of points are more than the %d of one matrix; split the points, with --to", pairs, mostPairs)
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
	clock := stopwatch{last: time.Now()}
	p := newProgress(s)
	defer p.done()
	a, err := loadAtlas(c, p)
	if err != nil {
		return err
	}
	defer a.Close()
	if info := a.region.Info(); info.Modelled {
		fmt.Fprintln(s.Err, "slinga: note:", standingNote(info))
	}
	clock.lap("map")
	p.step("measuring %d times %d ways", len(sources.ids), len(targets.ids))
	metric, err := a.region.MetricWith(profile, geo.MetricOptions{Shortest: c.Bool("shortest")})
	if err != nil {
		return inputError{err}
	}
	clock.lap("metric")
	snapOptions := geo.SnapOptions{Limit: c.Float64("snap-limit")}
	from, err := metric.Snap(sources.at, snapOptions)
	if err != nil {
		return inputError{err}
	}
	to := from
	if c.String("to") != "" {
		if to, err = metric.Snap(targets.at, snapOptions); err != nil {
			return inputError{err}
		}
	}
	clock.lap("snap")
	t, err := metric.Table(c.Context, from, to, 0)
	p.done()
	if err != nil {
		return err
	}
	if c.String("to") != "" {
		reportSnaps(s.Err, targets.ids, to)
	}
	reportSnaps(s.Err, sources.ids, from)
	clock.lap("table")
	if c.Bool("times") {
		fmt.Fprint(s.Err, clock.laps.String())
	}
	out := bufio.NewWriter(s.Out)
	if c.Bool("json") {
		err = writeMatrixJSON(out, sources.ids, targets.ids, &t)
	} else {
		err = writeMatrixCSV(out, sources.ids, targets.ids, &t)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// stopwatch notes how long steps take, for benchmarks.
type stopwatch struct {
	last time.Time
	laps strings.Builder // a line each
}

func (w *stopwatch) lap(name string) {
	now := time.Now()
	fmt.Fprintf(&w.laps, "%s %.3f s\n", name, now.Sub(w.last).Seconds())
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
