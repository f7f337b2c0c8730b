package planner_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/care"
	"github.com/slinga-se/slinga/planner/check"
)

// straight measures a day as the crow flies: 60 km/h and a third longer than
// the straight line, by car; 5 km/h on foot. It is a caller's own matrix.
func straight(day *care.Day) *care.Travel {
	n := len(day.Places)
	t := &care.Travel{Matrices: map[care.Mode]*care.Matrix{}, Source: "straight lines"}
	for i := range day.Places {
		t.Places = append(t.Places, day.Places[i].ID)
	}
	for mode, speed := range map[care.Mode]float64{care.Car: 60 / 3.6, care.Bicycle: 4, care.Foot: 5 / 3.6} {
		m := &care.Matrix{N: n, Seconds: make([]care.Seconds, n*n), Metres: make([]care.Metres, n*n)}
		for a := range n {
			for b := range n {
				if a == b {
					continue
				}
				p, q := &day.Places[a], &day.Places[b]
				north := (p.Lat - q.Lat) * 111_000
				east := (p.Lon - q.Lon) * 111_000 * math.Cos(p.Lat*math.Pi/180)
				metres := 1.33 * math.Hypot(north, east)
				m.Metres[a*n+b] = care.Metres(math.Ceil(metres))
				m.Seconds[a*n+b] = care.Seconds(math.Ceil(metres / speed))
			}
		}
		t.Matrices[mode] = m
	}
	return t
}

// sampleDay is a tenth of a bundled area's day.
func sampleDay(t testing.TB, area string, percent int) *care.Day {
	t.Helper()
	a, ok := sample.ByName(area)
	if !ok {
		t.Fatalf("no area %q", area)
	}
	day, err := sample.Generate(a, 1, sample.Options{Scale: percent})
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func plan(t testing.TB, day *care.Day, travel *care.Travel, o planner.Options) *care.Roster {
	t.Helper()
	roster, err := planner.Plan(context.Background(), day, travel, o)
	if err != nil {
		t.Fatal(err)
	}
	report := check.Roster(day, travel, roster)
	for _, b := range report.Breaches {
		t.Errorf("breach: %s: %s", b.Rule, b.English)
	}
	return roster
}

func TestPlannedDaysBreakNoRule(t *testing.T) {
	for _, area := range []string{"ostra-norrbotten", "adalen", "isle-of-man"} {
		t.Run(area, func(t *testing.T) {
			day := sampleDay(t, area, 20)
			travel := straight(day)
			roster := plan(t, day, travel, planner.Options{Seed: 1, Iterations: 3000})
			served := roster.Figures.Total.Visits
			if served*10 < len(day.Visits)*9 {
				t.Errorf("%d of %d visits served; nine in ten can be", served, len(day.Visits))
			}
			if got := served + len(roster.Unserved); got != len(day.Visits) {
				t.Errorf("%d visits served or unserved, the day has %d", got, len(day.Visits))
			}
			var sum int64
			for _, term := range roster.Figures.Terms {
				sum += term.Cost
			}
			if sum != roster.Figures.Cost {
				t.Errorf("terms add up to %d, the cost is %d", sum, roster.Figures.Cost)
			}
		})
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	day := sampleDay(t, "adalen", 15)
	travel := straight(day)
	for _, workers := range []int{1, 2} {
		var first []byte
		for _, processors := range []int{0, 1, 2, 5} {
			before := runtime.GOMAXPROCS(processors)
			roster := plan(t, day, travel, planner.Options{Seed: 7, Iterations: 2000, Workers: workers})
			runtime.GOMAXPROCS(before)
			var out bytes.Buffer
			if err := care.WriteRoster(&out, roster); err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = out.Bytes()
			} else if !bytes.Equal(first, out.Bytes()) {
				t.Errorf("%d workers: the roster differs with GOMAXPROCS=%d", workers, processors)
			}
		}
	}
}

func TestCancelReturnsTheBestSoFar(t *testing.T) {
	day := sampleDay(t, "adalen", 20)
	travel := straight(day)
	ctx, cancel := context.WithCancel(context.Background())
	improved := 0
	roster, err := planner.Plan(ctx, day, travel, planner.Options{Seed: 1, Time: time.Hour, OnProgress: func(planner.Progress) {
		if improved++; improved == 3 {
			cancel()
		}
	}})
	cancel()
	if err != nil {
		t.Fatal(err)
	}
	if report := check.Roster(day, travel, roster); !report.OK() {
		t.Errorf("the roster of a cancelled run breaks %d rules", len(report.Breaches))
	}
}

func TestAwkwardHomesAreUnservedWithTheReason(t *testing.T) {
	day := sampleDay(t, "adalen", 10)
	travel := straight(day)
	// The home of the first client is cut off: nothing leads there or away.
	cut := day.Clients[0].Place
	for i := range travel.Places {
		if travel.Places[i] != cut {
			continue
		}
		for _, m := range travel.Matrices {
			for j := range m.N {
				if j != i {
					m.Seconds[i*m.N+j], m.Seconds[j*m.N+i] = care.Unreachable, care.Unreachable
					m.Metres[i*m.N+j], m.Metres[j*m.N+i] = 0, 0
				}
			}
		}
	}
	travel.Findings = append(travel.Findings, care.PlaceFinding{Place: cut, Mode: care.Car, Kind: care.RoadIsland})
	roster := plan(t, day, travel, planner.Options{Seed: 1, Iterations: 500})
	reasons := map[string]care.Unserved{}
	for _, u := range roster.Unserved {
		reasons[u.Visit] = u
	}
	found := 0
	for _, v := range day.Visits {
		if v.Client != day.Clients[0].ID {
			continue
		}
		found++
		u, unserved := reasons[v.ID]
		if !unserved || u.Reason != care.ReasonUnreachable || u.Finding != care.RoadIsland {
			t.Errorf("visit %s of the cut-off home: got %+v, want unreachable with the road island as the finding", v.ID, u)
		}
	}
	if found == 0 {
		t.Fatal("the first client has no visits")
	}
}

func TestTravelThatDoesNotFitTheDay(t *testing.T) {
	day := sampleDay(t, "adalen", 5)
	for name, spoil := range map[string]func(*care.Travel){
		"a place without a row":  func(tr *care.Travel) { tr.Places[0] = "elsewhere" },
		"a place twice":          func(tr *care.Travel) { tr.Places[0] = tr.Places[1] },
		"no matrix for the mode": func(tr *care.Travel) { tr.Matrices = nil },
		"a matrix too short":     func(tr *care.Travel) { tr.Matrices[care.Car].Seconds = tr.Matrices[care.Car].Seconds[1:] },
		"negative travel":        func(tr *care.Travel) { tr.Matrices[care.Car].Seconds[1] = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			travel := straight(day)
			spoil(travel)
			if _, err := planner.Plan(context.Background(), day, travel, planner.Options{Iterations: 1}); !errors.Is(err, planner.ErrTravel) {
				t.Errorf("got %v, want ErrTravel", err)
			}
		})
	}
	if _, err := planner.Plan(context.Background(), day, nil, planner.Options{Iterations: 1}); !errors.Is(err, planner.ErrTravel) {
		t.Errorf("without travel: got %v, want ErrTravel", err)
	}
}

func TestInvalidDayIsRefusedWhole(t *testing.T) {
	day := sampleDay(t, "adalen", 5)
	travel := straight(day)
	day.Visits[0].Duration = -1
	day.Shifts[0].Carer = "nobody"
	_, err := planner.Plan(context.Background(), day, travel, planner.Options{Iterations: 1})
	var invalid *care.ValidationError
	if !errors.As(err, &invalid) || len(invalid.Problems) < 2 {
		t.Errorf("got %v, want a ValidationError with both problems", err)
	}
}

// TestReasonsAreTrueWhenTimeIsUp: a large day with hardly any time is not
// filled up by the search; no visit is left out for a reason that is not true.
func TestReasonsAreTrueWhenTimeIsUp(t *testing.T) {
	t.Parallel()
	day := sampleDay(t, "ostra-norrbotten", 130)
	plan(t, day, straight(day), planner.Options{Seed: 1, Time: time.Millisecond, Workers: 1}) // asks the checker
}
