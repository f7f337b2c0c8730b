package sets

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
	"github.com/slinga-se/slinga/solver"
)

// Instance is one problem of a set, under one convention.
type Instance interface {
	Info() Info
	// Problem is the instance in the solver's words.
	Problem() *solver.Problem
	// Plan puts a solution of Problem in the set's words.
	Plan(*solver.Solution) *Plan
	// Cost is what Problem's solution costs when it has a value: a target. It
	// is never less than what a solution of that value costs.
	Cost(Value) int64
	// Evaluate judges a plan by the set's rules. The error joins every rule
	// that is broken, with route and stop; it wraps ErrRule.
	Evaluate(*Plan) (Value, error)
	// Read and Write are the set's own solution form.
	Read(io.Reader) (*Plan, error)
	Write(io.Writer, *Plan, Value) error
}

// Info says which instance it is and what is known of it.
type Info struct {
	Set, Name, Convention string
	Tasks                 int    // customers, locations or service operations
	File                  string // that it was read from
	Extension             string // of files with solutions of it
	Best                  *Best
}

// Plan is who does what, in order.
type Plan struct{ Routes []Route }

// Route is what one vehicle or carer does.
type Route struct {
	Vehicle int // index in the order of the instance
	Stops   []Stop
}

// Stop is a task, a break or a visit to the depot on the way.
type Stop struct {
	Kind  StopKind
	Task  int     // of the instance, as its file numbers it; of a lunch, the task after it
	Start float64 // in the set's unit, where the form has times
	End   float64
}

// StopKind tells stops apart.
type StopKind uint8

// The kinds.
const (
	Task StopKind = iota
	Lunch
	Refill
)

// Value is what a plan is worth.
type Value struct {
	Vehicles  int
	Objective float64
	Parts     map[string]float64 // of the objective, by the set's names; nil where it has none
}

// ErrRule marks a plan that breaks a rule of the set.
var ErrRule = errors.New("sets: a rule is broken")

// ErrFormat marks a file that is not in the set's form.
var ErrFormat = errors.New("sets: bad format")

// errOtherConvention marks an instance of a set that has some under one
// convention and some under another.
var errOtherConvention = errors.New("sets: the instance is of another convention")

// rules gathers what a plan breaks: the first of it in words, the rest as a
// number.
type rules struct {
	errs []error
	more int
}

const mostBroken = 20

func (r *rules) broken(format string, args ...any) {
	if len(r.errs) == mostBroken {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf("%w: %s", ErrRule, fmt.Sprintf(format, args...)))
}

func (r *rules) err() error {
	if r.more > 0 {
		return errors.Join(append(slices.Clone(r.errs), fmt.Errorf("%w: %d times more", ErrRule, r.more))...)
	}
	return errors.Join(r.errs...)
}

// form is how a set is read.
type form struct {
	extension   string // of instances
	solution    string // of solutions
	conventions []string
	read        func(data []byte, name, convention string) (Instance, error)
	sized       sized
}

// sized is how the names of instances tell how many tasks there are, where no
// number in the file does: a file that is cut off between two lines still reads
// well, and is another problem. An instance that was made from another one needs
// a name of its own.
type sized struct {
	pattern *regexp.Regexp // what it finds is the number; without that, it is unit
	unit    int
	atLeast bool // that many, or a few more
}

var (
	ofSolomon = sized{regexp.MustCompile(`^(?:C|R|RC)[12][0-9]{2}()$`), 100, false}
	ofGehring = sized{regexp.MustCompile(`^(?:C|R|RC)[12]_([0-9]{1,2})_[0-9]+$`), 100, false}
	ofLiLim   = sized{regexp.MustCompile(`^L(?:C|R|RC)[12](?:[0-9]{2}()|_([0-9]{1,2})_[0-9]+)$`), 100, true}
	ofPillac  = sized{regexp.MustCompile(`^(?:C|R|RC)[12][0-9]{2}\.([0-9]{1,3})_[0-9]+-[0-9]+-[0-9]+-[0-9]+$`), 1, false}
)

// check compares the tasks of an instance with what its name tells.
func (s sized) check(name string, tasks int) error {
	if s.pattern == nil {
		return nil
	}
	found := s.pattern.FindStringSubmatch(strings.ToUpper(name))
	if found == nil {
		return nil
	}
	want := s.unit
	for _, digits := range found[1:] {
		if n, err := strconv.Atoi(digits); err == nil {
			want = n * s.unit
		}
	}
	if tasks == want || s.atLeast && tasks > want {
		return nil
	}
	return fmt.Errorf("%w: %d tasks, and an instance of the name %s has %d: is the file cut off? (One made from it needs another name.)", ErrFormat, tasks, name, want)
}

// forms by the name of the set's folder.
var forms = map[string]form{
	"vrptw-solomon":    {".txt", ".sol", []string{Trunc1, DoubleDistance, Hierarchical}, readSolomon, ofSolomon},
	"vrptw-gh":         {".txt", ".sol", []string{Trunc1, Hierarchical}, readSolomon, ofGehring},
	"mdvrptw-vidal":    {".vrp", ".sol", []string{MilliDistance}, readMultiDepot, sized{}},
	"pdptw-lilim":      {".txt", ".sol", []string{Hierarchical}, readLiLim, ofLiLim},
	"trsp-pillac":      {".txt", ".sol.txt", []string{Duration}, readTechnicians, ofPillac},
	"sync-bredstrom":   {".json", ".sol", []string{Hours}, readBredstrom, sized{}},
	"hhcrsp-mankowska": {".json", ".sol.json", []string{Mean3}, readHHCRSP, sized{}},
	"hhcrsp-italy":     {".json", ".sol.json", []string{Mean3}, readHHCRSP, sized{}},
	"hhcrsp-kummer":    {".json", ".sol.json", []string{Mean3}, readHHCRSP, sized{}},
	"uhhc":             {".json", ".sol.json", []string{Weighted}, readUHHC, sized{}},
	"hhc-bazirha":      {".json", ".sol.json", []string{TravelOnly, WaitBalance}, readBazirha, sized{}},
}

// The conventions, as the sets call them.
const (
	Trunc1         = "trunc1-dist"   // distances cut to one decimal; their sum
	DoubleDistance = "double-dist"   // distances in double precision; their sum
	Hierarchical   = "double-hier"   // in double precision; vehicles first, then distance
	MilliDistance  = "milli-dist"    // distances rounded to thousandths; their sum
	Duration       = "duration"      // in double precision; time from leaving home to being back
	Hours          = "hours"         // of travel, a day having nine
	Mean3          = "mean3"         // mean of travel, tardiness and the largest tardiness
	Weighted       = "uhhc-weighted" // sum of weighted components
	TravelOnly     = "travel"        // travel time
	WaitBalance    = "wait+balance"  // waiting and differences of workload
)

// Open reads all instances of a set's folder under a convention, in the order
// of their names; "" is under each convention of the set, one after the other.
// only names the instances that are wanted; none: all.
func Open(folder, convention string, only ...string) ([]Instance, error) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	set := filepath.Base(absolute)
	f, ok := forms[set]
	if !ok {
		return nil, fmt.Errorf("sets: %s: no set is called %q; there are %s, and a set's folder bears its name", folder, set, strings.Join(names(), ", "))
	}
	conventions := f.conventions
	if convention != "" {
		if !slices.Contains(conventions, convention) {
			return nil, fmt.Errorf("sets: %s has no convention %q; it has %s", set, convention, strings.Join(conventions, ", "))
		}
		conventions = []string{convention}
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("sets: %s: there is no such folder", folder)
	}
	best, err := readBest(filepath.Join(folder, "bks.csv"), set, f.conventions)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(folder, "instances", "*"+f.extension))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("sets: %s: no files %s", filepath.Join(folder, "instances"), "*"+f.extension)
	}
	name := func(path string) string { return strings.TrimSuffix(filepath.Base(path), f.extension) }
	for _, wanted := range only {
		if !slices.ContainsFunc(paths, func(path string) bool { return name(path) == wanted }) {
			return nil, fmt.Errorf("sets: %s has no instance %q; %s", set, wanted, instead(wanted, paths, name))
		}
	}
	if len(only) > 0 {
		paths = slices.DeleteFunc(paths, func(path string) bool { return !slices.Contains(only, name(path)) })
	}
	var list []Instance
	for _, under := range conventions {
		for _, path := range paths {
			data, err := text.Read(path)
			if err != nil {
				return nil, err
			}
			one, err := f.read(data, name(path), under)
			if err == nil {
				err = f.sized.check(name(path), one.Info().Tasks)
			}
			if errors.Is(err, errOtherConvention) && (len(only) == 0 || convention == "") {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			list = append(list, &known{one, Info{
				Set: set, File: path, Extension: f.solution, Best: best[key{name(path), under}],
			}})
		}
	}
	return list, nil
}

// instead says which instances there are in place of one that there is not.
func instead(wanted string, paths []string, name func(path string) string) string {
	for _, path := range paths {
		if strings.EqualFold(name(path), wanted) {
			return fmt.Sprintf("it has %q", name(path))
		}
	}
	return fmt.Sprintf("it has %d, from %q to %q", len(paths), name(paths[0]), name(paths[len(paths)-1]))
}

// known is an instance with what is known of it beside its file.
type known struct {
	Instance
	beside Info
}

func (k *known) Info() Info {
	info := k.Instance.Info()
	info.Set, info.File, info.Extension, info.Best = k.beside.Set, k.beside.File, k.beside.Extension, k.beside.Best
	return info
}

func names() []string {
	var list []string
	for name := range forms {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
