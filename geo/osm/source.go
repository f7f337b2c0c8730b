package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"io"
	"os"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

// source is a file that can be read several times.
type source struct {
	name string
	size int64 // bytes as stored, -1: not known
	open func() (io.ReadCloser, error)
}

// fileSource reads a file of the operating system. A pipe or a device, which
// cannot be read twice, is copied first. remove is to be called at the end.
func fileSource(path string, most int64) (src source, remove func(), err error) {
	info, err := os.Stat(path)
	if err != nil {
		return source{}, nil, err
	}
	if info.IsDir() {
		return source{}, nil, &FileError{Name: path, Offset: -1, Err: matter(ErrFormat, "it is a folder; name the file in it")}
	}
	if info.Mode().IsRegular() {
		return source{path, info.Size(), func() (io.ReadCloser, error) { return os.Open(path) }}, func() {}, nil
	}
	pipe, err := os.Open(path)
	if err != nil {
		return source{}, nil, err
	}
	defer pipe.Close() //nolint:errcheck // it was only read
	return spool(path, pipe, most)
}

// seekSource reads from where r stands now, again and again.
func seekSource(name string, r io.ReadSeeker) (source, error) {
	start, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return source{}, err
	}
	return source{name, -1, func() (io.ReadCloser, error) {
		_, err := r.Seek(start, io.SeekStart)
		return io.NopCloser(r), err
	}}, nil
}

// spool keeps what cannot be read twice in a temporary file, which remove
// deletes.
func spool(name string, r io.Reader, most int64) (src source, remove func(), err error) {
	f, err := os.CreateTemp("", "slinga-osm-*")
	if err != nil {
		return source{}, nil, err
	}
	remove = func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	n, err := io.Copy(f, io.LimitReader(r, most+1))
	if err == nil && n > most {
		err = &FileError{Name: name, Offset: most, Err: matter(ErrTooLarge, "more than the %d bytes that Options.MaxBytes allows", most)}
	}
	if err != nil {
		remove()
		return source{}, nil, err
	}
	if src, err = seekSource(name, io.NewSectionReader(f, 0, n)); err != nil {
		remove()
		return source{}, nil, err
	}
	src.size = n
	return src, remove, nil
}

// Format is how a file is written.
type Format string

// The formats, found by content and not by name.
const (
	FormatPBF Format = "pbf"
	FormatXML Format = "xml"
)

// maxInflation is how many times its size a gzip or bzip2 file may unpack to,
// after the first inflationFree bytes. Real maps stay below 40.
const (
	maxInflation  = 200
	inflationFree = 16 << 20
)

// stream is an open source, unpacked, with its format found.
type stream struct {
	format Format
	packed string // "gzip", "bzip2" or both, "" if plain
	r      *bufio.Reader
	stored *counter // bytes read of the file as stored
	file   io.Closer
}

// counter counts the bytes that pass. One goroutine reads while another may
// look at the count.
type counter struct {
	r io.Reader
	n atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// guard stops a file that unpacks to more than it may.
type guard struct {
	r      io.Reader
	n      int64
	name   string
	stored *counter // what it is unpacked from, nil if it is plain
	most   int64
}

func (g *guard) Read(p []byte) (int, error) {
	if g.n > g.most {
		return 0, &FileError{Name: g.name, Offset: g.n, Err: matter(ErrTooLarge, "more than the %d bytes that Options.MaxBytes allows", g.most)}
	}
	if g.stored != nil && g.n > inflationFree && g.n > g.stored.n.Load()*maxInflation {
		return 0, &FileError{Name: g.name, Offset: g.n, Err: matter(ErrTooLarge,
			"it unpacks to more than %d times its size; it is made to do harm", maxInflation)}
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = matter(ErrTruncated, "its packed data end too early; fetch it again")
	case g.stored != nil:
		err = matter(ErrDamaged, "it cannot be unpacked (%s); fetch it again", err)
	}
	return n, &FileError{Name: g.name, Offset: g.n, Err: err}
}

// open opens the source and finds out what it is.
func (s *source) stream(most int64) (*stream, error) {
	file, err := s.open()
	if err != nil {
		return nil, err
	}
	st := &stream{file: file, stored: &counter{r: file}}
	g := &guard{r: st.stored, name: s.name, most: most}
	for range 3 {
		st.r = bufio.NewReaderSize(g, 1<<16)
		head, err := st.r.Peek(512)
		if err != nil && !errors.Is(err, io.EOF) {
			_ = file.Close()
			return nil, err
		}
		var unpacked io.Reader
		switch {
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			st.packed += "gzip"
			if unpacked, err = gzip.NewReader(st.r); errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				_, err = (&guard{r: failing{err}, name: s.name, stored: st.stored, most: most}).Read(nil)
				_ = file.Close()
				return nil, err
			}
		case bytes.HasPrefix(head, []byte("BZh")):
			st.packed += "bzip2"
			unpacked = bzip2.NewReader(st.r)
		default:
			if st.format, err = detect(head); err != nil {
				_ = file.Close()
				return nil, &FileError{Name: s.name, Offset: -1, Err: err}
			}
			return st, nil
		}
		g = &guard{r: unpacked, name: s.name, stored: st.stored, most: most}
	}
	_ = file.Close()
	return nil, &FileError{Name: s.name, Offset: -1, Err: matter(ErrFormat, "it is packed more than twice over")}
}

// failing is a reader that only fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// detect tells the format from the first bytes, and for what is no map, what
// it is instead and what to do.
func detect(head []byte) (Format, error) {
	if len(head) == 0 {
		return "", matter(ErrFormat, "the file is empty; fetch it again")
	}
	// A frame of 4 bytes with a small number, and then the type of the block.
	if len(head) >= 7 && head[0] == 0 && (bytes.Contains(head[4:min(len(head), 64)], []byte("OSMHeader")) ||
		head[4] == 0x0a && bytes.Contains(head[4:min(len(head), 64)], []byte("OSMData"))) {
		return FormatPBF, nil
	}
	for _, known := range [...]struct{ magic, what string }{
		{"PK\x03\x04", "a zip archive; unpack it and name the file in it"},
		{"\xfd7zXZ\x00", "packed with xz; unpack it first"},
		{"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first"},
		{"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"},
		{"\xff\xe0\x04o5m2", "in o5m form; convert it to .osm.pbf"},
		{"SQLite format 3", "an SQLite database, perhaps map tiles; an extract in .osm.pbf or .osm form is needed"},
		{"\x00\x00\x27\x0a", "a shapefile; an extract in .osm.pbf or .osm form is needed"},
		{"version https://git-lfs", "a pointer to a large file and not the file; fetch it with git lfs"},
		{"\xff\xfe", "UTF-16 text; write it anew as UTF-8"},
		{"\xfe\xff", "UTF-16 text; write it anew as UTF-8"},
	} {
		if bytes.HasPrefix(head, []byte(known.magic)) {
			return "", matter(ErrFormat, "it is %s", known.what)
		}
	}
	body := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(body)
	switch {
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return "", matter(ErrFormat, "it is a web page, perhaps the message that a download failed; fetch the file again")
	case bytes.HasPrefix(body, []byte("<")):
		return FormatXML, nil
	case bytes.HasPrefix(body, []byte("{")), bytes.HasPrefix(body, []byte("[")):
		return "", matter(ErrFormat, "it is JSON; an extract in .osm.pbf or .osm form is needed")
	}
	return "", matter(ErrFormat, "neither PBF nor XML was found in it; an extract in .osm.pbf, .osm, .osm.gz or .osm.bz2 form is needed")
}
