package solver

import (
	"context"
	"math"
	"slices"
)

// compileNear sorts the neighbours of each task by travel plus a fifth of the
// time that must pass between them whatever the order: two visits to one home
// in the morning and in the evening are not near each other. When ctx is
// cancelled the rest stay without neighbours, which nobody will miss.
func (m *model) compileNear(ctx context.Context) {
	p := m.problem
	n := p.Profiles[0].Periods[0].N
	list := newNearest(mostNear)
	m.near.first = make([]int32, m.tasks+1)
	m.near.item = make([]int32, 0, m.tasks*min(m.tasks, mostNear))
	for i := range m.tasks {
		a := &m.nodes[i]
		stopped := ctx.Err() != nil || m.refills(int32(i))
		least, most := a.hard[0].From, a.hard[len(a.hard)-1].To
		for j := range m.tasks {
			if m.taskOf[i] == m.taskOf[j] || stopped || m.refills(int32(j)) {
				continue
			}
			b := &m.nodes[j]
			between := &m.legs[int(a.location)*n+int(b.location)]
			way := min(between.on.time, between.in.time)
			apart := max(0, least-b.hard[len(b.hard)-1].To, b.hard[0].From-most)
			list.add(int64(way)+max(0, apart-int64(way))/5, int32(j))
		}
		for _, key := range list.take() {
			m.near.item = append(m.near.item, nearestTask(key))
		}
		m.near.first[i+1] = int32(len(m.near.item))
	}
}

// nearest collects the nearest of many tasks. A key is how far one is, then its
// number.
type nearest struct {
	most     int
	keys     []int64
	farthest int64 // no key from this one on is among the nearest
}

func nearestTask(key int64) int32 { return int32(key & (1<<nearestBits - 1)) }

func nearestFar(key int64) int64 { return key >> nearestBits }

func newNearest(most int) *nearest {
	const spare = 3 // times as many as are kept, before the rest are sorted out
	return &nearest{most: most, keys: make([]int64, 0, most*(1+spare)), farthest: math.MaxInt64}
}

func (n *nearest) add(far int64, task int32) {
	key := min(far, farAway)<<nearestBits | int64(task)
	if key >= n.farthest {
		return
	}
	if n.keys = append(n.keys, key); len(n.keys) == cap(n.keys) {
		n.sift()
		n.farthest = slices.Max(n.keys)
	}
}

// sift forgets all but the nearest.
func (n *nearest) sift() {
	if len(n.keys) <= n.most {
		return
	}
	// Quickselect (Hoare's partition around the middle one of three).
	low, high := 0, len(n.keys)-1
	for low < high {
		a, b, c := n.keys[low], n.keys[low+(high-low)/2], n.keys[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for n.keys[i] < pivot {
				i++
			}
			for n.keys[j] > pivot {
				j--
			}
			if i <= j {
				n.keys[i], n.keys[j] = n.keys[j], n.keys[i]
				i++
				j--
			}
		}
		switch last := n.most - 1; {
		case last <= j:
			high = j
		case last >= i:
			low = i
		default:
			low = high
		}
	}
	n.keys = n.keys[:n.most]
}

// take returns the nearest, nearest first, until the next call of add.
func (n *nearest) take() []int64 {
	n.sift()
	keys := n.keys
	slices.Sort(keys)
	n.keys, n.farthest = n.keys[:0], math.MaxInt64
	return keys
}
