// Package osm reads OpenStreetMap files into the part of them that matters
// for travel: ways that a car, a bicycle or a person on foot may use, with
// their tags understood, the nodes of these ways, and turn restrictions.
//
//	net, err := osm.Read(ctx, osm.Options{}, "sweden-latest.osm.pbf")
//	if err != nil {
//		return err // names the file, the place in it and what to do
//	}
//	car := osm.CarProfile()
//	for i := range net.Ways {
//		if way := &net.Ways[i]; car.Passable(way, true) {
//			ms := car.Millis(way, way.Millimetres, true)
//			...
//		}
//	}
//
// Files are PBF or XML, plain or packed with gzip or bzip2, which is found by
// content and not by name. They come from strangers, so nothing in them is
// trusted: sizes are checked before memory is taken, a block that unpacks to
// more than it says is refused, and every fault is an error with its place.
// Memory grows with the roads that are kept and not with the file.
//
// Tags become data in two steps. TagRules are tables that say what a tag
// means: who may use the way, in which direction, at which posted speed. A
// Profile says what a mode makes of it: how fast it goes on which class and
// surface, and whether ferries, ice roads and winter roads are open. So one
// network serves every weather and every mode.
//
// Units: coordinates are whole 1e-7 degrees, lengths whole millimetres
// (Millimetres), times whole milliseconds rounded up for each segment
// (Profile.Millis), posted speeds whole km/h.
//
// Reading order: network.go is what comes out. read.go is the import, pass by
// pass; versions.go, ferry.go, nodes.go and restriction.go are its parts.
// source.go finds the format; pbf.go, inflate.go, pbfblock.go and wire.go
// decode PBF, xml.go decodes XML. rules.go holds the tables, understand.go, oneway.go,
// barrier.go and values.go apply them. profile.go and length.go turn ways
// into time and length. object.go and texts.go are what passes between them,
// class.go the names of things.
package osm
