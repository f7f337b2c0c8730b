package runs

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/sets"
)

// Table writes means by class as a Markdown table: of every set, convention,
// solver and number of threads a line for each class, one for each size, and one for all. Of two rows
// of one run the last counts. Means are of feasible runs alone.
func Table(w io.Writer, rows []Row) error {
	t := newTable(rows)
	t.line(w, t.heading())
	t.line(w, t.ruler())
	for _, block := range t.blocks() {
		for _, l := range block.lines() {
			t.line(w, t.cells(block.key, l))
		}
	}
	return t.err
}

// table is what of the rows decides the columns.
type table struct {
	rows         []Row
	solvers      bool // there are several
	hierarchical bool
	unsupported  bool
	err          error
}

func newTable(rows []Row) *table {
	t := new(table)
	place := map[key]int{}
	for _, r := range rows {
		i, known := place[r.key()]
		if !known {
			i = len(t.rows)
			place[r.key()] = i
			t.rows = append(t.rows, r)
		}
		t.rows[i] = r
		t.solvers = t.solvers || r.Solver != ""
		t.hierarchical = t.hierarchical || r.Convention == sets.Hierarchical
		t.unsupported = t.unsupported || r.Unsupported != ""
	}
	return t
}

// blockKey is what means are taken under: values of different conventions
// cannot be compared, nor what one thread and several come to.
type blockKey struct {
	set, convention, solver string
	threads                 int
}

// block is a part of the table with a line for all of it.
type block struct {
	key  blockKey
	rows []*Row
}

// family is the sets of one convention and form, which are judged together too.
const family = "hhcrsp-"

// blocks are in the order of the names; after the sets of the family comes what
// they are together.
func (t *table) blocks() []block {
	byKey := map[blockKey]*block{}
	var keys []blockKey
	add := func(k blockKey, r *Row) {
		if byKey[k] == nil {
			byKey[k] = &block{key: k}
			keys = append(keys, k)
		}
		byKey[k].rows = append(byKey[k].rows, r)
	}
	members := map[string]bool{}
	for i := range t.rows {
		if r := &t.rows[i]; strings.HasPrefix(r.Set, family) {
			members[r.Set] = true
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		add(blockKey{r.Set, r.Convention, r.Solver, r.Threads}, r)
		if members[r.Set] && len(members) > 1 {
			add(blockKey{family + "*", r.Convention, r.Solver, r.Threads}, r)
		}
	}
	// The star stands before letters; "~" puts it behind them.
	last := func(set string) string { return strings.ReplaceAll(set, "*", "~") }
	slices.SortFunc(keys, func(a, b blockKey) int {
		return cmp.Or(cmp.Compare(last(a.set), last(b.set)), cmp.Compare(a.convention, b.convention), cmp.Compare(a.solver, b.solver), cmp.Compare(a.threads, b.threads))
	})
	list := make([]block, len(keys))
	for i, k := range keys {
		list[i] = *byKey[k]
	}
	return list
}

// line is one line of a block: some runs taken together.
type line struct {
	label string
	rows  []*Row
}

// lines are those of the classes, behind those of one size a line for the size,
// and one for all unless it would be the only one again.
func (b *block) lines() []line {
	byClass := map[Class][]*Row{}
	var classes []Class
	for _, r := range b.rows {
		c := ClassOf(r.Set, r.Instance)
		if byClass[c] == nil {
			classes = append(classes, c)
		}
		byClass[c] = append(byClass[c], r)
	}
	slices.SortFunc(classes, func(a, b Class) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Name, b.Name))
	})
	var list []line
	for i := 0; i < len(classes); {
		size := line{label: classes[i].Group + ", all"}
		first := i
		for ; i < len(classes) && classes[i].Group == classes[first].Group; i++ {
			rows := byClass[classes[i]]
			size.rows = append(size.rows, rows...)
			if classes[i].String() != "" {
				list = append(list, line{classes[i].String(), rows})
			}
		}
		if classes[first].Group != "" && i-first > 1 {
			list = append(list, size)
		}
	}
	if len(list) != 1 {
		list = append(list, line{"all", b.rows})
	}
	return list
}

func (t *table) heading() []string {
	heading := []string{"set", "convention"}
	if t.solvers {
		heading = append(heading, "solver")
	}
	heading = append(heading, "threads", "class", "runs", "mean gap", "worst gap", "at best known", "infeasible")
	if t.unsupported {
		heading = append(heading, "unsupported")
	}
	if t.hierarchical {
		heading = append(heading, "mean vehicles_gap", "at best vehicles")
	}
	return append(heading, "mean objective", "mean seconds")
}

// ruler puts names to the left and numbers to the right.
func (t *table) ruler() []string {
	ruler := t.heading()
	for i, heading := range ruler {
		ruler[i] = "---:"
		if slices.Contains([]string{"set", "convention", "solver", "class"}, heading) {
			ruler[i] = "---"
		}
	}
	return ruler
}

// sum is a mean in the making.
type sum struct {
	total float64
	count int
}

func (s *sum) add(v float64) { s.total, s.count = s.total+v, s.count+1 }

func (s *sum) mean(format string) string {
	if s.count == 0 {
		return ""
	}
	return fmt.Sprintf(format, s.total/float64(s.count))
}

func (t *table) cells(k blockKey, l line) []string {
	var gaps, vehicles, objectives, seconds sum
	worst := ""
	best, equal, known, infeasible, lacking := 0, 0, 0, 0, 0
	most := 0.0
	for _, r := range l.rows {
		switch {
		case r.Unsupported != "":
			lacking++
			continue
		case !r.Feasible:
			infeasible++
			seconds.add(r.Seconds)
			if r.Best != nil {
				known++
			}
			continue
		}
		seconds.add(r.Seconds)
		objectives.add(r.Objective)
		if r.Best == nil {
			continue
		}
		known++
		if r.AtBest() {
			best++
		}
		if more, ok := r.VehiclesGap(); ok {
			vehicles.add(float64(more))
			if more <= 0 {
				equal++
			}
		}
		if gap, ok := r.Gap(); ok {
			if gaps.count == 0 || gap > most {
				most = gap
				worst = fmt.Sprintf("%.3f %%", gap)
			}
			gaps.add(gap)
		}
	}
	cells := []string{k.set, k.convention}
	if t.solvers {
		cells = append(cells, k.solver)
	}
	cells = append(cells, fmt.Sprint(k.threads), l.label, fmt.Sprint(len(l.rows)), gaps.mean("%.3f %%"), worst, share(best, known), fmt.Sprint(infeasible))
	if t.unsupported {
		cells = append(cells, fmt.Sprint(lacking))
	}
	if t.hierarchical {
		of := ""
		if k.convention == sets.Hierarchical {
			of = share(equal, known)
		}
		cells = append(cells, vehicles.mean("%.3f"), of)
	}
	return append(cells, objectives.mean("%.2f"), seconds.mean("%.1f"))
}

// share writes how many of those of which something is known.
func share(part, of int) string {
	if of == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", part, of)
}

func (t *table) line(w io.Writer, cells []string) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
}
