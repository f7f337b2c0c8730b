// Builds a map, plans a day on it and has the roster checked, from eight
// goroutines over one map.
package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/slinga-se/slinga/data/sample"
	"github.com/slinga-se/slinga/geo"
	"github.com/slinga-se/slinga/geo/osm"
	"github.com/slinga-se/slinga/planner"
	"github.com/slinga-se/slinga/planner/check"
	"github.com/slinga-se/slinga/planner/travel"
)

func main() {
	ctx := context.Background()
	area, _ := sample.ByName("isle-of-man")
	file, _ := area.Map()
	net, _ := osm.ReadFrom(ctx, bytes.NewReader(file), area.MapName, osm.Options{})
	region, _ := geo.Build(net, geo.BuildOptions{Name: area.Title})
	var wait sync.WaitGroup
	for seed := range uint64(8) {
		wait.Go(func() {
			day, _ := sample.Generate(area, seed, sample.Options{Scale: 10})
			road, _ := travel.Prepare(ctx, day, region, travel.Options{})
			times, _ := road.Travel(ctx)
			roster, _ := planner.Plan(ctx, day, times, planner.Options{Seed: seed, Iterations: 200})
			if report := check.Roster(day, times, roster); !report.OK() {
				panic(report.Breaches[0].English)
			}
		})
	}
	wait.Wait()
	fmt.Println("eight days planned")
}
