package geo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/geo/osm"
)

// plainCuts finds out by making a metric for every set of closures that might
// be lifted and computing tables on it.
type plainCuts struct {
	r             *Region
	p             osm.Profile
	condition     Condition
	at            time.Time
	ids           []string
	points, bases []Snap
}

// connected is, by point, whether a base leads there and can be reached from
// there, with the closures of a bit set lifted.
func (b *plainCuts) connected(t rapid.TB, lifted int) (there, back, both []bool) {
	c := Condition{}
	for i, closure := range b.condition.Closures {
		if lifted>>i&1 == 0 {
			c.Closures = append(c.Closures, closure)
		}
	}
	for i, ferry := range b.condition.Ferries {
		if lifted>>(i+len(b.condition.Closures))&1 == 0 {
			c.Ferries = append(c.Ferries, ferry)
		}
	}
	m, err := b.r.MetricWith(context.Background(), b.p, MetricOptions{Condition: &c, At: b.at})
	if err != nil {
		t.Fatal(err)
	}
	to, err := m.Table(context.Background(), b.bases, b.points, 1)
	if err != nil {
		t.Fatal(err)
	}
	from, err := m.Table(context.Background(), b.points, b.bases, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := len(b.points)
	there, back, both = make([]bool, n), make([]bool, n), make([]bool, n)
	for i := range b.points {
		for k := range b.bases {
			s1, _ := to.At(k, i)
			s2, _ := from.At(i, k)
			there[i] = there[i] || s1 != Unreachable
			back[i] = back[i] || s2 != Unreachable
			both[i] = both[i] || s1 != Unreachable && s2 != Unreachable
		}
	}
	return there, back, both
}

func (b *plainCuts) cuts(t rapid.TB) []Cut {
	sets := make([][]bool, 1<<len(b.ids))
	var there, back []bool
	for lifted := range sets {
		x, y, both := b.connected(t, lifted)
		if sets[lifted] = both; lifted == 0 {
			there, back = x, y
		}
	}
	var cuts []Cut
	for i := range b.points {
		if sets[0][i] {
			continue
		}
		c := Cut{Point: i, Kind: CutBoth, Never: !sets[len(sets)-1][i]}
		switch {
		case there[i] && back[i]:
			c.Kind = CutRound
		case there[i]:
			c.Kind = CutBack
		case back[i]:
			c.Kind = CutThere
		}
		for k, id := range b.ids {
			if sets[1<<k][i] {
				c.Alone = append(c.Alone, id)
			}
		}
		if c.Alone == nil {
			for k := range b.ids {
				for l := k + 1; l < len(b.ids) && c.Together == nil; l++ {
					if sets[1<<k|1<<l][i] {
						c.Together = []string{b.ids[k], b.ids[l]}
					}
				}
			}
		}
		cuts = append(cuts, c)
	}
	return cuts
}

// irreducible checks a set of three or more: it connects the point, and no
// part of it does.
func (b *plainCuts) irreducible(t rapid.TB, c Cut) {
	lifted := 0
	for _, id := range c.Together {
		lifted |= 1 << slices.Index(b.ids, id)
	}
	if _, _, both := b.connected(t, lifted); !both[c.Point] {
		t.Errorf("point %d is not connected with %v lifted", c.Point, c.Together)
	}
	for _, id := range c.Together {
		if _, _, both := b.connected(t, lifted&^(1<<slices.Index(b.ids, id))); both[c.Point] {
			t.Errorf("point %d is connected with %v lifted, even without %s", c.Point, c.Together, id)
		}
	}
}

func TestCutOffAgainstTables(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		net, p := drawNetwork(t), drawProfile(t)
		r, err := Build(net, BuildOptions{})
		if err != nil {
			t.Fatal(err)
		}
		b := plainCuts{r: r, p: p, at: drawTimeOrNone(t)}
		way := rapid.Custom(func(t *rapid.T) int64 { return net.Ways[rapid.IntRange(0, len(net.Ways)-1).Draw(t, "way")].ID })
		for i := range rapid.IntRange(0, 4).Draw(t, "closures") {
			c := Closure{ID: fmt.Sprint("closure ", i), Direction: rapid.SampledFrom([]string{"", "", "forward", "backward"}).Draw(t, "direction")}
			c.Ways = rapid.SliceOfN(way, 1, 2).Draw(t, "ways")
			b.condition.Closures = append(b.condition.Closures, c)
			b.ids = append(b.ids, c.ID)
		}
		for i := range net.Ways {
			if net.Ways[i].Flags&osm.FlagFerry != 0 && len(b.condition.Ferries) == 0 {
				f := Ferry{ID: "ferry", Stopped: true}
				f.Ways = []int64{net.Ways[i].ID}
				b.condition.Ferries = append(b.condition.Ferries, f)
				b.ids = append(b.ids, f.ID)
			}
		}
		m, err := r.MetricWith(t.Context(), p, MetricOptions{Condition: &b.condition, At: b.at})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.t.chainSegs) == 0 {
			return
		}
		anySnap := rapid.Custom(func(t *rapid.T) Snap {
			seg := rapid.SampledFrom(m.t.chainSegs).Draw(t, "segment") >> 1
			return onSegment(r, seg, rapid.Int64Range(0, int64(r.segMM[seg])).Draw(t, "at"))
		})
		b.bases = rapid.SliceOfN(anySnap, 1, 2).Draw(t, "bases")
		b.points = rapid.SliceOfN(anySnap, 1, 6).Draw(t, "points")
		cuts, err := m.CutOff(context.Background(), b.points, b.bases)
		if err != nil {
			t.Fatal(err)
		}
		expected := b.cuts(t)
		for i := range cuts {
			if len(cuts[i].Together) > 2 {
				b.irreducible(t, cuts[i])
				cuts[i].Together = nil
			}
		}
		if len(cuts)+len(expected) > 0 && !reflect.DeepEqual(cuts, expected) {
			t.Fatalf("cut off:\n%+v\nby looking at all sets:\n%+v", cuts, expected)
		}
	})
}

// More bases than a word has bits, most of them on islands of their own.
func TestCutOffWithManyBases(t *testing.T) {
	t.Parallel()
	net := readMap(t, "beatty-nevada-2017-08.osm.bz2")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(11, 0))
	open := mustMetric(t, r, osm.CarProfile())
	b := plainCuts{r: r, p: osm.CarProfile()}
	var closed []int64
	for i := range 5 {
		c := Closure{ID: fmt.Sprint(i)}
		for range 45 {
			c.Ways = append(c.Ways, net.Ways[random.IntN(len(net.Ways))].ID)
		}
		closed = append(closed, c.Ways...)
		b.condition.Closures = append(b.condition.Closures, c)
		b.ids = append(b.ids, c.ID)
	}
	for _, s := range mustSnap(t, open, randomPoints(net, 400, 12)...) {
		switch {
		case len(b.bases) < 150 && slices.Contains(closed, s.Way):
			b.bases = append(b.bases, s)
		case len(b.points) < 60 && !slices.Contains(closed, s.Way):
			b.points = append(b.points, s)
		}
	}
	m, err := r.MetricWith(t.Context(), b.p, MetricOptions{Condition: &b.condition})
	if err != nil {
		t.Fatal(err)
	}
	cuts, err := m.CutOff(t.Context(), b.points, b.bases)
	if err != nil {
		t.Fatal(err)
	}
	for i := range cuts {
		if len(cuts[i].Together) > 2 {
			b.irreducible(t, cuts[i])
			cuts[i].Together = nil
		}
	}
	if len(b.bases) < 65 || len(cuts) < 5 {
		t.Errorf("%d points of %d are cut off from %d bases: too easy", len(cuts), len(b.points), len(b.bases))
	}
	if expected := b.cuts(t); !reflect.DeepEqual(cuts, expected) {
		t.Errorf("cut off:\n%+v\nby looking at all sets:\n%+v", cuts, expected)
	}
}

// Two bridges to an island, one of them closed for each direction by another
// closure, and a far home behind two closures in a row:
//
//	a---b===c---d     bc and fg are bridges
//	|       |   |
//	e---f===g   h --x-- i --y-- j
func TestCutOffNamesTheBridge(t *testing.T) {
	t.Parallel()
	d := draw(t, `
		a b c d
		e f g h . i . j`, "ab", "bc", "cd", "ae", "ef", "fg", "cg", "dh", "hi", "ij")
	r := d.build(t)
	closure := func(id, way string) Closure {
		c := Closure{ID: id}
		c.Ways = []int64{int64(d.ways[way] + 1)}
		return c
	}
	for name, test := range map[string]struct {
		closures []Closure
		want     []Cut
	}{
		"one bridge":   {[]Closure{closure("north", "bc")}, nil},
		"both bridges": {[]Closure{closure("north", "bc"), closure("south", "fg")}, []Cut{{0, CutBoth, []string{"north", "south"}, nil, false}, {1, CutBoth, []string{"north", "south"}, nil, false}}},
		"in a row":     {[]Closure{closure("x", "hi"), closure("y", "ij")}, []Cut{{1, CutBoth, nil, []string{"x", "y"}, false}}},
		"three": {[]Closure{closure("x", "hi"), closure("y", "ij"), closure("z", "dh"), closure("w", "hi")}, []Cut{
			{1, CutBoth, nil, []string{"x", "y", "z", "w"}, false},
		}},
		"at the door": {[]Closure{closure("y", "ij"), closure("y2", "ij")}, []Cut{{1, CutBoth, nil, []string{"y", "y2"}, false}}},
	} {
		open := mustMetric(t, r, evenCar())
		snaps := mustSnap(t, open, d.at(t, "d"), d.at(t, "j"), d.at(t, "a"))
		m, err := r.MetricWith(t.Context(), evenCar(), MetricOptions{Condition: &Condition{Closures: test.closures}})
		if err != nil {
			t.Fatal(err)
		}
		cuts, err := m.CutOff(t.Context(), snaps[:2], snaps[2:])
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(cuts, test.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, cuts, test.want)
		}
	}
	if cuts, err := mustMetric(t, r, evenCar()).CutOff(t.Context(), []Snap{{Kind: SnapFar, Segment: -1}}, nil); err != nil || !reflect.DeepEqual(cuts, []Cut{{Kind: CutBoth, Never: true}}) {
		t.Errorf("a far point: %+v, %v", cuts, err)
	}
}

func BenchmarkCutOff(b *testing.B) {
	net := readMap(b, "monaco-2012-07.osm.gz")
	r, err := Build(net, BuildOptions{})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	var c Condition
	for i := range 100 {
		closure := Closure{ID: fmt.Sprint(i)}
		closure.Ways = []int64{net.Ways[random.IntN(len(net.Ways))].ID}
		c.Closures = append(c.Closures, closure)
	}
	snaps := mustSnap(b, mustMetric(b, r, osm.CarProfile()), randomPoints(net, 1000, 2)...)
	m, err := r.MetricWith(context.Background(), osm.CarProfile(), MetricOptions{Condition: &c})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := m.CutOff(b.Context(), snaps, snaps[:3]); err != nil {
			b.Fatal(err)
		}
	}
}
