package solver

// Past the end of a shift comes overtime, if it has any: its price rises from
// tier to tier, so it is convex in the time when the shift is over. What a route
// may not do is to be over later than overtime lasts; everything that asks for
// the end of a shift (shiftModel.end) means that.

// tiers puts overtime in the model's form.
func (s *Shift) tiers(weight int64) []Tier {
	var list []Tier
	var before int64
	for _, tier := range s.Overtime[:max(len(s.Overtime)-1, 0)] {
		if more := (tier.Cost - before) * weight; more > 0 {
			list = append(list, Tier{After: s.End + tier.After, Cost: more})
		}
		before = tier.Cost
	}
	return list
}

// overtime is what it costs that a shift is over at t.
func (sm *shiftModel) overtime(t int64) int64 {
	var cost int64
	for i := range sm.tiers {
		if past := t - sm.tiers[i].After; past > 0 {
			cost += past * sm.tiers[i].Cost
		}
	}
	return cost
}

// overrun is about what more overtime costs when the stop that a gap ends at
// is ready to start at t, links left aside.
func (w *search) overrun(route *gaps, sm *shiftModel, at int, t int64) int64 {
	m, last := w.model, len(route.list)-1
	for ; at < last; at++ {
		g, behind := &route.list[at], &route.list[at+1]
		if t <= g.early {
			return 0
		}
		t = firstStart(m.nodes[behind.pred].hard, t)
		t = ahead(t+behind.left-g.early, behind.direct.time, sm.breaks[behind.lo:behind.hi])
	}
	if t = min(t, sm.end); t <= route.list[last].early {
		return 0
	}
	return sm.overtime(t) - sm.overtime(route.list[last].early)
}
