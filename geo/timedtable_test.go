package geo

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// TestLeavingLaterNeverArrivesEarlier over random tables and periods, and the
// time is that of the best wait that there is.
func TestLeavingLaterNeverArrivesEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "periods")
		var starts []time.Time
		var tables []Table
		at := 0
		for range n {
			at += rapid.IntRange(1, 30).Draw(t, "gap")
			starts = append(starts, monday.Add(time.Duration(at)*time.Second))
			leg := rapid.Custom(func(t *rapid.T) int32 {
				if rapid.IntRange(0, 4).Draw(t, "cut off") == 0 {
					return Unreachable
				}
				return rapid.Int32Range(0, 60).Draw(t, "seconds")
			})
			seconds := rapid.SliceOfN(leg, 4, 4).Draw(t, "table")
			tables = append(tables, Table{Rows: 2, Cols: 2, Seconds: seconds, Metres: make([]int32, 4)})
		}
		timed, err := NewTimedTable(starts, tables)
		if err != nil {
			t.Fatal(err)
		}
		plain := func(i, j int, leave time.Time) int64 {
			k := 0
			for x := range starts {
				if !leave.Before(starts[x]) {
					k = x
				}
			}
			s, _ := tables[k].At(i, j)
			return int64(s)
		}
		for i := range 2 {
			for j := range 2 {
				last := int64(-1)
				for x := range at + 70 {
					leave := monday.Add(time.Duration(x) * time.Second)
					got, _ := timed.At(i, j, leave)
					best := int64(Unreachable)
					for wait := range int64(at + 70) {
						if s := plain(i, j, leave.Add(time.Duration(wait)*time.Second)); s != Unreachable {
							best = min(best, wait+s)
						}
					}
					if int64(got) != best {
						t.Fatalf("leaving at %d: %d s, the best wait gives %d s", x, got, best)
					}
					if got == Unreachable {
						continue
					}
					if arrive := int64(x) + int64(got); arrive < last {
						t.Fatalf("leaving at %d arrives at %d, and leaving before at %d", x, arrive, last)
					} else {
						last = arrive
					}
				}
			}
		}
	})
}

// TestLeavingLongBeforeTheFirstPeriod: who leaves centuries before takes what
// holds first.
func TestLeavingLongBeforeTheFirstPeriod(t *testing.T) {
	t.Parallel()
	one := Table{Rows: 1, Cols: 1, Seconds: []int32{7}, Metres: []int32{9}}
	timed, err := NewTimedTable([]time.Time{monday, monday.Add(time.Hour)}, []Table{one, one})
	if err != nil {
		t.Fatal(err)
	}
	if seconds, metres := timed.At(0, 0, time.Time{}); seconds != 7 || metres != 9 {
		t.Errorf("%d s, %d m", seconds, metres)
	}
}

func TestTimedTableRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	one, two := Table{Rows: 1, Cols: 1, Seconds: []int32{1}, Metres: []int32{1}}, Table{Rows: 1, Cols: 2, Seconds: []int32{1, 2}, Metres: []int32{1, 2}}
	for _, test := range []struct {
		starts []time.Time
		tables []Table
	}{
		{nil, nil},
		{[]time.Time{monday}, []Table{one, one}},
		{[]time.Time{monday, monday}, []Table{one, one}},
		{[]time.Time{monday, monday.Add(1)}, []Table{one, two}},
	} {
		if _, err := NewTimedTable(test.starts, test.tables); !errors.Is(err, ErrPeriods) {
			t.Errorf("%v: %v", test.starts, err)
		}
	}
}

// crossingMap is two pieces of road with a ferry between them, and its two quays.
func crossingMap(t *testing.T) (*Region, []Snap) {
	t.Helper()
	d := draw(t, `
		a b . . c d`,
		"ab", "bc ferry", "cd")
	r := d.build(t)
	return r, mustSnap(t, mustMetric(t, r, evenCar()), d.at(t, "b"), d.at(t, "c"))
}

// TestTimedTableOfAFerry: half an hour before the first departure one waits
// for it, however the periods are cut, and nobody gains by leaving later.
func TestTimedTableOfAFerry(t *testing.T) {
	t.Parallel()
	r, snaps := crossingMap(t)
	c := &Condition{
		Ferries:  []Ferry{{ID: "f", Selection: Selection{Classes: []string{"ferry"}}, Boarding: 60, Services: []Service{{First: "06:00", Last: "21:00", Every: 30}}}},
		Closures: []Closure{{ID: "works", Selection: Selection{Classes: []string{"ferry"}}, When: "12:00-13:00"}},
	}
	until := monday.Add(24 * time.Hour)
	starts, err := r.Periods(t.Context(), evenCar(), c, monday, until, 0)
	if err != nil {
		t.Fatal(err)
	}
	timed, err := r.TimedTable(t.Context(), evenCar(), MetricOptions{Condition: c}, starts, snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	last := monday
	for minute := range 24 * 60 {
		leave := monday.Add(time.Duration(minute) * time.Minute)
		seconds, _ := timed.At(0, 1, leave)
		if seconds == Unreachable {
			t.Fatalf("at %s there is no way", leave.Format("15:04"))
		}
		arrive := leave.Add(time.Duration(seconds) * time.Second)
		if arrive.Before(last) {
			t.Errorf("leaving at %s arrives before who left earlier", leave.Format("15:04"))
		}
		last = arrive
	}
	// At noon the crossing is closed for an hour; who comes then waits for it
	// to open and then for the ferry, about 15.5 minutes on average: who comes
	// at the minute of a departure is too late.
	if got, _ := timed.At(0, 1, monday.Add(12*time.Hour)); got < 3600+930+600-5 || got > 3600+930+600+5 {
		t.Errorf("at noon %d s", got)
	}
	if got, _ := timed.At(1, 0, monday.Add(10*time.Hour)); got < 600+930-5 || got > 600+930+5 {
		t.Errorf("by day %d s", got)
	}
	if len(timed.Starts()) != len(starts) || timed.Table(0).Rows != 2 {
		t.Error("periods and tables do not fit")
	}
}

// TestFerriesAreRatherLate: whoever is at the quay at any minute of a day has
// crossed by the timetable no later than the tables say, but for the mean of a
// wait that is never more than an hour.
func TestFerriesAreRatherLate(t *testing.T) {
	t.Parallel()
	r, snaps := crossingMap(t)
	for name, test := range map[string]struct {
		services []Service
		departs  []int // minutes
		most     int
		slack    int // minutes that a mean may be short of the wait
	}{
		"first at half past nine": {[]Service{{First: "09:30", Last: "21:00", Every: 30}}, steps(570, 1260, 30), 0, 15},
		"told as one part":        {[]Service{{First: "09:30", Last: "21:00", Every: 30}}, steps(570, 1260, 30), 1, 0},
		"every hour":              {[]Service{{First: "06:00", Last: "22:00", Every: 60}}, steps(360, 1320, 60), 0, 30},
		"every two hours":         {[]Service{{First: "06:00", Last: "22:00", Every: 120}}, steps(360, 1320, 120), 0, 30}, // in the hour before the first
		"three departures":        {[]Service{{Departures: []string{"07:15", "12:30", "16:00"}}}, []int{435, 750, 960}, 0, 0},
		"three as two parts":      {[]Service{{Departures: []string{"07:15", "12:30", "16:00"}}}, []int{435, 750, 960}, 2, 0},
	} {
		c := &Condition{Ferries: []Ferry{{ID: "f", Selection: Selection{Classes: []string{"ferry"}}, Boarding: 300, Services: test.services}}}
		from, until := monday.Add(5*time.Hour), monday.Add(24*time.Hour)
		starts, err := r.Periods(t.Context(), evenCar(), c, from, until, test.most)
		if err != nil {
			t.Fatal(err)
		}
		timed, err := r.TimedTable(t.Context(), evenCar(), MetricOptions{Condition: c}, starts, snaps, snaps, 1)
		if err != nil {
			t.Fatal(err)
		}
		for minute := 5 * 60; minute < 24*60; minute++ {
			wait := 24*60 + test.departs[0] - minute
			for _, at := range test.departs {
				if at >= minute+5 {
					wait = at - minute
					break
				}
			}
			told, _ := timed.At(0, 1, monday.Add(time.Duration(minute)*time.Minute))
			if real := int32(wait*60 + 600); real > told+int32(test.slack*60) {
				t.Errorf("%s: at %02d:%02d one is across after %d s, the table says %d s", name, minute/60, minute%60, real, told)
				break
			}
		}
	}
}

// steps counts from first to last.
func steps(first, last, by int) (list []int) {
	for m := first; m <= last; m += by {
		list = append(list, m)
	}
	return list
}

// TestTheNightIsNotToldByDay: nobody waits for the first ferry of tomorrow who
// comes in the morning, whenever the day ends and whatever else sails.
func TestTheNightIsNotToldByDay(t *testing.T) {
	t.Parallel()
	r, snaps := crossingMap(t)
	crossing := func(c *Condition, from, until, at string, most int) int32 {
		t.Helper()
		clock := func(text string) time.Time {
			var h, m int
			if _, err := fmt.Sscanf(text, "%d:%d", &h, &m); err != nil {
				t.Fatal(err)
			}
			return monday.Add(time.Duration(60*h+m) * time.Minute)
		}
		list, err := r.Periods(t.Context(), evenCar(), c, clock(from), clock(until), most)
		if err != nil {
			t.Fatal(err)
		}
		timed, err := r.TimedTable(t.Context(), evenCar(), MetricOptions{Condition: c}, list, snaps, snaps, 1)
		if err != nil {
			t.Fatal(err)
		}
		seconds, _ := timed.At(0, 1, clock(at))
		return seconds
	}
	ferry := Selection{Classes: []string{"ferry"}}
	often := Service{First: "06:00", Last: "18:00", Every: 30}
	for _, test := range []struct {
		service         Service
		from, until, at string
		most            int32
	}{
		{often, "07:00", "18:00", "08:00", 3600},
		{often, "07:00", "18:01", "08:00", 3600},
		{often, "07:00", "17:58", "08:00", 3600},
		{Service{First: "06:00", Last: "24:00", Every: 30}, "07:00", "24:00", "08:00", 3600},
		{Service{Departures: []string{"08:00", "12:00", "16:00"}}, "13:00", "16:00", "14:00", 3*3600 + 600},
	} {
		c := &Condition{Ferries: []Ferry{{ID: "f", Selection: ferry, Boarding: 300, Services: []Service{test.service}}}}
		if got := crossing(c, test.from, test.until, test.at, 0); got > test.most {
			t.Errorf("%v until %s: a crossing at %s takes %d s", test.service, test.until, test.at, got)
		}
	}
	elsewhere := Selection{Names: []string{"elsewhere"}, MayMatchNothing: true}
	for _, beside := range []Service{
		{When: "Sa,Su", First: "08:00", Last: "20:00", Every: 60},
		{Direction: "forward", First: "06:00", Last: "22:00", Every: 30},
		{Departures: []string{"05:30", "23:30"}},
	} {
		c := &Condition{
			Speeds: []SpeedRule{{Percent: 80, When: "Mo-Fr 07:00-09:00,16:00-18:00"}},
			Ferries: []Ferry{
				{ID: "f", Selection: ferry, Services: []Service{{First: "06:00", Last: "22:00", Every: 30}}},
				{ID: "g", Selection: elsewhere, Services: []Service{beside}},
			},
		}
		for most := 3; most <= 5; most++ {
			if got := crossing(c, "00:00", "24:00", "12:00", most); got > 3600 {
				t.Errorf("beside %v, at most %d states: a crossing at noon takes %d s", beside, most, got)
			}
		}
	}
}

// TestPeriodsOfWhatIsLifted: a limit that is lifted at some hours is a change.
func TestPeriodsOfWhatIsLifted(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c`, "ab", "bc")
	d.net.Texts = append(d.net.Texts, "motor_vehicle:conditional=yes @ (08:00-16:00)")
	d.net.Ways[0].Limited, d.net.Ways[0].Condition = osm.AllModes, 1
	list, err := d.build(t).Periods(t.Context(), evenCar(), nil, monday.Add(6*time.Hour), monday.Add(18*time.Hour), 0)
	if err != nil || len(list) != 3 || list[1].Start != monday.Add(8*time.Hour) || list[0].State != list[2].State {
		t.Errorf("%v %v", list, err)
	}
}
