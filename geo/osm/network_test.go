package osm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// drawing turns a map of letters into nodes. Each letter is a node; its id is
// its number in the alphabet, one column is 0.0002 degrees of longitude and
// one row 0.0001 of latitude, north up.
//
//	a---b---c
//	    |
//	    d
func drawing(lines string) []thing {
	var nodes []thing
	rows := strings.Split(strings.Trim(lines, "\n"), "\n")
	for y, row := range rows {
		for x, c := range row {
			if c >= 'a' && c <= 'z' {
				nodes = append(nodes, node(int64(c-'a'+1), int32(180000000+x*2000), int32(630000000-y*1000)))
			}
		}
	}
	slices.SortFunc(nodes, func(a, b thing) int { return cmpInt(a.id, b.id) })
	return nodes
}

// street is a way along letters.
func street(id int64, letters string, tags ...string) thing {
	t := thing{kind: kindWay, id: id}
	for _, c := range letters {
		t.refs = append(t.refs, int64(c-'a'+1))
	}
	t.tags = parseTags(strings.Join(tags, "\n"))
	if len(tags) == 0 {
		t.tags = Tags{{"highway", "unclassified"}}
	}
	return t
}

// turn is a restriction with members such as "from=10 via=b to=11": numbers
// are ways, letters are nodes.
func turn(id int64, members string, tags ...string) thing {
	t := thing{kind: kindRelation, id: id, tags: parseTags("type=restriction\n" + strings.Join(tags, "\n"))}
	for _, m := range strings.Fields(members) {
		role, ref, _ := strings.Cut(m, "=")
		if ref[0] >= 'a' && ref[0] <= 'z' {
			t.members = append(t.members, member{kindNode, int64(ref[0]-'a') + 1, role})
			continue
		}
		var way int64
		_, _ = fmt.Sscan(ref, &way)
		t.members = append(t.members, member{kindWay, way, role})
	}
	return t
}

// letters writes the nodes of each way back as letters: "10 abc".
func letters(n *Network) []string {
	var out []string
	for i := range n.Ways {
		line := fmt.Sprintf("%d ", n.Ways[i].ID)
		for _, r := range n.NodesOf(&n.Ways[i]) {
			line += string(rune('a' + n.Nodes[r].ID - 1))
		}
		out = append(out, line)
	}
	return out
}

// turns writes restrictions as "20: 10 b 11 no car+bicycle".
func turns(n *Network) []string {
	var out []string
	for _, r := range n.Restrictions {
		via := ""
		if r.ViaNode >= 0 {
			via = string(rune('a' + n.Nodes[r.ViaNode].ID - 1))
		}
		for _, w := range r.ViaWays {
			via = strings.TrimSpace(fmt.Sprintf("%s %d", via, n.Ways[w].ID))
		}
		kind := "no"
		if r.Only {
			kind = "only"
		}
		line := fmt.Sprintf("%d: %d %s %d %s %s", r.ID, n.Ways[r.From].ID, via, n.Ways[r.To].ID, kind, r.Modes)
		if r.Condition != 0 {
			line += " if " + n.Texts[r.Condition]
		}
		out = append(out, line)
	}
	return out
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const crossing = `
a---b---c---g
    |   |
    d---e---f
`

func TestRestrictions(t *testing.T) {
	base := append(drawing(crossing),
		street(10, "ab"), street(11, "bc"), street(12, "bd"), street(13, "de"), street(14, "ce"),
		street(15, "ef"), street(16, "cg"), street(17, "gc", "building=yes"))
	for _, test := range []struct {
		name string
		turn thing
		want []string
		left string
	}{
		{"no right turn at b", turn(20, "from=10 via=b to=12", "restriction=no_right_turn"), []string{"20: 10 b 12 no car+bicycle"}, ""},
		{"two kinds in one", turn(20, "from=10 via=b to=12", "restriction=no_right_turn;no_u_turn"), []string{"20: 10 b 12 no car+bicycle"}, ""},
		{"two kinds that contradict", turn(20, "from=10 via=b to=12", "restriction=no_right_turn;only_u_turn"), nil, "unknown kind"},
		{"straight on only", turn(20, "from=10 via=b to=11", "restriction=only_straight_on"), []string{"20: 10 b 11 only car+bicycle"}, ""},
		{"back where one came from", turn(20, "from=10 via=b to=10", "restriction=no_u_turn"), []string{"20: 10 b 10 no car+bicycle"}, ""},
		{"not for bicycles", turn(20, "from=10 via=b to=12", "restriction=no_right_turn", "except=bicycle;psv"), []string{"20: 10 b 12 no car"}, ""},
		{"for nobody of ours", turn(20, "from=10 via=b to=12", "restriction=no_right_turn", "except=motorcar;bicycle"), nil, ""},
		{"only for cars", turn(20, "from=10 via=b to=12", "restriction:motorcar=no_right_turn"), []string{"20: 10 b 12 no car"}, ""},
		{"only for lorries", turn(20, "from=10 via=b to=12", "restriction:hgv=no_right_turn"), nil, ""},
		{
			"one for cars and another for the rest", turn(20, "from=10 via=b to=12", "restriction=no_right_turn", "restriction:motorcar=only_right_turn"),
			[]string{"20: 10 b 12 only car", "20: 10 b 12 no bicycle"},
			"",
		},
		{
			"at times: kept with its condition", turn(20, "from=10 via=b to=12", "restriction:conditional=no_right_turn @ (Mo-Fr 07:00-09:00)"),
			[]string{"20: 10 b 12 no car+bicycle if restriction:conditional=no_right_turn @ (Mo-Fr 07:00-09:00)"},
			"",
		},
		{
			"at times, in the old form", turn(20, "from=10 via=b to=12", "restriction=no_right_turn", "hour_on=07:00", "hour_off=09:00"),
			[]string{"20: 10 b 12 no car+bicycle if hour_off=09:00\nhour_on=07:00"},
			"",
		},
		{"over a way", turn(20, "from=10 via=12 to=13", "restriction=no_left_turn"), []string{"20: 10 12 13 no car+bicycle"}, ""},
		{"over two ways", turn(20, "from=10 via=12 via=13 to=15", "restriction=no_straight_on"), []string{"20: 10 12 13 15 no car+bicycle"}, ""},
		{"over two ways in the wrong order", turn(20, "from=10 via=13 via=12 to=15", "restriction=no_straight_on"), []string{"20: 10 12 13 15 no car+bicycle"}, ""},
		{"over a way that does not join", turn(20, "from=10 via=15 to=13", "restriction=no_left_turn"), nil, "do not join"},
		{"over a way that is a house", turn(20, "from=10 via=17 to=13", "restriction=no_left_turn"), nil, "via way"},
		{"no entry from two ways", turn(20, "from=11 from=16 via=c to=14", "restriction=no_entry"), []string{"20: 11 c 14 no car+bicycle", "20: 16 c 14 no car+bicycle"}, ""},
		{"no entry from two ways, one of which lies elsewhere since the road was split", turn(20, "from=13 from=16 via=c to=14", "restriction=no_entry"), []string{"20: 16 c 14 no car+bicycle"}, "does not meet"},
		{"no exit to two ways", turn(20, "from=14 via=c to=11 to=16", "restriction=no_exit"), []string{"20: 14 c 11 no car+bicycle", "20: 14 c 16 no car+bicycle"}, ""},
		{"no entry from a hundred ways", turn(20, strings.Repeat("from=11 ", 99)+"via=c to=14", "restriction=no_entry"), nil, "more members"},
		{"two from where one is meant", turn(20, "from=11 from=16 via=c to=14", "restriction=no_left_turn"), nil, "several from"},
		{"two to where one is meant", turn(20, "from=14 via=c to=11 to=16", "restriction=only_left_turn"), nil, "several to"},
		{"two via nodes", turn(20, "from=10 via=b via=d to=13", "restriction=no_left_turn"), nil, "several via"},
		{"no via", turn(20, "from=10 to=12", "restriction=no_left_turn"), nil, "missing"},
		{"a from that is not there", turn(20, "from=99 via=b to=12", "restriction=no_left_turn"), nil, "does not meet"},
		{"a via that is not on from", turn(20, "from=10 via=e to=13", "restriction=no_left_turn"), nil, "does not meet"},
		{"a via that is on no road", turn(20, "from=10 via=z to=13", "restriction=no_left_turn"), nil, "on no road"},
		{"a kind that nobody knows", turn(20, "from=10 via=b to=12", "restriction=no_parking"), nil, "unknown kind no_parking"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := readThings(t, append(slices.Clone(base), test.turn)...)
			checkNetwork(t, n)
			equal(t, "restrictions", turns(n), test.want)
			if left := strings.Join(n.Skipped.Examples, "\n"); !strings.Contains(left, test.left) || (test.left == "") != (n.Skipped.Restrictions == 0) {
				t.Errorf("left out %d: %s", n.Skipped.Restrictions, left)
			}
		})
	}
	old := turn(20, "from=10 via=b to=12", "restriction=no_right_turn")
	old.tags[0].Value = "restriction:motorcar"
	equal(t, "vehicle in the type", turns(readThings(t, append(slices.Clone(base), old)...)), []string{"20: 10 b 12 no car"})
}

// TestMissingNodes cuts a way where its nodes are not in the file. A
// restriction finds the piece that meets its via.
func TestMissingNodes(t *testing.T) {
	things := drawing(`
a---b   d---e---f
            |
            g
`) // c is missing
	things = append(things, street(10, "abcdef", "highway=primary"), street(11, "eg"),
		street(12, "ca"), turn(20, "from=10 via=e to=11", "restriction=no_right_turn"))
	n := readThings(t, things...)
	checkNetwork(t, n)
	equal(t, "ways", letters(n), []string{"10 ab", "10 def", "11 eg"})
	if n.Skipped.MissingNodes != 2 || n.Skipped.Ways != 1 {
		t.Errorf("skipped %+v", n.Skipped)
	}
	first, last := n.WaysOf(10)
	if first != 0 || last != 2 || n.Restrictions[0].From != 1 {
		t.Errorf("pieces %d to %d, restriction %+v", first, last, n.Restrictions[0])
	}
	if first, last := n.WaysOf(99); first != last {
		t.Errorf("way 99 has pieces %d to %d", first, last)
	}
}

// TestOddWays has ways that are written badly.
func TestOddWays(t *testing.T) {
	n := readThings(t, append(drawing("a-b-c"),
		street(10, "aabbbc"), // nodes twice in a row
		street(11, "a"),      // leads nowhere
		street(12, "aa"),     // still nowhere
		street(13, ""),       // not even there
		street(14, "abca"),   // a ring
	)...)
	checkNetwork(t, n)
	equal(t, "ways", letters(n), []string{"10 abc", "14 abca"})
	if n.Skipped.Ways != 3 {
		t.Errorf("%d ways skipped", n.Skipped.Ways)
	}
}

// TestNowhere has a node that is not on earth, and one without a position:
// both are missing.
func TestNowhere(t *testing.T) {
	file := `<osm><node id="1" lat="63" lon="18"/><node id="2" lat="63.1" lon="18"/>
	<node id="3" lat="95" lon="18"/><node id="4"/>
	<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="road"/></way></osm>`
	n, err := ReadFrom(t.Context(), strings.NewReader(file), "x", Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "ways", letters(n), []string{"9 ab"})
	if n.Skipped.MissingNodes != 2 || n.Skipped.BadValues != 2 {
		t.Errorf("skipped %+v", n.Skipped)
	}
}

// TestBarriers puts barriers on roads.
func TestBarriers(t *testing.T) {
	nodes := drawing("a-b-c-d")
	nodes[1].tags = Tags{{"barrier", "bollard"}}
	nodes[2].tags = Tags{{"barrier", "gate"}, {"access", "private"}}
	n := readThings(t, append(nodes, street(10, "abcd"))...)
	var closed []string
	for _, node := range n.Nodes {
		closed = append(closed, node.Closed.String())
	}
	equal(t, "closed", closed, []string{"none", "car", "none", "none"})
}

// TestFerryRelation has a ferry line that is tagged on the relation only, and
// a quay building that is a member by mistake.
func TestFerryRelation(t *testing.T) {
	things := append(drawing("a-b----c----------------d-e"),
		street(10, "ab"), street(11, "bc", "note=first leg"), street(12, "cd", "name=Own name"),
		street(13, "de"), street(14, "abd", "building=ferry_terminal"),
		thing{
			kind: kindRelation, id: 30,
			tags: parseTags("type=route\nroute=ferry\nduration=00:10\nmotor_vehicle=yes\nname=Färjan"),
			members: []member{
				{kindWay, 11, ""}, {kindWay, 12, "forward"}, {kindWay, 14, ""}, {kindNode, 2, "stop"}, {kindWay, 13, "platform"},
			},
		})
	n := readThings(t, things...)
	checkNetwork(t, n)
	equal(t, "ways", letters(n), []string{"10 ab", "11 bc", "12 cd", "13 de"})
	leg1, leg2 := &n.Ways[1], &n.Ways[2]
	if leg1.Class != Ferry || leg2.Class != Ferry || n.Ways[3].Class != Unclassified {
		t.Fatalf("%+v %+v", leg1, leg2)
	}
	if n.Texts[leg1.Name] != "Färjan" || n.Texts[leg2.Name] != "Own name" {
		t.Errorf("names %q and %q", n.Texts[leg1.Name], n.Texts[leg2.Name])
	}
	// The line is 22 columns long, of which the legs have 5 and 17: of 600 s
	// the first gets 136.4 and the second 463.6, rounded up.
	if leg1.Duration != 137 || leg2.Duration != 464 {
		t.Errorf("%d s and %d s", leg1.Duration, leg2.Duration)
	}
	// A leg that states its own time keeps it, and the relation's is not used.
	things[6].tags = parseTags("duration=00:20")
	n = readThings(t, things...)
	if n.Ways[1].Duration != 1200 || n.Ways[2].Duration != 0 {
		t.Errorf("%d s and %d s", n.Ways[1].Duration, n.Ways[2].Duration)
	}
}

// TestPositionsOnWays reads a file whose ways carry the positions of their
// nodes. Nodes without tags are left out of it; one that is there, and has
// moved since, counts more than what the way says.
func TestPositionsOnWays(t *testing.T) {
	nodes := drawing("a-b-c-d-e")
	style := plainStyle
	style.places = map[int64][2]int32{}
	for _, n := range nodes[:4] { // e is nowhere
		style.places[n.id] = [2]int32{n.lon, n.lat}
	}
	gate := nodes[1]
	gate.tags = Tags{{"barrier", "bollard"}}
	gate.lon += 7
	for _, things := range [][]thing{
		{gate, street(10, "abcde"), street(11, "ca")},
		{street(10, "abcde"), street(11, "ca"), gate},
	} {
		n, err := ReadFrom(t.Context(), bytes.NewReader(writePBF(style, things...)), "x", Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkNetwork(t, n)
		equal(t, "ways", letters(n), []string{"10 abcd", "11 ca"})
		equal(t, "nodes", n.Nodes, []Node{
			{1, nodes[0].lon, nodes[0].lat, 0},
			{2, gate.lon, gate.lat, ModeCar},
			{3, nodes[2].lon, nodes[2].lat, 0},
			{4, nodes[3].lon, nodes[3].lat, 0},
		})
	}
	style.places = map[int64][2]int32{}
	short := writePBF(style, street(10, "ab"))
	if _, err := ReadFrom(t.Context(), bytes.NewReader(short), "x", Options{}); !errors.Is(err, ErrNoRoads) {
		t.Errorf("positions of nothing: %v", err)
	}
}

// TestSpool reads from what cannot go back. The copy is gone afterwards, be
// the file good or bad.
func TestSpool(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	want := readThings(t, village()...)
	got, err := ReadFrom(t.Context(), io.MultiReader(bytes.NewReader(writeXML(village()...))), "pipe", Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "network", got, want)
	if _, err := ReadFrom(t.Context(), io.MultiReader(strings.NewReader("nothing")), "pipe", Options{}); !errors.Is(err, ErrFormat) {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestAnyNumberOfThreads gives the same bytes on one processor and on many.
func TestAnyNumberOfThreads(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	var first *Network
	for _, threads := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(threads)
		n, err := Read(t.Context(), Options{}, filepath.Join("testdata", "fiji-ferry.osm.pbf"))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = n
		}
		equal(t, fmt.Sprint(threads, " threads"), n, first)
	}
}

// TestBound keeps whole ways that touch the bound, also those that only cross
// it.
func TestBound(t *testing.T) {
	things := append(drawing(`
a---b---c---d---e
        f
`), street(10, "ab"), street(11, "bd"), street(12, "de"), street(13, "cf"))
	at := func(i int) orb.Point { return orb.Point{float64(things[i].lon) / 1e7, float64(things[i].lat) / 1e7} }
	bound := orb.MultiPoint{at(2), {at(2)[0] + 1e-5, at(2)[1] + 1e-5}}.Bound()
	n, err := ReadFrom(t.Context(), bytes.NewReader(writeXML(things...)), "x", Options{Bound: &bound})
	if err != nil {
		t.Fatal(err)
	}
	checkNetwork(t, n)
	equal(t, "ways", letters(n), []string{"11 bd", "13 cf"})
}

// TestVersions merges files in which objects are there more than once.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	read := func(files ...[]thing) []string {
		t.Helper()
		var out []string
		for _, form := range []string{"xml", "pbf"} {
			var paths []string
			for i, things := range files {
				data := writeXML(things...)
				if form == "pbf" {
					data = writePBF(pbfStyle{how: "zlib", perBlock: 3, dense: true, granularity: 100}, things...)
				}
				path := filepath.Join(dir, fmt.Sprintf("%d.%s", i, form))
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, path)
			}
			n, err := Read(t.Context(), Options{}, paths...)
			if err != nil {
				t.Fatal(err)
			}
			checkNetwork(t, n)
			got := append(letters(n), turns(n)...)
			got = append(got, fmt.Sprint(n.Nodes[0].Lon))
			if out != nil {
				equal(t, "PBF and XML", got, out)
			}
			out = got
		}
		return out
	}
	version := func(v int, t thing) thing { t.version = v; return t }
	deleted := func(v int, t thing) thing { t.version, t.deleted, t.tags, t.refs = v, true, nil, nil; return t }
	nodes := drawing("a-b-c-d")
	first := append(slices.Clone(nodes), street(10, "ab"), street(11, "bc"), turn(20, "from=10 via=b to=11", "restriction=no_u_turn"))

	equal(t, "two neighbours", read(first, append(slices.Clone(nodes), street(12, "cd"))),
		[]string{"10 ab", "11 bc", "12 cd", "20: 10 b 11 no car+bicycle", "180000000"})
	equal(t, "no versions: the last file counts", read(first, append(slices.Clone(nodes), street(10, "abd"))),
		[]string{"10 abd", "11 bc", "20: 10 b 11 no car+bicycle", "180000000"})
	equal(t, "the higher version counts, whatever the order",
		read([]thing{version(3, street(10, "abd"))}, append(slices.Clone(nodes), version(2, street(10, "ab")))),
		[]string{"10 abd", "180000000"})
	equal(t, "a way that is no road any more",
		read([]thing{version(3, street(10, "ab", "railway=abandoned"))}, append(slices.Clone(nodes), version(2, street(10, "ab")), street(11, "bc"))),
		[]string{"11 bc", fmt.Sprint(180000000 + 2*2000)})
	equal(t, "a deleted way",
		read(append(slices.Clone(nodes), version(2, street(10, "ab")), street(11, "bc")), []thing{deleted(3, street(10, ""))}),
		[]string{"11 bc", fmt.Sprint(180000000 + 2*2000)})
	equal(t, "a deleted node cuts the way",
		read(append(slices.Clone(nodes), street(10, "abcd")), []thing{deleted(2, nodes[0])}),
		[]string{"10 bcd", fmt.Sprint(180000000 + 2*2000)})
	moved := version(5, nodes[0])
	moved.lon += 7
	equal(t, "a node that has moved",
		read([]thing{moved}, append(slices.Clone(nodes), street(10, "ab"))),
		[]string{"10 ab", fmt.Sprint(180000000 + 7)})
	equal(t, "a restriction that has been lifted",
		read(first, []thing{version(2, turn(20, "from=10 via=b to=11", "note=lifted"))}),
		[]string{"10 ab", "11 bc", "180000000"})
	equal(t, "twice in one file, of which the later counts",
		read(append(slices.Clone(nodes), street(10, "ab"), street(10, "abc"))),
		[]string{"10 abc", "180000000"})
}

// TestModesAndNames goes through the names and back.
func TestModesAndNames(t *testing.T) {
	for c := Motorway; c < NumClasses; c++ {
		if back, ok := ParseClass(c.String()); !ok || back != c {
			t.Errorf("class %d: %q", c, c)
		}
	}
	for s := SurfaceUnknown; s < NumSurfaces; s++ {
		if back, ok := ParseSurface(s.String()); !ok || back != s {
			t.Errorf("surface %d: %q", s, s)
		}
	}
	for _, m := range []Modes{ModeCar, ModeBicycle, ModeFoot} {
		if back, ok := ParseMode(m.String()); !ok || back != m {
			t.Errorf("mode %d: %q", m, m)
		}
	}
	_, class := ParseClass("none")
	_, surface := ParseSurface("")
	_, mode := ParseMode("car+foot")
	if class || surface || mode {
		t.Error("something was parsed that is not there")
	}
	if AllModes.String() != "car+bicycle+foot" || Modes(0).String() != "none" || Class(200).String() != "Class(200)" || Surface(9).String() != "Surface(9)" {
		t.Error("names")
	}
}
