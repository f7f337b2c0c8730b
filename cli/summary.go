package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/slinga-se/slinga/planner/care"
)

// newTable is a table in the one style of this program.
func newTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Options.SeparateHeader = true
	style.Format.Header = text.FormatDefault
	style.Format.Footer = text.FormatDefault
	t.SetStyle(style)
	return t
}

// printSummary says what a scheduler asks first: is it legal, who is not
// visited and why, how much of the day is driving.
func printSummary(w io.Writer, m *measured, r *planned) error {
	f := &r.roster.Figures
	day := m.day
	fmt.Fprintf(w, "%s, %s\n", cmpOr(day.Name, "Day"), day.At(0).Format("Monday 2 January 2006"))
	if day.Note != "" {
		fmt.Fprintln(w, day.Note)
	}
	fmt.Fprintf(w, "%d clients, %d visits, %d carers, %d shifts; searched %s, %d iterations, seed %d\n\n",
		len(day.Clients), len(day.Visits), len(day.Carers), len(day.Shifts),
		r.took.Round(100*time.Millisecond), r.roster.Run.Iterations, r.roster.Run.Seed)

	t := newTable(w)
	t.AppendHeader(table.Row{"", "visits", "unserved", "shifts", "paid hours", "driving", "with client", "handling", "waiting", "km"})
	names := make(map[string]string, len(day.Municipalities))
	for _, each := range day.Municipalities {
		names[each.ID] = each.Name
	}
	for i := range f.Municipalities {
		t.AppendRow(sumsRow(cmpOr(names[f.Municipalities[i].ID], f.Municipalities[i].ID), &f.Municipalities[i].Sums))
	}
	t.AppendFooter(sumsRow("total", &f.Total))
	var right []table.ColumnConfig
	for n := 2; n <= 10; n++ {
		right = append(right, table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	t.Render()

	fmt.Fprintf(w, "\nDriving is %s of paid time. Breaches found by the checker: %d. Cost %d:",
		percent(f.Total.DriveSeconds, f.Total.ShiftSeconds), len(r.report.Breaches), f.Cost)
	sep := " "
	for _, term := range f.Terms {
		if term.Cost != 0 {
			fmt.Fprintf(w, "%s%s %d", sep, term.Name, term.Cost)
			sep = ", "
		}
	}
	fmt.Fprintln(w, ".")
	printUnserved(w, day, r.roster)
	printFindings(w, m.travel)
	return nil
}

func sumsRow(name string, s *care.Sums) table.Row {
	return table.Row{
		name, s.Visits, s.Unserved, s.Shifts, fmt.Sprintf("%.0f", float64(s.ShiftSeconds)/3600),
		percent(s.DriveSeconds, s.ShiftSeconds), percent(s.ServiceSeconds, s.ShiftSeconds),
		percent(s.HandlingSeconds, s.ShiftSeconds), percent(s.WaitSeconds, s.ShiftSeconds),
		fmt.Sprintf("%.0f", float64(s.Metres)/1000),
	}
}

func percent(part, whole int64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// reasonTexts say why in a sentence.
var reasonTexts = map[care.ReasonCode]string{
	care.ReasonUnreachable: "no road there and back from where any shift starts and ends",
	care.ReasonCompetence:  "too few on duty may do it",
	care.ReasonWindow:      "nobody who may do it can be there within its window",
	care.ReasonPin:         "a pin or a link to another visit leaves no place for it",
	care.ReasonFull:        "every shift that could take it is full then",
	care.ReasonCost:        "costs more than leaving it out",
}

// mostListed is how many lines of a kind a summary shows; the roster has all.
const mostListed = 20

func printUnserved(w io.Writer, day *care.Day, r *care.Roster) {
	fmt.Fprintf(w, "\nUnserved: %d of %d visits.\n", len(r.Unserved), len(day.Visits))
	visits := make(map[string]*care.Visit, len(day.Visits))
	for i := range day.Visits {
		visits[day.Visits[i].ID] = &day.Visits[i]
	}
	for i, u := range r.Unserved {
		if i == mostListed {
			fmt.Fprintf(w, "  ... and %d more, see roster.json\n", len(r.Unserved)-i)
			break
		}
		v := visits[u.Visit]
		fmt.Fprintf(w, "  %-10s %-14s priority %d, %s-%s: %s%s\n", u.Visit, v.Task, v.Priority,
			day.Clock(v.Windows[0].From), day.Clock(v.Windows[len(v.Windows)-1].To), reasonTexts[u.Reason], findingSuffix(u.Finding))
	}
}

func findingSuffix(k care.FindingKind) string {
	if k == "" {
		return ""
	}
	return " (" + findingTexts[k] + ")"
}

var findingTexts = map[care.FindingKind]string{
	care.FarFromRoad:   "far from any road",
	care.RoadIsland:    "on a road island",
	care.OneWayOnly:    "reachable one way only",
	care.NearBorder:    "near a municipal border: state the municipality",
	care.Moved:         "moved to its road",
	care.OutsideStated: "not in the municipality that it states",
}

func printFindings(w io.Writer, t *care.Travel) {
	if len(t.Findings) == 0 {
		return
	}
	fmt.Fprintf(w, "\nPlaces to look at: %d.\n", len(t.Findings))
	for i, f := range t.Findings {
		if i == mostListed {
			fmt.Fprintf(w, "  ... and %d more, see the report\n", len(t.Findings)-i)
			break
		}
		fmt.Fprintf(w, "  %-10s %s", f.Place, findingTexts[f.Kind])
		if f.Metres > 0 {
			fmt.Fprintf(w, ", %d m", f.Metres)
		}
		if f.Mode != "" {
			fmt.Fprintf(w, " (%s)", f.Mode)
		}
		fmt.Fprintln(w)
	}
}
