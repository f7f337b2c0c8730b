package geo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/slinga-se/slinga/geo/osm"
)

func storm() *Condition {
	return &Condition{
		Name:     "storm",
		Speeds:   []SpeedRule{{ID: "snow", Percent: 60}},
		Closures: []Closure{{ID: "landslide", Selection: Selection{Names: []string{"Storgatan"}}}},
		Energy:   &Energy{WhPerKM: 180},
	}
}

// TestPresetsAreInTheFile: what is kept is there when the file is opened, and
// the metric that is made of it is the one that was meant.
func TestPresetsAreInTheFile(t *testing.T) {
	t.Parallel()
	built := smallRegion(t)
	before := built.Info()
	winter := Preset{Name: "winter", Text: "Vinterväglag", Profile: osm.CarProfile(), Condition: storm()}
	winter.Profile.IceRoads = true
	electric := Preset{Name: "el", Profile: osm.CarProfile(), Condition: storm(), Second: EnergyUsed}
	onFoot := Preset{Name: "à pied", Profile: osm.FootProfile(), Shortest: true}
	for _, p := range []Preset{winter, electric, onFoot, winter} {
		if err := built.Keep(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "drawn.region")
	if err := built.Save(path); err != nil {
		t.Fatal(err)
	}
	opened, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close() //nolint:errcheck // only read
	if got, want := opened.Presets(), []Preset{electric, winter, onFoot}; !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, want %+v", got, want)
	}
	after := opened.Info()
	if after.Hash != before.Hash {
		t.Errorf("the hash of the roads is %s, before presets %s", after.Hash, before.Hash)
	}
	if now := built.Info(); now.Bytes != after.Bytes || !reflect.DeepEqual(now.Sections, after.Sections) {
		t.Errorf("sections %v, in the file %v", now.Sections, after.Sections)
	}
	at := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	for _, p := range opened.Presets() {
		got, err := opened.MetricWith(t.Context(), p.Profile, p.Options(at))
		if err != nil {
			t.Fatal(err)
		}
		want, err := built.MetricWith(t.Context(), p.Profile, MetricOptions{Condition: p.Condition, Shortest: p.Shortest, Second: p.Second, At: at})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.weights, want.weights) {
			t.Errorf("%s: other weights", p.Name)
		}
	}
	for _, p := range opened.Presets() {
		if err := opened.Forget(p.Name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(opened.encode(), smallRegion(t).encode()) {
		t.Error("a file whose presets were all removed is not as it was without")
	}
}

func TestPresetsThatCannotBe(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	good := Preset{Name: "storm", Profile: osm.CarProfile(), Condition: storm()}
	for want, change := range map[string]func(*Preset){
		`name ""`:                      func(p *Preset) { p.Name = "" },
		`name " x"`:                    func(p *Preset) { p.Name = " x" },
		`name "a\nb"`:                  func(p *Preset) { p.Name = "a\nb" },
		"1 to 80 characters":           func(p *Preset) { p.Name = strings.Repeat("å", 81) },
		"no quantity 7":                func(p *Preset) { p.Second = 7 },
		"bad profile":                  func(p *Preset) { p.Profile = osm.Profile{} },
		"speeds[0]":                    func(p *Preset) { p.Condition.Speeds[0].Percent = -1 },
		`no road named "Brogatan"`:     func(p *Preset) { p.Condition.Closures[0].Names[0] = "Brogatan" },
		"energy.wh_per_km: is missing": func(p *Preset) { p.Second, p.Condition.Energy = EnergyUsed, nil },
	} {
		p := good
		p.Condition = storm()
		change(&p)
		if err := r.Keep(context.Background(), p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := r.Preset("storm"); !errors.Is(err, ErrPreset) || !strings.Contains(err.Error(), "none") {
		t.Errorf("%v", err)
	}
	if err := r.Keep(context.Background(), good); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Preset("Storm"); !errors.Is(err, ErrPreset) || !strings.Contains(err.Error(), `"storm"`) {
		t.Errorf("%v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(context.Background(), good); !errors.Is(err, ErrClosed) {
		t.Errorf("kept after Close: %v", err)
	}
	if err := r.Forget("storm"); !errors.Is(err, ErrClosed) {
		t.Errorf("forgotten after Close: %v", err)
	}
	if list := r.Presets(); list != nil {
		t.Errorf("%v after Close", list)
	}
}

// TestPresetsOfAHostileFile: the section is changed and all checksums are
// made to fit.
func TestPresetsOfAHostileFile(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	for _, name := range []string{"a", "b"} {
		if err := r.Keep(context.Background(), Preset{Name: name, Profile: osm.CarProfile(), Condition: storm()}); err != nil {
			t.Fatal(err)
		}
	}
	good := r.encode()
	if _, err := Load(bytes.Clone(good)); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	last := good[headerSize+entrySize*(int(le.Uint32(good[12:]))-1):]
	if tagOf(last) != presetTag {
		t.Fatal("the presets are not last")
	}
	section := string(good[le.Uint64(last[8:]):][:le.Uint64(last[16:])])
	for what, text := range map[string]string{
		"no JSON":                strings.Replace(section, "[", "{", 1),
		"twice the same":         strings.Replace(section, `"name":"b"`, `"name":"a"`, 1),
		"another order":          strings.Replace(section, `"name":"a"`, `"name":"c"`, 1),
		"a field not known":      strings.Replace(section, `"name":"a"`, `"naam":"a"`, 1),
		"a speed that cannot be": strings.Replace(section, `"percent":60`, `"percent":-6`, 1),
		"written otherwise":      strings.Replace(section, `"percent":60`, `"percent":6 `, 1),
	} {
		if len(text) > len(section) {
			t.Fatalf("%s: longer than before", what)
		}
		b := bytes.Clone(good)
		copy(b[le.Uint64(last[8:]):], text)
		reseal(b)
		if _, err := Load(b); !errors.Is(err, ErrRegionDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
