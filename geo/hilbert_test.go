package geo

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortHighIsAStableSort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.Uint32Range(0, 5)
		keys := rapid.SliceOf(rapid.OneOf(rapid.Uint32(), few)).Draw(t, "keys")
		got := make([]uint64, len(keys))
		for i, k := range keys {
			got[i] = uint64(k)<<32 | uint64(uint32(len(keys)-i)) // falling, so that order among equals shows
		}
		want := slices.Clone(got)
		slices.SortStableFunc(want, func(a, b uint64) int { return cmp.Compare(a>>32, b>>32) })
		if sortHigh(got); !slices.Equal(got, want) {
			t.Fatalf("%x, want %x", got, want)
		}
	})
}
