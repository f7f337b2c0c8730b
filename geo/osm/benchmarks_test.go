package osm

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkRead imports the small real maps. Bytes are those of the file as
// stored.
func BenchmarkRead(b *testing.B) {
	for _, name := range realFiles {
		b.Run(name, func(b *testing.B) {
			path := filepath.Join("testdata", name)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(b.Context(), Options{}, path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWay understands the tags of a usual country road.
func BenchmarkWay(b *testing.B) {
	rules := DefaultTags()
	tags := Tags{
		{"highway", "tertiary"},
		{"maxspeed", "70"},
		{"name", "Byvägen"},
		{"ref", "X 335"},
		{"surface", "asphalt"},
		{"source", "survey"},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := rules.Way(tags); !ok {
			b.Fatal("closed")
		}
	}
}

// BenchmarkMillimetres measures one segment.
func BenchmarkMillimetres(b *testing.B) {
	x, y := Node{Lon: 180000000, Lat: 630000000}, Node{Lon: 180010000, Lat: 630010000}
	for b.Loop() {
		Millimetres(x, y)
	}
}

// TestNoAllocations guards the functions that run for every segment.
func TestNoAllocations(t *testing.T) {
	car := CarProfile()
	w := Way{Class: Primary, Forward: AllModes, Millimetres: 1000, Speed: Limits{70, 70}}
	x, y := Node{Lon: 180000000, Lat: 630000000}, Node{Lon: 180010000, Lat: 630010000}
	if n := testing.AllocsPerRun(100, func() {
		if car.Passable(&w, true) {
			car.Millis(&w, Millimetres(x, y), true)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
