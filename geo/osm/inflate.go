package osm

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// A single block may unpack to so many times its size, unless it stays below
// blockFree bytes. In real maps it is 2 to 10.
const (
	maxBlockSelfInflation = 100
	blockFree             = 1 << 20
)

// inflater unpacks blobs. It trusts no stated size: a blob that would unpack
// to more than the format allows, or to more than it says, is refused after
// that many bytes.
type inflater struct {
	buf  []byte
	zlib io.ReadCloser
	zstd *zstd.Decoder
}

func (f *inflater) close() {
	if f.zstd != nil {
		f.zstd.Close()
	}
}

func (f *inflater) blob(blob []byte) ([]byte, error) {
	w, size, how, packed := wire{b: blob}, int64(-1), 0, []byte(nil)
	for {
		field, kind, ok := w.next()
		if !ok {
			break
		}
		switch field {
		case 2:
			size = int64(int32(w.wantVarint(kind)))
		case 1, 3, 4, 5, 6, 7:
			how, packed = field, w.wantBytes(kind)
		default:
			w.skip(kind)
		}
	}
	switch {
	case w.bad || how == 0:
		return nil, matter(ErrDamaged, "the block holds no data that can be read; fetch the file again")
	case how == 1:
		return packed, nil // its size has been checked as the blob's
	case size > maxBlob:
		return nil, matter(ErrTooLarge, "a block says that it unpacks to %d bytes, where the format allows %d", size, maxBlob)
	case size > blockFree && size > int64(len(packed))*maxBlockSelfInflation:
		return nil, matter(ErrTooLarge, "a block of %d bytes says that it unpacks to %d, more than %d times as much; the file is damaged or made to do harm", len(packed), size, maxBlockSelfInflation)
	case size < 0:
		return nil, matter(ErrDamaged, "a packed block does not say its size; fetch the file again")
	}
	r, err := f.reader(how, packed)
	if err != nil {
		return nil, err
	}
	// One byte more than stated, to see a block that lies.
	if cap(f.buf) < int(size)+1 {
		f.buf = make([]byte, size+1)
	}
	n, err := io.ReadFull(r, f.buf[:size+1])
	switch {
	case err == nil:
		return nil, matter(ErrTooLarge, "a block unpacks to more than the %d bytes that it states; the file is damaged or made to do harm", size)
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, matter(ErrDamaged, "a block cannot be unpacked (%s); fetch the file again", strings.TrimPrefix(err.Error(), "zlib: "))
	case int64(n) != size:
		return nil, matter(ErrDamaged, "a block unpacks to %d bytes instead of %d; fetch the file again", n, size)
	}
	return f.buf[:n], nil
}

func (f *inflater) reader(how int, packed []byte) (io.Reader, error) {
	switch how {
	case 3:
		if f.zlib == nil {
			r, err := zlib.NewReader(bytes.NewReader(packed))
			if err != nil {
				return nil, matter(ErrDamaged, "a block cannot be unpacked (%s); fetch the file again", err)
			}
			f.zlib = r
			return r, nil
		}
		if err := f.zlib.(zlib.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
			return nil, matter(ErrDamaged, "a block cannot be unpacked (%s); fetch the file again", err)
		}
		return f.zlib, nil
	case 7:
		if f.zstd == nil {
			d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlob),
				zstd.WithDecoderMaxWindow(maxBlob))
			if err != nil {
				return nil, err
			}
			f.zstd = d
		}
		if err := f.zstd.Reset(bytes.NewReader(packed)); err != nil {
			return nil, matter(ErrDamaged, "a block cannot be unpacked (%s); fetch the file again", err)
		}
		return f.zstd, nil
	}
	names := map[int]string{4: "lzma", 5: "bzip2", 6: "lz4"}
	return nil, matter(ErrFeature, "its blocks are packed with %s; write it anew with zlib (osmium cat)", names[how])
}
