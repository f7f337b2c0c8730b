package interop

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"
)

// The binary form of a matrix. All numbers are little-endian:
//
//	bytes            what
//	8                "SLMATRIX"
//	4                version, 1
//	4                flags; 1: the columns' ids are the rows' and stand once
//	8                R, rows
//	8                C, columns
//	8                I, bytes of ids
//	4 R C            seconds, row by row, int32; 2147483647: no way
//	4 R C            metres, likewise
//	I                for each row, then (without the flag) for each column: the
//	                 id's length in bytes, 4, and the id in UTF-8
//	4                CRC-32C (Castagnoli) of everything before it
//
// The numbers begin at byte 40, so that a file that is mapped into memory can
// be used in place.
const (
	matrixMagic   = "SLMATRIX"
	matrixVersion = 1
	sameIDs       = 1
	headBytes     = 40
	checkBytes    = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteMatrix writes a matrix in its binary form, which is documented in
// docs/interop.md. The same matrix gives the same bytes.
func WriteMatrix(w io.Writer, m *Matrix) error {
	if err := m.Validate(); err != nil {
		return err
	}
	same := slices.Equal(m.From, m.To)
	ids := appendIDs(nil, m.From)
	flags := uint32(sameIDs)
	if !same {
		ids, flags = appendIDs(ids, m.To), 0
	}
	head := append(make([]byte, 0, headBytes), matrixMagic...)
	head = binary.LittleEndian.AppendUint32(head, matrixVersion)
	head = binary.LittleEndian.AppendUint32(head, flags)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(m.From)))
	head = binary.LittleEndian.AppendUint64(head, uint64(len(m.To)))
	head = binary.LittleEndian.AppendUint64(head, uint64(len(ids)))
	check := crc32.New(castagnoli)
	out := bufio.NewWriterSize(io.MultiWriter(w, check), 1<<16)
	_, _ = out.Write(head) // errors stay in the writer until Flush
	writeInts(out, m.Seconds)
	writeInts(out, m.Metres)
	_, _ = out.Write(ids)
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := w.Write(binary.LittleEndian.AppendUint32(nil, check.Sum32()))
	return err
}

func appendIDs(b []byte, ids []string) []byte {
	for _, id := range ids {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(id))), id...)
	}
	return b
}

func writeInts(out *bufio.Writer, values []int32) {
	for _, v := range values {
		_, _ = out.Write(binary.LittleEndian.AppendUint32(out.AvailableBuffer(), uint32(v)))
	}
}

// ReadMatrix reads a matrix that WriteMatrix wrote, to the end of the input. It
// takes no more memory than what is read deserves, and checks everything: the
// length, the checksum, and what Validate does. An error of the input wraps
// ErrInput.
func ReadMatrix(in io.Reader) (*Matrix, error) {
	size := sizeOf(in)
	r := &matrixReader{in: bufio.NewReaderSize(in, 1<<16), check: crc32.New(castagnoli)}
	var head [headBytes]byte
	if err := r.read(head[:]); err != nil {
		return nil, err
	}
	if string(head[:8]) != matrixMagic {
		return nil, matrixError("is not a matrix in binary form")
	}
	number := binary.LittleEndian.Uint64
	version, flags := binary.LittleEndian.Uint32(head[8:]), binary.LittleEndian.Uint32(head[12:])
	rows, cols, idBytes := number(head[16:]), number(head[24:]), number(head[32:])
	switch {
	case version != matrixVersion:
		return nil, Errors{{Message: fmt.Sprintf("is a matrix of version %d; this program reads version %d", version, matrixVersion), Kind: ErrUnsupported}}
	case flags&^sameIDs != 0:
		return nil, matrixError("has flags that are not known")
	case flags == sameIDs && rows != cols:
		return nil, matrixError("has the same ids for rows and columns, but not as many of both")
	case rows > math.MaxInt32 || cols > math.MaxInt32 || cols > 0 && rows > math.MaxInt32/cols:
		return nil, matrixError("has too many entries")
	}
	entries, ids := int(rows*cols), rows
	if flags != sameIDs {
		ids += cols
	}
	if idBytes < 5*ids || idBytes > (4+longestID)*ids {
		return nil, matrixError("has ids of another length than its rows and columns need")
	}
	whole := headBytes + 8*uint64(entries) + idBytes + checkBytes
	if size >= 0 && uint64(size) != whole {
		return nil, matrixError(fmt.Sprintf("holds %d bytes where %d are due", size, whole))
	}
	m := &Matrix{}
	var err error
	if m.Seconds, err = r.ints(entries, size >= 0); err != nil {
		return nil, err
	}
	if m.Metres, err = r.ints(entries, size >= 0); err != nil {
		return nil, err
	}
	if m.From, err = r.ids(int(rows), &idBytes); err != nil {
		return nil, err
	}
	if flags == sameIDs {
		m.To = slices.Clone(m.From)
	} else if m.To, err = r.ids(int(cols), &idBytes); err != nil {
		return nil, err
	}
	if idBytes != 0 {
		return nil, matrixError("has bytes between its ids and its checksum")
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return m, nil
}

func matrixError(message string) error { return Errors{{Message: message, Kind: ErrInput}} }

// sizeOf is how many bytes are left to read, -1 if that cannot be told.
func sizeOf(in io.Reader) int64 {
	switch in := in.(type) {
	case interface{ Len() int }:
		return int64(in.Len())
	case *os.File:
		info, err := in.Stat()
		at, errSeek := in.Seek(0, io.SeekCurrent)
		if err == nil && errSeek == nil && info.Mode().IsRegular() {
			return max(info.Size()-at, 0)
		}
	}
	return -1
}

// matrixReader reads and sums up.
type matrixReader struct {
	in    *bufio.Reader
	check hash.Hash32
}

func (r *matrixReader) read(b []byte) error {
	if _, err := io.ReadFull(r.in, b); err != nil {
		return cutShort(err)
	}
	_, _ = r.check.Write(b) // a hash never fails
	return nil
}

func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return matrixError("is cut short")
	}
	return fmt.Errorf("interop: cannot read the matrix: %w", err)
}

// ints reads numbers. Where it is not known that they will come, memory grows
// with those that have.
func (r *matrixReader) ints(n int, sure bool) ([]int32, error) {
	chunk := make([]byte, 1<<15)
	values := make([]int32, 0, min(n, len(chunk)/4))
	if sure {
		values = make([]int32, 0, n)
	}
	for len(values) < n {
		part := chunk[:4*min(n-len(values), len(chunk)/4)]
		if err := r.read(part); err != nil {
			return nil, err
		}
		for ; len(part) > 0; part = part[4:] {
			values = append(values, int32(binary.LittleEndian.Uint32(part)))
		}
	}
	return values, nil
}

// ids reads ids; left is how many bytes of ids there still are.
func (r *matrixReader) ids(n int, left *uint64) ([]string, error) {
	ids := make([]string, 0, min(n, 1<<12))
	var b [longestID]byte
	for range n {
		if err := r.read(b[:4]); err != nil {
			return nil, err
		}
		length := binary.LittleEndian.Uint32(b[:])
		if length > longestID || *left < 4+uint64(length) {
			return nil, matrixError("has an id that is longer than it may be")
		}
		*left -= 4 + uint64(length)
		if err := r.read(b[:length]); err != nil {
			return nil, err
		}
		ids = append(ids, string(b[:length]))
	}
	return ids, nil
}

// end compares the checksum and sees that nothing follows.
func (r *matrixReader) end() error {
	var b [checkBytes]byte
	if _, err := io.ReadFull(r.in, b[:]); err != nil {
		return cutShort(err)
	}
	if binary.LittleEndian.Uint32(b[:]) != r.check.Sum32() {
		return matrixError("is damaged: its checksum is another")
	}
	if _, err := r.in.ReadByte(); err == nil {
		return matrixError("goes on after its end")
	} else if !errors.Is(err, io.EOF) {
		return cutShort(err)
	}
	return nil
}
