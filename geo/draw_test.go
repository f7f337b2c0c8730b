package geo

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/geo/osm"
)

// drawing100 is 100 m in stored units of latitude, and nearly so of longitude
// at the equator, where the drawn maps lie.
const drawing100 = 8993

// A drawnMap is a map made from a sketch. Letters are nodes, a
// column is 100 m and a row 200 m; everything else in the sketch is decoration. Ways are lists
// of letters: "abc" may be travelled both ways, "abc>" only forward. After the
// letters may come words: ferry, track, foot (on foot only), ice, island...
// Restrictions are "no ab b bc" (coming along way ab, not from b into bc),
// "only ab b bc", "no ab bc cd" over a via way. A barrier is "closed b".
type drawnMap struct {
	net   *osm.Network
	nodes map[byte]int32
	ways  map[string]int32
}

func draw(t testing.TB, sketch string, lines ...string) *drawnMap {
	t.Helper()
	d := &drawnMap{net: &osm.Network{Texts: []string{""}}, nodes: map[byte]int32{}, ways: map[string]int32{}}
	rows := strings.Split(strings.Trim(sketch, "\n"), "\n")
	var letters []byte
	at := map[byte][2]int{}
	for y, row := range rows {
		row = strings.ReplaceAll(row, "\t", "")
		for x := range len(row) {
			c := row[x]
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
				letters = append(letters, c)
				at[c] = [2]int{x, y}
			}
		}
	}
	slices.Sort(letters)
	for i, c := range letters {
		d.nodes[c] = int32(i)
		d.net.Nodes = append(d.net.Nodes, osm.Node{
			ID: int64(c), Lon: int32(at[c][0] * drawing100), Lat: int32(-at[c][1] * 2 * drawing100),
		})
	}
	for _, line := range lines {
		words := strings.Fields(line)
		switch words[0] {
		case "closed":
			d.net.Nodes[d.nodes[words[1][0]]].Closed = osm.ModeCar | osm.ModeBicycle
		case "no", "only":
			rs := osm.Restriction{
				ID: int64(len(d.net.Restrictions) + 1), ViaNode: -1, Only: words[0] == "only",
				Modes: osm.ModeCar | osm.ModeBicycle, From: d.way(t, words[1]), To: d.way(t, words[len(words)-1]),
			}
			if len(words) == 4 && len(words[2]) == 1 {
				rs.ViaNode = d.nodes[words[2][0]]
			} else {
				for _, w := range words[2 : len(words)-1] {
					rs.ViaWays = append(rs.ViaWays, d.way(t, w))
				}
			}
			d.net.Restrictions = append(d.net.Restrictions, rs)
		default:
			d.addWay(t, words)
		}
	}
	return d
}

func (d *drawnMap) way(t testing.TB, name string) int32 {
	t.Helper()
	w, ok := d.ways[name]
	if !ok {
		t.Fatalf("no way %q is drawn", name)
	}
	return w
}

func (d *drawnMap) addWay(t testing.TB, words []string) {
	t.Helper()
	letters, oneway := strings.CutSuffix(words[0], ">")
	w := osm.Way{
		ID: int64(len(d.net.Ways) + 1), First: int32(len(d.net.Refs)), Count: int32(len(letters)),
		Class: osm.Tertiary, Forward: osm.AllModes, Backward: osm.AllModes,
	}
	if oneway {
		w.Backward = osm.ModeFoot
	}
	for _, word := range words[1:] {
		switch word {
		case "ferry":
			w.Class, w.Flags, w.Duration = osm.Ferry, w.Flags|osm.FlagFerry, 600
		case "ice":
			w.Flags |= osm.FlagIceRoad
		case "track":
			w.Class = osm.Track
		case "motorway":
			w.Class = osm.Motorway
		case "foot":
			w.Forward, w.Backward = osm.ModeFoot, osm.ModeFoot
		default:
			t.Fatalf("unknown word %q", word)
		}
	}
	for i := range len(letters) {
		n, ok := d.nodes[letters[i]]
		if !ok {
			t.Fatalf("no node %q is drawn", letters[i:i+1])
		}
		d.net.Refs = append(d.net.Refs, n)
		if i > 0 {
			w.Millimetres += osm.Millimetres(d.net.Nodes[d.net.Refs[len(d.net.Refs)-2]], d.net.Nodes[n])
		}
	}
	d.ways[letters] = int32(len(d.net.Ways))
	d.net.Ways = append(d.net.Ways, w)
}

// at is the place of a node, or of the middle between two.
func (d *drawnMap) at(t testing.TB, letters string) orb.Point {
	t.Helper()
	var p orb.Point
	for i := range len(letters) {
		n := d.net.Nodes[d.nodes[letters[i]]]
		p[0] += float64(n.Lon) / 1e7 / float64(len(letters))
		p[1] += float64(n.Lat) / 1e7 / float64(len(letters))
	}
	return p
}

func (d *drawnMap) build(t testing.TB) *Region {
	t.Helper()
	r, err := Build(d.net, BuildOptions{Name: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// evenCar drives 36 km/h everywhere, which is 100 ms a metre.
func evenCar() osm.Profile {
	p := osm.CarProfile()
	for c := range p.Speed {
		p.Speed[c], p.Most[c] = 36, 0
	}
	return p
}

func mustMetric(t testing.TB, r *Region, p osm.Profile) *Metric {
	t.Helper()
	m, err := r.Metric(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustSnap(t testing.TB, m *Metric, points ...orb.Point) []Snap {
	t.Helper()
	snaps, err := m.Snap(points, SnapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return snaps
}

// legs computes "from to" pairs of places on a drawn map and writes them with
// the metres, to the nearest ten.
func (d *drawnMap) legs(t testing.TB, m *Metric, pairs ...string) string {
	t.Helper()
	var b strings.Builder
	for _, pair := range pairs {
		ends := strings.Fields(pair)
		snaps := mustSnap(t, m, d.at(t, ends[0]), d.at(t, ends[1]))
		table, err := m.Table(t.Context(), snaps[:1], snaps[1:], 1)
		if err != nil {
			t.Fatal(err)
		}
		trace, err := m.Trace(snaps[0], snaps[1])
		_, metres := table.At(0, 0)
		switch {
		case metres == Unreachable && err != nil:
			fmt.Fprintf(&b, "%s: no route\n", pair)
		case err != nil || metres == Unreachable:
			t.Errorf("%s: table says %d m, trace says %v", pair, metres, err)
		default:
			fmt.Fprintf(&b, "%s: %d m\n", pair, (metres+5)/10*10)
			checkTrace(t, table.Seconds[0], metres, trace)
		}
	}
	return b.String()
}

func checkTrace(t testing.TB, seconds, metres int32, trace Trace) {
	t.Helper()
	if n := len(trace.Seconds); n != len(trace.Line) || n < 2 || trace.Seconds[n-1] != seconds || trace.Metres != metres {
		t.Errorf("table says %d s and %d m, trace ends with %v and %d m", seconds, metres, trace.Seconds, trace.Metres)
	}
	if !slices.IsSorted(trace.Seconds) {
		t.Errorf("time goes back on the way: %v", trace.Seconds)
	}
}
