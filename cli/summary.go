package cli

import (
	"bytes"
	"fmt"
	"io"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/slinga-se/slinga/planner/care"
)

// printable writes to a terminal, which obeys control characters, what others
// have written: names in a map, texts in a condition.
type printable struct{ w io.Writer }

func (p printable) Write(b []byte) (int, error) {
	clean := bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, b)
	if _, err := p.w.Write(clean); err != nil {
		return 0, err
	}
	return len(b), nil
}

// newTable is a table in the one style of this program.
func newTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(printable{w})
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Options.SeparateHeader = true
	style.Format.Header = text.FormatDefault
	style.Format.Footer = text.FormatDefault
	t.SetStyle(style)
	return t
}

// mostListed is how many lines of a kind are shown; files have them all.
const mostListed = 20

// printSummary says what a scheduler asks first: is it legal, who is not
// visited and why, how much of the day is driving.
func printSummary(w io.Writer, m *measured, r *planned, l language) {
	f := &r.roster.Figures
	day := m.day
	fmt.Fprintf(w, "%s, %s\n", cmpOr(day.Name, l.say("day")), l.date(day.At(0)))
	if m.note != "" {
		fmt.Fprintln(w, m.note)
	}
	fmt.Fprintln(w, l.say("head.counts", len(day.Clients), len(day.Visits), len(day.Carers), len(day.Shifts),
		l.number(r.took.Seconds(), 1), r.roster.Run.Iterations, r.roster.Run.Seed))
	if r.stopped {
		fmt.Fprintln(w, l.say("head.stopped"))
	}
	fmt.Fprintln(w)
	printSums(w, day, f, l)
	fmt.Fprint(w, "\n", l.say("driving", l.percent(f.Total.DriveSeconds, f.Total.ShiftSeconds),
		l.percent(free(&f.Total), f.Total.ShiftSeconds), len(r.report.Breaches), f.Cost))
	sep := ": "
	for _, term := range f.Terms {
		if term.Cost != 0 {
			fmt.Fprintf(w, "%s%s %d", sep, cmpOr(l.pick(termTexts[term.Name]), term.Name), term.Cost)
			sep = ", "
		}
	}
	fmt.Fprintln(w, ".")
	printUnserved(w, day, r.roster, l)
	printFindings(w, m.travel, l)
}

// printSums is the table of figures by municipality.
func printSums(w io.Writer, day *care.Day, f *care.Figures, l language) {
	t := newTable(w)
	head := table.Row{""}
	for _, key := range []string{"visits", "unserved", "shifts", "hours", "driving", "client", "handling", "waiting", "km"} {
		head = append(head, l.say("col."+key))
	}
	t.AppendHeader(head)
	names := make(map[string]string, len(day.Municipalities))
	for _, each := range day.Municipalities {
		names[each.ID] = each.Name
	}
	for i := range f.Municipalities {
		t.AppendRow(sumsRow(cmpOr(names[f.Municipalities[i].ID], f.Municipalities[i].ID), &f.Municipalities[i].Sums, l))
	}
	t.AppendFooter(sumsRow(l.say("total"), &f.Total, l))
	var right []table.ColumnConfig
	for n := 2; n <= len(head); n++ {
		right = append(right, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	t.Render()
	shifts := 0
	for i := range f.Municipalities {
		shifts += f.Municipalities[i].Shifts
	}
	if shifts > f.Total.Shifts {
		fmt.Fprintln(w, l.say("shared"))
	}
}

// free is the paid time that the columns of the table leave over. It is told
// for the whole day only: municipalities share a shift's length by service, and
// so the travel that one of them causes may exceed what it is given.
func free(s *care.Sums) int64 {
	return s.ShiftSeconds - s.DriveSeconds - s.ServiceSeconds - s.HandlingSeconds - s.WaitSeconds
}

func sumsRow(name string, s *care.Sums, l language) table.Row {
	return table.Row{
		name, s.Visits, s.Unserved, s.Shifts, l.number(float64(s.ShiftSeconds)/3600, 0),
		l.percent(s.DriveSeconds, s.ShiftSeconds), l.percent(s.ServiceSeconds, s.ShiftSeconds),
		l.percent(s.HandlingSeconds, s.ShiftSeconds), l.percent(s.WaitSeconds, s.ShiftSeconds),
		l.number(float64(s.Metres)/1000, 0),
	}
}

func printUnserved(w io.Writer, day *care.Day, r *care.Roster, l language) {
	fmt.Fprintf(w, "\n%s\n", l.say("unserved", len(r.Unserved), len(day.Visits)))
	visits := make(map[string]*care.Visit, len(day.Visits))
	for i := range day.Visits {
		visits[day.Visits[i].ID] = &day.Visits[i]
	}
	for i, u := range r.Unserved {
		if i == mostListed {
			fmt.Fprintln(w, " ", l.say("more.roster", len(r.Unserved)-i))
			break
		}
		v := visits[u.Visit]
		why := l.pick(reasonTexts[u.Reason])
		if u.Finding != "" {
			why += " (" + l.pick(findingTexts[u.Finding]) + ")"
		}
		fmt.Fprintf(w, "  %-10s %-14s %s\n", u.Visit, v.Task, l.say("unserved.row", v.Priority,
			l.clock(day, v.Windows[0].From), l.clock(day, v.Windows[len(v.Windows)-1].To), why))
	}
}

func printFindings(w io.Writer, t *care.Travel, l language) {
	if len(t.Findings) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", l.say("places", len(t.Findings)))
	for i, f := range t.Findings {
		if i == mostListed {
			fmt.Fprintln(w, " ", l.say("more.report", len(t.Findings)-i))
			break
		}
		fmt.Fprintf(w, "  %-10s %s", f.Place, l.pick(findingTexts[f.Kind]))
		if f.Metres > 0 {
			fmt.Fprintf(w, ", %d m", f.Metres)
		}
		if f.By != "" {
			fmt.Fprintf(w, ": %s", f.By)
		}
		if f.Mode != "" {
			fmt.Fprintf(w, " (%s)", l.pick(modeTexts[f.Mode]))
		}
		fmt.Fprintln(w)
	}
}
