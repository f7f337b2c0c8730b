package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planted are things that an office may put into the wrong column.
var planted = []string{
	"Testina Planteryd", "Planteryd", "PLANTERYD", "Storgatan 17 B", "19121212-1212", "121212-1212", "1212121212", "191212121212", "0701740605", "070-174 06 05", "testina@planteryd.example",
}

// No message repeats what may be about a person, whatever column it stands in.
func TestNothingPersonalIsRepeated(t *testing.T) {
	files := map[string]string{
		"day.csv":            "key;value\ndate;2026-11-24\nseason;winter\ntimezone;Europe/Stockholm\nspeed_percent;90\nice_roads;yes\nmembers;2583\n",
		"municipalities.csv": "id;name\n2583;Haparanda\n",
		"places.csv":         "id;lat;lon;municipality;leave;arrive\nbas;65,8413;23,1347;2583;1;1\np1;65,9;23,2;2583;;\np2;66,01;23,4;2583;;\n",
		"bases.csv":          "id;place;municipality\nb1;bas;2583\n",
		"clients.csv":        "id;place;municipality;fixed_contact;blocked;languages\nk1;p1;2583;m1;m2;finska\nk2;p2;2583;;;\n",
		"carers.csv":         "id;profession;municipality;unit;skills;languages\nm1;usk;2583;u1;a;b\nm2;ssk;2583;u1;a;b\n",
		"delegations.csv":    "carer;task;unit;clients;from;to\nm1;insulin;u1;k1;2026-01-01;2026-12-31\n",
		"vehicles.csv":       "id;base;mode\nbil1;b1;bil\n",
		"shifts.csv":         "id;carer;start;end;base;from;to;mode;vehicle;breaks\ns1;m1;07:00;15:30;b1;bas;bas;bil;bil1;11:00-12:00/30\ns2;m2;07:00;15:30;b1;;;;;\n",
		"visits.csv":         "id;client;place;task;duration;window;preferred;professions;delegation;skills;carers;priority;optional\nv1;k1;p1;x;30;07:00-09:00;07:00-08:00;ssk;insulin;a;1;2;nej\nv2;k2;;x;15;07:30-08:30;;;;;;;\n",
		"links.csv":          "first;second;min;max;carer;together\nv1;v2;0;90;same;yes\n",
		"pins.csv":           "visit;shift;start\nv1;s2;07:30\n",
		"agreements.csv":     "home;serving;professions\n2583;2518;ssk\n",
		"history.csv":        "date;client;carer\n2026-11-20;k1;m1\n",
		"neighbours.csv":     "carer;start;end\nm1;2026-11-22 07:00;2026-11-22 15:00\n",
	}
	files["municipalities.csv"] += "2518;Övertorneå\n"
	if _, _, err := ReadFS(folder(files), Options{}); err != nil {
		t.Fatal("the folder without anything planted:", err)
	}
	for name, text := range files {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for r := range lines {
			for c := range strings.Split(lines[r], ";") {
				for _, secret := range planted {
					changed := append([]string{}, lines...)
					cells := strings.Split(lines[r], ";")
					cells[c] = secret
					changed[r] = strings.Join(cells, ";")
					_, warnings, err := ReadFS(folder(merge(files, name, strings.Join(changed, "\n"))), Options{})
					said := fmt.Sprint(err, warnings)
					if strings.Contains(said, secret) {
						t.Errorf("%s row %d column %d: %s", name, r+1, c+1, said)
					}
				}
			}
		}
	}
}

func merge(files map[string]string, name, text string) map[string]string {
	out := map[string]string{name: text}
	for n, s := range files {
		if n != name {
			out[n] = s
		}
	}
	return out
}

func TestReadNames(t *testing.T) {
	write := func(text string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "names.csv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	names, err := ReadNames(write("id;namn;adress;portkod;nyckelnummer;typ\nk1;Testina Planteryd;Storgatan 17 B;1740;N12;brukare\nm1;Test Testsson;;;;medarbetare\nx1;Någon;;;;\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := Name{Name: "Testina Planteryd", Address: "Storgatan 17 B", DoorCode: "1740", KeyNumber: "N12"}
	if names.Clients["k1"] != want || names.Carers["m1"].Name != "Test Testsson" || len(names.Clients) != 2 || len(names.Carers) != 2 {
		t.Error("names are not what the file says")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		if said := fmt.Sprintf(verb, names) + fmt.Sprintf(verb, names.Clients["k1"]) + fmt.Sprintf(verb, names.Clients); strings.Contains(said, "Test") || strings.Contains(said, "Storgatan") || strings.Contains(said, "1740") {
			t.Errorf("%s prints names", verb)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"id;namn\nk1;Testina Planteryd\nk1;Testina Planteryd\n", "names.csv, row 3, column id: has a row already: keep one row for each id"},
		{"id;namn\nk1;Testina Planteryd 19121212-1212\n", "names.csv, row 2, column namn: looks like a personal number: remove it: a day sheet does not need it"},
		{"id;namnn\nk1;Testina Planteryd\n", "names.csv, row 1, column namnn: is not a known header: did you mean namn?"},
		{"Testina Planteryd;k1\n", "names.csv, row 1: has no known header: the first row must be headers such as id, name, address, door_code; see docs/input.md"},
		{"id;namn\nTestina Planteryd;k1\n", "names.csv, row 2, column id: is not an id: use one word of letters, digits and . _ : / # + - without spaces; never a person's name"},
		{"id;namn\nk1;\"Testina\n", "names.csv, row 2: a quotation mark is opened and not closed properly: close it, or write a quotation mark inside a cell as \"\""},
		{"", "names.csv: is empty: write a row of headers and a row for each item, or remove the file"},
	} {
		_, err := ReadNames(write(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if _, err := ReadNames(filepath.Join(t.TempDir(), "names.csv")); err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestPersonalNumber(t *testing.T) {
	for _, s := range []string{"19121212-1212", "121212-1212", "121212+1212", "191212121212", "1212121212", "701063-2391", "ring 121212-1212 nu", "19121272-1219"} {
		if !personalNumber(s) {
			t.Error("not seen:", s)
		}
	}
	for _, s := range []string{"2026-11-24", "7319000", "65,8413121212", "1234567890", "121399-1212", "070-174 06 05", "k1212121212x", "0.1212121212", "20261124", "07:00-09:00|11:00-12:00", "1212121213"} {
		if personalNumber(s) {
			t.Error("seen:", s)
		}
	}
}
