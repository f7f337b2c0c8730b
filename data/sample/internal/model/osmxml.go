package model

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// firstID is where ids of modelled objects begin, far above any id that
// OpenStreetMap has given out, so that the file can be merged with a real one.
const firstID = 900_000_000_000

// id is the id of the n-th object of its kind.
func id(n int) int64 { return firstID + int64(n) }

// WriteOSM writes the network as OSM XML. Every way carries
// slinga:modelled=yes.
func (n *Network) WriteOSM(w io.Writer) error {
	b := bufio.NewWriter(w)
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(b, format, args...) }
	p("<?xml version='1.0' encoding='UTF-8'?>\n")
	p("<!-- %s: a MODELLED road network, drawn by a program from real settlements, real borders and a table of main roads.\n", n.title)
	p("     It is not a map of real roads and holds no data of OpenStreetMap. -->\n")
	p("<osm version=\"0.6\" generator=\"slinga modelled area\">\n")
	places := map[int32]int{}
	for i, v := range n.Places {
		places[v] = i
	}
	for i, at := range n.Nodes {
		p("<node id=\"%d\" version=\"1\" lat=\"%s\" lon=\"%s\"", id(i), degrees(at.Lat), degrees(at.Lon))
		if k, ok := places[int32(i)]; ok {
			s := n.Input.Settlements[k]
			p(">")
			tag(p, "name", s.Name)
			tag(p, "place", placeClass(s.Population))
			tag(p, "population", strconv.Itoa(s.Population))
			if s.Estimated {
				tag(p, "source:population", "estimate: equal share of the municipality's rest")
			}
			p("</node>\n")
			continue
		}
		p("/>\n")
	}
	next := len(n.Nodes)
	for _, w := range n.Input.Waters {
		for _, at := range w.shore() {
			p("<node id=\"%d\" version=\"1\" lat=\"%s\" lon=\"%s\"/>\n", id(next), degrees(at.Lat), degrees(at.Lon))
			next++
		}
	}
	for i, way := range n.Ways {
		p("<way id=\"%d\" version=\"1\">", id(i))
		for _, v := range way.Nodes {
			p("<nd ref=\"%d\"/>", id(int(v)))
		}
		for _, t := range way.Attrs.tags() {
			tag(p, t[0], t[1])
		}
		p("</way>\n")
	}
	next = len(n.Nodes)
	for i, w := range n.Input.Waters {
		p("<way id=\"%d\" version=\"1\">", id(len(n.Ways)+i))
		for range w.Line {
			p("<nd ref=\"%d\"/>", id(next))
			next++
		}
		if w.Kind == "river" {
			tag(p, "waterway", "river")
		} else {
			tag(p, "natural", "coastline")
		}
		tag(p, "name", w.Name)
		tag(p, "slinga:modelled", "yes")
		p("</way>\n")
	}
	for i, t := range n.Turns {
		p("<relation id=\"%d\" version=\"1\">", id(i))
		p("<member type=\"way\" ref=\"%d\" role=\"from\"/><member type=\"node\" ref=\"%d\" role=\"via\"/><member type=\"way\" ref=\"%d\" role=\"to\"/>",
			id(int(t.From)), id(int(t.Via)), id(int(t.To)))
		tag(p, "type", "restriction")
		tag(p, "restriction", t.Kind)
		tag(p, "slinga:modelled", "yes")
		p("</relation>\n")
	}
	p("</osm>\n")
	return b.Flush()
}

// shore is the line in the direction that OSM asks for: land on the left. The
// tables list islands clockwise and coasts with land on the left already.
func (w *Water) shore() []Point {
	line := append([]Point(nil), w.Line...)
	if w.Kind == "island" {
		slices.Reverse(line)
	}
	return line
}

// tags says the attributes in the words of OSM.
func (a Attrs) tags() [][2]string {
	var t [][2]string
	add := func(k, v string) {
		if v != "" {
			t = append(t, [2]string{k, v})
		}
	}
	if a.Class == "ferry" {
		add("route", "ferry")
		add("motor_vehicle", "yes")
		add("foot", "yes")
		add("bicycle", "yes")
		add("duration", fmt.Sprintf("%02d:%02d", a.Seconds/3600, a.Seconds/60%60))
	} else {
		add("highway", a.Class)
	}
	add("ref", a.Ref)
	if a.Bridge {
		add("bridge", "yes")
		add("bridge:name", a.Name)
	}
	add("name", a.Name)
	add("surface", a.Surface)
	if a.MaxSpeed > 0 {
		add("maxspeed", strconv.Itoa(a.MaxSpeed))
	}
	if a.Oneway {
		add("oneway", "yes")
	}
	if a.Ice {
		add("ice_road", "yes")
		add("seasonal", "winter")
	}
	if a.Class == "track" {
		add("tracktype", "grade2")
	}
	add("slinga:modelled", "yes")
	return t
}

func placeClass(people int) string {
	switch {
	case people >= 5000:
		return "town"
	case people >= 200:
		return "village"
	}
	return "hamlet"
}

// degrees writes a rounded coordinate without trailing zeros.
func degrees(v float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 6, 64), "0"), ".")
}

func tag(p func(string, ...any), key, value string) {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value))
	p("<tag k=\"%s\" v=\"%s\"/>", key, b.String())
}
