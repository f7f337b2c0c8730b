package geo_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
)

// One metric is asked from many goroutines while another goroutine closes and
// opens a bridge, and at last the map is closed: every table is that of one
// weather or of the other, whole.
func TestAMetricIsSharedWhileItChanges(t *testing.T) {
	s := newStormArea(t)
	calm := geo.Condition{}
	storm := geo.Condition{Closures: []geo.Closure{{ID: "bridges", Selection: geo.Selection{Features: []string{"bridge"}}}}}
	m, err := s.region.MetricWith(t.Context(), osm.CarProfile(), geo.MetricOptions{Condition: &calm})
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := m.Snap(s.points[:60], geo.SnapOptions{Anchors: s.bases})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := s.region.MetricWith(t.Context(), osm.CarProfile(), geo.MetricOptions{Condition: &storm})
	if err != nil {
		t.Fatal(err)
	}
	want := [2]geo.Table{table(t, m, snaps), table(t, closed, snaps)}
	if slices.Equal(want[0].Seconds, want[1].Seconds) {
		t.Fatal("no bridge matters")
	}
	var asking, changing sync.WaitGroup
	for k := range 4 {
		asking.Go(func() {
			for i := 0; ; i++ {
				got, err := m.Table(t.Context(), snaps, snaps, 1+k%2)
				if errors.Is(err, geo.ErrClosed) {
					return
				}
				if err != nil || !slices.Equal(got.Seconds, want[0].Seconds) && !slices.Equal(got.Seconds, want[1].Seconds) {
					t.Errorf("a table of neither weather: %v", err)
					return
				}
				own, err := m.Clone()
				if err == nil {
					err = own.Change(t.Context(), storm)
				}
				if err == nil {
					got, err = own.Table(t.Context(), snaps, snaps, 1)
				}
				if err == nil && !slices.Equal(got.Seconds, want[1].Seconds) {
					t.Error("a clone under storm answers otherwise")
				}
				_, _ = m.Trace(snaps[k], snaps[i%len(snaps)])
				_, _ = m.Snap(s.points[i%60:i%60+1], geo.SnapOptions{Anchors: s.bases})
				_, _ = m.Isochrone(t.Context(), []geo.Start{{Snap: snaps[k]}}, geo.IsochroneOptions{Limits: []int32{900}})
				_, _ = m.CutOff(t.Context(), snaps[:5], snaps[k:k+1])
				m.Closed()
			}
		})
	}
	changing.Go(func() {
		for range 20 {
			for _, c := range []geo.Condition{storm, calm} {
				if err := m.Change(t.Context(), c); err != nil {
					t.Error(err)
				}
			}
		}
	})
	changing.Wait()
	if err := s.region.Close(); err != nil {
		t.Error(err)
	}
	asking.Wait()
}
