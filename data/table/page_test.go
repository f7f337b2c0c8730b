package table_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/data/table"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// pageFolder is the smallest folder as docs/input.md shows it.
func pageFolder(t *testing.T) fstest.MapFS {
	t.Helper()
	text, err := os.ReadFile("../../docs/input.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```\n# ")
	block, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("docs/input.md has lost its example")
	}
	folder := fstest.MapFS{}
	for _, file := range strings.Split(block, "\n# ") {
		name, rows, _ := strings.Cut(file, "\n")
		folder[name] = &fstest.MapFile{Data: []byte(rows)}
	}
	return folder
}

func areaBorders(t *testing.T) *geo.Borders {
	t.Helper()
	area, ok := sample.ByName("ostra-norrbotten")
	if !ok {
		t.Fatal("no area")
	}
	text, err := area.Borders()
	if err != nil {
		t.Fatal(err)
	}
	borders, err := geo.ReadBorders(bytes.NewReader(text), "borders", geo.BorderOptions{IDProperty: "kommun_kod", NameProperty: "kommun_namn"})
	if err != nil {
		t.Fatal(err)
	}
	return borders
}

// The page's folder is read as it stands, with and without borders.
func TestPageFolder(t *testing.T) {
	borders := areaBorders(t)
	for name, locate := range map[string]func(*care.Day){
		"area":      nil,
		"Överkalix": func(d *care.Day) { travel.Locate(d, borders) },
	} {
		day, warnings, err := table.ReadFS(pageFolder(t), table.Options{Locate: locate})
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v %v", name, err, warnings)
			continue
		}
		if len(day.Municipalities) != 1 || day.Municipalities[0].Name != name {
			t.Errorf("%s: municipalities %+v", name, day.Municipalities)
		}
		only := day.Municipalities[0].ID
		if day.Carers[0].Municipality != only || day.Clients[0].Municipality != only || day.Bases[0].Municipality != only {
			t.Errorf("%s: %+v %+v %+v", name, day.Carers, day.Clients, day.Bases)
		}
	}
}

// Where borders part the places, each carer belongs to the municipality that
// the first shift starts in; a municipality that a cell names is listed too.
func TestCarersOfSeveralMunicipalities(t *testing.T) {
	borders := areaBorders(t)
	folder := pageFolder(t)
	put := func(name, rows string) { folder[name].Data = append(folder[name].Data, rows...) }
	put("platser.csv", "lokal2;7347000;881000\n") // Haparanda
	put("medarbetare.csv", "m2;undersköterska\n")
	put("pass.csv", "s2;m2;07:00;15:30;lokal2\n")
	folder["brukare.csv"].Data = []byte("brukare;plats;kommun\nk1;hem1;2514\n")
	day, _, err := table.ReadFS(folder, table.Options{Locate: func(d *care.Day) { travel.Locate(d, borders) }})
	if err != nil {
		t.Fatal(err)
	}
	second := day.Places[2].Municipality
	if second == "" || second == "2513" {
		t.Fatalf("lokal2 lies in %q", second)
	}
	if day.Carers[0].Municipality != "2513" || day.Carers[1].Municipality != second || len(day.Municipalities) != 3 {
		t.Errorf("carers %+v, municipalities %+v", day.Carers, day.Municipalities)
	}
}

// Every file of an old export is in the old encoding: one line says so.
func TestOneWarningForTheEncoding(t *testing.T) {
	folder := pageFolder(t)
	for _, file := range []string{"besök.csv", "medarbetare.csv"} {
		folder[file].Data = bytes.ReplaceAll(folder[file].Data, []byte("ö"), []byte{0xf6})
		folder[file].Data = bytes.ReplaceAll(folder[file].Data, []byte("ä"), []byte{0xe4})
	}
	_, warnings, err := table.ReadFS(folder, table.Options{})
	const want = "2 files are not UTF-8; they were read as Windows-1252 (ISO-8859-1): besök.csv, medarbetare.csv: save them as CSV UTF-8 to be safe"
	if err != nil || len(warnings) != 1 || warnings[0].String() != want {
		t.Errorf("%v %v", err, warnings)
	}
}

// A JSON file that holds something else as a whole names no empty field.
func TestWholeJSONValueIsWrong(t *testing.T) {
	folder := pageFolder(t)
	folder["rules.json"] = &fstest.MapFile{Data: []byte("[]")}
	_, _, err := table.ReadFS(folder, table.Options{})
	const want = "rules.json, row 1: does not hold what it should: write an object; see docs/input.md"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
