package sample

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

func day(t *testing.T, slug string, seed uint64, o Options) *care.Day {
	t.Helper()
	area, ok := ByName(slug)
	if !ok {
		t.Fatalf("no area %q", slug)
	}
	d, err := Generate(area, seed, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func text(t *testing.T, d *care.Day) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := care.WriteDay(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every area has all its files, and its days are valid with every option.
func TestDaysAreValid(t *testing.T) {
	for _, a := range Areas() {
		for name, read := range map[string]func() ([]byte, error){"map": a.Map, "borders": a.Borders} {
			if b, err := read(); err != nil || len(b) == 0 {
				t.Errorf("%s: %s: %d bytes, %v", a.Slug, name, len(b), err)
			}
		}
		if licence, err := a.Licence(); err != nil || !strings.Contains(licence, "homes.csv") {
			t.Errorf("%s: licence does not speak of its files (%v)", a.Slug, err)
		}
		for _, o := range []Options{
			{},
			{Scale: 10},
			{Scale: 150},
			{Bare: true},
			{Awkward: true},
			// The nights on which clocks change, and a Sunday in July.
			{Date: time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)},
			{Date: time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)},
			{Date: time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)},
			{Date: time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC)},
		} {
			if err := day(t, a.Slug, 7, o).Validate(); err != nil {
				t.Errorf("%s with %+v: %v", a.Slug, o, err)
			}
		}
	}
}

// Same seed, same bytes; another seed, another day; and the JSON form reads
// back as the same day.
func TestSameSeedSameBytes(t *testing.T) {
	for _, a := range Areas() {
		one, two := text(t, day(t, a.Slug, 3, Options{})), text(t, day(t, a.Slug, 3, Options{}))
		if !bytes.Equal(one, two) {
			t.Errorf("%s: two days of one seed differ", a.Slug)
		}
		if bytes.Equal(one, text(t, day(t, a.Slug, 4, Options{}))) {
			t.Errorf("%s: seeds 3 and 4 give one day", a.Slug)
		}
		back, err := care.ReadDay(bytes.NewReader(one))
		if err != nil {
			t.Fatalf("%s: %v", a.Slug, err)
		}
		if diff := cmp.Diff(string(one), string(text(t, back))); diff != "" {
			t.Errorf("%s: changed by a round trip:\n%s", a.Slug, diff)
		}
	}
}

// The clients follow the published counts: 58 + 255 + 97 + 224 in Östra
// Norrbotten, 238 + 344 in Ådalen. Every one of them has a visit.
func TestClientsByMunicipality(t *testing.T) {
	want := map[string]map[string]int{
		"ostra-norrbotten": {"2513": 58, "2514": 255, "2518": 97, "2583": 224},
		"adalen":           {"2282": 238, "2283": 344},
	}
	for slug, counts := range want {
		for seed := uint64(1); seed <= 3; seed++ {
			d := day(t, slug, seed, Options{})
			got := map[string]int{}
			for _, c := range d.Clients {
				got[c.Municipality]++
			}
			if diff := cmp.Diff(counts, got); diff != "" {
				t.Errorf("%s, seed %d:\n%s", slug, seed, diff)
			}
			visited := map[string]bool{}
			for _, v := range d.Visits {
				visited[v.Client] = true
			}
			if len(visited) != len(d.Clients) {
				t.Errorf("%s, seed %d: %d of %d clients have a visit", slug, seed, len(visited), len(d.Clients))
			}
		}
	}
}

// Over many seeds the day of the demo keeps its size: at least 1 500 visits,
// about 120 shifts, 5 to 10 percent of the visits with two carers.
func TestSizeOfTheDemoDay(t *testing.T) {
	for seed := uint64(1); seed <= 12; seed++ {
		d := day(t, "ostra-norrbotten", seed, Options{})
		double := 0
		for _, v := range d.Visits {
			if v.Carers == 2 {
				double++
			}
		}
		if len(d.Visits) < 1500 || len(d.Visits) > 1750 {
			t.Errorf("seed %d: %d visits", seed, len(d.Visits))
		}
		if len(d.Shifts) < 108 || len(d.Shifts) > 140 {
			t.Errorf("seed %d: %d shifts", seed, len(d.Shifts))
		}
		if share := 100 * float64(double) / float64(len(d.Visits)); share < 4.5 || share > 10 {
			t.Errorf("seed %d: %.1f percent double staffing", seed, share)
		}
		if len(d.Links) < 20 {
			t.Errorf("seed %d: %d links from insulin to breakfast", seed, len(d.Links))
		}
	}
	for _, slug := range []string{"isle-of-man", "andorra"} {
		if d := day(t, slug, 1, Options{}); len(d.Visits) < 300 {
			t.Errorf("%s: %d visits", slug, len(d.Visits))
		}
	}
}

// The day has the four peaks of home care: the starts that clients wish for,
// by the hour, are highest in the morning, with tops around lunch, at the
// evening meal and at bedtime, and valleys between them.
func TestPeaks(t *testing.T) {
	d := day(t, "ostra-norrbotten", 1, Options{})
	var wished [31]int
	for _, v := range d.Visits {
		middle := (v.Preferred.From + v.Preferred.To) / 2
		wished[middle/hour]++
	}
	morning, lunch, evening, bed := slices.Max(wished[7:10]), slices.Max(wished[11:14]), slices.Max(wished[16:19]), slices.Max(wished[19:22])
	if morning < lunch*8/10 || lunch < wished[10]+20 || lunch < wished[14]+20 || evening < wished[15] || bed < 60 || wished[6] > 20 || wished[22] > 10 {
		t.Errorf("wished starts by hour: %v", wished)
	}
}

// Who is on duty fits what is asked for: at no half hour do the visits that
// must be under way outnumber the carers, each municipality's staff has the
// hours for its own clients, and every demand on competence meets carers.
func TestStaffFitsDemand(t *testing.T) {
	for _, slug := range []string{"ostra-norrbotten", "adalen", "isle-of-man", "andorra"} {
		d := day(t, slug, 1, Options{})
		home, at := map[string]string{}, map[string]string{}
		for _, c := range d.Clients {
			at[c.ID] = c.Municipality
		}
		able := map[string]int{}
		carers := map[string]care.Carer{}
		for _, c := range d.Carers {
			home[c.ID] = c.Municipality
			carers[c.ID] = c
		}
		hours, service := map[string]int{}, map[string]int{}
		for _, s := range d.Shifts {
			hours[home[s.Carer]] += int(s.End - s.Start)
			able[string(carers[s.Carer].Profession)]++
			for _, g := range carers[s.Carer].Delegations {
				if g.From <= s.Start && s.End <= g.To {
					able[g.Task]++
				}
			}
		}
		for _, v := range d.Visits {
			service[at[v.Client]] += v.Carers * int(v.Duration)
			enough := len(v.Requires.Professions) == 0 || able[v.Requires.Delegation] > 0
			for _, p := range v.Requires.Professions {
				enough = enough || able[string(p)] > 0
			}
			if !enough {
				t.Errorf("%s: nobody on duty may do %s (%s)", slug, v.ID, v.Task)
			}
		}
		for m, s := range service {
			if share := 100 * s / hours[m]; share < 25 || share > 62 {
				t.Errorf("%s: %s: %d percent of the paid time is with clients", slug, m, share)
			}
		}
		for half := care.Time(6 * hour); half < 30*hour; half += hour / 2 {
			must, duty := 0, 0
			for _, v := range d.Visits {
				if w := v.Windows[0]; w.To <= half && half < w.From+care.Time(v.Duration) {
					must += v.Carers
				}
			}
			for _, s := range d.Shifts {
				if s.Start <= half && half < s.End {
					duty++
				}
			}
			if must > duty {
				t.Errorf("%s: at %v: %d must be under way, %d on duty", slug, half, must, duty)
			}
		}
	}
}

// The awkward homes are there when asked for, and only then.
func TestAwkward(t *testing.T) {
	for _, slug := range []string{"ostra-norrbotten", "adalen"} {
		area, _ := ByName(slug)
		homes, err := area.Homes()
		if err != nil {
			t.Fatal(err)
		}
		kind := map[[2]float64]HomeKind{}
		for _, h := range homes {
			kind[[2]float64{h.Lat, h.Lon}] = h.Kind
		}
		count := func(o Options) map[HomeKind]int {
			n := map[HomeKind]int{}
			for _, p := range day(t, slug, 5, o).Places {
				if p.Lat == area.sea.lat && p.Lon == area.sea.lon {
					n["sea"]++
				} else if k := kind[[2]float64{p.Lat, p.Lon}]; k != Village && k != Single && k != "" {
					n[k]++
				}
			}
			return n
		}
		if diff := cmp.Diff(map[HomeKind]int{ByFerry: 1, Neighbour: 1}, count(Options{})); diff != "" {
			t.Errorf("%s: plain day:\n%s", slug, diff)
		}
		if diff := cmp.Diff(map[HomeKind]int{ByFerry: 1, Neighbour: 1, Island: 1, "sea": 1}, count(Options{Awkward: true})); diff != "" {
			t.Errorf("%s: awkward day:\n%s", slug, diff)
		}
	}
}

// A vehicle is never on two shifts at once, and the shifts of a carer leave
// eleven hours of rest.
func TestScheduleIsLegal(t *testing.T) {
	for _, a := range Areas() {
		d := day(t, a.Slug, 1, Options{})
		last := map[string]care.Time{}
		shifts := slices.Clone(d.Shifts)
		slices.SortStableFunc(shifts, func(x, y care.Shift) int { return int(x.Start - y.Start) })
		work := map[string]care.Shift{}
		for _, s := range shifts {
			if back, used := last[s.Vehicle]; used && back > s.Start {
				t.Errorf("%s: %s is still out when %s starts", a.Slug, s.Vehicle, s.ID)
			}
			last[s.Vehicle] = s.End
			work[s.Carer] = s
		}
		for _, n := range d.Neighbours {
			s, works := work[n.Carer]
			if works && n.Start < s.End+11*hour && s.Start < n.End+11*hour {
				t.Errorf("%s: %s has less than 11 hours of rest", a.Slug, n.Carer)
			}
		}
	}
}

// Clients are apportioned exactly, and nobody gets more than a whole client
// off the proportional share.
func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 5000), 1, 12).Draw(t, "people")
		clients := rapid.IntRange(0, 600).Draw(t, "clients")
		counts[0]++
		var all []people
		total := 0
		for _, n := range counts {
			all = append(all, people{municipality: "x", count: n})
			total += n
		}
		given := 0
		for i, s := range apportion(clients, all, "x") {
			given += s.count
			if s.count < clients*counts[i]/total || s.count > clients*counts[i]/total+1 {
				t.Fatalf("place %d of %v got %d of %d clients", i, counts, s.count, clients)
			}
		}
		if given != clients {
			t.Fatalf("%d of %d clients were placed", given, clients)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	area, _ := ByName("Ådalen")
	for _, o := range []Options{{Scale: -1}, {Scale: 1001}} {
		if _, err := Generate(area, 1, o); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := Generate(Area{Slug: "atlantis"}, 1, Options{}); !errors.Is(err, ErrOptions) {
		t.Errorf("unknown area: %v", err)
	}
	if _, ok := ByName("atlantis"); ok {
		t.Error("atlantis is an area")
	}
}

// A generated day holds nothing but what the contract has fields for: no free
// text that could carry a name or an address.
func TestOnlyPseudonyms(t *testing.T) {
	raw, err := json.Marshal(day(t, "adalen", 1, Options{}).Clients)
	if err != nil {
		t.Fatal(err)
	}
	var clients []map[string]any
	if err := json.Unmarshal(raw, &clients); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		if id := c["id"].(string); len(id) != 5 || id[0] != 'c' {
			t.Fatalf("client id %q", id)
		}
	}
}
