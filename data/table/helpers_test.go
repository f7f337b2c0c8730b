package table

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// encode turns UTF-8 into what an archive asks for.
func encode(data []byte, name string) []byte {
	var out []byte
	var err error
	switch name {
	case "":
		return data
	case "latin1":
		out, err = charmap.ISO8859_1.NewEncoder().Bytes(data)
	case "utf8bom":
		out = append([]byte("\xEF\xBB\xBF"), data...)
	case "crlf":
		out = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	case "cr":
		out = bytes.ReplaceAll(data, []byte("\n"), []byte("\r"))
	case "utf16":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(data)
	case "utf16be":
		out, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes(data)
	case "utf16-no-mark":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes(data)
	case "utf16-cut":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(data)
		out = out[:len(out)-1]
	case "bom-but-latin1":
		out, err = charmap.ISO8859_1.NewEncoder().Bytes(data)
		out = append([]byte("\xEF\xBB\xBF"), out...)
	case "twice":
		var once string
		once, err = charmap.Windows1252.NewDecoder().String(string(data))
		out = []byte(once)
	case "zip-inside-csv":
		out = append([]byte("PK\x03\x04"), data...)
	case "old-excel":
		out = append([]byte("\xD0\xCF\x11\xE0"), data...)
	case "pdf":
		out = append([]byte("%PDF-1.7\n"), data...)
	case "nul":
		out = bytes.ReplaceAll(data, []byte("@0"), []byte{0})
	default:
		panic("no encoding " + name)
	}
	if err != nil {
		panic(err)
	}
	return out
}

// workbookOf makes a workbook with a sheet for each CSV file. A cell that is a
// number in brackets, [0.3125], is stored as a number.
func workbookOf(t *testing.T, fsys fstest.MapFS) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for _, name := range slices.Sorted(maps.Keys(fsys)) {
		file := fsys[name]
		sheetName := strings.TrimSuffix(name, ".csv")
		if _, err := f.NewSheet(sheetName); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(file.Data)), "\n") {
			for j, cell := range strings.Split(line, ";") {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				var value any = cell
				if strings.HasPrefix(cell, "[") {
					value, _ = parseNumber(strings.Trim(cell, "[]"))
				}
				if err := f.SetCellValue(sheetName, at, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archive is a few text files in one: a comment, then files that each begin
// after a line "-- name --" (the txtar format).
type archive struct {
	comment string
	files   []struct {
		name string
		data []byte
	}
}

func parseArchive(t *testing.T, path string) archive {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a archive
	for _, line := range strings.SplitAfter(string(text), "\n") {
		name, isFile := strings.CutPrefix(strings.TrimSpace(line), "-- ")
		name, closed := strings.CutSuffix(name, " --")
		switch {
		case isFile && closed:
			a.files = append(a.files, struct {
				name string
				data []byte
			}{name: name})
		case len(a.files) == 0:
			a.comment += line
		default:
			last := &a.files[len(a.files)-1]
			last.data = append(last.data, line...)
		}
	}
	return a
}

// directive takes a comment's line apart. Prose is a directive that does
// nothing; any other line is an expectation and has no name.
func directive(line string) (name, value string) {
	if line == "" || strings.HasPrefix(line, "#") {
		return "prose", line
	}
	if rest, ok := strings.CutPrefix(line, "%"); ok {
		name, value, _ = strings.Cut(rest, " ")
		return name, value
	}
	return "", ""
}

// rewriteArchive puts new expectations in the place of the old.
func rewriteArchive(t *testing.T, path string, want []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	comment, files, any := strings.Cut(string(text), "\n-- ")
	if any {
		files = "-- " + files
	}
	var out strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(comment), "\n") {
		if name, _ := directive(line); name != "" {
			out.WriteString(line + "\n")
		}
	}
	out.WriteString(strings.Join(want, "\n") + "\n")
	if err := os.WriteFile(path, []byte(out.String()+files), 0o644); err != nil {
		t.Fatal(err)
	}
}

// spellings are ways in which people write a header.
func spellings(name string) []string {
	plain := strings.NewReplacer("å", "a", "ä", "a", "ö", "o").Replace(name)
	return []string{
		strings.ToUpper(name), " " + name + " ", plain,
		strings.NewReplacer(" ", "_", "_", " ").Replace(name), strings.NewReplacer(" ", "-", "_", "-").Replace(name),
		strings.NewReplacer(" ", "", "_", "").Replace(name),
	}
}
