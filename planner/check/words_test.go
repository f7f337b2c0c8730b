package check

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/planner/care"
)

// A roster that somebody typed may have a name or a personal number anywhere
// that an id belongs. No breach repeats it.
func TestNothingPersonalIsRepeated(t *testing.T) {
	for _, secret := range []string{"Anna Svensson 19121212-1212", "Anna", "191212121212", "k121212-1212", "Storgatan 5"} {
		d, travel := smallDay()
		r := smallRoster(d)
		r.Routes[0].Carer = secret
		r.Routes[0].Stops[1].Visit = secret
		r.Routes[0].Stops[2].Place = secret
		r.Routes[1].Shift = secret
		r.Routes[1].Stops[0].Kind = care.StopKind(secret)
		last := len(r.Routes[1].Stops) - 1
		r.Routes[1].Stops[last].Place = secret
		r.Unserved = append(r.Unserved, care.Unserved{Visit: secret}, care.Unserved{Visit: "b1", Reason: care.ReasonCode(secret)})
		r.Unserved[0].Reason = care.ReasonCode(secret)
		r.Figures.Carers[0].ID = secret
		r.Figures.Municipalities = append(r.Figures.Municipalities, care.GroupSums{ID: secret}, care.GroupSums{ID: secret}, care.GroupSums{})
		r.Run.DayHash, r.Run.Software = secret, secret
		report := Roster(d, travel, r)
		said, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range append(strings.Fields(secret), secret) {
			if len(part) > 1 && strings.Contains(string(said), part) {
				t.Errorf("repeated %q: %s", part, said)
			}
		}
		if !strings.Contains(string(said), "Det finns inget besök (id visas inte) i dagen") {
			t.Errorf("the unknown visit is not reported: %s", said)
		}
	}
}

// A plain id is repeated: it helps to find the mistake.
func TestPseudonymsAreRepeated(t *testing.T) {
	d, travel := smallDay()
	r := smallRoster(d)
	r.Unserved = append(r.Unserved, care.Unserved{Visit: "x-17"})
	said := text(Roster(d, travel, r))
	if !strings.Contains(said, `There is no visit "x-17" in the day`) {
		t.Error(said)
	}
}

// No sentence has a hole where something has no name.
func TestNoHoles(t *testing.T) {
	d, travel := smallDay()
	r := smallRoster(d)
	r.Routes[0].Carer, r.Routes[0].Stops[1].Visit = "", ""
	r.Figures.Municipalities = append(r.Figures.Municipalities, care.GroupSums{Sums: care.Sums{Visits: 3}})
	r.Unserved[0].Reason = ""
	report := Roster(d, travel, r)
	for _, b := range report.Breaches {
		for _, s := range []string{b.English, b.Swedish} {
			if strings.Contains(s, "  ") || strings.Contains(s, `""`) || strings.Contains(s, " )") || strings.HasPrefix(s, " ") || strings.Contains(s, "%!") {
				t.Error(s)
			}
		}
	}
}

// A roster without figures says nothing false: it is told of once.
func TestFiguresAbsent(t *testing.T) {
	d, travel := smallDay()
	r := smallRoster(d)
	r.Figures = care.Figures{}
	report := Roster(d, travel, r)
	if !report.OK() || len(report.Warnings) != 1 || report.Warnings[0].Rule != Figures {
		t.Errorf("%+v", report)
	}
	r.Figures.Total.Visits = 1 // half of them is a mistake
	if Roster(d, travel, r).OK() {
		t.Error("wrong figures were passed over")
	}
}

func TestClockInWords(t *testing.T) {
	d, travel := smallDay()
	j := newJudge(d, travel, nil)
	for _, c := range []struct {
		at   int64
		want phrase
	}{
		{7*3600 + 1800, phrase{"07:30", "07:30"}},
		{25 * 3600, phrase{"01:00 next day", "01:00 nästa dag"}},
		{-60, phrase{"23:59 the day before", "23:59 dagen före"}},
		{49*3600 + 5, phrase{"01:00:05 2 days later", "01:00:05 2 dagar senare"}},
		{-25 * 3600, phrase{"23:00 2 days before", "23:00 2 dagar före"}},
	} {
		if got := j.clock(c.at); got != c.want {
			t.Errorf("%d: %v, want %v", c.at, got, c.want)
		}
	}
}
