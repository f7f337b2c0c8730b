package care_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 15, 4, 5, 0, time.UTC) }

func TestParseClock(t *testing.T) {
	plain, spring, autumn := date(2026, 11, 24), date(2026, 3, 29), date(2026, 10, 25)
	for _, c := range []struct {
		day  time.Time
		text string
		want care.Time
		err  error
		hint string
	}{
		{plain, "07:30", 27000, nil, ""},
		{plain, " 7.30 ", 27000, nil, ""},
		{plain, "07:30:15", 27015, nil, ""},
		{plain, "00:00", 0, nil, ""},
		{plain, "24:30", 88200, nil, ""},
		{plain, "+1 00:30", 88200, nil, ""},
		{plain, "-1 22:00", -7200, nil, ""},
		{plain, "07:30+01:00", 27000, nil, ""},
		{plain, "07:30+02:00", 0, care.ErrNoSuchLocalTime, "leave the offset off"},
		{plain, "07:30A", 27000, nil, ""},
		{plain, "07:30B", 0, care.ErrNoSuchLocalTime, "leave the letter off"},
		{spring, "01:59", 7140, nil, ""},
		{spring, "02:30", 0, care.ErrNoSuchLocalTime, "write a time before 02:00, or 03:00 or later"},
		{spring, "03:00", 7200, nil, ""},
		{spring, "22:00", 21 * hour, nil, ""},
		{autumn, "02:30", 0, care.ErrAmbiguousLocalTime, "write 02:30A or 02:30+02:00 for the first, 02:30B or 02:30+01:00 for the second"},
		{autumn, "02:30A", 9000, nil, ""},
		{autumn, "02:30b", 12600, nil, ""},
		{autumn, "02:30+02:00", 9000, nil, ""},
		{autumn, "02:30+0100", 12600, nil, ""},
		{autumn, "03:00", 4 * hour, nil, ""},
		{autumn, "24:00", 25 * hour, nil, ""},
		{date(2026, 10, 24), "+1 02:30B", 24*hour + 12600, nil, ""},
	} {
		got, err := care.ParseClock(c.day, c.text, zone(t, "Europe/Stockholm"))
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s %q: got %d, %v", c.day.Format(time.DateOnly), c.text, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%q: %v does not say %q", c.text, err, c.hint)
		}
	}
	for _, text := range []string{"", "7", "730", "07:3", "07:60", "48:00", "+1 24:30", "+9 07:00", "+1", "a:bc", "07:30:99", "07:30+", "07::30", "-07:30", "07:30Z", "０７:30", "1234567:00"} {
		if got, err := care.ParseClock(plain, text, time.UTC); !errors.Is(err, care.ErrClockText) {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	if got, err := care.ParseClock(plain, "07:30", nil); got != 27000 || err != nil {
		t.Errorf("no zone: %d, %v", got, err)
	}
}

func TestMidnightThatIsSkipped(t *testing.T) {
	// In Santiago clocks go from 24:00 to 01:00 on the first Sunday of September.
	z := zone(t, "America/Santiago")
	if got := care.Midnight(date(2025, 9, 7), z).Format(time.DateTime); got != "2025-09-07 01:00:00" {
		t.Errorf("the date begins at %s", got)
	}
}

func TestClockOnTheNightThatClocksAreChanged(t *testing.T) {
	d := smallDay()
	d.Origin = care.Midnight(date(2026, 10, 24), zone(t, d.TimeZone))
	for _, c := range []struct {
		t    care.Time
		want string
	}{
		{27000, "07:30"},
		{27059, "07:30"},
		{-60, "-1 23:59"},
		{24 * hour, "+1 00:00"},
		{26*hour + 1800, "+1 02:30A"},
		{27*hour + 1800, "+1 02:30B"},
		{28 * hour, "+1 03:00"},
	} {
		if got := d.Clock(c.t); got != c.want {
			t.Errorf("%d: got %s, want %s", c.t, got, c.want)
		}
	}
	if got := d.ClockSeconds(26*hour + 1805); got != "+1 02:30:05A" {
		t.Errorf("got %s", got)
	}
}

func TestAtInAnUnknownZone(t *testing.T) {
	d := smallDay()
	d.TimeZone = "Nowhere/At_All"
	if got := d.At(hour).Format("15:04 -0700"); got != "01:00 +0100" {
		t.Errorf("got %s", got)
	}
}

// What Clock writes ParseClock reads, in every zone and season.
func TestClockAndParseClockAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Europe/Stockholm", "Europe/Helsinki", "UTC", "Australia/Lord_Howe", "America/Havana", "America/Santiago", "Asia/Kathmandu"}).Draw(t, "zone")
		z := zone(t, name)
		day := date(2026, 1, 1).AddDate(0, 0, rapid.IntRange(0, 730).Draw(t, "day"))
		d := &care.Day{TimeZone: name, Origin: care.Midnight(day, z)}
		moment := care.Time(rapid.IntRange(-86400, 2*86400).Draw(t, "t"))
		text := d.ClockSeconds(moment)
		got, err := care.ParseClock(day, text, z)
		if err != nil || got != moment {
			t.Fatalf("%s %s: %d written as %s, read as %d, %v", day.Format(time.DateOnly), name, moment, text, got, err)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"07:30", "+1 00:30", "02:30A", "02:30+01:00", "24:30"} {
		f.Add(s, int64(1792886400))
	}
	z := zone(f, "Europe/Stockholm")
	f.Fuzz(func(t *testing.T, text string, day int64) {
		at := time.Unix(day%4102444800, 0).UTC()
		_, _ = care.ParseClock(at, text, z)
	})
}
