package export_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/slinga-se/slinga/data/export"
	"github.com/slinga-se/slinga/planner/care"
)

// No two rows of the overview have the same name: the count of shifts and
// what shifts cost are told apart.
func TestOverviewNamesAreDifferent(t *testing.T) {
	for lang, sheet := range map[export.Lang]string{export.Swedish: "Översikt", export.English: "Overview"} {
		in := tiny()
		in.Lang = lang
		in.Roster.Figures.Terms = []care.TermCost{{Name: "shifts", Cost: 600}, {Name: "unserved", Cost: 30}, {Name: "distance", Cost: 4}}
		var b bytes.Buffer
		if err := export.XLSX(&b, in); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(f.GetSheetList(), err)
		}
		seen := map[string]bool{}
		for _, row := range rows {
			if len(row) > 0 && seen[strings.ToLower(row[0])] {
				t.Errorf("%s: %s stands twice", lang, row[0])
			}
			if len(row) > 0 {
				seen[strings.ToLower(row[0])] = true
			}
		}
		if lang == export.Swedish && !seen["kostnad för pass i arbete (sekunders körning)"] {
			t.Errorf("%v", rows)
		}
	}
}

// A roster that states no figures is added up; the caller's stays as it is.
func TestFiguresAreAddedUp(t *testing.T) {
	in := tiny()
	var want, got bytes.Buffer
	if err := export.XLSX(&want, in); err != nil {
		t.Fatal(err)
	}
	in.Roster.Figures = care.Figures{}
	if err := export.XLSX(&got, in); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) || in.Roster.Figures.Total.Visits != 0 {
		t.Error("a roster without figures gives another workbook")
	}
}

// Windows on another date say so in the language of the document.
func TestWindowsOnAnotherDay(t *testing.T) {
	for lang, want := range map[export.Lang][]string{
		export.Swedish: {"01:00–02:00 nästa dag", "23:00–23:30 dagen före"},
		export.English: {"01:00–02:00 next day", "23:00–23:30 the day before"},
	} {
		in := tiny()
		in.Lang = lang
		for i, from := range []care.Time{26 * 3600, -3600} { // that night is an hour longer
			to := from + 3600 - care.Time(i)*1800
			in.Day.Visits[3].Windows = []care.Window{{From: from, To: to}}
			var b bytes.Buffer
			if err := export.WhiteboardHTML(&b, in); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), want[i]) {
				t.Errorf("the board does not say %q", want[i])
			}
			var page bytes.Buffer
			if err := export.HTML(&page, in); err != nil {
				t.Fatal(err)
			}
			times, words, _ := strings.Cut(want[i], " ")
			if !strings.Contains(page.String(), times+" <span data-t=\"day.") || !strings.Contains(page.String(), words) {
				t.Errorf("the report does not say %q", want[i])
			}
		}
	}
}

func TestUnknownCarer(t *testing.T) {
	for name, err := range map[string]error{
		"ics": export.ICS(&bytes.Buffer{}, tiny(), "nobody"), "gpx": export.GPX(&bytes.Buffer{}, tiny(), "nobody"),
	} {
		if !errors.Is(err, export.ErrInput) || strings.Contains(err.Error(), "nobody") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
