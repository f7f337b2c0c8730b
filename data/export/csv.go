package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/planner/care"
)

// RosterCSV writes every stop of every route and, after them, every unserved
// visit. In Swedish it is the form that a Swedish spreadsheet opens by
// double-click: semicolons, CRLF and a byte order mark; in English commas.
//
// Clock times are local, HH:MM:SS; the column "utc" tells apart the hour that
// a clock shows twice in autumn, and the date is that of the stop's start.
func RosterCSV(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	return b.writeCSV(w, b.rosterRows())
}

// rosterColumns are the headers of the roster as keys of the text table.
var rosterColumns = []string{
	"table.date", "table.shift", "table.carer", "table.order", "table.kind", "table.visit",
	"table.client", "table.place", "table.municipality", "table.depart", "table.leave",
	"table.drive", "table.metres", "table.handling", "table.arrive", "table.wait",
	"table.start", "table.end", "table.offset", "table.reason",
}

func (b *book) header(keys []string) []string {
	row := make([]string, len(keys))
	for i, key := range keys {
		row[i] = b.texts.say(key)
	}
	return row
}

func (b *book) rosterRows() [][]string {
	rows := [][]string{b.header(rosterColumns)}
	for _, route := range b.used() {
		order := 0
		for i := range route.Stops {
			s := &route.Stops[i]
			var client, town, number string
			if s.Kind == care.StopVisit {
				order++
				number = strconv.Itoa(order)
				c := b.clients[b.visits[s.Visit].Client]
				client, town = c.ID, c.Municipality
			}
			rows = append(rows, []string{
				b.date(s.Start), route.Shift, route.Carer, number,
				b.texts.word("stop.", string(s.Kind)), s.Visit, client, s.Place, town,
				b.hms(s.Depart), whole(s.Leave), whole(s.Drive), whole(s.Metres),
				whole(s.Handling), b.hms(s.Arrive), whole(s.Wait), b.hms(s.Start),
				b.hms(s.End), b.offset(s.Start), "",
			})
		}
	}
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		c := b.clients[v.Client]
		place := v.Place
		if place == "" {
			place = c.Place
		}
		row := make([]string, len(rosterColumns))
		row[0], row[4], row[5] = b.date(b.middle()), b.texts.say("stop.unserved"), u.Visit
		row[6], row[7], row[8] = c.ID, place, c.Municipality
		row[19] = b.reason(u)
		rows = append(rows, row)
	}
	return rows
}

// middle is noon of the planned day, whose date is the day's date.
func (b *book) middle() care.Time { return 12 * 3600 }

// reason is why a visit is unserved, in plain words.
func (b *book) reason(u care.Unserved) string {
	text := string(u.Reason)
	if _, ok := b.texts["reason."+text]; ok {
		text = b.texts.say("reason."+text, u.Shifts)
	}
	if u.Finding != "" {
		text += " " + b.texts.word("finding.", string(u.Finding)) + "."
	}
	return text
}

func whole[T ~int32 | ~int64 | ~int](n T) string { return strconv.FormatInt(int64(n), 10) }

// writeCSV writes rows in the manner of the language.
func (b *book) writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if b.Lang == Swedish {
		out.Comma = ';'
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = inert(cell)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from running a cell as a formula: ids come from
// outside, and "=HYPERLINK(...)" is an id like any other.
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !isOffset(cell) {
		return "'" + cell
	}
	return cell
}

// isOffset says whether a cell is a distance to UTC such as +01:00, which no
// spreadsheet takes for a formula.
func isOffset(cell string) bool {
	if len(cell) != 6 || cell[3] != ':' {
		return false
	}
	for _, i := range []int{1, 2, 4, 5} {
		if cell[i] < '0' || cell[i] > '9' {
			return false
		}
	}
	return true
}
