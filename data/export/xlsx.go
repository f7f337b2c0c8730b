package export

import (
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/slinga-se/slinga/planner/care"
)

// XLSX writes the roster as a workbook: an overview, the routes, the unserved
// visits, and the figures by municipality and by carer. Numbers are numbers
// and clock times are text, so that a night shift does not become a date.
func XLSX(w io.Writer, in Report) error {
	b, err := open(in)
	if err != nil {
		return err
	}
	x := workbook{file: excelize.NewFile()}
	defer func() { _ = x.file.Close() }() // nothing of it is on a disk
	x.style()
	x.sheet(b.texts.say("table.summary"), b.summaryCells())
	x.sheet(b.texts.say("table.roster"), b.rosterCells())
	x.sheet(b.texts.say("table.unserved"), b.unservedCells())
	x.sheet(b.texts.say("fig.municipality.title"), b.figureCells("col.municipality", b.Roster.Figures.Municipalities, b.town))
	x.sheet(b.texts.say("fig.carer.title"), b.figureCells("col.carer", b.Roster.Figures.Carers, func(id string) string { return id }))
	if x.err == nil {
		x.err = x.file.DeleteSheet("Sheet1")
	}
	if x.err == nil {
		// The library stamps the moment of writing unless it is told another;
		// the day's own midnight makes equal rosters equal bytes.
		stamp := b.at(0).UTC().Format(time.RFC3339)
		x.err = x.file.SetDocProps(&excelize.DocProperties{Creator: "Slinga", Created: stamp, Modified: stamp, Language: string(b.Lang)})
	}
	if x.err != nil {
		return fmt.Errorf("export: workbook: %w", x.err)
	}
	return x.file.Write(w)
}

// workbook keeps the first error, so that sheets can be written in a row.
type workbook struct {
	file *excelize.File
	head int // style of the first row
	err  error
}

func (x *workbook) style() {
	x.head, x.err = x.file.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6ECEA"}},
	})
}

// sheet appends a sheet whose first row holds headers and stays in view.
func (x *workbook) sheet(name string, rows [][]any) {
	if x.err != nil {
		return
	}
	if _, x.err = x.file.NewSheet(name); x.err != nil {
		return
	}
	// Not with the library's stream writer: it packs sheets in the order of a
	// map, and equal rosters would no longer give equal bytes.
	for column, width := range widths(rows) {
		letter, err := excelize.ColumnNumberToName(column + 1)
		if err == nil {
			err = x.file.SetColWidth(name, letter, letter, width)
		}
		if x.err = err; err != nil {
			return
		}
	}
	for i, row := range rows {
		if x.err = x.file.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row); x.err != nil {
			return
		}
	}
	if x.err = x.file.SetRowStyle(name, 1, 1, x.head); x.err != nil {
		return
	}
	x.err = x.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// widths fits columns to their contents, within reason.
func widths(rows [][]any) []float64 {
	var widths []float64
	for _, row := range rows {
		for column, cell := range row {
			if column == len(widths) {
				widths = append(widths, 6)
			}
			length := float64(len([]rune(fmt.Sprint(cell)))) + 2
			widths[column] = min(max(widths[column], length), 60)
		}
	}
	return widths
}

func cells[T any](row []T) []any {
	out := make([]any, len(row))
	for i := range row {
		out[i] = row[i]
	}
	return out
}

func (b *book) summaryCells() [][]any {
	run, total := b.Roster.Run, b.Roster.Figures.Total
	rows := [][]any{
		{b.texts.say("table.figure"), b.texts.say("table.value")},
		{b.texts.say("report.title"), b.Day.Name},
		{b.texts.say("table.date"), b.date(b.middle())},
		{b.texts.say("report.modelled"), b.Day.Note},
		{b.texts.say("sum.visits"), total.Visits},
		{b.texts.say("sum.unserved"), total.Unserved},
		{b.texts.say("sum.shifts"), total.Shifts},
		{b.texts.say("col.km"), float64(total.Metres) / 1000},
	}
	for _, t := range b.Roster.Figures.Terms {
		rows = append(rows, []any{b.texts.say("table.cost", b.term(t.Name)), t.Cost})
	}
	return append(rows,
		[]any{b.texts.say("table.cost.total"), b.Roster.Figures.Cost},
		[]any{b.texts.say("run.software"), run.Software},
		[]any{b.texts.say("run.seed"), strconv.FormatUint(run.Seed, 10)},
		[]any{b.texts.say("run.iterations"), run.Iterations},
		[]any{b.texts.say("run.options"), run.Options},
		[]any{b.texts.say("run.day"), run.DayHash},
		[]any{b.texts.say("run.travel"), run.TravelHash},
		[]any{b.texts.say("run.source"), b.Source},
	)
}

// term is the name of a cost within a sentence.
func (b *book) term(name string) string {
	text := b.texts.word("term.", name)
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}

// rosterCells are the rows of the roster CSV without the unserved, with whole
// numbers as numbers.
func (b *book) rosterCells() [][]any {
	var rows [][]any
	for i, row := range b.rosterRows() {
		out := cells(row)
		if i > 0 {
			if row[4] == b.texts.say("stop.unserved") {
				break
			}
			for _, column := range []int{3, 10, 11, 12, 13, 15} {
				if n, err := strconv.Atoi(row[column]); err == nil {
					out[column] = n
				}
			}
		}
		rows = append(rows, out[:len(out)-1])
	}
	return rows
}

func (b *book) unservedCells() [][]any {
	rows := [][]any{cells(b.header([]string{"table.visit", "table.client", "table.municipality", "col.task", "col.window", "col.priority", "table.reason", "table.shifts"}))}
	for _, u := range b.unserved {
		v := b.visits[u.Visit]
		rows = append(rows, []any{
			u.Visit, v.Client, b.clients[v.Client].Municipality, b.texts.word("task.", v.Task), b.spans(v.Windows),
			int(v.Priority), b.reason(u), u.Shifts,
		})
	}
	return rows
}

func (b *book) figureCells(first string, groups []care.GroupSums, name func(string) string) [][]any {
	head := cells(b.header([]string{first, "col.shifts", "col.visits", "col.unserved", "col.shifttime", "col.client", "col.drive", "col.handling", "col.wait", "col.break", "col.km"}))
	for i := 4; i <= 9; i++ {
		head[i] = fmt.Sprint(head[i]) + " (h)"
	}
	rows := [][]any{head}
	add := func(name string, s care.Sums) {
		row := []any{name, s.Shifts, s.Visits, s.Unserved}
		for _, seconds := range []int64{s.ShiftSeconds, s.ServiceSeconds, s.DriveSeconds, s.HandlingSeconds, s.WaitSeconds, s.BreakSeconds} {
			row = append(row, float64(seconds)/3600)
		}
		rows = append(rows, append(row, float64(s.Metres)/1000))
	}
	for _, g := range groups {
		add(name(g.ID), g.Sums)
	}
	add(b.texts.say("fig.total"), b.Roster.Figures.Total)
	return rows
}
