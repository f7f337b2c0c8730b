// Package cch is customizable contraction hierarchies on plain slices: one
// order for a road graph, any weights on it in milliseconds, and from then on
// exact tables of distances and paths faster than any search in the graph.
//
//	order, err := cch.Order(ctx, &graph, x, y, 0)                  // once for a map: nested dissection
//	h, err := cch.Contract(ctx, &graph, order)                     // shortcuts, without weights
//	m, err := h.Customise(ctx, weights, 0, 0)                      // for each profile, weather, closure
//	ok, err := m.Table(ctx, from, to, 0, func(b cch.Block) { ... }) // sixteen rows at a time
//	path, ok := m.Path(from, to)                                   // the arcs of one route
//	err = m.Change(arcs, weights)                                  // a few roads closed: repaired, not made anew
//
// # Weights
//
// Weights are whole numbers from 0 to Inf, and whatever their bits mean, a sum
// is a sum: a caller may pack time above distance and gets the least time and,
// among equals, the least distance, from one sweep. What the guard bits of
// Customise are for is said at Metric.Overflow.
//
// # How it works
//
// The order puts separators last, so that a search that only goes up the
// ranks meets few nodes, whatever the weights (Dibbelt, Strasser and Wagner,
// "Customizable Contraction Hierarchies", ACM Journal of Experimental
// Algorithmics 21, 2016; the order by inertial flow, Schild and Sommer, "On
// Balanced Separators in Road Networks", SEA 2015). Customising gives every
// shortcut the weight of the best path below it, then the distance between its
// ends; shortcuts that are longer than that are left out of all searches.
//
// A table (Query, of which Metric.Table is the short form) first chooses the part
// of the hierarchy above its sources and that above its targets, side by side. Each source climbs alone. Then the distances of sixteen
// sources are carried down side by side in one pass over the part above the
// targets (Delling, Goldberg, Nowatzyk and Werneck, "PHAST", 2013; Delling,
// Goldberg and Werneck, "Faster Batched Shortest Paths in Road Networks",
// ATMOS 2011), in assembly where the machine has AVX2 or AVX-512, and by the
// same steps in Go elsewhere. A table of a few places is made with buckets
// (Knopp and others 2007) instead.
//
// # Reading order
//
// graph.go; then the order: order.go, reduce.go, flow.go; hierarchy.go, which
// is the data that all else works on; customise.go and change.go; subgraph.go,
// table.go and kernel.go; path.go and bucket.go.
package cch
