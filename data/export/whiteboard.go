package export

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/slinga-se/slinga/planner/care"
)

// WhiteboardHTML writes the sheet that hangs in each team's room, on A4
// paper laid across: carers down, blocks of the day across. A team is the
// base that shifts start from. Everybody who passes can read a wall, so it
// shows ids whatever the report knows. A big team runs over several pages.
func WhiteboardHTML(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	css := []template.CSS{template.CSS(inline("board.css"))}
	p := boardPage{book: b, Policy: policy(nil, css), Styles: css, Date: b.at(b.middle()), Teams: b.teams()}
	var out bytes.Buffer
	if err := boardTemplate().Execute(&out, p); err != nil {
		return fmt.Errorf("export: whiteboard: %w", err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// WhiteboardCSV writes the same as rows: one for every visit and break, by
// team, carer and time.
func WhiteboardCSV(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	rows := [][]string{b.header([]string{
		"table.date", "table.base", "table.carer", "table.shift", "table.block", "table.time", "table.kind", "table.visit", "table.client",
	})}
	day := b.date(b.middle())
	for _, team := range b.teams() {
		for _, row := range team.rows() {
			for _, cell := range row.Cells {
				for _, item := range cell.Items {
					rows = append(rows, []string{
						day, team.Name, row.Carer, row.Shift, b.texts.say(cell.Block), item.Time,
						b.texts.say("stop." + string(item.Kind)), item.Visit, item.Client,
					})
				}
			}
		}
	}
	return b.writeCSV(w, rows)
}

type boardPage struct {
	*book
	Policy string
	Styles []template.CSS
	Date   time.Time
	Teams  []boardTeam
}

func (p boardPage) T(key string, args ...any) string { return p.texts.say(key, args...) }
func (p boardPage) FullDate() string                 { return p.texts.date(p.Date) }

// boardTeam is one page.
type boardTeam struct {
	Name    string
	Groups  []boardGroup
	Missing []boardItem // unserved visits of the team's municipality
}

// boardGroup is a table of those who are out at the same time: who starts
// before noon and who starts later share few blocks, and empty columns would
// make the others narrow.
type boardGroup struct {
	Blocks []string // keys of the blocks in which any of them is out
	Rows   []boardRow
}

func (t boardTeam) rows() []boardRow {
	var rows []boardRow
	for _, group := range t.Groups {
		rows = append(rows, group.Rows...)
	}
	return rows
}

type boardRow struct {
	Carer, Shift, Span string
	Cells              []boardCell // one for every block of the group
}

type boardCell struct {
	Block string
	Items []boardItem
}

type boardItem struct {
	Kind          care.StopKind
	Time          string
	Visit, Client string
	Double        bool
	Reason        string
}

// teams sorts routes by team and start of shift.
func (b *book) teams() []boardTeam {
	byTeam := map[string][]*care.Route{}
	towns := map[string]string{} // the municipality of a team
	for _, route := range b.used() {
		name := b.team(b.shifts[route.Shift])
		byTeam[name] = append(byTeam[name], route)
		towns[name] = b.carers[route.Carer].Municipality
	}
	for i := range b.Day.Bases {
		if base := &b.Day.Bases[i]; byTeam[base.ID] != nil {
			towns[base.ID] = base.Municipality
		}
	}
	names := make([]string, 0, len(byTeam))
	for name := range byTeam {
		names = append(names, name)
	}
	slices.Sort(names)
	told := map[string]bool{} // municipalities whose unserved visits are on a page
	teams := make([]boardTeam, 0, len(names))
	for _, name := range names {
		team := b.boardTeam(name, byTeam[name])
		if town := towns[name]; !told[town] {
			told[town] = true
			team.Missing = b.boardMissing(town)
		}
		teams = append(teams, team)
	}
	// A municipality in which nobody is out still has a page for what it
	// misses.
	for _, u := range b.unserved {
		if town := b.clients[b.visits[u.Visit].Client].Municipality; !told[town] {
			told[town] = true
			teams = append(teams, boardTeam{Name: b.town(town), Missing: b.boardMissing(town)})
		}
	}
	return teams
}

func (b *book) boardTeam(name string, routes []*care.Route) boardTeam {
	slices.SortStableFunc(routes, func(x, y *care.Route) int {
		return cmp.Or(cmp.Compare(b.shifts[x.Shift].Start, b.shifts[y.Shift].Start), cmp.Compare(x.Carer, y.Carer))
	})
	var early, late []*care.Route
	for _, route := range routes {
		if h := b.at(b.shifts[route.Shift].Start).Hour(); h >= 4 && h < 12 {
			early = append(early, route)
		} else {
			late = append(late, route)
		}
	}
	team := boardTeam{Name: name}
	for _, group := range [][]*care.Route{early, late} {
		if len(group) > 0 {
			team.Groups = append(team.Groups, b.boardGroup(group))
		}
	}
	return team
}

func (b *book) boardGroup(routes []*care.Route) boardGroup {
	seen := map[string]bool{}
	items := make([]map[string][]boardItem, len(routes))
	for r, route := range routes {
		items[r] = map[string][]boardItem{}
		for i := range route.Stops {
			s := &route.Stops[i]
			if s.Kind != care.StopVisit && s.Kind != care.StopBreak {
				continue
			}
			item := boardItem{Kind: s.Kind, Time: b.hm(s.Start), Visit: s.Visit}
			if s.Kind == care.StopVisit {
				item.Client = b.visits[s.Visit].Client
				item.Double = len(b.companions[s.Visit]) > 1
			}
			block := b.block(s.Start)
			seen[block] = true
			items[r][block] = append(items[r][block], item)
		}
	}
	var group boardGroup
	for _, block := range blocks {
		if seen[block] {
			group.Blocks = append(group.Blocks, block)
		}
	}
	for r, route := range routes {
		shift := b.shifts[route.Shift]
		row := boardRow{Carer: route.Carer, Shift: route.Shift, Span: b.hm(shift.Start) + "–" + b.hm(shift.End)}
		for _, block := range group.Blocks {
			row.Cells = append(row.Cells, boardCell{Block: block, Items: items[r][block]})
		}
		group.Rows = append(group.Rows, row)
	}
	return group
}

func (b *book) boardMissing(town string) []boardItem {
	var items []boardItem
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		if b.clients[v.Client].Municipality != town {
			continue
		}
		item := boardItem{Visit: u.Visit, Client: v.Client, Reason: b.reason(u), Double: v.Carers > 1}
		if len(v.Windows) > 0 {
			item.Time = b.span(care.Window{From: v.Windows[0].From, To: v.Windows[len(v.Windows)-1].To})
		}
		items = append(items, item)
	}
	return items
}

var boardTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("board").Parse(string(asset("board.html.tmpl"))))
})
