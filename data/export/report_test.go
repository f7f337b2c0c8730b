package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/twpayne/go-gpx"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/planner/care"
)

// writers are all documents that there are.
var writers = map[string]func(io.Writer, export.Report) error{
	"html":            export.HTML,
	"whiteboard html": export.WhiteboardHTML,
	"whiteboard csv":  export.WhiteboardCSV,
	"roster csv":      export.RosterCSV,
	"xlsx":            export.XLSX,
	"geojson":         export.GeoJSON,
	"gpx":             func(w io.Writer, in export.Report) error { return export.GPX(w, in, "") },
	"ics":             func(w io.Writer, in export.Report) error { return export.ICS(w, in, "") },
}

func written(t *testing.T, name string, in export.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := writers[name](&out, in); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out.Bytes()
}

func TestSameInputSameBytes(t *testing.T) {
	for name := range writers {
		if !bytes.Equal(written(t, name, newSample(small).report()), written(t, name, newSample(small).report())) {
			t.Errorf("%s differs from itself", name)
		}
	}
}

// Eight at a time on the same day: nothing is shared but what nobody writes.
func TestFromManyGoroutines(t *testing.T) {
	in := newSample(small).report()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for name, write := range writers {
				if err := write(io.Discard, in); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	group.Wait()
}

// A day of 1 500 visits, 120 carers and more than 20 000 pieces of road.
func TestFullDayStaysSmall(t *testing.T) {
	w := newSample(size{carers: 120, clients: 634, visitsEach: 14, sideRoads: 4800})
	in := w.report()
	pieces := 0
	for _, roads := range in.Map.Roads {
		pieces += len(roads.Lines)
	}
	if pieces < 20_000 || len(w.day.Visits) < 1_500 {
		t.Fatalf("the sample is too small to show anything: %d pieces, %d visits", pieces, len(w.day.Visits))
	}
	if n := len(written(t, "html", in)); n > 6_000_000 {
		t.Errorf("the report has %d bytes, want at most 6 000 000", n)
	}
}

// A map of a whole country must not make the page as big as the country.
func TestTooManyRoadsAreThinned(t *testing.T) {
	in := newSample(small).report()
	view := orb.Point{23.15, 65.85}
	for i := range 150_000 {
		east, north := float64(i%400)/1000, float64(i/400)/1000
		in.Map.Roads[0].Lines = append(in.Map.Roads[0].Lines, orb.LineString{
			{view.Lon() + east, view.Lat() + north}, {view.Lon() + east + 0.01, view.Lat() + north + 0.003}, {view.Lon() + east + 0.02, view.Lat() + north},
		})
	}
	page := written(t, "html", in)
	if len(page) > 6_000_000 {
		t.Errorf("the report has %d bytes", len(page))
	}
	if !bytes.Contains(page, []byte(`"thinned":true`)) {
		t.Error("the page does not say that roads are left out")
	}
	if bytes.Contains(written(t, "html", newSample(small).report()), []byte(`"thinned":true`)) {
		t.Error("a small map says that roads are left out")
	}
}

// Roads far from the day's places are not carried along, and the caller's
// lines stay as they were.
func TestMapIsClippedAndNotChanged(t *testing.T) {
	in := newSample(small).report()
	before := len(written(t, "html", in))
	far := make(orb.LineString, 500)
	for i := range far {
		far[i] = orb.Point{10 + float64(i%7)/10, 40 + float64(i)/100}
	}
	in.Map.Roads[0].Lines = append(in.Map.Roads[0].Lines, far)
	kept := in.Map.Roads[3].Lines[0].Clone()
	leg := in.Map.Legs["P01"][1].Line.Clone()
	if after := len(written(t, "html", in)); after != before {
		t.Errorf("a road in another country adds %d bytes", after-before)
	}
	if !kept.Equal(in.Map.Roads[3].Lines[0]) || !leg.Equal(in.Map.Legs["P01"][1].Line) {
		t.Error("writing a report changes its map")
	}
}

// Names, addresses, codes and keys are in the day sheets and nowhere else.
func TestNamesStayInDaySheets(t *testing.T) {
	w := newSample(small)
	in := w.report()
	in.Names = w.names()
	planted := regexp.MustCompile(`Plantnamn Åsa\d+|Plantgatan \d+|PK\d{4}|NYC\d{4}|Plantmedarbetare Örjan\d+`)
	for name := range writers {
		out := written(t, name, in)
		if name == "xlsx" {
			out = unzipped(t, out)
		}
		if name == "html" {
			sheets := regexp.MustCompile(`(?s)<article class="sheet".*?</article>`)
			if n := len(planted.FindAll(bytes.Join(sheets.FindAll(out, -1), nil), -1)); n < 4*len(w.roster.Routes) {
				t.Errorf("the day sheets show %d names and codes", n)
			}
			out = sheets.ReplaceAll(out, nil)
		}
		if found := planted.Find(out); found != nil {
			t.Errorf("%s tells %q", name, found)
		}
	}
	in.Names = nil
	if found := planted.Find(written(t, "html", in)); found != nil {
		t.Errorf("without names the report tells %q", found)
	}
}

// Whoever prints a report while looking for a fault prints no name.
func TestNamesAreNotPrinted(t *testing.T) {
	in := export.Report{Names: newSample(small).names()}
	client, carer := in.Names.Clients["B001"], in.Names.Carers["M01"]
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		if text := fmt.Sprintf(strings.Repeat(verb+" ", 5), in, in.Names, *in.Names, client, carer); strings.Contains(text, "Plant") || strings.Contains(text, "NYC") {
			t.Errorf("%s prints a name", verb)
		}
	}
}

// Somebody whom the names file lacks is shown by id.
func TestMissingNamesFallBackToIds(t *testing.T) {
	in := tiny()
	in.Names = &export.Names{Clients: map[string]export.ClientName{"k1": {Name: "Plantnamn"}}}
	sheet := string(written(t, "html", in))
	sheet = sheet[strings.Index(sheet, `id="sheet-0"`):strings.Index(sheet, `id="sheet-1"`)]
	for _, want := range []string{"<b>Plantnamn</b>", "<b>k2</b>", `id="sheet-h-0">N1</h3>`} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
}

// Calendars and navigators get away with a phone: no task, no client in them.
func TestCalendarsTellNothing(t *testing.T) {
	w := newSample(small)
	for _, name := range []string{"ics", "gpx"} {
		out := string(written(t, name, w.report()))
		for _, v := range w.day.Visits {
			if v.Client != hostile && strings.Contains(out, v.Client) {
				t.Errorf("%s tells the client of a visit", name)
			}
			if strings.Contains(out, v.Task) {
				t.Errorf("%s tells what a visit is for", name)
			}
		}
	}
	if out := string(written(t, "ics", w.report())); strings.Contains(out, "GEO") || strings.Contains(out, "LOCATION") {
		t.Error("a calendar tells where")
	}
}

func unzipped(t *testing.T, book []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // nothing of it is on a disk
	var out bytes.Buffer
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, sheet, rows)
	}
	return out.Bytes()
}

// The sum of what goes out equals what came in, read back by other readers.
func TestDocumentsReadBack(t *testing.T) {
	w := newSample(small)
	in := w.report()
	visits, breaks, legs, stops := 0, 0, 0, 0
	for _, route := range w.roster.Routes {
		for i, stop := range route.Stops {
			stops++
			if stop.Kind == care.StopVisit {
				visits++
			}
			if stop.Kind == care.StopBreak {
				breaks++
			}
			if len(w.legs[route.Shift][i].Line) > 1 {
				legs++
			}
		}
	}

	rows, err := csvRows(written(t, "roster csv", in))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(rows), 1+stops+len(w.roster.Unserved); got != want {
		t.Errorf("the roster has %d rows, want %d", got, want)
	}

	cal, err := ics.ParseCalendar(bytes.NewReader(written(t, "ics", in)))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(cal.Events()); got != visits+breaks {
		t.Errorf("the calendar has %d events, want %d", got, visits+breaks)
	}
	uids := map[string]bool{}
	for _, event := range cal.Events() {
		uids[event.Id()] = true
	}
	if len(uids) != visits+breaks {
		t.Errorf("the calendar has %d different ids, want %d", len(uids), visits+breaks)
	}

	tracks, err := gpx.Read(bytes.NewReader(written(t, "gpx", in)))
	if err != nil {
		t.Fatal(err)
	}
	segments, points := 0, 0
	for _, track := range tracks.Trk {
		segments += len(track.TrkSeg)
	}
	for _, route := range tracks.Rte {
		points += len(route.RtePt)
	}
	if segments != legs || points != stops {
		t.Errorf("the tracks have %d segments and %d points, want %d and %d", segments, points, legs, stops)
	}

	features, err := geojson.UnmarshalFeatureCollection(written(t, "geojson", in))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, f := range features.Features {
		kinds[f.Properties.MustString("kind")]++
	}
	want := map[string]int{"leg": legs, "visit": visits, "break": breaks, "start": 8, "end": 8, "unserved": 6}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("features by kind (-want +got):\n%s", diff)
	}
}

func csvRows(text []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.Comma = ';'
	return r.ReadAll()
}

// A workbook opens, its numbers are numbers, and an id that looks like a
// formula is text.
func TestWorkbook(t *testing.T) {
	in := newSample(small).report()
	f, err := excelize.OpenReader(bytes.NewReader(written(t, "xlsx", in)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // nothing of it is on a disk
	if diff := cmp.Diff([]string{"Översikt", "Slingor", "Ej planerade", "Per kommun", "Per medarbetare"}, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	rows, err := f.GetRows("Slingor")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if row[2] != "=2+3" {
			continue
		}
		cell := fmt.Sprintf("C%d", i+1)
		if formula, err := f.GetCellFormula("Slingor", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q (%v)", cell, formula, err)
		}
	}
	if kind, err := f.GetCellType("Slingor", "L3"); err != nil || (kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber) {
		t.Errorf("the drive in L3 is not a number: %v (%v)", kind, err)
	}
	rows, err = f.GetRows("Ej planerade")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(in.Roster.Unserved) {
		t.Errorf("%d rows of unserved visits", len(rows))
	}
}

// The break after a leg: the sheet says to drive at 02:50, rest there, and
// that the visit needs no way.
func TestSheetOfABreakAfterTheWay(t *testing.T) {
	text := textOf(t, written(t, "html", tiny()), "sheet-0")
	for _, want := range []string{
		// The clock goes back while the carer is on the road.
		"02:08B –02:29B Kör 02:50A 18 min h2 Rast, 21 min",
		"3 02:30B –02:40B på plats k2 h2 Nattillsyn , 10 min",
		"2 02:30A –02:50A på plats k1 h1 Förflyttning , 20 min Tillsammans med N2",
		"1 00:43 –00:58 Kör 00:30 13 min k1 h1 Insulin , 15 min Livsviktigt",
		"3 besök · 34 min körning · 31 km",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, text)
		}
	}
}

// textOf is the text of one element of a page, words parted by single spaces.
func textOf(t *testing.T, page []byte, id string) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	var walk func(*html.Node, bool)
	walk = func(n *html.Node, inside bool) {
		for _, a := range n.Attr {
			inside = inside || a.Key == "id" && a.Val == id
		}
		if n.Type == html.TextNode && inside {
			words = append(words, strings.Fields(n.Data)...)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(root, false)
	return strings.Join(words, " ")
}

// Every reason is in the report in plain words, with its count.
func TestReasonsInPlainWords(t *testing.T) {
	for lang, want := range map[export.Lang][]string{
		export.Swedish: {"Vägarna här hänger inte ihop med vägarna vid hemtjänstlokalen", "Får göra det: 1 pass", "Hinner: 3 pass", "En låsning eller en koppling", "Prövade pass: 7", "kostar mer än att utelämna det"},
		export.English: {"The roads here do not meet the roads at the base", "Shifts whose carer may: 1", "Shifts that can be there: 3", "A lock or a link", "Shifts tried: 7", "costs more than leaving it out"},
	} {
		in := newSample(small).report()
		in.Lang = lang
		text := textOf(t, written(t, "html", in), "unserved")
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: the report lacks %q", lang, words)
			}
		}
	}
}

// An id changes no structure: the page of hostile ids has the same elements as
// the page of tame ones, and its data can be read.
func FuzzIdsStayText(f *testing.F) {
	for _, id := range []string{hostile, "--><svg onload=alert(1)>", "{{.Day}}", "]]>", "\u2028", "`${1}`", "'; DROP", "\\u003c/script>", "javascript:1", "\x00", "é"} {
		f.Add(id)
	}
	shape := func(t *testing.T, id string) ([]string, map[string]any) {
		in := tiny()
		in.Day.Name, in.Day.Note, in.Source = id, id, id
		in.Day.Visits[0].ID, in.Roster.Routes[0].Stops[1].Visit = id, id
		in.Day.Visits[0].Task = id
		in.Day.Clients[1].ID, in.Day.Visits[2].Client, in.Day.Visits[3].Client = id+"k", id+"k", id+"k"
		in.Day.Carers[1].ID, in.Day.Shifts[1].Carer, in.Roster.Routes[1].Carer = id+"n", id+"n", id+"n"
		in.Day.Shifts[0].Vehicle = id + "v"
		in.Map.Attribution = id
		in.Roster.Run.Options = id
		in.Names = &export.Names{Clients: map[string]export.ClientName{"k1": {Name: id + "x", Address: id + "y", DoorCode: id + "z", KeyNumber: id + "w"}}}
		var out bytes.Buffer
		if err := export.HTML(&out, in); err != nil {
			t.Fatal(err)
		}
		// The styles and scripts are the same for every id and slow to read.
		page := out.Bytes()
		page = page[bytes.Index(page, []byte("</head>")):]
		page = page[:bytes.LastIndex(page, []byte("<script>/* @preserve"))]
		var tags []string
		var data map[string]any
		isData := false
		z := html.NewTokenizer(bytes.NewReader(page))
		for {
			switch kind := z.Next(); kind {
			case html.ErrorToken:
				return tags, data
			case html.TextToken:
				if isData {
					if err := json.Unmarshal(z.Text(), &data); err != nil {
						t.Fatalf("the page's data: %v", err)
					}
				}
			case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
				token := z.Token()
				isData = false
				var keys []string
				for _, a := range token.Attr {
					keys = append(keys, a.Key)
					isData = isData || a.Key == "id" && a.Val == "data"
				}
				tags = append(tags, token.Data+" "+strings.Join(keys, " "))
			}
		}
	}
	var want []string
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" || taskWord.MatchString(id) {
			return // nothing, or a task that the page knows, is shown in another way
		}
		if want == nil {
			want, _ = shape(t, "id 1")
		}
		got, data := shape(t, id)
		if !slices.Equal(want, got) {
			t.Errorf("an id changes the page (-tame +hostile):\n%s", cmp.Diff(want, got))
		}
		if data == nil {
			t.Error("the page has no data")
		}
	})
}

// taskWord matches what could be the name of a task.
var taskWord = regexp.MustCompile(`^[a-z-]+$`)

// A roster that does not belong to its day is refused, by position and
// without a word of what stands there.
func TestPartsThatDoNotBelongTogether(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(*export.Report)
		want string
	}{
		"no day":           {func(in *export.Report) { in.Day = nil }, "a day and a roster"},
		"no roster":        {func(in *export.Report) { in.Roster = nil }, "a day and a roster"},
		"language":         {func(in *export.Report) { in.Lang = "secret" }, "want sv or en"},
		"zone":             {func(in *export.Report) { in.Day.TimeZone = "secret" }, "day.timeZone"},
		"shift":            {func(in *export.Report) { in.Roster.Routes[1].Shift = "secret" }, "roster.routes[1].shift"},
		"carer":            {func(in *export.Report) { in.Roster.Routes[1].Carer = "secret" }, "roster.routes[1].carer"},
		"another's shift":  {func(in *export.Report) { in.Roster.Routes[0].Carer = "N2" }, "another carer's"},
		"place":            {func(in *export.Report) { in.Roster.Routes[0].Stops[2].Place = "secret" }, "roster.routes[0].stops[2].place"},
		"visit":            {func(in *export.Report) { in.Roster.Routes[0].Stops[1].Visit = "secret" }, "roster.routes[0].stops[1].visit"},
		"client":           {func(in *export.Report) { in.Day.Visits[0].Client = "secret" }, "roster.routes[0].stops[1]"},
		"unserved":         {func(in *export.Report) { in.Roster.Unserved[0].Visit = "secret" }, "roster.unserved[0].visit"},
		"unserved client":  {func(in *export.Report) { in.Day.Visits[3].Client = "secret" }, "roster.unserved[0]"},
		"too few map legs": {func(in *export.Report) { in.Map.Legs["s1"] = in.Map.Legs["s1"][:2] }, "2 legs for 6 stops"},
	} {
		for document, write := range writers {
			in := tiny()
			c.harm(&in)
			err := write(io.Discard, in)
			if !errors.Is(err, export.ErrInput) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: got %v, want an error that tells %q", document, name, err, c.want)
			} else if c.want != "day.timeZone" && strings.Contains(err.Error(), "secret") {
				t.Errorf("%s, %s: the error repeats what it found", document, name)
			}
		}
	}
}

// A day on which nobody works is still a report.
func TestEmptyDay(t *testing.T) {
	in := tiny()
	in.Roster = &care.Roster{Version: care.FormatVersion}
	in.Map = nil
	in.Day.Bases = nil
	for name := range writers {
		written(t, name, in)
	}
}
