//go:build ablations

package solver

import (
	"context"
	"math/rand/v2"
	"testing"
)

// TestWithoutParts: whatever is left out, a search obeys all rules, and all is back
// again afterwards.
func TestWithoutParts(t *testing.T) {
	defer func() { _ = Without() }() // there is no name that could be wrong
	days := map[string]*Problem{"home care": homeCare(600, 48, 1), "classic": classicDay{tasks: 200, depots: 1, dims: 1}.draw(rand.New(rand.NewPCG(1, 1)))}
	for name, p := range days {
		for _, workers := range []int{1, 2} {
			before := int64(-1)
			for _, parts := range append([][]string{nil, Parts(), nil}, each(Parts())...) {
				if err := Without(parts...); err != nil {
					t.Fatal(err)
				}
				s, err := Solve(context.Background(), p, Options{Seed: 1, Iterations: 1500, Workers: workers})
				if err != nil {
					t.Fatalf("%s without %v: %v", name, parts, err)
				}
				if found := Check(p, s); len(found) > 0 {
					t.Errorf("%s without %v: %v", name, parts, found[0])
				}
				if parts == nil && before >= 0 && s.Cost != before {
					t.Errorf("%s: %d with all parts, and then %d", name, before, s.Cost)
				}
				if parts == nil {
					before = s.Cost
				}
			}
		}
	}
	if Without("wings") == nil {
		t.Error("a part that there is not is left out")
	}
}

func each(names []string) [][]string {
	var lists [][]string
	for _, name := range names {
		lists = append(lists, []string{name})
	}
	return lists
}
