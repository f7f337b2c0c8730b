package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/planner/care"
)

// HTML writes the report: one file with everything in it, which opens from a
// disk or a mail without a server and without a network.
//
// The page forbids itself all network access and runs no script but the two
// that it was written with: their hashes stand in its content security policy.
// So even an id that slipped through escaping could not run.
func HTML(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	data, err := json.Marshal(b.pageData())
	if err != nil {
		return fmt.Errorf("export: page data: %w", err)
	}
	p := page{
		book:    b,
		Policy:  policy(scripts(), styles()),
		Styles:  styles(),
		Scripts: scripts(),
		// encoding/json writes <, > and & as escapes, so the data cannot end
		// the element that holds it.
		Data:           template.JS(data),
		Date:           b.at(b.middle()),
		Summary:        b.summary(),
		Gantt:          b.gantt(),
		Routes:         b.routeLabels(),
		Missing:        b.missing(),
		Municipalities: b.groupRows(b.Roster.Figures.Municipalities, b.town),
		Carers:         b.groupRows(b.Roster.Figures.Carers, func(id string) string { return id }),
		Total:          b.figureRow("", b.Roster.Figures.Total),
		Terms:          b.termRows(),
		Warnings:       b.warnings(),
		Sheets:         b.daySheets(),
	}
	var out bytes.Buffer
	if err := reportTemplate().Execute(&out, p); err != nil {
		return fmt.Errorf("export: report: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// page is what the template of the report reads.
type page struct {
	*book
	Policy         string
	Styles         []template.CSS
	Scripts        []template.JS
	Data           template.JS
	Date           time.Time
	Summary        []tile
	Gantt          ganttChart
	Routes         []routeLabel
	Missing        []missingRow
	Municipalities []figureRow
	Carers         []figureRow
	Total          figureRow
	Terms          []termRow
	Warnings       []warning
	Sheets         []daySheet
}

// The methods below are the vocabulary of the template.

func (p page) T(key string, args ...any) template.HTML      { return p.live(key, args...) }
func (p page) Text(key string) string                       { return p.texts.say(key) }
func (p page) Number(v float64, decimals int) template.HTML { return p.liveNumber(v, decimals) }
func (p page) FullDate() template.HTML                      { return p.liveDate(p.Date) }
func (p page) Title() string                                { return p.texts.say("report.title") }
func (p page) Hash() string                                 { return short(p.Roster.Run.DayHash) }
func (p page) TotalCost() float64                           { return float64(p.Roster.Figures.Cost) }
func (p page) Languages() []Lang                            { return []Lang{Swedish, English} }
func (p page) LanguageName(l Lang) string {
	return map[Lang]string{Swedish: "Svenska", English: "English"}[l]
}

func (p page) Kinds() []string                    { return []string{"service", "drive", "handling", "wait", "break"} }
func (p page) KindText(kind string) template.HTML { return p.live("kind." + kind) }

// short is the start of a hash, enough to compare two papers by eye.
func short(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}

// reportTemplate is parsed once; it is part of the program.
var reportTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(string(asset("report.html.tmpl"))))
})

// styles are the style sheets of the report, in order.
var styles = sync.OnceValue(func() []template.CSS {
	return []template.CSS{
		template.CSS(inline("leaflet-1.9.4/leaflet.css")),
		template.CSS(inline("report.css")),
	}
})

// scripts are the programs of the report, in order. The last line of Leaflet's
// file points a debugger to a map file that is not there; a page that reads
// nothing but itself leaves it out.
var scripts = sync.OnceValue(func() []template.JS {
	leaflet, _, _ := strings.Cut(inline("leaflet-1.9.4/leaflet.js"), "\n//# sourceMappingURL=")
	return []template.JS{
		template.JS(leaflet),
		template.JS(inline("report.js")),
	}
})

// inline is an asset as a browser sees it inside a page, where every line ends
// in a line feed. Hashes of the content security policy are taken of that.
func inline(name string) string {
	return strings.ReplaceAll(string(asset(name)), "\r\n", "\n")
}

// policy is the page's content security policy: nothing from anywhere, except
// these scripts and styles, and images that the page itself holds.
func policy(scripts []template.JS, styles []template.CSS) string {
	var p strings.Builder
	p.WriteString("default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; script-src")
	for _, s := range scripts {
		p.WriteString(" '" + digest(string(s)) + "'")
	}
	p.WriteString("; style-src")
	for _, s := range styles {
		p.WriteString(" '" + digest(string(s)) + "'")
	}
	return p.String()
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// pageData is what the page's script reads. It holds ids, times and
// coordinates, never a name.
type pageData struct {
	Lang   Lang           `json:"lang"`
	Texts  map[Lang]texts `json:"texts"`
	Map    pageMap        `json:"map"`
	Routes []pageRoute    `json:"routes"`
}

type pageRoute struct {
	Carer string     `json:"carer"`
	Shift string     `json:"shift"`
	Stops []pageStop `json:"stops"`
}

// pageStop is a stop with its times as a clock shows them. Fields that are
// empty are left out.
type pageStop struct {
	Kind     care.StopKind `json:"k"`
	Visit    string        `json:"v,omitempty"`
	Client   string        `json:"c,omitempty"`
	Task     string        `json:"t,omitempty"`
	Place    string        `json:"p"`
	Lat      int64         `json:"y"` // steps of 1e-5 degrees
	Lon      int64         `json:"x"`
	Order    int           `json:"n,omitempty"`
	Depart   string        `json:"d,omitempty"`
	Arrive   string        `json:"a,omitempty"`
	Start    string        `json:"s"`
	End      string        `json:"e"`
	Drive    care.Seconds  `json:"dr,omitempty"`
	Handling care.Seconds  `json:"h,omitempty"`
	Wait     care.Seconds  `json:"w,omitempty"`
	Metres   care.Metres   `json:"m,omitempty"`
	Others   []string      `json:"o,omitempty"` // carers of the same visit
	Line     string        `json:"l,omitempty"` // the way here, encoded
	Straight bool          `json:"f,omitempty"` // the way is not drawn by a map
}

func (b *book) pageData() pageData {
	data := pageData{Lang: b.Lang, Texts: tables(), Map: b.pageMap(), Routes: []pageRoute{}}
	tolerance := b.legTolerance()
	for _, route := range b.used() {
		r := pageRoute{Carer: route.Carer, Shift: route.Shift}
		order := 0
		for i := range route.Stops {
			stop := b.pageStop(route, i, tolerance)
			if stop.Kind == care.StopVisit {
				order++
				stop.Order = order
			}
			r.Stops = append(r.Stops, stop)
		}
		data.Routes = append(data.Routes, r)
	}
	return data
}

func (b *book) pageStop(route *care.Route, i int, tolerance float64) pageStop {
	s := &route.Stops[i]
	place := b.places[s.Place]
	lat, lon := onGrid(orb.Point{place.Lon, place.Lat})
	p := pageStop{
		Kind: s.Kind, Visit: s.Visit, Place: s.Place, Lat: lat, Lon: lon,
		Start: b.hm(s.Start), End: b.hm(s.End),
		Drive: s.Drive, Handling: s.Leave + s.Handling, Wait: s.Wait, Metres: s.Metres,
	}
	if s.Drive > 0 || p.Handling > 0 {
		p.Depart, p.Arrive = b.hm(s.Depart), b.hm(s.Arrive)
	}
	if s.Kind == care.StopVisit {
		visit := b.visits[s.Visit]
		p.Client, p.Task, p.Others = visit.Client, visit.Task, b.others(s.Visit, route.Carer)
	}
	if leg, drawn := b.leg(route, i); len(leg.Line) > 1 {
		p.Line, p.Straight = encodeLine(simplified(leg.Line, tolerance)), !drawn
	}
	return p
}
