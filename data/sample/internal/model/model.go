package model

import (
	"fmt"
	"io/fs"
)

// Network is a drawn area.
type Network struct {
	Input *Input
	Nodes []Point
	Ways  []Way
	Turns []Turn
	Homes []Home
	// Places holds the node of each settlement, in the order of the input.
	Places []int32
	title  string
}

// Way is a run of nodes with the same attributes.
type Way struct {
	Nodes []int32
	Attrs Attrs
}

// Turn is a turn restriction between ways of the network.
type Turn struct {
	From, Via, To int32
	Kind          string // "no_left_turn", ...
}

// Build draws the area whose tables lie in dir. The same seed gives the same
// network.
func Build(dir fs.FS, title string, seed uint64) (*Network, error) {
	in, err := ReadInput(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", title, err)
	}
	m := &maker{in: in, net: newNet(), seed: seed, named: map[string]int32{}, bridges: map[string]bool{}}
	m.plane = newPlane(in.middle())
	for i, w := range in.Waters {
		for j := 1; j < len(w.Line); j++ {
			m.net.walls = append(m.net.walls, wall{m.plane.to(w.Line[j-1]), m.plane.to(w.Line[j]), int32(i)})
		}
	}
	if err := m.drawMainRoads(); err != nil {
		return nil, fmt.Errorf("%s: %w", title, err)
	}
	m.drawVillages()
	m.net.repair()
	m.net.prune()
	m.drawSideRoads()
	m.net.repair()
	m.net.prune()
	m.settleVillages()
	m.settleOdd()
	m.postSpeeds()
	m.postOneways()
	return m.finish(title), nil
}

// middle of the settlements.
func (in *Input) middle() Point {
	lo, hi := in.Settlements[0].At, in.Settlements[0].At
	for _, s := range in.Settlements {
		lo = Point{min(lo.Lon, s.At.Lon), min(lo.Lat, s.At.Lat)}
		hi = Point{max(hi.Lon, s.At.Lon), max(hi.Lat, s.At.Lat)}
	}
	return Point{(lo.Lon + hi.Lon) / 2, (lo.Lat + hi.Lat) / 2}
}
