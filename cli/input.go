package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/interop"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// loaded is a day with what came along with it.
type loaded struct {
	day    *care.Day
	travel *care.Travel // when the file brought matrices of its own
	form   string       // "vroom" or "uhhc" when the file was another service's
}

// loadDay reads a day from a folder, a workbook or JSON. Warnings go to the
// error stream. A date, when given, takes the place of the tables' own.
// Borders, when given, fill in municipalities before the day is validated.
func loadDay(s *session, path, date string, a *atlas) (*loaded, []care.PlaceFinding, error) {
	if path == "" {
		return nil, nil, badInput("no day: give --day with a folder, a workbook or a JSON file, or try slinga demo")
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, badInput("cannot open the day %s: %w", path, plain(err))
	}
	if err := mustOpen("the day", path); err != nil {
		return nil, nil, err
	}
	var findings []care.PlaceFinding
	locate := func(d *care.Day) {
		if a != nil && a.borders != nil {
			findings = travel.Locate(d, a.borders)
		}
	}
	l := &loaded{}
	switch {
	case info.IsDir(), strings.EqualFold(filepath.Ext(path), ".xlsx"):
		var warnings []table.Warning
		l.day, warnings, err = table.ReadWorkbook(path, table.Options{Date: date, Locate: locate})
		for _, w := range warnings {
			fmt.Fprintln(s.Err, "slinga: warning:", w)
		}
	case date != "":
		return nil, nil, badInput("--date is for tables; a day in JSON has times of its own: leave --date off")
	default:
		err = l.readJSON(path, s)
		if err == nil {
			locate(l.day)
		}
	}
	if err != nil {
		return nil, nil, inputError{err}
	}
	if err := l.day.Validate(); err != nil {
		return nil, nil, inputError{fmt.Errorf("%s: %w", filepath.Base(path), err)}
	}
	return l, findings, nil
}

// readJSON tells the three JSON forms apart by their first-level fields.
func (l *loaded) readJSON(path string, s *session) error {
	text, err := readWhole(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		// The reader of our own form places the error.
		_, err = care.ReadDay(bytes.NewReader(text))
		return fmt.Errorf("%s: %w", name, err)
	}
	var imported *interop.Imported
	switch {
	case isRoster(fields):
		return fmt.Errorf("%s: this is a roster, not a day; give it as --roster, and the day that it was planned for as --day", path)
	case fields["jobs"] != nil, fields["vehicles"] != nil && fields["visits"] == nil:
		l.form = "vroom"
		imported, err = interop.ReadVROOM(bytes.NewReader(text), interop.VROOMOptions{})
	case fields["caregivers"] != nil && fields["patients"] != nil:
		l.form = "uhhc"
		imported, err = interop.ReadUHHC(bytes.NewReader(text), interop.UHHCOptions{})
	default:
		l.day, err = care.ReadDay(bytes.NewReader(text))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if imported != nil {
		l.day, l.travel = imported.Day, imported.Travel
		printLosses(s.Err, imported.Losses)
	}
	return nil
}

// printLosses lists what could not be carried over, one line a kind.
func printLosses(w io.Writer, losses []interop.Loss) {
	var kinds []interop.Loss
	count := make(map[interop.Loss]int)
	for _, l := range losses {
		l.Path = position.ReplaceAllString(l.Path, "[]")
		if count[l]++; count[l] == 1 {
			kinds = append(kinds, l)
		}
	}
	for _, l := range kinds {
		times := ""
		if n := count[l]; n > 1 {
			times = fmt.Sprintf(" (%d times)", n)
		}
		fmt.Fprintf(w, "slinga: warning: not carried over: %s%s\n", l, times)
	}
}

var position = regexp.MustCompile(`\[[0-9]+\]`)

// maxJSON is the largest JSON file that is read: a county's day with matrices.
const maxJSON = 1 << 30

func readWhole(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", path, plain(err))
	}
	if info.Size() > maxJSON {
		return nil, fmt.Errorf("%s holds %d bytes, more than the %d that are read", path, info.Size(), maxJSON)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, plain(err))
	}
	return text, nil
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// measured is a day on a map: everything that planning and checking need.
type measured struct {
	day    *care.Day
	travel *care.Travel
	road   *travel.Road // nil when the matrices came with the day
	atlas  *atlas       // nil likewise
	note   string       // what must stand wherever the day is shown
	form   string       // of the file the day came from; see loaded
}

func (m *measured) Close() {
	if m.atlas != nil {
		m.atlas.Close()
	}
}

// measure loads what the flags name and measures the ways between places.
func measure(c *ucli.Context, s *session, p *progress) (*measured, error) {
	m := &measured{}
	if c.String("map") != "" {
		a, err := loadAtlas(c, p)
		if err != nil {
			return nil, err
		}
		m.atlas = a
	}
	l, findings, err := loadDay(s, c.String("day"), c.String("date"), m.atlas)
	if err != nil {
		m.Close()
		return nil, err
	}
	m.day, m.travel, m.form = l.day, l.travel, l.form
	m.note = m.day.Note
	if m.travel != nil && m.atlas != nil {
		fmt.Fprintln(s.Err, "slinga: warning: the map's roads replace the file's matrices; leave --map off to plan with those")
	}
	switch {
	case m.atlas != nil:
		if err := m.onThisMap(s, c.Float64("snap-limit")); err != nil {
			m.Close()
			return nil, err
		}
		o := travel.Options{SnapLimit: c.Float64("snap-limit"), Cache: c.String("cache")}
		if _, err = openCache(s, o.Cache); err == nil {
			o.Condition, err = readCondition(c.String("condition"))
		}
		if err == nil {
			err = presetTravel(c, s, m.atlas.region, m.day, &o)
		}
		if err == nil {
			if err = m.onRoads(c.Context, o, findings, p); err == nil {
				warnVarying(s, m.road)
			}
		}
		if err != nil {
			m.Close()
			return nil, err
		}
	case m.travel == nil:
		return nil, badInput("no map: give --map with a region file, an OSM file or one of %s", areaNames())
	}
	return m, nil
}

// onThisMap compares where the day's places lie with what the map covers. A
// day of another country would otherwise be planned with every visit out of
// reach. limit is how far outside the roads a place may lie, in metres.
func (m *measured) onThisMap(s *session, limit float64) error {
	all := m.atlas.region.Info().Bound
	near := orbgeo.BoundPad(all, limit)
	places, on := len(m.day.Places), 0
	for i := range m.day.Places {
		if near.Contains(orb.Point{m.day.Places[i].Lon, m.day.Places[i].Lat}) {
			on++
		}
	}
	if 10*on >= places {
		return nil
	}
	text := fmt.Sprintf("%d of %d places lie on this map, which covers %.2f %.2f %.2f %.2f (west south east north); is it the right map?",
		on, places, all.Min[0], all.Min[1], all.Max[0], all.Max[1])
	if on == 0 {
		return badInput("%s", text)
	}
	fmt.Fprintln(s.Err, "slinga: warning:", text)
	return nil
}

// openCache opens the folder of --cache; nil for "". One that can only be read
// is of use too.
func openCache(s *session, dir string) (*geo.Tables, error) {
	if dir == "" {
		return nil, nil
	}
	tables, err := geo.OpenTables(dir, geo.TablesOptions{})
	if err != nil {
		return nil, badInput("cannot use the cache %s: %w", dir, plain(err))
	}
	if err := canWrite(dir); err != nil {
		fmt.Fprintf(s.Err, "slinga: warning: %v; what is computed is not kept\n", err)
	}
	return tables, nil
}

// onRoads snaps the day's places and makes the matrices.
func (m *measured) onRoads(ctx context.Context, o travel.Options, findings []care.PlaceFinding, p *progress) error {
	p.step("measuring the roads between %d places", len(m.day.Places))
	defer p.done()
	road, err := travel.Prepare(ctx, m.day, m.atlas.region, o)
	if err != nil {
		return inputError{err}
	}
	t, err := road.Travel(ctx)
	if err != nil {
		return err
	}
	t.Findings = append(t.Findings, findings...)
	m.road, m.travel = road, t
	// The note is no part of the day: the same day on the same map has the
	// same hash, wherever it was read from.
	m.note = m.day.Note
	if info := m.atlas.region.Info(); m.note == "" || info.Modelled && !saysModelled(m.note) {
		m.note = joinNotes(m.note, standingNote(info))
	}
	return nil
}
