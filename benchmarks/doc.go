// Package benchmarks measures Slinga against numbers from outside: other
// engines' road distances, and public sets of routing problems. What it measured
// is committed in results, one CSV file a question; README.md says how each
// was made and how to repeat it. Nothing here is needed to build or to test
// the rest, and the peers themselves are installed by whoever wants to repeat
// a comparison.
//
// The commands:
//
//	go run ./benchmarks/roads pairs   MAP.osm.pbf        points for both engines
//	go run ./benchmarks/roads compare MAP.osm.pbf ...    our distances against the peer's
//	go run ./benchmarks/measure       MAP.osm.pbf        seconds and memory of the product
//	go run ./benchmarks/tables        MAP.osm.pbf        matrices beside other engines
//	slinga bench solve                --set FOLDER       gaps to best known values
//	go run ./benchmarks/turns         --peer NAME        the same beside another solver
//	go run ./benchmarks/large                            rosters of large days on real roads
//	go run -tags ablations ./benchmarks/ablate           the search without each of its parts
//	go run ./benchmarks/country measure                  imports of modelled countries of several sizes
//	go run ./benchmarks/corrupt                          what corrupted files do
//
// The use from Go, which the roads command is made of:
//
//	net, err := osm.Read(ctx, osm.Options{}, "island.osm.pbf")
//	car := osm.CarProfile()
//	pairs := benchmarks.DrawPairs(benchmarks.RoadNodes(net, &car), 1, 1000)
//	judge := benchmarks.NewJudge(net, car)
//	for i, pair := range pairs {
//		if kind := benchmarks.Relate(ours[i].Metres, peer[i].Metres); !kind.Agrees() {
//			fmt.Println(judge.Explain(i, pair, ours[i], peer[i]).Reason)
//		}
//	}
//
// A comparison of two engines says which is right only where somebody looks at
// the roads. So a Judge follows the road of each, straight on the parsed ways,
// barriers and turn restrictions, and names the first rule that it breaks. It
// shares no code with the road graph.
//
// Reading order: pairs.go, compare.go, judge.go, record.go; then the commands
// roads, measure, large, tables, country and corrupt, package sets (the public sets of
// routing problems), package runs (solving them), the commands turns and ablate, and the
// folders of peers. The frame of all commands is internal/program.
package benchmarks
