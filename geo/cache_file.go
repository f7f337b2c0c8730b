package geo

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
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
//	              32 bytes: SHA-256 of all before
//
// A place is where a road is, and nothing about who lives there.
const (
	cacheMagic   = "SLNGLEG\n"
	cacheVersion = 1
	cacheHeader  = 64
	cachePlace   = 16
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
	return cacheHeader + cachePlace*(int64(rows)+int64(cols)) + 8*int64(rows)*int64(cols) + sha256.Size
}

// encode writes the table as the bytes of its file.
func (s *stored) encode() []byte {
	b := make([]byte, 0, storedSize(uint32(len(s.rows)), uint32(len(s.cols))))
	le := binary.LittleEndian
	b = append(b, cacheMagic...)
	b = le.AppendUint32(b, cacheVersion)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, uint32(len(s.rows)))
	b = le.AppendUint32(b, uint32(len(s.cols)))
	b = append(b, s.metric[:]...)
	b = le.AppendUint64(b, 0)
	for _, list := range [...][]spot{s.rows, s.cols} {
		for _, p := range list {
			b = le.AppendUint64(b, uint64(p.at))
			b = le.AppendUint32(b, uint32(p.segment))
			b = le.AppendUint32(b, 0)
		}
	}
	b = append(b, bytesOf(s.table.Seconds)...)
	b = append(b, bytesOf(s.table.Metres)...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
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

// decode reads a file of the cache and believes nothing that its checksum does
// not cover.
func decodeStored(b []byte) (*stored, error) {
	if len(b) < cacheHeader+sha256.Size {
		return nil, errCacheFile
	}
	body := b[:len(b)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], b[len(body):]) {
		return nil, fmt.Errorf("%w: its checksum is wrong", errCacheFile)
	}
	s, err := readPlaces(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	n := len(s.rows) * len(s.cols)
	cells := body[len(body)-8*n:]
	s.table = Table{Rows: len(s.rows), Cols: len(s.cols), Seconds: make([]int32, n), Metres: make([]int32, n)}
	le := binary.LittleEndian
	for i := range n {
		s.table.Seconds[i] = int32(le.Uint32(cells[4*i:]))
		s.table.Metres[i] = int32(le.Uint32(cells[4*(n+i):]))
	}
	for i, seconds := range s.table.Seconds {
		if metres := s.table.Metres[i]; seconds < 0 || metres < 0 || (seconds == Unreachable) != (metres == Unreachable) {
			return nil, fmt.Errorf("%w: a leg cannot be", errCacheFile)
		}
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
