package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/planner/care"
)

// drawn is a folder with a small generated day.
func drawn(t *testing.T) (dir, day string) {
	t.Helper()
	dir = t.TempDir()
	day = filepath.Join(dir, "day")
	good(t, "generate", "--area", "andorra", "--scale", "10", "--out", day)
	return dir, day
}

// good runs a command line that must end well, and returns what it printed.
func good(t *testing.T, args ...string) (out, errs string) {
	t.Helper()
	code, out, errs := inside(t.Context(), hooks{}, args...)
	if code != ExitGood {
		t.Fatalf("%s: exit %d: %s", args[0], code, errs)
	}
	return out, errs
}

func TestGenerateOverItsOwnOutput(t *testing.T) {
	_, day := drawn(t)
	good(t, "generate", "--area", "andorra", "--scale", "20", "--out", day)
	if err := os.WriteFile(filepath.Join(day, "pins.csv"), []byte("visit;shift\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := inside(t.Context(), hooks{}, "generate", "--out", day); code != ExitInput || !strings.Contains(errs, "pins.csv") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// A plan in a folder used before leaves no route or calendar of the old plan,
// and what the user put there stays.
func TestPlanTakesOldRoutesAway(t *testing.T) {
	dir, day := drawn(t)
	out := filepath.Join(dir, "plan")
	for _, name := range []string{"gpx/old.gpx", "gpx/mine.txt", "ics/old.ics", "solution.vroom.json", "mine.json"} {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("old"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	good(t, "plan", "--map", "andorra", "--day", day, "--iterations", "20", "--out", out)
	for name, stays := range map[string]bool{
		"gpx/old.gpx": false, "ics/old.ics": false, "solution.vroom.json": false, "gpx/mine.txt": true, "mine.json": true,
	} {
		if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(name))); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was to go comes back when the rest cannot be written.
func TestTakingAwayIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	if err := writeFolder(dir, []document{textFile("sub/old", "o")}, nil); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	gone := []document{{name: "sub/old"}, {name: "sub/never"}, textFile("new", "n")}
	if err := writeFolder(dir, gone, func() error { return io.ErrUnexpectedEOF }); err == nil || tree(t, dir) != before {
		t.Errorf("got %v and %s", err, tree(t, dir))
	}
	if err := writeFolder(dir, gone, nil); err != nil || tree(t, dir) != "./ new=n sub/" {
		t.Errorf("got %v and %s", err, tree(t, dir))
	}
}

func TestFullDiskIsToldWithoutTemporaryPaths(t *testing.T) {
	dir := t.TempDir()
	full := func(io.Writer) error {
		return &fs.PathError{Op: "write", Path: "/somewhere/.slinga-123/new/x", Err: syscall.ENOSPC}
	}
	want := "cannot write " + dir + ": no space left on device; nothing was written"
	err := writeFolder(dir, []document{{"x", forAll, full}}, nil)
	if err == nil || err.Error() != want {
		t.Errorf("a document: %v", err)
	}
	err = writeFolder(dir, []document{textFile("x", "x")}, func() error { return full(nil) })
	if err == nil || err.Error() != want {
		t.Errorf("the last step: %v", err)
	}
}

// pipe is a standard output that fails.
type pipe struct{ err error }

func (p pipe) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: p.err}
}

func TestStandardOutputThatFails(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		errs string
	}{
		{syscall.ENOSPC, ExitInput, "slinga: cannot write to standard output: " + syscall.ENOSPC.Error() + "\n"},
		{syscall.EPIPE, ExitGood, ""},
	} {
		for _, args := range [][]string{{"help"}, {"map", "info", "andorra"}, {"map", "info", "--json", "andorra"}} {
			var errs strings.Builder
			s := &session{Streams: Streams{In: strings.NewReader(""), Out: pipe{c.err}, Err: &errs}}
			if code := run(t.Context(), append([]string{"slinga"}, args...), s); code != c.code || errs.String() != c.errs {
				t.Errorf("%v, %v: exit %d, %q", args, c.err, code, errs.String())
			}
		}
	}
}

// A border file of the user's, with a property of its own, on a bundled map.
func TestBordersOnABundledMap(t *testing.T) {
	dir, day := drawn(t)
	text, err := os.ReadFile(filepath.Join(day, "map", "borders.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "borders.geojson")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), `"kommun_kod"`, `"code"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"plan", "--map", "andorra", "--day", day, "--iterations", "5", "--borders", file}
	good(t, append(args, "--borders-id", "code")...)
	if code, _, _ := inside(t.Context(), hooks{}, args...); code != ExitInput {
		t.Errorf("without the property's name: exit %d", code)
	}
}

func TestReportTellsHowFarNamesReach(t *testing.T) {
	dir, day := drawn(t)
	out := filepath.Join(dir, "plan")
	good(t, "plan", "--map", "andorra", "--day", day, "--iterations", "20", "--out", out)
	names := filepath.Join(dir, "names.csv")
	if err := os.WriteFile(names, []byte("id;name\nc0001;Anna Exempel\nm0001;Bo Exempel\nx9;Cia Exempel\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs := good(t, "report", "--map", "andorra", "--day", day, "--roster", filepath.Join(out, "roster.json"), "--names", names, "--out", filepath.Join(dir, "r.html"))
	if errs != "slinga: names for 1 of 14 clients and 1 of 10 carers; 1 row matches no id\n" {
		t.Errorf("on standard error: %q", errs)
	}
}

func TestCheckNamesTheOtherDay(t *testing.T) {
	dir, day := drawn(t)
	out, other := filepath.Join(dir, "plan"), filepath.Join(dir, "other")
	good(t, "plan", "--map", "andorra", "--day", day, "--iterations", "20", "--out", out)
	good(t, "generate", "--area", "andorra", "--scale", "5", "--seed", "9", "--out", other)
	code, _, errs := inside(t.Context(), hooks{}, "check", "--map", "andorra", "--day", other, "--roster", filepath.Join(out, "roster.json"))
	if code != ExitBreach || !strings.HasPrefix(errs, "slinga: the roster belongs to another day") {
		t.Errorf("exit %d: %q", code, errs)
	}
}

// The summary and the report call the same thing by the same word.
func TestWordsAreTheReports(t *testing.T) {
	for _, l := range []language{swedish, english} {
		text, err := os.ReadFile(filepath.Join("..", "data", "export", "assets", "text", string(l)+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var report map[string]string
		if err := json.Unmarshal(text, &report); err != nil {
			t.Fatal(err)
		}
		same := func(key string, w words) {
			if want := strings.ToLower(report[key]); l.pick(w) != want {
				t.Errorf("%s, %s: %q in the summary, %q in the report", l, key, l.pick(w), want)
			}
		}
		for term, w := range termTexts {
			same("term."+term, w)
		}
		for ours, theirs := range map[string]string{
			"unserved": "unserved", "driving": "drive", "client": "client", "handling": "handling", "waiting": "wait", "shifts": "shifts", "visits": "visits",
		} {
			same("col."+theirs, texts["col."+ours])
		}
	}
}

// A day of which next to nothing lies on the map is planned, with a warning;
// a place just off the last road lies on it.
func TestDayThatHardlyLiesOnTheMap(t *testing.T) {
	a := &atlas{}
	defer a.Close()
	area, _ := sample.ByName("andorra")
	if err := a.loadArea(t.Context(), area, newProgress(&session{})); err != nil {
		t.Fatal(err)
	}
	bound := a.region.Info().Bound
	for _, c := range []struct {
		on, off int
		errs    string
		refused bool
	}{{5, 5, "", false}, {1, 9, "", false}, {1, 10, "1 of 11 places", false}, {0, 3, "", true}} {
		m := &measured{atlas: a, day: &care.Day{}}
		for range c.on {
			m.day.Places = append(m.day.Places, care.Place{Lat: bound.Max[1] + 0.001, Lon: bound.Max[0]})
		}
		for range c.off {
			m.day.Places = append(m.day.Places, care.Place{Lat: 65.8, Lon: 23.1})
		}
		var errs strings.Builder
		err := m.onThisMap(&session{Streams: Streams{Err: &errs}}, 500)
		if (err != nil) != c.refused || !strings.Contains(errs.String(), c.errs) || c.errs == "" && errs.Len() > 0 {
			t.Errorf("%d on, %d off: %v, %q", c.on, c.off, err, errs.String())
		}
	}
}

func TestClockInWords(t *testing.T) {
	day := &care.Day{TimeZone: "UTC", Origin: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		at     care.Time
		sv, en string
	}{
		{7 * 3600, "07:00", "07:00"},
		{25 * 3600, "01:00 nästa dag", "01:00 next day"},
		{-3600, "23:00 dagen före", "23:00 the day before"},
		{49 * 3600, "01:00 2 dagar senare", "01:00 2 days later"},
		{-25 * 3600, "23:00 2 dagar före", "23:00 2 days before"},
	} {
		if sv, en := swedish.clock(day, c.at), english.clock(day, c.at); sv != c.sv || en != c.en {
			t.Errorf("%d: %q, %q", c.at, sv, en)
		}
	}
}

// cancelling cancels a context when it has been written to.
type cancelling struct {
	cancel func()
	n      int
}

func (w *cancelling) Write(p []byte) (int, error) {
	w.cancel()
	w.n += len(p)
	return len(p), nil
}

// The largest matrix takes a minute to write: Ctrl-C ends that too.
func TestInterruptedWhileAMatrixIsWritten(t *testing.T) {
	dir := t.TempDir()
	points := filepath.Join(dir, "points.csv")
	var text strings.Builder
	text.WriteString("id,lat,lon\n")
	for i := range 300 {
		fmt.Fprintf(&text, "%d,42.5,1.5\n", i)
	}
	if err := os.WriteFile(points, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"slinga", "matrix", "--map", "andorra", "--points", points, "--format"}
	for form := range matrixForms {
		ctx, cancel := context.WithCancel(t.Context())
		out, errs := &cancelling{cancel: cancel}, new(strings.Builder)
		code := run(ctx, append(args, form), &session{Streams: Streams{In: strings.NewReader(""), Out: out, Err: errs}})
		if code != ExitInterrupted || !strings.HasSuffix(errs.String(), "slinga: interrupted; what was printed breaks off\n") || out.n > 1<<20 {
			t.Errorf("%s: exit %d after %d bytes: %s", form, code, out.n, errs)
		}
	}
}
