package export

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // tests tell the time without the machine's zone files

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/slinga-se/slinga/planner/care"
)

// Both languages have every key, nothing is empty, and holes such as {0} are
// the same on both sides.
func TestTextsAreTheSameInBothLanguages(t *testing.T) {
	sv, en := tables()[Swedish], tables()[English]
	hole := regexp.MustCompile(`\{\d+\}`)
	for key, text := range sv {
		if strings.TrimSpace(text) == "" || strings.TrimSpace(en[key]) == "" {
			t.Errorf("%s is empty or missing in one language", key)
		}
		a, b := hole.FindAllString(text, -1), hole.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s has the holes %v in Swedish and %v in English", key, a, b)
		}
	}
	for key := range en {
		if _, ok := sv[key]; !ok {
			t.Errorf("%s is missing in Swedish", key)
		}
	}
}

// constants reads the values of a type's constants out of the source of package
// care, so that one that comes later needs a text as well.
func constants(t *testing.T, kind string) []string {
	t.Helper()
	const dir = "../../planner/care"
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, entry := range entries {
		if path.Ext(entry.Name()) != ".go" || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path.Join(dir, entry.Name()), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != kind {
				return true
			}
			for _, value := range spec.Values {
				literal, ok := value.(*ast.BasicLit)
				if !ok {
					t.Fatalf("%s: a constant of %s is no plain text", entry.Name(), kind)
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, text)
			}
			return true
		})
	}
	return values
}

// Every key that code, templates or the page's script write out is in the
// table, and so is a text for every code of the contract.
func TestTextsAreComplete(t *testing.T) {
	table := tables()[Swedish]
	keys := []string{
		"block.morning", "block.lunch", "block.afternoon", "block.evening", "block.night",
		"kind.service", "kind.drive", "kind.handling", "kind.wait", "kind.break",
	}
	for kind, prefix := range map[string]string{"ReasonCode": "reason.", "FindingKind": "finding."} {
		codes := constants(t, kind)
		if len(codes) < 5 {
			t.Fatalf("found only %v of %s", codes, kind)
		}
		for _, code := range codes {
			keys = append(keys, prefix+code)
		}
	}
	for _, code := range []care.StopKind{care.StopStart, care.StopVisit, care.StopBreak, care.StopEnd} {
		keys = append(keys, "stop."+string(code))
	}
	for _, code := range []care.Mode{care.Car, care.Bicycle, care.Foot} {
		keys = append(keys, "sheet.mode."+string(code))
	}
	for p := care.LifeCritical; p <= care.Comfort; p++ {
		keys = append(keys, fmt.Sprintf("priority.%d", p))
	}
	// The planner's names of its terms; planner is not imported from here.
	for _, name := range []string{"unserved", "travel", "distance", "wait", "outside", "shifts", "new-face", "not-contact", "downgrade", "language", "across-border"} {
		keys = append(keys, "term."+name)
	}
	written := regexp.MustCompile(`(?:\.T|\.Text|say|live|data-t=|data-label=)[ (]?["']([a-z]+(?:\.[a-z.-]+)+)["']`)
	quoted := map[string]bool{}
	literal := regexp.MustCompile(`["']([a-z]+\.[a-z.-]+)["']`)
	read := func(name string, content []byte) {
		for _, match := range literal.FindAllSubmatch(content, -1) {
			quoted[string(match[1])] = true
		}
		for _, match := range written.FindAllSubmatch(content, -1) {
			if key := string(match[1]); !strings.HasSuffix(key, ".") {
				keys = append(keys, key)
			}
		}
		if name == "report.html.tmpl" && !slices.Contains(keys, "gantt.title") {
			t.Fatal("the pattern finds no keys in the template")
		}
	}
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		if strings.HasSuffix(source.Name(), ".go") && !strings.HasSuffix(source.Name(), "_test.go") {
			content, err := os.ReadFile(source.Name())
			if err != nil {
				t.Fatal(err)
			}
			read(source.Name(), content)
		}
	}
	for _, name := range []string{"report.html.tmpl", "report.js", "board.html.tmpl"} {
		read(name, asset(name))
	}
	for _, key := range keys {
		if _, ok := table[key]; !ok {
			t.Errorf("no text for %s", key)
		}
	}
	// And the other way round: a text that nobody shows is a text that nobody
	// keeps true. Tasks are words of the days, and dates are put together.
	for key := range table {
		if !strings.HasPrefix(key, "task.") && !strings.HasPrefix(key, "weekday.") && !strings.HasPrefix(key, "month.") &&
			!slices.Contains(keys, key) && !quoted[key] {
			t.Errorf("nothing shows %s", key)
		}
	}
}

// Leaflet is what its authors published: every file as its checksum says, and
// none besides.
func TestLeafletIsUnchanged(t *testing.T) {
	const folder = "assets/leaflet-1.9.4"
	sums := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(asset("leaflet-1.9.4/SHA256SUMS")))
	for lines.Scan() {
		sum, name, found := strings.Cut(lines.Text(), "  ")
		if !found {
			t.Fatalf("not a line of checksums: %q", lines.Text())
		}
		sums[name] = sum
	}
	for _, must := range []string{"LICENSE", "VERSION", "leaflet.css", "leaflet.js"} {
		if sums[must] == "" {
			t.Errorf("no checksum for %s", must)
		}
	}
	entries, err := fs.ReadDir(assets, folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() == "SHA256SUMS" {
			continue
		}
		content, err := assets.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != sums[entry.Name()] {
			t.Errorf("%s is not the file that was published", entry.Name())
		}
	}
	if version := strings.TrimSpace(string(asset("leaflet-1.9.4/VERSION"))); version != "1.9.4" || !bytes.Contains(asset("leaflet-1.9.4/leaflet.js"), []byte(`version="1.9.4"`)) {
		t.Errorf("version %s and the script do not agree", version)
	}
}

// decodeLine is the reverse of encodeLine, written after the format's
// description and not after the code.
func decodeLine(t *rapid.T, code string) orb.LineString {
	var line orb.LineString
	var sums [2]int64
	k, shift, bits := 0, 0, uint64(0)
	for _, c := range []byte(code) {
		if c < 63 || c > 126 {
			t.Fatalf("the code holds %q", c)
		}
		bits |= uint64((c-63)&31) << shift
		if shift += 5; (c-63)&32 != 0 {
			continue
		}
		step := int64(bits >> 1)
		if bits&1 == 1 {
			step = ^step
		}
		sums[k%2] += step
		if k%2 == 1 {
			line = append(line, orb.Point{float64(sums[1]) / 1e5, float64(sums[0]) / 1e5})
		}
		k, shift, bits = k+1, 0, 0
	}
	return line
}

// A line comes back within half a step of the grid; vertices that fall onto
// the one before are the only ones lost.
func TestLinesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) orb.Point {
			return orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
		})
		line := orb.LineString(rapid.SliceOfN(point, 2, 40).Draw(t, "line"))
		back := decodeLine(t, encodeLine(line))
		k := 0
		for _, p := range line {
			near := func(q orb.Point) bool {
				return max(q.Lon()-p.Lon(), p.Lon()-q.Lon()) < 0.51e-5 && max(q.Lat()-p.Lat(), p.Lat()-q.Lat()) < 0.51e-5
			}
			switch {
			case k < len(back) && near(back[k]):
				k++
			case k > 0 && near(back[k-1]):
			default:
				t.Fatalf("vertex %v is lost", p)
			}
		}
		if k != len(back) {
			t.Fatalf("%d vertices too many", len(back)-k)
		}
	})
}

// The format's own example: (38.5, -120.2), (40.7, -120.95), (43.252, -126.453).
func TestEncodedLineOfTheDescription(t *testing.T) {
	got := encodeLine(orb.LineString{{-120.2, 38.5}, {-120.95, 40.7}, {-126.453, 43.252}})
	if want := "_p~iF~ps|U_ulLnnqC_mqNvxq`@"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func stockholm(t *testing.T, year, month, day int) clock {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	return clock{origin: time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone), zone: zone}
}

// Hours counted from midnight against what the wall shows, on three nights.
func TestClockOnThreeNights(t *testing.T) {
	for _, c := range []struct {
		name             string
		year, month, day int
		seconds          care.Time
		want, offset     string
	}{
		{"an ordinary day", 2026, 1, 14, 7*3600 + 59, "07:00", "+01:00"},
		{"the evening before", 2026, 1, 14, -3600, "23:00", "+01:00"},
		{"the night after", 2026, 1, 14, 25*3600 + 1800, "01:30", "+01:00"},
		{"spring: one hour is not there", 2026, 3, 29, 2 * 3600, "03:00", "+02:00"},
		{"autumn: before the hour that comes twice", 2026, 10, 25, 2*3600 - 60, "01:59", "+02:00"},
		{"autumn: the first time", 2026, 10, 25, 2*3600 + 1800, "02:30A", "+02:00"},
		{"autumn: the second time", 2026, 10, 25, 3*3600 + 1800, "02:30B", "+01:00"},
		{"autumn: after it", 2026, 10, 25, 4 * 3600, "03:00", "+01:00"},
	} {
		clock := stockholm(t, c.year, c.month, c.day)
		if got := clock.hm(c.seconds); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if got := clock.offset(c.seconds); got != c.offset {
			t.Errorf("%s: got %s, want %s", c.name, got, c.offset)
		}
	}
}

func TestBlocksOfTheDay(t *testing.T) {
	c := stockholm(t, 2026, 1, 14)
	var got []string
	for hour := range care.Time(24) {
		if block := c.block(hour * 3600); len(got) == 0 || !strings.HasSuffix(got[len(got)-1], block) {
			got = append(got, fmt.Sprintf("%02d %s", hour, block))
		}
	}
	want := []string{"00 block.night", "06 block.morning", "11 block.lunch", "13 block.afternoon", "17 block.evening", "22 block.night"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNumbersAndLengths(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Swedish.number(1234567.891, 1), "1\u00a0234\u00a0567,9"},
		{English.number(1234567.891, 1), "1\u00a0234\u00a0567.9"},
		{Swedish.number(-999, 0), "-999"},
		{Swedish.number(-1000, 0), "-1\u00a0000"},
		{hours(0), "0:00"},
		{hours(3599), "1:00"},
		{hours(7*3600 + 5*60), "7:05"},
		{fmt.Sprint(minutes(int32(0))), "0"},
		{fmt.Sprint(minutes(int32(61))), "2"},
		{px(12), "12"},
		{px(12.34), "12.3"},
		{inert("=1+1"), "'=1+1"},
		{inert("-V1"), "'-V1"},
		{inert("+02:00"), "+02:00"},
		{inert("V-1"), "V-1"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
