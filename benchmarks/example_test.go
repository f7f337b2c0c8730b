package benchmarks_test

import (
	"context"
	"fmt"
	"os"

	"github.com/slinga-se/slinga/benchmarks"
	"github.com/slinga-se/slinga/geo/osm"
)

// Two engines were asked for the road from node 1 to node 4 of a small town.
// The peer found a shorter one, and the judge says why we do not drive it.
func Example() {
	net, err := osm.Read(context.Background(), osm.Options{}, "testdata/town.osm")
	if err != nil {
		fmt.Println(err)
		return
	}
	judge := benchmarks.NewJudge(net, osm.CarProfile())
	pair := benchmarks.Pair{From: osm.Node{ID: 1}, To: osm.Node{ID: 4}}
	ours := benchmarks.Answer{Metres: 5560, Nodes: []int64{1, 2, 5, 6, 3, 4}}
	peer := benchmarks.Answer{Metres: 3336, Nodes: []int64{1, 2, 3, 4}}
	difference := judge.Explain(0, pair, ours, peer)
	fmt.Println(difference.Kind)
	fmt.Println(difference.Reason)
	// Output:
	// peer-shorter
	// the peer's road breaks a rule: restriction 90 from way 10 to way 11
}

func ExampleDrawPairs() {
	net, err := osm.Read(context.Background(), osm.Options{}, "testdata/town.osm")
	if err != nil {
		fmt.Println(err)
		return
	}
	car := osm.CarProfile()
	nodes := benchmarks.RoadNodes(net, &car)
	const seed = 1
	if err := benchmarks.WritePairs(os.Stdout, benchmarks.DrawPairs(nodes, seed, 2)); err != nil {
		fmt.Println(err)
	}
	// Output:
	// pair,from_node,from_lon,from_lat,to_node,to_lon,to_lat
	// 0,1,0.0000000,0.0100000,4,0.0300000,0.0100000
	// 1,6,0.0200000,0.0000000,7,0.0500000,0.0000000
}
