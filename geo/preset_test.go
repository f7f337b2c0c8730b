package geo

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
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
		opened.Forget(p.Name)
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
		"for cars only":                func(p *Preset) { p.Second, p.Profile = EnergyUsed, osm.FootProfile() },
		`text "v?gen"`:                 func(p *Preset) { p.Text = "v\xe4gen" },
		"without control characters":   func(p *Preset) { p.Text = "\x1b[2J" },
		"is not UTF-8":                 func(p *Preset) { p.Condition.Text = "v\xe4gen" },
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
}

// TestWhatIsKeptIsACopy: later changes of a condition, whatever they are, do
// not get into the file.
func TestWhatIsKeptIsACopy(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	p := Preset{Name: "storm", Profile: osm.CarProfile(), Condition: storm()}
	if err := r.Keep(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	before := r.encode()
	p.Condition.Closures[0].ID = ""
	if !bytes.Equal(r.encode(), before) {
		t.Error("a change of the caller's condition changed the file")
	}
}

// TestPresetsWhileRoadsAreRead: Keep waits for no loop, and no loop for it.
func TestPresetsWhileRoadsAreRead(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	for w := range r.Ways() {
		done := make(chan error)
		go func() { done <- r.Keep(t.Context(), Preset{Name: "a", Profile: osm.CarProfile()}) }()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if _, ok := r.Way(w.ID); !ok {
			t.Fatal("no such way")
		}
		break
	}
}

// TestPresetsOutliveTheFile: of a file that Open refuses, of another version
// or damaged elsewhere, presets can still be read.
func TestPresetsOutliveTheFile(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	if err := r.Keep(t.Context(), Preset{Name: "storm", Profile: osm.CarProfile(), Condition: storm()}); err != nil {
		t.Fatal(err)
	}
	good := r.encode()
	for what, c := range map[string]struct {
		change func([]byte)
		count  int
	}{
		"another version":     {func(b []byte) { b[8] = 99 }, 1},
		"damaged elsewhere":   {func(b []byte) { b[binary.LittleEndian.Uint64(b[headerSize+entrySize+8:])] ^= 1 }, 1},
		"the presets damaged": {func(b []byte) { b[len(b)-20] ^= 1 }, -1},
		"no region":           {func(b []byte) { b[0] = 'X' }, -1},
	} {
		path := filepath.Join(t.TempDir(), "x.region")
		b := bytes.Clone(good)
		c.change(b)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil {
			t.Errorf("%s: opened", what)
		}
		if list, err := ReadPresets(path); c.count < 0 != (err != nil) || err == nil && len(list) != c.count {
			t.Errorf("%s: %v, %v", what, list, err)
		}
	}
}

func TestSaveKeepsPermissions(t *testing.T) {
	t.Parallel()
	r := smallRegion(t)
	path := filepath.Join(t.TempDir(), "x.region")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	stands, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stands.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		t.Errorf("a private file has become %v", stands.Mode())
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

// TestPresetsTakeNoMoreThanTheirSize: a few bytes of JSON that would become
// hundreds are refused before they do.
func TestPresetsTakeNoMoreThanTheirSize(t *testing.T) {
	t.Parallel()
	const n = 200_000
	for what, text := range map[string]string{
		"nulls":             "[" + strings.Repeat("null,", n) + "null]",
		"empty objects":     "[" + strings.Repeat("{},", n) + "{}]",
		"numbers":           "[" + strings.Repeat("0,", n) + "0]",
		"empty closures":    `[{"name":"a","condition":{"closures":[` + strings.Repeat("{},", n) + "{}]}}]",
		"nulls as closures": `[{"name":"a","condition":{"closures":[` + strings.Repeat("null,", n) + "null]}}]",
		"deep":              strings.Repeat("[", n),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := decodePresets([]byte(text)); !errors.Is(err, ErrRegionDamaged) {
			t.Errorf("%s: %v", what, err)
		}
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 64<<20 {
			t.Errorf("%s: %d MB for %d kB", what, (after.TotalAlloc-before.TotalAlloc)>>20, len(text)>>10)
		}
	}
	for _, text := range []string{
		`[{"a":[{"b":"x\"]","ways":[1,-2],"c":true}],"geometry":{"coordinates":[[[1.5,2],[3,4e2]]]}}]`,
		`[{"when":["Mo","Tu"],"n":7}]`,
	} {
		if !modest([]byte(text)) {
			t.Errorf("%s is refused", text)
		}
	}
}
