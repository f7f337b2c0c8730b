package osm

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestHours(t *testing.T) {
	for _, test := range []struct {
		hours string
		yes   []string
		no    []string
	}{
		{"24/7", []string{"2026-11-24 03:00"}, nil},
		{"Nov 1-Apr 15", []string{"2026-11-01 00:00", "2027-04-15 23:59", "2027-01-01 12:00"}, []string{"2026-10-31 23:59", "2027-04-16 00:00"}},
		{"Nov-Apr", []string{"2026-11-01 00:00", "2027-04-30 23:59"}, []string{"2027-05-01 00:00"}},
		{"Feb 10-20", []string{"2027-02-10 00:00", "2027-02-20 12:00"}, []string{"2027-02-21 00:00", "2027-03-15 00:00"}},
		{"May", []string{"2027-05-31 23:59"}, []string{"2027-06-01 00:00"}},
		{"2026 Nov 21-Nov 23", []string{"2026-11-21 00:00", "2026-11-23 23:59"}, []string{"2027-11-22 00:00", "2026-11-24 00:00"}},
		{"2026 Dec 20-Jan 7", []string{"2027-01-07 12:00"}, []string{"2026-01-05 12:00", "2027-12-25 12:00"}},
		{"2026 Nov-2027 Feb", []string{"2027-01-15 12:00"}, []string{"2027-03-01 00:00"}},
		{"2026", []string{"2026-01-01 00:00", "2026-12-31 23:59"}, []string{"2027-01-01 00:00"}},
		{"winter", []string{"2026-11-24 12:00", "2027-04-30 12:00"}, []string{"2027-06-01 12:00"}},
		{"Mo-Fr 07:00-09:00,15:00-18:00", []string{"2026-11-24 07:00", "2026-11-24 17:59"}, []string{"2026-11-24 09:00", "2026-11-22 08:00"}},
		{"Mo-Fr 07-09", []string{"2026-11-24 07:30"}, []string{"2026-11-24 09:00"}},
		{"Fr-Mo", []string{"2026-11-22 08:00", "2026-11-23 08:00"}, []string{"2026-11-24 08:00"}},
		{"22:00-05:00", []string{"2026-11-24 22:00", "2026-11-24 04:59"}, []string{"2026-11-24 05:00", "2026-11-24 21:59"}},
		{"Fr 22:00-05:00", []string{"2026-11-27 23:00", "2026-11-28 04:00"}, []string{"2026-11-27 04:00", "2026-11-28 23:00"}},
		{"Fr 22:00-29:00", []string{"2026-11-28 04:59"}, []string{"2026-11-28 05:00"}},
		{"Mo-Fr 07:00-18:00; We 12:00-13:00 off", []string{"2026-11-25 11:59", "2026-11-24 12:30"}, []string{"2026-11-25 12:30"}},
		{"Mo-Fr 07:00-18:00; We 10:00-12:00", []string{"2026-11-25 11:00"}, []string{"2026-11-25 13:00", "2026-11-25 08:00"}},
		{"Mo 10:00-12:00, We 14:00-16:00", []string{"2026-11-23 11:00", "2026-11-25 15:00"}, []string{"2026-11-25 11:00"}},
		{"Mo-Su; Dec 24 off", []string{"2026-12-23 11:00"}, []string{"2026-12-24 11:00"}},
		{"Mo-Fr 07:00-18:00; PH off", []string{"2026-12-25 11:00"}, nil},
		{"PH 10:00-12:00", nil, []string{"2026-12-25 11:00"}},
		{"Su,PH 10:00-12:00", []string{"2026-11-22 11:00"}, []string{"2026-11-23 11:00"}},
		{"Nov-Apr Mo-Fr 06:00-09:00; May-Oct 08:00-10:00", []string{"2026-11-24 06:30", "2027-05-08 09:00"}, []string{"2026-11-22 06:30", "2027-05-04 06:30"}},
		{"nov 1 - apr 15 MO,WE", []string{"2026-11-23 00:00"}, []string{"2026-11-24 00:00"}},
	} {
		h, err := ParseHours(test.hours)
		if err != nil {
			t.Errorf("%s: %v", test.hours, err)
			continue
		}
		for _, moment := range test.yes {
			if !h.Holds(at(moment)) {
				t.Errorf("%s does not hold at %s", test.hours, moment)
			}
		}
		for _, moment := range test.no {
			if h.Holds(at(moment)) {
				t.Errorf("%s holds at %s", test.hours, moment)
			}
		}
	}
}

func TestHoursRefuses(t *testing.T) {
	for _, bad := range []string{
		"", ";", "sunrise-sunset", "Mo-", "07:00", "07:00-", "25:61-26:00", "Nov 31", "Feb 30-Mar 1", "Mo[1]", "easter",
		"week 1-10", "Nov 1-2027", "Nov-2027 Apr", "2027 Apr-2026 Mar", "07:00-18:00+", "wet", "Mo-Fr 07:00-18:00 maybe",
		"22:00-48:00", strings.Repeat("Mo,", 2000),
	} {
		if _, err := ParseHours(bad); !errors.Is(err, ErrHours) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// TestHoursChangeOnlyAtTheirMinutes, and a rule of each shape against words of
// its own.
func TestHoursChangeOnlyAtTheirMinutes(t *testing.T) {
	days := [...]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}
	rapid.Check(t, func(t *rapid.T) {
		fromMonth, toMonth := rapid.IntRange(1, 12).Draw(t, "from month"), rapid.IntRange(1, 12).Draw(t, "to month")
		fromDay, toDay := rapid.IntRange(1, 28).Draw(t, "from day"), rapid.IntRange(1, 28).Draw(t, "to day")
		first, last := rapid.IntRange(0, 6).Draw(t, "first"), rapid.IntRange(0, 6).Draw(t, "last")
		from, to := rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1440).Draw(t, "to")
		text := fmt.Sprintf("%s %d-%s %d %s-%s %02d:%02d-%02d:%02d", time.Month(fromMonth).String()[:3], fromDay,
			time.Month(toMonth).String()[:3], toDay, days[first], days[last], from/60, from%60, to/60, to%60)
		h, err := ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		onDay := func(d time.Time) bool {
			key, a, b := int(d.Month())*100+d.Day(), fromMonth*100+fromDay, toMonth*100+toDay
			inYear := a <= key && key <= b || b < a && (key >= a || key <= b)
			w := int(d.Weekday())
			inWeek := first <= w && w <= last || last < first && (w >= first || w <= last)
			return inYear && inWeek
		}
		end := to
		if end <= from {
			end += 1440
		}
		day := time.Date(2026, 1, rapid.IntRange(1, 730).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		before := h.Holds(day.Add(-time.Minute))
		changes := map[int]bool{}
		for _, m := range h.Minutes() {
			changes[m] = true
		}
		for m := range 1440 {
			holds := h.Holds(day.Add(time.Duration(m) * time.Minute))
			want := onDay(day) && from <= m && m < end || onDay(day.AddDate(0, 0, -1)) && m+1440 < end
			if holds != want {
				t.Fatalf("%s on %s at minute %d: %v", text, day.Format("Mon 2006-01-02"), m, holds)
			}
			if holds != before && !changes[m] {
				t.Fatalf("%s changes at minute %d, which Minutes does not list", text, m)
			}
			before = holds
		}
	})
}

func FuzzParseHours(f *testing.F) {
	for _, seed := range []string{"Nov 1-Apr 15 Mo-Fr 07:00-09:00", "24/7", "2026 Nov 21-Nov 23; PH off", "winter,May 1-20 22:00-29:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text)
		if err != nil {
			if !errors.Is(err, ErrHours) || !h.IsZero() {
				t.Errorf("%v, %v", h, err)
			}
			return
		}
		for _, m := range h.Minutes() {
			if m < 0 || m >= 1440 {
				t.Errorf("minute %d", m)
			}
		}
		again, err := ParseHours(h.String())
		if err != nil {
			t.Fatal(err)
		}
		for hour := range 24 * 366 {
			moment := time.Date(2026, 1, 1, hour, hour%60, 0, 0, time.UTC)
			if h.Holds(moment) != again.Holds(moment) {
				t.Fatalf("%q holds differently when read again", text)
			}
		}
	})
}

func TestConditional(t *testing.T) {
	for _, test := range []struct {
		value, moment, want string
		answer              Answer
	}{
		{"no @ (Nov 1-Apr 15)", "2026-12-24 12:00", "no", Yes},
		{"no @ (Nov 1-Apr 15)", "2026-07-01 12:00", "", No},
		{"no @ Nov-Apr", "2026-12-24 12:00", "no", Yes},
		{"no @ (wet)", "2026-12-24 12:00", "", Unknown},
		{"no @ (weight>7.5)", "2026-12-24 12:00", "", No},
		{"no @ (maxweightrating > 3.5 t)", "2026-12-24 12:00", "", No},
		{"no @ (weight>1)", "2026-12-24 12:00", "", Unknown},
		{"no @ (Mo-Fr 07:00-09:00 AND weight>7.5)", "2026-11-24 08:00", "", No},
		{"no @ (Mo-Fr 07:00-09:00 AND wet)", "2026-11-24 10:00", "", No},
		{"no @ (Mo-Fr 07:00-09:00 and wet)", "2026-11-24 08:00", "", Unknown},
		{"yes @ (Nov-Apr); no @ (Mo-Fr 07:00-09:00)", "2026-11-24 08:00", "no", Yes},
		{"yes @ (Nov-Apr); no @ (Mo-Fr 07:00-09:00)", "2026-11-24 10:00", "yes", Yes},
		{"no @ (Mo-Fr 07:00-09:00; Sa 10:00-12:00)", "2026-11-28 11:00", "no", Yes},
		{"no @ Mo-Fr 07:00-09:00; Sa 10:00-12:00", "2026-11-28 11:00", "no", Yes},
		{"no @ weight>7.5 AND Mo-Fr 07:00-09:00; Sa 10:00-12:00", "2026-11-25 08:00", "", No},
		{"30 @ (children present)", "2026-11-28 11:00", "", Unknown},
	} {
		choices, err := ParseConditional(test.value)
		if err != nil {
			t.Errorf("%s: %v", test.value, err)
			continue
		}
		if value, answer := Choose(choices, at(test.moment)); value != test.want || answer != test.answer {
			t.Errorf("%s at %s: %q, %v", test.value, test.moment, value, answer)
		}
	}
	for _, bad := range []string{"", "no", "@ (Mo)", "no @", "no @ ()", "no @ (Mo AND )", ";;"} {
		if c, err := ParseConditional(bad); !errors.Is(err, ErrConditional) {
			t.Errorf("%q: %v, %v", bad, c, err)
		}
	}
}

func FuzzParseConditional(f *testing.F) {
	for _, seed := range []string{"no @ (Nov 1-Apr 15)", "a @ (Mo); b @ (Tu AND weight>3.5)", "x @ ((Mo)", "no @ Mo; Sa"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		choices, err := ParseConditional(value)
		if err != nil {
			return
		}
		for _, c := range choices {
			if c.Value == "" || len(c.When) == 0 {
				t.Errorf("%q: %+v", value, c)
			}
		}
		Choose(choices, at("2026-11-24 08:00"))
		conditions := ParseConditions("access:conditional=" + value)
		way := Way{Forward: AllModes, Backward: AllModes}
		conditions.Bind(&way, ModeCar, at("2026-11-24 08:00"), DefaultTags())
		if way.Forward&^ModeCar != ModeBicycle|ModeFoot {
			t.Errorf("%q for cars closes the way to others", value)
		}
	})
}

func TestBind(t *testing.T) {
	for _, test := range []struct {
		tags, moment      string
		mode              Modes
		forward, backward bool
		limited           bool
		speed             Limits
		undecided         int
	}{
		{"motor_vehicle:conditional=no @ (Nov-Apr)", "2026-12-01 12:00", ModeCar, false, false, false, Limits{50, 50}, 0},
		{"motor_vehicle:conditional=no @ (Nov-Apr)", "2026-12-01 12:00", ModeFoot, true, true, false, Limits{50, 50}, 0},
		{"access:conditional=no @ (Nov-Apr)\nmotorcar:conditional=destination @ (Nov-Apr)", "2026-12-01 12:00", ModeCar, true, true, true, Limits{50, 50}, 0},
		{"access:forward:conditional=no @ (Nov-Apr)", "2026-12-01 12:00", ModeBicycle, false, true, false, Limits{50, 50}, 0},
		{"oneway:conditional=-1 @ (Nov-Apr)", "2026-12-01 12:00", ModeCar, false, true, false, Limits{50, 50}, 0},
		{"oneway:conditional=yes @ (Nov-Apr)", "2026-12-01 12:00", ModeFoot, true, true, false, Limits{50, 50}, 0},
		{"oneway:bicycle:conditional=yes @ (Nov-Apr)", "2026-12-01 12:00", ModeCar, true, true, false, Limits{50, 50}, 0},
		{"maxspeed:conditional=30 @ (Mo-Fr 07:00-17:00)", "2026-11-24 12:00", ModeCar, true, true, false, Limits{30, 30}, 0},
		{"maxspeed:backward:conditional=40 @ (Mo)\nmaxspeed:conditional=30 @ (Mo-Fr)", "2026-11-23 12:00", ModeCar, true, true, false, Limits{30, 40}, 0},
		{"maxspeed:hgv:conditional=30 @ (Mo-Fr)", "2026-11-23 12:00", ModeCar, true, true, false, Limits{50, 50}, 0},
		{"maxspeed:conditional=60 @ (wet)", "2026-11-23 12:00", ModeCar, true, true, false, Limits{50, 50}, 1},
		{"seasonal=summer", "2026-11-23 12:00", ModeCar, false, false, false, Limits{50, 50}, 0},
		{"seasonal=spring;summer", "2027-03-05 12:00", ModeCar, true, true, false, Limits{50, 50}, 0},
		{"seasonal=yes", "2026-11-23 12:00", ModeCar, true, true, false, Limits{50, 50}, 1},
		{"opening_hours=06:00-20:00", "2026-11-23 21:00", ModeCar, false, false, false, Limits{50, 50}, 0},
		{"opening_hours=when the gate is open", "2026-11-23 21:00", ModeCar, true, true, false, Limits{50, 50}, 1},
		{"oneway=reversible\nice_road=yes", "2026-11-23 21:00", ModeCar, true, true, false, Limits{50, 50}, 1},
		{"access:conditional=gibberish @ (Nov-Apr)", "2026-11-23 21:00", ModeCar, true, true, false, Limits{50, 50}, 1},
	} {
		w := Way{Forward: AllModes, Backward: AllModes, Speed: Limits{50, 50}}
		c := ParseConditions(test.tags)
		undecided := c.Bind(&w, test.mode, at(test.moment), DefaultTags())
		if f, b := w.Forward&test.mode != 0, w.Backward&test.mode != 0; f != test.forward || b != test.backward {
			t.Errorf("%q: open %v %v", test.tags, f, b)
		}
		if w.Speed != test.speed || (w.Limited != 0) != test.limited || len(undecided) != test.undecided {
			t.Errorf("%q: %+v, limited %v, undecided %q", test.tags, w.Speed, w.Limited, undecided)
		}
	}
	// What is closed for good is not opened: there is no road in the map.
	w := Way{Forward: ModeFoot, Backward: ModeFoot}
	c := ParseConditions("motor_vehicle:conditional=yes @ (Nov-Apr)")
	if undecided := c.Bind(&w, ModeCar, at("2026-12-01 12:00"), DefaultTags()); len(undecided) != 1 || w.Forward != ModeFoot {
		t.Errorf("%v %q", w.Forward, undecided)
	}
}
