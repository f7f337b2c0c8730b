package osm
