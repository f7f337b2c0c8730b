package table

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // the tests must not need the machine's zone files

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

var rewrite = flag.Bool("rewrite", false, "write the expected messages of testdata/broken and awkward anew")

// small is a folder that is right: every broken input differs from one like it
// in one thing.
var small = map[string]string{
	"day.csv":     "key;value\ndate;2026-11-24\n",
	"places.csv":  "id;lat;lon;municipality\nbas;65,8413;23,1347;2583\np1;65,9;23,2;2583\np2;66,01;23,4;2583\n",
	"clients.csv": "id;place\nk1;p1\nk2;p2\n",
	"carers.csv":  "id;profession;unit\nm1;undersköterska;u1\nm2;sjuksköterska;u1\n",
	"shifts.csv":  "id;carer;start;end;from\ns1;m1;07:00;15:30;bas\ns2;m2;07:00;15:30;bas\n",
	"visits.csv":  "id;client;task;duration;window\nv1;k1;morning;30;07:00-09:00\nv2;k2;insulin;15;07:30-08:30\n",
}

func folder(change map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range small {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range change {
		if text == "-" {
			delete(fsys, name)
			continue
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func mustRead(t *testing.T, fsys fs.FS, o Options) *care.Day {
	t.Helper()
	day, _, err := ReadFS(fsys, o)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestSmallFolder(t *testing.T) {
	day, warnings, err := ReadFS(folder(nil), Options{})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if day.TimeZone != DefaultTimeZone || day.Origin.Format(time.RFC3339) != "2026-11-24T00:00:00+01:00" {
		t.Error("origin", day.Origin)
	}
	want := care.Visit{
		ID: "v1", Client: "k1", Task: "morning", Duration: 1800,
		Windows: []care.Window{{From: 7 * 3600, To: 9 * 3600}}, Carers: 1, Priority: care.Necessary,
	}
	if diff := cmp.Diff(want, day.Visits[0], cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if day.Shifts[0].From != "bas" || day.Shifts[0].To != "bas" || day.Shifts[0].Mode != care.Car {
		t.Error("shift", day.Shifts[0])
	}
	if len(day.Bases) != 1 || day.Bases[0].Municipality != "2583" {
		t.Error("bases", day.Bases)
	}
	if day.Clients[0].Municipality != "2583" || day.Carers[0].Municipality != "2583" || len(day.Municipalities) != 1 {
		t.Error("municipalities", day.Municipalities, day.Clients[0], day.Carers[0])
	}
}

// Every archive in testdata/broken is a folder, or a change to the small one,
// with the messages that a person must get for it. The comment of an archive
// holds them, one a line, after lines of prose that begin with #.
//
// Directives in the comment:
//
//	base: small      files of the small folder are there unless the archive has them; "-" removes one
//	encoding: NAME   files are turned into latin1, utf16 or utf16be, or garbage, before they are read
//	date: DATE       Options.Date
//	workbook: NAME   files become the sheets of this workbook
func TestBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(files) < 45 {
		t.Fatal("too few broken inputs", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			fsys, o, want := scenario(t, parseArchive(t, file))
			day, warnings, err := ReadFS(fsys, o)
			if err == nil || day != nil {
				t.Fatal("was read; warnings:", warnings)
			}
			var list Errors
			if !errors.As(err, &list) || !errors.Is(err, ErrInput) {
				t.Fatalf("not Errors: %T %v", err, err)
			}
			if *rewrite {
				rewriteArchive(t, file, strings.Split(err.Error(), "\n"))
				return
			}
			if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			for _, e := range list {
				if e.File == "" || e.Message == "" || e.Hint == "" {
					t.Errorf("says not where, what or what to do: %#v", e)
				}
			}
		})
	}
}

// Every archive in testdata/awkward is read without an error. Its comment
// holds the warnings, and lines "field = value" of what must come out.
func TestAwkward(t *testing.T) {
	files, err := filepath.Glob("testdata/awkward/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatal("too few awkward inputs", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			fsys, o, want := scenario(t, parseArchive(t, file))
			day, warnings, err := ReadFS(fsys, o)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, w := range warnings {
				got = append(got, w.String())
			}
			for _, line := range want {
				if path, _, ok := strings.Cut(line, " ="); ok {
					got = append(got, path+" = "+look(day, path))
				}
			}
			if *rewrite {
				rewriteArchive(t, file, got)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// look finds what an awkward input's expectation speaks of.
func look(d *care.Day, path string) string {
	kind, id, _ := strings.Cut(path, " ")
	switch kind {
	case "place":
		for _, p := range d.Places {
			if p.ID == id {
				return fmt.Sprintf("%.5f %.5f", p.Lat, p.Lon)
			}
		}
	case "shift":
		for _, s := range d.Shifts {
			if s.ID == id {
				text := fmt.Sprintf("%s to %s, %d s", d.Clock(s.Start), d.Clock(s.End), s.End-s.Start)
				for _, b := range s.Breaks {
					text += fmt.Sprintf(", break %s-%s %d s", d.Clock(b.Window.From), d.Clock(b.Window.To), b.Length)
				}
				return text
			}
		}
	case "visit":
		for _, v := range d.Visits {
			if v.ID == id {
				text := fmt.Sprintf("%s %d s, %d carers, priority %d", v.Task, v.Duration, v.Carers, v.Priority)
				for _, w := range v.Windows {
					text += fmt.Sprintf(", %s-%s", d.Clock(w.From), d.Clock(w.To))
				}
				return text
			}
		}
	case "carer":
		for _, c := range d.Carers {
			if c.ID == id {
				text := string(c.Profession)
				for _, g := range c.Delegations {
					text += fmt.Sprintf(", %s of %s until %s", g.Task, g.Unit, d.At(g.To).Format(time.DateTime))
				}
				return text
			}
		}
	case "neighbour":
		for _, n := range d.Neighbours {
			if n.Carer == id {
				return fmt.Sprintf("%s to %s", d.Clock(n.Start), d.Clock(n.End))
			}
		}
	case "condition":
		return fmt.Sprintf("%+v", *d.Condition)
	}
	return "nothing of that id"
}

// scenario turns an archive into a folder, options and the expected lines.
func scenario(t *testing.T, a archive) (fstest.MapFS, Options, []string) {
	t.Helper()
	fsys := fstest.MapFS{}
	var o Options
	want := []string{}
	encoding, workbook, repeat := "", "", 0
	number := func(text string) (n int) {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, line := range strings.Split(strings.TrimSpace(a.comment), "\n") {
		name, value := directive(line)
		switch name {
		case "":
			want = append(want, line)
		case "base":
			fsys = folder(nil)
		case "encoding":
			encoding = value
		case "workbook":
			workbook = value
		case "date":
			o.Date = value
		case "timezone":
			o.TimeZone = value
		case "limit-rows":
			o.Limits.Rows = number(value)
		case "limit-bytes":
			o.Limits.FileBytes = int64(number(value))
		case "limit-unpacked":
			o.Limits.WorkbookBytes = int64(number(value))
		case "repeat":
			repeat = number(value)
		}
	}
	for _, f := range a.files {
		data := f.data
		if string(data) == "-\n" {
			delete(fsys, f.name)
			continue
		}
		data = encode(data, encoding)
		if repeat > 0 && bytes.Contains(data, []byte("@N")) {
			data = repeated(data, repeat)
		}
		fsys[f.name] = &fstest.MapFile{Data: data}
	}
	if workbook != "" {
		fsys = fstest.MapFS{workbook: &fstest.MapFile{Data: workbookOf(t, fsys)}}
	}
	return fsys, o, want
}

// repeated writes the line with @N in it many times, counting.
func repeated(data []byte, times int) []byte {
	var out bytes.Buffer
	for _, line := range bytes.SplitAfter(data, []byte("\n")) {
		if !bytes.Contains(line, []byte("@N")) {
			out.Write(line)
			continue
		}
		for i := range times {
			out.Write(bytes.ReplaceAll(line, []byte("@N"), fmt.Appendf(nil, "%d", i+1)))
		}
	}
	return out.Bytes()
}

// A folder written from a day gives the day back, whatever is in it.
func TestFolderRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := drawDay(rt)
		if err := day.Validate(); err != nil {
			rt.Fatal("the generator is wrong:", err)
		}
		dir := t.TempDir()
		if err := WriteFolder(dir, day); err != nil {
			rt.Fatal(err)
		}
		back, warnings, err := ReadFolder(dir, Options{})
		if err != nil || len(warnings) > 0 {
			text, _ := os.ReadFile(filepath.Join(dir, "shifts.csv"))
			rt.Fatalf("%v %v\n%s", err, warnings, text)
		}
		if diff := cmp.Diff(day, back, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".new") {
				rt.Fatal("left behind:", e.Name())
			}
		}
	})
}

func TestWorkbookRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := drawDay(rt)
		day.Rules, day.Published = care.DefaultRules(), nil
		file := filepath.Join(t.TempDir(), "day.xlsx")
		if err := WriteWorkbook(file, day); err != nil {
			rt.Fatal(err)
		}
		back, warnings, err := ReadWorkbook(file, Options{})
		if err != nil || len(warnings) > 0 {
			rt.Fatal(err, warnings)
		}
		if diff := cmp.Diff(day, back, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// drawDay makes a valid day with every kind of thing in it, on ordinary dates
// and on the two on which clocks change.
func drawDay(t *rapid.T) *care.Day {
	zone, err := time.LoadLocation(DefaultTimeZone)
	if err != nil {
		t.Fatal(err)
	}
	date := rapid.SampledFrom([]string{"2026-11-24", "2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"}).Draw(t, "date")
	on, _ := time.Parse(time.DateOnly, date)
	length := rapid.SampledFrom([]care.Seconds{60, 900, 1800, 2700, 61, 3599})
	some := func(name string, words ...string) []string {
		var out []string
		for _, w := range words {
			if rapid.Bool().Draw(t, name) {
				out = append(out, w)
			}
		}
		return out
	}
	d := &care.Day{
		Version: care.FormatVersion, Name: "Östra; \"Norrbotten\"", Note: rapid.SampledFrom([]string{"", "modellerat\nvägnät"}).Draw(t, "note"),
		Origin: care.Midnight(on, zone), TimeZone: DefaultTimeZone, Rules: care.DefaultRules(),
		Municipalities: []care.Municipality{{ID: "2583", Name: "Haparanda"}, {ID: "2518", Name: "Övertorneå"}},
	}
	d.Rules.Weights.Drive = int64(rapid.IntRange(0, 3).Draw(t, "weight"))
	if rapid.Bool().Draw(t, "condition") {
		d.Condition = &care.Condition{Season: care.Winter, SpeedPercent: rapid.IntRange(50, 100).Draw(t, "speed"), IceRoads: rapid.Bool().Draw(t, "ice")}
	}
	if rapid.Bool().Draw(t, "members") {
		d.Members = []string{"2583", "2518"}
	}
	n := rapid.IntRange(1, 5).Draw(t, "n")
	for i := range n {
		p := care.Place{
			ID: fmt.Sprintf("plats-%d", i), Municipality: "2583",
			Lat: rapid.Float64Range(60, 68).Draw(t, "lat"), Lon: rapid.Float64Range(14, 24).Draw(t, "lon"),
		}
		if rapid.Bool().Draw(t, "handling") {
			s := length.Draw(t, "leave")
			p.Leave = &s
		}
		d.Places = append(d.Places, p)
		d.Clients = append(d.Clients, care.Client{ID: fmt.Sprintf("k%d", i), Place: p.ID, Municipality: "2583", Languages: some("language", "finska", "meänkieli")})
	}
	d.Bases = []care.Base{{ID: "bas1", Place: "plats-0", Municipality: "2583"}}
	d.Vehicles = []care.Vehicle{{ID: "bil1", Base: "bas1", Mode: care.Car}}
	for i := range n {
		c := care.Carer{ID: fmt.Sprintf("m%d", i), Profession: care.AssistantNurse, Municipality: "2583", Unit: "u1", Skills: some("skill", "tunga lyft", "katter")}
		for range rapid.IntRange(0, 2).Draw(t, "delegations") {
			from := rapid.SampledFrom([]care.Time{always, 0, -86400 * 40, 3600}).Draw(t, "from")
			to := rapid.SampledFrom([]care.Time{never, 86399, 86400, 86400*50 + 1}).Draw(t, "to")
			c.Delegations = append(c.Delegations, care.Delegation{Task: "insulin", Unit: "u1", From: from, To: to, Clients: some("scope", "k0")})
		}
		d.Carers = append(d.Carers, c)
		// Any start and end: also within the hour that comes twice.
		start := care.Time(rapid.IntRange(0, 86400).Draw(t, "start"))
		if rapid.Bool().Draw(t, "round") {
			start -= start % 900
		}
		end := start + care.Time(rapid.IntRange(4*3600, 13*3600).Draw(t, "length"))
		if rapid.Bool().Draw(t, "round") {
			end -= end % 60
		}
		s := care.Shift{ID: fmt.Sprintf("s%d", i), Carer: c.ID, Start: start, End: end, From: "plats-0", To: "plats-0", Mode: care.Car}
		if i == 0 {
			s.Vehicle = "bil1"
		}
		// One break is enough for ten hours, if it can lie in their middle.
		if length := end - start; length <= 10*3600 && rapid.Bool().Draw(t, "break") {
			s.Breaks = []care.Break{{Window: care.Window{From: start + 3600, To: start + max(2*3600, length/2)}, Length: 1800, Paid: rapid.Bool().Draw(t, "paid")}}
		}
		d.Shifts = append(d.Shifts, s)
		from := care.Time(rapid.IntRange(0, 20*3600).Draw(t, "from"))
		v := care.Visit{
			ID: fmt.Sprintf("v%d", i), Client: fmt.Sprintf("k%d", i), Task: "frukost; te", Duration: length.Draw(t, "duration"),
			Windows: []care.Window{{From: from, To: from + 3600}, {From: from + 7200, To: from + 7201}},
			Carers:  rapid.IntRange(1, 2).Draw(t, "carers"), Priority: care.Priority(rapid.IntRange(1, 4).Draw(t, "priority")),
			Optional: rapid.Bool().Draw(t, "optional"),
			Requires: care.Requirement{Delegation: rapid.SampledFrom([]string{"", "insulin"}).Draw(t, "delegation"), Skills: some("skill", "katter")},
		}
		if v.Requires.Delegation != "" {
			v.Requires.Professions = []care.Profession{care.Nurse}
		}
		if rapid.Bool().Draw(t, "preferred") {
			v.Preferred = &care.Window{From: from, To: from + 600}
		}
		d.Visits = append(d.Visits, v)
		d.History = append(d.History, care.PastVisit{Date: "2026-01-31", Client: v.Client, Carer: c.ID})
		d.Neighbours = append(d.Neighbours, care.WorkedShift{Carer: c.ID, Start: -care.Time(rapid.IntRange(40000, 90000).Draw(t, "ago")), End: -care.Time(rapid.IntRange(0, 30000).Draw(t, "ago"))})
	}
	if n > 1 {
		d.Links = []care.Link{{First: "v0", Second: "v1", Min: -length.Draw(t, "min"), Max: length.Draw(t, "max"), Carer: care.SameCarer, Together: true}}
		at := d.Visits[1].Windows[0].From
		d.Pins = []care.Pin{{Visit: "v1", Shift: "s0"}, {Visit: "v0", Start: &d.Visits[0].Windows[0].From}}
		if rapid.Bool().Draw(t, "pin") {
			d.Pins = []care.Pin{{Visit: "v1", Start: &at}}
		}
		d.Agreements = []care.Agreement{{Home: "2583", Serving: "2518", Professions: []care.Profession{care.Nurse, care.AssistantNurse}}}
	}
	return d
}

// The pairs are from Lantmäteriet, "Kontrollpunkter för SWEREF 99 TM"
// (2007-11-20), in degrees and metres.
func TestSWEREF99TM(t *testing.T) {
	for _, c := range []struct{ lat, lon, n, e float64 }{
		{55, 12.75, 6097106.672, 356083.438},
		{55, 14.25, 6095048.642, 452024.069},
		{57, 12.75, 6319636.937, 363331.554},
		{57, 19.5, 6326392.707, 773251.054},
		{59, 11.25, 6546096.724, 284626.066},
		{59, 19.5, 6548757.206, 758410.519},
		{63, 12, 6989134.048, 348083.148},
		{65, 13.5, 7209293.753, 429270.201},
		{65, 21.75, 7225449.115, 817833.405},
		{69, 21, 7666089.698, 739639.195},
	} {
		n, e := ToSWEREF99TM(c.lat, c.lon)
		if math.Abs(n-c.n) > 0.0006 || math.Abs(e-c.e) > 0.0006 {
			t.Errorf("%v %v: got %.4f %.4f, want %.3f %.3f", c.lat, c.lon, n, e, c.n, c.e)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		lat, lon := rapid.Float64Range(54, 70).Draw(t, "lat"), rapid.Float64Range(9, 26).Draw(t, "lon")
		a, b := FromSWEREF99TM(ToSWEREF99TM(lat, lon))
		if math.Abs(a-lat) > 1e-8 || math.Abs(b-lon) > 1e-8 {
			t.Fatal(lat, lon, a, b)
		}
	})
}
