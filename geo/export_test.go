package geo

import "github.com/slinga-se/slinga/geo/osm"

// Oracle measures one leg after another straight on the ways and restrictions
// of a network, for tests outside this package.
func Oracle(net *osm.Network, p osm.Profile) func(from, to Snap) (seconds, metres int64) {
	o := newOracle(net, p, false)
	return func(from, to Snap) (seconds, metres int64) {
		leg := o.legs(oraclePlaceOf(net, from), []oraclePlace{oraclePlaceOf(net, to)})[0]
		return leg[0], leg[1]
	}
}

// OracleTable measures all legs of a table under a setting in the same way.
func OracleTable(net *osm.Network, p osm.Profile, o MetricOptions, snaps []Snap) [][][2]int64 {
	oracle := newOracle(net, p, o.Shortest)
	if o.Condition != nil {
		oracle = withCondition(oracle, o)
	}
	places := make([]oraclePlace, len(snaps))
	for i := range snaps {
		places[i] = oraclePlaceOf(net, snaps[i])
	}
	legs := make([][][2]int64, len(snaps))
	for i := range places {
		legs[i] = oracle.legs(places[i], places)
	}
	return legs
}
