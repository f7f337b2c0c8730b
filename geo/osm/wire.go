package osm

import "encoding/binary"

// The decoder for the PBF format is our own, and reads protobuf's wire format
// directly. Files come from strangers: every length is checked before it is
// used, nothing is allocated by a number that the file merely states, and
// only the fields that matter for travel are looked at.

// wire is a cursor over one protobuf message. After the first fault every
// method does nothing and gives zero, so callers check bad once at the end.
type wire struct {
	b   []byte
	bad bool
}

// The wire types of protobuf.
const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

// next reads the key of the next field. ok is false at the end of the
// message, and at a fault.
func (w *wire) next() (field, kind int, ok bool) {
	if len(w.b) == 0 || w.bad {
		return 0, 0, false
	}
	key := w.varint()
	field, kind = int(key>>3), int(key&7)
	if key>>32 != 0 || field == 0 {
		w.bad = true
	}
	return field, kind, !w.bad
}

// varint reads an unsigned number of up to 10 bytes.
func (w *wire) varint() uint64 {
	// Most numbers in a map are small differences.
	if len(w.b) > 0 && w.b[0] < 0x80 {
		v := w.b[0]
		w.b = w.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(w.b)
	if n <= 0 {
		w.fail()
		return 0
	}
	w.b = w.b[n:]
	return v
}

// signed reads a zigzag number.
func (w *wire) signed() int64 {
	v := w.varint()
	return int64(v>>1) ^ -int64(v&1)
}

// bytes reads a field with a length. The result shares the message's memory.
func (w *wire) bytes() []byte {
	n := w.varint()
	if n > uint64(len(w.b)) {
		w.fail()
		return nil
	}
	v := w.b[:n:n]
	w.b = w.b[n:]
	return v
}

// skip passes over the value of a field that is of no interest.
func (w *wire) skip(kind int) {
	switch kind {
	case wireVarint:
		w.varint()
	case wireBytes:
		w.bytes()
	case wireFixed8:
		w.drop(8)
	case wireFixed4:
		w.drop(4)
	default:
		w.fail() // groups have been out of use for longer than the format exists
	}
}

func (w *wire) drop(n int) {
	if n > len(w.b) {
		w.fail()
		return
	}
	w.b = w.b[n:]
}

func (w *wire) fail() { w.b, w.bad = nil, true }

// want reads a field's bytes or number when it has the kind that the format
// prescribes, and fails otherwise.
func (w *wire) wantBytes(kind int) []byte {
	if kind != wireBytes {
		w.fail()
		return nil
	}
	return w.bytes()
}

func (w *wire) wantVarint(kind int) uint64 {
	if kind != wireVarint {
		w.fail()
		return 0
	}
	return w.varint()
}
