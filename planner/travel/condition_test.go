package travel_test

import (
	"strings"
	"testing"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/travel"
)

// TestCutOffByAClosure: closing all roads of one home's street makes it
// unreachable, says by what, and moves it nowhere.
func TestCutOffByAClosure(t *testing.T) {
	area, r := region(t, "ostra-norrbotten")
	day, err := sample.Generate(area, 3, sample.Options{Scale: 10})
	if err != nil {
		t.Fatal(err)
	}
	_, open := measure(t, day, r)
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: &geo.Condition{
		Closures: []geo.Closure{{ID: "all side roads", Selection: geo.Selection{Classes: []string{"unclassified", "residential", "service", "track"}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := road.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if open.Source == closed.Source || !strings.HasPrefix(closed.Source, open.Source) {
		t.Errorf("source %q, under the condition %q", open.Source, closed.Source)
	}
	cut := map[string]bool{}
	for _, f := range closed.Findings {
		if f.Kind == care.CutOff {
			cut[f.Place] = true
			if f.By != "all side roads" && f.By != "" {
				t.Errorf("cut off by %q", f.By)
			}
		}
	}
	if len(cut) == 0 {
		t.Fatal("nobody is cut off")
	}
	was, is := open.Matrices[care.Car], closed.Matrices[care.Car]
	for i := range is.N {
		for j := range is.N {
			if i != j && is.Seconds[i*is.N+j] < was.Seconds[i*was.N+j] {
				t.Fatalf("%s to %s is quicker with roads closed", closed.Places[i], closed.Places[j])
			}
		}
	}
	slow, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: &geo.Condition{Speeds: []geo.SpeedRule{{Percent: 50}}}})
	if err != nil {
		t.Fatal(err)
	}
	snow, err := slow.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range snow.Matrices[care.Car].Seconds {
		if b := was.Seconds[i]; b != care.Unreachable && (s < b || 10*s > 20*b+20) {
			t.Fatalf("at half the speed %d s, else %d s", s, b) // ferries are as quick as ever
		}
	}
}

// TestABaseThatIsCutOff: who begins at a base that closures keep from the others
// serves nobody elsewhere, and the base is named with the closure.
func TestABaseThatIsCutOff(t *testing.T) {
	area, r := region(t, "isle-of-man")
	day, err := sample.Generate(area, 1, sample.Options{Scale: 10})
	if err != nil {
		t.Fatal(err)
	}
	road, err := travel.Prepare(t.Context(), day, r, travel.Options{Condition: &geo.Condition{
		Closures: []geo.Closure{{ID: "main roads", Selection: geo.Selection{Classes: []string{"trunk", "primary", "secondary", "tertiary"}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := road.Travel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bases := map[string]bool{}
	for _, b := range day.Bases {
		bases[b.Place] = true
	}
	cut := 0
	for _, f := range closed.Findings {
		if f.Kind == care.CutOff && bases[f.Place] {
			if cut++; f.By != "main roads" {
				t.Errorf("%s is cut off by %q", f.Place, f.By)
			}
		}
	}
	if cut == 0 {
		t.Error("no base is cut off")
	}
}
