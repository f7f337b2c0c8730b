package model

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Area names a modelled area and the seed of its committed network.
type Area struct {
	Slug, Title string
	Seed        uint64
}

// Areas lists the modelled areas.
var Areas = []Area{
	{Slug: "ostra-norrbotten", Title: "Östra Norrbotten", Seed: 1},
	{Slug: "adalen", Title: "Ådalen", Seed: 2},
}

// Pack compresses a file without a name or a time in its header.
func Pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// WriteHomes writes the homes as CSV.
func (n *Network) WriteHomes(w io.Writer) error {
	var b strings.Builder
	b.WriteString("lat,lon,municipality,settlement,kind\n")
	for _, h := range n.Homes {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s\n", degrees(h.At.Lat), degrees(h.At.Lon), h.Municipality, h.Settlement, h.Kind)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WritePeople writes how many people live where, and how each figure came
// about.
func (n *Network) WritePeople(w io.Writer) error {
	var b strings.Builder
	b.WriteString("municipality,settlement,kind,people,how\n")
	for _, m := range n.Input.Municipalities {
		rest := m.Population
		for _, s := range n.Input.Settlements {
			if s.Municipality != m.Code {
				continue
			}
			how := "published"
			if s.Estimated {
				how = "no figure published: equal share of half of the municipality's rest"
			}
			rest -= s.Population
			fmt.Fprintf(&b, "%s,%s,%s,%d,%s\n", s.Municipality, s.Name, Village, s.Population, how)
		}
		fmt.Fprintf(&b, "%s,,%s,%d,%s\n", m.Code, Single, max(rest, 0), "what the settlements leave of the municipality's people")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Metres is the length of the great circle between two points.
func Metres(a, b Point) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (b.Lat-a.Lat)*rad, (b.Lon-a.Lon)*rad
	h := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Sin(dLon/2)*math.Sin(dLon/2)
	return 2 * 6371008.8 * math.Asin(math.Sqrt(h))
}

// Summary tells the size of the network.
func (n *Network) Summary() string {
	km := map[string]float64{}
	for _, w := range n.Ways {
		for i := 1; i < len(w.Nodes); i++ {
			km[w.Attrs.Class] += Metres(n.Nodes[w.Nodes[i-1]], n.Nodes[w.Nodes[i]]) / 1000
		}
	}
	homes := map[string]int{}
	for _, h := range n.Homes {
		homes[h.Municipality+" "+string(h.Kind)]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d nodes, %d ways, %d turn restrictions, %d homes\n", n.title, len(n.Nodes), len(n.Ways), len(n.Turns), len(n.Homes))
	for _, k := range sorted(km) {
		fmt.Fprintf(&b, "  %-14s %8.1f km\n", k, km[k])
	}
	for _, k := range sorted(homes) {
		fmt.Fprintf(&b, "  homes %-16s %5d\n", k, homes[k])
	}
	return b.String()
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
