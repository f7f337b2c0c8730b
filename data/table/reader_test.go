package table

import (
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

// A caller with borders finds the municipality of places that state none,
// before clients and bases take that of their place.
func TestLocate(t *testing.T) {
	fsys := folder(map[string]string{
		"places.csv": "id;lat;lon\nbas;65,8413;23,1347\np1;65,9;23,2\np2;66,01;23,4\n",
		"carers.csv": "id;profession;municipality\nm1;usk;2583\nm2;ssk;2518\n",
	})
	if _, _, err := ReadFS(fsys, Options{}); err == nil {
		t.Error("clients of no municipality were read")
	}
	day := mustRead(t, fsys, Options{Locate: func(d *care.Day) {
		for i := range d.Places {
			d.Places[i].Municipality = "2583"
			if d.Places[i].Lat > 66 {
				d.Places[i].Municipality = "2518"
			}
		}
	}})
	if day.Clients[0].Municipality != "2583" || day.Clients[1].Municipality != "2518" || day.Bases[0].Municipality != "2583" || len(day.Municipalities) != 2 {
		t.Errorf("%+v %+v %+v", day.Clients, day.Bases, day.Municipalities)
	}
}

// A folder may mix CSV files and workbooks of one sheet.
func TestFolderOfBoth(t *testing.T) {
	fsys := folder(map[string]string{"visits.csv": "-"})
	one := workbookOf(t, fstest.MapFS{"blad 1.csv": {Data: []byte("id;client;duration;window\nv1;k1;[45];07:00-09:00\n")}})
	fsys["besök.xlsx"] = &fstest.MapFile{Data: one}
	if day := mustRead(t, fsys, Options{}); len(day.Visits) != 1 || day.Visits[0].Duration != 45*60 {
		t.Errorf("%+v", day.Visits)
	}
}

// distance is the number of edits by its definition, without any bound.
func distance(a, b []rune) int {
	switch {
	case len(a) == 0:
		return len(b)
	case len(b) == 0:
		return len(a)
	}
	cost := 1
	if a[0] == b[0] {
		cost = 0
	}
	d := min(distance(a[1:], b)+1, distance(a, b[1:])+1, distance(a[1:], b[1:])+cost)
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		d = min(d, distance(a[2:], b[2:])+1)
	}
	return d
}

func TestEdits(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]rune("abcå")), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		limit := rapid.IntRange(0, 3).Draw(t, "limit")
		if got, want := edits(a, b, limit), min(distance(a, b), limit+1); got != want {
			t.Fatalf("%q %q within %d: %d, want %d", string(a), string(b), limit, got, want)
		}
	})
}

// Every known header is found in any case, with any of the marks that people
// put between words, and without its dots.
func TestHeadersAreForgiving(t *testing.T) {
	for _, k := range kinds {
		for _, c := range k.columns {
			for _, name := range append([]string{c.name}, c.aliases...) {
				for _, spelt := range spellings(name) {
					if got := findColumn(k.columns, spelt); got == nil || got.name != c.name {
						t.Errorf("%s: %q is not %s", k.name, spelt, c.name)
					}
				}
			}
		}
	}
}

// An empty sheet is no sheet: without the one that holds the date there is
// none, and that is said.
func TestWorkbookWithAnEmptyDaySheet(t *testing.T) {
	data := workbookOf(t, folder(map[string]string{"day.csv": ""}))
	_, _, err := ReadFS(fstest.MapFS{"plan.xlsx": {Data: data}}, Options{})
	const want = "day.csv: there is no date to plan: add a row date;YYYY-MM-DD, or give the date when reading"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, _, err := ReadFS(fstest.MapFS{"plan.xlsx": {Data: data}}, Options{Date: "2026-11-24"}); err != nil {
		t.Error("with a date given:", err)
	}
}
