package cch

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

func small(t testing.TB) (*Graph, *Hierarchy, []uint64) {
	t.Helper()
	g, x, y, weights := randomGraph(rand.New(rand.NewPCG(5, 5)), 40)
	order, err := Order(context.Background(), g, x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Contract(context.Background(), g, order)
	if err != nil {
		t.Fatal(err)
	}
	return g, h, weights
}

// Whatever is refused is refused with an error, and nothing panics.
func TestBadInput(t *testing.T) {
	g, h, weights := small(t)
	n := g.Nodes
	bad := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, ErrGraph) {
			t.Errorf("%s: %v", name, err)
		}
	}
	xy := make([]int32, n)
	_, err := Order(t.Context(), &Graph{Nodes: 2, Tail: []int32{0}, Head: []int32{2}}, xy[:2], xy[:2], 1)
	bad("an arc out of range", err)
	_, err = Order(t.Context(), &Graph{Nodes: 2, Tail: []int32{0}}, xy[:2], xy[:2], 1)
	bad("tails without heads", err)
	_, err = Order(t.Context(), g, xy[1:], xy, 1)
	bad("a coordinate short", err)
	_, err = Contract(t.Context(), g, xy)
	bad("an order that is none", err)
	_, err = Contract(t.Context(), g, xy[1:])
	bad("a short order", err)
	_, err = h.Customise(t.Context(), weights[1:], 0, 1)
	bad("a weight short", err)
	heavy := slices.Clone(weights)
	heavy[3] = Inf + 1
	_, err = h.Customise(t.Context(), heavy, 0, 1)
	bad("a weight beyond Inf", err)
	heavy[3] = 8
	_, err = h.Customise(t.Context(), heavy, 8, 1)
	bad("a weight with a guard bit", err)

	m, err := h.Customise(t.Context(), weights, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	bad("a change of no arc", m.Change([]int32{int32(len(weights))}, []uint64{1}))
	bad("a change without a weight", m.Change([]int32{1}, nil))
	bad("a change beyond Inf", m.Change([]int32{1}, []uint64{Inf + 1}))
	none := func(Block) {}
	_, err = m.Table(t.Context(), Places{First: []int32{0, 1}, Gates: []Gate{{int32(n), 0}}}, all(3), 1, none)
	bad("a gate out of range", err)
	_, err = m.Table(t.Context(), all(3), Places{First: []int32{0, 2}, Gates: []Gate{{0, 0}}}, 1, none)
	bad("gates out of range", err)
	_, err = m.Table(t.Context(), all(3), Places{First: []int32{1, 0}, Gates: []Gate{{0, 0}}}, 1, none)
	bad("gates backwards", err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Customise(ctx, weights, 0, 1); !errors.Is(err, context.Canceled) {
		t.Error("customising goes on:", err)
	}
	if _, err := m.Table(ctx, all(n), all(n), 2, none); !errors.Is(err, context.Canceled) {
		t.Error("the table goes on:", err)
	}
}

// A hierarchy that is restored from damaged slices is refused, or answers like
// Dijkstra's algorithm: more arcs than needed do no harm.
func FuzzRestore(f *testing.F) {
	g, h, weights := small(f)
	want := floydWarshall(g, weights)
	f.Add([]byte{})
	f.Add([]byte{0, 0, 1, 0, 2, 0})
	f.Fuzz(func(t *testing.T, edits []byte) {
		rank, first, head := slices.Clone(h.Rank), slices.Clone(h.First), slices.Clone(h.Head)
		for ; len(edits) >= 4; edits = edits[4:] {
			list := [][]int32{rank, first, head}[edits[0]%3]
			at := int(edits[1]) % len(list)
			switch edits[0] >> 4 {
			case 0:
				list[at] += int32(int8(edits[2]))
			case 1:
				other := int(edits[2]) % len(list)
				list[at], list[other] = list[other], list[at]
			case 2: // a further arc
				head = slices.Insert(head, at%len(head), int32(edits[2]))
				for v := int(edits[3]) % len(first); v < len(first); v++ {
					first[v]++
				}
			default:
				list[at] = int32(binary.LittleEndian.Uint16(edits[2:])) << (edits[1] & 15)
			}
		}
		restored, err := Restore(g, rank, first, head, nil)
		if err != nil {
			return
		}
		m, err := restored.Customise(t.Context(), slices.Clone(weights), 0, 2)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range matrix(t, m, all(g.Nodes), all(g.Nodes), 1) {
			if !slices.Equal(row, want[i]) {
				t.Fatalf("row %d: %v, want %v", i, row, want[i])
			}
		}
	})
}
