// Package geo makes road maps of OpenStreetMap extracts and answers from them:
// travel times and distances between many places, the lines of routes, the
// nearest road, the municipality of a point.
//
// # Ten lines
//
//	region, err := geo.BuildFiles(ctx, geo.BuildOptions{Name: "Andorra"}, "andorra.osm.pbf") // once
//	err = region.Save("andorra.region")
//	region, err = geo.Open("andorra.region")           // from then on, in milliseconds
//	metric, err := region.Metric(ctx, osm.CarProfile())     // or winter, bicycle, foot, ...
//	snaps, err := metric.Snap(points, geo.SnapOptions{Anchors: bases}) // orb.Point: longitude, latitude
//	table, err := metric.Table(ctx, snaps, snaps, 0)   // exact, whole seconds and metres
//	seconds, metres := table.At(0, 1)
//	trace, err := metric.Trace(snaps[0], snaps[1])     // the line, with the second at each point
//
// # One topology, many metrics
//
// A Region holds what does not change: the nodes and ways of the extract and,
// for each mode group (the car; bicycle and foot), a graph of all roads that
// some setting could open, with a contraction hierarchy that does not depend on
// weights (package cch). A Metric is one setting, an osm.Profile and a
// Condition: which roads are passable and how long they take. Making one takes
// milliseconds, changing which roads are closed fewer still (Metric.Change), and
// many live over one region, in any number of goroutines. A region file carries
// settings by name (Preset).
//
// # What is exact
//
// A segment is the straight piece between two neighbouring nodes of a way. Its
// length is osm.Millimetres and its time Profile.Millis, both whole numbers,
// and a route is the sum of its segments. The best route is the one with the
// least milliseconds, and the least millimetres among equals; with
// MetricOptions.Shortest it is the other way round. A part of a segment has
// the rounded length and osm.Share of the time. Only at the end are seconds
// and metres rounded, up. So anyone who reads the same file can compute the
// same number; the tests do so in a hundred lines that share no graph code.
// One route may last 149 hours and be 4 294 km long; a longer one counts as none.
//
// # Turns, barriers, turning round
//
// Turn restrictions, over a node or over ways, bind the modes that they name
// (nobody on foot). "Only" leaves no other turn, not even back. Where a
// restriction goes from a way onto the same way it means turning round there.
// An "only" whose way cannot be entered is void. A place inside a way that a
// restriction begins with counts as coming along that way; a place at a
// junction counts as coming from nowhere.
//
// A restriction with a condition (restriction:conditional, day_on, hour_on) binds
// when its condition holds at MetricOptions.At. Where nobody can tell it binds
// too, and Metric.Undecided lists it. Without a time it binds nobody, unless the
// relation forbids the same turn without a condition as well. Where it begins and
// ends is a junction, whether it binds or not.
//
// A barrier lets nobody through whom it stops, but both of its sides can be
// reached, and left again. Turning round is possible at junctions, dead ends
// and barriers, where a ferry or an ice road begins, and where the permissions
// change, not in the middle of a road. A loop of a way from a node straight
// back to itself is no road.
//
// # Points and roads
//
// A point is put on a place on a road (Snap), not on a node. Of the roads
// within the limit, the nearest that is connected with the day's bases both
// ways is taken, and what happened is told: how far it moved, what was nearer,
// and whether it is far from a road, on a road island, or reachable one way
// only. A far point has only Unreachable legs.
//
// # Memory
//
// A region file is mapped, not read, and is verified when it is opened: its
// lengths, its checksums, every index in it. A file that is damaged,
// truncated, of another version or something else gives one of four errors.
// Close gives the memory back, and waits for queries that are under way. Nobody
// else may write into the file while it is open; Save replaces it by another, and
// the open one stays as it was.
//
// # Borders
//
// ReadBorders reads municipalities from GeoJSON. Of is exact with respect to
// the coordinates in the file; Near tells how far the nearest border is.
//
// # Reading order
//
// region.go and topology.go say what is stored; build.go, chains.go and
// split.go how it comes about (split.go is where turn restrictions become
// plain arcs, and conditionturn.go where a time closes some of them), contract.go hands the graph to package cch, together.go runs
// checks on all threads. metric.go adds weights: costing.go from a profile and a
// condition (condition.go and its neighbours, setting.go, timetable.go), change.go
// when closures change, preset.go by name in the file. place.go is how a place on a road meets the graph, ends.go
// many of them; table.go, trace.go and isochrone.go are what it is all for, and
// search.go is Dijkstra's algorithm, for what the hierarchy does not do. tree.go, snap.go, nearest.go and
// components.go find roads for points; cutoff.go tells who is cut off, and
// why. cache.go keeps tables. periods.go and
// periodstates.go cut a day, timedtable.go puts the tables of a day together. file.go and validate.go are the region file.
// borders.go, geojson.go and orient.go stand apart.
package geo
