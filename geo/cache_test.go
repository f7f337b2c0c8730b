package geo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

func openTables(t rapid.TB, dir string, o TablesOptions) *Tables {
	t.Helper()
	c, err := OpenTables(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whatever was asked before, whatever happened to the files: the answer is
// that of Metric.Table.
func TestTablesAnswerLikeTheMetric(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		net := drawNetwork(t)
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		slow := osm.CarProfile()
		slow.SpeedPercent = 50
		closed := Closure{ID: "x"}
		closed.Ways = []int64{net.Ways[0].ID}
		var metrics []*Metric
		for range 2 {
			m, err := r.MetricWith(t.Context(),
				rapid.SampledFrom([]osm.Profile{osm.CarProfile(), slow}).Draw(t, "profile"),
				rapid.SampledFrom([]MetricOptions{{}, {Shortest: true}, {Condition: &Condition{Closures: []Closure{closed}}}}).Draw(t, "options"))
			if err != nil {
				t.Fatal(err)
			}
			metrics = append(metrics, m)
		}
		segments := metrics[0].t.chainSegs
		if len(segments) == 0 {
			return
		}
		anySnap := rapid.Custom(func(t *rapid.T) Snap {
			if rapid.IntRange(0, 9).Draw(t, "far") == 0 {
				return Snap{Kind: SnapFar, Segment: -1}
			}
			seg := rapid.SampledFrom(segments).Draw(t, "segment") >> 1
			return onSegment(r, seg, min(int64(rapid.IntRange(0, 3).Draw(t, "at")), int64(r.segMM[seg])))
		})
		runs++
		dir := filepath.Join(root, fmt.Sprint(runs))
		defer os.RemoveAll(dir) //nolint:errcheck // the whole folder goes at the end
		c := openTables(t, dir, TablesOptions{Bytes: int64(rapid.SampledFrom([]int{0, 600}).Draw(t, "bytes"))})
		for range rapid.IntRange(2, 6).Draw(t, "requests") {
			m := metrics[rapid.IntRange(0, 1).Draw(t, "metric")]
			from := rapid.SliceOfN(anySnap, 0, 4).Draw(t, "from")
			to := rapid.SliceOfN(anySnap, 0, 4).Draw(t, "to")
			got, err := c.Table(context.Background(), m, from, to, 1)
			if err != nil {
				t.Fatal(err)
			}
			want, err := m.Table(context.Background(), from, to, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != want.Rows || got.Cols != want.Cols || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("from the cache %v, computed %v", got, want)
			}
			spoil(t, dir)
		}
	})
}

// spoil damages one file, perhaps.
func spoil(t *rapid.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*"+cacheSuffix))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 || rapid.Bool().Draw(t, "spare") {
		return
	}
	path := rapid.SampledFrom(files).Draw(t, "file")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) == 0 {
		return
	}
	switch at := rapid.IntRange(0, len(b)-1).Draw(t, "byte"); rapid.IntRange(0, 3).Draw(t, "damage") {
	case 0:
		b[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	case 1:
		b = b[:at]
	case 2:
		b = append(b, b[at:]...)
	case 3: // another table's name
		path = rapid.SampledFrom(files).Draw(t, "another")
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// cacheFixture is a real map with places on it.
func cacheFixture(t testing.TB, places int) (*Metric, []Snap) {
	t.Helper()
	net := readMap(t, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := mustMetric(t, r, osm.CarProfile())
	return m, mustSnap(t, m, randomPoints(net, places, 4)...)
}

func mustTable(t testing.TB, c *Tables, m *Metric, from, to []Snap) Table {
	t.Helper()
	got, err := c.Table(t.Context(), m, from, to, 2)
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.Table(t.Context(), from, to, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the cache gives another table")
	}
	return got
}

func TestTablesComputeNewRowsAndColumnsOnly(t *testing.T) {
	t.Parallel()
	m, snaps := cacheFixture(t, 40)
	dir := t.TempDir()
	c := openTables(t, dir, TablesOptions{})
	expect := func(what string, reused, computed int) {
		t.Helper()
		if s := c.Stats(); s != (TablesStats{Reused: int64(reused), Computed: int64(computed)}) {
			t.Errorf("%s: %+v, want %d reused and %d computed", what, s, reused, computed)
		}
		c = openTables(t, dir, TablesOptions{}) // another process
	}
	n := len(spots(snaps[:38]))
	mustTable(t, c, m, snaps[:38], snaps[:38])
	expect("first", 0, n*n)
	mustTable(t, c, m, snaps[:38], snaps[:38])
	expect("again", n*n, 0)
	mustTable(t, c, m, snaps[5:20], snaps[3:9])
	expect("a part", len(spots(snaps[5:20]))*len(spots(snaps[3:9])), 0)
	all := len(spots(snaps))
	mustTable(t, c, m, snaps, snaps)
	expect("two more", n*n, all*all-n*n)
	mustTable(t, c, m, snaps, snaps)
	expect("two more again", all*all, 0)
	other := osm.CarProfile()
	other.SpeedPercent = 90
	mustTable(t, c, mustMetric(t, m.Region(), other), snaps, snaps)
	expect("another profile", 0, all*all)
	closed := Closure{ID: "any"}
	closed.Ways = []int64{snaps[0].Way}
	if err := m.Change(t.Context(), Condition{Closures: []Closure{closed}}); err != nil {
		t.Fatal(err)
	}
	mustTable(t, c, m, snaps, snaps)
	expect("a closed road", 0, all*all)
	bad := append([]Snap{{Kind: SnapOK, Segment: 1 << 30}}, snaps...)
	if _, err := c.Table(t.Context(), m, snaps, bad, 1); !errors.Is(err, ErrSnap) || !strings.HasPrefix(err.Error(), "to[0]") {
		t.Error(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Table(cancelled, m, snaps[1:], snaps[1:3], 1); err != nil {
		t.Errorf("all of it is known, and yet: %v", err)
	}
	if err := m.Region().Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Table(t.Context(), m, snaps, snaps, 1); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestTablesRemoveWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	m, snaps := cacheFixture(t, 12)
	dir := t.TempDir()
	one := storedSize(1, 1)
	c := openTables(t, dir, TablesOptions{Bytes: 3 * one})
	ago := func(k int, hours int) {
		path := c.path(&stored{metric: must(m.cacheKey(m.now())), rows: spots(snaps[k : k+1]), cols: spots(snaps[k : k+1])})
		when := time.Now().Add(-time.Duration(hours) * time.Hour)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	for k := range 3 {
		mustTable(t, c, m, snaps[k:k+1], snaps[k:k+1])
		ago(k, 10-k)
	}
	mustTable(t, c, m, snaps[:1], snaps[:1]) // now the first is the youngest
	abandoned := filepath.Join(dir, cacheTemp+"1")
	if err := os.WriteFile(abandoned, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(abandoned, long, long); err != nil {
		t.Fatal(err)
	}
	mustTable(t, c, m, snaps[3:4], snaps[3:4])
	before := c.Stats()
	mustTable(t, c, m, snaps[:1], snaps[:1])
	mustTable(t, c, m, snaps[2:3], snaps[2:3])
	if s := c.Stats(); s.Reused != before.Reused+2 {
		t.Errorf("the first and the third are gone: %+v, then %+v", before, s)
	}
	mustTable(t, c, m, snaps[1:2], snaps[1:2])
	if s := c.Stats(); s.Computed != before.Computed+1 {
		t.Errorf("the second is still there: %+v, then %+v", before, s)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) > 3 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Several caches on one folder at once, as several processes have, with room
// for a few tables only.
func TestTablesShareAFolder(t *testing.T) {
	t.Parallel()
	m, snaps := cacheFixture(t, 30)
	dir := t.TempDir()
	var group sync.WaitGroup
	for k := range 4 {
		group.Go(func() {
			c, err := OpenTables(dir, TablesOptions{Bytes: 40_000})
			if err != nil {
				t.Error(err)
				return
			}
			random := rand.New(rand.NewPCG(uint64(k), 7))
			for range 25 {
				a, b := random.IntN(20), random.IntN(20)
				from, to := snaps[a:a+10], snaps[b:b+10]
				got, err := c.Table(context.Background(), m, from, to, 1)
				if err != nil {
					t.Error(err)
					return
				}
				want, err := m.Table(context.Background(), from, to, 1)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("another table (%v)", err)
				}
			}
			if s := c.Stats(); s.Damaged > 0 || s.Lost > 0 {
				t.Errorf("%+v", s)
			}
		})
	}
	group.Wait()
}

// A folder that cannot be written to costs time, not answers.
func TestTablesInAFolderThatIsGone(t *testing.T) {
	t.Parallel()
	m, snaps := cacheFixture(t, 5)
	dir := filepath.Join(t.TempDir(), "tables")
	c := openTables(t, dir, TablesOptions{})
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	mustTable(t, c, m, snaps, snaps)
	if s := c.Stats(); s.Lost != 1 {
		t.Errorf("%+v", s)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenTables(file, TablesOptions{}); err == nil {
		t.Error("a file is taken for a folder")
	}
	if _, err := OpenTables(dir, TablesOptions{Bytes: -1}); err == nil {
		t.Error("a negative size is taken")
	}
}

// What the reader accepts is what the writer writes.
func FuzzTablesFile(f *testing.F) {
	small := &stored{
		metric: cacheKey{1, 2, 3}, rows: []spot{{5, 1}, {0, 2}}, cols: []spot{{7, 3}},
		table: Table{2, 1, []int32{60, Unreachable}, []int32{900, Unreachable}},
	}
	f.Add(small.encode(), true)
	f.Add((&stored{}).encode(), false)
	f.Add([]byte(cacheMagic), true)
	f.Fuzz(func(t *testing.T, b []byte, seal bool) {
		if seal { // reach what lies behind the checksum
			b = sealed(b)
		}
		s, err := decodeStored(b)
		if err != nil {
			if !errors.Is(err, errCacheFile) {
				t.Fatal(err)
			}
			return
		}
		if again := s.encode(); !bytes.Equal(again, b) {
			t.Fatalf("%x is read as %x", b, again)
		}
	})
}

func (s *stored) encode() []byte { return bytes.Join(s.parts(), nil) }

// sealed computes the checksums of a file anew, if it looks like one.
func sealed(b []byte) []byte {
	s, err := readPlaces(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return b
	}
	n := 4 * len(s.rows) * len(s.cols)
	body := bytes.Clone(b[:len(b)-cacheTrailer])
	head := len(body) - 2*n
	sums := cacheSums(body[:head], body[head:head+n], body[head+n:])
	return append(body, sums[:]...)
}
