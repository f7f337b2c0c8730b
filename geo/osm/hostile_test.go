package osm

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// village is two homes, a road and a turn.
func village() []thing {
	return []thing{
		node(1, 180000000, 630000000), node(2, 180010000, 630000000),
		node(3, 180010000, 630010000), node(4, 180020000, 630000000),
		way(10, []int64{1, 2}, Tag{"highway", "tertiary"}),
		way(11, []int64{2, 3}, Tag{"highway", "track"}),
		way(12, []int64{2, 4}, Tag{"highway", "tertiary"}),
		relation(20, []member{{kindWay, 10, "from"}, {kindNode, 2, "via"}, {kindWay, 11, "to"}},
			Tag{"type", "restriction"}, Tag{"restriction", "no_left_turn"}),
	}
}

// zeros inflates to n bytes of nothing, and says that it is as long as
// stated.
func zeros(n, stated int) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	for chunk := make([]byte, 1<<20); n > 0; n -= len(chunk) {
		_, _ = w.Write(chunk[:min(n, len(chunk))])
	}
	_ = w.Close()
	var m message
	return m.number(2, uint64(stated)).blob(3, b.Bytes()).Bytes()
}

func zstdOf(data []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(data, nil)
}

func size(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// TestHostile gives files that are broken, or made to do harm. Each is an
// error of the right kind that names the file and says what to do.
func TestHostile(t *testing.T) {
	good := writePBF(plainStyle, village()...)
	goodXML := writeXML(village()...)
	header := pbfHeader("OsmSchema-V0.6", "DenseNodes")
	data := func(blob []byte) []byte { return join(header, frame("OSMData", blob)) }
	block := func(fill func(m *message)) []byte {
		var m message
		fill(&m)
		return data(pack("zlib", m.Bytes()))
	}
	var negative message
	negative.number(2, uint64(1<<64-5)).blob(3, []byte("x"))
	var lzma message
	lzma.number(2, 5).blob(4, []byte("xxxxx"))
	var unsized message
	unsized.blob(3, []byte("x"))
	wrongCheck := func() []byte {
		b := bytes.Clone(good)
		b[len(b)-3] ^= 0xff
		return b
	}()

	for _, test := range []struct {
		name string
		file []byte
		want error
		says string
	}{
		{"empty file", nil, ErrFormat, "empty"},
		{"one byte", []byte{0}, ErrFormat, "neither PBF nor XML"},
		{"garbage", bytes.Repeat([]byte{0xde, 0xad}, 3000), ErrFormat, "neither PBF nor XML"},
		{"zip archive", []byte("PK\x03\x04rest of it"), ErrFormat, "unpack"},
		{"xz", []byte("\xfd7zXZ\x00..."), ErrFormat, "xz"},
		{"o5m", []byte("\xff\xe0\x04o5m2..."), ErrFormat, "o5m"},
		{"GeoJSON", []byte(`{"type": "FeatureCollection"}`), ErrFormat, "JSON"},
		{"web page", []byte("\n<!DOCTYPE html><html></html>"), ErrFormat, "web page"},
		{"git lfs pointer", []byte("version https://git-lfs.github.com/spec/v1\noid"), ErrFormat, "git lfs"},
		{"UTF-16", []byte("\xff\xfe<\x00o\x00s\x00m\x00"), ErrFormat, "UTF-16"},
		{"text", []byte("id;lat;lon\n1;63;18\n"), ErrFormat, "neither"},

		{"PBF without its last byte", good[:len(good)-1], ErrTruncated, "block 2"},
		{"PBF cut in half", good[:len(good)/2], ErrTruncated, "fetch the file again"},
		{"PBF cut in the block length", good[:len(header)+2], ErrTruncated, "block 2"},
		{"PBF cut in the block header", good[:len(header)+9], ErrTruncated, "block 2"},
		{"PBF cut in the file header", good[:20], ErrTruncated, "block 1"},
		{"PBF with a wrong checksum", wrongCheck, ErrDamaged, "block 2"},
		{"PBF header only", header, ErrNoRoads, "right extract"},
		{"PBF without header", good[len(header):], ErrDamaged, "first block is not the header"},
		{"PBF of history with locations on ways required", pbfHeader("OsmSchema-V0.6", "LocationsOnWays2"), ErrFeature, "LocationsOnWays2"},
		{"block header of 4 GB", join(header, size(1<<32-1), []byte("x")), ErrDamaged, "block header of 4294967295 bytes"},
		{"block header of nothing", join(header, size(0), []byte("x")), ErrDamaged, "block header"},
		{"block header of garbage", join(header, size(4), []byte("\xff\xff\xff\xff")), ErrDamaged, "block 2"},
		{"block that says 2 GB", func() []byte {
			var m message
			m.blob(1, []byte("OSMData")).number(3, 1<<31-1)
			return join(header, size(uint32(m.Len())), m.Bytes(), []byte("x"))
		}(), ErrTooLarge, "2147483647"},
		{"block of a negative size", func() []byte {
			var m message
			m.blob(1, []byte("OSMData")).number(3, 1<<64-7)
			return join(header, size(uint32(m.Len())), m.Bytes())
		}(), ErrDamaged, "header"},

		{"zip bomb that is honest", data(zeros(80<<20, 80<<20)), ErrTooLarge, "unpacks to 83886080 bytes"},
		{"zip bomb that lies", data(zeros(80<<20, 1000)), ErrTooLarge, "more than the 1000 bytes"},
		{"a block as small as a bomb", data(zeros(3<<20, 3<<20)), ErrTooLarge, "more than 100 times"},
		{"zip bomb just over the limit", data(zeros(32<<20+1, 32<<20)), ErrTooLarge, "more than"},
		{"block that promises more", data(zeros(1000, 2000)), ErrDamaged, "1000 bytes instead of 2000"},
		{"block of a negative unpacked size", data(negative.Bytes()), ErrDamaged, "size"},
		{"block without an unpacked size", data(unsized.Bytes()), ErrDamaged, "size"},
		{"block packed with lzma", data(lzma.Bytes()), ErrFeature, "lzma"},
		{"block that is not packed as it says", data((&message{}).number(2, 5).blob(3, []byte("hello")).Bytes()), ErrDamaged, "unpacked"},
		{"zstd block that is none", data((&message{}).number(2, 5).blob(7, []byte("hello")).Bytes()), ErrDamaged, "unpacked"},
		{"zstd bomb that lies", data((&message{}).number(2, 1000).blob(7, zstdOf(make([]byte, 48<<20))).Bytes()), ErrTooLarge, "more than the 1000 bytes"},
		{"many blocks that are sound one by one", join(header, bytes.Repeat(frame("OSMData", pack("zlib",
			(&message{}).blob(1, (&message{}).blob(1, make([]byte, 6<<20)).Bytes()).Bytes())), 4)), ErrTooLarge, "made to do harm"},
		{"blob of garbage", data([]byte{0xff, 0xff, 0xff}), ErrDamaged, "block 2"},
		{"empty blob", data(nil), ErrDamaged, "block 2"},
		{"zeros for a block", data(zeros(5000, 5000)), ErrDamaged, "not a block of map objects"},

		{"granularity of nothing", block(func(m *message) { m.number(17, 0) }), ErrDamaged, "not a block"},
		{"negative granularity", block(func(m *message) { m.number(17, 1<<64-100) }), ErrDamaged, "not a block"},
		{"string that leaves the block", block(func(m *message) {
			m.blob(1, (&message{}).blob(1, []byte("highway")).number(1, 99).Bytes())
		}), ErrDamaged, "string table"},
		{"tag beyond the string table", block(func(m *message) {
			m.blob(1, (&message{}).blob(1, []byte("highway")).Bytes())
			m.blob(2, (&message{}).blob(3, (&message{}).number(1, 1).blob(2, packed(0)).blob(3, packed(77)).Bytes()).Bytes())
		}), ErrDamaged, "objects"},
		{"more keys than values", block(func(m *message) {
			m.blob(1, (&message{}).blob(1, []byte("highway")).Bytes())
			m.blob(2, (&message{}).blob(3, (&message{}).number(1, 1).blob(2, packed(0, 0)).blob(3, packed(0)).Bytes()).Bytes())
		}), ErrDamaged, "objects"},
		{"dense nodes with fewer latitudes than ids", block(func(m *message) {
			m.blob(2, (&message{}).blob(2, (&message{}).blob(1, packed(2, 2)).blob(8, packed(2)).blob(9, packed(2, 2)).Bytes()).Bytes())
		}), ErrDamaged, "objects"},
		{"dense nodes with tags that do not end", block(func(m *message) {
			m.blob(1, (&message{}).blob(1, []byte("highway")).Bytes())
			m.blob(2, (&message{}).blob(2, (&message{}).blob(1, packed(2)).blob(8, packed(2)).blob(9, packed(2)).blob(10, packed(1)).Bytes()).Bytes())
		}), ErrDamaged, "objects"},
		{"relation with a member of an unknown kind", block(func(m *message) {
			strs := (&message{}).blob(1, nil).blob(1, []byte("type")).blob(1, []byte("restriction")).blob(1, []byte("no_u_turn"))
			m.blob(1, strs.Bytes())
			m.blob(2, (&message{}).blob(4, (&message{}).number(1, 1).blob(2, packed(1, 2)).blob(3, packed(2, 3)).
				blob(8, packed(0)).blob(9, packed(2)).blob(10, packed(9)).Bytes()).Bytes())
		}), ErrDamaged, "objects"},

		{"XML cut off", goodXML[:len(goodXML)/2], ErrTruncated, "fetch it again"},
		{"XML without its end", bytes.TrimSuffix(goodXML, []byte("</osm>\n")), ErrTruncated, "fetch it again"},
		{"XML of something else", []byte("<gpx><trk/></gpx>"), ErrFormat, "<gpx>"},
		{"XML change file", []byte("<osmChange version='0.6'></osmChange>"), ErrFormat, "change file"},
		{"XML with no element", []byte("<?xml version='1.0'?>\n"), ErrFormat, "no element"},
		{"XML that is none", []byte("<osm><node id='1' lat=63 lon=18/></osm>"), ErrDamaged, "line 1"},
		{"XML with crossed elements", []byte("<osm><node id='1'></way></osm>"), ErrDamaged, "line 1"},
		{"XML with an id that is none", []byte("<osm>\n<node id='abc' lat='63' lon='18'/></osm>"), ErrDamaged, `<node id="abc">`},
		{"XML with a latitude that is none", []byte("<osm><node id='1' lat='63,5' lon='18'/></osm>"), ErrDamaged, "lat"},
		{"XML without an id", []byte("<osm><way/></osm>"), ErrDamaged, "without an id"},
		{"XML with a reference that is none", []byte("<osm><way id='1'><nd ref='x'/><tag k='highway' v='path'/></way></osm>"), ErrDamaged, "ref"},
		{"XML in Latin-1", []byte("<?xml version='1.0' encoding='ISO-8859-1'?><osm/>"), ErrFeature, "ISO-8859-1"},
		{"XML of another version", []byte("<?xml version='1.1'?><osm/>"), ErrDamaged, "XML 1.0"},
		{"XML with an unknown entity", []byte("<osm><node id='&a;'/></osm>"), ErrDamaged, "line 1"},
		{"XML bomb of entities", []byte("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><osm><node id='1'><tag k='n' v='&b;'/></node></osm>"), ErrDamaged, "line 1"},
		{"XML nested without end", []byte("<osm>" + strings.Repeat("<a>", 100_000)), ErrDamaged, "deep"},
		{"XML nested within an object", []byte("<osm><way id='1'>" + strings.Repeat("<a>", 100_000)), ErrDamaged, "deep"},
		{"two XML files run together", join(goodXML, goodXML), ErrDamaged, "one by one"},
		{"XML with nothing in it", []byte("<osm version='0.6'></osm>"), ErrNoRoads, "no way"},
		{"XML with houses only", writeXML(node(1, 1, 1), node(2, 2, 2), way(3, []int64{1, 2}, Tag{"building", "yes"})), ErrNoRoads, "no way"},
		{"XML with roads but no nodes", writeXML(way(3, []int64{1, 2}, Tag{"highway", "road"})), ErrNoRoads, "2 nodes are missing"},

		{"gzip cut off", gzipped(goodXML)[:len(gzipped(goodXML))/2], ErrTruncated, "packed data"},
		{"gzip header only", gzipped(goodXML)[:5], ErrTruncated, "packed data"},
		{"gzip of garbage", join([]byte{0x1f, 0x8b}, bytes.Repeat([]byte{7}, 99)), ErrDamaged, "unpacked"},
		{"bzip2 of garbage", []byte("BZh9 not really packed at all"), ErrDamaged, "unpacked"},
		{"gzip in gzip in gzip", gzipped(gzipped(gzipped(gzipped(goodXML)))), ErrFormat, "packed more than twice"},
		{"gzip of nothing", gzipped(nil), ErrFormat, "empty"},
		{"gzip of a web page", gzipped([]byte("<html>not found</html>")), ErrFormat, "web page"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "map.osm")
			if err := os.WriteFile(path, test.file, 0o600); err != nil {
				t.Fatal(err)
			}
			before := runtime.NumGoroutine()
			net, err := Read(t.Context(), Options{}, path)
			if net != nil || !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			var located *FileError
			if !errors.As(err, &located) || located.Name != path || !strings.Contains(err.Error(), path) {
				t.Errorf("%v does not name the file", err)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v does not say %q", err, test.says)
			}
			// A goroutine that has said that it is done may take a moment to go.
			for try := 0; runtime.NumGoroutine() > before; try++ {
				if try > 1000 {
					t.Fatalf("%d goroutines are left over", runtime.NumGoroutine()-before)
				}
				time.Sleep(time.Millisecond)
			}
			if _, again := ReadFrom(t.Context(), bytes.NewReader(test.file), path, Options{}); again == nil || again.Error() != err.Error() {
				t.Errorf("ReadFrom says %v, Read says %v", again, err)
			}
		})
	}
}

// endless is XML that never stops, told after head.
type endless struct {
	head, again string
	given       int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if e.given < len(e.head) {
			c := copy(p[n:], e.head[e.given:])
			e.given += c
			n += c
			continue
		}
		n += copy(p[n:], e.again)
	}
	return n, nil
}

// TestEndless reads streams that have no end. Each is refused after a bounded
// number of bytes.
func TestEndless(t *testing.T) {
	for name, stream := range map[string]*endless{
		"nodes":     {head: "<osm>", again: "<node id='1' lat='63' lon='18'/>"},
		"blanks":    {again: " "},
		"one tag":   {head: "<osm><way id='1'><tag k='highway' v='", again: "a"},
		"many tags": {head: "<osm><way id='1'>", again: "<tag k='a' v='b'/>"},
		"comment":   {head: "<osm><!-- ", again: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadFrom(t.Context(), stream, "stream", Options{MaxBytes: 10 << 20})
			if !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrFormat) {
				t.Errorf("got %v", err)
			}
		})
	}
	// An element that grows without end is refused before the file's limit.
	long := io.LimitReader(&endless{head: "<osm><way id='1'><tag k='highway' v='", again: "a"}, 10<<20)
	if _, err := ReadFrom(t.Context(), long, "stream", Options{}); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "element") {
		t.Errorf("got %v", err)
	}
	// A small gzip file that unpacks to very much.
	bomb := gzipped(append([]byte("<osm>"), bytes.Repeat(append(bytes.Repeat([]byte(" "), 1<<20), "<a/>"...), 20)...))
	if _, err := ReadFrom(t.Context(), bytes.NewReader(bomb), "bomb", Options{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

// A file that states a large block and ends costs no more memory than a small
// one.
func TestStatedSizesTakeNoMemory(t *testing.T) {
	var m message
	m.blob(1, []byte("OSMData")).number(3, 32<<20)
	file := join(pbfHeader("OsmSchema-V0.6"), size(uint32(m.Len())), m.Bytes(), []byte("x"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadFrom(t.Context(), bytes.NewReader(file), "stated", Options{})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTruncated) {
		t.Errorf("got %v", err)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 8<<20 {
		t.Errorf("%d bytes were taken for a file of %d", taken, len(file))
	}
}

// TestEveryPrefix cuts a PBF and an XML file at every byte. Only the whole
// file is good.
func TestEveryPrefix(t *testing.T) {
	for name, file := range map[string][]byte{
		"pbf": writePBF(plainStyle, village()...), "xml": bytes.TrimSpace(writeXML(village()...)),
	} {
		for n := range file {
			// A PBF that ends between two blocks is a good file, if without roads.
			if _, err := ReadFrom(t.Context(), bytes.NewReader(file[:n]), name, Options{}); err == nil {
				t.Errorf("%s cut at byte %d of %d was read", name, n, len(file))
			}
		}
		if _, err := ReadFrom(t.Context(), bytes.NewReader(file), name, Options{}); err != nil {
			t.Error(err)
		}
	}
}

// TestEveryByte flips bits of every byte of a PBF file with plain blocks.
// Nothing may panic or hang; what comes out is an error or a sound network.
func TestEveryByte(t *testing.T) {
	style := plainStyle
	style.how = "raw"
	file := writePBF(style, village()...)
	for i := range file {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			broken := bytes.Clone(file)
			broken[i] ^= flip
			if net, err := ReadFrom(t.Context(), bytes.NewReader(broken), "map", Options{}); err == nil {
				checkNetwork(t, net)
			}
		}
	}
}

func TestFolderAndMissingFile(t *testing.T) {
	if _, err := Read(t.Context(), Options{}, t.TempDir()); !errors.Is(err, ErrFormat) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Read(t.Context(), Options{}, filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Read(t.Context(), Options{}); !errors.Is(err, ErrNoRoads) {
		t.Errorf("no name: %v", err)
	}
}

// TestCancel stops reading from within and before.
func TestCancel(t *testing.T) {
	for _, file := range [][]byte{
		writePBF(pbfStyle{how: "zlib", perBlock: 1, dense: true, granularity: 100}, village()...), writeXML(village()...),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		opts := Options{OnProgress: func(p Progress) { cancel() }}
		if _, err := ReadFrom(ctx, bytes.NewReader(file), "map", opts); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled within: %v", err)
		}
		if _, err := ReadFrom(ctx, bytes.NewReader(file), "map", Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: %v", err)
		}
	}
}

// TestLimits sets the guards low.
func TestLimits(t *testing.T) {
	file := writeXML(village()...)
	if _, err := ReadFrom(t.Context(), bytes.NewReader(file), "map", Options{MaxRefs: 3}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("references: %v", err)
	}
	if _, err := ReadFrom(t.Context(), bytes.NewReader(file), "map", Options{MaxBytes: 100}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("bytes: %v", err)
	}
}
