package geo

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

func TestRandomTurnsAtTimesAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, turnsAtTimesAgree)
}

func FuzzTurnsAtTimes(f *testing.F) { f.Fuzz(rapid.MakeFuzz(turnsAtTimesAgree)) }

// turnsAtTimesAgree draws a map with turn restrictions, and compares all legs
// at several times, before and after some roads are closed, with the oracle;
// and isochrones with the legs.
func turnsAtTimesAgree(t *rapid.T) {
	net, p := drawNetwork(t), drawProfile(t)
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	points := drawPoints(t, net)
	for _, n := range net.Nodes {
		points = append(points, node{n.Lon, n.Lat}.point())
	}
	c := &Condition{}
	for range rapid.IntRange(1, 2).Draw(t, "times") {
		o := MetricOptions{At: drawTime(t), Condition: c}
		m, err := r.MetricWith(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		snaps, err := m.Snap(points, SnapOptions{})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, m, withCondition(newOracle(net, p, false), o), net, snaps)
		reachAgrees(t, m, net, snaps)
		closed := Condition{Closures: []Closure{drawClosure(t, c, net, 0)}}
		if err := m.Change(t.Context(), closed); err != nil {
			t.Fatal(err)
		}
		o.Condition = &closed
		fresh, err := r.MetricWith(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.weights, fresh.weights) {
			t.Error("a changed metric weighs something else than one made anew")
		}
		compare(t, m, withCondition(newOracle(net, p, false), o), net, snaps)
		reachAgrees(t, m, net, snaps)
		if err := m.Change(t.Context(), *c); err != nil {
			t.Fatal(err)
		}
		again, err := r.MetricWith(t.Context(), p, MetricOptions{At: o.At, Condition: c})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.weights, again.weights) {
			t.Error("a metric changed back weighs something else than before")
		}
	}
}

// reachAgrees compares isochrones from and towards the first snap with the
// table and the oracle.
func reachAgrees(t *rapid.T, m *Metric, net *osm.Network, snaps []Snap) {
	t.Helper()
	table, err := m.Table(context.Background(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	if snaps[0].Kind == SnapFar {
		return
	}
	limit := rapid.Int32Range(1, 30).Draw(t, "limit")
	o := m.set.options
	legs := oracleLegs(withCondition(newOracle(net, m.profile, false), o), net, math.MaxInt64)
	for _, towards := range []bool{false, true} {
		starts := []Start{{Snap: snaps[0]}}
		iso, err := m.Isochrone(context.Background(), starts, IsochroneOptions{Limits: []int32{limit}, Towards: towards})
		if err != nil {
			t.Fatal(err)
		}
		checkIsochrone(t, m, legs, iso, starts, nil, limit)
		seconds, err := iso.Seconds(snaps)
		if err != nil {
			t.Fatal(err)
		}
		for i := range snaps {
			want, _ := table.At(0, i)
			if towards {
				want, _ = table.At(i, 0)
			}
			if want > limit {
				want = Unreachable
			}
			if seconds[i] != want {
				t.Errorf("towards %v: the isochrone says %d s to point %d, the table %d s", towards, seconds[i], i, want)
			}
		}
	}
}

// A crossing, with a way round for those who may not turn left at b:
//
//	    d
//	    |
//	a---b---c
//	    |   |
//	    e---f
func TestTurnsAtTimes(t *testing.T) {
	t.Parallel()
	const sketch = `
		. d
		a b c
		. e f`
	roads := []string{"ab", "bc", "bd", "be", "ef", "cf"}
	left := "restriction:conditional=no_left_turn @ (Mo-Fr 07:00-09:00)"
	rush, night := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		rule []string // drawn; conditions by rule
		when []string
		at   time.Time
		want string
	}{
		{"at its time it binds", []string{"no ab b bd"}, []string{left}, rush, "a d: 1200 m\na e: 400 m\n"},
		{"at another it does not", []string{"no ab b bd"}, []string{left}, night, "a d: 400 m\na e: 400 m\n"},
		{"without a time it does not", []string{"no ab b bd"}, []string{left}, time.Time{}, "a d: 400 m\na e: 400 m\n"},
		{
			"only straight on, in the rush",
			[]string{"only ab b bc"},
			[]string{"restriction:conditional=only_straight_on @ (Mo-Fr 07:00-09:00)"},
			rush, "a d: 1200 m\na e: 800 m\n",
		},
		{"over a way", []string{"no ab be ef"}, []string{left}, rush, "a d: 400 m\na ef: 700 m\n"},
		{
			"one always and one at night",
			[]string{"no ab b bd", "no ab b be"},
			[]string{"", "restriction:conditional=no_right_turn @ (22:00-06:00)"},
			night, "a d: 1200 m\na e: 800 m\n",
		},
		{
			"one always and one at night, by day",
			[]string{"no ab b bd", "no ab b be"},
			[]string{"", "restriction:conditional=no_right_turn @ (22:00-06:00)"},
			rush, "a d: 1200 m\na e: 400 m\n",
		},
		{"nobody can tell", []string{"no ab b bd"}, []string{"restriction:conditional=no_left_turn @ (wet)"}, night, "a d: 1200 m\na e: 400 m\n"},
	} {
		d := draw(t, sketch, append(slices.Clone(roads), test.rule...)...)
		for i, text := range test.when {
			if text != "" {
				d.net.Restrictions[i].Condition = int32(len(d.net.Texts))
				d.net.Texts = append(d.net.Texts, text)
			}
		}
		m, err := d.build(t).MetricWith(t.Context(), evenCar(), MetricOptions{At: test.at})
		if err != nil {
			t.Fatal(err)
		}
		pairs := []string{"a d", "a e"}
		if test.name == "over a way" {
			pairs[1] = "a ef"
		}
		if got := d.legs(t, m, pairs...); got != test.want {
			t.Errorf("%s:\n%swant\n%s", test.name, got, test.want)
		}
		wantUndecided := "[]"
		if test.name == "nobody can tell" {
			wantUndecided = fmt.Sprint([]UndecidedTag{{Restriction: 1, Tag: test.when[0]}})
		}
		if got := fmt.Sprint(m.Undecided()); got != wantUndecided {
			t.Errorf("%s: undecided %s, want %s", test.name, got, wantUndecided)
		}
	}
}

// At most so many conditional restrictions end at a junction.
func TestTooManyTurnsAtTimes(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c`, "ab", "bc", "no ab b bc")
	d.net.Texts = append(d.net.Texts, turnTexts[0].text)
	d.net.Restrictions[0].Condition = 1
	for len(d.net.Restrictions) < mostRoads {
		d.net.Restrictions = append(d.net.Restrictions, d.net.Restrictions[0])
	}
	if _, err := Build(d.net, BuildOptions{}); err != nil {
		t.Error(err)
	}
	d.net.Restrictions = append(d.net.Restrictions, d.net.Restrictions[0])
	if _, err := Build(d.net, BuildOptions{}); err == nil {
		t.Error("no error")
	}
}

// A day is cut where a turn restriction begins or ceases to bind.
func TestPeriodsOfTurns(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c
		. d`, "ab", "bc", "bd", "no ab b bd")
	d.net.Texts = append(d.net.Texts, turnTexts[0].text)
	d.net.Restrictions[0].Condition = 1
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	periods, err := d.build(t).Periods(t.Context(), evenCar(), nil, day.Add(6*time.Hour), day.Add(10*time.Hour), 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := []time.Time{day.Add(6 * time.Hour), day.Add(7 * time.Hour), day.Add(9 * time.Hour)}; !slices.EqualFunc(periods, want, func(p Period, at time.Time) bool { return p.Start.Equal(at) }) {
		t.Errorf("%v, want %v", periods, want)
	}
}
