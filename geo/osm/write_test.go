package osm

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// This file writes OSM files for the tests, from the published description of
// the formats and sharing nothing with the readers.

// thing is a node, way or relation to be written.
type thing struct {
	kind     kinds
	id       int64
	version  int
	deleted  bool
	lon, lat int32
	tags     Tags
	refs     []int64
	members  []member
}

func node(id int64, lon, lat int32, tags ...Tag) thing {
	return thing{kind: kindNode, id: id, lon: lon, lat: lat, tags: tags}
}

func way(id int64, refs []int64, tags ...Tag) thing {
	return thing{kind: kindWay, id: id, refs: refs, tags: tags}
}

func relation(id int64, members []member, tags ...Tag) thing {
	return thing{kind: kindRelation, id: id, members: members, tags: tags}
}

// message builds a protobuf message.
type message struct{ bytes.Buffer }

func (m *message) uvarint(v uint64) { m.Write(binary.AppendUvarint(nil, v)) }
func (m *message) key(field, kind int) {
	m.uvarint(uint64(field)<<3 | uint64(kind))
}

func (m *message) number(field int, v uint64) *message {
	m.key(field, 0)
	m.uvarint(v)
	return m
}

func (m *message) blob(field int, v []byte) *message {
	m.key(field, 2)
	m.uvarint(uint64(len(v)))
	m.Write(v)
	return m
}

func zigzag(v int64) uint64 { return uint64(v)<<1 ^ uint64(v>>63) }

func packed(values ...uint64) []byte {
	var out []byte
	for _, v := range values {
		out = binary.AppendUvarint(out, v)
	}
	return out
}

func deltas(values []int64) []byte {
	var out []byte
	last := int64(0)
	for _, v := range values {
		out = binary.AppendUvarint(out, zigzag(v-last))
		last = v
	}
	return out
}

// frame puts a blob into the file's framing.
func frame(kind string, blob []byte) []byte {
	var header message
	header.blob(1, []byte(kind)).number(3, uint64(len(blob)))
	out := binary.BigEndian.AppendUint32(nil, uint32(header.Len()))
	return append(append(out, header.Bytes()...), blob...)
}

// pack makes a blob of data: "raw", "zlib" or "zstd".
func pack(how string, data []byte) []byte {
	var m message
	switch how {
	case "raw":
		return m.blob(1, data).Bytes()
	case "zlib":
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return m.number(2, uint64(len(data))).blob(3, b.Bytes()).Bytes()
	}
	return m.number(2, uint64(len(data))).blob(7, zstdOf(data)).Bytes()
}

func pbfHeader(features ...string) []byte {
	var m message
	for _, f := range features {
		m.blob(4, []byte(f))
	}
	return frame("OSMHeader", pack("raw", m.Bytes()))
}

// pbfStyle is how a test file is written.
type pbfStyle struct {
	places      map[int64][2]int32 // positions that ways carry, by node; nil: none
	how         string             // raw, zlib, zstd
	perBlock    int                // objects of a block
	dense       bool
	granularity int64
}

var plainStyle = pbfStyle{how: "zlib", perBlock: 8000, dense: true, granularity: 100}

func writePBF(style pbfStyle, things ...thing) []byte {
	out := pbfHeader("OsmSchema-V0.6", "DenseNodes")
	if style.places != nil {
		out = frame("OSMHeader", pack("raw", (&message{}).blob(5, []byte("LocationsOnWays")).Bytes()))
	}
	for len(things) > 0 {
		n := min(style.perBlock, len(things))
		out = append(out, frame("OSMData", pack(style.how, primitiveBlock(style, things[:n])))...)
		things = things[n:]
	}
	return out
}

func primitiveBlock(style pbfStyle, things []thing) []byte {
	table := []string{""}
	index := map[string]uint64{}
	number := func(s string) uint64 {
		if n, ok := index[s]; ok {
			return n
		}
		index[s] = uint64(len(table))
		table = append(table, s)
		return index[s]
	}
	var groups [][]byte
	for i := 0; i < len(things); {
		j := i
		for j < len(things) && things[j].kind == things[i].kind {
			j++
		}
		groups = append(groups, primitiveGroup(style, things[i:j], number))
		i = j
	}
	var strs, m message
	for _, s := range table {
		strs.blob(1, []byte(s))
	}
	m.blob(1, strs.Bytes())
	for _, g := range groups {
		m.blob(2, g)
	}
	if style.granularity != 100 {
		m.number(17, uint64(style.granularity))
	}
	return m.Bytes()
}

func primitiveGroup(style pbfStyle, things []thing, number func(string) uint64) []byte {
	var g message
	if things[0].kind == kindNode && style.dense {
		return g.blob(2, denseNodes(style, things, number)).Bytes()
	}
	for _, t := range things {
		var m, info message
		var keys, values []uint64
		for _, tag := range t.tags {
			keys, values = append(keys, number(tag.Key)), append(values, number(tag.Value))
		}
		if t.version > 0 {
			info.number(1, uint64(t.version))
		}
		if t.deleted {
			info.number(6, 0)
		}
		id := uint64(t.id)
		if t.kind == kindNode {
			id = zigzag(t.id)
		}
		m.number(1, id).blob(2, packed(keys...)).blob(3, packed(values...)).blob(4, info.Bytes())
		switch t.kind {
		case kindNode:
			m.number(8, zigzag(int64(t.lat)*100/style.granularity))
			m.number(9, zigzag(int64(t.lon)*100/style.granularity))
			g.blob(1, m.Bytes())
		case kindWay:
			m.blob(8, deltas(t.refs))
			if style.places != nil {
				var lats, lons []int64
				for _, id := range t.refs {
					lons, lats = append(lons, int64(style.places[id][0])), append(lats, int64(style.places[id][1]))
				}
				m.blob(9, deltas(lats)).blob(10, deltas(lons))
			}
			g.blob(3, m.Bytes())
		case kindRelation:
			var roles, kindNumbers []uint64
			var ids []int64
			for _, member := range t.members {
				roles = append(roles, number(member.role))
				ids = append(ids, member.id)
				kindNumbers = append(kindNumbers, map[kinds]uint64{kindNode: 0, kindWay: 1, kindRelation: 2}[member.kind])
			}
			g.blob(4, m.blob(8, packed(roles...)).blob(9, deltas(ids)).blob(10, packed(kindNumbers...)).Bytes())
		}
	}
	return g.Bytes()
}

func denseNodes(style pbfStyle, things []thing, number func(string) uint64) []byte {
	var ids, lats, lons []int64
	var tags, versions, visible []uint64
	for _, t := range things {
		ids = append(ids, t.id)
		lats = append(lats, int64(t.lat)*100/style.granularity)
		lons = append(lons, int64(t.lon)*100/style.granularity)
		for _, tag := range t.tags {
			tags = append(tags, number(tag.Key), number(tag.Value))
		}
		tags = append(tags, 0)
		versions = append(versions, uint64(t.version))
		shown := uint64(1)
		if t.deleted {
			shown = 0
		}
		visible = append(visible, shown)
	}
	var m, info message
	info.blob(1, packed(versions...)).blob(6, packed(visible...))
	m.blob(1, deltas(ids)).blob(5, info.Bytes()).blob(8, deltas(lats)).blob(9, deltas(lons)).blob(10, packed(tags...))
	return m.Bytes()
}

func writeXML(things ...thing) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\">\n <bounds minlat=\"0\"/>\n")
	escape := func(s string) string {
		var e bytes.Buffer
		_ = xml.EscapeText(&e, []byte(s))
		return e.String()
	}
	names := map[kinds]string{kindNode: "node", kindWay: "way", kindRelation: "relation"}
	for _, t := range things {
		fmt.Fprintf(&b, " <%s id=\"%d\"", names[t.kind], t.id)
		if t.version > 0 {
			fmt.Fprintf(&b, " version=\"%d\"", t.version)
		}
		if t.deleted {
			b.WriteString(` visible="false"`)
		}
		if t.kind == kindNode {
			fmt.Fprintf(&b, " lat=\"%.7f\" lon=\"%.7f\"", float64(t.lat)/1e7, float64(t.lon)/1e7)
		}
		b.WriteString(">\n")
		for _, id := range t.refs {
			fmt.Fprintf(&b, "  <nd ref=\"%d\"/>\n", id)
		}
		for _, m := range t.members {
			fmt.Fprintf(&b, "  <member type=\"%s\" ref=\"%d\" role=\"%s\"/>\n", names[m.kind], m.id, escape(m.role))
		}
		for _, tag := range t.tags {
			fmt.Fprintf(&b, "  <tag k=\"%s\" v=\"%s\"/>\n", escape(tag.Key), escape(tag.Value))
		}
		fmt.Fprintf(&b, " </%s>\n", names[t.kind])
	}
	b.WriteString("</osm>\n")
	return []byte(b.String())
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// readThings reads things that have been written as XML.
func readThings(t *testing.T, things ...thing) *Network {
	t.Helper()
	net, err := ReadFrom(t.Context(), bytes.NewReader(writeXML(things...)), "test.osm", Options{})
	if err != nil {
		t.Fatal(err)
	}
	return net
}
