package solver

// Parts of the search that can be left out, in a program that is built with the
// tag ablations, to measure what they are worth. In all others the questions
// for them are constants, and cost nothing.
const (
	partExchanges  = iota // tails and strings of routes change places, routes are cut in two: the search's local moves
	partParts             // a large problem is searched in parts
	partCache             // the best place of a task on a route is known until the route changes
	partCompact           // problems of the classic kind have a form of their own
	partPopulation        // one that is not large is annealed several times, and what comes out crossed
	partNeighbours        // mostly what is near a task is looked at: gaps in the compact form, as far as that is exact, routes in other large problems
	partRecognised        // a route that is what it was before an iteration keeps what is known of it
)

// forgetPlaces makes every place that an iteration has looked for unknown to the
// next one.
func (w *search) forgetPlaces() {
	for _, e := range w.looked {
		w.bar[e] = bar{}
	}
	w.looked = w.looked[:0]
}
