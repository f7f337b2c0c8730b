package model

import (
	"bytes"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

const root = "../../" // where the areas' folders are

// drawn keeps the networks that several tests look at; none changes them.
var drawn = map[Area]*Network{}

func build(t testing.TB, a Area) *Network {
	t.Helper()
	if n, ok := drawn[a]; ok {
		return n
	}
	n, err := Build(os.DirFS(root+a.Slug), a.Title, a.Seed)
	if err != nil {
		t.Fatal(err)
	}
	drawn[a] = n
	return n
}

// The committed files are what the program makes of the committed tables. The
// comparison is of bytes where the files were made; other processors may
// round a sine differently in its last bit, so there only the sizes count.
func TestCommittedFilesAreCurrent(t *testing.T) {
	for _, a := range Areas {
		n := build(t, a)
		var osm, homes, people bytes.Buffer
		for _, err := range []error{n.WriteOSM(&osm), n.WriteHomes(&homes), n.WritePeople(&people)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, now := range map[string][]byte{"map.osm.gz": osm.Bytes(), "homes.csv": homes.Bytes(), "people.csv": people.Bytes()} {
			then, err := os.ReadFile(root + a.Slug + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			if len(then) > 2<<20 {
				t.Errorf("%s/%s has %d bytes: too large to bundle", a.Slug, name, len(then))
			}
			if strings.HasSuffix(name, ".gz") {
				r, err := gzip.NewReader(bytes.NewReader(then))
				if err != nil {
					t.Fatal(err)
				}
				if then, err = io.ReadAll(r); err != nil {
					t.Fatal(err)
				}
			}
			if runtime.GOARCH == "amd64" && !bytes.Equal(then, now) || bytes.Count(then, []byte("\n")) != bytes.Count(now, []byte("\n")) {
				t.Errorf("%s/%s is not what the tables give now: run go generate in data/sample", a.Slug, name)
			}
		}
	}
}

// The same seed draws the same network, another seed another one, and both
// keep to the tables.
func TestSeeds(t *testing.T) {
	a := Areas[1]
	text := func(seed uint64) string {
		n, err := Build(os.DirFS(root+a.Slug), a.Title, seed)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := n.WriteOSM(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	one, again, other := text(9), text(9), text(10)
	if one != again {
		t.Error("one seed, two networks")
	}
	if one == other {
		t.Error("two seeds, one network")
	}
}

// What the tables promise is in the network: bridges by name, one ferry with a
// duration, one ice road, one-way streets, turn restrictions, posted speeds.
func TestInventory(t *testing.T) {
	for _, a := range Areas {
		n := build(t, a)
		km, posted := map[string]float64{}, map[string]float64{}
		bridges, ferries, ice, oneway := map[string]bool{}, map[string]int{}, map[string]int{}, 0
		for _, w := range n.Ways {
			l := n.length(w)
			km[w.Attrs.Class] += l / 1000
			if w.Attrs.MaxSpeed > 0 {
				posted[w.Attrs.Class] += l / 1000
			}
			switch {
			case w.Attrs.Bridge:
				bridges[w.Attrs.Name] = true
				if l > 2500 {
					t.Errorf("%s: bridge %s is %.0f m long", a.Slug, w.Attrs.Name, l)
				}
			case w.Attrs.Class == "ferry":
				ferries[w.Attrs.Name]++
				if speed := l / float64(w.Attrs.Seconds); speed < 2 || speed > 9 {
					t.Errorf("%s: ferry does %.1f m/s", a.Slug, speed)
				}
			case w.Attrs.Ice:
				ice[w.Attrs.Name]++
			case w.Attrs.Oneway:
				oneway++
			}
		}
		if len(ferries) != 1 || len(ice) != 1 || len(bridges) != len(n.Input.Bridges) || len(bridges) > 10 {
			t.Errorf("%s: ferries %v, ice roads %v, bridges %v", a.Slug, ferries, ice, bridges)
		}
		if oneway < 10 || len(n.Turns) < 10 {
			t.Errorf("%s: %d one-way streets, %d turn restrictions", a.Slug, oneway, len(n.Turns))
		}
		if main := km["trunk"] + km["primary"] + km["secondary"] + km["tertiary"]; main < 600 || km["unclassified"] < main {
			t.Errorf("%s: %.0f km of main roads, %.0f km of small ones", a.Slug, main, km["unclassified"])
		}
		for _, c := range []string{"trunk", "primary", "secondary", "tertiary"} {
			if posted[c] < 0.95*km[c] {
				t.Errorf("%s: only %.0f of %.0f km of %s have a posted speed", a.Slug, posted[c], km[c], c)
			}
		}
	}
}

func (n *Network) length(w Way) float64 {
	l := 0.0
	for i := 1; i < len(w.Nodes); i++ {
		l += Metres(n.Nodes[w.Nodes[i-1]], n.Nodes[w.Nodes[i]])
	}
	return l
}

// piece is a straight piece of road between neighbouring nodes.
type piece struct {
	a, b int32
	way  int32
}

func (n *Network) pieces() []piece {
	var all []piece
	for k, w := range n.Ways {
		for i := 1; i < len(w.Nodes); i++ {
			all = append(all, piece{w.Nodes[i-1], w.Nodes[i], int32(k)})
		}
	}
	return all
}

// The network hangs together in exactly two pieces: the roads, with the ferry,
// and the island that no road reaches. Hundreds of dead ends branch off.
func TestPieces(t *testing.T) {
	for _, a := range Areas {
		n := build(t, a)
		parent := make([]int32, len(n.Nodes))
		degree := make([]int, len(n.Nodes))
		for i := range parent {
			parent[i] = int32(i)
		}
		find := func(v int32) int32 {
			for parent[v] != v {
				v = parent[v]
			}
			return v
		}
		for _, p := range n.pieces() {
			degree[p.a]++
			degree[p.b]++
			if x, y := find(p.a), find(p.b); x != y {
				parent[max(x, y)] = min(x, y)
			}
		}
		size, ends := map[int32]int{}, 0
		for v := range n.Nodes {
			size[find(int32(v))]++
			if degree[v] == 1 {
				ends++
			}
			if degree[v] == 0 {
				t.Errorf("%s: node %d is on no road", a.Slug, v)
			}
		}
		if len(size) != 2 {
			t.Errorf("%s: pieces of sizes %v", a.Slug, size)
		}
		for _, s := range size {
			if s < len(n.Nodes)/2 && s > 40 {
				t.Errorf("%s: the island has %d nodes", a.Slug, s)
			}
		}
		if ends < 700 {
			t.Errorf("%s: %d dead ends", a.Slug, ends)
		}
	}
}

// Roads meet in nodes and nowhere else, and only bridges, the ferry and the
// ice road cross water.
func TestPlanar(t *testing.T) {
	for _, a := range Areas {
		n := build(t, a)
		plane := newPlane(n.Input.middle())
		at := make([]xy, len(n.Nodes))
		for i, p := range n.Nodes {
			at[i] = plane.to(p)
		}
		all := n.pieces()
		cells := map[cell][]int{}
		for i, p := range all {
			over(at[p.a], at[p.b], 0, func(c cell) { cells[c] = append(cells[c], i) })
		}
		for i, p := range all {
			over(at[p.a], at[p.b], 0, func(c cell) {
				for _, j := range cells[c] {
					q := all[j]
					if j <= i || p.a == q.a || p.a == q.b || p.b == q.a || p.b == q.b {
						continue
					}
					// A tenth of a metre is what rounding coordinates can do.
					if u, v, ok := meet(at[p.a], at[p.b], at[q.a], at[q.b]); ok && u > 1e-3 && u < 1-1e-3 && v > 1e-3 && v < 1-1e-3 {
						t.Errorf("%s: ways %d and %d cross at %v without a node", a.Slug, p.way, q.way, n.Nodes[p.a])
					}
				}
			})
		}
		for _, w := range n.Input.Waters {
			for k := 1; k < len(w.Line); k++ {
				b, c := plane.to(w.Line[k-1]), plane.to(w.Line[k])
				for _, p := range all {
					attrs := n.Ways[p.way].Attrs
					if attrs.Bridge || attrs.Ice || attrs.Class == "ferry" {
						continue
					}
					if _, _, ok := meet(at[p.a], at[p.b], b, c); ok {
						t.Errorf("%s: %s crosses %s at %v", a.Slug, attrs.Class, w.Name, n.Nodes[p.a])
					}
				}
			}
		}
	}
}

// One-way streets and turn restrictions cut nobody off: from a main road every
// piece of road can be driven to and away from, without turning round but at
// dead ends.
func TestEverythingCanBeDriven(t *testing.T) {
	for _, a := range Areas {
		n := build(t, a)
		all := n.pieces()
		out := make([][]int32, len(n.Nodes)) // states that leave a node: 2*piece + direction
		for i, p := range all {
			out[p.a] = append(out[p.a], int32(2*i))
			if !n.Ways[p.way].Attrs.Oneway {
				out[p.b] = append(out[p.b], int32(2*i+1))
			}
		}
		banned := map[[3]int32]bool{}
		for _, turn := range n.Turns {
			banned[[3]int32{turn.From, turn.Via, turn.To}] = true
		}
		head := func(s int32) int32 {
			if s&1 == 0 {
				return all[s/2].b
			}
			return all[s/2].a
		}
		next := make([][]int32, 2*len(all))
		back := make([][]int32, 2*len(all))
		for v := range out {
			for _, s := range out[v] {
				h := head(s)
				for _, to := range out[h] {
					if to/2 == s/2 && len(out[h]) > 1 || to/2 != s/2 && banned[[3]int32{all[s/2].way, h, all[to/2].way}] {
						continue
					}
					next[s] = append(next[s], to)
					back[to] = append(back[to], s)
				}
			}
		}
		flood := func(arcs [][]int32) []bool {
			seen := make([]bool, len(arcs))
			seen[0] = true
			for stack := []int32{0}; len(stack) > 0; {
				s := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				for _, to := range arcs[s] {
					if !seen[to] {
						seen[to] = true
						stack = append(stack, to)
					}
				}
			}
			return seen
		}
		forth, home := flood(next), flood(back)
		for i, p := range all {
			if n.Ways[p.way].Attrs.Homes == "island" {
				continue
			}
			if !forth[2*i] && !forth[2*i+1] || !home[2*i] && !home[2*i+1] {
				t.Errorf("%s: %s at %v can be entered: %v, left: %v", a.Slug, n.Ways[p.way].Attrs.Class, n.Nodes[p.a], forth[2*i] || forth[2*i+1], home[2*i] || home[2*i+1])
			}
		}
	}
}

// Every home stands beside a road, in the municipality that it says.
func TestHomes(t *testing.T) {
	const beside = 65 // metres
	for _, a := range Areas {
		n := build(t, a)
		plane := newPlane(n.Input.middle())
		cells := map[cell][]piece{}
		for _, p := range n.pieces() {
			if c := n.Ways[p.way].Attrs.Class; c != "track" && c != "ferry" {
				over(plane.to(n.Nodes[p.a]), plane.to(n.Nodes[p.b]), beside, func(c cell) { cells[c] = append(cells[c], p) })
			}
		}
		kinds := map[Kind]int{}
		for _, h := range n.Homes {
			kinds[h.Kind]++
			at, near := plane.to(h.At), math.Inf(1)
			for _, p := range cells[cellOf(at)] {
				_, d := nearest(at, plane.to(n.Nodes[p.a]), plane.to(n.Nodes[p.b]))
				near = math.Min(near, d)
			}
			if near > beside {
				t.Errorf("%s: home at %v is %.0f m from its road", a.Slug, h.At, near)
			}
			if got := n.Input.MunicipalityOf(h.At); got != h.Municipality {
				t.Errorf("%s: home at %v lies in %q, says %q", a.Slug, h.At, got, h.Municipality)
			}
		}
		if kinds[Village] < 1000 || kinds[Single] < 1000 || kinds[Neighbour] == 0 || kinds[ByFerry] == 0 || kinds[Cut] == 0 {
			t.Errorf("%s: homes by kind: %v", a.Slug, kinds)
		}
	}
}

// Rows that are doubtful, not usable or second at a point hold nobody. Where
// no population is published, settlements of a municipality have equal shares.
func TestSettlements(t *testing.T) {
	for _, a := range Areas {
		in, err := ReadInput(os.DirFS(root + a.Slug))
		if err != nil {
			t.Fatal(err)
		}
		points, share := map[Point]string{}, map[string]int{}
		for _, s := range in.Settlements {
			for _, out := range []string{"Nyland", "Sandöverken", "Ås", "Junsele", "Resele"} {
				if s.Name == out {
					t.Errorf("%s: %s is in use", a.Slug, s.Name)
				}
			}
			if other, taken := points[s.At]; taken {
				t.Errorf("%s: %s and %s share a point", a.Slug, s.Name, other)
			}
			points[s.At] = s.Name
			if s.Population <= 0 {
				t.Errorf("%s: %s has no people", a.Slug, s.Name)
			}
			if s.Estimated {
				if old, seen := share[s.Municipality]; seen && old != s.Population {
					t.Errorf("%s: shares of %d and %d in %s", a.Slug, old, s.Population, s.Municipality)
				}
				share[s.Municipality] = s.Population
			}
		}
	}
}

// Main roads are longer than the straight line by what roads in northern
// Sweden are: between two points of the table 1.005 to 1.5 times, 1.1 to 1.3
// in the mean.
func TestDetour(t *testing.T) {
	for _, a := range Areas {
		in, err := ReadInput(os.DirFS(root + a.Slug))
		if err != nil {
			t.Fatal(err)
		}
		m := &maker{in: in, net: newNet(), seed: a.Seed, plane: newPlane(in.middle())}
		road, straight := 0.0, 0.0
		for _, row := range in.Roads {
			if row.Kind != "road" {
				continue
			}
			for j := 1; j < len(row.Via); j++ {
				from, _ := in.point(row.Via[j-1])
				to, _ := in.point(row.Via[j])
				line := m.curve(rand.New(rand.NewPCG(m.seed, stretch(row.Via[j-1], row.Via[j]))), []xy{m.plane.to(from)}, m.plane.to(to), row.Curviness)
				l := 0.0
				for i := 1; i < len(line); i++ {
					l += line[i-1].to(line[i])
				}
				d := m.plane.to(from).to(m.plane.to(to))
				road, straight = road+l, straight+d
				if d > 5000 && (l < 1.005*d || l > 1.5*d) {
					t.Errorf("%s: %s to %s: %.2f times the straight line", a.Slug, row.Via[j-1], row.Via[j], l/d)
				}
			}
		}
		if f := road / straight; f < 1.1 || f > 1.3 {
			t.Errorf("%s: main roads are %.2f times the straight line", a.Slug, f)
		}
	}
}
