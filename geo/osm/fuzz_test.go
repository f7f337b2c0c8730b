package osm

import (
	"bytes"
	"strings"
	"testing"
)

var fuzzRules = DefaultTags()

// fuzzRead reads whatever it is given. An error is good, a network must be
// sound, and nothing may panic, in our goroutines neither.
func fuzzRead(t *testing.T, data []byte) {
	n, err := ReadFrom(t.Context(), bytes.NewReader(data), "fuzz", Options{Tags: fuzzRules, MaxBytes: 1 << 22, MaxRefs: 1 << 20})
	if err == nil {
		checkNetwork(t, n)
	} else if n != nil {
		t.Fatal("a network and an error")
	}
}

// FuzzFile gives any bytes as a file.
func FuzzFile(f *testing.F) {
	f.Add(writePBF(plainStyle, village()...))
	f.Add(writeXML(village()...))
	f.Add(gzipped(writeXML(village()...)))
	f.Add([]byte("BZh9"))
	f.Fuzz(fuzzRead)
}

// FuzzBlock gives any bytes as the unpacked content of a PBF block, which the
// framing and the checksum would mostly keep from the decoder.
func FuzzBlock(f *testing.F) {
	f.Add(primitiveBlock(plainStyle, village()))
	f.Add(primitiveBlock(pbfStyle{granularity: 100}, village()))
	header := pbfHeader("OsmSchema-V0.6")
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzRead(t, append(bytes.Clone(header), frame("OSMData", pack("raw", data))...))
	})
}

// FuzzXML gives any text within the root element.
func FuzzXML(f *testing.F) {
	all := string(writeXML(village()...))
	f.Add(strings.TrimSuffix(all[strings.Index(all, "<node"):], "</osm>\n"))
	f.Add(`<node id="1" lat="63.1" lon="1e1"/><way id="-3" visible="false"><nd ref="1"/></way>`)
	f.Fuzz(func(t *testing.T, body string) {
		fuzzRead(t, []byte("<osm>"+body+"</osm>"))
	})
}

// FuzzSpeed parses any text as a speed limit.
func FuzzSpeed(f *testing.F) {
	for _, s := range []string{"50", "30 mph", "SE:urban", "60|50|50", "none", "DE:zone:30", "20 knots"} {
		f.Add(s)
	}
	rules := DefaultTags()
	f.Fuzz(func(t *testing.T, s string) {
		if kmh, ok := rules.ParseSpeed(s); kmh < 0 || kmh > 250 || !ok && kmh != 0 {
			t.Fatalf("%q: %d %v", s, kmh, ok)
		}
	})
}

// FuzzDuration parses any text as a duration.
func FuzzDuration(f *testing.F) {
	for _, s := range []string{"35", "00:35", "PT1H20M", "1 h 20 min", "P1DT2H", "1:20:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if seconds, ok := ParseDuration(s); ok != (seconds > 0) || seconds > maxDuration {
			t.Fatalf("%q: %d %v", s, seconds, ok)
		}
	})
}

// FuzzTags understands any tags, of ways, barriers and restrictions.
func FuzzTags(f *testing.F) {
	f.Add("highway=residential\noneway=-1\nmaxspeed=30 mph\naccess=private;no")
	f.Add("route=ferry\nduration=PT5M\nfoot=yes\nopening_hours=24/7")
	f.Add("barrier=gate;bollard\nlocked=yes\nmaxwidth=6'7\"")
	f.Add("type=restriction\nrestriction:conditional=no_u_turn @ (22:00-06:00)\nexcept=bicycle")
	rules := DefaultTags()
	f.Fuzz(func(t *testing.T, s string) {
		tags := parseTags(s)
		u, ok := rules.Way(tags)
		w := &u.Way
		if ok && (w.Forward|w.Backward == 0 || w.Limited&^(w.Forward|w.Backward) != 0 || w.Class == ClassNone) {
			t.Fatalf("%+v", u)
		}
		if closed, _ := rules.Barrier(tags); closed&^AllModes != 0 {
			t.Fatal(closed)
		}
		for _, r := range rulesOf(tags) {
			if r.modes == 0 {
				t.Fatal("a rule that binds nobody")
			}
		}
	})
}

// FuzzProfile reads any text as a profile.
func FuzzProfile(f *testing.F) {
	f.Add([]byte(`{"name": "x", "mode": "car", "speed_kmh": {"primary": 80}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadProfile(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		w := Way{Class: Primary, Millimetres: 1000}
		if p.Millis(&w, 1000, true) <= 0 {
			t.Fatalf("%+v", p)
		}
	})
}
