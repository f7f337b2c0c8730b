package geo

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/paulmach/orb"
)

// Stretch is a part of a segment that can be travelled in time, in one
// direction.
type Stretch struct {
	Way      int64 // OSM id
	Segment  int32 // index in the region, as Snap.Segment
	Backward bool  // against node order
	// From and To are millimetres from the segment's beginning in node order,
	// From < To in both directions; Length is the whole segment's.
	From, To, Length int64
	Line             orb.LineString // in the direction of travel
}

// Roads visits every part of every segment, by direction, from which or to
// which the time is at most the limit: a place on a road has a time of at most
// the limit exactly if it lies in one of the stretches, to the millimetre.
// They come in the same order every time, and do not overlap.
func (iso *Isochrone) Roads(limit int32) iter.Seq[Stretch] {
	return func(yield func(Stretch) bool) {
		r := iso.m.region
		if r.acquire() != nil {
			return
		}
		defer r.mu.RUnlock()
		iso.stretches(limit, func(directed int32, from, to int64) bool {
			seg := directed >> 1
			s := Stretch{
				Way: r.ways[r.segWay[seg]].ID, Segment: seg, Backward: directed&1 != 0,
				From: from, To: to, Length: int64(r.segMM[seg]),
			}
			a, b := iso.points(seg, from, to)
			if s.Line = (orb.LineString{a, b}); s.Backward {
				s.Line.Reverse()
			}
			return yield(s)
		})
	}
}

// points are those at the beginning and the end of a part of a segment, in
// node order.
func (iso *Isochrone) points(seg int32, from, to int64) (a, b orb.Point) {
	r := iso.m.region
	p, q, length := r.nodes[r.refs[seg]], r.nodes[r.refs[seg+1]], int64(r.segMM[seg])
	a, b = p.point(), q.point()
	if from > 0 {
		a = between(p, q, float64(from)/float64(length))
	}
	if to < length {
		b = between(p, q, float64(to)/float64(length))
	}
	return a, b
}

// checkLimit refuses limits beyond the search.
func (iso *Isochrone) checkLimit(limit int32) error {
	if most := iso.limits[len(iso.limits)-1]; limit < 0 || limit > most {
		return fmt.Errorf("%w: a limit of %d s where the greatest is %d", ErrIsochrone, limit, most)
	}
	return nil
}

// span is a part of a directed segment in millimetres of node order.
type span struct{ from, to int64 }

// stretches visits the parts of directed segments within a limit in seconds,
// each as millimetres in node order, until visit says no.
func (iso *Isochrone) stretches(limit int32, visit func(directed int32, from, to int64) bool) {
	iso.walkAll(limit, false, visit)
}

// covered visits the parts of segments within a limit that are travelled in
// some direction.
func (iso *Isochrone) covered(limit int32, visit func(seg int32, from, to int64) bool) {
	iso.walkAll(limit, true, func(directed int32, from, to int64) bool { return visit(directed>>1, from, to) })
}

// walkAll walks along all chains that are reached. With together it makes one
// of both directions, under the number of the forward one.
func (iso *Isochrone) walkAll(limit int32, together bool, visit func(directed int32, from, to int64) bool) {
	if iso.checkLimit(limit) != nil {
		return
	}
	w := walk{iso: iso, limit: int64(limit) * 1000, together: together}
	for _, chain := range iso.chains {
		for d := chain << 1; d <= chain<<1|1; d++ {
			begin := labels(iso.begin, d)
			if iso.ranged {
				w.gather(d, begin)
			} else {
				if len(begin) > 0 {
					ms, _ := iso.m.unpack(begin[0].weight)
					w.along(d, nil, ms)
				}
				for _, k := range iso.on[chain] {
					w.along(d, &iso.starts[k], iso.delays[k])
				}
			}
			if (together || iso.ranged) && d&1 == 0 {
				continue
			}
			if iso.ranged {
				w.settle()
			}
			if len(w.parts) > 0 && !w.give(visit) {
				return
			}
			w.parts = w.parts[:0]
		}
	}
}

// walk collects what is reached along one directed chain.
type walk struct {
	iso      *Isochrone
	limit    int64 // milliseconds
	together bool  // both directions as one
	cost     costing
	parts    []part
	ways     []approach // along the chain in hand, if the isochrone is ranged
}

// part is a span of a directed segment.
type part struct {
	directed int32
	span
}

// along goes from a start, or from the beginning of the chain, where the time
// is ms, as far as the limit allows. With towards it goes backward: to a
// start, or to the end of the chain.
func (w *walk) along(d int32, start *place, ms int64) {
	m := w.iso.m
	if !w.iso.towards {
		m.stretch(d, start, nil, func(directed int32, a, b int64) bool {
			return w.piece(directed, a, b, &ms)
		})
		return
	}
	// A stretch is walked forward, so its pieces are gathered and taken from
	// the last.
	type piece struct {
		directed int32
		a, b     int64
	}
	var pieces []piece
	m.stretch(d, nil, start, func(directed int32, a, b int64) bool {
		pieces = append(pieces, piece{directed, a, b})
		return true
	})
	for i := len(pieces) - 1; i >= 0 && w.piece(pieces[i].directed, pieces[i].a, pieces[i].b, &ms); i-- {
		continue
	}
}

// piece takes the part of a piece of a segment that is within the limit, and
// reports whether all of it is.
func (w *walk) piece(directed int32, a, b int64, ms *int64) bool {
	m := w.iso.m
	length := int64(m.region.segMM[directed>>1])
	all, _, ok := m.segment(&w.cost, directed, a, b)
	if !ok || *ms > w.limit {
		return false
	}
	whole := *ms+all <= w.limit
	if whole {
		*ms += all
	} else {
		// A part of x millimetres takes the rounded-up share of the segment's
		// time, so the longest in time is rounded down.
		full, _, _ := m.segment(&w.cost, directed, 0, length)
		x := (w.limit - *ms) * length / full
		if w.iso.towards {
			a = max(a, b-x)
		} else {
			b = min(b, a+x)
		}
	}
	if a < b {
		p := part{directed: directed, span: span{a, b}}
		if directed&1 != 0 {
			p.span = span{length - b, length - a}
		}
		if w.together {
			p.directed &^= 1
		}
		w.parts = append(w.parts, p)
	}
	return whole
}

// give hands out the parts without overlaps, in the order of the segments.
func (w *walk) give(visit func(directed int32, from, to int64) bool) bool {
	slices.SortFunc(w.parts, func(p, q part) int {
		return cmp.Or(cmp.Compare(p.directed, q.directed), cmp.Compare(p.from, q.from), cmp.Compare(p.to, q.to))
	})
	now := w.parts[0]
	for _, p := range w.parts[1:] {
		if p.directed == now.directed && p.from <= now.to {
			now.to = max(now.to, p.to)
			continue
		}
		if !visit(now.directed, now.from, now.to) {
			return false
		}
		now = p
	}
	return visit(now.directed, now.from, now.to)
}
