//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/benchmarks/runs"
)

// Three customers, 3, 4 and 5 from the depot; the round of all is 3+4+3+4 long.
const tiny = `tiny

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME
    0      0         0          0          0       100          0
    1      3         0          4          0       100          1
    2      0         4          4          0       100          1
    3      3         4          4          0       100          1
`

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// stage is a folder with a set of two instances and a peer that answers as it
// is told.
func stage(t *testing.T, answer string) (dir string, args []string) {
	t.Helper()
	dir = t.TempDir()
	put(t, filepath.Join(dir, "vrptw-gh", "instances", "A.txt"), tiny)
	put(t, filepath.Join(dir, "vrptw-gh", "instances", "B.txt"), tiny)
	put(t, filepath.Join(dir, "vrptw-gh", "bks.csv"), "set,instance,convention,vehicles,objective,proven_optimal,source\n")
	put(t, filepath.Join(dir, "solve_fake.py"), "")
	put(t, filepath.Join(dir, "python"), "#!/bin/sh\nif [ \"$2\" = --version ]; then echo Solver Fake 7; exit; fi\n"+answer)
	return dir, []string{
		"turns", "--peer", "fake", "--peers", dir, "--python", filepath.Join(dir, "python"), "--out", filepath.Join(dir, "out.csv"),
		"--set", filepath.Join(dir, "vrptw-gh"), "--convention", "trunc1-dist",
	}
}

func rowsAfter(t *testing.T, args ...string) []runs.Row {
	t.Helper()
	var out strings.Builder
	if err := app(&out).RunContext(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		if arg == "--out" {
			rows, _, err := runs.ReadRows(args[i+1])
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
	}
	return nil
}

// TestTurns: both solve everything, who begins changes, the peer's plan is
// judged by the set's rules, and what stands in the file is not made again.
func TestTurns(t *testing.T) {
	dir, args := stage(t, `echo "$3 $4 $5 $6 $7" >> "$0.asked"
echo Solver Fake 7
echo Seconds 1.5
case "$2" in
*A.txt) echo "Route #1: 1 2"; echo "Route #2: 3";;
*) echo "Route #1: 1 2";;
esac
`)
	args = append(args, "--time", "300ms")
	rows := rowsAfter(t, args...)
	var got []string
	for _, r := range rows {
		name, _, _ := strings.Cut(r.Solver, " ")
		got = append(got, name+" "+strings.Join(r.Record([]string{"instance", "vehicles", "objective", "feasible"}), ","))
		if r.Machine == "" {
			t.Error("no machine")
		}
	}
	want := "Slinga A,1,14,true; Fake A,2,22,true; Fake B,1,12,false; Slinga B,1,14,true"
	if strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	asked, err := os.ReadFile(filepath.Join(dir, "python.asked"))
	if err != nil || string(asked) != strings.Repeat("vrptw-gh trunc1-dist 0.3 1 1\n", 2) {
		t.Errorf("asked %q, %v", asked, err)
	}
	if again := rowsAfter(t, args...); len(again) != 4 {
		t.Errorf("%d rows after a second time", len(again))
	}
}

// TestOwnTime: Slinga gets as long as the peer took, and no turn where the peer
// cannot do it.
func TestOwnTime(t *testing.T) {
	_, args := stage(t, `[ "$5" = 0 ] || exit 1
case "$2" in
*A.txt) echo Solver Fake 7; echo Seconds 0.9; echo "Route #1: 1 3 2";;
*) echo Unsupported waiting for the moon;;
esac
`)
	rows := rowsAfter(t, append(args, "--own-time")...)
	if len(rows) != 3 || rows[0].Solver != "Fake 7" || rows[0].Seconds != 0.9 || !strings.HasPrefix(rows[1].Solver, "Slinga ") ||
		rows[1].Seconds < 0.6 || // without its flag it would be 0.3 at most; how much more depends on the machine
		rows[2].Unsupported != "waiting for the moon" {
		t.Errorf("%+v", rows)
	}
}

func TestTurnsRefuses(t *testing.T) {
	_, args := stage(t, "echo broken >&2; exit 3")
	for _, c := range []struct {
		args []string
		want string
	}{
		{args, "no limit"},
		{append(args, "--own-time", "--time", "1s"), "leave --time off"},
		{append(args, "--time", "1s", "--threads", "0"), "at least 1"},
		{append(args, "--time", "300ms"), "broken"},
		{append(args, "--time", "1s", "--peer", "none"), `no peer "none"`},
		{append(args, "--time", "1s", "--set", ""), "no set"},
	} {
		var out strings.Builder
		if err := app(&out).RunContext(t.Context(), c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v; want %q", c.args, err, c.want)
		}
	}
	// Of a traceback one line is told, and what to do.
	dir, lacks := stage(t, "")
	put(t, filepath.Join(dir, "python"), "#!/bin/sh\necho Traceback: >&2; echo \"ModuleNotFoundError: No module named 'fake'\" >&2; exit 1")
	err := app(new(strings.Builder)).RunContext(t.Context(), append(lacks, "--time", "1s"))
	if want := "ModuleNotFoundError: No module named 'fake'; benchmarks/peers/routing/README.md says how it is installed"; err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v; want %q", err, want)
	}
	for _, answer := range []string{"echo Route 1: 1", "echo Solver Fake 7; echo Seconds soon", "echo Solver Fake 8; echo Seconds 1"} {
		_, args := stage(t, answer)
		var out strings.Builder
		if err := app(&out).RunContext(t.Context(), append(args, "--own-time")); err == nil {
			t.Errorf("%q is taken for an answer", answer)
		}
	}
}
