package table

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
)

func TestReadPoints(t *testing.T) {
	want := []Point{{ID: "a", Lat: 65.84, Lon: 23.13}, {ID: "b", Lat: 54.25, Lon: -4.5}}
	for name, text := range map[string]string{
		"commas":              "id,lat,lon\na,65.84,23.13\nb,54.25,-4.5\n",
		"other order, spaces": "lon , ID, Lat,remark\n23.13,a,65.84,x\n-4.5,b,54.25\n",
		"Swedish":             "\ufeffid;latitud;longitud\r\na;65,84;23,13\r\nb;54,25;-4,5\r\n",
		"tabs":                "punkt\tlat\tlon\na\t65.84\t23.13\n\nb\t54,25\t-4,5\n",
		"quoted":              "id,lat,lon\na,\"65,84\",\"23,13\"\n\"b\",54.25,-4.5\n",
		"Excel's own hint":    "sep=;\nid;lat;lon\na;65,84;23,13\nb;54,25;−4,5\n",
		"UTF-16":              "\xff\xfei\x00d\x00;\x00l\x00a\x00t\x00;\x00l\x00o\x00n\x00\n\x00a\x00;\x006\x005\x00,\x008\x004\x00;\x002\x003\x00,\x001\x003\x00\n\x00b\x00;\x005\x004\x00,\x002\x005\x00;\x00-\x004\x00,\x005\x00\n\x00",
	} {
		got, warnings, err := ReadPoints(strings.NewReader(text), "p.csv", Limits{})
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v, %v", name, err, warnings)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	// ISO-8859-1: "öst" has a byte that is not UTF-8.
	n, e := ToSWEREF99TM(65.84, 23.13)
	text := strings.ReplaceAll(fmt.Sprintf("plats;nord;\xf6st\n\xe5;%.3f;%.3f\n", n, e), ".", ",")
	got, warnings, err := ReadPoints(strings.NewReader(text), "p.csv", Limits{})
	if err != nil || len(got) != 1 || got[0].ID != "å" || math.Abs(got[0].Lon-23.13) > 1e-7 || math.Abs(got[0].Lat-65.84) > 1e-7 {
		t.Errorf("SWEREF 99 TM: %v, %v", got, err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0].String(), "Windows-1252") {
		t.Errorf("warnings %v", warnings)
	}
	// Half of Asia has latitudes that look like Sweden's longitudes.
	if _, _, err := ReadPoints(strings.NewReader("id,lat,lon\nq,25.3,66.9\nnull,0,0\n"), "p.csv", Limits{}); err != nil {
		t.Error(err)
	}
}

func TestReadPointsOfAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "id", "B1": "lat", "C1": "lon", "A2": "a", "B2": 65.84, "C2": 23.13} {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	got, _, err := ReadPoints(&book, "p.xlsx", Limits{})
	if err != nil || len(got) != 1 || got[0] != (Point{ID: "a", Lat: 65.84, Lon: 23.13}) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadPointsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "is empty",
		"id,lat,lon\n":                           "holds no points",
		"id,lat\na,1\n":                          `row 1: no column "lon"`,
		"lat,lon\n1,2\n":                         `no column "id"`,
		"id,n\na,1\n":                            `no column "e_sweref99tm"`,
		"id,lat,lat,lon\na,1,1,2\n":              "stands twice",
		"id,lat,lon\n,1,2\n":                     "row 2, column id: is empty: give every point an id",
		"id,lat,lon\na,1,2\n\na,1,2\n":           "row 4, column id: stands in row 2 too",
		"id,lat,lon\na,91,2\n":                   "row 2, column lat: is no latitude: write degrees between -90 and 90, as 65.834",
		"id,lat,lon\na,NaN,2\n":                  "row 2, column lat",
		"id,lat,lon\na,Inf,2\n":                  "row 2, column lat",
		"id,lat,lon\na,1\n":                      "row 2, column lon: is no longitude",
		"id,lat,lon\na,1,\"2\n":                  "p.csv, row 2: a quotation mark",
		"id;n;e\na;65,84;23,13\n":                "row 2, column n_sweref99tm",
		"id;n;e\na;7310000;23\n":                 "row 2, column e_sweref99tm",
		"id;lat;lon\na;7310000;850000\n":         "stand under n_sweref99tm",
		"id;lat;lon;n\na;65,84;23,13;1\n":        `row 1: no column "e_sweref99tm"`,
		"id;lat;lon;n;e\na;65,84;23,13;1;\n":     "row 2, column lat: stands beside metres",
		"plats;punkt;lat;lon\na;b;1;2\n":         `column "id" stands twice`,
		"id\n" + strings.Repeat("a\n", 2):        `no column "lat"`,
		"id,lat,lon\n" + strings.Repeat("\n", 9): "holds no points",
		"id,lat,lon\n19121212-1212,1,2\n":        "column id: looks like a personal number",
		"id,lat,lon\na,1,2,3\n":                  "row 2: has 4 cells, the headers are 3",
		"id;lat;lon\na,1,2\n":                    "row 2: separates its cells otherwise",
		"id;lat;lon\na;#SAKNAS!;2\n":             "row 2, column lat: holds the error of a formula",
		"PK\x03\x04":                             "is a workbook",
	} {
		got, _, err := ReadPoints(strings.NewReader(text), "p.csv", Limits{})
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, ErrInput) || got != nil {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	_, _, err := ReadPoints(strings.NewReader("id,lat,lon\n"+strings.Repeat("x,99,0\n", 1000)), "p.csv", Limits{})
	if lines := strings.Count(err.Error(), "\n"); lines != printed || !strings.HasSuffix(err.Error(), "more") {
		t.Errorf("%d lines: %v", lines, err)
	}
	if _, _, err = ReadPoints(endless{}, "p.csv", Limits{}); err == nil || !strings.Contains(err.Error(), "more than 64 MB") {
		t.Errorf("an endless file: %v", err)
	}
	if _, _, err = ReadPoints(strings.NewReader("id,lat,lon\na,1,2\nb,1,2\nc,1,2\n"), "p.csv", Limits{Rows: 2}); err == nil || !strings.Contains(err.Error(), "more than 2 rows") {
		t.Errorf("too many rows: %v", err)
	}
}

// What a planner has are the day's own files: places.csv with both pairs of
// columns, clients.csv and bases.csv without positions.
func TestPointsOfADaysFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	n, e := ToSWEREF99TM(65.9, 23.2)
	places := write("places.csv", "id;lat;lon;n_sweref99tm;e_sweref99tm;municipality\nh1;65,84;23,13;;;2514\n"+
		strings.ReplaceAll(fmt.Sprintf("h2;;;%.3f;%.3f;2514\n", n, e), ".", ","))
	near := cmpopts.EquateApprox(0, 1e-7)
	for file, want := range map[string][]Point{
		places: {{ID: "h1", Lat: 65.84, Lon: 23.13}, {ID: "h2", Lat: 65.9, Lon: 23.2}},
		write("clients.csv", "id;place;municipality\nc1;h2;2514\nc2;h1;2514\nc3;h1;2514\n"): {
			{ID: "c1", Lat: 65.9, Lon: 23.2}, {ID: "c2", Lat: 65.84, Lon: 23.13}, {ID: "c3", Lat: 65.84, Lon: 23.13},
		},
		write("baser.csv", "bas;plats\nb1;h1\nh2;\n"): {{ID: "b1", Lat: 65.84, Lon: 23.13}, {ID: "h2", Lat: 65.9, Lon: 23.2}},
		// Files of points may have such names and such columns too.
		write("bases.csv", "id,lat,lon\nb,65.5,23.5\n"):           {{ID: "b", Lat: 65.5, Lon: 23.5}},
		write("brukare.csv", "id,place,lat,lon\nb,x,65.5,23.5\n"): {{ID: "b", Lat: 65.5, Lon: 23.5}},
	} {
		got, warnings, err := ReadPointsFile(file, Limits{})
		if diff := cmp.Diff(want, got, near); err != nil || len(warnings) > 0 || diff != "" {
			t.Errorf("%s: %v, %v, %s", filepath.Base(file), err, warnings, diff)
		}
	}
	for text, want := range map[string]string{
		"id;place\nc1;h9\n":        "clients.csv, row 2, column place: is not in places.csv (h9)",
		"id;place\nc1;h1\nc1;h2\n": "clients.csv, row 3, column id: stands in row 2 too",
		"id;place\nc1;\n":          "clients.csv, row 2, column place: is empty",
		"id;place\n":               `no column "lat"`,
		"id\nc1\n":                 "clients.csv",
	} {
		if got, _, err := ReadPointsFile(write("clients.csv", text), Limits{}); err == nil || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	if err := os.Remove(places); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadPointsFile(write("clients.csv", "id;place\nc1;h1\n"), Limits{}); err == nil || !strings.Contains(err.Error(), "no places.csv beside it") {
		t.Error(err)
	}
	if _, _, err := ReadPointsFile(dir, Limits{}); err == nil || !strings.Contains(err.Error(), "is a folder: give a file") {
		t.Error(err)
	}
	if _, _, err := ReadPointsFile(filepath.Join(dir, "none.csv"), Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A message repeats no id: it may be somebody's name.
func TestPointsRepeatNoName(t *testing.T) {
	_, _, err := ReadPoints(strings.NewReader("id,lat,lon\nAgda Nattlöv,91,2\nAgda Nattlöv,1,x\n"), "p.csv", Limits{})
	if err == nil || strings.Contains(err.Error(), "Agda") {
		t.Error(err)
	}
}

// endless is a file without end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// FuzzReadPoints reads any bytes as points.
func FuzzReadPoints(f *testing.F) {
	f.Add([]byte("id,lat,lon\na,65.84,23.13\nb,54.25,-4.5\n"), false)
	f.Add([]byte("\ufeffplats;nord;\xf6st\na;7310000,5;850000\n"), false)
	f.Add([]byte("id\tlat\tlon\na\t65,84\t\"23,13\"\n"), false)
	f.Add([]byte("id;lat;lon\n;;\na;b"), false)
	f.Add([]byte("PK\x03\x04"), true)
	f.Fuzz(func(t *testing.T, text []byte, workbook bool) {
		name := "p.csv"
		if workbook {
			name = "p.xlsx"
		}
		points, _, err := ReadPoints(bytes.NewReader(text), name, Limits{WorkbookBytes: 4 << 20, Rows: 5000})
		if err != nil {
			var list Errors
			if len(points) > 0 || !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("%d points with the error %v", len(points), err)
			}
			for _, e := range list {
				if e.File != name || e.Message == "" {
					t.Fatalf("%#v", e)
				}
			}
			return
		}
		seen := make(map[string]bool)
		for _, p := range points {
			if p.ID == "" || seen[p.ID] {
				t.Fatalf("id %q is empty or stands twice", p.ID)
			}
			seen[p.ID] = true
			if !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180) {
				t.Fatalf("point %v", p)
			}
		}
		if len(points) == 0 {
			t.Fatal("neither points nor an error")
		}
	})
}
