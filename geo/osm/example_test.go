package osm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slinga-se/slinga/geo/osm"
)

// A map of one road with a farm track, as a mapper would write it.
const farm = `<osm version="0.6">
 <node id="1" lat="63.1500" lon="17.7000"/>
 <node id="2" lat="63.1600" lon="17.7000"/>
 <node id="3" lat="63.1600" lon="17.7100"/>
 <way id="10"><nd ref="1"/><nd ref="2"/>
  <tag k="highway" v="tertiary"/><tag k="maxspeed" v="80"/><tag k="name" v="Byvägen"/></way>
 <way id="11"><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="track"/><tag k="surface" v="gravel"/><tag k="access" v="private"/></way>
</osm>`

func Example() {
	net, err := osm.ReadFrom(context.Background(), strings.NewReader(farm), "farm.osm", osm.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	car := osm.CarProfile()
	for i := range net.Ways {
		way := &net.Ways[i]
		fmt.Printf("way %d, %s %q: %d m, %d s by car\n", way.ID, way.Class, net.Texts[way.Name],
			way.Millimetres/1000, car.Millis(way, way.Millimetres, true)/1000)
	}
	// Output:
	// way 10, tertiary "Byvägen": 1114 m, 52 s by car
	// way 11, track "": 503 m, 160 s by car
}

// A broken file is an error that says where and what to do.
func ExampleReadFrom() {
	cut := strings.NewReader(farm[:300])
	_, err := osm.ReadFrom(context.Background(), cut, "farm.osm", osm.Options{})
	fmt.Println(err)
	fmt.Println(errors.Is(err, osm.ErrTruncated))
	// Output:
	// osm: farm.osm: at byte 300: file is cut off: line 7: the file ends within an element; fetch it again
	// true
}

// A profile is data: a copy is changed, here for an ice road in a cold winter.
func ExampleProfile() {
	winter := osm.CarProfile()
	winter.Name, winter.SpeedPercent, winter.IceRoads = "winter car", 80, true
	if err := winter.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	ice := osm.Way{Class: osm.Unclassified, Surface: osm.Ice, Flags: osm.FlagIceRoad, Forward: osm.ModeCar}
	summer := osm.CarProfile()
	fmt.Println("in summer:", summer.Passable(&ice, true))
	fmt.Println("in winter:", winter.Passable(&ice, true), winter.Millis(&ice, 1_000_000, true), "ms per km")
	// Output:
	// in summer: false
	// in winter: true 120000 ms per km
}

func ExampleParseDuration() {
	for _, text := range []string{"35", "00:35", "PT35M", "soon"} {
		seconds, ok := osm.ParseDuration(text)
		fmt.Println(text, seconds, ok)
	}
	// Output:
	// 35 2100 true
	// 00:35 2100 true
	// PT35M 2100 true
	// soon 0 false
}

func ExampleTagRules_ParseSpeed() {
	rules := osm.DefaultTags()
	for _, text := range []string{"70", "30 mph", "SE:urban", "none", "fast"} {
		kmh, ok := rules.ParseSpeed(text)
		fmt.Println(text, kmh, ok)
	}
	// Output:
	// 70 70 true
	// 30 mph 48 true
	// SE:urban 50 true
	// none 0 true
	// fast 0 false
}
