//go:build sets

package sets

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var setFolder = flag.String("sets", "", "folder with a folder for each set")

// sampleOf says which convention a published solution is of, by what stands
// between its instance's name and the extension, and how exactly it must agree
// with the best known value.
type sampleOf struct {
	suffix, convention string
	tolerance          float64
}

var samples = map[string][]sampleOf{
	"vrptw-solomon": {{".trunc1.sol", Trunc1, 1e-9}, {".trunc1.sol", DoubleDistance, 1e-4}},
	"vrptw-gh":      {{".trunc1.sol", Trunc1, 1e-9}, {".hier.sol", Hierarchical, 1e-4}},

	// Best known values have four decimals.
	"hhcrsp-mankowska": {{".sol.json", Mean3, 5.1e-5}},
	"hhcrsp-italy":     {{".sol.json", Mean3, 5.1e-5}},
	"hhcrsp-kummer":    {{".sol.json", Mean3, 5.1e-5}},
	"uhhc":             {{".sol.json", Weighted, 0}},
	"hhc-bazirha":      {{".sol.json", TravelOnly, 0}, {".sol.json", WaitBalance, 0}},
	"mdvrptw-vidal":    {{".sol", MilliDistance, 1e-9}},
	"pdptw-lilim":      {{".sol", Hierarchical, 1e-4}},
	"trsp-pillac":      {{".sol.txt", Duration, 1e-4}},
}

// TestPublishedSolutions: every published solution of every set keeps the
// set's rules and has the best known value.
//
//	go test -tags sets -run TestPublishedSolutions ./benchmarks/sets -sets FOLDER
func TestPublishedSolutions(t *testing.T) {
	for set := range forms {
		for _, kind := range samples[set] {
			paths, err := filepath.Glob(filepath.Join(*setFolder, set, "sample_solutions", "*"+kind.suffix))
			if err != nil || len(paths) == 0 {
				t.Errorf("%s: no solutions %s", set, kind.suffix)
			}
			for _, path := range paths {
				name := strings.TrimSuffix(filepath.Base(path), kind.suffix)
				t.Run(set+"/"+name+kind.suffix, func(t *testing.T) {
					list, err := Open(filepath.Join(*setFolder, set), kind.convention, name)
					if errors.Is(err, errOtherConvention) {
						return // the other convention's turn
					}
					if err != nil {
						t.Fatal(err)
					}
					f, err := os.Open(path)
					if err != nil {
						t.Fatal(err)
					}
					defer f.Close() //nolint:errcheck // only read
					plan, err := list[0].Read(f)
					if err != nil {
						t.Fatal(err)
					}
					value, err := list[0].Evaluate(plan)
					if err != nil {
						t.Error(err)
					}
					best := list[0].Info().Best
					if best == nil {
						t.Fatal("no best known value")
					}
					if math.Abs(value.Objective-best.Objective) > kind.tolerance || best.Vehicles > 0 && value.Vehicles != best.Vehicles {
						t.Errorf("%d vehicles, %.6f; best known %d, %.6f", value.Vehicles, value.Objective, best.Vehicles, best.Objective)
					}
				})
			}
		}
	}
}

// TestBrokenSolutions: a published solution that is changed so that it breaks a
// rule is refused. The rules of each set have tests of their own; this shows
// that they hold where nothing was made for the test.
func TestBrokenSolutions(t *testing.T) {
	first := func(p *Plan) *Route { return &p.Routes[0] }
	changes := []struct {
		name, want string
		change     func(*Plan)
	}{
		{"left out", "is not ", func(p *Plan) { r := first(p); r.Stops = r.Stops[1:] }},
		{"twice", "twice", func(p *Plan) { r := first(p); r.Stops = append(r.Stops, r.Stops[len(r.Stops)-1]) }},
		{"unknown", "there is no ", func(p *Plan) { r := first(p); r.Stops = append(r.Stops, Stop{Task: 5_000}) }},
		{"backwards", "", func(p *Plan) {
			for i := range p.Routes {
				slices.Reverse(p.Routes[i].Stops)
			}
		}},
		{"all by one", "", func(p *Plan) {
			r := first(p)
			for _, other := range p.Routes[1:] {
				r.Stops = append(r.Stops, other.Stops...)
			}
			p.Routes = p.Routes[:1]
		}},
	}
	for _, set := range []string{"vrptw-solomon", "vrptw-gh", "mdvrptw-vidal", "pdptw-lilim", "trsp-pillac"} {
		for _, kind := range samples[set] {
			paths, err := filepath.Glob(filepath.Join(*setFolder, set, "sample_solutions", "*"+kind.suffix))
			if err != nil || len(paths) == 0 {
				t.Errorf("%s: no solutions %s", set, kind.suffix)
			}
			for _, path := range paths {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				list, err := Open(filepath.Join(*setFolder, set), kind.convention, strings.TrimSuffix(filepath.Base(path), kind.suffix))
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range changes {
					plan, err := list[0].Read(bytes.NewReader(data))
					if err != nil {
						t.Fatal(err)
					}
					c.change(plan)
					if _, err := list[0].Evaluate(plan); !errors.Is(err, ErrRule) || !strings.Contains(err.Error(), c.want) {
						t.Errorf("%s, %s: %v", path, c.name, err)
					}
				}
			}
		}
	}
}

// TestWholeSets: every instance of every set can be read under each of its
// conventions, and has a best known value under its own.
func TestWholeSets(t *testing.T) {
	for set, f := range forms {
		for _, convention := range f.conventions {
			list, err := Open(filepath.Join(*setFolder, set), convention)
			if err != nil {
				t.Errorf("%s: %v", set, err)
				continue
			}
			best := 0
			for _, one := range list {
				if one.Info().Best != nil {
					best++
				}
				p := one.Problem()
				if one.Info().Tasks == 0 || len(p.Tasks) == 0 {
					t.Errorf("%s %s: no tasks", set, one.Info().Name)
				}
				if err := p.Validate(); err != nil {
					t.Errorf("%s %s: %v", set, one.Info().Name, err)
				}
			}
			t.Logf("%s, %s: %d instances, %d with a best known value", set, convention, len(list), best)
		}
	}
}

// TestSolvedHomeCare: some of each home-care set, solved as far as the search
// can; what it says of a solution is what the set says.
func TestSolvedHomeCare(t *testing.T) {
	for _, kind := range homeCare {
		list, err := Open(filepath.Join(*setFolder, kind.set), kind.convention)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(list); i += max(1, len(list)/6) {
			t.Run(kind.set+"/"+list[i].Info().Name, func(t *testing.T) { checkSolved(t, list[i], 100) })
		}
	}
}
