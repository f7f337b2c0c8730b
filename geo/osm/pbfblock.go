package osm

import "math"

// block decodes the primitive blocks of PBF files. One is used by one
// goroutine, which reuses its memory from block to block.
type block struct {
	task    *task
	number  int // of the block among all blocks of all files
	out     *batch
	strings []string
	wanted  []bool // by string: is it one of task.keys
	groups  [][]byte
	object  object
	refs    []int64
	places  []int32
	members []member
	tags    Tags
	hints   [3]hint // by kind, into the task's ids

	granularity          int64
	latOffset, lonOffset int64
}

// decode reads one inflated primitive block into a new batch. The error says
// which part is damaged.
func (k *block) decode(data []byte) (*batch, error) {
	k.out = &batch{}
	k.granularity, k.latOffset, k.lonOffset = 100, 0, 0
	k.strings, k.groups = k.strings[:0], k.groups[:0]
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		if !ok {
			break
		}
		switch field {
		case 1:
			if !k.table(w.wantBytes(kind)) {
				return nil, matter(ErrDamaged, "its string table cannot be read")
			}
		case 2:
			k.groups = append(k.groups, w.wantBytes(kind))
		case 17:
			k.granularity = int64(int32(w.wantVarint(kind)))
		case 19:
			k.latOffset = int64(w.wantVarint(kind))
		case 20:
			k.lonOffset = int64(w.wantVarint(kind))
		default:
			w.skip(kind)
		}
	}
	if w.bad || k.granularity <= 0 {
		return nil, matter(ErrDamaged, "it is not a block of map objects")
	}
	for _, group := range k.groups {
		if !k.group(group) {
			return nil, matter(ErrDamaged, "its objects cannot be read")
		}
	}
	return k.out, nil
}

// table reads the block's strings. They are copied at once, into one piece of
// memory, because what is kept of them outlives the buffer.
func (k *block) table(data []byte) bool {
	all := string(data)
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		if !ok {
			break
		}
		if field != 1 {
			w.skip(kind)
			continue
		}
		v := w.wantBytes(kind)
		end := len(data) - len(w.b)
		if w.bad {
			break
		}
		k.strings = append(k.strings, all[end-len(v):end])
	}
	k.wanted = k.wanted[:0]
	for _, s := range k.strings {
		k.wanted = append(k.wanted, k.task.keys == nil || k.task.keys[s])
	}
	return !w.bad
}

func (k *block) group(data []byte) bool {
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		if !ok {
			return !w.bad
		}
		good := true
		switch field {
		case 1:
			good = k.node(w.wantBytes(kind))
		case 2:
			good = k.dense(w.wantBytes(kind))
		case 3:
			good = k.way(w.wantBytes(kind))
		case 4:
			good = k.relation(w.wantBytes(kind))
		default:
			w.skip(kind)
		}
		if !good || k.out.counts[0]+k.out.counts[1]+k.out.counts[2] > maxPerBlock {
			return false
		}
	}
}

// start begins the object of the kind and id. wanted is false if the pass has
// no use for it.
func (k *block) start(kind kinds, id int64) (o *object, wanted bool) {
	index := k.out.count(kind, id)
	if k.task.kinds&kind == 0 {
		return nil, false
	}
	slot := -1
	if ids := k.task.ids(kind); ids != nil {
		var found bool
		if slot, found = k.hints[kind.place()].find(ids, id); !found {
			return nil, false
		}
	}
	k.object = object{kind: kind, id: id, slot: slot, position: sequence(k.number, index)}
	return &k.object, true
}

// pairs reads the tags of an object from its two packed lists of strings.
func (k *block) pairs(keys, values []byte) (Tags, bool) {
	k.tags = k.tags[:0]
	a, b := wire{b: keys}, wire{b: values}
	for len(a.b) > 0 {
		i, j := a.varint(), b.varint()
		if a.bad || b.bad || i >= uint64(len(k.strings)) || j >= uint64(len(k.strings)) {
			return nil, false
		}
		k.tags = append(k.tags, Tag{k.strings[i], k.strings[j]})
	}
	return k.tags, len(b.b) == 0
}

// interesting reports whether any of the packed keys is one of the task's.
func (k *block) interesting(keys []byte) bool {
	if k.task.keys == nil {
		return true
	}
	a := wire{b: keys}
	for len(a.b) > 0 {
		if i := a.varint(); i < uint64(len(k.wanted)) && k.wanted[i] {
			return true
		}
	}
	return false
}

// info reads version and visibility.
func info(data []byte, o *object) bool {
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		if !ok {
			return !w.bad
		}
		switch field {
		case 1:
			o.version = version(w.wantVarint(kind))
		case 6:
			o.deleted = w.wantVarint(kind) == 0
		default:
			w.skip(kind)
		}
	}
}

// version makes an ordered number of what the file states; -1 and worse mean
// unknown.
func version(v uint64) int32 {
	if int64(v) < 0 || v > math.MaxInt32 {
		return 0
	}
	return int32(v)
}

// fields are the parts of a node, way or relation message, by field number.
type fields struct {
	parts [11][]byte
	nums  [11]uint64
}

// split takes a message apart. Numbers of nodes are zigzag, of the others
// plain; the caller knows.
func split(data []byte, f *fields) bool {
	*f = fields{}
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		switch {
		case !ok:
			return !w.bad
		case field >= len(f.parts):
			w.skip(kind)
		case kind == wireVarint:
			f.nums[field] = w.varint()
		case kind == wireBytes:
			if f.parts[field] != nil {
				return false // written in pieces, which no program does
			}
			f.parts[field] = w.bytes()
		default:
			w.skip(kind)
		}
	}
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func (k *block) node(data []byte) bool {
	var f fields
	if !split(data, &f) {
		return false
	}
	o, wanted := k.start(kindNode, unzigzag(f.nums[1]))
	if !wanted {
		return true
	}
	o.lat, o.lon, o.placed = k.position(unzigzag(f.nums[8]), unzigzag(f.nums[9]))
	var ok bool
	if o.tags, ok = k.pairs(f.parts[2], f.parts[3]); !ok || !info(f.parts[4], o) {
		return false
	}
	k.task.visit(k.out, o)
	return true
}

// position turns stored numbers into 1e-7 degrees, to the nearest. ok is
// false when that is nowhere on earth.
func (k *block) position(lat, lon int64) (latitude, longitude int32, ok bool) {
	y := rounded(k.latOffset + k.granularity*lat)
	x := rounded(k.lonOffset + k.granularity*lon)
	if y < -90e7 || y > 90e7 || x < -180e7 || x > 180e7 {
		return 0, 0, false
	}
	return int32(y), int32(x), true
}

// rounded turns 1e-9 degrees into 1e-7 degrees.
func rounded(v int64) int64 {
	if v < 0 {
		return -((-v + 50) / 100)
	}
	return (v + 50) / 100
}

func (k *block) dense(data []byte) bool {
	var f fields
	if !split(data, &f) {
		return false
	}
	if k.task.kinds&kindNode == 0 {
		return k.denseIDs(f.parts[1])
	}
	var versions, visible []byte
	if f.parts[5] != nil {
		var di fields
		if !split(f.parts[5], &di) {
			return false
		}
		versions, visible = di.parts[1], di.parts[6]
	}
	ids, lats, lons := wire{b: f.parts[1]}, wire{b: f.parts[8]}, wire{b: f.parts[9]}
	tags, vers, vis := wire{b: f.parts[10]}, wire{b: versions}, wire{b: visible}
	tagged := len(tags.b) > 0
	var id, lat, lon int64
	for len(ids.b) > 0 {
		id += ids.signed()
		lat += lats.signed()
		lon += lons.signed()
		v, shown := uint64(0), uint64(1)
		if versions != nil {
			v = vers.varint()
		}
		if visible != nil {
			shown = vis.varint()
		}
		if ids.bad || lats.bad || lons.bad || vers.bad || vis.bad {
			return false
		}
		o, wanted := k.start(kindNode, id)
		if tagged && !k.denseTags(&tags, wanted) {
			return false
		}
		if !wanted {
			continue
		}
		o.version, o.deleted = version(v), shown == 0
		o.lat, o.lon, o.placed = k.position(lat, lon)
		if tagged {
			o.tags = k.tags
		}
		k.task.visit(k.out, o)
	}
	return len(lats.b) == 0 && len(lons.b) == 0
}

// denseIDs only counts nodes and looks at their order, in passes that have no
// use for them. What is wrong with the rest of them is found by the pass that
// has.
func (k *block) denseIDs(ids []byte) bool {
	w, id, out := wire{b: ids}, int64(0), k.out
	for len(w.b) > 0 {
		id += w.signed()
		out.spans[0].add(id)
		out.counts[0]++
	}
	if out.counts[0] > 0 {
		out.holds |= kindNode
	}
	return !w.bad
}

// denseTags reads the tags of the next node, or passes over them.
func (k *block) denseTags(tags *wire, wanted bool) bool {
	k.tags = k.tags[:0]
	for {
		i := tags.varint()
		if tags.bad {
			return false
		}
		if i == 0 {
			return true
		}
		j := tags.varint()
		if tags.bad || i >= uint64(len(k.strings)) || j >= uint64(len(k.strings)) {
			return false
		}
		if wanted {
			k.tags = append(k.tags, Tag{k.strings[i], k.strings[j]})
		}
	}
}

func (k *block) way(data []byte) bool {
	var f fields
	if !split(data, &f) {
		return false
	}
	o, wanted := k.start(kindWay, int64(f.nums[1]))
	if !wanted || !k.interesting(f.parts[2]) {
		return true
	}
	var ok bool
	if o.tags, ok = k.pairs(f.parts[2], f.parts[3]); !ok || !info(f.parts[4], o) {
		return false
	}
	if k.task.tagged != nil && !k.task.tagged(kindWay, o.tags) {
		return true
	}
	k.refs = k.refs[:0]
	refs, id := wire{b: f.parts[8]}, int64(0)
	for len(refs.b) > 0 {
		id += refs.signed()
		k.refs = append(k.refs, id)
	}
	if refs.bad || len(k.refs) > maxWayRefs {
		return false
	}
	o.refs = k.refs
	if k.task.places && (f.parts[9] != nil || f.parts[10] != nil) && !k.along(o, f.parts[9], f.parts[10]) {
		return false
	}
	k.task.visit(k.out, o)
	return true
}

// along reads the positions of a way's nodes.
func (k *block) along(o *object, latitudes, longitudes []byte) bool {
	k.places = k.places[:0]
	lats, lons := wire{b: latitudes}, wire{b: longitudes}
	var lat, lon int64
	for range o.refs {
		lat += lats.signed()
		lon += lons.signed()
		y, x, _ := k.position(lat, lon)
		k.places = append(k.places, x, y)
	}
	o.places = k.places
	return !lats.bad && !lons.bad && len(lats.b) == 0 && len(lons.b) == 0
}

func (k *block) relation(data []byte) bool {
	var f fields
	if !split(data, &f) {
		return false
	}
	o, wanted := k.start(kindRelation, int64(f.nums[1]))
	if !wanted {
		return true
	}
	var ok bool
	if o.tags, ok = k.pairs(f.parts[2], f.parts[3]); !ok || !info(f.parts[4], o) {
		return false
	}
	if k.task.tagged != nil && !k.task.tagged(kindRelation, o.tags) {
		return true
	}
	k.members = k.members[:0]
	roles, ids, types := wire{b: f.parts[8]}, wire{b: f.parts[9]}, wire{b: f.parts[10]}
	id := int64(0)
	for len(ids.b) > 0 {
		role, kind := roles.varint(), types.varint()
		id += ids.signed()
		if roles.bad || types.bad || ids.bad || role >= uint64(len(k.strings)) || kind > 2 {
			return false
		}
		k.members = append(k.members, member{kindNode << kind, id, k.strings[role]})
	}
	if len(roles.b) > 0 || len(types.b) > 0 {
		return false
	}
	o.members = k.members
	k.task.visit(k.out, o)
	return true
}
