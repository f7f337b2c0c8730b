package table

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// FuzzReadCSV reads any bytes as one of the tables of a day that is otherwise right.
// Whatever they are, the reader ends, does not panic, and gives either a day
// that is valid or errors that say where.
func FuzzReadCSV(f *testing.F) {
	f.Add(uint8(0), []byte(small["visits.csv"]))
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		a := parseArchive(&testing.T{}, file)
		for i, one := range a.files {
			f.Add(uint8(i), one.data)
		}
	}
	f.Add(uint8(0), []byte("\xFF\xFEi\x00d\x00;\x00"))
	f.Add(uint8(0), []byte("id;client;duration;window\n\"v1\nv2\";k1;30;07:00-09:00|\"\n"))
	names := []string{"visits.csv", "places.csv", "shifts.csv", "day.csv", "delegations.csv", "neighbours.csv", "rules.json"}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		fsys := folder(nil)
		fsys[names[int(which)%len(names)]] = &fstest.MapFile{Data: data}
		judge(t, fsys)
	})
}

// FuzzReadWorkbook reads any bytes as a workbook.
func FuzzReadWorkbook(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add(workbookOf(&testing.T{}, folder(nil)))
	f.Add(workbookOf(&testing.T{}, folder(map[string]string{"day.csv": ""})))
	f.Fuzz(func(t *testing.T, data []byte) {
		judge(t, fstest.MapFS{"plan.xlsx": &fstest.MapFile{Data: data}})
	})
}

func judge(t *testing.T, fsys fstest.MapFS) {
	t.Helper()
	day, _, err := ReadFS(fsys, Options{Limits: Limits{WorkbookBytes: 4 << 20, Rows: 5000}})
	if err == nil {
		if err := day.Validate(); err != nil {
			t.Fatal("a day that is not valid:", err)
		}
		return
	}
	var list Errors
	if day != nil || !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("%T %v", err, err)
	}
	for _, e := range list {
		if e.File == "" || e.Message == "" {
			t.Fatalf("%#v", e)
		}
	}
}

// FuzzReadNames reads any bytes as names.csv.
func FuzzReadNames(f *testing.F) {
	f.Add([]byte("id;namn;adress;portkod;nyckelnummer\nk1;Test Testsson;Storgatan 1;1234;17\n"))
	f.Add([]byte("id,name\nk1,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := newReader(Options{})
		names, err := r.names("names.csv", data)
		if err != nil && (len(names.Clients) > 0 || len(names.Carers) > 0) {
			t.Fatal("names beside an error")
		}
	})
}

// FuzzWindow cuts any text at the right dash, or not at all.
func FuzzWindow(f *testing.F) {
	for _, s := range []string{"07:00-09:00", "-1 22:00-02:00", "02:30+01:00-04:00", "02:30-01:00-04:00", "--", "7-9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to, ok := splitWindow(s)
		if ok && (!clockForm.MatchString(from) || !clockForm.MatchString(to)) {
			t.Fatal(from, to)
		}
	})
}
