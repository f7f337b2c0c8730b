package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// mutation changes a file. The result may share memory with nothing.
type mutation struct {
	name   string
	sealed bool // checksums and lengths are right again afterwards
	apply  func(r *rand.Rand, b []byte) []byte
}

// The mutations by form of file. More than half of those of region files leave
// checksums that are right.
var mutations = [forms][]mutation{
	regionForm: {
		{"bytes", false, damage},
		{"bytes, checksums anew", true, func(r *rand.Rand, b []byte) []byte { return sealed(damage(r, b)) }},
		{"numbers, checksums anew", true, func(r *rand.Rand, b []byte) []byte { return sealed(words(r, b)) }},
		{"a section's numbers", true, sectionNumbers},
		{"values that are no index", true, sectionValues},
		{"sections", true, sectionList},
	},
	pbfForm:   {{"bytes", false, damage}, {"unpacked bytes, packed anew", true, repacked}, {"unpacked bytes, packed anew", true, repacked}},
	plainForm: {{"bytes", false, damage}, {"bytes of blocks, framed anew", true, repacked}},
	xmlForm:   {{"bytes", false, damage}, {"numbers", false, digits}, {"parts", false, splice}},
	gzipForm:  {{"bytes", false, damage}, {"text, packed anew", true, regzipped}, {"text, packed anew", true, regzipped}},
}

func sealed(b []byte) []byte {
	if len(b) >= headerSize {
		copy(b, "SLNGMAP\n")
		little.PutUint64(b[16:], uint64(len(b)))
		reseal(b)
	}
	return b
}

// damage changes one to four spots in ways that know nothing of the format.
func damage(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(4) {
		b = one(r, b)
	}
	return b
}

var bad = [...]byte{0, 1, 0x7f, 0x80, 0xfe, 0xff}

// one changes one spot.
func one(r *rand.Rand, b []byte) []byte {
	if len(b) == 0 {
		return append(b, byte(r.Uint32()))
	}
	at := r.IntN(len(b))
	switch r.IntN(9) {
	case 0:
		b[at] ^= 1 << r.IntN(8)
	case 1:
		b[at] = byte(r.Uint32())
	case 2:
		b[at] = bad[r.IntN(len(bad))]
	case 3: // a number that does not end, or a huge one
		blown := bytes.Repeat([]byte{0xff}, 1+r.IntN(10))
		b = slices.Insert(b, at, append(blown, byte(r.IntN(128)))...)
	case 4:
		b = slices.Delete(b, at, min(len(b), at+1+r.IntN(40)))
	case 5:
		b = b[:at]
	case 6:
		return splice(r, b)
	case 7:
		b[at]++
	case 8:
		if at+8 <= len(b) {
			binary.LittleEndian.PutUint64(b[at:], r.Uint64()>>r.IntN(64))
		}
	}
	return b
}

// splice copies a piece of the file to somewhere else in it.
func splice(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	if len(b) == 0 {
		return b
	}
	from := r.IntN(len(b))
	piece := bytes.Clone(b[from:min(len(b), from+1+r.IntN(200))])
	at := r.IntN(len(b))
	if r.IntN(2) == 0 {
		copy(b[at:], piece)
		return b
	}
	return slices.Insert(b, at, piece...)
}

// number gives a number that a field may not like, or may.
func number(r *rand.Rand, old int32) int32 {
	switch r.IntN(9) {
	case 0:
		return old + 1
	case 1:
		return old - 1
	case 2:
		return -1
	case 3:
		return math.MaxInt32
	case 4:
		return math.MinInt32
	case 5:
		return old ^ 1
	case 6:
		return old ^ 1<<r.IntN(32)
	case 7:
		return int32(r.Uint32() >> r.IntN(32))
	}
	return r.Int32N(64)
}

// words changes whole numbers anywhere in a file.
func words(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(4) {
		if at := r.IntN(len(b)/4) * 4; at+4 <= len(b) {
			little.PutUint32(b[at:], uint32(number(r, int32(little.Uint32(b[at:])))))
		}
	}
	return b
}

// sectionNumbers changes numbers of sections, their order and how many there
// are, and leaves the file's layout sound.
func sectionNumbers(r *rand.Rand, b []byte) []byte {
	list, err := parts(b)
	if err != nil {
		return bytes.Clone(b)
	}
	for range 1 + r.IntN(3) {
		p := &list[r.IntN(len(list))]
		p.content = section(r, bytes.Clone(p.content))
	}
	return whole(little.Uint32(b[8:]), list)
}

// valued are the sections in which much may stand that is not an index, and
// that a file may say without being refused.
var valued = [...]string{"node", "way", "segmm", "car.am", "slow.am", "restr", "text", "meta", "car.hd", "slow.hd", "car.ab", "slow.ab", "car.bn", "slow.bn"}

// sectionValues changes such a section here and there.
func sectionValues(r *rand.Rand, b []byte) []byte {
	list, err := parts(b)
	if err != nil {
		return bytes.Clone(b)
	}
	tag := valued[r.IntN(len(valued))]
	for i := range list {
		if list[i].tag != tag || len(list[i].content) < 4 {
			continue
		}
		c := bytes.Clone(list[i].content)
		for range 1 + r.IntN(2) {
			if r.IntN(2) == 0 {
				c[r.IntN(len(c))] = byte(r.Uint32() >> r.IntN(32))
				continue
			}
			at := 4 * r.IntN(len(c)/4)
			little.PutUint32(c[at:], uint32(number(r, int32(little.Uint32(c[at:])))))
		}
		list[i].content = c
	}
	return whole(little.Uint32(b[8:]), list)
}

func section(r *rand.Rand, c []byte) []byte {
	n := len(c) / 4
	if n == 0 {
		return append(c, 0, 0, 0, 0)
	}
	at, other := 4*r.IntN(n), 4*r.IntN(n)
	a, o := little.Uint32(c[at:]), little.Uint32(c[other:])
	switch r.IntN(10) {
	case 0: // swapped
		little.PutUint32(c[at:], o)
		little.PutUint32(c[other:], a)
	case 1: // the same twice
		little.PutUint32(c[at:], o)
	case 2:
		return slices.Delete(c, at, at+4)
	case 3:
		return slices.Insert(c, at, c[other:other+4]...)
	case 4:
		c[r.IntN(len(c))] = byte(r.Uint32())
	case 5:
		return c[:at]
	default:
		little.PutUint32(c[at:], uint32(number(r, int32(a))))
	}
	return c
}

// sectionList leaves sections out, doubles, swaps and renames them.
func sectionList(r *rand.Rand, b []byte) []byte {
	list, err := parts(b)
	if err != nil {
		return bytes.Clone(b)
	}
	i, j := r.IntN(len(list)), r.IntN(len(list))
	switch r.IntN(6) {
	case 0:
		list = slices.Delete(list, i, i+1)
	case 1:
		list = slices.Insert(list, i, list[j])
	case 2:
		list[i].content = list[j].content
	case 3:
		list[i], list[j] = list[j], list[i]
	case 4:
		list[i].content = nil
	case 5:
		list[i].tag = "new"
	}
	return whole(little.Uint32(b[8:]), list)
}

// repacked changes blocks of a PBF file where they are unpacked, and frames
// them anew.
func repacked(r *rand.Rand, b []byte) []byte {
	var out []byte
	blocks := frames(b)
	hit := r.IntN(max(1, len(blocks)))
	for i, f := range blocks {
		if i == hit || r.IntN(8) == 0 {
			f.content = damage(r, f.content)
		}
		out = f.append(out)
	}
	return out
}

// frame is a block of a PBF file.
type frame struct {
	kind    []byte // the header's bytes up to the size
	packed  bool
	content []byte
}

// frames takes a seed apart; what is not framed as our own writer does is left
// out.
func frames(b []byte) (list []frame) {
	for len(b) > 4 {
		n := int(binary.BigEndian.Uint32(b))
		if n+4 > len(b) {
			return list
		}
		header := b[4 : 4+n]
		b = b[4+n:]
		end := 2 + int(header[1]) // the kind: tag, length, text
		size, _ := binary.Uvarint(header[end+1:])
		blob := b[:size]
		b = b[size:]
		f := frame{kind: header[:end]}
		if blob[0] == 2<<3 { // the size when unpacked, then the packed bytes
			_, k := binary.Uvarint(blob[1:])
			blob = blob[1+k:]
			f.packed = true
		}
		_, k := binary.Uvarint(blob[1:])
		content := blob[1+k:]
		if f.packed {
			var raw bytes.Buffer
			if z, err := zlib.NewReader(bytes.NewReader(content)); err == nil {
				_, _ = raw.ReadFrom(z) // a seed of our own making
			}
			content = raw.Bytes()
		}
		f.content = content
		list = append(list, f)
	}
	return list
}

func (f *frame) append(out []byte) []byte {
	var blob []byte
	if f.packed {
		var z bytes.Buffer
		w := zlibWriters.Get().(*zlib.Writer)
		w.Reset(&z)
		_, _ = w.Write(f.content) // into memory
		_ = w.Close()
		zlibWriters.Put(w)
		blob = binary.AppendUvarint([]byte{2 << 3}, uint64(len(f.content)))
		blob = append(binary.AppendUvarint(append(blob, 3<<3|2), uint64(z.Len())), z.Bytes()...)
	} else {
		blob = append(binary.AppendUvarint([]byte{1<<3 | 2}, uint64(len(f.content))), f.content...)
	}
	header := binary.AppendUvarint(append(bytes.Clone(f.kind), 3<<3), uint64(len(blob)))
	out = binary.BigEndian.AppendUint32(out, uint32(len(header)))
	return append(append(out, header...), blob...)
}

// Packers are large, and used again.
var (
	zlibWriters = sync.Pool{New: func() any {
		w, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // the level is a valid one
		return w
	}}
	gzipWriters = sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return w
	}}
)

// regzipped changes what a gzip file holds and packs it again.
func regzipped(r *rand.Rand, b []byte) []byte {
	unpacked, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return bytes.Clone(b)
	}
	text, _ := io.ReadAll(unpacked) // a seed of our own making
	if r.IntN(2) == 0 {
		text = damage(r, text)
	} else {
		text = digits(r, text)
	}
	var z bytes.Buffer
	w := gzipWriters.Get().(*gzip.Writer)
	w.Reset(&z)
	_, _ = w.Write(text)
	_ = w.Close()
	gzipWriters.Put(w)
	return z.Bytes()
}

// digits changes numbers that are written in figures.
func digits(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(3) {
		at := r.IntN(len(b))
		for k := 0; k < 200 && at < len(b) && (b[at] < '0' || b[at] > '9'); k++ {
			at++
		}
		if at >= len(b) {
			continue
		}
		switch r.IntN(5) {
		case 0:
			b[at] = byte('0' + r.IntN(10))
		case 1:
			b = slices.Insert(b, at, bytes.Repeat([]byte{'9'}, 1+r.IntN(30))...)
		case 2:
			b = slices.Insert(b, at, '-')
		case 3:
			b = slices.Delete(b, at, at+1)
		case 4:
			b = slices.Insert(b, at, []byte("1e300")...)
		}
	}
	return b
}
