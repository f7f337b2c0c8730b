package geo

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

// Tables keeps computed tables in a folder, so that a day that is planned again
// with two more visits costs two rows and two columns. What it answers is
// what Metric.Table answers, whatever the folder holds: a file that is damaged
// is computed anew. Any number of processes may use one folder at once. It
// holds hashes and places on roads, and nothing about people; what it makes is
// readable by its owner alone.
//
// A Tables is safe for use from many goroutines.
type Tables struct {
	dir   string
	limit int64

	mu    sync.Mutex
	stats TablesStats
}

// TablesOptions shape a cache. The zero value is the default.
type TablesOptions struct {
	Bytes int64 // that the folder may hold; 0: one gigabyte
}

// TablesStats counts what a cache was good for since it was opened.
type TablesStats struct {
	Reused   int64 // legs that came from files
	Computed int64 // legs that did not
	Damaged  int   // files that were not believed, and removed
	Lost     int   // tables that could not be written; the answers are right all the same
}

const (
	cacheSuffix  = ".legs"
	cacheTemp    = ".new-"
	defaultCache = 1 << 30
	// mostLooked is how many tables of a metric are looked at for the one that
	// saves most work.
	mostLooked = 64
)

// legsVersion goes into every key. It rises when the same map, profile and
// condition give other legs than before.
const legsVersion = 5

// OpenTables opens a folder as a cache of tables and makes it if need be.
func OpenTables(dir string, o TablesOptions) (*Tables, error) {
	if o.Bytes < 0 {
		return nil, fmt.Errorf("geo: a cache of %d bytes cannot be", o.Bytes)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Tables{dir: dir, limit: cmp.Or(o.Bytes, defaultCache)}, nil
}

// Stats counts what the cache was good for so far.
func (c *Tables) Stats() TablesStats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

func (c *Tables) count(change func(*TablesStats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.stats)
}

// Table is Metric.Table, as far as possible from the cache. What was computed
// is kept there.
func (c *Tables) Table(ctx context.Context, m *Metric, from, to []Snap, threads int) (Table, error) {
	set := m.now()
	key, err := m.cacheKey(set)
	if err != nil {
		return Table{}, err
	}
	want := &stored{metric: key, rows: spots(from), cols: spots(to)}
	if len(want.rows) == 0 || len(want.cols) == 0 || storedSize(uint32(len(want.rows)), uint32(len(want.cols))) < 0 {
		return m.Table(ctx, from, to, threads)
	}
	name := c.path(want)
	known := c.load(name, key)
	if known == nil {
		known = c.closest(want)
	}
	if known == nil {
		known = &stored{}
	}
	if covers(known, want) {
		c.count(func(stats *TablesStats) { stats.Reused += int64(len(want.rows)) * int64(len(want.cols)) })
		return known.expand(from, to), nil
	}
	reused, err := want.fill(ctx, m, known, from, to, threads)
	if err != nil || m.now() != set {
		// An error names the wrong place; and if the metric changed meanwhile,
		// what was computed is of a mixture.
		return m.Table(ctx, from, to, threads)
	}
	c.count(func(stats *TablesStats) {
		stats.Reused += int64(reused)
		stats.Computed += int64(len(want.rows)*len(want.cols) - reused)
	})
	c.save(name, want)
	return want.expand(from, to), nil
}

// cacheKey is the hash of all that legs depend on besides the places.
func (m *Metric) cacheKey(set *setting) (key cacheKey, err error) {
	if err := m.region.acquire(); err != nil {
		return key, err
	}
	region := m.region.hash
	m.region.mu.RUnlock()
	type plain osm.Profile // every field as it is, named in JSON or not
	o := set.options
	about := struct {
		Version               int
		Region                string
		Profile               plain
		Shortest, LongestWait bool
		Second                Quantity
		At, Since, Until      string
		Condition             string
	}{
		Version: legsVersion, Region: region, Profile: plain(m.profile), Shortest: m.shortest,
		LongestWait: o.LongestWait, Second: o.Second, Condition: set.condition.Hash(),
	}
	if !o.At.IsZero() {
		from, until := o.period()
		about.At = o.At.Format(time.RFC3339Nano)
		about.Since, about.Until = from.Format(time.RFC3339Nano), until.Format(time.RFC3339Nano)
	}
	text, err := json.Marshal(about)
	if err != nil {
		return key, err
	}
	return sha256.Sum256(text), nil
}

// spots lists the places of snaps, each once and ascending.
func spots(snaps []Snap) []spot {
	list := make([]spot, 0, len(snaps))
	for _, s := range snaps {
		if s.Kind != SnapFar {
			list = append(list, spot{s.At, s.Segment})
		}
	}
	slices.SortFunc(list, spot.compare)
	return slices.Compact(list)
}

// covers reports whether a table holds all legs of another.
func covers(known, want *stored) bool {
	return !slices.Contains(lookUp(want.rows, known.rows), -1) && !slices.Contains(lookUp(want.cols, known.cols), -1)
}

// fill takes the legs that are known and has the others computed: the new rows
// whole, and of the others the new columns. It says how many legs it took.
func (s *stored) fill(ctx context.Context, m *Metric, known *stored, from, to []Snap, threads int) (reused int, err error) {
	n := len(s.rows) * len(s.cols)
	s.table = Table{Rows: len(s.rows), Cols: len(s.cols), Seconds: make([]int32, n), Metres: make([]int32, n)}
	rowAt, colAt := lookUp(s.rows, known.rows), lookUp(s.cols, known.cols)
	var oldRows, newRows, oldCols, newCols, allCols []int
	for i, at := range rowAt {
		if at < 0 {
			newRows = append(newRows, i)
		} else {
			oldRows = append(oldRows, i)
		}
	}
	for j, at := range colAt {
		if allCols = append(allCols, j); at < 0 {
			newCols = append(newCols, j)
		} else {
			oldCols = append(oldCols, j)
		}
	}
	inBlocks(threads, len(oldRows), 64, func() func(first, end int) {
		return func(first, end int) {
			for _, i := range oldRows[first:end] {
				seconds, metres := s.row(i)
				oldSeconds, oldMetres := known.row(int(rowAt[i]))
				for _, j := range oldCols {
					seconds[j], metres[j] = oldSeconds[colAt[j]], oldMetres[colAt[j]]
				}
			}
		}
	})
	rowSnaps, colSnaps := snapsOf(s.rows, from), snapsOf(s.cols, to)
	compute := func(rows, cols []int) error {
		if len(rows) == 0 || len(cols) == 0 {
			return nil
		}
		pick := func(list []Snap, which []int) []Snap {
			out := make([]Snap, len(which))
			for k, i := range which {
				out[k] = list[i]
			}
			return out
		}
		t, err := m.Table(ctx, pick(rowSnaps, rows), pick(colSnaps, cols), threads)
		if err != nil {
			return err
		}
		for k, i := range rows {
			for l, j := range cols {
				s.table.Seconds[i*len(s.cols)+j], s.table.Metres[i*len(s.cols)+j] = t.At(k, l)
			}
		}
		return nil
	}
	if err = compute(newRows, allCols); err == nil {
		err = compute(oldRows, newCols)
	}
	return len(oldRows) * len(oldCols), err
}

// snapsOf gives one snap for each place.
func snapsOf(places []spot, snaps []Snap) []Snap {
	out := make([]Snap, len(places))
	for _, s := range snaps {
		if k, ok := slices.BinarySearchFunc(places, spot{s.At, s.Segment}, spot.compare); ok && s.Kind != SnapFar {
			out[k] = s
		}
	}
	return out
}

// expand gives the table that was asked for: its order, places that come
// twice, and points that are far from any road.
func (s *stored) expand(from, to []Snap) Table {
	t := Table{Rows: len(from), Cols: len(to), Seconds: make([]int32, len(from)*len(to)), Metres: make([]int32, len(from)*len(to))}
	index := func(snaps []Snap, places []spot) []int {
		at := make([]int, len(snaps))
		for i, s := range snaps {
			k, ok := slices.BinarySearchFunc(places, spot{s.At, s.Segment}, spot.compare)
			if at[i] = k; !ok || s.Kind == SnapFar {
				at[i] = -1
			}
		}
		return at
	}
	rows, cols := index(from, s.rows), index(to, s.cols)
	inBlocks(0, len(rows), 64, func() func(first, end int) {
		return func(first, end int) {
			for i := first; i < end; i++ {
				seconds, metres := t.Seconds[i*t.Cols:(i+1)*t.Cols], t.Metres[i*t.Cols:(i+1)*t.Cols]
				var knownSeconds, knownMetres []int32
				if rows[i] >= 0 {
					knownSeconds, knownMetres = s.row(rows[i])
				}
				for j, col := range cols {
					if uint(col) < uint(len(knownSeconds)) {
						seconds[j], metres[j] = knownSeconds[col], knownMetres[col]
					} else {
						seconds[j], metres[j] = Unreachable, Unreachable
					}
				}
			}
		}
	})
	return t
}

// row is a row of the table.
func (s *stored) row(i int) (seconds, metres []int32) {
	n := len(s.cols)
	return s.table.Seconds[i*n : (i+1)*n], s.table.Metres[i*n : (i+1)*n]
}

// The names of files are the first half of the metric's key and of the
// table's: so the tables of a metric are found by name.

func prefixOf(key cacheKey) string { return hex.EncodeToString(key[:16]) + "-" }

func (c *Tables) path(s *stored) string {
	name := s.name()
	return filepath.Join(c.dir, prefixOf(s.metric)+hex.EncodeToString(name[:16])+cacheSuffix)
}

// load reads a file of the cache, or gives nil. A file that is not what its
// name says is removed.
func (c *Tables) load(path string, key cacheKey) *stored {
	info, err := os.Stat(path)
	if err != nil || info.Size() > c.limit {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	s, err := decodeStored(b)
	if err != nil || s.metric != key || c.path(s) != path {
		_ = os.Remove(path)
		c.count(func(stats *TablesStats) { stats.Damaged++ })
		return nil
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // used last now; if that fails, it goes sooner
	return s
}

// cached is a file of the cache.
type cached struct {
	path string
	size int64
	used time.Time
}

// files lists the cache's files, those that were used last first.
func (c *Tables) files(prefix string) []cached {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return nil
	}
	var list []cached
	for _, e := range entries {
		ours := strings.HasSuffix(e.Name(), cacheSuffix) || strings.HasPrefix(e.Name(), cacheTemp)
		if !ours || !strings.HasPrefix(e.Name(), prefix) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil {
			list = append(list, cached{filepath.Join(c.dir, e.Name()), info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(list, func(a, b cached) int {
		return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.path, b.path))
	})
	return list
}

// closest is the table of the same metric that saves most legs of the one
// wanted, or nil.
func (c *Tables) closest(want *stored) *stored {
	type candidate struct {
		path  string
		saves int
	}
	var list []candidate
	files := c.files(prefixOf(want.metric))
	for _, f := range files[:min(len(files), mostLooked)] {
		s := peek(f)
		if s == nil || s.metric != want.metric {
			continue
		}
		saves := held(want.rows, s.rows) * held(want.cols, s.cols)
		if saves > 0 {
			list = append(list, candidate{f.path, saves})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.saves, a.saves) })
	for _, f := range list {
		if s := c.load(f.path, want.metric); s != nil {
			return s
		}
	}
	return nil
}

// peek reads the places of a file.
func peek(f cached) *stored {
	in, err := os.Open(f.path)
	if err != nil {
		return nil
	}
	defer in.Close() //nolint:errcheck // only read
	s, err := readPlaces(in, f.size)
	if err != nil {
		return nil
	}
	return s
}

// held counts the places that are in a list.
func held(places, list []spot) int {
	n := 0
	for _, at := range lookUp(places, list) {
		if at >= 0 {
			n++
		}
	}
	return n
}

// save writes a table beside the others, under its own name when it is
// complete, and makes room for it. It does not fail: without it the next table
// costs more.
func (c *Tables) save(path string, s *stored) {
	size := storedSize(uint32(len(s.rows)), uint32(len(s.cols)))
	if size > c.limit || len(s.rows) == 0 || len(s.cols) == 0 {
		return
	}
	c.makeRoom(size)
	if err := c.write(path, s.parts()); err != nil {
		c.count(func(stats *TablesStats) { stats.Lost++ })
	}
}

func (c *Tables) write(path string, parts [][]byte) error {
	f, err := os.CreateTemp(c.dir, cacheTemp+"*")
	if err != nil {
		return err
	}
	for _, b := range parts {
		if err == nil {
			_, err = f.Write(b)
		}
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// makeRoom removes the files that have not been used for longest, until there
// is room for so many bytes. What another process is writing counts, and is
// left alone for an hour.
func (c *Tables) makeRoom(size int64) {
	held := size
	for _, f := range c.files("") {
		held += f.size
		abandoned := strings.HasPrefix(filepath.Base(f.path), cacheTemp)
		if abandoned && time.Since(f.used) > time.Hour || !abandoned && held > c.limit {
			if os.Remove(f.path) == nil {
				held -= f.size
			}
		}
	}
}
