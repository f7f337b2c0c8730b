package geo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// smallRegion has a bit of everything.
func smallRegion(t testing.TB) *Region {
	t.Helper()
	d := draw(t, `
		a b c d
		e f g h
		i j k l`,
		"abcd", "efgh", "ijk", "ae", "ei>", "bf", "cg", "gk foot", "kl ferry", "hl ice", "fj",
		"no ae e efgh", "only abcd b bf", "no bf fj ijk", "closed g")
	d.net.Texts = append(d.net.Texts, "Storgatan", "E 4")
	d.net.Ways[0].Name, d.net.Ways[0].Ref = 1, 2
	r, err := Build(d.net, BuildOptions{Name: "Drawn", Source: "a sketch", Note: "not a real place", Modelled: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// encode is the region as the bytes of its file.
func (r *Region) encode() []byte {
	l := r.layout()
	b := aligned(int(l.length))
	copy(b, l.head)
	at := len(l.head)
	for _, content := range l.contents {
		copy(b[at:], content)
		at += int(filled(len(content)))
	}
	return b
}

func TestSaveAndOpen(t *testing.T) {
	t.Parallel()
	built := smallRegion(t)
	path := filepath.Join(t.TempDir(), "drawn.region")
	if err := built.Save(path); err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(built.encode(), opened.encode()) {
		t.Error("the opened region differs from the built one")
	}
	info := opened.Info()
	if info.Name != "Drawn" || info.Source != "a sketch" || info.Note != "not a real place" || !info.Modelled || info.Hash != built.Info().Hash {
		t.Errorf("info is %+v", info)
	}
	if w, ok := opened.Way(1); !ok || w.Name != "Storgatan" || w.Ref != "E 4" {
		t.Errorf("way 1 is %+v, %v", w, ok)
	}
	if err := opened.Save(path); err != nil { // over itself, while it is mapped
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	m := mustMetric(t, opened, osm.CarProfile())
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Snap(nil, SnapOptions{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := opened.Save(path); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
}

func TestSaveLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(target, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := smallRegion(t).Save(target); err == nil {
		t.Error("a folder was written over")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := smallRegion(t).Save(filepath.Join(dir, "no", "such", "folder")); err == nil {
		t.Error("saved into a folder that does not exist")
	}
}

func TestBuildIsRepeatable(t *testing.T) {
	t.Parallel()
	net := readMap(t, "stockholm-mariatorget.osm.pbf")
	a, err := Build(net, BuildOptions{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Build(readMap(t, "stockholm-mariatorget.osm.pbf"), BuildOptions{Name: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.encode(), b.encode()) {
		t.Error("the same file gave two different regions")
	}
}

// The number of threads changes how long a build takes and nothing else. (It
// runs alone: parallel tests wait until it is done.)
func TestBuildDoesNotDependOnThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var want []byte
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		r, err := BuildFiles(t.Context(), BuildOptions{Name: "a"}, "testdata/monaco-2012-07.osm.gz", "testdata/stockholm-mariatorget.osm.pbf")
		if err != nil {
			t.Fatal(err)
		}
		if b := r.encode(); want == nil {
			want = b
		} else if !bytes.Equal(b, want) {
			t.Errorf("%d threads build another region than one", threads)
		}
	}
}

func TestBuildFilesTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	var stages []string
	whole, err := BuildFiles(t.Context(), BuildOptions{OnProgress: func(p Progress) {
		if len(stages) == 0 || stages[len(stages)-1] != p.Stage {
			stages = append(stages, p.Stage)
		}
	}}, "testdata/monaco-2012-07.osm.gz")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(stages, " "); got != "read nodes graphs order car order bicycle+foot pack" {
		t.Errorf("stages: %s", got)
	}
	info := whole.Info()
	if !strings.HasPrefix(info.SourceHash, "cca67724618cf38c") {
		t.Errorf("the source's hash is %s", info.SourceHash)
	}
	bound := orb.Bound{Min: info.Bound.Center(), Max: info.Bound.Max}
	part, err := BuildFiles(t.Context(), BuildOptions{Bound: &bound}, "testdata/monaco-2012-07.osm.gz")
	if err != nil {
		t.Fatal(err)
	}
	if n := part.Info().Ways; n == 0 || n >= info.Ways {
		t.Errorf("%d ways in a part, %d in the whole", n, info.Ways)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := BuildFiles(ctx, BuildOptions{}, "testdata/monaco-2012-07.osm.gz"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := BuildFiles(t.Context(), BuildOptions{}, "testdata/absent"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestUnusableFiles(t *testing.T) {
	t.Parallel()
	good := smallRegion(t).encode()
	changed := func(f func(b []byte) []byte) []byte { return f(bytes.Clone(good)) }
	for name, c := range map[string]struct {
		content []byte
		want    error
		says    string
	}{
		"empty":                {nil, ErrNotRegion, "slinga map build"},
		"text":                 {[]byte("<osm version='0.6'>"), ErrNotRegion, "slinga map build"},
		"header":               {good[:20], ErrRegionTruncated, "slinga map build"},
		"half":                 {good[:len(good)/2], ErrRegionTruncated, "slinga map build"},
		"one less":             {good[:len(good)-1], ErrRegionTruncated, "bytes"},
		"one more":             {append(bytes.Clone(good), 0), ErrRegionDamaged, "bytes"},
		"version":              {changed(func(b []byte) []byte { b[8] = 99; return b }), ErrRegionVersion, "version 99"},
		"a byte in the middle": {changed(func(b []byte) []byte { b[len(b)/2] ^= 4; return b }), ErrRegionDamaged, "checksum"},
		"a byte in the table":  {changed(func(b []byte) []byte { b[headerSize+9] ^= 4; return b }), ErrRegionDamaged, "table"},
		"a billion sections": {changed(func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[12:], 1e9)
			binary.LittleEndian.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
			return b
		}), ErrRegionDamaged, "sections"},
		"a section outside": {changed(func(b []byte) []byte {
			binary.LittleEndian.PutUint64(b[headerSize+entrySize+8:], 1<<63)
			reseal(b)
			return b
		}), ErrRegionDamaged, "outside"},
		"a section missing": {changed(func(b []byte) []byte {
			copy(b[headerSize+entrySize:], "nodules")
			reseal(b)
			return b
		}), ErrRegionDamaged, "missing"},
	} {
		path := filepath.Join(t.TempDir(), "region")
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := ReadRegion(bytes.NewReader(good), int64(len(good))-1); !errors.Is(err, ErrRegionDamaged) {
		t.Errorf("longer than the limit: %v", err)
	}
	if _, err := ReadRegion(bytes.NewReader(good), int64(len(good))); err != nil {
		t.Error(err)
	}
}

func TestUnknownSectionsAreSkipped(t *testing.T) {
	t.Parallel()
	// A later version appends a section: the table grows by one entry, and
	// all that follows moves on.
	good := smallRegion(t).encode()
	count := int(binary.LittleEndian.Uint32(good[12:]))
	b := append(bytes.Clone(good[:headerSize+entrySize*count]), make([]byte, entrySize)...)
	b = append(b, good[headerSize+entrySize*count:]...)
	for i := range count {
		e := b[headerSize+entrySize*i:]
		binary.LittleEndian.PutUint64(e[8:], binary.LittleEndian.Uint64(e[8:])+entrySize)
	}
	e := b[headerSize+entrySize*count:]
	copy(e, "car.rank")
	binary.LittleEndian.PutUint64(e[8:], uint64(len(b)))
	binary.LittleEndian.PutUint64(e[16:], 8)
	b = append(b, "12345678"...)
	binary.LittleEndian.PutUint32(b[12:], uint32(count+1))
	binary.LittleEndian.PutUint64(b[16:], uint64(len(b)))
	reseal(b)
	r, err := Load(b)
	if err != nil {
		t.Fatal(err)
	}
	useRegion(t, r)
}

// reseal computes all checksums that can be computed anew, so that a change
// gets past them.
func reseal(b []byte) {
	if len(b) < headerSize {
		return
	}
	le := binary.LittleEndian
	count := int(le.Uint32(b[12:]))
	if count > maxSections || headerSize+entrySize*count > len(b) {
		count = 0
	}
	for i := range count {
		e := b[headerSize+entrySize*i:]
		offset, length := le.Uint64(e[8:]), le.Uint64(e[16:])
		if offset <= uint64(len(b)) && length <= uint64(len(b))-offset {
			le.PutUint32(e[24:], crc32.Checksum(b[offset:offset+length], castagnoli))
		}
	}
	sealHeader(b, count)
}

// useRegion does everything that can be done with a region; nothing may panic.
func useRegion(t testing.TB, r *Region) {
	t.Helper()
	info := r.Info()
	for range r.Roads(RoadOptions{Simplify: 10}) {
		break
	}
	for range r.Restrictions() {
		break
	}
	points := []orb.Point{info.Bound.Min, info.Bound.Center(), info.Bound.Max, {0.002, 0}, {0.001, -0.001}, {0.0051, -0.0019}}
	for _, p := range []osm.Profile{osm.CarProfile(), osm.FootProfile()} {
		m, err := r.Metric(t.Context(), p)
		if err != nil {
			if !errors.Is(err, ErrTooLong) {
				t.Fatal(err)
			}
			continue
		}
		snaps, err := m.Snap(points, SnapOptions{Limit: 1e6, Anchors: points[:1]})
		if err != nil {
			t.Fatal(err)
		}
		table, err := m.Table(context.Background(), snaps, snaps, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range snaps {
			for j := range snaps {
				_, err := m.Trace(snaps[i], snaps[j])
				if s, _ := table.At(i, j); (s == Unreachable) != errors.Is(err, ErrNoRoute) {
					t.Fatalf("table says %d s, trace says %v", s, err)
				}
			}
		}
	}
}

func TestEveryDamagedByteIsNoticed(t *testing.T) {
	t.Parallel()
	good := smallRegion(t).encode()
	for i := range good {
		b := aligned(len(good))
		copy(b, good)
		b[i] ^= byte(1 + i%255)
		if _, err := Load(b); err == nil {
			t.Fatalf("a change of byte %d went unnoticed", i)
		}
		reseal(b)
		if r, err := Load(b); err == nil {
			useRegion(t, r)
		}
	}
}

func FuzzLoad(f *testing.F) {
	good := smallRegion(f).encode()
	f.Add(good, false)
	carries := smallRegion(f)
	if err := carries.Keep(context.Background(), Preset{Name: "storm", Profile: osm.CarProfile(), Condition: storm()}); err != nil {
		f.Fatal(err)
	}
	f.Add(carries.encode(), true)
	f.Add(good, true)
	f.Add(good[:len(good)-100], true)
	f.Add([]byte(fileMagic), false)
	f.Fuzz(func(t *testing.T, b []byte, seal bool) {
		b = bytes.Clone(b)
		if seal && len(b) >= headerSize {
			copy(b, fileMagic)
			binary.LittleEndian.PutUint32(b[8:], fileVersion)
			binary.LittleEndian.PutUint64(b[16:], uint64(len(b)))
			reseal(b)
		}
		if r, err := Load(b); err == nil {
			useRegion(t, r)
		}
	})
}

func TestBuildRefusesABrokenNetwork(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(net *osm.Network){
		"a node beyond the pole":  func(net *osm.Network) { net.Nodes[0].Lat = halfTurn },
		"a way past the nodes":    func(net *osm.Network) { net.Ways[0].Count = 1 << 20 },
		"a way of one node":       func(net *osm.Network) { net.Ways[0].Count = 1 },
		"a way that begins early": func(net *osm.Network) { net.Ways[0].First = -1 },
		"an unknown node":         func(net *osm.Network) { net.Refs[1] = 99 },
		"an unknown text":         func(net *osm.Network) { net.Ways[0].Name = 7 },
		"an unknown class":        func(net *osm.Network) { net.Ways[0].Class = osm.NumClasses },
		"a negative duration":     func(net *osm.Network) { net.Ways[0].Duration = -1 },
		"a ferry of a year":       func(net *osm.Network) { net.Ways[0].Duration = 365 * 86400 },
		"a ferry round the globe": func(net *osm.Network) { net.Ways[0].Flags, net.Ways[0].Millimetres = osm.FlagFerry, 40_000_000_000 },
		"ways out of order":       func(net *osm.Network) { net.Ways[0].ID = 99 },
		"an unknown from way":     func(net *osm.Network) { net.Restrictions[0].From = 5 },
		"an unknown via way":      func(net *osm.Network) { net.Restrictions[0].ViaWays = []int32{-1} },
		"an unknown via node":     func(net *osm.Network) { net.Restrictions[0].ViaNode = 77 },
	} {
		d := draw(t, "a b c", "ab", "bc", "no ab b bc")
		spoil(d.net)
		if _, err := Build(d.net, BuildOptions{}); !errors.Is(err, ErrNetwork) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Ten thousand roads may meet, but not at a barrier or a forbidden turn.
	for _, spoil := range []func(net *osm.Network){
		func(*osm.Network) {},
		func(net *osm.Network) { net.Nodes[0].Closed = osm.ModeBicycle },
		func(net *osm.Network) { net.Restrictions = []osm.Restriction{{To: 1, Modes: osm.ModeCar}} },
	} {
		net := &osm.Network{Texts: []string{""}, Nodes: []osm.Node{{ID: 1}}}
		for i := range int32(10_000) {
			net.Nodes = append(net.Nodes, osm.Node{ID: int64(i + 2), Lon: i, Lat: 10_000 - i})
			net.Refs = append(net.Refs, 0, i+1)
			net.Ways = append(net.Ways, osm.Way{ID: int64(i + 1), First: 2 * i, Count: 2, Class: osm.Track, Forward: osm.AllModes, Backward: osm.AllModes})
		}
		spoil(net)
		switch _, err := Build(net, BuildOptions{}); {
		case err == nil && net.Nodes[0].Closed == 0 && net.Restrictions == nil:
		case errors.Is(err, ErrNetwork) && strings.Contains(err.Error(), "10000 roads"):
		default:
			t.Errorf("a star of roads: %v", err)
		}
	}
	r, err := Build(&osm.Network{}, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	useRegion(t, r) // an empty map is a map
}

// On a machine of the other byte order, arrays are copied and turned. Here
// that path gives the same bytes, which is how it can be tested. (It runs
// alone: parallel tests wait until it is done.)
func TestOtherByteOrder(t *testing.T) {
	r := smallRegion(t)
	here := r.encode()
	was := littleEndian
	littleEndian = false
	defer func() { littleEndian = was }()
	if !bytes.Equal(r.encode(), here) {
		t.Error("the copied bytes differ")
	}
	copied, err := Load(append(make([]byte, 1, 1+len(here)), here...)[1:]) // not aligned
	if err != nil {
		t.Fatal(err)
	}
	useRegion(t, copied)
}
