package sample

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
)

// HomeKind tells what sort of spot a home stands at.
type HomeKind string

// The kinds of homes. Homes of the last three are awkward to visit and are
// part of a day only when asked for.
const (
	Village   HomeKind = "village"   // along a street of a settlement
	Single    HomeKind = "single"    // along or at the end of a side road
	Neighbour HomeKind = "neighbour" // reached only through another municipality
	ByFerry   HomeKind = "ferry"     // on an island with a ferry and, in winter, an ice road
	Island    HomeKind = "island"    // on an island that no road reaches
)

// Home is a place where a client of a generated day may live. It stands for
// no real dwelling.
type Home struct {
	Lat, Lon     float64
	Municipality string
	Settlement   string // "" for single homes
	Kind         HomeKind
}

// Homes returns the homes of the area, in the order of its file.
func (a Area) Homes() ([]Home, error) {
	text, err := a.read("homes.csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("sample: area %q: homes.csv: %w", a.Slug, err)
	}
	homes := make([]Home, 0, len(rows))
	for i, row := range rows {
		if i == 0 {
			continue
		}
		lat, err := strconv.ParseFloat(row[0], 64)
		if err != nil {
			return nil, fmt.Errorf("sample: area %q: homes.csv row %d: %w", a.Slug, i+1, err)
		}
		lon, err := strconv.ParseFloat(row[1], 64)
		if err != nil {
			return nil, fmt.Errorf("sample: area %q: homes.csv row %d: %w", a.Slug, i+1, err)
		}
		homes = append(homes, Home{Lat: lat, Lon: lon, Municipality: row[2], Settlement: row[3], Kind: HomeKind(row[4])})
	}
	return homes, nil
}

// metres is the distance between two positions, near enough for choosing the
// nearest base. Whole metres keep choices the same on every machine.
func metres(lat1, lon1, lat2, lon2 float64) int {
	dy := (lat2 - lat1) * 111195
	dx := (lon2 - lon1) * 111195 * math.Cos((lat1+lat2)/2*math.Pi/180)
	return int(math.Sqrt(float64(dx*dx) + float64(dy*dy)))
}

// people reads how many live where.
func (a Area) people() ([]people, error) {
	text, err := a.read("people.csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("sample: area %q: people.csv: %w", a.Slug, err)
	}
	var all []people
	for i, row := range rows {
		if i == 0 {
			continue
		}
		count, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("sample: area %q: people.csv row %d: %w", a.Slug, i+1, err)
		}
		all = append(all, people{municipality: row[0], settlement: row[1], kind: HomeKind(row[2]), count: count})
	}
	return all, nil
}
