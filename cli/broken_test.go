package cli_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
	"github.com/slinga-se/slinga/data/sample"
)

// brokenDay is an input folder with something wrong in it. The message must
// name file, row and column, and say what to do.
type brokenDay struct {
	name   string
	change map[string]string
	want   []string // parts of the message, in any order
}

func rows(header string, lines ...string) string {
	return header + "\n" + strings.Join(lines, "\n") + "\n"
}

const (
	visitsHeader = "id;client;task;duration;window"
	shiftsHeader = "id;carer;start;end;from"
	placesHeader = "id;lat;lon;municipality"
)

func manyVisits(bad int, line string) string {
	var b strings.Builder
	b.WriteString(visitsHeader + "\n")
	for i := 2; i <= 10_001; i++ {
		if i == bad {
			b.WriteString(line + "\n")
			continue
		}
		b.WriteString("v" + strings.Repeat("0", i%3) + string(rune('a'+i%26)) + "-" + itoa(i) + ";k1;morning;30;07:00-09:00\n")
	}
	return b.String()
}

func manyPoints(n int) string {
	var b strings.Builder
	b.WriteString("id,lat,lon\n")
	for i := range n {
		b.WriteString("p" + itoa(i) + ",65.84,23.13\n")
	}
	return b.String()
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

var brokenDays = []brokenDay{
	{"no visits file", map[string]string{"visits.csv": "-"}, []string{"visits.csv"}},
	{"visits file empty", map[string]string{"visits.csv": ""}, []string{"visits.csv", "empty"}},
	{"headers only", map[string]string{"carers.csv": "id;profession;unit\n"}, []string{"carers.csv"}},
	{"a column missing", map[string]string{"visits.csv": rows("id;client;task;window", "v1;k1;morning;07:00-09:00")}, []string{"visits.csv, row 1", "duration"}},
	{"a column misspelt", map[string]string{"visits.csv": rows("id;client;task;durration;window", "v1;k1;morning;30;07:00-09:00")}, []string{"visits.csv, row 1", "durration", "duration"}},
	{"a column twice", map[string]string{"visits.csv": rows("id;client;task;duration;duration;window", "v1;k1;morning;30;30;07:00-09:00")}, []string{"visits.csv, row 1", "duration", "keep one"}},
	{"window ends before it starts", map[string]string{"visits.csv": rows(visitsHeader, "v1;k1;morning;30;09:00-07:00")}, []string{"visits.csv, row 2, column window"}},
	{"unknown client", map[string]string{"visits.csv": rows(visitsHeader, "v1;k9;morning;30;07:00-09:00")}, []string{"visits.csv, row 2, column client"}},
	{"unknown carer", map[string]string{"shifts.csv": rows(shiftsHeader, "s1;m9;07:00;15:30;bas")}, []string{"shifts.csv, row 2, column carer"}},
	{"unknown place", map[string]string{"shifts.csv": rows(shiftsHeader, "s1;m1;07:00;15:30;nowhere")}, []string{"shifts.csv, row 2, column from"}},
	{"an id twice", map[string]string{"visits.csv": rows(visitsHeader, "v1;k1;morning;30;07:00-09:00", "v1;k2;morning;30;07:00-09:00")}, []string{"visits.csv, row 3, column id"}},
	{"a date that does not exist", map[string]string{"day.csv": "key;value\ndate;2026-02-30\n"}, []string{"day.csv, row 2", "2026-02-30"}},
	{"a time that does not exist", map[string]string{
		"day.csv": "key;value\ndate;2026-03-29\n", "visits.csv": rows(visitsHeader, "v1;k1;patrol;30;02:15-02:45"),
	}, []string{"visits.csv, row 2, column window", "02:15 does not exist"}},
	{"a time that occurs twice", map[string]string{
		"day.csv": "key;value\ndate;2026-10-25\n", "visits.csv": rows(visitsHeader, "v1;k1;patrol;30;02:15-05:45"),
	}, []string{"visits.csv, row 2, column window", "02:15"}},
	{"a clock time of 25:61", map[string]string{"shifts.csv": rows(shiftsHeader, "s1;m1;07:00;25:61;bas")}, []string{"shifts.csv, row 2, column end"}},
	{"latitude and longitude swapped", map[string]string{"places.csv": rows(placesHeader, "bas;23,1310;65,8400;2583", "p1;65,84;23,14;2583", "p2;65,84;23,14;2583")}, []string{"places.csv, row 2", "swap"}},
	{"SWEREF 99 TM as degrees", map[string]string{"places.csv": rows(placesHeader, "bas;7310000;850000;2583", "p1;65,84;23,14;2583", "p2;65,84;23,14;2583")}, []string{"places.csv, row 2", "SWEREF 99 TM", "n_sweref99tm"}},
	{"words as a position", map[string]string{"places.csv": rows(placesHeader, "bas;north;east;2583", "p1;65,84;23,14;2583", "p2;65,84;23,14;2583")}, []string{"places.csv, row 2, column lat"}},
	{"duration of none", map[string]string{"visits.csv": rows(visitsHeader, "v1;k1;morning;0;07:00-09:00")}, []string{"visits.csv, row 2, column duration"}},
	{"duration in words", map[string]string{"visits.csv": rows(visitsHeader, "v1;k1;morning;half an hour;07:00-09:00")}, []string{"visits.csv, row 2, column duration"}},
	{"profession unknown", map[string]string{"carers.csv": rows("id;profession", "m1;pilot", "m2;sjuksköterska")}, []string{"carers.csv, row 2, column profession"}},
	{"a name column", map[string]string{"clients.csv": rows("id;place;namn", "k1;p1;x", "k2;p2;y")}, []string{"clients.csv, row 1", "names.csv"}},
	{"a personal number", map[string]string{"clients.csv": rows("id;place", "19121212-1212;p1", "k2;p2")}, []string{"clients.csv, row 2", "personal number"}},
	{"ten thousand rows, one bad", map[string]string{"visits.csv": manyVisits(7777, "v-bad;k1;morning;30;soon")}, []string{"visits.csv, row 7777, column window"}},
	{"a quote that never closes", map[string]string{"visits.csv": rows(visitsHeader, `v1;k1;"morning;30;07:00-09:00`)}, []string{"visits.csv"}},
	{"zero bytes", map[string]string{"visits.csv": rows(visitsHeader, "v1;k1;mor\x00ning;30;07:00-09:00")}, []string{"visits.csv"}},
	{"UTF-16 cut in half", map[string]string{"visits.csv": "\xff\xfei\x00d\x00;"}, []string{"visits.csv"}},
	{"a workbook named csv", map[string]string{"visits.csv": "PK\x03\x04not a table"}, []string{"visits.csv", "xlsx"}},
	{"shifts of one carer overlap", map[string]string{"shifts.csv": rows(shiftsHeader, "s1;m1;07:00;15:30;bas", "s2;m1;12:00;18:00;bas")}, []string{"shifts.csv, row 3"}},
	{"rules with an unknown field", map[string]string{"rules.json": `{"workingHours": 8}`}, []string{"rules.json", "workingHours"}},
	{"rules cut short", map[string]string{"rules.json": `{"break": {`}, []string{"rules.json"}},
}

func TestBrokenDaysThroughTheProgram(t *testing.T) {
	for _, each := range brokenDays {
		t.Run(each.name, func(t *testing.T) {
			dir := room(t, each.change)
			refused(t, dir, each.want, "plan", "--map", filepath.Join(dir, "map.osm"), "--day", filepath.Join(dir, "day"),
				"--iterations", "10", "--out", filepath.Join(dir, "out"))
		})
	}
}

// refused wants exit code 2, every part of the message, nothing on standard
// output, and no file that was not there before.
func refused(t *testing.T, dir string, want []string, args ...string) {
	t.Helper()
	before := listing(t, dir)
	r := slinga(args...)
	if r.code != cli.ExitInput {
		t.Errorf("exit %d, want %d", r.code, cli.ExitInput)
	}
	for _, part := range want {
		if !strings.Contains(r.err, part) {
			t.Errorf("the message does not say %q:\n%s", part, r.err)
		}
	}
	if r.out != "" {
		t.Errorf("something on standard output: %q", r.out)
	}
	if strings.Contains(r.err, "goroutine") {
		t.Errorf("a stack is shown:\n%s", r.err)
	}
	if after := listing(t, dir); after != before {
		t.Errorf("files are left behind:\n%s\nbefore:\n%s", after, before)
	}
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			names = append(names, path+" "+itoa(int(info.Size())*b2i(!info.IsDir())))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(names)
	return strings.Join(names, "\n")
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// brokenMap is a map file with something wrong in it.
type brokenMap struct {
	name string
	file string // name in the folder
	text func(t *testing.T) []byte
	want []string
}

func raw(s string) func(*testing.T) []byte { return func(*testing.T) []byte { return []byte(s) } }

// pbf frames blobs as a PBF file does: length, header, blob.
func pbf(kind string, blob []byte) []byte {
	header := append([]byte{0x0a, byte(len(kind))}, kind...)
	header = append(header, 0x18)
	header = binary.AppendUvarint(header, uint64(len(blob)))
	out := binary.BigEndian.AppendUint32(nil, uint32(len(header)))
	return append(append(out, header...), blob...)
}

// bomb is a block of zeros that says it holds little and unpacks to far more.
func bomb(says uint64, holds int) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, holds))
	_ = z.Close()
	blob := binary.AppendUvarint([]byte{0x10}, says)
	blob = append(blob, 0x1a)
	blob = binary.AppendUvarint(blob, uint64(packed.Len()))
	return append(blob, packed.Bytes()...)
}

func isleOfMan(t *testing.T) []byte {
	t.Helper()
	area, _ := sample.ByName("isle-of-man")
	text, err := area.Map()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// region is a good region file of the small map.
func region(t *testing.T) []byte {
	t.Helper()
	dir := room(t, nil)
	mustRun(t, "map", "build", "--out", filepath.Join(dir, "x.region"), filepath.Join(dir, "map.osm"))
	text, err := os.ReadFile(filepath.Join(dir, "x.region"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var brokenMaps = []brokenMap{
	{"empty file", "m.osm.pbf", raw(""), []string{"m.osm.pbf"}},
	{"not a map", "m.osm.pbf", raw("these are not the roads\n"), []string{"m.osm.pbf"}},
	{"a picture", "m.osm.pbf", raw("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), []string{"m.osm.pbf"}},
	{"truncated PBF", "m.osm.pbf", func(t *testing.T) []byte { b := isleOfMan(t); return b[:len(b)/2] }, []string{"m.osm.pbf", "cut off"}},
	{"truncated in a length", "m.osm.pbf", func(t *testing.T) []byte { return isleOfMan(t)[:2] }, []string{"m.osm.pbf"}},
	{"PBF with a flipped byte", "m.osm.pbf", func(t *testing.T) []byte {
		b := bytes.Clone(isleOfMan(t))
		b[len(b)/2] ^= 0x40
		return b
	}, []string{"m.osm.pbf"}},
	{"a zip bomb as PBF block", "m.osm.pbf", func(*testing.T) []byte { return pbf("OSMHeader", bomb(100, 64<<20)) }, []string{"m.osm.pbf", "block"}},
	{"a block that claims gigabytes", "m.osm.pbf", func(*testing.T) []byte { return pbf("OSMHeader", bomb(1<<31, 1<<10)) }, []string{"m.osm.pbf"}},
	{"a header of gigabytes", "m.osm.pbf", raw("\x7f\xff\xff\xff\x0a\x09OSMHeader"), []string{"m.osm.pbf"}},
	{"XML cut short", "m.osm", raw(smallMap[:len(smallMap)/2]), []string{"m.osm"}},
	{"XML without roads", "m.osm", raw(`<osm version="0.6"><node id="1" lat="65" lon="23"/></osm>`), []string{"m.osm", "road"}},
	{"gzip cut short", "m.osm.gz", func(*testing.T) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(smallMap))
		_ = z.Close()
		return b.Bytes()[:b.Len()/2]
	}, []string{"m.osm.gz"}},
	{"bzip2 that is none", "m.osm.bz2", raw("BZh91AY&SY and then nothing of the kind"), []string{"m.osm.bz2"}},
	{"region cut short", "m.region", func(t *testing.T) []byte { b := region(t); return b[:len(b)-9] }, []string{"m.region", "slinga map build"}},
	{"region damaged", "m.region", func(t *testing.T) []byte {
		b := bytes.Clone(region(t))
		b[len(b)-20] ^= 1
		return b
	}, []string{"m.region", "slinga map build"}},
	{"region of another version", "m.region", func(t *testing.T) []byte {
		b := bytes.Clone(region(t))
		b[8]++
		return b
	}, []string{"m.region", "slinga map build"}},
	{"region that is none", "m.region", raw("a region, honestly"), []string{"m.region", "slinga map build"}},
}

func TestBrokenMapsThroughTheProgram(t *testing.T) {
	for _, each := range brokenMaps {
		t.Run(each.name, func(t *testing.T) {
			dir := room(t, nil)
			path := filepath.Join(dir, each.file)
			write(t, path, each.text(t))
			refused(t, dir, each.want, "plan", "--map", path, "--day", filepath.Join(dir, "day"),
				"--iterations", "10", "--out", filepath.Join(dir, "out"))
			if !strings.HasSuffix(each.file, ".region") {
				refused(t, dir, each.want, "map", "build", "--out", filepath.Join(dir, "out.region"), path)
			}
		})
	}
}

func TestBrokenOtherInput(t *testing.T) {
	dir := room(t, nil)
	maps, day := filepath.Join(dir, "map.osm"), filepath.Join(dir, "day")
	good := filepath.Join(dir, "plan", "roster.json")
	mustRun(t, "plan", "--map", maps, "--day", day, "--iterations", "50", "--out", filepath.Dir(good))
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		write(t, path, []byte(text))
		return path
	}
	// blocked is a folder of the user's with a folder where a file should go.
	blocked := func(name string) string {
		out := filepath.Join(dir, "blocked "+filepath.Base(name))
		put(t, filepath.Join(out, filepath.FromSlash(name), "mine.txt"), "mine")
		put(t, filepath.Join(out, "roster.csv"), "older")
		return out
	}
	for _, each := range []struct {
		name string
		args []string
		want []string
	}{
		{"no command of that name", []string{"plane"}, []string{"plane", "--help"}},
		{"no flag of that name", []string{"plan", "--maps", maps}, []string{"maps", "--help"}},
		{"an argument too many", []string{"demo", "now"}, []string{"now"}},
		{"a bad duration", []string{"plan", "--time", "soon"}, []string{"soon", "time"}},
		{"no limit at all", []string{"plan", "--map", maps, "--day", day, "--time", "0s"}, []string{"--time"}},
		{"no workers", []string{"plan", "--map", maps, "--day", day, "--workers", "0"}, []string{"--workers"}},
		{"no day", []string{"plan", "--map", maps}, []string{"--day"}},
		{"no map", []string{"plan", "--day", day}, []string{"--map"}},
		{"a day that is not there", []string{"plan", "--map", maps, "--day", filepath.Join(dir, "nowhere")}, []string{"nowhere"}},
		{"a map that is not there", []string{"plan", "--map", filepath.Join(dir, "nowhere.osm"), "--day", day}, []string{"nowhere.osm"}},
		{"an area that is not there", []string{"demo", "--area", "atlantis"}, []string{"atlantis", "ostra-norrbotten"}},
		{"a language that is not there", []string{"demo", "--lang", "fi"}, []string{"fi", "sv"}},
		{"plan in no language", []string{"plan", "--map", maps, "--day", day, "--lang", "xx", "--out", filepath.Join(dir, "out")}, []string{"xx", "sv"}},
		{"check in no language", []string{"check", "--map", maps, "--day", day, "--roster", good, "--lang", "xx"}, []string{"xx", "sv"}},
		{"report in no language", []string{"report", "--map", maps, "--day", day, "--roster", good, "--lang", "xx", "--out", filepath.Join(dir, "out.html")}, []string{"xx", "sv"}},
		{"a folder in a document's place", []string{"plan", "--map", maps, "--day", day, "--iterations", "10", "--out", blocked("report.html")}, []string{"report.html", "folder"}},
		{"a folder in a calendar's place", []string{"plan", "--map", maps, "--day", day, "--iterations", "10", "--out", blocked("ics/m1.ics")}, []string{"m1.ics", "folder"}},
		{"tables of somebody else's", []string{"generate", "--area", "andorra", "--out", blocked("visits.csv")}, []string{"roster.csv", "did not write"}},
		{"a day of somebody's own", []string{"generate", "--area", "andorra", "--out", day}, []string{"carers.csv", "did not write"}},
		{"nowhere to generate", []string{"generate"}, []string{"--out"}},
		{"a file as plan's folder, before the map is read", []string{"plan", "--map", "nowhere.osm", "--day", day, "--out", maps}, []string{"cannot make the folder", "map.osm"}},
		{"a file as the demo's folder", []string{"demo", "--out", maps}, []string{"cannot make the folder", "map.osm"}},
		{"a folder as the report", []string{"report", "--map", "nowhere.osm", "--day", day, "--roster", good, "--out", day}, []string{"it is a folder"}},
		{"a map over its own source", []string{"map", "build", "--out", maps, maps}, []string{"--out", "files to read"}},
		{"a map over another file", []string{"map", "build", "--out", good, maps}, []string{"--out", "no region file"}},
		{"a source that is not there", []string{"map", "build", filepath.Join(dir, "nowhere.osm")}, []string{filepath.Join(dir, "nowhere.osm")}},
		{"names that are not there", []string{"report", "--map", maps, "--day", day, "--roster", good, "--names", filepath.Join(dir, "nowhere.csv"), "--out", filepath.Join(dir, "out.html")}, []string{filepath.Join(dir, "nowhere.csv")}},
		{"a flag after the map", []string{"map", "info", maps, "--json"}, []string{"flags come first"}},
		{"a day without its flag", []string{"plan", "--map", maps, day}, []string{"did you mean --day " + day}},
		{"a map without its flag", []string{"plan", maps}, []string{"did you mean --map " + maps}},
		{"a roster without its flag", []string{"check", good}, []string{"did you mean --roster " + good}},
		{"an area without its flag", []string{"demo", "adalen"}, []string{"did you mean --area adalen"}},
		{"a time without a unit", []string{"plan", "--time", "5"}, []string{`--time "5": write a number with a unit, such as 30s or 5m`}},
		{"a seed below nothing", []string{"plan", "--seed", "-1"}, []string{`--seed "-1": write a whole number from 0`}},
		{"workers in words", []string{"demo", "--workers", "two"}, []string{`--workers "two": write a whole number`}},
		{"a snap limit in words", []string{"plan", "--snap-limit", "far"}, []string{`--snap-limit "far": write a number`}},
		{"a switch with a value", []string{"plan", "--json=perhaps"}, []string{`--json "perhaps": leave the value off`}},
		{"the map of another country", []string{"plan", "--map", "andorra", "--day", day}, []string{"0 of 3 places lie on this map", "right map"}},
		{"a roster as the day", []string{"plan", "--map", maps, "--day", good}, []string{"this is a roster, not a day"}},
		{"a day as the roster", []string{"check", "--map", maps, "--day", day, "--roster", filepath.Join(filepath.Dir(good), "day.json")}, []string{"this is a day, not a roster"}},
		{"a file in the folder's place", []string{"report", "--map", maps, "--day", day, "--roster", good, "--out", filepath.Join(maps, "sheets", "out.html")}, []string{"sheets"}},
		{"borders without a map", []string{"plan", "--day", day, "--borders", "b.geojson"}, []string{"--borders", "--map"}},
		{"a snap limit without a map", []string{"check", "--day", day, "--roster", good, "--snap-limit", "100"}, []string{"--snap-limit", "--map"}},
		{"a border property without borders", []string{"report", "--map", maps, "--day", day, "--roster", good, "--borders-id", "code"}, []string{"--borders-id", "--borders"}},
		{"a snap limit below nothing", []string{"plan", "--map", maps, "--day", day, "--snap-limit", "-5"}, []string{"--snap-limit"}},
		{"a snap limit that is no number", []string{"matrix", "--map", maps, "--snap-limit", "NaN"}, []string{"--snap-limit"}},
		{"help on no command", []string{"help", "plane"}, []string{"plane"}},
		{"a date that does not exist", []string{"generate", "--date", "2026-02-30", "--out", filepath.Join(dir, "out")}, []string{"2026-02-30"}},
		{"an empty date", []string{"generate", "--date", "", "--out", filepath.Join(dir, "out")}, []string{"--date"}},
		{"plan on a date that does not exist", []string{"plan", "--map", maps, "--day", day, "--date", "24/11"}, []string{"24/11", "2026-11-24"}},
		{"a date for a day in JSON", []string{"plan", "--map", maps, "--day", filepath.Join(filepath.Dir(good), "day.json"), "--date", "2026-11-25"}, []string{"--date"}},
		{"a date long gone", []string{"generate", "--date", "1889-01-01", "--out", filepath.Join(dir, "out")}, []string{"--date", "1990 to 2100"}},
		{"a scale of nothing", []string{"generate", "--scale", "0", "--out", filepath.Join(dir, "out")}, []string{"--scale 0", "1 to 1000"}},
		{"a scale of minus one", []string{"generate", "--scale", "-1", "--out", filepath.Join(dir, "out")}, []string{"-1"}},
		{"day as JSON, cut", []string{"plan", "--map", maps, "--day", file("cut.json", `{"version": 1, "visits": [`)}, []string{"cut.json"}},
		{"day as JSON, unknown field", []string{"plan", "--map", maps, "--day", file("field.json", `{"version": 1, "vists": []}`)}, []string{"field.json", "vists", "visits"}},
		{"day as JSON, another version", []string{"plan", "--map", maps, "--day", file("version.json", `{"version": 99}`)}, []string{"version.json", "99"}},
		{"VROOM, cut", []string{"plan", "--map", maps, "--day", file("vroom.json", `{"jobs": [{"id": 1}], "vehicles": []}`)}, []string{"vroom.json"}},
		{"UHHC, empty", []string{"plan", "--day", file("uhhc.json", `{"patients": [], "caregivers": []}`)}, []string{"uhhc.json"}},
		{"roster that is not there", []string{"check", "--map", maps, "--day", day, "--roster", filepath.Join(dir, "nowhere.json")}, []string{"nowhere.json"}},
		{"roster that is not JSON", []string{"check", "--map", maps, "--day", day, "--roster", file("roster.json", "routes: none")}, []string{"roster.json"}},
		{"roster of another day", []string{"report", "--map", maps, "--day", day, "--roster", file("other.json", `{"version":1,"run":{"software":"","seed":0,"iterations":0,"options":"","dayHash":"","travelHash":""},"routes":[{"shift":"s9","carer":"m9","stops":[{"kind":"start","place":"p9","depart":0,"leave":0,"drive":0,"metres":0,"handling":0,"arrive":0,"wait":0,"start":0,"end":0}]}],"unserved":[],"figures":{"total":{"shifts":0,"visits":0,"unserved":0,"shiftSeconds":0,"serviceSeconds":0,"driveSeconds":0,"handlingSeconds":0,"waitSeconds":0,"breakSeconds":0,"metres":0},"municipalities":[],"carers":[],"cost":0,"terms":[]}}`), "--out", filepath.Join(dir, "out.html")}, []string{"belongs to another day", "routes[0]"}},
		{"borders that are none", []string{"plan", "--map", maps, "--day", day, "--borders", file("b.geojson", `{"type": "Point"}`)}, []string{"b.geojson"}},
		{"points without a header", []string{"matrix", "--map", maps, "--points", file("p.csv", "a,65.84,23.13\nb,65.84,23.14\n")}, []string{"p.csv, row 1"}},
		{"a point at the moon", []string{"matrix", "--map", maps, "--points", file("q.csv", "id,lat,lon\na,384400,0\n")}, []string{"q.csv, row 2, column lat"}},
		{"points in degrees and metres", []string{"matrix", "--map", maps, "--points", file("s.csv", "id;lat;lon;n\na;65,84;23,13;1\n")}, []string{"s.csv, row 1", "n_sweref99tm"}},
		{"metres as degrees", []string{"matrix", "--map", maps, "--points", file("t.csv", "id;lat;lon\na;7310000;850000\n")}, []string{"t.csv, row 2, column lat", "n_sweref99tm"}},
		{"too many pairs", []string{"matrix", "--map", maps, "--points", file("u.csv", manyPoints(17_000))}, []string{"289000000", "--to"}},
		{"a mode that is not there", []string{"matrix", "--map", maps, "--mode", "boat", "--points", file("r.csv", "id,lat,lon\na,65.84,23.13\n")}, []string{"boat", "bicycle"}},
		{"names without ids", []string{"report", "--map", maps, "--day", day, "--roster", good, "--names", file("names.csv", "namn\nAnna\n"), "--out", filepath.Join(dir, "out.html")}, []string{"names.csv, row 1", "id"}},
		{"a flag after a file", []string{"map", "build", maps, "--out", "x"}, []string{"flags come first"}},
		{"nothing to build", []string{"map", "build"}, []string{"slinga map build"}},
	} {
		t.Run(each.name, func(t *testing.T) { refused(t, dir, each.want, each.args...) })
	}
}
