package osm

import (
	"cmp"
	"slices"
	"strings"
)

// isFerryRoute reports whether the tags are those of a ferry route.
func isFerryRoute(tags Tags) bool {
	return tags.word("type") == "route" && tags.word("route") == "ferry"
}

// notFerry are keys whose presence shows that a way of a ferry relation is
// something else, such as the building at the quay.
var notFerry = [...]string{
	"highway", "building", "natural", "landuse", "man_made", "railway", "boundary", "waterway",
	"amenity", "leisure", "area", "public_transport",
}

// ferryWays lists the ids of the ways of a ferry route that a ship sails.
func (r *rawRelation) ferryWays() []int64 {
	var ids []int64
	for _, m := range r.members {
		if m.kind == kindWay && !strings.HasPrefix(m.role, "platform") && !strings.HasPrefix(m.role, "stop") {
			ids = append(ids, m.id)
		}
	}
	return ids
}

// addFerries reads the ways that are ferries only because a route relation
// says so. They take over the relation's tags, except its duration, which is
// shared out when lengths are known.
func (i *importer) addFerries() error {
	have := func(id int64) bool {
		_, found := slices.BinarySearchFunc(i.ways, id, func(w rawWay, id int64) int { return cmp.Compare(w.way.ID, id) })
		return found
	}
	inherited := make(map[int64]Tags)
	var ids []int64
	for k := range i.relations {
		r := &i.relations[k]
		if !isFerryRoute(r.tags) {
			continue
		}
		for _, id := range r.ferryWays() {
			// The relation with the lowest id is the first here, and stays.
			if _, known := inherited[id]; !known && !have(id) {
				inherited[id] = r.tags
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	rules := i.opts.Tags
	t := &task{
		kinds: kindWay, ways: ids,
		visit: func(b *batch, o *object) {
			u, ok := rules.Way(asFerry(o.tags, inherited[o.id]))
			b.keepWay(o, &u)
			b.ways[len(b.ways)-1].gone = !ok || o.deleted || isElse(o.tags)
		},
	}
	before := len(i.ways)
	if err := i.pass("ferries", t, func(_ *file, b *batch) error { return i.keep(b) }); err != nil {
		return err
	}
	added := i.ways[before:]
	slices.SortFunc(added, func(a, b rawWay) int {
		return cmp.Or(cmp.Compare(a.way.ID, b.way.ID), cmp.Compare(a.version, b.version), cmp.Compare(a.position, b.position))
	})
	added = lastOfEach(added, func(w *rawWay) int64 { return w.way.ID })
	added = slices.DeleteFunc(added, func(w rawWay) bool { return w.gone })
	i.ways = i.ways[:before+len(added)]
	slices.SortFunc(i.ways, func(a, b rawWay) int { return cmp.Compare(a.way.ID, b.way.ID) })
	return nil
}

func isElse(tags Tags) bool {
	for _, key := range notFerry {
		if tags.Get(key) != "" {
			return true
		}
	}
	return false
}

// asFerry joins a way's own tags, which come first and so count, and its
// relation's.
func asFerry(own, relation Tags) Tags {
	tags := append(slices.Clone(own), Tag{"route", "ferry"})
	for _, t := range relation {
		if t.Key != "type" && t.Key != "route" && t.Key != "duration" {
			tags = append(tags, t)
		}
	}
	return tags
}

// shareDurations gives the stated time of a ferry route to its ways by their
// length, where no way states its own. Each share is rounded up to whole
// seconds.
func (n *Network) shareDurations(relations []rawRelation) {
	for k := range relations {
		r := &relations[k]
		if !isFerryRoute(r.tags) || r.tags.Get("duration") == "" {
			continue
		}
		seconds, ok := ParseDuration(r.tags.Get("duration"))
		if !ok {
			n.Skipped.badValue("relation", r.id, Tag{"duration", text(r.tags.Get("duration"), 60)})
			continue
		}
		var ways []int
		length, stated := int64(0), false
		for _, id := range r.ferryWays() {
			first, last := n.WaysOf(id)
			for w := first; w < last; w++ {
				if n.Ways[w].Flags&FlagFerry != 0 && !slices.Contains(ways, w) {
					ways = append(ways, w)
					length += n.Ways[w].Millimetres
					stated = stated || n.Ways[w].Duration > 0
				}
			}
		}
		if stated || length == 0 {
			continue
		}
		for _, w := range ways {
			n.Ways[w].Duration = int32(Share(int64(seconds), n.Ways[w].Millimetres, length))
		}
	}
}
