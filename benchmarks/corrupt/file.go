package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/slinga-se/slinga/geo/osm"
)

// This is a reader of region files that shares nothing with package geo: the
// graph that a file encodes, for the judge.

const (
	headerSize = 32
	entrySize  = 32
)

var (
	little     = binary.LittleEndian
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// part is a section of a region file.
type part struct {
	tag     string
	content []byte
}

var errFile = errors.New("not laid out like a region file")

// parts takes a sound region file apart.
func parts(b []byte) ([]part, error) {
	if len(b) < headerSize {
		return nil, errFile
	}
	count := int(little.Uint32(b[12:]))
	if count > (len(b)-headerSize)/entrySize {
		return nil, errFile
	}
	list := make([]part, count)
	for i := range list {
		e := b[headerSize+entrySize*i:]
		at, n := little.Uint64(e[8:]), little.Uint64(e[16:])
		if at > uint64(len(b)) || n > uint64(len(b))-at {
			return nil, errFile
		}
		list[i] = part{strings.TrimRight(string(e[:8]), "\x00"), b[at : at+n]}
	}
	return list, nil
}

// whole puts a region file together, with all lengths and checksums right.
func whole(version uint32, list []part) []byte {
	b := make([]byte, headerSize+entrySize*len(list))
	copy(b, "SLNGMAP\n")
	little.PutUint32(b[8:], version)
	little.PutUint32(b[12:], uint32(len(list)))
	for i, p := range list {
		e := b[headerSize+entrySize*i:]
		copy(e[:8], p.tag)
		little.PutUint64(e[8:], uint64(len(b)))
		little.PutUint64(e[16:], uint64(len(p.content)))
		b = append(b, p.content...)
		for len(b)%8 != 0 {
			b = append(b, 0)
		}
	}
	little.PutUint64(b[16:], uint64(len(b)))
	reseal(b)
	return b
}

// reseal makes all checksums right that can be.
func reseal(b []byte) {
	if len(b) < headerSize {
		return
	}
	count := int(little.Uint32(b[12:]))
	if count > (len(b)-headerSize)/entrySize {
		count = 0
	}
	for i := range count {
		e := b[headerSize+entrySize*i:]
		at, n := little.Uint64(e[8:]), little.Uint64(e[16:])
		if at <= uint64(len(b)) && n <= uint64(len(b))-at {
			little.PutUint32(e[24:], crc32.Checksum(b[at:at+n], castagnoli))
		}
	}
	little.PutUint32(b[24:], crc32.Checksum(b[headerSize:headerSize+entrySize*count], castagnoli))
	little.PutUint32(b[28:], crc32.Checksum(b[:28], castagnoli))
}

// graph is what a region file says of one mode group.
type graph struct {
	nodes  [][2]int32 // longitude, latitude in 1e-7 degrees
	ways   []osm.Way
	refs   []int32
	segMM  []uint32
	segWay []int32

	chainFirst, chainSegs []int32
	nodeOf, chainHead     []int32
	arcFirst, arcHead     []int32
	arcChain              []int32
	arcModes              []byte
	bannedArcs            [][2]int32 // arcs that are closed at times, and the ban
	bans                  [][2]int32 // a restriction, and a ban before this one
	rules                 []rule     // by restriction
	texts                 []string
}

// rule is a turn restriction, without its members: an arc knows it.
type rule struct {
	condition int32 // text
	only      bool
	modes     osm.Modes
}

// readGraph reads the graph of a group ("car", "slow").
func readGraph(b []byte, group string) (*graph, error) {
	list, err := parts(b)
	if err != nil {
		return nil, err
	}
	content := make(map[string][]byte, len(list))
	for _, p := range list {
		content[p.tag] = p.content
	}
	g := &graph{}
	flat := numbers(content["node"])
	for i := 0; i+1 < len(flat); i += 2 {
		g.nodes = append(g.nodes, [2]int32{flat[i], flat[i+1]})
	}
	for w := content["way"]; len(w) >= 56; w = w[56:] {
		g.ways = append(g.ways, osm.Way{
			ID: int64(little.Uint64(w)), Millimetres: int64(little.Uint64(w[8:])),
			First: int32(little.Uint32(w[16:])), Count: int32(little.Uint32(w[20:])), Duration: int32(little.Uint32(w[24:])),
			Condition: int32(little.Uint32(w[36:])),
			Flags:     osm.Flags(little.Uint16(w[40:])), Class: osm.Class(w[42]), Surface: osm.Surface(w[43]),
			Forward: osm.Modes(w[44]), Backward: osm.Modes(w[45]), Limited: osm.Modes(w[46]),
			Speed: osm.Limits{Forward: w[47], Backward: w[48]},
		})
	}
	g.refs, g.segWay = numbers(content["ref"]), numbers(content["segway"])
	for _, mm := range numbers(content["segmm"]) {
		g.segMM = append(g.segMM, uint32(mm))
	}
	for tag, to := range map[string]*[]int32{
		"ch": &g.chainFirst, "cs": &g.chainSegs, "no": &g.nodeOf, "hd": &g.chainHead,
		"af": &g.arcFirst, "ah": &g.arcHead, "ac": &g.arcChain,
	} {
		*to = numbers(content[group+"."+tag])
	}
	g.arcModes = content[group+".am"]
	g.bannedArcs, g.bans = pairs(content[group+".ab"]), pairs(content[group+".bn"])
	for x := content["restr"]; len(x) >= 40; x = x[40:] {
		g.rules = append(g.rules, rule{int32(little.Uint32(x[28:])), x[32] != 0, osm.Modes(x[33])})
	}
	for at := content["textat"]; len(at) >= 8; at = at[4:] {
		g.texts = append(g.texts, string(content["text"][little.Uint32(at):little.Uint32(at[4:])]))
	}
	if len(g.ways) == 0 && len(g.refs) > 0 {
		return nil, fmt.Errorf("%w: nodes without ways", errFile)
	}
	return g, nil
}

func pairs(b []byte) [][2]int32 {
	flat := numbers(b)
	list := make([][2]int32, len(flat)/2)
	for i := range list {
		list[i] = [2]int32{flat[2*i], flat[2*i+1]}
	}
	return list
}

func numbers(b []byte) []int32 {
	list := make([]int32, len(b)/4)
	for i := range list {
		list[i] = int32(little.Uint32(b[4*i:]))
	}
	return list
}
