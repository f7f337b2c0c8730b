package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/slinga-se/slinga/planner/care"
)

// A workbook that is a few kilobytes and unpacks to 64 MB is refused before
// that is done.
func TestZipBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for range 22 {
			if _, err := w.Write(chunk); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	day, _, err := ReadFS(fstest.MapFS{"plan.xlsx": {Data: b.Bytes()}}, Options{Limits: Limits{WorkbookBytes: 8 << 20}})
	const want = "plan.xlsx: unpacks to more than 8388608 bytes: it is damaged or made to do harm; raise the limit if it is not"
	if day != nil || err == nil || err.Error() != want {
		t.Errorf("%d bytes: %v", b.Len(), err)
	}
}

// A sheet whose second row says that it is the last of a million is not read
// row by row.
func TestFarAwayRow(t *testing.T) {
	data := workbookOf(t, folder(nil))
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(from); err != nil {
			t.Fatal(err)
		}
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		changed := text.String()
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			changed = strings.ReplaceAll(strings.ReplaceAll(changed, `r="2"`, `r="1048576"`), `r="A2"`, `r="XFD1048576"`)
		}
		if _, err := w.Write([]byte(changed)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadFS(fstest.MapFS{"plan.xlsx": {Data: b.Bytes()}}, Options{}); !errors.Is(err, ErrInput) {
		t.Error(err)
	}
}

// When a folder cannot be written nothing of it is left, and what was there
// before stays.
func TestWriteFolderLeavesNothing(t *testing.T) {
	day := mustRead(t, folder(nil), Options{})
	dir := t.TempDir()
	if err := WriteFolder(dir, day); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "visits.csv"))
	if err != nil {
		t.Fatal(err)
	}
	// A folder stands where a temporary file must go.
	if err := os.Mkdir(filepath.Join(dir, ".rules.json.new"), 0o755); err != nil {
		t.Fatal(err)
	}
	day.Visits = day.Visits[:1]
	if err := WriteFolder(dir, day); err == nil {
		t.Fatal("was written")
	}
	after, err := os.ReadFile(filepath.Join(dir, "visits.csv"))
	if err != nil || !bytes.Equal(before, after) {
		t.Error("the folder was changed", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*.csv.new"))
	if err != nil || len(left) > 0 {
		t.Error("left behind:", left, err)
	}
	odd := *day
	odd.Origin = odd.Origin.Add(3600e9)
	if err := WriteFolder(filepath.Join(dir, "other"), &odd); !errors.Is(err, ErrOrigin) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "other")); err == nil {
		t.Error("a folder was made for nothing")
	}
	odd = *day
	odd.Rules.Weights.Drive++
	if err := WriteWorkbook(filepath.Join(dir, "x.xlsx"), &odd); err == nil {
		t.Error("a workbook was cut short")
	}
}

// Tables that a day has no more are taken away, or the next reading would find
// the old ones.
func TestWriteFolderTakesAway(t *testing.T) {
	day := mustRead(t, folder(nil), Options{})
	start := day.Visits[0].Windows[0].From
	day.Pins = []care.Pin{{Visit: "v1", Start: &start}}
	day.Published = &care.Roster{Version: care.FormatVersion}
	dir := t.TempDir()
	if err := WriteFolder(dir, day); err != nil {
		t.Fatal(err)
	}
	day.Pins, day.Published = nil, nil
	if err := WriteFolder(dir, day); err != nil {
		t.Fatal(err)
	}
	back, _, err := ReadFolder(dir, Options{})
	if err != nil || len(back.Pins) > 0 || back.Published != nil {
		t.Error(err, "the old tables are still there")
	}
}

func TestNoFolder(t *testing.T) {
	for _, c := range []struct{ dir, want string }{
		{filepath.Join(t.TempDir(), "monday"), "monday: there is no such folder: check the path"},
		{"reader.go", "reader.go: is a file, not a folder: name the folder that visits.csv lies in"},
	} {
		if _, _, err := ReadFolder(c.dir, Options{}); err == nil || err.Error() != c.want || !errors.Is(err, ErrInput) {
			t.Error(err)
		}
	}
	if _, _, err := ReadWorkbook(filepath.Join(t.TempDir(), "monday.xlsx"), Options{}); err == nil || err.Error() != "monday.xlsx: there is no such file: check the path" {
		t.Error(err)
	}
}

func TestManyErrorsAreAllKept(t *testing.T) {
	a := parseArchive(t, "testdata/broken/many-errors.txtar")
	fsys, o, _ := scenario(t, a)
	_, _, err := ReadFS(fsys, o)
	var list Errors
	if !errors.As(err, &list) || len(list) != 60 || !strings.HasSuffix(err.Error(), "\n... and 10 more") {
		t.Error(len(list), err)
	}
}
