package sets

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Customers 1 and 2 lie 5 and 10 from the depot on one line, so their route is
// 20 long. Customer 3 lies sqrt(1 + 100) = 10.0498... away: 10.0 in tenths.
// Customer 2 opens and is due at 30, ends at 40, and its route is back at 50.
const tinySolomon = `TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0       0         0          0          0         50          0
    1       3         4          4          0         20         10
    2       6         8          5         30         30         10
    3       1        10          7          0         10          5
`

func TestSolomon(t *testing.T) {
	plan := "Route #1: 1 2\nRoute #2: 3\n"
	wantValue(t, readTiny(t, "vrptw-solomon", Trunc1, tinySolomon), plan, 2, 40)
	double := readTiny(t, "vrptw-solomon", DoubleDistance, tinySolomon, "        10          5\n", "        11          5\n")
	wantValue(t, double, plan, 2, 20+2*math.Sqrt(101))

	// Truncated distances are travel times too: customer 3 is reached at 10.0 by
	// one convention and 0.05 too late by the other.
	wantBreaches(t, "vrptw-solomon", DoubleDistance, tinySolomon, []breach{{plan: plan, want: "route 2: customer 3 is begun at 10.0499, due at 10"}})
	wantBreaches(t, "vrptw-solomon", Trunc1, tinySolomon, []breach{
		{plan: "Route 1: 1 2", want: "customer 3 is not visited"},
		{edits: []string{"4          0         20", "11         0         20"}, plan: "Route 1: 2\nRoute 2: 3", want: "customer 1 is not visited, and no vehicle can: the demand of 11 is over the capacity of 10"},
		{plan: "Route 1: 1 2\nRoute 2: 3 1", want: "customer 1 is visited twice"},
		{plan: "Route 1: 1 2\nRoute 2: 3 4", want: "there is no customer 4"},
		{plan: "Route 1: 0 1 2\nRoute 2: 3", want: "there is no customer 0"},
		{plan: "Route 1: 1\nRoute 2: 3\nRoute 3: 2", want: "3 routes, there are 2 vehicles"},
		{plan: "Route 1: 2\nRoute 2: 3 1", want: "load 11 over the capacity of 10"},
		{plan: "Route 1: 2 1\nRoute 2: 3", want: "customer 1 is begun at 45.0000, due at 20"},
		{edits: []string{"50          0", "49.9        0"}, plan: plan, want: "route 1: is back at 50.0000, the depot closes at 49.9"},
		{edits: []string{"0          0         50", "0          8         50"}, plan: plan, want: "customer 3 is begun at 18.0000"},
	})
}

func TestSolomonForms(t *testing.T) {
	wantReturn(t, readTiny(t, "vrptw-solomon", Trunc1, tinySolomon), "Route #1: 1 2\nRoute #2: 3\n", "Route #1: 1 2\nRoute #2: 3\nCost 40\n")
	hier := readTiny(t, "vrptw-gh", Hierarchical, tinySolomon, "        10          5\n", "        11          5\n")
	wantReturn(t, hier, "Route  1 : 1 2\nRoute  2 : 3\n", "Instance name : tiny\nAuthors       : Slinga\nDate          :\nReference     :\nSolution\nRoute 1 : 1 2\nRoute 2 : 3\n")
	wantFaults(t, "vrptw-solomon", Trunc1, tinySolomon, [][2]string{
		{"    1       3", "    7       3"}, // out of order
		{"  2         10\n", "\n"},
		{"  2         10\n", "  0         10\n"},
		{"         4          4 ", "         4         "},
		{"       3         4", "     NaN         4"},
		{"       3         4", "       3       1e9"},
		{"       3         4", "       3      6000"},
		{"         4          4 ", "         4        -4 "},
		{"         4          4 ", "         4       4.5 "},
		{"         0         20 ", "        21         20 "},
	})
}

func TestSolomonSolved(t *testing.T) {
	wantSolved(t, readTiny(t, "vrptw-solomon", Trunc1, tinySolomon), 40, 0)
	// With room for all, 1 2 and 3 on one route would be shorter than apart, but
	// then 3 is late: the second vehicle is needed. Without windows it is not.
	wide := []string{"  2         10", "  2         90", "         0         50", "         0       1000", "30         30", "30        900", "        10          5\n", "       900          5\n"}
	all := 10 + math.Hypot(5, 2) + math.Sqrt(101)
	wantSolved(t, readTiny(t, "vrptw-solomon", DoubleDistance, tinySolomon, wide...), all, 30)
	wantSolved(t, readTiny(t, "vrptw-gh", Hierarchical, tinySolomon, wide...), all, 30)
}

func TestOpen(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "vrptw-solomon")
	if err := os.MkdirAll(filepath.Join(folder, "instances"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	heading := "set,instance,convention,vehicles,objective,proven_optimal,source\n"
	write("instances/A.txt", tinySolomon)
	write("instances/B.txt", tinySolomon)
	write("bks.csv", heading+"vrptw-solomon,B,trunc1-dist,2,32,reported,\"a table, and a guess\"\n")
	list, err := Open(folder, "")
	if err != nil || len(list) != 6 || list[0].Info().Name != "A" || list[0].Info().Best != nil || list[5].Info().Convention != Hierarchical {
		t.Fatalf("%v, %v", list, err)
	}
	info := list[1].Info()
	if info.Set != "vrptw-solomon" || info.Convention != Trunc1 || info.Tasks != 3 || info.Best.Source != "a table, and a guess" ||
		info.File != filepath.Join(folder, "instances", "B.txt") || info.Extension != ".sol" {
		t.Errorf("%+v", info)
	}
	if gap := (Value{Objective: 40}).Gap(info.Best); gap != 25 {
		t.Errorf("a gap of %v %%, want 25", gap)
	}
	if list, err = Open(folder, DoubleDistance, "B"); err != nil || len(list) != 1 || list[0].Info().Best != nil {
		t.Errorf("%v, %v", list, err)
	}
	for _, c := range []struct{ folder, convention, only, want string }{
		{folder, "", "C", `no instance "C"`},
		{folder, Hours, "B", `no convention "hours"`},
		{"vrptw", "", "B", `no set is called "vrptw"`},
	} {
		if _, err := Open(c.folder, c.convention, c.only); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %q", err, c.want)
		}
	}
	if _, err := Open(filepath.Join(filepath.Dir(folder), "vrptw-gh"), ""); err == nil || !strings.HasSuffix(err.Error(), "vrptw-gh: there is no such folder") {
		t.Error(err)
	}
	for _, c := range []struct{ text, want string }{
		{"", "bks.csv: the first row must be set,instance,"},
		{"name,best\nB,32\n", "bks.csv: the first row must be set,instance,"},
		{heading + "B,2", "wrong number of fields"},
		{heading + "vrptw-gh,B,trunc1-dist,2,32,,", `bks.csv: row 2, set: "vrptw-gh" is not vrptw-solomon, whose folder this is`},
		{heading + "vrptw-solomon,,trunc1-dist,2,32,,", "row 2, instance"},
		{heading + "vrptw-solomon,B,trunc1,2,32,,", `row 2, convention: "trunc1" is no convention of the set; it has trunc1-dist, double-dist, double-hier`},
		{heading + "vrptw-solomon,B,trunc1-dist,two,32,,", `row 2, vehicles: "two" is no whole number from 0`},
		{heading + "vrptw-solomon,B,trunc1-dist,-2,32,,", `row 2, vehicles: "-2"`},
		{heading + "vrptw-solomon,B,trunc1-dist,2,,,", `row 2, objective: ""`},
		{heading + "vrptw-solomon,A,trunc1-dist,2,32,,\nvrptw-solomon,B,trunc1-dist,2,-32,,", `row 3, objective: "-32" is no number from 0`},
		{heading + "vrptw-solomon,B,trunc1-dist,2,NaN,,", `row 2, objective: "NaN"`},
		{heading + "vrptw-solomon,B,trunc1-dist,2,32,,\nvrptw-solomon,B,trunc1-dist,2,31,,", `row 3, instance: "B" stands in row 2 too`},
	} {
		write("bks.csv", c.text)
		if _, err := Open(folder, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; want %q", c.text, err, c.want)
		}
	}
	write("bks.csv", "\xef\xbb\xbf"+heading+"vrptw-solomon,B,trunc1-dist,2,32,,\nvrptw-solomon,elsewhere,double-hier,,5,,\n")
	if list, err := Open(folder, Trunc1, "B"); err != nil || list[0].Info().Best.Objective != 32 {
		t.Errorf("%v, %v", list, err)
	}
	// Many names tell how many customers there are; a file that ends between two
	// lines has fewer. Under another name it is an instance of its own.
	write("instances/C101.txt", tinySolomon)
	if _, err := Open(folder, Trunc1); err == nil || !strings.Contains(err.Error(), "C101.txt: sets: bad format: 3 tasks, and an instance of the name C101 has 100: is the file cut off?") {
		t.Error(err)
	}
}

// TestSized: what the names of instances tell of their sizes.
func TestSized(t *testing.T) {
	for _, c := range []struct {
		set, name string
		least     int // that the name tells; 0: nothing
		most      int
	}{
		{"vrptw-solomon", "C101", 100, 100},
		{"vrptw-solomon", "RC208", 100, 100},
		{"vrptw-solomon", "C101_25", 0, 0},
		{"vrptw-solomon", "C101.25", 0, 0},
		{"vrptw-gh", "C1_2_1", 200, 200},
		{"vrptw-gh", "RC2_10_10", 1000, 1000},
		{"vrptw-gh", "C1_2_1s", 0, 0},
		{"pdptw-lilim", "lc101", 100, 1 << 30},
		{"pdptw-lilim", "lrc2_8_3", 800, 1 << 30},
		{"pdptw-lilim", "lc101-half", 0, 0},
		{"trsp-pillac", "C101.100_25-5-5-5", 100, 100},
		{"trsp-pillac", "R112.25_5-5-5-5", 25, 25},
		{"trsp-pillac", "tiny", 0, 0},
		{"uhhc", "i-116", 0, 0},
	} {
		for _, tasks := range []int{c.least - 1, c.least, c.least + 6} {
			if err := forms[c.set].sized.check(c.name, tasks); (err == nil) != (c.least == 0 || tasks >= c.least && tasks <= c.most) {
				t.Errorf("%s %s with %d tasks: %v", c.set, c.name, tasks, err)
			}
		}
	}
}
