package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	ucli "github.com/urfave/cli/v2"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/data/interop"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/planner/care"
)

func reportCommand(s *session) *ucli.Command {
	return &ucli.Command{
		Name:  "report",
		Usage: "write the HTML report of a roster, with names for the printed sheets if wanted",
		Description: "The report is one file with map, Gantt, figures and a day sheet per carer; it opens with no network.\n" +
			"With --names the day sheets show names, addresses, door codes and keys: keep that file to yourself.\n\n" +
			"Example:\n  slinga report --map isle-of-man --day day --roster plan/roster.json --names names.csv --out sheets.html",
		Flags: []ucli.Flag{
			dayFlag, dateFlag, rosterFlag, mapFlag, borders, bordersID, bordersName, snapFlag, stateFlag, presetFlag, langFlag,
			&ucli.StringFlag{Name: "names", Usage: "names.csv `FILE`, joined to the day sheets only"},
			&ucli.StringFlag{Name: "out", Usage: "the HTML `FILE` to write", Value: "report.html"},
			jsonFlag,
		},
		Action: func(c *ucli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			roster, err := loadRoster(c.String("roster"))
			if err != nil {
				return err
			}
			out := c.String("out")
			if err := canWriteFile(out); err != nil {
				return err
			}
			var names *export.Names
			if file := c.String("names"); file != "" {
				if names, err = loadNames(file); err != nil {
					return err
				}
			}
			p := newProgress(s)
			defer p.done()
			m, err := measure(c, s, p)
			if err != nil {
				return err
			}
			defer m.Close()
			warnOtherDay(s, m.day, roster)
			if names != nil {
				warnNames(s, m.day, names)
			}
			in, err := m.reportOf(roster, lang(c), p)
			if err != nil {
				return err
			}
			in.Names = names
			mode := forAll
			if names != nil {
				mode = forOwner
			}
			if err := writeFile(out, mode, func(w io.Writer) error { return export.HTML(w, in) }); err != nil {
				return asInput(err)
			}
			if c.Bool("json") {
				return printJSON(s, reportJSON{
					File: out, Language: string(lang(c)), Named: names != nil,
					Routes: usedRoutes(roster), Visits: roster.Figures.Total.Visits, Unserved: len(roster.Unserved),
				})
			}
			fmt.Fprintln(s.Out, lang(c).say("report", out))
			return nil
		},
	}
}

// reportJSON is what report --json prints.
type reportJSON struct {
	File     string `json:"file"`
	Language string `json:"language"`
	Named    bool   `json:"named"`  // sheets show names
	Routes   int    `json:"routes"` // with a sheet each
	Visits   int    `json:"visits"` // served
	Unserved int    `json:"unserved"`
}

func usedRoutes(r *care.Roster) int {
	n := 0
	for i := range r.Routes {
		if len(r.Routes[i].Stops) > 0 {
			n++
		}
	}
	return n
}

// asInput marks an export's complaint about a roster that does not fit the
// day as the input's fault.
func asInput(err error) error {
	if errors.Is(err, export.ErrInput) {
		return inputError{err}
	}
	return err
}

// loadNames reads names.csv and hands it to the day sheets, and nothing else.
func loadNames(file string) (*export.Names, error) {
	if err := mustOpen("the names", file); err != nil {
		return nil, err
	}
	read, err := table.ReadNames(file)
	if err != nil {
		return nil, inputError{err}
	}
	names := &export.Names{
		Clients: make(map[string]export.ClientName, len(read.Clients)),
		Carers:  make(map[string]export.CarerName, len(read.Carers)),
	}
	for id, n := range read.Clients {
		names.Clients[id] = export.ClientName{Name: n.Name, Address: n.Address, DoorCode: n.DoorCode, KeyNumber: n.KeyNumber}
	}
	for id, n := range read.Carers {
		names.Carers[id] = export.CarerName{Name: n.Name}
	}
	return names, nil
}

// warnNames tells how far the names reach when they do not reach everybody. It
// repeats no id: a file of names may hold somebody of another unit.
func warnNames(s *session, day *care.Day, names *export.Names) {
	known := make(map[string]bool)
	clients, carers := 0, 0
	for i := range day.Clients {
		id := day.Clients[i].ID
		known[id] = true
		if _, ok := names.Clients[id]; ok {
			clients++
		}
	}
	matched := make(map[string]bool) // of ids in names
	for id := range names.Clients {
		matched[id] = known[id]
	}
	clear(known)
	for i := range day.Carers {
		id := day.Carers[i].ID
		known[id] = true
		if _, ok := names.Carers[id]; ok {
			carers++
		}
	}
	for id := range names.Carers {
		matched[id] = matched[id] || known[id]
	}
	strangers := 0
	for _, ok := range matched {
		if !ok {
			strangers++
		}
	}
	if clients == len(day.Clients) && carers == len(day.Carers) && strangers == 0 {
		return
	}
	rows := fmt.Sprintf("%d rows match no id", strangers)
	if strangers == 1 {
		rows = "1 row matches no id"
	}
	fmt.Fprintf(s.Err, "slinga: names for %d of %d clients and %d of %d carers; %s\n",
		clients, len(day.Clients), carers, len(day.Carers), rows)
}

// reportOf gathers what the documents of a roster show.
func (m *measured) reportOf(roster *care.Roster, lang language, p *progress) (export.Report, error) {
	day := *m.day
	day.Note = m.note
	in := export.Report{
		Day: &day, Roster: roster, Lang: export.Lang(lang),
		Findings: m.travel.Findings, Source: m.travel.Source,
	}
	if m.road == nil {
		return in, nil
	}
	p.step("drawing the map")
	defer p.done()
	drawing, err := m.draw(roster)
	if err != nil {
		return in, err
	}
	in.Map = drawing
	return in, nil
}

// write puts every document of a planned day into a folder, or none.
func (m *measured) write(dir string, r *planned, lang language, p *progress) error {
	in, err := m.reportOf(r.roster, lang, p)
	if err != nil {
		return err
	}
	p.step("writing the documents")
	defer p.done()
	with := func(f func(io.Writer, export.Report) error) func(io.Writer) error {
		return func(w io.Writer) error { return f(w, in) }
	}
	documents := []document{
		{"day.json", forAll, func(w io.Writer) error { return care.WriteDay(w, m.day) }},
		{"roster.json", forAll, func(w io.Writer) error { return care.WriteRoster(w, r.roster) }},
		{"roster.csv", forAll, with(export.RosterCSV)},
		{"roster.xlsx", forAll, with(export.XLSX)},
		{"routes.geojson", forAll, with(export.GeoJSON)},
		{"whiteboard.html", forAll, with(export.WhiteboardHTML)},
		{"report.html", forAll, with(export.HTML)},
	}
	// A day that came from another service goes back in its own form.
	switch m.form {
	case "vroom":
		absolute := m.day.Origin.Format(time.DateOnly) != interop.VROOMDate
		documents = append(documents, document{"solution.vroom.json", forAll, func(w io.Writer) error {
			_, err := interop.WriteVROOM(w, m.day, r.roster, absolute)
			return err
		}})
	case "uhhc":
		documents = append(documents, document{"solution.uhhc.json", forAll, func(w io.Writer) error {
			_, err := interop.WriteUHHC(w, m.day, r.roster)
			return err
		}})
	}
	seen := make(map[string]bool)
	for i := range r.roster.Routes {
		carer := r.roster.Routes[i].Carer
		if len(r.roster.Routes[i].Stops) == 0 || seen[carer] {
			continue
		}
		seen[carer] = true
		documents = append(documents,
			document{"gpx/" + fileName(carer) + ".gpx", forAll, func(w io.Writer) error { return export.GPX(w, in, carer) }},
			document{"ics/" + fileName(carer) + ".ics", forOwner, func(w io.Writer) error { return export.ICS(w, in, carer) }})
	}
	return asInput(writeFolder(dir, append(leftovers(dir, documents), documents...), nil))
}

// leftovers lists what an earlier plan left in the folder and this one does
// not write again: routes and calendars of carers who are off today would
// otherwise be handed out with today's date on the folder.
func leftovers(dir string, documents []document) (gone []document) {
	written := make(map[string]bool, len(documents))
	for _, d := range documents {
		written[d.name] = true
	}
	for _, each := range []struct{ folder, kind string }{{"gpx", ".gpx"}, {"ics", ".ics"}, {".", ".json"}} {
		entries, err := os.ReadDir(filepath.Join(dir, each.folder))
		if err != nil {
			continue // nothing is left there
		}
		for _, e := range entries {
			name := path.Join(each.folder, e.Name())
			ours := each.folder != "." || name == "solution.vroom.json" || name == "solution.uhhc.json"
			if ours && !e.IsDir() && path.Ext(name) == each.kind && !written[name] {
				gone = append(gone, document{name: name})
			}
		}
	}
	return gone
}

// fileName keeps the letters, digits and marks of an id that every file
// system takes, and writes the others as their code points, so that two ids
// never share a name.
func fileName(id string) string {
	var out []rune
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.' && len(out) > 0:
			out = append(out, r)
		default:
			out = append(out, []rune(fmt.Sprintf("_%x_", r))...)
		}
	}
	return string(out)
}
