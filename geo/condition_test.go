package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

const stormJSON = `{
  "name": "storm",
  "text": "Natt mot tisdag",
  "areas": [
    {"id": "kusten", "text": "nysnö", "geometry": {"type": "Polygon", "coordinates": [[[23, 65], [24, 65], [24, 66], [23, 65]]]}},
    {"id": "inlandet", "geometry": {"type": "MultiPolygon", "coordinates": [[[[20, 65], [21, 65], [21, 66], [20, 65]]]]}}
  ],
  "ice_roads": "closed",
  "winter_roads": "open",
  "roads": [{"text": "provborrad", "ways": [4711], "may_match_nothing": true, "state": "open"}],
  "speeds": [
    {"id": "snö", "area": "kusten", "classes": ["tertiary", "unclassified"], "percent": 70, "most_kmh": 60},
    {"id": "halka", "surfaces": ["gravel"], "features": ["bridge"], "modes": ["car"], "when": "20:00-06:00", "percent": 80}
  ],
  "closures": [
    {"id": "bron", "text": "Bron är avstängd", "ways": [1, 2], "direction": "forward", "when": "Nov 24-Nov 26"},
    {"id": "ras", "names": ["Älvvägen"], "refs": ["BD 398"], "area": "inlandet", "modes": ["car", "bicycle"]}
  ],
  "ferries": [
    {"id": "a", "names": ["Färjan"], "stopped": true},
    {"id": "b", "ways": [3], "boarding_seconds": 120, "services": [
      {"when": "Mo-Fr", "first": "06:00", "last": "24:30", "every_minutes": 30},
      {"direction": "backward", "departures": ["07:15", "16:45"]}
    ]}
  ],
  "energy": {"wh_per_km": 180, "percent": 130, "class_percent": {"track": 120}, "surface_percent": {"gravel": 110}, "limit_wh": 40000}
}`

func TestConditionJSON(t *testing.T) {
	t.Parallel()
	c, err := ReadCondition(strings.NewReader(stormJSON), "storm.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Closures) != 2 || c.Closures[1].Names[0] != "Älvvägen" || c.Ferries[1].Services[0].Every != 30 || c.Speeds[0].MostKMH != 60 ||
		len(c.Areas[1].Polygon) != 1 || c.Areas[0].Polygon[0][0][1] != (orb.Point{24, 65}) || c.Energy.ClassPercent["track"] != 120 {
		t.Errorf("%+v", c)
	}
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ReadCondition(strings.NewReader(string(data)), "again")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, again) || c.Hash() != again.Hash() {
		t.Errorf("read again:\n%+v\n%+v", c, again)
	}
	less := c.Without("ras")
	if len(less.Closures) != 1 || len(c.Closures) != 2 || less.Hash() == c.Hash() {
		t.Errorf("without ras: %+v", less.Closures)
	}
}

func TestConditionIsRefused(t *testing.T) {
	t.Parallel()
	square := `{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}`
	for _, test := range []struct{ json, says string }{
		{`{`, "x:1: not valid JSON: it breaks off"},
		{``, "not valid JSON"},
		{`[]`, "x:1: must be an object"},
		{`{} {}`, "more follows"},
		{"{\n\n\"closure\": []}", "x:3: closure: is not known here; there are name, text, areas"},
		{"{\"closures\": [\n{\"id\": \"a\", \"ways\": [1], \"wys\": {\"a\": [1, {}]}, \"modes\": [\"plane\"]}]}", "x:2: closures[0].wys: is not known here"},
		{`{"name": "a", "name": "b"}`, "name: is given twice"},
		{`{"energy": {"class_percent": {"track": 100, "track": 110}}}`, "energy.class_percent.track: is given twice"},
		{`{"name": null}`, "name: must not be null"},
		{`{"closures": {}}`, "closures: must be a list"},
		{`{"closures": [{"id": 7}]}`, "closures[0].id: must be a text"},
		{`{"closures": [{"ways": [1.5]}]}`, "closures[0].ways[0]: must be a whole number"},
		{`{"closures": [{"ways": [99999999999999999999]}]}`, "closures[0].ways[0]: must be a whole number"},
		{`{"ferries": [{"stopped": "yes"}]}`, "ferries[0].stopped: must be true or false"},
		{`{"speeds": [[[[]]], 1]}`, "speeds[1]: must be an object"},
		{`{"closures": [{"ways": [1]}]}`, "closures[0].id: is missing"},
		{`{"closures": [{"id": "a"}]}`, "closures[0]: selects nothing"},
		{`{"closures": [{"id": "a", "ways": [1]}, {"id": "a", "ways": [2]}]}`, `closures[1].id: "a" is used twice`},
		{`{"closures": [{"id": "a", "ways": [-1]}]}`, "-1 is no OSM id"},
		{`{"closures": [{"id": "a", "names": [" "]}]}`, "names[0]: is empty"},
		{`{"closures": [{"id": "a", "area": "nowhere"}]}`, `there is no area "nowhere"`},
		{`{"closures": [{"id": "a", "ways": [1], "when": "now and then"}]}`, `closures[0].when: osm: times not understood: at "now"; write it as`},
		{`{"closures": [{"id": "a", "ways": [1], "direction": "up"}]}`, `"up" is neither forward nor backward`},
		{`{"closures": [{"id": "a", "classes": ["road to hell"]}]}`, "is no class of road"},
		{`{"closures": [{"id": "a", "surfaces": ["lava"]}]}`, "is no surface"},
		{`{"closures": [{"id": "a", "features": ["dragon"]}]}`, "is none of bridge, ferry"},
		{`{"speeds": [{}]}`, "has neither percent (1 to 1000) nor most_kmh (1 to "},
		{`{"speeds": [{"percent": 0}]}`, "speeds[0]: has neither percent (1 to 1000)"},
		{`{"speeds": [{"percent": 2000}]}`, "2000 is not within 1 and 1000"},
		{`{"ice_roads": "thin"}`, `"thin" is neither open nor closed`},
		{`{"roads": [{"ways": [1]}]}`, "roads[0].state"},
		{`{"ferries": [{"id": "a", "ways": [1]}]}`, "needs either stopped or services"},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{}]}]}`, "has neither departures nor"},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{"first": "6", "last": "7:00", "every_minutes": 5}]}]}`, `first: "6" is no clock time`},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{"first": "06:00", "last": "05:00", "every_minutes": 5}]}]}`, "last: is before first"},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{"first": "06:00", "last": "07:00"}]}]}`, "every_minutes: 0"},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{"departures": ["06:60"]}]}]}`, "06:60"},
		{`{"ferries": [{"id": "a", "ways": [1], "services": [{"when": "Mo 07:00-08:00", "departures": ["06:00"]}]}]}`, "clock times have no place here"},
		{`{"areas": [{"id": "a", "geometry": {"type": "Point", "coordinates": [0, 0]}}]}`, "must be a GeoJSON Polygon"},
		{`{"areas": [{"id": "a", "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}}]}`, "at least 4"},
		{`{"areas": [{"id": "a", "geometry": {"type": "Polygon", "coordinates": [[[7300000,0],[1,0],[1,1],[0,0]]]}}]}`, "look like metres"},
		{`{"areas": [{"id": "a", "geometry": ` + square + `}, {"id": "a", "geometry": ` + square + `}]}`, `areas[1].id: "a" is used twice`},
		{`{"energy": {"limit_wh": 1000}}`, "needs wh_per_km"},
		{`{"energy": {"wh_per_km": -1}}`, "-1 is not within"},
		{strings.Repeat("[", 100000), "must be an object"},
		{`{"name": "` + strings.Repeat("x", 100) + "\xff\"}", ""},
	} {
		_, err := ReadCondition(strings.NewReader(test.json), "x")
		if test.says == "" {
			continue // whatever it says, it does not panic
		}
		if err == nil || !errors.Is(err, ErrCondition) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%.80s:\n%v\ndoes not say %q", test.json, err, test.says)
		}
	}
	_, err := ReadCondition(strings.NewReader(`{"closures": [{"x": 1}, {"y": 1}]}`), "x")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("all at once: %v", err)
	}
}

func FuzzReadCondition(f *testing.F) {
	f.Add(stormJSON)
	f.Add(`{"closures": [{"id": "a", "ways": [1], "x": {"y": [1, null]}}]}`)
	f.Add(`{"areas": [{"id": "", "geometry": {"type": "Polygon", "coordinates": null}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadCondition(strings.NewReader(text), "x")
		if err != nil {
			if !errors.Is(err, ErrCondition) {
				t.Errorf("no ErrCondition: %v", err)
			}
			return
		}
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadCondition(strings.NewReader(string(data)), "x")
		if err != nil {
			t.Fatalf("%s is refused: %v", data, err)
		}
		if again.Hash() != c.Hash() {
			t.Errorf("%s\nbecomes another condition", data)
		}
	})
}

// TestWait by hand.
func TestWait(t *testing.T) {
	t.Parallel()
	every := []Service{{First: "06:00", Last: "08:00", Every: 30}}
	tuesday := func(clock string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", "2026-11-24 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, test := range []struct {
		what     string
		services []Service
		from     string
		minutes  int
		boarding int
		worst    bool
		seconds  int64
		runs     bool
	}{
		// Waits of 0, 29, 28, ..., 1 minutes: 14.5 on average.
		{"a headway", every, "06:00", 60, 0, false, 870, true},
		{"its longest wait", every, "06:00", 60, 0, true, 29 * 60, true},
		// Two minutes before departure one must be there: waits of 30, 29
		// (for the next but one), 28, ..., 3, 2 and then 31.
		{"boarding takes time", every, "06:00", 30, 120, true, 31 * 60, true},
		{"just in time", every, "06:30", 1, 0, false, 0, true},
		{"too late by one minute", every, "08:01", 1, 0, false, 22*3600 - 60, true},
		{"before the first", every, "05:00", 1, 0, false, 3600, true},
		{"a list", []Service{{Departures: []string{"07:00", "12:00"}}}, "08:00", 2, 0, false, 4 * 3600, true},
		// Up to an hour the mean counts, beyond it nobody may count on less.
		{"an hour at most", []Service{{Departures: []string{"09:00"}}}, "08:00", 60, 0, false, 1830, true},
		{"more than an hour", []Service{{Departures: []string{"09:00"}}}, "07:59", 60, 0, false, 61 * 60, true},
		{"every hour", []Service{{First: "06:00", Last: "21:00", Every: 60}}, "07:00", 60, 300, false, 34*60 + 30, true},
		{"before the first of many", []Service{{First: "09:30", Last: "21:00", Every: 30}}, "07:00", 60, 300, false, 150 * 60, true},
		{"past midnight", []Service{{Departures: []string{"24:30"}}}, "00:10", 1, 0, false, 1200, true},
		{"not on a Tuesday", []Service{{When: "Sa", Departures: []string{"07:00"}}}, "06:00", 60, 0, false, 86400, false},
		{"Monday's night", []Service{{When: "Mo", Departures: []string{"25:00"}}}, "00:30", 1, 0, false, 1800, true},
	} {
		from := tuesday(test.from)
		seconds, runs := newTimetable(test.services, true).wait(from, from.Add(time.Duration(test.minutes)*time.Minute), test.boarding, test.worst)
		if seconds != test.seconds || runs != test.runs {
			t.Errorf("%s: %d s, %v, want %d s", test.what, seconds, runs, test.seconds)
		}
	}
}

func TestFerryOnADrawnMap(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b . . c d`,
		"ab", "bc ferry", "cd")
	r := d.build(t)
	ferry := r.ways[slices.IndexFunc(r.ways, func(w way) bool { return osm.Flags(w.Flags)&osm.FlagFerry != 0 })].ID
	seconds := func(c *Condition, at time.Time) int32 {
		t.Helper()
		m, err := r.MetricWith(t.Context(), evenCar(), MetricOptions{At: at, Condition: c})
		if err != nil {
			t.Fatal(err)
		}
		snaps := mustSnap(t, m, d.at(t, "b"), d.at(t, "c"))
		table, err := m.Table(t.Context(), snaps, snaps, 1)
		if err != nil {
			t.Fatal(err)
		}
		seconds, _ := table.At(0, 1)
		trace, err := m.Trace(snaps[0], snaps[1])
		if (err != nil) != (seconds == Unreachable) {
			t.Fatal(err)
		}
		if err == nil && trace.Seconds[len(trace.Seconds)-1] != seconds {
			t.Errorf("drawn as %v s, in the table %d s", trace.Seconds, seconds)
		}
		return seconds
	}
	if got := seconds(nil, time.Time{}); got != 900 {
		t.Errorf("%d s, want 600 for the crossing and 300 to board", got)
	}
	if got := seconds(&Condition{Ferries: []Ferry{{ID: "x", Selection: Selection{Classes: []string{"ferry"}}, Stopped: true}}}, time.Time{}); got != Unreachable {
		t.Errorf("stopped: %d s", got)
	}
	hourly := &Condition{
		Ferries: []Ferry{{ID: "x", Selection: Selection{Ways: []int64{ferry}}, Boarding: 60, Services: []Service{{First: "06:00", Last: "21:00", Every: 60}}}},
	}
	// By day the crossing of 600 s and on average 30.5 minutes on the quay: who
	// comes at the very minute of a departure is too late to board.
	if got := seconds(hourly, monday.Add(10*time.Hour)); got != 600+1830 {
		t.Errorf("by day %d s", got)
	}
	// From 23:00 to 23:59 one waits from 7 hours down to 6 hours and a minute,
	// and nobody may count on less than the seven.
	if got := seconds(hourly, monday.Add(23*time.Hour)); got != 600+420*60 {
		t.Errorf("at night %d s", got)
	}
	if got := seconds(hourly, time.Time{}); got != 900 {
		t.Errorf("without a time %d s", got)
	}
}

func TestConditionThatDoesNotFitTheMap(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c`,
		"ab", "bc")
	r := d.build(t)
	way := r.ways[0].ID
	for _, test := range []struct {
		c    Condition
		says string
	}{
		{Condition{Closures: []Closure{{ID: "x", Selection: Selection{Ways: []int64{way, 999}}}}}, "closures[0].ways[1]: the map has no way 999"},
		{Condition{Closures: []Closure{{ID: "x", Selection: Selection{Names: []string{"Storgatan"}}}}}, `closures[0].names[0]: the map has no road named "Storgatan"`},
		{Condition{Closures: []Closure{{ID: "x", Selection: Selection{Features: []string{"tunnel"}}}}}, `closures[0]: "x" matches nothing`},
		{Condition{Ferries: []Ferry{{ID: "x", Stopped: true, Selection: Selection{Ways: []int64{way}}}}}, "that is a ferry"},
		{Condition{Roads: []RoadState{{State: StateOpen, Selection: Selection{Ways: []int64{way}}}}}, "that is an ice road or a winter road"},
		{Condition{Speeds: []SpeedRule{{Percent: 80, Selection: Selection{Refs: []string{"E 4"}}}}}, `the map has no road numbered "E 4"`},
		{Condition{Energy: &Energy{WhPerKM: 180, LimitWh: 1}}, "EnergyUsed"},
	} {
		if _, err := r.MetricWith(t.Context(), evenCar(), MetricOptions{Condition: &test.c}); !errors.Is(err, ErrCondition) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v does not say %q", err, test.says)
		}
		if test.c.Energy != nil {
			continue
		}
		if _, err := r.Matches(t.Context(), &test.c); !errors.Is(err, ErrCondition) {
			t.Errorf("Matches: %v", err)
		}
		for i := range test.c.Closures {
			test.c.Closures[i].MayMatchNothing = true
		}
		if len(test.c.Closures) > 0 {
			if _, err := r.MetricWith(t.Context(), evenCar(), MetricOptions{Condition: &test.c}); err != nil {
				t.Errorf("what may match nothing: %v", err)
			}
		}
	}
}

func TestRangeBoundsLegs(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c d`,
		"ab", "bc", "cd")
	r := d.build(t)
	row := func(o MetricOptions) (second [3]int32) {
		m, err := r.MetricWith(t.Context(), evenCar(), o)
		if err != nil {
			t.Fatal(err)
		}
		snaps := mustSnap(t, m, d.at(t, "a"), d.at(t, "b"), d.at(t, "c"), d.at(t, "d"))
		table, err := m.Table(t.Context(), snaps, snaps, 1)
		if err != nil {
			t.Fatal(err)
		}
		for j := range second {
			seconds, x := table.At(0, j+1)
			second[j] = x
			if _, err := m.Trace(snaps[0], snaps[j+1]); (err != nil) != (seconds == Unreachable) {
				t.Errorf("table %d s, trace %v", seconds, err)
			}
		}
		return second
	}
	free := row(MetricOptions{})
	limit := func(metres int32) MetricOptions {
		return MetricOptions{Condition: &Condition{Energy: &Energy{LimitMetres: int(metres)}}}
	}
	if got := row(limit(free[1])); got != [3]int32{free[0], free[1], Unreachable} {
		t.Errorf("as far as c: %v of %v", got, free)
	}
	if got := row(limit(free[1] - 1)); got != [3]int32{free[0], Unreachable, Unreachable} {
		t.Errorf("not quite to c: %v of %v", got, free)
	}
	// A car's range is nobody else's.
	walk, err := r.MetricWith(t.Context(), osm.FootProfile(), MetricOptions{Condition: &Condition{Energy: &Energy{WhPerKM: 200, LimitMetres: 1, LimitWh: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	ends := mustSnap(t, walk, d.at(t, "a"), d.at(t, "d"))
	if table, err := walk.Table(t.Context(), ends, ends, 1); err != nil || table.Metres[1] != free[2] {
		t.Errorf("on foot: %v, %v", table.Metres, err)
	}
	if _, err := walk.Isochrone(t.Context(), []Start{{Snap: ends[0]}}, IsochroneOptions{Limits: []int32{600}}); err != nil {
		t.Errorf("reach on foot: %v", err)
	}
	// 200 Wh/km, a third more in the cold: 266 Wh/km.
	cold := MetricOptions{Second: EnergyUsed, Condition: &Condition{Energy: &Energy{WhPerKM: 200, Percent: 133, LimitWh: 110}}}
	got := row(cold)
	if want := (free[1]*266 + 999) / 1000; got[1] > want || got[1] < want-1 || got[2] != Unreachable {
		t.Errorf("%v Wh over %v m", got, free)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c`,
		"ab", "bc")
	r := d.build(t)
	c := &Condition{
		Speeds:   []SpeedRule{{Percent: 80, When: "Mo-Fr 07:00-09:00,16:00-18:00"}},
		Closures: []Closure{{ID: "x", When: "Tu", Selection: Selection{Ways: []int64{r.ways[0].ID}}}},
		Ferries: []Ferry{{ID: "f", Services: []Service{{First: "06:00", Last: "22:00", Every: 30}}, Selection: Selection{
			Classes: []string{"ferry"}, MayMatchNothing: true,
		}}},
	}
	for _, test := range []struct {
		most int
		want string
	}{
		// Before the first departure, by day, in the two rushes, after the last.
		{0, "00:00a 05:56b 07:00c 09:00b 16:00c 18:00b 21:56d"},
		{4, "00:00a 05:56b 07:00c 09:00b 16:00c 18:00b 21:56d"},
		// The wait of the night is not told by day: rather no rush.
		{3, "00:00a 05:56b 21:56c"},
		{2, "00:00a 21:56b"},
		{1, "00:00a"},
	} {
		starts, err := r.Periods(t.Context(), evenCar(), c, monday, monday.Add(24*time.Hour), test.most)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range starts {
			got = append(got, s.Start.Format("15:04")+string(rune('a'+s.State)))
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("at most %d: %s, want %s", test.most, s, test.want)
		}
	}
	if got := c.Varying(monday, monday.Add(24*time.Hour)); len(got) != 1 || got[0] != "speeds[0]" {
		t.Errorf("varies on Monday: %q", got)
	}
	if got := c.Varying(monday.Add(10*time.Hour), monday.Add(30*time.Hour)); len(got) != 2 || got[0] != `closures[0] "x"` {
		t.Errorf("varies from Monday into Tuesday: %q", got)
	}
	if starts, err := r.Periods(t.Context(), evenCar(), c, monday.Add(20*time.Hour), monday.Add(26*time.Hour), 0); err != nil || len(starts) != 3 || !starts[2].Start.Equal(monday.Add(24*time.Hour)) {
		t.Errorf("over midnight into the closed Tuesday: %v %v", starts, err)
	}
	if _, err := r.Periods(t.Context(), evenCar(), c, monday, monday, 0); err == nil {
		t.Error("no time at all")
	}
}

// TestPeriodsKeepWhatIsBrief: what holds for ten minutes of every hour holds for
// ten minutes of every hour, and what there is no room for is left out, not
// stretched.
func TestPeriodsKeepWhatIsBrief(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	var often, apart []string
	for hour := 8; hour < 18; hour++ {
		often = append(often, fmt.Sprintf("%02d:00-%02d:10", hour, hour))
	}
	for hour := 5; hour < 19; hour++ {
		apart = append(apart, fmt.Sprintf("%02d:05-%02d:%02d", hour, hour, 10+hour))
	}
	way := Selection{Ways: []int64{r.ways[0].ID}}
	shut := func(list []Period, when string, until time.Time) (held time.Duration) {
		hours, err := osm.ParseHours(when)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			end := until
			if i+1 < len(list) {
				end = list[i+1].Start
			}
			if hours.Holds(list[i].At) {
				held += end.Sub(list[i].Start)
			}
		}
		return held
	}
	for name, test := range map[string]struct {
		when  string
		days  int
		ferry bool
		most  int
		want  time.Duration
	}{
		"ten times":           {strings.Join(often, ","), 1, false, 0, 100 * time.Minute},
		"ten times, a ferry":  {strings.Join(often, ","), 1, true, 0, 100 * time.Minute},
		"ten times, one part": {strings.Join(often, ","), 1, false, 1, 0},
		"an hour a night":     {"02:00-03:00", 8, false, 2, 8 * time.Hour},
		"too often":           {strings.Join(often, ","), 30, false, 0, 0},
	} {
		c := &Condition{Closures: []Closure{{ID: "x", When: test.when, Selection: way}}}
		if test.ferry {
			c.Ferries = []Ferry{{
				ID: "f", Selection: Selection{Classes: []string{"ferry"}, MayMatchNothing: true},
				Services: []Service{{First: "05:30", Last: "22:00", Every: 35}},
			}}
		}
		from := monday.Add(6 * time.Hour)
		until := from.Add(14 * time.Hour)
		if test.days > 1 {
			from, until = monday, monday.Add(time.Duration(test.days)*24*time.Hour)
		}
		list, err := r.Periods(t.Context(), evenCar(), c, from, until, test.most)
		if err != nil {
			t.Fatal(err)
		}
		held := shut(list, test.when, until)
		if name == "too often" { // 600 cuts
			if len(list) > mostPeriods || held > 50*time.Hour {
				t.Errorf("%s: closed for %v in %d periods", name, held, len(list))
			}
			continue
		}
		if held != test.want {
			t.Errorf("%s: closed for %v, want %v", name, held, test.want)
		}
	}
	// A month of departures one by one.
	month := &Condition{Ferries: []Ferry{{ID: "f", Selection: Selection{Classes: []string{"ferry"}, MayMatchNothing: true}, Services: []Service{{
		Departures: []string{"06:00", "07:10", "08:30", "10:00", "11:40", "13:30", "15:30", "17:40", "20:00"},
	}}}}}
	if list, err := r.Periods(t.Context(), evenCar(), month, monday, monday.Add(30*24*time.Hour), 0); err != nil || len(list) > mostPeriods {
		t.Errorf("a month: %d periods, %v", len(list), err)
	}
	// More rules than states: those that hold longest are kept.
	c := &Condition{}
	for i, when := range apart {
		c.Closures = append(c.Closures, Closure{ID: fmt.Sprint(i), When: when, Selection: way})
	}
	list, err := r.Periods(t.Context(), evenCar(), c, monday, monday.Add(24*time.Hour), 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, when := range apart {
		want := time.Duration(0)
		if i >= len(apart)-3 {
			want = time.Duration(i+10) * time.Minute
		}
		if got := shut(list, when, monday.Add(24*time.Hour)); got != want {
			t.Errorf("%s: closed for %v, want %v", when, got, want)
		}
	}
}

// TestDocumentedCondition: the example in the documentation is one.
func TestDocumentedCondition(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/condition.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	text, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("docs/condition.md holds no example")
	}
	if _, err := ReadCondition(strings.NewReader(text), "docs/condition.md"); err != nil {
		t.Error(err)
	}
}

// TestPeriodsWhenClocksAreSet looks at every minute of the nights on which
// clocks are put forward and back, also where that is at midnight.
func TestPeriodsWhenClocksAreSet(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	for _, zone := range []string{"Europe/Stockholm", "America/Santiago", "Australia/Lord_Howe", "UTC"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Date(2026, 1, 1, 12, 0, 0, 0, place)
		nights := []time.Time{begun}
		for _, at := begun.ZoneBounds(); !at.IsZero() && len(nights) < 3; _, at = at.ZoneBounds() {
			nights = append(nights, at.Add(-9*time.Hour-30*time.Minute))
		}
		for _, from := range nights {
			for _, when := range []string{
				"02:30-05:00", "02:00-02:30", "01:45-02:15", "23:30-00:30", "00:15-04:00", "02:00-03:00", "22:00-02:10", "Su 00:00-24:00",
			} {
				c := &Condition{Speeds: []SpeedRule{{Percent: 50, When: when}}}
				until := from.Add(24 * time.Hour)
				got, err := r.Periods(t.Context(), evenCar(), c, from, until, 1000)
				if err != nil {
					t.Fatal(err)
				}
				hours, err := osm.ParseHours(when)
				if err != nil {
					t.Fatal(err)
				}
				want := []time.Time{from}
				for at := from.Add(time.Minute); at.Before(until); at = at.Add(time.Minute) {
					if hours.Holds(at) != hours.Holds(at.Add(-time.Minute)) {
						want = append(want, at)
					}
				}
				if !slices.EqualFunc(got, want, func(p Period, at time.Time) bool { return p.Start.Equal(at) }) {
					t.Errorf("%s in %s from %v: %v, want %v", when, zone, from, got, want)
				}
			}
		}
	}
}
