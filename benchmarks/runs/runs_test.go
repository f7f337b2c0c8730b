package runs

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slinga-se/slinga/benchmarks/sets"
)

const testdata = "../sets/testdata"

// depot, then customers that lie 3, 4 and 5 from it.
const tiny = `tiny

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME
    0      0         0          0          0       100          0
    1      3         0          4          0       100          1
    2      0         4          4          0       100          1
    3      3         4          4          0       100          1
`

// tinySet is a folder of the set with that instance twice and these rows of
// best known values.
func tinySet(t *testing.T, best string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "vrptw-gh")
	for name, text := range map[string]string{
		"instances/C1_2_tiny.txt": tiny,
		"instances/R1_2_tiny.txt": tiny,
		"bks.csv":                 "set,instance,convention,vehicles,objective,proven_optimal,source\n" + best,
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func jobs(t *testing.T, s Selection) []Job {
	t.Helper()
	list, err := s.Jobs()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The three customers go in a round of 3+4+5 by one vehicle only if it could
// carry 12; so one drives 6 or 8 alone, and the best is 6 + (4+3+5) = 18.
func TestRun(t *testing.T) {
	folder := tinySet(t, "vrptw-gh,C1_2_tiny,trunc1-dist,2,17,,\nvrptw-gh,C1_2_tiny,double-hier,2,15,,\n")
	list := jobs(t, Selection{Set: folder, Threads: 1, Seeds: 2, Iterations: 100})
	var got []string
	columns := Columns(list)
	for i := range list {
		row, plan, err := list[i].Run(t.Context())
		if err != nil || row.Broken != nil || len(plan.Routes) != 2 {
			t.Fatalf("%s: %v, %v, %v", &list[i], err, row.Broken, plan)
		}
		row.Seconds = 1.5
		got = append(got, strings.Join(row.Record(columns), ","))
	}
	want := []string{
		"vrptw-gh,C1_2_tiny,trunc1-dist,1,1,1.50,2,18,17,5.8824,true,",
		"vrptw-gh,R1_2_tiny,trunc1-dist,1,1,1.50,2,18,,,true,",
		"vrptw-gh,C1_2_tiny,double-hier,1,1,1.50,2,18,15,20.0000,true,0",
		"vrptw-gh,R1_2_tiny,double-hier,1,1,1.50,2,18,,,true,",
		"vrptw-gh,C1_2_tiny,trunc1-dist,2,1,1.50,2,18,17,5.8824,true,",
		"vrptw-gh,R1_2_tiny,trunc1-dist,2,1,1.50,2,18,,,true,",
		"vrptw-gh,C1_2_tiny,double-hier,2,1,1.50,2,18,15,20.0000,true,0",
		"vrptw-gh,R1_2_tiny,double-hier,2,1,1.50,2,18,,,true,",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := strings.Join(Columns(list[:1]), ","); got != "set,instance,convention,seed,threads,seconds,vehicles,objective,bks,gap_percent,feasible" {
		t.Errorf("columns %s", got)
	}
}

// A run with a target ends long before its time.
func TestRunToBest(t *testing.T) {
	folder := tinySet(t, "vrptw-gh,C1_2_tiny,trunc1-dist,2,18,,\n")
	list := jobs(t, Selection{Set: folder, Only: []string{"C1_2_tiny"}, Convention: sets.Trunc1, Threads: 1, Seeds: 1, Time: time.Minute, ToBest: true})
	row, _, err := list[0].Run(t.Context())
	if err != nil || row.Seconds > 30 || !row.AtBest() {
		t.Errorf("%+v, %v", row, err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	list := jobs(t, Selection{Set: tinySet(t, ""), Threads: 1, Seeds: 1, Time: time.Minute})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := list[0].Run(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// What breaks a rule has no gap, nor what is compared at other vehicles.
func TestGaps(t *testing.T) {
	best := func(vehicles int, objective float64) *sets.Best {
		return &sets.Best{Value: sets.Value{Vehicles: vehicles, Objective: objective}}
	}
	for _, c := range []struct {
		row         Row
		gap         float64
		vehicles    string
		atBest, has bool
	}{
		{Row{Convention: sets.Trunc1, Objective: 110, Best: best(3, 100), Feasible: true}, 10, "", false, true},
		{Row{Convention: sets.Trunc1, Objective: 100.00005, Best: best(3, 100), Feasible: true}, 5e-5, "", true, true},
		{Row{Convention: sets.Trunc1, Objective: 99, Best: best(3, 100), Feasible: true}, -1, "", true, true},
		{Row{Convention: sets.Trunc1, Objective: 99, Best: best(3, 100)}, 0, "", false, false},
		{Row{Convention: sets.Trunc1, Objective: 99, Feasible: true}, 0, "", false, false},
		{Row{Convention: sets.Hierarchical, Objective: 110, Vehicles: 3, Best: best(3, 100), Feasible: true}, 10, "0", false, true},
		{Row{Convention: sets.Hierarchical, Objective: 90, Vehicles: 5, Best: best(3, 100), Feasible: true}, 0, "2", false, false},
		{Row{Convention: sets.Hierarchical, Objective: 120, Vehicles: 2, Best: best(3, 100), Feasible: true}, 0, "-1", true, false},
		{Row{Convention: sets.Hierarchical, Objective: 90, Vehicles: 2, Best: best(3, 100)}, 0, "", false, false},
	} {
		gap, has := c.row.Gap()
		if math.Abs(gap-c.gap) > 1e-9 || has != c.has || c.row.AtBest() != c.atBest || c.row.Record([]string{vehiclesGap})[0] != c.vehicles {
			t.Errorf("%+v: gap %v %v, at best %v", c.row, gap, has, c.row.AtBest())
		}
	}
}

// A value that is far below the best known one is doubted, unless more vehicles
// explain it.
func TestDoubtful(t *testing.T) {
	best := &sets.Best{Value: sets.Value{Vehicles: 5, Objective: 100}}
	for _, c := range []struct {
		row  Row
		want float64
	}{
		{Row{Objective: 91, Best: best, Feasible: true}, 0},
		{Row{Objective: 22, Best: best, Feasible: true}, 78},
		{Row{Objective: 22, Best: best}, 0},
		{Row{Objective: 22, Feasible: true}, 0},
		{Row{Convention: sets.Hierarchical, Vehicles: 3, Objective: 22, Best: best, Feasible: true}, 78},
		{Row{Convention: sets.Hierarchical, Vehicles: 6, Objective: 22, Best: best, Feasible: true}, 0},
	} {
		if percent, yes := c.row.Doubtful(); yes != (c.want > 0) || yes && math.Abs(percent-c.want) > 1e-9 {
			t.Errorf("%+v: %v, %v", c.row, percent, yes)
		}
	}
}

// A device is not read: it might have no end. Rows are only added to a file.
func TestOnlyFiles(t *testing.T) {
	if _, err := OpenFile(os.DevNull, plainColumns); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
	if _, _, err := ReadRows(os.DevNull); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
	if _, err := ReadList(os.DevNull); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
	// The folder of a file that is begun is made.
	f, err := OpenFile(filepath.Join(t.TempDir(), "new", "runs.csv"), plainColumns)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// As Excel writes it, and with a last row that breaks off.
	path := filepath.Join(t.TempDir(), "runs.csv")
	text := "\xef\xbb\xbf" + strings.Join(plainColumns, ",") + "\r\ns,i,c,1,1,2.00,3,4,4,0.0000,true\r\ns,i,c,2"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if rows, dropped, err := ReadRows(path); err != nil || len(rows) != 1 || rows[0].Set != "s" || dropped != "s,i,c,2" {
		t.Errorf("%+v, %q, %v", rows, dropped, err)
	}
	if f, err = OpenFile(path, plainColumns); err != nil {
		t.Fatal(err)
	}
	if !f.Has(Row{Set: "s", Instance: "i", Convention: "c", Seed: 1, Threads: 1}) || f.Dropped() != "s,i,c,2" {
		t.Errorf("%+v", f)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// What is less by no more than rounding is not written as less.
func TestRecordHasNoNegativeZero(t *testing.T) {
	row := Row{Objective: 99.99999, Best: &sets.Best{Value: sets.Value{Objective: 100}}, Feasible: true}
	if got := strings.Join(row.Record([]string{"objective", "gap_percent"}), ","); got != "100,0.0000" {
		t.Error(got)
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs.csv")
	columns := plainColumns
	row := func(seed uint64) Row {
		return Row{
			Set: "s", Instance: "i", Convention: "c", Seed: seed, Threads: 1, Seconds: 2, Vehicles: 3, Objective: 4,
			Best: &sets.Best{Value: sets.Value{Vehicles: 3, Objective: 4}}, Feasible: true,
		}
	}
	add := func(rows ...Row) {
		t.Helper()
		f, err := OpenFile(path, columns)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if err := f.Append(r); err != nil {
				t.Fatal(err)
			}
			if f.Has(r) != (r.Unsupported == "") {
				t.Errorf("what was added: %v", f.Has(r))
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	lacking := Row{Set: "s", Instance: "j", Convention: "c", Seed: 1, Threads: 1, Unsupported: "a; b"}
	add(row(1), lacking)
	add(lacking, row(2)) // still lacking: no second row
	// A crash cuts off the last row; it is made again.
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut <= len("s,i,c,2,1,2.00,3,4,4,0.0000,true\n"); cut++ {
		if err := os.WriteFile(path, data[:len(data)-cut], 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := OpenFile(path, columns)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Has(row(1)) || f.Has(row(2)) || f.Has(row(3)) || f.Has(lacking) {
			t.Errorf("cut by %d: %v", cut, f.known)
		}
		if err := f.Append(row(2)); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if again, err := os.ReadFile(path); err != nil || !slices.Equal(again, data) {
			t.Fatalf("cut by %d: %q, %v", cut, again, err)
		}
	}
	solved := lacking
	solved.Unsupported = ""
	add(solved)
	// A run that was made again has two rows, and the last counts.
	better := row(1)
	better.Objective = 3
	add(better)
	rows, dropped, err := ReadRows(path)
	if err != nil || dropped != "" {
		t.Fatalf("%q, %v", dropped, err)
	}
	if d := cmp.Diff([]Row{row(1), lacking, row(2), solved, better}, rows); d != "" {
		t.Error(d)
	}
	f, err := OpenFile(path, columns)
	if err != nil {
		t.Fatal(err)
	}
	if last, ok := f.Find(row(1)); !ok || last.Objective != 3 {
		t.Errorf("found %+v", last)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// A heading that a crash cut off is begun again; other files are left alone.
	heading := strings.Join(columns, ",")
	for _, text := range []string{"", "set,inst", heading} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		add(row(1))
		if got, err := os.ReadFile(path); err != nil || string(got) != heading+"\ns,i,c,1,1,2.00,3,4,4,0.0000,true\n" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := OpenFile(path, append(slices.Clone(columns), vehiclesGap)); err == nil || !strings.Contains(err.Error(), "begin another file") {
		t.Errorf("a column too few: %v", err)
	}
	for _, text := range []string{"my notes", "my notes\n", heading + "\ns,i\n", heading + "\ns,i,c,x,1,2,3,4,4,0,true\n"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFile(path, columns); err == nil {
			t.Errorf("%q is taken for a file of runs", text)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestReadRowsRefuses(t *testing.T) {
	heading := strings.Join(plainColumns, ",") + "\n"
	for _, c := range [][2]string{
		{"", "no rows"},
		{"set,instance\n", `no column "convention"`},
		{heading + "s,i,c,one,1,2,3,4,4,0,true\n", `row 2, seed: "one" is no whole number`},
		{heading + "s,i,c,1,1.5,2,3,4,4,0,true\n", `row 2, threads: "1.5" is no whole number`},
		{heading + "s,i,c,1,1,-5,3,4,4,0,true\n", `row 2, seconds: "-5" is below 0`},
		{heading + "s,i,c,1,1,5,-10,4,4,0,true\n", `row 2, vehicles: "-10" is below 0`},
		{heading + "s,i,c,1,1,two,3,4,4,0,true\n", `row 2, seconds: "two" is no number`},
		{heading + "s,i,c,1,1,2,3,NaN,4,0,true\n", `row 2, objective: "NaN" is no number`},
		{heading + "s,i,c,1,1,2,3,4,4,0,yes\n", `row 2, feasible: "yes" is neither`},
		{heading + "s,i,c,1,1,2,3,4,4,0,unsupported: \n", `row 2, feasible`},
	} {
		path := filepath.Join(t.TempDir(), "runs.csv")
		if err := os.WriteFile(path, []byte(c[0]), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ReadRows(path); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
}

func TestList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	heading := strings.Join(listColumns, ",") + "\n"
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(heading + "hhc-bazirha,J1,wait+balance,10,1,1\nhhc-bazirha,D1,travel,2.5,2,7\nuhhc,i-116,uhhc-weighted,60,2,1\n")
	text := func(list []Job) []string {
		var names []string
		for i := range list {
			names = append(names, list[i].String()+" "+list[i].Time.String())
		}
		return names
	}
	j1, d1, u := "hhc-bazirha J1, wait+balance, seed 1 10s", "hhc-bazirha D1, travel, seed 7 2.5s", "uhhc i-116, uhhc-weighted, seed 1 1m0s"
	for _, c := range []struct {
		want Selection
		list []string
	}{
		{Selection{Sets: testdata}, []string{j1, d1, u}},
		{Selection{Set: filepath.Join(testdata, "uhhc")}, []string{u}},
		{Selection{Sets: testdata, Convention: sets.TravelOnly}, []string{d1}},
		{Selection{Sets: testdata, Only: []string{"J1", "i-116"}}, []string{j1, u}},
		{Selection{Sets: testdata, Only: []string{"J1"}, Iterations: 5}, []string{"hhc-bazirha J1, wait+balance, seed 1 0s"}},
	} {
		c.want.List = path
		if d := cmp.Diff(c.list, text(jobs(t, c.want))); d != "" {
			t.Error(d)
		}
	}
	if _, err := (Selection{List: path, Sets: testdata, Only: []string{"none"}}).Jobs(); err == nil || !strings.Contains(err.Error(), `no run is of the instance "none"`) {
		t.Error(err)
	}
	for _, c := range []struct {
		want string
		Selection
	}{
		{`no run is of the set "sync-bredstrom"; the list has hhc-bazirha, uhhc`, Selection{Set: "sync-bredstrom"}},
		{`no run is under the convention "mean3"; the list has travel, uhhc-weighted, wait+balance`, Selection{Sets: testdata, Convention: sets.Mean3}},
		{`no run is of the instance "Z9"`, Selection{Sets: testdata, Only: []string{"J1", "Z9"}}},
	} {
		c.List = path
		if _, err := c.Jobs(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want %q", err, c.want)
		}
	}
	// As Excel writes it.
	write("\xef\xbb\xbf" + strings.ReplaceAll(heading+"uhhc,i-116,uhhc-weighted,60,2,1\n", "\n", "\r\n"))
	if d := cmp.Diff([]string{u}, text(jobs(t, Selection{List: path, Sets: testdata}))); d != "" {
		t.Error(d)
	}
	for _, c := range [][2]string{
		{"set,instance\n", "the first row must be"},
		{heading, "there is no run below the first row"},
		{heading + "../uhhc,i-116,uhhc-weighted,60,2,1\n", `row 2, set: "../uhhc"; it must be the name of a set`},
		{heading + "uhhc,,uhhc-weighted,60,2,1\n", "row 2, instance"},
		{heading + "uhhc,i-116,,60,2,1\n", "row 2, convention"},
		{heading + "uhhc,i-116,uhhc-weighted,-3,2,1\n", `row 2, seconds: "-3"; it must be a number above 0, at most 1000000`},
		{heading + "uhhc,i-116,uhhc-weighted,60,0,1\n", `row 2, threads: "0"; it must be a whole number from 1 to 1024`},
		{heading + "uhhc,i-116,uhhc-weighted,60,2,-1\n", `row 2, seed: "-1"; it must be a whole number from 0`},
		{heading + "uhhc,i-116,uhhc-weighted,60,2,1\nuhhc,i-117,uhhc-weighted,60,2,1\n", `row 3: sets: uhhc has no instance "i-117"`},
		{heading + "uhhc,i-116,uhhc-weighted,60,2,1\nuhhc,i-116,mean3,60,2,1\n", `row 3: sets: uhhc has no convention "mean3"`},
		{heading + "uhhc,i-116,uhhc-weighted,60,2,1\nnone,i-116,mean3,60,2,1\n", "row 3: sets: ../sets/testdata/none: no set"},
	} {
		write(c[0])
		if _, err := (Selection{List: path, Sets: testdata}).Jobs(); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
}

// TestAcceptanceList: the list has as many runs of each kind as it should, and
// takes about two and a half hours.
func TestAcceptanceList(t *testing.T) {
	list, err := ReadList(filepath.Join("..", "acceptance.csv"))
	if err != nil {
		t.Fatal(err)
	}
	type kind struct {
		set     string
		seconds float64
		threads int
	}
	got := map[kind]int{}
	total := 0.0
	for _, l := range list {
		set := l.Set
		if strings.HasPrefix(set, family) {
			set = family + "*"
		}
		got[kind{set, l.Seconds, l.Threads}]++
		total += l.Seconds
	}
	want := map[kind]int{
		{"vrptw-gh", 60, 1}: 6 * 2 * 2, {"vrptw-gh", 30, 1}: 2 * 6 * 2, {"vrptw-solomon", 5, 1}: 36, {"mdvrptw-vidal", 60, 1}: 6,
		{"pdptw-lilim", 10, 1}: 12, {"pdptw-lilim", 30, 1}: 12, {"pdptw-lilim", 60, 1}: 8, {"uhhc", 60, 2}: 16 * 2,
		{"hhcrsp-*", 10, 2}: 8, {"hhcrsp-*", 30, 2}: 12, {"hhcrsp-*", 60, 2}: 16,
		{"hhc-bazirha", 10, 1}: 40, {"sync-bredstrom", 10, 1}: 20, {"trsp-pillac", 60, 1}: 12,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if hours := total / 3600; hours < 2 || hours > 2.6 {
		t.Errorf("%.2f hours", hours)
	}
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		set, instance string
		want          Class
	}{
		{"vrptw-solomon", "RC204", Class{Name: "RC2"}},
		{"vrptw-gh", "RC1_10_9", Class{1000, "1000", "RC1"}},
		{"vrptw-gh", "C2_2_10", Class{200, "200", "C2"}},
		{"pdptw-lilim", "lrc103", Class{100, "100", "LRC1"}},
		{"pdptw-lilim", "lc2_10_4", Class{1000, "1000", "LC2"}},
		{"mdvrptw-vidal", "PR11B", Class{Name: "B"}},
		{"trsp-pillac", "RC101.100_25-5-5-5", Class{Name: "RC1"}},
		{"hhc-bazirha", "N1001", Class{Name: "N"}},
		{"sync-bredstrom", "br_06L", Class{Name: "published"}},
		{"sync-bredstrom", "br_06A", Class{Name: "bounds"}},
		{"sync-bredstrom", "br_08F", Class{Name: "bounds"}},
		{"hhcrsp-mankowska", "InstanzCPLEX_HCSRP_25_10", Class{0, "up to 25", ""}},
		{"hhcrsp-mankowska", "InstanzVNS_HCSRP_100_1", Class{26, "26 to 199", ""}},
		{"hhcrsp-kummer", "HHCRSP_200_40_7_1.2_R_C", Class{200, "200 and more", ""}},
		{"hhcrsp-italy", "instance_003-rome-r19-p44-s4-sim22.3-seq22.9", Class{26, "26 to 199", ""}},
		{"uhhc", "i-116", Class{}},
	} {
		if got := ClassOf(c.set, c.instance); got != c.want {
			t.Errorf("%s %s: %+v, want %+v", c.set, c.instance, got, c.want)
		}
	}
}

// TestTable: means by class, size and set; a run that was made again counts
// once, and one thread and two stand apart.
func TestTable(t *testing.T) {
	row := func(set, instance, convention string, vehicles int, objective, best float64) Row {
		return Row{
			Set: set, Instance: instance, Convention: convention, Seed: 1, Threads: 1, Seconds: 10,
			Vehicles: vehicles, Objective: objective, Feasible: true,
			Best: &sets.Best{Value: sets.Value{Vehicles: 5, Objective: best}},
		}
	}
	broken := row("vrptw-gh", "R1_2_1", sets.Trunc1, 5, 50, 100)
	broken.Feasible = false
	old := row("vrptw-gh", "C1_2_1", sets.Trunc1, 5, 900, 100)
	lacking := Row{Set: "uhhc", Instance: "i-116", Convention: sets.Weighted, Seed: 1, Threads: 2, Unsupported: "overtime"}
	var text strings.Builder
	err := Table(&text, []Row{
		old,
		row("vrptw-gh", "C1_2_1", sets.Trunc1, 5, 102, 100), row("vrptw-gh", "C1_2_3", sets.Trunc1, 5, 100, 100),
		row("vrptw-gh", "C2_2_1", sets.Trunc1, 5, 104, 100), broken,
		row("vrptw-gh", "C1_10_1", sets.Trunc1, 5, 99, 100),
		row("pdptw-lilim", "lc101", sets.Hierarchical, 5, 110, 100), row("pdptw-lilim", "lc103", sets.Hierarchical, 7, 90, 100),
		row("hhcrsp-italy", "x-p44-y", sets.Mean3, 5, 101, 100), row("hhcrsp-kummer", "HHCRSP_50_10_1", sets.Mean3, 5, 103, 100),
		lacking, row("uhhc", "i-116", sets.Weighted, 5, 107, 100),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `| set | convention | threads | class | runs | mean gap | worst gap | at best known | infeasible | unsupported | mean vehicles_gap | at best vehicles | mean objective | mean seconds |
| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| hhcrsp-italy | mean3 | 1 | 26 to 199 | 1 | 1.000 % | 1.000 % | 0 of 1 | 0 | 0 |  |  | 101.00 | 10.0 |
| hhcrsp-kummer | mean3 | 1 | 26 to 199 | 1 | 3.000 % | 3.000 % | 0 of 1 | 0 | 0 |  |  | 103.00 | 10.0 |
| hhcrsp-* | mean3 | 1 | 26 to 199 | 2 | 2.000 % | 3.000 % | 0 of 2 | 0 | 0 |  |  | 102.00 | 10.0 |
| pdptw-lilim | double-hier | 1 | 100 LC1 | 2 | 10.000 % | 10.000 % | 0 of 2 | 0 | 0 | 1.000 | 1 of 2 | 100.00 | 10.0 |
| uhhc | uhhc-weighted | 1 | all | 1 | 7.000 % | 7.000 % | 0 of 1 | 0 | 0 |  |  | 107.00 | 10.0 |
| uhhc | uhhc-weighted | 2 | all | 1 |  |  |  | 0 | 1 |  |  |  |  |
| vrptw-gh | trunc1-dist | 1 | 200 C1 | 2 | 1.000 % | 2.000 % | 1 of 2 | 0 | 0 |  |  | 101.00 | 10.0 |
| vrptw-gh | trunc1-dist | 1 | 200 C2 | 1 | 4.000 % | 4.000 % | 0 of 1 | 0 | 0 |  |  | 104.00 | 10.0 |
| vrptw-gh | trunc1-dist | 1 | 200 R1 | 1 |  |  | 0 of 1 | 1 | 0 |  |  |  | 10.0 |
| vrptw-gh | trunc1-dist | 1 | 200, all | 4 | 2.000 % | 4.000 % | 1 of 4 | 1 | 0 |  |  | 102.00 | 10.0 |
| vrptw-gh | trunc1-dist | 1 | 1000 C1 | 1 | -1.000 % | -1.000 % | 1 of 1 | 0 | 0 |  |  | 99.00 | 10.0 |
| vrptw-gh | trunc1-dist | 1 | all | 5 | 1.250 % | 4.000 % | 2 of 5 | 1 | 0 |  |  | 101.25 | 10.0 |
`
	if d := cmp.Diff(want, text.String()); d != "" {
		t.Error(d)
	}
	// Several solvers stand beside each other.
	ours, theirs := row("vrptw-gh", "C1_10_1", sets.Trunc1, 5, 101, 100), row("vrptw-gh", "C1_10_1", sets.Trunc1, 5, 103, 100)
	ours.Solver, theirs.Solver = "Slinga", "PyVRP"
	text.Reset()
	if err := Table(&text, []Row{ours, theirs}); err != nil {
		t.Fatal(err)
	}
	if got := text.String(); !strings.Contains(got, "| trunc1-dist | PyVRP | 1 | 1000 C1 | 1 | 3.000 % |") || !strings.Contains(got, "| trunc1-dist | Slinga | 1 | 1000 C1 | 1 | 1.000 % |") {
		t.Error(got)
	}
}
