// Package osmpbf writes maps in OpenStreetMap's PBF format, for files that are
// made up: a country to measure with, seeds to corrupt.
package osmpbf

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zlib"
)

// A Writer writes a map in PBF, block by block: dense nodes first, then ways,
// then relations, each ascending by id, as extracts are. It holds one block.
type Writer struct {
	out     io.Writer
	opts    Options
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

// Options of a Writer. The zero value writes what extracts are like.
type Options struct {
	BlockSize int  // objects in a block; 0: 8000
	Plain     bool // blocks are not packed
}

// Tag is a key and its value.
type Tag [2]string

// denseNodes are the nodes of a block, each field a list of differences.
type denseNodes struct {
	ids, lats, lons, tags, versions, times message
	id, lat, lon, time                     int64
}

// NewWriter begins a file.
func NewWriter(out io.Writer, opts Options) *Writer {
	w := &Writer{out: out, opts: opts}
	if opts.BlockSize == 0 {
		w.opts.BlockSize = 8000
	}
	w.pack, _ = zlib.NewWriterLevel(io.Discard, zlib.DefaultCompression) // the level is a valid one
	var header message
	header.blob(4, []byte("OsmSchema-V0.6"))
	header.blob(4, []byte("DenseNodes"))
	header.blob(5, []byte("Sort.Type_then_ID"))
	header.blob(16, []byte("slinga"))
	w.block("OSMHeader", header)
	w.begin()
	return w
}

// begin starts a block.
func (w *Writer) begin() {
	w.strings = map[string]uint64{"": 0}
	w.table = w.table[:0]
	w.table.blob(1, nil)
	w.group, w.count = w.group[:0], 0
	n := &w.nodes
	*n = denseNodes{ids: n.ids[:0], lats: n.lats[:0], lons: n.lons[:0], tags: n.tags[:0], versions: n.versions[:0], times: n.times[:0]}
}

// text gives the number of a string in the block's table.
func (w *Writer) text(s string) uint64 {
	n, known := w.strings[s]
	if !known {
		n = uint64(len(w.strings))
		w.strings[s] = n
		w.table.blob(1, []byte(s))
	}
	return n
}

// Node writes a node; coordinates are in 1e-7 degrees, time in seconds.
func (w *Writer) Node(id int64, lat, lon int32, version int32, time int64, tags []Tag) {
	n := &w.nodes
	n.ids.signed(id - n.id)
	n.lats.signed(int64(lat) - n.lat)
	n.lons.signed(int64(lon) - n.lon)
	n.versions.varint(uint64(version))
	n.times.signed(time - n.time)
	n.id, n.lat, n.lon, n.time = id, int64(lat), int64(lon), time
	for _, t := range tags {
		n.tags.varint(w.text(t[0]))
		n.tags.varint(w.text(t[1]))
	}
	n.tags.varint(0)
	w.counted()
}

// Way writes a way.
func (w *Writer) Way(id int64, version int32, time int64, refs []int64, tags []Tag) {
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

// Member is a member of a relation.
type Member struct {
	Role string
	Way  bool // else a node
	ID   int64
}

// Relation writes a relation.
func (w *Writer) Relation(id int64, version int32, time int64, members []Member, tags []Tag) {
	w.begun(id, version, time, tags)
	var roles, ids, kinds message
	last := int64(0)
	for _, m := range members {
		roles.varint(w.text(m.Role))
		ids.signed(m.ID - last)
		last = m.ID
		if m.Way {
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
func (w *Writer) begun(id int64, version int32, time int64, tags []Tag) {
	w.m = w.m[:0]
	w.m.number(1, uint64(id))
	w.part = w.part[:0]
	for _, t := range tags {
		w.part.varint(w.text(t[0]))
	}
	w.m.blob(2, w.part)
	w.part = w.part[:0]
	for _, t := range tags {
		w.part.varint(w.text(t[1]))
	}
	w.m.blob(3, w.part)
	w.part = w.part[:0]
	w.part.number(1, uint64(version))
	w.part.number(2, uint64(time))
	w.m.blob(4, w.part)
}

func (w *Writer) counted() {
	if w.count++; w.count == w.opts.BlockSize {
		_, _ = w.Flush() // the error stays in the writer
	}
}

// Flush ends the block. It comes between the kinds too, for a block holds one,
// and at the end. It returns the bytes written so far, and the first error.
func (w *Writer) Flush() (written int64, err error) {
	if w.count == 0 {
		return w.written, w.err
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
	return w.written, w.err
}

// Err is the first error that writing met.
func (w *Writer) Err() error { return w.err }

// block packs a message and writes it with its frame.
func (w *Writer) block(kind string, content message) {
	if w.err != nil {
		return
	}
	var blob, header message
	if w.opts.Plain {
		blob.blob(1, content)
	} else {
		var packed bytes.Buffer
		w.pack.Reset(&packed)
		if _, w.err = w.pack.Write(content); w.err == nil {
			w.err = w.pack.Close()
		}
		blob.number(2, uint64(len(content)))
		blob.blob(3, packed.Bytes())
	}
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
