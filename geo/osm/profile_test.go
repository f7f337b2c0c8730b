package osm

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestMillis states times that can be reckoned on paper.
func TestMillis(t *testing.T) {
	car := CarProfile()
	winter := car
	winter.SpeedPercent = 80
	bicycle, foot := BicycleProfile(), FootProfile()
	for _, test := range []struct {
		what    string
		profile Profile
		way     Way
		metres  int64
		want    int64
	}{
		// 95 % of 100 km/h is 26.38 m/s, so 1000 m take 37.895 s.
		{"a posted limit", car, Way{Class: Primary, Speed: Limits{100, 50}}, 1000, 37895},
		{"nothing posted: 80 km/h", car, Way{Class: Primary}, 1000, 45000},
		{"the same in snow, 64 km/h", winter, Way{Class: Primary}, 1000, 56250},
		{"gravel: 85 % of 80 km/h", car, Way{Class: Primary, Surface: Gravel}, 1000, 52942},
		{"a farm track under a general limit of 70 is driven at 30", car, Way{Class: Track, Speed: Limits{70, 70}}, 1000, 120000},
		{"a private road takes half as long again", car, Way{Class: Service, Limited: ModeCar}, 1000, 270000},
		{"limited for others", car, Way{Class: Service, Limited: ModeFoot}, 1000, 180000},
		{"an ice road: never above 30", car, Way{Class: Secondary, Flags: FlagIceRoad, Surface: Ice}, 1000, 120000},
		{"a bicycle does not care for limits", bicycle, Way{Class: Residential, Speed: Limits{30, 30}}, 1000, 225000},
		{"on foot", foot, Way{Class: Footway}, 1000, 720000},
		{"no length takes no time", car, Way{Class: Primary}, 0, 0},
		// A ferry of 2 km with 600 s and 300 s for boarding, half of it.
		{"half a ferry", car, Way{Class: Ferry, Flags: FlagFerry, Duration: 600, Millimetres: 2_000_000}, 1000, 450000},
		// Without a duration: 2 km at 15 km/h are 480 s.
		{"half a ferry that states no time", car, Way{Class: Ferry, Flags: FlagFerry, Millimetres: 2_000_000}, 1000, 390000},
		{"snow does not slow a ferry", winter, Way{Class: Ferry, Flags: FlagFerry, Duration: 600, Millimetres: 2_000_000}, 2000, 900000},
	} {
		if got := test.profile.Millis(&test.way, test.metres*1000, true); got != test.want {
			t.Errorf("%s: %d ms, want %d", test.what, got, test.want)
		}
	}
	slow := Way{Class: Primary, Speed: Limits{100, 50}}
	if got := car.Millis(&slow, 1_000_000, false); got != 75790 {
		t.Errorf("backward: %d ms", got)
	}
	crawl := car
	crawl.SpeedPercent = 1
	if got := crawl.MetresPerHour(&Way{Class: LivingStreet}, true); got != 1000 {
		t.Errorf("the slowest speed is %d m/h", got)
	}
}

func TestPassable(t *testing.T) {
	car := CarProfile()
	open := Way{Class: Tertiary, Forward: AllModes, Backward: ModeFoot}
	if !car.Passable(&open, true) || car.Passable(&open, false) {
		t.Error("one way")
	}
	steps := Way{Class: Steps, Forward: AllModes, Backward: AllModes}
	foot := FootProfile()
	if car.Passable(&steps, true) || !foot.Passable(&steps, true) {
		t.Error("stairs, which have no speed for a car")
	}
	if wrong := (Way{Class: 99, Forward: AllModes}); car.Passable(&wrong, true) {
		t.Error("a class that does not exist")
	}
	for _, test := range []struct {
		flags Flags
		set   func(p *Profile, open bool)
	}{
		{FlagFerry, func(p *Profile, open bool) { p.Ferries = open }},
		{FlagIceRoad, func(p *Profile, open bool) { p.IceRoads = open }},
		{FlagIceRoad | FlagWinter, func(p *Profile, open bool) { p.IceRoads = open }},
		{FlagWinter, func(p *Profile, open bool) { p.WinterRoads = open }},
	} {
		w := Way{Class: Road, Forward: AllModes, Backward: AllModes, Flags: test.flags}
		for _, open := range []bool{false, true} {
			p := CarProfile()
			test.set(&p, open)
			if p.Passable(&w, true) != open {
				t.Errorf("flags %b: passable %v, want %v", test.flags, !open, open)
			}
		}
	}
	if seasonal := (Way{Class: Road, Forward: AllModes, Flags: FlagSeasonal}); !car.Passable(&seasonal, true) {
		t.Error("seasonal ways stay open")
	}
}

// TestMillisGrows: a longer piece never takes less time, the parts never less
// than the whole, and rounding up costs less than a millisecond a part.
func TestMillisGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]Profile{CarProfile(), BicycleProfile(), FootProfile()}).Draw(t, "profile")
		p.SpeedPercent = rapid.IntRange(1, 200).Draw(t, "speed")
		length := rapid.Int64Range(1, 400_000_000).Draw(t, "length")
		w := Way{
			Class:       Class(rapid.IntRange(1, int(NumClasses)-1).Draw(t, "class")),
			Surface:     Surface(rapid.IntRange(0, int(NumSurfaces)-1).Draw(t, "surface")),
			Limited:     Modes(rapid.IntRange(0, 7).Draw(t, "limited")),
			Flags:       Flags(rapid.IntRange(0, 511).Draw(t, "flags")),
			Speed:       Limits{rapid.Byte().Draw(t, "forward"), rapid.Byte().Draw(t, "backward")},
			Duration:    rapid.Int32Range(0, maxDuration).Draw(t, "duration"),
			Millimetres: length,
		}
		a := rapid.Int64Range(0, length).Draw(t, "a")
		first, second, whole := p.Millis(&w, a, true), p.Millis(&w, length-a, true), p.Millis(&w, length, true)
		if first < 0 || second < 0 || first > whole || first+second < whole || first+second > whole+1 {
			t.Fatalf("%d + %d against %d ms", first, second, whole)
		}
	})
}

// TestShare against exact fractions.
func TestShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 1<<50).Draw(t, "total")
		whole := rapid.Int64Range(1, 1<<50).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		product := new(big.Int).Mul(big.NewInt(total), big.NewInt(part))
		up := new(big.Int).Add(product, big.NewInt(whole-1))
		if want := up.Div(up, big.NewInt(whole)); Share(total, part, whole) != want.Int64() {
			t.Fatalf("got %d, want %d", Share(total, part, whole), want)
		}
	})
	if Share(7, 0, 0) != 7 {
		t.Error("nothing to share over")
	}
}

func TestMillimetres(t *testing.T) {
	at := func(lat, lon float64) Node {
		return Node{Lat: int32(math.Round(lat * 1e7)), Lon: int32(math.Round(lon * 1e7))}
	}
	for _, test := range []struct {
		what string
		a, b Node
		want int64
	}{
		// Geodesics by Karney's algorithm, to the millimetre.
		{"a road in Kalix", at(65.84, 23.14), at(65.85, 23.15), 1204993},
		{"due north there", at(65.84, 23.14), at(65.85, 23.14), 1115052},
		{"due east there", at(65.84, 23.14), at(65.84, 23.15), 456890},
		{"across the Isle of Man", at(54.15, -4.5), at(54.32, -4.3), 22981207},
		{"a degree of the equator", at(0, 0), at(0, 1), 111319491},
		{"over the 180th meridian", at(0, 179.5), at(0, -179.5), 111319491},
		{"the same point", at(65.84, 24.13), at(65.84, 24.13), 0},
	} {
		if got := Millimetres(test.a, test.b); got != test.want || Millimetres(test.b, test.a) != got {
			t.Errorf("%s: %d mm, want %d", test.what, got, test.want)
		}
	}
	// One unit of a coordinate is 11 mm.
	if got := Millimetres(Node{Lat: 630000000}, Node{Lat: 630000001}); got != 11 {
		t.Errorf("one unit is %d mm", got)
	}
}

func TestProfileJSON(t *testing.T) {
	for _, p := range []Profile{CarProfile(), BicycleProfile(), FootProfile()} {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadProfile(bytes.NewReader(data), "profile.json")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "profile", back, p)
		if again, _ := json.Marshal(back); !bytes.Equal(again, data) {
			t.Error("written differently the second time")
		}
	}
	for _, test := range []struct{ json, says string }{
		{`{"name": "x", "mode": "car", "speed_kmh": {"primary": 80}, "ferries": false, "wings": 2}`, `"wings"`},
		{`{"name": "x", "mode": "plane"}`, `"plane" is none of car, bicycle, foot`},
		{`{"name": "x", "mode": "car", "speed_kmh": {"primrose": 80, "tulip": 3}}`, `speed_kmh: "primrose" is not known`},
		{`{"name": "x", "mode": "car", "surface_percent": {"lava": 80}}`, `surface_percent: "lava"`},
		{`{"name": "", "mode": "car"}`, "name: is empty"},
		{`{"name": "x", "mode": "car"}`, "no class has a speed"},
		{`{"name": "x", "mode": "car", "speed_kmh": {"primary": 1000}}`, "speed.primary: 1000 is not within 0 and 300"},
		{`{"name": "x", "mode": "car", "speed_kmh": {"primary": 80}, "speed_percent": 0}`, "speed_percent: 0"},
		{`{"name": "x", "mode": "car", "speed_kmh": {"primary": 80}, "ferries": true}`, "ferry_speed: 0"},
		{`{"name": "x", `, "unexpected end"},
		{strings.Repeat(" ", 2<<20), "more than"},
	} {
		_, err := ReadProfile(strings.NewReader(test.json), "profile.json")
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "profile.json") {
			t.Errorf("%.60s: %v does not say %q", test.json, err, test.says)
		}
		if !errors.Is(err, ErrProfile) && !strings.Contains(test.says, "unexpected") {
			t.Errorf("%.60s: %v is no ErrProfile", test.json, err)
		}
	}
	minimal, err := ReadProfile(strings.NewReader(`{"name": "x", "mode": "car", "speed_kmh": {"primary": 80}}`), "x")
	if err != nil || minimal.SpeedPercent != 100 || minimal.SurfacePercent[Gravel] != 100 {
		t.Errorf("%v: %+v", err, minimal)
	}
	bad := Profile{Mode: ModeCar | ModeFoot}
	if err := bad.Validate(); err == nil || strings.Count(err.Error(), "\n") < 8 {
		t.Errorf("all that is wrong at once: %v", err)
	}
}
