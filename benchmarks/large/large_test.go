package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/solver"
)

// TestDay: a day has as many visits and links as are asked for, the solver takes
// it, and the same seed draws the same day.
func TestDay(t *testing.T) {
	l, err := openLand(t.Context(), "isle-of-man")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close() //nolint:errcheck // nothing is mapped
	for _, tasks := range []int{1, 60, 600} {
		d := subject{size: size{tasks, shiftsFor(tasks)}}
		if d.problem, err = l.day(t.Context(), d.size, 10, 3); err != nil {
			t.Fatal(err)
		}
		if err := d.problem.Validate(); err != nil {
			t.Fatal(err)
		}
		if len(d.problem.Tasks) != tasks || len(d.problem.Shifts) != d.size.shifts {
			t.Errorf("%d visits, %d shifts; want %v", len(d.problem.Tasks), len(d.problem.Shifts), d.size)
		}
		if tasks == 600 && (d.linked() < 42 || d.linked() > 78) {
			t.Errorf("%d of 600 visits are linked, want about 60", d.linked())
		}
		if n := len(d.problem.Profiles[0].Periods[0].Time); d.matrixBytes() != 8*int64(n) {
			t.Errorf("%d bytes for two matrices of %d", d.matrixBytes(), n)
		}
		again, err := l.day(t.Context(), d.size, 10, 3)
		if err != nil {
			t.Fatal(err)
		}
		if mustSolve(t, d.problem).Cost != mustSolve(t, again).Cost {
			t.Error("the same seed draws another day")
		}
	}
}

func mustSolve(t *testing.T, p *solver.Problem) *solver.Solution {
	t.Helper()
	s, err := solver.Solve(t.Context(), p, solver.Options{Iterations: 50})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRows: every run has a row, and under a limit of iterations the costs are
// the same again.
func TestRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large.csv")
	for range 2 {
		var out strings.Builder
		if err := app(&out).RunContext(t.Context(), []string{"large", "--tasks", "30,60", "--threads", "1,2", "--iterations", "400", "--out", file}); err != nil {
			t.Fatal(err)
		}
	}
	rows := readRows(t, file)
	if len(rows) != 8 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows[:4] {
		again := rows[i+4]
		if row["cost"] != again["cost"] || row["unserved"] != again["unserved"] || row["iterations"] != again["iterations"] {
			t.Errorf("%v\nand then %v", row, again)
		}
		if want := []string{"30", "30", "60", "60"}[i]; row["tasks"] != want || row["budget"] != "400 iterations" || row["map"] != "isle-of-man" ||
			row["command"] != "go run ./benchmarks/large --tasks 30,60 --threads 1,2 --iterations 400" {
			t.Errorf("%v", row)
		}
		if done, _ := strconv.Atoi(row["iterations"]); done < 400 {
			t.Errorf("%d iterations", done)
		}
	}
}

func readRows(t *testing.T, file string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range table[1:] {
		row := map[string]string{}
		for i, value := range line {
			row[table[0][i]] = value
		}
		rows = append(rows, row)
	}
	return rows
}

func TestPrompt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prompt.csv")
	var out strings.Builder
	if err := app(&out).RunContext(t.Context(), []string{"large", "prompt", "--tasks", "20", "--reps", "1", "--out", file}); err != nil {
		t.Fatal(err)
	}
	rows := readRows(t, file)
	if len(rows) != 4 || rows[0]["figure"] != "first roster, median" || rows[3]["figure"] != "from cancelling to the roster, longest" || rows[0]["unit"] != "ms" {
		t.Errorf("%v", rows)
	}
}

// TestRefuses: what cannot work is told before anything is drawn or searched.
func TestRefuses(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.csv")
	if err := os.WriteFile(other, []byte("a,b\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"--budgets soon", `--budgets "soon": write numbers with a unit, such as 60s or 30m`},
		{"--budgets 1", `--budgets "1": write`},
		{"--budgets 1s --iterations 5", "takes the place"},
		{"--tasks 0", "--tasks 0: must be from 1 to 100000"},
		{"--tasks 10 --shifts 0", "--shifts 0: must be from 1 to 100000"},
		{"--threads 0", "--threads 0: must be at least 1"},
		{"--linked 101", "--linked"},
		{"--map nowhere.osm.pbf", "nowhere.osm.pbf"},
		{"promt", "no command"},
		{"prompt --reps 0", "--reps 0: must be at least 1"},
		{"prompt --tasks 1000000000", "--tasks 1000000000: must be from 1 to 100000"},
		{"--out " + other, "the first row must be date,version"},
		{"prompt --out " + other, "the first row must be date,version"},
		{"prompt --out " + os.DevNull, "not a regular file"},
	} {
		var out strings.Builder
		err := app(&out).RunContext(t.Context(), append([]string{"large", "--out", ""}, strings.Fields(c.args)...))
		if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
			t.Errorf("%s: %v, printed %q; want %q", c.args, err, out.String(), c.want)
		}
	}
}
