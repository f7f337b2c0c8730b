package runs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slinga-se/slinga/benchmarks/internal/text"
	"github.com/slinga-se/slinga/benchmarks/sets"
)

// Selection says which runs are wanted. Set alone is one set; with a List, Sets
// is the folder that has a folder for each set of it, and Set takes one set out
// of it.
type Selection struct {
	Set, Sets, List string
	Only            []string      // names of instances; none: all
	Convention      string        // "": every one that an instance is under
	Time            time.Duration // of a run; with a list 0: as the list says
	Iterations      int64         // of a run; more than 0 takes the place of the list's seconds
	Threads         int           // without a list
	Seeds           int           // from 1; without a list
	ToBest          bool
}

// Listed is a row of a list of runs.
type Listed struct {
	Row                       int // of the file, from 1
	Set, Instance, Convention string
	Seconds                   float64
	Threads                   int
	Seed                      uint64
}

// listColumns head a list of runs.
var listColumns = []string{"set", "instance", "convention", "seconds", "threads", "seed"}

// Jobs are the runs in the order in which they are to be made: all instances
// with the first seed, then all with the second, so that a part of the runs
// says something of all; of a list in its own order.
func (s Selection) Jobs() ([]Job, error) {
	if s.List != "" {
		return s.listed()
	}
	list, err := sets.Open(s.Set, s.Convention, s.Only...)
	if err != nil {
		return nil, err
	}
	var jobs []Job
	for seed := 1; seed <= s.Seeds; seed++ {
		for _, one := range list {
			jobs = append(jobs, Job{
				Instance: one, Seed: uint64(seed), Threads: s.Threads,
				Time: s.Time, Iterations: s.Iterations, ToBest: s.ToBest,
			})
		}
	}
	return jobs, nil
}

func (s *Selection) listed() ([]Job, error) {
	rows, err := s.wanted()
	if err != nil {
		return nil, err
	}
	type group struct{ set, convention string }
	type key struct {
		group
		name string
	}
	instances := map[key]sets.Instance{}
	opened := map[group]bool{}
	for _, r := range rows {
		g := group{r.Set, r.Convention}
		if opened[g] {
			continue
		}
		opened[g] = true
		folder := s.Set
		if folder == "" {
			folder = filepath.Join(s.Sets, g.set)
		}
		var same []Listed
		var names []string
		for _, other := range rows {
			if g == (group{other.Set, other.Convention}) {
				same, names = append(same, other), append(names, other.Instance)
			}
		}
		list, err := sets.Open(folder, g.convention, names...)
		for _, one := range list {
			instances[key{g, one.Info().Name}] = one
		}
		for k := 0; err != nil && k < len(same); k++ { // whose fault it is
			if _, its := sets.Open(folder, g.convention, same[k].Instance); its != nil {
				return nil, fmt.Errorf("%s: row %d: %w", s.List, same[k].Row, its)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.List, err)
		}
	}
	var jobs []Job
	made := map[Listed]bool{}
	for _, r := range rows {
		r.Row = 0
		if made[r] { // listed twice
			continue
		}
		made[r] = true
		j := Job{
			Instance: instances[key{group{r.Set, r.Convention}, r.Instance}], Seed: r.Seed, Threads: r.Threads,
			Time: s.Time, Iterations: s.Iterations, ToBest: s.ToBest,
		}
		if s.Time == 0 && s.Iterations == 0 {
			j.Time = time.Duration(r.Seconds * float64(time.Second))
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// wanted are the rows of the list that are to be run. There must be some, and
// one for each name.
func (s *Selection) wanted() ([]Listed, error) {
	rows, err := ReadList(s.List)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: there is no run below the first row", s.List)
	}
	keep := func(what, name string, of func(*Listed) string) error {
		var there []string
		for i := range rows {
			there = append(there, of(&rows[i]))
		}
		slices.Sort(there)
		there = slices.Compact(there)
		rows = slices.DeleteFunc(rows, func(r Listed) bool { return of(&r) != name })
		if len(rows) == 0 {
			return fmt.Errorf("%s: no run is %s %q; the list has %s", s.List, what, name, strings.Join(there, ", "))
		}
		return nil
	}
	if s.Set != "" {
		err = keep("of the set", filepath.Base(s.Set), func(r *Listed) string { return r.Set })
	}
	if err == nil && s.Convention != "" {
		err = keep("under the convention", s.Convention, func(r *Listed) string { return r.Convention })
	}
	if err != nil || len(s.Only) == 0 {
		return rows, err
	}
	for _, name := range s.Only {
		if !slices.ContainsFunc(rows, func(r Listed) bool { return r.Instance == name }) {
			return nil, fmt.Errorf("%s: no run is of the instance %q", s.List, name)
		}
	}
	return slices.DeleteFunc(rows, func(r Listed) bool { return !slices.Contains(s.Only, r.Instance) }), nil
}

const (
	mostThreads = 1024 // is what the solver takes
	mostSeconds = 1_000_000
)

// ReadList reads a list of runs: set, instance, convention, seconds, threads,
// seed.
func ReadList(path string) ([]Listed, error) {
	data, err := text.Read(path)
	if err != nil {
		return nil, err
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 || !slices.Equal(records[0], listColumns) {
		return nil, fmt.Errorf("%s: the first row must be %s", path, strings.Join(listColumns, ","))
	}
	var list []Listed
	for i, record := range records[1:] {
		l := Listed{Row: i + 2, Set: record[0], Instance: record[1], Convention: record[2]}
		bad := func(column int, want string) ([]Listed, error) {
			return nil, fmt.Errorf("%s: row %d, %s: %q; it must be %s", path, l.Row, listColumns[column], record[column], want)
		}
		switch {
		case l.Set == "" || l.Set != filepath.Base(l.Set):
			return bad(0, "the name of a set, which is that of its folder")
		case l.Instance == "":
			return bad(1, "the name of an instance")
		case l.Convention == "":
			return bad(2, "the name of a convention")
		}
		if l.Seconds, err = strconv.ParseFloat(record[3], 64); err != nil || !(l.Seconds > 0 && l.Seconds <= mostSeconds) {
			return bad(3, fmt.Sprintf("a number above 0, at most %d", mostSeconds))
		}
		if l.Threads, err = strconv.Atoi(record[4]); err != nil || l.Threads < 1 || l.Threads > mostThreads {
			return bad(4, fmt.Sprintf("a whole number from 1 to %d", mostThreads))
		}
		if l.Seed, err = strconv.ParseUint(record[5], 10, 64); err != nil {
			return bad(5, "a whole number from 0")
		}
		list = append(list, l)
	}
	return list, nil
}
