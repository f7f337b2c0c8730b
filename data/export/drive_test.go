package export_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/slinga-se/slinga/data/export"
)

// drive is two legs: along a road and over a ferry, then a walk of no length.
func drive() *export.Drive {
	return &export.Drive{
		Mode: "car", Attribution: "© nobody, modelled",
		Stops: []export.DriveStop{
			{Point: orb.Point{23.1301, 65.8401}, Road: orb.Point{23.1301, 65.84}, Moved: 11.149},
			{Point: orb.Point{23.15, 65.84}, Road: orb.Point{23.15, 65.84}},
			{Point: orb.Point{23.15, 65.84}, Road: orb.Point{23.15, 65.84}},
		},
		Legs: []export.DriveLeg{
			{
				Leg:    export.Leg{Line: orb.LineString{{23.1301, 65.84}, {23.14, 65.84}, {23.15, 65.84}}, Seconds: []int32{0, 30, 330}},
				Metres: 907,
				Roads: []export.DriveRoad{
					{Way: 10, Name: "Byvägen", Ref: "E4", Class: "tertiary", Begins: 0, Seconds: 30, Metres: 451},
					{Way: 11, Class: "ferry", Begins: 1, Seconds: 300, Metres: 456},
				},
			},
			{Leg: export.Leg{Line: orb.LineString{{23.15, 65.84}, {23.15, 65.84}}, Seconds: []int32{0, 0}}},
		},
	}
}

func TestDriveGeoJSON(t *testing.T) {
	var out bytes.Buffer
	if err := drive().GeoJSON(&out); err != nil {
		t.Fatal(err)
	}
	all, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Features) != 5 || all.ExtraMembers["attribution"] != "© nobody, modelled" {
		t.Fatalf("%s", out.String())
	}
	leg := all.Features[0]
	if line, ok := leg.Geometry.(orb.LineString); !ok || len(line) != 3 || line[1] != (orb.Point{23.14, 65.84}) {
		t.Errorf("line %v", leg.Geometry)
	}
	p := leg.Properties
	text, _ := json.Marshal([]any{p["kind"], p["leg"], p["mode"], p["seconds"], p["metres"], p["at"], p["ways"]})
	if want := `["leg",1,"car",330,907,[0,30,330],[10,11]]`; string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	roads, _ := json.Marshal(p["roads"])
	if !strings.Contains(string(roads), `"name":"Byvägen"`) || !strings.Contains(string(roads), `"class":"ferry"`) {
		t.Errorf("roads %s", roads)
	}
	stop := all.Features[2]
	if stop.Properties["kind"] != "stop" || stop.Properties["moved"] != 11.1 || stop.Geometry.(orb.Point) != (orb.Point{23.1301, 65.84}) {
		t.Errorf("stop %v %v", stop.Geometry, stop.Properties)
	}
}

func TestDriveGPX(t *testing.T) {
	var out bytes.Buffer
	if err := drive().GPX(&out); err != nil {
		t.Fatal(err)
	}
	var file struct {
		XMLName xml.Name
		Version string `xml:"version,attr"`
		Time    string `xml:"metadata>time"`
		Wpt     []struct {
			Lat float64 `xml:"lat,attr"`
			Lon float64 `xml:"lon,attr"`
		} `xml:"wpt"`
		Trk []struct {
			Desc string `xml:"desc"`
			Seg  []struct {
				Pt []struct {
					Lat  float64 `xml:"lat,attr"`
					Lon  float64 `xml:"lon,attr"`
					Time string  `xml:"time"`
				} `xml:"trkpt"`
			} `xml:"trkseg"`
		} `xml:"trk"`
	}
	if err := xml.Unmarshal(out.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if file.XMLName.Local != "gpx" || file.Version != "1.1" || len(file.Wpt) != 3 || len(file.Trk) != 1 || file.Time != "" {
		t.Fatalf("%s", out.String())
	}
	track := file.Trk[0]
	if track.Desc != "330 s, 907 m" || len(track.Seg) != 2 || len(track.Seg[0].Pt) != 3 || track.Seg[0].Pt[0].Lon != 23.1301 || track.Seg[0].Pt[0].Time != "" {
		t.Errorf("%+v", track)
	}
}

func TestDriveJSON(t *testing.T) {
	var out bytes.Buffer
	if err := drive().JSON(&out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Seconds, Metres int64
		Legs            []struct {
			From, To int
			Seconds  int32
			Ways     []int64
		}
		Stops []struct{ Lat, Lon, Moved float64 }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Seconds != 330 || got.Metres != 907 || len(got.Stops) != 3 || got.Stops[0].Moved != 11.1 || len(got.Legs) != 2 ||
		got.Legs[1].From != 2 || got.Legs[1].To != 3 || len(got.Legs[0].Ways) != 2 || got.Legs[1].Ways == nil {
		t.Errorf("%s", out.String())
	}
}

// A full disk is told, whatever the form.
func TestDriveOnAFullDisk(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{"geojson": drive().GeoJSON, "gpx": drive().GPX, "json": drive().JSON} {
		if err := write(full{}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// A drive comes from traces of a road map; here it is written by hand.
func ExampleDrive_GeoJSON() {
	d := export.Drive{Mode: "foot", Legs: []export.DriveLeg{{
		Leg:    export.Leg{Line: orb.LineString{{23.13, 65.84}, {23.131, 65.84}}, Seconds: []int32{0, 34}},
		Metres: 46,
		Roads:  []export.DriveRoad{{Way: 10, Name: "Byvägen", Class: "residential", Seconds: 34, Metres: 46}},
	}}}
	if err := d.GeoJSON(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"features":[{"type":"Feature","geometry":{"type":"LineString","coordinates":[[23.13,65.84],[23.131,65.84]]},"properties":{"at":[0,34],"kind":"leg","leg":1,"metres":46,"mode":"foot","roads":[{"way":10,"name":"Byvägen","class":"residential","begins":0,"seconds":34,"metres":46}],"seconds":34,"ways":[10]}}],"type":"FeatureCollection"}
}
