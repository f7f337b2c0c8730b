package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/slinga-se/slinga/planner/care"
)

// ErrOrigin is returned for a day whose origin is not local midnight: its
// times cannot be written as clock times of a date.
var ErrOrigin = errors.New("table: the day's origin is not midnight in its time zone")

// WriteFolder writes a day as the folder that ReadFolder reads: UTF-8 with a
// byte order mark, semicolons, decimal commas, as a Swedish spreadsheet opens
// it with a double click. Reading it back gives an equal day. Every file is
// written beside its place and moved there when all are complete; on an error
// nothing is changed. Tables that the day has nothing for are removed.
func WriteFolder(dir string, day *care.Day) error {
	files, err := folderFiles(day)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	var written []string
	drop := func() {
		for _, name := range written {
			_ = os.Remove(name)
		}
	}
	for _, f := range files {
		if f.data == nil {
			continue
		}
		temporary := filepath.Join(dir, "."+f.name+".new")
		written = append(written, temporary)
		if err := os.WriteFile(temporary, f.data, 0o644); err != nil {
			drop()
			return fmt.Errorf("table: %w", err)
		}
	}
	for _, f := range files {
		place := filepath.Join(dir, f.name)
		if f.data == nil {
			if err := os.Remove(place); err != nil && !errors.Is(err, os.ErrNotExist) {
				drop()
				return fmt.Errorf("table: %w", err)
			}
			continue
		}
		if err := os.Rename(filepath.Join(dir, "."+f.name+".new"), place); err != nil {
			drop()
			return fmt.Errorf("table: %w", err)
		}
	}
	return nil
}

type file struct {
	name string
	data []byte // nil: the day has nothing for it
}

func folderFiles(day *care.Day) ([]file, error) {
	tables, err := tablesOf(day)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, t := range tables {
		f := file{name: t.kind.name + ".csv"}
		if len(t.rows) > 0 || t.kind.required {
			var b bytes.Buffer
			b.WriteString("\uFEFF")
			w := csv.NewWriter(&b)
			w.Comma, w.UseCRLF = ';', true
			_ = w.Write(columnNames(t.kind.columns, len(t.kind.columns)))
			_ = w.WriteAll(t.rows)
			if err := w.Error(); err != nil {
				return nil, fmt.Errorf("table: %w", err)
			}
			f.data = b.Bytes()
		}
		files = append(files, f)
	}
	rules, err := json.MarshalIndent(day.Rules, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	files = append(files, file{"rules.json", append(rules, '\n')}, file{name: "published.json"})
	if day.Published != nil {
		var b bytes.Buffer
		if err := care.WriteRoster(&b, day.Published); err != nil {
			return nil, fmt.Errorf("table: %w", err)
		}
		files[len(files)-1].data = b.Bytes()
	}
	return files, nil
}

// WriteWorkbook writes a day as one XLSX file with a sheet for each table.
// Rules and the published roster have no sheet; a day with rules other than
// the default, or with a published roster, is refused rather than cut short.
func WriteWorkbook(path string, day *care.Day) error {
	tables, err := tablesOf(day)
	if err != nil {
		return err
	}
	if day.Published != nil || day.Rules != care.DefaultRules() {
		return errors.New("table: a workbook cannot hold rules of its own or a published roster: write a folder")
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	first := true
	for _, t := range tables {
		if len(t.rows) == 0 && !t.kind.required {
			continue
		}
		if first {
			err, first = f.SetSheetName("Sheet1", t.kind.name), false
		} else {
			_, err = f.NewSheet(t.kind.name)
		}
		if err != nil {
			return fmt.Errorf("table: %w", err)
		}
		for i, row := range append([][]string{columnNames(t.kind.columns, len(t.kind.columns))}, t.rows...) {
			cells := make([]any, len(row))
			for j, v := range row {
				cells[j] = v
				form := t.kind.columns[j].form
				if number, ok := parseNumber(v); ok && i > 0 && (form == "degrees" || form == "minutes" || form == "number" || form == "priority") {
					cells[j] = number
				}
			}
			if err := f.SetSheetRow(t.kind.name, fmt.Sprintf("A%d", i+1), &cells); err != nil {
				return fmt.Errorf("table: %w", err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := os.WriteFile(temporary, b.Bytes(), 0o644); err != nil {
		_ = os.Remove(temporary)
		return fmt.Errorf("table: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		_ = os.Remove(temporary)
		return fmt.Errorf("table: %w", err)
	}
	return nil
}

// written is a table as rows of text in the order of the kind's columns.
type written struct {
	kind *kind
	rows [][]string
}

// tablesOf turns a day into tables in the order of kinds.
func tablesOf(d *care.Day) ([]written, error) {
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	date := d.Origin.In(zone)
	if !care.Midnight(date, zone).Equal(d.Origin) {
		return nil, ErrOrigin
	}
	rows := map[string][][]string{}
	add := func(kind string, cells ...string) { rows[kind] = append(rows[kind], cells) }
	writeDay(d, date, add)
	writePlaces(d, add)
	writePeople(d, add)
	for _, s := range d.Shifts {
		add("shifts", s.ID, s.Carer, clockText(d, s.Start), endText(d, s), "", s.From, s.To, string(s.Mode), s.Vehicle, breaksText(d, s.Breaks))
	}
	for _, v := range d.Visits {
		preferred := ""
		if v.Preferred != nil {
			preferred = windowText(d, *v.Preferred)
		}
		windows := make([]string, len(v.Windows))
		for i, w := range v.Windows {
			windows[i] = windowText(d, w)
		}
		add("visits", v.ID, v.Client, v.Place, v.Task, minutesText(v.Duration), strings.Join(windows, "|"), "", "", preferred,
			join(v.Requires.Professions), v.Requires.Delegation, join(v.Requires.Skills), strconv.Itoa(v.Carers), strconv.Itoa(int(v.Priority)), yesText(v.Optional))
	}
	for _, k := range d.Links {
		add("links", k.First, k.Second, minutesText(k.Min), minutesText(k.Max), string(k.Carer), yesText(k.Together))
	}
	for _, p := range d.Pins {
		start := ""
		if p.Start != nil {
			start = clockText(d, *p.Start)
		}
		add("pins", p.Visit, p.Shift, start)
	}
	for _, a := range d.Agreements {
		add("agreements", a.Home, a.Serving, join(a.Professions))
	}
	for _, h := range d.History {
		add("history", h.Date, h.Client, h.Carer)
	}
	for _, n := range d.Neighbours {
		add("neighbours", n.Carer, momentText(d, n.Start), momentText(d, n.End))
	}
	out := make([]written, len(kinds))
	for i := range kinds {
		out[i] = written{&kinds[i], rows[kinds[i].name]}
	}
	return out, nil
}

func writeDay(d *care.Day, date time.Time, add func(string, ...string)) {
	add("day", "date", date.Format(time.DateOnly))
	add("day", "timezone", d.TimeZone)
	if d.Name != "" {
		add("day", "area", d.Name)
	}
	if d.Note != "" {
		add("day", "note", d.Note)
	}
	if c := d.Condition; c != nil {
		add("day", "season", string(c.Season))
		if c.SpeedPercent != 0 {
			add("day", "speed_percent", strconv.Itoa(c.SpeedPercent))
		}
		add("day", "ice_roads", yesText(c.IceRoads))
	}
	if len(d.Members) > 0 {
		add("day", "members", strings.Join(d.Members, "|"))
	}
}

func writePlaces(d *care.Day, add func(string, ...string)) {
	for _, m := range d.Municipalities {
		add("municipalities", m.ID, m.Name)
	}
	optional := func(s *care.Seconds) string {
		if s == nil {
			return ""
		}
		return minutesText(*s)
	}
	for _, p := range d.Places {
		add("places", p.ID, degreesText(p.Lat), degreesText(p.Lon), "", "", p.Municipality, optional(p.Leave), optional(p.Arrive))
	}
	for _, b := range d.Bases {
		add("bases", b.ID, b.Place, b.Municipality)
	}
	for _, v := range d.Vehicles {
		add("vehicles", v.ID, v.Base, string(v.Mode))
	}
}

func writePeople(d *care.Day, add func(string, ...string)) {
	for _, c := range d.Clients {
		add("clients", c.ID, c.Place, c.Municipality, c.FixedContact, join(c.Blocked), join(c.Languages))
	}
	for _, c := range d.Carers {
		add("carers", c.ID, string(c.Profession), c.Municipality, c.Unit, join(c.Skills), join(c.Languages))
		for _, g := range c.Delegations {
			from, to := "", ""
			if g.From != always {
				from = momentText(d, g.From)
				from = strings.TrimSuffix(from, " 00:00")
			}
			if g.To != never {
				to = momentText(d, g.To)
				to = strings.TrimSuffix(to, " 23:59:59")
			}
			if to != "" && !strings.Contains(to, " ") && d.At(g.To+1).Day() == d.At(g.To).Day() {
				to = momentText(d, g.To) // 23:59:59 comes twice where clocks go back at midnight
			}
			// A delegation to midnight must not be read as one to the end of that date.
			add("delegations", c.ID, g.Task, g.Unit, join(g.Clients), from, to)
		}
	}
}

func windowText(d *care.Day, w care.Window) string {
	return clockText(d, w.From) + "-" + clockText(d, w.To)
}

// endText writes a night shift's end as people do: 07:00, not 31:00.
func endText(d *care.Day, s care.Shift) string {
	text := clockText(d, s.End)
	if days, rest, ok := strings.Cut(d.Clock(s.End), " "); ok && days == "+1" && s.End%60 == 0 && s.Start >= 12*3600 && rest < strings.TrimRight(d.Clock(s.Start), "AB") && s.Start < 86400 {
		return rest
	}
	return text
}

func breaksText(d *care.Day, breaks []care.Break) string {
	out := make([]string, len(breaks))
	for i, b := range breaks {
		out[i] = windowText(d, b.Window) + "/" + minutesText(b.Length)
		if b.Paid {
			out[i] += "/paid"
		}
	}
	return strings.Join(out, "|")
}

// minutesText writes whole minutes as a number and anything else in seconds.
func minutesText(s care.Seconds) string {
	if s%60 == 0 {
		return strconv.Itoa(int(s / 60))
	}
	return strconv.Itoa(int(s)) + " s"
}

func degreesText(f float64) string {
	return strings.Replace(strconv.FormatFloat(f, 'f', -1, 64), ".", ",", 1)
}

func yesText(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

func join[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return strings.Join(out, "|")
}
