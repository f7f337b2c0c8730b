package geo

import (
	"context"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// A metric that was changed answers like one that was made with the condition,
// and its clone like the metric before.
func TestChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		net, p := drawNetwork(t), drawProfile(t)
		o := MetricOptions{Shortest: rapid.Bool().Draw(t, "shortest"), At: drawTimeOrNone(t)}
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		draw := func() *Condition {
			c := &Condition{Name: "drawn"}
			for i := range rapid.IntRange(0, 3).Draw(t, "closures") {
				w := net.Ways[rapid.IntRange(0, len(net.Ways)-1).Draw(t, "way")]
				c.Closures = append(c.Closures, Closure{
					ID: fmt.Sprint("c", i), Selection: Selection{Ways: []int64{w.ID}, MayMatchNothing: true},
					Direction: rapid.SampledFrom([]string{"", "forward", "backward"}).Draw(t, "direction"),
				})
			}
			if rapid.IntRange(0, 3).Draw(t, "slower") == 0 {
				c.Speeds = []SpeedRule{{Percent: 50}}
			}
			return c
		}
		o.Condition = draw()
		m, err := r.MetricWith(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		var points []orb.Point
		for _, n := range net.Nodes {
			points = append(points, node{n.Lon, n.Lat}.point(), orb.Point{float64(n.Lon)/1e7 + 1e-4, float64(n.Lat) / 1e7})
		}
		for range 3 {
			before, condition := o, m.Condition()
			before.Condition = &condition
			clone, err := m.Clone()
			if err != nil {
				t.Fatal(err)
			}
			now := draw()
			if err := m.Change(t.Context(), *now); err != nil {
				t.Fatal(err)
			}
			after := o
			after.Condition = now
			sameAnswers(t, r, m, p, after, points)
			sameAnswers(t, r, clone, p, before, points)
		}
	})
}

// sameAnswers compares a metric with one that is made anew.
func sameAnswers(t *rapid.T, r *Region, m *Metric, p osm.Profile, o MetricOptions, points []orb.Point) {
	t.Helper()
	anew, err := r.MetricWith(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := m.Snap(points, SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := anew.Snap(points, SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range snaps {
		if snaps[i] != want[i] {
			t.Fatalf("point %d: %+v, made anew %+v", i, snaps[i], want[i])
		}
	}
	got, err := m.Table(context.Background(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	table, err := anew.Table(context.Background(), snaps, snaps, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Seconds {
		if got.Seconds[i] != table.Seconds[i] || got.Metres[i] != table.Metres[i] {
			t.Fatalf("leg %d: %d s %d m, made anew %d s %d m", i, got.Seconds[i], got.Metres[i], table.Seconds[i], table.Metres[i])
		}
	}
	closed, made := m.Closed(), anew.Closed()
	if len(closed) != len(made) {
		t.Fatalf("closed ways %v, made anew %v", closed, made)
	}
}
