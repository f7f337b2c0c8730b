package geo

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestWorseRoadsAreNeverQuicker: a road more that is closed, a slower rule at
// the end, a ferry that waits longer: no leg gets quicker. A condition that says
// nothing changes nothing, and the order of closures does not matter.
func TestWorseRoadsAreNeverQuicker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		net, p := drawNetwork(t), drawProfile(t)
		c, o := drawCondition(t, net)
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		metric := func(c *Condition, longest bool) *Metric {
			o.Condition, o.LongestWait = c, longest
			m, err := r.MetricWith(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		before := metric(c, false)
		snaps, err := before.Snap(drawPoints(t, net), SnapOptions{})
		if err != nil {
			t.Fatal(err)
		}
		seconds := func(m *Metric) []int32 {
			table, err := m.Table(context.Background(), snaps, snaps, 1)
			if err != nil {
				t.Fatal(err)
			}
			return table.Seconds
		}
		was := seconds(before)
		notQuicker := func(what string, m *Metric) {
			for i, s := range seconds(m) {
				if s < was[i] {
					t.Errorf("%s: leg %d takes %d s, and before %d s", what, i, s, was[i])
				}
			}
		}
		more := *c
		more.Closures = append(slices.Clone(c.Closures), drawClosure(t, c, net, 10))
		notQuicker("a closure more", metric(&more, false))
		slower := *c
		slower.Speeds = append(slices.Clone(c.Speeds), SpeedRule{Selection: drawSelection(t, c, net, false), Percent: rapid.IntRange(1, 100).Draw(t, "slower")})
		notQuicker("a slower rule", metric(&slower, false))
		notQuicker("the longest wait", metric(c, true))

		turned := *c
		turned.Closures = slices.Clone(c.Closures)
		slices.Reverse(turned.Closures)
		if !slices.Equal(metric(&turned, false).chain, before.chain) {
			t.Error("the order of closures matters")
		}
		plain, err := r.MetricWith(t.Context(), p, MetricOptions{})
		if err != nil {
			t.Fatal(err)
		}
		empty, err := r.MetricWith(t.Context(), p, MetricOptions{Condition: &Condition{}})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(plain.chain, empty.chain) {
			t.Error("a condition that says nothing changes something")
		}
	})
}

// TestCeilBy against the division that it replaces.
func TestCeilBy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.Uint32Range(1, fastest).Draw(t, "by")
		n := rapid.Uint64Range(0, 1<<47).Draw(t, "n")
		if rapid.Bool().Draw(t, "near a multiple") {
			n = n / uint64(by) * uint64(by)
			n += uint64(rapid.IntRange(0, 1).Draw(t, "above"))
		}
		if got, want := ceilBy(n, by, 1/float64(by)), int64((n+uint64(by)-1)/uint64(by)); got != want {
			t.Fatalf("%d / %d: %d, want %d", n, by, got, want)
		}
	})
}

// TestSlowestRoad: the longest segment that a map can hold, at 1 km/h, is
// within what ceilBy is exact for, and too long for a metric.
func TestSlowestRoad(t *testing.T) {
	t.Parallel()
	const longest, slowest = 1<<32 - 1, 1000
	scale := uint64(36 * (100 + 1000))
	if n := uint64(longest) * scale; n >= 1<<53 || ceilBy(n, slowest, 1.0/slowest) != int64((n+slowest-1)/slowest) {
		t.Errorf("%d", n)
	}
	if ms := (&wayCost{percent: 100}).millis(slowest, 1000, 0); ms != 3600 {
		t.Errorf("a metre at 1 km/h takes %d ms", ms)
	}
}
