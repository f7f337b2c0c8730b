package table

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/xuri/excelize/v2"
)

// openWorkbook opens an XLSX file within the limits. A workbook is a zip
// archive: its unpacked size is bounded before anything is unpacked, so an
// archive made to fill the memory is refused.
func (r *reader) openWorkbook(name string, data []byte) (*excelize.File, bool) {
	if len(data) == 0 {
		r.fail(Error{File: name, Message: "is empty", Hint: "save the workbook again"})
		return nil, false
	}
	if bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")) {
		r.fail(Error{File: name, Message: "is an old Excel file or has a password", Hint: "save it as .xlsx without a password"})
		return nil, false
	}
	if !bytes.HasPrefix(data, []byte("PK")) {
		r.fail(Error{File: name, Message: "is not a workbook", Hint: "save it as .xlsx, or name it .csv if it is text"})
		return nil, false
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue:      true,
		UnzipSizeLimit:    r.limits.WorkbookBytes,
		UnzipXMLSizeLimit: r.limits.WorkbookBytes,
	})
	if err != nil {
		message, hint := "is a damaged workbook", "open it in a spreadsheet and save it again"
		if strings.Contains(err.Error(), "unzip size exceeds") {
			message = fmt.Sprintf("unpacks to more than %d bytes", r.limits.WorkbookBytes)
			hint = "it is damaged or made to do harm; raise the limit if it is not"
		}
		if errors.Is(err, excelize.ErrWorkbookPassword) {
			message, hint = "has a password", "save it without one"
		}
		r.fail(Error{File: name, Message: message, Hint: hint})
		return nil, false
	}
	return f, true
}

// readSheet takes one sheet's cells. Numbers come as they are stored, so a
// time is a fraction of a day whatever its format shows.
func (r *reader) readSheet(f *excelize.File, sheetName, shownAs string) (sheet, bool) {
	s := sheet{file: shownAs, excel: true}
	rows, err := f.Rows(sheetName)
	if err != nil {
		r.fail(Error{File: shownAs, Message: "cannot be read", Hint: "open the workbook in a spreadsheet and save it again"})
		return s, false
	}
	defer func() { _ = rows.Close() }()
	for number := 1; rows.Next(); number++ {
		if number > r.limits.Rows+1 {
			r.fail(tooManyRows(shownAs, r.limits.Rows))
			return s, false
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			r.fail(Error{File: shownAs, Row: number, Message: "cannot be read", Hint: "open the workbook in a spreadsheet and save it again"})
			return s, false
		}
		if !blank(cells) {
			s.rows = append(s.rows, row{number, cells})
		}
	}
	if rows.Error() != nil {
		r.fail(Error{File: shownAs, Message: "is damaged", Hint: "open the workbook in a spreadsheet and save it again"})
		return s, false
	}
	return s, true
}

// addSheetFile reads a folder's visits.xlsx: the first sheet of it.
func (r *reader) addSheetFile(fsys fs.FS, name string, k *kind) {
	data, ok := r.readFile(fsys, name)
	if !ok {
		return
	}
	f, ok := r.openWorkbook(name, data)
	if !ok {
		return
	}
	defer func() { _ = f.Close() }()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		r.fail(Error{File: name, Message: "has no sheet", Hint: "save the workbook again"})
		return
	}
	if s, ok := r.readSheet(f, sheets[0], name); ok {
		r.addTable(s, k)
	}
}

// addWorkbook reads every sheet of a workbook as one table.
func (r *reader) addWorkbook(fsys fs.FS, name string) {
	data, ok := r.readFile(fsys, name)
	if !ok {
		r.unopened = true
		return
	}
	f, ok := r.openWorkbook(name, data)
	if !ok {
		r.unopened = true
		return
	}
	defer func() { _ = f.Close() }()
	for _, sheetName := range f.GetSheetList() {
		shownAs := name + ", sheet " + sheetName
		switch k := kindOfFile(sheetName); {
		case isNamesFile(sheetName):
			r.fail(Error{File: shownAs, Message: "holds people's names, which the day's workbook must not", Hint: "save the sheet as names.csv and remove it here"})
		case k == nil:
			if near := nearestFile(sheetName); near != "" {
				r.fail(Error{File: shownAs, Message: "is not the name of a table", Hint: "did you mean " + near + "?"})
				continue
			}
			r.warn(Error{File: shownAs, Message: "is not one of the tables and was not read", Hint: "see docs/input.md for their names"})
		case r.tables[k.name] != nil:
			r.fail(Error{File: shownAs, Message: "holds the same table as " + r.tables[k.name].file, Hint: "keep one of the two"})
		default:
			s, ok := r.readSheet(f, sheetName, shownAs)
			if ok && len(s.rows) == 0 && !k.required {
				continue // an empty sheet for a table that is not needed is no sheet
			}
			r.files = append(r.files, shownAs)
			if ok {
				r.addTable(s, k)
			}
		}
	}
}
