package cli

import (
	"testing"

	"github.com/paulmach/orb"
)

func TestParsePlace(t *testing.T) {
	want := orb.Point{23.13, 65.84}
	for _, text := range []string{"65.84,23.13", "65.84, 23.13", " 65.84 23.13 ", "65,84 23,13", "65,84;23,13", "65,84; 23,13", "65.84\t23.13", "+65.84,2.313e1"} {
		if got, ok := parsePlace(text); !ok || got != want {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", ",", "65.84", "65,84,23,13", "1 2 3", "91,0", "0,181", "NaN,0", "0,Inf", "x,y", "65.84,"} {
		if got, ok := parsePlace(text); ok {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
}

// FuzzParsePlace reads any text as a place, which then lies on Earth.
func FuzzParsePlace(f *testing.F) {
	for _, text := range []string{"65.84,23.13", "65,84 23,13", "-4.5;54,2", "0x1p3,1_0", ",,"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := parsePlace(text)
		if ok && !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
			t.Fatalf("%q is taken as %v", text, p)
		}
	})
}
