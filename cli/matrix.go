package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/interop"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

func matrixCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "matrix",
		Usage: "travel seconds and metres between points on a map",
		Description: "Points are a CSV file or a workbook with the columns id, lat, lon (WGS 84) or id, n_sweref99tm, e_sweref99tm, or\n" +
			"the clients.csv, bases.csv or places.csv of a day's folder;\n" +
			"CSV is separated by comma or semicolon, with a decimal point or comma. Output is, by --format:\n" +
			"  csv     one line a pair: from, to, seconds, metres; both are empty where there is no way\n" +
			"  json    from, to, and rows of seconds and metres; null where there is no way\n" +
			"  binary  for services, eight bytes a pair, with a checksum; see docs/interop.md\n" +
			"  osrm    the answer of OSRM's table service\n" +
			"Points that are far from a road, on a road island or reachable one way only are listed on standard error.\n\n" +
			"Example:\n  slinga matrix --map isle.region --points points.csv --mode car > matrix.csv",
		Flags: append(
			[]ucli.Flag{
				mapFlag, snapFlag, jsonFlag, cacheFlag,
				&ucli.StringFlag{Name: "points", Usage: "`FILE` with id, lat, lon"},
				&ucli.StringFlag{Name: "to", Usage: "`FILE` of destinations; default: the same points"},
				&ucli.StringFlag{Name: "format", Usage: "`FORM` of the matrix: csv, json, binary or osrm", Value: "csv"},
				&ucli.StringFlag{Name: "out", Usage: "the `FILE` to write; default: standard output"},
				&ucli.IntFlag{Name: "threads", Usage: "`NUMBER` of threads; 0: as many as the machine has"},
				energyFlag,
				&ucli.BoolFlag{Name: "times", Usage: "say on standard error how long each step took"},
			},
			roadFlags()...,
		),
		Action: func(c *ucli.Context) error { return runMatrix(c, s) },
	}
}

// matrixUnit is what the matrix counts beside seconds: metres, or watt-hours
// if --energy or the preset says so.
func matrixUnit(c *ucli.Context, r *roads) (string, error) {
	condition := r.options.Condition
	if c.Bool("energy") {
		r.options.Second = geo.EnergyUsed
		if e := condition.Energy; e == nil || e.WhPerKM == 0 {
			return "", badInput("--energy: the condition %s says no energy.wh_per_km", r.from)
		}
	}
	if r.options.Second == geo.EnergyUsed {
		if form := c.String("format"); form != "csv" && form != "json" {
			return "", badInput("watt-hours and --format %s: only csv and json say that they hold watt-hours", form)
		}
		return "watt_hours", nil
	}
	if condition != nil && condition.Energy != nil && condition.Energy.LimitWh > 0 && r.profile.Mode == osm.ModeCar {
		return "", badInput("%s: energy.limit_wh bounds watt-hours, and this matrix counts metres; give --energy, or limit_metres in the condition", r.from)
	}
	return "metres", nil
}

// matrixForms are the forms of a matrix.
var matrixForms = map[string]func(io.Writer, *measuredMatrix) error{
	"csv": writeMatrixCSV, "json": writeMatrixJSON, "binary": writeMatrixBinary, "osrm": writeMatrixOSRM,
}

// measuredMatrix is a table with the places that it is about.
type measuredMatrix struct {
	geo.Table
	region       *geo.Region
	unit         string // what Metres counts: metres or watt_hours
	fromIDs      []string
	toIDs        []string
	fromOn, toOn []geo.Snap
}

// matrixForm judges the flags that say how the matrix is written.
func matrixForm(c *ucli.Context) (func(io.Writer, *measuredMatrix) error, error) {
	form := c.String("format")
	if c.Bool("json") {
		if c.IsSet("format") && form != "json" {
			return nil, badInput("--json and --format %s: give one of them", form)
		}
		form = "json"
	}
	write := matrixForms[form]
	if write == nil {
		return nil, badInput("--format %q: must be csv, json, binary or osrm", form)
	}
	if c.Bool("energy") {
		if form != "csv" && form != "json" {
			return nil, badInput("--energy and --format %s: only csv and json say that they hold watt-hours", form)
		}
		if mode := c.String("mode"); mode != "car" {
			return nil, badInput("--energy and --mode %s: only cars are reckoned; leave one of them off", mode)
		}
	}
	if out := c.String("out"); out != "" {
		if err := canWriteFile(out); err != nil {
			return nil, err
		}
	}
	return write, nil
}

func runMatrix(c *ucli.Context, s *session) error {
	if err := noArguments(c); err != nil {
		return err
	}
	write, err := matrixForm(c)
	if err != nil {
		return err
	}
	threads := c.Int("threads")
	if threads < 0 || threads > mostThreads {
		return badInput("--threads %d: must be from 0 to %d", threads, mostThreads)
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
		warnPoints(s, targets)
	}
	warnPoints(s, sources)
	if pairs := int64(len(sources.ids)) * int64(len(targets.ids)); pairs > mostPairs {
		return badInput("%d pairs of points are more than the %d of one matrix; split the points, with --to", pairs, mostPairs)
	}
	asked, err := askedRoads(c)
	if err != nil {
		return err
	}
	clock := stopwatch{last: time.Now()}
	p := newProgress(s)
	defer p.done()
	a, err := loadRoads(c, s, p)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := asked.on(c, a.region); err != nil {
		return err
	}
	unit, err := matrixUnit(c, &asked)
	if err != nil {
		return err
	}
	clock.lap("map")
	for _, list := range []*points{&sources, &targets} {
		if err := list.onMap(a.region, c.Float64("snap-limit")); err != nil {
			return err
		}
	}
	warnUntimed(s, asked.options)
	p.step("measuring %d times %d ways", len(sources.ids), len(targets.ids))
	metric, open, err := metrics(c.Context, a.region, asked.profile, asked.options)
	if err != nil {
		return err
	}
	clock.lap("metric")
	snapOptions := geo.SnapOptions{Limit: c.Float64("snap-limit")}
	m := &measuredMatrix{region: a.region, unit: unit, fromIDs: sources.ids, toIDs: targets.ids}
	if m.fromOn, err = sources.snap(open, snapOptions); err != nil {
		return err
	}
	m.toOn = m.fromOn
	if c.String("to") != "" {
		if m.toOn, err = targets.snap(open, snapOptions); err != nil {
			return err
		}
	}
	clock.lap("snap")
	tables, err := openCache(s, c.String("cache"))
	if err != nil {
		return err
	}
	if tables != nil {
		m.Table, err = tables.Table(c.Context, metric, m.fromOn, m.toOn, threads)
	} else {
		m.Table, err = metric.Table(c.Context, m.fromOn, m.toOn, threads)
	}
	p.done()
	if err != nil {
		return err
	}
	if c.String("to") != "" {
		reportSnaps(s.Err, a.region, &targets, m.toOn)
	}
	reportSnaps(s.Err, a.region, &sources, m.fromOn)
	clock.lap("table")
	if c.Bool("times") {
		fmt.Fprint(s.Err, clock.laps.String())
	}
	if path := c.String("out"); path != "" {
		return writeFile(path, forAll, func(w io.Writer) error { return write(unlessCancelled{c.Context, w}, m) })
	}
	out := bufio.NewWriterSize(unlessCancelled{c.Context, s.Out}, 1<<16)
	if err := write(out, m); err != nil {
		return err
	}
	return out.Flush()
}

// unlessCancelled is a writer that refuses to write when the context is done:
// the largest matrix takes a minute to write, and nobody waits for it after
// Ctrl-C.
type unlessCancelled struct {
	ctx context.Context
	to  io.Writer
}

func (w unlessCancelled) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.to.Write(p)
}

// warnPoints passes on what was odd about a file of points.
func warnPoints(s *session, p points) {
	for _, w := range p.warnings {
		fmt.Fprintln(s.Err, "slinga: warning:", w)
	}
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

func reportSnaps(w io.Writer, region *geo.Region, p *points, snaps []geo.Snap) {
	bound := region.Info().Bound
	for i, snap := range snaps {
		if snap.Kind == geo.SnapOK {
			continue
		}
		hint := ""
		if !bound.Contains(p.at[i]) && bound.Contains(turned(p.at[i])) {
			hint = "; are its lat and lon swapped?"
		}
		fmt.Fprintf(w, "slinga: warning: point %s is %s, nearest road at %.0f m%s\n", p.ids[i], snap.Kind, snap.Nearest, hint)
	}
}

func writeMatrixCSV(w io.Writer, m *measuredMatrix) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"from", "to", "seconds", m.unit}); err != nil {
		return err
	}
	for i, from := range m.fromIDs {
		for j, to := range m.toIDs {
			seconds, metres := m.At(i, j)
			record := []string{from, to, "", ""}
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

// writeMatrixJSON writes rows of seconds and metres, null where there is no
// way. It goes number by number: the largest matrix has half a billion.
func writeMatrixJSON(w io.Writer, m *measuredMatrix) error {
	from, err := json.Marshal(m.fromIDs)
	if err != nil {
		return err
	}
	to, err := json.Marshal(m.toIDs)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, `{"from":%s,"to":%s,"seconds":`, from, to)
	writeRows(out, m.Seconds, m.Cols)
	_, _ = out.WriteString(`,"` + m.unit + `":`) // errors stay in the writer until Flush
	writeRows(out, m.Metres, m.Cols)
	_, _ = out.WriteString("}\n")
	return out.Flush()
}

func writeRows(out *bufio.Writer, values []int32, cols int) {
	_ = out.WriteByte('[')
	for at := 0; at < len(values); at += cols {
		if at > 0 {
			_ = out.WriteByte(',')
		}
		for j, v := range values[at : at+cols] {
			mark := byte(',')
			if j == 0 {
				mark = '['
			}
			b := append(out.AvailableBuffer(), mark)
			if v == geo.Unreachable {
				b = append(b, "null"...)
			} else {
				b = strconv.AppendInt(b, int64(v), 10)
			}
			_, _ = out.Write(b)
		}
		_ = out.WriteByte(']')
	}
	_ = out.WriteByte(']')
}

// interchange is the table in the words of data/interop.
func (m *measuredMatrix) interchange() *interop.Matrix {
	return &interop.Matrix{From: m.fromIDs, To: m.toIDs, Seconds: m.Seconds, Metres: m.Metres}
}

func writeMatrixBinary(w io.Writer, m *measuredMatrix) error {
	return ofMatrix(interop.WriteMatrix(w, m.interchange()))
}

func writeMatrixOSRM(w io.Writer, m *measuredMatrix) error {
	return ofMatrix(interop.WriteOSRMTable(w, m.interchange(), m.waypoints(m.fromOn), m.waypoints(m.toOn)))
}

// ofMatrix marks what data/interop finds in ids as the input's.
func ofMatrix(err error) error {
	if errors.Is(err, interop.ErrInput) {
		return inputError{err}
	}
	return err
}

// waypoints are places with the names of their roads.
func (m *measuredMatrix) waypoints(snaps []geo.Snap) []interop.Waypoint {
	out := make([]interop.Waypoint, len(snaps))
	for i, snap := range snaps {
		out[i] = interop.Waypoint{Lon: snap.Point[0], Lat: snap.Point[1], Moved: snap.Moved}
		if way, ok := m.region.Way(snap.Way); ok && snap.Kind != geo.SnapFar {
			out[i].Name = way.Name
		}
	}
	return out
}
