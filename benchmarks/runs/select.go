package runs

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

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
	rows, err := ReadList(s.List)
	if err != nil {
		return nil, err
	}
	type group struct{ set, convention string }
	only := map[group][]string{}
	rows = slices.DeleteFunc(rows, func(r Listed) bool {
		return s.Set != "" && r.Set != filepath.Base(s.Set) || s.Convention != "" && r.Convention != s.Convention ||
			len(s.Only) > 0 && !slices.Contains(s.Only, r.Instance)
	})
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: none of its runs is wanted", s.List)
	}
	for _, r := range rows {
		g := group{r.Set, r.Convention}
		only[g] = append(only[g], r.Instance)
	}
	type key struct{ set, convention, name string }
	instances := map[key]sets.Instance{}
	for g, names := range only {
		folder := s.Set
		if folder == "" {
			folder = filepath.Join(s.Sets, g.set)
		}
		list, err := sets.Open(folder, g.convention, names...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.List, err)
		}
		for _, one := range list {
			instances[key{g.set, g.convention, one.Info().Name}] = one
		}
	}
	var jobs []Job
	for _, r := range rows {
		j := Job{
			Instance: instances[key{r.Set, r.Convention, r.Instance}], Seed: r.Seed, Threads: r.Threads,
			Time: s.Time, Iterations: s.Iterations, ToBest: s.ToBest,
		}
		if s.Time == 0 && s.Iterations == 0 {
			j.Time = time.Duration(r.Seconds * float64(time.Second))
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// mostThreads is what the solver takes.
const mostThreads = 1024

// ReadList reads a list of runs: set, instance, convention, seconds, threads,
// seed.
func ReadList(path string) ([]Listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 || !slices.Equal(records[0], listColumns) {
		return nil, fmt.Errorf("%s: the first row must be %s", path, strings.Join(listColumns, ","))
	}
	var list []Listed
	for i, record := range records[1:] {
		l := Listed{Set: record[0], Instance: record[1], Convention: record[2]}
		bad := func(column int) ([]Listed, error) {
			return nil, fmt.Errorf("%s: row %d, %s: %q is not what it must be", path, i+2, listColumns[column], record[column])
		}
		if l.Set == "" || l.Set != filepath.Base(l.Set) {
			return bad(0)
		}
		if l.Convention == "" {
			return bad(2)
		}
		if l.Seconds, err = strconv.ParseFloat(record[3], 64); err != nil || !(l.Seconds > 0 && l.Seconds <= 1e6) {
			return bad(3)
		}
		if l.Threads, err = strconv.Atoi(record[4]); err != nil || l.Threads < 1 || l.Threads > mostThreads {
			return bad(4)
		}
		if l.Seed, err = strconv.ParseUint(record[5], 10, 64); err != nil {
			return bad(5)
		}
		list = append(list, l)
	}
	return list, nil
}
