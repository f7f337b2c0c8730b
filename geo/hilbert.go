package geo

// hilbert is the position along a Hilbert curve of order 16 of a cell of the
// 65 536 by 65 536 grid. Points near on the curve are near on the map.
func hilbert(x, y uint32) uint32 {
	var d uint32
	for s := uint32(1) << 15; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d += s * s * ((3 * rx) ^ ry)
		// Turn the quadrant so that the curve enters and leaves it alike.
		if ry == 0 {
			if rx == 1 {
				x, y = 65535-x, 65535-y
			}
			x, y = y, x
		}
	}
	return d
}

// grid places coordinates on the Hilbert grid of a bounding box.
type grid struct {
	lon, lat int64
	span     int64 // of the longer side, at least 1
}

func newGrid(nodes []node) grid {
	if len(nodes) == 0 {
		return grid{span: 1}
	}
	low, high := nodes[0], nodes[0]
	for _, n := range nodes {
		low.Lon, low.Lat = min(low.Lon, n.Lon), min(low.Lat, n.Lat)
		high.Lon, high.Lat = max(high.Lon, n.Lon), max(high.Lat, n.Lat)
	}
	return grid{
		lon: int64(low.Lon), lat: int64(low.Lat),
		span: max(int64(high.Lon)-int64(low.Lon), int64(high.Lat)-int64(low.Lat), 1),
	}
}

// key is the place along the curve of a point inside the grid's box.
func (g grid) key(lon, lat int64) uint32 {
	return hilbert(uint32((lon-g.lon)*65535/g.span), uint32((lat-g.lat)*65535/g.span))
}

// sortHigh sorts by the upper halves of the numbers, and leaves equal ones in
// the order in which they are: a radix sort, eleven bits at a time.
func sortHigh(a []uint64) {
	const bits = 11
	from, to := a, make([]uint64, len(a))
	for shift := 32; shift < 64; shift += bits {
		var next [1<<bits + 1]int
		for _, v := range from {
			next[v>>shift&(1<<bits-1)+1]++
		}
		for i := range next[1:] {
			next[i+1] += next[i]
		}
		for _, v := range from {
			digit := v >> shift & (1<<bits - 1)
			to[next[digit]] = v
			next[digit]++
		}
		from, to = to, from
	}
	copy(a, from)
}
