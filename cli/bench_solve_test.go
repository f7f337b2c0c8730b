package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
)

var publicSets = filepath.Join(root, "benchmarks", "sets", "testdata")

// TestBenchSolve: runs are made once, and the same limit and seed give the same
// plan again.
func TestBenchSolve(t *testing.T) {
	dir := t.TempDir()
	file, solutions := filepath.Join(dir, "runs.csv"), filepath.Join(dir, "solutions")
	// Flags with one dash, as other programs' scripts write them.
	args := []string{
		"bench", "solve", "-set", filepath.Join(publicSets, "hhc-bazirha"), "-only", "D1", "-convention", "travel",
		"-iterations", "300", "-threads", "1", "-resume", file, "-solutions", solutions,
	}
	r := mustRun(t, append(args, "-seeds", "2")...)
	header, _, _ := strings.Cut(r.out, "\n")
	if header != "set,instance,convention,seed,threads,seconds,vehicles,objective,bks,gap_percent,feasible" {
		t.Errorf("header %q", header)
	}
	rows := rowsOf(t, r.out)
	if len(rows) != 2 || r.err != "" {
		t.Fatalf("printed %q and %q", r.out, r.err)
	}
	for i, seed := range []string{"1", "2"} {
		row := rows[i]
		if row["instance"] != "D1" || row["seed"] != seed || row["threads"] != "1" || row["feasible"] != "true" || row["bks"] != "769" ||
			number(t, row["objective"]) < 769 || number(t, row["gap_percent"]) < 0 || number(t, row["seconds"]) < 0 {
			t.Errorf("%v", row)
		}
		text, err := os.ReadFile(filepath.Join(solutions, "hhc-bazirha", "D1.travel."+seed+".sol.json"))
		if err != nil || !strings.Contains(string(text), `"caregiver_id"`) {
			t.Errorf("%v: %q", err, text)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil || string(kept) != r.out {
		t.Errorf("%v: the file holds %q, printed was %q", err, kept, r.out)
	}
	// The rows that stand there are not made again, but for one that a crash cut.
	if err := os.WriteFile(file, kept[:len(kept)-7], 0o644); err != nil {
		t.Fatal(err)
	}
	r = mustRun(t, append(args, "-seeds", "3")...)
	if !strings.Contains(r.err, "the last row broke off and was taken out") {
		t.Errorf("said %q", r.err)
	}
	again := rowsOf(t, r.out)
	if len(again) != 2 || again[0]["seed"] != "2" || again[0]["objective"] != rows[1]["objective"] || again[1]["seed"] != "3" {
		t.Errorf("%v", again)
	}
	// What stands there without a solution is made again, for its solution.
	lost := filepath.Join(solutions, "hhc-bazirha", "D1.travel.2.sol.json")
	if err := os.Remove(lost); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r = mustRun(t, append(args, "-seeds", "3")...)
	again = rowsOf(t, r.out)
	if _, err := os.Stat(lost); err != nil || len(again) != 1 || again[0]["seed"] != "2" {
		t.Errorf("%v: %v", err, again)
	}
	// Its row is that of the new solution: it stands last, and the last counts.
	_, row, _ := strings.Cut(r.out, "\n")
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before)+row {
		t.Errorf("%v: the file holds %q, before it was %q", err, after, before)
	}
	r = mustRun(t, append(args, "-seeds", "3")...)
	if want := "slinga: nothing to do: " + file + " has a row of every run that was asked for (3)\n"; r.err != want || r.out != header+"\n" {
		t.Errorf("printed %q and %q", r.out, r.err)
	}
	table := mustRun(t, "bench", "table", file)
	if !strings.Contains(table.out, "| hhc-bazirha | travel | 1 | D | 3 |") {
		t.Errorf("printed %q", table.out)
	}
}

// TestBenchSolveTells: what is wrong with a plan, why, and that a value is too
// good to be true.
func TestBenchSolveTells(t *testing.T) {
	set := filepath.Join(t.TempDir(), "vrptw-solomon")
	heading := "small\n\nNUMBER CAPACITY\n 2 10\n\n"
	put(t, filepath.Join(set, "bks.csv"), "set,instance,convention,vehicles,objective,proven_optimal,source\nvrptw-solomon,good,trunc1-dist,1,82.5,,\n")
	put(t, filepath.Join(set, "instances", "good.txt"), heading+"0 0 0 0 0 100 0\n1 3 4 5 0 100 1\n")
	put(t, filepath.Join(set, "instances", "heavy.txt"), heading+"0 0 0 0 0 100 0\n1 3 4 50 0 100 1\n2 3 4 5 0 100 1\n3 3 4 11 0 100 1\n")
	r := slinga("bench", "solve", "--set", set, "--convention", "trunc1-dist", "--iterations", "10")
	if r.code != cli.ExitBreach {
		t.Errorf("exit %d", r.code)
	}
	want := "slinga: warning: vrptw-solomon good, trunc1-dist, seed 1: 87.9 % better than the best known value, by so much that the instance or bks.csv may be cut off\n" +
		"slinga: vrptw-solomon heavy, trunc1-dist, seed 1: the plan is not feasible: sets: a rule is broken: customer 1 is not visited, and no vehicle can: the demand of 50 is over the capacity of 10\n" +
		"slinga: vrptw-solomon heavy, trunc1-dist, seed 1: the plan is not feasible: sets: a rule is broken: customer 3 is not visited, and no vehicle can: the demand of 11 is over the capacity of 10\n"
	if r.err != want {
		t.Errorf("said %q\nwant %q", r.err, want)
	}
	// Which conventions there are is told where one must be chosen.
	solution := filepath.Join(t.TempDir(), "good.sol")
	put(t, solution, "Route #1: 1\n")
	if r := slinga("bench", "judge", "--set", set, solution); !strings.Contains(r.err, "give --convention with one of trunc1-dist, double-dist, double-hier") {
		t.Errorf("said %q", r.err)
	}
}

// TestBenchSolveBudget: a file is of one budget, as far as its seconds tell.
func TestBenchSolveBudget(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs.csv")
	heading := "set,instance,convention,seed,threads,seconds,vehicles,objective,bks,gap_percent,feasible\n"
	put(t, file, heading+"hhc-bazirha,D1,travel,1,1,9.00,3,769.0000,769.0000,0.0000,true\n")
	args := []string{"bench", "solve", "--set", filepath.Join(publicSets, "hhc-bazirha"), "--only", "D1", "--convention", "travel", "--resume", file}
	for limit, want := range map[string]string{
		"2s":   "hhc-bazirha D1, travel, seed 1 took 9.0 s, and is asked for with 2s: a file is of one budget",
		"9s":   "",
		"1m0s": "runs that stand there took 9.0 s at most, and 1m0s is asked for",
	} {
		r := slinga(append(args, "--time", limit)...)
		if code := map[bool]int{true: cli.ExitInput}[limit == "2s"]; r.code != code || !strings.Contains(r.err, want) || want == "" && strings.Contains(r.err, "budget") {
			t.Errorf("%s: exit %d, said %q", limit, r.code, r.err)
		}
	}
	for _, c := range []struct{ flag, value, want string }{
		{"--resume", "", "--resume is empty"},
		{"--solutions", "", "--solutions is empty"},
		{"--only", "D1,", "--only: a name is empty: is there a comma too many?"},
	} {
		r := slinga("bench", "solve", "--set", filepath.Join(publicSets, "hhc-bazirha"), c.flag, c.value, "--iterations", "10")
		if r.code != cli.ExitInput || !strings.Contains(r.err, c.want) {
			t.Errorf("%s %q: exit %d, said %q", c.flag, c.value, r.code, r.err)
		}
	}
}

// TestBenchSolveList makes the runs of a list.
func TestBenchSolveList(t *testing.T) {
	list := filepath.Join(t.TempDir(), "list.csv")
	put(t, list, "set,instance,convention,seconds,threads,seed\nhhc-bazirha,D1,travel,60,2,5\nhhc-bazirha,D1,travel,60,2,5\n") // once
	rows := rowsOf(t, mustRun(t, "bench", "solve", "--sets", publicSets, "--list", list, "--iterations", "100").out)
	if len(rows) != 1 || rows[0]["seed"] != "5" || rows[0]["threads"] != "2" || rows[0]["feasible"] != "true" {
		t.Errorf("%v", rows)
	}
}

// TestBenchJudge: a published solution has the published value, and one that
// leaves somebody out breaks a rule.
func TestBenchJudge(t *testing.T) {
	set := filepath.Join(publicSets, "hhc-bazirha")
	published := filepath.Join(set, "sample_solutions", "D1.sol.json")
	row := rowsOf(t, mustRun(t, "bench", "judge", "--set", set, published).out)[0]
	if row["objective"] != "769" || row["gap_percent"] != "0.0000" || row["feasible"] != "true" || row["file"] != published || row["convention"] != "travel" {
		t.Errorf("%v", row)
	}
	dir := t.TempDir()
	short, other := filepath.Join(dir, "D1.travel.7.sol.json"), filepath.Join(dir, "D2.sol.json")
	put(t, short, `{"routes": []}`)
	r := slinga("bench", "judge", "--set", set, "--convention", "travel", published, short)
	if rows := rowsOf(t, r.out); r.code != cli.ExitBreach || len(rows) != 2 || rows[1]["feasible"] != "false" || !strings.Contains(r.err, "p1 gets 0 of 2 services") {
		t.Errorf("exit %d, printed %q and %q", r.code, r.out, r.err)
	}
	for line := range strings.Lines(r.err) {
		if !strings.HasPrefix(line, "slinga: "+short+": ") {
			t.Errorf("%q does not say of which file it is", line)
		}
	}
	if strings.Count(r.err, "\n") < 2 {
		t.Errorf("said %q", r.err)
	}
	put(t, other, `{"routes": []}`)
	notes := filepath.Join(dir, "D1.json")
	put(t, notes, `{"stops": []}`)
	for _, each := range []struct {
		args []string
		want string
	}{
		{[]string{published}, "no set: give --set"},
		{[]string{"--set", set}, "no file: give solutions"},
		{[]string{"--set", dir, published}, "no set is called"},
	} {
		if r := slinga(append([]string{"bench", "judge"}, each.args...)...); r.code != cli.ExitInput || !strings.Contains(r.err, each.want) {
			t.Errorf("%v: exit %d, %q; want %q", each.args, r.code, r.err, each.want)
		}
	}
	// What cannot be judged does not keep the rest from being judged.
	cut := filepath.Join(dir, "D1.cut.json")
	put(t, cut, `{"routes": [`)
	for path, want := range map[string]string{
		other:                         "no instance whose name it begins with",
		notes:                         `routes is missing`,
		cut:                           "the text ends too early: is the file cut off?",
		filepath.Join(dir, "D1.none"): "slinga: cannot open " + filepath.Join(dir, "D1.none") + ": no such file",
	} {
		r := slinga("bench", "judge", "--set", set, path, published)
		if rows := rowsOf(t, r.out); r.code != cli.ExitBreach || !strings.Contains(r.err, want) || len(rows) != 1 || rows[0]["objective"] != "769" {
			t.Errorf("%s: exit %d, %q and %q; want %q", path, r.code, r.out, r.err, want)
		}
	}
}

func TestBenchSolveRefuses(t *testing.T) {
	dir := t.TempDir()
	notes := filepath.Join(dir, "notes.txt")
	put(t, notes, "my notes\n")
	set := filepath.Join(publicSets, "hhc-bazirha")
	for _, each := range []struct {
		args []string
		want string
	}{
		{[]string{}, "no set: give --set"},
		{[]string{"--sets", publicSets}, "--sets does nothing without --list"},
		{[]string{"--list", notes}, "--list needs --sets"},
		{[]string{"--list", notes, "--sets", publicSets, "--set", set}, "--list needs --sets"},
		{[]string{"--list", notes, "--sets", publicSets, "--seeds", "2"}, "leave --threads and --seeds off"},
		{[]string{"--list", notes, "--sets", publicSets}, "the first row must be"},
		{[]string{"--set", set, "--threads", "0"}, "--threads 0: must be from 1 to 1024"},
		{[]string{"--set", set, "--seeds", "0"}, "--seeds 0: must be from 1 to 10000"},
		{[]string{"--set", set, "--time", "-1s"}, "--time -1s: must be above 0"},
		{[]string{"--set", set, "--iterations", "0"}, "--iterations 0: must be at least 1"},
		{[]string{"--set", set, "--only", "Z9"}, `hhc-bazirha has no instance "Z9"; it has 2, from "D1" to "J1"`},
		{[]string{"--set", set, "--only", "d1"}, `hhc-bazirha has no instance "d1"; it has "D1"`},
		{[]string{"--set", set, "--convention", "hours"}, `has no convention "hours"`},
		{[]string{"--set", dir}, "no set is called"},
		{[]string{"--set", set, "--resume", notes}, "notes.txt"},
		{[]string{"--set", set, "--solutions", notes}, "notes.txt"},
		{[]string{"--set", set, "D1"}, `unexpected argument "D1"`},
	} {
		r := slinga(append([]string{"bench", "solve"}, each.args...)...)
		if r.code != cli.ExitInput || !strings.Contains(r.err, each.want) || r.out != "" {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", each.args, r.code, r.out, r.err, each.want)
		}
	}
	for _, each := range []struct {
		args []string
		want string
	}{
		{nil, "no file: give CSV files"},
		{[]string{filepath.Join(dir, "none.csv")}, "none.csv"},
		{[]string{notes}, `notes.txt: no column "set"`},
	} {
		if r := slinga(append([]string{"bench", "table"}, each.args...)...); r.code != cli.ExitInput || !strings.Contains(r.err, each.want) || r.out != "" {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", each.args, r.code, r.out, r.err, each.want)
		}
	}
	if text, err := os.ReadFile(notes); err != nil || string(text) != "my notes\n" {
		t.Errorf("the notes are now %q", text)
	}
}
