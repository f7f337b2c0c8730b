//go:build ablations

package solver

import (
	"fmt"
	"slices"
)

var partNames = [...]string{
	partExchanges: "exchanges", partParts: "parts", partCache: "cache",
	partCompact: "compact", partPopulation: "population", partNeighbours: "neighbours", partRecognised: "recognition",
}

// leftOut is by part.
var leftOut [len(partNames)]bool

func ablated(part int) bool { return leftOut[part] }

// Parts names what Without can leave out of a search.
func Parts() []string { return slices.Clone(partNames[:]) }

// Without leaves parts of the search out of all that begin from now on, and no
// others. It must not be called while one is under way.
func Without(parts ...string) error {
	var chosen [len(partNames)]bool
	for _, name := range parts {
		at := slices.Index(partNames[:], name)
		if at < 0 {
			return fmt.Errorf("solver: no part %q to be left out; there are %q", name, partNames)
		}
		chosen[at] = true
	}
	leftOut = chosen
	return nil
}
