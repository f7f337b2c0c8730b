package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks"
)

// row is one figure of one engine. Rows with the same run and map were
// measured side by side.
type row struct {
	Run           string // when it began, RFC 3339, UTC
	Version       string // of this repository
	Machine       string // class of machine
	Map           string
	Engine        string
	EngineVersion string
	Figure        string // "times and distances", "times", or a step such as "order"
	Size          int    // points of a square matrix; 0: a step
	Threads       int    // 0: the engine's own choice
	Reps          int
	Median        float64 // seconds, or MB for memory; so are the two that follow
	Least, Most   float64
	Unit          string
	Ratio         float64 // median over Slinga's in the same run; 0: nothing to compare with
	Nodes, Arcs   string  // of the graph that is searched
	Seed          uint64
	Command       string
}

var rowColumns = []string{
	"run", "version", "machine", "map", "engine", "engine_version", "figure", "size", "threads", "reps",
	"median", "least", "most", "unit", "ratio", "nodes", "arcs", "seed", "command",
}

func (r *row) record() []string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	or := func(text string, empty bool) string {
		if empty {
			return ""
		}
		return text
	}
	return []string{
		r.Run, r.Version, r.Machine, r.Map, r.Engine, r.EngineVersion, r.Figure,
		or(strconv.Itoa(r.Size), r.Size == 0), or(strconv.Itoa(r.Threads), r.Threads == 0), strconv.Itoa(r.Reps),
		number(r.Median), number(r.Least), number(r.Most), r.Unit, or(number(r.Ratio), r.Ratio == 0),
		r.Nodes, r.Arcs, strconv.FormatUint(r.Seed, 10), r.Command,
	}
}

func rowOf(record []string) (row, error) {
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	number := func(text string) float64 {
		if text == "" {
			return 0
		}
		v, err := strconv.ParseFloat(text, 64)
		note(err)
		return v
	}
	whole := func(text string) int {
		if text == "" {
			return 0
		}
		v, err := strconv.Atoi(text)
		note(err)
		return v
	}
	seed, err := strconv.ParseUint(record[17], 10, 64)
	note(err)
	return row{
		Run: record[0], Version: record[1], Machine: record[2], Map: record[3], Engine: record[4], EngineVersion: record[5],
		Figure: record[6], Size: whole(record[7]), Threads: whole(record[8]), Reps: whole(record[9]),
		Median: number(record[10]), Least: number(record[11]), Most: number(record[12]), Unit: record[13],
		Ratio: number(record[14]), Nodes: record[15], Arcs: record[16], Seed: seed, Command: record[18],
	}, first
}

var errRows = errors.New("not a file of results of tables")

// readRows reads what appendRows wrote. No file is no rows.
func readRows(path string) ([]row, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	in := csv.NewReader(bufio.NewReader(f))
	in.FieldsPerRecord = len(rowColumns)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil || !slices.Equal(header, rowColumns) {
		return nil, fmt.Errorf("%s: %w: the first row must be %s", path, errRows, strings.Join(rowColumns, ","))
	}
	var rows []row
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", path, errRows, err)
		}
		r, err := rowOf(record)
		if err != nil {
			return nil, fmt.Errorf("%s, row %d: %w: %w", path, len(rows)+2, errRows, err)
		}
		rows = append(rows, r)
	}
}

// appendRows adds rows at the end of the file, which is made with its header
// when it is not there. A file of another kind is left alone.
func appendRows(path string, rows []row) error {
	if _, err := readRows(path); err != nil {
		return err
	}
	records := make([][]string, len(rows))
	for i := range rows {
		records[i] = rows[i].record()
	}
	return benchmarks.AppendRows(path, rowColumns, records)
}
