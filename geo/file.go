package geo

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/crc64"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"unsafe"
)

// A region file is a header, a table of sections, and the sections, all
// little-endian:
//
//	 0  8 bytes  magic "SLNGMAP\n"
//	 8  uint32   version
//	12  uint32   number of sections
//	16  uint64   length of the file
//	24  uint32   CRC-32C of the section table
//	28  uint32   CRC-32C of bytes 0 to 28
//	32           the table, 32 bytes a section:
//	               0  8 bytes  tag, padded with zeros
//	               8  uint64   offset from the start of the file, a multiple of 8
//	              16  uint64   length in bytes
//	              24  uint32   CRC-32C of the section
//	              28  uint32   0
//
// Sections follow one another in the order of the table, each filled up with
// zeros to a multiple of eight. A section is a flat array (see
// Region.sections), used in place; "meta" and "presets" are JSON. A reader skips tags that it does not know,
// so later versions can add sections without a new version; the version
// changes when a section that readers need changes its meaning or is gone.
//
// What follows from other sections is in the file only if to check it is
// quicker than to make it: the arcs' heads are, the arcs by their heads are
// not (see topology.index).
const (
	fileMagic   = "SLNGMAP\n"
	fileVersion = 3
	headerSize  = 32
	entrySize   = 32
	maxSections = 4096
)

// The ways in which a region file can be unusable. In every case the remedy is
// to build it again: slinga map build.
var (
	ErrNotRegion       = errors.New("geo: not a region file")
	ErrRegionVersion   = errors.New("geo: region file of another version")
	ErrRegionTruncated = errors.New("geo: region file is truncated")
	ErrRegionDamaged   = errors.New("geo: region file is damaged")
)

// rebuild tells what to do about an unusable file.
const rebuild = "build it again with `slinga map build`"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s; %s", ErrRegionDamaged, fmt.Sprintf(format, args...), rebuild)
}

// A section ties a tag to the slice that it holds.
type section struct {
	tag    string
	encode func() []byte
	decode func([]byte) error
}

// sections lists everything that a region file always holds. Reading and
// writing go by the same list.
func (r *Region) sections() []section {
	list := []section{
		{
			"meta",
			func() []byte {
				b, err := json.Marshal(r.meta)
				if err != nil {
					panic(err) // strings and a bool always marshal
				}
				return b
			},
			func(b []byte) error { return json.Unmarshal(b, &r.meta) },
		},
		flat("node", &r.nodes),
		flat("way", &r.ways),
		flat("ref", &r.refs),
		flat("segmm", &r.segMM),
		flat("segway", &r.segWay),
		flat("textat", &r.textFirst),
		flat("text", &r.textBytes),
		flat("restr", &r.restrictions),
		flat("viaway", &r.viaWays),
	}
	for i := range r.topologies {
		t, name := &r.topologies[i], topologyNames[i]+"."
		// A tag is at most eight bytes: the topology's first letter would do,
		// so "car.ch" reads well and "slow.ch" still fits.
		list = append(list,
			flat(name+"ch", &t.chainFirst),
			flat(name+"cs", &t.chainSegs),
			flat(name+"no", &t.nodeOf),
			flat(name+"hd", &t.chainHead),
			flat(name+"af", &t.arcFirst),
			flat(name+"at", &t.arcTail),
			flat(name+"ah", &t.arcHead),
			flat(name+"ac", &t.arcChain),
			flat(name+"am", &t.arcModes),
			flat(name+"ab", &t.arcBans),
			flat(name+"bn", &t.bans),
			flat(name+"rk", &t.rank),
			flat(name+"uf", &t.upFirst),
			flat(name+"uh", &t.upHead),
			flat(name+"tb", &t.tree.boxes),
		)
	}
	return list
}

// flat is a section that is an array of a fixed-size type.
func flat[T any](tag string, slice *[]T) section {
	size := int(unsafe.Sizeof(*new(T)))
	return section{
		tag,
		func() []byte { return bytesOf(*slice) },
		func(b []byte) error {
			if len(b)%size != 0 {
				return damaged("section %q has an odd length", tag)
			}
			*slice = sliceOf[T](b)
			return nil
		},
	}
}

// littleEndian tells whether this machine stores numbers as the file does.
var littleEndian = func() bool {
	x := uint16(1)
	return *(*byte)(unsafe.Pointer(&x)) == 1
}()

// bytesOf is the memory of a slice of fixed-size values, as little-endian
// bytes: the very same memory on most machines, a copy on others.
func bytesOf[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	if !littleEndian {
		b, err := binary.Append(nil, binary.LittleEndian, s)
		if err != nil {
			panic(err) // only for types that are not of fixed size
		}
		return b
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(s[0])))
}

// sliceOf is the inverse of bytesOf. The bytes begin at a multiple of eight in
// memory, which Load sees to.
func sliceOf[T any](b []byte) []T {
	size := int(unsafe.Sizeof(*new(T)))
	n := len(b) / size
	if n == 0 {
		return nil
	}
	if !littleEndian {
		s := make([]T, n)
		if _, err := binary.Decode(b, binary.LittleEndian, s); err != nil {
			panic(err)
		}
		return s
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// layout is a region file that is ready to be written: header and table, and
// what follows them, which is the region's own memory.
type layout struct {
	head     []byte
	contents [][]byte // by section, without the zeros that follow
	length   uint64   // of the file
}

// layout is of all sections, the presets last.
func (r *Region) layout() layout {
	list := r.sections()
	if carried := encodePresets(r.presets.now()); len(carried) > 0 {
		list = append(list, section{tag: presetTag, encode: func() []byte { return carried }})
	}
	l := layout{head: make([]byte, headerSize+entrySize*len(list)), contents: make([][]byte, len(list))}
	l.length = uint64(len(l.head))
	le := binary.LittleEndian
	sums := make([]func() error, len(list))
	for i, s := range list {
		e := l.head[headerSize+entrySize*i:]
		l.contents[i] = s.encode()
		copy(e[:8], s.tag)
		le.PutUint64(e[8:], l.length)
		le.PutUint64(e[16:], uint64(len(l.contents[i])))
		sums[i] = func() error {
			le.PutUint32(e[24:], crc32.Checksum(l.contents[i], castagnoli))
			return nil
		}
		l.length += filled(len(l.contents[i]))
	}
	_ = together(sums)
	copy(l.head, fileMagic)
	le.PutUint32(l.head[8:], fileVersion)
	le.PutUint32(l.head[12:], uint32(len(list)))
	le.PutUint64(l.head[16:], l.length)
	sealHeader(l.head, len(list))
	return l
}

// filled is a length with the zeros that follow a section.
func filled(n int) uint64 { return (uint64(n) + 7) &^ 7 }

// write writes the file, section by section.
func (l *layout) write(out io.Writer) (written int64, err error) {
	var zeros [8]byte
	put := func(b []byte) {
		if err == nil && len(b) > 0 {
			var n int
			n, err = out.Write(b)
			written += int64(n)
		}
	}
	put(l.head)
	for _, content := range l.contents {
		put(content)
		put(zeros[:filled(len(content))-uint64(len(content))])
	}
	return written, err
}

// WriteTo writes the bytes of the region file. It holds no second copy of
// them.
func (r *Region) WriteTo(out io.Writer) (written int64, err error) {
	if err := r.acquire(); err != nil {
		return 0, err
	}
	defer r.mu.RUnlock()
	l := r.layout()
	return l.write(out)
}

// seal gives a region that was built the size of its file's sections and its
// hash, as if it had been opened.
func (r *Region) seal() {
	l := r.layout()
	r.sizes = make(map[string]int64, len(l.contents))
	for i, s := range r.sections() {
		r.sizes[s.tag] = int64(len(l.contents[i]))
	}
	r.hash = tableHash(l.head[headerSize:])
}

// tableHash is the hash of the content: of every section's tag, length and
// checksum, but for presets, which change no answer. CRC-64 is a name, not a
// proof.
func tableHash(table []byte) string {
	hash := crc64.New(crc64.MakeTable(crc64.ECMA))
	for e := table; len(e) > 0; e = e[entrySize:] {
		if tagOf(e) != presetTag {
			hash.Write(e[:8])
			hash.Write(e[16:28])
		}
	}
	return fmt.Sprintf("%016x", hash.Sum64())
}

// tagOf is the tag of an entry of the table.
func tagOf(entry []byte) string { return string(bytes.TrimRight(entry[:8], "\x00")) }

// sealHeader computes the checksums of the header and the table.
func sealHeader(b []byte, count int) {
	le := binary.LittleEndian
	le.PutUint32(b[24:], crc32.Checksum(b[headerSize:headerSize+entrySize*count], castagnoli))
	le.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
}

// aligned is a byte slice that begins at a multiple of eight.
func aligned(n int) []byte {
	words := make([]uint64, (n+7)/8)
	if len(words) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), n)
}

// Load reads a region from the bytes of a region file. The bytes are used in
// place and must not change while the region is in use. Everything is checked
// first: lengths, checksums, and that every index is in range.
func Load(b []byte) (*Region, error) {
	if len(b) > 0 && uintptr(unsafe.Pointer(unsafe.SliceData(b)))%8 != 0 {
		moved := aligned(len(b))
		copy(moved, b)
		b = moved
	}
	r := &Region{sizes: map[string]int64{}}
	if err := r.decode(b); err != nil {
		return nil, err
	}
	if err := r.validate(); err != nil {
		return nil, err
	}
	return r, nil
}

// decode checks the header and the checksums and points the region's slices
// into the bytes.
func (r *Region) decode(b []byte) error {
	le := binary.LittleEndian
	if len(b) < len(fileMagic) || string(b[:len(fileMagic)]) != fileMagic {
		return fmt.Errorf("%w: it does not begin like one; %s from an OSM file", ErrNotRegion, "make one with `slinga map build`")
	}
	if len(b) < headerSize {
		return fmt.Errorf("%w: %d bytes are not even a header; %s", ErrRegionTruncated, len(b), rebuild)
	}
	if v := le.Uint32(b[8:]); v != fileVersion {
		return fmt.Errorf("%w: it has version %d, this program reads version %d; %s to the same name, which keeps its presets", ErrRegionVersion, v, fileVersion, rebuild)
	}
	if crc32.Checksum(b[:28], castagnoli) != le.Uint32(b[28:]) {
		return damaged("the header's checksum is wrong")
	}
	if length := le.Uint64(b[16:]); length > uint64(len(b)) {
		return fmt.Errorf("%w: it should have %d bytes and has %d; %s", ErrRegionTruncated, length, len(b), rebuild)
	} else if length < uint64(len(b)) {
		return damaged("it should have %d bytes and has %d", length, len(b))
	}
	count := le.Uint32(b[12:])
	if count > maxSections || uint64(headerSize)+entrySize*uint64(count) > uint64(len(b)) {
		return damaged("%d sections cannot be", count)
	}
	table := b[headerSize : headerSize+entrySize*int(count)]
	if crc32.Checksum(table, castagnoli) != le.Uint32(b[24:]) {
		return damaged("the section table's checksum is wrong")
	}
	found := make(map[string][]byte, count)
	sums := make([]func() error, 0, count)
	next := uint64(len(table) + headerSize)
	for e := table; len(e) > 0; e = e[entrySize:] {
		tag := tagOf(e)
		offset, length := le.Uint64(e[8:]), le.Uint64(e[16:])
		if offset%8 != 0 || offset > uint64(len(b)) || length > uint64(len(b))-offset {
			return damaged("section %q lies outside the file", tag)
		}
		// Sections follow one another in the order of the table, with zeros
		// between them, so that no byte of the file is left unchecked.
		if offset != next {
			return damaged("section %q does not follow the one before it", tag)
		}
		next = min((offset+length+7)&^7, uint64(len(b)))
		for _, filler := range b[offset+length : next] {
			if filler != 0 {
				return damaged("there is something behind section %q", tag)
			}
		}
		content := b[offset : offset+length : offset+length]
		sums = append(sums, func() error {
			if crc32.Checksum(content, castagnoli) != le.Uint32(e[24:]) {
				return damaged("section %q has a wrong checksum", tag)
			}
			return nil
		})
		if _, twice := found[tag]; twice {
			return damaged("section %q comes twice", tag)
		}
		if found[tag] = content; tag != presetTag {
			r.sizes[tag] = int64(length)
		}
	}
	if next != uint64(len(b)) {
		return damaged("%d bytes belong to no section", uint64(len(b))-next)
	}
	if err := together(sums); err != nil {
		return err
	}
	r.hash = tableHash(table)
	for _, s := range r.sections() {
		content, ok := found[s.tag]
		if !ok {
			return damaged("section %q is missing", s.tag)
		}
		if err := s.decode(content); err != nil {
			if errors.Is(err, ErrRegionDamaged) {
				return err
			}
			return damaged("section %q cannot be read", s.tag)
		}
	}
	if content, ok := found[presetTag]; ok {
		var err error
		r.presets.list, err = decodePresets(content)
		return err
	}
	return nil
}

// Open opens a region file. It is mapped into memory, where the system allows,
// and verified, so it is open in milliseconds and shared between processes.
// The file must not be changed in place while it is open; Save never does
// that.
func Open(path string) (*Region, error) {
	b, release, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	r, err := Load(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Join(err, release()))
	}
	r.release = release
	return r, nil
}

// ReadRegion reads a region file from a stream, at most limit bytes of it.
func ReadRegion(in io.Reader, limit int64) (*Region, error) {
	if limit == math.MaxInt64 {
		limit--
	}
	b, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrRegionDamaged, limit)
	}
	return Load(b)
}

// Save writes the region file. It is written beside the target and renamed
// when complete: a reader sees the old file or the new one, and a failure
// leaves nothing behind. A file that is replaced hands its permissions on.
func (r *Region) Save(path string) error {
	f, err := createBeside(path)
	if err != nil {
		return err
	}
	if _, err = r.WriteTo(f); err == nil {
		if stands, e := os.Stat(path); e == nil {
			err = f.Chmod(stands.Mode().Perm())
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// createBeside makes a new file in the folder of another, with the permissions
// that the system gives to new files.
func createBeside(path string) (f *os.File, err error) {
	for range 100 {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32()))
		if f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666); !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
	return nil, err
}

// sectionInfos sorts section sizes by tag.
func sectionInfos(sizes map[string]int64) []SectionInfo {
	list := make([]SectionInfo, 0, len(sizes))
	for tag, n := range sizes {
		list = append(list, SectionInfo{tag, n})
	}
	slices.SortFunc(list, func(a, b SectionInfo) int { return cmp.Compare(a.Tag, b.Tag) })
	return list
}
