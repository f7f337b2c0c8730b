package geo

import (
	"slices"
	"testing"
)

// The time on the quay is drawn where the ferry is boarded: once for ways that
// are sailed in one go, and again at a pier where one may leave it.
func TestTheWaitIsDrawnAtTheQuay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		roads []string
		to    string
		waits []string // where, and seconds
		stay  []int32
	}{
		{"in one go", []string{"ab", "bc ferry", "cd ferry", "de"}, "e", []string{"b"}, []int32{600}},
		{"back", []string{"ed", "dc ferry", "cb ferry", "ba"}, "e", []string{"b"}, []int32{600}},
		{"a pier", []string{"ab", "bc ferry", "cd ferry", "de", "cx"}, "e", []string{"b", "c"}, []int32{300, 300}},
		{"ashore at the pier", []string{"ab", "bc ferry", "cd ferry", "de", "cx"}, "x", []string{"b"}, []int32{300}},
		{"no ferry", []string{"ab", "bc", "cd", "de"}, "e", nil, nil},
	} {
		d := draw(t, `
			a b . . c . . d e
			. . . . x`,
			test.roads...)
		m := mustMetric(t, d.build(t), evenCar())
		snaps := mustSnap(t, m, d.at(t, "a"), d.at(t, test.to))
		table, err := m.Table(t.Context(), snaps[:1], snaps[1:], 1)
		if err != nil {
			t.Fatal(err)
		}
		trace, err := m.Trace(snaps[0], snaps[1])
		if err != nil {
			t.Fatal(test.name, err)
		}
		if last := trace.Seconds[len(trace.Seconds)-1]; last != table.Seconds[0] || !slices.IsSorted(trace.Seconds) {
			t.Errorf("%s: drawn as %v, in the table %d s", test.name, trace.Seconds, table.Seconds[0])
		}
		var stay []int32
		for k := 1; k < len(trace.Line); k++ {
			if trace.Line[k] != trace.Line[k-1] {
				continue
			}
			if want := d.at(t, test.waits[min(len(stay), len(test.waits)-1)]); trace.Line[k] != want {
				t.Errorf("%s: a wait at %v, want %v", test.name, trace.Line[k], want)
			}
			if !slices.Contains(trace.Begins, int32(k-1)) {
				t.Errorf("%s: no way begins with the wait at point %d: %v", test.name, k, trace.Begins)
			}
			stay = append(stay, trace.Seconds[k]-trace.Seconds[k-1])
		}
		if !slices.Equal(stay, test.stay) {
			t.Errorf("%s: waits of %v s, want %v: %v", test.name, stay, test.stay, trace.Seconds)
		}
	}
}
