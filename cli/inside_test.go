package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
)

// inside runs a command line with hooks.
func inside(ctx context.Context, h hooks, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(ctx, append([]string{"slinga"}, args...), &session{Streams: Streams{In: strings.NewReader(""), Out: &o, Err: &e}, hooks: h})
	return code, o.String(), e.String()
}

func TestAPanicIsAnInternalErrorThatQuotesNothing(t *testing.T) {
	secret := "Agda Nattlöv 19311301-0001"
	for _, value := range []any{secret, io.EOF, struct{ name string }{secret}} {
		h := hooks{action: func(string) { panic(value) }}
		code, out, errs := inside(t.Context(), h, "generate", "--out", "nowhere")
		if code != ExitInternal || out != "" {
			t.Errorf("exit %d, printed %q", code, out)
		}
		if strings.Contains(errs, "Agda") || strings.Contains(errs, "19311301") || !strings.Contains(errs, "please report") {
			t.Errorf("on standard error: %q", errs)
		}
	}
}

// A panic while something is waited for leaves no goroutine behind that draws.
func TestAPanicEndsTheProgressLine(t *testing.T) {
	h := hooks{terminal: true, improved: func() { panic("found") }}
	code, _, errs := inside(t.Context(), h, "demo", "--area", "andorra", "--time", "1m", "--out", t.TempDir())
	if code != ExitInternal || !strings.Contains(errs, "please report") {
		t.Errorf("exit %d: %q", code, errs)
	}
}

func TestInterruptedSearchWritesItsBestRoster(t *testing.T) {
	out := filepath.Join(t.TempDir(), "demo")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rosters := 0
	h := hooks{improved: func() {
		if rosters++; rosters == 2 { // the first is there before the search begins
			cancel()
		}
	}}
	code, printed, errs := inside(ctx, h, "demo", "--area", "andorra", "--time", "1h", "--lang", "en", "--out", out)
	if code != ExitGood || !strings.Contains(printed, "The search was interrupted") || strings.Contains(errs, "breaks a rule") {
		t.Fatalf("exit %d, printed %q and %q", code, printed, errs)
	}
	f, err := os.Open(filepath.Join(out, "roster.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	roster, err := care.ReadRoster(f)
	if err != nil || roster.Figures.Total.Visits < 300 {
		t.Errorf("%v, %d visits", err, roster.Figures.Total.Visits)
	}
	if _, err := os.Stat(filepath.Join(out, "report.html")); err != nil {
		t.Error(err)
	}
}

func TestInterruptedBeforeThereIsAResult(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	code, printed, errs := inside(ctx, hooks{}, "demo", "--area", "isle-of-man", "--out", filepath.Join(dir, "demo"))
	if code != ExitInterrupted || printed != "" || !strings.Contains(errs, "interrupted") {
		t.Errorf("exit %d, printed %q and %q", code, printed, errs)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestProgress runs in a bubble of time: what is quicker than a second shows
// nothing, a single long step shows a line with the seconds, the line goes
// away, and the bubble would not end if a goroutine were left.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(&session{Streams: Streams{Err: &out}, hooks: hooks{terminal: true}})
		p.step("measuring %d roads", 7)
		time.Sleep(900 * time.Millisecond)
		p.done()
		if out.Len() > 0 {
			t.Errorf("a quick step shows %q", out.String())
		}
		p.step("drawing")
		time.Sleep(3100 * time.Millisecond)
		p.show("drawing borders")
		time.Sleep(time.Second)
		p.step("checking")
		p.done()
		p.done()
		lines := regexp.MustCompile(`[\r]+`).Split(out.String(), -1)
		if !strings.Contains(out.String(), "\rdrawing (1 s)\rdrawing (1 s)") || !strings.Contains(out.String(), "\rdrawing borders (4 s)") {
			t.Errorf("shown: %q", lines)
		}
		if !strings.HasSuffix(out.String(), "\r"+strings.Repeat(" ", len("drawing borders (4 s)"))+"\r") {
			t.Errorf("the line stays: %q", lines)
		}
	})
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(&session{Streams: Streams{Err: &out}})
		p.step("drawing")
		time.Sleep(time.Minute)
		p.show("still drawing")
		p.done()
		if out.Len() > 0 {
			t.Errorf("shown: %q", out.String())
		}
	})
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // a test's
	if p := newProgress(&session{Streams: Streams{Err: f}}); p.out != nil {
		t.Error("a file is taken for a terminal")
	}
}

// Both languages have every text, with the same verbs in the same order, and
// every reason and finding has one.
func TestWords(t *testing.T) {
	verbs := regexp.MustCompile(`%[-+0-9.]*[a-z]`)
	check := func(key string, w words) {
		if w.sv == "" || w.en == "" {
			t.Errorf("%s: a language has no text", key)
		}
		if a, b := verbs.FindAllString(w.sv, -1), verbs.FindAllString(w.en, -1); strings.Join(a, " ") != strings.Join(b, " ") {
			t.Errorf("%s: verbs %v in Swedish, %v in English", key, a, b)
		}
	}
	for key, w := range texts {
		check(key, w)
	}
	for _, code := range []care.ReasonCode{
		care.ReasonUnreachable, care.ReasonCompetence, care.ReasonWindow, care.ReasonRest, care.ReasonPin, care.ReasonFull, care.ReasonCost, care.ReasonTime,
	} {
		check(string(code), reasonTexts[code])
	}
	for _, kind := range []care.FindingKind{
		care.FarFromRoad, care.RoadIsland, care.OneWayOnly, care.NearBorder, care.Moved, care.OutsideStated,
	} {
		check(string(kind), findingTexts[kind])
	}
	for _, mode := range []care.Mode{care.Car, care.Bicycle, care.Foot} {
		check(string(mode), modeTexts[mode])
	}
	for _, term := range []string{
		planner.TermUnserved, planner.TermTravel, planner.TermDistance, planner.TermWait, planner.TermOutside, planner.TermShifts,
		planner.TermNewFace, planner.TermNotContact, planner.TermDowngrade, planner.TermLanguage, planner.TermAcrossBorder,
	} {
		check(term, termTexts[term])
	}
	// Every key that the code asks for is there.
	asked := regexp.MustCompile(`\.say\("([a-z.]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			if _, ok := texts[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s asks for the text %q, which is not there", file, m[1])
			}
		}
	}
	if got := swedish.date(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)); got != "tisdag 24 november 2026" {
		t.Errorf("date: %q", got)
	}
	if got := swedish.percent(1, 3); got != "33,3 %" {
		t.Errorf("percent: %q", got)
	}
}
