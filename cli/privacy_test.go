package cli_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/slinga-se/slinga/cli"
)

// planted are made-up persons: a name, an address and a personal number each.
// The numbers have months that do not exist.
type planted struct{ name, address, number, code, key string }

func plant(n int) []planted {
	first := []string{"Agda", "Börje", "Cilla", "Dag", "Elvira", "Folke", "Gull-Britt", "Håkan", "Inga", "Järvi"}
	last := []string{"Nattlöv", "Ormbunke", "Plommonträd", "Qvistgren", "Rönnskär", "Snöklocka", "Tallört"}
	people := make([]planted, n)
	for i := range people {
		people[i] = planted{
			name:    fmt.Sprintf("%s %s%d", first[i%len(first)], last[i/len(first)%len(last)], i),
			address: fmt.Sprintf("Lingonstigen %dB", 1000+i),
			number:  fmt.Sprintf("1931%02d%02d-%04d", 13+i%80, 1+i%28, i),
			code:    fmt.Sprintf("port%05d", i),
			key:     fmt.Sprintf("nyckel%05d", i),
		}
	}
	return people
}

// secrets lists everything that must not be shown.
func secrets(people []planted) []string {
	var all []string
	for _, p := range people {
		all = append(all, p.name, p.address, p.number, p.code, p.key)
	}
	return all
}

// traces matches a part of every planted secret, so that a text without any is
// found clean in one pass.
var traces = regexp.MustCompile(`Nattlöv|Ormbunke|Plommonträd|Qvistgren|Rönnskär|Snöklocka|Tallört|Lingonstigen|port[0-9]{5}|nyckel[0-9]{5}|1931[0-9]{4}-`)

// shows returns a secret that a text holds, or "".
func shows(text []byte, all []string) string {
	if !traces.Match(text) {
		return ""
	}
	for _, s := range all {
		if bytes.Contains(text, []byte(s)) {
			return s
		}
	}
	return ""
}

// Every secret leaves a trace that shows would look closer at.
func TestPlantedPersonsLeaveTraces(t *testing.T) {
	for _, s := range secrets(plant(500)) {
		if shows([]byte("x"+s+"y"), []string{s}) != s {
			t.Fatalf("%q is not found", s)
		}
	}
}

// everything reads all files of a folder, workbooks unpacked.
func everything(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files[path] = text
		if strings.HasSuffix(path, ".xlsx") {
			z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
			if err != nil {
				return err
			}
			for _, part := range z.File {
				r, err := part.Open()
				if err != nil {
					return err
				}
				if files[path+"/"+part.Name], err = io.ReadAll(r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// idsOf reads the first column of a table.
func idsOf(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if id, _, _ := strings.Cut(strings.TrimSpace(line), ";"); i > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestPersonsAreShownOnTheNamedSheetOnly plants 500 persons in names.csv, each
// of them a client or a carer of a whole day, and goes through every command.
// They are in the sheets printed with --names and in nothing else.
func TestPersonsAreShownOnTheNamedSheetOnly(t *testing.T) {
	people := plant(500)
	all := secrets(people)
	dir := t.TempDir()
	day, region := filepath.Join(dir, "day"), filepath.Join(dir, "roads.region")
	mustRun(t, "generate", "--area", "ostra-norrbotten", "--scale", "100", "--out", day)
	mustRun(t, "map", "build", "--out", region, filepath.Join(day, "map", "map.osm.gz"))
	clients, carers := idsOf(t, filepath.Join(day, "clients.csv")), idsOf(t, filepath.Join(day, "carers.csv"))
	if len(carers) > 100 {
		carers = carers[:100]
	}
	if len(clients)+len(carers) < len(people) || len(carers) == 0 {
		t.Fatalf("%d clients and %d carers cannot be %d persons", len(clients), len(carers), len(people))
	}
	var names strings.Builder
	names.WriteString("kind;id;name;address;door_code;key_number\n")
	for i := range people {
		p := &people[i]
		kind, id := "client", ""
		if i < len(carers) {
			// Addresses, codes and keys are a client's.
			kind, id = "carer", carers[i]
			fmt.Fprintf(&names, "%s;%s;%s;;;\n", kind, id, p.name)
			continue
		}
		id = clients[i-len(carers)]
		fmt.Fprintf(&names, "%s;%s;%s;%s;%s;%s\n", kind, id, p.name, p.address, p.code, p.key)
	}
	// The file lies where a user may well put it: beside the tables.
	namesFile := filepath.Join(day, "names.csv")
	put(t, namesFile, names.String())
	out, roster := filepath.Join(dir, "plan"), filepath.Join(dir, "plan", "roster.json")
	maps := []string{"--map", region, "--day", day}
	run := func(args ...string) {
		t.Helper()
		r := slinga(args...)
		if r.code == cli.ExitInternal {
			t.Errorf("slinga %s: internal error: %s", args[0], r.err)
		}
		if s := shows([]byte(r.out+r.err), all); s != "" {
			t.Errorf("slinga %s prints the planted %q", args[0], s)
		}
	}
	run(append([]string{"plan", "--iterations", "2000", "--out", out}, maps...)...)
	run(append([]string{"plan", "--iterations", "2000", "--json"}, maps...)...)
	run(append([]string{"check", "--roster", roster}, maps...)...)
	run(append([]string{"check", "--roster", roster, "--json"}, maps...)...)
	run(append([]string{"report", "--roster", roster, "--out", filepath.Join(out, "again.html")}, maps...)...)
	for path, text := range everything(t, out) {
		if s := shows(text, all); s != "" {
			t.Errorf("%s shows the planted %q", path, s)
		}
	}
	sheet := filepath.Join(dir, "named", "sheets.html")
	run(append([]string{"report", "--roster", roster, "--names", namesFile, "--out", sheet}, maps...)...)
	text, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	// Everybody whom the day's rounds touch is on the sheets, with the rest of
	// what stands at the door.
	has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
	shown, atDoors := 0, 0
	for i, p := range people {
		if has(p.name) {
			shown++
		}
		if i >= len(carers) && has(p.name) && has(p.address) && has(p.code) && has(p.key) {
			atDoors++
		}
	}
	if shown < 400 || atDoors < 350 {
		t.Errorf("the sheets printed with --names show %d of %d persons, %d of them with address, code and key", shown, len(people), atDoors)
	}

	// Names in the wrong place, and files that are broken: the message says
	// where, and does not repeat what it found.
	p := people[7]
	for name, change := range map[string]map[string]string{
		"a name as client id":       {"visits.csv": rows(visitsHeader, "v1;"+p.name+";morning;30;07:00-09:00")},
		"a number as client id":     {"clients.csv": rows("id;place", p.number+";p1")},
		"an address as place":       {"clients.csv": rows("id;place", "k1;"+p.address, "k2;p2")},
		"a name as profession":      {"carers.csv": rows("id;profession", "m1;"+p.name, "m2;sjuksköterska")},
		"a name as time":            {"visits.csv": rows(visitsHeader, "v1;k1;morning;30;"+p.name)},
		"a name as duration":        {"visits.csv": rows(visitsHeader, "v1;k1;morning;"+p.name+";07:00-09:00")},
		"a name as latitude":        {"places.csv": rows(placesHeader, "bas;"+p.name+";23,1;2583")},
		"a name as header":          {"visits.csv": rows("id;client;task;duration;window;"+p.name, "v1;k1;morning;30;07:00-09:00;x")},
		"a column of names":         {"clients.csv": rows("id;place;name", "k1;p1;"+p.name, "k2;p2;"+p.address)},
		"a name as carer of shifts": {"shifts.csv": rows(shiftsHeader, "s1;"+p.name+";07:00;15:30;bas")},
		"a name in the rules":       {"rules.json": `{"` + p.name + `": 1}`},
		"a name as date":            {"day.csv": "key;value\ndate;" + p.name + "\n"},
	} {
		room := room(t, change)
		r := slinga("plan", "--map", filepath.Join(room, "map.osm"), "--day", filepath.Join(room, "day"), "--iterations", "10")
		if want := cli.ExitInput; r.code != want && name != "a name as header" { // an unknown column is a warning
			t.Errorf("%s: exit %d, want %d", name, r.code, want)
		}
		if s := shows([]byte(r.out+r.err), all); s != "" {
			t.Errorf("%s: the message repeats %q:\n%s", name, s, r.err)
		}
	}
	for name, text := range map[string]string{
		"names without a header": p.name + ";" + p.address + "\n",
		"names cut in a quote":   "kind;id;name\nclient;" + clients[0] + ";\"" + p.name + "\n",
		"a client twice":         "kind;id;name\nclient;" + clients[0] + ";" + p.name + "\nclient;" + clients[0] + ";" + people[8].name + "\n",
		"names too short":        "kind;id;name\nclient\n" + p.name + "\n",
	} {
		broken := filepath.Join(t.TempDir(), "names.csv")
		put(t, broken, text)
		r := slinga(append([]string{"report", "--roster", roster, "--names", broken, "--out", filepath.Join(dir, "x.html")}, maps...)...)
		if s := shows([]byte(r.out+r.err), all); s != "" {
			t.Errorf("%s: the message repeats %q:\n%s", name, s, r.err)
		}
	}
}
