//go:build sets

package runs

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/slinga-se/slinga/benchmarks/sets"
)

var (
	setFolder  = flag.String("sets", "", "folder with a folder for each set")
	acceptance = flag.Bool("acceptance", false, "write benchmarks/acceptance.csv anew")
)

// TestAcceptanceRule: benchmarks/acceptance.csv is what its rule says. Names
// are in the order of their bytes, and the first of each class are taken
// (ClassOf; of the home-care sets with sizes in their names each size is one):
//
//	vrptw-gh, 1000 customers    two of each class, two seeds
//	vrptw-gh, 200 and 400       two of each class
//	vrptw-solomon               all
//	mdvrptw-vidal               three of each class
//	pdptw-lilim, 100 and 200    two of each class
//	pdptw-lilim, 400 to 1000    eight: the sizes and the classes in turns, one of each
//	uhhc                        all, two seeds
//	hhcrsp-*                    in each band of sizes 8, 12 and 16: the sets in turns, in a set its sizes in turns
//	hhc-bazirha                 all, each under its convention
//	sync-bredstrom              the published ones
//	trsp-pillac                 two of each class
//
//	go test -tags sets -run TestAcceptanceRule ./benchmarks/runs -sets FOLDER [-acceptance]
func TestAcceptanceRule(t *testing.T) {
	b := builder{t: t}
	of := func(sizes ...int) func(Class) bool {
		return func(c Class) bool { return slices.Contains(sizes, c.Size) }
	}
	all := func(Class) bool { return true }

	gh := b.open("vrptw-gh", sets.Trunc1)
	b.add(first(gh, of(1000), 2), 60, 1, 2)
	b.add(first(gh, of(200, 400), 2), 30, 1, 1)
	b.add(b.open("vrptw-solomon", sets.Trunc1), 5, 1, 1)
	b.add(first(b.open("mdvrptw-vidal", sets.MilliDistance), all, 3), 60, 1, 1)
	pdptw := b.open("pdptw-lilim", sets.Hierarchical)
	b.add(first(pdptw, of(100), 2), 10, 1, 1)
	b.add(first(pdptw, of(200), 2), 30, 1, 1)
	b.add(diagonal(pdptw, []int{400, 600, 800, 1000}, []string{"LC1", "LC2", "LR1", "LR2", "LRC1", "LRC2"}, 8), 60, 1, 1)
	b.add(b.open("uhhc", sets.Weighted), 60, 2, 2)
	var homes [][]sets.Instance
	for _, set := range []string{"hhcrsp-mankowska", "hhcrsp-kummer", "hhcrsp-italy"} {
		homes = append(homes, b.open(set, sets.Mean3))
	}
	for _, band := range []struct {
		size, count int
		seconds     float64
	}{{0, 8, 10}, {26, 12, 30}, {200, 16, 60}} {
		b.add(turns(homes, band.size, band.count), band.seconds, 2, 1)
	}
	b.add(b.open("hhc-bazirha", ""), 10, 1, 1)
	b.add(first(b.open("sync-bredstrom", sets.Hours), func(c Class) bool { return c.Name == "published" }, 100), 10, 1, 1)
	b.add(first(b.open("trsp-pillac", sets.Duration), all, 2), 60, 1, 1)

	var want bytes.Buffer
	_ = csv.NewWriter(&want).WriteAll(append([][]string{listColumns}, b.rows...)) // into memory
	path := filepath.Join("..", "acceptance.csv")
	if *acceptance {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what the rule says (%v); -acceptance writes it anew", path, err)
	}
}

type builder struct {
	t    *testing.T
	rows [][]string
}

func (b *builder) open(set, convention string) []sets.Instance {
	b.t.Helper()
	list, err := sets.Open(filepath.Join(*setFolder, set), convention)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func (b *builder) add(list []sets.Instance, seconds float64, threads, seeds int) {
	for seed := 1; seed <= seeds; seed++ {
		for _, one := range list {
			info := one.Info()
			b.rows = append(b.rows, []string{
				info.Set, info.Name, info.Convention,
				strconv.FormatFloat(seconds, 'f', -1, 64), strconv.Itoa(threads), strconv.Itoa(seed),
			})
		}
	}
}

func class(one sets.Instance) Class {
	info := one.Info()
	return ClassOf(info.Set, info.Name)
}

// first takes so many instances of each class that is wanted.
func first(list []sets.Instance, wanted func(Class) bool, count int) []sets.Instance {
	taken := map[Class]int{}
	var part []sets.Instance
	for _, one := range list {
		if c := class(one); wanted(c) && taken[c] < count {
			taken[c]++
			part = append(part, one)
		}
	}
	return part
}

// diagonal takes the first instance of the first size and class, of the second
// size and class, and so on, round and round.
func diagonal(list []sets.Instance, sizes []int, names []string, count int) []sets.Instance {
	var part []sets.Instance
	for i := range count {
		size, name := sizes[i%len(sizes)], names[i%len(names)]
		part = append(part, first(list, func(c Class) bool { return c.Size == size && c.Name == name }, 1)...)
	}
	return part
}

// turns takes so many instances of a band of sizes, one of each set in turns,
// and in each set one of each number of patients in turns. Where nearly every
// instance has a number of its own, as in Italy, that would favour the small
// ones, so there the names alone count.
func turns(homes [][]sets.Instance, band, count int) []sets.Instance {
	var queues [][]sets.Instance
	for _, list := range homes {
		bySize := map[int][]sets.Instance{}
		var sizes []int
		for _, one := range list {
			if class(one).Size != band {
				continue
			}
			info := one.Info()
			size := 0
			if info.Set != "hhcrsp-italy" {
				size, _ = strconv.Atoi(patients.FindStringSubmatch(info.Name)[1]) // digits
			}
			if bySize[size] == nil {
				sizes = append(sizes, size)
			}
			bySize[size] = append(bySize[size], one)
		}
		slices.Sort(sizes)
		var queue []sets.Instance
		for round := 0; len(queue) < count; round++ {
			before := len(queue)
			for _, size := range sizes {
				if round < len(bySize[size]) {
					queue = append(queue, bySize[size][round])
				}
			}
			if len(queue) == before {
				break
			}
		}
		queues = append(queues, queue)
	}
	var part []sets.Instance
	for round := 0; round < count; round++ {
		for _, queue := range queues {
			if round < len(queue) && len(part) < count {
				part = append(part, queue[round])
			}
		}
	}
	return part
}
