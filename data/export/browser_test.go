//go:build browser

package export_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/slinga-se/slinga/data/export"
)

// These tests open the report in a real browser:
//
//	go test -tags browser ./data/export
//
// The browser is CHROMIUM, or chromium or google-chrome of the PATH. Without
// one they fail: a page that nobody has opened is not tested. With the
// environment variable SLINGA_SCREENSHOTS set to a folder, pictures are left
// there to look at.

func chromium(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("CHROMIUM"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			t.Fatalf("no browser: CHROMIUM names no program: %v", err)
		}
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no browser: install Debian's package chromium, or name one in the environment variable CHROMIUM")
	return ""
}

// tab is an open page that writes down everything it complains of and asks for.
type tab struct {
	*testing.T
	ctx        context.Context
	mu         sync.Mutex
	complaints []string
	requests   []string
}

// visit opens a file at a width, as somebody who double-clicks it.
func visit(t *testing.T, file string, width, height int64, phone bool) *tab {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium(t)), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.WSURLReadTimeout(2 * time.Minute),
	}
	allocator, stopBrowser := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	p := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.note); err != nil {
		stopBrowser()
		t.Fatalf("the browser does not start: %v", err)
	}
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser has left its folder
		closeTab()
		stopBrowser()
	})
	size := chromedp.EmulateViewport(width, height)
	if phone {
		size = chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: file}).String()
	p.do(size, chromedp.Navigate(address))
	p.until("the map is drawn", `document.querySelector('#map-box canvas') !== null`)
	return p
}

func (p *tab) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		p.requests = append(p.requests, e.URL)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			p.complaints = append(p.complaints, fmt.Sprintf("console %s", e.Type))
		}
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			p.complaints = append(p.complaints, "log: "+e.Entry.Text)
		}
	}
}

// quiet fails the test when the page complained or asked for anything but
// itself.
func (p *tab) quiet() {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, complaint := range p.complaints {
		p.Errorf("the page complains: %s", complaint)
	}
	if len(p.requests) == 0 {
		p.Error("not even the page itself was seen as a request")
	}
	for _, request := range p.requests {
		if !strings.HasPrefix(request, "file://") && !strings.HasPrefix(request, "data:") {
			p.Errorf("the page asks for %s", request)
		}
	}
	if files := slices.DeleteFunc(slices.Clone(p.requests), func(r string) bool { return !strings.HasPrefix(r, "file://") }); len(files) > 1 {
		p.Errorf("the page asks for more files than itself: %d", len(files))
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

func eval[T any](p *tab, script string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		p.Fatalf("%s: %v", script, err)
	}
	return value
}

// until waits for a condition of the page, long enough for a busy machine.
func (p *tab) until(what, script string) {
	p.Helper()
	limit := time.After(3 * time.Minute)
	for !eval[bool](p, script) {
		select {
		case <-limit:
			p.Fatalf("never came true: %s", what)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func (p *tab) picture(name string) {
	p.Helper()
	folder := os.Getenv("SLINGA_SCREENSHOTS")
	if folder == "" {
		return
	}
	shot, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o600); err != nil {
		p.Fatal(err)
	}
}

// painted counts the pixels of the map's canvas that are not blank, and those
// among them that have a colour: routes are coloured, roads are grey.
const painted = `(function () {
	var c = document.querySelector('#map-box canvas');
	if (!c || !c.width || !c.height) { return [0, 0]; }
	var copy = document.createElement('canvas');
	copy.width = c.width; copy.height = c.height;
	var to = copy.getContext('2d', { willReadFrequently: true });
	to.drawImage(c, 0, 0);
	var d = to.getImageData(0, 0, c.width, c.height).data;
	var any = 0, coloured = 0;
	for (var i = 0; i < d.length; i += 4) {
		if (d[i + 3] > 40) { any++; if (Math.max(d[i], d[i+1], d[i+2]) - Math.min(d[i], d[i+1], d[i+2]) > 50) { coloured++; } }
	}
	return [any, coloured];
})()`

func saved(t *testing.T, in export.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.HTML(&out, in); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBrowser(t *testing.T) {
	w := newSample(small)
	file := saved(t, w.report())
	for _, screen := range []struct {
		name          string
		width, height int64
		phone         bool
	}{{"desk", 1280, 900, false}, {"phone", 390, 844, true}} {
		t.Run(screen.name, func(t *testing.T) {
			p := visit(t, file, screen.width, screen.height, screen.phone)
			p.picture(screen.name)
			p.look(w, screen.width)
			p.use(screen.name)
			p.paper(w, screen.name)
			p.quiet()
		})
	}
}

// A whole county's day opens as well: nothing in it breaks the page.
func TestBrowserFullDay(t *testing.T) {
	w := newSample(size{carers: 120, clients: 634, visitsEach: 14, sideRoads: 4800})
	p := visit(t, saved(t, w.report()), 1280, 900, false)
	if pixels := eval[[]int](p, painted); pixels[0] < 2000 || pixels[1] < 500 {
		p.Errorf("the map is blank: %d pixels, %d in colour", pixels[0], pixels[1])
	}
	if rows := eval[int](p, `document.querySelectorAll('#gantt .row').length`); rows != 120 {
		p.Errorf("%d rows, want 120", rows)
	}
	p.picture("full")
	p.quiet()
}

// With names on paper: a key number that is cut off opens no door.
func TestBrowserNames(t *testing.T) {
	w := newSample(small)
	in := w.report()
	in.Names = w.names()
	p := visit(t, saved(t, in), 1280, 900, false)
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(695, 1000))
	if cut := eval[[]string](p, `[].filter.call(document.querySelectorAll('.sheet td'), function (e) { return e.scrollWidth > e.clientWidth + 1; }).map(function (e) { return e.className; })`); len(cut) > 0 {
		p.Errorf("cells that are cut off or run over: %v", cut)
	}
	if text := eval[string](p, `document.querySelector('#sheet-0').innerText`); !strings.Contains(text, "Nyckel: NYC0000") || !strings.Contains(text, "Plantgatan 000") {
		p.Error("the sheet shows neither key nor address")
	}
	p.picture("names")
	p.pdf("names")
	p.quiet()
}

// look checks what there is to see before anything is touched.
func (p *tab) look(w *sample, width int64) {
	p.Helper()
	if inner := eval[int64](p, `window.innerWidth`); inner != width {
		p.Errorf("the window is %d wide, want %d", inner, width)
	}
	if wide := eval[int64](p, `document.documentElement.scrollWidth`); wide > width {
		p.Errorf("the page is %d wide in a window of %d: see %s", wide, width, eval[[]string](p, fmt.Sprintf(`[].filter.call(document.querySelectorAll('main *, header *'), function (e) {
			return e.getBoundingClientRect().right > %d && !e.closest('.scroll, #gantt-box, #map-box, nav');
		}).map(function (e) { return e.tagName + '.' + e.className; })`, width)))
	}
	if pixels := eval[[]int](p, painted); pixels[0] < 2000 || pixels[1] < 500 {
		p.Errorf("the map is blank: %d pixels, %d in colour", pixels[0], pixels[1])
	}
	used := 0
	for _, route := range w.roster.Routes {
		if len(route.Stops) > 0 {
			used++
		}
	}
	for what, want := range map[string]int{
		`document.querySelectorAll('#gantt .row').length`:                    used,
		`document.querySelectorAll('#gantt .labels li').length`:              used,
		`document.querySelectorAll('#gantt rect.service').length`:            1 + servedStops(w),
		`document.querySelectorAll('#unserved tbody tr').length`:             len(w.roster.Unserved),
		`document.querySelectorAll('#warnings tbody tr').length`:             3,
		`document.querySelectorAll('.sheet').length`:                         used,
		`document.querySelectorAll('.sheet:not([hidden])').length`:           1,
		`document.querySelectorAll('h1').length`:                             1,
		`document.querySelectorAll('img, iframe, object, link').length`:      0,
		`document.querySelectorAll('#map-box .leaflet-control-zoom').length`: 1,
	} {
		if got := eval[int](p, what); got != want {
			p.Errorf("%s is %d, want %d", what, got, want)
		}
	}
	if got := eval[string](p, `document.querySelector('#unserved tbody').textContent`); !strings.Contains(got, hostile) {
		p.Error("the hostile id is not shown as it is written")
	}
	if eval[bool](p, `[].some.call(document.querySelectorAll('button, select, a'), function (e) {
		return !(e.textContent.trim() || e.getAttribute('aria-label'));
	})`) {
		p.Error("something to press has no name")
	}
}

func servedStops(w *sample) int {
	n := 0
	for _, route := range w.roster.Routes {
		for _, stop := range route.Stops {
			if stop.Kind == "visit" {
				n++
			}
		}
	}
	return n
}

// use presses what can be pressed.
func (p *tab) use(name string) {
	p.Helper()
	p.do(chromedp.Func(func(context.Context, *chromedp.Target) error { return nil }))
	eval[bool](p, `(function () { var s = document.querySelector('[data-choose=route]'); s.value = '1'; s.dispatchEvent(new Event('change')); return true; })()`)
	if n := eval[int](p, `document.querySelectorAll('#map-box .order').length`); n == 0 {
		p.Error("a chosen route has no numbers on the map")
	}
	if !eval[bool](p, `!document.getElementById('sheet-1').hidden && document.getElementById('sheet-0').hidden`) {
		p.Error("choosing a route does not turn to its day sheet")
	}
	if eval[int](p, `document.querySelectorAll('.row.chosen').length`) != 1 {
		p.Error("choosing a route does not mark its row")
	}
	eval[bool](p, `document.getElementById('gantt-box').focus() || true`)
	eval[bool](p, `(function () { var b = document.getElementById('gantt-box'); ['ArrowRight', 'ArrowRight', 'ArrowDown'].forEach(function (k) {
		b.dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true })); }); return true; })()`)
	if text := eval[string](p, `document.getElementById('gantt-detail').textContent`); !strings.Contains(text, "M02") {
		p.Errorf("arrow keys do not lead to the second row: %q", text)
	}
	p.picture(name + "-chosen")

	if title := eval[string](p, `document.querySelector('#h-gantt').textContent`); title != "Tidslinje per medarbetare" {
		p.Errorf("the page does not start in Swedish: %q", title)
	}
	eval[bool](p, `document.querySelector('[data-lang=en]').click() || true`)
	for script, want := range map[string]string{
		`document.documentElement.lang`:                                    "en",
		`document.querySelector('#h-gantt').textContent`:                   "Timeline by carer",
		`document.querySelector('.date time').textContent`:                 "Wednesday 14 January 2026",
		`document.querySelector('#map-box').getAttribute('aria-label')[0]`: "M",
		`document.querySelector('[data-choose=route] option').textContent`: "All routes",
		`document.querySelector('#unserved tbody tr td.wide').textContent`: "There is no way there and back from any shift. The roads here do not meet the roads at the base.",
		`document.querySelector('.leaflet-control-zoom-in').title`:         "Zoom in",
		`document.title.split(' ')[0]`:                                     "Day",
	} {
		if got := eval[string](p, script); got != want {
			p.Errorf("in English, %s is %q, want %q", script, got, want)
		}
	}
	if left := eval[[]string](p, `[].map.call(document.querySelectorAll('[data-t]'), function (e) { return e.textContent; }).filter(function (s) { return /[åäöÅÄÖ]/.test(s); })`); len(left) > 0 {
		p.Errorf("left in Swedish: %q", left)
	}
	p.picture(name + "-english")
	eval[bool](p, `document.querySelector('[data-lang=sv]').click() || true`)
	if title := eval[string](p, `document.title`); !strings.HasPrefix(title, "Dagsplan Östra") {
		p.Errorf("back in Swedish the title is %q", title)
	}
}

// paper looks at the page as a printer does.
func (p *tab) paper(w *sample, name string) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.Fatal(err)
	}
	// An A4 page between its margins is 186 mm, narrower than some phones are
	// wide: it must still get the table and not the layout of a phone.
	p.do(chromedp.EmulateViewport(695, 1000))
	for script, want := range map[string]bool{
		`getComputedStyle(document.querySelector('.sheet tr.visit')).display === 'table-row'`:                                 true,
		`document.documentElement.scrollWidth <= 695`:                                                                         true,
		`[].every.call(document.querySelectorAll('.sheet'), function (e) { return e.getBoundingClientRect().height > 100; })`: true,
		`document.getElementById('gantt').getBoundingClientRect().height > 0`:                                                 false,
		`document.querySelector('.top').getBoundingClientRect().height > 0`:                                                   false,
		`document.getElementById('run').getBoundingClientRect().height > 0`:                                                   false,
	} {
		if got := eval[bool](p, script); got != want {
			p.Errorf("on paper, %s is %v", script, got)
		}
	}
	// 12 points are 16 pixels of CSS.
	if small := eval[float64](p, `Math.min.apply(null, [].map.call(document.querySelectorAll('.sheet *'), function (e) {
		return e.getBoundingClientRect().height > 0 && e.textContent.trim() ? parseFloat(getComputedStyle(e).fontSize) : 99; }))`); small < 15.99 {
		p.Errorf("the smallest letters of a day sheet are %.1f pixels, want 16 (12 points)", small)
	}
	p.picture(name + "-sheets")
	p.pdf(name + "-sheets")
	eval[bool](p, `(document.body.dataset.print = 'report') !== ''`)
	if !eval[bool](p, `document.getElementById('gantt').getBoundingClientRect().height > 100 && document.querySelector('.sheet').getBoundingClientRect().height === 0`) {
		p.Error("the report cannot be printed without its day sheets")
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}); err != nil {
		p.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1280, 900))
	eval[bool](p, `window.dispatchEvent(new Event('resize')) || true`)
	p.until("the map is drawn again", painted+`[1] > 500`)
	p.pdf(name + "-report")
}

func (p *tab) pdf(name string) {
	p.Helper()
	folder := os.Getenv("SLINGA_SCREENSHOTS")
	if folder == "" {
		return
	}
	paper, err := chromedp.Call(p.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true)})
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".pdf"), paper.Data, 0o600); err != nil {
		p.Fatal(err)
	}
}
