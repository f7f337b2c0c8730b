// Package model draws the road network of a modelled area, from tables that
// people wrote to an OSM file.
//
// The tables hold what is known: settlements with positions and populations,
// municipal borders, rivers and shores, main roads by number and by the
// settlements they pass, the places where a road crosses water. The program
// adds what a network of northern Sweden looks like between them: main roads
// that wind, streets around settlements, and trees of dead-end gravel roads
// with single homes. Nothing that it adds exists.
//
// The drawing keeps three promises, which the tests check: the network is
// planar (roads that cross share a node; nothing passes over or under but by
// a bridge over water), no road crosses water except by a bridge of the table,
// the ferry or the ice road, and everything hangs together except the one
// island that is meant not to.
//
// All lots are drawn from PCG streams that depend on the seed and on what is
// drawn, so the same tables give the same network, and a change to one road
// leaves the main roads elsewhere as they were.
//
// Reading order: model.go (Build is the whole drawing), input.go (tables),
// plane.go and net.go (geometry, the planar network), mainroads.go,
// villages.go, sideroads.go, finish.go, then osmxml.go and output.go.
package model
