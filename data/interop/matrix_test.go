package interop

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/jsonschema-go/jsonschema"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

// drawMatrix draws a matrix of up to 6 by 6 places, half of them square with
// the same ids on both sides.
func drawMatrix(t *rapid.T) *Matrix {
	ids := func(label string) []string {
		return rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zåäö0-9 _-]{1,8}`), 0, 6, rapid.ID[string]).Draw(t, label)
	}
	m := &Matrix{From: ids("from")}
	m.To = m.From
	if rapid.Bool().Draw(t, "other destinations") {
		m.To = ids("to")
	}
	for range len(m.From) * len(m.To) {
		if rapid.IntRange(0, 5).Draw(t, "no way") == 0 {
			m.Seconds, m.Metres = append(m.Seconds, NoWay), append(m.Metres, NoWay)
			continue
		}
		value := rapid.Int32Range(0, NoWay-1)
		m.Seconds, m.Metres = append(m.Seconds, value.Draw(t, "seconds")), append(m.Metres, value.Draw(t, "metres"))
	}
	return m
}

func written(t interface{ Fatal(...any) }, m *Matrix) []byte {
	var b bytes.Buffer
	if err := WriteMatrix(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A matrix comes back as it was, from a reader that knows its length and from
// one that gives a byte at a time.
func TestMatrixComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		text := written(t, m)
		for _, in := range []io.Reader{bytes.NewReader(text), iotest.OneByteReader(bytes.NewReader(text))} {
			got, err := ReadMatrix(in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); diff != "" {
				t.Fatal(diff)
			}
		}
		if again := written(t, m); !bytes.Equal(text, again) {
			t.Fatal("the same matrix gives other bytes")
		}
	})
}

var small = &Matrix{From: []string{"a", "b"}, To: []string{"a", "b"}, Seconds: []int32{0, 60, NoWay, 0}, Metres: []int32{0, 900, NoWay, 0}}

// The bytes are those that docs/interop.md promises.
func TestMatrixBytes(t *testing.T) {
	want := []byte("SLMATRIX\x01\x00\x00\x00\x01\x00\x00\x00" +
		"\x02\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x3c\x00\x00\x00\xff\xff\xff\x7f\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x84\x03\x00\x00\xff\xff\xff\x7f\x00\x00\x00\x00" +
		"\x01\x00\x00\x00a\x01\x00\x00\x00b")
	want = binary.LittleEndian.AppendUint32(want, crc32.Checksum(want, crc32.MakeTable(crc32.Castagnoli)))
	if got := written(t, small); !bytes.Equal(want, got) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// Any change of any byte, and any other length, is found.
func TestMatrixDamage(t *testing.T) {
	text := written(t, small)
	refused := func(what string, b []byte) {
		t.Helper()
		for _, in := range []io.Reader{bytes.NewReader(b), iotest.HalfReader(bytes.NewReader(b))} {
			if m, err := ReadMatrix(in); err == nil || m != nil || !errors.Is(err, ErrInput) && !errors.Is(err, ErrUnsupported) {
				t.Errorf("%s: %v, %v", what, m, err)
			}
		}
	}
	for i := range text {
		changed := bytes.Clone(text)
		changed[i] ^= 1 << (i % 8)
		refused(fmt.Sprintf("bit of byte %d", i), changed)
		refused(fmt.Sprintf("cut at %d", i), text[:i])
	}
	refused("a byte more", append(bytes.Clone(text), 0))
}

// A head that promises much is believed only as far as bytes follow.
func TestMatrixTakesNoMemoryForNothing(t *testing.T) {
	head := []byte("SLMATRIX\x01\x00\x00\x00\x01\x00\x00\x00")
	head = binary.LittleEndian.AppendUint64(head, 40_000)
	head = binary.LittleEndian.AppendUint64(head, 40_000)
	head = binary.LittleEndian.AppendUint64(head, 5*40_000)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			// A reader that does not tell its length.
			if _, err := ReadMatrix(iotest.DataErrReader(bytes.NewReader(head))); err == nil {
				b.Fatal("taken")
			}
		}
	})
	if bytes := result.AllocedBytesPerOp(); bytes > 1<<20 {
		t.Errorf("%d bytes of memory for %d bytes of input", bytes, len(head))
	}
}

func TestMatrixOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.slmx")
	if err := os.WriteFile(path, append([]byte("before"), written(t, small)...), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // a test's
	if _, err := f.Seek(6, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got, err := ReadMatrix(f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(small, got); diff != "" {
		t.Error(diff)
	}
}

func TestMatrixValidate(t *testing.T) {
	for want, change := range map[string]func(*Matrix){
		"from[1]: is the id of from[0] too":              func(m *Matrix) { m.From = []string{"a", "a"} },
		"to[0]: is an empty id":                          func(m *Matrix) { m.To[0] = "" },
		"to[1]: is longer than":                          func(m *Matrix) { m.To[1] = strings.Repeat("x", 1025) },
		"from[0]: is not UTF-8":                          func(m *Matrix) { m.From[0] = "\xff" },
		"from[0]: holds a control character":             func(m *Matrix) { m.From[0] = "a\nb" },
		"3 seconds and 4 metres stand where 4":           func(m *Matrix) { m.Seconds = m.Seconds[:3] },
		"seconds[0][1]: is negative":                     func(m *Matrix) { m.Seconds[1] = -1 },
		"metres[1][1]: is negative":                      func(m *Matrix) { m.Metres[3] = -1 },
		"metres[1][0]: and seconds do not agree":         func(m *Matrix) { m.Metres[2] = 5 },
		"metres[0][1]: and seconds do not agree on whet": func(m *Matrix) { m.Seconds[1] = NoWay },
	} {
		m := &Matrix{
			From: append([]string(nil), small.From...), To: append([]string(nil), small.To...),
			Seconds: append([]int32(nil), small.Seconds...), Metres: append([]int32(nil), small.Metres...),
		}
		change(m)
		err := m.Validate()
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, ErrInput) {
			t.Errorf("got %v, want %q", err, want)
		}
		if WriteMatrix(io.Discard, m) == nil || WriteOSRMTable(io.Discard, m, make([]Waypoint, 2), make([]Waypoint, 2)) == nil {
			t.Errorf("%q is written", want)
		}
	}
}

func TestMatrixForThePlanner(t *testing.T) {
	places, m, err := small.Care()
	if err != nil {
		t.Fatal(err)
	}
	want := &care.Matrix{N: 2, Seconds: []care.Seconds{0, 60, care.Unreachable, 0}, Metres: []care.Metres{0, 900, 0, 0}}
	if diff := cmp.Diff(want, m); diff != "" || strings.Join(places, " ") != "a b" {
		t.Error(places, diff)
	}
	oblong := &Matrix{From: []string{"a"}, To: []string{"a", "b"}, Seconds: make([]int32, 2), Metres: make([]int32, 2)}
	turned := &Matrix{From: []string{"a", "b"}, To: []string{"b", "a"}, Seconds: make([]int32, 4), Metres: make([]int32, 4)}
	for _, m := range []*Matrix{oblong, turned} {
		if _, _, err := m.Care(); !errors.Is(err, ErrUnsupported) {
			t.Error(err)
		}
	}
}

// What OSRM answers and what we write both keep to the form of OSRM's table,
// and what one has the other has.
func TestOSRMTable(t *testing.T) {
	var schema jsonschema.Schema
	if err := json.Unmarshal(read(t, "osrm-table.schema.json"), &schema); err != nil {
		t.Fatal(err)
	}
	form, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours map[string]any
	if err := json.Unmarshal(read(t, "osrm-table.json"), &theirs); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	points := []Waypoint{{23.1301, 65.84, 11.15, "Byvägen"}, {23.14, 65.849000049, 0, ""}}
	apart := &Matrix{From: small.From, To: small.To, Seconds: []int32{60, NoWay, NoWay, 0}, Metres: []int32{900, NoWay, NoWay, 0}}
	if err := WriteOSRMTable(&b, apart, points, points); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &ours); err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]any{"OSRM": theirs, "Slinga": ours} {
		if err := form.Validate(answer); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(shape(theirs), shape(ours)); diff != "" {
		t.Errorf("theirs (-), ours (+): %s", diff)
	}
	want := map[string]any{
		"code":      "Ok",
		"durations": []any{[]any{60.0, nil}, []any{nil, 0.0}},
		"distances": []any{[]any{900.0, nil}, []any{nil, 0.0}},
	}
	want["sources"] = []any{
		map[string]any{"distance": 11.15, "name": "Byvägen", "location": []any{23.1301, 65.84}},
		map[string]any{"distance": 0.0, "name": "", "location": []any{23.14, 65.849}},
	}
	want["destinations"] = want["sources"]
	if diff := cmp.Diff(want, ours); diff != "" {
		t.Error(diff)
	}
	if err := WriteOSRMTable(io.Discard, small, points[:1], points); !errors.Is(err, ErrInput) {
		t.Error(err)
	}
}

// shape replaces values by their kinds, and lists by their members' kinds.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any)
		for key, value := range v {
			out[key] = shape(value)
		}
		return out
	case []any:
		kinds := make(map[string]bool)
		for _, each := range v {
			text, _ := json.Marshal(shape(each))
			kinds[string(text)] = true
		}
		return kinds
	}
	return fmt.Sprintf("%T", v)
}

// FuzzReadMatrix reads any bytes, and also those bytes with a checksum that is
// right. What is taken is valid and is written as the same bytes.
func FuzzReadMatrix(f *testing.F) {
	f.Add(written(f, small), false)
	f.Add(written(f, &Matrix{From: []string{"a"}, To: []string{"b", "å"}, Seconds: []int32{1, NoWay}, Metres: []int32{2, NoWay}}), true)
	f.Add(written(f, &Matrix{}), true)
	f.Add([]byte("SLMATRIX"), false)
	f.Add(append(binary.LittleEndian.AppendUint32([]byte("SLMATRIX"), 1), make([]byte, 32)...), true)
	f.Fuzz(func(t *testing.T, text []byte, sum bool) {
		if sum && len(text) >= checkBytes {
			text = text[:len(text)-checkBytes]
			text = binary.LittleEndian.AppendUint32(text[:len(text):len(text)], crc32.Checksum(text, castagnoli))
		}
		m, err := ReadMatrix(bytes.NewReader(text))
		if err != nil {
			if m != nil || !errors.Is(err, ErrInput) && !errors.Is(err, ErrUnsupported) {
				t.Fatalf("%v with %v", m, err)
			}
			return
		}
		if err := m.Validate(); err != nil {
			t.Fatal(err)
		}
		again := written(t, m)
		back, err := ReadMatrix(bytes.NewReader(again))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, back); diff != "" {
			t.Fatal(diff)
		}
		// Equal lists may have been written twice, which of two empty ones only
		// the flag tells; nothing else has two forms.
		twice := slices.Equal(m.From, m.To) && binary.LittleEndian.Uint32(text[12:]) == 0
		if !twice && !bytes.Equal(again, text) {
			t.Fatal("the same matrix in other bytes")
		}
	})
}
