package geo

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// acquire keeps the region mapped and the metric as it is until m.release.
// Queries must not call one another between the two.
func (m *Metric) acquire() error {
	if err := m.region.acquire(); err != nil {
		return err
	}
	m.mu.RLock()
	return nil
}

func (m *Metric) release() {
	m.mu.RUnlock()
	m.region.mu.RUnlock()
}

// now is the setting, which does not change itself.
func (m *Metric) now() *setting {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.set
}

// Change puts the metric under another condition, as if it had been made with
// it. Where only closures differ, only what they touch is computed anew, in
// milliseconds. It waits for queries that are running; those that come later
// see the new condition. After an error, ctx.Err() too, the metric is as it was.
// For queries it waits even when ctx is done. Snaps stay
// valid, but what they say of components and reachability was true before.
func (m *Metric) Change(ctx context.Context, c Condition) error {
	if err := m.region.acquire(); err != nil {
		return err
	}
	defer m.region.mu.RUnlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	to, err := m.changeTo(ctx, c)
	switch {
	case errors.Is(err, errOther):
		o := m.set.options
		o.Condition = &c
		next, err := m.region.metric(ctx, m.profile, o)
		if err != nil {
			return err
		}
		m.set, m.weights, m.chain, m.ch = next.set, next.weights, next.chain, next.ch
	case err != nil:
		return err
	default:
		var arcs []int32
		var weights []weight
		for i, d := range to.chains {
			m.chain[d] = to.weights[i]
			for _, a := range m.t.onArcs[m.t.onFirst[d]:m.t.onFirst[d+1]] {
				if m.mayTake(a) {
					arcs, weights = append(arcs, a), append(weights, to.weights[i])
				}
			}
		}
		if err := m.ch.Change(arcs, weights); err != nil { // it writes to m.weights too
			return err
		}
		m.set = to.set
	}
	// What was found out about the graph is found out again when asked for.
	m.once, m.parts = sync.Once{}, nil
	m.reach.Store(nil)
	m.roads = roadCache{}
	return nil
}

// Clone is the same metric over again, so that one can be changed and the
// other not. It copies the weights, which takes a small part of the time that
// making a metric does.
func (m *Metric) Clone() (*Metric, error) {
	if err := m.acquire(); err != nil {
		return nil, err
	}
	defer m.release()
	c := &Metric{
		region: m.region, t: m.t, profile: m.profile, shortest: m.shortest, set: m.set,
		weights: slices.Clone(m.weights), chain: slices.Clone(m.chain),
	}
	c.ch = m.ch.Clone(c.weights)
	return c, nil
}
