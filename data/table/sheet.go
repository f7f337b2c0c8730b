package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A sheet is a file or a sheet of a workbook as cells of text, before the
// headers have been understood.
type sheet struct {
	file  string // as errors name it
	excel bool   // cells come from a workbook: times may be fractions of a day
	rows  []row
}

// A row keeps the number by which a spreadsheet shows it.
type row struct {
	number int
	cells  []string
}

// readCSV cuts text into cells. The separator is the one that makes the most
// known headers. Quotes are respected; what cannot be cut is an error at its
// row, and reading goes on after it where that is possible.
func readCSV(file, text string, columns []column, maxRows int) (sheet, Errors) {
	s := sheet{file: file}
	// Excel's own hint for the separator is a line that Excel does not show.
	var told rune
	if first, rest, ok := strings.Cut(text, "\n"); ok {
		if sep := strings.TrimRight(first, " "); strings.HasPrefix(strings.ToLower(sep), "sep=") && len(sep) == 5 {
			told, text = rune(sep[4]), rest
		}
	}
	separator := told
	if separator == 0 || strings.ContainsRune("\"\n\r", separator) {
		separator = sniff(text, columns)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator
	r.FieldsPerRecord = -1
	r.ReuseRecord = false
	var errs Errors
	number := 0
	for {
		from := r.InputOffset()
		cells, err := r.Read()
		to := r.InputOffset()
		// The reader steps over empty lines; a spreadsheet counts them.
		piece := text[min(int(from), len(text)):min(int(to), len(text))]
		number += len(piece) - len(strings.TrimLeft(piece, "\n")) + 1
		if err == io.EOF {
			return s, errs
		}
		if err != nil {
			var at *csv.ParseError
			message, hint := "cannot be read as cells", "save the file again as CSV"
			if errors.As(err, &at) && errors.Is(at.Err, csv.ErrQuote) {
				message, hint = "a quotation mark is opened and not closed properly", `close it, or write a quotation mark inside a cell as ""`
			}
			if errors.As(err, &at) && errors.Is(at.Err, csv.ErrBareQuote) {
				message, hint = "a quotation mark stands inside a cell that does not begin with one", `put the whole cell in quotation marks and write the inner one as ""`
			}
			errs = append(errs, Error{File: file, Row: number, Message: message, Hint: hint})
			if len(errs) > maxRows || to <= from {
				return s, errs
			}
			continue
		}
		if len(s.rows) > maxRows {
			errs = append(errs, tooManyRows(file, maxRows))
			return s, errs
		}
		if blank(cells) {
			continue
		}
		s.rows = append(s.rows, row{number, cells})
	}
}

func tooManyRows(file string, maxRows int) Error {
	return Error{File: file, Message: fmt.Sprintf("has more than %d rows", maxRows), Hint: "split the day, or raise the limit"}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// sniff chooses among ; , and tab by the first line that is not empty.
func sniff(text string, columns []column) rune {
	line := ""
	for rest := text; rest != "" && strings.TrimSpace(line) == ""; {
		line, rest, _ = strings.Cut(rest, "\n")
	}
	best, bestScore := ';', -1
	for _, sep := range []rune{';', ',', '\t'} {
		known, inQuotes, start, count := 0, false, 0, 0
		try := func(cell string) {
			count++
			if count > 200 {
				return // headers enough to tell by
			}
			if findColumn(columns, strings.Trim(cell, `" `)) != nil {
				known++
			}
		}
		for i, r := range line {
			switch {
			case r == '"':
				inQuotes = !inQuotes
			case r == sep && !inQuotes:
				try(line[start:i])
				start = i + 1
			}
		}
		try(line[start:])
		// Known headers weigh more than the number of cells.
		if score := known*1000 + count; score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best
}
