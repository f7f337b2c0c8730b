package main

import (
	"fmt"
	"strings"

	"github.com/slinga-se/slinga/benchmarks/runs"
)

// entry is a run and how it was made.
type entry struct {
	variant string
	runs.Row
}

// page is two tables in Markdown, a line a variant and a column an instance:
// gaps, and iterations a second beside those with all parts.
func (s *series) page(variants []variant, done []entry) string {
	var text strings.Builder
	fmt.Fprintf(&text, "# What the parts of the search are worth\n\n%s, %s, seed %d, threads: %d but where it says two", s.version, s.machine, s.jobs[0].Seed, s.jobs[0].Threads)
	if budget := s.budget(); budget != "" {
		fmt.Fprintf(&text, ", %s a run", budget)
	}
	text.WriteString(". Made by `go run -tags ablations ./benchmarks/ablate`; all rows are in ablations.csv.\n" +
		"One run each: seeds differ by as much as most of the differences here.\n\n" +
		"Percent above the best known value; more vehicles than those, where vehicles come first:\n\n")
	find := func(v string, job int) *runs.Row {
		info := s.jobs[job].Instance.Info()
		for i := range done {
			if r := &done[i]; r.variant == v && r.Set == info.Set && r.Instance == info.Name && r.Convention == info.Convention {
				return &r.Row
			}
		}
		return new(runs.Row)
	}
	s.table(&text, variants, func(v string, job int) string { return standing(find(v, job)) })
	text.WriteString("\nIterations a second:\n\n")
	s.table(&text, variants, func(v string, job int) string {
		r, all := find(v, job), find(whole, job)
		if r.Seconds == 0 || all.Iterations == 0 {
			return ""
		}
		rate := float64(r.Iterations) / r.Seconds
		if v == whole {
			return fmt.Sprintf("%.0f", rate)
		}
		return fmt.Sprintf("%.0f (%.2f)", rate, rate/(float64(all.Iterations)/all.Seconds))
	})
	return text.String()
}

func (s *series) table(text *strings.Builder, variants []variant, cell func(variant string, job int) string) {
	text.WriteString("| |")
	for i := range s.jobs {
		fmt.Fprintf(text, " %s |", s.jobs[i].Instance.Info().Name)
	}
	text.WriteString("\n|---|" + strings.Repeat("---|", len(s.jobs)) + "\n")
	for _, v := range variants {
		fmt.Fprintf(text, "| %s |", v.name)
		for i := range s.jobs {
			fmt.Fprintf(text, " %s |", cell(v.name, i))
		}
		text.WriteString("\n")
	}
}

// standing is how a run stands beside the best known value.
func standing(r *runs.Row) string {
	if gap, ok := r.Gap(); ok {
		return fmt.Sprintf("%.2f", gap)
	}
	more, ok := r.VehiclesGap()
	switch {
	case r.Unsupported != "":
		return "not supported"
	case !r.Feasible:
		return "not feasible"
	case ok:
		return fmt.Sprintf("%+d vehicles", more)
	}
	return fmt.Sprintf("%.6g", r.Objective)
}
