package geo

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
)

// errOther is returned by the quick change when the conditions differ in more
// than closures.
var errOther = errors.New("geo: conditions differ in more than closures")

// change is what has to change in a metric when its condition does: the
// setting, and the directed chains that weigh something else from then on.
type change struct {
	set     *setting
	chains  []int32 // ascending
	weights []weight
}

// changeTo compares the metric's condition with another that differs in
// closures only, in time proportional to the roads that these closures name (a
// bit per directed segment of the map is copied besides). Everything but the
// closures is shared between the two settings. It gives errOther when more than
// closures differ: then a metric is made anew.
//
// The caller holds the region.
func (m *Metric) changeTo(ctx context.Context, c Condition) (change, error) {
	old := m.set
	rest, before := c, old.condition
	rest.Closures, before.Closures = nil, nil
	if !sameRest(&rest, &before) {
		return change{}, errOther
	}
	if err := c.Validate(); err != nil {
		return change{}, err
	}
	s := *old
	s.condition = c
	s.options.Condition = &s.condition
	s.closures, s.shapes = nil, maps.Clone(old.shapes)
	b := &binder{ctx: ctx, s: &s}
	// A closure that stays as it is has been looked up already; the lookups
	// are in the order of the closures, those that do not bind left out.
	known := map[string]int{}
	for i := range old.condition.Closures {
		known[old.condition.Closures[i].ID] = i
	}
	bound := map[string]*boundClosure{}
	for i := range old.closures {
		bound[old.closures[i].id] = &old.closures[i]
	}
	touched := map[int32]bool{} // directed segments of closures that differ
	kept := map[string]bool{}
	for i := range c.Closures {
		id := c.Closures[i].ID
		if at, is := known[id]; is && reflect.DeepEqual(c.Closures[i], old.condition.Closures[at]) {
			kept[id] = true
			if x := bound[id]; x != nil {
				s.closures = append(s.closures, *x)
			}
			continue
		}
		before := len(s.closures)
		b.closure(i)
		for _, x := range s.closures[before:] {
			for _, d := range x.segments {
				touched[d] = true
			}
		}
	}
	if err := b.err(); err != nil {
		return change{}, err
	}
	for i := range old.closures {
		if !kept[old.closures[i].id] {
			for _, d := range old.closures[i].segments {
				touched[d] = true
			}
		}
	}
	s.shut = slices.Clone(old.shut)
	open := map[int32]bool{}
	for d := range touched {
		open[d] = true
	}
	for i := range s.closures {
		for _, d := range s.closures[i].segments {
			delete(open, d)
		}
	}
	if s.shut == nil && len(s.closures) > 0 {
		s.shutSegments()
	} else {
		for d := range touched {
			s.shut[d>>6] |= 1 << (d & 63)
		}
		for d := range open {
			s.shut[d>>6] &^= 1 << (d & 63)
		}
	}
	return m.reweigh(&s, touched)
}

// reweigh weighs the chains over some directed segments under a new setting.
func (m *Metric) reweigh(s *setting, touched map[int32]bool) (change, error) {
	out := change{set: s}
	for d := range touched {
		if chain := m.chainOf(d); chain >= 0 {
			out.chains = append(out.chains, chain)
		}
	}
	slices.Sort(out.chains)
	out.chains = slices.Compact(out.chains)
	next := &Metric{region: m.region, t: m.t, profile: m.profile, shortest: m.shortest, set: s}
	var cost costing
	differ := out.chains[:0]
	for _, d := range out.chains {
		w, err := next.chainWeight(&cost, d)
		if err != nil {
			return change{}, err
		}
		if w != m.chain[d] {
			differ = append(differ, d)
			out.weights = append(out.weights, w)
		}
	}
	out.chains = differ
	return out, nil
}

// sameRest compares two conditions but for their closures. Areas are big and
// usually the same slices, so those are looked at last and by address first.
func sameRest(a, b *Condition) bool {
	x, y := *a, *b
	x.Name, x.Text, y.Name, y.Text = "", "", "", ""
	if len(x.Areas) == len(y.Areas) && (len(x.Areas) == 0 || &x.Areas[0] == &y.Areas[0]) {
		x.Areas, y.Areas = nil, nil
	}
	return reflect.DeepEqual(x, y)
}
