package runs

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
)

// File is a file of rows that grows by one with every run. Each row is on the
// disk before the next run begins, and a row that a crash cut off is taken away
// when the file is opened again, so that its run is made anew.
//
// A file is of one budget: rows say how long a run took, not how long it might
// have taken.
type File struct {
	f       *os.File
	columns []string
	known   map[key]Row
	dropped string
}

// Dropped is a last line that broke off and was taken out of the file, or "".
func (f *File) Dropped() string { return f.dropped }

// key is what tells runs apart.
type key struct {
	solver, set, instance, convention string
	seed                              uint64
	threads                           int
}

func (r *Row) key() key {
	return key{r.Solver, r.Set, r.Instance, r.Convention, r.Seed, r.Threads}
}

// OpenFile opens or begins a file of rows with these columns, and makes its
// folder. A file that is there keeps its own columns, which must hold all of
// these.
func OpenFile(path string, columns []string) (*File, error) {
	heading := strings.Join(columns, ",") + "\n"
	data, err := text.ReadRegular(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file := &File{columns: columns, known: map[key]Row{}}
	end := whole(data)
	begun := end > 0
	if !begun && !bytes.HasPrefix([]byte(heading), data) {
		return nil, fmt.Errorf("%s: this is no file of runs; the first row must be %s", path, strings.TrimSpace(heading))
	}
	if begun {
		var rows []Row
		if rows, file.columns, err = parse(path, data[:end]); err != nil {
			return nil, err
		}
		for _, column := range columns {
			if !slices.Contains(file.columns, column) {
				return nil, fmt.Errorf("%s: no column %q, which these runs need; begin another file", path, column)
			}
		}
		for i := range rows {
			file.known[rows[i].key()] = rows[i]
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if file.f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644); err != nil {
		return nil, err
	}
	if end < len(data) {
		err = file.f.Truncate(int64(end))
		if begun {
			file.dropped = string(data[end:])
		}
	}
	if err == nil && !begun {
		_, err = file.f.WriteString(heading)
	}
	if err != nil {
		return nil, errors.Join(err, file.f.Close())
	}
	return file, nil
}

// Find is the row of the same run that stands in the file.
func (f *File) Find(row Row) (Row, bool) {
	known, ok := f.known[row.key()]
	return known, ok
}

// Has tells whether a row of this run stands in the file, other than one of a
// feature that was lacking: the solver may have it by now.
func (f *File) Has(row Row) bool {
	known, ok := f.Find(row)
	return ok && known.Unsupported == ""
}

// OtherBudget tells of runs that stand in the file and seem to have had another
// budget than the jobs have: one that took longer than it may, or, when all took
// a good deal less, the longest. The file does not say what budgets were.
func (f *File) OtherBudget(jobs []Job) (job *Job, seconds float64, over, under bool) {
	share := 0. // of a job's time that its run took, the most
	for i := range jobs {
		j := &jobs[i]
		known, ok := f.Find(j.Row())
		if !ok || known.Unsupported != "" || j.Time == 0 {
			continue
		}
		if took := known.Seconds / j.Time.Seconds(); took > share {
			share, job, seconds = took, j, known.Seconds
		}
	}
	if job == nil {
		return nil, 0, false, false
	}
	// A run ends a little late on a busy machine, and before its time when
	// nothing is left to try.
	over = share > 1.2 && seconds > job.Time.Seconds()+1
	under = share < 0.7 && job.Iterations == 0 && !job.ToBest
	return job, seconds, over, under
}

// Append adds a row, also of a run that stands in the file: of two rows of one
// run the last counts. Only a run for which the same feature is lacking as in
// the file adds none.
func (f *File) Append(row Row) error {
	if known, ok := f.Find(row); ok && row.Unsupported != "" && known.Unsupported == row.Unsupported {
		return nil
	}
	var line bytes.Buffer
	out := csv.NewWriter(&line)
	_ = out.Write(row.Record(f.columns)) // errors stay in the writer until Flush
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	if n, err := f.f.Write(line.Bytes()); err != nil {
		// Half a row would look like one that a crash cut off.
		if info, its := f.f.Stat(); its == nil && n > 0 {
			err = errors.Join(err, f.f.Truncate(info.Size()-int64(n)))
		}
		return err
	}
	f.known[row.key()] = row
	return f.f.Sync()
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }
