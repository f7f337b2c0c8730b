package osm

import (
	"bytes"
	"runtime"
	"testing"
)

// What is taken follows the roads that are kept and not the file: two hundred
// thousand nodes and twenty thousand houses more cost next to nothing, once
// the buffers are there that all blocks share.
func TestMemoryFollowsTheRoads(t *testing.T) {
	taken := func(houses int) (bytesTaken uint64, size int) {
		things := village()
		nodes, rest := things[:4:4], things[4:]
		ways := rest[:3:3]
		for i := range houses {
			id := int64(1000 + 10*i)
			refs := make([]int64, 0, 11)
			for k := range int64(10) {
				nodes = append(nodes, node(id+k, 180000000+int32(10*i), 630000000+int32(k)))
				refs = append(refs, id+k)
			}
			ways = append(ways, way(id, append(refs, id), Tag{"building", "yes"}))
		}
		style := plainStyle
		style.perBlock = 4000
		file := writePBF(style, append(append(nodes, ways...), rest[3])...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		net, err := ReadFrom(t.Context(), bytes.NewReader(file), "houses", Options{})
		runtime.ReadMemStats(&after)
		if err != nil || len(net.Ways) != 3 || len(net.Nodes) != 4 {
			t.Fatalf("%+v, %v", net, err)
		}
		return after.TotalAlloc - before.TotalAlloc, len(file)
	}
	const houses = 20_000
	few, small := taken(houses / 2)
	many, large := taken(houses + houses/2)
	t.Logf("files of %d and %d bytes: %d and %d bytes taken", small, large, few, many)
	if perNode := (float64(many) - float64(few)) / (10 * houses); perNode > 4 {
		t.Errorf("%.1f bytes taken for each node more that is on no road", perNode)
	}
}
