package main

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zlib"
)

// A writer writes a map in PBF, block by block: dense nodes first, then ways,
// then relations, each ascending by id, as extracts are. It holds one block.
type writer struct {
	out     io.Writer
	err     error
	written int64
	pack    *zlib.Writer

	strings map[string]uint64 // of the block
	table   message
	nodes   denseNodes
	group   message // ways or relations of the block
	count   int
	m       message // one way or relation
	part    message // one packed field of it
}

// blockSize is how many objects a block holds, as in the extracts that people
// download.
const blockSize = 8000

// tag is a key and its value.
type tag struct{ key, value string }

// denseNodes are the nodes of a block, each field a list of differences.
type denseNodes struct {
	ids, lats, lons, tags, versions, times message
	id, lat, lon, time                     int64
}

func newWriter(out io.Writer) *writer {
	w := &writer{out: out}
	w.pack, _ = zlib.NewWriterLevel(io.Discard, zlib.DefaultCompression) // the level is a valid one
	var header message
	header.blob(4, []byte("OsmSchema-V0.6"))
	header.blob(4, []byte("DenseNodes"))
	header.blob(5, []byte("Sort.Type_then_ID"))
	header.blob(16, []byte("slinga, a modelled country"))
	w.block("OSMHeader", header)
	w.begin()
	return w
}

// begin starts a block.
func (w *writer) begin() {
	w.strings = map[string]uint64{"": 0}
	w.table = w.table[:0]
	w.table.blob(1, nil)
	w.group, w.count = w.group[:0], 0
	n := &w.nodes
	*n = denseNodes{ids: n.ids[:0], lats: n.lats[:0], lons: n.lons[:0], tags: n.tags[:0], versions: n.versions[:0], times: n.times[:0]}
}

// text gives the number of a string in the block's table.
func (w *writer) text(s string) uint64 {
	n, known := w.strings[s]
	if !known {
		n = uint64(len(w.strings))
		w.strings[s] = n
		w.table.blob(1, []byte(s))
	}
	return n
}

// node writes a node; coordinates are in 1e-7 degrees, time in seconds.
func (w *writer) node(id int64, lat, lon int32, version int32, time int64, tags []tag) {
	n := &w.nodes
	n.ids.signed(id - n.id)
	n.lats.signed(int64(lat) - n.lat)
	n.lons.signed(int64(lon) - n.lon)
	n.versions.varint(uint64(version))
	n.times.signed(time - n.time)
	n.id, n.lat, n.lon, n.time = id, int64(lat), int64(lon), time
	for _, t := range tags {
		n.tags.varint(w.text(t.key))
		n.tags.varint(w.text(t.value))
	}
	n.tags.varint(0)
	w.counted()
}

// way writes a way.
func (w *writer) way(id int64, version int32, time int64, refs []int64, tags []tag) {
	w.begun(id, version, time, tags)
	w.part = w.part[:0]
	last := int64(0)
	for _, ref := range refs {
		w.part.signed(ref - last)
		last = ref
	}
	w.m.blob(8, w.part)
	w.group.blob(3, w.m)
	w.counted()
}

// member is a member of a relation.
type member struct {
	role string
	way  bool // else a node
	id   int64
}

// relation writes a relation.
func (w *writer) relation(id int64, version int32, time int64, members []member, tags []tag) {
	w.begun(id, version, time, tags)
	var roles, ids, kinds message
	last := int64(0)
	for _, m := range members {
		roles.varint(w.text(m.role))
		ids.signed(m.id - last)
		last = m.id
		if m.way {
			kinds.varint(1)
		} else {
			kinds.varint(0)
		}
	}
	w.m.blob(8, roles)
	w.m.blob(9, ids)
	w.m.blob(10, kinds)
	w.group.blob(4, w.m)
	w.counted()
}

// begun starts w.m with what ways and relations have in common.
func (w *writer) begun(id int64, version int32, time int64, tags []tag) {
	w.m = w.m[:0]
	w.m.number(1, uint64(id))
	w.part = w.part[:0]
	for _, t := range tags {
		w.part.varint(w.text(t.key))
	}
	w.m.blob(2, w.part)
	w.part = w.part[:0]
	for _, t := range tags {
		w.part.varint(w.text(t.value))
	}
	w.m.blob(3, w.part)
	w.part = w.part[:0]
	w.part.number(1, uint64(version))
	w.part.number(2, uint64(time))
	w.m.blob(4, w.part)
}

func (w *writer) counted() {
	if w.count++; w.count == blockSize {
		w.flush()
	}
}

// flush ends the block. It comes between the kinds too, for a block holds one.
func (w *writer) flush() {
	if w.count == 0 {
		return
	}
	group := w.group
	if n := &w.nodes; len(n.ids) > 0 {
		var info, dense message
		info.blob(1, n.versions)
		info.blob(2, n.times)
		dense.blob(1, n.ids)
		dense.blob(5, info)
		dense.blob(8, n.lats)
		dense.blob(9, n.lons)
		dense.blob(10, n.tags)
		group = nil
		group.blob(2, dense)
	}
	var primitive message
	primitive.blob(1, w.table)
	primitive.blob(2, group)
	w.block("OSMData", primitive)
	w.begin()
}

// block packs a message and writes it with its frame.
func (w *writer) block(kind string, content message) {
	if w.err != nil {
		return
	}
	var packed bytes.Buffer
	w.pack.Reset(&packed)
	if _, w.err = w.pack.Write(content); w.err == nil {
		w.err = w.pack.Close()
	}
	var blob, header message
	blob.number(2, uint64(len(content)))
	blob.blob(3, packed.Bytes())
	header.blob(1, []byte(kind))
	header.number(3, uint64(len(blob)))
	for _, part := range [][]byte{binary.BigEndian.AppendUint32(nil, uint32(len(header))), header, blob} {
		if w.err == nil {
			var n int
			n, w.err = w.out.Write(part)
			w.written += int64(n)
		}
	}
}

// message is a protobuf message in the making.
type message []byte

func (m *message) varint(v uint64) { *m = binary.AppendUvarint(*m, v) }
func (m *message) signed(v int64)  { *m = binary.AppendVarint(*m, v) } // zigzag, as protobuf has it

func (m *message) number(field int, v uint64) {
	m.varint(uint64(field) << 3)
	m.varint(v)
}

func (m *message) blob(field int, b []byte) {
	m.varint(uint64(field)<<3 | 2)
	m.varint(uint64(len(b)))
	*m = append(*m, b...)
}
