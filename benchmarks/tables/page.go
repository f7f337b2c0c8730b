package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The part of the page between these lines is made of the results.
const (
	pageBegins = "<!-- tables: what follows is written by go run ./benchmarks/tables --page -->"
	pageEnds   = "<!-- tables: end -->"
)

// countySize is how many addresses a county's home care has in the page's
// example.
const countySize = 2000

// writePage writes the made part of the page anew.
func writePage(page, results string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	rows, err := readRows(results)
	if err != nil {
		return err
	}
	text, err = putBetween(text, figures(rows))
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, text, 0o644)
}

// putBetween puts lines between the page's two marks.
func putBetween(page []byte, lines string) ([]byte, error) {
	before, rest, begins := bytes.Cut(page, []byte(pageBegins+"\n"))
	_, after, ends := bytes.Cut(rest, []byte(pageEnds+"\n"))
	if !begins || !ends {
		return nil, fmt.Errorf("no lines %q and %q", pageBegins, pageEnds)
	}
	return slices.Concat(before, []byte(pageBegins+"\n\n"+lines+"\n"+pageEnds+"\n"), after), nil
}

// run is what was measured side by side on one map.
type run struct{ rows []row }

// newestRuns finds the last run of each map, in the order of the graph's size.
func newestRuns(rows []row) []run {
	byMap := make(map[string]run)
	for _, r := range rows {
		if known := byMap[r.Map]; len(known.rows) > 0 && known.rows[0].Run == r.Run {
			byMap[r.Map] = run{append(known.rows, r)}
		} else if len(known.rows) == 0 || known.rows[0].Run < r.Run {
			byMap[r.Map] = run{[]row{r}}
		}
	}
	runs := make([]run, 0, len(byMap))
	for _, each := range byMap {
		runs = append(runs, each)
	}
	slices.SortFunc(runs, func(a, b run) int {
		if a.nodes() != b.nodes() {
			return a.nodes() - b.nodes()
		}
		return strings.Compare(a.rows[0].Map, b.rows[0].Map)
	})
	return runs
}

// nodes is the number of nodes of Slinga's graph.
func (r run) nodes() int {
	for _, row := range r.rows {
		if row.Engine == ourName && row.Size > 0 {
			n, _ := strconv.Atoi(row.Nodes)
			return n
		}
	}
	return 0
}

// engines are the names in the order in which they took turns, Slinga first.
func (r run) engines() []string {
	names := []string{ourName}
	for _, tables := range []bool{true, false} {
		for _, row := range r.rows {
			if row.Size > 0 == tables && !slices.Contains(names, row.Engine) {
				names = append(names, row.Engine)
			}
		}
	}
	return names
}

// find is the row of an engine and a figure; nil: not measured.
func (r run) find(engine string, size, threads int, figures ...string) *row {
	for i := range r.rows {
		row := &r.rows[i]
		if row.Engine == engine && row.Size == size && row.Threads == threads && (size > 0 || slices.Contains(figures, row.Figure)) {
			return row
		}
	}
	return nil
}

// figures is the made part of the page.
func figures(rows []row) string {
	runs := newestRuns(rows)
	if len(runs) == 0 {
		return "No figures have been measured yet.\n"
	}
	var out strings.Builder
	gains(&out, runs)
	for _, r := range runs {
		first := r.rows[0]
		fmt.Fprintf(&out, "\n## %s\n\n", first.Map)
		fmt.Fprintf(&out, "Measured %s, revision %s, on %s; points of seed %d, %s; medians of %d in turns.\n",
			first.Run, first.Version, first.Machine, first.Seed, r.drawn(), r.reps())
		if versions := r.versions(); versions != "" {
			fmt.Fprintf(&out, "%s.\n", versions)
		}
		r.tables(&out)
		r.steps(&out)
	}
	return out.String()
}

// gains says what the figures mean for a county and for a scenario.
func gains(out *strings.Builder, runs []run) {
	fmt.Fprintf(out, "## A county and its weather\n\n")
	fmt.Fprintf(out, "A matrix between %d addresses, and what one more scenario costs. Another weather is new weights for the whole map, then the matrix. "+
		"The first weights after a map is opened take longer, see its steps: what the file leaves out is made then. "+
		"Ten closed roads change the weights that there are. Who cannot give a map new weights contracts it anew for either.\n\n", countySize)
	fmt.Fprintf(out, "| map | engine | what the matrix holds | matrices a second, 1 thread | 2 threads | new weights | another weather, with its matrix | ten closed roads | with their matrix |\n"+
		"|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range runs {
		for _, engine := range r.engines() {
			matrix := r.find(engine, countySize, 1)
			if matrix == nil {
				continue
			}
			cells := []string{r.rows[0].Map, engine, matrix.Figure, fmt.Sprintf("%.1f", 1/matrix.Median), ""}
			if two := r.find(engine, countySize, 2); two != nil {
				cells[4] = fmt.Sprintf("%.1f", 1/two.Median)
			}
			weights := r.step(engine, "customise again", "customise", "contract")
			closed := r.step(engine, "close", "customise again", "customise", "contract")
			for _, w := range []*row{weights, closed} {
				if w == nil {
					cells = append(cells, "", "")
				} else {
					cells = append(cells, duration(w.Median), duration(w.Median+matrix.Median))
				}
			}
			fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
		}
	}
}

// step is the row of the first of the steps that the engine has.
func (r run) step(engine string, names ...string) *row {
	for _, name := range names {
		if found := r.find(engine, 0, 0, name); found != nil {
			return found
		}
	}
	return nil
}

func (r run) reps() int {
	reps := 0
	for _, row := range r.rows {
		if row.Size > 0 {
			reps = max(reps, row.Reps)
		}
	}
	return reps
}

// drawn says where the points lie.
func (r run) drawn() string {
	if slices.Contains(strings.Fields(r.rows[0].Command), "--anywhere") {
		return "all over the map, whose parts are not all joined by roads"
	}
	return "in the largest part of the map where every road leads to every other"
}

// versions lists the peers' versions.
func (r run) versions() string {
	var list []string
	for _, row := range r.rows {
		if !strings.HasPrefix(row.Engine, ourName) {
			name, _, _ := strings.Cut(row.Engine, " ")
			if each := name + " " + row.EngineVersion; !slices.Contains(list, each) {
				list = append(list, each)
			}
		}
	}
	return strings.Join(list, "; ")
}

// tables lists sizes by engine, each with its ratio to Slinga.
func (r run) tables(out *strings.Builder) {
	type load struct{ size, threads int }
	var loads []load
	for _, row := range r.rows {
		if l := (load{row.Size, row.Threads}); row.Size > 0 && !slices.Contains(loads, l) {
			loads = append(loads, l)
		}
	}
	if len(loads) == 0 {
		return
	}
	fmt.Fprintf(out, "\n| points | threads |")
	for _, engine := range r.engines() {
		fmt.Fprintf(out, " %s |", engine)
	}
	fmt.Fprintf(out, "\n|---|---|%s\n", strings.Repeat("---|", len(r.engines())))
	for _, l := range loads {
		fmt.Fprintf(out, "| %d x %d | %d |", l.size, l.size, l.threads)
		for _, engine := range r.engines() {
			switch row := r.find(engine, l.size, l.threads); {
			case row == nil:
				fmt.Fprintf(out, " |")
			case engine == ourName:
				fmt.Fprintf(out, " %s%s |", duration(row.Median), r.gained(row))
			default:
				fmt.Fprintf(out, " %s (%.1f times) |", duration(row.Median), row.Ratio)
			}
		}
		fmt.Fprintln(out)
	}
}

// gained is how much quicker several threads were than one.
func (r run) gained(several *row) string {
	one := r.find(several.Engine, several.Size, 1)
	if several.Threads == 1 || one == nil {
		return ""
	}
	return fmt.Sprintf(", %.2f times 1 thread", one.Median/several.Median)
}

// steps lists what each engine does before it can answer.
func (r run) steps(out *strings.Builder) {
	began := false
	for _, engine := range r.engines() {
		for _, row := range r.rows {
			if row.Engine != engine || row.Size > 0 || strings.Contains(row.Figure, ": ") || strings.HasSuffix(row.Figure, peakMemory) {
				continue
			}
			if !began {
				fmt.Fprintf(out, "\n| engine | step | time | peak memory |\n|---|---|---|---|\n")
				began = true
			}
			memory := ""
			if peak := r.find(engine, 0, 0, row.Figure+peakMemory); peak != nil {
				memory = fmt.Sprintf("%.0f %s", peak.Median, peak.Unit)
			}
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", engine, row.Figure, duration(row.Median), memory)
		}
		if peak := r.find(engine, 0, 0, wholeProcess+peakMemory); began && peak != nil {
			fmt.Fprintf(out, "| %s | %s | | %.0f %s |\n", engine, wholeProcess, peak.Median, peak.Unit)
		}
	}
}

// duration writes seconds with three figures, in the unit that suits.
func duration(seconds float64) string {
	switch {
	case seconds < 0.0995:
		return figureOf(seconds*1000) + " ms"
	case seconds < 0.9995:
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return figureOf(seconds) + " s"
}

func figureOf(v float64) string {
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f", v)
	case v < 99.95:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
