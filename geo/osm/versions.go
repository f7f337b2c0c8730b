package osm

import (
	"cmp"
	"slices"
)

// settleVersions sorts ways and relations by id and leaves one of each.
//
// In one sorted file nothing is there twice. Otherwise a later version may
// have ceased to be a road, or have been deleted, which the first pass did
// not keep; so the files are read once more for the ids that were kept.
func (i *importer) settleVersions() error {
	slices.SortFunc(i.ways, func(a, b rawWay) int {
		return cmp.Or(cmp.Compare(a.way.ID, b.way.ID), cmp.Compare(a.version, b.version), cmp.Compare(a.position, b.position))
	})
	slices.SortFunc(i.relations, func(a, b rawRelation) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.version, b.version), cmp.Compare(a.position, b.position))
	})
	if len(i.files) == 1 && i.files[0].info.Sorted {
		i.relations = slices.DeleteFunc(i.relations, func(r rawRelation) bool { return r.gone })
		return nil
	}
	i.ways = lastOfEach(i.ways, func(w *rawWay) int64 { return w.way.ID })
	i.relations = lastOfEach(i.relations, func(r *rawRelation) int64 { return r.id })
	t := &task{
		kinds: kindWay | kindRelation,
		visit: func(b *batch, o *object) {
			b.seen = append(b.seen, seen{o.kind, o.slot, o.version, o.deleted, o.position})
		},
		ways: make([]int64, len(i.ways)), relations: make([]int64, len(i.relations)),
	}
	for k := range i.ways {
		t.ways[k] = i.ways[k].way.ID
	}
	for k := range i.relations {
		t.relations[k] = i.relations[k].id
	}
	err := i.pass("versions", t, func(_ *file, b *batch) error {
		for _, s := range b.seen {
			if s.kind == kindWay {
				// The kept one meets itself here, and is not newer than itself.
				w := &i.ways[s.slot]
				if newer(s.version, s.position, w.version, w.position) {
					w.gone = true
				}
				continue
			}
			r := &i.relations[s.slot]
			if newer(s.version, s.position, r.version, r.position) {
				r.gone = true
			}
		}
		return nil
	})
	i.ways = slices.DeleteFunc(i.ways, func(w rawWay) bool { return w.gone })
	i.relations = slices.DeleteFunc(i.relations, func(r rawRelation) bool { return r.gone })
	return err
}

// lastOfEach keeps the last of each run of equal ids.
func lastOfEach[T any](sorted []T, id func(*T) int64) []T {
	kept := sorted[:0]
	for k := range sorted {
		if k+1 < len(sorted) && id(&sorted[k]) == id(&sorted[k+1]) {
			continue
		}
		kept = append(kept, sorted[k])
	}
	clear(sorted[len(kept):])
	return kept
}
