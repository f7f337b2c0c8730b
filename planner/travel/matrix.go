package travel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/planner/care"
)

// Travel measures every way between the day's places, in one matrix per mode
// with what differs later in the day, and lists what is wrong with places.
// Travel to or from a place that is far from a road or on a road island is
// care.Unreachable.
func (r *Road) Travel(ctx context.Context) (*care.Travel, error) {
	t := &care.Travel{Source: r.source, Matrices: make(map[care.Mode]*care.Matrix)}
	for i := range r.day.Places {
		t.Places = append(t.Places, r.day.Places[i].ID)
	}
	measure := (*geo.Metric).Table
	if r.o.Cache != "" {
		tables, err := geo.OpenTables(r.o.Cache, geo.TablesOptions{})
		if err != nil {
			return nil, fmt.Errorf("travel: cache: %w", err)
		}
		measure = func(m *geo.Metric, ctx context.Context, from, to []geo.Snap, threads int) (geo.Table, error) {
			return tables.Table(ctx, m, from, to, threads)
		}
	}
	for _, mode := range r.modes {
		n := r.nets[mode]
		m := &care.Matrix{N: len(n.snaps)}
		var ways []care.LaterTravel // by state
		for _, metric := range n.metrics {
			table, err := measure(metric, ctx, n.snaps, n.snaps, r.o.Threads)
			if err != nil {
				return nil, fmt.Errorf("travel: %w", err)
			}
			ways = append(ways, waysOf(&table))
		}
		m.Seconds, m.Metres = ways[0].Seconds, ways[0].Metres
		like := firstAlike(ways)
		for i, before := 0, 0; i < len(n.parts); i++ {
			state := like[n.parts[i].State]
			if state == before {
				continue // what changes is not on any way of this day
			}
			before = state
			m.Later = append(m.Later, care.LaterTravel{From: r.since(&n.parts[i]), Seconds: ways[state].Seconds, Metres: ways[state].Metres})
		}
		t.Matrices[mode] = m
		t.Findings = append(t.Findings, r.findings(mode)...)
	}
	return t, nil
}

// firstAlike gives for every list of ways the first one that is the same.
func firstAlike(ways []care.LaterTravel) []int {
	like := make([]int, len(ways))
	for i := range ways {
		like[i] = slices.IndexFunc(ways, func(w care.LaterTravel) bool {
			return slices.Equal(w.Seconds, ways[i].Seconds) && slices.Equal(w.Metres, ways[i].Metres)
		})
	}
	return like
}

// waysOf takes a table over, with zeros on the diagonal.
func waysOf(table *geo.Table) care.LaterTravel {
	l := care.LaterTravel{Seconds: make([]care.Seconds, len(table.Seconds)), Metres: make([]care.Metres, len(table.Metres))}
	for i := range table.Seconds {
		switch {
		case i/table.Cols == i%table.Cols:
		case table.Seconds[i] == geo.Unreachable:
			l.Seconds[i] = care.Unreachable
		default:
			l.Seconds[i], l.Metres[i] = care.Seconds(table.Seconds[i]), care.Metres(table.Metres[i])
		}
	}
	return l
}

// findings says which places are not where the mode's roads are.
func (r *Road) findings(mode care.Mode) []care.PlaceFinding {
	var out []care.PlaceFinding
	n := r.nets[mode]
	for i, snap := range n.snaps {
		f := care.PlaceFinding{Place: r.day.Places[i].ID, Mode: mode, Metres: care.Metres(math.Ceil(snap.Moved))}
		switch snap.Kind {
		case geo.SnapFar:
			f.Kind, f.Metres = care.FarFromRoad, care.Metres(math.Ceil(max(snap.Nearest, 0)))
		case geo.SnapIsland:
			f.Kind = care.RoadIsland
		case geo.SnapOneWay:
			f.Kind = care.OneWayOnly
		default:
			if by, cut := cutOff(n.cuts, i); cut {
				f.Kind, f.By, f.Metres = care.CutOff, by, 0
				break
			}
			if snap.Moved <= MovedNotice {
				continue
			}
			f.Kind = care.Moved
		}
		out = append(out, f)
	}
	return out
}

// Leg returns the way from one place to another as the day begins, for drawing.
// Its seconds and metres equal the matrix.
func (r *Road) Leg(mode care.Mode, from, to string) (geo.Trace, error) {
	return r.LegAt(mode, from, to, math.MinInt32)
}

// LegAt is Leg for a departure: its seconds and metres are those of the part of
// the day.
func (r *Road) LegAt(mode care.Mode, from, to string, depart care.Time) (geo.Trace, error) {
	n, ok := r.nets[mode]
	if !ok {
		return geo.Trace{}, fmt.Errorf("travel: no shift of the day goes by %q", mode)
	}
	a, ok := r.row[from]
	if !ok {
		return geo.Trace{}, fmt.Errorf("travel: no place %q in the day", from)
	}
	b, ok := r.row[to]
	if !ok {
		return geo.Trace{}, fmt.Errorf("travel: no place %q in the day", to)
	}
	return n.at(r, depart).Trace(n.snaps[a], n.snaps[b])
}

// cutOff says which closures to lift for a place, if it is cut off.
func cutOff(cuts []geo.Cut, place int) (by string, ok bool) {
	i, ok := slices.BinarySearchFunc(cuts, place, func(c geo.Cut, place int) int { return c.Point - place })
	if !ok {
		return "", false
	}
	if len(cuts[i].Alone) > 0 {
		return strings.Join(cuts[i].Alone, " or "), true
	}
	return strings.Join(cuts[i].Together, " and "), true
}
