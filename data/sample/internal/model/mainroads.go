package model

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sort"
)

// Attrs is what the tags of a way say.
type Attrs struct {
	Class    string // value of highway=*, or "ferry"
	Ref      string
	Name     string
	Surface  string
	MaxSpeed int  // km/h; 0: no sign
	Oneway   bool //
	Bridge   bool // Name is the name of the bridge
	Ice      bool // an ice road, winter only
	Seconds  int  // duration of a ferry
	Homes    string
	Place    string // settlement of a village street
}

// maker draws one area.
type maker struct {
	in      *Input
	net     *net
	plane   plane
	seed    uint64
	named   map[string]int32 // node of each settlement and waypoint
	bridges map[string]bool  // those in use
	homes   []Home
}

// abutment is how far a bridge reaches beyond the line of the water on both
// sides, in metres.
const abutment = 60

// drawMainRoads draws every row of the road table. Between two of its points
// a road is a fractal curve: the middle of every stretch longer than step is
// moved sideways by lot, within Curviness of the length of the stretch. That
// makes a road up to 1.5 times as long as the straight line, 1.17 times in the
// mean, on top of the detour by its waypoints.
func (m *maker) drawMainRoads() error {
	for i, row := range m.in.Roads {
		a := Attrs{Class: row.Class, Ref: row.Ref, Name: row.Name, Surface: row.Surface, MaxSpeed: row.MaxSpeed, Homes: row.Homes}
		switch row.Kind {
		case "ferry":
			a.Seconds = row.FerrySeconds
		case "ice":
			a.Ice = true
		}
		for j := 1; j < len(row.Via); j++ {
			from, _ := m.in.point(row.Via[j-1])
			to, _ := m.in.point(row.Via[j])
			// A stream for each stretch: a new waypoint leaves the other roads as they are.
			r := rand.New(rand.NewPCG(m.seed, stretch(row.Via[j-1], row.Via[j])))
			line := []xy{m.plane.to(from)}
			line = m.curve(r, line, m.plane.to(to), row.Curviness)
			free := row.Kind != "road"
			if err := m.drawOver(line, a, free); err != nil {
				return fmt.Errorf("roads.csv row %d, %s to %s: %w", i+2, row.Via[j-1], row.Via[j], err)
			}
		}
	}
	for _, s := range m.in.Settlements {
		m.named[s.Name] = m.net.at(m.plane.to(s.At))
	}
	for _, b := range m.in.Bridges {
		if !m.bridges[b.Name] {
			return fmt.Errorf("%w: bridges.csv: no road uses %q", ErrInput, b.Name)
		}
	}
	return nil
}

// stretch is the stream of random numbers for the road between two points.
func stretch(from, to string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(from + ";" + to))
	return h.Sum64()
}

// step is the longest straight piece of a main road, in metres.
const step = 420

// curve appends the way from the end of line to a point, without crossing
// more water than the straight line does.
func (m *maker) curve(r *rand.Rand, line []xy, to xy, curviness float64) []xy {
	from := line[len(line)-1]
	length := from.to(to)
	if length <= step {
		return append(line, to)
	}
	d := to.sub(from)
	side := d.left()
	// A uniform draw between -1 and 1 gives an even mix of bends and straights.
	draw := (2*r.Float64() - 1) * curviness
	along := 0.5 + 0.1*(r.Float64()-0.5)
	straight, _ := m.net.wet(from, to)
	middle := between(from, to, along)
	for _, f := range []float64{1, -1, 0.5, -0.5, 0.25, -0.25, 0} {
		p := middle.add(side.times(draw * f))
		one, _ := m.net.wet(from, p)
		two, _ := m.net.wet(p, to)
		if one+two <= straight {
			middle = p
			break
		}
	}
	line = m.curve(r, line, middle, curviness)
	return m.curve(r, line, to, curviness)
}

// drawOver draws a line and makes a bridge of every piece over water, which
// must be one that the table of bridges knows.
func (m *maker) drawOver(line []xy, a Attrs, free bool) error {
	attr := m.net.attr(a)
	if free {
		m.net.draw(line, attr)
		return nil
	}
	type span struct {
		from, to float64 // metres along the line
		name     string
	}
	var spans []span
	along := 0.0
	for i := 1; i < len(line); i++ {
		length := line[i-1].to(line[i])
		for _, w := range m.net.walls {
			t, _, ok := meet(line[i-1], line[i], w.a, w.b)
			if !ok {
				continue
			}
			p := between(line[i-1], line[i], t)
			name, err := m.bridge(p, m.in.Waters[w.water].Name)
			if err != nil {
				return err
			}
			spans = append(spans, span{along + t*length - abutment, along + t*length + abutment, name})
		}
		along += length
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	at := 0.0
	for _, s := range spans {
		from, to := math.Max(at, s.from), math.Min(along, s.to)
		if from > at {
			m.net.draw(cut(line, at, from), attr)
		}
		over := a
		over.Bridge, over.Name, over.Surface = true, s.name, "asphalt"
		m.net.draw(cut(line, from, to), m.net.attr(over))
		at = to
	}
	if at < along {
		m.net.draw(cut(line, at, along), attr)
	}
	return nil
}

// bridge finds the bridge of the table that a crossing stands for.
func (m *maker) bridge(p xy, water string) (string, error) {
	const reach = 6000
	best, name := float64(reach), ""
	for _, b := range m.in.Bridges {
		if d := m.plane.to(b.At).to(p); b.Water == water && d < best {
			best, name = d, b.Name
		}
	}
	if name == "" {
		at := m.plane.from(p)
		return "", fmt.Errorf("%w: crosses %s at %.4f %.4f, where bridges.csv has no bridge", ErrInput, water, at.Lat, at.Lon)
	}
	m.bridges[name] = true
	return name, nil
}

// cut returns the part of a line between two distances along it.
func cut(line []xy, from, to float64) []xy {
	var part []xy
	along := 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := a.to(b)
		if length == 0 {
			continue
		}
		if len(part) == 0 && along+length >= from {
			part = append(part, between(a, b, (from-along)/length))
		}
		if len(part) > 0 {
			if along+length >= to {
				return append(part, between(a, b, (to-along)/length))
			}
			part = append(part, b)
		}
		along += length
	}
	return part
}
