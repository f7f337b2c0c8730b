package geo

import "context"

// oneToAll computes the weights between one place, or the nearest of several,
// and all nodes of the graph: from the gates to each node, or with reverse
// from each node to the gates. s.dist holds them afterwards; nodes that are
// further away than most, or not connected at all, have never.
//
// It is Dijkstra's algorithm, which a limit keeps small.
func (m *Metric) oneToAll(ctx context.Context, s *search, gates []gate, reverse bool, most weight) error {
	for v := range s.dist {
		s.dist[v] = never
	}
	s.heap = s.heap[:0]
	reach := func(v int32, w weight) {
		if w < s.dist[v] && w <= most && fits(w, m.guard()) {
			s.dist[v] = w
			s.push(queued{w, v})
		}
	}
	for _, g := range gates {
		reach(g.node, g.weight)
	}
	t := m.t
	for settled := 0; len(s.heap) > 0; {
		u := s.pop()
		if u.weight != s.dist[u.node] {
			continue // an outdated entry
		}
		if settled++; settled&4095 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if reverse {
			for _, a := range t.inArcs[t.inFirst[u.node]:t.inFirst[u.node+1]] {
				reach(t.arcTail[a], u.weight+m.weights[a])
			}
			continue
		}
		for a := t.arcFirst[u.node]; a < t.arcFirst[u.node+1]; a++ {
			reach(t.arcHead[a], u.weight+m.weights[a])
		}
	}
	return ctx.Err()
}
