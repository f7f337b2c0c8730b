package geo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/slinga-se/slinga/geo/osm"
)

// nameIndex finds ways by name and by road number. It is made when a condition
// first asks.
type nameIndex struct {
	once  sync.Once
	names map[string][]int32 // folded; ways ascending
	refs  map[string][]int32
}

func (r *Region) names() *nameIndex {
	x := &r.byName
	x.once.Do(func() {
		x.names, x.refs = map[string][]int32{}, map[string][]int32{}
		fold := map[int32]string{}
		parts := map[int32][]string{}
		for w := range r.ways {
			if t := r.ways[w].Name; t != 0 {
				name, known := fold[t]
				if !known {
					name = folded(r.text(t))
					fold[t] = name
				}
				x.names[name] = append(x.names[name], int32(w))
			}
			if t := r.ways[w].Ref; t != 0 {
				list, known := parts[t]
				if !known {
					for part := range strings.SplitSeq(r.text(t), ";") {
						if part = foldedRef(part); part != "" && !slices.Contains(list, part) {
							list = append(list, part)
						}
					}
					parts[t] = list
				}
				for _, ref := range list {
					x.refs[ref] = append(x.refs[ref], int32(w))
				}
			}
		}
	})
	return x
}

// waysOf is the range of ways of an OSM id: several if the file held pieces.
func (r *Region) waysOf(id int64) (first, end int32) {
	at := func(id int64) int32 {
		return int32(sort.Search(len(r.ways), func(w int) bool { return r.ways[w].ID >= id }))
	}
	first = at(id)
	for end = first; int(end) < len(r.ways) && r.ways[end].ID == id; end++ {
	}
	return first, end
}

// binder looks up what a condition names in a region.
type binder struct {
	ctx     context.Context
	s       *setting
	touched map[*shape][]int32 // see inside
	held    map[*shape][]int32
	errs    []error
	stop    error // ctx is done: nothing that follows is of use
}

// done asks whether to go on.
func (b *binder) done() bool {
	if b.stop == nil {
		b.stop = b.ctx.Err()
	}
	return b.stop != nil
}

// err joins what has been found wrong, unless the work was broken off.
func (b *binder) err() error {
	if b.stop != nil {
		return b.stop
	}
	return errors.Join(b.errs...)
}

func (b *binder) bad(path, format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("%w: %s: %s", ErrCondition, path, fmt.Sprintf(format, args...)))
}

// shape is an area by its id, "" for none. Each is prepared once.
func (b *binder) shape(id string) *shape {
	if id == "" {
		return nil
	}
	if known := b.s.shapes[id]; known != nil {
		return known
	}
	i := slices.IndexFunc(b.s.condition.Areas, func(a Area) bool { return a.ID == id })
	made := newShape(b.s.condition.Areas[i].Polygon)
	b.s.shapes[id] = made
	return made
}

// inside lists the segments of the region that an area touches or, with
// middle, holds by their middle, ascending. Each list is made once.
func (b *binder) inside(area *shape, middle bool) []int32 {
	lists := &b.touched
	if middle {
		lists = &b.held
	}
	if list, known := (*lists)[area]; known {
		return list
	}
	r := b.s.r
	var list []int32
	for i := range r.topologies {
		list = append(list, b.within(area, &r.topologies[i], middle)...)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if *lists == nil {
		*lists = map[*shape][]int32{}
	}
	(*lists)[area] = list
	return list
}

// within lists the segments of one topology.
func (b *binder) within(area *shape, t *topology, middle bool) []int32 {
	if b.done() {
		return nil
	}
	r := b.s.r
	list, err := area.within(b.ctx, &t.tree, func(seg int32) (node, node) {
		return r.nodes[r.refs[seg]], r.nodes[r.refs[seg+1]]
	}, !middle)
	if err != nil {
		b.stop = err
	}
	return list
}

// has reports whether a segment is in a list.
func has(segments []int32, seg int32) bool {
	_, is := slices.BinarySearch(segments, seg)
	return is
}

// filter is the part of a selection that a way fits by what it is.
type filter struct {
	boundRule
	must osm.Flags // one of them; 0: any way
}

func newFilter(sel *Selection, must osm.Flags) filter {
	f := filter{must: must}
	for _, name := range sel.Classes {
		class, _ := osm.ParseClass(name)
		f.classes |= 1 << class
	}
	for _, name := range sel.Surfaces {
		surface, _ := osm.ParseSurface(name)
		f.surfaces |= 1 << surface
	}
	for _, name := range sel.Features {
		f.flags |= features[name]
	}
	return f
}

func (f *filter) takes(r *Region, w int32) bool {
	way := r.osmWay(w)
	return f.fits(w, &way) && (f.must == 0 || f.must&way.Flags != 0)
}

// listed reports whether a selection names roads one by one.
func (s *Selection) listed() bool { return len(s.Ways)+len(s.Names)+len(s.Refs) > 0 }

// ways finds the ways of a selection, ascending: those listed, or all; those
// that are what must says; those that touch the area. What is listed and not
// found is an error.
func (b *binder) ways(path string, sel *Selection, must osm.Flags, what string) []int32 {
	r := b.s.r
	f, area := newFilter(sel, must), b.shape(sel.Area)
	var segments []int32
	if area != nil {
		segments = b.inside(area, false)
	}
	if b.done() {
		return nil
	}
	inArea := func(w int32) bool {
		way := &r.ways[w]
		at, _ := slices.BinarySearch(segments, way.First)
		return area == nil || at < len(segments) && segments[at] < way.First+way.Count-1
	}
	var list []int32
	if !sel.listed() {
		if area != nil {
			for _, seg := range segments {
				if w := r.segWay[seg]; f.takes(r, w) && (len(list) == 0 || list[len(list)-1] != w) {
					list = append(list, w)
				}
			}
			return list
		}
		for w := range r.ways {
			if f.takes(r, int32(w)) {
				list = append(list, int32(w))
			}
		}
		return list
	}
	where := ""
	if sel.Area != "" {
		where = fmt.Sprintf(" in the area %q", quotable(sel.Area))
	}
	take := func(path, named string, ways []int32) {
		before := len(list)
		for _, w := range ways {
			if f.takes(r, w) && inArea(w) {
				list = append(list, w)
			}
		}
		if len(list) > before || sel.MayMatchNothing {
			return
		}
		if len(ways) == 0 {
			b.bad(path, "the map has no %s", named)
		} else {
			b.bad(path, "the map has no %s that is %s%s", named, what, where)
		}
	}
	for i, id := range sel.Ways {
		first, end := r.waysOf(id)
		var ways []int32
		for w := first; w < end; w++ {
			ways = append(ways, w)
		}
		take(fmt.Sprintf("%s.ways[%d]", path, i), fmt.Sprintf("way %d", id), ways)
	}
	for i, name := range sel.Names {
		take(fmt.Sprintf("%s.names[%d]", path, i), fmt.Sprintf("road named %q", quotable(name)), r.names().names[folded(name)])
	}
	for i, ref := range sel.Refs {
		take(fmt.Sprintf("%s.refs[%d]", path, i), fmt.Sprintf("road numbered %q", quotable(ref)), r.names().refs[foldedRef(ref)])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// edit is the way's entry among the edits.
func (b *binder) edit(w int32) *wayEdit {
	e := b.s.edits[w]
	if e == nil {
		e = &wayEdit{way: b.s.r.osmWay(w)}
		b.s.edits[w] = e
	}
	return e
}

// conditionalTags binds the tags of the map that depend on the date.
func (b *binder) conditionalTags() {
	s := b.s
	if s.options.At.IsZero() {
		return
	}
	parsed := map[int32]*osm.Conditions{}
	rules := osm.DefaultTags()
	for i := range s.r.ways {
		if i&4095 == 0 && b.done() {
			return
		}
		text := s.r.ways[i].Condition
		if text == 0 {
			continue
		}
		c := parsed[text]
		if c == nil {
			read := osm.ParseConditions(s.r.text(text))
			c = &read
			parsed[text] = c
		}
		way := s.r.osmWay(int32(i))
		before := way
		for _, tag := range c.Bind(&way, s.profile.Mode, s.options.At, rules) {
			s.undecided = append(s.undecided, UndecidedTag{Way: way.ID, Tag: tag})
		}
		if way != before {
			s.edits[int32(i)] = &wayEdit{way: way}
		}
	}
}

// roads opens and closes single ice roads and winter roads.
func (b *binder) roads() {
	for i := range b.s.condition.Roads {
		road := &b.s.condition.Roads[i]
		path := fmt.Sprintf("roads[%d]", i)
		ways := b.ways(path, &road.Selection, osm.FlagIceRoad|osm.FlagWinter, "an ice road or a winter road")
		if len(ways) == 0 && !road.MayMatchNothing && !road.listed() {
			b.bad(path, "no ice road or winter road of the map is selected")
		}
		for _, w := range ways {
			b.edit(w).state = road.State
		}
	}
}

// applies tells whether a part of the condition is for this metric: its modes,
// its times.
func (b *binder) applies(modes []string, when string) bool {
	s := b.s
	if len(modes) > 0 && !slices.Contains(modes, s.profile.Mode.String()) {
		return false
	}
	if when == "" {
		return true
	}
	hours, err := osm.ParseHours(when)
	return err == nil && !s.options.At.IsZero() && hours.Holds(s.options.At)
}

// speeds looks up the rules, and sorts out which of those with an area hold
// where.
func (b *binder) speeds() {
	s := b.s
	var withArea []int
	for i := range s.condition.Speeds {
		rule := &s.condition.Speeds[i]
		bound := newFilter(&rule.Selection, 0).boundRule
		if rule.listed() {
			listed := rule.Selection
			listed.Area = "" // it is a matter of segments, below
			bound.ways = map[int32]bool{}
			for _, w := range b.ways(fmt.Sprintf("speeds[%d]", i), &listed, 0, "of the class, surface and feature") {
				bound.ways[w] = true
			}
		}
		if !b.applies(rule.Modes, rule.When) {
			continue
		}
		bound.percent, bound.most = int64(rule.Percent), int64(rule.MostKMH)*1000
		if bound.area = b.shape(rule.Area); bound.area != nil {
			withArea = append(withArea, len(s.rules))
		}
		s.rules = append(s.rules, bound)
	}
	if len(withArea) == 0 {
		return
	}
	s.variant = make([]uint16, len(s.r.refs))
	words := (len(s.rules) + 63) / 64
	s.combos = [][]uint64{make([]uint64, words)}
	held := map[*shape][]int32{}
	for _, i := range withArea {
		area := s.rules[i].area
		if _, known := held[area]; !known {
			held[area] = b.within(area, s.t, true)
		}
		// Every variant that is met gets a successor in which this rule holds
		// too.
		next := make([]int32, len(s.combos))
		for _, seg := range held[area] {
			v := s.variant[seg]
			if next[v] == 0 {
				combo := slices.Clone(s.combos[v])
				combo[i>>6] |= 1 << (i & 63)
				if len(s.combos) > 1<<16-1 {
					b.bad("speeds", "areas overlap in more than %d ways", 1<<16-1)
					return
				}
				next[v] = int32(len(s.combos))
				s.combos = append(s.combos, combo)
			}
			s.variant[seg] = uint16(next[v])
		}
	}
}

// closure looks up what the closure with index i closes.
func (b *binder) closure(i int) {
	if b.done() {
		return
	}
	s, r := b.s, b.s.r
	c := &s.condition.Closures[i]
	path := fmt.Sprintf("closures[%d]", i)
	area := b.shape(c.Area)
	var segments []int32
	if area != nil {
		segments = b.inside(area, false)
	}
	ways := b.ways(path, &c.Selection, 0, "of the class, surface and feature")
	if len(ways) == 0 && !c.MayMatchNothing && !c.listed() {
		b.bad(path, "%q matches nothing: no road of the map is selected", quotable(c.ID))
	}
	if !b.applies(c.Modes, c.When) {
		return
	}
	bound := boundClosure{id: c.ID}
	for _, w := range ways {
		way := &r.ways[w]
		closed := ClosedWay{Closure: c.ID, Way: way.ID, Of: int(way.Count) - 1}
		for k := way.First; k < way.First+way.Count-1; k++ {
			if s.t.segPos[k] < 0 || area != nil && !has(segments, k) {
				continue
			}
			if c.Direction != "backward" {
				bound.segments = append(bound.segments, k<<1)
			}
			if c.Direction != "forward" {
				bound.segments = append(bound.segments, k<<1|1)
			}
			closed.Segments++
			closed.Millimetres += int64(r.segMM[k])
		}
		if closed.Segments > 0 {
			bound.ways = append(bound.ways, closed)
		}
	}
	s.closures = append(s.closures, bound)
}

// ferries stops ferries and works out the time on the quay.
func (b *binder) ferries() {
	s := b.s
	of := make([][]int32, len(s.condition.Ferries))
	for i := range s.condition.Ferries {
		f := &s.condition.Ferries[i]
		path := fmt.Sprintf("ferries[%d]", i)
		ways := b.ways(path, &f.Selection, osm.FlagFerry, "a ferry")
		if len(ways) == 0 && !f.MayMatchNothing && !f.listed() {
			b.bad(path, "%q matches nothing: no ferry of the map is selected", quotable(f.ID))
		}
		for _, w := range ways {
			b.edit(w).ferry = i + 1
		}
		of[i] = ways
	}
	for i := range s.condition.Ferries {
		f := &s.condition.Ferries[i]
		ways := slices.DeleteFunc(of[i], func(w int32) bool { return s.edits[w].ferry != i+1 })
		if f.Stopped {
			for _, w := range ways {
				s.edits[w].stopped = [2]bool{true, true}
			}
			continue
		}
		if s.options.At.IsZero() {
			continue
		}
		b.timetable(f, ways)
	}
}

// timetable gives the ways of a ferry their share of the time on the quay.
func (b *binder) timetable(f *Ferry, ways []int32) {
	s := b.s
	boarding := cmp.Or(f.Boarding, s.profile.FerryBoarding)
	from, until := s.options.period()
	var wait [2]int64
	var runs [2]bool
	for i, forward := range [...]bool{true, false} {
		wait[i], runs[i] = newTimetable(f.Services, forward).wait(from, until, boarding, s.options.LongestWait)
	}
	for _, crossing := range b.crossings(ways) {
		length := int64(0)
		for _, w := range crossing {
			length += s.r.ways[w].Millimetres
		}
		for _, w := range crossing {
			e := s.edits[w]
			e.quay = true
			for i := range wait {
				e.millis[i] = osm.Share(wait[i]*1000, s.r.ways[w].Millimetres, length)
				e.stopped[i] = !runs[i]
			}
		}
	}
}

// crossings groups the ways of a ferry that one sails in one go: where the end
// of one is the end of just one other and of nothing else, there is no quay.
func (b *binder) crossings(ways []int32) [][]int32 {
	r := b.s.r
	at := map[int32][]int32{} // by node: the ways that end there
	for _, w := range ways {
		way := &r.ways[w]
		for _, end := range [...]int32{r.refs[way.First], r.refs[way.First+way.Count-1]} {
			at[end] = append(at[end], w)
		}
	}
	group := map[int32]int32{}
	find := func(w int32) int32 {
		for group[w] != w {
			w = group[w]
		}
		return w
	}
	for _, w := range ways {
		group[w] = w
	}
	for _, w := range ways {
		way := &r.ways[w]
		for _, end := range [...]int32{r.refs[way.First], r.refs[way.First+way.Count-1]} {
			if meet := at[end]; len(meet) == 2 && meet[0] != meet[1] {
				if first, last := b.s.t.copies(end); first == last {
					x, y := find(meet[0]), find(meet[1])
					group[max(x, y)] = min(x, y)
				}
			}
		}
	}
	var list [][]int32
	index := map[int32]int{}
	for _, w := range ways {
		root := find(w)
		i, known := index[root]
		if !known {
			i = len(list)
			index[root] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], w)
	}
	return list
}
