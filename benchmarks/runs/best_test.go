//go:build sets

package runs

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/benchmarks/sets"
)

var newBest = flag.String("new-best", "", "put the plans that are better than the best known ones in place of those in benchmarks/results/solutions, from this folder of solutions")

// TestSolutionsOfResults: of every home-care instance on which a run of
// benchmarks/results/acceptance.csv came below the best known value, the
// cheapest plan stands in benchmarks/results/solutions, the first of those that
// cost the same, and is worth what the row says by the set's own rules; and no
// other plan does.
//
//	go test -tags sets -run TestSolutionsOfResults ./benchmarks/runs -sets FOLDER [-new-best SOLUTIONS]
func TestSolutionsOfResults(t *testing.T) {
	rows, _, err := ReadRows(filepath.Join("..", "results", "acceptance.csv"))
	if err != nil {
		t.Fatal(err)
	}
	better := map[[3]string]Row{}
	for _, row := range rows {
		home := row.Set == "uhhc" || row.Set == "hhc-bazirha" || strings.HasPrefix(row.Set, "hhcrsp-")
		if !home || !row.Feasible || row.Best == nil || row.Objective >= row.Best.Objective-asGood {
			continue
		}
		k := [3]string{row.Set, row.Instance, row.Convention}
		if known, ok := better[k]; !ok || row.Objective < known.Objective {
			better[k] = row
		}
	}
	kept := filepath.Join("..", "results", "solutions")
	if *newBest != "" {
		if err := os.RemoveAll(kept); err != nil {
			t.Fatal(err)
		}
	}
	b := builder{t: t}
	var want []string
	for _, k := range slices.SortedFunc(maps.Keys(better), func(x, y [3]string) int { return slices.Compare(x[:], y[:]) }) {
		row := better[k]
		list, err := sets.Open(filepath.Join(*setFolder, row.Set), row.Convention, row.Instance)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v: %d instances, %v", k, len(list), err)
		}
		one := list[0]
		job := Job{Instance: one, Seed: row.Seed, Threads: row.Threads}
		path := job.SolutionPath("")
		want = append(want, path)
		if *newBest != "" {
			b.copy(filepath.Join(*newBest, path), filepath.Join(kept, path))
		}
		value, err := b.judge(one, filepath.Join(kept, path))
		if err != nil || rounded(value.Objective) != rounded(row.Objective) || value.Vehicles != row.Vehicles {
			t.Errorf("%s is worth %v with %d vehicles (%v), and %v with %d by its row", path, value.Objective, value.Vehicles, err, row.Objective, row.Vehicles)
		}
	}
	var got []string
	err = filepath.WalkDir(kept, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			path, err = filepath.Rel(kept, path)
			got = append(got, path)
		}
		return err
	})
	slices.Sort(got)
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s holds (%v)\n%s\nand not\n%s", kept, err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d plans are better than the best known ones", len(want))
}

func (b *builder) copy(from, to string) {
	b.t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *builder) judge(one sets.Instance, path string) (sets.Value, error) {
	b.t.Helper()
	f, err := os.Open(path)
	if err != nil {
		return sets.Value{}, err
	}
	defer f.Close() //nolint:errcheck // only read
	plan, err := one.Read(f)
	if err != nil {
		return sets.Value{}, err
	}
	return one.Evaluate(plan)
}
