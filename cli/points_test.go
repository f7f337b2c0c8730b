package cli

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/slinga-se/slinga/data/table"
)

func TestParsePoints(t *testing.T) {
	want := points{ids: []string{"a", "b"}, at: []orb.Point{{23.13, 65.84}, {-4.5, 54.25}}}
	for name, text := range map[string]string{
		"commas":              "id,lat,lon\na,65.84,23.13\nb,54.25,-4.5\n",
		"other order, spaces": "lon , ID, Lat,remark\n23.13,a,65.84,x\n-4.5,b,54.25\n",
		"Swedish":             "\ufeffid;latitud;longitud\r\na;65,84;23,13\r\nb;54,25;-4,5\r\n",
		"tabs":                "punkt\tlat\tlon\na\t65.84\t23.13\n\nb\t54,25\t-4,5\n",
		"quoted":              "id,lat,lon\na,\"65,84\",\"23,13\"\n\"b\",54.25,-4.5\n",
	} {
		got, err := parsePoints(strings.NewReader(text), "p.csv")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(points{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	// ISO-8859-1: "öst" has a byte that is not UTF-8.
	n, e := table.ToSWEREF99TM(65.84, 23.13)
	text := "plats;nord;\xf6st\n\xe5;" + decimals(n) + ";" + decimals(e) + "\n"
	got, err := parsePoints(strings.NewReader(text), "p.csv")
	if err != nil || len(got.ids) != 1 || got.ids[0] != "å" || math.Abs(got.at[0][0]-23.13) > 1e-7 || math.Abs(got.at[0][1]-65.84) > 1e-7 {
		t.Errorf("SWEREF 99 TM: %v, %v", got, err)
	}
}

func decimals(v float64) string { return swedish.number(v, 3) }

func TestParsePointsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "is empty",
		"id,lat,lon\n":                           "holds no points",
		"id,lat\na,1\n":                          `row 1: no column "lon"`,
		"lat,lon\n1,2\n":                         `no column "id"`,
		"id,n\na,1\n":                            `no column "e_sweref99tm"`,
		"id,lat,lat,lon\na,1,1,2\n":              "stands twice",
		"id,lat,lon\n,1,2\n":                     "row 2, column id: is empty",
		"id,lat,lon\na,1,2\n\na,1,2\n":           "row 4, column id: stands in row 2 too",
		"id,lat,lon\na,91,2\n":                   "row 2, column lat",
		"id,lat,lon\na,NaN,2\n":                  "row 2, column lat",
		"id,lat,lon\na,1\n":                      "row 2, column lon",
		"id,lat,lon\na,1,\"2\n":                  "p.csv",
		"id;n;e\na;65,84;23,13\n":                "row 2, column n_sweref99tm",
		"id;n;e\na;7310000;23\n":                 "row 2, column e_sweref99tm",
		"id;lat;lon\na;7310000;850000\n":         "stand under n_sweref99tm",
		"id\n" + strings.Repeat("a\n", 2):        `no column "lat"`,
		"id,lat,lon\n" + strings.Repeat("\n", 9): "holds no points",
	} {
		_, err := parsePoints(strings.NewReader(text), "p.csv")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	_, err := parsePoints(strings.NewReader("id,lat,lon\n"+strings.Repeat("x,99,0\n", 1000)), "p.csv")
	if lines := strings.Count(err.Error(), "\n"); lines != mostListed || !strings.HasSuffix(err.Error(), "more") {
		t.Errorf("%d lines: %v", lines, err)
	}
	_, err = parsePoints(endless{}, "p.csv")
	if err == nil || !strings.Contains(err.Error(), "more than 64 MB") {
		t.Errorf("an endless file: %v", err)
	}
}

// endless is a file without end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func FuzzReadPoints(f *testing.F) {
	f.Add([]byte("id,lat,lon\na,65.84,23.13\nb,54.25,-4.5\n"))
	f.Add([]byte("\ufeffplats;nord;\xf6st\na;7310000,5;850000\n"))
	f.Add([]byte("id\tlat\tlon\na\t65,84\t\"23,13\"\n"))
	f.Add([]byte("id;lat;lon\n;;\na;b"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parsePoints(strings.NewReader(string(text)), "p.csv")
		if err != nil {
			if len(p.ids) > 0 || !strings.HasPrefix(err.Error(), "p.csv") {
				t.Fatalf("%d points with the error %v", len(p.ids), err)
			}
			return
		}
		seen := make(map[string]bool)
		if len(p.ids) == 0 || len(p.ids) != len(p.at) {
			t.Fatalf("%d ids, %d points", len(p.ids), len(p.at))
		}
		for i, id := range p.ids {
			if id == "" || seen[id] {
				t.Fatalf("id %q is empty or stands twice", id)
			}
			seen[id] = true
			if at := p.at[i]; !(at[1] >= -90 && at[1] <= 90 && at[0] >= -180 && at[0] <= 180) {
				t.Fatalf("point %v", at)
			}
		}
	})
}
