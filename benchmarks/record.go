package benchmarks

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
)

// Record is one measured figure, with all that is needed to measure it again.
type Record struct {
	Date    string // YYYY-MM-DD
	Version string // of the code: the revision, "+" when the tree was changed
	Machine string // class of machine, not its name
	Subject string // what was measured on: a map, a day
	Figure  string // what was measured
	Value   float64
	Unit    string
	Seed    uint64
	Budget  string // time or iterations granted; "" when it runs to its end
	Command string // that made it
}

var recordColumns = []string{
	"date", "version", "machine", "subject", "figure", "value", "unit", "seed", "budget", "command",
}

func (r Record) row() []string {
	return []string{
		r.Date, r.Version, r.Machine, r.Subject, r.Figure,
		strconv.FormatFloat(r.Value, 'f', -1, 64), r.Unit,
		strconv.FormatUint(r.Seed, 10), r.Budget, r.Command,
	}
}

// Append adds records at the end of a CSV file, see AppendRows.
func Append(path string, records []Record) error {
	rows := make([][]string, len(records))
	for i := range records {
		rows[i] = records[i].row()
	}
	return AppendRows(path, recordColumns, rows)
}

// AppendRows adds rows at the end of a CSV file, which is made with its header
// when it is not there. A file with other columns is left alone.
func AppendRows(path string, columns []string, rows [][]string) error {
	begun, err := begun(path, columns)
	if err != nil {
		return err
	}
	var lines strings.Builder
	out := csv.NewWriter(&lines)
	if !begun {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		_ = out.Write(columns) // errors stay in the writer until Flush
	}
	_ = out.WriteAll(rows)
	if err := out.Error(); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(lines.String())
	return errors.Join(err, file.Close())
}

// CanAppend tells before a long run whether Append would leave a file alone.
func CanAppend(path string) error { return CanAppendRows(path, recordColumns) }

// CanAppendRows tells before a long run whether AppendRows would leave a file
// alone.
func CanAppendRows(path string, columns []string) error {
	_, err := begun(path, columns)
	return err
}

// begun tells whether a file with these columns is there. One with others is an
// error, and what is no file.
func begun(path string, columns []string) (bool, error) {
	known, err := text.ReadRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || len(known) == 0 {
		return false, err
	}
	if header, err := csv.NewReader(bytes.NewReader(known)).Read(); err != nil || !slices.Equal(header, columns) {
		return false, fmt.Errorf("%w: %s: the first row must be %s", ErrTable, path, strings.Join(columns, ","))
	}
	return true, nil
}

// NewRecord returns a maker of records that share where, when and from what
// code they were measured.
func NewRecord(subject string, seed uint64, command string) func(figure string, value float64, unit string) Record {
	common := Record{
		Date: time.Now().UTC().Format(time.DateOnly), Version: revision(), Machine: machine(),
		Subject: subject, Seed: seed, Command: command,
	}
	return func(figure string, value float64, unit string) Record {
		r := common
		r.Figure, r.Value, r.Unit = figure, value, unit
		return r
	}
}

// machine is the class of the machine: what it computes with, nothing else.
func machine() string {
	return fmt.Sprintf("%d %s cores, %s, %s", runtime.NumCPU(), runtime.GOARCH, runtime.GOOS, runtime.Version())
}

// revision asks git for the code's revision; "unknown" outside a clone.
func revision() string {
	commit, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	version := strings.TrimSpace(string(commit))
	// Results themselves do not count as a change of the code.
	changed, err := exec.Command("git", "status", "--porcelain", "--", ":(top)", ":(top,exclude)benchmarks/results").Output()
	if err != nil || len(changed) > 0 {
		version += "+"
	}
	return version
}
