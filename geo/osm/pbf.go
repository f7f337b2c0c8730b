package osm

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
)

// The bounds that the format itself sets on its blocks, bytes.
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// maxBlockInflation is how many times their size the blocks of a file may
// unpack to, after the first inflationFree bytes. In real maps it is 2 to 5.
const maxBlockInflation = 30

// maxWorkers bounds the goroutines that unpack and decode, and with them the
// memory: each holds two blocks of up to 32 MiB. More would wait for the merge.
const maxWorkers = 8

// blockIndex remembers what a PBF file's blocks hold, so that later passes
// need not unpack those that hold nothing for them.
type blockIndex struct {
	holds []kinds // by block of the file
	full  bool    // every block has been seen
	// placed is true if the header says that ways carry the positions of
	// their nodes (LocationsOnWays), which lets the file leave nodes out.
	placed bool
}

// pbfScan is one pass over one PBF file.
type pbfScan struct {
	name  string
	r     *bufio.Reader
	index *blockIndex
	first int // number of the file's first block among all files
	task  *task

	offset   int64
	block    int   // of this file, from 0
	unpacked int64 // bytes of all blocks so far
}

// job is one block on its way from the reader through a worker to the merge.
type job struct {
	blob   []byte
	number int // of the file
	offset int64
	size   int // bytes when unpacked
	out    *batch
	err    error
	done   chan struct{}
}

// run reads the file and hands the batches to merge, in the order of the
// file. Blocks are unpacked and decoded by several goroutines, all of which
// have ended when run returns.
func (s *pbfScan) run(ctx context.Context, merge func(*batch) error) error {
	if err := s.header(); err != nil {
		return err
	}
	workers := min(runtime.GOMAXPROCS(0), maxWorkers)
	ctx, stop := context.WithCancel(ctx)
	todo := make(chan *job)
	order := make(chan *job, 2*workers) // bounds how far reading runs ahead
	free := make(chan []byte, 4*workers)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	group.Go(func() {
		defer close(order)
		defer close(todo)
		s.read(ctx, todo, order, free)
	})
	for range workers {
		group.Go(func() {
			decoder := block{task: s.task}
			var inflate inflater
			defer inflate.close()
			for j := range todo {
				j.out, j.err = nil, nil
				data, err := inflate.blob(j.blob)
				if err == nil {
					j.size = len(data)
					decoder.number = s.first + j.number
					j.out, err = decoder.decode(data)
				}
				j.err = err
				select {
				case free <- j.blob:
				default:
				}
				close(j.done)
			}
		})
	}
	for j := range order {
		if j.done != nil {
			<-j.done
		}
		if j.err != nil {
			return s.fault(j, j.err)
		}
		// Every block may be sound and all of them a bomb.
		s.unpacked += int64(j.size)
		if s.unpacked > inflationFree && s.unpacked > j.offset*maxBlockInflation {
			return s.fault(j, matter(ErrTooLarge, "its blocks unpack to more than %d times their size; the file is made to do harm", maxBlockInflation))
		}
		if !s.index.full {
			s.index.see(j.number, j.out.holds)
		}
		if err := merge(j.out); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.index.full = true
	return nil
}

func (x *blockIndex) see(number int, holds kinds) {
	for len(x.holds) <= number {
		x.holds = append(x.holds, 0)
	}
	x.holds[number] = holds
}

func (s *pbfScan) fault(j *job, err error) error {
	var located *FileError
	if errors.As(err, &located) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &FileError{Name: s.name, Offset: j.offset, Block: j.number + 1, Err: err}
}

// read sends one job for each block of data that the task wants. A fault of
// the file travels as the last job, so that it is reported after all that
// was sound.
func (s *pbfScan) read(ctx context.Context, todo, order chan<- *job, free <-chan []byte) {
	for ctx.Err() == nil {
		j := &job{offset: s.offset, number: s.block}
		kind, size, err := s.blobHeader()
		if errors.Is(err, io.EOF) {
			return
		}
		wanted := kind == "OSMData"
		if wanted && s.index.full && j.number < len(s.index.holds) {
			wanted = s.index.holds[j.number]&s.task.kinds != 0
		}
		if err == nil && !wanted {
			if err = s.discard(size); err == nil {
				s.block++
				continue
			}
		}
		if err == nil {
			select {
			case j.blob = <-free:
			default:
			}
			j.blob, err = s.blob(j.blob, size)
		}
		if err != nil {
			j.err = err
			select {
			case order <- j:
			case <-ctx.Done():
			}
			return
		}
		s.block++
		j.done = make(chan struct{})
		select {
		case order <- j:
		case <-ctx.Done():
			return
		}
		select {
		case todo <- j:
		case <-ctx.Done():
			// The merge has left, or leaves when it sees this.
			j.err = ctx.Err()
			close(j.done)
			return
		}
	}
}

// blobHeader reads the frame of the next block. io.EOF only at a clean end.
func (s *pbfScan) blobHeader() (kind string, size int, err error) {
	var length [4]byte
	if err := s.fill(length[:]); err != nil {
		return "", 0, err
	}
	n := binary.BigEndian.Uint32(length[:])
	if n == 0 || n > maxBlobHeader {
		return "", 0, matter(ErrDamaged, "a block header of %d bytes, where 1 to %d are allowed; fetch the file again", n, maxBlobHeader)
	}
	header := make([]byte, n)
	if err := s.fill(header); err != nil {
		return "", 0, cut(err)
	}
	w, stated := wire{b: header}, int64(-1)
	for {
		field, k, ok := w.next()
		if !ok {
			break
		}
		switch field {
		case 1:
			kind = string(w.wantBytes(k))
		case 3:
			stated = int64(w.wantVarint(k))
		default:
			w.skip(k)
		}
	}
	switch {
	case w.bad || kind == "" || stated < 0:
		return "", 0, matter(ErrDamaged, "its header cannot be read; fetch the file again")
	case stated > maxBlob:
		return "", 0, matter(ErrTooLarge, "a block of %d bytes, where the format allows %d; the file is damaged or made to do harm", stated, maxBlob)
	}
	return kind, int(stated), nil
}

// blobStep is how much memory is taken at a time for a block, as its bytes
// arrive: a file that states a size and ends there costs no more.
const blobStep = 1 << 20

// blob reads the next size bytes into buf or, if it is too small, a new one.
func (s *pbfScan) blob(buf []byte, size int) ([]byte, error) {
	buf = buf[:0]
	for len(buf) < size {
		at := len(buf)
		end := min(size, max(cap(buf), 2*at, blobStep))
		buf = slices.Grow(buf, end-at)[:end]
		if err := s.fill(buf[at:]); err != nil {
			return nil, cut(err)
		}
	}
	return buf, nil
}

func (s *pbfScan) fill(b []byte) error {
	n, err := io.ReadFull(s.r, b)
	s.offset += int64(n)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return cut(err)
	}
	return err
}

func (s *pbfScan) discard(n int) error {
	d, err := s.r.Discard(n)
	s.offset += int64(d)
	return cut(err)
}

// cut turns an end where none should be into ErrTruncated.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return matter(ErrTruncated, "the last block is not complete; fetch the file again")
	}
	return err
}

// header reads the first block, which says what a reader must know.
func (s *pbfScan) header() error {
	j := &job{}
	kind, size, err := s.blobHeader()
	if errors.Is(err, io.EOF) {
		err = matter(ErrTruncated, "the file has no header block")
	}
	if err == nil && kind != "OSMHeader" {
		err = matter(ErrDamaged, "the first block is not the header; fetch the file again")
	}
	if err == nil {
		j.blob, err = s.blob(nil, size)
	}
	var inflate inflater
	defer inflate.close()
	var data []byte
	if err == nil {
		data, err = inflate.blob(j.blob)
	}
	if err == nil {
		err = s.features(data)
	}
	if err != nil {
		return s.fault(j, err)
	}
	s.block = 1
	s.index.see(0, 0)
	return nil
}

// features checks the required features of a header block, and notes the
// optional one that matters.
func (s *pbfScan) features(data []byte) error {
	w := wire{b: data}
	for {
		field, kind, ok := w.next()
		if !ok {
			break
		}
		if field != 4 && field != 5 {
			w.skip(kind)
			continue
		}
		switch name := string(w.wantBytes(kind)); {
		case name == "LocationsOnWays":
			s.index.placed = true
		case field == 5, name == "OsmSchema-V0.6", name == "DenseNodes", name == "HistoricalInformation", name == "":
		default:
			return matter(ErrFeature, "it requires %q; write it anew with a common tool (osmium cat)", text(name, 60))
		}
	}
	if w.bad {
		return matter(ErrDamaged, "the file header cannot be read; fetch the file again")
	}
	return nil
}
