//go:build maps

package geo

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/slinga-se/slinga/geo/osm"
)

var (
	mapFolder    = flag.String("maps", "", "folder of OSM files")
	exactRecord  = flag.String("record", "", "CSV file to which results are appended")
	exactVersion = flag.String("revision", "", "of the code, for the record")
)

// Pairs a metric: from so many places to so many others each, of the same
// component, and as many across as that.
const (
	exactSources = 100
	exactTargets = 20
	exactAcross  = 100
)

// Every map of a folder, under four settings: random legs are those of
// the oracle, which reads ways and restrictions and shares no graph code, to
// the second and the metre. No time is given, so conditional tags bind nobody:
// the oracle reads only those that its own tests draw.
//
//	go test -v -tags maps -run TestExactOnMaps -timeout 3h ./geo -maps FOLDER
//
// With -record and -revision a row is appended for every map and setting.
func TestExactOnMaps(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(*mapFolder, "*.osm*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("-maps %q: no OSM files (%v)", *mapFolder, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			net, err := osm.Read(t.Context(), osm.Options{}, path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Build(net, BuildOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range exactSettings(net) {
				t.Run(s.name, func(t *testing.T) {
					row := s.compare(t, net, r)
					if *exactRecord == "" {
						return
					}
					f, err := os.OpenFile(*exactRecord, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
					if err != nil {
						t.Fatal(err)
					}
					out := csv.NewWriter(f)
					err = out.Write(append([]string{*exactVersion, filepath.Base(path), s.name}, row...))
					out.Flush()
					if err := errors.Join(err, out.Error(), f.Close()); err != nil {
						t.Fatal(err)
					}
				})
			}
		})
	}
}

type exactSetting struct {
	name    string
	profile osm.Profile
	o       MetricOptions
}

func exactSettings(net *osm.Network) []exactSetting {
	// Three long roads that many routes take.
	var roads []int
	for w := range net.Ways {
		if c := net.Ways[w].Class; c >= osm.Trunk && c <= osm.Tertiary {
			roads = append(roads, w)
		}
	}
	slices.SortStableFunc(roads, func(a, b int) int { return cmp.Compare(net.Ways[b].Millimetres, net.Ways[a].Millimetres) })
	winter := osm.CarProfile()
	winter.IceRoads, winter.WinterRoads = true, true
	closed := &Condition{Name: "winter", Speeds: []SpeedRule{{Percent: 85}}}
	for i, w := range roads[:min(3, len(roads))] {
		closed.Closures = append(closed.Closures, Closure{ID: fmt.Sprint("road ", i), Selection: Selection{Ways: []int64{net.Ways[w].ID}}})
	}
	stopped := &Condition{Name: "stopped", Ferries: []Ferry{{
		ID: "all", Stopped: true, Selection: Selection{Classes: []string{"ferry"}, MayMatchNothing: true},
	}}}
	return []exactSetting{
		{"summer car", osm.CarProfile(), MetricOptions{}},
		{"winter car, three roads closed", winter, MetricOptions{Condition: closed}},
		{"bicycle", osm.BicycleProfile(), MetricOptions{}},
		{"ferries stopped", osm.CarProfile(), MetricOptions{Condition: stopped}},
	}
}

// compare returns the numbers of pairs, of those over a kilometre, of those
// without a way, and whether all are equal.
func (s *exactSetting) compare(t *testing.T, net *osm.Network, r *Region) (row []string) {
	m, err := r.MetricWith(t.Context(), s.profile, s.o)
	if err != nil {
		t.Fatal(err)
	}
	snaps, err := m.Snap(randomPoints(net, 20_000, 1), SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	of := map[int32][]Snap{}
	var all []Snap
	for _, snap := range snaps {
		if snap.Kind != SnapFar {
			of[snap.Component] = append(of[snap.Component], snap)
			all = append(all, snap)
		}
	}
	random := rand.New(rand.NewPCG(2, 0))
	pick := func(list []Snap) Snap { return list[random.IntN(len(list))] }
	type job struct {
		from Snap
		to   []Snap
	}
	var jobs []job
	for range exactSources {
		j := job{from: pick(all)}
		for range exactTargets {
			j.to = append(j.to, pick(of[j.from.Component]))
		}
		for range exactAcross / exactSources {
			j.to = append(j.to, pick(all))
		}
		jobs = append(jobs, j)
	}
	// One table of all of them goes the way of large tables, by sweeps over the
	// hierarchy; a table a source goes the way of small ones, by buckets.
	var from, to []Snap
	for i := range jobs {
		from, to = append(from, jobs[i].from), append(to, jobs[i].to...)
	}
	swept, err := m.Table(t.Context(), from, to, 2)
	if err != nil {
		t.Fatal(err)
	}
	var unreachable, far atomic.Int64
	var next atomic.Int64
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			var oracle *oracle
			for i := int(next.Add(1)) - 1; i < len(jobs) && !t.Failed(); i = int(next.Add(1)) - 1 {
				if oracle == nil { // each its own: it keeps what it worked out
					oracle = newOracle(net, s.profile, false)
					if s.o.Condition != nil {
						oracle = withCondition(oracle, s.o)
					}
				}
				j := &jobs[i]
				places := make([]oraclePlace, len(j.to))
				for k := range j.to {
					places[k] = oraclePlaceOf(net, j.to[k])
				}
				want := oracle.legs(oraclePlaceOf(net, j.from), places)
				got, err := m.Table(context.Background(), []Snap{j.from}, j.to, 1)
				if err != nil {
					t.Error(err)
					return
				}
				for k := range want {
					leg := [2]int64{int64(got.Seconds[k]), int64(got.Metres[k])}
					if got.Seconds[k] == Unreachable {
						leg = [2]int64{-1, -1}
						unreachable.Add(1)
					}
					if want[k][1] > 1000 {
						far.Add(1)
					}
					col := k
					for before := range jobs[:i] {
						col += len(jobs[before].to)
					}
					if seconds, metres := swept.At(i, col); seconds != got.Seconds[k] || metres != got.Metres[k] {
						t.Errorf("from %+v to %+v: %d s %d m in a large table, %d s %d m in a small one", j.from, j.to[k], seconds, metres, got.Seconds[k], got.Metres[k])
					}
					if leg != want[k] {
						t.Errorf("from %+v to %+v: %v s m, the oracle says %v", j.from, j.to[k], leg, want[k])
					}
				}
			}
		})
	}
	wait.Wait()
	// A trace must add up too; it panics otherwise.
	for _, j := range jobs[:10] {
		if trace, err := m.Trace(j.from, j.to[0]); err == nil {
			checkLine(t, trace)
		}
	}
	pairs := len(jobs) * (exactTargets + exactAcross/exactSources)
	t.Logf("%d pairs, %d of them longer than a kilometre, %d unreachable; all equal: %v", pairs, far.Load(), unreachable.Load(), !t.Failed())
	return []string{fmt.Sprint(pairs), fmt.Sprint(far.Load()), fmt.Sprint(unreachable.Load()), fmt.Sprint(!t.Failed())}
}
