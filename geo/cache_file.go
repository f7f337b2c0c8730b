package geo

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
)

// A file of the cache is one table, little-endian:
//
//	 0  8 bytes   magic "SLNGLEG\n"
//	 8  uint32    version
//	12  uint32    0
//	16  uint32    rows
//	20  uint32    columns
//	24  32 bytes  key of the metric
//	56  8 bytes   0
//	64            the places of the rows, 16 bytes each, ascending:
//	                0  int64   millimetres along the segment
//	                8  int32   segment
//	               12  int32   0
//	              the places of the columns, likewise
//	              seconds, int32, row by row
//	              metres, int32, row by row
//	              CRC-32C of the header and the places, uint32
//	              CRC-32C of the seconds
//	              CRC-32C of the metres
//	              CRC-32C of the twelve bytes before
//
// A place is where a road is, and nothing about who lives there.
const (
	cacheMagic   = "SLNGLEG\n"
	cacheVersion = 1
	cacheHeader  = 64
	cachePlace   = 16
	cacheTrailer = 16
	maxCached    = 1 << 20 // rows or columns
)

var errCacheFile = errors.New("geo: not a sound file of the cache")

// cacheKey is a SHA-256.
type cacheKey [sha256.Size]byte

// spot is a place on a road as the cache knows it.
type spot struct {
	at      int64
	segment int32
}

func (a spot) compare(b spot) int {
	return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.at, b.at))
}

// stored is a table with its places, each once and ascending.
type stored struct {
	metric     cacheKey
	rows, cols []spot
	table      Table
}

// storedSize is the length of the file of a table, or -1 where that is more
// than the format allows.
func storedSize(rows, cols uint32) int64 {
	if rows > maxCached || cols > maxCached || uint64(rows)*uint64(cols) > math.MaxInt32/4 {
		return -1
	}
	return cacheHeader + cachePlace*(int64(rows)+int64(cols)) + 8*int64(rows)*int64(cols) + cacheTrailer
}

// parts are the bytes of the table's file, one after the other.
func (s *stored) parts() [][]byte {
	head := make([]byte, 0, cacheHeader+cachePlace*(len(s.rows)+len(s.cols)))
	le := binary.LittleEndian
	head = append(head, cacheMagic...)
	head = le.AppendUint32(head, cacheVersion)
	head = le.AppendUint32(head, 0)
	head = le.AppendUint32(head, uint32(len(s.rows)))
	head = le.AppendUint32(head, uint32(len(s.cols)))
	head = append(head, s.metric[:]...)
	head = le.AppendUint64(head, 0)
	for _, list := range [...][]spot{s.rows, s.cols} {
		for _, p := range list {
			head = le.AppendUint64(head, uint64(p.at))
			head = le.AppendUint32(head, uint32(p.segment))
			head = le.AppendUint32(head, 0)
		}
	}
	seconds, metres := bytesOf(s.table.Seconds), bytesOf(s.table.Metres)
	sums := cacheSums(head, seconds, metres)
	return [][]byte{head, seconds, metres, sums[:]}
}

// cacheSums is the end of a file.
func cacheSums(parts ...[]byte) (sums [cacheTrailer]byte) {
	le := binary.LittleEndian
	inBlocks(0, len(parts), 1, func() func(first, end int) {
		return func(first, _ int) { le.PutUint32(sums[4*first:], crc32.Checksum(parts[first], castagnoli)) }
	})
	le.PutUint32(sums[12:], crc32.Checksum(sums[:12], castagnoli))
	return sums
}

// name is the key of a table: of its metric and its places.
func (s *stored) name() cacheKey {
	h := sha256.New()
	h.Write(s.metric[:])
	for _, list := range [...][]spot{s.rows, s.cols} {
		_ = binary.Write(h, binary.LittleEndian, uint64(len(list)))
		for _, p := range list {
			_ = binary.Write(h, binary.LittleEndian, p.at)
			_ = binary.Write(h, binary.LittleEndian, p.segment)
		}
	}
	return cacheKey(h.Sum(nil))
}

// readPlaces reads the header and the places of a file of the given size.
// Nothing in it is sure before the checksum is.
func readPlaces(in io.Reader, size int64) (*stored, error) {
	var header [cacheHeader]byte
	if _, err := io.ReadFull(in, header[:]); err != nil {
		return nil, errCacheFile
	}
	le := binary.LittleEndian
	rows, cols := le.Uint32(header[16:]), le.Uint32(header[20:])
	switch {
	case string(header[:8]) != cacheMagic, le.Uint32(header[8:]) != cacheVersion, le.Uint32(header[12:]) != 0, le.Uint64(header[56:]) != 0:
		return nil, errCacheFile
	case storedSize(rows, cols) != size: // so memory is bounded by the file
		return nil, errCacheFile
	}
	s := &stored{metric: cacheKey(header[24:56])}
	b := make([]byte, cachePlace*(int(rows)+int(cols)))
	if _, err := io.ReadFull(in, b); err != nil {
		return nil, errCacheFile
	}
	list := make([]spot, rows+cols)
	for i := range list {
		e := b[cachePlace*i:]
		list[i] = spot{int64(le.Uint64(e)), int32(le.Uint32(e[8:]))}
		if le.Uint32(e[12:]) != 0 {
			return nil, errCacheFile
		}
	}
	s.rows, s.cols = list[:rows:rows], list[rows:]
	for _, list := range [...][]spot{s.rows, s.cols} {
		for i := 1; i < len(list); i++ {
			if list[i-1].compare(list[i]) >= 0 {
				return nil, errCacheFile
			}
		}
	}
	return s, nil
}

// decodeStored reads a file of the cache and believes nothing that its
// checksums do not cover. The bytes are used in place.
func decodeStored(b []byte) (*stored, error) {
	s, err := readPlaces(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	n := len(s.rows) * len(s.cols)
	head := b[:len(b)-cacheTrailer-8*n]
	seconds, metres := b[len(head):len(head)+4*n], b[len(head)+4*n:len(b)-cacheTrailer]
	if sums := cacheSums(head, seconds, metres); !bytes.Equal(sums[:], b[len(b)-cacheTrailer:]) {
		return nil, fmt.Errorf("%w: a checksum is wrong", errCacheFile)
	}
	s.table = Table{Rows: len(s.rows), Cols: len(s.cols), Seconds: sliceOf[int32](seconds), Metres: sliceOf[int32](metres)}
	sign := int32(0)
	for i, v := range s.table.Seconds {
		sign |= v | s.table.Metres[i]
	}
	if sign < 0 {
		return nil, fmt.Errorf("%w: a leg cannot be", errCacheFile)
	}
	return s, nil
}

// lookUp is the index of each place in a list that ascends, or -1.
func lookUp(places, list []spot) []int32 {
	at := make([]int32, len(places))
	for i, p := range places {
		at[i] = -1
		if k, ok := slices.BinarySearchFunc(list, p, spot.compare); ok {
			at[i] = int32(k)
		}
	}
	return at
}
