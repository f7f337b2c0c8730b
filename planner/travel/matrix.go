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

// Travel measures every way between the day's places, in one matrix per mode,
// and lists what is wrong with places. Travel to or from a place that is far
// from a road or on a road island is care.Unreachable.
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
		table, err := measure(n.metric, ctx, n.snaps, n.snaps, r.o.Threads)
		if err != nil {
			return nil, fmt.Errorf("travel: %w", err)
		}
		m := &care.Matrix{N: len(n.snaps), Seconds: make([]care.Seconds, len(table.Seconds)), Metres: make([]care.Metres, len(table.Metres))}
		for i := range table.Seconds {
			if table.Seconds[i] == geo.Unreachable {
				m.Seconds[i] = care.Unreachable
				continue
			}
			m.Seconds[i], m.Metres[i] = care.Seconds(table.Seconds[i]), care.Metres(table.Metres[i])
		}
		for i := range m.N {
			m.Seconds[i*m.N+i], m.Metres[i*m.N+i] = 0, 0
		}
		t.Matrices[mode] = m
		t.Findings = append(t.Findings, r.findings(mode)...)
	}
	return t, nil
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

// Leg returns the way from one place to another, for drawing. Its seconds and
// metres equal the matrix.
func (r *Road) Leg(mode care.Mode, from, to string) (geo.Trace, error) {
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
	return n.metric.Trace(n.snaps[a], n.snaps[b])
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
