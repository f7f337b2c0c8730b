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
