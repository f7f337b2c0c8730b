package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/slinga-se/slinga/geo/osm"
)

// realArea is a place with a real map: homes are put beside nodes of its
// roads, and two municipalities are drawn with a straight border, because the
// bundled map has none that employ carers.
type realArea struct {
	slug, file string
	seed       uint64
	halves     [2]half
}

// half is a drawn municipality: a rectangle in degrees.
type half struct {
	id, name                 string
	west, south, east, north float64
}

var realAreas = []realArea{
	{"isle-of-man", "isle-of-man-2020-03-13.osm.pbf", 3, [2]half{
		{"IM-N", "North (drawn)", -4.95, 54.235, -4.20, 54.50},
		{"IM-S", "South (drawn)", -4.95, 53.95, -4.20, 54.235},
	}},
	{"andorra", "andorra-2021-10-28.osm.pbf", 4, [2]half{
		{"AD-E", "East (drawn)", 1.56, 42.40, 1.82, 42.70},
		{"AD-W", "West (drawn)", 1.38, 42.40, 1.56, 42.70},
	}},
}

// How many homes of each kind a real area gets.
const (
	villageHomes = 620
	singleHomes  = 260
)

// candidate is a road node that a home may stand beside.
type candidate struct {
	at   osm.Node
	kind string
}

// files makes the homes, people and borders of the area from its map.
func (a realArea) files(path string) (map[string][]byte, error) {
	spots, err := read(path)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(a.seed, 1))
	r.Shuffle(len(spots), func(i, j int) { spots[i], spots[j] = spots[j], spots[i] })
	left := map[string]int{"village": villageHomes, "single": singleHomes}
	var homes bytes.Buffer
	homes.WriteString("lat,lon,municipality,settlement,kind\n")
	for _, s := range spots {
		// A house stands some 10 metres beside its road.
		lat, lon := float64(s.at.Lat)/1e7+(r.Float64()-0.5)*0.00018, float64(s.at.Lon)/1e7+(r.Float64()-0.5)*0.00028
		for _, h := range a.halves {
			if left[s.kind] > 0 && lat >= h.south && lat < h.north && lon >= h.west && lon < h.east {
				left[s.kind]--
				fmt.Fprintf(&homes, "%.5f,%.5f,%s,,%s\n", lat, lon, h.id, s.kind)
			}
		}
	}
	var people, borders bytes.Buffer
	people.WriteString("municipality,settlement,kind,people,how\n")
	borders.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	for i, h := range a.halves {
		fmt.Fprintf(&people, "%s,,village,70,made up\n%s,,single,30,made up\n", h.id, h.id)
		c := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
		fmt.Fprintf(&borders, "{\"type\":\"Feature\",\"properties\":{\"kommun_kod\":%q,\"kommun_namn\":%q,\"note\":\"drawn for the sample, no official border\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}",
			h.id, h.name, c(h.west), c(h.south), c(h.east), c(h.south), c(h.east), c(h.north), c(h.west), c(h.north), c(h.west), c(h.south))
		if i == 0 {
			borders.WriteString(",")
		}
		borders.WriteString("\n")
	}
	borders.WriteString("]}\n")
	return map[string][]byte{"homes.csv": homes.Bytes(), "people.csv": people.Bytes(), "borders.geojson": borders.Bytes()}, nil
}

// read finds the nodes of two-way streets and country roads that hang
// together with the largest piece of the road network for cars.
func read(path string) ([]candidate, error) {
	network, err := osm.Read(context.Background(), osm.Options{}, path)
	if err != nil {
		return nil, err
	}
	refs := func(w *osm.Way) []int32 { return network.Refs[w.First : w.First+w.Count] }
	parent := make([]int32, len(network.Nodes))
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	open := func(w *osm.Way, modes osm.Modes) bool {
		return modes&osm.ModeCar != 0 && w.Limited&osm.ModeCar == 0 && w.Class < osm.Track
	}
	for i := range network.Ways {
		w := &network.Ways[i]
		nodes := refs(w)
		for k := 1; open(w, w.Forward|w.Backward) && k < len(nodes); k++ {
			if network.Nodes[nodes[k]].Closed&osm.ModeCar == 0 && network.Nodes[nodes[k-1]].Closed&osm.ModeCar == 0 {
				parent[find(nodes[k])] = find(nodes[k-1])
			}
		}
	}
	size := make([]int, len(network.Nodes))
	for v := range parent {
		size[find(int32(v))]++
	}
	largest := int32(0)
	for v, n := range size {
		if n > size[largest] {
			largest = int32(v)
		}
	}
	kinds := map[osm.Class]string{osm.Residential: "village", osm.LivingStreet: "village", osm.Unclassified: "single", osm.Tertiary: "single"}
	seen := make([]bool, len(network.Nodes))
	var spots []candidate
	for i := range network.Ways {
		w := &network.Ways[i]
		kind, ok := kinds[w.Class]
		nodes := refs(w)
		for k := 1; ok && open(w, w.Forward&w.Backward) && k+1 < len(nodes); k++ {
			if v := nodes[k]; !seen[v] && find(v) == largest {
				seen[v] = true
				spots = append(spots, candidate{network.Nodes[v], kind})
			}
		}
	}
	return spots, nil
}
