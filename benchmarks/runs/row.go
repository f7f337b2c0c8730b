package runs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
	"github.com/slinga-se/slinga/benchmarks/sets"
)

// Row is what became of one run.
type Row struct {
	Solver, Machine           string // where a file has these columns
	Set, Instance, Convention string
	Seed                      uint64
	Threads                   int
	Seconds                   float64 // that the run took
	Iterations                int64   // that it did; where a file has this column
	Vehicles                  int
	Objective                 float64
	Best                      *sets.Best // nil: none is known
	Feasible                  bool
	Broken                    error  // the rules that the plan breaks; not in the CSV
	Unsupported               string // features that the solver lacks; "": it was solved
}

// Columns of the CSV. vehiclesGap comes after them where a row may be under the
// convention whose gaps need it; solverColumn before and machineColumn behind
// where several solvers are in one file, and IterationsColumn where the search
// itself is measured.
var plainColumns = []string{
	"set", "instance", "convention", "seed", "threads", "seconds",
	"vehicles", "objective", "bks", "gap_percent", "feasible",
}

// IterationsColumn heads how many iterations a run did.
const IterationsColumn = "iterations"

const (
	solverColumn  = "solver"
	machineColumn = "machine"
	vehiclesGap   = "vehicles_gap"
)

// Columns head the CSV of these jobs.
func Columns(jobs []Job) []string {
	columns := slices.Clone(plainColumns)
	if slices.ContainsFunc(jobs, func(j Job) bool { return j.Instance.Info().Convention == sets.Hierarchical }) {
		columns = append(columns, vehiclesGap)
	}
	return columns
}

// SolverColumns head the CSV of several solvers' runs of these jobs.
func SolverColumns(jobs []Job) []string {
	return slices.Concat([]string{solverColumn}, Columns(jobs), []string{machineColumn})
}

// Judge has the set's own evaluator say what a plan is worth.
func (r *Row) Judge(one sets.Instance, plan *sets.Plan) {
	var value sets.Value
	value, r.Broken = one.Evaluate(plan)
	r.Vehicles, r.Objective, r.Feasible = value.Vehicles, value.Objective, r.Broken == nil
}

// hierarchical tells whether vehicles come before distance.
func (r *Row) hierarchical() bool { return r.Convention == sets.Hierarchical }

// Gap is by how many percent the objective is above the best known one. There
// is none where nothing is known, where the plan is none, and where vehicles
// come first and differ: distances are compared at equal vehicles.
func (r *Row) Gap() (percent float64, ok bool) {
	if !r.Feasible || r.Best == nil || r.Best.Objective == 0 || r.hierarchical() && r.Vehicles != r.Best.Vehicles {
		return 0, false
	}
	return sets.Value{Objective: r.Objective}.Gap(r.Best), true
}

// suspect is by how many percent a value may be below the best known one before
// it looks like the value of something else. Of hhc-bazirha there are plans that are
// better by 58.
const suspect = 60

// Doubtful tells whether a plan is so much better than the best known one that
// the instance or the best known value may be wrong, and by how many percent.
// With more vehicles a plan may well be much shorter.
func (r *Row) Doubtful() (percent float64, yes bool) {
	if !r.Feasible || r.Best == nil || r.hierarchical() && r.Vehicles > r.Best.Vehicles {
		return 0, false
	}
	gap := sets.Value{Objective: r.Objective}.Gap(r.Best)
	return -gap, gap < -suspect
}

// VehiclesGap is by how many vehicles the plan has more than the best known
// one, where vehicles come first.
func (r *Row) VehiclesGap() (more int, ok bool) {
	if !r.Feasible || r.Best == nil || !r.hierarchical() {
		return 0, false
	}
	return r.Vehicles - r.Best.Vehicles, true
}

// asGood is by how much an objective may be above the best known one and still
// count as that: best known values are written with four decimals.
const asGood = 1e-4

// AtBest tells whether the plan is as good as the best known one, or better.
func (r *Row) AtBest() bool {
	if !r.Feasible || r.Best == nil {
		return false
	}
	if more, ok := r.VehiclesGap(); ok && more != 0 {
		return more < 0
	}
	return r.Objective <= r.Best.Objective+asGood
}

// notSupported begins the word that stands in place of true or false.
const notSupported = "unsupported: "

// Record is the row under these columns.
func (r *Row) Record(columns []string) []string {
	solved := func(text string) string {
		if r.Unsupported != "" {
			return ""
		}
		return text
	}
	record := make([]string, len(columns))
	for i, column := range columns {
		switch column {
		case solverColumn:
			record[i] = r.Solver
		case machineColumn:
			record[i] = r.Machine
		case "set":
			record[i] = r.Set
		case "instance":
			record[i] = r.Instance
		case "convention":
			record[i] = r.Convention
		case "seed":
			record[i] = strconv.FormatUint(r.Seed, 10)
		case "threads":
			record[i] = strconv.Itoa(r.Threads)
		case "seconds":
			record[i] = solved(strconv.FormatFloat(r.Seconds, 'f', 2, 64))
		case IterationsColumn:
			record[i] = solved(strconv.FormatInt(r.Iterations, 10))
		case "vehicles":
			record[i] = solved(strconv.Itoa(r.Vehicles))
		case "objective":
			record[i] = solved(decimals(r.Objective))
		case "bks":
			if r.Best != nil {
				record[i] = decimals(r.Best.Objective)
			}
		case "gap_percent":
			if gap, ok := r.Gap(); ok {
				record[i] = strconv.FormatFloat(rounded(gap), 'f', 4, 64)
			}
		case "feasible":
			record[i] = strconv.FormatBool(r.Feasible)
			if r.Unsupported != "" {
				record[i] = notSupported + r.Unsupported
			}
		case vehiclesGap:
			if more, ok := r.VehiclesGap(); ok {
				record[i] = strconv.Itoa(more)
			}
		}
	}
	return record
}

// decimals writes a value as lists of best known ones do, with at most four
// decimals.
func decimals(v float64) string { return strconv.FormatFloat(rounded(v), 'f', -1, 64) }

// rounded has four decimals, and no sign where they are all 0.
func rounded(v float64) float64 { return math.Round(v*1e4)/1e4 + 0 }

// ReadRows reads a file of rows. A last line that breaks off is none of them;
// it is returned as it is.
func ReadRows(path string) (rows []Row, dropped string, err error) {
	data, err := text.Read(path)
	if err != nil {
		return nil, "", err
	}
	end := whole(data)
	rows, _, err = parse(path, data[:end])
	return rows, string(data[end:]), err
}

// whole is how much of a file ends with its line.
func whole(data []byte) int { return bytes.LastIndexByte(data, '\n') + 1 }

// parse reads rows in any order of the columns.
func parse(path string, data []byte) (rows []Row, columns []string, err error) {
	records, err := csv.NewReader(bytes.NewReader(text.Trim(data))).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 {
		return nil, nil, fmt.Errorf("%s: no rows; the first must be %s", path, strings.Join(plainColumns, ","))
	}
	columns = records[0]
	for _, column := range plainColumns {
		if !slices.Contains(columns, column) {
			return nil, nil, fmt.Errorf("%s: no column %q; there must be %s", path, column, strings.Join(plainColumns, ","))
		}
	}
	for i, record := range records[1:] {
		row, err := readRow(columns, record)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: row %d, %w", path, i+2, err)
		}
		rows = append(rows, row)
	}
	return rows, columns, nil
}

// readRow is the other side of Record. What was best known of vehicles is
// found again by their gap.
func readRow(columns, record []string) (Row, error) {
	field := func(column string) string {
		if i := slices.Index(columns, column); i >= 0 {
			return record[i]
		}
		return ""
	}
	var wrong error
	number := func(column string) float64 {
		value := field(column)
		if value == "" {
			return 0
		}
		v, err := strconv.ParseFloat(value, 64)
		if wrong == nil && (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) {
			wrong = fmt.Errorf("%s: %q is no number", column, value)
		}
		return v
	}
	positive := func(column string) float64 {
		v := number(column)
		if wrong == nil && v < 0 {
			wrong = fmt.Errorf("%s: %q is below 0", column, field(column))
		}
		return v
	}
	count := func(column string) int {
		v := number(column)
		if wrong == nil && (v != math.Trunc(v) || math.Abs(v) > math.MaxInt32) {
			wrong = fmt.Errorf("%s: %q is no whole number", column, field(column))
		}
		return int(v)
	}
	r := Row{
		Solver: field(solverColumn), Machine: field(machineColumn),
		Set: field("set"), Instance: field("instance"), Convention: field("convention"),
		Threads: count("threads"), Seconds: positive("seconds"),
		Vehicles: count("vehicles"), Objective: number("objective"),
		Iterations: int64(positive(IterationsColumn)),
	}
	for _, column := range []string{"threads", "vehicles"} {
		positive(column)
	}
	var err error
	if r.Seed, err = strconv.ParseUint(field("seed"), 10, 64); err != nil && wrong == nil {
		wrong = fmt.Errorf("seed: %q is no whole number", field("seed"))
	}
	if field("bks") != "" {
		r.Best = new(sets.Best)
		r.Best.Objective = number("bks")
		r.Best.Vehicles = r.Vehicles - count(vehiclesGap)
	}
	switch feasible := field("feasible"); {
	case feasible == "true":
		r.Feasible = true
	case feasible == "false":
	case strings.HasPrefix(feasible, notSupported) && feasible != notSupported:
		r.Unsupported = strings.TrimPrefix(feasible, notSupported)
	case wrong == nil:
		wrong = fmt.Errorf("feasible: %q is neither true nor false nor %sFEATURE", feasible, notSupported)
	}
	return r, wrong
}
