package care_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/planner/care"
)

func written(t *testing.T, d *care.Day) string {
	t.Helper()
	var b bytes.Buffer
	if err := care.WriteDay(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDayGoesRoundTheSame(t *testing.T) {
	d := smallDay()
	text := written(t, d)
	back, err := care.ReadDay(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, back); diff != "" {
		t.Error(diff)
	}
	if again := written(t, back); again != text {
		t.Error("other bytes the second time")
	}
	if d.Hash() != back.Hash() || len(d.Hash()) != 64 {
		t.Error("hash changed on the way")
	}
	back.Visits[0].Duration++
	if d.Hash() == back.Hash() {
		t.Error("hash does not see a change")
	}
}

func TestCanonicalFormDoesNotTellEmptyFromMissing(t *testing.T) {
	a, b := smallDay(), smallDay()
	a.Visits, b.Visits = nil, []care.Visit{}
	a.Links, b.Links = nil, []care.Link{}
	a.Origin = a.Origin.UTC()
	if a.Hash() != b.Hash() || written(t, a) != written(t, b) {
		t.Error("they differ")
	}
	if a.Visits != nil || a.Origin.Location() != time.UTC {
		t.Error("the day was changed by hashing it")
	}
}

func TestReadDayRefuses(t *testing.T) {
	good := written(t, smallDay())
	for _, c := range []struct {
		text, words string
		is          error
	}{
		{"", "too early", care.ErrFormat},
		{good[:len(good)/2], "too early", care.ErrFormat},
		{good + "x", "after the end", care.ErrFormat},
		{good + good, "after the end", care.ErrFormat},
		{"[]", "is not an object", care.ErrFormat},
		{"null", "there is no version", care.ErrVersion},
		{"{}", "there is no version", care.ErrVersion},
		{`{"version": 2, "news": 1}`, "version 2, this program reads version 1", care.ErrVersion},
		{`{"version": 1,}`, "line 1", care.ErrFormat},
		{strings.Replace(good, `"duration"`, `"durration"`, 1), `visits[0].durration: there is no such field; did you mean "duration"?`, care.ErrFormat},
		{strings.Replace(good, `"lat"`, `"Lat"`, 1), `places[0].Lat: there is no such field; did you mean "lat"?`, care.ErrFormat},
		{strings.Replace(good, `"lat": 66.33`, `"lat": "66,33"`, 1), "places[0].lat: is not a number", care.ErrFormat},
		{strings.Replace(good, `"duration": 600`, `"duration": 600.5`, 1), "visits[0].duration: is not a whole number", care.ErrFormat},
		{strings.Replace(good, `"duration": 600`, `"duration": 99999999999`, 1), "visits[0].duration: is not a whole number", care.ErrFormat},
		{strings.Replace(good, `"duration": 600`, `"duration": null`, 1), "visits[0].duration: is null", care.ErrFormat},
		{strings.Replace(good, `"duration": 600`, `"duration": {"minutes": [[[]]]}`, 1), "visits[0].duration: is not a whole number", care.ErrFormat},
		{strings.Replace(good, `"duration": 600`, `"duration": 600, "duration": 700`, 1), "stands twice", care.ErrFormat},
		{strings.Replace(good, `"from": 25200,`, `"from": "07:00",`, 1), "visits[0].windows[0].from: is not", care.ErrFormat},
		{strings.Replace(good, `2026-11-24T00:00:00+01:00`, `2026-11-31`, 1), "origin: is not a time", care.ErrFormat},
		{strings.Replace(good, "60000,\n        30000", "60000", 1), "rules.weights.unserved: has 3 values; write 4", care.ErrFormat},
		{strings.Replace(good, `"task"`, `"Anna Svensson"`, 1), "(unreadable)", care.ErrFormat},
	} {
		_, err := care.ReadDay(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.words) || (c.is != nil && !errors.Is(err, c.is)) {
			t.Errorf("%q: got %v", c.words, err)
		}
		if err != nil && strings.Contains(err.Error(), "Svensson") {
			t.Errorf("echoed: %v", err)
		}
	}
	if _, err := care.ReadDay(strings.NewReader("\xef\xbb\xbf" + good)); err != nil {
		t.Errorf("a byte order mark is refused: %v", err)
	}
}

func TestFormProblemsAreCollected(t *testing.T) {
	text := strings.ReplaceAll(written(t, smallDay()), `"duration"`, `"length"`)
	_, err := care.ReadDay(strings.NewReader(text))
	var invalid *care.ValidationError
	if !errors.As(err, &invalid) || len(invalid.Problems) != 2 {
		t.Fatalf("got %v", err)
	}
	if p := invalid.Problems[1]; p.Kind != "visits" || p.Index != 1 || p.Field != "length" {
		t.Errorf("got %+v", p)
	}
}

func TestRosterGoesRoundTheSame(t *testing.T) {
	r := &care.Roster{
		Version: care.FormatVersion, Run: care.Run{Seed: 1<<64 - 1, Options: "a<b"},
		Routes:   []care.Route{{Shift: "d1", Carer: "m1", Stops: []care.Stop{}}},
		Unserved: []care.Unserved{{Visit: "b1", Reason: care.ReasonFull, Shifts: 3}},
		Figures:  care.Figures{Municipalities: []care.GroupSums{{ID: "2513", Sums: care.Sums{Visits: 3}}}, Carers: []care.GroupSums{}, Terms: []care.TermCost{}},
	}
	var b bytes.Buffer
	if err := care.WriteRoster(&b, r); err != nil {
		t.Fatal(err)
	}
	back, err := care.ReadRoster(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Error(diff)
	}
}

func TestTravelHash(t *testing.T) {
	make := func() *care.Travel {
		return &care.Travel{Places: []string{"a", "b"}, Source: "x", Matrices: map[care.Mode]*care.Matrix{
			care.Car:  {N: 2, Seconds: []care.Seconds{0, 5, 6, 0}, Metres: []care.Metres{0, 50, 60, 0}},
			care.Foot: {N: 2, Seconds: []care.Seconds{0, 50, 60, 0}, Metres: []care.Metres{0, 50, 60, 0}},
			"sled":    nil,
		}}
	}
	a, b := make(), make()
	b.Source, b.Findings = "y", []care.PlaceFinding{{Place: "a"}}
	if a.Hash() != b.Hash() {
		t.Error("where it comes from counts")
	}
	b.Matrices[care.Foot].Metres[1]++
	if a.Hash() == b.Hash() {
		t.Error("a metre does not count")
	}
	c, d := make(), make()
	for i, x := range []*care.Travel{c, d} {
		m := x.Matrices[care.Car]
		m.Later = []care.LaterTravel{{From: care.Time(3600 * (7 + i)), Seconds: m.Seconds, Metres: m.Metres}}
	}
	if c.Hash() == make().Hash() || c.Hash() == d.Hash() {
		t.Error("a part of the day does not count")
	}
}

// FuzzReadDay: whatever the text, reading, judging and writing it does not
// panic, and what was read is written and read the same.
func FuzzReadDay(f *testing.F) {
	var b bytes.Buffer
	if err := care.WriteDay(&b, smallDay()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"version":1,"timeZone":"UTC","origin":"2026-01-01T00:00:00Z","visits":[{"windows":null}]}`))
	f.Add([]byte(`{"version":1,"published":{"version":1,"routes":[null]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := care.ReadDay(bytes.NewReader(text))
		if err != nil {
			return
		}
		_ = d.Validate()
		x := care.NewIndex(d)
		for i := range d.Shifts {
			x.BreaksOf(i)
			for v := range d.Visits {
				x.Eligible(v, x.ShiftCarer(i), 0)
			}
		}
		var out bytes.Buffer
		if err := care.WriteDay(&out, d); err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		back, err := care.ReadDay(&out)
		if err != nil {
			t.Fatalf("written but not read: %v", err)
		}
		if back.Hash() != d.Hash() {
			t.Fatal("changed on the way")
		}
	})
}

// FuzzReadRoster: the same for rosters.
func FuzzReadRoster(f *testing.F) {
	f.Add([]byte(`{"version":1,"routes":[{"shift":"d1","carer":"m1","stops":[{"kind":"start"}]}],"unserved":[],"figures":{"total":{"shifts":1},"municipalities":[{"id":"a","visits":2}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := care.ReadRoster(bytes.NewReader(text))
		if err != nil {
			return
		}
		care.Summarise(smallDay(), r)
		var a, b bytes.Buffer
		if err := care.WriteRoster(&a, r); err != nil {
			t.Fatal(err)
		}
		back, err := care.ReadRoster(bytes.NewReader(a.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := care.WriteRoster(&b, back); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatal("other bytes the second time")
		}
	})
}

// The strict reader must accept exactly what the writer makes from any field.
func TestFormKnowsEveryField(t *testing.T) {
	d := smallDay()
	d.Published = &care.Roster{Version: 1, Figures: care.Figures{Carers: []care.GroupSums{{ID: "m1"}}}, Routes: []care.Route{{Stops: []care.Stop{{}}}}, Unserved: []care.Unserved{{Finding: care.RoadIsland}}}
	leave := care.Seconds(5)
	d.Places[0].Leave, d.Places[0].Arrive = &leave, &leave
	d.Shifts[0].Breaks = []care.Break{{Length: 1, Paid: true}}
	d.Visits[0].Optional, d.Links[0].Together, d.Note = true, true, "x"
	d.Condition.IceRoads = true
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := care.ReadDay(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
}

// Nothing is not a day, and is not written as if it were one.
func TestNothingIsNotWritten(t *testing.T) {
	var b bytes.Buffer
	if err := care.WriteDay(&b, nil); !errors.Is(err, care.ErrFormat) || b.Len() > 0 {
		t.Errorf("%v, %q", err, b.String())
	}
	if err := care.WriteRoster(&b, nil); !errors.Is(err, care.ErrFormat) || b.Len() > 0 {
		t.Errorf("%v, %q", err, b.String())
	}
}
